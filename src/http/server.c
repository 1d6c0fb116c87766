/* The server: libmicrohttpd's daemon around http/app.h.
 *
 * One request passes through here five times: when a connection opens (on_connection), when its request line
 * is known (on_target), when its headers are (on_request, first call), for each piece of its body
 * (on_request), and when it has ended (on_completed). Time is limited from outside: a thread looks once a
 * second for connections past their deadline — headers that trickle in, bodies that never end — and shuts
 * their sockets, because the daemon's own limit only knows silence, not slowness.
 *
 *     waiting for a request ─30 s─► reading the body ─120 s─► answering ─300 s─► waiting …
 *                                                         └► streaming, no limit but silence
 *
 * A route that may have to wait for somebody else (route->slow: single sign-on, passwords) is answered by one
 * of a few threads beside the event loops, its connection suspended meanwhile: a provider that hangs holds up
 * those who sign in, and nobody else.
 *
 * A refused request has its body read and dropped (to a ceiling) before the answer goes out, so that a client
 * that is still sending can read why. */
#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/app.h"
#include "http/events.h"
#include "http/headers.h"

#define POOL_THREADS      4
#define SLOW_THREADS      8
#define CONNECTIONS_MAX   4800u
#define CONNECTION_MEMORY ((size_t)16 * 1024) /* also the ceiling of a request's headers */
#define SILENCE_S         30u
#define REQUEST_S         30
#define BODY_S            120
#define ANSWER_S          300
#define PEM_MAX           (1024 * 1024)
#define TLS_PRIORITIES    "NORMAL:-VERS-TLS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
#define DROP_MAX          ((size_t)64 * 1024 * 1024) /* bytes of a refused body that are still read */

typedef struct {
    int fd;
    gint64 deadline_us; /* monotonic; 0: none */
} Connection;

struct TkHttpServer {
    TkHttpApp app;
    struct MHD_Daemon *daemon;
    TkEvents *events;
    char *cert, *key; /* TLS, as PEM; NULL: none */
    GMutex lock;      /* guards what follows */
    GCond stopping_changed;
    GHashTable *connections; /* a set of Connection */
    bool stopping;
    GThreadPool *slow; /* NULL once the server stops */
    GThread *watch;
};

typedef struct {
    TkHttpServer *server;
    TkHttpRequest request;
    TkHttpResponse response;
    bool begun;
    bool finished;                     /* a slow route has been answered */
    struct MHD_Connection *connection; /* of a slow route */
    bool refused;                      /* the response is set; the body is dropped */
    size_t dropped;
} Call;

/* ---- time limits ---- */

static void set_deadline(TkHttpServer *server, struct MHD_Connection *connection, int seconds)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    Connection *c = info == NULL ? NULL : info->socket_context;
    if (c == NULL)
        return;
    gint64 deadline = seconds == 0 ? 0 : g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
    g_mutex_lock(&server->lock);
    c->deadline_us = deadline;
    g_mutex_unlock(&server->lock);
}

static void on_connection(void *user, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    TkHttpServer *server = user;
    g_mutex_lock(&server->lock);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        Connection *c = g_new0(Connection, 1);
        c->fd = info->connect_fd;
        c->deadline_us = g_get_monotonic_time() + REQUEST_S * G_TIME_SPAN_SECOND;
        g_hash_table_add(server->connections, c);
        *context = c;
    } else {
        g_hash_table_remove(server->connections, *context);
        *context = NULL;
    }
    g_mutex_unlock(&server->lock);
}

static gpointer watch(gpointer user)
{
    TkHttpServer *server = user;
    g_mutex_lock(&server->lock);
    while (!server->stopping) {
        gint64 now = g_get_monotonic_time();
        g_cond_wait_until(&server->stopping_changed, &server->lock, now + G_TIME_SPAN_SECOND);
        GHashTableIter iter;
        gpointer key;
        g_hash_table_iter_init(&iter, server->connections);
        while (g_hash_table_iter_next(&iter, &key, NULL)) {
            Connection *c = key;
            if (c->deadline_us != 0 && c->deadline_us < now)
                shutdown(c->fd, SHUT_RDWR);
        }
    }
    g_mutex_unlock(&server->lock);
    return NULL;
}

/* ---- one request ---- */

static void *on_target(void *user, const char *target, struct MHD_Connection *connection)
{
    (void)connection;
    Call *call = g_new0(Call, 1);
    call->server = user;
    call->request.target =
        tk_arena_copy(&call->request.arena, target, MIN(strlen(target), TK_HTTP_TARGET_MAX + 1));
    return call;
}

static size_t keep_escapes(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user;
    (void)connection;
    return strlen(text);
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* The client's address. Behind a proxy it is the last one of X-Forwarded-For: what stands before that the
 * client can have written itself. */
static const char *peer_of(Call *call, struct MHD_Connection *connection)
{
    char text[INET6_ADDRSTRLEN] = "";
    const char *forwarded = header(connection, "X-Forwarded-For");
    if (call->server->app.door.behind_proxy && forwarded != NULL) {
        const char *comma = strrchr(forwarded, ',');
        char *last = tk_arena_text(&call->request.arena, comma == NULL ? forwarded : comma + 1);
        return last == NULL ? NULL : g_strstrip(last);
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == NULL || info->client_addr == NULL)
        return NULL;
    if (info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)info->client_addr)->sin_addr, text, sizeof text);
    else if (info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)info->client_addr)->sin6_addr, text, sizeof text);
    return tk_arena_text(&call->request.arena, text);
}

static void read_head(Call *call, struct MHD_Connection *connection, const char *method)
{
    TkHttpRequest *request = &call->request;
    request->head = strcmp(method, "HEAD") == 0;
    if (request->head || strcmp(method, "GET") == 0)
        request->method = TK_HTTP_GET;
    else if (strcmp(method, "POST") == 0)
        request->method = TK_HTTP_POST;
    else if (strcmp(method, "PUT") == 0)
        request->method = TK_HTTP_PUT;
    else if (strcmp(method, "PATCH") == 0)
        request->method = TK_HTTP_PATCH;
    else if (strcmp(method, "DELETE") == 0)
        request->method = TK_HTTP_DELETE;
    else
        request->method = strcmp(method, "OPTIONS") == 0 ? TK_HTTP_OPTIONS : TK_HTTP_OTHER;
    request->host = header(connection, "Host");
    request->origin = header(connection, "Origin");
    request->fetch_site = header(connection, "Sec-Fetch-Site");
    request->content_type = header(connection, "Content-Type");
    request->if_none_match = header(connection, "If-None-Match");
    request->if_match = header(connection, "If-Match");
    request->idempotency_key = header(connection, "Idempotency-Key");
    request->prefer = header(connection, "Prefer");
    request->accept_encoding = header(connection, "Accept-Encoding");
    request->authorization = header(connection, "Authorization");
    request->cookie = header(connection, "Cookie");
    request->csrf = header(connection, "X-CSRF-Token");
    request->peer = peer_of(call, connection);
}

/* Whether the announced body is larger than the route takes. */
static bool too_large(const Call *call, struct MHD_Connection *connection)
{
    const char *length = header(connection, "Content-Length");
    guint64 value;
    return length != NULL && call->request.route->body != TK_BODY_NONE &&
           (!g_ascii_string_to_unsigned(length, 10, 0, G_MAXUINT64, &value, NULL) ||
            value > call->request.route->body_max);
}

static enum MHD_Result send_answer(Call *call, struct MHD_Connection *connection)
{
    TkHttpServer *server = call->server;
    TkHttpResponse *answer = &call->response;
    struct MHD_Response *response = NULL;
    if (answer->stream) {
        response = tk_events_open(server->events, connection, &call->request, answer->changes);
        if (response == NULL)
            tk_http_respond_refusal(answer, 503, TK_ERROR_IO,
                                    "接続が多すぎます。1 分ほど待ってからやり直してください。",
                                    "there are too many streams; ask again in a minute");
    }
    set_deadline(server, connection, response == NULL ? ANSWER_S : 0);
    if (response == NULL)
        response = tk_http_response_make(answer);
    if (response == NULL)
        return MHD_NO;
    tk_http_headers_add(response, answer);
    enum MHD_Result done = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return done;
}

/* First call, headers known. A client that waits for "100 Continue" is answered before it sends. */
static enum MHD_Result begin(Call *call, struct MHD_Connection *connection, const char *method)
{
    call->begun = true;
    set_deadline(call->server, connection, BODY_S);
    read_head(call, connection, method);
    call->refused = !tk_http_begin(&call->server->app, &call->request, &call->response);
    if (!call->refused && too_large(call, connection)) {
        call->refused = true;
        call->request.body.overflow = true;
        tk_http_finish(&call->server->app, &call->request, &call->response);
    }
    bool waits = header(connection, "Expect") != NULL;
    return call->refused && waits ? send_answer(call, connection) : MHD_YES;
}

/* ---- slow routes ---- */

static void answer_slowly(gpointer data, gpointer user)
{
    (void)user;
    Call *call = data;
    tk_http_finish(&call->server->app, &call->request, &call->response);
    call->finished = true;
    MHD_resume_connection(call->connection); /* on_request comes again; the call may be gone after this */
}

static void put_aside(Call *call, struct MHD_Connection *connection)
{
    TkHttpServer *server = call->server;
    call->connection = connection;
    MHD_suspend_connection(connection);
    g_mutex_lock(&server->lock);
    bool taken = server->slow != NULL && g_thread_pool_push(server->slow, call, NULL);
    g_mutex_unlock(&server->lock);
    if (!taken)
        answer_slowly(call, NULL);
}

static void stop_slow(TkHttpServer *server)
{
    g_mutex_lock(&server->lock);
    GThreadPool *pool = g_steal_pointer(&server->slow);
    g_mutex_unlock(&server->lock);
    if (pool != NULL)
        g_thread_pool_free(pool, FALSE, TRUE); /* finishes what has begun */
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data, size_t *size,
                                  void **context)
{
    (void)user;
    (void)url;
    (void)version;
    Call *call = *context;
    if (!call->begun)
        return begin(call, connection, method);
    if (*size > 0) {
        bool keep =
            !call->refused && call->request.route->body != TK_BODY_NONE && !call->request.body.overflow;
        if (keep)
            tk_buf_add(&call->request.body, data, *size);
        else
            call->dropped += *size;
        *size = 0;
        return call->dropped > DROP_MAX ? MHD_NO : MHD_YES;
    }
    if (!call->refused && !call->finished && call->request.route->slow) {
        put_aside(call, connection);
        return MHD_YES;
    }
    if (!call->refused && !call->finished)
        tk_http_finish(&call->server->app, &call->request, &call->response);
    return send_answer(call, connection);
}

static void on_completed(void *user, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    (void)code;
    Call *call = *context;
    *context = NULL;
    set_deadline(user, connection, REQUEST_S);
    if (call == NULL)
        return;
    tk_http_request_clear(&call->request);
    tk_http_response_clear(&call->response);
    g_free(call);
}

/* ---- life ---- */

static bool may_listen(const char *host, const TkHttpOptions *options, GError **error)
{
    if (tk_http_is_loopback(host))
        return true;
    if (!options->sign_in)
        return tk_fail(
            error, TK_ERROR_FORBIDDEN,
            "a server without sign-in listens only on this machine itself (127.0.0.1, [::1], localhost), "
            "not on %s; add --sign-in",
            host);
    if (options->cert == NULL && !options->behind_proxy)
        return tk_fail(
            error, TK_ERROR_FORBIDDEN,
            "without TLS the server listens only on this machine itself (127.0.0.1, [::1], localhost), not "
            "on %s: give --tls-cert and --tls-key, or --behind-proxy where a proxy speaks TLS",
            host);
    return true;
}

static bool address_of(const TkHttpOptions *options, struct sockaddr_storage *address, socklen_t *len,
                       GError **error)
{
    g_autofree char *host = NULL;
    uint16_t port;
    if (!tk_http_split_address(options->address, &host, &port, error) || !may_listen(host, options, error))
        return false;
    struct sockaddr_in *v4 = (struct sockaddr_in *)address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
    memset(address, 0, sizeof *address);
    const char *literal = g_ascii_strcasecmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    if (inet_pton(AF_INET, literal, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        *len = sizeof *v4;
        return true;
    }
    if (inet_pton(AF_INET6, literal, &v6->sin6_addr) != 1)
        return tk_fail(error, TK_ERROR_INPUT, "“%s” in HOST:PORT must be a numeric address or localhost",
                       host);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    *len = sizeof *v6;
    return true;
}

bool tk_http_listen(const TkHttpOptions *options, TkHttpListener *listener, GError **error)
{
    struct sockaddr_storage address;
    socklen_t len;
    int yes = 1;
    const char *text = options->address;
    *listener = (TkHttpListener){.fd = -1};
    if (!address_of(options, &address, &len, error))
        return false;
    listener->fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener->fd < 0 || setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(listener->fd, (struct sockaddr *)&address, len) != 0 || listen(listener->fd, 1024) != 0 ||
        getsockname(listener->fd, (struct sockaddr *)&address, &len) != 0) {
        tk_fail(error, TK_ERROR_IO, "cannot listen on %s: %s", text, g_strerror(errno));
        tk_http_listener_clear(listener);
        return false;
    }
    listener->port = ntohs(address.ss_family == AF_INET ? ((struct sockaddr_in *)&address)->sin_port
                                                        : ((struct sockaddr_in6 *)&address)->sin6_port);
    listener->url = g_strdup_printf("%s://%.*s:%u", options->cert == NULL ? "http" : "https",
                                    (int)(strrchr(text, ':') - text), text, listener->port);
    return true;
}

void tk_http_listener_clear(TkHttpListener *listener)
{
    if (listener->fd >= 0)
        close(listener->fd);
    listener->fd = -1;
    g_clear_pointer(&listener->url, g_free);
}

/* As many open files as connections need, as far as the system lets us; returns the connections possible. */
static unsigned raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 512;
    rlim_t wanted = CONNECTIONS_MAX + 256;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = MIN(wanted, limit.rlim_max);
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur >= wanted ? CONNECTIONS_MAX : (unsigned)MAX(limit.rlim_cur / 2, 16);
}

G_GNUC_PRINTF(2, 0) static void on_log(void *user, const char *format, va_list args)
{
    (void)user;
    g_autofree char *text = g_strdup_vprintf(format, args);
    g_debug("%s", g_strchomp(text));
}

static struct MHD_Daemon *start_daemon(TkHttpServer *server, int fd)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, server->cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    if (server->cert != NULL)
        flags |= MHD_USE_TLS;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)POOL_THREADS,
        MHD_OPTION_CONNECTION_LIMIT, raise_file_limit(), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, SILENCE_S, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, server, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        server, MHD_OPTION_ARRAY, server->cert == NULL ? none : tls, MHD_OPTION_END);
}

/* The whole of a small file. */
static bool read_pem(const char *path, char **text, GError **error)
{
    GError *why = NULL;
    gsize len = 0;
    if (!g_file_get_contents(path, text, &len, &why)) {
        tk_fail(error, TK_ERROR_INPUT, "%s cannot be read: %s", path, why->message);
        g_error_free(why);
        return false;
    }
    return (len <= PEM_MAX && strstr(*text, "-----BEGIN ") != NULL) ||
           tk_fail(error, TK_ERROR_INPUT, "%s is no PEM file of at most %d bytes", path, PEM_MAX);
}

static bool read_tls(TkHttpServer *server, const TkHttpOptions *options, GError **error)
{
    if (options->cert == NULL)
        return true;
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
        return tk_fail(error, TK_ERROR_INPUT,
                       "this build of libmicrohttpd has no TLS; use a proxy and --behind-proxy");
    return read_pem(options->cert, &server->cert, error) && read_pem(options->key, &server->key, error);
}

static TkHttpDoor door_of(const TkHttpOptions *options, uint16_t port)
{
    g_autofree char *host = NULL;
    uint16_t asked;
    bool split = tk_http_split_address(options->address, &host, &asked, NULL);
    return (TkHttpDoor){
        .port = port,
        .tls = options->cert != NULL,
        .behind_proxy = options->behind_proxy,
        .elsewhere = split && !tk_http_is_loopback(host),
        .hosts = options->hosts,
    };
}

TkHttpServer *tk_http_server_new(const TkHttpOptions *options, TkHttpListener *listener, TkApp *service,
                                 GError **error)
{
    TkHttpServer *server = g_new0(TkHttpServer, 1);
    TkHttpDoor door = door_of(options, listener->port);
    g_mutex_init(&server->lock);
    g_cond_init(&server->stopping_changed);
    server->connections = g_hash_table_new_full(NULL, NULL, g_free, NULL);
    tk_http_app_init(&server->app, service, &door);
    server->events = tk_events_new(service);
    server->slow = g_thread_pool_new(answer_slowly, server, SLOW_THREADS, FALSE, NULL);
    server->watch = g_thread_new("deadlines", watch, server);
    if (!read_tls(server, options, error)) {
        tk_http_server_free(server);
        return NULL;
    }
    server->daemon = start_daemon(server, listener->fd);
    if (server->daemon == NULL) {
        tk_fail(error, server->cert == NULL ? TK_ERROR_IO : TK_ERROR_INPUT,
                "the HTTP server does not start%s",
                server->cert == NULL ? "" : ": do certificate and key belong together?");
        tk_http_server_free(server);
        return NULL;
    }
    listener->fd = -1;
    return server;
}

void tk_http_server_free(TkHttpServer *server)
{
    if (server == NULL)
        return;
    tk_events_close(server->events);
    stop_slow(server);
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    g_mutex_lock(&server->lock);
    server->stopping = true;
    g_cond_broadcast(&server->stopping_changed);
    g_mutex_unlock(&server->lock);
    g_thread_join(server->watch);
    tk_events_free(server->events);
    tk_http_app_clear(&server->app);
    g_hash_table_unref(server->connections);
    g_free(server->cert);
    if (server->key != NULL)
        explicit_bzero(server->key, strlen(server->key));
    g_free(server->key);
    g_cond_clear(&server->stopping_changed);
    g_mutex_clear(&server->lock);
    g_free(server);
}

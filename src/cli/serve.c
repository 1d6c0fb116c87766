/* tokatsu serve: the service and its HTTP server, until a signal says stop. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/keeping.h"
#include "http/http.h"
#include "service/service.h"

#define PASSWORD_VARIABLE "TOKATSU_ADMIN_PASSWORD"

static const char help[] =
    "Prints “listening on http://HOST:PORT” on standard output when it is ready; port 0 takes a free one. "
    "SIGTERM and\n"
    "SIGINT end it cleanly. Data lie in DIR, else in $XDG_DATA_HOME/tokatsu, else in ./tokatsu-data; a demo "
    "without\n"
    "--data keeps them in a temporary folder and drops them at the end. One server at a time uses a "
    "folder.\n\n"
    "People sign in. The first administrator, where the data are new, is “admin” with the password in\n"
    "TOKATSU_ADMIN_PASSWORD; without it a one-time password is printed once on standard error. A demo is "
    "open to\n"
    "everybody on this machine unless --sign-in says otherwise. Addresses other than this "
    "machine's\n"
    "(127.0.0.1, [::1], localhost) need TLS: --tls-cert and --tls-key, or a proxy and --behind-proxy.";

typedef struct {
    char *listen;
    char *data;
    char *database;
    char *topology;
    char *law;
    char *registers;
    char *carrier;
    char *ldap;
    char *oidc;
    char *notify;
    char *cert;
    char *key;
    char **hosts;
    gint session_idle;
    gboolean demo;
    gboolean sign_in;
    gboolean publish_ledger;
    gboolean witness;
    gboolean behind_proxy;
} Options;

static void options_clear(Options *o)
{
    g_free(o->listen);
    g_free(o->data);
    g_free(o->database);
    g_free(o->topology);
    g_free(o->law);
    g_free(o->registers);
    g_free(o->carrier);
    g_free(o->ldap);
    g_free(o->oidc);
    g_free(o->notify);
    g_free(o->cert);
    g_free(o->key);
    g_strfreev(o->hosts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* Tells systemd (Type=notify) how we are; nothing where it did not ask. */
static void notify(const char *state)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof address.sun_path)
        return;
    memcpy(address.sun_path, path, strlen(path));
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, len) < 0)
        g_debug("systemd was not told “%s”: %s", state, g_strerror(errno));
    close(fd);
}

char *tk_cli_default_data(void)
{
    const char *home = g_getenv("XDG_DATA_HOME");
    return home != NULL && home[0] == '/' ? g_build_filename(home, "tokatsu", NULL)
                                          : g_strdup("tokatsu-data");
}

/* The first administrator. A password that was made here is shown this once, on standard error: standard
 * output is for the ready line. */
static bool open_doors(TkApp *service, GError **error)
{
    g_autofree char *one_time = NULL;
    if (!tk_people_required(service))
        return true;
    if (!tk_people_first(service, g_getenv(PASSWORD_VARIABLE), &one_time, error))
        return false;
    if (one_time != NULL)
        fprintf(stderr,
                "administrator admin, one-time password %s (shown this once; it is changed at the first "
                "sign-in)\n",
                one_time);
    return true;
}

/* Serves until a signal in `stop` comes. */
static bool serve(const Options *o, const TkHttpOptions *http, TkHttpListener *listener, const sigset_t *stop,
                  GError **error)
{
    TkServiceOptions options = {
        .carrier_ja = o->carrier,
        .carrier_en = o->carrier,
        .data_dir = o->data,
        .database_url = o->database,
        .topology_path = o->topology,
        .law_dir = o->law,
        .registers_dir = o->registers,
        .demo = o->demo,
        .ldap_path = o->ldap,
        .oidc_path = o->oidc,
        .tls_cert_path = o->cert,
        .session_idle_min = o->session_idle,
        .sign_in = http->sign_in,
        .publish_ledger = o->publish_ledger,
        .witness = o->witness,
    };
    g_autoptr(TkNotifySettings) reminders = NULL;
    if (o->notify != NULL && (reminders = tk_notify_settings_read(o->notify, error)) == NULL)
        return false;
    g_autoptr(TkApp) service = tk_service_new(&options, error);
    if (service == NULL || !open_doors(service, error))
        return false;
    if (reminders != NULL)
        tk_service_notify_start(service, g_steal_pointer(&reminders));
    tk_service_checks_start(service);
    g_autoptr(TkHttpServer) server = tk_http_server_new(http, listener, service, error);
    if (server == NULL)
        return false;
    printf("listening on %s\n", listener->url);
    fflush(stdout);
    notify("READY=1");
    int signal_number = 0;
    while (sigwait(stop, &signal_number) != 0)
        continue;
    notify("STOPPING=1");
    pthread_sigmask(SIG_UNBLOCK, stop, NULL); /* a second one ends the program at once */
    return true;
}

static bool check(const Options *o, GError **error)
{
    if (o->session_idle != 0 && (o->session_idle < 5 || o->session_idle > 720))
        return tk_fail(error, TK_ERROR_INPUT, "--session-idle is 5 to 720 minutes, not %d", o->session_idle);
    if (o->data != NULL && o->database != NULL)
        return tk_fail(error, TK_ERROR_INPUT, "give either --data or --database, not both");
    if (o->demo && (o->topology != NULL || o->carrier != NULL))
        return tk_fail(error, TK_ERROR_INPUT,
                       "the demo brings its own synthetic carrier; leave --topology and --carrier out");
    if (o->demo && o->notify != NULL)
        return tk_fail(error, TK_ERROR_INPUT, "a demo reminds nobody; leave out --notify or --demo");
    if ((o->cert == NULL) != (o->key == NULL))
        return tk_fail(error, TK_ERROR_INPUT, "--tls-cert and --tls-key are given together");
    if (o->cert != NULL && o->behind_proxy)
        return tk_fail(error, TK_ERROR_INPUT, "give either --tls-cert or --behind-proxy, not both");
    return true;
}

int tk_cli_serve(int argc, char **argv)
{
    g_auto(Options) o = {0};
    const GOptionEntry entries[] = {
        {"listen", 0, 0, G_OPTION_ARG_STRING, &o.listen, "address to listen on (127.0.0.1:8080)",
         "HOST:PORT"},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &o.data, "folder of the data", "DIR"},
        {"database", 0, 0, G_OPTION_ARG_STRING, &o.database, "PostgreSQL instead of a folder", "URL"},
        {"demo", 0, 0, G_OPTION_ARG_NONE, &o.demo, "a synthetic carrier and a day in its life", NULL},
        {"topology", 0, 0, G_OPTION_ARG_FILENAME, &o.topology, "topology lines to load", "FILE"},
        {"law", 0, 0, G_OPTION_ARG_FILENAME, &o.law, "law files instead of the built-in ones", "DIR"},
        {"registers", 0, 0, G_OPTION_ARG_FILENAME, &o.registers,
         "register files instead of the built-in ones", "DIR"},
        {"carrier", 0, 0, G_OPTION_ARG_STRING, &o.carrier, "the carrier's name", "NAME"},
        {"notify", 0, 0, G_OPTION_ARG_FILENAME, &o.notify, "settings of reminders by mail and webhook",
         "FILE"},
        {"sign-in", 0, 0, G_OPTION_ARG_NONE, &o.sign_in, "people sign in to a demo too", NULL},
        {"ldap", 0, 0, G_OPTION_ARG_FILENAME, &o.ldap, "names and passwords of a directory, as FILE says",
         "FILE"},
        {"oidc", 0, 0, G_OPTION_ARG_FILENAME, &o.oidc, "single sign-on by OpenID Connect, as FILE says",
         "FILE"},
        {"session-idle", 0, 0, G_OPTION_ARG_INT, &o.session_idle,
         "minutes a session may be unused, 5 to 720 (30); a wall screen only watches", "MINUTES"},
        {"publish-ledger", 0, 0, G_OPTION_ARG_NONE, &o.publish_ledger,
         "everybody who reaches the server may read the log, entries too", NULL},
        {"witness", 0, 0, G_OPTION_ARG_NONE, &o.witness,
         "everybody who reaches the server may have a trusted log's checkpoint cosigned", NULL},
        {"tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &o.cert, "certificate chain (PEM): serve https", "FILE"},
        {"tls-key", 0, 0, G_OPTION_ARG_FILENAME, &o.key, "its private key (PEM)", "FILE"},
        {"behind-proxy", 0, 0, G_OPTION_ARG_NONE, &o.behind_proxy,
         "a proxy with TLS stands in front and sets X-Forwarded-For", NULL},
        {"host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.hosts, "a name this server answers as; may be repeated",
         "NAME"},
        G_OPTION_ENTRY_NULL,
    };
    int status;
    GError *error = NULL;
    if (!tk_cli_options(&argc, &argv, "", help, entries, &status))
        return status;
    if (argc > 1)
        tk_fail(&error, TK_ERROR_INPUT, "“%s” is not understood; see `tokatsu serve --help`", argv[1]);
    if (error != NULL || !check(&o, &error))
        return tk_cli_fail("serve", error);
    if (o.listen == NULL)
        o.listen = g_strdup("127.0.0.1:8080");
    if (o.data == NULL && o.database == NULL && !o.demo)
        o.data = tk_cli_default_data();

    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL); /* before any thread starts, so that all inherit it */
    signal(SIGPIPE, SIG_IGN);
    const TkHttpOptions http = {
        .address = o.listen,
        .cert = o.cert,
        .key = o.key,
        .behind_proxy = o.behind_proxy,
        .hosts = o.hosts,
        .sign_in = !o.demo || o.sign_in,
    };
    g_auto(TkHttpListener) listener = {.fd = -1};
    if (!tk_http_listen(&http, &listener, &error))
        return tk_cli_fail("serve", error);
    int lock = o.data == NULL ? -1 : keeping_lock(o.data, &error);
    bool ok = error == NULL && serve(&o, &http, &listener, &stop, &error);
    if (lock >= 0)
        close(lock);
    return ok ? 0 : tk_cli_fail("serve", error);
}

/* Server-sent events.
 *
 *     live thread ──board──► latest ──ref──► stream 1 (its own place in the shared bytes)
 *                    (wakes the sleepers)  ► stream 2
 *                                          ► …
 *     heartbeat thread, every 15 s ────────► a comment line, so that proxies and dead peers show themselves
 *                       every 3 s ─────────► “signed-out” and the end, where the session behind a stream is
 * over
 *
 * An event is made once and shared by reference; a stream holds at most the one event it is in the middle of.
 * A client that reads slowly finishes that event and goes on with the newest: what lay between is never
 * queued, because a board says everything and an old one says nothing. Who asks for changes is sent the board
 * first, then what changed, and again a whole board whenever it missed one. A stream without anything to send
 * is suspended and costs no processor time. The price: a client that stopped reading keeps one old board
 * alive until the connection's time limit ends it. */
#include "http/events.h"

#include <inttypes.h>
#include <microhttpd.h>

#define HEARTBEAT_S  15
#define LOOK_S       3 /* after a session has ended its streams live so long at most */
#define CLOSE_WAIT_S 2
#define SILENCE_S    120u /* many beats: the store may keep the heart waiting, and a busy machine both */

typedef struct {
    TkEvents *events;
    struct MHD_Connection *connection;
    GBytes *current;                /* being sent; NULL between events */
    size_t offset;                  /* of the next byte of `current` */
    uint64_t sent;                  /* generation of the last event begun; 0: none yet */
    bool changes;                   /* asked for what changed instead of whole boards */
    bool heartbeat;                 /* a comment line is due */
    bool over;                      /* the session has ended: say so, then end */
    bool told;                      /* … that it is over */
    bool api_token;                 /* what the secret is; else a session's */
    char secret[TK_AUTH_TOKEN_MAX]; /* what the stream was opened with; "": nobody signs in here */
    bool suspended;
    size_t place; /* index in streams */
} Stream;

struct TkEvents {
    TkApp *service;
    unsigned listener;
    GThread *heart;
    GMutex lock; /* guards everything below and the flags of the streams */
    GCond changed;
    GPtrArray *streams;
    GBytes *latest; /* the newest event as it is sent; NULL before the first */
    GBytes *change; /* what led from the event before to it; NULL: nothing that is shorter */
    uint64_t seq;   /* of the board in it */
    uint64_t generation;
    GBytes *comment;
    GBytes *farewell;
    bool closing;
};

static GBytes *event_of(uint64_t seq, const char *name, GBytes *board)
{
    gsize len;
    const char *json = g_bytes_get_data(board, &len);
    g_autofree char *head = g_strdup_printf("id: %" PRIu64 "\nevent: %s\ndata: ", seq, name);
    size_t head_len = strlen(head);
    char *text = g_malloc(head_len + len + 2);
    memcpy(text, head, head_len);
    memcpy(text + head_len, json, len);
    memcpy(text + head_len + len, "\n\n", 2);
    return g_bytes_new_take(text, head_len + len + 2);
}

/* Lock held. */
static void wake(TkEvents *events)
{
    for (guint i = 0; i < events->streams->len; i++) {
        Stream *stream = g_ptr_array_index(events->streams, i);
        if (stream->suspended) {
            stream->suspended = false;
            MHD_resume_connection(stream->connection);
        }
    }
}

/* Lock held. Makes `board` the latest event unless a newer one is there. A change is of use only to those
 * who had the board before it as the last event. */
static void publish(TkEvents *events, uint64_t seq, GBytes *board, GBytes *change)
{
    if (events->latest != NULL && seq <= events->seq)
        return;
    bool follows = events->latest != NULL && change != NULL && seq == events->seq + 1;
    g_clear_pointer(&events->latest, g_bytes_unref);
    g_clear_pointer(&events->change, g_bytes_unref);
    events->latest = event_of(seq, "board", board);
    events->change = follows ? event_of(seq, "change", change) : NULL;
    events->seq = seq;
    events->generation++;
    wake(events);
}

static void on_board(void *user, uint64_t seq, GBytes *board, GBytes *change)
{
    TkEvents *events = user;
    g_mutex_lock(&events->lock);
    if (events->streams->len > 0 && !events->closing)
        publish(events, seq, board, change);
    g_mutex_unlock(&events->lock);
}

/* Lock held. Each secret that streams were opened with, once: secret → whether it is an API token's. */
static GHashTable *secrets_of(const TkEvents *events)
{
    GHashTable *secrets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < events->streams->len; i++) {
        const Stream *stream = g_ptr_array_index(events->streams, i);
        if (stream->secret[0] != '\0' && !g_hash_table_contains(secrets, stream->secret))
            g_hash_table_insert(secrets, g_strdup(stream->secret), GINT_TO_POINTER(stream->api_token));
    }
    return secrets;
}

static gboolean lasts(gpointer secret, gpointer api_token, gpointer user)
{
    return tk_people_lasts(((const TkEvents *)user)->service, secret, GPOINTER_TO_INT(api_token));
}

/* Lock held; given up while the store is asked. */
static void end_signed_out(TkEvents *events)
{
    g_autoptr(GHashTable) secrets = secrets_of(events);
    g_mutex_unlock(&events->lock);
    g_hash_table_foreach_remove(secrets, lasts, events);
    g_mutex_lock(&events->lock);
    for (guint i = 0; g_hash_table_size(secrets) > 0 && i < events->streams->len; i++) {
        Stream *stream = g_ptr_array_index(events->streams, i);
        stream->over = stream->over || g_hash_table_contains(secrets, stream->secret);
    }
    if (g_hash_table_size(secrets) > 0)
        wake(events);
}

static gpointer heart(gpointer user)
{
    TkEvents *events = user;
    g_mutex_lock(&events->lock);
    gint64 due = g_get_monotonic_time() + LOOK_S * G_TIME_SPAN_SECOND;
    for (unsigned looks = 1; !events->closing;) {
        if (g_cond_wait_until(&events->changed, &events->lock, due))
            continue;
        bool beat = looks++ % (HEARTBEAT_S / LOOK_S) == 0;
        for (guint i = 0; beat && i < events->streams->len; i++)
            ((Stream *)g_ptr_array_index(events->streams, i))->heartbeat = true;
        if (beat)
            wake(events);
        end_signed_out(events);
        due = MAX(due + LOOK_S * G_TIME_SPAN_SECOND, g_get_monotonic_time());
    }
    g_mutex_unlock(&events->lock);
    return NULL;
}

/* Takes up the next thing to send; false when there is none and the stream has been suspended. */
static bool next_event(Stream *stream)
{
    TkEvents *events = stream->events;
    g_mutex_lock(&events->lock);
    if (stream->over && !stream->told) {
        stream->current = g_bytes_ref(events->farewell);
        stream->told = true;
    } else if (stream->over) {
        /* nothing more */
    } else if (stream->sent < events->generation && events->latest != NULL) {
        bool next = stream->changes && events->change != NULL && stream->sent + 1 == events->generation;
        stream->current = g_bytes_ref(next ? events->change : events->latest);
        stream->sent = events->generation;
    } else if (stream->heartbeat) {
        stream->current = g_bytes_ref(events->comment);
    }
    stream->heartbeat = false;
    stream->offset = 0;
    bool something = stream->current != NULL || events->closing || stream->over;
    if (!something) {
        stream->suspended = true;
        MHD_suspend_connection(stream->connection);
    }
    g_mutex_unlock(&events->lock);
    return something;
}

static ssize_t read_stream(void *user, uint64_t position, char *out, size_t max)
{
    (void)position;
    Stream *stream = user;
    if (stream->current == NULL && !next_event(stream))
        return 0;
    if (stream->current == NULL)
        return MHD_CONTENT_READER_END_OF_STREAM;
    gsize len;
    const char *text = g_bytes_get_data(stream->current, &len);
    size_t part = MIN(max, len - stream->offset);
    memcpy(out, text + stream->offset, part);
    stream->offset += part;
    if (stream->offset == len)
        g_clear_pointer(&stream->current, g_bytes_unref);
    return (ssize_t)part;
}

static void end_stream(void *user)
{
    Stream *stream = user;
    TkEvents *events = stream->events;
    g_mutex_lock(&events->lock);
    g_ptr_array_remove_index_fast(events->streams, (guint)stream->place);
    if (stream->place < events->streams->len)
        ((Stream *)g_ptr_array_index(events->streams, stream->place))->place = stream->place;
    g_cond_broadcast(&events->changed);
    g_mutex_unlock(&events->lock);
    g_clear_pointer(&stream->current, g_bytes_unref);
    g_free(stream);
}

/* What the request showed; "" where nobody signs in. */
static void take_secret(Stream *stream, const TkHttpRequest *request, const TkApp *service)
{
    stream->api_token = request->who.token;
    const char *secret = request->who.token ? request->authorization + strlen("Bearer ") : request->session;
    if (tk_people_required(service))
        g_strlcpy(stream->secret, secret == NULL ? "" : secret, sizeof stream->secret);
}

struct MHD_Response *tk_events_open(TkEvents *events, struct MHD_Connection *connection,
                                    const TkHttpRequest *request, bool changes)
{
    uint64_t seq;
    g_autoptr(GBytes) board = tk_service_board(events->service, &seq);
    g_mutex_lock(&events->lock);
    Stream *stream = NULL;
    struct MHD_Response *response = NULL;
    if (!events->closing && events->streams->len < TK_EVENTS_STREAMS_MAX) {
        publish(events, seq, board, NULL);
        stream = g_new0(Stream, 1);
        stream->changes = changes;
        stream->events = events;
        stream->connection = connection;
        take_secret(stream, request, events->service);
        MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, SILENCE_S);
        response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, read_stream, stream, end_stream);
    }
    if (response != NULL) {
        stream->place = events->streams->len;
        g_ptr_array_add(events->streams, stream);
    } else {
        g_free(stream);
    }
    g_mutex_unlock(&events->lock);
    return response;
}

TkEvents *tk_events_new(TkApp *service)
{
    TkEvents *events = g_new0(TkEvents, 1);
    events->service = service;
    g_mutex_init(&events->lock);
    g_cond_init(&events->changed);
    events->streams = g_ptr_array_new();
    events->comment = g_bytes_new_static(": still here\n\n", strlen(": still here\n\n"));
    static const char farewell[] = "event: signed-out\ndata: {}\n\n";
    events->farewell = g_bytes_new_static(farewell, sizeof farewell - 1);
    events->heart = g_thread_new("heartbeat", heart, events);
    events->listener = tk_service_listen(service, on_board, events);
    return events;
}

void tk_events_close(TkEvents *events)
{
    gint64 until = g_get_monotonic_time() + CLOSE_WAIT_S * G_TIME_SPAN_SECOND;
    g_mutex_lock(&events->lock);
    events->closing = true;
    wake(events);
    g_cond_broadcast(&events->changed);
    while (events->streams->len > 0 && g_cond_wait_until(&events->changed, &events->lock, until))
        continue;
    g_mutex_unlock(&events->lock);
}

void tk_events_free(TkEvents *events)
{
    if (events == NULL)
        return;
    tk_events_close(events);
    tk_service_unlisten(events->service, events->listener);
    g_thread_join(events->heart);
    g_ptr_array_unref(events->streams);
    g_clear_pointer(&events->latest, g_bytes_unref);
    g_clear_pointer(&events->change, g_bytes_unref);
    g_bytes_unref(events->comment);
    g_bytes_unref(events->farewell);
    g_cond_clear(&events->changed);
    g_mutex_clear(&events->lock);
    g_free(events);
}

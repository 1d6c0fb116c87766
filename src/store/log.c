/* Reading what is kept in the order of the ledger: events, alarm batches, hashes; and blobs by their hash.
 * Long readings go a page at a time, so that no reader holds a connection, or an old snapshot, for long. */
#include "store/internal.h"

#define EVENTS_PAGE 1024
#define ALARMS_PAGE 16

/* ---- events ---- */

typedef struct {
    GArray *offsets; /* guint64 leaf, size_t offset, size_t len */
    GByteArray *bytes;
} EventPage;

typedef struct {
    uint64_t leaf;
    size_t offset, len;
} EventAt;

static bool take_event(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    EventPage *page = data;
    EventAt at = {.leaf = (uint64_t)values[0].i, .offset = page->bytes->len, .len = values[1].len};
    g_byte_array_append(page->bytes, values[1].data, (guint)values[1].len);
    g_array_append_val(page->offsets, at);
    return true;
}

static bool read_event_page(TkStore *store, uint64_t from, uint64_t count, EventPage *page, GError **error)
{
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return false;
    bool done =
        tk_db_query(db, "SELECT leaf, body FROM events WHERE leaf >= $1 AND leaf < $2 ORDER BY leaf",
                    take_event, page, error, tk_db_int((int64_t)from), tk_db_int((int64_t)(from + count)));
    tk_store_reader_done(store, db);
    return done;
}

/* *next moves behind what was given; *more turns false when `each` has enough or there is nothing more. */
static bool give_events(EventPage *page, uint64_t *next, bool *more, TkEventFn each, gpointer data,
                        GError **error)
{
    for (guint i = 0; i < page->offsets->len && *more; i++) {
        const EventAt *at = &g_array_index(page->offsets, EventAt, i);
        if (at->leaf != *next)
            return tk_fail(error, TK_ERROR_REFUSED, "event %" G_GUINT64_FORMAT " of the ledger is missing",
                           *next);
        *more = each(at->leaf, (const char *)page->bytes->data + at->offset, at->len, data);
        ++*next;
    }
    return true;
}

bool tk_store_events(TkStore *store, uint64_t from, uint64_t count, TkEventFn each, gpointer data,
                     GError **error)
{
    uint64_t next = from, end = count > TK_TREE_SIZE_MAX - from ? TK_TREE_SIZE_MAX : from + count;
    bool more = from < end;
    while (more) {
        uint64_t want = MIN(end - next, EVENTS_PAGE);
        g_autoptr(GArray) offsets = g_array_new(FALSE, FALSE, sizeof(EventAt));
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        EventPage page = {.offsets = offsets, .bytes = bytes};
        if (!read_event_page(store, next, want, &page, error) ||
            !give_events(&page, &next, &more, each, data, error))
            return false;
        more = more && offsets->len == want && next < end;
    }
    return true;
}

/* ---- alarms ---- */

typedef struct {
    TkAlarmBatch batch;
    GBytes *lines;
} KeptBatch;

static void clear_batch(gpointer data)
{
    g_bytes_unref(((KeptBatch *)data)->lines);
}

static bool take_batch(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    KeptBatch kept = {.lines = g_bytes_new(v[5].data, v[5].len)};
    kept.batch = (TkAlarmBatch){
        .seq = (uint64_t)v[0].i,
        .at_us = v[1].i,
        .min_at_us = v[2].i,
        .max_at_us = v[3].i,
        .count = (uint32_t)v[4].i,
        .len = v[5].len,
    };
    kept.batch.lines = g_bytes_get_data(kept.lines, NULL);
    g_array_append_val((GArray *)data, kept);
    return true;
}

static bool read_batch_page(TkStore *store, uint64_t from, GArray *page, GError **error)
{
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return false;
    bool done =
        tk_db_query(db,
                    "SELECT leaf, at_us, min_at_us, max_at_us, count, lines FROM alarms WHERE leaf >= $1"
                    " ORDER BY leaf LIMIT $2",
                    take_batch, page, error, tk_db_int((int64_t)from), tk_db_int(ALARMS_PAGE));
    tk_store_reader_done(store, db);
    return done;
}

bool tk_store_read_alarms(TkStore *store, uint64_t from_seq, TkAlarmBatchFn each, gpointer data,
                          GError **error)
{
    uint64_t from = from_seq;
    for (bool more = true; more;) {
        g_autoptr(GArray) page = g_array_new(FALSE, FALSE, sizeof(KeptBatch));
        g_array_set_clear_func(page, clear_batch);
        if (!read_batch_page(store, from, page, error))
            return false;
        more = page->len == ALARMS_PAGE;
        for (guint i = 0; i < page->len; i++) {
            const TkAlarmBatch *batch = &g_array_index(page, KeptBatch, i).batch;
            from = batch->seq + 1;
            if (!each(batch, data))
                return true;
        }
    }
    return true;
}

/* ---- blobs ---- */

static bool take_bytes(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    *(GBytes **)data = g_bytes_new(values[0].data, values[0].len);
    return false;
}

GBytes *tk_store_blob(TkStore *store, const char *hash, GError **error)
{
    g_autoptr(GBytes) bytes = NULL;
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return NULL;
    bool done = tk_db_query(db, "SELECT bytes FROM blobs WHERE hash = $1", take_bytes, &bytes, error,
                            tk_db_text(hash));
    tk_store_reader_done(store, db);
    if (!done)
        return NULL;
    if (bytes == NULL) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "no file with the hash %.64s is kept", hash);
        return NULL;
    }
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHash now;
    char hex[TK_HASH_HEX_MAX];
    tk_hash_bytes(hasher, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &now);
    if (strcmp(tk_hash_hex(&now, hex), hash) == 0)
        return g_steal_pointer(&bytes);
    tk_fail(error, TK_ERROR_REFUSED, "the file kept as %.64s was altered or damaged", hash);
    return NULL;
}

/* ---- the tree ---- */

bool tk_store_ledger_head(TkStore *store, TkStoreHead *head, GError **error)
{
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return false;
    bool done = tk_leaves_read_head(db, head, error);
    tk_store_reader_done(store, db);
    return done;
}

uint64_t tk_store_ledger_size(TkStore *store)
{
    TkStoreHead head;
    return tk_store_ledger_head(store, &head, NULL) ? head.size : 0;
}

static bool read_hashes(void *user, unsigned level, uint64_t first, size_t count, TkHash *out, GError **error)
{
    TkStore *store = user;
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return false;
    bool done = tk_leaves_read(db, level, first, count, out, error);
    tk_store_reader_done(store, db);
    return done;
}

TkHashSource tk_store_hash_source(TkStore *store)
{
    return (TkHashSource){.read = read_hashes, .user = store};
}

/* Asking for cosignatures. Our witnesses may be slow or away, and nothing of ours may wait for them: one
 * thread of its own sends the newest checkpoint to each witness that is due, with a limit on time and on
 * bytes, and asks one that failed less and less often.
 *
 *     newest checkpoint ─► cosigned by it already? ─► proof from the size it knows ─► POST ─► check ─► keep
 *                                                       ▲                              │409: the size it
 * knows └──────────────────────────────┘
 *
 * What a witness knows is not kept: it says so itself (409) when we guess wrong after a restart. */
#include "service/collector.h"

#include "service/post.h"

#define LOOK_EVERY_US    (500 * 1000)
#define BACK_OFF_FIRST_S 2
#define BACK_OFF_MAX_S   600

typedef struct {
    char *id, *url;
    TkKeys *keys; /* one */
    int64_t every_s;
    uint64_t known;    /* the size it cosigned last, as far as we know */
    gint64 due_us;     /* monotonic */
    unsigned failures; /* in a row */
    TkCollected told;  /* under the collector's lock */
} Witness;

struct TkCollector {
    TkStore *store;
    TkHasher *hasher;
    GThread *thread;
    GMutex lock;
    GCond cond;
    bool stopping;         /* under lock */
    GHashTable *witnesses; /* id → Witness; changed by the thread, under lock */
};

void tk_collected_clear(TkCollected *collected)
{
    g_free(collected->trouble);
    *collected = (TkCollected){0};
}

static void witness_free(gpointer data)
{
    Witness *w = data;
    g_free(w->id);
    g_free(w->url);
    g_free(w->keys);
    tk_collected_clear(&w->told);
    g_free(w);
}

static bool is_stopping(TkCollector *collector)
{
    g_mutex_lock(&collector->lock);
    bool stopping = collector->stopping;
    g_mutex_unlock(&collector->lock);
    return stopping;
}

/* ---- one request ---- */

static bool gives_up(void *user)
{
    return is_stopping(user);
}

static bool post(TkCollector *collector, const char *url, const TkBuf *body, long *status, TkBuf *answer,
                 GError **error)
{
    g_autofree char *target =
        g_strdup_printf("%s%sadd-checkpoint", url, g_str_has_suffix(url, "/") ? "" : "/");
    return tk_post(target, "text/plain; charset=utf-8", body, gives_up, collector, status, answer, error);
}

static bool write_request(TkCollector *collector, uint64_t known, const TkCheckpoint *head, const TkBuf *note,
                          TkBuf *body, GError **error)
{
    TkHashSource source = tk_store_hash_source(collector->store);
    TkProof proof = {0};
    if (known > 0 && known < head->size &&
        !tk_prove_consistency(collector->hasher, &source, known, head->size, &proof, error))
        return false;
    TkAddCheckpoint request = {
        .old_size = known, .count = proof.count, .checkpoint = note->data, .checkpoint_len = note->len};
    if (proof.count > TK_WITNESS_PROOF_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "the proof is too long for a witness");
    memcpy(request.proof, proof.hash, proof.count * sizeof *proof.hash);
    return tk_add_checkpoint_write(&request, body, error);
}

/* The size a witness answered a 409 with. */
static bool read_size(TkBuf *answer, uint64_t *size)
{
    char *end = g_strchomp((char *)tk_buf_str(answer));
    return g_ascii_string_to_unsigned(end, 10, 0, TK_TREE_SIZE_MAX, size, NULL);
}

static bool take_409(Witness *w, const TkCheckpoint *head, TkBuf *answer, GError **error)
{
    uint64_t size;
    if (!read_size(answer, &size))
        return tk_fail(error, TK_ERROR_INPUT, "the witness answered 409 without a size");
    if (size > head->size)
        return tk_fail(error, TK_ERROR_REFUSED,
                       "the witness has cosigned %" G_GUINT64_FORMAT " entries and we hold %" G_GUINT64_FORMAT
                       ": was an old backup restored?",
                       size, head->size);
    if (size == w->known)
        return tk_fail(error, TK_ERROR_REFUSED,
                       "the witness has cosigned another history of the same %" G_GUINT64_FORMAT " entries",
                       size);
    w->known = size;
    return true;
}

/* ---- one witness ---- */

/* Whether the note carries a cosignature of this witness; *at_s its time. */
static bool is_cosigned(const Witness *w, const TkNote *note, int64_t *at_s)
{
    for (size_t i = 0; i < note->count; i++)
        if (tk_signature_check(&w->keys->key[0], &note->signature[i], note->text, note->text_len, at_s))
            return true;
    return false;
}

static void tell(TkCollector *collector, Witness *w, const TkCheckpoint *head, int64_t at_s)
{
    g_mutex_lock(&collector->lock);
    w->told.size = head->size;
    w->told.at_s = at_s;
    g_clear_pointer(&w->told.trouble, g_free);
    g_mutex_unlock(&collector->lock);
    w->known = head->size;
    w->failures = 0;
}

static bool take_200(TkCollector *collector, Witness *w, const TkCheckpoint *head, const TkBuf *note,
                     const TkBuf *answer, GError **error)
{
    g_auto(TkBuf) lines = {0}, whole = {0};
    tk_buf_init(&lines, TK_NOTE_BYTES_MAX);
    tk_buf_init(&whole, TK_NOTE_BYTES_MAX);
    int64_t at_s = 0;
    if (!tk_cosignatures_accept(note->data, note->len, answer->data, answer->len, w->keys, &lines, error))
        return false;
    tk_buf_add(&whole, note->data, note->len);
    tk_buf_add(&whole, lines.data, lines.len);
    g_autoptr(TkNote) read = tk_note_read(whole.data, whole.len, error);
    if (read == NULL ||
        !tk_store_checkpoint_cosign(collector->store, head->size, lines.data, lines.len, error))
        return false;
    is_cosigned(w, read, &at_s);
    tell(collector, w, head, at_s);
    return true;
}

/* Sends the checkpoint; after a 409 that tells a size once more from there. */
static bool ask(TkCollector *collector, Witness *w, const TkCheckpoint *head, const TkBuf *note,
                GError **error)
{
    for (int tries = 0; tries < 2; tries++) {
        g_auto(TkBuf) body = {0}, answer = {0};
        long status = 0;
        tk_buf_init(&body, TK_WITNESS_REQUEST_MAX);
        tk_buf_init(&answer, TK_NOTE_BYTES_MAX);
        if (!write_request(collector, w->known, head, note, &body, error) ||
            !post(collector, w->url, &body, &status, &answer, error))
            return false;
        if (status == 200)
            return take_200(collector, w, head, note, &answer, error);
        if (status != 409)
            return tk_fail(error, TK_ERROR_REFUSED, "the witness answered %ld: %.200s", status,
                           tk_buf_str(&answer));
        if (!take_409(w, head, &answer, error))
            return false;
    }
    return tk_fail(error, TK_ERROR_CONFLICT, "the witness changes its mind about the size it knows");
}

static bool visit(TkCollector *collector, Witness *w, bool *asked, GError **error)
{
    g_auto(TkBuf) text = {0};
    g_auto(TkCheckpoint) head = {0};
    int64_t at_s = 0;
    tk_buf_init(&text, TK_NOTE_BYTES_MAX);
    if (!tk_store_checkpoint_newest(collector->store, &text, NULL))
        return true; /* nothing is signed yet */
    g_autoptr(TkNote) note = tk_note_read(text.data, text.len, error);
    if (note == NULL || !tk_checkpoint_read_text(note->text, note->text_len, &head, error))
        return false;
    if (is_cosigned(w, note, &at_s)) {
        tell(collector, w, &head, at_s);
        return true;
    }
    *asked = true;
    return ask(collector, w, &head, &text, error);
}

static void look_at(TkCollector *collector, Witness *w)
{
    g_autoptr(GError) error = NULL;
    bool asked = false;
    if (g_get_monotonic_time() < w->due_us)
        return;
    bool done = visit(collector, w, &asked, &error);
    gint64 pause_s = asked ? w->every_s : 0;
    if (!done && !is_stopping(collector)) {
        w->failures = MIN(w->failures + 1, 16u);
        pause_s = MAX(w->every_s, MIN((gint64)BACK_OFF_FIRST_S << (w->failures - 1), BACK_OFF_MAX_S));
        g_mutex_lock(&collector->lock);
        if (g_strcmp0(w->told.trouble, error->message) != 0)
            g_warning("witness %s: %s", w->keys->key[0].name, error->message);
        g_free(w->told.trouble);
        w->told.trouble = g_strdup(error->message);
        g_mutex_unlock(&collector->lock);
    }
    w->due_us = g_get_monotonic_time() + pause_s * G_TIME_SPAN_SECOND;
}

/* ---- the list ---- */

static bool take_record(const TkRecord *record, gpointer data)
{
    TkCollector *collector = data;
    const char *url = json_string_value(json_object_get(record->body, "url"));
    const char *key = json_string_value(json_object_get(record->body, "key"));
    Witness *w = g_hash_table_lookup(collector->witnesses, record->id);
    if (url == NULL || key == NULL || (w != NULL && strcmp(w->url, url) == 0))
        return true;
    w = g_new0(Witness, 1);
    w->id = g_strdup(record->id);
    w->url = g_strdup(url);
    w->keys = g_new0(TkKeys, 1);
    w->keys->count = 1;
    w->every_s = json_integer_value(json_object_get(record->body, "every_s"));
    if (!tk_key_read(key, strlen(key), &w->keys->key[0], NULL)) {
        witness_free(w);
        return true;
    }
    g_mutex_lock(&collector->lock);
    g_hash_table_replace(collector->witnesses, w->id, w);
    g_mutex_unlock(&collector->lock);
    return true;
}

static bool take_id(const TkRecord *record, gpointer ids)
{
    g_hash_table_add(ids, g_strdup(record->id));
    return true;
}

/* A witness whose record was deleted is asked no more. */
static void forget_removed(TkCollector *collector, GHashTable *ids)
{
    GHashTableIter iter;
    gpointer id;
    g_mutex_lock(&collector->lock);
    g_hash_table_iter_init(&iter, collector->witnesses);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        if (!g_hash_table_contains(ids, id))
            g_hash_table_iter_remove(&iter);
    g_mutex_unlock(&collector->lock);
}

static void look(TkCollector *collector)
{
    TkQuery query = {.kind = TK_KIND_WITNESS, .limit = TK_WITNESSES_MAX};
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!tk_store_list(collector->store, &query, take_record, collector, NULL, NULL) ||
        !tk_store_list(collector->store, &query, take_id, ids, NULL, NULL))
        return; /* the store says so itself */
    forget_removed(collector, ids);
    GHashTableIter iter;
    gpointer w;
    g_hash_table_iter_init(&iter, collector->witnesses); /* only this thread changes the table */
    while (g_hash_table_iter_next(&iter, NULL, &w) && !is_stopping(collector))
        look_at(collector, w);
}

static gpointer run(gpointer data)
{
    TkCollector *collector = data;
    g_mutex_lock(&collector->lock);
    while (!collector->stopping) {
        g_mutex_unlock(&collector->lock);
        look(collector);
        g_mutex_lock(&collector->lock);
        gint64 until = g_get_monotonic_time() + LOOK_EVERY_US;
        while (!collector->stopping && g_cond_wait_until(&collector->cond, &collector->lock, until)) {
        }
    }
    g_mutex_unlock(&collector->lock);
    return NULL;
}

/* ---- life ---- */

bool tk_collector_find(TkCollector *collector, const char *id, TkCollected *found)
{
    g_mutex_lock(&collector->lock);
    const Witness *w = g_hash_table_lookup(collector->witnesses, id);
    if (w != NULL)
        *found =
            (TkCollected){.size = w->told.size, .at_s = w->told.at_s, .trouble = g_strdup(w->told.trouble)};
    g_mutex_unlock(&collector->lock);
    return w != NULL;
}

TkCollector *tk_collector_start(TkStore *store)
{
    TkCollector *collector = g_new0(TkCollector, 1);
    tk_post_start();
    collector->store = store;
    collector->hasher = tk_hasher_new();
    collector->witnesses = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, witness_free);
    g_mutex_init(&collector->lock);
    g_cond_init(&collector->cond);
    collector->thread = g_thread_new("collector", run, collector);
    return collector;
}

void tk_collector_stop(TkCollector *collector)
{
    if (collector == NULL)
        return;
    g_mutex_lock(&collector->lock);
    collector->stopping = true;
    g_cond_broadcast(&collector->cond);
    g_mutex_unlock(&collector->lock);
    g_thread_join(collector->thread);
    g_hash_table_unref(collector->witnesses);
    tk_hasher_free(collector->hasher);
    g_mutex_clear(&collector->lock);
    g_cond_clear(&collector->cond);
    g_free(collector);
}

/* Checkpoints: the signed heads of the ledger, kept beside it. */
#include "store/internal.h"

#define KEEP_ALL_US    (10 * 60 * TK_US_PER_S)
#define PRUNE_EVERY_US (60 * TK_US_PER_S)

static bool take_note(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    TkBuf *note = data;
    tk_buf_reset(note);
    tk_buf_add(note, values[0].data, values[0].len);
    return false;
}

static const char newest[] = "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1";
static const char newest_at[] = "SELECT at_us FROM checkpoints ORDER BY size DESC LIMIT 1";
static const char of_size[] = "SELECT note FROM checkpoints WHERE size = $1";

bool tk_store_checkpoint_newest(TkStore *store, TkBuf *note, GError **error)
{
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return false;
    tk_buf_reset(note);
    bool done = db->engine->query(db, newest, NULL, 0, true, take_note, note, error);
    tk_store_reader_done(store, db);
    if (!done)
        return false;
    return note->len > 0 || tk_fail(error, TK_ERROR_NOT_FOUND, "the ledger has no checkpoint yet");
}

typedef struct {
    const char *origin;
    TkSigner *const *signers;
    size_t count;
    int64_t at_us;
    TkBuf note;
} Signing;

/* Of checkpoints that are older than what may still wait for a cosignature only the last of each hour stays:
 * enough to show anybody's old head to be a past of ours, and a table that does not grow with the writes. */
static bool prune(TkDb *db, int64_t at_us, GError **error)
{
    return tk_db_run(db,
                     "DELETE FROM checkpoints WHERE at_us < $1 AND size NOT IN"
                     " (SELECT MAX(size) FROM checkpoints GROUP BY at_us / 3600000000)",
                     error, tk_db_int(at_us - KEEP_ALL_US));
}

static bool take_at(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    *(int64_t *)data = values[0].i;
    return false;
}

/* Once a minute, before the new one is kept. */
static bool prune_sometimes(TkDb *db, int64_t at_us, GError **error)
{
    int64_t last_us = at_us;
    if (!db->engine->query(db, newest_at, NULL, 0, true, take_at, &last_us, error))
        return false;
    return last_us / PRUNE_EVERY_US == at_us / PRUNE_EVERY_US || prune(db, at_us, error);
}

static bool sign_head(TkStore *store, TkDb *db, TkLeaves *leaves, gpointer data, GError **error)
{
    (void)store;
    Signing *signing = data;
    TkHash root;
    int64_t size = (int64_t)leaves->frontier.size;
    if (!tk_db_query(db, of_size, take_note, &signing->note, error, tk_db_int(size)))
        return false;
    if (signing->note.len > 0)
        return true;
    tk_frontier_root(leaves->hasher, &leaves->frontier, &root);
    return tk_checkpoint_sign(signing->origin, leaves->frontier.size, &root, signing->signers, signing->count,
                              &signing->note, error) &&
           prune_sometimes(db, signing->at_us, error) &&
           tk_db_run(db, "INSERT INTO checkpoints (size, at_us, note) VALUES ($1, $2, $3)", error,
                     tk_db_int(size), tk_db_int(signing->at_us),
                     tk_db_text_len(signing->note.data, signing->note.len));
}

typedef struct {
    uint64_t size;
    const char *lines;
    size_t len;
    TkBuf note;
} Cosigning;

static bool add_lines(TkStore *store, TkDb *db, TkLeaves *leaves, gpointer data, GError **error)
{
    (void)store;
    (void)leaves;
    Cosigning *c = data;
    if (!tk_db_query(db, of_size, take_note, &c->note, error, tk_db_int((int64_t)c->size)))
        return false;
    if (c->note.len == 0)
        return tk_fail(error, TK_ERROR_NOT_FOUND, "no checkpoint of %" G_GUINT64_FORMAT " entries is kept",
                       c->size);
    tk_buf_add(&c->note, c->lines, c->len);
    if (c->note.overflow)
        return tk_fail(error, TK_ERROR_LIMIT, "the checkpoint has too many signatures");
    return tk_db_run(db, "UPDATE checkpoints SET note = $1 WHERE size = $2", error,
                     tk_db_text_len(c->note.data, c->note.len), tk_db_int((int64_t)c->size));
}

bool tk_store_checkpoint_cosign(TkStore *store, uint64_t size, const char *lines, size_t len, GError **error)
{
    Cosigning c = {.size = size, .lines = lines, .len = len};
    if (store->group == NULL)
        return tk_fail(error, TK_ERROR_CONFLICT, "the store is open for reading only");
    tk_buf_init(&c.note, TK_NOTE_BYTES_MAX);
    bool done = tk_group_work(store->group, add_lines, &c, error);
    tk_buf_clear(&c.note);
    return done;
}

/* Whether the present head is signed already: asked by a reader, so that an idle log costs no write. */
static bool signed_already(TkStore *store, TkBuf *note, bool *is, GError **error)
{
    TkStoreHead head;
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return false;
    bool done = tk_leaves_read_head(db, &head, error) &&
                tk_db_query(db, of_size, take_note, note, error, tk_db_int((int64_t)head.size));
    tk_store_reader_done(store, db);
    *is = note->len > 0;
    return done;
}

bool tk_store_checkpoint(TkStore *store, const char *origin, TkSigner *const *signers, size_t count,
                         int64_t at_us, TkBuf *note, GError **error)
{
    Signing signing = {.origin = origin, .signers = signers, .count = count, .at_us = at_us};
    bool is = false;
    tk_buf_init(&signing.note, TK_NOTE_BYTES_MAX);
    bool done = signed_already(store, &signing.note, &is, error);
    if (done && !is && store->group == NULL)
        done = tk_fail(error, TK_ERROR_CONFLICT, "the store is open for reading only");
    if (done && !is)
        done = tk_group_work(store->group, sign_head, &signing, error);
    if (done && note != NULL)
        tk_buf_add(note, signing.note.data, signing.note.len);
    tk_buf_clear(&signing.note);
    return done;
}

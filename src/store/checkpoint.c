/* Checkpoints: the signed heads of the ledger, kept beside it. */
#include "store/internal.h"

static bool take_note(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    TkBuf *note = data;
    tk_buf_reset(note);
    tk_buf_add(note, values[0].data, values[0].len);
    return false;
}

static const char newest[] = "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1";
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
           tk_db_run(db, "INSERT INTO checkpoints (size, at_us, note) VALUES ($1, $2, $3)", error,
                     tk_db_int(size), tk_db_int(signing->at_us),
                     tk_db_text_len(signing->note.data, signing->note.len));
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

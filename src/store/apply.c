/* A write inside the transaction: first whether what it expects is so, then its rows and its leaves.
 *
 * The check runs over a small picture of the records concerned (TkCurrents) that the whole batch shares: it
 * is read from the database once, each write that passes is drawn into it, and one that fails leaves no mark.
 * So a failed check costs nothing of the other writes, and no savepoint is needed. */
#include "store/internal.h"

typedef struct {
    int64_t version;
    bool deleted;
    bool has_hash;
    TkHash hash; /* of the present body */
} Current;

struct TkCurrents {
    GHashTable *by_key; /* "kind\nid" → Current */
};

TkCurrents *tk_currents_new(void)
{
    TkCurrents *currents = g_new0(TkCurrents, 1);
    currents->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return currents;
}

void tk_currents_free(TkCurrents *currents)
{
    g_hash_table_destroy(currents->by_key);
    g_free(currents);
}

static bool take_current(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    Current *current = data;
    current->version = values[0].i;
    current->deleted = values[1].i != 0;
    current->has_hash = values[2].len == TK_HASH_LEN;
    if (current->has_hash)
        memcpy(current->hash.byte, values[2].data, TK_HASH_LEN);
    return true;
}

static char *key_of(const char *kind, const char *id)
{
    return g_strdup_printf("%s\n%s", kind, id);
}

static bool take_preloaded(const TkDbValue *values, size_t count, gpointer data)
{
    TkCurrents *currents = data;
    g_autofree char *kind = g_strndup(values[3].data, values[3].len);
    g_autofree char *id = g_strndup(values[4].data, values[4].len);
    g_autofree char *key = key_of(kind, id);
    Current *current = g_hash_table_lookup(currents->by_key, key);
    return current == NULL || take_current(values, count, current);
}

/* All records that the operations name, as one JSON array for one query. */
static json_t *keys_of(TkCurrents *currents, GPtrArray *writes)
{
    json_t *keys = json_array();
    for (guint i = 0; i < writes->len; i++) {
        const TkWrite *write = writes->pdata[i];
        for (guint j = 0; j < write->ops->len; j++) {
            const TkOp *op = &g_array_index(write->ops, TkOp, j);
            if (op->type != TK_OP_PUT && op->type != TK_OP_DELETE)
                continue;
            char *key = key_of(op->kind, op->id);
            if (g_hash_table_insert(currents->by_key, key, g_new0(Current, 1)))
                json_array_append_new(keys, json_pack("{s:s, s:s}", "kind", op->kind, "id", op->id));
        }
    }
    return keys;
}

bool tk_currents_preload(TkCurrents *currents, TkDb *db, GPtrArray *writes, GError **error)
{
    if (!db->engine->is_postgres)
        return true; /* a look-up costs microseconds and no round trip */
    g_autoptr(json_t) keys = keys_of(currents, writes);
    if (json_array_size(keys) == 0)
        return true;
    char *text = json_dumps(keys, JSON_COMPACT);
    bool done = tk_db_query(db,
                            "SELECT r.version, r.deleted, r.hash, r.kind, r.id FROM"
                            " json_to_recordset(CAST($1 AS json)) AS k (kind text, id text)"
                            " JOIN records r ON r.kind = k.kind COLLATE \"C\" AND r.id = k.id COLLATE \"C\"",
                            take_preloaded, currents, error, tk_db_text(text));
    free(text);
    return done;
}

static Current *look_up(TkCurrents *currents, TkDb *db, const TkOp *op, GError **error)
{
    char key[TK_STORE_KIND_MAX + TK_STORE_ID_MAX + 2];
    g_snprintf(key, sizeof key, "%s\n%s", op->kind, op->id);
    Current *current = g_hash_table_lookup(currents->by_key, key);
    if (current != NULL)
        return current;
    Current found = {0};
    if (!tk_db_query(db, "SELECT version, deleted, hash FROM records WHERE kind = $1 AND id = $2",
                     take_current, &found, error, tk_db_text(op->kind), tk_db_text(op->id)))
        return NULL;
    current = g_memdup2(&found, sizeof found);
    g_hash_table_insert(currents->by_key, g_strdup(key), current);
    return current;
}

static bool check_op(const TkOp *op, const Current *current, GError **why_not)
{
    bool there = current->version > 0 && !current->deleted;
    if (op->type == TK_OP_DELETE && !there)
        return tk_fail(why_not, TK_ERROR_NOT_FOUND, "there is no %s %s to delete", op->kind, op->id);
    if (op->expected == TK_STORE_ANY)
        return true;
    if (op->expected == TK_STORE_NEW)
        return !there ||
               tk_fail(why_not, TK_ERROR_CONFLICT, "%s %s exists already (version %" G_GINT64_FORMAT ")",
                       op->kind, op->id, current->version);
    if (!there)
        return tk_fail(why_not, TK_ERROR_CONFLICT, "%s %s does not exist any more; read it again", op->kind,
                       op->id);
    return op->expected == current->version ||
           tk_fail(why_not, TK_ERROR_CONFLICT,
                   "%s %s has changed: version %" G_GINT64_FORMAT " was read, %" G_GINT64_FORMAT
                   " is there now; read it again",
                   op->kind, op->id, op->expected, current->version);
}

/* Writes the effect of one operation into the picture, and what was there before into the operation. */
static void draw(TkOp *op, Current *current)
{
    bool there = current->version > 0 && !current->deleted;
    op->has_before = there && current->has_hash;
    op->before = current->hash;
    op->version = ++current->version;
    current->deleted = op->type == TK_OP_DELETE;
    current->has_hash = op->type == TK_OP_PUT;
    current->hash = op->after;
}

typedef struct {
    Current *where;
    Current was;
} Undo;

bool tk_apply_check(TkCurrents *currents, TkDb *db, TkWrite *write, bool *holds, GError **why_not,
                    GError **error)
{
    g_autoptr(GArray) undo = g_array_new(FALSE, FALSE, sizeof(Undo));
    *holds = true;
    for (guint i = 0; i < write->ops->len && *holds; i++) {
        TkOp *op = &g_array_index(write->ops, TkOp, i);
        if (op->type != TK_OP_PUT && op->type != TK_OP_DELETE)
            continue;
        Current *current = look_up(currents, db, op, error);
        if (current == NULL)
            return false;
        *holds = check_op(op, current, why_not);
        Undo step = {.where = current, .was = *current};
        g_array_append_val(undo, step);
        if (*holds)
            draw(op, current);
    }
    for (guint i = undo->len; !*holds && i > 0; i--) {
        const Undo *step = &g_array_index(undo, Undo, i - 1);
        *step->where = step->was;
    }
    return true;
}

typedef struct {
    TkDb *db;
    TkLeaves *leaves;
    const TkWrite *write;
    TkBuf event;
} Apply;

static TkEvent event_of(const Apply *apply, const TkOp *op)
{
    return (TkEvent){
        .at_us = apply->write->at_us,
        .who = apply->write->who,
        .what = op->action,
        .kind = op->kind,
        .id = op->id,
        .version = op->version,
    };
}

static bool append(Apply *apply, const TkEvent *event, uint64_t *leaf, GError **error)
{
    tk_buf_reset(&apply->event);
    return tk_event_write(event, &apply->event, error) &&
           tk_leaves_append(apply->leaves, apply->db, apply->event.data, apply->event.len, leaf, error);
}

bool tk_record_write(TkDb *db, const TkRecordRow *row, GError **error)
{
    bool deleted = row->body == NULL;
    TkDbValue body = deleted ? tk_db_null() : tk_db_text_len(row->body, row->body_len);
    TkDbValue hash = deleted ? tk_db_null() : tk_db_blob(row->hash->byte, TK_HASH_LEN);
    return tk_db_run(db,
                     "INSERT INTO versions (leaf, kind, id, version, at_us, who, action, body)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                     error, tk_db_int((int64_t)row->leaf), tk_db_text(row->kind), tk_db_text(row->id),
                     tk_db_int(row->version), tk_db_int(row->at_us), tk_db_text(row->who),
                     tk_db_text(row->action), body) &&
           tk_db_run(
               db,
               "INSERT INTO records (kind, id, version, leaf, deleted, hash) VALUES ($1, $2, $3, $4, $5, $6)"
               " ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, leaf = excluded.leaf,"
               " deleted = excluded.deleted, hash = excluded.hash",
               error, tk_db_text(row->kind), tk_db_text(row->id), tk_db_int(row->version),
               tk_db_int((int64_t)row->leaf), tk_db_int(deleted), hash);
}

static bool write_record(Apply *apply, const TkOp *op, uint64_t leaf, GError **error)
{
    TkRecordRow row = {
        .kind = op->kind,
        .id = op->id,
        .version = op->version,
        .leaf = leaf,
        .at_us = apply->write->at_us,
        .who = apply->write->who,
        .action = op->action,
        .body = op->body,
        .body_len = op->body_len,
        .hash = &op->after,
    };
    return tk_record_write(apply->db, &row, error) && tk_index_write(apply->db, op, error);
}

static bool apply_put(Apply *apply, const TkOp *op, GError **error)
{
    TkEvent event = event_of(apply, op);
    event.before = op->has_before ? &op->before : NULL;
    event.after = op->type == TK_OP_PUT ? &op->after : NULL;
    event.personal = op->personal != NULL ? &op->commitment : NULL;
    uint64_t leaf;
    if (!append(apply, &event, &leaf, error) || !write_record(apply, op, leaf, error))
        return false;
    return op->personal == NULL ||
           tk_db_run(apply->db,
                     "INSERT INTO personal (leaf, kind, id, salt, payload) VALUES ($1, $2, $3, $4, $5)",
                     error, tk_db_int((int64_t)leaf), tk_db_text(op->kind), tk_db_text(op->id),
                     tk_db_blob(op->salt, TK_SALT_LEN), tk_db_text(op->personal));
}

static bool apply_blob(Apply *apply, const TkOp *op, GError **error)
{
    gsize len;
    const void *data = g_bytes_get_data(op->bytes, &len);
    g_autoptr(json_t) detail = json_pack("{s:I}", "bytes", (json_int_t)len);
    TkEvent event = event_of(apply, op);
    event.after = &op->after;
    event.detail = detail;
    uint64_t leaf;
    return append(apply, &event, &leaf, error) &&
           tk_db_run(
               apply->db,
               "INSERT INTO blobs (hash, leaf, bytes) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING",
               error, tk_db_text(op->id), tk_db_int((int64_t)leaf), tk_db_blob(data, len));
}

static bool apply_note(Apply *apply, const TkOp *op, GError **error)
{
    TkEvent event = event_of(apply, op);
    event.detail = op->detail;
    uint64_t leaf;
    return append(apply, &event, &leaf, error);
}

static bool apply_alarms(Apply *apply, const TkOp *op, GError **error)
{
    gsize len;
    const void *data = g_bytes_get_data(op->bytes, &len);
    TkEvent event = event_of(apply, op);
    event.after = &op->after;
    event.detail = op->detail;
    uint64_t leaf;
    return append(apply, &event, &leaf, error) &&
           tk_db_run(apply->db,
                     "INSERT INTO alarms (leaf, at_us, min_at_us, max_at_us, count, lines)"
                     " VALUES ($1, $2, $3, $4, $5, $6)",
                     error, tk_db_int((int64_t)leaf), tk_db_int(apply->write->at_us),
                     tk_db_int(op->min_at_us), tk_db_int(op->max_at_us), tk_db_int(op->count),
                     tk_db_blob(data, len));
}

typedef struct {
    uint64_t leaf;
    TkHash commitment;
} Personal;

typedef struct {
    TkHasher *hasher;
    GArray *found;
} PersonalRead;

static bool take_personal(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    PersonalRead *read = data;
    Personal personal = {.leaf = (uint64_t)values[0].i};
    if (values[1].len == TK_SALT_LEN)
        tk_personal_commit(read->hasher, values[1].data, values[2].data, values[2].len, &personal.commitment);
    g_array_append_val(read->found, personal);
    return true;
}

static bool apply_erase(Apply *apply, const TkOp *op, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Personal));
    PersonalRead read = {.hasher = apply->leaves->hasher, .found = found};
    if (!tk_db_query(apply->db,
                     "SELECT leaf, salt, payload FROM personal WHERE kind = $1 AND id = $2 ORDER BY leaf",
                     take_personal, &read, error, tk_db_text(op->kind), tk_db_text(op->id)))
        return false;
    if (found->len == 0)
        return tk_fail(error, TK_ERROR_NOT_FOUND, "no personal values of %s %s are kept", op->kind, op->id);
    for (guint i = 0; i < found->len; i++) {
        const Personal *personal = &g_array_index(found, Personal, i);
        TkEvent about = event_of(apply, op);
        g_autoptr(json_t) detail = NULL;
        TkEvent tombstone = tk_event_tombstone(&about, personal->leaf, &personal->commitment,
                                               json_string_value(op->detail), &detail);
        uint64_t leaf;
        if (!append(apply, &tombstone, &leaf, error))
            return false;
    }
    return tk_db_run(apply->db, "DELETE FROM personal WHERE kind = $1 AND id = $2", error,
                     tk_db_text(op->kind), tk_db_text(op->id));
}

static bool apply_op(Apply *apply, const TkOp *op, GError **error)
{
    switch (op->type) {
    case TK_OP_PUT:
    case TK_OP_DELETE:
        return apply_put(apply, op, error);
    case TK_OP_ERASE:
        return apply_erase(apply, op, error);
    case TK_OP_BLOB:
        return apply_blob(apply, op, error);
    case TK_OP_NOTE:
        return apply_note(apply, op, error);
    case TK_OP_ALARMS:
        return apply_alarms(apply, op, error);
    }
    return tk_fail(error, TK_ERROR_INTERNAL, "an unknown operation");
}

bool tk_apply(TkDb *db, TkLeaves *leaves, TkWrite *write, TkCommitted *committed, GError **error)
{
    Apply apply = {.db = db, .leaves = leaves, .write = write};
    tk_buf_init(&apply.event, TK_LEAF_BYTES_MAX);
    committed->first_leaf = leaves->frontier.size;
    committed->versions = g_new0(int64_t, write->ops->len);
    bool done = true;
    for (guint i = 0; i < write->ops->len && done; i++) {
        const TkOp *op = &g_array_index(write->ops, TkOp, i);
        done = apply_op(&apply, op, error);
        committed->versions[i] = op->version;
    }
    committed->leaves = (uint32_t)(leaves->frontier.size - committed->first_leaf);
    tk_buf_clear(&apply.event);
    if (!done)
        tk_committed_clear(committed);
    return done;
}

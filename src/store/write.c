/* A write in memory: its operations, checked and made ready by the thread that asks for it, so that the one
 * writer thread has only rows to write. */
#include <openssl/rand.h>

#include "store/internal.h"

#define BYTES_MAX (TK_STORE_BLOB_MAX + TK_STORE_DOCUMENT_MAX) /* of one write */

bool tk_store_check_kind(const char *kind, GError **error)
{
    size_t len = kind != NULL ? strlen(kind) : 0;
    bool fine = len > 0 && len <= TK_STORE_KIND_MAX;
    for (size_t i = 0; fine && i < len; i++)
        fine = g_ascii_islower(kind[i]) || g_ascii_isdigit(kind[i]) || kind[i] == '-' || kind[i] == '_';
    return fine ||
           tk_fail(error, TK_ERROR_INPUT, "“%.64s” is not a kind of record: a–z, 0–9, - and _, at most %d",
                   kind != NULL ? kind : "", TK_STORE_KIND_MAX);
}

bool tk_store_check_text(const char *what, const char *text, size_t max, GError **error)
{
    if (text == NULL || text[0] == '\0')
        return tk_fail(error, TK_ERROR_INPUT, "%s is empty", what);
    size_t len = strlen(text);
    if (len > max)
        return tk_fail(error, TK_ERROR_LIMIT, "%s has %zu bytes, more than the %zu allowed", what, len, max);
    if (!g_utf8_validate(text, (gssize)len, NULL))
        return tk_fail(error, TK_ERROR_INPUT, "%s is not UTF-8", what);
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return tk_fail(error, TK_ERROR_INPUT, "%s contains a control character", what);
    return true;
}

static void clear_op(gpointer data)
{
    TkOp *op = data;
    g_free(op->kind);
    g_free(op->id);
    g_free(op->action);
    json_decref(op->document);
    g_free(op->body);
    g_free(op->personal);
    if (op->personal_pointers != NULL)
        g_ptr_array_free(op->personal_pointers, TRUE);
    json_decref(op->detail);
    g_bytes_unref(op->bytes);
    for (size_t i = 0; i < op->index_count; i++)
        g_free(op->index[i].text);
    g_free(op->index);
    g_free(op->search);
}

TkWrite *tk_write_new(const char *who, int64_t at_us)
{
    TkWrite *write = g_new0(TkWrite, 1);
    write->who = g_strdup(who);
    write->at_us = at_us;
    write->ops = g_array_new(FALSE, TRUE, sizeof(TkOp));
    g_array_set_clear_func(write->ops, clear_op);
    tk_store_check_text("the name of who writes", who, TK_STORE_WHO_MAX, &write->error);
    return write;
}

void tk_write_free(TkWrite *write)
{
    if (write == NULL)
        return;
    g_array_free(write->ops, TRUE);
    g_clear_error(&write->error);
    g_free(write->who);
    g_free(write);
}

void tk_committed_clear(TkCommitted *committed)
{
    g_clear_pointer(&committed->versions, g_free);
}

/* Events that say that the store itself keeps bytes; nobody else may say so. */
static bool check_own(TkOpType type, const char *kind, const char *action, GError **error)
{
    bool own = (strcmp(kind, "blob") == 0 && strcmp(action, "keep") == 0) ||
               (strcmp(kind, "alarms") == 0 && strcmp(action, "receive") == 0);
    return !own || type == TK_OP_BLOB || type == TK_OP_ALARMS ||
           tk_fail(error, TK_ERROR_INPUT, "“%s” of “%s” is said by the store alone", action, kind);
}

/* A new operation, or NULL once something was wrong. */
static TkOp *add_op(TkWrite *write, TkOpType type, const char *kind, const char *id, const char *action)
{
    if (write->error != NULL)
        return NULL;
    if (write->ops->len >= TK_STORE_OPS_MAX) {
        tk_fail(&write->error, TK_ERROR_LIMIT, "more than %d operations in one write; split it",
                TK_STORE_OPS_MAX);
        return NULL;
    }
    if (!tk_store_check_kind(kind, &write->error) ||
        !tk_store_check_text("the record's id", id, TK_STORE_ID_MAX, &write->error) ||
        !tk_store_check_text("the action", action, TK_STORE_KIND_MAX, &write->error) ||
        !check_own(type, kind, action, &write->error))
        return NULL;
    TkOp op = {.type = type, .kind = g_strdup(kind), .id = g_strdup(id), .action = g_strdup(action)};
    op.expected = TK_STORE_ANY;
    g_array_append_val(write->ops, op);
    return &g_array_index(write->ops, TkOp, write->ops->len - 1);
}

static void add_bytes(TkWrite *write, size_t bytes)
{
    write->bytes += bytes;
    if (write->bytes > BYTES_MAX)
        tk_fail(&write->error, TK_ERROR_LIMIT, "more than %d bytes in one write; split it", BYTES_MAX);
}

void tk_write_put(TkWrite *write, const char *kind, const char *id, int64_t expected_version,
                  const char *action, const json_t *document)
{
    TkOp *op = add_op(write, TK_OP_PUT, kind, id, action);
    if (op == NULL)
        return;
    op->expected = expected_version;
    op->document = json_is_object(document) ? json_deep_copy(document) : NULL;
    if (op->document == NULL)
        tk_fail(&write->error, TK_ERROR_INPUT, "%s %s: a document is a JSON object", kind, id);
}

void tk_write_mark_personal(TkWrite *write, const char *pointer)
{
    if (write->error != NULL || !tk_pointer_check(pointer, &write->error))
        return;
    TkOp *op = write->ops->len > 0 ? &g_array_index(write->ops, TkOp, write->ops->len - 1) : NULL;
    if (op == NULL || op->type != TK_OP_PUT) {
        tk_fail(&write->error, TK_ERROR_INTERNAL, "a personal value is marked right after its put");
        return;
    }
    if (op->personal_pointers == NULL)
        op->personal_pointers = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(op->personal_pointers, g_strdup(pointer));
}

void tk_write_delete(TkWrite *write, const char *kind, const char *id, int64_t expected_version,
                     const char *action)
{
    TkOp *op = add_op(write, TK_OP_DELETE, kind, id, action);
    if (op != NULL)
        op->expected = expected_version;
}

void tk_write_erase(TkWrite *write, const char *kind, const char *id, const char *reason)
{
    TkOp *op = add_op(write, TK_OP_ERASE, kind, id, "erase");
    if (op != NULL && tk_store_check_text("the reason", reason, TK_STORE_WHO_MAX, &write->error))
        op->detail = json_string(reason);
}

void tk_write_blob(TkWrite *write, GBytes *bytes, char hash_out[TK_STORE_HASH_TEXT_MAX])
{
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    TkHash hash;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    tk_hash_bytes(hasher, data, len, &hash);
    tk_hash_hex(&hash, hash_out);
    TkOp *op = add_op(write, TK_OP_BLOB, "blob", hash_out, "keep");
    if (op == NULL)
        return;
    if (len > TK_STORE_BLOB_MAX)
        tk_fail(&write->error, TK_ERROR_LIMIT, "a file of %zu bytes is larger than the %d allowed",
                (size_t)len, TK_STORE_BLOB_MAX);
    op->after = hash;
    op->bytes = g_bytes_ref(bytes);
    add_bytes(write, len);
}

void tk_write_note(TkWrite *write, const char *action, const char *kind, const char *id, const json_t *detail)
{
    TkOp *op = add_op(write, TK_OP_NOTE, kind != NULL ? kind : "note", id != NULL ? id : "-", action);
    if (op == NULL || detail == NULL)
        return;
    op->detail = json_deep_copy(detail);
    if (op->detail == NULL)
        tk_fail(&write->error, TK_ERROR_INPUT, "the detail of “%s” cannot be read as JSON", action);
}

void tk_write_alarms(TkWrite *write, const char *lines, size_t len, uint32_t count, int64_t min_at_us,
                     int64_t max_at_us)
{
    TkOp *op = add_op(write, TK_OP_ALARMS, "alarms", "log", "receive");
    if (op == NULL)
        return;
    if (len > TK_STORE_ALARMS_MAX) {
        tk_fail(&write->error, TK_ERROR_LIMIT, "a batch of %zu bytes of alarms is larger than the %d allowed",
                len, TK_STORE_ALARMS_MAX);
        return;
    }
    op->bytes = g_bytes_new(lines, len);
    op->count = count;
    op->min_at_us = min_at_us;
    op->max_at_us = max_at_us;
    add_bytes(write, len);
}

static char *canonical(const json_t *value, size_t max, const char *what, size_t *len, GError **error)
{
    g_auto(TkBuf) buf;
    tk_buf_init(&buf, max + 1);
    if (!tk_canonical_write(value, &buf, error))
        return NULL;
    if (buf.overflow || buf.len > max) {
        tk_fail(error, TK_ERROR_LIMIT, "%s: more than %zu bytes of JSON", what, max);
        return NULL;
    }
    *len = buf.len;
    return g_strdup(tk_buf_str(&buf));
}

/* Takes the marked values out of the document: null stays in their place, {pointer: value} goes aside. */
static bool split_personal(TkOp *op, TkHasher *hasher, GError **error)
{
    g_autoptr(json_t) aside = json_object();
    for (guint i = 0; i < op->personal_pointers->len; i++) {
        const char *pointer = op->personal_pointers->pdata[i];
        json_t *value = tk_pointer_get(op->document, pointer);
        if (value == NULL || json_is_null(value))
            continue;
        json_object_set(aside, pointer, value);
        g_autoptr(json_t) nothing = json_null();
        tk_pointer_replace(op->document, pointer, nothing);
    }
    if (json_object_size(aside) == 0)
        return true;
    size_t len;
    op->personal = canonical(aside, TK_STORE_DOCUMENT_MAX, op->id, &len, error);
    if (op->personal == NULL)
        return false;
    if (RAND_bytes(op->salt, TK_SALT_LEN) != 1)
        return tk_fail(error, TK_ERROR_INTERNAL, "no randomness for the salt of %s %s", op->kind, op->id);
    tk_personal_commit(hasher, op->salt, op->personal, len, &op->commitment);
    return true;
}

static bool prepare_put(TkStore *store, TkOp *op, TkHasher *hasher, GError **error)
{
    if (op->personal_pointers != NULL && !split_personal(op, hasher, error))
        return false;
    op->body = canonical(op->document, TK_STORE_DOCUMENT_MAX, op->id, &op->body_len, error);
    if (op->body == NULL)
        return false;
    tk_hash_bytes(hasher, op->body, op->body_len, &op->after);
    tk_index_prepare(store, op, op->document);
    g_clear_pointer(&op->document, json_decref);
    return true;
}

static bool prepare_note(TkOp *op, GError **error)
{
    if (op->detail == NULL)
        return true;
    size_t len;
    g_autofree char *text = canonical(op->detail, TK_STORE_NOTE_MAX, op->action, &len, error);
    return text != NULL;
}

static bool prepare_alarms(TkOp *op, TkHasher *hasher, GError **error)
{
    gsize len;
    const void *data = g_bytes_get_data(op->bytes, &len);
    char from[TK_TIME_TEXT_MAX], to[TK_TIME_TEXT_MAX];
    tk_hash_bytes(hasher, data, len, &op->after);
    op->detail = json_pack("{s:I, s:I, s:s, s:s}", "bytes", (json_int_t)len, "count", (json_int_t)op->count,
                           "from", tk_time_text(op->min_at_us, from), "to", tk_time_text(op->max_at_us, to));
    return op->detail != NULL || tk_fail(error, TK_ERROR_INTERNAL, "no memory for a batch of alarms");
}

bool tk_write_prepare(TkStore *store, TkWrite *write, TkHasher *hasher, GError **error)
{
    if (write->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&write->error));
        return false;
    }
    if (write->ops->len == 0)
        return tk_fail(error, TK_ERROR_INTERNAL, "a write without operations");
    for (guint i = 0; i < write->ops->len; i++) {
        TkOp *op = &g_array_index(write->ops, TkOp, i);
        if (op->type == TK_OP_PUT && !prepare_put(store, op, hasher, error))
            return false;
        if (op->type == TK_OP_NOTE && !prepare_note(op, error))
            return false;
        if (op->type == TK_OP_ALARMS && !prepare_alarms(op, hasher, error))
            return false;
        write->bytes += op->body_len;
    }
    return write->bytes <= BYTES_MAX ||
           tk_fail(error, TK_ERROR_LIMIT, "more than %d bytes in one write; split it", BYTES_MAX);
}

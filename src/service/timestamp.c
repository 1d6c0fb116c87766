/* Time stamps (RFC 3161) on demand: an authority states that our newest checkpoint existed at a time, which
 * is evidence that does not rest on our own clock. What it answers is checked against the certificates the
 * asker trusts before it is kept: the checkpoint's text in a record, the answer as a blob beside it. */
#include "service/act.h"
#include "service/post.h"

#define CA_MAX (256u * 1024)

static json_t *document_of(const TkBuf *note, uint64_t size, const char *url, int64_t at_us, const char *blob)
{
    char at[TK_TIME_TEXT_MAX];
    return json_pack("{s:I, s:s, s:s%, s:s, s:s}", "size", (json_int_t)size, "tsa", url, "checkpoint",
                     note->data, note->len, "at", tk_time_text(at_us, at), "sha256", blob);
}

static bool fetch(const char *url, const TkHash *hash, const char *ca, TkBuf *answer, int64_t *at_us,
                  GError **error)
{
    long status = 0;
    g_auto(TkBuf) request = {0};
    tk_buf_init(&request, TK_TIMESTAMP_BYTES_MAX);
    uint64_t nonce = tk_timestamp_nonce(hash);
    if (!tk_timestamp_request(hash, nonce, &request, error) ||
        !tk_post(url, "application/timestamp-query", &request, NULL, NULL, &status, answer, error))
        return false;
    if (status != 200)
        return tk_fail_both(error, TK_ERROR_REFUSED, "時刻認証局 %s が %ld で断りました。",
                            "the authority %s answered %ld", url, status);
    return tk_timestamp_check(answer->data, answer->len, hash, nonce, ca, strlen(ca), g_get_real_time(),
                              at_us, error);
}

bool tk_ledger_stamp(TkStore *store, const char *who, const char *url, const char *ca, json_t **out,
                     GError **error)
{
    g_auto(TkBuf) note = {0}, answer = {0};
    g_auto(TkCheckpoint) head = {0};
    tk_buf_init(&note, TK_NOTE_BYTES_MAX);
    tk_buf_init(&answer, TK_TIMESTAMP_BYTES_MAX);
    if (!tk_ledger_url_ok(url, error) || !tk_store_checkpoint_newest(store, &note, error))
        return false;
    g_autoptr(TkNote) read = tk_note_read(note.data, note.len, error);
    if (read == NULL || !tk_checkpoint_read_text(read->text, read->text_len, &head, error))
        return false;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHash hash;
    int64_t at_us;
    tk_hash_bytes(hasher, note.data, note.len, &hash);
    if (!fetch(url, &hash, ca, &answer, &at_us, error))
        return false;
    char blob[TK_STORE_HASH_TEXT_MAX];
    g_autofree char *id = g_strdup_printf("%020" G_GUINT64_FORMAT, head.size);
    g_autoptr(GBytes) bytes = g_bytes_new(answer.data, answer.len);
    TkWrite *write = tk_write_new(who, g_get_real_time());
    tk_write_blob(write, bytes, blob);
    g_autoptr(json_t) document = document_of(&note, head.size, url, at_us, blob);
    tk_write_put(write, TK_KIND_TIMESTAMP, id, TK_STORE_ANY, "stamp", document);
    if (!tk_store_commit(store, write, NULL, error))
        return false;
    json_object_set_new(document, "id", json_string(id));
    *out = g_steal_pointer(&document);
    return true;
}

GBytes *tk_ledger_add_timestamp(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    g_autoptr(json_t) out = NULL;
    if (!tk_service_may(actor, TK_MAY_MANAGE_WITNESSES, error))
        return NULL;
    const char *url = tk_request_text(request, "tsa", TK_WITNESS_URL_MAX, error);
    const char *ca = url == NULL ? NULL : tk_request_text(request, "ca", CA_MAX, error);
    if (ca == NULL || !tk_ledger_stamp(app->store, actor->id, url, ca, &out, error))
        return NULL;
    return tk_json_bytes(out);
}

static bool take(const TkRecord *record, gpointer items)
{
    json_t *view = json_copy(record->body);
    json_object_set_new(view, "id", json_string(record->id));
    json_array_append_new(items, view);
    return true;
}

GBytes *tk_ledger_timestamps(TkApp *app, const TkActor *actor, const TkPage *page, GError **error)
{
    g_autoptr(json_t) items = json_array();
    TkQuery query = {.kind = TK_KIND_TIMESTAMP, .limit = TK_STORE_LIMIT_MAX};
    if (!tk_service_may(actor, TK_MAY_READ, error) ||
        !tk_store_list(app->store, &query, take, items, NULL, error))
        return NULL;
    g_autoptr(json_t) out = tk_page_of(g_steal_pointer(&items), "id", true, page, error);
    return out == NULL ? NULL : tk_json_bytes(out);
}

GBytes *tk_ledger_timestamp(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRecord) record = tk_store_get(app->store, TK_KIND_TIMESTAMP, id, TK_TIME_NONE, error);
    return record == NULL
               ? NULL
               : tk_store_blob(app->store, json_string_value(json_object_get(record->body, "sha256")), error);
}

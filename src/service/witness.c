/* Cosignatures given, and whom we ask for them: records and the rules for them. The decision itself is
 * ledger/witness.h's; here it is made one step with what was cosigned before.
 *
 *     witness_lock ── read the record ── decide ── commit the new head (on disk) ── only then answer
 *
 * The record is written against the version that was read, so that a second process on the same database
 * cannot cosign beside us either. */
#include "service/app.h"

#define WHO "witness"

static bool may_manage(const TkActor *actor, GError **error)
{
    return tk_service_may(actor, TK_MAY_MANAGE_WITNESSES, error);
}

/* The id of a log's record: an origin may be longer than an id, and may hold anything. */
static char *id_of(const char *text)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

/* ---- logs that we cosign ---- */

static json_t *log_document(const TkKeys *keys, const TkWitnessed *last, int64_t at_us)
{
    g_auto(TkBuf) text = {0};
    char root[TK_HASH_BASE64_MAX], at[TK_TIME_TEXT_MAX];
    tk_buf_init(&text, TK_KEY_FILE_MAX);
    tk_keys_write(keys, &text);
    json_t *document = json_pack("{s:s, s:s, s:I}", "origin", keys->key[0].name, "keys", tk_buf_str(&text),
                                 "size", (json_int_t)last->size);
    if (last->size > 0) {
        json_object_set_new(document, "root", json_string(tk_hash_base64(&last->root, root)));
        json_object_set_new(document, "cosigned_at", json_string(tk_time_text(at_us, at)));
    }
    return document;
}

static bool read_log(const TkRecord *record, TkKeys *keys, TkWitnessed *last, GError **error)
{
    const char *text = json_string_value(json_object_get(record->body, "keys"));
    const char *root = json_string_value(json_object_get(record->body, "root"));
    *last = (TkWitnessed){.size = (uint64_t)json_integer_value(json_object_get(record->body, "size"))};
    if (text == NULL || !tk_keys_read(text, strlen(text), keys, error))
        return false;
    return last->size == 0 || (root != NULL && tk_hash_read_base64(root, strlen(root), &last->root)) ||
           tk_fail(error, TK_ERROR_REFUSED, "what was cosigned last of this log cannot be read");
}

static bool check_log_keys(const TkKeys *keys, GError **error)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->key[i].type != TK_KEY_ED25519 || strcmp(keys->key[i].name, keys->key[0].name) != 0)
            return tk_fail(
                error, TK_ERROR_INPUT,
                "the keys of one log are needed (Ed25519, all of its name), not those of a witness");
    return keys->count > 0 || tk_fail(error, TK_ERROR_INPUT, "the log's key is needed: name+id+base64");
}

static bool count_one(const TkRecord *record, gpointer data)
{
    (void)record;
    (void)data;
    return true;
}

/* Whether there is room for one more record of this kind. */
static bool has_room(TkStore *store, const char *kind, unsigned max, GError **error)
{
    uint64_t total = 0;
    TkQuery query = {.kind = kind, .limit = 1};
    if (!tk_store_list(store, &query, count_one, NULL, &total, error))
        return false;
    return total < max || tk_fail(error, TK_ERROR_LIMIT, "there are %u of them already", max);
}

bool tk_ledger_trust(TkStore *store, const char *who, int64_t at_us, const TkKeys *keys, GError **error)
{
    if (!check_log_keys(keys, error))
        return false;
    g_autofree char *id = id_of(keys->key[0].name);
    g_autofree TkKeys *old = g_new0(TkKeys, 1);
    TkWitnessed last = {0};
    g_autoptr(TkRecord) record = tk_store_get(store, TK_KIND_WITNESSED, id, TK_TIME_NONE, NULL);
    if (record == NULL ? !has_room(store, TK_KIND_WITNESSED, TK_WITNESSED_MAX, error)
                       : !read_log(record, old, &last, error))
        return false;
    g_autoptr(json_t) document = log_document(keys, &last, at_us);
    TkWrite *write = tk_write_new(who, at_us);
    tk_write_put(write, TK_KIND_WITNESSED, id, record == NULL ? TK_STORE_NEW : record->version, "trust-log",
                 document);
    return tk_store_commit(store, write, NULL, error);
}

GBytes *tk_ledger_trust_log(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    const char *text = json_string_value(json_object_get(request, "key"));
    g_autofree TkKeys *keys = g_new0(TkKeys, 1);
    if (!may_manage(actor, error))
        return NULL;
    if (text == NULL) {
        tk_fail(error, TK_ERROR_INPUT, "key: the log's verifier key is needed, name+id+base64");
        return NULL;
    }
    g_autofree char *line = g_str_has_suffix(text, "\n") ? g_strdup(text) : g_strconcat(text, "\n", NULL);
    g_mutex_lock(&app->witness_lock);
    bool kept = tk_keys_read(line, strlen(line), keys, error) &&
                tk_ledger_trust(app->store, actor->id, tk_app_now(app), keys, error);
    g_mutex_unlock(&app->witness_lock);
    if (!kept)
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:s, s:s}", "origin", keys->key[0].name, "key", text);
    return tk_json_bytes(out);
}

/* The record of the log whose checkpoint is in the request; NULL without an error where there is none, or
 * where the request cannot be read: its answer says so. */
static TkRecord *log_of_request(TkApp *app, const char *body, size_t len)
{
    TkAddCheckpoint request;
    g_auto(TkCheckpoint) checkpoint = {0};
    if (!tk_add_checkpoint_read(body, len, &request, NULL))
        return NULL;
    g_autoptr(TkNote) note = tk_note_read(request.checkpoint, request.checkpoint_len, NULL);
    if (note == NULL || !tk_checkpoint_read_text(note->text, note->text_len, &checkpoint, NULL))
        return NULL;
    g_autofree char *id = id_of(checkpoint.origin);
    return tk_store_get(app->store, TK_KIND_WITNESSED, id, TK_TIME_NONE, NULL);
}

static bool keep_head(TkApp *app, const TkRecord *record, const TkKeys *keys, const TkWitnessed *last,
                      GError **error)
{
    int64_t at_us = g_get_real_time();
    g_autoptr(json_t) document = log_document(keys, last, at_us);
    TkWrite *write = tk_write_new(WHO, at_us);
    tk_write_put(write, TK_KIND_WITNESSED, record->id, record->version, "cosign", document);
    return tk_store_commit(app->store, write, NULL, error);
}

/* witness_lock is held. */
static bool answer_locked(TkApp *app, const char *body, size_t len, TkWitnessAnswer *answer, TkBuf *out,
                          GError **error)
{
    g_autofree TkKeys *keys = g_new0(TkKeys, 1);
    TkWitnessed last = {0};
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    g_autoptr(TkRecord) record = log_of_request(app, body, len);
    if (record != NULL && !read_log(record, keys, &last, error))
        return false;
    const char *origin = record == NULL ? "" : keys->key[0].name; /* "" is the name of no log */
    return tk_witness_answer(hasher, origin, keys, app->cosigning.signer[0], g_get_real_time() / TK_US_PER_S,
                             body, len, &last, answer, out, error) &&
           (!answer->advance || keep_head(app, record, keys, &last, error));
}

GBytes *tk_ledger_witness(TkApp *app, const char *body, size_t len, TkWitnessAnswer *answer, GError **error)
{
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, TK_NOTE_BYTES_MAX);
    if (app->cosigning.count == 0) {
        tk_fail(error, TK_ERROR_CONFLICT, "this server has no key to cosign with");
        return NULL;
    }
    g_mutex_lock(&app->witness_lock);
    bool answered = answer_locked(app, body, len, answer, &out, error);
    g_mutex_unlock(&app->witness_lock);
    if (!answered)
        return NULL;
    return g_bytes_new(out.data, out.len);
}

/* ---- witnesses that we ask ---- */

bool tk_ledger_url_ok(const char *url, GError **error)
{
    g_autoptr(GUri) uri =
        url == NULL || strlen(url) > TK_WITNESS_URL_MAX ? NULL : g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    const char *scheme = uri == NULL ? "" : g_uri_get_scheme(uri);
    bool good = (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
                g_uri_get_host(uri) != NULL && g_uri_get_userinfo(uri) == NULL &&
                g_uri_get_query(uri) == NULL && g_uri_get_fragment(uri) == NULL;
    return good ||
           tk_fail(
               error, TK_ERROR_INPUT,
               "url: an address http(s)://HOST/PATH without name, query or fragment is needed, at most %u "
               "bytes",
               TK_WITNESS_URL_MAX);
}

bool tk_ledger_ask(TkStore *store, const char *who, int64_t at_us, const char *url, const char *key,
                   int64_t every_s, char **id, GError **error)
{
    TkKey read;
    if (!tk_ledger_url_ok(url, error))
        return false;
    if (key == NULL || !tk_key_read(key, strlen(key), &read, NULL) || read.type != TK_KEY_COSIGNATURE)
        return tk_fail(error, TK_ERROR_INPUT,
                       "key: the witness's verifier key is needed, name+id+base64 of type 4");
    if (every_s < 1 || every_s > TK_WITNESS_EVERY_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "every_s: seconds from 1 to %d", TK_WITNESS_EVERY_MAX);
    *id = g_strdup_printf("%08x", read.id);
    if (!has_room(store, TK_KIND_WITNESS, TK_WITNESSES_MAX, error))
        return false;
    g_autoptr(json_t) document =
        json_pack("{s:s, s:s, s:I}", "url", url, "key", key, "every_s", (json_int_t)every_s);
    TkWrite *write = tk_write_new(who, at_us);
    tk_write_put(write, TK_KIND_WITNESS, *id, TK_STORE_ANY, "ask-witness", document);
    return tk_store_commit(store, write, NULL, error);
}

GBytes *tk_ledger_add_witness(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    g_autofree char *id = NULL;
    const char *url = json_string_value(json_object_get(request, "url"));
    const char *key = json_string_value(json_object_get(request, "key"));
    json_t *every = json_object_get(request, "every_s");
    int64_t every_s = every == NULL ? TK_WITNESS_EVERY_S : json_integer_value(every);
    if (!may_manage(actor, error) ||
        !tk_ledger_ask(app->store, actor->id, tk_app_now(app), url, key, every_s, &id, error))
        return NULL;
    g_autoptr(json_t) out =
        json_pack("{s:s, s:s, s:s, s:I}", "id", id, "url", url, "key", key, "every_s", (json_int_t)every_s);
    return tk_json_bytes(out);
}

static GBytes *remove_one(TkApp *app, const TkActor *actor, const char *kind, const char *id,
                          const char *name, GError **error)
{
    if (!may_manage(actor, error))
        return NULL;
    TkWrite *write = tk_write_new(actor->id, tk_app_now(app));
    tk_write_delete(write, kind, id, TK_STORE_ANY, "remove");
    g_mutex_lock(&app->witness_lock);
    bool done = tk_store_commit(app->store, write, NULL, error);
    g_mutex_unlock(&app->witness_lock);
    g_autoptr(json_t) out = json_pack("{s:s}", "removed", name);
    return done ? tk_json_bytes(out) : NULL;
}

GBytes *tk_ledger_untrust_log(TkApp *app, const TkActor *actor, const char *origin, GError **error)
{
    g_autofree char *id = id_of(origin);
    return remove_one(app, actor, TK_KIND_WITNESSED, id, origin, error);
}

GBytes *tk_ledger_remove_witness(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    return remove_one(app, actor, TK_KIND_WITNESS, id, id, error);
}

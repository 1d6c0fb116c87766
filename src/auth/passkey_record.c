#include "auth/passkey_record.h"

char *tk_passkey_encode(const void *bytes, size_t len)
{
    size_t size = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = g_malloc(size);
    return sodium_bin2base64(text, size, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

uint8_t *tk_passkey_decode(const json_t *object, const char *name, size_t max, size_t *len, GError **error)
{
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);
    size_t text_len = json_string_length(value);
    g_autofree uint8_t *bytes = g_malloc(max + 1);
    if (text == NULL || text_len > max / 3 * 4 + 4 ||
        sodium_base642bin(bytes, max, text, text_len, NULL, len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        *len == 0) {
        tk_fail(error, TK_ERROR_INPUT, "%s: must be base64url without padding, of 1 to %zu bytes", name, max);
        return NULL;
    }
    return g_steal_pointer(&bytes);
}

void tk_passkey_record_id(const uint8_t *credential, size_t len, char out[65])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, credential, len);
    sodium_bin2hex(out, 65, hash, sizeof hash);
}

void tk_passkey_store(const TkPasskey *passkey, json_t *document)
{
    g_autofree char *id = tk_passkey_encode(passkey->id, passkey->id_len);
    g_autofree char *key = tk_passkey_encode(passkey->key, passkey->key_len);
    json_object_set_new(document, "credential", json_string(id));
    json_object_set_new(document, "algorithm", json_integer(passkey->algorithm));
    json_object_set_new(document, "key", json_string(key));
    json_object_set_new(document, "counter", json_integer(passkey->counter));
    json_object_set_new(document, "backup_eligible", json_boolean(passkey->backup_eligible));
    json_object_set_new(document, "backed_up", json_boolean(passkey->backed_up));
}

static json_int_t number(const json_t *document, const char *name)
{
    return json_integer_value(json_object_get(document, name));
}

bool tk_passkey_load(const json_t *document, TkPasskey *out, GError **error)
{
    size_t id_len = 0, key_len = 0;
    g_autofree uint8_t *id =
        tk_passkey_decode(document, "credential", TK_PASSKEY_CREDENTIAL_MAX, &id_len, NULL);
    g_autofree uint8_t *key = tk_passkey_decode(document, "key", TK_PASSKEY_KEY_MAX, &key_len, NULL);
    if (id == NULL || key == NULL)
        return tk_fail(error, TK_ERROR_REFUSED, "a stored passkey is damaged; check the store");
    *out = (TkPasskey){.id_len = id_len,
                       .key_len = key_len,
                       .algorithm = (int)number(document, "algorithm"),
                       .counter = (uint32_t)number(document, "counter"),
                       .backup_eligible = tk_auth_flag(document, "backup_eligible"),
                       .backed_up = tk_auth_flag(document, "backed_up")};
    memcpy(out->id, id, id_len);
    memcpy(out->key, key, key_len);
    return true;
}

void tk_passkey_put(TkWrite *write, const char *id, int64_t version, const char *action,
                    const json_t *document)
{
    tk_write_put(write, KIND_PASSKEY, id, version, action, document);
    tk_write_mark_personal(write, "/label");
}

/* A time kept in microseconds, 0 for never. */
static json_t *time_or_null(const json_t *document, const char *name)
{
    char text[TK_TIME_TEXT_MAX];
    json_int_t at_us = number(document, name);
    if (at_us == 0)
        return json_null();
    tk_time_text(at_us, text);
    return json_string(text);
}

json_t *tk_passkey_describe(const char *id, const json_t *document)
{
    const char *algorithm = tk_passkey_algorithm_name((int)number(document, "algorithm"));
    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:o}", "id", id, "label",
                     tk_auth_field(document, "label"), "rp_id", tk_auth_field(document, "rp_id"), "algorithm",
                     algorithm == NULL ? "" : algorithm, "synced", tk_auth_flag(document, "backed_up"),
                     "created_at", time_or_null(document, "created_us"), "used_at",
                     time_or_null(document, "used_us"), "copied_at", time_or_null(document, "copied_us"));
}

static bool collect(const TkRecord *record, gpointer list)
{
    json_array_append_new(list, json_pack("{s:s, s:O}", "id", record->id, "document", record->body));
    return true;
}

json_t *tk_passkey_records(TkAuth *auth, const char *name, GError **error)
{
    g_autoptr(json_t) list = json_array();
    const TkFilter mine = {.pointer = "/account", .op = TK_FILTER_EQ, .text = name};
    const TkQuery query = {.kind = KIND_PASSKEY,
                           .filters = &mine,
                           .filter_count = 1,
                           .order = "/created_us",
                           .limit = TK_PASSKEYS_MAX};
    return tk_store_list(auth->store, &query, collect, list, NULL, error) ? g_steal_pointer(&list) : NULL;
}

#include "ledger/receipt.h"

#include <jansson.h>

#include "ledger/event.h"
#include "ledger/proof.h"

void tk_receipt_clear(TkReceipt *receipt)
{
    tk_checkpoint_clear(&receipt->checkpoint);
    g_clear_pointer(&receipt->entry, json_decref);
    g_clear_pointer(&receipt->record, json_decref);
}

static const char *text_of(const json_t *root, const char *field, GError **error)
{
    const char *text = json_string_value(json_object_get(root, field));
    if (text == NULL)
        tk_fail(error, TK_ERROR_INPUT, "%s: missing, or no text; is this a receipt?", field);
    return text;
}

static bool read_whole(const json_t *root, const char *field, uint64_t *value, GError **error)
{
    const json_t *number = json_object_get(root, field);
    if (!json_is_integer(number) || json_integer_value(number) < 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: must be a whole number, 0 or more", field);
    *value = (uint64_t)json_integer_value(number);
    return true;
}

static bool read_hash(const json_t *value, const char *field, TkHash *hash, GError **error)
{
    return (json_is_string(value) &&
            tk_hash_read_base64(json_string_value(value), json_string_length(value), hash)) ||
           tk_fail(error, TK_ERROR_INPUT, "%s: must be 32 bytes in base64", field);
}

static bool own_keys(const json_t *root, TkKeys *keys, GError **error)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(root, "keys"), i, one)
    {
        const char *text = json_is_string(one) ? json_string_value(one) : "";
        if (keys->count == TK_KEYS_MAX || !tk_key_read(text, strlen(text), &keys->key[keys->count], error))
            return keys->count < TK_KEYS_MAX ||
                   tk_fail(error, TK_ERROR_LIMIT, "keys: more than %d", TK_KEYS_MAX);
        keys->count++;
    }
    return keys->count > 0 ||
           tk_fail(error, TK_ERROR_INPUT, "keys: none in it; give the keys to trust with --key");
}

static bool check_head(const json_t *root, const TkKeys *keys, TkReceipt *out, GError **error)
{
    const char *note = text_of(root, "checkpoint", error);
    const TkKey *key = NULL;
    TkHash stated;
    uint64_t size;
    if (note == NULL ||
        !tk_checkpoint_open(note, strlen(note), keys, TK_SIGNERS_ANY, &out->checkpoint, &key, error) ||
        !read_whole(root, "size", &size, error) ||
        !read_hash(json_object_get(root, "root"), "root", &stated, error))
        return false;
    out->signed_by = *key;
    return (size == out->checkpoint.size && tk_hash_equal(&stated, &out->checkpoint.root)) ||
           tk_fail(error, TK_ERROR_REFUSED, "size, root: not those of the signed checkpoint");
}

static bool check_inclusion(TkHasher *hasher, const json_t *root, TkReceipt *out, GError **error)
{
    const json_t *hashes = json_object_get(root, "proof");
    g_autofree TkProof *proof = g_new0(TkProof, 1);
    TkHash stated;
    const char *entry = text_of(root, "entry", error);
    if (entry == NULL || !read_whole(root, "index", &out->index, error) ||
        !read_hash(json_object_get(root, "leaf_hash"), "leaf_hash", &stated, error))
        return false;
    if (!json_is_array(hashes) || json_array_size(hashes) > TK_PROOF_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "proof: must be a list of at most %d hashes", TK_PROOF_MAX);
    for (; proof->count < json_array_size(hashes); proof->count++)
        if (!read_hash(json_array_get(hashes, proof->count), "proof", &proof->hash[proof->count], error))
            return false;
    tk_hash_leaf(hasher, entry, strlen(entry), &out->leaf);
    if (!tk_hash_equal(&stated, &out->leaf))
        return tk_fail(error, TK_ERROR_REFUSED,
                       "entry: its hash is not leaf_hash; one of the two was altered");
    return tk_check_inclusion(hasher, out->index, out->checkpoint.size, &out->leaf, proof->hash, proof->count,
                              &out->checkpoint.root, error);
}

static bool check_record(TkHasher *hasher, const json_t *root, TkReceipt *out, GError **error)
{
    json_t *record = json_object_get(root, "record");
    const char *entry = json_string_value(json_object_get(root, "entry"));
    out->entry = tk_json_read("entry", entry, strlen(entry), TK_RECEIPT_BYTES_MAX, error);
    if (out->entry == NULL)
        return false;
    if (record == NULL || json_is_null(record))
        return true;
    char hex[TK_HASH_HEX_MAX];
    TkHash hash;
    if (!tk_payload_hash(hasher, record, &hash, error))
        return false;
    if (g_strcmp0(json_string_value(json_object_get(out->entry, "after")), tk_hash_hex(&hash, hex)) != 0)
        return tk_fail(error, TK_ERROR_REFUSED,
                       "record: not the one that was recorded; its hash is %s, the entry says otherwise",
                       hex);
    out->record = json_incref(record);
    out->has_record = true;
    return true;
}

bool tk_receipt_check(const char *text, size_t len, const TkKeys *trusted, TkReceipt *out, GError **error)
{
    *out = (TkReceipt){0};
    g_autoptr(json_t) root = tk_json_read("the receipt", text, len, TK_RECEIPT_BYTES_MAX, error);
    if (root == NULL)
        return false;
    const char *what = json_is_object(root) ? json_string_value(json_object_get(root, "tokatsu")) : NULL;
    if (g_strcmp0(what, "receipt/1") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "not a receipt: its member “tokatsu” must be “receipt/1”");
    g_autofree TkKeys *brought = g_new0(TkKeys, 1);
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    if (trusted == NULL && !own_keys(root, brought, error))
        return false;
    return check_head(root, trusted == NULL ? brought : trusted, out, error) &&
           check_inclusion(hasher, root, out, error) && check_record(hasher, root, out, error);
}

/* Keys: their text forms, and Ed25519 through OpenSSL.
 *
 *     verifier    name+8 hex digits of the id+base64(type byte || 32 bytes of public key)
 *     signer      PRIVATE+KEY+name+8 hex digits of the id+base64(type byte || 32 bytes of seed)
 *
 * The id is derived from name, type and key, so a text form with any byte altered does not parse. */
#include <openssl/evp.h>

#include "ledger/ledger.h"
#include "ledger/note_private.h"

struct TkSigner {
    TkKey key;
    uint8_t seed[TK_SEED_LEN];
    EVP_PKEY *pkey;
};

static bool name_ok(const char *name, size_t len)
{
    if (len == 0 || len > TK_KEY_NAME_MAX || !g_utf8_validate(name, (gssize)len, NULL))
        return false;
    for (const char *p = name; p < name + len; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isspace(c) || c == '+' || c < 0x20 || c == 0x7f)
            return false;
    }
    return true;
}

static uint32_t key_id(const char *name, TkKeyType type, const uint8_t key[32])
{
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    uint8_t tail[2 + 32] = {'\n', (uint8_t)type};
    memcpy(tail + 2, key, 32);
    TkHash hash;
    tk_hash_two(hasher, name, strlen(name), tail, sizeof tail, &hash);
    return (uint32_t)hash.byte[0] << 24 | (uint32_t)hash.byte[1] << 16 | (uint32_t)hash.byte[2] << 8 |
           hash.byte[3];
}

bool tk_base64_read(const char *text, size_t len, uint8_t *out, size_t max, size_t *out_len)
{
    if (len == 0 || len % 4 != 0 || len / 4 * 3 > max + 2)
        return false;
    g_autofree char *copy = g_strndup(text, len);
    if (strlen(copy) != len)
        return false;
    gsize n = 0;
    g_autofree guchar *decoded = g_base64_decode(copy, &n);
    if (n == 0 || n > max)
        return false;
    g_autofree char *again = g_base64_encode(decoded, n);
    if (strcmp(again, copy) != 0)
        return false; /* stray characters or another spelling of the same bytes */
    memcpy(out, decoded, n);
    *out_len = n;
    return true;
}

/* "name+id+base64" → its parts. */
static bool split(const char *text, size_t len, TkKey *key, uint8_t material[32])
{
    const char *first = memchr(text, '+', len);
    if (first == NULL || !name_ok(text, (size_t)(first - text)))
        return false;
    size_t rest = len - (size_t)(first + 1 - text);
    if (rest < 10 || first[9] != '+')
        return false;
    uint32_t id = 0;
    for (int i = 1; i <= 8; i++) {
        if (!g_ascii_isxdigit(first[i]) || g_ascii_isupper(first[i]))
            return false;
        id = id << 4 | (uint32_t)g_ascii_xdigit_value(first[i]);
    }
    uint8_t bytes[33];
    size_t n = 0;
    if (!tk_base64_read(first + 10, rest - 9, bytes, sizeof bytes, &n) || n != sizeof bytes)
        return false;
    if (bytes[0] != TK_KEY_ED25519 && bytes[0] != TK_KEY_COSIGNATURE)
        return false;
    memset(key, 0, sizeof *key);
    memcpy(key->name, text, (size_t)(first - text));
    key->id = id;
    key->type = (TkKeyType)bytes[0];
    key->until_size = UINT64_MAX;
    memcpy(material, bytes + 1, 32);
    return true;
}

bool tk_key_read(const char *text, size_t len, TkKey *key, GError **error)
{
    uint8_t material[32];
    if (!split(text, len, key, material))
        return tk_fail(error, TK_ERROR_INPUT,
                       "not a verifier key: it has the form name+8 hex digits+base64, with an Ed25519 key");
    memcpy(key->key, material, 32);
    if (key_id(key->name, key->type, key->key) != key->id)
        return tk_fail(error, TK_ERROR_INPUT, "the key of %s does not have the id %08x that its text claims",
                       key->name, key->id);
    return true;
}

static void write_material(const TkKey *key, const uint8_t material[32], TkBuf *out)
{
    uint8_t bytes[33] = {(uint8_t)key->type};
    memcpy(bytes + 1, material, 32);
    g_autofree char *base64 = g_base64_encode(bytes, sizeof bytes);
    tk_buf_addf(out, "%s+%08x+%s", key->name, key->id, base64);
    OPENSSL_cleanse(bytes, sizeof bytes);
    OPENSSL_cleanse(base64, strlen(base64));
}

void tk_key_write(const TkKey *key, TkBuf *out)
{
    write_material(key, key->key, out);
}

/* A size without sign or leading zero, of at most 19 digits. */
bool tk_size_read(const char *text, size_t len, uint64_t *size)
{
    if (len == 0 || len > 19 || (text[0] == '0' && len > 1))
        return false;
    uint64_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (!g_ascii_isdigit(text[i]))
            return false;
        n = n * 10 + (uint64_t)(text[i] - '0');
    }
    *size = n;
    return n <= TK_TREE_SIZE_MAX;
}

/* " from=N" and " until=N" behind a key. */
static bool read_range(const char *text, size_t len, TkKey *key)
{
    static const char from[] = " from=", until[] = " until=";
    if (len > strlen(from) && memcmp(text, from, strlen(from)) == 0) {
        const char *value = text + strlen(from);
        size_t rest = len - strlen(from);
        const char *end = memchr(value, ' ', rest);
        size_t digits = end == NULL ? rest : (size_t)(end - value);
        if (!tk_size_read(value, digits, &key->from_size))
            return false;
        text = value + digits;
        len = rest - digits;
    }
    if (len > strlen(until) && memcmp(text, until, strlen(until)) == 0) {
        if (!tk_size_read(text + strlen(until), len - strlen(until), &key->until_size))
            return false;
        len = 0;
    }
    return len == 0 && key->from_size <= key->until_size;
}

bool tk_keys_read(const char *text, size_t len, TkKeys *keys, GError **error)
{
    keys->count = 0;
    if (len == 0 || len > TK_KEY_FILE_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "a key file holds 1 to %d bytes, this one %zu", TK_KEY_FILE_MAX,
                       len);
    for (size_t at = 0, line = 1; at < len; line++) {
        const char *begin = text + at, *end = memchr(begin, '\n', len - at);
        if (end == NULL)
            return tk_fail(error, TK_ERROR_INPUT, "line %zu of the keys does not end in a newline", line);
        if (keys->count == TK_KEYS_MAX)
            return tk_fail(error, TK_ERROR_LIMIT, "more than %d keys", TK_KEYS_MAX);
        const char *space = memchr(begin, ' ', (size_t)(end - begin));
        const char *key_end = space == NULL ? end : space;
        TkKey *key = &keys->key[keys->count];
        GError *why = NULL;
        if (!tk_key_read(begin, (size_t)(key_end - begin), key, &why)) {
            g_propagate_prefixed_error(error, why, "line %zu of the keys: ", line);
            return false;
        }
        if (!read_range(key_end, (size_t)(end - key_end), key))
            return tk_fail(error, TK_ERROR_INPUT,
                           "line %zu of the keys: a key may be followed by from=SIZE until=SIZE", line);
        keys->count++;
        at += (size_t)(end - begin) + 1;
    }
    return true;
}

void tk_keys_write(const TkKeys *keys, TkBuf *out)
{
    for (size_t i = 0; i < keys->count; i++) {
        const TkKey *key = &keys->key[i];
        tk_key_write(key, out);
        if (key->from_size > 0)
            tk_buf_addf(out, " from=%" G_GUINT64_FORMAT, key->from_size);
        if (key->until_size != UINT64_MAX)
            tk_buf_addf(out, " until=%" G_GUINT64_FORMAT, key->until_size);
        tk_buf_add_char(out, '\n');
    }
}

TkSigner *tk_signer_new(const char *name, TkKeyType type, const uint8_t seed[TK_SEED_LEN], GError **error)
{
    if (!name_ok(name, strlen(name))) {
        tk_fail(error, TK_ERROR_INPUT,
                "“%s” cannot name a key: 1 to %d bytes without spaces, “+” or control characters", name,
                TK_KEY_NAME_MAX);
        return NULL;
    }
    g_autoptr(TkSigner) signer = g_new0(TkSigner, 1);
    g_strlcpy(signer->key.name, name, sizeof signer->key.name);
    signer->key.type = type;
    signer->key.until_size = UINT64_MAX;
    memcpy(signer->seed, seed, TK_SEED_LEN);
    signer->pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, TK_SEED_LEN);
    size_t len = sizeof signer->key.key;
    if (signer->pkey == NULL || EVP_PKEY_get_raw_public_key(signer->pkey, signer->key.key, &len) != 1) {
        tk_fail(error, TK_ERROR_INTERNAL, "OpenSSL could not make an Ed25519 key");
        return NULL;
    }
    signer->key.id = key_id(name, type, signer->key.key);
    return g_steal_pointer(&signer);
}

void tk_signer_free(TkSigner *signer)
{
    if (signer == NULL)
        return;
    EVP_PKEY_free(signer->pkey);
    OPENSSL_cleanse(signer->seed, sizeof signer->seed);
    g_free(signer);
}

const TkKey *tk_signer_key(const TkSigner *signer)
{
    return &signer->key;
}

static const char signer_prefix[] = "PRIVATE+KEY+";

TkSigner *tk_signer_read(const char *text, size_t len, GError **error)
{
    size_t prefix = strlen(signer_prefix);
    TkKey key;
    uint8_t seed[TK_SEED_LEN];
    if (len <= prefix || memcmp(text, signer_prefix, prefix) != 0 ||
        !split(text + prefix, len - prefix, &key, seed)) {
        tk_fail(error, TK_ERROR_INPUT,
                "not a signing key: it has the form PRIVATE+KEY+name+8 hex digits+base64");
        return NULL;
    }
    TkSigner *signer = tk_signer_new(key.name, key.type, seed, error);
    OPENSSL_cleanse(seed, sizeof seed);
    if (signer != NULL && signer->key.id != key.id) {
        tk_fail(error, TK_ERROR_INPUT, "the signing key of %s does not have the id that its text claims",
                key.name);
        g_clear_pointer(&signer, tk_signer_free);
    }
    return signer;
}

void tk_signer_write(const TkSigner *signer, TkBuf *out)
{
    tk_buf_add_str(out, signer_prefix);
    write_material(&signer->key, signer->seed, out);
}

bool tk_signer_sign(const TkSigner *signer, const void *data, size_t len, uint8_t out[64], GError **error)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t out_len = 64;
    bool ok = ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, signer->pkey) == 1 &&
              EVP_DigestSign(ctx, out, &out_len, data, len) == 1 && out_len == 64;
    EVP_MD_CTX_free(ctx);
    return ok || tk_fail(error, TK_ERROR_INTERNAL, "OpenSSL could not sign with Ed25519");
}

bool tk_key_verify(const TkKey *key, const void *data, size_t len, const uint8_t signature[64])
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->key, 32);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = pkey != NULL && ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
              EVP_DigestVerify(ctx, signature, 64, data, len) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    return ok;
}

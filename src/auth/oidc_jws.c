/* Signed tokens and the keys that verify them.
 *
 * Why not a library: of Debian's, libcjose knows no EdDSA and takes the algorithm from the token, liboauth2
 * wants a web server of its own around it. What an ID token needs is small enough to be read in one go, and
 * the cryptography itself is OpenSSL's EVP. The price is that this file must be right by itself: it is tested
 * with the vectors of RFC 7515, 7517, 7519 and 8037 and fuzzed.
 *
 * The algorithm is never taken on the token's word alone: a key verifies the one algorithm that its type
 * allows, so that nothing signed in another way (HMAC with a public key as the secret, "none") comes near a
 * key. */
#include "auth/oidc.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#define RSA_BITS_MIN  2048
#define RSA_BITS_MAX  8192
#define P256_BYTES    32
#define ED25519_BYTES 32
#define HEADER_MAX    4096
#define KID_MAX       512

typedef enum { ALG_RS256, ALG_ES256, ALG_EDDSA, ALG_COUNT } Alg;

static const char *const alg_names[ALG_COUNT] = {"RS256", "ES256", "EdDSA"};

typedef struct {
    char *kid; /* NULL: it has none */
    Alg alg;   /* the only one that it verifies */
    EVP_PKEY *key;
} Key;

struct TkJwks {
    unsigned count;
    Key keys[TK_JWK_KEYS];
};

/* ---- base64url (RFC 7515 section 2): no padding, no other characters, no stray bits at the end ---- */

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* Owned by the caller, a NUL behind it; NULL where the text is not base64url. */
static uint8_t *decode(const char *text, size_t len, size_t *out_len)
{
    if (len % 4 == 1)
        return NULL;
    g_autofree uint8_t *out = g_malloc(len / 4 * 3 + 4);
    uint32_t bits = 0;
    unsigned held = 0;
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        int value = sextet(text[i]);
        if (value < 0)
            return NULL;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[n++] = (uint8_t)(bits >> held);
            bits &= (1u << held) - 1;
        }
    }
    if (bits != 0)
        return NULL;
    out[n] = '\0';
    *out_len = n;
    return g_steal_pointer(&out);
}

static uint8_t *decode_field(const json_t *jwk, const char *name, size_t *len)
{
    const json_t *value = json_object_get(jwk, name);
    return json_is_string(value) ? decode(json_string_value(value), json_string_length(value), len) : NULL;
}

/* ---- keys ---- */

static EVP_PKEY *key_from(const char *type, OSSL_PARAM_BLD *build)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *context = params == NULL ? NULL : EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (context != NULL && EVP_PKEY_fromdata_init(context) == 1)
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    return key;
}

static EVP_PKEY *read_rsa(const json_t *jwk)
{
    size_t n_len = 0, e_len = 0;
    g_autofree uint8_t *n_bytes = decode_field(jwk, "n", &n_len);
    g_autofree uint8_t *e_bytes = decode_field(jwk, "e", &e_len);
    if (n_bytes == NULL || e_bytes == NULL || n_len > RSA_BITS_MAX / 8 || e_len > 8)
        return NULL;
    BIGNUM *n = BN_bin2bn(n_bytes, (int)n_len, NULL), *e = BN_bin2bn(e_bytes, (int)e_len, NULL);
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    bool fits = BN_num_bits(n) >= RSA_BITS_MIN && BN_is_odd(n) && BN_is_odd(e) && !BN_is_one(e);
    if (fits && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        key = key_from("RSA", build);
    OSSL_PARAM_BLD_free(build);
    BN_free(n);
    BN_free(e);
    return key;
}

static EVP_PKEY *read_ec(const json_t *jwk)
{
    size_t x_len = 0, y_len = 0;
    uint8_t point[1 + 2 * P256_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
    const char *curve = json_string_value(json_object_get(jwk, "crv"));
    g_autofree uint8_t *x = decode_field(jwk, "x", &x_len);
    g_autofree uint8_t *y = decode_field(jwk, "y", &y_len);
    if (g_strcmp0(curve, "P-256") != 0 || x == NULL || y == NULL || x_len != P256_BYTES ||
        y_len != P256_BYTES)
        return NULL;
    memcpy(point + 1, x, P256_BYTES);
    memcpy(point + 1 + P256_BYTES, y, P256_BYTES);
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    if (OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point) == 1)
        key = key_from("EC", build); /* refuses a point that is not on the curve */
    OSSL_PARAM_BLD_free(build);
    return key;
}

static EVP_PKEY *read_okp(const json_t *jwk)
{
    size_t len = 0;
    const char *curve = json_string_value(json_object_get(jwk, "crv"));
    g_autofree uint8_t *x = decode_field(jwk, "x", &len);
    if (g_strcmp0(curve, "Ed25519") != 0 || x == NULL || len != ED25519_BYTES)
        return NULL;
    return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x, len);
}

/* Whether the key is meant for verifying with this algorithm. */
static bool meant_for(const json_t *jwk, Alg alg)
{
    const char *use = json_string_value(json_object_get(jwk, "use"));
    const char *said = json_string_value(json_object_get(jwk, "alg"));
    const json_t *ops = json_object_get(jwk, "key_ops"), *op;
    bool verifies = ops == NULL;
    size_t i;
    json_array_foreach(ops, i, op)
    {
        verifies = verifies || g_strcmp0(json_string_value(op), "verify") == 0;
    }
    return verifies && (use == NULL || strcmp(use, "sig") == 0) &&
           (said == NULL || strcmp(said, alg_names[alg]) == 0);
}

static bool read_key(const json_t *jwk, Key *out)
{
    static const struct {
        const char *kty;
        Alg alg;
        EVP_PKEY *(*read)(const json_t *jwk);
    } types[] = {{"RSA", ALG_RS256, read_rsa}, {"EC", ALG_ES256, read_ec}, {"OKP", ALG_EDDSA, read_okp}};
    const char *kty = json_string_value(json_object_get(jwk, "kty"));
    const json_t *kid = json_object_get(jwk, "kid");
    if (kty == NULL || (kid != NULL && (!json_is_string(kid) || json_string_length(kid) > KID_MAX)))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(kty, types[i].kty) != 0 || !meant_for(jwk, types[i].alg))
            continue;
        *out = (Key){.alg = types[i].alg, .key = types[i].read(jwk)};
        ERR_clear_error();
        if (out->key != NULL)
            out->kid = g_strdup(json_string_value(kid));
        return out->key != NULL;
    }
    return false;
}

TkJwks *tk_jwks_read(const char *text, size_t len, GError **error)
{
    g_autoptr(json_t) root = tk_json_read("the key set", text, len, TK_JWKS_MAX, error);
    const json_t *list = json_object_get(root, "keys"), *jwk;
    size_t i;
    if (root == NULL)
        return NULL;
    if (!json_is_array(list)) {
        tk_fail(error, TK_ERROR_INPUT, "the key set: keys: missing; a list of keys (RFC 7517 section 5)");
        return NULL;
    }
    TkJwks *keys = g_new0(TkJwks, 1);
    json_array_foreach(list, i, jwk)
    {
        if (keys->count < TK_JWK_KEYS && read_key(jwk, &keys->keys[keys->count]))
            keys->count++;
    }
    return keys;
}

void tk_jwks_free(TkJwks *keys)
{
    if (keys == NULL)
        return;
    for (unsigned i = 0; i < keys->count; i++) {
        g_free(keys->keys[i].kid);
        EVP_PKEY_free(keys->keys[i].key);
    }
    g_free(keys);
}

unsigned tk_jwks_count(const TkJwks *keys)
{
    return keys->count;
}

/* ---- a token ---- */

typedef struct {
    const char *signed_part; /* header.payload */
    size_t signed_len;
    const char *payload;
    size_t payload_len;
    uint8_t *signature;
    size_t signature_len;
    json_t *header;
    Alg alg;
} Token;

static void token_clear(Token *token)
{
    g_free(token->signature);
    json_decref(token->header);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Token, token_clear)

static bool read_alg(Token *token, GError **error)
{
    const char *alg = json_string_value(json_object_get(token->header, "alg"));
    if (json_object_get(token->header, "crit") != NULL)
        return tk_fail(error, TK_ERROR_INPUT, "the token asks for extensions (crit) that are not known here");
    for (int i = 0; alg != NULL && i < ALG_COUNT; i++) {
        if (strcmp(alg, alg_names[i]) == 0) {
            token->alg = (Alg)i;
            return true;
        }
    }
    return tk_fail(error, TK_ERROR_INPUT,
                   "the token is signed with “%.20s”; only RS256, ES256 and EdDSA are taken",
                   alg == NULL ? "" : alg);
}

static bool take_apart(const char *text, Token *token, GError **error)
{
    size_t len = strlen(text);
    const char *first = strchr(text, '.');
    const char *second = first == NULL ? NULL : strchr(first + 1, '.');
    if (len > TK_JWS_MAX || second == NULL || strchr(second + 1, '.') != NULL)
        return tk_fail(error, TK_ERROR_INPUT, "the token is no JWS of three parts and at most %zu bytes",
                       TK_JWS_MAX);
    size_t head_len = 0;
    g_autofree uint8_t *head = decode(text, (size_t)(first - text), &head_len);
    token->signed_part = text;
    token->signed_len = (size_t)(second - text);
    token->payload = first + 1;
    token->payload_len = (size_t)(second - first - 1);
    token->signature = decode(second + 1, strlen(second + 1), &token->signature_len);
    if (head == NULL || token->signature == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "the token's parts are not base64url");
    token->header = tk_json_read("the token's header", (const char *)head, head_len, HEADER_MAX, error);
    return token->header != NULL && read_alg(token, error);
}

/* r and s as RFC 7518 section 3.4 joins them, in the form that OpenSSL takes. */
static uint8_t *der_signature(const Token *token, size_t *len)
{
    if (token->signature_len != 2 * P256_BYTES)
        return NULL;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(token->signature, P256_BYTES, NULL);
    BIGNUM *s = BN_bin2bn(token->signature + P256_BYTES, P256_BYTES, NULL);
    unsigned char *der = NULL;
    ECDSA_SIG_set0(pair, r, s);
    int n = i2d_ECDSA_SIG(pair, &der);
    ECDSA_SIG_free(pair);
    uint8_t *copy = n <= 0 ? NULL : g_memdup2(der, (gsize)n);
    *len = n <= 0 ? 0 : (size_t)n;
    OPENSSL_free(der);
    return copy;
}

static bool signed_by(const Token *token, const Key *key)
{
    size_t len = token->signature_len;
    g_autofree uint8_t *der = token->alg == ALG_ES256 ? der_signature(token, &len) : NULL;
    if (token->alg == ALG_ES256 && der == NULL)
        return false;
    const uint8_t *signature = der != NULL ? der : token->signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const EVP_MD *digest = token->alg == ALG_EDDSA ? NULL : EVP_sha256();
    bool good = EVP_DigestVerifyInit(context, NULL, digest, NULL, key->key) == 1 &&
                EVP_DigestVerify(context, signature, len, (const uint8_t *)token->signed_part,
                                 token->signed_len) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return good;
}

/* Whether one of the keys has signed it; *known where there is a key that could have. */
static bool is_signed(const TkJwks *keys, const Token *token, bool *known)
{
    const char *kid = json_string_value(json_object_get(token->header, "kid"));
    *known = false;
    for (unsigned i = 0; i < keys->count; i++) {
        const Key *key = &keys->keys[i];
        if (key->alg != token->alg || (kid != NULL && g_strcmp0(key->kid, kid) != 0))
            continue;
        *known = true;
        if (signed_by(token, key))
            return true;
    }
    return false;
}

char *tk_jws_verify(const TkJwks *keys, const char *text, size_t *payload_len, bool *unknown_key,
                    GError **error)
{
    g_auto(Token) token = {0};
    bool known = true;
    if (unknown_key != NULL)
        *unknown_key = false;
    if (!take_apart(text, &token, error))
        return NULL;
    if (!is_signed(keys, &token, &known)) {
        if (unknown_key != NULL)
            *unknown_key = !known;
        tk_fail(error, TK_ERROR_INPUT,
                known ? "the token's signature is not of the provider's key"
                      : "the token is signed with a key that the provider does not publish");
        return NULL;
    }
    char *payload = (char *)decode(token.payload, token.payload_len, payload_len);
    if (payload == NULL)
        tk_fail(error, TK_ERROR_INPUT, "the token's payload is not base64url");
    return payload;
}

/* An authenticator for tests: keys of OpenSSL's, answers as a browser would hand them on, right or wrong. */
#ifndef TK_PASSKEY_MAKER_H
#define TK_PASSKEY_MAKER_H

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "auth/auth.h"

typedef struct {
    int algorithm; /* COSE */
    EVP_PKEY *key;
    uint8_t id[32];
    const TkRelyingParty *party; /* what it says it answers; borrowed */
    const char *type;            /* NULL: the right one */
    int flags;
    uint32_t counter;
} Maker;

typedef struct {
    GBytes *client_data, *attestation, *auth_data, *signature;
} Answer;

static inline Maker *maker_new(int algorithm, const TkRelyingParty *party)
{
    Maker *maker = g_new0(Maker, 1);
    *maker = (Maker){.algorithm = algorithm, .party = party, .flags = 0x05};
    maker->key = algorithm == -7   ? EVP_EC_gen("P-256")
                 : algorithm == -8 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                                   : EVP_RSA_gen(2048);
    assert_non_null(maker->key);
    randombytes_buf(maker->id, sizeof maker->id);
    return maker;
}

static inline void maker_free(Maker *maker)
{
    EVP_PKEY_free(maker->key);
    g_free(maker);
}

static inline void answer_clear(Answer *answer)
{
    g_clear_pointer(&answer->client_data, g_bytes_unref);
    g_clear_pointer(&answer->attestation, g_bytes_unref);
    g_clear_pointer(&answer->auth_data, g_bytes_unref);
    g_clear_pointer(&answer->signature, g_bytes_unref);
}

static inline void maker_number(GByteArray *out, BIGNUM *number, int len)
{
    uint8_t bytes[256];
    assert_int_equal(BN_bn2binpad(number, bytes, len), len);
    g_byte_array_append(out, bytes, (guint)len);
    BN_free(number);
}

static inline BIGNUM *maker_parameter(const Maker *maker, const char *name)
{
    BIGNUM *number = NULL;
    assert_int_equal(EVP_PKEY_get_bn_param(maker->key, name, &number), 1);
    return number;
}

#define maker_put(out, ...)                                                                                  \
    do {                                                                                                     \
        const uint8_t bytes_[] = {__VA_ARGS__};                                                              \
        g_byte_array_append(out, bytes_, sizeof bytes_);                                                     \
    } while (0)

/* The public key as a COSE_Key. */
static inline void maker_cose(const Maker *maker, GByteArray *out)
{
    uint8_t raw[32];
    size_t len = sizeof raw;
    if (maker->algorithm == -7) {
        maker_put(out, 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20);
        maker_number(out, maker_parameter(maker, OSSL_PKEY_PARAM_EC_PUB_X), 32);
        maker_put(out, 0x22, 0x58, 0x20);
        maker_number(out, maker_parameter(maker, OSSL_PKEY_PARAM_EC_PUB_Y), 32);
    } else if (maker->algorithm == -8) {
        maker_put(out, 0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20);
        assert_int_equal(EVP_PKEY_get_raw_public_key(maker->key, raw, &len), 1);
        g_byte_array_append(out, raw, sizeof raw);
    } else {
        maker_put(out, 0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, 0x59, 0x01, 0x00);
        maker_number(out, maker_parameter(maker, OSSL_PKEY_PARAM_RSA_N), 256);
        maker_put(out, 0x21, 0x43);
        maker_number(out, maker_parameter(maker, OSSL_PKEY_PARAM_RSA_E), 3);
    }
}

static inline GByteArray *maker_auth_data(const Maker *maker, int flags)
{
    uint8_t hash[32];
    const char *id = maker->party->id;
    GByteArray *out = g_byte_array_new();
    crypto_hash_sha256(hash, (const uint8_t *)id, strlen(id));
    g_byte_array_append(out, hash, sizeof hash);
    maker_put(out, (uint8_t)flags, (uint8_t)(maker->counter >> 24), (uint8_t)(maker->counter >> 16),
              (uint8_t)(maker->counter >> 8), (uint8_t)maker->counter);
    return out;
}

static inline GBytes *maker_client_data(const Maker *maker, const char *type, const char *challenge)
{
    char *text =
        g_strdup_printf("{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\",\"crossOrigin\":false}",
                        maker->type == NULL ? type : maker->type, challenge, maker->party->origin);
    return g_bytes_new_take(text, strlen(text));
}

static inline Answer maker_register(const Maker *maker, const char *challenge)
{
    GByteArray *data = maker_auth_data(maker, maker->flags | 0x40);
    const uint8_t aaguid[16] = {0};
    g_byte_array_append(data, aaguid, sizeof aaguid);
    maker_put(data, 0, sizeof maker->id);
    g_byte_array_append(data, maker->id, sizeof maker->id);
    maker_cose(maker, data);
    GByteArray *object = g_byte_array_new();
    const char head[] = "\xa3\x63"
                        "fmt\x64none\x67"
                        "attStmt\xa0\x68"
                        "authData\x59";
    g_byte_array_append(object, (const uint8_t *)head, sizeof head - 1);
    maker_put(object, (uint8_t)(data->len >> 8), (uint8_t)data->len);
    g_byte_array_append(object, data->data, data->len);
    g_byte_array_unref(data);
    return (Answer){.client_data = maker_client_data(maker, "webauthn.create", challenge),
                    .attestation = g_byte_array_free_to_bytes(object)};
}

static inline Answer maker_use(const Maker *maker, const char *challenge)
{
    gsize client_len;
    uint8_t hash[32], signature[512];
    size_t len = sizeof signature;
    Answer answer = {.client_data = maker_client_data(maker, "webauthn.get", challenge)};
    GByteArray *data = maker_auth_data(maker, maker->flags);
    answer.auth_data = g_bytes_new(data->data, data->len);
    const uint8_t *client = g_bytes_get_data(answer.client_data, &client_len);
    crypto_hash_sha256(hash, client, client_len);
    g_byte_array_append(data, hash, sizeof hash);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const EVP_MD *digest = maker->algorithm == -8 ? NULL : EVP_sha256();
    assert_int_equal(EVP_DigestSignInit(context, NULL, digest, NULL, maker->key), 1);
    assert_int_equal(EVP_DigestSign(context, signature, &len, data->data, data->len), 1);
    EVP_MD_CTX_free(context);
    g_byte_array_unref(data);
    answer.signature = g_bytes_new(signature, len);
    return answer;
}

#endif

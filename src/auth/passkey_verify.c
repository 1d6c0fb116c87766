/* Signatures are checked by libfido2, after passkey_parse.c has looked at every length. What libfido2 leaves
 * to its caller stands here: the flags and the site's hash of a passkey that attests nothing, the backup
 * flags, the counter. RSA is taken with 2048 bits, what platforms that sign with RSA make and libfido2 knows.
 */
#include "auth/passkey_verify.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <sodium.h>

const int tk_passkey_algorithms[] = {COSE_ES256, COSE_EDDSA, COSE_RS256, 0};

const char *tk_passkey_algorithm_name(int algorithm)
{
    switch (algorithm) {
    case COSE_ES256:
        return "ES256";
    case COSE_EDDSA:
        return "EdDSA";
    case COSE_RS256:
        return "RS256";
    default:
        return NULL;
    }
}

static void free_cred(fido_cred_t *cred)
{
    fido_cred_free(&cred);
}
static void free_assert(fido_assert_t *assertion)
{
    fido_assert_free(&assertion);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(fido_cred_t, free_cred)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(fido_assert_t, free_assert)

/* What registration and use have in common, all but the signature. */
static bool check_common(const TkPasskeyWanted *wanted, const TkAuthData *data, GError **error)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    const char *id = wanted->party->id;
    crypto_hash_sha256(hash, (const uint8_t *)id, strlen(id));
    if (memcmp(hash, data->rp_id_hash, sizeof hash) != 0)
        return tk_fail(error, TK_ERROR_INPUT, "the passkey answers for another site than %s", id);
    if ((data->flags & TK_FLAG_USER_PRESENT) == 0)
        return tk_fail(error, TK_ERROR_INPUT, "the device does not say that anybody was there");
    if ((data->flags & TK_FLAG_USER_VERIFIED) == 0 && !wanted->unverified_too)
        return tk_fail_both(
            error, TK_ERROR_INPUT,
            "端末での本人確認(PIN、指紋、顔)が行われませんでした。端末に設定してからやり直してください。",
            "the device did not verify its holder; set up a PIN, a finger or a face on it and try again");
    if ((data->flags & TK_FLAG_BACKED_UP) != 0 && (data->flags & TK_FLAG_BACKUP_ELIGIBLE) == 0)
        return tk_fail(error, TK_ERROR_INPUT, "the device says that it backed up what cannot be backed up");
    return true;
}

/* ---- registration ---- */

static bool is_format(const TkAttestation *made, const char *name)
{
    return made->format.len == strlen(name) && memcmp(made->format.data, name, made->format.len) == 0;
}

/* The statement of "packed": signed with the new key itself or with the maker's. */
static bool check_packed(const TkAttestation *made, fido_cred_t *cred, GError **error)
{
    if (fido_cred_set_fmt(cred, "packed") != FIDO_OK ||
        fido_cred_set_attstmt(cred, made->statement.data, made->statement.len) != FIDO_OK)
        return tk_fail(error, TK_ERROR_INPUT, "the attestation statement cannot be read");
    int result = fido_cred_x5c_len(cred) > 0 ? fido_cred_verify(cred) : fido_cred_verify_self(cred);
    return result == FIDO_OK || tk_fail(error, TK_ERROR_INPUT, "the attestation's signature is not right");
}

static bool check_statement(const TkAttestation *made, fido_cred_t *cred, GError **error)
{
    if (is_format(made, "packed"))
        return check_packed(made, cred, error);
    if (!is_format(made, "none"))
        return tk_fail(error, TK_ERROR_INPUT,
                       "the attestation was asked for as “none”; this browser sent another");
    return (made->statement.len == 1 && made->statement.data[0] == 0xa0) ||
           tk_fail(error, TK_ERROR_INPUT, "an attestation of the format “none” states something");
}

static void hash_of(TkSpan bytes, uint8_t hash[crypto_hash_sha256_BYTES])
{
    crypto_hash_sha256(hash, bytes.data, bytes.len);
}

/* Hands libfido2 what was taken apart; it reads the public key. */
static bool fill_cred(fido_cred_t *cred, const TkPasskeyWanted *wanted, TkSpan client_data,
                      const TkAuthData *data, GError **error)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    hash_of(client_data, hash);
    if (tk_passkey_algorithm_name((int)data->algorithm) == NULL)
        return tk_fail(error, TK_ERROR_INPUT,
                       "the passkey signs with COSE algorithm %d; ES256, EdDSA and RS256 are taken",
                       (int)data->algorithm);
    if (fido_cred_set_type(cred, (int)data->algorithm) != FIDO_OK ||
        fido_cred_set_rp(cred, wanted->party->id, NULL) != FIDO_OK ||
        fido_cred_set_clientdata_hash(cred, hash, sizeof hash) != FIDO_OK)
        return tk_fail(error, TK_ERROR_INTERNAL, "the passkey could not be looked at");
    if (fido_cred_set_authdata_raw(cred, data->raw.data, data->raw.len) != FIDO_OK ||
        fido_cred_pubkey_len(cred) == 0 || fido_cred_pubkey_len(cred) > TK_PASSKEY_KEY_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "the passkey's public key is not a good %s key%s",
                       tk_passkey_algorithm_name((int)data->algorithm),
                       data->algorithm == COSE_RS256 ? "; RSA is taken with 2048 bits" : "");
    return true;
}

bool tk_passkey_verify_new(const TkPasskeyWanted *wanted, TkSpan client_data, TkSpan attestation,
                           TkPasskey *out, GError **error)
{
    TkAttestation made;
    g_autoptr(fido_cred_t) cred = fido_cred_new();
    if (cred == NULL)
        return tk_fail(error, TK_ERROR_INTERNAL, "there is no memory for a passkey");
    if (!tk_passkey_check_client_data(client_data, "webauthn.create", wanted->challenge,
                                      wanted->party->origin, error) ||
        !tk_passkey_read_attestation(attestation, &made, error))
        return false;
    const TkAuthData *data = &made.auth_data;
    if (!check_common(wanted, data, error) || !fill_cred(cred, wanted, client_data, data, error) ||
        !check_statement(&made, cred, error))
        return false;
    *out = (TkPasskey){.id_len = data->credential_id.len,
                       .algorithm = (int)data->algorithm,
                       .key_len = fido_cred_pubkey_len(cred),
                       .counter = data->counter,
                       .backup_eligible = (data->flags & TK_FLAG_BACKUP_ELIGIBLE) != 0,
                       .backed_up = (data->flags & TK_FLAG_BACKED_UP) != 0};
    memcpy(out->id, data->credential_id.data, out->id_len);
    memcpy(out->key, fido_cred_pubkey_ptr(cred), out->key_len);
    return true;
}

/* ---- use ---- */

/* Checks with the passkey's key, which libfido2 keeps in a type of its own for each algorithm. */
static int verify_with_key(const fido_assert_t *assertion, const TkPasskey *passkey)
{
    int result = FIDO_ERR_INTERNAL;
    if (passkey->algorithm == COSE_ES256) {
        es256_pk_t *key = es256_pk_new();
        if (key != NULL && es256_pk_from_ptr(key, passkey->key, passkey->key_len) == FIDO_OK)
            result = fido_assert_verify(assertion, 0, COSE_ES256, key);
        es256_pk_free(&key);
    } else if (passkey->algorithm == COSE_RS256) {
        rs256_pk_t *key = rs256_pk_new();
        if (key != NULL && rs256_pk_from_ptr(key, passkey->key, passkey->key_len) == FIDO_OK)
            result = fido_assert_verify(assertion, 0, COSE_RS256, key);
        rs256_pk_free(&key);
    } else if (passkey->algorithm == COSE_EDDSA) {
        eddsa_pk_t *key = eddsa_pk_new();
        if (key != NULL && eddsa_pk_from_ptr(key, passkey->key, passkey->key_len) == FIDO_OK)
            result = fido_assert_verify(assertion, 0, COSE_EDDSA, key);
        eddsa_pk_free(&key);
    }
    return result;
}

static bool check_signature(const TkPasskeyWanted *wanted, const TkPasskey *passkey, TkSpan client_data,
                            const TkAuthData *data, TkSpan signature, GError **error)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    g_autoptr(fido_assert_t) assertion = fido_assert_new();
    hash_of(client_data, hash);
    if (assertion == NULL)
        return tk_fail(error, TK_ERROR_INTERNAL, "there is no memory for a passkey");
    if (fido_assert_set_clientdata_hash(assertion, hash, sizeof hash) != FIDO_OK ||
        fido_assert_set_rp(assertion, wanted->party->id) != FIDO_OK ||
        fido_assert_set_count(assertion, 1) != FIDO_OK ||
        fido_assert_set_up(assertion, FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_uv(assertion, wanted->unverified_too ? FIDO_OPT_OMIT : FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_authdata_raw(assertion, 0, data->raw.data, data->raw.len) != FIDO_OK ||
        fido_assert_set_sig(assertion, 0, signature.data, signature.len) != FIDO_OK)
        return tk_fail(error, TK_ERROR_INPUT, "the authenticator data or the signature cannot be read");
    return verify_with_key(assertion, passkey) == FIDO_OK ||
           tk_fail(error, TK_ERROR_INPUT, "the signature is not that of this passkey");
}

bool tk_passkey_verify_use(const TkPasskeyWanted *wanted, TkPasskey *passkey, TkSpan client_data,
                           TkSpan auth_data, TkSpan signature, GError **error)
{
    TkAuthData data;
    if (!tk_passkey_check_client_data(client_data, "webauthn.get", wanted->challenge, wanted->party->origin,
                                      error) ||
        !tk_passkey_read_auth_data(auth_data, false, &data, error) || !check_common(wanted, &data, error))
        return false;
    if (((data.flags & TK_FLAG_BACKUP_ELIGIBLE) != 0) != passkey->backup_eligible)
        return tk_fail(error, TK_ERROR_INPUT,
                       "the passkey's backup flag is not the one it was registered with");
    if (!check_signature(wanted, passkey, client_data, &data, signature, error))
        return false;
    if ((data.counter != 0 || passkey->counter != 0) && data.counter <= passkey->counter)
        return tk_fail_both(
            error, TK_ERROR_REFUSED,
            "パスキーの使用回数が %u から %u "
            "に戻りました。複製された疑いがあります。別の方法でサインインし、このパスキーを削除して新しく登録"
            "してください。",
            "the passkey's counter went back from %u to %u: there may be a copy of it. Sign in another way, "
            "remove this passkey and make a new one",
            passkey->counter, data.counter);
    passkey->counter = data.counter;
    passkey->backed_up = (data.flags & TK_FLAG_BACKED_UP) != 0;
    return true;
}

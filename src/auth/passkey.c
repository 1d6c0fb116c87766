/* Passkeys of accounts: what browsers are asked for, and what becomes of their answers. What an answer says
 * is checked in passkey_verify.c; here it is bound to a challenge that was given out, to an account and its
 * lock-out, and kept. A record is found by the hash of the credential's id; it says whose it is, so nobody
 * needs a name. */
#include "auth/passkey.h"

#include <fido.h>

#include "auth/passkey_record.h"

#define HANDLE_BYTES    32
#define TRANSPORTS_MAX  8
#define REGISTERING_MAX 1024
#define SIGNING_IN_MAX  4096
#define SITE            "Tokatsu"
#define REFUSED_JA                                                                                                                                              \
    "このパスキーではサインインできません。アカウントが停止されているか、失敗が続いて待ち時間に入っています" \
    "。しばらく待つか、利用者名とパスワードでサインインしてください。"
#define REFUSED                                                                                              \
    "the passkey does not fit this sign-in, or the account is shut or waits after failed tries; try again "  \
    "in "                                                                                                    \
    "a while, or sign in with name and password"

bool tk_auth_passkeys_open(TkAuth *auth, GError **error)
{
    fido_init(0);
    tk_challenges_init(&auth->registering, REGISTERING_MAX);
    tk_challenges_init(&auth->signing_in, SIGNING_IN_MAX);
    return tk_store_index(auth->store, KIND_PASSKEY, "/account", error) &&
           tk_store_index(auth->store, KIND_PASSKEY, "/created_us", error);
}

void tk_auth_passkeys_close(TkAuth *auth)
{
    tk_challenges_clear(&auth->registering);
    tk_challenges_clear(&auth->signing_in);
}

/* Bytes that stand for an account without telling its name, always the same ones here; base64url. `what`
 * keeps uses apart. */
static char *alias(TkAuth *auth, const char *what, const char *name)
{
    uint8_t hash[HANDLE_BYTES];
    g_autofree char *text = g_strdup_printf("%s\n%s", what, name);
    crypto_generichash(hash, sizeof hash, (const uint8_t *)text, strlen(text), auth->key, sizeof auth->key);
    return tk_passkey_encode(hash, sizeof hash);
}

static char *holder_of(TkAuth *auth, const char *name)
{
    return alias(auth, "passkey holder", name);
}

/* The account's passkeys of this site as browsers want them named; new reference. */
static json_t *descriptors(const json_t *records, const TkRelyingParty *party)
{
    json_t *list = json_array();
    size_t i;
    json_t *record;
    json_array_foreach((json_t *)records, i, record)
    {
        const json_t *document = json_object_get(record, "document");
        if (strcmp(tk_auth_field(document, "rp_id"), party->id) == 0)
            json_array_append_new(list, json_pack("{s:s, s:s, s:O?}", "type", "public-key", "id",
                                                  tk_auth_field(document, "credential"), "transports",
                                                  json_object_get(document, "transports")));
    }
    return list;
}

/* Whoever comes in through a provider of the organisation is let in and shut out there alone: a passkey of
 * ours would outlive that. */
static bool comes_from_elsewhere(const TkRecord *account)
{
    return json_object_get(json_object_get(account->body, "source"), "kind") != NULL;
}

/* ---- registration ---- */

static json_t *algorithms(void)
{
    json_t *list = json_array();
    for (const int *algorithm = tk_passkey_algorithms; *algorithm != 0; algorithm++)
        json_array_append_new(list, json_pack("{s:s, s:i}", "type", "public-key", "alg", *algorithm));
    return list;
}

json_t *tk_auth_passkey_begin(TkAuth *auth, const TkRelyingParty *party, const char *name,
                              const char *session, int64_t now_us, GError **error)
{
    char hash[65], challenge[TK_AUTH_TOKEN_MAX];
    g_autoptr(TkRecord) account = tk_auth_account(auth, name, error);
    g_autoptr(json_t) records = account == NULL ? NULL : tk_passkey_records(auth, name, error);
    if (records == NULL)
        return NULL;
    if (comes_from_elsewhere(account)) {
        tk_fail_both(error, TK_ERROR_CONFLICT,
                     "このアカウントは組織の認証基盤でサインインします。パスキーはそちらに登録してください。",
                     "this account signs in through the organisation's provider; register passkeys there");
        return NULL;
    }
    if (json_array_size(records) >= TK_PASSKEYS_MAX) {
        tk_fail_both(error, TK_ERROR_CONFLICT,
                     "パスキーは1つのアカウントに %d 個までです。使っていないものを削除してください。",
                     "an account has at most %d passkeys; remove one first", TK_PASSKEYS_MAX);
        return NULL;
    }
    tk_secret_hash(session, hash);
    tk_challenges_give(&auth->registering, hash, name, now_us, TK_PASSKEY_CHALLENGE_US, challenge);
    g_autofree char *holder = holder_of(auth, name);
    return json_pack("{s:{s:{s:s, s:s}, s:{s:s, s:s, s:s}, s:s, s:o, s:I, s:o, s:{s:s, s:b, s:s}, s:s}}",
                     "publicKey", "rp", "id", party->id, "name", SITE, "user", "id", holder, "name", name,
                     "displayName", tk_auth_field(account->body, "display"), "challenge", challenge,
                     "pubKeyCredParams", algorithms(), "timeout", TK_PASSKEY_CHALLENGE_US / 1000,
                     "excludeCredentials", descriptors(records, party), "authenticatorSelection",
                     "residentKey", "preferred", "requireResidentKey", 0, "userVerification", "required",
                     "attestation", "none");
}

/* Those of the browser's transports that the specification names; it is told them again at signing in. */
static json_t *transports_of(const json_t *response)
{
    static const char *const known[] = {"usb", "nfc", "ble", "smart-card", "hybrid", "internal", NULL};
    json_t *list = json_array();
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(response, "transports"), i, one)
    {
        if (i < TRANSPORTS_MAX && json_is_string(one) && g_strv_contains(known, json_string_value(one)))
            json_array_append(list, one);
    }
    return list;
}

static bool label_ok(const char *label, GError **error)
{
    bool good = *label != '\0' && g_utf8_validate(label, -1, NULL) &&
                g_utf8_strlen(label, -1) <= TK_PASSKEY_LABEL_MAX;
    for (const char *at = label; good && *at != '\0'; at = g_utf8_next_char(at))
        good = !g_unichar_iscntrl(g_utf8_get_char(at));
    return good ||
           tk_fail_both(error, TK_ERROR_INPUT, "名前は1行、1〜%d 文字で入力してください。",
                        "label: must be a text of 1 to %d characters in one line", TK_PASSKEY_LABEL_MAX);
}

/* Checks the browser's answer against the session's challenge, which is spent by that. */
static bool verify_new(TkAuth *auth, const TkRelyingParty *party, const char *name, const char *session,
                       const json_t *response, int64_t now_us, TkPasskey *out, GError **error)
{
    char hash[65];
    TkChallenge challenge;
    size_t client_len, attestation_len;
    g_autofree uint8_t *client =
        tk_passkey_decode(response, "clientDataJSON", TK_CLIENT_DATA_MAX, &client_len, error);
    g_autofree uint8_t *attestation =
        client == NULL
            ? NULL
            : tk_passkey_decode(response, "attestationObject", TK_ATTESTATION_MAX, &attestation_len, error);
    if (attestation == NULL)
        return false;
    tk_secret_hash(session, hash);
    if (!tk_challenges_take(&auth->registering, hash, now_us, &challenge) ||
        strcmp(challenge.account, name) != 0)
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "登録の手続きは済んでいるか、5分を過ぎました。もう一度始めてください。",
                            "the request for a passkey is spent or older than five minutes; begin anew");
    const TkPasskeyWanted wanted = {.party = party, .challenge = challenge.text};
    return tk_passkey_verify_new(&wanted, (TkSpan){client, client_len},
                                 (TkSpan){attestation, attestation_len}, out, error);
}

json_t *tk_auth_passkey_add(TkAuth *auth, const TkRelyingParty *party, const char *name, const char *session,
                            const char *label, const json_t *credential, int64_t now_us, GError **error)
{
    const json_t *response = json_object_get(credential, "response");
    TkPasskey passkey;
    char id[65];
    if (!label_ok(label, error) || !verify_new(auth, party, name, session, response, now_us, &passkey, error))
        return NULL;
    g_autofree char *holder = holder_of(auth, name);
    g_autoptr(json_t) document =
        json_pack("{s:s, s:s, s:s, s:s, s:o, s:I, s:I}", "account", name, "label", label, "rp_id", party->id,
                  "holder", holder, "transports", transports_of(response), "created_us", (json_int_t)now_us,
                  "used_us", (json_int_t)0);
    tk_passkey_store(&passkey, document);
    tk_passkey_record_id(passkey.id, passkey.id_len, id);
    TkWrite *write = tk_write_new(name, now_us);
    GError *failed = NULL;
    tk_passkey_put(write, id, TK_STORE_NEW, "add", document);
    if (tk_store_commit(auth->store, write, NULL, &failed))
        return tk_passkey_describe(id, document);
    if (g_error_matches(failed, TK_ERROR, TK_ERROR_CONFLICT)) {
        g_clear_error(&failed);
        tk_fail_both(error, TK_ERROR_CONFLICT, "このパスキーは登録済みです。別の端末を選んでください。",
                     "this passkey is registered here already; choose another device");
    } else {
        g_propagate_error(error, failed);
    }
    return NULL;
}

/* ---- what there is ---- */

json_t *tk_auth_passkeys(TkAuth *auth, const char *name, GError **error)
{
    g_autoptr(json_t) records = tk_passkey_records(auth, name, error);
    if (records == NULL)
        return NULL;
    json_t *list = json_array();
    size_t i;
    json_t *record;
    json_array_foreach(records, i, record)
    {
        json_array_append_new(
            list, tk_passkey_describe(tk_auth_field(record, "id"), json_object_get(record, "document")));
    }
    return list;
}

bool tk_auth_passkey_remove(TkAuth *auth, const char *by, const char *name, const char *id, int64_t now_us,
                            GError **error)
{
    g_autoptr(TkRecord) record = tk_store_get(auth->store, KIND_PASSKEY, id, TK_TIME_NONE, NULL);
    if (record == NULL || strcmp(tk_auth_field(record->body, "account"), name) != 0)
        return tk_fail(error, TK_ERROR_NOT_FOUND, "the account %s has no passkey of this id", name);
    g_autoptr(TkWrite) write = tk_write_new(by, now_us);
    tk_write_delete(write, KIND_PASSKEY, id, record->version, "remove");
    if (strcmp(by, name) != 0 && !tk_auth_end_all(auth, write, name, false, error))
        return false;
    return tk_store_commit(auth->store, g_steal_pointer(&write), NULL, error);
}

/* ---- coming in ---- */

/* Whom the browser shall ask: the account's passkeys, or one that nobody has. */
static json_t *allowed(TkAuth *auth, const TkRelyingParty *party, const char *name, GError **error)
{
    if (*name == '\0')
        return json_array();
    g_autoptr(json_t) records =
        tk_auth_name_ok(name, NULL) ? tk_passkey_records(auth, name, error) : json_array();
    json_t *list = records == NULL ? NULL : descriptors(records, party);
    if (list != NULL && json_array_size(list) == 0) {
        g_autofree char *decoy = alias(auth, "passkey decoy", name);
        json_array_append_new(list, json_pack("{s:s, s:s, s:[s]}", "type", "public-key", "id", decoy,
                                              "transports", "internal"));
    }
    return list;
}

json_t *tk_auth_passkey_ask(TkAuth *auth, const TkRelyingParty *party, const char *name, int64_t now_us,
                            GError **error)
{
    char attempt[TK_AUTH_TOKEN_MAX], challenge[TK_AUTH_TOKEN_MAX];
    const char *who = name == NULL ? "" : name;
    if (strlen(who) > TK_AUTH_NAME_MAX) {
        tk_fail(error, TK_ERROR_INPUT, "name: has at most %d bytes", TK_AUTH_NAME_MAX);
        return NULL;
    }
    json_t *allow = allowed(auth, party, who, error);
    if (allow == NULL)
        return NULL;
    tk_secret_token(attempt);
    tk_challenges_give(&auth->signing_in, attempt, who, now_us, TK_PASSKEY_CHALLENGE_US, challenge);
    return json_pack("{s:s, s:{s:s, s:I, s:s, s:o, s:s}}", "attempt", attempt, "publicKey", "challenge",
                     challenge, "timeout", TK_PASSKEY_CHALLENGE_US / 1000, "rpId", party->id,
                     "allowCredentials", allow, "userVerification", "required");
}

/* One try, as far as it is known. */
typedef struct {
    TkAuth *auth;
    const TkRelyingParty *party;
    int64_t now_us;
    TkChallenge challenge;
    TkRecord *record; /* the passkey's */
    const char *name; /* whose it is; borrowed from the record */
} Try;

/* Says no with `why` written down. Always false. */
static bool refuse(const Try *try, const char *why, GError **error)
{
    g_autoptr(json_t) detail = json_pack("{s:s, s:s}", "passkey", try->record->id, "why", why);
    tk_auth_refuse(try->auth, try->name, detail, try->now_us, NULL);
    return tk_fail_both(error, TK_ERROR_FORBIDDEN, REFUSED_JA, REFUSED);
}

/* Whether the passkey may be used for this attempt at all, whatever it signed. */
static bool may_try(const Try *try, const json_t *response, GError **error)
{
    const json_t *document = try->record->body;
    const char *meant = try->challenge.account;
    const char *holder = json_string_value(json_object_get(response, "userHandle"));
    if (tk_auth_waits(try->auth, try->name, try->now_us))
        return tk_fail_both(error, TK_ERROR_FORBIDDEN, REFUSED_JA, REFUSED);
    if (strcmp(tk_auth_field(document, "rp_id"), try->party->id) != 0)
        return refuse(try, "of another site", error);
    if (*meant != '\0' && strcmp(meant, try->name) != 0)
        return refuse(try, "of another account than the one named", error);
    if (holder == NULL ? *meant == '\0' : strcmp(holder, tk_auth_field(document, "holder")) != 0)
        return refuse(try, "of another holder", error);
    g_autoptr(TkRecord) account = tk_auth_account(try->auth, try->name, NULL);
    if (account == NULL || tk_auth_flag(account->body, "disabled"))
        return refuse(try, "the account is shut", error);
    if (comes_from_elsewhere(account))
        return refuse(try, "the account signs in elsewhere", error);
    return true;
}

/* Checks the signature; brings the passkey up to date. */
static bool verify_use(const Try *try, const json_t *response, TkPasskey *passkey, GError **error)
{
    size_t client_len, data_len, signature_len;
    g_autofree uint8_t *client =
        tk_passkey_decode(response, "clientDataJSON", TK_CLIENT_DATA_MAX, &client_len, error);
    g_autofree uint8_t *data =
        client == NULL ? NULL
                       : tk_passkey_decode(response, "authenticatorData", TK_AUTH_DATA_MAX, &data_len, error);
    g_autofree uint8_t *signature =
        data == NULL ? NULL : tk_passkey_decode(response, "signature", 1024, &signature_len, error);
    const TkPasskeyWanted wanted = {.party = try->party, .challenge = try->challenge.text};
    return signature != NULL &&
           tk_passkey_verify_use(&wanted, passkey, (TkSpan){client, client_len}, (TkSpan){data, data_len},
                                 (TkSpan){signature, signature_len}, error);
}

/* A counter that went back is marked at the passkey, for its holder and the administrators to see. */
static void mark_copied(const Try *try)
{
    TkWrite *write = tk_write_new("system", try->now_us);
    json_object_set_new(try->record->body, "copied_us", json_integer(try->now_us));
    tk_passkey_put(write, try->record->id, try->record->version, "counter-back", try->record->body);
    tk_store_commit(try->auth->store, write, NULL, NULL);
}

static bool come_in(const Try *try, const TkPasskey *passkey, char *token, GError **error)
{
    json_t *document = try->record->body;
    TkWrite *write = tk_write_new(try->name, try->now_us);
    tk_passkey_store(passkey, document);
    json_object_set_new(document, "used_us", json_integer(try->now_us));
    tk_passkey_put(write, try->record->id, try->record->version, "sign-in", document);
    tk_auth_begin_session(write, try->name, "passkey", try->now_us, token);
    if (!tk_store_commit(try->auth->store, write, NULL, error))
        return false;
    tk_auth_forget_failures(try->auth, try->name);
    return true;
}

static bool try_it(Try *try, const json_t *response, char *token, GError **error)
{
    TkPasskey passkey;
    GError *wrong = NULL;
    if (!may_try(try, response, error) || !tk_passkey_load(try->record->body, &passkey, error))
        return false;
    if (verify_use(try, response, &passkey, &wrong))
        return come_in(try, &passkey, token, error);
    if (g_error_matches(wrong, TK_ERROR, TK_ERROR_REFUSED))
        mark_copied(try);
    refuse(try, wrong->message, NULL);
    wrong->code = TK_ERROR_FORBIDDEN; /* its words are about what was sent, not about the account */
    g_propagate_error(error, wrong);
    return false;
}

bool tk_auth_passkey_sign_in(TkAuth *auth, const TkRelyingParty *party, const char *attempt,
                             const json_t *credential, int64_t now_us, char *token, GError **error)
{
    char id[65];
    size_t len;
    Try try = {.auth = auth, .party = party, .now_us = now_us};
    g_autofree uint8_t *bytes = tk_passkey_decode(credential, "id", TK_PASSKEY_CREDENTIAL_MAX, &len, error);
    if (bytes == NULL)
        return false;
    if (!tk_challenges_take(&auth->signing_in, attempt, now_us, &try.challenge))
        return tk_fail_both(error, TK_ERROR_FORBIDDEN,
                            "サインインの手続きは済んでいるか、5分を過ぎました。もう一度お試しください。",
                            "this attempt to sign in is spent or older than five minutes; try again");
    tk_passkey_record_id(bytes, len, id);
    g_autoptr(TkRecord) record = tk_store_get(auth->store, KIND_PASSKEY, id, TK_TIME_NONE, NULL);
    if (record == NULL)
        return tk_fail_both(error, TK_ERROR_FORBIDDEN,
                            "このパスキーは登録されていません(削除された可能性があります)"
                            "。利用者名とパスワードでサインインし、登録し直してください。",
                            "this passkey is not known here, it may have been removed; sign in with name and "
                            "password and register a new one");
    try.record = record;
    try.name = tk_auth_field(record->body, "account");
    return try_it(&try, json_object_get(credential, "response"), token, error);
}

/* Accounts. An account is a record; its password string and sealed seed are personal values of it, so that
 * the ledger holds a salted hash of them and erasing an account erases them from all of its history. */
#include "auth/state.h"

#include <liboath/oath.h>

#define ROLES_TEXT                                                                                           \
    "administrator, general-manager, chief-engineer, compliance, noc-operator, engineer, auditor, "          \
    "contractor, "                                                                                           \
    "alarm-source, none"

TkAuth *tk_auth_new(TkStore *store, const char *key_dir, GError **error)
{
    if (sodium_init() < 0 || oath_init() != OATH_OK) {
        tk_fail(error, TK_ERROR_INTERNAL, "the cryptographic libraries could not be started");
        return NULL;
    }
    g_autofree char *path = g_build_filename(key_dir, "field.key", NULL);
    g_autoptr(TkAuth) auth = g_new0(TkAuth, 1);
    auth->store = store;
    auth->idle_us = TK_AUTH_IDLE_US;
    tk_slots_init(&auth->slots, 2);
    g_mutex_init(&auth->lock);
    auth->failures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    auth->last_seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (!tk_secret_key_open(path, auth->key, error) ||
        !tk_store_index(store, KIND_SESSION, "/account", error) ||
        !tk_store_index(store, KIND_TOKEN, "/account", error) || !tk_auth_passkeys_open(auth, error))
        return NULL;
    return g_steal_pointer(&auth);
}

void tk_auth_set_idle(TkAuth *auth, int64_t idle_us)
{
    auth->idle_us = MIN(idle_us, TK_AUTH_ABSOLUTE_US);
}

void tk_auth_free(TkAuth *auth)
{
    if (auth == NULL)
        return;
    sodium_memzero(auth->key, sizeof auth->key);
    tk_slots_clear(&auth->slots);
    g_mutex_clear(&auth->lock);
    g_hash_table_unref(auth->failures);
    g_hash_table_unref(auth->last_seen);
    tk_auth_passkeys_close(auth);
    g_free(auth);
}

char *tk_auth_seal(TkAuth *auth, const void *plain, size_t len)
{
    return tk_secret_seal(auth->key, plain, len);
}

char *tk_auth_unseal(TkAuth *auth, const char *sealed, size_t *len, GError **error)
{
    return tk_secret_unseal(auth->key, sealed, len, error);
}

/* ---- reading ---- */

const char *tk_auth_field(const json_t *document, const char *key)
{
    const char *text = json_string_value(json_object_get(document, key));
    return text != NULL ? text : "";
}

bool tk_auth_flag(const json_t *document, const char *key)
{
    return json_is_true(json_object_get(document, key));
}

bool tk_auth_name_ok(const char *name, GError **error)
{
    size_t len = strlen(name);
    if (len > 0 && len <= TK_AUTH_NAME_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-@") == len)
        return true;
    return tk_fail_both(error, TK_ERROR_INPUT, "アカウント名は 1 〜 %d 文字の a–z 0–9 . _ - @ です。",
                        "an account's name has 1 to %d of the characters a–z 0–9 . _ - @", TK_AUTH_NAME_MAX);
}

TkRecord *tk_auth_account(TkAuth *auth, const char *name, GError **error)
{
    return tk_auth_name_ok(name, error) ? tk_store_get(auth->store, KIND_ACCOUNT, name, TK_TIME_NONE, error)
                                        : NULL;
}

static bool count_one(const TkRecord *record, gpointer data)
{
    (void)record;
    *(bool *)data = true;
    return false;
}

bool tk_auth_is_empty(TkAuth *auth)
{
    bool any = false;
    const TkQuery query = {.kind = KIND_ACCOUNT, .limit = 1};
    return tk_store_list(auth->store, &query, count_one, &any, NULL, NULL) && !any;
}

static bool describe(const TkRecord *record, gpointer list)
{
    const json_t *document = record->body;
    const char *source = json_string_value(json_object_get(json_object_get(document, "source"), "kind"));
    json_array_append_new(
        list, json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:s?, s:s, s:I}", "name", record->id, "display",
                        tk_auth_field(document, "display"), "role", tk_auth_field(document, "role"),
                        "disabled", tk_auth_flag(document, "disabled"), "totp",
                        tk_auth_flag(document, "totp_on"), "one_time", tk_auth_flag(document, "one_time"),
                        "contractor", json_string_value(json_object_get(document, "contractor")), "source",
                        source == NULL ? "local" : source, "version", (json_int_t)record->version));
    return true;
}

json_t *tk_auth_accounts(TkAuth *auth, GError **error)
{
    g_autoptr(json_t) list = json_array();
    const TkQuery query = {.kind = KIND_ACCOUNT, .limit = TK_STORE_LIMIT_MAX};
    return tk_store_list(auth->store, &query, describe, list, NULL, error) ? g_steal_pointer(&list) : NULL;
}

/* ---- writing ---- */

void tk_auth_put_account(TkWrite *write, const char *name, int64_t version, const char *action,
                         const json_t *document)
{
    tk_write_put(write, KIND_ACCOUNT, name, version, action, document);
    tk_write_mark_personal(write, "/password");
    tk_write_mark_personal(write, "/totp");
    tk_write_mark_personal(write, "/source/subject");
}

static bool role_ok(const char *role, GError **error)
{
    g_auto(GStrv) roles = g_strsplit(ROLES_TEXT, ", ", -1);
    return g_strv_contains((const char *const *)roles, role) ||
           tk_fail_both(error, TK_ERROR_INPUT, "「%s」という役割はありません。使えるのは %s です。",
                        "“%s” is not a role; roles are %s", role, ROLES_TEXT);
}

bool tk_auth_role_of_person(const char *role)
{
    return strcmp(role, "none") != 0 && strcmp(role, "alarm-source") != 0 && role_ok(role, NULL);
}

bool tk_auth_is_own(TkAuth *auth, const char *name, const char *what, GError **error)
{
    g_autoptr(TkRecord) record = tk_auth_account(auth, name, NULL);
    return record == NULL || json_object_get(record->body, "source") == NULL ||
           tk_fail(error, TK_ERROR_CONFLICT,
                   "%s signs in by single sign-on or the directory, which decides its %s; change it there",
                   name, what);
}

/* The password's form has been looked at. */
static bool add_account(TkAuth *auth, const char *by, const char *name, const char *display, const char *role,
                        const char *password, bool one_time, int64_t now_us, GError **error)
{
    g_autofree char *hash = tk_secret_password_hash(&auth->slots, password, error);
    if (hash == NULL)
        return false;
    g_autoptr(json_t) document = json_pack("{s:s, s:s, s:b, s:b, s:s}", "display", display, "role", role,
                                           "disabled", 0, "one_time", one_time, "password", hash);
    if (document == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "the name shown must be UTF-8 text");
    TkWrite *write = tk_write_new(by, now_us);
    tk_auth_put_account(write, name, TK_STORE_NEW, "add", document);
    return tk_store_commit(auth->store, write, NULL, error);
}

bool tk_auth_account_add(TkAuth *auth, const char *by, const char *name, const char *display,
                         const char *role, const char *password, bool one_time, int64_t now_us,
                         GError **error)
{
    return tk_auth_name_ok(name, error) && role_ok(role, error) &&
           tk_secret_password_check_form(password, error) &&
           add_account(auth, by, name, display, role, password, one_time, now_us, error);
}

bool tk_auth_first_administrator(TkAuth *auth, const char *password, int64_t now_us, char **one_time,
                                 GError **error)
{
    *one_time = NULL;
    if (!tk_auth_is_empty(auth))
        return true;
    char made[TK_AUTH_TOKEN_MAX];
    tk_secret_token(made);
    bool given = password != NULL && *password != '\0';
    if (given && (strlen(password) > TK_AUTH_PASSWORD_MAX || !g_utf8_validate(password, -1, NULL)))
        return tk_fail(error, TK_ERROR_INPUT,
                       "the administrator's password must be UTF-8 of at most %d bytes",
                       TK_AUTH_PASSWORD_MAX);
    if (!add_account(auth, "system", "admin", "管理者", "administrator", given ? password : made, !given,
                     now_us, error))
        return false;
    *one_time = given ? NULL : g_strdup(made);
    return true;
}

/* Changes one value of an account, and ends its sessions and tokens where that takes power away. */
static bool change(TkAuth *auth, const char *by, const char *name, const char *action, const char *key,
                   json_t *value, bool end_sessions, bool end_tokens, int64_t now_us, GError **error)
{
    g_autoptr(json_t) owned = value;
    g_autoptr(TkRecord) record = tk_auth_account(auth, name, error);
    if (record == NULL)
        return false;
    json_object_set(record->body, key, owned);
    g_autoptr(TkWrite) write = tk_write_new(by, now_us);
    tk_auth_put_account(write, name, record->version, action, record->body);
    if (end_sessions && !tk_auth_end_all(auth, write, name, end_tokens, error))
        return false;
    return tk_store_commit(auth->store, g_steal_pointer(&write), NULL, error);
}

bool tk_auth_account_role(TkAuth *auth, const char *by, const char *name, const char *role, int64_t now_us,
                          GError **error)
{
    return role_ok(role, error) && tk_auth_is_own(auth, name, "role", error) &&
           change(auth, by, name, "role", "role", json_string(role), true, false, now_us, error);
}

bool tk_auth_account_display(TkAuth *auth, const char *by, const char *name, const char *display,
                             int64_t now_us, GError **error)
{
    json_t *text = json_string(display);
    return (text != NULL || tk_fail(error, TK_ERROR_INPUT, "the name shown must be UTF-8 text")) &&
           change(auth, by, name, "display", "display", text, false, false, now_us, error);
}

bool tk_auth_account_contractor(TkAuth *auth, const char *by, const char *name, const char *contractor,
                                int64_t now_us, GError **error)
{
    if (contractor != NULL && (*contractor == '\0' || strlen(contractor) > TK_AUTH_CONTRACTOR_MAX))
        return tk_fail(error, TK_ERROR_INPUT, "contractor: must be the id of a contractor's record");
    json_t *id = contractor == NULL ? json_null() : json_string(contractor);
    return (id != NULL || tk_fail(error, TK_ERROR_INPUT, "contractor: must be UTF-8 text")) &&
           change(auth, by, name, "contractor", "contractor", id, true, true, now_us, error);
}

void tk_auth_contractor_of(TkAuth *auth, const char *name, char contractor[TK_AUTH_CONTRACTOR_MAX + 1])
{
    g_autoptr(TkRecord) account = tk_auth_account(auth, name, NULL);
    bool open = account != NULL && !tk_auth_flag(account->body, "disabled");
    g_strlcpy(contractor, open ? tk_auth_field(account->body, "contractor") : "", TK_AUTH_CONTRACTOR_MAX + 1);
}

bool tk_auth_account_disable(TkAuth *auth, const char *by, const char *name, bool disabled, int64_t now_us,
                             GError **error)
{
    return change(auth, by, name, disabled ? "disable" : "enable", "disabled", json_boolean(disabled),
                  disabled, disabled, now_us, error);
}

bool tk_auth_password_set(TkAuth *auth, const char *by, const char *name, const char *password, bool one_time,
                          int64_t now_us, GError **error)
{
    if (!tk_secret_password_check_form(password, error) || !tk_auth_is_own(auth, name, "password", error))
        return false;
    g_autofree char *hash = tk_secret_password_hash(&auth->slots, password, error);
    g_autoptr(TkRecord) record = hash == NULL ? NULL : tk_auth_account(auth, name, error);
    if (record == NULL)
        return false;
    json_object_set_new(record->body, "password", json_string(hash));
    json_object_set_new(record->body, "one_time", json_boolean(one_time));
    g_autoptr(TkWrite) write = tk_write_new(by, now_us);
    tk_auth_put_account(write, name, record->version, "password", record->body);
    if (!tk_auth_end_all(auth, write, name, false, error) ||
        !tk_store_commit(auth->store, g_steal_pointer(&write), NULL, error))
        return false;
    tk_auth_forget_failures(auth,
                            name); /* who has the new password need not wait for tries with the old one */
    return true;
}

/* ---- one-time codes ---- */

bool tk_auth_totp_begin(TkAuth *auth, const char *name, const char *issuer, int64_t now_us, char **uri,
                        GError **error)
{
    uint8_t seed[TK_SEED_BYTES];
    randombytes_buf(seed, sizeof seed);
    g_autofree char *sealed = tk_auth_seal(auth, seed, sizeof seed);
    g_autofree char *text = tk_secret_base32(seed, sizeof seed);
    g_autofree char *issuer_uri = g_uri_escape_string(issuer, NULL, FALSE);
    g_autofree char *name_uri = g_uri_escape_string(name, NULL, FALSE);
    sodium_memzero(seed, sizeof seed);
    g_autoptr(TkRecord) record = tk_auth_account(auth, name, error);
    if (record == NULL)
        return false;
    if (!tk_auth_is_own(auth, name, "second factor", error))
        return false;
    if (tk_auth_flag(record->body, "totp_on"))
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "ワンタイムコードはすでに有効です。新しく設定する前に解除してください。",
                            "one-time codes are on already; remove them before setting up new ones");
    json_object_set_new(record->body, "totp", json_string(sealed));
    TkWrite *write = tk_write_new(name, now_us);
    tk_auth_put_account(write, name, record->version, "totp-begin", record->body);
    if (!tk_store_commit(auth->store, write, NULL, error))
        return false;
    *uri = g_strdup_printf("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=6&period=30",
                           issuer_uri, name_uri, text, issuer_uri);
    return true;
}

bool tk_auth_totp_confirm(TkAuth *auth, const char *name, const char *code, int64_t now_us, GError **error)
{
    g_autoptr(TkRecord) record = tk_auth_account(auth, name, error);
    if (record == NULL)
        return false;
    int64_t step = tk_auth_totp_step_of(auth, record->body, code, now_us, error);
    if (step < 0)
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "コードが違います。表示する端末の時計を確かめて、今のコードを入力してください。",
                            "this is not the present code; check the clock of the device that shows it");
    json_object_set_new(record->body, "totp_on", json_true());
    json_object_set_new(record->body, "totp_step", json_integer(step));
    TkWrite *write = tk_write_new(name, now_us);
    tk_auth_put_account(write, name, record->version, "totp-on", record->body);
    return tk_store_commit(auth->store, write, NULL, error);
}

bool tk_auth_totp_remove(TkAuth *auth, const char *by, const char *name, int64_t now_us, GError **error)
{
    return change(auth, by, name, "totp-off", "totp_on", json_false(), true, false, now_us, error);
}

int64_t tk_auth_totp_step_of(TkAuth *auth, const json_t *account, const char *code, int64_t now_us,
                             GError **error)
{
    size_t len = 0;
    g_autofree char *seed = tk_auth_unseal(auth, tk_auth_field(account, "totp"), &len, error);
    if (seed == NULL || len != TK_SEED_BYTES)
        return -1;
    int64_t step = tk_secret_totp_step((const uint8_t *)seed, code, now_us);
    sodium_memzero(seed, len);
    json_int_t used = json_integer_value(json_object_get(account, "totp_step"));
    return step > used ? step : -1; /* a code is good once */
}

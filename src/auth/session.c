/* Coming in: sessions and API tokens. Both are random texts of which only the SHA-256 is kept; looking one up
 * by that hash needs no comparison of secrets. A session's record is written when it begins and ends; when it
 * was used last is kept in memory and lost at a restart, which then counts from its beginning. */
#include "auth/state.h"

#define REFUSED TK_AUTH_REFUSED

/* ---- failed tries ---- */

bool tk_auth_waits(TkAuth *auth, const char *name, int64_t now_us)
{
    g_mutex_lock(&auth->lock);
    const TkFailures *failures = g_hash_table_lookup(auth->failures, name);
    bool closed = failures != NULL && now_us < failures->closed_until_us;
    g_mutex_unlock(&auth->lock);
    return closed;
}

/* The first two failures are free; then the account waits 1, 2, 4 … 900 seconds. */
static void note_failure(TkAuth *auth, const char *name, int64_t now_us)
{
    g_mutex_lock(&auth->lock);
    TkFailures *failures = g_hash_table_lookup(auth->failures, name);
    if (failures == NULL && g_hash_table_size(auth->failures) < 10000) {
        failures = g_new0(TkFailures, 1);
        g_hash_table_insert(auth->failures, g_strdup(name), failures);
    }
    if (failures != NULL) {
        failures->count = MIN(failures->count + 1, 20);
        int64_t wait_s = failures->count < 3 ? 0 : MIN(INT64_C(1) << (failures->count - 3), 900);
        failures->closed_until_us = now_us + wait_s * TK_US_PER_S;
    }
    g_mutex_unlock(&auth->lock);
}

void tk_auth_forget_failures(TkAuth *auth, const char *name)
{
    g_mutex_lock(&auth->lock);
    g_hash_table_remove(auth->failures, name);
    g_mutex_unlock(&auth->lock);
}

bool tk_auth_refuse(TkAuth *auth, const char *name, const json_t *detail, int64_t now_us, GError **error)
{
    note_failure(auth, name, now_us);
    TkWrite *write = tk_write_new("system", now_us);
    tk_write_note(write, "sign-in-refused", KIND_ACCOUNT, name, detail);
    tk_store_commit(auth->store, write, NULL, NULL);
    return tk_fail(error, TK_ERROR_FORBIDDEN, REFUSED);
}

/* ---- sessions ---- */

void tk_auth_begin_session(TkWrite *write, const char *account, const char *with, int64_t now_us, char *token)
{
    char hash[65], csrf[TK_AUTH_TOKEN_MAX];
    tk_secret_token(token);
    tk_secret_token(csrf);
    tk_secret_hash(token, hash);
    g_autoptr(json_t) session = json_pack("{s:s, s:s, s:s, s:I}", "account", account, "with", with, "csrf",
                                          csrf, "began_us", (json_int_t)now_us);
    tk_write_put(write, KIND_SESSION, hash, TK_STORE_NEW, "sign-in", session);
    tk_write_mark_personal(write, "/csrf");
}

bool tk_auth_sign_in(TkAuth *auth, const char *name, const char *password, const char *code, int64_t now_us,
                     char *token, bool *needs_code, GError **error)
{
    *needs_code = false;
    if (!tk_auth_name_ok(name, NULL) || strlen(password) > TK_AUTH_PASSWORD_MAX)
        return tk_fail(error, TK_ERROR_FORBIDDEN, REFUSED);
    if (tk_auth_waits(auth, name, now_us))
        return tk_fail(error, TK_ERROR_FORBIDDEN, REFUSED);
    g_autoptr(TkRecord) account = tk_auth_account(auth, name, NULL);
    bool open = account != NULL && !tk_auth_flag(account->body, "disabled");
    const char *hash = open ? json_string_value(json_object_get(account->body, "password")) : NULL;
    if (!tk_secret_password_matches(&auth->slots, hash, password))
        return tk_auth_refuse(auth, name, NULL, now_us, error);
    int64_t step = -1;
    if (tk_auth_flag(account->body, "totp_on")) {
        if (code == NULL || *code == '\0') {
            *needs_code = true;
            return tk_fail(error, TK_ERROR_FORBIDDEN, "the one-time code is asked for as well");
        }
        step = tk_auth_totp_step_of(auth, account->body, code, now_us, NULL);
        if (step < 0)
            return tk_auth_refuse(auth, name, NULL, now_us, error);
    }
    tk_auth_forget_failures(auth, name);
    TkWrite *write = tk_write_new(name, now_us);
    tk_auth_begin_session(write, name, step >= 0 ? "password and code" : "password", now_us, token);
    if (step >= 0) {
        json_object_set_new(account->body, "totp_step", json_integer(step));
        tk_auth_put_account(write, name, account->version, "code-used", account->body);
    }
    return tk_store_commit(auth->store, write, NULL, error);
}

bool tk_auth_password_check(TkAuth *auth, const char *name, const char *password, int64_t now_us,
                            GError **error)
{
    if (!tk_auth_name_ok(name, NULL) || strlen(password) > TK_AUTH_PASSWORD_MAX ||
        tk_auth_waits(auth, name, now_us))
        return tk_fail(error, TK_ERROR_FORBIDDEN, REFUSED);
    g_autoptr(TkRecord) account = tk_auth_account(auth, name, NULL);
    const char *hash = account == NULL ? NULL : json_string_value(json_object_get(account->body, "password"));
    return tk_secret_password_matches(&auth->slots, hash, password) ||
           tk_auth_refuse(auth, name, NULL, now_us, error);
}

/* When the session was used last; sets it to now unless it has ended. False when it has. */
static bool still_open(TkAuth *auth, const char *hash, int64_t began_us, int64_t now_us)
{
    g_mutex_lock(&auth->lock);
    int64_t *seen = g_hash_table_lookup(auth->last_seen, hash);
    int64_t last_us = seen != NULL ? *seen : began_us;
    bool open = now_us - last_us <= auth->idle_us && now_us - began_us <= TK_AUTH_ABSOLUTE_US;
    if (!open) {
        g_hash_table_remove(auth->last_seen, hash);
    } else if (seen != NULL) {
        *seen = MAX(*seen, now_us);
    } else {
        seen = g_new(int64_t, 1);
        *seen = now_us;
        g_hash_table_insert(auth->last_seen, g_strdup(hash), seen);
    }
    g_mutex_unlock(&auth->lock);
    return open;
}

/* Fills in whose it is, from the account as it is now. */
static bool identify(TkAuth *auth, const char *name, TkIdentity *out, GError **error)
{
    g_autoptr(TkRecord) account = tk_auth_account(auth, name, NULL);
    if (account == NULL || tk_auth_flag(account->body, "disabled"))
        return tk_fail(error, TK_ERROR_FORBIDDEN, "the account is shut");
    *out = (TkIdentity){0};
    g_strlcpy(out->account, name, sizeof out->account);
    g_strlcpy(out->role, tk_auth_field(account->body, "role"), sizeof out->role);
    out->must_change = tk_auth_flag(account->body, "one_time");
    return true;
}

bool tk_auth_session(TkAuth *auth, const char *token, int64_t now_us, TkIdentity *out, GError **error)
{
    char hash[65];
    if (strlen(token) >= TK_AUTH_TOKEN_MAX)
        return tk_fail(error, TK_ERROR_FORBIDDEN, "there is no such session; sign in");
    tk_secret_hash(token, hash);
    g_autoptr(TkRecord) session = tk_store_get(auth->store, KIND_SESSION, hash, TK_TIME_NONE, NULL);
    if (session == NULL)
        return tk_fail(error, TK_ERROR_FORBIDDEN, "there is no such session; sign in");
    int64_t began_us = json_integer_value(json_object_get(session->body, "began_us"));
    if (!still_open(auth, hash, began_us, now_us))
        return tk_fail(error, TK_ERROR_FORBIDDEN, "the session has ended; sign in again");
    if (!identify(auth, tk_auth_field(session->body, "account"), out, error))
        return false;
    g_strlcpy(out->csrf, tk_auth_field(session->body, "csrf"), sizeof out->csrf);
    return true;
}

bool tk_auth_session_lasts(TkAuth *auth, const char *token, int64_t now_us)
{
    char hash[65];
    TkIdentity who;
    if (strlen(token) >= TK_AUTH_TOKEN_MAX)
        return false;
    tk_secret_hash(token, hash);
    g_autoptr(TkRecord) session = tk_store_get(auth->store, KIND_SESSION, hash, TK_TIME_NONE, NULL);
    if (session == NULL || !identify(auth, tk_auth_field(session->body, "account"), &who, NULL))
        return false;
    int64_t began_us = json_integer_value(json_object_get(session->body, "began_us"));
    g_mutex_lock(&auth->lock);
    const int64_t *seen = g_hash_table_lookup(auth->last_seen, hash);
    int64_t last_us = seen != NULL ? *seen : began_us;
    g_mutex_unlock(&auth->lock);
    return now_us - last_us <= auth->idle_us && now_us - began_us <= TK_AUTH_ABSOLUTE_US;
}

bool tk_auth_sign_out(TkAuth *auth, const char *token, int64_t now_us, GError **error)
{
    TkIdentity who;
    char hash[65];
    if (!tk_auth_session(auth, token, now_us, &who, error))
        return false;
    tk_secret_hash(token, hash);
    TkWrite *write = tk_write_new(who.account, now_us);
    tk_write_delete(write, KIND_SESSION, hash, TK_STORE_ANY, "sign-out");
    return tk_store_commit(auth->store, write, NULL, error);
}

typedef struct {
    TkWrite *write;
    const char *kind;
} Ending;

static bool end_one(const TkRecord *record, gpointer data)
{
    const Ending *ending = data;
    tk_write_delete(ending->write, ending->kind, record->id, TK_STORE_ANY, "end");
    return true;
}

bool tk_auth_end_all(TkAuth *auth, TkWrite *write, const char *name, bool tokens_too, GError **error)
{
    const TkFilter mine = {.pointer = "/account", .op = TK_FILTER_EQ, .text = name};
    const char *kinds[] = {KIND_SESSION, KIND_TOKEN};
    for (size_t i = 0; i < (tokens_too ? 2u : 1u); i++) {
        const TkQuery query = {.kind = kinds[i], .filters = &mine, .filter_count = 1, .limit = 1000};
        Ending ending = {.write = write, .kind = kinds[i]};
        if (!tk_store_list(auth->store, &query, end_one, &ending, NULL, error))
            return false;
    }
    return true;
}

/* ---- API tokens ---- */

bool tk_auth_token_add(TkAuth *auth, const char *name, const char *label, const char *scope, int64_t life_us,
                       int64_t now_us, char *token, GError **error)
{
    const char *const scopes[] = {"read", "alarms", "calendar", "all", NULL};
    if (!g_strv_contains(scopes, scope))
        return tk_fail(error, TK_ERROR_INPUT, "a token's scope is read, alarms, calendar or all");
    if (life_us <= 0 || life_us > TK_AUTH_TOKEN_LIFE_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "a token lives between a moment and 400 days");
    g_autoptr(TkRecord) account = tk_auth_account(auth, name, error);
    if (account == NULL)
        return false;
    char hash[65];
    tk_secret_token(token);
    tk_secret_hash(token, hash);
    g_autoptr(json_t) document =
        json_pack("{s:s, s:s, s:s, s:I, s:I}", "account", name, "label", label, "scope", scope, "created_us",
                  (json_int_t)now_us, "expires_us", (json_int_t)(now_us + life_us));
    if (document == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "the label must be UTF-8 text");
    TkWrite *write = tk_write_new(name, now_us);
    tk_write_put(write, KIND_TOKEN, hash, TK_STORE_NEW, "add", document);
    return tk_store_commit(auth->store, write, NULL, error);
}

bool tk_auth_token(TkAuth *auth, const char *token, int64_t now_us, TkIdentity *out, GError **error)
{
    char hash[65];
    if (strlen(token) >= TK_AUTH_TOKEN_MAX)
        return tk_fail(error, TK_ERROR_FORBIDDEN, "the API token is not known");
    tk_secret_hash(token, hash);
    g_autoptr(TkRecord) record = tk_store_get(auth->store, KIND_TOKEN, hash, TK_TIME_NONE, NULL);
    if (record == NULL)
        return tk_fail(error, TK_ERROR_FORBIDDEN, "the API token is not known");
    if (now_us >= json_integer_value(json_object_get(record->body, "expires_us")))
        return tk_fail(error, TK_ERROR_FORBIDDEN, "the API token has expired; make a new one");
    if (!identify(auth, tk_auth_field(record->body, "account"), out, error))
        return false;
    out->token = true;
    g_strlcpy(out->scope, tk_auth_field(record->body, "scope"), sizeof out->scope);
    return true;
}

bool tk_auth_token_revoke(TkAuth *auth, const char *by, const char *id, int64_t now_us, GError **error)
{
    TkWrite *write = tk_write_new(by, now_us);
    tk_write_delete(write, KIND_TOKEN, id, TK_STORE_ANY, "revoke");
    return tk_store_commit(auth->store, write, NULL, error);
}

static bool describe_token(const TkRecord *record, gpointer list)
{
    char created[TK_TIME_TEXT_MAX], expires[TK_TIME_TEXT_MAX];
    tk_time_text(json_integer_value(json_object_get(record->body, "created_us")), created);
    tk_time_text(json_integer_value(json_object_get(record->body, "expires_us")), expires);
    json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", record->id, "label",
                                          tk_auth_field(record->body, "label"), "scope",
                                          tk_auth_field(record->body, "scope"), "created_at", created,
                                          "expires_at", expires));
    return true;
}

json_t *tk_auth_tokens(TkAuth *auth, const char *name, GError **error)
{
    g_autoptr(json_t) list = json_array();
    const TkFilter mine = {.pointer = "/account", .op = TK_FILTER_EQ, .text = name};
    const TkQuery query = {.kind = KIND_TOKEN, .filters = &mine, .filter_count = 1, .limit = 1000};
    return tk_store_list(auth->store, &query, describe_token, list, NULL, error) ? g_steal_pointer(&list)
                                                                                 : NULL;
}

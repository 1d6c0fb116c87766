/* Coming in, and one's own password, codes and tokens. Auth keeps the secrets; here stands what the house
 * asks for beside: nothing without accounts, one's own things by oneself, refusals written down. */
#include "service/people.h"

#include "service/act.h"
#include "service/people_private.h"

#define REFUSALS_MAX     10000
#define REFUSAL_EVERY_US (60 * TK_US_PER_S)
#define LABEL_MAX        200
#define TOKEN_DAYS       90
#define TOKEN_DAYS_MAX   400
#define ISSUER           "Tokatsu"
#define DAY_US           (INT64_C(86400) * TK_US_PER_S)

bool tk_people_required(const TkApp *app)
{
    return app->sign_in;
}

bool tk_people_have(const TkApp *app, GError **error)
{
    return app->sign_in ||
           tk_fail_both(error, TK_ERROR_CONFLICT,
                        "このサーバーはアカウントなしで動いています。--sign-in を付けて起動してください。",
                        "this server runs without accounts (a demo on this machine); start it with "
                        "--sign-in to have them");
}

int64_t tk_people_now(const TkApp *app)
{
    return app->clock(app->clock_data);
}

GBytes *tk_people_json(json_t *document, GError **error)
{
    G_GNUC_UNUSED g_autoptr(json_t) owned = document;
    char *text = document == NULL ? NULL : json_dumps(document, JSON_COMPACT);
    if (text == NULL) {
        tk_fail(error, TK_ERROR_INTERNAL, "an answer could not be written");
        return NULL;
    }
    GBytes *bytes = g_bytes_new(text, strlen(text));
    free(text);
    return bytes;
}

bool tk_people_first(TkApp *app, const char *password, char **one_time, GError **error)
{
    return tk_auth_first_administrator(app->auth, password, tk_people_now(app), one_time, error);
}

/* ---- coming in ---- */

bool tk_people_sign_in(TkApp *app, const char *name, const char *password, const char *code, char *token,
                       bool *needs_code, GError **error)
{
    *needs_code = false;
    if (app->ldap != NULL && app->sign_in && tk_auth_is_for_ldap(app->auth, name))
        return tk_auth_ldap_sign_in(app->auth, app->ldap, name, password, tk_people_now(app), token, error);
    return tk_people_have(app, error) &&
           tk_auth_sign_in(app->auth, name, password, code, tk_people_now(app), token, needs_code, error);
}

bool tk_people_sign_out(TkApp *app, const char *token, GError **error)
{
    return tk_people_have(app, error) && tk_auth_sign_out(app->auth, token, tk_people_now(app), error);
}

bool tk_people_session(TkApp *app, const char *token, TkIdentity *who, GError **error)
{
    return tk_people_have(app, error) && tk_auth_session(app->auth, token, tk_people_now(app), who, error);
}

bool tk_people_lasts(TkApp *app, const char *secret, bool api_token)
{
    TkIdentity who;
    int64_t now_us = tk_people_now(app);
    return api_token ? tk_auth_token(app->auth, secret, now_us, &who, NULL)
                     : tk_auth_session_lasts(app->auth, secret, now_us);
}

bool tk_people_token(TkApp *app, const char *token, TkIdentity *who, GError **error)
{
    return tk_people_have(app, error) && tk_auth_token(app->auth, token, tk_people_now(app), who, error);
}

/* The account as `accounts` lists it, borrowed from the list; NULL where there is none. */
const json_t *tk_people_find(const json_t *accounts, const char *name)
{
    size_t i;
    json_t *account;
    json_array_foreach((json_t *)accounts, i, account)
    {
        if (strcmp(json_string_value(json_object_get(account, "name")), name) == 0)
            return account;
    }
    return NULL;
}

GBytes *tk_people_describe(TkApp *app, const TkIdentity *who, GError **error)
{
    TkRole role = tk_role_of_name(who->role);
    const TkActor actor = {.id = who->account, .role = role};
    g_autoptr(json_t) accounts = !app->sign_in ? json_array() : tk_auth_accounts(app->auth, error);
    if (accounts == NULL)
        return NULL;
    const json_t *account = tk_people_find(accounts, who->account);
    const char *display = json_string_value(json_object_get(account, "display"));
    const char *source = json_string_value(json_object_get(account, "source"));
    json_t *may = json_array();
    for (int act = 0; act <= TK_MAY_LAST; act++)
        if (tk_service_may(&actor, (TkMay)act, NULL))
            json_array_append_new(may, json_string(tk_may_name((TkMay)act)));
    return tk_people_json(json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:s, s:o}", "account",
                                    who->account, "display", display == NULL ? who->account : display, "role",
                                    tk_role_name(role), "csrf", who->csrf, "token", who->token, "must_change",
                                    who->must_change, "sign_in", app->sign_in, "totp",
                                    json_is_true(json_object_get(account, "totp")), "source",
                                    source == NULL ? "local" : source, "may", may),
                          error);
}

/* Whether this is the first such refusal within a minute. */
static bool first_of_minute(TkApp *app, const char *account, const char *act, int64_t now_us)
{
    g_autofree char *key = g_strdup_printf("%s %s", account, act);
    g_mutex_lock(&app->refusals_lock);
    const int64_t *last = g_hash_table_lookup(app->refusals, key);
    bool first = last == NULL || now_us - *last >= REFUSAL_EVERY_US;
    if (first) {
        if (g_hash_table_size(app->refusals) >= REFUSALS_MAX)
            g_hash_table_remove_all(app->refusals);
        int64_t *at = g_new(int64_t, 1);
        *at = now_us;
        g_hash_table_insert(app->refusals, g_steal_pointer(&key), at);
    }
    g_mutex_unlock(&app->refusals_lock);
    return first;
}

void tk_people_note_refusal(TkApp *app, const char *account, const char *act)
{
    int64_t now_us = tk_people_now(app);
    if (!app->sign_in || !first_of_minute(app, account, act, now_us))
        return;
    g_autoptr(json_t) detail = json_pack("{s:s}", "act", act);
    TkWrite *write = tk_write_new(account, now_us);
    tk_write_note(write, "refused", "account", account, detail);
    GError *error = NULL;
    if (!tk_store_commit(app->store, write, NULL, &error)) {
        g_debug("a refusal was not kept: %s", error->message);
        g_error_free(error);
    }
}

/* ---- one's own ---- */

GBytes *tk_people_password_change(TkApp *app, const char *account, const json_t *request, GError **error)
{
    const char *old = tk_request_text(request, "old", TK_AUTH_PASSWORD_MAX, error);
    const char *password =
        old == NULL ? NULL : tk_request_text(request, "password", TK_AUTH_PASSWORD_MAX, error);
    int64_t now_us = tk_people_now(app);
    if (password == NULL || !tk_people_have(app, error))
        return NULL;
    if (strcmp(old, password) == 0) {
        tk_fail_both(error, TK_ERROR_INPUT, "新しいパスワードは今のものと違うものにしてください。",
                     "password: the new one must differ from the old one");
        return NULL;
    }
    if (!tk_auth_password_check(app->auth, account, old, now_us, error) ||
        !tk_auth_password_set(app->auth, account, account, password, false, now_us, error))
        return NULL;
    return tk_people_json(json_pack("{s:b}", "signed_out", 1), error);
}

GBytes *tk_people_totp_begin(TkApp *app, const char *account, GError **error)
{
    g_autofree char *uri = NULL;
    if (!tk_people_have(app, error) ||
        !tk_auth_totp_begin(app->auth, account, ISSUER, tk_people_now(app), &uri, error))
        return NULL;
    return tk_people_json(json_pack("{s:s}", "uri", uri), error);
}

GBytes *tk_people_totp_confirm(TkApp *app, const char *account, const json_t *request, GError **error)
{
    const char *code = tk_request_text(request, "code", 16, error);
    if (code == NULL || !tk_people_have(app, error) ||
        !tk_auth_totp_confirm(app->auth, account, code, tk_people_now(app), error))
        return NULL;
    return tk_people_json(json_pack("{s:b}", "totp", 1), error);
}

GBytes *tk_people_totp_remove(TkApp *app, const char *account, const json_t *request, GError **error)
{
    const char *password = tk_request_text(request, "password", TK_AUTH_PASSWORD_MAX, error);
    int64_t now_us = tk_people_now(app);
    if (password == NULL || !tk_people_have(app, error) ||
        !tk_auth_password_check(app->auth, account, password, now_us, error) ||
        !tk_auth_totp_remove(app->auth, account, account, now_us, error))
        return NULL;
    return tk_people_json(json_pack("{s:b}", "signed_out", 1), error);
}

/* ---- API tokens ---- */

GBytes *tk_people_tokens(TkApp *app, const char *account, const TkPage *page, GError **error)
{
    json_t *items = tk_people_have(app, error) ? tk_auth_tokens(app->auth, account, error) : NULL;
    json_t *out = items == NULL ? NULL : tk_page_of(items, "id", false, page, error);
    return out == NULL ? NULL : tk_people_json(out, error);
}

GBytes *tk_people_token_add(TkApp *app, const char *account, const json_t *request, GError **error)
{
    int64_t days = TOKEN_DAYS;
    char token[TK_AUTH_TOKEN_MAX];
    const char *label = tk_request_text(request, "label", LABEL_MAX, error);
    const char *scope = label == NULL ? NULL : tk_request_text(request, "scope", TK_AUTH_ROLE_MAX, error);
    if (scope == NULL || !tk_people_have(app, error))
        return NULL;
    if (json_object_get(request, "days") != NULL &&
        !tk_request_count(request, "days", TOKEN_DAYS_MAX, &days, error))
        return NULL;
    if (!tk_auth_token_add(app->auth, account, label, scope, days * DAY_US, tk_people_now(app), token, error))
        return NULL;
    return tk_people_json(json_pack("{s:s, s:s, s:s, s:I}", "token", token, "label", label, "scope", scope,
                                    "days", (json_int_t)days),
                          error);
}

GBytes *tk_people_token_revoke(TkApp *app, const char *account, const char *id, GError **error)
{
    g_autoptr(json_t) mine = tk_people_have(app, error) ? tk_auth_tokens(app->auth, account, error) : NULL;
    bool found = false;
    size_t i;
    json_t *token;
    json_array_foreach(mine, i, token)
    {
        found = found || strcmp(json_string_value(json_object_get(token, "id")), id) == 0;
    }
    if (mine != NULL && !found)
        tk_fail_both(error, TK_ERROR_NOT_FOUND, "この番号の API トークンはありません。",
                     "you have no API token of this id");
    if (!found || !tk_auth_token_revoke(app->auth, account, id, tk_people_now(app), error))
        return NULL;
    return tk_people_json(json_pack("{s:b}", "revoked", 1), error);
}

/* Managing accounts: by administrators, seen by auditors too. The one rule of its own: somebody who can
 * manage accounts must be left, or nobody could ever be let in again. */
#include "service/people.h"

#include "service/act.h"
#include "service/people_private.h"

#define DISPLAY_MAX      200
#define CONTRACTORS_KIND "r-contractors" /* as the registers keep them */

static bool is(const json_t *account, const char *key, const char *text)
{
    return g_strcmp0(json_string_value(json_object_get(account, key)), text) == 0;
}

/* The account as it is now. */
static GBytes *answer_account(TkApp *app, const char *name, GError **error)
{
    g_autoptr(json_t) accounts = tk_auth_accounts(app->auth, error);
    if (accounts == NULL)
        return NULL;
    const json_t *account = tk_people_find(accounts, name);
    if (account != NULL)
        return tk_people_json(json_incref((json_t *)account), error);
    tk_fail_both(error, TK_ERROR_NOT_FOUND, "アカウント「%.64s」はありません。",
                 "there is no account “%.64s”", name);
    return NULL;
}

static bool may(TkApp *app, const TkActor *actor, TkMay act, GError **error)
{
    return tk_service_may(actor, act, error) && tk_people_have(app, error);
}

GBytes *tk_people_accounts(TkApp *app, const TkActor *actor, const TkPage *page, GError **error)
{
    json_t *items = may(app, actor, TK_MAY_SEE_ACCOUNTS, error) ? tk_auth_accounts(app->auth, error) : NULL;
    json_t *out = items == NULL ? NULL : tk_page_of(items, "name", false, page, error);
    return out == NULL ? NULL : tk_people_json(out, error);
}

GBytes *tk_people_account(TkApp *app, const TkActor *actor, const char *name, GError **error)
{
    return may(app, actor, TK_MAY_SEE_ACCOUNTS, error) ? answer_account(app, name, error) : NULL;
}

GBytes *tk_people_account_add(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    if (!may(app, actor, TK_MAY_MANAGE_ACCOUNTS, error))
        return NULL;
    const char *name = tk_request_text(request, "name", TK_AUTH_NAME_MAX, error);
    const char *role = name == NULL ? NULL : tk_request_text(request, "role", TK_AUTH_ROLE_MAX, error);
    const char *password =
        role == NULL ? NULL : tk_request_text(request, "password", TK_AUTH_PASSWORD_MAX, error);
    const char *display = name;
    if (password != NULL && json_object_get(request, "display") != NULL)
        display = tk_request_text(request, "display", DISPLAY_MAX, error);
    if (password == NULL || display == NULL)
        return NULL;
    bool one_time = json_is_true(json_object_get(request, "one_time"));
    if (!tk_auth_account_add(app->auth, actor->id, name, display, role, password, one_time,
                             tk_people_now(app), error))
        return NULL;
    return answer_account(app, name, error);
}

/* Whether somebody other than `name` can manage accounts. */
static bool another_administrator(const json_t *accounts, const char *name)
{
    size_t i;
    json_t *account;
    json_array_foreach((json_t *)accounts, i, account)
    {
        if (!is(account, "name", name) && is(account, "role", tk_role_name(TK_ROLE_ADMINISTRATOR)) &&
            !json_is_true(json_object_get(account, "disabled")))
            return true;
    }
    return false;
}

/* An account is tied to a contractor that there is. */
static bool check_contractor(TkApp *app, const json_t *contractor, GError **error)
{
    if (contractor == NULL || json_is_null(contractor))
        return true;
    const char *id = json_string_value(contractor);
    g_autoptr(TkRecord) record =
        id == NULL ? NULL : tk_store_get(app->store, CONTRACTORS_KIND, id, TK_TIME_NONE, NULL);
    return record != NULL ||
           tk_fail_both(error, TK_ERROR_INPUT, "委託先は委託先台帳の番号か null にしてください。",
                        "contractor: must be null or the id of a record of the register of "
                        "contractors (委託先台帳)");
}

/* The account may be changed that way. */
static bool check_edit(TkApp *app, const char *name, const json_t *request, GError **error)
{
    g_autoptr(json_t) accounts = tk_auth_accounts(app->auth, error);
    const json_t *disabled = json_object_get(request, "disabled");
    const json_t *role = json_object_get(request, "role");
    if (accounts == NULL)
        return false;
    const json_t *account = tk_people_find(accounts, name);
    if (account == NULL)
        return tk_fail_both(error, TK_ERROR_NOT_FOUND,
                            "アカウント「%s」はありません。名前を確かめてください。",
                            "there is no account “%s”", name);
    if (!tk_request_version(request, (uint32_t)json_integer_value(json_object_get(account, "version")),
                            error))
        return false;
    if (disabled != NULL && !json_is_boolean(disabled))
        return tk_fail_both(error, TK_ERROR_INPUT, "停止（disabled）は true か false にしてください。",
                            "disabled: must be true or false");
    if (!check_contractor(app, json_object_get(request, "contractor"), error))
        return false;
    bool loses =
        json_is_true(disabled) || (role != NULL && !is(request, "role", tk_role_name(TK_ROLE_ADMINISTRATOR)));
    if (loses && is(account, "role", tk_role_name(TK_ROLE_ADMINISTRATOR)) &&
        !another_administrator(accounts, name))
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "%s はサインインできる最後の管理者です。先に別の管理者を置いてください。",
                            "%s is the last administrator who can sign in; make somebody else one first",
                            name);
    return true;
}

GBytes *tk_people_account_edit(TkApp *app, const TkActor *actor, const char *name, const json_t *request,
                               GError **error)
{
    if (!may(app, actor, TK_MAY_MANAGE_ACCOUNTS, error))
        return NULL;
    int64_t now_us = tk_people_now(app);
    bool ok = true;
    g_mutex_lock(&app->people_lock); /* from counting administrators to the last change */
    const char *role = NULL, *display = NULL;
    const json_t *disabled = json_object_get(request, "disabled");
    ok = check_edit(app, name, request, error);
    if (ok && json_object_get(request, "role") != NULL)
        ok = (role = tk_request_text(request, "role", TK_AUTH_ROLE_MAX, error)) != NULL;
    if (ok && json_object_get(request, "display") != NULL)
        ok = (display = tk_request_text(request, "display", DISPLAY_MAX, error)) != NULL;
    if (ok && role != NULL)
        ok = tk_auth_account_role(app->auth, actor->id, name, role, now_us, error);
    if (ok && display != NULL)
        ok = tk_auth_account_display(app->auth, actor->id, name, display, now_us, error);
    const json_t *contractor = json_object_get(request, "contractor");
    if (ok && contractor != NULL)
        ok = tk_auth_account_contractor(app->auth, actor->id, name, json_string_value(contractor), now_us,
                                        error);
    if (ok && disabled != NULL)
        ok = tk_auth_account_disable(app->auth, actor->id, name, json_is_true(disabled), now_us, error);
    g_mutex_unlock(&app->people_lock);
    return ok ? answer_account(app, name, error) : NULL;
}

/* Who asks for it never does it: one's own secrets are changed by showing the old ones, or by somebody else.
 */
static bool somebody_else(const TkActor *actor, const char *name, GError **error)
{
    return strcmp(actor->id, name) != 0 ||
           tk_fail(
               error, TK_ERROR_FORBIDDEN,
               "one's own password and codes are changed under one's own account, with the password; or by "
               "another administrator");
}

GBytes *tk_people_password_reset(TkApp *app, const TkActor *actor, const char *name, const json_t *request,
                                 GError **error)
{
    if (!may(app, actor, TK_MAY_MANAGE_ACCOUNTS, error) || !somebody_else(actor, name, error))
        return NULL;
    const char *password = tk_request_text(request, "password", TK_AUTH_PASSWORD_MAX, error);
    bool one_time = json_is_true(json_object_get(request, "one_time"));
    if (password == NULL ||
        !tk_auth_password_set(app->auth, actor->id, name, password, one_time, tk_people_now(app), error))
        return NULL;
    return answer_account(app, name, error);
}

GBytes *tk_people_totp_reset(TkApp *app, const TkActor *actor, const char *name, GError **error)
{
    if (!may(app, actor, TK_MAY_MANAGE_ACCOUNTS, error) || !somebody_else(actor, name, error) ||
        !tk_auth_totp_remove(app->auth, actor->id, name, tk_people_now(app), error))
        return NULL;
    return answer_account(app, name, error);
}

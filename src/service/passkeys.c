#include "service/passkeys.h"

#include "service/act.h"
#include "service/people_private.h"

/* What a use case answers; takes `document`. */
static GBytes *answer(json_t *document, GError **error)
{
    return document == NULL ? NULL : tk_people_json(document, error);
}

/* The browser's answer inside a request; borrowed. */
static const json_t *credential_of(const json_t *request, GError **error)
{
    const json_t *credential = json_object_get(request, "credential");
    if (json_is_object(credential) && json_is_object(json_object_get(credential, "response")))
        return credential;
    tk_fail(error, TK_ERROR_INPUT, "credential: must be what the browser gave, as an object with “response”");
    return NULL;
}

GBytes *tk_people_passkey_begin(TkApp *app, const TkRelyingParty *party, const char *account,
                                const char *session, GError **error)
{
    if (!tk_people_have(app, error))
        return NULL;
    return answer(tk_auth_passkey_begin(app->auth, party, account, session, tk_people_now(app), error),
                  error);
}

GBytes *tk_people_passkey_add(TkApp *app, const TkRelyingParty *party, const char *account,
                              const char *session, const json_t *request, GError **error)
{
    const char *label = tk_people_have(app, error)
                            ? tk_request_text(request, "label", 4 * TK_PASSKEY_LABEL_MAX, error)
                            : NULL;
    const json_t *credential = label == NULL ? NULL : credential_of(request, error);
    if (credential == NULL)
        return NULL;
    return answer(
        tk_auth_passkey_add(app->auth, party, account, session, label, credential, tk_people_now(app), error),
        error);
}

GBytes *tk_people_passkeys(TkApp *app, const char *account, GError **error)
{
    json_t *items = tk_people_have(app, error) ? tk_auth_passkeys(app->auth, account, error) : NULL;
    return items == NULL ? NULL : tk_people_json(json_pack("{s:o}", "items", items), error);
}

static GBytes *remove_one(TkApp *app, const char *by, const char *name, const char *id, GError **error)
{
    if (!tk_auth_passkey_remove(app->auth, by, name, id, tk_people_now(app), error))
        return NULL;
    return tk_people_json(json_pack("{s:b}", "removed", 1), error);
}

GBytes *tk_people_passkey_remove(TkApp *app, const char *account, const char *id, GError **error)
{
    return tk_people_have(app, error) ? remove_one(app, account, account, id, error) : NULL;
}

/* ---- somebody else's ---- */

GBytes *tk_people_passkeys_of(TkApp *app, const TkActor *actor, const char *name, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_SEE_ACCOUNTS, error) || !tk_people_have(app, error))
        return NULL;
    g_autoptr(json_t) accounts = tk_auth_accounts(app->auth, error);
    if (accounts == NULL)
        return NULL;
    if (tk_people_find(accounts, name) == NULL) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "there is no account “%s”", name);
        return NULL;
    }
    return tk_people_passkeys(app, name, error);
}

GBytes *tk_people_passkey_remove_of(TkApp *app, const TkActor *actor, const char *name, const char *id,
                                    GError **error)
{
    if (!tk_service_may(actor, TK_MAY_MANAGE_ACCOUNTS, error) || !tk_people_have(app, error))
        return NULL;
    return remove_one(app, actor->id, name, id, error);
}

/* ---- coming in ---- */

GBytes *tk_people_passkey_ask(TkApp *app, const TkRelyingParty *party, const json_t *request, GError **error)
{
    const char *name = "";
    if (!tk_people_have(app, error))
        return NULL;
    if (json_object_get(request, "name") != NULL)
        name = tk_request_text(request, "name", TK_AUTH_NAME_MAX, error);
    if (name == NULL)
        return NULL;
    return answer(tk_auth_passkey_ask(app->auth, party, name, tk_people_now(app), error), error);
}

bool tk_people_passkey_sign_in(TkApp *app, const TkRelyingParty *party, const json_t *request, char *token,
                               GError **error)
{
    const char *attempt =
        tk_people_have(app, error) ? tk_request_text(request, "attempt", TK_AUTH_TOKEN_MAX - 1, error) : NULL;
    const json_t *credential = attempt == NULL ? NULL : credential_of(request, error);
    return credential != NULL &&
           tk_auth_passkey_sign_in(app->auth, party, attempt, credential, tk_people_now(app), token, error);
}

/* Passkeys: making, listing and removing one's own, signing in with them, removing those that somebody lost.
 */
#include "http/api.h"

/* The site that the request was made to, in the request's arena. */
static bool party_of(TkHttpApp *app, TkHttpRequest *request, TkRelyingParty *party, GError **error)
{
    const char *name = tk_http_own_name(request, &app->door, error);
    const char *scheme = tk_http_is_secure(&app->door) ? "https" : "http";
    if (name == NULL)
        return false;
    g_autofree char *authority = g_ascii_strdown(request->host, -1);
    *party = (TkRelyingParty){.id = name,
                              .origin = tk_arena_format(&request->arena, "%s://%s", scheme, authority)};
    return true;
}

/* ---- one's own ---- */

void tk_api_passkey_begin(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkRelyingParty party;
    GBytes *answer = NULL;
    if (party_of(app, request, &party, &error))
        answer = tk_people_passkey_begin(app->service, &party, request->who.account,
                                         request->session == NULL ? "" : request->session, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_passkey_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkRelyingParty party;
    GBytes *answer = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    if (body != NULL && party_of(app, request, &party, &error))
        answer = tk_people_passkey_add(app->service, &party, request->who.account,
                                       request->session == NULL ? "" : request->session, body, &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_passkeys(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_people_passkeys(app->service, request->who.account, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_passkey_remove(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_people_passkey_remove(app->service, request->who.account, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

/* ---- somebody else's ---- */

void tk_api_passkeys_of(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_people_passkeys_of(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_passkey_remove_of(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_people_passkey_remove_of(app->service, &request->actor, request->params[0],
                                                 request->params[1], &error);
    tk_api_answer(response, 200, answer, error);
}

/* ---- coming in ---- */

void tk_api_passkey_ask(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkRelyingParty party;
    GBytes *answer = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    if (body != NULL && party_of(app, request, &party, &error))
        answer = tk_people_passkey_ask(app->service, &party, body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_passkey_sign_in(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkRelyingParty party;
    char token[TK_AUTH_TOKEN_MAX];
    if (tk_api_must_wait(app, request, response))
        return;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    if (body == NULL || !party_of(app, request, &party, &error)) {
        tk_http_respond_error(response, error);
        return;
    }
    bool in = tk_people_passkey_sign_in(app->service, &party, body, token, &error);
    tk_peers_note(app->peers, request->peer, in, g_get_monotonic_time());
    tk_api_signed_in(app, request, response, in ? token : NULL, false, error);
}

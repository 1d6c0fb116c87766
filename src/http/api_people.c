/* Signing in and out, accounts, and what is one's own: password, one-time codes, API tokens. */
#include "http/api.h"

#include "http/visitor.h"

/* ---- the session ---- */

void tk_api_signed_in(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response, const char *token,
                      bool needs_code, GError *error)
{
    if (token != NULL && tk_people_session(app->service, token, &request->who, &error)) {
        tk_api_answer(response, 200, tk_people_describe(app->service, &request->who, NULL), NULL);
        response->cookie = tk_http_session_cookie(app, request, token);
    } else if (g_error_matches(error, TK_ERROR, TK_ERROR_FORBIDDEN)) {
        tk_http_respond_sign_in(response, error, needs_code);
    } else {
        tk_http_respond_error(response, error);
    }
}

bool tk_api_must_wait(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    unsigned wait_s = tk_peers_wait_s(app->peers, request->peer, g_get_monotonic_time());
    if (wait_s == 0)
        return false;
    tk_http_respond_refusal(
        response, 429, TK_ERROR_FORBIDDEN,
        "この接続元からのサインインの失敗が多すぎます。%u 秒待ってからやり直してください。",
        "signing in failed too often from this address; try again in %u s", wait_s);
    response->retry_after = tk_arena_format(&request->arena, "%u", wait_s);
    return true;
}

static void sign_in(TkHttpApp *app, TkHttpRequest *request, const json_t *body, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *name = json_string_value(json_object_get(body, "name"));
    const char *password = json_string_value(json_object_get(body, "password"));
    const char *code = json_string_value(json_object_get(body, "code"));
    char token[TK_AUTH_TOKEN_MAX];
    bool needs_code = false;
    if (name == NULL || password == NULL) {
        tk_http_respond_refusal(response, 400, TK_ERROR_INPUT,
                                "利用者名とパスワードを両方とも入力してください。",
                                "name and password are texts, and both are needed");
        return;
    }
    bool in = tk_people_sign_in(app->service, name, password, code, token, &needs_code, &error);
    if (in || !needs_code)
        tk_peers_note(app->peers, request->peer, in, g_get_monotonic_time());
    tk_api_signed_in(app, request, response, in ? token : NULL, needs_code, error);
}

void tk_api_sign_in(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    if (tk_api_must_wait(app, request, response))
        return;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    if (body == NULL)
        tk_http_respond_error(response, error);
    else
        sign_in(app, request, body, response);
}

void tk_api_session(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_people_describe(app->service, &request->who, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_sign_out(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    if (request->session == NULL) {
        tk_http_respond_refusal(
            response, 409, TK_ERROR_CONFLICT,
            "終了するセッションがありません。API トークンは失効の操作で無効にしてください。",
            "there is no session to end; an API token is revoked instead");
        return;
    }
    if (!tk_people_sign_out(app->service, request->session, &error)) {
        tk_http_respond_error(response, error);
        return;
    }
    response->status = 204;
    response->cookie = tk_http_session_cookie(app, request, NULL);
}

/* ---- accounts ---- */

void tk_api_accounts(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkPage page;
    GBytes *answer = NULL;
    if (tk_http_page(request, TK_PAGE_LIMIT_MAX, &page, &error))
        answer = tk_people_accounts(app->service, &request->actor, &page, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_account(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_people_account(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_account_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL : tk_people_account_add(app->service, &request->actor, body, &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_account_edit(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL
                                  : tk_people_account_edit(app->service, &request->actor, request->params[0],
                                                           body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_password_reset(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL
                                  : tk_people_password_reset(app->service, &request->actor,
                                                             request->params[0], body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_totp_reset(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_people_totp_reset(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

/* ---- one's own ---- */

typedef GBytes *(*OwnChange)(TkApp *app, const char *account, const json_t *request, GError **error);

static void change_own(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response, unsigned status,
                       OwnChange change)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL : change(app->service, request->who.account, body, &error);
    tk_api_answer(response, status, answer, error);
}

void tk_api_password_change(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    change_own(app, request, response, 200, tk_people_password_change);
}

void tk_api_totp_begin(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_people_totp_begin(app->service, request->who.account, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_totp_confirm(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    change_own(app, request, response, 200, tk_people_totp_confirm);
}

void tk_api_totp_remove(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    change_own(app, request, response, 200, tk_people_totp_remove);
}

void tk_api_tokens(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkPage page;
    GBytes *answer = NULL;
    if (tk_http_page(request, TK_PAGE_LIMIT_MAX, &page, &error))
        answer = tk_people_tokens(app->service, request->who.account, &page, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_token_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    change_own(app, request, response, 201, tk_people_token_add);
}

void tk_api_token_revoke(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_people_token_revoke(app->service, request->who.account, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

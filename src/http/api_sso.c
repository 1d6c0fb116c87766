/* Single sign-on over HTTP: to the provider and back.
 *
 * The session's cookie is SameSite=Strict, and a callback is a navigation that the provider's page began: a
 * browser sends no Strict cookie with it. So the sign-in under way has a cookie of its own, SameSite=Lax, ten
 * minutes, sealed, good for this one callback. The callback answers with the session's cookie (a browser
 * takes it: it is a top-level navigation) and with a small page of ours that goes on by itself; that step
 * begins on our own site, and with it the Strict cookie travels again. Nothing weakens the session's cookie
 * for that. */
#include "http/api.h"

#include "http/visitor.h"

static const char *own_url(TkHttpApp *app, TkHttpRequest *request, const char *path)
{
    return tk_arena_format(&request->arena, "%s://%s%s", tk_http_is_secure(&app->door) ? "https" : "http",
                           request->host, path);
}

static void go(TkHttpResponse *response, const char *location)
{
    response->status = 303;
    response->location = location;
}

/* Back to the sign-in page, which says why in words. */
static void back(TkHttpRequest *request, TkHttpResponse *response, const char *why)
{
    go(response, tk_arena_format(&request->arena, "/?sso=%s", why));
}

static void no_provider(TkHttpResponse *response)
{
    tk_http_respond_refusal(response, 404, TK_ERROR_NOT_FOUND, "シングルサインオンは設定されていません。",
                            "no single sign-on is configured (--oidc FILE)");
}

void tk_api_sso_start(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autofree char *location = NULL, *cookie = NULL;
    const char *then = tk_http_query(request, "to");
    if (!tk_sso_there(app->service) || request->host == NULL) {
        no_provider(response);
        return;
    }
    if (!tk_sso_start(app->service, own_url(app, request, "/sso/callback"), then, &location, &cookie,
                      &error)) {
        g_message("single sign-on does not start: %s", error->message);
        g_error_free(error);
        back(request, response, tk_sso_word(TK_SSO_PROVIDER));
        return;
    }
    go(response, tk_arena_text(&request->arena, location));
    response->cookie = tk_http_sso_cookie(app, request, cookie, TK_SSO_LIFE_S);
}

/* The page of ours from which the browser goes on, same-site. */
static GBytes *next_page(const char *then)
{
    g_autofree char *escaped = g_markup_escape_text(then, -1);
    char *text = g_strdup_printf(
        "<!doctype html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" "
        "content=\"0;url=%s\"><title>サインインしました Signed in</title></head>\n"
        "<body><p><a href=\"%s\">サインインしました。進む <span lang=\"en\">Signed in. Go on</span></a></p>"
        "</body></html>\n",
        escaped, escaped);
    return g_bytes_new_take(text, strlen(text));
}

void tk_api_sso_callback(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    char token[TK_AUTH_TOKEN_MAX];
    g_autofree char *then = NULL;
    if (!tk_sso_there(app->service)) {
        no_provider(response);
        return;
    }
    unsigned wait_s = tk_peers_wait_s(app->peers, request->peer, g_get_monotonic_time());
    if (wait_s > 0) {
        tk_http_respond_refusal(
            response, 429, TK_ERROR_FORBIDDEN,
            "この接続元からのサインインの失敗が多すぎます。%u 秒待ってからやり直してください。",
            "signing in failed too often from this address; try again in %u s", wait_s);
        response->retry_after = tk_arena_format(&request->arena, "%u", wait_s);
        return;
    }
    const TkSsoCallback callback = {.cookie = tk_http_sso_cookie_value(app, request),
                                    .state = tk_http_query(request, "state"),
                                    .code = tk_http_query(request, "code"),
                                    .error = tk_http_query(request, "error"),
                                    .issuer = tk_http_query(request, "iss")};
    TkSsoOutcome outcome = tk_sso_finish(app->service, &callback, token, &then, &error);
    bool theirs = outcome == TK_SSO_PROVIDER || outcome == TK_SSO_NO_ROLE; /* nobody is guessing */
    if (!theirs)
        tk_peers_note(app->peers, request->peer, outcome == TK_SSO_IN, g_get_monotonic_time());
    if (outcome == TK_SSO_IN) {
        tk_http_respond_bytes(response, 200, "text/html; charset=utf-8", next_page(then));
        response->cookie = tk_http_session_cookie(app, request, token);
    } else {
        g_message("a single sign-on was refused (%s): %s", tk_sso_word(outcome), error->message);
        g_error_free(error);
        back(request, response, tk_sso_word(outcome));
    }
    response->cookie_too = tk_http_sso_cookie(app, request, NULL, 0);
}

/* After the session here has ended: the provider's own sign-out, where it has one. */
void tk_api_sso_farewell(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    g_autofree char *location =
        request->host == NULL ? NULL : tk_sso_farewell(app->service, own_url(app, request, "/"));
    go(response, location == NULL ? "/" : tk_arena_text(&request->arena, location));
}

void tk_api_sign_in_methods(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    (void)request;
    GError *error = NULL;
    GBytes *answer = tk_sso_methods(app->service, &error);
    tk_api_answer(response, 200, answer, error);
}

/* Two ways to show who one is. A session is a cookie that the browser adds by itself, so a write must carry a
 * second secret (X-CSRF-Token) that only our own page can read. An API token is put in by the program that
 * sends it: it needs no second one, and it never counts where a cookie would have to be believed as well. */
#include "http/visitor.h"

#define COOKIE        "tokatsu"
#define COOKIE_SECURE "__Host-tokatsu" /* browsers take this name only with Secure, Path=/ and no Domain */

static const char *cookie_name(const TkHttpApp *app)
{
    return tk_http_is_secure(&app->door) ? COOKIE_SECURE : COOKIE;
}

const char *tk_http_session_cookie(TkHttpApp *app, TkHttpRequest *request, const char *token)
{
    return tk_arena_format(&request->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", cookie_name(app),
                           token == NULL ? "" : token, tk_http_is_secure(&app->door) ? "; Secure" : "",
                           token == NULL ? "; Max-Age=0" : "");
}

/* The value of our cookie in "a=b; c=d"; NULL where there is none. */
static const char *cookie_value(TkHttpRequest *request, const char *name)
{
    size_t len = strlen(name);
    const char *at = request->cookie;
    while (at != NULL && *at != '\0') {
        at += strspn(at, " \t;");
        size_t whole = strcspn(at, ";");
        if (strncmp(at, name, len) == 0 && at[len] == '=')
            return tk_arena_copy(&request->arena, at + len + 1, whole - len - 1);
        at += whole;
    }
    return NULL;
}

static const char *sso_cookie_name(const TkHttpApp *app)
{
    return tk_http_is_secure(&app->door) ? "__Host-tokatsu-sso" : "tokatsu-sso";
}

const char *tk_http_sso_cookie(TkHttpApp *app, TkHttpRequest *request, const char *sealed, int life_s)
{
    return tk_arena_format(&request->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s; Max-Age=%d",
                           sso_cookie_name(app), sealed == NULL ? "" : sealed,
                           tk_http_is_secure(&app->door) ? "; Secure" : "", sealed == NULL ? 0 : life_s);
}

const char *tk_http_sso_cookie_value(TkHttpApp *app, TkHttpRequest *request)
{
    return cookie_value(request, sso_cookie_name(app));
}

/* Fills in request->who. */
static bool identify(TkHttpApp *app, TkHttpRequest *request, GError **error)
{
    if (!tk_people_required(app->service)) {
        request->who = (TkIdentity){.account = "local"};
        g_strlcpy(request->who.role, tk_role_name(TK_ROLE_ADMINISTRATOR), sizeof request->who.role);
        return true;
    }
    if (request->authorization != NULL) {
        if (g_ascii_strncasecmp(request->authorization, "Bearer ", 7) != 0)
            return tk_fail_both(error, TK_ERROR_FORBIDDEN,
                                "Authorization には API トークンを Bearer で付けてください。",
                                "Authorization takes an API token: “Bearer …”");
        return tk_people_token(app->service, g_strchug((char *)request->authorization + 7), &request->who,
                               error);
    }
    request->session = cookie_value(request, cookie_name(app));
    if (request->session == NULL || *request->session == '\0')
        return tk_fail_both(error, TK_ERROR_FORBIDDEN, "サインインしてください。",
                            "nobody is signed in; sign in, or send an API token in Authorization: Bearer");
    return tk_people_session(app->service, request->session, &request->who, error);
}

/* A token stays within its scope: read what there is, send alarms, or all that its account may. */
static bool in_scope(const TkHttpRequest *request)
{
    const char *scope = request->who.scope;
    if (!request->who.token || strcmp(scope, "all") == 0)
        return true;
    if (strcmp(scope, "read") == 0)
        return request->method == TK_HTTP_GET;
    return strcmp(scope, "alarms") == 0 && request->route->needs == TK_MAY_SEND_ALARMS;
}

static bool refuse(TkHttpResponse *response, const char *ja, const char *en)
{
    tk_http_respond_refusal(response, 403, TK_ERROR_FORBIDDEN, "%s%.0s", "%.0s%s", ja, en);
    return false;
}

/* What the route asks of whom it lets in. */
static bool may_enter(TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int needs = request->route->needs;
    const TkIdentity *who = &request->who;
    bool own_page = !who->token && who->csrf[0] != '\0';
    if (own_page && request->method != TK_HTTP_GET &&
        (request->csrf == NULL || !tk_auth_same_secret(request->csrf, who->csrf)))
        return refuse(response, "画面の有効期限が切れています。読み込み直してからやり直してください。",
                      "a write of a session carries its X-CSRF-Token; GET /api/v1/session tells it");
    if (!in_scope(request))
        return refuse(response,
                      "この API トークンの範囲ではできません。必要な範囲のトークンを作ってください。",
                      "this API token's scope does not reach that far; make one of another scope");
    if (needs == TK_NEEDS_PERSON)
        return true;
    if (who->must_change)
        return refuse(response, "初期パスワードのままです。先にパスワードを変更してください。",
                      "the one-time password must be changed first: POST /api/v1/session/password");
    if (needs == TK_NEEDS_SESSION)
        return !who->token || refuse(response, "API トークンではできません。サインインして行ってください。",
                                     "this is for people who signed in, not for API tokens");
    if (tk_service_may(&request->actor, (TkMay)needs, &error))
        return true;
    tk_http_respond_error(response, error);
    return false;
}

bool tk_http_visitor(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    if (request->route->needs == TK_NEEDS_NOTHING || tk_ledger_is_open(app->service, request->route->open))
        return true;
    if (!identify(app, request, &error)) {
        tk_http_respond_sign_in(response, error, false);
        return false;
    }
    request->actor = (TkActor){.id = request->who.account, .role = tk_role_of_name(request->who.role)};
    return may_enter(request, response);
}

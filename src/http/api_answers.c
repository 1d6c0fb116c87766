/* Respondents without an account. The link's secret comes as “Authorization: Bearer”, which no other page can
 * make a browser send, so that nothing here rests on a cookie; it never stands in an address that reaches the
 * server. Whoever shows wrong ones waits, by address, and a right one does not make that forgotten. */
#include "http/api.h"

/* The secret that is shown, "" where there is none; NULL where the address has to wait (the response is then
 * set). */
static const char *shown(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    unsigned wait_s = tk_peers_wait_s(app->strangers, request->peer, g_get_monotonic_time());
    if (wait_s > 0) {
        tk_http_respond_refusal(
            response, 429, TK_ERROR_FORBIDDEN,
            "この接続元からの誤ったリンクが多すぎます。%u 秒待ってからやり直してください。",
            "too many links from this address opened nothing; try again in %u s", wait_s);
        response->retry_after = tk_arena_format(&request->arena, "%u", wait_s);
        return NULL;
    }
    if (request->authorization == NULL || g_ascii_strncasecmp(request->authorization, "Bearer ", 7) != 0)
        return "";
    return g_strchug((char *)request->authorization + 7);
}

static void finish(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response, GBytes *answer,
                   GBytes *findings, GError *error)
{
    if (g_error_matches(error, TK_ERROR, TK_ERROR_NOT_FOUND)) /* the link itself: nothing else is not found */
        tk_peers_note(app->strangers, request->peer, false, g_get_monotonic_time());
    if (answer == NULL && findings != NULL)
        tk_http_respond_findings(response, error, findings);
    else
        tk_api_answer(response, 200, answer, error);
}

void tk_api_answer_sheet(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *token = shown(app, request, response);
    if (token == NULL)
        return;
    GBytes *answer = tk_service_answer_sheet(app->service, token, &error);
    finish(app, request, response, answer, NULL, error);
}

typedef GBytes *(*ChangeFn)(TkApp *app, const char *token, const json_t *request, GBytes **findings,
                            GError **error);

static void change(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response, ChangeFn how)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    const char *token = shown(app, request, response);
    if (token == NULL)
        return;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL : how(app->service, token, body, &findings, &error);
    finish(app, request, response, answer, findings, error);
}

void tk_api_answer_save(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    change(app, request, response, tk_service_answer_save);
}

void tk_api_answer_submit(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    change(app, request, response, tk_service_answer_submit);
}

void tk_api_answer_delegate(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *token = shown(app, request, response);
    if (token == NULL)
        return;
    const char *base = tk_arena_format(&request->arena, "%s://%s",
                                       tk_http_is_secure(&app->door) ? "https" : "http", request->host);
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_service_answer_delegate(app->service, token, body, base, &error);
    finish(app, request, response, answer, NULL, error);
}

void tk_api_answer_evidence(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *token = shown(app, request, response);
    if (token == NULL)
        return;
    g_autoptr(GBytes) bytes = g_bytes_new(request->body.data, request->body.len);
    GBytes *answer = tk_service_answer_evidence(app->service, token, tk_http_query(request, "question"),
                                                tk_http_query(request, "name"), bytes, &error);
    finish(app, request, response, answer, NULL, error);
}

void tk_api_answer_evidence_remove(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *token = shown(app, request, response);
    if (token == NULL)
        return;
    GBytes *answer = tk_service_answer_evidence_remove(app->service, token, request->params[0], &error);
    finish(app, request, response, answer, NULL, error);
}

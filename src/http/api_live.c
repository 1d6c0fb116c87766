/* Health, the board, alarms, facilities. */
#include "http/api.h"

#include "http/problem.h"

void tk_api_answer(TkHttpResponse *response, unsigned status, GBytes *bytes, GError *error)
{
    if (bytes == NULL)
        tk_http_respond_error(response, error);
    else
        tk_http_respond_bytes(response, status, "application/json", bytes);
}

void tk_api_health(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    (void)request;
    GBytes *answer = tk_service_health(app->service);
    gsize len;
    const char *text = g_bytes_get_data(answer, &len);
    g_autoptr(json_t) health = tk_json_read("health", text, len, TK_API_JSON_MAX, NULL);
    const char *status = json_string_value(json_object_get(health, "status"));
    tk_api_answer(response, g_strcmp0(status, "ok") == 0 ? 200 : 503, answer, NULL);
}

void tk_api_openapi(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    (void)request;
    tk_api_answer(response, 200, g_bytes_ref(app->openapi), NULL);
}

void tk_api_problem(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    (void)app;
    const TkProblem *problem = tk_problem_of_code(request->params[0]);
    if (problem == NULL)
        tk_http_respond_refusal(response, 404, TK_ERROR_NOT_FOUND, "「%s」という種類の誤りはありません。",
                                "“%s” is no kind of problem", request->params[0]);
    else
        tk_http_respond_bytes(response, 200, "text/html; charset=utf-8", tk_problem_page(problem));
}

void tk_api_board(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    uint64_t seq = 0;
    tk_api_answer(response, 200, tk_service_board(app->service, &seq), NULL);
    response->etag = tk_arena_format(&request->arena, "\"%" G_GINT64_MODIFIER "x-%" G_GUINT64_FORMAT "\"",
                                     (guint64)app->born_us, seq);
}

void tk_api_events(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    (void)app;
    response->status = 200;
    response->type = "text/event-stream";
    response->stream = !request->head;
    response->changes = tk_http_query_flag(request, "changes");
}

void tk_api_alarms(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *text = request->body.data == NULL ? "" : request->body.data;
    GBytes *answer = tk_service_alarms(app->service, &request->actor, text, request->body.len, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_facility(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_facility(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_facilities(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t limit = 0, offset = 0;
    GBytes *answer = NULL;
    if (tk_http_query_int(request, "limit", 1, TK_FACILITIES_PAGE_MAX, 50, &limit, &error) &&
        tk_http_query_int(request, "offset", 0, INT32_MAX, 0, &offset, &error)) {
        TkFacilityQuery query = {.search = tk_http_query(request, "search"),
                                 .kind = tk_http_query(request, "kind"),
                                 .prefecture = tk_http_query(request, "prefecture"),
                                 .limit = (unsigned)limit,
                                 .offset = (unsigned)offset};
        answer = tk_service_facilities(app->service, &request->actor, &query, &error);
    }
    tk_api_answer(response, 200, answer, error);
}

void tk_api_down(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t limit = 0, offset = 0;
    GBytes *answer = NULL;
    if (tk_http_query_int(request, "limit", 1, TK_FACILITIES_PAGE_MAX, 50, &limit, &error) &&
        tk_http_query_int(request, "offset", 0, INT32_MAX, 0, &offset, &error))
        answer = tk_service_down(app->service, &request->actor, tk_http_query(request, "under"),
                                 (unsigned)limit, (unsigned)offset, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_what_if(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL : tk_service_what_if(app->service, &request->actor, body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_drill(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL : tk_service_drill(app->service, &request->actor, body, &error);
    tk_api_answer(response, 201, answer, error);
}

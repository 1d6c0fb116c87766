/* Accidents; near misses and leaks (cases). */
#include "http/api.h"

void tk_api_accidents(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkPage page;
    GBytes *answer = NULL;
    if (tk_http_page(request, 50, &page, &error))
        answer = tk_service_accidents(app->service, &request->actor, tk_http_query(request, "state"),
                                      tk_http_query_flag(request, "drill"), &page, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_accident_open(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_service_accident_open(app->service, &request->actor, body, &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_accident(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_accident(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_accident_act(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL
                                  : tk_service_accident_act(app->service, &request->actor, request->params[0],
                                                            body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_cases(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *kind = tk_http_query(request, "kind");
    TkPage page;
    GBytes *answer = NULL;
    if (kind == NULL)
        tk_fail_both(&error, TK_ERROR_INPUT,
                     "kind に near-miss（おそれ事態）か leak（漏えい）を付けてください。",
                     "kind is missing; it is near-miss or leak");
    else if (tk_http_page(request, 100, &page, &error))
        answer = tk_service_cases(app->service, &request->actor, kind, &page, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_case_open(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    const char *kind = tk_http_query(request, "kind");
    GBytes *answer = NULL;
    if (body != NULL && kind == NULL)
        tk_fail_both(&error, TK_ERROR_INPUT,
                     "kind に near-miss（おそれ事態）か leak（漏えい）を付けてください。",
                     "kind is missing in the query; it is near-miss or leak");
    else if (body != NULL)
        answer = tk_service_case_open(app->service, &request->actor, kind, body, &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_case(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_case(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_case_edit(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL
                     : tk_service_case_edit(app->service, &request->actor, request->params[0], body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_case_act(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL
                     : tk_service_case_act(app->service, &request->actor, request->params[0], body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_accident_proof(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t report = 0;
    GBytes *answer = NULL;
    if (tk_http_query_int(request, "report", 0, 99, 0, &report, &error))
        answer =
            tk_service_receipt(app->service, &request->actor, request->params[0], (unsigned)report, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_evidence_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(request->body.data, request->body.len);
    GBytes *answer = tk_service_evidence_add(app->service, &request->actor, request->params[0],
                                             tk_http_query(request, "name"), bytes, &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_evidence(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    if (!tk_service_evidence(app->service, &request->actor, request->params[0], request->params[1], &file,
                             &error)) {
        tk_http_respond_error(response, error);
        return;
    }
    tk_http_respond_bytes(response, 200, file.content_type, g_steal_pointer(&file.bytes));
    tk_http_attach(request, response, file.filename);
}

/* Registers: what falls due and what waits for a decision in all of them, and the saved views of one. */
#include "http/api.h"

void tk_api_registers_due(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = NULL;
    int64_t limit = 0;
    TkDate until = TK_DATE_NONE;
    const char *day = tk_http_query(request, "until");
    if (day != NULL && !tk_date_parse(day, strlen(day), &until, &error))
        g_prefix_error(&error, "until: ");
    else if (tk_http_query_int(request, "limit", 1, 500, 100, &limit, &error))
        answer = tk_registers_due(tk_service_registers(app->service), &request->actor, until, (unsigned)limit,
                                  tk_http_query(request, "cursor"), &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_registers_waiting(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_registers_waiting(tk_service_registers(app->service), &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_register_views(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer =
        tk_register_views(tk_service_registers(app->service), &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_register_view(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_register_saved_view(tk_service_registers(app->service), &request->actor,
                                            request->params[0], request->params[1], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_register_view_put(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL
                         ? NULL
                         : tk_register_save_view(tk_service_registers(app->service), &request->actor,
                                                 request->params[0], request->params[1], body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_register_view_delete(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_register_forget_view(tk_service_registers(app->service), &request->actor,
                                             request->params[0], request->params[1], &error);
    tk_api_answer(response, 200, answer, error);
}

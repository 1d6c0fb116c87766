/* Registers: what falls due and what waits for a decision in all of them, and the saved views of one. */
#include "http/api.h"

static bool a_day(const TkHttpRequest *request, const char *name, TkDate *day, GError **error)
{
    const char *text = tk_http_query(request, name);
    *day = TK_DATE_NONE;
    if (text == NULL || tk_date_parse(text, strlen(text), day, error))
        return true;
    g_prefix_error(error, "%s: ", name);
    return false;
}

void tk_api_registers_due(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = NULL;
    int64_t limit = 0;
    TkDate from, until;
    if (a_day(request, "from", &from, &error) && a_day(request, "until", &until, &error) &&
        tk_http_query_int(request, "limit", 1, 500, 100, &limit, &error))
        answer = tk_registers_due(tk_service_registers(app->service), &request->actor, from, until,
                                  (unsigned)limit, tk_http_query(request, "cursor"), &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_registers_waiting(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_registers_waiting(tk_service_registers(app->service), &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_registers_counts(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_registers_counts(tk_service_registers(app->service), &request->actor, &error);
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

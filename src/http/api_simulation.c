/* Risk computed from the network itself. */
#include "http/api.h"

void tk_api_simulation_basis(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_simulation_basis(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_simulations(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkPage page;
    GBytes *answer = NULL;
    if (tk_http_page(request, TK_PAGE_LIMIT_MAX, &page, &error))
        answer = tk_service_simulations(app->service, &request->actor, &page, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_simulation_begin(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_service_simulation_begin(app->service, &request->actor, body, &error);
    tk_api_answer(response, 202, answer, error);
}

void tk_api_simulation_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    if (tk_service_simulation_file(app->service, &request->actor, request->params[0], request->params[1],
                                   &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_simulations_compare(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_simulations_compare(app->service, &request->actor, request->params[0],
                                                    request->params[1], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_simulation(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_simulation(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_single_points(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *text = tk_http_query(request, "date");
    TkDate date = TK_DATE_NONE;
    GBytes *answer = NULL;
    if (text == NULL || *text == '\0' || tk_date_parse(text, strlen(text), &date, &error))
        answer = tk_service_single_points(app->service, &request->actor, date, &error);
    else
        g_prefix_error(&error, "date: ");
    tk_api_answer(response, 200, answer, error);
}

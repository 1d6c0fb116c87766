/* Controls: frameworks with coverage, one control, the effect of an answer. */
#include "http/api.h"

void tk_api_controls(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_controls(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_controls_items(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *framework = tk_http_query(request, "framework");
    GBytes *answer = tk_service_controls_items(
        app->service, &request->actor, framework != NULL && *framework != '\0' ? framework : NULL, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_control(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer =
        tk_service_control(app->service, &request->actor, request->params[0], request->params[1], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_control_effect(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL
                         ? NULL
                         : tk_service_control_effect(app->service, &request->actor, request->params[0],
                                                     request->params[1], body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_checks(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_checks(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_checks_run(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_checks_run(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_check_history(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_check_history(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

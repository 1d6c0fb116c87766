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

void tk_api_assessments(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_assessments(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_control_oscal(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    if (tk_service_oscal_export(app->service, &request->actor, request->params[0], request->params[1],
                                tk_http_query(request, "assessment"), &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_applicability(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    if (tk_service_applicability(app->service, &request->actor, request->params[0], request->params[1],
                                 tk_http_query(request, "lang"), &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_control_document(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    if (tk_service_oscal_document(app->service, &request->actor, request->params[0], &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_controls_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(request->body.data, request->body.len), findings = NULL;
    TkControlsImport how = {.framework = tk_http_query(request, "framework"),
                            .catalog = tk_http_query(request, "catalog"),
                            .name = tk_http_query(request, "name"),
                            .dry_run = tk_http_query_flag(request, "dry_run"),
                            .replace = tk_http_query_flag(request, "replace")};
    GBytes *answer =
        tk_service_controls_import(app->service, &request->actor, &how, bytes, &findings, &error);
    if (answer == NULL && findings != NULL)
        tk_http_respond_findings(response, error, findings);
    else
        tk_api_answer(response, 200, answer, error);
}

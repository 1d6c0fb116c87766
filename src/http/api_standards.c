/* Technical standards: the overview, the matrix, the package of a confirmation. */
#include "http/api.h"

void tk_api_standards(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate date;
    GBytes *answer = NULL;
    if (tk_api_query_date(request, "date", &date, &error))
        answer = tk_service_standards(app->service, &request->actor, date, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_standards_matrix(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate date;
    GBytes *answer = NULL;
    if (tk_api_query_date(request, "date", &date, &error))
        answer = tk_service_standards_matrix(app->service, &request->actor, date, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_standards_package(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    bool english = g_strcmp0(tk_http_query(request, "lang"), "en") == 0;
    if (tk_service_standards_package(app->service, &request->actor, request->params[0], english, &file,
                                     &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

/* ---- the safety and reliability standard ---- */

/* A query's text; NULL where it is absent or empty. */
static const char *asked(const TkHttpRequest *request, const char *name)
{
    const char *text = tk_http_query(request, name);
    return text != NULL && *text != '\0' ? text : NULL;
}

void tk_api_reliability(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_reliability(app->service, &request->actor, asked(request, "network"), &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_reliability_measures(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_reliability_measures(app->service, &request->actor, asked(request, "network"),
                                                     asked(request, "section"), &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_reliability_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    const char *text = request->body.data == NULL ? "" : request->body.data;
    GBytes *answer = tk_service_reliability_import(app->service, &request->actor, asked(request, "edition"),
                                                   text, request->body.len,
                                                   tk_http_query_flag(request, "dry_run"), &findings, &error);
    if (answer == NULL && findings != NULL)
        tk_http_respond_findings(response, error, findings);
    else
        tk_api_answer(response, 200, answer, error);
}

void tk_api_reliability_export(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    bool english = g_strcmp0(tk_http_query(request, "lang"), "en") == 0;
    if (tk_service_reliability_export(app->service, &request->actor, asked(request, "network"),
                                      request->params[0], english, &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

/* Risk: the evaluated register, its criteria, functional assurance, bow ties, and what others publish. */
#include "http/api.h"

static bool since_of(const TkHttpRequest *request, TkDate *since, GError **error)
{
    const char *text = tk_http_query(request, "since");
    *since = TK_DATE_NONE;
    if (text == NULL || *text == '\0' || tk_date_parse(text, strlen(text), since, error))
        return true;
    g_prefix_error(error, "since: ");
    return tk_error_at(error, "since");
}

void tk_api_risks(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate since;
    GBytes *answer = NULL;
    if (since_of(request, &since, &error))
        answer = tk_service_risks(app->service, &request->actor, since, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_risk(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_risk(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_risks_process(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_risks_process(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_risks_trial(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_service_risks_trial(app->service, &request->actor, body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_risks_export(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    if (tk_service_risks_export(app->service, &request->actor, request->params[0], &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_risks_report(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    TkDate since;
    if (since_of(request, &since, &error) &&
        tk_service_risks_report(app->service, &request->actor, since, &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_assurance(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_assurance(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_assurance_risks(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL
                         ? NULL
                         : tk_service_assurance_risks(app->service, &request->actor, body, &findings, &error);
    if (answer == NULL && findings != NULL)
        tk_http_respond_findings(response, error, findings);
    else
        tk_api_answer(response, 200, answer, error);
}

void tk_api_bow_ties(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_bow_ties(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_bow_tie(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_bow_tie(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_bow_tie_picture(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    bool english = g_strcmp0(tk_http_query(request, "lang"), "en") == 0;
    GBytes *answer =
        tk_service_bow_tie_picture(app->service, &request->actor, request->params[0], english, &error);
    if (answer == NULL)
        tk_http_respond_error(response, error);
    else
        tk_http_respond_bytes(response, 200, "image/svg+xml", answer);
}

void tk_api_risk_sources(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_risk_sources(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_references(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_references(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

/* Inspections and surveys, for those who run them. */
#include "http/api.h"

static const char *own_base(TkHttpApp *app, TkHttpRequest *request)
{
    return tk_arena_format(&request->arena, "%s://%s", tk_http_is_secure(&app->door) ? "https" : "http",
                           request->host);
}

static void answer_file(TkHttpRequest *request, TkHttpResponse *response, TkServiceFile *file, bool there,
                        GError *error)
{
    if (there)
        tk_api_answer_file(request, response, file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_questionnaires(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_questionnaires(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_questionnaire(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_questionnaire(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_questionnaire_put(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_service_questionnaire_put(app->service, &request->actor, body, &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_questionnaire_csv(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    bool there =
        tk_service_questionnaire_csv(app->service, &request->actor, request->params[0], &file, &error);
    answer_file(request, response, &file, there, error);
}

void tk_api_questionnaire_table(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_questionnaire_table(
        app->service, &request->actor, request->params[0], tk_http_query(request, "title"),
        tk_http_query(request, "title_en"), request->body.data, request->body.len, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_campaigns(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_campaigns(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_campaign(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_campaign(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_campaign_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_service_campaign_add(app->service, &request->actor, body, &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_campaign_act(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL
                                  : tk_service_campaign_act(app->service, &request->actor, request->params[0],
                                                            body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_campaign_invite(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL
                         ? NULL
                         : tk_service_campaign_invite(app->service, &request->actor, request->params[0], body,
                                                      own_base(app, request), &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_sheet_act(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL
                         ? NULL
                         : tk_service_sheet_act(app->service, &request->actor, request->params[0],
                                                request->params[1], body, own_base(app, request), &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_campaign_remind(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_campaign_remind(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_sheet(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer =
        tk_service_sheet(app->service, &request->actor, request->params[0], request->params[1], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_sheet_evidence(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    bool there = tk_service_sheet_evidence(app->service, &request->actor, request->params[0],
                                           request->params[1], &file, &error);
    answer_file(request, response, &file, there, error);
}

void tk_api_campaign_compare(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_campaign_compare(app->service, &request->actor, request->params[0],
                                                 tk_http_query(request, "with"), &error);
    tk_api_answer(response, 200, answer, error);
}

/* answers.csv, answers.xlsx, report.pdf: the name says the format. */
void tk_api_campaign_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    TkLang lang = g_strcmp0(tk_http_query(request, "lang"), "en") == 0 ? TK_LANG_EN : TK_LANG_JA;
    const char *format = strrchr(request->route->pattern, '.') + 1;
    bool there = tk_service_campaign_file(app->service, &request->actor, request->params[0], format, lang,
                                          &file, &error);
    answer_file(request, response, &file, there, error);
}

void tk_api_finding_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL
                                  : tk_service_finding_add(app->service, &request->actor, request->params[0],
                                                           body, &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_finding_act(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL
                                  : tk_service_finding_act(app->service, &request->actor, request->params[0],
                                                           body, &findings, &error);
    if (answer == NULL && findings != NULL)
        tk_http_respond_findings(response, error, findings);
    else
        tk_api_answer(response, 200, answer, error);
}

/* Management rules: editions, their text, comparison, import. */
#include "http/api.h"
#include "http/conditional.h"

static bool a_day(const TkHttpRequest *request, const char *name, TkDate *date, GError **error)
{
    const char *text = tk_http_query(request, name);
    *date = TK_DATE_NONE;
    return text == NULL || *text == '\0' || tk_date_parse(text, strlen(text), date, error) ||
           tk_error_at(error, name);
}

static bool a_time(const TkHttpRequest *request, const char *name, int64_t *at_us, GError **error)
{
    const char *text = tk_http_query(request, name);
    *at_us = TK_TIME_NONE;
    return text == NULL || *text == '\0' || tk_time_parse(text, strlen(text), at_us, error) ||
           tk_error_at(error, name);
}

void tk_api_rules(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate date;
    GBytes *answer = NULL;
    if (a_day(request, "date", &date, &error))
        answer = tk_service_rules(app->service, &request->actor, date, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_rules_edition(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate date;
    int64_t as_of_us;
    GBytes *answer = NULL;
    if (a_day(request, "date", &date, &error) && a_time(request, "as_of", &as_of_us, &error))
        answer = tk_service_rules_edition(app->service, &request->actor, request->params[0], as_of_us, date,
                                          &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_rules_save(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t expected;
    GBytes *answer = NULL;
    g_autoptr(GBytes) findings = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    if (body != NULL && tk_http_expected(request, body, &expected, &error))
        answer = tk_service_rules_save(app->service, &request->actor, request->params[0], expected, body,
                                       &findings, &error);
    if (answer == NULL && findings != NULL)
        tk_http_respond_findings(response, error, findings);
    else
        tk_api_answer(response, 200, answer, error);
}

void tk_api_rules_check(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_service_rules_check(app->service, &request->actor, body, &error);
    tk_api_answer(response, 200, answer, error);
}

static bool two_editions(const TkHttpRequest *request, TkRulesEdition *before, TkRulesEdition *after,
                         GError **error)
{
    *before = (TkRulesEdition){request->params[0], TK_TIME_NONE};
    *after = (TkRulesEdition){request->params[1], TK_TIME_NONE};
    return a_time(request, "before_as_of", &before->as_of_us, error) &&
           a_time(request, "after_as_of", &after->as_of_us, error);
}

void tk_api_rules_compare(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkRulesEdition before, after;
    GBytes *answer = NULL;
    if (two_editions(request, &before, &after, &error))
        answer = tk_service_rules_compare(app->service, &request->actor, &before, &after, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_rules_compare_pdf(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkRulesEdition before, after;
    g_auto(TkServiceFile) file = {0};
    if (two_editions(request, &before, &after, &error) &&
        tk_service_rules_compare_file(app->service, &request->actor, &before, &after, &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_rules_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkRulesEdition edition = {request->params[0], TK_TIME_NONE};
    g_auto(TkServiceFile) file = {0};
    if (a_time(request, "as_of", &edition.as_of_us, &error) &&
        tk_service_rules_file(app->service, &request->actor, &edition, request->params[1], &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_rules_notice(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    if (tk_service_rules_notice(app->service, &request->actor, request->params[0], &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_rules_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate date;
    GBytes *answer = NULL;
    g_autoptr(GBytes) bytes =
        g_bytes_new(request->body.data == NULL ? "" : request->body.data, request->body.len);
    if (a_day(request, "date", &date, &error))
        answer = tk_service_rules_import(app->service, &request->actor, tk_http_query(request, "name"), bytes,
                                         date, &error);
    tk_api_answer(response, 200, answer, error);
}

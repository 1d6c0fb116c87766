/* Questions to the law. */
#include "http/api.h"

static bool law_day(const TkHttpRequest *request, const char *name, TkDate *date, GError **error)
{
    const char *text = tk_http_query(request, name);
    *date = TK_DATE_NONE;
    if (text == NULL || *text == '\0' || tk_date_parse(text, strlen(text), date, error))
        return true;
    g_prefix_error(error, "%s: ", name);
    return false;
}

void tk_api_law(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate date = TK_DATE_NONE;
    GBytes *answer = NULL;
    if (law_day(request, "date", &date, &error))
        answer = tk_service_law(app->service, &request->actor, date, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_law_article(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate date = TK_DATE_NONE;
    GBytes *answer = NULL;
    if (law_day(request, "date", &date, &error))
        answer = tk_service_law_article(app->service, &request->actor, request->params[0], date, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_law_changes(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate before = TK_DATE_NONE, after = TK_DATE_NONE;
    GBytes *answer = NULL;
    if (law_day(request, "before", &before, &error) && law_day(request, "after", &after, &error)) {
        if (before == TK_DATE_NONE || after == TK_DATE_NONE)
            tk_fail(&error, TK_ERROR_INPUT, "before, after: two days such as 2026-03-31 and 2026-04-01");
        else
            answer = tk_service_law_changes(app->service, &request->actor, before, after, &error);
    }
    tk_api_answer(response, 200, answer, error);
}

void tk_api_judge(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL : tk_service_judge(app->service, &request->actor, body, &error);
    tk_api_answer(response, 200, answer, error);
}

/* Questions to the law. */
#include "http/api.h"

static bool law_date(const TkHttpRequest *request, TkDate *date, GError **error)
{
    const char *text = tk_http_query(request, "date");
    *date = TK_DATE_NONE;
    if (text == NULL || *text == '\0' || tk_date_parse(text, strlen(text), date, error))
        return true;
    g_prefix_error(error, "date: ");
    return false;
}

void tk_api_law(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate date = TK_DATE_NONE;
    GBytes *answer = NULL;
    if (law_date(request, &date, &error))
        answer = tk_service_law(app->service, &request->actor, date, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_law_article(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate date = TK_DATE_NONE;
    GBytes *answer = NULL;
    if (law_date(request, &date, &error))
        answer = tk_service_law_article(app->service, &request->actor, request->params[0], date, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_judge(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL : tk_service_judge(app->service, &request->actor, body, &error);
    tk_api_answer(response, 200, answer, error);
}

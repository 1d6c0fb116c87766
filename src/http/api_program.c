/* The governance programme: obligations, what-if, and the calendar. */
#include "http/api.h"

bool tk_api_query_date(const TkHttpRequest *request, const char *name, TkDate *date, GError **error)
{
    const char *text = tk_http_query(request, name);
    *date = TK_DATE_NONE;
    if (text == NULL || *text == '\0' || tk_date_parse(text, strlen(text), date, error))
        return true;
    g_prefix_error(error, "%s: ", name);
    return false;
}

void tk_api_program(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate date;
    GBytes *answer = NULL;
    if (tk_api_query_date(request, "date", &date, &error))
        answer = tk_service_program(app->service, &request->actor, date, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_program_officers(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate date;
    GBytes *answer = NULL;
    if (tk_api_query_date(request, "date", &date, &error))
        answer = tk_service_program_officers(app->service, &request->actor, date, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_officer_notice(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    if (tk_service_officer_notice(app->service, &request->actor, request->params[0], request->params[1],
                                  &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_program_facts(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_program_facts(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_program_what_if(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_service_program_what_if(app->service, &request->actor, body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_calendar(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate from, to;
    GBytes *answer = NULL;
    if (tk_api_query_date(request, "from", &from, &error) && tk_api_query_date(request, "to", &to, &error))
        answer = tk_service_calendar(app->service, &request->actor, from, to, &error);
    tk_api_answer(response, 200, answer, error);
}

/* The token stands in the address, because calendar programs know no other way; it opens nothing else. */
void tk_api_calendar_feed(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_calendar_feed(app->service, request->params[0], &error);
    if (answer == NULL)
        tk_http_respond_error(response, error);
    else
        tk_http_respond_bytes(response, 200, "text/calendar; charset=utf-8", answer);
}

void tk_api_reminders(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_reminders(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

/* What is read in the office rather than in the operations centre: statistics, the report for the board of
 * directors, what runs here. */
#include "http/api.h"

/* The query's day; TK_DATE_NONE where it is left out. */
static bool query_day(const TkHttpRequest *request, const char *name, TkDate *date, GError **error)
{
    const char *text = tk_http_query(request, name);
    *date = TK_DATE_NONE;
    if (text == NULL || *text == '\0' || tk_date_parse(text, strlen(text), date, error))
        return true;
    g_prefix_error(error, "%s: ", name);
    return false;
}

static bool query_period(const TkHttpRequest *request, TkDate *from, TkDate *to, GError **error)
{
    return query_day(request, "from", from, error) && query_day(request, "to", to, error);
}

void tk_api_statistics(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate from, to;
    GBytes *answer = NULL;
    if (query_period(request, &from, &to, &error))
        answer = tk_service_statistics(app->service, &request->actor, from, to, tk_http_query(request, "by"),
                                       &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_board_report(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate from, to;
    GBytes *answer = NULL;
    if (query_period(request, &from, &to, &error))
        answer = tk_service_board_report(app->service, &request->actor, from, to, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_board_report_pdf(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate from, to;
    g_auto(TkServiceFile) file = {0};
    bool wareki = g_strcmp0(tk_http_query(request, "wareki"), "1") == 0;
    if (query_period(request, &from, &to, &error) &&
        tk_service_board_report_file(app->service, &request->actor, from, to, wareki, &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_system(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    json_t *hosts = json_array();
    for (char **host = app->door.hosts; host != NULL && *host != NULL; host++)
        json_array_append_new(hosts, json_string(*host));
    json_t *door =
        json_pack("{s:i, s:b, s:b, s:b, s:o}", "port", (int)app->door.port, "tls", app->door.tls,
                  "behind_proxy", app->door.behind_proxy, "elsewhere", app->door.elsewhere, "hosts", hosts);
    GBytes *answer = tk_service_system(app->service, &request->actor, door, &error);
    tk_api_answer(response, 200, answer, error);
}

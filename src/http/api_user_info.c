/* Specified user information and external transmissions: what is there, and the pages to publish. */
#include "http/api.h"

static TkLang lang_of(const TkHttpRequest *request)
{
    return g_strcmp0(tk_http_query(request, "lang"), "en") == 0 ? TK_LANG_EN : TK_LANG_JA;
}

/* The page: shown as it will stand elsewhere, or saved with ?download=1. */
static void answer_page(TkHttpRequest *request, TkHttpResponse *response, TkServiceFile *file)
{
    if (!tk_http_query_flag(request, "download"))
        g_clear_pointer(&file->filename, g_free);
    tk_api_answer_file(request, response, file);
    response->published = true;
}

void tk_api_user_info(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *text = tk_http_query(request, "date");
    TkDate date = TK_DATE_NONE;
    GBytes *answer = NULL;
    if (text == NULL || *text == '\0' || tk_date_parse(text, strlen(text), &date, &error))
        answer = tk_service_user_info(app->service, &request->actor, date, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_policy(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_policy(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_policy_page(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t version;
    g_auto(TkServiceFile) file = {0};
    if (tk_http_query_int(request, "version", 0, 100000, 0, &version, &error) &&
        tk_service_policy_page(app->service, &request->actor, (unsigned)version, lang_of(request), &file,
                               &error))
        answer_page(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_policy_freeze(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    GBytes *answer = tk_service_policy_freeze(app->service, &request->actor, &findings, &error);
    if (answer == NULL && findings != NULL)
        tk_http_respond_findings(response, error, findings);
    else
        tk_api_answer(response, 201, answer, error);
}

void tk_api_policy_diff(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t from, to;
    GBytes *answer = NULL;
    if (tk_http_query_int(request, "from", 0, 100000, 0, &from, &error) &&
        tk_http_query_int(request, "to", 0, 100000, 0, &to, &error))
        answer = tk_service_policy_diff(app->service, &request->actor, (unsigned)from, (unsigned)to, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_user_counts(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    if (tk_service_user_counts(app->service, &request->actor, &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

void tk_api_transmissions(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_transmissions(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_transmissions_page(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    if (tk_service_transmissions_page(app->service, &request->actor, request->params[0], lang_of(request),
                                      &file, &error))
        answer_page(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

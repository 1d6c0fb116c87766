/* Reports: drafts, frozen versions and their files, the periodic list. */
#include "http/api.h"

static const char *const formats[] = {"pdf", "xlsx", "csv", "json", NULL};

static bool known_format(const char *format, GError **error)
{
    return g_strv_contains(formats, format) ||
           tk_fail_both(error, TK_ERROR_NOT_FOUND,
                        "「%s」という形式はありません。pdf、xlsx、csv、json から選んでください。",
                        "“%s” is no format of a report; there are pdf, xlsx, csv, json", format);
}

static bool report_number(const char *text, unsigned *number, GError **error)
{
    guint64 value;
    if (!g_ascii_string_to_unsigned(text, 10, 1, 100000, &value, NULL))
        return tk_fail_both(error, TK_ERROR_NOT_FOUND,
                            "「%s」は確定した報告の番号ではありません。1 から数えます。",
                            "“%s” is not the number of a frozen report; they count from 1", text);
    *number = (unsigned)value;
    return true;
}

void tk_api_answer_file(TkHttpRequest *request, TkHttpResponse *response, TkServiceFile *file)
{
    const char *type = tk_arena_text(&request->arena, file->content_type);
    tk_http_respond_bytes(response, 200, type, g_steal_pointer(&file->bytes));
    if (file->filename != NULL)
        tk_http_attach(request, response, file->filename);
}

/* Accidents and cases are reported alike; what differs is whose use case is called. */
typedef GBytes *(*FreezeFn)(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                            GBytes **findings, GError **error);
typedef GBytes *(*DraftFn)(TkApp *app, const TkActor *actor, const char *id, const char *kind,
                           GError **error);
typedef bool (*FileFn)(TkApp *app, const TkActor *actor, const char *id, unsigned number, const char *format,
                       TkServiceFile *file, GError **error);
typedef GBytes *(*DiffFn)(TkApp *app, const TkActor *actor, const char *id, unsigned from, unsigned to,
                          GError **error);

static void answer_freeze(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response, FreezeFn freeze)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL
                         ? NULL
                         : freeze(app->service, &request->actor, request->params[0], body, &findings, &error);
    if (answer == NULL && findings != NULL)
        tk_http_respond_findings(response, error, findings);
    else
        tk_api_answer(response, 201, answer, error);
}

static void answer_draft(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response, DraftFn draft)
{
    GError *error = NULL;
    GBytes *answer = draft(app->service, &request->actor, request->params[0], request->params[1], &error);
    tk_api_answer(response, 200, answer, error);
}

static void answer_frozen(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response, FileFn read)
{
    GError *error = NULL;
    unsigned number = 0;
    g_auto(TkServiceFile) file = {0};
    const char *format = request->params[2];
    if (report_number(request->params[1], &number, &error) && known_format(format, &error) &&
        read(app->service, &request->actor, request->params[0], number, format, &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

static void answer_diff(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response, DiffFn diff)
{
    GError *error = NULL;
    unsigned from = 0, to = 0;
    GBytes *answer = NULL;
    if (report_number(request->params[1], &from, &error) && report_number(request->params[2], &to, &error))
        answer = diff(app->service, &request->actor, request->params[0], from, to, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_report_freeze(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    answer_freeze(app, request, response, tk_service_report_freeze);
}

void tk_api_report_draft(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    answer_draft(app, request, response, tk_service_report_draft);
}

void tk_api_report_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    answer_frozen(app, request, response, tk_service_report_file);
}

void tk_api_report_diff(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    answer_diff(app, request, response, tk_service_report_diff);
}

void tk_api_case_report_freeze(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    answer_freeze(app, request, response, tk_service_case_report_freeze);
}

void tk_api_case_report_draft(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    answer_draft(app, request, response, tk_service_case_report_draft);
}

void tk_api_case_report_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    answer_frozen(app, request, response, tk_service_case_report_file);
}

void tk_api_case_report_diff(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    answer_diff(app, request, response, tk_service_case_report_diff);
}

void tk_api_case_report(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_auto(TkServiceFile) file = {0};
    const char *format = request->params[1];
    if (known_format(format, &error) &&
        tk_service_case_report(app->service, &request->actor, request->params[0], format, &file, &error))
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

static bool query_date(const TkHttpRequest *request, const char *name, TkDate *date, GError **error)
{
    const char *text = tk_http_query(request, name);
    if (text == NULL)
        return tk_fail_both(error, TK_ERROR_INPUT, "「%s」を 2026-04-01 のような日付で指定してください。",
                            "%s is missing; it is a date such as 2026-04-01", name);
    if (tk_date_parse(text, strlen(text), date, error))
        return true;
    g_prefix_error(error, "%s: ", name);
    return false;
}

void tk_api_periodic(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate from = TK_DATE_NONE, to = TK_DATE_NONE;
    g_auto(TkServiceFile) file = {0};
    const char *form = tk_http_query(request, "form");
    const char *format = tk_http_query(request, "format");
    form = form == NULL ? "detailed" : form;
    format = format == NULL ? "json" : format;
    bool ok = query_date(request, "from", &from, &error) && query_date(request, "to", &to, &error);
    if (ok && !g_strv_contains(formats, format))
        ok = tk_fail_both(&error, TK_ERROR_INPUT, "形式は json、csv、xlsx、pdf から選んでください。",
                          "format must be json, csv, xlsx or pdf");
    ok = ok && tk_service_periodic(app->service, &request->actor, from, to, form, format, &file, &error);
    if (ok)
        tk_api_answer_file(request, response, &file);
    else
        tk_http_respond_error(response, error);
}

/* The list is named by its period in the body, not in the path. */
static GBytes *freeze_list(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                           GBytes **findings, GError **error)
{
    (void)id;
    return tk_service_periodic_freeze(app, actor, request, findings, error);
}

void tk_api_periodic_freeze(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    answer_freeze(app, request, response, freeze_list);
}

void tk_api_periodic_versions(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkDate from = TK_DATE_NONE, to = TK_DATE_NONE;
    GBytes *answer = NULL;
    const char *form = tk_http_query(request, "form");
    if (query_date(request, "from", &from, &error) && query_date(request, "to", &to, &error))
        answer = tk_service_periodic_versions(app->service, &request->actor, from, to,
                                              form == NULL ? "detailed" : form, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_periodic_draft(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_periodic_draft(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_periodic_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    answer_frozen(app, request, response, tk_service_periodic_file);
}

void tk_api_periodic_diff(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    answer_diff(app, request, response, tk_service_periodic_diff);
}

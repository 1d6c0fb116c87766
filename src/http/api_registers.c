/* Registers: records, their history, import and export, evidence files. */
#include "http/api.h"
#include "http/conditional.h"

static void answer_write(TkHttpResponse *response, unsigned status, GBytes *bytes, GBytes *findings,
                         GError *error)
{
    if (bytes == NULL && findings != NULL)
        tk_http_respond_findings(response, error, findings);
    else
        tk_api_answer(response, status, bytes, error);
}

void tk_api_registers(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_registers_schemas(tk_service_registers(app->service), &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

/* ---- lists ---- */

/* FIELD=v, FIELD.from=v, FIELD.to=v */
static bool take_filter(TkHttpRequest *request, const TkHttpPair *pair, TkRegisterQuery *query,
                        GError **error)
{
    static const char *const own[] = {"search", "order", "descending", "due", "limit", "cursor", NULL};
    if (g_strv_contains(own, pair->name))
        return true;
    if (query->filter_count == TK_REGISTER_FILTERS_MAX)
        return tk_fail_both(error, TK_ERROR_INPUT, "一覧の絞り込みは %d 件までです。",
                            "a list takes at most %d filters", TK_REGISTER_FILTERS_MAX);
    TkRegisterFilter *filter = &query->filters[query->filter_count++];
    *filter = (TkRegisterFilter){pair->name, TK_FILTER_EQ, pair->value};
    if (g_str_has_suffix(pair->name, ".from"))
        filter->op = TK_FILTER_GE;
    else if (g_str_has_suffix(pair->name, ".to"))
        filter->op = TK_FILTER_LE;
    if (filter->op != TK_FILTER_EQ)
        filter->field =
            tk_arena_copy(&request->arena, pair->name, (size_t)(strrchr(pair->name, '.') - pair->name));
    return filter->field != NULL || tk_fail(error, TK_ERROR_LIMIT, "the request is too large");
}

void tk_api_register_list(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t limit = 0;
    TkRegisterQuery query = {.search = tk_http_query(request, "search"),
                             .order = tk_http_query(request, "order"),
                             .cursor = tk_http_query(request, "cursor"),
                             .descending = tk_http_query_flag(request, "descending"),
                             .due = tk_http_query_flag(request, "due")};
    bool ok = tk_http_query_int(request, "limit", 1, 500, 100, &limit, &error);
    for (size_t i = 0; ok && i < request->query_count; i++)
        ok = take_filter(request, &request->query[i], &query, &error);
    query.limit = (unsigned)limit;
    GBytes *answer = !ok ? NULL
                         : tk_register_list(tk_service_registers(app->service), &request->actor,
                                            request->params[0], &query, &error);
    tk_api_answer(response, 200, answer, error);
}

/* ---- one record ---- */

void tk_api_register_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL
                                  : tk_register_add(tk_service_registers(app->service), &request->actor,
                                                    request->params[0], body, NULL, &findings, &error);
    answer_write(response, 201, answer, findings, error);
}

void tk_api_register_get(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t as_of_us = TK_TIME_NONE;
    const char *as_of = tk_http_query(request, "as_of");
    GBytes *answer = NULL;
    if (as_of == NULL || tk_time_parse(as_of, strlen(as_of), &as_of_us, &error))
        answer = tk_register_get(tk_service_registers(app->service), &request->actor, request->params[0],
                                 request->params[1], as_of_us, tk_http_query_flag(request, "reveal"), NULL,
                                 &error);
    else
        g_prefix_error(&error, "as_of: ");
    tk_api_answer(response, 200, answer, error);
}

void tk_api_register_put(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t expected;
    GBytes *answer = NULL;
    g_autoptr(GBytes) findings = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    if (body != NULL && tk_http_expected(request, body, &expected, &error))
        answer = tk_register_put(tk_service_registers(app->service), &request->actor, request->params[0],
                                 request->params[1], expected, body, NULL, &findings, &error);
    answer_write(response, 200, answer, findings, error);
}

void tk_api_register_delete(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t expected;
    GBytes *answer = NULL;
    if (tk_http_expected(request, NULL, &expected, &error))
        answer = tk_register_delete(tk_service_registers(app->service), &request->actor, request->params[0],
                                    request->params[1], expected, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_register_restore(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    GBytes *answer = tk_register_restore(tk_service_registers(app->service), &request->actor,
                                         request->params[0], request->params[1], NULL, &findings, &error);
    answer_write(response, 200, answer, findings, error);
}

void tk_api_register_history(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_register_history(tk_service_registers(app->service), &request->actor,
                                         request->params[0], request->params[1], &error);
    tk_api_answer(response, 200, answer, error);
}

/* ---- many at once ---- */

void tk_api_register_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *text = request->body.data == NULL ? "" : request->body.data;
    GBytes *answer =
        tk_register_import_sheet(tk_service_registers(app->service), &request->actor, request->params[0],
                                 tk_http_query(request, "sheet"), text, request->body.len,
                                 tk_http_query_flag(request, "dry_run"), &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_register_export(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *format = request->params[1];
    GBytes *answer =
        tk_register_export(tk_service_registers(app->service), &request->actor, request->params[0], format,
                           tk_http_query_flag(request, "reveal"), &error);
    if (answer == NULL) {
        tk_http_respond_error(response, error);
        return;
    }
    const char *type = strcmp(format, "csv") == 0    ? "text/csv; charset=utf-8"
                       : strcmp(format, "xlsx") == 0 ? TK_XLSX_TYPE
                                                     : "application/json";
    tk_http_respond_bytes(response, 200, type, answer);
    g_autofree char *name = g_strdup_printf("%s.%s", request->params[0], format);
    tk_http_attach(request, response, name);
}

void tk_api_topology(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_register_topology_export(tk_service_registers(app->service), &request->actor, &error);
    if (answer == NULL)
        tk_http_respond_error(response, error);
    else
        tk_http_respond_bytes(response, 200, "application/x-ndjson", answer);
}

void tk_api_topology_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *text = request->body.data == NULL ? "" : request->body.data;
    GBytes *answer =
        tk_register_topology_import(tk_service_registers(app->service), &request->actor, text,
                                    request->body.len, tk_http_query_flag(request, "dry_run"), &error);
    tk_api_answer(response, 200, answer, error);
}

/* ---- evidence ---- */

void tk_api_register_file_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(request->body.data, request->body.len);
    GBytes *answer = tk_register_file_add(tk_service_registers(app->service), &request->actor, bytes, &error);
    tk_api_answer(response, 201, answer, error);
}

/* Always as a download of bytes: what people have sent is never shown as a page of ours. */
void tk_api_register_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer =
        tk_register_file(tk_service_registers(app->service), &request->actor, request->params[0], &error);
    if (answer == NULL) {
        tk_http_respond_error(response, error);
        return;
    }
    tk_http_respond_bytes(response, 200, "application/octet-stream", answer);
    tk_http_attach(request, response, request->params[0]);
}

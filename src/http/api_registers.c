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

/* What an import needs when nobody holds the request any more. */
typedef struct {
    TkRegisters *registers;
    char *account, *name, *sheet, *text;
    TkRole role;
    size_t len;
    bool dry_run;
} ImportJob;

static void import_job_free(void *data)
{
    ImportJob *import = data;
    g_free(import->account);
    g_free(import->name);
    g_free(import->sheet);
    g_free(import->text);
    g_free(import);
}

static GBytes *import_job(TkJob *job, void *data, GError **error)
{
    const ImportJob *import = data;
    TkActor actor = {import->account, import->role};
    return tk_register_import_sheet(import->registers, &actor, import->name, import->sheet, import->text,
                                    import->len, import->dry_run, job, error);
}

static bool wants_job(const TkHttpRequest *request)
{
    return request->prefer != NULL && strstr(request->prefer, "respond-async") != NULL;
}

static void begin_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response, const char *text)
{
    GError *error = NULL;
    ImportJob *import = g_new0(ImportJob, 1);
    *import = (ImportJob){.registers = tk_service_registers(app->service),
                          .account = g_strdup(request->actor.id),
                          .name = g_strdup(request->params[0]),
                          .sheet = g_strdup(tk_http_query(request, "sheet")),
                          .text = g_memdup2(text, request->body.len),
                          .role = request->actor.role,
                          .len = request->body.len,
                          .dry_run = tk_http_query_flag(request, "dry_run")};
    TkJobs *jobs = tk_service_jobs(app->service);
    g_autofree char *id =
        tk_jobs_begin(jobs, request->actor.id, "import", import_job, import, import_job_free, &error);
    GBytes *answer = id == NULL ? NULL : tk_jobs_get(jobs, request->actor.id, id, &error);
    tk_api_answer(response, 202, answer, error);
}

void tk_api_job(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer =
        tk_jobs_get(tk_service_jobs(app->service), request->actor.id, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_job_cancel(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer =
        tk_jobs_cancel(tk_service_jobs(app->service), request->actor.id, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_register_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    const char *text = request->body.data == NULL ? "" : request->body.data;
    if (wants_job(request)) {
        begin_import(app, request, response, text);
        return;
    }
    GBytes *answer =
        tk_register_import_sheet(tk_service_registers(app->service), &request->actor, request->params[0],
                                 tk_http_query(request, "sheet"), text, request->body.len,
                                 tk_http_query_flag(request, "dry_run"), NULL, &error);
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

/* The log for readers, the witness for other logs. Full tiles never change and may be kept for ever; the
 * checkpoint, and tiles that still grow, are asked for each time. */
#include "http/api.h"

static void answer_file(TkHttpResponse *response, const char *type, bool whole, GBytes *bytes, GError *error)
{
    if (bytes == NULL) {
        tk_http_respond_error(response, error);
        return;
    }
    tk_http_respond_bytes(response, 200, type, bytes);
    response->cache = whole ? TK_CACHE_FOREVER : TK_CACHE_NONE;
}

void tk_api_ledger_checkpoint(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    (void)request;
    GError *error = NULL;
    GBytes *bytes = tk_ledger_checkpoint(app->service, &error);
    answer_file(response, "text/plain; charset=utf-8", false, bytes, error);
}

void tk_api_ledger_keys(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    (void)request;
    GError *error = NULL;
    GBytes *bytes = tk_ledger_keys(app->service, &error);
    answer_file(response, "text/plain; charset=utf-8", false, bytes, error);
}

void tk_api_ledger_tile(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    bool whole = false;
    GBytes *bytes = tk_ledger_tile(app->service, request->params[0], &whole, &error);
    answer_file(response, "application/octet-stream", whole, bytes, error);
}

void tk_api_ledger_cosign(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkWitnessAnswer answer;
    const char *body = request->body.data == NULL ? "" : request->body.data;
    GBytes *bytes = tk_ledger_witness(app->service, body, request->body.len, &answer, &error);
    if (bytes == NULL)
        tk_http_respond_error(response, error);
    else
        tk_http_respond_bytes(response, answer.status, answer.content_type, bytes);
}

void tk_api_ledger(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_ledger_status(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_ledger_proof(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = NULL;
    int64_t index;
    if (tk_http_query_int(request, "index", 0, (int64_t)TK_TREE_SIZE_MAX, -1, &index, &error)) {
        if (index < 0)
            tk_fail(&error, TK_ERROR_INPUT, "index: the entry's number is needed, counted from 0");
        else
            answer = tk_ledger_proof(app->service, &request->actor, (uint64_t)index, &error);
    }
    tk_api_answer(response, 200, answer, error);
}

void tk_api_ledger_add_witness(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL : tk_ledger_add_witness(app->service, &request->actor, body, &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_ledger_trust_log(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL ? NULL : tk_ledger_trust_log(app->service, &request->actor, body, &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_ledger_remove_witness(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_ledger_remove_witness(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_ledger_untrust_log(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_ledger_untrust_log(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_ledger_timestamps(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkPage page;
    GBytes *answer = NULL;
    if (tk_http_page(request, TK_PAGE_LIMIT_MAX, &page, &error))
        answer = tk_ledger_timestamps(app->service, &request->actor, &page, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_ledger_add_timestamp(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_ledger_add_timestamp(app->service, &request->actor, body, &error);
    tk_api_answer(response, 201, answer, error);
}

void tk_api_ledger_timestamp(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *bytes = tk_ledger_timestamp(app->service, &request->actor, request->params[0], &error);
    answer_file(response, "application/timestamp-reply", false, bytes, error);
}

/* An instant of the query; TK_TIME_NONE where it is left out. */
static bool query_time(const TkHttpRequest *request, const char *name, int64_t *at_us, GError **error)
{
    const char *text = tk_http_query(request, name);
    *at_us = TK_TIME_NONE;
    if (text == NULL || *text == '\0' || tk_time_parse(text, strlen(text), at_us, error))
        return true;
    g_prefix_error(error, "%s: ", name);
    return false;
}

void tk_api_ledger_events(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = NULL;
    int64_t limit, before;
    TkLedgerQuery query = {.who = tk_http_query(request, "who"),
                           .what = tk_http_query(request, "what"),
                           .kind = tk_http_query(request, "kind"),
                           .id = tk_http_query(request, "id")};
    if (query_time(request, "from", &query.from_us, &error) &&
        query_time(request, "to", &query.to_us, &error) &&
        tk_http_query_int(request, "limit", 1, 200, 50, &limit, &error) &&
        tk_http_query_int(request, "before", 0, INT64_MAX, INT64_MAX, &before, &error)) {
        query.limit = (unsigned)limit;
        query.before = (uint64_t)before;
        answer = tk_ledger_search(app->service, &request->actor, &query, &error);
    }
    tk_api_answer(response, 200, answer, error);
}

/* Responses, and what handlers read from a request. */
#include <inttypes.h>

#include "http/conditional.h"
#include "http/problem.h"
#include "http/router.h"

#define PROBLEM_MAX  16384
#define FINDINGS_MAX (256 * 1024)

const char *tk_http_query(const TkHttpRequest *request, const char *name)
{
    for (size_t i = 0; i < request->query_count; i++)
        if (strcmp(request->query[i].name, name) == 0)
            return request->query[i].value;
    return NULL;
}

bool tk_http_query_int(const TkHttpRequest *request, const char *name, int64_t low, int64_t high,
                       int64_t otherwise, int64_t *value, GError **error)
{
    const char *text = tk_http_query(request, name);
    *value = otherwise;
    if (text == NULL || *text == '\0')
        return true;
    if (g_ascii_string_to_signed(text, 10, low, high, value, NULL))
        return true;
    return tk_fail_both(error, TK_ERROR_INPUT, "%s は %" PRId64 " から %" PRId64 " までの整数です。",
                        "%s must be a whole number from %" PRId64 " to %" PRId64, name, low, high) ||
           tk_error_at(error, name);
}

bool tk_http_page(const TkHttpRequest *request, unsigned otherwise, TkPage *page, GError **error)
{
    int64_t limit = 0;
    if (!tk_http_query_int(request, "limit", 1, TK_PAGE_LIMIT_MAX, otherwise, &limit, error))
        return false;
    *page = (TkPage){.limit = (unsigned)limit, .cursor = tk_http_query(request, "cursor")};
    return true;
}

/* If-Match stands for the body's version. */
static bool take_version(const TkHttpRequest *request, json_t *body, GError **error)
{
    const json_t *beside = json_object_get(body, "version");
    int64_t version = 0;
    if (request->if_match == NULL || request->route == NULL || !request->route->versioned)
        return true;
    if (!tk_http_if_match(request, &version, error))
        return false;
    if (beside != NULL && json_integer_value(beside) != version)
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "If-Match と version が食い違っています。一方だけ送ってください。",
                            "version: is not the one of If-Match; send one of them");
    json_object_set_new(body, "version", json_integer((json_int_t)version));
    return true;
}

bool tk_http_query_flag(const TkHttpRequest *request, const char *name)
{
    const char *text = tk_http_query(request, name);
    return text != NULL && (strcmp(text, "1") == 0 || strcmp(text, "true") == 0);
}

json_t *tk_http_body_object(TkHttpRequest *request, GError **error)
{
    json_t *root = tk_json_read("the body", request->body.data == NULL ? "" : request->body.data,
                                request->body.len, request->body.max, error);
    if (root == NULL)
        return NULL;
    if (!json_is_object(root))
        tk_fail_both(error, TK_ERROR_INPUT, "送る内容は JSON のオブジェクトにしてください。",
                     "the body must be a JSON object");
    else if (take_version(request, root, error))
        return root;
    json_decref(root);
    return NULL;
}

void tk_http_response_clear(TkHttpResponse *response)
{
    g_clear_pointer(&response->body, g_bytes_unref);
    *response = (TkHttpResponse){0};
}

void tk_http_respond_bytes(TkHttpResponse *response, unsigned status, const char *type, GBytes *bytes)
{
    tk_http_response_clear(response);
    response->status = status;
    response->type = type;
    response->body = bytes;
}

void tk_http_respond_json(TkHttpResponse *response, unsigned status, TkBuf *buf)
{
    if (buf->overflow) {
        tk_http_respond_refusal(response, 500, TK_ERROR_INTERNAL,
                                "応答が %zu バイトを超えました。管理者に知らせてください。",
                                "the answer is larger than %zu bytes; tell the operator", buf->max);
        return;
    }
    tk_http_respond_bytes(response, status, "application/json", g_bytes_new_take(buf->data, buf->len));
    buf->data = NULL;
    buf->len = buf->cap = 0;
}

/* Takes `error`. What If-Match asked for and is no longer so is 412 (RFC 9110, 13.1.1). */
static void write_problem(TkHttpResponse *response, const TkProblem *problem, unsigned status, GError *error,
                          const json_t *more)
{
    g_auto(TkBuf) buf = {0};
    if (response->conditional && g_error_matches(error, TK_ERROR, TK_ERROR_STALE)) {
        problem = tk_problem_of_status(412);
        status = 412;
    }
    tk_buf_init(&buf, PROBLEM_MAX + (more == NULL ? 0 : FINDINGS_MAX));
    tk_problem_write(problem, status, error, more, &buf);
    tk_http_respond_json(response, status, &buf);
    response->type = TK_PROBLEM_TYPE;
    g_error_free(error);
}

static const TkProblem *problem_of(const GError *error)
{
    return tk_problem_of_error(error->domain == TK_ERROR ? (TkErrorCode)error->code : TK_ERROR_INTERNAL);
}

void tk_http_respond_error(TkHttpResponse *response, GError *error)
{
    const TkProblem *problem = problem_of(error);
    write_problem(response, problem, problem->status, error, NULL);
}

void tk_http_respond_findings(TkHttpResponse *response, GError *error, GBytes *findings)
{
    gsize len;
    const char *text = g_bytes_get_data(findings, &len);
    g_autoptr(json_t) more = tk_json_read("the findings", text, len, FINDINGS_MAX, NULL);
    const TkProblem *problem = problem_of(error);
    write_problem(response, problem, problem->status, error, more);
}

void tk_http_respond_refusal(TkHttpResponse *response, unsigned status, TkErrorCode code, const char *ja,
                             const char *en, ...)
{
    const TkProblem *own = tk_problem_of_status(status);
    va_list args, again;
    va_start(args, en);
    va_copy(again, args);
    g_autofree char *said_ja = g_strdup_vprintf(ja, args);
    g_autofree char *said_en = g_strdup_vprintf(en, again);
    va_end(again);
    va_end(args);
    GError *error = NULL;
    tk_fail_both(&error, code, "%s%.0s", "%.0s%s", said_ja, said_en);
    write_problem(response, own != NULL ? own : tk_problem_of_error(code), status, error, NULL);
}

void tk_http_respond_sign_in(TkHttpResponse *response, GError *error, bool needs_code)
{
    g_autoptr(json_t) more = needs_code ? json_pack("{s:b}", "needs_code", 1) : NULL;
    write_problem(response, tk_problem_of_status(401), 401, error, more);
}

void tk_http_attach(TkHttpRequest *request, TkHttpResponse *response, const char *file_name)
{
    g_autofree char *plain = g_strdup(file_name);
    for (char *p = plain; *p != '\0'; p++)
        if (!g_ascii_isalnum(*p) && strchr(".-_", *p) == NULL)
            *p = '_';
    g_autofree char *encoded = g_uri_escape_string(file_name, NULL, FALSE);
    response->disposition =
        tk_arena_format(&request->arena, "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, encoded);
}

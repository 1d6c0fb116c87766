/* Responses, and what handlers read from a request. */
#include <inttypes.h>

#include "http/request.h"

#define ERROR_MAX    8192
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
    return tk_fail(error, TK_ERROR_INPUT, "%s must be a whole number from %" PRId64 " to %" PRId64, name, low,
                   high);
}

json_t *tk_http_body_object(TkHttpRequest *request, GError **error)
{
    json_t *root = tk_json_read("the body", request->body.data == NULL ? "" : request->body.data,
                                request->body.len, request->body.max, error);
    if (root == NULL || json_is_object(root))
        return root;
    json_decref(root);
    tk_fail(error, TK_ERROR_INPUT, "the body must be a JSON object");
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
        tk_http_respond_refusal(response, 500, TK_ERROR_INTERNAL, "the answer is larger than %zu bytes",
                                buf->max);
        return;
    }
    tk_http_respond_bytes(response, status, "application/json", g_bytes_new_take(buf->data, buf->len));
    buf->data = NULL;
    buf->len = buf->cap = 0;
}

typedef struct {
    const char *name;
    unsigned status;
    const char *ja;
} ErrorKind;

static const ErrorKind kinds[] = {
    [TK_ERROR_INPUT] = {"input", 400, "入力に誤りがあります。"},
    [TK_ERROR_LIMIT] = {"limit", 413, "大きさが上限を超えています。"},
    [TK_ERROR_LAW] = {"law", 422, "法令データからは判断できません。"},
    [TK_ERROR_NOT_FOUND] = {"not-found", 404, "見つかりません。"},
    [TK_ERROR_CONFLICT] = {"conflict", 409,
                           "ほかの変更と食い違っています。読み直してからやり直してください。"},
    [TK_ERROR_FORBIDDEN] = {"forbidden", 403, "この操作は許可されていません。"},
    [TK_ERROR_IO] = {"io", 503, "保存先または通信に障害があります。"},
    [TK_ERROR_REFUSED] = {"conflict", 409, "確認事項があるため受け付けられません。"},
    [TK_ERROR_INVALID] = {"invalid", 422, "入力した項目に誤りがあります。"},
    [TK_ERROR_INTERNAL] = {"internal", 500, "サーバー内部の誤りです。"},
};

static void write_error(TkHttpResponse *response, unsigned status, const ErrorKind *kind, const char *message,
                        bool needs_code, const json_t *more)
{
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, ERROR_MAX + (more == NULL ? 0 : FINDINGS_MAX));
    g_autofree char *valid = g_utf8_make_valid(message, MIN((gssize)strlen(message), ERROR_MAX / 8));
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_json_key(&w, "error");
    tk_json_begin_object(&w);
    tk_json_key(&w, "code");
    tk_json_text(&w, kind->name);
    tk_json_key(&w, "message");
    tk_json_text(&w, valid);
    tk_json_key(&w, "message_ja");
    tk_json_text(&w, kind->ja);
    if (needs_code) {
        tk_json_key(&w, "needs_code");
        tk_json_bool(&w, true);
    }
    tk_json_end_object(&w);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)more, key, value)
    {
        tk_json_key(&w, key);
        tk_json_value(&w, value);
    }
    tk_json_end_object(&w);
    tk_http_respond_json(response, status == 0 ? kind->status : status, &buf);
}

static const ErrorKind *kind_of(TkErrorCode code)
{
    return (size_t)code < G_N_ELEMENTS(kinds) ? &kinds[code] : &kinds[TK_ERROR_INTERNAL];
}

void tk_http_respond_error(TkHttpResponse *response, GError *error)
{
    const ErrorKind *kind = kind_of(error->domain == TK_ERROR ? (TkErrorCode)error->code : TK_ERROR_INTERNAL);
    write_error(response, 0, kind, error->message, false, NULL);
    g_error_free(error);
}

void tk_http_respond_findings(TkHttpResponse *response, GError *error, GBytes *findings)
{
    gsize len;
    const char *text = g_bytes_get_data(findings, &len);
    g_autoptr(json_t) more = tk_json_read("the findings", text, len, FINDINGS_MAX, NULL);
    write_error(response, 0, kind_of((TkErrorCode)error->code), error->message, false, more);
    g_error_free(error);
}

void tk_http_respond_refusal(TkHttpResponse *response, unsigned status, TkErrorCode code, const char *format,
                             ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    write_error(response, status, kind_of(code), message, false, NULL);
}

void tk_http_respond_sign_in(TkHttpResponse *response, const char *message, bool needs_code)
{
    static const ErrorKind kind = {"sign-in", 401, "サインインしてください。"};
    write_error(response, 401, &kind, message, needs_code, NULL);
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

#include "http/conditional.h"

#define DIGEST_HEX 16
#define TAGGED_MAX                                                                                           \
    (1024 * 1024) /* bytes of an answer that gets a tag: beyond that hashing is no longer cheap */
#define KEY_MAX 200

/* ---- versions ---- */

bool tk_http_if_match(const TkHttpRequest *request, int64_t *version, GError **error)
{
    const char *tag = request->if_match;
    if (tag == NULL)
        return true;
    size_t digits = tag[0] == '"' ? strspn(tag + 1, "0123456789") : 0;
    const char *end = digits == 0 ? "" : tag + 1 + digits;
    if (*end == '-')
        end += 1 + strspn(end + 1, "0123456789abcdef");
    g_autofree char *number = digits == 0 ? NULL : g_strndup(tag + 1, digits);
    if (number != NULL && strcmp(end, "\"") == 0 &&
        g_ascii_string_to_signed(number, 10, 1, G_MAXINT64, version, NULL))
        return true;
    return tk_fail_both(error, TK_ERROR_INPUT,
                        "If-Match には読んだときの ETag を一つそのまま付けてください。",
                        "If-Match: must be one ETag of a record as it was given, such as \"3\"");
}

bool tk_http_expected(const TkHttpRequest *request, const json_t *body, int64_t *version, GError **error)
{
    const json_t *beside = json_object_get(body, "version");
    *version = 0;
    if (request->if_match != NULL)
        return tk_http_if_match(request, version, error);
    if (json_is_integer(beside) && json_integer_value(beside) > 0)
        *version = json_integer_value(beside);
    else if (beside != NULL)
        return tk_fail_both(error, TK_ERROR_INPUT, "version は 1 以上の整数です。",
                            "version: must be a whole number from 1");
    else if (!tk_http_query_int(request, "version", 1, INT64_MAX, 0, version, error))
        return false;
    return *version > 0 ||
           tk_fail_both(error, TK_ERROR_NO_VERSION, "読んだ版を If-Match または version で示してください。",
                        "If-Match: missing; send the ETag of the record as you have read it, or its version");
}

/* ---- tags ---- */

static int64_t version_of(GBytes *body)
{
    gsize len;
    const char *text = g_bytes_get_data(body, &len);
    g_autoptr(json_t) document = tk_json_read("the answer", text, len, TAGGED_MAX, NULL);
    return json_integer_value(json_object_get(document, "version"));
}

bool tk_http_has_tag(const TkHttpRequest *request, const char *etag)
{
    const char *seen = request->if_none_match;
    return seen != NULL && etag != NULL && (strcmp(seen, "*") == 0 || strstr(seen, etag) != NULL);
}

void tk_http_tag(TkHttpRequest *request, TkHttpResponse *response)
{
    const TkRoute *route = request->route;
    bool reads = request->method == TK_HTTP_GET, record = route->versioned || tk_route_creates(route);
    if (response->body == NULL || response->status >= 300 || response->stream || (!reads && !record))
        return;
    if (response->etag == NULL && g_bytes_get_size(response->body) <= TAGGED_MAX) {
        g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, response->body);
        int64_t version = record ? version_of(response->body) : 0;
        response->etag = version > 0 ? tk_arena_format(&request->arena, "\"%" G_GINT64_FORMAT "-%.*s\"",
                                                       version, DIGEST_HEX, hash)
                                     : tk_arena_format(&request->arena, "\"%.*s\"", DIGEST_HEX, hash);
    }
    if (!reads || !tk_http_has_tag(request, response->etag))
        return;
    response->status = 304;
    g_clear_pointer(&response->body, g_bytes_unref);
}

/* ---- once ---- */

static char *hash_of(const TkHttpRequest *request)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)request->target, (gssize)strlen(request->target) + 1);
    if (request->body.data != NULL)
        g_checksum_update(sum, (const guchar *)request->body.data, (gssize)request->body.len);
    return g_strdup(g_checksum_get_string(sum));
}

static bool key_ok(const char *key, GError **error)
{
    size_t len = strlen(key);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)key[i] < 0x21 || (unsigned char)key[i] > 0x7e)
            len = 0;
    return (len > 0 && len <= KEY_MAX) ||
           tk_fail_both(error, TK_ERROR_INPUT, "Idempotency-Key は空白を含まない 1 〜 %d 文字の ASCII です。",
                        "Idempotency-Key: must be 1 to %d ASCII characters without spaces", KEY_MAX);
}

static void run_once(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autofree char *hash = hash_of(request);
    g_auto(TkOnce) once = {0};
    if (!key_ok(request->idempotency_key, &error) ||
        !tk_once_begin(app->service, request->actor.id, request->idempotency_key, hash, &once, &error)) {
        tk_http_respond_error(response, error);
        return;
    }
    if (once.answer != NULL) {
        tk_http_respond_bytes(response, once.status, "application/json", g_steal_pointer(&once.answer));
        return;
    }
    request->route->handler(app, request, response);
    bool made = response->status >= 200 && response->status < 300;
    tk_once_end(app->service, &once, made ? response->status : 0,
                request->route->secret_answer ? NULL : response->body);
}

void tk_http_run(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    response->conditional = request->if_match != NULL;
    if (request->idempotency_key != NULL && tk_route_creates(request->route))
        run_once(app, request, response);
    else
        request->route->handler(app, request, response);
}

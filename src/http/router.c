#include "http/router.h"

static const char *const method_names[] = {"GET, HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", ""};

const char *tk_route_body_type(TkBodyKind body)
{
    static const char *const types[] = {[TK_BODY_NONE] = NULL,
                                        [TK_BODY_JSON] = "application/json",
                                        [TK_BODY_LINES] = "application/x-ndjson",
                                        [TK_BODY_TABLE] = "text/csv",
                                        [TK_BODY_BYTES] = "application/octet-stream",
                                        [TK_BODY_ANY] = NULL};
    return types[body];
}

const char *tk_route_body_other_type(TkBodyKind body)
{
    return body == TK_BODY_TABLE ? TK_XLSX_TYPE : NULL;
}

static int hex(char c)
{
    return g_ascii_xdigit_value(c);
}

bool tk_route_creates(const TkRoute *route)
{
    return route->method == TK_HTTP_POST && route->status == 201;
}

/* Decodes %XX (and '+' where `plus`) of text[0…len) in the arena; NULL for a bad escape or a NUL byte. */
static char *decode(TkArena *arena, const char *text, size_t len, bool plus)
{
    char *out = tk_arena_copy(arena, text, len);
    if (out == NULL)
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= len || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0)
                return NULL;
            c = (char)(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == '\0')
            return NULL;
        out[n++] = c;
    }
    out[n] = '\0';
    return out;
}

/* A segment that names something: no separators, no control characters, not "." or "..". */
static bool segment_ok(const char *segment)
{
    if (!g_utf8_validate(segment, -1, NULL) || strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
        return false;
    for (const char *p = segment; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f || *p == '/' || *p == '\\')
            return false;
    return true;
}

static bool parse_path(TkHttpRequest *request, const char *text, size_t len, GError **error)
{
    char *path = tk_arena_alloc(&request->arena, len + 2);
    if (path == NULL)
        return tk_fail_both(error, TK_ERROR_LIMIT, "要求が大きすぎます。", "the request is too large");
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        size_t begin = i + 1;
        for (i = begin; i < len && text[i] != '/';)
            i++;
        char *segment = decode(&request->arena, text + begin, i - begin, false);
        if (segment == NULL || !segment_ok(segment))
            return tk_fail_both(error, TK_ERROR_INPUT, "宛先が正しくありません。",
                                "the path of the request is not one of this server's");
        path[n++] = '/';
        size_t size = strlen(segment);
        memcpy(path + n, segment, size);
        n += size;
    }
    path[n] = '\0';
    request->path = path;
    return true;
}

static bool parse_query(TkHttpRequest *request, const char *text, GError **error)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "&");
        size_t name_len = MIN(strcspn(text, "="), len);
        if (len > 0) {
            if (request->query_count == TK_HTTP_QUERY_MAX)
                return tk_fail_both(error, TK_ERROR_LIMIT, "検索条件は %d 個までです。",
                                    "the query has more than %d parameters", TK_HTTP_QUERY_MAX);
            const char *value = text + name_len + (name_len < len ? 1 : 0);
            TkHttpPair pair = {
                .name = decode(&request->arena, text, name_len, true),
                .value = decode(&request->arena, value, (size_t)(text + len - value), true),
            };
            if (pair.name == NULL || pair.value == NULL || !g_utf8_validate(pair.name, -1, NULL) ||
                !g_utf8_validate(pair.value, -1, NULL))
                return tk_fail_both(error, TK_ERROR_INPUT, "検索条件の文字が正しくありません。",
                                    "the query has a bad escape or is not UTF-8");
            request->query[request->query_count++] = pair;
        }
        text += len + (text[len] == '&' ? 1 : 0);
    }
    return true;
}

bool tk_router_parse(TkHttpRequest *request, GError **error)
{
    const char *target = request->target;
    if (strlen(target) > TK_HTTP_TARGET_MAX)
        return tk_fail_both(error, TK_ERROR_LIMIT, "宛先は %d バイトまでです。",
                            "the request target is longer than %d bytes", TK_HTTP_TARGET_MAX);
    if (target[0] != '/')
        return tk_fail_both(error, TK_ERROR_INPUT, "宛先は / で始めてください。",
                            "the request target must begin with a slash");
    size_t path_len = strcspn(target, "?");
    return parse_path(request, target, path_len, error) &&
           (target[path_len] == '\0' || parse_query(request, target + path_len + 1, error));
}

bool tk_router_fits(TkArena *arena, const char *pattern, const char *path,
                    const char *params[TK_HTTP_PARAMS_MAX])
{
    size_t count = 0;
    while (*pattern != '\0') {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        const char *end = strchr(pattern, '}');
        const char stop[] = {'/', end[1], '\0'};
        size_t len = end[-1] == '*' ? strlen(path) : strcspn(path, stop); /* {name*}: all the rest */
        if (len == 0 || count == TK_HTTP_PARAMS_MAX)
            return false;
        params[count] = tk_arena_copy(arena, path, len);
        if (params[count++] == NULL)
            return false;
        path += len;
        pattern = end + 1;
    }
    return *path == '\0';
}

const TkRoute *tk_router_find(TkHttpRequest *request, const char **allow)
{
    size_t count;
    const TkRoute *routes = tk_routes(&count);
    *allow = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *params[TK_HTTP_PARAMS_MAX] = {NULL};
        if (!tk_router_fits(&request->arena, routes[i].pattern, request->path, params))
            continue;
        if (routes[i].method == request->method) {
            memcpy(request->params, params, sizeof params);
            request->route = &routes[i];
            return request->route;
        }
        const char *name = method_names[routes[i].method];
        *allow = *allow == NULL ? tk_arena_format(&request->arena, "OPTIONS, %s", name)
                                : tk_arena_format(&request->arena, "%s, %s", *allow, name);
    }
    return NULL;
}

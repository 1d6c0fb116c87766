/* The guard. It rests on facts about browsers: a page cannot choose the Host it asks, cannot hide its Origin
 * when it writes, and cannot send application/json to another origin without asking first, which is never
 * answered with a yes. Who asks is another question, answered in visitor.c. */
#include "http/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>

bool tk_http_is_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (g_ascii_strcasecmp(host, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool tk_http_split_address(const char *text, char **host, uint16_t *port, GError **error)
{
    const char *colon = strrchr(text, ':');
    guint64 number = 0;
    size_t len = colon == NULL ? 0 : (size_t)(colon - text);
    bool bracketed = len > 2 && text[0] == '[' && text[len - 1] == ']';
    if (len == 0 || (!bracketed && strcspn(text, ":[]") != len) ||
        !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &number, NULL))
        return tk_fail(error, TK_ERROR_INPUT, "“%s” is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080",
                       text);
    *host = bracketed ? g_strndup(text + 1, len - 2) : g_strndup(text, len);
    *port = (uint16_t)number;
    return true;
}

/* An address, not a name: nobody can make a foreign name resolve to it. */
static bool is_literal(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    return inet_pton(AF_INET, host, &v4) == 1 || inet_pton(AF_INET6, host, &v6) == 1;
}

static bool is_allowed_name(const TkHttpDoor *door, const char *host)
{
    for (char **name = door->hosts; name != NULL && *name != NULL; name++)
        if (g_ascii_strcasecmp(*name, host) == 0)
            return true;
    return false;
}

/* "localhost", "127.0.0.1:8080" and the like, with our port (the scheme's own where none is written); or a
 * name that the server was told to answer as, with any port: a proxy has its own. */
static bool names_us(const char *authority, const TkHttpDoor *door)
{
    g_autofree char *host = NULL;
    uint16_t asked = door->tls ? 443 : 80;
    bool bare_v6 = authority[0] == '[' && g_str_has_suffix(authority, "]");
    if (strrchr(authority, ':') == NULL)
        host = g_strdup(authority);
    else if (bare_v6)
        host = g_strndup(authority + 1, strlen(authority) - 2);
    else if (!tk_http_split_address(authority, &host, &asked, NULL))
        return false;
    if (is_allowed_name(door, host))
        return true;
    return asked == door->port && (tk_http_is_loopback(host) || (door->elsewhere && is_literal(host)));
}

bool tk_http_guard_host(const TkHttpRequest *request, const TkHttpDoor *door, TkHttpResponse *response)
{
    if (request->host != NULL && names_us(request->host, door))
        return true;
    tk_http_respond_refusal(
        response, request->host == NULL ? 400 : 421, TK_ERROR_INPUT,
        "このサーバーは localhost、127.0.0.1、[::1] のポート %u と --host で与えた名前でだけ応答します。",
        "this server answers only as localhost, 127.0.0.1 or [::1] with port %u and as the names "
        "given with --host; the request's Host header says otherwise",
        door->port);
    return false;
}

const char *tk_http_own_name(TkHttpRequest *request, const TkHttpDoor *door, GError **error)
{
    g_autofree char *host = NULL;
    uint16_t standard = tk_http_is_secure(door) ? 443 : 80, asked = standard;
    if (request->host == NULL)
        return NULL;
    if (strrchr(request->host, ':') == NULL)
        host = g_strdup(request->host);
    else if (!tk_http_split_address(request->host, &host, &asked, error))
        return NULL;
    bool ours =
        g_ascii_strcasecmp(host, "localhost") == 0 || (is_allowed_name(door, host) && !is_literal(host));
    if (ours && (asked == standard || asked == door->port)) {
        g_autofree char *lower = g_ascii_strdown(host, -1);
        return tk_arena_copy(&request->arena, lower, strlen(lower));
    }
    tk_fail_both(
        error, TK_ERROR_CONFLICT,
        "パスキーは、--host で与えた名前か localhost で開いたページでだけ使えます。いまは %s です。",
        "passkeys belong to a name: open the page under one given with --host, or as localhost, not %s",
        request->host);
    return NULL;
}

/* Over a proxy that speaks TLS the page's origin is https, without one http; the host must be the one asked.
 */
static bool origin_ok(const TkHttpRequest *request, const TkHttpDoor *door)
{
    if (request->origin != NULL) {
        const char *scheme = tk_http_is_secure(door) ? "https://" : "http://";
        return g_str_has_prefix(request->origin, scheme) &&
               g_ascii_strcasecmp(request->origin + strlen(scheme), request->host) == 0;
    }
    return request->fetch_site == NULL || strcmp(request->fetch_site, "same-origin") == 0 ||
           strcmp(request->fetch_site, "none") == 0;
}

/* "application/json" with nothing or charset=utf-8 behind it. */
static bool type_is(const char *header, const char *type)
{
    size_t len = strlen(type);
    if (header == NULL || g_ascii_strncasecmp(header, type, len) != 0)
        return false;
    header += len;
    header += strspn(header, " \t");
    if (*header == '\0')
        return true;
    if (*header++ != ';')
        return false;
    header += strspn(header, " \t");
    return g_ascii_strcasecmp(header, "charset=utf-8") == 0 ||
           g_ascii_strcasecmp(header, "charset=\"utf-8\"") == 0;
}

bool tk_http_guard_write(const TkHttpRequest *request, const TkHttpDoor *door, TkHttpResponse *response)
{
    const char *type = tk_route_body_type(request->route->body);
    if (request->method == TK_HTTP_GET)
        return true;
    if (!origin_ok(request, door)) {
        tk_http_respond_refusal(
            response, 403, TK_ERROR_FORBIDDEN,
            "書き込みはこのサーバーの画面とプログラムからだけ受け付けます。ほかのサイトの画面からはできません"
            "。",
            "writes are taken from this server's own pages and from programs, not from the "
            "page of another origin");
        return false;
    }
    const char *other = tk_route_body_other_type(request->route->body);
    if (type == NULL || type_is(request->content_type, type) ||
        (other != NULL && type_is(request->content_type, other)))
        return true;
    tk_http_respond_refusal(response, 415, TK_ERROR_INPUT, "この操作は Content-Type: %s で送ってください。",
                            "this request takes Content-Type: %s", type);
    return false;
}

bool tk_http_is_secure(const TkHttpDoor *door)
{
    return door->tls || door->behind_proxy;
}

/* The guard. Until people have accounts the whole of it rests on three facts about browsers: a page cannot
 * choose the Host it asks, cannot hide its Origin when it writes, and cannot send application/json to another
 * origin without asking first, which is never answered with a yes. */
#include "http/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>

TkActor tk_http_actor(const TkHttpRequest *request)
{
    (void)request;
    return (TkActor){.id = "local", .role = TK_ROLE_ADMINISTRATOR};
}

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

/* "localhost", "127.0.0.1:8080" and the like, with our port (80 where none is written). */
static bool names_us(const char *authority, uint16_t port)
{
    g_autofree char *host = NULL;
    uint16_t asked = 80;
    bool bare_v6 = authority[0] == '[' && g_str_has_suffix(authority, "]");
    if (strrchr(authority, ':') == NULL)
        host = g_strdup(authority);
    else if (bare_v6)
        host = g_strndup(authority + 1, strlen(authority) - 2);
    else if (!tk_http_split_address(authority, &host, &asked, NULL))
        return false;
    return asked == port && tk_http_is_loopback(host);
}

bool tk_http_guard_host(const TkHttpRequest *request, uint16_t port, TkHttpResponse *response)
{
    if (request->host != NULL && names_us(request->host, port))
        return true;
    tk_http_respond_refusal(response, request->host == NULL ? 400 : 421, TK_ERROR_FORBIDDEN,
                            "this server answers only as localhost, 127.0.0.1 or [::1] with port %u; "
                            "the request's Host header says otherwise",
                            port);
    return false;
}

static bool origin_ok(const TkHttpRequest *request)
{
    if (request->origin != NULL)
        return g_str_has_prefix(request->origin, "http://") &&
               g_ascii_strcasecmp(request->origin + strlen("http://"), request->host) == 0;
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

bool tk_http_guard_write(const TkHttpRequest *request, TkHttpResponse *response)
{
    const char *type = tk_route_body_type(request->route->body);
    if (request->method == TK_HTTP_GET)
        return true;
    if (!origin_ok(request)) {
        tk_http_respond_refusal(
            response, 403, TK_ERROR_FORBIDDEN,
            "writes are taken from this server's own pages and from programs, not from the "
            "page of another origin");
        return false;
    }
    if (type == NULL || type_is(request->content_type, type))
        return true;
    tk_http_respond_refusal(response, 415, TK_ERROR_INPUT, "this request takes Content-Type: %s", type);
    return false;
}

bool tk_http_guard_actor(const TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    if (request->route->needs == TK_NEEDS_NOTHING ||
        tk_service_may(&request->actor, (TkMay)request->route->needs, &error))
        return true;
    tk_http_respond_error(response, error);
    return false;
}

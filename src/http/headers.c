#include "http/headers.h"

#include <microhttpd.h>

/* The page loads nothing from elsewhere, runs no script or style that is written into a page, and is shown in
 * no frame. */
static const char policy[] = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                             "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
                             "form-action 'self'; frame-ancestors 'none'";

/* A page made for the public is looked at as it will stand elsewhere: with the style it brings, in a sandbox.
 */
static const char published_policy[] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                                       "form-action 'none'; frame-ancestors 'none'; sandbox "
                                       "allow-popups";

static const char *const every[][2] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

static const char *const caching[] = {
    [TK_CACHE_NONE] = "no-store",
    [TK_CACHE_REVALIDATE] = "no-cache",
    [TK_CACHE_FOREVER] = "public, max-age=31536000, immutable",
};

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    if (value != NULL)
        MHD_add_response_header(response, name, value);
}

static void drop_bytes(void *bytes)
{
    g_bytes_unref(bytes);
}

struct MHD_Response *tk_http_response_make(const TkHttpResponse *answer)
{
    if (answer->body == NULL)
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    gsize len;
    const void *data = g_bytes_get_data(answer->body, &len);
    return MHD_create_response_from_buffer_with_free_callback_cls(len, (void *)data, drop_bytes,
                                                                  g_bytes_ref(answer->body));
}

void tk_http_headers_add(struct MHD_Response *response, const TkHttpResponse *answer)
{
    for (size_t i = 0; i < G_N_ELEMENTS(every); i++)
        add(response, every[i][0], every[i][1]);
    add(response, "Content-Security-Policy", answer->published ? published_policy : policy);
    add(response, "Cache-Control", caching[answer->cache]);
    add(response, "Content-Type", answer->type);
    add(response, "ETag", answer->etag);
    add(response, "Content-Disposition", answer->disposition);
    add(response, "Content-Encoding", answer->encoding);
    add(response, "Location", answer->location);
    add(response, "Allow", answer->allow);
    add(response, "Set-Cookie", answer->cookie);
    add(response, "Set-Cookie", answer->cookie_too);
    add(response, "Retry-After", answer->retry_after);
    if (answer->status == 401)
        add(response, "WWW-Authenticate", "Bearer realm=\"tokatsu\"");
    if (answer->cache != TK_CACHE_NONE)
        add(response, "Vary", "Accept-Encoding");
    if (answer->stream)
        add(response, "X-Accel-Buffering", "no"); /* nginx: pass each event on at once */
}

/* A request and its response, as the handlers see them: nothing here knows libmicrohttpd, so that the whole
 * path from a request target to a response runs in tests and under the fuzzer without a socket. */
#ifndef TK_HTTP_REQUEST_H
#define TK_HTTP_REQUEST_H

#include "service/service.h"

#include "http/arena.h"

#define TK_XLSX_TYPE       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define TK_HTTP_PARAMS_MAX 4
#define TK_HTTP_QUERY_MAX  16
#define TK_HTTP_TARGET_MAX 4096 /* bytes of path and query */

typedef enum {
    TK_HTTP_GET,
    TK_HTTP_POST,
    TK_HTTP_PUT,
    TK_HTTP_PATCH,
    TK_HTTP_DELETE,
    TK_HTTP_OPTIONS,
    TK_HTTP_OTHER, /* a method that no route takes */
} TkHttpMethod;

typedef struct {
    const char *name;
    const char *value;
} TkHttpPair;

typedef struct TkRoute TkRoute;

typedef struct {
    TkArena arena;
    TkHttpMethod method;
    bool head;          /* HEAD: a GET whose body is not sent */
    const char *target; /* as it came: percent-encoded, with the query */
    const char *path;   /* decoded segments joined by '/', no ".", no "..", no control characters, UTF-8 */
    TkHttpPair query[TK_HTTP_QUERY_MAX];
    size_t query_count;
    const char *params[TK_HTTP_PARAMS_MAX]; /* what the pattern's {names} stand for, in their order */
    /* headers, NULL where absent */
    const char *host;
    const char *origin;
    const char *fetch_site; /* Sec-Fetch-Site */
    const char *content_type;
    const char *if_none_match;
    const char *if_match;
    const char *idempotency_key;
    const char *prefer;
    const char *accept_encoding;
    const char *authorization;
    const char *cookie;
    const char *csrf; /* X-CSRF-Token */
    const char *peer; /* the client's address as text; NULL where there is no socket */
    TkBuf body;       /* ceiling: the route's */
    const TkRoute *route;
    TkIdentity who;      /* who asks; account "" until that is known */
    const char *session; /* the session's secret, where one was shown */
    TkActor actor;       /* `who`, as the service takes it */
} TkHttpRequest;

typedef enum {
    TK_CACHE_NONE,       /* records: never kept */
    TK_CACHE_REVALIDATE, /* the page: kept, asked for each time by its ETag */
    TK_CACHE_FOREVER,    /* assets whose name carries their hash */
} TkHttpCache;

/* Texts live in the request's arena or are literals. */
typedef struct {
    unsigned status;
    const char *type; /* Content-Type */
    GBytes *body;     /* owned; NULL for none */
    TkHttpCache cache;
    const char *etag;
    const char *disposition;
    const char *encoding;
    const char *location;
    const char *allow;
    const char *cookie;      /* Set-Cookie */
    const char *cookie_too;  /* and a second one */
    const char *retry_after; /* seconds */
    bool published;   /* a page made for the public: brings its own style, is shown without any script */
    bool conditional; /* the request had If-Match */
    bool stream;      /* the connection becomes an event stream */
    bool changes;     /* of a board and what changes in it */
} TkHttpResponse;

/* The value of a query parameter, or NULL. */
const char *tk_http_query(const TkHttpRequest *request, const char *name);
/* A whole number in low … high; `otherwise` when the parameter is absent; false and *error when it is no such
 * number. */
bool tk_http_query_int(const TkHttpRequest *request, const char *name, int64_t low, int64_t high,
                       int64_t otherwise, int64_t *value, GError **error);
/* Is the parameter 1 or true? */
bool tk_http_query_flag(const TkHttpRequest *request, const char *name);
/* `limit` (1 … 500, `otherwise` where absent) and `cursor` of the query; the cursor is borrowed. */
bool tk_http_page(const TkHttpRequest *request, unsigned otherwise, TkPage *page, GError **error);
/* The body as a JSON object; new reference; NULL and *error when it is none. */
json_t *tk_http_body_object(TkHttpRequest *request, GError **error);

void tk_http_response_clear(TkHttpResponse *response);
/* Takes the content of `buf` (left empty) as the body; 500 when it overflowed its ceiling. */
void tk_http_respond_json(TkHttpResponse *response, unsigned status, TkBuf *buf);
void tk_http_respond_bytes(TkHttpResponse *response, unsigned status, const char *type, GBytes *bytes);
/* A problem (http/problem.h) with the status that the error's code stands for. Takes `error`. */
void tk_http_respond_error(TkHttpResponse *response, GError *error);
/* The problem with what was found beside it: `findings` is {"lint":[…]} or {"fields":[…]}, borrowed. Takes
 * `error`.
 */
void tk_http_respond_findings(TkHttpResponse *response, GError *error, GBytes *findings);
/* A problem with a status of its own (405, 415, 421 …); both sentences take the same arguments. */
void tk_http_respond_refusal(TkHttpResponse *response, unsigned status, TkErrorCode code, const char *ja,
                             const char *en, ...) G_GNUC_PRINTF(4, 6) G_GNUC_PRINTF(5, 6);
/* 401 with code "sign-in": nobody known asks. `needs_code`: name and password were right, a code is missing.
 * Takes `error`. */
void tk_http_respond_sign_in(TkHttpResponse *response, GError *error, bool needs_code);
/* Content-Disposition: attachment with an ASCII fallback and filename* in UTF-8 (RFC 6266, RFC 8187). */
void tk_http_attach(TkHttpRequest *request, TkHttpResponse *response, const char *file_name);

#endif

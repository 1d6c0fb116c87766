/* What a request may say about what it has seen before: the version it read (If-Match), the answer it still
 * has (If-None-Match), and that it is the same request again (Idempotency-Key). One place for all routes;
 * which of it a route takes says the table of routes.
 *
 * An ETag is "VERSION-DIGEST" for a record and "DIGEST" for any other answer. It is strong: two answers with
 * the same tag have the same bytes. If-Match looks at the version alone, since a record's live numbers change
 * without anybody having changed the record, and a write is not to fail for that; "VERSION" will do as well.
 */
#ifndef TK_HTTP_CONDITIONAL_H
#define TK_HTTP_CONDITIONAL_H

#include "http/app.h"

/* The version that If-Match names; *version stays as it is where there is no If-Match. */
bool tk_http_if_match(const TkHttpRequest *request, int64_t *version, GError **error);
/* The version that was read: If-Match, else the body's (may be NULL), else the query's; TK_ERROR_NO_VERSION
 * where none says it. */
bool tk_http_expected(const TkHttpRequest *request, const json_t *body, int64_t *version, GError **error);
/* After the handler: sets the answer's ETag, and makes 304 of it where the asker has it already. */
void tk_http_tag(TkHttpRequest *request, TkHttpResponse *response);
/* Whether If-None-Match has this tag. */
bool tk_http_has_tag(const TkHttpRequest *request, const char *etag);
/* Runs the route's handler, for a request with an Idempotency-Key at most once. */
void tk_http_run(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

#endif

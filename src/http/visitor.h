/* Who asks: the one place where the person behind a request is determined. */
#ifndef TK_HTTP_VISITOR_H
#define TK_HTTP_VISITOR_H

#include "http/app.h"

/* Sets request->who and request->actor from an API token (Authorization: Bearer), else from the session's
 * cookie. On refusal the response is set (401, or 403 where the route is not for this person) and false
 * returned: a write of a session needs its X-CSRF-Token, a token stays within its scope, and the person must
 * have the route's right. */
bool tk_http_visitor(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* The cookie that begins (token) or ends (NULL) a session; in the request's arena. */
const char *tk_http_session_cookie(TkHttpApp *app, TkHttpRequest *request, const char *token);
/* The cookie of a single sign-on under way (`sealed`), for `life_s` seconds, or the one that ends it (NULL).
 * Lax: it must come with the provider's way back. In the request's arena. */
const char *tk_http_sso_cookie(TkHttpApp *app, TkHttpRequest *request, const char *sealed, int life_s);
/* Its value; NULL where there is none. */
const char *tk_http_sso_cookie_value(TkHttpApp *app, TkHttpRequest *request);

#endif

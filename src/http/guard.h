/* What a request must satisfy before a handler sees it. */
#ifndef TK_HTTP_GUARD_H
#define TK_HTTP_GUARD_H

#include "http/router.h"

/* Who asks. The one place where a person is determined. */
TkActor tk_http_actor(const TkHttpRequest *request);

/* Host names this machine and our port: a page of a foreign name that resolves to this machine is refused.
 * `port` is the one listened on. On refusal the response is set and false returned. */
bool tk_http_guard_host(const TkHttpRequest *request, uint16_t port, TkHttpResponse *response);
/* A write comes from our own page or from a program, with the content type that its route takes: a foreign
 * page can post neither. The route must be set. */
bool tk_http_guard_write(const TkHttpRequest *request, TkHttpResponse *response);
/* The person may do what the route needs. */
bool tk_http_guard_actor(const TkHttpRequest *request, TkHttpResponse *response);

/* True for 127.0.0.0/8, ::1 and "localhost". */
bool tk_http_is_loopback(const char *host);
/* Takes "HOST:PORT" or "[V6]:PORT" apart; *host without brackets, owned by the caller. */
bool tk_http_split_address(const char *text, char **host, uint16_t *port, GError **error);

#endif

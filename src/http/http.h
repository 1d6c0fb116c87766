/* http: the door for browsers and scripts. One libmicrohttpd daemon (epoll, four threads) behind a router
 * that is a constant table; each handler parses, calls the service and writes, and decides nothing.
 *
 *     connection ─► limits ─► router ─► guard ─► handler ─► service
 *                  (time, size)        (Host, Origin, Content-Type, person)
 *     service ─► broadcaster ─► one shared event ─► every open stream
 *
 * Until accounts exist the server speaks to this machine only: it refuses to listen elsewhere, and it answers
 * only requests that name this machine in Host, so that a foreign page cannot reach it through a browser. */
#ifndef TK_HTTP_H
#define TK_HTTP_H

#include "base/base.h"

#include "service/service.h"

typedef struct TkHttpServer TkHttpServer;

typedef struct {
    const char *listen; /* HOST:PORT; HOST a loopback address or "localhost", port 0: any free one */
    TkApp *service;     /* borrowed; must outlive the server */
} TkHttpOptions;

/* Listens and serves until tk_http_server_free. NULL and *error when the address cannot be understood, is not
 * of this machine (TK_ERROR_FORBIDDEN), or is taken (TK_ERROR_IO). Copies what it needs from `options`. */
TkHttpServer *tk_http_server_new(const TkHttpOptions *options, GError **error);
/* "http://127.0.0.1:8080", with the port that was really taken; owned by the server. */
const char *tk_http_server_url(const TkHttpServer *server);
/* Ends the streams, finishes running requests, stops. NULL is allowed. */
void tk_http_server_free(TkHttpServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkHttpServer, tk_http_server_free)

#endif

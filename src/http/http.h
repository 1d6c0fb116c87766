/* http: the door for browsers and scripts. One libmicrohttpd daemon (epoll, four threads) behind a router
 * that is a constant table; each handler parses, calls the service and writes, and decides nothing.
 *
 *     connection ─► limits ─► router ─► guard ─► handler ─► service
 *                  (time, size)        (Host, Origin, Content-Type, person)
 *     service ─► broadcaster ─► one shared event ─► every open stream
 *
 * By default the server speaks to this machine only, and answers only requests that name this machine in
 * Host, so that a foreign page cannot reach it through a browser. Elsewhere it listens only with TLS, its own
 * or that of a proxy in front, and where people sign in. */
#ifndef TK_HTTP_H
#define TK_HTTP_H

#include "base/base.h"

#include "service/service.h"

typedef struct TkHttpServer TkHttpServer;

/* A socket that listens already, before there is anything to serve: a bad or taken address is found before
 * the service opens its data, and who connects early waits. */
typedef struct {
    int fd; /* owned; -1 once a server has taken it */
    uint16_t port;
    char *url; /* owned: "http://127.0.0.1:8080", with the port that was really taken */
} TkHttpListener;

/* How it is reached; all borrowed until tk_http_server_new has returned, `hosts` until the server is freed.
 */
typedef struct {
    const char *address;    /* HOST:PORT; port 0: any free one */
    const char *cert, *key; /* TLS: PEM files, both or neither */
    bool behind_proxy;      /* a proxy with TLS stands in front */
    char **hosts;           /* further names it answers as; NULL: none */
    bool sign_in;           /* people sign in: without that it does not listen elsewhere */
} TkHttpOptions;

/* Listens; HOST a numeric address or "localhost". False and *error when
 * the address cannot be understood (TK_ERROR_INPUT), may not be listened on (TK_ERROR_FORBIDDEN), or is taken
 * (TK_ERROR_IO). */
bool tk_http_listen(const TkHttpOptions *options, TkHttpListener *listener, GError **error);
void tk_http_listener_clear(TkHttpListener *listener);

/* Serves until tk_http_server_free; takes the listener's socket. Reads the files of TLS. `service` is
 * borrowed and must outlive the server. NULL and *error: TK_ERROR_IO when the system has no room for it,
 * TK_ERROR_INPUT for unusable certificates. */
TkHttpServer *tk_http_server_new(const TkHttpOptions *options, TkHttpListener *listener, TkApp *service,
                                 GError **error);
/* Ends the streams, finishes running requests, stops. NULL is allowed. */
void tk_http_server_free(TkHttpServer *server);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkHttpListener, tk_http_listener_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkHttpServer, tk_http_server_free)

#endif

/* What a request must satisfy before a handler sees it, whoever sent it. */
#ifndef TK_HTTP_GUARD_H
#define TK_HTTP_GUARD_H

#include "http/http.h"
#include "http/router.h"

/* How the server is reached. */
typedef struct {
    uint16_t port;     /* listened on */
    bool tls;          /* we speak TLS ourselves */
    bool behind_proxy; /* a proxy that speaks TLS stands in front, and tells who asks in X-Forwarded-For */
    bool elsewhere;    /* listens on an address that is not of this machine alone */
    char **hosts;      /* further names it answers as; NULL: none. Borrowed */
} TkHttpDoor;

/* Host names this machine and our port, or a name given with --host: a page of a foreign name that resolves
 * to this machine is refused. On refusal the response is set and false returned. */
bool tk_http_guard_host(const TkHttpRequest *request, const TkHttpDoor *door, TkHttpResponse *response);
/* A write comes from our own page or from a program, with the content type that its route takes: a foreign
 * page can send neither. The route must be set. */
bool tk_http_guard_write(const TkHttpRequest *request, const TkHttpDoor *door, TkHttpResponse *response);
/* The name that we were asked by, in small letters and in the request's arena, where it is one that passkeys
 * can belong to: given with --host, or "localhost", with the scheme's port or ours. NULL and
 * TK_ERROR_CONFLICT for an address, or a port that a page of somebody else could have. The host has passed
 * tk_http_guard_host. */
const char *tk_http_own_name(TkHttpRequest *request, const TkHttpDoor *door, GError **error);
/* Whether what people's browsers see is https. */
bool tk_http_is_secure(const TkHttpDoor *door);

/* True for 127.0.0.0/8, ::1 and "localhost". */
bool tk_http_is_loopback(const char *host);
/* Takes "HOST:PORT" or "[V6]:PORT" apart; *host without brackets, owned by the caller. */
bool tk_http_split_address(const char *text, char **host, uint16_t *port, GError **error);

#endif

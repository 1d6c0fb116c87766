/* From a request to a response, without a socket: what the server calls for each request and what the fuzzer
 * and the unit tests call instead of one. */
#ifndef TK_HTTP_APP_H
#define TK_HTTP_APP_H

#include "http/guard.h"
#include "http/peers.h"

struct TkHttpApp {
    TkApp *service; /* borrowed */
    TkHttpDoor door;
    TkPeers *peers;     /* who failed to sign in from where */
    TkPeers *strangers; /* who showed links that open nothing */
    GBytes *openapi;    /* /api/openapi.json, written once */
    int64_t born_us;    /* makes the tags of this run its own */
    GHashTable *etags;  /* of static files: path → ETag */
};

void tk_http_app_init(TkHttpApp *app, TkApp *service, const TkHttpDoor *door);
void tk_http_app_clear(TkHttpApp *app);

/* Before the body is read, target and headers being set: route, guard and the body's ceiling. False: the
 * response is already set (a refusal, an answer to OPTIONS, a static file) and the body does not matter. */
bool tk_http_begin(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
/* After the body has been read: the route's handler. */
void tk_http_finish(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_http_request_clear(TkHttpRequest *request);

#endif

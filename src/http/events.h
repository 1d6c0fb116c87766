/* Server-sent events: one board for everybody who watches. */
#ifndef TK_HTTP_EVENTS_H
#define TK_HTTP_EVENTS_H

#include "http/http.h"
#include "http/request.h"

#define TK_EVENTS_STREAMS_MAX 4000

typedef struct TkEvents TkEvents;
struct MHD_Connection;
struct MHD_Response;

/* Listens to the service until tk_events_free. */
TkEvents *tk_events_new(TkApp *service);
/* A response whose body is the stream, of boards or (`changes`) of a board and what changes in it; the caller
 * queues it on `connection` and destroys its reference. It ends, with an event “signed-out”, soon after the
 * session or API token of `request` has ended. NULL when there are too many streams or the server is
 * stopping. */
struct MHD_Response *tk_events_open(TkEvents *events, struct MHD_Connection *connection,
                                    const TkHttpRequest *request, bool changes);
/* Ends every stream and takes no new one; waits until the running ones have ended, two seconds at most. */
void tk_events_close(TkEvents *events);
/* After the daemon has stopped. NULL is fine. */
void tk_events_free(TkEvents *events);

#endif

/* The demo's past: alarms of the days before, and what people did about them. */
#ifndef TK_SERVICE_DEMO_HISTORY_H
#define TK_SERVICE_DEMO_HISTORY_H

#include "service/demo.h"

/* Plays from … to at once, minute by minute where something happens. The app has no threads yet. */
bool tk_demo_play_past(TkApp *app, TkDemo *demo, int64_t from_us, int64_t to_us, GError **error);

#endif

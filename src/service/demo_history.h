/* The demo's past: alarms of the days before, and what people did about them. */
#ifndef TK_SERVICE_DEMO_HISTORY_H
#define TK_SERVICE_DEMO_HISTORY_H

#include "service/demo.h"

/* Plays from … to at once, minute by minute where something happens. The app has no threads yet. */
bool tk_demo_play_past(TkApp *app, TkDemo *demo, int64_t from_us, int64_t to_us, GError **error);

/* demo_years.c: accidents of the four fiscal years before, and two cases, up to `to_us`. The demo's clock stands
 * before them. */
bool tk_demo_play_years(TkApp *app, TkDemo *demo, uint64_t seed, int64_t to_us, GError **error);

#endif

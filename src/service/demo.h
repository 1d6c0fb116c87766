/* A carrier that does not exist and its day, for people who want to see the program work. Everything it
 * makes is labelled synthetic, on the board and on every page of every document. */
#ifndef TK_SERVICE_DEMO_H
#define TK_SERVICE_DEMO_H

#include "service/app.h"

/* Sets app's clock to the demo's. Released with tk_demo_free. */
TkDemo *tk_demo_new(TkApp *app, const TkServiceOptions *options);
void tk_demo_free(TkDemo *demo);
TkTopology *tk_demo_topology(TkDemo *demo, GError **error);
/* demo_topology.c: about 12,000 facilities in 47 prefectures, 18 million users. The same for the same seed.
 */
TkTopology *tk_demo_topology_of(uint64_t seed, GError **error);
/* Plays the days before the opening, so that there is a history, with reports frozen in it. */
bool tk_demo_begin(TkDemo *demo, GError **error);
/* Starts the clock and the thread that sends the day's alarms (no thread where the app is stepped). */
void tk_demo_run(TkDemo *demo);
void tk_demo_stop(TkDemo *demo);

/* Sends the script's alarms up to `until_us`. One thread at a time. */
void tk_demo_feed(TkDemo *demo, int64_t until_us);
/* Moves the clock that stands still; never back. */
void tk_demo_set_now(TkDemo *demo, int64_t at_us);

/* The alarm lines of the script with from < at ≤ to, by time; the same for the same seed. */
void tk_demo_script(const TkDemo *demo, int64_t from_us, int64_t to_us, TkBuf *out);

#endif

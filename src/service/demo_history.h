/* The demo's past: alarms of the days before, and what people did about them. */
#ifndef TK_SERVICE_DEMO_HISTORY_H
#define TK_SERVICE_DEMO_HISTORY_H

#include "service/demo.h"

/* Plays from … to at once, minute by minute where something happens. The app has no threads yet. */
bool tk_demo_play_past(TkApp *app, TkDemo *demo, int64_t from_us, int64_t to_us, GError **error);

/* demo_years.c: accidents of the four fiscal years before `to_us`; the demo's clock stands before them. And
 * two cases that are being handled at `to_us`. */
bool tk_demo_play_years(TkApp *app, TkDemo *demo, uint64_t seed, int64_t to_us, GError **error);
bool tk_demo_open_cases(TkApp *app, TkDemo *demo, int64_t to_us, GError **error);
/* demo_records.c: the records of the registers (demo/SUBJECT.jsonl), written on their days before the
 * opening, none later than `until_us`. A record that is refused is warned of and left out. */
bool tk_demo_add_records(TkApp *app, TkDemo *demo, int64_t opening_us, int64_t until_us, GError **error);
/* demo_campaigns.c: an inspection of the year before the opening (after the years), and the one under way
 * (after the records, of whose persons it speaks). */
bool tk_demo_campaign_before(TkApp *app, TkDemo *demo, int64_t opening_us, GError **error);
bool tk_demo_campaign_now(TkApp *app, int64_t opening_us, GError **error);

/* demo_reliability.c: the file of the safety and reliability standard, made up. */
bool tk_demo_add_reliability(TkApp *app, GError **error);
/* demo_software.c: SBOMs and advisories, after the records. What is refused is warned of and left out. */
void tk_demo_add_software(TkApp *app);

#endif

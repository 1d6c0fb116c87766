/* Controls (管理策): what the carrier answers once and sees counted in every framework. Part of the service's
 * door.
 *
 *     control-answers ─┐                    ┌─ coverage, one control, effect of an answer before it is saved
 *     documents        ├─► book (computed) ─┤
 *     oscal-documents ─┘                    ├─ statement of applicability (適用宣言書), OSCAL documents
 *     the program's own facts ─► checks ────┴─ controls that want attention
 *
 * What people say is kept in registers; everything here is computed from them, never written back, and
 * computed anew only when the log shows that one of those registers has changed. */
#ifndef TK_SERVICE_CONTROLS_H
#define TK_SERVICE_CONTROLS_H

#include "control/control.h"

#define TK_CONTROLS_IMPORT_MAX (32u << 20) /* bytes of one OSCAL document or framework file */

typedef struct TkControls TkControls;

/* What is kept between requests; part of a TkApp. */
TkControls *tk_controls_new(void);
void tk_controls_free(TkControls *controls);

/* The frameworks and crosswalks built into the program, and `more` files. tk_frameworks_free. */
TkFrameworks *tk_controls_frameworks(const TkFrameworkFile *more, size_t n, GError **error);

/* docs/api.md, Controls. The frameworks with coverage, findings and the checks' summary. */
GBytes *tk_service_controls(TkApp *app, const TkActor *actor, GError **error);
/* Every item of one framework (`framework` NULL: of all), in its order. */
GBytes *tk_service_controls_items(TkApp *app, const TkActor *actor, const char *framework, GError **error);
/* One control: its answer, what it rests on hop by hop, what an answer here reaches, results, checks. */
GBytes *tk_service_control(TkApp *app, const TkActor *actor, const char *framework, const char *item,
                           GError **error);
/* {"state","evidence"?:[document…]}: what would change everywhere if this were the answer. Writes nothing. */
GBytes *tk_service_control_effect(TkApp *app, const TkActor *actor, const char *framework, const char *item,
                                  const json_t *request, GError **error);

/* ---- automatic checks ---- */

#define TK_CHECKS_EVERY_S 3600

/* Runs the checks every hour of the service's clock, beginning a minute after the start where an hour has
 * passed since the last run. Once, after tk_service_new; ends with tk_service_checks_stop. */
void tk_service_checks_start(TkApp *app);
void tk_service_checks_stop(TkApp *app);
/* Runs them now where an hour has passed; *ran (may be NULL) says whether. For tests and tools. */
bool tk_service_checks_step(TkApp *app, bool *ran, GError **error);
/* Runs them now; by those who may freeze reports. Answers as the next. */
GBytes *tk_service_checks_run(TkApp *app, const TkActor *actor, GError **error);
/* Each check: what it proves, the last value and result, since when, which controls it feeds. */
GBytes *tk_service_checks(TkApp *app, const TkActor *actor, GError **error);
/* When a check's result changed, newest first. */
GBytes *tk_service_check_history(TkApp *app, const TkActor *actor, const char *id, GError **error);

#endif

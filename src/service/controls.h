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

#endif

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

/* ---- assessments, documents ---- */

/* {"items":[assessment…]}: each with its scope, results and measures, and which controls the assessor answers
 * for (assessor_answers_for). */
GBytes *tk_service_assessments(TkApp *app, const TkActor *actor, GError **error);
/* An OSCAL document: component-definition, system-security-plan, plan-of-action-and-milestones of a
 * framework's answers; with `assessment` assessment-plan, assessment-results and the plan of action of what
 * it found. REFUSED where there is nothing to say. */
bool tk_service_oscal_export(TkApp *app, const TkActor *actor, const char *framework, const char *kind,
                             const char *assessment, TkServiceFile *file, GError **error);
/* The statement of applicability (適用宣言書) as pdf, xlsx or json; `lang` en, else Japanese. */
bool tk_service_applicability(TkApp *app, const TkActor *actor, const char *framework, const char *format,
                              const char *lang, TkServiceFile *file, GError **error);
/* A document that was imported, with the answers that came from it as they are now; everything else, and all
 * of it where there are none, as it came. */
bool tk_service_oscal_document(TkApp *app, const TkActor *actor, const char *id, TkServiceFile *file,
                               GError **error);

typedef struct {
    const char *framework; /* the id a catalogue gets, or the framework of the answers; NULL: none */
    const char *catalog;   /* of a profile: the record of the catalogue it imports; NULL: by its href */
    const char *name;      /* of the file; NULL: none */
    bool dry_run, replace; /* replace: answers that are there already */
} TkControlsImport;

/* An OSCAL document, a framework file, or a list of controls (XLSX). {"dry_run","sound","kind","title",
 * "framework","document":record|null,"controls":n,"findings":[{"level","pointer","message"}…],"answers":
 * [{"item","state","text","action":"add|same|keep|replace"}…],"unknown":[control-id…]}. INVALID with
 * *findings where it has faults and is no dry run; then nothing was written. */
GBytes *tk_service_controls_import(TkApp *app, const TkActor *actor, const TkControlsImport *how,
                                   GBytes *bytes, GBytes **findings, GError **error);

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

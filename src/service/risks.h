/* risks: the risk register seen by the carrier's own criteria. People write records (registers risks,
 * risk-matrices, risk-acceptances, risk-indicators, risk-communications, assurance, bow-ties, risk-sources);
 * what is computed over them is here. Part of the service's door.
 *
 * A risk is evaluated by the version of its criteria that was in force on the day it was assessed. Answers
 * are GBytes of JSON as docs/api.md has them, or NULL and *error. Any thread. */
#ifndef TK_SERVICE_RISKS_H
#define TK_SERVICE_RISKS_H

#include "base/base.h"

typedef struct TkApp TkApp;
typedef struct TkActor TkActor;

#define TK_RISKS_MAX 5000 /* risks that are evaluated at once; more are refused */

/* Every risk with its levels, measures, acceptance, indicators and what needs attention, the criteria used,
 * and the levels as they were at the end of `since` (TK_DATE_NONE: of the last quarter of the fiscal year).
 */
GBytes *tk_service_risks(TkApp *app, const TkActor *actor, TkDate since, GError **error);
/* One risk: the same, with the whole record, where it has been over time, what was said about it, bow ties
 * and its place in functional assurance. */
GBytes *tk_service_risk(TkApp *app, const TkActor *actor, const char *id, GError **error);
/* The steps of ISO 31000:2018, clause 6, each with what the registers show of it and what is missing. */
GBytes *tk_service_risks_process(TkApp *app, const TkActor *actor, GError **error);
/* What a matrix would say of every risk, beside what is said now; writes nothing. `request` is {"matrix":id}
 * or {"likelihood","consequence","levels","cells"}, as in a record of risk-matrices, and "family"? to look at
 * its risks only. */
GBytes *tk_service_risks_trial(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* The same as a table: the register's columns with levels and attention. `format` csv, xlsx or json. */
bool tk_service_risks_export(TkApp *app, const TkActor *actor, const char *format, TkServiceFile *file,
                             GError **error);
/* The risk report as PDF: criteria, heat map, every risk with its treatment, acceptances, what is missing. */
bool tk_service_risks_report(TkApp *app, const TkActor *actor, TkDate since, TkServiceFile *file,
                             GError **error);

/* ---- functional assurance (機能保証) ---- */

GBytes *tk_service_assurance(TkApp *app, const TkActor *actor, GError **error);
/* Makes a risk of each leaf that has none, or of those in "nodes": {"matrix":id,"owner":id,"nodes"?:[id…],
 * "dry_run"?}. Each is identified only: analysis is people's work. */
GBytes *tk_service_assurance_risks(TkApp *app, const TkActor *actor, const json_t *request, GBytes **findings,
                                   GError **error);

/* ---- bow ties ---- */

GBytes *tk_service_bow_ties(TkApp *app, const TkActor *actor, GError **error);
GBytes *tk_service_bow_tie(TkApp *app, const TkActor *actor, const char *id, GError **error);
/* Its drawing, SVG. */
GBytes *tk_service_bow_tie_picture(TkApp *app, const TkActor *actor, const char *id, bool english,
                                   GError **error);

/* ---- what others publish ---- */

/* Sources of risk as dated surveys rank them, built in and of the carrier's own register, with the trend. */
GBytes *tk_service_risk_sources(TkApp *app, const TkActor *actor, GError **error);
/* Standards, frameworks and certifications compared, beside the certificates the carrier and its contractors
 * hold. */
GBytes *tk_service_references(TkApp *app, const TkActor *actor, GError **error);

#endif

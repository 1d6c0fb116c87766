/* The safety and reliability standard (安全・信頼性基準): the carrier's file of the notice, and how far its
 * measures are carried out. Part of the service's door.
 *
 *     CSV of the notice ─► refused with line and column, or kept whole (its bytes, by hash)
 *     kept file + reliability-assessments + guideline-checks (registers) ─► progress, measures, exports
 */
#ifndef TK_SERVICE_RELIABILITY_H
#define TK_SERVICE_RELIABILITY_H

/* docs/api.md. `network` is a kind of network (lines, designated, others, private, user; NULL: lines), whose
 * marks say what is asked. Chapters with their counts beside the published ones, and progress. */
GBytes *tk_service_reliability(TkApp *app, const TkActor *actor, const char *network, GError **error);
/* The measures with marks and assessments, of one chapter (what lies below it included) or of all. */
GBytes *tk_service_reliability_measures(TkApp *app, const TkActor *actor, const char *network,
                                        const char *section, GError **error);
/* Takes a file of the notice in place of the one before, or (`dry_run`) says what would be; for those who may
 * write assessments. INVALID with *findings {"items":[{"line","column",…}…],"total"} for one with a fault. */
GBytes *tk_service_reliability_import(TkApp *app, const TkActor *actor, const char *edition, const char *text,
                                      size_t len, bool dry_run, GBytes **findings, GError **error);
/* All measures with marks and assessments; `format` csv, xlsx or pdf. */
bool tk_service_reliability_export(TkApp *app, const TkActor *actor, const char *network, const char *format,
                                   bool english, TkServiceFile *file, GError **error);

#endif

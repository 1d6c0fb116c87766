/* Cases inside the service: near misses (おそれ事態) and leaks. A case is a document in the store,
 *     {"id","kind","state":"open|closed","closed_at"?, its fields (docs/api.md), "history":[…],
 * "reports":[…], "done":{deadline: time}} judged by the law of its day whenever it is read. case_fields.c
 * knows the fields and asks the law, cases.c reads and writes, case_act.c closes and reopens, case_reports.c
 * freezes and keeps the list of open deadlines for the board. */
#ifndef TK_SERVICE_CASES_H
#define TK_SERVICE_CASES_H

#include "service/freeze.h"

/* ---- case_fields.c ---- */

bool tk_case_is_leak(const char *kind);
bool tk_case_is_closed(const json_t *document);
/* Takes `fields` into `document`, all or none; fails with the field's name. */
bool tk_case_take(const char *kind, json_t *document, json_t *fields, GError **error);
bool tk_case_times(const json_t *document, int64_t *occurred_us, int64_t *known_us, GError **error);
bool tk_case_judge(const TkApp *app, const char *kind, const json_t *document, TkVerdict *verdict,
                   GError **error);

/* ---- cases.c ---- */

/* NULL and NOT_FOUND where there is none; *kind is set by the id. */
TkRecord *tk_case_get(TkApp *app, const char *id, const char **kind, GError **error);
/* docs/api.md, Cases; new reference. */
json_t *tk_case_view(const TkApp *app, const char *kind, const TkRecord *record, int64_t now_us);
/* A history entry of the version being made. */
void tk_case_note(json_t *document, const TkActor *actor, int64_t now_us, int64_t version, const char *action,
                  const char *ja, const char *en);
/* Takes the write: puts the document into it and commits. change_lock is held. */
bool tk_case_save(TkApp *app, TkWrite *write, const char *kind, int64_t expected_version, const char *action,
                  const json_t *document, GError **error);

/* ---- case_reports.c ---- */

/* All deadlines of a case, met ones too, as on the board; new reference. */
json_t *tk_case_deadlines(const TkApp *app, const json_t *document, const TkVerdict *verdict, int64_t now_us);
/* Brings the table of open deadlines up to this document. change_lock is held, or the service starts. */
void tk_case_index(TkApp *app, const char *kind, const json_t *document);

#endif

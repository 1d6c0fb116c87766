/* What people do to an accident. act.c has the table of actions and the states that allow them; each action
 * edits working copies inside one TkChange, so that it is kept whole or not at all. */
#ifndef TK_SERVICE_ACT_H
#define TK_SERVICE_ACT_H

#include "service/app.h"

typedef struct {
    TkChange change;
    const TkActor *actor;
    const json_t *request;
    TkIncident *incident; /* working copy, borrowed from the change */
} TkAct;

typedef bool (*TkActFn)(TkAct *act, GError **error);

bool tk_act_merge(TkAct *act, GError **error);
bool tk_act_split(TkAct *act, GError **error);
bool tk_act_undo(TkAct *act, GError **error);
bool tk_act_estimate(TkAct *act, GError **error);
bool tk_act_choose(TkAct *act, GError **error);
bool tk_act_edit(TkAct *act, GError **error);

/* Remembers the records as they are so that the action can be undone; before anything is edited. `others`
 * (may be NULL) are ids of further records the action changes. */
void tk_act_remember(TkIncident *incident, const char *action, const char *ja, const char *en,
                     json_t *others);

/* ---- reading requests: each fails with the field's name ---- */

/* Borrowed text of at most `max` bytes; NULL and *error when missing, empty, too long or no text. */
const char *tk_request_text(const json_t *request, const char *field, size_t max, GError **error);
/* A whole number 0 … max. */
bool tk_request_count(const json_t *request, const char *field, int64_t max, int64_t *value, GError **error);
/* A time; `missing` where the field is not there. */
bool tk_request_time(const json_t *request, const char *field, int64_t missing, int64_t *at_us,
                     GError **error);
/* "version" must be the record's. CONFLICT otherwise. */
bool tk_request_version(const json_t *request, uint32_t version, GError **error);

/* pdf, xlsx, csv, json. */
bool tk_report_format_of_name(const char *name, TkReportFormat *format, GError **error);

#endif

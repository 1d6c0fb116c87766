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

/* ---- reported.c: what accidents and cases share ---- */

/* A report that went out by another way: a first report by telephone, a periodic list through the ministry's
 * own desk. It meets the deadline and stays in the history; there is no undoing what was sent. */
typedef struct {
    const char *kind; /* of the deadline; borrowed from the request */
    int64_t at_us;    /* when it was handed in */
    char *ja, *en;    /* the history's words; owned */
} TkReported;

void tk_reported_clear(TkReported *reported);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkReported, tk_reported_clear)
/* Reads {"kind","how","at"?} (`at` left out: now) for the record `id`, whose deadlines are as on the board
 * and which began at `since_us`. INPUT where no such deadline is asked for, or the time lies before that or
 * in the future. */
bool tk_reported_read(const TkApp *app, const json_t *request, const char *id, const json_t *deadlines,
                      int64_t since_us, int64_t now_us, TkReported *out, GError **error);
/* A copy of `done` ({deadline kind: time}, may be NULL) in which this kind is met; new reference. */
json_t *tk_reported_done(const TkReported *reported, const json_t *done);
/* 終了 with the reason, where there is one; new strings. */
void tk_closed_words(const char *reason, char **ja, char **en);

/* pdf, xlsx, csv, json. */
bool tk_report_format_of_name(const char *name, TkReportFormat *format, GError **error);

/* Opens one incident by a request: asks for the right, lets `fill_in` make it in a change, commits, and
 * answers with the whole accident. */
typedef bool (*TkIncidentFill)(TkChange *change, const json_t *request, GError **error);
GBytes *tk_incident_open(TkApp *app, const TkActor *actor, const json_t *request, TkIncidentFill fill_in,
                         GError **error);

/* ---- evidence.c ---- */

/* Whether a file may have this name: 1 to 200 bytes of UTF-8 without folders and control characters. */
bool tk_evidence_name_ok(const char *name, GError **error);

#endif

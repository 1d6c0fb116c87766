/* Freezing: what is the same for everything that is reported, an accident, a near miss, a
 * leak, or a periodic list of accidents.
 *
 *     reportable.load ─► TkSubject ─► form ─► lint ─► four files ─► reportable.keep (one commit)
 *
 * What differs between them is only where the record lies and how it is changed; that is a TkReportable. */
#ifndef TK_SERVICE_FREEZE_H
#define TK_SERVICE_FREEZE_H

#include "service/act.h"

#define TK_REPORT_FORMATS 4

/* A record as freezing sees it. */
typedef struct {
    char id[TK_INCIDENT_ID_MAX];
    int64_t version;
    TkDate law_date;        /* the day whose forms apply */
    json_t *view;           /* what the form is filled from, with "law" and "deadlines"; owned */
    json_t *reports;        /* frozen so far, with the hashes of their files; owned */
    const char *store_kind; /* what the record is in the store; NULL: it is not in it as such. Static */
} TkSubject;

void tk_subject_clear(TkSubject *subject);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkSubject, tk_subject_clear)

/* One version about to be kept. */
typedef struct {
    const char *kind, *override; /* override NULL: none was needed */
    unsigned number;
    bool final;
    int64_t now_us;
    GBytes *files[TK_REPORT_FORMATS]; /* owned */
} TkFrozen;

typedef struct {
    /* Fills *subject from the record as it is now; NOT_FOUND where there is none. */
    bool (*load)(TkApp *app, const char *id, int64_t now_us, TkSubject *subject, GError **error);
    /* May a report of this kind be made of it? INPUT with the kinds that may, otherwise. */
    bool (*fits)(const TkSubject *subject, const char *kind, GError **error);
    /* Writes the version into the record, marks its deadline and commits; CONFLICT where the record is no
     * longer the one that was loaded. */
    bool (*keep)(TkApp *app, const TkActor *actor, const TkSubject *subject, const TkFrozen *frozen,
                 GError **error);
    /* Makes the report, where it is not the form of one record filled from its view (NULL). *context is
     * complete but for the day it is due; what keep has to know may be put into the view. */
    TkReport *(*make)(TkApp *app, TkSubject *subject, const char *kind, TkReportContext *context,
                      GError **error);
} TkReportable;

/* The use cases of service.h, for a thing that is reported. */
GBytes *tk_freeze_draft(TkApp *app, const TkReportable *what, const TkActor *actor, const char *id,
                        const char *kind, GError **error);
GBytes *tk_freeze_next(TkApp *app, const TkReportable *what, const TkActor *actor, const char *id,
                       const json_t *request, GBytes **findings, GError **error);
bool tk_freeze_file(TkApp *app, const TkReportable *what, const TkActor *actor, const char *id,
                    unsigned number, const char *format, TkServiceFile *file, GError **error);
GBytes *tk_freeze_diff(TkApp *app, const TkReportable *what, const TkActor *actor, const char *id,
                       unsigned from, unsigned to, GError **error);

/* ---- for a reportable's keep ---- */

/* Puts the files into the write and gives the entry for the record's "reports"; new reference. */
json_t *tk_frozen_entry(const TkFrozen *frozen, TkWrite *write, const char *who);
/* A copy of `done` ({deadline kind: time}) in which this kind is met; the first time stays. */
json_t *tk_frozen_done(const TkFrozen *frozen, const json_t *done);
/* “第一報(重大事故 初報)を確定” and its English; new reference. */
json_t *tk_frozen_words(const TkFrozen *frozen, const TkLaw *law, TkDate date);
/* Fails with CONFLICT: the record changed while its report was made. Always false. */
bool tk_frozen_stale(const TkSubject *subject, GError **error);
/* `reports` as a reader sees them: without the hashes of the files but the model's own; new reference. */
json_t *tk_reports_shown(const json_t *reports);

#endif

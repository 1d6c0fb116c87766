/* Inside the service: the book of controls. */
#ifndef TK_SERVICE_CONTROLS_PRIVATE_H
#define TK_SERVICE_CONTROLS_PRIVATE_H

#include "service/app.h"
#include "service/program_private.h"

/* The frameworks with those that were imported. Immutable, shared: to read a catalogue of megabytes again for
 * every answer that changes would take half a second. */
typedef struct {
    gatomicrefcount refs;
    char *stamp; /* which records of oscal-documents, in which versions */
    TkFrameworks *frameworks;
    GHashTable *imported; /* framework id → record of oscal-documents */
    TkChecks *checks;
    json_t *findings; /* [{"record","ja","en"}…]: imported ones that cannot be used */
} TkControlSet;

/* What the registers say of controls at one moment, read, joined and computed. Immutable, shared. */
typedef struct {
    gatomicrefcount refs;
    TkControlSet *set;
    TkFrameworks *frameworks; /* these three are the set\'s */
    GHashTable *imported;
    TkChecks *checks;
    json_t *answers; /* [{"record","version","framework","item","state","evidence":[…],…}…] */
    TkControlAnswers *read;
    GHashTable *by_item; /* TkFrameworkItem → element of `answers`, borrowed */
    GArray *supports;    /* TkSupport of every unit of every framework */
    GHashTable *support; /* TkFrameworkItem → TkSupport in it */
    json_t *findings;    /* [{"record"?,"ja","en"}…] */
    TkDate date;
    uint64_t ledger_size; /* up to which the log has been looked at */
} TkControlBook;

struct TkControls {
    GMutex lock; /* one book is made at a time */
    TkControlSet *set;
    TkControlBook *book;
    GMutex run_lock;    /* one run of the checks at a time */
    GMutex checks_lock; /* a leaf, for: */
    json_t
        *results; /* check id → {"result","value","facts","why"?,"since"} of the last run; NULL: not read */
    int64_t last_run_us; /* TK_TIME_NONE: never */
    GThread *thread;     /* NULL: not started */
    GCond wake;
    bool stopping;
};

/* The book of today, computed anew where it must be. A reference for the caller. */
TkControlBook *tk_control_book(TkApp *app, GError **error);
void tk_control_book_unref(TkControlBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkControlBook, tk_control_book_unref)

/* What a check found out. */
typedef struct {
    bool known;
    double value;
    json_t *facts;               /* {name: number or text}; owned */
    const char *why_ja, *why_en; /* where not known; static */
} TkMeasure;

/* Never fails: what cannot be measured is not known, with the reason. */
void tk_control_measure(TkApp *app, const TkControlBook *book, const TkCheck *check, TkMeasure *out);

/* Items that failed checks speak of → GPtrArray of the checks' ids, which live as long as the book. */
GHashTable *tk_control_attention(TkApp *app, const TkControlBook *book);

/* The SHA-256 of a record's file, or another of its fields; NULL where there is none. Borrowed. */
const char *tk_control_file(const TkRecord *record, const char *field);

/* The item of a framework; NOT_FOUND naming what is not there. */
const TkFrameworkItem *tk_control_item(const TkControlBook *book, const char *framework, const char *item,
                                       GError **error);
/* The answers' evidence of a document record, as docs/framework-format.md has it; new reference. NULL where
 * the document does not say from when it counts, or is gone. */
json_t *tk_control_evidence(TkApp *app, const char *document);
/* A title in both languages. New reference. */
json_t *tk_control_title(const TkFrameworkItem *item);
/* One hop, and a way of them with its weakest link; new references. */
json_t *tk_control_way(const TkReach *reach);

#endif

/* Inside the service: the notice as it was imported, with the assessments of its measures. */
#ifndef TK_SERVICE_RELIABILITY_PRIVATE_H
#define TK_SERVICE_RELIABILITY_PRIVATE_H

#include "service/standards_private.h"

#define TK_KIND_RELIABILITY "reliability" /* record "content": {"edition","sha256","items","measures"} */

typedef struct {
    TkApp *app;
    const TkActor *actor;
    size_t network; /* index of a kind of network */
    TkRecord *kept; /* of the file; NULL: none was imported */
    json_t *content;
    GPtrArray *assessments;
    GHashTable *by_code; /* code → the newest assessment, borrowed */
    GHashTable *names;
    TkDate today;
} TkReliabilityBook;

bool tk_reliability_open(TkReliabilityBook *book, const char *network, GError **error);
void tk_reliability_close(TkReliabilityBook *book);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkReliabilityBook, tk_reliability_close)

/* "◎", "◎*", "○" or "−" for the book's kind of network. */
const char *tk_reliability_mark(const TkReliabilityBook *book, const json_t *measure);
/* NULL where the measure was not assessed. */
const TkRecord *tk_reliability_assessment(const TkReliabilityBook *book, const json_t *measure);
const char *tk_reliability_person(const TkReliabilityBook *book, const char *id);
bool tk_reliability_in(const char *section, const char *chapter);

typedef struct {
    int asked, done, partly, planned, not_done, not_applicable, open, overdue;
    int marks[3], marks_done[3]; /* of ◎, ◎*, ○ */
} TkReliabilityTally;
/* Of the measures that are asked of the book's kind of network, in a chapter and what lies below it. */
TkReliabilityTally tk_reliability_tally(const TkReliabilityBook *book, const char *chapter);
extern const char *const tk_reliability_signs[3];

#endif

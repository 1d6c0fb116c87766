/* Inside the service: what the registers say about technical standards, gathered for one answer. */
#ifndef TK_SERVICE_STANDARDS_PRIVATE_H
#define TK_SERVICE_STANDARDS_PRIVATE_H

#include "service/program_private.h"

#define TK_STANDARDS_FACILITIES_MAX                                                                          \
    20000 /* with a category; further ones are not looked at, which is said                                  \
           */

typedef struct {
    TkApp *app;
    const TkActor *actor;
    TkDate date, today;
    GPtrArray *confirmations, *documents, *assessments, *checks, *orders, *facilities; /* TkRecord, owned */
    GHashTable *names;    /* persons: id → name, owned; NULL: the actor may not read them */
    bool facilities_more; /* there are more than were looked at */
} TkStandards;

bool tk_standards_gather(TkStandards *s, GError **error);
void tk_standards_clear(TkStandards *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkStandards, tk_standards_clear)

/* *names: persons by id, NULL where the actor may not read them. */
bool tk_standards_people(TkApp *app, const TkActor *actor, GHashTable **names, GError **error);
/* A person's name, or the record's id where the actor may not read persons; NULL for NULL. */
const char *tk_standards_person(const TkStandards *s, const char *id);
/* Whether a list-of-ref field of the record names `id`. */
bool tk_standards_names(const TkRecord *record, const char *field, const char *id);
const TkRecord *tk_standards_facility(const TkStandards *s, const char *id);

typedef enum {
    TK_DOCUMENT_MISSING, /* no record */
    TK_DOCUMENT_OPEN,    /* planned, being written */
    TK_DOCUMENT_DONE,
    TK_DOCUMENT_NOT_NEEDED, /* not applicable, with its reason */
    TK_DOCUMENT_EXPIRED,    /* done, but holds no longer */
    TK_DOCUMENT_EMPTY,      /* called done, with neither text nor file */
} TkDocumentState;

/* One document of a confirmation's set beside what is recorded of it. */
typedef struct {
    TkStandardDocument law;
    const TkRecord *record; /* NULL: none */
    TkDocumentState state;
    bool lacking; /* the package is not complete without it */
} TkStandardsLine;

/* The lines of one confirmation for the day its filing is or was judged on: its filing, else the day asked.
 * NULL where its category is not known on that day. Elements TkStandardsLine; caller's. */
GArray *tk_standards_lines(const TkStandards *s, const TkRecord *confirmation, TkDate *judged);
/* The newest assessment of a measure for a category; NULL: none. */
const TkRecord *tk_standards_assessment(const TkStandards *s, const char *category, const char *measure);
/* Index of the category's basis that the confirmation names; 0 where it names none of them. */
size_t tk_standards_basis(const TkStandardCategory *category, const TkRecord *confirmation);
/* When the confirmation is to be filed: what is recorded, else the day before the use that is planned, else
 * three months after the designation (法42条3項・7項). */
TkDate tk_standards_due(const TkRecord *confirmation);
const char *tk_standards_document_state(TkDocumentState state);
const char *tk_standards_level(TkStandardLevel level);

#endif

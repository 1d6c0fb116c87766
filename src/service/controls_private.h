/* Inside the service: the book of controls. */
#ifndef TK_SERVICE_CONTROLS_PRIVATE_H
#define TK_SERVICE_CONTROLS_PRIVATE_H

#include "service/app.h"
#include "service/program_private.h"

/* What the registers say of controls at one moment, read, joined and computed. Immutable, shared. */
typedef struct {
    gatomicrefcount refs;
    TkFrameworks *frameworks;
    GHashTable *imported; /* framework id → record of oscal-documents */
    json_t *answers;      /* [{"record","version","framework","item","state","evidence":[…],…}…] */
    TkControlAnswers *read;
    GHashTable *by_item; /* TkFrameworkItem → element of `answers`, borrowed */
    GArray *supports;    /* TkSupport of every unit of every framework */
    GHashTable *support; /* TkFrameworkItem → TkSupport in it */
    json_t *findings;    /* [{"record"?,"ja","en"}…] */
    TkDate date;
    uint64_t ledger_size; /* up to which the log has been looked at */
} TkControlBook;

/* The book of today, computed anew where it must be. A reference for the caller. */
TkControlBook *tk_control_book(TkApp *app, GError **error);
void tk_control_book_unref(TkControlBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkControlBook, tk_control_book_unref)

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

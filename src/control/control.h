/* Controls: OSCAL documents (NIST, https://pages.nist.gov/OSCAL), checked and resolved.
 *
 * A document is a jansson tree as it came, so that what this room does not know survives a round trip. What a
 * sound document looks like is data (frameworks/oscal/models.json), made from the schema that NIST publishes.
 * The room is pure: documents that a profile imports are fetched by the caller, and the time of a resolution
 * is an argument. */
#ifndef TK_CONTROL_H
#define TK_CONTROL_H

#include "base/base.h"

enum {
    TK_OSCAL_DOCUMENT_MAX = 64 << 20, /* bytes; the largest published catalogue has 10 MB */
    TK_OSCAL_FINDINGS_MAX = 1000,
    TK_OSCAL_IMPORT_DEPTH_MAX = 16,
    TK_OSCAL_CONTROLS_MAX = 100000,
};

/* ---- documents ---- */

/* Reads one OSCAL document in JSON: an object with one document in it (and perhaps $schema). New reference,
 * json_decref. NULL and *error (TK_ERROR_INPUT, TK_ERROR_LIMIT) otherwise. */
json_t *tk_oscal_read(const char *name, const char *text, size_t len, GError **error);
/* "catalog", "profile", "component-definition", …; the key of the document's body. Borrowed; NULL where there
 * is none. */
const char *tk_oscal_kind(const json_t *document);

/* ---- soundness ---- */

typedef struct TkOscalModels TkOscalModels;

/* The models from the text of frameworks/oscal/models.json. Immutable, any thread; tk_oscal_models_free. */
TkOscalModels *tk_oscal_models_new(const char *text, size_t len, GError **error);
void tk_oscal_models_free(TkOscalModels *models);
const char *tk_oscal_models_version(const TkOscalModels *models); /* of OSCAL, "1.2.1"; borrowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkOscalModels, tk_oscal_models_free)

typedef struct {
    bool fault;    /* else a warning: the document can be used, and somebody should look */
    char *pointer; /* RFC 6901, "/catalog/groups/0/id" */
    char *text;    /* a sentence */
} TkOscalFinding;

/* What is wrong with a document, in its order, at most TK_OSCAL_FINDINGS_MAX: names, types and cardinalities
 * by the models; ids given twice; references to nothing. What a document may leave to another one (roles,
 * parties, the subjects of an assessment, links from a resolved catalogue to controls that were not chosen)
 * is a warning. Elements are TkOscalFinding, the array owns them. */
GPtrArray *tk_oscal_check(const TkOscalModels *models, const json_t *document);

/* ---- profile resolution ---- */

/* Gives the document behind an import's href, seen from the document `from` (the name given to
 * tk_oscal_resolve or by an earlier fetch). `resource` is the back-matter resource where the href is a
 * fragment, else NULL. Sets *name, by which a circle of imports is known. New reference; NULL and *error
 * where it cannot be had. */
typedef json_t *(*TkOscalFetch)(void *user, const char *from, const char *href, const json_t *resource,
                                char **name, GError **error);

/* Resolves a profile into a catalogue by the OSCAL Profile Resolution specification: import (include,
 * exclude, by id, by pattern, with child controls; profiles of profiles), merge (flat, as-is, custom; keep,
 * use-first), modify (set-parameters, alters), back matter, pruning. `notes` (char *, owned) gets what the
 * reader should know: ids that select nothing, controls kept twice. Two runs over the same documents differ
 * in last-modified only; the uuid is derived from the content. New reference; NULL and *error naming the
 * import or the directive. */
json_t *tk_oscal_resolve(const json_t *profile, const char *name, TkOscalFetch fetch, void *user,
                         int64_t now_us, GPtrArray *notes, GError **error);
/* How many controls a catalogue has, children too. */
size_t tk_oscal_control_count(const json_t *catalog);

#include "control/checks.h"
#include "control/framework.h"

#endif

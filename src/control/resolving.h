/* What the steps of a resolution hand to each other. Inside the room. */
#ifndef TK_CONTROL_RESOLVING_H
#define TK_CONTROL_RESOLVING_H

#include "control/control.h"

/* One import: the catalogue it came from and which of its controls were chosen. */
typedef struct {
    json_t *catalog;      /* body of the catalogue, owned */
    GHashTable *selected; /* set of json_t *, controls inside `catalog` */
    GPtrArray *order;     /* the same in document order, depth first; a discarded duplicate is in neither */
} Inclusion;

void inclusion_free(void *inclusion);

/* select.c: which controls does a directive (an import, an insert-controls) choose? */

/* Every control below `node` (a catalogue, group or control), depth first, appended to `out` (borrowed). */
void oscal_controls(const json_t *node, GPtrArray *out);
/* The members of `all` that the directive's include-all or include-controls choose and its exclude-controls
 * do not, in the order of `all`. Ids and patterns that choose nothing are noted. */
GPtrArray *oscal_select(const json_t *directive, const GPtrArray *all, const char *where, GPtrArray *notes);
void oscal_note(GPtrArray *notes, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* merge.c: the groups, controls and loose parameters of the result, put into `catalog`. */
bool oscal_merge(const json_t *merge, GPtrArray *inclusions, json_t *catalog, GPtrArray *notes,
                 GError **error);

/* modify.c: set-parameters and alters on the result. */
void oscal_modify(const json_t *modify, json_t *catalog, GPtrArray *notes);

/* finish.c: metadata, back matter, pruning, order of keys. Takes `catalog` over. */
json_t *oscal_finish(const json_t *profile, const char *name, GPtrArray *inclusions, json_t *catalog,
                     int64_t now_us);

static inline const char *oscal_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}
/* Copies every field of an object but the named ones, deep. New reference. */
json_t *oscal_copy_but(const json_t *object, const char *const *but);
/* Has the object the property keep = always, which pruning and replacing must leave alone? */
bool oscal_kept_always(const json_t *object);
/* The list at `key`, made where there is none. Borrowed. */
json_t *oscal_list(json_t *object, const char *key);

/* A UUID of version 5's form that is derived from a text. Owned. */
char *oscal_uuid_of_text(const char *text);

#endif

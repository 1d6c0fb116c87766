/* The loaded frameworks, inside the room. */
#ifndef TK_CONTROL_FRAMEWORKS_H
#define TK_CONTROL_FRAMEWORKS_H

#include "control/control.h"

typedef struct {
    size_t to; /* node */
    TkRelation relation;
    bool verified;
    const char *crosswalk;
} Edge;

struct TkFrameworks {
    GStringChunk *words;
    GPtrArray *list;   /* TkFramework *, by id */
    GHashTable *by_id; /* id → TkFramework * */
    GPtrArray *nodes;  /* TkFrameworkItem *, by node */
    GPtrArray *edges;  /* GArray of Edge, by node; each mapping stands in both directions */
    size_t n_maps, n_maps_unverified;
};

#define STATES_PER_NODE 10 /* a relation (1–4) and whether every hop is verified */

/* Calls `each` for every item and every relation in which `from` lies to it (verified and not, told apart),
 * the shortest path first; the start itself is not among them. */
typedef void (*ReachEach)(void *user, const TkReach *reach);
void control_walk(const TkFrameworks *frameworks, const TkFrameworkItem *from, ReachEach each, void *user);

bool relation_parse(const char *text, TkRelation *relation);

/* Text field of a JSON object, at most `max` bytes; NULL where it is absent or something else. */
const char *field_text(const json_t *object, const char *key, size_t max);

#endif

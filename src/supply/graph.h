/* The graph's inside, shared by the room's files. */
#ifndef TK_SUPPLY_GRAPH_H
#define TK_SUPPLY_GRAPH_H

#include "supply/supply.h"

#include <string.h>

typedef struct {
    unsigned kind;
    uint32_t node;
    char *id; /* owned */
} Name;

typedef struct {
    uint32_t to, next; /* next edge of the same tail; TK_SUPPLY_NONE: the last */
    uint8_t relation;
} Edge;

struct TkSupply {
    GHashTable *by_name; /* Name, borrowed from names */
    GPtrArray *names;    /* by node */
    GArray *first;       /* uint32_t by node: its first edge */
    GArray *edges;       /* Edge */
    GHashTable *known;   /* int64_t *: the edges there are */
};

static inline const Edge *edge_at(const TkSupply *supply, uint32_t at)
{
    return at == TK_SUPPLY_NONE ? NULL : &g_array_index(supply->edges, Edge, at);
}

/* The first edge from `at` on that has one of the relations. */
static inline const Edge *edge_of(const TkSupply *supply, uint32_t at, uint32_t relations)
{
    const Edge *edge = edge_at(supply, at);
    while (edge != NULL && (relations >> edge->relation & 1) == 0)
        edge = edge_at(supply, edge->next);
    return edge;
}

#endif

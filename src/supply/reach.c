/* Walks: what is concerned, by which way, and where a way comes back to itself. Both walk with a list of
 * their own rather than by recursion, because a chain may be as long as the graph. */
#include "supply/graph.h"

struct TkSupplyReach {
    const TkSupply *supply;
    uint32_t
        *before; /* by node: where it was reached from; itself for a start, TK_SUPPLY_NONE: not reached */
    int8_t *relation; /* by node */
};

TkSupplyReach *tk_supply_reach(const TkSupply *supply, const uint32_t *from, size_t n_from,
                               uint32_t relations)
{
    uint32_t n = tk_supply_count(supply);
    TkSupplyReach *reach = g_new0(TkSupplyReach, 1);
    reach->supply = supply;
    reach->before = g_new(uint32_t, n + 1);
    reach->relation = g_new(int8_t, n + 1);
    g_autofree uint32_t *queue = g_new(uint32_t, n + 1);
    uint32_t head = 0, tail = 0;
    memset(reach->before, 0xff, sizeof(uint32_t) * (n + 1)); /* TK_SUPPLY_NONE */
    for (size_t i = 0; i < n_from; i++) {
        if (from[i] >= n || reach->before[from[i]] != TK_SUPPLY_NONE)
            continue;
        reach->before[from[i]] = from[i];
        reach->relation[from[i]] = -1;
        queue[tail++] = from[i];
    }
    while (head < tail) {
        uint32_t node = queue[head++];
        const Edge *edge = edge_of(supply, g_array_index(supply->first, uint32_t, node), relations);
        for (; edge != NULL; edge = edge_of(supply, edge->next, relations)) {
            if (reach->before[edge->to] != TK_SUPPLY_NONE)
                continue;
            reach->before[edge->to] = node;
            reach->relation[edge->to] = (int8_t)edge->relation;
            queue[tail++] = edge->to;
        }
    }
    return reach;
}

void tk_supply_reach_free(TkSupplyReach *reach)
{
    if (reach == NULL)
        return;
    g_free(reach->before);
    g_free(reach->relation);
    g_free(reach);
}

bool tk_supply_reached(const TkSupplyReach *reach, uint32_t node)
{
    return node < tk_supply_count(reach->supply) && reach->before[node] != TK_SUPPLY_NONE;
}

GArray *tk_supply_chain(const TkSupplyReach *reach, uint32_t node)
{
    GArray *chain = g_array_new(FALSE, FALSE, sizeof(TkSupplyStep));
    while (tk_supply_reached(reach, node)) {
        TkSupplyStep step = {.node = node, .relation = reach->relation[node]};
        g_array_prepend_val(chain, step);
        if (reach->before[node] == node)
            break;
        node = reach->before[node];
    }
    return chain;
}

/* ---- cycles ---- */

typedef struct {
    uint32_t node;
    const Edge *edge; /* the next one to follow */
} Place;

enum { NEW, OPEN, DONE };

/* The part of the way from `node` on. */
static void take_cycle(const GArray *way, uint32_t node, GArray *cycle)
{
    for (guint i = 0; i < way->len; i++) {
        uint32_t at = g_array_index(way, Place, i).node;
        if (cycle->len > 0 || at == node)
            g_array_append_val(cycle, at);
    }
}

static void enter(const TkSupply *supply, uint32_t node, uint32_t relations, uint8_t *state, GArray *way)
{
    Place place = {.node = node,
                   .edge = edge_of(supply, g_array_index(supply->first, uint32_t, node), relations)};
    state[node] = OPEN;
    g_array_append_val(way, place);
}

static void search_from(const TkSupply *supply, uint32_t start, uint32_t relations, uint8_t *state,
                        GArray *cycle)
{
    g_autoptr(GArray) way = g_array_new(FALSE, FALSE, sizeof(Place));
    enter(supply, start, relations, state, way);
    while (way->len > 0) {
        Place *place = &g_array_index(way, Place, way->len - 1);
        if (place->edge == NULL) {
            state[place->node] = DONE;
            g_array_set_size(way, way->len - 1);
            continue;
        }
        uint32_t to = place->edge->to;
        place->edge = edge_of(supply, place->edge->next, relations);
        if (state[to] == OPEN) {
            take_cycle(way, to, cycle);
            return;
        }
        if (state[to] == NEW)
            enter(supply, to, relations, state, way);
    }
}

GArray *tk_supply_cycle(const TkSupply *supply, uint32_t relations)
{
    GArray *cycle = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t n = tk_supply_count(supply);
    g_autofree uint8_t *state = g_new0(uint8_t, n + 1);
    for (uint32_t node = 0; node < n && cycle->len == 0; node++)
        if (state[node] == NEW)
            search_from(supply, node, relations, state, cycle);
    return cycle;
}

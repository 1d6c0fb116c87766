/* What an item reaches through crosswalks: a breadth-first walk over (item, relation, verified), so that a
 * shorter but weaker chain does not hide a longer and stronger one. */
#include "control/frameworks.h"

typedef struct {
    size_t node, prev; /* prev: index in the queue */
    const Edge *edge;  /* by which it was reached */
    TkRelation relation;
    bool verified;
    unsigned hops;
} Step;

static size_t weakest_of(const TkReach *reach)
{
    size_t weakest = 0;
    for (size_t i = 1; i < reach->n_path; i++) {
        const TkHop *hop = &reach->path[i], *worst = &reach->path[weakest];
        if (hop->verified != worst->verified ? !hop->verified : hop->relation < worst->relation)
            weakest = i;
    }
    return weakest;
}

static TkReach reach_of(const TkFrameworks *frameworks, const GArray *queue, size_t index)
{
    const Step *step = &g_array_index(queue, Step, index);
    TkReach reach = {
        frameworks->nodes->pdata[step->node], step->relation, step->verified, {{0}}, step->hops, 0};
    for (size_t at = step->hops; at > 0; at--) {
        const Step *before = &g_array_index(queue, Step, step->prev);
        reach.path[at - 1] =
            (TkHop){frameworks->nodes->pdata[before->node], frameworks->nodes->pdata[step->node],
                    step->edge->relation, step->edge->verified, step->edge->crosswalk};
        step = before;
    }
    reach.weakest = weakest_of(&reach);
    return reach;
}

static bool first_time(GHashTable *seen, const Step *step)
{
    size_t state = step->node * STATES_PER_NODE + (size_t)step->relation * 2 + step->verified;
    return g_hash_table_add(seen, GSIZE_TO_POINTER(state + 1));
}

void control_walk(const TkFrameworks *frameworks, const TkFrameworkItem *from, ReachEach each, void *user)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) queue = g_array_new(FALSE, FALSE, sizeof(Step));
    Step start = {from->node, 0, NULL, TK_RELATION_EQUAL, true, 0};
    g_array_append_val(queue, start);
    for (size_t at = 0; at < queue->len; at++) {
        Step here = g_array_index(queue, Step, at); /* a copy: the queue grows below */
        if (at > 0) {
            TkReach reach = reach_of(frameworks, queue, at);
            each(user, &reach);
        }
        if (here.hops == TK_FRAMEWORK_HOPS_MAX)
            continue;
        const GArray *edges = frameworks->edges->pdata[here.node];
        for (size_t i = 0; i < edges->len; i++) {
            const Edge *edge = &g_array_index(edges, Edge, i);
            Step next = {edge->to,
                         at,
                         edge,
                         tk_relation_compose(here.relation, edge->relation),
                         here.verified && edge->verified,
                         here.hops + 1};
            if (next.relation != TK_RELATION_NONE && next.node != from->node && first_time(seen, &next))
                g_array_append_val(queue, next);
        }
    }
}

/* The walk gives short paths first, so a later one must be better to take the place. */
static void keep_best(void *user, const TkReach *reach)
{
    GHashTable *best = user;
    TkReach *known = g_hash_table_lookup(best, reach->item);
    if (known == NULL)
        g_hash_table_insert(best, (void *)reach->item, g_memdup2(reach, sizeof *reach));
    else if (reach->relation != known->relation ? reach->relation > known->relation
                                                : reach->verified && !known->verified)
        *known = *reach;
}

static int by_item(gconstpointer a, gconstpointer b)
{
    const TkReach *x = a, *y = b;
    int order = strcmp(x->item->framework->id, y->item->framework->id);
    return order != 0 ? order : (x->item->node > y->item->node) - (x->item->node < y->item->node);
}

GArray *tk_control_reach(const TkFrameworks *frameworks, const TkFrameworkItem *from)
{
    g_autoptr(GHashTable) best = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    control_walk(frameworks, from, keep_best, best);
    GArray *list = g_array_new(FALSE, FALSE, sizeof(TkReach));
    GHashTableIter iter;
    void *reach;
    g_hash_table_iter_init(&iter, best);
    while (g_hash_table_iter_next(&iter, NULL, &reach))
        g_array_append_vals(list, reach, 1);
    g_array_sort(list, by_item);
    return list;
}

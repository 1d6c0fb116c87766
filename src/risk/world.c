/* Failures run down the graph and repairs run up. A node with users that goes down asks for its roots (itself
 * where it failed while all its needs were met, else the roots of what it misses) and joins the open accident
 * that has one of them as a cause: the rule of the live engine (network.h), which a test holds it to. Several
 * such accidents become one.
 *
 * An accident is a slot. Merging leaves a forwarding slot behind, which is recycled when no member names it
 * any more. An accident is judged for the time that has passed before each of its changes, so that nothing is
 * looked at between. */
#include <math.h>

#include "risk/world.h"

static void outage_free(void *data)
{
    Outage *o = data;
    g_array_unref(o->causes);
    g_array_unref(o->counted);
    g_free(o);
}

void world_init(World *w, const TkRiskModel *m)
{
    size_t nodes = m->g.n_nodes + 1, roots = nodes + m->n_causes;
    *w = (World){.m = m,
                 .own = g_new0(uint16_t, nodes),
                 .origin = g_new0(Root, nodes),
                 .unmet = g_new0(uint32_t, nodes),
                 .failed = g_new0(uint32_t, m->g.n_needs + 1),
                 .outage = g_new0(uint32_t, nodes),
                 .counted = g_new0(Name, nodes),
                 .counted_h = g_new0(double, nodes),
                 .blamed = g_new0(Name, roots),
                 .asked = g_new0(uint64_t, nodes),
                 .outages = g_ptr_array_new_with_free_func(outage_free),
                 .free_slots = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                 .queue = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                 .roots = g_array_new(FALSE, FALSE, sizeof(Root)),
                 .search = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
}

void world_clear(World *w)
{
    void *const parts[] = {w->own,     w->origin,    w->unmet,  w->failed, w->outage,
                           w->counted, w->counted_h, w->blamed, w->asked,  w->serial};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        g_free(parts[i]);
    g_ptr_array_unref(w->outages);
    GArray *const lists[] = {w->free_slots, w->queue, w->roots, w->search};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        g_array_unref(lists[i]);
}

/* ---- slots ---- */

static Outage *slot(const World *w, uint32_t at)
{
    return w->outages->pdata[at];
}

static void forget(World *w, uint32_t at)
{
    w->serial[at] = 0;
    g_array_append_val(w->free_slots, at);
}

void world_reset(World *w)
{
    const Graph *g = &w->m->g;
    memset(w->own, 0, g->n_nodes * sizeof *w->own);
    memset(w->unmet, 0, g->n_nodes * sizeof *w->unmet);
    memset(w->failed, 0, g->n_needs * sizeof *w->failed);
    memset(w->concurrent, 0, sizeof w->concurrent);
    g_array_set_size(w->free_slots, 0);
    g_array_set_size(w->queue, 0);
    memset(w->counted, 0, g->n_nodes * sizeof *w->counted);
    for (uint32_t at = 0; at < w->outages->len; at++)
        forget(w, at);
    w->now_h = 0;
}

static uint32_t fresh_slot(World *w)
{
    if (w->free_slots->len > 0) {
        uint32_t at = g_array_index(w->free_slots, uint32_t, w->free_slots->len - 1);
        g_array_set_size(w->free_slots, w->free_slots->len - 1);
        return at;
    }
    Outage *o = g_new0(Outage, 1);
    o->causes = g_array_new(FALSE, FALSE, sizeof(Root));
    o->counted = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_ptr_array_add(w->outages, o);
    w->serial = g_renew(uint64_t, w->serial, w->outages->len);
    return w->outages->len - 1;
}

static uint32_t new_outage(World *w)
{
    uint32_t at = fresh_slot(w);
    Outage *o = slot(w, at);
    GArray *causes = o->causes, *counted = o->counted;
    g_array_set_size(causes, 0);
    g_array_set_size(counted, 0);
    *o = (Outage){
        .into = NO_NODE, .causes = causes, .counted = counted, .began_h = w->now_h, .last_h = w->now_h};
    for (uint32_t v = 0; v < w->m->g.n_services; v++)
        o->first_h[v] = NAN;
    w->serial[at] = ++w->next_serial;
    return at;
}

static uint32_t find(const World *w, uint32_t at)
{
    while (slot(w, at)->into != NO_NODE)
        at = slot(w, at)->into;
    return at;
}

/* The slot that a name stands for; NO_NODE where that accident is over. */
static uint32_t named(const World *w, Name name)
{
    return name.serial != 0 && w->serial[name.slot] == name.serial ? find(w, name.slot) : NO_NODE;
}

/* One holder less; a slot without any is recycled, and a forwarding one lets go of where it leads. */
static void release(World *w, uint32_t at)
{
    while (at != NO_NODE) {
        Outage *o = slot(w, at);
        if (--o->holders > 0)
            return;
        forget(w, at);
        at = o->into;
    }
}

/* ---- accidents ---- */

/* Judges the time from last_h to now, in which nothing of the accident changed. Recovered exactly at the
 * boundary counts as met. */
static void judge(const World *w, Outage *o)
{
    if (o->last_h >= w->now_h)
        return;
    for (uint32_t i = 0; i < w->m->n_criteria; i++) {
        const TkRiskCriterion *c = &w->m->criteria[i];
        uint32_t v = c->service;
        if (o->serious[v] || o->concurrent[v] <= 0 || o->ever[v] < (double)c->users)
            continue;
        double met_h = fmax(o->first_h[v] + (double)c->duration_s / 3600, o->last_h);
        o->serious[v] = met_h <= w->now_h;
    }
    o->last_h = w->now_h;
}

static void blame(World *w, uint32_t at, Root root)
{
    if (named(w, w->blamed[root]) != at) {
        g_array_append_val(slot(w, at)->causes, root);
        w->blamed[root] = (Name){w->serial[at], at};
    }
}

/* Both may have counted a node that was down twice: it counts once. */
static void merge_counted(World *w, uint32_t a, const Outage *from)
{
    Outage *into = slot(w, a);
    w->stamp++;
    for (unsigned i = 0; i < into->counted->len; i++)
        w->asked[g_array_index(into->counted, uint32_t, i)] = w->stamp;
    for (unsigned i = 0; i < from->counted->len; i++) {
        uint32_t node = g_array_index(from->counted, uint32_t, i);
        bool twice = w->asked[node] == w->stamp;
        for (uint32_t v = 0; twice && v < w->m->g.n_services; v++)
            into->ever[v] -= graph_users(&w->m->g, node)[v];
        if (!twice)
            g_array_append_val(into->counted, node);
        w->counted[node] = (Name){w->serial[a], a};
    }
}

static uint32_t merge(World *w, uint32_t a, uint32_t b)
{
    Outage *into = slot(w, a), *from = slot(w, b);
    judge(w, into);
    judge(w, from);
    for (uint32_t v = 0; v < w->m->g.n_services; v++) {
        into->first_h[v] = fmin(into->first_h[v], from->first_h[v]); /* fmin passes NAN over */
        into->ever[v] += from->ever[v];
        into->concurrent[v] += from->concurrent[v];
        into->serious[v] |= from->serious[v];
    }
    into->members += from->members;
    into->began_h = fmin(into->began_h, from->began_h);
    merge_counted(w, a, from);
    for (unsigned i = 0; i < from->causes->len; i++) {
        Root root = g_array_index(from->causes, Root, i);
        g_array_append_val(into->causes, root);
        w->blamed[root] = (Name){w->serial[a], a};
    }
    from->into = a;
    into->holders++;
    return a;
}

static bool is_missing(const World *w, uint32_t q)
{
    return w->failed[q] > w->m->g.slack[q];
}

/* The roots of a node that is down, into w->roots. */
static void find_roots(World *w, uint32_t node)
{
    const Graph *g = &w->m->g;
    w->stamp++;
    g_array_set_size(w->roots, 0);
    g_array_set_size(w->search, 0);
    g_array_append_val(w->search, node);
    w->asked[node] = w->stamp;
    while (w->search->len > 0) {
        uint32_t at = g_array_index(w->search, uint32_t, w->search->len - 1);
        g_array_set_size(w->search, w->search->len - 1);
        if (w->unmet[at] == 0)
            g_array_append_val(w->roots, w->origin[at]);
        for (uint32_t q = g->need_begin[at]; w->unmet[at] > 0 && q < g->need_begin[at + 1]; q++)
            for (uint32_t m = g->member_begin[q]; is_missing(w, q) && m < g->member_begin[q + 1]; m++) {
                uint32_t member = g->members[m];
                if (!world_is_down(w, member) || w->asked[member] == w->stamp)
                    continue;
                w->asked[member] = w->stamp;
                g_array_append_val(w->search, member);
            }
    }
}

static uint32_t outage_for(World *w, uint32_t node)
{
    find_roots(w, node);
    uint32_t joined = NO_NODE;
    for (unsigned i = 0; i < w->roots->len; i++) {
        uint32_t theirs = named(w, w->blamed[g_array_index(w->roots, Root, i)]);
        if (theirs != NO_NODE && theirs != joined)
            joined = joined == NO_NODE ? theirs : merge(w, joined, theirs);
    }
    if (joined == NO_NODE)
        joined = new_outage(w);
    for (unsigned i = 0; i < w->roots->len; i++)
        blame(w, joined, g_array_index(w->roots, Root, i));
    return joined;
}

/* Has the accident the node in its `ever`? Its list is looked through only where another accident took the
 * node in meanwhile. */
static bool is_counted(const World *w, uint32_t node, uint32_t at)
{
    const Outage *o = slot(w, at);
    Name name = w->counted[node];
    if (name.serial == 0 || w->counted_h[node] < o->began_h)
        return false;
    if (named(w, name) == at)
        return true;
    for (unsigned i = 0; i < o->counted->len; i++)
        if (g_array_index(o->counted, uint32_t, i) == node)
            return true;
    return false;
}

static void count(World *w, uint32_t node, uint32_t at)
{
    g_array_append_val(slot(w, at)->counted, node);
    w->counted[node] = (Name){w->serial[at], at};
    w->counted_h[node] = w->now_h;
}

static void join(World *w, uint32_t node)
{
    const Graph *g = &w->m->g;
    uint32_t at = outage_for(w, node);
    Outage *o = slot(w, at);
    judge(w, o);
    const double *users = graph_users(g, node);
    bool first_time = !is_counted(w, node, at);
    if (first_time)
        count(w, node, at);
    for (uint32_t v = 0; v < g->n_services; v++) {
        if (users[v] <= 0)
            continue;
        if (isnan(o->first_h[v]))
            o->first_h[v] = w->now_h;
        if (first_time)
            o->ever[v] += users[v];
        o->concurrent[v] += users[v];
        w->concurrent[v] += users[v];
    }
    w->outage[node] = at;
    o->members++;
    o->holders++;
}

static void leave(World *w, uint32_t node)
{
    const Graph *g = &w->m->g;
    Outage *o = slot(w, find(w, w->outage[node]));
    judge(w, o);
    const double *users = graph_users(g, node);
    for (uint32_t v = 0; v < g->n_services; v++) {
        o->concurrent[v] -= users[v];
        w->concurrent[v] -= users[v];
    }
    if (--o->members == 0)
        w->ended(w->user, o);
    release(w, w->outage[node]);
}

/* ---- the graph ---- */

/* Lets what is in the queue from `i` on go down, and what hangs on it. */
static void run_down(World *w, unsigned i)
{
    const Graph *g = &w->m->g;
    for (; i < w->queue->len; i++) {
        uint32_t down = g_array_index(w->queue, uint32_t, i);
        for (uint32_t d = g->dep_begin[down]; d < g->dep_begin[down + 1]; d++) {
            uint32_t q = g->deps[d], owner = g->owner[q];
            if (++w->failed[q] != g->slack[q] + 1)
                continue;
            bool was_down = world_is_down(w, owner);
            w->unmet[owner]++;
            if (!was_down)
                g_array_append_val(w->queue, owner);
        }
    }
}

void world_fail(World *w, uint32_t node, Root origin)
{
    bool was_down = world_is_down(w, node);
    if (w->own[node]++ == 0)
        w->origin[node] = origin;
    if (was_down)
        return;
    g_array_append_val(w->queue, node);
    run_down(w, w->queue->len - 1);
}

void world_settle(World *w)
{
    for (unsigned i = 0; i < w->queue->len; i++) {
        uint32_t node = g_array_index(w->queue, uint32_t, i);
        if (w->m->g.has_users[node])
            join(w, node);
    }
    g_array_set_size(w->queue, 0);
}

void world_repair(World *w, uint32_t node)
{
    const Graph *g = &w->m->g;
    if (--w->own[node] > 0 || w->unmet[node] > 0)
        return;
    g_array_append_val(w->queue, node);
    for (unsigned i = 0; i < w->queue->len; i++) {
        uint32_t up = g_array_index(w->queue, uint32_t, i);
        for (uint32_t d = g->dep_begin[up]; d < g->dep_begin[up + 1]; d++) {
            uint32_t q = g->deps[d], owner = g->owner[q];
            if (w->failed[q]-- == g->slack[q] + 1 && --w->unmet[owner] == 0 && w->own[owner] == 0)
                g_array_append_val(w->queue, owner);
        }
        if (g->has_users[up])
            leave(w, up);
    }
    g_array_set_size(w->queue, 0);
}

void world_end(World *w)
{
    for (uint32_t at = 0; at < w->outages->len; at++) {
        Outage *o = slot(w, at);
        if (w->serial[at] == 0 || o->into != NO_NODE || o->members == 0)
            continue;
        judge(w, o);
        w->ended(w->user, o);
    }
}

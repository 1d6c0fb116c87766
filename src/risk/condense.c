/* From 600,000 facilities to the few thousand that can make a serious accident. Facilities are numbered with
 * needs before dependents, so one sweep from the last to the first sees every dependent before what it hangs
 * on. */
#include "risk/model.h"

typedef struct {
    const TkTopology *topology;
    const double *least;
    uint32_t n, n_services;
    bool *forced;  /* member of a common cause: stays */
    bool *carries; /* something that stays hangs on it */
    bool *stays;
    bool *passive;     /* stands for all that need the same */
    double *users;     /* own ones and what was folded in */
    GHashTable *alike; /* needs as text → facility that stands for all with these needs */
} Sweep;

static double *users_of(const Sweep *s, TkFacilityIx f)
{
    return s->users + (size_t)f * s->n_services;
}

static void add_users(const Sweep *s, TkFacilityIx to, TkFacilityIx from)
{
    for (uint32_t v = 0; v < s->n_services; v++)
        users_of(s, to)[v] += users_of(s, from)[v];
}

static bool is_small(const Sweep *s, TkFacilityIx f)
{
    for (uint32_t v = 0; v < s->n_services; v++)
        if (users_of(s, f)[v] >= s->least[v])
            return false;
    return true;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The needs of a facility as bytes: two facilities with the same ones are down together. */
static GBytes *needs_of(const Sweep *s, TkFacilityIx f, uint32_t needs)
{
    g_autoptr(GArray) words = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t q = 0; q < needs; q++) {
        TkNeed need = tk_topology_need(s->topology, f, q);
        uint32_t head[2] = {need.at_least, need.n};
        g_array_append_vals(words, head, 2);
        unsigned at = words->len;
        g_array_append_vals(words, need.members, need.n);
        qsort(&g_array_index(words, uint32_t, at), need.n, sizeof(uint32_t), by_number);
    }
    size_t len = words->len * sizeof(uint32_t);
    return g_bytes_new_take(g_array_free(g_steal_pointer(&words), FALSE), len);
}

static void mark_members(const Sweep *s, TkFacilityIx f, uint32_t needs)
{
    for (uint32_t q = 0; q < needs; q++) {
        TkNeed need = tk_topology_need(s->topology, f, q);
        for (uint32_t m = 0; m < need.n; m++)
            s->carries[need.members[m]] = true;
    }
}

/* True where the facility went into another one. The first of those that need the same stays and stands for
 * them all: a failure of its own would be that of one, so like theirs it is not simulated. */
static bool fold(const Sweep *s, TkFacilityIx f, uint32_t needs)
{
    if (s->forced[f] || s->carries[f] || !is_small(s, f))
        return false;
    if (needs == 0)
        return true; /* alone and small: it can never matter */
    TkNeed first = tk_topology_need(s->topology, f, 0);
    if (needs == 1 && first.n == 1) {
        if (first.at_least == 1)
            add_users(s, first.members[0], f);
        return true;
    }
    GBytes *key = needs_of(s, f, needs);
    gpointer known;
    if (g_hash_table_lookup_extended(s->alike, key, NULL, &known)) {
        add_users(s, GPOINTER_TO_UINT(known), f);
        g_bytes_unref(key);
        return true;
    }
    g_hash_table_insert(s->alike, key, GUINT_TO_POINTER(f));
    s->passive[f] = true;
    return false;
}

static void sweep(Sweep *s, Graph *g, const TkRiskInput *input)
{
    for (TkFacilityIx f = s->n; f-- > 0;) {
        uint32_t needs = tk_topology_facility(s->topology, f).needs;
        g_autofree double *own = g_memdup2(users_of(s, f), s->n_services * sizeof(double));
        if (!fold(s, f, needs)) {
            s->stays[f] = true;
            mark_members(s, f, needs);
        }
        if (s->stays[f] && !s->passive[f])
            continue;
        TkRiskRate rate = input != NULL ? tk_risk_input_rate(input, f) : (TkRiskRate){0};
        for (uint32_t v = 0; v < s->n_services; v++)
            g->folded_user_hours[v] += rate.per_year * rate.repair_hours * own[v];
    }
}

static void lay_out_needs(Graph *g, const TkTopology *topology)
{
    GArray *owner = g_array_new(FALSE, FALSE, 4), *slack = g_array_new(FALSE, FALSE, 4);
    GArray *begin = g_array_new(FALSE, FALSE, 4), *members = g_array_new(FALSE, FALSE, 4);
    for (uint32_t i = 0; i < g->n_nodes; i++) {
        g->need_begin[i] = owner->len;
        for (uint32_t q = 0; q < tk_topology_facility(topology, g->facility[i]).needs; q++) {
            TkNeed need = tk_topology_need(topology, g->facility[i], q);
            uint32_t tolerated = need.n - need.at_least;
            g_array_append_val(owner, i);
            g_array_append_val(slack, tolerated);
            g_array_append_val(begin, members->len);
            for (uint32_t m = 0; m < need.n; m++)
                g_array_append_val(members, g->node[need.members[m]]);
        }
    }
    g->n_needs = owner->len;
    g->need_begin[g->n_nodes] = owner->len;
    g_array_append_val(begin, members->len);
    g->owner = (uint32_t *)(void *)g_array_free(owner, FALSE);
    g->slack = (uint32_t *)(void *)g_array_free(slack, FALSE);
    g->member_begin = (uint32_t *)(void *)g_array_free(begin, FALSE);
    g->members = (uint32_t *)(void *)g_array_free(members, FALSE);
}

static void lay_out_dependents(Graph *g)
{
    uint32_t total = g->member_begin[g->n_needs];
    g->dep_begin = g_new0(uint32_t, g->n_nodes + 2);
    g->deps = g_new(uint32_t, total + 1);
    for (uint32_t m = 0; m < total; m++)
        g->dep_begin[g->members[m] + 2]++;
    for (uint32_t i = 2; i < g->n_nodes + 2; i++)
        g->dep_begin[i] += g->dep_begin[i - 1];
    for (uint32_t q = 0; q < g->n_needs; q++)
        for (uint32_t m = g->member_begin[q]; m < g->member_begin[q + 1]; m++)
            g->deps[g->dep_begin[g->members[m] + 1]++] = q;
}

static void lay_out(Graph *g, const Sweep *s)
{
    g->node = g_new(uint32_t, s->n + 1);
    for (TkFacilityIx f = 0; f < s->n; f++)
        g->node[f] = s->stays[f] ? g->n_nodes++ : NO_NODE;
    g->facility = g_new(TkFacilityIx, g->n_nodes + 1);
    g->users = g_new0(double, (size_t)g->n_nodes * s->n_services + 1);
    g->has_users = g_new0(bool, g->n_nodes + 1);
    g->passive = g_new0(bool, g->n_nodes + 1);
    g->need_begin = g_new0(uint32_t, g->n_nodes + 1);
    for (TkFacilityIx f = 0; f < s->n; f++) {
        if (!s->stays[f])
            continue;
        uint32_t i = g->node[f];
        g->facility[i] = f;
        g->passive[i] = s->passive[f];
        for (uint32_t v = 0; v < s->n_services; v++) {
            graph_users(g, i)[v] = users_of(s, f)[v];
            g->has_users[i] |= users_of(s, f)[v] > 0;
        }
    }
    lay_out_needs(g, s->topology);
    lay_out_dependents(g);
}

void graph_condense(Graph *g, const TkTopology *topology, const TkRiskInput *input, const double least[])
{
    uint32_t n = tk_topology_size(topology), services = tk_topology_services(topology);
    g_autofree bool *flags = g_new0(bool, (size_t)n * 4 + 1);
    g_autofree double *users = g_new0(double, (size_t)n *services + 1);
    g_autoptr(GHashTable) alike =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    Sweep s = {topology, least, n, services, flags, flags + n, flags + 2 * (size_t)n, flags + 3 * (size_t)n,
               users,    alike};
    for (TkFacilityIx f = 0; f < n; f++)
        for (uint32_t v = 0; v < services; v++)
            users_of(&s, f)[v] = (double)tk_topology_users(topology, f, v);
    for (uint32_t c = 0; input != NULL && c < tk_risk_input_causes(input); c++) {
        const TkRiskCause *cause = tk_risk_input_cause(input, c);
        for (uint32_t m = 0; m < cause->n_members; m++)
            s.forced[cause->members[m]] = true;
    }
    g->n_services = services;
    sweep(&s, g, input);
    lay_out(g, &s);
}

void graph_clear(Graph *g)
{
    void *const parts[] = {g->node,  g->facility, g->users,        g->has_users, g->passive,   g->need_begin,
                           g->owner, g->slack,    g->member_begin, g->members,   g->dep_begin, g->deps};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        g_free(parts[i]);
}

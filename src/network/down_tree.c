/* The tree of what is down. Nodes are numbered as the topology numbers facilities, needs before dependents,
 * so a parent stands before its children: sums run backwards once, and no recursion is needed.
 *
 *     nodes     0  1  2  3  4 …                     parent[i] < i, NONE for a root
 *     children  of the roots │ of node 0 │ of 1 …   one array, cut by first[]: the roots' part is first[0]
 */
#include "network/topology.h"

#define NONE UINT32_MAX

struct TkDownTree {
    gatomicrefcount refs;
    TkTopology *t;
    uint32_t n;
    uint32_t *facility; /* ascending */
    uint32_t *parent;   /* node; NONE: a root */
    uint32_t *more_causes;
    uint32_t *below;
    bool *alarmed;
    int64_t *users;  /* n × n_services */
    uint32_t *first; /* n + 2: children of node i are child[first[i + 1]] … child[first[i + 2] - 1] */
    uint32_t *child;
};

static uint32_t node_of(const TkDownTree *tree, TkFacilityIx facility)
{
    uint32_t low = 0, high = tree->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (tree->facility[middle] < facility)
            low = middle + 1;
        else
            high = middle;
    }
    return low < tree->n && tree->facility[low] == facility ? low : NONE;
}

TkFacilityIx tk_topology_because(const TkTopology *t, const uint64_t *failed, TkFacilityIx f, uint32_t *more)
{
    TkFacilityIx because = TK_NO_FACILITY;
    uint32_t others = 0;
    for (uint32_t q = tk_need_at(t, f); q < tk_need_at(t, f + 1); q++) {
        uint32_t down = 0, first = NONE;
        for (uint32_t m = t->member_at[q]; m < t->member_at[q + 1]; m++)
            if (tk_bit(failed, t->members[m])) {
                first = down == 0 ? t->members[m] : first;
                down++;
            }
        if (down <= t->slack[q])
            continue;
        others += down - (because == TK_NO_FACILITY);
        if (because == TK_NO_FACILITY)
            because = first;
    }
    if (more != NULL)
        *more = others;
    return because;
}

static void sum_up(TkDownTree *tree)
{
    uint32_t services = tree->t->n_services;
    for (uint32_t i = tree->n; i-- > 0;) {
        uint32_t parent = tree->parent[i];
        if (parent == NONE)
            continue;
        tree->below[parent] += tree->below[i];
        for (uint32_t s = 0; s < services; s++)
            tree->users[(size_t)parent * services + s] += tree->users[(size_t)i * services + s];
    }
}

static int64_t most(const TkDownTree *tree, uint32_t node)
{
    int64_t users = 0;
    for (uint32_t s = 0; s < tree->t->n_services; s++)
        users = MAX(users, tree->users[(size_t)node * tree->t->n_services + s]);
    return users;
}

static gint worst_first(gconstpointer a, gconstpointer b, gpointer data)
{
    const TkDownTree *tree = data;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int64_t mine = most(tree, x), theirs = most(tree, y);
    if (mine != theirs)
        return mine < theirs ? 1 : -1;
    if (tree->below[x] != tree->below[y])
        return tree->below[x] < tree->below[y] ? 1 : -1;
    return (x > y) - (x < y);
}

/* Counting sort by parent (roots are group 0), then each group by what hangs under it. */
static void lay_out_children(TkDownTree *tree)
{
    tree->first = g_new0(uint32_t, (size_t)tree->n + 2);
    tree->child = g_new(uint32_t, (size_t)tree->n + 1);
    for (uint32_t i = 0; i < tree->n; i++)
        tree->first[tree->parent[i] == NONE ? 1 : tree->parent[i] + 2]++;
    for (uint32_t g = 1; g < tree->n + 2; g++)
        tree->first[g] += tree->first[g - 1];
    g_autofree uint32_t *next = g_memdup2(tree->first, ((size_t)tree->n + 1) * sizeof *next);
    for (uint32_t i = 0; i < tree->n; i++)
        tree->child[next[tree->parent[i] == NONE ? 0 : tree->parent[i] + 1]++] = i;
    for (uint32_t g = 0; g <= tree->n; g++)
        if (tree->first[g + 1] - tree->first[g] > 1)
            g_qsort_with_data(tree->child + tree->first[g], (int)(tree->first[g + 1] - tree->first[g]),
                              sizeof *tree->child, worst_first, tree);
}

static uint32_t count_bits(const uint64_t *bits, uint32_t n)
{
    uint32_t count = 0;
    for (uint32_t w = 0; w <= n / 64; w++)
        count += (uint32_t)__builtin_popcountll(bits[w]);
    return count;
}

static void take_nodes(TkDownTree *tree, const uint64_t *failed, const uint64_t *alarmed)
{
    const TkTopology *t = tree->t;
    uint32_t i = 0;
    for (uint32_t f = 0; f < t->n; f++) {
        if (!tk_bit(failed, f))
            continue;
        tree->facility[i] = f;
        tree->alarmed[i] = tk_bit(alarmed, f);
        tree->parent[i] = NONE;
        tree->below[i] = 1;
        for (uint32_t s = 0; s < t->n_services; s++)
            tree->users[(size_t)i * t->n_services + s] = tk_users(t, f)[s];
        i++;
    }
}

TkDownTree *tk_down_tree_new(TkTopology *topology, const uint64_t *failed, const uint64_t *alarmed)
{
    TkDownTree *tree = g_new0(TkDownTree, 1);
    g_atomic_ref_count_init(&tree->refs);
    tree->t = tk_topology_ref(topology);
    tree->n = count_bits(failed, topology->n);
    size_t room = (size_t)tree->n + 1;
    tree->facility = g_new(uint32_t, room);
    tree->parent = g_new(uint32_t, room);
    tree->more_causes = g_new0(uint32_t, room);
    tree->below = g_new(uint32_t, room);
    tree->alarmed = g_new(bool, room);
    tree->users = g_new(int64_t, room * MAX(topology->n_services, 1));
    take_nodes(tree, failed, alarmed);
    for (uint32_t i = 0; i < tree->n; i++) {
        TkFacilityIx because =
            tk_topology_because(topology, failed, tree->facility[i], &tree->more_causes[i]);
        tree->parent[i] = because == TK_NO_FACILITY ? NONE : node_of(tree, because);
    }
    sum_up(tree);
    lay_out_children(tree);
    return tree;
}

TkDownTree *tk_down_tree_ref(TkDownTree *tree)
{
    g_atomic_ref_count_inc(&tree->refs);
    return tree;
}

void tk_down_tree_unref(TkDownTree *tree)
{
    if (tree == NULL || !g_atomic_ref_count_dec(&tree->refs))
        return;
    void *arrays[] = {tree->facility, tree->parent, tree->more_causes, tree->below,
                      tree->alarmed,  tree->users,  tree->first,       tree->child};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_free(arrays[i]);
    tk_topology_unref(tree->t);
    g_free(tree);
}

uint32_t tk_down_tree_size(const TkDownTree *tree)
{
    return tree->n;
}

/* The group of children of a facility; NONE where it is not in the tree. */
static uint32_t group_of(const TkDownTree *tree, TkFacilityIx facility)
{
    if (facility == TK_NO_FACILITY)
        return 0;
    uint32_t node = node_of(tree, facility);
    return node == NONE ? NONE : node + 1;
}

static uint32_t group_size(const TkDownTree *tree, uint32_t group)
{
    return group == NONE ? 0 : tree->first[group + 1] - tree->first[group];
}

uint32_t tk_down_tree_children(const TkDownTree *tree, TkFacilityIx facility)
{
    return group_size(tree, group_of(tree, facility));
}

TkDownNode tk_down_tree_child(const TkDownTree *tree, TkFacilityIx facility, uint32_t place)
{
    uint32_t group = group_of(tree, facility);
    g_return_val_if_fail(place < group_size(tree, group), (TkDownNode){.facility = TK_NO_FACILITY});
    uint32_t node = tree->child[tree->first[group] + place];
    return (TkDownNode){.facility = tree->facility[node],
                        .alarmed = tree->alarmed[node],
                        .more_causes = tree->more_causes[node],
                        .children = group_size(tree, node + 1),
                        .below = tree->below[node],
                        .users = tree->users + (size_t)node * tree->t->n_services};
}

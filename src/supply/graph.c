/* The graph: nodes in an array with a table of names, edges of a node as a list through one array. */
#include "supply/graph.h"

static guint name_hash(gconstpointer key)
{
    const Name *name = key;
    return g_str_hash(name->id) * 31 + name->kind;
}

static gboolean name_equal(gconstpointer a, gconstpointer b)
{
    const Name *x = a, *y = b;
    return x->kind == y->kind && strcmp(x->id, y->id) == 0;
}

static void name_free(gpointer data)
{
    Name *name = data;
    g_free(name->id);
    g_free(name);
}

TkSupply *tk_supply_new(void)
{
    TkSupply *supply = g_new0(TkSupply, 1);
    supply->by_name = g_hash_table_new(name_hash, name_equal);
    supply->names = g_ptr_array_new_with_free_func(name_free);
    supply->first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    supply->edges = g_array_new(FALSE, FALSE, sizeof(Edge));
    supply->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return supply;
}

void tk_supply_free(TkSupply *supply)
{
    if (supply == NULL)
        return;
    g_hash_table_unref(supply->by_name);
    g_ptr_array_unref(supply->names);
    g_array_unref(supply->first);
    g_array_unref(supply->edges);
    g_hash_table_unref(supply->known);
    g_free(supply);
}

uint32_t tk_supply_find(const TkSupply *supply, unsigned kind, const char *id)
{
    Name wanted = {.kind = kind, .id = (char *)id};
    const Name *name = g_hash_table_lookup(supply->by_name, &wanted);
    return name == NULL ? TK_SUPPLY_NONE : name->node;
}

uint32_t tk_supply_node(TkSupply *supply, unsigned kind, const char *id, GError **error)
{
    uint32_t node = tk_supply_find(supply, kind, id);
    if (node != TK_SUPPLY_NONE)
        return node;
    if (supply->names->len >= TK_SUPPLY_NODES_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "more than %u things hang together; narrow the question",
                TK_SUPPLY_NODES_MAX);
        return TK_SUPPLY_NONE;
    }
    Name *name = g_new0(Name, 1);
    *name = (Name){.kind = kind, .id = g_strdup(id), .node = supply->names->len};
    g_ptr_array_add(supply->names, name);
    g_hash_table_add(supply->by_name, name);
    const uint32_t none = TK_SUPPLY_NONE;
    g_array_append_val(supply->first, none);
    return name->node;
}

uint32_t tk_supply_count(const TkSupply *supply)
{
    return supply->names->len;
}

unsigned tk_supply_kind(const TkSupply *supply, uint32_t node)
{
    return ((const Name *)supply->names->pdata[node])->kind;
}

const char *tk_supply_id(const TkSupply *supply, uint32_t node)
{
    return ((const Name *)supply->names->pdata[node])->id;
}

bool tk_supply_edge(TkSupply *supply, uint32_t from, uint32_t to, unsigned relation, GError **error)
{
    if (from >= supply->names->len || to >= supply->names->len || relation >= TK_SUPPLY_RELATIONS_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "an edge joins two nodes by a relation below %u",
                       TK_SUPPLY_RELATIONS_MAX);
    /* 20 bits a node are enough for TK_SUPPLY_NODES_MAX */
    int64_t key = (int64_t)from << 40 | (int64_t)to << 8 | relation;
    if (g_hash_table_contains(supply->known, &key))
        return true;
    if (supply->edges->len >= TK_SUPPLY_EDGES_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "more than %u ties between things; narrow the question",
                       TK_SUPPLY_EDGES_MAX);
    g_hash_table_add(supply->known, g_memdup2(&key, sizeof key));
    uint32_t *first = &g_array_index(supply->first, uint32_t, from);
    Edge edge = {.to = to, .relation = (uint8_t)relation, .next = *first};
    *first = supply->edges->len;
    g_array_append_val(supply->edges, edge);
    return true;
}

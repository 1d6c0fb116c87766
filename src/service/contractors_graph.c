/* The book as a graph whose edges point the way in which trouble travels, and what a walk on it reaches.
 *
 *   country ─seat,parent─► contractor ◄─owns─ owner
 *      │                       │ ▲ sub-contracts
 *      ├─law─► contract ───────┤
 *      └─stored,processed,remote─► contact ─► facility, system, data ─► service
 *
 * The parent of a record is who entrusts it, so the edge goes from the sub-contractor up to it: what happens
 * below concerns whoever relies on it. */
#include "service/contractors.h"
#include "service/contractors_private.h"

#include <stdlib.h>

static const char *const words[TK_NODES] = {
    [TK_NODE_COUNTRY] = "country",   [TK_NODE_OWNER] = "owner",       [TK_NODE_CONTRACTOR] = "contractor",
    [TK_NODE_CONTRACT] = "contract", [TK_NODE_ACCESS] = "access",     [TK_NODE_FACILITY] = "facility",
    [TK_NODE_SYSTEM] = "system",     [TK_NODE_DATA] = "data",         [TK_NODE_SERVICE] = "service",
    [TK_NODE_REGION] = "region",     [TK_NODE_SOFTWARE] = "software",
};

typedef enum {
    BY_SEAT,
    BY_PARENT,
    BY_LAW,
    BY_STORAGE,
    BY_PROCESSING,
    BY_REMOTE,
    BY_OWNER,
    BY_SUB,
    BY_CONTRACT,
    BY_TOUCH,
    BY_SUPPLY,
    BY_RUNS,
    BY_DEPENDS,
    BY_HOLDS,
    BY_WATCHES,
    BY_REGION,
    BY_SOFTWARE,
    BY_PLACE,
    RELATIONS,
} Relation;

static const char *const relation_words[RELATIONS] = {
    [BY_SEAT] = "seat",
    [BY_PARENT] = "parent",
    [BY_LAW] = "law",
    [BY_STORAGE] = "storage",
    [BY_PROCESSING] = "processing",
    [BY_REMOTE] = "remote",
    [BY_OWNER] = "owner",
    [BY_SUB] = "sub",
    [BY_CONTRACT] = "contract",
    [BY_TOUCH] = "touch",
    [BY_SUPPLY] = "supply",
    [BY_RUNS] = "runs",
    [BY_DEPENDS] = "depends",
    [BY_HOLDS] = "holds",
    [BY_WATCHES] = "watches",
    [BY_REGION] = "region",
    [BY_SOFTWARE] = "software",
    [BY_PLACE] = "place",
};

const char *tk_node_word(TkNodeKind kind)
{
    return words[kind];
}

TkNodeKind tk_node_of_word(const char *word)
{
    unsigned kind = 0;
    while (kind < TK_NODES && g_strcmp0(words[kind], word) != 0)
        kind++;
    return (TkNodeKind)kind;
}

/* ---- making it ---- */

typedef struct {
    const TkContractorBook *book;
    TkSupply *graph;
    GError **error;
    bool failed;
} Making;

/* One edge; nothing where an end has no name. */
static void tie(Making *m, TkNodeKind from_kind, const char *from, Relation relation, TkNodeKind to_kind,
                const char *to)
{
    if (m->failed || from == NULL || to == NULL)
        return;
    uint32_t a = tk_supply_node(m->graph, from_kind, from, m->error);
    uint32_t b = a == TK_SUPPLY_NONE ? a : tk_supply_node(m->graph, to_kind, to, m->error);
    m->failed = b == TK_SUPPLY_NONE || !tk_supply_edge(m->graph, a, b, relation, m->error);
}

/* From a record to each that a list names, or the other way round. */
static void tie_list(Making *m, TkNodeKind kind, const char *id, Relation relation, TkNodeKind other,
                     const json_t *list, bool inward)
{
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one)
    {
        const char *name = json_string_value(one);
        if (inward)
            tie(m, other, name, relation, kind, id);
        else
            tie(m, kind, id, relation, other, name);
    }
}

static void tie_contractor(Making *m, const char *id, const json_t *v)
{
    const char *owner = tk_owner_of(id, v);
    tie(m, TK_NODE_COUNTRY, tk_value(v, "country"), BY_SEAT, TK_NODE_CONTRACTOR, id);
    tie(m, TK_NODE_COUNTRY, tk_value(v, "parent_country"), BY_PARENT, TK_NODE_CONTRACTOR, id);
    tie(m, TK_NODE_COUNTRY, tk_value(v, "ultimate_country"), BY_PARENT, TK_NODE_CONTRACTOR, id);
    tie(m, TK_NODE_OWNER, owner, BY_OWNER, TK_NODE_CONTRACTOR, id);
    tie(m, TK_NODE_CONTRACTOR, id, BY_SUB, TK_NODE_CONTRACTOR, tk_value(v, "parent"));
    tie_list(m, TK_NODE_CONTRACTOR, id, BY_SUB, TK_NODE_CONTRACTOR, json_object_get(v, "also_for"), false);
}

static void tie_contract(Making *m, const char *id, const json_t *v)
{
    if (g_strcmp0(tk_value(v, "status"), "ended") == 0)
        return;
    tie(m, TK_NODE_COUNTRY, tk_value(v, "law"), BY_LAW, TK_NODE_CONTRACT, id);
    tie(m, TK_NODE_CONTRACTOR, tk_value(v, "contractor"), BY_CONTRACT, TK_NODE_CONTRACT, id);
    tie_list(m, TK_NODE_CONTRACT, id, BY_CONTRACT, TK_NODE_SERVICE, json_object_get(v, "services"), false);
}

static void tie_access(Making *m, const char *id, const json_t *v)
{
    if (!tk_access_active(m->book, v))
        return;
    tie(m, TK_NODE_CONTRACTOR, tk_value(v, "contractor"), BY_TOUCH, TK_NODE_ACCESS, id);
    tie(m, TK_NODE_CONTRACT, tk_value(v, "contract"), BY_CONTRACT, TK_NODE_ACCESS, id);
    tie(m, TK_NODE_REGION, tk_value(v, "region"), BY_REGION, TK_NODE_ACCESS, id);
    tie(m, TK_NODE_SOFTWARE, tk_value(v, "software"), BY_SOFTWARE, TK_NODE_ACCESS, id);
    tie_list(m, TK_NODE_ACCESS, id, BY_STORAGE, TK_NODE_COUNTRY, json_object_get(v, "storage_countries"),
             true);
    tie_list(m, TK_NODE_ACCESS, id, BY_PROCESSING, TK_NODE_COUNTRY,
             json_object_get(v, "processing_countries"), true);
    tie_list(m, TK_NODE_ACCESS, id, BY_REMOTE, TK_NODE_COUNTRY, json_object_get(v, "remote_countries"), true);
    tie_list(m, TK_NODE_ACCESS, id, BY_TOUCH, TK_NODE_FACILITY, json_object_get(v, "facilities"), false);
    tie_list(m, TK_NODE_ACCESS, id, BY_TOUCH, TK_NODE_SYSTEM, json_object_get(v, "systems"), false);
    tie_list(m, TK_NODE_ACCESS, id, BY_TOUCH, TK_NODE_DATA, json_object_get(v, "data_assets"), false);
}

static void tie_system(Making *m, const char *id, const json_t *v)
{
    tie(m, TK_NODE_CONTRACTOR, tk_value(v, "vendor"), BY_SUPPLY, TK_NODE_SYSTEM, id);
    tie(m, TK_NODE_COUNTRY, tk_value(v, "country"), BY_PLACE, TK_NODE_SYSTEM, id);
    tie(m, TK_NODE_SOFTWARE, tk_value(v, "product"), BY_SOFTWARE, TK_NODE_SYSTEM, id);
    tie_list(m, TK_NODE_SYSTEM, id, BY_DEPENDS, TK_NODE_SYSTEM, json_object_get(v, "depends_on"), true);
}

static void tie_data(Making *m, const char *id, const json_t *v)
{
    tie(m, TK_NODE_SYSTEM, tk_value(v, "system"), BY_HOLDS, TK_NODE_DATA, id);
    tie(m, TK_NODE_COUNTRY, tk_value(v, "country"), BY_STORAGE, TK_NODE_DATA, id);
    tie_list(m, TK_NODE_DATA, id, BY_TOUCH, TK_NODE_CONTRACTOR, json_object_get(v, "contractors"), true);
}

static void tie_facility(Making *m, const char *id, const json_t *v)
{
    tie(m, TK_NODE_CONTRACTOR, tk_value(v, "owner"), BY_TOUCH, TK_NODE_FACILITY, id);
    tie(m, TK_NODE_SYSTEM, tk_value(v, "system"), BY_WATCHES, TK_NODE_FACILITY, id);
}

static void tie_service(Making *m, const char *id, const json_t *v)
{
    tie_list(m, TK_NODE_SERVICE, id, BY_RUNS, TK_NODE_SYSTEM, json_object_get(v, "systems"), true);
}

TkSupply *tk_contractor_graph(const TkContractorBook *book, GError **error)
{
    static const struct {
        const char *name;
        void (*tie)(Making *m, const char *id, const json_t *values);
    } parts[] = {{"contractors", tie_contractor},   {"contracts", tie_contract},
                 {"contractor-access", tie_access}, {"systems", tie_system},
                 {"data-assets", tie_data},         {"facilities", tie_facility},
                 {"services", tie_service}};
    Making m = {.book = book, .graph = tk_supply_new(), .error = error};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        const char *id;
        json_t *values;
        json_object_foreach(tk_book_of(book, parts[i].name), id, values) parts[i].tie(&m, id, values);
    }
    if (!m.failed)
        return m.graph;
    tk_supply_free(m.graph);
    return NULL;
}

/* ---- telling it ---- */

static const char *name_of(const TkContractorBook *book, TkNodeKind kind, const char *id)
{
    static const struct {
        const char *name, *title;
    } registers[TK_NODES] = {
        [TK_NODE_CONTRACTOR] = {"contractors", "name"},   [TK_NODE_CONTRACT] = {"contracts", "title"},
        [TK_NODE_ACCESS] = {"contractor-access", "name"}, [TK_NODE_FACILITY] = {"facilities", "name"},
        [TK_NODE_SYSTEM] = {"systems", "name"},           [TK_NODE_DATA] = {"data-assets", "name"},
        [TK_NODE_SERVICE] = {"services", "name"}};
    const char *name = NULL;
    if (kind == TK_NODE_COUNTRY)
        name = tk_value(json_object_get(json_object_get(book->countries, id), "values"), "label");
    else if (registers[kind].name != NULL)
        name = tk_value(tk_book_get(book, registers[kind].name, id), registers[kind].title);
    return name != NULL ? name : id;
}

json_t *tk_node_json(const TkContractorBook *book, const TkSupply *graph, uint32_t node)
{
    TkNodeKind kind = (TkNodeKind)tk_supply_kind(graph, node);
    const char *id = tk_supply_id(graph, node);
    return json_pack("{s:s, s:s, s:s}", "kind", words[kind], "id", id, "name", name_of(book, kind, id));
}

/* The way from the start, each step with the relation that leads to it. */
static json_t *chain_json(const TkContractorBook *book, const TkSupply *graph, const TkSupplyReach *reach,
                          uint32_t node)
{
    g_autoptr(GArray) chain = tk_supply_chain(reach, node);
    json_t *out = json_array();
    for (guint i = 0; i < chain->len; i++) {
        TkSupplyStep step = g_array_index(chain, TkSupplyStep, i);
        json_t *one = tk_node_json(book, graph, step.node);
        if (step.relation >= 0)
            json_object_set_new(one, "by", json_string(relation_words[step.relation]));
        json_array_append_new(out, one);
    }
    return out;
}

GArray *tk_reached_facilities(const TkContractorBook *book, const TkSupply *graph, const TkSupplyReach *reach)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(TkFacilityIx));
    for (uint32_t node = 0; node < tk_supply_count(graph); node++) {
        if (tk_supply_kind(graph, node) != TK_NODE_FACILITY || !tk_supply_reached(reach, node))
            continue;
        const char *id = tk_supply_id(graph, node);
        TkFacilityIx facility = tk_topology_find(book->app->topology, id, strlen(id));
        if (facility != TK_NO_FACILITY)
            g_array_append_val(out, facility);
    }
    return out;
}

static int64_t users_of(const TkTopology *topology, uint32_t service)
{
    int64_t users = 0;
    for (int p = 0; p <= TK_PREFECTURES; p++)
        users += tk_topology_users_in(topology, p, service);
    return users;
}

/* {service: {"total","under","lost"}}: all users, those under the facilities, those who would have no service
 * if these failed. */
static json_t *users_json(const TkContractorBook *book, const GArray *facilities)
{
    const TkTopology *topology = book->app->topology;
    g_autoptr(TkLiveMap) map = tk_live_map(book->app);
    g_autoptr(TkTrial) trial = NULL;
    json_t *out = json_object();
    if (map != NULL && facilities->len > 0)
        trial = tk_trial_new(map->snapshot, (const TkFacilityIx *)(void *)facilities->data, facilities->len,
                             NULL, 0);
    for (uint32_t s = 0; s < tk_topology_services(topology); s++) {
        int64_t lost = trial == NULL ? 0 : trial->counts.affected[s] - map->snapshot->counts.affected[s];
        int64_t under = trial == NULL ? 0 : trial->under[s];
        json_object_set_new(out, tk_topology_service(topology, s),
                            json_pack("{s:I, s:I, s:I}", "total", (json_int_t)users_of(topology, s), "under",
                                      (json_int_t)under, "lost", (json_int_t)MAX(lost, 0)));
    }
    return out;
}

json_t *tk_contractor_reach(const TkContractorBook *book, const TkSupply *graph, const TkSupplyReach *reach)
{
    g_autoptr(GArray) facilities = tk_reached_facilities(book, graph, reach);
    json_t *out = json_object(), *counts = json_object();
    size_t n[TK_NODES] = {0};
    for (unsigned kind = 0; kind < TK_NODES; kind++)
        json_object_set_new(out, words[kind], json_array());
    for (uint32_t node = 0; node < tk_supply_count(graph); node++) {
        unsigned kind = tk_supply_kind(graph, node);
        if (!tk_supply_reached(reach, node) || n[kind]++ >= TK_CONTRACTORS_LISTED_MAX)
            continue;
        json_t *one = tk_node_json(book, graph, node);
        json_object_set_new(one, "chain", chain_json(book, graph, reach, node));
        if (kind == TK_NODE_SERVICE) {
            json_t *law =
                json_object_get(tk_book_get(book, "services", tk_supply_id(graph, node)), "law_service");
            json_object_set_new(one, "law_service", law == NULL ? json_null() : json_incref(law));
        }
        json_array_append_new(json_object_get(out, words[kind]), one);
    }
    for (unsigned kind = 0; kind < TK_NODES; kind++)
        json_object_set_new(counts, words[kind], json_integer((json_int_t)n[kind]));
    json_object_set_new(out, "counts", counts);
    json_object_set_new(out, "in_network", json_integer((json_int_t)facilities->len));
    json_object_set_new(out, "users", users_json(book, facilities));
    return out;
}

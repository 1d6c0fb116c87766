/* Concentration: how much of the carrier hangs on one contractor, owner, country, region or software. Each
 * holder's share is what a walk from it reaches, counted in five ways; one thing may hang on several holders,
 * so that shares are of what hangs on any, not of the whole network. */
#include "service/contractors.h"
#include "service/contractors_private.h"

#include <stdlib.h>

#define HOLDERS_MAX 2000 /* of one dimension */
#define LISTED_MAX  100

enum { OF_FACILITIES, OF_USERS, OF_SERVICES, OF_SYSTEMS, OF_DATA, MEASURES };
static const char *const measure_words[MEASURES] = {"facilities", "users", "services", "systems", "data"};

typedef struct {
    uint32_t node;
    double amount[MEASURES];
} Holder;

typedef struct {
    const TkContractorBook *book;
    const TkSupply *graph;
    TkLiveMap *map;
    GHashTable *known; /* facilities (GBytes) → users (double *): many holders have the same in hand */
} Share;

/* Users of all services under the facilities: of each service, each once. */
static double users_under(const Share *share, const GArray *facilities)
{
    const TkTopology *topology = share->book->app->topology;
    double users = 0;
    if (share->map == NULL || facilities->len == 0)
        return 0;
    g_autoptr(GBytes) key = g_bytes_new(facilities->data, facilities->len * sizeof(TkFacilityIx));
    const double *before = g_hash_table_lookup(share->known, key);
    if (before != NULL)
        return *before;
    g_autoptr(TkTrial) trial = tk_trial_new(
        share->map->snapshot, (const TkFacilityIx *)(void *)facilities->data, facilities->len, NULL, 0);
    for (uint32_t s = 0; s < tk_topology_services(topology); s++)
        users += (double)trial->under[s];
    g_hash_table_insert(share->known, g_steal_pointer(&key), g_memdup2(&users, sizeof users));
    return users;
}

static Holder measure(const Share *share, uint32_t node)
{
    Holder holder = {.node = node};
    g_autoptr(TkSupplyReach) reach = tk_supply_reach(share->graph, &node, 1, UINT32_MAX);
    for (uint32_t n = 0; n < tk_supply_count(share->graph); n++) {
        if (!tk_supply_reached(reach, n))
            continue;
        switch ((TkNodeKind)tk_supply_kind(share->graph, n)) {
        case TK_NODE_FACILITY:
            holder.amount[OF_FACILITIES]++;
            break;
        case TK_NODE_SERVICE:
            holder.amount[OF_SERVICES]++;
            break;
        case TK_NODE_SYSTEM:
            holder.amount[OF_SYSTEMS]++;
            break;
        case TK_NODE_DATA:
            holder.amount[OF_DATA]++;
            break;
        default:
            break;
        }
    }
    g_autoptr(GArray) facilities = tk_reached_facilities(share->book, share->graph, reach);
    holder.amount[OF_USERS] = users_under(share, facilities);
    return holder;
}

static int most_first(gconstpointer a, gconstpointer b)
{
    const Holder *x = a, *y = b;
    for (int m = 0; m < MEASURES; m++) {
        int by = (m + OF_USERS) % MEASURES; /* users first, facilities last */
        if (x->amount[by] < y->amount[by] || x->amount[by] > y->amount[by])
            return x->amount[by] > y->amount[by] ? -1 : 1;
    }
    return x->node < y->node ? -1 : x->node > y->node;
}

static json_t *measures_json(const Share *share, const GArray *holders)
{
    json_t *out = json_object();
    g_autofree double *amounts = g_new0(double, holders->len + 1);
    for (int m = 0; m < MEASURES; m++) {
        for (guint i = 0; i < holders->len; i++)
            amounts[i] = g_array_index(holders, Holder, i).amount[m];
        TkSupplyConcentration c = tk_supply_concentration(amounts, holders->len);
        json_t *largest =
            c.largest == SIZE_MAX
                ? json_null()
                : tk_node_json(share->book, share->graph, g_array_index(holders, Holder, c.largest).node);
        json_object_set_new(out, measure_words[m],
                            json_pack("{s:f, s:f, s:I, s:o}", "hhi", (double)(int64_t)(c.hhi + 0.5), "share",
                                      c.share, "holders", (json_int_t)c.holders, "largest", largest));
    }
    return out;
}

static json_t *dimension(const Share *share, TkNodeKind kind)
{
    g_autoptr(GArray) holders = g_array_new(FALSE, FALSE, sizeof(Holder));
    for (uint32_t n = 0; n < tk_supply_count(share->graph) && holders->len < HOLDERS_MAX; n++) {
        if (tk_supply_kind(share->graph, n) != kind)
            continue;
        Holder holder = measure(share, n);
        g_array_append_val(holders, holder);
    }
    g_array_sort(holders, most_first);
    json_t *items = json_array();
    for (guint i = 0; i < holders->len && i < LISTED_MAX; i++) {
        Holder *holder = &g_array_index(holders, Holder, i);
        json_t *one = tk_node_json(share->book, share->graph, holder->node);
        for (int m = 0; m < MEASURES; m++)
            json_object_set_new(one, measure_words[m], json_integer((json_int_t)holder->amount[m]));
        json_array_append_new(items, one);
    }
    return json_pack("{s:s, s:o, s:I, s:o}", "by", tk_node_word(kind), "measures",
                     measures_json(share, holders), "total", (json_int_t)holders->len, "items", items);
}

GBytes *tk_service_contractors_concentration(TkApp *app, const TkActor *actor, int64_t as_of_us,
                                             GError **error)
{
    static const TkNodeKind kinds[] = {TK_NODE_CONTRACTOR, TK_NODE_OWNER, TK_NODE_COUNTRY, TK_NODE_REGION,
                                       TK_NODE_SOFTWARE};
    g_auto(TkContractorBook) book = {0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !tk_contractor_book(app, actor, as_of_us, &book, error))
        return NULL;
    g_autoptr(TkSupply) graph = tk_contractor_graph(&book, error);
    if (graph == NULL)
        return NULL;
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    g_autoptr(GHashTable) known =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, g_free);
    Share share = {.book = &book, .graph = graph, .map = map, .known = known};
    g_autoptr(json_t) list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        json_array_append_new(list, dimension(&share, kinds[i]));
    g_autoptr(json_t) out = json_pack("{s:s, s:b, s:O, s:O}", "day", book.day, "synthetic", app->synthetic,
                                      "withheld", book.withheld, "dimensions", list);
    return tk_json_bytes(out);
}

/* The synthetic carrier: the generated nation, and on top of it lines of enterprises that are tied to two
 * neighbouring pairs of aggregation sites. Those are what neighbouring failures have in common. */
#include "service/demo.h"

#include "service/demo_script.h"

#define LINE_USERS 120 /* users of one pair of neighbours' enterprise lines */

static TkTopology *generate(uint64_t seed, GError **error)
{
    static const char *const services[] = {"voice-emergency", "internet-access", "voice", "lpwa", "other"};
    TkSyntheticParams params = {.seed = seed,
                                .cores = 8,
                                .aggregations = 188,
                                .buildings = 900,
                                .stations = 3000,
                                .cells = 8000,
                                .users = 18000000,
                                .services = services,
                                .n_services = G_N_ELEMENTS(services)};
    return tk_network_synthetic(&params, error);
}

static bool copy_needs(TkTopologyBuilder *builder, const TkTopology *from, TkFacilityIx f, GError **error)
{
    TkFacility facility = tk_topology_facility(from, f);
    for (uint32_t n = 0; n < facility.needs; n++) {
        TkNeed need = tk_topology_need(from, f, n);
        g_autofree const char **ids = g_new0(const char *, need.n);
        for (uint32_t m = 0; m < need.n; m++)
            ids[m] = tk_topology_id(from, need.members[m]);
        if (!tk_topology_builder_need(builder, ids, need.n, need.at_least, error))
            return false;
    }
    for (uint32_t s = 0; facility.has_users && s < tk_topology_services(from); s++) {
        int64_t users = tk_topology_users(from, f, s);
        if (users > 0 && !tk_topology_builder_users(builder, tk_topology_service(from, s), users, error))
            return false;
    }
    return true;
}

static bool copy_all(TkTopologyBuilder *builder, const TkTopology *from, GError **error)
{
    for (TkFacilityIx f = 0; f < tk_topology_size(from); f++) {
        TkFacility facility = tk_topology_facility(from, f);
        TkFacilityInput input = {.id = facility.id,
                                 .kind = facility.kind,
                                 .name = facility.name[0] == '\0' ? NULL : facility.name,
                                 .prefecture = facility.prefecture,
                                 .lat = facility.lat,
                                 .lon = facility.lon};
        if (!tk_topology_builder_add(builder, &input, f + 1, error) || !copy_needs(builder, from, f, error))
            return false;
    }
    return true;
}

static bool add_line(TkTopologyBuilder *builder, const TkTopology *from, const GArray *pairs, unsigned i,
                     GError **error)
{
    const TkDemoPair *here = &g_array_index(pairs, TkDemoPair, i), *next = here + 1;
    TkFacility site = tk_topology_facility(from, here->a);
    g_autofree char *id = g_strdup_printf("syn-line-%03u", i + 1);
    g_autofree char *name =
        g_strdup_printf("%s企業広域回線%u(架空)", tk_prefecture(site.prefecture)->ja, i + 1);
    TkFacilityInput input = {.id = id,
                             .kind = "enterprise-line",
                             .name = name,
                             .prefecture = site.prefecture,
                             .lat = site.lat,
                             .lon = site.lon};
    const char *ids[] = {tk_topology_id(from, here->a), tk_topology_id(from, here->b),
                         tk_topology_id(from, next->a), tk_topology_id(from, next->b)};
    return tk_topology_builder_add(builder, &input, 0, error) &&
           tk_topology_builder_need(builder, ids, G_N_ELEMENTS(ids), 1, error) &&
           tk_topology_builder_users(builder, "other", LINE_USERS, error);
}

TkTopology *tk_demo_topology_of(uint64_t seed, GError **error)
{
    g_autoptr(TkTopology) nation = generate(seed, error);
    if (nation == NULL)
        return NULL;
    const char *services[TK_SERVICES_MAX];
    uint32_t count = tk_topology_services(nation);
    for (uint32_t s = 0; s < count; s++)
        services[s] = tk_topology_service(nation, s);
    g_autoptr(TkTopologyBuilder) builder = tk_topology_builder_new(services, count);
    g_autoptr(GArray) pairs = tk_demo_pairs(nation);
    bool ok = copy_all(builder, nation, error);
    for (unsigned i = 0; ok && i + 1 < pairs->len; i++)
        ok = add_line(builder, nation, pairs, i, error);
    return ok ? tk_topology_builder_finish(g_steal_pointer(&builder), error) : NULL;
}

/* A carrier that does not exist, for demonstrations and measurements: the same parameters always give the
 * same one. Sites are spread over the prefectures in proportion to population and lie near their capitals;
 * names are made from the prefecture and a number, and say that they are fictitious.
 *
 *   core ◄─1 of 2─ aggregation ◄─1 of 2─ building ◄─ station (every tenth: 1 of 2 buildings) ◄─ cell: users
 */
#include <math.h>

#include "network/network.h"

/* Population by prefecture, in ten thousands, census of 2020, rounded. */
static const uint16_t population[TK_PREFECTURES] = {
    522, 124, 121, 230, 96,  107, 183, 287, 193, 194, 734, 628, 1405, 924, 220, 103,
    113, 77,  81,  205, 198, 363, 754, 177, 141, 258, 884, 547, 132,  92,  55,  67,
    189, 280, 134, 72,  95,  133, 69,  514, 81,  131, 174, 112, 107,  159, 147};

/* Of a hundred subscribers, how many have the first, the second … service. */
static const uint8_t share[TK_SERVICES_MAX] = {100, 92, 40, 25, 60, 15, 10, 30,
                                               20,  35, 45, 55, 65, 75, 85, 5};

typedef struct {
    const TkSyntheticParams *p;
    TkTopologyBuilder *builder;
    int64_t weights; /* of all cells together */
    int64_t placed;  /* of the cells made so far */
} Maker;

TkSyntheticParams tk_network_synthetic_nation(void)
{
    static const char *const services[] = {"voice-emergency", "internet-access", "other", "lpwa"};
    return (TkSyntheticParams){.seed = 1,
                               .cores = 40,
                               .aggregations = 400,
                               .buildings = 7000,
                               .stations = 120000,
                               .cells = 500000,
                               .users = 100000000,
                               .services = services,
                               .n_services = G_N_ELEMENTS(services)};
}

/* splitmix64 of (seed, kind, i): a random number without a state. */
static uint64_t dice(const Maker *m, uint64_t kind, uint64_t i)
{
    uint64_t z = m->p->seed + (kind << 40) + (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* The prefecture of the i-th of n things of a kind, 1–47. */
static int prefecture_of(uint32_t i, uint32_t n)
{
    uint64_t total = 0, sum = 0;
    for (int p = 0; p < TK_PREFECTURES; p++)
        total += population[p];
    for (int p = 0; p < TK_PREFECTURES; p++) {
        sum += population[p];
        if (((uint64_t)i * 2 + 1) * total < sum * 2 * n)
            return p + 1;
    }
    return TK_PREFECTURES;
}

/* Near the capital: two dice a direction, so that most sites lie close to it. */
static double near_by(const Maker *m, uint64_t kind, uint64_t i, double spread)
{
    uint64_t d = dice(m, kind, i);
    double a = (double)(d & 0xffff) / 65535.0, b = (double)(d >> 48) / 65535.0;
    return (a + b - 1.0) * spread;
}

typedef struct {
    const char *kind, *prefix, *label;
    uint32_t count;
    int digits, number;
    double spread;
} Layer;

enum { CORE, AGGREGATION, BUILDING, STATION, CELL, LAYERS };

static void layers(const TkSyntheticParams *p, Layer out[LAYERS])
{
    out[CORE] = (Layer){"core", "syn-core", "交換局", p->cores, 2, 1, 0.1};
    out[AGGREGATION] = (Layer){"aggregation", "syn-agg", "集約局", p->aggregations, 3, 2, 0.3};
    out[BUILDING] = (Layer){"building", "syn-bld", "通信ビル", p->buildings, 4, 3, 0.45};
    out[STATION] = (Layer){"base-station", "syn-bs", "基地局", p->stations, 6, 4, 0.5};
    out[CELL] = (Layer){"cell", "syn-cell", NULL, p->cells, 6, 5, 0};
}

static void id_of(const Layer *layer, uint32_t i, char out[32])
{
    g_snprintf(out, 32, "%s-%0*u", layer->prefix, layer->digits, i + 1);
}

static bool add_facility(Maker *m, const Layer *layer, uint32_t i, GError **error)
{
    char id[32], name[96];
    int prefecture = prefecture_of(i, layer->count);
    const TkPrefecture *p = tk_prefecture(prefecture);
    TkFacilityInput input = {.id = id, .kind = layer->kind, .prefecture = prefecture, .lat = NAN, .lon = NAN};
    id_of(layer, i, id);
    if (layer->label != NULL) {
        g_snprintf(name, sizeof name, "%s%s%u(架空)", p->ja, layer->label, i + 1);
        input.name = name;
        input.lat = p->lat + near_by(m, (uint64_t)layer->number, i, layer->spread);
        input.lon = p->lon + near_by(m, (uint64_t)layer->number + 8, i, layer->spread);
    }
    return tk_topology_builder_add(m->builder, &input, 0, error);
}

/* One of the given members of the layer above is enough. */
static bool add_need(Maker *m, const Layer *above, uint32_t a, uint32_t b, GError **error)
{
    char ids[2][32];
    const char *of[2] = {ids[0], ids[1]};
    id_of(above, a, ids[0]);
    id_of(above, b, ids[1]);
    return tk_topology_builder_need(m->builder, of, a == b ? 1 : 2, 1, error);
}

static int64_t weight(const Maker *m, uint32_t cell)
{
    return 32 + (int64_t)(dice(m, 0, cell) & 127);
}

/* The cell's part of all subscribers, so that the parts add up to the whole. */
static bool add_users(Maker *m, uint32_t cell, GError **error)
{
    int64_t before = m->placed;
    m->placed += weight(m, cell);
    double one = (double)m->p->users / (double)m->weights;
    int64_t users =
        (int64_t)floor(one * (double)m->placed + 0.5) - (int64_t)floor(one * (double)before + 0.5);
    for (size_t s = 0; s < m->p->n_services; s++)
        if (!tk_topology_builder_users(m->builder, m->p->services[s], users * share[s] / 100, error))
            return false;
    return true;
}

static bool add_one(Maker *m, const Layer all[LAYERS], int layer, uint32_t i, GError **error)
{
    if (!add_facility(m, &all[layer], i, error))
        return false;
    if (layer == CORE)
        return true;
    const Layer *above = &all[layer - 1];
    uint32_t a = (uint32_t)((uint64_t)i * above->count / all[layer].count), b = a;
    if (layer == AGGREGATION)
        b = (a + above->count / 2) % above->count; /* far away */
    else if (layer == BUILDING || (layer == STATION && i % 10 == 0))
        b = (a ^ 1) < above->count ? a ^ 1 : a; /* the neighbour */
    return add_need(m, above, a, b, error) && (layer != CELL || add_users(m, i, error));
}

static bool params_sound(const TkSyntheticParams *p, GError **error)
{
    uint64_t n = (uint64_t)p->cores + p->aggregations + p->buildings + p->stations + p->cells;
    if (p->cores == 0 || p->aggregations == 0 || p->buildings == 0 || p->stations == 0 || p->cells == 0)
        return tk_fail(error, TK_ERROR_INPUT, "a synthetic carrier needs at least one facility of each kind");
    if (n > TK_FACILITIES_MAX || p->n_services == 0 || p->n_services > TK_SERVICES_MAX)
        return tk_fail(error, TK_ERROR_LIMIT,
                       "a synthetic carrier has at most %u facilities and 1 to %d services",
                       TK_FACILITIES_MAX, TK_SERVICES_MAX);
    if (p->users < 0 || p->users / p->cells > TK_FACILITY_USERS_MAX / 8)
        return tk_fail(error, TK_ERROR_INPUT, "too many users for %u cells", p->cells);
    return true;
}

TkTopology *tk_network_synthetic(const TkSyntheticParams *p, GError **error)
{
    Layer all[LAYERS];
    if (!params_sound(p, error))
        return NULL;
    Maker m = {.p = p};
    g_autoptr(TkTopologyBuilder) builder = m.builder = tk_topology_builder_new(p->services, p->n_services);
    layers(p, all);
    for (uint32_t i = 0; i < p->cells; i++)
        m.weights += weight(&m, i);
    for (int layer = 0; layer < LAYERS; layer++)
        for (uint32_t i = 0; i < all[layer].count; i++)
            if (!add_one(&m, all, layer, i, error))
                return NULL;
    return tk_topology_builder_finish(g_steal_pointer(&builder), error);
}

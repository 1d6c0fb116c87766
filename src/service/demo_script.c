/* Background noise, a building without power, and one outage a day that grows. What makes several failures
 * one accident is what they have in common: lines of enterprises that are tied to two neighbouring pairs of
 * aggregation sites, and fail when both pairs have. */
#include "service/demo_script.h"

#define MINUTE_US        (60 * TK_US_PER_S)
#define HOUR_US          (60 * MINUTE_US)
#define STATION_FAULTS   36 /* a day */
#define PAIRS_MAX        6  /* aggregation pairs that the outage takes down */
#define CANDIDATES_TRIED 200

/* splitmix64 (public domain, Sebastiano Vigna): small, and the same everywhere. */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int64_t draw_between(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)(draw(state) % (uint64_t)(high - low + 1));
}

typedef struct {
    const TkTopology *topology;
    uint64_t random;
    int64_t day_us;
    GArray *events;
    uint32_t next_key;
} Script;

static void fault(Script *s, TkFacilityIx object, int64_t from_us, int64_t to_us, bool affecting)
{
    TkDemoEvent raise = {from_us, object, s->next_key, false, affecting};
    TkDemoEvent clear = {to_us, object, s->next_key++, true, affecting};
    g_array_append_val(s->events, raise);
    g_array_append_val(s->events, clear);
}

/* What a facility with users hangs on directly, or itself where it hangs on nothing: its base station. */
static TkFacilityIx some_station(Script *s)
{
    uint32_t size = tk_topology_size(s->topology);
    for (int i = 0; i < CANDIDATES_TRIED; i++) {
        TkFacilityIx leaf = (TkFacilityIx)(draw(&s->random) % size);
        TkFacility f = tk_topology_facility(s->topology, leaf);
        if (!f.has_users || f.needs == 0)
            continue;
        TkNeed need = tk_topology_need(s->topology, leaf, 0);
        return need.n == 1 ? need.members[0] : leaf;
    }
    return TK_NO_FACILITY;
}

/* The building a station stands under. */
static TkFacilityIx some_building(Script *s)
{
    TkFacilityIx station = some_station(s);
    if (station == TK_NO_FACILITY)
        return station;
    TkFacility f = tk_topology_facility(s->topology, station);
    if (f.needs == 0)
        return TK_NO_FACILITY;
    TkNeed need = tk_topology_need(s->topology, station, 0);
    return need.members[draw(&s->random) % need.n];
}

static void background(Script *s)
{
    for (int i = 0; i < STATION_FAULTS; i++) {
        TkFacilityIx station = some_station(s);
        if (station == TK_NO_FACILITY)
            return;
        int64_t from = s->day_us + draw_between(&s->random, 2, 1380) * MINUTE_US +
                       draw_between(&s->random, 0, 59) * TK_US_PER_S;
        int64_t lasts = i == 0 ? 150 : draw_between(&s->random, 6, 45);
        fault(s, station, from, from + lasts * MINUTE_US, i % 6 != 5);
    }
}

/* The pairs of facilities of which one is enough for the buildings below them, in the order of the country.
 */
GArray *tk_demo_pairs(const TkTopology *topology)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(TkDemoPair));
    g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
    uint32_t size = tk_topology_size(topology);
    for (TkFacilityIx f = 0; f < size; f++) {
        TkFacility facility = tk_topology_facility(topology, f);
        if (facility.has_users || facility.needs == 0 || strcmp(facility.kind, "building") != 0)
            continue;
        TkNeed need = tk_topology_need(topology, f, 0);
        if (need.n != 2 || g_hash_table_contains(known, GUINT_TO_POINTER(need.members[0] + 1)))
            continue;
        TkDemoPair pair = {MIN(need.members[0], need.members[1]), MAX(need.members[0], need.members[1])};
        g_hash_table_add(known, GUINT_TO_POINTER(pair.a + 1));
        g_hash_table_add(known, GUINT_TO_POINTER(pair.b + 1));
        g_array_append_val(pairs, pair);
    }
    return pairs;
}

static int pick_prefecture(Script *s)
{
    static const int where[] = {14, 27, 23, 40, 11, 28, 12, 22}; /* with enough people to matter */
    return where[draw(&s->random) % G_N_ELEMENTS(where)];
}

static int prefecture_of(const Script *s, const GArray *pairs, unsigned i)
{
    return tk_topology_facility(s->topology, g_array_index(pairs, TkDemoPair, i).a).prefecture;
}

/* The first pair fails alone; its neighbours in the order of the country follow, each with its own alarms. */
static TkDemoOutage grow_outage(Script *s, int64_t starts_us)
{
    static const int64_t minutes[PAIRS_MAX] = {0, 4, 9, 16, 26, 38};
    TkDemoOutage outage = {.starts_us = starts_us, .ends_us = starts_us, .prefecture = pick_prefecture(s)};
    g_autoptr(GArray) pairs = tk_demo_pairs(s->topology);
    unsigned first = 0;
    while (first < pairs->len && prefecture_of(s, pairs, first) < outage.prefecture)
        first++;
    for (unsigned n = 0; n < PAIRS_MAX && first + n < pairs->len; n++) {
        TkDemoPair pair = g_array_index(pairs, TkDemoPair, first + n);
        int64_t from = starts_us + minutes[n] * MINUTE_US;
        int64_t to = starts_us + 220 * MINUTE_US + (int64_t)(PAIRS_MAX - n) * 7 * MINUTE_US;
        fault(s, pair.a, from, to, true);
        fault(s, pair.b, from + 5 * TK_US_PER_S, to + 90 * TK_US_PER_S, true);
        outage.ends_us = MAX(outage.ends_us, to + 90 * TK_US_PER_S);
    }
    return outage;
}

static int by_time(const void *a, const void *b)
{
    const TkDemoEvent *x = a, *y = b;
    if (x->at_us != y->at_us)
        return x->at_us < y->at_us ? -1 : 1;
    return x->key == y->key ? (int)x->clear - (int)y->clear : x->key < y->key ? -1 : 1;
}

GArray *tk_demo_day(const TkTopology *topology, uint64_t seed, TkDemoDay kind, int64_t day_us,
                    int64_t outage_at_us, TkDemoOutage *outage)
{
    Script script = {.topology = topology,
                     .random = seed * 1000003u + (uint64_t)(day_us / TK_US_PER_DAY),
                     .day_us = day_us,
                     .events = g_array_new(FALSE, FALSE, sizeof(TkDemoEvent)),
                     .next_key = 1};
    *outage = (TkDemoOutage){0};
    if (tk_topology_size(topology) == 0)
        return script.events;
    if (kind == TK_DEMO_DAY_OUTAGE)
        *outage = grow_outage(&script, day_us + outage_at_us);
    background(&script);
    int64_t lasts = kind == TK_DEMO_DAY_BUILDING ? 150 : 40;
    TkFacilityIx building = some_building(&script);
    if (building != TK_NO_FACILITY) {
        int64_t from = day_us + (kind == TK_DEMO_DAY_BUILDING ? 3 : 7) * HOUR_US + 12 * MINUTE_US;
        fault(&script, building, from, from + lasts * MINUTE_US, true);
    }
    g_array_sort(script.events, by_time);
    return script.events;
}

/* Failure rates from the accidents on record: who caused them, how often, and how long they lasted. What this
 * can and cannot say stands beside each figure: a failure that redundancy hid from every user made no
 * accident, so that the rates of redundant kinds come out too low; and an accident's duration is taken for
 * the repair of each of its causes, which it bounds from above. */
#include <math.h>

#include "service/simulations_private.h"

#define DAYS_AT_LEAST 90 /* observed; less says nothing about years */
#define DAY_US        (24 * INT64_C(3600) * TK_US_PER_S)

typedef struct {
    uint32_t facilities, events, repairs;
    double repair_hours; /* their sum */
} Kind;

static Kind *kind_of(GHashTable *kinds, const char *name)
{
    Kind *kind = g_hash_table_lookup(kinds, name);
    if (kind == NULL)
        g_hash_table_insert(kinds, g_strdup(name), kind = g_new0(Kind, 1));
    return kind;
}

static void count_incident(const TkIncident *incident, const TkTopology *topology, GHashTable *kinds,
                           int64_t *since_us, uint32_t *accidents)
{
    size_t i;
    const json_t *cause;
    bool named = false;
    json_array_foreach(incident->causes, i, cause)
    {
        const char *id = json_string_value(json_object_get(cause, "id"));
        TkFacilityIx f = id == NULL ? TK_NO_FACILITY : tk_topology_find(topology, id, strlen(id));
        if (f == TK_NO_FACILITY)
            continue;
        Kind *kind = kind_of(kinds, tk_topology_facility(topology, f).kind);
        named = true;
        kind->events++;
        if (incident->recovered_at == TK_TIME_NONE || incident->recovered_at <= incident->started_at)
            continue;
        kind->repairs++;
        kind->repair_hours +=
            (double)(incident->recovered_at - incident->started_at) / (3600.0 * (double)TK_US_PER_S);
    }
    if (!named)
        return;
    *accidents += 1;
    *since_us = *since_us == TK_TIME_NONE ? incident->started_at : MIN(*since_us, incident->started_at);
}

/* Failures in a year of operation of one facility: Jeffreys' estimate (events + ½) over the exposure, which
 * stays above 0 where nothing was seen; the interval is Wilson and Hilferty's approximation of the gamma
 * quantiles. */
static json_t *rate_json(const Kind *kind, double years)
{
    double exposure = years * kind->facilities, shape = kind->events + 0.5, root = 1 / (3 * sqrt(shape));
    double low = pow(fmax(0, 1 - root * root - 1.959964 * root), 3),
           high = pow(1 - root * root + 1.959964 * root, 3);
    return json_pack("{s:o, s:[o, o], s:o}", "failures_per_year", tk_simulation_real(shape / exposure),
                     "interval_95", tk_simulation_real(shape * low / exposure),
                     tk_simulation_real(shape * high / exposure), "repair_hours",
                     kind->repairs > 0 ? tk_simulation_real(kind->repair_hours / kind->repairs)
                                       : json_null());
}

static json_t *kind_json(const char *name, const Kind *kind, double years, bool enough)
{
    json_t *out = json_pack("{s:s, s:i, s:i, s:i}", "kind", name, "facilities", (int)kind->facilities,
                            "events", (int)kind->events, "repairs", (int)kind->repairs);
    json_object_set_new(out, "derived", enough ? rate_json(kind, years) : json_null());
    return out;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void count_facilities(const TkTopology *topology, GHashTable *kinds)
{
    for (TkFacilityIx f = 0; f < tk_topology_size(topology); f++)
        kind_of(kinds, tk_topology_facility(topology, f).kind)->facilities++;
}

json_t *tk_simulation_rates(TkApp *app, const TkTopology *topology)
{
    g_autoptr(GHashTable) kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GPtrArray) all = tk_incidents_all(app);
    int64_t since_us = TK_TIME_NONE, now_us = tk_app_now(app);
    uint32_t accidents = 0;
    count_facilities(topology, kinds);
    for (unsigned i = 0; i < all->len; i++)
        count_incident(g_ptr_array_index(all, i), topology, kinds, &since_us, &accidents);
    double days = since_us == TK_TIME_NONE ? 0 : (double)(now_us - since_us) / (double)DAY_US;
    bool enough = days >= DAYS_AT_LEAST;
    json_t *items = json_array();
    guint count;
    g_autofree char **names = (char **)g_hash_table_get_keys_as_array(kinds, &count);
    qsort(names, count, sizeof *names, by_name);
    for (guint i = 0; i < count; i++)
        json_array_append_new(
            items, kind_json(names[i], g_hash_table_lookup(kinds, names[i]), days / 365.25, enough));
    return json_pack("{s:o, s:{s:o, s:o, s:i, s:i, s:b, s:o}}", "kinds", items, "observed", "from",
                     tk_json_of_time(since_us), "days", tk_simulation_real(floor(days)), "days_needed",
                     DAYS_AT_LEAST, "accidents", (int)accidents, "enough", enough, "text",
                     tk_text2("故障率は、事故記録に原因として載った設備の件数に0.5を加え、その種別の設備数と"
                              "観測年数の積で割ったもの(ジェフリーズ推定)です。冗長構成に隠れて利用者に"
                              "影響しなかった故障は記録に現れないため、冗長な種別では低めに出ます。修理"
                              "時間は事故の継続時間の平均で、長めに出ます。",
                              "A rate is the number of times facilities of the kind were recorded as causes, "
                              "plus a half, over facilities × years observed (Jeffreys' estimate). Failures "
                              "that redundancy hid from users are on no record, so the rates of redundant "
                              "kinds come out low. Repair times are the mean durations of the accidents and "
                              "come out long."));
}

/* Simulated years against exact answers on small networks, and the simulated accidents against the live
 * engine's on random ones. */
#include <math.h>

#include "unit.h"

#include "risk/world.h"

#define HOURS 8760.0

typedef struct {
    TkTopologyBuilder *builder;
    uint64_t line;
} Making;

static Making make(void)
{
    return (Making){tk_topology_builder_new(NULL, 0), 0};
}

static void facility(Making *m, const char *id, const char *kind, int64_t users)
{
    assert_true(tk_topology_builder_add(
        m->builder, &(TkFacilityInput){.id = id, .kind = kind, .lat = NAN, .lon = NAN}, ++m->line, NULL));
    if (users > 0)
        assert_true(tk_topology_builder_users(m->builder, "internet-access", users, NULL));
}

static void need(Making *m, int64_t at_least, const char *a, const char *b)
{
    const char *ids[] = {a, b};
    assert_true(tk_topology_builder_need(m->builder, ids, b != NULL ? 2 : 1, at_least, NULL));
}

static TkTopology *made(Making *m)
{
    TkTopology *topology = tk_topology_builder_finish(m->builder, NULL);
    assert_non_null(topology);
    return topology;
}

static GArray *criteria_of(int64_t hours, int64_t users)
{
    GArray *criteria = g_array_new(FALSE, FALSE, sizeof(TkRiskCriterion));
    TkRiskCriterion c = {0, hours * 3600, users};
    g_array_append_val(criteria, c);
    return criteria;
}

static TkRiskInput *input_of(const TkTopology *topology, const char *text)
{
    g_autofree char *json = g_strdup(text);
    g_strdelimit(json, "'", '"');
    g_autoptr(GError) error = NULL;
    TkRiskInput *input = tk_risk_input_read("input", json, strlen(json), topology, &error);
    if (input == NULL)
        fail_msg("%s", error->message);
    return input;
}

typedef struct {
    TkRiskModel *model;
    TkRiskTally *tally;
    TkTopology *topology;
    TkRiskInput *input;
    GArray *criteria;
} Result;

static Result simulate(Making *m, const char *input, int64_t hours, int64_t users, uint32_t streams)
{
    Result r = {.topology = made(m), .criteria = criteria_of(hours, users)};
    r.input = input_of(r.topology, input);
    r.model = tk_risk_model_new(r.topology, r.input, r.criteria, NULL);
    assert_non_null(r.model);
    r.tally = tk_risk_tally_new(r.model);
    assert_int_equal(tk_risk_simulate(r.model, &(TkRiskRun){.seed = 7, .n = streams}, NULL, NULL, r.tally),
                     streams);
    return r;
}

static void result_clear(Result *r)
{
    tk_risk_tally_free(r->tally);
    tk_risk_model_free(r->model);
    tk_risk_input_free(r->input);
    tk_topology_unref(r->topology);
    g_array_unref(r->criteria);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Result, result_clear)

/* The interval is of 95 %; a fixed seed makes the test one draw, so twice its width is asked for, and that it
 * is narrow. */
static void assert_expected(const Result *r, double exact)
{
    TkRiskService s = tk_risk_service(r->model, r->tally, 0);
    double half = (s.high - s.low) / 2;
    if (fabs(s.per_year - exact) > 2 * half || half > 0.1 * exact)
        fail_msg("%g a year (%g to %g), exactly %g", s.per_year, s.low, s.high, exact);
}

static void test_one_facility(void **state)
{
    (void)state;
    Making m = make();
    facility(&m, "a", "box", 50000);
    g_auto(Result) r =
        simulate(&m, "{'kinds':{'box':{'failures_per_year':4,'repair_hours':2}}}", 1, 30000, 200);
    double often = 4 / (1 + 4 * 2 / HOURS); /* it cannot fail while it is being repaired */
    assert_expected(&r, often * exp(-1.0 / 2));
    TkRiskService s = tk_risk_service(r.model, r.tally, 0);
    assert_true(fabs(s.user_hours / (often * 2 * 50000) - 1) < 0.03);
}

static void test_repair_of_fixed_length_meets_the_boundary(void **state)
{
    (void)state;
    Making m = make();
    facility(&m, "a", "box", 30000);
    g_auto(Result) r = simulate(
        &m, "{'kinds':{'box':{'failures_per_year':2,'repair_hours':1,'repair':'fixed'}}}", 1, 30000, 50);
    assert_int_equal(tk_risk_service(r.model, r.tally, 0).accidents, tk_risk_failures(r.tally));
    Making n = make();
    facility(&n, "a", "box", 29999);
    facility(&n, "b", "box", 30000);
    g_auto(Result) fewer = simulate(
        &n, "{'kinds':{'box':{'failures_per_year':2,'repair_hours':0.999,'repair':'fixed'}}}", 1, 30000, 50);
    assert_int_equal(tk_risk_service(fewer.model, fewer.tally, 0).accidents, 0);
}

static void test_two_in_parallel(void **state)
{
    (void)state;
    Making m = make();
    facility(&m, "a", "box", 0);
    facility(&m, "b", "box", 0);
    facility(&m, "leaf", "never", 50000);
    need(&m, 1, "a", "b");
    g_auto(Result) r = simulate(&m,
                                "{'kinds':{'box':{'failures_per_year':40,'repair_hours':20},'never':{'"
                                "failures_per_year':0,'repair_hours':1}}}",
                                2, 30000, 200);
    double off = 40 * 20 / HOURS / (1 + 40 * 20 / HOURS), often = 40 * (1 - off);
    assert_expected(&r, 2 * often * off * exp(-2.0 / 10)); /* both being down lasts 20 / 2 hours on average */
}

static void test_a_common_cause_takes_both(void **state)
{
    (void)state;
    Making m = make();
    facility(&m, "a", "box", 0);
    facility(&m, "b", "box", 0);
    facility(&m, "leaf", "box", 50000);
    need(&m, 1, "a", "b");
    g_auto(Result) r =
        simulate(&m,
                 "{'kinds':{'box':{'failures_per_year':0,'repair_hours':1}},'common_causes':[{'id':'power','"
                 "per_year':3,"
                 "'probability':0.5,'repair_hours':4,'repair':'fixed','members':{'ids':['a','b']}}]}",
                 2, 30000, 200);
    assert_expected(&r, 3 * 0.25);
    g_autoptr(GArray) by = tk_risk_contributions(r.model, r.tally, 10);
    assert_int_equal(by->len, 1);
    assert_int_equal(g_array_index(by, TkRiskContribution, 0).facility, TK_NO_FACILITY);
    assert_true(g_array_index(by, TkRiskContribution, 0).alone > 0.6);
}

/* Sparing the only single point takes away what it had caused alone, and nothing else. */
static void test_sparing_takes_away_what_it_caused_alone(void **state)
{
    (void)state;
    Making m = make();
    facility(&m, "a", "box", 50000);
    facility(&m, "b", "box", 60000);
    g_auto(Result) r =
        simulate(&m, "{'kinds':{'box':{'failures_per_year':2,'repair_hours':3}}}", 1, 30000, 50);
    g_autoptr(TkRiskTally) without = tk_risk_tally_new(r.model);
    TkFacilityIx a = tk_topology_find(r.topology, "a", 1);
    tk_risk_simulate(r.model, &(TkRiskRun){.seed = 7, .n = 50, .spared = &a, .n_spared = 1}, NULL, NULL,
                     without);
    g_autoptr(GArray) by = tk_risk_contributions(r.model, r.tally, 10);
    uint64_t of_a = 0;
    for (unsigned i = 0; i < by->len; i++)
        if (g_array_index(by, TkRiskContribution, i).facility == a)
            of_a = (uint64_t)llround(g_array_index(by, TkRiskContribution, i).alone * tk_risk_years(r.tally));
    assert_true(of_a > 0);
    assert_int_equal(tk_risk_service(r.model, r.tally, 0).accidents - of_a,
                     tk_risk_service(r.model, without, 0).accidents);
}

static void test_a_stream_depends_on_seed_and_number_only(void **state)
{
    (void)state;
    Making m = make();
    facility(&m, "a", "box", 50000);
    g_auto(Result) r =
        simulate(&m, "{'kinds':{'box':{'failures_per_year':4,'repair_hours':2}}}", 1, 30000, 4);
    g_autoptr(TkRiskTally) pieces = tk_risk_tally_new(r.model);
    for (uint32_t first = 0; first < 4; first++) {
        g_autoptr(TkRiskTally) one = tk_risk_tally_new(r.model);
        tk_risk_simulate(r.model, &(TkRiskRun){.seed = 7, .first = first, .n = 1}, NULL, NULL, one);
        tk_risk_tally_add(pieces, one);
    }
    assert_int_equal(tk_risk_service(r.model, r.tally, 0).accidents,
                     tk_risk_service(r.model, pieces, 0).accidents);
    assert_true(fabs(tk_risk_exceeded(r.tally, 0, 0.1) - tk_risk_exceeded(pieces, 0, 0.1)) < 1e-9);
    g_autoptr(TkRiskTally) other = tk_risk_tally_new(r.model);
    tk_risk_simulate(r.model, &(TkRiskRun){.seed = 8, .n = 4}, NULL, NULL, other);
    assert_true(tk_risk_failures(other) != tk_risk_failures(r.tally));
}

static void test_folding_changes_nothing_but_size(void **state)
{
    (void)state;
    Making m = make();
    facility(&m, "a", "box", 0);
    facility(&m, "b", "box", 0);
    for (int i = 0; i < 100; i++) {
        g_autofree char *id = g_strdup_printf("leaf-%d", i), *below = g_strdup_printf("below-%d", i);
        facility(&m, id, "never", 100);
        need(&m, i % 2 == 0 ? 1 : 2, "a", "b");
        facility(&m, below, "never", 500);
        need(&m, 1, id, NULL);
    }
    g_autoptr(TkTopology) topology = made(&m);
    g_autoptr(GArray) criteria = criteria_of(1, 30000);
    g_autoptr(TkRiskModel) model = tk_risk_model_new(topology, NULL, criteria, NULL);
    assert_int_equal(tk_risk_model_nodes(model), 4); /* a, b, those that need one and those that need both */
    g_autoptr(GArray) points = tk_risk_single_points(model);
    assert_int_equal(points->len, 2);
    assert_int_equal(g_array_index(points, TkRiskPoint, 0).users, 30000);
    assert_int_equal(g_array_index(points, TkRiskPoint, 0).serious_in_s, 3600);
}

/* ---- against the live engine ---- */

static uint64_t state_of_dice = 88172645463325252u;

static uint32_t dice(uint32_t n)
{
    state_of_dice ^= state_of_dice << 13;
    state_of_dice ^= state_of_dice >> 7;
    state_of_dice ^= state_of_dice << 17;
    return (uint32_t)((state_of_dice >> 32) * n >> 32);
}

#define NODES 14

static TkTopology *random_topology(void)
{
    Making m = make();
    char ids[NODES][8];
    for (uint32_t i = 0; i < NODES; i++) {
        g_snprintf(ids[i], sizeof ids[i], "n%02u", i);
        facility(&m, ids[i], "box", i < 4 ? 0 : 1 + dice(40));
        for (uint32_t q = i < 3 ? 0 : 1 + dice(2); q > 0; q--) {
            uint32_t a = dice(i), b = dice(i);
            need(&m, 1 + (a != b && dice(4) == 0), ids[a], a != b ? ids[b] : NULL);
        }
    }
    return made(&m);
}

static void count_serious(void *user, const Outage *outage)
{
    uint64_t *counts = user;
    counts[0]++;
    counts[1] += outage->serious[0];
}

/* A random path of failures and repairs, in whole hours, to both. */
static void walk_both(World *w, TkEngine *engine)
{
    static char keys[NODES][8];
    const Graph *g = &w->m->g;
    for (int64_t hour = 1; hour < 400; hour++) {
        uint32_t node = dice(g->n_nodes);
        bool repair = w->own[node] > 0;
        if (!repair && dice(3) > 0)
            continue;
        g_snprintf(keys[node], sizeof keys[node], "k%u", node);
        TkAlarm alarm = {.at_us = hour * 3600 * TK_US_PER_S,
                         .source = "s",
                         .source_len = 1,
                         .key = keys[node],
                         .key_len = strlen(keys[node]),
                         .severity = repair ? TK_SEVERITY_CLEARED : TK_SEVERITY_CRITICAL,
                         .service_affecting = !repair};
        alarm.object = tk_topology_id(w->m->topology, g->facility[node]);
        alarm.object_len = strlen(alarm.object);
        assert_true(tk_engine_apply(engine, &alarm, NULL));
        w->now_h = (double)hour;
        if (repair)
            world_repair(w, node);
        else {
            world_fail(w, node, node);
            world_settle(w);
        }
    }
    w->now_h = 400;
    world_end(w);
}

static void test_accidents_are_those_of_the_live_engine(void **state)
{
    (void)state;
    uint64_t accidents = 0, serious = 0;
    for (int round = 0; round < 300; round++) {
        g_autoptr(TkTopology) topology = random_topology();
        g_autoptr(GArray) criteria = criteria_of(1 + dice(6), 1);
        g_array_index(criteria, TkRiskCriterion, 0).users = 1; /* nothing is small: nothing is folded */
        g_autoptr(TkRiskModel) model = tk_risk_model_new(topology, NULL, criteria, NULL);
        model->criteria[0].users = 20 + dice(80);
        uint64_t simulated[2] = {0, 0}, live[2] = {0, 0};
        World w;
        world_init(&w, model);
        w.ended = count_serious;
        w.user = simulated;
        g_autoptr(TkEngine) engine = tk_engine_new(topology, NULL);
        walk_both(&w, engine);
        g_autoptr(GPtrArray) all = tk_engine_accidents(engine, INT64_C(400) * 3600 * TK_US_PER_S);
        for (unsigned i = 0; i < all->len; i++) {
            const TkAccident *accident = all->pdata[i];
            live[0]++;
            int64_t met_us =
                tk_impact_first_met(&accident->services[0], TK_COUNT_EVER,
                                    model->criteria[0].duration_s * TK_US_PER_S, model->criteria[0].users);
            live[1] += met_us != TK_TIME_NONE && met_us <= INT64_C(400) * 3600 * TK_US_PER_S;
        }
        world_clear(&w);
        if (simulated[0] != live[0] || simulated[1] != live[1])
            fail_msg("round %d: %" G_GUINT64_FORMAT " accidents, %" G_GUINT64_FORMAT
                     " serious; the engine has %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT,
                     round, simulated[0], simulated[1], live[0], live[1]);
        accidents += live[0];
        serious += live[1];
    }
    assert_true(accidents > 1000 && serious > 100 && serious < accidents);
}

/* ---- bad input ---- */

static void test_bad_input_is_named(void **state)
{
    (void)state;
    Making m = make();
    facility(&m, "a", "box", 1);
    g_autoptr(TkTopology) topology = made(&m);
    static const struct {
        const char *text, *words;
    } bad[] = {{"[]", "kinds"},
               {"{'kinds':{}}", "“box”"},
               {"{'kinds':{'box':{'failures_per_year':-1,'repair_hours':1}}}", "failures_per_year"},
               {"{'kinds':{'box':{'failures_per_year':1}}}", "repair_hours"},
               {"{'kinds':{'box':{'failures_per_year':1,'repair_hours':1,'repair':'soon'}}}", "lognormal"},
               {"{'kinds':{'box':{'failures_per_year':1,'repair_hours':1}},'facilities':{'z':{}}}", "“z”"},
               {"{'kinds':{'box':{'failures_per_year':1,'repair_hours':1}},'common_causes':[{'id':'c','per_"
                "year':1,'repair_hours':1,"
                "'members':{'kind':'none'}}]}",
                "common_causes[0].members"},
               {"{'kinds':{'box':{'failures_per_year':1,'repair_hours':1}},'common_causes':{}}", "list"}};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *json = g_strdup(bad[i].text);
        g_strdelimit(json, "'", '"');
        g_autoptr(GError) error = NULL;
        assert_null(tk_risk_input_read("input", json, strlen(json), topology, &error));
        if (strstr(error->message, bad[i].words) == NULL)
            fail_msg("“%s” does not say %s", error->message, bad[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_facility),
        cmocka_unit_test(test_repair_of_fixed_length_meets_the_boundary),
        cmocka_unit_test(test_two_in_parallel),
        cmocka_unit_test(test_a_common_cause_takes_both),
        cmocka_unit_test(test_sparing_takes_away_what_it_caused_alone),
        cmocka_unit_test(test_a_stream_depends_on_seed_and_number_only),
        cmocka_unit_test(test_folding_changes_nothing_but_size),
        cmocka_unit_test(test_accidents_are_those_of_the_live_engine),
        cmocka_unit_test(test_bad_input_is_named),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

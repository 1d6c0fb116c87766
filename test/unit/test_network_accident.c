/* Accidents: when they begin, grow, merge and end, and what is counted. Times are minutes after noon. */
#include "unit.h"

#include "network/network.h"

#define NOON   "2026-05-01T12:00:00+09:00"
#define MINUTE (60 * TK_US_PER_S)

/* Two buildings with two stations each, and one station that needs one of the two. */
static const char pair[] = "{\"id\":\"b1\",\"kind\":\"building\"}\n{\"id\":\"b2\",\"kind\":\"building\"}\n"
                           "{\"id\":\"s1\",\"kind\":\"station\",\"needs\":[{\"of\":[\"b1\"],\"at_least\":1}],"
                           "\"users\":{\"voice\":100}}\n"
                           "{\"id\":\"s2\",\"kind\":\"station\",\"needs\":[{\"of\":[\"b1\"],\"at_least\":1}],"
                           "\"users\":{\"voice\":20,\"net\":7}}\n"
                           "{\"id\":\"s3\",\"kind\":\"station\",\"needs\":[{\"of\":[\"b2\"],\"at_least\":1}],"
                           "\"users\":{\"voice\":3000}}\n"
                           "{\"id\":\"both\",\"kind\":\"station\",\"needs\":[{\"of\":[\"b1\",\"b2\"],\"at_"
                           "least\":1}],\"users\":{\"voice\":40000}}\n";

typedef struct {
    TkTopology *t;
    TkEngine *e;
    GPtrArray *accidents; /* of the last look */
} World;

static World world_of(const char *text)
{
    GError *error = NULL;
    g_autoptr(TkLines) lines = tk_lines_new_memory(text, strlen(text), TK_TOPOLOGY_LINE_MAX);
    World w = {.t = tk_topology_read(lines, "pair", NULL, 0, &error)};
    if (w.t == NULL)
        fail_msg("%s", error->message);
    w.e = tk_engine_new(w.t, NULL);
    return w;
}

static World world(void)
{
    return world_of(pair);
}

static void world_end(World *w)
{
    assert_true(tk_engine_check(w->e, NULL));
    g_clear_pointer(&w->accidents, g_ptr_array_unref);
    tk_engine_free(w->e);
    tk_topology_unref(w->t);
}

/* An alarm with the object's id as its key. */
static void set(World *w, int minute, const char *object, bool fails)
{
    uint32_t alarm = tk_engine_alarm(w->e, "nms", 3, object, strlen(object), NULL);
    TkFacilityIx f = tk_topology_find(w->t, object, strlen(object));
    tk_engine_apply_event(w->e, alarm, f, fails ? TK_SEVERITY_MAJOR : TK_SEVERITY_CLEARED, true,
                          at(NOON) + minute * MINUTE);
}

static const TkAccident *look(World *w, int minute, guint i, guint of)
{
    g_clear_pointer(&w->accidents, g_ptr_array_unref);
    w->accidents = tk_engine_accidents(w->e, at(NOON) + minute * MINUTE);
    assert_int_equal(w->accidents->len, of);
    return w->accidents->pdata[i];
}

static const TkServiceImpact *impact(const World *w, const TkAccident *a, const char *service)
{
    for (uint32_t i = 0; i < a->n_services; i++)
        if (strcmp(tk_topology_service(w->t, a->services[i].service), service) == 0)
            return &a->services[i];
    fail_msg("%s is not affected", service);
    return NULL;
}

static int minute_of(int64_t at_us)
{
    assert_true(at_us != TK_TIME_NONE);
    return (int)((at_us - at(NOON)) / MINUTE);
}

static void assert_causes(const World *w, const TkAccident *a, const char *wanted)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (uint32_t i = 0; i < a->n_causes; i++)
        g_string_append_printf(text, "%s%s", i ? " " : "", tk_topology_id(w->t, a->causes[i]));
    assert_string_equal(text->str, wanted);
}

static void a_failure_without_users_is_no_accident(void **state)
{
    (void)state;
    g_autoptr(TkTopologyBuilder) b = tk_topology_builder_new(NULL, 0);
    tk_topology_builder_add(b, &(TkFacilityInput){.id = "x", .kind = "k", .lat = 0, .lon = 0}, 0, NULL);
    World w = {.t = tk_topology_builder_finish(g_steal_pointer(&b), NULL)};
    w.e = tk_engine_new(w.t, NULL);
    set(&w, 0, "x", true);
    g_autoptr(GPtrArray) none = tk_engine_accidents(w.e, at(NOON));
    assert_int_equal(none->len, 0);
    world_end(&w);
}

static void peak_ever_and_user_minutes_of_one_failure(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b1", true);
    set(&w, 90, "b1", false);
    const TkAccident *a = look(&w, 200, 0, 1);
    assert_int_equal(minute_of(a->started_at_us), 0);
    assert_int_equal(minute_of(a->ended_at_us), 90);
    assert_causes(&w, a, "b1");
    assert_int_equal(a->members_ever, 2);
    assert_int_equal(a->n_services, 2);
    const TkServiceImpact *voice = impact(&w, a, "voice");
    assert_int_equal(voice->peak, 120);
    assert_int_equal(voice->ever, 120);
    assert_int_equal(voice->concurrent, 0);
    assert_true(voice->user_minutes == 120 * 90);
    assert_int_equal(minute_of(voice->recovered_at_us), 90);
    assert_int_equal(impact(&w, a, "net")->ever, 7);
    world_end(&w);
}

static void everyone_under_the_failed_facility_includes_the_protected(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b1", true);
    const TkServiceImpact *voice = impact(&w, look(&w, 1, 0, 1), "voice");
    assert_int_equal(voice->ever, 120);
    assert_int_equal(voice->under_failed, 120 + 40000);
    world_end(&w);
}

static void an_open_accident_counts_until_it_is_looked_at(void **state)
{
    (void)state;
    World w = world();
    set(&w, 10, "s1", true);
    const TkAccident *a = look(&w, 25, 0, 1);
    assert_true(a->ended_at_us == TK_TIME_NONE);
    assert_true(impact(&w, a, "voice")->user_minutes == 100 * 15);
    assert_true(impact(&w, a, "voice")->recovered_at_us == TK_TIME_NONE);
    world_end(&w);
}

static void a_leaf_that_comes_and_goes_is_counted_once_and_its_outages_add_up(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b1", true); /* holds the accident open */
    set(&w, 0, "b2", true); /* both buildings: one accident, since `both` hangs on the two */
    set(&w, 20, "b2", false);
    set(&w, 40, "b2", true);
    set(&w, 51, "b2", false);
    set(&w, 60, "b1", false);
    const TkAccident *a = look(&w, 100, 0, 1);
    const TkServiceImpact *voice = impact(&w, a, "voice");
    assert_causes(&w, a, "b1 b2");
    assert_int_equal(voice->ever, 43120);
    assert_int_equal(voice->peak, 43120);
    assert_int_equal(voice->at_least, 43120); /* 20 + 11 minutes are at least 30 */
    assert_true(voice->user_minutes == 120 * 60 + 43000 * 31);
    world_end(&w);
}

static void short_outages_do_not_count_as_at_least_t(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b1", true);
    set(&w, 10, "b2", true);
    set(&w, 39, "b2", false); /* 29 minutes */
    set(&w, 40, "b1", false);
    assert_int_equal(impact(&w, look(&w, 60, 0, 1), "voice")->at_least, 120);
    world_end(&w);
}

static void failures_that_share_no_cause_are_two_accidents(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "s1", true);
    set(&w, 5, "s3", true);
    const TkAccident *first = look(&w, 10, 0, 2), *second = w.accidents->pdata[1];
    assert_causes(&w, first, "s1");
    assert_causes(&w, second, "s3");
    world_end(&w);
}

static void a_cause_of_an_open_accident_is_not_one_of_a_later_leaf_that_does_not_hang_on_it(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "s3", true);
    set(&w, 3, "s1", true);
    set(&w, 10, "b2", true); /* s3 is down already, `both` still has b1: nobody new */
    set(&w, 20, "b1", true); /* s2 and `both`: roots b1 and b2, neither a cause so far */
    look(&w, 30, 0, 3);
    assert_causes(&w, w.accidents->pdata[0], "s3");
    assert_causes(&w, w.accidents->pdata[1], "s1");
    assert_causes(&w, w.accidents->pdata[2], "b1 b2");
    world_end(&w);
}

static void two_open_accidents_become_one_when_something_hangs_on_both(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b2", true);  /* s3 */
    set(&w, 10, "b1", true); /* s1, s2 and `both`, which hangs on b1 and b2 */
    const TkAccident *a = look(&w, 15, 0, 1);
    assert_int_equal(minute_of(a->started_at_us), 0);
    assert_causes(&w, a, "b1 b2");
    assert_int_equal(impact(&w, a, "voice")->ever, 43120);
    set(&w, 20, "b2", false); /* s3 and `both` come back; b1 still holds it open */
    set(&w, 30, "b2", true);
    set(&w, 40, "b1", false);
    set(&w, 45, "b2", false);
    a = look(&w, 60, 0, 1);
    assert_int_equal(minute_of(a->ended_at_us), 45);
    world_end(&w);
}

static void alarms_of_what_is_down_already_are_not_causes(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b1", true);
    set(&w, 1, "s1", true); /* sympathetic */
    set(&w, 5, "b1", false);
    const TkAccident *a = look(&w, 10, 0, 1);
    assert_causes(&w, a, "b1");
    assert_true(a->ended_at_us == TK_TIME_NONE); /* s1 has an alarm of its own still */
    set(&w, 12, "s1", false);
    assert_int_equal(minute_of(look(&w, 20, 0, 1)->ended_at_us), 12);
    world_end(&w);
}

static void an_alarm_that_moves_leaves_no_peak_of_both_objects(void **state)
{
    (void)state;
    World w = world_of("{\"id\":\"hub\",\"kind\":\"k\",\"users\":{\"voice\":1}}\n{\"id\":\"a\",\"kind\":"
                       "\"k\"}\n{\"id\":\"b\",\"kind\":\"k\"}\n"
                       "{\"id\":\"x\",\"kind\":\"k\",\"needs\":[{\"of\":[\"hub\",\"a\"],\"at_least\":1}],"
                       "\"users\":{\"voice\":10}}\n"
                       "{\"id\":\"y\",\"kind\":\"k\",\"needs\":[{\"of\":[\"hub\",\"b\"],\"at_least\":1}],"
                       "\"users\":{\"voice\":100}}\n");
    uint32_t alarm = tk_engine_alarm(w.e, "nms", 3, "roams", 5, NULL);
    set(&w, 0, "hub", true);
    tk_engine_apply_event(w.e, alarm, tk_topology_find(w.t, "a", 1), TK_SEVERITY_MAJOR, true,
                          at(NOON) + MINUTE);
    tk_engine_apply_event(w.e, alarm, tk_topology_find(w.t, "b", 1), TK_SEVERITY_MAJOR, true,
                          at(NOON) + 2 * MINUTE);
    const TkServiceImpact *voice = impact(&w, look(&w, 20, 0, 1), "voice");
    assert_int_equal(voice->ever, 111);
    assert_int_equal(voice->peak, 101);
    assert_int_equal(voice->concurrent, 101);
    world_end(&w);
}

static void an_ended_accident_is_never_reopened(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b1", true);
    set(&w, 5, "b1", false);
    set(&w, 6, "b1", true);
    look(&w, 10, 0, 2);
    world_end(&w);
}

static void a_late_event_rewrites_the_past(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b1", true);
    set(&w, 60, "b1", false);
    look(&w, 70, 0, 1);
    set(&w, 20, "b1", false); /* it had come back in between */
    set(&w, 30, "b1", true);
    const TkAccident *a = look(&w, 70, 0, 2), *b = w.accidents->pdata[1];
    assert_int_equal(minute_of(a->ended_at_us), 20);
    assert_int_equal(minute_of(b->started_at_us), 30);
    assert_int_equal(minute_of(b->ended_at_us), 60);
    world_end(&w);
}

static void the_boundary_of_hours_and_users_is_inclusive(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b1", true);
    set(&w, 120, "b1", false);
    const TkServiceImpact *voice = impact(&w, look(&w, 200, 0, 1), "voice");
    assert_int_equal(minute_of(tk_impact_first_met(voice, TK_COUNT_EVER, 120 * MINUTE, 120)), 120);
    assert_true(tk_impact_first_met(voice, TK_COUNT_EVER, 120 * MINUTE + 1, 120) == TK_TIME_NONE);
    assert_true(tk_impact_first_met(voice, TK_COUNT_EVER, 120 * MINUTE, 121) == TK_TIME_NONE);
    assert_int_equal(minute_of(tk_impact_first_met(voice, TK_COUNT_UNDER_FAILED, 60 * MINUTE, 40120)), 60);
    world_end(&w);
}

static void while_it_lasts_the_moment_may_lie_ahead(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b1", true);
    const TkServiceImpact *voice = impact(&w, look(&w, 5, 0, 1), "voice");
    assert_int_equal(minute_of(tk_impact_first_met(voice, TK_COUNT_EVER, 60 * MINUTE, 100)), 60);
    world_end(&w);
}

static void users_that_come_after_the_hours_make_it_serious_then(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b1", true);
    set(&w, 90, "b2", true);
    const TkServiceImpact *voice = impact(&w, look(&w, 100, 0, 1), "voice");
    assert_int_equal(minute_of(tk_impact_first_met(voice, TK_COUNT_EVER, 60 * MINUTE, 30000)), 90);
    world_end(&w);
}

static void a_pause_does_not_reset_the_hours_but_nothing_is_met_inside_it(void **state)
{
    (void)state;
    World w = world();
    set(&w, 0, "b1", true);   /* s1, s2 (net) */
    set(&w, 1, "s1", true);   /* keeps the accident open while b1 is back */
    set(&w, 2, "b2", true);   /* `both` hangs on b1 and b2: b2 is a cause of it too */
    set(&w, 30, "b1", false); /* net and `both` are back */
    set(&w, 80, "b1", true);  /* net and `both` again; b1 is a cause still */
    const TkAccident *a = look(&w, 100, 0, 1);
    const TkServiceImpact *net = impact(&w, a, "net");
    assert_int_equal(net->ever, 7);
    assert_int_equal(minute_of(tk_impact_first_met(net, TK_COUNT_EVER, 30 * MINUTE, 7)), 30);
    assert_int_equal(minute_of(tk_impact_first_met(net, TK_COUNT_EVER, 31 * MINUTE, 7)), 80);
    assert_int_equal(minute_of(tk_impact_first_met(net, TK_COUNT_EVER, 90 * MINUTE, 7)), 90);
    world_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_without_users_is_no_accident),
        cmocka_unit_test(peak_ever_and_user_minutes_of_one_failure),
        cmocka_unit_test(everyone_under_the_failed_facility_includes_the_protected),
        cmocka_unit_test(an_open_accident_counts_until_it_is_looked_at),
        cmocka_unit_test(a_leaf_that_comes_and_goes_is_counted_once_and_its_outages_add_up),
        cmocka_unit_test(short_outages_do_not_count_as_at_least_t),
        cmocka_unit_test(failures_that_share_no_cause_are_two_accidents),
        cmocka_unit_test(a_cause_of_an_open_accident_is_not_one_of_a_later_leaf_that_does_not_hang_on_it),
        cmocka_unit_test(two_open_accidents_become_one_when_something_hangs_on_both),
        cmocka_unit_test(alarms_of_what_is_down_already_are_not_causes),
        cmocka_unit_test(an_alarm_that_moves_leaves_no_peak_of_both_objects),
        cmocka_unit_test(an_ended_accident_is_never_reopened),
        cmocka_unit_test(a_late_event_rewrites_the_past),
        cmocka_unit_test(the_boundary_of_hours_and_users_is_inclusive),
        cmocka_unit_test(while_it_lasts_the_moment_may_lie_ahead),
        cmocka_unit_test(users_that_come_after_the_hours_make_it_serious_then),
        cmocka_unit_test(a_pause_does_not_reset_the_hours_but_nothing_is_met_inside_it),
    };
    return cmocka_run_group_tests_name("network_accident", tests, NULL, NULL);
}

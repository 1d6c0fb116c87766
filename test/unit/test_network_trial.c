/* What if, and the tree of what is down: both from a snapshot alone. */
#include "unit.h"

#include "network/network.h"

#define NOON "2026-05-01T12:00:00+09:00"

/* One of two cores is enough for b1; b2 hangs on c2 alone; s2 needs one of the buildings. */
static const char net[] =
    "{\"id\":\"c1\",\"kind\":\"core\"}\n{\"id\":\"c2\",\"kind\":\"core\"}\n"
    "{\"id\":\"b1\",\"kind\":\"building\",\"prefecture\":\"13\",\"needs\":[{\"of\":[\"c1\",\"c2\"],\"at_"
    "least\":1}]}\n"
    "{\"id\":\"b2\",\"kind\":\"building\",\"prefecture\":\"14\",\"needs\":[{\"of\":[\"c2\"],\"at_least\":1}]}"
    "\n"
    "{\"id\":\"s1\",\"kind\":\"station\",\"prefecture\":\"13\",\"needs\":[{\"of\":[\"b1\"],\"at_least\":1}],"
    "\"users\":{\"voice\":100,\"net\":10}}\n"
    "{\"id\":\"s2\",\"kind\":\"station\",\"prefecture\":\"14\",\"needs\":[{\"of\":[\"b1\",\"b2\"],\"at_"
    "least\":1}],"
    "\"users\":{\"voice\":200}}\n"
    "{\"id\":\"s3\",\"kind\":\"station\",\"prefecture\":\"14\",\"needs\":[{\"of\":[\"b2\"],\"at_least\":1}],"
    "\"users\":{\"voice\":50}}\n";

typedef struct {
    TkTopology *t;
    TkEngine *e;
} World;

static World world(void)
{
    GError *error = NULL;
    g_autoptr(TkLines) lines = tk_lines_new_memory(net, strlen(net), TK_TOPOLOGY_LINE_MAX);
    World w = {.t = tk_topology_read(lines, "t", NULL, 0, &error)};
    if (w.t == NULL)
        fail_msg("%s", error->message);
    w.e = tk_engine_new(w.t, NULL);
    return w;
}

static void world_end(World *w)
{
    tk_engine_free(w->e);
    tk_topology_unref(w->t);
}

static TkFacilityIx ix(const World *w, const char *id)
{
    TkFacilityIx f = tk_topology_find(w->t, id, strlen(id));
    assert_true(f != TK_NO_FACILITY);
    return f;
}

static void fails(World *w, const char *id)
{
    GError *error = NULL;
    uint32_t alarm = tk_engine_alarm(w->e, "nms", 3, id, strlen(id), &error);
    assert_int_equal(tk_engine_apply_event(w->e, alarm, ix(w, id), TK_SEVERITY_MAJOR, true, at(NOON)),
                     TK_APPLIED);
}

static TkSnapshot *publish(World *w)
{
    return tk_engine_publish(w->e, at(NOON) + TK_US_PER_S);
}

static void a_trial_adds_to_what_is_down_and_leaves_the_snapshot_as_it_was(void **state)
{
    (void)state;
    World w = world();
    fails(&w, "c1");
    g_autoptr(TkSnapshot) now = publish(&w);
    TkFacilityIx c2 = ix(&w, "c2"), c1 = ix(&w, "c1");
    g_autoptr(TkTrial) both = tk_trial_new(now, &c2, 1, NULL, 0);
    assert_int_equal(both->counts.down, 7);
    assert_int_equal(both->counts.affected[tk_topology_service_find(w.t, "voice")], 350);
    assert_int_equal(both->counts.affected_in[14][tk_topology_service_find(w.t, "voice")], 250);
    g_autoptr(TkTrial) other = tk_trial_new(now, &c2, 1, &c1, 1);
    assert_int_equal(other->counts.down, 3); /* c2, b2, s3: s2 has b1 */
    assert_int_equal(other->counts.affected[tk_topology_service_find(w.t, "voice")], 50);
    assert_int_equal(other->under[tk_topology_service_find(w.t, "voice")], 350); /* protected or not */
    assert_int_equal(now->counts.down, 1);
    assert_true(tk_bit(now->failed, c1) && tk_bit(now->alarmed, c1) && !tk_bit(now->failed, c2));
    world_end(&w);
}

static void a_trial_of_nothing_is_the_present(void **state)
{
    (void)state;
    World w = world();
    fails(&w, "c2");
    fails(&w, "b1");
    g_autoptr(TkSnapshot) now = publish(&w);
    g_autoptr(TkTrial) same = tk_trial_new(now, NULL, 0, NULL, 0);
    assert_memory_equal(&same->counts, &now->counts, sizeof same->counts);
    assert_memory_equal(same->failed, now->failed, sizeof(uint64_t));
    world_end(&w);
}

/* Two ways to the same number: the engine's own, by cascade, and the trial's sweep. */
static void a_trial_counts_what_the_engine_would(void **state)
{
    (void)state;
    static const char *const services[] = {"internet-access", "voice-emergency"};
    TkSyntheticParams params = {.seed = 7,
                                .cores = 4,
                                .aggregations = 20,
                                .buildings = 200,
                                .stations = 1000,
                                .cells = 3000,
                                .users = 1000000,
                                .services = services,
                                .n_services = 2};
    g_autoptr(TkTopology) t = tk_network_synthetic(&params, NULL);
    assert_non_null(t);
    g_autoptr(TkEngine) e = tk_engine_new(t, NULL);
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    uint32_t n = tk_topology_size(t);
    for (int round = 0; round < 30; round++) {
        char key[16];
        g_snprintf(key, sizeof key, "k%d", round);
        uint32_t alarm = tk_engine_alarm(e, "s", 1, key, strlen(key), NULL);
        tk_engine_apply_event(e, alarm, (TkFacilityIx)g_rand_int_range(random, 0, (gint32)n / 10),
                              TK_SEVERITY_MAJOR, true, at(NOON) + round);
        TkFacilityIx fail[3], restore[2];
        for (int i = 0; i < 3; i++)
            fail[i] = (TkFacilityIx)g_rand_int_range(random, 0, (gint32)n / (i + 1));
        for (int i = 0; i < 2; i++)
            restore[i] = (TkFacilityIx)g_rand_int_range(random, 0, (gint32)n / 20);
        TkNetworkCounts counts;
        tk_engine_what_if(e, fail, 3, restore, 2, &counts);
        g_autoptr(TkSnapshot) now = tk_engine_publish(e, at(NOON) + round);
        g_autoptr(TkTrial) trial = tk_trial_new(now, fail, 3, restore, 2);
        assert_memory_equal(&trial->counts, &counts, sizeof counts);
    }
}

static TkDownTree *tree_of(World *w)
{
    g_autoptr(TkSnapshot) now = publish(w);
    return tk_down_tree_new(w->t, now->failed, now->alarmed);
}

static void the_tree_puts_each_facility_once_and_the_larger_first(void **state)
{
    (void)state;
    World w = world();
    fails(&w, "c1");
    fails(&w, "c2");
    g_autoptr(TkDownTree) tree = tree_of(&w);
    unsigned voice = (unsigned)tk_topology_service_find(w.t, "voice");
    assert_int_equal(tk_down_tree_size(tree), 7);
    assert_int_equal(tk_down_tree_children(tree, TK_NO_FACILITY), 2);
    TkDownNode first = tk_down_tree_child(tree, TK_NO_FACILITY, 0);
    assert_string_equal(tk_topology_id(w.t, first.facility), "c1"); /* b1 hangs on it, so s1 and s2 do */
    assert_true(first.alarmed);
    assert_int_equal(first.below, 4);
    assert_int_equal(first.users[voice], 300);
    TkDownNode b1 = tk_down_tree_child(tree, first.facility, 0);
    assert_string_equal(tk_topology_id(w.t, b1.facility), "b1");
    assert_false(b1.alarmed);
    assert_int_equal(b1.more_causes, 1);
    assert_int_equal(b1.children, 2);
    assert_string_equal(tk_topology_id(w.t, tk_down_tree_child(tree, b1.facility, 0).facility), "s2");
    TkDownNode second = tk_down_tree_child(tree, TK_NO_FACILITY, 1);
    assert_int_equal(second.below, 3);
    assert_int_equal(second.users[voice], 50);
    assert_int_equal(first.below + second.below, tk_down_tree_size(tree));
    world_end(&w);
}

static void a_facility_with_its_own_alarm_below_a_failed_one_is_no_root(void **state)
{
    (void)state;
    World w = world();
    fails(&w, "c2");
    fails(&w, "s3");
    g_autoptr(TkDownTree) tree = tree_of(&w);
    assert_int_equal(tk_down_tree_children(tree, TK_NO_FACILITY), 1);
    TkDownNode s3 = tk_down_tree_child(tree, ix(&w, "b2"), 0);
    assert_true(s3.alarmed);
    assert_int_equal(s3.children, 0);
    assert_int_equal(tk_down_tree_children(tree, ix(&w, "s1")), 0); /* it is up */
    world_end(&w);
}

static void a_network_without_failures_has_an_empty_tree(void **state)
{
    (void)state;
    World w = world();
    g_autoptr(TkDownTree) tree = tree_of(&w);
    assert_int_equal(tk_down_tree_size(tree), 0);
    assert_int_equal(tk_down_tree_children(tree, TK_NO_FACILITY), 0);
    world_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trial_adds_to_what_is_down_and_leaves_the_snapshot_as_it_was),
        cmocka_unit_test(a_trial_of_nothing_is_the_present),
        cmocka_unit_test(a_trial_counts_what_the_engine_would),
        cmocka_unit_test(the_tree_puts_each_facility_once_and_the_larger_first),
        cmocka_unit_test(a_facility_with_its_own_alarm_below_a_failed_one_is_no_root),
        cmocka_unit_test(a_network_without_failures_has_an_empty_tree),
    };
    return cmocka_run_group_tests_name("network_trial", tests, NULL, NULL);
}

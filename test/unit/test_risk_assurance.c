/* Functional assurance: the walk from the consequence down, and what it finds missing. */
#include "unit.h"

#include "risk/risk.h"

#define NODE(id_, parent_, kind_)                                                                            \
    {                                                                                                        \
        .id = id_, .parent = parent_, .kind = kind_, .hours = -1, .users = -1                                \
    }

/* "code@node" of all gaps, one a line. */
static char *gaps_of(const json_t *walk)
{
    GString *out = g_string_new(NULL);
    size_t i, k;
    json_t *node, *gap;
    json_array_foreach(json_object_get(walk, "nodes"), i, node)
    {
        json_array_foreach(json_object_get(node, "gaps"), k, gap)
        {
            g_string_append_printf(out, "%s@%s\n", json_string_value(json_object_get(gap, "code")),
                                   json_string_value(json_object_get(node, "id")));
        }
    }
    return g_string_free(out, FALSE);
}

static char *order_of(const json_t *walk)
{
    GString *out = g_string_new(NULL);
    size_t i;
    json_t *node;
    json_array_foreach(json_object_get(walk, "nodes"), i, node)
    {
        g_string_append_printf(out, "%s%d ", json_string_value(json_object_get(node, "id")),
                               (int)json_integer_value(json_object_get(node, "depth")));
    }
    return g_string_free(out, FALSE);
}

/* A chain without any gap, given in no order. */
static void whole_chain(TkAssureNode nodes[6])
{
    TkAssureNode all[6] = {
        NODE("cause", "event", TK_ASSURE_CAUSE),    NODE("work", "voice", TK_ASSURE_WORK),
        NODE("life", NULL, TK_ASSURE_OBJECTIVE),    NODE("event", "switch", TK_ASSURE_EVENT),
        NODE("switch", "work", TK_ASSURE_RESOURCE), NODE("voice", "life", TK_ASSURE_SERVICE),
    };
    all[0].covered = true;
    all[4].named = true;
    all[5].has_level = true;
    all[5].hours = 0.5;
    all[5].users = 10000;
    all[5].limits[0] = (TkAssureLimit){1, 30000};
    all[5].n_limits = 1;
    memcpy(nodes, all, sizeof all);
}

static void test_a_whole_chain_is_walked_from_the_consequence_down(void **state)
{
    (void)state;
    TkAssureNode nodes[6];
    whole_chain(nodes);
    g_autoptr(json_t) walk = tk_assure_walk(nodes, 6, NULL);
    g_autofree char *order = order_of(walk);
    assert_string_equal(order, "life0 voice1 work2 switch3 event4 cause5 ");
    assert_int_equal(json_integer_value(json_object_get(walk, "gaps")), 0);
}

static void test_each_link_that_is_taken_away_is_missed(void **state)
{
    (void)state;
    static const struct {
        size_t without; /* index in whole_chain */
        const char *gap;
    } cases[] = {{0, "no-cause@event\n"},
                 {3, "no-event@switch\n"},
                 {4, "no-resource@work\n"},
                 {1, "no-work@voice\n"},
                 {5, "no-service@life\n"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        TkAssureNode nodes[6], rest[6];
        size_t n = 0;
        whole_chain(nodes);
        for (size_t k = 0; k < 6; k++)
            if (k != cases[i].without)
                rest[n++] = nodes[k];
        g_autoptr(json_t) walk = tk_assure_walk(rest, n, NULL);
        g_autofree char *gaps = gaps_of(walk);
        if (strstr(gaps, cases[i].gap) == NULL)
            fail_msg("“%s” is not among:\n%s", cases[i].gap, gaps);
    }
}

static void test_a_service_without_tolerable_outage_and_a_resource_without_name_are_gaps(void **state)
{
    (void)state;
    TkAssureNode nodes[6];
    whole_chain(nodes);
    nodes[5].users = -1;
    nodes[5].has_level = false;
    nodes[4].named = false;
    nodes[0].covered = false;
    g_autoptr(json_t) walk = tk_assure_walk(nodes, 6, NULL);
    g_autofree char *gaps = gaps_of(walk);
    assert_string_equal(gaps, "no-level@voice\nno-tolerance@voice\nnot-named@switch\nno-risk@cause\n");
}

/* 施行規則58条2項 says “or more” of both: what reaches hours and users is a serious accident already. */
static void test_a_tolerance_that_reaches_the_laws_threshold_is_a_gap(void **state)
{
    (void)state;
    static const struct {
        double hours;
        int64_t users;
        bool beyond;
    } cases[] = {{1, 30000, true}, {0.99, 30000, false}, {1, 29999, false}, {24, 1000000, true}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        TkAssureNode nodes[6];
        whole_chain(nodes);
        nodes[5].hours = cases[i].hours;
        nodes[5].users = cases[i].users;
        g_autoptr(json_t) walk = tk_assure_walk(nodes, 6, NULL);
        g_autofree char *gaps = gaps_of(walk);
        assert_int_equal(strstr(gaps, "beyond-law@voice") != NULL, cases[i].beyond);
    }
}

static void test_a_ring_and_a_step_left_out_are_told_and_not_walked(void **state)
{
    (void)state;
    TkAssureNode nodes[] = {
        NODE("life", NULL, TK_ASSURE_OBJECTIVE),   NODE("ring-a", "ring-b", TK_ASSURE_WORK),
        NODE("ring-b", "ring-a", TK_ASSURE_WORK),  NODE("skips", "life", TK_ASSURE_WORK),
        NODE("itself", "itself", TK_ASSURE_EVENT), NODE("nowhere", "gone", TK_ASSURE_SERVICE),
    };
    g_autoptr(json_t) walk = tk_assure_walk(nodes, G_N_ELEMENTS(nodes), NULL);
    g_autofree char *gaps = gaps_of(walk);
    assert_int_equal(json_array_size(json_object_get(walk, "nodes")), G_N_ELEMENTS(nodes));
    for (size_t i = 1; i < G_N_ELEMENTS(nodes); i++) {
        g_autofree char *loose = g_strdup_printf("loose@%s\n", nodes[i].id);
        if (strstr(gaps, loose) == NULL)
            fail_msg("“%s” is not among:\n%s", loose, gaps);
    }
}

/* Every node is told exactly once, whatever hangs on what. */
static void test_every_node_is_told_once(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (int turn = 0; turn < 300; turn++) {
        TkAssureNode nodes[40];
        char ids[40][8];
        for (int i = 0; i < 40; i++) {
            g_snprintf(ids[i], sizeof ids[i], "n%d", i);
            nodes[i] =
                (TkAssureNode)NODE(ids[i], NULL, (TkAssureKind)g_rand_int_range(rand, 0, TK_ASSURE_KINDS));
            if (g_rand_boolean(rand))
                nodes[i].parent = ids[g_rand_int_range(rand, 0, i + 1)];
        }
        g_autoptr(json_t) walk = tk_assure_walk(nodes, 40, NULL);
        g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
        size_t i;
        json_t *node;
        json_array_foreach(json_object_get(walk, "nodes"), i, node)
        {
            assert_true(g_hash_table_add(told, (char *)json_string_value(json_object_get(node, "id"))));
        }
        assert_int_equal(g_hash_table_size(told), 40);
    }
}

static void test_too_many_nodes_are_refused(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autofree TkAssureNode *nodes = g_new0(TkAssureNode, TK_ASSURE_NODES_MAX + 1);
    assert_null(tk_assure_walk(nodes, TK_ASSURE_NODES_MAX + 1, &error));
    assert_error_says(error, "at most 5000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_chain_is_walked_from_the_consequence_down),
        cmocka_unit_test(test_each_link_that_is_taken_away_is_missed),
        cmocka_unit_test(test_a_service_without_tolerable_outage_and_a_resource_without_name_are_gaps),
        cmocka_unit_test(test_a_tolerance_that_reaches_the_laws_threshold_is_a_gap),
        cmocka_unit_test(test_a_ring_and_a_step_left_out_are_told_and_not_walked),
        cmocka_unit_test(test_every_node_is_told_once),
        cmocka_unit_test(test_too_many_nodes_are_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

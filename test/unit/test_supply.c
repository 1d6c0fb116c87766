/* Who stands behind what: known answers, then promises on random graphs against a recursion written apart. */
#include "unit.h"

#include "supply/supply.h"

enum { NODES = 14, RELATIONS = 3, ROUNDS = 400 };

static uint32_t dice(uint64_t *seed, uint32_t n)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*seed >> 33) % n);
}

static uint32_t node(TkSupply *supply, unsigned kind, const char *id)
{
    GError *error = NULL;
    uint32_t made = tk_supply_node(supply, kind, id, &error);
    assert_null(error);
    return made;
}

static void edge(TkSupply *supply, uint32_t from, uint32_t to, unsigned relation)
{
    GError *error = NULL;
    assert_true(tk_supply_edge(supply, from, to, relation, &error));
}

static void a_country_reaches_the_service_through_the_sub_contractor(void **state)
{
    (void)state;
    g_autoptr(TkSupply) s = tk_supply_new();
    uint32_t country = node(s, 0, "XD"), sub = node(s, 1, "sub"), first = node(s, 1, "main");
    uint32_t touch = node(s, 2, "t1"), service = node(s, 3, "voice"), other = node(s, 3, "mail");
    edge(s, country, sub, 0);
    edge(s, sub, first, 1);
    edge(s, first, touch, 2);
    edge(s, touch, service, 2);
    g_autoptr(TkSupplyReach) reach = tk_supply_reach(s, &country, 1, UINT32_MAX);
    assert_true(tk_supply_reached(reach, service));
    assert_false(tk_supply_reached(reach, other));
    g_autoptr(GArray) chain = tk_supply_chain(reach, service);
    const uint32_t way[] = {country, sub, first, touch, service};
    assert_int_equal(chain->len, 5);
    for (guint i = 0; i < chain->len; i++)
        assert_int_equal(g_array_index(chain, TkSupplyStep, i).node, way[i]);
    assert_int_equal(g_array_index(chain, TkSupplyStep, 0).relation, -1);
    assert_int_equal(g_array_index(chain, TkSupplyStep, 2).relation, 1);
    g_autoptr(TkSupplyReach) without = tk_supply_reach(s, &country, 1, ~(1u << 1));
    assert_false(tk_supply_reached(without, service));
    g_autoptr(GArray) none = tk_supply_chain(reach, other);
    assert_int_equal(none->len, 0);
}

static void the_shortest_way_is_kept(void **state)
{
    (void)state;
    g_autoptr(TkSupply) s = tk_supply_new();
    uint32_t a = node(s, 0, "a"), b = node(s, 0, "b"), c = node(s, 0, "c");
    edge(s, a, b, 0);
    edge(s, b, c, 0);
    edge(s, a, c, 1);
    g_autoptr(TkSupplyReach) reach = tk_supply_reach(s, &a, 1, UINT32_MAX);
    g_autoptr(GArray) chain = tk_supply_chain(reach, c);
    assert_int_equal(chain->len, 2);
}

static void the_same_name_and_the_same_edge_are_one(void **state)
{
    (void)state;
    g_autoptr(TkSupply) s = tk_supply_new();
    uint32_t a = node(s, 0, "a");
    assert_int_equal(node(s, 0, "a"), a);
    assert_int_not_equal(node(s, 1, "a"), a);
    assert_int_equal(tk_supply_find(s, 2, "a"), TK_SUPPLY_NONE);
    GError *error = NULL;
    assert_false(tk_supply_edge(s, a, 99, 0, &error));
    assert_error_says(error, "two nodes");
    assert_false(tk_supply_edge(s, a, a, TK_SUPPLY_RELATIONS_MAX, &error));
    assert_error_says(error, "relation below 32");
}

static void a_cycle_is_named_in_its_order_and_only_along_the_relations_asked_for(void **state)
{
    (void)state;
    g_autoptr(TkSupply) s = tk_supply_new();
    uint32_t out = node(s, 0, "out"), a = node(s, 0, "a"), b = node(s, 0, "b"), c = node(s, 0, "c");
    edge(s, out, a, 0);
    edge(s, a, b, 0);
    edge(s, b, c, 0);
    g_autoptr(GArray) none = tk_supply_cycle(s, UINT32_MAX);
    assert_int_equal(none->len, 0);
    edge(s, c, a, 1);
    g_autoptr(GArray) still = tk_supply_cycle(s, 1u << 0);
    assert_int_equal(still->len, 0);
    g_autoptr(GArray) cycle = tk_supply_cycle(s, 3);
    const uint32_t wanted[] = {a, b, c};
    assert_int_equal(cycle->len, 3);
    assert_memory_equal(cycle->data, wanted, sizeof wanted);
}

static void a_thing_that_names_itself_is_a_cycle_of_one(void **state)
{
    (void)state;
    g_autoptr(TkSupply) s = tk_supply_new();
    uint32_t a = node(s, 0, "a");
    edge(s, a, a, 0);
    g_autoptr(GArray) cycle = tk_supply_cycle(s, UINT32_MAX);
    assert_int_equal(cycle->len, 1);
}

/* ---- properties ---- */

typedef struct {
    bool edge[RELATIONS][NODES][NODES];
} Plain;

static void naive(const Plain *plain, uint32_t relations, int from, bool seen[NODES])
{
    if (seen[from])
        return;
    seen[from] = true;
    for (int r = 0; r < RELATIONS; r++)
        for (int to = 0; (relations >> r & 1) != 0 && to < NODES; to++)
            if (plain->edge[r][from][to])
                naive(plain, relations, to, seen);
}

static TkSupply *supply_of(const Plain *plain)
{
    TkSupply *s = tk_supply_new();
    char id[8];
    for (int n = 0; n < NODES; n++) {
        g_snprintf(id, sizeof id, "%d", n);
        assert_int_equal(node(s, (unsigned)n % 3, id), n);
    }
    for (int r = 0; r < RELATIONS; r++)
        for (int a = 0; a < NODES; a++)
            for (int b = 0; b < NODES; b++)
                if (plain->edge[r][a][b])
                    edge(s, (uint32_t)a, (uint32_t)b, (unsigned)r);
    return s;
}

static void throw_edges(Plain *plain, uint64_t *seed)
{
    uint32_t n = dice(seed, 3 * NODES);
    *plain = (Plain){0};
    while (n-- > 0)
        plain->edge[dice(seed, RELATIONS)][dice(seed, NODES)][dice(seed, NODES)] = true;
}

static bool has_edge(const Plain *plain, int relation, uint32_t a, uint32_t b)
{
    return relation >= 0 && plain->edge[relation][a][b];
}

static void reach_equals_a_naive_recursion_and_every_chain_is_one_of_edges(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (int round = 0; round < ROUNDS; round++) {
        Plain plain;
        throw_edges(&plain, &seed);
        g_autoptr(TkSupply) s = supply_of(&plain);
        uint32_t relations = dice(&seed, 8), from = dice(&seed, NODES);
        bool seen[NODES] = {false};
        naive(&plain, relations, (int)from, seen);
        g_autoptr(TkSupplyReach) reach = tk_supply_reach(s, &from, 1, relations);
        for (uint32_t n = 0; n < NODES; n++) {
            assert_int_equal(tk_supply_reached(reach, n), seen[n]);
            g_autoptr(GArray) chain = tk_supply_chain(reach, n);
            assert_int_equal(chain->len > 0, seen[n]);
            for (guint i = 1; i < chain->len; i++) {
                TkSupplyStep a = g_array_index(chain, TkSupplyStep, i - 1);
                TkSupplyStep b = g_array_index(chain, TkSupplyStep, i);
                assert_true(has_edge(&plain, b.relation, a.node, b.node));
                assert_true((relations >> b.relation & 1) != 0);
            }
        }
    }
}

static void removing_an_edge_never_enlarges_reach(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int round = 0; round < ROUNDS; round++) {
        Plain plain;
        throw_edges(&plain, &seed);
        g_autoptr(TkSupply) before = supply_of(&plain);
        plain.edge[dice(&seed, RELATIONS)][dice(&seed, NODES)][dice(&seed, NODES)] = false;
        g_autoptr(TkSupply) after = supply_of(&plain);
        uint32_t from[] = {dice(&seed, NODES), dice(&seed, NODES)};
        g_autoptr(TkSupplyReach) wide = tk_supply_reach(before, from, 2, UINT32_MAX);
        g_autoptr(TkSupplyReach) narrow = tk_supply_reach(after, from, 2, UINT32_MAX);
        for (uint32_t n = 0; n < NODES; n++)
            assert_true(!tk_supply_reached(narrow, n) || tk_supply_reached(wide, n));
    }
}

static void a_cycle_is_found_exactly_where_a_node_reaches_itself(void **state)
{
    (void)state;
    uint64_t seed = 6;
    int with = 0;
    for (int round = 0; round < ROUNDS; round++) {
        Plain plain;
        throw_edges(&plain, &seed);
        g_autoptr(TkSupply) s = supply_of(&plain);
        bool there = false;
        for (int n = 0; n < NODES; n++) {
            bool behind[NODES] = {false};
            for (int r = 0; r < RELATIONS; r++)
                for (int to = 0; to < NODES; to++)
                    if (plain.edge[r][n][to])
                        naive(&plain, 7, to, behind);
            there = there || behind[n];
        }
        g_autoptr(GArray) cycle = tk_supply_cycle(s, UINT32_MAX);
        assert_int_equal(cycle->len > 0, there);
        with += there;
        for (guint i = 0; i < cycle->len; i++) {
            uint32_t a = g_array_index(cycle, uint32_t, i);
            uint32_t b = g_array_index(cycle, uint32_t, (i + 1) % cycle->len);
            assert_true(has_edge(&plain, 0, a, b) || has_edge(&plain, 1, a, b) || has_edge(&plain, 2, a, b));
        }
    }
    assert_in_range(with, 50, ROUNDS - 50); /* the dice show both */
}

/* ---- concentration ---- */

static void the_index_is_10000_for_one_holder_and_2500_for_four_equal_ones(void **state)
{
    (void)state;
    const double one[] = {0, 7, 0}, four[] = {5, 5, 5, 5}, uneven[] = {50, 30, 20}, none[] = {0, -3};
    TkSupplyConcentration c = tk_supply_concentration(one, 3);
    assert_float_equal(c.hhi, 10000, 1e-9);
    assert_int_equal(c.largest, 1);
    assert_int_equal(c.holders, 1);
    assert_float_equal(tk_supply_concentration(four, 4).hhi, 2500, 1e-9);
    c = tk_supply_concentration(uneven, 3);
    assert_float_equal(c.hhi, 2500 + 900 + 400, 1e-9);
    assert_float_equal(c.share, 0.5, 1e-12);
    c = tk_supply_concentration(none, 2);
    assert_float_equal(c.hhi, 0, 0);
    assert_true(c.largest == SIZE_MAX);
}

/* ---- scores ---- */

static json_t *json(const char *text)
{
    GError *error = NULL;
    json_t *value = tk_json_read("test", text, strlen(text), 1 << 16, &error);
    if (value == NULL)
        fail_msg("%s", error->message);
    return value;
}

static const char weights_text[] =
    "{\"questions\":[{\"field\":\"gag\",\"weight\":30,\"points\":{\"none\":0,\"some\":0.5,\"all\":1},"
    "\"missing\":1},{\"field\":\"local\",\"weight\":10,\"points\":{\"no\":0,\"yes\":1,\"n/a\":null},"
    "\"missing\":1}],\"grades\":[{\"from\":0,\"id\":\"low\"},{\"from\":40,\"id\":\"high\"}]}";

static void score_is(const char *answers, double score, const char *grade, size_t missing)
{
    g_autoptr(json_t) weights = json(weights_text), given = json(answers);
    g_autoptr(json_t) out = tk_supply_score(weights, given);
    assert_float_equal(json_number_value(json_object_get(out, "score")), score, 1e-9);
    assert_string_equal(json_string_value(json_object_get(out, "grade")), grade);
    assert_int_equal(json_array_size(json_object_get(out, "missing")), missing);
}

static void a_score_is_the_weighted_mean_and_silence_counts_as_the_weights_say(void **state)
{
    (void)state;
    score_is("{\"gag\":\"none\",\"local\":\"no\"}", 0, "low", 0);
    score_is("{\"gag\":\"some\",\"local\":\"no\"}", 37.5, "low", 0);
    score_is("{\"gag\":\"some\",\"local\":\"yes\"}", 62.5, "high", 0);
    score_is("{\"gag\":\"some\",\"local\":\"n/a\"}", 50, "high", 0);
    score_is("{\"gag\":\"none\"}", 25, "low", 1);
    score_is("{}", 100, "high", 2);
    score_is("{\"gag\":\"none\",\"local\":\"what\"}", 25, "low", 1);
}

static void nothing_that_counts_gives_no_score(void **state)
{
    (void)state;
    g_autoptr(json_t) weights =
        json("{\"questions\":[{\"field\":\"a\",\"weight\":1,\"points\":{\"n/a\":null},\"missing\":0}],"
             "\"grades\":[{\"from\":0,\"id\":\"x\"}]}");
    g_autoptr(json_t) given = json("{\"a\":\"n/a\"}");
    GError *error = NULL;
    assert_true(tk_supply_weights_check("w", weights, &error));
    g_autoptr(json_t) out = tk_supply_score(weights, given);
    assert_true(json_is_null(json_object_get(out, "score")) && json_is_null(json_object_get(out, "grade")));
}

static void refuse(const char *from, const char *to, const char *says)
{
    g_autoptr(GString) text = g_string_new(weights_text);
    assert_int_equal(g_string_replace(text, from, to, 1), 1);
    g_autoptr(json_t) weights = json(text->str);
    GError *error = NULL;
    assert_false(tk_supply_weights_check("w.json", weights, &error));
    assert_true(g_str_has_prefix(error->message, "w.json: "));
    assert_error_says(error, says);
}

static void wrong_weights_are_refused_by_question_and_reason(void **state)
{
    (void)state;
    refuse("\"field\":\"gag\"", "\"field\":\"\"", "questions[0]: field");
    refuse("\"field\":\"local\"", "\"field\":\"gag\"", "“gag”: there twice");
    refuse("\"weight\":30", "\"weight\":-1", "“gag”: weight");
    refuse("\"some\":0.5", "\"some\":1.5", "“some” must be a number");
    refuse("\"missing\":1},{", "\"missing\":null},{", "“gag”: missing");
    refuse("\"from\":40", "\"from\":0", "grades[1]");
    refuse("\"questions\":[", "\"question\":[", "questions: there must be");
    refuse("\"grades\":[", "\"grade\":[", "grades: there must be");
}

/* One more answered in the better way never raises the score: of answers whose points are all known. */
static void better_answers_never_score_worse(void **state)
{
    (void)state;
    static const char *const gag[] = {"none", "some", "all"}, *const local[] = {"no", "yes"};
    g_autoptr(json_t) weights = json(weights_text);
    double before = -1;
    for (size_t l = 0; l < 2; l++)
        for (size_t g = 0; g < 3; g++) {
            g_autoptr(json_t) given = json_pack("{s:s, s:s}", "gag", gag[g], "local", local[l]);
            g_autoptr(json_t) out = tk_supply_score(weights, given);
            double score = json_number_value(json_object_get(out, "score"));
            assert_true(g == 0 || score >= before);
            before = score;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_country_reaches_the_service_through_the_sub_contractor),
        cmocka_unit_test(the_shortest_way_is_kept),
        cmocka_unit_test(the_same_name_and_the_same_edge_are_one),
        cmocka_unit_test(a_cycle_is_named_in_its_order_and_only_along_the_relations_asked_for),
        cmocka_unit_test(a_thing_that_names_itself_is_a_cycle_of_one),
        cmocka_unit_test(reach_equals_a_naive_recursion_and_every_chain_is_one_of_edges),
        cmocka_unit_test(removing_an_edge_never_enlarges_reach),
        cmocka_unit_test(a_cycle_is_found_exactly_where_a_node_reaches_itself),
        cmocka_unit_test(the_index_is_10000_for_one_holder_and_2500_for_four_equal_ones),
        cmocka_unit_test(a_score_is_the_weighted_mean_and_silence_counts_as_the_weights_say),
        cmocka_unit_test(nothing_that_counts_gives_no_score),
        cmocka_unit_test(wrong_weights_are_refused_by_question_and_reason),
        cmocka_unit_test(better_answers_never_score_worse),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

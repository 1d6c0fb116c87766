/* Reading a topology: what is taken, how it is laid out, and what is refused with which words. */
#include "unit.h"

#include "network/network.h"

static const char *const services[] = {"voice-emergency", "voice", "internet-access"};

static TkTopology *read_text(const char *text, size_t len, GError **error)
{
    g_autoptr(TkLines) lines = tk_lines_new_memory(text, len, TK_TOPOLOGY_LINE_MAX);
    return tk_topology_read(lines, "t.jsonl", services, G_N_ELEMENTS(services), error);
}

static TkTopology *must_read(const char *text)
{
    GError *error = NULL;
    TkTopology *t = read_text(text, strlen(text), &error);
    if (t == NULL)
        fail_msg("%s", error->message);
    return t;
}

static TkFacilityIx ix(const TkTopology *t, const char *id)
{
    return tk_topology_find(t, id, strlen(id));
}

static void every_field_of_a_facility_is_kept(void **state)
{
    (void)state;
    g_autoptr(TkTopology) t = must_read(
        "{\"id\":\"b\",\"kind\":\"building\",\"name\":\"新宿\\u30d3ル\",\"prefecture\":\"13\",\"lat\":35.5,"
        "\"lon\":139.25,"
        "\"needs\":[{\"of\":[\"c1\",\"c2\",\"c3\"],\"at_least\":2},{\"at_least\":1,\"of\":[\"p\"]}],"
        "\"users\":{\"voice\":5,\"voice-emergency\":7},\"unknown\":{\"a\":[1,\"\\\"\"]}}\n"
        "\n"
        "{\"id\":\"c1\",\"kind\":\"core\"}\r\n"
        "{\"id\":\"c2\",\"kind\":\"core\",\"needs\":[],\"users\":{}}\n"
        "{\"id\":\"c3\",\"kind\":\"core\",\"name\":null,\"needs\":null}\n"
        "{\"id\":\"p\",\"kind\":\"power\",\"prefecture\":\"北海道\"}");
    TkFacility f = tk_topology_facility(t, ix(t, "b"));
    assert_int_equal(tk_topology_size(t), 5);
    assert_string_equal(f.id, "b");
    assert_string_equal(f.kind, "building");
    assert_string_equal(f.name, "新宿ビル");
    assert_int_equal(f.prefecture, 13);
    assert_true(f.lat == 35.5 && f.lon == 139.25);
    assert_int_equal(f.needs, 2);
    assert_true(f.has_users);
    TkNeed need = tk_topology_need(t, ix(t, "b"), 0);
    assert_int_equal(need.at_least, 2);
    assert_int_equal(need.n, 3);
    assert_int_equal(need.members[2], ix(t, "c3"));
    assert_int_equal(tk_topology_need(t, ix(t, "b"), 1).members[0], ix(t, "p"));
    assert_int_equal(tk_topology_facility(t, ix(t, "p")).prefecture, 1);
    assert_false(tk_topology_facility(t, ix(t, "c1")).has_users);
}

static void services_keep_the_order_they_were_given_in_and_unused_ones_are_left_out(void **state)
{
    (void)state;
    g_autoptr(TkTopology) t =
        must_read("{\"id\":\"a\",\"kind\":\"k\",\"users\":{\"internet-access\":3,\"voice\":0}}\n"
                  "{\"id\":\"b\",\"kind\":\"k\",\"prefecture\":47,\"users\":{\"voice-emergency\":2}}\n");
    assert_int_equal(tk_topology_services(t), 2);
    assert_string_equal(tk_topology_service(t, 0), "voice-emergency");
    assert_string_equal(tk_topology_service(t, 1), "internet-access");
    assert_int_equal(tk_topology_service_find(t, "voice"), -1);
    assert_int_equal(tk_topology_users(t, ix(t, "a"), 1), 3);
    assert_int_equal(tk_topology_users_in(t, 47, 0), 2);
    assert_int_equal(tk_topology_users_in(t, 0, 1), 3);
}

static void needs_come_before_their_dependents(void **state)
{
    (void)state;
    g_autoptr(TkTopology) t =
        must_read("{\"id\":\"leaf\",\"kind\":\"k\",\"needs\":[{\"of\":[\"mid\"],\"at_least\":1}]}\n"
                  "{\"id\":\"mid\",\"kind\":\"k\",\"needs\":[{\"of\":[\"top\",\"other\"],\"at_least\":1}]}\n"
                  "{\"id\":\"top\",\"kind\":\"k\"}\n{\"id\":\"other\",\"kind\":\"k\"}\n");
    assert_true(ix(t, "top") < ix(t, "mid") && ix(t, "other") < ix(t, "mid") && ix(t, "mid") < ix(t, "leaf"));
}

#define F(id)     "{\"id\":\"" id "\",\"kind\":\"k\"}\n"
#define N(id, of) "{\"id\":\"" id "\",\"kind\":\"k\",\"needs\":[{\"of\":[" of "],\"at_least\":1}]}\n"
#define K(of, k)                                                                                             \
    F("a") F("b") "{\"id\":\"c\",\"kind\":\"k\",\"needs\":[{\"of\":[" of "],\"at_least\":" k "}]}\n"
#define U(users) "{\"id\":\"a\",\"kind\":\"k\",\"users\":{" users "}}\n"

static const struct {
    const char *text, *says;
} refused[] = {
    {"", "no facility"},
    {F("a") F("b") F("a"), "t.jsonl: line 3, id: “a” is defined a second time; line 1"},
    {F("a") N("b", "\"zz\""), "line 2, needs: “zz” is not the id of any facility"},
    {N("a", "\"a\""), "circle: a → a"},
    {N("a", "\"b\"") N("b", "\"c\"") N("c", "\"a\"") N("d", "\"a\""), "circle: a → b → c → a"},
    {K("\"a\",\"b\"", "0"), "line 3, needs[0].at_least: 0 is not between 1 and the number of its members, 2"},
    {K("\"a\",\"b\"", "3"), "needs[0].at_least: 3 is not"},
    {K("\"a\",\"b\"", "1.5"), "needs[0].at_least: is not a whole number"},
    {K("\"a\",\"a\"", "1"), "needs[0].of[1]: “a” is named twice"},
    {K("", "1"), "needs[0].at_least: 1 is not between 1 and the number of its members, 0"},
    {K("7", "1"), "needs[0].of: is not a text"},
    {"{\"id\":\"a\",\"kind\":\"k\",\"needs\":[{\"of\":[\"b\"]}]}", "needs[0].at_least: is missing"},
    {"{\"id\":\"a\",\"kind\":\"k\",\"needs\":[{\"of\":[\"b\"],\"at_least\":1,\"x\":1}]}",
     "needs[0]: has a field"},
    {"{\"id\":\"a\",\"kind\":\"k\",\"needs\":{}}", "line 1, needs: is not a list"},
    {U("\"voice\":-1"), "line 1, users.voice: -1 is not between 0 and"},
    {U("\"voice\":10000000000"), "users.voice: 10000000000 is not"},
    {U("\"voice\":99999999999999999999"), "users.voice: is a number too large"},
    {U("\"voice\":1,\"voice\":2"), "users.voice: is given twice"},
    {U("\"telegraph\":1"), "users.telegraph: there is no such service"},
    {U("\"voice\":\"1\""), "users.voice: is not a whole number"},
    {"{\"id\":\"a\",\"kind\":\"k\",\"id\":\"b\"}", "line 1, id: is given twice"},
    {"{\"id\":\"\",\"kind\":\"k\"}", "line 1, id: is empty"},
    {"{\"id\":\"a\"}", "line 1, kind: is missing"},
    {"{\"kind\":\"a\"}", "line 1, id: is missing"},
    {"{\"id\":7,\"kind\":\"k\"}", "line 1, id: is not a text"},
    {"{\"id\":\"a\\ud800\",\"kind\":\"k\"}", "id: has an escape that stands for no character"},
    {"{\"id\":\"a\\u0000\",\"kind\":\"k\"}", "id: has an escape"},
    {"{\"id\":\"a\",\"kind\":\"k\",\"lat\":91,\"lon\":0}", "lat: 91 is not between -90 and 90"},
    {"{\"id\":\"a\",\"kind\":\"k\",\"lat\":9}", "lon: is missing"},
    {"{\"id\":\"a\",\"kind\":\"k\"} x", "behind the end of its object"},
    {"{\"id\":\"a\",\"kind\":\"k\"", "comma or the end"},
    {"[1]", "line 1, the line is not a JSON object"},
    {"{\"id\":\"\xff\",\"kind\":\"k\"}", "line 1: is not valid UTF-8"},
};

static void an_unsound_topology_is_refused_naming_line_and_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        GError *error = NULL;
        TkTopology *t = read_text(refused[i].text, strlen(refused[i].text), &error);
        if (t != NULL)
            fail_msg("taken: %s", refused[i].text);
        assert_error_says(error, refused[i].says);
    }
}

static void texts_lines_and_nesting_have_a_ceiling(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autofree char *deep = g_strnfill(200, '[');
    g_autofree char *nested = g_strdup_printf("{\"x\":%s", deep);
    assert_null(read_text(nested, strlen(nested), &error));
    assert_error_says(error, "nested too deep");
    g_autofree char *name = g_strnfill(TK_NETWORK_TEXT_MAX + 1, 'a');
    g_autofree char *long_id = g_strdup_printf("{\"id\":\"%s\",\"kind\":\"k\"}", name);
    assert_null(read_text(long_id, strlen(long_id), &error));
    assert_error_says(error, "id: has 257 bytes; at most 256");
    g_autofree char *line = g_strnfill(TK_TOPOLOGY_LINE_MAX + 10, ' ');
    assert_null(read_text(line, TK_TOPOLOGY_LINE_MAX + 10, &error));
    assert_error_says(error, "line 1: is longer than 1048576 bytes");
}

static void a_prefecture_is_known_by_number_code_or_name(void **state)
{
    (void)state;
    assert_int_equal(tk_prefecture_number("13", 2), 13);
    assert_int_equal(tk_prefecture_number("JP-47", 5), 47);
    assert_int_equal(tk_prefecture_number("東京都", 9), 13);
    assert_int_equal(tk_prefecture_number("京都", 6), 26);
    assert_int_equal(tk_prefecture_number("osaka", 5), 27);
    assert_int_equal(tk_prefecture_number("48", 2), 0);
    assert_int_equal(tk_prefecture_number("北海", 6), 0);
    assert_null(tk_prefecture(0));
    assert_null(tk_prefecture(48));
    assert_string_equal(tk_prefecture(40)->en, "Fukuoka");
    g_autoptr(TkTopology) t =
        must_read("{\"id\":\"a\",\"kind\":\"k\",\"prefecture\":\"Atlantis\",\"users\":{\"voice\":1}}");
    assert_int_equal(tk_topology_unplaced(t), 1);
    assert_int_equal(tk_topology_users_in(t, 0, 0), 1);
}

static void a_synthetic_carrier_is_the_same_each_time_and_has_the_users_asked_for(void **state)
{
    (void)state;
    TkSyntheticParams p = tk_network_synthetic_nation();
    p.cores = 4, p.aggregations = 10, p.buildings = 94, p.stations = 300, p.cells = 1000, p.users = 1234567;
    g_autoptr(TkTopology) t = tk_network_synthetic(&p, NULL), again = tk_network_synthetic(&p, NULL);
    int64_t users = 0, in[TK_PREFECTURES + 1] = {0};
    assert_non_null(t);
    assert_int_equal(tk_topology_size(t), 4 + 10 + 94 + 300 + 1000);
    for (uint32_t f = 0; f < tk_topology_size(t); f++) {
        TkFacility facility = tk_topology_facility(t, f);
        assert_string_equal(facility.id, tk_topology_id(again, f));
        assert_int_equal(tk_topology_users(t, f, 0), tk_topology_users(again, f, 0));
        assert_true(g_str_has_prefix(facility.id, "syn-"));
        users += tk_topology_users(t, f, 0);
        in[facility.prefecture] += tk_topology_users(t, f, 0);
    }
    assert_int_equal(users, 1234567);
    assert_true(in[13] > in[31] && in[31] > 0); /* Tokyo has more than Tottori */
    assert_int_equal(in[13], tk_topology_users_in(t, 13, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_of_a_facility_is_kept),
        cmocka_unit_test(services_keep_the_order_they_were_given_in_and_unused_ones_are_left_out),
        cmocka_unit_test(needs_come_before_their_dependents),
        cmocka_unit_test(an_unsound_topology_is_refused_naming_line_and_field),
        cmocka_unit_test(texts_lines_and_nesting_have_a_ceiling),
        cmocka_unit_test(a_prefecture_is_known_by_number_code_or_name),
        cmocka_unit_test(a_synthetic_carrier_is_the_same_each_time_and_has_the_users_asked_for),
    };
    return cmocka_run_group_tests_name("network_topology", tests, NULL, NULL);
}

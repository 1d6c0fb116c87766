#include "service_unit.h"

#include "service/app.h"
#include "service/assets.h"
#include "service/demo.h"
#include "service/demo_script.h"

/* A demo whose real clock the test turns; `now_us` counts real microseconds. */
static void demo_start(Unit *unit, uint64_t seed)
{
    GError *error = NULL;
    unit->now_us = at("2026-06-10T12:00:00+09:00");
    TkServiceOptions options = {
        .demo = true, .demo_seed = seed, .clock = unit_clock, .clock_data = unit, .stepped = true};
    unit->app = tk_service_new(&options, &error);
    if (unit->app == NULL)
        fail_msg("%s", error->message);
}

static void after(Unit *unit, int seconds)
{
    unit->now_us = at("2026-06-10T12:00:00+09:00") + seconds * TK_US_PER_S;
    tk_service_step(unit->app);
}

static json_t *worst(Unit *unit)
{
    g_autoptr(json_t) board = unit_board(unit);
    return json_incref(json_array_get(json_object_get(board, "accidents"), 0));
}

static void the_outage_grows_and_turns_serious_when_it_was_predicted(void **state)
{
    (void)state;
    Unit unit = {0};
    demo_start(&unit, 1);
    assert_int_equal(tk_service_now(unit.app), at("2026-06-10T06:00:00+09:00"));
    after(&unit, 19);
    g_autoptr(json_t) calm = worst(&unit);
    assert_string_not_equal(unit_text(calm, "state"), "suspected");
    after(&unit, 21);
    g_autoptr(json_t) begun = worst(&unit);
    assert_string_equal(unit_text(begun, "started_at"), "2026-06-10T06:20:05+09:00");
    assert_string_equal(unit_text(begun, "serious_at"),
                        "2026-06-10T07:20:05+09:00"); /* an hour is a minute */
    assert_string_not_equal(unit_text(begun, "outcome"), "serious");
    int64_t users = unit_int(unit_service(begun, "internet-access"), "users");

    after(&unit, 65);
    g_autoptr(json_t) grown = worst(&unit);
    assert_true(unit_int(unit_service(grown, "internet-access"), "users") > 2 * users);
    assert_string_equal(unit_text(grown, "id"), unit_text(begun, "id")); /* one accident, not six */
    assert_int_equal(json_array_size(json_object_get(grown, "causes")), 12);
    after(&unit, 80);
    g_autoptr(json_t) soon = worst(&unit);
    assert_string_not_equal(unit_text(soon, "outcome"), "serious");
    after(&unit, 81);
    g_autoptr(json_t) serious = worst(&unit);
    assert_string_equal(unit_text(serious, "outcome"), "serious");
    assert_string_equal(unit_text(serious, "serious_at"), "2026-06-10T07:20:05+09:00");
    after(&unit, 300);
    g_autoptr(json_t) over = worst(&unit);
    assert_string_equal(unit_text(over, "id"), unit_text(begun, "id"));
    assert_string_equal(unit_text(over, "state"), "recovered");
    tk_service_free(unit.app);
}

static void it_opens_with_a_past_and_says_that_it_is_made_up(void **state)
{
    (void)state;
    Unit unit = {0};
    demo_start(&unit, 1);
    g_autoptr(json_t) board = unit_board(&unit);
    assert_true(json_is_true(json_object_get(board, "synthetic")));
    assert_string_equal(unit_text(board, "carrier"), "架空通信株式会社");
    assert_int_equal(json_array_size(json_object_get(board, "prefectures")), 47);
    assert_true(unit_int(json_object_get(board, "network"), "facilities") > 12000);
    g_autoptr(json_t) closed = unit_list(&unit, "closed");
    const char *reported = NULL;
    size_t i;
    const json_t *item;
    json_array_foreach(json_object_get(closed, "items"), i, item)
    {
        if (reported == NULL && strcmp(unit_text(item, "outcome"), "serious") == 0) /* newest first */
            reported = unit_text(item, "id");
    }
    assert_non_null(reported);
    g_autoptr(json_t) past = unit_accident(&unit, reported);
    assert_int_equal(json_array_size(json_object_get(past, "reports")), 3);
    g_auto(TkServiceFile) csv = {0};
    assert_true(tk_service_report_file(unit.app, &unit_auditor, reported, 3, "csv", &csv, NULL));
    g_autoptr(json_t) recovered = unit_list(&unit, "recovered");
    assert_true(unit_int(recovered, "total") >= 2); /* for the periodic lists */
    tk_service_free(unit.app);
}

static void it_has_years_to_count_and_cases_to_handle(void **state)
{
    (void)state;
    Unit unit = {0};
    demo_start(&unit, 1);
    g_autoptr(json_t) counted =
        unit_json(tk_service_statistics(unit.app, &unit_auditor, TK_DATE_NONE, TK_DATE_NONE, "year", NULL));
    assert_true(json_is_true(json_object_get(counted, "synthetic")));
    const json_t *rows = json_object_get(json_array_get(json_object_get(counted, "tables"), 0), "rows");
    assert_int_equal(json_array_size(rows), 5);
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row)
    {
        const json_t *values = json_object_get(row, "values");
        assert_true(json_integer_value(json_array_get(values, json_array_size(values) - 1)) > 0);
    }
    static const char *const kinds[] = {"near-miss", "leak"};
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        g_autoptr(json_t) cases =
            unit_json(tk_service_cases(unit.app, &unit_auditor, kinds[k], &(TkPage){.limit = 100}, NULL));
        assert_int_equal(unit_int(cases, "total"), 1);
        assert_string_equal(unit_text(json_array_get(json_object_get(cases, "items"), 0), "outcome"),
                            kinds[k]);
    }
    tk_service_free(unit.app);
}

/* Each record of the data is there with as many versions as it has lines. */
static void its_registers_hold_what_its_people_are_said_to_have_written(void **state)
{
    (void)state;
    Unit unit = {0};
    demo_start(&unit, 1);
    g_autoptr(GHashTable) lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) files = tk_asset_list("demo");
    for (char **path = files; *path != NULL; path++) {
        if (!g_str_has_suffix(*path, ".jsonl"))
            continue;
        g_autoptr(GBytes) bytes = tk_asset(*path);
        g_auto(GStrv) text = g_strsplit(g_bytes_get_data(bytes, NULL), "\n", -1);
        for (char **line = text; *line != NULL && **line == '{'; line++) {
            g_autoptr(json_t) one = json_loads(*line, 0, NULL);
            char *key = g_strdup_printf("%s/%s", unit_text(one, "register"), unit_text(one, "id"));
            g_hash_table_replace(lines, key,
                                 GINT_TO_POINTER(GPOINTER_TO_INT(g_hash_table_lookup(lines, key)) + 1));
        }
    }
    assert_true(g_hash_table_size(lines) > 100);
    GHashTableIter all;
    gpointer key, count;
    g_hash_table_iter_init(&all, lines);
    while (g_hash_table_iter_next(&all, &key, &count)) {
        g_auto(GStrv) name = g_strsplit(key, "/", 2);
        int64_t version = 0;
        g_autoptr(GBytes) record = tk_register_get(tk_service_registers(unit.app), &unit_chief, name[0],
                                                   name[1], TK_TIME_NONE, false, &version, NULL);
        if (record == NULL || version != GPOINTER_TO_INT(count))
            fail_msg("%s has %d versions of %d", (char *)key, (int)version, GPOINTER_TO_INT(count));
    }
    tk_service_free(unit.app);
}

static void a_demo_that_was_stopped_in_its_outage_goes_on_with_the_next_morning(void **state)
{
    (void)state;
    Unit unit = {.now_us = at("2026-06-10T12:00:00+09:00"),
                 .dir = g_dir_make_tmp("tokatsu-test-XXXXXX", NULL)};
    TkServiceOptions options = {.demo = true,
                                .demo_seed = 1,
                                .data_dir = unit.dir,
                                .clock = unit_clock,
                                .clock_data = &unit,
                                .stepped = true};
    unit.app = tk_service_new(&options, NULL);
    after(&unit, 90);
    g_autoptr(json_t) board = unit_board(&unit);
    assert_true(unit_int(json_object_get(board, "network"), "down") > 0);
    tk_service_free(unit.app);
    unit.now_us = at("2026-06-12T12:00:00+09:00"); /* opened again two days later */
    unit.app = tk_service_new(&options, NULL);
    assert_int_equal(tk_service_now(unit.app), at("2026-06-11T06:00:00+09:00"));
    g_autoptr(json_t) next = unit_board(&unit);
    json_t *first = json_array_get(json_object_get(next, "accidents"), 0);
    assert_string_equal(unit_text(first, "outcome"), "serious"); /* yesterday's, over by now */
    assert_string_equal(unit_text(first, "state"), "recovered");
    unit_stop(&unit);
}

static GArray *a_day(const TkTopology *topology, uint64_t seed)
{
    TkDemoOutage outage;
    return tk_demo_day(topology, seed, TK_DEMO_DAY_OUTAGE, at("2026-06-10T06:00:00+09:00"),
                       1200 * TK_US_PER_S, &outage);
}

static void one_seed_gives_one_day_and_another_gives_another(void **state)
{
    (void)state;
    g_autoptr(TkTopology) topology = tk_demo_topology_of(7, NULL);
    assert_non_null(topology);
    g_autoptr(GArray) first = a_day(topology, 7), again = a_day(topology, 7), other = a_day(topology, 8);
    assert_int_equal(first->len, again->len);
    bool same = first->len == other->len;
    for (unsigned i = 0; i < first->len; i++) {
        const TkDemoEvent *x = &g_array_index(first, TkDemoEvent, i),
                          *y = &g_array_index(again, TkDemoEvent, i);
        assert_true(x->at_us == y->at_us && x->object == y->object && x->clear == y->clear);
        same = same && x->object == g_array_index(other, TkDemoEvent, i).object;
    }
    assert_false(same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_outage_grows_and_turns_serious_when_it_was_predicted),
        cmocka_unit_test(it_has_years_to_count_and_cases_to_handle),
        cmocka_unit_test(it_opens_with_a_past_and_says_that_it_is_made_up),
        cmocka_unit_test(its_registers_hold_what_its_people_are_said_to_have_written),
        cmocka_unit_test(a_demo_that_was_stopped_in_its_outage_goes_on_with_the_next_morning),
        cmocka_unit_test(one_seed_gives_one_day_and_another_gives_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

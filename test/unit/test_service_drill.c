/* What if, drills, and the tree of what is down, as the service gives them. */
#include "service_unit.h"

static json_t *ask(Unit *unit, json_t *question)
{
    g_autoptr(json_t) request = question;
    GError *error = NULL;
    GBytes *bytes = tk_service_what_if(unit->app, &unit_auditor, request, &error);
    if (bytes == NULL)
        fail_msg("%s", error->message);
    return unit_json(bytes);
}

static json_t *begin(Unit *unit, json_t *question)
{
    g_autoptr(json_t) request = question;
    GError *error = NULL;
    GBytes *bytes = tk_service_drill(unit->app, &unit_noc, request, &error);
    if (bytes == NULL)
        fail_msg("%s", error->message);
    return unit_json(bytes);
}

static void what_if_says_who_is_affected_and_when_it_becomes_serious(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T10:00:00+09:00");
    g_autoptr(json_t) answer =
        ask(&unit, json_pack("{s:[s], s:s}", "fail", "b1", "started_at", "2026-05-11T12:00:00+09:00"));
    assert_true(json_is_true(json_object_get(answer, "trial")));
    assert_int_equal(unit_int(json_object_get(json_object_get(answer, "now"), "affected"), "internet-access"),
                     0);
    assert_int_equal(
        unit_int(json_object_get(json_object_get(answer, "then"), "affected"), "internet-access"), 120000);
    assert_int_equal(unit_int(unit_service(answer, "voice-emergency"), "users"), 40000);
    /* emergency calls: 1 hour and 30,000 users (施行規則58条) */
    assert_string_equal(unit_text(answer, "serious_at"), "2026-05-11T13:00:00+09:00");
    assert_string_equal(unit_text(answer, "outcome"), "serious"); /* what goes on is judged at that moment */
    assert_int_equal(unit_int(answer, "down_total"), 1);
    const json_t *cell = json_array_get(json_object_get(answer, "down"), 0);
    assert_string_equal(unit_text(cell, "id"), "c1");
    assert_string_equal(unit_text(cell, "because"), "b1");
    unit_stop(&unit);
}

static void what_if_with_a_duration_is_judged_at_its_end(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T10:00:00+09:00");
    g_autoptr(json_t) brief = ask(&unit, json_pack("{s:[s], s:i}", "fail", "b1", "duration_minutes", 59));
    assert_string_not_equal(unit_text(brief, "outcome"), "serious");
    g_autoptr(json_t) longer = ask(&unit, json_pack("{s:[s], s:i}", "fail", "b1", "duration_minutes", 60));
    assert_string_equal(unit_text(longer, "outcome"), "serious");
    assert_true(json_array_size(json_object_get(longer, "deadlines")) >
                json_array_size(json_object_get(brief, "deadlines")));
    unit_stop(&unit);
}

static void what_if_writes_nothing(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T10:00:00+09:00");
    g_autoptr(json_t) before = unit_json(tk_service_health(unit.app));
    json_decref(ask(&unit, json_pack("{s:[s,s]}", "fail", "agg1", "agg2")));
    unit_tick(&unit, "2026-05-11T10:05:00+09:00");
    g_autoptr(json_t) after = unit_json(tk_service_health(unit.app));
    assert_int_equal(unit_int(before, "ledger_size"), unit_int(after, "ledger_size"));
    g_autoptr(json_t) board = unit_board(&unit);
    assert_int_equal(json_array_size(json_object_get(board, "accidents")), 0);
    assert_int_equal(unit_int(json_object_get(board, "network"), "down"), 0);
    unit_stop(&unit);
}

static void what_if_names_what_it_cannot_use(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T10:00:00+09:00");
    static const char *const wrong[][2] = {
        {"{}", "fail: missing"},
        {"{\"fail\":[\"nowhere\"]}", "fail[0]"},
        {"{\"fail\":\"b1\"}", "a list of ids"},
        {"{\"fail\":[\"b1\"],\"duration_minutes\":-1}", "duration_minutes"},
        {"{\"fail\":[\"b1\"],\"started_at\":\"2007-01-01T00:00:00+09:00\"}", "2008-04-01"}};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        GError *error = NULL;
        g_autoptr(json_t) request = json_loads(wrong[i][0], 0, NULL);
        assert_null(tk_service_what_if(unit.app, &unit_auditor, request, &error));
        assert_error_says(error, wrong[i][1]);
    }
    unit_stop(&unit);
}

static void a_drill_runs_by_its_script_and_is_marked_everywhere(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T10:00:00+09:00");
    g_autoptr(json_t) drill = begin(&unit, json_pack("{s:[s], s:i}", "fail", "b1", "duration_minutes", 80));
    assert_string_equal(unit_text(drill, "id"), "D2026-0001");
    assert_true(json_is_true(json_object_get(drill, "drill")));
    unit_tick(&unit, "2026-05-11T11:00:01+09:00");
    g_autoptr(json_t) serious = unit_accident(&unit, "D2026-0001");
    assert_string_equal(unit_text(serious, "outcome"), "serious");
    assert_int_equal(unit_actions(serious, "classify"), 1);
    g_autoptr(json_t) board = unit_board(&unit);
    assert_true(
        json_is_true(json_object_get(json_array_get(json_object_get(board, "accidents"), 0), "drill")));
    assert_true(
        json_is_true(json_object_get(json_array_get(json_object_get(board, "deadlines"), 0), "drill")));
    unit_restart(&unit);
    unit_tick(&unit, "2026-05-11T11:30:00+09:00");
    g_autoptr(json_t) over = unit_accident(&unit, "D2026-0001");
    assert_string_equal(unit_text(over, "state"), "recovered");
    assert_int_equal(unit_int(over, "duration_s"), 80 * 60);
    assert_true(json_is_true(json_object_get(over, "drill")));
    unit_stop(&unit);
}

static void a_drill_takes_no_number_of_an_accident_and_is_never_merged_with_one(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T10:00:00+09:00");
    json_decref(begin(&unit, json_pack("{s:[s]}", "fail", "b1")));
    unit_alarm(&unit, "2026-05-11T10:01:00+09:00", "2026-05-11T10:01:00+09:00", "b2", false);
    g_autoptr(json_t) real = unit_accident(&unit, "A2026-0001");
    assert_false(json_is_true(json_object_get(real, "drill")));
    GError *error = NULL;
    assert_null(unit_act(&unit, &unit_noc, "A2026-0001",
                         json_pack("{s:s, s:s}", "action", "merge", "other", "D2026-0001"), &error));
    assert_error_says(error, "never merged");
    assert_null(unit_act(&unit, &unit_noc, "D2026-0001",
                         json_pack("{s:s, s:s}", "action", "merge", "other", "A2026-0001"), &error));
    assert_error_says(error, "never merged");
    g_autoptr(json_t) listed = unit_list(&unit, NULL);
    assert_int_equal(unit_int(listed, "total"), 1);
    g_autoptr(json_t) drills =
        unit_json(tk_service_accidents(unit.app, &unit_auditor, NULL, true, &(TkPage){.limit = 10}, NULL));
    assert_int_equal(unit_int(drills, "total"), 1);
    unit_stop(&unit);
}

static void a_drill_by_hand_never_reaches_a_periodic_list(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T18:00:00+09:00");
    static const bool drill[] = {true, false};
    static const char *const ids[] = {"D2026-0001", "A2026-0001"};
    for (size_t i = 0; i < G_N_ELEMENTS(drill); i++) {
        g_autoptr(json_t) request =
            json_pack("{s:s, s:s, s:s, s:{s:i}, s:b}", "title", "三時間の停止", "started_at",
                      "2026-05-11T10:00:00+09:00", "recovered_at", "2026-05-11T13:00:00+09:00", "services",
                      "internet-access", 20000, "drill", drill[i]);
        g_autoptr(json_t) opened = unit_json(tk_service_accident_open(unit.app, &unit_noc, request, NULL));
        assert_string_equal(unit_text(opened, "id"), ids[i]);
        assert_string_equal(unit_text(opened, "outcome"), "periodic-detailed");
    }
    g_auto(TkServiceFile) file = {0};
    assert_true(tk_service_periodic(unit.app, &unit_auditor, day("2026-04-01"), day("2027-03-31"), "detailed",
                                    "json", &file, NULL));
    gsize len;
    const char *text = g_bytes_get_data(file.bytes, &len);
    assert_non_null(g_strstr_len(text, (gssize)len, "A2026-0001"));
    assert_null(g_strstr_len(text, (gssize)len, "D2026-0001"));
    unit_stop(&unit);
}

static void a_drill_is_marked_in_the_report_that_is_made_of_it(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T10:00:00+09:00");
    json_decref(begin(&unit, json_pack("{s:[s], s:i}", "fail", "b1", "duration_minutes", 80)));
    unit_tick(&unit, "2026-05-11T11:30:00+09:00");
    g_autoptr(json_t) draft =
        unit_json(tk_service_report_draft(unit.app, &unit_auditor, "D2026-0001", "serious-initial", NULL));
    char *text = json_dumps(json_object_get(draft, "model"), JSON_COMPACT);
    assert_non_null(strstr(text, "\"drill\":true"));
    free(text);
    unit_stop(&unit);
}

static void a_drill_that_would_teach_nothing_is_refused(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T10:00:00+09:00");
    g_autoptr(json_t) nobody = json_pack("{s:[s]}", "fail", "agg1");
    g_autoptr(json_t) later =
        json_pack("{s:[s], s:s}", "fail", "b1", "started_at", "2026-05-12T10:00:00+09:00");
    GError *error = NULL;
    assert_null(tk_service_drill(unit.app, &unit_noc, nobody, &error));
    assert_error_says(error, "no user would be affected");
    assert_null(tk_service_drill(unit.app, &unit_noc, later, &error));
    assert_error_says(error, "started_at");
    assert_null(tk_service_drill(unit.app, &unit_auditor, nobody, &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    unit_stop(&unit);
}

static void what_is_down_unfolds_a_level_at_a_time(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T10:00:00+09:00");
    unit_alarm(&unit, "2026-05-11T10:00:00+09:00", "2026-05-11T10:00:00+09:00", "b2", false);
    unit_alarm(&unit, "2026-05-11T10:01:00+09:00", "2026-05-11T10:01:00+09:00", "b1", false);
    g_autoptr(json_t) roots = unit_json(tk_service_down(unit.app, &unit_auditor, NULL, 1, 0, NULL));
    assert_int_equal(unit_int(roots, "down"), 4);
    assert_int_equal(unit_int(roots, "total"), 2);
    assert_int_equal(json_array_size(json_object_get(roots, "items")), 1);
    const json_t *b1 = json_array_get(json_object_get(roots, "items"), 0);
    assert_string_equal(unit_text(b1, "id"), "b1");
    assert_int_equal(unit_int(b1, "below"), 2);
    assert_int_equal(unit_int(json_object_get(b1, "users"), "internet-access"), 120000);
    g_autoptr(json_t) under = unit_json(tk_service_down(unit.app, &unit_auditor, "b1", 50, 0, NULL));
    assert_string_equal(unit_text(json_array_get(json_object_get(under, "items"), 0), "id"), "c1");
    GError *error = NULL;
    assert_null(tk_service_down(unit.app, &unit_auditor, "nowhere", 50, 0, &error));
    assert_int_equal(error->code, TK_ERROR_NOT_FOUND);
    g_clear_error(&error);
    unit_stop(&unit);
}

static void facilities_are_found_by_name_kind_and_prefecture(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T10:00:00+09:00");
    const struct {
        TkFacilityQuery query;
        int total;
    } cases[] = {{{.search = "ビル"}, 2},       {{.search = "AGG"}, 2},
                 {{.kind = "cell"}, 3},         {{.kind = "cell", .prefecture = "14"}, 2},
                 {{.prefecture = "東京都"}, 4}, {{.search = "none of them"}, 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(json_t) found =
            unit_json(tk_service_facilities(unit.app, &unit_auditor, &cases[i].query, NULL));
        assert_int_equal(unit_int(found, "total"), cases[i].total);
        assert_int_equal(json_array_size(json_object_get(found, "items")), cases[i].total);
    }
    unit_stop(&unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_if_says_who_is_affected_and_when_it_becomes_serious),
        cmocka_unit_test(what_if_with_a_duration_is_judged_at_its_end),
        cmocka_unit_test(what_if_writes_nothing),
        cmocka_unit_test(what_if_names_what_it_cannot_use),
        cmocka_unit_test(a_drill_runs_by_its_script_and_is_marked_everywhere),
        cmocka_unit_test(a_drill_takes_no_number_of_an_accident_and_is_never_merged_with_one),
        cmocka_unit_test(a_drill_by_hand_never_reaches_a_periodic_list),
        cmocka_unit_test(a_drill_is_marked_in_the_report_that_is_made_of_it),
        cmocka_unit_test(a_drill_that_would_teach_nothing_is_refused),
        cmocka_unit_test(what_is_down_unfolds_a_level_at_a_time),
        cmocka_unit_test(facilities_are_found_by_name_kind_and_prefecture),
    };
    return cmocka_run_group_tests_name("service_drill", tests, NULL, NULL);
}

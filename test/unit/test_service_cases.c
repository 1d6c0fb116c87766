#include "service_unit.h"

static json_t *near_miss(void)
{
    return json_pack("{s:s, s:s, s:s, s:i, s:b, s:b, s:s, s:s, s:b, s:b, s:b, s:b, s:s, s:s, s:s}", "title",
                     "予備系への切替え失敗", "started_at", "2026-05-10T10:00:00+09:00", "known_at",
                     "2026-05-11T10:00:00+09:00", "carrier_users", 500000, "several_prefectures", 1,
                     "terminal_side", 0, "function", "switching", "event", "no-switchover", "planned", 0,
                     "within_design", 0, "natural_disaster", 0, "serious", 0, "place", "東京都", "summary",
                     "切替えができなかった", "measures", "手動で切り替えた");
}

static void a_near_miss_is_judged_and_its_days_count_from_knowledge(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    g_autoptr(json_t) request = near_miss();
    GError *error = NULL;
    GBytes *bytes = tk_service_case_open(unit.app, &unit_noc, "near-miss", request, &error);
    if (bytes == NULL)
        fail_msg("%s", error->message);
    g_autoptr(json_t) opened = unit_json(bytes);
    assert_string_equal(unit_text(opened, "id"), "N2026-0001");
    assert_string_equal(unit_text(opened, "outcome"), "near-miss");
    size_t i;
    const json_t *report;
    const char *due = NULL;
    json_array_foreach(json_object_get(opened, "reports"), i, report)
    {
        if (strcmp(unit_text(report, "kind"), "near-miss-detailed") == 0)
            due = unit_text(report, "due");
    }
    assert_string_equal(due, "2026-06-10");

    g_autoptr(json_t) edit = json_pack("{s:O, s:{s:b, s:b}}", "version", json_object_get(opened, "version"),
                                       "fields", "planned", 1, "important_facility_damage", 0);
    bytes = tk_service_case_edit(unit.app, &unit_noc, "N2026-0001", edit, &error);
    if (bytes == NULL)
        fail_msg("%s", error->message);
    g_autoptr(json_t) planned = unit_json(bytes);
    assert_string_equal(unit_text(planned, "outcome"), "not-reportable"); /* ヘ(1) */
    assert_null(
        tk_service_case_edit(unit.app, &unit_noc, "N2026-0001", edit, &error)); /* the version is old */
    assert_int_equal(error->code, TK_ERROR_CONFLICT);
    g_clear_error(&error);
    bytes = tk_service_cases(unit.app, &unit_auditor, "near-miss", &error);
    if (bytes == NULL)
        fail_msg("%s", error->message);
    g_autoptr(json_t) list = unit_json(bytes);
    assert_int_equal(unit_int(list, "total"), 1);
    g_auto(TkServiceFile) file = {0};
    assert_true(tk_service_case_report(unit.app, &unit_auditor, "N2026-0001", "csv", &file, NULL));
    unit_stop(&unit);
}

static void a_leak_of_a_thousand_and_one_is_reported_and_of_a_thousand_is_not(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    static const struct {
        int users;
        const char *outcome;
    } known[] = {{1000, "not-reportable"}, {1001, "leak"}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autoptr(json_t) request = json_pack(
            "{s:s, s:s, s:s, s:i, s:b, s:b}", "title", "誤送付", "started_at", "2026-05-11T09:00:00+09:00",
            "leak", "specified-user-info", "users", known[i].users, "foreign_government", 0, "designated", 1);
        g_autoptr(json_t) opened =
            unit_json(tk_service_case_open(unit.app, &unit_noc, "leak", request, NULL));
        assert_string_equal(unit_text(opened, "outcome"), known[i].outcome);
    }
    unit_stop(&unit);
}

static void wrong_fields_and_roles_are_refused_by_name(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    GError *error = NULL;
    g_autoptr(json_t) request = near_miss();
    assert_null(tk_service_case_open(unit.app, &unit_auditor, "near-miss", request, &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    assert_null(tk_service_case_open(unit.app, &unit_noc, "rumour", request, &error));
    assert_error_says(error, "kind: ");
    json_object_set_new(request, "event", json_string("magic"));
    assert_null(tk_service_case_open(unit.app, &unit_noc, "near-miss", request, &error));
    assert_error_says(error, "event: ");
    json_object_set_new(request, "colour", json_string("red"));
    assert_null(tk_service_case_open(unit.app, &unit_noc, "near-miss", request, &error));
    assert_error_says(error, "colour: ");
    assert_null(tk_service_case(unit.app, &unit_noc, "Z1", &error));
    assert_int_equal(error->code, TK_ERROR_NOT_FOUND);
    g_clear_error(&error);
    unit_stop(&unit);
}

static void questions_are_answered_with_article_and_reason(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    g_autoptr(json_t) facts = json_pack("{s:s, s:s, s:s, s:s, s:i}", "id", "q", "service", "voice-emergency",
                                        "started_at", "2021-10-14T17:00:00+09:00", "ended_at",
                                        "2021-10-14T18:00:00+09:00", "affected_users", 30000);
    g_autoptr(json_t) verdict = unit_json(tk_service_judge(unit.app, &unit_auditor, facts, NULL));
    assert_string_equal(unit_text(verdict, "outcome"), "serious");
    assert_string_equal(unit_text(verdict, "law"), "2019-04-01");
    g_autoptr(json_t) law = unit_json(tk_service_law(unit.app, &unit_auditor, day("2020-01-01"), NULL));
    assert_true(json_array_size(json_object_get(law, "entries")) > 5);
    g_autoptr(json_t) facility = unit_json(tk_service_facility(unit.app, &unit_auditor, "b1", NULL));
    assert_string_equal(unit_text(facility, "state"), "up");
    assert_int_equal(unit_int(json_object_get(facility, "under"), "internet-access"), 120000);
    GError *error = NULL;
    assert_null(tk_service_facility(unit.app, &unit_auditor, "nowhere", &error));
    assert_int_equal(error->code, TK_ERROR_NOT_FOUND);
    g_clear_error(&error);
    unit_stop(&unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_near_miss_is_judged_and_its_days_count_from_knowledge),
        cmocka_unit_test(a_leak_of_a_thousand_and_one_is_reported_and_of_a_thousand_is_not),
        cmocka_unit_test(wrong_fields_and_roles_are_refused_by_name),
        cmocka_unit_test(questions_are_answered_with_article_and_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

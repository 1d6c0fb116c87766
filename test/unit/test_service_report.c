#include "service_unit.h"

/* A serious accident of 1 h 20 min with what a first report needs. */
static void serious_accident(Unit *unit)
{
    unit_start(unit, "2026-04-28T09:00:00+09:00");
    unit_alarm(unit, "2026-04-28T10:00:00+09:00", "2026-04-28T10:00:00+09:00", "b1", false);
    unit_alarm(unit, "2026-04-28T11:20:00+09:00", "2026-04-28T11:20:00+09:00", "b1", true);
    json_decref(
        unit_must(unit, &unit_noc, "A2026-0001",
                  json_pack("{s:s, s:{s:s, s:s, s:s, s:s, s:s}}", "action", "edit", "fields", "measures",
                            "予備装置へ切り替えた", "contact", "運用部", "user_notice", "ウェブページに掲載",
                            "cause_class", "equipment", "prevention", "装置を更新する")));
}

static json_t *freeze(Unit *unit, const TkActor *actor, const char *kind, bool final, GError **error)
{
    g_autoptr(json_t) now = unit_accident(unit, "A2026-0001");
    g_autoptr(json_t) request =
        json_pack("{s:s, s:O, s:b, s:s}", "kind", kind, "version", json_object_get(now, "version"), "final",
                  final, "override", "試験");
    GBytes *bytes = tk_service_report_freeze(unit->app, actor, "A2026-0001", request, NULL, error);
    return bytes == NULL ? NULL : unit_json(bytes);
}

static void must_freeze(Unit *unit, const char *kind, bool final, const char *name)
{
    GError *error = NULL;
    g_autoptr(json_t) frozen = freeze(unit, &unit_chief, kind, final, &error);
    if (frozen == NULL)
        fail_msg("%s", error->message);
    assert_string_equal(unit_text(json_object_get(frozen, "name"), "ja"), name);
}

static const json_t *deadline_of(const json_t *accident, const char *kind)
{
    size_t i;
    const json_t *deadline;
    json_array_foreach(json_object_get(accident, "deadlines"), i, deadline)
    {
        if (strcmp(unit_text(deadline, "kind"), kind) == 0)
            return deadline;
    }
    fail_msg("no deadline of kind %s", kind);
    return NULL;
}

static void freezing_twice_gives_two_versions_and_the_difference_is_named(void **state)
{
    (void)state;
    Unit unit = {0};
    serious_accident(&unit);
    must_freeze(&unit, "serious-initial", false, "第一報");
    json_decref(
        unit_must(&unit, &unit_noc, "A2026-0001",
                  json_pack("{s:s, s:{s:s}}", "action", "edit", "fields", "cause", "電源装置の故障")));
    must_freeze(&unit, "serious-initial", false, "第二報");
    must_freeze(&unit, "serious-detailed", true, "最終報");

    g_autoptr(json_t) diff =
        unit_json(tk_service_report_diff(unit.app, &unit_auditor, "A2026-0001", 1, 2, NULL));
    size_t i;
    const json_t *change;
    bool named = false;
    json_array_foreach(json_object_get(diff, "changes"), i, change)
    {
        const json_t *to = json_object_get(change, "to");
        named = named || (strcmp(unit_text(change, "item"), "cause") == 0 &&
                          strcmp(unit_text(to, "ja"), "電源装置の故障") == 0);
    }
    assert_true(named);

    g_autoptr(json_t) accident = unit_accident(&unit, "A2026-0001");
    assert_int_equal(json_array_size(json_object_get(accident, "reports")), 3);
    assert_int_equal(unit_actions(accident, "freeze"), 3);
    assert_true(json_is_null(json_object_get(accident, "undo"))); /* what was reported stays reported */
    unit_stop(&unit);
}

static void a_frozen_file_is_served_as_it_was_kept(void **state)
{
    (void)state;
    Unit unit = {0};
    serious_accident(&unit);
    must_freeze(&unit, "serious-initial", false, "第一報");
    static const char *const formats[] = {"pdf", "xlsx", "csv", "json"};
    static const char *const begins[] = {"%PDF-", "PK", "", "{"};
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_auto(TkServiceFile) before = {0}, after = {0};
        assert_true(
            tk_service_report_file(unit.app, &unit_auditor, "A2026-0001", 1, formats[i], &before, NULL));
        assert_true(g_bytes_get_size(before.bytes) > 100);
        assert_memory_equal(g_bytes_get_data(before.bytes, NULL), begins[i], strlen(begins[i]));
        if (i == 0) {
            json_decref(
                unit_must(&unit, &unit_noc, "A2026-0001",
                          json_pack("{s:s, s:{s:s}}", "action", "edit", "fields", "cause", "後で変えた")));
            unit_restart(&unit);
        }
        assert_true(
            tk_service_report_file(unit.app, &unit_auditor, "A2026-0001", 1, formats[i], &after, NULL));
        assert_true(g_bytes_equal(before.bytes, after.bytes));
    }
    g_auto(TkServiceFile) none = {0};
    GError *error = NULL;
    assert_false(tk_service_report_file(unit.app, &unit_auditor, "A2026-0001", 2, "pdf", &none, &error));
    assert_error_says(error, "no report number 2");
    assert_false(tk_service_report_file(unit.app, &unit_auditor, "A2026-0001", 1, "docx", &none, &error));
    assert_error_says(error, "format: ");
    unit_stop(&unit);
}

static void freezing_meets_the_deadline_and_lint_errors_stop_it(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-04-28T09:00:00+09:00");
    unit_alarm(&unit, "2026-04-28T10:00:00+09:00", "2026-04-28T10:00:00+09:00", "b1", false);
    unit_tick(&unit, "2026-04-28T11:20:00+09:00");
    GError *error = NULL;
    g_autoptr(json_t) now = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(now, "outcome"), "serious");
    assert_false(json_is_true(json_object_get(deadline_of(now, "serious-initial"), "done")));
    g_autoptr(json_t) request = json_pack("{s:s, s:O, s:s}", "kind", "serious-initial", "version",
                                          json_object_get(now, "version"), "override", "急ぐ");
    GBytes *findings = NULL;
    assert_null(tk_service_report_freeze(unit.app, &unit_chief, "A2026-0001", request, &findings, &error));
    assert_int_equal(error->code, TK_ERROR_REFUSED);
    g_clear_error(&error);
    g_autoptr(json_t) lint = unit_json(findings);
    assert_true(json_array_size(json_object_get(lint, "lint")) > 0); /* measures and contact are missing */
    assert_null(tk_service_report_freeze(unit.app, &unit_auditor, "A2026-0001", request, NULL, &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    unit_stop(&unit);

    serious_accident(&unit);
    must_freeze(&unit, "serious-initial", false, "第一報");
    g_autoptr(json_t) done = unit_accident(&unit, "A2026-0001");
    assert_true(json_is_true(json_object_get(deadline_of(done, "serious-initial"), "done")));
    assert_false(json_is_true(json_object_get(deadline_of(done, "serious-detailed"), "done")));
    unit_stop(&unit);
}

static void a_report_by_telephone_meets_the_deadline_with_its_time(void **state)
{
    (void)state;
    Unit unit = {0};
    serious_accident(&unit);
    GError *error = NULL;
    assert_null(unit_act(
        &unit, &unit_noc, "A2026-0001",
        json_pack("{s:s, s:s, s:s}", "action", "reported", "kind", "near-miss-initial", "how", "電話"),
        &error));
    assert_error_says(error, "kind: ");
    assert_null(unit_act(&unit, &unit_noc, "A2026-0001",
                         json_pack("{s:s, s:s, s:s, s:s}", "action", "reported", "kind", "serious-initial",
                                   "how", "電話", "at", "2026-04-28T09:59:00+09:00"),
                         &error));
    assert_error_says(error, "at: ");
    g_autoptr(json_t) told =
        unit_must(&unit, &unit_noc, "A2026-0001",
                  json_pack("{s:s, s:s, s:s, s:s}", "action", "reported", "kind", "serious-initial", "how",
                            "電話", "at", "2026-04-28T11:10:00+09:00"));
    const json_t *deadline = deadline_of(told, "serious-initial");
    assert_true(json_is_true(json_object_get(deadline, "done")));
    assert_string_equal(unit_text(deadline, "done_at"), "2026-04-28T11:10:00+09:00");
    assert_null(unit_act(
        &unit, &unit_auditor, "A2026-0001",
        json_pack("{s:s, s:s, s:s}", "action", "reported", "kind", "serious-detailed", "how", "x"), &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    unit_stop(&unit);
}

/* Began on 2026-04-28: 30 days, the first not counted, end on 05-28 (Thursday); counting it, on 05-27. The
 * warning stands on the last working day before the 27th, half and four fifths of the time before that. */
static void the_level_of_a_deadline_follows_the_calendar(void **state)
{
    (void)state;
    static const struct {
        const char *now, *level;
    } known[] = {
        {"2026-04-28T12:00:00+09:00", "ok"},         {"2026-05-12T00:00:00+09:00", "ok"},
        {"2026-05-14T12:00:00+09:00", "half"},       {"2026-05-23T00:00:00+09:00", "soon"},
        {"2026-05-25T23:59:59+09:00", "soon"},       {"2026-05-26T00:00:00+09:00", "day-before"},
        {"2026-05-28T23:59:59+09:00", "day-before"}, {"2026-05-29T00:00:00+09:00", "late"},
    };
    Unit unit = {0};
    serious_accident(&unit);
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        unit_tick(&unit, known[i].now);
        g_autoptr(json_t) accident = unit_accident(&unit, "A2026-0001");
        const json_t *deadline = deadline_of(accident, "serious-detailed");
        assert_string_equal(unit_text(deadline, "due"), "2026-05-28");
        assert_string_equal(unit_text(deadline, "due_safe"), "2026-05-27");
        if (strcmp(unit_text(deadline, "level"), known[i].level) != 0)
            fail_msg("%s: %s, not %s", known[i].now, unit_text(deadline, "level"), known[i].level);
    }
    unit_stop(&unit);
}

/* Began on 2026-04-07: counting the first day the 30 days end on 05-06, a holiday; the working day before it
 * is 05-01, because 05-02 and 03 are a weekend and 05-03 to 06 holidays. */
static void the_working_day_before_golden_week_is_the_day_to_act(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-04-07T09:00:00+09:00");
    unit_alarm(&unit, "2026-04-07T10:00:00+09:00", "2026-04-07T10:00:00+09:00", "b1", false);
    unit_alarm(&unit, "2026-04-07T12:00:00+09:00", "2026-04-07T12:00:00+09:00", "b1", true);
    unit_tick(&unit, "2026-04-30T23:59:59+09:00");
    g_autoptr(json_t) before = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(deadline_of(before, "serious-detailed"), "level"), "half");
    unit_tick(&unit, "2026-05-01T00:00:00+09:00");
    g_autoptr(json_t) after = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(deadline_of(after, "serious-detailed"), "level"), "day-before");
    unit_stop(&unit);
}

static void the_periodic_list_takes_what_belongs_and_no_more(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T06:00:00+09:00");
    unit_alarm(&unit, "2026-05-11T07:00:00+09:00", "2026-05-11T07:00:00+09:00", "b2", false);
    unit_alarm(&unit, "2026-05-11T10:00:00+09:00", "2026-05-11T10:00:00+09:00", "b2", true);
    unit_alarm(&unit, "2026-05-11T11:00:00+09:00", "2026-05-11T11:00:00+09:00", "bs3", false);
    unit_alarm(&unit, "2026-05-11T14:00:00+09:00", "2026-05-11T14:00:00+09:00", "bs3", true);
    static const char *const forms[] = {"detailed", "simplified"};
    static const char *const ids[] = {"A2026-0001", "A2026-0002"};
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_auto(TkServiceFile) file = {0};
        GError *error = NULL;
        if (!tk_service_periodic(unit.app, &unit_auditor, day("2026-04-01"), day("2027-03-31"), forms[i],
                                 "json", &file, &error))
            fail_msg("%s", error->message);
        gsize len;
        const char *text = g_bytes_get_data(file.bytes, &len);
        assert_non_null(g_strstr_len(text, (gssize)len, ids[i]));
        assert_null(g_strstr_len(text, (gssize)len, ids[1 - i]));
    }
    g_auto(TkServiceFile) none = {0};
    GError *error = NULL;
    assert_false(tk_service_periodic(unit.app, &unit_auditor, day("2026-04-01"), day("2026-03-31"),
                                     "detailed", "json", &none, &error));
    assert_error_says(error, "to: ");
    unit_stop(&unit);
}

static json_t *freeze_list(Unit *unit, const TkActor *actor, const char *to, bool final, GError **error)
{
    g_autoptr(json_t) request = json_pack("{s:s, s:s, s:s, s:b, s:s}", "from", "2026-04-01", "to", to, "form",
                                          "detailed", "final", final, "override", "試験");
    GBytes *bytes = tk_service_periodic_freeze(unit->app, actor, request, NULL, error);
    return bytes == NULL ? NULL : unit_json(bytes);
}

static void must_freeze_list(Unit *unit, bool final, const char *name)
{
    GError *error = NULL;
    g_autoptr(json_t) frozen = freeze_list(unit, &unit_chief, "2027-03-31", final, &error);
    if (frozen == NULL)
        fail_msg("%s", error->message);
    assert_string_equal(unit_text(json_object_get(frozen, "name"), "ja"), name);
}

static json_t *versions_of_2026(Unit *unit)
{
    return unit_json(tk_service_periodic_versions(unit->app, &unit_auditor, day("2026-04-01"),
                                                  day("2027-03-31"), "detailed", NULL));
}

static void a_periodic_list_is_frozen_in_versions_and_meets_the_deadlines_of_what_it_lists(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T06:00:00+09:00");
    unit_alarm(&unit, "2026-05-11T07:00:00+09:00", "2026-05-11T07:00:00+09:00", "b2", false);
    unit_alarm(&unit, "2026-05-11T10:00:00+09:00", "2026-05-11T10:00:00+09:00", "b2", true);
    unit_alarm(&unit, "2026-05-11T11:00:00+09:00", "2026-05-11T11:00:00+09:00", "bs3", false);
    unit_alarm(&unit, "2026-05-11T14:00:00+09:00", "2026-05-11T14:00:00+09:00", "bs3", true);
    unit_tick(&unit, "2027-04-05T10:00:00+09:00");
    g_autoptr(json_t) none = versions_of_2026(&unit);
    assert_int_equal(json_array_size(json_object_get(none, "reports")), 0);
    must_freeze_list(&unit, false, "第一報");
    json_decref(
        unit_must(&unit, &unit_noc, "A2026-0001",
                  json_pack("{s:s, s:{s:s}}", "action", "edit", "fields", "cause", "電源装置の故障")));
    must_freeze_list(&unit, true, "最終報");

    g_autoptr(json_t) kept = versions_of_2026(&unit);
    assert_string_equal(unit_text(kept, "id"), "P2026-detailed");
    assert_int_equal(json_array_size(json_object_get(kept, "reports")), 2);
    g_autoptr(json_t) diff =
        unit_json(tk_service_periodic_diff(unit.app, &unit_auditor, "P2026-detailed", 1, 2, NULL));
    bool named = false;
    size_t i;
    const json_t *change;
    json_array_foreach(json_object_get(diff, "changes"), i, change)
    {
        const json_t *to = json_object_get(json_object_get(change, "to"), "ja");
        named = named || (strchr(unit_text(change, "item"), '/') != NULL && json_is_string(to) &&
                          strstr(json_string_value(to), "電源装置の故障") != NULL);
    }
    assert_true(named);
    g_autoptr(json_t) listed = unit_accident(&unit, "A2026-0001");
    assert_true(json_is_true(json_object_get(deadline_of(listed, "periodic-detailed"), "done")));
    assert_int_equal(unit_actions(listed, "reported"), 1); /* the second version changes nothing about it */
    g_autoptr(json_t) other = unit_accident(&unit, "A2026-0002");
    assert_false(json_is_true(json_object_get(deadline_of(other, "periodic-simplified"), "done")));
    g_auto(TkServiceFile) before = {0}, after = {0};
    assert_true(tk_service_periodic_file(unit.app, &unit_auditor, "P2026-detailed", 1, "pdf", &before, NULL));
    unit_restart(&unit);
    assert_true(tk_service_periodic_file(unit.app, &unit_auditor, "P2026-detailed", 1, "pdf", &after, NULL));
    assert_true(g_bytes_equal(before.bytes, after.bytes));
    unit_stop(&unit);
}

static void a_period_that_the_law_does_not_know_is_not_frozen(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2027-04-05T10:00:00+09:00");
    GError *error = NULL;
    assert_null(freeze_list(&unit, &unit_chief, "2026-05-31", false, &error));
    assert_error_says(error, "neither a fiscal year");
    assert_null(freeze_list(&unit, &unit_auditor, "2027-03-31", false, &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    g_autoptr(json_t) quarter = unit_json(tk_service_periodic_versions(
        unit.app, &unit_auditor, day("2025-01-01"), day("2025-03-31"), "simplified", NULL));
    assert_string_equal(unit_text(quarter, "id"), "P2024Q4-simplified");
    static const char *const wrong[] = {"P2026",     "P2026Q5-detailed", "P26-detailed",
                                        "P2026-all", "A2026-0001",       ""};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_auto(TkServiceFile) file = {0};
        assert_false(tk_service_periodic_file(unit.app, &unit_auditor, wrong[i], 1, "pdf", &file, &error));
        assert_error_says(error, "there is no periodic list");
    }
    unit_stop(&unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(freezing_twice_gives_two_versions_and_the_difference_is_named),
        cmocka_unit_test(a_frozen_file_is_served_as_it_was_kept),
        cmocka_unit_test(freezing_meets_the_deadline_and_lint_errors_stop_it),
        cmocka_unit_test(a_report_by_telephone_meets_the_deadline_with_its_time),
        cmocka_unit_test(the_level_of_a_deadline_follows_the_calendar),
        cmocka_unit_test(the_working_day_before_golden_week_is_the_day_to_act),
        cmocka_unit_test(the_periodic_list_takes_what_belongs_and_no_more),
        cmocka_unit_test(a_periodic_list_is_frozen_in_versions_and_meets_the_deadlines_of_what_it_lists),
        cmocka_unit_test(a_period_that_the_law_does_not_know_is_not_frozen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

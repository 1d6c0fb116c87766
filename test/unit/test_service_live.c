#include "service_unit.h"

static void an_outage_opens_grows_and_turns_serious_at_the_predicted_second(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T09:00:00+09:00");
    unit_alarm(&unit, "2026-05-11T10:00:01+09:00", "2026-05-11T10:00:00+09:00", "agg1", false);
    g_autoptr(json_t) quiet = unit_board(&unit);
    assert_int_equal(json_array_size(json_object_get(quiet, "accidents")), 0); /* one of two is enough */

    unit_alarm(&unit, "2026-05-11T10:00:31+09:00", "2026-05-11T10:00:30+09:00", "agg2", false);
    g_autoptr(json_t) board = unit_board(&unit);
    json_t *accident = json_array_get(json_object_get(board, "accidents"), 0);
    assert_string_equal(unit_text(accident, "id"), "A2026-0001");
    assert_string_equal(unit_text(accident, "state"), "suspected");
    assert_string_equal(unit_text(accident, "started_at"), "2026-05-11T10:00:30+09:00");
    assert_string_equal(unit_text(accident, "serious_at"), "2026-05-11T11:00:30+09:00");
    json_t *voice = unit_service(accident, "voice-emergency");
    assert_string_equal(unit_text(voice, "chosen"), "under_failed");
    assert_int_equal(unit_int(voice, "users"), 40000);

    unit_tick(&unit, "2026-05-11T11:00:29+09:00");
    g_autoptr(json_t) before = unit_accident(&unit, "A2026-0001");
    assert_string_not_equal(unit_text(before, "outcome"), "serious");
    unit_tick(&unit, "2026-05-11T11:00:30+09:00");
    g_autoptr(json_t) after = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(after, "outcome"), "serious");
    assert_int_equal(unit_actions(after, "classify"), 1);

    unit_alarm(&unit, "2026-05-11T12:00:00+09:00", "2026-05-11T12:00:00+09:00", "agg1", true);
    g_autoptr(json_t) ended = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(ended, "state"), "recovered");
    assert_string_equal(unit_text(ended, "recovered_at"), "2026-05-11T12:00:00+09:00");
    assert_int_equal(unit_int(ended, "duration_s"), 7170);
    assert_string_equal(unit_text(ended, "outcome"), "serious");
    unit_stop(&unit);
}

static void a_restart_gives_the_same_accidents(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T09:00:00+09:00");
    unit_alarm(&unit, "2026-05-11T10:00:00+09:00", "2026-05-11T10:00:00+09:00", "b1", false);
    unit_alarm(&unit, "2026-05-11T10:05:00+09:00", "2026-05-11T10:05:00+09:00", "b2", false);
    unit_alarm(&unit, "2026-05-11T11:30:00+09:00", "2026-05-11T11:30:00+09:00", "b2", true);
    g_autoptr(json_t) before = unit_list(&unit, NULL);
    assert_int_equal(unit_int(before, "total"), 2);
    unit_restart(&unit);
    tk_service_step(unit.app);
    g_autoptr(json_t) after = unit_list(&unit, NULL);
    g_autofree char *a = json_dumps(before, JSON_SORT_KEYS), *b = json_dumps(after, JSON_SORT_KEYS);
    assert_string_equal(a, b);
    unit_stop(&unit);
}

static void a_late_alarm_corrects_the_record_and_says_so(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T09:00:00+09:00");
    unit_alarm(&unit, "2026-05-11T10:00:00+09:00", "2026-05-11T10:00:00+09:00", "b2", false);
    unit_alarm(&unit, "2026-05-11T10:30:00+09:00", "2026-05-11T10:30:00+09:00", "b2", true);
    g_autoptr(json_t) first =
        unit_list(&unit, "closed"); /* 20,000 users for half an hour: nothing to report */
    assert_int_equal(unit_int(first, "total"), 1);

    /* the building had been down since 07:45: 2 h 45 min are reported periodically */
    unit_alarm(&unit, "2026-05-11T10:40:00+09:00", "2026-05-11T07:45:00+09:00", "b2", false);
    g_autoptr(json_t) all = unit_list(&unit, NULL);
    assert_int_equal(unit_int(all, "total"), 1);
    g_autoptr(json_t) now = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(now, "started_at"), "2026-05-11T07:45:00+09:00");
    assert_true(unit_actions(now, "correct") >= 1);
    assert_string_equal(unit_text(now, "outcome"), "periodic-detailed");
    assert_string_equal(unit_text(now, "state"), "recovered");
    unit_stop(&unit);
}

static void bad_lines_cost_only_themselves(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T09:00:00+09:00");
    static const char lines[] = "{\"at\":\"2026-05-11T08:00:00+09:00\",\"source\":\"e\",\"key\":\"1\","
                                "\"object\":\"b1\",\"severity\":\"major\","
                                "\"service_affecting\":true}\n"
                                "not json\n"
                                "{\"at\":\"2026-05-11T08:00:00\",\"source\":\"e\",\"key\":\"2\",\"object\":"
                                "\"b1\",\"severity\":\"major\","
                                "\"service_affecting\":true}\n"
                                "{\"at\":\"2026-05-11T08:00:00+09:00\",\"source\":\"e\",\"key\":\"3\","
                                "\"object\":\"nowhere\",\"severity\":"
                                "\"major\",\"service_affecting\":true}\n";
    g_autoptr(json_t) told = unit_json(tk_service_alarms(unit.app, &unit_noc, lines, strlen(lines), NULL));
    assert_int_equal(unit_int(told, "accepted"), 1);
    json_t *rejected = json_object_get(told, "rejected");
    assert_int_equal(json_array_size(rejected), 3);
    assert_int_equal(unit_int(json_array_get(rejected, 0), "line"), 2);
    assert_string_equal(unit_text(json_array_get(rejected, 1), "field"), "at");
    assert_string_equal(unit_text(json_array_get(rejected, 2), "field"), "object");
    GError *error = NULL;
    assert_null(tk_service_alarms(unit.app, &unit_auditor, lines, strlen(lines), &error));
    assert_error_says(error, "auditor");
    unit_stop(&unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outage_opens_grows_and_turns_serious_at_the_predicted_second),
        cmocka_unit_test(a_restart_gives_the_same_accidents),
        cmocka_unit_test(a_late_alarm_corrects_the_record_and_says_so),
        cmocka_unit_test(bad_lines_cost_only_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

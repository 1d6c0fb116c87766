#include "service_unit.h"

#include "service/app.h"

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

static void what_was_durable_when_the_program_died_is_there_after_the_restart(void **state)
{
    (void)state;
    static const char line[] =
        "{\"at\":\"2026-05-11T10:00:00+09:00\",\"source\":\"e\",\"key\":\"1\",\"object\":\"b1\","
        "\"severity\":\"major\",\"service_affecting\":true}\n";
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T10:00:05+09:00");
    int64_t when = at("2026-05-11T10:00:00+09:00");
    /* durable, but the program ends before the engine has seen it */
    assert_true(tk_store_append_alarms(unit.app->store, "e", unit.now_us, line, strlen(line), 1, when, when,
                                       NULL, NULL));
    g_autoptr(json_t) before = unit_list(&unit, NULL);
    assert_int_equal(unit_int(before, "total"), 0);
    unit_restart(&unit);
    g_autoptr(json_t) after = unit_list(&unit, NULL);
    assert_int_equal(unit_int(after, "total"), 1);
    unit_stop(&unit);
}

static void a_failure_that_never_was_is_withdrawn_and_says_so(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T09:00:00+09:00");
    unit_alarm(&unit, "2026-05-11T10:00:00+09:00", "2026-05-11T10:00:00+09:00", "agg1", false);
    unit_alarm(&unit, "2026-05-11T10:01:00+09:00", "2026-05-11T10:01:00+09:00", "agg2", false);
    g_autoptr(json_t) opened = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(opened, "state"), "suspected");
    /* late: the first was up again before the second failed */
    unit_alarm(&unit, "2026-05-11T10:05:00+09:00", "2026-05-11T10:00:30+09:00", "agg1", true);
    g_autoptr(json_t) accident = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(accident, "state"), "closed");
    assert_int_equal(unit_actions(accident, "correct"), 1);
    assert_int_equal(unit_int(unit_service(accident, "internet-access"), "users"), 0);
    g_autoptr(json_t) board = unit_board(&unit);
    assert_int_equal(json_array_size(json_object_get(board, "accidents")), 0);
    unit_stop(&unit);
}

static void a_carrier_without_a_topology_can_still_work_by_hand(void **state)
{
    (void)state;
    Unit unit = {.now_us = at("2026-05-11T12:00:00+09:00")};
    GError *error = NULL;
    TkServiceOptions options = {.clock = unit_clock, .clock_data = &unit, .stepped = true};
    unit.app = tk_service_new(&options, &error);
    if (unit.app == NULL)
        fail_msg("%s", error->message);
    g_autoptr(json_t) request = json_pack("{s:s, s:s, s:{s:i}}", "title", "故障", "started_at",
                                          "2026-05-11T10:00:00+09:00", "services", "internet-access", 30000);
    g_autoptr(json_t) opened = unit_json(tk_service_accident_open(unit.app, &unit_noc, request, &error));
    assert_string_equal(unit_text(opened, "outcome"), "serious");
    tk_service_step(unit.app);
    g_autoptr(json_t) board = unit_board(&unit);
    assert_int_equal(json_array_size(json_object_get(board, "accidents")), 1);
    tk_service_free(unit.app);
}

typedef struct {
    TkApp *app;
    int number;
    int accepted;
} Sender;

static void *send_many(void *data)
{
    Sender *sender = data;
    for (int i = 0; i < 50; i++) {
        g_autofree char *line = g_strdup_printf(
            "{\"at\":\"2026-05-11T10:%02d:00+09:00\",\"source\":\"s%d\",\"key\":\"k\",\"object\":\"bs3\","
            "\"severity\":\"%s\",\"service_affecting\":true}\n",
            i, sender->number, i % 2 == 0 ? "major" : "cleared");
        GBytes *answer = tk_service_alarms(sender->app, &unit_noc, line, strlen(line), NULL);
        if (answer == NULL)
            continue;
        sender->accepted++;
        g_bytes_unref(answer);
    }
    return NULL;
}

static void many_callers_at_once_lose_nothing(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T11:00:00+09:00");
    tk_service_free(unit.app);
    g_autofree char *path = g_build_filename(unit.dir, "topology.jsonl", NULL);
    TkServiceOptions options = {
        .data_dir = unit.dir, .topology_path = path, .clock = unit_clock, .clock_data = &unit};
    unit.app = tk_service_new(&options, NULL); /* with its live thread */
    assert_non_null(unit.app);
    Sender senders[4];
    GThread *threads[4];
    for (int i = 0; i < 4; i++) {
        senders[i] = (Sender){unit.app, i, 0};
        threads[i] = g_thread_new("sender", send_many, &senders[i]);
    }
    for (int i = 0; i < 4; i++) {
        g_thread_join(threads[i]);
        assert_int_equal(senders[i].accepted, 50);
    }
    unit_restart(&unit);
    g_autoptr(json_t) board = unit_board(&unit); /* the last of each was a clear */
    assert_int_equal(unit_int(json_object_get(board, "network"), "down"), 0);
    assert_int_equal(unit_int(json_object_get(board, "network"), "alarms"), 0);
    unit_stop(&unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outage_opens_grows_and_turns_serious_at_the_predicted_second),
        cmocka_unit_test(a_restart_gives_the_same_accidents),
        cmocka_unit_test(a_late_alarm_corrects_the_record_and_says_so),
        cmocka_unit_test(bad_lines_cost_only_themselves),
        cmocka_unit_test(what_was_durable_when_the_program_died_is_there_after_the_restart),
        cmocka_unit_test(a_failure_that_never_was_is_withdrawn_and_says_so),
        cmocka_unit_test(a_carrier_without_a_topology_can_still_work_by_hand),
        cmocka_unit_test(many_callers_at_once_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "service_unit.h"

static json_t *action(const char *name)
{
    return json_pack("{s:s}", "action", name);
}

/* Both buildings down since 10:00 as two accidents; returns with both running. */
static void two_accidents(Unit *unit)
{
    unit_start(unit, "2026-05-11T09:00:00+09:00");
    unit_alarm(unit, "2026-05-11T10:00:00+09:00", "2026-05-11T10:00:00+09:00", "b1", false);
    unit_alarm(unit, "2026-05-11T10:01:00+09:00", "2026-05-11T10:01:00+09:00", "b2", false);
}

static void an_accident_goes_from_suspected_to_closed_and_back(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T09:00:00+09:00");
    unit_alarm(&unit, "2026-05-11T10:00:00+09:00", "2026-05-11T10:00:00+09:00", "b1", false);
    const char *id = "A2026-0001";
    g_autoptr(json_t) confirmed = unit_must(&unit, &unit_noc, id, action("confirm"));
    assert_string_equal(unit_text(confirmed, "state"), "confirmed");
    GError *error = NULL;
    assert_null(unit_act(&unit, &unit_noc, id, action("confirm"), &error));
    assert_int_equal(error->code, TK_ERROR_CONFLICT);
    assert_error_says(error, "is confirmed");
    assert_null(unit_act(&unit, &unit_chief, id, action("close"), &error));
    assert_error_says(error, "only with a reason");
    unit.now_us = at("2026-05-11T11:30:00+09:00");
    g_autoptr(json_t) recovered =
        unit_must(&unit, &unit_noc, id,
                  json_pack("{s:s, s:s}", "action", "recover", "at", "2026-05-11T11:10:00+09:00"));
    assert_string_equal(unit_text(recovered, "state"), "recovered");
    assert_int_equal(unit_int(recovered, "duration_s"), 4200);
    assert_null(unit_act(&unit, &unit_noc, id, action("close"), &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    g_autoptr(json_t) closed = unit_must(&unit, &unit_chief, id, action("close"));
    assert_string_equal(unit_text(closed, "state"), "closed");
    g_autoptr(json_t) reopened = unit_must(&unit, &unit_chief, id, action("reopen"));
    assert_string_equal(unit_text(reopened, "state"), "recovered");
    assert_null(unit_act(&unit, &unit_auditor, id, action("close"), &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    unit_stop(&unit);
}

static void a_recovery_outside_the_accident_is_refused(void **state)
{
    (void)state;
    Unit unit = {0};
    two_accidents(&unit);
    GError *error = NULL;
    const char *wrong[] = {"2026-05-11T09:59:59+09:00", "2026-05-11T10:30:00+09:00"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        assert_null(unit_act(&unit, &unit_noc, "A2026-0001",
                             json_pack("{s:s, s:s}", "action", "recover", "at", wrong[i]), &error));
        assert_error_says(error, "at: ");
    }
    unit_stop(&unit);
}

static void a_stale_version_is_refused(void **state)
{
    (void)state;
    Unit unit = {0};
    two_accidents(&unit);
    g_autoptr(json_t) stale = json_pack("{s:s, s:i}", "action", "confirm", "version", 77);
    GError *error = NULL;
    assert_null(tk_service_accident_act(unit.app, &unit_noc, "A2026-0001", stale, &error));
    assert_int_equal(error->code, TK_ERROR_STALE);
    assert_error_says(error, "version");
    unit_stop(&unit);
}

static void the_history_names_what_was_edited_in_the_pages_words(void **state)
{
    (void)state;
    Unit unit = {0};
    two_accidents(&unit);
    g_autoptr(json_t) edited = unit_must(&unit, &unit_noc, "A2026-0001",
                                         json_pack("{s:s, s:{s:s, s:s}}", "action", "edit", "fields", "title",
                                                   "停止", "user_notice", "掲載した"));
    const json_t *history = json_object_get(edited, "history");
    const json_t *text = json_object_get(json_array_get(history, json_array_size(history) - 1), "text");
    assert_string_equal(unit_text(text, "ja"), "編集: 件名、利用者への周知");
    unit_stop(&unit);
}

static json_t *attach(Unit *unit, const TkActor *actor, const char *name, const char *text, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    GBytes *answer = tk_service_evidence_add(unit->app, actor, "A2026-0001", name, bytes, error);
    return answer == NULL ? NULL : unit_json(answer);
}

static void evidence_stays_whatever_is_undone(void **state)
{
    (void)state;
    Unit unit = {0};
    two_accidents(&unit);
    json_decref(unit_must(&unit, &unit_noc, "A2026-0001", action("confirm")));
    GError *error = NULL;
    g_autoptr(json_t) with = attach(&unit, &unit_noc, "電源室.jpg", "not a picture", &error);
    assert_non_null(with);
    const json_t *file = json_array_get(json_object_get(with, "files"), 0);
    assert_string_equal(unit_text(file, "name"), "電源室.jpg");
    assert_int_equal(unit_int(file, "size"), 13);
    g_autoptr(json_t) back = unit_must(&unit, &unit_noc, "A2026-0001", action("undo"));
    assert_string_equal(unit_text(back, "state"), "suspected");
    assert_int_equal(json_array_size(json_object_get(back, "files")), 1);
    unit_restart(&unit);
    g_auto(TkServiceFile) got = {0}, other = {0};
    assert_true(
        tk_service_evidence(unit.app, &unit_auditor, "A2026-0001", unit_text(file, "sha256"), &got, NULL));
    assert_memory_equal(g_bytes_get_data(got.bytes, NULL), "not a picture", 13);
    assert_false(tk_service_evidence(unit.app, &unit_auditor, "A2026-0002", unit_text(file, "sha256"), &other,
                                     &error));
    assert_int_equal(error->code, TK_ERROR_NOT_FOUND);
    g_clear_error(&error);
    unit_stop(&unit);
}

static void evidence_is_refused_without_name_bytes_or_right(void **state)
{
    (void)state;
    Unit unit = {0};
    two_accidents(&unit);
    GError *error = NULL;
    json_decref(attach(&unit, &unit_noc, "log.txt", "x", NULL));
    const struct {
        const TkActor *actor;
        const char *name, *text, *says;
    } wrong[] = {{&unit_noc, NULL, "y", "name: "},
                 {&unit_noc, "../log.txt", "y", "without folders"},
                 {&unit_noc, "a\nb", "y", "control characters"},
                 {&unit_noc, "empty.txt", "", "the body is empty"},
                 {&unit_noc, "again.txt", "x", "these very bytes"},
                 {&unit_auditor, "log.txt", "y", "may not"}};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        assert_null(attach(&unit, wrong[i].actor, wrong[i].name, wrong[i].text, &error));
        assert_error_says(error, wrong[i].says);
    }
    unit_stop(&unit);
}

static void merging_adds_the_users_and_undo_brings_both_back(void **state)
{
    (void)state;
    Unit unit = {0};
    two_accidents(&unit);
    g_autoptr(json_t) merged = unit_must(&unit, &unit_noc, "A2026-0001",
                                         json_pack("{s:s, s:s}", "action", "merge", "other", "A2026-0002"));
    assert_int_equal(unit_int(unit_service(merged, "internet-access"), "users"), 140000);
    assert_int_equal(json_array_size(json_object_get(merged, "causes")), 2);
    g_autoptr(json_t) other = unit_accident(&unit, "A2026-0002");
    assert_string_equal(unit_text(other, "state"), "closed");
    assert_string_equal(unit_text(other, "merged_into"), "A2026-0001");
    assert_int_equal(unit_actions(other, "merge"), 1);

    unit_restart(&unit); /* the merge outlives a stop, and the network does not open the second again */
    tk_service_step(unit.app);
    g_autoptr(json_t) list = unit_list(&unit, NULL);
    assert_int_equal(unit_int(list, "total"), 2);
    g_autoptr(json_t) still = unit_accident(&unit, "A2026-0001");
    assert_int_equal(unit_int(unit_service(still, "internet-access"), "users"), 140000);

    g_autoptr(json_t) undone = unit_must(&unit, &unit_noc, "A2026-0001", action("undo"));
    assert_int_equal(unit_int(unit_service(undone, "internet-access"), "users"), 120000);
    assert_int_equal(unit_actions(undone, "merge"), 1); /* the history keeps both the act and its undoing */
    assert_int_equal(unit_actions(undone, "undo"), 1);
    g_autoptr(json_t) back = unit_accident(&unit, "A2026-0002");
    assert_string_equal(unit_text(back, "state"), "suspected");
    assert_int_equal(unit_int(unit_service(back, "internet-access"), "users"), 20000);
    unit_stop(&unit);
}

static void a_merged_accident_recovers_when_its_last_part_does(void **state)
{
    (void)state;
    Unit unit = {0};
    two_accidents(&unit);
    json_decref(unit_must(&unit, &unit_noc, "A2026-0001",
                          json_pack("{s:s, s:s}", "action", "merge", "other", "A2026-0002")));
    unit_alarm(&unit, "2026-05-11T11:20:00+09:00", "2026-05-11T11:20:00+09:00", "b1", true);
    g_autoptr(json_t) half = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(half, "state"), "suspected");
    unit_alarm(&unit, "2026-05-11T12:20:00+09:00", "2026-05-11T12:20:00+09:00", "b2", true);
    g_autoptr(json_t) whole = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(whole, "state"), "recovered");
    assert_string_equal(unit_text(whole, "recovered_at"), "2026-05-11T12:20:00+09:00");
    assert_int_equal(unit_int(unit_service(whole, "internet-access"), "users"), 140000);
    unit_stop(&unit);
}

static void a_split_moves_the_users_under_the_cause(void **state)
{
    (void)state;
    Unit unit = {0};
    two_accidents(&unit);
    json_decref(unit_must(&unit, &unit_noc, "A2026-0001",
                          json_pack("{s:s, s:s}", "action", "merge", "other", "A2026-0002")));
    g_autoptr(json_t) first = unit_must(&unit, &unit_noc, "A2026-0001",
                                        json_pack("{s:s, s:[s]}", "action", "split", "causes", "b2"));
    assert_int_equal(unit_int(unit_service(first, "internet-access"), "users"), 120000);
    g_autoptr(json_t) second = unit_accident(&unit, "A2026-0003");
    assert_string_equal(unit_text(second, "split_from"), "A2026-0001");
    assert_int_equal(unit_int(unit_service(second, "internet-access"), "users"), 20000);
    unit_restart(&unit); /* nothing is opened twice */
    g_autoptr(json_t) list = unit_list(&unit, NULL);
    assert_int_equal(unit_int(list, "total"), 3);
    GError *error = NULL;
    assert_null(unit_act(&unit, &unit_noc, "A2026-0001",
                         json_pack("{s:s, s:[s]}", "action", "split", "causes", "nowhere"), &error));
    assert_error_says(error, "causes: ");
    g_autoptr(json_t) undone = unit_must(&unit, &unit_noc, "A2026-0001", action("undo"));
    assert_int_equal(unit_int(unit_service(undone, "internet-access"), "users"), 140000);
    g_autoptr(json_t) gone = unit_accident(&unit, "A2026-0003");
    assert_string_equal(unit_text(gone, "state"), "closed");
    unit_stop(&unit);
}

static void what_was_split_recovers_by_itself(void **state)
{
    (void)state;
    Unit unit = {0};
    two_accidents(&unit);
    json_decref(unit_must(&unit, &unit_noc, "A2026-0001",
                          json_pack("{s:s, s:s}", "action", "merge", "other", "A2026-0002")));
    json_decref(unit_must(&unit, &unit_noc, "A2026-0001",
                          json_pack("{s:s, s:[s]}", "action", "split", "causes", "b2")));
    unit_alarm(&unit, "2026-05-11T12:20:00+09:00", "2026-05-11T12:20:00+09:00", "b2", true);
    g_autoptr(json_t) second = unit_accident(&unit, "A2026-0003");
    assert_string_equal(unit_text(second, "state"), "recovered");
    assert_int_equal(unit_int(unit_service(second, "internet-access"), "users"), 20000);
    g_autoptr(json_t) first = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(first, "state"), "suspected");
    unit_stop(&unit);
}

static void two_causes_of_one_outage_are_divided_by_the_topology(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T09:00:00+09:00");
    unit_alarm(&unit, "2026-05-11T10:00:00+09:00", "2026-05-11T10:00:00+09:00", "agg1", false);
    unit_alarm(&unit, "2026-05-11T10:01:00+09:00", "2026-05-11T10:01:00+09:00", "agg2", false);
    json_decref(unit_must(&unit, &unit_noc, "A2026-0001",
                          json_pack("{s:s, s:[s]}", "action", "split", "causes", "agg2")));
    g_autoptr(json_t) second = unit_accident(&unit, "A2026-0002");
    assert_int_equal(unit_int(unit_service(second, "internet-access"), "users"),
                     120000); /* all hangs on both */
    g_autoptr(json_t) first = unit_accident(&unit, "A2026-0001");
    assert_int_equal(unit_int(unit_service(first, "internet-access"), "users"), 0);
    unit_stop(&unit);
}

static void an_estimate_has_an_author_and_counts_only_when_chosen(void **state)
{
    (void)state;
    Unit unit = {0};
    two_accidents(&unit);
    unit.now_us = at("2026-05-11T12:30:00+09:00");
    g_autoptr(json_t) before = unit_accident(&unit, "A2026-0001");
    assert_string_equal(unit_text(before, "outcome"), "serious");
    GError *error = NULL;
    const char *id = "A2026-0001";
    assert_null(unit_act(
        &unit, &unit_noc, id,
        json_pack("{s:s, s:s, s:s}", "action", "choose", "service", "internet-access", "count", "estimate"),
        &error));
    assert_error_says(error, "no estimate yet");
    assert_null(unit_act(
        &unit, &unit_noc, id,
        json_pack("{s:s, s:s, s:i}", "action", "estimate", "service", "internet-access", "users", 9000),
        &error));
    assert_error_says(error, "method: ");
    g_autoptr(json_t) entered =
        unit_must(&unit, &unit_noc, id,
                  json_pack("{s:s, s:s, s:i, s:s}", "action", "estimate", "service", "internet-access",
                            "users", 9000, "method", "位置登録数"));
    json_t *service = unit_service(entered, "internet-access");
    json_t *estimate = json_object_get(json_object_get(service, "counts"), "estimate");
    assert_string_equal(unit_text(estimate, "author"), "noc-1");
    assert_string_equal(unit_text(service, "outcome"), "serious"); /* not chosen yet */
    g_autoptr(json_t) chosen = unit_must(
        &unit, &unit_noc, id,
        json_pack("{s:s, s:s, s:s}", "action", "choose", "service", "internet-access", "count", "estimate"));
    service = unit_service(chosen, "internet-access");
    assert_int_equal(unit_int(service, "users"), 9000);
    assert_string_equal(unit_text(service, "outcome"), "periodic-detailed"); /* 2 hours passed */
    unit_stop(&unit);
}

static void one_opened_by_hand_is_judged_and_edited(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T15:00:00+09:00");
    g_autoptr(json_t) request = json_pack("{s:s, s:s, s:s, s:{s:i}}", "title", "交換機の故障", "started_at",
                                          "2026-05-11T10:00:00+09:00", "recovered_at",
                                          "2026-05-11T11:00:00+09:00", "services", "voice-emergency", 30000);
    GError *error = NULL;
    assert_null(tk_service_accident_open(unit.app, &unit_auditor, request, &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    g_autoptr(json_t) opened = unit_json(tk_service_accident_open(unit.app, &unit_noc, request, NULL));
    assert_string_equal(unit_text(opened, "outcome"), "serious"); /* an hour and 30,000, both exactly */
    assert_string_equal(unit_text(opened, "state"), "recovered");
    g_autoptr(json_t) edited = unit_must(&unit, &unit_noc, unit_text(opened, "id"),
                                         json_pack("{s:s, s:{s:s, s:s}}", "action", "edit", "fields", "fault",
                                                   "other-equipment", "cause", "空調"));
    assert_string_equal(unit_text(edited, "outcome"), "periodic-detailed"); /* never serious */
    assert_string_equal(unit_text(edited, "cause"), "空調");
    assert_null(unit_act(&unit, &unit_noc, unit_text(opened, "id"),
                         json_pack("{s:s, s:{s:s}}", "action", "edit", "fields", "fault", "act of god"),
                         &error));
    assert_error_says(error, "fault: ");
    g_autoptr(json_t) wrong = json_pack("{s:s, s:s, s:{s:i}}", "title", "x", "started_at",
                                        "2026-05-11T10:00:00+09:00", "services", "fax", 1);
    assert_null(tk_service_accident_open(unit.app, &unit_noc, wrong, &error));
    assert_error_says(error, "services.fax");
    json_object_set_new(wrong, "started_at", json_string("2026-05-12T10:00:00+09:00"));
    json_object_set_new(wrong, "services", json_pack("{s:i}", "other", 1));
    assert_null(tk_service_accident_open(unit.app, &unit_noc, wrong, &error));
    assert_error_says(error, "started_at: ");
    unit_stop(&unit);
}

static void every_change_is_a_leaf_of_the_ledger(void **state)
{
    (void)state;
    Unit unit = {0};
    two_accidents(&unit);
    g_autoptr(json_t) before = unit_json(tk_service_health(unit.app));
    json_decref(unit_must(&unit, &unit_noc, "A2026-0001", action("confirm")));
    g_autoptr(json_t) after = unit_json(tk_service_health(unit.app));
    assert_int_equal(unit_int(after, "ledger_size") - unit_int(before, "ledger_size"), 1);
    unit_stop(&unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_accident_goes_from_suspected_to_closed_and_back),
        cmocka_unit_test(a_recovery_outside_the_accident_is_refused),
        cmocka_unit_test(the_history_names_what_was_edited_in_the_pages_words),
        cmocka_unit_test(evidence_stays_whatever_is_undone),
        cmocka_unit_test(evidence_is_refused_without_name_bytes_or_right),
        cmocka_unit_test(a_stale_version_is_refused),
        cmocka_unit_test(merging_adds_the_users_and_undo_brings_both_back),
        cmocka_unit_test(a_merged_accident_recovers_when_its_last_part_does),
        cmocka_unit_test(a_split_moves_the_users_under_the_cause),
        cmocka_unit_test(what_was_split_recovers_by_itself),
        cmocka_unit_test(two_causes_of_one_outage_are_divided_by_the_topology),
        cmocka_unit_test(an_estimate_has_an_author_and_counts_only_when_chosen),
        cmocka_unit_test(one_opened_by_hand_is_judged_and_edited),
        cmocka_unit_test(every_change_is_a_leaf_of_the_ledger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

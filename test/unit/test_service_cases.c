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
    json_array_foreach(json_object_get(opened, "deadlines"), i, report)
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
    assert_int_equal(error->code, TK_ERROR_STALE);
    g_clear_error(&error);
    bytes = tk_service_cases(unit.app, &unit_auditor, "near-miss", &(TkPage){.limit = 100}, &error);
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

/* ---- reports of a case ---- */

static json_t *known_leak(Unit *unit)
{
    g_autoptr(json_t) request =
        json_pack("{s:s, s:s, s:s, s:s, s:i, s:b, s:b, s:s, s:s, s:s, s:s}", "title", "誤送付", "started_at",
                  "2026-05-08T09:00:00+09:00", "known_at", "2026-05-11T09:00:00+09:00", "leak",
                  "specified-user-info", "users", 1001, "foreign_government", 0, "designated", 1, "place",
                  "東京都新宿区の事務所", "summary", "請求書を別の利用者へ誤って送付した", "measures",
                  "送付先へ連絡し、すべて回収した", "contact", "法務部");
    GError *error = NULL;
    GBytes *bytes = tk_service_case_open(unit->app, &unit_noc, "leak", request, &error);
    if (bytes == NULL)
        fail_msg("%s", error->message);
    return unit_json(bytes);
}

static json_t *case_now(Unit *unit, const char *id)
{
    return unit_json(tk_service_case(unit->app, &unit_auditor, id, NULL));
}

static json_t *freeze_case(Unit *unit, const char *id, const char *kind, bool final, GError **error)
{
    g_autoptr(json_t) now = case_now(unit, id);
    g_autoptr(json_t) request =
        json_pack("{s:s, s:O, s:b, s:s}", "kind", kind, "version", json_object_get(now, "version"), "final",
                  final, "override", "試験");
    GBytes *bytes = tk_service_case_report_freeze(unit->app, &unit_chief, id, request, NULL, error);
    return bytes == NULL ? NULL : unit_json(bytes);
}

static void must_freeze_case(Unit *unit, const char *id, const char *kind, bool final, const char *name)
{
    GError *error = NULL;
    g_autoptr(json_t) frozen = freeze_case(unit, id, kind, final, &error);
    if (frozen == NULL)
        fail_msg("%s", error->message);
    assert_string_equal(unit_text(json_object_get(frozen, "name"), "ja"), name);
}

static void edit_case(Unit *unit, const char *id, json_t *fields)
{
    g_autoptr(json_t) now = case_now(unit, id);
    g_autoptr(json_t) request =
        json_pack("{s:O, s:o}", "version", json_object_get(now, "version"), "fields", fields);
    GError *error = NULL;
    GBytes *bytes = tk_service_case_edit(unit->app, &unit_noc, id, request, &error);
    if (bytes == NULL)
        fail_msg("%s", error->message);
    g_bytes_unref(bytes);
}

/* Of the list's deadlines for this record, the one of this kind; NULL where there is none. */
static const json_t *deadline_in(const json_t *holder, const char *id, const char *kind)
{
    size_t i;
    const json_t *deadline;
    json_array_foreach(json_object_get(holder, "deadlines"), i, deadline)
    {
        if (g_strcmp0(unit_text(deadline, "case"), id) == 0 && strcmp(unit_text(deadline, "kind"), kind) == 0)
            return deadline;
    }
    return NULL;
}

static void a_leaks_thirty_days_count_from_knowledge_and_stand_on_the_board(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    g_autoptr(json_t) opened = known_leak(&unit);
    const json_t *detailed = deadline_in(opened, "L2026-0001", "leak-specified-detailed");
    assert_non_null(detailed);
    assert_string_equal(unit_text(detailed, "due"), "2026-06-10"); /* known on 05-11, that day not counted */
    assert_string_equal(unit_text(detailed, "due_safe"), "2026-06-09"); /* counted */
    assert_string_equal(unit_text(detailed, "clock"), "knowledge");
    assert_string_equal(unit_text(detailed, "level"), "ok");
    assert_false(json_is_true(json_object_get(detailed, "done")));

    unit_tick(&unit, "2026-06-08T12:00:00+09:00"); /* the working day before the safer day */
    g_autoptr(json_t) board = unit_board(&unit);
    const json_t *shown = deadline_in(board, "L2026-0001", "leak-specified-detailed");
    assert_non_null(shown);
    assert_true(json_is_null(json_object_get(shown, "accident")));
    assert_string_equal(unit_text(shown, "level"), "day-before");

    unit_restart(&unit);
    unit_tick(&unit, "2026-06-11T00:00:00+09:00");
    g_autoptr(json_t) late = unit_board(&unit);
    shown = deadline_in(late, "L2026-0001", "leak-specified-detailed");
    assert_non_null(shown);
    assert_string_equal(unit_text(shown, "level"), "late");
    unit_stop(&unit);
}

static void a_leaks_reports_are_numbered_versions_and_the_difference_is_named(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    json_decref(known_leak(&unit));
    must_freeze_case(&unit, "L2026-0001", "leak-specified-initial", false, "第一報");
    edit_case(&unit, "L2026-0001",
              json_pack("{s:s, s:s, s:i}", "content", "氏名と住所", "cause", "封入する装置の設定を誤った",
                        "users", 1200));
    must_freeze_case(&unit, "L2026-0001", "leak-specified-initial", false, "第二報");

    g_autoptr(json_t) diff =
        unit_json(tk_service_case_report_diff(unit.app, &unit_auditor, "L2026-0001", 1, 2, NULL));
    size_t i;
    const json_t *change;
    bool cause = false, users = false, place = false;
    json_array_foreach(json_object_get(diff, "changes"), i, change)
    {
        const char *item = unit_text(change, "item");
        const char *to = json_string_value(json_object_get(json_object_get(change, "to"), "ja"));
        cause = cause || (strcmp(item, "cause") == 0 && g_strcmp0(to, "封入する装置の設定を誤った") == 0);
        users = users || strcmp(item, "leak_users") == 0;
        place = place || strcmp(item, "place") == 0;
    }
    assert_true(cause && users);
    assert_false(place);

    static const char *const formats[] = {"pdf", "xlsx", "csv", "json"};
    for (size_t f = 0; f < G_N_ELEMENTS(formats); f++) {
        g_auto(TkServiceFile) first = {0}, again = {0};
        assert_true(
            tk_service_case_report_file(unit.app, &unit_auditor, "L2026-0001", 1, formats[f], &first, NULL));
        if (f == 0)
            unit_restart(&unit);
        assert_true(
            tk_service_case_report_file(unit.app, &unit_auditor, "L2026-0001", 1, formats[f], &again, NULL));
        assert_true(g_bytes_equal(first.bytes, again.bytes));
    }
    g_autoptr(json_t) now = case_now(&unit, "L2026-0001");
    assert_int_equal(json_array_size(json_object_get(now, "reports")), 2);
    assert_int_equal(unit_actions(now, "freeze"), 2);
    assert_int_equal(unit_actions(now, "edit"), 1);
    assert_null(json_object_get(json_array_get(json_object_get(now, "reports"), 0), "files"));
    unit_stop(&unit);
}

static void the_detailed_report_meets_its_deadline_and_leaves_the_board(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    json_decref(known_leak(&unit));
    GError *error = NULL;
    assert_null(freeze_case(&unit, "L2026-0001", "leak-specified-detailed", true, &error));
    assert_int_equal(error->code, TK_ERROR_REFUSED); /* no cause, no prevention: an override does not help */
    g_clear_error(&error);
    edit_case(&unit, "L2026-0001",
              json_pack("{s:s, s:s, s:s, s:s}", "content", "氏名と住所", "cause",
                        "封入する装置の設定を誤った", "prevention", "設定を二人で確認する手順に改めた",
                        "user_notice", "対象の利用者へ書面で通知した"));
    must_freeze_case(&unit, "L2026-0001", "leak-specified-detailed", true, "最終報");
    g_autoptr(json_t) now = case_now(&unit, "L2026-0001");
    const json_t *met = deadline_in(now, "L2026-0001", "leak-specified-detailed");
    assert_true(json_is_true(json_object_get(met, "done")));
    assert_string_equal(unit_text(met, "done_at"), "2026-05-11T12:00:00+09:00");
    unit_tick(&unit, "2026-05-11T12:01:00+09:00");
    g_autoptr(json_t) board = unit_board(&unit);
    assert_null(deadline_in(board, "L2026-0001", "leak-specified-detailed"));
    assert_non_null(deadline_in(board, "L2026-0001", "leak-specified-initial"));
    unit_stop(&unit);
}

static void a_near_miss_is_frozen_up_to_its_final_report(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    g_autoptr(json_t) request = near_miss();
    json_object_set_new(request, "contact", json_string("運用部"));
    g_bytes_unref(tk_service_case_open(unit.app, &unit_noc, "near-miss", request, NULL));
    must_freeze_case(&unit, "N2026-0001", "near-miss-initial", false, "第一報");
    edit_case(&unit, "N2026-0001",
              json_pack("{s:s, s:s, s:s, s:s}", "cause", "切替え制御の設定を誤った", "prefectures", "東京都",
                        "equipment", "加入者交換機", "prevention", "切替え試験を毎月行う"));
    must_freeze_case(&unit, "N2026-0001", "near-miss-detailed", true, "最終報");
    g_autoptr(json_t) now = case_now(&unit, "N2026-0001");
    assert_true(json_is_true(json_object_get(deadline_in(now, "N2026-0001", "near-miss-initial"), "done")));
    assert_true(json_is_true(json_object_get(deadline_in(now, "N2026-0001", "near-miss-detailed"), "done")));
    unit_stop(&unit);
}

/* ---- closing, and what went out another way ---- */

static json_t *act_on(Unit *unit, const TkActor *actor, const char *id, json_t *more, GError **error)
{
    g_autoptr(json_t) request = more;
    g_autoptr(json_t) now = case_now(unit, id);
    json_object_set(request, "version", json_object_get(now, "version"));
    GBytes *bytes = tk_service_case_act(unit->app, actor, id, request, error);
    return bytes == NULL ? NULL : unit_json(bytes);
}

static unsigned on_board(Unit *unit, const char *id)
{
    tk_service_step(unit->app);
    g_autoptr(json_t) board = unit_json(tk_service_board(unit->app, NULL));
    unsigned count = 0;
    size_t i;
    const json_t *deadline;
    json_array_foreach(json_object_get(board, "deadlines"), i, deadline)
    {
        count += g_strcmp0(unit_text(deadline, "case"), id) == 0;
    }
    return count;
}

static void a_report_that_went_out_by_telephone_meets_its_deadline(void **state)
{
    (void)state;
    Unit unit = {0};
    GError *error = NULL;
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    json_decref(known_leak(&unit));
    assert_int_equal(on_board(&unit, "L2026-0001"), 2);
    g_autoptr(json_t) done =
        act_on(&unit, &unit_chief, "L2026-0001",
               json_pack("{s:s, s:s, s:s, s:s}", "action", "reported", "kind", "leak-specified-initial",
                         "how", "総合通信局へ電話", "at", "2026-05-11T10:30:00+09:00"),
               &error);
    if (done == NULL)
        fail_msg("%s", error->message);
    const json_t *deadline = deadline_in(done, "L2026-0001", "leak-specified-initial");
    assert_true(json_is_true(json_object_get(deadline, "done")));
    assert_string_equal(unit_text(deadline, "done_at"), "2026-05-11T10:30:00+09:00");
    const json_t *history = json_object_get(done, "history");
    const json_t *last = json_array_get(history, json_array_size(history) - 1);
    assert_string_equal(unit_text(last, "action"), "reported");
    assert_non_null(strstr(unit_text(json_object_get(last, "text"), "ja"), "総合通信局へ電話"));
    assert_int_equal(on_board(&unit, "L2026-0001"), 1);

    assert_null(act_on(
        &unit, &unit_chief, "L2026-0001",
        json_pack("{s:s, s:s, s:s}", "action", "reported", "kind", "serious-initial", "how", "x"), &error));
    assert_error_says(error, "asks for no report");
    assert_null(act_on(&unit, &unit_chief, "L2026-0001",
                       json_pack("{s:s, s:s, s:s, s:s}", "action", "reported", "kind",
                                 "leak-specified-initial", "how", "x", "at", "2026-05-12T00:00:00+09:00"),
                       &error));
    assert_error_says(error, "not in the future");
    assert_null(act_on(&unit, &unit_auditor, "L2026-0001", json_pack("{s:s}", "action", "reported"), &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    unit_stop(&unit);
}

static void a_case_with_open_reports_closes_only_with_a_reason_and_reopens(void **state)
{
    (void)state;
    Unit unit = {0};
    GError *error = NULL;
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    json_decref(known_leak(&unit));
    assert_null(act_on(&unit, &unit_noc, "L2026-0001", json_pack("{s:s}", "action", "close"), &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    assert_null(act_on(&unit, &unit_chief, "L2026-0001", json_pack("{s:s}", "action", "close"), &error));
    assert_error_says(error, "reason: ");
    assert_null(act_on(&unit, &unit_chief, "L2026-0001", json_pack("{s:s}", "action", "reopen"), &error));
    assert_int_equal(error->code, TK_ERROR_CONFLICT);
    g_clear_error(&error);
    g_autoptr(json_t) closed =
        act_on(&unit, &unit_chief, "L2026-0001",
               json_pack("{s:s, s:s}", "action", "close", "reason", "宛先は本人だった"), &error);
    assert_string_equal(unit_text(closed, "state"), "closed");
    assert_string_equal(unit_text(closed, "closed_at"), "2026-05-11T12:00:00+09:00");
    assert_int_equal(on_board(&unit, "L2026-0001"), 0);
    g_autoptr(json_t) edit =
        json_pack("{s:O, s:{s:s}}", "version", json_object_get(closed, "version"), "fields", "place", "x");
    assert_null(tk_service_case_edit(unit.app, &unit_noc, "L2026-0001", edit, &error));
    assert_error_says(error, "reopen it");
    g_autoptr(json_t) again =
        act_on(&unit, &unit_chief, "L2026-0001", json_pack("{s:s}", "action", "reopen"), &error);
    assert_string_equal(unit_text(again, "state"), "open");
    assert_int_equal(on_board(&unit, "L2026-0001"), 2);
    unit_stop(&unit);
}

static void every_condition_of_a_near_miss_says_whether_it_is_met(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    g_autoptr(json_t) request = near_miss();
    json_object_set_new(request, "carrier_users", json_integer(29999));
    json_object_set_new(request, "several_prefectures", json_null());
    g_autoptr(json_t) opened =
        unit_json(tk_service_case_open(unit.app, &unit_noc, "near-miss", request, NULL));
    const json_t *conditions = json_object_get(opened, "conditions");
    unsigned unknown = 0, unmet = 0;
    size_t i;
    const json_t *condition;
    json_array_foreach(conditions, i, condition)
    {
        const json_t *met = json_object_get(condition, "met");
        unknown += json_is_null(met);
        unmet += json_is_false(met);
        if (!json_is_integer(json_object_get(condition, "needed")))
            continue;
        assert_int_equal(unit_int(condition, "value"), 29999);
        assert_int_equal(unit_int(condition, "needed"), 30000);
        assert_true(json_is_false(met));
    }
    assert_int_equal(unmet, 1);
    assert_int_equal(unknown,
                     2); /* the prefectures, and damage of an important facility, which is not said */
    unit_stop(&unit);
}

static void a_case_is_reported_on_its_own_forms_only(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-05-11T12:00:00+09:00");
    json_decref(known_leak(&unit));
    GError *error = NULL;
    assert_null(freeze_case(&unit, "L2026-0001", "leak-secrecy-initial", false, &error));
    assert_error_says(error, "leak-specified-initial");
    assert_null(
        tk_service_case_report_draft(unit.app, &unit_auditor, "L2026-0001", "serious-initial", &error));
    assert_error_says(error, "kind: ");
    g_autoptr(json_t) draft = unit_json(
        tk_service_case_report_draft(unit.app, &unit_auditor, "L2026-0001", "leak-specified-initial", NULL));
    assert_int_equal(unit_int(draft, "next_number"), 1);
    g_autoptr(json_t) old =
        json_pack("{s:s, s:i, s:s}", "kind", "leak-specified-initial", "version", 7, "override", "x");
    assert_null(tk_service_case_report_freeze(unit.app, &unit_chief, "L2026-0001", old, NULL, &error));
    assert_int_equal(error->code, TK_ERROR_STALE);
    g_clear_error(&error);
    assert_null(tk_service_case_report_freeze(unit.app, &unit_auditor, "L2026-0001", old, NULL, &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    assert_null(tk_service_case_report_diff(unit.app, &unit_auditor, "L2026-0001", 1, 2, &error));
    assert_error_says(error, "no report number 1");
    assert_null(
        tk_service_report_draft(unit.app, &unit_auditor, "L2026-0001", "leak-specified-initial", &error));
    assert_int_equal(error->code, TK_ERROR_NOT_FOUND);
    g_clear_error(&error);
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
        cmocka_unit_test(a_leaks_thirty_days_count_from_knowledge_and_stand_on_the_board),
        cmocka_unit_test(a_leaks_reports_are_numbered_versions_and_the_difference_is_named),
        cmocka_unit_test(the_detailed_report_meets_its_deadline_and_leaves_the_board),
        cmocka_unit_test(a_near_miss_is_frozen_up_to_its_final_report),
        cmocka_unit_test(a_report_that_went_out_by_telephone_meets_its_deadline),
        cmocka_unit_test(a_case_with_open_reports_closes_only_with_a_reason_and_reopens),
        cmocka_unit_test(every_condition_of_a_near_miss_says_whether_it_is_met),
        cmocka_unit_test(a_case_is_reported_on_its_own_forms_only),
        cmocka_unit_test(wrong_fields_and_roles_are_refused_by_name),
        cmocka_unit_test(questions_are_answered_with_article_and_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

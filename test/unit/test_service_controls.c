/* Controls in the service: the hour of the automatic checks by a clock that the test turns, over restarts
 * too; what is kept of them; and that the book of answers follows the registers. */
#include "service_unit.h"

static json_t *read_bytes(GBytes *bytes, GError *error)
{
    g_autoptr(GBytes) owned = bytes;
    if (owned == NULL)
        fail_msg("%s", error->message);
    json_t *out =
        tk_json_read("answer", g_bytes_get_data(owned, NULL), g_bytes_get_size(owned), 64u << 20, &error);
    if (out == NULL)
        fail_msg("%s", error->message);
    return out;
}

static json_t *checks(Unit *unit)
{
    GError *error = NULL;
    return read_bytes(tk_service_checks(unit->app, &unit_auditor, &error), error);
}

static const json_t *check_in(const json_t *all, const char *id)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(all, "items"), i,
                       one) if (strcmp(json_string_value(json_object_get(one, "id")), id) == 0) return one;
    fail_msg("there is no check %s", id);
    return NULL;
}

static bool step(Unit *unit)
{
    GError *error = NULL;
    bool ran = false;
    if (!tk_service_checks_step(unit->app, &ran, &error))
        fail_msg("%s", error->message);
    return ran;
}

static void add(Unit *unit, const char *name, const char *text)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    g_autofree char *plain = g_strdelimit(g_strdup(text), "'", '"');
    g_autoptr(json_t) request = tk_json_read("request", plain, strlen(plain), 1 << 20, &error);
    if (request == NULL)
        fail_msg("%s", error->message);
    g_autoptr(GBytes) done =
        tk_register_add(tk_service_registers(unit->app), &unit_chief, name, request, NULL, &findings, &error);
    if (done == NULL)
        fail_msg("%s %s", error->message,
                 findings == NULL ? "" : (const char *)g_bytes_get_data(findings, NULL));
}

static json_t *control(Unit *unit, const char *framework, const char *item)
{
    GError *error = NULL;
    return read_bytes(tk_service_control(unit->app, &unit_auditor, framework, item, &error), error);
}

static void checks_run_every_hour_and_a_restart_neither_skips_nor_repeats_one(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-11-23T09:00:00+09:00");
    assert_true(step(&unit));
    assert_false(step(&unit));
    unit.now_us += 3599 * TK_US_PER_S;
    assert_false(step(&unit));
    unit_restart(&unit);
    assert_false(step(&unit));
    g_autoptr(json_t) before = checks(&unit);
    assert_string_equal(json_string_value(json_object_get(before, "at")), "2026-11-23T09:00:00+09:00");
    unit.now_us += TK_US_PER_S;
    assert_true(step(&unit));
    g_autoptr(json_t) after = checks(&unit);
    assert_string_equal(json_string_value(json_object_get(after, "at")), "2026-11-23T10:00:00+09:00");
    unit_stop(&unit);
}

static void a_check_keeps_changes_only_and_since_when(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-11-23T09:00:00+09:00");
    assert_true(step(&unit));
    add(&unit, "persons", "{'id':'P-1','values':{'name':'山田','department':'監査部','active':true}}");
    add(&unit, "countermeasures",
        "{'values':{'title':'t','source':'audit','measure':'m','owner':'P-1','deadline':'2026-11-22','status'"
        ":'open'}}");
    for (int hour = 0; hour < 3; hour++) {
        unit.now_us += 3600 * TK_US_PER_S;
        assert_true(step(&unit));
    }
    GError *error = NULL;
    g_autoptr(json_t) all = checks(&unit);
    const json_t *overdue = check_in(all, "measures-overdue");
    assert_string_equal(json_string_value(json_object_get(overdue, "result")), "fail");
    assert_true(json_number_value(json_object_get(overdue, "value")) == 1);
    assert_string_equal(json_string_value(json_object_get(overdue, "since")), "2026-11-23T10:00:00+09:00");
    g_autoptr(json_t) history =
        read_bytes(tk_service_check_history(unit.app, &unit_auditor, "measures-overdue", &error), error);
    assert_int_equal(json_array_size(json_object_get(history, "changes")),
                     2); /* pass, then fail: four runs */
    unit_stop(&unit);
}

static void a_failed_check_draws_attention_to_the_control_and_to_what_rests_on_it(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-11-23T09:00:00+09:00");
    add(&unit, "persons", "{'id':'P-1','values':{'name':'山田','department':'監査部','active':true}}");
    add(&unit, "countermeasures",
        "{'values':{'title':'t','source':'audit','measure':'m','owner':'P-1','deadline':'2026-11-22','status'"
        ":'open'}}");
    add(&unit, "control-answers",
        "{'values':{'framework':'iso-27001-2022','item':'A.5.27','state':'implemented','text':'we learn'}}");
    assert_true(step(&unit));
    g_autoptr(json_t) fed = control(&unit, "iso-27001-2022", "A.5.27");
    assert_int_equal(json_array_size(json_object_get(fed, "attention")), 1);
    g_autoptr(json_t) older = control(&unit, "iso-27001-2013", "A.16.1.6"); /* rests on it */
    assert_string_equal(json_string_value(json_object_get(older, "state")), "implemented");
    assert_int_equal(json_array_size(json_object_get(older, "attention")), 1);
    unit_stop(&unit);
}

static void what_cannot_be_measured_is_not_guessed(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-11-23T09:00:00+09:00");
    assert_true(step(&unit));
    g_autoptr(json_t) all = checks(&unit);
    static const char *const cannot[] = {"mfa-share",     "backup-age",    "witness-age",
                                         "timestamp-age", "log-retention", "tls-certificate"};
    for (size_t i = 0; i < G_N_ELEMENTS(cannot); i++) {
        const json_t *one = check_in(all, cannot[i]);
        assert_string_equal(json_string_value(json_object_get(one, "result")), "cannot-tell");
        assert_true(json_is_null(json_object_get(one, "value")));
        assert_non_null(json_object_get(json_object_get(one, "why"), "ja"));
    }
    unit_stop(&unit);
}

static void the_age_of_a_backup_is_what_was_noted(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-11-23T09:00:00+09:00");
    TkBackupNote note = {.at_us = at("2026-11-22T22:30:00+09:00")};
    GError *error = NULL;
    assert_true(tk_backup_note_write(unit.dir, NULL, &note, &error));
    assert_true(step(&unit));
    g_autoptr(json_t) all = checks(&unit);
    const json_t *one = check_in(all, "backup-age");
    assert_string_equal(json_string_value(json_object_get(one, "result")), "pass");
    assert_true(json_number_value(json_object_get(one, "value")) == 10);
    g_autofree char *path = g_build_filename(unit.dir, "backup.json", NULL);
    assert_true(g_file_set_contents(path, "{\"at\":\"yesterday\"}", -1, NULL));
    unit.now_us += 3600 * TK_US_PER_S;
    assert_true(step(&unit));
    g_autoptr(json_t) broken = checks(&unit);
    assert_string_equal(json_string_value(json_object_get(check_in(broken, "backup-age"), "result")),
                        "cannot-tell");
    unit_stop(&unit);
}

static void the_book_follows_answers_evidence_and_the_day(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-11-23T09:00:00+09:00");
    g_autoptr(json_t) open = control(&unit, "iso-27001-2013", "A.12.3.1");
    assert_string_equal(json_string_value(json_object_get(open, "state")), "open");
    add(&unit, "documents",
        "{'id':'D-1','values':{'title':'restored','kind':'evidence','effective':'2026-11-01','valid_until':'"
        "2026-11-24'}}");
    add(&unit, "control-answers",
        "{'values':{'framework':'iso-27001-2022','item':'A.8.13','state':'implemented','text':'daily','"
        "evidence':['D-1']}}");
    g_autoptr(json_t) carried = control(&unit, "iso-27001-2013", "A.12.3.1");
    assert_string_equal(json_string_value(json_object_get(carried, "state")), "implemented");
    assert_string_equal(json_string_value(json_object_get(carried, "evidence")), "valid");
    unit.now_us += 2 * TK_US_PER_DAY;
    g_autoptr(json_t) later = control(&unit, "iso-27001-2013", "A.12.3.1");
    assert_string_equal(json_string_value(json_object_get(later, "evidence")), "expired");
    unit_stop(&unit);
}

static void an_effect_is_what_the_answer_then_does(void **state)
{
    (void)state;
    Unit unit = {0};
    unit_start(&unit, "2026-11-23T09:00:00+09:00");
    GError *error = NULL;
    g_autoptr(json_t) request = json_pack("{s:s}", "state", "implemented");
    g_autoptr(json_t) effect = read_bytes(
        tk_service_control_effect(unit.app, &unit_auditor, "iso-27001-2022", "A.8.13", request, &error),
        error);
    const json_t *changes = json_object_get(effect, "changes");
    assert_true(json_array_size(changes) >= 2);
    add(&unit, "control-answers",
        "{'values':{'framework':'iso-27001-2022','item':'A.8.13','state':'implemented','text':'daily'}}");
    size_t i;
    json_t *one;
    json_array_foreach(changes, i, one)
    {
        g_autoptr(json_t) now = control(&unit, json_string_value(json_object_get(one, "framework")),
                                        json_string_value(json_object_get(one, "item")));
        assert_string_equal(json_string_value(json_object_get(now, "state")),
                            json_string_value(json_object_get(json_object_get(one, "after"), "state")));
    }
    g_autoptr(json_t) again = read_bytes(
        tk_service_control_effect(unit.app, &unit_auditor, "iso-27001-2022", "A.8.13", request, &error),
        error);
    assert_int_equal(json_array_size(json_object_get(again, "changes")), 0);
    unit_stop(&unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_run_every_hour_and_a_restart_neither_skips_nor_repeats_one),
        cmocka_unit_test(a_check_keeps_changes_only_and_since_when),
        cmocka_unit_test(a_failed_check_draws_attention_to_the_control_and_to_what_rests_on_it),
        cmocka_unit_test(what_cannot_be_measured_is_not_guessed),
        cmocka_unit_test(the_age_of_a_backup_is_what_was_noted),
        cmocka_unit_test(the_book_follows_answers_evidence_and_the_day),
        cmocka_unit_test(an_effect_is_what_the_answer_then_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

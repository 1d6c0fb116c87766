#include "report_fixture.h"

/* A report on the fixture's accident after `spoil` has changed it, linted an hour after recovery. */
typedef struct {
    TkForms *forms;
    json_t *accident;
    TkReportContext context;
    TkReport *report;
    GPtrArray *findings;
} Case;

static void begin(Case *c)
{
    *c = (Case){fixture_forms(), fixture_accident(), fixture_context(), NULL, NULL};
}

static void lint(Case *c, const char *kind)
{
    c->report = fixture_report(c->forms, kind, &c->context, c->accident);
    c->findings = tk_report_lint(c->report, c->context.at_us);
}

static void end(Case *c)
{
    g_ptr_array_unref(c->findings);
    tk_report_free(c->report);
    tk_forms_free(c->forms);
    json_decref(c->accident);
}

static const TkReportFinding *found(const Case *c, const char *rule, const char *item)
{
    for (guint i = 0; i < c->findings->len; i++) {
        const TkReportFinding *finding = c->findings->pdata[i];
        if (g_str_equal(finding->rule, rule) && g_strcmp0(finding->item, item) == 0)
            return finding;
    }
    return NULL;
}

static void set(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text != NULL ? json_string(text) : json_null());
}

/* One change of one field of the accident makes one finding of a level, and without it there is none. */
static int times_in(const char *sentence)
{
    int count = 0;
    for (const char *at = strstr(sentence, "+09:00"); at != NULL; at = strstr(at + 1, "+09:00"))
        count++;
    return count;
}

static void expect(const char *kind, const char *key, json_t *value, const char *rule, const char *item,
                   bool error)
{
    Case c;
    begin(&c);
    lint(&c, kind);
    if (found(&c, rule, item) != NULL)
        fail_msg("%s on %s is found without cause", rule, item);
    end(&c);
    begin(&c);
    json_object_set_new(c.accident, key, value);
    lint(&c, kind);
    const TkReportFinding *finding = found(&c, rule, item);
    if (finding == NULL)
        fail_msg("%s on %s is not found", rule, item);
    assert_int_equal(finding->error, error);
    assert_true(strlen(finding->ja) > 0 && strlen(finding->en) > 0);
    if (strcmp(rule, "time-order") == 0) { /* each sentence names both times */
        assert_int_equal(times_in(finding->ja), 2);
        assert_int_equal(times_in(finding->en), 2);
    }
    end(&c);
}

static void a_complete_report_has_no_finding(void **state)
{
    (void)state;
    Case c;
    begin(&c);
    lint(&c, "serious-initial");
    if (c.findings->len > 0)
        fail_msg("%s", ((TkReportFinding *)c.findings->pdata[0])->en);
    end(&c);
}

static void times_out_of_order_are_errors(void **state)
{
    (void)state;
    const char *kind = "serious-initial";
    expect(kind, "recovered_at", json_string("2026-11-23T09:00:00+09:00"), "time-order", "recovered_at",
           true);
    expect(kind, "known_at", json_string("2026-11-23T09:00:00+09:00"), "time-order", "known_at", true);
    expect(kind, "detected_at", json_string("2026-11-23T09:00:00+09:00"), "time-order", "detected_at", true);
    expect(kind, "detected_at", json_string("2026-11-23T09:16:00+09:00"), "time-order", "known_at", true);
    expect(kind, "known_at", json_string("2026-11-23T13:31:00+09:00"), "time-order", "reported_at", true);
}

static void a_time_that_has_not_come_is_an_error(void **state)
{
    (void)state;
    expect("serious-initial", "recovered_at", json_string("2026-11-23T15:00:00+09:00"), "future",
           "recovered_at", true);
    json_t *timeline =
        json_pack("[{s:s,s:s,s:s}]", "at", "2026-11-24T00:00:00+09:00", "kind", "note", "text", "x");
    expect("serious-initial", "timeline", timeline, "future", "timeline", true);
}

static void an_item_the_stage_needs_is_an_error_and_one_it_does_not_yet_a_warning(void **state)
{
    (void)state;
    expect("serious-initial", "summary", json_null(), "missing", "summary", true);
    expect("serious-initial", "place", json_string(""), "missing", "place", true);
    expect("serious-initial", "services", json_array(), "missing", "services", true);
    expect("serious-initial", "cause", json_null(), "not-yet-known", "cause", false);
    expect("serious-detailed", "cause", json_null(), "missing", "cause", true);
    expect("serious-detailed", "prevention", json_null(), "missing", "prevention", true);
    expect("serious-detailed", "user_notice", json_null(), "missing", "user_notice", true);
    expect("serious-detailed", "cause_class", json_null(), "missing", "cause_class", true);
}

static void a_second_report_needs_what_the_first_did_not(void **state)
{
    (void)state;
    Case c;
    begin(&c);
    set(c.accident, "cause", NULL);
    c.context.number = 2;
    lint(&c, "serious-initial");
    assert_non_null(found(&c, "missing", "cause"));
    end(&c);
}

static void thin_and_provisional_texts_are_noticed(void **state)
{
    (void)state;
    expect("serious-initial", "summary", json_string("故障"), "short", "summary", false);
    expect("serious-initial", "summary", json_string("○○ビルの設備の故障により利用できない"), "placeholder",
           "summary", false);
    expect("serious-detailed", "summary", json_string("TBD: to be written by the shift"), "placeholder",
           "summary", true);
    expect("serious-detailed", "cause", json_string("原因は現在、詳細を調査中である。"), "undecided", "cause",
           false);
}

static json_t *service_with_users(json_t *users)
{
    return json_pack("[{s:s,s:{s:s,s:s},s:o}]", "service", "voice", "name", "ja", "音声", "en", "Voice",
                     "users", users);
}

static void users_of_zero_or_unknown_are_noticed(void **state)
{
    (void)state;
    expect("serious-initial", "services", service_with_users(json_integer(0)), "users-zero", "services",
           false);
    expect("serious-initial", "services", service_with_users(json_null()), "users-unknown", "services",
           false);
    expect("serious-detailed", "services", service_with_users(json_null()), "users-unknown", "services",
           true);
    expect("serious-initial", "services", service_with_users(json_integer(-1)), "users-negative", "services",
           true);
}

static void a_reported_number_other_than_the_chosen_count_is_an_error(void **state)
{
    (void)state;
    Case c;
    begin(&c);
    json_t *service = json_array_get(json_object_get(c.accident, "services"), 1);
    json_object_set_new(service, "users", json_integer(30000));
    lint(&c, "serious-initial");
    const TkReportFinding *finding = found(&c, "count-differs", "services");
    assert_non_null(finding);
    assert_true(finding->error);
    assert_non_null(strstr(finding->en, "internet-access reports 30000 users"));
    end(&c);
}

static void what_contradicts_the_state_of_the_record_is_an_error(void **state)
{
    (void)state;
    expect("serious-initial", "state", json_string("confirmed"), "still-running", "recovered_at", true);
    expect("serious-initial", "recovered_at", json_null(), "recovery-missing", "recovered_at", true);
}

static void a_form_that_does_not_fit_the_outcome_is_noticed(void **state)
{
    (void)state;
    expect("serious-initial", "outcome", json_string("periodic-detailed"), "outcome", NULL, false);
    Case c;
    begin(&c);
    lint(&c, "near-miss-initial");
    assert_true(found(&c, "outcome", NULL)->error);
    end(&c);
}

static void a_value_entered_over_the_record_is_noticed(void **state)
{
    (void)state;
    Case c;
    begin(&c);
    g_autoptr(json_t) entries = json_pack("{s:i}", "users_most", 400000);
    c.context.entries = entries;
    lint(&c, "serious-initial");
    assert_non_null(found(&c, "record-differs", "users_most"));
    end(&c);
    begin(&c);
    g_autoptr(json_t) same = json_pack("{s:i}", "users_most", 412350);
    c.context.entries = same;
    lint(&c, "serious-initial");
    assert_null(found(&c, "record-differs", "users_most"));
    end(&c);
}

static void a_duration_that_does_not_fit_its_ends_is_noticed(void **state)
{
    (void)state;
    expect("serious-initial", "duration_s", json_integer(3600), "duration", "duration", false);
}

static void assert_deadline(const char *due, const char *says)
{
    Case c;
    begin(&c);
    c.context.due = day(due);
    lint(&c, "serious-detailed");
    const TkReportFinding *finding = found(&c, "deadline", NULL);
    if (says == NULL) {
        assert_null(finding);
    } else {
        assert_non_null(finding);
        assert_false(finding->error);
        assert_non_null(strstr(finding->en, says));
    }
    end(&c);
}

static void a_deadline_that_has_passed_warns_and_never_forbids(void **state)
{
    (void)state;
    assert_deadline("2026-11-24", NULL);
    assert_deadline("2026-11-23", "today");
    assert_deadline("2026-11-20", "3 days ago");
}

static void errors_stand_before_warnings(void **state)
{
    (void)state;
    Case c;
    begin(&c);
    set(c.accident, "summary", "故障");
    set(c.accident, "contact", NULL);
    set(c.accident, "recovered_at", "2026-11-23T09:00:00+09:00");
    lint(&c, "serious-initial");
    assert_true(c.findings->len >= 3);
    bool error = true;
    for (guint i = 0; i < c.findings->len; i++) {
        const TkReportFinding *finding = c.findings->pdata[i];
        assert_true(error || !finding->error);
        error = finding->error;
    }
    assert_false(error);
    g_autoptr(json_t) json = tk_report_findings_json(c.findings);
    assert_int_equal(json_array_size(json), c.findings->len);
    assert_string_equal(json_string_value(json_object_get(json_array_get(json, 0), "level")), "error");
    end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complete_report_has_no_finding),
        cmocka_unit_test(times_out_of_order_are_errors),
        cmocka_unit_test(a_time_that_has_not_come_is_an_error),
        cmocka_unit_test(an_item_the_stage_needs_is_an_error_and_one_it_does_not_yet_a_warning),
        cmocka_unit_test(a_second_report_needs_what_the_first_did_not),
        cmocka_unit_test(thin_and_provisional_texts_are_noticed),
        cmocka_unit_test(users_of_zero_or_unknown_are_noticed),
        cmocka_unit_test(a_reported_number_other_than_the_chosen_count_is_an_error),
        cmocka_unit_test(what_contradicts_the_state_of_the_record_is_an_error),
        cmocka_unit_test(a_form_that_does_not_fit_the_outcome_is_noticed),
        cmocka_unit_test(a_value_entered_over_the_record_is_noticed),
        cmocka_unit_test(a_duration_that_does_not_fit_its_ends_is_noticed),
        cmocka_unit_test(a_deadline_that_has_passed_warns_and_never_forbids),
        cmocka_unit_test(errors_stand_before_warnings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

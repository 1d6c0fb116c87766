/* Working days, deadlines, and when a running accident becomes a serious one. */
#include "law_loaded.h"

static void holidays_that_moved_are_where_they_were(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        bool working;
    } known[] = {
        {"2015-09-22", false},                        /* between two holidays */
        {"2015-08-11", true},  {"2016-08-11", false}, /* Mountain Day is of 2016 */
        {"2018-12-24", false}, {"2019-12-23", true},  {"2019-02-25", true},  {"2020-02-24", false},
        {"2019-04-30", false}, {"2019-05-01", false}, {"2019-05-02", false}, {"2019-05-06", false},
        {"2019-10-22", false}, {"2020-07-23", false}, {"2020-07-24", false}, {"2020-08-10", false},
        {"2020-07-20", true},  {"2020-10-12", true},  {"2021-07-22", false}, {"2021-07-23", false},
        {"2021-08-09", false}, {"2021-08-11", true},  {"2021-10-11", true},  {"2024-09-23", false},
        {"2026-05-06", false}, {"2026-09-22", false}, {"2026-11-23", false}, {"2026-11-24", true},
        {"2026-11-21", false}, {"2026-12-29", true}, /* the year's end is no holiday by that law */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (tk_law_is_working_day(law, day(known[i].day), NULL) != known[i].working)
            fail_msg("%s is %sa working day", known[i].day, known[i].working ? "" : "not ");
    assert_string_equal(tk_law_holiday(law, day("2026-11-23")).en, "Labour Thanksgiving Day");
    assert_null(tk_law_holiday(law, day("2026-11-24")).ja);
}

static void years_not_announced_yet_are_said_to_be_computed(void **state)
{
    (void)state;
    bool verified;
    tk_law_is_working_day(law, day("2027-03-22"), &verified);
    assert_true(verified);
    assert_false(tk_law_is_working_day(law, day("2028-03-20"), &verified));
    assert_false(verified);
    tk_law_is_working_day(law, day("2031-01-01"), &verified);
    assert_false(verified);
    tk_law_is_working_day(law, day("2014-12-31"), &verified);
    assert_false(verified);
}

static void warnings_lead_up_to_the_safer_day(void **state)
{
    (void)state;
    TkReportDue report;
    assert_true(tk_law_report_due(law, "serious-detailed", day("2026-04-08"), &report));
    assert_int_equal(report.due, day("2026-05-08"));
    assert_int_equal(report.due_safe, day("2026-05-07"));
    TkDeadline deadline = tk_law_deadline(law, &report);
    /* 8 April to the end of 7 May are 30 days; before 7 May lies the week of holidays, 3 to 6 May */
    assert_int_equal(deadline.half_us, at("2026-04-23T00:00:00+09:00"));
    assert_int_equal(deadline.soon_us, at("2026-05-02T00:00:00+09:00"));
    assert_int_equal(deadline.day_before, day("2026-05-01"));
    assert_int_equal(deadline.late_us, at("2026-05-09T00:00:00+09:00"));
    static const struct {
        const char *now, *level;
    } known[] = {
        {"2026-04-22T23:59:59+09:00", "ok"},         {"2026-04-23T00:00:00+09:00", "half"},
        {"2026-04-30T23:59:59+09:00", "half"},       {"2026-05-01T00:00:00+09:00", "day-before"},
        {"2026-05-08T23:59:59+09:00", "day-before"}, {"2026-05-09T00:00:00+09:00", "late"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        assert_string_equal(tk_law_deadline_level_id(tk_law_deadline_level(&deadline, at(known[i].now))),
                            known[i].level);
}

static void four_fifths_warn_before_the_last_working_day_where_it_comes_later(void **state)
{
    (void)state;
    TkReportDue report;
    assert_true(tk_law_report_due(law, "serious-detailed", day("2026-06-01"), &report));
    TkDeadline deadline = tk_law_deadline(law, &report);
    assert_int_equal(deadline.day_before, day("2026-06-29"));
    assert_int_equal(tk_law_deadline_level(&deadline, at("2026-06-25T00:00:00+09:00")), TK_DEADLINE_SOON);
}

static void what_is_due_without_delay_has_no_warning_points(void **state)
{
    (void)state;
    TkReportDue report;
    assert_true(tk_law_report_due(law, "serious-initial", day("2026-04-08"), &report));
    TkDeadline deadline = tk_law_deadline(law, &report);
    assert_int_equal(deadline.late_us, TK_TIME_NONE);
    assert_int_equal(tk_law_deadline_level(&deadline, at("2030-01-01T00:00:00Z")), TK_DEADLINE_OK);
}

static void every_report_of_article_57_has_its_form_and_clock(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *from, *form;
        TkClock clock;
    } known[] = {
        {"suspension-detailed", "2015-04-01", "様式第50", TK_CLOCK_OCCURRENCE},
        {"leak-secrecy-detailed", "2015-04-01", "様式第50の2", TK_CLOCK_KNOWLEDGE},
        {"leak-specified-detailed", "2023-06-16", "様式第50の2の2", TK_CLOCK_KNOWLEDGE},
        {"serious-detailed", "2015-04-01", "様式第50の3", TK_CLOCK_OCCURRENCE},
        {"serious-detailed-wholesale", "2023-12-07", "様式第50の3の2", TK_CLOCK_OCCURRENCE},
        {"near-miss-detailed", "2023-06-16", "様式第50の4", TK_CLOCK_KNOWLEDGE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        TkReportDue report;
        TkDate from = day(known[i].from);
        assert_true(tk_law_report_due(law, known[i].kind, from, &report));
        assert_string_equal(report.form, known[i].form);
        assert_int_equal(report.clock, known[i].clock);
        assert_int_equal(report.due, from + 30);
        if (from > day("2015-04-01")) /* the day before there was none */
            assert_false(tk_law_report_due(law, known[i].kind, from - 1, &report));
    }
    TkReportDue report;
    assert_false(tk_law_report_due(law, "no-such-report", day("2026-04-01"), &report));
}

static TkForecast forecast(const char *id, int64_t users, int64_t monthly, const char *now)
{
    TkForecast out;
    GError *error = NULL;
    if (!tk_law_forecast(law, TK_DATE_NONE, service(law, id), at("2026-05-01T13:32:10+09:00"), users, monthly,
                         at(now), &out, &error))
        fail_msg("%s", error->message);
    return out;
}

static void at_the_present_count_it_becomes_serious_at_a_known_moment(void **state)
{
    (void)state;
    TkForecast f = forecast("voice-emergency", 30000, -1, "2026-05-01T14:18:00+09:00");
    assert_int_equal(f.count, 1);
    assert_int_equal(f.serious_at_us, at("2026-05-01T14:32:10+09:00"));
    assert_int_equal(f.branches[0].remaining_s, 14 * 60 + 10);
    assert_true(f.branches[0].users_met);
    f = forecast("voice-emergency", 29999, -1, "2026-05-01T14:18:00+09:00");
    assert_int_equal(f.serious_at_us, TK_TIME_NONE);
    assert_int_equal(f.branches[0].users_short, 1);
    f = forecast("voice-emergency", -1, -1, "2026-05-01T14:18:00+09:00");
    assert_int_equal(f.branches[0].users_short, -1);
    f = forecast("voice-emergency", 30000, -1, "2026-05-02T14:18:00+09:00");
    assert_int_equal(f.branches[0].remaining_s, 0);
    assert_true(f.branches[0].progress == 1.0);
}

static void the_earliest_branch_whose_users_are_met_decides(void **state)
{
    (void)state;
    TkForecast f = forecast("voice", 30000, -1, "2026-05-01T14:00:00+09:00");
    assert_int_equal(f.count, 2);
    assert_int_equal(f.serious_at_us, at("2026-05-01T15:32:10+09:00"));
    f = forecast("voice", 100000, -1, "2026-05-01T14:00:00+09:00");
    assert_int_equal(f.serious_at_us, at("2026-05-01T14:32:10+09:00"));
}

static void without_monthly_users_only_what_both_rows_agree_on_is_certain(void **state)
{
    (void)state;
    TkForecast f = forecast("mail-messaging-free", 100000, -1, "2026-05-01T14:00:00+09:00");
    assert_int_equal(f.count, 4);
    assert_false(f.branches[0].certain);
    assert_int_equal(f.serious_at_us, at("2026-05-02T13:32:10+09:00")); /* row 5: 24 hours */
    f = forecast("mail-messaging-free", 100000, 10000000, "2026-05-01T14:00:00+09:00");
    assert_int_equal(f.count, 2);
    assert_true(f.branches[0].certain);
    assert_int_equal(f.serious_at_us, at("2026-05-01T17:32:10+09:00"));
    f = forecast("mail-messaging-free", 100000, 9999999, "2026-05-01T14:00:00+09:00");
    assert_int_equal(f.count, 2);
    assert_int_equal(f.serious_at_us, at("2026-05-02T13:32:10+09:00"));
}

static void a_forecast_agrees_with_the_judgement_at_that_moment(void **state)
{
    (void)state;
    GRand *dice = g_rand_new_with_seed(9);
    for (int round = 0; round < 5000; round++) {
        TkService s = g_rand_int_range(dice, 0, (int)tk_law_service_count(law));
        int64_t start =
            at("2008-04-01T00:00:00+09:00") + (int64_t)(g_rand_double(dice) * 18.5 * 365) * TK_US_PER_DAY;
        static const int64_t counts[] = {29999, 30000, 100000, 1000000};
        TkAccidentFacts facts = tk_law_facts(s, start);
        facts.users = counts[g_rand_int_range(dice, 0, G_N_ELEMENTS(counts))];
        facts.monthly_users = g_rand_boolean(dice) ? 10000000 : -1;
        TkForecast f;
        TkVerdict verdict;
        assert_true(
            tk_law_forecast(law, TK_DATE_NONE, s, start, facts.users, facts.monthly_users, start, &f, NULL));
        int64_t when = f.serious_at_us != TK_TIME_NONE ? f.serious_at_us : start + 365 * TK_US_PER_DAY;
        assert_true(tk_law_judge(law, &facts, TK_DATE_NONE, when, &verdict, NULL));
        assert_int_equal(verdict.outcome == TK_OUTCOME_SERIOUS, f.serious_at_us != TK_TIME_NONE);
        assert_true(tk_law_judge(law, &facts, TK_DATE_NONE, MAX(when - 1, start), &verdict, NULL));
        assert_int_not_equal(verdict.outcome, TK_OUTCOME_SERIOUS);
    }
    g_rand_free(dice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holidays_that_moved_are_where_they_were),
        cmocka_unit_test(years_not_announced_yet_are_said_to_be_computed),
        cmocka_unit_test(warnings_lead_up_to_the_safer_day),
        cmocka_unit_test(four_fifths_warn_before_the_last_working_day_where_it_comes_later),
        cmocka_unit_test(what_is_due_without_delay_has_no_warning_points),
        cmocka_unit_test(every_report_of_article_57_has_its_form_and_clock),
        cmocka_unit_test(at_the_present_count_it_becomes_serious_at_a_known_moment),
        cmocka_unit_test(the_earliest_branch_whose_users_are_met_decides),
        cmocka_unit_test(without_monthly_users_only_what_both_rows_agree_on_is_certain),
        cmocka_unit_test(a_forecast_agrees_with_the_judgement_at_that_moment),
    };
    return cmocka_run_group_tests(tests, load, unload);
}

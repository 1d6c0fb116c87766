/* Known answers at each number and date of 規58条 and 報7条の3, and the properties any criteria must have. */
#include "law_loaded.h"

static TkAccidentFacts facts_of(const char *service_id, const char *started, int64_t seconds, int64_t users)
{
    TkAccidentFacts facts = tk_law_facts(service(law, service_id), at(started));
    facts.ended_us = facts.started_us + seconds * TK_US_PER_S;
    facts.users = users;
    return facts;
}

static TkVerdict judge(const TkAccidentFacts *facts)
{
    TkVerdict verdict;
    GError *error = NULL;
    if (!tk_law_judge(law, facts, TK_DATE_NONE, at("2026-11-23T00:00:00+09:00"), &verdict, &error))
        fail_msg("%s", error->message);
    assert_non_null(verdict.article);
    assert_true(verdict.why_count > 0 || verdict.outcome == TK_OUTCOME_SERIOUS);
    return verdict;
}

static TkOutcome outcome(const char *service_id, const char *started, int64_t seconds, int64_t users)
{
    TkAccidentFacts facts = facts_of(service_id, started, seconds, users);
    return judge(&facts).outcome;
}

/* The branch is met exactly at its numbers and not a second or a user below. */
static void check_branch(const char *service_id, const char *started, int64_t monthly, int32_t hours,
                         int64_t users, const char *article)
{
    TkAccidentFacts facts = facts_of(service_id, started, hours * 3600, users);
    facts.monthly_users = monthly;
    TkVerdict met = judge(&facts);
    if (met.outcome != TK_OUTCOME_SERIOUS)
        fail_msg("%s on %s: %d h and %d users are not serious", service_id, started, (int)hours, (int)users);
    assert_string_equal(met.article, article);
    assert_true(met.has_branch && met.branch.hours == hours && met.branch.users == users);
    facts.users--;
    TkVerdict fewer = judge(&facts);
    facts.users++;
    facts.ended_us--; /* a microsecond short */
    TkVerdict shorter = judge(&facts);
    if (fewer.outcome == TK_OUTCOME_SERIOUS || shorter.outcome == TK_OUTCOME_SERIOUS)
        fail_msg("%s on %s: serious below %d h and %d users", service_id, started, (int)hours, (int)users);
}

static void every_branch_of_every_version_is_met_exactly_at_its_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        const char *service;
        int64_t monthly;
        int32_t hours;
        int64_t users;
        const char *article;
    } known[] = {
        {"2008-04-01", "voice-emergency", -1, 2, 30000, "施行規則58条1号"},
        {"2015-03-31", "voice-emergency", -1, 2, 30000, "施行規則58条1号"},
        {"2015-03-31", "internet-free", -1, 2, 30000, "施行規則58条1号"},
        {"2015-04-01", "voice-emergency", -1, 1, 30000, "施行規則58条1号 表一の項"},
        {"2015-04-01", "voice", -1, 2, 30000, "施行規則58条1号 表二の項"},
        {"2015-04-01", "voice", -1, 1, 100000, "施行規則58条1号 表二の項"},
        {"2015-04-01", "internet-free", -1, 24, 100000, "施行規則58条1号 表三の項"},
        {"2015-04-01", "mail-messaging-free", -1, 12, 1000000, "施行規則58条1号 表三の項"},
        {"2019-03-31", "lpwa", -1, 2, 30000, "施行規則58条1号 表四の項"},
        {"2019-03-31", "other", -1, 1, 1000000, "施行規則58条1号 表四の項"},
        {"2019-04-01", "lpwa", -1, 12, 30000, "施行規則58条1号 表三の項"},
        {"2019-06-27", "lpwa", -1, 2, 1000000, "施行規則58条1号 表三の項"},
        {"2023-06-15", "internet-free", -1, 12, 1000000, "施行規則58条1号 表四の項"},
        {"2023-06-16", "internet-free", -1, 12, 1000000, "施行規則58条2項1号 表四の項"},
        {"2026-03-31", "internet-access", -1, 1, 1000000, "施行規則58条2項1号 表五の項"},
        {"2026-03-31", "mail-messaging-free", 10000000, 24, 100000, "施行規則58条2項1号 表四の項"},
        {"2026-04-01", "voice-emergency", -1, 1, 30000, "施行規則58条2項1号 表一の項"},
        {"2026-04-01", "voice", -1, 2, 30000, "施行規則58条2項1号 表二の項"},
        {"2026-04-01", "voice", -1, 1, 100000, "施行規則58条2項1号 表二の項"},
        {"2026-04-01", "lpwa", -1, 12, 30000, "施行規則58条2項1号 表三の項"},
        {"2026-04-01", "lpwa", -1, 2, 1000000, "施行規則58条2項1号 表三の項"},
        {"2026-04-01", "mail-messaging-free", 10000000, 4, 100000, "施行規則58条2項1号 表四の項"},
        {"2026-04-01", "mail-messaging-free", 10000000, 2, 1000000, "施行規則58条2項1号 表四の項"},
        {"2026-04-01", "mail-messaging-free", 9999999, 24, 100000, "施行規則58条2項1号 表五の項"},
        {"2026-04-01", "internet-free", -1, 24, 100000, "施行規則58条2項1号 表五の項"},
        {"2026-04-01", "internet-free", -1, 12, 1000000, "施行規則58条2項1号 表五の項"},
        {"2026-04-01", "internet-access", -1, 2, 30000, "施行規則58条2項1号 表六の項"},
        {"2026-04-01", "internet-access", -1, 1, 100000, "施行規則58条2項1号 表六の項"},
        {"2026-04-01", "other", -1, 2, 30000, "施行規則58条2項1号 表七の項"},
        {"2026-04-01", "other", -1, 1, 1000000, "施行規則58条2項1号 表七の項"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autofree char *started = g_strdup_printf("%sT00:00:00+09:00", known[i].day);
        check_branch(known[i].service, started, known[i].monthly, known[i].hours, known[i].users,
                     known[i].article);
    }
}

static void the_law_is_that_of_the_day_it_began_in_japan(void **state)
{
    (void)state;
    static const struct {
        const char *started;
        const char *law, *version;
    } known[] = {
        {"2008-03-31T15:00:00Z", "2008-04-01", "2008-04-01"},
        {"2015-03-31T23:59:59+09:00", "2008-04-01", "2008-04-01"},
        {"2015-03-31T15:00:00Z", "2015-04-01", "2015-04-01"},
        {"2019-03-31T23:59:59+09:00", "2015-04-01", "2015-04-01"},
        {"2019-04-01T00:00:00+09:00", "2019-04-01", "2019-04-01"},
        {"2019-06-27T00:00:00+09:00", "2019-04-01", "2019-06-27"},
        {"2023-06-16T00:00:00+09:00", "2019-04-01", "2023-06-16"},
        {"2026-03-31T14:59:59Z", "2019-04-01", "2023-06-16"},
        {"2026-03-31T15:00:00Z", "2026-04-01", "2026-04-01"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        TkAccidentFacts facts = facts_of("voice", known[i].started, 60, 1);
        TkVerdict verdict = judge(&facts);
        assert_int_equal(verdict.law_date, day(known[i].law));
        assert_int_equal(verdict.version_date, day(known[i].version));
    }
}

static void impossible_facts_are_refused(void **state)
{
    (void)state;
    TkVerdict verdict;
    GError *error = NULL;
    int64_t now = at("2026-11-23T00:00:00+09:00");
    TkAccidentFacts facts = facts_of("voice", "2008-03-31T23:59:59+09:00", 60, 1);
    assert_false(tk_law_judge(law, &facts, TK_DATE_NONE, now, &verdict, &error));
    assert_error_says(error, "2008-03-31");
    assert_false(tk_law_judge(law, &facts, day("2026-04-01"), now, &verdict, &error)); /* nor by “what if” */
    assert_error_says(error, "2008-03-31");
    facts = facts_of("voice", "2026-05-01T00:00:00+09:00", -1, 1);
    assert_false(tk_law_judge(law, &facts, TK_DATE_NONE, now, &verdict, &error));
    assert_error_says(error, "ended_at");
    facts.ended_us = TK_TIME_NONE;
    assert_false(tk_law_judge(law, &facts, TK_DATE_NONE, at("2026-04-30T00:00:00+09:00"), &verdict, &error));
    assert_error_says(error, "started_at");
    facts.users = TK_LAW_COUNT_MAX + 1;
    assert_false(tk_law_judge(law, &facts, TK_DATE_NONE, now, &verdict, &error));
    assert_error_says(error, "affected_users");
    assert_false(tk_law_judge(law, &facts, day("2008-03-31"), now, &verdict, &error));
    g_clear_error(&error);
}

static void what_if_judges_by_another_day_and_says_so(void **state)
{
    (void)state;
    TkAccidentFacts facts = facts_of("internet-access", "2025-05-01T00:00:00+09:00", 3600, 100000);
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_PERIODIC_DETAILED);
    TkVerdict verdict;
    assert_true(tk_law_judge(law, &facts, day("2026-04-01"), 0, &verdict, NULL));
    assert_int_equal(verdict.outcome, TK_OUTCOME_SERIOUS);
    assert_int_equal(verdict.reports[1].due, day("2025-05-31")); /* its own day still starts the clock */
    g_auto(TkBuf) words = {0};
    tk_buf_init(&words, 1000);
    tk_law_why_add(&verdict.why[0], TK_LANG_EN, &words);
    assert_non_null(strstr(tk_buf_str(&words), "2026-04-01"));
}

static void an_accident_still_going_on_is_judged_as_of_now(void **state)
{
    (void)state;
    TkAccidentFacts facts = tk_law_facts(service(law, "voice-emergency"), at("2026-05-01T10:00:00+09:00"));
    facts.users = 30000;
    TkVerdict verdict;
    assert_true(tk_law_judge(law, &facts, TK_DATE_NONE, at("2026-05-01T10:59:59+09:00"), &verdict, NULL));
    assert_int_equal(verdict.outcome, TK_OUTCOME_PERIODIC_DETAILED);
    assert_int_equal(verdict.duration_s, 3599);
    assert_true(tk_law_judge(law, &facts, TK_DATE_NONE, at("2026-05-01T11:00:00+09:00"), &verdict, NULL));
    assert_int_equal(verdict.outcome, TK_OUTCOME_SERIOUS);
}

static const TkReportDue *report(const TkVerdict *verdict, const char *kind)
{
    for (size_t i = 0; i < verdict->report_count; i++)
        if (strcmp(verdict->reports[i].kind, kind) == 0)
            return &verdict->reports[i];
    return NULL;
}

static void the_thirty_days_of_published_accidents(void **state)
{
    (void)state;
    static const struct {
        const char *started, *due, *safe;
    } known[] = {
        {"2021-10-14T16:54:00+09:00", "2021-11-13", "2021-11-12"}, /* announced: until 13 November */
        {"2022-12-17T08:00:00+09:00", "2023-01-16", "2023-01-15"}, /* received on 16 January, the 30th day */
        {"2022-08-25T09:00:00+09:00", "2022-09-24", "2022-09-23"}, /* a Saturday; the day is not moved */
        {"2018-02-19T09:30:00+09:00", "2018-03-21",
         "2018-03-20"}, /* the ministry counted the first day here */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        TkAccidentFacts facts = facts_of("voice-emergency", known[i].started, 86400, 1000000);
        TkVerdict verdict = judge(&facts);
        const TkReportDue *detailed = report(&verdict, "serious-detailed");
        assert_non_null(detailed);
        assert_int_equal(detailed->due, day(known[i].due));
        assert_int_equal(detailed->due_safe, day(known[i].safe));
        assert_int_equal(detailed->clock, TK_CLOCK_OCCURRENCE);
        assert_string_equal(detailed->form, "様式第50の3");
        const TkReportDue *initial = report(&verdict, "serious-initial");
        assert_non_null(initial);
        assert_int_equal(initial->due, TK_DATE_NONE);
        assert_null(initial->form);
    }
}

static void periodic_reports_went_from_quarters_to_fiscal_years(void **state)
{
    (void)state;
    static const struct {
        const char *started, *due;
        TkClock clock;
    } known[] = {
        {"2024-06-30T23:59:59+09:00", "2024-08-31", TK_CLOCK_QUARTER},
        {"2024-07-01T00:00:00+09:00", "2024-11-30", TK_CLOCK_QUARTER},
        {"2023-10-01T00:00:00+09:00", "2024-02-29", TK_CLOCK_QUARTER},
        {"2025-03-31T23:59:59+09:00", "2025-05-31", TK_CLOCK_QUARTER},
        {"2025-04-01T00:00:00+09:00", "2026-05-31", TK_CLOCK_FISCAL_YEAR},
        {"2026-03-31T23:59:59+09:00", "2026-05-31", TK_CLOCK_FISCAL_YEAR},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        TkAccidentFacts facts = facts_of("voice", known[i].started, 7200, 10);
        TkVerdict verdict = judge(&facts);
        assert_int_equal(verdict.outcome, TK_OUTCOME_PERIODIC_DETAILED);
        assert_int_equal(verdict.report_count, 1);
        assert_int_equal(verdict.reports[0].due, day(known[i].due));
        assert_int_equal(verdict.reports[0].clock, known[i].clock);
    }
}

static void a_serious_accident_was_in_the_quarterly_report_until_june_2023(void **state)
{
    (void)state;
    TkAccidentFacts before = facts_of("voice-emergency", "2023-06-15T23:59:59+09:00", 3600, 30000);
    TkAccidentFacts after = facts_of("voice-emergency", "2023-06-16T00:00:00+09:00", 3600, 30000);
    before.equipment = after.equipment = TK_EQUIPMENT_DSLAM; /* a simplified form is for the others */
    TkVerdict a = judge(&before), b = judge(&after);
    assert_int_equal(a.report_count, 3);
    assert_int_equal(report(&a, "periodic-detailed")->due, day("2023-08-31"));
    assert_int_equal(b.report_count, 2);
    assert_null(report(&b, "periodic-detailed"));
}

static void periodic_reports_begin_at_two_hours_or_thirty_thousand_users(void **state)
{
    (void)state;
    const char *when = "2026-05-01T00:00:00+09:00";
    assert_int_equal(outcome("voice", when, 7199, 29999), TK_OUTCOME_NOT_REPORTABLE);
    assert_int_equal(outcome("voice", when, 7200, 0), TK_OUTCOME_PERIODIC_DETAILED);
    assert_int_equal(outcome("voice", when, 1, 30000), TK_OUTCOME_PERIODIC_DETAILED);
}

static void the_simplified_form_is_for_three_kinds_of_equipment(void **state)
{
    (void)state;
    TkAccidentFacts facts = facts_of("voice", "2026-05-01T00:00:00+09:00", 7200, 10);
    for (TkEquipment e = TK_EQUIPMENT_OTHER; e <= TK_EQUIPMENT_DSLAM; e++) {
        facts.equipment = e;
        TkVerdict verdict = judge(&facts);
        assert_int_equal(verdict.outcome, e == TK_EQUIPMENT_OTHER ? TK_OUTCOME_PERIODIC_DETAILED
                                                                  : TK_OUTCOME_PERIODIC_SIMPLIFIED);
        assert_string_equal(verdict.reports[0].kind, tk_law_outcome_id(verdict.outcome));
    }
    facts.fault = TK_FAULT_OTHER_EQUIPMENT;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_PERIODIC_DETAILED);
}

static void other_equipment_is_never_serious(void **state)
{
    (void)state;
    TkAccidentFacts facts = facts_of("voice-emergency", "2026-05-01T00:00:00+09:00", 10 * 86400, 50000000);
    facts.fault = TK_FAULT_OTHER_EQUIPMENT;
    facts.additional_function_only = TK_YES; /* exempts telecommunications equipment only */
    TkVerdict verdict = judge(&facts);
    assert_int_equal(verdict.outcome, TK_OUTCOME_PERIODIC_DETAILED);
    assert_string_equal(verdict.article, "報告規則7条の3第1項2号");
    facts = facts_of("voice-emergency", "2026-05-01T00:00:00+09:00", 7199, 29999);
    facts.fault = TK_FAULT_OTHER_EQUIPMENT;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_NOT_REPORTABLE);
}

static void additional_functions_alone_are_not_reportable(void **state)
{
    (void)state;
    TkAccidentFacts facts = facts_of("voice-emergency", "2026-05-01T00:00:00+09:00", 10 * 86400, 50000000);
    facts.additional_function_only = TK_YES;
    TkVerdict verdict = judge(&facts);
    assert_int_equal(verdict.outcome, TK_OUTCOME_NOT_REPORTABLE);
    assert_int_equal(verdict.report_count, 0);
}

static void an_important_facility_is_serious_when_all_traffic_is_lost_for_two_hours(void **state)
{
    (void)state;
    TkAccidentFacts facts = facts_of("other", "2026-05-01T00:00:00+09:00", 7200, 10);
    facts.fault = TK_FAULT_IMPORTANT_FACILITY;
    facts.all_traffic_lost = TK_YES;
    TkVerdict verdict = judge(&facts);
    assert_int_equal(verdict.outcome, TK_OUTCOME_SERIOUS);
    assert_false(verdict.has_branch);
    assert_string_equal(verdict.article, "施行規則58条2項2号");
    facts.all_traffic_lost = TK_NO;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_PERIODIC_DETAILED);
    facts.all_traffic_lost = TK_UNKNOWN;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_UNDETERMINED);
    facts.ended_us--; /* below two hours it does not matter any more */
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_NOT_REPORTABLE);
    facts.ended_us++;
    facts.users = 30000; /* it is telecommunications equipment as well */
    verdict = judge(&facts);
    assert_int_equal(verdict.outcome, TK_OUTCOME_SERIOUS);
    assert_string_equal(verdict.article, "施行規則58条2項1号 表七の項");
    facts.started_us = at("2023-06-15T00:00:00+09:00");
    facts.ended_us = facts.started_us + 7200 * TK_US_PER_S;
    facts.all_traffic_lost = TK_YES;
    assert_string_equal(judge(&facts).article, "施行規則58条2号");
}

static void unknown_users_matter_only_where_the_answer_hangs_on_them(void **state)
{
    (void)state;
    const char *when = "2026-05-01T00:00:00+09:00";
    assert_int_equal(outcome("voice", when, 3600, -1), TK_OUTCOME_UNDETERMINED);
    assert_int_equal(outcome("voice", when, 3599, -1), TK_OUTCOME_UNDETERMINED); /* periodic or nothing */
    assert_int_equal(outcome("internet-free", when, 7200, -1), TK_OUTCOME_PERIODIC_DETAILED);
    assert_int_equal(outcome("internet-free", when, 12 * 3600, -1), TK_OUTCOME_UNDETERMINED);
}

static void line_speeds_stand_for_users_that_cannot_be_counted(void **state)
{
    (void)state;
    TkAccidentFacts facts = facts_of("voice-emergency", "2026-05-01T00:00:00+09:00", 3600, -1);
    facts.link_kbps = 2000001;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_SERIOUS);
    facts.link_kbps = 2000000; /* “more than” */
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_NOT_REPORTABLE);
    facts.users = 30000; /* users count where they are known */
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_SERIOUS);
    facts.users = 29999;
    facts.link_kbps = 9000000;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_NOT_REPORTABLE);
}

static void unknown_monthly_users_matter_only_where_rows_four_and_five_differ(void **state)
{
    (void)state;
    const char *when = "2026-05-01T00:00:00+09:00";
    assert_int_equal(outcome("mail-messaging-free", when, 4 * 3600, 100000), TK_OUTCOME_UNDETERMINED);
    assert_int_equal(outcome("mail-messaging-free", when, 24 * 3600, 100000), TK_OUTCOME_SERIOUS);
    assert_int_equal(outcome("mail-messaging-free", when, 24 * 3600, 99999), TK_OUTCOME_PERIODIC_DETAILED);
    assert_int_equal(outcome("mail-messaging-free", "2026-03-31T00:00:00+09:00", 4 * 3600, 100000),
                     TK_OUTCOME_PERIODIC_DETAILED);
}

/* ---- property: more users or more time never makes an accident less severe ---- */

static int severity(const TkAccidentFacts *facts, TkDate law_date)
{
    TkVerdict verdict;
    GError *error = NULL;
    if (!tk_law_judge(law, facts, law_date, 0, &verdict, &error))
        fail_msg("%s", error->message);
    switch (verdict.outcome) {
    case TK_OUTCOME_NOT_REPORTABLE:
        return 0;
    case TK_OUTCOME_PERIODIC_SIMPLIFIED:
    case TK_OUTCOME_PERIODIC_DETAILED:
        return 1;
    case TK_OUTCOME_SERIOUS:
        return 2;
    default:
        fail_msg("nothing is unknown, yet the outcome is %s", tk_law_outcome_id(verdict.outcome));
        return -1;
    }
}

static void more_users_or_time_is_never_less_severe(void **state)
{
    (void)state;
    static const char *const dates[] = {"2008-04-01", "2015-04-01", "2019-04-01", "2019-06-27",
                                        "2023-06-16", "2025-04-01", "2026-04-01"};
    static const int64_t hours[] = {0, 1, 2, 4, 12, 24, 100};
    static const int64_t users[] = {0, 29999, 30000, 99999, 100000, 999999, 1000000, 60000000};
    GRand *dice = g_rand_new_with_seed(58);
    for (int round = 0; round < 200000; round++) {
        TkDate date = day(dates[g_rand_int_range(dice, 0, G_N_ELEMENTS(dates))]);
        TkAccidentFacts less =
            tk_law_facts(g_rand_int_range(dice, 0, (int)tk_law_service_count(law)), tk_time_of_date(date));
        less.monthly_users = g_rand_boolean(dice) ? 9999999 : 10000000;
        less.fault = (TkFault)g_rand_int_range(dice, 0, 3);
        less.equipment = (TkEquipment)g_rand_int_range(dice, 0, 4);
        less.all_traffic_lost = g_rand_boolean(dice) ? TK_YES : TK_NO;
        less.additional_function_only = g_rand_int_range(dice, 0, 10) == 0 ? TK_YES : TK_NO;
        less.users = users[g_rand_int_range(dice, 0, G_N_ELEMENTS(users))];
        less.ended_us = less.started_us + (hours[g_rand_int_range(dice, 0, G_N_ELEMENTS(hours))] * 3600 -
                                           g_rand_int_range(dice, 0, 2)) *
                                              TK_US_PER_S;
        less.ended_us = MAX(less.ended_us, less.started_us);
        TkAccidentFacts more = less;
        more.users += g_rand_int_range(dice, 0, 2000000);
        more.ended_us += (int64_t)g_rand_int_range(dice, 0, 100000) * TK_US_PER_S;
        if (severity(&more, date) < severity(&less, date))
            fail_msg("service %s by the law of %d: more is less severe", tk_law_service_id(law, less.service),
                     date);
    }
    g_rand_free(dice);
}

static void unknown_is_only_said_where_some_value_would_change_the_answer(void **state)
{
    (void)state;
    GRand *dice = g_rand_new_with_seed(57);
    for (int round = 0; round < 20000; round++) {
        TkAccidentFacts facts = tk_law_facts(g_rand_int_range(dice, 0, (int)tk_law_service_count(law)),
                                             at("2026-05-01T00:00:00+09:00"));
        facts.ended_us = facts.started_us + (int64_t)g_rand_int_range(dice, 0, 30) * 3600 * TK_US_PER_S;
        facts.fault = (TkFault)g_rand_int_range(dice, 0, 3);
        TkVerdict open = judge(&facts);
        bool seen[TK_OUTCOME_LEAK + 1] = {false};
        int different = 0;
        static const int64_t users[] = {0, 29999, 30000, 99999, 100000, 999999, 1000000};
        for (size_t u = 0; u < G_N_ELEMENTS(users); u++)
            for (int m = 0; m < 2; m++)
                for (int lost = 0; lost < 2; lost++) {
                    facts.users = users[u];
                    facts.monthly_users = m ? 10000000 : 0;
                    facts.all_traffic_lost = lost ? TK_YES : TK_NO;
                    TkOutcome known = judge(&facts).outcome;
                    different += !seen[known];
                    seen[known] = true;
                }
        if ((open.outcome == TK_OUTCOME_UNDETERMINED) != (different > 1))
            fail_msg("%s: %s although %d outcomes are possible", tk_law_service_id(law, facts.service),
                     tk_law_outcome_id(open.outcome), different);
    }
    g_rand_free(dice);
}

static void reasons_say_how_far_each_branch_was(void **state)
{
    (void)state;
    TkAccidentFacts facts = facts_of("voice", "2026-05-01T10:00:00+09:00", 6350, 45000);
    TkVerdict verdict = judge(&facts);
    g_auto(TkBuf) words = {0};
    tk_buf_init(&words, 4096);
    tk_law_why_add(&verdict.why[0], TK_LANG_EN, &words);
    assert_non_null(strstr(tk_buf_str(&words), "users met (45,000 ≧ 30,000), time 00:14:10 short"));
    tk_buf_reset(&words);
    tk_law_why_add(&verdict.why[0], TK_LANG_JA, &words);
    assert_non_null(strstr(tk_buf_str(&words), "(45,000 ≧ 30,000)、時間は 00:14:10 不足"));
    tk_buf_reset(&words);
    tk_law_why_add(&verdict.why[1], TK_LANG_EN, &words);
    assert_non_null(strstr(tk_buf_str(&words), "users 55,000 short, time met (01:45:50)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_branch_of_every_version_is_met_exactly_at_its_numbers),
        cmocka_unit_test(the_law_is_that_of_the_day_it_began_in_japan),
        cmocka_unit_test(impossible_facts_are_refused),
        cmocka_unit_test(what_if_judges_by_another_day_and_says_so),
        cmocka_unit_test(an_accident_still_going_on_is_judged_as_of_now),
        cmocka_unit_test(the_thirty_days_of_published_accidents),
        cmocka_unit_test(periodic_reports_went_from_quarters_to_fiscal_years),
        cmocka_unit_test(a_serious_accident_was_in_the_quarterly_report_until_june_2023),
        cmocka_unit_test(periodic_reports_begin_at_two_hours_or_thirty_thousand_users),
        cmocka_unit_test(the_simplified_form_is_for_three_kinds_of_equipment),
        cmocka_unit_test(other_equipment_is_never_serious),
        cmocka_unit_test(additional_functions_alone_are_not_reportable),
        cmocka_unit_test(an_important_facility_is_serious_when_all_traffic_is_lost_for_two_hours),
        cmocka_unit_test(unknown_users_matter_only_where_the_answer_hangs_on_them),
        cmocka_unit_test(line_speeds_stand_for_users_that_cannot_be_counted),
        cmocka_unit_test(unknown_monthly_users_matter_only_where_rows_four_and_five_differ),
        cmocka_unit_test(more_users_or_time_is_never_less_severe),
        cmocka_unit_test(unknown_is_only_said_where_some_value_would_change_the_answer),
        cmocka_unit_test(reasons_say_how_far_each_branch_was),
    };
    return cmocka_run_group_tests(tests, load, unload);
}

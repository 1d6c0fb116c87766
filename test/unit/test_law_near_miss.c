/* Near misses (規58条の2) in both versions, and leaks (法28条1項2号イ・ロ). */
#include "law_loaded.h"

/* All of イ to ヘ are met, by a failed switchover that nobody noticed. */
static TkNearMissFacts near_miss_on(const char *when)
{
    return (TkNearMissFacts){.occurred_us = at(when),
                             .known_us = at(when) + TK_US_PER_DAY,
                             .carrier_users = 30000,
                             .several_prefectures = TK_YES,
                             .function = TK_FUNCTION_SWITCHING,
                             .event = TK_NEAR_MISS_NO_SWITCHOVER,
                             .noticed_promptly = TK_NO};
}

static TkVerdict judge(const TkNearMissFacts *facts)
{
    TkVerdict verdict;
    GError *error = NULL;
    if (!tk_law_near_miss(law, facts, TK_DATE_NONE, &verdict, &error))
        fail_msg("%s", error->message);
    return verdict;
}

#define OLD "2026-03-31T10:00:00+09:00"
#define NEW "2026-04-01T10:00:00+09:00"

static void a_near_miss_is_reported_within_thirty_days_of_knowledge(void **state)
{
    (void)state;
    TkNearMissFacts facts = near_miss_on(NEW);
    TkVerdict verdict = judge(&facts);
    assert_int_equal(verdict.outcome, TK_OUTCOME_NEAR_MISS);
    assert_string_equal(verdict.article, "施行規則58条の2第1号");
    assert_int_equal(verdict.law_date, day("2026-04-01"));
    assert_int_equal(verdict.report_count, 2);
    assert_string_equal(verdict.reports[1].form, "様式第50の4");
    assert_int_equal(verdict.reports[1].clock, TK_CLOCK_KNOWLEDGE);
    assert_int_equal(verdict.reports[1].due, day("2026-05-02")); /* known on 2 April */
}

static void each_condition_alone_excludes_it(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++) {
        TkNearMissFacts facts = near_miss_on(NEW);
        facts.carrier_users -= i == 0;
        facts.several_prefectures = i == 1 ? TK_NO : TK_YES;
        facts.terminal_side = i == 2 ? TK_YES : TK_NO;
        facts.function = i == 3 ? TK_FUNCTION_NONE : TK_FUNCTION_SUBSCRIBER;
        facts.event = i == 4 ? TK_NEAR_MISS_NONE : TK_NEAR_MISS_CANNOT_STOP;
        facts.planned = i == 5 ? TK_YES : TK_NO;
        facts.within_design = i == 6 ? TK_YES : TK_NO;
        facts.natural_disaster = i == 7 ? TK_YES : TK_NO;
        facts.serious = i == 8 ? TK_YES : TK_NO;
        assert_int_equal(judge(&facts).outcome, TK_OUTCOME_NOT_REPORTABLE);
    }
}

static void a_noticed_failure_to_switch_over_counts_from_april_2026(void **state)
{
    (void)state;
    TkNearMissFacts facts = near_miss_on(OLD);
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_NEAR_MISS);
    facts.noticed_promptly = TK_YES;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_NOT_REPORTABLE);
    facts.noticed_promptly = TK_UNKNOWN;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_UNDETERMINED);
    facts = near_miss_on(NEW);
    facts.noticed_promptly = TK_YES;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_NEAR_MISS);
}

static void overload_and_wrong_configuration_are_new_in_april_2026(void **state)
{
    (void)state;
    for (TkNearMissEvent e = TK_NEAR_MISS_CANNOT_STOP; e <= TK_NEAR_MISS_WRONG_CONFIGURATION; e++) {
        TkNearMissFacts before = near_miss_on(OLD), after = near_miss_on(NEW);
        before.event = after.event = e;
        assert_int_equal(judge(&before).outcome,
                         e >= TK_NEAR_MISS_OVER_CAPACITY ? TK_OUTCOME_NOT_REPORTABLE : TK_OUTCOME_NEAR_MISS);
        assert_int_equal(judge(&after).outcome, TK_OUTCOME_NEAR_MISS);
    }
}

static void a_disaster_does_not_excuse_overturned_equipment(void **state)
{
    (void)state;
    TkNearMissFacts facts = near_miss_on(NEW);
    facts.natural_disaster = TK_YES;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_NOT_REPORTABLE);
    facts.event = TK_NEAR_MISS_OVERTURN;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_NEAR_MISS);
}

static void damage_to_an_important_facility_is_enough(void **state)
{
    (void)state;
    TkNearMissFacts facts = {.occurred_us = at(NEW),
                             .known_us = TK_TIME_NONE,
                             .carrier_users = -1,
                             .important_facility_damage = TK_YES};
    TkVerdict verdict = judge(&facts);
    assert_int_equal(verdict.outcome, TK_OUTCOME_NEAR_MISS);
    assert_string_equal(verdict.article, "施行規則58条の2第2号");
    assert_int_equal(verdict.reports[1].due, day("2026-05-01"));
    facts.important_facility_damage = TK_UNKNOWN;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_UNDETERMINED);
    facts.serious = TK_YES;
    assert_int_equal(judge(&facts).outcome, TK_OUTCOME_NOT_REPORTABLE);
}

static void near_misses_begin_in_june_2023(void **state)
{
    (void)state;
    TkVerdict verdict;
    GError *error = NULL;
    TkNearMissFacts facts = near_miss_on("2023-06-15T23:59:59+09:00");
    assert_false(tk_law_near_miss(law, &facts, TK_DATE_NONE, &verdict, &error));
    assert_error_says(error, "58条の2");
    facts = near_miss_on("2023-06-16T00:00:00+09:00");
    assert_true(tk_law_near_miss(law, &facts, TK_DATE_NONE, &verdict, &error));
    assert_string_equal(verdict.reports[1].article, "施行規則57条2項");
    facts.known_us = facts.occurred_us - 1;
    assert_false(tk_law_near_miss(law, &facts, TK_DATE_NONE, &verdict, &error));
    assert_error_says(error, "known_at");
}

static TkOutcome leak(TkLeakKind kind, int64_t users, TkTri abroad, TkTri designated)
{
    TkVerdict verdict;
    GError *error = NULL;
    TkLeakFacts facts = {kind, at(NEW), TK_TIME_NONE, users, abroad, designated};
    if (!tk_law_leak(law, &facts, TK_DATE_NONE, &verdict, &error))
        fail_msg("%s", error->message);
    return verdict.outcome;
}

static void a_leak_of_the_secrecy_of_communications_has_no_lower_limit(void **state)
{
    (void)state;
    assert_int_equal(leak(TK_LEAK_SECRECY, 1, TK_NO, TK_NO), TK_OUTCOME_LEAK);
    assert_int_equal(leak(TK_LEAK_SECRECY, -1, TK_UNKNOWN, TK_UNKNOWN), TK_OUTCOME_LEAK);
    TkVerdict verdict;
    TkLeakFacts facts = {
        TK_LEAK_SECRECY, at("2014-06-01T12:00:00+09:00"), at("2014-07-01T12:00:00+09:00"), 1, TK_NO, TK_NO};
    assert_true(tk_law_leak(law, &facts, TK_DATE_NONE, &verdict, NULL));
    assert_string_equal(verdict.reports[1].form, "様式第50の2");
    assert_int_equal(verdict.reports[1].due, day("2014-07-31"));
}

static void specified_user_information_counts_over_a_thousand_or_abroad(void **state)
{
    (void)state;
    assert_int_equal(leak(TK_LEAK_SPECIFIED_USER_INFO, 1000, TK_NO, TK_YES), TK_OUTCOME_NOT_REPORTABLE);
    assert_int_equal(leak(TK_LEAK_SPECIFIED_USER_INFO, 1001, TK_NO, TK_YES), TK_OUTCOME_LEAK);
    assert_int_equal(leak(TK_LEAK_SPECIFIED_USER_INFO, 1, TK_YES, TK_YES), TK_OUTCOME_LEAK);
    assert_int_equal(leak(TK_LEAK_SPECIFIED_USER_INFO, 1001, TK_NO, TK_NO), TK_OUTCOME_NOT_REPORTABLE);
    assert_int_equal(leak(TK_LEAK_SPECIFIED_USER_INFO, -1, TK_NO, TK_YES), TK_OUTCOME_UNDETERMINED);
    assert_int_equal(leak(TK_LEAK_SPECIFIED_USER_INFO, 1001, TK_NO, TK_UNKNOWN), TK_OUTCOME_UNDETERMINED);
    assert_int_equal(leak(TK_LEAK_SPECIFIED_USER_INFO, 5, TK_NO, TK_UNKNOWN), TK_OUTCOME_NOT_REPORTABLE);
}

static void specified_user_information_begins_in_june_2023(void **state)
{
    (void)state;
    TkVerdict verdict;
    GError *error = NULL;
    TkLeakFacts facts = {
        TK_LEAK_SPECIFIED_USER_INFO, at("2023-06-15T12:00:00+09:00"), TK_TIME_NONE, 5000, TK_NO, TK_YES};
    assert_false(tk_law_leak(law, &facts, TK_DATE_NONE, &verdict, &error));
    assert_error_says(error, "58条1項");
    facts.occurred_us += TK_US_PER_DAY;
    assert_true(tk_law_leak(law, &facts, TK_DATE_NONE, &verdict, &error));
    assert_string_equal(verdict.reports[1].form, "様式第50の2の2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_near_miss_is_reported_within_thirty_days_of_knowledge),
        cmocka_unit_test(each_condition_alone_excludes_it),
        cmocka_unit_test(a_noticed_failure_to_switch_over_counts_from_april_2026),
        cmocka_unit_test(overload_and_wrong_configuration_are_new_in_april_2026),
        cmocka_unit_test(a_disaster_does_not_excuse_overturned_equipment),
        cmocka_unit_test(damage_to_an_important_facility_is_enough),
        cmocka_unit_test(near_misses_begin_in_june_2023),
        cmocka_unit_test(a_leak_of_the_secrecy_of_communications_has_no_lower_limit),
        cmocka_unit_test(specified_user_information_counts_over_a_thousand_or_abroad),
        cmocka_unit_test(specified_user_information_begins_in_june_2023),
    };
    return cmocka_run_group_tests(tests, load, unload);
}

/* What an officer must fulfil, each at its boundary. */
#include "law_loaded.h"

static TkAppointment nobody_knows(const char *appointed)
{
    return (TkAppointment){.appointed = day(appointed),
                           .dismissed = TK_DATE_NONE,
                           .notified = TK_DATE_NONE,
                           .position = TK_UNKNOWN,
                           .experience_months = -1,
                           .equal_ability = TK_UNKNOWN,
                           .dismissal_order = TK_DATE_NONE,
                           .certificate_issued = TK_DATE_NONE,
                           .trained = TK_DATE_NONE,
                           .operations_begin = TK_DATE_NONE,
                           .designated = TK_DATE_NONE};
}

static TkOfficerCheck check(const char *office, const TkAppointment *facts, const char *date, const char *id)
{
    TkOfficerCheck checks[TK_OFFICER_CHECKS_MAX];
    size_t count = tk_law_officer_checks(law, office, facts, day(date), checks);
    for (size_t i = 0; i < count; i++)
        if (strcmp(checks[i].check, id) == 0)
            return checks[i];
    fail_msg("%s is not checked for %s", office, id);
    return checks[0];
}

static void three_years_of_practice_or_equal_ability(void **state)
{
    (void)state;
    TkAppointment facts = nobody_knows("2026-04-01");
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "experience").met, TK_UNKNOWN);
    facts.equal_ability = TK_NO;
    facts.experience_months = 35;
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "experience").met, TK_NO);
    facts.experience_months = 36;
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "experience").met, TK_YES);
    facts.experience_months = 0;
    facts.equal_ability = TK_YES;
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "experience").met, TK_YES);
}

static void two_years_pass_after_a_dismissal_by_order(void **state)
{
    (void)state;
    TkAppointment facts = nobody_knows("2026-03-31");
    facts.dismissal_order = day("2024-04-01");
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "not-barred").met, TK_NO);
    facts.appointed = day("2026-04-01");
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "not-barred").met, TK_YES);
}

static void appointed_before_operations_or_three_months_after_designation(void **state)
{
    (void)state;
    TkAppointment facts = nobody_knows("2026-04-01");
    facts.operations_begin = day("2026-04-01");
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "before-operations").met, TK_NO);
    facts.appointed = day("2026-03-31");
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "before-operations").met, TK_YES);
    facts.designated = day("2025-12-31");
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "before-operations").due,
                     day("2026-03-31"));
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "before-operations").met, TK_YES);
    facts.appointed = day("2026-04-01");
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "before-operations").met, TK_NO);
    assert_int_equal(check("user-information-manager", &facts, "2026-05-01", "within-designation").met,
                     TK_NO);
}

static void who_follows_another_is_not_late_for_the_beginning_of_operations(void **state)
{
    (void)state;
    TkAppointment facts = nobody_knows("2022-06-28");
    facts.operations_begin = day("2012-04-01");
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "before-operations").met, TK_NO);
    facts.successor = true;
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "before-operations").met, TK_YES);
    assert_int_equal(check("general-manager", &facts, "2026-05-01", "before-operations").due, TK_DATE_NONE);
}

static void training_is_counted_from_appointment_certificate_or_the_last_one(void **state)
{
    (void)state;
    TkAppointment facts = nobody_knows("2026-04-10");
    assert_int_equal(check("chief-engineer", &facts, "2027-04-10", "training").due, day("2027-04-10"));
    assert_int_equal(check("chief-engineer", &facts, "2027-04-10", "training").met, TK_YES);
    assert_int_equal(check("chief-engineer", &facts, "2027-04-11", "training").met, TK_NO);
    facts.certificate_issued = day("2024-04-10"); /* two years have not passed before the day is over */
    assert_int_equal(check("chief-engineer", &facts, "2026-05-01", "training").due, day("2027-04-10"));
    facts.certificate_issued = day("2025-06-01");
    assert_int_equal(check("chief-engineer", &facts, "2026-05-01", "training").due, day("2028-06-01"));
    facts.certificate_issued = day("2024-04-09");
    assert_int_equal(check("chief-engineer", &facts, "2026-05-01", "training").due, day("2027-04-10"));
    facts.trained = day("2026-09-15"); /* three years from the first of October */
    assert_int_equal(check("chief-engineer", &facts, "2026-10-01", "training").due, day("2029-09-30"));
    facts.trained = day("2024-04-09"); /* longer ago than two years at the appointment */
    assert_int_equal(check("chief-engineer", &facts, "2026-05-01", "training").due, day("2027-04-10"));
}

static void offices_are_those_of_the_day(void **state)
{
    (void)state;
    TkOffice offices[8];
    size_t count;
    tk_law_offices(law, day("2023-06-15"), offices, 8, &count);
    assert_int_equal(count, 3);
    tk_law_offices(law, day("2023-06-16"), offices, 8, &count);
    assert_int_equal(count, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_years_of_practice_or_equal_ability),
        cmocka_unit_test(two_years_pass_after_a_dismissal_by_order),
        cmocka_unit_test(appointed_before_operations_or_three_months_after_designation),
        cmocka_unit_test(who_follows_another_is_not_late_for_the_beginning_of_operations),
        cmocka_unit_test(training_is_counted_from_appointment_certificate_or_the_last_one),
        cmocka_unit_test(offices_are_those_of_the_day),
    };
    return cmocka_run_group_tests(tests, load, unload);
}

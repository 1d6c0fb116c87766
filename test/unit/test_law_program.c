/* Obligations by profile and day: each boundary, the designations' days, what changed from year to year. */
#include "law_loaded.h"

/* A profile of a carrier with these facts and services, both as the inside of JSON. */
static TkProfile *profile_of(const char *facts, const char *services)
{
    GError *error = NULL;
    g_autofree char *text = g_strdup_printf("{\"format\":\"tokatsu-profile/1\",\"facts\":{%s}%s%s%s}", facts,
                                            services == NULL ? "" : ",\"services\":[",
                                            services == NULL ? "" : services, services == NULL ? "" : "]");
    TkProfile *profile = tk_profile_read(law, "test", text, strlen(text), &error);
    if (profile == NULL)
        fail_msg("%s", error->message);
    return profile;
}

typedef struct {
    TkProfile *profile;
    TkProgram *program;
    const TkDuty *duty;
} Answer;

static Answer ask(const char *facts, const char *services, const char *date, const char *id)
{
    Answer out = {.profile = profile_of(facts, services)};
    GError *error = NULL;
    out.program = tk_law_obligations(law, out.profile, day(date), &error);
    if (out.program == NULL)
        fail_msg("%s", error->message);
    out.duty = tk_program_find(out.program, id);
    if (out.duty == NULL)
        fail_msg("there is no obligation %s", id);
    return out;
}

static void done(Answer *answer)
{
    tk_program_free(answer->program);
    tk_profile_free(answer->profile);
}

static TkTri applies(const char *facts, const char *services, const char *date, const char *id)
{
    Answer answer = ask(facts, services, date, id);
    TkTri tri = answer.duty->applies;
    done(&answer);
    return tri;
}

#define LINES                                                                                                \
    "\"status\":\"registered\",\"installs_lines\":true,\"lines_local\":false,\"lines_exempt\":false,"        \
    "\"universal_service\":false,\"eligible\":false,\"designated_41\":false,\"domain_name\":false"
#define NO_LINES                                                                                             \
    "\"status\":\"notified\",\"installs_lines\":false,\"lines_local\":false,\"lines_exempt\":false,"         \
    "\"universal_service\":false,\"eligible\":false,\"domain_name\":false"

/* ---- boundaries ---- */

static void a_million_paying_users_at_the_end_of_the_year_before_make_designation_possible(void **state)
{
    (void)state;
    const struct {
        const char *users, *paid;
        TkTri want;
    } rows[] = {{"999999", "true", TK_NO},
                {"1000000", "true", TK_YES},
                {"1000000", "false", TK_NO},
                {"null", "true", TK_UNKNOWN}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *service = g_strdup_printf("{\"id\":\"s\",\"facts\":{\"universal\":false,\"mobile_"
                                                   "numbers\":false,\"paid\":%s,\"users\":[{\"from\":"
                                                   "\"2026-03-31\",\"value\":%s}]}}",
                                                   rows[i].paid, rows[i].users);
        assert_int_equal(applies(NO_LINES, service, "2026-04-01", "criterion-41"), rows[i].want);
        /* The day before belongs to the year whose count is of 2025-03-31, and that is not known. */
        assert_int_equal(applies(NO_LINES, service, "2026-03-31", "criterion-41"),
                         rows[i].want == TK_NO && rows[i].paid[0] == 'f' ? TK_NO : TK_UNKNOWN);
    }
}

static void mobile_numbers_make_designation_possible_from_2023_02_22(void **state)
{
    (void)state;
    const char *service = "{\"id\":\"mvno\",\"facts\":{\"universal\":false,\"mobile_numbers\":true,\"paid\":"
                          "true,\"users\":10}}";
    assert_int_equal(applies(NO_LINES, service, "2023-02-21", "criterion-41"), TK_NO);
    assert_int_equal(applies(NO_LINES, service, "2023-02-22", "criterion-41"), TK_YES);
}

static void ten_million_free_or_five_million_paid_monthly_users_make_designation_possible(void **state)
{
    (void)state;
    const struct {
        const char *users, *paid;
        TkTri want;
    } rows[] = {{"9999999", "false", TK_NO},
                {"10000000", "false", TK_YES},
                {"4999999", "true", TK_NO},
                {"5000000", "true", TK_YES}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *service = g_strdup_printf(
            "{\"id\":\"s\",\"facts\":{\"reported_class\":true,\"paid\":%s,\"monthly_users\":%s}}",
            rows[i].paid, rows[i].users);
        assert_int_equal(applies(NO_LINES, service, "2023-06-16", "criterion-27-5"), rows[i].want);
        assert_int_equal(applies(NO_LINES, service, "2023-06-15", "criterion-27-5"), TK_NO);
    }
}

static void thirty_thousand_users_ask_for_reports_on_disasters_and_capacity(void **state)
{
    (void)state;
    assert_int_equal(applies(LINES ",\"users\":29999", NULL, "2026-06-01", "disaster-report"), TK_NO);
    assert_int_equal(applies(LINES ",\"users\":30000", NULL, "2026-06-01", "disaster-report"), TK_YES);
    assert_int_equal(applies(LINES ",\"users\":29999", NULL, "2026-06-01", "capacity-report"), TK_NO);
    assert_int_equal(applies(LINES ",\"users\":30000", NULL, "2026-06-01", "capacity-report"), TK_YES);
    assert_int_equal(applies(LINES ",\"voice_equipment\":true,\"voice_users\":29999", NULL, "2026-06-01",
                             "voice-quality-report"),
                     TK_NO);
    assert_int_equal(applies(LINES ",\"voice_equipment\":true,\"voice_users\":30000", NULL, "2026-06-01",
                             "voice-quality-report"),
                     TK_YES);
    assert_int_equal(applies(LINES
                             ",\"several_prefectures\":true,\"important_facility\":false,\"users\":29999",
                             NULL, "2026-06-01", "near-miss-report"),
                     TK_NO);
    assert_int_equal(applies(LINES
                             ",\"several_prefectures\":true,\"important_facility\":false,\"users\":30000",
                             NULL, "2026-06-01", "near-miss-report"),
                     TK_YES);
}

static void both_days_of_the_half_year_must_reach_the_number(void **state)
{
    (void)state;
    const char *fell = LINES
        ",\"users\":[{\"from\":\"2026-04-01\",\"value\":30000},{\"from\":\"2026-09-30\",\"value\":29999}]";
    const char *rose = LINES
        ",\"users\":[{\"from\":\"2026-04-01\",\"value\":29999},{\"from\":\"2026-09-30\",\"value\":30000}]";
    const char *kept = LINES
        ",\"users\":[{\"from\":\"2026-04-01\",\"value\":30000},{\"from\":\"2026-09-30\",\"value\":30000}]";
    assert_int_equal(applies(fell, NULL, "2026-09-30", "capacity-report"), TK_NO);
    assert_int_equal(applies(rose, NULL, "2026-09-30", "capacity-report"), TK_NO);
    assert_int_equal(applies(kept, NULL, "2026-09-30", "capacity-report"), TK_YES);
}

static void a_small_carrier_of_one_municipality_with_a_qualified_person_needs_no_chief_engineer(void **state)
{
    (void)state;
    assert_int_equal(applies(LINES ",\"single_municipality\":true,\"qualified_person\":true,\"users\":29999",
                             NULL, "2026-06-01", "chief-engineer"),
                     TK_NO);
    assert_int_equal(applies(LINES ",\"single_municipality\":true,\"qualified_person\":true,\"users\":30000",
                             NULL, "2026-06-01", "chief-engineer"),
                     TK_YES);
    assert_int_equal(applies(LINES ",\"single_municipality\":true,\"qualified_person\":false,\"users\":29999",
                             NULL, "2026-06-01", "chief-engineer"),
                     TK_YES);
}

/* ---- designation ---- */

static void duties_follow_the_designation_not_the_criterion(void **state)
{
    (void)state;
    const char *service = "{\"id\":\"s\",\"facts\":{\"universal\":false,\"paid\":true,\"users\":2000000}}";
    assert_int_equal(applies(NO_LINES ",\"designated_41\":false", service, "2026-06-01", "management-rules"),
                     TK_NO);
    assert_int_equal(applies(NO_LINES ",\"designated_41\":true", service, "2026-06-01", "management-rules"),
                     TK_YES);
    assert_int_equal(applies(NO_LINES, service, "2026-06-01", "management-rules"), TK_UNKNOWN);
}

static const TkDutyDeadline *deadline(const TkDuty *duty, const char *rule)
{
    for (size_t i = 0; i < duty->deadline_count; i++)
        if (strcmp(duty->deadlines[i].rule, rule) == 0)
            return &duty->deadlines[i];
    fail_msg("%s has no deadline %s", duty->id, rule);
    return NULL;
}

static void three_months_run_from_the_day_of_the_designation(void **state)
{
    (void)state;
    const char *facts = NO_LINES ",\"designated_41\":[{\"from\":\"2021-01-01\",\"value\":false},{\"from\":"
                                 "\"2025-11-30\",\"value\":true}]";
    Answer before = ask(facts, NULL, "2025-11-29", "general-manager");
    assert_int_equal(before.duty->applies, TK_NO);
    done(&before);
    Answer answer = ask(facts, NULL, "2026-06-01", "general-manager");
    assert_int_equal(answer.duty->applies, TK_YES);
    assert_int_equal(answer.duty->since, day("2025-11-30"));
    assert_false(answer.duty->since_open);
    assert_int_equal(deadline(answer.duty, "months-after")->due, day("2026-02-28"));
    done(&answer);
}

static void without_lines_or_designation_the_missing_fact_is_named(void **state)
{
    (void)state;
    Answer answer = ask(NO_LINES, NULL, "2026-06-01", "general-manager");
    assert_int_equal(answer.duty->applies, TK_UNKNOWN);
    assert_int_equal(answer.duty->missing_count, 1);
    assert_string_equal(answer.duty->missing[0], "designated_41");
    done(&answer);
}

static void rules_whose_text_was_not_read_are_not_judged(void **state)
{
    (void)state;
    Answer answer = ask(LINES ",\"users\":30000", NULL, "2024-01-01", "capacity-report");
    assert_int_equal(answer.duty->applies, TK_UNKNOWN);
    assert_string_equal(answer.duty->missing[0], "law");
    done(&answer);
    answer = ask(LINES ",\"users\":30000", NULL, "2026-11-01", "capacity-report");
    assert_int_equal(answer.duty->since, day("2026-05-27"));
    assert_true(answer.duty->since_open);
    done(&answer);
}

/* ---- the years ---- */

#define BIG                                                                                                  \
    LINES ",\"designated_27_5\":[{\"from\":\"2021-01-01\",\"value\":false},{\"from\":\"2023-12-21\","        \
          "\"value\":true}],"                                                                                \
          "\"outsourced_functions\":true,\"cross_border_cable\":true,\"several_prefectures\":true,"          \
          "\"important_facility\":true,\"users\":5000000,\"browser_services\":true,\"wholesale_customer\":"  \
          "true,"                                                                                            \
          "\"overload_equipment\":true,\"public_institution\":true,\"business_year_end\":3"

static char *changes(const char *from, const char *to)
{
    g_autoptr(TkProfile) profile = profile_of(BIG, "");
    g_autoptr(TkProgram) a = tk_law_obligations(law, profile, day(from), NULL);
    g_autoptr(TkProgram) b = tk_law_obligations(law, profile, day(to), NULL);
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, 1 << 20);
    TkJson w = tk_json_to(&buf);
    tk_law_program_diff_json(a, b, &w);
    g_autoptr(json_t) list = tk_json_read("diff", buf.data, buf.len, 1 << 20, NULL);
    assert_non_null(list);
    g_autoptr(GString) out = g_string_new(NULL);
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
        g_string_append_printf(out, "%s %s\n", json_string_value(json_object_get(one, "change")),
                               json_string_value(json_object_get(one, "id")));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void the_same_carrier_owes_more_from_year_to_year(void **state)
{
    (void)state;
    g_autofree char *first = changes("2021-05-12", "2023-06-16");
    assert_string_equal(first, "appears external-transmission\n"
                               "appears near-miss-report\n"
                               "changes periodic-report\n" /* serious accidents no longer */
                               "appears public-notice-guideline\n"
                               "unclear user-count-report\n");
    g_autofree char *second = changes("2023-06-16", "2024-01-01");
    assert_string_equal(second, "appears cloud-functions-standards\n"
                                "appears overload-test\n"
                                "appears accident-report-wholesale\n"
                                "appears management-rules-cable\n"
                                "appears management-rules-outsourcing\n"
                                "appears management-rules-risk\n"
                                "appears information-assessment\n"
                                "appears information-leak-report\n"
                                "appears information-manager\n"
                                "appears information-manager-opinion\n"
                                "appears information-policy\n"
                                "appears information-rules\n");
    g_autofree char *third = changes("2024-01-01", "2026-04-01");
    assert_string_equal(third, "changes near-miss-report\n"  /* seven events */
                               "changes periodic-report\n"); /* the year instead of the quarter */
}

static void what_appeared_on_a_day_is_not_there_the_day_before(void **state)
{
    (void)state;
    const struct {
        const char *id, *before, *first;
    } rows[] = {{"management-rules-risk", "2023-09-25", "2023-09-26"},
                {"overload-test", "2023-09-25", "2023-09-26"},
                {"management-rules-cable", "2023-12-26", "2023-12-27"},
                {"management-rules-outsourcing", "2023-12-31", "2024-01-01"},
                {"cloud-functions-standards", "2023-12-31", "2024-01-01"},
                {"accident-report-wholesale", "2023-12-06", "2023-12-07"},
                {"near-miss-report", "2023-06-15", "2023-06-16"},
                {"external-transmission", "2023-06-15", "2023-06-16"},
                {"information-rules", "2023-12-20", "2023-12-21"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_int_equal(applies(BIG, "", rows[i].before, rows[i].id), TK_NO);
        Answer answer = ask(BIG, "", "2026-11-01", rows[i].id);
        assert_int_equal(answer.duty->applies, TK_YES);
        assert_int_equal(answer.duty->since, day(rows[i].first));
        done(&answer);
    }
}

/* ---- the ministry's table of 2021 ---- */

/* 332 registered and 21,581 notified carriers: about 450 install lines, 4 are designated, 21.5 thousand are
 * neither. */
static void the_table_of_2021_is_reproduced(void **state)
{
    (void)state;
    static const char *const duties[] = {"general-manager",   "chief-engineer",     "installation-engineer",
                                         "self-confirmation", "terminal-standards", "management-rules"};
    const struct {
        const char *facts;
        int carriers;
        bool duty;
    } groups[] = {
        {LINES ",\"single_municipality\":false", 332, true},
        {"\"status\":\"notified\",\"installs_lines\":true,\"lines_local\":true,\"lines_exempt\":false,"
         "\"universal_service\":"
         "false,\"eligible\":false,\"designated_41\":false,\"domain_name\":false,\"single_municipality\":"
         "false",
         450 - 332, true},
        {NO_LINES ",\"designated_41\":true,\"single_municipality\":false", 4, true},
        {NO_LINES ",\"designated_41\":false,\"single_municipality\":false", 21581 - (450 - 332) - 4, false}};
    int with[G_N_ELEMENTS(duties)] = {0}, recommended = 0, registered = 0, all = 0, free_of_duty = 0;
    for (size_t g = 0; g < G_N_ELEMENTS(groups); g++) {
        all += groups[g].carriers;
        free_of_duty += groups[g].duty ? 0 : groups[g].carriers;
        for (size_t d = 0; d < G_N_ELEMENTS(duties); d++) {
            TkTri tri = applies(groups[g].facts, "", "2021-05-12", duties[d]);
            assert_int_equal(tri, groups[g].duty ? TK_YES : TK_NO);
            with[d] += tri == TK_YES ? groups[g].carriers : 0;
        }
        recommended += applies(groups[g].facts, "", "2021-05-12", "safety-reliability") == TK_YES
                           ? groups[g].carriers
                           : 0;
        registered +=
            applies(groups[g].facts, "", "2021-05-12", "registration") == TK_YES ? groups[g].carriers : 0;
    }
    for (size_t d = 0; d < G_N_ELEMENTS(duties); d++)
        assert_int_equal(with[d], 454);
    assert_int_equal(registered, 332);
    assert_int_equal(all, 332 + 21581);
    assert_int_equal(recommended, all);
    assert_int_equal((free_of_duty + 50) / 100, 215); /* 約2.15万 */
}

/* ---- what falls due ---- */

/* 附則: those who outsourced when the rule began notified by 2024-03-31; of that nobody is told afterwards.
 */
static void a_transition_falls_due_on_its_day_and_is_over_after_it(void **state)
{
    (void)state;
    g_autoptr(TkProfile) profile =
        profile_of(LINES ",\"outsourced_functions\":true,\"cross_border_cable\":true", "");
    g_autoptr(TkProgram) last = tk_law_obligations(law, profile, day("2024-03-31"), NULL);
    const TkDuty *duty = tk_program_find(last, "management-rules-outsourcing");
    assert_int_equal(duty->deadline_count, 2);
    assert_string_equal(duty->deadlines[0].rule, "by");
    assert_int_equal(duty->deadlines[0].due, day("2024-03-31"));
    g_autoptr(TkProgram) after = tk_law_obligations(law, profile, day("2024-04-01"), NULL);
    assert_int_equal(tk_program_find(after, "management-rules-outsourcing")->deadline_count, 1);
    g_autoptr(TkDutyDues) dues = tk_law_dues(law, profile, day("2024-01-01"), day("2024-04-30"), NULL);
    unsigned found = 0;
    for (size_t i = 0; i < tk_duty_dues_count(dues); i++)
        found += strcmp(tk_duty_due(dues, i)->deadline.rule, "by") == 0;
    assert_int_equal(found, 3); /* 01-31, 03-31, 04-30 */
}

static void reports_fall_due_after_their_periods(void **state)
{
    (void)state;
    g_autoptr(TkProfile) profile = profile_of(LINES ",\"users\":30000,\"designated_27_5\":[{\"from\":\"2024-"
                                                    "11-11\",\"value\":true}],\"business_year_end\":3",
                                              "");
    g_autoptr(TkDutyDues) dues = tk_law_dues(law, profile, day("2026-01-01"), day("2027-03-31"), NULL);
    assert_non_null(dues);
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < tk_duty_dues_count(dues); i++) {
        const TkDutyDue *due = tk_duty_due(dues, i);
        char a[TK_TIME_TEXT_MAX];
        g_string_append_printf(out, "%s %s\n", tk_date_text(due->deadline.due, a), due->duty->id);
    }
    assert_string_equal(out->str, "2026-03-31 information-assessment\n"
                                  "2026-05-31 periodic-report\n"
                                  "2026-06-30 disaster-report\n"
                                  "2026-12-31 capacity-report\n"
                                  "2027-03-31 information-assessment\n");
}

/* ---- what is refused ---- */

static void a_wrong_profile_is_refused_with_its_place(void **state)
{
    (void)state;
    const struct {
        const char *text, *says;
    } rows[] = {
        {"{}", "format"},
        {"{\"format\":\"tokatsu-profile/1\",\"facts\":{\"nonsense\":true}}", "nonsense"},
        {"{\"format\":\"tokatsu-profile/1\",\"facts\":{\"installs_lines\":1}}", "true, false or null"},
        {"{\"format\":\"tokatsu-profile/1\",\"facts\":{\"users\":-1}}", "whole number"},
        {"{\"format\":\"tokatsu-profile/1\",\"facts\":{\"status\":\"king\"}}", "options"},
        {"{\"format\":\"tokatsu-profile/"
         "1\",\"facts\":{\"users\":[{\"from\":\"2026-02-02\",\"value\":1},{\"from\":\"2026-02-02\",\"value\":"
         "2}]}}",
         "in order"},
        {"{\"format\":\"tokatsu-profile/1\",\"services\":[{\"id\":\"a\"},{\"id\":\"a\"}]}", "two services"},
        {"{\"format\":\"tokatsu-profile/1\",\"services\":[{\"id\":\"a\",\"facts\":{\"eligible\":true}}]}",
         "eligible"},
        {"{\"format\":\"tokatsu-profile/1\",\"facts\":{\"users\":true}}", "users"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        GError *error = NULL;
        assert_null(tk_profile_read(law, "p.json", rows[i].text, strlen(rows[i].text), &error));
        assert_error_says(error, rows[i].says);
    }
}

static void days_before_the_data_are_refused(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autoptr(TkProfile) profile = profile_of(LINES, NULL);
    assert_null(tk_law_obligations(law, profile, day("2021-03-31"), &error));
    assert_error_says(error, "2021-04-01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_paying_users_at_the_end_of_the_year_before_make_designation_possible),
        cmocka_unit_test(mobile_numbers_make_designation_possible_from_2023_02_22),
        cmocka_unit_test(ten_million_free_or_five_million_paid_monthly_users_make_designation_possible),
        cmocka_unit_test(thirty_thousand_users_ask_for_reports_on_disasters_and_capacity),
        cmocka_unit_test(both_days_of_the_half_year_must_reach_the_number),
        cmocka_unit_test(a_small_carrier_of_one_municipality_with_a_qualified_person_needs_no_chief_engineer),
        cmocka_unit_test(duties_follow_the_designation_not_the_criterion),
        cmocka_unit_test(three_months_run_from_the_day_of_the_designation),
        cmocka_unit_test(without_lines_or_designation_the_missing_fact_is_named),
        cmocka_unit_test(rules_whose_text_was_not_read_are_not_judged),
        cmocka_unit_test(the_same_carrier_owes_more_from_year_to_year),
        cmocka_unit_test(what_appeared_on_a_day_is_not_there_the_day_before),
        cmocka_unit_test(the_table_of_2021_is_reproduced),
        cmocka_unit_test(a_transition_falls_due_on_its_day_and_is_over_after_it),
        cmocka_unit_test(reports_fall_due_after_their_periods),
        cmocka_unit_test(a_wrong_profile_is_refused_with_its_place),
        cmocka_unit_test(days_before_the_data_are_refused),
    };
    return cmocka_run_group_tests(tests, load, unload);
}

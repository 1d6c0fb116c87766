/* What management rules set out, on the days on which the list grew. */
#include "law_loaded.h"

static TkProfile *carrier(bool cable, bool outsourced)
{
    g_autofree char *text = g_strdup_printf("{\"format\":\"tokatsu-profile/1\",\"carrier\":\"x\",\"facts\":{"
                                            "\"cross_border_cable\":%s,\"outsourced_functions\":%s}}",
                                            cable ? "true" : "false", outsourced ? "true" : "false");
    GError *error = NULL;
    TkProfile *profile = tk_profile_read(law, "profile", text, strlen(text), &error);
    if (profile == NULL)
        fail_msg("%s", error->message);
    return profile;
}

static TkRulesItems *on(const TkProfile *profile, const char *date)
{
    GError *error = NULL;
    TkRulesItems *items = tk_law_rules_items(law, profile, day(date), &error);
    if (items == NULL)
        fail_msg("%s", error->message);
    return items;
}

static size_t applying(const TkProfile *profile, const char *date)
{
    g_autoptr(TkRulesItems) items = on(profile, date);
    size_t count = 0;
    for (size_t i = 0; i < tk_rules_items_count(items); i++)
        count += tk_rules_item(items, i)->applies == TK_YES;
    return count;
}

static void the_list_grows_on_each_day_of_an_amendment(void **state)
{
    (void)state;
    static const struct {
        const char *date;
        size_t count;
    } known[] = {{"2021-05-12", 5 + 7 + 13 + 1 + 1 + 1},
                 {"2023-09-25", 28},
                 {"2023-09-26", 28 + 3 + 2},
                 {"2023-12-26", 33},
                 {"2023-12-27", 33 + 1},
                 {"2023-12-31", 34},
                 {"2024-01-01", 34 + 4},
                 {"2026-11-23", 38}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autoptr(TkRulesItems) items = on(NULL, known[i].date);
        assert_int_equal(tk_rules_items_count(items), known[i].count);
    }
}

static void cables_and_entrusted_functions_are_asked_only_of_those_who_have_them(void **state)
{
    (void)state;
    g_autoptr(TkProfile) plain = carrier(false, false);
    g_autoptr(TkProfile) cable = carrier(true, false);
    g_autoptr(TkProfile) both = carrier(true, true);
    assert_int_equal(applying(plain, "2024-01-01"), 33);
    assert_int_equal(applying(cable, "2023-12-26"), 33);
    assert_int_equal(applying(cable, "2023-12-27"), 34);
    assert_int_equal(applying(both, "2023-12-31"), 34);
    assert_int_equal(applying(both, "2024-01-01"), 38);
}

static void a_fact_that_is_not_known_is_named(void **state)
{
    (void)state;
    GError *error = NULL;
    const char *text = "{\"format\":\"tokatsu-profile/1\",\"carrier\":\"x\",\"facts\":{}}";
    g_autoptr(TkProfile) profile = tk_profile_read(law, "profile", text, strlen(text), &error);
    g_autoptr(TkRulesItems) items = on(profile, "2024-01-01");
    const TkRulesItem *cable = tk_rules_item_find(items, "cable");
    assert_int_equal(cable->applies, TK_UNKNOWN);
    assert_int_equal(cable->missing_count, 1);
    assert_string_equal(cable->missing[0], "cross_border_cable");
}

static void an_item_keeps_its_id_when_its_letter_changes(void **state)
{
    (void)state;
    g_autoptr(TkRulesItems) before = on(NULL, "2023-09-25");
    g_autoptr(TkRulesItems) after = on(NULL, "2023-09-26");
    assert_string_equal(tk_rules_item_find(before, "method-emergency")->place, "三ヌ");
    assert_string_equal(tk_rules_item_find(after, "method-emergency")->place, "三ワ");
    assert_string_equal(tk_rules_item_find(after, "method-errors")->place, "三ヌ");
    assert_null(tk_rules_item_find(before, "method-errors"));
    assert_string_equal(tk_rules_item_find(before, "review")->place, "五");
    assert_string_equal(tk_rules_item_find(after, "review")->place, "五ハ");
    assert_false(tk_rules_item_find(before, "method-emergency")->entry->verified);
    assert_true(tk_rules_item_find(after, "method-emergency")->entry->verified);
}

static void the_list_stands_in_the_order_of_the_article(void **state)
{
    (void)state;
    static const char *const places[] = {
        "一イ",     "一ロ",     "一ハ",     "一ニ", "一ホ", "二イ", "二ロ", "二ハ", "二ニ", "二ホ",
        "二ヘ",     "二ト",     "三イ",     "三ロ", "三ハ", "三ニ", "三ホ", "三ヘ", "三ト", "三チ",
        "三リ",     "三ヌ",     "三ル",     "三ヲ", "三ワ", "三カ", "三ヨ", "三タ", "四",   "四の二イ",
        "四の二ロ", "四の二ハ", "四の二ニ", "五イ", "五ロ", "五ハ", "六",   "二項"};
    g_autoptr(TkRulesItems) items = on(NULL, "2024-01-01");
    assert_int_equal(tk_rules_items_count(items), G_N_ELEMENTS(places));
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        assert_string_equal(tk_rules_item(items, i)->place, places[i]);
}

static void an_amendment_says_by_when_older_rules_follow(void **state)
{
    (void)state;
    g_autoptr(TkRulesItems) items = on(NULL, "2024-01-01");
    assert_int_equal(tk_rules_item_find(items, "outsourcing-exit")->until, day("2024-03-31"));
    assert_true(tk_rules_item_find(items, "outsourcing-exit")->until_verified);
    assert_int_equal(tk_rules_item_find(items, "method-errors")->until, day("2024-01-31"));
    assert_false(tk_rules_item_find(items, "method-errors")->until_verified);
    assert_int_equal(tk_rules_item_find(items, "policy-overall")->until, TK_DATE_NONE);
    assert_int_equal(tk_rules_item_find(items, "review")->since, day("2021-04-01"));
    assert_int_equal(tk_rules_item_find(items, "review")->changed, day("2023-09-26"));
}

static void days_before_the_data_are_refused(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    assert_null(tk_law_rules_items(law, NULL, day("2021-03-31"), &error));
    assert_int_equal(error->code, TK_ERROR_LAW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_grows_on_each_day_of_an_amendment),
        cmocka_unit_test(cables_and_entrusted_functions_are_asked_only_of_those_who_have_them),
        cmocka_unit_test(a_fact_that_is_not_known_is_named),
        cmocka_unit_test(an_item_keeps_its_id_when_its_letter_changes),
        cmocka_unit_test(the_list_stands_in_the_order_of_the_article),
        cmocka_unit_test(an_amendment_says_by_when_older_rules_follow),
        cmocka_unit_test(days_before_the_data_are_refused),
    };
    return cmocka_run_group_tests(tests, load, unload);
}

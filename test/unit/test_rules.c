/* Management rules: taken apart, checked by date, compared, and written so that they come back the same. */
#include "law_helper.h"
#include "rules/rules.h"

static TkLaw *law;

static int load(void **state)
{
    (void)state;
    law = law_of_the_project();
    return 0;
}

static int unload(void **state)
{
    (void)state;
    tk_law_free(law);
    return 0;
}

static TkRules *split_as(const char *text, TkRulesForm form)
{
    GError *error = NULL;
    TkRules *rules = tk_rules_split(text, strlen(text), form, &error);
    if (rules == NULL)
        fail_msg("%s", error->message);
    return rules;
}

static TkRules *plain(const char *text)
{
    return split_as(text, TK_RULES_PLAIN);
}

static void set_text(TkRulesSection *section, const char *text)
{
    g_free(section->text);
    section->text = g_strdup(text);
}

/* ---- splitting ---- */

static void assert_section(const TkRules *rules, size_t index, int level, const char *heading,
                           const char *text)
{
    const TkRulesSection *section = tk_rules_section(rules, index);
    assert_string_equal(section->heading, heading);
    assert_string_equal(section->text, text);
    assert_int_equal(section->level, level);
}

static void provisions_of_japanese_rules_are_found_without_marks(void **state)
{
    (void)state;
    g_autoptr(TkRules) rules = plain("見本電気通信株式会社 事業用電気通信設備管理規程\n"
                                     "\n第1章 総則\n"
                                     "（目的）\n第１条　この規程は、管理に必要な事項を定める。\n"
                                     "２　細則は別に定める。\n"
                                     "第二条（定義）　用語は次のとおりとする。\n"
                                     "第3条 適用範囲\n全社に適用する。\n"
                                     "第4条の2(教育)\n教育を行う。\n"
                                     "第3条の規定により行う。\n"
                                     "附則\nこの規程は公布の日から施行する。\n");
    assert_string_equal(rules->title, "見本電気通信株式会社 事業用電気通信設備管理規程");
    assert_int_equal(rules->sections->len, 6);
    assert_section(rules, 0, 1, "第1章 総則", "");
    assert_section(rules, 1, 3, "第１条（目的）",
                   "この規程は、管理に必要な事項を定める。\n２　細則は別に定める。");
    assert_section(rules, 2, 3, "第二条（定義）", "用語は次のとおりとする。");
    assert_section(rules, 3, 3, "第3条 適用範囲", "全社に適用する。");
    assert_section(rules, 4, 3, "第4条の2(教育)", "教育を行う。\n第3条の規定により行う。");
    assert_section(rules, 5, 1, "附則", "この規程は公布の日から施行する。");
}

static void markdown_headings_and_escapes_are_read(void **state)
{
    (void)state;
    g_autoptr(TkRules) rules =
        split_as("# 管理規程\n\n## 方針\n\n1\\. *全体*\\\n* 点 2 * 3\n\n### **教育**\n\n本文 \\[1\\]\n",
                 TK_RULES_MARKDOWN);
    assert_string_equal(rules->title, "管理規程");
    assert_int_equal(rules->sections->len, 2);
    assert_section(rules, 0, 2, "方針", "1. 全体\n* 点 2 * 3");
    assert_section(rules, 1, 3, "教育", "本文 [1]");
}

static void a_table_of_contents_is_no_text(void **state)
{
    (void)state;
    g_autoptr(TkRules) rules = plain("目次\n第1条 目的……………1\n第2条 定義.......2\n第1条 目的\n本文。\n");
    assert_int_equal(rules->sections->len, 2);
    assert_section(rules, 0, 1, "前文", "目次");
    assert_section(rules, 1, 3, "第1条 目的", "本文。");
}

static void what_has_no_text_or_is_no_utf8_or_is_too_long_is_refused(void **state)
{
    (void)state;
    GError *error = NULL;
    assert_null(tk_rules_split(" \n\n", 3, TK_RULES_PLAIN, &error));
    assert_error_says(error, "no text");
    assert_null(tk_rules_split("\x82\xa0", 2, TK_RULES_PLAIN, &error));
    assert_error_says(error, "UTF-8");
    g_autofree char *long_text = g_strnfill(TK_RULES_TEXT_MAX + 1, 'x');
    assert_null(tk_rules_split(long_text, strlen(long_text), TK_RULES_PLAIN, &error));
    assert_error_says(error, "part it by headings");
    GString *many = g_string_new(NULL);
    for (int i = 1; i <= TK_RULES_SECTIONS + 1; i++)
        g_string_append_printf(many, "第%d条 x\n", i);
    assert_null(tk_rules_split(many->str, many->len, TK_RULES_PLAIN, &error));
    assert_error_says(error, "600 sections");
    g_string_free(many, TRUE);
}

/* ---- there and back ---- */

static guint next(guint64 *seed, guint below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (guint)(*seed >> 33) % below;
}

static char *random_lines(guint64 *seed)
{
    static const char *const bits[] = {"第3条", "の規定",   "#",       "*太字*", "\\",   "<!--",
                                       "教育",  "（目的）", "[1](#a)", "……3",    "...4", "附則",
                                       "１",    "　",       "x",       "。"};
    GString *text = g_string_new("初");
    for (guint n = next(seed, 30); n > 0; n--)
        g_string_append(text, next(seed, 5) == 0 ? "\n" : bits[next(seed, G_N_ELEMENTS(bits))]);
    g_string_append(text, "末");
    return g_string_free(text, FALSE);
}

/* Lines do not end with blanks, and no line is blanks alone. */
static char *without_ends(char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i] != NULL; i++)
        while (g_str_has_suffix(lines[i], "　"))
            lines[i][strlen(lines[i]) - strlen("　")] = '\0';
    g_free(text);
    return g_strjoinv("\n", lines);
}

static void what_is_written_as_markdown_is_read_back_the_same(void **state)
{
    (void)state;
    guint64 seed = 20261123;
    for (int round = 0; round < 400; round++) {
        g_autoptr(TkRules) rules = tk_rules_new();
        for (guint n = 1 + next(&seed, 6); n > 0; n--) {
            g_autofree char *id = g_strdup_printf("k%u", n);
            g_autofree char *heading = g_strdup_printf("第%u条(*見出し* \\)", n);
            TkRulesSection *section = tk_rules_add(rules, id, 1 + (int)next(&seed, 3), heading);
            g_autofree char *text = without_ends(random_lines(&seed));
            set_text(section, text);
            if (next(&seed, 2) == 0)
                g_ptr_array_add(section->items, g_strdup("method-training"));
        }
        g_autofree char *markdown = tk_rules_markdown(rules);
        g_autoptr(TkRules) back = split_as(markdown, TK_RULES_MARKDOWN);
        g_autoptr(json_t) a = tk_rules_json(rules);
        g_autoptr(json_t) b = tk_rules_json(back);
        if (!json_equal(a, b))
            fail_msg("round %d:\n%s", round, markdown);
    }
}

static void json_comes_back_and_bad_json_is_refused_by_section_and_field(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autoptr(TkRules) rules = plain("第1条 目的\n本文。\n");
    g_autoptr(json_t) document = tk_rules_json(rules);
    g_autoptr(TkRules) back = tk_rules_of("x", document, &error);
    g_autoptr(json_t) again = tk_rules_json(back);
    assert_true(json_equal(document, again));
    json_t *section = json_array_get(json_object_get(document, "sections"), 0);
    json_object_set_new(section, "level", json_integer(4));
    assert_null(tk_rules_of("x", document, &error));
    assert_error_says(error, "x: section 1: level");
    json_object_set_new(section, "level", json_integer(3));
    json_array_append(json_object_get(document, "sections"), section);
    assert_null(tk_rules_of("x", document, &error));
    assert_error_says(error, "section 2: id: another section");
}

/* ---- checking ---- */

#define LONG_TEXT                                                                                            \
    "この条では、定められた事項について、責任者、手順、記録及び見直しの時期を具体的に定めるものとする。"

static TkProfile *everything(void)
{
    GError *error = NULL;
    const char *text = "{\"format\":\"tokatsu-profile/1\",\"carrier\":\"x\",\"facts\":{"
                       "\"cross_border_cable\":true,\"outsourced_functions\":true}}";
    return tk_profile_read(law, "profile", text, strlen(text), &error);
}

/* A text that covers all that the article asked on a day. */
static TkRules *complete_on(const char *date)
{
    g_autoptr(TkProfile) profile = everything();
    g_autoptr(TkRulesItems) items = tk_law_rules_items(law, profile, day(date), NULL);
    TkRules *rules = tk_rules_new();
    for (size_t i = 0; i < tk_rules_items_count(items); i++) {
        const TkRulesItem *item = tk_rules_item(items, i);
        g_autofree char *heading = g_strdup_printf("第%zu条(%s)", i + 1, item->name.ja);
        g_autofree char *id = g_strdup_printf("s%zu", i + 1);
        TkRulesSection *section = tk_rules_add(rules, id, 3, heading);
        set_text(section, LONG_TEXT);
        g_ptr_array_add(section->items, g_strdup(item->id));
    }
    return rules;
}

static json_t *check_on(const TkRules *rules, const char *date, TkDate effective)
{
    g_autoptr(TkProfile) profile = everything();
    g_autoptr(TkRulesItems) items = tk_law_rules_items(law, profile, day(date), NULL);
    g_auto(TkBuf) buf;
    tk_buf_init(&buf, 1 << 22);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_rules_check(rules, items, effective, &w);
    tk_json_end_object(&w);
    GError *error = NULL;
    json_t *answer = tk_json_read("check", buf.data, buf.len, buf.len, &error);
    if (answer == NULL)
        fail_msg("%s", error->message);
    return answer;
}

static int counted(const json_t *check, const char *what)
{
    return (int)json_integer_value(json_object_get(json_object_get(check, "counts"), what));
}

static int found(const json_t *check, const char *kind)
{
    int n = 0;
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(check, "findings"), i, one) n +=
        strcmp(json_string_value(json_object_get(one, "kind")), kind) == 0;
    return n;
}

static void rules_complete_in_2021_lack_what_each_amendment_added(void **state)
{
    (void)state;
    static const struct {
        const char *date;
        int asked, missing;
    } known[] = {{"2021-05-12", 28, 0}, {"2023-09-25", 28, 0}, {"2023-09-26", 33, 5}, {"2023-12-26", 33, 5},
                 {"2023-12-27", 34, 6}, {"2023-12-31", 34, 6}, {"2024-01-01", 38, 10}};
    g_autoptr(TkRules) rules = complete_on("2021-05-12");
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autoptr(json_t) check = check_on(rules, known[i].date, TK_DATE_NONE);
        assert_int_equal(counted(check, "asked"), known[i].asked);
        assert_int_equal(counted(check, "missing"), known[i].missing);
        assert_int_equal(found(check, "missing"), known[i].missing);
        assert_int_equal(found(check, "unknown-item"), 0);
    }
}

static void a_section_may_name_an_item_that_a_day_does_not_have(void **state)
{
    (void)state;
    g_autoptr(TkRules) rules = complete_on("2024-01-01");
    g_autoptr(json_t) before = check_on(rules, "2023-12-31", TK_DATE_NONE);
    g_autoptr(json_t) after = check_on(rules, "2024-01-01", TK_DATE_NONE);
    assert_int_equal(found(before, "unknown-item"), 4);
    assert_int_equal(found(after, "unknown-item"), 0);
    assert_int_equal(counted(after, "covered"), 38);
}

static void an_edition_older_than_an_amendment_has_until_its_transition_ends(void **state)
{
    (void)state;
    g_autoptr(TkRules) rules = complete_on("2021-05-12");
    g_autoptr(json_t) within = check_on(rules, "2024-01-31", day("2022-04-01"));
    g_autoptr(json_t) past = check_on(rules, "2024-02-01", day("2022-04-01"));
    g_autoptr(json_t) cables_past = check_on(rules, "2024-05-01", day("2022-04-01"));
    assert_int_equal(found(within, "until"), 10);
    assert_int_equal(found(within, "missing"), 0);
    assert_int_equal(found(past, "missing"), 5);
    assert_int_equal(found(past, "until"), 5);
    assert_int_equal(found(cables_past, "missing"), 10);
}

static void an_item_that_changed_after_the_edition_is_pointed_out(void **state)
{
    (void)state;
    g_autoptr(TkRules) rules = complete_on("2021-05-12");
    g_autoptr(json_t) old = check_on(rules, "2023-09-26", day("2023-09-25"));
    g_autoptr(json_t) same_day = check_on(rules, "2023-09-26", day("2023-09-26"));
    assert_int_equal(found(old, "new-item"), 5); /* four letters and the review */
    assert_int_equal(found(same_day, "new-item"), 0);
}

static void empty_thin_and_unbound_sections_are_found(void **state)
{
    (void)state;
    g_autoptr(TkRules) rules = complete_on("2024-01-01");
    set_text(rules->sections->pdata[0], "");
    set_text(rules->sections->pdata[1], "短い。");
    TkRulesSection *third = rules->sections->pdata[2];
    g_ptr_array_set_size(third->items, 0);
    g_autoptr(json_t) check = check_on(rules, "2024-01-01", TK_DATE_NONE);
    assert_int_equal(found(check, "empty"), 1);
    assert_int_equal(found(check, "thin"), 1);
    assert_int_equal(found(check, "covers-nothing"), 1);
    assert_int_equal(counted(check, "missing"), 2); /* the empty one's and the unbound one's */
}

static void a_chapter_covers_by_what_stands_below_it(void **state)
{
    (void)state;
    g_autoptr(TkRules) rules = tk_rules_new();
    TkRulesSection *chapter = tk_rules_add(rules, "a", 1, "第1章 教育");
    g_ptr_array_add(chapter->items, g_strdup("method-training"));
    set_text(tk_rules_add(rules, "b", 3, "第1条"), LONG_TEXT);
    g_autoptr(json_t) check = check_on(rules, "2024-01-01", TK_DATE_NONE);
    assert_int_equal(counted(check, "covered"), 1);
    assert_int_equal(found(check, "covers-nothing"), 0);
    assert_int_equal(found(check, "empty"), 0);
}

static int loose_in(const char *text)
{
    g_autoptr(TkRules) rules = plain(text);
    g_autoptr(json_t) check = check_on(rules, "2024-01-01", TK_DATE_NONE);
    return found(check, "reference");
}

static void references_that_lead_nowhere_are_found_and_those_to_laws_left_alone(void **state)
{
    (void)state;
    assert_int_equal(loose_in("第1条 甲\n第２条による。\n第2条 乙\n前条のとおり。\n"), 0);
    assert_int_equal(loose_in("第1条 甲\n本規程第9条による。\n"), 1);
    assert_int_equal(loose_in("第1条 甲\n電気通信事業法第44条及び第44条の2による。\n"), 0);
    assert_int_equal(loose_in("第1条 甲\n施行規則第二十九条第1項、第28条による。\n"), 0);
    assert_int_equal(loose_in("第1条 甲\n法第44条の定めに従い、第7条による。\n"), 1);
    assert_int_equal(loose_in("第1条 甲\n第1条第2項による。\n２　次項。\n"), 0);
    assert_int_equal(loose_in("第1条 甲\n第1条第3項による。\n２　次項。\n"), 1);
    assert_int_equal(loose_in("第1条 甲\n別表第1による。\n別表第1\n区分\n"), 0);
    assert_int_equal(loose_in("第1条 甲\n別表第2による。\n別表第1\n区分\n"), 1);
    assert_int_equal(loose_in("第十二条 甲\nここから第12条まで、及び第十三条の二。\n"), 1);
}

static void two_provisions_of_one_number_are_found(void **state)
{
    (void)state;
    g_autoptr(TkRules) rules = plain("第1条 甲\n本文。\n第一条 乙\n本文。\n第1条の2 丙\n本文。\n");
    g_autoptr(json_t) check = check_on(rules, "2024-01-01", TK_DATE_NONE);
    assert_int_equal(found(check, "number"), 1);
}

static void headings_suggest_items_and_say_that_they_are_guesses(void **state)
{
    (void)state;
    g_autoptr(TkRules) rules = plain("第1条(教育及び訓練)\n" LONG_TEXT "\n第2条(雑多)\n" LONG_TEXT "\n");
    g_autoptr(TkRulesItems) items = tk_law_rules_items(law, NULL, day("2024-01-01"), NULL);
    tk_rules_suggest(rules, items);
    assert_true(tk_rules_section(rules, 0)->suggested);
    assert_string_equal(tk_rules_section(rules, 0)->items->pdata[0], "method-training");
    assert_int_equal(tk_rules_section(rules, 1)->items->len, 0);
    g_autoptr(json_t) check = check_on(rules, "2024-01-01", TK_DATE_NONE);
    assert_int_equal(found(check, "suggested"), 1);
}

/* ---- comparing ---- */

static void sections_are_paired_by_id_then_heading_and_what_is_gone_stays_in_place(void **state)
{
    (void)state;
    g_autoptr(TkRules) before = tk_rules_new();
    g_autoptr(TkRules) after = tk_rules_new();
    set_text(tk_rules_add(before, "a", 3, "第1条"), "甲");
    set_text(tk_rules_add(before, "b", 3, "第2条"), "乙");
    set_text(tk_rules_add(before, "c", 3, "第3条"), "丙");
    set_text(tk_rules_add(before, "d", 3, "第4条"), "丁");
    set_text(tk_rules_add(after, "d", 3, "第4条"), "丁");
    set_text(tk_rules_add(after, "a", 3, "第1条"), "甲2");
    set_text(tk_rules_add(after, "x", 3, "第3条"), "丙");
    set_text(tk_rules_add(after, "y", 3, "第5条"), "新");
    g_autoptr(GArray) pairs = tk_rules_compare(before, after);
    static const struct {
        const char *before, *after;
        bool changed, moved;
    } known[] = {{"d", "d", false, false},
                 {"a", "a", true, true},
                 {"b", NULL, true, false},
                 {"c", "x", false, true},
                 {NULL, "y", true, false}};
    assert_int_equal(pairs->len, G_N_ELEMENTS(known));
    for (guint i = 0; i < pairs->len; i++) {
        const TkRulesPair *pair = &g_array_index(pairs, TkRulesPair, i);
        assert_int_equal(pair->before == NULL, known[i].before == NULL);
        assert_int_equal(pair->after == NULL, known[i].after == NULL);
        if (pair->before != NULL)
            assert_string_equal(pair->before->id, known[i].before);
        if (pair->after != NULL)
            assert_string_equal(pair->after->id, known[i].after);
        assert_int_equal(pair->changed, known[i].changed);
        assert_int_equal(pair->moved, known[i].moved);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(provisions_of_japanese_rules_are_found_without_marks),
        cmocka_unit_test(markdown_headings_and_escapes_are_read),
        cmocka_unit_test(a_table_of_contents_is_no_text),
        cmocka_unit_test(what_has_no_text_or_is_no_utf8_or_is_too_long_is_refused),
        cmocka_unit_test(what_is_written_as_markdown_is_read_back_the_same),
        cmocka_unit_test(json_comes_back_and_bad_json_is_refused_by_section_and_field),
        cmocka_unit_test(rules_complete_in_2021_lack_what_each_amendment_added),
        cmocka_unit_test(a_section_may_name_an_item_that_a_day_does_not_have),
        cmocka_unit_test(an_edition_older_than_an_amendment_has_until_its_transition_ends),
        cmocka_unit_test(an_item_that_changed_after_the_edition_is_pointed_out),
        cmocka_unit_test(empty_thin_and_unbound_sections_are_found),
        cmocka_unit_test(a_chapter_covers_by_what_stands_below_it),
        cmocka_unit_test(references_that_lead_nowhere_are_found_and_those_to_laws_left_alone),
        cmocka_unit_test(two_provisions_of_one_number_are_found),
        cmocka_unit_test(headings_suggest_items_and_say_that_they_are_guesses),
        cmocka_unit_test(sections_are_paired_by_id_then_heading_and_what_is_gone_stays_in_place),
    };
    return cmocka_run_group_tests(tests, load, unload);
}

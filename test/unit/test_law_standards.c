/* Technical standards: the sets of documents of 施行規則27条の5, and the measures of the 設備規則. */
#include "law_loaded.h"

static TkStandardCategory category_on(const char *id, const char *date)
{
    TkStandardCategory category;
    if (!tk_law_standard_category(law, id, day(date), &category))
        fail_msg("no category %s on %s", id, date);
    return category;
}

/* "diagram spare …": the ids of a category's set, without the supplement where `bare`. */
static guint documents_on(const char *id, const char *date, bool bare, GString *ids)
{
    TkStandardCategory category = category_on(id, date);
    g_autoptr(GArray) documents = tk_law_standard_documents(law, &category, day(date));
    guint count = 0;
    for (guint i = 0; i < documents->len; i++) {
        const TkStandardDocument *document = &g_array_index(documents, TkStandardDocument, i);
        if (bare && strcmp(document->id, "supplement") == 0)
            continue;
        count++;
        if (ids != NULL)
            g_string_append_printf(ids, "%s ", document->id);
    }
    return count;
}

static void the_24_documents_of_2021_are_those_of_mobile_telephones_without_the_supplement(void **state)
{
    (void)state;
    g_autoptr(GString) ids = g_string_new(NULL);
    assert_int_equal(documents_on("mobile", "2021-05-12", true, ids), 24);
    /* The published paper's ① … ㉔, in its order. */
    static const char *const paper[] = {"diagram",
                                        "spare",
                                        "fault-detection",
                                        "protection",
                                        "test-equipment",
                                        "recovery-material",
                                        "congestion",
                                        "traffic",
                                        "quake",
                                        "power-failure",
                                        "induction",
                                        "fire",
                                        "outdoor",
                                        "building",
                                        "secrecy",
                                        "stored-information",
                                        "protector",
                                        "demarcation",
                                        "normality",
                                        "terminal-conditions",
                                        "connection-quality",
                                        "emergency-call",
                                        "priority",
                                        "number"};
    for (size_t i = 0; i < G_N_ELEMENTS(paper); i++) {
        g_autofree char *word = g_strconcat(paper[i], " ", NULL);
        assert_non_null(strstr(ids->str, word));
    }
}

static void each_number_of_the_article_has_its_own_set_today(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        guint count;
    } sets[] = {{"analog", 26},
                {"analog-ip", 29},
                {"wireless-fixed", 27},
                {"ip-fixed", 28},
                {"analog-other", 24},
                {"mobile", 27},
                {"phs", 26},
                {"ip-050", 21},
                {"broadband", 21},
                {"data", 20},
                {"cable-shared", 4},
                {"universal-1", 28},
                {"universal-2", 21},
                {"designated-analog", 24},
                {"designated-analog-ip", 27},
                {"designated-ip-fixed", 27},
                {"designated-analog-other", 23},
                {"designated-mobile", 27},
                {"designated-phs", 26},
                {"designated-ip-050", 21},
                {"designated-other", 20}};
    g_autoptr(GArray) categories = tk_law_standard_categories(law, day("2026-11-23"));
    assert_int_equal(categories->len, G_N_ELEMENTS(sets));
    for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
        assert_string_equal(g_array_index(categories, TkStandardCategory, i).id, sets[i].id);
        assert_int_equal(documents_on(sets[i].id, "2026-11-23", false, NULL), sets[i].count);
    }
}

static bool has(const char *category, const char *date, const char *document)
{
    g_autoptr(GString) ids = g_string_new(" ");
    documents_on(category, date, false, ids);
    g_autofree char *word = g_strdup_printf(" %s ", document);
    return strstr(ids->str, word) != NULL;
}

static void amendments_change_the_set_on_their_day(void **state)
{
    (void)state;
    assert_false(has("mobile", "2023-09-25", "overload-test"));
    assert_true(has("mobile", "2023-09-26", "overload-test"));
    assert_false(has("phs", "2026-11-23", "overload-test"));
    assert_false(has("data", "2023-12-31", "entrusted-functions"));
    assert_true(has("data", "2024-01-01", "entrusted-functions"));
    TkStandardCategory category;
    assert_false(tk_law_standard_category(law, "broadband", day("2023-06-15"), &category));
    assert_true(tk_law_standard_category(law, "broadband", day("2023-06-16"), &category));
}

/* The letters that the article leaves out for data lines: ロ ト リ ル ソ ラ ウ and ノ. */
static void data_lines_leave_out_what_the_article_leaves_out(void **state)
{
    (void)state;
    static const char *const left_out[] = {"spare",          "power-failure", "fire",          "building",
                                           "speech-quality", "number",        "test-equipment"};
    for (size_t i = 0; i < G_N_ELEMENTS(left_out); i++)
        assert_false(has("data", "2026-11-23", left_out[i]));
    assert_true(has("data", "2026-11-23", "fire-room"));
    assert_true(has("data", "2026-11-23", "recovery-material"));
}

static char level_of(const char *category, const char *basis, const char *measure, const char *date)
{
    TkStandardCategory one = category_on(category, date);
    size_t index = 0;
    while (index < one.basis_count && strcmp(one.basis[index], basis) != 0)
        index++;
    g_autoptr(GArray) measures = tk_law_standard_measures(law, &one, index, day(date));
    for (guint i = 0; i < measures->len; i++) {
        const TkStandardMeasure *row = &g_array_index(measures, TkStandardMeasure, i);
        if (strcmp(row->id, measure) == 0)
            return "-OA"[row->level];
    }
    return ' '; /* no such measure on the day */
}

/* O 義務, A 努力義務, - nothing: voice, other, designated voice, designated other; 設備規則 2章 and 5章. */
static void the_measures_are_those_of_the_rules_for_equipment(void **state)
{
    (void)state;
    static const struct {
        const char *measure, *levels;
    } rows[] = {{"spare", "O-O-"},         {"fault-detection", "OOOO"},
                {"protection", "OOOO"},    {"test-and-recovery", "OOOO"},
                {"congestion", "OOOO"},    {"traffic", "O-O-"},
                {"overload-test", "O-O-"}, {"quake", "O-O-"},
                {"quake-other", "-O-O"},   {"power", "OOOO"},
                {"power-failure", "O-O-"}, {"induction", "OOOO"},
                {"fire", "O-O-"},          {"outdoor", "OOOO"},
                {"building", "O-O-"},      {"disaster", "AAAA"},
                {"secrecy", "OOOO"},       {"stored-information", "OOOO"},
                {"damage", "OOOO"},        {"leakage", "AA--"},
                {"demarcation", "OOOO"},   {"nominal-speed", "----"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char found[5] = {level_of("mobile", "41-1", rows[i].measure, "2026-11-23"),
                         level_of("data", "41-1", rows[i].measure, "2026-11-23"),
                         level_of("designated-mobile", "41-5", rows[i].measure, "2026-11-23"),
                         level_of("designated-other", "41-5", rows[i].measure, "2026-11-23"), '\0'};
        if (strcmp(found, rows[i].levels) != 0)
            fail_msg("%s is %s, not %s", rows[i].measure, found, rows[i].levels);
    }
}

static void a_measure_begins_on_its_day_and_for_its_categories_alone(void **state)
{
    (void)state;
    assert_int_equal(level_of("mobile", "41-1", "overload-test", "2023-09-25"), ' ');
    assert_int_equal(level_of("mobile", "41-1", "overload-test", "2023-09-26"), 'O');
    assert_int_equal(level_of("ip-fixed", "41-1", "traffic", "2026-11-23"), '-');
    assert_int_equal(level_of("broadband", "41-1", "nominal-speed", "2026-11-23"), 'O');
    assert_int_equal(level_of("ip-fixed", "41-1", "network-quality", "2026-11-23"), 'A');
    assert_int_equal(level_of("ip-fixed", "41-3", "traffic", "2026-11-23"), '-');
    assert_int_equal(level_of("analog", "41-3", "spare", "2026-11-23"), 'O');
}

static void a_newly_designated_carrier_has_three_months(void **state)
{
    (void)state;
    assert_int_equal(tk_law_standard_designation_due(day("2026-11-30")), day("2027-02-28"));
    assert_int_equal(tk_law_standard_designation_due(TK_DATE_NONE), TK_DATE_NONE);
}

static void the_scope_says_when_clouds_came_in(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) before = tk_law_standard_scope(law, day("2023-12-31"));
    g_autoptr(GPtrArray) after = tk_law_standard_scope(law, day("2024-01-01"));
    assert_int_equal(after->len, before->len + 1);
}

#define ENTRY(id, more)                                                                                      \
    "{\"id\":\"" id "\",\"family\":\"" id                                                                    \
    "\",\"article\":\"1条\",\"effective\":{\"from\":\"2021-04-01\",\"to\":"                                 \
    "null},\"source\":{\"url\":\"https://example.jp\"},\"verified\":true,\"text\":{\"ja\":\"文\",\"en\":"   \
    "\"text\"},\"name\":{\"ja\":\"名\",\"en\":\"name\"},\"order\":1," more "}"

static void names_that_do_not_meet_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *entries, *words;
    } cases[] = {
        {ENTRY("a", "\"kind\":\"category\",\"category\":\"x\",\"number\":\"1\",\"applies\":{\"ja\":\"a\","
                    "\"en\":\"a\"},\"basis\":[{\"basis\":\"41-1\",\"group\":\"line-voice\"}],"
                    "\"documents\":[{\"letter\":\"イ\",\"document\":\"nowhere\"}]"),
         "a document that no entry describes"},
        {ENTRY("a", "\"kind\":\"category\",\"category\":\"x\",\"number\":\"1\",\"applies\":{\"ja\":\"a\","
                    "\"en\":\"a\"},\"basis\":[{\"basis\":\"41-9\",\"group\":\"line-voice\"}],"
                    "\"documents\":[{\"document\":\"d\"}]"),
         "no such basis"},
        {ENTRY("m", "\"kind\":\"measure\",\"measure\":\"m\",\"goal\":1,\"applies\":[{\"group\":"
                    "\"line-voice\",\"level\":\"must\",\"article\":\"4条\",\"categories\":[\"x\"]}]"),
         "a category that no entry describes"},
        {ENTRY("m", "\"kind\":\"measure\",\"measure\":\"m\",\"goal\":6,\"applies\":[]"), "out of range"},
        {ENTRY("m", "\"kind\":\"measure\",\"measure\":\"m\",\"goal\":1,\"applies\":[{\"group\":"
                    "\"line-voice\",\"level\":\"may\",\"article\":\"4条\"}]"),
         "“must” or “effort”"},
        {ENTRY("k", "\"kind\":\"other\""), "no such kind"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        LawFiles files;
        law_files_read(&files);
        for (guint f = 0; f < files.names->len; f++) {
            if (!g_str_has_suffix(files.names->pdata[f], "/standards.json"))
                continue;
            g_free(files.texts->pdata[f]);
            files.texts->pdata[f] = g_strdup_printf(
                "{\"type\":\"standards\",\"title\":{\"ja\":\"a\",\"en\":\"a\"},\"entries\":[%s]}",
                cases[i].entries);
        }
        g_autoptr(GError) error = NULL;
        assert_null(law_files_load(&files, &error));
        law_files_clear(&files);
        if (strstr(error->message, cases[i].words) == NULL)
            fail_msg("“%s” does not say “%s”", error->message, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_24_documents_of_2021_are_those_of_mobile_telephones_without_the_supplement),
        cmocka_unit_test(each_number_of_the_article_has_its_own_set_today),
        cmocka_unit_test(amendments_change_the_set_on_their_day),
        cmocka_unit_test(data_lines_leave_out_what_the_article_leaves_out),
        cmocka_unit_test(the_measures_are_those_of_the_rules_for_equipment),
        cmocka_unit_test(a_measure_begins_on_its_day_and_for_its_categories_alone),
        cmocka_unit_test(a_newly_designated_carrier_has_three_months),
        cmocka_unit_test(the_scope_says_when_clouds_came_in),
        cmocka_unit_test(names_that_do_not_meet_are_refused),
    };
    return cmocka_run_group_tests(tests, load, unload);
}

/* The safety and reliability standard: its published counts, and the reader of a carrier's file. The notice's
 * text is not held; what is read here was made up for the test and says so (試験用). */
#include "law_loaded.h"

#define HEAD "section,item,title,measure,text,lines,designated,others,private,user\n"

static TkReliabilityChapter chapter(const char *id)
{
    g_autoptr(GArray) chapters = tk_law_reliability_chapters(law);
    for (guint i = 0; i < chapters->len; i++)
        if (strcmp(g_array_index(chapters, TkReliabilityChapter, i).id, id) == 0)
            return g_array_index(chapters, TkReliabilityChapter, i);
    fail_msg("no chapter %s", id);
    return (TkReliabilityChapter){0};
}

static void the_published_counts_are_65_with_171_and_43_with_178(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        int items, measures;
        bool leaf;
    } published[] = {{"facilities", 65, 171, false},
                     {"facilities.equipment", 47, 121, false},
                     {"facilities.equipment.general", 15, 67, true},
                     {"facilities.equipment.outdoor", 17, 22, true},
                     {"facilities.equipment.indoor", 8, 13, true},
                     {"facilities.equipment.power", 7, 19, true},
                     {"facilities.environment", 18, 50, false},
                     {"management", 43, 178, false},
                     {"management.policy", 9, 9, false},
                     {"management.organisation", 18, 46, false},
                     {"management.method", 16, 123, false},
                     {"management.method.normal", 13, 100, true}};
    for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
        TkReliabilityChapter one = chapter(published[i].id);
        assert_int_equal(one.items, published[i].items);
        assert_int_equal(one.measures, published[i].measures);
        assert_int_equal(one.leaf, published[i].leaf);
    }
    g_autoptr(GArray) all = tk_law_reliability_chapters(law);
    assert_int_equal(all->len, 23);
}

/* The framework of the same name, which answers of controls are counted in, has the same numbers. */
static void the_framework_of_the_same_standard_has_the_same_counts(void **state)
{
    (void)state;
    g_autofree char *path =
        g_build_filename(g_getenv("TOKATSU_SOURCE"), "frameworks", "anzen-shinraisei.json", NULL);
    g_autoptr(json_t) framework = json_load_file(path, 0, NULL);
    assert_non_null(framework);
    size_t i;
    json_t *item;
    int seen = 0;
    json_array_foreach(json_object_get(framework, "items"), i, item)
    {
        TkReliabilityChapter one = chapter(json_string_value(json_object_get(item, "id")));
        assert_int_equal(json_integer_value(json_object_get(item, "count")), one.measures);
        seen++;
    }
    assert_true(seen >= 14);
}

static json_t *read_good(const char *csv)
{
    json_t *findings = NULL;
    GError *error = NULL;
    json_t *content = tk_reliability_read(law, csv, strlen(csv), &findings, &error);
    if (content == NULL)
        fail_msg("%s", error->message);
    assert_null(findings);
    return content;
}

static void a_file_becomes_items_with_measures_and_marks(void **state)
{
    (void)state;
    g_autoptr(json_t) content = read_good(
        "\xef\xbb\xbf" HEAD "facilities.equipment.power,1,試験用の項目,ア,試験用の対策一,◎,◎*,○,-,\n"
        "facilities.equipment.power,1,試験用の項目,イ,\"試験用の\n対策二\",◎,◎＊,○,−,－\n"
        "management.method.after,1,別の試験用の項目,ア,試験用の対策三,○,○,○,○,○\n");
    assert_int_equal(json_integer_value(json_object_get(content, "items_total")), 2);
    assert_int_equal(json_integer_value(json_object_get(content, "measures_total")), 3);
    const json_t *item = json_array_get(json_object_get(content, "items"), 0);
    const json_t *measure = json_array_get(json_object_get(item, "measures"), 1);
    assert_string_equal(json_string_value(json_object_get(measure, "code")),
                        "facilities.equipment.power/1/イ");
    static const char *const marks[] = {"◎", "◎*", "○", "−", "−"};
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        assert_string_equal(json_string_value(json_array_get(json_object_get(measure, "marks"), i)),
                            marks[i]);
}

/* A file made up with exactly as many items and measures as were published differs nowhere. */
static void counts_are_compared_with_the_published_ones_and_a_difference_is_shown(void **state)
{
    (void)state;
    g_autoptr(GString) csv = g_string_new(HEAD);
    g_autoptr(GArray) chapters = tk_law_reliability_chapters(law);
    for (guint c = 0; c < chapters->len; c++) {
        const TkReliabilityChapter *one = &g_array_index(chapters, TkReliabilityChapter, c);
        for (int64_t m = 0; one->leaf && m < one->measures; m++)
            g_string_append_printf(csv, "%s,%d,試験用の項目%d,%d,試験用の対策,◎,◎,○,○,○\n", one->id,
                                   (int)(m % one->items) + 1, (int)(m % one->items) + 1, (int)m);
    }
    g_autoptr(json_t) whole = read_good(csv->str);
    assert_int_equal(json_integer_value(json_object_get(whole, "items_total")), 65 + 43);
    assert_int_equal(json_integer_value(json_object_get(whole, "measures_total")), 171 + 178);
    g_autoptr(json_t) same = tk_reliability_counts(law, whole);
    size_t i;
    json_t *row;
    json_array_foreach(same, i, row) assert_true(json_is_true(json_object_get(row, "same")));
    g_string_append(csv, "management.method.after,9,一つ多い試験用の項目,ア,試験用,◎,,,,\n");
    g_autoptr(json_t) more = read_good(csv->str);
    g_autoptr(json_t) differ = tk_reliability_counts(law, more);
    g_autoptr(GString) ids = g_string_new(NULL);
    json_array_foreach(differ, i, row) if (!json_is_true(json_object_get(row, "same")))
        g_string_append_printf(ids, "%s ", json_string_value(json_object_get(row, "section")));
    assert_string_equal(ids->str, "management management.method management.method.after ");
}

static void a_wrong_file_is_refused_whole_with_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *csv;
        int line, column, total;
    } cases[] = {
        {"", 1, 1, 1},
        {HEAD, 1, 1, 1},
        {"section,item,name,measure,text,lines,designated,others,private,user\n", 1, 3, 1},
        {"section,item,title\n", 1, 4, 1},
        {HEAD "facilities.equipment,1,試,ア,試,◎,,,,\n", 2, 1, 1}, /* a chapter with chapters below it */
        {HEAD "facilities.equipment.power,1,試,ア,試,◎,,,,\nnowhere,1,試,ア,試,◎,,,,\n", 3, 1, 1},
        {HEAD "facilities.equipment.power,1,,ア,試,◎,,,,\n", 2, 3, 1},
        {HEAD "facilities.equipment.power,1,試,ア,,◎,,,,\n", 2, 5, 1},
        {HEAD "facilities.equipment.power,1/2,試,ア,試,◎,,,,\n", 2, 2, 1},
        {HEAD "facilities.equipment.power,1,試,ア,試,◎,x,,,\n", 2, 7, 1},
        {HEAD "facilities.equipment.power,1,試,ア,試,◎,,,\n", 2, 10, 1},
        {HEAD "facilities.equipment.power,1,試,ア,試,◎,,,,,\n", 2, 11, 1},
        {HEAD "facilities.equipment.power,1,試,ア,試,◎,,,,\nfacilities.equipment.power,1,験,イ,試,◎,,,,\n", 3,
         3, 1},
        {HEAD "facilities.equipment.power,1,試,ア,試,◎,,,,\nfacilities.equipment.power,1,試,ア,験,◎,,,,\n", 3,
         4, 1},
        {HEAD "facilities.equipment.power,1,試,ア,\xff,◎,,,,\n", 2, 1, 1},
        {HEAD "facilities.equipment.power,1,試,ア,\"試,◎,,,,\n", 2, 1, 1},
        {HEAD "x,,,,,x,,,,\n", 2, 1, 6},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_t *findings = NULL;
        g_autoptr(GError) error = NULL;
        assert_null(tk_reliability_read(law, cases[i].csv, strlen(cases[i].csv), &findings, &error));
        assert_int_equal(error->code, TK_ERROR_INVALID);
        const json_t *first = json_array_get(json_object_get(findings, "items"), 0);
        int line = (int)json_integer_value(json_object_get(first, "line")),
            column = (int)json_integer_value(json_object_get(first, "column")),
            total = (int)json_integer_value(json_object_get(findings, "total"));
        if (line != cases[i].line || column != cases[i].column || total != cases[i].total)
            fail_msg("case %zu: line %d column %d, %d in all", i, line, column, total);
        json_decref(findings);
    }
}

static void faults_are_told_up_to_a_hundred_and_counted_beyond(void **state)
{
    (void)state;
    g_autoptr(GString) csv = g_string_new(HEAD);
    for (int i = 0; i < 150; i++)
        g_string_append(csv, "nowhere,1,試,ア,試,◎,,,,\n");
    json_t *findings = NULL;
    g_autoptr(GError) error = NULL;
    assert_null(tk_reliability_read(law, csv->str, csv->len, &findings, &error));
    assert_int_equal(json_array_size(json_object_get(findings, "items")), TK_RELIABILITY_FINDINGS_MAX);
    assert_int_equal(json_integer_value(json_object_get(findings, "total")), 150);
    json_decref(findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_counts_are_65_with_171_and_43_with_178),
        cmocka_unit_test(the_framework_of_the_same_standard_has_the_same_counts),
        cmocka_unit_test(a_file_becomes_items_with_measures_and_marks),
        cmocka_unit_test(counts_are_compared_with_the_published_ones_and_a_difference_is_shown),
        cmocka_unit_test(a_wrong_file_is_refused_whole_with_line_and_column),
        cmocka_unit_test(faults_are_told_up_to_a_hundred_and_counted_beyond),
    };
    return cmocka_run_group_tests(tests, load, unload);
}

/* Questionnaires, sheets and their numbers: what is refused, known answers, and properties over random
 * sheets. */
#include "unit.h"

#include <math.h>

#include "survey/survey.h"

static const char small[] =
    "{\"format\":\"tokatsu-questionnaire/"
    "1\",\"id\":\"small\",\"title\":{\"ja\":\"小\",\"en\":\"Small\"},\"wording\":\"own\","
    "\"areas\":[{\"id\":\"a\",\"title\":{\"ja\":\"甲\",\"en\":\"A\"},\"weight\":3,\"questions\":["
    "{\"id\":\"yes\",\"text\":{\"ja\":\"か\",\"en\":\"?\"},\"type\":\"yes-no\",\"weight\":3},"
    "{\"id\":\"scale\",\"text\":{\"ja\":\"か\",\"en\":\"?\"},\"type\":\"scale\",\"na\":true},"
    "{\"id\":\"words\",\"text\":{\"ja\":\"か\",\"en\":\"?\"},\"type\":\"text\",\"required\":false}]},"
    "{\"id\":\"b\",\"title\":{\"ja\":\"乙\",\"en\":\"B\"},\"questions\":["
    "{\"id\":\"pick\",\"text\":{\"ja\":\"か\",\"en\":\"?\"},\"type\":\"choice\",\"evidence\":\"required\","
    "\"options\":["
    "{\"id\":\"x\",\"label\":{\"ja\":\"x\",\"en\":\"x\"},\"score\":80},{\"id\":\"y\",\"label\":{\"ja\":\"y\","
    "\"en\":\"y\"}}]}]}]}";

static TkQuestionnaire *read_text(const char *text)
{
    GError *error = NULL;
    TkQuestionnaire *q = tk_questionnaire_read("test", text, strlen(text), &error);
    if (q == NULL)
        fail_msg("%s", error->message);
    return q;
}

static json_t *json(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    return value;
}

static double number_at(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : -1;
}

static char *built_in(void)
{
    g_autofree char *path =
        g_build_filename(g_getenv("TOKATSU_SOURCE"), "questionnaires/jp-2021-survey.json", NULL);
    char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static void weights_make_the_means(void **state)
{
    (void)state;
    g_autoptr(TkQuestionnaire) q = read_text(small);
    g_autoptr(json_t) sheet = json("{\"yes\":{\"value\":true},\"scale\":{\"value\":1},\"pick\":{\"value\":"
                                   "\"x\"},\"words\":{\"value\":\"…\"}}");
    g_autoptr(json_t) got = tk_sheet_scores(q, sheet);
    const json_t *areas = json_object_get(got, "areas");
    assert_true(fabs(number_at(json_array_get(areas, 0), "score") - 81.25) < 1e-9); /* (3·100 + 1·25) / 4 */
    assert_true(fabs(number_at(json_array_get(areas, 1), "score") - 80) < 1e-9);
    assert_true(fabs(number_at(got, "score") - 80.94) < 1e-9); /* (3·81.25 + 1·80) / 4 = 80.9375 */
    assert_int_equal(number_at(got, "answered"), 4);
}

static void what_does_not_apply_or_has_no_score_takes_no_part(void **state)
{
    (void)state;
    g_autoptr(TkQuestionnaire) q = read_text(small);
    g_autoptr(json_t) sheet =
        json("{\"yes\":{\"value\":true},\"scale\":{\"na\":true},\"pick\":{\"value\":\"y\"}}");
    g_autoptr(json_t) got = tk_sheet_scores(q, sheet);
    assert_true(fabs(number_at(got, "score") - 100) < 1e-9);
    assert_true(json_is_null(json_object_get(json_array_get(json_object_get(got, "areas"), 1), "score")));
    g_autoptr(json_t) nothing = json("{}");
    g_autoptr(json_t) none = tk_sheet_scores(q, nothing);
    assert_true(json_is_null(json_object_get(none, "score")));
}

static void many_sheets_give_the_mean_of_each_question(void **state)
{
    (void)state;
    g_autoptr(TkQuestionnaire) q = read_text(small);
    g_autoptr(json_t) sheets =
        json("[{\"yes\":{\"value\":true}},{\"yes\":{\"value\":false}},{\"yes\":{\"value\":true}},{}]");
    g_autoptr(json_t) got = tk_survey_results(q, sheets);
    const json_t *first = json_array_get(json_object_get(got, "questions"), 0);
    assert_true(fabs(number_at(first, "score") - 66.67) < 1e-9);
    assert_int_equal(number_at(first, "answered"), 3);
    assert_int_equal(number_at(json_object_get(first, "counts"), "yes"), 2);
    assert_int_equal(number_at(json_object_get(first, "counts"), "no"), 1);
}

static size_t findings(const TkQuestionnaire *q, const char *sheet, bool whole, const char *evidence)
{
    g_autoptr(json_t) answers = json(sheet);
    g_autoptr(json_t) files = evidence == NULL ? NULL : json(evidence);
    g_autoptr(json_t) found = tk_sheet_check(q, answers, whole, files);
    return json_array_size(found);
}

static void a_sheet_is_checked_question_by_question(void **state)
{
    (void)state;
    g_autoptr(TkQuestionnaire) q = read_text(small);
    assert_int_equal(findings(q, "{}", false, NULL), 0);
    assert_int_equal(findings(q, "{}", true, NULL), 3); /* yes, scale, pick */
    assert_int_equal(findings(q, "{\"yes\":{\"value\":\"yes\"}}", false, NULL), 1);
    assert_int_equal(findings(q, "{\"yes\":{\"na\":true}}", false, NULL), 1);
    assert_int_equal(findings(q, "{\"scale\":{\"value\":5}}", false, NULL), 1);
    assert_int_equal(findings(q, "{\"scale\":{\"value\":2,\"na\":true}}", false, NULL), 1);
    assert_int_equal(findings(q, "{\"nobody-asked\":{\"value\":1}}", false, NULL), 1);
    assert_int_equal(findings(q, "{\"yes\":{\"value\":true,\"score\":100}}", false, NULL), 1);
    assert_int_equal(findings(q, "[]", false, NULL), 1);
    const char *whole = "{\"yes\":{\"value\":true},\"scale\":{\"na\":true},\"pick\":{\"value\":\"x\"}}";
    assert_int_equal(findings(q, whole, true, NULL), 1); /* its evidence */
    assert_int_equal(findings(q, whole, true, "{\"pick\":1}"), 0);
}

static void what_the_format_does_not_know_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *says;
    } damage[] = {
        {"\"type\":\"scale\"", "\"type\":\"stars\"", "question “scale”"},
        {"\"weight\":3,", "\"wieght\":3,", "wieght"},
        {"\"id\":\"scale\"", "\"id\":\"yes\"", "another question has this id"},
        {"\"id\":\"y\"", "\"id\":\"x\"", "two options have the same id"},
        {"\"score\":80", "\"score\":101", "0 to 100"},
        {"\"wording\":\"own\",", "", "wording"},
        {"questionnaire/1", "questionnaire/2", "format"},
        {"\"type\":\"text\"", "\"type\":\"text\",\"weight\":1", "not scored"},
        {"\"ja\":\"甲\"", "\"ja\":\"\"", "title"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(damage); i++) {
        GError *error = NULL;
        g_auto(GStrv) parts = g_strsplit(small, damage[i].from, 2);
        g_autofree char *text = g_strjoinv(damage[i].to, parts);
        assert_string_not_equal(text, small);
        assert_null(tk_questionnaire_read("test", text, strlen(text), &error));
        assert_error_says(error, damage[i].says);
    }
}

static void the_built_in_one_has_the_seven_areas_and_says_whose_words_it_is(void **state)
{
    (void)state;
    g_autofree char *text = built_in();
    g_autoptr(TkQuestionnaire) q = read_text(text);
    static const char *const areas[] = {"rules",         "organisation",  "network",   "intrusion",
                                        "personal-data", "facility-data", "frameworks"};
    assert_int_equal(tk_questionnaire_areas(q), 7);
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(tk_questionnaire_area(q, i)->id, areas[i]);
    assert_string_equal(json_string_value(json_object_get(tk_questionnaire_document(q), "wording")), "own");
}

static void a_table_reads_back_as_the_same_questions(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autofree char *text = built_in();
    g_autoptr(TkQuestionnaire) q = read_text(text);
    g_auto(TkBuf) csv = {0};
    tk_buf_init(&csv, 1u << 20);
    tk_questionnaire_to_csv(q, &csv);
    g_autoptr(json_t) head = json_copy((json_t *)tk_questionnaire_document(q));
    g_autoptr(TkQuestionnaire) again =
        tk_questionnaire_from_csv("table", tk_buf_str(&csv), csv.len, head, &error);
    if (again == NULL)
        fail_msg("%s", error->message);
    g_auto(TkBuf) csv_again = {0};
    tk_buf_init(&csv_again, 1u << 20);
    tk_questionnaire_to_csv(again, &csv_again);
    assert_string_equal(tk_buf_str(&csv), tk_buf_str(&csv_again));
    assert_int_equal(tk_questionnaire_count(q), tk_questionnaire_count(again));
}

static void a_bad_row_is_named_by_its_line(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autoptr(TkQuestionnaire) q = read_text(small);
    g_autoptr(json_t) head = json_copy((json_t *)tk_questionnaire_document(q));
    static const char *const tables[][2] = {
        {"area,id,ja,type\na,one,か,yes-no\na,two,か,yes-no,extra\n", NULL},
        {"area,id,ja,type,required\na,one,か,yes-no,maybe\n", "line 2"},
        {"area,id,ja,type,colour\na,one,か,yes-no,red\n", "colour"},
        {"area,id,ja\na,one,か\n", "type are needed"},
        {"area,id,ja,type,options\na,one,か,choice,x\n", "options are"},
        {"", "empty"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autoptr(TkQuestionnaire) got =
            tk_questionnaire_from_csv("table", tables[i][0], strlen(tables[i][0]), head, &error);
        if (tables[i][1] == NULL)
            assert_non_null(got);
        else
            assert_error_says(error, tables[i][1]);
    }
}

/* ---- properties ---- */

static json_t *random_sheet(const TkQuestionnaire *q, GRand *rand)
{
    json_t *sheet = json_object();
    for (size_t i = 0; i < tk_questionnaire_count(q); i++) {
        const TkQuestion *question = tk_questionnaire_at(q, i);
        json_t *value = json_null();
        if (g_rand_int_range(rand, 0, 4) == 0)
            continue;
        if (question->type == TK_QUESTION_CHOICE) {
            gint32 n = g_rand_int_range(rand, 0, (gint32)json_array_size(question->options));
            value = json_incref(json_object_get(json_array_get(question->options, (size_t)n), "id"));
        } else if (question->type == TK_QUESTION_YES_NO)
            value = json_boolean(g_rand_boolean(rand));
        else if (question->type == TK_QUESTION_SCALE)
            value = json_integer(g_rand_int_range(rand, 0, 5));
        bool na = question->may_not_apply && g_rand_int_range(rand, 0, 5) == 0;
        if (na)
            json_decref(value);
        json_object_set_new(sheet, question->id,
                            na ? json_pack("{s:b}", "na", 1) : json_pack("{s:o}", "value", value));
    }
    return sheet;
}

static void assert_scores_within(const json_t *node)
{
    const json_t *score = json_object_get(node, "score");
    if (json_is_number(score) && (json_number_value(score) < 0 || json_number_value(score) > 100))
        fail_msg("a score of %f", json_number_value(score));
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(node, "areas"), i, one) assert_scores_within(one);
    json_array_foreach(json_object_get(node, "questions"), i, one) assert_scores_within(one);
}

static void scores_stay_within_0_and_100(void **state)
{
    (void)state;
    g_autofree char *text = built_in();
    g_autoptr(TkQuestionnaire) q = read_text(text);
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    for (int round = 0; round < 300; round++) {
        g_autoptr(json_t) sheets = json_array();
        for (int n = g_rand_int_range(rand, 0, 6); n > 0; n--) {
            json_t *sheet = random_sheet(q, rand);
            g_autoptr(json_t) found = tk_sheet_check(q, sheet, false, NULL);
            assert_int_equal(json_array_size(found), 0);
            json_array_append_new(sheets, sheet);
        }
        g_autoptr(json_t) got = tk_survey_results(q, sheets);
        assert_scores_within(got);
    }
}

/* Each entry of `forth` against the one of the same id in `back`. */
static void assert_mirrored(const json_t *forth, const json_t *back)
{
    size_t i, j;
    json_t *f, *b;
    assert_int_equal(json_array_size(forth), json_array_size(back));
    json_array_foreach(forth, i, f) json_array_foreach(back, j, b)
    {
        if (!json_equal(json_object_get(f, "id"), json_object_get(b, "id")))
            continue;
        assert_true(json_equal(json_object_get(f, "before"), json_object_get(b, "after")));
        assert_true(json_equal(json_object_get(f, "after"), json_object_get(b, "before")));
        const json_t *cf = json_object_get(f, "change"), *cb = json_object_get(b, "change");
        assert_int_equal(json_is_null(cf), json_is_null(cb));
        if (json_is_number(cf))
            assert_true(json_number_value(cf) == -json_number_value(cb));
    }
}

static void a_comparison_is_symmetric(void **state)
{
    (void)state;
    g_autofree char *text = built_in();
    g_autoptr(TkQuestionnaire) whole = read_text(text);
    g_auto(GStrv) parts = g_strsplit(text, "任命していますか。", 2);
    g_autofree char *reworded = g_strjoinv("任命しましたか。", parts);
    g_autoptr(TkQuestionnaire) other = read_text(reworded);
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);
    for (int round = 0; round < 100; round++) {
        g_autoptr(json_t) one = random_sheet(whole, rand);
        g_autoptr(json_t) two = random_sheet(other, rand);
        g_autoptr(json_t) a = tk_sheet_scores(whole, one);
        g_autoptr(json_t) b = tk_sheet_scores(other, two);
        g_autoptr(json_t) forth = tk_survey_compare(whole, a, other, b);
        g_autoptr(json_t) back = tk_survey_compare(other, b, whole, a);
        assert_mirrored(json_object_get(forth, "areas"), json_object_get(back, "areas"));
        assert_mirrored(json_object_get(forth, "questions"), json_object_get(back, "questions"));
    }
}

static void a_question_whose_words_changed_is_not_compared(void **state)
{
    (void)state;
    g_autoptr(TkQuestionnaire) before = read_text(small);
    g_auto(GStrv) parts = g_strsplit(small, "\"id\":\"scale\",\"text\":{\"ja\":\"か\"", 2);
    g_autofree char *text = g_strjoinv("\"id\":\"scale\",\"text\":{\"ja\":\"ね\"", parts);
    g_autoptr(TkQuestionnaire) after = read_text(text);
    g_autoptr(json_t) sheet = json("{\"scale\":{\"value\":4},\"yes\":{\"value\":true}}");
    g_autoptr(json_t) a = tk_sheet_scores(before, sheet);
    g_autoptr(json_t) b = tk_sheet_scores(after, sheet);
    g_autoptr(json_t) got = tk_survey_compare(before, a, after, b);
    const json_t *scale = json_array_get(json_object_get(got, "questions"), 1);
    assert_string_equal(json_string_value(json_object_get(scale, "wording")), "changed");
    assert_true(json_is_null(json_object_get(scale, "change")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_make_the_means),
        cmocka_unit_test(what_does_not_apply_or_has_no_score_takes_no_part),
        cmocka_unit_test(many_sheets_give_the_mean_of_each_question),
        cmocka_unit_test(a_sheet_is_checked_question_by_question),
        cmocka_unit_test(what_the_format_does_not_know_is_refused_with_its_place),
        cmocka_unit_test(the_built_in_one_has_the_seven_areas_and_says_whose_words_it_is),
        cmocka_unit_test(a_table_reads_back_as_the_same_questions),
        cmocka_unit_test(a_bad_row_is_named_by_its_line),
        cmocka_unit_test(scores_stay_within_0_and_100),
        cmocka_unit_test(a_comparison_is_symmetric),
        cmocka_unit_test(a_question_whose_words_changed_is_not_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

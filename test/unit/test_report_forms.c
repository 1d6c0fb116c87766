#include "report_fixture.h"

static const char *const good =
    "{'format':'tokatsu-form/1','id':'f','version':'1','kind':'k','form':{'ja':'様式'},'title':{'ja':'題'},"
    "'statement':{'ja':'注'},'stage':'initial','source':'出典','effective':{'from':'2020-01-01','to':null},"
    "'sections':[{'id':'s','title':{'ja':'節'},'items':[{'id':'a','label':{'ja':'甲'},'path':'/"
    "x','type':'text',"
    "'required':'never','article':'条','verified':false}]}]}";

/* Loads `text`, with single quotes for double ones. */
static TkForms *load(const char *text, GError **error)
{
    g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
    TkLawFile file = {"jp/forms/f.json", json, strlen(json)};
    return tk_forms_load(&file, 1, error);
}

static void refuses(const char *from, const char *to, const char *says)
{
    g_auto(GStrv) parts = g_strsplit(good, from, 2);
    assert_int_equal(g_strv_length(parts), 2);
    g_autofree char *bad = g_strconcat(parts[0], to, parts[1], NULL);
    GError *error = NULL;
    TkForms *forms = load(bad, &error);
    assert_null(forms);
    assert_true(strstr(error->message, "jp/forms/f.json") == error->message);
    assert_error_says(error, says);
}

static void a_sound_form_loads(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autoptr(TkForms) forms = load(good, &error);
    assert_non_null(forms);
    g_autoptr(json_t) list = tk_forms_list(forms);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "kind")), "k");
}

static void a_malformed_form_is_refused_by_file_item_and_field(void **state)
{
    (void)state;
    refuses("'article':'条',", "", "item a, field “article” is missing");
    refuses("'article':'条'", "'article':7", "item a, field “article” is not a text");
    refuses(",'verified':false", "", "item a, field “verified” is missing");
    refuses("'type':'text'", "'type':'colour'", "field “type” is “colour”");
    refuses("'required':'never'", "'required':'soon'", "field “required” is “soon”");
    refuses("'path':'/x'", "'path':'x'", "field “path”");
    refuses("'path':'/x'", "'path':'/x','words':'none'", "names the vocabulary “none”");
    refuses("'path':'/x'", "'path':'/x','colour':'red'", "unknown field “colour”");
    refuses("'label':{'ja':'甲'}", "'label':{'en':'A'}", "item a, field “ja” is missing");
    refuses("'type':'text'", "'type':'table'", "field “columns” is not a list");
    refuses("'type':'text'", "'type':'text','columns':[]", "belongs to items of type table");
    refuses("'id':'a'", "'id':'Ä b'", "an id is made of");
    refuses("'to':null", "'to':'2019-01-01'", "“effective”");
    refuses("'2020-01-01'", "'2020-13-01'", "is not a day");
    refuses("'stage':'initial'", "'stage':'initial','paper':'round'", "“paper”");
    refuses("'stage':'initial'", "'stage':'initial','highlights':['b']", "“highlights”, element 1");
    refuses("'stage':'initial'", "'stage':'initial','csv_table':'a'", "which is no table");
    refuses("tokatsu-form/1", "form/9", "“format”");
    refuses("'source':'出典',", "", "“source”");
    refuses("{'id':'a'",
            "{'id':'a','label':{'ja':'乙'},'type':'text','required':'never','article':'条','verified':true},{"
            "'id':'a'",
            "the id “a” is taken");
}

static void two_versions_of_a_kind_may_not_overlap(void **state)
{
    (void)state;
    g_autofree char *first = g_strdelimit(g_strdup(good), "'", '"');
    g_auto(GStrv) parts = g_strsplit(first, "2020-01-01", 2);
    g_autofree char *second = g_strconcat(parts[0], "2024-01-01", parts[1], NULL);
    TkLawFile files[] = {{"jp/forms/a.json", first, strlen(first)},
                         {"jp/forms/b.json", second, strlen(second)}};
    GError *error = NULL;
    assert_null(tk_forms_load(files, 2, &error));
    assert_error_says(error, "overlaps that of jp/forms/a.json");
}

static void files_outside_the_folder_forms_are_passed_over(void **state)
{
    (void)state;
    TkLawFile file = {"jp/accidents.json", "not JSON at all", 15};
    g_autoptr(TkForms) forms = tk_forms_load(&file, 1, NULL);
    assert_non_null(forms);
}

static json_t *item_of(const json_t *form, const char *id)
{
    size_t s, i;
    json_t *section, *item;
    json_array_foreach(json_object_get(form, "sections"), s, section)
    {
        json_array_foreach(json_object_get(section, "items"), i, item)
        {
            if (g_str_equal(json_string_value(json_object_get(item, "id")), id))
                return item;
        }
    }
    return NULL;
}

static void
the_first_report_confirms_the_five_items_of_article_57_and_the_ministrys_examples_only(void **state)
{
    (void)state;
    size_t len = 0;
    g_autofree char *text = fixture_read("law/jp/forms/serious-initial.json", &len);
    g_autoptr(json_t) form = tk_json_read("form", text, len, 1 << 20, NULL);
    static const char *const confirmed[] = {"occurred_at", "place",    "summary",    "cause",      "measures",
                                            "remarks",     "services", "users_most", "prefectures"};
    size_t count = 0, s, i;
    json_t *section, *item;
    json_array_foreach(json_object_get(form, "sections"), s, section)
    {
        json_array_foreach(json_object_get(section, "items"), i, item)
        {
            count += json_is_true(json_object_get(item, "verified")) ? 1 : 0;
        }
    }
    assert_int_equal(count, G_N_ELEMENTS(confirmed));
    for (i = 0; i < G_N_ELEMENTS(confirmed); i++)
        assert_true(json_is_true(json_object_get(item_of(form, confirmed[i]), "verified")));
    assert_true(json_is_false(json_object_get(item_of(form, "wholesale"), "verified")));
}

static void every_form_of_the_project_says_that_its_layout_is_not_official(void **state)
{
    (void)state;
    g_autoptr(TkForms) forms = fixture_forms();
    g_autoptr(json_t) list = tk_forms_list(forms);
    assert_true(json_array_size(list) >= 15);
    g_autoptr(json_t) accident = fixture_accident();
    TkReportContext context = fixture_context();
    size_t i;
    json_t *form;
    json_array_foreach(list, i, form)
    {
        const char *kind = json_string_value(json_object_get(form, "kind"));
        if (g_str_has_prefix(kind, "periodic") ||
            strcmp(kind, "board-report") == 0) /* no report to anybody */
            continue;
        g_autoptr(TkReport) report = fixture_report(forms, kind, &context, accident);
        g_autoptr(GBytes) json = tk_report_to_json(report);
        g_autofree char *copy = g_strndup(g_bytes_get_data(json, NULL), g_bytes_get_size(json));
        if (strstr(copy, "公式様式の欄の配置は公表文書として確認できていません") == NULL &&
            strstr(copy, "公式の様式ではありません") == NULL)
            fail_msg("%s does not say whose layout it has", kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_form_loads),
        cmocka_unit_test(a_malformed_form_is_refused_by_file_item_and_field),
        cmocka_unit_test(two_versions_of_a_kind_may_not_overlap),
        cmocka_unit_test(files_outside_the_folder_forms_are_passed_over),
        cmocka_unit_test(
            the_first_report_confirms_the_five_items_of_article_57_and_the_ministrys_examples_only),
        cmocka_unit_test(every_form_of_the_project_says_that_its_layout_is_not_official),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

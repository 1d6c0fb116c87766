/* What comes from others and goes to them: catalogues as frameworks, answers out of OSCAL and back, the
 * documents of an assessment; and the file of automatic checks. */
#include "framework_helper.h"

static TkFrameworks *frameworks;

static json_t *json_of(const char *text)
{
    g_autofree char *plain = g_strdelimit(g_strdup(text), "'", '"');
    GError *error = NULL;
    json_t *document = tk_json_read("test", plain, strlen(plain), 1 << 20, &error);
    if (document == NULL)
        fail_msg("%s", error->message);
    return document;
}

#define META                                                                                                 \
    "'uuid':'b1d8f8ac-5f4d-4a51-9df4-0f3e2e5a9d01','metadata':{'title':'T','version':'1','published':'2026-" \
    "01-02T00:00:00Z'}"

static void a_catalogue_is_a_framework_without_its_withdrawn_controls(void **state)
{
    (void)state;
    g_autoptr(json_t) catalog =
        json_of("{'catalog':{" META
                ",'groups':[{'id':'g','title':'G','controls':[{'id':'a-1','title':'A','controls':["
                "{'id':'a-1.1','title':'child'}]},{'id':'a-2','title':'gone','props':[{'name':'status','"
                "value':'withdrawn'}]}]}]}}");
    GError *error = NULL;
    g_autoptr(json_t) framework = tk_framework_of_catalog(catalog, "mine", &error);
    assert_non_null(framework);
    g_autofree char *text = json_dumps(framework, JSON_COMPACT);
    TkFrameworkFile file = {"mine", text, strlen(text)};
    g_autoptr(TkFrameworks) set = tk_frameworks_load(&file, 1, NULL, &error);
    if (set == NULL)
        fail_msg("%s", error->message);
    const TkFramework *f = tk_framework_find(set, "mine");
    assert_int_equal(f->n_units, 2);
    assert_int_equal(f->n_items, 4);
    assert_string_equal(f->published, "2026-01-02");
    assert_false(tk_framework_is_unit(tk_framework_item(f, "a-2")));
    const TkFrameworkItem *child = tk_framework_item(f, "a-1.1");
    assert_string_equal(f->items[child->parent].id, "a-1");
    assert_false(child->verified);
}

static void a_catalogue_that_cannot_be_one_says_which_control(void **state)
{
    (void)state;
    static const struct {
        const char *body, *says;
    } wrong[] = {
        {"'controls':[{'id':'a','title':'A'},{'id':'a','title':'B'}]", "“a” is given twice"},
        {"'controls':[{'id':'a'}]", "“a” has no title"},
        {"'controls':[{'title':'A'}]", "has no id"},
        {"'groups':[]", "no control"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *text = g_strdup_printf("{'catalog':{" META ",%s}}", wrong[i].body);
        g_autoptr(json_t) catalog = json_of(text);
        GError *error = NULL;
        assert_null(tk_framework_of_catalog(catalog, "x", &error));
        assert_error_says(error, wrong[i].says);
    }
}

static void a_catalogue_deeper_than_the_ceiling_is_refused(void **state)
{
    (void)state;
    g_autoptr(json_t) innermost = json_pack("{s:s, s:s}", "id", "c30", "title", "deep");
    for (int depth = 29; depth >= 0; depth--) {
        char id[16];
        g_snprintf(id, sizeof id, "c%d", depth);
        json_t *outer = json_pack("{s:s, s:s, s:[O]}", "id", id, "title", "t", "controls", innermost);
        json_decref(innermost);
        innermost = outer;
    }
    g_autoptr(json_t) catalog =
        json_pack("{s:{s:{s:s}, s:[O]}}", "catalog", "metadata", "title", "T", "controls", innermost);
    GError *error = NULL;
    assert_null(tk_framework_of_catalog(catalog, "x", &error));
    assert_error_says(error, "deeper than");
}

/* ---- answers ---- */

static const char component[] =
    "{'component-definition':{" META
    ",'x-ours':{'kept':[1,2]},'components':[{'uuid':'u','title':'C','control-implementations':["
    "{'uuid':'v','implemented-requirements':["
    "{'uuid':'r1','control-id':'A.8.13','description':'Backed "
    "up.','props':[{'name':'implementation-status','value':'implemented'},{'name':'x','value':'y'}]},"
    "{'uuid':'r2','control-id':'A.8.15','description':'Logs.'},"
    "{'uuid':'r3','control-id':'A.99','description':'?'}]}]}]}}";

static void answers_come_out_of_a_component_definition(void **state)
{
    (void)state;
    g_autoptr(json_t) document = json_of(component);
    g_autoptr(json_t) unknown = json_array();
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    const TkFramework *f = tk_framework_find(frameworks, "iso-27001-2022");
    g_autoptr(json_t) answers = tk_oscal_answers(document, f, unknown, notes, NULL);
    assert_int_equal(json_array_size(answers), 2);
    const json_t *first = json_array_get(answers, 0), *second = json_array_get(answers, 1);
    assert_string_equal(json_string_value(json_object_get(first, "state")), "implemented");
    assert_string_equal(json_string_value(json_object_get(first, "text")), "Backed up.");
    assert_string_equal(json_string_value(json_object_get(second, "state")),
                        "partial"); /* no state is stated */
    assert_int_equal(json_array_size(unknown), 1);
    assert_string_equal(json_string_value(json_array_get(unknown, 0)), "A.99");
}

static void a_round_trip_without_a_change_changes_nothing(void **state)
{
    (void)state;
    g_autoptr(json_t) document = json_of(component);
    g_autoptr(json_t) unknown = json_array();
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(json_t) answers =
        tk_oscal_answers(document, tk_framework_find(frameworks, "iso-27001-2022"), unknown, notes, NULL);
    g_autoptr(json_t) back = tk_oscal_with_answers(document, answers);
    assert_true(json_equal(document, back));
}

static void a_changed_answer_changes_its_requirement_and_nothing_else(void **state)
{
    (void)state;
    g_autoptr(json_t) document = json_of(component);
    g_autoptr(json_t) answers = json_of("[{'origin':'r1','state':'partial','text':'Backed up weekly.'}]");
    g_autoptr(json_t) back = tk_oscal_with_answers(document, answers);
    g_autoptr(json_t) wanted = json_of(component);
    json_t *part =
        json_array_get(json_object_get(json_object_get(wanted, "component-definition"), "components"), 0);
    json_t *requirement =
        json_array_get(json_object_get(json_array_get(json_object_get(part, "control-implementations"), 0),
                                       "implemented-requirements"),
                       0);
    json_object_set_new(requirement, "description", json_string("Backed up weekly."));
    json_object_set_new(json_array_get(json_object_get(requirement, "props"), 0), "value",
                        json_string("partial"));
    assert_true(json_equal(back, wanted));
}

static void the_weakest_of_a_plans_components_counts(void **state)
{
    (void)state;
    g_autoptr(json_t) plan =
        json_of("{'system-security-plan':{" META
                ",'control-implementation':{'implemented-requirements':[{'uuid':'r','control-id':'A.8.13',"
                "'by-components':[{'description':'one','implementation-status':{'state':'implemented'}},"
                "{'description':'two','implementation-status':{'state':'planned'}}]}]}}}");
    g_autoptr(json_t) unknown = json_array();
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(json_t) answers =
        tk_oscal_answers(plan, tk_framework_find(frameworks, "iso-27001-2022"), unknown, notes, NULL);
    assert_string_equal(json_string_value(json_object_get(json_array_get(answers, 0), "state")), "planned");
    assert_string_equal(json_string_value(json_object_get(json_array_get(answers, 0), "text")), "one\n\ntwo");
    g_autoptr(json_t) back = tk_oscal_with_answers(plan, answers);
    assert_true(json_equal(plan, back));
}

static void another_kind_of_document_has_no_answers(void **state)
{
    (void)state;
    g_autoptr(json_t) catalog = json_of("{'catalog':{" META "}}");
    g_autoptr(json_t) unknown = json_array();
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    GError *error = NULL;
    assert_null(
        tk_oscal_answers(catalog, tk_framework_find(frameworks, "iso-27001-2022"), unknown, notes, &error));
    assert_error_says(error, "only a component definition");
}

/* ---- documents of ours ---- */

static TkOscalModels *models(void)
{
    g_autofree char *path =
        g_build_filename(g_getenv("TOKATSU_SOURCE"), "frameworks/oscal/models.json", NULL);
    g_autofree char *text = NULL;
    gsize len = 0;
    assert_true(g_file_get_contents(path, &text, &len, NULL));
    return tk_oscal_models_new(text, len, NULL);
}

static void assert_sound(const TkOscalModels *with, const json_t *document)
{
    assert_non_null(document);
    g_autoptr(GPtrArray) found = tk_oscal_check(with, document);
    for (guint i = 0; i < found->len; i++)
        if (((TkOscalFinding *)found->pdata[i])->fault)
            fail_msg("%s: %s", ((TkOscalFinding *)found->pdata[i])->pointer,
                     ((TkOscalFinding *)found->pdata[i])->text);
}

static void the_documents_of_answers_and_of_an_assessment_are_sound(void **state)
{
    (void)state;
    g_autoptr(TkOscalModels) with_models = models();
    const TkFramework *f = tk_framework_find(frameworks, "iso-27001-2022");
    TkControlExport with = {"Test carrier", day("2026-11-23"), at("2026-11-23T09:00:00+09:00")};
    g_autoptr(json_t) list =
        json_of("[{'framework':'iso-27001-2013','item':'A.12.3.1','state':'implemented'}]");
    g_autoptr(GPtrArray) refused = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TkControlAnswers) answers = tk_control_answers_of(frameworks, "t", list, refused, NULL);
    g_autoptr(json_t) assessment =
        json_of("{'id':'ASM-1','title':'First','method':'look','from':'2026-10-01','to':'2026-10-09','items':"
                "['A.8.13','A.8.24'],'results':["
                "{'id':'R1','item':'A.8.13','method':'test','result':'satisfied','observed':'restored','"
                "assessed':'2026-10-02','status':'closed','evidence':[]},"
                "{'id':'R2','item':'A.8.24','method':'examine','result':'not-satisfied','severity':'high','"
                "observed':'old','assessed':'2026-10-02',"
                "'status':'open','evidence':[{'title':'list','sha256':'00'}],'measure':{'id':'M','title':'"
                "renew','measure':'do','deadline':'2026-12-01','status':'open'}}]}");
    GError *error = NULL;
    g_autoptr(json_t) ssp = tk_control_ssp(frameworks, answers, f, &with, &error);
    g_autoptr(json_t) plan = tk_control_assessment_plan(f, assessment, &with, &error);
    g_autoptr(json_t) results = tk_control_assessment_results(f, assessment, &with, &error);
    g_autoptr(json_t) poam = tk_control_assessment_poam(f, assessment, &with, &error);
    assert_sound(with_models, ssp);
    assert_sound(with_models, plan);
    assert_sound(with_models, results);
    assert_sound(with_models, poam);
    const json_t *items =
        json_object_get(json_object_get(poam, "plan-of-action-and-milestones"), "poam-items");
    assert_int_equal(json_array_size(items), 1);
    const json_t *said = json_object_get(
        json_object_get(json_object_get(ssp, "system-security-plan"), "control-implementation"),
        "implemented-requirements");
    assert_int_equal(json_array_size(said), 1); /* carried from the older edition */
}

static void an_assessment_without_findings_has_no_plan_of_action(void **state)
{
    (void)state;
    g_autoptr(json_t) assessment = json_of("{'id':'A','items':['A.8.13'],'results':[]}");
    TkControlExport with = {"s", 20000, 0};
    GError *error = NULL;
    assert_null(tk_control_assessment_poam(tk_framework_find(frameworks, "iso-27001-2022"), assessment, &with,
                                           &error));
    assert_error_says(error, "found nothing");
}

/* ---- checks ---- */

static TkChecks *checks_of(const char *list, GError **error)
{
    g_autofree char *text = g_strdup_printf(
        "{'format':'tokatsu-checks/1','dated':'2026-11-23','verified':false,'checks':[%s]}", list);
    g_strdelimit(text, "'", '"');
    return tk_checks_load(frameworks, "checks", text, strlen(text), error);
}

#define CHECK(id, rest)                                                                                      \
    "{'id':'" id                                                                                             \
    "','title':{'ja':'a','en':'a'},'proves':{'ja':'a','en':'a'},'unit':{'ja':'a','en':'a'}," rest "}"
#define FEED "'feeds':[{'framework':'iso-27001-2022','item':'A.8.13'}]"

static void a_check_passes_at_its_threshold_and_cannot_tell_without_a_value(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autoptr(TkChecks) checks =
        checks_of(CHECK("least", "'measure':'m','at_least':90," FEED) "," CHECK(
                      "most", "'count':{'register':'r','past':'due'},'at_most':0," FEED),
                  &error);
    if (checks == NULL)
        fail_msg("%s", error->message);
    const TkCheck *least = tk_checks_at(checks, 0), *most = tk_checks_at(checks, 1);
    assert_int_equal(tk_check_judge(least, true, 90), TK_CHECK_PASS);
    assert_int_equal(tk_check_judge(least, true, 89.9), TK_CHECK_FAIL);
    assert_int_equal(tk_check_judge(most, true, 0), TK_CHECK_PASS);
    assert_int_equal(tk_check_judge(most, true, 1), TK_CHECK_FAIL);
    assert_int_equal(tk_check_judge(least, false, 100), TK_CHECK_CANNOT_TELL);
    assert_string_equal(least->feeds[0]->id, "A.8.13");
}

static void a_wrong_check_refuses_the_file_and_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *list, *says;
    } wrong[] = {
        {CHECK("a", "'measure':'m','at_least':1,'feeds':[{'framework':'iso-27001-2022','item':'A.99'}]"),
         "A.99"},
        {CHECK("a", "'measure':'m','at_least':1,'feeds':[]"), "“feeds”"},
        {CHECK("a", "'measure':'m'," FEED), "at_least"},
        {CHECK("a", "'measure':'m','at_least':1,'at_most':1," FEED), "at_least"},
        {CHECK("a", "'at_least':1," FEED), "“measure” or a “count”"},
        {CHECK("a", "'measure':'m','at_least':1," FEED) "," CHECK("a", "'measure':'m','at_least':1," FEED),
         "twice"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        GError *error = NULL;
        assert_null(checks_of(wrong[i].list, &error));
        assert_error_says(error, wrong[i].says);
    }
}

static void the_checks_that_are_shipped_are_sound(void **state)
{
    (void)state;
    g_autofree char *path =
        g_build_filename(g_getenv("TOKATSU_SOURCE"), "frameworks/checks/checks.json", NULL);
    g_autofree char *text = NULL;
    gsize len = 0;
    GError *error = NULL;
    assert_true(g_file_get_contents(path, &text, &len, NULL));
    g_autoptr(TkChecks) checks = tk_checks_load(frameworks, path, text, len, &error);
    if (checks == NULL)
        fail_msg("%s", error->message);
    assert_true(tk_checks_count(checks) >= 15);
    assert_false(tk_checks_verified(checks)); /* nobody has compared the mapping */
}

int main(void)
{
    frameworks = shipped_frameworks();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_catalogue_is_a_framework_without_its_withdrawn_controls),
        cmocka_unit_test(a_catalogue_that_cannot_be_one_says_which_control),
        cmocka_unit_test(a_catalogue_deeper_than_the_ceiling_is_refused),
        cmocka_unit_test(answers_come_out_of_a_component_definition),
        cmocka_unit_test(a_round_trip_without_a_change_changes_nothing),
        cmocka_unit_test(a_changed_answer_changes_its_requirement_and_nothing_else),
        cmocka_unit_test(the_weakest_of_a_plans_components_counts),
        cmocka_unit_test(another_kind_of_document_has_no_answers),
        cmocka_unit_test(the_documents_of_answers_and_of_an_assessment_are_sound),
        cmocka_unit_test(an_assessment_without_findings_has_no_plan_of_action),
        cmocka_unit_test(a_check_passes_at_its_threshold_and_cannot_tell_without_a_value),
        cmocka_unit_test(a_wrong_check_refuses_the_file_and_is_named),
        cmocka_unit_test(the_checks_that_are_shipped_are_sound),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    tk_frameworks_free(frameworks);
    return failed;
}

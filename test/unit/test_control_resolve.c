/* Profile resolution: the baselines that NIST publishes first, then each directive on small catalogues, then
 * bad profiles. */
#include "unit.h"

#include "control/control.h"

/* ---- documents of a test: named texts instead of files ---- */

typedef struct {
    const char *name, *text;
} Named;

static const char small[] =
    "{'catalog':{'uuid':'11111111-1111-4111-8111-111111111111','metadata':{'title':'t','last-modified':'2026-"
    "01-01T00:00:00Z',"
    "'version':'1','oscal-version':'1.1.2'},'params':[{'id':'loose','label':'l'},{'id':'unused','label':'u'}]"
    ","
    "'groups':[{'id':'a','title':'A','params':[{'id':'a_p','label':'x'}],'controls':["
    "{'id':'a-1','title':'one','params':[{'id':'a-1_p','label':'p'}],'props':[{'name':'p','value':'v'}],"
    "'parts':[{'id':'a-1_smt','name':'statement','prose':'{{ insert: param, loose }} "
    "[r](#22222222-2222-4222-8222-222222222222)'},"
    "{'id':'a-1_gdn','name':'guidance','class':'long','prose':'g'}],"
    "'controls':[{'id':'a-1.1','title':'one one'},{'id':'a-1.2','title':'one "
    "two','controls':[{'id':'a-1.2.1','title':'deep'}]}]},"
    "{'id':'a-2','title':'two'}]},{'id':'b','title':'B','controls':[{'id':'b-1','title':'bee'}]}],"
    "'back-matter':{'resources':[{'uuid':'22222222-2222-4222-8222-222222222222','title':'used'},"
    "{'uuid':'33333333-3333-4333-8333-333333333333','title':'unused'}]}}}";

static json_t *parse(const char *text)
{
    g_autofree char *json = g_strdup(text);
    g_strdelimit(json, "'", '"');
    json_t *value = json_loads(json, 0, NULL);
    assert_non_null(value);
    return value;
}

static json_t *fetch(void *user, const char *from, const char *href, const json_t *resource, char **name,
                     GError **error)
{
    (void)from;
    (void)resource;
    for (const Named *named = user; named->name != NULL; named++)
        if (strcmp(named->name, href) == 0) {
            *name = g_strdup(href);
            return parse(named->text);
        }
    tk_fail(error, TK_ERROR_INPUT, "no %s", href);
    return NULL;
}

static json_t *profile_of(const char *imports, const char *rest)
{
    g_autofree char *text = g_strdup_printf(
        "{'profile':{'uuid':'44444444-4444-4444-8444-444444444444','metadata':{'title':'P','last-modified':"
        "'2026-01-01T00:00:00Z','version':'7','oscal-version':'1.1.1'},'imports':[%s]%s}}",
        imports, rest);
    return parse(text);
}

static GPtrArray *notes;

static json_t *resolved_from(const Named *documents, const char *imports, const char *rest)
{
    g_autoptr(json_t) profile = profile_of(imports, rest);
    g_ptr_array_set_size(notes, 0);
    GError *error = NULL;
    json_t *catalog = tk_oscal_resolve(profile, "p.json", fetch, (void *)documents, 0, notes, &error);
    if (catalog == NULL)
        fail_msg("%s", error->message);
    return catalog;
}

static json_t *resolved(const char *imports, const char *rest)
{
    static const Named documents[] = {{"c", small}, {NULL, NULL}};
    return resolved_from(documents, imports, rest);
}

static void refused(const Named *documents, const char *imports, const char *rest, const char *words)
{
    g_autoptr(json_t) profile = profile_of(imports, rest);
    g_autoptr(GError) error = NULL;
    assert_null(tk_oscal_resolve(profile, "p.json", fetch, (void *)documents, 0, notes, &error));
    assert_non_null(error);
    if (strstr(error->message, words) == NULL)
        fail_msg("“%s” does not say “%s”", error->message, words);
}

/* The ids of a result: groups with their members in brackets, controls with their children in parentheses. */
static void outline(const json_t *node, GString *out)
{
    static const char *const keys[] = {"controls", "groups"};
    for (size_t k = 0; k < 2; k++) {
        const json_t *members = json_object_get(node, keys[k]);
        for (size_t i = 0; i < json_array_size(members); i++) {
            const json_t *member = json_array_get(members, i);
            g_string_append_printf(out, "%s%s",
                                   out->len > 0 && !strchr("([", out->str[out->len - 1]) ? " " : "",
                                   json_string_value(json_object_get(member, "id")));
            bool inner = json_object_get(member, "controls") || json_object_get(member, "groups");
            if (inner)
                g_string_append_c(out, k == 1 ? '[' : '(');
            outline(member, out);
            if (inner)
                g_string_append_c(out, k == 1 ? ']' : ')');
        }
    }
}

static void assert_outline(const json_t *document, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);
    outline(json_object_get(document, "catalog"), out);
    assert_string_equal(out->str, expected);
}

static const json_t *value_at(const json_t *value, const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path, "/", 0);
    for (char **step = steps; *step != NULL; step++)
        value = json_is_array(value) ? json_array_get(value, (size_t)g_ascii_strtoull(*step, NULL, 10))
                                     : json_object_get(value, *step);
    return value;
}

static void assert_text(const json_t *document, const char *path, const char *expected)
{
    const char *text = json_string_value(value_at(document, path));
    if (g_strcmp0(text, expected) != 0)
        fail_msg("%s is %s, not %s", path, text != NULL ? text : "absent",
                 expected != NULL ? expected : "absent");
}

/* ---- what NIST publishes ---- */

static json_t *shared_document(const char *name)
{
    const char *shared = g_getenv("TOKATSU_SHARED");
    g_autofree char *path = shared ? g_build_filename(shared, "data", "oscal", name, NULL) : NULL;
    g_autofree char *text = NULL;
    size_t len = 0;
    if (path == NULL || !g_file_get_contents(path, &text, &len, NULL)) {
        print_message("the published OSCAL documents are not here\n");
        skip();
    }
    json_t *document = tk_oscal_read(name, text, len, NULL);
    assert_non_null(document);
    return document;
}

static json_t *fetch_catalog(void *user, const char *from, const char *href, const json_t *resource,
                             char **name, GError **error)
{
    (void)from;
    (void)error;
    assert_true(href[0] == '#');
    assert_non_null(resource);
    *name = g_strdup("catalog");
    return json_incref(user);
}

static void test_rev4_baselines(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        size_t controls;
    } known[] = {{"NIST_SP-800-53_rev4_LOW-baseline_profile.json", 124},
                 {"NIST_SP-800-53_rev4_MODERATE-baseline_profile.json", 261},
                 {"NIST_SP-800-53_rev4_HIGH-baseline_profile.json", 343}};
    g_autoptr(json_t) catalog = shared_document("NIST_SP-800-53_rev4_catalog-min.json");
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autoptr(json_t) profile = shared_document(known[i].file);
        g_ptr_array_set_size(notes, 0);
        g_autoptr(json_t) result =
            tk_oscal_resolve(profile, known[i].file, fetch_catalog, catalog, 0, notes, NULL);
        assert_non_null(result);
        assert_int_equal(tk_oscal_control_count(result), known[i].controls);
        assert_int_equal(notes->len, 0);
        assert_text(result, "catalog/groups/0/controls/0/props/0/name",
                    "priority"); /* the profile adds it at the start */
    }
}

/* A resolved catalogue, imported whole and as it is, gives the same groups and controls. */
static void test_resolving_again_changes_nothing(void **state)
{
    (void)state;
    g_autoptr(json_t) catalog =
        shared_document("NIST_SP-800-53_rev5_LOW-baseline-resolved-profile_catalog-min.json");
    g_autoptr(json_t) profile =
        profile_of("{'href':'#44444444-4444-4444-8444-444444444444','include-all':{}}",
                   ",'merge':{'as-is':true},'back-matter':{'resources':[{'uuid':"
                   "'44444444-4444-4444-8444-444444444444'}]}");
    g_autoptr(json_t) result = tk_oscal_resolve(profile, "again", fetch_catalog, catalog, 0, notes, NULL);
    assert_non_null(result);
    assert_true(json_equal(value_at(result, "catalog/groups"), value_at(catalog, "catalog/groups")));
}

/* ---- import ---- */

static void test_flat_is_the_default_and_takes_hierarchy_away(void **state)
{
    (void)state;
    g_autoptr(json_t) all = resolved("{'href':'c','include-all':{}}", "");
    assert_outline(all, "a-1 a-1.1 a-1.2 a-1.2.1 a-2 b-1");
}

static void test_children_come_only_when_asked_for(void **state)
{
    (void)state;
    g_autoptr(json_t) alone =
        resolved("{'href':'c','include-controls':[{'with-ids':['a-1']}]}", ",'merge':{'as-is':true}");
    assert_outline(alone, "a[a-1]");
    g_autoptr(json_t) family =
        resolved("{'href':'c','include-controls':[{'with-ids':['a-1'],'with-child-controls':'yes'}]}",
                 ",'merge':{'as-is':true}");
    assert_outline(family, "a[a-1(a-1.1 a-1.2(a-1.2.1))]");
}

static void test_a_child_moves_up_where_its_parent_was_not_chosen(void **state)
{
    (void)state;
    g_autoptr(json_t) result = resolved("{'href':'c','include-controls':[{'with-ids':['a-1.2.1','a-2']}]}",
                                        ",'merge':{'as-is':true}");
    assert_outline(result, "a[a-1.2.1 a-2]");
}

static void test_patterns_choose_and_exclusion_wins(void **state)
{
    (void)state;
    g_autoptr(json_t) result =
        resolved("{'href':'c','include-controls':[{'matching':[{'pattern':'a-*'}]}],"
                 "'exclude-controls':[{'with-ids':['a-1.2'],'with-child-controls':'yes'}]}",
                 "");
    assert_outline(result, "a-1 a-1.1 a-2");
}

static void test_an_unknown_id_is_noted(void **state)
{
    (void)state;
    g_autoptr(json_t) result = resolved("{'href':'c','include-controls':[{'with-ids':['a-2','z-9']}]}", "");
    assert_outline(result, "a-2");
    assert_int_equal(notes->len, 1);
    assert_non_null(strstr(notes->pdata[0], "z-9"));
}

static void test_a_profile_of_a_profile(void **state)
{
    (void)state;
    static const Named documents[] = {
        {"c", small},
        {"inner", "{'profile':{'uuid':'u','metadata':{'title':'i','version':'1','oscal-version':'1.1.2'},'"
                  "imports':[{'href':'c',"
                  "'include-controls':[{'with-ids':['a-1','b-1']}]}],'merge':{'as-is':true},"
                  "'modify':{'set-parameters':[{'param-id':'a-1_p','values':['30 days']}]}}}"},
        {NULL, NULL}};
    g_autoptr(json_t) result = resolved_from(
        documents, "{'href':'inner','include-controls':[{'with-ids':['a-1']}]}", ",'merge':{'as-is':true}");
    assert_outline(result, "a[a-1]");
    assert_text(result, "catalog/groups/0/controls/0/params/0/values/0", "30 days");
    assert_text(result, "catalog/metadata/oscal-version", "1.1.2");
}

/* ---- merge ---- */

#define TWICE                                                                                                \
    "{'href':'c','include-controls':[{'with-ids':['a-1','a-2']}]},{'href':'c','include-controls':[{'with-"   \
    "ids':['a-1','b-1']}]}"

static void test_keep_keeps_both_and_says_so(void **state)
{
    (void)state;
    g_autoptr(json_t) result = resolved(TWICE, "");
    assert_outline(result, "a-1 a-2 a-1 b-1");
    assert_int_equal(notes->len, 1);
}

static void test_use_first_discards_the_later(void **state)
{
    (void)state;
    g_autoptr(json_t) result = resolved(TWICE, ",'merge':{'combine':{'method':'use-first'},'as-is':true}");
    assert_outline(result, "a[a-1 a-2] b[b-1]");
    assert_int_equal(notes->len, 0);
}

static void test_custom_groups(void **state)
{
    (void)state;
    g_autoptr(json_t) result =
        resolved("{'href':'c','include-all':{}}",
                 ",'merge':{'custom':{'groups':[{'id':'mine','title':'M','groups':[{'id':'b','title':'own "
                 "title','insert-controls':["
                 "{'order':'descending','include-controls':[{'matching':[{'pattern':'?-1'}]}]}]}]}]}}");
    assert_outline(result, "mine[b[b-1 a-1]]");
    assert_text(result, "catalog/groups/0/groups/0/title", "own title");
}

/* ---- modify ---- */

#define A1 "{'href':'c','include-controls':[{'with-ids':['a-1']}]}"

static void test_a_parameter_is_set(void **state)
{
    (void)state;
    g_autoptr(json_t) result = resolved(
        A1,
        ",'modify':{'set-parameters':[{'param-id':'a-1_p','label':'new','props':[{'name':'n','value':"
        "'1'}]},{'param-id':'a-1_p','props':[{'name':'n','value':'2'}]},{'param-id':'none','label':'x'}]}");
    assert_text(result, "catalog/controls/0/params/0/label", "new");
    assert_int_equal(json_array_size(value_at(result, "catalog/controls/0/params/0/props")), 1);
    assert_text(result, "catalog/controls/0/params/0/props/0/value", "2");
    assert_int_equal(notes->len, 1);
}

static void test_contents_are_removed_where_all_criteria_meet(void **state)
{
    (void)state;
    g_autoptr(json_t) result = resolved(
        A1, ",'modify':{'alters':[{'control-id':'a-1','removes':[{'by-name':'guidance','by-class':'long'},"
            "{'by-name':'statement','by-class':'long'},{'by-item-name':'prop'}]}]}");
    assert_int_equal(json_array_size(value_at(result, "catalog/controls/0/parts")), 1);
    assert_text(result, "catalog/controls/0/parts/0/name", "statement");
    assert_null(value_at(result, "catalog/controls/0/props"));
    assert_int_equal(notes->len, 1); /* the second met nothing */
}

static void test_contents_are_added_where_asked(void **state)
{
    (void)state;
    g_autoptr(json_t) result = resolved(A1, ",'modify':{'alters':[{'control-id':'a-1','adds':[{'position':'"
                                            "starting','props':[{'name':'first','value':'1'}]},"
                                            "{'props':[{'name':'last','value':'2'}]},{'position':'after','by-"
                                            "id':'a-1_smt','parts':[{'name':'between','prose':'b'}]},"
                                            "{'position':'ending','by-id':'a-1_smt','parts':[{'name':'inside'"
                                            ",'prose':'i'}]},{'by-id':'nothing','title':'x'}]}]}");
    assert_text(result, "catalog/controls/0/props/0/name", "first");
    assert_text(result, "catalog/controls/0/props/2/name", "last");
    assert_text(result, "catalog/controls/0/parts/1/name", "between");
    assert_text(result, "catalog/controls/0/parts/0/parts/0/name", "inside");
    assert_text(result, "catalog/controls/0/title", "one");
    assert_int_equal(notes->len, 1);
}

/* ---- finish ---- */

static void test_what_nobody_refers_to_is_left_out(void **state)
{
    (void)state;
    g_autoptr(json_t) result = resolved(A1, "");
    assert_int_equal(json_array_size(value_at(result, "catalog/params")), 1);
    assert_text(result, "catalog/params/0/id", "loose");
    assert_int_equal(json_array_size(value_at(result, "catalog/back-matter/resources")), 1);
    assert_text(result, "catalog/back-matter/resources/0/title", "used");
    g_autoptr(json_t) other = resolved("{'href':'c','include-controls':[{'with-ids':['b-1']}]}", "");
    assert_null(value_at(other, "catalog/back-matter"));
    assert_null(value_at(other, "catalog/params"));
}

static void test_the_same_resolution_has_the_same_uuid(void **state)
{
    (void)state;
    g_autoptr(json_t) one = resolved(A1, ""), again = resolved(A1, ""),
                      other = resolved("{'href':'c','include-all':{}}", "");
    assert_true(json_equal(one, again));
    assert_false(json_equal(value_at(one, "catalog/uuid"), value_at(other, "catalog/uuid")));
}

/* ---- bad profiles ---- */

static void test_a_circle_is_refused(void **state)
{
    (void)state;
    static const Named documents[] = {
        {"p.json", "{'profile':{'metadata':{},'imports':[{'href':'x','include-all':{}}]}}"},
        {"x", "{'profile':{'metadata':{},'imports':[{'href':'p.json','include-all':{}}]}}"},
        {NULL, NULL}};
    refused(documents, "{'href':'x','include-all':{}}", "", "imports itself");
}

static void test_bad_profiles_are_refused(void **state)
{
    (void)state;
    static const Named documents[] = {{"c", small}, {"plan", "{'assessment-plan':{}}"}, {NULL, NULL}};
    refused(documents, "{'href':'missing','include-all':{}}", "", "missing");
    refused(documents, "{'href':'#nowhere','include-all':{}}", "", "#nowhere");
    refused(documents, "{'href':'plan','include-all':{}}", "", "neither a catalog nor a profile");
    refused(documents, "{'include-all':{}}", "", "no href");
    refused(documents, "", "", "no profile with imports");
    refused(documents, "{'href':'c','include-all':{}}", ",'merge':{'flat':{},'as-is':true}", "more than one");
    refused(documents, "{'href':'c','include-all':{}}", ",'merge':{'combine':{'method':'merge'}}",
            "withdrawn");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rev4_baselines),
        cmocka_unit_test(test_resolving_again_changes_nothing),
        cmocka_unit_test(test_flat_is_the_default_and_takes_hierarchy_away),
        cmocka_unit_test(test_children_come_only_when_asked_for),
        cmocka_unit_test(test_a_child_moves_up_where_its_parent_was_not_chosen),
        cmocka_unit_test(test_patterns_choose_and_exclusion_wins),
        cmocka_unit_test(test_an_unknown_id_is_noted),
        cmocka_unit_test(test_a_profile_of_a_profile),
        cmocka_unit_test(test_keep_keeps_both_and_says_so),
        cmocka_unit_test(test_use_first_discards_the_later),
        cmocka_unit_test(test_custom_groups),
        cmocka_unit_test(test_a_parameter_is_set),
        cmocka_unit_test(test_contents_are_removed_where_all_criteria_meet),
        cmocka_unit_test(test_contents_are_added_where_asked),
        cmocka_unit_test(test_what_nobody_refers_to_is_left_out),
        cmocka_unit_test(test_the_same_resolution_has_the_same_uuid),
        cmocka_unit_test(test_a_circle_is_refused),
        cmocka_unit_test(test_bad_profiles_are_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    notes = g_ptr_array_new_with_free_func(g_free);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    g_ptr_array_unref(notes);
    return failed;
}

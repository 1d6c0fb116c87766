/* Soundness of OSCAL documents: each kind of fault with the pointer it must be found at. The shape is
 * compared with the published schema in test/golden/oscal_schema.py. */
#include "unit.h"

#include "control/control.h"

static TkOscalModels *models;

#define HEAD                                                                                                 \
    "'uuid':'11111111-1111-4111-8111-111111111111','metadata':{'title':'t','last-modified':'2026-01-01T00:"  \
    "00:00Z','version':'1','oscal-version':'1.1.2'}"

static GPtrArray *check(const char *text)
{
    g_autofree char *json = g_strdup(text);
    g_strdelimit(json, "'", '"');
    g_autoptr(json_t) document = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(document);
    return tk_oscal_check(models, document);
}

static void assert_sound(const char *text)
{
    g_autoptr(GPtrArray) found = check(text);
    if (found->len > 0)
        fail_msg("%s: %s", ((TkOscalFinding *)found->pdata[0])->pointer,
                 ((TkOscalFinding *)found->pdata[0])->text);
}

static void assert_found(const char *text, bool fault, const char *pointer, const char *words)
{
    g_autoptr(GPtrArray) found = check(text);
    for (size_t i = 0; i < found->len; i++) {
        const TkOscalFinding *finding = found->pdata[i];
        if (finding->fault == fault && strcmp(finding->pointer, pointer) == 0 &&
            strstr(finding->text, words) != NULL)
            return;
    }
    fail_msg("nothing at %s says “%s” (%u findings)", pointer, words, found->len);
}

static void test_a_small_catalogue_is_sound(void **state)
{
    (void)state;
    assert_sound("{'catalog':{" HEAD ",'groups':[{'title':'g','controls':[{'id':'a-1','title':'one'}]}]}}");
    assert_sound(
        "{'profile':{" HEAD
        ",'imports':[{'href':'c.json','include-all':{}}],'merge':{'combine':{'method':'use-first'}}}}");
}

static void test_shape(void **state)
{
    (void)state;
    assert_found("{'catalog':{" HEAD ",'groups':[{'id':'g'}]}}", true, "/catalog/groups/0",
                 "“title” is missing");
    assert_found("{'catalog':{" HEAD ",'gruops':[]}}", true, "/catalog/gruops", "no field");
    assert_found("{'catalog':{" HEAD ",'groups':[]}}", true, "/catalog/groups", "empty");
    assert_found("{'catalog':{" HEAD ",'groups':{}}}", true, "/catalog/groups", "list");
    assert_found("{'catalog':{" HEAD ",'controls':[{'id':'1 2','title':'x'}]}}", true,
                 "/catalog/controls/0/id", "token");
    assert_found("{'catalog':{" HEAD ",'controls':[{'id':'a','title':'x\\ny'}]}}", true,
                 "/catalog/controls/0/title", "one line");
    assert_found("{'catalog':{" HEAD
                 ",'groups':[{'title':'g','groups':[{'title':'h'}],'controls':[{'id':'a','title':'x'}]}]}}",
                 true, "/catalog/groups/0", "do not go together");
    assert_found("{'profile':{" HEAD ",'imports':[{'href':'c.json'}]}}", true, "/profile/imports/0",
                 "do not go together");
    assert_found("{'profile':{" HEAD
                 ",'imports':[{'href':'c.json','include-controls':[{'with-child-controls':'maybe'}]}]}}",
                 true, "/profile/imports/0/include-controls/0/with-child-controls", "none of yes, no");
    assert_found("{'catalog':{'uuid':'1','metadata':{'title':'t','last-modified':'yesterday','version':'1','"
                 "oscal-version':'1'}}}",
                 true, "/catalog/metadata/last-modified", "time");
}

static void test_what_is_no_document(void **state)
{
    (void)state;
    assert_found("[]", true, "", "no OSCAL document");
    assert_found("{'catalog':{},'profile':{}}", true, "", "no OSCAL document");
    assert_found("{'zoo':{}}", true, "", "no OSCAL document");
}

static void test_ids_given_twice(void **state)
{
    (void)state;
    assert_found("{'catalog':{" HEAD ",'controls':[{'id':'a-1','title':'x'},{'id':'a-1','title':'y'}]}}",
                 true, "/catalog/controls/1/id", "first at /catalog/controls/0/id");
    assert_found("{'catalog':{" HEAD
                 ",'back-matter':{'resources':[{'uuid':'22222222-2222-4222-8222-222222222222'},"
                 "{'uuid':'22222222-2222-4222-8222-222222222222'}]}}}",
                 true, "/catalog/back-matter/resources/1/uuid", "given twice");
}

static void test_references_to_nothing(void **state)
{
    (void)state;
    assert_found("{'catalog':{" HEAD ",'controls':[{'id':'a-1','title':'x','links':[{'href':'#a-2'}]}]}}",
                 true, "/catalog/controls/0/links/0/href", "#a-2");
    assert_found(
        "{'catalog':{" HEAD
        ",'controls':[{'id':'a-1','title':'x','parts':[{'name':'s','prose':'{{ insert: param, p1 }}'}]}]}}",
        true, "/catalog/controls/0/parts/0/prose", "“p1”");
    assert_found("{'profile':{" HEAD
                 ",'imports':[{'href':'#22222222-2222-4222-8222-222222222222','include-all':{}}]}}",
                 true, "/profile/imports/0/href", "leads to nothing");
}

/* A link to a control that was not chosen is expected in a resolved catalogue: a warning. */
static void test_a_resolved_catalogue_may_link_to_what_was_not_chosen(void **state)
{
    (void)state;
    assert_found("{'catalog':{'uuid':'11111111-1111-4111-8111-111111111111','metadata':{'title':'t','last-"
                 "modified':'2026-01-01T00:00:00Z',"
                 "'version':'1','oscal-version':'1.1.2','props':[{'name':'resolution-tool','value':'x'}]},"
                 "'controls':[{'id':'a-1','title':'x','links':[{'href':'#a-2'}]}]}}",
                 false, "/catalog/controls/0/links/0/href", "#a-2");
}

static void test_pointers_are_escaped(void **state)
{
    (void)state;
    assert_found("{'catalog':{" HEAD ",'a/b~c':1}}", true, "/catalog/a~1b~0c", "no field");
}

static void test_findings_end_at_their_ceiling(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new("{'catalog':{" HEAD ",'controls':[");
    for (int i = 0; i < 3000; i++)
        g_string_append(text, i > 0 ? ",{}" : "{}");
    g_string_append(text, "]}}");
    g_autoptr(GPtrArray) found = check(text->str);
    assert_int_equal(found->len, TK_OSCAL_FINDINGS_MAX);
}

/* What this room does not know survives: every published example is sound, and comes back as it was. */
static void test_published_documents_survive_a_round_trip(void **state)
{
    (void)state;
    static const char *const files[] = {
        "component-definition/json/example-component-definition.json",
        "ssp/json/ssp-example.json",
        "ap/json/ifa_assessment-plan-example.json",
        "ar/json/ifa_assessment-results-example.json",
        "poam/json/ifa_plan-of-action-and-milestones.json",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path =
            g_build_filename(g_getenv("TOKATSU_SHARED"), "data", "oscal", "examples", files[i], NULL);
        g_autofree char *text = NULL;
        size_t len = 0;
        if (!g_file_get_contents(path, &text, &len, NULL)) {
            print_message("# the published examples are not here\n");
            skip();
        }
        g_autoptr(json_t) document = tk_oscal_read(files[i], text, len, NULL);
        assert_non_null(document);
        g_autofree char *written = json_dumps(document, JSON_COMPACT);
        g_autoptr(json_t) again = tk_oscal_read("again", written, strlen(written), NULL);
        g_autoptr(json_t) plain = json_loadb(text, len, 0, NULL); /* not by our reader */
        assert_true(json_equal(plain, again));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_small_catalogue_is_sound),
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_what_is_no_document),
        cmocka_unit_test(test_ids_given_twice),
        cmocka_unit_test(test_references_to_nothing),
        cmocka_unit_test(test_a_resolved_catalogue_may_link_to_what_was_not_chosen),
        cmocka_unit_test(test_pointers_are_escaped),
        cmocka_unit_test(test_findings_end_at_their_ceiling),
        cmocka_unit_test(test_published_documents_survive_a_round_trip),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    g_autofree char *path =
        g_build_filename(g_getenv("TOKATSU_SOURCE"), "frameworks", "oscal", "models.json", NULL);
    g_autofree char *text = NULL;
    size_t len = 0;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, &len, &error) ||
        (models = tk_oscal_models_new(text, len, &error)) == NULL)
        g_error("%s", error->message);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    tk_oscal_models_free(models);
    return failed;
}

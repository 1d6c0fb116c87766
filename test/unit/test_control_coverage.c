/* Answer once, see it counted everywhere: what is carried where, that an answer never lowers another item,
 * and that the OSCAL documents made of answers are sound. */
#include "framework_helper.h"

static TkFrameworks *frameworks;

static TkControlAnswers *answers_of(const char *list, GPtrArray *refused)
{
    g_autofree char *text = g_strdup_printf("{'format':'tokatsu-answers/1','answers':[%s]}", list);
    g_strdelimit(text, "'", '"');
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
    GError *error = NULL;
    TkControlAnswers *answers = tk_control_answers_read(frameworks, "answers", text, strlen(text),
                                                        refused != NULL ? refused : own, &error);
    if (answers == NULL)
        fail_msg("%s", error->message);
    if (own->len > 0)
        fail_msg("%s", (char *)own->pdata[0]);
    return answers;
}

#define ANSWER(framework, item, state, rest)                                                                 \
    "{'framework':'" framework "','item':'" item "','state':'" state "'" rest "}"

static TkSupport support_of(const char *list, const char *framework, const char *id)
{
    g_autoptr(TkControlAnswers) answers = answers_of(list, NULL);
    g_autoptr(GArray) all = tk_control_coverage(frameworks, answers, NULL, day("2026-11-23"));
    for (size_t i = 0; i < all->len; i++)
        if (g_array_index(all, TkSupport, i).item == item_of(frameworks, framework, id)) {
            TkSupport found = g_array_index(all, TkSupport, i);
            found.answer = found.own = NULL; /* they end with the answers */
            return found;
        }
    fail_msg("%s %s is not counted", framework, id);
    return (TkSupport){0};
}

static void test_one_answer_counts_in_the_other_edition(void **state)
{
    (void)state;
    /* One to one: all of it. Merged: the whole proves its part, the part proves a part of the whole. */
    assert_int_equal(
        support_of(ANSWER("iso-27001-2013", "A.12.3.1", "implemented", ""), "iso-27001-2022", "A.8.13").state,
        TK_CONTROL_IMPLEMENTED);
    assert_int_equal(
        support_of(ANSWER("iso-27001-2022", "A.5.1", "implemented", ""), "iso-27001-2013", "A.5.1.2").state,
        TK_CONTROL_IMPLEMENTED);
    assert_int_equal(
        support_of(ANSWER("iso-27001-2013", "A.5.1.2", "implemented", ""), "iso-27001-2022", "A.5.1").state,
        TK_CONTROL_PARTIAL);
    assert_int_equal(
        support_of(ANSWER("iso-27001-2013", "A.5.1.2", "not-applicable", ""), "iso-27001-2022", "A.5.1")
            .state,
        TK_CONTROL_OPEN);
    /* 5.1.2 is a part of 5.1, which contains 5.1.1: nothing follows for 5.1.1. */
    assert_int_equal(
        support_of(ANSWER("iso-27001-2013", "A.5.1.2", "implemented", ""), "iso-27001-2013", "A.5.1.1").state,
        TK_CONTROL_OPEN);
}

static void test_the_best_of_several_counts_with_its_path(void **state)
{
    (void)state;
    TkSupport s = support_of(ANSWER("iso-27001-2013", "A.12.3.1", "implemented",
                                    "") "," ANSWER("iso-27001-2022", "A.8.13", "planned", ""),
                             "iso-27001-2022", "A.8.13");
    assert_int_equal(s.state, TK_CONTROL_IMPLEMENTED);
    assert_int_equal(s.reach.n_path, 1);
    assert_string_equal(s.reach.path[0].crosswalk, "iso-27001-2013-2022");
}

static void test_evidence_has_its_days(void **state)
{
    (void)state;
    static const struct {
        const char *effective, *expires;
        TkEvidence is;
    } cases[] = {
        {"2026-11-23", "2026-11-23", TK_EVIDENCE_VALID},
        {"2025-01-01", "2026-11-22", TK_EVIDENCE_EXPIRED},
        {"2026-11-24", "2027-01-01", TK_EVIDENCE_NOT_YET},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *list = g_strdup_printf("{'framework':'iso-27001-2022','item':'A.8.13','state':'"
                                                "implemented','evidence':[{'title':'t','effective':"
                                                "'%s','expires':'%s'}]}",
                                                cases[i].effective, cases[i].expires);
        assert_int_equal(support_of(list, "iso-27001-2013", "A.12.3.1").evidence, cases[i].is);
    }
    assert_int_equal(
        support_of(ANSWER("iso-27001-2022", "A.8.13", "implemented", ""), "iso-27001-2022", "A.8.13")
            .evidence,
        TK_EVIDENCE_NONE);
}

static void test_wrong_answers_are_named_and_the_rest_counts(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) refused = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TkControlAnswers) answers = answers_of(
        ANSWER("zoo", "1", "planned", "") "," ANSWER("iso-27001-2022", "A.9.9", "planned", "") "," ANSWER(
            "iso-27001-2022", "A.5", "planned",
            "") "," ANSWER("iso-27001-2022", "A.5.1", "done",
                           "") "," ANSWER("iso-27001-2022", "A.5.2", "planned",
                                          "") "," ANSWER("iso-27001-2022", "A.5.2", "partial",
                                                         "") "," ANSWER("iso-27001-2022", "A.5.3", "planned",
                                                                        ",'evidence':[{'title':'t'"
                                                                        ",'effective':'2026-02-30'"
                                                                        "}]") "," ANSWER("iso-"
                                                                                         "27001-"
                                                                                         "2022",
                                                                                         "A.5.4", "planned",
                                                                                         ",'"
                                                                                         "evidence"
                                                                                         "':[{'"
                                                                                         "title':'"
                                                                                         "t','"
                                                                                         "effectiv"
                                                                                         "e':'"
                                                                                         "2026-02-"
                                                                                         "02','"
                                                                                         "expires'"
                                                                                         ":"
                                                                                         "'2026-"
                                                                                         "02-01'}"
                                                                                         "]"),
        refused);
    static const char *const words[] = {"answer 1: there is no framework “zoo”",
                                        "answer 2: iso-27001-2022 has no item",
                                        "is a theme",
                                        "“state” must be",
                                        "answer 6: iso-27001-2022 A.5.2 is answered twice",
                                        "“effective” must be a day",
                                        "expires before"};
    assert_int_equal(tk_control_answers_count(answers), 1);
    assert_int_equal(refused->len, G_N_ELEMENTS(words));
    for (size_t i = 0; i < refused->len; i++)
        if (strstr(refused->pdata[i], words[i]) == NULL)
            fail_msg("“%s” does not say “%s”", (char *)refused->pdata[i], words[i]);
}

/* ---- property: an added answer never lowers an item ---- */

static void add_random(GString *list, GRand *dice, GHashTable *used)
{
    static const char *const states[] = {"implemented", "partial", "planned", "not-applicable"};
    const TkFramework *f = tk_frameworks_at(
        frameworks, (size_t)g_rand_int_range(dice, 0, (gint32)tk_frameworks_count(frameworks)));
    const TkFrameworkItem *item = &f->items[g_rand_int_range(dice, 0, (gint32)f->n_items)];
    if (!tk_framework_is_unit(item) || !g_hash_table_add(used, (void *)item))
        return;
    g_string_append_printf(list, "%s{'framework':'%s','item':'%s','state':'%s'}", list->len > 0 ? "," : "",
                           f->id, item->id, states[g_rand_int_range(dice, 0, 4)]);
}

static void test_an_added_answer_never_lowers_an_item(void **state)
{
    (void)state;
    g_autoptr(GRand) dice = g_rand_new_with_seed(20261123);
    for (int round = 0; round < 20; round++) {
        g_autoptr(GString) list = g_string_new(NULL);
        g_autoptr(GHashTable) used = g_hash_table_new(NULL, NULL);
        g_autoptr(GArray) before = NULL;
        size_t raised = 0;
        for (int n = 0; n < 30; n++) {
            add_random(list, dice, used);
            g_autoptr(TkControlAnswers) answers = answers_of(list->str, NULL);
            GArray *after = tk_control_coverage(frameworks, answers, NULL, day("2026-11-23"));
            for (size_t i = 0; before != NULL && i < after->len; i++) {
                const TkSupport *a = &g_array_index(before, TkSupport, i),
                                *b = &g_array_index(after, TkSupport, i);
                if (b->state < a->state)
                    fail_msg("%s %s fell", b->item->framework->id, b->item->id);
                raised += b->state > a->state;
            }
            g_clear_pointer(&before, g_array_unref);
            before = after;
        }
        assert_true(raised > 0);
    }
}

/* A better answer is worth at least as much through every relation, and a stronger relation never less. */
static void test_what_is_carried_grows_with_state_and_never_exceeds_it(void **state)
{
    (void)state;
    for (TkRelation r = TK_RELATION_NONE; r <= TK_RELATION_EQUAL; r++)
        for (TkControlState s = TK_CONTROL_OPEN; s <= TK_CONTROL_IMPLEMENTED; s++) {
            assert_true(tk_control_state_through(s, r) <= s);
            if (s > TK_CONTROL_OPEN)
                assert_true(tk_control_state_through(s, r) >= tk_control_state_through(s - 1, r));
        }
}

/* ---- OSCAL ---- */

static TkOscalModels *models_read(void)
{
    g_autofree char *path =
        g_build_filename(g_getenv("TOKATSU_SOURCE"), "frameworks", "oscal", "models.json", NULL);
    g_autofree char *text = NULL;
    size_t len = 0;
    GError *error = NULL;
    assert_true(g_file_get_contents(path, &text, &len, &error));
    TkOscalModels *models = tk_oscal_models_new(text, len, &error);
    assert_non_null(models);
    return models;
}

static void assert_sound(const TkOscalModels *models, const json_t *document)
{
    g_autoptr(GPtrArray) found = tk_oscal_check(models, document);
    if (found->len > 0)
        fail_msg("%s: %s", ((TkOscalFinding *)found->pdata[0])->pointer,
                 ((TkOscalFinding *)found->pdata[0])->text);
}

static void test_documents_made_of_answers_are_sound(void **state)
{
    (void)state;
    g_autoptr(TkOscalModels) models = models_read();
    g_autoptr(TkControlAnswers) answers =
        answers_of(ANSWER("iso-27001-2022", "A.5.1", "implemented",
                          ",'note':'方針'") "," ANSWER("nist-800-171-r2", "3.1.1", "partial", ""),
                   NULL);
    TkControlExport with = {"試験網", day("2026-11-23"), at("2026-11-23T12:00:00+09:00")};
    static const struct {
        const char *framework;
        size_t answered, open;
    } cases[] = {{"iso-27001-2022", 1, 92}, {"iso-27001-2013", 2, 112}, {"nist-800-171-r2", 1, 110}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const TkFramework *f = tk_framework_find(frameworks, cases[i].framework);
        g_autoptr(json_t) component = tk_control_component(frameworks, answers, f, &with, NULL);
        g_autoptr(json_t) poam = tk_control_poam(frameworks, answers, f, &with, NULL);
        g_autoptr(json_t) soa = tk_control_applicability(frameworks, answers, f, &with);
        assert_non_null(component);
        assert_non_null(poam);
        assert_sound(models, component);
        assert_sound(models, poam);
        const json_t *body = json_object_get(component, "component-definition");
        const json_t *first = json_array_get(json_object_get(body, "components"), 0);
        const json_t *how = json_array_get(json_object_get(first, "control-implementations"), 0);
        assert_int_equal(json_array_size(json_object_get(how, "implemented-requirements")),
                         cases[i].answered);
        assert_int_equal(json_array_size(json_object_get(
                             json_object_get(poam, "plan-of-action-and-milestones"), "poam-items")),
                         cases[i].open);
        assert_int_equal(json_array_size(json_object_get(soa, "items")), f->n_units);
    }
}

static void test_nothing_to_export_is_said(void **state)
{
    (void)state;
    g_autoptr(TkControlAnswers) none = answers_of("", NULL);
    TkControlExport with = {"s", day("2026-11-23"), 0};
    GError *error = NULL;
    assert_null(
        tk_control_component(frameworks, none, tk_framework_find(frameworks, "ismap"), &with, &error));
    assert_error_says(error, "nothing to export");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_answer_counts_in_the_other_edition),
        cmocka_unit_test(test_the_best_of_several_counts_with_its_path),
        cmocka_unit_test(test_evidence_has_its_days),
        cmocka_unit_test(test_wrong_answers_are_named_and_the_rest_counts),
        cmocka_unit_test(test_an_added_answer_never_lowers_an_item),
        cmocka_unit_test(test_what_is_carried_grows_with_state_and_never_exceeds_it),
        cmocka_unit_test(test_documents_made_of_answers_are_sound),
        cmocka_unit_test(test_nothing_to_export_is_said),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    frameworks = shipped_frameworks();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    tk_frameworks_free(frameworks);
    return failed;
}

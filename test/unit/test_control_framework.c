/* Frameworks: the published counts, what a wrong file is refused for, and the algebra of relations. */
#include "framework_helper.h"

static TkFrameworks *frameworks;

static size_t kinds(const char *id, const char *kind)
{
    const TkFramework *f = tk_framework_find(frameworks, id);
    size_t n = 0;
    assert_non_null(f);
    for (size_t i = 0; i < f->n_items; i++)
        n += strcmp(f->items[i].kind, kind) == 0;
    return n;
}

static void test_published_counts(void **state)
{
    (void)state;
    static const struct {
        const char *id, *kind;
        size_t n;
    } known[] = {
        {"iso-27001-2022", "theme", 4},       {"iso-27001-2022", "control", 93},
        {"iso-27001-2013", "domain", 14},     {"iso-27001-2013", "objective", 35},
        {"iso-27001-2013", "control", 114},   {"nist-csf-2.0", "function", 6},
        {"nist-csf-2.0", "category", 22},     {"nist-csf-2.0", "subcategory", 106},
        {"nist-csf-1.1", "function", 5},      {"nist-csf-1.1", "category", 23},
        {"nist-csf-1.1", "subcategory", 108}, {"nist-800-53-r5", "family", 20},
        {"nist-800-171-r2", "family", 14},    {"nist-800-171-r2", "requirement", 110},
        {"nist-800-171-r3", "family", 17},    {"cmmc-2.0", "level", 3},
        {"iso-27701-2019", "control", 49},    {"iso-27017-2015", "control", 7},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (kinds(known[i].id, known[i].kind) != known[i].n)
            fail_msg("%s has %zu of %s, not %zu", known[i].id, kinds(known[i].id, known[i].kind),
                     known[i].kind, known[i].n);
}

static int64_t count_of(const char *framework, const char *id)
{
    return item_of(frameworks, framework, id)->count;
}

static void test_counts_that_stand_for_what_is_not_listed(void **state)
{
    (void)state;
    assert_int_equal(count_of("fedramp-r5", "LOW"), 156);
    assert_int_equal(count_of("fedramp-r5", "MODERATE"), 323);
    assert_int_equal(count_of("fedramp-r5", "HIGH"), 410);
    assert_int_equal(count_of("ismap", "3"), 18);
    assert_true(item_of(frameworks, "ismap", "3")->verified);
    assert_false(item_of(frameworks, "ismap", "4")->verified);
    assert_int_equal(count_of("ismap", "3") + count_of("ismap", "4") + count_of("ismap", "5-18"), 1159);
    assert_int_equal(count_of("anzen-shinraisei", "facilities"),
                     count_of("anzen-shinraisei", "facilities.equipment") +
                         count_of("anzen-shinraisei", "facilities.environment"));
}

/* 11 new controls, 24 that several old ones were merged into: what the publisher says of the edition of 2022.
 */
static void test_the_correspondence_of_the_two_editions(void **state)
{
    (void)state;
    const TkFramework *f = tk_framework_find(frameworks, "iso-27001-2022");
    size_t fresh = 0, merged = 0;
    for (size_t i = 0; i < f->n_items; i++) {
        if (!tk_framework_is_unit(&f->items[i]))
            continue;
        g_autoptr(GArray) reached = tk_control_reach(frameworks, &f->items[i]);
        size_t old = 0;
        for (size_t k = 0; k < reached->len; k++) {
            const TkReach *r = &g_array_index(reached, TkReach, k);
            old += r->n_path == 1 && strcmp(r->item->framework->id, "iso-27001-2013") == 0;
        }
        fresh += old == 0;
        merged += old > 1;
    }
    assert_int_equal(fresh, 11);
    assert_int_equal(merged, 24);
}

static void test_csf_identifiers_are_the_published_ones(void **state)
{
    (void)state;
    g_autofree char *path =
        g_build_filename(g_getenv("TOKATSU_SHARED"), "data", "oscal", "NIST_CSF_v2.0_catalog.xml", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        print_message("# the published catalogue is not here\n");
        skip();
    }
    g_autoptr(GHashTable) ours = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    static const char *const both[] = {"nist-csf-2.0", "nist-csf-1.1"};
    for (size_t k = 0; k < 2; k++) {
        const TkFramework *f = tk_framework_find(frameworks, both[k]);
        for (size_t i = 0; i < f->n_items; i++)
            if (tk_framework_is_unit(&f->items[i])) { /* the catalogue writes ID.AM-1 as ID.AM-01 */
                const char *id = f->items[i].id, *dash = strchr(id, '-');
                g_hash_table_add(ours, g_strdup_printf("%.*s-%02d", (int)(dash - id), id,
                                                       (int)g_ascii_strtoll(dash + 1, NULL, 10)));
            }
    }
    size_t published = 0;
    for (char *at = text; (at = strstr(at, "<control id=\"")) != NULL;) {
        at += strlen("<control id=\"");
        g_autofree char *id = g_strndup(at, strcspn(at, "\""));
        if (strchr(id, '-') == NULL)
            continue;
        published++;
        if (!g_hash_table_contains(ours, id))
            fail_msg("%s is published and not ours", id);
    }
    assert_int_equal(published, g_hash_table_size(ours));
}

static void test_every_item_has_a_title(void **state)
{
    (void)state;
    for (size_t i = 0; i < tk_frameworks_count(frameworks); i++) {
        const TkFramework *f = tk_frameworks_at(frameworks, i);
        for (size_t k = 0; k < f->n_items; k++) {
            assert_true(tk_framework_title(&f->items[k], "ja")[0] != '\0');
            assert_true(tk_framework_title(&f->items[k], "en")[0] != '\0');
        }
    }
}

static void test_what_is_current_and_listed_has_titles_of_its_own(void **state)
{
    (void)state;
    static const char *const ids[] = {"iso-27001-2022", "nist-csf-2.0"};
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        const TkFramework *f = tk_framework_find(frameworks, ids[i]);
        for (size_t k = 0; k < f->n_items; k++)
            if (f->items[k].title_ja == NULL)
                fail_msg("%s %s has no title", f->id, f->items[k].id);
    }
}

/* ---- faults ---- */

#define HEAD(id)                                                                                             \
    "{'format':'tokatsu-framework/1','id':'" id                                                              \
    "','title':{'ja':'あ','en':'a'},'publisher':'p','edition':'1',"                                         \
    "'published':'2024-02','source':'s','unit':'control','items':["
#define ITEM(id, rest) "{'id':'" id "','kind':'control','title':{'ja':'あ','en':'a'}" rest "}"
#define WALK(maps)                                                                                           \
    "{'format':'tokatsu-crosswalk/"                                                                          \
    "1','id':'w','from':'x','to':'y','source':'s','verified':true,'maps':[" maps "]}"

static void assert_fault(const char *crosswalk, const char *file, const char *part)
{
    g_autofree char *x = g_strdup(file), *y = g_strdup(HEAD("y") ITEM("1", "") "]}"),
                    *w = g_strdup(crosswalk);
    g_strdelimit(x, "'", '"');
    g_strdelimit(y, "'", '"');
    g_strdelimit(w, "'", '"');
    TkFrameworkFile files[] = {{"w.json", w, strlen(w)}, {"x.json", x, strlen(x)}, {"y.json", y, strlen(y)}};
    GError *error = NULL;
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TkFrameworks) set = tk_frameworks_load(files, 3, faults, &error);
    if (part == NULL) {
        assert_null(error);
        assert_non_null(set);
        return;
    }
    assert_null(set);
    assert_true(faults->len > 0);
    assert_error_says(error, part);
}

static const char good_walk[] = WALK("{'from':'1','relation':'subset','to':'1'}");

static void test_wrong_files_are_named(void **state)
{
    (void)state;
    assert_fault(good_walk, HEAD("x") ITEM("1", "") "]}", NULL);
    assert_fault(good_walk, HEAD("x") ITEM("1", "") "," ITEM("1", "") "]}",
                 "x.json: item 2: the id “1” is given twice");
    assert_fault(good_walk, HEAD("x") ITEM("1", ",'parent':'0'") "]}",
                 "its parent “0” is not among the items before");
    assert_fault(good_walk, HEAD("y") ITEM("1", "") "]}", "given twice");
    assert_fault(
        good_walk,
        "{'format':'tokatsu-framework/1','id':'x','title':{'ja':'あ','en':'a'},'publisher':'p',"
        "'edition':'1','published':'2024-13','source':'s','unit':'control','items':[" ITEM("1", "") "]}",
        "“2024-13” is no day");
    assert_fault(good_walk, HEAD("x") ITEM("1", ",'count':-1") "]}", "“count” must be");
    assert_fault(good_walk, HEAD("x") "{'id':'1','kind':'control'}]}", "needs a title");
    assert_fault(good_walk, HEAD("x") "{'id':'1','kind':'theme','title':{'ja':'あ','en':'a'}}]}",
                 "no item is of the kind");
    assert_fault(good_walk, HEAD("x") "]}", "must be a list");
    assert_fault(good_walk, "{'format':'zoo'}", "x.json: “format” must be");
    assert_fault(good_walk, "{", "x.json");
}

static void test_wrong_mappings_are_named(void **state)
{
    (void)state;
    static const char x[] = HEAD("x") ITEM("1", "") "]}";
    assert_fault(WALK("{'from':'9','relation':'subset','to':'1'}"), x,
                 "map 1: “from” names “9”, which x does not have");
    assert_fault(WALK("{'from':'1','relation':'part','to':'1'}"), x, "“relation” must be");
    assert_fault(WALK("{'from':'1','relation':'equal','to':'1'},{'from':'1','relation':'subset','to':'1'}"),
                 x, "map 2: “1” to “1” is given twice");
    assert_fault("{'format':'tokatsu-crosswalk/"
                 "1','id':'w','from':'x','to':'z','source':'s','verified':true,'maps':[]}",
                 x, "“to” names the framework “z”");
}

/* ---- relations ---- */

/* All pairs of non-empty sets over three elements, as bits: what composition says must hold for every one. */
static bool holds(TkRelation relation, unsigned a, unsigned b)
{
    switch (relation) {
    case TK_RELATION_EQUAL:
        return a == b;
    case TK_RELATION_SUBSET:
        return (a & ~b) == 0;
    case TK_RELATION_SUPERSET:
        return (b & ~a) == 0;
    case TK_RELATION_INTERSECT:
        return (a & b) != 0;
    case TK_RELATION_NONE:
        break;
    }
    return true;
}

static bool always(TkRelation r, TkRelation s, TkRelation claim)
{
    for (unsigned a = 1; a < 16; a++)
        for (unsigned b = 1; b < 16; b++)
            for (unsigned c = 1; c < 16; c++)
                if (holds(r, a, b) && holds(s, b, c) && !holds(claim, a, c))
                    return false;
    return true;
}

static void test_composition_claims_what_sets_prove_and_all_of_it(void **state)
{
    (void)state;
    for (TkRelation r = TK_RELATION_NONE; r <= TK_RELATION_EQUAL; r++)
        for (TkRelation s = TK_RELATION_NONE; s <= TK_RELATION_EQUAL; s++) {
            TkRelation is = tk_relation_compose(r, s);
            assert_true(always(r, s, is));
            for (TkRelation more = is + 1; more <= TK_RELATION_EQUAL; more++)
                if (always(r, s, more))
                    fail_msg("%s, then %s: %s can be said", tk_relation_text(r), tk_relation_text(s),
                             tk_relation_text(more));
        }
}

static void test_composition_is_associative_and_turns_around(void **state)
{
    (void)state;
    for (TkRelation r = TK_RELATION_NONE; r <= TK_RELATION_EQUAL; r++)
        for (TkRelation s = TK_RELATION_NONE; s <= TK_RELATION_EQUAL; s++) {
            assert_int_equal(tk_relation_inverse(tk_relation_compose(r, s)),
                             tk_relation_compose(tk_relation_inverse(s), tk_relation_inverse(r)));
            for (TkRelation t = TK_RELATION_NONE; t <= TK_RELATION_EQUAL; t++)
                assert_int_equal(tk_relation_compose(tk_relation_compose(r, s), t),
                                 tk_relation_compose(r, tk_relation_compose(s, t)));
        }
}

static const TkReach *find(const GArray *reached, const char *framework, const char *id)
{
    for (size_t i = 0; i < reached->len; i++) {
        const TkReach *r = &g_array_index(reached, TkReach, i);
        if (strcmp(r->item->framework->id, framework) == 0 && strcmp(r->item->id, id) == 0)
            return r;
    }
    return NULL;
}

static void test_an_item_reaches_over_several_hops_with_its_weakest_link(void **state)
{
    (void)state;
    g_autoptr(GArray) reached = tk_control_reach(frameworks, item_of(frameworks, "iso-27001-2022", "A.5.9"));
    const TkReach *old = find(reached, "iso-27001-2013", "A.8.1.1");
    assert_non_null(old);
    assert_int_equal(old->relation, TK_RELATION_SUPERSET);
    assert_false(old->verified);
    const TkReach *csf = find(reached, "nist-csf-1.1", "ID.AM-1"); /* superset, then intersect */
    assert_non_null(csf);
    assert_int_equal(csf->relation, TK_RELATION_INTERSECT);
    assert_int_equal(csf->n_path, 2);
    assert_int_equal(csf->weakest, 1);
    assert_false(csf->verified);
    assert_null(find(reached, "nist-csf-2.0", "ID.AM-01")); /* intersect, then intersect: nothing follows */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_counts),
        cmocka_unit_test(test_counts_that_stand_for_what_is_not_listed),
        cmocka_unit_test(test_the_correspondence_of_the_two_editions),
        cmocka_unit_test(test_csf_identifiers_are_the_published_ones),
        cmocka_unit_test(test_every_item_has_a_title),
        cmocka_unit_test(test_what_is_current_and_listed_has_titles_of_its_own),
        cmocka_unit_test(test_wrong_files_are_named),
        cmocka_unit_test(test_wrong_mappings_are_named),
        cmocka_unit_test(test_composition_claims_what_sets_prove_and_all_of_it),
        cmocka_unit_test(test_composition_is_associative_and_turns_around),
        cmocka_unit_test(test_an_item_reaches_over_several_hops_with_its_weakest_link),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    frameworks = shipped_frameworks();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    tk_frameworks_free(frameworks);
    return failed;
}

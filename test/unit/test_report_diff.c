#include "report_fixture.h"

typedef struct {
    TkForms *forms;
    json_t *accident;
    TkReport *first, *second;
} Pair;

static void begin(Pair *p)
{
    p->forms = fixture_forms();
    p->accident = fixture_accident();
    TkReportContext context = fixture_context();
    p->first = fixture_report(p->forms, "serious-initial", &context, p->accident);
}

static void second(Pair *p)
{
    TkReportContext context = fixture_context();
    context.number = 2;
    context.at_us = at("2026-11-23T14:30:00+09:00");
    p->second = fixture_report(p->forms, "serious-initial", &context, p->accident);
}

static void end(Pair *p)
{
    tk_report_free(p->first);
    tk_report_free(p->second);
    tk_forms_free(p->forms);
    json_decref(p->accident);
}

static const json_t *change_of(const json_t *changes, const char *item)
{
    size_t i;
    json_t *change;
    json_array_foreach((json_t *)changes, i, change)
    {
        if (g_str_equal(json_string_value(json_object_get(change, "item")), item))
            return change;
    }
    return NULL;
}

static const char *side(const json_t *change, const char *which, const char *lang)
{
    return json_string_value(json_object_get(json_object_get(change, which), lang));
}

static void a_report_does_not_differ_from_itself(void **state)
{
    (void)state;
    Pair p;
    begin(&p);
    second(&p);
    g_autoptr(json_t) changes = tk_report_diff(p.first, p.first);
    assert_int_equal(json_array_size(changes), 0);
    end(&p);
}

static void a_changed_value_shows_both_sides_with_label_and_unit(void **state)
{
    (void)state;
    Pair p;
    begin(&p);
    json_object_set_new(p.accident, "place", json_string("架空第三通信ビル"));
    json_object_set_new(p.accident, "cause", json_null());
    json_t *service = json_array_get(json_object_get(p.accident, "services"), 0);
    json_object_set_new(service, "users", json_integer(500000));
    second(&p);
    g_autoptr(json_t) changes = tk_report_diff(p.first, p.second);
    const json_t *place = change_of(changes, "place");
    assert_string_equal(side(place, "label", "ja"), "発生場所");
    assert_string_equal(side(place, "from", "ja"), "架空第二通信ビル(東京都千代田区)");
    assert_string_equal(side(place, "to", "ja"), "架空第三通信ビル");
    assert_true(json_is_null(json_object_get(change_of(changes, "cause"), "to")));
    const json_t *most = change_of(changes, "users_most");
    assert_string_equal(side(most, "from", "ja"), "412,350 人");
    assert_string_equal(side(most, "to", "en"), "500,000 users");
    const json_t *cell = change_of(changes, "services/Voice with emergency calls/users");
    assert_string_equal(side(cell, "to", "ja"), "500,000 人");
    assert_non_null(change_of(changes, "reported_at"));
    assert_int_equal(json_array_size(changes), 5);
    end(&p);
}

static void an_added_and_a_removed_row_change_that_row_alone(void **state)
{
    (void)state;
    Pair p;
    begin(&p);
    json_t *timeline = json_object_get(p.accident, "timeline");
    json_array_remove(timeline, 1);
    json_array_insert_new(
        timeline, 1,
        json_pack("{s:s,s:s,s:s}", "at", "2026-11-23T09:14:00+09:00", "kind", "note", "text", "追記"));
    second(&p);
    g_autoptr(json_t) changes = tk_report_diff(p.first, p.second);
    const json_t *added = change_of(changes, "timeline/2026-11-23 09:14:00/text");
    assert_true(json_is_null(json_object_get(added, "from")));
    assert_string_equal(side(added, "to", "ja"), "追記");
    const json_t *removed = change_of(changes, "timeline/2026-11-23 09:13:05/text");
    assert_true(json_is_null(json_object_get(removed, "to")));
    assert_int_equal(json_array_size(changes), 2 * 3 + 1);
    end(&p);
}

static void the_comparison_is_printed(void **state)
{
    (void)state;
    Pair p;
    begin(&p);
    json_object_set_new(p.accident, "place", json_string("架空第三通信ビル"));
    second(&p);
    GBytes *a = NULL, *b = NULL;
    assert_true(tk_report_diff_pdf(p.first, p.second, TK_LANG_JA, &a, NULL));
    assert_true(tk_report_diff_pdf(p.first, p.second, TK_LANG_JA, &b, NULL));
    assert_memory_equal(g_bytes_get_data(a, NULL), "%PDF-1.5", 8);
    assert_true(g_bytes_equal(a, b));
    g_bytes_unref(a);
    g_bytes_unref(b);
    end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_does_not_differ_from_itself),
        cmocka_unit_test(a_changed_value_shows_both_sides_with_label_and_unit),
        cmocka_unit_test(an_added_and_a_removed_row_change_that_row_alone),
        cmocka_unit_test(the_comparison_is_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

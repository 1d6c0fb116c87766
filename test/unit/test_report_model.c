#include "report_fixture.h"

static void assert_name(unsigned number, bool final, TkLang lang, const char *expected)
{
    g_auto(TkBuf) out;
    tk_buf_init(&out, 256);
    tk_report_add_name(&out, number, final, lang);
    assert_string_equal(tk_buf_str(&out), expected);
}

static void versions_are_named_as_offices_name_them(void **state)
{
    (void)state;
    assert_name(0, false, TK_LANG_JA, "下書き");
    assert_name(1, false, TK_LANG_JA, "第一報");
    assert_name(2, false, TK_LANG_JA, "第二報");
    assert_name(10, false, TK_LANG_JA, "第十報");
    assert_name(11, false, TK_LANG_JA, "第十一報");
    assert_name(20, false, TK_LANG_JA, "第二十報");
    assert_name(99, false, TK_LANG_JA, "第九十九報");
    assert_name(4, true, TK_LANG_JA, "最終報");
    assert_name(1, false, TK_LANG_EN, "First report");
    assert_name(3, false, TK_LANG_EN, "Report 3");
}

static void assert_date(const char *date, bool wareki, const char *expected)
{
    g_auto(TkBuf) out;
    tk_buf_init(&out, 256);
    tk_report_add_date(&out, day(date), TK_LANG_JA, wareki);
    assert_string_equal(tk_buf_str(&out), expected);
}

static void an_era_begins_on_its_day_and_its_first_year_is_gannen(void **state)
{
    (void)state;
    assert_date("2026-11-23", true, "令和8年11月23日");
    assert_date("2026-11-23", false, "2026年11月23日");
    assert_date("2019-05-01", true, "令和元年5月1日");
    assert_date("2019-04-30", true, "平成31年4月30日");
    assert_date("2019-12-31", true, "令和元年12月31日");
    assert_date("2020-01-01", true, "令和2年1月1日");
    assert_date("1989-01-08", true, "平成元年1月8日");
    assert_date("1989-01-07", true, "昭和64年1月7日");
    assert_date("1926-12-25", true, "昭和元年12月25日");
    assert_date("1926-12-24", true, "大正15年12月24日");
    assert_date("1912-07-30", true, "大正元年7月30日");
    assert_date("1912-07-29", true, "明治45年7月29日");
}

static void a_frozen_report_comes_back_byte_for_byte(void **state)
{
    (void)state;
    g_autoptr(TkForms) forms = fixture_forms();
    g_autoptr(json_t) accident = fixture_accident();
    TkReportContext context = fixture_context();
    context.wareki = true;
    context.drill = true;
    context.due = day("2026-12-23");
    g_autoptr(TkReport) report = fixture_report(forms, "serious-detailed", &context, accident);
    g_autoptr(GBytes) first = tk_report_to_json(report);
    GError *error = NULL;
    g_autoptr(TkReport) again =
        tk_report_from_json(g_bytes_get_data(first, NULL), g_bytes_get_size(first), &error);
    if (again == NULL)
        fail_msg("%s", error->message);
    g_autoptr(GBytes) second = tk_report_to_json(again);
    assert_true(g_bytes_equal(first, second));
    for (TkReportFormat format = TK_REPORT_PDF; format <= TK_REPORT_JSON; format++) {
        g_autoptr(GBytes) a = fixture_render(report, format, TK_LANG_JA);
        g_autoptr(GBytes) b = fixture_render(again, format, TK_LANG_JA);
        assert_true(g_bytes_equal(a, b));
    }
}

static void the_report_outlives_the_forms_and_the_accident(void **state)
{
    (void)state;
    TkForms *forms = fixture_forms();
    json_t *accident = fixture_accident();
    TkReportContext context = fixture_context();
    g_autoptr(TkReport) report = fixture_report(forms, "serious-initial", &context, accident);
    tk_forms_free(forms);
    json_decref(accident);
    g_autoptr(GBytes) bytes = fixture_render(report, TK_REPORT_CSV, TK_LANG_JA);
    assert_true(g_bytes_get_size(bytes) > 1000);
    assert_string_equal(tk_report_kind(report), "serious-initial");
}

static void a_kind_without_form_or_before_its_form_is_not_found(void **state)
{
    (void)state;
    g_autoptr(TkForms) forms = fixture_forms();
    g_autoptr(json_t) accident = fixture_accident();
    TkReportContext context = fixture_context();
    GError *error = NULL;
    assert_null(tk_report_new(forms, "no-such-kind", &context, accident, &error));
    assert_int_equal(error->code, TK_ERROR_NOT_FOUND);
    assert_error_says(error, "no-such-kind");
    context.law_date = day("2023-06-15");
    assert_null(tk_report_new(forms, "near-miss-initial", &context, accident, &error));
    assert_error_says(error, "in force on 2023-06-15");
}

static void a_fact_of_the_wrong_type_names_its_item(void **state)
{
    (void)state;
    g_autoptr(TkForms) forms = fixture_forms();
    TkReportContext context = fixture_context();
    g_autoptr(json_t) accident = fixture_accident();
    GError *error = NULL;
    json_object_set_new(accident, "started_at", json_string("yesterday"));
    assert_null(tk_report_new(forms, "serious-initial", &context, accident, &error));
    assert_error_says(error, "item occurred_at");
    json_object_set_new(accident, "started_at", json_null());
    json_object_set_new(accident, "services", json_string("voice"));
    assert_null(tk_report_new(forms, "serious-initial", &context, accident, &error));
    assert_error_says(error, "item services");
}

static void what_a_person_enters_stands_over_the_record_and_says_so(void **state)
{
    (void)state;
    g_autoptr(TkForms) forms = fixture_forms();
    g_autoptr(json_t) accident = fixture_accident();
    g_autoptr(json_t) entries =
        json_pack("{s:s,s:s}", "place", "架空第三ビル", "remarks", "追って報告する。");
    TkReportContext context = fixture_context();
    context.entries = entries;
    g_autoptr(TkReport) report = fixture_report(forms, "serious-initial", &context, accident);
    g_autoptr(GBytes) bytes = tk_report_to_json(report);
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    assert_non_null(strstr(text, "\"entered\":true,\"type\":\"text\",\"value\":\"架空第三ビル\""));
    json_object_set_new(entries, "no_such_item", json_string("x"));
    GError *error = NULL;
    assert_null(tk_report_new(forms, "serious-initial", &context, accident, &error));
    assert_error_says(error, "no_such_item");
}

static void a_damaged_report_is_refused(void **state)
{
    (void)state;
    GError *error = NULL;
    assert_null(tk_report_from_json("{}", 2, &error));
    assert_error_says(error, "format");
    assert_null(tk_report_from_json("{\"format\":", 10, &error));
    assert_non_null(error);
    g_clear_error(&error);
}

static void control_characters_and_direction_overrides_do_not_reach_a_report(void **state)
{
    (void)state;
    g_autoptr(TkForms) forms = fixture_forms();
    g_autoptr(json_t) accident = fixture_accident();
    TkReportContext context = fixture_context();
    json_object_set_new(accident, "place",
                        json_string("A\x01\xE2\x80\xAE"
                                    "B\tC"));
    g_autoptr(TkReport) report = fixture_report(forms, "serious-initial", &context, accident);
    g_autoptr(GBytes) bytes = fixture_render(report, TK_REPORT_CSV, TK_LANG_JA);
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    assert_non_null(strstr(text, "AB C"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_named_as_offices_name_them),
        cmocka_unit_test(an_era_begins_on_its_day_and_its_first_year_is_gannen),
        cmocka_unit_test(a_frozen_report_comes_back_byte_for_byte),
        cmocka_unit_test(the_report_outlives_the_forms_and_the_accident),
        cmocka_unit_test(a_kind_without_form_or_before_its_form_is_not_found),
        cmocka_unit_test(a_fact_of_the_wrong_type_names_its_item),
        cmocka_unit_test(what_a_person_enters_stands_over_the_record_and_says_so),
        cmocka_unit_test(a_damaged_report_is_refused),
        cmocka_unit_test(control_characters_and_direction_overrides_do_not_reach_a_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

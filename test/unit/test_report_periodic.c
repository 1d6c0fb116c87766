#include "report_fixture.h"

static json_t *accident(const char *id, const char *started_at, const char *outcome, int users,
                        int duration_s, const char *cause)
{
    json_t *one =
        json_pack("{s:s,s:s,s:s,s:I,s:s,s:[{s:s,s:{s:s,s:s},s:i}]}", "id", id, "started_at", started_at,
                  "outcome", outcome, "duration_s", (json_int_t)duration_s, "cause_class", cause, "services",
                  "service", "voice", "name", "ja", "音声", "en", "Voice", "users", users);
    assert_non_null(one);
    return one;
}

static json_t *year(void)
{
    json_t *list = json_array();
    json_array_append_new(
        list, accident("B", "2026-04-01T00:00:00+09:00", "periodic-detailed", 40000, 7200, "human"));
    json_array_append_new(
        list, accident("A", "2026-03-31T23:59:59+09:00", "periodic-detailed", 40000, 7200, "human"));
    json_array_append_new(
        list, accident("C", "2027-03-31T23:59:59+09:00", "periodic-detailed", 499, 90000, "external"));
    json_array_append_new(
        list, accident("D", "2027-04-01T00:00:00+09:00", "periodic-detailed", 40000, 60, "human"));
    json_array_append_new(list,
                          accident("E", "2026-06-01T00:00:00+09:00", "serious", 400000, 72000, "equipment"));
    json_array_append_new(
        list, accident("F", "2026-06-01T00:00:00+09:00", "periodic-simplified", 10, 7300, "weird"));
    json_t *two = accident("G", "2026-05-01T00:00:00+09:00", "periodic-detailed", 600, 1799, "equipment");
    json_array_append_new(json_object_get(two, "services"),
                          json_pack("{s:s,s:{s:s,s:s},s:i}", "service", "lpwa", "name", "ja", "LPWA", "en",
                                    "LPWA", "users", 31000));
    json_array_append_new(list, two);
    return list;
}

static json_t *document(const TkReport *report)
{
    g_autoptr(GBytes) bytes = tk_report_to_json(report);
    json_t *root = tk_json_read("report", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                TK_REPORT_JSON_MAX, NULL);
    assert_non_null(root);
    return root;
}

/* The rows of the list, as in the document: [[number, id, began, …], …]. */
static json_t *rows(const json_t *root)
{
    const json_t *section = json_array_get(json_object_get(root, "sections"), 1);
    return json_object_get(json_array_get(json_object_get(section, "items"), 0), "rows");
}

static TkReport *periodic(const char *kind, TkDate from, TkDate to, const json_t *accidents)
{
    g_autoptr(TkForms) forms = fixture_forms();
    TkReportContext context = fixture_context();
    GError *error = NULL;
    TkReport *report = tk_report_periodic(forms, kind, &context, from, to, accidents, &error);
    if (report == NULL)
        fail_msg("%s", error->message);
    return report;
}

static void a_period_is_a_fiscal_year_or_its_quarter(void **state)
{
    (void)state;
    static const struct {
        int quarter;
        const char *from, *to;
    } expected[] = {{0, "2026-04-01", "2027-03-31"},
                    {1, "2026-04-01", "2026-06-30"},
                    {2, "2026-07-01", "2026-09-30"},
                    {3, "2026-10-01", "2026-12-31"},
                    {4, "2027-01-01", "2027-03-31"}};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        TkDate from, to;
        tk_report_period(2026, expected[i].quarter, &from, &to);
        assert_int_equal(from, day(expected[i].from));
        assert_int_equal(to, day(expected[i].to));
    }
}

static void a_list_holds_the_accidents_that_began_in_the_period_in_order(void **state)
{
    (void)state;
    g_autoptr(json_t) accidents = year();
    g_autoptr(TkReport) report =
        periodic("periodic-detailed", day("2026-04-01"), day("2027-03-31"), accidents);
    g_autoptr(json_t) root = document(report);
    static const char *const expected[] = {"B", "G", "G", "C"};
    json_t *list = rows(root);
    assert_int_equal(json_array_size(list), G_N_ELEMENTS(expected));
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        assert_string_equal(json_string_value(json_array_get(json_array_get(list, i), 1)), expected[i]);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(list, 2), 6)), 31000);
    g_autoptr(TkReport) simple =
        periodic("periodic-simplified", day("2026-04-01"), day("2027-03-31"), accidents);
    g_autoptr(json_t) simple_root = document(simple);
    assert_int_equal(json_array_size(rows(simple_root)), 1);
}

static void a_serious_accident_is_listed_where_its_deadlines_say_so(void **state)
{
    (void)state;
    g_autoptr(json_t) accidents = json_array();
    json_t *old = accident("A", "2022-07-02T01:35:00+09:00", "serious", 400000, 72000, "equipment");
    json_object_set_new(old, "deadlines", json_pack("[{s:s}]", "kind", "periodic-detailed"));
    json_array_append_new(accidents, old);
    g_autoptr(TkReport) report =
        periodic("periodic-detailed", day("2022-07-01"), day("2022-09-30"), accidents);
    g_autoptr(json_t) root = document(report);
    assert_int_equal(json_array_size(rows(root)), 1);
}

static const char *form_of(const json_t *root)
{
    return json_string_value(json_object_get(json_object_get(root, "form"), "id"));
}

static void the_form_is_quarterly_until_march_2025_and_yearly_from_then_on(void **state)
{
    (void)state;
    g_autoptr(json_t) none = json_array();
    g_autoptr(TkReport) quarter = periodic("periodic-detailed", day("2025-01-01"), day("2025-03-31"), none);
    g_autoptr(json_t) quarter_root = document(quarter);
    assert_string_equal(form_of(quarter_root), "periodic-detailed-quarter");
    g_autoptr(TkReport) whole = periodic("periodic-detailed", day("2025-04-01"), day("2026-03-31"), none);
    g_autoptr(json_t) whole_root = document(whole);
    assert_string_equal(form_of(whole_root), "periodic-detailed-year");
}

static json_int_t count_at(const json_t *list, const char *key, const char *is, const char *of)
{
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)list, i, row)
    {
        if (g_strcmp0(json_string_value(json_object_get(row, key)), is) == 0)
            return json_integer_value(json_object_get(row, of));
    }
    fail_msg("no row where %s is %s", key, is);
    return -1;
}

static void statistics_count_accidents_once_and_services_each(void **state)
{
    (void)state;
    g_autoptr(json_t) accidents = year();
    json_t *unknown = accident("H", "2026-05-01T00:00:00+09:00", "undetermined", 0, 0, "other");
    json_object_del(unknown, "duration_s");
    json_object_del(unknown, "services");
    json_array_append_new(accidents, unknown);
    g_autoptr(json_t) counts = tk_report_statistics(accidents);
    assert_int_equal(json_integer_value(json_object_get(counts, "accidents")), 8);
    const json_t *services = json_object_get(counts, "by_service"),
                 *causes = json_object_get(counts, "by_cause"), *matrix = json_object_get(counts, "matrix");
    assert_int_equal(count_at(services, "service", "voice", "accidents"), 7);
    assert_int_equal(count_at(services, "service", "lpwa", "accidents"), 1);
    assert_int_equal(count_at(services, "service", "voice", "users"), 3 * 40000 + 499 + 400000 + 10 + 600);
    assert_int_equal(count_at(causes, "cause", "human", "accidents"), 3);
    assert_int_equal(count_at(causes, "cause", "equipment", "accidents"), 2);
    assert_int_equal(count_at(causes, "cause", "external", "accidents"), 1);
    assert_int_equal(count_at(causes, "cause", "other", "accidents"), 2);
    assert_int_equal(count_at(matrix, "duration", "d3", "u3"), 2);      /* A and B: 2 h, 40,000 */
    assert_int_equal(count_at(matrix, "duration", "d6", "u0"), 1);      /* C: 25 h, 499 */
    assert_int_equal(count_at(matrix, "duration", "d0", "u3"), 2);      /* D, and G by its largest service */
    assert_int_equal(count_at(matrix, "duration", "d5", "u4"), 1);      /* E */
    assert_int_equal(count_at(matrix, "duration", "unknown", "u6"), 1); /* H */
}

static void the_csv_of_a_list_is_the_list(void **state)
{
    (void)state;
    g_autoptr(json_t) accidents = year();
    g_autoptr(TkReport) report =
        periodic("periodic-detailed", day("2026-04-01"), day("2027-03-31"), accidents);
    g_autoptr(GBytes) bytes = fixture_render(report, TK_REPORT_CSV, TK_LANG_JA);
    g_autoptr(TkCsv) csv = tk_csv_new_memory(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), 1 << 16);
    TkCsvRecord record;
    assert_int_equal(tk_csv_next(csv, &record), TK_CSV_OK);
    assert_string_equal(record.fields[1].text, "事故番号");
    assert_string_equal(record.fields[6].text, "影響利用者数(人)");
    size_t lines = 0;
    while (tk_csv_next(csv, &record) == TK_CSV_OK)
        lines++;
    assert_int_equal(lines, 4);
}

static void a_list_too_long_for_paper_is_refused_there_and_fits_a_spreadsheet(void **state)
{
    (void)state;
    g_autoptr(json_t) accidents = json_array();
    g_autoptr(json_t) one =
        accident("A", "2026-06-01T00:00:00+09:00", "periodic-simplified", 10, 7300, "equipment");
    for (int i = 0; i <= TK_REPORT_PDF_ROWS_MAX; i++)
        json_array_append(accidents, one);
    g_autoptr(TkReport) report =
        periodic("periodic-simplified", day("2026-04-01"), day("2027-03-31"), accidents);
    GBytes *bytes = NULL;
    GError *error = NULL;
    assert_false(tk_report_render(report, TK_REPORT_PDF, TK_LANG_JA, &bytes, &error));
    assert_int_equal(error->code, TK_ERROR_LIMIT);
    assert_error_says(error, "Take the spreadsheet or the CSV");
    g_autoptr(GBytes) xlsx = fixture_render(report, TK_REPORT_XLSX, TK_LANG_JA);
    assert_true(g_bytes_get_size(xlsx) > 10000);
}

static void an_accident_without_a_beginning_is_refused_by_its_place(void **state)
{
    (void)state;
    g_autoptr(TkForms) forms = fixture_forms();
    g_autoptr(json_t) accidents = json_pack("[{s:s}]", "id", "A");
    TkReportContext context = fixture_context();
    GError *error = NULL;
    assert_null(tk_report_periodic(forms, "periodic-detailed", &context, day("2026-04-01"), day("2027-03-31"),
                                   accidents, &error));
    assert_error_says(error, "accident 1 of the list");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_period_is_a_fiscal_year_or_its_quarter),
        cmocka_unit_test(a_list_holds_the_accidents_that_began_in_the_period_in_order),
        cmocka_unit_test(a_serious_accident_is_listed_where_its_deadlines_say_so),
        cmocka_unit_test(the_form_is_quarterly_until_march_2025_and_yearly_from_then_on),
        cmocka_unit_test(statistics_count_accidents_once_and_services_each),
        cmocka_unit_test(the_csv_of_a_list_is_the_list),
        cmocka_unit_test(a_list_too_long_for_paper_is_refused_there_and_fits_a_spreadsheet),
        cmocka_unit_test(an_accident_without_a_beginning_is_refused_by_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

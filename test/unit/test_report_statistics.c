#include "report_fixture.h"

static const char *const outcome_ids[] = {"serious", "periodic-detailed", "periodic-simplified",
                                          "not-reportable", "undetermined"};
static const char *const cause_ids[] = {"equipment", "human", "external", "other", ""};

static json_t *accident(const char *carrier, const char *began, const char *outcome, const char *cause)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:[{s:s, s:s, s:{s:s, s:s}, s:I}]}", "carrier", carrier,
                     "started_at", began, "outcome", outcome, "cause_class", cause, "duration_s",
                     (json_int_t)7200, "services", "service", "voice", "outcome", outcome, "name", "ja",
                     "音声", "en", "Voice", "users", (json_int_t)40000);
}

static json_t *tables(const json_t *accidents, const char *from, const char *to, const char *by)
{
    GError *error = NULL;
    json_t *made = tk_report_tables(accidents, day(from), day(to), by, &error);
    if (made == NULL)
        fail_msg("%s", error->message);
    return made;
}

static const json_t *table(const json_t *made, const char *id)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(made, "tables"), i, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "id")), id) == 0)
            return one;
    }
    fail_msg("no table %s", id);
    return NULL;
}

static json_int_t cell(const json_t *of, const char *row_id, const char *column_id)
{
    size_t i, c;
    const json_t *row, *column;
    json_array_foreach(json_object_get(of, "rows"), i, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "id")), row_id) != 0)
            continue;
        json_array_foreach(json_object_get(of, "columns"), c, column)
        {
            if (strcmp(json_string_value(json_object_get(column, "id")), column_id) == 0)
                return json_integer_value(json_array_get(json_object_get(row, "values"), c));
        }
    }
    fail_msg("no cell %s, %s", row_id, column_id);
    return -1;
}

/* The kind of table in the ministry's paper of 2021: a serious accident of 2019 is on the detailed form as
 * well, one of 2024 is not; a carrier that reported twice is one carrier. */
static void carriers_and_reports_are_counted_by_year_and_form(void **state)
{
    (void)state;
    g_autoptr(json_t) list = json_array();
    json_t *old = accident("A社", "2019-12-06T10:00:00+09:00", "serious", "equipment");
    json_object_set_new(old, "deadlines", json_pack("[{s:s}]", "kind", "periodic-detailed"));
    json_array_append_new(list, old);
    json_array_append_new(list, accident("A社", "2020-03-31T23:59:59+09:00", "periodic-detailed", "human"));
    json_array_append_new(list, accident("B社", "2019-04-01T00:00:00+09:00", "periodic-detailed", "human"));
    json_array_append_new(list,
                          accident("B社", "2020-04-01T00:00:00+09:00", "periodic-simplified", "external"));
    json_array_append_new(list, accident("C社", "2024-05-01T00:00:00+09:00", "serious", "other"));
    g_autoptr(json_t) made = tables(list, "2019-04-01", "2025-03-31", NULL);
    const json_t *reports = table(made, "reports"), *years = table(made, "year");
    assert_int_equal(cell(reports, "2019", "serious-carriers"), 1);
    assert_int_equal(cell(reports, "2019", "serious"), 1);
    assert_int_equal(cell(reports, "2019", "detailed-carriers"), 2);
    assert_int_equal(cell(reports, "2019", "detailed"), 3);
    assert_int_equal(cell(reports, "2020", "simplified"), 1);
    assert_int_equal(cell(reports, "2024", "serious"), 1);
    assert_int_equal(cell(reports, "2024", "detailed"), 0);
    assert_int_equal(cell(years, "2019", "total"), 3);
    assert_int_equal(cell(years, "2022", "total"), 0); /* a year without accidents has its row */
    assert_int_equal(json_array_size(json_object_get(years, "rows")), 6);
    assert_int_equal(cell(table(made, "matrix"), "d3", "u3"), 5);
    assert_int_equal(cell(table(made, "service"), "voice", "users"), 5 * 40000);
    assert_int_equal(cell(table(made, "cause"), "human", "periodic-detailed"), 2);
}

static void a_day_outside_the_period_is_not_counted(void **state)
{
    (void)state;
    g_autoptr(json_t) list = json_array();
    json_array_append_new(list, accident("A", "2025-03-31T23:59:59+09:00", "serious", "human"));
    json_array_append_new(list, accident("A", "2025-04-01T00:00:00+09:00", "serious", "human"));
    json_array_append_new(list, accident("A", "2025-06-30T23:59:59+09:00", "serious", "human"));
    json_array_append_new(list, accident("A", "2025-07-01T00:00:00+09:00", "serious", "human"));
    g_autoptr(json_t) made = tables(list, "2025-04-01", "2025-06-30", "year");
    assert_int_equal(json_integer_value(json_object_get(made, "accidents")), 2);
    assert_int_equal(json_array_size(json_object_get(made, "tables")), 1);
}

static void a_drill_is_left_out_and_only_counted(void **state)
{
    (void)state;
    g_autoptr(json_t) list = json_array();
    json_array_append_new(list, accident("A", "2025-05-01T00:00:00+09:00", "serious", "human"));
    json_t *drill = accident("A", "2025-05-02T00:00:00+09:00", "serious", "human");
    json_object_set_new(drill, "drill", json_true());
    json_array_append_new(list, drill);
    g_autoptr(json_t) made = tables(list, "2025-04-01", "2026-03-31", NULL);
    assert_int_equal(json_integer_value(json_object_get(made, "accidents")), 1);
    assert_int_equal(json_integer_value(json_object_get(made, "drills")), 1);
    assert_int_equal(cell(table(made, "reports"), "2025", "serious"), 1);
}

static json_int_t sum(const json_t *values)
{
    json_int_t all = 0;
    size_t i;
    const json_t *value;
    json_array_foreach(values, i, value)
    {
        all += json_integer_value(value);
    }
    return all;
}

/* total[c] is the sum of the column; the last column the sum of the others of its row. */
static void check_sums(const json_t *of, json_int_t accidents)
{
    const json_t *total = json_object_get(of, "total");
    size_t columns = json_array_size(total), i;
    g_autofree json_int_t *sums = g_new0(json_int_t, columns);
    const json_t *row;
    json_array_foreach(json_object_get(of, "rows"), i, row)
    {
        const json_t *values = json_object_get(row, "values");
        json_int_t last = json_integer_value(json_array_get(values, columns - 1));
        assert_int_equal(json_array_size(values), columns);
        assert_int_equal(sum(values), 2 * last);
        for (size_t c = 0; c < columns; c++)
            sums[c] += json_integer_value(json_array_get(values, c));
    }
    for (size_t c = 0; c < columns; c++)
        assert_int_equal(sums[c], json_integer_value(json_array_get(total, c)));
    assert_int_equal(sums[columns - 1], accidents);
}

static json_t *random_accidents(GRand *rand, unsigned count)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *began =
            g_strdup_printf("%d-%02d-15T%02d:00:00+09:00", g_rand_int_range(rand, 2016, 2027),
                            g_rand_int_range(rand, 1, 13), g_rand_int_range(rand, 0, 24));
        const char *outcome =
            g_rand_int_range(rand, 0, 9) == 0 ? "made-up" : outcome_ids[g_rand_int_range(rand, 0, 5)];
        json_t *one = accident("A", began, outcome, cause_ids[g_rand_int_range(rand, 0, 5)]);
        json_object_set_new(one, "duration_s", json_integer(g_rand_int_range(rand, -1, 200000)));
        if (g_rand_boolean(rand))
            json_object_del(one, "services");
        else
            json_object_set_new(json_array_get(json_object_get(one, "services"), 0), "users",
                                json_integer(g_rand_int_range(rand, 0, 2000000)));
        json_array_append_new(list, one);
    }
    return list;
}

static void the_sums_of_year_cause_and_matrix_agree(void **state)
{
    (void)state;
    static const char *const divides[] = {"year", "cause", "matrix"};
    g_autoptr(GRand) rand = g_rand_new_with_seed(20210512);
    for (int round = 0; round < 200; round++) {
        g_autoptr(json_t) list = random_accidents(rand, (unsigned)g_rand_int_range(rand, 0, 60));
        g_autoptr(json_t) made = tables(list, "2015-04-01", "2027-03-31", NULL);
        json_int_t accidents = json_integer_value(json_object_get(made, "accidents"));
        assert_int_equal(accidents, json_array_size(list));
        for (size_t i = 0; i < G_N_ELEMENTS(divides); i++)
            check_sums(table(made, divides[i]), accidents);
    }
}

static void what_cannot_be_counted_is_refused_by_name(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autoptr(json_t) none = json_array();
    g_autoptr(json_t) bad = json_pack("[{s:s}]", "started_at", "soon");
    assert_null(tk_report_tables(none, day("2025-04-01"), day("2026-03-31"), "colour", &error));
    assert_error_says(error, "by: ");
    assert_null(tk_report_tables(none, day("2025-04-01"), day("2025-03-31"), NULL, &error));
    assert_error_says(error, "from, to: ");
    assert_null(tk_report_tables(bad, day("2025-04-01"), day("2026-03-31"), NULL, &error));
    assert_error_says(error, "accident 1");
}

/* ---- the board's report ---- */

static json_t *board_facts(void)
{
    json_t *figures = json_array(), *serious = json_array(), *lines = json_array();
    for (int i = 0; i < 11; i++) {
        const char *numbers = i == 0 ? "129, 116, 10, 15" : "118/129, 12"; /* obligations have four */
        json_array_append_new(lines, json_pack("{s:{s:s, s:s}, s:s, s:s, s:s, s:s, s:s}", "area", "ja",
                                               "安全・信頼性基準", "en", "x", "counted",
                                               "適用・履行済み・期限超過・担当なし", "q1", numbers, "q2",
                                               numbers, "q3", numbers, "q4", numbers));
    }
    for (int i = 0; i < 9; i++)
        json_array_append_new(figures, json_pack("{s:s, s:{s:s, s:s}, s:s, s:s, s:s}", "group", "deadlines",
                                                 "label", "ja", "期限内に提出した報告の件数", "en", "x",
                                                 "value_text", "12,345", "before_text", "12,345", "evidence",
                                                 "/registers/countermeasures?due=1"));
    for (int i = 0; i < 3; i++)
        json_array_append_new(serious,
                              json_pack("{s:s, s:s, s:s, s:i, s:i}", "id", "A2026-0008", "title",
                                        "愛知県・三重県・岐阜県 愛知県集…", "started_at",
                                        "2026-11-21T13:00:05+09:00", "duration_s", 15715, "users", 1100466));
    return json_pack("{s:s, s:o, s:o, s:o}", "period", "2026年10月1日 – 2026年12月31日", "figures", figures,
                     "serious", serious, "programme_lines", lines);
}

static void the_boards_report_is_one_sheet_with_three_serious_accidents_and_the_whole_programme(void **state)
{
    (void)state;
    g_autoptr(TkForms) forms = fixture_forms();
    TkReportContext context = fixture_context();
    g_autoptr(json_t) facts = board_facts();
    g_autoptr(TkReport) report = fixture_report(forms, "board-report", &context, facts);
    g_autoptr(GBytes) pdf = fixture_render(report, TK_REPORT_PDF, TK_LANG_JA);
    gsize len;
    const char *text = g_bytes_get_data(pdf, &len);
    unsigned pages = 0;
    static const char mark[] = "/Type /Page";
    for (gsize i = 0; i + sizeof mark < len; i++)
        pages += memcmp(text + i, mark, sizeof mark - 1) == 0 && text[i + sizeof mark - 1] != 's';
    assert_int_equal(pages, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carriers_and_reports_are_counted_by_year_and_form),
        cmocka_unit_test(a_day_outside_the_period_is_not_counted),
        cmocka_unit_test(a_drill_is_left_out_and_only_counted),
        cmocka_unit_test(the_sums_of_year_cause_and_matrix_agree),
        cmocka_unit_test(the_boards_report_is_one_sheet_with_three_serious_accidents_and_the_whole_programme),
        cmocka_unit_test(what_cannot_be_counted_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

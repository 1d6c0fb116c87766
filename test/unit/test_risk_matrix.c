/* Own matrices: a complete and monotone one is taken whatever its size, and any cell that is not is named. */
#include "unit.h"

#include "risk/risk.h"

static const char three_likelihood[] =
    "まれ | Rare | 10年に1回未満\nときどき | Sometimes\nしばしば | Often | 毎年\n";
static const char three_consequence[] = "小 | Small\n中 | Medium\n大 | Large\n";
static const char three_levels[] = "low | 低 | Low | #2e7d32 | ○ | take\nmedium | 中 | Medium | #f9a825 | △ "
                                   "| treat\nhigh | 高 | High | #c62828 | × | never";
static const char three_cells[] = "low low medium\nlow medium high\nmedium high high";

static TkRiskMatrix *read_cells(const char *cells, json_t *findings)
{
    TkRiskMatrixText text = {three_likelihood, three_consequence, three_levels, cells};
    return tk_risk_matrix_read(&text, findings);
}

/* The finding has to be of `field` and to say `part`. */
static void assert_found(TkRiskMatrix *matrix, json_t *findings, const char *field, const char *part)
{
    assert_null(matrix);
    size_t i;
    json_t *one;
    json_array_foreach(findings, i, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "field")), field) == 0 &&
            strstr(json_string_value(json_object_get(one, "en")), part) != NULL)
            return;
    }
    g_autofree char *all = json_dumps(findings, 0);
    fail_msg("no finding of %s says “%s”: %s", field, part, all);
}

static void test_every_cell_of_a_small_matrix_is_as_written(void **state)
{
    (void)state;
    static const int expected[3][3] = {{0, 0, 1}, {0, 1, 2}, {1, 2, 2}};
    g_autoptr(json_t) findings = json_array();
    g_autoptr(TkRiskMatrix) m = read_cells(three_cells, findings);
    assert_non_null(m);
    assert_int_equal(json_array_size(findings), 0);
    for (int l = 1; l <= 3; l++)
        for (int c = 1; c <= 3; c++)
            assert_int_equal(tk_risk_matrix_level(m, l, c), expected[l - 1][c - 1]);
    assert_string_equal(m->likelihood[2].meaning, "毎年");
    assert_string_equal(m->likelihood[1].meaning, "");
    assert_int_equal(m->levels[1].appetite, TK_APPETITE_TREAT);
}

static void test_a_step_beyond_the_matrix_has_no_level(void **state)
{
    (void)state;
    g_autoptr(json_t) findings = json_array();
    g_autoptr(TkRiskMatrix) m = read_cells(three_cells, findings);
    assert_int_equal(tk_risk_matrix_level(m, 0, 1), -1);
    assert_int_equal(tk_risk_matrix_level(m, 4, 1), -1);
    assert_int_equal(tk_risk_matrix_level(m, 1, 4), -1);
    assert_int_equal(tk_risk_matrix_level(m, INT64_MIN, 1), -1);
}

static void test_a_cell_that_falls_as_likelihood_grows_is_named(void **state)
{
    (void)state;
    g_autoptr(json_t) findings = json_array();
    TkRiskMatrix *m = read_cells("low medium medium\nlow low high\nmedium high high", findings);
    assert_found(m, findings, "cells", "likelihood 2, consequence 2 is low");
}

static void test_a_cell_that_falls_as_the_consequence_grows_is_named(void **state)
{
    (void)state;
    g_autoptr(json_t) findings = json_array();
    TkRiskMatrix *m = read_cells("low low medium\nlow medium low\nmedium high high", findings);
    assert_found(m, findings, "cells", "likelihood 2, consequence 3 is low");
}

static void test_a_cell_without_a_level_is_named(void **state)
{
    (void)state;
    g_autoptr(json_t) findings = json_array();
    assert_found(read_cells("low low medium\nlow medium\nmedium high high", findings), findings, "cells",
                 "likelihood 2, consequence 3 has no level");
}

static void test_other_mistakes_are_told_by_field(void **state)
{
    (void)state;
    static const struct {
        const char *likelihood, *levels, *cells, *field, *says;
    } wrong[] = {
        {"a|A\nb|B", three_levels, three_cells, "likelihood", "3 to 6 lines"},
        {"a|A\nb|B\nc|C\nd|D\ne|E\nf|F\ng|G", three_levels, three_cells, "likelihood", "it has 7"},
        {"a|A\nb\nc|C", three_levels, three_cells, "likelihood", "line 2"},
        {three_likelihood, "low|低|Low|green|○|take\nhigh|高|High|#ff0000|×|treat", three_cells, "levels",
         "line 1"},
        {three_likelihood, "low|低|Low|#00ff00|○|treat\nhigh|高|High|#ff0000|×|take",
         "low low low\nlow low low\nlow low high", "levels", "borne more easily"},
        {three_likelihood, "low|低|Low|#00ff00|○|take\nhigh|高|High|#ff0000|○|treat",
         "low low low\nlow low low\nlow low high", "levels", "symbol of line 1"},
        {three_likelihood, three_levels, "low low medium\nlow medium high", "cells",
         "one for each likelihood"},
        {three_likelihood, three_levels, "low low medium low\nlow medium high\nmedium high high", "cells",
         "more than the 3"},
        {three_likelihood, three_levels, "low low medium\nlow grave high\nmedium high high", "cells",
         "“grave”"},
        {three_likelihood, three_levels, "low low low\nlow low low\nlow low high", "cells",
         "no cell is of the level medium"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(json_t) findings = json_array();
        TkRiskMatrixText text = {wrong[i].likelihood, three_consequence, wrong[i].levels, wrong[i].cells};
        assert_found(tk_risk_matrix_read(&text, findings), findings, wrong[i].field, wrong[i].says);
    }
}

/* ---- properties ---- */

static void add_lines(GString *text, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(text, "段%u | step %u\n", i + 1, i + 1);
}

/* Monotone by construction: rows and columns add weights that only grow, and the sum decides. */
static void draw_levels(GRand *rand, unsigned rows, unsigned columns, unsigned n_levels, int level[6][6])
{
    int row_weight = 0;
    for (unsigned r = 0; r < rows; r++) {
        row_weight += g_rand_int_range(rand, 0, 4);
        for (unsigned c = 0; c < columns; c++)
            level[r][c] = MIN((row_weight + (int)(c * 2)) / 3, (int)n_levels - 1);
    }
}

static bool is_monotone_and_full(int level[6][6], unsigned rows, unsigned columns, unsigned n_levels)
{
    unsigned used = 0;
    for (unsigned r = 0; r < rows; r++)
        for (unsigned c = 0; c < columns; c++) {
            used |= 1u << level[r][c];
            if ((r > 0 && level[r][c] < level[r - 1][c]) || (c > 0 && level[r][c] < level[r][c - 1]))
                return false;
        }
    return used == (1u << n_levels) - 1;
}

/* Whatever the size: taken exactly when it is monotone and uses every level. One cell is changed at random so
 * that both happen. */
static void test_a_matrix_is_taken_exactly_when_it_is_monotone_and_full(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(31000);
    unsigned taken = 0, refused = 0;
    for (int turn = 0; turn < 4000; turn++) {
        unsigned rows = (unsigned)g_rand_int_range(rand, 3, 7),
                 columns = (unsigned)g_rand_int_range(rand, 3, 7),
                 n_levels = (unsigned)g_rand_int_range(rand, 2, 7);
        int level[6][6];
        draw_levels(rand, rows, columns, n_levels, level);
        if (turn % 2 == 0)
            level[g_rand_int_range(rand, 0, (int)rows)][g_rand_int_range(rand, 0, (int)columns)] =
                g_rand_int_range(rand, 0, (int)n_levels);
        g_autoptr(GString) likelihood = g_string_new(NULL), consequence = g_string_new(NULL),
                           levels = g_string_new(NULL), cells = g_string_new(NULL);
        g_autoptr(json_t) findings = json_array();
        add_lines(likelihood, rows);
        add_lines(consequence, columns);
        for (unsigned i = 0; i < n_levels; i++)
            g_string_append_printf(levels, "l%u | 水準 | level | #00000%u | %c | treat\n", i, i,
                                   (char)('A' + i));
        for (unsigned r = 0; r < rows; r++) {
            for (unsigned c = 0; c < columns; c++)
                g_string_append_printf(cells, "l%d ", level[r][c]);
            g_string_append_c(cells, '\n');
        }
        g_autoptr(TkRiskMatrix) m = tk_risk_matrix_read(
            &(TkRiskMatrixText){likelihood->str, consequence->str, levels->str, cells->str}, findings);
        bool sound = is_monotone_and_full(level, rows, columns, n_levels);
        if ((m != NULL) != sound)
            fail_msg("a matrix is %s though it is %s:\n%s", m != NULL ? "taken" : "refused",
                     sound ? "sound" : "not", cells->str);
        taken += m != NULL;
        refused += m == NULL;
        for (unsigned l = 1; m != NULL && l <= rows; l++)
            for (unsigned c = 1; c <= columns; c++) {
                assert_int_equal(tk_risk_matrix_level(m, l, c), level[l - 1][c - 1]);
                assert_true(l == 1 || tk_risk_matrix_level(m, l, c) >= tk_risk_matrix_level(m, l - 1, c));
            }
    }
    assert_true(taken > 200 && refused > 200);
}

static void test_what_is_told_can_be_read_back(void **state)
{
    (void)state;
    g_autoptr(json_t) findings = json_array();
    g_autoptr(TkRiskMatrix) m = read_cells(three_cells, findings);
    g_autoptr(json_t) told = tk_risk_matrix_json(m);
    json_t *rows = json_object_get(told, "cells");
    assert_int_equal(json_array_size(rows), 3);
    assert_string_equal(json_string_value(json_array_get(json_array_get(rows, 1), 2)), "high");
    g_autoptr(json_t) level = tk_risk_level_json(m, 2);
    assert_string_equal(json_string_value(json_object_get(level, "appetite")), "never");
    assert_int_equal(json_integer_value(json_object_get(level, "rank")), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cell_of_a_small_matrix_is_as_written),
        cmocka_unit_test(test_a_step_beyond_the_matrix_has_no_level),
        cmocka_unit_test(test_a_cell_that_falls_as_likelihood_grows_is_named),
        cmocka_unit_test(test_a_cell_that_falls_as_the_consequence_grows_is_named),
        cmocka_unit_test(test_a_cell_without_a_level_is_named),
        cmocka_unit_test(test_other_mistakes_are_told_by_field),
        cmocka_unit_test(test_a_matrix_is_taken_exactly_when_it_is_monotone_and_full),
        cmocka_unit_test(test_what_is_told_can_be_read_back),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

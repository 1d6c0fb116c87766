/* Money against answers that can be worked out on paper. */
#include <math.h>

#include "unit.h"

#include "risk/risk.h"

#define YEARS 200000

static json_t *parsed(const char *text)
{
    g_autofree char *json = g_strdup(text);
    g_strdelimit(json, "'", '"');
    json_t *value = json_loads(json, 0, NULL);
    assert_non_null(value);
    return value;
}

static TkLossModel model_of(const char *text)
{
    TkLossModel model;
    json_t *value = parsed(text);
    g_autoptr(GError) error = NULL;
    if (!tk_loss_read(value, "loss", &model, &error))
        fail_msg("%s", error->message);
    json_decref(value);
    return model;
}

static TkLossEvents events_of(const char *text)
{
    TkLossEvents events;
    json_t *value = parsed(text);
    g_autoptr(GError) error = NULL;
    if (!tk_loss_read_events(value, "events", &events, &error))
        fail_msg("%s", error->message);
    json_decref(value);
    return events;
}

static bool close_to(double a, double b, double share)
{
    return fabs(a - b) <= share * fabs(b);
}

static void a_year_of_constants_costs_what_is_multiplied_out(void **state)
{
    (void)state;
    TkLossModel model =
        model_of("{'user_hour':3,'fixed':1000,'response':200,'regulatory':30,'reputation':7}");
    const TkRiskYear years[] = {{0, 0}, {10, 0}, {100, 2}};
    g_autofree double *losses = tk_loss_of_years(&model, 1, years, 3);
    assert_true(losses[0] == 0 && losses[1] == 30 && losses[2] == 300 + 2 * 1237);
    TkLossSummary s = tk_loss_summary(losses, 3);
    assert_true(close_to(s.expected.mean, (30 + 2774) / 3.0, 1e-12) && s.worst == 2774);
}

/* Poisson(2): P(N ≤ 4) = 0.947, P(N ≤ 5) = 0.983, P(N ≤ 6) = 0.995. */
static void value_at_risk_of_poisson_events_is_the_poisson_quantile(void **state)
{
    (void)state;
    TkLossModel model = model_of("{'fixed':100}");
    TkLossEvents events = events_of("{'frequency':2,'user_hours':0}");
    g_autofree TkRiskYear *years = tk_loss_draw_years(&events, 5, YEARS);
    g_autofree double *losses = tk_loss_of_years(&model, 5, years, YEARS);
    TkLossSummary s = tk_loss_summary(losses, YEARS);
    assert_true(s.var95 == 500 && s.var99 == 600);
    assert_true(s.expected.low < 200 && 200 < s.expected.high);
    assert_true(close_to(s.expected.high - s.expected.low, 2 * 1.96 * 100 * sqrt(2.0 / YEARS), 0.02));
    double zero = 0;
    for (size_t i = 0; i < YEARS; i++)
        zero += years[i].serious == 0;
    assert_true(close_to(zero / YEARS, exp(-2), 0.02));
}

/* Compound Poisson: mean λE[X], variance λE[X²]. */
static void the_spread_of_a_year_is_that_of_a_compound_poisson_sum(void **state)
{
    (void)state;
    TkLossModel model = model_of("{'user_hour':1}");
    TkLossEvents events = events_of("{'frequency':3,'user_hours':{'min':0,'likely':10,'max':40}}");
    double a = 1 + 4 * 0.25, mean = 80 / 6.0, variance = 1600 * a * (6 - a) / (36 * 7);
    g_autofree TkRiskYear *years = tk_loss_draw_years(&events, 11, YEARS);
    g_autofree double *losses = tk_loss_of_years(&model, 11, years, YEARS);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < YEARS; i++) {
        sum += losses[i];
        squares += losses[i] * losses[i];
    }
    double got = sum / YEARS, spread = squares / YEARS - got * got;
    assert_true(close_to(got, 3 * mean, 0.01));
    assert_true(close_to(spread, 3 * (variance + mean * mean), 0.02));
}

static void a_pert_range_has_its_mean_and_stays_within_its_ends(void **state)
{
    (void)state;
    TkLossModel model = model_of("{'fixed':{'min':2,'likely':3,'max':10}}");
    assert_true(close_to(tk_loss_mean(&model.part[TK_LOSS_FIXED]), 4, 1e-12));
    g_autofree TkRiskYear *years = g_new0(TkRiskYear, YEARS);
    for (size_t i = 0; i < YEARS; i++)
        years[i].serious = 1;
    g_autofree double *losses = tk_loss_of_years(&model, 3, years, YEARS);
    TkLossSummary s = tk_loss_summary(losses, YEARS);
    assert_true(close_to(s.expected.mean, 4, 0.004) && s.worst <= 10); /* five of its deviations */
    double least = s.worst;
    for (size_t i = 0; i < YEARS; i++)
        least = fmin(least, losses[i]);
    assert_true(least >= 2);
}

static void a_lognormal_range_has_its_ends_at_five_and_ninety_five_percent(void **state)
{
    (void)state;
    TkLossModel model = model_of("{'response':{'distribution':'lognormal','min':10,'max':1000}}");
    g_autofree TkRiskYear *years = g_new0(TkRiskYear, YEARS);
    for (size_t i = 0; i < YEARS; i++)
        years[i].serious = 1;
    g_autofree double *losses = tk_loss_of_years(&model, 3, years, YEARS);
    const double levels[] = {0.95, 0.5, 0.05};
    double points[3];
    tk_loss_curve(losses, YEARS, levels, 3, points);
    assert_true(close_to(points[0], 10, 0.03) && close_to(points[1], 100, 0.03) &&
                close_to(points[2], 1000, 0.03));
    double sigma = log(100.0) / (2 * 1.6448536);
    assert_true(close_to(tk_loss_mean(&model.part[TK_LOSS_RESPONSE]), 100 * exp(sigma * sigma / 2), 1e-6));
}

/* Halving the frequency of 2 events at 100 each is worth 100 a year, and pairs tell it better than two runs
 * of their own do. */
static void the_value_of_a_measure_is_a_difference_of_pairs(void **state)
{
    (void)state;
    TkLossModel model = model_of("{'fixed':{'min':50,'likely':100,'max':150}}");
    TkLossEvents before = events_of("{'frequency':2,'user_hours':0}"),
                 after = events_of("{'frequency':1,'user_hours':0}");
    g_autofree TkRiskYear *years = tk_loss_draw_years(&before, 9, YEARS),
                          *fewer = tk_loss_draw_years(&after, 9, YEARS);
    g_autofree double *a = tk_loss_of_years(&model, 9, years, YEARS),
                      *b = tk_loss_of_years(&model, 9, fewer, YEARS);
    for (size_t i = 0; i < YEARS; i++)
        assert_true(fewer[i].serious <= years[i].serious && b[i] <= a[i]);
    TkRiskEstimate value = tk_risk_mean(a, b, YEARS);
    assert_true(value.low < 100 && 100 < value.high);
    double apart = 2 * 1.96 * sqrt((2 + 1) * 1e4 / (double)YEARS);
    assert_true(value.high - value.low < apart * 0.7);
}

static void the_same_seed_gives_the_same_money(void **state)
{
    (void)state;
    TkLossModel model =
        model_of("{'user_hour':{'min':1,'likely':2,'max':4},'fixed':{'min':0,'likely':1,'max':9}}");
    TkLossEvents events = events_of("{'frequency':{'min':0,'likely':1,'max':4},'user_hours':5}");
    g_autofree TkRiskYear *a = tk_loss_draw_years(&events, 1, 500), *b = tk_loss_draw_years(&events, 1, 500),
                          *c = tk_loss_draw_years(&events, 2, 500);
    assert_memory_equal(a, b, 500 * sizeof *a);
    assert_memory_not_equal(a, c, 500 * sizeof *a);
    g_autofree double *x = tk_loss_of_years(&model, 1, a, 500), *y = tk_loss_of_years(&model, 1, b, 500);
    assert_memory_equal(x, y, 500 * sizeof *x);
}

static void what_is_no_range_is_refused_by_the_name_of_its_field(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"{'fixed':-1}", "loss.fixed"},
        {"{'fixed':{'min':1,'likely':5,'max':3}}", "loss.fixed: min"},
        {"{'fixed':{'min':1,'max':3}}", "loss.fixed.likely"},
        {"{'response':{'distribution':'lognormal','min':0,'max':3}}", "loss.response: a lognormal"},
        {"{'response':{'distribution':'triangle','min':0,'max':3}}", "loss.response.distribution"},
        {"{'price':1}", "“price”"},
        {"{'fixed':{'min':1,'likely':2,'max':3,'mode':2}}", "“mode”"},
        {"{'fixed':1e300}", "loss.fixed"},
        {"[]", "loss: an object"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        json_t *value = parsed(bad[i][0]);
        TkLossModel model;
        g_autoptr(GError) error = NULL;
        assert_false(tk_loss_read(value, "loss", &model, &error));
        if (strstr(error->message, bad[i][1]) == NULL)
            fail_msg("%s: %s", bad[i][0], error->message);
        json_decref(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_of_constants_costs_what_is_multiplied_out),
        cmocka_unit_test(value_at_risk_of_poisson_events_is_the_poisson_quantile),
        cmocka_unit_test(the_spread_of_a_year_is_that_of_a_compound_poisson_sum),
        cmocka_unit_test(a_pert_range_has_its_mean_and_stays_within_its_ends),
        cmocka_unit_test(a_lognormal_range_has_its_ends_at_five_and_ninety_five_percent),
        cmocka_unit_test(the_value_of_a_measure_is_a_difference_of_pairs),
        cmocka_unit_test(the_same_seed_gives_the_same_money),
        cmocka_unit_test(what_is_no_range_is_refused_by_the_name_of_its_field),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

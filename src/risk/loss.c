/* Money: how often × how much, year by year. Each year's and each accident's amount has dice of its own,
 * made from the seed and their numbers: taking an accident away leaves every other amount where it was, so
 * that the value of a measure is a difference of pairs and not of two noises. */
#include "risk/dice.h"
#include "risk/risk.h"

#define Z90          1.6448536269514722 /* half of the width between the 5 % and the 95 % point, in deviations */
#define AMOUNT       1e15               /* a range's ceiling, in the carrier's currency */
#define AMOUNTS      UINT64_C(0x414D4F554E5453) /* apart from the dice that let things fail … */
#define EVENTS       UINT64_C(0x4556454E5453)   /* … and from those of events that are estimated */
#define PER_YEAR_MAX 65536u                     /* accidents of a year with dice of their own */

static const char *const part_names[TK_LOSS_PARTS] = {"user_hour", "fixed", "response", "regulatory",
                                                      "reputation"};

const char *tk_loss_part_name(TkLossPart part)
{
    return part_names[part];
}

/* ---- reading ---- */

static bool read_amount(const json_t *object, const char *where, const char *field, double most, double *out,
                        GError **error)
{
    const json_t *value = json_object_get(object, field);
    *out = json_is_number(value) ? json_number_value(value) : -1;
    return (*out >= 0 && *out <= most) ||
           tk_fail(error, TK_ERROR_INPUT, "%s.%s: a number from 0 to %g is awaited", where, field, most);
}

static bool only(const json_t *object, const char *where, const char *const *fields, GError **error)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!g_strv_contains(fields, key))
            return tk_fail(error, TK_ERROR_INPUT, "%s: there is no field “%.60s” here", where, key);
    }
    return true;
}

static bool read_range(const json_t *value, const char *where, double most, TkLossRange *out, GError **error)
{
    static const char *const fields[] = {"distribution", "min", "likely", "max", NULL};
    *out = (TkLossRange){0};
    if (json_is_number(value)) {
        out->min = out->likely = out->max = json_number_value(value);
        return (out->min >= 0 && out->min <= most) ||
               tk_fail(error, TK_ERROR_INPUT, "%s: a number from 0 to %g is awaited", where, most);
    }
    if (!json_is_object(value))
        return tk_fail(error, TK_ERROR_INPUT,
                       "%s: a number, or an object with min, likely and max is awaited", where);
    const json_t *shape = json_object_get(value, "distribution");
    const char *name = shape == NULL ? "pert" : json_string_value(shape);
    bool lognormal = g_strcmp0(name, "lognormal") == 0;
    if (!lognormal && g_strcmp0(name, "pert") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s.distribution: pert or lognormal is awaited", where);
    out->shape = lognormal ? TK_LOSS_LOGNORMAL : TK_LOSS_PERT;
    if (!only(value, where, fields, error) || !read_amount(value, where, "min", most, &out->min, error) ||
        !read_amount(value, where, "max", most, &out->max, error))
        return false;
    if (lognormal)
        return (json_object_get(value, "likely") == NULL && out->min > 0 && out->min <= out->max) ||
               tk_fail(error, TK_ERROR_INPUT,
                       "%s: a lognormal range has 0 < min ≤ max, its 5 %% and 95 %% points, and no likely",
                       where);
    return read_amount(value, where, "likely", most, &out->likely, error) &&
           ((out->min <= out->likely && out->likely <= out->max) ||
            tk_fail(error, TK_ERROR_INPUT, "%s: min ≤ likely ≤ max is awaited", where));
}

bool tk_loss_read(const json_t *object, const char *where, TkLossModel *out, GError **error)
{
    *out = (TkLossModel){0};
    if (!json_is_object(object))
        return tk_fail(error, TK_ERROR_INPUT, "%s: an object with ranges of money is awaited", where);
    const char *fields[TK_LOSS_PARTS + 1] = {NULL};
    memcpy(fields, part_names, sizeof part_names);
    if (!only(object, where, fields, error))
        return false;
    for (int p = 0; p < TK_LOSS_PARTS; p++) {
        const json_t *value = json_object_get(object, part_names[p]);
        g_autofree char *place = g_strdup_printf("%s.%s", where, part_names[p]);
        if (value != NULL && !read_range(value, place, AMOUNT, &out->part[p], error))
            return false;
    }
    return true;
}

bool tk_loss_read_events(const json_t *object, const char *where, TkLossEvents *out, GError **error)
{
    static const char *const fields[] = {"frequency", "user_hours", NULL};
    g_autofree char *often = g_strdup_printf("%s.frequency", where),
                    *large = g_strdup_printf("%s.user_hours", where);
    if (!json_is_object(object))
        return tk_fail(error, TK_ERROR_INPUT, "%s: an object with frequency and user_hours is awaited",
                       where);
    return only(object, where, fields, error) &&
           read_range(json_object_get(object, "frequency"), often, TK_LOSS_FREQUENCY_MAX, &out->frequency,
                      error) &&
           read_range(json_object_get(object, "user_hours"), large, AMOUNT, &out->user_hours, error);
}

/* ---- drawing ---- */

static double sigma_of(const TkLossRange *r)
{
    return (log(r->max) - log(r->min)) / (2 * Z90);
}

double tk_loss_mean(const TkLossRange *r)
{
    if (r->shape == TK_LOSS_PERT)
        return (r->min + 4 * r->likely + r->max) / 6;
    double sigma = sigma_of(r);
    return sqrt(r->min * r->max) * exp(sigma * sigma / 2);
}

/* Gamma with shape ≥ 1 (Marsaglia and Tsang 2000). */
static double draw_gamma(Dice *dice, double shape)
{
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = dice_normal(dice), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(dice_unit(dice)) < x * x / 2 + d - d * v + d * log(v))
            return d * v;
    }
}

static double draw(Dice *dice, const TkLossRange *r)
{
    if (r->max <= r->min)
        return r->min;
    if (r->shape == TK_LOSS_LOGNORMAL)
        return sqrt(r->min * r->max) * exp(sigma_of(r) * dice_normal(dice));
    double width = r->max - r->min;
    double low = draw_gamma(dice, 1 + 4 * (r->likely - r->min) / width),
           high = draw_gamma(dice, 1 + 4 * (r->max - r->likely) / width);
    return r->min + width * low / (low + high);
}

/* By inversion: with the same die a lower mean never gives more. */
static uint32_t draw_poisson(Dice *dice, double mean)
{
    double left = 1 - dice_unit(dice), term = exp(-mean);
    uint32_t n = 0;
    for (; left >= term && n < PER_YEAR_MAX - 1 && (term > 0 || n < mean); n++) {
        left -= term;
        term *= mean / (n + 1);
    }
    return n;
}

static Dice dice_of(uint64_t seed, size_t year, uint64_t number)
{
    return dice_new(seed, (uint64_t)year * (PER_YEAR_MAX + 1) + number);
}

TkRiskYear *tk_loss_draw_years(const TkLossEvents *events, uint64_t seed, size_t n)
{
    TkRiskYear *years = g_new0(TkRiskYear, n + 1);
    for (size_t i = 0; i < n; i++) {
        Dice often = dice_of(seed ^ EVENTS, i, 0), count = dice_of(seed ^ ~EVENTS, i, 0);
        years[i].serious = draw_poisson(&count, draw(&often, &events->frequency));
        for (uint32_t k = 0; k < years[i].serious; k++) {
            Dice large = dice_of(seed ^ EVENTS, i, k + 1);
            years[i].user_hours += draw(&large, &events->user_hours);
        }
    }
    return years;
}

double *tk_loss_of_years(const TkLossModel *model, uint64_t seed, const TkRiskYear *years, size_t n)
{
    double *losses = g_new0(double, n + 1);
    for (size_t i = 0; i < n; i++) {
        Dice price = dice_of(seed ^ AMOUNTS, i, 0);
        losses[i] = years[i].user_hours * draw(&price, &model->part[TK_LOSS_USER_HOUR]);
        for (uint32_t k = 0; k < MIN(years[i].serious, PER_YEAR_MAX - 1); k++) {
            Dice amount = dice_of(seed ^ AMOUNTS, i, k + 1);
            for (int p = TK_LOSS_FIXED; p < TK_LOSS_PARTS; p++)
                losses[i] += draw(&amount, &model->part[p]);
        }
    }
    return losses;
}

/* ---- what they say ---- */

static int upwards(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double *sorted(const double *losses, size_t n)
{
    double *out = g_memdup2(losses, n * sizeof(double));
    qsort(out, n, sizeof(double), upwards);
    return out;
}

static double at(const double *upward, size_t n, double probability)
{
    double place = ceil((1 - probability) * (double)n) - 1;
    return upward[(size_t)CLAMP(place, 0, (double)n - 1)];
}

TkLossSummary tk_loss_summary(const double *losses, size_t n)
{
    if (n == 0)
        return (TkLossSummary){0};
    g_autofree double *upward = sorted(losses, n);
    size_t worst = MAX(n / 20, 1);
    double tail = 0;
    for (size_t i = n - worst; i < n; i++)
        tail += upward[i] / (double)worst;
    return (TkLossSummary){tk_risk_mean(losses, NULL, n), at(upward, n, 0.05), at(upward, n, 0.01), tail,
                           upward[n - 1]};
}

void tk_loss_curve(const double *losses, size_t n, const double *probability, size_t n_points, double *out)
{
    g_autofree double *upward = n > 0 ? sorted(losses, n) : NULL;
    for (size_t i = 0; i < n_points; i++)
        out[i] = n > 0 ? at(upward, n, probability[i]) : 0;
}

/* Sums over streams, and what they say: means with their intervals, the loss exceedance curve, contributions.
 */
#include <math.h>

#include "risk/tally.h"

#define Z95 1.959964

TkRiskTally *tk_risk_tally_new(const TkRiskModel *model)
{
    TkRiskTally *t = g_new0(TkRiskTally, 1);
    t->m = model;
    for (uint32_t v = 0; v < model->g.n_services; v++)
        t->years[v] = g_array_new(FALSE, FALSE, sizeof(float));
    t->any_years = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    t->among = g_new0(uint32_t, model->g.n_nodes + model->n_causes + 1);
    t->alone = g_new0(uint32_t, model->g.n_nodes + model->n_causes + 1);
    return t;
}

void tk_risk_tally_free(TkRiskTally *t)
{
    if (t == NULL)
        return;
    for (uint32_t v = 0; v < t->m->g.n_services; v++)
        g_array_unref(t->years[v]);
    g_array_unref(t->any_years);
    g_free(t->among);
    g_free(t->alone);
    g_free(t);
}

void tally_begin_stream(TkRiskTally *t)
{
    memset(t->of_stream, 0, sizeof t->of_stream);
    t->any_of_year = 0;
}

/* An outage that the end of the stream cuts short belongs to its last year. */
void tally_end_stream(TkRiskTally *t)
{
    t->streams++;
    if (t->any_years->len > 0)
        g_array_index(t->any_years, uint32_t, t->any_years->len - 1) += t->any_of_year;
    for (uint32_t v = 0; v < t->m->g.n_services; v++) {
        t->serious[v] += t->of_stream[v];
        t->squares[v] += (double)t->of_stream[v] * t->of_stream[v];
    }
}

void tally_year(TkRiskTally *t, const double user_hours[])
{
    for (uint32_t v = 0; v < t->m->g.n_services; v++) {
        float hours = (float)user_hours[v];
        g_array_append_val(t->years[v], hours);
    }
    g_array_append_val(t->any_years, t->any_of_year);
    t->any_of_year = 0;
}

void tally_outage(TkRiskTally *t, const bool serious[], const uint32_t *causes, uint32_t n_causes)
{
    bool any = false;
    for (uint32_t v = 0; v < t->m->g.n_services; v++) {
        t->of_stream[v] += serious[v];
        any |= serious[v];
    }
    t->any += any;
    t->any_of_year += any;
    for (uint32_t i = 0; any && i < n_causes; i++) {
        t->among[causes[i]]++;
        t->alone[causes[i]] += n_causes == 1;
    }
}

void tk_risk_tally_add(TkRiskTally *into, const TkRiskTally *more)
{
    into->streams += more->streams;
    into->failures += more->failures;
    into->any += more->any;
    for (uint32_t v = 0; v < into->m->g.n_services; v++) {
        into->serious[v] += more->serious[v];
        into->squares[v] += more->squares[v];
        g_array_append_vals(into->years[v], more->years[v]->data, more->years[v]->len);
    }
    g_array_append_vals(into->any_years, more->any_years->data, more->any_years->len);
    for (uint32_t i = 0; i < into->m->g.n_nodes + into->m->n_causes; i++) {
        into->among[i] += more->among[i];
        into->alone[i] += more->alone[i];
    }
}

uint32_t tk_risk_years(const TkRiskTally *t)
{
    return t->streams * TK_RISK_STREAM_YEARS;
}

uint64_t tk_risk_failures(const TkRiskTally *t)
{
    return t->failures;
}

double tk_risk_serious(const TkRiskTally *t)
{
    return (double)t->any / MAX(tk_risk_years(t), 1);
}

/* Half of a 95 % interval of the count: from the spread between streams where they have seen enough, and
 * never narrower than a Poisson count's. Below 30 the ends are Byar's approximation of the exact Poisson
 * interval. */
static void interval(const TkRiskTally *t, uint32_t v, double *low, double *high)
{
    double n = (double)t->serious[v], streams = t->streams;
    if (n < 30) {
        double up = n + 1;
        *low = n == 0 ? 0 : n * pow(1 - 1 / (9 * n) - Z95 / (3 * sqrt(n)), 3);
        *high = up * pow(1 - 1 / (9 * up) + Z95 / (3 * sqrt(up)), 3);
        return;
    }
    double spread = streams > 1 ? (t->squares[v] - n * n / streams) / (streams - 1) * streams : n;
    double half = Z95 * sqrt(fmax(spread, n));
    *low = fmax(0, n - half);
    *high = n + half;
}

TkRiskService tk_risk_service(const TkRiskModel *m, const TkRiskTally *t, uint32_t service)
{
    double years = tk_risk_years(t), low = 0, high = 0, hours = 0;
    if (years <= 0)
        return (TkRiskService){0};
    interval(t, service, &low, &high);
    for (unsigned i = 0; i < t->years[service]->len; i++)
        hours += (double)g_array_index(t->years[service], float, i);
    return (TkRiskService){
        (double)t->serious[service] / years, low / years, high / years, t->serious[service], hours / years,
        m->g.folded_user_hours[service]};
}

static int upwards(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

double tk_risk_exceeded(const TkRiskTally *t, uint32_t service, double probability)
{
    const GArray *years = t->years[service];
    if (years->len == 0)
        return 0;
    g_autofree float *sorted = g_memdup2(years->data, years->len * sizeof(float));
    qsort(sorted, years->len, sizeof(float), upwards);
    double place = ceil((1 - probability) * years->len) - 1;
    return (double)sorted[(unsigned)CLAMP(place, 0, (double)years->len - 1)];
}

static int by_contribution(const void *a, const void *b)
{
    const TkRiskContribution *x = a, *y = b;
    if (x->per_year > y->per_year || x->per_year < y->per_year)
        return x->per_year > y->per_year ? -1 : 1;
    if (x->facility != y->facility)
        return x->facility < y->facility ? -1 : 1;
    return x->cause < y->cause ? -1 : x->cause > y->cause;
}

GArray *tk_risk_contributions(const TkRiskModel *m, const TkRiskTally *t, uint32_t max)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(TkRiskContribution));
    double years = MAX(tk_risk_years(t), 1);
    for (uint32_t i = 0; i < m->g.n_nodes + m->n_causes; i++) {
        bool node = i < m->g.n_nodes;
        TkRiskContribution c = {node ? m->g.facility[i] : TK_NO_FACILITY, node ? 0 : i - m->g.n_nodes,
                                t->among[i] / years, t->alone[i] / years};
        if (t->among[i] > 0)
            g_array_append_val(all, c);
    }
    g_array_sort(all, by_contribution);
    g_array_set_size(all, MIN(all->len, max));
    return all;
}

GArray *tk_risk_by_year(const TkRiskModel *m, const TkRiskTally *t)
{
    GArray *out = g_array_sized_new(FALSE, TRUE, sizeof(TkRiskYear), t->any_years->len);
    double folded = 0;
    for (uint32_t v = 0; v < m->g.n_services; v++)
        folded += m->g.folded_user_hours[v];
    for (unsigned i = 0; i < t->any_years->len; i++) {
        TkRiskYear year = {folded, g_array_index(t->any_years, uint32_t, i)};
        for (uint32_t v = 0; v < m->g.n_services; v++)
            year.user_hours += (double)g_array_index(t->years[v], float, i);
        g_array_append_val(out, year);
    }
    return out;
}

TkRiskEstimate tk_risk_mean(const double *a, const double *b, size_t n)
{
    double mean = 0, squares = 0; /* Welford's recurrence */
    for (size_t i = 0; i < n; i++) {
        double x = b != NULL ? a[i] - b[i] : a[i], off = x - mean;
        mean += off / (double)(i + 1);
        squares += off * (x - mean);
    }
    double half = n > 1 ? Z95 * sqrt(squares / (double)(n - 1) / (double)n) : 0;
    return (TkRiskEstimate){mean, mean - half, mean + half};
}

/* Runs the years and writes what they brought: canonical JSON, so that the same inputs give the same bytes.
 * Each second route is simulated on its own, in the same years: what it takes away is a difference of pairs,
 * year by year, with an interval of its own. */
#include <math.h>

#include "service/simulations_private.h"

#define RESULT_MAX        (16u << 20)
#define CONTRIBUTIONS_MAX 100u
#define POINTS_MAX        500u

/* Shares of the years at which the exceedance curves are told. */
static const double levels[] = {0.9, 0.8,  0.7,  0.6,  0.5,   0.4,   0.3,  0.2,
                                0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001};

/* One set of simulated years as vectors, year by year. */
typedef struct {
    TkRiskTally *tally;
    size_t n;
    double *serious, *user_hours, *losses; /* losses NULL: no money was given */
} Years;

static void years_clear(Years *years)
{
    g_clear_pointer(&years->tally, tk_risk_tally_free);
    g_clear_pointer(&years->serious, g_free);
    g_clear_pointer(&years->user_hours, g_free);
    g_clear_pointer(&years->losses, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Years, years_clear)

typedef struct {
    TkSimulationAsk *ask;
    TkJob *job;
    uint64_t done, total; /* years over all runs */
} Running;

static bool run_years(Running *running, const TkFacilityIx *spared, size_t n_spared, Years *out,
                      GError **error)
{
    const TkSimulationAsk *ask = running->ask;
    *out = (Years){0};
    out->tally = tk_simulation_run(ask->model, &(TkSimulation){.seed = ask->seed,
                                                               .years = ask->years,
                                                               .spared = spared,
                                                               .n_spared = n_spared,
                                                               .job = running->job,
                                                               .job_before = running->done,
                                                               .job_total = running->total,
                                                               .gentle = true});
    running->done += ask->years;
    if (tk_job_cancelled(running->job))
        return tk_fail_both(error, TK_ERROR_CONFLICT, "試算を中止しました。何も保存していません。",
                            "the simulation was stopped; nothing was kept");
    g_autoptr(GArray) by_year = tk_risk_by_year(ask->model, out->tally);
    out->n = by_year->len;
    out->serious = g_new0(double, out->n + 1);
    out->user_hours = g_new0(double, out->n + 1);
    const TkRiskYear *years = (const TkRiskYear *)(const void *)by_year->data;
    for (size_t i = 0; i < out->n; i++) {
        out->serious[i] = years[i].serious;
        out->user_hours[i] = years[i].user_hours;
    }
    if (ask->has_loss)
        out->losses = tk_loss_of_years(&ask->loss, ask->seed, years, out->n);
    return true;
}

/* ---- figures ---- */

json_t *tk_simulation_real(double value)
{
    char text[32];
    g_snprintf(text, sizeof text, "%.6g", value); /* the program never leaves the C locale for numbers */
    return json_real(g_ascii_strtod(text, NULL));
}

static json_t *estimate(TkRiskEstimate e)
{
    return json_pack("{s:o, s:o, s:o}", "mean", tk_simulation_real(e.mean), "low", tk_simulation_real(e.low),
                     "high", tk_simulation_real(e.high));
}

static json_t *mean_of(const double *a, const double *b, size_t n)
{
    return estimate(tk_risk_mean(a, b, n));
}

static json_t *curve_json(const double *values, size_t n)
{
    double out[G_N_ELEMENTS(levels)];
    json_t *curve = json_array();
    tk_loss_curve(values, n, levels, G_N_ELEMENTS(levels), out);
    for (size_t i = 0; i < G_N_ELEMENTS(levels) && levels[i] * (double)n >= 1; i++)
        json_array_append_new(
            curve, json_pack("{s:f, s:o}", "probability", levels[i], "value", tk_simulation_real(out[i])));
    return curve;
}

static json_t *name_json(TkText name)
{
    return tk_text2(name.ja, name.en);
}

static json_t *service_json(const TkSimulationAsk *ask, const Years *years, uint32_t service)
{
    TkRiskService s = tk_risk_service(ask->model, years->tally, service);
    const char *id = tk_topology_service(ask->topology, service);
    json_t *curve = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(levels) && levels[i] * (double)years->n >= 1; i++)
        json_array_append_new(
            curve, json_pack("{s:f, s:o}", "probability", levels[i], "value",
                             tk_simulation_real(tk_risk_exceeded(years->tally, service, levels[i]) +
                                                s.folded_user_hours)));
    return json_pack("{s:s, s:o, s:I, s:{s:o, s:o, s:o}, s:o, s:o}", "service", id, "name",
                     name_json(tk_app_service_name(ask->app, id)), "accidents", (json_int_t)s.accidents,
                     "serious_per_year", "mean", tk_simulation_real(s.per_year), "low",
                     tk_simulation_real(s.low), "high", tk_simulation_real(s.high), "user_hours_per_year",
                     tk_simulation_real(s.user_hours + s.folded_user_hours), "curve", curve);
}

static json_t *services_json(const TkSimulationAsk *ask, const Years *years)
{
    json_t *out = json_array();
    for (uint32_t v = 0; v < tk_topology_services(ask->topology); v++)
        json_array_append_new(out, service_json(ask, years, v));
    return out;
}

static json_t *loss_json(const Years *years)
{
    if (years->losses == NULL)
        return json_null();
    TkLossSummary s = tk_loss_summary(years->losses, years->n);
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "expected", estimate(s.expected), "var95",
                     tk_simulation_real(s.var95), "var99", tk_simulation_real(s.var99), "tail95",
                     tk_simulation_real(s.tail95), "worst", tk_simulation_real(s.worst), "curve",
                     curve_json(years->losses, years->n));
}

/* ---- measures ---- */

/* What a measure takes away, with the figures and the curve that remain. */
static json_t *measure_json(const Years *before, const Years *after)
{
    json_t *out = json_pack("{s:o, s:o, s:o, s:o}", "removes_serious",
                            mean_of(before->serious, after->serious, before->n), "removes_user_hours",
                            mean_of(before->user_hours, after->user_hours, before->n), "serious_after",
                            mean_of(after->serious, NULL, after->n), "user_hours_after",
                            mean_of(after->user_hours, NULL, after->n));
    if (before->losses != NULL) {
        json_object_set_new(out, "saves", mean_of(before->losses, after->losses, before->n));
        json_object_set_new(out, "loss_after", loss_json(after));
    }
    return out;
}

static json_t *one_route(Running *running, const Years *before, TkFacilityIx facility, GError **error)
{
    g_auto(Years) after = {0};
    if (!run_years(running, &facility, 1, &after, error))
        return NULL;
    json_t *out = measure_json(before, &after);
    json_object_del(out, "loss_after"); /* the plan has it; here it would be told twenty times */
    return out;
}

static json_t *plan_json(Running *running, const Years *before, GError **error)
{
    const GArray *routes = running->ask->routes;
    if (routes->len == 0)
        return json_null();
    g_auto(Years) after = {0};
    if (!run_years(running, (const TkFacilityIx *)(const void *)routes->data, routes->len, &after, error))
        return NULL;
    json_t *out = measure_json(before, &after), *facilities = json_array();
    for (unsigned i = 0; i < routes->len; i++)
        json_array_append_new(
            facilities, tk_facility_json(running->ask->topology, g_array_index(routes, TkFacilityIx, i)));
    json_object_set_new(out, "second_routes", facilities);
    json_object_set_new(out, "user_hours_curve", curve_json(after.user_hours, after.n));
    return out;
}

static json_t *cause_json(const TkSimulationAsk *ask, uint32_t number)
{
    const TkRiskCause *cause = tk_risk_input_cause(ask->input, number);
    return json_pack("{s:s, s:s, s:s, s:i}", "id", cause->id, "name", cause->name, "kind", cause->kind,
                     "members", (int)cause->n_members);
}

/* Ranking of facilities and common causes; for the first facilities a second route is simulated. */
static json_t *ranking_json(Running *running, const Years *before, GError **error)
{
    const TkSimulationAsk *ask = running->ask;
    g_autoptr(GArray) all = tk_risk_contributions(ask->model, before->tally, CONTRIBUTIONS_MAX);
    g_autoptr(json_t) out = json_array();
    uint32_t measured = 0;
    for (unsigned i = 0; i < all->len; i++) {
        const TkRiskContribution *c = &g_array_index(all, TkRiskContribution, i);
        bool cause = c->facility == TK_NO_FACILITY;
        json_t *row = cause ? cause_json(ask, c->cause) : tk_facility_json(ask->topology, c->facility);
        json_object_set_new(row, "type", json_string(cause ? "common-cause" : "facility"));
        json_object_set_new(row, "among_causes_per_year", tk_simulation_real(c->per_year));
        json_object_set_new(row, "alone_per_year", tk_simulation_real(c->alone));
        json_array_append_new(out, row);
        if (cause || measured >= ask->top)
            continue;
        json_t *route = one_route(running, before, c->facility, error);
        if (route == NULL)
            return NULL;
        json_object_set_new(row, "second_route", route);
        measured++;
    }
    return g_steal_pointer(&out);
}

static double removes(const json_t *row)
{
    const json_t *route = json_object_get(row, "second_route");
    return json_number_value(json_object_get(json_object_get(route, "removes_serious"), "mean"));
}

/* The measured second route that removes most; null where none removes anything. */
static json_t *best_json(const json_t *ranking)
{
    size_t i;
    const json_t *row, *best = NULL;
    json_array_foreach(ranking, i, row)
    {
        if (removes(row) > (best == NULL ? 0 : removes(best)))
            best = row;
    }
    return best == NULL ? json_null() : json_deep_copy(best);
}

/* ---- the whole ---- */

json_t *tk_simulation_points(const TkApp *app, const TkTopology *topology, const GArray *points, unsigned max)
{
    json_t *items = json_array();
    for (unsigned i = 0; i < MIN(points->len, max); i++) {
        const TkRiskPoint *p = &g_array_index(points, TkRiskPoint, i);
        const char *service = tk_topology_service(topology, p->service);
        json_t *row = tk_facility_json(topology, p->facility);
        json_object_set_new(row, "service", json_string(service));
        json_object_set_new(row, "service_name", name_json(tk_app_service_name(app, service)));
        json_object_set_new(row, "users", json_integer((json_int_t)p->users));
        json_object_set_new(row, "serious_in_s", json_integer((json_int_t)p->serious_in_s));
        json_array_append_new(items, row);
    }
    return json_pack("{s:i, s:o}", "total", (int)points->len, "items", items);
}

json_t *tk_simulation_assumptions(void)
{
    static const char *const texts[][2] = {
        {"故障は互いに独立に、一定の率で起きるとします。まとめて起きるのは共通原因として与えたものだけです。",
         "Failures come independently of each other and at a constant rate; together they come only by the "
         "common causes that were given."},
        {"利用者数、設備構成、法令の基準は計算した日のまま変わらないとします。時間帯や季節による違いは含みま"
         "せん。",
         "Users, network and criteria stay as they are on the day; hours and seasons make no difference."},
        {"「別経路」は、その設備の故障が利用者に影響しなくなるものとして計算します。切替えの失敗は含みません"
         "。",
         "A second route means that failures of the facility no longer reach users; switchover is taken "
         "never "
         "to fail."},
        {"どの重大な事故の基準にも届かない末端の設備は故障させず、その利用者時間を期待値で加えます。",
         "Facilities below every criterion do not fail one by one: their user-hours are added as an "
         "expectation."},
        {"区間は模擬した年数による誤差だけを表します。故障率そのものの不確かさは含みません。",
         "Intervals tell the error of simulating so many years only, not how well the rates are known."},
        {"金額は、利用者時間と重大な事故の件数に、入力された範囲から引いた単価を掛けたものです。",
         "Money is user-hours and serious accidents times amounts drawn from the ranges that were entered."},
    };
    json_t *out = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        json_array_append_new(out, tk_text2(texts[i][0], texts[i][1]));
    return out;
}

static json_t *head_json(const TkSimulationAsk *ask, const Years *years)
{
    char day[TK_TIME_TEXT_MAX], law[TK_TIME_TEXT_MAX];
    return json_pack("{s:s, s:b, s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:s, s:{s:i, s:i, s:i, s:s}}", "format",
                     "tokatsu-simulation/1", "synthetic", ask->app->synthetic, "date",
                     tk_date_text(ask->date, day), "law", tk_date_text(ask->law, law), "years",
                     (json_int_t)tk_risk_years(years->tally), "seed", (json_int_t)ask->seed, "failures",
                     (json_int_t)tk_risk_failures(years->tally), "parameters",
                     json_deep_copy(ask->parameters), "assumptions", tk_simulation_assumptions(),
                     "inputs_sha256", ask->inputs_sha256, "network", "facilities",
                     (int)tk_topology_size(ask->topology), "nodes", (int)tk_risk_model_nodes(ask->model),
                     "simulated", (int)tk_risk_model_components(ask->model), "sha256", ask->topology_sha256);
}

static json_t *causes_json(const TkSimulationAsk *ask)
{
    json_t *out = json_array();
    for (uint32_t i = 0; i < tk_risk_input_causes(ask->input); i++)
        json_array_append_new(out, cause_json(ask, i));
    return out;
}

static json_t *whole(Running *running, GError **error)
{
    const TkSimulationAsk *ask = running->ask;
    g_auto(Years) years = {0};
    if (!run_years(running, NULL, 0, &years, error))
        return NULL;
    g_autoptr(json_t) ranking = ranking_json(running, &years, error);
    json_t *plan = ranking == NULL ? NULL : plan_json(running, &years, error);
    if (plan == NULL)
        return NULL;
    g_autoptr(GArray) points = tk_risk_single_points(ask->model);
    json_t *out = head_json(ask, &years);
    json_object_set_new(out, "serious_per_year", mean_of(years.serious, NULL, years.n));
    json_object_set_new(out, "user_hours",
                        json_pack("{s:o, s:o}", "expected", mean_of(years.user_hours, NULL, years.n), "curve",
                                  curve_json(years.user_hours, years.n)));
    json_object_set_new(out, "services", services_json(ask, &years));
    json_object_set_new(out, "loss", loss_json(&years));
    json_object_set_new(out, "best", best_json(ranking));
    json_object_set(out, "ranking", ranking);
    json_object_set_new(out, "plan", plan);
    json_object_set_new(out, "common_causes", causes_json(ask));
    json_object_set_new(out, "single_points",
                        tk_simulation_points(ask->app, ask->topology, points, POINTS_MAX));
    return out;
}

GBytes *tk_simulation_result(TkSimulationAsk *ask, TkJob *job, GError **error)
{
    uint64_t runs = 1 + ask->top + (ask->routes->len > 0);
    Running running = {ask, job, 0, runs * ask->years};
    tk_job_progress(job, 0, running.total);
    g_autoptr(json_t) result = whole(&running, error);
    if (result == NULL)
        return NULL;
    g_auto(TkBuf) text = {0};
    tk_buf_init(&text, RESULT_MAX);
    if (!tk_canonical_write(result, &text, error))
        return NULL;
    return g_bytes_new(text.data, text.len);
}

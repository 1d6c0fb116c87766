/* tokatsu risk: what the network's own figures say. Simulated years of operation, and the single points whose
 * loss would be a serious accident. The criteria are those of the law in force on a day. */
#include <math.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/risk.h"
#include "service/service.h"

#define NAME "risk"

typedef struct {
    char *topology, *input, *date, *law, *loss;
    char **routes; /* ids of facilities that a plan gives a second route */
    gint years, top;
    gint64 seed;
} Arguments;

typedef struct {
    const Arguments *args;
    TkLaw *law;
    TkTopology *topology;
    TkRiskInput *input;
    GArray *criteria;
    TkRiskModel *model;
    TkDate date;
} Risk;

static const char help[] =
    "  simulate       years of operation on the topology: serious accidents and user-hours a year by "
    "service, what contributes,\n"
    "                 and what a second route for each of the largest contributors would take away\n"
    "  single-points  every facility whose loss alone would be a serious accident, and how long that would "
    "take\n"
    "  loss           the same years in money (--loss: ranges of what an accident costs), or years of events "
    "that the\n"
    "                 file estimates: expected loss, value at risk, exceedance curve, the value of a "
    "measure\n\n"
    "--rates is a JSON file with failures_per_year and repair_hours for every kind of the topology, and "
    "common causes;\n"
    "docs/risk.md explains it. The same seed gives the same answer.";

static bool load(Risk *r, bool with_rates, GError **error)
{
    const Arguments *a = r->args;
    if (a->topology == NULL || (with_rates && a->input == NULL))
        return tk_fail(error, TK_ERROR_INPUT, "--%s is missing; `tokatsu risk --help` explains",
                       a->topology == NULL ? "topology" : "rates");
    r->date = tk_date_of_time(g_get_real_time());
    if (a->date != NULL && !tk_date_parse(a->date, strlen(a->date), &r->date, error))
        return false;
    r->law = tk_asset_law(a->law, error);
    if (r->law == NULL)
        return false;
    r->topology = tk_cli_topology(a->topology, r->law, error);
    if (r->topology == NULL)
        return false;
    r->criteria = tk_risk_criteria(r->law, r->date, r->topology, error);
    if (r->criteria == NULL)
        return false;
    if (with_rates) {
        g_autofree char *text = NULL;
        size_t len = 0;
        GError *why = NULL;
        if (!g_file_get_contents(a->input, &text, &len, &why)) {
            tk_fail(error, TK_ERROR_INPUT, "%s cannot be read: %s", a->input, why->message);
            g_error_free(why);
            return false;
        }
        r->input = tk_risk_input_read(a->input, text, len, r->topology, error);
        if (r->input == NULL)
            return false;
    }
    r->model = tk_risk_model_new(r->topology, r->input, r->criteria, error);
    return r->model != NULL;
}

static void risk_clear(Risk *r)
{
    tk_risk_model_free(r->model);
    tk_risk_input_free(r->input);
    if (r->criteria != NULL)
        g_array_unref(r->criteria);
    if (r->topology != NULL)
        tk_topology_unref(r->topology);
    tk_law_free(r->law);
}

/* ---- simulate ---- */

typedef struct {
    gint done, all, over;
} Progress;

static void *show_progress(void *data)
{
    Progress *p = data;
    while (g_atomic_int_get(&p->over) == 0) {
        g_usleep(200000);
        gint all = g_atomic_int_get(&p->all);
        if (all > 0)
            fprintf(stderr, "\r%d of %d years ", g_atomic_int_get(&p->done) * TK_RISK_STREAM_YEARS,
                    all * TK_RISK_STREAM_YEARS);
    }
    fputs("\r                              \r", stderr);
    return NULL;
}

static TkRiskTally *run(const Risk *r, const TkFacilityIx *spared, size_t n_spared)
{
    Progress progress = {0};
    bool told = isatty(STDERR_FILENO) != 0;
    GThread *watcher = told ? g_thread_new("progress", show_progress, &progress) : NULL;
    TkRiskTally *tally = tk_simulation_run(r->model, &(TkSimulation){.seed = (uint64_t)r->args->seed,
                                                                     .years = (uint32_t)r->args->years,
                                                                     .spared = spared,
                                                                     .n_spared = n_spared,
                                                                     .done = &progress.done,
                                                                     .all = &progress.all});
    g_atomic_int_set(&progress.over, 1);
    if (watcher != NULL)
        g_thread_join(watcher);
    return tally;
}

static void print_line(json_t *line)
{
    g_autofree char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(6));
    puts(text);
    json_decref(line);
}

static void print_services(const Risk *r, const TkRiskTally *tally)
{
    static const double levels[] = {0.5, 0.1, 0.05, 0.01, 0.005};
    for (uint32_t v = 0; v < tk_topology_services(r->topology); v++) {
        TkRiskService s = tk_risk_service(r->model, tally, v);
        json_t *curve = json_array();
        for (size_t i = 0; i < G_N_ELEMENTS(levels); i++)
            json_array_append_new(
                curve, json_pack("{s:f,s:f}", "probability", levels[i], "user_hours",
                                 round(tk_risk_exceeded(tally, v, levels[i]) + s.folded_user_hours)));
        print_line(json_pack("{s:s,s:s,s:f,s:[f,f],s:I,s:f,s:o}", "type", "service", "service",
                             tk_topology_service(r->topology, v), "serious_per_year", s.per_year,
                             "interval_95", s.low, s.high, "serious", (json_int_t)s.accidents,
                             "user_hours_per_year", round(s.user_hours + s.folded_user_hours), "exceeded",
                             curve));
    }
}

/* What a second route would take away is simulated, not guessed: the same years, with this facility spared.
 */
static void print_contributions(const Risk *r, const TkRiskTally *tally)
{
    g_autoptr(GArray) all = tk_risk_contributions(r->model, tally, 1000);
    double before = tk_risk_serious(tally);
    int measured = 0;
    for (unsigned i = 0; i < all->len && i < 100; i++) {
        const TkRiskContribution *c = &g_array_index(all, TkRiskContribution, i);
        bool cause = c->facility == TK_NO_FACILITY;
        const char *id =
            cause ? tk_risk_input_cause(r->input, c->cause)->id : tk_topology_id(r->topology, c->facility);
        json_t *line = json_pack("{s:s,s:s,s:f,s:f}", "type", cause ? "common-cause" : "facility", "id", id,
                                 "among_causes_per_year", c->per_year, "alone_per_year", c->alone);
        if (!cause && measured < r->args->top) {
            g_autoptr(TkRiskTally) without = run(r, &c->facility, 1);
            json_object_set_new(line, "second_route_removes_per_year",
                                json_real(before - tk_risk_serious(without)));
            measured++;
        }
        print_line(line);
    }
}

static int simulate(Risk *r)
{
    g_autoptr(TkRiskTally) tally = run(r, NULL, 0);
    char day[TK_TIME_TEXT_MAX];
    print_line(json_pack("{s:s,s:I,s:I,s:s,s:b,s:s,s:i,s:i,s:i,s:I,s:f}", "type", "simulation", "years",
                         (json_int_t)tk_risk_years(tally), "seed", (json_int_t)r->args->seed, "law",
                         tk_date_text(r->date, day), "synthetic", tk_risk_input_synthetic(r->input), "source",
                         tk_risk_input_source(r->input), "facilities", (int)tk_topology_size(r->topology),
                         "nodes", (int)tk_risk_model_nodes(r->model), "simulated",
                         (int)tk_risk_model_components(r->model), "failures",
                         (json_int_t)tk_risk_failures(tally), "serious_per_year", tk_risk_serious(tally)));
    print_services(r, tally);
    print_contributions(r, tally);
    return fflush(stdout) == 0 ? 0 : 2;
}

static int single_points(Risk *r)
{
    g_autoptr(GArray) points = tk_risk_single_points(r->model);
    for (unsigned i = 0; i < points->len; i++) {
        const TkRiskPoint *p = &g_array_index(points, TkRiskPoint, i);
        TkFacility facility = tk_topology_facility(r->topology, p->facility);
        print_line(json_pack("{s:s,s:s,s:s,s:s,s:I,s:I}", "id", facility.id, "kind", facility.kind, "name",
                             facility.name, "service", tk_topology_service(r->topology, p->service), "users",
                             (json_int_t)p->users, "serious_in_s", (json_int_t)p->serious_in_s));
    }
    fprintf(stderr, "%u single point%s\n", points->len, points->len == 1 ? "" : "s");
    return fflush(stdout) == 0 ? 0 : 2;
}

/* ---- loss ---- */

static bool find_routes(const Risk *r, GArray *routes, GError **error)
{
    for (char **id = r->args->routes; id != NULL && *id != NULL; id++) {
        TkFacilityIx f = tk_topology_find(r->topology, *id, strlen(*id));
        if (f == TK_NO_FACILITY)
            return tk_fail(error, TK_ERROR_INPUT, "--second-route: the topology has no facility “%s”", *id);
        g_array_append_val(routes, f);
    }
    return true;
}

static int loss_of_network(Risk *r, const TkCliLoss *loss, GError **error)
{
    g_autoptr(GArray) routes = g_array_new(FALSE, FALSE, sizeof(TkFacilityIx));
    g_autoptr(GArray) after = NULL;
    if (!load(r, true, error) || !find_routes(r, routes, error))
        return 2;
    g_autoptr(TkRiskTally) tally = run(r, NULL, 0);
    g_autoptr(GArray) before = tk_risk_by_year(r->model, tally);
    if (routes->len > 0) {
        g_autoptr(TkRiskTally) rest = run(r, (const TkFacilityIx *)(void *)routes->data, routes->len);
        after = tk_risk_by_year(r->model, rest);
    }
    int status =
        tk_cli_loss_print(loss, (uint64_t)r->args->seed, (const TkRiskYear *)(void *)before->data,
                          after == NULL ? NULL : (const TkRiskYear *)(void *)after->data, before->len);
    return status;
}

static int losses(Risk *r, GError **error)
{
    TkCliLoss loss;
    if (r->args->loss == NULL)
        tk_fail(error, TK_ERROR_INPUT, "--loss is missing; docs/risk.md explains the file");
    else if (!tk_cli_loss_read(r->args->loss, &loss, error))
        return 2;
    else if (r->args->topology != NULL)
        return loss_of_network(r, &loss, error);
    else if (loss.has_events)
        return tk_cli_loss_of_events(&loss, (uint64_t)r->args->seed, (size_t)r->args->years);
    else
        tk_fail(error, TK_ERROR_INPUT,
                "%s has no events to estimate from; give it “events”, or --topology and --rates",
                r->args->loss);
    return 2;
}

int tk_cli_risk(int argc, char **argv)
{
    Arguments a = {.years = 1000, .top = 5, .seed = 1};
    const GOptionEntry entries[] = {
        {"topology", 0, 0, G_OPTION_ARG_FILENAME, &a.topology, "The facilities, JSON Lines as for replay",
         "FILE"},
        {"rates", 0, 0, G_OPTION_ARG_FILENAME, &a.input, "How often what fails", "FILE"},
        {"years", 0, 0, G_OPTION_ARG_INT, &a.years, "Years to simulate (1000)", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &a.seed, "Which random years (1)", "N"},
        {"top", 0, 0, G_OPTION_ARG_INT, &a.top, "Second routes to measure (5)", "N"},
        {"date", 0, 0, G_OPTION_ARG_STRING, &a.date, "By the law of this day (today)", "YYYY-MM-DD"},
        {"loss", 0, 0, G_OPTION_ARG_FILENAME, &a.loss, "What an accident and a user-hour cost", "FILE"},
        {"second-route", 0, 0, G_OPTION_ARG_STRING_ARRAY, &a.routes, "loss: a planned second route (repeat)",
         "ID"},
        {"law", 0, 0, G_OPTION_ARG_FILENAME, &a.law, "Law files instead of the built-in ones", "DIR"},
        {0},
    };
    int status = 0;
    if (!tk_cli_options(&argc, &argv, "simulate|single-points|loss", help, entries, &status))
        return status;
    bool years = argc == 2 && strcmp(argv[1], "simulate") == 0,
         points = argc == 2 && strcmp(argv[1], "single-points") == 0,
         money = argc == 2 && strcmp(argv[1], "loss") == 0;
    Risk r = {.args = &a};
    GError *error = NULL;
    if (!years && !points && !money)
        tk_fail(&error, TK_ERROR_INPUT,
                "say what to do: simulate, single-points, or loss; `tokatsu risk --help` explains");
    else if (a.years < 1 || a.years > TK_RISK_YEARS_MAX || a.top < 0 || a.top > 100)
        tk_fail(&error, TK_ERROR_INPUT, "--years is 1 to %d, --top 0 to 100", TK_RISK_YEARS_MAX);
    else if (money)
        status = losses(&r, &error);
    else if (load(&r, years, &error))
        status = years ? simulate(&r) : single_points(&r);
    risk_clear(&r);
    g_strfreev(a.routes);
    char *const texts[] = {a.topology, a.input, a.date, a.law, a.loss};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    return error != NULL ? tk_cli_fail(NAME, error) : status;
}

/* tokatsu risk loss: years, simulated or estimated, in money. */
#include "cli/risk.h"

#include "cli/cli.h"

static const double levels[] = {0.9, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001};

static bool read_parts(const json_t *root, TkCliLoss *out, GError **error)
{
    g_autoptr(json_t) ranges = json_copy((json_t *)root);
    static const char *const beside[] = {"synthetic", "events", "measure"};
    for (size_t i = 0; i < G_N_ELEMENTS(beside); i++)
        json_object_del(ranges, beside[i]);
    const json_t *events = json_object_get(root, "events"), *measure = json_object_get(root, "measure");
    out->synthetic = json_is_true(json_object_get(root, "synthetic"));
    out->has_events = events != NULL;
    out->has_measure = measure != NULL;
    return tk_loss_read(ranges, "loss", &out->model, error) &&
           (events == NULL || tk_loss_read_events(events, "events", &out->events, error)) &&
           (measure == NULL || tk_loss_read_events(measure, "measure", &out->measure, error));
}

bool tk_cli_loss_read(const char *path, TkCliLoss *out, GError **error)
{
    g_autofree char *text = NULL;
    size_t len = 0;
    g_autoptr(GError) why = NULL;
    *out = (TkCliLoss){0};
    if (!g_file_get_contents(path, &text, &len, &why))
        return tk_fail(error, TK_ERROR_INPUT, "%s cannot be read: %s", path, why->message);
    g_autoptr(json_t) root = tk_json_read(path, text, len, TK_LOSS_TEXT_MAX, error);
    return root != NULL && read_parts(root, out, error);
}

static void print_line(json_t *line)
{
    g_autofree char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(8));
    puts(text);
    json_decref(line);
}

static json_t *estimate(TkRiskEstimate e)
{
    return json_pack("{s:f, s:f, s:f}", "mean", e.mean, "low", e.low, "high", e.high);
}

static void print_curve(const double *before, const double *after, size_t n)
{
    double of_before[G_N_ELEMENTS(levels)], of_after[G_N_ELEMENTS(levels)];
    tk_loss_curve(before, n, levels, G_N_ELEMENTS(levels), of_before);
    if (after != NULL)
        tk_loss_curve(after, n, levels, G_N_ELEMENTS(levels), of_after);
    for (size_t i = 0; i < G_N_ELEMENTS(levels) && levels[i] * (double)n >= 1; i++) {
        json_t *line = json_pack("{s:s, s:f, s:f}", "type", "exceedance", "probability", levels[i], "loss",
                                 of_before[i]);
        if (after != NULL)
            json_object_set_new(line, "loss_after", json_real(of_after[i]));
        print_line(line);
    }
}

int tk_cli_loss_print(const TkCliLoss *loss, uint64_t seed, const TkRiskYear *before, const TkRiskYear *after,
                      size_t n)
{
    g_autofree double *losses = tk_loss_of_years(&loss->model, seed, before, n);
    g_autofree double *rest = after == NULL ? NULL : tk_loss_of_years(&loss->model, seed, after, n);
    TkLossSummary s = tk_loss_summary(losses, n);
    print_line(json_pack("{s:s, s:I, s:I, s:b, s:o, s:f, s:f, s:f, s:f}", "type", "loss", "years",
                         (json_int_t)n, "seed", (json_int_t)seed, "synthetic", loss->synthetic, "expected",
                         estimate(s.expected), "var95", s.var95, "var99", s.var99, "tail95", s.tail95,
                         "worst", s.worst));
    print_curve(losses, rest, n);
    if (rest != NULL) {
        TkLossSummary a = tk_loss_summary(rest, n);
        print_line(json_pack("{s:s, s:o, s:o, s:f, s:f}", "type", "measure", "saves",
                             estimate(tk_risk_mean(losses, rest, n)), "expected_after", estimate(a.expected),
                             "var95_after", a.var95, "var99_after", a.var99));
    }
    return fflush(stdout) == 0 ? 0 : 2;
}

int tk_cli_loss_of_events(const TkCliLoss *loss, uint64_t seed, size_t n)
{
    g_autofree TkRiskYear *before = tk_loss_draw_years(&loss->events, seed, n);
    g_autofree TkRiskYear *after = loss->has_measure ? tk_loss_draw_years(&loss->measure, seed, n) : NULL;
    return tk_cli_loss_print(loss, seed, before, after, n);
}

/* Measures simulated years on a generated nation: 627,440 facilities, with made-up failure rates. Prints
 * figures as bench_network does. */
#include <time.h>

#include "service/service.h"

static const char input_text[] =
    "{\"synthetic\":true,\"source\":\"made up for the measurement\",\"kinds\":{"
    "\"core\":{\"failures_per_year\":0.5,\"repair_hours\":4,\"repair\":\"lognormal\",\"sigma\":1},"
    "\"aggregation\":{\"failures_per_year\":0.3,\"repair_hours\":4},\"building\":{\"failures_per_year\":0.2,"
    "\"repair_hours\":5},"
    "\"base-station\":{\"failures_per_year\":0.3,\"repair_hours\":8},\"cell\":{\"failures_per_year\":0.5,"
    "\"repair_hours\":6}},"
    "\"common_causes\":[%s]}";

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    uint32_t years = argc > 1 ? (uint32_t)g_ascii_strtoull(argv[1], NULL, 10) : 10000;
    GError *error = NULL;
    TkSyntheticParams nation = tk_network_synthetic_nation();
    g_autoptr(TkTopology) topology = tk_network_synthetic(&nation, &error);
    g_autoptr(GString) causes =
        g_string_new("{\"id\":\"software\",\"per_year\":0.1,\"probability\":0.3,\"repair_hours\":3,"
                     "\"members\":{\"kind\":\"core\"}}");
    for (int p = 1; p <= TK_PREFECTURES; p++)
        g_string_append_printf(
            causes,
            ",{\"id\":\"power-%02d\",\"per_year\":0.05,\"probability\":0.2,\"repair_hours\":6,"
            "\"members\":{\"kind\":\"building\",\"prefecture\":\"%02d\"}}",
            p, p);
    g_autofree char *text = g_strdup_printf(input_text, causes->str);
    g_autoptr(TkRiskInput) input = tk_risk_input_read("input", text, strlen(text), topology, &error);
    if (input == NULL)
        g_error("%s", error->message);
    g_autoptr(GArray) criteria = g_array_new(FALSE, FALSE, sizeof(TkRiskCriterion));
    static const struct {
        int64_t hours, users;
    } table[][3] = {
        {{1, 30000}}, {{2, 30000}, {1, 1000000}}, {{2, 30000}, {1, 1000000}}, {{12, 30000}, {2, 1000000}}};
    for (uint32_t v = 0; v < 4; v++)
        for (int b = 0; b < 3 && table[v][b].users > 0; b++) {
            TkRiskCriterion c = {v, table[v][b].hours * 3600, table[v][b].users};
            g_array_append_val(criteria, c);
        }
    double start = now_s();
    g_autoptr(TkRiskModel) model = tk_risk_model_new(topology, input, criteria, &error);
    if (model == NULL)
        g_error("%s", error->message);
    printf("condensed %u facilities to %u nodes, %u of which fail\t%.2f s\n", tk_topology_size(topology),
           tk_risk_model_nodes(model), tk_risk_model_components(model), now_s() - start);
    start = now_s();
    g_autoptr(GArray) points = tk_risk_single_points(model);
    printf("single points: %u\t%.2f s\n", points->len, now_s() - start);
    start = now_s();
    g_autoptr(TkRiskTally) tally =
        tk_simulation_run(model, &(TkSimulation){.seed = 1, .years = years, .threads = 2});
    double took = now_s() - start;
    printf("%u years, %.1f million failures, 2 threads\t%.1f s (goal < 60 for 10,000)\n",
           tk_risk_years(tally), (double)tk_risk_failures(tally) / 1e6, took);
    for (uint32_t v = 0; v < tk_topology_services(topology); v++) {
        TkRiskService s = tk_risk_service(model, tally, v);
        printf("%s\t%.4f a year (%.4f – %.4f), %.0f user-hours a year, 1 in 100 years %.0f\n",
               tk_topology_service(topology, v), s.per_year, s.low, s.high,
               s.user_hours + s.folded_user_hours, tk_risk_exceeded(tally, v, 0.01));
    }
    return 0;
}

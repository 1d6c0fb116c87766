/* Criteria, the condensed graph and what may fail on it, with Walker's alias table: which of thousands of
 * sources fails next is two random numbers, however many there are. */
#include <math.h>

#include "risk/model.h"

#define HOURS_PER_YEAR 8760.0

GArray *tk_risk_criteria(const TkLaw *law, TkDate date, const TkTopology *topology, GError **error)
{
    g_autoptr(GArray) criteria = g_array_new(FALSE, FALSE, sizeof(TkRiskCriterion));
    for (uint32_t v = 0; v < tk_topology_services(topology); v++) {
        const char *id = tk_topology_service(topology, v);
        TkService service = tk_law_service_find(law, id, strlen(id));
        if (service < 0)
            service = tk_law_service_find(law, "other", 5);
        TkForecast forecast;
        if (!tk_law_forecast(law, TK_DATE_NONE, service, tk_time_of_date(date), 0, -1, tk_time_of_date(date),
                             &forecast, error))
            return NULL;
        for (size_t b = 0; b < forecast.count; b++) {
            TkBranch branch = forecast.branches[b].branch;
            TkRiskCriterion criterion = {v, (int64_t)branch.hours * 3600, branch.users};
            if (forecast.branches[b].certain)
                g_array_append_val(criteria, criterion);
        }
    }
    return g_steal_pointer(&criteria);
}

/* ---- what may fail ---- */

static void add_sources(TkRiskModel *m, const TkRiskInput *input)
{
    g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(Source));
    for (uint32_t i = 0; i < m->g.n_nodes; i++) {
        Source source = {i, 0, tk_risk_input_rate(input, m->g.facility[i])};
        if (source.rate.per_year > 0 && !m->g.passive[i])
            g_array_append_val(sources, source);
    }
    m->n_components = sources->len;
    m->n_causes = tk_risk_input_causes(input);
    m->together = g_new0(Together, m->n_causes + 1);
    for (uint32_t c = 0; c < m->n_causes; c++) {
        const TkRiskCause *cause = tk_risk_input_cause(input, c);
        Together *together = &m->together[c];
        *together = (Together){cause->probability, cause->n_members, g_new(uint32_t, cause->n_members + 1)};
        for (uint32_t k = 0; k < cause->n_members; k++)
            together->nodes[k] = m->g.node[cause->members[k]];
        Source source = {NO_NODE, c, cause->rate};
        if (source.rate.per_year > 0)
            g_array_append_val(sources, source);
    }
    m->n_sources = sources->len;
    m->sources = (Source *)(void *)g_array_free(g_steal_pointer(&sources), FALSE);
}

static void make_alias(TkRiskModel *m)
{
    uint32_t n = m->n_sources, n_poor = 0, n_rich = 0;
    double total = 0;
    for (uint32_t i = 0; i < n; i++)
        total += m->sources[i].rate.per_year;
    m->total_per_hour = total / HOURS_PER_YEAR;
    m->alias_share = g_new(double, n + 1);
    m->alias = g_new0(uint32_t, n + 1);
    g_autofree uint32_t *poor = g_new(uint32_t, n + 1), *rich = g_new(uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        m->alias_share[i] = m->sources[i].rate.per_year * n / total;
        if (m->alias_share[i] < 1)
            poor[n_poor++] = i;
        else
            rich[n_rich++] = i;
    }
    while (n_poor > 0 && n_rich > 0) {
        uint32_t small = poor[--n_poor], large = rich[n_rich - 1];
        m->alias[small] = large;
        m->alias_share[large] -= 1 - m->alias_share[small];
        if (m->alias_share[large] < 1) {
            poor[n_poor++] = large;
            n_rich--;
        }
    }
    while (n_poor > 0) /* rounding has left them a hair below 1 */
        m->alias_share[poor[--n_poor]] = 1;
    while (n_rich > 0)
        m->alias_share[rich[--n_rich]] = 1;
}

TkRiskModel *tk_risk_model_new(TkTopology *topology, const TkRiskInput *input, const GArray *criteria,
                               GError **error)
{
    g_autoptr(TkRiskModel) m = g_new0(TkRiskModel, 1);
    m->topology = tk_topology_ref(topology);
    m->n_criteria = criteria->len;
    m->criteria = g_memdup2(criteria->data, criteria->len * sizeof(TkRiskCriterion));
    for (uint32_t v = 0; v < TK_SERVICES_MAX; v++)
        m->least[v] = INFINITY;
    for (uint32_t i = 0; i < m->n_criteria; i++)
        m->least[m->criteria[i].service] =
            MIN(m->least[m->criteria[i].service], (double)m->criteria[i].users);
    graph_condense(&m->g, topology, input, m->least);
    if (input == NULL)
        return g_steal_pointer(&m);
    add_sources(m, input);
    if (m->n_sources == 0) {
        tk_fail(error, TK_ERROR_INPUT,
                "nothing can fail: every rate is 0, or only facilities too small to matter have one");
        return NULL;
    }
    make_alias(m);
    return g_steal_pointer(&m);
}

void tk_risk_model_free(TkRiskModel *m)
{
    if (m == NULL)
        return;
    graph_clear(&m->g);
    for (uint32_t c = 0; c < m->n_causes; c++)
        g_free(m->together[c].nodes);
    g_free(m->together);
    g_free(m->sources);
    g_free(m->alias_share);
    g_free(m->alias);
    g_free(m->criteria);
    tk_topology_unref(m->topology);
    g_free(m);
}

uint32_t tk_risk_model_nodes(const TkRiskModel *m)
{
    return m->g.n_nodes;
}

uint32_t tk_risk_model_components(const TkRiskModel *m)
{
    return m->n_components;
}

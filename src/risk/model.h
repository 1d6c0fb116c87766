/* The condensed graph. Inside the room.
 *
 *   node ──► needs need_begin[node] … need_begin[node+1]: slack[q] failures tolerated, members
 * member_begin[q] … node ──► dependents dep_begin[node] … : the needs that it is a member of
 */
#ifndef TK_RISK_MODEL_H
#define TK_RISK_MODEL_H

#include "risk/risk.h"

#define NO_NODE UINT32_MAX

typedef struct {
    uint32_t *node; /* of facility; NO_NODE where it was folded or taken together with others */
    double folded_user_hours[TK_SERVICES_MAX];
    uint32_t n_nodes, n_needs, n_services;
    TkFacilityIx *facility; /* of node */
    double *users;          /* n_services of each node, what was folded into it included */
    bool *has_users;
    bool *passive; /* stands for several facilities; does not fail of itself */
    uint32_t *need_begin, *owner, *slack, *member_begin, *members, *dep_begin, *deps;
} Graph;

/* What may fail: nodes with a rate, then common causes. */
typedef struct {
    uint32_t node; /* NO_NODE: a common cause */
    uint32_t cause;
    TkRiskRate rate;
} Source;

typedef struct {
    double probability;
    uint32_t n, *nodes;
} Together;

struct TkRiskModel {
    TkTopology *topology;
    Graph g;
    TkRiskCriterion *criteria;
    uint32_t n_criteria;
    double least[TK_SERVICES_MAX]; /* users of the least criterion of each service; INFINITY: none */
    Source *sources;
    uint32_t n_sources, n_components;
    Together *together; /* of cause */
    uint32_t n_causes;
    double total_per_hour;
    double *alias_share; /* Walker's alias table over the sources */
    uint32_t *alias;
};

/* condense.c */
void graph_condense(Graph *g, const TkTopology *topology, const TkRiskInput *input, const double least[]);
void graph_clear(Graph *g);

static inline double *graph_users(const Graph *g, uint32_t node)
{
    return g->users + (size_t)node * g->n_services;
}

#endif

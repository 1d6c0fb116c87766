/* Single points: each facility fails alone, on a network where all else is well. */
#include "risk/world.h"

static void nobody(void *user, const Outage *outage)
{
    (void)user;
    (void)outage;
}

static bool worst(const TkRiskModel *m, const double concurrent[], TkRiskPoint *point)
{
    point->serious_in_s = INT64_MAX;
    for (uint32_t i = 0; i < m->n_criteria; i++) {
        const TkRiskCriterion *c = &m->criteria[i];
        double users = concurrent[c->service];
        if (users < (double)c->users || c->duration_s > point->serious_in_s ||
            (c->duration_s == point->serious_in_s && users <= (double)point->users))
            continue;
        point->service = c->service;
        point->users = (int64_t)users;
        point->serious_in_s = c->duration_s;
    }
    return point->serious_in_s < INT64_MAX;
}

static int soonest(const void *a, const void *b)
{
    const TkRiskPoint *x = a, *y = b;
    if (x->serious_in_s != y->serious_in_s)
        return x->serious_in_s < y->serious_in_s ? -1 : 1;
    if (x->users != y->users)
        return x->users > y->users ? -1 : 1;
    return x->facility < y->facility ? -1 : x->facility > y->facility;
}

GArray *tk_risk_single_points(const TkRiskModel *model)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(TkRiskPoint));
    World w;
    world_init(&w, model);
    w.ended = nobody;
    for (uint32_t node = 0; node < model->g.n_nodes; node++) {
        TkRiskPoint point = {.facility = model->g.facility[node]};
        if (model->g.passive[node])
            continue;
        world_fail(&w, node, node);
        world_settle(&w);
        if (worst(model, w.concurrent, &point))
            g_array_append_val(points, point);
        world_repair(&w, node);
    }
    world_clear(&w);
    g_array_sort(points, soonest);
    return points;
}

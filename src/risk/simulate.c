/* Years of operation, failure by failure. Every source draws the same random numbers whether it can fail just
 * now or not, so that a run in which some facilities are spared stays comparable with one in which they are
 * not, number by number. */
#include "risk/dice.h"
#include "risk/tally.h"
#include "risk/world.h"

#define HOURS_PER_YEAR 8760.0
#define SELF           (UINT32_C(1) << 31) /* in a repair: of the node's own failure, not of a common cause's */

typedef struct {
    double at_h;
    uint32_t what;
} Repair;

typedef struct {
    World w;
    Dice dice;
    TkRiskTally *tally;
    GArray *repairs; /* Repair, a heap: soonest first */
    bool *broken;    /* node: its own failure is not repaired yet */
    bool *spared;
    double year_h[TK_SERVICES_MAX]; /* user-hours of the year so far */
    double counted_h;               /* they are counted until then */
    double year_end_h;
} Run;

/* ---- the heap of repairs ---- */

static void heap_push(GArray *heap, Repair repair)
{
    g_array_append_val(heap, repair);
    Repair *r = (Repair *)(void *)heap->data;
    unsigned i = heap->len - 1;
    for (; i > 0 && r[(i - 1) / 2].at_h > repair.at_h; i = (i - 1) / 2)
        r[i] = r[(i - 1) / 2];
    r[i] = repair;
}

static Repair heap_pop(GArray *heap)
{
    Repair *r = (Repair *)(void *)heap->data, top = r[0], last = r[heap->len - 1];
    unsigned n = heap->len - 1, i = 0;
    g_array_set_size(heap, n);
    for (unsigned child = 1; child < n; child = 2 * i + 1) {
        if (child + 1 < n && r[child + 1].at_h < r[child].at_h)
            child++;
        if (r[child].at_h >= last.at_h)
            break;
        r[i] = r[child];
        i = child;
    }
    if (n > 0)
        r[i] = last;
    return top;
}

/* ---- time ---- */

static void pass_time(Run *run, double to_h)
{
    uint32_t services = run->w.m->g.n_services;
    while (run->counted_h < to_h) {
        double until_h = MIN(to_h, run->year_end_h), hours = until_h - run->counted_h;
        for (uint32_t v = 0; v < services; v++)
            run->year_h[v] += run->w.concurrent[v] * hours;
        run->counted_h = until_h;
        if (until_h < run->year_end_h)
            return;
        tally_year(run->tally, run->year_h);
        memset(run->year_h, 0, sizeof run->year_h);
        run->year_end_h += HOURS_PER_YEAR;
    }
}

static void go_to(Run *run, double to_h)
{
    pass_time(run, to_h);
    run->w.now_h = to_h;
}

/* ---- failures ---- */

static double repair_time(Dice *dice, const TkRiskRate *rate)
{
    switch (rate->shape) {
    case TK_REPAIR_EXPONENTIAL:
        return dice_exponential(dice, rate->repair_hours);
    case TK_REPAIR_LOGNORMAL: /* of the given mean */
        return rate->repair_hours * exp(rate->sigma * dice_normal(dice) - rate->sigma * rate->sigma / 2);
    case TK_REPAIR_FIXED:
        break;
    }
    return rate->repair_hours;
}

static void fail_one(Run *run, const Source *source)
{
    double back_h = run->w.now_h + repair_time(&run->dice, &source->rate);
    if (run->spared[source->node] || run->broken[source->node])
        return;
    run->tally->failures++;
    run->broken[source->node] = true;
    world_fail(&run->w, source->node, source->node);
    world_settle(&run->w);
    heap_push(run->repairs, (Repair){back_h, source->node | SELF});
}

static void fail_together(Run *run, const Source *source)
{
    const Together *together = &run->w.m->together[source->cause];
    run->tally->failures++;
    for (uint32_t i = 0; i < together->n; i++) {
        double chance = dice_unit(&run->dice), hours = repair_time(&run->dice, &source->rate);
        if (chance > together->probability || run->spared[together->nodes[i]] ||
            run->w.own[together->nodes[i]] >= UINT16_MAX - 1)
            continue;
        world_fail(&run->w, together->nodes[i], run->w.m->g.n_nodes + source->cause);
        heap_push(run->repairs, (Repair){run->w.now_h + hours, together->nodes[i]});
    }
    world_settle(&run->w);
}

static const Source *next_source(Run *run)
{
    const TkRiskModel *m = run->w.m;
    uint32_t i = (uint32_t)(dice_unit(&run->dice) * m->n_sources);
    i = MIN(i, m->n_sources - 1);
    return &m->sources[dice_unit(&run->dice) <= m->alias_share[i] ? i : m->alias[i]];
}

static void repair_until(Run *run, double to_h)
{
    while (run->repairs->len > 0 && g_array_index(run->repairs, Repair, 0).at_h <= to_h) {
        Repair repair = heap_pop(run->repairs);
        uint32_t node = repair.what & ~SELF;
        go_to(run, repair.at_h);
        if ((repair.what & SELF) != 0)
            run->broken[node] = false;
        world_repair(&run->w, node);
    }
    go_to(run, to_h);
}

static void simulate_stream(Run *run, uint64_t seed, uint32_t stream)
{
    const TkRiskModel *m = run->w.m;
    run->dice = dice_new(seed, stream);
    world_reset(&run->w);
    memset(run->broken, 0, m->g.n_nodes);
    g_array_set_size(run->repairs, 0);
    run->counted_h = 0;
    run->year_end_h = HOURS_PER_YEAR;
    double end_h = HOURS_PER_YEAR * TK_RISK_STREAM_YEARS, at_h = 0;
    tally_begin_stream(run->tally);
    for (;;) {
        at_h += dice_exponential(&run->dice, 1 / m->total_per_hour);
        if (at_h >= end_h)
            break;
        repair_until(run, at_h);
        const Source *source = next_source(run);
        if (source->node != NO_NODE)
            fail_one(run, source);
        else
            fail_together(run, source);
    }
    repair_until(run, end_h);
    world_end(&run->w);
    tally_end_stream(run->tally);
}

static void count_outage(void *user, const Outage *outage)
{
    tally_outage(user, outage->serious, (const uint32_t *)(const void *)outage->causes->data,
                 outage->causes->len);
}

uint32_t tk_risk_simulate(const TkRiskModel *model, const TkRiskRun *how, bool (*go_on)(void *user),
                          void *user, TkRiskTally *tally)
{
    Run run = {.tally = tally,
               .repairs = g_array_new(FALSE, FALSE, sizeof(Repair)),
               .broken = g_new0(bool, model->g.n_nodes + 1),
               .spared = g_new0(bool, model->g.n_nodes + 1)};
    world_init(&run.w, model);
    run.w.ended = count_outage;
    run.w.user = tally;
    for (size_t i = 0; i < how->n_spared; i++)
        if (model->g.node[how->spared[i]] != NO_NODE)
            run.spared[model->g.node[how->spared[i]]] = true;
    uint32_t done = 0;
    while (done < how->n && (go_on == NULL || go_on(user)))
        simulate_stream(&run, how->seed, how->first + done++);
    world_clear(&run.w);
    g_array_unref(run.repairs);
    g_free(run.broken);
    g_free(run.spared);
    return done;
}

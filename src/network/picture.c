/* Reads the numbers of an accident off its journal. One pass in order of time; a member's accidents add up
 * in one word (minus when it falls, plus when it rises), so that "down at least T" needs no second list. */
#include "network/timeline.h"

__extension__ typedef __int128 Wide; /* users × microseconds: 100 million users pass 63 bits in a day */

typedef struct {
    int64_t first_at_us, recovered_at_us, concurrent, peak, ever, at_least, last_us;
    Wide user_us;
    GArray *steps;
} Tally;

typedef struct {
    gatomicrefcount refs;
    TkAccident accident;
} Picture;

#define PICTURE(a) ((Picture *)((char *)(a)-offsetof(Picture, accident)))

TkAccident *tk_accident_ref(const TkAccident *a)
{
    g_atomic_ref_count_inc(&PICTURE(a)->refs);
    return (TkAccident *)a;
}

void tk_accident_unref(TkAccident *a)
{
    if (a == NULL || !g_atomic_ref_count_dec(&PICTURE(a)->refs))
        return;
    for (uint32_t i = 0; i < a->n_services; i++)
        g_free((void *)a->services[i].steps);
    g_free((void *)a->services);
    g_free((void *)a->causes);
    g_free(PICTURE(a));
}

static uint32_t next_epoch(TkPainter *p)
{
    if (p->stamp == NULL) {
        p->stamp = g_new0(uint32_t, (size_t)p->t->n + 1);
        p->total_us = g_new(int64_t, (size_t)p->t->n + 1);
        p->down = g_new(bool, (size_t)p->t->n + 1);
    }
    if (++p->epoch == 0) {
        memset(p->stamp, 0, p->t->n * sizeof *p->stamp);
        p->epoch = 1;
    }
    return p->epoch;
}

void tk_painter_clear(TkPainter *p)
{
    g_clear_pointer(&p->stamp, g_free);
    g_clear_pointer(&p->total_us, g_free);
    g_clear_pointer(&p->down, g_free);
}

void tk_painter_under(TkPainter *p, const uint32_t *facilities, uint32_t n, int64_t users[TK_SERVICES_MAX])
{
    const TkTopology *t = p->t;
    uint32_t epoch = next_epoch(p), tail = 0;
    memset(users, 0, TK_SERVICES_MAX * sizeof *users);
    for (uint32_t i = 0; i < n; i++) {
        if (p->stamp[facilities[i]] != epoch)
            p->list[tail++] = facilities[i];
        p->stamp[facilities[i]] = epoch;
    }
    for (uint32_t head = 0; head < tail; head++) {
        uint32_t f = p->list[head];
        for (uint32_t s = 0; s < t->n_services; s++)
            users[s] += tk_users(t, f)[s];
        const uint32_t *row = tk_row(t, f);
        for (uint32_t e = row[TK_ROW_DEPENDENTS]; e < row[TK_ROW_DEPENDENTS_END]; e++) {
            uint32_t owner = t->owner[t->dependents[e]];
            if (p->stamp[owner] != epoch)
                p->list[tail++] = owner;
            p->stamp[owner] = epoch;
        }
    }
}

/* The effect of one batch on each service. */
typedef struct {
    int64_t users[TK_SERVICES_MAX], fresh[TK_SERVICES_MAX];
} Effect;

static void read_batch(TkPainter *p, const uint32_t *facilities, uint32_t n, int64_t at_us, bool rose,
                       uint32_t *members, uint64_t *prefectures, Effect *effect)
{
    const TkTopology *t = p->t;
    *effect = (Effect){{0}, {0}};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t f = facilities[i];
        const uint32_t *users = tk_users(t, f);
        bool fresh = p->stamp[f] != p->epoch;
        if (fresh) {
            p->stamp[f] = p->epoch;
            p->total_us[f] = 0;
            p->list[(*members)++] = f;
            *prefectures |= UINT64_C(1) << (tk_place(t, f) & TK_PLACE_MASK);
        }
        p->down[f] = !rose;
        p->total_us[f] += rose ? at_us : -at_us;
        for (uint32_t s = 0; s < t->n_services; s++) {
            effect->users[s] += users[s];
            effect->fresh[s] += fresh ? users[s] : 0;
        }
    }
}

/* Keeps the moments at which `ever` grows or the service begins or ends to be affected. */
static void keep_step(Tally *y, int64_t at_us, bool turned)
{
    TkImpactStep step = {.at_us = at_us, .ever = y->ever, .concurrent = y->concurrent};
    if (y->steps == NULL)
        y->steps = g_array_new(FALSE, FALSE, sizeof step);
    TkImpactStep *last =
        y->steps->len == 0 ? NULL : &g_array_index(y->steps, TkImpactStep, y->steps->len - 1);
    if (last != NULL && last->at_us == at_us)
        *last = step;
    else if (turned || last == NULL || last->ever != y->ever)
        g_array_append_val(y->steps, step);
}

static void tally_batch(Tally *y, int64_t at_us, bool rose, int64_t users, int64_t fresh)
{
    if (users == 0)
        return;
    if (y->steps == NULL)
        y->first_at_us = y->last_us = at_us;
    y->user_us += (Wide)y->concurrent * (at_us - y->last_us);
    y->last_us = at_us;
    bool was = y->concurrent > 0;
    y->concurrent += rose ? -users : users;
    y->ever += fresh;
    y->recovered_at_us = y->concurrent == 0 ? at_us : TK_TIME_NONE;
    keep_step(y, at_us, was != (y->concurrent > 0));
}

static void read_journal(TkPainter *p, const TkCase *o, Tally *tallies, TkAccident *a)
{
    const uint32_t *w = tk_words(&o->journal), *end = w + o->journal.len;
    while (w < end) {
        int64_t at_us;
        Effect effect;
        memcpy(&at_us, w, sizeof at_us);
        bool rose = (w[3] & TK_BATCH_ROSE) != 0;
        uint32_t n = w[3] & ~TK_BATCH_ROSE;
        read_batch(p, w + TK_BATCH_HEAD, n, at_us, rose, &a->members_ever, &a->prefectures, &effect);
        for (uint32_t s = 0; s < p->t->n_services; s++)
            tally_batch(&tallies[s], at_us, rose, effect.users[s], effect.fresh[s]);
        uint32_t order = w[2];
        w += TK_BATCH_HEAD + n;
        for (uint32_t s = 0; (w == end || w[2] != order) && s < p->t->n_services; s++)
            tallies[s].peak = MAX(tallies[s].peak, tallies[s].concurrent);
    }
}

/* Users of members whose accidents add up to the given time. */
static void count_long(const TkPainter *p, Tally *tallies, const TkAccident *a)
{
    const TkTopology *t = p->t;
    for (uint32_t i = 0; i < a->members_ever; i++) {
        uint32_t f = p->list[i];
        if (p->total_us[f] + (p->down[f] ? a->as_of_us : 0) < a->at_least_us)
            continue;
        for (uint32_t s = 0; s < t->n_services; s++)
            tallies[s].at_least += tk_users(t, f)[s];
    }
}

static void show_service(TkServiceImpact *impact, uint32_t service, Tally *y, int64_t as_of_us)
{
    y->user_us += (Wide)y->concurrent * MAX(0, as_of_us - y->last_us);
    *impact = (TkServiceImpact){.service = service,
                                .first_at_us = y->first_at_us,
                                .recovered_at_us = y->recovered_at_us,
                                .concurrent = y->concurrent,
                                .peak = y->peak,
                                .ever = y->ever,
                                .at_least = y->at_least,
                                .user_minutes = (double)y->user_us / (60.0 * (double)TK_US_PER_S),
                                .n_steps = y->steps->len};
    impact->steps = (const TkImpactStep *)(void *)g_array_free(y->steps, FALSE);
}

static gint by_id(gconstpointer a, gconstpointer b, gpointer topology)
{
    return strcmp(tk_topology_id(topology, *(const uint32_t *)a),
                  tk_topology_id(topology, *(const uint32_t *)b));
}

static void show_causes(TkPainter *p, const TkCase *o, TkAccident *a, TkServiceImpact *impacts)
{
    int64_t under[TK_SERVICES_MAX];
    uint32_t *causes = g_memdup2(tk_words(&o->causes), o->causes.len * sizeof *causes);
    g_qsort_with_data(causes, (gint)o->causes.len, sizeof *causes, by_id, (gpointer)p->t);
    a->causes = causes;
    a->n_causes = o->causes.len;
    tk_painter_under(p, causes, a->n_causes, under);
    for (uint32_t i = 0; i < a->n_services; i++)
        impacts[i].under_failed = under[impacts[i].service];
}

TkAccident *tk_picture_make(TkPainter *p, const TkCase *o, int64_t as_of_us, int64_t at_least_us)
{
    Tally tallies[TK_SERVICES_MAX] = {0};
    Picture *picture = g_new0(Picture, 1);
    TkAccident *a = &picture->accident;
    g_atomic_ref_count_init(&picture->refs);
    next_epoch(p);
    a->started_at_us = o->started_at_us;
    a->ended_at_us = o->ended_at_us;
    a->as_of_us = o->ended_at_us != TK_TIME_NONE ? o->ended_at_us : MAX(as_of_us, o->started_at_us);
    a->at_least_us = at_least_us;
    a->trigger = o->trigger;
    a->members_down = o->down;
    read_journal(p, o, tallies, a);
    count_long(p, tallies, a);
    uint32_t touched = 0;
    for (uint32_t s = 0; s < p->t->n_services; s++)
        touched += tallies[s].steps != NULL;
    TkServiceImpact *impacts = g_new(TkServiceImpact, touched);
    for (uint32_t s = 0; s < p->t->n_services; s++)
        if (tallies[s].steps != NULL)
            show_service(&impacts[a->n_services++], s, &tallies[s], a->as_of_us);
    a->services = impacts;
    show_causes(p, o, a, impacts);
    return a;
}

int64_t tk_impact_first_met(const TkServiceImpact *impact, TkCountRule rule, int64_t duration_us,
                            int64_t users)
{
    int64_t due = impact->first_at_us + duration_us;
    for (uint32_t i = 0; i < impact->n_steps; i++) {
        const TkImpactStep *step = &impact->steps[i];
        int64_t until = i + 1 < impact->n_steps ? step[1].at_us : INT64_MAX;
        int64_t count = rule == TK_COUNT_EVER ? step->ever : impact->under_failed;
        if (step->concurrent > 0 && count >= users && MAX(step->at_us, due) <= until)
            return MAX(step->at_us, due);
    }
    return TK_TIME_NONE;
}

/* A facility keeps one word: alarms × 1024 + unmet needs; it is down while the word is not 0. A need keeps
 * how many more failures it tolerates. Going down is a walk over a work list that is also the answer:
 *
 *     changed: [ f | stations under f … | cells under them … ]
 *                ▲ read here, write there ──────────────────► each facility once
 *
 * Since dependents are neighbours in memory, the walk runs forward through every array it touches. Users
 * are added up in registers for as long as the prefecture stays the same. */
#include "network/state.h"

void tk_state_init(TkState *s, const TkTopology *t)
{
    *s = (TkState){.t = t};
    s->cause = g_new0(uint32_t, (size_t)t->n + 1);
    s->slack = g_new(int16_t, (size_t)t->n_needs + 1);
    s->changed = g_new(uint32_t, (size_t)t->n + 1);
    for (uint32_t q = 0; q < t->n_needs; q++)
        s->slack[q] = (int16_t)t->slack[q];
}

void tk_state_clear(TkState *s)
{
    g_clear_pointer(&s->cause, g_free);
    g_clear_pointer(&s->slack, g_free);
    g_clear_pointer(&s->changed, g_free);
}

void tk_state_copy(TkState *to, const TkState *from)
{
    memcpy(to->cause, from->cause, from->t->n * sizeof *to->cause);
    memcpy(to->slack, from->slack, from->t->n_needs * sizeof *to->slack);
    to->counts = from->counts;
}

/* Users added up for a run of facilities in one prefecture; the first four services apart, so that they stay
 * in registers. */
typedef struct {
    int64_t a, b, c, d, more[TK_SERVICES_MAX - 4];
    uint32_t facilities, place;
} Run;

static inline Run run_in(uint32_t place, uint32_t stride)
{
    Run run;
    run.a = run.b = run.c = run.d = 0;
    for (uint32_t i = 4; i < stride; i++)
        run.more[i - 4] = 0;
    run.facilities = 0;
    run.place = place;
    return run;
}

static inline void flush(TkNetworkCounts *counts, const Run *run, uint32_t stride, int sign)
{
    int64_t *affected = counts->affected_in[run->place];
    counts->down_in[run->place] += (uint32_t)sign * run->facilities;
    counts->down += (uint32_t)sign * run->facilities;
    affected[0] += sign * run->a;
    affected[1] += sign * run->b;
    affected[2] += sign * run->c;
    affected[3] += sign * run->d;
    for (uint32_t i = 4; i < stride; i++)
        affected[i] += sign * run->more[i - 4];
}

static inline void add(TkNetworkCounts *counts, Run *run, const uint32_t *row, uint32_t stride, int sign)
{
    uint32_t place = row[TK_ROW_PLACE] & TK_PLACE_MASK;
    const uint32_t *users = row + TK_ROW_USERS;
    if (place != run->place) {
        flush(counts, run, stride, sign);
        *run = run_in(place, stride);
    }
    run->facilities++;
    run->a += users[0];
    run->b += users[1];
    run->c += users[2];
    run->d += users[3];
    for (uint32_t i = 4; i < stride; i++)
        run->more[i - 4] += users[i];
}

static inline const uint32_t *row_at(const TkTopology *t, uint32_t facility, uint32_t stride)
{
    return t->rows + (size_t)facility * (TK_ROW_USERS + stride);
}

/* Takes down changed[0] and what that takes down. The stride is a constant in each use, so that the loops
 * over services unroll. */
static inline uint32_t spread(TkState *s, uint32_t stride)
{
    const TkTopology *t = s->t;
    uint32_t tail = 1;
    Run run = run_in(row_at(t, s->changed[0], stride)[TK_ROW_PLACE] & TK_PLACE_MASK, stride);
    for (uint32_t head = 0; head < tail; head++) {
        const uint32_t *row = row_at(t, s->changed[head], stride);
        add(&s->counts, &run, row, stride, 1);
        for (uint32_t e = row[TK_ROW_DEPENDENTS], end = row[TK_ROW_DEPENDENTS_END]; e < end; e++) {
            uint32_t q = t->dependents[e];
            if (s->slack[q]-- == 0 && s->cause[t->owner[q]]++ == 0)
                s->changed[tail++] = t->owner[q];
        }
    }
    flush(&s->counts, &run, stride, 1);
    return tail;
}

/* The way back. */
static inline uint32_t recover(TkState *s, uint32_t stride)
{
    const TkTopology *t = s->t;
    uint32_t tail = 1;
    Run run = run_in(row_at(t, s->changed[0], stride)[TK_ROW_PLACE] & TK_PLACE_MASK, stride);
    for (uint32_t head = 0; head < tail; head++) {
        const uint32_t *row = row_at(t, s->changed[head], stride);
        add(&s->counts, &run, row, stride, -1);
        for (uint32_t e = row[TK_ROW_DEPENDENTS], end = row[TK_ROW_DEPENDENTS_END]; e < end; e++) {
            uint32_t q = t->dependents[e];
            if (s->slack[q]++ == -1 && --s->cause[t->owner[q]] == 0)
                s->changed[tail++] = t->owner[q];
        }
    }
    flush(&s->counts, &run, stride, -1);
    return tail;
}

uint32_t tk_state_raise(TkState *s, uint32_t f)
{
    uint32_t before = s->cause[f];
    s->cause[f] = before + TK_ONE_ALARM;
    if (before != 0)
        return 0;
    s->changed[0] = f;
    switch (s->t->stride) {
    case 4:
        return spread(s, 4);
    case 8:
        return spread(s, 8);
    default:
        return spread(s, s->t->stride);
    }
}

uint32_t tk_state_lower(TkState *s, uint32_t f)
{
    s->cause[f] -= TK_ONE_ALARM;
    if (s->cause[f] != 0)
        return 0;
    s->changed[0] = f;
    switch (s->t->stride) {
    case 4:
        return recover(s, 4);
    case 8:
        return recover(s, 8);
    default:
        return recover(s, s->t->stride);
    }
}

static void add_up(TkNetworkCounts *counts, uint32_t services)
{
    memset(counts->affected, 0, sizeof counts->affected);
    for (int p = 0; p <= TK_PREFECTURES; p++)
        for (uint32_t i = 0; i < services; i++)
            counts->affected[i] += counts->affected_in[p][i];
}

void tk_state_counts(const TkState *s, TkNetworkCounts *counts)
{
    *counts = s->counts;
    add_up(counts, s->t->n_services);
}

/* ---- Counting afresh -------------------------------------------------------------------------------- */

/* Memory is what a recount waits for, so each of its passes reads no more than it needs: first what the
 * failures of facilities that others depend on do to the needs of those, then who is down. Rows, which hold
 * the users, are read only in blocks of neighbours that are partly down. */

static inline bool is_down(const TkState *s, const uint16_t *unmet, uint32_t f)
{
    return ((s->cause[f] >> TK_UNMET_BITS) | unmet[f]) != 0;
}

static void pass_on(const TkState *s, int16_t *slack, uint16_t *unmet)
{
    const TkTopology *t = s->t;
    for (uint32_t f = 0; f < t->feeders; f++) {
        if (!is_down(s, unmet, f))
            continue;
        const uint32_t *row = tk_row(t, f);
        for (uint32_t e = row[TK_ROW_DEPENDENTS], end = row[TK_ROW_DEPENDENTS_END]; e < end; e++) {
            uint32_t q = t->dependents[e];
            if (slack[q]-- == 0)
                unmet[t->owner[q]]++;
        }
    }
}

/* Without branches, so that it is done many facilities at a time. */
static inline uint32_t down_in_block(const TkState *s, const uint16_t *unmet, uint32_t first)
{
    uint32_t down = 0;
    for (uint32_t i = 0; i < TK_BLOCK; i++)
        down += is_down(s, unmet, first + i);
    return down;
}

static void add_block(const TkTopology *t, TkNetworkCounts *counts, uint32_t block)
{
    const int64_t *users = t->block_users + (size_t)block * t->stride;
    uint32_t place = t->block_place[block];
    counts->down += TK_BLOCK;
    counts->down_in[place] += TK_BLOCK;
    for (uint32_t i = 0; i < t->stride; i++)
        counts->affected_in[place][i] += users[i];
}

static void sweep(const TkState *s, const uint16_t *unmet, TkNetworkCounts *counts)
{
    const TkTopology *t = s->t;
    Run run = run_in(0, t->stride);
    uint32_t step;
    for (uint32_t f = 0; f < t->n; f += step) {
        step = MIN(TK_BLOCK, t->n - f);
        uint32_t down = step < TK_BLOCK ? step : down_in_block(s, unmet, f);
        if (down == TK_BLOCK && t->block_place[f / TK_BLOCK] != TK_PLACES_MIXED) {
            add_block(t, counts, f / TK_BLOCK);
            continue;
        }
        for (uint32_t i = f; i < f + step && down > 0; i++)
            if (is_down(s, unmet, i))
                add(counts, &run, tk_row(t, i), t->stride, 1);
    }
    flush(counts, &run, t->stride, 1);
}

void tk_state_recount(const TkState *s, int16_t *slack, uint16_t *unmet, TkNetworkCounts *counts)
{
    memset(counts, 0, sizeof *counts);
    memset(unmet, 0, s->t->n * sizeof *unmet);
    memcpy(slack, s->t->slack, s->t->n_needs * sizeof *slack);
    pass_on(s, slack, unmet);
    sweep(s, unmet, counts);
    add_up(counts, s->t->n_services);
}

/* The bounded past. `log` is in order of event time (arrival where times are equal), `late` holds what
 * belongs somewhere inside it. Two checkpoints, copies of the present as it once was, let a fold begin late:
 *
 *    base ──► log[0] … log[mid_at-1] ──► mid ──► … log[n-1] ◄── head, the present
 *    (horizon)              ▲                 ▲
 *                  late: fold from base    late: fold from mid
 *
 * Folding happens once per look, however many events came late. When log and late together reach history_max,
 * what lies before mid is dropped, mid becomes the base, and the present the new mid: so between half and all
 * of history_max events can be folded again, and no event is folded twice where none comes late. An event
 * older than the base is refused as too late, and counted. Alarms that ended before the base and were not
 * seen since cannot matter any more and are forgotten. */
#include "network/engine.h"

void tk_fold_free(TkFold *fold)
{
    if (fold == NULL)
        return;
    tk_state_clear(&fold->state);
    tk_timeline_free(fold->timeline);
    g_free(fold->alarms);
    g_free(fold);
}

static TkFold *fold_empty(const TkEngine *e)
{
    TkFold *fold = g_new0(TkFold, 1);
    tk_state_init(&fold->state, e->t);
    return fold;
}

/* A copy to fold on from; NULL is the beginning of all. */
static TkFold *fold_copy(const TkEngine *e, const TkFold *from)
{
    TkFold *fold = fold_empty(e);
    if (from == NULL) {
        fold->timeline = tk_timeline_new(e->t, e->options.ended_max);
        return fold;
    }
    tk_state_copy(&fold->state, &from->state);
    fold->timeline = tk_timeline_copy(from->timeline);
    fold->n_alarms = from->n_alarms;
    fold->alarms = g_memdup2(from->alarms, fold->n_alarms * sizeof *fold->alarms);
    return fold;
}

/* TK_FACILITIES_MAX × 32 fits; the object of an alarm without an event is never asked for. */
static inline uint32_t then_word(uint32_t object, uint8_t flags)
{
    return object << 5 | flags;
}
static inline TkAlarmThen then_read(uint32_t word)
{
    return (TkAlarmThen){.object = word >> 5, .flags = word & 31};
}

/* The present, which must not be dirty. */
static TkFold *checkpoint(const TkEngine *e)
{
    TkFold *fold = fold_empty(e);
    tk_state_copy(&fold->state, &e->state);
    fold->timeline = tk_timeline_copy(e->timeline);
    fold->n_alarms = e->alarms.n;
    fold->alarms = g_new(uint32_t, (size_t)fold->n_alarms + 1);
    for (uint32_t i = 0; i < fold->n_alarms; i++)
        fold->alarms[i] = then_word(e->alarms.records[i].object, e->alarms.records[i].flags);
    return fold;
}

static void make_room(TkFold *fold, uint32_t n)
{
    if (n <= fold->n_alarms)
        return;
    fold->alarms = g_renew(uint32_t, fold->alarms, n);
    for (uint32_t i = fold->n_alarms; i < n; i++)
        fold->alarms[i] = then_word(TK_NO_FACILITY, 0);
    fold->n_alarms = n;
}

static void fold_events(const TkEngine *e, TkFold *fold, uint32_t from, uint32_t to)
{
    const TkLogged *events = (const TkLogged *)(void *)e->log->data;
    make_room(fold, e->alarms.n);
    for (uint32_t i = from; i < to; i++) {
        uint32_t *alarm = &fold->alarms[events[i].alarm_flags >> 5];
        TkAlarmThen after = {.object = events[i].object, .flags = events[i].alarm_flags & 31};
        tk_fold_step(&fold->state, fold->timeline, events[i].at_us, then_read(*alarm), after);
        *alarm = then_word(after.object, after.flags);
    }
}

static gint by_time(gconstpointer a, gconstpointer b)
{
    int64_t x = ((const TkLogged *)a)->at_us, y = ((const TkLogged *)b)->at_us;
    return (x > y) - (x < y);
}

/* Late events into their places; among equal times the log came first. */
static void merge_late(TkEngine *e)
{
    GArray *merged = g_array_sized_new(FALSE, FALSE, sizeof(TkLogged), e->log->len + e->late->len);
    for (uint32_t i = 0, j = 0; i < e->log->len || j < e->late->len;) {
        const TkLogged *a = i < e->log->len ? &g_array_index(e->log, TkLogged, i) : NULL;
        const TkLogged *b = j < e->late->len ? &g_array_index(e->late, TkLogged, j) : NULL;
        bool first = b == NULL || (a != NULL && a->at_us <= b->at_us);
        g_array_append_vals(merged, first ? a : b, 1);
        i += first;
        j += !first;
    }
    g_array_unref(e->log);
    e->log = merged;
    g_array_set_size(e->late, 0);
}

/* How many late events belong before an instant; `late` is sorted. */
static uint32_t late_before(const TkEngine *e, int64_t at_us)
{
    uint32_t n = 0;
    while (n < e->late->len && g_array_index(e->late, TkLogged, n).at_us < at_us)
        n++;
    return n;
}

void tk_history_catch_up(TkEngine *e)
{
    if (!e->dirty)
        return;
    g_array_sort(e->late, by_time); /* stable */
    uint32_t moved = e->mid == NULL ? 0 : late_before(e, e->mid_us), from = 0;
    TkFold *fold = NULL;
    merge_late(e);
    if (e->mid != NULL && moved == 0) {
        fold = fold_copy(e, e->mid);
        from = e->mid_at;
    } else {
        fold = fold_copy(e, e->base);
    }
    if (moved > 0) {
        fold_events(e, fold, 0, from = e->mid_at += moved);
        tk_fold_free(e->mid);
        e->mid = fold_copy(e, fold);
    }
    fold_events(e, fold, from, e->log->len);
    if (memcmp(fold->state.cause, e->state.cause, e->t->n * sizeof *e->state.cause) != 0)
        e->sound = false;
    tk_timeline_free(e->timeline);
    e->timeline = g_steal_pointer(&fold->timeline);
    tk_fold_free(fold);
    e->dirty = false;
}

static void drop_oldest(TkEngine *e)
{
    tk_fold_free(e->base);
    e->base = g_steal_pointer(&e->mid);
    e->horizon_us = e->mid_us;
    g_array_remove_range(e->log, 0, e->mid_at);
    tk_alarms_forget(&e->alarms, e->horizon_us);
}

void tk_history_add(TkEngine *e, const TkLogged *event, bool late)
{
    uint32_t full = e->mid == NULL ? e->options.history_max / 2 : e->options.history_max;
    g_array_append_vals(late ? e->late : e->log, event, 1);
    if (e->log->len + e->late->len < MAX(full, 1))
        return;
    tk_history_catch_up(e);
    if (e->mid != NULL)
        drop_oldest(e);
    e->mid = checkpoint(e);
    e->mid_at = e->log->len;
    e->mid_us = e->head_us;
}

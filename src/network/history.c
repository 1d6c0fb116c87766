/* The bounded past. `log` is in order of event time (arrival where times are equal), `late` holds what
 * belongs somewhere inside it:
 *
 *    base ──► log[0] log[1] … log[n-1] ◄── head
 *                 ▲    ▲
 *                 late, put in place when the past is folded again
 *
 * Folding costs about 0.1 µs per event of the log and happens once per look, however many came late. When
 * log and late together reach history_max, the older half is folded into the base for good; an event older
 * than that is refused as too late, and counted. Alarms that ended before the base and were not seen since
 * cannot matter any more and are forgotten. */
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

static TkFold *fold_new(const TkEngine *e)
{
    TkFold *fold = g_new0(TkFold, 1);
    tk_state_init(&fold->state, e->t);
    if (e->base != NULL) {
        tk_state_copy(&fold->state, &e->base->state);
        fold->timeline = tk_timeline_copy(e->base->timeline);
        fold->n_alarms = e->base->n_alarms;
        fold->alarms = g_memdup2(e->base->alarms, fold->n_alarms * sizeof *fold->alarms);
    } else {
        fold->timeline = tk_timeline_new(e->t, e->options.ended_max);
    }
    return fold;
}

static void make_room(TkFold *fold, uint32_t n)
{
    if (n <= fold->n_alarms)
        return;
    fold->alarms = g_renew(TkAlarmThen, fold->alarms, n);
    for (uint32_t i = fold->n_alarms; i < n; i++)
        fold->alarms[i] = (TkAlarmThen){.object = TK_NO_FACILITY};
    fold->n_alarms = n;
}

static void fold_events(TkFold *fold, const TkLogged *events, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        TkAlarmThen *alarm = &fold->alarms[events[i].alarm_flags >> 5];
        TkAlarmThen after = {.object = events[i].object, .flags = events[i].alarm_flags & 31};
        tk_fold_step(&fold->state, fold->timeline, events[i].at_us, *alarm, after);
        *alarm = after;
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
    g_array_sort(e->late, by_time); /* stable */
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

void tk_history_catch_up(TkEngine *e)
{
    if (!e->dirty)
        return;
    merge_late(e);
    TkFold *fold = fold_new(e);
    make_room(fold, e->alarms.n);
    fold_events(fold, (const TkLogged *)(void *)e->log->data, e->log->len);
    if (memcmp(fold->state.cause, e->state.cause, e->t->n * sizeof *e->state.cause) != 0)
        e->sound = false;
    tk_timeline_free(e->timeline);
    e->timeline = g_steal_pointer(&fold->timeline);
    tk_fold_free(fold);
    e->dirty = false;
}

static void advance_base(TkEngine *e)
{
    uint32_t n = (e->log->len + 1) / 2;
    if (e->base == NULL)
        e->base = fold_new(e);
    make_room(e->base, e->alarms.n);
    fold_events(e->base, (const TkLogged *)(void *)e->log->data, n);
    e->horizon_us = g_array_index(e->log, TkLogged, n - 1).at_us;
    g_array_remove_range(e->log, 0, n);
    tk_alarms_forget(&e->alarms, e->horizon_us);
}

void tk_history_add(TkEngine *e, const TkLogged *event, bool late)
{
    g_array_append_vals(late ? e->late : e->log, event, 1);
    if (e->log->len + e->late->len < e->options.history_max)
        return;
    tk_history_catch_up(e);
    advance_base(e);
}

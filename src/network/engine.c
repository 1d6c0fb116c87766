/* The live engine. Two things are kept apart:
 *
 *   the present — which alarms are active, what is down, who is affected. An event counts if it is not older
 *                 than the latest one of its alarm, so any order of arrival ends in the same present, and
 *                 each step costs no more than what it changes;
 *   the past    — accidents, which depend on the order of events. While events come in order of time the
 *                 past grows with the present. When one comes late it is put in its place in a bounded
 *                 history, and the past is folded again from the start of that history the next time
 *                 somebody looks (history.c). Folding ends in the present, which is checked.
 *
 * One thread owns an engine. Readers take snapshots (snapshot.c). */
#include "network/engine.h"

TkEngineOptions tk_engine_defaults(void)
{
    return (TkEngineOptions){.accidents = true,
                             .history_max = 1000000,
                             .ended_max = 10000,
                             .alarms_max = 2000000,
                             .at_least_us = 30 * 60 * TK_US_PER_S,
                             .open_list_max = 1000,
                             .down_list_max = 10000};
}

TkEngine *tk_engine_new(TkTopology *topology, const TkEngineOptions *options)
{
    TkEngine *e = g_new0(TkEngine, 1);
    e->t = tk_topology_ref(topology);
    e->options = options != NULL ? *options : tk_engine_defaults();
    tk_alarms_init(&e->alarms, MIN(e->options.alarms_max, TK_ALARMS_MAX));
    tk_state_init(&e->state, topology);
    e->timeline = e->options.accidents ? tk_timeline_new(topology, e->options.ended_max) : NULL;
    e->log = g_array_new(FALSE, FALSE, sizeof(TkLogged));
    e->late = g_array_new(FALSE, FALSE, sizeof(TkLogged));
    e->head_us = e->horizon_us = TK_TIME_NONE;
    e->sound = true;
    e->painter.t = topology;
    e->painter.list = e->state.changed;
    g_mutex_init(&e->mailbox);
    return e;
}

void tk_engine_free(TkEngine *e)
{
    if (e == NULL)
        return;
    tk_snapshot_unref(e->published);
    g_mutex_clear(&e->mailbox);
    tk_timeline_free(e->timeline);
    tk_fold_free(e->base);
    tk_fold_free(e->mid);
    tk_alarms_clear(&e->alarms);
    tk_state_clear(&e->state);
    tk_state_clear(&e->scratch);
    tk_painter_clear(&e->painter);
    g_array_unref(e->log);
    g_array_unref(e->late);
    g_free(e->recount_slack);
    g_free(e->recount_unmet);
    tk_topology_unref(e->t);
    g_free(e);
}

/* ---- Applying ------------------------------------------------------------------------------------- */

/* An alarm that moves from one object to another fails the new and frees the old at one instant. The new
 * one falls first; what fell and rose in the same event did neither. */
static void move(TkState *s, TkTimeline *tl, int64_t at_us, uint32_t from, uint32_t to)
{
    uint32_t fell = tk_state_raise(s, to), kept = 0;
    g_autofree uint32_t *list = g_memdup2(s->changed, (fell + 1) * sizeof *list);
    uint32_t rose = tk_state_lower(s, from), back = 0;
    if (tl == NULL)
        return;
    g_autoptr(GHashTable) both = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (uint32_t i = 0; i < fell; i++) {
        if (tk_state_down(s, list[i]))
            list[kept++] = list[i];
        else
            g_hash_table_add(both, GUINT_TO_POINTER(list[i] + 1));
    }
    for (uint32_t i = 0; i < rose; i++)
        if (!g_hash_table_contains(both, GUINT_TO_POINTER(s->changed[i] + 1)))
            s->changed[back++] = s->changed[i];
    tk_timeline_fell(tl, s, at_us, to, list, kept);
    tk_timeline_rose(tl, at_us, s->changed, back);
}

void tk_fold_step(TkState *s, TkTimeline *tl, int64_t at_us, TkAlarmThen before, TkAlarmThen after)
{
    bool was = tk_flags_fails(before.flags), is = tk_flags_fails(after.flags);
    uint32_t n;
    if (was == is && (!is || before.object == after.object))
        return;
    if (tl != NULL)
        tk_timeline_next(tl);
    if (was && is) {
        move(s, tl, at_us, before.object, after.object);
    } else if (is) {
        n = tk_state_raise(s, after.object);
        if (n > 0 && tl != NULL)
            tk_timeline_fell(tl, s, at_us, after.object, s->changed, n);
    } else {
        n = tk_state_lower(s, before.object);
        if (n > 0 && tl != NULL)
            tk_timeline_rose(tl, at_us, s->changed, n);
    }
}

TkApplied tk_engine_apply_event(TkEngine *e, uint32_t alarm, TkFacilityIx object, TkSeverity severity,
                                bool service_affecting, int64_t at_us)
{
    if (object >= e->t->n) {
        e->refused_object++;
        return TK_REFUSED_OBJECT;
    }
    if (at_us < e->horizon_us) {
        e->refused_too_late++;
        return TK_REFUSED_TOO_LATE;
    }
    TkAlarmThen now = {.object = object, .flags = tk_flags(severity, service_affecting)};
    bool late = at_us < e->head_us;
    e->events++;
    if (late)
        e->n_late++;
    else
        e->head_us = at_us;
    TkAlarmRecord *r = &e->alarms.records[alarm];
    if (at_us >= r->at_us) {
        TkAlarmThen before = {.object = r->object, .flags = r->flags};
        e->active += (uint32_t)tk_flags_active(now.flags) - (uint32_t)tk_flags_active(r->flags);
        r->at_us = at_us;
        r->object = object;
        r->flags = now.flags;
        bool in_order = !e->dirty && (!late || e->options.history_max == 0);
        tk_fold_step(&e->state, in_order ? e->timeline : NULL, e->head_us, before, now);
    }
    if (e->timeline != NULL && e->options.history_max > 0) {
        TkLogged event = {.at_us = at_us, .alarm_flags = alarm << 5 | now.flags, .object = object};
        e->dirty |= late;
        tk_history_add(e, &event, late);
    }
    return late ? TK_APPLIED_LATE : TK_APPLIED;
}

/* What an event will touch first. */
static inline void fetch_ahead(const TkEngine *e, const TkAlarmEvent *event)
{
    if (event->object >= e->t->n)
        return;
    __builtin_prefetch(&e->alarms.records[event->alarm], 1);
    __builtin_prefetch(&e->state.cause[event->object], 1);
    __builtin_prefetch(tk_row(e->t, event->object));
    if (e->timeline != NULL)
        tk_timeline_fetch(e->timeline, event->object);
}

uint32_t tk_engine_apply_events(TkEngine *e, const TkAlarmEvent *events, uint32_t n)
{
    enum { AHEAD = 12 }; /* events; about the time of one cache miss */
    uint32_t taken = 0;
    for (uint32_t i = 0; i < n; i++) {
        const TkAlarmEvent *event = &events[i];
        if (i + AHEAD < n)
            fetch_ahead(e, &events[i + AHEAD]);
        TkApplied applied = tk_engine_apply_event(e, event->alarm, event->object, event->severity,
                                                  event->service_affecting, event->at_us);
        taken += applied == TK_APPLIED || applied == TK_APPLIED_LATE;
    }
    return taken;
}

static uint32_t number(TkEngine *e, const char *source, size_t source_len, const char *key, size_t key_len,
                       GError **error)
{
    int from = tk_alarms_source(&e->alarms, source, source_len);
    if (from < 0) {
        tk_fail(error, TK_ERROR_LIMIT, "source: more than %u sources; no new one is taken", TK_SOURCES_MAX);
        return UINT32_MAX;
    }
    uint32_t alarm = tk_alarms_number(&e->alarms, (uint16_t)from, key, key_len);
    if (alarm == UINT32_MAX)
        tk_fail(error, TK_ERROR_LIMIT,
                "key: %u alarms are known already; no new one is taken until old ones end", e->alarms.used);
    return alarm;
}

uint32_t tk_engine_alarm(TkEngine *e, const char *source, size_t source_len, const char *key, size_t key_len,
                         GError **error)
{
    uint32_t alarm = number(e, source, source_len, key, key_len, error);
    if (alarm != UINT32_MAX)
        e->alarms.records[alarm].pinned = true;
    return alarm;
}

bool tk_engine_apply(TkEngine *e, const TkAlarm *a, GError **error)
{
    char text[TK_TIME_TEXT_MAX];
    TkFacilityIx object = tk_topology_find(e->t, a->object, a->object_len);
    if (object == TK_NO_FACILITY) {
        e->refused_object++;
        return tk_fail(error, TK_ERROR_NOT_FOUND, "object: the topology has no facility “%.*s”",
                       (int)MIN(a->object_len, TK_NETWORK_TEXT_MAX), a->object);
    }
    if (a->at_us < e->horizon_us) {
        e->refused_too_late++;
        return tk_fail(error, TK_ERROR_CONFLICT,
                       "at: the event is older than the history that is kept, which begins at %s",
                       tk_time_text(e->horizon_us, text));
    }
    uint32_t alarm = number(e, a->source, a->source_len, a->key, a->key_len, error);
    if (alarm == UINT32_MAX)
        return false;
    tk_engine_apply_event(e, alarm, object, a->severity, a->service_affecting, a->at_us);
    return true;
}

void tk_engine_source_lost(TkEngine *e, const char *source, int64_t since_us)
{
    int number = tk_alarms_source(&e->alarms, source, strlen(source));
    if (number >= 0)
        g_array_index(e->alarms.sources, TkSource, number).lost_us = since_us;
}

void tk_engine_source_alive(TkEngine *e, const char *source)
{
    int number = tk_alarms_source(&e->alarms, source, strlen(source));
    if (number >= 0)
        g_array_index(e->alarms.sources, TkSource, number).lost_us = TK_TIME_NONE;
}

/* ---- Looking -------------------------------------------------------------------------------------- */

void tk_engine_counts(const TkEngine *e, TkNetworkCounts *counts)
{
    tk_state_counts(&e->state, counts);
}

bool tk_engine_is_down(const TkEngine *e, TkFacilityIx facility)
{
    return tk_state_down(&e->state, facility);
}

void tk_engine_recount(TkEngine *e, TkNetworkCounts *counts)
{
    if (e->recount_slack == NULL) {
        e->recount_slack = g_new(int16_t, (size_t)e->t->n_needs + 1);
        e->recount_unmet = g_new(uint16_t, (size_t)e->t->n + 1);
    }
    tk_state_recount(&e->state, e->recount_slack, e->recount_unmet, counts);
}

static bool alarms_agree(const TkEngine *e, GError **error)
{
    g_autofree uint32_t *alarms = g_new0(uint32_t, (size_t)e->t->n + 1);
    for (uint32_t i = 0; i < e->alarms.n; i++)
        if (e->alarms.records[i].used && tk_flags_fails(e->alarms.records[i].flags))
            alarms[e->alarms.records[i].object]++;
    for (uint32_t f = 0; f < e->t->n; f++)
        if (alarms[f] != e->state.cause[f] >> TK_UNMET_BITS)
            return tk_fail(error, TK_ERROR_INTERNAL, "facility “%s” has %u alarms but %u are counted",
                           tk_topology_id(e->t, f), alarms[f], e->state.cause[f] >> TK_UNMET_BITS);
    return true;
}

bool tk_engine_check(TkEngine *e, GError **error)
{
    TkNetworkCounts kept, counted;
    tk_engine_counts(e, &kept);
    tk_engine_recount(e, &counted);
    if (!e->sound)
        return tk_fail(error, TK_ERROR_INTERNAL, "folding the history did not end in the present");
    if (!alarms_agree(e, error))
        return false;
    for (uint32_t f = 0; f < e->t->n; f++)
        if (e->recount_unmet[f] != (e->state.cause[f] & TK_UNMET_MASK))
            return tk_fail(error, TK_ERROR_INTERNAL, "facility “%s” has %u unmet needs but %u are counted",
                           tk_topology_id(e->t, f), e->recount_unmet[f], e->state.cause[f] & TK_UNMET_MASK);
    if (memcmp(e->recount_slack, e->state.slack, e->t->n_needs * sizeof *e->recount_slack) != 0)
        return tk_fail(error, TK_ERROR_INTERNAL, "the failed members of a need are counted wrong");
    if (memcmp(&kept, &counted, sizeof kept) != 0)
        return tk_fail(error, TK_ERROR_INTERNAL,
                       "%u facilities are counted as down, a recount finds %u, or users differ", kept.down,
                       counted.down);
    return true;
}

void tk_engine_what_if(TkEngine *e, const TkFacilityIx *fail, size_t n_fail, const TkFacilityIx *restore,
                       size_t n_restore, TkNetworkCounts *counts)
{
    if (e->scratch.cause == NULL)
        tk_state_init(&e->scratch, e->t);
    tk_state_copy(&e->scratch, &e->state);
    for (size_t i = 0; i < n_restore; i++)
        while (e->scratch.cause[restore[i]] >= TK_ONE_ALARM)
            tk_state_lower(&e->scratch, restore[i]);
    for (size_t i = 0; i < n_fail; i++)
        tk_state_raise(&e->scratch, fail[i]);
    tk_state_counts(&e->scratch, counts);
}

GArray *tk_engine_unknown(TkEngine *e)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autofree uint8_t *seen = NULL;
    for (uint32_t i = 0; i < e->alarms.n; i++) {
        const TkAlarmRecord *r = &e->alarms.records[i];
        if (!r->used || r->object == TK_NO_FACILITY ||
            g_array_index(e->alarms.sources, TkSource, r->source).lost_us == TK_TIME_NONE)
            continue;
        if (seen == NULL)
            seen = g_malloc0((size_t)e->t->n + 1);
        seen[r->object] = 1;
    }
    for (uint32_t f = 0; seen != NULL && f < e->t->n; f++)
        if (seen[f] && !tk_state_down(&e->state, f))
            g_array_append_val(list, f);
    return list;
}

static bool is_unknown(TkEngine *e, uint32_t facility)
{
    for (uint32_t i = 0; i < e->alarms.n; i++) {
        const TkAlarmRecord *r = &e->alarms.records[i];
        if (r->used && r->object == facility &&
            g_array_index(e->alarms.sources, TkSource, r->source).lost_us != TK_TIME_NONE)
            return true;
    }
    return false;
}

TkFacilityState tk_engine_facility(TkEngine *e, TkFacilityIx f)
{
    TkFacilityState state = {.down = tk_state_down(&e->state, f),
                             .alarms = e->state.cause[f] >> TK_UNMET_BITS,
                             .unmet_needs = e->state.cause[f] & TK_UNMET_MASK};
    state.unknown = !state.down && is_unknown(e, f);
    tk_painter_under(&e->painter, &f, 1, state.under);
    return state;
}

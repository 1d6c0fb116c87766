/* A snapshot is everything a reader may want, copied by the writer between two events. Publishing swaps one
 * pointer; a reader holds the mailbox only while it takes a reference, so neither waits for the other's work.
 */
#include "network/engine.h"

typedef struct {
    gatomicrefcount refs;
    TkSnapshot snapshot;
} Held;

#define HELD(s) ((Held *)((char *)(s)-offsetof(Held, snapshot)))

TkSnapshot *tk_snapshot_ref(TkSnapshot *s)
{
    g_atomic_ref_count_inc(&HELD(s)->refs);
    return s;
}

void tk_snapshot_unref(TkSnapshot *s)
{
    if (s == NULL || !g_atomic_ref_count_dec(&HELD(s)->refs))
        return;
    for (uint32_t i = 0; i < s->n_accidents; i++)
        tk_accident_unref(s->accidents[i]);
    for (uint32_t i = 0; i < s->n_lost_sources; i++)
        g_free((char *)s->lost_sources[i].source);
    g_free((void *)s->accidents);
    g_free((void *)s->lost_sources);
    g_free((void *)s->down);
    g_free((void *)s->unknown);
    g_free((void *)s->alarmed);
    g_free((void *)s->failed);
    tk_topology_unref(s->topology);
    g_free(HELD(s));
}

static void show_down(const TkEngine *e, TkSnapshot *s)
{
    uint32_t max = MIN(s->counts.down, e->options.down_list_max);
    uint32_t *list = g_new(uint32_t, (size_t)max + 1);
    for (uint32_t f = 0; f < e->t->n && s->n_down < max; f++)
        if (tk_state_down(&e->state, f))
            list[s->n_down++] = f;
    s->down = list;
}

/* Whole sets, 2 × 62 kB for 500,000 facilities: what if and the tree of what is down read nothing else. */
static void show_sets(const TkEngine *e, TkSnapshot *s)
{
    size_t words = (size_t)e->t->n / 64 + 1;
    uint64_t *alarmed = g_new0(uint64_t, words), *failed = g_new0(uint64_t, words);
    for (uint32_t f = 0; f < e->t->n; f++) {
        uint32_t cause = e->state.cause[f];
        alarmed[f / 64] |= (uint64_t)(cause >= TK_ONE_ALARM) << f % 64;
        failed[f / 64] |= (uint64_t)(cause != 0) << f % 64;
    }
    s->alarmed = alarmed;
    s->failed = failed;
}

static uint32_t named_by(const TkEngine *e, uint32_t source)
{
    g_autoptr(GHashTable) named = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (uint32_t i = 0; i < e->alarms.n; i++) {
        const TkAlarmRecord *r = &e->alarms.records[i];
        if (r->used && r->source == source && r->object != TK_NO_FACILITY)
            g_hash_table_add(named, GUINT_TO_POINTER(r->object + 1));
    }
    return g_hash_table_size(named);
}

static void show_unknown(TkEngine *e, TkSnapshot *s)
{
    g_autoptr(GArray) lost = g_array_new(FALSE, FALSE, sizeof(TkLostSource));
    for (uint32_t i = 0; i < e->alarms.sources->len; i++) {
        const TkSource *source = &g_array_index(e->alarms.sources, TkSource, i);
        if (source->lost_us == TK_TIME_NONE)
            continue;
        TkLostSource shown = {g_strdup(source->name), source->lost_us, named_by(e, i)};
        g_array_append_val(lost, shown);
    }
    s->n_lost_sources = lost->len;
    if (lost->len == 0)
        return;
    s->lost_sources = g_memdup2(lost->data, lost->len * sizeof(TkLostSource));
    g_autoptr(GArray) unknown = tk_engine_unknown(e);
    s->unknown_total = unknown->len;
    s->n_unknown = MIN(unknown->len, e->options.down_list_max);
    s->unknown = g_memdup2(unknown->data, s->n_unknown * sizeof(uint32_t));
}

static void show_accidents(TkEngine *e, TkSnapshot *s)
{
    if (e->timeline == NULL)
        return;
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    tk_timeline_open_pictures(e->timeline, &e->painter, s->as_of_us, e->options.at_least_us,
                              e->options.open_list_max, list);
    s->n_open = list->len;
    s->open_total = tk_timeline_open(e->timeline);
    s->forgotten_accidents = tk_timeline_forgotten(e->timeline);
    tk_timeline_ended_pictures(e->timeline, &e->painter, e->options.at_least_us, UINT32_MAX, list);
    s->n_accidents = list->len;
    s->accidents = g_memdup2(list->pdata, list->len * sizeof *list->pdata);
}

TkSnapshot *tk_engine_publish(TkEngine *e, int64_t as_of_us)
{
    Held *held = g_new0(Held, 1);
    TkSnapshot *s = &held->snapshot;
    g_atomic_ref_count_init(&held->refs);
    tk_history_catch_up(e);
    s->seq = ++e->seq;
    s->as_of_us = as_of_us;
    s->last_event_us = e->head_us;
    s->topology = tk_topology_ref(e->t);
    s->alarms = e->active;
    s->events = e->events;
    s->late = e->n_late;
    s->refused_object = e->refused_object;
    s->refused_too_late = e->refused_too_late;
    s->sound = e->sound;
    tk_engine_counts(e, &s->counts);
    show_down(e, s);
    show_sets(e, s);
    show_unknown(e, s);
    show_accidents(e, s);
    g_mutex_lock(&e->mailbox);
    TkSnapshot *old = e->published;
    e->published = s;
    g_mutex_unlock(&e->mailbox);
    tk_snapshot_unref(old);
    return tk_snapshot_ref(s);
}

TkSnapshot *tk_engine_snapshot(TkEngine *e)
{
    g_mutex_lock(&e->mailbox);
    TkSnapshot *s = e->published != NULL ? tk_snapshot_ref(e->published) : NULL;
    g_mutex_unlock(&e->mailbox);
    return s;
}

static gint by_beginning(gconstpointer a, gconstpointer b)
{
    int64_t x = (*(TkAccident *const *)a)->started_at_us, y = (*(TkAccident *const *)b)->started_at_us;
    return (x > y) - (x < y);
}

GPtrArray *tk_engine_accidents(TkEngine *e, int64_t as_of_us)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)tk_accident_unref);
    if (e->timeline == NULL)
        return list;
    tk_history_catch_up(e);
    tk_timeline_ended_pictures(e->timeline, &e->painter, e->options.at_least_us, UINT32_MAX, list);
    tk_timeline_open_pictures(e->timeline, &e->painter, as_of_us, e->options.at_least_us, UINT32_MAX, list);
    g_ptr_array_sort(list, by_beginning);
    return list;
}

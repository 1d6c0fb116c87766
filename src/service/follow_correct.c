/* Corrections: alarms that arrive late change what has happened. The record follows, and its history says
 * what stood there before — a number that was once reported never changes silently. */
#include "service/app.h"

/* Whether the accident's time and causes overlap the record's. */
static unsigned kinship(const TkApp *app, const TkIncident *incident, const TkAccident *accident)
{
    int64_t until = incident->recovered_at == TK_TIME_NONE ? INT64_MAX : incident->recovered_at;
    int64_t ended = accident->ended_at_us == TK_TIME_NONE ? INT64_MAX : accident->ended_at_us;
    if (accident->started_at_us > until || ended < incident->started_at)
        return 0;
    unsigned shared = 0;
    size_t c;
    const json_t *cause;
    json_array_foreach(incident->causes, c, cause)
    {
        const char *id = json_string_value(json_object_get(cause, "id"));
        for (unsigned i = 0; i < accident->n_causes; i++)
            shared += strcmp(tk_topology_id(app->topology, accident->causes[i]), id) == 0;
    }
    return shared;
}

static const TkAccident *closest(TkChange *change, const TkIncident *incident)
{
    const TkAccident *best = NULL;
    unsigned most = 0;
    for (unsigned i = 0; i < change->map->snapshot->n_accidents; i++) {
        const TkAccident *accident = change->map->snapshot->accidents[i];
        unsigned shared = kinship(change->app, incident, accident);
        if (shared > most) {
            best = accident;
            most = shared;
        }
    }
    return best;
}

static void replace_source(TkIncident *incident, const char *from, const char *to)
{
    json_t *sources = json_array();
    size_t i;
    json_t *source;
    json_array_foreach(incident->sources, i, source)
    {
        if (strcmp(json_string_value(source), from) != 0)
            json_array_append(sources, source);
        else if (to != NULL)
            json_array_append_new(sources, json_string(to));
    }
    json_decref(incident->sources);
    incident->sources = sources;
}

/* The network found that two accidents are one: the younger record goes into the older. */
static void merge_into(TkChange *change, TkIncident *incident, const char *source, TkIncident *target)
{
    TkIncident *from = tk_change_of(change, incident), *into = tk_change_of(change, target);
    replace_source(from, source, NULL);
    if (json_array_size(from->sources) > 0)
        return;
    from->state = TK_INCIDENT_CLOSED;
    from->live = false;
    from->recovered_at = from->recovered_at == TK_TIME_NONE ? change->now_us : from->recovered_at;
    from->closed_at = change->now_us;
    g_free(from->merged_into);
    from->merged_into = g_strdup(into->id);
    g_clear_pointer(&from->undo, json_decref);
    g_autofree char *ja = g_strdup_printf("共通の原因が判明し %s に統合された", into->id);
    g_autofree char *en = g_strdup_printf("merged into %s: a common cause was found", into->id);
    tk_change_note(change, from, "merge", ja, en);
    g_autofree char *ja2 = g_strdup_printf("共通の原因が判明した %s を統合した", from->id);
    g_autofree char *en2 = g_strdup_printf("took in %s: a common cause was found", from->id);
    tk_change_note(change, into, "merge", ja2, en2);
}

static void rename_source(TkChange *change, TkIncident *incident, const char *source, const char *key,
                          const TkAccident *accident)
{
    TkIncident *next = tk_change_of(change, incident);
    replace_source(next, source, key);
    g_hash_table_replace(change->app->by_source, g_strdup(key), g_strdup(next->id));
    char before[TK_TIME_TEXT_MAX], after[TK_TIME_TEXT_MAX];
    tk_time_text(next->started_at, before);
    tk_time_text(accident->started_at_us, after);
    next->started_at = accident->started_at_us;
    for (unsigned i = 0; i < next->services->len; i++) {
        TkIncidentService *s = &g_array_index(next->services, TkIncidentService, i);
        s->started_at = MAX(s->started_at, accident->started_at_us);
    }
    g_autofree char *ja = g_strdup_printf("遅れて届いた警報により発生時刻を訂正: %s → %s", before, after);
    g_autofree char *en = g_strdup_printf("late alarms moved the beginning: %s → %s", before, after);
    tk_incident_drop_timeline(next, "occurred");
    tk_incident_note_timeline(next, next->started_at, "occurred", "利用者への影響が始まった(訂正後)",
                              "users began to be affected (corrected)");
    tk_change_note(change, next, "correct", ja, en);
}

static void withdraw(TkChange *change, TkIncident *incident, const char *source)
{
    TkIncident *next = tk_change_of(change, incident);
    replace_source(next, source, NULL);
    const char *ja = "遅れて届いた警報により、利用者への影響はなかったと判明";
    const char *en = "late alarms show that no user was affected";
    tk_change_note(change, next, "correct", ja, en);
    tk_incident_note_timeline(next, change->now_us, "note", ja, en);
    if (json_array_size(next->sources) > 0)
        return;
    next->live = false;
    next->recovered_at = next->recovered_at == TK_TIME_NONE ? next->started_at : next->recovered_at;
    next->state = TK_INCIDENT_CLOSED;
    next->closed_at = change->now_us;
    for (unsigned i = 0; i < next->services->len; i++) {
        TkIncidentService *s = &g_array_index(next->services, TkIncidentService, i);
        s->concurrent = s->peak = s->ever = s->at_least = s->under_failed = s->base;
        s->recovered_at = s->recovered_at == TK_TIME_NONE ? next->recovered_at : s->recovered_at;
        s->serious_at = TK_TIME_NONE;
    }
}

static void vanished(TkChange *change, TkIncident *incident, const char *source)
{
    g_hash_table_remove(change->app->by_source, source);
    const TkAccident *accident = closest(change, incident);
    if (accident == NULL) {
        withdraw(change, incident, source);
        return;
    }
    g_autofree char *key = tk_live_key(change->app->topology, accident);
    const char *owner = g_hash_table_lookup(change->app->by_source, key);
    g_autoptr(TkIncident) target = owner == NULL ? NULL : tk_incidents_get(change->app, owner, NULL);
    if (target == NULL)
        rename_source(change, incident, source, key, accident);
    else if (strcmp(target->id, incident->id) == 0)
        replace_source(tk_change_of(change, incident), source, NULL);
    else
        merge_into(change, incident, source, target);
}

/* The engine keeps a bounded number of ended accidents; what is older than its oldest was forgotten, not
 * corrected. */
static int64_t horizon(const TkSnapshot *snapshot)
{
    if (snapshot->forgotten_accidents == 0)
        return INT64_MIN;
    int64_t oldest = INT64_MAX;
    for (unsigned i = snapshot->n_open; i < snapshot->n_accidents; i++)
        oldest = MIN(oldest, snapshot->accidents[i]->started_at_us);
    return oldest;
}

void tk_follow_vanished(TkChange *change)
{
    g_autoptr(GPtrArray) all = tk_incidents_all(change->app);
    if (change->map->snapshot->open_total > change->map->snapshot->n_open)
        return; /* the network shows only the largest; one that is missing may just be small */
    int64_t oldest = horizon(change->map->snapshot);
    for (unsigned i = 0; i < all->len; i++) {
        TkIncident *incident = g_ptr_array_index(all, i);
        if (incident->merged_into != NULL || incident->started_at < oldest)
            continue;
        size_t s;
        const json_t *source;
        json_array_foreach(incident->sources, s, source)
        {
            if (!g_hash_table_contains(change->map->by_key, json_string_value(source)))
                vanished(change, incident, json_string_value(source));
        }
    }
}

static void describe(TkBuf *ja, TkBuf *en, const TkApp *app, const TkIncident *before,
                     const TkIncident *after)
{
    for (unsigned i = 0; i < after->services->len; i++) {
        const TkIncidentService *now = &g_array_index(after->services, TkIncidentService, i);
        const TkIncidentService *was = tk_incident_service(before, now->service);
        int64_t had = was == NULL ? 0 : was->ever;
        if (had == now->ever)
            continue;
        TkText name = tk_app_service_name(app, now->service);
        tk_buf_addf(ja, "、%s 影響延べ利用者 %" G_GINT64_FORMAT " → %" G_GINT64_FORMAT, name.ja, had,
                    now->ever);
        tk_buf_addf(en, ", %s users ever affected %" G_GINT64_FORMAT " → %" G_GINT64_FORMAT, name.en, had,
                    now->ever);
    }
}

static bool same_numbers(const TkIncident *a, const TkIncident *b)
{
    if (a->services->len != b->services->len || json_array_size(a->causes) != json_array_size(b->causes) ||
        !json_equal(a->prefectures, b->prefectures))
        return false;
    for (unsigned i = 0; i < a->services->len; i++) {
        const TkIncidentService *x = &g_array_index(a->services, TkIncidentService, i);
        const TkIncidentService *y = tk_incident_service(b, x->service);
        if (y == NULL || x->peak != y->peak || x->ever != y->ever || x->at_least != y->at_least ||
            x->under_failed != y->under_failed || x->recovered_at != y->recovered_at ||
            x->started_at != y->started_at)
            return false;
    }
    return true;
}

static int64_t last_end(const TkIncident *incident, const TkLiveMap *map)
{
    int64_t ended = incident->started_at;
    size_t i;
    const json_t *source;
    json_array_foreach(incident->sources, i, source)
    {
        const TkAccident *accident = g_hash_table_lookup(map->by_key, json_string_value(source));
        if (accident == NULL || accident->ended_at_us == TK_TIME_NONE)
            return incident->recovered_at;
        ended = MAX(ended, accident->ended_at_us);
    }
    return ended;
}

void tk_follow_correct(TkChange *change, TkIncident *incident)
{
    g_autoptr(TkIncident) plain = tk_incident_copy(incident);
    json_decref(plain->causes); /* taken anew from the network, as the services' times are */
    plain->causes = json_array();
    g_autoptr(TkIncident) frozen = tk_follow_frozen(change->app, plain, change->map, change->now_us);
    int64_t ended = last_end(incident, change->map);
    if (same_numbers(incident, frozen) && ended == incident->recovered_at)
        return;
    TkIncident *next = tk_change_of(change, incident);
    g_auto(TkBuf) ja = {0}, en = {0};
    tk_buf_init(&ja, 4096);
    tk_buf_init(&en, 4096);
    tk_buf_add_str(&ja, "遅れて届いた警報により訂正");
    tk_buf_add_str(&en, "corrected by late alarms");
    describe(&ja, &en, change->app, incident, frozen);
    if (ended != incident->recovered_at) {
        char before[TK_TIME_TEXT_MAX], after[TK_TIME_TEXT_MAX];
        tk_buf_addf(&ja, "、復旧 %s → %s", tk_time_text(incident->recovered_at, before),
                    tk_time_text(ended, after));
        tk_buf_addf(&en, ", recovered %s → %s", before, after);
        tk_incident_drop_timeline(next, "recovered");
        tk_incident_note_timeline(next, ended, "recovered", "すべての利用者への影響が解消した(訂正後)",
                                  "all users have service again (corrected)");
    }
    g_array_unref(next->services);
    next->services = g_array_ref(frozen->services);
    json_decref(next->causes);
    next->causes = json_incref(frozen->causes);
    next->recovered_at = ended;
    tk_change_note(change, next, "correct", tk_buf_str(&ja), tk_buf_str(&en));
    tk_follow_classify(change, next, true);
    if (next->state == TK_INCIDENT_CLOSED && g_strcmp0(next->classified, "not-reportable") != 0) {
        next->state = TK_INCIDENT_RECOVERED;
        next->closed_at = TK_TIME_NONE;
        tk_change_note(change, next, "reopen", "訂正により報告の対象となったため再開",
                       "reopened: the correction makes it reportable");
    }
}

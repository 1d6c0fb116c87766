/* Keeps the records in step with what the network shows: opens, grows, recovers. The network is the only
 * witness of when users lost and regained service; people decide what the accident is called, what belongs
 * together and which count is put before the law. Numbers of a running accident are not written at every
 * alarm — they are joined when it is read — but what a reader of the history must see is: the beginning,
 * new causes, the class, the end, and every correction. */
#include "service/app.h"

#define GROW_EVERY_US   (60 * TK_US_PER_S) /* a growing accident gets at most one entry in this time */
#define CHANGES_AT_ONCE 1000               /* records in one write */

static void open_record(TkChange *change, const char *key, const TkAccident *accident)
{
    TkIncident *incident = tk_change_new(change, accident->started_at_us, false);
    incident->from_engine = incident->live = true;
    json_array_append_new(incident->sources, json_string(key));
    tk_incident_add_live(change->app, incident, accident);
    tk_incident_propose(change->app, incident);
    for (unsigned i = 0; i < incident->services->len; i++) {
        TkIncidentService *s = &g_array_index(incident->services, TkIncidentService, i);
        s->concurrent = s->peak = s->ever = s->at_least = s->under_failed = 0; /* joined while it lives */
    }
    incident->down = 0;
    tk_incident_note_timeline(incident, incident->started_at, "occurred", "利用者への影響が始まった",
                              "users began to be affected");
    tk_incident_note_timeline(incident, incident->detected_at, "detected", "最初の警報が届いた",
                              "the first alarm arrived");
    tk_incident_note_timeline(incident, incident->known_at, "known", "事故の疑いとして登録した",
                              "opened as a suspected accident");
    tk_change_note(change, incident, "open", "ネットワークの状態から自動で登録",
                   "opened from the state of the network");
    tk_follow_classify(change, incident, false);
}

static int64_t last_growth(const TkIncident *incident)
{
    for (size_t i = json_array_size(incident->history); i > 0; i--) {
        const json_t *entry = json_array_get(incident->history, i - 1);
        const char *action = json_string_value(json_object_get(entry, "action"));
        int64_t at_us;
        if (g_strcmp0(action, "grow") != 0 && g_strcmp0(action, "open") != 0)
            continue;
        if (tk_time_of_json(json_object_get(entry, "at"), "at", &at_us, NULL))
            return at_us;
    }
    return TK_TIME_NONE;
}

/* New causes, prefectures or services since the record was last written. */
static void grow(TkChange *change, TkIncident *incident, const TkIncident *joined)
{
    size_t causes = json_array_size(joined->causes), had = json_array_size(incident->causes);
    bool same = causes == had && incident->services->len == joined->services->len &&
                json_array_size(joined->prefectures) == json_array_size(incident->prefectures);
    if (same || change->now_us - last_growth(incident) < GROW_EVERY_US)
        return;
    TkIncident *next = tk_change_of(change, incident);
    json_decref(next->causes);
    next->causes = json_incref(joined->causes);
    json_decref(next->prefectures);
    next->prefectures = json_incref(joined->prefectures);
    for (unsigned i = 0; i < joined->services->len; i++) {
        const TkIncidentService *s = &g_array_index(joined->services, TkIncidentService, i);
        bool known = tk_incident_service(next, s->service) != NULL;
        TkIncidentService *mine = tk_incident_service_add(next, s->service);
        if (known)
            continue;
        mine->chosen = s->chosen;
        mine->started_at = s->started_at;
    }
    tk_incident_propose(change->app, next);
    g_autofree char *ja = g_strdup_printf("原因設備 %zu → %zu、%zu 都道府県、%u 役務", had, causes,
                                          json_array_size(joined->prefectures), joined->services->len);
    g_autofree char *en = g_strdup_printf("causes %zu → %zu, %zu prefectures, %u services", had, causes,
                                          json_array_size(joined->prefectures), joined->services->len);
    tk_incident_note_timeline(next, change->now_us, "note", ja, en);
    tk_change_note(change, next, "grow", ja, en);
}

static int64_t users_of_worst(const TkIncidentVerdict *verdict)
{
    return verdict->worst < 0 ? 0 : verdict->services[verdict->worst].users;
}

void tk_follow_classify(TkChange *change, TkIncident *incident, bool final)
{
    g_autoptr(TkIncident) joined = tk_incident_joined(change->app, incident, change->map);
    g_autoptr(TkIncidentVerdict) verdict =
        tk_incident_verdict(change->app, joined, change->map, change->now_us);
    TkOutcome outcome = tk_incident_outcome(verdict);
    const char *id = tk_law_outcome_id(outcome);
    bool was_serious = g_strcmp0(incident->classified, "serious") == 0;
    bool changed = g_strcmp0(incident->classified, id) != 0;
    if (!changed || (!final && outcome != TK_OUTCOME_SERIOUS && !was_serious))
        return;
    TkIncident *next = tk_change_of(change, incident);
    bool known = verdict->worst >= 0 && verdict->services[verdict->worst].known;
    const char *article = known ? verdict->services[verdict->worst].verdict.article : "条文なし";
    TkText words = tk_outcome_words(outcome);
    g_auto(TkBuf) users;
    tk_buf_init(&users, 64);
    tk_buf_add_grouped(&users, users_of_worst(verdict));
    g_autofree char *ja = g_strdup_printf("判定: %s(%s、%s 人)", words.ja, article, tk_buf_str(&users));
    g_autofree char *en = g_strdup_printf("judged: %s, at %s users", words.en, tk_buf_str(&users));
    int64_t at_us = outcome == TK_OUTCOME_SERIOUS && verdict->serious_at_us != TK_TIME_NONE
                        ? MIN(verdict->serious_at_us, change->now_us)
                        : change->now_us;
    tk_incident_note_timeline(next, at_us, "classified", ja, en);
    tk_change_note(change, next, "classify", ja, en);
    g_free(next->classified);
    next->classified = g_strdup(id);
}

/* True and the last end when every source of the record has ended. */
static bool all_ended(const TkIncident *incident, const TkLiveMap *map, int64_t *ended_at)
{
    size_t i;
    const json_t *source;
    *ended_at = incident->started_at;
    json_array_foreach(incident->sources, i, source)
    {
        const TkAccident *accident = g_hash_table_lookup(map->by_key, json_string_value(source));
        if (accident != NULL && accident->ended_at_us == TK_TIME_NONE)
            return false;
        if (accident != NULL)
            *ended_at = MAX(*ended_at, accident->ended_at_us);
    }
    return true;
}

TkIncident *tk_follow_frozen(TkApp *app, TkIncident *incident, TkLiveMap *map, int64_t now_us)
{
    g_autoptr(TkIncident) as_live = tk_incident_copy(incident);
    as_live->live = true;
    TkIncident *frozen = tk_incident_joined(app, as_live, map);
    g_autoptr(TkIncidentVerdict) verdict = tk_incident_verdict(app, frozen, map, now_us);
    for (size_t i = 0; i < verdict->count; i++) {
        TkIncidentService *s = &g_array_index(frozen->services, TkIncidentService, i);
        s->serious_at = verdict->services[i].verdict.outcome == TK_OUTCOME_SERIOUS
                            ? verdict->services[i].serious_at_us
                            : TK_TIME_NONE;
    }
    frozen->live = false;
    return frozen;
}

static void take_numbers(TkIncident *next, const TkIncident *frozen)
{
    g_array_unref(next->services);
    next->services = g_array_ref(frozen->services);
    json_decref(next->causes);
    next->causes = json_incref(frozen->causes);
    json_decref(next->prefectures);
    next->prefectures = json_incref(frozen->prefectures);
    next->down = frozen->down;
    next->live = false;
}

static void recover(TkChange *change, TkIncident *incident, int64_t ended_at)
{
    TkIncident *next = tk_change_of(change, incident);
    g_autoptr(TkIncident) frozen = tk_follow_frozen(change->app, next, change->map, change->now_us);
    take_numbers(next, frozen);
    bool looked_at = next->state != TK_INCIDENT_SUSPECTED;
    next->recovered_at = ended_at;
    next->state = TK_INCIDENT_RECOVERED;
    tk_incident_propose(change->app, next);
    tk_incident_note_timeline(next, ended_at, "recovered", "すべての利用者への影響が解消した",
                              "all users have service again");
    tk_change_note(change, next, "recover", "ネットワークの状態から復旧を確認し、影響数を確定",
                   "recovered by the state of the network; counts frozen");
    tk_follow_classify(change, next, true);
    if (looked_at || g_strcmp0(next->classified, "not-reportable") != 0)
        return;
    next->state = TK_INCIDENT_CLOSED;
    next->closed_at = change->now_us;
    tk_change_note(change, next, "close", "報告の対象とならないため自動で終了", "closed: nothing to report");
}

/* A number that differs whenever what is kept of an ended accident differs. */
static guint64 fingerprint(const TkAccident *accident)
{
    guint64 h = 14695981039346656037u;
    const int64_t head[] = {accident->started_at_us, accident->ended_at_us, accident->n_causes,
                            (int64_t)accident->prefectures, accident->n_services};
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++)
        h = (h ^ (guint64)head[i]) * 1099511628211u;
    for (unsigned i = 0; i < accident->n_services; i++) {
        const TkServiceImpact *s = &accident->services[i];
        const int64_t parts[] = {s->service, s->first_at_us, s->recovered_at_us, s->peak,
                                 s->ever,    s->at_least,    s->under_failed};
        for (size_t p = 0; p < G_N_ELEMENTS(parts); p++)
            h = (h ^ (guint64)parts[p]) * 1099511628211u;
    }
    return h;
}

static bool unchanged(TkApp *app, const char *key, const TkAccident *accident)
{
    if (accident->ended_at_us == TK_TIME_NONE)
        return false;
    guint64 now = fingerprint(accident);
    guint64 *before = g_hash_table_lookup(app->seen, key);
    return before != NULL && *before == now;
}

static void remember(TkApp *app, TkLiveMap *map)
{
    g_hash_table_remove_all(app->seen);
    GHashTableIter iter;
    void *key, *value;
    g_hash_table_iter_init(&iter, map->by_key);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const TkAccident *accident = value;
        if (accident->ended_at_us == TK_TIME_NONE)
            continue;
        guint64 *mark = g_new(guint64, 1);
        *mark = fingerprint(accident);
        g_hash_table_insert(app->seen, g_strdup(key), mark);
    }
}

static void follow_one(TkChange *change, const char *key, const TkAccident *accident)
{
    TkApp *app = change->app;
    const char *id = g_hash_table_lookup(app->by_source, key);
    g_autoptr(TkIncident) incident = id == NULL ? NULL : tk_incidents_get(app, id, NULL);
    if (incident == NULL) {
        open_record(change, key, accident);
        incident = tk_incident_ref(g_ptr_array_index(change->changed, change->changed->len - 1));
    } else {
        TkIncident *working = tk_change_find(change, incident->id);
        if (working != NULL) {
            tk_incident_unref(incident);
            incident = tk_incident_ref(working);
        }
    }
    if (!incident->live) {
        if (!incident->recovered_by_hand && accident->ended_at_us != TK_TIME_NONE)
            tk_follow_correct(change, incident);
        return;
    }
    int64_t ended_at;
    if (all_ended(incident, change->map, &ended_at)) {
        recover(change, incident, ended_at);
        return;
    }
    g_autoptr(TkIncident) joined = tk_incident_joined(app, incident, change->map);
    grow(change, incident, joined);
    tk_follow_classify(change, incident, false);
}

bool tk_follow(TkApp *app, TkLiveMap *map, int64_t now_us, GError **error)
{
    g_auto(TkChange) change = {0};
    g_mutex_lock(&app->change_lock);
    tk_change_begin(&change, app, map, "engine", now_us);
    tk_follow_vanished(&change);
    bool ok = true;
    for (unsigned i = 0; ok && i < map->snapshot->n_accidents; i++) {
        const TkAccident *accident = map->snapshot->accidents[i];
        g_autofree char *key = tk_live_key(app->topology, accident);
        if (unchanged(app, key, accident))
            continue;
        follow_one(&change, key, accident);
        if (change.changed->len < CHANGES_AT_ONCE)
            continue;
        ok = tk_change_end(&change, error);
        tk_change_begin(&change, app, map, "engine", now_us);
    }
    if (ok)
        tk_follow_by_hand(&change);
    ok = ok && tk_change_end(&change, error);
    if (ok)
        remember(app, map);
    else
        tk_incidents_reindex(app); /* nothing was kept: the next pass begins from what is */
    g_mutex_unlock(&app->change_lock);
    return ok;
}

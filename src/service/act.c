/* The states of an accident and who moves it between them.
 *
 *     suspected ──confirm──► confirmed ──recover──► recovered ──close──► closed
 *         └───────────────recover──────────────────────▲   ▲──────reopen─────┘
 *     (a suspected one may be closed with a reason: it was none)
 *
 * Each action is a row of the table: in which states it is allowed, what the role must be allowed, and the
 * function that does it. Nothing is deleted: what is undone or merged stays in the history of both. */
#include "service/act.h"

#define IN(state) (1u << TK_INCIDENT_##state)
#define OPEN      (IN(SUSPECTED) | IN(CONFIRMED))
#define RUNNING   (OPEN | IN(RECOVERED))
#define ANY       (RUNNING | IN(CLOSED))

void tk_act_remember(TkIncident *incident, const char *action, const char *ja, const char *en, json_t *others)
{
    g_autoptr(TkIncident) before = tk_incident_copy(incident);
    g_clear_pointer(&before->undo, json_decref);
    json_t *record = tk_incident_to_json(before);
    json_object_del(record, "history"); /* the history only grows; undoing is a part of it */
    json_object_del(record, "reports");
    json_object_del(record, "done");
    json_object_del(record, "files");
    json_t *undo = json_pack("{s:s, s:o, s:o, s:o}", "action", action, "text", tk_text2(ja, en), "others",
                             others == NULL ? json_array() : json_incref(others), "before", record);
    if (incident->undo != NULL)
        json_decref(incident->undo);
    incident->undo = undo;
}

static bool confirm(TkAct *act, GError **error)
{
    (void)error;
    tk_act_remember(act->incident, "confirm", "事故の確認", "confirming", NULL);
    act->incident->state = TK_INCIDENT_CONFIRMED;
    tk_incident_note_timeline(act->incident, act->change.now_us, "note", "事故と確認した",
                              "confirmed as an accident");
    tk_change_note(&act->change, act->incident, "confirm", "事故と確認", "confirmed as an accident");
    return true;
}

/* A person says that service is back, from knowledge the alarms do not have. The numbers stay as they are. */
static bool recover(TkAct *act, GError **error)
{
    TkIncident *incident = act->incident;
    int64_t at_us;
    if (!tk_request_time(act->request, "at", act->change.now_us, &at_us, error))
        return false;
    if (at_us < incident->started_at || at_us > act->change.now_us)
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "復旧時刻は発生より後、現在より前の時刻を入力してください。",
                            "at: service came back after the accident began and not in the future");
    tk_act_remember(incident, "recover", "復旧の登録", "recovering", NULL);
    if (incident->live) {
        g_autoptr(TkIncident) frozen =
            tk_follow_frozen(act->change.app, incident, act->change.map, act->change.now_us);
        g_array_unref(incident->services);
        incident->services = g_array_ref(frozen->services);
        incident->down = frozen->down;
        incident->live = false;
        incident->recovered_by_hand = true;
    }
    for (unsigned i = 0; i < incident->services->len; i++) {
        TkIncidentService *s = &g_array_index(incident->services, TkIncidentService, i);
        if (s->recovered_at == TK_TIME_NONE || s->recovered_at > at_us)
            s->recovered_at = MAX(at_us, s->started_at);
        s->concurrent = 0;
        if (s->serious_at != TK_TIME_NONE && s->serious_at > s->recovered_at)
            s->serious_at = TK_TIME_NONE;
    }
    incident->state = TK_INCIDENT_RECOVERED;
    incident->recovered_at = at_us;
    tk_incident_note_timeline(incident, at_us, "recovered", "復旧を確認した", "service confirmed to be back");
    tk_change_note(&act->change, incident, "recover", "復旧を登録", "recovery entered by hand");
    tk_follow_classify(&act->change, incident, true);
    return true;
}

static bool close_it(TkAct *act, GError **error)
{
    TkIncident *incident = act->incident;
    const char *reason = json_string_value(json_object_get(act->request, "reason"));
    if (incident->state != TK_INCIDENT_RECOVERED && (reason == NULL || reason[0] == '\0'))
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "復旧していない事故を終了するには理由を入力してください。",
                            "reason: an accident that has not recovered is closed only with a reason");
    tk_act_remember(incident, "close", "終了", "closing", NULL);
    incident->state = TK_INCIDENT_CLOSED;
    incident->closed_at = act->change.now_us;
    if (incident->recovered_at == TK_TIME_NONE) {
        g_autoptr(TkIncident) frozen =
            tk_follow_frozen(act->change.app, incident, act->change.map, act->change.now_us);
        g_array_unref(incident->services);
        incident->services = g_array_ref(frozen->services);
        incident->live = false;
        incident->recovered_by_hand = true;
    }
    g_autofree char *ja = NULL, *en = NULL;
    tk_closed_words(reason, &ja, &en);
    tk_change_note(&act->change, incident, "close", ja, en);
    return true;
}

static bool reopen(TkAct *act, GError **error)
{
    TkIncident *incident = act->incident;
    if (incident->merged_into != NULL)
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "この事故は %s に統合されています。統合先で統合を取り消してください。",
                            "the accident was merged into %s; undo the merge there", incident->merged_into);
    tk_act_remember(incident, "reopen", "再開", "reopening", NULL);
    incident->state = incident->recovered_at == TK_TIME_NONE ? TK_INCIDENT_CONFIRMED : TK_INCIDENT_RECOVERED;
    incident->closed_at = TK_TIME_NONE;
    if (incident->recovered_at == TK_TIME_NONE && incident->from_engine) {
        incident->live = true;
        incident->recovered_by_hand = false;
    }
    tk_change_note(&act->change, incident, "reopen", "再開", "reopened");
    return true;
}

static json_t *deadlines_of(TkAct *act)
{
    g_autoptr(TkIncident) joined = tk_incident_joined(act->change.app, act->incident, act->change.map);
    g_autoptr(TkIncidentVerdict) verdict =
        tk_incident_verdict(act->change.app, joined, act->change.map, act->change.now_us);
    return tk_deadlines(act->change.app, joined, verdict, act->change.now_us);
}

static bool reported(TkAct *act, GError **error)
{
    g_auto(TkReported) what = {0};
    g_autoptr(json_t) deadlines = deadlines_of(act);
    if (!tk_reported_read(act->change.app, act->request, act->incident->id, deadlines,
                          act->incident->started_at, act->change.now_us, &what, error))
        return false;
    json_t *done = tk_reported_done(&what, act->incident->done);
    json_decref(act->incident->done);
    act->incident->done = done;
    tk_incident_note_timeline(act->incident, what.at_us, "reported", what.ja, what.en);
    tk_change_note(&act->change, act->incident, "reported", what.ja, what.en);
    return true;
}

static const struct {
    const char *name;
    unsigned states;
    TkMay may;
    TkActFn fn;
} actions[] = {
    {"confirm", IN(SUSPECTED), TK_MAY_HANDLE_ACCIDENT, confirm},
    {"recover", OPEN, TK_MAY_HANDLE_ACCIDENT, recover},
    {"close", RUNNING, TK_MAY_CLOSE_ACCIDENT, close_it},
    {"reopen", IN(CLOSED), TK_MAY_CLOSE_ACCIDENT, reopen},
    {"merge", RUNNING, TK_MAY_HANDLE_ACCIDENT, tk_act_merge},
    {"split", RUNNING, TK_MAY_HANDLE_ACCIDENT, tk_act_split},
    {"undo", ANY, TK_MAY_HANDLE_ACCIDENT, tk_act_undo},
    {"estimate", RUNNING, TK_MAY_HANDLE_ACCIDENT, tk_act_estimate},
    {"choose", RUNNING, TK_MAY_HANDLE_ACCIDENT, tk_act_choose},
    {"edit", RUNNING, TK_MAY_HANDLE_ACCIDENT, tk_act_edit},
    {"reported", ANY, TK_MAY_FREEZE_REPORT, reported},
};

static int find_action(const char *name, GError **error)
{
    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(actions); i++)
        if (strcmp(actions[i].name, name) == 0)
            return (int)i;
    tk_fail_both(
        error, TK_ERROR_INPUT, "「%.40s」という操作はありません。",
        "action: “%.40s” is none; confirm, recover, close, reopen, merge, split, undo, estimate, choose, "
        "edit and reported are",
        name == NULL ? "" : name);
    return -1;
}

static bool run(TkApp *app, const TkActor *actor, TkIncident *incident, int action, const json_t *request,
                TkLiveMap *map, GError **error)
{
    if (!tk_request_version(request, incident->version, error))
        return false;
    if ((actions[action].states & (1u << incident->state)) == 0)
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "%s の現在の状態（%s）では「%s」の操作はできません。読み直してください。",
                            "%s is %s; in that state it cannot be the subject of “%s”", incident->id,
                            tk_incident_state_name(incident->state), actions[action].name);
    TkAct act = {.actor = actor, .request = request};
    tk_change_begin(&act.change, app, map, actor->id, tk_app_now(app));
    act.incident = tk_change_of(&act.change, incident);
    bool done = actions[action].fn(&act, error) && tk_change_end(&act.change, error);
    tk_change_clear(&act.change);
    return done;
}

GBytes *tk_service_accident_act(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                                GError **error)
{
    int action = find_action(json_string_value(json_object_get(request, "action")), error);
    if (action < 0 || !tk_service_may(actor, actions[action].may, error))
        return NULL;
    bool asks_network = actions[action].fn == tk_act_split;
    if (asks_network) /* the engine belongs to the live step */
        g_rec_mutex_lock(&app->step_lock);
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    g_mutex_lock(&app->change_lock);
    g_autoptr(TkIncident) incident = tk_incidents_get(app, id, error);
    bool done = incident != NULL && run(app, actor, incident, action, request, map, error);
    g_mutex_unlock(&app->change_lock);
    if (asks_network)
        g_rec_mutex_unlock(&app->step_lock);
    return done ? tk_service_accident(app, actor, id, error) : NULL;
}

/* ---- reading ---- */

GBytes *tk_service_accident(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    /* who changes an accident sees the result */
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkIncident) incident = tk_incidents_get(app, id, error);
    if (incident == NULL)
        return NULL;
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    g_autoptr(TkIncident) joined = tk_incident_joined(app, incident, map);
    g_autoptr(json_t) view = tk_incident_view(app, joined, map, tk_app_now(app), true);
    return tk_json_bytes(view);
}

/* Whether the record comes behind the place in a list of the newest first. */
static bool is_behind(const TkIncident *incident, const TkPagePlace *place)
{
    if (!place->is || incident->started_at != place->number)
        return !place->is || incident->started_at < place->number;
    return strcmp(incident->id, place->id) < 0;
}

GBytes *tk_service_accidents(TkApp *app, const TkActor *actor, const char *state, bool drills,
                             const TkPage *page, GError **error)
{
    TkIncidentState wanted = TK_INCIDENT_SUSPECTED;
    TkPagePlace place;
    if (!tk_service_may(actor, TK_MAY_READ, error) || !tk_page_place(page, &place, error))
        return NULL;
    if (state != NULL && !tk_incident_state_of_name(state, &wanted)) {
        tk_fail_both(error, TK_ERROR_INPUT,
                     "state「%.40s」は suspected、confirmed、recovered、closed のどれでもありません。",
                     "state: “%.40s” is none of suspected, confirmed, recovered, closed", state);
        return NULL;
    }
    g_autoptr(GPtrArray) all = drills ? tk_incidents_with_drills(app) : tk_incidents_all(app);
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    g_autoptr(json_t) items = json_array();
    g_autofree char *next = NULL;
    const TkIncident *last = NULL;
    unsigned total = 0;
    int64_t now_us = tk_app_now(app);
    for (unsigned i = 0; i < all->len; i++) {
        TkIncident *incident = g_ptr_array_index(all, i);
        if (incident->drill != drills || (state != NULL && incident->state != wanted))
            continue;
        total++;
        if (!is_behind(incident, &place))
            continue;
        if (json_array_size(items) == page->limit) {
            if (next == NULL)
                next = tk_page_cursor(last->started_at, last->id);
            continue;
        }
        g_autoptr(TkIncident) joined = tk_incident_joined(app, incident, map);
        json_array_append_new(items, tk_incident_view(app, joined, map, now_us, false));
        last = incident;
    }
    g_autoptr(json_t) out = json_pack("{s:i, s:O, s:s?}", "total", (int)total, "items", items, "next", next);
    return tk_json_bytes(out);
}

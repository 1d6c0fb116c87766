/* Drills (訓練). A drill is a record like that of an accident, made by a person or from a “what if”, so that
 * people practise with the same pages, clocks and forms. It differs in one field, `drill`, which is set when
 * it is opened and never changes: its id begins with D, every page and document says 訓練, and
 * tk_incidents_all, from which lists, statistics and reports are made, leaves it out. */
#include "service/act.h"

static bool due(const TkIncident *incident, int64_t now_us)
{
    return incident->drill && incident->drill_until != TK_TIME_NONE && incident->drill_until <= now_us;
}

static void recover_by_script(TkChange *change, TkIncident *drill)
{
    TkIncident *next = tk_change_of(change, drill);
    next->recovered_at = next->drill_until;
    next->state = TK_INCIDENT_RECOVERED;
    for (unsigned i = 0; i < next->services->len; i++) {
        TkIncidentService *s = &g_array_index(next->services, TkIncidentService, i);
        if (s->recovered_at == TK_TIME_NONE)
            s->recovered_at = MAX(next->drill_until, s->started_at);
        s->concurrent = 0;
    }
    tk_incident_note_timeline(next, next->recovered_at, "recovered", "訓練の想定により復旧した",
                              "back, by the script of the drill");
    tk_change_note(change, next, "recover", "訓練の想定により復旧", "recovered by the script of the drill");
    tk_follow_classify(change, next, true);
}

void tk_follow_by_hand(TkChange *change)
{
    g_autoptr(GPtrArray) all = tk_incidents_with_drills(change->app);
    for (unsigned i = 0; i < all->len; i++) {
        TkIncident *incident = g_ptr_array_index(all, i);
        bool running = incident->state == TK_INCIDENT_SUSPECTED || incident->state == TK_INCIDENT_CONFIRMED;
        if (!running || incident->live || tk_change_find(change, incident->id) != NULL)
            continue;
        if (due(incident, change->now_us))
            recover_by_script(change, incident);
        else
            tk_follow_classify(change, incident, false);
    }
}

/* ---- opening ---- */

static bool open_drill(TkChange *change, const json_t *request, GError **error)
{
    g_auto(TkWhatIf) what_if = {0};
    const json_t *title = json_object_get(request, "title");
    if (title != NULL && tk_request_text(request, "title", 500, error) == NULL)
        return false;
    if (!tk_what_if(change->app, change->map, request, change->now_us, &what_if, error))
        return false;
    if (what_if.started_at > change->now_us)
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "訓練は今始まるか、すでに始まったものです。未来の時刻は空けてください。",
                            "started_at: a drill begins now or has begun; leave it out");
    TkIncident *drill = tk_change_new(change, what_if.started_at, true);
    drill->drill_until = what_if.until;
    tk_what_if_fill(change->app, change->map, &what_if, drill);
    if (drill->services->len == 0)
        return tk_fail_both(
            error, TK_ERROR_INPUT,
            "影響を受ける利用者がいないため訓練になりません。別の設備を選んでください。",
            "fail: no user would be affected, so there is nothing to practise; choose others");
    if (title != NULL) {
        g_free(drill->title);
        drill->title = g_strdup(json_string_value(title));
    }
    drill->texts_by_hand = true;
    drill->state = TK_INCIDENT_SUSPECTED;
    tk_incident_note_timeline(drill, drill->started_at, "occurred", "訓練の想定: 利用者への影響が始まった",
                              "by the script of the drill: users began to be affected");
    tk_incident_note_timeline(drill, change->now_us, "detected", "訓練を開始した", "the drill began");
    tk_change_note(change, drill, "open", "訓練を開始", "drill begun");
    tk_follow_classify(change, drill, false);
    return true;
}

GBytes *tk_service_drill(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    return tk_incident_open(app, actor, request, open_drill, error);
}

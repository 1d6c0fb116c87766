/* Reports on an accident: where its record lies and how a frozen version is written into it (freeze.c does
 * the rest). */
#include "service/freeze.h"

static bool load_accident(TkApp *app, const char *id, int64_t now_us, TkSubject *subject, GError **error)
{
    g_autoptr(TkIncident) incident = tk_incidents_get(app, id, error);
    if (incident == NULL)
        return false;
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    g_autoptr(TkIncident) joined = tk_incident_joined(app, incident, map);
    g_strlcpy(subject->id, incident->id, sizeof subject->id);
    subject->version = incident->version;
    subject->law_date = tk_date_of_time(incident->started_at);
    subject->store_kind = TK_KIND_ACCIDENT;
    subject->view = tk_incident_view(app, joined, map, now_us, true);
    subject->reports = json_deep_copy(incident->reports);
    return true;
}

static bool fits_accident(const TkSubject *subject, const char *kind, GError **error)
{
    bool fits = !g_str_has_prefix(kind, "near-miss-") && !g_str_has_prefix(kind, "leak-");
    return fits ||
           tk_fail_both(error, TK_ERROR_INPUT,
                        "%s は事故です。おそれ事態・漏えいの報告はそれぞれの記録で行ってください。",
                        "kind: %s is an accident; near misses and leaks are reported on their own records",
                        subject->id);
}

static void note_frozen(TkChange *change, TkIncident *incident, const TkFrozen *frozen)
{
    tk_incident_append(&incident->reports, tk_frozen_entry(frozen, change->write, change->who));
    json_t *done = tk_frozen_done(frozen, incident->done);
    json_decref(incident->done);
    incident->done = done;
    g_clear_pointer(&incident->undo, json_decref); /* what was reported stays reported */
    g_autoptr(json_t) words =
        tk_frozen_words(frozen, change->app->law, tk_date_of_time(incident->started_at));
    const char *ja = json_string_value(json_object_get(words, "ja"));
    const char *en = json_string_value(json_object_get(words, "en"));
    tk_incident_note_timeline(incident, change->now_us, "reported", ja, en);
    tk_change_note(change, incident, "freeze", ja, en);
}

static bool keep_in_accident(TkApp *app, const TkActor *actor, const TkSubject *subject,
                             const TkFrozen *frozen, GError **error)
{
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    g_auto(TkChange) change = {0};
    g_mutex_lock(&app->change_lock);
    g_autoptr(TkIncident) incident = tk_incidents_get(app, subject->id, error);
    bool same = incident != NULL &&
                ((int64_t)incident->version == subject->version || tk_frozen_stale(subject, error));
    bool done = false;
    if (same) {
        tk_change_begin(&change, app, map, actor->id, frozen->now_us);
        note_frozen(&change, tk_change_of(&change, incident), frozen);
        done = tk_change_end(&change, error);
    }
    g_mutex_unlock(&app->change_lock);
    return done;
}

static const TkReportable an_accident = {load_accident, fits_accident, keep_in_accident, NULL};

GBytes *tk_service_report_draft(TkApp *app, const TkActor *actor, const char *id, const char *kind,
                                GError **error)
{
    return tk_freeze_draft(app, &an_accident, actor, id, kind, error);
}

GBytes *tk_service_report_freeze(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                                 GBytes **findings, GError **error)
{
    return tk_freeze_next(app, &an_accident, actor, id, request, findings, error);
}

bool tk_service_report_file(TkApp *app, const TkActor *actor, const char *id, unsigned number,
                            const char *format, TkServiceFile *file, GError **error)
{
    return tk_freeze_file(app, &an_accident, actor, id, number, format, file, error);
}

GBytes *tk_service_report_diff(TkApp *app, const TkActor *actor, const char *id, unsigned from, unsigned to,
                               GError **error)
{
    return tk_freeze_diff(app, &an_accident, actor, id, from, to, error);
}

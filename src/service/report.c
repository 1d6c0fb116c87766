/* Reports on an accident: where its record lies and how a frozen version is written into it (freeze.c does
 * the rest), and the periodic lists over many accidents. */
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
    subject->view = tk_incident_view(app, joined, map, now_us, true);
    subject->reports = json_deep_copy(incident->reports);
    return true;
}

static bool fits_accident(const TkSubject *subject, const char *kind, GError **error)
{
    bool fits = !g_str_has_prefix(kind, "near-miss-") && !g_str_has_prefix(kind, "leak-");
    return fits || tk_fail(error, TK_ERROR_INPUT,
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

static const TkReportable an_accident = {load_accident, fits_accident, keep_in_accident};

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

/* ---- periodic lists ---- */

static json_t *accidents_between(TkApp *app, TkDate from, TkDate to)
{
    json_t *out = json_array();
    g_autoptr(GPtrArray) all = tk_incidents_all(app);
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    for (unsigned i = 0; i < all->len; i++) {
        TkIncident *incident = g_ptr_array_index(all, i);
        TkDate day = tk_date_of_time(incident->started_at);
        if (day < from || day > to || incident->merged_into != NULL)
            continue;
        g_autoptr(TkIncident) joined = tk_incident_joined(app, incident, map);
        json_array_append_new(out, tk_incident_view(app, joined, map, tk_app_now(app), true));
    }
    return out;
}

static TkReport *periodic_report(TkApp *app, const TkActor *actor, TkDate from, TkDate to, const char *form,
                                 GError **error)
{
    bool detailed = g_strcmp0(form, "detailed") == 0;
    if (!detailed && g_strcmp0(form, "simplified") != 0) {
        tk_fail(error, TK_ERROR_INPUT, "form: “%.20s” is neither detailed nor simplified",
                form == NULL ? "" : form);
        return NULL;
    }
    if (to < from) {
        tk_fail(error, TK_ERROR_INPUT, "to: the last day lies before the first");
        return NULL;
    }
    TkReportContext context = {.carrier = app->carrier_ja,
                               .synthetic = app->synthetic,
                               .by = actor->id,
                               .at_us = tk_app_now(app),
                               .law_date = to,
                               .judged_by = "Tokatsu " TK_VERSION,
                               .due = TK_DATE_NONE};
    const char *kind = detailed ? "periodic-detailed" : "periodic-simplified";
    TkReportDue due;
    if (tk_law_report_due(app->law, kind, from, &due))
        context.due = due.due;
    g_autoptr(json_t) accidents = accidents_between(app, from, to);
    return tk_report_periodic(app->forms, kind, &context, from, to, accidents, error);
}

bool tk_service_periodic(TkApp *app, const TkActor *actor, TkDate from, TkDate to, const char *form,
                         const char *format, TkServiceFile *file, GError **error)
{
    TkReportFormat wanted;
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !tk_report_format_of_name(format, &wanted, error))
        return false;
    g_autoptr(TkReport) report = periodic_report(app, actor, from, to, form, error);
    if (report == NULL || !tk_report_render(report, wanted, TK_LANG_JA, &file->bytes, error))
        return false;
    file->content_type = tk_report_media_type(wanted);
    file->filename = tk_report_file_name(report, wanted);
    return true;
}

/* An accident as docs/api.md has it: the record, the numbers joined, and what the law makes of it now. */
#include "service/freeze.h"

GBytes *tk_json_bytes(const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    return g_bytes_new_with_free_func(text, strlen(text), free, text);
}

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *counts_json(const TkIncidentService *s)
{
    json_t *estimate = json_null();
    if (s->estimate_users >= 0)
        estimate = json_pack("{s:I, s:o, s:o, s:o}", "users", (json_int_t)s->estimate_users, "method",
                             text_or_null(s->estimate_method), "author", text_or_null(s->estimate_author),
                             "at", tk_json_of_time(s->estimate_at));
    return json_pack("{s:I, s:I, s:I, s:{s:i, s:I}, s:I, s:o}", "concurrent", (json_int_t)s->concurrent,
                     "peak", (json_int_t)s->peak, "ever", (json_int_t)s->ever, "at_least", "minutes",
                     s->at_least_minutes, "users", (json_int_t)s->at_least, "under_failed",
                     (json_int_t)s->under_failed, "estimate", estimate);
}

static json_t *branch_json(const TkForecastBranch *branch, bool over)
{
    json_t *remaining = branch->users_met && !over ? json_integer(branch->remaining_s) : json_null();
    return json_pack("{s:i, s:I, s:o, s:b, s:I, s:o, s:o, s:f, s:b}", "hours", branch->branch.hours, "users",
                     (json_int_t)branch->branch.users, "time_met_at", tk_json_of_time(branch->time_met_us),
                     "users_met", branch->users_met, "users_short", (json_int_t)MAX(branch->users_short, 0),
                     "serious_at", tk_json_of_time(branch->serious_at_us), "remaining_s", remaining,
                     "progress", branch->progress, "certain", branch->certain);
}

static json_t *why_json(const TkServiceVerdict *verdict, TkLang lang)
{
    json_t *out = json_array();
    if (verdict->why != NULL)
        json_array_append_new(out, json_string(verdict->why));
    for (size_t i = 0; verdict->known && i < verdict->verdict.why_count; i++) {
        g_auto(TkBuf) buf = {0};
        tk_buf_init(&buf, 4096);
        tk_law_why_add(&verdict->verdict.why[i], lang, &buf);
        json_array_append_new(out, json_string(tk_buf_str(&buf)));
    }
    return out;
}

static json_t *service_json(const TkApp *app, const TkIncidentService *s, const TkServiceVerdict *v)
{
    TkText name = tk_app_service_name(app, s->service);
    json_t *branches = json_array();
    for (size_t i = 0; i < v->forecast.count; i++)
        json_array_append_new(branches,
                              branch_json(&v->forecast.branches[i], s->recovered_at != TK_TIME_NONE));
    return json_pack("{s:s, s:o, s:o, s:s, s:I, s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "service", s->service,
                     "name", tk_text2(name.ja, name.en), "counts", counts_json(s), "chosen",
                     tk_chosen_name(s->chosen), "users", (json_int_t)v->users, "started_at",
                     tk_json_of_time(s->started_at), "recovered_at", tk_json_of_time(s->recovered_at),
                     "outcome", tk_law_outcome_id(v->verdict.outcome), "article",
                     text_or_null(v->known ? v->verdict.article : NULL), "why", why_json(v, TK_LANG_JA),
                     "why_en", why_json(v, TK_LANG_EN), "branches", branches);
}

static void add_verdict(TkApp *app, json_t *out, const TkIncident *incident, const TkIncidentVerdict *verdict)
{
    json_t *services = json_array();
    for (size_t i = 0; i < verdict->count; i++)
        json_array_append_new(services,
                              service_json(app, &g_array_index(incident->services, TkIncidentService, i),
                                           &verdict->services[i]));
    const TkServiceVerdict *worst = verdict->worst < 0 ? NULL : &verdict->services[verdict->worst];
    char law[TK_TIME_TEXT_MAX];
    bool known = worst != NULL && worst->known;
    json_object_set_new(out, "outcome", json_string(tk_law_outcome_id(tk_incident_outcome(verdict))));
    json_object_set_new(out, "article", text_or_null(known ? worst->verdict.article : NULL));
    json_object_set_new(out, "law",
                        known ? json_string(tk_date_text(worst->verdict.law_date, law)) : json_null());
    json_object_set_new(out, "services", services);
    json_object_set_new(out, "serious_at", tk_json_of_time(verdict->serious_at_us));
}

static void add_whole(json_t *out, const TkIncident *incident)
{
    for (size_t i = 0; i < TK_TEXTS; i++)
        json_object_set_new(out, tk_incident_text_name((TkIncidentText)i),
                            json_string(incident->texts[i] == NULL ? "" : incident->texts[i]));
    json_object_set(out, "timeline", incident->timeline);
    json_object_set(out, "history", incident->history);
    json_object_set_new(out, "reports", tk_reports_shown(incident->reports));
    json_object_set(out, "files", incident->files);
    json_object_set_new(out, "merged_into", text_or_null(incident->merged_into));
    json_object_set_new(out, "split_from", text_or_null(incident->split_from));
    json_t *undo = json_null();
    if (incident->undo != NULL)
        undo = json_pack("{s:O, s:O}", "action", json_object_get(incident->undo, "action"), "text",
                         json_object_get(incident->undo, "text"));
    json_object_set_new(out, "undo", undo);
}

json_t *tk_incident_view(TkApp *app, const TkIncident *incident, TkLiveMap *map, int64_t now_us, bool whole)
{
    int64_t until = incident->recovered_at == TK_TIME_NONE ? now_us : incident->recovered_at;
    json_t *out = json_pack(
        "{s:s, s:i, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:O, s:O, s:i, s:b, s:b}", "id",
        incident->id, "version", (int)incident->version, "title",
        incident->title == NULL ? "" : incident->title, "state", tk_incident_state_name(incident->state),
        "origin", incident->from_engine ? "engine" : "hand", "started_at",
        tk_json_of_time(incident->started_at), "detected_at", tk_json_of_time(incident->detected_at),
        "known_at", tk_json_of_time(incident->known_at), "recovered_at",
        tk_json_of_time(incident->recovered_at), "closed_at", tk_json_of_time(incident->closed_at),
        "duration_s", (json_int_t)(MAX(until - incident->started_at, 0) / TK_US_PER_S), "causes",
        incident->causes, "prefectures", incident->prefectures, "down", (int)incident->down, "synthetic",
        app->synthetic, "drill", incident->drill);
    g_autoptr(TkIncidentVerdict) verdict = tk_incident_verdict(app, incident, map, now_us);
    add_verdict(app, out, incident, verdict);
    json_object_set_new(out, "deadlines", tk_deadlines(app, incident, verdict, now_us));
    if (whole)
        add_whole(out, incident);
    return out;
}

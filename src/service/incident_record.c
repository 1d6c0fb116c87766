/* The accident record: copies, the form it is stored in, and the small edits everything else is made of. */
#include "service/incident.h"

static const char *const state_names[] = {"suspected", "confirmed", "recovered", "closed"};
static const char *const count_names[] = {"ever", "peak", "at_least", "under_failed", "estimate"};
static const char *const text_names[] = {
    "place",       "summary",  "cause",           "measures",         "prevention",
    "user_notice", "contact",  "remarks",         "emergency_effect", "wholesale",
    "redundancy",  "rules",    "general_manager", "provider",         "cause_class",
    "fault",       "equipment"};
G_STATIC_ASSERT(G_N_ELEMENTS(count_names) == TK_CHOSEN_KINDS);
G_STATIC_ASSERT(G_N_ELEMENTS(text_names) == TK_TEXTS);

const char *tk_incident_state_name(TkIncidentState state)
{
    return state_names[state];
}

const char *tk_chosen_name(TkChosen kind)
{
    return count_names[kind];
}

const char *tk_incident_text_name(TkIncidentText text)
{
    return text_names[text];
}

static bool index_of_name(const char *const *names, size_t count, const char *name, int *index)
{
    for (size_t i = 0; name != NULL && i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            *index = (int)i;
            return true;
        }
    }
    return false;
}

bool tk_incident_state_of_name(const char *name, TkIncidentState *state)
{
    int index = 0;
    bool found = index_of_name(state_names, G_N_ELEMENTS(state_names), name, &index);
    *state = (TkIncidentState)index;
    return found;
}

bool tk_chosen_of_name(const char *name, TkChosen *kind)
{
    int index = 0;
    bool found = index_of_name(count_names, G_N_ELEMENTS(count_names), name, &index);
    *kind = (TkChosen)index;
    return found;
}

/* ---- life ---- */

static void clear_service(void *data)
{
    TkIncidentService *service = data;
    g_free(service->service);
    g_free(service->estimate_method);
    g_free(service->estimate_author);
}

static GArray *services_new(void)
{
    GArray *services = g_array_new(FALSE, TRUE, sizeof(TkIncidentService));
    g_array_set_clear_func(services, clear_service);
    return services;
}

TkIncident *tk_incident_new(const char *id)
{
    TkIncident *incident = g_new0(TkIncident, 1);
    g_atomic_ref_count_init(&incident->refs);
    g_strlcpy(incident->id, id, sizeof incident->id);
    incident->started_at = incident->detected_at = incident->known_at = TK_TIME_NONE;
    incident->recovered_at = incident->closed_at = incident->drill_until = TK_TIME_NONE;
    incident->services = services_new();
    incident->sources = json_array();
    incident->causes = json_array();
    incident->prefectures = json_array();
    incident->timeline = json_array();
    incident->history = json_array();
    incident->reports = json_array();
    incident->files = json_array();
    incident->done = json_object();
    return incident;
}

TkIncident *tk_incident_ref(TkIncident *incident)
{
    g_atomic_ref_count_inc(&incident->refs);
    return incident;
}

void tk_incident_unref(TkIncident *incident)
{
    if (incident == NULL || !g_atomic_ref_count_dec(&incident->refs))
        return;
    json_t *parts[] = {incident->sources,  incident->causes,  incident->prefectures,
                       incident->timeline, incident->history, incident->reports,
                       incident->done,     incident->undo,    incident->files};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        json_decref(parts[i]);
    for (size_t i = 0; i < TK_TEXTS; i++)
        g_free(incident->texts[i]);
    g_array_unref(incident->services);
    g_free(incident->title);
    g_free(incident->classified);
    g_free(incident->merged_into);
    g_free(incident->split_from);
    g_free(incident);
}

TkIncident *tk_incident_copy(const TkIncident *from)
{
    TkIncident *copy = g_new0(TkIncident, 1);
    *copy = *from;
    g_atomic_ref_count_init(&copy->refs);
    copy->title = g_strdup(from->title);
    copy->classified = g_strdup(from->classified);
    copy->merged_into = g_strdup(from->merged_into);
    copy->split_from = g_strdup(from->split_from);
    for (size_t i = 0; i < TK_TEXTS; i++)
        copy->texts[i] = g_strdup(from->texts[i]);
    copy->services = services_new();
    g_array_append_vals(copy->services, from->services->data, from->services->len);
    for (unsigned i = 0; i < copy->services->len; i++) {
        TkIncidentService *service = &g_array_index(copy->services, TkIncidentService, i);
        service->service = g_strdup(service->service);
        service->estimate_method = g_strdup(service->estimate_method);
        service->estimate_author = g_strdup(service->estimate_author);
    }
    json_t *parts[] = {copy->sources, copy->causes, copy->prefectures, copy->timeline, copy->history,
                       copy->reports, copy->done,   copy->undo,        copy->files};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        json_incref(parts[i]);
    return copy;
}

/* ---- small edits ---- */

TkIncidentService *tk_incident_service(const TkIncident *incident, const char *service)
{
    for (unsigned i = 0; i < incident->services->len; i++) {
        TkIncidentService *at = &g_array_index(incident->services, TkIncidentService, i);
        if (strcmp(at->service, service) == 0)
            return at;
    }
    return NULL;
}

TkIncidentService *tk_incident_service_add(TkIncident *incident, const char *service)
{
    TkIncidentService *found = tk_incident_service(incident, service);
    if (found != NULL)
        return found;
    TkIncidentService fresh = {.service = g_strdup(service),
                               .started_at = incident->started_at,
                               .recovered_at = TK_TIME_NONE,
                               .serious_at = TK_TIME_NONE,
                               .estimate_users = -1,
                               .estimate_at = TK_TIME_NONE};
    g_array_append_val(incident->services, fresh);
    return &g_array_index(incident->services, TkIncidentService, incident->services->len - 1);
}

int64_t tk_incident_users(const TkIncidentService *service)
{
    switch (service->chosen) {
    case TK_CHOSEN_PEAK:
        return service->peak;
    case TK_CHOSEN_AT_LEAST:
        return service->at_least;
    case TK_CHOSEN_UNDER_FAILED:
        return service->under_failed;
    case TK_CHOSEN_ESTIMATE:
        return service->estimate_users >= 0 ? service->estimate_users : service->ever;
    case TK_CHOSEN_EVER:
    case TK_CHOSEN_KINDS:
        break;
    }
    return service->ever;
}

void tk_incident_append(json_t **list, json_t *entry)
{
    json_t *copy = json_copy(*list);
    json_array_append_new(copy, entry);
    json_decref(*list);
    *list = copy;
}

json_t *tk_text2(const char *ja, const char *en)
{
    return json_pack("{s:s, s:s}", "ja", ja, "en", en);
}

void tk_incident_note_history(TkIncident *incident, int64_t at_us, const char *who, const char *action,
                              const char *ja, const char *en)
{
    if (json_array_size(incident->history) >= TK_INCIDENT_HISTORY_MAX)
        return;
    tk_incident_append(&incident->history, json_pack("{s:i, s:o, s:s, s:s, s:o}", "version",
                                                     (int)incident->version, "at", tk_json_of_time(at_us),
                                                     "who", who, "action", action, "text", tk_text2(ja, en)));
}

static int64_t time_of_entry(const json_t *entry)
{
    int64_t at_us = TK_TIME_NONE;
    tk_time_of_json(json_object_get(entry, "at"), "at", &at_us, NULL);
    return at_us;
}

void tk_incident_note_timeline(TkIncident *incident, int64_t at_us, const char *kind, const char *ja,
                               const char *en)
{
    if (json_array_size(incident->timeline) >= TK_INCIDENT_HISTORY_MAX)
        return;
    json_t *copy = json_copy(incident->timeline);
    size_t place = json_array_size(copy);
    while (place > 0 && time_of_entry(json_array_get(copy, place - 1)) > at_us)
        place--;
    json_array_insert_new(
        copy, place,
        json_pack("{s:o, s:s, s:o}", "at", tk_json_of_time(at_us), "kind", kind, "text", tk_text2(ja, en)));
    json_decref(incident->timeline);
    incident->timeline = copy;
}

void tk_incident_drop_timeline(TkIncident *incident, const char *kind)
{
    json_t *kept = json_array(), *entry;
    size_t i;
    json_array_foreach(incident->timeline, i, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "kind")), kind) != 0)
            json_array_append(kept, entry);
    }
    json_decref(incident->timeline);
    incident->timeline = kept;
}

/* ---- times in JSON ---- */

json_t *tk_json_of_time(int64_t at_us)
{
    char text[TK_TIME_TEXT_MAX];
    return at_us == TK_TIME_NONE ? json_null() : json_string(tk_time_text(at_us, text));
}

bool tk_time_of_json(const json_t *value, const char *field, int64_t *at_us, GError **error)
{
    if (value == NULL || json_is_null(value)) {
        *at_us = TK_TIME_NONE;
        return true;
    }
    if (!json_is_string(value))
        return tk_fail(error, TK_ERROR_INPUT, "%s: a time is a text such as 2026-04-01T09:00:00+09:00",
                       field);
    GError *why = NULL;
    if (tk_time_parse(json_string_value(value), json_string_length(value), at_us, &why))
        return true;
    tk_fail(error, TK_ERROR_INPUT, "%s: %s", field, why->message);
    g_error_free(why);
    return false;
}

/* ---- stored form ---- */

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *service_to_json(const TkIncidentService *s)
{
    json_t *out = json_pack("{s:s, s:I, s:I, s:I, s:I, s:i, s:I, s:s, s:b}", "service", s->service,
                            "concurrent", (json_int_t)s->concurrent, "peak", (json_int_t)s->peak, "ever",
                            (json_int_t)s->ever, "at_least", (json_int_t)s->at_least, "at_least_minutes",
                            s->at_least_minutes, "under_failed", (json_int_t)s->under_failed, "chosen",
                            tk_chosen_name(s->chosen), "chosen_by_hand", s->chosen_by_hand);
    json_object_set_new(out, "started_at", tk_json_of_time(s->started_at));
    json_object_set_new(out, "recovered_at", tk_json_of_time(s->recovered_at));
    json_object_set_new(out, "serious_at", tk_json_of_time(s->serious_at));
    json_object_set_new(out, "base", json_integer(s->base));
    if (s->estimate_users >= 0)
        json_object_set_new(out, "estimate",
                            json_pack("{s:I, s:o, s:o, s:o}", "users", (json_int_t)s->estimate_users,
                                      "method", text_or_null(s->estimate_method), "author",
                                      text_or_null(s->estimate_author), "at",
                                      tk_json_of_time(s->estimate_at)));
    return out;
}

json_t *tk_incident_to_json(const TkIncident *a)
{
    json_t *services = json_array(), *texts = json_object();
    for (unsigned i = 0; i < a->services->len; i++)
        json_array_append_new(services, service_to_json(&g_array_index(a->services, TkIncidentService, i)));
    for (size_t i = 0; i < TK_TEXTS; i++)
        if (a->texts[i] != NULL)
            json_object_set_new(texts, text_names[i], json_string(a->texts[i]));
    json_t *out =
        json_pack("{s:s, s:i, s:o, s:s, s:b, s:b, s:b, s:i, s:o, s:o}", "id", a->id, "version",
                  (int)a->version, "title", text_or_null(a->title), "state", tk_incident_state_name(a->state),
                  "from_engine", a->from_engine, "live", a->live, "texts_by_hand", a->texts_by_hand, "down",
                  (int)a->down, "services", services, "texts", texts);
    const struct {
        const char *name;
        int64_t at_us;
    } times[] = {{"started_at", a->started_at},
                 {"detected_at", a->detected_at},
                 {"known_at", a->known_at},
                 {"recovered_at", a->recovered_at},
                 {"closed_at", a->closed_at}};
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++)
        json_object_set_new(out, times[i].name, tk_json_of_time(times[i].at_us));
    if (a->drill) {
        json_object_set_new(out, "drill", json_true());
        json_object_set_new(out, "drill_until", tk_json_of_time(a->drill_until));
    }
    json_object_set_new(out, "recovered_by_hand", json_boolean(a->recovered_by_hand));
    json_object_set_new(out, "classified", text_or_null(a->classified));
    json_object_set(out, "sources", a->sources);
    json_object_set(out, "causes", a->causes);
    json_object_set(out, "prefectures", a->prefectures);
    json_object_set(out, "timeline", a->timeline);
    json_object_set(out, "history", a->history);
    json_object_set(out, "reports", a->reports);
    json_object_set(out, "done", a->done);
    if (json_array_size(a->files) > 0)
        json_object_set(out, "files", a->files);
    json_object_set_new(out, "merged_into", text_or_null(a->merged_into));
    json_object_set_new(out, "split_from", text_or_null(a->split_from));
    if (a->undo != NULL)
        json_object_set(out, "undo", a->undo);
    return out;
}

static int64_t whole(const json_t *object, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(object, key));
}

static bool read_service(TkIncident *a, const json_t *in, GError **error)
{
    const char *name = json_string_value(json_object_get(in, "service"));
    if (name == NULL || a->services->len >= TK_INCIDENT_SERVICES_MAX)
        return tk_fail(error, TK_ERROR_INTERNAL, "accident %s: services: an entry names no service", a->id);
    TkIncidentService *s = tk_incident_service_add(a, name);
    s->concurrent = whole(in, "concurrent");
    s->peak = whole(in, "peak");
    s->ever = whole(in, "ever");
    s->at_least = whole(in, "at_least");
    s->at_least_minutes = (int32_t)whole(in, "at_least_minutes");
    s->under_failed = whole(in, "under_failed");
    s->base = whole(in, "base");
    if (!tk_time_of_json(json_object_get(in, "started_at"), "services.started_at", &s->started_at, error) ||
        !tk_time_of_json(json_object_get(in, "recovered_at"), "services.recovered_at", &s->recovered_at,
                         error) ||
        !tk_time_of_json(json_object_get(in, "serious_at"), "services.serious_at", &s->serious_at, error))
        return false;
    s->chosen_by_hand = json_is_true(json_object_get(in, "chosen_by_hand"));
    if (!tk_chosen_of_name(json_string_value(json_object_get(in, "chosen")), &s->chosen))
        return tk_fail(error, TK_ERROR_INTERNAL, "accident %s: services: “chosen” is no count", a->id);
    const json_t *estimate = json_object_get(in, "estimate");
    if (estimate == NULL)
        return true;
    s->estimate_users = whole(estimate, "users");
    s->estimate_method = g_strdup(json_string_value(json_object_get(estimate, "method")));
    s->estimate_author = g_strdup(json_string_value(json_object_get(estimate, "author")));
    return tk_time_of_json(json_object_get(estimate, "at"), "estimate.at", &s->estimate_at, error);
}

static bool read_times(TkIncident *a, const json_t *record, GError **error)
{
    const struct {
        const char *name;
        int64_t *at_us;
    } times[] = {{"started_at", &a->started_at}, {"detected_at", &a->detected_at},
                 {"known_at", &a->known_at},     {"recovered_at", &a->recovered_at},
                 {"closed_at", &a->closed_at},   {"drill_until", &a->drill_until}};
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++)
        if (!tk_time_of_json(json_object_get(record, times[i].name), times[i].name, times[i].at_us, error))
            return false;
    return true;
}

static bool read_parts(TkIncident *a, const json_t *record, GError **error)
{
    const struct {
        const char *name;
        json_t **part;
    } parts[] = {{"sources", &a->sources},   {"causes", &a->causes},   {"prefectures", &a->prefectures},
                 {"timeline", &a->timeline}, {"history", &a->history}, {"reports", &a->reports},
                 {"done", &a->done}};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        json_t *value = json_object_get(record, parts[i].name);
        if (json_typeof(*parts[i].part) != (value == NULL ? JSON_NULL : json_typeof(value)))
            return tk_fail(error, TK_ERROR_INTERNAL, "accident %s: “%s” is missing or of the wrong type",
                           a->id, parts[i].name);
        json_decref(*parts[i].part);
        *parts[i].part = json_incref(value);
    }
    json_t *files = json_object_get(record, "files");
    if (files != NULL) {
        json_decref(a->files);
        a->files = json_incref(files);
    }
    json_t *undo = json_object_get(record, "undo");
    a->undo = json_is_object(undo) ? json_incref(undo) : NULL;
    return true;
}

TkIncident *tk_incident_of_json(const json_t *record, GError **error)
{
    const char *id = json_string_value(json_object_get(record, "id"));
    if (id == NULL) {
        tk_fail(error, TK_ERROR_INTERNAL, "a stored accident has no id");
        return NULL;
    }
    g_autoptr(TkIncident) a = tk_incident_new(id);
    a->version = (uint32_t)whole(record, "version");
    a->title = g_strdup(json_string_value(json_object_get(record, "title")));
    a->from_engine = json_is_true(json_object_get(record, "from_engine"));
    a->drill = json_is_true(json_object_get(record, "drill"));
    a->live = json_is_true(json_object_get(record, "live"));
    a->recovered_by_hand = json_is_true(json_object_get(record, "recovered_by_hand"));
    a->classified = g_strdup(json_string_value(json_object_get(record, "classified")));
    a->texts_by_hand = json_is_true(json_object_get(record, "texts_by_hand"));
    a->down = (uint32_t)whole(record, "down");
    a->merged_into = g_strdup(json_string_value(json_object_get(record, "merged_into")));
    a->split_from = g_strdup(json_string_value(json_object_get(record, "split_from")));
    if (!tk_incident_state_of_name(json_string_value(json_object_get(record, "state")), &a->state)) {
        tk_fail(error, TK_ERROR_INTERNAL, "accident %s: “state” is none of the four", id);
        return NULL;
    }
    const json_t *texts = json_object_get(record, "texts");
    for (size_t i = 0; i < TK_TEXTS; i++)
        a->texts[i] = g_strdup(json_string_value(json_object_get(texts, text_names[i])));
    size_t i;
    const json_t *entry;
    json_array_foreach(json_object_get(record, "services"), i, entry)
    {
        if (!read_service(a, entry, error))
            return NULL;
    }
    if (!read_times(a, record, error) || !read_parts(a, record, error))
        return NULL;
    return g_steal_pointer(&a);
}

/* The accident record: copies, the form it is stored in, and the small edits everything else is made of. */
#include "service/accident.h"

static const char *const state_names[] = {"suspected", "confirmed", "recovered", "closed"};
static const char *const count_names[] = {"ever", "peak", "at_least", "under_failed", "estimate"};
static const char *const text_names[] = {"place",       "summary", "cause", "measures", "prevention",
                                         "user_notice", "contact", "fault", "equipment"};
G_STATIC_ASSERT(G_N_ELEMENTS(count_names) == TK_COUNT_KINDS);
G_STATIC_ASSERT(G_N_ELEMENTS(text_names) == TK_TEXTS);

const char *tk_accident_state_name(TkAccidentState state)
{
    return state_names[state];
}

const char *tk_count_name(TkCountKind kind)
{
    return count_names[kind];
}

const char *tk_accident_text_name(TkAccidentText text)
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

bool tk_accident_state_of_name(const char *name, TkAccidentState *state)
{
    int index = 0;
    bool found = index_of_name(state_names, G_N_ELEMENTS(state_names), name, &index);
    *state = (TkAccidentState)index;
    return found;
}

bool tk_count_of_name(const char *name, TkCountKind *kind)
{
    int index = 0;
    bool found = index_of_name(count_names, G_N_ELEMENTS(count_names), name, &index);
    *kind = (TkCountKind)index;
    return found;
}

/* ---- life ---- */

static void clear_service(void *data)
{
    TkAccidentService *service = data;
    g_free(service->service);
    g_free(service->estimate_method);
    g_free(service->estimate_author);
}

static GArray *services_new(void)
{
    GArray *services = g_array_new(FALSE, TRUE, sizeof(TkAccidentService));
    g_array_set_clear_func(services, clear_service);
    return services;
}

TkAccident *tk_accident_new(const char *id)
{
    TkAccident *accident = g_new0(TkAccident, 1);
    g_atomic_ref_count_init(&accident->refs);
    g_strlcpy(accident->id, id, sizeof accident->id);
    accident->started_at = accident->detected_at = accident->known_at = TK_TIME_NONE;
    accident->recovered_at = accident->closed_at = TK_TIME_NONE;
    accident->services = services_new();
    accident->sources = json_array();
    accident->causes = json_array();
    accident->prefectures = json_array();
    accident->timeline = json_array();
    accident->history = json_array();
    accident->reports = json_array();
    accident->done = json_object();
    return accident;
}

TkAccident *tk_accident_ref(TkAccident *accident)
{
    g_atomic_ref_count_inc(&accident->refs);
    return accident;
}

void tk_accident_unref(TkAccident *accident)
{
    if (accident == NULL || !g_atomic_ref_count_dec(&accident->refs))
        return;
    json_t *parts[] = {accident->sources, accident->causes,  accident->prefectures, accident->timeline,
                       accident->history, accident->reports, accident->done,        accident->undo};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        json_decref(parts[i]);
    for (size_t i = 0; i < TK_TEXTS; i++)
        g_free(accident->texts[i]);
    g_array_unref(accident->services);
    g_free(accident->title);
    g_free(accident->merged_into);
    g_free(accident->split_from);
    g_free(accident);
}

TkAccident *tk_accident_copy(const TkAccident *from)
{
    TkAccident *copy = g_new0(TkAccident, 1);
    *copy = *from;
    g_atomic_ref_count_init(&copy->refs);
    copy->title = g_strdup(from->title);
    copy->merged_into = g_strdup(from->merged_into);
    copy->split_from = g_strdup(from->split_from);
    for (size_t i = 0; i < TK_TEXTS; i++)
        copy->texts[i] = g_strdup(from->texts[i]);
    copy->services = services_new();
    g_array_append_vals(copy->services, from->services->data, from->services->len);
    for (unsigned i = 0; i < copy->services->len; i++) {
        TkAccidentService *service = &g_array_index(copy->services, TkAccidentService, i);
        service->service = g_strdup(service->service);
        service->estimate_method = g_strdup(service->estimate_method);
        service->estimate_author = g_strdup(service->estimate_author);
    }
    json_t *parts[] = {copy->sources, copy->causes,  copy->prefectures, copy->timeline,
                       copy->history, copy->reports, copy->done,        copy->undo};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        json_incref(parts[i]);
    return copy;
}

/* ---- small edits ---- */

TkAccidentService *tk_accident_service(const TkAccident *accident, const char *service)
{
    for (unsigned i = 0; i < accident->services->len; i++) {
        TkAccidentService *at = &g_array_index(accident->services, TkAccidentService, i);
        if (strcmp(at->service, service) == 0)
            return at;
    }
    return NULL;
}

TkAccidentService *tk_accident_service_add(TkAccident *accident, const char *service)
{
    TkAccidentService *found = tk_accident_service(accident, service);
    if (found != NULL)
        return found;
    TkAccidentService fresh = {
        .service = g_strdup(service), .estimate_users = -1, .estimate_at = TK_TIME_NONE};
    g_array_append_val(accident->services, fresh);
    return &g_array_index(accident->services, TkAccidentService, accident->services->len - 1);
}

int64_t tk_accident_users(const TkAccidentService *service)
{
    switch (service->chosen) {
    case TK_COUNT_PEAK:
        return service->peak;
    case TK_COUNT_AT_LEAST:
        return service->at_least;
    case TK_COUNT_UNDER_FAILED:
        return service->under_failed;
    case TK_COUNT_ESTIMATE:
        return service->estimate_users >= 0 ? service->estimate_users : service->ever;
    case TK_COUNT_EVER:
    case TK_COUNT_KINDS:
        break;
    }
    return service->ever;
}

void tk_accident_append(json_t **list, json_t *entry)
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

void tk_accident_note_history(TkAccident *accident, int64_t at_us, const char *who, const char *action,
                              const char *ja, const char *en)
{
    if (json_array_size(accident->history) >= TK_ACCIDENT_HISTORY_MAX)
        return;
    tk_accident_append(&accident->history, json_pack("{s:i, s:o, s:s, s:s, s:o}", "version",
                                                     (int)accident->version, "at", tk_json_of_time(at_us),
                                                     "who", who, "action", action, "text", tk_text2(ja, en)));
}

static int64_t time_of_entry(const json_t *entry)
{
    int64_t at_us = TK_TIME_NONE;
    tk_time_of_json(json_object_get(entry, "at"), "at", &at_us, NULL);
    return at_us;
}

void tk_accident_note_timeline(TkAccident *accident, int64_t at_us, const char *kind, const char *ja,
                               const char *en)
{
    if (json_array_size(accident->timeline) >= TK_ACCIDENT_HISTORY_MAX)
        return;
    json_t *copy = json_copy(accident->timeline);
    size_t place = json_array_size(copy);
    while (place > 0 && time_of_entry(json_array_get(copy, place - 1)) > at_us)
        place--;
    json_array_insert_new(
        copy, place,
        json_pack("{s:o, s:s, s:o}", "at", tk_json_of_time(at_us), "kind", kind, "text", tk_text2(ja, en)));
    json_decref(accident->timeline);
    accident->timeline = copy;
}

void tk_accident_drop_timeline(TkAccident *accident, const char *kind)
{
    json_t *kept = json_array(), *entry;
    size_t i;
    json_array_foreach(accident->timeline, i, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "kind")), kind) != 0)
            json_array_append(kept, entry);
    }
    json_decref(accident->timeline);
    accident->timeline = kept;
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

static json_t *service_to_json(const TkAccidentService *s)
{
    json_t *out = json_pack("{s:s, s:I, s:I, s:I, s:I, s:i, s:I, s:s, s:b}", "service", s->service,
                            "concurrent", (json_int_t)s->concurrent, "peak", (json_int_t)s->peak, "ever",
                            (json_int_t)s->ever, "at_least", (json_int_t)s->at_least, "at_least_minutes",
                            s->at_least_minutes, "under_failed", (json_int_t)s->under_failed, "chosen",
                            tk_count_name(s->chosen), "chosen_by_hand", s->chosen_by_hand);
    if (s->estimate_users >= 0)
        json_object_set_new(out, "estimate",
                            json_pack("{s:I, s:o, s:o, s:o}", "users", (json_int_t)s->estimate_users,
                                      "method", text_or_null(s->estimate_method), "author",
                                      text_or_null(s->estimate_author), "at",
                                      tk_json_of_time(s->estimate_at)));
    return out;
}

json_t *tk_accident_to_json(const TkAccident *a)
{
    json_t *services = json_array(), *texts = json_object();
    for (unsigned i = 0; i < a->services->len; i++)
        json_array_append_new(services, service_to_json(&g_array_index(a->services, TkAccidentService, i)));
    for (size_t i = 0; i < TK_TEXTS; i++)
        if (a->texts[i] != NULL)
            json_object_set_new(texts, text_names[i], json_string(a->texts[i]));
    json_t *out =
        json_pack("{s:s, s:i, s:o, s:s, s:b, s:b, s:b, s:i, s:o, s:o}", "id", a->id, "version",
                  (int)a->version, "title", text_or_null(a->title), "state", tk_accident_state_name(a->state),
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
    json_object_set(out, "sources", a->sources);
    json_object_set(out, "causes", a->causes);
    json_object_set(out, "prefectures", a->prefectures);
    json_object_set(out, "timeline", a->timeline);
    json_object_set(out, "history", a->history);
    json_object_set(out, "reports", a->reports);
    json_object_set(out, "done", a->done);
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

static bool read_service(TkAccident *a, const json_t *in, GError **error)
{
    const char *name = json_string_value(json_object_get(in, "service"));
    if (name == NULL || a->services->len >= TK_ACCIDENT_SERVICES_MAX)
        return tk_fail(error, TK_ERROR_INTERNAL, "accident %s: services: an entry names no service", a->id);
    TkAccidentService *s = tk_accident_service_add(a, name);
    s->concurrent = whole(in, "concurrent");
    s->peak = whole(in, "peak");
    s->ever = whole(in, "ever");
    s->at_least = whole(in, "at_least");
    s->at_least_minutes = (int32_t)whole(in, "at_least_minutes");
    s->under_failed = whole(in, "under_failed");
    s->chosen_by_hand = json_is_true(json_object_get(in, "chosen_by_hand"));
    if (!tk_count_of_name(json_string_value(json_object_get(in, "chosen")), &s->chosen))
        return tk_fail(error, TK_ERROR_INTERNAL, "accident %s: services: “chosen” is no count", a->id);
    const json_t *estimate = json_object_get(in, "estimate");
    if (estimate == NULL)
        return true;
    s->estimate_users = whole(estimate, "users");
    s->estimate_method = g_strdup(json_string_value(json_object_get(estimate, "method")));
    s->estimate_author = g_strdup(json_string_value(json_object_get(estimate, "author")));
    return tk_time_of_json(json_object_get(estimate, "at"), "estimate.at", &s->estimate_at, error);
}

static bool read_times(TkAccident *a, const json_t *record, GError **error)
{
    const struct {
        const char *name;
        int64_t *at_us;
    } times[] = {{"started_at", &a->started_at},
                 {"detected_at", &a->detected_at},
                 {"known_at", &a->known_at},
                 {"recovered_at", &a->recovered_at},
                 {"closed_at", &a->closed_at}};
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++)
        if (!tk_time_of_json(json_object_get(record, times[i].name), times[i].name, times[i].at_us, error))
            return false;
    return true;
}

static bool read_parts(TkAccident *a, const json_t *record, GError **error)
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
    json_t *undo = json_object_get(record, "undo");
    a->undo = json_is_object(undo) ? json_incref(undo) : NULL;
    return true;
}

TkAccident *tk_accident_of_json(const json_t *record, GError **error)
{
    const char *id = json_string_value(json_object_get(record, "id"));
    if (id == NULL) {
        tk_fail(error, TK_ERROR_INTERNAL, "a stored accident has no id");
        return NULL;
    }
    g_autoptr(TkAccident) a = tk_accident_new(id);
    a->version = (uint32_t)whole(record, "version");
    a->title = g_strdup(json_string_value(json_object_get(record, "title")));
    a->from_engine = json_is_true(json_object_get(record, "from_engine"));
    a->live = json_is_true(json_object_get(record, "live"));
    a->texts_by_hand = json_is_true(json_object_get(record, "texts_by_hand"));
    a->down = (uint32_t)whole(record, "down");
    a->merged_into = g_strdup(json_string_value(json_object_get(record, "merged_into")));
    a->split_from = g_strdup(json_string_value(json_object_get(record, "split_from")));
    if (!tk_accident_state_of_name(json_string_value(json_object_get(record, "state")), &a->state)) {
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

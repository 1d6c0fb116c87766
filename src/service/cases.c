/* Near misses (おそれ事態, 施行規則58条の2) and leaks (法28条1項2号イ・ロ): opened by hand, judged by the
 * law of their day each time they are read, reported on the forms of 57条. A case is a document in the
 * store; there are few of them, so nothing is kept in memory. */
#include "service/act.h"

typedef enum { FIELD_TEXT, FIELD_TIME, FIELD_COUNT, FIELD_TRI } FieldType;

typedef struct {
    const char *name;
    FieldType type;
} Field;

static const Field common[] = {
    {"title", FIELD_TEXT},      {"started_at", FIELD_TIME},  {"known_at", FIELD_TIME},
    {"place", FIELD_TEXT},      {"summary", FIELD_TEXT},     {"cause", FIELD_TEXT},
    {"measures", FIELD_TEXT},   {"remarks", FIELD_TEXT},     {"contact", FIELD_TEXT},
    {"prevention", FIELD_TEXT}, {"user_notice", FIELD_TEXT}, {"prefectures", FIELD_TEXT},
};

static const Field near_miss[] = {
    {"carrier_users", FIELD_COUNT},  {"several_prefectures", FIELD_TRI},
    {"terminal_side", FIELD_TRI},    {"function", FIELD_TEXT},
    {"event", FIELD_TEXT},           {"noticed_promptly", FIELD_TRI},
    {"planned", FIELD_TRI},          {"within_design", FIELD_TRI},
    {"natural_disaster", FIELD_TRI}, {"important_facility_damage", FIELD_TRI},
    {"serious", FIELD_TRI},
};

static const Field leak[] = {
    {"leak", FIELD_TEXT},      {"users", FIELD_COUNT},  {"foreign_government", FIELD_TRI},
    {"designated", FIELD_TRI}, {"content", FIELD_TEXT}, {"secondary", FIELD_TEXT},
};

static bool is_leak(const char *kind)
{
    return strcmp(kind, TK_KIND_LEAK) == 0;
}

static bool known_kind(const char *kind, GError **error)
{
    if (g_strcmp0(kind, TK_KIND_NEAR_MISS) == 0 || g_strcmp0(kind, TK_KIND_LEAK) == 0)
        return true;
    return tk_fail(error, TK_ERROR_INPUT, "kind: “%.20s” is neither near-miss nor leak",
                   kind == NULL ? "" : kind);
}

/* Ids tell the kind: N2026-0001, L2026-0001. */
static const char *kind_of_id(const char *id, GError **error)
{
    if (id[0] == 'N' || id[0] == 'L')
        return id[0] == 'N' ? TK_KIND_NEAR_MISS : TK_KIND_LEAK;
    tk_fail(error, TK_ERROR_NOT_FOUND, "there is no near miss or leak “%.40s”", id);
    return NULL;
}

static const Field *find_field(const char *kind, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(common); i++)
        if (strcmp(common[i].name, name) == 0)
            return &common[i];
    const Field *own = is_leak(kind) ? leak : near_miss;
    size_t count = is_leak(kind) ? G_N_ELEMENTS(leak) : G_N_ELEMENTS(near_miss);
    for (size_t i = 0; i < count; i++)
        if (strcmp(own[i].name, name) == 0)
            return &own[i];
    return NULL;
}

static bool check_value(const Field *field, const json_t *value, GError **error)
{
    int64_t at_us;
    if (json_is_null(value))
        return true;
    switch (field->type) {
    case FIELD_TIME:
        return tk_time_of_json(value, field->name, &at_us, error);
    case FIELD_COUNT:
        return (json_is_integer(value) && json_integer_value(value) >= 0 &&
                json_integer_value(value) <= TK_LAW_COUNT_MAX) ||
               tk_fail(error, TK_ERROR_INPUT, "%s: must be a whole number, 0 or more, or null", field->name);
    case FIELD_TRI:
        return json_is_boolean(value) ||
               tk_fail(error, TK_ERROR_INPUT, "%s: true, false or null", field->name);
    case FIELD_TEXT:
        break;
    }
    if (!json_is_string(value))
        return tk_fail(error, TK_ERROR_INPUT, "%s: must be a text", field->name);
    return json_string_length(value) <= TK_INCIDENT_TEXT_MAX ||
           tk_fail(error, TK_ERROR_LIMIT, "%s: longer than %d bytes", field->name, TK_INCIDENT_TEXT_MAX);
}

/* Checks every field before the first is taken. */
static bool take_fields(const char *kind, json_t *document, json_t *fields, GError **error)
{
    const char *name;
    json_t *value;
    json_object_foreach(fields, name, value)
    {
        const Field *field = find_field(kind, name);
        if (field == NULL)
            return tk_fail(error, TK_ERROR_INPUT, "%s: a %s has no such field", name, kind);
        if (!check_value(field, value, error))
            return false;
    }
    json_object_update(document, fields);
    return true;
}

/* ---- facts and verdict ---- */

static TkTri tri(const json_t *document, const char *name)
{
    const json_t *value = json_object_get(document, name);
    return json_is_boolean(value) ? (json_is_true(value) ? TK_YES : TK_NO) : TK_UNKNOWN;
}

static int64_t count(const json_t *document, const char *name)
{
    const json_t *value = json_object_get(document, name);
    return json_is_integer(value) ? (int64_t)json_integer_value(value) : -1;
}

static bool times(const json_t *document, int64_t *occurred, int64_t *known, GError **error)
{
    return tk_time_of_json(json_object_get(document, "started_at"), "started_at", occurred, error) &&
           tk_time_of_json(json_object_get(document, "known_at"), "known_at", known, error) &&
           (*occurred != TK_TIME_NONE || tk_fail(error, TK_ERROR_INPUT, "started_at: missing"));
}

static bool judge_near_miss(const TkApp *app, const json_t *document, TkVerdict *verdict, GError **error)
{
    TkNearMissFacts facts = {.carrier_users = count(document, "carrier_users"),
                             .several_prefectures = tri(document, "several_prefectures"),
                             .terminal_side = tri(document, "terminal_side"),
                             .function = TK_FUNCTION_UNKNOWN,
                             .event = TK_NEAR_MISS_EVENT_UNKNOWN,
                             .noticed_promptly = tri(document, "noticed_promptly"),
                             .planned = tri(document, "planned"),
                             .within_design = tri(document, "within_design"),
                             .natural_disaster = tri(document, "natural_disaster"),
                             .important_facility_damage = tri(document, "important_facility_damage"),
                             .serious = tri(document, "serious")};
    const char *function = json_string_value(json_object_get(document, "function"));
    const char *event = json_string_value(json_object_get(document, "event"));
    if (function != NULL && !tk_law_function_find(function, strlen(function), &facts.function))
        return tk_fail(error, TK_ERROR_INPUT, "function: “%.40s” is not one of the law data", function);
    if (event != NULL && !tk_law_near_miss_event_find(event, strlen(event), &facts.event))
        return tk_fail(error, TK_ERROR_INPUT, "event: “%.40s” is not one of the law data", event);
    return times(document, &facts.occurred_us, &facts.known_us, error) &&
           tk_law_near_miss(app->law, &facts, TK_DATE_NONE, verdict, error);
}

static bool judge_leak(const TkApp *app, const json_t *document, TkVerdict *verdict, GError **error)
{
    TkLeakFacts facts = {.users = count(document, "users"),
                         .foreign_government = tri(document, "foreign_government"),
                         .designated = tri(document, "designated")};
    const char *what = json_string_value(json_object_get(document, "leak"));
    if (what == NULL || !tk_law_leak_find(what, strlen(what), &facts.kind))
        return tk_fail(error, TK_ERROR_INPUT, "leak: secrecy or specified-user-info");
    return times(document, &facts.occurred_us, &facts.known_us, error) &&
           tk_law_leak(app->law, &facts, TK_DATE_NONE, verdict, error);
}

static bool judge(const TkApp *app, const char *kind, const json_t *document, TkVerdict *verdict,
                  GError **error)
{
    return is_leak(kind) ? judge_leak(app, document, verdict, error)
                         : judge_near_miss(app, document, verdict, error);
}

/* ---- views ---- */

static void add_verdict(json_t *view, const TkVerdict *verdict)
{
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, 1u << 20);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_law_verdict_json(verdict, TK_LANG_JA, &w);
    tk_json_end_object(&w);
    g_autoptr(json_t) parsed = tk_json_read("verdict", tk_buf_str(&buf), buf.len, 1u << 20, NULL);
    if (parsed != NULL)
        json_object_update(view, parsed);
}

static json_t *view_of(const TkApp *app, const char *kind, const TkRecord *record)
{
    json_t *view = json_deep_copy(record->body);
    TkVerdict verdict;
    GError *error = NULL;
    if (judge(app, kind, record->body, &verdict, &error)) {
        add_verdict(view, &verdict);
    } else {
        json_object_set_new(view, "outcome", json_string("undetermined"));
        json_object_set_new(view, "why", json_pack("[s]", error->message));
        g_error_free(error);
    }
    json_t *law_version = json_object_get(view, "version"); /* the verdict's own, a date */
    if (law_version != NULL)
        json_object_set(view, "law_version", law_version);
    json_object_set_new(view, "version", json_integer((json_int_t)record->version));
    json_object_set_new(view, "synthetic", json_boolean(app->synthetic));
    return view;
}

typedef struct {
    const TkApp *app;
    const char *kind;
    json_t *items;
} Listing;

static bool list_one(const TkRecord *record, void *data)
{
    Listing *listing = data;
    json_array_append_new(listing->items, view_of(listing->app, listing->kind, record));
    return true;
}

GBytes *tk_service_cases(TkApp *app, const TkActor *actor, const char *kind, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error) || !known_kind(kind, error))
        return NULL;
    g_autoptr(json_t) items = json_array();
    Listing listing = {app, kind, items};
    TkQuery query = {.kind = kind, .limit = 1000, .descending = true};
    uint64_t total = 0;
    if (!tk_store_list(app->store, &query, list_one, &listing, &total, error))
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:I, s:O}", "total", (json_int_t)total, "items", items);
    return tk_json_bytes(out);
}

static TkRecord *get_case(TkApp *app, const char *id, const char **kind, GError **error)
{
    *kind = kind_of_id(id, error);
    return *kind == NULL ? NULL : tk_store_get(app->store, *kind, id, TK_TIME_NONE, error);
}

GBytes *tk_service_case(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    const char *kind;
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRecord) record = get_case(app, id, &kind, error);
    if (record == NULL)
        return NULL;
    g_autoptr(json_t) view = view_of(app, kind, record);
    return tk_json_bytes(view);
}

/* ---- writing ---- */

static void note(json_t *document, const TkActor *actor, int64_t now_us, const char *action)
{
    json_t *history = json_object_get(document, "history");
    if (json_array_size(history) < TK_INCIDENT_HISTORY_MAX)
        json_array_append_new(history, json_pack("{s:o, s:s, s:s}", "at", tk_json_of_time(now_us), "who",
                                                 actor->id, "action", action));
}

static bool save(TkApp *app, const TkActor *actor, const char *kind, const char *id, int64_t version,
                 const char *action, const json_t *document, GError **error)
{
    TkVerdict verdict;
    if (!judge(app, kind, document, &verdict, error)) /* facts the law cannot take are refused at once */
        return false;
    TkWrite *write = tk_write_new(actor->id, tk_app_now(app));
    tk_write_put(write, kind, id, version, action, document);
    return tk_store_commit(app->store, write, NULL, error);
}

static void next_id(TkApp *app, const char *kind, int64_t started_at, char id[TK_INCIDENT_ID_MAX])
{
    int year, month, day;
    tk_date_split(tk_date_of_time(started_at), &year, &month, &day);
    for (unsigned number = 1;; number++) { /* few a year; an id once given is never given again */
        g_snprintf(id, TK_INCIDENT_ID_MAX, "%c%d-%04u", is_leak(kind) ? 'L' : 'N', year, number);
        g_autoptr(TkRecord) taken = tk_store_get(app->store, kind, id, TK_TIME_NONE, NULL);
        if (taken == NULL)
            return;
    }
}

GBytes *tk_service_case_open(TkApp *app, const TkActor *actor, const char *kind, const json_t *request,
                             GError **error)
{
    int64_t occurred, known;
    if (!tk_service_may(actor, TK_MAY_HANDLE_ACCIDENT, error) || !known_kind(kind, error) ||
        tk_request_text(request, "title", 500, error) == NULL)
        return NULL;
    int64_t now_us = tk_app_now(app);
    g_autoptr(json_t) document = json_pack("{s:s, s:s, s:[]}", "kind", kind, "state", "open", "history");
    if (!take_fields(kind, document, (json_t *)request, error) || !times(document, &occurred, &known, error))
        return NULL;
    if (known == TK_TIME_NONE)
        json_object_set_new(document, "known_at", tk_json_of_time(now_us));
    note(document, actor, now_us, "open");
    char id[TK_INCIDENT_ID_MAX];
    g_mutex_lock(&app->change_lock); /* two at once must not take one id */
    next_id(app, kind, occurred, id);
    json_object_set_new(document, "id", json_string(id));
    bool done = save(app, actor, kind, id, TK_STORE_NEW, "open", document, error);
    g_mutex_unlock(&app->change_lock);
    return done ? tk_service_case(app, actor, id, error) : NULL;
}

GBytes *tk_service_case_edit(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                             GError **error)
{
    const char *kind;
    if (!tk_service_may(actor, TK_MAY_HANDLE_ACCIDENT, error))
        return NULL;
    g_autoptr(TkRecord) record = get_case(app, id, &kind, error);
    if (record == NULL || !tk_request_version(request, (uint32_t)record->version, error))
        return NULL;
    json_t *fields = json_object_get(request, "fields");
    if (!json_is_object(fields)) {
        tk_fail(error, TK_ERROR_INPUT, "fields: missing; an object of values");
        return NULL;
    }
    g_autoptr(json_t) document = json_deep_copy(record->body);
    if (!take_fields(kind, document, fields, error))
        return NULL;
    note(document, actor, tk_app_now(app), "edit");
    if (!save(app, actor, kind, id, record->version, "edit", document, error))
        return NULL;
    return tk_service_case(app, actor, id, error);
}

/* ---- report ---- */

static const char *form_kind(const char *kind, const json_t *document)
{
    if (!is_leak(kind))
        return "near-miss-detailed";
    const char *what = json_string_value(json_object_get(document, "leak"));
    return g_strcmp0(what, "secrecy") == 0 ? "leak-secrecy-detailed" : "leak-user-info-detailed";
}

bool tk_service_case_report(TkApp *app, const TkActor *actor, const char *id, const char *format,
                            TkServiceFile *file, GError **error)
{
    const char *kind;
    TkReportFormat wanted;
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !tk_report_format_of_name(format, &wanted, error))
        return false;
    g_autoptr(TkRecord) record = get_case(app, id, &kind, error);
    int64_t occurred, known;
    if (record == NULL || !times(record->body, &occurred, &known, error))
        return false;
    g_autoptr(json_t) view = view_of(app, kind, record);
    TkReportContext context = {.carrier = app->carrier_ja,
                               .synthetic = app->synthetic,
                               .at_us = tk_app_now(app),
                               .by = actor->id,
                               .law_date = tk_date_of_time(occurred),
                               .law = json_string_value(json_object_get(view, "law")),
                               .judged_by = "Tokatsu " TK_VERSION,
                               .due = TK_DATE_NONE};
    g_autoptr(TkReport) report =
        tk_report_new(app->forms, form_kind(kind, record->body), &context, view, error);
    if (report == NULL || !tk_report_render(report, wanted, TK_LANG_JA, &file->bytes, error))
        return false;
    file->content_type = tk_report_media_type(wanted);
    file->filename = g_strdup_printf("%s.%s", id, format);
    return true;
}

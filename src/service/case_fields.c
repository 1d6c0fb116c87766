/* The fields of near misses and leaks, and what the law makes of them. */
#include "service/cases.h"

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
    {"serious", FIELD_TRI},          {"equipment", FIELD_TEXT},
    {"general_manager", FIELD_TEXT},
};

static const Field leak[] = {
    {"leak", FIELD_TEXT},      {"users", FIELD_COUNT},  {"foreign_government", FIELD_TRI},
    {"designated", FIELD_TRI}, {"content", FIELD_TEXT}, {"secondary", FIELD_TEXT},
};

bool tk_case_is_leak(const char *kind)
{
    return strcmp(kind, TK_KIND_LEAK) == 0;
}

bool tk_case_is_closed(const json_t *document)
{
    return g_strcmp0(json_string_value(json_object_get(document, "state")), "closed") == 0;
}

static const Field *find_field(const char *kind, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(common); i++)
        if (strcmp(common[i].name, name) == 0)
            return &common[i];
    const Field *own = tk_case_is_leak(kind) ? leak : near_miss;
    size_t count = tk_case_is_leak(kind) ? G_N_ELEMENTS(leak) : G_N_ELEMENTS(near_miss);
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
               tk_fail_both(error, TK_ERROR_INPUT, "「%s」は 0 以上の整数で入力してください。",
                            "%s: must be a whole number, 0 or more, or null", field->name);
    case FIELD_TRI:
        return json_is_boolean(value) ||
               tk_fail_both(error, TK_ERROR_INPUT,
                            "「%s」は はい・いいえ・不明（true、false、null）のいずれかにしてください。",
                            "%s: true, false or null", field->name);
    case FIELD_TEXT:
        break;
    }
    if (!json_is_string(value))
        return tk_fail_both(error, TK_ERROR_INPUT, "「%s」は文字列で入力してください。", "%s: must be a text",
                            field->name);
    return json_string_length(value) <= TK_INCIDENT_TEXT_MAX ||
           tk_fail_both(error, TK_ERROR_LIMIT, "「%s」は %d バイト以内にしてください。",
                        "%s: longer than %d bytes", field->name, TK_INCIDENT_TEXT_MAX);
}

/* Checks every field before the first is taken. */
bool tk_case_take(const char *kind, json_t *document, json_t *fields, GError **error)
{
    const char *name;
    json_t *value;
    json_object_foreach(fields, name, value)
    {
        const Field *field = find_field(kind, name);
        if (field == NULL)
            return tk_fail_both(error, TK_ERROR_INPUT, "「%s」は %s の項目にありません。",
                                "%s: a %s has no such field", name, kind);
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

bool tk_case_times(const json_t *document, int64_t *occurred, int64_t *known, GError **error)
{
    return tk_time_of_json(json_object_get(document, "started_at"), "started_at", occurred, error) &&
           tk_time_of_json(json_object_get(document, "known_at"), "known_at", known, error) &&
           (*occurred != TK_TIME_NONE ||
            tk_fail_both(error, TK_ERROR_INPUT, "発生日時を入力してください。", "started_at: missing"));
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
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "機能「%.40s」は法令データにありません。一覧から選んでください。",
                            "function: “%.40s” is not one of the law data", function);
    if (event != NULL && !tk_law_near_miss_event_find(event, strlen(event), &facts.event))
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "事態「%.40s」は法令データにありません。一覧から選んでください。",
                            "event: “%.40s” is not one of the law data", event);
    return tk_case_times(document, &facts.occurred_us, &facts.known_us, error) &&
           tk_law_near_miss(app->law, &facts, TK_DATE_NONE, verdict, error);
}

static bool judge_leak(const TkApp *app, const json_t *document, TkVerdict *verdict, GError **error)
{
    TkLeakFacts facts = {.users = count(document, "users"),
                         .foreign_government = tri(document, "foreign_government"),
                         .designated = tri(document, "designated")};
    const char *what = json_string_value(json_object_get(document, "leak"));
    if (what == NULL || !tk_law_leak_find(what, strlen(what), &facts.kind))
        return tk_fail_both(
            error, TK_ERROR_INPUT,
            "漏えいの種類は secrecy（通信の秘密）か specified-user-info（特定利用者情報）です。",
            "leak: secrecy or specified-user-info");
    return tk_case_times(document, &facts.occurred_us, &facts.known_us, error) &&
           tk_law_leak(app->law, &facts, TK_DATE_NONE, verdict, error);
}

bool tk_case_judge(const TkApp *app, const char *kind, const json_t *document, TkVerdict *verdict,
                   GError **error)
{
    return tk_case_is_leak(kind) ? judge_leak(app, document, verdict, error)
                                 : judge_near_miss(app, document, verdict, error);
}

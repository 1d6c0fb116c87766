/* Specified user information at a glance: who is designated and since when, what follows, what is there and
 * what is missing. Duties are the law's answer (law/jp/obligations.json), contents are
 * law/jp/user-information.json. */
#include "service/user_info_private.h"

typedef struct {
    TkApp *app;
    TkDate date;
    json_t *gaps;
} View;

/* ---- duties ---- */

static json_t *duty_json(const TkDuty *duty, GError **error)
{
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, 1u << 20);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_law_duty_json(duty, &w);
    tk_json_end_object(&w);
    return tk_program_tree(&buf, error);
}

/* The obligations of the two subjects; NULL and *error where they cannot be judged. */
static json_t *duties_of(const TkProgram *program, GError **error)
{
    g_autoptr(json_t) list = json_array();
    for (size_t i = 0; i < tk_program_count(program); i++) {
        const TkDuty *duty = tk_program_duty(program, i);
        if (strcmp(duty->topic, "user-information") != 0 && strcmp(duty->topic, "external-transmission") != 0)
            continue;
        json_t *view = duty_json(duty, error);
        if (view == NULL)
            return NULL;
        json_array_append_new(list, view);
    }
    return g_steal_pointer(&list);
}

/* ---- the rules (情報取扱規程) ---- */

static bool is_approved(const json_t *record)
{
    return g_strcmp0(tk_info_text(record, "state"), "approved") == 0;
}

/* The approved version that came into force last, else the one that is made; borrowed. */
static const json_t *current_rules(const View *v, const json_t *records)
{
    const json_t *best = NULL;
    size_t i;
    json_t *one;
    char today[TK_TIME_TEXT_MAX];
    tk_date_text(v->date, today);
    json_array_foreach(records, i, one)
    {
        const char *from = tk_info_text(one, "in_force");
        if (g_strcmp0(tk_info_text(one, "state"), "superseded") == 0)
            continue;
        bool better =
            best == NULL || (is_approved(one) && !is_approved(best)) ||
            (is_approved(one) == is_approved(best) && g_strcmp0(from, tk_info_text(best, "in_force")) >= 0);
        if (better && (from == NULL || strcmp(from, today) <= 0))
            best = one;
    }
    return best;
}

static json_t *rule_items(View *v, const json_t *law, const json_t *rules)
{
    json_t *items = json_array(), *item;
    size_t i;
    json_array_foreach(json_object_get(law, "items"), i, item)
    {
        g_autofree char *field = g_strdup_printf("covers_%s", json_string_value(json_object_get(item, "id")));
        const char *clause = tk_info_text(rules, field);
        const json_t *name = json_object_get(item, "name");
        bool conditional = json_object_get(item, "when") != NULL;
        json_array_append_new(items,
                              json_pack("{s:O, s:O, s:O, s:s?, s:b}", "id", json_object_get(item, "id"),
                                        "item", json_object_get(item, "item"), "name", name, "clause", clause,
                                        "conditional", conditional));
        if (clause != NULL || rules == NULL)
            continue;
        g_autofree char *ja = g_strdup_printf("%s(22条の2の22第%s)を定めた条項がありません%s。",
                                              json_string_value(json_object_get(name, "ja")),
                                              json_string_value(json_object_get(item, "item")),
                                              conditional ? "(委託や外国での保存があるときに要る)" : "");
        g_autofree char *en =
            g_strdup_printf("no clause covers: %s%s", json_string_value(json_object_get(name, "en")),
                            conditional ? " (needed where it applies)" : "");
        tk_info_gap(v->gaps, "rules", !conditional, "handling-rules",
                    json_string_value(json_object_get(rules, "id")), ja, en);
    }
    return items;
}

static json_t *rules_view(View *v, GError **error)
{
    g_autoptr(json_t) records = tk_info_records(v->app, "handling-rules", error);
    if (records == NULL)
        return NULL;
    g_autoptr(json_t) law = tk_info_law(v->app, "ui-rules", v->date);
    const json_t *rules = current_rules(v, records);
    const char *id = json_string_value(json_object_get(rules, "id"));
    if (rules == NULL)
        tk_info_gap(v->gaps, "rules", true, "handling-rules", NULL, "情報取扱規程が記録されていません。",
                    "no handling rules are on record");
    else if (!is_approved(rules))
        tk_info_gap(v->gaps, "rules", true, "handling-rules", id, "情報取扱規程が承認されていません。",
                    "the handling rules are not approved");
    else if (tk_info_text(rules, "filed") == NULL)
        tk_info_gap(v->gaps, "rules", true, "handling-rules", id,
                    "承認した情報取扱規程の届出(様式第15の4、変更は第15の5)が記録されていません。",
                    "the notification of the approved rules (form 15-4, of a change 15-5) is not on record");
    return json_pack("{s:O?, s:o, s:i}", "current", rules, "items", rule_items(v, law, rules), "total",
                     (int)json_array_size(records));
}

/* ---- the yearly assessment ---- */

static json_t *assessment_view(View *v, const json_t *law, const json_t *record)
{
    json_t *items = json_array(), *item;
    size_t i;
    const char *id = json_string_value(json_object_get(record, "id"));
    bool done = g_strcmp0(tk_info_text(record, "state"), "done") == 0;
    json_array_foreach(json_object_get(law, "items"), i, item)
    {
        const json_t *name = json_object_get(item, "name");
        bool there = tk_info_text(record, json_string_value(json_object_get(item, "id"))) != NULL;
        json_array_append_new(items,
                              json_pack("{s:O, s:O, s:O, s:b}", "id", json_object_get(item, "id"), "item",
                                        json_object_get(item, "item"), "name", name, "there", there));
        if (there || !done)
            continue;
        g_autofree char *ja =
            g_strdup_printf("%sについての評価がありません。", json_string_value(json_object_get(name, "ja")));
        g_autofree char *en =
            g_strdup_printf("says nothing about: %s", json_string_value(json_object_get(name, "en")));
        tk_info_gap(v->gaps, "assessment", true, "handling-assessments", id, ja, en);
    }
    const char *needed = tk_info_text(record, "change_needed");
    bool open = needed != NULL && strcmp(needed, "no") != 0 && tk_info_text(record, "changed_on") == NULL;
    if (done && open)
        tk_info_gap(v->gaps, "assessment", true, "handling-assessments", id,
                    "評価で必要とした規程・方針の変更が済んでいません(法27条の9第2項)。",
                    "the change that the assessment found to be needed is not made yet (art. 27-9(2))");
    return json_pack("{s:O, s:O, s:o, s:b}", "id", json_object_get(record, "id"), "values",
                     json_object_get(record, "values"), "items", items, "change_open", open);
}

static json_t *assessments_view(View *v, GError **error)
{
    g_autoptr(json_t) records = tk_info_records(v->app, "handling-assessments", error);
    g_autoptr(json_t) law = tk_info_law(v->app, "ui-assessment", v->date);
    json_t *list = records == NULL ? NULL : json_array(), *one;
    size_t i;
    json_array_foreach(records, i, one) json_array_append_new(list, assessment_view(v, law, one));
    return list;
}

/* ---- the manager ---- */

static json_t *manager_view(View *v, bool designated, GError **error)
{
    g_autoptr(json_t) records = tk_info_records(v->app, "appointments", error);
    char today[TK_TIME_TEXT_MAX];
    const json_t *found = NULL;
    size_t i;
    json_t *one;
    if (records == NULL)
        return NULL;
    tk_date_text(v->date, today);
    json_array_foreach(records, i, one)
    {
        const char *from = tk_info_text(one, "appointed"), *to = tk_info_text(one, "dismissed");
        if (g_strcmp0(tk_info_text(one, "role"), "user-information-manager") == 0 &&
            !tk_info_true(one, "deputy") && from != NULL && strcmp(from, today) <= 0 &&
            (to == NULL || strcmp(to, today) > 0))
            found = one;
    }
    if (found == NULL && designated)
        tk_info_gap(v->gaps, "manager", true, "appointments", NULL,
                    "特定利用者情報統括管理者が選任されていません。",
                    "there is no general manager of specified user information");
    if (found == NULL)
        return json_null();
    return json_pack("{s:O, s:s?, s:s?, s:s?}", "record", json_object_get(found, "id"), "person",
                     tk_info_text(found, "person"), "appointed", tk_info_text(found, "appointed"), "notified",
                     tk_info_text(found, "notified"));
}

/* ---- average monthly users ---- */

/* The class that a count falls into: the last one whose boundary it reaches; borrowed. */
static const json_t *class_of(const json_t *classes, json_int_t users)
{
    const json_t *found = NULL;
    size_t i;
    json_t *one;
    json_array_foreach(classes, i, one)
    {
        if (users >= json_integer_value(json_object_get(one, "from")))
            found = one;
    }
    return found;
}

static bool same_class(const json_t *a, const json_t *b)
{
    return a != NULL && b != NULL && json_equal(json_object_get(a, "id"), json_object_get(b, "id"));
}

static bool is_lowest(const json_t *class)
{
    return class == NULL || json_integer_value(json_object_get(class, "from")) == 0;
}

/* One row a year of one service. `paid` null: not known, no class. */
static void count_years(const View *v, const json_t *service, const json_t *law, json_t *rows)
{
    const json_t *facts = json_object_get(service, "facts"), *paid = json_object_get(facts, "paid");
    const json_t *reported = json_object_get(facts, "reported_class"), *before = NULL;
    const json_t *classes =
        !json_is_boolean(paid) ? NULL : json_object_get(law, json_is_true(paid) ? "paid" : "free");
    size_t i;
    json_t *change;
    json_array_foreach(json_object_get(facts, "monthly_users"), i, change)
    {
        TkDate end;
        const char *from = json_string_value(json_object_get(change, "from"));
        if (from == NULL || !tk_date_parse(from, strlen(from), &end, NULL) || end > v->date)
            continue;
        json_int_t users = json_integer_value(json_object_get(change, "value"));
        const json_t *class = class_of(classes, users);
        bool needed = !json_is_false(reported) && class != NULL && !same_class(class, before) &&
                      !(is_lowest(class) && is_lowest(before));
        json_array_append_new(
            rows, json_pack("{s:O, s:O, s:O?, s:O?, s:i, s:I, s:O?, s:b, s:o}", "service",
                            json_object_get(service, "id"), "name", json_object_get(service, "name"), "paid",
                            paid, "reported", reported, "fiscal_year", tk_fiscal_year(end), "users", users,
                            "class", class, "report", needed, "due",
                            tk_program_date_json(tk_date_month_end(tk_fiscal_year_end(end), 1))));
        before = class;
    }
}

static json_t *counts_of(const View *v, const json_t *document)
{
    g_autoptr(json_t) law = tk_info_law(v->app, "ui-user-count", v->date);
    json_t *rows = json_array(), *service;
    size_t i;
    json_array_foreach(json_object_get(document, "services"), i, service) count_years(v, service, law, rows);
    return rows;
}

/* ---- all ---- */

static json_t *law_view(const View *v)
{
    static const char *const families[] = {"ui-rules",        "ui-policy",  "ui-assessment",
                                           "ui-transmission", "ui-opt-out", "ui-user-count"};
    json_t *out = json_object();
    for (size_t i = 0; i < G_N_ELEMENTS(families); i++) {
        json_t *data = tk_info_law(v->app, families[i], v->date);
        json_object_set_new(out, families[i] + 3, data == NULL ? json_null() : data);
    }
    return out;
}

static json_t *view(View *v, const json_t *document, const TkProgram *program, GError **error)
{
    const TkDuty *policy = tk_program_find(program, "information-policy");
    bool designated = policy != NULL && policy->applies == TK_YES;
    g_autoptr(json_t) duties = duties_of(program, error);
    g_autoptr(json_t) rules = duties == NULL ? NULL : rules_view(v, error);
    g_autoptr(json_t) assessments = rules == NULL ? NULL : assessments_view(v, error);
    g_autoptr(json_t) manager = assessments == NULL ? NULL : manager_view(v, designated, error);
    if (manager == NULL)
        return NULL;
    const char *applies = policy == NULL || policy->applies == TK_UNKNOWN ? "cannot-tell"
                          : designated                                    ? "yes"
                                                                          : "no";
    return json_pack("{s:o, s:{s:s, s:o, s:b}, s:O, s:o, s:O, s:O, s:O, s:o, s:O, s:b}", "date",
                     tk_program_date_json(v->date), "designation", "applies", applies, "since",
                     designated ? tk_program_date_json(policy->since) : json_null(), "since_open",
                     designated && policy->since_open, "duties", duties, "law", law_view(v), "rules", rules,
                     "assessments", assessments, "manager", manager, "counts", counts_of(v, document), "gaps",
                     v->gaps, "synthetic", v->app->synthetic);
}

GBytes *tk_service_user_info(TkApp *app, const TkActor *actor, TkDate date, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) gaps = json_array();
    View v = {app, date == TK_DATE_NONE ? tk_date_of_time(tk_app_now(app)) : date, gaps};
    g_autoptr(json_t) document = tk_program_document(app, NULL, error);
    g_autoptr(TkProfile) profile =
        document == NULL ? NULL : tk_profile_of(app->law, "profile", document, error);
    g_autoptr(TkProgram) program =
        profile == NULL ? NULL : tk_law_obligations(app->law, profile, v.date, error);
    g_autoptr(json_t) out = program == NULL ? NULL : view(&v, document, program, error);
    return out == NULL ? NULL : tk_json_bytes(out);
}

bool tk_service_user_counts(TkApp *app, const TkActor *actor, TkServiceFile *file, GError **error)
{
    static const char *const columns[] = {
        "service", "name", "paid", "fiscal_year", "average_monthly_users", "class", "report_needed", "due"};
    g_auto(TkBuf) csv = {0};
    size_t i;
    json_t *row;
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    View v = {app, tk_date_of_time(tk_app_now(app)), NULL};
    g_autoptr(json_t) document = tk_program_document(app, NULL, error);
    if (document == NULL)
        return false;
    tk_buf_init(&csv, 4u << 20);
    tk_buf_add_str(&csv, "\xEF\xBB\xBF");
    for (size_t c = 0; c < G_N_ELEMENTS(columns); c++)
        tk_buf_addf(&csv, "%s%s", columns[c], c + 1 == G_N_ELEMENTS(columns) ? "\r\n" : ",");
    g_autoptr(json_t) rows = counts_of(&v, document);
    json_array_foreach(rows, i, row)
    {
        const json_t *paid = json_object_get(row, "paid");
        const char *name =
            json_string_value(json_object_get(json_object_get(json_object_get(row, "class"), "name"), "ja"));
        tk_csv_add_field(&csv, json_string_value(json_object_get(row, "service")));
        tk_buf_add_char(&csv, ',');
        tk_csv_add_field(&csv, json_string_value(json_object_get(row, "name")));
        tk_buf_addf(&csv, ",%s,%d,%" JSON_INTEGER_FORMAT ",",
                    json_is_boolean(paid) ? (json_is_true(paid) ? "paid" : "free") : "",
                    (int)json_integer_value(json_object_get(row, "fiscal_year")),
                    json_integer_value(json_object_get(row, "users")));
        tk_csv_add_field(&csv, name == NULL ? "" : name);
        tk_buf_addf(&csv, ",%s,%s\r\n", json_is_true(json_object_get(row, "report")) ? "yes" : "no",
                    json_string_value(json_object_get(row, "due")));
    }
    file->bytes = g_bytes_new(csv.data, csv.len);
    file->content_type = "text/csv; charset=utf-8";
    file->filename = g_strdup("user-counts.csv");
    return true;
}

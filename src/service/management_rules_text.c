/* An edition and its text: read, checked, replaced. */
#include "service/management_rules_private.h"

TkDate tk_rules_today(TkApp *app)
{
    return tk_date_of_time(tk_app_now(app));
}

bool tk_rules_open(TkApp *app, const TkActor *actor, TkRegisterAct act, GError **error)
{
    return tk_service_may(actor, TK_MAY_READ, error) &&
           tk_registers_open(app->registers, actor, "rule-editions", act, error) != NULL;
}

TkRecord *tk_rules_record(TkApp *app, const char *id, int64_t as_of_us, GError **error)
{
    return tk_store_get(app->store, TK_KIND_RULE_EDITIONS, id, as_of_us, error);
}

TkRules *tk_rules_text_of(TkApp *app, const TkRecord *record, GError **error)
{
    const json_t *file = json_object_get(json_object_get(record->body, "values"), "content");
    const char *hash = json_string_value(json_object_get(file, "sha256"));
    if (hash == NULL)
        return tk_rules_new();
    g_autoptr(GBytes) bytes = tk_store_blob(app->store, hash, error);
    if (bytes == NULL)
        return NULL;
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    return tk_rules_read(record->id, text, len, error);
}

TkRulesItems *tk_rules_items_on(TkApp *app, TkDate date, TkProfile **profile, GError **error)
{
    *profile = tk_program_profile(app, error);
    return *profile == NULL ? NULL : tk_law_rules_items(app->law, *profile, date, error);
}

json_t *tk_rules_checked(TkApp *app, const TkRules *rules, TkDate date, TkDate effective, GError **error)
{
    g_autoptr(TkProfile) profile = NULL;
    g_autoptr(TkRulesItems) items = tk_rules_items_on(app, date, &profile, error);
    if (items == NULL)
        return NULL;
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, TK_RULES_ANSWER_MAX);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_rules_check(rules, items, effective, &w);
    tk_json_end_object(&w);
    return tk_program_tree(&buf, error);
}

/* ---- one edition ---- */

static json_t *record_view(const TkRecord *record)
{
    char at[TK_TIME_TEXT_MAX];
    json_t *values = json_object_get(record->body, "values");
    return json_pack("{s:s, s:I, s:s, s:s, s:O}", "id", record->id, "version", (json_int_t)record->version,
                     "at", tk_time_text(record->at_us, at), "who", record->who, "values", values);
}

/* Today, or the day it takes effect where that is still to come. */
static TkDate day_of_check(TkApp *app, TkDate asked, TkDate effective)
{
    TkDate today = tk_rules_today(app);
    if (asked != TK_DATE_NONE)
        return asked;
    return effective != TK_DATE_NONE && effective > today ? effective : today;
}

GBytes *tk_service_rules_edition(TkApp *app, const TkActor *actor, const char *id, int64_t as_of_us,
                                 TkDate date, GError **error)
{
    g_autoptr(TkRecord) record = tk_rules_open(app, actor, TK_REGISTER_READS, error)
                                     ? tk_rules_record(app, id, as_of_us, error)
                                     : NULL;
    g_autoptr(TkRules) rules = record == NULL ? NULL : tk_rules_text_of(app, record, error);
    if (rules == NULL)
        return NULL;
    TkDate effective = tk_program_date_of(record, "effective");
    g_autoptr(json_t) check =
        tk_rules_checked(app, rules, day_of_check(app, date, effective), effective, error);
    if (check == NULL)
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:o, s:o, s:O, s:b}", "record", record_view(record), "rules",
                                      tk_rules_json(rules), "check", check, "synthetic", app->synthetic);
    return tk_json_bytes(out);
}

/* ---- saving ---- */

/* Keeps the text as a blob; the file value that names it, new reference. */
static json_t *keep_text(TkApp *app, const TkActor *actor, const char *id, const TkRules *rules,
                         GError **error)
{
    g_autoptr(json_t) document = tk_rules_json(rules);
    g_autofree char *text = json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS);
    size_t len = strlen(text);
    if (len > TK_RULES_MAX) {
        tk_fail_both(error, TK_ERROR_LIMIT, "本文が長すぎます(上限1 MiB)。", "the text is longer than 1 MiB");
        return NULL;
    }
    g_autoptr(GBytes) bytes = g_bytes_new(text, len);
    g_autoptr(GBytes) kept = tk_register_file_add(app->registers, actor, bytes, error);
    if (kept == NULL)
        return NULL;
    gsize size;
    const char *answer = g_bytes_get_data(kept, &size);
    g_autoptr(json_t) told = tk_json_read("the file", answer, size, size, error);
    return json_pack("{s:O, s:o}", "sha256", json_object_get(told, "sha256"), "name",
                     json_sprintf("%s.json", id));
}

GBytes *tk_service_rules_save(TkApp *app, const TkActor *actor, const char *id, int64_t expected_version,
                              const json_t *request, GBytes **findings, GError **error)
{
    g_autoptr(TkRecord) record = tk_rules_open(app, actor, TK_REGISTER_WRITES, error)
                                     ? tk_rules_record(app, id, TK_TIME_NONE, error)
                                     : NULL;
    g_autoptr(TkRules) rules =
        record == NULL ? NULL : tk_rules_of("rules", json_object_get(request, "rules"), error);
    if (rules == NULL)
        return NULL;
    if (expected_version != record->version) {
        tk_fail_both(error, TK_ERROR_STALE, "この版は、読んだ後に変更されています。",
                     "this edition was changed after it was read");
        return NULL;
    }
    json_t *content = keep_text(app, actor, id, rules, error);
    if (content == NULL)
        return NULL;
    g_autoptr(json_t) values = json_deep_copy(json_object_get(record->body, "values"));
    json_object_set_new(values, "content", content);
    g_autoptr(json_t) change = json_pack("{s:O}", "values", values);
    return tk_register_put(app->registers, actor, "rule-editions", id, expected_version, change, NULL,
                           findings, error);
}

/* ---- checking what is being written ---- */

static bool a_day(const json_t *request, const char *field, TkDate *date, GError **error)
{
    const char *text = json_string_value(json_object_get(request, field));
    return text == NULL || tk_date_parse(text, strlen(text), date, error) || tk_error_at(error, field);
}

GBytes *tk_service_rules_check(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    TkDate date = TK_DATE_NONE, effective = TK_DATE_NONE;
    if (!tk_rules_open(app, actor, TK_REGISTER_READS, error) || !a_day(request, "date", &date, error) ||
        !a_day(request, "effective", &effective, error))
        return NULL;
    g_autoptr(TkRules) rules = tk_rules_of("rules", json_object_get(request, "rules"), error);
    g_autoptr(json_t) check =
        rules == NULL ? NULL
                      : tk_rules_checked(app, rules, day_of_check(app, date, effective), effective, error);
    return check == NULL ? NULL : tk_json_bytes(check);
}

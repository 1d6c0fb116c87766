/* One list of all that falls due. Each source has its own small reader; none is asked to know of the others.
 */
#include "service/calendar_private.h"

#include "service/act.h"
#include "service/campaigns_private.h"
#include "service/management_rules_private.h"

#define RANGE_MAX_D (3 * 366)
#define DUE_PAGE    500

typedef struct {
    TkApp *app;
    const TkActor *actor;
    TkDate from, to, today;
    json_t *dated, *undated;
    json_t *done; /* obligation → [{"record","owner","done"}…] of the obligations register */
    bool full;
} Gathering;

/* ---- items ---- */

static const char *state_of(const Gathering *g, const char *date, bool done)
{
    TkDate day;
    if (done)
        return "done";
    return date != NULL && tk_date_parse(date, strlen(date), &day, NULL) && day < g->today ? "overdue"
                                                                                           : "open";
}

/* Takes `item`, which has everything but its key. `name` makes the key with the date. */
static void add(Gathering *g, json_t *item, const char *name)
{
    const char *date = json_string_value(json_object_get(item, "date"));
    json_t *list = date == NULL ? g->undated : g->dated;
    g_autofree char *key = g_strdup_printf("%s:%s", name, date == NULL ? "without-delay" : date);
    g->full |= json_array_size(list) >= TK_CALENDAR_ITEMS_MAX;
    if (!g->full)
        json_object_set_new(item, "key", json_string(key));
    if (g->full)
        json_decref(item);
    else
        json_array_append_new(list, item);
}

static bool within(const Gathering *g, const char *date)
{
    TkDate day;
    return date != NULL && tk_date_parse(date, strlen(date), &day, NULL) && day >= g->from && day <= g->to;
}

/* ---- the law's periods and designations ---- */

static bool take_done(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Gathering *g = data;
    const char *id = tk_program_text(record, "law_obligation"), *owner = tk_program_text(record, "owner"),
               *done = tk_program_text(record, "last_done"), *state = tk_program_text(record, "state");
    if (id == NULL)
        return true;
    json_t *list = json_object_get(g->done, id);
    if (list == NULL)
        json_object_set_new(g->done, id, list = json_array());
    json_array_append_new(
        list, json_pack("{s:s, s:s*, s:s*, s:b}", "record", record->id, "owner", owner, "done", done,
                        "settled", g_strcmp0(state, "done") == 0 || g_strcmp0(state, "not-needed") == 0));
    return true;
}

/* A report on a period is done once it was done after the period; a deadline counted from a designation once
 * the record says so. */
static bool is_done(const json_t *records, const TkDutyDeadline *deadline)
{
    size_t i;
    json_t *one;
    json_array_foreach(records, i, one)
    {
        TkDate done = TK_DATE_NONE;
        const char *text = json_string_value(json_object_get(one, "done"));
        if (text != NULL)
            tk_date_parse(text, strlen(text), &done, NULL);
        if (done != TK_DATE_NONE && deadline->to != TK_DATE_NONE && done > deadline->to)
            return true;
        if (deadline->to == TK_DATE_NONE &&
            (done != TK_DATE_NONE || json_is_true(json_object_get(one, "settled"))))
            return true;
    }
    return false;
}

static void add_due(Gathering *g, const TkDutyDue *due)
{
    const TkDuty *duty = due->duty;
    const json_t *records = json_object_get(g->done, duty->id);
    const char *owner = json_string_value(json_object_get(json_array_get(records, 0), "owner"));
    const char *record = json_string_value(json_object_get(json_array_get(records, 0), "record"));
    char date[TK_TIME_TEXT_MAX];
    tk_date_text(due->deadline.due, date);
    g_autofree char *ja = g_strdup_printf("%s: %s", duty->name.ja, due->deadline.what.ja);
    g_autofree char *en = g_strdup_printf("%s: %s", duty->name.en, due->deadline.what.en);
    g_autofree char *name = g_strdup_printf("law:%s", duty->id);
    json_t *item = json_pack(
        "{s:s, s:{s:s, s:s}, s:s, s:{s:s, s:s, s:s*}, s:s, s:b, s:o, s:o}", "date", date, "title", "ja", ja,
        "en", en, "article", duty->entry->article, "source", "type", "law", "id", duty->id, "record", record,
        "state", state_of(g, date, is_done(records, &due->deadline)), "voluntary", duty->voluntary, "from",
        tk_program_date_json(due->deadline.from), "to", tk_program_date_json(due->deadline.to));
    if (owner != NULL)
        json_object_set_new(item, "owner", json_string(owner));
    add(g, item, name);
}

/* Management rules that were notified are done, whether or not somebody also wrote it beside the obligation.
 */
static void take_filed_rules(Gathering *g)
{
    g_auto(TkRulesFiled) filed;
    char day[TK_TIME_TEXT_MAX];
    if (!tk_rules_filed(g->app, &filed))
        return;
    json_t *list = json_object_get(g->done, "management-rules");
    if (list == NULL)
        json_object_set_new(g->done, "management-rules", list = json_array());
    json_array_append_new(list, json_pack("{s:s, s:s*, s:s, s:b}", "record", filed.id, "owner", filed.owner,
                                          "done", tk_date_text(filed.filed_on, day), "settled", true));
}

static bool gather_law(Gathering *g, GError **error)
{
    g_autoptr(TkProfile) profile = tk_program_profile(g->app, error);
    if (profile == NULL || !tk_program_each(g->app, "obligations", take_done, g, error))
        return false;
    take_filed_rules(g);
    g_autoptr(TkDutyDues) dues = tk_law_dues(g->app->law, profile, g->from, g->to, error);
    for (size_t i = 0; dues != NULL && i < tk_duty_dues_count(dues); i++)
        add_due(g, tk_duty_due(dues, i));
    return dues != NULL;
}

/* ---- open reports on accidents and cases ---- */

static void add_report(Gathering *g, const json_t *deadline)
{
    const char *due = json_string_value(json_object_get(deadline, "due"));
    const char *accident = json_string_value(json_object_get(deadline, "accident"));
    const char *of_case = json_string_value(json_object_get(deadline, "case"));
    const char *kind = json_string_value(json_object_get(deadline, "kind"));
    const char *id = accident != NULL ? accident : of_case;
    if (id == NULL || kind == NULL || (due != NULL && !within(g, due)))
        return;
    const json_t *name = json_object_get(deadline, "name");
    g_autofree char *ja = g_strdup_printf("%s %s", id, json_string_value(json_object_get(name, "ja")));
    g_autofree char *en = g_strdup_printf("%s %s", id, json_string_value(json_object_get(name, "en")));
    g_autofree char *key = g_strdup_printf("report:%s:%s", id, kind);
    json_t *item = json_pack("{s:s?, s:{s:s, s:s}, s:O?, s:{s:s, s:s, s:s}, s:s}", "date", due, "title", "ja",
                             ja, "en", en, "article", json_object_get(deadline, "article"), "source", "type",
                             accident != NULL ? "accident" : "case", "id", id, "kind", kind, "state",
                             state_of(g, due, false));
    add(g, item, key);
}

/* Of accidents as the board shows them; of cases from their own table, which knows a change at once. */
static bool gather_reports(Gathering *g, GError **error)
{
    g_autoptr(GBytes) bytes = tk_service_board(g->app, NULL);
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    g_autoptr(json_t) board = tk_json_read("the board", text, len, len, error);
    g_autoptr(json_t) cases = json_array();
    size_t i;
    json_t *deadline;
    json_array_foreach(json_object_get(board, "deadlines"), i, deadline)
    {
        if (json_is_string(json_object_get(deadline, "accident")))
            add_report(g, deadline);
    }
    tk_cases_open_deadlines(g->app, tk_app_now(g->app), cases);
    json_array_foreach(cases, i, deadline) add_report(g, deadline);
    return board != NULL;
}

/* ---- registers ---- */

static const json_t *option_label(const TkRegisterField *field, const char *id)
{
    size_t i;
    const json_t *option;
    json_array_foreach(field->options, i, option)
    {
        if (g_strcmp0(json_string_value(json_object_get(option, "id")), id) == 0)
            return json_object_get(option, "label");
    }
    return NULL;
}

/* What a record that is named by a reference is named by in the end; NULL for persons. Free with g_free. */
static char *referred_name(const Gathering *g, const char *name, const char *id)
{
    const TkRegisterSchema *schema = tk_registers_schema(g->app->registers, name);
    g_autoptr(TkRecord) record =
        schema == NULL || schema->title->personal || schema->title->type != TK_REGISTER_TEXT
            ? NULL
            : tk_store_get(g->app->store, schema->kind, id, TK_TIME_NONE, NULL);
    return record == NULL ? NULL : g_strdup(tk_program_text(record, schema->title->id));
}

/* How a record is called in one language: an option by its label, a person by the record's number alone, for
 * the list goes out by mail and as a file. Free with g_free. */
static char *record_name(const Gathering *g, const TkRegisterSchema *schema, const json_t *due,
                         const char *lang)
{
    const char *title = json_string_value(json_object_get(due, "title")),
               *id = json_string_value(json_object_get(due, "id"));
    const json_t *label = schema->title->type == TK_REGISTER_ENUM ? option_label(schema->title, title) : NULL;
    if (label != NULL)
        return g_strdup_printf("%s(%s)", json_string_value(json_object_get(label, lang)), id);
    char *referred =
        schema->title->type == TK_REGISTER_REF ? referred_name(g, schema->title->ref, title) : NULL;
    return referred != NULL ? referred : g_strdup(schema->title->personal ? id : title);
}

static void add_record(Gathering *g, const json_t *due)
{
    const char *name = json_string_value(json_object_get(due, "register")),
               *field = json_string_value(json_object_get(due, "field")),
               *id = json_string_value(json_object_get(due, "id")),
               *date = json_string_value(json_object_get(due, "date"));
    const TkRegisterSchema *schema = tk_registers_schema(g->app->registers, name);
    const TkRegisterField *own = tk_register_field(schema, field);
    g_autofree char *name_ja = record_name(g, schema, due, "ja"),
                    *name_en = record_name(g, schema, due, "en");
    g_autofree char *ja = g_strdup_printf("%s %s: %s", schema->ja, name_ja, own != NULL ? own->ja : "見直し");
    g_autofree char *en = g_strdup_printf("%s %s: %s", schema->en, name_en, own != NULL ? own->en : "review");
    g_autofree char *key = g_strdup_printf("register:%s:%s:%s", name, id, field);
    json_t *item = json_pack("{s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s, s:s}, s:s}", "date", date, "title", "ja",
                             ja, "en", en, "source", "type", "register", "register", name, "id", id, "field",
                             field, "state", state_of(g, date, false));
    json_t *owner = json_object_get(due, "owner");
    if (json_is_string(owner))
        json_object_set(item, "owner", owner);
    add(g, item, key);
}

/* Page by page, as anybody asks the registers. */
static bool gather_registers(Gathering *g, GError **error)
{
    g_autofree char *cursor = NULL;
    do {
        g_autoptr(GBytes) bytes =
            tk_registers_due(g->app->registers, g->actor, g->from, g->to, DUE_PAGE, cursor, error);
        gsize len = 0;
        const char *text = bytes == NULL ? NULL : g_bytes_get_data(bytes, &len);
        g_autoptr(json_t) page = text == NULL ? NULL : tk_json_read("what falls due", text, len, len, error);
        if (page == NULL)
            return false;
        size_t i;
        const json_t *due;
        json_array_foreach(json_object_get(page, "items"), i, due) add_record(g, due);
        g_free(cursor);
        cursor = g_strdup(json_string_value(json_object_get(page, "next")));
    } while (cursor != NULL && !g->full);
    return true;
}

/* ---- inspections and surveys under way ---- */

static bool gather_campaigns(Gathering *g, GError **error)
{
    g_autoptr(json_t) open = tk_campaigns_open(g->app, error);
    size_t i;
    const json_t *campaign;
    json_array_foreach(open, i, campaign)
    {
        const char *id = json_string_value(json_object_get(campaign, "id")),
                   *to = json_string_value(json_object_get(campaign, "to")),
                   *title = json_string_value(json_object_get(campaign, "title"));
        if (!within(g, to))
            continue;
        g_autofree char *ja = g_strdup_printf("%s: 回答の期限", title);
        g_autofree char *en = g_strdup_printf("%s: last day for answers", title);
        g_autofree char *key = g_strdup_printf("campaign:%s", id);
        add(g,
            json_pack("{s:s, s:{s:s, s:s}, s:{s:s, s:s}, s:s}", "date", to, "title", "ja", ja, "en", en,
                      "source", "type", "campaign", "id", id, "state", state_of(g, to, false)),
            key);
    }
    return open != NULL;
}

/* ---- all ---- */

static int by_date(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int order = g_strcmp0(json_string_value(json_object_get(x, "date")),
                          json_string_value(json_object_get(y, "date")));
    return order != 0 ? order
                      : strcmp(json_string_value(json_object_get(x, "key")),
                               json_string_value(json_object_get(y, "key")));
}

static void sort(json_t *list)
{
    size_t count = json_array_size(list);
    g_autofree json_t **at = g_new(json_t *, count + 1);
    for (size_t i = 0; i < count; i++)
        at[i] = json_incref(json_array_get(list, i));
    qsort(at, count, sizeof *at, by_date);
    json_array_clear(list);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, at[i]);
}

bool tk_calendar_items(TkApp *app, const TkActor *actor, TkDate from, TkDate to, json_t *dated,
                       json_t *undated, GError **error)
{
    g_autoptr(json_t) done = json_object();
    Gathering g = {.app = app,
                   .actor = actor,
                   .from = from,
                   .to = to,
                   .today = tk_date_of_time(tk_app_now(app)),
                   .dated = dated,
                   .undated = undated,
                   .done = done};
    if (!gather_law(&g, error) || !gather_reports(&g, error) || !gather_registers(&g, error) ||
        !gather_campaigns(&g, error))
        return false;
    if (g.full)
        return tk_fail(error, TK_ERROR_LIMIT, "more than %d items fall due; ask for fewer days",
                       TK_CALENDAR_ITEMS_MAX);
    sort(dated);
    sort(undated);
    return true;
}

GBytes *tk_service_calendar(TkApp *app, const TkActor *actor, TkDate from, TkDate to, GError **error)
{
    TkDate today = tk_date_of_time(tk_app_now(app));
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    if (from == TK_DATE_NONE)
        from = tk_date_month_end(today, -1) + 1;
    if (to == TK_DATE_NONE)
        to = tk_date_add_months(from, 12) - 1;
    if (to < from || to - from > RANGE_MAX_D) {
        tk_fail(error, TK_ERROR_INPUT, "to: the range ends before it begins, or is longer than three years");
        return NULL;
    }
    g_autoptr(json_t) dated = json_array();
    g_autoptr(json_t) undated = json_array();
    if (!tk_calendar_items(app, actor, from, to, dated, undated, error))
        return NULL;
    g_autoptr(json_t) out = json_pack(
        "{s:o, s:o, s:o, s:I, s:O, s:O, s:b}", "from", tk_program_date_json(from), "to",
        tk_program_date_json(to), "today", tk_program_date_json(today), "total",
        (json_int_t)json_array_size(dated), "items", dated, "undated", undated, "synthetic", app->synthetic);
    return tk_json_bytes(out);
}

GBytes *tk_service_calendar_feed(TkApp *app, const char *token, GError **error)
{
    TkIdentity who;
    if (!tk_people_required(app) || !tk_people_token(app, token, &who, NULL) ||
        strcmp(who.scope, "calendar") != 0) {
        tk_fail(error, TK_ERROR_NOT_FOUND,
                "there is no such calendar; its token was revoked, has ended, or is of another scope");
        return NULL;
    }
    TkActor actor = {.id = who.account, .role = tk_role_of_name(who.role)};
    int64_t now_us = tk_app_now(app);
    TkDate today = tk_date_of_time(now_us);
    g_autoptr(json_t) dated = json_array();
    g_autoptr(json_t) undated = json_array();
    if (who.must_change || !tk_service_may(&actor, TK_MAY_READ, error) ||
        !tk_calendar_items(app, &actor, tk_date_add_months(today, -3), tk_date_add_months(today, 15), dated,
                           undated, error))
        return NULL;
    return tk_calendar_ics(dated, app->carrier_ja, now_us, error);
}

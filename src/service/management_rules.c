/* Management rules as a whole: which edition is in force, what is waiting to be approved or filed, what was
 * inspected, what the minister ordered. Everything is computed from the registers at each asking. */
#include "service/management_rules_private.h"

#define EDITIONS_MAX 500

typedef struct {
    TkApp *app;
    const TkActor *actor;
    TkDate date;
    GPtrArray *editions;      /* TkRecord * */
    const TkRecord *in_force; /* of them; NULL: none */
    const TkDuty *duty;       /* NULL: the law data have none on the day */
    json_t *results;          /* inspection → {"kept":n …} */
    bool sees_orders, sees_inspections;
} Overview;

static void overview_clear(Overview *o)
{
    g_clear_pointer(&o->editions, g_ptr_array_unref);
    g_clear_pointer(&o->results, json_decref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Overview, overview_clear)

static bool keep_edition(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    GPtrArray *list = data;
    if (list->len == EDITIONS_MAX)
        return true;
    return tk_record_keep(record, list);
}

static bool has(const TkRecord *record, const char *field, const char *value)
{
    return g_strcmp0(tk_program_text(record, field), value) == 0;
}

/* Approved and in effect on the day; of several the one that took effect last. */
static const TkRecord *in_force_on(const GPtrArray *editions, TkDate date)
{
    const TkRecord *found = NULL;
    TkDate since = TK_DATE_NONE;
    for (guint i = 0; i < editions->len; i++) {
        const TkRecord *record = editions->pdata[i];
        TkDate effective = tk_program_date_of(record, "effective");
        if (!has(record, "state", "approved") || effective == TK_DATE_NONE || effective > date)
            continue;
        if (found == NULL || effective >= since) {
            found = record;
            since = effective;
        }
    }
    return found;
}

/* ---- editions ---- */

/* The day the law names for the first notification, by the carrier's facts; TK_DATE_NONE: without delay, or
 * not known. */
static TkDate lawful_due(const Overview *o, const char *kind)
{
    const char *rule = g_strcmp0(kind, "new") == 0          ? "before-operations"
                       : g_strcmp0(kind, "designated") == 0 ? "months-after"
                                                            : NULL;
    for (size_t i = 0; rule != NULL && o->duty != NULL && i < o->duty->deadline_count; i++)
        if (strcmp(o->duty->deadlines[i].rule, rule) == 0)
            return o->duty->deadlines[i].due;
    return TK_DATE_NONE;
}

/* Approved, and nobody has said that it was filed, or need not be. */
static bool is_to_file(const TkRecord *record)
{
    return has(record, "state", "approved") && !has(record, "filing", "filed") &&
           !has(record, "filing", "not-needed");
}

static json_t *edition_view(const Overview *o, const TkRecord *record)
{
    const json_t *values = json_object_get(record->body, "values");
    TkDate due = tk_program_date_of(record, "filing_due"),
           lawful = lawful_due(o, tk_program_text(record, "kind"));
    bool to_file = is_to_file(record);
    TkDate limit = due != TK_DATE_NONE ? due : lawful;
    json_t *view = json_pack("{s:s, s:I, s:b, s:b, s:o, s:b}", "id", record->id, "version",
                             (json_int_t)record->version, "in_force", record == o->in_force, "to_file",
                             to_file, "lawful_due", tk_program_date_json(lawful), "overdue",
                             to_file && limit != TK_DATE_NONE && limit < tk_rules_today(o->app));
    json_object_update(view, (json_t *)values);
    json_object_set_new(view, "written", json_boolean(json_object_get(values, "content") != NULL));
    json_object_del(view, "content");
    return view;
}

static gint newest_first(gconstpointer a, gconstpointer b)
{
    const TkRecord *x = *(TkRecord *const *)a, *y = *(TkRecord *const *)b;
    TkDate dx = tk_program_date_of(x, "effective"), dy = tk_program_date_of(y, "effective");
    /* A draft without a day comes first: it is what is being worked on. */
    dx = dx == TK_DATE_NONE ? INT32_MAX : dx;
    dy = dy == TK_DATE_NONE ? INT32_MAX : dy;
    return dx != dy ? (dx < dy) - (dx > dy) : strcmp(y->id, x->id);
}

/* ---- inspections ---- */

static bool count_result(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Overview *o = data;
    const char *inspection = tk_program_text(record, "inspection"),
               *result = tk_program_text(record, "result");
    if (inspection == NULL || result == NULL)
        return true;
    json_t *counts = json_object_get(o->results, inspection);
    if (counts == NULL)
        json_object_set_new(o->results, inspection, counts = json_object());
    json_int_t n = json_integer_value(json_object_get(counts, result));
    json_object_set_new(counts, result, json_integer(n + 1));
    bool open = (strcmp(result, "kept") != 0 && strcmp(result, "not-applicable") != 0) &&
                tk_program_text(record, "countermeasure") == NULL;
    n = json_integer_value(json_object_get(counts, "without_measure"));
    json_object_set_new(counts, "without_measure", json_integer(n + open));
    return true;
}

typedef struct {
    const Overview *o;
    json_t *list;
} Listing;

static bool add_inspection(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Listing *listing = data;
    const Overview *o = listing->o;
    TkDate planned = tk_program_date_of(record, "planned");
    bool open = !has(record, "state", "done") && !has(record, "state", "dropped");
    json_t *view = json_pack("{s:s, s:I, s:b}", "id", record->id, "version", (json_int_t)record->version,
                             "overdue", open && planned != TK_DATE_NONE && planned < tk_rules_today(o->app));
    json_object_update(view, json_object_get(record->body, "values"));
    json_t *counts = json_object_get(o->results, record->id);
    json_object_set_new(view, "results", counts == NULL ? json_object() : json_incref(counts));
    json_array_append_new(listing->list, view);
    return true;
}

/* ---- orders ---- */

static bool add_order(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Listing *listing = data;
    bool change = has(record, "kind", "rules-change");
    if (!change && !has(record, "kind", "rules-compliance"))
        return true;
    bool open = has(record, "status", "open");
    TkDate deadline = tk_program_date_of(record, "deadline");
    json_t *asks =
        change
            ? json_pack("{s:s, s:s}", "ja",
                        "管理規程を法44条2項に適合するよう変更し、変更を遅滞なく届け出ます(様式第22)。", "en",
                        "Change the rules so that they meet art. 44(2), and notify the change without delay "
                        "(form 22).")
            : json_pack(
                  "{s:s, s:s}", "ja",
                  "管理規程を守るための措置を講じます。自己点検で守られていない条を確かめ、再発防止策に"
                  "します。",
                  "en",
                  "Take the measures that make the rules kept: find by self-inspection which are not, and "
                  "make countermeasures of them.");
    json_t *view =
        json_pack("{s:s, s:s, s:o, s:b}", "id", record->id, "basis",
                  change ? "電気通信事業法44条の2第1項" : "電気通信事業法44条の2第2項", "asks", asks,
                  "overdue", open && deadline != TK_DATE_NONE && deadline < tk_rules_today(listing->o->app));
    json_object_update(view, json_object_get(record->body, "values"));
    json_array_append_new(listing->list, view);
    return true;
}

/* ---- the answer ---- */

static json_t *items_of(Overview *o, GError **error)
{
    g_autoptr(TkProfile) profile = NULL;
    g_autoptr(TkRulesItems) items = tk_rules_items_on(o->app, o->date, &profile, error);
    if (items == NULL)
        return NULL;
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, TK_RULES_ANSWER_MAX);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_array(&w);
    for (size_t i = 0; i < tk_rules_items_count(items); i++) {
        tk_json_begin_object(&w);
        tk_law_rules_item_json(tk_rules_item(items, i), &w);
        tk_json_end_object(&w);
    }
    tk_json_end_array(&w);
    return tk_program_tree(&buf, error);
}

/* How the edition in force stands to the article: its counts and errors; null where there is none. */
static json_t *standing(Overview *o, GError **error)
{
    if (o->in_force == NULL)
        return json_null();
    g_autoptr(TkRules) rules = tk_rules_text_of(o->app, o->in_force, error);
    g_autoptr(json_t) check =
        rules == NULL
            ? NULL
            : tk_rules_checked(o->app, rules, o->date, tk_program_date_of(o->in_force, "effective"), error);
    if (check == NULL)
        return NULL;
    int levels[3] = {0};
    static const char *const names[3] = {"error", "warning", "note"};
    size_t i;
    json_t *finding;
    json_array_foreach(json_object_get(check, "findings"), i, finding) for (size_t k = 0; k < 3; k++)
        levels[k] += g_strcmp0(json_string_value(json_object_get(finding, "level")), names[k]) == 0;
    return json_pack("{s:s, s:O, s:i, s:i, s:i}", "edition", o->in_force->id, "counts",
                     json_object_get(check, "counts"), "errors", levels[0], "warnings", levels[1], "notes",
                     levels[2]);
}

static const char *applies_of(const TkDuty *duty)
{
    if (duty == NULL || duty->applies == TK_UNKNOWN)
        return "cannot-tell";
    return duty->applies == TK_YES ? "yes" : "no";
}

static bool may(const Overview *o, const char *name, TkRegisterAct act)
{
    return tk_registers_open(o->app->registers, o->actor, name, act, NULL) != NULL;
}

static json_t *answer(Overview *o, GError **error)
{
    g_autoptr(json_t) items = items_of(o, error);
    g_autoptr(json_t) stands = items == NULL ? NULL : standing(o, error);
    if (stands == NULL)
        return NULL;
    g_autoptr(json_t) editions = json_array();
    g_autoptr(json_t) inspections = json_array();
    g_autoptr(json_t) orders = json_array();
    for (guint i = 0; i < o->editions->len; i++)
        json_array_append_new(editions, edition_view(o, o->editions->pdata[i]));
    Listing inspected = {o, inspections}, ordered = {o, orders};
    o->results = json_object();
    if ((may(o, "rule-inspection-results", TK_REGISTER_READS) &&
         !tk_program_each(o->app, "rule-inspection-results", count_result, o, error)) ||
        (may(o, "rule-inspections", TK_REGISTER_READS) &&
         !tk_program_each(o->app, "rule-inspections", add_inspection, &inspected, error)) ||
        (may(o, "orders", TK_REGISTER_READS) &&
         !tk_program_each(o->app, "orders", add_order, &ordered, error)))
        return NULL;
    return json_pack("{s:o, s:s, s:b, s:s?, s:O, s:O, s:O, s:O, s:O, s:b, s:b}", "date",
                     tk_program_date_json(o->date), "applies", applies_of(o->duty), "voluntary",
                     o->duty != NULL && o->duty->voluntary, "in_force",
                     o->in_force == NULL ? NULL : o->in_force->id, "standing", stands, "items", items,
                     "editions", editions, "inspections", inspections, "orders", orders, "may_write",
                     may(o, "rule-editions", TK_REGISTER_WRITES), "synthetic", o->app->synthetic);
}

GBytes *tk_service_rules(TkApp *app, const TkActor *actor, TkDate date, GError **error)
{
    if (!tk_rules_open(app, actor, TK_REGISTER_READS, error))
        return NULL;
    g_auto(Overview) o = {.app = app,
                          .actor = actor,
                          .date = date == TK_DATE_NONE ? tk_rules_today(app) : date,
                          .editions = g_ptr_array_new_with_free_func((GDestroyNotify)tk_record_free)};
    g_autoptr(TkProfile) profile = tk_program_each(app, "rule-editions", keep_edition, o.editions, error)
                                       ? tk_program_profile(app, error)
                                       : NULL;
    g_autoptr(TkProgram) program =
        profile == NULL ? NULL : tk_law_obligations(app->law, profile, o.date, error);
    if (program == NULL)
        return NULL;
    g_ptr_array_sort(o.editions, newest_first);
    o.in_force = in_force_on(o.editions, o.date);
    o.duty = tk_program_find(program, "management-rules");
    g_autoptr(json_t) out = answer(&o, error);
    return out == NULL ? NULL : tk_json_bytes(out);
}

/* ---- what shows that the obligation is met ---- */

static bool take_filed(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    TkRulesFiled *filed = data;
    TkDate day = tk_program_date_of(record, "filed_on");
    if (!has(record, "filing", "filed") || !has(record, "state", "approved") || day == TK_DATE_NONE ||
        (filed->id != NULL && day < filed->filed_on))
        return true;
    tk_rules_filed_clear(filed);
    *filed = (TkRulesFiled){g_strdup(record->id), g_strdup(tk_program_text(record, "name")),
                            g_strdup(tk_program_text(record, "owner")), day};
    return true;
}

bool tk_rules_filed(TkApp *app, TkRulesFiled *out)
{
    *out = (TkRulesFiled){.filed_on = TK_DATE_NONE};
    return tk_program_each(app, "rule-editions", take_filed, out, NULL) && out->id != NULL;
}

void tk_rules_filed_clear(TkRulesFiled *filed)
{
    g_clear_pointer(&filed->id, g_free);
    g_clear_pointer(&filed->name, g_free);
    g_clear_pointer(&filed->owner, g_free);
}

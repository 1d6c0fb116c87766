/* What the carrier owes, today or on another day, beside what its people recorded about each obligation. */
#include "service/act.h"
#include "service/management_rules_private.h"
#include "service/program_private.h"

#define ANSWER_MAX (8u << 20)

/* ---- fulfilment ---- */

typedef struct {
    json_t *by_obligation; /* id → [fulfilment…] */
    TkDate today;
} Fulfilments;

static bool is_open(const char *state)
{
    return state == NULL || (strcmp(state, "done") != 0 && strcmp(state, "not-needed") != 0);
}

/* Overdue: the next day has passed, whatever the state says; a yearly duty that was done is due again. */
static json_t *fulfilment(const TkRecord *record, TkDate today)
{
    const json_t *values = json_object_get(record->body, "values");
    const char *state = tk_program_text(record, "state");
    TkDate next = tk_program_date_of(record, "next");
    bool overdue = next != TK_DATE_NONE && next < today && g_strcmp0(state, "not-needed") != 0;
    return json_pack("{s:s, s:s?, s:s?, s:s, s:o, s:o, s:O?, s:b, s:b}", "record", record->id, "title",
                     tk_program_text(record, "title"), "owner", tk_program_text(record, "owner"), "state",
                     state == NULL ? "open" : state, "due", tk_program_date_json(next), "done",
                     tk_program_date_json(tk_program_date_of(record, "last_done")), "evidence",
                     json_object_get(values, "evidence"), "overdue", overdue, "fulfilled",
                     !overdue && !is_open(state));
}

static bool take_fulfilment(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Fulfilments *all = data;
    const char *id = tk_program_text(record, "law_obligation");
    if (id == NULL)
        return true;
    json_t *list = json_object_get(all->by_obligation, id);
    if (list == NULL)
        json_object_set_new(all->by_obligation, id, list = json_array());
    json_array_append_new(list, fulfilment(record, all->today));
    return true;
}

/* The edition of the management rules that was notified last stands for its obligation. */
static void take_filed_rules(TkApp *app, Fulfilments *all)
{
    g_auto(TkRulesFiled) filed;
    char day[TK_TIME_TEXT_MAX];
    if (!tk_rules_filed(app, &filed))
        return;
    json_t *list = json_object_get(all->by_obligation, "management-rules");
    if (list == NULL)
        json_object_set_new(all->by_obligation, "management-rules", list = json_array());
    json_array_append_new(list, json_pack("{s:s, s:s, s:s?, s:s, s:n, s:s, s:n, s:b, s:b}", "record",
                                          filed.id, "title", filed.name, "owner", filed.owner, "state",
                                          "done", "due", "done", tk_date_text(filed.filed_on, day),
                                          "evidence", "overdue", false, "fulfilled", true));
}

/* ---- the answer ---- */

static void count(TkProgramSummary *sum, const TkDuty *duty, const json_t *records)
{
    bool overdue = false, fulfilled = json_array_size(records) > 0;
    size_t i;
    json_t *one;
    json_array_foreach(records, i, one)
    {
        overdue |= json_is_true(json_object_get(one, "overdue"));
        fulfilled &= json_is_true(json_object_get(one, "fulfilled"));
    }
    sum->voluntary += duty->voluntary;
    if (strcmp(duty->kind, "duty") != 0)
        return;
    sum->does_not += duty->applies == TK_NO;
    sum->cannot_tell += duty->applies == TK_UNKNOWN;
    if (duty->applies != TK_YES)
        return;
    sum->applies++;
    sum->overdue += overdue;
    sum->fulfilled += fulfilled;
    sum->unassigned += json_array_size(records) == 0;
    sum->open += !fulfilled && json_array_size(records) > 0;
}

void tk_program_sum(const TkProgram *program, const GPtrArray *records, TkDate today, TkProgramSummary *sum)
{
    g_autoptr(json_t) by_obligation = json_object();
    Fulfilments all = {by_obligation, today};
    for (guint i = 0; i < records->len; i++)
        take_fulfilment(records->pdata[i], &all, NULL);
    for (size_t i = 0; i < tk_program_count(program); i++) {
        const TkDuty *duty = tk_program_duty(program, i);
        count(sum, duty, json_object_get(by_obligation, duty->id));
    }
}

static json_t *duty_view(const TkDuty *duty, const json_t *records, GError **error)
{
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, 1u << 20);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_law_duty_json(duty, &w);
    tk_json_end_object(&w);
    json_t *view = tk_program_tree(&buf, error);
    if (view != NULL)
        json_object_set_new(view, "fulfilment",
                            records == NULL ? json_array() : json_incref((json_t *)records));
    return view;
}

/* [obligation…] with what people recorded; *sum counts. */
static json_t *duties_view(TkApp *app, const TkProgram *program, TkProgramSummary *sum, GError **error)
{
    g_autoptr(json_t) by_obligation = json_object();
    Fulfilments all = {by_obligation, tk_date_of_time(tk_app_now(app))};
    if (!tk_program_each(app, "obligations", take_fulfilment, &all, error))
        return NULL;
    take_filed_rules(app, &all);
    json_t *list = json_array();
    for (size_t i = 0; i < tk_program_count(program); i++) {
        const TkDuty *duty = tk_program_duty(program, i);
        const json_t *records = json_object_get(by_obligation, duty->id);
        json_t *view = duty_view(duty, records, error);
        if (view == NULL) {
            json_decref(list);
            return NULL;
        }
        count(sum, duty, records);
        json_array_append_new(list, view);
    }
    return list;
}

static json_t *summary_view(const TkProgramSummary *sum)
{
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "applies", sum->applies, "fulfilled",
                     sum->fulfilled, "open", sum->open, "overdue", sum->overdue, "unassigned",
                     sum->unassigned, "cannot_tell", sum->cannot_tell, "voluntary", sum->voluntary,
                     "does_not_apply", sum->does_not);
}

static TkDate day_or_today(TkApp *app, TkDate date)
{
    return date == TK_DATE_NONE ? tk_date_of_time(tk_app_now(app)) : date;
}

GBytes *tk_service_program(TkApp *app, const TkActor *actor, TkDate date, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) findings = json_array();
    g_autoptr(json_t) document = tk_program_document(app, findings, error);
    g_autoptr(TkProfile) profile =
        document == NULL ? NULL : tk_profile_of(app->law, "profile", document, error);
    g_autoptr(TkProgram) program =
        profile == NULL ? NULL : tk_law_obligations(app->law, profile, day_or_today(app, date), error);
    TkProgramSummary sum = {0};
    g_autoptr(json_t) duties = program == NULL ? NULL : duties_view(app, program, &sum, error);
    if (duties == NULL)
        return NULL;
    g_autoptr(json_t) out =
        json_pack("{s:o, s:O, s:O, s:o, s:O, s:b}", "date", tk_program_date_json(tk_program_date(program)),
                  "profile", document, "findings", findings, "summary", summary_view(&sum), "obligations",
                  duties, "synthetic", app->synthetic);
    return tk_json_bytes(out);
}

GBytes *tk_service_program_facts(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, ANSWER_MAX);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_json_key(&w, "items");
    tk_law_profile_facts_json(app->law, &w);
    tk_json_end_object(&w);
    return g_bytes_new(buf.data, buf.len);
}

/* ---- what if ---- */

static bool read_date(const json_t *request, const char *field, TkDate *date, GError **error)
{
    const json_t *in = json_object_get(request, field);
    if (in == NULL || json_is_null(in))
        return true;
    if (json_is_string(in) && tk_date_parse(json_string_value(in), json_string_length(in), date, NULL))
        return true;
    return tk_fail(error, TK_ERROR_INPUT, "%s: a day like 2026-04-01 is needed", field);
}

/* The carrier's profile with what the question changes; new reference. */
static json_t *changed_document(const json_t *base, const json_t *request, GError **error)
{
    static const char *const known[] = {"date", "compare_date", "facts", "services", "profile", NULL};
    const json_t *facts = json_object_get(request, "facts"), *services = json_object_get(request, "services"),
                 *whole = json_object_get(request, "profile");
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)request, key, value) if (!g_strv_contains(known, key))
    {
        tk_fail(error, TK_ERROR_INPUT,
                "%.40s: a question has date, compare_date, facts, services and profile", key);
        return NULL;
    }
    json_t *out = json_deep_copy(json_is_object(whole) ? whole : base);
    if (facts != NULL && (!json_is_object(facts) || json_object_get(out, "facts") == NULL)) {
        json_decref(out);
        tk_fail(error, TK_ERROR_INPUT, "facts: an object fact → value is needed");
        return NULL;
    }
    if (facts != NULL)
        json_object_update(json_object_get(out, "facts"), (json_t *)facts);
    if (services != NULL)
        json_object_set(out, "services", (json_t *)services);
    return out;
}

static json_t *diff_view(const TkProgram *before, const TkProgram *after, GError **error)
{
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, ANSWER_MAX);
    TkJson w = tk_json_to(&buf);
    tk_law_program_diff_json(before, after, &w);
    return tk_program_tree(&buf, error);
}

GBytes *tk_service_program_what_if(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    TkDate today = tk_date_of_time(tk_app_now(app)), date = today, then = TK_DATE_NONE;
    if (!tk_service_may(actor, TK_MAY_READ, error) || !read_date(request, "date", &date, error) ||
        !read_date(request, "compare_date", &then, error))
        return NULL;
    g_autoptr(json_t) base = tk_program_document(app, NULL, error);
    g_autoptr(json_t) changed = base == NULL ? NULL : changed_document(base, request, error);
    g_autoptr(TkProfile) profile = changed == NULL ? NULL : tk_profile_of(app->law, "profile", base, error);
    g_autoptr(TkProfile) other = profile == NULL ? NULL : tk_profile_of(app->law, "what-if", changed, error);
    if (other == NULL)
        return NULL;
    if (then == TK_DATE_NONE)
        then = json_object_get(request, "facts") == NULL && json_object_get(request, "services") == NULL &&
                       json_object_get(request, "profile") == NULL
                   ? today
                   : date;
    g_autoptr(TkProgram) before = tk_law_obligations(app->law, profile, then, error);
    g_autoptr(TkProgram) after = before == NULL ? NULL : tk_law_obligations(app->law, other, date, error);
    g_autoptr(json_t) changes = after == NULL ? NULL : diff_view(before, after, error);
    TkProgramSummary sum = {0};
    g_autoptr(json_t) duties = changes == NULL ? NULL : duties_view(app, after, &sum, error);
    if (duties == NULL)
        return NULL;
    g_autoptr(json_t) out =
        json_pack("{s:{s:o}, s:{s:o, s:O}, s:O, s:o, s:O}", "before", "date", tk_program_date_json(then),
                  "after", "date", tk_program_date_json(date), "profile", changed, "changes", changes,
                  "summary", summary_view(&sum), "obligations", duties);
    return tk_json_bytes(out);
}

/* Near misses (おそれ事態, 施行規則58条の2) and leaks (法28条1項2号イ・ロ): opened by hand, judged by the
 * law of their day each time they are read, reported on the forms of 57条. A case is a document in the
 * store; there are few of them, so that only their open deadlines are kept in memory, for the board. */
#include "service/cases.h"

static bool known_kind(const char *kind, GError **error)
{
    if (g_strcmp0(kind, TK_KIND_NEAR_MISS) == 0 || g_strcmp0(kind, TK_KIND_LEAK) == 0)
        return true;
    return tk_fail_both(error, TK_ERROR_INPUT,
                        "種類「%.20s」は near-miss（おそれ事態）でも leak（漏えい）でもありません。",
                        "kind: “%.20s” is neither near-miss nor leak", kind == NULL ? "" : kind);
}

/* Ids tell the kind: N2026-0001, L2026-0001. */
static const char *kind_of_id(const char *id, GError **error)
{
    if (id[0] == 'N' || id[0] == 'L')
        return id[0] == 'N' ? TK_KIND_NEAR_MISS : TK_KIND_LEAK;
    tk_fail_both(error, TK_ERROR_NOT_FOUND,
                 "おそれ事態・漏えい「%.40s」は見つかりません。番号を確かめてください。",
                 "there is no near miss or leak “%.40s”", id);
    return NULL;
}

/* ---- views ---- */

static void add_verdict(json_t *view, const TkVerdict *verdict)
{
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, 1u << 20);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_law_verdict_json(verdict, TK_LANG_JA, &w);
    tk_json_key(&w, "why_en");
    tk_law_why_json(verdict, TK_LANG_EN, &w);
    tk_json_key(&w, "conditions");
    tk_law_conditions_json(verdict, &w);
    tk_json_end_object(&w);
    g_autoptr(json_t) parsed = tk_json_read("verdict", tk_buf_str(&buf), buf.len, 1u << 20, NULL);
    if (parsed != NULL)
        json_object_update(view, parsed);
}

static json_t *or_empty_list(const json_t *value)
{
    return value == NULL ? json_array() : json_incref((json_t *)value);
}

json_t *tk_case_view(const TkApp *app, const char *kind, const TkRecord *record, int64_t now_us)
{
    json_t *view = json_deep_copy(record->body);
    json_t *deadlines = NULL;
    TkVerdict verdict;
    GError *error = NULL;
    if (tk_case_judge(app, kind, record->body, &verdict, &error)) {
        add_verdict(view, &verdict);
        deadlines = tk_case_deadlines(app, record->body, &verdict, now_us);
    } else {
        json_object_set_new(view, "outcome", json_string("undetermined"));
        json_object_set_new(view, "why", json_pack("[s]", error->message));
        g_error_free(error);
    }
    json_t *law_version = json_object_get(view, "version"); /* the verdict's own, a date */
    if (law_version != NULL)
        json_object_set(view, "law_version", law_version);
    json_object_set_new(view, "version", json_integer((json_int_t)record->version));
    json_object_set_new(view, "deadlines", deadlines == NULL ? json_array() : deadlines);
    json_object_set_new(view, "reports", tk_reports_shown(json_object_get(record->body, "reports")));
    json_object_set_new(view, "history", or_empty_list(json_object_get(record->body, "history")));
    json_object_del(view, "done"); /* the deadlines say it */
    json_object_set_new(view, "synthetic", json_boolean(app->synthetic));
    return view;
}

typedef struct {
    const TkApp *app;
    const char *kind;
    json_t *items;
    int64_t now_us;
} Listing;

static bool list_one(const TkRecord *record, void *data)
{
    Listing *listing = data;
    json_array_append_new(listing->items, tk_case_view(listing->app, listing->kind, record, listing->now_us));
    return true;
}

GBytes *tk_service_cases(TkApp *app, const TkActor *actor, const char *kind, const TkPage *page,
                         GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error) || !known_kind(kind, error))
        return NULL;
    g_autoptr(json_t) items = json_array();
    Listing listing = {app, kind, items, tk_app_now(app)};
    TkQuery query = {.kind = kind, .limit = TK_STORE_LIMIT_MAX, .descending = true};
    if (!tk_store_list(app->store, &query, list_one, &listing, NULL, error))
        return NULL;
    g_autoptr(json_t) out = tk_page_of(g_steal_pointer(&items), "id", true, page, error);
    return out == NULL ? NULL : tk_json_bytes(out);
}

TkRecord *tk_case_get(TkApp *app, const char *id, const char **kind, GError **error)
{
    *kind = kind_of_id(id, error);
    return *kind == NULL ? NULL : tk_store_get(app->store, *kind, id, TK_TIME_NONE, error);
}

GBytes *tk_service_case(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    const char *kind;
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRecord) record = tk_case_get(app, id, &kind, error);
    if (record == NULL)
        return NULL;
    g_autoptr(json_t) view = tk_case_view(app, kind, record, tk_app_now(app));
    return tk_json_bytes(view);
}

/* ---- writing ---- */

void tk_case_note(json_t *document, const TkActor *actor, int64_t now_us, int64_t version, const char *action,
                  const char *ja, const char *en)
{
    json_t *history = json_object_get(document, "history");
    if (json_array_size(history) < TK_INCIDENT_HISTORY_MAX)
        json_array_append_new(history, json_pack("{s:I, s:o, s:s, s:s, s:o}", "version", (json_int_t)version,
                                                 "at", tk_json_of_time(now_us), "who", actor->id, "action",
                                                 action, "text", tk_text2(ja, en)));
}

bool tk_case_save(TkApp *app, TkWrite *write, const char *kind, int64_t expected_version, const char *action,
                  const json_t *document, GError **error)
{
    const char *id = json_string_value(json_object_get(document, "id"));
    tk_write_put(write, kind, id, expected_version, action, document);
    if (!tk_store_commit(app->store, write, NULL, error))
        return false;
    tk_case_index(app, kind, document);
    return true;
}

/* Facts the law cannot take are refused at once. */
static bool judge_and_save(TkApp *app, const TkActor *actor, const char *kind, int64_t expected_version,
                           const char *action, const json_t *document, GError **error)
{
    TkVerdict verdict;
    return tk_case_judge(app, kind, document, &verdict, error) &&
           tk_case_save(app, tk_write_new(actor->id, tk_app_now(app)), kind, expected_version, action,
                        document, error);
}

static void next_id(TkApp *app, const char *kind, int64_t started_at, char id[TK_INCIDENT_ID_MAX])
{
    int year, month, day;
    tk_date_split(tk_date_of_time(started_at), &year, &month, &day);
    for (unsigned number = 1;; number++) { /* few a year; an id once given is never given again */
        g_snprintf(id, TK_INCIDENT_ID_MAX, "%c%d-%04u", tk_case_is_leak(kind) ? 'L' : 'N', year, number);
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
    if (!tk_case_take(kind, document, (json_t *)request, error) ||
        !tk_case_times(document, &occurred, &known, error))
        return NULL;
    if (known == TK_TIME_NONE)
        json_object_set_new(document, "known_at", tk_json_of_time(now_us));
    tk_case_note(document, actor, now_us, 1, "open", "登録", "opened");
    char id[TK_INCIDENT_ID_MAX];
    g_mutex_lock(&app->change_lock); /* two at once must not take one id */
    next_id(app, kind, occurred, id);
    json_object_set_new(document, "id", json_string(id));
    bool done = judge_and_save(app, actor, kind, TK_STORE_NEW, "open", document, error);
    g_mutex_unlock(&app->change_lock);
    return done ? tk_service_case(app, actor, id, error) : NULL;
}

GBytes *tk_service_case_edit(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                             GError **error)
{
    const char *kind;
    if (!tk_service_may(actor, TK_MAY_HANDLE_ACCIDENT, error))
        return NULL;
    g_autoptr(TkRecord) record = tk_case_get(app, id, &kind, error);
    if (record == NULL || !tk_request_version(request, (uint32_t)record->version, error))
        return NULL;
    if (tk_case_is_closed(record->body)) {
        tk_fail_both(error, TK_ERROR_CONFLICT, "%s は終了しています。変更する前に再開してください。",
                     "%s is closed; reopen it before it is changed", id);
        return NULL;
    }
    json_t *fields = json_object_get(request, "fields");
    if (!json_is_object(fields)) {
        tk_fail_both(error, TK_ERROR_INPUT, "変更する項目（fields）がありません。",
                     "fields: missing; an object of values");
        return NULL;
    }
    g_autoptr(json_t) document = json_deep_copy(record->body);
    if (!tk_case_take(kind, document, fields, error))
        return NULL;
    tk_case_note(document, actor, tk_app_now(app), record->version + 1, "edit", "修正", "edited");
    g_mutex_lock(&app->change_lock); /* the table of deadlines follows the commits in their order */
    bool done = judge_and_save(app, actor, kind, record->version, "edit", document, error);
    g_mutex_unlock(&app->change_lock);
    return done ? tk_service_case(app, actor, id, error) : NULL;
}

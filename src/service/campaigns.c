/* Campaigns: made, looked at, closed. */
#include "service/campaigns_private.h"

#include "service/notify_private.h"

static const char *const kinds[] = {"self-inspection", "audit", "survey"};

/* ---- what all files of campaigns use ---- */

TkRecord *tk_campaign_get(TkApp *app, const char *id, GError **error)
{
    return tk_store_get(app->store, TK_KIND_CAMPAIGN, id, TK_TIME_NONE, error);
}

static bool never(const TkRecord *record, gpointer data)
{
    (void)record;
    (void)data;
    return false;
}

char *tk_campaign_next_id(TkApp *app, const char *kind, const char *prefix)
{
    uint64_t last = 0;
    TkQuery query = {.kind = kind, .limit = 1};
    tk_store_list(app->store, &query, never, NULL, &last, NULL);
    for (;;) {
        char *id = g_strdup_printf("%s-%04" G_GUINT64_FORMAT, prefix, ++last);
        if (!tk_store_history(app->store, kind, id, never, NULL, NULL))
            return id;
        g_free(id);
    }
}

bool tk_campaign_each(TkApp *app, const char *kind, const char *campaign, TkRecordFn each, gpointer data,
                      GError **error)
{
    const TkFilter filter = {.pointer = "/campaign", .op = TK_FILTER_EQ, .text = campaign};
    TkQuery query = {.kind = kind, .filters = &filter, .filter_count = 1, .limit = TK_CAMPAIGN_FINDINGS_MAX};
    return tk_store_index(app->store, kind, "/campaign", error) &&
           tk_store_list(app->store, &query, each, data, NULL, error);
}

static TkDate day_of(const json_t *object, const char *key)
{
    const char *text = tk_text_at(object, key);
    TkDate day = TK_DATE_NONE;
    return text != NULL && tk_date_parse(text, strlen(text), &day, NULL) ? day : TK_DATE_NONE;
}

bool tk_campaign_is_on(TkApp *app, const json_t *campaign, GError **error)
{
    TkDate today = tk_date_of_time(tk_app_now(app)), from = day_of(campaign, "from"),
           to = day_of(campaign, "to");
    if (g_strcmp0(tk_text_at(campaign, "state"), "open") != 0)
        return tk_fail_both(error, TK_ERROR_CONFLICT, "この点検・調査は終了しています。",
                            "this campaign is closed");
    if (from != TK_DATE_NONE && today < from)
        return tk_fail_both(error, TK_ERROR_CONFLICT, "回答の期間は %s からです。",
                            "answers are taken from %s on", tk_text_at(campaign, "from"));
    return to == TK_DATE_NONE || today <= to ||
           tk_fail_both(error, TK_ERROR_CONFLICT, "回答の期間は %s で終わりました。",
                        "answers were taken until %s", tk_text_at(campaign, "to"));
}

bool tk_campaign_version(const TkRecord *record, const json_t *request, GError **error)
{
    const json_t *version = json_object_get(request, "version");
    if (!json_is_integer(version))
        return tk_fail_both(error, TK_ERROR_NO_VERSION, "読んだ版（version）を付けて送ってください。",
                            "version: say which version was read");
    if (json_integer_value(version) == record->version)
        return true;
    return tk_fail_both(error, TK_ERROR_STALE,
                        "ほかで先に変更されました（現在は版 %d）。読み直してください。",
                        "version: it is at version %d by now; read it again", (int)record->version);
}

const char *tk_campaign_text(const json_t *request, const char *field, size_t max, bool required,
                             GError **error)
{
    const json_t *value = json_object_get(request, field);
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    bool missing = value == NULL || json_is_null(value) || (text != NULL && len == 0);
    if (missing && !required)
        return "";
    bool fine = text != NULL && len > 0 && len <= max && strlen(text) == len;
    for (size_t i = 0; fine && i < len; i++)
        fine = (unsigned char)text[i] >= 0x20 || text[i] == '\n';
    if (fine)
        return text;
    tk_fail_both(error, TK_ERROR_INPUT, "「%s」は 1〜%zu バイトの文です。",
                 "%s: a text of 1 to %zu bytes is needed", field, max);
    tk_error_at(error, field);
    return NULL;
}

/* ---- progress ---- */

typedef struct {
    json_int_t total, submitted, draft, invited, revoked;
} Progress;

static bool count(const TkRecord *record, gpointer data)
{
    Progress *p = data;
    const char *state = tk_text_at(record->body, "state");
    p->submitted += g_strcmp0(state, "submitted") == 0;
    p->draft += g_strcmp0(state, "draft") == 0;
    p->invited += g_strcmp0(state, "invited") == 0;
    p->revoked += g_strcmp0(state, "revoked") == 0;
    p->total += g_strcmp0(state, "revoked") != 0;
    return true;
}

/* {"id","version",…its fields,"progress"}; new reference. */
static json_t *head_view(TkApp *app, const TkRecord *record, GError **error)
{
    Progress p = {0};
    if (!tk_campaign_each(app, TK_KIND_SHEET, record->id, count, &p, error))
        return NULL;
    json_t *view = json_copy(record->body);
    TkDate to = day_of(record->body, "to");
    bool open = g_strcmp0(tk_text_at(record->body, "state"), "open") == 0;
    json_object_set_new(view, "id", json_string(record->id));
    json_object_set_new(view, "version", json_integer((json_int_t)record->version));
    json_object_set_new(view, "overdue",
                        json_boolean(open && to != TK_DATE_NONE && to < tk_date_of_time(tk_app_now(app)) &&
                                     p.submitted < p.total));
    json_object_set_new(view, "progress",
                        json_pack("{s:I, s:I, s:I, s:I, s:I}", "total", p.total, "submitted", p.submitted,
                                  "draft", p.draft, "invited", p.invited, "revoked", p.revoked));
    return view;
}

/* ---- lists ---- */

GBytes *tk_service_campaigns(TkApp *app, const TkActor *actor, GError **error)
{
    TkQuery query = {.kind = TK_KIND_CAMPAIGN, .limit = 1000, .descending = true};
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)tk_record_free);
    g_autoptr(json_t) items = json_array();
    if (!tk_service_may(actor, TK_MAY_READ, error) ||
        !tk_store_list(app->store, &query, tk_record_keep, all, NULL, error))
        return NULL;
    for (guint i = 0; i < all->len; i++) {
        json_t *view = head_view(app, all->pdata[i], error);
        if (view == NULL)
            return NULL;
        json_array_append_new(items, view);
    }
    g_autoptr(json_t) out =
        json_pack("{s:I, s:O, s:b, s:b}", "total", (json_int_t)json_array_size(items), "items", items,
                  "may_run", tk_service_may(actor, TK_MAY_RUN_PROGRAM, NULL), "synthetic", app->synthetic);
    return tk_json_bytes(out);
}

static bool take_open(const TkRecord *record, gpointer data)
{
    if (g_strcmp0(tk_text_at(record->body, "state"), "open") == 0)
        json_array_append_new(data, json_pack("{s:s, s:O, s:O}", "id", record->id, "title",
                                              json_object_get(record->body, "title"), "to",
                                              json_object_get(record->body, "to")));
    return true;
}

json_t *tk_campaigns_open(TkApp *app, GError **error)
{
    TkQuery query = {.kind = TK_KIND_CAMPAIGN, .limit = 1000, .descending = true};
    g_autoptr(json_t) list = json_array();
    return tk_store_list(app->store, &query, take_open, list, NULL, error) ? g_steal_pointer(&list) : NULL;
}

/* ---- one, whole ---- */

typedef struct {
    const TkQuestionnaire *q;
    json_t *list;
} Sheets;

static bool take_sheet(const TkRecord *record, gpointer data)
{
    Sheets *sheets = data;
    json_array_append_new(sheets->list, tk_sheet_view(sheets->q, record));
    return true;
}

static json_t *whole_view(TkApp *app, const TkActor *actor, const TkRecord *record, const TkQuestionnaire *q,
                          GError **error)
{
    g_autoptr(json_t) list = json_array();
    Sheets sheets = {q, list};
    g_autoptr(json_t) view = head_view(app, record, error);
    if (view == NULL || !tk_campaign_each(app, TK_KIND_SHEET, record->id, take_sheet, &sheets, error))
        return NULL;
    g_autoptr(json_t) results = tk_campaign_results(app, record->id, q, error);
    g_autoptr(json_t) comparison = results == NULL ? NULL : tk_campaign_comparison(app, record, NULL, error);
    g_autoptr(json_t) findings =
        comparison == NULL
            ? NULL
            : tk_campaign_findings(app, record->id, tk_text_at(record->body, "owner"), actor, error);
    if (findings == NULL)
        return NULL;
    json_object_set(view, "document", (json_t *)tk_questionnaire_document(q));
    json_object_set(view, "respondents", list);
    json_object_set(view, "results", results);
    json_object_set(view, "comparison", comparison);
    json_object_set(view, "findings", findings);
    json_object_set_new(view, "may_run", json_boolean(tk_service_may(actor, TK_MAY_RUN_PROGRAM, NULL)));
    json_object_set_new(view, "mail", json_boolean(tk_notify_can_mail(app)));
    json_object_set_new(view, "synthetic", json_boolean(app->synthetic));
    return g_steal_pointer(&view);
}

GBytes *tk_service_campaign(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRecord) record = tk_campaign_get(app, id, error);
    g_autoptr(TkQuestionnaire) q = record == NULL ? NULL : tk_questionnaire_frozen(app, record->body, error);
    g_autoptr(json_t) view = q == NULL ? NULL : whole_view(app, actor, record, q, error);
    return view == NULL ? NULL : tk_json_bytes(view);
}

/* ---- making ---- */

static const char *request_day(const json_t *request, const char *field, GError **error)
{
    const char *text = tk_campaign_text(request, field, 10, true, error);
    TkDate day;
    if (text == NULL || tk_date_parse(text, strlen(text), &day, error))
        return text;
    tk_error_at(error, field);
    return NULL;
}

static bool in_order(const char *from, const char *to, GError **error)
{
    return strcmp(from, to) <= 0 ||
           tk_fail_both(error, TK_ERROR_INPUT, "期限が始まりより前です。", "to: it ends before it begins");
}

/* The body of a new campaign; the questionnaire's bytes go into the write. New reference. */
static json_t *new_body(TkApp *app, const TkActor *actor, const json_t *request, TkWrite *write,
                        GError **error)
{
    char hash[TK_STORE_HASH_TEXT_MAX];
    int64_t version;
    const char *title = tk_campaign_text(request, "title", 300, true, error);
    const char *kind = title == NULL ? NULL : tk_campaign_text(request, "kind", 40, true, error);
    const char *id = kind == NULL ? NULL : tk_campaign_text(request, "questionnaire", 40, true, error);
    const char *from = id == NULL ? NULL : request_day(request, "from", error);
    const char *to = from == NULL ? NULL : request_day(request, "to", error);
    const char *note = to == NULL ? NULL : tk_campaign_text(request, "note", 4000, false, error);
    bool known = false;
    for (size_t i = 0; kind != NULL && i < G_N_ELEMENTS(kinds); i++)
        known |= strcmp(kinds[i], kind) == 0;
    if (note == NULL || !in_order(from, to, error))
        return NULL;
    if (!known) {
        tk_fail(error, TK_ERROR_INPUT, "kind: self-inspection, audit or survey");
        return NULL;
    }
    g_autoptr(TkQuestionnaire) q = tk_questionnaire_now(app, id, &version, error);
    if (q == NULL)
        return NULL;
    g_autoptr(GBytes) bytes = tk_json_bytes(tk_questionnaire_document(q));
    tk_write_blob(write, bytes, hash);
    return json_pack("{s:s, s:s, s:{s:s, s:I, s:s, s:O}, s:s, s:s, s:s, s:s, s:s, s:o, s:i}", "title", title,
                     "kind", kind, "questionnaire", "id", id, "version", (json_int_t)version, "sha256", hash,
                     "title", json_object_get(tk_questionnaire_document(q), "title"), "from", from, "to", to,
                     "state", "open", "owner", actor->id, "note", note, "created_at",
                     tk_json_of_time(tk_app_now(app)), "sheets", 0);
}

static char *add_locked(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    g_autofree char *id = tk_campaign_next_id(app, TK_KIND_CAMPAIGN, "CAM");
    TkWrite *write = tk_write_new(actor->id, tk_app_now(app));
    g_autoptr(json_t) body = new_body(app, actor, request, write, error);
    if (body == NULL) {
        tk_write_free(write);
        return NULL;
    }
    tk_write_put(write, TK_KIND_CAMPAIGN, id, TK_STORE_NEW, "open", body);
    return tk_store_commit(app->store, write, NULL, error) ? g_steal_pointer(&id) : NULL;
}

GBytes *tk_service_campaign_add(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_RUN_PROGRAM, error))
        return NULL;
    g_mutex_lock(&app->change_lock);
    g_autofree char *id = add_locked(app, actor, request, error);
    g_mutex_unlock(&app->change_lock);
    return id == NULL ? NULL : tk_service_campaign(app, actor, id, error);
}

/* ---- changing ---- */

static bool edit(json_t *body, const json_t *request, GError **error)
{
    const char *title = tk_campaign_text(request, "title", 300, false, error);
    const char *to = title == NULL ? NULL : tk_campaign_text(request, "to", 10, false, error);
    const char *note = to == NULL ? NULL : tk_campaign_text(request, "note", 4000, false, error);
    TkDate day;
    if (note == NULL)
        return false;
    if (*to != '\0' &&
        (!tk_date_parse(to, strlen(to), &day, error) || !in_order(tk_text_at(body, "from"), to, error)))
        return false;
    if (*title != '\0')
        json_object_set_new(body, "title", json_string(title));
    if (*to != '\0')
        json_object_set_new(body, "to", json_string(to));
    if (json_object_get(request, "note") != NULL)
        json_object_set_new(body, "note", json_string(note));
    return true;
}

static bool apply(TkApp *app, json_t *body, const char *action, const json_t *request, GError **error)
{
    bool open = g_strcmp0(tk_text_at(body, "state"), "open") == 0;
    if (g_strcmp0(action, "edit") == 0)
        return edit(body, request, error);
    if (g_strcmp0(action, "close") == 0 && open) {
        json_object_set_new(body, "closed_at", tk_json_of_time(tk_app_now(app)));
        return json_object_set_new(body, "state", json_string("closed")) == 0;
    }
    if (g_strcmp0(action, "reopen") == 0 && !open) {
        json_object_del(body, "closed_at");
        return json_object_set_new(body, "state", json_string("open")) == 0;
    }
    return tk_fail_both(error, TK_ERROR_CONFLICT, "いまの状態ではこの操作はできません。",
                        "action: edit, close or reopen, as far as its state allows");
}

static bool act_locked(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                       GError **error)
{
    const char *action = tk_campaign_text(request, "action", 20, true, error);
    g_autoptr(TkRecord) record = action == NULL ? NULL : tk_campaign_get(app, id, error);
    if (record == NULL || !tk_campaign_version(record, request, error))
        return false;
    g_autoptr(json_t) body = json_deep_copy(record->body);
    if (!apply(app, body, action, request, error))
        return false;
    TkWrite *write = tk_write_new(actor->id, tk_app_now(app));
    tk_write_put(write, TK_KIND_CAMPAIGN, id, record->version, action, body);
    return tk_store_commit(app->store, write, NULL, error);
}

GBytes *tk_service_campaign_act(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                                GError **error)
{
    if (!tk_service_may(actor, TK_MAY_RUN_PROGRAM, error))
        return NULL;
    g_mutex_lock(&app->change_lock);
    bool done = act_locked(app, actor, id, request, error);
    g_mutex_unlock(&app->change_lock);
    return done ? tk_service_campaign(app, actor, id, error) : NULL;
}

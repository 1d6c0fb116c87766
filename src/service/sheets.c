/* Respondents from the side of whoever runs the campaign: invited, renewed, revoked, reminded, looked at. */
#include "service/campaigns_private.h"

#include "service/act.h"
#include "service/notify_private.h"

#define NAME_MAX_BYTES  200
#define EMAIL_MAX_BYTES 254
#define TRACE_MAX       200

/* ---- one sheet ---- */

TkRecord *tk_sheet_get(TkApp *app, const char *campaign, const char *sheet, GError **error)
{
    g_autoptr(TkRecord) record = tk_store_get(app->store, TK_KIND_SHEET, sheet, TK_TIME_NONE, error);
    if (record == NULL || g_strcmp0(tk_text_at(record->body, "campaign"), campaign) == 0)
        return g_steal_pointer(&record);
    tk_fail(error, TK_ERROR_NOT_FOUND, "%.60s is no sheet of %.60s", sheet, campaign);
    return NULL;
}

void tk_sheet_write(TkWrite *write, const TkRecord *record, const char *action, const json_t *body)
{
    static const char *const personal[] = {"/name", "/email", "/trace"};
    tk_write_put(write, TK_KIND_SHEET, record->id, record->version, action, body);
    for (size_t i = 0; i < G_N_ELEMENTS(personal); i++)
        tk_write_mark_personal(write, personal[i]);
}

void tk_sheet_trace(json_t *body, int64_t now_us, const char *what, const char *who, const char *to,
                    const char *note)
{
    json_t *trace = json_object_get(body, "trace");
    if (!json_is_array(trace)) {
        trace = json_array();
        json_object_set_new(body, "trace", trace);
    }
    if (json_array_size(trace) < TRACE_MAX)
        json_array_append_new(trace, json_pack("{s:o, s:s, s:s*, s:s*, s:s*}", "at", tk_json_of_time(now_us),
                                               "what", what, "who", who, "to", to, "note", note));
}

json_t *tk_sheet_files(const json_t *body)
{
    json_t *counts = json_object(), *file;
    size_t i;
    json_array_foreach(json_object_get(body, "evidence"), i, file)
    {
        const char *question = tk_text_at(file, "question");
        json_object_set_new(counts, question,
                            json_integer(json_integer_value(json_object_get(counts, question)) + 1));
    }
    return counts;
}

json_t *tk_sheet_view(const TkQuestionnaire *q, const TkRecord *record)
{
    static const char *const fields[] = {"name",     "department",   "email",   "state",
                                         "saved_at", "submitted_at", "receipt", "trace"};
    const json_t *answers = json_object_get(record->body, "answers");
    json_int_t answered = 0;
    for (size_t i = 0; i < tk_questionnaire_count(q); i++)
        answered += tk_sheet_answered(answers, tk_questionnaire_at(q, i)->id);
    json_t *view =
        json_pack("{s:s, s:I, s:I, s:I, s:I}", "sheet", record->id, "version", (json_int_t)record->version,
                  "answered", answered, "questions", (json_int_t)tk_questionnaire_count(q), "files",
                  (json_int_t)json_array_size(json_object_get(record->body, "evidence")));
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        json_t *value = json_object_get(record->body, fields[i]);
        json_object_set_new(view, fields[i], value == NULL ? json_null() : json_incref(value));
    }
    return view;
}

GBytes *tk_service_sheet(TkApp *app, const TkActor *actor, const char *id, const char *sheet, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRecord) campaign = tk_campaign_get(app, id, error);
    g_autoptr(TkRecord) record = campaign == NULL ? NULL : tk_sheet_get(app, id, sheet, error);
    g_autoptr(TkQuestionnaire) q =
        record == NULL ? NULL : tk_questionnaire_frozen(app, campaign->body, error);
    if (q == NULL)
        return NULL;
    g_autoptr(json_t) view = tk_sheet_view(q, record);
    json_object_set(view, "answers", json_object_get(record->body, "answers"));
    json_object_set(view, "evidence", json_object_get(record->body, "evidence"));
    json_object_set_new(view, "scores", tk_sheet_scores(q, json_object_get(record->body, "answers")));
    json_object_set(view, "document", (json_t *)tk_questionnaire_document(q));
    json_object_set_new(view, "campaign",
                        json_pack("{s:s, s:O}", "id", id, "title", json_object_get(campaign->body, "title")));
    return tk_json_bytes(view);
}

/* ---- evidence ---- */

typedef struct {
    const char *hash;
    char *name;
} Wanted;

static bool find_file(const TkRecord *record, gpointer data)
{
    Wanted *wanted = data;
    size_t i;
    json_t *file;
    json_array_foreach(json_object_get(record->body, "evidence"), i, file)
    {
        if (wanted->name == NULL && g_strcmp0(tk_text_at(file, "sha256"), wanted->hash) == 0)
            wanted->name = g_strdup(tk_text_at(file, "name"));
    }
    return wanted->name == NULL;
}

bool tk_service_sheet_evidence(TkApp *app, const TkActor *actor, const char *id, const char *hash,
                               TkServiceFile *file, GError **error)
{
    Wanted wanted = {.hash = hash};
    if (!tk_service_may(actor, TK_MAY_READ, error) ||
        !tk_campaign_each(app, TK_KIND_SHEET, id, find_file, &wanted, error))
        return false;
    if (wanted.name == NULL)
        return tk_fail(error, TK_ERROR_NOT_FOUND, "no sheet of %.60s has a file with that hash", id);
    file->bytes = tk_store_blob(app->store, hash, error);
    file->content_type = "application/octet-stream";
    file->filename = wanted.name;
    return file->bytes != NULL;
}

/* ---- links ---- */

bool tk_sheet_mail(TkApp *app, const json_t *campaign, const char *to, const char *name, const char *token,
                   const char *base)
{
    if (to == NULL || *to == '\0' || base == NULL || !tk_notify_can_mail(app))
        return false;
    const char *title = tk_text_at(campaign, "title"), *last = tk_text_at(campaign, "to");
    g_autofree char *subject = g_strdup_printf("[回答のお願い %s] %.150s", last, title);
    g_autofree char *text = g_strdup_printf(
        "%s 様\r\n\r\n%s への回答をお願いします。期限: %s\r\nA questionnaire waits for your answers until "
        "%s.\r\n\r\n"
        "%s/"
        "answer#%"
        "s\r\n\r\nこのリンクはあなた専用です。他の人に渡さず、代わりの人に頼むときは頁の「委任」を使ってくだ"
        "さい。\r\n"
        "The link is yours alone; to have somebody else answer, use “Delegate” on the page.\r\n",
        name, title, last, last, base, token);
    GError *error = NULL;
    bool sent = tk_notify_one_mail(app, to, subject, text, &error);
    if (!sent)
        g_warning("a respondent could not be mailed: %s",
                  error->message); /* says the server's words, no link */
    g_clear_error(&error);
    return sent;
}

static bool is_address(const char *email)
{
    const char *at = strchr(email, '@');
    return at != NULL && at != email && at[1] != '\0' && strpbrk(email, " \r\n<>,;\"") == NULL;
}

/* The body of a new sheet; NULL and *error where the request's entry is unusable. */
static json_t *new_sheet(const char *campaign, const json_t *person, const char *hash, GError **error)
{
    const char *name = tk_campaign_text(person, "name", NAME_MAX_BYTES, true, error);
    const char *department =
        name == NULL ? NULL : tk_campaign_text(person, "department", NAME_MAX_BYTES, false, error);
    const char *email =
        department == NULL ? NULL : tk_campaign_text(person, "email", EMAIL_MAX_BYTES, false, error);
    if (email == NULL)
        return NULL;
    if (*email != '\0' && !is_address(email)) {
        tk_fail_both(error, TK_ERROR_INPUT, "電子メールの宛先が正しくありません。", "email: not an address");
        tk_error_at(error, "email");
        return NULL;
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:{}, s:[], s:[], s:i}", "campaign", campaign, "name",
                     name, "department", department, "email", email, "state", "invited", "token", hash,
                     "answers", "evidence", "trace", "saves", 0);
}

/* Adds one to the write; its link to `links`. */
static bool invite_one(TkApp *app, const TkActor *actor, const TkRecord *campaign, json_t *body,
                       const json_t *person, TkWrite *write, json_t *links, GError **error)
{
    char token[TK_SHEET_TOKEN_MAX], hash[65];
    int number = (int)json_integer_value(json_object_get(body, "sheets")) + 1;
    g_autofree char *id = g_strdup_printf("%s.%03d", campaign->id, number);
    tk_sheet_token_make(id, token, hash);
    g_autoptr(json_t) sheet = new_sheet(campaign->id, person, hash, error);
    if (sheet == NULL)
        return false;
    const TkRecord fresh = {.id = id, .version = TK_STORE_NEW};
    tk_sheet_trace(sheet, tk_app_now(app), "invited", actor->id, tk_text_at(sheet, "name"), NULL);
    tk_sheet_write(write, &fresh, "invite", sheet);
    json_object_set_new(body, "sheets", json_integer(number));
    json_array_append_new(links, json_pack("{s:s, s:O, s:O, s:s}", "sheet", id, "name",
                                           json_object_get(sheet, "name"), "email",
                                           json_object_get(sheet, "email"), "token", token));
    return true;
}

/* Under change_lock. The links; *campaign_body is a new reference. */
static json_t *invite_locked(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                             json_t **campaign_body, GError **error)
{
    const json_t *people = json_object_get(request, "respondents");
    size_t i;
    json_t *person;
    g_autoptr(TkRecord) campaign = tk_campaign_get(app, id, error);
    if (campaign == NULL)
        return NULL;
    if (g_strcmp0(tk_text_at(campaign->body, "state"), "open") != 0) {
        tk_fail_both(error, TK_ERROR_CONFLICT, "この点検・調査は終了しています。", "this campaign is closed");
        return NULL;
    }
    g_autoptr(json_t) body = json_deep_copy(campaign->body);
    size_t there = (size_t)json_integer_value(json_object_get(body, "sheets"));
    if (json_array_size(people) == 0 || there + json_array_size(people) > TK_CAMPAIGN_RESPONDENTS_MAX) {
        tk_fail(error, TK_ERROR_INPUT, "respondents: 1 to %d people in all, each {name, department, email}",
                TK_CAMPAIGN_RESPONDENTS_MAX);
        return NULL;
    }
    g_autoptr(json_t) links = json_array();
    TkWrite *write = tk_write_new(actor->id, tk_app_now(app));
    json_array_foreach(people, i, person)
    {
        if (!invite_one(app, actor, campaign, body, person, write, links, error)) {
            tk_write_free(write);
            return NULL;
        }
    }
    tk_write_put(write, TK_KIND_CAMPAIGN, id, campaign->version, "invite", body);
    if (!tk_store_commit(app->store, write, NULL, error))
        return NULL;
    *campaign_body = g_steal_pointer(&body);
    return g_steal_pointer(&links);
}

/* Mails what can be mailed, and tells the rest. Takes `links`. */
static GBytes *tell_links(TkApp *app, const json_t *campaign, json_t *links, const char *base)
{
    g_autoptr(json_t) out = json_pack("{s:o}", "links", links);
    size_t i;
    json_t *link;
    json_array_foreach(links, i, link)
    {
        bool mailed = tk_sheet_mail(app, campaign, tk_text_at(link, "email"), tk_text_at(link, "name"),
                                    tk_text_at(link, "token"), base);
        json_object_set_new(link, "mailed", json_boolean(mailed));
        json_object_del(link, "email");
    }
    return tk_json_bytes(out);
}

GBytes *tk_service_campaign_invite(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                                   const char *base, GError **error)
{
    g_autoptr(json_t) campaign = NULL;
    if (!tk_service_may(actor, TK_MAY_RUN_PROGRAM, error))
        return NULL;
    g_mutex_lock(&app->change_lock);
    json_t *links = invite_locked(app, actor, id, request, &campaign, error);
    g_mutex_unlock(&app->change_lock);
    return links == NULL ? NULL : tell_links(app, campaign, links, base);
}

/* ---- renew and revoke ---- */

/* Under change_lock. [link] or [] of the sheet; new reference. */
static json_t *sheet_act_locked(TkApp *app, const TkActor *actor, const char *id, const char *sheet,
                                const json_t *request, json_t **campaign_body, GError **error)
{
    char token[TK_SHEET_TOKEN_MAX], hash[65];
    const char *action = tk_campaign_text(request, "action", 20, true, error);
    g_autoptr(TkRecord) campaign = action == NULL ? NULL : tk_campaign_get(app, id, error);
    g_autoptr(TkRecord) record = campaign == NULL ? NULL : tk_sheet_get(app, id, sheet, error);
    bool renew = g_strcmp0(action, "renew") == 0;
    if (record == NULL)
        return NULL;
    if (!renew && g_strcmp0(action, "revoke") != 0) {
        tk_fail(error, TK_ERROR_INPUT, "action: renew or revoke");
        return NULL;
    }
    if (g_strcmp0(tk_text_at(record->body, "state"), "submitted") == 0) {
        tk_fail_both(error, TK_ERROR_CONFLICT, "提出済みです。", "it was handed in already");
        return NULL;
    }
    g_autoptr(json_t) body = json_deep_copy(record->body);
    tk_sheet_token_make(sheet, token, hash);
    bool begun = json_is_string(json_object_get(body, "saved_at"));
    json_object_set_new(body, "token", renew ? json_string(hash) : json_null());
    json_object_set_new(body, "state", json_string(!renew ? "revoked" : begun ? "draft" : "invited"));
    tk_sheet_trace(body, tk_app_now(app), renew ? "renewed" : "revoked", actor->id, NULL, NULL);
    TkWrite *write = tk_write_new(actor->id, tk_app_now(app));
    tk_sheet_write(write, record, action, body);
    if (!tk_store_commit(app->store, write, NULL, error))
        return NULL;
    *campaign_body = json_deep_copy(campaign->body);
    return renew ? json_pack("[{s:s, s:O, s:O, s:s}]", "sheet", sheet, "name", json_object_get(body, "name"),
                             "email", json_object_get(body, "email"), "token", token)
                 : json_array();
}

GBytes *tk_service_sheet_act(TkApp *app, const TkActor *actor, const char *id, const char *sheet,
                             const json_t *request, const char *base, GError **error)
{
    g_autoptr(json_t) campaign = NULL;
    if (!tk_service_may(actor, TK_MAY_RUN_PROGRAM, error))
        return NULL;
    g_mutex_lock(&app->change_lock);
    json_t *links = sheet_act_locked(app, actor, id, sheet, request, &campaign, error);
    g_mutex_unlock(&app->change_lock);
    return links == NULL ? NULL : tell_links(app, campaign, links, base);
}

/* ---- reminding ---- */

typedef struct {
    GPtrArray *to; /* addresses */
    json_int_t without;
} Waiting;

static bool take_waiting(const TkRecord *record, gpointer data)
{
    Waiting *waiting = data;
    const char *state = tk_text_at(record->body, "state"), *email = tk_text_at(record->body, "email");
    if (g_strcmp0(state, "invited") != 0 && g_strcmp0(state, "draft") != 0)
        return true;
    if (email == NULL || *email == '\0')
        waiting->without++;
    else
        g_ptr_array_add(waiting->to, g_strdup(email));
    return true;
}

GBytes *tk_service_campaign_remind(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_RUN_PROGRAM, error))
        return NULL;
    g_autoptr(GPtrArray) to = g_ptr_array_new_with_free_func(g_free);
    Waiting waiting = {to, 0};
    g_autoptr(TkRecord) campaign = tk_campaign_get(app, id, error);
    if (campaign == NULL || !tk_campaign_is_on(app, campaign->body, error) ||
        !tk_campaign_each(app, TK_KIND_SHEET, id, take_waiting, &waiting, error))
        return NULL;
    if (!tk_notify_can_mail(app)) {
        tk_fail_both(error, TK_ERROR_CONFLICT, "電子メールの送信が設定されていません。",
                     "no mail server is configured; start the server with reminders (docs/operating.md)");
        return NULL;
    }
    const char *title = tk_text_at(campaign->body, "title"), *last = tk_text_at(campaign->body, "to");
    g_autofree char *subject = g_strdup_printf("[回答の期限 %s] %.150s", last, title);
    g_autofree char *text = g_strdup_printf(
        "%s への回答がまだ提出されていません。期限: %s\r\n先にお送りしたリンクから回答してください。\r\n"
        "Your answers are not handed in yet; please use the link sent before.\r\n",
        title, last);
    json_int_t sent = 0;
    for (guint i = 0; i < to->len; i++) {
        GError *why = NULL;
        sent += tk_notify_one_mail(app, to->pdata[i], subject, text, &why);
        g_clear_error(&why);
    }
    g_autoptr(json_t) out = json_pack("{s:I, s:I, s:I}", "reminded", sent, "failed",
                                      (json_int_t)to->len - sent, "without_address", waiting.without);
    return tk_json_bytes(out);
}

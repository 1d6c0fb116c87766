/* Respondents from their own side. Every function begins with the token; nothing here knows an account. The
 * name in the ledger is the sheet's. */
#include "service/campaigns_private.h"

#include "service/act.h"

/* A sheet being answered. */
typedef struct {
    TkApp *app;
    TkRecord *sheet, *campaign;
    TkQuestionnaire *q;
    json_t *body; /* the next version */
} Answering;

static void answering_clear(Answering *a)
{
    tk_record_free(a->sheet);
    tk_record_free(a->campaign);
    tk_questionnaire_free(a->q);
    json_decref(a->body);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answering, answering_clear)

static bool begin(Answering *a, TkApp *app, const char *token, GError **error)
{
    a->app = app;
    if (!tk_sheet_token_open(app, token, &a->sheet, &a->campaign, error))
        return false;
    a->q = tk_questionnaire_frozen(app, a->campaign->body, error);
    a->body = json_deep_copy(a->sheet->body);
    return a->q != NULL;
}

/* The same for a change: answers must be taken today, and there is an end to the versions of a sheet. */
static bool begin_change(Answering *a, TkApp *app, const char *token, GError **error)
{
    if (!begin(a, app, token, error) || !tk_campaign_is_on(app, a->campaign->body, error))
        return false;
    json_int_t saves = json_integer_value(json_object_get(a->body, "saves"));
    json_object_set_new(a->body, "saves", json_integer(saves + 1));
    return saves < TK_SHEET_SAVES_MAX ||
           tk_fail_both(error, TK_ERROR_LIMIT,
                        "保存の回数が上限（%d 回）に達しました。担当者に問い合わせてください。",
                        "the sheet was saved %d times; ask whoever sent the link", TK_SHEET_SAVES_MAX);
}

static bool keep(Answering *a, const char *action, GBytes *blob, GError **error)
{
    char hash[TK_STORE_HASH_TEXT_MAX];
    g_autofree char *who = g_strdup_printf("respondent %s", a->sheet->id);
    TkWrite *write = tk_write_new(who, tk_app_now(a->app));
    if (blob != NULL)
        tk_write_blob(write, blob, hash);
    tk_sheet_write(write, a->sheet, action, a->body);
    return tk_store_commit(a->app->store, write, NULL, error);
}

static void mark_saved(Answering *a)
{
    json_object_set_new(a->body, "state", json_string("draft"));
    json_object_set_new(a->body, "saved_at", tk_json_of_time(tk_app_now(a->app)));
}

/* ---- looking ---- */

static json_t *sheet_as_respondent(Answering *a, int64_t version)
{
    const json_t *c = a->campaign->body;
    GError *why = NULL;
    bool on = tk_campaign_is_on(a->app, c, &why);
    const char *ja = why == NULL ? NULL : tk_error_ja(why);
    json_t *out = json_pack(
        "{s:{s:O, s:O, s:O, s:O, s:O?, s:{s:s, s:s}}, s:O, s:s, s:O, s:O, s:O, s:O, s:O, s:I, s:b, s:o, "
        "s:{s:i, s:I, s:I, s:i}, "
        "s:b}",
        "campaign", "title", json_object_get(c, "title"), "kind", json_object_get(c, "kind"), "from",
        json_object_get(c, "from"), "to", json_object_get(c, "to"), "note", json_object_get(c, "note"),
        "carrier", "ja", a->app->carrier_ja, "en", a->app->carrier_en, "document",
        tk_questionnaire_document(a->q), "sheet", a->sheet->id, "name", json_object_get(a->body, "name"),
        "department", json_object_get(a->body, "department"), "state", json_object_get(a->body, "state"),
        "answers", json_object_get(a->body, "answers"), "evidence", json_object_get(a->body, "evidence"),
        "version", (json_int_t)version, "on", on, "why_not",
        on ? json_null() : json_pack("{s:s, s:s}", "ja", ja == NULL ? why->message : ja, "en", why->message),
        "limits", "files", TK_SHEET_FILES_MAX, "file_bytes", (json_int_t)TK_SHEET_FILE_BYTES_MAX, "bytes",
        (json_int_t)TK_SHEET_BYTES_MAX, "delegations", TK_SHEET_DELEGATIONS_MAX, "synthetic",
        a->app->synthetic);
    g_clear_error(&why);
    return out;
}

GBytes *tk_service_answer_sheet(TkApp *app, const char *token, GError **error)
{
    g_auto(Answering) a = {0};
    if (!begin(&a, app, token, error))
        return NULL;
    g_autoptr(json_t) out = sheet_as_respondent(&a, a.sheet->version);
    return tk_json_bytes(out);
}

/* ---- saving ---- */

/* Takes the request's answers where there are any; INVALID where they are no answers. */
static bool take_answers(Answering *a, const json_t *request, bool whole, GBytes **findings, GError **error)
{
    json_t *answers = json_object_get(request, "answers");
    g_autoptr(json_t) files = tk_sheet_files(a->body);
    if (answers != NULL)
        json_object_set(a->body, "answers", answers);
    g_autofree char *text = json_dumps(json_object_get(a->body, "answers"), JSON_COMPACT);
    if (text == NULL || strlen(text) > TK_SHEET_ANSWERS_MAX)
        return tk_fail_both(error, TK_ERROR_LIMIT, "回答の合計が上限（%u バイト）を超えました。",
                            "answers: more than %u bytes in all", TK_SHEET_ANSWERS_MAX);
    g_autoptr(json_t) found = tk_sheet_check(a->q, json_object_get(a->body, "answers"), whole, files);
    return tk_register_sound(found, findings, error);
}

GBytes *tk_service_answer_save(TkApp *app, const char *token, const json_t *request, GBytes **findings,
                               GError **error)
{
    g_auto(Answering) a = {0};
    g_mutex_lock(&app->change_lock);
    bool done = begin_change(&a, app, token, error) && tk_campaign_version(a.sheet, request, error) &&
                take_answers(&a, request, false, findings, error);
    if (done) {
        mark_saved(&a);
        done = keep(&a, "save", NULL, error);
    }
    g_mutex_unlock(&app->change_lock);
    if (!done)
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:I, s:O}", "version", (json_int_t)a.sheet->version + 1, "saved_at",
                                      json_object_get(a.body, "saved_at"));
    return tk_json_bytes(out);
}

/* ---- evidence ---- */

static json_int_t bytes_so_far(const json_t *files)
{
    json_int_t sum = 0;
    size_t i;
    json_t *file;
    json_array_foreach(files, i, file) sum += json_integer_value(json_object_get(file, "size"));
    return sum;
}

static bool add_file(Answering *a, const char *question, const char *name, GBytes *bytes, GError **error)
{
    const TkQuestion *asked = tk_questionnaire_find(a->q, question);
    json_t *files = json_object_get(a->body, "evidence");
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    if (asked == NULL || asked->evidence == TK_FILES_NONE)
        return tk_fail_both(error, TK_ERROR_INPUT, "この設問にはファイルを付けられません。",
                            "question: no file is asked for with this one");
    if (size == 0 || size > TK_SHEET_FILE_BYTES_MAX || json_array_size(files) >= TK_SHEET_FILES_MAX ||
        bytes_so_far(files) + (json_int_t)size > TK_SHEET_BYTES_MAX)
        return tk_fail_both(error, TK_ERROR_LIMIT,
                            "ファイルは %d 個、1 個 %u バイト、合計 %u バイトまでです。",
                            "a sheet takes %d files of at most %u bytes, %u in all", TK_SHEET_FILES_MAX,
                            TK_SHEET_FILE_BYTES_MAX, TK_SHEET_BYTES_MAX);
    g_autofree char *hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, size);
    json_array_append_new(files, json_pack("{s:s, s:s, s:s, s:I, s:o}", "question", question, "sha256", hash,
                                           "name", name, "size", (json_int_t)size, "at",
                                           tk_json_of_time(tk_app_now(a->app))));
    return true;
}

static GBytes *files_answer(const Answering *a)
{
    g_autoptr(json_t) out =
        json_pack("{s:I, s:O, s:O}", "version", (json_int_t)a->sheet->version + 1, "evidence",
                  json_object_get(a->body, "evidence"), "saved_at", json_object_get(a->body, "saved_at"));
    return tk_json_bytes(out);
}

GBytes *tk_service_answer_evidence(TkApp *app, const char *token, const char *question, const char *name,
                                   GBytes *bytes, GError **error)
{
    g_auto(Answering) a = {0};
    g_mutex_lock(&app->change_lock);
    bool done = begin_change(&a, app, token, error) && tk_evidence_name_ok(name, error) &&
                add_file(&a, question, name, bytes, error);
    if (done) {
        mark_saved(&a);
        done = keep(&a, "attach", bytes, error);
    }
    g_mutex_unlock(&app->change_lock);
    return done ? files_answer(&a) : NULL;
}

GBytes *tk_service_answer_evidence_remove(TkApp *app, const char *token, const char *hash, GError **error)
{
    g_auto(Answering) a = {0};
    bool found = false;
    g_mutex_lock(&app->change_lock);
    bool done = begin_change(&a, app, token, error);
    json_t *files = done ? json_object_get(a.body, "evidence") : NULL;
    for (size_t i = json_array_size(files); i-- > 0;)
        if (g_strcmp0(tk_text_at(json_array_get(files, i), "sha256"), hash) == 0)
            found = json_array_remove(files, i) == 0;
    if (done && !found)
        done = tk_fail(error, TK_ERROR_INPUT, "hash: the sheet has no such file");
    if (done) {
        mark_saved(&a);
        done = keep(&a, "detach", NULL, error);
    }
    g_mutex_unlock(&app->change_lock);
    return done ? files_answer(&a) : NULL;
}

/* ---- delegation ---- */

static size_t delegations(const json_t *body)
{
    size_t i, count = 0;
    json_t *line;
    json_array_foreach(json_object_get(body, "trace"), i, line) count +=
        g_strcmp0(tk_text_at(line, "what"), "delegated") == 0;
    return count;
}

static bool delegate(Answering *a, const json_t *request, char *token, GError **error)
{
    char hash[65];
    const char *name = tk_campaign_text(request, "name", 200, true, error);
    const char *department = name == NULL ? NULL : tk_campaign_text(request, "department", 200, false, error);
    const char *email = department == NULL ? NULL : tk_campaign_text(request, "email", 254, false, error);
    const char *note = email == NULL ? NULL : tk_campaign_text(request, "note", 1000, false, error);
    if (note == NULL)
        return false;
    if (*email != '\0' && (strchr(email, '@') == NULL || strpbrk(email, " \r\n<>,;\"") != NULL))
        return tk_fail_both(error, TK_ERROR_INPUT, "電子メールの宛先が正しくありません。",
                            "email: not an address");
    if (delegations(a->body) >= TK_SHEET_DELEGATIONS_MAX)
        return tk_fail_both(error, TK_ERROR_LIMIT, "委任は %d 回までです。",
                            "it was delegated %d times already", TK_SHEET_DELEGATIONS_MAX);
    tk_sheet_token_make(a->sheet->id, token, hash);
    tk_sheet_trace(a->body, tk_app_now(a->app), "delegated", tk_text_at(a->body, "name"), name,
                   *note == '\0' ? NULL : note);
    json_object_set_new(a->body, "name", json_string(name));
    json_object_set_new(a->body, "department", json_string(department));
    json_object_set_new(a->body, "email", json_string(email));
    json_object_set_new(a->body, "token", json_string(hash));
    return true;
}

GBytes *tk_service_answer_delegate(TkApp *app, const char *token, const json_t *request, const char *base,
                                   GError **error)
{
    char fresh[TK_SHEET_TOKEN_MAX];
    g_auto(Answering) a = {0};
    g_mutex_lock(&app->change_lock);
    bool done = begin_change(&a, app, token, error) && tk_campaign_version(a.sheet, request, error) &&
                delegate(&a, request, fresh, error) && keep(&a, "delegate", NULL, error);
    g_mutex_unlock(&app->change_lock);
    if (!done)
        return NULL;
    bool mailed = tk_sheet_mail(app, a.campaign->body, tk_text_at(a.body, "email"),
                                tk_text_at(a.body, "name"), fresh, base);
    g_autoptr(json_t) out =
        json_pack("{s:O, s:s, s:b}", "to", json_object_get(a.body, "name"), "token", fresh, "mailed", mailed);
    return tk_json_bytes(out);
}

/* ---- handing in ---- */

/* What the respondent can show later: the hash of what was handed in. */
static void seal(Answering *a)
{
    g_autoptr(json_t) what =
        json_pack("{s:s, s:O, s:O}", "sheet", a->sheet->id, "answers", json_object_get(a->body, "answers"),
                  "evidence", json_object_get(a->body, "evidence"));
    g_autofree char *text = json_dumps(what, JSON_COMPACT | JSON_SORT_KEYS);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    int64_t now_us = tk_app_now(a->app);
    json_object_set_new(a->body, "state", json_string("submitted"));
    json_object_set_new(a->body, "token", json_null());
    json_object_set_new(a->body, "submitted_at", tk_json_of_time(now_us));
    json_object_set_new(a->body, "receipt", json_string(hash));
    tk_sheet_trace(a->body, now_us, "submitted", tk_text_at(a->body, "name"), NULL, NULL);
}

GBytes *tk_service_answer_submit(TkApp *app, const char *token, const json_t *request, GBytes **findings,
                                 GError **error)
{
    g_auto(Answering) a = {0};
    g_mutex_lock(&app->change_lock);
    bool done = begin_change(&a, app, token, error) && tk_campaign_version(a.sheet, request, error) &&
                take_answers(&a, request, true, findings, error);
    if (done) {
        seal(&a);
        done = keep(&a, "submit", NULL, error);
    }
    g_mutex_unlock(&app->change_lock);
    if (!done)
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:O, s:O}", "receipt", json_object_get(a.body, "receipt"),
                                      "submitted_at", json_object_get(a.body, "submitted_at"));
    return tk_json_bytes(out);
}

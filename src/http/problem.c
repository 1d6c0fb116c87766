#include "http/problem.h"

#define DETAIL_MAX 1024 /* bytes of a sentence */

static const TkProblem problems[] = {
    {"input", 400, TK_ERROR_INPUT, "入力の誤り", "Input that cannot be used",
     "入力に誤りがあります。形式と値の範囲を確かめて、送り直してください。",
     "Correct what the sentence names and send the request again."},
    {"limit", 413, TK_ERROR_LIMIT, "上限の超過", "Over a limit",
     "大きさまたは数が上限を超えています。分けて送ってください。",
     "Send less at once: the limits are in the documentation."},
    {"law", 422, TK_ERROR_LAW, "法令データの不足", "The law data gives no answer",
     "法令データからは判断できません。日付とサービスの種別を確かめてください。",
     "Check the date and the service: the law data holds nothing that is in force for them."},
    {"not-found", 404, TK_ERROR_NOT_FOUND, "該当なし", "Not found",
     "見つかりません。番号または名前を確かめてください。", "Check the id or the name."},
    {"conflict", 409, TK_ERROR_CONFLICT, "現在の状態との食い違い", "In conflict with the present state",
     "現在の状態では受け付けられません。読み直してからやり直してください。",
     "Read the record again: its present state does not allow this."},
    {"conflict", 409, TK_ERROR_REFUSED, "現在の状態との食い違い", "In conflict with the present state",
     "確認事項があるため受け付けられません。指摘を直してからやり直してください。",
     "Correct what was found and try again."},
    {"conflict", 409, TK_ERROR_STALE, "現在の状態との食い違い", "In conflict with the present state",
     "ほかの人が先に変更しました。読み直してからやり直してください。",
     "Somebody changed it meanwhile: read the record again and repeat the change on its new version."},
    {"forbidden", 403, TK_ERROR_FORBIDDEN, "許可されていない操作", "Not allowed",
     "この操作は許可されていません。必要な場合は管理者に役割の変更を依頼してください。",
     "Ask an administrator for a role that may do this."},
    {"io", 503, TK_ERROR_IO, "保存先または通信の障害", "Storage or network trouble",
     "保存先または通信に障害があります。しばらくしてからやり直し、続く場合は管理者に知らせてください。",
     "Try again in a while; where it lasts, tell the operator to look at /healthz and the log."},
    {"invalid", 422, TK_ERROR_INVALID, "項目の誤り", "Fields that cannot be accepted",
     "入力した項目に誤りがあります。示された項目を直してください。",
     "Correct the fields that are listed, each with its reason."},
    {"internal", 500, TK_ERROR_INTERNAL, "サーバー内部の誤り", "A fault of the server",
     "サーバー内部の誤りです。管理者に知らせてください。",
     "Tell the operator: this is a fault of the server, not of the request."},
    {"sign-in", 401, TK_PROBLEM_OWN, "サインインが必要", "Nobody is signed in", "サインインしてください。",
     "Sign in, or send an API token."},
    {"method-not-allowed", 405, TK_PROBLEM_OWN, "使えないメソッド", "Not a method of this path",
     "この宛先では使えない操作です。Allow に示した操作を使ってください。",
     "Use a method that the Allow header lists."},
    {"precondition-failed", 412, TK_PROBLEM_OWN, "版の食い違い", "Another version by now",
     "ほかの人が先に変更しました。読み直してからやり直してください。",
     "Read the record again and repeat the change with its new ETag."},
    {"media-type", 415, TK_PROBLEM_OWN, "受け付けない形式", "Not a content type of this request",
     "この宛先が受け付ける Content-Type で送ってください。",
     "Send the Content-Type that the sentence names."},
    {"misdirected", 421, TK_PROBLEM_OWN, "別のサーバー宛て", "Not a name of this server",
     "このサーバーの名前ではありません。--host で名前を加えるよう管理者に依頼してください。",
     "Use a name this server has; the operator adds names with --host."},
    {"precondition-required", 428, TK_ERROR_NO_VERSION, "版の指定が必要",
     "The version that was read is missing",
     "読んだ版が示されていません。If-Match または version を付けて送ってください。",
     "Send If-Match with the ETag you have read, or version in the body."},
    {"wait", 429, TK_PROBLEM_OWN, "回数の超過", "Too many tries",
     "回数が多すぎます。しばらくしてからやり直してください。", "Wait as long as Retry-After says."},
};

const TkProblem *tk_problems(size_t *count)
{
    *count = G_N_ELEMENTS(problems);
    return problems;
}

const TkProblem *tk_problem_of_error(TkErrorCode code)
{
    for (size_t i = 0; code != TK_ERROR_INTERNAL && i < G_N_ELEMENTS(problems); i++)
        if (problems[i].error == code)
            return &problems[i];
    return tk_problem_of_code("internal");
}

const TkProblem *tk_problem_of_status(unsigned status)
{
    for (size_t i = 0; i < G_N_ELEMENTS(problems); i++)
        if (problems[i].error == TK_PROBLEM_OWN && problems[i].status == status)
            return &problems[i];
    return NULL;
}

const TkProblem *tk_problem_of_code(const char *code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(problems); i++)
        if (strcmp(problems[i].code, code) == 0)
            return &problems[i];
    return NULL;
}

static void pair(TkJson *w, const char *key, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, MIN((gssize)strlen(text), DETAIL_MAX));
    tk_json_member(w, key, valid);
}

void tk_problem_write(const TkProblem *problem, unsigned status, const GError *error, const json_t *more,
                      TkBuf *buf)
{
    const char *ja = tk_error_ja(error), *field = tk_error_field(error);
    g_autofree char *type = g_strconcat("/problems/", problem->code, NULL);
    TkJson w = tk_json_to(buf);
    tk_json_begin_object(&w);
    pair(&w, "type", type);
    pair(&w, "title", problem->title_en);
    pair(&w, "title_ja", problem->title_ja);
    tk_json_key(&w, "status");
    tk_json_int(&w, status);
    pair(&w, "detail", error->message);
    pair(&w, "detail_ja", ja == NULL ? problem->todo_ja : ja);
    pair(&w, "code", problem->code);
    if (field != NULL)
        pair(&w, "field", field);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)more, key, value)
    {
        tk_json_key(&w, key);
        tk_json_value(&w, value);
    }
    tk_json_end_object(&w);
}

GBytes *tk_problem_page(const TkProblem *problem)
{
    char *page =
        g_strdup_printf("<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\">"
                        "<meta name=\"viewport\" content=\"width=device-width\"><title>%s</title></head>"
                        "<body><main><h1>%s</h1><p>%s</p><div lang=\"en\"><h2>%s</h2><p>%s</p></div>"
                        "<p>HTTP %u · <code>%s</code></p></main></body></html>\n",
                        problem->title_ja, problem->title_ja, problem->todo_ja, problem->title_en,
                        problem->todo_en, problem->status, problem->code);
    return g_bytes_new_take(page, strlen(page));
}

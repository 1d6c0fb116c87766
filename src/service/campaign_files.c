/* A campaign to take away: answers as a table (CSV, XLSX), the report on paper (PDF). */
#include "service/campaigns_private.h"

#include "xlsx/xlsx.h"

#define CSV_MAX (32u << 20)

typedef struct {
    TkApp *app;
    const TkActor *actor;
    TkRecord *campaign;
    TkQuestionnaire *q;
    TkLang lang;
    GPtrArray *sheets; /* of TkRecord */
} Taking;

static void release(Taking *t)
{
    tk_record_free(t->campaign);
    tk_questionnaire_free(t->q);
    g_clear_pointer(&t->sheets, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Taking, release)

static bool gather(Taking *t, const char *id, GError **error)
{
    t->sheets = g_ptr_array_new_with_free_func((GDestroyNotify)tk_record_free);
    t->campaign = tk_campaign_get(t->app, id, error);
    t->q = t->campaign == NULL ? NULL : tk_questionnaire_frozen(t->app, t->campaign->body, error);
    return t->q != NULL && tk_campaign_each(t->app, TK_KIND_SHEET, id, tk_record_keep, t->sheets, error);
}

static const char *say(const Taking *t, const json_t *words)
{
    const char *text = tk_text_at(words, t->lang == TK_LANG_JA ? "ja" : "en");
    return text == NULL ? "" : text;
}

/* ---- one answer as text ---- */

static const char *label_of(const Taking *t, const TkQuestion *question, const char *option)
{
    size_t i;
    json_t *one;
    json_array_foreach(question->options, i, one)
    {
        if (g_strcmp0(tk_text_at(one, "id"), option) == 0)
            return say(t, json_object_get(one, "label"));
    }
    return option;
}

/* Owned by the caller; "" where there is no answer. */
static char *answer_text(const Taking *t, const TkQuestion *question, const json_t *answer)
{
    bool ja = t->lang == TK_LANG_JA;
    const json_t *value = json_object_get(answer, "value");
    if (json_is_true(json_object_get(answer, "na")))
        return g_strdup(ja ? "該当しない" : "Not applicable");
    if (json_is_boolean(value))
        return g_strdup(json_is_true(value) ? (ja ? "はい" : "Yes") : (ja ? "いいえ" : "No"));
    if (json_is_integer(value))
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value))
        return g_strdup_printf("%g", json_real_value(value));
    if (!json_is_string(value))
        return g_strdup("");
    return g_strdup(question->type == TK_QUESTION_CHOICE ? label_of(t, question, json_string_value(value))
                                                         : json_string_value(value));
}

/* ---- tables: a row an answer ---- */

enum { COLUMNS = 11 };
static const char *const ids[COLUMNS] = {"sheet", "name",   "department", "state",   "area", "question",
                                         "text",  "answer", "score",      "comment", "files"};
static const char *const labels_ja[COLUMNS] = {"番号",     "回答者", "部署", "状態", "分野",      "設問",
                                               "設問の文", "回答",   "得点", "補足", "ファイル数"};
static const char *const labels_en[COLUMNS] = {"Sheet", "Respondent", "Department", "State",
                                               "Area",  "Question",   "Text",       "Answer",
                                               "Score", "Comment",    "Files"};

typedef void (*RowFn)(void *user, const char *const cells[COLUMNS], double score);

static void each_row(const Taking *t, RowFn row, void *user)
{
    for (guint s = 0; s < t->sheets->len; s++) {
        const TkRecord *sheet = t->sheets->pdata[s];
        const json_t *answers = json_object_get(sheet->body, "answers");
        g_autoptr(json_t) files = tk_sheet_files(sheet->body);
        for (size_t i = 0; i < tk_questionnaire_count(t->q); i++) {
            const TkQuestion *question = tk_questionnaire_at(t->q, i);
            const TkQuestionArea *area = tk_questionnaire_area(t->q, question->area);
            const json_t *answer = json_object_get(answers, question->id);
            double score = tk_answer_score(question, answer);
            g_autofree char *text = answer_text(t, question, answer);
            g_autofree char *count =
                g_strdup_printf("%d", (int)json_integer_value(json_object_get(files, question->id)));
            g_autofree char *points = score < 0 ? g_strdup("") : g_strdup_printf("%g", score);
            const char *name = tk_text_at(sheet->body, "name"),
                       *department = tk_text_at(sheet->body, "department"),
                       *comment = tk_text_at(answer, "comment");
            const char *const cells[COLUMNS] = {sheet->id,
                                                name == NULL ? "" : name,
                                                department == NULL ? "" : department,
                                                tk_text_at(sheet->body, "state"),
                                                t->lang == TK_LANG_JA ? area->ja : area->en,
                                                question->id,
                                                t->lang == TK_LANG_JA ? question->ja : question->en,
                                                text,
                                                points,
                                                comment == NULL ? "" : comment,
                                                count};
            row(user, cells, score);
        }
    }
}

static void csv_row(void *user, const char *const cells[COLUMNS], double score)
{
    (void)score;
    for (int c = 0; c < COLUMNS; c++) {
        tk_csv_add_field(user, cells[c]);
        tk_buf_add_str(user, c + 1 == COLUMNS ? "\r\n" : ",");
    }
}

static bool as_csv(const Taking *t, TkServiceFile *file, GError **error)
{
    g_auto(TkBuf) csv = {0};
    tk_buf_init(&csv, CSV_MAX);
    tk_buf_add_str(&csv, "\xEF\xBB\xBF");
    csv_row(&csv, ids, 0);
    each_row(t, csv_row, &csv);
    if (csv.overflow)
        return tk_fail(error, TK_ERROR_LIMIT, "the table is larger than %u bytes", CSV_MAX);
    file->bytes = g_bytes_new(csv.data, csv.len);
    file->content_type = "text/csv; charset=utf-8";
    return true;
}

static void xlsx_row(void *user, const char *const cells[COLUMNS], double score)
{
    for (int c = 0; c < COLUMNS; c++) {
        if (c == 8 && score >= 0)
            tk_xlsx_table_number(user, score);
        else
            tk_xlsx_table_text(user, cells[c]);
    }
    tk_xlsx_table_row(user);
}

static bool as_xlsx(const Taking *t, TkServiceFile *file, GError **error)
{
    TkXlsxTable *table = tk_xlsx_table_new(t->lang == TK_LANG_JA ? "回答" : "Answers", error);
    if (table == NULL)
        return false;
    tk_xlsx_table_head(table, t->lang == TK_LANG_JA ? labels_ja : labels_en, ids, COLUMNS);
    each_row(t, xlsx_row, table);
    file->bytes = tk_xlsx_table_end(table, error);
    file->content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return file->bytes != NULL;
}

/* ---- on paper ---- */

static char *points(const json_t *value, bool sign)
{
    if (!json_is_number(value))
        return g_strdup("–");
    return g_strdup_printf(sign ? "%+.1f" : "%.1f", json_number_value(value));
}

static const json_t *by_id(const json_t *list, const char *id)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        if (g_strcmp0(tk_text_at(one, "id"), id) == 0)
            return one;
    }
    return NULL;
}

static void draw_areas(const Taking *t, TkDocument *document, const json_t *results, const json_t *comparison)
{
    bool ja = t->lang == TK_LANG_JA;
    size_t i;
    json_t *area;
    tk_document_heading(document, 1, ja ? "分野ごとの得点" : "Scores by area");
    tk_document_table(document,
                      (TkDocumentColumn[]){{ja ? "分野" : "Area", 6, false},
                                           {ja ? "得点" : "Score", 1, true},
                                           {ja ? "前回" : "Last time", 1, true},
                                           {ja ? "差" : "Change", 1, true}},
                      4);
    json_array_foreach(json_object_get(results, "areas"), i, area)
    {
        const json_t *change = by_id(json_object_get(comparison, "areas"), tk_text_at(area, "id"));
        g_autofree char *now = points(json_object_get(area, "score"), false);
        g_autofree char *then = points(json_object_get(change, "before"), false);
        g_autofree char *difference = points(json_object_get(change, "change"), true);
        tk_document_row(document, (TkDocumentCell[]){{say(t, json_object_get(area, "title")), TK_MARK_NONE},
                                                     {now, TK_MARK_NONE},
                                                     {then, TK_MARK_NONE},
                                                     {difference, TK_MARK_NONE}});
    }
}

static void draw_questions(const Taking *t, TkDocument *document, const json_t *results)
{
    bool ja = t->lang == TK_LANG_JA;
    tk_document_heading(document, 1, ja ? "設問ごとの結果" : "Results by question");
    tk_document_table(document,
                      (TkDocumentColumn[]){{ja ? "設問" : "Question", 8, false},
                                           {ja ? "回答" : "Answers", 1, true},
                                           {ja ? "得点" : "Score", 1, true}},
                      3);
    for (size_t a = 0; a < tk_questionnaire_areas(t->q); a++) {
        const TkQuestionArea *area = tk_questionnaire_area(t->q, a);
        tk_document_row_title(document, ja ? area->ja : area->en);
        for (size_t i = area->first; i < area->first + area->count; i++) {
            const TkQuestion *question = tk_questionnaire_at(t->q, i);
            const json_t *result = json_array_get(json_object_get(results, "questions"), i);
            g_autofree char *score = points(json_object_get(result, "score"), false);
            g_autofree char *answered =
                g_strdup_printf("%d", (int)json_integer_value(json_object_get(result, "answered")));
            tk_document_row(document, (TkDocumentCell[]){{ja ? question->ja : question->en, TK_MARK_NONE},
                                                         {answered, TK_MARK_NONE},
                                                         {score, TK_MARK_NONE}});
        }
    }
}

static const char *finding_state(const char *state, bool ja)
{
    static const char *const words[][3] = {{"open", "未対応", "Open"},
                                           {"measure", "対策中", "Being dealt with"},
                                           {"verified", "効果を検証済み", "Verified"},
                                           {"accepted", "対策しない", "Accepted"}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_strcmp0(words[i][0], state) == 0)
            return words[i][ja ? 1 : 2];
    return "";
}

static void draw_findings(const Taking *t, TkDocument *document, const json_t *findings)
{
    bool ja = t->lang == TK_LANG_JA;
    size_t i;
    json_t *one;
    tk_document_heading(document, 1, ja ? "指摘と対策" : "Findings and countermeasures");
    tk_document_table(document,
                      (TkDocumentColumn[]){{ja ? "番号" : "Id", 2, false},
                                           {ja ? "指摘" : "Finding", 6, false},
                                           {ja ? "対策" : "Countermeasure", 5, false},
                                           {ja ? "状態" : "State", 2, false}},
                      4);
    json_array_foreach(findings, i, one)
    {
        const char *state = tk_text_at(one, "state");
        bool good = g_strcmp0(state, "verified") == 0;
        tk_document_row(
            document, (TkDocumentCell[]){{tk_text_at(one, "id"), TK_MARK_NONE},
                                         {tk_text_at(one, "title"), TK_MARK_NONE},
                                         {tk_text_at(json_object_get(one, "measure"), "title"), TK_MARK_NONE},
                                         {finding_state(state, ja), good ? TK_MARK_GOOD : TK_MARK_CHANGED}});
    }
}

static int submitted(const Taking *t)
{
    int count = 0;
    for (guint i = 0; i < t->sheets->len; i++)
        count +=
            g_strcmp0(tk_text_at(((const TkRecord *)t->sheets->pdata[i])->body, "state"), "submitted") == 0;
    return count;
}

static bool as_pdf(const Taking *t, TkServiceFile *file, GError **error)
{
    bool ja = t->lang == TK_LANG_JA;
    const json_t *body = t->campaign->body, *questionnaire = json_object_get(body, "questionnaire");
    g_autoptr(json_t) results = tk_campaign_results(t->app, t->campaign->id, t->q, error);
    g_autoptr(json_t) comparison =
        results == NULL ? NULL : tk_campaign_comparison(t->app, t->campaign, NULL, error);
    g_autoptr(json_t) findings =
        comparison == NULL
            ? NULL
            : tk_campaign_findings(t->app, t->campaign->id, tk_text_at(body, "owner"), t->actor, error);
    if (findings == NULL)
        return false;
    g_autofree char *foot = g_strdup_printf("%s %.16s", t->campaign->id, tk_text_at(questionnaire, "sha256"));
    TkDocumentHead head = {.title = tk_text_at(body, "title"),
                           .subtitle = say(t, json_object_get(questionnaire, "title")),
                           .carrier = ja ? t->app->carrier_ja : t->app->carrier_en,
                           .by = tk_text_at(body, "owner"),
                           .foot = foot,
                           .at_us = tk_app_now(t->app),
                           .lang = t->lang,
                           .numbered = true,
                           .synthetic = t->app->synthetic,
                           .draft = g_strcmp0(tk_text_at(body, "state"), "closed") != 0};
    g_autoptr(TkDocument) document = tk_document_new(&head);
    g_autofree char *period = g_strdup_printf("%s – %s", tk_text_at(body, "from"), tk_text_at(body, "to"));
    g_autofree char *answers = g_strdup_printf("%d / %u", submitted(t), t->sheets->len);
    g_autofree char *score = points(json_object_get(results, "score"), false);
    tk_document_meta(document, ja ? "期間" : "Period", period);
    tk_document_meta(document, ja ? "提出" : "Handed in", answers);
    tk_document_meta(document, ja ? "得点(100点満点)" : "Score of 100", score);
    if (json_is_object(comparison))
        tk_document_meta(document, ja ? "前回" : "Last time",
                         tk_text_at(json_object_get(comparison, "with"), "title"));
    draw_areas(t, document, results, comparison);
    draw_questions(t, document, results);
    draw_findings(t, document, findings);
    file->content_type = "application/pdf";
    return tk_document_pdf(document, &file->bytes, error);
}

bool tk_service_campaign_file(TkApp *app, const TkActor *actor, const char *id, const char *format,
                              TkLang lang, TkServiceFile *file, GError **error)
{
    g_auto(Taking) t = {.app = app, .actor = actor, .lang = lang};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !gather(&t, id, error))
        return false;
    bool done = strcmp(format, "csv") == 0    ? as_csv(&t, file, error)
                : strcmp(format, "xlsx") == 0 ? as_xlsx(&t, file, error)
                                              : as_pdf(&t, file, error);
    file->filename = g_strdup_printf("%s.%s", id, format);
    return done;
}

/* The documents of one self-confirmation as one PDF: what is confirmed and on which ground, the equipment,
 * the list of documents with their state, each document's text, and the measures with their assessment. The
 * official form (様式第20の2) is the carrier's own file; its layout is not public as text and is not imitated
 * here. */
#include "service/standards_private.h"

typedef struct {
    const TkStandards *s;
    const TkRecord *confirmation;
    TkStandardCategory category;
    TkDate judged;
    GArray *lines; /* TkStandardsLine */
    TkDocument *document;
    bool en;
} Package;

static const char *pick(const Package *p, const char *ja, const char *en)
{
    return p->en ? en : ja;
}

static const char *words(const Package *p, TkText text)
{
    return p->en ? text.en : text.ja;
}

/* The label of an option as the register's file has it, so that page and paper say the same. */
static const char *option(const Package *p, const char *book, const char *field, const char *id)
{
    const TkRegisterSchema *schema = tk_registers_schema(p->s->app->registers, book);
    const TkRegisterField *one = schema == NULL ? NULL : tk_register_field(schema, field);
    size_t i;
    json_t *entry;
    json_array_foreach(one == NULL ? NULL : one->options, i, entry)
    {
        if (g_strcmp0(json_string_value(json_object_get(entry, "id")), id) == 0)
            return json_string_value(json_object_get(json_object_get(entry, "label"), p->en ? "en" : "ja"));
    }
    return id;
}

static char *day_text(const Package *p, TkDate date)
{
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, 128);
    if (date != TK_DATE_NONE)
        tk_report_add_date(&buf, date, p->en ? TK_LANG_EN : TK_LANG_JA, false);
    return g_strdup(tk_buf_str(&buf));
}

static void meta_date(const Package *p, const char *label, TkDate date)
{
    g_autofree char *text = day_text(p, date);
    tk_document_meta(p->document, label, text);
}

/* ---- head ---- */

static void put_meta(const Package *p)
{
    const TkRecord *c = p->confirmation;
    g_autofree char *category =
        g_strdup_printf("%s %s", p->category.entry->article, words(p, p->category.name));
    tk_document_meta(p->document, pick(p, "設備の区分", "Category"), category);
    tk_document_meta(p->document, pick(p, "根拠", "Basis"),
                     option(p, "confirmations", "basis", tk_program_text(c, "basis")));
    tk_document_meta(p->document, pick(p, "理由", "Reason"),
                     option(p, "confirmations", "reason", tk_program_text(c, "reason")));
    tk_document_meta(p->document, pick(p, "状態", "State"),
                     option(p, "confirmations", "state", tk_program_text(c, "state")));
    meta_date(p, pick(p, "使用開始の予定", "Use planned from"), tk_program_date_of(c, "planned_use"));
    meta_date(p, pick(p, "期限", "Deadline"), tk_standards_due(c));
    meta_date(p, pick(p, "届出日", "Filed on"), tk_program_date_of(c, "filed"));
    tk_document_meta(p->document, pick(p, "受付番号", "Reference"), tk_program_text(c, "filed_ref"));
    tk_document_meta(p->document, pick(p, "確認の責任者", "Responsible"),
                     tk_standards_person(p->s, tk_program_text(c, "confirmer")));
}

static void put_facilities(const Package *p)
{
    const TkDocumentColumn columns[] = {{pick(p, "番号", "Id"), 3, false},
                                        {pick(p, "設備", "Equipment"), 8, false},
                                        {pick(p, "種別", "Kind"), 4, false},
                                        {pick(p, "都道府県", "Prefecture"), 3, false},
                                        {pick(p, "状態", "State"), 3, false}};
    tk_document_heading(p->document, 1, pick(p, "対象設備", "Equipment"));
    tk_document_paragraph(p->document, words(p, p->category.equipment));
    tk_document_table(p->document, columns, G_N_ELEMENTS(columns));
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(json_object_get(p->confirmation->body, "values"), "facilities"), i,
                       one)
    {
        const char *id = json_string_value(one);
        g_autoptr(TkRecord) facility = tk_store_get(p->s->app->store, "r-facilities", id, TK_TIME_NONE, NULL);
        const char *status = facility == NULL ? NULL : tk_program_text(facility, "status");
        tk_document_row(
            p->document,
            (TkDocumentCell[]){{.text = id},
                               {.text = facility == NULL ? NULL : tk_program_text(facility, "name")},
                               {.text = facility == NULL ? NULL : tk_program_text(facility, "kind")},
                               {.text = facility == NULL ? NULL : tk_program_text(facility, "prefecture")},
                               {.text = option(p, "facilities", "status", status)}});
    }
}

/* ---- documents ---- */

static const char *state_words(const Package *p, const TkStandardsLine *line)
{
    switch (line->state) {
    case TK_DOCUMENT_MISSING:
        return line->lacking ? pick(p, "なし", "Missing") : "—";
    case TK_DOCUMENT_OPEN:
        return option(p, "confirmation-documents", "state", tk_program_text(line->record, "state"));
    case TK_DOCUMENT_DONE:
        return pick(p, "完成", "Done");
    case TK_DOCUMENT_NOT_NEEDED:
        return pick(p, "該当なし", "Not applicable");
    case TK_DOCUMENT_EXPIRED:
        return pick(p, "期限切れ", "Expired");
    case TK_DOCUMENT_EMPTY:
        return pick(p, "中身なし", "Empty");
    }
    return "";
}

static char *file_text(const Package *p, const TkRecord *record)
{
    const json_t *file =
        record == NULL ? NULL : json_object_get(json_object_get(record->body, "values"), "file");
    const char *hash = json_string_value(json_object_get(file, "sha256"));
    const char *content = record == NULL ? NULL : tk_program_text(record, "content");
    if (hash == NULL)
        return g_strdup(content != NULL ? pick(p, "本文あり", "Text") : "");
    return g_strdup_printf("%s\nsha256:%.16s…", json_string_value(json_object_get(file, "name")), hash);
}

static void put_list(const Package *p)
{
    const TkDocumentColumn columns[] = {
        {pick(p, "符号", "Letter"), 4, false},   {pick(p, "書類", "Document"), 11, false},
        {pick(p, "状態", "State"), 3, false},    {pick(p, "作成者", "Author"), 4, false},
        {pick(p, "証拠", "Evidence"), 5, false}, {pick(p, "有効期限", "Holds until"), 4, false}};
    tk_document_heading(p->document, 1, pick(p, "添付書類の一覧", "The documents"));
    tk_document_table(p->document, columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < p->lines->len; i++) {
        const TkStandardsLine *line = &g_array_index(p->lines, TkStandardsLine, i);
        g_autofree char *file = file_text(p, line->record);
        const char *author =
            line->record == NULL ? NULL : tk_standards_person(p->s, tk_program_text(line->record, "author"));
        const char *until = line->record == NULL ? NULL : tk_program_text(line->record, "valid_until");
        TkDocumentMark mark = line->lacking                     ? TK_MARK_BAD
                              : line->state == TK_DOCUMENT_DONE ? TK_MARK_GOOD
                                                                : TK_MARK_NONE;
        tk_document_row(p->document, (TkDocumentCell[]){{.text = line->law.letter},
                                                        {.text = words(p, line->law.name)},
                                                        {state_words(p, line), mark},
                                                        {.text = author},
                                                        {.text = file},
                                                        {.text = until}});
    }
}

static void put_document(const Package *p, const TkStandardsLine *line)
{
    const char *content = tk_program_text(line->record, "content");
    const char *reason = tk_program_text(line->record, "reason");
    g_autofree char *title = g_strdup_printf("%s%s%s", line->law.letter != NULL ? line->law.letter : "",
                                             line->law.letter != NULL ? " " : "", words(p, line->law.name));
    tk_document_heading(p->document, 2, title);
    if (line->state == TK_DOCUMENT_NOT_NEEDED) {
        g_autofree char *text = g_strdup_printf("%s: %s", pick(p, "該当なし", "Not applicable"), reason);
        tk_document_paragraph(p->document, text);
        return;
    }
    if (content != NULL)
        tk_document_text(p->document, 3, content);
    const json_t *file = json_object_get(json_object_get(line->record->body, "values"), "file");
    if (json_is_object(file)) {
        g_autofree char *text =
            g_strdup_printf("%s: %s (SHA-256 %s)", pick(p, "別添ファイル", "Attached file"),
                            json_string_value(json_object_get(file, "name")),
                            json_string_value(json_object_get(file, "sha256")));
        tk_document_note(p->document, text);
    }
}

static void put_documents(const Package *p)
{
    tk_document_page_break(p->document);
    tk_document_heading(p->document, 1, pick(p, "添付書類", "Documents"));
    for (guint i = 0; i < p->lines->len; i++) {
        const TkStandardsLine *line = &g_array_index(p->lines, TkStandardsLine, i);
        if (line->record != NULL && line->state != TK_DOCUMENT_OPEN)
            put_document(p, line);
    }
}

/* ---- measures ---- */

static TkDocumentMark mark_of(const char *state)
{
    if (state == NULL)
        return TK_MARK_NONE;
    if (strcmp(state, "meets") == 0)
        return TK_MARK_GOOD;
    if (strcmp(state, "partly") == 0)
        return TK_MARK_CHANGED;
    return strcmp(state, "fails") == 0 ? TK_MARK_BAD : TK_MARK_NONE;
}

static void put_measures(const Package *p)
{
    const TkDocumentColumn columns[] = {{pick(p, "措置", "Measure"), 6, false},
                                        {pick(p, "求め", "Asked"), 2, false},
                                        {pick(p, "条項", "Article"), 5, false},
                                        {pick(p, "状態", "State"), 3, false},
                                        {pick(p, "根拠", "Ground"), 9, false}};
    g_autoptr(GArray) measures = tk_law_standard_measures(
        p->s->app->law, &p->category, tk_standards_basis(&p->category, p->confirmation), p->judged);
    tk_document_page_break(p->document);
    tk_document_heading(p->document, 1, pick(p, "技術基準への適合状況", "Technical standards"));
    tk_document_note(
        p->document,
        pick(p, "● 義務  △ 努力義務。条項は事業用電気通信設備規則。",
             "● duty  △ effort. Articles are of the rules for equipment (事業用電気通信設備規則)."));
    tk_document_table(p->document, columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < measures->len; i++) {
        const TkStandardMeasure *measure = &g_array_index(measures, TkStandardMeasure, i);
        if (measure->level == TK_STANDARD_NONE)
            continue;
        const TkRecord *own = tk_standards_assessment(p->s, p->category.id, measure->id);
        const char *state = own == NULL ? NULL : tk_program_text(own, "state");
        tk_document_row(p->document,
                        (TkDocumentCell[]){{.text = words(p, measure->name)},
                                           {.text = measure->level == TK_STANDARD_MUST ? "●" : "△"},
                                           {.text = measure->article},
                                           {state == NULL ? pick(p, "未評価", "Not assessed")
                                                          : option(p, "measure-assessments", "state", state),
                                            mark_of(state)},
                                           {.text = own == NULL ? NULL : tk_program_text(own, "ground")}});
    }
}

static void put_summary(const Package *p)
{
    int lacking = 0;
    for (guint i = 0; i < p->lines->len; i++)
        lacking += g_array_index(p->lines, TkStandardsLine, i).lacking;
    tk_document_heading(p->document, 1, pick(p, "確認の概要", "The confirmation"));
    g_autofree char *text =
        p->en ? g_strdup_printf("Of %u documents of this category, %d are still lacking.", p->lines->len,
                                lacking)
              : g_strdup_printf("この区分の書類は%u件。うち未了は%d件。", p->lines->len, lacking);
    tk_document_paragraph(p->document, text);
    const char *method = tk_program_text(p->confirmation, "method");
    if (method != NULL)
        tk_document_text(p->document, 2, method);
    tk_document_note(p->document,
                     pick(p,
                          "届出書(様式第20の2)は事業者の様式で別に作成する。公式様式の欄の配置は再"
                          "現していない。",
                          "The notification itself (form 20-2) is made on the carrier's own form; "
                          "its official layout is not imitated."));
}

static bool draw(Package *p, TkServiceFile *file, GError **error)
{
    const TkApp *app = p->s->app;
    char law_day[TK_TIME_TEXT_MAX];
    g_autofree char *foot = g_strdup_printf("%s v%" G_GINT64_FORMAT " ・ %s %s ・ Tokatsu " TK_VERSION,
                                            p->confirmation->id, p->confirmation->version,
                                            pick(p, "法令", "law of"), tk_date_text(p->judged, law_day));
    const char *state = tk_program_text(p->confirmation, "state");
    TkDocumentHead head = {.title = pick(p, "技術基準適合自己確認 書類一式",
                                         "Self-confirmation of technical standards: documents"),
                           .subtitle = tk_program_text(p->confirmation, "title"),
                           .carrier = p->en ? app->carrier_en : app->carrier_ja,
                           .by = p->s->actor->id,
                           .foot = foot,
                           .at_us = tk_app_now(p->s->app),
                           .lang = p->en ? TK_LANG_EN : TK_LANG_JA,
                           .contents = true,
                           .cover = true,
                           .numbered = true,
                           .synthetic = app->synthetic,
                           .draft = g_strcmp0(state, "filed") != 0 && g_strcmp0(state, "superseded") != 0};
    g_autoptr(TkDocument) document = p->document = tk_document_new(&head);
    put_meta(p);
    put_summary(p);
    put_facilities(p);
    put_list(p);
    put_documents(p);
    put_measures(p);
    if (!tk_document_pdf(document, &file->bytes, error))
        return false;
    file->content_type = "application/pdf";
    file->filename = g_strdup_printf("confirmation-%s.pdf", p->confirmation->id);
    return true;
}

static const TkRecord *find(const GPtrArray *records, const char *id)
{
    for (guint i = 0; i < records->len; i++)
        if (strcmp(((const TkRecord *)records->pdata[i])->id, id) == 0)
            return records->pdata[i];
    return NULL;
}

bool tk_service_standards_package(TkApp *app, const TkActor *actor, const char *id, bool english,
                                  TkServiceFile *file, GError **error)
{
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    g_auto(TkStandards) s = {.app = app, .actor = actor, .date = TK_DATE_NONE};
    if (!tk_standards_gather(&s, error))
        return false;
    Package p = {.s = &s, .confirmation = find(s.confirmations, id), .en = english};
    if (p.confirmation == NULL)
        return tk_fail_both(error, TK_ERROR_NOT_FOUND, "自己確認「%.40s」は見つかりません。",
                            "there is no self-confirmation “%.40s”", id);
    g_autoptr(GArray) lines = p.lines = tk_standards_lines(&s, p.confirmation, &p.judged);
    if (lines == NULL || !tk_law_standard_category(app->law, tk_program_text(p.confirmation, "category"),
                                                   p.judged, &p.category))
        return tk_fail_both(error, TK_ERROR_LAW, "この日に「%.40s」という設備の区分はありません。",
                            "there is no category “%.40s” on that day",
                            tk_program_text(p.confirmation, "category"));
    return draw(&p, file, error);
}

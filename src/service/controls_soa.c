/* The statement of applicability (適用宣言書) of a framework: which controls apply, which not and why, how
 * far they are carried out, what that rests on, and with which evidence. */
#include "service/controls_private.h"

#include "xlsx/xlsx.h"

typedef struct {
    const TkControlBook *book;
    const TkFramework *f;
    bool ja;
    const char *lang;
} Statement;

static const char *say(const Statement *s, const char *ja, const char *en)
{
    return s->ja ? ja : en;
}

static const char *state_words(const Statement *s, TkControlState state)
{
    static const char *const ja[] = {"未回答", "適用しない", "計画中", "一部実施", "実施済み"};
    static const char *const en[] = {"not answered", "not applicable", "planned", "partial", "implemented"};
    return s->ja ? ja[state] : en[state];
}

static const char *relation_words(const Statement *s, TkRelation relation)
{
    static const char *const ja[] = {"関係なし", "一部が重なる", "一部である", "すべて含む", "等しい"};
    return s->ja ? ja[relation] : tk_relation_text(relation);
}

static const char *applies_words(const Statement *s, const TkSupport *one)
{
    if (one->state == TK_CONTROL_OPEN)
        return say(s, "未定", "undecided");
    return one->state == TK_CONTROL_NOT_APPLICABLE ? say(s, "適用しない", "no") : say(s, "適用", "yes");
}

/* What the state rests on; where it was carried, its weakest link. Owned. */
static char *basis_words(const Statement *s, const TkSupport *one)
{
    if (one->answer == NULL)
        return g_strdup("");
    if (one->reach.n_path == 0)
        return g_strdup(say(s, "この管理策への回答", "answered here"));
    const TkHop *weakest = &one->reach.path[one->reach.weakest];
    if (s->ja)
        return g_strdup_printf("%s %s から(%zu段。最も弱い結び目: %s %s %s%s)",
                               one->answer->item->framework->id, one->answer->item->id, one->reach.n_path,
                               weakest->from->id, relation_words(s, weakest->relation), weakest->to->id,
                               weakest->verified ? "" : "、未確認");
    return g_strdup_printf("from %s %s (%zu hops; weakest link: %s %s %s%s)",
                           one->answer->item->framework->id, one->answer->item->id, one->reach.n_path,
                           weakest->from->id, relation_words(s, weakest->relation), weakest->to->id,
                           weakest->verified ? "" : ", not verified");
}

/* Owned. */
static char *evidence_words(const Statement *s, const TkSupport *one)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; one->answer != NULL && i < one->answer->evidence->len; i++) {
        const TkControlEvidence *e = &g_array_index(one->answer->evidence, TkControlEvidence, i);
        char from[TK_TIME_TEXT_MAX], to[TK_TIME_TEXT_MAX];
        bool over = e->expires != TK_DATE_NONE && e->expires < s->book->date;
        g_string_append_printf(out, "%s%s (%s–%s%s)", out->len > 0 ? "\n" : "", e->title,
                               tk_date_text(e->effective, from),
                               e->expires == TK_DATE_NONE ? "" : tk_date_text(e->expires, to),
                               over ? say(s, " 期限切れ", ", expired") : "");
        if (e->sha256 != NULL)
            g_string_append_printf(out, " SHA-256 %.16s…", e->sha256);
    }
    return g_string_free(out, FALSE);
}

static const char *reason_of(const TkSupport *one)
{
    return one->answer != NULL && one->answer->note != NULL ? one->answer->note : "";
}

typedef void (*RowFn)(const Statement *s, const TkFrameworkItem *item, const TkSupport *one, void *out);

/* Every item in its order; `one` is NULL for what stands above controls. */
static void each_row(const Statement *s, RowFn row, void *out)
{
    for (size_t i = 0; i < s->f->n_items; i++)
        row(s, &s->f->items[i], g_hash_table_lookup(s->book->support, &s->f->items[i]), out);
}

/* ---- on paper ---- */

static TkDocumentMark mark_of(TkControlState state)
{
    return state == TK_CONTROL_IMPLEMENTED      ? TK_MARK_GOOD
           : state == TK_CONTROL_OPEN           ? TK_MARK_BAD
           : state == TK_CONTROL_NOT_APPLICABLE ? TK_MARK_NONE
                                                : TK_MARK_CHANGED;
}

static void paper_row(const Statement *s, const TkFrameworkItem *item, const TkSupport *one, void *out)
{
    g_autofree char *title =
        g_strdup_printf("%s%s", tk_framework_title(item, s->lang), item->verified ? "" : " *");
    if (one == NULL) {
        g_autofree char *heading = g_strdup_printf("%s %s", item->id, title);
        tk_document_row_title(out, heading);
        return;
    }
    g_autofree char *basis = basis_words(s, one), *evidence = evidence_words(s, one);
    TkDocumentCell cells[] = {{item->id, TK_MARK_NONE},
                              {title, TK_MARK_NONE},
                              {applies_words(s, one), TK_MARK_NONE},
                              {state_words(s, one->state), mark_of(one->state)},
                              {reason_of(one), TK_MARK_NONE},
                              {basis, TK_MARK_NONE},
                              {evidence, TK_MARK_NONE}};
    tk_document_row(out, cells);
}

static void summary(const Statement *s, TkDocument *document)
{
    size_t counts[TK_CONTROL_IMPLEMENTED + 1] = {0};
    for (size_t i = 0; i < s->f->n_items; i++) {
        const TkSupport *one = g_hash_table_lookup(s->book->support, &s->f->items[i]);
        if (one != NULL)
            counts[one->state]++;
    }
    TkDocumentColumn columns[] = {{say(s, "状況", "State"), 3, false},
                                  {say(s, "管理策の数", "Controls"), 1, true}};
    tk_document_table(document, columns, G_N_ELEMENTS(columns));
    for (int state = TK_CONTROL_IMPLEMENTED; state >= TK_CONTROL_OPEN; state--) {
        g_autofree char *number = g_strdup_printf("%zu", counts[state]);
        TkDocumentCell cells[] = {{state_words(s, (TkControlState)state), mark_of((TkControlState)state)},
                                  {number, TK_MARK_NONE}};
        tk_document_row(document, cells);
    }
}

static GBytes *on_paper(TkApp *app, const TkActor *actor, const Statement *s, GError **error)
{
    char day[TK_TIME_TEXT_MAX];
    g_autofree char *title = g_strdup_printf("%s %s", say(s, s->f->title_ja, s->f->title_en), s->f->edition);
    TkDocumentHead head = {.title = say(s, "適用宣言書", "Statement of applicability"),
                           .subtitle = title,
                           .carrier = s->ja ? app->carrier_ja : app->carrier_en,
                           .by = actor->id,
                           .foot = "Tokatsu " TK_VERSION,
                           .at_us = tk_app_now(app),
                           .lang = s->ja ? TK_LANG_JA : TK_LANG_EN,
                           .landscape = true,
                           .synthetic = app->synthetic};
    g_autoptr(TkDocument) document = tk_document_new(&head);
    tk_document_meta(document, say(s, "基準日", "As of"), tk_date_text(s->book->date, day));
    tk_document_meta(document, say(s, "発行者", "Publisher"), s->f->publisher);
    tk_document_heading(document, 1, say(s, "まとめ", "Summary"));
    summary(s, document);
    tk_document_heading(document, 1, say(s, "管理策", "Controls"));
    TkDocumentColumn columns[] = {{say(s, "番号", "Id"), 3, false},
                                  {say(s, "題名", "Title"), 6, false},
                                  {say(s, "適用", "Applies"), 2, false},
                                  {say(s, "状況", "State"), 2, false},
                                  {say(s, "実施の説明・適用しない理由", "How, or why not"), 9, false},
                                  {say(s, "根拠", "Rests on"), 6, false},
                                  {say(s, "証拠", "Evidence"), 6, false}};
    tk_document_table(document, columns, G_N_ELEMENTS(columns));
    each_row(s, paper_row, document);
    if (s->f->n_unverified > 0)
        tk_document_note(document,
                         say(s, "* 題名はTokatsuの言葉で書いたもので、発行者の本文と照合していません。",
                             "* The title is in Tokatsu's own words and has not been compared with the "
                             "publisher's text."));
    GBytes *bytes = NULL;
    return tk_document_pdf(document, &bytes, error) ? bytes : NULL;
}

/* ---- as a spreadsheet ---- */

static void sheet_row(const Statement *s, const TkFrameworkItem *item, const TkSupport *one, void *out)
{
    if (one == NULL)
        return;
    g_autofree char *basis = basis_words(s, one), *evidence = evidence_words(s, one);
    const char *cells[] = {item->id,
                           tk_framework_title(item, s->lang),
                           applies_words(s, one),
                           state_words(s, one->state),
                           reason_of(one),
                           basis,
                           evidence};
    for (size_t i = 0; i < G_N_ELEMENTS(cells); i++)
        tk_xlsx_table_text(out, cells[i]);
    tk_xlsx_table_truth(out, item->verified);
    tk_xlsx_table_row(out);
}

static GBytes *as_sheet(const Statement *s, GError **error)
{
    static const char *const ids[] = {"id",     "title", "applies",  "state",
                                      "reason", "basis", "evidence", "verified"};
    const char *labels[] = {say(s, "番号", "Id"),
                            say(s, "題名", "Title"),
                            say(s, "適用", "Applies"),
                            say(s, "状況", "State"),
                            say(s, "実施の説明・適用しない理由", "How, or why not"),
                            say(s, "根拠", "Rests on"),
                            say(s, "証拠", "Evidence"),
                            say(s, "題名は照合済み", "Title verified")};
    g_autoptr(TkXlsxTable) table = tk_xlsx_table_new(say(s, "適用宣言書", "Applicability"), error);
    if (table == NULL)
        return NULL;
    tk_xlsx_table_head(table, labels, ids, G_N_ELEMENTS(ids));
    each_row(s, sheet_row, table);
    return tk_xlsx_table_end(g_steal_pointer(&table), error);
}

static GBytes *as_json(TkApp *app, const Statement *s)
{
    TkControlExport with = {.system = app->carrier_ja, .date = s->book->date, .now_us = tk_app_now(app)};
    g_autoptr(json_t) document = tk_control_applicability(s->book->frameworks, s->book->read, s->f, &with);
    return tk_json_bytes(document);
}

bool tk_service_applicability(TkApp *app, const TkActor *actor, const char *framework, const char *format,
                              const char *lang, TkServiceFile *file, GError **error)
{
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    g_autoptr(TkControlBook) book = tk_control_book(app, error);
    if (book == NULL)
        return false;
    bool ja = g_strcmp0(lang, "en") != 0;
    Statement s = {book, tk_framework_find(book->frameworks, framework), ja, ja ? "ja" : "en"};
    if (s.f == NULL)
        return tk_fail(error, TK_ERROR_NOT_FOUND, "there is no framework “%.64s”", framework);
    if (strcmp(format, "pdf") == 0) {
        file->content_type = "application/pdf";
        file->bytes = on_paper(app, actor, &s, error);
    } else if (strcmp(format, "xlsx") == 0) {
        file->content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        file->bytes = as_sheet(&s, error);
    } else if (strcmp(format, "json") == 0) {
        file->content_type = "application/json";
        file->bytes = as_json(app, &s);
    } else {
        return tk_fail(error, TK_ERROR_INPUT, "format: pdf, xlsx or json, not “%.20s”", format);
    }
    file->filename = g_strdup_printf("applicability-%s.%s", framework, format);
    return file->bytes != NULL;
}

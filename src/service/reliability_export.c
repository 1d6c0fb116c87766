/* The assessment on paper and in tables: every measure with its mark and what is recorded of it. */
#include "service/reliability_private.h"

#include "xlsx/xlsx.h"

#define CSV_MAX (64u << 20)
#define COLUMNS 13

static const char *const ids[COLUMNS] = {"section", "item",    "title",  "measure",  "text",
                                         "mark",    "state",   "reason", "evidence", "owner",
                                         "plan",    "plan_by", "checked"};
static const char *const labels[COLUMNS] = {"章",   "項目", "題名", "対策", "対策の内容", "記号",  "状態",
                                            "理由", "証拠", "担当", "計画", "計画の期限", "評価日"};

/* The row's texts in the order of the columns; borrowed. */
static void row_of(const TkReliabilityBook *book, const json_t *item, const json_t *measure,
                   const char *out[COLUMNS])
{
    const TkRecord *own = tk_reliability_assessment(book, measure);
    const json_t *values = own == NULL ? NULL : json_object_get(own->body, "values");
    const char *state = own == NULL ? NULL : tk_program_text(own, "state");
    bool out_of_scope = g_strcmp0(state, "not-applicable") == 0;
    size_t n = 0;
    for (; n < 3; n++)
        out[n] = json_string_value(json_object_get(item, ids[n]));
    for (; n < 5; n++)
        out[n] = json_string_value(json_object_get(measure, ids[n]));
    out[n++] = tk_reliability_mark(book, measure);
    out[n++] = state;
    out[n++] = own == NULL ? NULL : tk_program_text(own, out_of_scope ? "why_not" : "reason");
    out[n++] = json_string_value(json_object_get(json_object_get(values, "evidence"), "name"));
    out[n++] = own == NULL ? NULL : tk_reliability_person(book, tk_program_text(own, "owner"));
    for (; n < COLUMNS; n++)
        out[n] = own == NULL ? NULL : tk_program_text(own, ids[n]);
}

typedef void (*EachFn)(const char *row[COLUMNS], void *data);

static void each_row(const TkReliabilityBook *book, EachFn each, void *data)
{
    size_t i, m;
    json_t *item, *measure;
    const char *row[COLUMNS];
    json_array_foreach(json_object_get(book->content, "items"), i, item)
        json_array_foreach(json_object_get(item, "measures"), m, measure)
    {
        row_of(book, item, measure, row);
        each(row, data);
    }
}

/* ---- tables ---- */

static void csv_row(const char *row[COLUMNS], void *data)
{
    TkBuf *buf = data;
    for (size_t i = 0; i < COLUMNS; i++) {
        tk_buf_add_str(buf, i > 0 ? "," : "");
        tk_csv_add_field(buf, row[i] != NULL ? row[i] : "");
    }
    tk_buf_add_str(buf, "\r\n");
}

static bool as_csv(const TkReliabilityBook *book, GBytes **bytes, GError **error)
{
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, CSV_MAX);
    tk_buf_add_str(&buf, "\xef\xbb\xbf");
    const char *head[COLUMNS];
    memcpy(head, ids, sizeof ids);
    csv_row(head, &buf);
    each_row(book, csv_row, &buf);
    if (buf.overflow)
        return tk_fail(error, TK_ERROR_LIMIT, "the table is larger than %u bytes", CSV_MAX);
    *bytes = g_bytes_new(buf.data, buf.len);
    return true;
}

static void xlsx_row(const char *row[COLUMNS], void *data)
{
    TkXlsxTable *table = data;
    for (size_t i = 0; i < COLUMNS; i++) {
        TkDate day;
        if (row[i] == NULL)
            tk_xlsx_table_skip(table);
        else if (i >= COLUMNS - 2 && tk_date_parse(row[i], strlen(row[i]), &day, NULL))
            tk_xlsx_table_date(table, day);
        else
            tk_xlsx_table_text(table, row[i]);
    }
    tk_xlsx_table_row(table);
}

static bool as_xlsx(const TkReliabilityBook *book, GBytes **bytes, GError **error)
{
    g_autoptr(TkXlsxTable) table = tk_xlsx_table_new("安全・信頼性基準", error);
    if (table == NULL)
        return false;
    tk_xlsx_table_head(table, labels, ids, COLUMNS);
    each_row(book, xlsx_row, table);
    *bytes = tk_xlsx_table_end(g_steal_pointer(&table), error);
    return *bytes != NULL;
}

/* ---- paper ---- */

typedef struct {
    const TkReliabilityBook *book;
    TkDocument *document;
    bool en;
} Paper;

static const char *pick(const Paper *p, const char *ja, const char *en)
{
    return p->en ? en : ja;
}

static const char *state_words(const Paper *p, const char *state)
{
    static const struct {
        const char *id, *ja, *en;
    } words[] = {{"done", "実施", "Carried out"},
                 {"partly", "一部実施", "In part"},
                 {"planned", "計画中", "Planned"},
                 {"not-done", "未実施", "Not carried out"},
                 {"not-applicable", "対象外", "Not applicable"}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_strcmp0(state, words[i].id) == 0)
            return pick(p, words[i].ja, words[i].en);
    return pick(p, "未評価", "Not assessed");
}

static TkDocumentMark mark_of(const char *state, const char *sign)
{
    if (strcmp(sign, "−") == 0)
        return TK_MARK_NONE;
    if (g_strcmp0(state, "done") == 0)
        return TK_MARK_GOOD;
    if (g_strcmp0(state, "not-done") == 0)
        return TK_MARK_BAD;
    return g_strcmp0(state, "partly") == 0 || g_strcmp0(state, "planned") == 0 ? TK_MARK_CHANGED
                                                                               : TK_MARK_NONE;
}

static void put_progress(const Paper *p, const GArray *chapters)
{
    const TkDocumentColumn columns[] = {
        {pick(p, "章", "Chapter"), 8, false},     {pick(p, "項目", "Items"), 2, true},
        {pick(p, "対策", "Measures"), 2, true},   {pick(p, "公表数", "Published"), 3, true},
        {pick(p, "対象", "Asked"), 2, true},      {pick(p, "実施", "Done"), 2, true},
        {pick(p, "一部", "Partly"), 2, true},     {pick(p, "計画", "Planned"), 2, true},
        {pick(p, "未実施", "Not done"), 2, true}, {pick(p, "対象外", "N/A"), 2, true},
        {pick(p, "未評価", "Open"), 2, true}};
    g_autoptr(json_t) counts = tk_reliability_counts(p->book->app->law, p->book->content);
    tk_document_heading(p->document, 1, pick(p, "章ごとの状況", "Progress by chapter"));
    tk_document_table(p->document, columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < chapters->len; i++) {
        const TkReliabilityChapter *chapter = &g_array_index(chapters, TkReliabilityChapter, i);
        TkReliabilityTally t = tk_reliability_tally(p->book, chapter->id);
        const json_t *row = json_array_get(counts, i);
        const int64_t numbers[] = {json_integer_value(json_object_get(row, "items")),
                                   json_integer_value(json_object_get(row, "measures")),
                                   0,
                                   t.asked,
                                   t.done,
                                   t.partly,
                                   t.planned,
                                   t.not_done,
                                   t.not_applicable,
                                   t.open};
        char texts[G_N_ELEMENTS(numbers)][32];
        bool same = json_is_true(json_object_get(row, "same"));
        TkDocumentCell cells[G_N_ELEMENTS(columns)] = {
            {p->en ? chapter->name.en : chapter->name.ja, chapter->leaf ? TK_MARK_NONE : TK_MARK_HEAD}};
        for (size_t n = 0; n < G_N_ELEMENTS(numbers); n++) {
            if (n == 2)
                g_snprintf(texts[n], sizeof texts[n], "%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT,
                           chapter->items, chapter->measures);
            else
                g_snprintf(texts[n], sizeof texts[n], "%" G_GINT64_FORMAT, numbers[n]);
            cells[n + 1] = (TkDocumentCell){texts[n], n == 2 && !same ? TK_MARK_CHANGED : TK_MARK_NONE};
        }
        tk_document_row(p->document, cells);
    }
    tk_document_note(p->document,
                     pick(p, "公表数は2021年5月時点の項目数 / 対策数。違いは改正又は取込みの過不足を示す。",
                          "Published: items / measures as of May 2021. A difference shows an amendment, or "
                          "what is missing or too much in the imported file."));
}

static void put_item(const Paper *p, const json_t *item)
{
    g_autofree char *title = g_strdup_printf("(%s) %s", json_string_value(json_object_get(item, "item")),
                                             json_string_value(json_object_get(item, "title")));
    tk_document_row_title(p->document, title);
    size_t m;
    json_t *measure;
    json_array_foreach(json_object_get(item, "measures"), m, measure)
    {
        const char *row[COLUMNS];
        row_of(p->book, item, measure, row);
        g_autofree char *plan =
            row[10] == NULL && row[11] == NULL
                ? NULL
                : g_strdup_printf("%s %s", row[10] != NULL ? row[10] : "", row[11] != NULL ? row[11] : "");
        tk_document_row(p->document, (TkDocumentCell[]){{.text = row[3]},
                                                        {.text = row[4]},
                                                        {.text = row[5]},
                                                        {state_words(p, row[6]), mark_of(row[6], row[5])},
                                                        {.text = row[7]},
                                                        {.text = row[9]},
                                                        {.text = plan}});
    }
}

static void put_chapter(const Paper *p, const TkReliabilityChapter *chapter)
{
    const TkDocumentColumn columns[] = {{pick(p, "対策", "No."), 2, false},
                                        {pick(p, "内容", "Measure"), 10, false},
                                        {pick(p, "記号", "Mark"), 2, false},
                                        {pick(p, "状態", "State"), 3, false},
                                        {pick(p, "理由・実施の内容", "Reason"), 8, false},
                                        {pick(p, "担当", "Owner"), 4, false},
                                        {pick(p, "計画", "Plan"), 6, false}};
    int level = 1;
    for (const char *c = chapter->id; *c != '\0'; c++)
        level += *c == '.';
    tk_document_heading(p->document, level, p->en ? chapter->name.en : chapter->name.ja);
    if (!chapter->leaf)
        return;
    tk_document_table(p->document, columns, G_N_ELEMENTS(columns));
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(p->book->content, "items"), i, item)
    {
        if (g_strcmp0(json_string_value(json_object_get(item, "section")), chapter->id) == 0)
            put_item(p, item);
    }
}

static bool as_pdf(const TkReliabilityBook *book, bool english, GBytes **bytes, GError **error)
{
    Paper p = {.book = book, .en = english};
    TkText network = tk_reliability_network_name(book->network);
    const char *edition = json_string_value(json_object_get(book->kept->body, "edition"));
    const char *hash = json_string_value(json_object_get(book->kept->body, "sha256"));
    g_autofree char *foot = g_strdup_printf("sha256:%.16s ・ Tokatsu " TK_VERSION, hash);
    TkDocumentHead head = {.title = pick(&p, "安全・信頼性基準 評価書", "Safety and reliability: assessment"),
                           .carrier = english ? book->app->carrier_en : book->app->carrier_ja,
                           .by = book->actor->id,
                           .version = edition,
                           .foot = foot,
                           .at_us = tk_app_now(book->app),
                           .lang = english ? TK_LANG_EN : TK_LANG_JA,
                           .landscape = true,
                           .contents = true,
                           .synthetic = book->app->synthetic};
    g_autoptr(TkDocument) document = p.document = tk_document_new(&head);
    tk_document_meta(document, pick(&p, "網の種別", "Kind of network"), english ? network.en : network.ja);
    g_autoptr(GArray) chapters = tk_law_reliability_chapters(book->app->law);
    put_progress(&p, chapters);
    for (guint i = 0; i < chapters->len; i++)
        put_chapter(&p, &g_array_index(chapters, TkReliabilityChapter, i));
    return tk_document_pdf(document, bytes, error);
}

bool tk_service_reliability_export(TkApp *app, const TkActor *actor, const char *network, const char *format,
                                   bool english, TkServiceFile *file, GError **error)
{
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    g_auto(TkReliabilityBook) book = {.app = app, .actor = actor};
    if (!tk_reliability_open(&book, network, error))
        return false;
    if (book.kept == NULL)
        return tk_fail_both(error, TK_ERROR_NOT_FOUND, "告示のファイルがまだ取り込まれていません。%s",
                            "no file of the notice was imported yet%s", "");
    bool pdf = strcmp(format, "pdf") == 0, xlsx = strcmp(format, "xlsx") == 0;
    if (!pdf && !xlsx && strcmp(format, "csv") != 0)
        return tk_fail(error, TK_ERROR_INPUT,
                       "“%.20s” is no format of an export; there are csv, xlsx and pdf", format);
    file->content_type = pdf    ? "application/pdf"
                         : xlsx ? tk_report_media_type(TK_REPORT_XLSX)
                                : "text/csv; charset=utf-8";
    file->filename = g_strdup_printf("reliability-%s.%s", tk_reliability_network(book.network), format);
    return pdf    ? as_pdf(&book, english, &file->bytes, error)
           : xlsx ? as_xlsx(&book, &file->bytes, error)
                  : as_csv(&book, &file->bytes, error);
}

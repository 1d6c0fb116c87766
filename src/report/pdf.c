/* A report on paper: head, key figures, the form's sections as ruled rows, notes. The look is that of a
 * Japanese office's report: Mincho for what is said, Gothic for labels, thin rules, no ornament. */
#include "report/faces.h"
#include "report/sheet.h"

#define SIZE_VALUE 10.0
#define SIZE_LABEL 9.0
#define SIZE_CELL  8.2
#define SIZE_SMALL 7.0
#define LABEL_W    128.0
#define SHADE_HEAD 0.07

typedef struct {
    const TkReport *report;
    TkLang lang;
    TkSheet *sheet;
} Page;

static bool is_en(const Page *page)
{
    return page->lang == TK_LANG_EN;
}

/* ------------------------------------------------------------------ head */

static void put(Page *page, const char *text, TkFont font, double size, PangoAlignment align, double gap)
{
    TkSheet *sheet = page->sheet;
    PangoLayout *layout = tk_sheet_text(sheet, text, font, size, sheet->right - sheet->left, align);
    double height = tk_sheet_height(layout);
    tk_sheet_put(sheet, layout, sheet->left, sheet->y, TK_INK_BLACK);
    sheet->y += height + gap;
}

static void put_form_line(Page *page)
{
    const TkReport *report = page->report;
    TkSheet *sheet = page->sheet;
    g_autofree char *text = g_strdup_printf(is_en(page) ? "Stands for: %s" : "対応する様式: %s",
                                            tk_text_in(report->form_number, page->lang));
    tk_sheet_put(sheet, tk_sheet_text(sheet, text, TK_FONT_GOTHIC, 8.5, -1, PANGO_ALIGN_LEFT), sheet->left,
                 sheet->y, TK_INK_GREY);
    g_auto(TkBuf) date;
    tk_buf_init(&date, 256);
    tk_report_add_date(&date, tk_date_of_time(report->at_us), page->lang, report->wareki);
    put(page, tk_buf_str(&date), TK_FONT_MINCHO, 10.5, PANGO_ALIGN_RIGHT, 12);
}

static void put_parties(Page *page)
{
    const TkReport *report = page->report;
    TkSheet *sheet = page->sheet;
    const char *addressee = tk_text_in(report->addressee, page->lang);
    if (addressee[0] != '\0')
        put(page, addressee, TK_FONT_MINCHO, 12, PANGO_ALIGN_LEFT, 8);
    double half = (sheet->right - sheet->left) / 2;
    g_autofree char *text =
        g_strdup_printf("%s%s%s", report->carrier, report->by[0] != '\0' ? "\n" : "", report->by);
    PangoLayout *layout = tk_sheet_text(sheet, text, TK_FONT_MINCHO, 11, half, PANGO_ALIGN_RIGHT);
    double height = tk_sheet_height(layout);
    tk_sheet_put(sheet, layout, sheet->left + half, sheet->y, TK_INK_BLACK);
    sheet->y += height + 22;
}

static void put_title(Page *page)
{
    g_autofree char *name = tk_report_name(page->report, page->lang);
    g_autofree char *bracketed = g_strdup_printf(is_en(page) ? "(%s)" : "（%s）", name);
    const char *title = tk_text_in(page->report->title, page->lang);
    put(page, title, TK_FONT_MINCHO, g_utf8_strlen(title, -1) > 24 ? 14 : 18, PANGO_ALIGN_CENTER, 3);
    if (name[0] != '\0')
        put(page, bracketed, TK_FONT_MINCHO, 12, PANGO_ALIGN_CENTER, 0);
    page->sheet->y += 16;
    const char *lead = tk_text_in(page->report->lead, page->lang);
    if (lead[0] != '\0') {
        tk_sheet_paragraph(page->sheet, lead, TK_FONT_MINCHO, 10.5, TK_INK_BLACK);
        page->sheet->y += 12;
    }
}

/* ------------------------------------------------------------------ values */

static char *value_text(Page *page, const TkItem *item)
{
    if (item->value.type == TK_CELL_NONE)
        return g_strdup(item->required == TK_STAGE_NONE ? "—" : is_en(page) ? "(not filled in)" : "(未記入)");
    g_autofree char *text = tk_cell_text(&item->value, page->lang, page->report->wareki, TK_STYLE_FULL);
    const char *unit = tk_text_in(item->unit, page->lang);
    return g_strdup_printf("%s%s%s", text, unit[0] != '\0' ? " " : "", unit);
}

/* The figures somebody looks for first, in one strip. */
static void put_highlights(Page *page)
{
    const TkReport *report = page->report;
    TkSheet *sheet = page->sheet;
    size_t count = report->highlight_count;
    if (count == 0)
        return;
    double width = (sheet->right - sheet->left) / (double)count, height = 0;
    PangoLayout *labels[4], *values[4];
    for (size_t i = 0; i < count; i++) {
        const TkItem *item = tk_report_item(report, report->highlights[i]);
        g_autofree char *value = item != NULL ? value_text(page, item) : g_strdup("—");
        char *space = item != NULL && item->value.type == TK_CELL_TIME ? strchr(value, ' ') : NULL;
        if (space != NULL)
            *space = '\n'; /* the day above the hour */
        const char *label = item != NULL ? tk_text_in(item->label, page->lang) : "";
        labels[i] = tk_sheet_text(sheet, label, TK_FONT_GOTHIC, 7.5, width - 12, PANGO_ALIGN_LEFT);
        values[i] = tk_sheet_text(sheet, value, TK_FONT_GOTHIC, 11, width - 12, PANGO_ALIGN_LEFT);
        height = MAX(height, tk_sheet_height(labels[i]) + tk_sheet_height(values[i]) + 14);
    }
    tk_sheet_need(sheet, height);
    tk_sheet_fill(sheet, sheet->left, sheet->y, sheet->right - sheet->left, height, 0.045);
    tk_sheet_line(sheet, sheet->left, sheet->y, sheet->right, sheet->y, 1.2);
    tk_sheet_line(sheet, sheet->left, sheet->y + height, sheet->right, sheet->y + height, 1.2);
    for (size_t i = 0; i < count; i++) {
        double x = sheet->left + width * (double)i;
        double under = sheet->y + 6 + tk_sheet_height(labels[i]);
        if (i > 0)
            tk_sheet_line(sheet, x, sheet->y + 6, x, sheet->y + height - 6, 0.3);
        tk_sheet_put(sheet, labels[i], x + 6, sheet->y + 5, TK_INK_GREY);
        tk_sheet_put(sheet, values[i], x + 6, under + 2, TK_INK_BLACK);
    }
    sheet->y += height + 14;
}

/* ------------------------------------------------------------------ sections */

static char *label_text(Page *page, const TkItem *item)
{
    return g_strdup_printf("%s%s%s", tk_text_in(item->label, page->lang), item->verified ? "" : " ※",
                           item->entered ? " +" : "");
}

/* Label in Gothic with the article under it, small. */
static PangoLayout *label_layout(Page *page, const TkItem *item, double width)
{
    g_autofree char *label = label_text(page, item);
    g_autofree char *text = g_strdup_printf("%s\n%s", label, item->article);
    PangoLayout *layout =
        tk_sheet_text(page->sheet, text, TK_FONT_GOTHIC, SIZE_LABEL, width, PANGO_ALIGN_LEFT);
    PangoAttrList *attributes = pango_attr_list_copy(pango_layout_get_attributes(layout));
    PangoAttribute *small = pango_attr_size_new_absolute((int)(6.4 * PANGO_SCALE));
    PangoAttribute *grey = pango_attr_foreground_new(0x6000, 0x6000, 0x6000);
    small->start_index = grey->start_index = (guint)strlen(label) + 1;
    pango_attr_list_insert(attributes, small);
    pango_attr_list_insert(attributes, grey);
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    return layout;
}

static void put_value_item(Page *page, const TkItem *item)
{
    TkSheet *sheet = page->sheet;
    double rest = sheet->right - sheet->left - LABEL_W;
    g_autofree char *value = value_text(page, item);
    TkSheetCell cells[2] = {
        {.text = label_layout(page, item, LABEL_W - 10),
         .width = LABEL_W,
         .shade = SHADE_HEAD,
         .middle = true,
         .repeat = true},
        {.text = tk_sheet_text(sheet, value, TK_FONT_MINCHO, SIZE_VALUE, rest - 10, PANGO_ALIGN_LEFT),
         .width = rest,
         .middle = true},
    };
    tk_sheet_row(sheet, cells, 2, NULL, NULL);
}

typedef struct {
    Page *page;
    const TkTable *table;
    double widths[TK_COLUMNS_MAX];
} TableHead;

static void put_table_head(TkSheet *sheet, void *data)
{
    TableHead *head = data;
    TkSheetCell cells[TK_COLUMNS_MAX];
    for (size_t c = 0; c < head->table->width; c++) {
        g_autofree char *label = tk_face_column_label(&head->table->columns[c], head->page->lang);
        double width = head->widths[c];
        cells[c] = (TkSheetCell){.text = tk_sheet_text(sheet, label, TK_FONT_GOTHIC, SIZE_CELL - 0.6,
                                                       width - 10, PANGO_ALIGN_CENTER),
                                 .width = width,
                                 .shade = SHADE_HEAD,
                                 .middle = true};
    }
    tk_sheet_row(sheet, cells, head->table->width, NULL, NULL);
}

static void put_table_row(Page *page, TableHead *head, size_t row)
{
    TkSheetCell cells[TK_COLUMNS_MAX];
    const TkTable *table = head->table;
    for (size_t c = 0; c < table->width; c++) {
        const TkCell *cell = &table->cells[row * table->width + c];
        g_autofree char *text = tk_cell_text(cell, page->lang, page->report->wareki, TK_STYLE_COMPACT);
        bool right = table->columns[c].type == TK_CELL_NUMBER || table->columns[c].type == TK_CELL_DURATION;
        cells[c] = (TkSheetCell){.text = tk_sheet_text(page->sheet, text, TK_FONT_MINCHO, SIZE_CELL,
                                                       head->widths[c] - 10,
                                                       right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT),
                                 .width = head->widths[c]};
    }
    tk_sheet_row(page->sheet, cells, table->width, put_table_head, head);
}

static void put_table_item(Page *page, const TkItem *item)
{
    TkSheet *sheet = page->sheet;
    TableHead head = {page, item->table, {0}};
    double sum = 0, width = sheet->right - sheet->left;
    for (size_t c = 0; c < item->table->width; c++)
        sum += item->table->columns[c].width;
    for (size_t c = 0; c < item->table->width; c++)
        head.widths[c] = width * item->table->columns[c].width / sum;
    g_autofree char *label = label_text(page, item);
    tk_sheet_need(sheet, 72);
    sheet->y += 7;
    tk_sheet_put(sheet, tk_sheet_text(sheet, item->article, TK_FONT_GOTHIC, 6.4, width, PANGO_ALIGN_RIGHT),
                 sheet->left, sheet->y + 3, TK_INK_GREY);
    put(page, label, TK_FONT_GOTHIC, SIZE_LABEL, PANGO_ALIGN_LEFT, 3);
    put_table_head(sheet, &head);
    if (item->table->rows == 0) {
        const char *none = is_en(page) ? "(none)" : "(該当なし・未記入)";
        TkSheetCell cell = {
            .text = tk_sheet_text(sheet, none, TK_FONT_MINCHO, SIZE_CELL, width - 10, PANGO_ALIGN_LEFT),
            .width = width};
        tk_sheet_row(sheet, &cell, 1, NULL, NULL);
    }
    for (size_t row = 0; row < item->table->rows; row++)
        put_table_row(page, &head, row);
    sheet->y += 7;
}

static void put_section(Page *page, const TkSection *section, size_t number)
{
    TkSheet *sheet = page->sheet;
    g_autofree char *title = g_strdup_printf("%zu  %s", number, tk_text_in(section->title, page->lang));
    tk_sheet_need(sheet, 96);
    tk_sheet_bookmark(sheet, title, 1);
    tk_sheet_fill(sheet, sheet->left, sheet->y + 2, 3, 13, 0.75);
    PangoLayout *layout = tk_sheet_text(sheet, title, TK_FONT_GOTHIC, 11.5, -1, PANGO_ALIGN_LEFT);
    tk_sheet_put(sheet, layout, sheet->left + 9, sheet->y, TK_INK_BLACK);
    sheet->y += 22;
    for (size_t i = 0; i < section->count; i++) {
        if (section->items[i].table != NULL)
            put_table_item(page, &section->items[i]);
        else
            put_value_item(page, &section->items[i]);
    }
    sheet->y += 14;
}

/* ------------------------------------------------------------------ notes and edges */

static bool any_item(const TkReport *report, bool entered)
{
    for (size_t s = 0; s < report->section_count; s++)
        for (size_t i = 0; i < report->sections[s].count; i++)
            if (entered ? report->sections[s].items[i].entered : !report->sections[s].items[i].verified)
                return true;
    return false;
}

static void put_notes(Page *page)
{
    tk_sheet_need(page->sheet, 60);
    g_autofree char *statement =
        g_strdup_printf(is_en(page) ? "Note  %s" : "注 %s", tk_text_in(page->report->statement, page->lang));
    tk_sheet_paragraph(page->sheet, statement, TK_FONT_GOTHIC, SIZE_SMALL + 0.5, TK_INK_GREY);
    page->sheet->y += 3;
    if (any_item(page->report, false))
        tk_sheet_paragraph(page->sheet, tk_face_unverified(page->lang), TK_FONT_GOTHIC, SIZE_SMALL + 0.5,
                           TK_INK_GREY);
    page->sheet->y += 3;
    if (any_item(page->report, true))
        tk_sheet_paragraph(page->sheet, tk_face_entered(page->lang), TK_FONT_GOTHIC, SIZE_SMALL + 0.5,
                           TK_INK_GREY);
}

/* Where this report is looked up and checked. */
static void put_verify(Page *page)
{
    const char *words =
        is_en(page)
            ? "For verification: the log's name, this record's place in it and its hash, and the SHA-256 of "
              "this report's document (JSON). `tokatsu ledger check-proof` checks the receipt that goes with "
              "it."
            : "検証用: 記録簿の名称、この記録の番号とハッシュ、この報告書の文書(JSON)の SHA-256 を示す。"
              "対になる受領証は「tokatsu ledger check-proof」で検証できる。";
    tk_sheet_verify(page->sheet, page->report->verify, words);
}

void tk_report_set_verify(TkReport *report, const char *text)
{
    g_free(report->verify);
    report->verify = g_strdup(text);
}

static bool check_length(const TkReport *report, GError **error)
{
    for (size_t s = 0; s < report->section_count; s++) {
        for (size_t i = 0; i < report->sections[s].count; i++) {
            const TkItem *item = &report->sections[s].items[i];
            if (item->table != NULL && item->table->rows > TK_REPORT_PDF_ROWS_MAX)
                return tk_fail(error, TK_ERROR_LIMIT,
                               "item %s has %zu rows; up to %d are printed. Take the spreadsheet or the CSV",
                               item->id, item->table->rows, TK_REPORT_PDF_ROWS_MAX);
        }
    }
    return true;
}

bool tk_report_pdf(const TkReport *report, TkLang lang, GBytes **bytes, GError **error)
{
    if (!check_length(report, error))
        return false;
    g_autoptr(TkSheet) sheet = tk_sheet_new(report->landscape);
    Page page = {report, lang, sheet};
    put_form_line(&page);
    put_parties(&page);
    put_title(&page);
    put_highlights(&page);
    for (size_t s = 0; s < report->section_count; s++)
        put_section(&page, &report->sections[s], s + 1);
    put_notes(&page);
    put_verify(&page);
    g_autofree char *title = tk_report_heading(report, lang);
    g_autofree char *head = g_strdup_printf("%s ・ %s", title, report->carrier);
    g_autofree char *foot = tk_report_foot(report, lang);
    g_autofree char *marks = tk_report_marks(report, lang);
    TkSheetEdges edges = {.title = title,
                          .subject = tk_text_in(report->form_number, lang),
                          .author = report->carrier,
                          .foot = foot,
                          .head = head,
                          .marks = marks,
                          .water = !report->drill       ? ""
                                   : lang == TK_LANG_EN ? "DRILL"
                                                        : "訓練",
                          .at_us = report->at_us};
    return tk_sheet_pdf(sheet, &edges, bytes, error);
}

/* A report as a spreadsheet: one sheet for the single values, one for each table. Cells are typed: a date is
 * a date and a number a number, in Japan's time.
 *
 * libxlsxwriter writes it, into a file that lies in memory (xlsx/xlsx.h); its parts pass through temporary
 * files of the library's own. */
#include <unistd.h>
#include <xlsxwriter.h>

#include "report/faces.h"
#include "xlsx/xlsx.h"

#define NAME_MAX_CHARS 31
#define A4             9

typedef struct {
    lxw_format *title, *head, *text, *number, *time, *date, *duration, *section, *small, *marks, *label;
} Styles;

typedef struct {
    const TkReport *report;
    TkLang lang;
    lxw_workbook *book;
    Styles styles;
    GPtrArray *names; /* of the sheets, owned */
    char *title, *foot, *marks;
    lxw_error failed; /* the first that went wrong */
} Book;

typedef struct {
    Book *book;
    lxw_worksheet *sheet;
    lxw_row_t row; /* the next one */
} Sheet;

static void note(Book *book, lxw_error error)
{
    if (book->failed == LXW_NO_ERROR)
        book->failed = error;
}

/* ------------------------------------------------------------------ styles */

static lxw_format *style(Book *book, double size, bool bold, bool framed)
{
    lxw_format *format = workbook_add_format(book->book);
    format_set_font_name(format, "游ゴシック");
    format_set_font_size(format, size);
    if (bold)
        format_set_bold(format);
    if (framed) {
        format_set_border(format, LXW_BORDER_THIN);
        format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    }
    return format;
}

static lxw_format *text_style(Book *book, bool shaded)
{
    lxw_format *format = style(book, 10, false, true);
    format_set_num_format(format, "@");
    format_set_text_wrap(format);
    if (shaded)
        format_set_bg_color(format, 0xEDEDED);
    return format;
}

static lxw_format *value_style(Book *book, const char *shape, uint8_t align)
{
    lxw_format *format = style(book, 10, false, true);
    format_set_num_format(format, shape);
    format_set_align(format, align);
    return format;
}

static void make_styles(Book *book)
{
    Styles *s = &book->styles;
    s->title = style(book, 14, true, false);
    s->section = style(book, 10, true, false);
    s->small = style(book, 8, false, false);
    format_set_font_color(s->small, 0x606060);
    s->marks = style(book, 10, true, false);
    format_set_font_color(s->marks, 0xBF0D1A);
    s->head = style(book, 10, true, true);
    format_set_bg_color(s->head, 0xEDEDED);
    format_set_text_wrap(s->head);
    format_set_align(s->head, LXW_ALIGN_CENTER);
    s->text = text_style(book, false);
    s->label = text_style(book, true);
    s->number = value_style(book, "#,##0", LXW_ALIGN_RIGHT);
    s->time = value_style(book, "yyyy/mm/dd\\ hh:mm:ss", LXW_ALIGN_LEFT);
    s->date = value_style(book, "yyyy/mm/dd", LXW_ALIGN_LEFT);
    s->duration = value_style(book, "[h]:mm:ss", LXW_ALIGN_RIGHT);
}

/* ------------------------------------------------------------------ cells */

static void add_text(Sheet *sheet, unsigned column, const char *text, lxw_format *format)
{
    g_autofree char *clean = tk_xlsx_printable(text);
    if (g_utf8_strlen(clean, -1) > TK_XLSX_TEXT_MAX)
        note(sheet->book, LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED);
    else if (clean[0] == '\0')
        note(sheet->book, worksheet_write_blank(sheet->sheet, sheet->row, (lxw_col_t)column, format));
    else
        note(sheet->book, worksheet_write_string(sheet->sheet, sheet->row, (lxw_col_t)column, clean, format));
}

static void add_number(Sheet *sheet, unsigned column, double value, lxw_format *format)
{
    note(sheet->book, worksheet_write_number(sheet->sheet, sheet->row, (lxw_col_t)column, value, format));
}

static void add_cell(Sheet *sheet, unsigned column, const TkCell *cell)
{
    const Styles *styles = &sheet->book->styles;
    switch (cell->type) {
    case TK_CELL_NONE:
        add_text(sheet, column, "", styles->text);
        return;
    case TK_CELL_TEXT:
        add_text(sheet, column, tk_text_in(cell->text, sheet->book->lang), styles->text);
        return;
    case TK_CELL_NUMBER:
        add_number(sheet, column, (double)cell->number, styles->number);
        return;
    case TK_CELL_TIME:
        add_number(sheet, column, tk_xlsx_serial_of_time(cell->number), styles->time);
        return;
    case TK_CELL_DATE:
        add_number(sheet, column, tk_xlsx_serial_of_date((TkDate)cell->number), styles->date);
        return;
    case TK_CELL_DURATION:
        add_number(sheet, column, (double)cell->number / 86400, styles->duration);
        return;
    }
}

static void add_line(Sheet *sheet, const char *text, lxw_format *format)
{
    if (text[0] != '\0')
        add_text(sheet, 0, text, format);
    sheet->row++;
}

/* ------------------------------------------------------------------ sheets */

/* Names of sheets are at most 31 characters, without []:*?/\, and no two alike. */
static const char *sheet_name(Book *book, const char *label)
{
    g_autofree char *clean = g_utf8_substring(label, 0, MIN(NAME_MAX_CHARS - 4, g_utf8_strlen(label, -1)));
    g_strdelimit(clean, "[]:*?/\\'", ' ');
    for (unsigned n = 1;; n++) {
        char *name = n == 1 ? g_strdup(clean) : g_strdup_printf("%s %u", clean, n);
        bool taken = false;
        for (guint i = 0; i < book->names->len; i++)
            taken = taken || g_ascii_strcasecmp(g_ptr_array_index(book->names, i), name) == 0;
        if (!taken) {
            g_ptr_array_add(book->names, name);
            return name;
        }
        g_free(name);
    }
}

/* "&" begins a code in headers and footers and is doubled to stand for itself. */
static char *doubled(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "&", -1);
    return g_strjoinv("&&", parts);
}

/* A header or footer is at most 255 characters, so that it carries the name and the page only. */
static void add_edges(Book *book, lxw_worksheet *sheet)
{
    g_autofree char *cut = g_utf8_substring(book->title, 0, MIN(100, g_utf8_strlen(book->title, -1)));
    g_autofree char *name = doubled(cut);
    g_autofree char *marks = doubled(book->marks);
    g_autofree char *header = g_strconcat("&R", marks, NULL);
    g_autofree char *footer = g_strconcat("&L", name, "&R&P / &N", NULL);
    note(book, worksheet_set_header(sheet, header));
    note(book, worksheet_set_footer(sheet, footer));
}

static Sheet begin_sheet(Book *book, const char *label, const double *widths, unsigned columns,
                         bool landscape)
{
    Sheet sheet = {.book = book, .sheet = workbook_add_worksheet(book->book, sheet_name(book, label))};
    if (sheet.sheet == NULL) {
        note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return sheet;
    }
    for (unsigned c = 0; c < columns; c++)
        note(book, worksheet_set_column(sheet.sheet, (lxw_col_t)c, (lxw_col_t)c, widths[c], NULL));
    worksheet_gridlines(sheet.sheet, LXW_HIDE_ALL_GRIDLINES);
    worksheet_set_paper(sheet.sheet, A4);
    worksheet_set_margins(sheet.sheet, 0.6, 0.6, 0.75, 0.75);
    worksheet_fit_to_pages(sheet.sheet, 1, 0);
    if (landscape)
        worksheet_set_landscape(sheet.sheet);
    add_edges(book, sheet.sheet);
    return sheet;
}

static void add_item_row(Sheet *sheet, const TkItem *item)
{
    const Book *book = sheet->book;
    bool en = book->lang == TK_LANG_EN;
    g_autofree char *label = g_strdup_printf("%s%s%s", tk_text_in(item->label, book->lang),
                                             item->verified ? "" : " ※", item->entered ? " +" : "");
    add_text(sheet, 0, label, book->styles.label);
    add_cell(sheet, 1, &item->value);
    add_text(sheet, 2, tk_text_in(item->unit, book->lang), book->styles.text);
    add_text(sheet, 3, item->article, book->styles.text);
    add_text(sheet, 4, item->verified ? (en ? "confirmed" : "確認済") : (en ? "not confirmed" : "未確認"),
             book->styles.text);
    sheet->row++;
}

static void add_item_head(Sheet *sheet)
{
    static const char *const ja[] = {"項目", "値", "単位", "根拠", "公式項目の確認"};
    static const char *const en[] = {"Item", "Value", "Unit", "Article", "Official item"};
    for (unsigned c = 0; c < G_N_ELEMENTS(ja); c++)
        add_text(sheet, c, sheet->book->lang == TK_LANG_EN ? en[c] : ja[c], sheet->book->styles.head);
    sheet->row++;
}

static void add_section(Sheet *sheet, const TkSection *section)
{
    bool headed = false;
    for (size_t i = 0; i < section->count; i++) {
        if (section->items[i].table != NULL)
            continue;
        if (!headed) {
            add_line(sheet, "", NULL);
            add_line(sheet, tk_text_in(section->title, sheet->book->lang), sheet->book->styles.section);
            add_item_head(sheet);
            headed = true;
        }
        add_item_row(sheet, &section->items[i]);
    }
}

static void add_first_sheet(Book *book)
{
    static const double widths[] = {30, 62, 8, 34, 16};
    const TkReport *report = book->report;
    const Styles *styles = &book->styles;
    Sheet sheet = begin_sheet(book, book->lang == TK_LANG_EN ? "Report" : "報告書", widths,
                              G_N_ELEMENTS(widths), false);
    if (sheet.sheet == NULL)
        return;
    add_line(&sheet, book->title, styles->title);
    add_line(&sheet, book->marks, styles->marks);
    add_line(&sheet, report->carrier, styles->section);
    add_line(&sheet, tk_text_in(report->form_number, book->lang), styles->small);
    add_line(&sheet, book->foot, styles->small);
    for (size_t s = 0; s < report->section_count; s++)
        add_section(&sheet, &report->sections[s]);
    add_line(&sheet, "", NULL);
    add_line(&sheet, tk_text_in(report->statement, book->lang), styles->small);
    add_line(&sheet, tk_face_unverified(book->lang), styles->small);
    add_line(&sheet, tk_face_entered(book->lang), styles->small);
}

static double column_width(const TkColumn *column)
{
    double least = column->type == TK_CELL_TIME ? 19 : column->type == TK_CELL_DATE ? 12 : 9;
    return CLAMP(column->width * 3.4, least, 70);
}

static void add_table_sheet(Book *book, const TkItem *item)
{
    const TkTable *table = item->table;
    double widths[TK_COLUMNS_MAX];
    for (size_t c = 0; c < table->width; c++)
        widths[c] = column_width(&table->columns[c]);
    Sheet sheet =
        begin_sheet(book, tk_text_in(item->label, book->lang), widths, (unsigned)table->width, true);
    if (sheet.sheet == NULL)
        return;
    worksheet_freeze_panes(sheet.sheet, 1, 0);
    note(book, worksheet_repeat_rows(sheet.sheet, 0, 0));
    for (size_t c = 0; c < table->width; c++) {
        g_autofree char *label = tk_face_column_label(&table->columns[c], book->lang);
        add_text(&sheet, (unsigned)c, label, book->styles.head);
    }
    for (size_t row = 0; row < table->rows; row++) {
        sheet.row++;
        for (size_t c = 0; c < table->width; c++)
            add_cell(&sheet, (unsigned)c, &table->cells[row * table->width + c]);
    }
}

/* ------------------------------------------------------------------ the file */

static void add_properties(Book *book)
{
    g_autofree char *title = tk_xlsx_printable(book->title);
    g_autofree char *author = tk_xlsx_printable(book->report->carrier);
    lxw_doc_properties properties = {
        .title = title, .author = author, .created = (time_t)(book->report->at_us / TK_US_PER_S)};
    note(book, workbook_set_properties(book->book, &properties));
}

static void add_sheets(Book *book)
{
    const TkReport *report = book->report;
    make_styles(book);
    add_properties(book);
    add_first_sheet(book);
    for (size_t s = 0; s < report->section_count; s++)
        for (size_t i = 0; i < report->sections[s].count; i++)
            if (report->sections[s].items[i].table != NULL)
                add_table_sheet(book, &report->sections[s].items[i]);
}

/* Fills and closes a workbook at `path`. */
static bool write_book(Book *book, const char *path, GError **error)
{
    book->book = workbook_new(path);
    if (book->book == NULL)
        return tk_fail(error, TK_ERROR_IO, "there is not enough memory for the spreadsheet");
    add_sheets(book);
    note(book, workbook_close(book->book));
    return book->failed == LXW_NO_ERROR ||
           tk_fail(error, book->failed == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED ? TK_ERROR_LIMIT : TK_ERROR_IO,
                   "the spreadsheet cannot be written: %s", lxw_strerror(book->failed));
}

bool tk_report_xlsx(const TkReport *report, TkLang lang, GBytes **bytes, GError **error)
{
    g_autofree char *title = tk_report_heading(report, lang);
    g_autofree char *foot = tk_report_foot(report, lang);
    g_autofree char *marks = tk_report_marks(report, lang);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    Book book = {
        .report = report, .lang = lang, .names = names, .title = title, .foot = foot, .marks = marks};
    char path[64];
    int fd = tk_xlsx_memory(path, error);
    if (fd < 0)
        return false;
    bool done = write_book(&book, path, error) && tk_xlsx_take(fd, bytes, error);
    close(fd);
    return done;
}

/* A report as a spreadsheet (ECMA-376 SpreadsheetML): one sheet for the single values, one for each table.
 * Cells are typed: a date is a date and a number a number, in Japan's time.
 *
 * The parts are written here rather than with libxlsxwriter, because the version Debian 12 carries (1.1.4)
 * can write only to a path and through temporary files, and this room touches no files. What a report needs
 * of the format is small, and the same report gives the same bytes. */
#include "report/faces.h"
#include "report/zip.h"

#define PART_MAX       (512u << 20)
#define XLSX_MAX       (256u << 20)
#define NAME_MAX_CHARS 31

/* Indices into cellXfs of xl/styles.xml, in the order written there. */
enum {
    STYLE_PLAIN,
    STYLE_TITLE,
    STYLE_HEAD,
    STYLE_TEXT,
    STYLE_NUMBER,
    STYLE_TIME,
    STYLE_DATE,
    STYLE_DURATION,
    STYLE_SECTION,
    STYLE_SMALL,
    STYLE_MARKS,
    STYLE_LABEL,
};

static const char styles_xml[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
    "<numFmts count=\"3\"><numFmt numFmtId=\"164\" formatCode=\"yyyy/mm/dd\\ hh:mm:ss\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"yyyy/mm/dd\"/><numFmt numFmtId=\"166\" "
    "formatCode=\"[h]:mm:ss\"/></numFmts>"
    "<fonts count=\"5\">"
    "<font><sz val=\"10\"/><name val=\"游ゴシック\"/><family val=\"3\"/><charset val=\"128\"/></font>"
    "<font><b/><sz val=\"10\"/><name val=\"游ゴシック\"/><family val=\"3\"/><charset val=\"128\"/></font>"
    "<font><b/><sz val=\"14\"/><name val=\"游ゴシック\"/><family val=\"3\"/><charset val=\"128\"/></font>"
    "<font><sz val=\"8\"/><color rgb=\"FF606060\"/><name val=\"游ゴシック\"/><family val=\"3\"/><charset "
    "val=\"128\"/></font>"
    "<font><b/><sz val=\"10\"/><color rgb=\"FFBF0D1A\"/><name val=\"游ゴシック\"/><family "
    "val=\"3\"/><charset val=\"128\"/></font>"
    "</fonts>"
    "<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill "
    "patternType=\"gray125\"/></fill>"
    "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFEDEDED\"/></patternFill></fill></fills>"
    "<borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border>"
    "<border><left style=\"thin\"/><right style=\"thin\"/><top style=\"thin\"/><bottom "
    "style=\"thin\"/><diagonal/></border>"
    "</borders>"
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
    "<cellXfs count=\"12\">"
    "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
    "<xf numFmtId=\"0\" fontId=\"2\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
    "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyAlignment=\"1\"><alignment "
    "horizontal=\"center\" vertical=\"center\" wrapText=\"1\"/></xf>"
    "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"1\" xfId=\"0\" applyAlignment=\"1\"><alignment "
    "vertical=\"top\" wrapText=\"1\"/></xf>"
    "<xf numFmtId=\"3\" fontId=\"0\" fillId=\"0\" borderId=\"1\" xfId=\"0\" applyAlignment=\"1\"><alignment "
    "horizontal=\"right\" vertical=\"top\"/></xf>"
    "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"1\" xfId=\"0\" "
    "applyAlignment=\"1\"><alignment "
    "horizontal=\"left\" vertical=\"top\"/></xf>"
    "<xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"1\" xfId=\"0\" "
    "applyAlignment=\"1\"><alignment "
    "horizontal=\"left\" vertical=\"top\"/></xf>"
    "<xf numFmtId=\"166\" fontId=\"0\" fillId=\"0\" borderId=\"1\" xfId=\"0\" "
    "applyAlignment=\"1\"><alignment "
    "horizontal=\"right\" vertical=\"top\"/></xf>"
    "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
    "<xf numFmtId=\"0\" fontId=\"3\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
    "<xf numFmtId=\"0\" fontId=\"4\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
    "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyAlignment=\"1\"><alignment "
    "vertical=\"top\" wrapText=\"1\"/></xf>"
    "</cellXfs>"
    "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>"
    "</styleSheet>\n";

/* ------------------------------------------------------------------ text */

/* "_x000D_" in a text would be read as an escape of the format; its first underscore is escaped itself. */
static bool looks_escaped(const char *p)
{
    return p[0] == '_' && p[1] == 'x' && g_ascii_isxdigit(p[2]) && g_ascii_isxdigit(p[3]) &&
           g_ascii_isxdigit(p[4]) && g_ascii_isxdigit(p[5]) && p[6] == '_';
}

static void add_xml(TkBuf *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '&')
            tk_buf_add_str(out, "&amp;");
        else if (*p == '<')
            tk_buf_add_str(out, "&lt;");
        else if (*p == '>')
            tk_buf_add_str(out, "&gt;");
        else if (*p == '"')
            tk_buf_add_str(out, "&quot;");
        else if (looks_escaped(p))
            tk_buf_add_str(out, "_x005F_");
        else
            tk_buf_add_char(out, *p);
    }
}

/* ------------------------------------------------------------------ cells */

typedef struct {
    TkBuf xml;
    unsigned row; /* 1 for the first */
} Sheet;

static void add_ref(TkBuf *out, unsigned column, unsigned row)
{
    if (column >= 26)
        tk_buf_add_char(out, (char)('A' + column / 26 - 1));
    tk_buf_add_char(out, (char)('A' + column % 26));
    tk_buf_add_int(out, row);
}

static void add_text(Sheet *sheet, unsigned column, const char *text, int style)
{
    tk_buf_add_str(&sheet->xml, "<c r=\"");
    add_ref(&sheet->xml, column, sheet->row);
    tk_buf_addf(&sheet->xml, "\" s=\"%d\"", style);
    if (text[0] == '\0') {
        tk_buf_add_str(&sheet->xml, "/>");
        return;
    }
    tk_buf_add_str(&sheet->xml, " t=\"inlineStr\"><is><t xml:space=\"preserve\">");
    add_xml(&sheet->xml, text);
    tk_buf_add_str(&sheet->xml, "</t></is></c>");
}

static void add_number(Sheet *sheet, unsigned column, double value, int decimals, int style)
{
    char format[16], text[G_ASCII_DTOSTR_BUF_SIZE];
    g_snprintf(format, sizeof format, "%%.%df", decimals);
    g_ascii_formatd(text, sizeof text, format, value);
    tk_buf_add_str(&sheet->xml, "<c r=\"");
    add_ref(&sheet->xml, column, sheet->row);
    tk_buf_addf(&sheet->xml, "\" s=\"%d\"><v>%s</v></c>", style, text);
}

/* Days since 1899-12-30 of the spreadsheet's calendar, in Japan's time. */
static double serial_of_time(int64_t at_us)
{
    TkDate date = tk_date_of_time(at_us);
    double day = (double)(date - tk_date_make(1899, 12, 30));
    return day + (double)((at_us - tk_time_of_date(date)) / TK_US_PER_S) / 86400;
}

static void add_cell(Sheet *sheet, unsigned column, const TkCell *cell, TkLang lang)
{
    switch (cell->type) {
    case TK_CELL_NONE:
        add_text(sheet, column, "", STYLE_TEXT);
        return;
    case TK_CELL_TEXT:
        add_text(sheet, column, tk_text_in(cell->text, lang), STYLE_TEXT);
        return;
    case TK_CELL_NUMBER:
        add_number(sheet, column, (double)cell->number, 0, STYLE_NUMBER);
        return;
    case TK_CELL_TIME:
        add_number(sheet, column, serial_of_time(cell->number), 8, STYLE_TIME);
        return;
    case TK_CELL_DATE:
        add_number(sheet, column, (double)((TkDate)cell->number - tk_date_make(1899, 12, 30)), 0, STYLE_DATE);
        return;
    case TK_CELL_DURATION:
        add_number(sheet, column, (double)cell->number / 86400, 8, STYLE_DURATION);
        return;
    }
}

static void begin_row(Sheet *sheet)
{
    sheet->row++;
    tk_buf_addf(&sheet->xml, "<row r=\"%u\">", sheet->row);
}

static void end_row(Sheet *sheet)
{
    tk_buf_add_str(&sheet->xml, "</row>");
}

static void add_line(Sheet *sheet, const char *text, int style)
{
    begin_row(sheet);
    if (text[0] != '\0')
        add_text(sheet, 0, text, style);
    end_row(sheet);
}

/* ------------------------------------------------------------------ sheets */

static void begin_sheet(Sheet *sheet, const double *widths, unsigned columns, unsigned frozen_rows,
                        bool selected)
{
    tk_buf_init(&sheet->xml, PART_MAX);
    sheet->row = 0;
    tk_buf_add_str(&sheet->xml,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                   "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
                   "<sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews>");
    tk_buf_addf(&sheet->xml, "<sheetView showGridLines=\"0\"%s workbookViewId=\"0\">",
                selected ? " tabSelected=\"1\"" : "");
    if (frozen_rows > 0)
        tk_buf_addf(&sheet->xml,
                    "<pane ySplit=\"%u\" topLeftCell=\"A%u\" activePane=\"bottomLeft\" state=\"frozen\"/>",
                    frozen_rows, frozen_rows + 1);
    tk_buf_add_str(&sheet->xml, "</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><cols>");
    for (unsigned c = 0; c < columns; c++) {
        char width[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(width, sizeof width, "%.2f", widths[c]);
        tk_buf_addf(&sheet->xml, "<col min=\"%u\" max=\"%u\" width=\"%s\" customWidth=\"1\"/>", c + 1, c + 1,
                    width);
    }
    tk_buf_add_str(&sheet->xml, "</cols><sheetData>");
}

static void add_footer_text(TkBuf *out, const char *text)
{
    g_auto(TkBuf) escaped;
    tk_buf_init(&escaped, 4096);
    for (const char *p = text; *p != '\0'; p++)
        tk_buf_add(&escaped, *p == '&' ? "&&" : p, *p == '&' ? 2 : 1);
    add_xml(out, tk_buf_str(&escaped));
}

/* A header or footer of a sheet is at most 255 characters, so that it carries the name and the page only. */
static void end_sheet(Sheet *sheet, const char *title, const char *marks, bool landscape)
{
    g_autofree char *cut = g_utf8_substring(title, 0, MIN(100, g_utf8_strlen(title, -1)));
    tk_buf_addf(
        &sheet->xml,
        "</sheetData><pageMargins left=\"0.6\" right=\"0.6\" top=\"0.75\" bottom=\"0.75\" header=\"0.3\" "
        "footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"%s\" fitToHeight=\"0\"/>"
        "<headerFooter><oddHeader>&amp;R",
        landscape ? "landscape" : "portrait");
    add_footer_text(&sheet->xml, marks);
    tk_buf_add_str(&sheet->xml, "</oddHeader><oddFooter>&amp;L");
    add_footer_text(&sheet->xml, cut);
    tk_buf_add_str(&sheet->xml, "&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>\n");
}

typedef struct {
    const TkReport *report;
    TkLang lang;
    TkZip zip;
    GPtrArray *names;  /* of the sheets, owned */
    GArray *head_rows; /* unsigned: last row of each sheet's head, printed on each page; 0 none */
    char *title, *foot, *marks;
} Book;

/* Names of sheets are at most 31 characters, without []:*?/\, and no two alike. */
static char *sheet_name(Book *book, const char *label)
{
    g_autofree char *clean = g_utf8_substring(label, 0, MIN(NAME_MAX_CHARS - 4, g_utf8_strlen(label, -1)));
    g_strdelimit(clean, "[]:*?/\\'", ' ');
    for (unsigned n = 1;; n++) {
        char *name = n == 1 ? g_strdup(clean) : g_strdup_printf("%s %u", clean, n);
        bool taken = false;
        for (guint i = 0; i < book->names->len; i++)
            taken = taken || g_ascii_strcasecmp(g_ptr_array_index(book->names, i), name) == 0;
        if (!taken)
            return name;
        g_free(name);
    }
}

static void keep_sheet(Book *book, Sheet *sheet, const char *label, unsigned head_row, bool landscape)
{
    end_sheet(sheet, book->title, book->marks, landscape);
    g_ptr_array_add(book->names, sheet_name(book, label));
    g_array_append_val(book->head_rows, head_row);
    char part[64];
    g_snprintf(part, sizeof part, "xl/worksheets/sheet%u.xml", book->names->len);
    if (sheet->xml.overflow)
        book->zip.failed = true;
    tk_zip_add(&book->zip, part, sheet->xml.data, sheet->xml.len);
    tk_buf_clear(&sheet->xml);
}

static void add_item_row(Book *book, Sheet *sheet, const TkItem *item)
{
    bool en = book->lang == TK_LANG_EN;
    g_autofree char *label = g_strdup_printf("%s%s%s", tk_text_in(item->label, book->lang),
                                             item->verified ? "" : " ※", item->entered ? " +" : "");
    begin_row(sheet);
    add_text(sheet, 0, label, STYLE_LABEL);
    add_cell(sheet, 1, &item->value, book->lang);
    add_text(sheet, 2, tk_text_in(item->unit, book->lang), STYLE_TEXT);
    add_text(sheet, 3, item->article, STYLE_TEXT);
    add_text(sheet, 4, item->verified ? (en ? "confirmed" : "確認済") : (en ? "not confirmed" : "未確認"),
             STYLE_TEXT);
    end_row(sheet);
}

static void add_item_head(Book *book, Sheet *sheet)
{
    static const char *const ja[] = {"項目", "値", "単位", "根拠", "公式項目の確認"};
    static const char *const en[] = {"Item", "Value", "Unit", "Article", "Official item"};
    begin_row(sheet);
    for (unsigned c = 0; c < G_N_ELEMENTS(ja); c++)
        add_text(sheet, c, book->lang == TK_LANG_EN ? en[c] : ja[c], STYLE_HEAD);
    end_row(sheet);
}

static void add_first_sheet(Book *book)
{
    static const double widths[] = {30, 62, 8, 34, 16};
    const TkReport *report = book->report;
    Sheet sheet;
    begin_sheet(&sheet, widths, G_N_ELEMENTS(widths), 0, true);
    add_line(&sheet, book->title, STYLE_TITLE);
    add_line(&sheet, book->marks, STYLE_MARKS);
    add_line(&sheet, report->carrier, STYLE_SECTION);
    add_line(&sheet, tk_text_in(report->form_number, book->lang), STYLE_SMALL);
    add_line(&sheet, book->foot, STYLE_SMALL);
    for (size_t s = 0; s < report->section_count; s++) {
        const TkSection *section = &report->sections[s];
        bool headed = false;
        for (size_t i = 0; i < section->count; i++) {
            if (section->items[i].table != NULL)
                continue;
            if (!headed) {
                add_line(&sheet, "", STYLE_PLAIN);
                add_line(&sheet, tk_text_in(section->title, book->lang), STYLE_SECTION);
                add_item_head(book, &sheet);
                headed = true;
            }
            add_item_row(book, &sheet, &section->items[i]);
        }
    }
    add_line(&sheet, "", STYLE_PLAIN);
    add_line(&sheet, tk_text_in(report->statement, book->lang), STYLE_SMALL);
    add_line(&sheet, tk_face_unverified(book->lang), STYLE_SMALL);
    add_line(&sheet, tk_face_entered(book->lang), STYLE_SMALL);
    keep_sheet(book, &sheet, book->lang == TK_LANG_EN ? "Report" : "報告書", 0, false);
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
    Sheet sheet;
    begin_sheet(&sheet, widths, (unsigned)table->width, 1, false);
    begin_row(&sheet);
    for (size_t c = 0; c < table->width; c++) {
        g_autofree char *label = tk_face_column_label(&table->columns[c], book->lang);
        add_text(&sheet, (unsigned)c, label, STYLE_HEAD);
    }
    end_row(&sheet);
    for (size_t row = 0; row < table->rows && !sheet.xml.overflow; row++) {
        begin_row(&sheet);
        for (size_t c = 0; c < table->width; c++)
            add_cell(&sheet, (unsigned)c, &table->cells[row * table->width + c], book->lang);
        end_row(&sheet);
    }
    keep_sheet(book, &sheet, tk_text_in(item->label, book->lang), 1, true);
}

/* ------------------------------------------------------------------ the package */

static void add_part(Book *book, const char *name, TkBuf *xml)
{
    tk_zip_add(&book->zip, name, xml->data, xml->len);
    tk_buf_reset(xml);
}

static void add_workbook(Book *book, TkBuf *xml)
{
    tk_buf_add_str(
        xml, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
             "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
             "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>");
    for (guint i = 0; i < book->names->len; i++) {
        tk_buf_add_str(xml, "<sheet name=\"");
        add_xml(xml, g_ptr_array_index(book->names, i));
        tk_buf_addf(xml, "\" sheetId=\"%u\" r:id=\"rId%u\"/>", i + 1, i + 1);
    }
    tk_buf_add_str(xml, "</sheets><definedNames>");
    for (guint i = 0; i < book->names->len; i++) {
        if (g_array_index(book->head_rows, unsigned, i) == 0)
            continue;
        tk_buf_addf(xml, "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"%u\">'", i);
        add_xml(xml, g_ptr_array_index(book->names, i));
        tk_buf_add_str(xml, "'!$1:$1</definedName>");
    }
    tk_buf_add_str(xml, "</definedNames></workbook>\n");
    add_part(book, "xl/workbook.xml", xml);
}

static void add_workbook_rels(Book *book, TkBuf *xml)
{
    static const char type[] = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    tk_buf_add_str(xml,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                   "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
    guint i = 1;
    for (; i <= book->names->len; i++)
        tk_buf_addf(xml,
                    "<Relationship Id=\"rId%u\" Type=\"%s/worksheet\" Target=\"worksheets/sheet%u.xml\"/>", i,
                    type, i);
    tk_buf_addf(xml,
                "<Relationship Id=\"rId%u\" Type=\"%s/styles\" Target=\"styles.xml\"/></Relationships>\n", i,
                type);
    add_part(book, "xl/_rels/workbook.xml.rels", xml);
}

/* Written first: programs that look at a file's beginning know the kind by it. */
static void add_content_types(Book *book, guint sheets)
{
    g_auto(TkBuf) part;
    TkBuf *xml = &part;
    tk_buf_init(xml, 1u << 16);
    static const char type[] = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    tk_buf_add_str(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                        "<Default Extension=\"rels\" "
                        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                        "<Override PartName=\"/docProps/core.xml\" "
                        "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>");
    tk_buf_addf(xml, "<Override PartName=\"/xl/workbook.xml\" ContentType=\"%s.sheet.main+xml\"/>", type);
    tk_buf_addf(xml, "<Override PartName=\"/xl/styles.xml\" ContentType=\"%s.styles+xml\"/>", type);
    for (guint i = 1; i <= sheets; i++)
        tk_buf_addf(xml,
                    "<Override PartName=\"/xl/worksheets/sheet%u.xml\" ContentType=\"%s.worksheet+xml\"/>", i,
                    type);
    tk_buf_add_str(xml, "</Types>\n");
    add_part(book, "[Content_Types].xml", xml);
}

static void add_package_rels(Book *book, TkBuf *xml)
{
    tk_buf_add_str(
        xml, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
             "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
             "<Relationship Id=\"rId1\" "
             "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" "
             "Target=\"xl/workbook.xml\"/>"
             "<Relationship Id=\"rId2\" "
             "Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" "
             "Target=\"docProps/core.xml\"/></Relationships>\n");
    add_part(book, "_rels/.rels", xml);
}

static void add_properties(Book *book, TkBuf *xml)
{
    char at[TK_TIME_TEXT_MAX];
    tk_time_text(book->report->at_us / TK_US_PER_S * TK_US_PER_S, at);
    tk_buf_add_str(
        xml, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
             "<cp:coreProperties "
             "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
             "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
             "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
    add_xml(xml, book->title);
    tk_buf_add_str(xml, "</dc:title><dc:creator>");
    add_xml(xml, book->report->carrier);
    tk_buf_addf(xml,
                "</dc:creator><dcterms:created xsi:type=\"dcterms:W3CDTF\">%s</dcterms:created>"
                "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">%s</dcterms:modified></cp:coreProperties>\n",
                at, at);
    add_part(book, "docProps/core.xml", xml);
}

static void add_package(Book *book)
{
    g_auto(TkBuf) xml;
    tk_buf_init(&xml, 4u << 20);
    add_package_rels(book, &xml);
    add_properties(book, &xml);
    add_workbook(book, &xml);
    add_workbook_rels(book, &xml);
    tk_zip_add(&book->zip, "xl/styles.xml", styles_xml, sizeof styles_xml - 1);
}

static GPtrArray *tables_of(const TkReport *report)
{
    GPtrArray *tables = g_ptr_array_new();
    for (size_t s = 0; s < report->section_count; s++)
        for (size_t i = 0; i < report->sections[s].count; i++)
            if (report->sections[s].items[i].table != NULL)
                g_ptr_array_add(tables, &report->sections[s].items[i]);
    return tables;
}

bool tk_report_xlsx(const TkReport *report, TkLang lang, GBytes **bytes, GError **error)
{
    g_autofree char *title = tk_report_heading(report, lang);
    g_autofree char *foot = tk_report_foot(report, lang);
    g_autofree char *marks = tk_report_marks(report, lang);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) head_rows = g_array_new(FALSE, FALSE, sizeof(unsigned));
    Book book = {.report = report,
                 .lang = lang,
                 .names = names,
                 .head_rows = head_rows,
                 .title = title,
                 .foot = foot,
                 .marks = marks};
    tk_zip_init(&book.zip, XLSX_MAX);
    g_autoptr(GPtrArray) tables = tables_of(report);
    add_content_types(&book, 1 + tables->len);
    add_first_sheet(&book);
    for (guint i = 0; i < tables->len; i++)
        add_table_sheet(&book, g_ptr_array_index(tables, i));
    add_package(&book);
    return tk_zip_finish(&book.zip, bytes, error);
}

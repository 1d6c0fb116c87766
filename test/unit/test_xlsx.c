/* Spreadsheets: what we write is read back, what others write is read, and what is hostile is refused with
 * the place and the reason. */
#include "unit.h"

#include "xlsx/part.h"

/* ---- files made by hand: the parts of a workbook with one sheet ---- */

#define MAIN "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define RELS "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\""
#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

typedef struct {
    const char *workbook, *strings, *styles, *sheet; /* what stands inside; NULL: no such part */
} Parts;

static void add_part(zip_t *zip, const char *name, const char *text)
{
    zip_source_t *source = zip_source_buffer(zip, g_strdup(text), strlen(text), 1);
    assert_true(zip_file_add(zip, name, source, 0) >= 0);
}

static GBytes *pack(const Parts *parts)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *out = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_source_keep(out);
    zip_t *zip = zip_open_from_source(out, ZIP_TRUNCATE, &why);
    assert_non_null(zip);
    add_part(zip, "_rels/.rels",
             "<Relationships " RELS "><Relationship Id=\"a\" Type=\"" TYPE
             "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
    g_autofree char *workbook = g_strdup_printf(
        "<workbook " MAIN " xmlns:r=\"r\">%s</workbook>",
        parts->workbook != NULL ? parts->workbook : "<sheets><sheet name=\"表\" r:id=\"s\"/></sheets>");
    add_part(zip, "xl/workbook.xml", workbook);
    add_part(zip, "xl/_rels/workbook.xml.rels",
             "<Relationships " RELS "><Relationship Id=\"s\" Type=\"" TYPE
             "worksheet\" Target=\"sheet.xml\"/>"
             "<Relationship Id=\"t\" Type=\"" TYPE "sharedStrings\" Target=\"/xl/strings.xml\"/>"
             "<Relationship Id=\"f\" Type=\"" TYPE "styles\" Target=\"./styles.xml\"/></Relationships>");
    if (parts->strings != NULL)
        add_part(zip, "xl/strings.xml", parts->strings);
    if (parts->styles != NULL)
        add_part(zip, "xl/styles.xml", parts->styles);
    if (parts->sheet != NULL)
        add_part(zip, "xl/sheet.xml", parts->sheet);
    assert_int_equal(zip_close(zip), 0);
    zip_stat_t about;
    assert_int_equal(zip_source_stat(out, &about), 0);
    assert_int_equal(zip_source_open(out), 0);
    guchar *data = g_malloc(about.size);
    assert_int_equal(zip_source_read(out, data, about.size), about.size);
    zip_source_close(out);
    zip_source_free(out);
    zip_error_fini(&why);
    return g_bytes_new_take(data, about.size);
}

/* "3: text | 2 | …" for each row, one a line. */
static bool show(uint32_t row, const TkXlsxCell *cells, size_t count, gpointer data, GError **error)
{
    (void)error;
    GString *out = data;
    g_string_append_printf(out, "%u:", row);
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(out, "%c%s", " |"[i > 0], cells[i].text);
    g_string_append_c(out, '\n');
    return true;
}

static char *shown(GBytes *bytes, const char *sheet, GError **error)
{
    GString *out = g_string_new(NULL);
    bool done = tk_xlsx_read(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), sheet, show, out, error);
    return g_string_free(out, !done);
}

static void assert_reads(const Parts *parts, const char *expected)
{
    GError *error = NULL;
    g_autoptr(GBytes) bytes = pack(parts);
    g_autofree char *got = shown(bytes, NULL, &error);
    if (got == NULL)
        fail_msg("%s", error->message);
    assert_string_equal(got, expected);
}

static void assert_refused(const Parts *parts, TkErrorCode code, const char *says)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = pack(parts);
    g_autofree char *got = shown(bytes, NULL, &error);
    assert_null(got);
    if (error->code != (int)code || strstr(error->message, says) == NULL)
        fail_msg("“%s” does not say “%s”", error->message, says);
}

#define SHEET(rows) "<worksheet " MAIN "><sheetData>" rows "</sheetData></worksheet>"

/* ---- reading ---- */

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    GError *error = NULL;
    int64_t at_us = at("2026-04-01T09:30:15+09:00");
    const char *labels[] = {"名称", "数"}, *ids[] = {"name", "n"};
    TkXlsxTable *table = tk_xlsx_table_new("試験[1]", &error);
    assert_non_null(table);
    tk_xlsx_table_head(table, labels, ids, 2);
    tk_xlsx_table_text(table, "=1+1 <&> _x000D_");
    tk_xlsx_table_number(table, -0.125);
    tk_xlsx_table_row(table);
    tk_xlsx_table_skip(table);
    tk_xlsx_table_truth(table, true);
    tk_xlsx_table_date(table, tk_date_make(1900, 3, 1));
    tk_xlsx_table_time(table, at_us);
    tk_xlsx_table_row(table);
    g_autoptr(GBytes) bytes = tk_xlsx_table_end(table, &error);
    assert_non_null(bytes);
    assert_true(tk_xlsx_looks_like(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)));
    g_autofree char *got = shown(bytes, NULL, &error);
    assert_string_equal(got, "1: 名称|数\n2: name|n\n3: =1+1 <&> _x000D_|-0.125\n"
                             "4: |true|1900-03-01|2026-04-01T09:30:15+09:00\n");
}

static void a_table_given_up_leaves_nothing_behind(void **state)
{
    (void)state;
    GError *error = NULL;
    TkXlsxTable *table = tk_xlsx_table_new("", &error);
    assert_non_null(table);
    tk_xlsx_table_text(table, "x");
    tk_xlsx_table_free(table);
}

static void texts_come_whole_without_their_reading_aids(void **state)
{
    (void)state;
    assert_reads(
        &(Parts){
            .strings =
                "<sst " MAIN
                "><si><r><t>東</t></r><r><t>京</t></r><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh></si>"
                "<si><t>a_x000A_b_x0g_</t></si></sst>",
            .sheet = SHEET(
                "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c></row>"
                "<row><c t=\"inlineStr\"><is><t>中</t></is></c><c t=\"str\"><f>A1</f><v>式</v></c></row>")},
        "2: 東京||a\nb_x0g_\n3: 中|式\n");
}

static void numbers_truths_and_errors_are_told_apart(void **state)
{
    (void)state;
    assert_reads(
        &(Parts){.sheet = SHEET("<row><c><v>1E3</v></c><c><v>0.1</v></c><c t=\"b\"><v>1</v></c>"
                                "<c t=\"e\"><v>#DIV/0!</v></c><c s=\"7\"/></row>"
                                "<row r=\"9\"><c r=\"B9\"><f>1/3</f><v>0.33333333333333331</v></c></row>")},
        "1: 1000|0.1|true|#DIV/0!\n9: |0.3333333333333333\n");
}

static void days_and_times_are_numbers_shown_as_such(void **state)
{
    (void)state;
    static const char styles[] =
        "<styleSheet " MAIN
        "><numFmts><numFmt numFmtId=\"170\" formatCode=\"[$-411]ggge&quot;年&quot;m&quot;月&quot;\"/>"
        "<numFmt numFmtId=\"171\" formatCode=\"[h]:mm:ss\"/></numFmts><cellStyleXfs><xf "
        "numFmtId=\"14\"/></cellStyleXfs>"
        "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"170\"/><xf "
        "numFmtId=\"171\"/></cellXfs></styleSheet>";
    static const char sheet[] =
        SHEET("<row><c s=\"0\"><v>46113</v></c><c s=\"1\"><v>46113</v></c><c s=\"2\"><v>46113.375</v></c>"
              "<c s=\"3\"><v>46113</v></c><c s=\"4\"><v>1.5</v></c><c s=\"1\"><v>59</v></c><c "
              "s=\"1\"><v>60</v></c></row>");
    assert_reads(&(Parts){.styles = styles, .sheet = sheet},
                 "1: 46113|2026-04-01|2026-04-01T09:00:00+09:00|2026-04-01|1.5|1900-02-28|60\n");
    assert_reads(
        &(Parts){.workbook = "<workbookPr date1904=\"1\"/><sheets><sheet name=\"表\" r:id=\"s\"/></sheets>",
                 .styles = styles,
                 .sheet = SHEET("<row><c s=\"1\"><v>44651</v></c><c s=\"1\"><v>0</v></c></row>")},
        "1: 2026-04-01|1904-01-01\n");
}

static void a_format_is_a_day_by_its_own_letters_only(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        TkXlsxShows shows;
    } known[] = {
        {"General", TK_XLSX_SHOWS_NUMBER},
        {"0.00E+00", TK_XLSX_SHOWS_NUMBER},
        {"#,##0\"days\"", TK_XLSX_SHOWS_NUMBER},
        {"[Red]0", TK_XLSX_SHOWS_NUMBER},
        {"h:mm", TK_XLSX_SHOWS_NUMBER},
        {"[mm]:ss", TK_XLSX_SHOWS_NUMBER},
        {"yyyy-mm-dd", TK_XLSX_SHOWS_DATE},
        {"m/d;@", TK_XLSX_SHOWS_DATE},
        {"mmm", TK_XLSX_SHOWS_DATE},
        {"e\\.m\\.d", TK_XLSX_SHOWS_DATE},
        {"yyyy/m/d h:mm", TK_XLSX_SHOWS_TIME},
        {"0;yyyy", TK_XLSX_SHOWS_NUMBER},
        {"\"unclosed", TK_XLSX_SHOWS_NUMBER},
        {"[unclosed", TK_XLSX_SHOWS_NUMBER},
        {"0\\", TK_XLSX_SHOWS_NUMBER},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (tk_xlsx_code_shows(known[i].code) != known[i].shows)
            fail_msg("%s", known[i].code);
}

static void a_sheet_is_chosen_by_name_and_hidden_ones_are_passed_over(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes =
        pack(&(Parts){.workbook = "<sheets><sheet name=\"裏\" state=\"hidden\" r:id=\"x\"/><sheet "
                                  "name=\"表\" r:id=\"s\"/></sheets>",
                      .sheet = SHEET("<row><c><v>1</v></c></row>")});
    g_autofree char *first = shown(bytes, NULL, &error);
    assert_string_equal(first, "1: 1\n");
    g_autofree char *named = shown(bytes, "表", &error);
    assert_string_equal(named, "1: 1\n");
    assert_null(shown(bytes, "裏", &error));
    assert_non_null(strstr(error->message, "“裏” has no part"));
    g_clear_error(&error);
    assert_null(shown(bytes, "無", &error));
    assert_non_null(strstr(error->message, "no sheet “無”"));
}

/* ---- refusing ---- */

static void what_is_hostile_is_refused_with_place_and_reason(void **state)
{
    (void)state;
    g_autofree char *zeros = g_strnfill(40u << 20, ' ');
    g_autofree char *bomb = g_strconcat("<worksheet>", zeros, "</worksheet>", NULL);
    g_autofree char *opened = g_strnfill(0, ' ');
    g_autoptr(GString) deep = g_string_new(opened), rows = g_string_new("<worksheet><sheetData>");
    for (int i = 0; i < 70; i++)
        g_string_append(deep, "<a>");
    g_autofree char *word = g_strnfill(30000, 'x');
    g_autofree char *strings = g_strdup_printf("<sst><si><t>%s</t></si></sst>", word);
    for (int i = 0; i < 5000; i++)
        g_string_append_printf(rows, "<row r=\"%d\"><c t=\"s\"><v>0</v></c></row>", i * 7 + 1);
    g_string_append(rows, "</sheetData></worksheet>");
    const struct {
        Parts parts;
        TkErrorCode code;
        const char *says;
    } hostile[] = {
        {{.sheet = bomb}, TK_ERROR_LIMIT, "unpacks to more than"},
        {{.sheet = "<!DOCTYPE a [<!ENTITY b \"c\">]><worksheet>&b;</worksheet>"},
         TK_ERROR_INPUT,
         "document type"},
        {{.sheet = deep->str}, TK_ERROR_LIMIT, "nested deeper"},
        {{.sheet = rows->str, .strings = strings}, TK_ERROR_LIMIT, "more than 128 MiB of text"},
        {{.sheet = NULL}, TK_ERROR_INPUT, "no part xl/sheet.xml"},
        {{.sheet = "<worksheet><row>"}, TK_ERROR_INPUT, "line 1: no element found"},
        {{.sheet = SHEET("<row><c t=\"s\"><v>0</v></c></row>")}, TK_ERROR_INPUT, "cell A1: refers to a text"},
        {{.sheet = SHEET("<row><c><v>twelve</v></c></row>")}, TK_ERROR_INPUT, "cell A1: is no number"},
        {{.sheet = SHEET("<row r=\"5\"><c r=\"B5\"><v>1</v></c><c r=\"A5\"><v>1</v></c></row>")},
         TK_ERROR_INPUT,
         "cell C5"},
        {{.sheet = SHEET("<row r=\"5\"/><row r=\"4\"/>")}, TK_ERROR_INPUT, "row 5 is followed"},
        {{.sheet = SHEET("<row r=\"5000000\"/>")}, TK_ERROR_INPUT, "row 0 is followed"},
        {{.sheet = SHEET("<row><c r=\"ZZZ1\"><v>1</v></c></row>")},
         TK_ERROR_LIMIT,
         "behind the 256th column"},
        {{.workbook = "", .sheet = SHEET("")}, TK_ERROR_INPUT, "no sheet that is shown"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++)
        assert_refused(&hostile[i].parts, hostile[i].code, hostile[i].says);
}

static void what_is_no_spreadsheet_is_refused(void **state)
{
    (void)state;
    static const char *const files[] = {"", "id,name\n", "PK\003\004",
                                        "PK\005\006\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(GError) error = NULL;
        assert_false(tk_xlsx_read(files[i], i == 3 ? 22 : strlen(files[i]), NULL, show, NULL, &error));
        assert_int_equal(error->code, TK_ERROR_INPUT);
        assert_non_null(strstr(error->message, "no spreadsheet"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_table_given_up_leaves_nothing_behind),
        cmocka_unit_test(texts_come_whole_without_their_reading_aids),
        cmocka_unit_test(numbers_truths_and_errors_are_told_apart),
        cmocka_unit_test(days_and_times_are_numbers_shown_as_such),
        cmocka_unit_test(a_format_is_a_day_by_its_own_letters_only),
        cmocka_unit_test(a_sheet_is_chosen_by_name_and_hidden_ones_are_passed_over),
        cmocka_unit_test(what_is_hostile_is_refused_with_place_and_reason),
        cmocka_unit_test(what_is_no_spreadsheet_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

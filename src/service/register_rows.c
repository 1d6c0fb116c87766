/* Tables as rows of an import: a CSV, or a sheet of a spreadsheet. Either gives a heading and then texts;
 * what a text means is said by the field alone, so that both are planned, shown and refused alike. */
#include "service/register_import.h"

#include "xlsx/xlsx.h"

#define RECORD_MAX (1024u * 1024)     /* bytes of one CSV record */
#define WHOLE_MAX  9007199254740992.0 /* beyond it a double skips whole numbers */
#define DAY_LEN    10                 /* 2026-04-01 */
#define MIDNIGHT   "T00:00:00+09:00"

/* ---- header ---- */

/* Stands for a column without a heading, which must be empty. */
static const TkRegisterField no_field = {.id = ""};

static TkRegisterHeader *header_ref(TkRegisterHeader *header)
{
    return header == NULL ? NULL : g_rc_box_acquire(header);
}

static void header_unref(TkRegisterHeader *header)
{
    if (header != NULL)
        g_rc_box_release(header);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkRegisterHeader, header_unref)

unsigned tk_register_column(const TkRegisterRow *row, const char *field)
{
    bool id = strcmp(field, "id") == 0;
    for (size_t i = 0; row->header != NULL && i < row->header->count; i++) {
        const TkRegisterField *column = row->header->columns[i];
        if (id ? column == NULL : column != NULL && strcmp(column->id, field) == 0)
            return (unsigned)i + 1;
    }
    return 0;
}

static const TkRegisterField *by_label(const TkRegisterSchema *schema, const char *text)
{
    const TkRegisterField *field = tk_register_field(schema, text);
    for (size_t i = 0; field == NULL && i < schema->count; i++)
        if (strcmp(schema->fields[i].ja, text) == 0 || strcmp(schema->fields[i].en, text) == 0)
            field = &schema->fields[i];
    return field;
}

static bool add_column(const TkRegisterSchema *schema, TkRegisterHeader *header, const char *name,
                       uint64_t line, bool gaps, GError **error)
{
    size_t at = header->count;
    bool id = strcmp(name, "id") == 0 || strcmp(name, TK_REGISTER_ID_LABEL) == 0;
    const TkRegisterField *field = id ? NULL : by_label(schema, name);
    if (gaps && name[0] == '\0')
        field = &no_field;
    if (!id && field == NULL)
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "%" G_GUINT64_FORMAT " 行目 %zu 列目の「%.60s」は台帳 %s の項目ではありません。",
                            "line %" G_GUINT64_FORMAT ": column %zu: “%.60s” is no field of the register %s",
                            line, at + 1, name, schema->id);
    for (size_t before = 0; before < at && field != &no_field; before++)
        if (header->columns[before] == field)
            return tk_fail_both(
                error, TK_ERROR_INPUT, "%" G_GUINT64_FORMAT " 行目 %zu 列目の「%.60s」が二つあります。",
                "line %" G_GUINT64_FORMAT ": column %zu: “%.60s” is there twice", line, at + 1, name);
    header->columns[header->count++] = field;
    return true;
}

/* ---- cells ---- */

/* A whole number is one however it is written, as the store's canonical form has it. */
static json_t *number_of(const char *text, bool whole)
{
    char *end = NULL;
    gint64 value;
    if (g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &value, NULL))
        return json_integer((json_int_t)value);
    double real = whole ? 0 : g_ascii_strtod(text, &end);
    if (whole || *end != '\0' || end == text)
        return json_string(text);
    if (real >= -WHOLE_MAX && real <= WHOLE_MAX && (double)(int64_t)real == real)
        return json_integer((json_int_t)real);
    json_t *number = json_real(real); /* NULL for inf and nan */
    return number != NULL ? number : json_string(text);
}

static json_t *truth_of(const char *text)
{
    static const char *const yes[] = {"true", "yes", "1", "はい", "有", "○", NULL};
    static const char *const no[] = {"false", "no", "0", "いいえ", "無", "×", NULL};
    g_autofree char *low = g_ascii_strdown(text, -1);
    if (g_strv_contains(yes, low))
        return json_true();
    return g_strv_contains(no, low) ? json_false() : json_string(text);
}

static json_t *list_of(const char *text)
{
    json_t *list = json_array();
    g_auto(GStrv) parts = g_strsplit(text, ";", TK_REGISTER_LIST_MAX + 2);
    for (char **part = parts; *part != NULL; part++)
        if (g_strstrip(*part)[0] != '\0')
            json_array_append_new(list, json_string(*part));
    return list;
}

/* "SHA-256 name.pdf" */
static json_t *file_of(const char *text)
{
    const char *space = strchr(text, ' ');
    if (space == NULL)
        return json_string(text);
    g_autofree char *hash = g_strndup(text, (size_t)(space - text));
    return json_pack("{s:s, s:s}", "sha256", hash, "name", space + 1);
}

/* An option may be named by its label, where that is no option's id. */
static json_t *option_of(const TkRegisterField *field, const char *text)
{
    size_t i;
    const json_t *option;
    json_array_foreach(field->options, i, option)
    {
        if (g_strcmp0(json_string_value(json_object_get(option, "id")), text) == 0)
            return json_string(text);
    }
    json_array_foreach(field->options, i, option)
    {
        const json_t *label = json_object_get(option, "label");
        if (g_strcmp0(json_string_value(json_object_get(label, "ja")), text) == 0 ||
            g_strcmp0(json_string_value(json_object_get(label, "en")), text) == 0)
            return json_incref(json_object_get(option, "id"));
    }
    return json_string(text);
}

static json_t *options_of(const TkRegisterField *field, const char *text)
{
    g_autoptr(json_t) parts = list_of(text);
    json_t *list = json_array(), *part;
    size_t i;
    json_array_foreach(parts, i, part)
    {
        json_array_append_new(list, option_of(field, json_string_value(part)));
    }
    return list;
}

/* What a cell means; a text that is no value of the type stays a text and is refused by the check. */
static json_t *value_of(const TkRegisterField *field, const char *text)
{
    if (text[0] == '\'' && tk_register_guarded(text))
        text++; /* as an export guards it against spreadsheets */
    if (text[0] == '\0')
        return json_null();
    if (field->classified && strcmp(text, TK_REGISTER_SEALED_CELL) == 0)
        return json_pack("{s:b}", "sealed", 1);
    switch (field->type) {
    case TK_REGISTER_INTEGER:
    case TK_REGISTER_NUMBER:
        return number_of(text, field->type == TK_REGISTER_INTEGER);
    case TK_REGISTER_BOOLEAN:
        return truth_of(text);
    case TK_REGISTER_LIST_OF_REF:
    case TK_REGISTER_LIST_OF_COUNTRY:
        return list_of(text);
    case TK_REGISTER_LIST_OF_ENUM:
        return options_of(field, text);
    case TK_REGISTER_FILE:
        return file_of(text);
    case TK_REGISTER_ENUM:
        return option_of(field, text);
    default:
        return json_string(text);
    }
}

/* ---- rows ---- */

void tk_register_row_free(TkRegisterRow *row)
{
    header_unref(row->header);
    g_free(row->id);
    json_decref(row->values);
    json_decref(row->errors);
    json_decref(row->changes);
    json_decref(row->body);
    g_free(row);
}

TkRegisterRow *tk_register_row_new(uint64_t line)
{
    TkRegisterRow *row = g_new0(TkRegisterRow, 1);
    row->line = line;
    row->id = g_strdup("");
    row->values = json_object();
    row->errors = json_array();
    return row;
}

static TkRegisterRow *row_under(TkRegisterHeader *header, uint64_t line)
{
    TkRegisterRow *row = tk_register_row_new(line);
    row->header = header_ref(header);
    return row;
}

static void take_cell(TkRegisterRow *row, const TkRegisterField *field, const char *text)
{
    if (field == &no_field && text[0] != '\0')
        tk_register_finding(row->errors, "", "見出しのない列に値があります。",
                            "holds something in a column without a heading");
    else if (field != NULL && field != &no_field)
        json_object_set_new(row->values, field->id, value_of(field, text));
    else if (field == NULL) {
        g_free(row->id);
        row->id = g_strdup(text);
    }
}

static void check_id(TkRegisterRow *row)
{
    g_autoptr(GError) why = NULL;
    if (row->id[0] != '\0' && !tk_register_id_ok(row->id, &why))
        tk_register_finding(row->errors, "id", "番号に使えない文字があるか、長すぎます。", why->message);
}

static bool add_row(GPtrArray *rows, TkRegisterRow *row, GError **error)
{
    g_ptr_array_add(rows, row);
    return rows->len <= TK_REGISTER_IMPORT_ROWS ||
           tk_fail_both(error, TK_ERROR_LIMIT, "%u 行を超えています。分けて取り込んでください。",
                        "there are more than %u rows; import in parts", TK_REGISTER_IMPORT_ROWS);
}

/* ---- CSV ---- */

static TkRegisterRow *csv_row(TkRegisterHeader *header, const TkCsvRecord *record)
{
    TkRegisterRow *row = row_under(header, record->line);
    if (record->count != header->count) {
        tk_register_finding(row->errors, "", "列の数が見出しと違います。",
                            "has another number of columns than the header");
        return row;
    }
    for (size_t i = 0; i < record->count; i++) {
        const TkRegisterField *field = header->columns[i];
        if (strlen(record->fields[i].text) != record->fields[i].len)
            tk_register_finding(row->errors, field == NULL ? "id" : field->id, "使えない文字があります。",
                                "holds a NUL character");
        else
            take_cell(row, field, record->fields[i].text);
    }
    check_id(row);
    return row;
}

static TkRegisterHeader *csv_header(const TkRegisterSchema *schema, const TkCsvRecord *record, GError **error)
{
    g_autoptr(TkRegisterHeader) header = g_rc_box_new0(TkRegisterHeader);
    for (size_t i = 0; i < record->count; i++)
        if (!add_column(schema, header, record->fields[i].text, record->line, false, error))
            return NULL;
    return g_steal_pointer(&header);
}

GPtrArray *tk_register_rows(const TkRegisterSchema *schema, const char *text, size_t len, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)tk_register_row_free);
    g_autoptr(TkCsv) csv = tk_csv_new_memory(text, len, RECORD_MAX);
    TkCsvRecord record;
    TkCsvStatus status = tk_csv_next(csv, &record);
    if (status != TK_CSV_OK) {
        tk_fail_both(error, TK_ERROR_INPUT, "1 行目の見出しが読めません: %s",
                     "line 1: the header cannot be read: %s",
                     status == TK_CSV_BAD ? record.why : "the file is empty");
        return NULL;
    }
    g_autoptr(TkRegisterHeader) header = csv_header(schema, &record, error);
    if (header == NULL)
        return NULL;
    while ((status = tk_csv_next(csv, &record)) != TK_CSV_END) {
        TkRegisterRow *row =
            status == TK_CSV_OK ? csv_row(header, &record) : tk_register_row_new(record.line);
        if (status != TK_CSV_OK)
            tk_register_finding(row->errors, "", "この行は読めません。", record.why);
        if (!add_row(rows, row, error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}

/* ---- spreadsheets ---- */

typedef struct {
    const TkRegisterSchema *schema;
    GPtrArray *rows;
    TkRegisterHeader *header; /* NULL before the first row, or when that is none … */
    GError *no_header;        /* … for this reason */
    unsigned seen;            /* rows */
} Sheet;

static void sheet_clear(Sheet *sheet)
{
    header_unref(sheet->header);
    g_clear_error(&sheet->no_header);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sheet, sheet_clear)

static TkRegisterHeader *sheet_header(const TkRegisterSchema *schema, uint32_t line, const TkXlsxCell *cells,
                                      size_t count, GError **error)
{
    g_autoptr(TkRegisterHeader) header = g_rc_box_new0(TkRegisterHeader);
    for (size_t i = 0; i < count; i++)
        if (!add_column(schema, header, cells[i].text, line, true, error))
            return NULL;
    return g_steal_pointer(&header);
}

/* An export has the fields' ids in a hidden row under their labels; that one counts then. */
static bool names_ids(const TkRegisterSchema *schema, const TkXlsxCell *cells, size_t count)
{
    bool id = false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(cells[i].text, "id") == 0)
            id = true;
        else if (cells[i].text[0] != '\0' && tk_register_field(schema, cells[i].text) == NULL)
            return false;
    }
    return id;
}

/* A day where a time is wanted is its midnight, and a time of midnight where a day is wanted is the day. */
static char *text_for(const TkRegisterField *field, const TkXlsxCell *cell)
{
    bool time = field != NULL && field->type == TK_REGISTER_TIME;
    if (cell->type == TK_XLSX_DATE && time)
        return g_strconcat(cell->text, MIDNIGHT, NULL);
    bool day = cell->type == TK_XLSX_TIME && g_str_has_suffix(cell->text, MIDNIGHT) && !time;
    return day ? g_strndup(cell->text, DAY_LEN) : g_strdup(cell->text);
}

static TkRegisterRow *sheet_row(TkRegisterHeader *header, uint32_t line, const TkXlsxCell *cells,
                                size_t count)
{
    static const TkXlsxCell empty = {TK_XLSX_NONE, ""};
    TkRegisterRow *row = row_under(header, line);
    for (size_t i = 0; i < MAX(count, header->count); i++) {
        const TkRegisterField *field = i < header->count ? header->columns[i] : &no_field;
        const TkXlsxCell *cell = i < count ? &cells[i] : &empty;
        g_autofree char *text = text_for(field, cell);
        if (cell->type == TK_XLSX_ERROR)
            tk_register_finding(row->errors, field == NULL ? "id" : field->id, "数式がエラーになっています。",
                                "holds a formula that gives an error");
        else
            take_cell(row, field, text);
    }
    check_id(row);
    return row;
}

static bool take_row(uint32_t line, const TkXlsxCell *cells, size_t count, gpointer data, GError **error)
{
    Sheet *sheet = data;
    if (sheet->seen++ == 0) {
        sheet->header = sheet_header(sheet->schema, line, cells, count, &sheet->no_header);
        return true;
    }
    if (sheet->seen == 2 && names_ids(sheet->schema, cells, count)) {
        header_unref(sheet->header);
        sheet->header = sheet_header(sheet->schema, line, cells, count, error);
        return sheet->header != NULL;
    }
    if (sheet->header == NULL) {
        g_propagate_error(error, g_steal_pointer(&sheet->no_header));
        return false;
    }
    return add_row(sheet->rows, sheet_row(sheet->header, line, cells, count), error);
}

GPtrArray *tk_register_sheet_rows(const TkRegisterSchema *schema, const void *data, size_t len,
                                  const char *name, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)tk_register_row_free);
    g_auto(Sheet) sheet = {.schema = schema, .rows = rows};
    if (!tk_xlsx_read(data, len, name, take_row, &sheet, error))
        return NULL;
    if (sheet.header != NULL)
        return g_steal_pointer(&rows);
    if (sheet.no_header != NULL)
        g_propagate_error(error, g_steal_pointer(&sheet.no_header));
    else
        tk_fail_both(error, TK_ERROR_INPUT, "シートが空で、見出しがありません。",
                     "line 1: the header cannot be read: the sheet is empty");
    return NULL;
}

/* Reading a spreadsheet: which part is the sheet, the texts and formats its cells refer to, then its rows as
 * they come.
 *
 *     _rels/.rels ► workbook.xml ► workbook.xml.rels ► sharedStrings.xml, styles.xml ► the sheet
 *
 * Shared texts are held whole, since any cell may refer to any of them; rows are given out one by one. What
 * the cells hold in all has a ceiling of its own: a text of one part can be referred to from a million cells.
 */
#include <math.h>

#include "xlsx/part.h"

#define MIB          ((size_t)1024 * 1024)
#define SMALL_MAX    (4 * MIB) /* bytes of a part that lists other parts */
#define STYLES_MAX   (16 * MIB)
#define STRINGS_MAX  (128 * MIB)
#define SHEET_MAX    (512 * MIB)
#define GIVEN_MAX    (128 * MIB) /* bytes of all texts given out */
#define SHARED_MAX   (64 * MIB)  /* bytes of the shared texts */
#define SHARED_COUNT 2000000u
#define FORMATS_MAX  65536u
#define SHEETS_MAX   1024u
#define ROWS_MAX     1048576u

typedef struct {
    char *name, *relation;
    bool hidden;
} SheetName;

typedef struct {
    zip_t *zip;
    GString *text;  /* of the element being read */
    char *workbook; /* name of the part */
    bool from_1904;
    GPtrArray *sheets;               /* SheetName */
    GHashTable *targets;             /* relation → part */
    char *strings, *styles, *wanted; /* names of parts; strings and styles may be NULL */
    GString *shared;                 /* all shared texts, each with its NUL */
    GArray *starts;                  /* gsize: where each begins */
    GHashTable *codes;               /* number of a format of the file's own → TkXlsxShows */
    GArray *shows;                   /* uint8_t: TkXlsxShows by cell format */
    bool in_formats, in_reading_aid;
    /* the row being read */
    TkXlsxRowFn each;
    gpointer user;
    uint32_t row;
    size_t column, count; /* the cell's, counted from 0; cells of the row */
    char type[12];
    unsigned format;
    GString *row_text;
    gsize places[TK_XLSX_COLUMNS_MAX];
    TkXlsxType types[TK_XLSX_COLUMNS_MAX];
    size_t given;
} Book;

static void sheet_name_free(SheetName *sheet)
{
    g_free(sheet->name);
    g_free(sheet->relation);
    g_free(sheet);
}

static void book_init(Book *book)
{
    book->text = g_string_new(NULL);
    book->shared = g_string_new(NULL);
    book->row_text = g_string_new(NULL);
    book->sheets = g_ptr_array_new_with_free_func((GDestroyNotify)sheet_name_free);
    book->targets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    book->codes = g_hash_table_new(NULL, NULL);
    book->starts = g_array_new(FALSE, FALSE, sizeof(gsize));
    book->shows = g_array_new(FALSE, FALSE, 1);
}

static void book_clear(Book *book)
{
    g_string_free(book->text, TRUE);
    g_string_free(book->shared, TRUE);
    g_string_free(book->row_text, TRUE);
    g_ptr_array_unref(book->sheets);
    g_hash_table_unref(book->targets);
    g_hash_table_unref(book->codes);
    g_array_unref(book->starts);
    g_array_unref(book->shows);
    g_free(book->workbook);
    g_free(book->strings);
    g_free(book->styles);
    g_free(book->wanted);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Book, book_clear)

/* ---- relations between parts ---- */

/* "xl/worksheets/sheet1.xml": `target` as seen from the part `from`. */
static char *resolve(const char *from, const char *target)
{
    g_autofree char *folder = g_path_get_dirname(from);
    g_autofree char *whole = target[0] == '/' || strcmp(folder, ".") == 0
                                 ? g_strdup(target)
                                 : g_strconcat(folder, "/", target, NULL);
    g_auto(GStrv) names = g_strsplit(whole, "/", -1);
    g_autoptr(GPtrArray) kept = g_ptr_array_new();
    for (char **name = names; *name != NULL; name++) {
        if (strcmp(*name, "..") == 0 && kept->len > 0)
            g_ptr_array_set_size(kept, (gint)kept->len - 1);
        else if (**name != '\0' && strcmp(*name, ".") != 0 && strcmp(*name, "..") != 0)
            g_ptr_array_add(kept, *name);
    }
    g_ptr_array_add(kept, NULL);
    return g_strjoinv("/", (char **)kept->pdata);
}

static void on_root_relation(TkXlsxPart *part, const char *element, const char **attributes)
{
    Book *book = part->data;
    const char *type = tk_xlsx_attribute(attributes, "Type"),
               *target = tk_xlsx_attribute(attributes, "Target");
    if (strcmp(element, "Relationship") != 0 || type == NULL || target == NULL || book->workbook != NULL)
        return;
    if (g_str_has_suffix(type, "/officeDocument"))
        book->workbook = resolve("", target);
}

static void on_relation(TkXlsxPart *part, const char *element, const char **attributes)
{
    Book *book = part->data;
    const char *type = tk_xlsx_attribute(attributes, "Type"),
               *target = tk_xlsx_attribute(attributes, "Target");
    const char *id = tk_xlsx_attribute(attributes, "Id");
    if (strcmp(element, "Relationship") != 0 || type == NULL || target == NULL || id == NULL)
        return;
    char *name = resolve(book->workbook, target);
    if (g_str_has_suffix(type, "/sharedStrings") && book->strings == NULL)
        book->strings = g_strdup(name);
    if (g_str_has_suffix(type, "/styles") && book->styles == NULL)
        book->styles = g_strdup(name);
    if (g_hash_table_size(book->targets) < SHEETS_MAX * 4)
        g_hash_table_replace(book->targets, g_strdup(id), name);
    else
        g_free(name);
}

static void on_workbook(TkXlsxPart *part, const char *element, const char **attributes)
{
    Book *book = part->data;
    if (strcmp(element, "workbookPr") == 0) {
        const char *since = tk_xlsx_attribute(attributes, "date1904");
        book->from_1904 = since != NULL && (strcmp(since, "1") == 0 || strcmp(since, "true") == 0);
    }
    const char *name = tk_xlsx_attribute(attributes, "name"), *relation = NULL;
    if (strcmp(element, "sheet") != 0 || name == NULL)
        return;
    for (const char **a = attributes; *a != NULL; a += 2)
        if (g_str_has_suffix(a[0], ":id"))
            relation = a[1];
    if (book->sheets->len >= SHEETS_MAX) {
        tk_xlsx_part_fail(part, TK_ERROR_LIMIT, "there are more than %u sheets", SHEETS_MAX);
        return;
    }
    const char *state = tk_xlsx_attribute(attributes, "state");
    SheetName *sheet = g_new0(SheetName, 1);
    sheet->name = g_strdup(name);
    sheet->relation = g_strdup(relation == NULL ? "" : relation);
    sheet->hidden = state != NULL && strcmp(state, "visible") != 0;
    g_ptr_array_add(book->sheets, sheet);
}

static bool choose(Book *book, const char *wanted, GError **error)
{
    const SheetName *found = NULL;
    for (guint i = 0; found == NULL && i < book->sheets->len; i++) {
        const SheetName *sheet = book->sheets->pdata[i];
        if (wanted == NULL ? !sheet->hidden : strcmp(sheet->name, wanted) == 0)
            found = sheet;
    }
    if (found == NULL)
        return tk_fail(error, TK_ERROR_INPUT,
                       wanted == NULL ? "the spreadsheet has no sheet that is shown%s"
                                      : "the spreadsheet has no sheet “%.60s”",
                       wanted == NULL ? "" : wanted);
    book->wanted = g_strdup(g_hash_table_lookup(book->targets, found->relation));
    return book->wanted != NULL ||
           tk_fail(error, TK_ERROR_INPUT, "the sheet “%.60s” has no part in the file", found->name);
}

static bool read_parts(Book *book, const char *sheet, GError **error)
{
    TkXlsxPart root = {.name = "_rels/.rels", .start = on_root_relation, .data = book};
    if (!tk_xlsx_parse(book->zip, &root, SMALL_MAX, true, error))
        return false;
    if (book->workbook == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "the file is no spreadsheet (.xlsx): it names no workbook");
    g_autofree char *folder = g_path_get_dirname(book->workbook), *base = g_path_get_basename(book->workbook);
    g_autofree char *relations = g_strdup_printf("%s/_rels/%s.rels", folder, base);
    TkXlsxPart workbook = {.name = book->workbook, .start = on_workbook, .data = book};
    TkXlsxPart others = {.name = g_str_has_prefix(relations, "./") ? relations + 2 : relations,
                         .start = on_relation,
                         .data = book};
    return tk_xlsx_parse(book->zip, &workbook, SMALL_MAX, true, error) &&
           tk_xlsx_parse(book->zip, &others, SMALL_MAX, true, error) && choose(book, sheet, error);
}

/* ---- texts ---- */

/* "_x000D_" stands for a character that XML has no other way to say. */
static void unescape(GString *text)
{
    for (char *at = strstr(text->str, "_x"); at != NULL; at = strstr(at, "_x")) {
        gunichar c = 0;
        bool hex = true;
        for (int i = 2; hex && i < 6; i++) {
            hex = g_ascii_isxdigit(at[i]);
            c = c * 16 + (gunichar)MAX(g_ascii_xdigit_value(at[i]), 0);
        }
        gssize place = at - text->str;
        if (hex && at[6] == '_' && c > 0 && g_unichar_validate(c)) {
            char utf8[8];
            int len = g_unichar_to_utf8(c, utf8);
            g_string_erase(text, place, 7);
            g_string_insert_len(text, place, utf8, len);
            at = text->str + place + len;
        } else
            at = text->str + place + 2;
    }
}

/* Readings above Japanese words (rPh) are no part of the text. */
static void on_text_start(TkXlsxPart *part, const char *element)
{
    Book *book = part->data;
    if (strcmp(element, "rPh") == 0)
        book->in_reading_aid = true;
    else if (strcmp(element, "t") == 0)
        part->collects = !book->in_reading_aid;
}

static void on_text_end(TkXlsxPart *part, const char *element)
{
    Book *book = part->data;
    if (strcmp(element, "rPh") == 0)
        book->in_reading_aid = false;
    else if (strcmp(element, "t") == 0)
        part->collects = false;
}

static void on_string_start(TkXlsxPart *part, const char *element, const char **attributes)
{
    (void)attributes;
    Book *book = part->data;
    if (strcmp(element, "si") == 0)
        g_string_truncate(book->text, 0);
    on_text_start(part, element);
}

static void on_string_end(TkXlsxPart *part, const char *element)
{
    Book *book = part->data;
    on_text_end(part, element);
    if (strcmp(element, "si") != 0)
        return;
    unescape(book->text);
    if (book->starts->len >= SHARED_COUNT || book->shared->len + book->text->len > SHARED_MAX) {
        tk_xlsx_part_fail(part, TK_ERROR_LIMIT, "there are more texts than %u, or more than %zu MiB of them",
                          SHARED_COUNT, SHARED_MAX / MIB);
        return;
    }
    gsize start = book->shared->len;
    g_array_append_val(book->starts, start);
    g_string_append_len(book->shared, book->text->str, (gssize)strlen(book->text->str));
    g_string_append_c(book->shared, '\0');
}

/* ---- formats ---- */

static unsigned number_of(const char *text)
{
    guint64 number = 0;
    return text != NULL && g_ascii_string_to_unsigned(text, 10, 0, 1000000, &number, NULL) ? (unsigned)number
                                                                                           : 0;
}

static void on_style_start(TkXlsxPart *part, const char *element, const char **attributes)
{
    Book *book = part->data;
    const char *code = tk_xlsx_attribute(attributes, "formatCode");
    unsigned id = number_of(tk_xlsx_attribute(attributes, "numFmtId"));
    if (strcmp(element, "cellXfs") == 0)
        book->in_formats = true;
    else if (strcmp(element, "numFmt") == 0 && code != NULL && g_hash_table_size(book->codes) < FORMATS_MAX)
        g_hash_table_insert(book->codes, GUINT_TO_POINTER(id),
                            GUINT_TO_POINTER(tk_xlsx_code_shows(code) + 1));
    else if (strcmp(element, "xf") == 0 && book->in_formats && book->shows->len < FORMATS_MAX) {
        guint own = GPOINTER_TO_UINT(g_hash_table_lookup(book->codes, GUINT_TO_POINTER(id)));
        uint8_t shows = (uint8_t)(own > 0 ? own - 1 : tk_xlsx_builtin_shows(id));
        g_array_append_val(book->shows, shows);
    }
}

static void on_style_end(TkXlsxPart *part, const char *element)
{
    Book *book = part->data;
    if (strcmp(element, "cellXfs") == 0)
        book->in_formats = false;
}

/* ---- cells ---- */

static char *place_text(const Book *book)
{
    char letters[8];
    size_t n = sizeof letters, column = book->column + 1;
    letters[--n] = '\0';
    for (; column > 0; column = (column - 1) / 26)
        letters[--n] = (char)('A' + (column - 1) % 26);
    return g_strdup_printf("cell %s%u", letters + n, book->row);
}

static void refuse(TkXlsxPart *part, TkErrorCode code, const char *why)
{
    g_autofree char *place = place_text(part->data);
    tk_xlsx_part_fail(part, code, "%s: %s", place, why);
}

static void keep(TkXlsxPart *part, TkXlsxType type, const char *text)
{
    Book *book = part->data;
    size_t len = strlen(text);
    if (len == 0)
        return;
    if (book->column >= TK_XLSX_COLUMNS_MAX) {
        refuse(part, TK_ERROR_LIMIT, "lies behind the 256th column");
        return;
    }
    book->given += len;
    if (book->given > GIVEN_MAX) {
        refuse(part, TK_ERROR_LIMIT, "the sheet holds more than 128 MiB of text");
        return;
    }
    while (book->count <= book->column)
        book->types[book->count++] = TK_XLSX_NONE;
    book->types[book->column] = type;
    book->places[book->column] = book->row_text->len;
    g_string_append_len(book->row_text, text, (gssize)len + 1); /* with its NUL */
}

static void keep_number(TkXlsxPart *part)
{
    Book *book = part->data;
    char *end = NULL, shown[TK_TIME_TEXT_MAX];
    double number = g_ascii_strtod(book->text->str, &end);
    if (end == book->text->str || *end != '\0' || !isfinite(number)) {
        refuse(part, TK_ERROR_INPUT, "is no number");
        return;
    }
    TkXlsxShows shows = book->format < book->shows->len ? g_array_index(book->shows, uint8_t, book->format)
                                                        : TK_XLSX_SHOWS_NUMBER;
    if (shows != TK_XLSX_SHOWS_NUMBER && tk_xlsx_serial_text(number, book->from_1904, shows, shown)) {
        keep(part, shows == TK_XLSX_SHOWS_DATE ? TK_XLSX_DATE : TK_XLSX_TIME, shown);
        return;
    }
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, 64);
    tk_canonical_add_number(number, &buf);
    keep(part, TK_XLSX_NUMBER, tk_buf_str(&buf));
}

/* ISO 8601 without an offset, of writers that keep days as texts. */
static void keep_iso(TkXlsxPart *part)
{
    Book *book = part->data;
    const char *text = book->text->str, *clock = strchr(text, 'T');
    bool day = clock == NULL || g_str_has_prefix(clock, "T00:00:00");
    g_autofree char *shown =
        day ? g_strndup(text, MIN(strlen(text), 10)) : g_strdup_printf("%.19s+09:00", text);
    keep(part, day ? TK_XLSX_DATE : TK_XLSX_TIME, shown);
}

static void keep_shared(TkXlsxPart *part)
{
    Book *book = part->data;
    guint64 index;
    if (!g_ascii_string_to_unsigned(book->text->str, 10, 0, SHARED_COUNT, &index, NULL) ||
        index >= book->starts->len)
        refuse(part, TK_ERROR_INPUT, "refers to a text that the file does not have");
    else
        keep(part, TK_XLSX_TEXT, book->shared->str + g_array_index(book->starts, gsize, index));
}

static void end_cell(TkXlsxPart *part)
{
    Book *book = part->data;
    if (book->text->len == 0)
        ; /* only its format is said */
    else if (strcmp(book->type, "s") == 0)
        keep_shared(part);
    else if (strcmp(book->type, "b") == 0)
        keep(part, TK_XLSX_TRUTH, strcmp(book->text->str, "0") == 0 ? "false" : "true");
    else if (strcmp(book->type, "e") == 0)
        keep(part, TK_XLSX_ERROR, book->text->str);
    else if (strcmp(book->type, "d") == 0)
        keep_iso(part);
    else if (strcmp(book->type, "str") == 0 || strcmp(book->type, "inlineStr") == 0) {
        unescape(book->text);
        keep(part, TK_XLSX_TEXT, book->text->str);
    } else
        keep_number(part);
    book->column++;
}

/* "AB12" → column 27. */
static void begin_cell(TkXlsxPart *part, const char **attributes)
{
    Book *book = part->data;
    const char *place = tk_xlsx_attribute(attributes, "r"), *type = tk_xlsx_attribute(attributes, "t");
    size_t column = 0;
    for (; place != NULL && g_ascii_isupper(*place) && column < 20000; place++)
        column = column * 26 + (size_t)(*place - 'A') + 1;
    if (place != NULL && (column == 0 || column - 1 < book->column)) {
        refuse(part, TK_ERROR_INPUT, "is followed by a cell that comes before it");
        return;
    }
    if (place != NULL)
        book->column = column - 1;
    g_strlcpy(book->type, type == NULL ? "n" : type, sizeof book->type);
    book->format = number_of(tk_xlsx_attribute(attributes, "s"));
    g_string_truncate(book->text, 0);
}

static void begin_row(TkXlsxPart *part, const char **attributes)
{
    Book *book = part->data;
    const char *number = tk_xlsx_attribute(attributes, "r");
    guint64 row = (guint64)book->row + 1;
    if ((number != NULL && !g_ascii_string_to_unsigned(number, 10, row, ROWS_MAX, &row, NULL)) ||
        row > ROWS_MAX) {
        tk_xlsx_part_fail(part, TK_ERROR_INPUT,
                          "row %u is followed by one that comes before it, or by too many", book->row);
        return;
    }
    book->row = (uint32_t)row;
    book->column = book->count = 0;
    g_string_truncate(book->row_text, 0);
}

static void end_row(TkXlsxPart *part)
{
    Book *book = part->data;
    TkXlsxCell cells[TK_XLSX_COLUMNS_MAX];
    GError *error = NULL;
    if (book->count == 0)
        return;
    for (size_t i = 0; i < book->count; i++)
        cells[i] = (TkXlsxCell){book->types[i],
                                book->types[i] == TK_XLSX_NONE ? "" : book->row_text->str + book->places[i]};
    if (!book->each(book->row, cells, book->count, book->user, &error))
        tk_xlsx_part_stop(part, error);
}

static void on_sheet_start(TkXlsxPart *part, const char *element, const char **attributes)
{
    if (strcmp(element, "row") == 0)
        begin_row(part, attributes);
    else if (strcmp(element, "c") == 0)
        begin_cell(part, attributes);
    else if (strcmp(element, "v") == 0)
        part->collects = true;
    else
        on_text_start(part, element);
}

static void on_sheet_end(TkXlsxPart *part, const char *element)
{
    if (strcmp(element, "row") == 0)
        end_row(part);
    else if (strcmp(element, "c") == 0)
        end_cell(part);
    else if (strcmp(element, "v") == 0)
        part->collects = false;
    else
        on_text_end(part, element);
}

/* ---- the whole ---- */

bool tk_xlsx_read(const void *data, size_t len, const char *sheet, TkXlsxRowFn each, gpointer user,
                  GError **error)
{
    g_autoptr(zip_t) zip = tk_xlsx_open(data, len, error);
    if (zip == NULL)
        return false;
    g_auto(Book) book = {.zip = zip, .each = each, .user = user};
    book_init(&book);
    if (!read_parts(&book, sheet, error))
        return false;
    TkXlsxPart strings = {.name = book.strings,
                          .start = on_string_start,
                          .end = on_string_end,
                          .data = &book,
                          .text = book.text};
    TkXlsxPart styles = {.name = book.styles, .start = on_style_start, .end = on_style_end, .data = &book};
    TkXlsxPart rows = {
        .name = book.wanted, .start = on_sheet_start, .end = on_sheet_end, .data = &book, .text = book.text};
    return (strings.name == NULL || tk_xlsx_parse(zip, &strings, STRINGS_MAX, false, error)) &&
           (styles.name == NULL || tk_xlsx_parse(zip, &styles, STYLES_MAX, false, error)) &&
           tk_xlsx_parse(zip, &rows, SHEET_MAX, true, error);
}

/* Writing a table row by row: what is written does not stay in memory (the library's constant-memory mode),
 * so that a register of a hundred thousand records costs a few megabytes. */
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "xlsx/xlsx.h"

#define FILE_MAX     (256u << 20)
#define TITLE_MAX    28 /* characters of a sheet's name, of the 31 there may be */
#define COLUMN_WIDTH 18
#define NO_MEMORY    "there is not enough memory for the spreadsheet"

/* ---- shared with whoever lays out sheets of its own ---- */

int tk_xlsx_memory(char path[64], GError **error)
{
    int fd = memfd_create("spreadsheet.xlsx", MFD_CLOEXEC);
    if (fd < 0)
        tk_fail(error, TK_ERROR_IO, NO_MEMORY);
    g_snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

bool tk_xlsx_take(int fd, GBytes **bytes, GError **error)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || about.st_size <= 0 || about.st_size > FILE_MAX)
        return tk_fail(error, TK_ERROR_LIMIT,
                       "the spreadsheet would be larger than %u MiB; export CSV instead", FILE_MAX >> 20);
    g_autofree char *data = g_try_malloc((gsize)about.st_size);
    if (data == NULL || pread(fd, data, (size_t)about.st_size, 0) != about.st_size)
        return tk_fail(error, TK_ERROR_IO, NO_MEMORY);
    *bytes = g_bytes_new_take(g_steal_pointer(&data), (gsize)about.st_size);
    return true;
}

/* "_x000D_" in a text would be read as an escape of the format; its first underscore is escaped itself. */
static bool looks_escaped(const char *p)
{
    return p[0] == '_' && p[1] == 'x' && g_ascii_isxdigit(p[2]) && g_ascii_isxdigit(p[3]) &&
           g_ascii_isxdigit(p[4]) && g_ascii_isxdigit(p[5]) && p[6] == '_';
}

char *tk_xlsx_printable(const char *text)
{
    GString *clean = g_string_sized_new(strlen(text));
    for (const char *p = text; *p != '\0'; p++) {
        if (looks_escaped(p))
            g_string_append(clean, "_x005F_");
        else if ((unsigned char)*p >= 0x20 || *p == '\n' || *p == '\t')
            g_string_append_c(clean, *p);
    }
    return g_string_free(clean, FALSE);
}

double tk_xlsx_serial_of_date(TkDate date)
{
    return (double)(date - tk_date_make(1899, 12, 30));
}

double tk_xlsx_serial_of_time(int64_t at_us)
{
    TkDate date = tk_date_of_time(at_us);
    return tk_xlsx_serial_of_date(date) + (double)((at_us - tk_time_of_date(date)) / TK_US_PER_S) / 86400;
}

/* ---- a table ---- */

struct TkXlsxTable {
    int fd;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head, *text, *date, *time;
    lxw_row_t row;
    lxw_col_t column;
    lxw_error failed; /* the first that went wrong */
};

static void note(TkXlsxTable *table, lxw_error error)
{
    if (table->failed == LXW_NO_ERROR)
        table->failed = error;
}

static lxw_format *format_of(TkXlsxTable *table, const char *shape)
{
    lxw_format *format = workbook_add_format(table->book);
    format_set_num_format(format, shape);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    return format;
}

static void add_sheet(TkXlsxTable *table, const char *title)
{
    g_autofree char *name = g_utf8_substring(title, 0, MIN(TITLE_MAX, g_utf8_strlen(title, -1)));
    g_strdelimit(name, "[]:*?/\\'", ' ');
    table->sheet = workbook_add_worksheet(table->book, name[0] == '\0' ? NULL : name);
    table->text = format_of(table, "@");
    table->date = format_of(table, "yyyy-mm-dd");
    table->time = format_of(table, "yyyy-mm-dd\\ hh:mm:ss");
    table->head = format_of(table, "@");
    format_set_bold(table->head);
    format_set_bg_color(table->head, 0xEDEDED);
    format_set_text_wrap(table->head);
}

TkXlsxTable *tk_xlsx_table_new(const char *title, GError **error)
{
    char path[64];
    int fd = tk_xlsx_memory(path, error);
    if (fd < 0)
        return NULL;
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    TkXlsxTable *table = g_new0(TkXlsxTable, 1);
    table->fd = fd;
    table->book = workbook_new_opt(path, &options);
    if (table->book != NULL)
        add_sheet(table, title);
    if (table->sheet != NULL)
        return table;
    tk_fail(error, TK_ERROR_IO, NO_MEMORY);
    tk_xlsx_table_free(table);
    return NULL;
}

void tk_xlsx_table_free(TkXlsxTable *table)
{
    if (table == NULL)
        return;
    if (table->book != NULL)
        workbook_close(table->book); /* the library frees a workbook only so */
    close(table->fd);
    g_free(table);
}

static void write_text(TkXlsxTable *table, const char *text, lxw_format *format)
{
    g_autofree char *clean = tk_xlsx_printable(text);
    if (g_utf8_strlen(clean, -1) > TK_XLSX_TEXT_MAX)
        note(table, LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED);
    else if (clean[0] != '\0')
        note(table, worksheet_write_string(table->sheet, table->row, table->column, clean, format));
    table->column++;
}

void tk_xlsx_table_head(TkXlsxTable *table, const char *const *labels, const char *const *ids, size_t count)
{
    lxw_row_col_options hidden = {.hidden = LXW_TRUE};
    note(table, worksheet_set_column(table->sheet, 0, (lxw_col_t)(count - 1), COLUMN_WIDTH, NULL));
    worksheet_freeze_panes(table->sheet, 2, 1);
    for (size_t i = 0; i < count; i++)
        write_text(table, labels[i], table->head);
    tk_xlsx_table_row(table);
    note(table, worksheet_set_row_opt(table->sheet, table->row, LXW_DEF_ROW_HEIGHT, NULL, &hidden));
    for (size_t i = 0; i < count; i++)
        write_text(table, ids[i], table->text);
    tk_xlsx_table_row(table);
}

void tk_xlsx_table_text(TkXlsxTable *table, const char *text)
{
    write_text(table, text, table->text);
}

void tk_xlsx_table_number(TkXlsxTable *table, double number)
{
    note(table, worksheet_write_number(table->sheet, table->row, table->column++, number, NULL));
}

void tk_xlsx_table_truth(TkXlsxTable *table, bool truth)
{
    note(table, worksheet_write_boolean(table->sheet, table->row, table->column++, truth, NULL));
}

void tk_xlsx_table_date(TkXlsxTable *table, TkDate date)
{
    note(table, worksheet_write_number(table->sheet, table->row, table->column++,
                                       tk_xlsx_serial_of_date(date), table->date));
}

void tk_xlsx_table_time(TkXlsxTable *table, int64_t at_us)
{
    note(table, worksheet_write_number(table->sheet, table->row, table->column++,
                                       tk_xlsx_serial_of_time(at_us), table->time));
}

void tk_xlsx_table_skip(TkXlsxTable *table)
{
    table->column++;
}

void tk_xlsx_table_row(TkXlsxTable *table)
{
    table->row++;
    table->column = 0;
}

GBytes *tk_xlsx_table_end(TkXlsxTable *table, GError **error)
{
    GBytes *bytes = NULL;
    note(table, workbook_close(table->book));
    table->book = NULL;
    if (table->failed == LXW_NO_ERROR)
        tk_xlsx_take(table->fd, &bytes, error);
    else
        tk_fail(error, table->failed == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED ? TK_ERROR_LIMIT : TK_ERROR_IO,
                "the spreadsheet cannot be written: %s", lxw_strerror(table->failed));
    tk_xlsx_table_free(table);
    return bytes;
}

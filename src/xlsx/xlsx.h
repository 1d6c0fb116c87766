/* xlsx: spreadsheets (Office Open XML, ISO/IEC 29500) written and read.
 *
 * Writing goes through libxlsxwriter. No C library of Debian 12 reads the format (libfreexl does from 2.0 on,
 * which it does not have; libxlsxio is not packaged), so that reading is done here, as little of it as a
 * table of values needs: libzip opens the container, expat reads the XML. What comes in is another's file:
 * every part has a ceiling in bytes and in proportion to what it was packed into, document types are refused,
 * and depth, columns, rows and texts are bounded. Pure: bytes in, cells out. */
#ifndef TK_XLSX_H
#define TK_XLSX_H

#include "base/base.h"

#define TK_XLSX_COLUMNS_MAX 256
#define TK_XLSX_TEXT_MAX    32767 /* characters of a cell, as the format has it */

/* ---- reading ---- */

typedef enum {
    TK_XLSX_NONE,   /* an empty cell; text is "" */
    TK_XLSX_TEXT,   /* also what a formula gave last */
    TK_XLSX_NUMBER, /* text is the shortest decimal that reads back as the same number */
    TK_XLSX_TRUTH,  /* text is true or false */
    TK_XLSX_DATE,   /* a number shown as a day: 2026-04-01 */
    TK_XLSX_TIME,   /* a number shown with a time of day, in Japan's: 2026-04-01T09:00:00+09:00 */
    TK_XLSX_ERROR,  /* text is what the cell shows: #N/A, #DIV/0! … */
} TkXlsxType;

typedef struct {
    TkXlsxType type;
    const char *text; /* never NULL; valid during the call */
} TkXlsxCell;

/* A row with something in it; `row` counts from 1 as the program that shows the sheet does. `cells` has
 * `count` entries from column A on. False and *error ends the reading. */
typedef bool (*TkXlsxRowFn)(uint32_t row, const TkXlsxCell *cells, size_t count, gpointer data,
                            GError **error);

/* Reads one sheet, by its name, or the first that is not hidden (NULL). INPUT when it is no spreadsheet, is
 * damaged or encrypted, or has no such sheet; LIMIT when something is larger than its ceiling; the message
 * names the part, and the row and column where there is one. */
bool tk_xlsx_read(const void *data, size_t len, const char *sheet, TkXlsxRowFn each, gpointer user,
                  GError **error);
/* Whether the bytes begin as a zip container does: a spreadsheet rather than text. */
bool tk_xlsx_looks_like(const void *data, size_t len);

/* ---- writing ---- */

/* A table with one sheet. Row after row; the first goes wrong once and is told by tk_xlsx_table_end. */
typedef struct TkXlsxTable TkXlsxTable;

TkXlsxTable *tk_xlsx_table_new(const char *title, GError **error);
void tk_xlsx_table_free(TkXlsxTable *table);
/* The heading: `labels` are shown, `ids` are in a hidden second row, by which a table is read back whatever
 * the labels are. Both have `count` entries. */
void tk_xlsx_table_head(TkXlsxTable *table, const char *const *labels, const char *const *ids, size_t count);
/* The next cell of the row: texts as texts (nothing is taken for a formula), numbers, days and times as such.
 */
void tk_xlsx_table_text(TkXlsxTable *table, const char *text);
void tk_xlsx_table_number(TkXlsxTable *table, double number);
void tk_xlsx_table_truth(TkXlsxTable *table, bool truth);
void tk_xlsx_table_date(TkXlsxTable *table, TkDate date);
void tk_xlsx_table_time(TkXlsxTable *table, int64_t at_us);
void tk_xlsx_table_skip(TkXlsxTable *table);
void tk_xlsx_table_row(TkXlsxTable *table);
/* The file. Frees the table. */
GBytes *tk_xlsx_table_end(TkXlsxTable *table, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkXlsxTable, tk_xlsx_table_free)

/* ---- what writers of spreadsheets share ---- */

/* A file in memory with a path of its own: the library Debian 12 has writes to a path only. -1 and *error. */
int tk_xlsx_memory(char path[64], GError **error);
/* Its bytes; LIMIT when it is larger than 256 MiB. */
bool tk_xlsx_take(int fd, GBytes **bytes, GError **error);
/* The text as the format can hold it: no control characters, nothing that reads as an escape. Owned. */
char *tk_xlsx_printable(const char *text);
/* Days since 1899-12-30 of the spreadsheet's calendar, in Japan's time. */
double tk_xlsx_serial_of_date(TkDate date);
double tk_xlsx_serial_of_time(int64_t at_us);

#endif

/* RFC 4180, read record by record in constant memory. A bad record is reported with the line it begins
 * on and reading goes on with the next physical line, so that one stray quote loses one record. */
#ifndef TK_BASE_CSV_H
#define TK_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

#include "base/buf.h"

#define TK_CSV_FIELDS_MAX 256

typedef struct TkCsv TkCsv;

typedef enum {
    TK_CSV_OK,
    TK_CSV_BAD, /* record->why says what; fields are not set */
    TK_CSV_END,
    TK_CSV_IO, /* reading failed; errno says why */
} TkCsvStatus;

typedef struct {
    const char *text; /* NUL-terminated, unquoted */
    size_t len;
} TkCsvField;

typedef struct {
    const TkCsvField *fields; /* owned by the reader, valid until the next call */
    size_t count;
    uint64_t line;   /* where the record begins, 1 for the first */
    const char *why; /* a sentence, when the status is TK_CSV_BAD */
} TkCsvRecord;

/* Borrows `file`, of which nothing may have been read yet: what a pipe has is taken as it comes. `max_record`
 * is the longest record believed, in bytes. */
TkCsv *tk_csv_new(FILE *file, size_t max_record);
TkCsv *tk_csv_new_memory(const void *data, size_t len, size_t max_record);
void tk_csv_free(TkCsv *csv);
/* Empty lines are passed over. A byte-order mark at the start is dropped. */
TkCsvStatus tk_csv_next(TkCsv *csv, TkCsvRecord *record);

/* True when all that was read has been given out and the next call will wait for more: the moment to flush.
 */
bool tk_csv_drained(const TkCsv *csv);

/* Appends one field, quoted only where RFC 4180 asks for it. A text that a spreadsheet would take for a
 * formula (=, +, -, @, tab, CR first, and not a number) gets a leading apostrophe. */
void tk_csv_add_field(TkBuf *buf, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkCsv, tk_csv_free)

#endif

/* What `tokatsu judge` reads: the columns of each kind of CSV, and one record turned into a verdict. */
#ifndef TK_CLI_JUDGE_ROWS_H
#define TK_CLI_JUDGE_ROWS_H

#include "cli/cli.h"
#include "law/law.h"

#define COLUMNS_MAX 16

typedef struct {
    const char *name;
    bool needed; /* the header must have it */
    const char *meaning;
} Column;

typedef struct Rows Rows;

struct Rows {
    const TkLaw *law;
    TkDate law_date; /* TK_DATE_NONE: of the day it began */
    int64_t now_us;
    const Column *columns; /* ends with a NULL name; the first is the id */
    bool (*judge)(const Rows *rows, const TkCsvRecord *record, TkVerdict *verdict, GError **error);
    int place[COLUMNS_MAX]; /* where each column stands in the file; -1: it has none */
    size_t width;           /* columns of the header */
};

/* Makes ready for "accident", "near-miss" or "leak"; false for another kind. */
bool judge_rows_of_kind(const char *kind, Rows *rows);
/* Finds the columns in the header record. Refuses a name that comes twice, and needed ones that are missing.
 */
bool judge_rows_header(Rows *rows, const TkCsvRecord *record, GError **error);
/* Judges one record. False and *error (column and reason) when it cannot be read or judged. */
bool judge_rows_judge(const Rows *rows, const TkCsvRecord *record, TkVerdict *verdict, GError **error);
/* The record's id, or {NULL} where the record was not read or is too short to have one. */
TkCsvField judge_rows_id(const Rows *rows, const TkCsvRecord *record);

#endif

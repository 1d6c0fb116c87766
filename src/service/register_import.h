/* Rows of a table as records of a register: what a cell means, and what a file of them would change. */
#ifndef TK_SERVICE_REGISTER_IMPORT_H
#define TK_SERVICE_REGISTER_IMPORT_H

#include "service/jobs.h"
#include "service/register.h"

#define TK_REGISTER_ID_LABEL "番号" /* heading of the ids in a spreadsheet */

/* What the columns of a file are: fields, or NULL for the id. Counted references. */
typedef struct {
    const TkRegisterField *columns[TK_CSV_FIELDS_MAX];
    size_t count;
} TkRegisterHeader;

/* One row. */
typedef struct {
    uint64_t line;
    TkRegisterHeader *header; /* NULL: the file has no columns */
    char *id;                 /* "" where the row gives none, until one is given out */
    json_t *values;           /* of the columns that the file has; null clears */
    json_t *errors;           /* [{"field","ja","en"}…] */
    /* set by the plan */
    const char *action; /* add, change, same, error */
    json_t *changes;    /* as tk_register_changes */
    json_t *body;       /* to be stored; NULL for same and error */
    int64_t version;    /* expected */
} TkRegisterRow;

TkRegisterRow *tk_register_row_new(uint64_t line);
void tk_register_row_free(TkRegisterRow *row);

/* All rows of a CSV; elements TkRegisterRow. A row that cannot be read is one with errors. NULL and *error
 * when the header is unusable or there are too many rows. */
GPtrArray *tk_register_rows(const TkRegisterSchema *schema, const char *csv, size_t len, GError **error);
/* Fills in what each row would do. Under the lock. */
bool tk_register_plan(TkRegisters *registers, const TkRegisterSchema *schema, GPtrArray *rows, TkJob *job,
                      GError **error);
/* Tells the job (NULL: nobody watches) how far it is; false and *error where it is to stop. */
bool tk_register_go_on(TkJob *job, uint64_t done, uint64_t total, GError **error);
/* The same of a spreadsheet's sheet; NULL: the first that is shown. The heading is the first row, or the
 * second where that holds the fields' ids as in an export. */
GPtrArray *tk_register_sheet_rows(const TkRegisterSchema *schema, const void *data, size_t len,
                                  const char *sheet, GError **error);
/* The number of the field's column, 1 for the first; 0 when the file has none. "id" is the id's. */
unsigned tk_register_column(const TkRegisterRow *row, const char *field);

/* A file to import and how its rows are read. */
typedef struct TkRegisterFile TkRegisterFile;
struct TkRegisterFile {
    const char *data;
    size_t len;
    const char *sheet; /* of a spreadsheet; NULL: the first */
    GPtrArray *(*read)(const TkRegisterSchema *schema, const TkRegisterFile *file, GError **error);
};

/* Reads and plans the rows and, unless `dry_run` or a row is refused, writes them; the answer, a new
 * reference. */
json_t *tk_register_import_with(TkRegisters *registers, const TkActor *actor, const char *name,
                                const TkRegisterFile *file, bool dry_run, TkJob *job, GError **error);
/* What stands in a cell of an export for a value, as text (owned) and as a cell of a CSV; `value` may be
 * NULL. */
char *tk_register_cell_text(const json_t *value);
void tk_register_cell(TkBuf *buf, const json_t *value);

/* Whether a cell is a text with apostrophes before what a spreadsheet would take for a formula: an export
 * puts one more before it and an import takes one away. */
bool tk_register_guarded(const char *text);

#define TK_REGISTER_SEALED_CELL "(sealed)"

#endif

/* Rows of a CSV as records of a register: what a cell means, and what a file of them would change. */
#ifndef TK_SERVICE_REGISTER_IMPORT_H
#define TK_SERVICE_REGISTER_IMPORT_H

#include "service/register.h"

/* One row. */
typedef struct {
    uint64_t line;
    char *id;       /* "" where the row gives none, until one is given out */
    json_t *values; /* of the columns that the file has; null clears */
    json_t *errors; /* [{"field","ja","en"}…] */
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
bool tk_register_plan(TkRegisters *registers, const TkRegisterSchema *schema, GPtrArray *rows,
                      GError **error);
/* Plans the rows and, unless `dry_run` or a row is refused, writes them; the answer, a new reference. */
json_t *tk_register_import_rows(TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                                GPtrArray *rows, bool dry_run, GError **error);
/* What stands in a cell of an export for a value; `value` may be NULL. */
void tk_register_cell(TkBuf *buf, const json_t *value);

/* Whether a cell is a text with apostrophes before what a spreadsheet would take for a formula: an export
 * puts one more before it and an import takes one away. */
bool tk_register_guarded(const char *text);

#define TK_REGISTER_SEALED_CELL "(sealed)"

#endif

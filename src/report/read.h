/* Reading our own JSON documents (forms, frozen reports) strictly: unknown keys, wrong types and missing
 * values are refused with the place. The first fault is kept and everything after it is passed over, so
 * that a reader is a straight list of fields and looks at `failed` once. */
#ifndef TK_REPORT_READ_H
#define TK_REPORT_READ_H

#include "report/model.h"

typedef struct {
    GStringChunk *strings; /* borrowed: texts are copied here */
    const char *file;      /* begins every message */
    char where[160];       /* "item occurred_at, " or "" */
    bool failed;
    GError **error;
} TkRead;

void tk_read_fail(TkRead *r, TkErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);
void tk_read_where(TkRead *r, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* `object` is an object whose keys all stand in `keys` (separated by spaces). */
bool tk_read_object(TkRead *r, const json_t *object, const char *what, const char *keys);
/* Array of at most `max` elements, at least `min`; NULL and a failure otherwise. */
const json_t *tk_read_array(TkRead *r, const json_t *object, const char *key, size_t min, size_t max);
const char *tk_read_text(TkRead *r, const json_t *object, const char *key); /* required, not "" */
const char *tk_read_text_or(TkRead *r, const json_t *object, const char *key, const char *other);
const char *tk_read_id(TkRead *r, const json_t *object, const char *key); /* [a-z0-9._-]+, at most 64 */
TkText tk_read_words(TkRead *r, const json_t *object, const char *key, bool required); /* {"ja","en"} */
bool tk_read_bool(TkRead *r, const json_t *object, const char *key, bool other);
int64_t tk_read_int(TkRead *r, const json_t *object, const char *key, int64_t other, int64_t min,
                    int64_t max);
TkDate tk_read_date(TkRead *r, const json_t *object, const char *key); /* null: TK_DATE_NONE */
TkCellType tk_read_cell_type(TkRead *r, const json_t *object, const char *key);
TkStage tk_read_stage(TkRead *r, const json_t *object, const char *key);
/* One value of `type` as records and entries hold it; null is an empty cell. */
TkCell tk_read_cell(TkRead *r, const json_t *value, TkCellType type, const char *what);
/* Text made safe to print: no control characters but line ends, no direction overrides. In r->strings. */
const char *tk_read_clean(TkRead *r, const char *text);

#endif

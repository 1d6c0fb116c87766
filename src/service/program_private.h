/* Inside the service: the carrier's profile out of its registers. */
#ifndef TK_SERVICE_PROGRAM_PRIVATE_H
#define TK_SERVICE_PROGRAM_PRIVATE_H

#include "service/app.h"
#include "service/register.h"

/* The profile document (docs/law-format.md) that the registers make; new reference. What contradicts itself
 * is left out and said in `findings`, [{"ja","en"}…]. */
json_t *tk_program_document(TkApp *app, json_t *findings, GError **error);
/* The same, read; NULL and *error where it cannot be. */
TkProfile *tk_program_profile(TkApp *app, GError **error);

/* Calls `each` for all records of a register, none where the carrier's registers have no such one. */
bool tk_program_each(TkApp *app, const char *name, TkRegisterEachFn each, void *data, GError **error);
/* All of them (TkRecord), empty where there is no such register; released with g_ptr_array_unref. */
GPtrArray *tk_program_records(TkApp *app, const char *name, GError **error);
/* A text of a record's values; NULL where there is none. */
const char *tk_program_text(const TkRecord *record, const char *field);
/* A date of a record's values; TK_DATE_NONE where there is none. */
TkDate tk_program_date_of(const TkRecord *record, const char *field);
json_t *tk_program_date_json(TkDate date);
/* What a writer of JSON has written, as a tree; new reference. */
json_t *tk_program_tree(TkBuf *buf, GError **error);

/* Duties by where they stand. */
typedef struct {
    int applies, fulfilled, open, overdue, unassigned, cannot_tell, voluntary, does_not;
} TkProgramSummary;
/* Counts the duties of a result beside `records` (TkRecord) of the register of obligations, as of `today`. */
void tk_program_sum(const TkProgram *program, const GPtrArray *records, TkDate today, TkProgramSummary *sum);

#endif

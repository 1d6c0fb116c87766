/* Whether a document is a sound record of a register. Pure but for one question that the caller answers. */
#ifndef TK_SERVICE_REGISTER_CHECK_H
#define TK_SERVICE_REGISTER_CHECK_H

#include "service/register_schema.h"

/* Whether the register `ref` has a record `id` (a file: `ref` NULL, `id` the SHA-256 in hexadecimal). */
typedef bool (*TkRegisterExistsFn)(const char *ref, const char *id, void *data);

/* Everything that is wrong with `values`, [{"field","ja","en"}…] in the schema's order; new reference, empty
 * when nothing is. null counts as absent. A value {"sealed":true} stands for a sealed one that is kept. */
json_t *tk_register_check(const TkRegisterSchema *schema, const json_t *values, TkRegisterExistsFn exists,
                          void *data);
/* Whether a record may have this id: it stands in addresses and CSV cells. */
bool tk_register_id_ok(const char *id, GError **error);
/* {"sealed":true}: what stands in place of a value that is not shown. */
bool tk_register_is_sealed(const json_t *value);
/* Adds one finding. */
void tk_register_finding(json_t *findings, const char *field, const char *ja, const char *en);

#endif

/* What the readers of a register's file share. */
#ifndef TK_SERVICE_REGISTER_SCHEMA_PRIVATE_H
#define TK_SERVICE_REGISTER_SCHEMA_PRIVATE_H

#include "service/register_schema.h"

/* ---- register_schema.c; `where` begins every message ---- */

/* No property but these. */
bool tk_schema_keys(const char *where, const json_t *object, const char *const *keys, GError **error);
/* {"ja","en"} at `key`, both said. */
bool tk_schema_words(const char *where, const json_t *object, const char *key, bool needed, const char **ja,
                     const char **en, GError **error);
/* A list of roles at `key` as bits. */
bool tk_schema_roles(const char *name, const json_t *holder, const char *key, unsigned *bits, GError **error);
/* Whether the enum has this option. */
bool tk_schema_option(const TkRegisterField *field, const char *id);

/* ---- register_schema_states.c ---- */

/* Reads "gates" and "approval". */
bool tk_schema_states(const char *name, TkRegisterSchema *schema, GError **error);

/* ---- register_cycles.c ---- */

/* Reads "acyclic". */
bool tk_schema_acyclic(const char *name, TkRegisterSchema *schema, GError **error);

#endif

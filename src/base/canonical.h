/* Canonical JSON, RFC 8785 (JCS): one spelling for one value, so that its hash means the value.
 *
 * Members are ordered by their keys' UTF-16 code units, no white space, texts escaped as little as possible,
 * numbers as ECMAScript writes them (the shortest digits that read back as the same double). */
#ifndef TK_BASE_CANONICAL_H
#define TK_BASE_CANONICAL_H

#include <stdbool.h>

#include <glib.h>
#include <jansson.h>

#include "base/buf.h"

#define TK_CANONICAL_DEPTH_MAX 64
#define TK_CANONICAL_INT_MAX   INT64_C(9007199254740991) /* 2^53 − 1: larger integers are not exact in JSON */

/* Appends `value`. TK_ERROR_INPUT for an integer beyond ±TK_CANONICAL_INT_MAX (say it as a text),
 * TK_ERROR_LIMIT for nesting deeper than TK_CANONICAL_DEPTH_MAX or an output past the buffer's ceiling. */
bool tk_canonical_write(const json_t *value, TkBuf *out, GError **error);
/* A finite double as ECMAScript's Number::toString writes it: 1e+21, 0.000001, 1e-7, -0 as 0. */
void tk_canonical_add_number(double value, TkBuf *out);

#endif

/* base: what every other room stands on. Time and the calendar the law counts in, bounded buffers,
 * readers for lines, CSV and JSON that cannot be made to grow without end, and a JSON writer.
 *
 * Other rooms include this file and no other of this room. */
#ifndef TK_BASE_H
#define TK_BASE_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

#include "base/buf.h"
#include "base/canonical.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/lines.h"
#include "base/text_diff.h"
#include "base/time.h"

#include "base/banned.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

#endif

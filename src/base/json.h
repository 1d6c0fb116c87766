/* JSON. Documents are read with jansson behind limits of our own; text is written with a small streaming
 * writer into a TkBuf, so that a hot path makes no tree. */
#ifndef TK_BASE_JSON_H
#define TK_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>
#include <jansson.h>

#include "base/buf.h"

/* Reads one document. Refuses more than `max_len` bytes, nesting deeper than 64, duplicate keys, invalid
 * UTF-8 and anything behind the end. `name` (a file or "line 12") begins the message. New reference;
 * release with json_decref (g_autoptr(json_t)). NULL and *error otherwise. */
json_t *tk_json_read(const char *name, const char *text, size_t len, size_t max_len, GError **error);

/* Writer: commas are put where they belong. Keys are ASCII literals of ours; texts are escaped.
 *     tk_json_begin_object(w); tk_json_key(w, "id"); tk_json_text(w, id); tk_json_end_object(w);      */
typedef struct {
    TkBuf *out; /* borrowed */
    bool comma; /* the next value or key is preceded by a comma */
} TkJson;

static inline TkJson tk_json_to(TkBuf *out)
{
    return (TkJson){.out = out};
}
void tk_json_begin_object(TkJson *w);
void tk_json_end_object(TkJson *w);
void tk_json_begin_array(TkJson *w);
void tk_json_end_array(TkJson *w);
void tk_json_key(TkJson *w, const char *key);
void tk_json_text(TkJson *w, const char *text); /* NULL writes null */
/* A member of an object: a text, and one in both languages, {"ja","en"}. */
void tk_json_member(TkJson *w, const char *key, const char *text);
void tk_json_member2(TkJson *w, const char *key, const char *ja, const char *en);
void tk_json_text_len(TkJson *w, const char *text, size_t len);
void tk_json_int(TkJson *w, int64_t value);
void tk_json_number(TkJson *w,
                    double value); /* finite; whole numbers without a fraction, else ≤ 3 decimals */
void tk_json_bool(TkJson *w, bool value);
void tk_json_null(TkJson *w);
void tk_json_time(TkJson *w, int64_t at_us);        /* TK_TIME_NONE writes null */
void tk_json_date(TkJson *w, int32_t date);         /* TK_DATE_NONE writes null */
void tk_json_value(TkJson *w, const json_t *value); /* a jansson tree, compact */

#endif

/* A strict pull reader for one JSON value in memory: it makes no tree and copies nothing but texts with
 * escapes. For the two hot inputs of this room, where a document tree per line costs more than the work. */
#ifndef TK_NETWORK_SCAN_H
#define TK_NETWORK_SCAN_H

#include "base/base.h"

typedef struct {
    const char *at, *end;
    char *scratch; /* where texts with escapes are put; borrowed */
    size_t scratch_left;
    bool first;      /* nothing read yet in the innermost object or array */
    const char *why; /* after a false: a sentence without its full stop */
} TkScan;

static inline TkScan tk_scan_over(const char *text, size_t len, char *scratch, size_t scratch_size)
{
    return (TkScan){.at = text, .end = text + len, .scratch = scratch, .scratch_left = scratch_size};
}

/* Each returns false, with `why`, when the next thing is something else. */
bool tk_scan_object(TkScan *s);
bool tk_scan_array(TkScan *s);
/* Moves to the next key (or element) of the innermost object (or array); false without `why` at its end. */
bool tk_scan_key(TkScan *s, const char **key, size_t *len);
bool tk_scan_element(TkScan *s);
/* The text is valid UTF-8 without NUL; it points into the input or the scratch. */
bool tk_scan_text(TkScan *s, const char **text, size_t *len);
bool tk_scan_int(TkScan *s, int64_t *value);
bool tk_scan_double(TkScan *s, double *value);
bool tk_scan_bool(TkScan *s, bool *value);
/* True and past it when the next value is null. */
bool tk_scan_null(TkScan *s);
/* Passes over any value, nested up to 64 deep. */
bool tk_scan_skip(TkScan *s);
/* Nothing but white space is left. */
bool tk_scan_end(TkScan *s);

#endif

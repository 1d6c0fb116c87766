/* What changed from one text to another, for a reader's eyes: Latin words and numbers as a whole, everything
 * else character by character. */
#ifndef TK_BASE_TEXT_DIFF_H
#define TK_BASE_TEXT_DIFF_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* A run of bytes that is the same in both, or that takes the place of another (either side may be empty). */
typedef struct {
    bool same;
    size_t a_at, a_len; /* bytes of the first text */
    size_t b_at, b_len; /* bytes of the second */
} TkTextSpan;

/* The runs in order; together they cover both texts. Both texts are UTF-8; runs begin and end between
 * characters. Two texts that differ by more than about 1,500 characters are not matched within: what lies
 * between their common beginning and end is then one run. A single character that happens to be the same
 * between two changes counts as changed. Elements are TkTextSpan; the caller's. */
GArray *tk_text_diff(const char *a, const char *b);

#endif

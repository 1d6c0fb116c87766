/* Reads lines from a file in constant memory, however long a line is: one longer than the ceiling is
 * skipped to its end and reported as such, and the next one is read as usual. */
#ifndef TK_BASE_LINES_H
#define TK_BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

typedef struct TkLines TkLines;

typedef enum {
    TK_LINE_OK,
    TK_LINE_TOO_LONG, /* text is its beginning, len the bytes kept */
    TK_LINE_BAD_UTF8, /* text is the line as it came */
    TK_LINE_END,
    TK_LINE_IO, /* reading failed; errno says why */
} TkLineStatus;

typedef struct {
    const char *text; /* owned by the reader, NUL-terminated, valid until the next call; no line ending */
    size_t len;
    uint64_t number; /* 1 for the first line */
} TkLine;

/* Borrows `file` until tk_lines_free; `max` is the longest line believed, in bytes. */
TkLines *tk_lines_new(FILE *file, size_t max);
/* The same over memory, which must outlive the reader. */
TkLines *tk_lines_new_memory(const void *data, size_t len, size_t max);
void tk_lines_free(TkLines *lines);
/* LF and CRLF end a line; a byte-order mark at the very start is dropped. */
TkLineStatus tk_lines_next(TkLines *lines, TkLine *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkLines, tk_lines_free)

#endif

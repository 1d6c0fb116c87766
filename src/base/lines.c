#include "base/base.h"

#define CHUNK (256 * 1024)

struct TkLines {
    FILE *file;        /* NULL when reading memory */
    const char *block; /* the bytes at hand */
    size_t pos, end;   /* unread part of block */
    char *own;         /* block, when it is ours */
    char *line;        /* the line being put together, max + 1 bytes at most */
    size_t cap, max;
    uint64_t number;
    bool at_end;
};

TkLines *tk_lines_new(FILE *file, size_t max)
{
    TkLines *lines = g_new0(TkLines, 1);
    lines->file = file;
    lines->own = g_malloc(CHUNK);
    lines->block = lines->own;
    lines->max = max;
    return lines;
}

TkLines *tk_lines_new_memory(const void *data, size_t len, size_t max)
{
    TkLines *lines = g_new0(TkLines, 1);
    lines->block = data;
    lines->end = len;
    lines->max = max;
    return lines;
}

void tk_lines_free(TkLines *lines)
{
    if (lines == NULL)
        return;
    g_free(lines->own);
    g_free(lines->line);
    g_free(lines);
}

/* Gets more bytes; false at the end of the input. */
static bool refill(TkLines *lines)
{
    if (lines->file == NULL || lines->at_end)
        return false;
    lines->pos = 0;
    lines->end = fread(lines->own, 1, CHUNK, lines->file);
    lines->at_end = lines->end == 0;
    return !lines->at_end;
}

/* Adds to the line what fits below the ceiling; false when something had to be left out. */
static bool keep(TkLines *lines, size_t *len, const char *bytes, size_t count)
{
    size_t fits = MIN(count, lines->max - *len);
    if (*len + fits + 1 > lines->cap) {
        lines->cap = MIN(lines->max + 1, MAX((*len + fits + 1) * 2, (size_t)512));
        lines->line = g_realloc(lines->line, lines->cap);
    }
    if (fits > 0)
        memcpy(lines->line + *len, bytes, fits);
    *len += fits;
    return fits == count;
}

static size_t mark_length(const char *text, size_t len)
{
    return len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

TkLineStatus tk_lines_next(TkLines *lines, TkLine *line)
{
    size_t len = 0;
    bool whole = true;
    bool ended = false;
    bool any = false;
    while (!ended && (lines->pos < lines->end || refill(lines))) {
        any = true;
        const char *from = lines->block + lines->pos;
        size_t left = lines->end - lines->pos;
        const char *newline = memchr(from, '\n', left);
        size_t count = newline != NULL ? (size_t)(newline - from) : left;
        whole = keep(lines, &len, from, count) && whole;
        lines->pos += count + (newline != NULL ? 1 : 0);
        ended = newline != NULL;
    }
    if (lines->file != NULL && ferror(lines->file))
        return TK_LINE_IO;
    if (!any)
        return TK_LINE_END;
    if (len > 0 && whole && lines->line[len - 1] == '\r')
        len--;
    lines->line[len] = '\0';
    lines->number++;
    size_t skip = lines->number == 1 ? mark_length(lines->line, len) : 0;
    *line = (TkLine){.text = lines->line + skip, .len = len - skip, .number = lines->number};
    if (!whole)
        return TK_LINE_TOO_LONG;
    if (!g_utf8_validate_len(line->text, line->len, NULL)) /* also refuses NUL */
        return TK_LINE_BAD_UTF8;
    return TK_LINE_OK;
}

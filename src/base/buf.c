#include "base/base.h"

void tk_buf_init(TkBuf *buf, size_t max)
{
    g_assert(max > 0);
    *buf = (TkBuf){.max = max};
}

void tk_buf_clear(TkBuf *buf)
{
    g_free(buf->data);
    buf->data = NULL;
    buf->len = buf->cap = 0;
}

void tk_buf_reset(TkBuf *buf)
{
    buf->len = 0;
    buf->overflow = false;
}

bool tk_buf_grow(TkBuf *buf, size_t more)
{
    if (buf->overflow || more > buf->max || buf->len > buf->max - more) {
        buf->overflow = true;
        return false;
    }
    size_t want = buf->cap < 256 ? 256 : buf->cap * 2;
    want = MAX(want, buf->len + more);
    want = MIN(want, buf->max);
    char *grown = g_try_realloc(buf->data, want);
    if (grown == NULL) {
        buf->overflow = true;
        return false;
    }
    buf->data = grown;
    buf->cap = want;
    return true;
}

/* Writes the digits of `value` backwards from `end`; returns where they begin. */
static char *digits_before(char *end, uint64_t value)
{
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return end;
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

void tk_buf_add_int(TkBuf *buf, int64_t value)
{
    char text[24];
    char *end = text + sizeof text;
    char *start = digits_before(end, magnitude(value));
    if (value < 0)
        *--start = '-';
    tk_buf_add(buf, start, (size_t)(end - start));
}

void tk_buf_add_padded(TkBuf *buf, int64_t value, int width)
{
    char text[24];
    char *end = text + sizeof text;
    char *start = digits_before(end, magnitude(value));
    while (end - start < width && start > text)
        *--start = '0';
    tk_buf_add(buf, start, (size_t)(end - start));
}

void tk_buf_add_grouped(TkBuf *buf, int64_t value)
{
    char text[24];
    char *end = text + sizeof text;
    char *start = digits_before(end, magnitude(value));
    if (value < 0)
        tk_buf_add_char(buf, '-');
    for (char *p = start; p < end; p++) {
        if (p > start && (end - p) % 3 == 0)
            tk_buf_add_char(buf, ',');
        tk_buf_add_char(buf, *p);
    }
}

void tk_buf_addf(TkBuf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    tk_buf_add_str(buf, text);
}

const char *tk_buf_str(TkBuf *buf)
{
    if (buf->len == buf->cap) {
        char *grown = g_realloc(buf->data, buf->cap + 1);
        buf->data = grown;
        buf->cap += 1;
    }
    buf->data[buf->len] = '\0';
    return buf->data;
}

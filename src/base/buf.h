/* A growing byte buffer with a mandatory ceiling. An append past the ceiling drops the bytes and sets
 * `overflow`, so that a writer checks once at the end rather than after every byte. */
#ifndef TK_BASE_BUF_H
#define TK_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

typedef struct {
    char *data;    /* owned; not NUL-terminated until tk_buf_str */
    size_t len;    /* bytes used */
    size_t cap;    /* bytes allocated */
    size_t max;    /* ceiling in bytes */
    bool overflow; /* an append did not fit, or memory could not be had */
} TkBuf;

/* Starts empty. `max` > 0 is the ceiling in bytes. Release with tk_buf_clear. */
void tk_buf_init(TkBuf *buf, size_t max);
void tk_buf_clear(TkBuf *buf);
/* Empties without giving memory back; also forgets an overflow. */
void tk_buf_reset(TkBuf *buf);

/* Makes room for `more` bytes; false (and overflow) when that would pass the ceiling. */
bool tk_buf_grow(TkBuf *buf, size_t more); /* the slow path of tk_buf_reserve */
static inline bool tk_buf_reserve(TkBuf *buf, size_t more)
{
    return buf->cap - buf->len >= more || tk_buf_grow(buf, more);
}
static inline void tk_buf_add(TkBuf *buf, const void *data, size_t len)
{
    if (len == 0 || !tk_buf_reserve(buf, len))
        return;
    memcpy(buf->data + buf->len, data, len);
    buf->len += len;
}
static inline void tk_buf_add_str(TkBuf *buf, const char *text)
{
    tk_buf_add(buf, text, strlen(text));
}
static inline void tk_buf_add_char(TkBuf *buf, char c)
{
    if (tk_buf_reserve(buf, 1))
        buf->data[buf->len++] = c;
}
void tk_buf_add_int(TkBuf *buf, int64_t value);
/* Exactly `width` digits, zero-padded; value must fit. */
void tk_buf_add_padded(TkBuf *buf, int64_t value, int width);
void tk_buf_addf(TkBuf *buf, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Whole number with thousands separated by commas: 1234567 → 1,234,567. */
void tk_buf_add_grouped(TkBuf *buf, int64_t value);

/* The content as a NUL-terminated string, owned by the buffer, valid until the next append. */
const char *tk_buf_str(TkBuf *buf);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkBuf, tk_buf_clear)

#endif

/* RFC 8785. The two parts that are not plain: the order of keys, which counts UTF-16 code units, so that a
 * character beyond U+FFFF (a surrogate, D800 …) comes before U+E000 … U+FFFF although its code point is
 * higher; and numbers, which need the shortest decimal that reads back as the same double. Those are found by
 * asking for 1, 2, … 17 digits until one does: slow beside Ryū, and records hold few fractions. */
#include <math.h>
#include <stdlib.h>

#include "base/base.h"

static bool write_value(const json_t *value, TkBuf *out, unsigned depth, GError **error);

static void write_text(const char *text, size_t len, TkBuf *out)
{
    static const char hex[] = "0123456789abcdef";
    tk_buf_add_char(out, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        const char *named = c == '\b'   ? "\\b"
                            : c == '\t' ? "\\t"
                            : c == '\n' ? "\\n"
                            : c == '\f' ? "\\f"
                            : c == '\r' ? "\\r"
                            : c == '"'  ? "\\\""
                            : c == '\\' ? "\\\\"
                                        : NULL;
        if (named != NULL) {
            tk_buf_add(out, named, 2);
        } else if (c < 0x20) {
            char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            tk_buf_add(out, escape, sizeof escape);
        } else {
            tk_buf_add_char(out, (char)c);
        }
    }
    tk_buf_add_char(out, '"');
}

/* The first UTF-16 code unit in which code points differ decides, and code points that differ only after a
 * shared high surrogate differ the same way as numbers: so it is enough to move the surrogates below U+E000.
 */
static gunichar utf16_rank(gunichar c)
{
    if (c >= 0x10000)
        return 0xD800 + (c - 0x10000); /* 0xD800 … 0x10D7FF */
    return c >= 0xE000 ? c + 0x110000 : c;
}

static int compare_keys(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    for (; *x != '\0' && *y != '\0'; x = g_utf8_next_char(x), y = g_utf8_next_char(y)) {
        gunichar p = utf16_rank(g_utf8_get_char(x)), q = utf16_rank(g_utf8_get_char(y));
        if (p != q)
            return p < q ? -1 : 1;
    }
    return *x != '\0' ? 1 : *y != '\0' ? -1 : 0;
}

static bool write_object(const json_t *value, TkBuf *out, unsigned depth, GError **error)
{
    json_t *object = (json_t *)value; /* jansson's iterators take no const */
    size_t count = json_object_size(value), n = 0;
    g_autofree const char **keys = g_try_new(const char *, count + 1);
    if (keys == NULL)
        return tk_fail(error, TK_ERROR_LIMIT, "an object with %zu members does not fit into memory", count);
    const char *key;
    json_t *member;
    json_object_foreach(object, key, member) keys[n++] = key;
    qsort(keys, n, sizeof *keys, compare_keys);
    tk_buf_add_char(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            tk_buf_add_char(out, ',');
        write_text(keys[i], strlen(keys[i]), out);
        tk_buf_add_char(out, ':');
        if (!write_value(json_object_get(value, keys[i]), out, depth + 1, error))
            return false;
    }
    tk_buf_add_char(out, '}');
    return true;
}

static bool write_array(const json_t *value, TkBuf *out, unsigned depth, GError **error)
{
    tk_buf_add_char(out, '[');
    size_t count = json_array_size(value);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            tk_buf_add_char(out, ',');
        if (!write_value(json_array_get(value, i), out, depth + 1, error))
            return false;
    }
    tk_buf_add_char(out, ']');
    return true;
}

static bool write_integer(const json_t *value, TkBuf *out, GError **error)
{
    json_int_t n = json_integer_value(value);
    if (n > TK_CANONICAL_INT_MAX || n < -TK_CANONICAL_INT_MAX)
        return tk_fail(error, TK_ERROR_INPUT,
                       "%" G_GINT64_FORMAT
                       " is beyond ±(2^53 − 1), where JSON numbers are not exact; write it as a text",
                       (gint64)n);
    tk_buf_add_int(out, n);
    return true;
}

static bool write_value(const json_t *value, TkBuf *out, unsigned depth, GError **error)
{
    if (depth > TK_CANONICAL_DEPTH_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "the document is nested deeper than %d",
                       TK_CANONICAL_DEPTH_MAX);
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return write_object(value, out, depth, error);
    case JSON_ARRAY:
        return write_array(value, out, depth, error);
    case JSON_STRING:
        write_text(json_string_value(value), json_string_length(value), out);
        return true;
    case JSON_INTEGER:
        return write_integer(value, out, error);
    case JSON_REAL:
        tk_canonical_add_number(json_real_value(value), out); /* jansson holds no other than finite ones */
        return true;
    case JSON_TRUE:
        tk_buf_add_str(out, "true");
        return true;
    case JSON_FALSE:
        tk_buf_add_str(out, "false");
        return true;
    case JSON_NULL:
        tk_buf_add_str(out, "null");
        return true;
    }
    return tk_fail(error, TK_ERROR_INTERNAL, "a JSON value of an unknown type");
}

bool tk_canonical_write(const json_t *value, TkBuf *out, GError **error)
{
    if (!write_value(value, out, 0, error))
        return false;
    if (out->overflow)
        return tk_fail(error, TK_ERROR_LIMIT, "the canonical form is longer than %zu bytes", out->max);
    return true;
}

/* A decimal: 0.d₁d₂…dₖ × 10^point. */
typedef struct {
    char digit[20];
    int count, point;
} Decimal;

static Decimal decimal_of(double value, int digits)
{
    char format[8], text[40];
    g_snprintf(format, sizeof format, "%%.%de", digits - 1);
    g_ascii_formatd(text, sizeof text, format, value);
    Decimal d = {.count = digits};
    d.digit[0] = text[0];
    if (digits > 1)
        memcpy(d.digit + 1, text + 2, (size_t)digits - 1);
    d.point = (int)g_ascii_strtoll(strchr(text, 'e') + 1, NULL, 10) + 1;
    return d;
}

static double value_of(const Decimal *d)
{
    char text[48];
    g_snprintf(text, sizeof text, "0.%.*se%d", d->count, d->digit, d->point);
    return g_ascii_strtod(text, NULL);
}

/* One more in the last place. */
static Decimal successor(Decimal d)
{
    int i = d.count - 1;
    for (; i >= 0 && d.digit[i] == '9'; i--)
        d.digit[i] = '0';
    if (i >= 0) {
        d.digit[i]++;
    } else {
        d.digit[0] = '1';
        d.point++;
    }
    return d;
}

/* The shortest digits that read back as `value` > 0. The nearest decimal of a length is tried first; at a
 * power of two the gap above is twice the gap below, and there the next one up can read back where the
 * nearest does not. */
static Decimal shortest(double value)
{
    int exponent;
    bool power_of_two = frexp(value, &exponent) == 0.5;
    Decimal d = {0};
    for (int digits = 1; digits <= 17; digits++) {
        d = decimal_of(value, digits);
        if (value_of(&d) == value)
            break;
        Decimal next = successor(d);
        if (power_of_two && value_of(&next) == value) {
            d = next;
            break;
        }
    }
    while (d.count > 1 && d.digit[d.count - 1] == '0')
        d.count--;
    return d;
}

static void add_zeros(TkBuf *out, int count)
{
    for (; count > 0; count--)
        tk_buf_add_char(out, '0');
}

void tk_canonical_add_number(double value, TkBuf *out)
{
    if (value == 0) {
        tk_buf_add_char(out, '0');
        return;
    }
    if (value < 0)
        tk_buf_add_char(out, '-');
    Decimal d = shortest(fabs(value));
    size_t count = (size_t)d.count;
    if (d.point >= d.count && d.point <= 21) { /* 1200 */
        tk_buf_add(out, d.digit, count);
        add_zeros(out, d.point - d.count);
    } else if (d.point > 0 && d.point <= 21) { /* 12.5 */
        tk_buf_add(out, d.digit, (size_t)d.point);
        tk_buf_add_char(out, '.');
        tk_buf_add(out, d.digit + d.point, count - (size_t)d.point);
    } else if (d.point > -6 && d.point <= 0) { /* 0.00125 */
        tk_buf_add_str(out, "0.");
        add_zeros(out, -d.point);
        tk_buf_add(out, d.digit, count);
    } else { /* 1.25e-7 */
        tk_buf_add_char(out, d.digit[0]);
        if (count > 1) {
            tk_buf_add_char(out, '.');
            tk_buf_add(out, d.digit + 1, count - 1);
        }
        tk_buf_add_str(out, d.point > 0 ? "e+" : "e-");
        tk_buf_add_int(out, d.point > 0 ? d.point - 1 : 1 - d.point);
    }
}

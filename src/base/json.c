#include "base/base.h"

#define DEPTH_MAX 64

/* Nesting is checked before the parser sees the text: jansson's own limit is 2048 and fixed. */
static bool too_deep(const char *text, size_t len)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > DEPTH_MAX)
                return true;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}

json_t *tk_json_read(const char *name, const char *text, size_t len, size_t max_len, GError **error)
{
    if (len > max_len) {
        tk_fail_both(error, TK_ERROR_LIMIT, "%s が %zu バイトあり、上限の %zu バイトを超えています。",
                     "%s: %zu bytes are more than the %zu allowed", name, len, max_len);
        return NULL;
    }
    if (too_deep(text, len)) {
        tk_fail_both(error, TK_ERROR_LIMIT, "%s の入れ子が %d 段を超えています。",
                     "%s: nested deeper than %d levels", name, DEPTH_MAX);
        return NULL;
    }
    json_error_t why;
    json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (root == NULL)
        tk_fail_both(error, TK_ERROR_INPUT, "%s を JSON として読めません（%d 行 %d 列: %s）。",
                     "%s: not valid JSON at line %d, column %d: %s", name, why.line, why.column, why.text);
    return root;
}

static void separate(TkJson *w)
{
    if (w->comma)
        tk_buf_add_char(w->out, ',');
    w->comma = true;
}

void tk_json_begin_object(TkJson *w)
{
    separate(w);
    tk_buf_add_char(w->out, '{');
    w->comma = false;
}

void tk_json_end_object(TkJson *w)
{
    tk_buf_add_char(w->out, '}');
    w->comma = true;
}

void tk_json_begin_array(TkJson *w)
{
    separate(w);
    tk_buf_add_char(w->out, '[');
    w->comma = false;
}

void tk_json_end_array(TkJson *w)
{
    tk_buf_add_char(w->out, ']');
    w->comma = true;
}

void tk_json_key(TkJson *w, const char *key)
{
    separate(w);
    tk_buf_add_char(w->out, '"');
    tk_buf_add_str(w->out, key);
    tk_buf_add(w->out, "\":", 2);
    w->comma = false;
}

static void add_escaped(TkBuf *out, unsigned char c)
{
    switch (c) {
    case '"':
        tk_buf_add(out, "\\\"", 2);
        break;
    case '\\':
        tk_buf_add(out, "\\\\", 2);
        break;
    case '\n':
        tk_buf_add(out, "\\n", 2);
        break;
    case '\r':
        tk_buf_add(out, "\\r", 2);
        break;
    case '\t':
        tk_buf_add(out, "\\t", 2);
        break;
    default:
        tk_buf_add(out, "\\u00", 4);
        tk_buf_add_char(out, "0123456789abcdef"[c >> 4]);
        tk_buf_add_char(out, "0123456789abcdef"[c & 15]);
    }
}

/* True when none of eight bytes needs an escape: below 0x20, a quote, a backslash. Each test sets the top bit
 * of a byte of its own; bytes from 0x80 on are masked out of all three. */
static bool eight_are_plain(const char *text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t w;
    memcpy(&w, text, sizeof w);
    uint64_t quote = w ^ ones * '"';
    uint64_t slash = w ^ ones * '\\';
    uint64_t hits = (w - ones * 0x20) | (quote - ones) | (slash - ones);
    return (hits & ~w & ones * 0x80) == 0;
}

void tk_json_text_len(TkJson *w, const char *text, size_t len)
{
    separate(w);
    tk_buf_add_char(w->out, '"');
    size_t start = 0;
    for (size_t i = 0; i < len;) {
        if (len - i >= 8 && eight_are_plain(text + i)) {
            i += 8;
            continue;
        }
        unsigned char c = (unsigned char)text[i++];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        tk_buf_add(w->out, text + start, i - 1 - start);
        add_escaped(w->out, c);
        start = i;
    }
    tk_buf_add(w->out, text + start, len - start);
    tk_buf_add_char(w->out, '"');
}

void tk_json_text(TkJson *w, const char *text)
{
    if (text == NULL)
        tk_json_null(w);
    else
        tk_json_text_len(w, text, strlen(text));
}

void tk_json_int(TkJson *w, int64_t value)
{
    separate(w);
    tk_buf_add_int(w->out, value);
}

void tk_json_number(TkJson *w, double value)
{
    char text[64];
    g_snprintf(text, sizeof text, "%.3f", value);
    size_t len = strlen(text);
    while (text[len - 1] == '0')
        len--;
    if (text[len - 1] == '.')
        len--;
    separate(w);
    tk_buf_add(w->out, text, len);
}

static void add_literal(TkJson *w, const char *literal)
{
    separate(w);
    tk_buf_add_str(w->out, literal);
}

void tk_json_member(TkJson *w, const char *key, const char *text)
{
    tk_json_key(w, key);
    tk_json_text(w, text);
}

void tk_json_member2(TkJson *w, const char *key, const char *ja, const char *en)
{
    tk_json_key(w, key);
    tk_json_begin_object(w);
    tk_json_member(w, "ja", ja);
    tk_json_member(w, "en", en);
    tk_json_end_object(w);
}

void tk_json_bool(TkJson *w, bool value)
{
    add_literal(w, value ? "true" : "false");
}

void tk_json_null(TkJson *w)
{
    add_literal(w, "null");
}

void tk_json_time(TkJson *w, int64_t at_us)
{
    if (at_us == TK_TIME_NONE) {
        tk_json_null(w);
        return;
    }
    separate(w);
    tk_buf_add_char(w->out, '"');
    tk_time_add(w->out, at_us);
    tk_buf_add_char(w->out, '"');
}

void tk_json_date(TkJson *w, int32_t date)
{
    if (date == TK_DATE_NONE) {
        tk_json_null(w);
        return;
    }
    separate(w);
    tk_buf_add_char(w->out, '"');
    tk_date_add_text(w->out, date);
    tk_buf_add_char(w->out, '"');
}

void tk_json_value(TkJson *w, const json_t *value)
{
    g_autofree char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    separate(w);
    tk_buf_add_str(w->out, text != NULL ? text : "null");
}

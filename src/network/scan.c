#include "network/scan.h"

#define DEPTH_MAX 64

static bool fail(TkScan *s, const char *why)
{
    s->why = why;
    return false;
}

static inline void space(TkScan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
        s->at++;
}

static inline bool take(TkScan *s, char c)
{
    space(s);
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

bool tk_scan_object(TkScan *s)
{
    s->first = true;
    return take(s, '{') || fail(s, "is not a JSON object");
}

bool tk_scan_array(TkScan *s)
{
    s->first = true;
    return take(s, '[') || fail(s, "is not a list");
}

/* To the next member of a container that ends with `close`. */
static bool next(TkScan *s, char close)
{
    s->why = NULL;
    if (take(s, close)) {
        s->first = false;
        return false;
    }
    if (!s->first && !take(s, ','))
        return fail(s, "is not JSON: a comma or the end of the object or list is missing");
    s->first = false;
    return true;
}

bool tk_scan_element(TkScan *s)
{
    return next(s, ']');
}

bool tk_scan_key(TkScan *s, const char **key, size_t *len)
{
    if (!next(s, '}'))
        return false;
    if (!tk_scan_text(s, key, len))
        return fail(s, "is not JSON: the name of a field is missing or not a text");
    return take(s, ':') || fail(s, "is not JSON: a colon is missing after the name of a field");
}

static int hex4(const char *p)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = g_ascii_xdigit_value(p[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* \uXXXX, or a surrogate pair of them, behind the backslash and u. 0 when it is no character. */
static gunichar unicode_escape(TkScan *s)
{
    if (s->end - s->at < 4)
        return 0;
    int high = hex4(s->at);
    s->at += 4;
    if (high < 0xD800 || high > 0xDFFF)
        return high > 0 ? (gunichar)high : 0;
    if (high > 0xDBFF || s->end - s->at < 6 || s->at[0] != '\\' || s->at[1] != 'u')
        return 0;
    int low = hex4(s->at + 2);
    s->at += 6;
    if (low < 0xDC00 || low > 0xDFFF)
        return 0;
    return 0x10000u + (((gunichar)high - 0xD800u) << 10) + ((gunichar)low - 0xDC00u);
}

/* One escape, behind its backslash, as UTF-8 into out; its length, 0 when it is wrong. */
static size_t escape(TkScan *s, char out[6])
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = *s->at++;
    if (c == 'u') {
        gunichar u = unicode_escape(s);
        return u == 0 ? 0 : (size_t)g_unichar_to_utf8(u, out);
    }
    const char *found = c == '\0' ? NULL : strchr(from, c);
    if (found == NULL)
        return 0;
    out[0] = to[found - from];
    return 1;
}

/* The rest of a text from its first backslash on; what came before is copied too. */
static bool text_with_escapes(TkScan *s, const char *start, const char **text, size_t *len)
{
    char *out = s->scratch;
    size_t n = (size_t)(s->at - start), room = s->scratch_left;
    if (n > room)
        return fail(s, "is too long");
    memcpy(out, start, n);
    while (s->at < s->end && *s->at != '"') {
        char piece[6];
        size_t k = 1;
        if (*s->at == '\\') {
            s->at++;
            k = s->at < s->end ? escape(s, piece) : 0;
            if (k == 0)
                return fail(s, "has an escape that stands for no character");
        } else if ((unsigned char)*s->at < 0x20) {
            return fail(s, "has a control character that is not escaped");
        } else {
            piece[0] = *s->at++;
        }
        if (k > room - n)
            return fail(s, "is too long");
        memcpy(out + n, piece, k);
        n += k;
    }
    if (s->at == s->end)
        return fail(s, "is a text without its closing quote");
    s->at++;
    s->scratch += n;
    s->scratch_left -= n;
    *text = out;
    *len = n;
    return g_utf8_validate_len(out, n, NULL) || fail(s, "is not valid UTF-8");
}

bool tk_scan_text(TkScan *s, const char **text, size_t *len)
{
    if (!take(s, '"'))
        return fail(s, "is not a text");
    const char *start = s->at;
    unsigned char high = 0;
    while (s->at < s->end && *s->at != '"') {
        unsigned char c = (unsigned char)*s->at;
        if (c == '\\')
            return text_with_escapes(s, start, text, len);
        if (c < 0x20)
            return fail(s, "has a control character that is not escaped");
        high |= c;
        s->at++;
    }
    if (s->at == s->end)
        return fail(s, "is a text without its closing quote");
    *text = start;
    *len = (size_t)(s->at - start);
    s->at++;
    return high < 0x80 || g_utf8_validate_len(*text, *len, NULL) || fail(s, "is not valid UTF-8");
}

bool tk_scan_int(TkScan *s, int64_t *value)
{
    space(s);
    bool negative = s->at < s->end && *s->at == '-';
    const char *digits = s->at + negative, *p = digits;
    int64_t v = 0;
    while (p < s->end && g_ascii_isdigit(*p)) {
        if (v > (INT64_MAX - 9) / 10)
            return fail(s, "is a number too large to be meant");
        v = v * 10 + (*p++ - '0');
    }
    if (p == digits || (p - digits > 1 && *digits == '0') ||
        (p < s->end && (*p == '.' || *p == 'e' || *p == 'E')))
        return fail(s, "is not a whole number");
    s->at = p;
    *value = negative ? -v : v;
    return true;
}

bool tk_scan_double(TkScan *s, double *value)
{
    space(s);
    char text[40];
    size_t n = 0;
    while (s->at + n < s->end && n < sizeof text - 1 && s->at[n] != '\0' &&
           strchr("+-.0123456789eE", s->at[n]) != NULL)
        n++;
    memcpy(text, s->at, n);
    text[n] = '\0';
    char *end = text;
    *value = n > 0 && text[0] != '+' && text[0] != '.' ? g_ascii_strtod(text, &end) : 0;
    if (n == 0 || end != text + n)
        return fail(s, "is not a number");
    s->at += n;
    return true;
}

static bool word(TkScan *s, const char *text)
{
    size_t n = strlen(text);
    space(s);
    if ((size_t)(s->end - s->at) < n || memcmp(s->at, text, n) != 0)
        return false;
    s->at += n;
    return true;
}

bool tk_scan_bool(TkScan *s, bool *value)
{
    *value = word(s, "true");
    return *value || word(s, "false") || fail(s, "is neither true nor false");
}

bool tk_scan_null(TkScan *s)
{
    return word(s, "null");
}

/* A text that nobody wants: only its end is looked for. */
static bool skip_text(TkScan *s)
{
    for (s->at++; s->at < s->end && *s->at != '"'; s->at++) {
        if ((unsigned char)*s->at < 0x20)
            return fail(s, "has a control character that is not escaped");
        if (*s->at == '\\' && ++s->at == s->end)
            break;
    }
    if (s->at >= s->end)
        return fail(s, "is a text without its closing quote");
    s->at++;
    return true;
}

static bool skip(TkScan *s, int depth)
{
    const char *text;
    size_t len;
    double number;
    bool flag;
    space(s);
    char c = s->at < s->end ? *s->at : '\0';
    if (c == '{' || c == '[') {
        if (depth == DEPTH_MAX)
            return fail(s, "is nested too deep");
        s->at++;
        s->first = true;
        while (c == '{' ? tk_scan_key(s, &text, &len) : tk_scan_element(s))
            if (!skip(s, depth + 1))
                return false;
        return s->why == NULL;
    }
    if (c == '"')
        return skip_text(s);
    if (c == 't' || c == 'f')
        return tk_scan_bool(s, &flag);
    return tk_scan_null(s) || tk_scan_double(s, &number) || fail(s, "is not JSON");
}

bool tk_scan_skip(TkScan *s)
{
    s->why = NULL;
    return skip(s, 0);
}

bool tk_scan_end(TkScan *s)
{
    space(s);
    return s->at == s->end || fail(s, "has something behind the end of its object");
}

/* The simple types of OSCAL, each with the words in which a fault is told. */
#include "control/text_kinds.h"

static bool is_line(const char *text, const char *forbidden)
{
    return text[0] != '\0' && strpbrk(text, forbidden) == NULL;
}

static bool is_string(const json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL || text[0] == '\0')
        return false;
    gunichar first = g_utf8_get_char(text);
    gunichar last = g_utf8_get_char(g_utf8_prev_char(text + json_string_length(value)));
    return !g_unichar_isspace(first) && !g_unichar_isspace(last) && strchr(text, '\n') == NULL;
}

static bool is_markup_line(const json_t *value)
{
    return json_is_string(value) && is_line(json_string_value(value), "\n");
}

static bool is_markup(const json_t *value)
{
    return json_is_string(value);
}

static bool is_letter(gunichar c)
{
    return g_unichar_isalpha(c) || c == '_';
}

static bool is_number_char(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_DECIMAL_NUMBER || type == G_UNICODE_LETTER_NUMBER ||
           type == G_UNICODE_OTHER_NUMBER;
}

static bool is_token(const json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL || !is_letter(g_utf8_get_char(text)))
        return false;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (!is_letter(c) && !is_number_char(c) && c != '.' && c != '-')
            return false;
    }
    return true;
}

static bool is_uuid(const json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL || !g_uuid_string_is_valid(text))
        return false;
    return (text[14] == '4' || text[14] == '5') && strchr("89abAB", text[19]) != NULL;
}

static bool is_uri(const json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL || !g_ascii_isalpha(text[0]))
        return false;
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
    return n > 1 && text[n] == ':' && text[n + 1] != '\0';
}

static bool is_uri_reference(const json_t *value)
{
    return json_is_string(value) && strpbrk(json_string_value(value), " \t\n<>\"{}|\\^`") == NULL;
}

static bool is_time(const json_t *value)
{
    int64_t at_us;
    return json_is_string(value) &&
           tk_time_parse(json_string_value(value), json_string_length(value), &at_us, NULL);
}

static bool is_date(const json_t *value)
{
    TkDate date;
    const char *text = json_string_value(value);
    return text != NULL && strlen(text) >= 10 && tk_date_parse(text, 10, &date, NULL);
}

static bool is_base64(const json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL || text[0] == '\0')
        return false;
    size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    size_t padding = strspn(text + n, "=");
    return n > 0 && padding <= 2 && text[n + padding] == '\0';
}

static bool is_email(const json_t *value)
{
    const char *text = json_string_value(value), *at = text != NULL ? strchr(text, '@') : NULL;
    return at != NULL && at != text && at[1] != '\0' && strpbrk(text, " \n") == NULL;
}

static bool is_boolean(const json_t *value)
{
    return json_is_boolean(value);
}

static bool is_integer(const json_t *value)
{
    return json_is_integer(value);
}

static bool is_positive(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) > 0;
}

static bool is_not_negative(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool is_decimal(const json_t *value)
{
    return json_is_number(value) || (json_is_string(value) && is_line(json_string_value(value), " \n"));
}

static bool is_empty_object(const json_t *value)
{
    return json_is_object(value) && json_object_size(value) == 0;
}

static bool is_object(const json_t *value)
{
    return json_is_object(value);
}

static const TextKind kinds[] = {
    {"string", is_string, "a text on one line without space around it"},
    {"markup-line", is_markup_line, "a text on one line"},
    {"markup-multiline", is_markup, "a text"},
    {"token", is_token, "a token: a letter or _, then letters, digits and . - _"},
    {"uuid", is_uuid, "a UUID of version 4 or 5"},
    {"uri", is_uri, "an absolute URI"},
    {"urireference", is_uri_reference, "a URI or a reference such as #id"},
    {"date-time-with-timezone", is_time, "a time with its offset, as 2026-11-23T09:00:00+09:00"},
    {"date", is_date, "a day, as 2026-11-23"},
    {"base64", is_base64, "base64"},
    {"email-address", is_email, "an e-mail address"},
    {"boolean", is_boolean, "true or false"},
    {"integer", is_integer, "a whole number"},
    {"positive-integer", is_positive, "a whole number above 0"},
    {"non-negative-integer", is_not_negative, "a whole number, 0 or more"},
    {"decimal", is_decimal, "a number"},
    {"empty", is_empty_object, "an empty object"},
    {"object", is_object, "an object"},
};

const TextKind *oscal_text_kind(const char *name, size_t len)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strlen(kinds[i].name) == len && memcmp(kinds[i].name, name, len) == 0)
            return &kinds[i];
    return NULL;
}

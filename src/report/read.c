#include "report/read.h"

void tk_read_fail(TkRead *r, TkErrorCode code, const char *format, ...)
{
    if (r->failed)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    r->failed = true;
    tk_fail(r->error, code, "%s: %s%s", r->file, r->where, text);
}

void tk_read_where(TkRead *r, const char *format, ...)
{
    if (r->failed)
        return;
    va_list args;
    va_start(args, format);
    g_vsnprintf(r->where, sizeof r->where, format, args);
    va_end(args);
}

static bool in_list(const char *word, const char *list)
{
    size_t len = strlen(word);
    for (const char *p = list; len > 0 && (p = strstr(p, word)) != NULL; p += len) {
        bool begins = p == list || p[-1] == ' ';
        if (begins && (p[len] == ' ' || p[len] == '\0'))
            return true;
    }
    return false;
}

bool tk_read_object(TkRead *r, const json_t *object, const char *what, const char *keys)
{
    if (r->failed)
        return false;
    if (!json_is_object(object)) {
        tk_read_fail(r, TK_ERROR_INPUT, "%s is not an object; write {…}", what);
        return false;
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!in_list(key, keys))
            tk_read_fail(r, TK_ERROR_INPUT, "%s has an unknown field “%.60s”; known are: %s", what, key,
                         keys);
    }
    return !r->failed;
}

const json_t *tk_read_array(TkRead *r, const json_t *object, const char *key, size_t min, size_t max)
{
    if (r->failed)
        return NULL;
    const json_t *array = json_object_get(object, key);
    if (!json_is_array(array)) {
        tk_read_fail(r, TK_ERROR_INPUT, "field “%s” is not a list; write […]", key);
        return NULL;
    }
    size_t count = json_array_size(array);
    if (count < min || count > max) {
        tk_read_fail(r, count > max ? TK_ERROR_LIMIT : TK_ERROR_INPUT,
                     "field “%s” has %zu elements; between %zu and %zu are possible", key, count, min, max);
        return NULL;
    }
    return array;
}

/* Control characters would break an XML part or move text about; direction overrides could make a signed
 * report read otherwise than it is written. */
static bool forbidden(gunichar c)
{
    if (c < 0x20)
        return c != '\n';
    return (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
           (c & 0xfffe) == 0xfffe;
}

const char *tk_read_clean(TkRead *r, const char *text)
{
    g_autoptr(GString) out = g_string_sized_new(strlen(text));
    size_t characters = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\t')
            g_string_append_c(out, ' ');
        else if (!forbidden(c))
            g_string_append_unichar(out, c);
        characters += c > 0xffff ? 2 : 1; /* as a spreadsheet counts, in UTF-16 */
    }
    if (characters > TK_CELL_TEXT_MAX)
        tk_read_fail(r, TK_ERROR_LIMIT, "a text has %zu characters; at most %d are possible", characters,
                     TK_CELL_TEXT_MAX);
    return g_string_chunk_insert_const(r->strings, r->failed ? "" : out->str);
}

const char *tk_read_text_or(TkRead *r, const json_t *object, const char *key, const char *other)
{
    if (r->failed)
        return "";
    const json_t *value = json_object_get(object, key);
    if (value == NULL || json_is_null(value))
        return other != NULL ? g_string_chunk_insert_const(r->strings, other) : NULL;
    if (!json_is_string(value)) {
        tk_read_fail(r, TK_ERROR_INPUT, "field “%s” is not a text", key);
        return "";
    }
    return tk_read_clean(r, json_string_value(value));
}

const char *tk_read_text(TkRead *r, const json_t *object, const char *key)
{
    const char *text = tk_read_text_or(r, object, key, "");
    if (text[0] == '\0')
        tk_read_fail(r, TK_ERROR_INPUT, "field “%s” is missing or empty", key);
    return text;
}

const char *tk_read_id(TkRead *r, const json_t *object, const char *key)
{
    const char *id = tk_read_text(r, object, key);
    size_t fits = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789._-");
    if (id[fits] != '\0' || fits > 64)
        tk_read_fail(r, TK_ERROR_INPUT, "field “%s” is “%.80s”; an id is made of a–z, 0–9, '.', '_' and '-'",
                     key, id);
    return id;
}

TkText tk_read_words(TkRead *r, const json_t *object, const char *key, bool required)
{
    TkText words = {"", ""};
    if (r->failed)
        return words;
    const json_t *value = json_object_get(object, key);
    if (value == NULL || json_is_null(value)) {
        if (required)
            tk_read_fail(r, TK_ERROR_INPUT, "field “%s” is missing; write {\"ja\":…,\"en\":…}", key);
        return words;
    }
    if (!tk_read_object(r, value, key, "ja en"))
        return words;
    words.ja = tk_read_text(r, value, "ja");
    words.en = tk_read_text_or(r, value, "en", words.ja);
    return words;
}

bool tk_read_bool(TkRead *r, const json_t *object, const char *key, bool other)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL)
        return other;
    if (!json_is_boolean(value))
        tk_read_fail(r, TK_ERROR_INPUT, "field “%s” is neither true nor false", key);
    return json_is_true(value);
}

int64_t tk_read_int(TkRead *r, const json_t *object, const char *key, int64_t other, int64_t min, int64_t max)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL || json_is_null(value))
        return other;
    int64_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < min || number > max) {
        tk_read_fail(r, TK_ERROR_INPUT,
                     "field “%s” is not a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, key,
                     min, max);
        return other;
    }
    return number;
}

TkDate tk_read_date(TkRead *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL || json_is_null(value) || r->failed)
        return TK_DATE_NONE;
    TkDate date = TK_DATE_NONE;
    if (!json_is_string(value) ||
        !tk_date_parse(json_string_value(value), json_string_length(value), &date, NULL))
        tk_read_fail(r, TK_ERROR_INPUT, "field “%s” is not a day like 2026-04-01", key);
    return date;
}

static const char *const cell_types[] = {"none", "text", "number", "time", "date", "duration"};
static const char *const stages[] = {"never", "initial", "interim", "final"};

const char *tk_cell_type_name(TkCellType type)
{
    return cell_types[type];
}

const char *tk_stage_name(TkStage stage)
{
    return stages[stage];
}

static unsigned one_of(TkRead *r, const json_t *object, const char *key, const char *const *names,
                       unsigned count, unsigned first)
{
    const char *text = tk_read_text(r, object, key);
    for (unsigned i = first; i < count; i++)
        if (g_str_equal(text, names[i]))
            return i;
    g_autoptr(GString) known = g_string_new(NULL);
    for (unsigned i = first; i < count; i++)
        g_string_append_printf(known, "%s%s", i > first ? ", " : "", names[i]);
    tk_read_fail(r, TK_ERROR_INPUT, "field “%s” is “%.60s”; possible are: %s", key, text, known->str);
    return first;
}

TkCellType tk_read_cell_type(TkRead *r, const json_t *object, const char *key)
{
    return (TkCellType)one_of(r, object, key, cell_types, G_N_ELEMENTS(cell_types), TK_CELL_TEXT);
}

TkStage tk_read_stage(TkRead *r, const json_t *object, const char *key)
{
    return (TkStage)one_of(r, object, key, stages, G_N_ELEMENTS(stages), TK_STAGE_NONE);
}

/* ------------------------------------------------------------------ values */

static TkCell read_words_cell(TkRead *r, const json_t *value, const char *what)
{
    TkCell cell = {TK_CELL_TEXT, {"", ""}, 0};
    const char *ja = json_string_value(json_object_get(value, "ja"));
    const char *en = json_string_value(json_object_get(value, "en"));
    if (ja == NULL && en == NULL)
        tk_read_fail(r, TK_ERROR_INPUT, "%s is an object without the texts \"ja\" and \"en\"", what);
    if (r->failed)
        return (TkCell){0};
    cell.text.ja = tk_read_clean(r, ja != NULL ? ja : en);
    cell.text.en = tk_read_clean(r, en != NULL ? en : ja);
    return cell;
}

static TkCell text_cell(TkRead *r, const char *text)
{
    const char *clean = tk_read_clean(r, text);
    if (clean[0] == '\0')
        return (TkCell){0};
    return (TkCell){TK_CELL_TEXT, {clean, clean}, 0};
}

static TkCell read_text_cell(TkRead *r, const json_t *value, const char *what)
{
    if (json_is_object(value))
        return read_words_cell(r, value, what);
    if (json_is_integer(value)) {
        char digits[32];
        g_snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return text_cell(r, digits);
    }
    if (json_is_string(value))
        return text_cell(r, json_string_value(value));
    tk_read_fail(r, TK_ERROR_INPUT, "%s is not a text", what);
    return (TkCell){0};
}

TkCell tk_read_cell(TkRead *r, const json_t *value, TkCellType type, const char *what)
{
    TkCell cell = {.type = type};
    if (r->failed || value == NULL || json_is_null(value))
        return (TkCell){0};
    if (type == TK_CELL_TEXT)
        return read_text_cell(r, value, what);
    if (type == TK_CELL_NUMBER || type == TK_CELL_DURATION) {
        if (!json_is_integer(value))
            tk_read_fail(r, TK_ERROR_INPUT, "%s is not a whole number", what);
        cell.number = json_integer_value(value);
        if (cell.number < -INT64_C(1000000000000000) || cell.number > INT64_C(1000000000000000))
            tk_read_fail(r, TK_ERROR_INPUT, "%s is beyond ten to the fifteenth", what);
        return cell;
    }
    const char *text = json_string_value(value);
    g_autoptr(GError) why = NULL;
    TkDate date = 0;
    if (text == NULL)
        tk_read_fail(r, TK_ERROR_INPUT, "%s is not a text with a %s", what, tk_cell_type_name(type));
    else if (type == TK_CELL_TIME && !tk_time_parse(text, strlen(text), &cell.number, &why))
        tk_read_fail(r, TK_ERROR_INPUT, "%s: %s", what, why->message);
    else if (type == TK_CELL_DATE && !tk_date_parse(text, strlen(text), &date, &why))
        tk_read_fail(r, TK_ERROR_INPUT, "%s: %s", what, why->message);
    if (type == TK_CELL_DATE)
        cell.number = date;
    return r->failed ? (TkCell){0} : cell;
}

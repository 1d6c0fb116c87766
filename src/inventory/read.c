#include "inventory/read.h"

#define TEXT_MAX 4096

size_t reader_into(Reader *r, const char *member)
{
    size_t len = r->at->len;
    g_string_append_c(r->at, '/');
    for (const char *c = member; *c != '\0'; c++)
        if (*c == '~' || *c == '/')
            g_string_append(r->at, *c == '~' ? "~0" : "~1");
        else
            g_string_append_c(r->at, *c);
    return len;
}

size_t reader_into_index(Reader *r, size_t index)
{
    size_t len = r->at->len;
    g_string_append_printf(r->at, "/%zu", index);
    return len;
}

void reader_back(Reader *r, size_t len)
{
    g_string_truncate(r->at, len);
}

bool reader_refuse(Reader *r, TkErrorCode code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return tk_fail_both(r->error, code, "文書の「%s」に誤りがあります(%s)。直してから取り込んでください。",
                        "%s: %s", r->at->len > 0 ? r->at->str : "/", text);
}

void reader_note(Reader *r, const char *format, ...)
{
    if (r->notes->len >= TK_INVENTORY_NOTES_MAX) {
        (*r->notes_more)++;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(r->notes, g_strdup_printf("%s: %s", r->at->str, text));
}

bool reader_text(Reader *r, const json_t *object, const char *member, bool needed, char **out)
{
    const json_t *value = json_object_get(object, member);
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    size_t back = reader_into(r, member);
    bool ok = true;
    if (value != NULL && !json_is_null(value) && !json_is_string(value))
        ok = reader_refuse(r, TK_ERROR_INPUT, "a text is awaited");
    else if (json_string_length(value) > TEXT_MAX)
        ok = reader_refuse(r, TK_ERROR_LIMIT, "the text has more than %d bytes", TEXT_MAX);
    else if (needed && text[0] == '\0')
        ok = reader_refuse(r, TK_ERROR_INPUT, "is missing");
    reader_back(r, back);
    if (ok) {
        g_free(*out);
        *out = g_strdup(text);
    }
    return ok;
}

bool reader_list(Reader *r, const json_t *object, const char *member, size_t most, json_t **out)
{
    *out = json_object_get(object, member);
    size_t back = reader_into(r, member);
    bool ok = true;
    if (*out != NULL && !json_is_array(*out))
        ok = reader_refuse(r, TK_ERROR_INPUT, "a list is awaited");
    else if (json_array_size(*out) > most)
        ok = reader_refuse(r, TK_ERROR_LIMIT, "has %zu entries, more than the %zu that are read",
                           json_array_size(*out), most);
    reader_back(r, back);
    return ok;
}

bool reader_object(Reader *r, const json_t *object, const char *member, json_t **out)
{
    *out = json_object_get(object, member);
    size_t back = reader_into(r, member);
    bool ok =
        *out == NULL || json_is_object(*out) || reader_refuse(r, TK_ERROR_INPUT, "an object is awaited");
    reader_back(r, back);
    return ok;
}

void reader_purl(Reader *r, const char *text, char **slot)
{
    TkPurl purl;
    g_autoptr(GError) why = NULL;
    if (text[0] == '\0')
        return;
    if (tk_purl_parse(text, &purl, &why)) {
        g_free(*slot);
        *slot = g_strdup(text);
        tk_purl_clear(&purl);
    } else {
        reader_note(r, "%s; passed over", why->message);
    }
}

void reader_cpe(Reader *r, const char *text, char **slot)
{
    TkCpe cpe;
    g_autoptr(GError) why = NULL;
    if (text[0] == '\0')
        return;
    if (tk_cpe_parse(text, &cpe, &why)) {
        g_free(*slot);
        *slot = g_strdup(text);
        tk_cpe_clear(&cpe);
    } else {
        reader_note(r, "%s; passed over", why->message);
    }
}

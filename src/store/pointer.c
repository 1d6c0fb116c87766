/* JSON pointers (RFC 6901) into documents. */
#include "store/internal.h"

#define POINTER_MAX 200

bool tk_pointer_check(const char *pointer, GError **error)
{
    if (pointer == NULL || pointer[0] != '/' || strlen(pointer) > POINTER_MAX ||
        !g_utf8_validate(pointer, -1, NULL))
        return tk_fail(error, TK_ERROR_INPUT,
                       "“%s” is not a JSON pointer: it begins with / and has at most %d bytes",
                       pointer != NULL ? pointer : "", POINTER_MAX);
    for (const char *c = pointer; *c != '\0'; c++)
        if (*c == '~' && c[1] != '0' && c[1] != '1')
            return tk_fail(error, TK_ERROR_INPUT, "“%s” is not a JSON pointer: ~ is followed by 0 or 1",
                           pointer);
    return true;
}

/* The next reference token, unescaped; *pointer moves behind it. */
static char *next_token(const char **pointer)
{
    const char *begin = *pointer + 1;
    size_t len = strcspn(begin, "/");
    *pointer = begin + len;
    GString *token = g_string_new_len(begin, (gssize)len);
    g_string_replace(token, "~1", "/", 0);
    g_string_replace(token, "~0", "~", 0);
    return g_string_free(token, FALSE);
}

static bool array_index(const char *token, size_t *index)
{
    guint64 number = 0;
    if (!g_ascii_string_to_unsigned(token, 10, 0, G_MAXUINT32, &number, NULL) ||
        (token[0] == '0' && token[1] != '\0'))
        return false;
    *index = (size_t)number;
    return true;
}

static json_t *child(const json_t *parent, const char *token)
{
    size_t index;
    if (json_is_object(parent))
        return json_object_get(parent, token);
    if (json_is_array(parent) && array_index(token, &index))
        return json_array_get(parent, index);
    return NULL;
}

json_t *tk_pointer_get(const json_t *document, const char *pointer)
{
    const json_t *at = document;
    while (*pointer != '\0' && at != NULL) {
        g_autofree char *token = next_token(&pointer);
        at = child(at, token);
    }
    return (json_t *)at;
}

bool tk_pointer_replace(json_t *document, const char *pointer, json_t *value)
{
    json_t *parent = document;
    while (parent != NULL) {
        g_autofree char *token = next_token(&pointer);
        json_t *there = child(parent, token);
        if (there == NULL)
            return false;
        if (*pointer == '\0') {
            size_t index;
            if (json_is_object(parent))
                return json_object_set(parent, token, value) == 0;
            return array_index(token, &index) && json_array_set(parent, index, value) == 0;
        }
        parent = there;
    }
    return false;
}

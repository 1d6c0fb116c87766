#include "service/page.h"

#define CURSOR_MAX 512

char *tk_page_cursor(int64_t number, const char *id)
{
    g_autofree char *plain = g_strdup_printf("%" G_GINT64_FORMAT " %s", number, id);
    char *cursor = g_base64_encode((const guchar *)plain, strlen(plain));
    for (char *c = cursor; *c != '\0'; c++) /* base64url without padding: fits into an address as it is */
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c;
    return cursor;
}

/* The plain text; NULL for what is no base64url of a text. */
static char *decode(const char *cursor)
{
    size_t len = strlen(cursor), got = 0;
    if (len == 0 || len > CURSOR_MAX ||
        strspn(cursor, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != len)
        return NULL;
    g_autofree char *padded = g_strdup_printf("%s%s", cursor, &"==="[3 - (4 - len % 4) % 4]);
    g_strdelimit(padded, "-", '+');
    g_strdelimit(padded, "_", '/');
    g_autofree guchar *plain = g_base64_decode(padded, &got);
    return g_utf8_validate_len((const char *)plain, got, NULL) ? g_strndup((const char *)plain, got) : NULL;
}

bool tk_page_place(const TkPage *page, TkPagePlace *place, GError **error)
{
    *place = (TkPagePlace){.is = page->cursor != NULL};
    if (page->cursor == NULL)
        return true;
    g_autofree char *plain = decode(page->cursor);
    char *space = plain == NULL ? NULL : strchr(plain, ' ');
    if (space != NULL) {
        *space = '\0';
        if (g_ascii_string_to_signed(plain, 10, G_MININT64, G_MAXINT64, &place->number, NULL) &&
            g_strlcpy(place->id, space + 1, sizeof place->id) < sizeof place->id)
            return true;
    }
    return tk_fail_both(error, TK_ERROR_INPUT,
                        "続きの位置（cursor）が正しくありません。一覧を最初から読み直してください。",
                        "cursor: is not one that this list gave out; read the list from its beginning") ||
           tk_error_at(error, "cursor");
}

typedef struct {
    const char *id;
    json_t *value;
} Entry;

static int by_id(const void *a, const void *b)
{
    return strcmp(((const Entry *)a)->id, ((const Entry *)b)->id);
}

json_t *tk_page_of(json_t *all, const char *key, bool descending, const TkPage *page, GError **error)
{
    G_GNUC_UNUSED g_autoptr(json_t) owned = all;
    TkPagePlace place;
    if (!tk_page_place(page, &place, error))
        return NULL;
    size_t total = json_array_size(all), at;
    g_autofree Entry *entries = g_new(Entry, MAX(total, 1));
    json_t *value;
    json_array_foreach(all, at, value)
    {
        entries[at] = (Entry){json_string_value(json_object_get(value, key)), value};
    }
    qsort(entries, total, sizeof *entries, by_id);
    g_autoptr(json_t) items = json_array();
    g_autofree char *next = NULL;
    for (size_t i = 0; i < total && next == NULL; i++) {
        const Entry *entry = &entries[descending ? total - 1 - i : i];
        int way = place.is ? strcmp(entry->id, place.id) : 0;
        if (place.is && (descending ? way >= 0 : way <= 0))
            continue;
        json_array_append(items, entry->value);
        if (json_array_size(items) == page->limit && i + 1 < total)
            next = tk_page_cursor(0, entry->id);
    }
    return json_pack("{s:I, s:O, s:s?}", "total", (json_int_t)total, "items", items, "next", next);
}

/* Looking for events in the ledger: who did what, when, on which record. The log is read backwards from a
 * leaf, a page at a time, and a page's answer names the leaf where the next one begins (keyset, not offset:
 * what is written meanwhile shifts nothing).
 *
 * There is no index for it: one would be a second truth beside the leaves, to be kept and migrated, for a
 * question that an auditor asks a few times a day. Leaves are canonical JSON, so that `"who":"…"` stands in a
 * leaf as it stands here, and most are passed over without being parsed. One call reads at most SCAN_MAX
 * leaves and says how far it came. */
#include "service/app.h"

#define LIMIT_MAX  200
#define SCAN_MAX   200000
#define CHUNK      2000
#define NEEDLE_MAX 4

typedef struct {
    char *needle[NEEDLE_MAX]; /* each must stand in the leaf; owned */
    size_t needles;
    int64_t from_us, to_us; /* TK_TIME_NONE: open */
    GPtrArray *found;       /* json_t of this chunk, oldest first */
} Search;

static void search_clear(Search *search)
{
    for (size_t i = 0; i < search->needles; i++)
        g_free(search->needle[i]);
    g_ptr_array_unref(search->found);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

/* `"key":"value"` as canonical JSON writes it. */
static void must_hold(Search *search, const char *key, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    g_autoptr(json_t) text = json_string(value);
    char *quoted = text == NULL ? NULL : json_dumps(text, JSON_ENCODE_ANY);
    if (quoted != NULL)
        search->needle[search->needles++] = g_strdup_printf("\"%s\":%s", key, quoted);
    free(quoted);
}

static bool holds(const Search *search, const char *event, size_t len)
{
    for (size_t i = 0; i < search->needles; i++)
        if (g_strstr_len(event, (gssize)len, search->needle[i]) == NULL)
            return false;
    return true;
}

static bool within(const Search *search, const json_t *event)
{
    int64_t at_us;
    const json_t *at = json_object_get(event, "at");
    if (search->from_us == TK_TIME_NONE && search->to_us == TK_TIME_NONE)
        return true;
    return json_is_string(at) && tk_time_parse(json_string_value(at), json_string_length(at), &at_us, NULL) &&
           (search->from_us == TK_TIME_NONE || at_us >= search->from_us) &&
           (search->to_us == TK_TIME_NONE || at_us < search->to_us);
}

static bool look_at(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    Search *search = data;
    if (!holds(search, event, len))
        return true;
    json_t *parsed = tk_json_read("event", event, len, TK_LEAF_BYTES_MAX, NULL);
    if (parsed != NULL && within(search, parsed))
        g_ptr_array_add(search->found, json_pack("{s:I, s:O}", "leaf", (json_int_t)leaf, "event", parsed));
    json_decref(parsed);
    return true;
}

/* Takes the chunk's finds newest first, as far as there is room; *next is where to go on. */
static void take_found(Search *search, json_t *items, unsigned limit, uint64_t *next)
{
    for (unsigned i = search->found->len; i-- > 0 && json_array_size(items) < limit;) {
        json_t *item = g_ptr_array_index(search->found, i);
        json_array_append(items, item);
        if (json_array_size(items) == limit)
            *next = (uint64_t)json_integer_value(json_object_get(item, "leaf"));
    }
    g_ptr_array_set_size(search->found, 0);
}

GBytes *tk_ledger_search(TkApp *app, const TkActor *actor, const TkLedgerQuery *query, GError **error)
{
    g_auto(Search) search = {.from_us = query->from_us,
                             .to_us = query->to_us,
                             .found = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref)};
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    must_hold(&search, "who", query->who);
    must_hold(&search, "what", query->what);
    must_hold(&search, "kind", query->kind);
    must_hold(&search, "id", query->id);
    unsigned limit = query->limit == 0 ? 50 : MIN(query->limit, LIMIT_MAX);
    uint64_t size = tk_store_ledger_size(app->store), at = MIN(query->before, size), scanned = 0;
    g_autoptr(json_t) items = json_array();
    while (at > 0 && scanned < SCAN_MAX && json_array_size(items) < limit) {
        uint64_t count = MIN(at, CHUNK);
        if (!tk_store_events(app->store, at - count, count, look_at, &search, error))
            return NULL;
        at -= count;
        scanned += count;
        take_found(&search, items, limit, &at);
    }
    g_autoptr(json_t) out = json_pack("{s:O, s:o, s:I, s:I}", "items", items, "next",
                                      at > 0 ? json_integer((json_int_t)at) : json_null(), "scanned",
                                      (json_int_t)scanned, "size", (json_int_t)size);
    return tk_json_bytes(out);
}

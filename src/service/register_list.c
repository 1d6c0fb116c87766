/* Lists: filtered and ordered by the store's index, page by page; searched by the store's full text. A
 * register with personal fields is searched by reading it through, because the store keeps personal values
 * out of its index on purpose; such registers (persons, contacts) are small. */
#include "service/register.h"

#define LIMIT_MAX  500
#define SEARCH_MAX 1000

/* ---- all of a register ---- */

typedef struct {
    GPtrArray *ids;
} Ids;

static bool take_id(const TkRecord *record, void *data)
{
    Ids *ids = data;
    g_ptr_array_add(ids->ids, g_strdup(record->id));
    return true;
}

/* The ids are taken first, so that no reader of the store stays open while each record is worked on. */
bool tk_register_each(const TkRegisters *registers, const TkRegisterSchema *schema, TkRegisterEachFn each,
                      void *data, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    Ids ids = {all};
    for (unsigned before = UINT_MAX; before != all->len;) {
        before = all->len;
        TkQuery query = {.kind = schema->kind, .offset = all->len, .limit = TK_STORE_LIMIT_MAX};
        if (!tk_store_list(registers->store, &query, take_id, &ids, NULL, error))
            return false;
    }
    for (unsigned i = 0; i < all->len; i++) {
        g_autoptr(TkRecord) record =
            tk_store_get(registers->store, schema->kind, all->pdata[i], TK_TIME_NONE, NULL);
        if (record != NULL && !each(record, data, error)) /* deleted meanwhile: passed over */
            return false;
    }
    return true;
}

/* ---- a page ---- */

typedef struct {
    const TkRegisters *registers;
    const TkRegisterSchema *schema;
    json_t *items;
    const char *search; /* folded; NULL: everything */
    TkRegisterSight sight;
    /* of one who sees only what is assigned: */
    uint64_t own, skip; /* records seen so far; how many of them stand before this page */
    size_t room;        /* records of this page */
} Page;

static bool add_view(Page *page, const TkRecord *record)
{
    json_t *view = tk_register_view(page->registers, page->schema, record, false, NULL);
    if (view != NULL)
        json_array_append_new(page->items, view);
    return true;
}

static bool take_view(const TkRecord *record, void *data)
{
    Page *page = data;
    if (!tk_register_sees_record(page->schema, &page->sight, record))
        return true;
    if (page->sight.limited && (++page->own <= page->skip || json_array_size(page->items) >= page->room))
        return true;
    return add_view(page, record);
}

/* A contractor's page: what matches is read through, and its own is counted. */
static bool list_assigned(Page *page, TkQuery *query, uint64_t *total, GError **error)
{
    uint64_t all = 0;
    page->skip = query->offset;
    page->room = query->limit;
    query->limit = TK_STORE_LIMIT_MAX;
    for (query->offset = 0; query->offset <= all; query->offset += TK_STORE_LIMIT_MAX)
        if (!tk_store_list(page->registers->store, query, take_view, page, &all, error))
            return false;
    *total = page->own;
    return true;
}

static GBytes *answer(const Page *page, uint64_t total, uint32_t offset, bool paged)
{
    uint64_t end = offset + (uint64_t)json_array_size(page->items);
    g_autofree char *next =
        paged && end < total && end > offset ? g_strdup_printf("o%" G_GUINT64_FORMAT, end) : NULL;
    g_autoptr(json_t) out = json_pack("{s:s, s:I, s:O, s:s?}", "register", page->schema->id, "total",
                                      (json_int_t)total, "items", page->items, "next", next);
    return tk_register_bytes(out);
}

/* ---- search ---- */

static bool has_personal(const TkRegisterSchema *schema)
{
    for (size_t i = 0; i < schema->count; i++)
        if (schema->fields[i].personal && !schema->fields[i].classified)
            return true;
    return false;
}

static char *folded(const char *text)
{
    g_autofree char *same = g_utf8_normalize(text, -1, G_NORMALIZE_ALL); /* full and half width are one */
    return same == NULL ? g_strdup("") : g_utf8_casefold(same, -1);
}

static bool contains(const char *text, const char *part)
{
    g_autofree char *own = folded(text);
    return strstr(own, part) != NULL;
}

static bool look_through(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Page *page = data;
    bool found = contains(record->id, page->search);
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(record->body, "values"), key, value)
    {
        const TkRegisterField *field = tk_register_field(page->schema, key);
        found = found || (json_is_string(value) && field != NULL && !field->classified &&
                          contains(json_string_value(value), page->search));
    }
    if (!found || !tk_register_sees_record(page->schema, &page->sight, record))
        return true;
    return json_array_size(page->items) >= SEARCH_MAX || add_view(page, record);
}

static GBytes *search(Page *page, const TkRegisterQuery *query, GError **error)
{
    glong length = g_utf8_strlen(query->search, -1);
    if (length < 2 || length > 100) {
        tk_fail_both(error, TK_ERROR_INPUT, "検索する語は 2 〜 100 文字で入力してください。",
                     "search: must be 2 to 100 characters");
        return NULL;
    }
    g_autofree char *part = folded(query->search);
    page->search = part;
    bool through = has_personal(page->schema) || page->sight.limited;
    if (!through && !tk_registers_ready(page->registers, page->schema, error))
        return NULL;
    unsigned limit = query->limit == 0 ? 100 : query->limit;
    bool done = through ? tk_register_each(page->registers, page->schema, look_through, page, error)
                        : tk_store_search(page->registers->store, page->schema->kind, query->search, limit,
                                          take_view, page, error);
    return done ? answer(page, json_array_size(page->items), 0, false) : NULL;
}

/* ---- filters ---- */

typedef struct {
    TkFilter filters[TK_REGISTER_FILTERS_MAX];
    char *owned[TK_REGISTER_FILTERS_MAX + 1];
    size_t count;
    char today_text[TK_TIME_TEXT_MAX];
} Filters;

static void filters_clear(Filters *f)
{
    for (size_t i = 0; i < G_N_ELEMENTS(f->owned); i++)
        g_free(f->owned[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Filters, filters_clear)

static const TkRegisterField *question(const TkRegisterSchema *schema, const char *id, GError **error)
{
    const TkRegisterField *field = tk_register_field(schema, id);
    if (field != NULL && tk_register_indexed(schema, field))
        return field;
    tk_fail(error, TK_ERROR_INPUT,
            "%s: the register %s is not filtered or ordered by this; its list's columns "
            "and its references can be",
            id, schema->id);
    return NULL;
}

static bool add_filter(Filters *f, const TkRegisterSchema *schema, const TkRegisterFilter *in, GError **error)
{
    const TkRegisterField *field = question(schema, in->field, error);
    if (field == NULL)
        return false;
    f->owned[f->count] = g_strconcat("/values/", field->id, NULL);
    TkFilter *out = &f->filters[f->count];
    *out = (TkFilter){.pointer = f->owned[f->count], .op = in->op, .text = in->value};
    f->count++;
    if (field->type != TK_REGISTER_INTEGER && field->type != TK_REGISTER_NUMBER)
        return true;
    char *end = NULL;
    out->number = g_ascii_strtod(in->value, &end);
    out->text = NULL;
    return (end != in->value && *end == '\0') ||
           tk_fail(error, TK_ERROR_INPUT, "%s: “%.40s” is no number", field->id, in->value);
}

static bool take_filters(Filters *f, const Page *page, const TkRegisterQuery *query, GError **error)
{
    if (query->filter_count + (query->due ? 1 : 0) > TK_REGISTER_FILTERS_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "a list takes at most %d filters", TK_REGISTER_FILTERS_MAX);
    for (size_t i = 0; i < query->filter_count; i++)
        if (!add_filter(f, page->schema, &query->filters[i], error))
            return false;
    if (query->due) {
        tk_date_text(tk_date_of_time(tk_registers_now(page->registers)), f->today_text);
        f->filters[f->count++] =
            (TkFilter){.pointer = "/review_due", .op = TK_FILTER_LE, .text = f->today_text};
    }
    return true;
}

static bool read_cursor(const char *cursor, uint32_t *offset, GError **error)
{
    guint64 value = 0;
    if (cursor != NULL &&
        (cursor[0] != 'o' || !g_ascii_string_to_unsigned(cursor + 1, 10, 0, G_MAXINT32, &value, NULL)))
        return tk_fail(error, TK_ERROR_INPUT, "cursor: is not one that this list gave out");
    *offset = (uint32_t)value;
    return true;
}

GBytes *tk_register_list(TkRegisters *registers, const TkActor *actor, const char *name,
                         const TkRegisterQuery *in, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_READS, error);
    if (schema == NULL)
        return NULL;
    g_autoptr(json_t) items = json_array();
    Page page = {.registers = registers, .schema = schema, .items = items};
    page.sight = tk_register_sight(registers, actor);
    if (in->search != NULL)
        return search(&page, in, error);
    g_auto(Filters) filters = {0};
    uint32_t offset = 0;
    if (!take_filters(&filters, &page, in, error) || !read_cursor(in->cursor, &offset, error))
        return NULL;
    if (in->order != NULL && question(schema, in->order, error) == NULL)
        return NULL;
    if ((filters.count > 0 || in->order != NULL) && !tk_registers_ready(registers, schema, error))
        return NULL;
    g_autofree char *order = in->order == NULL ? NULL : g_strconcat("/values/", in->order, NULL);
    TkQuery query = {.kind = schema->kind,
                     .filters = filters.filters,
                     .filter_count = filters.count,
                     .order = order,
                     .descending = in->descending,
                     .offset = offset,
                     .limit = MIN(in->limit == 0 ? 100 : in->limit, LIMIT_MAX)};
    uint64_t total = 0;
    bool done = page.sight.limited ? list_assigned(&page, &query, &total, error)
                                   : tk_store_list(registers->store, &query, take_view, &page, &total, error);
    if (!done)
        return NULL;
    return answer(&page, total, offset, true);
}

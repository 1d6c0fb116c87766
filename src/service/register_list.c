/* Lists: filtered and ordered by the store's index, page by page; searched by the store's full text. A
 * register with personal fields is searched by reading it through, because the store keeps personal values
 * out of its index on purpose; such registers (persons, contacts) are small. */
#include "service/register.h"

#define LIMIT_MAX  500
#define SEARCH_MAX 1000
#define CURSOR_MAX 2048 /* bytes */

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
        TkPlace after = {.id = all->len == 0 ? NULL : all->pdata[all->len - 1]};
        TkQuery query = {
            .kind = schema->kind, .after = after.id == NULL ? NULL : &after, .limit = TK_STORE_LIMIT_MAX};
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
    uint64_t own; /* of one who sees only what is assigned: how many match */
    const TkRegisterField *order;
    bool descending;
    unsigned limit;
    bool more;    /* there is a record behind the page */
    json_t *last; /* value of the order of the last record; NULL: none */
    char last_id[TK_STORE_ID_MAX + 1];
} Page;

static void page_clear(Page *page)
{
    json_decref(page->items);
    json_decref(page->last);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_clear)

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
    page->more = json_array_size(page->items) == page->limit;
    if (page->more)
        return false;
    g_autoptr(json_t) values = page->order == NULL ? NULL : tk_register_stored(page->schema, record->body);
    json_decref(page->last);
    page->last = values == NULL ? NULL : json_incref(json_object_get(values, page->order->id));
    g_strlcpy(page->last_id, record->id, sizeof page->last_id);
    return add_view(page, record);
}

static bool count_own(const TkRecord *record, void *data)
{
    Page *page = data;
    page->own += tk_register_sees_record(page->schema, &page->sight, record);
    return true;
}

/* All that matches, in pieces, until `each` wants no more. */
static bool read_through(Page *page, TkQuery query, bool (*each)(const TkRecord *, void *), GError **error)
{
    uint64_t all = 0;
    query.limit = TK_STORE_LIMIT_MAX;
    for (query.offset = 0; query.offset <= all && !page->more; query.offset += TK_STORE_LIMIT_MAX)
        if (!tk_store_list(page->registers->store, &query, each, page, &all, error))
            return false;
    return true;
}

/* A contractor's page: what matches is read through, and its own is counted. */
static bool list_assigned(Page *page, const TkQuery *query, uint64_t *total, GError **error)
{
    TkQuery whole = *query;
    whole.after = NULL;
    bool done = read_through(page, whole, count_own, error) && read_through(page, *query, take_view, error);
    *total = page->own;
    return done;
}

static GBytes *answer(const Page *page, uint64_t total, const char *next)
{
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
    g_autoptr(json_t) values = tk_register_stored(page->schema, record->body);
    json_object_foreach(values, key, value)
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
    page->limit = UINT_MAX;
    unsigned limit = query->limit == 0 ? 100 : query->limit;
    bool done = through ? tk_register_each(page->registers, page->schema, look_through, page, error)
                        : tk_store_search(page->registers->store, page->schema->kind, query->search, limit,
                                          take_view, page, error);
    return done ? answer(page, json_array_size(page->items), NULL) : NULL;
}

/* ---- filters ---- */

typedef struct {
    TkFilter filters[TK_REGISTER_FILTERS_MAX];
    size_t count;
    char today_text[TK_TIME_TEXT_MAX];
} Filters;

const TkRegisterField *tk_register_question(const TkRegisterSchema *schema, const char *id, GError **error)
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
    const TkRegisterField *field = tk_register_question(schema, in->field, error);
    if (field == NULL)
        return false;
    TkFilter *out = &f->filters[f->count];
    *out = (TkFilter){.pointer = field->pointer, .op = in->op, .text = in->value};
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
    if (query->due && page->schema->view)
        return tk_fail(error, TK_ERROR_INPUT, "due: nothing falls due in a view");
    if (query->due) {
        tk_date_text(tk_date_of_time(tk_registers_now(page->registers)), f->today_text);
        f->filters[f->count++] =
            (TkFilter){.pointer = TK_REGISTER_DUE, .op = TK_FILTER_LE, .text = f->today_text};
    }
    return true;
}

/* ---- cursors: the order and the place in it, so that one is not taken for another list's ---- */

char *tk_register_cursor(const json_t *place)
{
    char *text = json_dumps(place, JSON_COMPACT);
    char *cursor = g_base64_encode((const guchar *)text, strlen(text));
    free(text);
    for (char *c = g_strdelimit(cursor, "+", '-'); *c != '\0'; c++) /* base64url, RFC 4648 section 5 */
        *c = *c == '/' ? '_' : *c == '=' ? '\0' : *c;
    return cursor;
}

json_t *tk_register_place(const char *cursor, GError **error)
{
    size_t len = strlen(cursor), got = 0;
    g_autofree char *standard = g_strdup_printf("%.*s%s", CURSOR_MAX, cursor, &"==="[3 - (4 - len % 4) % 4]);
    g_strdelimit(g_strdelimit(standard, "-", '+'), "_", '/');
    g_autofree guchar *text = len > CURSOR_MAX ? NULL : g_base64_decode(standard, &got);
    json_t *place = text == NULL ? NULL : tk_json_read("cursor", (const char *)text, got, CURSOR_MAX, NULL);
    if (json_is_array(place))
        return place;
    json_decref(place);
    tk_fail(error, TK_ERROR_INPUT, "cursor: is not one that this list gave out");
    return NULL;
}

static char *next_cursor(const Page *page)
{
    g_autoptr(json_t) place = json_pack("[s?, b, O?, s]", page->order == NULL ? NULL : page->order->id,
                                        page->descending, page->last, page->last_id);
    return tk_register_cursor(place);
}

/* The texts in *after are borrowed from *place. */
static bool read_cursor(const Page *page, const char *cursor, json_t **place, TkPlace *after, GError **error)
{
    *place = tk_register_place(cursor, error);
    if (*place == NULL)
        return false;
    const char *order = json_string_value(json_array_get(*place, 0));
    const json_t *value = json_array_get(*place, 2);
    if (g_strcmp0(order, page->order == NULL ? NULL : page->order->id) != 0 ||
        json_is_true(json_array_get(*place, 1)) != page->descending)
        return tk_fail(error, TK_ERROR_INPUT, "cursor: belongs to a list in another order; begin anew");
    *after = (TkPlace){.id = json_string_value(json_array_get(*place, 3)),
                       .text = json_is_boolean(value) ? (json_is_true(value) ? "true" : "false")
                                                      : json_string_value(value),
                       .has_number = json_is_number(value),
                       .number = json_number_value(value)};
    return after->id != NULL || tk_fail(error, TK_ERROR_INPUT, "cursor: is not one that this list gave out");
}

/* ---- the list ---- */

static GBytes *read_page(Page *page, const TkRegisterQuery *in, const Filters *filters, GError **error)
{
    TkPlace after;
    g_autoptr(json_t) place = NULL;
    if (in->cursor != NULL && !read_cursor(page, in->cursor, &place, &after, error))
        return NULL;
    page->limit = MIN(in->limit == 0 ? 100 : in->limit, LIMIT_MAX);
    TkQuery query = {.kind = page->schema->kind,
                     .filters = filters->filters,
                     .filter_count = filters->count,
                     .order = page->order == NULL ? NULL : page->order->pointer,
                     .descending = page->descending,
                     .after = place == NULL ? NULL : &after,
                     .limit = page->limit + 1};
    uint64_t total = 0;
    bool done = page->sight.limited
                    ? list_assigned(page, &query, &total, error)
                    : tk_store_list(page->registers->store, &query, take_view, page, &total, error);
    if (!done)
        return NULL;
    g_autofree char *next = page->more ? next_cursor(page) : NULL;
    return answer(page, total, next);
}

GBytes *tk_register_list(TkRegisters *registers, const TkActor *actor, const char *name,
                         const TkRegisterQuery *in, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_READS, error);
    if (schema == NULL)
        return NULL;
    g_auto(Page) page = {
        .registers = registers, .schema = schema, .items = json_array(), .descending = in->descending};
    page.sight = tk_register_sight(registers, actor);
    if (in->search != NULL)
        return search(&page, in, error);
    Filters filters = {0};
    if (!take_filters(&filters, &page, in, error))
        return NULL;
    if (in->order != NULL && (page.order = tk_register_question(schema, in->order, error)) == NULL)
        return NULL;
    if ((filters.count > 0 || in->order != NULL) && !tk_registers_ready(registers, schema, error))
        return NULL;
    return read_page(&page, in, &filters, error);
}

/* What falls due, across registers: reviews, expiries, deadlines.
 *
 * Each register's index gives its own records by the day they fall due; the pages of all of them are merged
 * and the first rows kept. The cursor is a day, a register and a record, from which every register's list
 * goes on, so that nothing is given twice or left out however many registers there are. */
#include "service/register.h"

#define LIMIT_MAX     500
#define DAYS          30
#define BEFORE_ALL_ID ""
#define BEHIND_ALL_ID "\xf4\x8f\xbf\xbf" /* U+10FFFF */

typedef struct {
    const TkRegisterSchema *schema;
    char date[TK_TIME_TEXT_MAX];
    char *id, *title, *owner; /* owner NULL: the register has none, or nobody is named */
    const char *field;        /* borrowed from the schema */
} Entry;

typedef struct {
    const TkRegisters *registers;
    const TkRegisterSchema *schema; /* read at the moment */
    GPtrArray *entries;
    const char *from, *until; /* from NULL: however long ago */
    TkRegisterSight sight;
    /* the place; after_date NULL: from the beginning */
    const char *after_date, *after_register, *after_id;
} Due;

static void entry_free(Entry *entry)
{
    g_free(entry->id);
    g_free(entry->title);
    g_free(entry->owner);
    g_free(entry);
}

static int by_date(gconstpointer a, gconstpointer b)
{
    const Entry *const *x = a, *const *y = b;
    int date = strcmp((*x)->date, (*y)->date);
    int schema = date != 0 ? date : strcmp((*x)->schema->id, (*y)->schema->id);
    return schema != 0 ? schema : strcmp((*x)->id, (*y)->id);
}

/* The person a record names as its owner: elsewhere the word may stand for a contractor in charge. */
static const char *owner_of(const TkRegisterSchema *schema, const json_t *values)
{
    const TkRegisterField *field = tk_register_field(schema, "owner");
    bool person = field != NULL && g_strcmp0(field->ref, "persons") == 0;
    return person ? json_string_value(json_object_get(values, field->id)) : NULL;
}

static bool take(const TkRecord *record, void *data)
{
    Due *due = data;
    const TkRegisterSchema *schema = due->schema;
    const char *date = json_string_value(json_object_get(record->body, "review_due"));
    if (date == NULL)
        return true;
    g_autoptr(json_t) values = tk_register_stored(schema, record->body);
    g_autoptr(json_t) title = tk_register_title(schema, record->id, values);
    const char *own =
        schema->due == NULL ? NULL : json_string_value(json_object_get(values, schema->due->id));
    Entry *entry = g_new0(Entry, 1);
    entry->schema = schema;
    g_strlcpy(entry->date, date, sizeof entry->date);
    entry->id = g_strdup(record->id);
    entry->title = g_strdup(json_string_value(title));
    entry->owner = g_strdup(owner_of(schema, values));
    entry->field = g_strcmp0(own, date) == 0 ? schema->due->id : "review";
    g_ptr_array_add(due->entries, entry);
    return true;
}

/* Of this register, what lies behind the place. */
static TkPlace place_in(const Due *due)
{
    int order = strcmp(due->schema->id, due->after_register);
    return (TkPlace){.text = due->after_date,
                     .id = order < 0   ? BEHIND_ALL_ID
                           : order > 0 ? BEFORE_ALL_ID
                                       : due->after_id};
}

static bool take_scanned(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Due *due = data;
    const char *date = json_string_value(json_object_get(record->body, "review_due"));
    if (date == NULL || strcmp(date, due->until) > 0 || (due->from != NULL && strcmp(date, due->from) < 0) ||
        !tk_register_sees_record(due->schema, &due->sight, record))
        return true;
    if (due->after_date == NULL)
        return take(record, data);
    TkPlace place = place_in(due);
    int order = strcmp(date, place.text);
    return order < 0 || (order == 0 && strcmp(record->id, place.id) <= 0) || take(record, data);
}

/* A store that is open for reading may not have the index yet: then the register is read through, as it is
 * for one who sees only what is assigned. */
static bool read_register(Due *due, unsigned limit, uint64_t *total, GError **error)
{
    if (due->sight.limited ||
        !tk_store_index(due->registers->store, due->schema->kind, TK_REGISTER_DUE, NULL)) {
        unsigned before = due->entries->len;
        bool done = tk_register_each(due->registers, due->schema, take_scanned, due, error);
        *total = due->entries->len - before;
        return done;
    }
    const TkFilter filters[] = {{.pointer = TK_REGISTER_DUE, .op = TK_FILTER_LE, .text = due->until},
                                {.pointer = TK_REGISTER_DUE, .op = TK_FILTER_GE, .text = due->from}};
    TkPlace after = {0};
    if (due->after_date != NULL)
        after = place_in(due);
    TkQuery query = {.kind = due->schema->kind,
                     .filters = filters,
                     .filter_count = due->from == NULL ? 1 : 2,
                     .order = TK_REGISTER_DUE,
                     .after = due->after_date == NULL ? NULL : &after,
                     .limit = limit + 1};
    return tk_store_list(due->registers->store, &query, take, due, total, error);
}

static bool read_all(Due *due, const TkActor *actor, unsigned limit, uint64_t *total, GError **error)
{
    for (unsigned i = 0; i < due->registers->schemas->len; i++) {
        uint64_t own = 0;
        const TkRegisterSchema *schema = due->registers->schemas->pdata[i];
        bool dated = !schema->view && (schema->review_months > 0 || schema->due != NULL);
        if (!dated || tk_registers_open(due->registers, actor, schema->id, TK_REGISTER_READS, NULL) == NULL)
            continue;
        due->schema = schema;
        if (!read_register(due, limit, &own, error))
            return false;
        *total += own;
    }
    g_ptr_array_sort(due->entries, by_date);
    return true;
}

static char *next_of(const Entry *last)
{
    g_autoptr(json_t) place = json_pack("[s, s, s]", last->date, last->schema->id, last->id);
    return tk_register_cursor(place);
}

static GBytes *answer(const Due *due, unsigned limit, uint64_t total)
{
    unsigned count = MIN(limit, due->entries->len);
    char today[TK_TIME_TEXT_MAX];
    tk_date_text(tk_date_of_time(tk_registers_now(due->registers)), today);
    g_autofree char *next =
        count > 0 && due->entries->len > count ? next_of(due->entries->pdata[count - 1]) : NULL;
    g_autoptr(json_t) out =
        json_pack("{s:s?, s:s, s:s, s:I, s:[], s:s?}", "from", due->from, "until", due->until, "today", today,
                  "total", (json_int_t)total, "items", "next", next);
    for (unsigned i = 0; i < count; i++) {
        const Entry *e = due->entries->pdata[i];
        json_array_append_new(json_object_get(out, "items"),
                              json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:b}", "register", e->schema->id,
                                        "id", e->id, "title", e->title, "field", e->field, "date", e->date,
                                        "owner", e->owner, "overdue", strcmp(e->date, today) < 0));
    }
    return tk_register_bytes(out);
}

GBytes *tk_registers_due(TkRegisters *registers, const TkActor *actor, TkDate from, TkDate until,
                         unsigned limit, const char *cursor, GError **error)
{
    if (actor == NULL || actor->role == TK_ROLE_NONE) {
        tk_fail(error, TK_ERROR_FORBIDDEN, "nobody with a role is signed in; sign in to read the registers");
        return NULL;
    }
    char first[TK_TIME_TEXT_MAX], last[TK_TIME_TEXT_MAX];
    if (until == TK_DATE_NONE)
        until = tk_date_of_time(tk_registers_now(registers)) + DAYS;
    g_autoptr(json_t) place = cursor == NULL ? NULL : tk_register_place(cursor, error);
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
    Due due = {.registers = registers,
               .entries = entries,
               .from = from == TK_DATE_NONE ? NULL : tk_date_text(from, first),
               .until = tk_date_text(until, last)};
    due.sight = tk_register_sight(registers, actor);
    if (cursor != NULL && place == NULL)
        return NULL;
    if (place != NULL &&
        json_unpack(place, "[s, s, s!]", &due.after_date, &due.after_register, &due.after_id) != 0) {
        tk_fail(error, TK_ERROR_INPUT, "cursor: is not one that this list gave out");
        return NULL;
    }
    limit = MIN(limit == 0 ? 100 : limit, LIMIT_MAX);
    uint64_t total = 0;
    return read_all(&due, actor, limit, &total, error) ? answer(&due, limit, total) : NULL;
}

/* ---- how many, register by register ---- */

static bool count_of(TkRegisters *registers, const TkActor *actor, const char *name, bool due,
                     json_int_t *total, GError **error)
{
    const TkRegisterQuery query = {.due = due, .limit = 1};
    g_autoptr(GBytes) list = tk_register_list(registers, actor, name, &query, error);
    gsize len = 0;
    const char *text = list == NULL ? NULL : g_bytes_get_data(list, &len);
    g_autoptr(json_t) answer = text == NULL ? NULL : tk_json_read(name, text, len, len, error);
    *total = json_integer_value(json_object_get(answer, "total"));
    return answer != NULL;
}

GBytes *tk_registers_counts(TkRegisters *registers, const TkActor *actor, GError **error)
{
    g_autoptr(json_t) out = json_pack("{s:[]}", "items");
    for (unsigned i = 0; i < registers->schemas->len; i++) {
        const TkRegisterSchema *schema = registers->schemas->pdata[i];
        json_int_t total = 0, due = 0;
        if (tk_registers_open(registers, actor, schema->id, TK_REGISTER_READS, NULL) == NULL)
            continue;
        if (!count_of(registers, actor, schema->id, false, &total, error) ||
            (!schema->view && !count_of(registers, actor, schema->id, true, &due, error)))
            return NULL;
        json_array_append_new(
            json_object_get(out, "items"),
            json_pack("{s:s, s:I, s:I}", "register", schema->id, "total", total, "due", due));
    }
    return tk_register_bytes(out);
}

/* Soft references that cannot dangle: a record is put only when everything it names is there, and deleted
 * only when nothing names it. Single references are found by the store's index; lists of them by reading the
 * few registers that have such lists, because a deletion is rare and a second index would have to be kept
 * true. */
#include "service/register.h"

#define NAMED_MAX 5

bool tk_register_exists(const char *ref, const char *id, void *data)
{
    const TkRegisterLookup *lookup = data;
    if (ref == NULL) {
        g_autoptr(GBytes) blob = tk_store_blob(lookup->registers->store, id, NULL);
        return blob != NULL;
    }
    if (lookup->coming != NULL && strcmp(ref, lookup->register_id) == 0 &&
        g_hash_table_contains(lookup->coming, id))
        return true;
    const TkRegisterSchema *schema = tk_registers_schema(lookup->registers, ref);
    g_autoptr(TkRecord) record =
        schema == NULL ? NULL : tk_store_get(lookup->registers->store, schema->kind, id, TK_TIME_NONE, NULL);
    return record != NULL;
}

typedef struct {
    const TkRegisterSchema *schema; /* of the records looked at */
    const char *target, *id;        /* the register and record looked for */
    GString *names;
    unsigned count;
} Referrers;

static void name_one(Referrers *r, const TkRecord *record, const TkRegisterField *field)
{
    if (strcmp(r->schema->id, r->target) == 0 && strcmp(record->id, r->id) == 0)
        return; /* itself */
    if (r->count++ < NAMED_MAX)
        g_string_append_printf(r->names, "%s%s %s (%s)", r->names->len > 0 ? ", " : "", r->schema->id,
                               record->id, field->id);
}

static bool names_it(const Referrers *r, const TkRegisterField *field, const json_t *value)
{
    size_t i;
    const json_t *one;
    if (g_strcmp0(field->ref, r->target) != 0)
        return false;
    if (json_is_string(value))
        return strcmp(json_string_value(value), r->id) == 0;
    json_array_foreach(value, i, one)
    {
        if (g_strcmp0(json_string_value(one), r->id) == 0)
            return true;
    }
    return false;
}

static bool look_at(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Referrers *r = data;
    const json_t *values = json_object_get(record->body, "values");
    for (size_t i = 0; i < r->schema->count; i++)
        if (names_it(r, &r->schema->fields[i], json_object_get(values, r->schema->fields[i].id)))
            name_one(r, record, &r->schema->fields[i]);
    return true;
}

static bool found_by_index(const TkRecord *record, void *data)
{
    look_at(record, data, NULL);
    return true;
}

static bool look_by_index(const TkRegisters *registers, Referrers *r, GError **error)
{
    if (!tk_registers_ready(registers, r->schema, error))
        return false;
    for (size_t i = 0; i < r->schema->count; i++) {
        const TkRegisterField *field = &r->schema->fields[i];
        if (field->type != TK_REGISTER_REF || strcmp(field->ref, r->target) != 0)
            continue;
        TkFilter filter = {.pointer = field->pointer, .op = TK_FILTER_EQ, .text = r->id};
        TkQuery query = {
            .kind = r->schema->kind, .filters = &filter, .filter_count = 1, .limit = NAMED_MAX + 1};
        if (!tk_store_list(registers->store, &query, found_by_index, r, NULL, error))
            return false;
    }
    return true;
}

/* Whether the register has fields of this type that refer to the target. */
static bool refers(const Referrers *r, TkRegisterType type)
{
    for (size_t i = 0; i < r->schema->count; i++)
        if (r->schema->fields[i].type == type && strcmp(r->schema->fields[i].ref, r->target) == 0)
            return true;
    return false;
}

static bool look_in(const TkRegisters *registers, Referrers *r, GError **error)
{
    if (refers(r, TK_REGISTER_LIST_OF_REF))
        return tk_register_each(registers, r->schema, look_at, r, error);
    return !refers(r, TK_REGISTER_REF) || look_by_index(registers, r, error);
}

bool tk_register_unreferred(const TkRegisters *registers, const TkRegisterSchema *schema, const char *id,
                            GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    Referrers r = {.target = schema->id, .id = id, .names = names};
    for (unsigned i = 0; i < registers->schemas->len; i++) {
        r.schema = registers->schemas->pdata[i];
        if (!look_in(registers, &r, error))
            return false;
    }
    return r.count == 0 || tk_fail(error, TK_ERROR_CONFLICT,
                                   "%s %s is still referred to by %s%s; change those first, then delete it",
                                   schema->id, id, names->str, r.count > NAMED_MAX ? " and others" : "");
}

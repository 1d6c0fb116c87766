/* References that may not come back to where they began: a sub-contractor (再委託先) cannot stand above the
 * one that entrusts it. The file's property "acyclic" names the fields; a record that would close a circle is
 * refused with the circle named. All records of the register are read for it, which only a write that has
 * such references costs. */
#include "service/register_import.h"
#include "service/register_schema_private.h"

#include "supply/supply.h"

#define NAMED_MAX 12 /* of a circle, in the message */

bool tk_schema_acyclic(const char *name, TkRegisterSchema *schema, GError **error)
{
    const json_t *list = json_object_get(schema->root, "acyclic"), *value;
    size_t i;
    if (list != NULL && (!json_is_array(list) || schema->view))
        return tk_fail(error, TK_ERROR_INPUT, "%s: acyclic: must be a list of fields; a view has none", name);
    json_array_foreach(list, i, value)
    {
        const TkRegisterField *field = tk_register_field(schema, json_string_value(value));
        if (field == NULL || g_strcmp0(field->ref, schema->id) != 0)
            return tk_fail(error, TK_ERROR_INPUT,
                           "%s: acyclic[%zu]: must be a field that refers to this register", name, i);
    }
    schema->acyclic = list;
    return true;
}

typedef struct {
    const TkRegisterSchema *schema;
    GHashTable *coming; /* id → values that are about to be written */
    TkSupply *graph;
} Circle;

static bool tie(const Circle *c, const char *id, const json_t *ref, GError **error)
{
    const char *other = json_string_value(ref);
    if (other == NULL)
        return true;
    uint32_t from = tk_supply_node(c->graph, 0, id, error);
    uint32_t to = from == TK_SUPPLY_NONE ? TK_SUPPLY_NONE : tk_supply_node(c->graph, 0, other, error);
    return to != TK_SUPPLY_NONE && tk_supply_edge(c->graph, from, to, 0, error);
}

static bool tie_all(const Circle *c, const char *id, const json_t *values, GError **error)
{
    size_t i, k;
    const json_t *field, *one;
    json_array_foreach(c->schema->acyclic, i, field)
    {
        const json_t *value = json_object_get(values, json_string_value(field));
        if (json_is_string(value) && !tie(c, id, value, error))
            return false;
        json_array_foreach(value, k, one)
        {
            if (!tie(c, id, one, error))
                return false;
        }
    }
    return true;
}

static bool take(const TkRecord *record, void *data, GError **error)
{
    const Circle *c = data;
    return g_hash_table_contains(c->coming, record->id) ||
           tie_all(c, record->id, json_object_get(record->body, "values"), error);
}

/* The circle that what is coming would close, as ids; empty where there is none. */
static GPtrArray *circle_of(const TkRegisters *registers, const Circle *c, GError **error)
{
    GHashTableIter iter;
    gpointer id, values;
    g_hash_table_iter_init(&iter, c->coming);
    while (g_hash_table_iter_next(&iter, &id, &values)) /* first, so that the search begins with them */
        if (!tie_all(c, id, values, error))
            return NULL;
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    if (tk_supply_count(c->graph) == 0 || tk_register_each(registers, c->schema, take, (void *)c, error)) {
        g_autoptr(GArray) cycle = tk_supply_cycle(c->graph, 1);
        for (guint i = 0; i < cycle->len; i++)
            g_ptr_array_add(ids, g_strdup(tk_supply_id(c->graph, g_array_index(cycle, uint32_t, i))));
        return ids;
    }
    g_ptr_array_unref(ids);
    return NULL;
}

static char *circle_text(const GPtrArray *ids)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < ids->len && i < NAMED_MAX; i++)
        g_string_append_printf(text, "%s → ", (const char *)ids->pdata[i]);
    if (ids->len > NAMED_MAX)
        g_string_append(text, "… → ");
    return g_string_free(g_string_append(text, ids->pdata[0]), FALSE);
}

/* The field of the record that leads to the next of the circle. */
static const char *field_to(const Circle *c, const json_t *values, const char *next)
{
    size_t i, k;
    const json_t *field, *one;
    json_array_foreach(c->schema->acyclic, i, field)
    {
        const json_t *value = json_object_get(values, json_string_value(field));
        if (json_is_string(value) && strcmp(json_string_value(value), next) == 0)
            return json_string_value(field);
        json_array_foreach(value, k, one)
        {
            if (g_strcmp0(json_string_value(one), next) == 0)
                return json_string_value(field);
        }
    }
    return json_string_value(json_array_get(c->schema->acyclic, 0));
}

bool tk_register_acyclic(const TkRegisters *registers, const TkRegisterSchema *schema, GHashTable *coming,
                         TkRegisterCircleFn found, void *data, GError **error)
{
    if (json_array_size(schema->acyclic) == 0)
        return true;
    g_autoptr(TkSupply) graph = tk_supply_new();
    Circle c = {.schema = schema, .coming = coming, .graph = graph};
    g_autoptr(GPtrArray) ids = circle_of(registers, &c, error);
    if (ids == NULL)
        return false;
    g_autofree char *text = ids->len == 0 ? NULL : circle_text(ids);
    for (guint i = 0; i < ids->len; i++) {
        const json_t *values = g_hash_table_lookup(coming, ids->pdata[i]);
        if (values == NULL)
            continue;
        g_autofree char *ja = g_strdup_printf("循環しています: %s", text);
        g_autofree char *en = g_strdup_printf("comes back to where it began: %s", text);
        found(ids->pdata[i], field_to(&c, values, ids->pdata[(i + 1) % ids->len]), ja, en, data);
    }
    return true;
}

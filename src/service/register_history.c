/* Who changed what: the differences from version to version, field by field. */
#include "service/register.h"

/* An erased value is like one that is not there; a sealed one shows only that it is. */
static json_t *shown(const TkRegisterField *field, json_t *value)
{
    if (value == NULL || json_is_null(value))
        return json_null();
    return field->classified ? json_pack("{s:b}", "sealed", 1) : json_incref(value);
}

static void add_change(json_t *changes, const TkRegisterField *field, json_t *from, json_t *to)
{
    if (json_is_null(from))
        from = NULL;
    if (json_is_null(to))
        to = NULL;
    if (from == to || (from != NULL && to != NULL && json_equal(from, to)))
        return;
    json_array_append_new(changes, json_pack("{s:s, s:o, s:o}", "field", field->id, "from",
                                             shown(field, from), "to", shown(field, to)));
}

json_t *tk_register_changes(const TkRegisterSchema *schema, const json_t *before, const json_t *after)
{
    json_t *changes = json_array();
    for (size_t i = 0; i < schema->count; i++) {
        const char *id = schema->fields[i].id;
        add_change(changes, &schema->fields[i], json_object_get(before, id), json_object_get(after, id));
    }
    return changes;
}

typedef struct {
    const TkRegisterSchema *schema;
    const TkRegisterSight *sight;
    json_t *before; /* stored values of the version before */
    json_t *items;
} Walk;

static bool walk(const TkRecord *record, void *data)
{
    Walk *w = data;
    g_autoptr(json_t) values = tk_register_stored(w->schema, record->body); /* of a deletion: none */
    if (!tk_register_sees(w->schema, w->sight, record->id, values)) { /* not a contractor's at that time */
        g_clear_pointer(&w->before, json_decref);
        return true;
    }
    json_t *changes = tk_register_changes(w->schema, w->before, values);
    char at[TK_TIME_TEXT_MAX];
    json_array_append_new(w->items,
                          json_pack("{s:I, s:s, s:s, s:s, s:I, s:b, s:o}", "version",
                                    (json_int_t)record->version, "at", tk_time_text(record->at_us, at), "who",
                                    record->who, "action", record->action, "leaf", (json_int_t)record->leaf,
                                    "deleted", record->deleted, "changes", changes));
    json_decref(w->before);
    w->before = json_deep_copy(values);
    return true;
}

GBytes *tk_register_history(TkRegisters *registers, const TkActor *actor, const char *name, const char *id,
                            GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_READS, error);
    TkRegisterSight sight = tk_register_sight(registers, actor);
    if (schema == NULL || !tk_register_seen(registers, schema, &sight, id, error))
        return NULL;
    g_autoptr(json_t) items = json_array();
    Walk w = {.schema = schema, .sight = &sight, .items = items};
    bool done = tk_store_history(registers->store, schema->kind, id, walk, &w, error);
    json_decref(w.before);
    g_autoptr(json_t) out = json_pack("{s:s, s:s, s:O}", "register", schema->id, "id", id, "items", items);
    return done ? tk_register_bytes(out) : NULL;
}

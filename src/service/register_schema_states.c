/* The part of a register's file that says what a state asks for: gates, which look at another register, and
 * approval, which looks at who asked. A condition that can never hold would keep a gate open for ever without
 * anybody noticing, so each value is held against its field here. */
#include "service/register_schema_private.h"

static const char *const gate_keys[] = {"when", "register", "by",      "through", "same",
                                        "with", "until",    "article", "refusal", NULL};
static const char *const approval_keys[] = {"field", "asked", "decided", "by", "who", "at", "free", NULL};

/* ---- conditions ---- */

bool tk_register_among(const json_t *list, const json_t *value)
{
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one)
    {
        if (json_equal(one, value))
            return true;
    }
    return false;
}

bool tk_register_matches(const json_t *condition, const json_t *values)
{
    const char *key;
    json_t *wanted;
    json_object_foreach((json_t *)condition, key, wanted)
    {
        const json_t *value = json_object_get(values, key);
        bool there = value != NULL && !json_is_null(value);
        if (json_is_true(wanted) ? !there : !tk_register_among(wanted, value))
            return false;
    }
    return true;
}

static bool value_fits(const TkRegisterField *field, const json_t *value)
{
    switch (field->type) {
    case TK_REGISTER_ENUM:
        return tk_schema_option(field, json_string_value(value));
    case TK_REGISTER_BOOLEAN:
        return json_is_boolean(value);
    case TK_REGISTER_INTEGER:
    case TK_REGISTER_NUMBER:
        return json_is_number(value);
    default:
        return json_is_string(value);
    }
}

static bool condition_fits(const char *where, const char *key, const json_t *condition,
                           const TkRegisterSchema *schema, GError **error)
{
    const char *id;
    json_t *wanted;
    if (json_object_size(condition) == 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: %s: must be {FIELD: [VALUE…] or true}", where, key);
    json_object_foreach((json_t *)condition, id, wanted)
    {
        const TkRegisterField *field = tk_register_field(schema, id);
        size_t i;
        const json_t *value;
        if (field == NULL || field->classified)
            return tk_fail(error, TK_ERROR_INPUT, "%s: %s: “%.40s” is no plain field of the register %s",
                           where, key, id, schema->id);
        if (!json_is_true(wanted) && json_array_size(wanted) == 0)
            return tk_fail(error, TK_ERROR_INPUT, "%s: %s: “%s”: must be a list of values, or true", where,
                           key, id);
        json_array_foreach(wanted, i, value)
        {
            if (!value_fits(field, value))
                return tk_fail(error, TK_ERROR_INPUT, "%s: %s: “%s” can never have value %zu of the list",
                               where, key, id, i + 1);
        }
    }
    return true;
}

/* ---- gates ---- */

static bool read_gate(const char *where, TkRegisterSchema *schema, const json_t *in, GError **error)
{
    TkRegisterGate *gate = &schema->gates[schema->gate_count];
    const json_t *by = json_object_get(in, "by"), *through = json_object_get(in, "through");
    *gate = (TkRegisterGate){.when = json_object_get(in, "when"),
                             .other = json_string_value(json_object_get(in, "register")),
                             .by = json_string_value(by),
                             .through = tk_register_field(schema, json_string_value(through)),
                             .with = json_object_get(in, "with"),
                             .same = json_object_get(in, "same"),
                             .until = json_string_value(json_object_get(in, "until")),
                             .article = json_string_value(json_object_get(in, "article"))};
    if (!tk_schema_keys(where, in, gate_keys, error) ||
        !tk_schema_words(where, in, "refusal", true, &gate->ja, &gate->en, error) ||
        !condition_fits(where, "when", gate->when, schema, error))
        return false;
    if (gate->other == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "%s: register: missing; the one that is looked at", where);
    if ((gate->by == NULL) == (gate->through == NULL))
        return tk_fail(error, TK_ERROR_INPUT,
                       "%s: say either by (the other register's field that names this record) or through "
                       "(this register's field that names the other's)",
                       where);
    if (gate->through == NULL && (gate->same != NULL || gate->until != NULL))
        return tk_fail(error, TK_ERROR_INPUT, "%s: same and until go with through only", where);
    schema->gate_count++;
    return true;
}

static bool read_gates(const char *name, TkRegisterSchema *schema, GError **error)
{
    const json_t *list = json_object_get(schema->root, "gates"), *in;
    size_t i;
    if (list != NULL && (!json_is_array(list) || json_array_size(list) > TK_REGISTER_GATES_MAX))
        return tk_fail(error, TK_ERROR_INPUT, "%s: gates: must be a list of at most %d", name,
                       TK_REGISTER_GATES_MAX);
    json_array_foreach(list, i, in)
    {
        g_autofree char *where = g_strdup_printf("%s: gates[%zu]", name, i);
        if (!read_gate(where, schema, in, error))
            return false;
    }
    return true;
}

bool tk_register_gate_fits(const TkRegisterSchema *schema, size_t at, const TkRegisterSchema *other,
                           GError **error)
{
    const TkRegisterGate *gate = &schema->gates[at];
    g_autofree char *where = g_strdup_printf("register %s: gates[%zu]", schema->id, at);
    if (other == NULL || other->view)
        return tk_fail(error, TK_ERROR_INPUT, "%s: register: there is no register “%.40s” of one's own",
                       where, gate->other);
    const TkRegisterField *by = tk_register_field(other, gate->by);
    if (gate->by != NULL && (by == NULL || g_strcmp0(by->ref, schema->id) != 0))
        return tk_fail(error, TK_ERROR_INPUT, "%s: by: “%.40s” is no field of %s that refers to %s", where,
                       gate->by, other->id, schema->id);
    if (gate->through != NULL && g_strcmp0(gate->through->ref, other->id) != 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: through: “%s” does not refer to %s", where,
                       gate->through->id, other->id);
    const TkRegisterField *until = tk_register_field(other, gate->until);
    if (gate->until != NULL && (until == NULL || until->type != TK_REGISTER_DATE))
        return tk_fail(error, TK_ERROR_INPUT, "%s: until: “%.40s” is no date of %s", where, gate->until,
                       other->id);
    const char *its;
    json_t *own;
    json_object_foreach((json_t *)gate->same, its, own)
    {
        if (tk_register_field(other, its) == NULL ||
            tk_register_field(schema, json_string_value(own)) == NULL)
            return tk_fail(error, TK_ERROR_INPUT, "%s: same: must be {FIELD OF %s: FIELD OF %s}", where,
                           other->id, schema->id);
    }
    return gate->with == NULL || condition_fits(where, "with", gate->with, other, error);
}

/* ---- approval ---- */

static bool options_fit(const char *where, const char *key, const TkRegisterField *field, const json_t *list,
                        GError **error)
{
    size_t i;
    const json_t *value;
    if (json_array_size(list) == 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: %s: must be a list of options", where, key);
    json_array_foreach(list, i, value)
    {
        if (!value_fits(field, value))
            return tk_fail(error, TK_ERROR_INPUT, "%s: %s[%zu]: is no option of “%s”", where, key, i,
                           field->id);
    }
    return true;
}

/* A field that the engine fills; NULL where the file names none. */
static bool read_filled(const char *where, const TkRegisterSchema *schema, const json_t *in, const char *key,
                        TkRegisterType type, const TkRegisterField **field, GError **error)
{
    const json_t *id = json_object_get(in, key);
    *field = tk_register_field(schema, json_string_value(id));
    bool fits = *field != NULL && (*field)->type == type && !(*field)->required && !(*field)->classified;
    return id == NULL || fits ||
           tk_fail(error, TK_ERROR_INPUT, "%s: %s: must be a %s field that is not required and not sealed",
                   where, key, tk_register_type_name(type));
}

static bool free_fields(const char *where, const TkRegisterSchema *schema, const json_t *list, GError **error)
{
    size_t i;
    const json_t *value;
    json_array_foreach(list, i, value)
    {
        if (tk_register_field(schema, json_string_value(value)) == NULL)
            return tk_fail(error, TK_ERROR_INPUT, "%s: free[%zu]: is no field of this register", where, i);
    }
    return list == NULL || json_is_array(list) ||
           tk_fail(error, TK_ERROR_INPUT, "%s: free: must be a list of fields", where);
}

static bool is_column(const TkRegisterSchema *schema, const TkRegisterField *field)
{
    for (size_t i = 0; i < schema->column_count; i++)
        if (schema->columns[i] == field)
            return true;
    return false;
}

static bool read_approval(const char *name, TkRegisterSchema *schema, GError **error)
{
    const json_t *in = json_object_get(schema->root, "approval");
    if (in == NULL)
        return true;
    g_autofree char *where = g_strdup_printf("%s: approval", name);
    TkRegisterApproval *a = &schema->approval;
    const TkRegisterField *field = tk_register_field(schema, json_string_value(json_object_get(in, "field")));
    if (field == NULL || field->type != TK_REGISTER_ENUM || !is_column(schema, field))
        return tk_fail(error, TK_ERROR_INPUT, "%s: field: must be an enum that the list shows", where);
    a->asked = json_object_get(in, "asked");
    a->decided = json_object_get(in, "decided");
    a->free = json_object_get(in, "free");
    if (!tk_schema_keys(where, in, approval_keys, error) ||
        !options_fit(where, "asked", field, a->asked, error) ||
        !options_fit(where, "decided", field, a->decided, error) ||
        !tk_schema_roles(where, in, "by", &a->by, error) ||
        !read_filled(where, schema, in, "who", TK_REGISTER_TEXT, &a->who, error) ||
        !read_filled(where, schema, in, "at", TK_REGISTER_TIME, &a->at, error) ||
        !free_fields(where, schema, a->free, error))
        return false;
    if (a->by == 0 || (a->by & ~schema->write) != 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: by: must be roles that may write", where);
    size_t i;
    const json_t *value;
    json_array_foreach(a->asked, i, value)
    {
        if (tk_register_among(a->decided, value))
            return tk_fail(error, TK_ERROR_INPUT, "%s: decided: an option cannot be asked and decided",
                           where);
    }
    a->field = field;
    return true;
}

bool tk_schema_states(const char *name, TkRegisterSchema *schema, GError **error)
{
    if (schema->view && (json_object_get(schema->root, "gates") || json_object_get(schema->root, "approval")))
        return tk_fail(error, TK_ERROR_INPUT, "%s: a view is read only and has no gates and no approval",
                       name);
    return read_gates(name, schema, error) && read_approval(name, schema, error);
}

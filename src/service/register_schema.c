/* Reads a register's file. Everything that could go wrong later — a title that is no field, a condition on a
 * field that does not exist, an auditor who may write — is refused here, naming file, field and reason, so
 * that the engine meets only sound descriptions. Properties it does not know are refused too: a typing error
 * in "required" must not quietly make a field optional. */
#include "service/register_schema_private.h"

#include <math.h>

static const char *const type_names[] = {
    "text", "integer", "number", "date",    "time",         "boolean",         "enum", "ref", "list-of-ref",
    "file", "url",     "email",  "country", "list-of-enum", "list-of-country", NULL};
static const char *const register_keys[] = {
    "format", "id",       "label",  "purpose",       "fields",  "title",    "list",   "due",
    "read",   "write",    "reveal", "review_months", "prefix",  "assigned", "closed", "view",
    "gates",  "approval", "check",  "group",         "acyclic", NULL};
static const char *const field_keys[] = {"id",  "type",    "label", "help",  "unit",     "required", "max",
                                         "min", "options", "ref",   "class", "personal", "from",     NULL};
/* Under which heading the list of registers shows it. */
static const char *const groups[] = {"network",  "events", "people",  "programme", "users",
                                     "partners", "risk",   "records", NULL};
/* What a view may show, and the kind under which the store has it. */
static const struct {
    const char *view, *kind;
} views[] = {{"accidents", "accident"}, {"near-misses", "near-miss"}, {"leaks", "leak"}};

/* Words of the list's query and of a record's own columns. */
static const char *const reserved[] = {"id",    "version", "search", "order", "limit",      "cursor",
                                       "as_of", "reveal",  "due",    "line",  "descending", NULL};

const char *tk_register_type_name(TkRegisterType type)
{
    return type_names[type];
}

bool tk_register_is_list(const TkRegisterField *field)
{
    return field->type == TK_REGISTER_LIST_OF_REF || field->type == TK_REGISTER_LIST_OF_ENUM ||
           field->type == TK_REGISTER_LIST_OF_COUNTRY;
}

const TkRegisterField *tk_register_field(const TkRegisterSchema *schema, const char *id)
{
    for (size_t i = 0; id != NULL && i < schema->count; i++)
        if (strcmp(schema->fields[i].id, id) == 0)
            return &schema->fields[i];
    return NULL;
}

/* ---- small readers; `where` is "registers/x.json" or "registers/x.json: field “y”" ---- */

static bool name_ok(const char *name)
{
    size_t len = name == NULL ? 0 : strlen(name);
    if (len == 0 || len > TK_REGISTER_NAME_MAX || !g_ascii_islower(name[0]))
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

bool tk_schema_keys(const char *where, const json_t *object, const char *const *keys, GError **error)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!g_strv_contains(keys, key))
            return tk_fail(error, TK_ERROR_INPUT, "%s: “%.40s” is not a property of this format", where, key);
    }
    return true;
}

bool tk_schema_words(const char *where, const json_t *object, const char *key, bool needed, const char **ja,
                     const char **en, GError **error)
{
    const json_t *words = json_object_get(object, key);
    *ja = json_string_value(json_object_get(words, "ja"));
    *en = json_string_value(json_object_get(words, "en"));
    if (words == NULL && !needed)
        return true;
    if (*ja != NULL && *en != NULL && (*ja)[0] != '\0' && (*en)[0] != '\0')
        return true;
    return tk_fail(error, TK_ERROR_INPUT, "%s: %s: must be {\"ja\":…, \"en\":…}, both said", where, key);
}

static bool read_bool(const char *where, const json_t *object, const char *key, bool *value, GError **error)
{
    const json_t *in = json_object_get(object, key);
    *value = json_is_true(in);
    return in == NULL || json_is_boolean(in) ||
           tk_fail(error, TK_ERROR_INPUT, "%s: %s: must be true or false", where, key);
}

static bool read_bound(const char *where, const json_t *object, const char *key, bool *has, double *value,
                       GError **error)
{
    const json_t *in = json_object_get(object, key);
    *has = in != NULL;
    *value = json_number_value(in);
    return in == NULL || json_is_number(in) ||
           tk_fail(error, TK_ERROR_INPUT, "%s: %s: must be a number", where, key);
}

/* ---- one field ---- */

static bool read_type(const char *where, const json_t *in, TkRegisterType *type, GError **error)
{
    const char *name = json_string_value(json_object_get(in, "type"));
    for (unsigned i = 0; name != NULL && type_names[i] != NULL; i++) {
        if (strcmp(type_names[i], name) == 0) {
            *type = (TkRegisterType)i;
            return true;
        }
    }
    return tk_fail(error, TK_ERROR_INPUT,
                   "%s: type: “%.40s” is not a type; docs/register-format.md lists them", where,
                   name == NULL ? "" : name);
}

static bool read_options(const char *where, const json_t *in, TkRegisterField *field, GError **error)
{
    field->options = json_object_get(in, "options");
    bool wanted = field->type == TK_REGISTER_ENUM || field->type == TK_REGISTER_LIST_OF_ENUM;
    size_t count = json_array_size(field->options);
    if (!wanted)
        return field->options == NULL ||
               tk_fail(error, TK_ERROR_INPUT, "%s: options: only an enum has options", where);
    if (count == 0 || count > TK_REGISTER_OPTIONS_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "%s: options: an enum has 1 to %d of them", where,
                       TK_REGISTER_OPTIONS_MAX);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;
    const json_t *option;
    const char *ja, *en;
    json_array_foreach(field->options, i, option)
    {
        const char *id = json_string_value(json_object_get(option, "id"));
        if (id == NULL || id[0] == '\0' || strlen(id) > TK_REGISTER_NAME_MAX ||
            !g_hash_table_add(seen, (char *)id))
            return tk_fail(error, TK_ERROR_INPUT, "%s: options[%zu]: id: missing, too long or there twice",
                           where, i);
        if (!tk_schema_words(where, option, "label", true, &ja, &en, error))
            return false;
    }
    return true;
}

static bool read_required(const char *where, const json_t *in, TkRegisterField *field, GError **error)
{
    const json_t *required = json_object_get(in, "required");
    const json_t *when = json_object_get(required, "when");
    field->required = json_is_true(required) || when != NULL;
    if (required == NULL || json_is_boolean(required))
        return true;
    if (!json_is_object(when) || json_object_size(when) != 1 || json_object_size(required) != 1)
        return tk_fail(error, TK_ERROR_INPUT,
                       "%s: required: must be true, false or {\"when\":{FIELD:VALUE}} with one field", where);
    void *first = json_object_iter((json_t *)when);
    field->when_field = json_object_iter_key(first);
    field->when_value = json_object_iter_value(first);
    return true;
}

static bool read_class(const char *where, const json_t *in, TkRegisterField *field, GError **error)
{
    const json_t *value = json_object_get(in, "class");
    const char *name = json_string_value(value);
    field->classified = g_strcmp0(name, "secrecy") == 0 || g_strcmp0(name, "specified-user-info") == 0;
    if (value != NULL && !field->classified && g_strcmp0(name, "normal") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: class: must be normal, secrecy or specified-user-info",
                       where);
    bool reference = field->type == TK_REGISTER_REF || field->type == TK_REGISTER_LIST_OF_REF;
    return !(reference && (field->classified || field->personal)) ||
           tk_fail(error, TK_ERROR_INPUT,
                   "%s: class: a reference cannot be sealed or personal; what it names can", where);
}

static bool read_ref(const char *where, const json_t *in, TkRegisterField *field, GError **error)
{
    const json_t *ref = json_object_get(in, "ref");
    bool wanted = field->type == TK_REGISTER_REF || field->type == TK_REGISTER_LIST_OF_REF;
    field->ref = json_string_value(ref);
    if (wanted == (field->ref != NULL) && (ref == NULL || field->ref != NULL))
        return true;
    return tk_fail(error, TK_ERROR_INPUT,
                   wanted ? "%s: ref: missing; the register it refers to"
                          : "%s: ref: only a ref or list-of-ref has one",
                   where);
}

/* Where the value lies: in a view where the file says, else beside the other values. */
static bool read_from(const char *where, bool view, const json_t *in, TkRegisterField *field, GError **error)
{
    const json_t *from = json_object_get(in, "from");
    const char *pointer = json_string_value(from);
    bool reference = field->type == TK_REGISTER_REF || field->type == TK_REGISTER_LIST_OF_REF;
    if (from != NULL && (!view || pointer == NULL || pointer[0] != '/'))
        return tk_fail(error, TK_ERROR_INPUT,
                       view ? "%s: from: must be a pointer into the record, such as /title"
                            : "%s: from: only a field of a view has one",
                       where);
    if (view && (reference || field->classified || field->personal || field->type == TK_REGISTER_FILE))
        return tk_fail(error, TK_ERROR_INPUT, "%s: type: a view has plain values only", where);
    field->pointer =
        pointer != NULL ? g_strdup(pointer) : g_strconcat(view ? "/" : "/values/", field->id, NULL);
    return true;
}

static bool read_field(const char *name, bool view, size_t at, const json_t *in, TkRegisterField *field,
                       GError **error)
{
    const char *ja, *en;
    field->id = json_string_value(json_object_get(in, "id"));
    g_autofree char *where = name_ok(field->id) ? g_strdup_printf("%s: field “%s”", name, field->id)
                                                : g_strdup_printf("%s: fields[%zu]", name, at);
    if (!name_ok(field->id))
        return tk_fail(error, TK_ERROR_INPUT, "%s: id: must be 1 to %d of a–z, 0–9, - and _, a letter first",
                       where, TK_REGISTER_NAME_MAX);
    if (g_strv_contains(reserved, field->id))
        return tk_fail(error, TK_ERROR_INPUT, "%s: id: this word is kept for the list's own questions",
                       where);
    bool ok = tk_schema_keys(where, in, field_keys, error) && read_type(where, in, &field->type, error) &&
              tk_schema_words(where, in, "label", true, &field->ja, &field->en, error) &&
              tk_schema_words(where, in, "help", false, &ja, &en, error) &&
              read_bool(where, in, "personal", &field->personal, error) &&
              read_bound(where, in, "min", &field->has_min, &field->min, error) &&
              read_bound(where, in, "max", &field->has_max, &field->max, error) &&
              read_options(where, in, field, error) && read_required(where, in, field, error) &&
              read_class(where, in, field, error) && read_ref(where, in, field, error) &&
              read_from(where, view, in, field, error);
    if (ok && field->has_min && field->has_max && field->min > field->max)
        return tk_fail(error, TK_ERROR_INPUT, "%s: min: larger than max", where);
    return ok;
}

/* ---- the register ---- */

static bool read_fields(const char *name, TkRegisterSchema *schema, GError **error)
{
    const json_t *list = json_object_get(schema->root, "fields");
    size_t count = json_array_size(list), i;
    if (count == 0 || count > TK_REGISTER_FIELDS_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "%s: fields: there must be 1 to %d", name,
                       TK_REGISTER_FIELDS_MAX);
    schema->fields = g_new0(TkRegisterField, count);
    const json_t *in;
    json_array_foreach(list, i, in)
    {
        if (!read_field(name, schema->view, i, in, &schema->fields[i], error))
            return false;
        if (tk_register_field(schema, schema->fields[i].id) != NULL)
            return tk_fail(error, TK_ERROR_INPUT, "%s: field “%s”: there twice", name, schema->fields[i].id);
        schema->count++;
    }
    return true;
}

bool tk_schema_option(const TkRegisterField *field, const char *id)
{
    size_t i;
    const json_t *option;
    json_array_foreach(field->options, i, option)
    {
        if (g_strcmp0(json_string_value(json_object_get(option, "id")), id) == 0)
            return true;
    }
    return false;
}

static bool check_conditions(const char *name, const TkRegisterSchema *schema, GError **error)
{
    for (size_t i = 0; i < schema->count; i++) {
        const TkRegisterField *field = &schema->fields[i];
        if (field->when_field == NULL)
            continue;
        const TkRegisterField *other = tk_register_field(schema, field->when_field);
        if (other == NULL || other == field || other->classified)
            return tk_fail(error, TK_ERROR_INPUT,
                           "%s: field “%s”: required: “%.40s” is no field it can depend on", name, field->id,
                           field->when_field);
        const char *value = json_string_value(field->when_value);
        bool fits = other->type == TK_REGISTER_ENUM      ? tk_schema_option(other, value)
                    : other->type == TK_REGISTER_BOOLEAN ? json_is_boolean(field->when_value)
                                                         : value != NULL || json_is_number(field->when_value);
        if (!fits)
            return tk_fail(error, TK_ERROR_INPUT, "%s: field “%s”: required: “%s” can never have that value",
                           name, field->id, other->id);
    }
    return true;
}

/* A field that can head a record or a column: plain, not sealed, not personal unless `personal`. */
static const TkRegisterField *plain_field(const char *name, const TkRegisterSchema *schema, const char *key,
                                          const json_t *id, GError **error)
{
    const TkRegisterField *field = tk_register_field(schema, json_string_value(id));
    if (field != NULL && !field->classified)
        return field;
    tk_fail(error, TK_ERROR_INPUT, "%s: %s: “%.40s” is no field of this register, or is a sealed one", name,
            key, json_is_string(id) ? json_string_value(id) : "");
    return NULL;
}

static bool read_columns(const char *name, TkRegisterSchema *schema, GError **error)
{
    const json_t *list = json_object_get(schema->root, "list"), *id;
    size_t i;
    if (json_array_size(list) == 0 || json_array_size(list) > TK_REGISTER_COLUMNS_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "%s: list: must name 1 to %d fields", name,
                       TK_REGISTER_COLUMNS_MAX);
    json_array_foreach(list, i, id)
    {
        const TkRegisterField *field = plain_field(name, schema, "list", id, error);
        if (field == NULL)
            return false;
        schema->columns[schema->column_count++] = field;
    }
    schema->title = plain_field(name, schema, "title", json_object_get(schema->root, "title"), error);
    const json_t *due = json_object_get(schema->root, "due");
    if (schema->title == NULL || due == NULL)
        return schema->title != NULL;
    schema->due = plain_field(name, schema, "due", due, error);
    return schema->due != NULL &&
           (schema->due->type == TK_REGISTER_DATE ||
            tk_fail(error, TK_ERROR_INPUT, "%s: due: must be a field of type date", name));
}

bool tk_schema_roles(const char *name, const json_t *holder, const char *key, unsigned *bits, GError **error)
{
    const json_t *list = json_object_get(holder, key), *value;
    size_t i;
    *bits = 0;
    if (!json_is_array(list))
        return tk_fail(error, TK_ERROR_INPUT, "%s: %s: missing; a list of roles", name, key);
    json_array_foreach(list, i, value)
    {
        TkRole role = tk_role_of_name(json_string_value(value));
        if (role == TK_ROLE_NONE || role == TK_ROLE_ALARM_SOURCE)
            return tk_fail(error, TK_ERROR_INPUT, "%s: %s[%zu]: is no role of a person", name, key, i);
        if (role == TK_ROLE_AUDITOR && strcmp(key, "write") == 0)
            return tk_fail(error, TK_ERROR_INPUT, "%s: write: an auditor writes nothing", name);
        if (role == TK_ROLE_CONTRACTOR)
            return tk_fail(error, TK_ERROR_INPUT,
                           "%s: %s: a contractor reads what is assigned to it (assigned) and writes nothing",
                           name, key);
        *bits |= 1u << role;
    }
    return true;
}

static bool read_rights(const char *name, TkRegisterSchema *schema, GError **error)
{
    if (!tk_schema_roles(name, schema->root, "read", &schema->read, error) ||
        !tk_schema_roles(name, schema->root, "write", &schema->write, error))
        return false;
    if ((schema->write & ~schema->read) != 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: write: who writes must be able to read", name);
    bool sealed = false;
    for (size_t i = 0; i < schema->count; i++)
        sealed = sealed || schema->fields[i].classified;
    if (json_object_get(schema->root, "reveal") == NULL && !sealed)
        return true;
    return tk_schema_roles(name, schema->root, "reveal", &schema->reveal, error);
}

/* "closed": {"status": ["done", …]}: nothing has to be done about such a record any more. */
static bool read_closed(const char *name, TkRegisterSchema *schema, GError **error)
{
    const json_t *closed = json_object_get(schema->root, "closed"), *value;
    if (closed == NULL)
        return true;
    void *first = json_object_iter((json_t *)closed);
    schema->closed_values = json_object_size(closed) == 1 ? json_object_iter_value(first) : NULL;
    if (json_array_size(schema->closed_values) > 0)
        schema->closed_field = tk_register_field(schema, json_object_iter_key(first));
    if (schema->closed_field == NULL || schema->closed_field->type != TK_REGISTER_ENUM)
        return tk_fail(error, TK_ERROR_INPUT, "%s: closed: must be {ENUM FIELD: [OPTION…]} with one field",
                       name);
    size_t i;
    json_array_foreach(schema->closed_values, i, value)
    {
        if (!tk_schema_option(schema->closed_field, json_string_value(value)))
            return tk_fail(error, TK_ERROR_INPUT, "%s: closed: “%s” can never have that value", name,
                           schema->closed_field->id);
    }
    return true;
}

static bool read_review(const char *name, TkRegisterSchema *schema, GError **error)
{
    const json_t *months = json_object_get(schema->root, "review_months");
    json_int_t value = json_integer_value(months);
    if (months != NULL && (!json_is_integer(months) || value < 0 || value > 120))
        return tk_fail(error, TK_ERROR_INPUT, "%s: review_months: must be a whole number from 0 to 120",
                       name);
    schema->review_months = (unsigned)value;
    const json_t *prefix = json_object_get(schema->root, "prefix");
    const char *text = json_string_value(prefix);
    if (prefix != NULL && (text == NULL || text[0] == '\0' || strlen(text) > 8 ||
                           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != strlen(text)))
        return tk_fail(error, TK_ERROR_INPUT, "%s: prefix: must be 1 to 8 capital letters", name);
    schema->prefix = text != NULL ? g_strdup(text) : g_ascii_strup(schema->id, 3);
    return true;
}

/* Which references assign a record to a contractor. */
static bool read_assigned(const char *name, TkRegisterSchema *schema, GError **error)
{
    const json_t *list = json_object_get(schema->root, "assigned"), *value;
    size_t i;
    if (list != NULL && (!json_is_array(list) || json_array_size(list) > TK_REGISTER_FIELDS_MAX))
        return tk_fail(error, TK_ERROR_INPUT, "%s: assigned: must be a list of fields", name);
    json_array_foreach(list, i, value)
    {
        const char *id = json_string_value(value);
        const TkRegisterField *field = tk_register_field(schema, id);
        if (g_strcmp0(id, "id") == 0 && strcmp(schema->id, TK_REGISTER_CONTRACTORS) == 0) {
            schema->assigned_self = true;
            continue;
        }
        if (field == NULL || g_strcmp0(field->ref, TK_REGISTER_CONTRACTORS) != 0)
            return tk_fail(error, TK_ERROR_INPUT,
                           "%s: assigned[%zu]: must be a field that refers to the register “%s”", name, i,
                           TK_REGISTER_CONTRACTORS);
        schema->assigned[schema->assigned_count++] = field;
    }
    return true;
}

static bool read_kind(const char *name, TkRegisterSchema *schema, GError **error)
{
    const json_t *view = json_object_get(schema->root, "view");
    if (view == NULL) {
        schema->kind = g_strconcat("r-", schema->id, NULL);
        return true;
    }
    static const char *const own[] = {"due", "review_months", "closed", "reveal", "check", NULL};
    for (size_t i = 0; own[i] != NULL; i++)
        if (json_object_get(schema->root, own[i]) != NULL)
            return tk_fail(error, TK_ERROR_INPUT, "%s: %s: a view has none", name, own[i]);
    if (json_array_size(json_object_get(schema->root, "write")) > 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: write: a view is read only, so that nobody writes it",
                       name);
    schema->view = true;
    for (size_t i = 0; i < G_N_ELEMENTS(views); i++)
        if (g_strcmp0(json_string_value(view), views[i].view) == 0)
            schema->kind = g_strdup(views[i].kind);
    return schema->kind != NULL ||
           tk_fail(error, TK_ERROR_INPUT, "%s: view: there are accidents, near-misses and leaks", name);
}

static bool read_group(const char *name, const TkRegisterSchema *schema, GError **error)
{
    const json_t *group = json_object_get(schema->root, "group");
    if (group == NULL || (json_is_string(group) && g_strv_contains(groups, json_string_value(group))))
        return true;
    g_autofree char *known = g_strjoinv(", ", (char **)groups);
    return tk_fail(error, TK_ERROR_INPUT, "%s: group: must be one of %s", name, known);
}

static bool read_head(const char *name, TkRegisterSchema *schema, GError **error)
{
    const char *ja, *en;
    const char *format = json_string_value(json_object_get(schema->root, "format"));
    if (g_strcmp0(format, "tokatsu-register/1") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: format: must be \"tokatsu-register/1\"", name);
    schema->id = json_string_value(json_object_get(schema->root, "id"));
    if (!name_ok(schema->id))
        return tk_fail(error, TK_ERROR_INPUT, "%s: id: must be 1 to %d of a–z, 0–9, - and _, a letter first",
                       name, TK_REGISTER_NAME_MAX);
    static const char *const lists[] = {"due", "waiting", "counts", NULL};
    if (g_strv_contains(lists, schema->id))
        return tk_fail(error, TK_ERROR_INPUT, "%s: id: “%s” is the address of a list of all registers", name,
                       schema->id);
    return tk_schema_keys(name, schema->root, register_keys, error) && read_kind(name, schema, error) &&
           read_group(name, schema, error) &&
           tk_schema_words(name, schema->root, "label", true, &schema->ja, &schema->en, error) &&
           tk_schema_words(name, schema->root, "purpose", true, &ja, &en, error);
}

static bool read_check(const char *name, TkRegisterSchema *schema, GError **error)
{
    const json_t *check = json_object_get(schema->root, "check");
    schema->judge = tk_register_judge(json_string_value(check));
    if (check != NULL && schema->judge == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "%s: check: is none of the checks this program has", name);
    return true;
}

TkRegisterSchema *tk_register_schema_load(const char *name, const char *text, size_t len, GError **error)
{
    g_autoptr(TkRegisterSchema) schema = g_new0(TkRegisterSchema, 1);
    schema->root = tk_json_read(name, text, len, TK_REGISTER_FILE_MAX, error);
    if (schema->root == NULL)
        return NULL;
    if (read_head(name, schema, error) && read_fields(name, schema, error) &&
        check_conditions(name, schema, error) && read_columns(name, schema, error) &&
        read_rights(name, schema, error) && read_assigned(name, schema, error) &&
        read_review(name, schema, error) && read_closed(name, schema, error) &&
        tk_schema_states(name, schema, error) && read_check(name, schema, error) &&
        tk_schema_acyclic(name, schema, error))
        return g_steal_pointer(&schema);
    return NULL;
}

void tk_register_schema_free(TkRegisterSchema *schema)
{
    if (schema == NULL)
        return;
    size_t made = schema->fields == NULL ? 0 : json_array_size(json_object_get(schema->root, "fields"));
    for (size_t i = 0; i < made; i++)
        g_free(schema->fields[i].pointer);
    json_decref(schema->root);
    g_free(schema->kind);
    g_free(schema->prefix);
    g_free(schema->fields);
    g_free(schema);
}

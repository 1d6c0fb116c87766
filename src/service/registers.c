/* The set of registers: which files there are, whether they fit together, and who may open which. */
#include "service/register.h"

#include <gio/gio.h>

#define FOLDER      "registers"
#define INDEXES_MAX 31

/* ---- reading the files ---- */

static int by_id(gconstpointer a, gconstpointer b)
{
    const TkRegisterSchema *const *x = a, *const *y = b;
    return strcmp((*x)->id, (*y)->id);
}

/* The store keeps so many indexes for a register, the review's among them. */
static bool few_indexes(const char *name, const TkRegisterSchema *schema, GError **error)
{
    unsigned count = 1;
    for (size_t i = 0; i < schema->count; i++)
        count += tk_register_indexed(schema, &schema->fields[i]);
    return count <= INDEXES_MAX ||
           tk_fail(error, TK_ERROR_LIMIT, "%s: list columns and references together are more than %d", name,
                   INDEXES_MAX - 1);
}

static bool add(TkRegisters *registers, const char *name, const char *text, size_t len, GError **error)
{
    if (registers->schemas->len == TK_REGISTERS_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%s: there are more than %d registers", name, TK_REGISTERS_MAX);
    TkRegisterSchema *schema = tk_register_schema_load(name, text, len, error);
    if (schema == NULL)
        return false;
    if (!few_indexes(name, schema, error)) {
        tk_register_schema_free(schema);
        return false;
    }
    if (tk_registers_schema(registers, schema->id) == NULL) {
        g_ptr_array_add(registers->schemas, schema);
        return true;
    }
    tk_fail(error, TK_ERROR_INPUT, "%s: id: another file declares the register “%s” too", name, schema->id);
    tk_register_schema_free(schema);
    return false;
}

static bool add_built_in(TkRegisters *registers, GError **error)
{
    g_auto(GStrv) names = tk_asset_list(FOLDER);
    for (char **name = names; *name != NULL; name++) {
        g_autoptr(GBytes) bytes = g_str_has_suffix(*name, ".json") ? tk_asset(*name) : NULL;
        if (bytes == NULL)
            continue;
        size_t len;
        const char *text = g_bytes_get_data(bytes, &len);
        if (!add(registers, *name, text == NULL ? "" : text, len, error))
            return false;
    }
    return true;
}

static bool add_file(TkRegisters *registers, const char *dir, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autoptr(GError) why = NULL;
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GFileInputStream) stream = g_file_read(file, NULL, &why);
    g_autoptr(GBytes) bytes = NULL;
    if (stream != NULL) /* a byte past the ceiling is enough to refuse the file */
        bytes = g_input_stream_read_bytes(G_INPUT_STREAM(stream), TK_REGISTER_FILE_MAX + 1, NULL, &why);
    if (bytes == NULL)
        return tk_fail(error, TK_ERROR_IO, "%s cannot be read: %s", path, why->message);
    size_t len;
    const char *text = g_bytes_get_data(bytes, &len);
    return add(registers, name, text == NULL ? "" : text, len, error);
}

static bool add_folder(TkRegisters *registers, const char *path, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &why);
    if (dir == NULL)
        return tk_fail(error, TK_ERROR_IO, "the folder of the registers cannot be opened: %s", why->message);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
        if (name[0] != '.' && g_str_has_suffix(name, ".json") && !add_file(registers, path, name, error))
            return false;
    return true;
}

static bool refs_known(const TkRegisters *registers, GError **error)
{
    for (unsigned i = 0; i < registers->schemas->len; i++) {
        const TkRegisterSchema *schema = registers->schemas->pdata[i];
        for (size_t g = 0; g < schema->gate_count; g++)
            if (!tk_register_gate_fits(schema, g, tk_registers_schema(registers, schema->gates[g].other),
                                       error))
                return false;
        for (size_t f = 0; f < schema->count; f++) {
            const char *ref = schema->fields[f].ref;
            if (ref != NULL && tk_registers_schema(registers, ref) == NULL)
                return tk_fail(error, TK_ERROR_INPUT,
                               "register %s: field “%s”: ref: there is no register “%.40s”", schema->id,
                               schema->fields[f].id, ref);
        }
    }
    return true;
}

/* ---- what the store keeps ready ---- */

bool tk_register_indexed(const TkRegisterSchema *schema, const TkRegisterField *field)
{
    if (field->personal || field->classified || tk_register_is_list(field) || field->type == TK_REGISTER_FILE)
        return false;
    bool column = field->type == TK_REGISTER_REF;
    for (size_t i = 0; i < schema->column_count; i++)
        column = column || schema->columns[i] == field;
    return column;
}

bool tk_registers_ready(const TkRegisters *registers, const TkRegisterSchema *schema, GError **error)
{
    if (!tk_store_searchable(registers->store, schema->kind, error) ||
        (!schema->view && !tk_store_index(registers->store, schema->kind, TK_REGISTER_DUE, error)))
        return false;
    for (size_t i = 0; i < schema->count; i++)
        if (tk_register_indexed(schema, &schema->fields[i]) &&
            !tk_store_index(registers->store, schema->kind, schema->fields[i].pointer, error))
            return false;
    return true;
}

TkRegisters *tk_registers_new(const TkRegistersOptions *o, GError **error)
{
    g_autoptr(TkRegisters) registers = g_new0(TkRegisters, 1);
    registers->store = o->store;
    registers->auth = o->auth;
    registers->readonly = o->readonly;
    registers->clock = o->clock;
    registers->clock_data = o->clock_data;
    registers->schemas = g_ptr_array_new_with_free_func((GDestroyNotify)tk_register_schema_free);
    g_mutex_init(&registers->lock);
    const char *dir = o->dir != NULL ? o->dir : g_getenv("TOKATSU_REGISTERS_DIR");
    bool read = dir == NULL ? add_built_in(registers, error) : add_folder(registers, dir, error);
    if (!read || !refs_known(registers, error))
        return NULL;
    g_ptr_array_sort(registers->schemas, by_id);
    return g_steal_pointer(&registers);
}

void tk_registers_free(TkRegisters *registers)
{
    if (registers == NULL)
        return;
    g_ptr_array_unref(registers->schemas);
    g_mutex_clear(&registers->lock);
    g_free(registers);
}

/* ---- who may ---- */

TkRegisterSchema *tk_registers_schema(const TkRegisters *registers, const char *name)
{
    for (unsigned i = 0; name != NULL && i < registers->schemas->len; i++) {
        TkRegisterSchema *schema = registers->schemas->pdata[i];
        if (strcmp(schema->id, name) == 0)
            return schema;
    }
    return NULL;
}

bool tk_register_has_role(const TkActor *actor, unsigned roles)
{
    return actor != NULL && actor->id != NULL && actor->id[0] != '\0' && actor->role != TK_ROLE_NONE &&
           (unsigned)actor->role < 32 && (roles & (1u << actor->role)) != 0;
}

static bool may_read(const TkActor *actor, const TkRegisterSight *sight, const TkRegisterSchema *schema)
{
    return sight->limited ? tk_register_assigns(schema, sight) : tk_register_has_role(actor, schema->read);
}

const TkRegisterSchema *tk_registers_open(const TkRegisters *registers, const TkActor *actor,
                                          const char *name, TkRegisterAct act, GError **error)
{
    TkRegisterSight sight = tk_register_sight(registers, actor);
    const TkRegisterSchema *schema = tk_registers_schema(registers, name);
    if (schema == NULL) {
        tk_fail_both(error, TK_ERROR_NOT_FOUND, "台帳「%.40s」はありません。", "there is no register “%.40s”",
                     name);
        return NULL;
    }
    if (act == TK_REGISTER_READS ? may_read(actor, &sight, schema)
                                 : tk_register_has_role(actor, schema->write))
        return schema;
    tk_fail(error, TK_ERROR_FORBIDDEN, "the role “%s” may not %s the register %s",
            tk_role_name(actor == NULL ? TK_ROLE_NONE : actor->role),
            act == TK_REGISTER_READS ? "read" : "change", schema->id);
    return NULL;
}

bool tk_registers_may_reveal(const TkRegisters *registers, const TkActor *actor,
                             const TkRegisterSchema *schema)
{
    return registers->auth != NULL && !registers->readonly && tk_register_has_role(actor, schema->reveal);
}

int64_t tk_registers_now(const TkRegisters *registers)
{
    return registers->clock != NULL ? registers->clock(registers->clock_data) : g_get_real_time();
}

GBytes *tk_register_bytes(const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    return g_bytes_new_with_free_func(text, strlen(text), free, text);
}

GBytes *tk_registers_schemas(TkRegisters *registers, const TkActor *actor, GError **error)
{
    if (!tk_register_has_role(actor, ~0u)) {
        tk_fail_both(error, TK_ERROR_FORBIDDEN, "台帳を読むにはサインインしてください。",
                     "nobody with a role is signed in; sign in to read the registers");
        return NULL;
    }
    TkRegisterSight sight = tk_register_sight(registers, actor);
    g_autoptr(json_t) out = json_pack("{s:[]}", "items");
    for (unsigned i = 0; i < registers->schemas->len; i++) {
        const TkRegisterSchema *schema = registers->schemas->pdata[i];
        if (!may_read(actor, &sight, schema))
            continue;
        json_t *item = json_copy(schema->root);
        json_object_set_new(item, "prefix", json_string(schema->prefix));
        json_object_set_new(item, "kind", json_string(schema->view ? "view" : "register"));
        json_object_set_new(item, "may_read", json_true());
        json_object_set_new(item, "may_write", json_boolean(tk_register_has_role(actor, schema->write)));
        json_object_set_new(item, "may_reveal",
                            json_boolean(tk_registers_may_reveal(registers, actor, schema)));
        json_object_set_new(
            item, "may_decide",
            json_boolean(schema->approval.field != NULL && tk_register_has_role(actor, schema->approval.by)));
        json_array_append_new(json_object_get(out, "items"), item);
    }
    return tk_register_bytes(out);
}

/* The use cases on one record: look, add, change, delete; and evidence files. */
#include "service/register.h"

/* ---- looking ---- */

static bool note_viewed(TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                        const TkRecord *record, GError **error)
{
    g_autoptr(json_t) names = tk_register_sealed_names(schema, record->body);
    if (json_array_size(names) == 0)
        return true;
    g_autoptr(json_t) detail =
        json_pack("{s:O, s:I}", "fields", names, "version", (json_int_t)record->version);
    TkWrite *write = tk_write_new(actor->id, tk_registers_now(registers));
    tk_write_note(write, "viewed", schema->kind, record->id, detail);
    return tk_store_commit(registers->store, write, NULL, error);
}

GBytes *tk_register_get(TkRegisters *registers, const TkActor *actor, const char *name, const char *id,
                        int64_t as_of_us, bool reveal, int64_t *version, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_READS, error);
    TkRegisterSight sight = tk_register_sight(registers, actor);
    if (schema == NULL || !tk_register_seen(registers, schema, &sight, id, error))
        return NULL;
    g_autoptr(TkRecord) record = tk_store_get(registers->store, schema->kind, id, as_of_us, error);
    if (record == NULL)
        return NULL;
    if (!tk_register_sees_record(schema, &sight, record)) { /* assigned today, but not then */
        tk_fail(error, TK_ERROR_NOT_FOUND, "%.120s was not assigned to you at that time", id);
        return NULL;
    }
    reveal = reveal && tk_registers_may_reveal(registers, actor, schema);
    if (reveal && !note_viewed(registers, actor, schema, record, error)) /* the trace comes before the look */
        return NULL;
    g_autoptr(json_t) view = tk_register_view(registers, schema, record, reveal, error);
    if (view == NULL)
        return NULL;
    if (version != NULL)
        *version = record->version;
    return tk_register_bytes(view);
}

/* ---- changing ---- */

bool tk_register_sound(const json_t *found, GBytes **findings, GError **error)
{
    if (json_array_size(found) == 0)
        return true;
    if (findings != NULL) {
        g_autoptr(json_t) out = json_pack("{s:O}", "fields", found);
        *findings = tk_register_bytes(out);
    }
    const json_t *first = json_array_get(found, 0);
    return tk_fail(error, TK_ERROR_INVALID, "%s: %s", json_string_value(json_object_get(first, "field")),
                   json_string_value(json_object_get(first, "en")));
}

static const json_t *request_values(const json_t *request, GError **error)
{
    const json_t *values = json_object_get(request, "values");
    if (json_is_object(values))
        return values;
    tk_fail_both(error, TK_ERROR_INPUT, "記録の項目（values）がありません。",
                 "values: missing; an object of the record's fields");
    return NULL;
}

/* One change under way. */
typedef struct {
    TkRegisters *registers;
    const TkActor *actor;
    const TkRegisterSchema *schema;
    const char *id;
    const json_t *old; /* the stored body before; NULL: none */
    int64_t expected;
    const char *action;
} Change;

static void circle_found(const char *id, const char *field, const char *ja, const char *en, void *data)
{
    (void)id;
    tk_register_finding(data, field, ja, en);
}

static bool acyclic(const Change *c, json_t *values, json_t *found, GError **error)
{
    g_autoptr(GHashTable) coming = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(coming, (char *)c->id, values);
    return tk_register_acyclic(c->registers, c->schema, coming, circle_found, found, error);
}

static bool save(const Change *c, const json_t *values, GBytes **findings, GError **error)
{
    int64_t now_us = tk_registers_now(c->registers);
    TkRegisterLookup lookup = {.registers = c->registers};
    g_autoptr(json_t) tidy = tk_register_tidy(c->schema, values, c->old);
    g_autoptr(json_t) before = c->old == NULL ? NULL : tk_register_stored(c->schema, c->old);
    g_auto(TkRegisterPasses) passes = {0};
    TkRegisterEntry entry = {c->registers, c->actor, c->schema, c->id, before, tidy, &passes};
    g_autoptr(json_t) found = tk_register_check(c->schema, tidy, tk_register_exists, &lookup);
    if (!tk_register_enter(&entry, found, error) || !acyclic(c, tidy, found, error) ||
        !tk_register_sound(found, findings, error))
        return false;
    g_autoptr(json_t) body = tk_register_seal(c->registers, c->schema, c->id, tidy, c->old, now_us, error);
    if (body == NULL)
        return false;
    TkWrite *write = tk_write_new(c->actor->id, now_us);
    tk_register_write(write, c->schema, c->id, c->expected, c->action, body);
    return tk_store_commit(c->registers->store, write, NULL, error);
}

static bool stop(const TkRecord *record, void *data)
{
    (void)record;
    (void)data;
    return false;
}

char *tk_register_next_id(TkRegisters *registers, const TkRegisterSchema *schema, uint64_t *last)
{
    TkQuery query = {.kind = schema->kind, .limit = 1};
    if (*last == 0)
        tk_store_list(registers->store, &query, stop, NULL, last, NULL);
    for (;;) { /* an id once given is never given again */
        char *id = g_strdup_printf("%s-%04" G_GUINT64_FORMAT, schema->prefix, ++*last);
        if (!tk_store_history(registers->store, schema->kind, id, stop, NULL, NULL))
            return id;
        g_free(id);
    }
}

/* ---- adding ---- */

static char *wanted_id(TkRegisters *registers, const TkRegisterSchema *schema, const json_t *request,
                       GError **error)
{
    const json_t *id = json_object_get(request, "id");
    uint64_t last = 0;
    if (id == NULL || json_is_null(id))
        return tk_register_next_id(registers, schema, &last);
    if (!tk_register_id_ok(json_string_value(id), error))
        return NULL;
    g_autoptr(TkRecord) there =
        tk_store_get(registers->store, schema->kind, json_string_value(id), TK_TIME_NONE, NULL);
    if (there == NULL)
        return g_strdup(json_string_value(id));
    tk_fail_both(error, TK_ERROR_CONFLICT, "台帳 %s には「%s」という番号の記録がすでにあります。",
                 "id: %s has a record “%s” already", schema->id, json_string_value(id));
    return NULL;
}

/* Under the lock. The id of the record that now stands for the request. */
static char *add_locked(TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                        const json_t *request, GBytes **findings, GError **error)
{
    const json_t *values = request_values(request, error);
    g_autofree char *id = values == NULL ? NULL : wanted_id(registers, schema, request, error);
    if (id == NULL)
        return NULL;
    Change change = {.registers = registers,
                     .actor = actor,
                     .schema = schema,
                     .id = id,
                     .expected = TK_STORE_NEW,
                     .action = "add"};
    return save(&change, values, findings, error) ? g_steal_pointer(&id) : NULL;
}

GBytes *tk_register_add(TkRegisters *registers, const TkActor *actor, const char *name, const json_t *request,
                        int64_t *version, GBytes **findings, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_WRITES, error);
    if (schema == NULL)
        return NULL;
    g_mutex_lock(&registers->lock);
    g_autofree char *id = add_locked(registers, actor, schema, request, findings, error);
    g_mutex_unlock(&registers->lock);
    return id == NULL ? NULL
                      : tk_register_get(registers, actor, name, id, TK_TIME_NONE, false, version, error);
}

/* ---- changing and deleting one that is there ---- */

static TkRecord *current(TkRegisters *registers, const TkRegisterSchema *schema, const char *id,
                         int64_t expected, GError **error)
{
    g_autoptr(TkRecord) record = tk_store_get(registers->store, schema->kind, id, TK_TIME_NONE, error);
    if (record == NULL || record->version == expected)
        return g_steal_pointer(&record);
    tk_fail_both(error, TK_ERROR_STALE,
                 "%s はほかの人が先に変更しました（現在は版 %" G_GINT64_FORMAT
                 "、読んだのは版 %" G_GINT64_FORMAT "）。読み直してからやり直してください。",
                 "version: %s is at version %" G_GINT64_FORMAT " by now, not %" G_GINT64_FORMAT
                 "; read it again and repeat",
                 id, record->version, expected);
    return NULL;
}

GBytes *tk_register_put(TkRegisters *registers, const TkActor *actor, const char *name, const char *id,
                        int64_t expected_version, const json_t *request, int64_t *version, GBytes **findings,
                        GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_WRITES, error);
    const json_t *values = schema == NULL ? NULL : request_values(request, error);
    if (values == NULL)
        return NULL;
    g_mutex_lock(&registers->lock);
    g_autoptr(TkRecord) record = current(registers, schema, id, expected_version, error);
    Change change = {.registers = registers,
                     .actor = actor,
                     .schema = schema,
                     .id = id,
                     .old = record == NULL ? NULL : record->body,
                     .expected = expected_version,
                     .action = "change"};
    bool done = record != NULL && save(&change, values, findings, error);
    g_mutex_unlock(&registers->lock);
    return done ? tk_register_get(registers, actor, name, id, TK_TIME_NONE, false, version, error) : NULL;
}

static bool delete_locked(TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                          const char *id, int64_t expected_version, GError **error)
{
    g_autoptr(TkRecord) record = current(registers, schema, id, expected_version, error);
    if (record == NULL || !tk_register_unreferred(registers, schema, id, error))
        return false;
    TkWrite *write = tk_write_new(actor->id, tk_registers_now(registers));
    tk_write_delete(write, schema->kind, id, expected_version, "delete");
    return tk_store_commit(registers->store, write, NULL, error);
}

GBytes *tk_register_delete(TkRegisters *registers, const TkActor *actor, const char *name, const char *id,
                           int64_t expected_version, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_WRITES, error);
    if (schema == NULL)
        return NULL;
    g_mutex_lock(&registers->lock);
    bool done = delete_locked(registers, actor, schema, id, expected_version, error);
    g_mutex_unlock(&registers->lock);
    g_autoptr(json_t) out = json_pack("{s:s, s:b}", "id", id, "deleted", 1);
    return done ? tk_register_bytes(out) : NULL;
}

/* ---- undoing a deletion ---- */

typedef struct {
    json_t *body; /* of the last version that was not a deletion */
    bool deleted; /* the last one was */
} Past;

static bool take_past(const TkRecord *record, void *data)
{
    Past *past = data;
    past->deleted = record->deleted;
    if (!record->deleted) {
        json_decref(past->body);
        past->body = json_incref(record->body);
    }
    return true;
}

/* Under the lock. What the record names must be there still, as for any other change. */
static bool restore_locked(TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                           const char *id, GBytes **findings, GError **error)
{
    Past past = {0};
    bool known = tk_store_history(registers->store, schema->kind, id, take_past, &past, error);
    g_autoptr(json_t) body = past.body;
    if (!known)
        return false;
    if (!past.deleted)
        return tk_fail(error, TK_ERROR_CONFLICT, "%s %s is not deleted", schema->id, id);
    g_autoptr(json_t) values = tk_register_values(registers, schema, id, body, false, error);
    if (values == NULL)
        return false;
    Change change = {.registers = registers,
                     .actor = actor,
                     .schema = schema,
                     .id = id,
                     .old = body,
                     .expected = TK_STORE_NEW,
                     .action = "restore"};
    return save(&change, values, findings, error);
}

GBytes *tk_register_restore(TkRegisters *registers, const TkActor *actor, const char *name, const char *id,
                            int64_t *version, GBytes **findings, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_WRITES, error);
    if (schema == NULL)
        return NULL;
    g_mutex_lock(&registers->lock);
    bool done = restore_locked(registers, actor, schema, id, findings, error);
    g_mutex_unlock(&registers->lock);
    return done ? tk_register_get(registers, actor, name, id, TK_TIME_NONE, false, version, error) : NULL;
}

/* ---- evidence ---- */

/* Whether the actor may do this in some register that has files. */
static bool may_files(TkRegisters *registers, const TkActor *actor, TkRegisterAct act, GError **error)
{
    for (unsigned i = 0; i < registers->schemas->len; i++) {
        const TkRegisterSchema *schema = registers->schemas->pdata[i];
        for (size_t f = 0; f < schema->count; f++)
            if (schema->fields[f].type == TK_REGISTER_FILE &&
                tk_registers_open(registers, actor, schema->id, act, NULL) != NULL)
                return true;
    }
    return tk_fail(error, TK_ERROR_FORBIDDEN, "the role “%s” may not %s files of a register",
                   tk_role_name(actor->role), act == TK_REGISTER_READS ? "read" : "add");
}

GBytes *tk_register_file_add(TkRegisters *registers, const TkActor *actor, GBytes *bytes, GError **error)
{
    char hash[TK_STORE_HASH_TEXT_MAX];
    if (!may_files(registers, actor, TK_REGISTER_WRITES, error))
        return NULL;
    TkWrite *write = tk_write_new(actor->id, tk_registers_now(registers));
    tk_write_blob(write, bytes, hash);
    if (!tk_store_commit(registers->store, write, NULL, error))
        return NULL;
    g_autoptr(json_t) out =
        json_pack("{s:s, s:I}", "sha256", hash, "size", (json_int_t)g_bytes_get_size(bytes));
    return tk_register_bytes(out);
}

GBytes *tk_register_file(TkRegisters *registers, const TkActor *actor, const char *hash, GError **error)
{
    TkRegisterSight sight = tk_register_sight(registers, actor);
    bool may = sight.limited ? tk_register_sees_file(registers, &sight, hash, error)
                             : may_files(registers, actor, TK_REGISTER_READS, error);
    return may ? tk_store_blob(registers->store, hash, error) : NULL;
}

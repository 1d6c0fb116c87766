/* What a contractor (委託先) sees. An account with that role is tied to one record of the register
 * "contractors" by an administrator; a register's file says by which of its references a record is assigned
 * ("assigned"). Everything else is as if it were not there: the default is no. Lists, search, export, history
 * and evidence files all ask here.
 *
 * A list for a contractor reads the register through and drops what is not its own, because references in
 * lists are not indexed; registers of a carrier have thousands of records, not millions. */
#include "service/register.h"

TkRegisterSight tk_register_sight(const TkRegisters *registers, const TkActor *actor)
{
    TkRegisterSight sight = {.limited = actor == NULL || actor->role == TK_ROLE_CONTRACTOR};
    if (sight.limited && actor != NULL && actor->id != NULL && registers->auth != NULL)
        tk_auth_contractor_of(registers->auth, actor->id, sight.contractor);
    return sight;
}

bool tk_register_assigns(const TkRegisterSchema *schema, const TkRegisterSight *sight)
{
    return sight->contractor[0] != '\0' && (schema->assigned_count > 0 || schema->assigned_self);
}

static bool names(const json_t *value, const char *id)
{
    size_t i;
    const json_t *one;
    if (json_is_string(value))
        return strcmp(json_string_value(value), id) == 0;
    json_array_foreach(value, i, one)
    {
        if (g_strcmp0(json_string_value(one), id) == 0)
            return true;
    }
    return false;
}

bool tk_register_sees(const TkRegisterSchema *schema, const TkRegisterSight *sight, const char *id,
                      const json_t *values)
{
    if (!sight->limited)
        return true;
    if (!tk_register_assigns(schema, sight))
        return false;
    bool own = schema->assigned_self && strcmp(id, sight->contractor) == 0;
    for (size_t i = 0; !own && i < schema->assigned_count; i++)
        own = names(json_object_get(values, schema->assigned[i]->id), sight->contractor);
    return own;
}

bool tk_register_sees_record(const TkRegisterSchema *schema, const TkRegisterSight *sight,
                             const TkRecord *record)
{
    return tk_register_sees(schema, sight, record->id, json_object_get(record->body, "values"));
}

bool tk_register_seen(const TkRegisters *registers, const TkRegisterSchema *schema,
                      const TkRegisterSight *sight, const char *id, GError **error)
{
    if (!sight->limited)
        return true;
    g_autoptr(TkRecord) record = tk_store_get(registers->store, schema->kind, id, TK_TIME_NONE, NULL);
    return (record != NULL && tk_register_sees_record(schema, sight, record)) ||
           tk_fail(error, TK_ERROR_NOT_FOUND, "there is no %s “%.120s” among what is assigned to you",
                   schema->id, id);
}

/* ---- evidence ---- */

typedef struct {
    const TkRegisterSchema *schema;
    const TkRegisterSight *sight;
    const char *hash;
    bool found;
} FileSearch;

static bool look_for_file(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    FileSearch *search = data;
    const json_t *values = json_object_get(record->body, "values");
    if (!tk_register_sees_record(search->schema, search->sight, record))
        return true;
    for (size_t i = 0; i < search->schema->count; i++) {
        const TkRegisterField *field = &search->schema->fields[i];
        const json_t *value = json_object_get(values, field->id);
        if (field->type == TK_REGISTER_FILE && !field->classified &&
            g_strcmp0(json_string_value(json_object_get(value, "sha256")), search->hash) == 0)
            search->found = true;
    }
    return true;
}

bool tk_register_sees_file(const TkRegisters *registers, const TkRegisterSight *sight, const char *hash,
                           GError **error)
{
    for (unsigned i = 0; i < registers->schemas->len; i++) {
        FileSearch search = {.schema = registers->schemas->pdata[i], .sight = sight, .hash = hash};
        if (!tk_register_assigns(search.schema, sight))
            continue;
        if (!tk_register_each(registers, search.schema, look_for_file, &search, error))
            return false;
        if (search.found)
            return true;
    }
    return tk_fail(error, TK_ERROR_NOT_FOUND, "there is no such file among what is assigned to you");
}

/* Between what people see and what the store holds. A classified value is sealed together with the place it
 * belongs to, so that a sealed text moved to another record or field does not open there. */
#include "service/register.h"

/* ---- sealing ---- */

static char *place_of(const TkRegisterSchema *schema, const char *id, const char *field)
{
    return g_strdup_printf("%s/%s/%s", schema->id, id, field);
}

static json_t *seal_value(const TkRegisters *registers, const char *place, const json_t *value)
{
    g_autoptr(json_t) plain = json_pack("{s:s, s:O}", "place", place, "value", value);
    char *text = json_dumps(plain, JSON_COMPACT);
    g_autofree char *sealed = tk_auth_seal(registers->auth, text, strlen(text));
    free(text);
    return json_string(sealed);
}

static json_t *unseal_value(const TkRegisters *registers, const char *place, const json_t *stored,
                            GError **error)
{
    size_t len = 0;
    g_autofree char *text = tk_auth_unseal(registers->auth, json_string_value(stored), &len, error);
    if (text == NULL)
        return NULL;
    g_autoptr(json_t) plain = tk_json_read(place, text, len, TK_STORE_DOCUMENT_MAX, error);
    if (plain == NULL)
        return NULL;
    if (g_strcmp0(json_string_value(json_object_get(plain, "place")), place) == 0)
        return json_incref(json_object_get(plain, "value"));
    tk_fail(error, TK_ERROR_REFUSED, "the sealed value of %s belongs to another place; the data were altered",
            place);
    return NULL;
}

/* ---- out ---- */

/* The value at a pointer of plain names. */
static json_t *value_at(const json_t *document, const char *pointer)
{
    g_auto(GStrv) names = g_strsplit(pointer + 1, "/", 8);
    json_t *value = (json_t *)document;
    for (char **name = names; value != NULL && *name != NULL; name++)
        value = json_object_get(value, *name);
    return value;
}

static bool scalar(const json_t *value)
{
    return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
}

json_t *tk_register_stored(const TkRegisterSchema *schema, const json_t *body)
{
    json_t *values = json_object_get(body, "values");
    if (!schema->view)
        return values == NULL ? json_object() : json_incref(values);
    values = json_object();
    for (size_t i = 0; i < schema->count; i++) {
        json_t *value = value_at(body, schema->fields[i].pointer);
        if (scalar(value) && !(json_is_string(value) && json_string_length(value) == 0))
            json_object_set(values, schema->fields[i].id, value);
    }
    return values;
}

static const json_t *stored_values(const json_t *body)
{
    return json_object_get(body, "values");
}

json_t *tk_register_sealed_names(const TkRegisterSchema *schema, const json_t *body)
{
    json_t *names = json_array();
    for (size_t i = 0; i < schema->count; i++)
        if (schema->fields[i].classified &&
            json_is_string(json_object_get(stored_values(body), schema->fields[i].id)))
            json_array_append_new(names, json_string(schema->fields[i].id));
    return names;
}

json_t *tk_register_values(const TkRegisters *registers, const TkRegisterSchema *schema, const char *id,
                           const json_t *body, bool reveal, GError **error)
{
    g_autoptr(json_t) values = json_object();
    g_autoptr(json_t) all = tk_register_stored(schema, body);
    const char *key;
    json_t *stored;
    json_object_foreach(all, key, stored)
    {
        const TkRegisterField *field = tk_register_field(schema, key);
        if (json_is_null(stored)) /* erased */
            continue;
        if (field == NULL || !field->classified) {
            json_object_set(values, key, stored);
            continue;
        }
        g_autofree char *place = place_of(schema, id, key);
        json_t *shown =
            reveal ? unseal_value(registers, place, stored, error) : json_pack("{s:b}", "sealed", 1);
        if (shown == NULL)
            return NULL;
        json_object_set_new(values, key, shown);
    }
    return g_steal_pointer(&values);
}

json_t *tk_register_title(const TkRegisterSchema *schema, const char *id, const json_t *values)
{
    json_t *value = json_object_get(values, schema->title->id);
    return json_is_string(value) ? json_incref(value) : json_string(id);
}

json_t *tk_register_view(const TkRegisters *registers, const TkRegisterSchema *schema, const TkRecord *record,
                         bool reveal, GError **error)
{
    g_autoptr(json_t) values = tk_register_values(registers, schema, record->id, record->body, reveal, error);
    if (values == NULL)
        return NULL;
    const json_t *due = json_object_get(record->body, "review_due");
    char at[TK_TIME_TEXT_MAX];
    return json_pack("{s:s, s:I, s:s, s:s, s:o, s:O?, s:O}", "id", record->id, "version",
                     (json_int_t)record->version, "at", tk_time_text(record->at_us, at), "who", record->who,
                     "title", tk_register_title(schema, record->id, values), "review_due", due, "values",
                     values);
}

/* ---- in ---- */

static bool nothing(const json_t *value)
{
    return json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

json_t *tk_register_tidy(const TkRegisterSchema *schema, const json_t *values, const json_t *old)
{
    json_t *tidy = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)values, key, value)
    {
        const TkRegisterField *field = tk_register_field(schema, key);
        bool marker = field != NULL && field->classified && tk_register_is_sealed(value);
        bool kept = json_is_string(json_object_get(stored_values(old), key));
        if (field == NULL || !(nothing(value) || (marker && !kept)))
            json_object_set(tidy, key, value);
    }
    return tidy;
}

static json_t *seal_field(const TkRegisters *registers, const char *place, json_t *value, json_t *before,
                          GError **error)
{
    if (tk_register_is_sealed(value))
        return json_incref(before);
    if (registers->auth == NULL) {
        tk_fail(error, TK_ERROR_FORBIDDEN,
                "without the key for sealed fields nothing can be written to them");
        return NULL;
    }
    g_autoptr(json_t) same = json_is_string(before) ? unseal_value(registers, place, before, NULL) : NULL;
    return same != NULL && json_equal(same, value) ? json_incref(before)
                                                   : seal_value(registers, place, value);
}

static bool is_closed(const TkRegisterSchema *schema, const json_t *values)
{
    size_t i;
    const json_t *value;
    json_array_foreach(schema->closed_values, i, value)
    {
        if (json_equal(value, json_object_get(values, schema->closed_field->id)))
            return true;
    }
    return false;
}

/* The earlier of the review after so many months and the record's own deadline; NULL for neither, and where
 * nothing is left to be done. */
static json_t *review_due(const TkRegisterSchema *schema, const json_t *values, int64_t now_us)
{
    TkDate due = TK_DATE_NONE, own;
    if (is_closed(schema, values))
        return NULL;
    if (schema->review_months > 0)
        due = tk_date_month_end(tk_date_of_time(now_us), (int)schema->review_months);
    const char *text =
        schema->due == NULL ? NULL : json_string_value(json_object_get(values, schema->due->id));
    if (text != NULL && tk_date_parse(text, strlen(text), &own, NULL) && (due == TK_DATE_NONE || own < due))
        due = own;
    char out[TK_TIME_TEXT_MAX];
    return due == TK_DATE_NONE ? NULL : json_string(tk_date_text(due, out));
}

json_t *tk_register_seal(const TkRegisters *registers, const TkRegisterSchema *schema, const char *id,
                         const json_t *values, const json_t *old, int64_t now_us, GError **error)
{
    g_autoptr(json_t) stored = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)values, key, value)
    {
        const TkRegisterField *field = tk_register_field(schema, key);
        if (field == NULL || !field->classified) {
            json_object_set(stored, key, value);
            continue;
        }
        g_autofree char *place = place_of(schema, id, key);
        json_t *sealed = seal_field(registers, place, value, json_object_get(stored_values(old), key), error);
        if (sealed == NULL)
            return NULL;
        json_object_set_new(stored, key, sealed);
    }
    json_t *body = json_pack("{s:O}", "values", stored);
    json_t *due = review_due(schema, values, now_us);
    if (due != NULL)
        json_object_set_new(body, "review_due", due);
    return body;
}

void tk_register_write(TkWrite *write, const TkRegisterSchema *schema, const char *id, int64_t version,
                       const char *action, const json_t *body)
{
    tk_write_put(write, schema->kind, id, version, action, body);
    for (size_t i = 0; i < schema->count; i++) {
        const TkRegisterField *field = &schema->fields[i];
        if (!(field->classified || field->personal) ||
            json_object_get(stored_values(body), field->id) == NULL)
            continue;
        g_autofree char *pointer = g_strconcat("/values/", field->id, NULL);
        tk_write_mark_personal(write, pointer);
    }
}

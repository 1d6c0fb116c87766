/* A register's record as JSON Schema (2020-12), for the interface description: the file's fields and nothing
 * else. What a condition decides (required when …) stays with the engine's own check. */
#include "service/register.h"

static json_t *option_ids(const TkRegisterField *field)
{
    json_t *ids = json_array();
    size_t i;
    const json_t *option;
    json_array_foreach(field->options, i, option)
    {
        json_array_append(ids, json_object_get(option, "id"));
    }
    return ids;
}

static json_t *type_schema(const TkRegisterField *field)
{
    static const char *const formats[] = {[TK_REGISTER_DATE] = "date",
                                          [TK_REGISTER_TIME] = "date-time",
                                          [TK_REGISTER_URL] = "uri",
                                          [TK_REGISTER_EMAIL] = "email",
                                          [TK_REGISTER_COUNTRY] = NULL};
    switch (field->type) {
    case TK_REGISTER_INTEGER:
    case TK_REGISTER_NUMBER: {
        json_t *number =
            json_pack("{s:s}", "type", field->type == TK_REGISTER_INTEGER ? "integer" : "number");
        if (field->has_min)
            json_object_set_new(number, "minimum", json_real(field->min));
        if (field->has_max)
            json_object_set_new(number, "maximum", json_real(field->max));
        return number;
    }
    case TK_REGISTER_BOOLEAN:
        return json_pack("{s:s}", "type", "boolean");
    case TK_REGISTER_ENUM:
        return json_pack("{s:s, s:o}", "type", "string", "enum", option_ids(field));
    case TK_REGISTER_LIST_OF_ENUM: {
        json_t *ids = option_ids(field);
        return json_pack("{s:s, s:{s:s, s:o}}", "type", "array", "items", "type", "string", "enum", ids);
    }
    case TK_REGISTER_LIST_OF_COUNTRY:
    case TK_REGISTER_LIST_OF_REF:
        return json_pack("{s:s, s:i, s:{s:s}}", "type", "array", "maxItems", TK_REGISTER_LIST_MAX, "items",
                         "type", "string");
    case TK_REGISTER_FILE:
        return json_pack("{s:s, s:{s:{s:s, s:s}, s:{s:s}}, s:[s, s]}", "type", "object", "properties",
                         "sha256", "type", "string", "pattern", "^[0-9a-f]{64}$", "name", "type", "string",
                         "required", "sha256", "name");
    case TK_REGISTER_TEXT:
        return json_pack("{s:s, s:i, s:i}", "type", "string", "minLength",
                         field->has_min ? (int)field->min : 0, "maxLength",
                         field->has_max ? (int)field->max : TK_REGISTER_TEXT_MAX);
    default: {
        json_t *text = json_pack("{s:s}", "type", "string");
        if ((size_t)field->type < G_N_ELEMENTS(formats) && formats[field->type] != NULL)
            json_object_set_new(text, "format", json_string(formats[field->type]));
        return text;
    }
    }
}

/* Empty is null; a sealed value may stand for itself. */
static json_t *field_schema(const TkRegisterField *field)
{
    json_t *any = json_pack("[o, {s:s}]", type_schema(field), "type", "null");
    if (field->classified)
        json_array_append_new(any, json_pack("{s:s, s:{s:{s:b}}, s:[s]}", "type", "object", "properties",
                                             "sealed", "const", 1, "required", "sealed"));
    return json_pack("{s:s, s:s, s:o}", "title", field->ja, "description", field->en, "anyOf", any);
}

static json_t *values_schema(const TkRegisterSchema *schema)
{
    g_autoptr(json_t) properties = json_object();
    g_autoptr(json_t) required = json_array();
    for (size_t i = 0; i < schema->count; i++) {
        const TkRegisterField *field = &schema->fields[i];
        json_object_set_new(properties, field->id, field_schema(field));
        if (field->required && field->when_field == NULL)
            json_array_append_new(required, json_string(field->id));
    }
    return json_pack("{s:s, s:s, s:s, s:O, s:O, s:b}", "type", "object", "title", schema->ja, "description",
                     schema->en, "properties", properties, "required", required, "additionalProperties", 0);
}

json_t *tk_registers_describe(const TkRegisters *registers)
{
    json_t *all = json_object();
    for (unsigned i = 0; i < registers->schemas->len; i++) {
        const TkRegisterSchema *schema = registers->schemas->pdata[i];
        json_object_set_new(all, schema->id, values_schema(schema));
    }
    return all;
}

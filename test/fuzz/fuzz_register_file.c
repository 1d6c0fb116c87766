/* A register file. One that loads describes itself without contradiction, and checks any record without harm.
 */
#include "service/register_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool exists(const char *ref, const char *id, void *data)
{
    (void)data;
    return ref != NULL && id[0] == 'a';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TkRegisterSchema) schema =
        tk_register_schema_load("fuzz.json", (const char *)data, size, &error);
    g_assert((schema == NULL) == (error != NULL));
    if (schema == NULL)
        return 0;
    g_assert(schema->count > 0 && schema->title != NULL && schema->column_count > 0);
    g_autoptr(json_t) same = json_object(), texts = json_object();
    for (size_t i = 0; i < schema->count; i++) {
        const TkRegisterField *field = &schema->fields[i];
        g_assert(tk_register_field(schema, field->id) == field);
        json_object_set_new(texts, field->id, json_string("abc"));
        if (field->when_value != NULL)
            json_object_set(same, field->when_field, (json_t *)field->when_value);
    }
    g_autoptr(json_t) of_nothing = tk_register_check(schema, same, exists, NULL);
    g_autoptr(json_t) of_texts = tk_register_check(schema, texts, exists, NULL);
    g_assert(json_is_array(of_nothing) && json_is_array(of_texts));
    return 0;
}

/* Any JSON: checked, then resolved as a profile that imports itself as a catalogue. What comes out of a
 * resolution must be readable again. */
#include "control/control.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char small_models[] =
    "{\"oscal-version\":\"1\",\"documents\":{\"catalog\":\"catalog\",\"profile\":\"catalog\"},\"objects\":{"
    "\"catalog\":{\"fields\":"
    "{\"uuid\":\"uuid\",\"title\":\"string=a|b\",\"controls\":\"catalog[]\",\"groups\":\"catalog[?]\","
    "\"map\":\"token{}\"},"
    "\"required\":[\"uuid\"],\"either\":[{\"without\":[\"map\"],\"required\":[\"title\"]}]}}}";

static json_t *fetch(void *user, const char *from, const char *href, const json_t *resource, char **name,
                     GError **error)
{
    const json_t *document = user;
    (void)from;
    (void)resource;
    json_t *catalog = json_object_get(document, "catalog");
    if (href[0] != 'c' || !json_is_object(catalog)) {
        *name = g_strdup(href);
        if (href[0] == 'p')
            return json_incref((json_t *)document);
        tk_fail(error, TK_ERROR_INPUT, "no %s", href);
        return NULL;
    }
    *name = g_strdup("c");
    return json_pack("{s:O}", "catalog", catalog);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static TkOscalModels *models;
    if (models == NULL)
        models = tk_oscal_models_new(small_models, sizeof small_models - 1, NULL);
    g_autoptr(json_t) document = tk_json_read("document", (const char *)data, size, 1 << 16, NULL);
    if (document == NULL)
        return 0;
    g_ptr_array_unref(tk_oscal_check(models, document));
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(json_t) catalog = tk_oscal_resolve(document, "document", fetch, document, 0, notes, NULL);
    if (catalog == NULL)
        return 0;
    g_autofree char *text = json_dumps(catalog, JSON_COMPACT);
    g_autoptr(json_t) again = text == NULL ? NULL : tk_oscal_read("again", text, strlen(text), NULL);
    if (again == NULL)
        g_error("a resolved catalogue of ours does not come back");
    return 0;
}

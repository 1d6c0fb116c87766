/* Components of a system, from either format. */
#include "inventory/read.h"

static void component_free(void *data)
{
    TkComponent *c = data;
    char *const texts[] = {c->ref, c->name, c->version, c->supplier, c->kind, c->purl, c->cpe};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(c);
}

TkComponent *component_new(TkSbom *sbom)
{
    TkComponent *c = g_new0(TkComponent, 1);
    char **const texts[] = {&c->ref, &c->name, &c->version, &c->supplier, &c->kind, &c->purl, &c->cpe};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    c->place = sbom->components->len;
    g_ptr_array_add(sbom->components, c);
    return c;
}

TkSbom *sbom_new(void)
{
    TkSbom *sbom = g_new0(TkSbom, 1);
    char **const texts[] = {&sbom->format, &sbom->serial, &sbom->name, &sbom->created};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    sbom->version = 1;
    sbom->components = g_ptr_array_new_with_free_func(component_free);
    sbom->notes = g_ptr_array_new_with_free_func(g_free);
    return sbom;
}

void tk_sbom_free(TkSbom *sbom)
{
    if (sbom == NULL)
        return;
    g_ptr_array_unref(sbom->components);
    g_ptr_array_unref(sbom->notes);
    g_free(sbom->format);
    g_free(sbom->serial);
    g_free(sbom->name);
    g_free(sbom->created);
    g_free(sbom);
}

static bool read_cyclonedx(Reader *r, const json_t *document, TkSbom *sbom)
{
    g_autoptr(GHashTable) by_ref = g_hash_table_new(g_str_hash, g_str_equal);
    return cyclonedx_head(r, document, sbom) && cyclonedx_components(r, document, sbom, by_ref) &&
           cyclonedx_dependencies(r, document, by_ref);
}

TkSbom *tk_sbom_read(const char *name, const char *text, size_t len, GError **error)
{
    g_autoptr(json_t) document = tk_json_read(name, text, len, TK_INVENTORY_DOCUMENT_MAX, error);
    if (document == NULL)
        return NULL;
    g_autoptr(TkSbom) sbom = sbom_new();
    g_autoptr(GString) at = g_string_new(NULL);
    Reader r = {at, sbom->notes, &sbom->notes_more, error};
    bool ok;
    if (json_object_get(document, "bomFormat") != NULL)
        ok = read_cyclonedx(&r, document, sbom);
    else if (json_object_get(document, "spdxVersion") != NULL)
        ok = spdx_read(&r, document, sbom);
    else
        ok = tk_fail(error, TK_ERROR_INPUT,
                     "%s: neither CycloneDX (bomFormat) nor SPDX (spdxVersion) in JSON", name);
    return ok ? g_steal_pointer(&sbom) : NULL;
}

/* CycloneDX 1.4–1.6 in JSON (ECMA-424): components in components, and what depends on what. */
#include "inventory/read.h"

bool cyclonedx_head(Reader *r, const json_t *document, TkSbom *out)
{
    static const char *const versions[] = {"1.4", "1.5", "1.6", NULL};
    g_autofree char *format = NULL, *version = NULL;
    json_t *metadata = NULL, *about = NULL;
    if (!reader_text(r, document, "bomFormat", true, &format) ||
        !reader_text(r, document, "specVersion", true, &version) ||
        !reader_text(r, document, "serialNumber", false, &out->serial) ||
        !reader_object(r, document, "metadata", &metadata))
        return false;
    if (strcmp(format, "CycloneDX") != 0 || !g_strv_contains(versions, version)) {
        reader_into(r, "specVersion");
        return reader_refuse(r, TK_ERROR_INPUT, "%.20s %.10s is not read; CycloneDX 1.4, 1.5 and 1.6 are",
                             format, version);
    }
    const json_t *number = json_object_get(document, "version");
    out->version = json_is_integer(number) ? (int)CLAMP(json_integer_value(number), 1, 1000000) : 1;
    g_free(out->format);
    out->format = g_strdup_printf("CycloneDX %s", version);
    size_t back = reader_into(r, "metadata");
    if (!reader_text(r, metadata, "timestamp", false, &out->created) ||
        !reader_object(r, metadata, "component", &about))
        return false;
    size_t inner = reader_into(r, "component");
    if (about != NULL && !reader_text(r, about, "name", true, &out->name))
        return false;
    reader_back(r, inner);
    reader_back(r, back);
    return true;
}

/* The supplier's name; an author, a publisher or a group where none is told. */
static bool read_supplier(Reader *r, const json_t *from, TkComponent *c)
{
    json_t *supplier = NULL;
    if (!reader_object(r, from, "supplier", &supplier))
        return false;
    if (supplier != NULL && !reader_text(r, supplier, "name", false, &c->supplier))
        return false;
    static const char *const others[] = {"publisher", "author"};
    for (size_t i = 0; i < G_N_ELEMENTS(others) && c->supplier[0] == '\0'; i++)
        if (!reader_text(r, from, others[i], false, &c->supplier))
            return false;
    return true;
}

static bool keep_ref(Reader *r, GHashTable *by_ref, TkComponent *c)
{
    if (c->ref[0] == '\0')
        return true;
    reader_into(r, "bom-ref");
    if (!g_hash_table_insert(by_ref, c->ref, c))
        return reader_refuse(r, TK_ERROR_INPUT, "“%.80s” is given twice", c->ref);
    return true;
}

static bool read_component(Reader *r, const json_t *from, TkSbom *out, GHashTable *by_ref, int depth);

static bool read_all(Reader *r, const json_t *from, TkSbom *out, GHashTable *by_ref, int depth)
{
    json_t *list;
    if (!reader_list(r, from, "components", TK_INVENTORY_COMPONENTS_MAX, &list))
        return false;
    size_t back = reader_into(r, "components");
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t inner = reader_into_index(r, i);
        if (!read_component(r, json_array_get(list, i), out, by_ref, depth))
            return false;
        reader_back(r, inner);
    }
    reader_back(r, back);
    return true;
}

static bool read_component(Reader *r, const json_t *from, TkSbom *out, GHashTable *by_ref, int depth)
{
    if (!json_is_object(from))
        return reader_refuse(r, TK_ERROR_INPUT, "an object is awaited");
    if (depth > TK_INVENTORY_NEST_MAX || out->components->len >= TK_INVENTORY_COMPONENTS_MAX)
        return reader_refuse(r, TK_ERROR_LIMIT,
                             "more components than the %d that are read, or deeper than %d",
                             TK_INVENTORY_COMPONENTS_MAX, TK_INVENTORY_NEST_MAX);
    g_autofree char *group = NULL, *purl = g_strdup(""), *cpe = g_strdup("");
    TkComponent *c = component_new(out);
    if (!reader_text(r, from, "bom-ref", false, &c->ref) || !reader_text(r, from, "type", true, &c->kind) ||
        !reader_text(r, from, "name", true, &c->name) || !reader_text(r, from, "group", false, &group) ||
        !reader_text(r, from, "version", false, &c->version) || !read_supplier(r, from, c) ||
        !reader_text(r, from, "purl", false, &purl) || !reader_text(r, from, "cpe", false, &cpe))
        return false;
    if (c->supplier[0] == '\0') {
        g_free(c->supplier);
        c->supplier = g_strdup(group);
    }
    reader_purl(r, purl, &c->purl);
    reader_cpe(r, cpe, &c->cpe);
    size_t back = r->at->len;
    if (!keep_ref(r, by_ref, c))
        return false;
    reader_back(r, back);
    return read_all(r, from, out, by_ref, depth + 1);
}

bool cyclonedx_components(Reader *r, const json_t *document, TkSbom *out, GHashTable *by_ref)
{
    const json_t *about = json_object_get(json_object_get(document, "metadata"), "component");
    if (about != NULL) {
        size_t back = reader_into(r, "metadata");
        reader_into(r, "component");
        if (!read_component(r, about, out, by_ref, 0))
            return false;
        reader_back(r, back);
    }
    return read_all(r, document, out, by_ref, 0);
}

/* Services have references of their own, that dependencies may name. */
static bool add_services(Reader *r, const json_t *from, GHashTable *others, int depth)
{
    json_t *list;
    if (!reader_list(r, from, "services", TK_INVENTORY_COMPONENTS_MAX, &list))
        return false;
    size_t back = reader_into(r, "services");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *service = json_array_get(list, i);
        const char *ref = json_string_value(json_object_get(service, "bom-ref"));
        size_t inner = reader_into_index(r, i);
        if (depth > TK_INVENTORY_NEST_MAX || !json_is_object(service))
            return reader_refuse(r, TK_ERROR_INPUT, "a service is awaited, not deeper than %d",
                                 TK_INVENTORY_NEST_MAX);
        if (ref != NULL && !g_hash_table_add(others, (char *)ref))
            return reader_refuse(r, TK_ERROR_INPUT, "“%.80s” is given twice", ref);
        if (!add_services(r, service, others, depth + 1))
            return false;
        reader_back(r, inner);
    }
    reader_back(r, back);
    return true;
}

static bool known(Reader *r, const json_t *ref, GHashTable *by_ref, GHashTable *others)
{
    const char *text = json_string_value(ref);
    if (text == NULL)
        return reader_refuse(r, TK_ERROR_INPUT, "the reference of a component is awaited");
    if (g_hash_table_contains(by_ref, text) || g_hash_table_contains(others, text) ||
        g_str_has_prefix(text, "urn:cdx:"))
        return true;
    return reader_refuse(r, TK_ERROR_INPUT, "“%.80s” is no component or service of this document", text);
}

static bool read_dependency(Reader *r, const json_t *one, GHashTable *by_ref, GHashTable *others,
                            size_t *edges)
{
    static const char *const lists[] = {"dependsOn", "provides"};
    size_t back = reader_into(r, "ref");
    if (!known(r, json_object_get(one, "ref"), by_ref, others))
        return false;
    reader_back(r, back);
    for (size_t l = 0; l < G_N_ELEMENTS(lists); l++) {
        json_t *list;
        if (!reader_list(r, one, lists[l], TK_INVENTORY_EDGES_MAX, &list))
            return false;
        reader_into(r, lists[l]);
        *edges += json_array_size(list);
        if (*edges > TK_INVENTORY_EDGES_MAX)
            return reader_refuse(r, TK_ERROR_LIMIT, "more than %d dependencies", TK_INVENTORY_EDGES_MAX);
        for (size_t i = 0; i < json_array_size(list); i++) {
            size_t inner = reader_into_index(r, i);
            if (!known(r, json_array_get(list, i), by_ref, others))
                return false;
            reader_back(r, inner);
        }
        reader_back(r, back);
    }
    return true;
}

bool cyclonedx_dependencies(Reader *r, const json_t *document, GHashTable *by_ref)
{
    g_autoptr(GHashTable) others = g_hash_table_new(g_str_hash, g_str_equal);
    json_t *list;
    size_t edges = 0;
    if (!add_services(r, document, others, 0) ||
        !reader_list(r, document, "dependencies", TK_INVENTORY_COMPONENTS_MAX, &list))
        return false;
    size_t back = reader_into(r, "dependencies");
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t inner = reader_into_index(r, i);
        if (!read_dependency(r, json_array_get(list, i), by_ref, others, &edges))
            return false;
        reader_back(r, inner);
    }
    reader_back(r, back);
    return true;
}

/* SPDX 2.3 in JSON: packages, what they are called elsewhere, and relationships between elements. */
#include "inventory/read.h"

static bool read_refs(Reader *r, const json_t *from, TkComponent *c)
{
    json_t *list;
    if (!reader_list(r, from, "externalRefs", TK_INVENTORY_COMPONENTS_MAX, &list))
        return false;
    size_t back = reader_into(r, "externalRefs");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *ref = json_array_get(list, i);
        g_autofree char *type = NULL, *locator = NULL;
        size_t inner = reader_into_index(r, i);
        if (!json_is_object(ref))
            return reader_refuse(r, TK_ERROR_INPUT, "an object is awaited");
        if (!reader_text(r, ref, "referenceType", true, &type) ||
            !reader_text(r, ref, "referenceLocator", true, &locator))
            return false;
        if (g_str_has_suffix(type, "purl") && c->purl[0] == '\0')
            reader_purl(r, locator, &c->purl);
        else if ((g_str_has_suffix(type, "cpe23Type") || g_str_has_suffix(type, "cpe22Type")) &&
                 c->cpe[0] == '\0')
            reader_cpe(r, locator, &c->cpe);
        reader_back(r, inner);
    }
    reader_back(r, back);
    return true;
}

/* "Organization: Name (mail)" without the kind and the address; NOASSERTION is nothing. */
static char *plain_supplier(const char *text)
{
    if (strcmp(text, "NOASSERTION") == 0)
        return g_strdup("");
    const char *colon = strstr(text, ": ");
    const char *name = colon == NULL ? text : colon + 2;
    const char *mail = strstr(name, " (");
    char *out = mail == NULL ? g_strdup(name) : g_strndup(name, (gsize)(mail - name));
    return g_strstrip(out);
}

static bool keep_id(Reader *r, GHashTable *ids, const json_t *of)
{
    const char *id = json_string_value(json_object_get(of, "SPDXID"));
    size_t back = reader_into(r, "SPDXID");
    if (id == NULL || !g_str_has_prefix(id, "SPDXRef-"))
        return reader_refuse(r, TK_ERROR_INPUT, "an id that begins with SPDXRef- is awaited");
    if (!g_hash_table_add(ids, (char *)id))
        return reader_refuse(r, TK_ERROR_INPUT, "“%.80s” is given twice", id);
    reader_back(r, back);
    return true;
}

static bool read_package(Reader *r, const json_t *from, TkSbom *out, GHashTable *ids)
{
    g_autofree char *supplier = NULL;
    if (!json_is_object(from))
        return reader_refuse(r, TK_ERROR_INPUT, "an object is awaited");
    TkComponent *c = component_new(out);
    if (!keep_id(r, ids, from) || !reader_text(r, from, "SPDXID", true, &c->ref) ||
        !reader_text(r, from, "name", true, &c->name) ||
        !reader_text(r, from, "versionInfo", false, &c->version) ||
        !reader_text(r, from, "supplier", false, &supplier) ||
        !reader_text(r, from, "primaryPackagePurpose", false, &c->kind) || !read_refs(r, from, c))
        return false;
    g_free(c->supplier);
    c->supplier = plain_supplier(supplier);
    g_autofree char *kind = c->kind;
    c->kind = kind[0] == '\0' ? g_strdup("package") : g_ascii_strdown(kind, -1);
    return true;
}

/* Files and snippets are no components, but relationships may name them. */
static bool keep_others(Reader *r, const json_t *document, const char *member, GHashTable *ids)
{
    json_t *list;
    if (!reader_list(r, document, member, TK_INVENTORY_EDGES_MAX, &list))
        return false;
    size_t back = reader_into(r, member);
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t inner = reader_into_index(r, i);
        if (!keep_id(r, ids, json_array_get(list, i)))
            return false;
        reader_back(r, inner);
    }
    reader_back(r, back);
    return true;
}

static bool known(Reader *r, const json_t *relationship, const char *member, bool may_be_none,
                  GHashTable *ids)
{
    const char *id = json_string_value(json_object_get(relationship, member));
    size_t back = reader_into(r, member);
    if (id == NULL)
        return reader_refuse(r, TK_ERROR_INPUT, "the id of an element is awaited");
    bool none = strcmp(id, "NONE") == 0 || strcmp(id, "NOASSERTION") == 0;
    if ((none && may_be_none) || g_str_has_prefix(id, "DocumentRef-") || g_hash_table_contains(ids, id)) {
        reader_back(r, back);
        return true;
    }
    return reader_refuse(r, TK_ERROR_INPUT, "“%.80s” is no element of this document", id);
}

static bool read_relationships(Reader *r, const json_t *document, GHashTable *ids)
{
    json_t *list;
    if (!reader_list(r, document, "relationships", TK_INVENTORY_EDGES_MAX, &list))
        return false;
    size_t back = reader_into(r, "relationships");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        g_autofree char *type = NULL;
        size_t inner = reader_into_index(r, i);
        if (!json_is_object(one))
            return reader_refuse(r, TK_ERROR_INPUT, "an object is awaited");
        if (!known(r, one, "spdxElementId", false, ids) || !known(r, one, "relatedSpdxElement", true, ids) ||
            !reader_text(r, one, "relationshipType", true, &type))
            return false;
        reader_back(r, inner);
    }
    reader_back(r, back);
    return true;
}

bool spdx_read(Reader *r, const json_t *document, TkSbom *out)
{
    g_autofree char *version = NULL;
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    json_t *packages, *creation;
    if (!reader_text(r, document, "spdxVersion", true, &version) ||
        !reader_text(r, document, "documentNamespace", true, &out->serial) ||
        !reader_text(r, document, "name", true, &out->name) ||
        !reader_object(r, document, "creationInfo", &creation) ||
        !reader_list(r, document, "packages", TK_INVENTORY_COMPONENTS_MAX, &packages))
        return false;
    if (strcmp(version, "SPDX-2.3") != 0 && strcmp(version, "SPDX-2.2") != 0) {
        reader_into(r, "spdxVersion");
        return reader_refuse(r, TK_ERROR_INPUT, "%.20s is not read; SPDX 2.3 (and 2.2) in JSON is", version);
    }
    g_free(out->format);
    out->format = g_strdup_printf("SPDX %s", version + strlen("SPDX-"));
    if (!keep_id(r, ids, document))
        return false;
    size_t back = reader_into(r, "creationInfo");
    if (creation != NULL && !reader_text(r, creation, "created", false, &out->created))
        return false;
    reader_back(r, back);
    reader_into(r, "packages");
    for (size_t i = 0; i < json_array_size(packages); i++) {
        size_t inner = reader_into_index(r, i);
        if (!read_package(r, json_array_get(packages, i), out, ids))
            return false;
        reader_back(r, inner);
    }
    reader_back(r, back);
    return keep_others(r, document, "files", ids) && keep_others(r, document, "snippets", ids) &&
           read_relationships(r, document, ids);
}

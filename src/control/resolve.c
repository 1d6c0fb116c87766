/* Profile resolution by the OSCAL specification: import, merge, modify, finish. Each import is resolved for
 * itself first; a profile among them by the same road, so a chain of profiles is a recursion with the names
 * on the way, by which a circle is told.
 *
 * The sources stay untouched: a control is copied only when it is put into the result. */
#include "control/resolving.h"

typedef struct {
    TkOscalFetch fetch;
    void *user;
    int64_t now_us;
    GPtrArray *notes;
    GPtrArray *way; /* names of the profiles being resolved, outermost first */
} Resolution;

void inclusion_free(void *data)
{
    Inclusion *inclusion = data;
    json_decref(inclusion->catalog);
    g_hash_table_unref(inclusion->selected);
    g_ptr_array_unref(inclusion->order);
    g_free(inclusion);
}

static json_t *resolve(Resolution *r, const json_t *document, const char *name, GError **error);

static const json_t *resource_of(const json_t *profile, const char *uuid)
{
    const json_t *resources = json_object_get(json_object_get(profile, "back-matter"), "resources");
    for (size_t i = 0; i < json_array_size(resources); i++)
        if (g_strcmp0(oscal_text(json_array_get(resources, i), "uuid"), uuid) == 0)
            return json_array_get(resources, i);
    return NULL;
}

static bool on_the_way(const Resolution *r, const char *name, GError **error)
{
    for (size_t i = 0; i < r->way->len; i++)
        if (strcmp(r->way->pdata[i], name) == 0)
            return !tk_fail(error, TK_ERROR_INPUT,
                            "%s imports itself, directly or through others; take one of the imports out",
                            name);
    if (r->way->len >= TK_OSCAL_IMPORT_DEPTH_MAX)
        return !tk_fail(error, TK_ERROR_LIMIT, "%s: profiles import each other more than %d deep", name,
                        TK_OSCAL_IMPORT_DEPTH_MAX);
    return false;
}

/* The body of the catalogue that an import stands for. New reference. */
static json_t *import_catalog(Resolution *r, const json_t *profile, const char *from, const char *href,
                              GError **error)
{
    const json_t *resource = href[0] == '#' ? resource_of(profile, href + 1) : NULL;
    if (href[0] == '#' && resource == NULL) {
        tk_fail(error, TK_ERROR_INPUT, "the import “%s” of %s names no resource of its back matter", href,
                from);
        return NULL;
    }
    g_autofree char *name = NULL;
    g_autoptr(json_t) document = r->fetch(r->user, from, href, resource, &name, error);
    if (document == NULL)
        return NULL;
    const char *kind = tk_oscal_kind(document);
    if (g_strcmp0(kind, "profile") == 0) {
        g_autoptr(json_t) resolved = on_the_way(r, name, error) ? NULL : resolve(r, document, name, error);
        return resolved == NULL ? NULL : json_incref(json_object_get(resolved, "catalog"));
    }
    if (g_strcmp0(kind, "catalog") == 0)
        return json_incref(json_object_get(document, "catalog"));
    tk_fail(error, TK_ERROR_INPUT, "the import “%s” of %s is neither a catalog nor a profile", href, from);
    return NULL;
}

static Inclusion *include(Resolution *r, const json_t *profile, const char *name, const json_t *import,
                          GError **error)
{
    const char *href = oscal_text(import, "href");
    if (href == NULL) {
        tk_fail(error, TK_ERROR_INPUT, "an import of %s has no href", name);
        return NULL;
    }
    json_t *catalog = import_catalog(r, profile, name, href, error);
    if (catalog == NULL)
        return NULL;
    Inclusion *inclusion = g_new0(Inclusion, 1);
    inclusion->catalog = catalog;
    inclusion->selected = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    oscal_controls(catalog, all);
    g_autofree char *where = g_strdup_printf("import “%s”", href);
    inclusion->order = oscal_select(import, all, where, r->notes);
    for (size_t i = 0; i < inclusion->order->len; i++)
        g_hash_table_add(inclusion->selected, inclusion->order->pdata[i]);
    return inclusion;
}

static json_t *resolve(Resolution *r, const json_t *document, const char *name, GError **error)
{
    const json_t *profile = json_object_get(document, "profile"),
                 *imports = json_object_get(profile, "imports");
    if (!json_is_object(profile) || json_array_size(imports) == 0) {
        tk_fail(error, TK_ERROR_INPUT, "%s is no profile with imports", name);
        return NULL;
    }
    g_ptr_array_add(r->way, (char *)name);
    g_autoptr(GPtrArray) inclusions = g_ptr_array_new_with_free_func(inclusion_free);
    size_t controls = 0;
    for (size_t i = 0; i < json_array_size(imports); i++) {
        Inclusion *inclusion = include(r, profile, name, json_array_get(imports, i), error);
        if (inclusion == NULL)
            return NULL;
        g_ptr_array_add(inclusions, inclusion);
        controls += inclusion->order->len;
    }
    if (controls > TK_OSCAL_CONTROLS_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "%s chooses %zu controls; the ceiling is %d", name, controls,
                TK_OSCAL_CONTROLS_MAX);
        return NULL;
    }
    g_autoptr(json_t) catalog = json_object();
    if (!oscal_merge(json_object_get(profile, "merge"), inclusions, catalog, r->notes, error))
        return NULL;
    oscal_modify(json_object_get(profile, "modify"), catalog, r->notes);
    g_ptr_array_remove_index(r->way, r->way->len - 1);
    return oscal_finish(profile, name, inclusions, g_steal_pointer(&catalog), r->now_us);
}

json_t *tk_oscal_resolve(const json_t *profile, const char *name, TkOscalFetch fetch, void *user,
                         int64_t now_us, GPtrArray *notes, GError **error)
{
    g_autoptr(GPtrArray) way = g_ptr_array_new();
    Resolution r = {fetch, user, now_us, notes, way};
    return resolve(&r, profile, name, error);
}

size_t tk_oscal_control_count(const json_t *document)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    oscal_controls(json_object_get(document, "catalog"), all);
    return all->len;
}

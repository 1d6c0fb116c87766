/* What somebody says about vulnerabilities of products, from either format. */
#include "inventory/advisory_private.h"

const char *tk_advisory_status_name(TkAdvisoryStatus status)
{
    static const char *const names[] = {"cannot-tell", "known-affected", "under-investigation", "fixed",
                                        "not-affected"};
    return names[status];
}

static void product_free(void *data)
{
    TkProduct *p = data;
    char *const texts[] = {p->id,    p->name, p->vendor, p->product, p->version,
                           p->range, p->purl, p->cpe,    p->serial,  p->ref};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(p);
}

TkProduct *product_new(TkAdvisory *advisory)
{
    TkProduct *p = g_new0(TkProduct, 1);
    char **const texts[] = {&p->id,    &p->name, &p->vendor, &p->product, &p->version,
                            &p->range, &p->purl, &p->cpe,    &p->serial,  &p->ref};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    g_ptr_array_add(advisory->products, p);
    return p;
}

static void vulnerability_free(void *data)
{
    TkVulnerability *v = data;
    char *const texts[] = {v->id, v->title, v->vector, v->justification, v->remedy};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_array_unref(v->statements);
    g_free(v);
}

TkVulnerability *vulnerability_new(TkAdvisory *advisory)
{
    TkVulnerability *v = g_new0(TkVulnerability, 1);
    char **const texts[] = {&v->id, &v->title, &v->vector, &v->justification, &v->remedy};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    v->score = -1;
    v->statements = g_array_new(FALSE, FALSE, sizeof(TkStatement));
    g_ptr_array_add(advisory->vulnerabilities, v);
    return v;
}

void product_set(char **slot, const char *text)
{
    char *copy = g_strdup(text == NULL ? "" : text);
    g_free(*slot);
    *slot = copy;
}

static TkAdvisory *advisory_new(void)
{
    TkAdvisory *a = g_new0(TkAdvisory, 1);
    char **const texts[] = {&a->format, &a->id, &a->title, &a->publisher, &a->released, &a->version};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    a->products = g_ptr_array_new_with_free_func(product_free);
    a->vulnerabilities = g_ptr_array_new_with_free_func(vulnerability_free);
    a->notes = g_ptr_array_new_with_free_func(g_free);
    return a;
}

void tk_advisory_free(TkAdvisory *a)
{
    if (a == NULL)
        return;
    g_ptr_array_unref(a->products);
    g_ptr_array_unref(a->vulnerabilities);
    g_ptr_array_unref(a->notes);
    char *const texts[] = {a->format, a->id, a->title, a->publisher, a->released, a->version};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(a);
}

TkAdvisory *tk_advisory_read(const char *name, const char *text, size_t len, GError **error)
{
    g_autoptr(json_t) document = tk_json_read(name, text, len, TK_INVENTORY_DOCUMENT_MAX, error);
    if (document == NULL)
        return NULL;
    g_autoptr(TkAdvisory) advisory = advisory_new();
    g_autoptr(GString) at = g_string_new(NULL);
    Reader r = {at, advisory->notes, &advisory->notes_more, error};
    bool ok;
    if (json_object_get(json_object_get(document, "document"), "csaf_version") != NULL)
        ok = csaf_read(&r, document, advisory);
    else if (json_object_get(document, "bomFormat") != NULL)
        ok = cyclonedx_vex_read(&r, document, advisory);
    else
        ok = tk_fail(error, TK_ERROR_INPUT,
                     "%s: neither CSAF (document.csaf_version) nor CycloneDX (bomFormat) in JSON", name);
    return ok ? g_steal_pointer(&advisory) : NULL;
}

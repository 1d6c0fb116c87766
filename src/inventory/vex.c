/* CycloneDX VEX: vulnerabilities of components, of this document or (by BOM-Link) of another one. */
#include "inventory/advisory_private.h"

typedef struct {
    Reader *r;
    TkAdvisory *out;
    const TkSbom *sbom;
    GHashTable *by_ref;     /* bom-ref → TkComponent */
    GHashTable *by_product; /* ref → TkProduct */
    size_t statements;
} Vex;

/* urn:cdx:SERIAL/VERSION#REF */
static bool take_link(Vex *x, const char *ref, TkProduct *p)
{
    const char *slash = strchr(ref, '/'), *hash = strchr(ref, '#');
    if (slash == NULL)
        return reader_refuse(x->r, TK_ERROR_INPUT, "“%.80s” is no BOM-Link (urn:cdx:serial/version#ref)",
                             ref);
    g_autofree char *serial = g_strndup(ref + strlen("urn:cdx:"), (gsize)(slash - ref) - strlen("urn:cdx:"));
    g_autofree char *whole = g_strdup_printf("urn:uuid:%s", serial);
    g_autofree char *inside = hash == NULL ? g_strdup("") : g_uri_unescape_string(hash + 1, NULL);
    product_set(&p->serial, whole);
    product_set(&p->ref, inside);
    product_set(&p->name, ref);
    return true;
}

static const TkProduct *take_ref(Vex *x, const json_t *value)
{
    const char *ref = json_string_value(value);
    if (ref == NULL || ref[0] == '\0') {
        reader_refuse(x->r, TK_ERROR_INPUT, "the reference of a component is awaited");
        return NULL;
    }
    TkProduct *p = g_hash_table_lookup(x->by_product, ref);
    if (p != NULL)
        return p;
    const TkComponent *c = g_hash_table_lookup(x->by_ref, ref);
    bool link = g_str_has_prefix(ref, "urn:cdx:");
    if (c == NULL && !link) {
        reader_refuse(x->r, TK_ERROR_INPUT, "“%.80s” is no component of this document", ref);
        return NULL;
    }
    p = product_new(x->out);
    product_set(&p->id, ref);
    if (c != NULL) {
        product_set(&p->name, c->name);
        product_set(&p->product, c->name);
        product_set(&p->vendor, c->supplier);
        product_set(&p->version, c->version);
        product_set(&p->purl, c->purl);
        product_set(&p->cpe, c->cpe);
        product_set(&p->serial, x->sbom->serial);
        product_set(&p->ref, c->ref);
    } else if (!take_link(x, ref, p)) {
        return NULL;
    }
    g_hash_table_insert(x->by_product, p->id, p);
    return p;
}

static TkAdvisoryStatus status_of(const json_t *analysis)
{
    static const struct {
        const char *state;
        TkAdvisoryStatus status;
    } all[] = {
        {"resolved", TK_STATUS_FIXED},
        {"resolved_with_pedigree", TK_STATUS_FIXED},
        {"exploitable", TK_STATUS_AFFECTED},
        {"in_triage", TK_STATUS_INVESTIGATED},
        {"false_positive", TK_STATUS_NOT_AFFECTED},
        {"not_affected", TK_STATUS_NOT_AFFECTED},
    };
    const char *state = json_string_value(json_object_get(analysis, "state"));
    for (size_t i = 0; state != NULL && i < G_N_ELEMENTS(all); i++)
        if (strcmp(state, all[i].state) == 0)
            return all[i].status;
    return TK_STATUS_AFFECTED; /* a vulnerability that is listed of a component, with nothing said besides */
}

static bool state(Vex *x, TkVulnerability *v, const TkProduct *product, TkAdvisoryStatus status)
{
    TkStatement statement = {product, status};
    if (++x->statements > TK_INVENTORY_STATUSES_MAX)
        return reader_refuse(x->r, TK_ERROR_LIMIT, "more than %d statements", TK_INVENTORY_STATUSES_MAX);
    g_array_append_val(v->statements, statement);
    return true;
}

/* A version or a range of versions of the component, with a status of its own. */
static bool take_version(Vex *x, const json_t *one, const TkProduct *of, TkAdvisoryStatus status,
                         TkVulnerability *v)
{
    g_autofree char *version = NULL, *range = NULL, *says = NULL;
    if (!json_is_object(one))
        return reader_refuse(x->r, TK_ERROR_INPUT, "an object is awaited");
    if (!reader_text(x->r, one, "version", false, &version) ||
        !reader_text(x->r, one, "range", false, &range) || !reader_text(x->r, one, "status", false, &says))
        return false;
    if ((version[0] == '\0') == (range[0] == '\0'))
        return reader_refuse(x->r, TK_ERROR_INPUT, "either a version or a range is awaited");
    TkProduct *p = product_new(x->out);
    char **const to[] = {&p->id, &p->name, &p->product, &p->vendor, &p->purl, &p->cpe, &p->serial, &p->ref};
    char *const from[] = {of->id, of->name, of->product, of->vendor, of->purl, of->cpe, of->serial, of->ref};
    for (size_t i = 0; i < G_N_ELEMENTS(to); i++)
        product_set(to[i], from[i]);
    product_set(&p->version, version);
    product_set(&p->range, range);
    if (strcmp(says, "unaffected") == 0)
        status = TK_STATUS_NOT_AFFECTED;
    else if (strcmp(says, "unknown") == 0)
        status = TK_STATUS_INVESTIGATED;
    return state(x, v, p, status);
}

static bool take_affects(Vex *x, const json_t *from, TkVulnerability *v)
{
    json_t *affects, *versions;
    TkAdvisoryStatus status = status_of(json_object_get(from, "analysis"));
    if (!reader_list(x->r, from, "affects", TK_INVENTORY_PRODUCTS_MAX, &affects))
        return false;
    size_t back = reader_into(x->r, "affects");
    for (size_t i = 0; i < json_array_size(affects); i++) {
        const json_t *one = json_array_get(affects, i);
        size_t inner = reader_into_index(x->r, i);
        reader_into(x->r, "ref");
        const TkProduct *product = take_ref(x, json_object_get(one, "ref"));
        if (product == NULL)
            return false;
        reader_back(x->r, inner);
        reader_into_index(x->r, i);
        if (!reader_list(x->r, one, "versions", TK_INVENTORY_PRODUCTS_MAX, &versions))
            return false;
        if (json_array_size(versions) == 0 && !state(x, v, product, status))
            return false;
        size_t deep = reader_into(x->r, "versions");
        for (size_t k = 0; k < json_array_size(versions); k++) {
            size_t deeper = reader_into_index(x->r, k);
            if (!take_version(x, json_array_get(versions, k), product, status, v))
                return false;
            reader_back(x->r, deeper);
        }
        reader_back(x->r, deep);
        reader_back(x->r, inner);
    }
    reader_back(x->r, back);
    return true;
}

static void take_ratings(const json_t *from, TkVulnerability *v)
{
    size_t i;
    const json_t *rating;
    json_array_foreach(json_object_get(from, "ratings"), i, rating)
    {
        const char *method = json_string_value(json_object_get(rating, "method"));
        const json_t *score = json_object_get(rating, "score");
        double value = json_is_number(score) ? json_number_value(score) : -1;
        if (method == NULL || !g_str_has_prefix(method, "CVSS") || value > 10 || value <= v->score)
            continue;
        v->score = value;
        product_set(&v->vector, json_string_value(json_object_get(rating, "vector")));
    }
}

static bool take_vulnerability(Vex *x, const json_t *from)
{
    if (!json_is_object(from))
        return reader_refuse(x->r, TK_ERROR_INPUT, "an object is awaited");
    TkVulnerability *v = vulnerability_new(x->out);
    json_t *analysis;
    if (!reader_text(x->r, from, "id", false, &v->id) ||
        !reader_text(x->r, from, "description", false, &v->title) ||
        !reader_text(x->r, from, "recommendation", false, &v->remedy) ||
        !reader_object(x->r, from, "analysis", &analysis) || !take_affects(x, from, v))
        return false;
    if (v->id[0] == '\0') {
        g_autofree char *numbered = g_strdup_printf("%s#%u", x->out->id, x->out->vulnerabilities->len);
        product_set(&v->id, numbered);
    }
    product_set(&v->justification, json_string_value(json_object_get(analysis, "justification")));
    take_ratings(from, v);
    return true;
}

static bool take_all(Vex *x, const json_t *document)
{
    json_t *list;
    if (!reader_list(x->r, document, "vulnerabilities", TK_INVENTORY_VULNERABILITIES_MAX, &list))
        return false;
    size_t back = reader_into(x->r, "vulnerabilities");
    if (json_array_size(list) == 0)
        return reader_refuse(x->r, TK_ERROR_INPUT, "the document speaks of no vulnerability");
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t inner = reader_into_index(x->r, i);
        if (!take_vulnerability(x, json_array_get(list, i)))
            return false;
        reader_back(x->r, inner);
    }
    reader_back(x->r, back);
    return true;
}

bool cyclonedx_vex_read(Reader *r, const json_t *document, TkAdvisory *out)
{
    g_autoptr(TkSbom) sbom = sbom_new();
    g_autoptr(GHashTable) by_ref = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) by_product = g_hash_table_new(g_str_hash, g_str_equal);
    if (!cyclonedx_head(r, document, sbom) || !cyclonedx_components(r, document, sbom, by_ref))
        return false;
    g_autofree char *version = g_strdup_printf("%d", sbom->version);
    product_set(&out->format, sbom->format);
    product_set(&out->id, sbom->serial[0] != '\0' ? sbom->serial : sbom->name);
    product_set(&out->title, sbom->name[0] != '\0' ? sbom->name : "VEX");
    product_set(&out->released, sbom->created);
    product_set(&out->version, version);
    Vex x = {r, out, sbom, by_ref, by_product, 0};
    return take_all(&x, document);
}

/* CSAF 2.0: the product tree (branches whose leaves are products, products within products) and what each
 * vulnerability says about them. The mandatory tests 6.1.1 (a product that is not defined), 6.1.2 (one that
 * is defined twice), 6.1.3 (a product within itself) and 6.1.4, 6.1.5 (groups) refuse the document. */
#include "inventory/advisory_private.h"

typedef struct {
    Reader *r;
    TkAdvisory *out;
    GHashTable *products; /* id → TkProduct */
    GHashTable *groups;   /* id of a product group → its list of ids (borrowed) */
    size_t statements;
} Csaf;

/* What the branches above a product say. */
typedef struct {
    const char *vendor, *product, *version, *range;
} Branch;

/* ---- products ---- */

static bool take_helpers(Csaf *c, const json_t *from, TkProduct *p)
{
    json_t *helper = NULL;
    g_autofree char *purl = NULL, *cpe = NULL;
    if (!reader_object(c->r, from, "product_identification_helper", &helper))
        return false;
    size_t back = reader_into(c->r, "product_identification_helper");
    if (!reader_text(c->r, helper, "purl", false, &purl) || !reader_text(c->r, helper, "cpe", false, &cpe))
        return false;
    reader_purl(c->r, purl, &p->purl);
    reader_cpe(c->r, cpe, &p->cpe);
    reader_back(c->r, back);
    return true;
}

static TkProduct *take_product(Csaf *c, const json_t *from, const Branch *branch)
{
    if (!json_is_object(from)) {
        reader_refuse(c->r, TK_ERROR_INPUT, "a product is awaited");
        return NULL;
    }
    if (c->out->products->len >= TK_INVENTORY_PRODUCTS_MAX) {
        reader_refuse(c->r, TK_ERROR_LIMIT, "more than %d products", TK_INVENTORY_PRODUCTS_MAX);
        return NULL;
    }
    TkProduct *p = product_new(c->out);
    if (!reader_text(c->r, from, "product_id", true, &p->id) ||
        !reader_text(c->r, from, "name", true, &p->name) || !take_helpers(c, from, p))
        return NULL;
    product_set(&p->vendor, branch->vendor);
    product_set(&p->product, branch->product);
    product_set(&p->version, branch->version);
    product_set(&p->range, branch->range);
    if (!g_hash_table_insert(c->products, p->id, p)) {
        reader_into(c->r, "product_id");
        reader_refuse(c->r, TK_ERROR_INPUT, "“%.80s” is defined twice", p->id);
        return NULL;
    }
    return p;
}

static bool take_branches(Csaf *c, const json_t *from, const Branch *above, int depth);

static bool take_branch(Csaf *c, const json_t *from, const Branch *above, int depth)
{
    g_autofree char *category = NULL, *name = NULL;
    Branch branch = *above;
    if (!json_is_object(from) || depth > TK_INVENTORY_NEST_MAX)
        return reader_refuse(c->r, TK_ERROR_LIMIT, "a branch is awaited, not deeper than %d",
                             TK_INVENTORY_NEST_MAX);
    if (!reader_text(c->r, from, "category", true, &category) ||
        !reader_text(c->r, from, "name", true, &name))
        return false;
    if (strcmp(category, "vendor") == 0)
        branch.vendor = name;
    else if (strcmp(category, "product_name") == 0)
        branch.product = name;
    else if (strcmp(category, "product_version") == 0)
        branch.version = name;
    else if (strcmp(category, "product_version_range") == 0)
        branch.range = name;
    const json_t *product = json_object_get(from, "product");
    size_t back = reader_into(c->r, "product");
    if (product != NULL && take_product(c, product, &branch) == NULL)
        return false;
    reader_back(c->r, back);
    return take_branches(c, from, &branch, depth + 1);
}

static bool take_branches(Csaf *c, const json_t *from, const Branch *above, int depth)
{
    json_t *list;
    if (!reader_list(c->r, from, "branches", TK_INVENTORY_PRODUCTS_MAX, &list))
        return false;
    size_t back = reader_into(c->r, "branches");
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t inner = reader_into_index(c->r, i);
        if (!take_branch(c, json_array_get(list, i), above, depth))
            return false;
        reader_back(c->r, inner);
    }
    reader_back(c->r, back);
    return true;
}

static TkProduct *known_product(Csaf *c, const json_t *id)
{
    const char *text = json_string_value(id);
    TkProduct *p = text == NULL ? NULL : g_hash_table_lookup(c->products, text);
    if (p == NULL)
        reader_refuse(c->r, TK_ERROR_INPUT, "“%.80s” is no product of this document",
                      text == NULL ? "" : text);
    return p;
}

/* "A as a component of B": what A is called, stated of A within B. */
static bool take_relationship(Csaf *c, const json_t *from)
{
    static const Branch nothing = {"", "", "", ""};
    size_t back = reader_into(c->r, "full_product_name");
    TkProduct *p = take_product(c, json_object_get(from, "full_product_name"), &nothing);
    reader_back(c->r, back);
    if (p == NULL)
        return false;
    reader_into(c->r, "product_reference");
    const TkProduct *part = known_product(c, json_object_get(from, "product_reference"));
    reader_back(c->r, back);
    if (part == NULL)
        return false;
    reader_into(c->r, "relates_to_product_reference");
    const TkProduct *within = known_product(c, json_object_get(from, "relates_to_product_reference"));
    if (within == NULL)
        return false;
    if (part == p || within == p)
        return reader_refuse(c->r, TK_ERROR_INPUT, "“%.80s” is defined by itself", p->id);
    reader_back(c->r, back);
    char **const to[] = {&p->vendor, &p->product, &p->version, &p->range};
    char *const of[] = {part->vendor, part->product, part->version, part->range};
    for (size_t i = 0; i < G_N_ELEMENTS(to); i++)
        product_set(to[i], of[i]);
    if (p->purl[0] == '\0')
        product_set(&p->purl, part->purl);
    if (p->cpe[0] == '\0')
        product_set(&p->cpe, part->cpe);
    p->within = within;
    return true;
}

static bool take_list(Csaf *c, const json_t *from, const char *member, bool (*take)(Csaf *, const json_t *))
{
    json_t *list;
    if (!reader_list(c->r, from, member, TK_INVENTORY_PRODUCTS_MAX, &list))
        return false;
    size_t back = reader_into(c->r, member);
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t inner = reader_into_index(c->r, i);
        const json_t *one = json_array_get(list, i);
        if (!json_is_object(one))
            return reader_refuse(c->r, TK_ERROR_INPUT, "an object is awaited");
        if (!take(c, one))
            return false;
        reader_back(c->r, inner);
    }
    reader_back(c->r, back);
    return true;
}

static bool take_full_name(Csaf *c, const json_t *from)
{
    static const Branch nothing = {"", "", "", ""};
    return take_product(c, from, &nothing) != NULL;
}

static bool take_group(Csaf *c, const json_t *from)
{
    json_t *ids;
    const char *id = json_string_value(json_object_get(from, "group_id"));
    if (id == NULL || g_hash_table_contains(c->groups, id)) {
        reader_into(c->r, "group_id");
        return reader_refuse(c->r, TK_ERROR_INPUT, "an id that no other group has is awaited");
    }
    if (!reader_list(c->r, from, "product_ids", TK_INVENTORY_PRODUCTS_MAX, &ids))
        return false;
    size_t back = reader_into(c->r, "product_ids");
    for (size_t i = 0; i < json_array_size(ids); i++) {
        size_t inner = reader_into_index(c->r, i);
        if (known_product(c, json_array_get(ids, i)) == NULL)
            return false;
        reader_back(c->r, inner);
    }
    reader_back(c->r, back);
    g_hash_table_insert(c->groups, (char *)id, ids);
    return true;
}

static bool take_tree(Csaf *c, const json_t *document)
{
    static const Branch nothing = {"", "", "", ""};
    json_t *tree;
    if (!reader_object(c->r, document, "product_tree", &tree))
        return false;
    size_t back = reader_into(c->r, "product_tree");
    if (!take_branches(c, tree, &nothing, 0) || !take_list(c, tree, "full_product_names", take_full_name) ||
        !take_list(c, tree, "relationships", take_relationship) ||
        !take_list(c, tree, "product_groups", take_group))
        return false;
    reader_back(c->r, back);
    return true;
}

/* ---- vulnerabilities ---- */

static bool state_all(Csaf *c, const json_t *status, const char *member, TkAdvisoryStatus says,
                      TkVulnerability *v)
{
    json_t *ids;
    if (!reader_list(c->r, status, member, TK_INVENTORY_PRODUCTS_MAX, &ids))
        return false;
    size_t back = reader_into(c->r, member);
    for (size_t i = 0; i < json_array_size(ids); i++) {
        size_t inner = reader_into_index(c->r, i);
        TkStatement statement = {known_product(c, json_array_get(ids, i)), says};
        if (statement.product == NULL)
            return false;
        if (++c->statements > TK_INVENTORY_STATUSES_MAX)
            return reader_refuse(c->r, TK_ERROR_LIMIT, "more than %d statements", TK_INVENTORY_STATUSES_MAX);
        if (says != TK_STATUS_CANNOT_TELL) /* recommended: named, but nothing is said of being affected */
            g_array_append_val(v->statements, statement);
        reader_back(c->r, inner);
    }
    reader_back(c->r, back);
    return true;
}

static bool take_status(Csaf *c, const json_t *from, TkVulnerability *v)
{
    static const struct {
        const char *member;
        TkAdvisoryStatus says;
    } all[] = {
        {"first_affected", TK_STATUS_AFFECTED},
        {"known_affected", TK_STATUS_AFFECTED},
        {"last_affected", TK_STATUS_AFFECTED},
        {"first_fixed", TK_STATUS_FIXED},
        {"fixed", TK_STATUS_FIXED},
        {"known_not_affected", TK_STATUS_NOT_AFFECTED},
        {"under_investigation", TK_STATUS_INVESTIGATED},
        {"recommended", TK_STATUS_CANNOT_TELL},
    };
    json_t *status;
    if (!reader_object(c->r, from, "product_status", &status))
        return false;
    size_t back = reader_into(c->r, "product_status");
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (!state_all(c, status, all[i].member, all[i].says, v))
            return false;
    reader_back(c->r, back);
    return true;
}

/* Products and groups that something else of a vulnerability names must be there. */
static bool check_named(Csaf *c, const json_t *from)
{
    static const char *const members[] = {"products", "product_ids"};
    for (size_t m = 0; m < G_N_ELEMENTS(members); m++) {
        json_t *ids;
        if (!reader_list(c->r, from, members[m], TK_INVENTORY_PRODUCTS_MAX, &ids))
            return false;
        size_t back = reader_into(c->r, members[m]);
        for (size_t i = 0; i < json_array_size(ids); i++) {
            size_t inner = reader_into_index(c->r, i);
            if (known_product(c, json_array_get(ids, i)) == NULL)
                return false;
            reader_back(c->r, inner);
        }
        reader_back(c->r, back);
    }
    json_t *groups;
    if (!reader_list(c->r, from, "group_ids", TK_INVENTORY_PRODUCTS_MAX, &groups))
        return false;
    size_t back = reader_into(c->r, "group_ids");
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const char *id = json_string_value(json_array_get(groups, i));
        reader_into_index(c->r, i);
        if (id == NULL || !g_hash_table_contains(c->groups, id))
            return reader_refuse(c->r, TK_ERROR_INPUT, "“%.80s” is no product group of this document",
                                 id == NULL ? "" : id);
        reader_back(c->r, back);
        reader_into(c->r, "group_ids");
    }
    reader_back(c->r, back);
    return true;
}

static bool check_all_named(Csaf *c, const json_t *from)
{
    static const char *const members[] = {"scores", "remediations", "threats", "flags"};
    for (size_t m = 0; m < G_N_ELEMENTS(members); m++)
        if (!take_list(c, from, members[m], check_named))
            return false;
    return true;
}

static void take_score(const json_t *from, TkVulnerability *v)
{
    static const char *const kinds[] = {"cvss_v4", "cvss_v3", "cvss_v2"};
    size_t i;
    const json_t *score;
    json_array_foreach(json_object_get(from, "scores"), i, score)
    {
        for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
            const json_t *cvss = json_object_get(score, kinds[k]);
            const json_t *base = json_object_get(cvss, "baseScore");
            double value = json_is_number(base) ? json_number_value(base) : -1;
            if (value < 0 || value > 10 || value <= v->score)
                continue;
            v->score = value;
            product_set(&v->vector, json_string_value(json_object_get(cvss, "vectorString")));
        }
    }
}

static void take_words(const json_t *from, TkVulnerability *v)
{
    const json_t *remedy = json_array_get(json_object_get(from, "remediations"), 0);
    const json_t *flag = json_array_get(json_object_get(from, "flags"), 0);
    product_set(&v->remedy, json_string_value(json_object_get(remedy, "details")));
    product_set(&v->justification, json_string_value(json_object_get(flag, "label")));
}

static bool take_vulnerability(Csaf *c, const json_t *from)
{
    if (c->out->vulnerabilities->len >= TK_INVENTORY_VULNERABILITIES_MAX)
        return reader_refuse(c->r, TK_ERROR_LIMIT, "more than %d vulnerabilities",
                             TK_INVENTORY_VULNERABILITIES_MAX);
    TkVulnerability *v = vulnerability_new(c->out);
    if (!reader_text(c->r, from, "cve", false, &v->id) ||
        !reader_text(c->r, from, "title", false, &v->title) || !take_status(c, from, v) ||
        !check_all_named(c, from))
        return false;
    if (v->id[0] == '\0') {
        const json_t *id = json_array_get(json_object_get(from, "ids"), 0);
        const char *text = json_string_value(json_object_get(id, "text"));
        g_autofree char *numbered = g_strdup_printf("%s#%u", c->out->id, c->out->vulnerabilities->len);
        product_set(&v->id, text != NULL ? text : numbered);
    }
    take_score(from, v);
    take_words(from, v);
    return true;
}

/* ---- the document ---- */

static bool take_head(Csaf *c, const json_t *document)
{
    TkAdvisory *out = c->out;
    json_t *head, *tracking, *publisher;
    g_autofree char *version = NULL;
    if (!reader_object(c->r, document, "document", &head))
        return false;
    size_t back = reader_into(c->r, "document");
    if (!reader_text(c->r, head, "csaf_version", true, &version) ||
        !reader_text(c->r, head, "title", true, &out->title) ||
        !reader_object(c->r, head, "tracking", &tracking) ||
        !reader_object(c->r, head, "publisher", &publisher))
        return false;
    if (strcmp(version, "2.0") != 0) {
        reader_into(c->r, "csaf_version");
        return reader_refuse(c->r, TK_ERROR_INPUT, "%.10s is not read; CSAF 2.0 is", version);
    }
    product_set(&out->format, "CSAF 2.0");
    size_t inner = reader_into(c->r, "tracking");
    if (!reader_text(c->r, tracking, "id", true, &out->id) ||
        !reader_text(c->r, tracking, "version", false, &out->version) ||
        !reader_text(c->r, tracking, "current_release_date", false, &out->released))
        return false;
    reader_back(c->r, inner);
    reader_into(c->r, "publisher");
    if (publisher != NULL && !reader_text(c->r, publisher, "name", false, &out->publisher))
        return false;
    reader_back(c->r, back);
    return true;
}

bool csaf_read(Reader *r, const json_t *document, TkAdvisory *out)
{
    g_autoptr(GHashTable) products = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);
    Csaf c = {r, out, products, groups, 0};
    return take_head(&c, document) && take_tree(&c, document) &&
           take_list(&c, document, "vulnerabilities", take_vulnerability);
}

/* Does an advisory speak of a component? Names are compared in the order of what they are worth: a reference
 * into the very document, package URLs, CPE names, and last what people write. Where both sides have one of
 * the first three, it alone decides. */
#include "inventory/inventory.h"

typedef enum { NO, UNCLEAR, ALL_VERSIONS, BY_RANGE, EXACT } Weight;

typedef struct {
    Weight weight;
    const char *by;           /* static */
    const char *why, *why_ja; /* static */
} Meeting;

/* A component with its names taken apart once. */
typedef struct {
    const TkComponent *c;
    TkPurl purl;
    TkCpe cpe;
    bool has_purl, has_cpe;
} Named;

static const Meeting no = {NO, "", "", ""};

/* ---- versions ---- */

/* What the product says of versions: its purl's or CPE's own (`own`, "" or "*" for none), then the branch's.
 */
static Meeting by_version(const TkProduct *p, const char *own, const char *scheme, const char *have,
                          const char *by)
{
    bool any = own == NULL || own[0] == '\0' || strcmp(own, "*") == 0;
    const char *exact = !any ? own : p->range[0] == '\0' ? p->version : "";
    if (exact[0] == '\0' && p->range[0] == '\0')
        return (Meeting){ALL_VERSIONS, by, "the advisory speaks of all versions", "全ての版が対象"};
    if (have[0] == '\0')
        return (Meeting){UNCLEAR, by, "the version of the component is not told",
                         "部品の版が記載されていない"};
    if (exact[0] != '\0') {
        int order;
        if (strcmp(exact, have) == 0 || (tk_version_compare(scheme, exact, have, &order) && order == 0))
            return (Meeting){EXACT, by, "the advisory names this version", "この版を名指ししている"};
        return no;
    }
    switch (tk_version_in(p->range, scheme, have)) {
    case TK_SAYS_YES:
        return (Meeting){BY_RANGE, by, "the version lies in the range", "版が範囲に入る"};
    case TK_SAYS_NO:
        return no;
    case TK_CANNOT_TELL:
        break;
    }
    return (Meeting){UNCLEAR, by, "the version cannot be compared with the range", "版を範囲と比べられない"};
}

/* ---- names ---- */

static Meeting by_purl(const Named *n, const TkProduct *p, const TkPurl *theirs)
{
    const TkPurl *ours = &n->purl;
    if (strcmp(ours->type, theirs->type) != 0 || strcmp(ours->name, theirs->name) != 0 ||
        strcmp(ours->space, theirs->space) != 0)
        return no;
    bool other_arch = ours->arch[0] != '\0' && theirs->arch[0] != '\0' &&
                      strcmp(ours->arch, theirs->arch) != 0 && strcmp(theirs->arch, "src") != 0 &&
                      strcmp(theirs->arch, "source") != 0;
    bool other_distro =
        ours->distro[0] != '\0' && theirs->distro[0] != '\0' && strcmp(ours->distro, theirs->distro) != 0;
    if (other_arch || other_distro)
        return no;
    const char *have = ours->version[0] != '\0' ? ours->version : n->c->version;
    return by_version(p, theirs->version, ours->type, have, "purl");
}

static bool cpe_fits(const char *theirs, const char *ours)
{
    return strcmp(theirs, "*") == 0 || strcmp(theirs, ours) == 0;
}

static Meeting by_cpe(const Named *n, const TkProduct *p, const TkCpe *theirs)
{
    const TkCpe *ours = &n->cpe;
    if (!cpe_fits(theirs->part, ours->part) || !cpe_fits(theirs->vendor, ours->vendor) ||
        !cpe_fits(theirs->product, ours->product))
        return no;
    const char *have =
        strcmp(ours->version, "*") == 0 || strcmp(ours->version, "-") == 0 ? n->c->version : ours->version;
    Meeting m = by_version(p, strcmp(theirs->version, "-") == 0 ? "*" : theirs->version, NULL, have, "cpe");
    if (m.weight == EXACT && strcmp(theirs->update, "*") != 0 && strcmp(theirs->update, ours->update) != 0)
        return strcmp(ours->update, "*") == 0
                   ? (Meeting){UNCLEAR, "cpe", "the update level is not told", "更新レベルが記載されていない"}
                   : no;
    return m;
}

static bool same_words(const char *a, const char *b)
{
    return a[0] != '\0' && g_ascii_strcasecmp(a, b) == 0;
}

/* What people write. With the maker it counts; the name alone may be another's. */
static Meeting by_name(const Named *n, const TkProduct *p)
{
    const char *product = p->product[0] != '\0' ? p->product : p->name;
    if (!same_words(product, n->c->name))
        return no;
    if (p->vendor[0] != '\0' && n->c->supplier[0] != '\0' && !same_words(p->vendor, n->c->supplier))
        return (Meeting){UNCLEAR, "name", "the same name, by another maker as it seems",
                         "名称は同じだが提供者の表記が違う"};
    Meeting m = by_version(p, NULL, NULL, n->c->version, "name");
    if (m.weight <= UNCLEAR || same_words(p->vendor, n->c->supplier))
        return m;
    return (Meeting){UNCLEAR, "name", "only the name is the same; the maker is not told",
                     "名称だけが一致し、提供者を確かめられない"};
}

static Meeting meet(const Named *n, const TkSbom *sbom, const TkProduct *p)
{
    if (p->ref[0] != '\0' && p->serial[0] != '\0' && strcmp(p->serial, sbom->serial) == 0) {
        if (strcmp(p->ref, n->c->ref) != 0)
            return no;
        return by_version(p, NULL, n->has_purl ? n->purl.type : NULL, n->c->version, "bom-ref");
    }
    TkPurl purl;
    TkCpe cpe;
    if (n->has_purl && p->purl[0] != '\0' && tk_purl_parse(p->purl, &purl, NULL)) {
        Meeting m = by_purl(n, p, &purl);
        tk_purl_clear(&purl);
        return m;
    }
    if (n->has_cpe && p->cpe[0] != '\0' && tk_cpe_parse(p->cpe, &cpe, NULL)) {
        Meeting m = by_cpe(n, p, &cpe);
        tk_cpe_clear(&cpe);
        return m;
    }
    return by_name(n, p);
}

/* ---- a part of a product ---- */

/* Does the system have the product that the statement's part belongs to? */
static bool has_whole(const GArray *all, const TkSbom *sbom, const TkProduct *whole)
{
    for (unsigned i = 0; i < all->len; i++)
        if (meet(&g_array_index(all, Named, i), sbom, whole).weight > UNCLEAR)
            return true;
    return false;
}

/* ---- one component, one vulnerability ---- */

typedef struct {
    Meeting best;
    TkAdvisoryStatus status;
    bool contradicts;
} Verdict;

static void weigh(Verdict *v, Meeting m, TkAdvisoryStatus status)
{
    if (m.weight == NO || m.weight < v->best.weight)
        return;
    if (m.weight == v->best.weight) {
        v->contradicts |= m.weight > UNCLEAR && status != v->status;
        return;
    }
    *v = (Verdict){m, status, false};
}

static bool find(const GArray *all, unsigned i, const TkSbom *sbom, const TkVulnerability *vulnerability,
                 GHashTable *wholes, TkMatch *out)
{
    const Named *n = &g_array_index(all, Named, i);
    Verdict v = {.best = no};
    for (unsigned s = 0; s < vulnerability->statements->len; s++) {
        const TkStatement *statement = &g_array_index(vulnerability->statements, TkStatement, s);
        const TkProduct *p = statement->product;
        Meeting m = meet(n, sbom, p);
        if (m.weight > UNCLEAR && p->within != NULL) {
            if (!g_hash_table_contains(wholes, p->within))
                g_hash_table_insert(wholes, (void *)p->within,
                                    GINT_TO_POINTER(has_whole(all, sbom, p->within) ? 1 : 0));
            if (g_hash_table_lookup(wholes, p->within) == NULL)
                m = (Meeting){UNCLEAR, m.by, "said of it as a part of a product that is not known to be here",
                              "別の製品の一部として述べられており、その製品がここにあるか分からない"};
        }
        weigh(&v, m, statement->status);
    }
    if (v.best.weight == NO)
        return false;
    bool unclear = v.best.weight == UNCLEAR || v.contradicts;
    *out =
        (TkMatch){n->c,
                  vulnerability,
                  unclear ? TK_STATUS_CANNOT_TELL : v.status,
                  v.best.by,
                  g_strdup(v.contradicts ? "statements of equal weight contradict each other" : v.best.why),
                  g_strdup(v.contradicts ? "同じ重みの記述が食い違う" : v.best.why_ja)};
    return true;
}

/* ---- all ---- */

static void named_clear(void *data)
{
    Named *n = data;
    tk_purl_clear(&n->purl);
    tk_cpe_clear(&n->cpe);
}

static void finding_clear(void *data)
{
    TkMatch *f = data;
    g_free(f->why);
    g_free(f->why_ja);
}

static GArray *take_apart(const TkSbom *sbom)
{
    GArray *all = g_array_sized_new(FALSE, TRUE, sizeof(Named), sbom->components->len);
    g_array_set_clear_func(all, named_clear);
    for (unsigned i = 0; i < sbom->components->len; i++) {
        Named n = {.c = sbom->components->pdata[i]};
        n.has_purl = n.c->purl[0] != '\0' && tk_purl_parse(n.c->purl, &n.purl, NULL);
        n.has_cpe = n.c->cpe[0] != '\0' && tk_cpe_parse(n.c->cpe, &n.cpe, NULL);
        g_array_append_val(all, n);
    }
    return all;
}

GArray *tk_inventory_match(const TkSbom *sbom, const TkAdvisory *advisory)
{
    g_autoptr(GArray) all = take_apart(sbom);
    g_autoptr(GHashTable) wholes = g_hash_table_new(NULL, NULL);
    GArray *findings = g_array_new(FALSE, FALSE, sizeof(TkMatch));
    g_array_set_clear_func(findings, finding_clear);
    for (unsigned v = 0; v < advisory->vulnerabilities->len; v++)
        for (unsigned i = 0; i < all->len; i++) {
            TkMatch finding;
            if (find(all, i, sbom, advisory->vulnerabilities->pdata[v], wholes, &finding))
                g_array_append_val(findings, finding);
        }
    return findings;
}

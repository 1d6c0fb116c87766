/* inventory: what software runs, what is said about it, and whether the two meet.
 *
 *   TkSbom       components of a system: CycloneDX 1.4–1.6 JSON, SPDX 2.3 JSON
 *   TkAdvisory   what somebody says about vulnerabilities of products: CSAF 2.0, CycloneDX VEX
 *   TkMatch    a component that an advisory speaks of: affected, fixed, not affected, under investigation,
 *                or honestly "cannot tell", with the reason
 *
 * Documents come from outside: size, depth and number have ceilings; an id given twice and a reference to
 * nothing refuse the document with a JSON pointer (RFC 6901), because a match that rests on either could be
 * wrong in both directions. What can be passed over (a package URL that is none) becomes a note. The room is
 * pure. */
#ifndef TK_INVENTORY_H
#define TK_INVENTORY_H

#include "base/base.h"

enum {
    TK_INVENTORY_DOCUMENT_MAX = 32 << 20, /* bytes */
    TK_INVENTORY_COMPONENTS_MAX = 100000,
    TK_INVENTORY_PRODUCTS_MAX = 100000,
    TK_INVENTORY_VULNERABILITIES_MAX = 10000,
    TK_INVENTORY_STATUSES_MAX = 500000, /* product × vulnerability in one advisory */
    TK_INVENTORY_EDGES_MAX = 1000000,
    TK_INVENTORY_NEST_MAX = 25,   /* components in components, branches in branches */
    TK_INVENTORY_NOTES_MAX = 100, /* told; further ones are counted */
};

/* ---- names ---- */

/* A package URL (purl-spec): pkg:type/namespace/name@version?qualifiers#subpath. Texts are decoded; absent
 * ones "". */
typedef struct {
    char *type, *space, *name, *version; /* type in lower case; name and namespace as the type wants them */
    char *arch, *distro;                 /* qualifiers that tell packages apart */
} TkPurl;
/* *error says what is wrong; tk_purl_clear either way. */
bool tk_purl_parse(const char *text, TkPurl *out, GError **error);
void tk_purl_clear(TkPurl *purl);

/* A CPE 2.3 name in its formatted string (cpe:2.3:a:vendor:product:version:…) or 2.2 URI (cpe:/a:…). "*" is
 * any, "-" none; escapes are resolved. */
typedef struct {
    char *part, *vendor, *product, *version, *update;
} TkCpe;
bool tk_cpe_parse(const char *text, TkCpe *out, GError **error);
void tk_cpe_clear(TkCpe *cpe);

/* -1, 0, 1 in *order; false where the two cannot be ordered by this scheme. `scheme`: a purl type or a vers
 * scheme (npm, semver, golang, cargo, deb, rpm …); anything else is ordered as dotted numbers alone. */
bool tk_version_compare(const char *scheme, const char *a, const char *b, int *order);

typedef enum { TK_SAYS_NO, TK_SAYS_YES, TK_CANNOT_TELL } TkSays;
/* Whether a version lies in a range: vers:SCHEME/>=1.0|<2.0, or constraints such as “>=1.0|<2.0”, “<4.2” as
 * CSAF's vls. `scheme` (may be NULL) is used where the range names none. */
TkSays tk_version_in(const char *range, const char *scheme, const char *version);

/* ---- components ---- */

typedef struct {
    char *ref;                              /* bom-ref or SPDXID; unique in the document where not "" */
    char *name, *version, *supplier, *kind; /* "" where not given */
    char *purl, *cpe;                       /* as given; "" where none or none that can be read */
    uint32_t place;                         /* in the document's order */
} TkComponent;

typedef struct {
    char *format;          /* "CycloneDX 1.6", "SPDX 2.3" */
    char *serial;          /* urn:uuid:… or the document's namespace; "" */
    int version;           /* CycloneDX: of the document; else 1 */
    char *name;            /* of what it describes; "" */
    char *created;         /* as given; "" */
    GPtrArray *components; /* TkComponent *, owned; the described one is first where it is told */
    GPtrArray *notes;      /* char *, owned: what was passed over, each with its pointer */
    uint32_t notes_more;   /* not listed */
} TkSbom;

/* Reads either format, told by its own fields. NULL and *error with a JSON pointer otherwise. */
TkSbom *tk_sbom_read(const char *name, const char *text, size_t len, GError **error);
void tk_sbom_free(TkSbom *sbom);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkSbom, tk_sbom_free)

/* ---- advisories ---- */

typedef enum {
    TK_STATUS_CANNOT_TELL,
    TK_STATUS_AFFECTED,
    TK_STATUS_INVESTIGATED, /* under investigation */
    TK_STATUS_FIXED,
    TK_STATUS_NOT_AFFECTED,
} TkAdvisoryStatus;
/* "cannot-tell", "known-affected", "under-investigation", "fixed", "not-affected" */
const char *tk_advisory_status_name(TkAdvisoryStatus status);

typedef struct TkProduct {
    char *id;                       /* in the document */
    char *name;                     /* for people */
    char *vendor, *product;         /* of the branches it hangs on; "" */
    char *version, *range;          /* exact, or vers/vls; "" */
    char *purl, *cpe;               /* "" */
    char *serial, *ref;             /* CycloneDX: the document and component it means; "" */
    const struct TkProduct *within; /* stated as a part of this one (CSAF relationship); NULL; borrowed */
} TkProduct;

typedef struct {
    const TkProduct *product; /* borrowed */
    TkAdvisoryStatus status;
} TkStatement;

typedef struct {
    char *id;            /* CVE, or the document's own */
    char *title;         /* "" */
    char *vector;        /* CVSS; "" */
    char *justification; /* why not affected; "" */
    char *remedy;        /* what to do; "" */
    double score;        /* CVSS base, the highest given; < 0: none */
    GArray *statements;  /* TkStatement */
} TkVulnerability;

typedef struct {
    char *format;                                      /* "CSAF 2.0", "CycloneDX 1.6" */
    char *id, *title, *publisher, *released, *version; /* "" where not given */
    GPtrArray *products;                               /* TkProduct *, owned */
    GPtrArray *vulnerabilities;                        /* TkVulnerability *, owned */
    GPtrArray *notes;
    uint32_t notes_more;
} TkAdvisory;

/* Reads CSAF 2.0 (any profile, VEX among them) or CycloneDX with vulnerabilities. */
TkAdvisory *tk_advisory_read(const char *name, const char *text, size_t len, GError **error);
void tk_advisory_free(TkAdvisory *advisory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkAdvisory, tk_advisory_free)

/* ---- matching ---- */

typedef struct {
    const TkComponent *component;
    const TkVulnerability *vulnerability;
    TkAdvisoryStatus status;
    const char *by; /* "purl", "cpe", "bom-ref", "name"; static */
    char *why;      /* a sentence, English; owned */
    char *why_ja;   /* the same in Japanese; owned */
} TkMatch;

/* What the advisory says about the components, one finding for each pair that meets, in the document's order.
 * A statement about exactly this version outweighs one about a range, and that one about all versions; two of
 * equal weight that contradict are “cannot tell”, as is a name alone, a version that cannot be compared, or a
 * part of a product that the system is not known to have. Elements are TkMatch; the array owns them and
 * borrows sbom and advisory. */
GArray *tk_inventory_match(const TkSbom *sbom, const TkAdvisory *advisory);

#endif

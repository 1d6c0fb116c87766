/* Any bytes as an advisory, matched with a small system: each finding has a reason in both languages. */
#include "inventory/inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char system_text[] =
    "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"serialNumber\":\"urn:uuid:1\",\"components\":["
    "{\"type\":\"library\",\"bom-ref\":\"a\",\"name\":\"curl\",\"version\":\"7.88\",\"purl\":\"pkg:deb/"
    "debian/"
    "curl@7.88\"},"
    "{\"type\":\"library\",\"bom-ref\":\"b\",\"name\":\"os\",\"version\":\"15.2\",\"cpe\":\"cpe:2.3:o:kaku:"
    "os:15.2:"
    "*:*:*:*:*:*:*\"},{\"type\":\"library\",\"name\":\"lib\"}]}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static TkSbom *sbom;
    if (sbom == NULL)
        sbom = tk_sbom_read("system", system_text, sizeof system_text - 1, NULL);
    g_autoptr(TkAdvisory) advisory = tk_advisory_read("advisory", (const char *)data, size, NULL);
    if (advisory == NULL)
        return 0;
    g_autoptr(GArray) findings = tk_inventory_match(sbom, advisory);
    for (unsigned i = 0; i < findings->len; i++) {
        const TkMatch *f = &g_array_index(findings, TkMatch, i);
        if (f->why[0] == '\0' || f->why_ja[0] == '\0' || f->by[0] == '\0')
            g_error("a finding without a reason");
    }
    return 0;
}

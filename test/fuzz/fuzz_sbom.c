/* Any bytes as an SBOM; what is read has a name in every component, and names that can be taken apart. */
#include "inventory/inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(TkSbom) sbom = tk_sbom_read("sbom", (const char *)data, size, NULL);
    for (unsigned i = 0; sbom != NULL && i < sbom->components->len; i++) {
        const TkComponent *c = sbom->components->pdata[i];
        TkPurl purl;
        TkCpe cpe;
        int order;
        if (c->name[0] == '\0')
            g_error("a component without a name");
        if (c->purl[0] != '\0' && !tk_purl_parse(c->purl, &purl, NULL))
            g_error("a package URL that was kept is none");
        if (c->purl[0] != '\0')
            tk_purl_clear(&purl);
        if (c->cpe[0] != '\0' && tk_cpe_parse(c->cpe, &cpe, NULL))
            tk_cpe_clear(&cpe);
        if (tk_version_compare("deb", c->version, c->version, &order) && order != 0)
            g_error("a version that differs from itself");
        tk_version_in(c->version, "npm", "1.2.3");
    }
    return 0;
}

/* The demo carrier's SBOMs and advisories (demo/software/), imported through the same door as a carrier's
 * own, in the order of their names. A file with "sbom" in its name belongs to the system its place in the
 * table names. */
#include "service/demo_history.h"

#include "service/assets.h"
#include "service/software.h"

#define EXCHANGE "syn-core-01,syn-core-02,syn-core-03,syn-core-04,syn-core-05"

static const struct {
    const char *file, *system, *facilities; /* system NULL: an advisory */
} documents[] = {
    {"demo/software/1-sbom-exchange.json", "SYS-0901", EXCHANGE},
    {"demo/software/2-sbom-customer.json", "SYS-0902", NULL},
    {"demo/software/3-advisory-tls.json", NULL, NULL},
    {"demo/software/4-advisory-sip.json", NULL, NULL},
    {"demo/software/5-vex-exchange.json", NULL, NULL},
};

void tk_demo_add_software(TkApp *app)
{
    static const TkActor engineer = {"技術 四郎(架空)", TK_ROLE_ENGINEER};
    for (size_t i = 0; i < G_N_ELEMENTS(documents); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = tk_asset(documents[i].file);
        g_autofree char *name = g_path_get_basename(documents[i].file);
        g_autoptr(GBytes) findings = NULL;
        g_autoptr(GBytes) record =
            bytes == NULL ? NULL
            : documents[i].system != NULL
                ? tk_service_software_add_sbom(app, &engineer, documents[i].system, documents[i].facilities,
                                               name, bytes, &findings, &error)
                : tk_service_software_add_advisory(app, &engineer, name, bytes, &findings, &error);
        if (record == NULL) /* other register files than the built-in ones may want other values */
            g_warning("the demo's document %s was not taken: %s", name,
                      error != NULL ? error->message : "missing");
    }
}

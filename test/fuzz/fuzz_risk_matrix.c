/* Any bytes as the four texts of a matrix, parted by form feeds: what is taken has to be complete and
 * monotone, and what is refused has to say why. */
#include "risk/risk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    char *part[4] = {text, NULL, NULL, NULL};
    for (int i = 1; i < 4; i++) {
        char *end = strchr(part[i - 1], '\f');
        part[i] = end == NULL ? part[i - 1] + strlen(part[i - 1]) : end + 1;
        if (end != NULL)
            *end = '\0';
    }
    g_autoptr(json_t) findings = json_array();
    g_autoptr(TkRiskMatrix) m =
        tk_risk_matrix_read(&(TkRiskMatrixText){part[0], part[1], part[2], part[3]}, findings);
    if ((m == NULL) != (json_array_size(findings) > 0))
        g_error("taken with findings, or refused without");
    for (int64_t l = 1; m != NULL && l <= m->n_likelihood; l++)
        for (int64_t c = 1; c <= m->n_consequence; c++) {
            int level = tk_risk_matrix_level(m, l, c);
            if (level < 0 || (l > 1 && level < tk_risk_matrix_level(m, l - 1, c)) ||
                (c > 1 && level < tk_risk_matrix_level(m, l, c - 1)))
                g_error("cell %d,%d is not monotone", (int)l, (int)c);
        }
    G_GNUC_UNUSED g_autoptr(json_t) told = m == NULL ? NULL : tk_risk_matrix_json(m);
    return 0;
}

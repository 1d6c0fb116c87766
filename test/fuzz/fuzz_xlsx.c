/* A spreadsheet from outside: it is read within its ceilings or refused with a reason, and every cell is
 * UTF-8 of a bounded length. Half of the seeds are what other programs wrote. */
#include "xlsx/xlsx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool look(uint32_t row, const TkXlsxCell *cells, size_t count, gpointer user, GError **error)
{
    uint32_t *before = user;
    (void)error;
    g_assert(row > *before && count > 0 && count <= TK_XLSX_COLUMNS_MAX);
    *before = row;
    for (size_t i = 0; i < count; i++)
        g_assert(g_utf8_validate(cells[i].text, -1, NULL) &&
                 (cells[i].type == TK_XLSX_NONE) == (cells[i].text[0] == '\0'));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    uint32_t row = 0;
    bool done = tk_xlsx_read(data, size, NULL, look, &row, &error);
    g_assert(done == (error == NULL));
    return 0;
}

/* A law file by itself: most are refused as incomplete, after every field has been read. */
#include "law/law.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TkLawFile file = {"fuzz.json", (const char *)data, size};
    g_autoptr(GError) error = NULL;
    g_autoptr(TkLaw) law = tk_law_load(&file, 1, &error);
    g_assert((law == NULL) == (error != NULL));
    return 0;
}

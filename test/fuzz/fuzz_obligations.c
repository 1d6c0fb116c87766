/* A file of facts, terms or obligations of any bytes beside an otherwise sound law: refused as a whole with
 * file, entry and field, or asked everything about a carrier of whom much is known. */
#include "small_law.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char carrier[] =
    "{\"format\":\"tokatsu-profile/"
    "1\",\"facts\":{\"on\":[{\"from\":\"2022-01-31\",\"value\":true}],\"users\":[{\"from\":"
    "\"2025-03-31\",\"value\":7}],\"kind\":\"b\",\"operations_begin\":\"2024-05-05\",\"business_year_end\":3}"
    ","
    "\"services\":[{\"id\":\"x\",\"facts\":{\"users\":5}}],\"voluntary\":[\"duty\"]}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TkLawFile list[SMALL_FILES];
    for (size_t i = 0; i < SMALL_FILES; i++)
        list[i] = (TkLawFile){"sound.json", small_law[i], strlen(small_law[i])};
    if (size > 0)
        list[SMALL_OBLIGATIONS] = (TkLawFile){"fuzz.json", (const char *)data, size};
    g_autoptr(GError) error = NULL;
    g_autoptr(TkLaw) law = tk_law_load(list, SMALL_FILES, &error);
    g_assert((law == NULL) == (error != NULL));
    if (law == NULL)
        return 0;
    g_autoptr(TkProfile) profile = tk_profile_read(law, "profile", carrier, strlen(carrier), NULL);
    if (profile != NULL)
        small_law_use(law, profile);
    return 0;
}

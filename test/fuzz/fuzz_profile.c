/* A carrier's profile of any bytes: refused with a sentence, or judged without harm. */
#include "small_law.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static TkLaw *law; /* one for all inputs: reading it is not what is tried here */
    if (law == NULL) {
        TkLawFile list[SMALL_FILES];
        g_autoptr(GError) why = NULL;
        for (size_t i = 0; i < SMALL_FILES; i++)
            list[i] = (TkLawFile){"sound.json", small_law[i], strlen(small_law[i])};
        law = tk_law_load(list, SMALL_FILES, &why);
        if (law == NULL)
            g_error("the small law is not sound: %s", why->message);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(TkProfile) profile = tk_profile_read(law, "profile", (const char *)data, size, &error);
    g_assert((profile == NULL) == (error != NULL));
    if (profile != NULL)
        small_law_use(law, profile);
    return 0;
}

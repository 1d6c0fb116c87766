/* A file of the safety and reliability standard, of any bytes: refused as a whole with places that lie in it,
 * or taken, and then every code is there once and the counts add up. */
#include "small_law.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char structure[] =
    LAW("reliability-structure",
        ENTRY("r-a", "r-a", ",\"section\":\"a\",\"order\":1," NAME ",\"items\":1,\"measures\":2") "," ENTRY(
            "r-b", "r-b", ",\"section\":\"a.b\",\"order\":2," NAME ",\"items\":1,\"measures\":2"));

static void check_findings(const json_t *findings, size_t size)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(findings, "items"), i, one)
    {
        json_int_t line = json_integer_value(json_object_get(one, "line"));
        g_assert(line >= 1 && (size_t)line <= size + 1);
        g_assert(json_integer_value(json_object_get(one, "column")) >= 1);
    }
    g_assert(json_integer_value(json_object_get(findings, "total")) >= (json_int_t)i && i > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static TkLaw *law; /* one for all inputs: reading it is not what is tried here */
    if (law == NULL) {
        TkLawFile list[SMALL_FILES + 1];
        g_autoptr(GError) why = NULL;
        for (size_t i = 0; i < SMALL_FILES; i++)
            list[i] = (TkLawFile){"sound.json", small_law[i], strlen(small_law[i])};
        list[SMALL_FILES] = (TkLawFile){"structure.json", structure, sizeof structure - 1};
        law = tk_law_load(list, SMALL_FILES + 1, &why);
        if (law == NULL)
            g_error("the small law is not sound: %s", why->message);
    }
    json_t *findings = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) content = tk_reliability_read(law, (const char *)data, size, &findings, &error);
    g_assert((content == NULL) == (error != NULL));
    if (content == NULL) {
        check_findings(findings, size);
        json_decref(findings);
        return 0;
    }
    g_autoptr(json_t) counts = tk_reliability_counts(law, content);
    const json_t *whole = json_array_get(counts, 0);
    g_assert(json_integer_value(json_object_get(whole, "measures")) ==
             json_integer_value(json_object_get(content, "measures_total")));
    g_assert(json_integer_value(json_object_get(whole, "items")) ==
             json_integer_value(json_object_get(content, "items_total")));
    return 0;
}

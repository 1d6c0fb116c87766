/* A document of any bytes, as Markdown, as text and as our JSON: refused with a sentence, or taken apart
 * within the ceilings; and what is taken apart is written, read again, compared with itself and has no loose
 * end. */
#include "rules/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(TkRules *rules)
{
    g_assert(rules->sections->len <= TK_RULES_SECTIONS);
    g_autoptr(json_t) document = tk_rules_json(rules);
    GError *error = NULL;
    g_autoptr(TkRules) same = tk_rules_of("again", document, &error);
    if (same == NULL)
        g_error("what was split is not read: %s", error->message);
    g_autoptr(GArray) pairs = tk_rules_compare(rules, same);
    g_assert(pairs->len == rules->sections->len);
    for (guint i = 0; i < pairs->len; i++)
        g_assert(!g_array_index(pairs, TkRulesPair, i).changed);
    g_autofree char *markdown = tk_rules_markdown(rules);
    g_autofree char *plain = tk_rules_plain(rules);
    g_assert(g_utf8_validate(markdown, -1, NULL) && g_utf8_validate(plain, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    for (TkRulesForm form = TK_RULES_MARKDOWN; form <= TK_RULES_PLAIN; form++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(TkRules) rules = tk_rules_split(text, size, form, &error);
        g_assert((rules == NULL) == (error != NULL));
        if (rules != NULL)
            use(rules);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(TkRules) read = tk_rules_read("fuzz", text, size, &error);
    g_assert((read == NULL) == (error != NULL));
    if (read != NULL)
        use(read);
    return 0;
}

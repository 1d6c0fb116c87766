/* The text as a document again. Markdown carries ids and items in comments, and escapes what would read as a
 * heading, so that it comes back the same; plain text is for reading. */
#include "rules/internal.h"

/* The line's words, with what Markdown would read as more than that escaped. */
static void add_words(GString *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\\' || *at == '<' || *at == '*')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
}

/* Whether tk_rules_split would take the line for something else than text. */
static bool speaks(const char *text)
{
    static const char *const leaders[] = {"...", "…", "・・・", NULL};
    RulesNumber number;
    if (tk_rules_number(text, &number) || g_str_has_prefix(text, "附") || g_str_has_prefix(text, "（") ||
        *text == '(' || *text == '#' || *text == '[')
        return true;
    for (size_t i = 0; leaders[i] != NULL; i++)
        if (strstr(text, leaders[i]) != NULL)
            return true;
    return false;
}

static void add_escaped(GString *out, const char *line, size_t len)
{
    g_autofree char *text = g_strndup(line, len);
    const char *at = text;
    while (*at == ' ' || *at == '\t' || g_str_has_prefix(at, "　"))
        at += *at == ' ' || *at == '\t' ? 1 : strlen("　");
    g_string_append_len(out, text, at - text);
    if (speaks(at) && *at != '<' && *at != '*' && *at != '\\')
        g_string_append_c(out, '\\');
    add_words(out, at);
    g_string_append_c(out, '\n');
}

static void add_text(GString *out, const char *text)
{
    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        add_escaped(out, line, len);
        line += len + (line[len] == '\n');
    }
}

char *tk_rules_markdown(const TkRules *rules)
{
    GString *out = g_string_new(NULL);
    if (rules->title[0] != '\0')
        g_string_append_printf(out, "# %s\n\n", rules->title);
    for (guint i = 0; i < rules->sections->len; i++) {
        const TkRulesSection *section = tk_rules_section(rules, i);
        g_string_append_printf(out, "%.*s ", section->level, "###");
        add_words(out, section->heading);
        g_string_append_printf(out, "\n<!-- section %s covers", section->id);
        for (guint k = 0; k < section->items->len; k++)
            g_string_append_printf(out, " %s", (const char *)section->items->pdata[k]);
        g_string_append(out, " -->\n\n");
        add_text(out, section->text);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

char *tk_rules_plain(const TkRules *rules)
{
    GString *out = g_string_new(NULL);
    if (rules->title[0] != '\0')
        g_string_append_printf(out, "%s\n\n", rules->title);
    for (guint i = 0; i < rules->sections->len; i++) {
        const TkRulesSection *section = tk_rules_section(rules, i);
        g_string_append_printf(out, "%s\n", section->heading);
        if (section->text[0] != '\0')
            g_string_append_printf(out, "%s\n", section->text);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

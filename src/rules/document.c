/* The text as data: sections in order, every one bounded, ids unique. */
#include "rules/internal.h"

#define ID_MAX 40

static void section_free(gpointer data)
{
    TkRulesSection *section = data;
    g_free(section->id);
    g_free(section->heading);
    g_free(section->text);
    g_ptr_array_unref(section->items);
    g_free(section);
}

TkRules *tk_rules_new(void)
{
    TkRules *rules = g_new0(TkRules, 1);
    rules->title = g_strdup("");
    rules->sections = g_ptr_array_new_with_free_func(section_free);
    return rules;
}

void tk_rules_free(TkRules *rules)
{
    if (rules == NULL)
        return;
    g_free(rules->title);
    g_ptr_array_unref(rules->sections);
    g_free(rules);
}

TkRulesSection *tk_rules_add(TkRules *rules, const char *id, int level, const char *heading)
{
    TkRulesSection *section = g_new0(TkRulesSection, 1);
    section->id = g_strdup(id);
    section->level = CLAMP(level, 1, TK_RULES_LEVELS);
    section->heading = g_strdup(heading);
    section->text = g_strdup("");
    section->items = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(rules->sections, section);
    return section;
}

const TkRulesSection *tk_rules_section(const TkRules *rules, size_t index)
{
    return rules->sections->pdata[index];
}

/* ---- reading ---- */

typedef struct {
    const char *name; /* of the document, for messages */
    size_t number;    /* of the section, from 1 */
    GError **error;
} At;

static bool bad(const At *at, const char *field, const char *why)
{
    return tk_fail(at->error, TK_ERROR_INPUT, "%s: section %zu: %s: %s", at->name, at->number, field, why);
}

static bool is_id(const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);
    return len > 0 && len <= ID_MAX && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

static bool fits(const At *at, const char *field, const char *text, long max)
{
    return g_utf8_strlen(text, -1) <= max ||
           tk_fail(at->error, TK_ERROR_LIMIT, "%s: section %zu: %s: more than %ld characters", at->name,
                   at->number, field, max);
}

static bool known_members(const At *at, const json_t *object)
{
    static const char *const known[] = {"id", "level", "heading", "text", "items", "suggested", NULL};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!g_strv_contains(known, key))
            return bad(at, key, "there is no such member");
    }
    return true;
}

static bool read_items(const At *at, const json_t *list, TkRulesSection *section)
{
    if (list == NULL)
        return true;
    if (!json_is_array(list) || json_array_size(list) > TK_RULES_ITEMS_MAX)
        return bad(at, "items", "a list of at most 64 ids is needed");
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        const char *id = json_string_value(one);
        if (!is_id(id))
            return bad(at, "items", "ids of items are needed");
        if (!g_ptr_array_find_with_equal_func(section->items, id, g_str_equal, NULL))
            g_ptr_array_add(section->items, g_strdup(id));
    }
    return true;
}

static bool read_section(const At *at, const json_t *object, GHashTable *seen, TkRules *rules)
{
    const char *id = json_string_value(json_object_get(object, "id")),
               *heading = json_string_value(json_object_get(object, "heading")),
               *text = json_string_value(json_object_get(object, "text"));
    const json_t *level = json_object_get(object, "level");
    if (!json_is_object(object) || !is_id(id))
        return bad(at, "id", "1 to 40 of a–z, 0–9, '-', '_' are needed");
    if (g_hash_table_contains(seen, id))
        return bad(at, "id", "another section has this id");
    if (heading == NULL || text == NULL)
        return bad(at, heading == NULL ? "heading" : "text", "a text is needed");
    if (!json_is_integer(level) || json_integer_value(level) < 1 ||
        json_integer_value(level) > TK_RULES_LEVELS)
        return bad(at, "level", "1, 2 or 3 is needed");
    if (strpbrk(heading, "\r\n") != NULL)
        return bad(at, "heading", "it is one line");
    if (!known_members(at, object) || !fits(at, "heading", heading, TK_RULES_HEADING_MAX) ||
        !fits(at, "text", text, TK_RULES_TEXT_MAX))
        return false;
    TkRulesSection *section = tk_rules_add(rules, id, (int)json_integer_value(level), heading);
    g_hash_table_add(seen, section->id);
    g_free(section->text);
    section->text = g_strdup(text);
    section->suggested = json_is_true(json_object_get(object, "suggested"));
    return read_items(at, json_object_get(object, "items"), section);
}

TkRules *tk_rules_of(const char *name, const json_t *document, GError **error)
{
    const char *format = json_string_value(json_object_get(document, "format")),
               *title = json_string_value(json_object_get(document, "title"));
    const json_t *list = json_object_get(document, "sections");
    if (g_strcmp0(format, "tokatsu-rules/1") != 0 || !json_is_array(list)) {
        tk_fail(error, TK_ERROR_INPUT,
                "%s: this is no text of rules; “format” is tokatsu-rules/1, “sections” a list", name);
        return NULL;
    }
    if (json_array_size(list) > TK_RULES_SECTIONS) {
        tk_fail(error, TK_ERROR_LIMIT, "%s: %zu sections; %d are allowed", name, json_array_size(list),
                TK_RULES_SECTIONS);
        return NULL;
    }
    g_autoptr(TkRules) rules = tk_rules_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    if (title != NULL && g_utf8_strlen(title, -1) <= TK_RULES_HEADING_MAX) {
        g_free(rules->title);
        rules->title = g_strdup(title);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        At at = {name, i + 1, error};
        if (!read_section(&at, json_array_get(list, i), seen, rules))
            return NULL;
    }
    return g_steal_pointer(&rules);
}

TkRules *tk_rules_read(const char *name, const char *text, size_t len, GError **error)
{
    g_autoptr(json_t) document = tk_json_read(name, text, len, TK_RULES_MAX, error);
    return document == NULL ? NULL : tk_rules_of(name, document, error);
}

/* ---- writing ---- */

json_t *tk_rules_json(const TkRules *rules)
{
    json_t *list = json_array();
    for (size_t i = 0; i < rules->sections->len; i++) {
        const TkRulesSection *section = tk_rules_section(rules, i);
        json_t *items = json_array();
        for (guint k = 0; k < section->items->len; k++)
            json_array_append_new(items, json_string(section->items->pdata[k]));
        json_t *one = json_pack("{s:s, s:i, s:s, s:s, s:o}", "id", section->id, "level", section->level,
                                "heading", section->heading, "text", section->text, "items", items);
        if (section->suggested)
            json_object_set_new(one, "suggested", json_true());
        json_array_append_new(list, one);
    }
    return json_pack("{s:s, s:s, s:o}", "format", "tokatsu-rules/1", "title", rules->title, "sections", list);
}

/* Two editions beside each other: which section became which. */
#include "rules/internal.h"

typedef struct {
    const TkRules *before, *after;
    gint *to;   /* section of `before` → index in `after`, -1: none */
    gint *from; /* and back */
} Match;

static void pair_up(Match *match, guint b, guint a)
{
    match->to[b] = (gint)a;
    match->from[a] = (gint)b;
}

static void match_by(Match *match, bool by_id)
{
    g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < match->before->sections->len; i++) {
        const TkRulesSection *section = tk_rules_section(match->before, i);
        if (match->to[i] < 0)
            g_hash_table_insert(index, by_id ? section->id : section->heading, GUINT_TO_POINTER(i + 1));
    }
    for (guint i = 0; i < match->after->sections->len; i++) {
        const TkRulesSection *section = tk_rules_section(match->after, i);
        const char *key = by_id ? section->id : section->heading;
        guint found = match->from[i] >= 0 ? 0 : GPOINTER_TO_UINT(g_hash_table_lookup(index, key));
        if (found > 0) {
            pair_up(match, found - 1, i);
            g_hash_table_remove(index, key);
        }
    }
}

static bool same_items(const TkRulesSection *a, const TkRulesSection *b)
{
    if (a->items->len != b->items->len)
        return false;
    for (guint i = 0; i < a->items->len; i++)
        if (!g_ptr_array_find_with_equal_func(b->items, a->items->pdata[i], g_str_equal, NULL))
            return false;
    return true;
}

static bool differs(const TkRulesSection *a, const TkRulesSection *b)
{
    return a->level != b->level || strcmp(a->heading, b->heading) != 0 || strcmp(a->text, b->text) != 0 ||
           !same_items(a, b);
}

/* What is gone and stood right behind section `b` of the old text (-1: at its beginning). */
static void add_gone(const Match *match, gint b, GArray *pairs)
{
    for (guint i = (guint)(b + 1); i < match->before->sections->len && match->to[i] < 0; i++) {
        TkRulesPair gone = {tk_rules_section(match->before, i), NULL, true, false};
        g_array_append_val(pairs, gone);
    }
}

GArray *tk_rules_compare(const TkRules *before, const TkRules *after)
{
    g_autofree gint *to = g_new(gint, before->sections->len + 1);
    g_autofree gint *from = g_new(gint, after->sections->len + 1);
    for (guint i = 0; i < before->sections->len; i++)
        to[i] = -1;
    for (guint i = 0; i < after->sections->len; i++)
        from[i] = -1;
    Match match = {before, after, to, from};
    match_by(&match, true);
    match_by(&match, false);
    GArray *pairs = g_array_new(FALSE, TRUE, sizeof(TkRulesPair));
    gint furthest = -1;
    add_gone(&match, -1, pairs);
    for (guint i = 0; i < after->sections->len; i++) {
        TkRulesPair pair = {.after = tk_rules_section(after, i), .changed = true};
        if (from[i] >= 0) {
            pair.before = tk_rules_section(before, (size_t)from[i]);
            pair.changed = differs(pair.before, pair.after);
            pair.moved = from[i] < furthest;
            furthest = MAX(furthest, from[i]);
        }
        g_array_append_val(pairs, pair);
        if (from[i] >= 0)
            add_gone(&match, from[i], pairs);
    }
    return pairs;
}

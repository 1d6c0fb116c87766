/* The items of 施行規則29条: a list that grew with each amendment, of which some are asked only of carriers
 * with cables to abroad or with entrusted functions. An item keeps its id when an amendment gives it another
 * letter, so that what a section covers stays true; the letter is the version's. */
#include "law/program_internal.h"

struct RulesRule {
    Span span;
    const TkLawEntry *entry;
    int64_t order;
    TkRulesItem item; /* what does not hang on the day or the carrier */
    Condition when;   /* at NULL: asked of everybody */
};

struct TkRulesItems {
    TkDate date;
    GArray *at; /* TkRulesItem */
};

/* ---- reading ---- */

static bool read_words(const Where *where, const json_t *data, TkRulesItem *item)
{
    const json_t *words = tk_law_read_array(where, data, "words", TK_RULES_WORDS_MAX);
    size_t i;
    json_t *word;
    json_array_foreach(words, i, word)
    {
        const char *text = json_string_value(word);
        if (text == NULL || text[0] == '\0')
            return tk_law_bad(where, "words", "texts that are not empty are needed");
        item->words[item->word_count++] = text;
    }
    return words != NULL;
}

static bool read_transition(const Where *where, const json_t *data, TkRulesItem *item)
{
    const json_t *transition = json_object_get(data, "transition");
    item->until = TK_DATE_NONE;
    if (transition == NULL)
        return true;
    return tk_law_read_date(where, transition, "until", &item->until) &&
           tk_law_read_text(where, transition, "article") != NULL &&
           tk_law_read_bool(where, transition, "verified", false, &item->until_verified) &&
           tk_law_read_pair(where, transition, "text", &item->until_why);
}

void tk_rules_rule_free(gpointer data)
{
    RulesRule *rule = data;
    tk_condition_clear(&rule->when);
    g_free(rule);
}

bool tk_rules_item_read(const Where *where, const TkLawEntry *entry, Programme *programme)
{
    RulesRule *rule = g_new0(RulesRule, 1);
    g_ptr_array_add(programme->rules, rule);
    rule->span = tk_law_span(entry);
    rule->entry = entry;
    TkRulesItem *item = &rule->item;
    *item = (TkRulesItem){.id = entry->family, .entry = entry, .applies = TK_YES, .changed = entry->from};
    item->place = tk_law_read_text(where, entry->data, "place");
    if (item->place == NULL || !tk_law_read_int(where, entry->data, "order", 0, 100000, &rule->order) ||
        !tk_law_read_pair(where, entry->data, "name", &item->name) ||
        !tk_law_read_pair(where, entry->data, "guidance", &item->guidance) ||
        !read_words(where, entry->data, item) || !read_transition(where, entry->data, item))
        return false;
    const json_t *when = json_object_get(entry->data, "when");
    item->conditional = when != NULL;
    return when == NULL || tk_condition_read(where, programme, when, "when", true, &rule->when);
}

/* ---- asking ---- */

static TkDate family_begins(const Programme *programme, const char *family)
{
    TkDate first = TK_DATE_NONE;
    for (guint i = 0; i < programme->rules->len; i++) {
        const RulesRule *rule = programme->rules->pdata[i];
        if (strcmp(rule->item.id, family) == 0 && (first == TK_DATE_NONE || rule->span.from < first))
            first = rule->span.from;
    }
    return first;
}

static void ask_condition(const TkLaw *law, const TkProfile *profile, TkDate date, const RulesRule *rule,
                          TkRulesItem *item)
{
    if (!item->conditional)
        return;
    item->applies = TK_UNKNOWN;
    if (profile == NULL)
        return;
    g_autoptr(GArray) missing = g_array_new(FALSE, FALSE, sizeof(const char *));
    Asking asking = {law->programme, profile, date, NULL, missing};
    item->applies = tk_condition_ask(&asking, &rule->when);
    for (guint i = 0; i < missing->len && item->missing_count < TK_RULES_MISSING_MAX; i++)
        item->missing[item->missing_count++] = g_array_index(missing, const char *, i);
}

static int by_order(gconstpointer a, gconstpointer b)
{
    const RulesRule *x = *(const RulesRule *const *)a, *y = *(const RulesRule *const *)b;
    return (x->order > y->order) - (x->order < y->order);
}

void tk_rules_rules_sort(Programme *programme)
{
    g_ptr_array_sort(programme->rules, by_order);
}

TkRulesItems *tk_law_rules_items(const TkLaw *law, const TkProfile *profile, TkDate date, GError **error)
{
    g_autoptr(TkRulesItems) items = g_new0(TkRulesItems, 1);
    items->date = date;
    items->at = g_array_new(FALSE, TRUE, sizeof(TkRulesItem));
    for (guint i = 0; i < law->programme->rules->len; i++) {
        const RulesRule *rule = law->programme->rules->pdata[i];
        if (date < rule->span.from || date > rule->span.to)
            continue;
        TkRulesItem item = rule->item;
        item.since = family_begins(law->programme, item.id);
        ask_condition(law, profile, date, rule, &item);
        g_array_append_val(items->at, item);
    }
    if (items->at->len > 0)
        return g_steal_pointer(&items);
    char text[TK_TIME_TEXT_MAX];
    tk_fail(error, TK_ERROR_LAW,
            "what management rules set out is not in the law data for %s; it begins on 2021-04-01",
            tk_date_text(date, text));
    return NULL;
}

void tk_rules_items_free(TkRulesItems *items)
{
    if (items == NULL)
        return;
    g_array_unref(items->at);
    g_free(items);
}

TkDate tk_rules_items_date(const TkRulesItems *items)
{
    return items->date;
}

size_t tk_rules_items_count(const TkRulesItems *items)
{
    return items->at->len;
}

const TkRulesItem *tk_rules_item(const TkRulesItems *items, size_t index)
{
    return &g_array_index(items->at, TkRulesItem, index);
}

const TkRulesItem *tk_rules_item_find(const TkRulesItems *items, const char *id)
{
    for (guint i = 0; i < items->at->len; i++)
        if (strcmp(tk_rules_item(items, i)->id, id) == 0)
            return tk_rules_item(items, i);
    return NULL;
}

bool tk_law_rules_item_known(const TkLaw *law, const char *id)
{
    return family_begins(law->programme, id) != TK_DATE_NONE;
}

static void pair_json(TkJson *w, const char *key, TkText text)
{
    tk_json_member2(w, key, text.ja, text.en);
}

static void facts_json(const TkRulesItem *item, TkJson *w)
{
    tk_json_member(w, "applies",
                   item->applies == TK_YES  ? "yes"
                   : item->applies == TK_NO ? "no"
                                            : "cannot-tell");
    tk_json_key(w, "missing");
    tk_json_begin_array(w);
    for (size_t i = 0; i < item->missing_count; i++)
        tk_json_text(w, item->missing[i]);
    tk_json_end_array(w);
    tk_json_key(w, "conditional");
    tk_json_bool(w, item->conditional);
}

void tk_law_rules_item_json(const TkRulesItem *item, TkJson *w)
{
    tk_json_member(w, "item", item->id);
    tk_json_member(w, "place", item->place);
    tk_json_member(w, "article", item->entry->article);
    pair_json(w, "name", item->name);
    pair_json(w, "guidance", item->guidance);
    tk_json_key(w, "verified");
    tk_json_bool(w, item->entry->verified);
    facts_json(item, w);
    tk_json_key(w, "since");
    tk_json_date(w, item->since);
    tk_json_key(w, "changed");
    tk_json_date(w, item->changed);
    tk_json_key(w, "until");
    tk_json_date(w, item->until);
    if (item->until_why.ja != NULL)
        pair_json(w, "until_why", item->until_why);
    tk_json_key(w, "until_verified");
    tk_json_bool(w, item->until_verified);
}

/* The law to be read: entries in force on a day, and what changed between two days. */
#include "law/internal.h"

size_t tk_law_entry_count(const TkLaw *law)
{
    return law->entries->len;
}

const TkLawEntry *tk_law_entry(const TkLaw *law, size_t index)
{
    return &g_array_index(law->entries, TkLawEntry, index);
}

static bool in_force(const TkLawEntry *entry, TkDate date)
{
    return entry->from <= date && (entry->to == TK_DATE_NONE || date <= entry->to);
}

/* Whether `text` occurs with no further digit on either side: 58条 is in 施行規則58条2項1号, 8条 is not. */
static bool names_article(const char *article, const char *text)
{
    size_t len = strlen(text);
    for (const char *at = article; (at = strstr(at, text)) != NULL; at++) {
        bool before = at > article && g_ascii_isdigit(at[-1]) && g_ascii_isdigit(text[0]);
        bool behind = len > 0 && g_ascii_isdigit(at[len]) && g_ascii_isdigit(text[len - 1]);
        if (!before && !behind)
            return true;
    }
    return false;
}

GPtrArray *tk_law_entries(const TkLaw *law, const char *article, TkDate date)
{
    GPtrArray *found = g_ptr_array_new();
    for (size_t i = 0; i < law->entries->len; i++) {
        const TkLawEntry *entry = tk_law_entry(law, i);
        if (in_force(entry, date) && (article == NULL || names_article(entry->article, article)))
            g_ptr_array_add(found, (gpointer)entry);
    }
    return found;
}

static const TkLawEntry *family_on(const TkLaw *law, const TkLawEntry *one, TkDate date)
{
    for (size_t i = 0; i < law->entries->len; i++) {
        const TkLawEntry *entry = tk_law_entry(law, i);
        if (in_force(entry, date) && strcmp(entry->type, one->type) == 0 &&
            strcmp(entry->family, one->family) == 0)
            return entry;
    }
    return NULL;
}

GPtrArray *tk_law_diff(const TkLaw *law, TkDate before, TkDate after)
{
    GPtrArray *changes = g_ptr_array_new_with_free_func(g_free);
    const TkLawEntry *last = NULL;
    for (size_t i = 0; i < law->entries->len; i++) {
        const TkLawEntry *entry = tk_law_entry(law, i);
        bool same =
            last != NULL && strcmp(entry->type, last->type) == 0 && strcmp(entry->family, last->family) == 0;
        last = entry;
        if (same) /* once a family */
            continue;
        TkLawChange change = {family_on(law, entry, before), family_on(law, entry, after)};
        if (change.before != change.after)
            g_ptr_array_add(changes, g_memdup2(&change, sizeof change));
    }
    return changes;
}

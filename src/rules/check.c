/* Whether a text covers what the article asks on a day. What a section covers is said by its author; what is
 * found here is what nobody said, what was said of nothing, and where the article has grown since. */
#include "rules/internal.h"

typedef enum { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTE } Level;

typedef struct {
    Level level;
    const char *kind, *section, *item;
    char *ja, *en;
} Finding;

typedef struct {
    const TkRules *rules;
    const TkRulesItems *items;
    TkDate effective;
    GPtrArray *findings; /* Finding * */
    size_t asked, covered, missing, cannot_tell;
} Check;

static void finding_free(gpointer data)
{
    Finding *finding = data;
    g_free(finding->ja);
    g_free(finding->en);
    g_free(finding);
}

/* Takes both sentences. */
static void find(Check *check, Level level, const char *kind, const char *section, const char *item, char *ja,
                 char *en)
{
    Finding *finding = g_new0(Finding, 1);
    *finding = (Finding){level, kind, section, item, ja, en};
    g_ptr_array_add(check->findings, finding);
}

/* ---- sections ---- */

/* The characters of a section and of what stands below it. */
static long weight(const TkRules *rules, guint index)
{
    const TkRulesSection *section = tk_rules_section(rules, index);
    long total = g_utf8_strlen(section->text, -1);
    for (guint i = index + 1; i < rules->sections->len; i++) {
        const TkRulesSection *below = tk_rules_section(rules, i);
        if (below->level <= section->level)
            break;
        total += g_utf8_strlen(below->text, -1);
    }
    return total;
}

static bool covers(const TkRulesSection *section, const char *item)
{
    return g_ptr_array_find_with_equal_func(section->items, item, g_str_equal, NULL);
}

/* Whether a section above says what this one covers. */
static bool covered_above(const TkRules *rules, guint index)
{
    int level = tk_rules_section(rules, index)->level;
    for (guint i = index; i-- > 0 && level > 1;) {
        const TkRulesSection *above = tk_rules_section(rules, i);
        if (above->level >= level)
            continue;
        if (above->items->len > 0)
            return true;
        level = above->level;
    }
    return false;
}

/* Sections of which none is expected to cover an item. */
static bool is_frame(const char *heading)
{
    static const char *const frames[] = {"目的",   "定義", "適用", "用語", "附則",
                                         "附　則", "前文", "別表", NULL};
    for (size_t i = 0; frames[i] != NULL; i++)
        if (strstr(heading, frames[i]) != NULL)
            return true;
    return false;
}

static void check_size(Check *check, guint index)
{
    const TkRulesSection *section = tk_rules_section(check->rules, index);
    long chars = weight(check->rules, index);
    if (chars == 0)
        find(check, section->items->len > 0 ? LEVEL_ERROR : LEVEL_WARNING, "empty", section->id, NULL,
             g_strdup_printf("「%s」に本文がありません", section->heading),
             g_strdup_printf("“%s” has no text", section->heading));
    else if (section->items->len > 0 && chars < TK_RULES_THIN)
        find(check, LEVEL_WARNING, "thin", section->id, NULL,
             g_strdup_printf("「%s」の本文は%ld字です。事項を定めるには短いかもしれません", section->heading,
                             chars),
             g_strdup_printf("“%s” has %ld characters, which may be too few to set out an item",
                             section->heading, chars));
    if (chars > 0 && section->text[0] != '\0' && section->items->len == 0 && !is_frame(section->heading) &&
        !covered_above(check->rules, index))
        find(check, LEVEL_NOTE, "covers-nothing", section->id, NULL,
             g_strdup_printf("「%s」は29条のどの事項にも結ばれていません", section->heading),
             g_strdup_printf("“%s” is tied to no item of art. 29", section->heading));
}

static void check_items_of(Check *check, const TkRulesSection *section)
{
    for (guint k = 0; k < section->items->len; k++) {
        const char *id = section->items->pdata[k];
        if (tk_rules_item_find(check->items, id) == NULL)
            find(check, LEVEL_WARNING, "unknown-item", section->id, id,
                 g_strdup_printf("「%s」が結ばれている「%s」は、この日の29条にありません", section->heading,
                                 id),
                 g_strdup_printf("“%s” names “%s”, which art. 29 does not have on this day", section->heading,
                                 id));
    }
}

static void check_numbers(Check *check)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < check->rules->sections->len; i++) {
        const TkRulesSection *section = tk_rules_section(check->rules, i);
        RulesNumber number;
        if (!tk_rules_number(section->heading, &number) || number.unit == 0x7BC0) /* 節 begin again */
            continue;
        g_autofree char *key = g_strdup_printf("%u/%d/%d", number.unit, number.number, number.branch);
        if (g_hash_table_contains(seen, key))
            find(check, LEVEL_WARNING, "number", section->id, NULL,
                 g_strdup_printf("「%s」と同じ番号の条項がほかにあります", section->heading),
                 g_strdup_printf("another provision has the number of “%s”", section->heading));
        g_hash_table_add(seen, g_steal_pointer(&key));
    }
}

static void check_references(Check *check)
{
    g_autoptr(GPtrArray) loose = tk_rules_loose_references(check->rules);
    for (guint i = 0; i < loose->len; i++) {
        const RulesLoose *one = loose->pdata[i];
        find(check, LEVEL_WARNING, "reference", one->section, NULL,
             g_strdup_printf("参照先の「%s」がこの規程にありません", one->name),
             g_strdup_printf("“%s” is referred to, and these rules do not have it", one->name));
    }
}

/* ---- items ---- */

typedef struct {
    const TkRulesItem *item;
    const char *state;
    bool suggested, is_new;
    GPtrArray *sections; /* const char * */
} Cover;

static Cover cover_of(const Check *check, const TkRulesItem *item)
{
    Cover cover = {.item = item, .suggested = true, .sections = g_ptr_array_new()};
    bool said = false;
    for (guint i = 0; i < check->rules->sections->len; i++) {
        const TkRulesSection *section = tk_rules_section(check->rules, i);
        if (!covers(section, item->id))
            continue;
        g_ptr_array_add(cover.sections, section->id);
        said |= weight(check->rules, i) > 0;
        cover.suggested &= section->suggested;
    }
    cover.suggested &= cover.sections->len > 0;
    cover.is_new = check->effective != TK_DATE_NONE && item->changed > check->effective;
    bool running =
        cover.is_new && item->until != TK_DATE_NONE && tk_rules_items_date(check->items) <= item->until;
    cover.state = item->applies == TK_NO    ? "not-asked"
                  : said                    ? "covered"
                  : item->applies != TK_YES ? "cannot-tell"
                  : running                 ? "until"
                                            : "missing";
    return cover;
}

static void find_missing(Check *check, const Cover *cover)
{
    const TkRulesItem *item = cover->item;
    char until[TK_TIME_TEXT_MAX];
    if (strcmp(cover->state, "missing") == 0)
        find(check, LEVEL_ERROR, "missing", NULL, item->id,
             g_strdup_printf("29条の事項「%s %s」を定めた条項がありません", item->place, item->name.ja),
             g_strdup_printf("no section covers item %s “%s”", item->place, item->name.en));
    if (strcmp(cover->state, "until") == 0)
        find(check, LEVEL_WARNING, "until", NULL, item->id,
             g_strdup_printf("「%s %s」が加わりました。%sまでに定めて変更を届け出ます", item->place,
                             item->name.ja, tk_date_text(item->until, until)),
             g_strdup_printf("item %s “%s” was added; it is to be covered and notified by %s", item->place,
                             item->name.en, tk_date_text(item->until, until)));
    if (strcmp(cover->state, "cannot-tell") == 0)
        find(check, LEVEL_WARNING, "cannot-tell", NULL, item->id,
             g_strdup_printf("「%s %s」が要るかどうかは、事業者の事実(%s)が分からず判断できません",
                             item->place, item->name.ja,
                             item->missing_count > 0 ? item->missing[0] : "profile"),
             g_strdup_printf("whether item %s “%s” is asked hangs on a fact of the carrier (%s)", item->place,
                             item->name.en, item->missing_count > 0 ? item->missing[0] : "profile"));
}

static void find_new(Check *check, const Cover *cover)
{
    const TkRulesItem *item = cover->item;
    char changed[TK_TIME_TEXT_MAX];
    if (strcmp(cover->state, "covered") == 0 && cover->is_new)
        find(
            check, LEVEL_NOTE, "new-item", cover->sections->pdata[0], item->id,
            g_strdup_printf("「%s %s」は、この版の施行日の後、%sに%s。本文が足りるか確かめてください",
                            item->place, item->name.ja, tk_date_text(item->changed, changed),
                            item->since == item->changed ? "加わりました" : "改められました"),
            g_strdup_printf("item %s “%s” was %s on %s, after this edition took effect; see whether the text "
                            "suffices",
                            item->place, item->name.en, item->since == item->changed ? "added" : "changed",
                            tk_date_text(item->changed, changed)));
    if (strcmp(cover->state, "covered") == 0 && cover->suggested)
        find(check, LEVEL_NOTE, "suggested", cover->sections->pdata[0], item->id,
             g_strdup_printf("「%s %s」は見出しからの推定です。確かめてください", item->place, item->name.ja),
             g_strdup_printf("item %s “%s” is guessed from a heading; confirm it", item->place,
                             item->name.en));
}

static void count(Check *check, const Cover *cover)
{
    bool asked = cover->item->applies == TK_YES;
    check->asked += asked;
    check->covered += asked && strcmp(cover->state, "covered") == 0;
    check->missing += asked && strcmp(cover->state, "covered") != 0;
    check->cannot_tell += strcmp(cover->state, "cannot-tell") == 0;
}

static void write_item(Check *check, const TkRulesItem *item, TkJson *w)
{
    Cover cover = cover_of(check, item);
    find_missing(check, &cover);
    find_new(check, &cover);
    count(check, &cover);
    tk_json_begin_object(w);
    tk_law_rules_item_json(item, w);
    tk_json_key(w, "state");
    tk_json_text(w, cover.state);
    tk_json_key(w, "sections");
    tk_json_begin_array(w);
    for (guint i = 0; i < cover.sections->len; i++)
        tk_json_text(w, cover.sections->pdata[i]);
    tk_json_end_array(w);
    tk_json_key(w, "suggested");
    tk_json_bool(w, cover.suggested);
    tk_json_key(w, "new");
    tk_json_bool(w, cover.is_new);
    tk_json_end_object(w);
    g_ptr_array_unref(cover.sections);
}

/* ---- the answer ---- */

static void write_finding(const Finding *finding, TkJson *w)
{
    static const char *const levels[] = {"error", "warning", "note"};
    tk_json_begin_object(w);
    tk_json_key(w, "level");
    tk_json_text(w, levels[finding->level]);
    tk_json_key(w, "kind");
    tk_json_text(w, finding->kind);
    tk_json_key(w, "section");
    tk_json_text(w, finding->section);
    tk_json_key(w, "item");
    tk_json_text(w, finding->item);
    tk_json_key(w, "text");
    tk_json_begin_object(w);
    tk_json_key(w, "ja");
    tk_json_text(w, finding->ja);
    tk_json_key(w, "en");
    tk_json_text(w, finding->en);
    tk_json_end_object(w);
    tk_json_end_object(w);
}

/* Worst first, and within a level as they were found. */
static size_t write_findings(const Check *check, TkJson *w)
{
    size_t errors = 0;
    tk_json_key(w, "findings");
    tk_json_begin_array(w);
    for (Level level = LEVEL_ERROR; level <= LEVEL_NOTE; level++)
        for (guint i = 0; i < check->findings->len; i++) {
            const Finding *finding = check->findings->pdata[i];
            if (finding->level != level)
                continue;
            errors += level == LEVEL_ERROR;
            write_finding(finding, w);
        }
    tk_json_end_array(w);
    return errors;
}

static void write_count(TkJson *w, const char *key, size_t n)
{
    tk_json_key(w, key);
    tk_json_int(w, (int64_t)n);
}

size_t tk_rules_check(const TkRules *rules, const TkRulesItems *items, TkDate effective, TkJson *w)
{
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(finding_free);
    Check check = {.rules = rules, .items = items, .effective = effective, .findings = findings};
    tk_json_key(w, "date");
    tk_json_date(w, tk_rules_items_date(items));
    tk_json_key(w, "effective");
    tk_json_date(w, effective);
    tk_json_key(w, "items");
    tk_json_begin_array(w);
    for (size_t i = 0; i < tk_rules_items_count(items); i++)
        write_item(&check, tk_rules_item(items, i), w);
    tk_json_end_array(w);
    for (guint i = 0; i < rules->sections->len; i++) {
        check_size(&check, i);
        check_items_of(&check, tk_rules_section(rules, i));
    }
    check_numbers(&check);
    check_references(&check);
    tk_json_key(w, "counts");
    tk_json_begin_object(w);
    write_count(w, "asked", check.asked);
    write_count(w, "covered", check.covered);
    write_count(w, "missing", check.missing);
    write_count(w, "cannot_tell", check.cannot_tell);
    tk_json_end_object(w);
    return write_findings(&check, w);
}

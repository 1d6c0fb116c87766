/* Names of provisions: 第12条の3第2項. They are written in three kinds of numerals, and most of those in a
 * text of rules mean the law's provisions, not its own: a name that follows the name of a law (…法, …規則,
 * 同令), or is joined to one that does (法第3条及び第4条), is left alone. */
#include "rules/internal.h"

#define NUMBER_MAX 9999

static int digit_of(gunichar c)
{
    if (c >= '0' && c <= '9')
        return (int)(c - '0');
    if (c >= 0xFF10 && c <= 0xFF19)
        return (int)(c - 0xFF10);
    static const gunichar chinese[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                       0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D}; /* 〇一二三四五六七八九 */
    for (int i = 0; i < 10; i++)
        if (c == chinese[i])
            return i;
    return -1;
}

static int place_of(gunichar c)
{
    return c == 0x5341 ? 10 : c == 0x767E ? 100 : c == 0x5343 ? 1000 : 0; /* 十百千 */
}

/* 12, １２, 十二 and 一二 are all twelve. */
size_t tk_rules_numeral(const char *text, int *out)
{
    int total = 0, digits = 0;
    bool any = false;
    const char *at = text;
    for (; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        int digit = digit_of(c), place = place_of(c);
        if (digit < 0 && place == 0)
            break;
        if (place > 0) {
            total += (digits == 0 ? 1 : digits) * place;
            digits = 0;
        } else {
            digits = digits * 10 + digit;
        }
        any = true;
        if (total + digits > NUMBER_MAX)
            return 0;
    }
    *out = total + digits;
    return any ? (size_t)(at - text) : 0;
}

static size_t skip(const char *text, const char *what)
{
    return g_str_has_prefix(text, what) ? strlen(what) : 0;
}

bool tk_rules_number(const char *text, RulesNumber *out)
{
    size_t table = skip(text, "別表"), form = skip(text, "様式"), at = table + form;
    size_t ordinal = skip(text + at, "第");
    *out = (RulesNumber){.unit = table > 0 ? 0x8868 : 0x5F0F};
    if (ordinal == 0)
        return false;
    at += ordinal;
    size_t numeral = tk_rules_numeral(text + at, &out->number);
    if (numeral == 0)
        return false;
    at += numeral;
    if (table + form == 0) {
        gunichar unit = g_utf8_get_char(text + at);
        if (unit != 0x6761 && unit != 0x9805 && unit != 0x7AE0 && unit != 0x7BC0 && unit != 0x7DE8 &&
            unit != 0x6B3E) /* 条項章節編款 */
            return false;
        out->unit = unit;
        at = (size_t)(g_utf8_next_char(text + at) - text);
    }
    size_t of = skip(text + at, "の"), branch = of > 0 ? tk_rules_numeral(text + at + of, &out->branch) : 0;
    out->len = branch > 0 ? at + of + branch : at;
    if (branch == 0)
        out->branch = 0;
    return true;
}

/* ---- what there is ---- */

static char *key_of(const RulesNumber *number)
{
    return g_strdup_printf("%u/%d/%d", number->unit, number->number, number->branch);
}

/* key → section */
static GHashTable *provisions(const TkRules *rules)
{
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < rules->sections->len; i++) {
        TkRulesSection *section = rules->sections->pdata[i];
        RulesNumber number;
        if (tk_rules_number(section->heading, &number))
            g_hash_table_insert(known, key_of(&number), section);
    }
    return known;
}

static bool has_paragraph(const TkRulesSection *section, int wanted)
{
    for (const char *line = section->text; wanted > 1 && line != NULL && *line != '\0';) {
        int number = 0;
        const char *at = line + strspn(line, " \t(");
        at += skip(at, "　") + skip(at, "(") + skip(at, "第");
        if (tk_rules_numeral(at, &number) > 0 && number == wanted)
            return true;
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return wanted <= 1;
}

/* ---- whose provision is meant ---- */

static bool ends_with_any(const char *text, const char *end, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t len = strlen(words[i]);
        if ((size_t)(end - text) >= len && memcmp(end - len, words[i], len) == 0)
            return true;
    }
    return false;
}

/* After the name of a law, or 同条 and its like. */
static bool of_a_law(const char *text, const char *at)
{
    static const char *const laws[] = {"法",   "令",   "規則", "省令", "政令", "告示", "条例",
                                       "基準", "約款", "法律", "要領", "協定", "契約", "号)",
                                       "号）", "同",   "」",   "附則", NULL};
    while (at > text && (at[-1] == ' '))
        at--;
    return ends_with_any(text, at, laws);
}

/* What joins a name to the one before. */
static bool joined(const char *from, const char *to)
{
    static const char *const joints[] = {"及び", "又は", "若しくは", "並びに", "から", "まで", "、",
                                         "，",   "・",   "乃至",     "~",      "〜",   "～",   NULL};
    while (from < to) {
        size_t step = 0;
        for (size_t i = 0; step == 0 && joints[i] != NULL; i++)
            step = skip(from, joints[i]);
        if (step == 0)
            return false;
        from += step;
    }
    return from == to;
}

void tk_rules_loose_free(gpointer data)
{
    RulesLoose *loose = data;
    g_free(loose->name);
    g_free(loose);
}

static void add_loose(GPtrArray *found, const TkRulesSection *section, const char *from, size_t len)
{
    RulesLoose *loose = g_new0(RulesLoose, 1);
    loose->section = section->id;
    loose->name = g_strndup(from, len);
    g_ptr_array_add(found, loose);
}

typedef struct {
    GHashTable *known;
    GPtrArray *found;
    const TkRulesSection *section;
    const char *end; /* of the name before; NULL: none */
    bool foreign;    /* the name before is a law's */
} Scan;

/* Takes the name at `at`, with the paragraph that follows it; gives its bytes. */
static size_t take_name(Scan *scan, const char *at, const RulesNumber *number)
{
    size_t len = number->len;
    RulesNumber paragraph = {0};
    if (number->unit == 0x6761 && tk_rules_number(at + len, &paragraph) && paragraph.unit == 0x9805)
        len += paragraph.len;
    scan->foreign =
        of_a_law(scan->section->text, at) || (scan->end != NULL && scan->foreign && joined(scan->end, at));
    scan->end = at + len;
    if (scan->foreign || number->unit == 0x9805 || number->unit == 0x6B3E)
        return len;
    g_autofree char *key = key_of(number);
    const TkRulesSection *there = g_hash_table_lookup(scan->known, key);
    if (there == NULL || (paragraph.number > 0 && !has_paragraph(there, paragraph.number)))
        add_loose(scan->found, scan->section, at, len);
    return len;
}

static void scan_section(Scan *scan)
{
    RulesNumber number;
    scan->end = NULL;
    scan->foreign = false;
    for (const char *at = scan->section->text; *at != '\0';) {
        if (tk_rules_number(at, &number))
            at += take_name(scan, at, &number);
        else
            at = g_utf8_next_char(at);
    }
}

GPtrArray *tk_rules_loose_references(const TkRules *rules)
{
    g_autoptr(GHashTable) known = provisions(rules);
    GPtrArray *found = g_ptr_array_new_with_free_func(tk_rules_loose_free);
    Scan scan = {.known = known, .found = found};
    for (guint i = 0; i < rules->sections->len; i++) {
        scan.section = tk_rules_section(rules, i);
        scan_section(&scan);
    }
    return found;
}

/* rules: the text of management rules (管理規程, 法44条) — read, split out of documents, checked against what
 * 施行規則29条 asks, compared, and written again.
 *
 *     Markdown, text ── tk_rules_split ──┐
 *     tokatsu-rules/1 ── tk_rules_read ──┴─► TkRules ─┬─ tk_rules_check ── items covered, findings
 *                                            TkRules ─┼─ tk_rules_compare ── pairs of sections
 *                                                     └─ JSON · Markdown · text
 *
 * Pure: no files, no clock. A text is a list of sections in their order; a section says which items it covers
 * by ids that outlive the letters of the article. A section's own id stays from edition to edition, which is
 * what comparisons go by. */
#ifndef TK_RULES_H
#define TK_RULES_H

#include "law/law.h"

#define TK_RULES_MAX         (1024 * 1024) /* bytes of a text, in any form */
#define TK_RULES_SECTIONS    600
#define TK_RULES_HEADING_MAX 200   /* characters */
#define TK_RULES_TEXT_MAX    20000 /* characters of one section */
#define TK_RULES_ITEMS_MAX   64    /* that one section covers */
#define TK_RULES_LEVELS      3     /* 章, 節, 条 */
#define TK_RULES_THIN        40    /* characters: a covering section with fewer is pointed out */

typedef struct {
    char *id;         /* 1 to 40 of a–z, 0–9, '-', '_' */
    int level;        /* 1 … TK_RULES_LEVELS */
    char *heading;    /* as printed, with its number: 第3条(教育及び訓練) */
    char *text;       /* lines; "" where there is none */
    GPtrArray *items; /* char *: ids of items, in the order given */
    bool suggested;   /* the items are a guess from the heading that nobody has confirmed */
} TkRulesSection;

typedef struct {
    char *title;         /* of the document; "" where it has none */
    GPtrArray *sections; /* TkRulesSection * */
} TkRules;

TkRules *tk_rules_new(void);
void tk_rules_free(TkRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkRules, tk_rules_free)
/* Adds an empty section; borrowed. */
TkRulesSection *tk_rules_add(TkRules *rules, const char *id, int level, const char *heading);
const TkRulesSection *tk_rules_section(const TkRules *rules, size_t index);

/* {"format":"tokatsu-rules/1","title","sections":[{"id","level","heading","text","items":[id…],"suggested"?}…]}.
 * Refuses what is over a ceiling, ids that are none or stand twice, unknown members: naming the section
 * (TK_ERROR_INPUT, TK_ERROR_LIMIT). `name` begins messages. */
TkRules *tk_rules_read(const char *name, const char *text, size_t len, GError **error);
TkRules *tk_rules_of(const char *name, const json_t *document, GError **error);
/* New reference. */
json_t *tk_rules_json(const TkRules *rules);

/* ---- documents (split.c, write.c) ---- */

typedef enum { TK_RULES_MARKDOWN, TK_RULES_PLAIN } TkRulesForm;

/* Takes a document apart at its headings: Markdown's (#), and lines that Japanese rules begin a provision
 * with (第1章, 第3条(目的), a caption in brackets on the line above, 附則, 別表第1), in Arabic, full-width or
 * Chinese numerals. Lines of a table of contents are left out. Ids are given out (s1, s2 …) unless the
 * Markdown holds those that tk_rules_markdown wrote. TK_ERROR_INPUT where it is no UTF-8 or has no text at
 * all, TK_ERROR_LIMIT over a ceiling. */
TkRules *tk_rules_split(const char *text, size_t len, TkRulesForm form, GError **error);
/* Gives every section without items those that its heading suggests, marked `suggested`. */
void tk_rules_suggest(TkRules *rules, const TkRulesItems *items);
/* The whole text; the caller's. Markdown, with ids and items in comments, is read back by tk_rules_split as
 * the same rules. */
char *tk_rules_markdown(const TkRules *rules);
char *tk_rules_plain(const TkRules *rules);

/* ---- checking (check.c, refs.c) ---- */

/* Writes into an object that the caller has begun and will end:
 * "date", "effective", "counts":{"asked","covered","missing","cannot_tell"},
 * "items":[{…tk_law_rules_item_json,
 * "state":"covered|missing|until|not-asked|cannot-tell","sections":[id…],"suggested":bool,"new":bool}…] and
 * "findings":[{"level":"error|warning|note","kind","section"|null,"item"|null,"text":{ja,en}}…], worst first.
 * `effective`: the day this text takes effect, TK_DATE_NONE where none is set; items that the article gained
 * after it are new. Returns the number of errors. */
size_t tk_rules_check(const TkRules *rules, const TkRulesItems *items, TkDate effective, TkJson *w);

/* ---- comparing (compare.c) ---- */

typedef struct {
    const TkRulesSection *before, *after; /* borrowed; NULL: there is none */
    bool changed;                         /* level, heading, text or items; true where one side is missing */
    bool moved;                           /* stands before something it stood after */
} TkRulesPair;

/* Sections by id, else by the same heading; in the order of `after`, with what is gone where it stood.
 * Elements are TkRulesPair; the caller's. */
GArray *tk_rules_compare(const TkRules *before, const TkRules *after);

#endif

/* What management rules (管理規程, 法44条2項) must set out: the items of 施行規則29条 on a day, for a
 * carrier. Part of the law room's door; the items are law/jp/management-rules.json. */
#ifndef TK_LAW_RULES_ITEMS_H
#define TK_LAW_RULES_ITEMS_H

#define TK_RULES_WORDS_MAX   8
#define TK_RULES_MISSING_MAX 4

typedef struct {
    const char *id;          /* lasting: the family of the law's entry; what a section says it covers */
    const TkLawEntry *entry; /* the version in force */
    const char *place;       /* within the article, as of the day: 三ワ, 四の二イ, 二項 */
    TkText name, guidance;   /* guidance is our own wording */
    TkTri applies;           /* unknown: a fact of the carrier is not known */
    const char *missing[TK_RULES_MISSING_MAX]; /* ids of those facts */
    size_t missing_count;
    bool conditional; /* asked of some carriers only */
    TkDate since;     /* the item's first day; the data begin on 2021-04-01, or before */
    TkDate changed;   /* the day its present wording took effect; `since` where it never changed */
    TkDate until;     /* rules notified before it are brought into line by this day; TK_DATE_NONE: none set */
    TkText until_why; /* by which supplementary provision; both NULL where there is none */
    bool until_verified;                   /* whether that provision is surely this amendment's */
    const char *words[TK_RULES_WORDS_MAX]; /* words of headings that suggest the item; no law */
    size_t word_count;
} TkRulesItem;

typedef struct TkRulesItems TkRulesItems;

/* The items in force on a day, in the article's order. `profile` NULL: of nobody in particular, conditional
 * items are then unknown. Refuses a day before the data begin (TK_ERROR_LAW). Borrows from law and profile;
 * tk_rules_items_free. */
TkRulesItems *tk_law_rules_items(const TkLaw *law, const TkProfile *profile, TkDate date, GError **error);
void tk_rules_items_free(TkRulesItems *items);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkRulesItems, tk_rules_items_free)

TkDate tk_rules_items_date(const TkRulesItems *items);
size_t tk_rules_items_count(const TkRulesItems *items);
const TkRulesItem *tk_rules_item(const TkRulesItems *items, size_t index);
/* NULL where no such item is in force on the day. */
const TkRulesItem *tk_rules_item_find(const TkRulesItems *items, const char *id);
/* True where some day has such an item. */
bool tk_law_rules_item_known(const TkLaw *law, const char *id);
/* Writes an item's fields into an object that the caller has begun and will end (docs/api.md, Management
 * rules). */
void tk_law_rules_item_json(const TkRulesItem *item, TkJson *w);

#endif

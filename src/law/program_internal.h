/* Inside the law room: facts, conditions and profiles of the programme.
 *
 * A condition is a tree, kept flat in pre-order; `end` of a node is the index just past its subtree:
 *
 *     all( a, any( b, c ), d )   →   [all end 6][a end 2][any end 5][b end 4][c end 5][d end 6]
 *                                      0          1         2          3         4        5
 */
#ifndef TK_LAW_PROGRAM_INTERNAL_H
#define TK_LAW_PROGRAM_INTERNAL_H

#include "law/internal.h"

#define FACTS_MAX     96
#define OPTIONS_MAX   8
#define NODES_MAX     64
#define DEPTH_MAX     8
#define COUNT_FRESH_D 366 /* a count is not used for a day later than this many days after it */

typedef enum { FACT_BOOLEAN, FACT_COUNT, FACT_CHOICE, FACT_DATE } FactKind;

typedef struct {
    const TkLawEntry *entry;
    const char *id;
    TkText name;
    FactKind kind;
    bool of_service;
    size_t option_count;
    const char *options[OPTIONS_MAX];
    TkText option_names[OPTIONS_MAX];
} Fact;

typedef enum {
    NODE_ALL,
    NODE_ANY,
    NODE_NOT,
    NODE_ANY_SERVICE,
    NODE_TERM,
    NODE_IS,
    NODE_EQUALS,
    NODE_AT_LEAST
} NodeKind;

typedef enum { AT_DATE, AT_YEAR_BEFORE_END, AT_YEAR_FIRST, AT_HALF_FIRST, AT_HALF_LAST } Point;

typedef struct {
    NodeKind kind;
    uint16_t end;
    Point point;
    const Fact *fact;
    const char *term; /* family */
    int64_t value;    /* at least; 1 or 0; index of an option */
    const char *article;
} Node;

typedef struct {
    Node *at; /* NULL: the rule's text for these days was not read; the answer is unknown */
    size_t count;
} Condition;

typedef struct {
    Span span;
    const char *family;
    Condition when;
} Term;

typedef enum {
    DUE_BEFORE_OPERATIONS,
    DUE_BEFORE_USE,
    DUE_WITHOUT_DELAY,
    DUE_MONTHS_AFTER,
    DUE_DAYS,
    DUE_QUARTERLY,
    DUE_HALF_YEARLY,
    DUE_YEARLY,
    DUE_BUSINESS_YEARLY,
    DUE_STANDING,
    DUE_BY
} DueKind;

typedef struct {
    DueKind kind;
    TkText what;
    const char *after;
    int32_t count;
    const Fact *fact; /* counted from the day it became true; NULL */
    TkDate by;        /* of DUE_BY */
    Condition when;   /* at NULL: always */
} DueRule;

typedef struct {
    Span span;
    const TkLawEntry *entry;
    const char *kind, *topic;
    TkText name, proof;
    Condition when;
    DueRule dues[TK_DUTY_DEADLINES_MAX];
    size_t due_count;
} Obligation;

typedef struct OfficerRule OfficerRule;         /* officers.c */
typedef struct RulesRule RulesRule;             /* rules_items.c */
typedef struct ReliabilityRule ReliabilityRule; /* reliability.c */
typedef struct StandardsRule StandardsRule;     /* standards.c */

struct Programme {
    GPtrArray *facts;       /* Fact *, owned */
    GPtrArray *terms;       /* Term *, owned */
    GPtrArray *duties;      /* Obligation *, owned, by topic, family, date */
    GPtrArray *officers;    /* OfficerRule *, owned */
    GPtrArray *rules;       /* RulesRule *, owned, in the article's order */
    GPtrArray *standards;   /* StandardsRule *, owned, in order */
    GPtrArray *reliability; /* ReliabilityRule *, owned, in order */
    TkDate begins;          /* the first day of the data */
};

/* ---- program_rules.c ---- */

const Fact *tk_programme_fact(const Programme *programme, const char *id, bool of_service);
const Term *tk_programme_term(const Programme *programme, const char *family, TkDate date);

/* ---- officers.c ---- */

bool tk_officer_read(const Where *where, const TkLawEntry *entry, GPtrArray *rules);

/* ---- rules_items.c ---- */

bool tk_rules_item_read(const Where *where, const TkLawEntry *entry, Programme *programme);
void tk_rules_rule_free(gpointer rule);
void tk_rules_rules_sort(Programme *programme);

/* ---- standards.c ---- */

bool tk_standards_read(const Where *where, const TkLawEntry *entry, GPtrArray *rules);
/* Orders them, and checks that what they name is there. */
bool tk_standards_finish(GPtrArray *rules, GError **error);

/* ---- reliability.c ---- */

bool tk_reliability_rule_read(const Where *where, const TkLawEntry *entry, GPtrArray *rules);
/* Orders them, and checks that the published counts add up. */
bool tk_reliability_rules_finish(GPtrArray *rules, GError **error);

/* ---- profile.c ---- */

typedef struct {
    TkDate from; /* TK_DATE_NONE: always */
    bool known;
    int64_t value;
} Change;

typedef struct {
    Change *at;
    size_t count; /* 0: nothing is said */
} Timeline;

typedef struct {
    const char *id;
    Timeline facts[FACTS_MAX];
} ProfileService;

struct TkProfile {
    GStringChunk *strings;
    const char *carrier;
    Timeline facts[FACTS_MAX];
    bool services_known;
    ProfileService *services;
    size_t service_count;
    GHashTable *voluntary; /* families */
    size_t change_count;
};

/* The value of a fact on a day. False where it is not known. `service` -1: of the carrier. */
bool tk_profile_value(const Programme *programme, const TkProfile *profile, const Fact *fact, int service,
                      TkDate date, int64_t *value);
/* The day since which a boolean fact has been true without a break, as of `date`; TK_DATE_NONE where it is
 * not true or the profile gives no day. */
TkDate tk_profile_true_since(const Programme *programme, const TkProfile *profile, const Fact *fact,
                             TkDate date);
/* Adds every day on which some answer may change because of the profile. */
void tk_profile_days(const Programme *programme, const TkProfile *profile, GArray *days);

/* ---- condition.c ---- */

typedef struct {
    const Programme *programme;
    const TkProfile *profile;
    TkDate date;
    GArray *why;     /* TkDutyFact, or NULL */
    GArray *missing; /* const char *, or NULL */
} Asking;

bool tk_condition_read(const Where *where, const Programme *programme, const json_t *object,
                       const char *field, bool terms, Condition *out);
TkTri tk_condition_ask(const Asking *asking, const Condition *condition);
void tk_condition_clear(Condition *condition);
/* The day whose value a point means, for a day of asking. */
TkDate tk_point_day(Point point, TkDate date);

/* ---- program_dues.c ---- */

/* The deadline of a rule for an obligation that applies on `date`. False where its `when` does not hold. */
bool tk_due_of(const Asking *asking, const DueRule *rule, TkDate date, TkDutyDeadline *out);

#endif

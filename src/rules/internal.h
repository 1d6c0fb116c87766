/* Inside the rules room: numbers of provisions. */
#ifndef TK_RULES_INTERNAL_H
#define TK_RULES_INTERNAL_H

#include "rules/rules.h"

/* What a text names at a place: 第12条の3, 第2項, 別表第1 … */
typedef struct {
    gunichar unit;      /* 条 項 章 節 編 款; 表 for 別表, 式 for 様式 */
    int number, branch; /* 12, 3; branch 0: none */
    size_t len;         /* bytes */
} RulesNumber;

/* True where `text` begins with such a name. */
bool tk_rules_number(const char *text, RulesNumber *out);
/* A number in Arabic, full-width or Chinese numerals at the beginning of `text`: its bytes, 0 where there is
 * none. */
size_t tk_rules_numeral(const char *text, int *out);

typedef struct {
    const char *section; /* id, borrowed */
    char *name;          /* as written, owned */
} RulesLoose;

void tk_rules_loose_free(gpointer loose);
/* References to provisions of these rules that they do not have; RulesLoose *, owned by the array. */
GPtrArray *tk_rules_loose_references(const TkRules *rules);

#endif

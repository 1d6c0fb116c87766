/* tokatsu program rules check FILE: a text of management rules against the article of a day. */
#ifndef TK_CLI_PROGRAM_RULES_H
#define TK_CLI_PROGRAM_RULES_H

#include "cli/cli.h"
#include "law/law.h"

typedef struct {
    const char *path; /* '-': standard input */
    const TkLaw *law;
    const TkProfile *profile; /* NULL: of nobody in particular */
    TkDate date, effective;   /* effective NONE: none */
    bool jsonl;
    TkLang lang;
} TkRulesAsk;

/* 0: everything that is asked is covered; 1: something is missing; 2: unusable input. */
int tk_cli_rules_check(const TkRulesAsk *ask);

#endif

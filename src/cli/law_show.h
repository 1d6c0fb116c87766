/* How `tokatsu law` prints: an entry as a line, as a whole, and what changed between two versions of one. */
#ifndef TK_CLI_LAW_SHOW_H
#define TK_CLI_LAW_SHOW_H

#include "cli/cli.h"
#include "law/law.h"

typedef struct {
    TkLang lang;
    bool jsonl;
    TkDate date;
    TkBuf out;
} Show;

void law_show_line(Show *s, const TkLawEntry *entry);
void law_show_whole(Show *s, const TkLawEntry *entry);
void law_show_change(Show *s, const TkLawChange *change);

#endif

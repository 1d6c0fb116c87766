/* tokatsu program standards: the measures and documents of each category of equipment on a day, by the law
 * alone. */
#ifndef TK_CLI_PROGRAM_STANDARDS_H
#define TK_CLI_PROGRAM_STANDARDS_H

#include "law/law.h"

/* Writes to *out, as a table or a line of JSON for each category; `only` names one, NULL: all. NOT_FOUND
 * where there is no such category on the day. */
bool program_standards(const TkLaw *law, TkDate date, const char *only, bool jsonl, TkLang lang, TkBuf *out,
                       GError **error);

#endif

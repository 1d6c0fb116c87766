/* Automatic checks: what a program can see by itself of how controls are carried out. A check is data
 * (frameworks/checks/checks.json, described in docs/framework-format.md): what it proves, from which value on
 * it passes, which controls it feeds. What the value is, the caller measures. */
#ifndef TK_CONTROL_CHECKS_H
#define TK_CONTROL_CHECKS_H

#include "control/framework.h"

enum { TK_CHECKS_MAX = 100, TK_CHECK_FEEDS_MAX = 50, TK_CHECK_WHERE_MAX = 4 };

/* In the order of urgency. */
typedef enum { TK_CHECK_FAIL, TK_CHECK_CANNOT_TELL, TK_CHECK_PASS } TkCheckResult;

const char *tk_check_result_text(TkCheckResult result); /* "fail", "cannot-tell", "pass" */

/* A number of records: those of `reg` whose fields have one of the values of `where` and whose day `past` is
 * before today + `days`. */
typedef struct {
    const char *reg;     /* NULL: the check is no such count */
    const json_t *where; /* {field: [value…]}; may be NULL */
    const char *past;    /* a date field; NULL: any day */
    int days;
} TkCheckCount;

typedef struct {
    const char *id, *title_ja, *title_en, *proves_ja, *proves_en, *unit_ja, *unit_en;
    const char *measure; /* a value the program measures, by name; NULL: `count` */
    TkCheckCount count;
    bool at_least; /* passes from the threshold on upwards; else up to it */
    double threshold;
    const TkFrameworkItem **feeds; /* controls; borrowed from the frameworks */
    size_t n_feeds;
} TkCheck;

typedef struct TkChecks TkChecks;

/* Reads a file of checks. Every control that is fed must be in the frameworks, which must outlive the checks.
 * NULL and *error (TK_ERROR_INPUT) naming the check. Immutable; tk_checks_free. */
TkChecks *tk_checks_load(const TkFrameworks *frameworks, const char *name, const char *text, size_t len,
                         GError **error);
void tk_checks_free(TkChecks *checks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkChecks, tk_checks_free)

size_t tk_checks_count(const TkChecks *checks);
const TkCheck *tk_checks_at(const TkChecks *checks, size_t index);
/* The day of the mapping, and whether somebody has compared it with the publishers' texts. */
const char *tk_checks_dated(const TkChecks *checks);
bool tk_checks_verified(const TkChecks *checks);

TkCheckResult tk_check_judge(const TkCheck *check, bool known, double value);

#endif

/* What the commands about frameworks share. */
#ifndef TK_CLI_FRAMEWORK_H
#define TK_CLI_FRAMEWORK_H

#include "cli/cli.h"
#include "control/control.h"

/* The built-in frameworks and crosswalks. tk_frameworks_free. */
TkFrameworks *tk_cli_frameworks(GError **error);
const TkFramework *tk_cli_framework_find(const TkFrameworks *frameworks, const char *id, GError **error);
/* Answers from a file, '-' is standard input; what is refused is told on standard error. */
TkControlAnswers *tk_cli_answers(const TkFrameworks *frameworks, const char *path, GError **error);
/* A day, or today in Japan where text is NULL. */
bool tk_cli_day(const char *text, TkDate *date, GError **error);

/* tokatsu oscal export, argv[0] is its name. */
int tk_cli_oscal_export(int argc, char **argv);

#endif

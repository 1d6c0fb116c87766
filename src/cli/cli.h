/* The command line. Each subcommand is one file: usage, parse, call, print. Data goes to standard output,
 * words to standard error; a command returns 0 done, 1 the answer is "no", 2 unusable input or arguments. */
#ifndef TK_CLI_H
#define TK_CLI_H

#include "base/base.h"

typedef struct {
    const char *name;
    const char *summary;               /* one line for `tokatsu --help` */
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name */
} TkCommand;

/* Says *error on standard error as "tokatsu NAME: sentence", frees it, and returns the exit status that
 * its code stands for. */
int tk_cli_fail(const char *name, GError *error);

#endif

/* The command line. Each subcommand is one file: usage, parse, call, print. Data goes to standard output,
 * words to standard error; a command returns 0 done, 1 the answer is "no", 2 unusable input or arguments. */
#ifndef TK_CLI_H
#define TK_CLI_H

#include "base/base.h"
#include "law/law.h"
#include "network/network.h"

typedef struct {
    const char *name;
    const char *summary;               /* one line for `tokatsu --help` */
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name */
} TkCommand;

/* Says *error on standard error as "tokatsu NAME: sentence", frees it, and returns the exit status that
 * its code stands for. */
int tk_cli_fail(const char *name, GError *error);

/* Options by GLib: parses them out of argv, prints `--help` by itself (*status 0) and says what is wrong
 * (*status 2). `usage` is what stands behind the command's name, `text` what the help explains below the
 * options. False when the command is to end with *status. */
bool tk_cli_options(int *argc, char ***argv, const char *usage, const char *text, const GOptionEntry *entries,
                    int *status);

/* Opens a file to read, '-' is standard input. NULL and *error otherwise; tk_cli_close. */
FILE *tk_cli_open(const char *path, GError **error);
void tk_cli_close(FILE *file);
/* Reads a topology whose services are those that the law knows. tk_topology_unref. */
TkTopology *tk_cli_topology(const char *path, const TkLaw *law, GError **error);

int tk_cli_backup(int argc, char **argv);
/* The data folder where neither --data nor --database is given: $XDG_DATA_HOME/tokatsu, else ./tokatsu-data.
 * Owned by the caller. */
char *tk_cli_default_data(void);

int tk_cli_framework(int argc, char **argv);
int tk_cli_judge(int argc, char **argv);
int tk_cli_law(int argc, char **argv);
int tk_cli_ledger(int argc, char **argv);
int tk_cli_migrate(int argc, char **argv);
int tk_cli_oscal(int argc, char **argv);
int tk_cli_program(int argc, char **argv);
int tk_cli_register(int argc, char **argv);
int tk_cli_risk(int argc, char **argv);
int tk_cli_serve(int argc, char **argv);
int tk_cli_replay(int argc, char **argv);
int tk_cli_restore(int argc, char **argv);

#endif

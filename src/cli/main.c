/* tokatsu: dispatches to the subcommands and does nothing else. */
#include <locale.h>

#include "cli/cli.h"

static const TkCommand commands[] = {
    {"judge", "judge accidents, near misses and leaks by the law of their day", tk_cli_judge},
    {"law", "check, show and compare the law", tk_cli_law},
    {"ledger", "the tamper-evident log: checkpoint, export, verify, prove", tk_cli_ledger},
    {"replay", "replay alarms over a topology: who is affected, and which accidents that makes",
     tk_cli_replay},
    {"migrate", "bring a store to the schema of this program, or check it", tk_cli_migrate},
    {"backup", "everything a store holds into one file, while it is in use", tk_cli_backup},
    {"restore", "a backup into an empty store of either engine", tk_cli_restore},
    {"program", "the governance programme: what the Act asks of a carrier", tk_cli_program},
    {"register", "the registers: list, get, put, import, export, history", tk_cli_register},
    {"framework", "control frameworks: list, show, what an item reaches, what answers cover",
     tk_cli_framework},
    {"oscal", "resolve and check OSCAL catalogues, profiles and plans", tk_cli_oscal},
    {"risk", "simulate years of operation, and list single points of failure", tk_cli_risk},
    {"serve", "serve the live board, the records and alarm intake over HTTP", tk_cli_serve},
    {NULL, NULL, NULL},
};

static void usage(FILE *out)
{
    fputs("Usage: tokatsu COMMAND [OPTION…]\n\n"
          "Governance for telecommunications carriers under the Telecommunications Business Act of Japan.\n\n"
          "Commands:\n",
          out);
    for (const TkCommand *c = commands; c->name != NULL; c++)
        fprintf(out, "  %-10s %s\n", c->name, c->summary);
    fputs("\n`tokatsu COMMAND --help` explains one. Exit status: 0 done, 1 the answer is no, 2 unusable "
          "input.\n",
          out);
}

int tk_cli_fail(const char *name, GError *error)
{
    fprintf(stderr, "tokatsu %s: %s\n", name, error->message);
    int status = error->domain == TK_ERROR && error->code == TK_ERROR_REFUSED ? 1 : 2;
    g_error_free(error);
    return status;
}

bool tk_cli_options(int *argc, char ***argv, const char *usage, const char *text, const GOptionEntry *entries,
                    int *status)
{
    g_autofree char *name = g_strdup_printf("tokatsu %s", (*argv)[0]);
    g_autoptr(GOptionContext) context = g_option_context_new(usage);
    g_autoptr(GError) error = NULL;
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_description(context, text);
    g_option_context_add_main_entries(context, entries, NULL);
    gboolean help = FALSE;
    const GOptionEntry own[] = {{"help", 'h', 0, G_OPTION_ARG_NONE, &help, "Explain the command", NULL}, {0}};
    g_option_context_add_main_entries(context, own, NULL);
    g_set_prgname(name);
    if (!g_option_context_parse(context, argc, argv, &error)) {
        fprintf(stderr, "%s: %s\n", name, error->message);
        *status = 2;
        return false;
    }
    if (help) {
        g_autofree char *words = g_option_context_get_help(context, TRUE, NULL);
        fputs(words, stdout);
        *status = 0;
    }
    return !help;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    if (argc < 2) {
        usage(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return 0;
    }
    for (const TkCommand *c = commands; c->name != NULL; c++)
        if (strcmp(argv[1], c->name) == 0)
            return c->run(argc - 1, argv + 1);
    fprintf(stderr, "tokatsu: there is no command “%s”; `tokatsu --help` lists them\n", argv[1]);
    return 2;
}

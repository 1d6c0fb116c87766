/* What `migrate`, `backup` and `restore` share: which store. */
#ifndef TK_CLI_KEEPING_H
#define TK_CLI_KEEPING_H

#include "cli/cli.h"
#include "store/store.h"

typedef struct {
    char *data, *database;
} KeepingOptions;

static inline void keeping_options_clear(KeepingOptions *o)
{
    g_free(o->data);
    g_free(o->database);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KeepingOptions, keeping_options_clear)

/* Takes the data folder for this process alone, making it where it is missing: what a server and every
 * command that writes hold. A descriptor to close at the end, or -1 and *error (TK_ERROR_CONFLICT while
 * another holds it). */
int keeping_lock(const char *dir, GError **error);

/* The two entries of every command that opens a store. */
#define KEEPING_ENTRIES(o)                                                                                   \
    {"data", 0, 0, G_OPTION_ARG_FILENAME, &(o).data, "The data folder (SQLite)", "DIR"},                     \
    {                                                                                                        \
        "database", 0, 0, G_OPTION_ARG_STRING, &(o).database, "The database, postgresql://…", "URL"          \
    }

#endif

/* tokatsu restore: a backup into an empty store of either engine. */
#include <errno.h>

#include "cli/keeping.h"

static const char help[] =
    "Reads FILE ('-': standard input), made by `tokatsu backup`, into an empty store: all of it or nothing.\n"
    "The ledger is computed anew and must have the root that the backup names; every record must be the one "
    "that its\n"
    "event has the hash of. Exit 1 when it is not; 2 when the file is damaged or the store is not empty.\n"
    "Prints one JSON object: {\"size\",\"root\"} of the restored ledger.";

int tk_cli_restore(int argc, char **argv)
{
    g_auto(KeepingOptions) o = {0};
    int status;
    const GOptionEntry entries[] = {KEEPING_ENTRIES(o), {0}};
    if (!tk_cli_options(&argc, &argv, "FILE --data DIR | --database URL", help, entries, &status))
        return status;
    GError *error = NULL;
    if (argc != 2) {
        tk_fail(&error, TK_ERROR_INPUT, "one FILE is needed ('-' for standard input); see --help");
        return tk_cli_fail("restore", error);
    }
    bool from_stdin = strcmp(argv[1], "-") == 0;
    FILE *file = from_stdin ? stdin : fopen(argv[1], "rbe");
    if (file == NULL) {
        tk_fail(&error, TK_ERROR_INPUT, "%s cannot be read: %s", argv[1], g_strerror(errno));
        return tk_cli_fail("restore", error);
    }
    TkStoreOptions options = {.data_dir = o.data, .database_url = o.database};
    g_autoptr(TkStore) store = tk_store_open(&options, &error);
    TkStoreHead head;
    bool done = store != NULL && tk_store_restore(store, file, &head, &error);
    if (!from_stdin)
        fclose(file);
    if (!done)
        return tk_cli_fail("restore", error);
    char root[TK_HASH_HEX_MAX];
    printf("{\"size\":%" G_GUINT64_FORMAT ",\"root\":\"%s\"}\n", head.size, tk_hash_hex(&head.root, root));
    return 0;
}

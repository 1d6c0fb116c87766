/* tokatsu backup: one moment of a store into one file, while the server runs. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "cli/keeping.h"

static const char help[] =
    "Writes everything the store holds at one moment to FILE ('-': standard output), beside a running "
    "server.\n"
    "The file appears under its name when it is whole, readable by its owner alone. It can be restored into "
    "either\n"
    "engine. The log's signing key (ledger.key) is not in it: keep that apart, or the database's thief can "
    "sign.\n"
    "Personal values that are erased later are still in earlier backups: delete those in time.\n"
    "Prints one JSON object: {\"file\",\"size\",\"root\"}, size and root of the ledger in it.";

static int print_head(const char *file, const TkStoreHead *head, FILE *to)
{
    char root[TK_HASH_HEX_MAX];
    g_auto(TkBuf) out;
    tk_buf_init(&out, 64 * 1024);
    TkJson w = tk_json_to(&out);
    tk_json_begin_object(&w);
    tk_json_member(&w, "file", file);
    tk_json_key(&w, "size");
    tk_json_int(&w, (int64_t)head->size);
    tk_json_member(&w, "root", tk_hash_hex(&head->root, root));
    tk_json_end_object(&w);
    return fprintf(to, "%s\n", tk_buf_str(&out)) < 0 ? 2 : 0;
}

static bool to_file(TkStore *store, const char *name, TkStoreHead *head, GError **error)
{
    g_autofree char *partial = g_strdup_printf("%s.partial", name);
    int fd = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "wb") : NULL;
    if (file == NULL) {
        tk_fail(error, TK_ERROR_IO, "%s cannot be written: %s", partial, g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    bool done = tk_store_backup(store, file, head, error);
    if (done && fsync(fd) != 0)
        done = tk_fail(error, TK_ERROR_IO, "%s cannot be written: %s", partial, g_strerror(errno));
    if (fclose(file) != 0 && done)
        done = tk_fail(error, TK_ERROR_IO, "%s cannot be written: %s", partial, g_strerror(errno));
    if (done && g_rename(partial, name) != 0)
        done = tk_fail(error, TK_ERROR_IO, "%s cannot be named %s: %s", partial, name, g_strerror(errno));
    if (!done)
        g_unlink(partial);
    return done;
}

int tk_cli_backup(int argc, char **argv)
{
    g_auto(KeepingOptions) o = {0};
    int status;
    const GOptionEntry entries[] = {KEEPING_ENTRIES(o), {0}};
    if (!tk_cli_options(&argc, &argv, "FILE --data DIR | --database URL", help, entries, &status))
        return status;
    GError *error = NULL;
    TkStoreHead head;
    if (argc != 2) {
        tk_fail(&error, TK_ERROR_INPUT, "one FILE is needed ('-' for standard output); see --help");
        return tk_cli_fail("backup", error);
    }
    bool to_stdout = strcmp(argv[1], "-") == 0;
    TkStoreOptions options = {.data_dir = o.data, .database_url = o.database, .readonly = true};
    g_autoptr(TkStore) store = tk_store_open(&options, &error);
    if (store == NULL ||
        !(to_stdout ? tk_store_backup(store, stdout, &head, &error) : to_file(store, argv[1], &head, &error)))
        return tk_cli_fail("backup", error);
    TkBackupNote note = {g_get_real_time(), head};
    if (!tk_backup_note_write(o.data, o.database, &note, &error)) { /* the backup itself is whole */
        fprintf(stderr, "tokatsu backup: not noted for the automatic checks: %s\n", error->message);
        g_clear_error(&error);
    }
    return print_head(argv[1], &head, to_stdout ? stderr : stdout);
}

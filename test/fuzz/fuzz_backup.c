/* A backup from outside, read into an empty store: whatever comes, it is taken whole or leaves nothing, and
 * what was taken verifies. The hash at the end is made to fit, as a forger would, so that what lies behind it
 * is reached. */
#include "store/store.h"

#include <glib/gstdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* On a file system in memory where there is one: each input needs an empty store of its own. */
static char *new_folder(void)
{
    char *name =
        g_strdup(g_file_test("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm/tkfuzzXXXXXX" : "/tmp/tkfuzzXXXXXX");
    g_assert(g_mkdtemp(name) != NULL);
    return name;
}

static void remove_folder(const char *folder)
{
    static const char *const files[] = {"tokatsu.db", "tokatsu.db-wal", "tokatsu.db-shm"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(folder, files[i], NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
}

/* The bytes, and an end line whose hash fits. */
static GString *with_end(const uint8_t *data, size_t size)
{
    GString *text = g_string_new_len((const char *)data, (gssize)size);
    g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, size);
    g_string_append_printf(text, "{\"t\":\"end\",\"sha256\":\"%s\"}\n", sum);
    return text;
}

static void restore(TkStore *store, const char *text, size_t len)
{
    g_autoptr(GError) error = NULL;
    TkStoreHead head;
    uint64_t faults = 0;
    FILE *file = fmemopen((void *)text, len, "rb");
    bool taken = tk_store_restore(store, file, &head, &error);
    fclose(file);
    g_assert(taken == (error == NULL));
    g_assert(tk_store_ledger_size(store) == (taken ? head.size : 0));
    g_assert(tk_store_verify(store, NULL, NULL, &faults, NULL) && faults == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    g_autofree char *folder = new_folder();
    TkStoreOptions options = {.data_dir = folder};
    TkStore *store = tk_store_open(&options, NULL);
    g_autoptr(GString) text = with_end(data, size);
    g_assert(store != NULL);
    restore(store, text->str, text->len);
    tk_store_close(store);
    remove_folder(folder);
    return 0;
}

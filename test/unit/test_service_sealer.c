/* The thread that signs the ledger's head. */
#include <glib/gstdio.h>

#include "unit.h"

#include "service/sealer.h"

static int64_t fixed_clock(void *data)
{
    return *(const int64_t *)data;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    assert_int_equal(g_rmdir(path), 0);
}

static void write_one(TkStore *store)
{
    TkWrite *write = tk_write_new("u-1", 0);
    tk_write_note(write, "viewed", NULL, NULL, NULL);
    assert_true(tk_store_commit(store, write, NULL, NULL));
}

/* How many keys signed the newest checkpoint; each must be one of `keys`. */
static unsigned newest_signatures(TkStore *store, const TkKeys *keys)
{
    g_auto(TkBuf) text = {0};
    tk_buf_init(&text, TK_NOTE_BYTES_MAX);
    assert_true(tk_store_checkpoint_newest(store, &text, NULL));
    g_autoptr(TkNote) note = tk_note_read(text.data, text.len, NULL);
    g_auto(TkCheckpoint) checkpoint = {0};
    assert_true(tk_checkpoint_open(text.data, text.len, keys, TK_SIGNERS_EACH, &checkpoint, NULL, NULL));
    return (unsigned)note->count;
}

/* The size of the newest checkpoint that the keys hold for; 0 when there is none. */
static uint64_t sealed_size(TkStore *store, const char *key_path)
{
    g_auto(TkSigningKeys) signing = {0};
    assert_true(tk_signing_keys_open(key_path, NULL, &signing, NULL));
    TkKeys keys = {.count = signing.count};
    for (size_t i = 0; i < signing.count; i++)
        keys.key[i] = *tk_signer_key(signing.signer[i]);
    g_auto(TkBuf) note = {0};
    tk_buf_init(&note, TK_NOTE_BYTES_MAX);
    if (!tk_store_checkpoint_newest(store, &note, NULL))
        return 0;
    g_auto(TkCheckpoint) checkpoint = {0};
    assert_true(tk_checkpoint_open(note.data, note.len, &keys, TK_SIGNERS_EACH, &checkpoint, NULL, NULL));
    return checkpoint.size;
}

static void every_head_is_signed_by_the_key_beside_the_database(void **state)
{
    (void)state;
    g_autofree char *folder = g_dir_make_tmp("tokatsu-sealer-XXXXXX", NULL);
    g_autofree char *key_path = g_build_filename(folder, "ledger.key", NULL);
    TkStoreOptions options = {.data_dir = folder};
    g_autoptr(TkStore) store = tk_store_open(&options, NULL);
    assert_non_null(store);
    int64_t now = at("2026-04-01T09:00:00+09:00");
    TkSealer *sealer = tk_sealer_start(store, key_path, fixed_clock, &now, NULL);
    assert_non_null(sealer);
    write_one(store);
    uint64_t size = tk_store_ledger_size(store);
    for (int tries = 0; tries < 600 && sealed_size(store, key_path) < size; tries++)
        g_usleep(50000);
    assert_int_equal(sealed_size(store, key_path), size);
    g_auto(TkSigningKeys) keys = {0}; /* a successor, taken up without a new start */
    assert_true(tk_signing_keys_open(key_path, NULL, &keys, NULL));
    assert_true(tk_signing_keys_add(key_path, &keys, NULL));
    TkKeys both = {.count = 2, .key = {*tk_signer_key(keys.signer[0]), *tk_signer_key(keys.signer[1])}};
    unsigned signatures = 0;
    for (int tries = 0; tries < 600 && signatures < 2; tries++) {
        write_one(store);
        g_usleep(50000);
        signatures = newest_signatures(store, &both);
    }
    assert_int_equal(signatures, 2);
    write_one(store);
    tk_sealer_stop(sealer); /* signs the last head */
    assert_int_equal(sealed_size(store, key_path), tk_store_ledger_size(store));
    g_clear_pointer(&store, tk_store_close);
    remove_tree(folder);
}

static void without_a_usable_key_it_does_not_start(void **state)
{
    (void)state;
    int64_t now = 0;
    GError *error = NULL;
    assert_null(tk_sealer_start(NULL, "/proc/nowhere/ledger.key", fixed_clock, &now, &error));
    assert_error_says(error, "/proc/nowhere/ledger.key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_head_is_signed_by_the_key_beside_the_database),
        cmocka_unit_test(without_a_usable_key_it_does_not_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The file of signing keys. */
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "unit.h"

#include "store/store.h"

static char *fresh_path(void)
{
    g_autofree char *folder = g_dir_make_tmp("tokatsu-key-XXXXXX", NULL);
    assert_non_null(folder);
    return g_build_filename(folder, "ledger.key", NULL);
}

static void remove_all(char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_unlink(path);
    assert_int_equal(g_rmdir(folder), 0); /* nothing is left beside the key */
    g_free(path);
}

static void a_key_is_made_once_for_its_owner_alone(void **state)
{
    (void)state;
    char *path = fresh_path();
    g_auto(TkSigningKeys) first = {0}, again = {0};
    assert_true(tk_signing_keys_open(path, NULL, &first, NULL));
    assert_true(tk_signing_keys_open(path, "other/name", &again, NULL));
    assert_int_equal(first.count, 1);
    assert_memory_equal(tk_signer_key(first.signer[0]), tk_signer_key(again.signer[0]), sizeof(TkKey));
    assert_int_equal(strlen(tk_signing_keys_origin(&first)), strlen("tokatsu/") + 16);
    GStatBuf info;
    assert_int_equal(g_stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);

    assert_int_equal(chmod(path, 0640), 0);
    g_auto(TkSigningKeys) open = {0};
    GError *error = NULL;
    assert_false(tk_signing_keys_open(path, NULL, &open, &error));
    assert_error_says(error, "others may read it");
    remove_all(path);
}

static void a_key_is_replaced_while_both_sign(void **state)
{
    (void)state;
    char *path = fresh_path();
    g_auto(TkSigningKeys) keys = {0}, read = {0};
    assert_true(tk_signing_keys_open(path, "carrier.example/log", &keys, NULL));
    uint32_t old_id = tk_signer_key(keys.signer[0])->id;
    GError *error = NULL;
    assert_false(tk_signing_keys_retire(path, &keys, &error));
    assert_error_says(error, "add its successor");
    assert_true(tk_signing_keys_add(path, &keys, NULL));
    assert_true(tk_signing_keys_open(path, NULL, &read, NULL));
    assert_int_equal(read.count, 2);
    assert_string_equal(tk_signing_keys_origin(&read), "carrier.example/log");
    assert_int_equal(tk_signer_key(read.signer[0])->id, old_id);
    uint32_t new_id = tk_signer_key(read.signer[1])->id;
    assert_true(tk_signing_keys_retire(path, &read, NULL));
    g_auto(TkSigningKeys) last = {0};
    assert_true(tk_signing_keys_open(path, NULL, &last, NULL));
    assert_int_equal(last.count, 1);
    assert_int_equal(tk_signer_key(last.signer[0])->id, new_id);
    remove_all(path);
}

static void a_damaged_file_is_refused_and_not_replaced(void **state)
{
    (void)state;
    char *path = fresh_path();
    g_auto(TkSigningKeys) keys = {0};
    assert_true(tk_signing_keys_open(path, NULL, &keys, NULL));
    g_autofree char *text = NULL;
    gsize len;
    assert_true(g_file_get_contents(path, &text, &len, NULL));
    text[30] ^= 1;
    assert_true(g_file_set_contents_full(path, text, (gssize)len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    g_auto(TkSigningKeys) bad = {0};
    GError *error = NULL;
    assert_false(tk_signing_keys_open(path, NULL, &bad, &error));
    assert_error_says(error, "line 1");
    g_autofree char *after = NULL;
    assert_true(g_file_get_contents(path, &after, NULL, NULL));
    assert_string_equal(after, text);
    remove_all(path);
}

static void a_database_alone_has_a_key_of_its_own_whatever_its_password(void **state)
{
    (void)state;
    const char *home = g_get_user_state_dir();
    g_autofree char *plain = tk_signing_keys_path(NULL, "postgresql://carrier@db/tokatsu", NULL);
    g_autofree char *secret = tk_signing_keys_path(NULL, "postgresql://carrier:s3cret@db/tokatsu", NULL);
    g_autofree char *changed = tk_signing_keys_path(NULL, "postgresql://carrier:other@db/tokatsu", NULL);
    g_autofree char *another = tk_signing_keys_path(NULL, "postgresql://carrier@db/other", NULL);
    assert_true(g_str_has_prefix(plain, home));
    assert_string_equal(plain, secret);
    assert_string_equal(plain, changed);
    assert_string_not_equal(plain, another);
    g_autofree char *data = g_build_filename(home, "data", NULL);
    g_autofree char *beside = tk_signing_keys_path(data, "postgresql://carrier@db/tokatsu", NULL);
    assert_true(g_str_has_prefix(beside, data));
    g_autofree char *folder = g_build_filename(home, "tokatsu", NULL);
    assert_int_equal(g_rmdir(data), 0);
    assert_int_equal(g_rmdir(folder), 0);
    assert_int_equal(g_rmdir(home), 0);
}

int main(void)
{
    g_autofree char *home = g_dir_make_tmp("tokatsu-state-XXXXXX", NULL);
    g_setenv("XDG_STATE_HOME", home, TRUE);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_made_once_for_its_owner_alone),
        cmocka_unit_test(a_key_is_replaced_while_both_sign),
        cmocka_unit_test(a_database_alone_has_a_key_of_its_own_whatever_its_password),
        cmocka_unit_test(a_damaged_file_is_refused_and_not_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

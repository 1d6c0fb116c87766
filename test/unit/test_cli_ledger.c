/* tokatsu ledger, run as a program against a store that others write meanwhile. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "store/store.h"

typedef struct {
    char *folder, *data, *export;
    TkStore *store;
} Site;

typedef struct {
    int status;
    char *out, *err;
} Ran;

static void ran_clear(Ran *ran)
{
    g_free(ran->out);
    g_free(ran->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ran, ran_clear)

/* Runs `tokatsu ledger …`; arguments end with NULL. `input` goes to standard input, or NULL. */
static Ran run(const char *input, ...)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    const char *tokatsu = g_getenv("TOKATSU");
    assert_non_null(tokatsu);
    g_ptr_array_add(argv, (gpointer)tokatsu);
    g_ptr_array_add(argv, (gpointer) "ledger");
    va_list args;
    va_start(args, input);
    for (char *arg = va_arg(args, char *); arg != NULL; arg = va_arg(args, char *))
        g_ptr_array_add(argv, arg);
    va_end(args);
    g_ptr_array_add(argv, NULL);
    g_autoptr(GSubprocess) child = g_subprocess_newv(
        (const char *const *)argv->pdata,
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
        NULL);
    assert_non_null(child);
    Ran ran = {0};
    assert_true(g_subprocess_communicate_utf8(child, input, NULL, &ran.out, &ran.err, NULL));
    ran.status = g_subprocess_get_if_exited(child) ? g_subprocess_get_exit_status(child) : -1;
    return ran;
}

#define assert_ran(ran, want)                                                                                \
    do {                                                                                                     \
        if ((ran).status != (want))                                                                          \
            fail_msg("ended with %d instead of %d: %s%s", (ran).status, (want), (ran).out, (ran).err);       \
    } while (0)

static void write_events(Site *site, unsigned count)
{
    TkWrite *write = tk_write_new("u-1", at("2026-04-01T00:00:00Z"));
    for (unsigned i = 0; i < count; i++)
        tk_write_note(write, "viewed", "accident", "A2026-0001", NULL);
    GError *error = NULL;
    if (!tk_store_commit(site->store, write, NULL, &error))
        fail_msg("%s", error->message);
}

static int set_up(void **state)
{
    Site *site = g_new0(Site, 1);
    site->folder = g_dir_make_tmp("tokatsu-ledger-XXXXXX", NULL);
    site->data = g_build_filename(site->folder, "data", NULL);
    site->export = g_build_filename(site->folder, "export", NULL);
    TkStoreOptions options = {.data_dir = site->data};
    GError *error = NULL;
    site->store = tk_store_open(&options, &error);
    if (site->store == NULL)
        fail_msg("%s", error->message);
    *state = site;
    return 0;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL;
         name = g_dir_read_name(dir)) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        remove_tree(below);
    }
    g_remove(path);
}

static int tear_down(void **state)
{
    Site *site = *state;
    tk_store_close(site->store);
    remove_tree(site->folder);
    g_free(site->folder);
    g_free(site->data);
    g_free(site->export);
    g_free(site);
    return 0;
}

static void assert_verifies(Site *site)
{
    g_auto(Ran) ran = run(NULL, "verify", site->export, NULL);
    assert_ran(ran, 0);
}

static void an_export_verifies_and_grows_while_the_store_is_written(void **state)
{
    Site *site = *state;
    g_auto(Ran) empty = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(empty, 0);
    assert_verifies(site);
    static const unsigned steps[] = {1, 254, 1, 1, 300, 0, 1000};
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (steps[i] > 0)
            write_events(site, steps[i]);
        g_auto(Ran) ran = run(NULL, "export", site->export, "--data", site->data, NULL);
        assert_ran(ran, 0);
        g_autofree char *new_count = g_strdup_printf("(%u new)", steps[i]);
        assert_non_null(strstr(ran.out, new_count));
        assert_verifies(site);
    }
    g_autofree char *key = g_build_filename(site->data, "ledger.key", NULL);
    GStatBuf info;
    assert_int_equal(g_stat(key, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    g_auto(Ran) store = run(NULL, "verify", "--data", site->data, NULL);
    assert_ran(store, 0);
    assert_non_null(strstr(store.out, "1557 entries"));
}

static void the_trusted_key_can_come_from_elsewhere(void **state)
{
    Site *site = *state;
    write_events(site, 3);
    g_auto(Ran) exported = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(exported, 0);
    g_autofree char *key = g_build_filename(site->export, "key.pub", NULL);
    g_autofree char *copy = g_build_filename(site->folder, "trusted.pub", NULL);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(key, &text, NULL, NULL));
    assert_true(g_file_set_contents(copy, text, -1, NULL));
    g_auto(Ran) good = run(NULL, "verify", site->export, "--key", copy, NULL);
    assert_ran(good, 0);

    g_autofree char *other = g_build_filename(site->folder, "other.key", NULL);
    g_auto(Ran) shown = run(NULL, "key", "--signing-key", other, NULL);
    assert_ran(shown, 0);
    assert_true(g_file_set_contents(copy, shown.out, -1, NULL));
    g_auto(Ran) bad = run(NULL, "verify", site->export, "--key", copy, NULL);
    assert_ran(bad, 1);
    g_auto(Ran) none = run(NULL, "verify", site->export, "--key", "/nowhere", NULL);
    assert_ran(none, 2);
    g_auto(Ran) nothing = run(NULL, "verify", "/nowhere", NULL);
    assert_ran(nothing, 2);
}

static void an_altered_export_is_named_by_tile_and_entry(void **state)
{
    Site *site = *state;
    write_events(site, 300);
    g_auto(Ran) exported = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(exported, 0);
    g_autofree char *bundle = g_build_filename(site->export, "tile", "entries", "001.p", "44", NULL);
    g_autofree char *text = NULL;
    gsize len;
    assert_true(g_file_get_contents(bundle, &text, &len, NULL));
    text[10] ^= 1;
    assert_true(g_file_set_contents(bundle, text, (gssize)len, NULL));
    g_auto(Ran) altered = run(NULL, "verify", site->export, NULL);
    assert_ran(altered, 1);
    assert_non_null(strstr(altered.out, "altered tile/entries/001.p/44 entry 256"));
    assert_non_null(strstr(altered.err, "tile/entries/001.p/44: entry 256"));
    text[10] ^= 1;
    assert_true(g_file_set_contents(bundle, text, (gssize)len, NULL));
    assert_verifies(site);

    g_autofree char *foreign = g_build_filename(site->export, "tile", "notes", NULL);
    assert_true(g_file_set_contents(foreign, "", -1, NULL));
    g_auto(Ran) added = run(NULL, "verify", site->export, NULL);
    assert_ran(added, 1);
    assert_non_null(strstr(added.out, "added tile/notes"));
    g_auto(Ran) refused = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(refused, 2);
    g_unlink(foreign);
    g_unlink(bundle);
    g_auto(Ran) missing = run(NULL, "verify", site->export, NULL);
    assert_ran(missing, 1);
    assert_non_null(strstr(missing.out, "missing tile/entries/001.p/44"));
}

static void sql(Site *site, const char *statement)
{
    g_autofree char *path = g_build_filename(site->data, "tokatsu.db", NULL);
    sqlite3 *db = NULL;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, statement, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    sqlite3_close(db);
}

static void a_row_altered_in_the_database_is_found_and_named(void **state)
{
    Site *site = *state;
    write_events(site, 300);
    sql(site, "UPDATE events SET body = replace(body, 'viewed', 'edited') WHERE leaf = 7");
    g_auto(Ran) store = run(NULL, "verify", "--data", site->data, NULL);
    assert_ran(store, 1);
    assert_non_null(strstr(store.out, "altered tile/entries/000 entry 7"));
    g_auto(Ran) prove = run(NULL, "prove", "7", "--data", site->data, NULL);
    assert_ran(prove, 1);
    g_auto(Ran) exported = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(exported, 1);
    assert_non_null(strstr(exported.err, "entry 7"));
    g_auto(Ran) verified = run(NULL, "verify", site->export, NULL);
    assert_ran(verified, 1);
    assert_non_null(strstr(verified.out, "entry 7"));
}

static void a_head_that_the_tiles_or_the_last_checkpoint_contradict_is_not_signed(void **state)
{
    Site *site = *state;
    g_autofree char *key = tk_signing_keys_path(site->data, NULL, NULL);
    g_auto(TkSigningKeys) keys = {0};
    write_events(site, 300);
    assert_true(tk_signing_keys_open(key, NULL, &keys, NULL));
    assert_true(tk_store_checkpoint(site->store, tk_signing_keys_origin(&keys), keys.signer, keys.count, 0,
                                    NULL, NULL));
    g_auto(Ran) before = run(NULL, "checkpoint", "--data", site->data, NULL);
    assert_ran(before, 0);
    sql(site, "UPDATE ledger_tiles SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND n = 0");
    g_auto(Ran) verified = run(NULL, "verify", "--data", site->data, NULL);
    assert_int_not_equal(verified.status, 0);
    sql(site, "UPDATE ledger_tiles SET hashes = zeroblob(length(hashes)) WHERE level = 1");
    static const char *const commands[] = {"checkpoint", "export"};
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_auto(Ran) refused = run(NULL, commands[i], i == 0 ? "--data" : site->export,
                                  i == 0 ? site->data : "--data", i == 0 ? NULL : site->data, NULL);
        assert_ran(refused, 1);
        assert_string_equal(refused.out, "");
    }
}

static void a_proof_is_one_json_line_that_a_stranger_can_check(void **state)
{
    Site *site = *state;
    write_events(site, 300);
    g_auto(Ran) ran = run(NULL, "prove", "259", "--data", site->data, NULL);
    assert_ran(ran, 0);
    g_autoptr(json_t) proof = tk_json_read("proof", ran.out, strlen(ran.out), 100000, NULL);
    assert_int_equal(json_integer_value(json_object_get(proof, "index")), 259);
    assert_int_equal(json_integer_value(json_object_get(proof, "size")), 300);
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    const char *entry = json_string_value(json_object_get(proof, "entry"));
    const char *root_text = json_string_value(json_object_get(proof, "root"));
    TkHash leaf, root, path[64];
    char text[TK_HASH_BASE64_MAX];
    tk_hash_leaf(hasher, entry, strlen(entry), &leaf);
    assert_string_equal(tk_hash_base64(&leaf, text), json_string_value(json_object_get(proof, "leaf_hash")));
    assert_non_null(strstr(json_string_value(json_object_get(proof, "checkpoint")), root_text));
    assert_true(tk_hash_read_base64(root_text, strlen(root_text), &root));
    size_t count = json_array_size(json_object_get(proof, "proof"));
    for (size_t i = 0; i < count; i++) {
        const char *hash = json_string_value(json_array_get(json_object_get(proof, "proof"), i));
        assert_true(tk_hash_read_base64(hash, strlen(hash), &path[i]));
    }
    assert_true(tk_check_inclusion(hasher, 259, 300, &leaf, path, count, &root, NULL));
    g_auto(Ran) beyond = run(NULL, "prove", "300", "--data", site->data, NULL);
    assert_ran(beyond, 2);
    g_auto(Ran) word = run(NULL, "prove", "-1", "--data", site->data, NULL);
    assert_ran(word, 2);
}

/* test/unit/ledger_reader.py knows the specifications and nothing of ours. */
static void an_independent_reader_accepts_export_and_proof(void **state)
{
    Site *site = *state;
    write_events(site, 770);
    g_auto(Ran) exported = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(exported, 0);
    g_auto(Ran) proof = run(NULL, "prove", "513", "--data", site->data, NULL);
    assert_ran(proof, 0);
    g_autofree char *proof_path = g_build_filename(site->folder, "proof.json", NULL);
    assert_true(g_file_set_contents(proof_path, proof.out, -1, NULL));
    g_autofree char *script =
        g_build_filename(g_getenv("TOKATSU_SOURCE"), "test", "unit", "ledger_reader.py", NULL);
    const char *argv[] = {"python3", script, site->export, proof_path, NULL};
    g_autoptr(GSubprocess) child =
        g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL);
    g_autofree char *out = NULL, *err = NULL;
    assert_non_null(child);
    assert_true(g_subprocess_communicate_utf8(child, NULL, NULL, &out, &err, NULL));
    if (!g_subprocess_get_successful(child))
        fail_msg("%s", err);
    assert_string_equal(out, "770\n");
}

static void an_export_of_another_history_is_not_overwritten(void **state)
{
    Site *site = *state;
    write_events(site, 10);
    g_auto(Ran) exported = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(exported, 0);
    /* The store set back to a copy: same key, another tree. */
    tk_store_close(site->store);
    g_autofree char *database = g_build_filename(site->data, "tokatsu.db", NULL);
    g_unlink(database);
    TkStoreOptions options = {.data_dir = site->data};
    site->store = tk_store_open(&options, NULL);
    assert_non_null(site->store);
    write_events(site, 4);
    g_auto(Ran) back = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(back, 1);
    assert_non_null(strstr(back.err, "set back"));
    TkWrite *write = tk_write_new("u-2", 0);
    for (int i = 0; i < 10; i++)
        tk_write_note(write, "edited", "accident", "A1", NULL);
    assert_true(tk_store_commit(site->store, write, NULL, NULL));
    g_auto(Ran) fork = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(fork, 1);
    assert_non_null(strstr(fork.err, "another history"));
    assert_verifies(site);

    g_autofree char *second = g_build_filename(site->folder, "second", NULL);
    g_auto(Ran) other = run(NULL, "export", second, "--data", site->data, NULL);
    assert_ran(other, 0);
    g_auto(Ran) views = run(NULL, "monitor", site->export, second, NULL);
    assert_ran(views, 1);
    assert_non_null(strstr(views.out, "fork"));
}

/* A request to a witness: the export's checkpoint with the proof from `old_size`. */
static char *request_for(Site *site, uint64_t old_size)
{
    g_autofree char *path = g_build_filename(site->export, "checkpoint", NULL);
    g_autofree char *note = NULL;
    gsize len;
    assert_true(g_file_get_contents(path, &note, &len, NULL));
    TkAddCheckpoint request = {.old_size = old_size, .checkpoint = note, .checkpoint_len = len};
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHashSource source = tk_store_hash_source(site->store);
    TkProof proof;
    if (old_size > 0) {
        assert_true(
            tk_prove_consistency(hasher, &source, old_size, tk_store_ledger_size(site->store), &proof, NULL));
        request.count = proof.count;
        memcpy(request.proof, proof.hash, proof.count * sizeof *proof.hash);
    }
    TkBuf out;
    tk_buf_init(&out, TK_WITNESS_REQUEST_MAX);
    assert_true(tk_add_checkpoint_write(&request, &out, NULL));
    tk_buf_str(&out);
    return out.data;
}

static void a_witness_cosigns_what_continues_and_nothing_else(void **state)
{
    Site *site = *state;
    g_autofree char *own = g_build_filename(site->folder, "witness", NULL);
    g_autofree char *log_key = g_build_filename(site->export, "key.pub", NULL);
    write_events(site, 10);
    g_auto(Ran) exported = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(exported, 0);
    g_autofree char *first = request_for(site, 0);
    g_auto(Ran) cosigned =
        run(first, "witness", "--data", own, "--log-key", log_key, "--name", "w.example", NULL);
    assert_ran(cosigned, 0);
    assert_true(g_str_has_prefix(cosigned.out, "— w.example "));

    write_events(site, 7);
    g_auto(Ran) grown = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(grown, 0);
    g_autofree char *stale = request_for(site, 0);
    g_auto(Ran) conflict = run(stale, "witness", "--data", own, "--log-key", log_key, NULL);
    assert_ran(conflict, 1);
    assert_string_equal(conflict.out, "10\n");
    g_autofree char *next = request_for(site, 10);
    g_auto(Ran) again = run(next, "witness", "--data", own, "--log-key", log_key, NULL);
    assert_ran(again, 0);

    g_auto(Ran) key = run(NULL, "witness", "--data", own, "--show-key", NULL);
    assert_ran(key, 0);
    TkKeys keys;
    assert_true(tk_keys_read(key.out, strlen(key.out), &keys, NULL));
    const char *checkpoint = strstr(next, "\n\n") + 2;
    g_auto(TkBuf) kept = {0};
    tk_buf_init(&kept, 10000);
    assert_true(tk_cosignatures_accept(checkpoint, strlen(checkpoint), again.out, strlen(again.out), &keys,
                                       &kept, NULL));
    g_auto(Ran) nonsense = run("hello\n", "witness", "--data", own, "--log-key", log_key, NULL);
    assert_ran(nonsense, 2);
}

static void a_replaced_key_signs_beside_the_old_one(void **state)
{
    Site *site = *state;
    write_events(site, 5);
    g_auto(Ran) exported = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(exported, 0);
    g_autofree char *key = g_build_filename(site->export, "key.pub", NULL);
    g_autofree char *old_key = g_build_filename(site->folder, "old.pub", NULL);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(key, &text, NULL, NULL));
    assert_true(g_file_set_contents(old_key, text, -1, NULL));
    g_auto(Ran) added = run(NULL, "key", "add", "--data", site->data, NULL);
    assert_ran(added, 0);
    write_events(site, 5);
    g_auto(Ran) both = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(both, 0);
    assert_verifies(site);
    g_auto(Ran) by_old = run(NULL, "verify", site->export, "--key", old_key, NULL);
    assert_ran(by_old, 0);
    g_auto(Ran) retired = run(NULL, "key", "retire", "--data", site->data, NULL);
    assert_ran(retired, 0);
    write_events(site, 1);
    g_auto(Ran) by_new = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(by_new, 0);
    assert_verifies(site);
    g_auto(Ran) not_by_old = run(NULL, "verify", site->export, "--key", old_key, NULL);
    assert_ran(not_by_old, 1);
}

static void a_time_stamp_is_asked_for_and_a_wrong_answer_refused(void **state)
{
    Site *site = *state;
    g_auto(Ran) exported = run(NULL, "export", site->export, "--data", site->data, NULL);
    assert_ran(exported, 0);
    g_autofree char *checkpoint = g_build_filename(site->export, "checkpoint", NULL);
    g_autofree char *request = g_build_filename(site->folder, "request", NULL);
    const char *argv[] = {"sh",    "-c", "\"$TOKATSU\" ledger timestamp \"$1\" > \"$2\"", "sh", checkpoint,
                          request, NULL};
    g_autoptr(GSubprocess) child = g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_NONE, NULL);
    assert_true(g_subprocess_wait_check(child, NULL, NULL));
    g_autofree char *der = NULL, *text = NULL;
    gsize len, text_len;
    assert_true(g_file_get_contents(request, &der, &len, NULL));
    assert_true(g_file_get_contents(checkpoint, &text, &text_len, NULL));
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHash hash;
    tk_hash_bytes(hasher, text, text_len, &hash);
    assert_non_null(memmem(der, len, hash.byte, sizeof hash.byte));
    g_auto(Ran) no_ca = run(NULL, "timestamp", checkpoint, "--response", request, NULL);
    assert_ran(no_ca, 2);
    g_auto(Ran) no_answer =
        run(NULL, "timestamp", checkpoint, "--response", request, "--ca", checkpoint, NULL);
    assert_ran(no_answer, 2);
}

static void arguments_that_say_nothing_end_with_status_2(void **state)
{
    (void)state;
    g_auto(Ran) help = run(NULL, "--help", NULL);
    assert_ran(help, 0);
    g_auto(Ran) one = run(NULL, "verify", "--help", NULL);
    assert_ran(one, 0);
    g_auto(Ran) none = run(NULL, NULL);
    assert_ran(none, 2);
    g_auto(Ran) unknown = run(NULL, "rewrite", NULL);
    assert_ran(unknown, 2);
    g_auto(Ran) no_store = run(NULL, "checkpoint", "--data", "/nowhere", NULL);
    assert_ran(no_store, 2);
    g_auto(Ran) no_dir = run(NULL, "verify", NULL);
    assert_ran(no_dir, 2);
}

#define site_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        site_test(an_export_verifies_and_grows_while_the_store_is_written),
        site_test(the_trusted_key_can_come_from_elsewhere),
        site_test(an_altered_export_is_named_by_tile_and_entry),
        site_test(a_row_altered_in_the_database_is_found_and_named),
        site_test(a_head_that_the_tiles_or_the_last_checkpoint_contradict_is_not_signed),
        site_test(a_proof_is_one_json_line_that_a_stranger_can_check),
        site_test(an_independent_reader_accepts_export_and_proof),
        site_test(an_export_of_another_history_is_not_overwritten),
        site_test(a_witness_cosigns_what_continues_and_nothing_else),
        site_test(a_replaced_key_signs_beside_the_old_one),
        site_test(a_time_stamp_is_asked_for_and_a_wrong_answer_refused),
        cmocka_unit_test(arguments_that_say_nothing_end_with_status_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Exports: names of tiles, and a verifier that finds every altered, missing and added byte. */
#include "unit.h"

#include "ledger/ledger.h"

static void tile_names_are_those_of_the_specification(void **state)
{
    (void)state;
    static const struct {
        TkTile tile;
        const char *path;
    } known[] = {
        {{TK_TILE_HASHES, 0, 1234067, 256}, "tile/0/x001/x234/067"},
        {{TK_TILE_HASHES, 3, 0, 17}, "tile/3/000.p/17"},
        {{TK_TILE_ENTRIES, 0, 273, 112}, "tile/entries/273.p/112"},
        {{TK_TILE_ENTRIES, 0, 1000, 256}, "tile/entries/x001/000"},
        {{TK_TILE_HASHES, 0, UINT64_C(36028797018963967), 255}, "tile/0/x036/x028/x797/x018/x963/967.p/255"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        char path[TK_TILE_PATH_MAX];
        assert_string_equal(tk_tile_path(&known[i].tile, path), known[i].path);
        TkTile back;
        assert_true(tk_tile_path_read(known[i].path, &back));
        assert_int_equal(back.kind, known[i].tile.kind);
        assert_int_equal(back.level, known[i].tile.level);
        assert_int_equal(back.index, known[i].tile.index);
        assert_int_equal(back.width, known[i].tile.width);
    }
    static const char *const bad[] = {
        "tile/0/0",          "tile/0/x000/000",     "tile/00/000",   "tile/8/000",
        "tile/0/000.p/0",    "tile/0/000.p/256",    "tile/0/000.p/", "tile/0/000.p/007",
        "tile/entries/00a",  "tile/0/000/",         "tile/",         "tile/0/001/000",
        "tile/0/x1234/000",  "/tile/0/000",         "tile/-1/000",   "tile/0/000.P/3",
        "tile/entries/000x", "tile/0/../checkpoint"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        TkTile tile;
        if (tk_tile_path_read(bad[i], &tile))
            fail_msg("%s was read as a tile", bad[i]);
    }
}

static void a_log_of_70000_has_the_tiles_the_specification_counts(void **state)
{
    (void)state;
    size_t full[3] = {0}, entries = 0;
    unsigned partial[3] = {0};
    TkTile tile;
    for (TkTileWalk walk = tk_tile_walk(0, 70000); tk_tile_next(&walk, &tile);) {
        assert_true(tk_tile_expected(&tile, 70000));
        assert_true(tile.level < 3);
        if (tile.kind == TK_TILE_ENTRIES)
            entries++;
        else if (tile.width == TK_TILE_WIDTH)
            full[tile.level]++;
        else
            partial[tile.level] = tile.width;
    }
    assert_int_equal(entries, 274);
    assert_int_equal(full[0], 273);
    assert_int_equal(partial[0], 112);
    assert_int_equal(full[1], 1);
    assert_int_equal(partial[1], 17);
    assert_int_equal(full[2], 0);
    assert_int_equal(partial[2], 1);
}

static void an_incremental_walk_gives_the_new_files_only(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 2, 255, 256, 257, 300, 511, 512, 1000, 65535, 65536, 65537, 66000};
    for (size_t a = 0; a < G_N_ELEMENTS(sizes); a++)
        for (size_t b = a; b < G_N_ELEMENTS(sizes); b++) {
            TkTile tile;
            size_t walked = 0, expected = 0;
            for (TkTileWalk walk = tk_tile_walk(sizes[a], sizes[b]); tk_tile_next(&walk, &tile); walked++)
                assert_true(tk_tile_expected(&tile, sizes[b]) && !tk_tile_expected(&tile, sizes[a]));
            for (TkTileWalk walk = tk_tile_walk(0, sizes[b]); tk_tile_next(&walk, &tile);)
                expected += !tk_tile_expected(&tile, sizes[a]);
            assert_int_equal(walked, expected);
        }
}

/* ---- an export in memory ---- */

typedef struct {
    GHashTable *files; /* path → GBytes */
    TkKeys keys;
} Export;

static void put(Export *export, const char *path, const void *data, size_t len)
{
    g_hash_table_insert(export->files, g_strdup(path), g_bytes_new(data, len));
}

static size_t leaf_text(uint64_t i, char out[300])
{
    int len = g_snprintf(out, 300, "{\"id\":\"A%" G_GUINT64_FORMAT "\",\"what\":\"%.*s\"}", i, (int)(i % 37),
                         "abcdefghijklmnopqrstuvwxyzabcdefghijkl");
    return (size_t)len;
}

static void put_tiles(Export *export, TkTree *tree, uint64_t old_size)
{
    TkHashSource source = tk_tree_source(tree);
    TkTile tile;
    for (TkTileWalk walk = tk_tile_walk(old_size, tk_tree_size(tree)); tk_tile_next(&walk, &tile);) {
        g_auto(TkBuf) bytes = {0};
        tk_buf_init(&bytes, TK_BUNDLE_BYTES_MAX);
        if (tile.kind == TK_TILE_HASHES) {
            assert_true(tk_tile_bytes(&source, &tile, &bytes, NULL));
        } else {
            for (unsigned i = 0; i < tile.width; i++) {
                char text[300];
                assert_true(
                    tk_bundle_add(&bytes, text, leaf_text(tile.index * TK_TILE_WIDTH + i, text), NULL));
            }
        }
        char path[TK_TILE_PATH_MAX];
        put(export, tk_tile_path(&tile, path), bytes.data, bytes.len);
    }
}

static void put_head(Export *export, const TkHash *root, uint64_t size)
{
    uint8_t seed[TK_SEED_LEN] = {1};
    g_autoptr(TkSigner) log = tk_signer_new("tokatsu/test", TK_KEY_ED25519, seed, NULL);
    seed[0] = 2;
    g_autoptr(TkSigner) witness = tk_signer_new("witness.example", TK_KEY_COSIGNATURE, seed, NULL);
    TkSigner *signers[] = {log};
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 10000);
    assert_true(tk_checkpoint_sign("tokatsu/test", size, root, signers, 1, &out, NULL));
    g_autoptr(TkNote) note = tk_note_read(out.data, out.len, NULL);
    assert_true(tk_note_sign(witness, note->text, note->text_len, 1800000000, &out, NULL));
    put(export, "checkpoint", out.data, out.len);
    export->keys = (TkKeys){.count = 2, .key = {*tk_signer_key(log), *tk_signer_key(witness)}};
    tk_buf_reset(&out);
    tk_keys_write(&export->keys, &out);
    put(export, "key.pub", out.data, out.len);
}

static Export export_of(uint64_t size)
{
    Export export = {
        .files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref)};
    g_autoptr(TkTree) tree = tk_tree_new();
    for (uint64_t i = 0; i < size; i++) {
        char text[300];
        tk_tree_append(tree, text, leaf_text(i, text));
    }
    put_tiles(&export, tree, 0);
    TkHash root;
    tk_tree_root(tree, &root);
    put_head(&export, &root, size);
    return export;
}

static bool read_file(void *user, const char *path, size_t max, const uint8_t **data, size_t *len,
                      GError **error)
{
    Export *export = user;
    GBytes *bytes = g_hash_table_lookup(export->files, path);
    if (bytes == NULL)
        return tk_fail(error, TK_ERROR_NOT_FOUND, "no such file");
    if (g_bytes_get_size(bytes) > max)
        return tk_fail(error, TK_ERROR_LIMIT, "too long");
    *data = g_bytes_get_data(bytes, len);
    return true;
}

static bool verify(Export *export, const TkKeys *keys, TkLedgerReport *report)
{
    guint count;
    g_autofree char **names = (char **)g_hash_table_get_keys_as_array(export->files, &count);
    TkLedgerReader reader = {read_file, (const char *const *)names, export};
    g_autoptr(GError) error = NULL;
    bool holds = tk_ledger_verify(&reader, keys, report, &error);
    assert_int_equal(holds, report->faults == 0);
    assert_int_equal(holds, error == NULL);
    if (!holds) {
        assert_int_equal(error->code, TK_ERROR_REFUSED);
        for (size_t i = 0; i < report->count; i++)
            assert_non_null(report->finding[i].text);
    }
    return holds;
}

static void an_export_of_any_size_verifies(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 2, 255, 256, 257, 511, 512, 700, 65536, 66000};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        Export export = export_of(sizes[i]);
        g_auto(TkLedgerReport) report = {0};
        if (!verify(&export, NULL, &report))
            fail_msg("size %" G_GUINT64_FORMAT ": %s", sizes[i], report.finding[0].text);
        assert_int_equal(report.size, sizes[i]);
        assert_int_equal(report.entries, sizes[i]);
        assert_string_equal(report.origin, "tokatsu/test");
        assert_int_equal(report.files, g_hash_table_size(export.files));
        g_auto(TkLedgerReport) trusted = {0};
        assert_true(verify(&export, &export.keys, &trusted));
        g_hash_table_unref(export.files);
    }
}

/* Sets `path` to `data` for one verification; returns the first finding's text, or NULL when it verifies. */
static char *verdict_with(Export *export, const char *path, const void *data, size_t len, TkFinding *first)
{
    GBytes *before = g_hash_table_lookup(export->files, path);
    if (before != NULL)
        g_bytes_ref(before);
    if (data == NULL)
        g_hash_table_remove(export->files, path);
    else
        put(export, path, data, len);
    g_auto(TkLedgerReport) report = {0};
    char *text = verify(export, NULL, &report) ? NULL : g_strdup(report.finding[0].text);
    if (text != NULL && first != NULL)
        *first = report.finding[0];
    if (before != NULL)
        g_hash_table_insert(export->files, g_strdup(path), before);
    else
        g_hash_table_remove(export->files, path);
    return text;
}

static void assert_found(Export *export, const char *path, const void *data, size_t len, const char *how,
                         size_t where)
{
    TkFinding first;
    g_autofree char *text = verdict_with(export, path, data, len, &first);
    if (text == NULL)
        fail_msg("%s: byte %zu %s, and it verified", path, where, how);
    if (strstr(text, path) == NULL && !g_str_has_prefix(path, "key.pub") && strcmp(path, "checkpoint") != 0)
        fail_msg("%s: byte %zu %s; “%s” does not name the file", path, where, how, text);
}

/* Every byte of every file of a small export: altered, missing, added. */
static void every_altered_missing_and_added_byte_is_found(void **state)
{
    (void)state;
    Export export = export_of(259);
    g_autoptr(GList) paths = g_hash_table_get_keys(export.files);
    size_t tried = 0;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (GList *item = paths; item != NULL; item = item->next)
        g_ptr_array_add(names, g_strdup(item->data));
    for (guint n = 0; n < names->len; n++) {
        const char *path = names->pdata[n];
        gsize len;
        g_autoptr(GBytes) bytes = g_bytes_ref(g_hash_table_lookup(export.files, path));
        const uint8_t *good = g_bytes_get_data(bytes, &len);
        g_autofree uint8_t *bad = g_malloc(len + 1);
        size_t step = len > 1000 ? 13 : 1;
        for (size_t i = 0; i < len; i += step, tried++) {
            memcpy(bad, good, len);
            bad[i] ^= (uint8_t)(1u << (i % 8));
            assert_found(&export, path, bad, len, "altered", i);
            memcpy(bad + i, good + i + 1, len - i - 1);
            assert_found(&export, path, bad, len - 1, "missing", i);
            memcpy(bad, good, i);
            bad[i] = (uint8_t)(good[i] + 1);
            memcpy(bad + i + 1, good + i, len - i);
            assert_found(&export, path, bad, len + 1, "added", i);
        }
        memcpy(bad, good, len);
        for (int c = 0; c < 256; c += 5) {
            bad[len] = (uint8_t)c;
            assert_found(&export, path, bad, len + 1, "added at the end", len);
        }
        bad[len] = '\n';
        assert_found(&export, path, bad, len + 1, "added at the end", len);
        assert_found(&export, path, "", 0, "emptied", 0);
        assert_found(&export, path, NULL, 0, "removed with its file", 0);
    }
    assert_true(tried > 1500);
    g_hash_table_unref(export.files);
}

static void the_signed_root_decides_whether_leaf_or_tile_was_altered(void **state)
{
    (void)state;
    Export export = export_of(700);
    gsize len;
    TkFinding first;
    const uint8_t *good = g_bytes_get_data(g_hash_table_lookup(export.files, "tile/entries/001"), &len);
    g_autofree uint8_t *leaf = g_memdup2(good, len);
    leaf[2 + 9] ^= 1; /* within entry 256 */
    g_autofree char *entry = verdict_with(&export, "tile/entries/001", leaf, len, &first);
    assert_string_equal(entry,
                        "tile/entries/001: entry 256 was altered; it does not have the hash in tile/0/001");
    assert_int_equal(first.entry, 256);
    assert_string_equal(first.path, "tile/entries/001");

    good = g_bytes_get_data(g_hash_table_lookup(export.files, "tile/0/002.p/188"), &len);
    g_autofree uint8_t *tile = g_memdup2(good, len);
    tile[5 * TK_HASH_LEN] ^= 1;
    g_autofree char *hash = verdict_with(&export, "tile/0/002.p/188", tile, len, &first);
    assert_string_equal(hash, "tile/0/002.p/188: the hash of entry 517 was altered");
    assert_int_equal(first.kind, TK_FINDING_ALTERED);

    good = g_bytes_get_data(g_hash_table_lookup(export.files, "tile/1/000.p/2"), &len);
    g_autofree uint8_t *above = g_memdup2(good, len);
    above[TK_HASH_LEN] ^= 1;
    g_autofree char *run = verdict_with(&export, "tile/1/000.p/2", above, len, &first);
    assert_string_equal(run, "tile/1/000.p/2: the hash of entries 256 to 511 was altered");
    g_hash_table_unref(export.files);
}

static void missing_cut_and_foreign_files_are_named(void **state)
{
    (void)state;
    Export export = export_of(700);
    TkFinding first;
    g_autofree char *missing = verdict_with(&export, "tile/0/001", NULL, 0, &first);
    assert_string_equal(missing, "tile/0/001 is missing (entries 256 to 511)");
    assert_int_equal(first.kind, TK_FINDING_MISSING);
    g_autofree char *note = verdict_with(&export, "tile/0/note.txt", "x", 1, &first);
    assert_string_equal(note, "tile/0/note.txt does not belong to the log");
    assert_int_equal(first.kind, TK_FINDING_ADDED);
    g_autofree char *older = verdict_with(&export, "tile/0/002.p/100", "x", 1, &first);
    assert_string_equal(older, "tile/0/002.p/100 does not belong to a log of 700 entries");
    assert_int_equal(first.entry, 512);
    gsize len;
    const void *bundle = g_bytes_get_data(g_hash_table_lookup(export.files, "tile/entries/000"), &len);
    g_autofree char *cut = verdict_with(&export, "tile/entries/000", bundle, len - 1, &first);
    assert_string_equal(cut, "tile/entries/000 ends within entry 255");
    g_hash_table_unref(export.files);
}

static void a_log_rewritten_as_a_whole_does_not_pass_with_the_old_signature(void **state)
{
    (void)state;
    Export export = export_of(300), other = export_of(299);
    TkHash root = {{0}};
    put_head(&export, &root, 300); /* signed, and another root */
    g_auto(TkLedgerReport) report = {0};
    assert_false(verify(&export, NULL, &report));
    assert_non_null(strstr(report.finding[0].text, "lead to another root than the checkpoint"));

    /* And keys that were swapped: the directory is whole, but not by whom we trust. */
    uint8_t seed[TK_SEED_LEN] = {9};
    g_autoptr(TkSigner) stranger = tk_signer_new("tokatsu/test", TK_KEY_ED25519, seed, NULL);
    TkKeys trusted = {.count = 1, .key = {*tk_signer_key(stranger)}};
    g_auto(TkLedgerReport) foreign = {0};
    assert_false(verify(&other, &trusted, &foreign));
    assert_non_null(strstr(foreign.finding[0].text, "not signed by a key that counts"));
    g_hash_table_unref(export.files);
    g_hash_table_unref(other.files);
}

/* A directory from a stranger: signed by its own key, of a size that nobody can have. */
static void a_claimed_size_does_not_make_the_verifier_work_forever(void **state)
{
    (void)state;
    Export export = export_of(3);
    TkHash root = {{0}};
    put_head(&export, &root, UINT64_C(1) << 60);
    g_auto(TkLedgerReport) report = {0};
    assert_false(verify(&export, NULL, &report));
    assert_int_equal(report.count, TK_FINDINGS_MAX);
    assert_true(report.faults < 200000);
    g_hash_table_unref(export.files);
}

static void a_leaf_that_no_length_can_say_is_refused(void **state)
{
    (void)state;
    g_auto(TkBuf) bundle = {0};
    tk_buf_init(&bundle, TK_BUNDLE_BYTES_MAX);
    g_autofree char *leaf = g_malloc0(TK_LEAF_BYTES_MAX + 1);
    assert_true(tk_bundle_add(&bundle, leaf, TK_LEAF_BYTES_MAX, NULL));
    GError *error = NULL;
    assert_false(tk_bundle_add(&bundle, leaf, TK_LEAF_BYTES_MAX + 1, &error));
    assert_error_says(error, "65535 are allowed");
    assert_int_equal(bundle.len, TK_LEAF_BYTES_MAX + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tile_names_are_those_of_the_specification),
        cmocka_unit_test(a_log_of_70000_has_the_tiles_the_specification_counts),
        cmocka_unit_test(an_incremental_walk_gives_the_new_files_only),
        cmocka_unit_test(an_export_of_any_size_verifies),
        cmocka_unit_test(every_altered_missing_and_added_byte_is_found),
        cmocka_unit_test(the_signed_root_decides_whether_leaf_or_tile_was_altered),
        cmocka_unit_test(missing_cut_and_foreign_files_are_named),
        cmocka_unit_test(a_log_rewritten_as_a_whole_does_not_pass_with_the_old_signature),
        cmocka_unit_test(a_claimed_size_does_not_make_the_verifier_work_forever),
        cmocka_unit_test(a_leaf_that_no_length_can_say_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

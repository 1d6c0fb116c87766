/* A small export of which the input replaces one file: the first byte says which, the rest is its content.
 * Only the genuine content may verify. The input's text is also tried as a file name. */
#include "ledger/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define LEAVES 259

typedef struct {
    GHashTable *files;
    const char *replaced;
    const uint8_t *data;
    size_t len;
} Export;

static void put(Export *export, const char *path, const TkBuf *bytes)
{
    g_hash_table_insert(export->files, g_strdup(path), g_bytes_new(bytes->data, bytes->len));
}

static size_t leaf_text(uint64_t i, char out[32])
{
    return (size_t)g_snprintf(out, 32, "leaf %" G_GUINT64_FORMAT, i);
}

static void put_tile(Export *export, TkTree *tree, const TkTile *tile)
{
    TkHashSource source = tk_tree_source(tree);
    g_auto(TkBuf) bytes = {0};
    tk_buf_init(&bytes, TK_BUNDLE_BYTES_MAX);
    for (unsigned i = 0; tile->kind == TK_TILE_ENTRIES && i < tile->width; i++) {
        char text[32];
        tk_bundle_add(&bytes, text, leaf_text(tile->index * TK_TILE_WIDTH + i, text), NULL);
    }
    if (tile->kind == TK_TILE_HASHES)
        tk_tile_bytes(&source, tile, &bytes, NULL);
    char path[TK_TILE_PATH_MAX];
    put(export, tk_tile_path(tile, path), &bytes);
}

static Export make_export(void)
{
    Export export = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref),
                     NULL, NULL, 0};
    g_autoptr(TkTree) tree = tk_tree_new();
    for (uint64_t i = 0; i < LEAVES; i++) {
        char text[32];
        tk_tree_append(tree, text, leaf_text(i, text));
    }
    TkTile tile;
    for (TkTileWalk walk = tk_tile_walk(0, LEAVES); tk_tile_next(&walk, &tile);)
        put_tile(&export, tree, &tile);
    uint8_t seed[TK_SEED_LEN] = {1};
    TkSigner *signer = tk_signer_new("fuzz/log", TK_KEY_ED25519, seed, NULL);
    TkHash root;
    tk_tree_root(tree, &root);
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, TK_NOTE_BYTES_MAX);
    tk_checkpoint_sign("fuzz/log", LEAVES, &root, &signer, 1, &out, NULL);
    put(&export, "checkpoint", &out);
    tk_buf_reset(&out);
    tk_key_write(tk_signer_key(signer), &out);
    tk_buf_add_char(&out, '\n');
    put(&export, "key.pub", &out);
    tk_signer_free(signer);
    return export;
}

static bool read_file(void *user, const char *path, size_t max, const uint8_t **data, size_t *len,
                      GError **error)
{
    Export *export = user;
    GBytes *bytes = g_hash_table_lookup(export->files, path);
    if (bytes == NULL)
        return tk_fail(error, TK_ERROR_NOT_FOUND, "no such file");
    *data = g_bytes_get_data(bytes, len);
    if (strcmp(path, export->replaced) == 0) {
        *data = export->data;
        *len = export->len;
    }
    return *len <= max || tk_fail(error, TK_ERROR_LIMIT, "too long");
}

static void try_name(const uint8_t *data, size_t len)
{
    g_autofree char *name = g_strndup((const char *)data, len);
    char again[TK_TILE_PATH_MAX];
    TkTile tile;
    if (tk_tile_path_read(name, &tile) && strcmp(tk_tile_path(&tile, again), name) != 0)
        g_error("a tile has two names");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const paths[] = {"checkpoint",          "key.pub",        "tile/0/000",
                                        "tile/0/001.p/3",      "tile/1/000.p/1", "tile/entries/000",
                                        "tile/entries/001.p/3"};
    static Export export;
    if (export.files == NULL)
        export = make_export();
    if (len == 0)
        return 0;
    try_name(data, len);
    export.replaced = paths[data[0] % G_N_ELEMENTS(paths)];
    export.data = data + 1;
    export.len = len - 1;
    const char *const none[] = {NULL};
    TkLedgerReader reader = {read_file, none, &export};
    g_auto(TkLedgerReport) report = {0};
    g_autoptr(GError) error = NULL;
    gsize genuine_len;
    const void *genuine = g_bytes_get_data(g_hash_table_lookup(export.files, export.replaced), &genuine_len);
    bool same = genuine_len == export.len && memcmp(genuine, export.data, genuine_len) == 0;
    if (tk_ledger_verify(&reader, NULL, &report, &error) != same)
        g_error("%s: altered content verified, or genuine content did not", export.replaced);
    return 0;
}

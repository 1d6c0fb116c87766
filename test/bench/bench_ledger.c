/* Appending to and verifying a log, on one core: "what<TAB>figure" lines. Leaves of 200 bytes, as events are.
 */
#include <inttypes.h>

#include "ledger/ledger.h"

#define LEAF_BYTES 200
#define LEAVES     2000000u

static double now_s(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static void say(const char *what, double count, double seconds, const char *unit)
{
    printf("%s\t%.2f million %s/s\n", what, count / seconds / 1e6, unit);
    fflush(stdout);
}

static void fill(uint8_t leaf[LEAF_BYTES], uint64_t i)
{
    memcpy(leaf, &i, sizeof i);
}

static void bench_hashing(void)
{
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    uint8_t leaf[LEAF_BYTES] = {0};
    TkHash hash, node = {{0}};
    double start = now_s();
    for (uint64_t i = 0; i < LEAVES; i++) {
        fill(leaf, i);
        tk_hash_leaf(hasher, leaf, sizeof leaf, &hash);
    }
    say("hash leaves of 200 bytes", LEAVES, now_s() - start, "leaves");
    start = now_s();
    for (uint64_t i = 0; i < LEAVES; i++)
        tk_hash_node(hasher, &node, &hash, &node);
    say("hash nodes", LEAVES, now_s() - start, "nodes");
}

static TkTree *bench_append(void)
{
    TkTree *tree = tk_tree_new();
    uint8_t leaf[LEAF_BYTES] = {0};
    double start = now_s();
    for (uint64_t i = 0; i < LEAVES; i++) {
        fill(leaf, i);
        tk_tree_append(tree, leaf, sizeof leaf);
    }
    say("append in memory, 200-byte leaves, one core (goal 0.5)", LEAVES, now_s() - start, "leaves");
    return tree;
}

/* ---- an export held in memory ---- */

typedef struct {
    GHashTable *files;
    GPtrArray *names;
} Export;

static void put(Export *export, const char *path, const TkBuf *bytes)
{
    char *name = g_strdup(path);
    g_hash_table_insert(export->files, name, g_bytes_new(bytes->data, bytes->len));
    g_ptr_array_add(export->names, name);
}

static void put_head(Export *export, TkTree *tree)
{
    uint8_t seed[TK_SEED_LEN] = {1};
    TkSigner *signer = tk_signer_new("bench/log", TK_KEY_ED25519, seed, NULL);
    TkHash root;
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, TK_NOTE_BYTES_MAX);
    tk_tree_root(tree, &root);
    if (!tk_checkpoint_sign("bench/log", tk_tree_size(tree), &root, &signer, 1, &out, NULL))
        g_error("the checkpoint could not be signed");
    put(export, "checkpoint", &out);
    tk_buf_reset(&out);
    tk_key_write(tk_signer_key(signer), &out);
    tk_buf_add_char(&out, '\n');
    put(export, "key.pub", &out);
    tk_signer_free(signer);
}

static void put_tiles(Export *export, TkTree *tree)
{
    TkHashSource source = tk_tree_source(tree);
    TkTile tile;
    g_auto(TkBuf) bytes = {0};
    tk_buf_init(&bytes, TK_BUNDLE_BYTES_MAX);
    uint8_t leaf[LEAF_BYTES] = {0};
    for (TkTileWalk walk = tk_tile_walk(0, tk_tree_size(tree)); tk_tile_next(&walk, &tile);) {
        tk_buf_reset(&bytes);
        for (unsigned i = 0; tile.kind == TK_TILE_ENTRIES && i < tile.width; i++) {
            fill(leaf, tile.index * TK_TILE_WIDTH + i);
            tk_bundle_add(&bytes, leaf, sizeof leaf, NULL);
        }
        if (tile.kind == TK_TILE_HASHES)
            tk_tile_bytes(&source, &tile, &bytes, NULL);
        char path[TK_TILE_PATH_MAX];
        put(export, tk_tile_path(&tile, path), &bytes);
    }
}

static bool read_file(void *user, const char *path, size_t max, const uint8_t **data, size_t *len,
                      GError **error)
{
    Export *export = user;
    GBytes *bytes = g_hash_table_lookup(export->files, path);
    if (bytes == NULL || g_bytes_get_size(bytes) > max)
        return tk_fail(error, TK_ERROR_NOT_FOUND, "no such file");
    *data = g_bytes_get_data(bytes, len);
    return true;
}

static void bench_verify(TkTree *tree)
{
    Export export = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref),
                     g_ptr_array_new()};
    double start = now_s();
    put_tiles(&export, tree);
    put_head(&export, tree);
    say("make the tiles and bundles in memory", LEAVES, now_s() - start, "leaves");
    g_ptr_array_add(export.names, NULL);
    TkLedgerReader reader = {read_file, (const char *const *)export.names->pdata, &export};
    double best = G_MAXDOUBLE;
    for (int run = 0; run < 3; run++) {
        g_auto(TkLedgerReport) report = {0};
        start = now_s();
        if (!tk_ledger_verify(&reader, NULL, &report, NULL))
            g_error("the export does not verify: %s", report.finding[0].text);
        best = MIN(best, now_s() - start);
    }
    say("verify an export, one core, best of 3 (goal 1.5)", LEAVES, best, "leaves");
    g_ptr_array_unref(export.names);
    g_hash_table_unref(export.files);
}

static void bench_proofs(TkTree *tree)
{
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHashSource source = tk_tree_source(tree);
    TkProof proof;
    const uint64_t count = 20000;
    double start = now_s();
    for (uint64_t i = 0; i < count; i++)
        if (!tk_prove_inclusion(hasher, &source, i * 97 % LEAVES, LEAVES, &proof, NULL))
            g_error("no proof");
    printf("make an inclusion proof\t%.0f us\n", (now_s() - start) / (double)count * 1e6);
    TkHash leaf = {{0}}, root;
    tk_tree_root(tree, &root);
    start = now_s();
    for (uint64_t i = 0; i < count; i++)
        (void)tk_check_inclusion(hasher, i, LEAVES, &leaf, proof.hash, proof.count, &root, NULL);
    printf("check an inclusion proof\t%.1f us\n", (now_s() - start) / (double)count * 1e6);
}

int main(void)
{
    bench_hashing();
    g_autoptr(TkTree) tree = bench_append();
    bench_verify(tree);
    bench_proofs(tree);
    return 0;
}

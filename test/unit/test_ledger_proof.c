/* The tree and its proofs: published vectors first, then properties over many sizes. */
#include "unit.h"

#include "ledger/ledger.h"

static TkHash hash_of_hex(const char *hex)
{
    TkHash hash;
    for (size_t i = 0; i < TK_HASH_LEN; i++)
        hash.byte[i] =
            (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    return hash;
}

static void assert_hash(const TkHash *hash, const char *hex)
{
    char text[TK_HASH_HEX_MAX];
    assert_string_equal(tk_hash_hex(hash, text), hex);
}

/* The eight leaves of the certificate transparency tests. */
static const char *const ct_leaves[8] = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};

static void append_hex(TkTree *tree, const char *hex)
{
    uint8_t data[64];
    size_t len = strlen(hex) / 2;
    for (size_t i = 0; i < len; i++)
        data[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    tk_tree_append(tree, data, len);
}

static void the_eight_leaf_tree_of_certificate_transparency_has_its_known_roots(void **state)
{
    (void)state;
    static const char *const roots[9] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                         "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    g_autoptr(TkTree) tree = tk_tree_new();
    for (size_t n = 0; n <= 8; n++) {
        TkHash root;
        tk_tree_root(tree, &root);
        assert_hash(&root, roots[n]);
        if (n < 8)
            append_hex(tree, ct_leaves[n]);
    }
}

/* ---- the 518 vectors ---- */

typedef struct {
    TkHasher *hasher;
    size_t seen, wrong;
} Vectors;

/* A root in the vectors that is not a hash ("don't care") stands for itself: its SHA-256, so that equal ones
 * stay equal. A leaf or a proof of another length than a hash has no such meaning and is refused. */
static bool root_of(Vectors *v, const json_t *vector, const char *key, TkHash *out)
{
    gsize len = 0;
    g_autofree guchar *bytes = g_base64_decode(json_string_value(json_object_get(vector, key)), &len);
    if (len == TK_HASH_LEN)
        memcpy(out->byte, bytes, len);
    else if (len > 0)
        tk_hash_bytes(v->hasher, bytes, len, out);
    return len > 0;
}

static bool hash_of(const json_t *text, TkHash *out)
{
    gsize len = 0;
    g_autofree guchar *bytes = g_base64_decode(json_string_value(text), &len);
    if (len != TK_HASH_LEN)
        return false;
    memcpy(out->byte, bytes, len);
    return true;
}

/* jansson keeps 64-bit signed integers; a few vectors hold larger ones, which come as reals. */
static uint64_t number_of(const json_t *vector, const char *key)
{
    const json_t *value = json_object_get(vector, key);
    assert_non_null(value);
    if (json_is_integer(value))
        return (uint64_t)json_integer_value(value);
    double real = json_real_value(value);
    return real >= 18446744073709551615.0 ? UINT64_MAX : (uint64_t)real;
}

static bool answer(Vectors *v, const char *kind, const json_t *vector)
{
    TkHash proof[200], leaf, a, b;
    size_t count = 0, i;
    json_t *item;
    json_array_foreach(json_object_get(vector, "proof"), i,
                       item) if (!hash_of(item, &proof[count++])) return false;
    if (strcmp(kind, "inclusion") == 0)
        return hash_of(json_object_get(vector, "leafHash"), &leaf) && root_of(v, vector, "root", &b) &&
               tk_check_inclusion(v->hasher, number_of(vector, "leafIdx"), number_of(vector, "treeSize"),
                                  &leaf, proof, count, &b, NULL);
    if (strcmp(kind, "subtreeinclusion") == 0)
        return hash_of(json_object_get(vector, "leafHash"), &leaf) && root_of(v, vector, "root", &b) &&
               tk_check_subtree_inclusion(v->hasher, number_of(vector, "leafIdx"), number_of(vector, "start"),
                                          number_of(vector, "end"), &leaf, proof, count, &b, NULL);
    if (!root_of(v, vector, "root1", &a) || !root_of(v, vector, "root2", &b))
        return false;
    if (strcmp(kind, "consistency") == 0)
        return tk_check_consistency(v->hasher, number_of(vector, "size1"), number_of(vector, "size2"), proof,
                                    count, &a, &b, NULL);
    return tk_check_subtree_consistency(v->hasher, number_of(vector, "start"), number_of(vector, "end"),
                                        number_of(vector, "size"), proof, count, &a, &b, NULL);
}

static void run_vectors(Vectors *v, const char *kind, const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    assert_non_null(dir);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            run_vectors(v, kind, path);
            continue;
        }
        json_error_t why;
        g_autoptr(json_t) vector = json_load_file(path, JSON_DECODE_INT_AS_REAL, &why);
        g_autoptr(json_t) exact = json_load_file(path, 0, NULL);
        json_t *document = exact != NULL ? exact : vector;
        if (document == NULL)
            fail_msg("%s: %s", path, why.text);
        v->seen++;
        bool want = !json_is_true(json_object_get(document, "wantErr"));
        if (answer(v, kind, document) != want) {
            v->wrong++;
            print_error("%s should %s\n", path, want ? "hold" : "be refused");
        }
    }
}

static void all_518_published_vectors_answer_as_labelled(void **state)
{
    (void)state;
    const char *shared = g_getenv("TOKATSU_SHARED");
    g_autofree char *root = shared != NULL ? g_build_filename(shared, "data", "merkle", NULL) : NULL;
    if (root == NULL || !g_file_test(root, G_FILE_TEST_IS_DIR)) {
        print_message("TOKATSU_SHARED holds no data/merkle: the vectors are skipped\n");
        g_clear_pointer(&root, g_free); /* skip() does not come back */
        skip();
    }
    static const char *const kinds[] = {"inclusion", "consistency", "subtreeinclusion", "subtreeconsistency"};
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    Vectors v = {.hasher = hasher};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *folder = g_build_filename(root, kinds[i], NULL);
        run_vectors(&v, kinds[i], folder);
    }
    assert_int_equal(v.wrong, 0);
    assert_int_equal(v.seen, 518);
}

/* ---- properties ---- */

/* A tree of n leaves that are the decimal digits of their index. */
static TkTree *numbered(uint64_t n)
{
    TkTree *tree = tk_tree_new();
    for (uint64_t i = 0; i < n; i++) {
        char text[24];
        int len = snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, i);
        tk_tree_append(tree, text, (size_t)len);
    }
    return tree;
}

static TkHash leaf_hash(TkHasher *hasher, uint64_t i)
{
    char text[24];
    int len = snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, i);
    TkHash hash;
    tk_hash_leaf(hasher, text, (size_t)len, &hash);
    return hash;
}

/* RFC 6962 section 2.1 as it is written, from the leaves alone. */
static TkHash plain_root(TkHasher *hasher, uint64_t begin, uint64_t n)
{
    if (n == 1)
        return leaf_hash(hasher, begin);
    uint64_t k = 1;
    while (k * 2 < n)
        k *= 2;
    TkHash left = plain_root(hasher, begin, k), right = plain_root(hasher, begin + k, n - k), root;
    tk_hash_node(hasher, &left, &right, &root);
    return root;
}

static void the_root_at_every_size_is_the_one_the_rfc_defines(void **state)
{
    (void)state;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    g_autoptr(TkTree) tree = numbered(600);
    for (uint64_t n = 1; n <= 600; n++) {
        TkHash expected = plain_root(hasher, 0, n), root;
        assert_true(tk_tree_root_at(tree, n, &root, NULL));
        assert_true(tk_hash_equal(&expected, &root));
    }
}

static void every_leaf_of_many_trees_is_proven_and_no_flipped_bit_is(void **state)
{
    (void)state;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    g_autoptr(TkTree) tree = numbered(70000);
    TkHashSource source = tk_tree_source(tree);
    static const uint64_t sizes[] = {1,   2,   3,   7,   8,     9,     255,   256,
                                     257, 300, 511, 512, 65535, 65536, 65537, 70000};
    uint64_t dice = 12345;
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
        uint64_t n = sizes[s], step = n > 600 ? n / 97 : 1;
        TkHash root;
        assert_true(tk_tree_root_at(tree, n, &root, NULL));
        for (uint64_t i = 0; i < n; i += step) {
            TkProof proof;
            assert_true(tk_prove_inclusion(hasher, &source, i, n, &proof, NULL));
            TkHash leaf = leaf_hash(hasher, i);
            assert_true(tk_check_inclusion(hasher, i, n, &leaf, proof.hash, proof.count, &root, NULL));
            dice = dice * 6364136223846793005u + 1442695040888963407u;
            size_t bit = (size_t)(dice >> 33) % ((proof.count + 1) * 256);
            uint8_t *flipped = bit / 256 == proof.count ? leaf.byte : proof.hash[bit / 256].byte;
            flipped[bit % 256 / 8] ^= (uint8_t)(1u << bit % 8);
            assert_false(tk_check_inclusion(hasher, i, n, &leaf, proof.hash, proof.count, &root, NULL));
            flipped[bit % 256 / 8] ^= (uint8_t)(1u << bit % 8);
            if (i != n - 1 - i)
                assert_false(
                    tk_check_inclusion(hasher, n - 1 - i, n, &leaf, proof.hash, proof.count, &root, NULL));
        }
    }
}

static void all_pairs_of_sizes_up_to_300_are_consistent_and_no_others(void **state)
{
    (void)state;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    g_autoptr(TkTree) tree = numbered(300);
    TkHashSource source = tk_tree_source(tree);
    g_autofree TkHash *root = g_new0(TkHash, 301);
    for (uint64_t n = 0; n <= 300; n++)
        assert_true(tk_tree_root_at(tree, n, &root[n], NULL));
    for (uint64_t n = 1; n <= 300; n++)
        for (uint64_t m = 1; m <= n; m++) {
            TkProof proof;
            assert_true(tk_prove_consistency(hasher, &source, m, n, &proof, NULL));
            assert_true(
                tk_check_consistency(hasher, m, n, proof.hash, proof.count, &root[m], &root[n], NULL));
            assert_false(
                tk_check_consistency(hasher, m, n, proof.hash, proof.count, &root[m - 1], &root[n], NULL));
            if (m < n)
                assert_false(
                    tk_check_consistency(hasher, m, n, proof.hash, proof.count, &root[m], &root[m], NULL));
            proof.hash[proof.count++] = root[m];
            assert_false(
                tk_check_consistency(hasher, m, n, proof.hash, proof.count, &root[m], &root[n], NULL));
        }
}

static void subtrees_are_proven_within_their_tree(void **state)
{
    (void)state;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    g_autoptr(TkTree) tree = numbered(70);
    TkHashSource source = tk_tree_source(tree);
    size_t checked = 0;
    for (uint64_t n = 1; n <= 70; n += 3) {
        TkHash root;
        assert_true(tk_tree_root_at(tree, n, &root, NULL));
        for (uint64_t end = 1; end <= n; end++)
            for (uint64_t begin = 0; begin < end; begin++) {
                TkProof proof;
                bool valid = tk_subtree_valid(begin, end);
                assert_int_equal(tk_prove_subtree_consistency(hasher, &source, begin, end, n, &proof, NULL),
                                 valid);
                if (!valid)
                    continue;
                TkHash part;
                assert_true(tk_subtree_root(hasher, &source, begin, end, &part, NULL));
                TkHash expected = plain_root(hasher, begin, end - begin);
                assert_true(tk_hash_equal(&part, &expected));
                assert_true(tk_check_subtree_consistency(hasher, begin, end, n, proof.hash, proof.count,
                                                         &part, &root, NULL));
                uint64_t index = begin + (end - begin) / 2;
                TkHash leaf = leaf_hash(hasher, index);
                assert_true(tk_prove_subtree_inclusion(hasher, &source, index, begin, end, &proof, NULL));
                assert_true(tk_check_subtree_inclusion(hasher, index, begin, end, &leaf, proof.hash,
                                                       proof.count, &part, NULL));
                checked++;
            }
    }
    assert_true(checked > 1000);
}

static void a_frontier_taken_up_again_grows_into_the_same_tree(void **state)
{
    (void)state;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkFrontier straight = {0}, resumed = {0};
    for (uint64_t i = 0; i < 1000; i++) {
        uint8_t row[TK_FRONTIER_BYTES_MAX];
        size_t len = tk_frontier_write(&resumed, row);
        memset(&resumed, 0xee, sizeof resumed);
        assert_true(tk_frontier_read(row, len, &resumed, NULL));
        TkHash leaf = leaf_hash(hasher, i), a, b;
        tk_frontier_append(hasher, &straight, &leaf, NULL);
        tk_frontier_append(hasher, &resumed, &leaf, NULL);
        tk_frontier_root(hasher, &straight, &a);
        tk_frontier_root(hasher, &resumed, &b);
        assert_true(tk_hash_equal(&a, &b));
        TkHash expected = plain_root(hasher, 0, i + 1);
        assert_true(tk_hash_equal(&a, &expected));
    }
}

static void a_frontier_that_was_cut_or_grown_is_refused(void **state)
{
    (void)state;
    g_autoptr(TkTree) tree = numbered(11);
    uint8_t row[TK_FRONTIER_BYTES_MAX + 1];
    size_t len = tk_frontier_write(tk_tree_frontier(tree), row);
    assert_int_equal(len, 8 + 3 * TK_HASH_LEN);
    TkFrontier frontier;
    for (size_t cut = 0; cut < len; cut++)
        assert_false(tk_frontier_read(row, cut, &frontier, NULL));
    GError *error = NULL;
    assert_false(tk_frontier_read(row, len + 1, &frontier, &error));
    assert_error_says(error, "instead of 104");
    row[0] = 0x80;
    assert_false(tk_frontier_read(row, len + TK_HASH_LEN, &frontier, &error));
    assert_error_says(error, "impossible size");
}

static void a_hash_has_one_spelling_in_base64(void **state)
{
    (void)state;
    TkHash hash = hash_of_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), back;
    char text[TK_HASH_BASE64_MAX];
    assert_string_equal(tk_hash_base64(&hash, text), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    assert_true(tk_hash_read_base64(text, 44, &back));
    assert_true(tk_hash_equal(&hash, &back));
    text[42]++; /* the two bits behind the 32 bytes */
    assert_false(tk_hash_read_base64(text, 44, &back));
    assert_false(tk_hash_read_base64("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=", 44, &back));
    assert_false(tk_hash_read_base64(" 7DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", 44, &back));
    assert_false(tk_hash_read_base64("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFUA", 44, &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_eight_leaf_tree_of_certificate_transparency_has_its_known_roots),
        cmocka_unit_test(all_518_published_vectors_answer_as_labelled),
        cmocka_unit_test(the_root_at_every_size_is_the_one_the_rfc_defines),
        cmocka_unit_test(every_leaf_of_many_trees_is_proven_and_no_flipped_bit_is),
        cmocka_unit_test(all_pairs_of_sizes_up_to_300_are_consistent_and_no_others),
        cmocka_unit_test(subtrees_are_proven_within_their_tree),
        cmocka_unit_test(a_frontier_taken_up_again_grows_into_the_same_tree),
        cmocka_unit_test(a_frontier_that_was_cut_or_grown_is_refused),
        cmocka_unit_test(a_hash_has_one_spelling_in_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Hashing, the frontier, the tree in memory.
 *
 * Hashing is nearly all the work of this room: two SHA-256 per leaf when appending, the same when verifying.
 * One context is set up once and re-initialised without naming the algorithm again, which skips OpenSSL's
 * look-up; on short inputs that is what a digest mostly costs (test/bench/bench_ledger.c measures it). */
#include <openssl/evp.h>

#include "ledger/ledger.h"

struct TkHasher {
    EVP_MD *md;
    EVP_MD_CTX *ctx;
};

TkHasher *tk_hasher_new(void)
{
    TkHasher *hasher = g_new0(TkHasher, 1);
    hasher->md = EVP_MD_fetch(NULL, "SHA256", NULL);
    hasher->ctx = EVP_MD_CTX_new();
    if (hasher->md == NULL || hasher->ctx == NULL || EVP_DigestInit_ex2(hasher->ctx, hasher->md, NULL) != 1)
        g_error("OpenSSL has no SHA-256; the ledger cannot work without it");
    return hasher;
}

void tk_hasher_free(TkHasher *hasher)
{
    if (hasher == NULL)
        return;
    EVP_MD_CTX_free(hasher->ctx);
    EVP_MD_free(hasher->md);
    g_free(hasher);
}

void tk_hash_two(TkHasher *hasher, const void *head, size_t head_len, const void *tail, size_t tail_len,
                 TkHash *out)
{
    bool ok = EVP_DigestInit_ex2(hasher->ctx, NULL, NULL) == 1;
    ok = ok && (head_len == 0 || EVP_DigestUpdate(hasher->ctx, head, head_len) == 1);
    ok = ok && (tail_len == 0 || EVP_DigestUpdate(hasher->ctx, tail, tail_len) == 1);
    if (!ok || EVP_DigestFinal_ex(hasher->ctx, out->byte, NULL) != 1)
        g_error("OpenSSL failed to compute a SHA-256");
}

void tk_hash_bytes(TkHasher *hasher, const void *data, size_t len, TkHash *out)
{
    tk_hash_two(hasher, data, len, NULL, 0, out);
}

void tk_hash_leaf(TkHasher *hasher, const void *leaf, size_t len, TkHash *out)
{
    uint8_t block[512];
    if (len >= sizeof block) {
        block[0] = 0x00;
        tk_hash_two(hasher, block, 1, leaf, len, out);
        return;
    }
    block[0] = 0x00; /* short leaves in one update: cheaper than two */
    if (len > 0)
        memcpy(block + 1, leaf, len);
    tk_hash_two(hasher, block, len + 1, NULL, 0, out);
}

void tk_hash_node(TkHasher *hasher, const TkHash *left, const TkHash *right, TkHash *out)
{
    uint8_t block[1 + 2 * TK_HASH_LEN];
    block[0] = 0x01;
    memcpy(block + 1, left->byte, TK_HASH_LEN);
    memcpy(block + 1 + TK_HASH_LEN, right->byte, TK_HASH_LEN);
    tk_hash_two(hasher, block, sizeof block, NULL, 0, out);
}

char *tk_hash_base64(const TkHash *hash, char out[TK_HASH_BASE64_MAX])
{
    EVP_EncodeBlock((unsigned char *)out, hash->byte, TK_HASH_LEN);
    return out;
}

char *tk_hash_hex(const TkHash *hash, char out[TK_HASH_HEX_MAX])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < TK_HASH_LEN; i++) {
        out[2 * i] = digits[hash->byte[i] >> 4];
        out[2 * i + 1] = digits[hash->byte[i] & 15];
    }
    out[2 * TK_HASH_LEN] = '\0';
    return out;
}

bool tk_hash_read_base64(const char *text, size_t len, TkHash *out)
{
    if (len != TK_HASH_BASE64_MAX - 1)
        return false;
    uint8_t decoded[36];
    if (EVP_DecodeBlock(decoded, (const unsigned char *)text, (int)len) != 33)
        return false;
    TkHash hash;
    memcpy(hash.byte, decoded, TK_HASH_LEN);
    char again[TK_HASH_BASE64_MAX];
    if (memcmp(tk_hash_base64(&hash, again), text, len) != 0)
        return false; /* another spelling of the same bytes */
    *out = hash;
    return true;
}

size_t tk_frontier_append(TkHasher *hasher, TkFrontier *frontier, const TkHash *leaf, TkTileHash *done)
{
    g_assert(frontier->size < TK_TREE_SIZE_MAX);
    size_t count = 0;
    TkHash carry = *leaf;
    unsigned height = 0;
    for (; (frontier->size >> height & 1) != 0; height++) {
        tk_hash_node(hasher, &frontier->node[height], &carry, &carry);
        unsigned above = height + 1;
        if (done != NULL && above % TK_TILE_HEIGHT == 0)
            done[count++] = (TkTileHash){above / TK_TILE_HEIGHT, frontier->size >> above, carry};
    }
    frontier->node[height] = carry;
    frontier->size++;
    return count;
}

void tk_frontier_root(TkHasher *hasher, const TkFrontier *frontier, TkHash *root)
{
    if (frontier->size == 0) {
        tk_hash_bytes(hasher, NULL, 0, root);
        return;
    }
    unsigned height = (unsigned)__builtin_ctzll(frontier->size);
    TkHash right = frontier->node[height];
    for (height++; height < 64 && frontier->size >> height != 0; height++)
        if ((frontier->size >> height & 1) != 0)
            tk_hash_node(hasher, &frontier->node[height], &right, &right);
    *root = right;
}

size_t tk_frontier_write(const TkFrontier *frontier, uint8_t out[TK_FRONTIER_BYTES_MAX])
{
    for (unsigned i = 0; i < 8; i++)
        out[i] = (uint8_t)(frontier->size >> (56 - 8 * i));
    size_t len = 8;
    for (int height = TK_TREE_HEIGHT_MAX; height >= 0; height--) {
        if ((frontier->size >> height & 1) == 0)
            continue;
        memcpy(out + len, frontier->node[height].byte, TK_HASH_LEN);
        len += TK_HASH_LEN;
    }
    return len;
}

bool tk_frontier_read(const void *data, size_t len, TkFrontier *frontier, GError **error)
{
    const uint8_t *byte = data;
    *frontier = (TkFrontier){0};
    if (len < 8)
        return tk_fail(error, TK_ERROR_INPUT, "the stored frontier has %zu bytes; it begins with 8 of size",
                       len);
    uint64_t size = 0;
    for (unsigned i = 0; i < 8; i++)
        size = size << 8 | byte[i];
    if (size > TK_TREE_SIZE_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "the stored frontier claims an impossible size");
    size_t nodes = (size_t)__builtin_popcountll(size);
    if (len != 8 + nodes * TK_HASH_LEN)
        return tk_fail(error, TK_ERROR_INPUT,
                       "the stored frontier of size %" G_GUINT64_FORMAT " has %zu bytes instead of %zu", size,
                       len, 8 + nodes * TK_HASH_LEN);
    byte += 8;
    for (int height = TK_TREE_HEIGHT_MAX; height >= 0; height--) {
        if ((size >> height & 1) == 0)
            continue;
        memcpy(frontier->node[height].byte, byte, TK_HASH_LEN);
        byte += TK_HASH_LEN;
    }
    frontier->size = size;
    return true;
}

bool tk_subtree_valid(uint64_t begin, uint64_t end)
{
    if (begin >= end)
        return false;
    uint64_t width = end - begin;
    unsigned bits = width == 1 ? 0 : 64 - (unsigned)__builtin_clzll(width - 1);
    return bits >= 64 ? begin == 0 : (begin & ((UINT64_C(1) << bits) - 1)) == 0;
}

/* Root of the complete subtree [index · 2^height, (index + 1) · 2^height): read from the tile level at or
 * below `height` and folded up the rest, at most 128 hashes. */
static bool complete_root(TkHasher *hasher, const TkHashSource *source, unsigned height, uint64_t index,
                          TkHash *root, GError **error)
{
    TkHash row[TK_TILE_WIDTH / 2];
    unsigned above = height % TK_TILE_HEIGHT;
    size_t count = (size_t)1 << above;
    if (!source->read(source->user, height / TK_TILE_HEIGHT, index << above, count, row, error))
        return false;
    for (; count > 1; count /= 2)
        for (size_t i = 0; i < count / 2; i++)
            tk_hash_node(hasher, &row[2 * i], &row[2 * i + 1], &row[i]);
    *root = row[0];
    return true;
}

bool tk_subtree_root(TkHasher *hasher, const TkHashSource *source, uint64_t begin, uint64_t end, TkHash *root,
                     GError **error)
{
    if (begin == 0 && end == 0) {
        tk_hash_bytes(hasher, NULL, 0, root);
        return true;
    }
    if (!tk_subtree_valid(begin, end) || end > TK_TREE_SIZE_MAX)
        return tk_fail(error, TK_ERROR_INPUT,
                       "[%" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT ") is not a subtree of a Merkle tree",
                       begin, end);
    /* The complete subtrees from left to right, largest first, then folded from the right. */
    TkHash part[64];
    size_t count = 0;
    uint64_t left = end - begin;
    for (uint64_t at = begin; left > 0;) {
        unsigned height = 63 - (unsigned)__builtin_clzll(left);
        if (!complete_root(hasher, source, height, at >> height, &part[count++], error))
            return false;
        at += UINT64_C(1) << height;
        left -= UINT64_C(1) << height;
    }
    TkHash right = part[--count];
    while (count > 0)
        tk_hash_node(hasher, &part[--count], &right, &right);
    *root = right;
    return true;
}

struct TkTree {
    TkHasher *hasher;
    TkFrontier frontier;
    GArray *level[TK_TILE_LEVELS]; /* of TkHash */
};

TkTree *tk_tree_new(void)
{
    TkTree *tree = g_new0(TkTree, 1);
    tree->hasher = tk_hasher_new();
    for (unsigned i = 0; i < TK_TILE_LEVELS; i++)
        tree->level[i] = g_array_new(FALSE, FALSE, sizeof(TkHash));
    return tree;
}

void tk_tree_free(TkTree *tree)
{
    if (tree == NULL)
        return;
    for (unsigned i = 0; i < TK_TILE_LEVELS; i++)
        g_array_unref(tree->level[i]);
    tk_hasher_free(tree->hasher);
    g_free(tree);
}

void tk_tree_append_hash(TkTree *tree, const TkHash *leaf)
{
    TkTileHash done[TK_TILE_LEVELS];
    size_t count = tk_frontier_append(tree->hasher, &tree->frontier, leaf, done);
    g_array_append_vals(tree->level[0], leaf, 1);
    for (size_t i = 0; i < count; i++)
        g_array_append_vals(tree->level[done[i].level], &done[i].hash, 1);
}

void tk_tree_append(TkTree *tree, const void *leaf, size_t len)
{
    TkHash hash;
    tk_hash_leaf(tree->hasher, leaf, len, &hash);
    tk_tree_append_hash(tree, &hash);
}

uint64_t tk_tree_size(const TkTree *tree)
{
    return tree->frontier.size;
}

const TkFrontier *tk_tree_frontier(const TkTree *tree)
{
    return &tree->frontier;
}

void tk_tree_root(TkTree *tree, TkHash *root)
{
    tk_frontier_root(tree->hasher, &tree->frontier, root);
}

bool tk_tree_root_at(TkTree *tree, uint64_t size, TkHash *root, GError **error)
{
    TkHashSource source = tk_tree_source(tree);
    return tk_subtree_root(tree->hasher, &source, 0, size, root, error);
}

static bool read_tree(void *user, unsigned level, uint64_t first, size_t count, TkHash *out, GError **error)
{
    TkTree *tree = user;
    if (level >= TK_TILE_LEVELS || first > tree->level[level]->len || count > tree->level[level]->len - first)
        return tk_fail(error, TK_ERROR_NOT_FOUND,
                       "the tree of %" G_GUINT64_FORMAT " leaves has no hash %" G_GUINT64_FORMAT
                       " at tile level %u",
                       tree->frontier.size, first + count - 1, level);
    memcpy(out, &g_array_index(tree->level[level], TkHash, first), count * sizeof(TkHash));
    return true;
}

TkHashSource tk_tree_source(TkTree *tree)
{
    return (TkHashSource){read_tree, tree};
}

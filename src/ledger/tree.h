/* The Merkle tree of RFC 6962 section 2.1, SHA-256.
 *
 * A tree of n leaves is the row of the complete subtrees that n's binary digits name; n = 11 = 1011₂:
 *
 *     height 3:  [0 … 8)        one subtree of 8
 *     height 1:  [8,10)         one of 2
 *     height 0:  [10]           one leaf
 *
 * Those few roots are the frontier (TkFrontier): all that is needed to append, and to know the root. What a
 * proof needs besides are the hashes that C2SP tiles hold, every eighth level of the tree ("tile levels":
 * level 0 the leaf hashes, level 1 the roots of complete runs of 256 leaves, level l of 256^l). Whoever keeps
 * the log stores those as they come out of tk_frontier_append and gives them back through a TkHashSource. */
#ifndef TK_LEDGER_TREE_H
#define TK_LEDGER_TREE_H

#include "base/base.h"

#define TK_HASH_LEN        32
#define TK_TREE_HEIGHT_MAX 63 /* sizes stay below 2^63, so that they fit an SQL integer */
#define TK_TREE_SIZE_MAX   INT64_MAX
#define TK_TILE_HEIGHT     8
#define TK_TILE_WIDTH      256
#define TK_TILE_LEVELS     8 /* levels 0 … 7 hold every hash of a tree below 2^63 leaves */

typedef struct {
    uint8_t byte[TK_HASH_LEN];
} TkHash;

static inline bool tk_hash_equal(const TkHash *a, const TkHash *b)
{
    return memcmp(a->byte, b->byte, TK_HASH_LEN) == 0;
}

/* A SHA-256 with its set-up done once; one per thread. Never NULL (a missing SHA-256 is an abort). */
typedef struct TkHasher TkHasher;
TkHasher *tk_hasher_new(void);
void tk_hasher_free(TkHasher *hasher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkHasher, tk_hasher_free)

/* SHA-256(data), SHA-256(0x00 || leaf), SHA-256(0x01 || left || right). `out` may be one of the inputs. */
void tk_hash_bytes(TkHasher *hasher, const void *data, size_t len, TkHash *out);
void tk_hash_two(TkHasher *hasher, const void *head, size_t head_len, const void *tail, size_t tail_len,
                 TkHash *out); /* SHA-256(head || tail) */
void tk_hash_leaf(TkHasher *hasher, const void *leaf, size_t len, TkHash *out);
void tk_hash_node(TkHasher *hasher, const TkHash *left, const TkHash *right, TkHash *out);
/* 44 characters of standard base64 and a NUL; returns out. */
#define TK_HASH_BASE64_MAX 45
char *tk_hash_base64(const TkHash *hash, char out[TK_HASH_BASE64_MAX]);
/* 64 lower-case digits and a NUL; returns out. */
#define TK_HASH_HEX_MAX 65
char *tk_hash_hex(const TkHash *hash, char out[TK_HASH_HEX_MAX]);
/* Strict: exactly one canonical standard base64 text of 32 bytes. */
bool tk_hash_read_base64(const char *text, size_t len, TkHash *out);

/* The frontier. A zeroed one is the empty tree. */
typedef struct {
    uint64_t size;
    TkHash node[TK_TREE_HEIGHT_MAX + 1]; /* node[h] counts where bit h of size is set */
} TkFrontier;

/* A hash that belongs into a tile: `index` counts within its tile level. */
typedef struct {
    unsigned level;
    uint64_t index;
    TkHash hash;
} TkTileHash;

/* Appends one leaf by its hash. `done` (or NULL) receives the hashes of tile level 1 and above that this leaf
 * completed, lowest first: room for TK_TILE_LEVELS is enough; returns how many. Level 0 is the leaf itself,
 * with the index that frontier->size had before. */
size_t tk_frontier_append(TkHasher *hasher, TkFrontier *frontier, const TkHash *leaf, TkTileHash *done);
/* The root at the frontier's size; of the empty tree SHA-256 of nothing. */
void tk_frontier_root(TkHasher *hasher, const TkFrontier *frontier, TkHash *root);
/* To keep in a row: size in 8 bytes, big-endian, then the nodes from the highest down. At most
 * TK_FRONTIER_BYTES_MAX bytes; returns how many. */
#define TK_FRONTIER_BYTES_MAX (8 + (TK_TREE_HEIGHT_MAX + 1) * TK_HASH_LEN)
size_t tk_frontier_write(const TkFrontier *frontier, uint8_t out[TK_FRONTIER_BYTES_MAX]);
bool tk_frontier_read(const void *data, size_t len, TkFrontier *frontier, GError **error);

/* Where proofs get stored hashes from. `read` fills out[0 … count) with the hashes of tile level `level` from
 * `first` on; count ≤ 256 and never across a tile's border. False and *error when it cannot. */
typedef struct {
    bool (*read)(void *user, unsigned level, uint64_t first, size_t count, TkHash *out, GError **error);
    void *user; /* borrowed */
} TkHashSource;

/* A whole tree in memory, for tools, tests and small logs: 32.13 bytes a leaf. */
typedef struct TkTree TkTree;
TkTree *tk_tree_new(void);
void tk_tree_free(TkTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkTree, tk_tree_free)
void tk_tree_append(TkTree *tree, const void *leaf, size_t len);
void tk_tree_append_hash(TkTree *tree, const TkHash *leaf);
uint64_t tk_tree_size(const TkTree *tree);
/* Root now, or as it was at `size` (≤ the present size). */
void tk_tree_root(TkTree *tree, TkHash *root);
bool tk_tree_root_at(TkTree *tree, uint64_t size, TkHash *root, GError **error);
/* Valid as long as the tree. */
TkHashSource tk_tree_source(TkTree *tree);
const TkFrontier *tk_tree_frontier(const TkTree *tree);

/* Root of [begin, end), a valid subtree: begin is a multiple of the smallest power of two ≥ end − begin.
 * All leaves before `end` must be in the source. */
bool tk_subtree_root(TkHasher *hasher, const TkHashSource *source, uint64_t begin, uint64_t end, TkHash *root,
                     GError **error);
bool tk_subtree_valid(uint64_t begin, uint64_t end);

#endif

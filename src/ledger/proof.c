/* Making and checking proofs.
 *
 * There is one kind of proof here, that of a subtree [begin, end) within a tree of n leaves:
 *
 *     inclusion of leaf i                  is the subtree [i, i + 1)
 *     consistency with an older size m     is the subtree [0, m)
 *     the same within a subtree            is the same, counted from where that subtree begins
 *
 * so that one routine makes all of them and one checks all of them. Making one walks from the root down to
 * the subtree and notes the sibling of every step; checking walks up from the subtree. The text of it is
 * draft-ietf-plants-merkle-tree-certs section 4.4; for [i, i + 1) and [0, m) it gives the proofs of RFC 6962
 * section 2.1.1 and 2.1.2 hash for hash. */
#include "ledger/ledger.h"

static bool refuse(GError **error, const char *what, const char *why)
{
    return tk_fail(error, TK_ERROR_REFUSED, "the %s proof does not hold: %s", what, why);
}

/* ---- making ---- */

typedef struct {
    TkHasher *hasher;
    const TkHashSource *source;
    uint64_t base; /* where the tree walked begins in the log */
} Maker;

static bool put(const Maker *maker, uint64_t begin, uint64_t end, TkHash *out, GError **error)
{
    return tk_subtree_root(maker->hasher, maker->source, maker->base + begin, maker->base + end, out, error);
}

static uint64_t largest_power_below(uint64_t n)
{
    return UINT64_C(1) << (63 - (unsigned)__builtin_clzll(n - 1));
}

/* Proof of [begin, end) within the `size` leaves that start at maker->base. */
static bool make(const Maker *maker, uint64_t begin, uint64_t end, uint64_t size, TkProof *proof,
                 GError **error)
{
    TkHash sibling[64];
    size_t steps = 0;
    uint64_t low = 0, high = size; /* the range walked into; [begin, end) keeps to it */
    bool known = true;             /* the checker has the hash of [begin, end) itself */
    proof->count = 0;
    while (begin != low || end != high) {
        uint64_t middle = low + largest_power_below(high - low);
        bool ok;
        if (end <= middle) {
            ok = put(maker, middle, high, &sibling[steps++], error);
            high = middle;
        } else {
            ok = put(maker, low, middle, &sibling[steps++], error);
            low = middle;
            if (begin < middle) { /* the left half lies within: go on with what is right of it */
                begin = middle;
                known = false;
            }
        }
        if (!ok)
            return false;
    }
    if (!known && !put(maker, begin, end, &proof->hash[proof->count++], error))
        return false;
    while (steps > 0)
        proof->hash[proof->count++] = sibling[--steps];
    return true;
}

bool tk_prove_inclusion(TkHasher *hasher, const TkHashSource *source, uint64_t index, uint64_t size,
                        TkProof *proof, GError **error)
{
    if (index >= size || size > TK_TREE_SIZE_MAX)
        return tk_fail(error, TK_ERROR_INPUT,
                       "there is no leaf %" G_GUINT64_FORMAT " in a tree of %" G_GUINT64_FORMAT, index, size);
    return make(&(Maker){hasher, source, 0}, index, index + 1, size, proof, error);
}

bool tk_prove_consistency(TkHasher *hasher, const TkHashSource *source, uint64_t old_size, uint64_t new_size,
                          TkProof *proof, GError **error)
{
    if (old_size == 0 || old_size > new_size || new_size > TK_TREE_SIZE_MAX)
        return tk_fail(error, TK_ERROR_INPUT,
                       "no consistency proof leads from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                       " leaves; the old size is at least 1 and at most the new one",
                       old_size, new_size);
    return make(&(Maker){hasher, source, 0}, 0, old_size, new_size, proof, error);
}

bool tk_prove_subtree_inclusion(TkHasher *hasher, const TkHashSource *source, uint64_t index, uint64_t begin,
                                uint64_t end, TkProof *proof, GError **error)
{
    if (!tk_subtree_valid(begin, end) || end > TK_TREE_SIZE_MAX || index < begin || index >= end)
        return tk_fail(error, TK_ERROR_INPUT,
                       "leaf %" G_GUINT64_FORMAT " is not in a subtree [%" G_GUINT64_FORMAT
                       ", %" G_GUINT64_FORMAT ")",
                       index, begin, end);
    return make(&(Maker){hasher, source, begin}, index - begin, index - begin + 1, end - begin, proof, error);
}

bool tk_prove_subtree_consistency(TkHasher *hasher, const TkHashSource *source, uint64_t begin, uint64_t end,
                                  uint64_t size, TkProof *proof, GError **error)
{
    if (!tk_subtree_valid(begin, end) || end > size || size > TK_TREE_SIZE_MAX)
        return tk_fail(error, TK_ERROR_INPUT,
                       "[%" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT
                       ") is not a subtree of a tree of %" G_GUINT64_FORMAT,
                       begin, end, size);
    return make(&(Maker){hasher, source, 0}, begin, end, size, proof, error);
}

/* ---- checking ---- */

/* First leaf, last leaf of the subtree and last leaf of the tree, as node numbers of the level walked. */
typedef struct {
    uint64_t first, last, edge;
} Cursor;

static void up(Cursor *cursor)
{
    cursor->first >>= 1;
    cursor->last >>= 1;
    cursor->edge >>= 1;
}

/* Skips the levels for which the proof holds no hash: those where the subtree is whole, up to its root when
 * it ends where the tree ends, or up to the first left child. */
static Cursor start(uint64_t begin, uint64_t end, uint64_t size)
{
    Cursor at = {begin, end - 1, size - 1};
    if (at.last == at.edge)
        while (at.first != at.last)
            up(&at);
    else
        while (at.first != at.last && (at.last & 1) == 1)
            up(&at);
    return at;
}

/* [begin, end) is a subtree of `size` leaves and its root is `part`. Returns NULL when the proof leads to
 * `whole`, otherwise what does not fit. */
static const char *climb(TkHasher *hasher, uint64_t begin, uint64_t end, uint64_t size, const TkHash *proof,
                         size_t count, const TkHash *part, const TkHash *whole)
{
    Cursor at = start(begin, end, size);
    TkHash inner = *part, outer = *part; /* both rebuilt from the same hashes: the subtree and the tree */
    size_t next = 0;
    if (at.first != at.last) {
        if (count == 0)
            return "it holds no hash";
        inner = outer = proof[next++];
    }
    for (; next < count; next++, up(&at)) {
        const TkHash *hash = &proof[next];
        if (at.edge == 0)
            return "it holds more hashes than lead to the root";
        if ((at.last & 1) == 0 && at.last != at.edge) {
            tk_hash_node(hasher, &outer, hash, &outer);
            continue;
        }
        if (at.first < at.last)
            tk_hash_node(hasher, hash, &inner, &inner);
        tk_hash_node(hasher, hash, &outer, &outer);
        while ((at.last & 1) == 0)
            up(&at);
    }
    if (at.edge != 0)
        return "it holds fewer hashes than lead to the root";
    if (!tk_hash_equal(&inner, part))
        return "its hashes give another root for the smaller tree";
    if (!tk_hash_equal(&outer, whole))
        return "its hashes lead to another root";
    return NULL;
}

static bool verdict(GError **error, const char *what, const char *why)
{
    return why == NULL ? true : refuse(error, what, why);
}

bool tk_check_inclusion(TkHasher *hasher, uint64_t index, uint64_t size, const TkHash *leaf,
                        const TkHash *proof, size_t count, const TkHash *root, GError **error)
{
    if (index >= size)
        return refuse(error, "inclusion", "the leaf lies behind the end of the tree");
    return verdict(error, "inclusion", climb(hasher, index, index + 1, size, proof, count, leaf, root));
}

bool tk_check_consistency(TkHasher *hasher, uint64_t old_size, uint64_t new_size, const TkHash *proof,
                          size_t count, const TkHash *old_root, const TkHash *new_root, GError **error)
{
    if (old_size == 0)
        return refuse(error, "consistency", "every tree continues the empty one; that proves nothing");
    if (old_size > new_size)
        return refuse(error, "consistency", "the old tree is larger than the new one");
    return verdict(error, "consistency",
                   climb(hasher, 0, old_size, new_size, proof, count, old_root, new_root));
}

bool tk_check_subtree_inclusion(TkHasher *hasher, uint64_t index, uint64_t begin, uint64_t end,
                                const TkHash *leaf, const TkHash *proof, size_t count, const TkHash *root,
                                GError **error)
{
    const char *what = "subtree inclusion";
    if (!tk_subtree_valid(begin, end))
        return refuse(error, what, "the range is not a subtree of a Merkle tree");
    if (index < begin || index >= end)
        return refuse(error, what, "the leaf lies outside the subtree");
    uint64_t within = index - begin;
    return verdict(error, what, climb(hasher, within, within + 1, end - begin, proof, count, leaf, root));
}

bool tk_check_subtree_consistency(TkHasher *hasher, uint64_t begin, uint64_t end, uint64_t size,
                                  const TkHash *proof, size_t count, const TkHash *subtree_root,
                                  const TkHash *root, GError **error)
{
    const char *what = "subtree consistency";
    if (begin == end && end <= size) { /* an empty subtree is in every tree */
        TkHash empty;
        tk_hash_bytes(hasher, NULL, 0, &empty);
        if (count > 0)
            return refuse(error, what, "an empty subtree needs no hash");
        return tk_hash_equal(subtree_root, &empty) ||
               refuse(error, what, "an empty subtree has the empty root");
    }
    if (!tk_subtree_valid(begin, end) || end > size)
        return refuse(error, what, "the range is not a subtree of this tree");
    return verdict(error, what, climb(hasher, begin, end, size, proof, count, subtree_root, root));
}

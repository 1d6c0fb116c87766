/* Proofs of RFC 6962 section 2.1 (RFC 9162 section 2.1.3 and 2.1.4 for the checking), and the same for a
 * subtree [begin, end) of the tree, as draft-ietf-plants-merkle-tree-certs defines it. */
#ifndef TK_LEDGER_PROOF_H
#define TK_LEDGER_PROOF_H

#include "ledger/tree.h"

#define TK_PROOF_MAX 128 /* more hashes than any proof in a tree below 2^63 leaves can have */

typedef struct {
    size_t count;
    TkHash hash[TK_PROOF_MAX];
} TkProof;

/* That leaf `index` is in the tree of `size` leaves. */
bool tk_prove_inclusion(TkHasher *hasher, const TkHashSource *source, uint64_t index, uint64_t size,
                        TkProof *proof, GError **error);
/* That the tree of `new_size` begins with the tree of `old_size`; 1 ≤ old_size ≤ new_size. */
bool tk_prove_consistency(TkHasher *hasher, const TkHashSource *source, uint64_t old_size, uint64_t new_size,
                          TkProof *proof, GError **error);
/* That leaf `index` is in the subtree [begin, end). */
bool tk_prove_subtree_inclusion(TkHasher *hasher, const TkHashSource *source, uint64_t index, uint64_t begin,
                                uint64_t end, TkProof *proof, GError **error);
/* That the subtree [begin, end) is part of the tree of `size`. */
bool tk_prove_subtree_consistency(TkHasher *hasher, const TkHashSource *source, uint64_t begin, uint64_t end,
                                  uint64_t size, TkProof *proof, GError **error);

/* Checking. True when the proof holds; otherwise false with TK_ERROR_REFUSED and what does not fit. A proof
 * with a hash too many or too few never holds. */
bool tk_check_inclusion(TkHasher *hasher, uint64_t index, uint64_t size, const TkHash *leaf,
                        const TkHash *proof, size_t count, const TkHash *root, GError **error);
bool tk_check_consistency(TkHasher *hasher, uint64_t old_size, uint64_t new_size, const TkHash *proof,
                          size_t count, const TkHash *old_root, const TkHash *new_root, GError **error);
bool tk_check_subtree_inclusion(TkHasher *hasher, uint64_t index, uint64_t begin, uint64_t end,
                                const TkHash *leaf, const TkHash *proof, size_t count, const TkHash *root,
                                GError **error);
bool tk_check_subtree_consistency(TkHasher *hasher, uint64_t begin, uint64_t end, uint64_t size,
                                  const TkHash *proof, size_t count, const TkHash *subtree_root,
                                  const TkHash *root, GError **error);

#endif

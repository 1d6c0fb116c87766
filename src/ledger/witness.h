/* Witnesses (C2SP tlog-witness): a log asks others to cosign its checkpoint, and they do so only if it
 * continues the one they cosigned last. A log that shows two histories then needs its witnesses to lie as
 * well. */
#ifndef TK_LEDGER_WITNESS_H
#define TK_LEDGER_WITNESS_H

#include "ledger/note.h"
#include "ledger/proof.h"

#define TK_WITNESS_PROOF_MAX   63
#define TK_WITNESS_REQUEST_MAX (TK_NOTE_BYTES_MAX + 64 + TK_WITNESS_PROOF_MAX * TK_HASH_BASE64_MAX)

/* The body of POST …/add-checkpoint: "old N", proof lines, an empty line, the checkpoint. */
typedef struct {
    uint64_t old_size;
    size_t count;
    TkHash proof[TK_WITNESS_PROOF_MAX];
    const char *checkpoint; /* borrowed from the body */
    size_t checkpoint_len;
} TkAddCheckpoint;

bool tk_add_checkpoint_read(const char *body, size_t len, TkAddCheckpoint *request, GError **error);
bool tk_add_checkpoint_write(const TkAddCheckpoint *request, TkBuf *out, GError **error);

/* What a witness remembers of one log; zeroed: never seen. */
typedef struct {
    uint64_t size;
    TkHash root;
} TkWitnessed;

typedef struct {
    unsigned status;          /* HTTP: 200, 400, 403, 404, 409, 422 */
    const char *content_type; /* static */
    bool advance;             /* *last has changed and must be durable before the answer is sent */
} TkWitnessAnswer;

/* Decides one request. `origin` and `keys` are the log this witness knows (other origins get 404), `last`
 * what it cosigned last; on success *last is the new head. The body to answer is appended to `out`: the
 * cosignature, the size on a 409, a sentence otherwise. `now_s` is the POSIX time to cosign at. The caller
 * holds a lock from reading *last to storing it. False only when signing itself fails. */
bool tk_witness_answer(TkHasher *hasher, const char *origin, const TkKeys *keys, const TkSigner *witness,
                       int64_t now_s, const char *body, size_t len, TkWitnessed *last,
                       TkWitnessAnswer *answer, TkBuf *out, GError **error);

/* Takes the answer of a witness: keeps those signature lines that are cosignatures of `keys` on `checkpoint`
 * (a signed note) and appends them to `out`, each with its newline; false with TK_ERROR_REFUSED when none is.
 */
bool tk_cosignatures_accept(const char *checkpoint, size_t checkpoint_len, const char *answer,
                            size_t answer_len, const TkKeys *keys, TkBuf *out, GError **error);

typedef enum {
    TK_VIEWS_SAME,
    TK_VIEWS_CONSISTENT, /* one continues the other */
    TK_VIEWS_FORK,       /* both are signed and they contradict: proof of misbehaviour */
    TK_VIEWS_UNPROVEN,   /* different sizes and no way to tell: the proof is missing */
} TkViews;

/* Compares two checkpoints of one log, both believed already. `larger` (or NULL) gives the hashes of the tree
 * of the larger one; with it, different sizes are decided by the root that this tree had at the smaller size.
 * False only when they cannot be compared: two origins, or hashes that do not lead to the larger root. */
bool tk_views_compare(TkHasher *hasher, const TkCheckpoint *a, const TkCheckpoint *b,
                      const TkHashSource *larger, TkViews *views, GError **error);

#endif

/* A receipt: what somebody takes along to show, without the server, that one record was written as it is and
 * stands in the log. JSON (docs/ledger.md):
 *
 *     {"tokatsu":"receipt/1","index","size","leaf_hash","proof":[…],"root","checkpoint","entry",
 *      "record"?,"keys":[…]}
 *
 *     record ──canonical hash──► entry.after      entry ──leaf hash──► proof ──► root ──signature──► key
 *
 * `keys` lie in the same file as what they vouch for: they find accidents, not a forger. */
#ifndef TK_LEDGER_RECEIPT_H
#define TK_LEDGER_RECEIPT_H

#include "ledger/note.h"

#define TK_RECEIPT_BYTES_MAX (8u * 1024 * 1024)

typedef struct {
    uint64_t index;
    TkHash leaf;
    TkCheckpoint checkpoint; /* origin, size, root */
    TkKey signed_by;
    json_t *entry;   /* what the leaf says; see event.h; owned */
    bool has_record; /* the record is in it, and is the one the entry has the hash of */
    json_t *record;  /* NULL: none; owned */
} TkReceipt;

void tk_receipt_clear(TkReceipt *receipt);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkReceipt, tk_receipt_clear)

/* Reads a receipt and checks all of it. `trusted` NULL: by the keys it brings itself. TK_ERROR_INPUT where it
 * is no receipt, naming the member; TK_ERROR_REFUSED with a sentence where something does not fit. */
bool tk_receipt_check(const char *text, size_t len, const TkKeys *trusted, TkReceipt *out, GError **error);

#endif

/* What a leaf says: one write, as canonical JSON (RFC 8785), compact, without the payload itself.
 *
 *     {"after":"…hex…","at":"2026-04-01T09:00:00+09:00","before":"…","id":"A2026-0001","kind":"accident",
 *      "personal":"…","v":1,"version":3,"what":"confirm","who":"u-7"}
 *
 * `before` and `after` are hashes of the record's canonical JSON, so that a leaf stays small and anyone who
 * holds the record can check it. Personal data would be guessable from such a hash: it enters as a
 * commitment, SHA-256(salt || payload), with 32 random bytes of salt kept beside the payload in the store.
 * Erasing both leaves a leaf that proves that something was recorded and can no longer be matched to anybody;
 * the erasure is itself an event ("erase"). */
#ifndef TK_LEDGER_EVENT_H
#define TK_LEDGER_EVENT_H

#include "ledger/tree.h"

#define TK_EVENT_VERSION  1
#define TK_EVENT_TEXT_MAX 1024 /* bytes of who, what, kind, id */
#define TK_SALT_LEN       32

typedef struct {
    int64_t at_us;
    const char *who;              /* account, token or "system"; no personal name */
    const char *what;             /* "create", "confirm", "erase", … */
    const char *kind;             /* kind of record: "accident", "facility", … */
    const char *id;               /* the record's id */
    int64_t version;              /* of the record after the write; 0: it has none */
    const TkHash *before, *after; /* canonical payload before and after; NULL: there is none */
    const TkHash *personal;       /* commitment to personal data, or NULL */
    const json_t *detail;         /* further members under "detail", or NULL; no personal data */
} TkEvent;

/* Appends the leaf to `out`; TK_ERROR_LIMIT when it is longer than TK_LEAF_BYTES_MAX, TK_ERROR_INPUT for a
 * text that is empty, too long or not UTF-8. */
bool tk_event_write(const TkEvent *event, TkBuf *out, GError **error);
/* The event that records an erasure of the personal data that leaf `leaf` committed to. The result borrows
 * `erased` through ->personal; the detail is a new reference in *detail that the caller releases after
 * tk_event_write. */
TkEvent tk_event_tombstone(const TkEvent *about, uint64_t leaf, const TkHash *erased, const char *reason,
                           json_t **detail);
/* Hash of a record's canonical JSON, for before and after. */
bool tk_payload_hash(TkHasher *hasher, const json_t *payload, TkHash *out, GError **error);
/* SHA-256(salt || payload). */
void tk_personal_commit(TkHasher *hasher, const uint8_t salt[TK_SALT_LEN], const void *payload, size_t len,
                        TkHash *out);

#endif

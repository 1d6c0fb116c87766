/* once: a request that creates something and comes again under the same key (Idempotency-Key) does it once.
 * Part of the service's door.
 *
 *     begin: claim the key ─► the use case ─► end: keep the answer (or give the key back where it was
 * refused)
 *
 * Claim and answer are records of the store, so that this holds across restarts and between several servers
 * on one database. Trade-off: the claim is a commit of its own before the use case's, which therefore need
 * not know of it; where the server dies between the two, nobody knows whether the thing was made, and the
 * request that comes again is refused with a sentence that says to look. It is never made twice. */
#ifndef TK_SERVICE_ONCE_H
#define TK_SERVICE_ONCE_H

#include "base/base.h"

typedef struct TkApp TkApp;

#define TK_ONCE_HOURS 24 /* so long a key is remembered */

typedef struct {
    char id[65];      /* of the claim */
    char *who, *hash; /* owned */
    int64_t version;
    unsigned status; /* of the answer that was given before, … */
    GBytes *answer;  /* … and its body, owned; NULL: this is the first time */
} TkOnce;

/* Claims `key` for the account `who` and the request with this hash, or finds what it was answered before.
 * False and TK_ERROR_CONFLICT where the key stands for another request, where that one is still under way,
 * where its end is not known, or where its answer is shown only once. */
bool tk_once_begin(TkApp *app, const char *who, const char *key, const char *hash, TkOnce *once,
                   GError **error);
/* Keeps the answer: JSON, or NULL for one that is not to be shown again. `status` 0: nothing was made, the
 * key is free again. */
void tk_once_end(TkApp *app, TkOnce *once, unsigned status, GBytes *answer);
void tk_once_clear(TkOnce *once);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkOnce, tk_once_clear)

#endif

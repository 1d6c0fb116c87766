/* RFC 3161: a time stamping authority states that a hash existed at a time. Used on demand on checkpoints,
 * for evidence that does not rest on our own clock. The room makes the request and checks the response;
 * carrying them to the authority is the caller's. */
#ifndef TK_LEDGER_TIMESTAMP_H
#define TK_LEDGER_TIMESTAMP_H

#include "ledger/tree.h"

#define TK_TIMESTAMP_BYTES_MAX (64 * 1024)

/* DER of a TimeStampReq for SHA-256 `hash`, asking for the authority's certificate. `nonce` is drawn at
 * random by the caller and kept for the check. */
bool tk_timestamp_request(const TkHash *hash, uint64_t nonce, TkBuf *out, GError **error);

/* A nonce that needs not be kept between asking and checking: the beginning of the hash. An old answer sent
 * again for the same hash would only state an earlier time, which is as true. */
uint64_t tk_timestamp_nonce(const TkHash *hash);

/* "timestamp/SIZE.checkpoint" and "timestamp/SIZE.tsr": what lies beside an exported log, each with its own
 * signature and no part of the tree. */
bool tk_timestamp_name(const char *name);

/* Checks the DER of a TimeStampResp: granted, for this hash and nonce, signed by a certificate for time
 * stamping that chains to one of `ca_pem` at the time `now_us`. *at_us receives the time it states.
 * TK_ERROR_REFUSED when it does not hold, TK_ERROR_INPUT when it cannot be read. */
bool tk_timestamp_check(const void *response, size_t len, const TkHash *hash, uint64_t nonce,
                        const char *ca_pem, size_t ca_len, int64_t now_us, int64_t *at_us, GError **error);

#endif

/* The ledger between parties: our log as others read it, and cosignatures asked for and given (C2SP
 * tlog-tiles, tlog-witness).
 *
 *     others ──GET──► checkpoint, tiles, entries                   open to all with `publish_ledger`
 *     others ──add-checkpoint──► tk_ledger_witness ──► record ──► cosignature      … with `witness`
 *     our sealer ──► collector ──add-checkpoint──► our witnesses ──► the stored checkpoint
 *
 * A witness promises never to cosign two histories of one log. That promise is a record of the store, kind
 * "witnessed-log", which is durable before a cosignature leaves, so that a restart or a kill -9 forgets
 * nothing. A checkpoint's cosignatures are not leaves of our own log: a leaf would make a new head, which
 * would want a cosignature of its own, without end. */
#ifndef TK_SERVICE_LEDGER_H
#define TK_SERVICE_LEDGER_H

#include "base/base.h"

#include "ledger/ledger.h"
#include "store/store.h"

#include "service/page.h"

#define TK_KIND_WITNESSED    "witnessed-log" /* logs that we cosign */
#define TK_KIND_WITNESS      "witness"       /* witnesses that cosign our log */
#define TK_KIND_TIMESTAMP    "timestamp"     /* what authorities stated of our checkpoints (RFC 3161) */
#define TK_WITNESSED_MAX     256u
#define TK_WITNESSES_MAX     16u
#define TK_WITNESS_URL_MAX   500u
#define TK_WITNESS_EVERY_S   60 /* how often a witness is asked at most, unless its record says otherwise */
#define TK_WITNESS_EVERY_MAX 86400

typedef struct TkApp TkApp;
typedef struct TkActor TkActor;

/* Which requests of this file are open to everybody because the operator said so. */
typedef enum {
    TK_OPEN_NEVER,
    TK_OPEN_PUBLISHED, /* TkServiceOptions.publish_ledger */
    TK_OPEN_WITNESS,   /* TkServiceOptions.witness */
} TkOpen;
bool tk_ledger_is_open(const TkApp *app, TkOpen open);

/* Adds the keys of the witnesses that are asked to cosign our log. */
bool tk_ledger_witness_keys(TkStore *store, TkKeys *keys, GError **error);

/* ---- our log, read ---- */

/* The newest signed checkpoint, and the keys that signed it in the order of the signatures. Text. */
GBytes *tk_ledger_checkpoint(TkApp *app, GError **error);
GBytes *tk_ledger_keys(TkApp *app, GError **error);
/* The file of this name below tile/, such as "0/x001/067" or "entries/000.p/5", as far as the newest
 * checkpoint covers it. *whole: it is full and never changes. TK_ERROR_NOT_FOUND for any other name. */
GBytes *tk_ledger_tile(TkApp *app, const char *name, bool *whole, GError **error);
/* {"origin","size","root","keys":[…],"checkpoint","signed_at","witness_key","witnesses":[{"id","url","key",
 * "size","cosigned_at","trouble"}…],"witnessed":[{"origin","key","size","root","cosigned_at"}…]} */
GBytes *tk_ledger_status(TkApp *app, const TkActor *actor, GError **error);
/* {"index","size","leaf_hash","proof":[…],"root","checkpoint","entry"} against the newest checkpoint. */
GBytes *tk_ledger_proof(TkApp *app, const TkActor *actor, uint64_t index, GError **error);

typedef struct {
    const char *who, *what, *kind, *id; /* NULL or "": any */
    int64_t from_us, to_us;             /* from … before; TK_TIME_NONE: open */
    uint64_t before;                    /* leaves below this one; UINT64_MAX: from the newest on */
    unsigned limit;                     /* 1 … 200; 0: 50 */
} TkLedgerQuery;

/* Events, newest first: {"items":[{"leaf","event"}…],"next":leaf|null,"scanned","size"}. One call reads at
 * most 200,000 leaves: an answer without items and with a "next" has only come so far. (ledger_search.c) */
GBytes *tk_ledger_search(TkApp *app, const TkActor *actor, const TkLedgerQuery *query, GError **error);

/* ---- cosignatures given ---- */

/* Answers POST …/add-checkpoint: the body to send, with *answer saying status and type. NULL and *error only
 * where the store or the key fails: then nothing was cosigned. */
GBytes *tk_ledger_witness(TkApp *app, const char *body, size_t len, TkWitnessAnswer *answer, GError **error);
/* {"key"}: the log's verifier key → {"origin","key"}; by an administrator. */
GBytes *tk_ledger_trust_log(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* The same for the command line, beside a running server. `keys`: those of one log, replacing earlier ones.
 */
bool tk_ledger_trust(TkStore *store, const char *who, int64_t at_us, const TkKeys *keys, GError **error);

/* Forgets a log, or a witness: {"removed":id}. By an administrator; what was cosigned stays cosigned. A log
 * that is trusted again begins anew, from whatever size it then has. */
GBytes *tk_ledger_untrust_log(TkApp *app, const TkActor *actor, const char *origin, GError **error);
GBytes *tk_ledger_remove_witness(TkApp *app, const TkActor *actor, const char *id, GError **error);

/* ---- time stamps (RFC 3161) ---- */

/* {"tsa","ca"}: asks the authority at that address to stamp the newest checkpoint, checks its answer against
 * those certificates (PEM) and keeps it → {"id","size","tsa","checkpoint","at","sha256"}. By an
 * administrator. TK_ERROR_REFUSED where the answer does not hold, TK_ERROR_IO where none comes. */
GBytes *tk_ledger_add_timestamp(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* The same for the command line; *out is the record, a new reference. */
bool tk_ledger_stamp(TkStore *store, const char *who, const char *url, const char *ca, json_t **out,
                     GError **error);
/* {"total","items","next"}, newest first; and the authority's answer (DER) of one. */
GBytes *tk_ledger_timestamps(TkApp *app, const TkActor *actor, const TkPage *page, GError **error);
GBytes *tk_ledger_timestamp(TkApp *app, const TkActor *actor, const char *id, GError **error);
/* http(s)://HOST/PATH without name, query or fragment. */
bool tk_ledger_url_ok(const char *url, GError **error);

/* ---- cosignatures asked for ---- */

/* {"url","key","every_s"?} → the record; by an administrator. `url` is what "/add-checkpoint" is put behind.
 */
GBytes *tk_ledger_add_witness(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* `key` is the witness's name+id+base64; *id (owned) names the record. */
bool tk_ledger_ask(TkStore *store, const char *who, int64_t at_us, const char *url, const char *key,
                   int64_t every_s, char **id, GError **error);

#endif

/* The thread that signs the ledger's head, so that a checkpoint is at most a second behind. */
#ifndef TK_SERVICE_SEALER_H
#define TK_SERVICE_SEALER_H

#include "service/service.h"
#include "store/store.h"

typedef struct TkSealer TkSealer;

/* Reads or makes the signing keys in `key_path` and begins. Borrows `store` until tk_sealer_stop; NULL and
 * *error when the keys cannot be had. */
TkSealer *tk_sealer_start(TkStore *store, const char *key_path, TkNowFn clock, void *clock_data,
                          GError **error);
/* The public keys that sign now. From any thread. */
void tk_sealer_keys(TkSealer *sealer, TkKeys *keys);
/* Signs the last head, ends the thread and frees. NULL is fine. */
void tk_sealer_stop(TkSealer *sealer);

#endif

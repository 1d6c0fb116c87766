/* The thread that asks our witnesses to cosign. */
#ifndef TK_SERVICE_COLLECTOR_H
#define TK_SERVICE_COLLECTOR_H

#include "service/ledger.h"

typedef struct TkCollector TkCollector;

/* Borrows `store` until tk_collector_stop. */
TkCollector *tk_collector_start(TkStore *store);
/* Breaks off a request under way, ends the thread and frees. NULL is fine. */
void tk_collector_stop(TkCollector *collector);

typedef struct {
    uint64_t size; /* of the newest checkpoint that it cosigned, as far as this run knows; 0: none */
    int64_t at_s;  /* when, by the witness's clock */
    char *trouble; /* the last failure, or NULL; owned */
} TkCollected;

/* What is known of the witness with this record id; false when it was not asked yet. */
bool tk_collector_find(TkCollector *collector, const char *id, TkCollected *found);
void tk_collected_clear(TkCollected *collected);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkCollected, tk_collected_clear)

#endif

/* Addresses from which signing in failed often: they wait, whatever account they try. */
#ifndef TK_HTTP_PEERS_H
#define TK_HTTP_PEERS_H

#include "base/base.h"

#define TK_PEERS_FREE 20 /* failures of one address that cost nothing: many people share one */

typedef struct TkPeers TkPeers;

TkPeers *tk_peers_new(void);
void tk_peers_free(TkPeers *peers);
/* Seconds that the address has to wait yet; 0: it may try. NULL (no socket) never waits. From any thread. */
unsigned tk_peers_wait_s(TkPeers *peers, const char *address, int64_t now_us);
/* After TK_PEERS_FREE failures the address waits 1, 2, 4 … 60 seconds; a success forgets them. */
void tk_peers_note(TkPeers *peers, const char *address, bool success, int64_t now_us);

#endif

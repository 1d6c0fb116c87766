#include "http/peers.h"

#define PEERS_MAX 10000
#define WAIT_MAX  60
#define FORGET_US (INT64_C(3600) * TK_US_PER_S) /* failures this old do not count any more */

typedef struct {
    unsigned failures;
    int64_t last_us, closed_until_us;
} Peer;

struct TkPeers {
    GMutex lock;
    GHashTable *by_address;
};

TkPeers *tk_peers_new(void)
{
    TkPeers *peers = g_new0(TkPeers, 1);
    g_mutex_init(&peers->lock);
    peers->by_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return peers;
}

void tk_peers_free(TkPeers *peers)
{
    g_hash_table_unref(peers->by_address);
    g_mutex_clear(&peers->lock);
    g_free(peers);
}

unsigned tk_peers_wait_s(TkPeers *peers, const char *address, int64_t now_us)
{
    if (address == NULL)
        return 0;
    g_mutex_lock(&peers->lock);
    const Peer *peer = g_hash_table_lookup(peers->by_address, address);
    int64_t left_us = peer == NULL ? 0 : peer->closed_until_us - now_us;
    g_mutex_unlock(&peers->lock);
    return left_us <= 0 ? 0 : (unsigned)((left_us + TK_US_PER_S - 1) / TK_US_PER_S);
}

static gboolean is_old(gpointer key, gpointer value, gpointer now_us)
{
    (void)key;
    return *(int64_t *)now_us - ((const Peer *)value)->last_us > FORGET_US;
}

static void count_failure(TkPeers *peers, const char *address, int64_t now_us)
{
    Peer *peer = g_hash_table_lookup(peers->by_address, address);
    if (peer == NULL && g_hash_table_size(peers->by_address) >= PEERS_MAX)
        g_hash_table_foreach_remove(peers->by_address, is_old, &now_us);
    if (peer == NULL && g_hash_table_size(peers->by_address) >= PEERS_MAX)
        return; /* accounts still wait by themselves */
    if (peer == NULL) {
        peer = g_new0(Peer, 1);
        g_hash_table_insert(peers->by_address, g_strdup(address), peer);
    }
    peer->failures = now_us - peer->last_us > FORGET_US ? 1 : MIN(peer->failures + 1, 1000);
    peer->last_us = now_us;
    if (peer->failures <= TK_PEERS_FREE)
        return;
    unsigned doublings = MIN(peer->failures - TK_PEERS_FREE - 1, 6);
    peer->closed_until_us = now_us + MIN(INT64_C(1) << doublings, WAIT_MAX) * TK_US_PER_S;
}

void tk_peers_note(TkPeers *peers, const char *address, bool success, int64_t now_us)
{
    if (address == NULL)
        return;
    g_mutex_lock(&peers->lock);
    if (success)
        g_hash_table_remove(peers->by_address, address);
    else
        count_failure(peers, address, now_us);
    g_mutex_unlock(&peers->lock);
}

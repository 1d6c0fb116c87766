/* How a topology lies in memory. Facilities are numbered so that needs come before dependents and the
 * dependents of one facility are neighbours (breadth first): a cascade then walks memory forward, and a
 * recount is one sweep.
 *
 *   facility f ── need_at[f] … need_at[f+1] ──► need q: owner[q] = f, slack[q] failures tolerated
 *                                                 └─ member_at[q] … member_at[q+1] ──► members
 *   facility f ── dependent_at[f] … [f+1] ──► the needs that f is a member of, ascending
 */
#ifndef TK_NETWORK_TOPOLOGY_H
#define TK_NETWORK_TOPOLOGY_H

#include "network/network.h"

#define TK_PLACE_MASK  0x3f /* of place[f]: the prefecture's number */
#define TK_PLACE_USERS 0x80 /* of place[f]: has users of its own */

struct TkTopology {
    gatomicrefcount refs;
    uint32_t n, n_needs, n_services, n_kinds, unplaced;
    uint32_t stride;   /* users per facility in `users`: n_services rounded up to 4, the rest 0 */
    char *text;        /* ids, names, kinds, services, each with its NUL; offset 0 is "" */
    uint32_t *id_at;   /* of facility, into text */
    uint32_t *name_at; /* 0: none */
    uint16_t *kind;    /* of facility, into kind_at */
    uint32_t kind_at[TK_KINDS_MAX];
    uint32_t service_at[TK_SERVICES_MAX];
    uint8_t *place; /* prefecture and TK_PLACE_USERS */
    float *lat, *lon;
    uint32_t *users; /* n × stride */
    uint32_t *need_at, *owner, *member_at, *members;
    uint16_t *slack;
    uint32_t *dependent_at, *dependents;
    uint64_t *index; /* open addressing: hash in the upper half, facility in the lower; UINT64_MAX empty */
    uint32_t index_mask;
    size_t bytes;
    int64_t users_in[TK_PREFECTURES + 1][TK_SERVICES_MAX];
};

/* A hash for short texts, good in its low and high bits. */
static inline uint32_t tk_text_hash(const char *text, size_t len, uint64_t seed)
{
    uint64_t h = (seed ^ len) * UINT64_C(0x9E3779B97F4A7C15);
    uint64_t word;
    while (len >= 8) {
        memcpy(&word, text, 8);
        h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
        text += 8;
        len -= 8;
    }
    word = 0;
    memcpy(&word, text, len);
    h = (h ^ word) * UINT64_C(0xc4ceb9fe1a85ec53);
    h ^= h >> 29;
    h *= UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(h >> 32);
}

#endif

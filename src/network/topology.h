/* How a topology lies in memory. Facilities are numbered so that needs come before dependents and the
 * dependents of one facility are neighbours (breadth first): a cascade then walks memory forward, and a
 * recount is one sweep.
 *
 *   row f ── need begin … (row f+1) ──► need q: owner[q] = f, slack[q] failures tolerated
 *                                                 └─ member_at[q] … member_at[q+1] ──► members
 *   row f ── dependents begin … end ──► the needs that f is a member of, ascending
 *
 * All that a change of one facility touches stands in its row, so that a random alarm costs one cache miss
 * here and one for its counter:
 *
 *   | dependents begin | end | place | need begin | users of service 0 | 1 | 2 | 3 | …
 */
#ifndef TK_NETWORK_TOPOLOGY_H
#define TK_NETWORK_TOPOLOGY_H

#include "network/network.h"

#define TK_PLACE_MASK   0x3fu /* the prefecture's number */
#define TK_PLACE_USERS  0x80u /* has users of its own */
#define TK_PLACES_MIXED 0xffu

enum { TK_ROW_DEPENDENTS, TK_ROW_DEPENDENTS_END, TK_ROW_PLACE, TK_ROW_NEEDS, TK_ROW_USERS };

/* Neighbours are summed in blocks beforehand, so that a block that is down as a whole costs one addition. */
#define TK_BLOCK 128u

struct TkTopology {
    gatomicrefcount refs;
    uint32_t n, n_needs, n_services, n_kinds, unplaced;
    uint32_t stride;      /* users in a row: n_services rounded up to 4, the rest 0 */
    uint32_t width;       /* words of a row: TK_ROW_USERS + stride */
    uint32_t *rows;       /* n + 1 of them */
    uint32_t feeders;     /* facilities from this one on have no dependents */
    int64_t *block_users; /* of each full block of TK_BLOCK neighbours, `stride` sums */
    uint8_t *block_place; /* the prefecture of all of its facilities, or TK_PLACES_MIXED */
    char *text;           /* ids, names, kinds, services, each with its NUL; offset 0 is "" */
    uint32_t *id_at;      /* of facility, into text */
    uint32_t *name_at;    /* 0: none */
    uint16_t *kind;       /* of facility, into kind_at */
    uint32_t kind_at[TK_KINDS_MAX];
    uint32_t service_at[TK_SERVICES_MAX];
    float *lat, *lon;
    uint32_t *owner, *member_at, *members;
    uint16_t *slack;
    uint32_t *dependents;
    uint64_t *index; /* open addressing: hash in the upper half, facility in the lower; UINT64_MAX empty */
    uint32_t index_mask;
    size_t bytes;
    int64_t users_in[TK_PREFECTURES + 1][TK_SERVICES_MAX];
};

static inline const uint32_t *tk_row(const TkTopology *t, uint32_t facility)
{
    return t->rows + (size_t)facility * t->width;
}
static inline uint32_t tk_place(const TkTopology *t, uint32_t facility)
{
    return tk_row(t, facility)[TK_ROW_PLACE];
}
static inline const uint32_t *tk_users(const TkTopology *t, uint32_t facility)
{
    return tk_row(t, facility) + TK_ROW_USERS;
}
static inline uint32_t tk_need_at(const TkTopology *t, uint32_t facility)
{
    return tk_row(t, facility)[TK_ROW_NEEDS];
}

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

/* The counters that change while alarms come and go, and nothing else: what is down and how many users
 * that affects. Every step is proportional to what goes down or comes back. */
#ifndef TK_NETWORK_STATE_H
#define TK_NETWORK_STATE_H

#include "network/topology.h"

#define TK_UNMET_BITS 10 /* TK_NEEDS_MAX < 1 << TK_UNMET_BITS; the rest holds TK_ALARMS_MAX */
#define TK_UNMET_MASK ((1u << TK_UNMET_BITS) - 1)
#define TK_ONE_ALARM  (1u << TK_UNMET_BITS)
#define TK_ALARMS_MAX 4000000u

typedef struct {
    const TkTopology *t;
    uint32_t *cause;        /* of facility: active alarms and unmet needs; 0 is up */
    int16_t *slack;         /* of need: failures it still tolerates; negative is unmet */
    uint32_t *changed;      /* what the last step took down or brought back, in order */
    TkNetworkCounts counts; /* `affected` is filled by tk_state_counts */
} TkState;

void tk_state_init(TkState *state, const TkTopology *topology);
void tk_state_clear(TkState *state);
/* Both over the same topology. */
void tk_state_copy(TkState *to, const TkState *from);

static inline bool tk_state_down(const TkState *state, uint32_t facility)
{
    return state->cause[facility] != 0;
}

/* One more, or one fewer, service-affecting alarm on a facility. Returns how many facilities went down (or
 * came back); they are in `changed`. */
uint32_t tk_state_raise(TkState *state, uint32_t facility);
uint32_t tk_state_lower(TkState *state, uint32_t facility);

void tk_state_counts(const TkState *state, TkNetworkCounts *counts);

/* Counts afresh from the alarms per facility. `slack` (n_needs) and `unmet` (n) receive what they should be.
 */
void tk_state_recount(const TkState *state, int16_t *slack, uint16_t *unmet, TkNetworkCounts *counts);

#endif

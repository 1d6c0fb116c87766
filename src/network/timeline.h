/* Accidents, folded from changes in order of event time. Kept apart from the counters: this room's past,
 * where state.h is its present. */
#ifndef TK_NETWORK_TIMELINE_H
#define TK_NETWORK_TIMELINE_H

#include "network/state.h"

typedef struct TkTimeline TkTimeline;

/* Borrows the topology. `ended_max`: ended accidents kept. */
TkTimeline *tk_timeline_new(const TkTopology *topology, uint32_t ended_max);
void tk_timeline_free(TkTimeline *timeline);
TkTimeline *tk_timeline_copy(const TkTimeline *timeline);

/* The next event begins. What falls and what rises at one event is one step: it has no peak in between. */
void tk_timeline_next(TkTimeline *timeline);
/* What went down, and what came back, at an event; `state` is as it is after the event, and
 * the list of what fell is used up. Calls come in order of event time. */
void tk_timeline_fell(TkTimeline *timeline, const TkState *state, int64_t at_us, uint32_t trigger,
                      uint32_t *facilities, uint32_t n);
void tk_timeline_rose(TkTimeline *timeline, int64_t at_us, const uint32_t *facilities, uint32_t n);

/* Brings the words of a facility that is about to fall or rise nearer. */
void tk_timeline_fetch(const TkTimeline *timeline, uint32_t facility);

uint32_t tk_timeline_open(const TkTimeline *timeline);
uint64_t tk_timeline_forgotten(const TkTimeline *timeline);

/* ---- between timeline.c and picture.c ---- */

/* A journal is a row of batches, each 4 words and its facilities:
 *   at_us (2 words, low first) | number of the event | count, upper bit set where they came back | facility …
 */
#define TK_BATCH_HEAD 4u
#define TK_BATCH_ROSE 0x80000000u
#define TK_FEW        10u /* one cell down and up again */

typedef struct {
    uint32_t *words; /* NULL while they fit in `few` */
    uint32_t len, cap;
    uint32_t few[TK_FEW];
} TkWords;

static inline const uint32_t *tk_words(const TkWords *w)
{
    return w->words != NULL ? w->words : w->few;
}

typedef struct {
    int64_t started_at_us, ended_at_us;
    uint64_t number; /* in order of beginning */
    uint32_t trigger;
    uint32_t down; /* members down now */
    TkWords causes, journal;
    TkAccident *picture; /* of an ended accident, once somebody asked */
    bool used;
} TkCase;

/* Working memory for pictures, one word or two per facility; made at first use. */
typedef struct {
    const TkTopology *t;
    uint32_t *list; /* borrowed: room for every facility, free between the engine's steps */
    uint32_t *stamp, epoch;
    int64_t *total_us; /* of a member: its accidents so far, less the begin of the one it is in */
    bool *down;
} TkPainter;

TkAccident *tk_picture_make(TkPainter *painter, const TkCase *c, int64_t as_of_us, int64_t at_least_us);
void tk_painter_clear(TkPainter *painter);
/* Users of everything that depends on the given facilities through any need, themselves included. */
void tk_painter_under(TkPainter *painter, const uint32_t *facilities, uint32_t n,
                      int64_t users[TK_SERVICES_MAX]);

/* Pictures (references of the caller's) of at most `max` open accidents, those with most members first,
 * and of all ended ones that are kept; appended in order of beginning. */
void tk_timeline_open_pictures(const TkTimeline *timeline, TkPainter *painter, int64_t as_of_us,
                               int64_t at_least_us, uint32_t max, GPtrArray *out);
void tk_timeline_ended_pictures(const TkTimeline *timeline, TkPainter *painter, int64_t at_least_us,
                                uint32_t max, GPtrArray *out);

#endif

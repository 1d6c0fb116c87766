/* What engine.c, history.c and snapshot.c share. */
#ifndef TK_NETWORK_ENGINE_H
#define TK_NETWORK_ENGINE_H

#include "network/alarms.h"
#include "network/timeline.h"

/* An event as the history keeps it: 16 bytes. */
typedef struct {
    int64_t at_us;
    uint32_t alarm_flags; /* alarm number × 32 + flags */
    uint32_t object;
} TkLogged;

/* What an alarm was, as far as folding needs it. */
typedef struct {
    uint32_t object;
    uint8_t flags;
} TkAlarmThen;

/* A point of the past from which the history can be folded. */
typedef struct {
    TkState state;
    TkTimeline *timeline;
    uint32_t *alarms; /* of alarm: TkAlarmThen in a word, object × 32 + flags */
    uint32_t n_alarms;
} TkFold;

struct TkEngine {
    TkTopology *t;
    TkEngineOptions options;
    TkAlarms alarms;
    TkState state;        /* the present, whatever the order of arrival */
    TkTimeline *timeline; /* the past; behind the present while `dirty`; NULL: not kept */
    TkFold *base;         /* before the first event of `log`; NULL: before any event */
    TkFold *mid;          /* before log[mid_at], after all events up to mid_us; NULL: not yet */
    uint32_t mid_at;
    int64_t mid_us;
    GArray *log, *late; /* TkLogged: in order of event time; and those that came late, by arrival */
    int64_t head_us, horizon_us;
    bool dirty, sound;
    uint32_t active;
    uint64_t seq, events, n_late, refused_object, refused_too_late;
    TkPainter painter;
    TkState scratch; /* cause == NULL until first needed */
    int16_t *recount_slack;
    uint16_t *recount_unmet;
    GMutex mailbox; /* guards `published` alone, for the length of taking a reference */
    TkSnapshot *published;
};

/* One event on counters and timeline (NULL: none): an alarm that was `before` is now `after`. */
void tk_fold_step(TkState *state, TkTimeline *timeline, int64_t at_us, TkAlarmThen before, TkAlarmThen after);

/* Keeps an event; makes room by moving the base forward. */
void tk_history_add(TkEngine *engine, const TkLogged *event, bool late);
/* Brings the timeline up to date when something came late. */
void tk_history_catch_up(TkEngine *engine);
void tk_fold_free(TkFold *fold);

/* Facilities that lost sources have named and that are not known to be down, each once, ascending. */
GArray *tk_engine_unknown(TkEngine *engine);

#endif

/* A bow tie: causes on the left, what is feared in the middle, its consequences on the right, and on each
 * line the barriers that stand in the way. Drawn as SVG, so that the page, a print and a file show the same.
 * Part of the door of risk. */
#ifndef TK_RISK_BOW_TIE_H
#define TK_RISK_BOW_TIE_H

#include "base/base.h"

enum { TK_BOW_TIE_LINES_MAX = 20, TK_BOW_TIE_BARRIERS_MAX = 8 };

/* Worst first: a barrier is as good as the worst of what it stands on. */
typedef enum {
    TK_BARRIER_MISSING, /* given up, or found not to work */
    TK_BARRIER_LATE,    /* planned, and its day has passed */
    TK_BARRIER_PLANNED,
    TK_BARRIER_UNKNOWN, /* nobody has said */
    TK_BARRIER_WEAK,    /* works in part */
    TK_BARRIER_WORKS,
    TK_BARRIER_STATES
} TkBarrierState;

const char *tk_barrier_state_id(TkBarrierState state); /* "missing" … */
/* ○ …, and the words; static. */
const char *tk_barrier_state_symbol(TkBarrierState state);
const char *tk_barrier_state_words(TkBarrierState state, bool english);

typedef struct {
    const char *title; /* borrowed, as all texts here */
    TkBarrierState state;
} TkBarrier;

/* A cause or a consequence, and what stands between it and the event: preventive barriers from the cause on,
 * recovery barriers from the event on. */
typedef struct {
    const char *title;
    TkBarrier barriers[TK_BOW_TIE_BARRIERS_MAX];
    size_t n_barriers;
} TkBowLine;

typedef struct {
    const char *event;
    const TkBowLine *causes, *consequences;
    size_t n_causes, n_consequences; /* at most TK_BOW_TIE_LINES_MAX each */
    bool english;                    /* the words for states */
} TkBowTie;

/* A whole SVG document (UTF-8) with title and description, coloured by presentation attributes, its parts of
 * the classes bow-cause, bow-event, bow-consequence, bow-barrier and bow-STATE. Owned by the caller; LIMIT
 * with more lines or barriers than fit. */
char *tk_bow_tie_svg(const TkBowTie *tie, GError **error);

#endif

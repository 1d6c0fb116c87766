/* The state of the network at one instant of a simulated year: who is down, and which accidents that makes.
 * Inside the room. */
#ifndef TK_RISK_WORLD_H
#define TK_RISK_WORLD_H

#include "risk/model.h"

/* What an outage goes back to: a node that failed of itself, or n_nodes + a common cause. */
typedef uint32_t Root;

typedef struct {
    uint32_t into;    /* NO_NODE, or the slot of the accident it was merged into */
    uint32_t holders; /* members and merged slots that name this one; it is recycled when there are none */
    uint32_t members; /* nodes with users that are down */
    GArray *causes;   /* Root */
    GArray *counted;  /* nodes that are in `ever`, each once */
    double began_h, last_h;          /* it is judged until last_h */
    double first_h[TK_SERVICES_MAX]; /* NAN: none of the service yet */
    double ever[TK_SERVICES_MAX], concurrent[TK_SERVICES_MAX];
    bool serious[TK_SERVICES_MAX];
} Outage;

/* A name of an accident that may be over: its slot has another serial then. */
typedef struct {
    uint64_t serial; /* 0: none yet */
    uint32_t slot;
} Name;

typedef struct {
    const TkRiskModel *m;
    double now_h;
    uint16_t *own;     /* of node: failures of its own that are not repaired */
    Root *origin;      /* of node: what its own failure goes back to */
    uint32_t *unmet;   /* of node: needs */
    uint32_t *failed;  /* of need: members down */
    uint32_t *outage;  /* of member: slot */
    Name *counted;     /* of node: the last accident that has taken it into its `ever` */
    double *counted_h; /* and when */
    Name *blamed;      /* of root: the last accident it is a cause of */
    uint64_t *asked;   /* of node: stamp of the last search that saw it */
    uint64_t *serial;  /* of slot */
    uint64_t next_serial, stamp;
    GPtrArray *outages; /* Outage *, by slot */
    GArray *free_slots, *queue, *roots, *search;
    double concurrent[TK_SERVICES_MAX]; /* users affected now, in all */
    void (*ended)(void *user, const Outage *outage);
    void *user;
} World;

void world_init(World *w, const TkRiskModel *m);
void world_clear(World *w);
void world_reset(World *w);
/* A failure of its own, going back to `origin`. Several nodes that fail at one instant are made known before
 * the accidents they make are told apart: world_fail for each, then world_settle once. */
void world_fail(World *w, uint32_t node, Root origin);
void world_settle(World *w);
void world_repair(World *w, uint32_t node);
static inline bool world_is_down(const World *w, uint32_t node)
{
    return w->own[node] > 0 || w->unmet[node] > 0;
}
/* Ends all accidents that are open, as of now. */
void world_end(World *w);

#endif

/* Who stands behind what: contractors, their parents and countries, what they touch, and how much of the
 * carrier hangs on each.
 *
 *   country ─► owner ─► contractor ─► contractor ─► touch ─► facility, system, data ─► service
 *                         (sub)          (main)
 *
 * A graph whose edges point the way in which trouble travels: what happens at the tail concerns the head.
 * Reach is one walk from some nodes, breadth first, so that the way kept for each node is a shortest one. The
 * trade-off: kinds and relations are small numbers that the caller gives meaning to; the room knows neither
 * registers nor law, which keeps it pure and testable against a naive recursion.
 *
 * Two more computations stand here because they are pure arithmetic on the same subject: how concentrated
 * shares are (Herfindahl–Hirschman index), and a score from answers by documented weights. */
#ifndef TK_SUPPLY_H
#define TK_SUPPLY_H

#include "base/base.h"

#include <jansson.h>

#define TK_SUPPLY_NODES_MAX     1000000u
#define TK_SUPPLY_EDGES_MAX     4000000u
#define TK_SUPPLY_RELATIONS_MAX 32u
#define TK_SUPPLY_NONE          UINT32_MAX

typedef struct TkSupply TkSupply;

TkSupply *tk_supply_new(void);
void tk_supply_free(TkSupply *supply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkSupply, tk_supply_free)

/* The node of this kind (0 … 255) and id, made where it is not there yet. The id is copied. TK_SUPPLY_NONE
 * and TK_ERROR_LIMIT when there are too many. */
uint32_t tk_supply_node(TkSupply *supply, unsigned kind, const char *id, GError **error);
/* TK_SUPPLY_NONE where there is none. */
uint32_t tk_supply_find(const TkSupply *supply, unsigned kind, const char *id);
uint32_t tk_supply_count(const TkSupply *supply);
unsigned tk_supply_kind(const TkSupply *supply, uint32_t node);
const char *tk_supply_id(const TkSupply *supply, uint32_t node); /* owned by the supply */

/* What happens at `from` concerns `to`, by this relation (0 … 31). The same edge twice counts once.
 * TK_ERROR_LIMIT when there are too many, TK_ERROR_INPUT for a node or relation that is none. */
bool tk_supply_edge(TkSupply *supply, uint32_t from, uint32_t to, unsigned relation, GError **error);

/* ---- cycles ---- */

/* A cycle along edges of these relations (bits 1 << relation): its nodes in order, each once; empty when
 * there is none. g_array_unref. With several cycles: the one met first from the nodes in their order. */
GArray *tk_supply_cycle(const TkSupply *supply, uint32_t relations);

/* ---- reach ---- */

typedef struct TkSupplyReach TkSupplyReach;

/* All nodes that are concerned when something happens at `from`, these included, along edges of these
 * relations. Borrows the supply, which must not change meanwhile. */
TkSupplyReach *tk_supply_reach(const TkSupply *supply, const uint32_t *from, size_t n_from,
                               uint32_t relations);
void tk_supply_reach_free(TkSupplyReach *reach);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkSupplyReach, tk_supply_reach_free)
bool tk_supply_reached(const TkSupplyReach *reach, uint32_t node);

typedef struct {
    uint32_t node;
    int relation; /* by which the one before it leads here; −1 for the first */
} TkSupplyStep;

/* The way from one of the starting nodes to `node`, the start first; empty where it was not reached.
 * g_array_unref. */
GArray *tk_supply_chain(const TkSupplyReach *reach, uint32_t node);

/* ---- concentration ---- */

typedef struct {
    double hhi;     /* Σ of squared shares in percent: 0 … 10,000; 0 where the whole is 0 */
    size_t largest; /* index; SIZE_MAX where the whole is 0 */
    double share;   /* of the largest, 0 … 1 */
    size_t holders; /* amounts above 0 */
} TkSupplyConcentration;

/* Of amounts ≥ 0, such as facilities by contractor. Negative ones and what is no number count as 0. */
TkSupplyConcentration tk_supply_concentration(const double *amounts, size_t n);

/* ---- scores ---- */

#define TK_SUPPLY_QUESTIONS_MAX 64

/* Weights: {"questions":[{"field":"gag","weight":10,"points":{"none":0,"general":1},"missing":1}…],
 * "grades":[{"from":0,"id":"low",…}…]}. Points lie between 0 and 1; null: the question does not count for
 * this answer; `missing`: points where nothing is answered, or an answer that the weights do not know. Grades
 * rise from 0. True when sound; TK_ERROR_INPUT naming the question and reason otherwise. `name` begins the
 * message. */
bool tk_supply_weights_check(const char *name, const json_t *weights, GError **error);
/* The weighted mean of the points × 100, from answers {field: option}:
 * {"score":62.5|null,"grade":"…"|null,"parts":[{"field","answer"|null,"weight","points"|null}…],
 * "missing":[field…]}; null where nothing counts. New reference. The weights are sound. */
json_t *tk_supply_score(const json_t *weights, const json_t *answers);

#endif

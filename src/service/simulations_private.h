/* The inside of the simulations that people ask for. */
#ifndef TK_SERVICE_SIMULATIONS_PRIVATE_H
#define TK_SERVICE_SIMULATIONS_PRIVATE_H

#include "service/act.h"

#define TK_KIND_SIMULATION "simulation"

/* One request, checked, with what it is computed from. */
typedef struct {
    TkApp *app;
    char *who, *name;
    json_t *parameters; /* as they are kept: defaults filled in */
    TkTopology *topology;
    TkDate date, law; /* the day of the law, and since when that version is in force */
    uint64_t seed;
    uint32_t years, top;
    GArray *routes; /* of TkFacilityIx: the plan */
    json_t *causes; /* the expanded list, with where each is from */
    TkRiskInput *input;
    GArray *criteria;
    TkRiskModel *model;
    bool has_loss;
    TkLossModel loss;
    char *again; /* id of the simulation that is done again; NULL: a new one */
    char *again_sha256;
    char *topology_sha256, *inputs_sha256;
} TkSimulationAsk;

void tk_simulation_ask_free(void *ask);

/* ---- simulation_ask.c ---- */

/* Reads and checks what can be checked at once; the rest is for the job. */
TkSimulationAsk *tk_simulation_ask(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* Reads rates and causes and builds the model: seconds on a nation. */
bool tk_simulation_prepare(TkSimulationAsk *ask, GError **error);

/* ---- simulation_causes.c ---- */

/* Common causes from what facilities share: for each attribute of `shared` (region, building, power,
 * software, contractor) one cause for each value that two facilities or more have. New reference: a list as
 * the risk room reads it, with "attribute". */
json_t *tk_simulation_causes(TkApp *app, const TkTopology *topology, const json_t *shared, GError **error);
/* {attribute: {"groups","facilities"}}; counts of register attributes are null where there are too many
 * records to count while somebody waits. */
json_t *tk_simulation_shared(TkApp *app, const TkTopology *topology);

/* ---- simulation_rates.c ---- */

/* The rates by kind that the recorded accidents give, each with its derivation. New reference. */
json_t *tk_simulation_rates(TkApp *app, const TkTopology *topology);

/* ---- simulation_result.c ---- */

/* Runs the years and says what they brought; canonical bytes. NULL and TK_ERROR_CONFLICT when cancelled. */
GBytes *tk_simulation_result(TkSimulationAsk *ask, TkJob *job, GError **error);
/* [{"ja","en"}…]: what the model takes for granted. */
json_t *tk_simulation_assumptions(void);
/* Elements are TkRiskPoint. */
json_t *tk_simulation_points(const TkApp *app, const TkTopology *topology, const GArray *points,
                             unsigned max);
/* Six digits that count. */
json_t *tk_simulation_real(double value);

/* ---- simulation_csv.c ---- */
GBytes *tk_simulation_csv(const json_t *result);

#endif

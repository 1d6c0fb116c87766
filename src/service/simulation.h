/* Simulated years on all cores: the risk room's streams shared out between threads, with progress and cancel.
 * The answer does not depend on how many threads there are, since a stream depends on the seed and its number
 * only. */
#ifndef TK_SERVICE_SIMULATION_H
#define TK_SERVICE_SIMULATION_H

#include "risk/risk.h"
#include "service/jobs.h"

typedef struct {
    uint64_t seed;
    uint32_t years;   /* rounded up to whole streams */
    unsigned threads; /* 0: as many as there are processors */
    const TkFacilityIx *spared;
    size_t n_spared;
    gint *cancelled;  /* may be NULL; set to 1 by anybody ends the run after the streams in hand */
    gint *done, *all; /* may be NULL; streams done, and how many there are, for whoever watches */
    TkJob *job;       /* may be NULL: told the years done, after those of runs before, and can end the run */
    uint64_t job_before, job_total; /* years */
    bool gentle; /* on threads of a lower priority, beside a server that has other things to do */
} TkSimulation;

/* New tally, of what was done until the end or the cancelling; tk_risk_tally_free. */
TkRiskTally *tk_simulation_run(const TkRiskModel *model, const TkSimulation *how);

#endif

/* What simulated years bring. Inside the room. */
#ifndef TK_RISK_TALLY_H
#define TK_RISK_TALLY_H

#include "risk/model.h"

struct TkRiskTally {
    const TkRiskModel *m; /* borrowed */
    uint32_t streams;
    uint64_t failures;
    uint64_t any; /* accidents serious in some service */
    uint64_t serious[TK_SERVICES_MAX];
    double squares[TK_SERVICES_MAX]; /* of the streams' counts */
    uint32_t of_stream[TK_SERVICES_MAX];
    GArray *years[TK_SERVICES_MAX]; /* float: user-hours of each year */
    GArray *any_years;              /* uint32_t: of `any`, by year */
    uint32_t any_of_year;           /* in the year that is being simulated */
    uint32_t *among, *alone;        /* of node, then of common cause */
};

void tally_begin_stream(TkRiskTally *t);
void tally_end_stream(TkRiskTally *t);
void tally_year(TkRiskTally *t, const double user_hours[]);
/* `causes`: nodes, or n_nodes + common cause; each once. */
void tally_outage(TkRiskTally *t, const bool serious[], const uint32_t *causes, uint32_t n_causes);

#endif

/* tokatsu risk: what its files share. */
#ifndef TK_CLI_RISK_H
#define TK_CLI_RISK_H

#include "risk/risk.h"

/* What `risk loss` reads: the ranges, and an estimate of the events where nothing is simulated. */
typedef struct {
    bool synthetic;
    TkLossModel model;
    bool has_events, has_measure;
    TkLossEvents events, measure; /* before and after something is done */
} TkCliLoss;

bool tk_cli_loss_read(const char *path, TkCliLoss *out, GError **error);
/* Prints what years like these cost; `after` NULL: without a measure. 0, or 2 where the output failed. */
int tk_cli_loss_print(const TkCliLoss *loss, uint64_t seed, const TkRiskYear *before, const TkRiskYear *after,
                      size_t n);
/* The same of estimated events. */
int tk_cli_loss_of_events(const TkCliLoss *loss, uint64_t seed, size_t n);

#endif

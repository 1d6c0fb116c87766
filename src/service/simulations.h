/* Risk computed from the network itself, as people ask for it: years of operation simulated as a job on the
 * network that this server runs, kept with everything that is needed to do it again. Part of the service's
 * door.
 *
 *     request ─► rates, causes from attributes ─► model ─► years ─► result (bytes) ─► record
 *
 * A simulation is a question: whoever may read may ask, and nothing of the carrier's records changes by it.
 * The result's bytes depend on its inputs only (network, rates, law of the day, seed), not on when, by whom
 * or on how many threads they were computed: who asks again gets the same bytes, and is told so. */
#ifndef TK_SERVICE_SIMULATIONS_H
#define TK_SERVICE_SIMULATIONS_H

#define TK_SIMULATION_YEARS_MAX  20000 /* of one request */
#define TK_SIMULATION_TOP_MAX    20    /* second routes that are measured one by one */
#define TK_SIMULATION_ROUTES_MAX 20    /* of one plan */

/* What a simulation would start from: the network's kinds with the rates that the recorded accidents give
 * (and how), attributes that facilities share, services, what is assumed, and the parameters of the last one.
 * docs/risk.md. */
GBytes *tk_service_simulation_basis(TkApp *app, const TkActor *actor, GError **error);
/* Begins one as a job; the job, as GET /api/v1/jobs/{id} gives it. INPUT naming the field. {"again":ID} does
 * one again and compares the bytes. */
GBytes *tk_service_simulation_begin(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* Those that were kept, newest first, without their results. */
GBytes *tk_service_simulations(TkApp *app, const TkActor *actor, const TkPage *page, GError **error);
/* One with its result. */
GBytes *tk_service_simulation(TkApp *app, const TkActor *actor, const char *id, GError **error);
/* Its result as a file: json (the very bytes of result_sha256) or csv. */
bool tk_service_simulation_file(TkApp *app, const TkActor *actor, const char *id, const char *format,
                                TkServiceFile *file, GError **error);
/* Two of them side by side: which inputs differ, and by how much the figures. */
GBytes *tk_service_simulations_compare(TkApp *app, const TkActor *actor, const char *a, const char *b,
                                       GError **error);
/* Every facility whose loss alone would be a serious accident by the law of `date` (TK_DATE_NONE: today), and
 * the time until it is. */
GBytes *tk_service_single_points(TkApp *app, const TkActor *actor, TkDate date, GError **error);

#endif

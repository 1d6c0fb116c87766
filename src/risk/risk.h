/* Risk as people judge it is kept in order by the headers of this room that this file includes: own matrices,
 * functional assurance, bow ties. The rest of this file is
 *
 * Risk computed from the network itself: years of operation are simulated on the facilities' graph, and
 * counted by the law's criteria.
 *
 *   TkRiskInput   how often what fails, and for how long: from the carrier's own figures
 *   TkRiskModel   the graph condensed to what can make a serious accident; immutable, any thread
 *   TkRiskTally   what simulated years have brought; one thread each, added up afterwards
 *   TkLossModel   what a year like that costs: ranges of money, drawn year by year
 *
 * What is exact and what is not. A facility that hangs on one other facility, carries nobody else's
 * redundancy and whose users are fewer than every criterion is folded into that other one, and facilities
 * without dependents that need the same are taken together: neither changes who is affected when something
 * above fails, and alone neither can be a serious accident. Their own failures are not simulated: their
 * user-hours are told as an expectation (folded_user_hours). Everything else fails, is repaired, fails
 * together by common causes, and forms accidents by the same rule as the live engine: what goes down while an
 * accident lasts and hangs on the same causes belongs to it. Durations and counts are judged by "affected for
 * so long, and so many ever", as tk_impact_first_met does.
 *
 * Reproducible: a stream of years depends on the seed and its own number only, not on threads. */
#ifndef TK_RISK_H
#define TK_RISK_H

#include "base/base.h"
#include "law/law.h"
#include "network/network.h"

#include "risk/assurance.h"
#include "risk/bow_tie.h"
#include "risk/matrix.h"

enum {
    TK_RISK_INPUT_MAX = 8 << 20, /* bytes */
    TK_RISK_CAUSES_MAX = 4096,   /* common causes */
    TK_RISK_STREAM_YEARS = 100,  /* of one stream */
    TK_RISK_YEARS_MAX = 1000000,
};

/* ---- input ---- */

typedef enum { TK_REPAIR_EXPONENTIAL, TK_REPAIR_FIXED, TK_REPAIR_LOGNORMAL } TkRepairShape;

typedef struct {
    double per_year;     /* failures in a year of operation, 0 … 10,000 */
    double repair_hours; /* mean; > 0 */
    TkRepairShape shape;
    double sigma; /* of the logarithm; lognormal only */
} TkRiskRate;

typedef struct {
    char *id, *name,
        *kind; /* kind: "building", "power", "software", "contractor", "region" or the carrier's own word */
    TkRiskRate rate;
    double probability; /* with which each member fails */
    TkFacilityIx *members;
    uint32_t n_members;
} TkRiskCause;

typedef struct TkRiskInput TkRiskInput;

/* Reads
 * {"synthetic"?:bool,"source"?:text,"kinds":{KIND:{"failures_per_year","repair_hours","repair"?:"exponential|fixed|lognormal",
 * "sigma"?}…},"facilities"?:{ID:{…}},"common_causes"?:[{"id","name"?,"kind"?,"per_year","probability"?:1,"repair_hours","repair"?,
 * "members":{"ids":[…]} | {"kind"?,"prefecture"?}}…]}. Every kind of the topology must be given a rate, 0
 * where it is not to fail. *error names the field. tk_risk_input_free. */
TkRiskInput *tk_risk_input_read(const char *name, const char *text, size_t len, const TkTopology *topology,
                                GError **error);
void tk_risk_input_free(TkRiskInput *input);
bool tk_risk_input_synthetic(const TkRiskInput *input);
const char *tk_risk_input_source(const TkRiskInput *input); /* "" where it does not say */
uint32_t tk_risk_input_causes(const TkRiskInput *input);
const TkRiskCause *tk_risk_input_cause(const TkRiskInput *input, uint32_t cause);
TkRiskRate tk_risk_input_rate(const TkRiskInput *input, TkFacilityIx facility);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkRiskInput, tk_risk_input_free)

/* A branch of the serious-accident criteria: so many users of a service for so long. */
typedef struct {
    uint32_t service; /* of the topology */
    int64_t duration_s, users;
} TkRiskCriterion;

/* The criteria of 施行規則58条 for the topology's services by the law in force on `date`; services that the
 * law does not know get those of "other". Elements are TkRiskCriterion. NULL and *error where the law does
 * not answer. */
GArray *tk_risk_criteria(const TkLaw *law, TkDate date, const TkTopology *topology, GError **error);

/* ---- model ---- */

typedef struct TkRiskModel TkRiskModel;

/* `input` NULL: for single points only. Keeps a reference to the topology; copies what it needs of the rest.
 */
TkRiskModel *tk_risk_model_new(TkTopology *topology, const TkRiskInput *input, const GArray *criteria,
                               GError **error);
void tk_risk_model_free(TkRiskModel *model);
uint32_t tk_risk_model_nodes(const TkRiskModel *model);      /* of the condensed graph */
uint32_t tk_risk_model_components(const TkRiskModel *model); /* facilities whose failures are simulated */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkRiskModel, tk_risk_model_free)

/* ---- single points ---- */

typedef struct {
    TkFacilityIx facility;
    uint32_t service;     /* the one that is serious soonest */
    int64_t users;        /* of that service, while nothing else has failed */
    int64_t serious_in_s; /* from its failure on */
} TkRiskPoint;

/* Every facility whose loss alone would be a serious accident, soonest first, then most users. Elements are
 * TkRiskPoint. */
GArray *tk_risk_single_points(const TkRiskModel *model);

/* ---- simulation ---- */

typedef struct TkRiskTally TkRiskTally;

TkRiskTally *tk_risk_tally_new(const TkRiskModel *model);
void tk_risk_tally_free(TkRiskTally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkRiskTally, tk_risk_tally_free)

typedef struct {
    uint64_t seed;
    uint32_t first, n; /* streams of TK_RISK_STREAM_YEARS years */
    /* As if these had a second route of their own and never failed; the rest of every stream stays the same,
     * so that two runs compare. */
    const TkFacilityIx *spared;
    size_t n_spared;
} TkRiskRun;

/* Simulates the streams into the tally. `go_on` (may be NULL) is asked before every stream; false ends the
 * run early. Returns how many streams were done. */
uint32_t tk_risk_simulate(const TkRiskModel *model, const TkRiskRun *run, bool (*go_on)(void *user),
                          void *user, TkRiskTally *tally);
/* Adds what `more` has to `into`. */
void tk_risk_tally_add(TkRiskTally *into, const TkRiskTally *more);

/* ---- results ---- */

typedef struct {
    double per_year, low, high; /* expected serious accidents a year, with its 95 % confidence interval */
    uint64_t accidents;         /* counted */
    double user_hours;          /* expected affected user-hours a year of what is simulated */
    double folded_user_hours;   /* and of the failures that are not simulated */
} TkRiskService;

uint32_t tk_risk_years(const TkRiskTally *tally);
uint64_t tk_risk_failures(const TkRiskTally *tally); /* simulated */
double tk_risk_serious(const TkRiskTally *tally);    /* accidents a year that are serious in some service */
TkRiskService tk_risk_service(const TkRiskModel *model, const TkRiskTally *tally, uint32_t service);
/* User-hours of a year that are exceeded in a share `probability` of the years (value at risk; a point of the
 * loss exceedance curve), of one service, simulated failures only. */
double tk_risk_exceeded(const TkRiskTally *tally, uint32_t service, double probability);

typedef struct {
    TkFacilityIx facility; /* TK_NO_FACILITY: a common cause */
    uint32_t cause;        /* its number in the input */
    double per_year;       /* serious accidents a year that it was among the causes of */
    double alone; /* of these, those it caused alone: what a second route of its own would take away */
} TkRiskContribution;

/* Facilities and common causes by contribution over all services, at most `max`, largest first. Elements are
 * TkRiskContribution. */
GArray *tk_risk_contributions(const TkRiskModel *model, const TkRiskTally *tally, uint32_t max);

/* What one year brought, over all services. */
typedef struct {
    double user_hours; /* with the expectation of what is not simulated */
    uint32_t serious;  /* accidents serious in some service that ended in it */
} TkRiskYear;

/* The simulated years in their order; elements are TkRiskYear. Two tallies of the same seed compare year by
 * year. */
GArray *tk_risk_by_year(const TkRiskModel *model, const TkRiskTally *tally);

typedef struct {
    double mean, low, high; /* with its 95 % confidence interval (normal approximation) */
} TkRiskEstimate;

/* The mean of a[i] − b[i], pair by pair; `b` NULL: of a[i]. */
TkRiskEstimate tk_risk_mean(const double *a, const double *b, size_t n);

/* ---- money (loss.c) ---- */

/* The FAIR way: how often × how much. How often comes from simulated years, or from an estimate; how much is
 * given as ranges, never as one number that pretends to be known. */

enum {
    TK_LOSS_TEXT_MAX = 1 << 20, /* bytes of a file */
    TK_LOSS_FREQUENCY_MAX = 500 /* events a year of an estimate */
};

typedef enum {
    TK_LOSS_PERT,      /* beta-PERT: the mean is (min + 4 likely + max) / 6 */
    TK_LOSS_LOGNORMAL, /* min and max are its 5 % and 95 % points; no likely */
} TkLossShape;

typedef struct {
    TkLossShape shape;
    double min, likely, max; /* ≥ 0; all equal: a constant */
} TkLossRange;

double tk_loss_mean(const TkLossRange *range);

typedef enum {
    TK_LOSS_USER_HOUR,  /* for each affected user-hour: refunds, lost traffic */
    TK_LOSS_FIXED,      /* for each serious accident, as are the next */
    TK_LOSS_RESPONSE,   /* people, contractors, equipment */
    TK_LOSS_REGULATORY, /* reports, orders, measures asked for */
    TK_LOSS_REPUTATION, /* customers who leave */
    TK_LOSS_PARTS,
} TkLossPart;
const char *tk_loss_part_name(TkLossPart part); /* user_hour, fixed, response … */

typedef struct {
    TkLossRange part[TK_LOSS_PARTS];
} TkLossModel;

/* An estimate of how often and how large, for what is not simulated. */
typedef struct {
    TkLossRange frequency;  /* events a year */
    TkLossRange user_hours; /* of one event */
} TkLossEvents;

/* Reads {"user_hour"?:RANGE,"fixed"?,"response"?,"regulatory"?,"reputation"?}, RANGE a number,
 * {"min","likely","max"} or {"distribution":"lognormal","min","max"}; what is left out costs nothing. Other
 * fields are refused. *error names the field. */
bool tk_loss_read(const json_t *object, const char *where, TkLossModel *out, GError **error);
/* Reads {"frequency":RANGE,"user_hours":RANGE}. */
bool tk_loss_read_events(const json_t *object, const char *where, TkLossEvents *out, GError **error);

/* n years of such events; the number of a year is Poisson about a frequency drawn for that year. Years of the
 * same seed compare pair by pair. g_free. */
TkRiskYear *tk_loss_draw_years(const TkLossEvents *events, uint64_t seed, size_t n);
/* What each year costs; g_free. The draws of a year depend on the seed, its place and the number of the
 * accident in it only, so that the difference of two runs is that of the years. */
double *tk_loss_of_years(const TkLossModel *model, uint64_t seed, const TkRiskYear *years, size_t n);

typedef struct {
    TkRiskEstimate expected; /* a year */
    double var95, var99;     /* value at risk: a year costs more with a probability of 5 % and of 1 % */
    double tail95;           /* mean of the worst 5 % of the years */
    double worst;
} TkLossSummary;
TkLossSummary tk_loss_summary(const double *losses, size_t n);
/* The loss that is exceeded in a share `probability` of the years, for each of n_points probabilities. */
void tk_loss_curve(const double *losses, size_t n, const double *probability, size_t n_points, double *out);

#endif

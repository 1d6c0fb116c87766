/* The scripted day of the synthetic carrier: which facility fails when. A function of seed, topology and
 * day only, so that everybody who opens the demo with one seed sees the same. */
#ifndef TK_SERVICE_DEMO_SCRIPT_H
#define TK_SERVICE_DEMO_SCRIPT_H

#include "network/network.h"

typedef enum {
    TK_DEMO_DAY_QUIET,    /* base stations that come and go, one of them for more than two hours */
    TK_DEMO_DAY_BUILDING, /* a building without power for two and a half hours */
    TK_DEMO_DAY_OUTAGE,   /* an aggregation pair fails and its neighbours follow */
} TkDemoDay;

typedef struct {
    int64_t at_us;
    TkFacilityIx object;
    uint32_t key; /* numbers the alarm; raise and clear share it */
    bool clear;
    bool affecting;
} TkDemoEvent;

/* Where and when the outage of a day begins, for what people do about it. */
typedef struct {
    int64_t starts_us, ends_us;
    int prefecture; /* 0: there is none */
} TkDemoOutage;

typedef struct {
    TkFacilityIx a, b;
} TkDemoPair;

/* Pairs of aggregation sites of which one is enough, of TkDemoPair, in the order of the country. */
GArray *tk_demo_pairs(const TkTopology *topology);

/* Events of the day that begins at `day_us` (06:00 in Japan), by time. `outage_at_us`: offset into the day
 * at which its outage begins. The array is the caller's. */
GArray *tk_demo_day(const TkTopology *topology, uint64_t seed, TkDemoDay kind, int64_t day_us,
                    int64_t outage_at_us, TkDemoOutage *outage);

#endif

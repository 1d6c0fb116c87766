/* network: the facilities of a carrier, what they need to work, and who is without service when they do
 * not. This room knows no law: services are names that the topology carries, users are counts.
 *
 *   TkTopology   what exists: immutable, shared between threads, reference counted
 *   TkEngine     what is happening: one writer applies alarms; current counts, accidents, what-if
 *   TkSnapshot   what readers see: an immutable copy that the writer publishes
 *
 * A facility is down while it has an active service-affecting alarm or while any of its needs has fewer
 * than `at_least` of its members up. Its own users are affected while it is down.
 *
 * An alarm is (source, key). Its state is its latest event by (event time, order of arrival), so late,
 * repeated and disordered input ends in the same state. Instants are microseconds UTC (see base/time.h).
 *
 * Other rooms include this file and no other of this room. */
#ifndef TK_NETWORK_H
#define TK_NETWORK_H

#include "base/base.h"

/* ---- Prefectures (都道府県) ---------------------------------------------------------------------- */

typedef struct {
    char code[3];   /* JIS X 0401: "01" … "47" */
    const char *ja; /* 東京都 */
    const char *en; /* Tokyo */
    double lat;     /* approximate position of the prefectural capital, degrees */
    double lon;
} TkPrefecture;

#define TK_PREFECTURES 47

/* By JIS X 0401 number, 1–47; NULL for any other. Static. */
const TkPrefecture *tk_prefecture(int number);
/* The number of a code ("13"), an ISO 3166-2 code ("JP-13") or a name in either language; 0 when it is none.
 */
int tk_prefecture_number(const char *text, size_t len);

/* ---- Topology ------------------------------------------------------------------------------------- */

typedef struct TkTopology TkTopology;
typedef uint32_t TkFacilityIx; /* a facility's place in its topology, 0 … size - 1, needs before dependents */

#define TK_NO_FACILITY        UINT32_MAX
#define TK_SERVICES_MAX       16
#define TK_FACILITIES_MAX     4000000u
#define TK_EDGES_MAX          32000000u /* members of all needs together */
#define TK_NEEDS_MAX          1000u     /* of one facility */
#define TK_NEED_MEMBERS_MAX   30000u    /* of one need */
#define TK_KINDS_MAX          1024u     /* different kinds in one topology */
#define TK_FACILITY_USERS_MAX INT64_C(1000000000)
#define TK_NETWORK_TEXT_MAX   256u        /* bytes of an id, a name, a kind, a source or an alarm key */
#define TK_TOPOLOGY_LINE_MAX  (1u << 20)  /* bytes; give it to tk_lines_new */
#define TK_ALARM_LINE_MAX     (16u << 10) /* bytes; give it to tk_lines_new */

/* Reads a topology, JSON Lines as in the contract of `tokatsu replay`. `name` (the file's) begins each
 * message. `services` lists the service ids that are allowed (`n_services` of them), NULL allows any
 * ≤ TK_SERVICES_MAX. The services of the topology are those that some facility has users of, in the order
 * of `services`, or of appearance. A topology is refused as a whole: *error names line and field, and for
 * a cycle its path. Borrows everything; one reference is the caller's. */
TkTopology *tk_topology_read(TkLines *lines, const char *name, const char *const *services, size_t n_services,
                             GError **error);

/* The same piece by piece, for topologies that are made rather than read. */
typedef struct TkTopologyBuilder TkTopologyBuilder;
typedef struct {
    const char *id;
    const char *kind;
    const char *name; /* NULL: none */
    int prefecture;   /* 1–47; 0: elsewhere or not known */
    double lat, lon;  /* NAN: not known */
} TkFacilityInput;
TkTopologyBuilder *tk_topology_builder_new(const char *const *services, size_t n_services);
void tk_topology_builder_free(TkTopologyBuilder *builder);
/* Begins a facility; its needs and users follow. `line` is told in messages. */
bool tk_topology_builder_add(TkTopologyBuilder *builder, const TkFacilityInput *facility, uint64_t line,
                             GError **error);
/* A need of the facility begun last: `at_least` of `n` members, that may be defined later. */
bool tk_topology_builder_need(TkTopologyBuilder *builder, const char *const *ids, size_t n, int64_t at_least,
                              GError **error);
bool tk_topology_builder_users(TkTopologyBuilder *builder, const char *service, int64_t users,
                               GError **error);
/* Checks the whole and lays it out; the builder is freed either way. One without facilities is a topology
 * too: that of a carrier that has not given its network yet. */
TkTopology *tk_topology_builder_finish(TkTopologyBuilder *builder, GError **error);

TkTopology *tk_topology_ref(TkTopology *topology);
void tk_topology_unref(TkTopology *topology);

typedef struct {
    const char *id;   /* owned by the topology, as are all texts here */
    const char *name; /* "" when it has none */
    const char *kind;
    int prefecture;  /* 1–47, 0 elsewhere */
    double lat, lon; /* NAN: not known */
    uint32_t needs;  /* how many */
    bool has_users;
} TkFacility;
typedef struct {
    uint32_t at_least;
    uint32_t n;
    const TkFacilityIx *members; /* owned by the topology */
} TkNeed;

uint32_t tk_topology_size(const TkTopology *topology);
/* TK_NO_FACILITY when there is none. */
TkFacilityIx tk_topology_find(const TkTopology *topology, const char *id, size_t len);
const char *tk_topology_id(const TkTopology *topology, TkFacilityIx facility);
TkFacility tk_topology_facility(const TkTopology *topology, TkFacilityIx facility);
TkNeed tk_topology_need(const TkTopology *topology, TkFacilityIx facility, uint32_t need);
int64_t tk_topology_users(const TkTopology *topology, TkFacilityIx facility, uint32_t service);
uint32_t tk_topology_services(const TkTopology *topology); /* how many */
const char *tk_topology_service(const TkTopology *topology, uint32_t service);
/* -1 when the topology has no such service. */
int tk_topology_service_find(const TkTopology *topology, const char *service);
/* Users of a service in a prefecture (0: elsewhere). */
int64_t tk_topology_users_in(const TkTopology *topology, int prefecture, uint32_t service);
/* Facilities whose prefecture was given as a text that is none of the 47; they count as elsewhere. */
uint32_t tk_topology_unplaced(const TkTopology *topology);
/* Bytes the topology takes. */
size_t tk_topology_bytes(const TkTopology *topology);

/* ---- Counts --------------------------------------------------------------------------------------- */

typedef struct {
    uint32_t down;                                            /* facilities */
    uint32_t down_in[TK_PREFECTURES + 1];                     /* by prefecture number, 0 elsewhere */
    int64_t affected[TK_SERVICES_MAX];                        /* users */
    int64_t affected_in[TK_PREFECTURES + 1][TK_SERVICES_MAX]; /* users by prefecture number */
} TkNetworkCounts;

/* ---- Alarms --------------------------------------------------------------------------------------- */

typedef enum {
    TK_SEVERITY_CRITICAL,
    TK_SEVERITY_MAJOR,
    TK_SEVERITY_MINOR,
    TK_SEVERITY_WARNING,
    TK_SEVERITY_INDETERMINATE,
    TK_SEVERITY_CLEARED,
} TkSeverity;
const char *tk_severity_text(TkSeverity severity);

typedef struct {
    int64_t at_us;                     /* event time */
    const char *source, *key, *object; /* not NUL-terminated */
    size_t source_len, key_len, object_len;
    TkSeverity severity;
    bool service_affecting;                /* false where severity is cleared and the line does not say */
    char scratch[3 * TK_NETWORK_TEXT_MAX]; /* texts that had escapes live here */
} TkAlarm;

/* Reads one alarm line. The texts point into `line` or into the alarm itself (so an alarm is not copied);
 * they live as long as both. *error names the field; the caller adds the line number. Unknown fields are
 * passed over. */
bool tk_alarm_parse(const char *line, size_t len, TkAlarm *alarm, GError **error);

/* ---- Accidents ------------------------------------------------------------------------------------ */

/* An accident here is what the network shows of one; whether it is one of the law (事故) is for others to
 * say.
 *
 * The roots of a facility f that is down: f itself where it has an active service-affecting alarm and all
 * its needs are met; else the roots of the down members of its unmet needs. An accident begins when a
 * facility with users goes down. What goes down later joins the open accident that shares a root with it
 * (several such merge into the earliest), and brings its roots along as causes. It ends when all its
 * members are up again, and is never reopened. */

typedef struct {
    int64_t at_us;
    int64_t ever;       /* users affected at some time until then, each once */
    int64_t concurrent; /* users affected from then on */
} TkImpactStep;

typedef struct {
    uint32_t service;
    int64_t first_at_us;     /* when its first user was affected */
    int64_t recovered_at_us; /* when the last was back; TK_TIME_NONE while some are affected */
    int64_t concurrent;      /* users affected now */
    int64_t peak;            /* most at one time */
    int64_t ever;            /* each leaf's users once: the conservative count */
    int64_t at_least;        /* users of leaves down for at_least_us or longer, their outages added up */
    int64_t under_failed; /* users of all leaves that depend through any need on a cause, protected or not */
    double user_minutes;  /* concurrent × time, until recovered or `as_of_us` */
    const TkImpactStep *steps; /* in order of time; the first at first_at_us */
    uint32_t n_steps;
} TkServiceImpact;

typedef struct TkAccident TkAccident; /* a picture of one accident: immutable, reference counted */
struct TkAccident {
    int64_t started_at_us;
    int64_t ended_at_us; /* TK_TIME_NONE while open */
    int64_t as_of_us;    /* an open accident is counted until then */
    int64_t at_least_us;
    TkFacilityIx trigger; /* what began it: (started_at_us, trigger) names an accident for good, unless an
                             event that arrives late changes its beginning */
    const TkFacilityIx *causes; /* ascending by id */
    uint32_t n_causes;
    uint32_t members_down; /* facilities with users that are down now */
    uint32_t members_ever;
    uint64_t prefectures;            /* bit p: has members in prefecture p */
    const TkServiceImpact *services; /* those that had users affected, by service number */
    uint32_t n_services;
};
TkAccident *tk_accident_ref(const TkAccident *accident);
void tk_accident_unref(TkAccident *accident);

typedef enum {
    TK_COUNT_EVER,
    TK_COUNT_UNDER_FAILED, /* the same number from the beginning on */
} TkCountRule;

/* The first instant at which the service had been affected for `duration_us` and the count had reached
 * `users`: the earliest t ≥ first_at_us + duration_us with count(t) ≥ users while the service is affected.
 * Recovered exactly at the boundary counts as met. A pause inside the accident does not reset the start.
 * While the service is affected the instant may lie in the future. TK_TIME_NONE: not met. */
int64_t tk_impact_first_met(const TkServiceImpact *impact, TkCountRule rule, int64_t duration_us,
                            int64_t users);

/* ---- Engine --------------------------------------------------------------------------------------- */

typedef struct TkEngine TkEngine; /* one thread at a time; no locks inside */
typedef struct TkSnapshot TkSnapshot;

typedef struct {
    bool accidents;         /* keep the timeline of accidents */
    uint32_t history_max;   /* events kept to fold again when one comes late; 0: events must come in order of
                               time for the accidents to be right (the counts are right in any order) */
    uint32_t ended_max;     /* ended accidents kept; the oldest are forgotten beyond, and counted */
    uint32_t alarms_max;    /* different (source, key) known at a time; ≤ 4,000,000 */
    int64_t at_least_us;    /* the T of “down at least T” */
    uint32_t open_list_max; /* open accidents that a snapshot shows; those with most members first */
    uint32_t down_list_max; /* facilities that a snapshot lists one by one */
} TkEngineOptions;

/* accidents, 1,000,000 events of history, 10,000 ended accidents, 2,000,000 alarms, 30 minutes, 10,000
 * listed. */
TkEngineOptions tk_engine_defaults(void);

/* Takes its own reference to the topology. options NULL: defaults. */
TkEngine *tk_engine_new(TkTopology *topology, const TkEngineOptions *options);
void tk_engine_free(TkEngine *engine);

/* Applies one alarm. False and *error when it is refused: unknown object (TK_ERROR_NOT_FOUND), older than
 * the history that is kept (TK_ERROR_CONFLICT), too many alarms (TK_ERROR_LIMIT). Refusals are counted in
 * the snapshot; the engine goes on. */
bool tk_engine_apply(TkEngine *engine, const TkAlarm *alarm, GError **error);

/* The same with names resolved once, for sources that keep the number. A handle stays good for the life of
 * the engine. UINT32_MAX and *error where the table is full. */
uint32_t tk_engine_alarm(TkEngine *engine, const char *source, size_t source_len, const char *key,
                         size_t key_len, GError **error);
typedef enum {
    TK_APPLIED,
    TK_APPLIED_LATE, /* taken; the past changed, and accidents are folded again at the next publishing */
    TK_REFUSED_OBJECT,
    TK_REFUSED_TOO_LATE,
} TkApplied;
TkApplied tk_engine_apply_event(TkEngine *engine, uint32_t alarm, TkFacilityIx object, TkSeverity severity,
                                bool service_affecting, int64_t at_us);

/* Many at once, in turn, just as tk_engine_apply_event would take each; refused ones are counted in the
 * snapshot. Knowing what comes next it can fetch memory ahead, so a storm is best fed in blocks of some
 * hundred. Returns how many were taken. */
typedef struct {
    int64_t at_us;
    uint32_t alarm;
    TkFacilityIx object;
    TkSeverity severity;
    bool service_affecting;
} TkAlarmEvent;
uint32_t tk_engine_apply_events(TkEngine *engine, const TkAlarmEvent *events, uint32_t n);

/* A source whose heartbeat stopped: what it named stays as it was last seen, and is listed as unknown,
 * never as recovered, until the source is alive again. */
void tk_engine_source_lost(TkEngine *engine, const char *source, int64_t since_us);
void tk_engine_source_alive(TkEngine *engine, const char *source);

/* The counts kept step by step. */
void tk_engine_counts(const TkEngine *engine, TkNetworkCounts *counts);
/* The same counted afresh from the active alarms. */
void tk_engine_recount(TkEngine *engine, TkNetworkCounts *counts);
/* Compares the two, facility by facility: rule 2 of the house. False is a defect (TK_ERROR_INTERNAL). */
bool tk_engine_check(TkEngine *engine, GError **error);
bool tk_engine_is_down(const TkEngine *engine, TkFacilityIx facility);

/* What would be: the counts if the facilities of `fail` failed too, and those of `restore` had no alarms.
 * The live state is not touched. */
void tk_engine_what_if(TkEngine *engine, const TkFacilityIx *fail, size_t n_fail, const TkFacilityIx *restore,
                       size_t n_restore, TkNetworkCounts *counts);

/* Why a facility is as it is. */
typedef struct {
    bool down;
    bool unknown;    /* a source that named it is lost */
    uint32_t alarms; /* active and service-affecting */
    uint32_t unmet_needs;
    int64_t under[TK_SERVICES_MAX]; /* users of all that depends on it through any need, itself included */
} TkFacilityState;
TkFacilityState tk_engine_facility(TkEngine *engine, TkFacilityIx facility);

/* All accidents in order of beginning, as of `as_of_us`, each an element of the array with its own
 * reference (g_ptr_array_unref releases). */
GPtrArray *tk_engine_accidents(TkEngine *engine, int64_t as_of_us);

/* ---- Snapshot ------------------------------------------------------------------------------------- */

typedef struct {
    const char *source;
    int64_t since_us;
    uint32_t facilities; /* that it has named */
} TkLostSource;

struct TkSnapshot {
    uint64_t seq; /* grows by one with each publishing */
    int64_t as_of_us;
    int64_t last_event_us; /* TK_TIME_NONE: none yet */
    TkTopology *topology;
    uint32_t alarms; /* active, service-affecting or not */
    uint64_t events, late, refused_object, refused_too_late, forgotten_accidents;
    TkNetworkCounts counts;
    const TkFacilityIx *down; /* needs before dependents, at most down_list_max of counts.down */
    uint32_t n_down;
    const uint64_t *alarmed;     /* every facility with an active service-affecting alarm: see tk_bit */
    const uint64_t *failed;      /* every facility that is down, in the same way */
    const TkFacilityIx *unknown; /* up as far as known, named by a lost source; at most down_list_max */
    uint32_t n_unknown, unknown_total;
    const TkLostSource *lost_sources;
    uint32_t n_lost_sources;
    TkAccident *const *accidents; /* open ones first, then ended; each in order of beginning */
    uint32_t n_accidents, n_open, open_total;
    bool sound; /* every fold of the past has ended in the present; false is a defect of ours */
};

/* Folds what came late, makes a new snapshot and hands it to readers. Called by the writer. The reference
 * is the caller's. */
TkSnapshot *tk_engine_publish(TkEngine *engine, int64_t as_of_us);
/* The snapshot published last, NULL before the first; any thread, never waits for the writer's work. The
 * reference is the caller's. */
TkSnapshot *tk_engine_snapshot(TkEngine *engine);
TkSnapshot *tk_snapshot_ref(TkSnapshot *snapshot);
void tk_snapshot_unref(TkSnapshot *snapshot);

/* Sets of facilities: facility f is bit f % 64 of word f / 64. */
static inline bool tk_bit(const uint64_t *bits, TkFacilityIx facility)
{
    return (bits[facility / 64] >> facility % 64 & 1) != 0;
}

/* ---- What if -------------------------------------------------------------------------------------- */

/* The network as it would be. It reads a snapshot and nothing else, so that any thread may ask while the
 * writer goes on. */
typedef struct {
    TkNetworkCounts counts;
    uint64_t *alarmed, *failed; /* as in the snapshot */
    int64_t
        under[TK_SERVICES_MAX]; /* users of all that depends on `fail` through any need, protected or not */
} TkTrial;

/* The facilities of `fail` fail too, and those of `restore` have no alarms (one that is in both fails). */
TkTrial *tk_trial_new(const TkSnapshot *snapshot, const TkFacilityIx *fail, size_t n_fail,
                      const TkFacilityIx *restore, size_t n_restore);
void tk_trial_free(TkTrial *trial);

/* A facility that is down by what it needs hangs on the first down member of its first unmet need:
 * TK_NO_FACILITY where all its needs are met. *more (may be NULL): further down members of unmet needs. */
TkFacilityIx tk_topology_because(const TkTopology *topology, const uint64_t *failed, TkFacilityIx facility,
                                 uint32_t *more);

/* ---- What is down, as a tree ------------------------------------------------------------------------ */

/* Every facility that is down stands in it once: under the first down member of its first unmet need, or as
 * a root where all its needs are met (it then has an alarm of its own). One that has several causes hangs
 * under the first and says how many more there are. */
typedef struct {
    TkFacilityIx facility;
    bool alarmed;         /* has an alarm of its own */
    uint32_t more_causes; /* further down members of its unmet needs */
    uint32_t children;    /* directly under it */
    uint32_t below;       /* facilities in its subtree, itself included */
    const int64_t *users; /* of its subtree, by service number, each facility's once; owned by the tree */
} TkDownNode;
typedef struct TkDownTree TkDownTree; /* immutable, reference counted; holds its topology */

/* Of a snapshot's or a trial's `failed` and `alarmed`. */
TkDownTree *tk_down_tree_new(TkTopology *topology, const uint64_t *failed, const uint64_t *alarmed);
TkDownTree *tk_down_tree_ref(TkDownTree *tree);
void tk_down_tree_unref(TkDownTree *tree);
uint32_t tk_down_tree_size(const TkDownTree *tree);
/* How many hang directly under `facility` (TK_NO_FACILITY: roots); 0 also where it is up. */
uint32_t tk_down_tree_children(const TkDownTree *tree, TkFacilityIx facility);
/* The one at `place` of them: those with most users of one service in their subtree first, then the larger
 * subtrees, then by order of the topology. */
TkDownNode tk_down_tree_child(const TkDownTree *tree, TkFacilityIx facility, uint32_t place);

/* ---- A synthetic carrier -------------------------------------------------------------------------- */

typedef struct {
    uint64_t seed;
    uint32_t cores, aggregations, buildings, stations, cells;
    int64_t users;               /* subscribers; spread over the cells */
    const char *const *services; /* ≤ TK_SERVICES_MAX; the first has all users, the others a share */
    size_t n_services;
} TkSyntheticParams;

/* 40 core, 400 aggregation, 7,000 buildings, 120,000 base stations, 500,000 cells, 100 million users. */
TkSyntheticParams tk_network_synthetic_nation(void);
/* Generates a carrier that does not exist: the same parameters give the same carrier. Every id begins
 * with "syn-"; places are around the prefectural capitals, in proportion to population. */
TkTopology *tk_network_synthetic(const TkSyntheticParams *params, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkTopology, tk_topology_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkTopologyBuilder, tk_topology_builder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkAccident, tk_accident_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkEngine, tk_engine_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkSnapshot, tk_snapshot_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkTrial, tk_trial_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkDownTree, tk_down_tree_unref)

#endif

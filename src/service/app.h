/* The inside of the service: what one running system consists of, and which lock guards what.
 *
 *     alarms ─► queue ─► live step ─► store (durable) ─► engine ─► follow ─► incidents ─► board ─► listeners
 *                        (one thread)                              │
 *     people ─► act ── change lock ── store ── publish ────────────┘
 *
 * Locks, in the order in which they may be nested:
 *   step_lock    one live step at a time; the engine and demo warm-up live under it
 *   change_lock  one change of incidents at a time: from reading the record to publishing the next version,
 *                the commit included. Readers never take it
 *   table_lock   the tables' pointers; held for moments, never during I/O or rendering
 *   queue_lock, board_lock, live_lock, listeners_lock: leaves, each for the fields beside it */
#ifndef TK_SERVICE_APP_H
#define TK_SERVICE_APP_H

#include "service/service.h"

#include "law/law.h"
#include "network/network.h"
#include "report/report.h"
#include "service/collector.h"
#include "service/incident.h"
#include "service/sealer.h"
#include "store/store.h"

#define TK_KIND_ACCIDENT  "accident"
#define TK_KIND_NEAR_MISS "near-miss"
#define TK_KIND_LEAK      "leak"
#define TK_KIND_PERIODIC  "periodic"
#define TK_KIND_TOPOLOGY  "topology"

#define TK_AT_LEAST_US                                                                                       \
    (INT64_C(3600) * TK_US_PER_S) /* the T of “down at least T”: the shortest threshold                  \
                                   */
#define TK_CASE_DUES_MAX  10000   /* open deadlines of near misses and leaks on the board */
#define TK_QUEUE_MAX      256     /* batches of alarms waiting */
#define TK_BOARD_US       (500 * 1000)
#define TK_SERIES_STEPS   240
#define TK_SERIES_STEP_US (30 * TK_US_PER_S)

typedef struct TkDemo TkDemo;
typedef struct TkBoardMade TkBoardMade;
typedef struct TkNotifier TkNotifier;

/* The network's accidents of one publishing, found by their lasting name. Immutable, shared. */
typedef struct {
    gatomicrefcount refs;
    TkSnapshot *snapshot;
    GHashTable *by_key; /* "2026-04-01T09:00:00+09:00|trigger" → const TkAccident * of the snapshot */
} TkLiveMap;

/* Users affected by service over the last two hours, a ring the board reads. Guarded by step_lock. */
typedef struct {
    int64_t first_at_us; /* time of the oldest step; TK_TIME_NONE: empty */
    unsigned count;
    int64_t users[TK_SERIES_STEPS][TK_SERVICES_MAX];
} TkSeries;

typedef struct {
    unsigned handle;
    TkBoardListener fn;
    void *user;
} TkListener;

struct TkApp {
    /* set while starting, fixed afterwards */
    char *carrier_ja, *carrier_en;
    bool demo_mode, synthetic, stepped;
    bool sign_in;   /* people have accounts; else everybody is the local operator */
    bool boardless; /* the past is being played: nobody looks, no board is built */
    double speed;
    TkNowFn clock;
    void *clock_data;
    TkLaw *law;
    TkForms *forms;
    TkStore *store;
    TkAuth *auth;
    TkLdap *ldap; /* the directory; NULL: none */
    TkOidc *oidc; /* single sign-on; NULL: none */
    TkRegisters *registers;
    json_t *system; /* tk_system_of */
    TkJobs *jobs;
    TkSoftware *software;
    TkControls *controls; /* frameworks, answers and checks as last computed */
    TkTopology *topology;
    char *temp_dir;                           /* removed at the end; NULL: the data are kept */
    char *data_dir, *database_url, *tls_cert; /* as started with; what the automatic checks look at */
    GThread *thread;
    bool publish_ledger, witness;
    TkSigningKeys cosigning; /* what we cosign the checkpoints of others with */
    TkCollector *collector;  /* NULL: nobody is asked to cosign */
    TkSealer *sealer;        /* NULL: nothing signs the ledger */
    TkDemo *demo;
    TkNotifier *notifier; /* NULL: nobody is reminded */

    GRecMutex step_lock;
    TkEngine *engine;
    TkSeries series;
    int64_t board_built_us; /* by the monotonic clock */

    GMutex witness_lock;  /* one cosignature at a time: from reading what was cosigned to keeping the next */
    GMutex people_lock;   /* one change of who may manage accounts at a time */
    GMutex sso_lock;      /* a leaf, for: */
    GHashTable *sso_used; /* state → int64_t *: until when a callback could come again */
    GMutex refusals_lock; /* a leaf, for: */
    GHashTable *refusals; /* "account act" → int64_t *: when its last refusal was kept */

    GMutex change_lock;
    GHashTable *by_source;   /* network accident's key → incident id; under change_lock */
    GHashTable *last_number; /* year (of drills: −year) → last number given out; under change_lock */
    GHashTable *seen; /* key → fingerprint of an ended accident as last followed; under change_lock */

    GMutex table_lock;
    GHashTable *incidents; /* id → TkIncident */

    GMutex case_lock;  /* a leaf, for: */
    GArray *case_dues; /* open deadlines of near misses and leaks */

    GMutex live_lock;
    TkLiveMap *live;

    GMutex tree_lock; /* a leaf but for the building of: */
    TkDownTree *tree; /* of the snapshot with this number; made when somebody asks */
    uint64_t tree_seq;

    GMutex queue_lock;
    GCond queue_cond; /* something was queued, or `stopping` */
    GCond done_cond;  /* a batch was answered */
    GQueue queue;     /* of TkBatch, borrowed from the waiting caller */
    bool stopping;

    TkBoardMade *board_made; /* the last one; under step_lock */

    GMutex board_lock;
    GBytes *board;
    uint64_t board_seq;

    GRecMutex listeners_lock; /* held while they are told, so that unlisten waits */
    GArray *listeners;
    unsigned next_listener;
};

/* ---- live.c ---- */

/* What the live thread does once: takes what is queued, makes it durable, applies it, follows, builds the
 * board where it is due (or `force`). */
void tk_live_step(TkApp *app, bool force);
/* Reads the stored alarms into the engine, in their order. */
bool tk_live_replay(TkApp *app, GError **error);
/* The map of the last publishing; a reference for the caller, NULL before the first. */
TkLiveMap *tk_live_map(TkApp *app);
TkLiveMap *tk_live_map_new(TkSnapshot *snapshot);
void tk_live_map_unref(TkLiveMap *map);
/* The accident's lasting name; the caller frees it. */
char *tk_live_key(const TkTopology *topology, const TkAccident *accident);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkLiveMap, tk_live_map_unref)

/* ---- follow.c ---- */

/* Brings the records up to what the network shows, with a history entry for each change, in one write. */
bool tk_follow(TkApp *app, TkLiveMap *map, int64_t now_us, GError **error);

/* A pass over the network's accidents, or one change by a person: records being changed, each once. */
typedef struct {
    TkApp *app;
    TkLiveMap *map;
    int64_t now_us;
    const char *who;
    TkWrite *write;
    GPtrArray *changed; /* of TkIncident, references */
    GHashTable *by_id;  /* id → the same, borrowed */
    unsigned fresh;     /* ids given out in this change */
} TkChange;

void tk_change_begin(TkChange *change, TkApp *app, TkLiveMap *map, const char *who, int64_t now_us);
/* The copy of a record that this change works on, its version raised by one; borrowed. */
TkIncident *tk_change_of(TkChange *change, TkIncident *incident);
/* That copy if there is one already, else NULL; borrowed. */
TkIncident *tk_change_find(TkChange *change, const char *id);
/* A new record of this change; borrowed. */
TkIncident *tk_change_new(TkChange *change, int64_t started_at, bool drill);
/* The history entry and the operation in the write's name for it. */
void tk_change_note(TkChange *change, TkIncident *incident, const char *action, const char *ja,
                    const char *en);
/* Puts all, commits, publishes; clears the change either way. True also when nothing had changed. */
bool tk_change_end(TkChange *change, GError **error);
void tk_change_clear(TkChange *change);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkChange, tk_change_clear)

/* ---- follow_correct.c ---- */

/* A record's source that the network no longer shows: late alarms changed what happened. */
void tk_follow_vanished(TkChange *change);
/* Numbers of a recovered record that late alarms changed. */
void tk_follow_correct(TkChange *change, TkIncident *incident);
/* The record with the network's numbers written into it; a reference of the caller's. */
TkIncident *tk_follow_frozen(TkApp *app, TkIncident *incident, TkLiveMap *map, int64_t now_us);
/* Writes into history and timeline when the accident's class has changed. `final`: after recovery. */
void tk_follow_classify(TkChange *change, TkIncident *incident, bool final);

/* ---- drill.c ---- */

/* What nobody but the clock moves on: records opened by hand that still run are judged as time goes by, and a
 * scripted drill (訓練) recovers when its script says so. */
void tk_follow_by_hand(TkChange *change);

/* ---- what_if.c ---- */

/* A change of the network that is only thought of. */
typedef struct {
    GArray *fail, *restore; /* of TkFacilityIx; owned */
    int64_t started_at;
    int64_t until;  /* TK_TIME_NONE: it goes on */
    TkTrial *trial; /* owned */
} TkWhatIf;

/* Reads {"fail":[id…],"restore"?,"started_at"?,"duration_minutes"?} and thinks it through. */
bool tk_what_if(TkApp *app, TkLiveMap *map, const json_t *request, int64_t now_us, TkWhatIf *out,
                GError **error);
void tk_what_if_clear(TkWhatIf *what_if);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkWhatIf, tk_what_if_clear)
/* Writes into a fresh record what would come of it: services with users, causes, prefectures, texts. */
void tk_what_if_fill(const TkApp *app, const TkLiveMap *map, const TkWhatIf *what_if, TkIncident *incident);

/* ---- incidents.c: the table ---- */

TkIncident *tk_incidents_get(TkApp *app, const char *id, GError **error);
/* All that happened, newest first; elements are references. Drills are not among them: whoever makes lists,
 * statistics or reports calls this one. */
GPtrArray *tk_incidents_all(TkApp *app);
/* The same with the drills, which the caller has to mark. */
GPtrArray *tk_incidents_with_drills(TkApp *app);
/* Makes the next version visible. change_lock is held. */
void tk_incidents_publish(TkApp *app, TkIncident *incident);
/* An id that is not used yet, of the year of `started_at`, A2026-0001 or, for a drill, D2026-0001 (so that a
 * drill takes no number of an accident); `pending` counts new ones of the same change. change_lock is held.
 */
void tk_incidents_next_id(TkApp *app, int64_t started_at, bool drill, unsigned pending,
                          char id[TK_INCIDENT_ID_MAX]);
bool tk_incidents_load(TkApp *app, GError **error);
/* Builds by_source anew from the records, after a change that failed. change_lock is held. */
void tk_incidents_reindex(TkApp *app);

/* ---- join.c: live numbers into a record ---- */

/* A copy of the record with the network's present numbers where it is live; else a reference. */
TkIncident *tk_incident_joined(TkApp *app, TkIncident *incident, TkLiveMap *map);
/* The count that is put before the law where nobody has chosen one. */
TkChosen tk_chosen_default(const TkApp *app, const char *service);
/* {"id","name","kind","prefecture"?}; new reference. */
json_t *tk_facility_json(const TkTopology *topology, TkFacilityIx facility);
/* The "equipment" of the law that these causes are: radio-base-station or other. Static. */
const char *tk_equipment_of(const TkTopology *topology, const TkFacilityIx *causes, size_t count);
/* Takes the numbers of `accident` into the record's services, adding to what is there. */
void tk_incident_add_live(const TkApp *app, TkIncident *incident, const TkAccident *accident);

/* ---- verdict.c: the law's answer for one service of a record ---- */

typedef struct {
    TkVerdict verdict;
    TkForecast forecast;
    bool known; /* false: `why` says why the law gives no answer */
    char *why;
    int64_t users;
    int64_t serious_at_us; /* became, or at the present count becomes; TK_TIME_NONE: not at this count */
} TkServiceVerdict;

void tk_service_verdict_clear(TkServiceVerdict *verdict);
void tk_incident_judge(const TkApp *app, const TkIncident *incident, const TkIncidentService *service,
                       TkLiveMap *map, int64_t now_us, TkServiceVerdict *out);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkServiceVerdict, tk_service_verdict_clear)

/* The whole accident: its worst service. */
typedef struct {
    TkServiceVerdict services[TK_INCIDENT_SERVICES_MAX];
    size_t count;
    int worst;             /* index; -1: no service */
    int64_t serious_at_us; /* earliest over the services */
} TkIncidentVerdict;

TkIncidentVerdict *tk_incident_verdict(TkApp *app, const TkIncident *incident, TkLiveMap *map,
                                       int64_t now_us);
void tk_incident_verdict_free(TkIncidentVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkIncidentVerdict, tk_incident_verdict_free)
TkOutcome tk_incident_outcome(const TkIncidentVerdict *verdict);
/* Larger is worse. */
int tk_outcome_rank(TkOutcome outcome);
/* 重大な事故 · serious accident; as in the reports. */
TkText tk_outcome_words(TkOutcome outcome);
/* 延べ · ever affected … */
TkText tk_chosen_words(TkChosen chosen);
/* A service's name by the law; the id itself where the law has none. */
TkText tk_app_service_name(const TkApp *app, const char *service);

/* ---- deadlines.c ---- */

/* Deadlines of one accident as on the board, soonest first; new reference. */
json_t *tk_deadlines(const TkApp *app, const TkIncident *incident, const TkIncidentVerdict *verdict,
                     int64_t now_us);

/* One deadline as on the board, of an accident or of a case (the other is NULL); `met` is the time it was met
 * at, NULL while it is open. New reference. */
json_t *tk_deadline_view(const TkApp *app, const char *accident, const char *of_case, const TkReportDue *due,
                         const json_t *met, int64_t now_us);

/* ---- periodic.c ---- */

/* Accidents that began from the first to the last day, whole as in docs/api.md, without those that were
 * merged into others; new reference. */
json_t *tk_accidents_between(TkApp *app, TkDate from, TkDate to);

/* ---- case_reports.c ---- */

/* Appends the open deadlines of near misses and leaks. Reads memory only. */
void tk_cases_open_deadlines(TkApp *app, int64_t now_us, json_t *out);
bool tk_cases_load(TkApp *app, GError **error);

/* ---- incident_json.c ---- */

/* docs/api.md, Accident; new reference. `incident` as tk_incident_joined gives it. */
json_t *tk_incident_view(TkApp *app, const TkIncident *incident, TkLiveMap *map, int64_t now_us, bool whole);
GBytes *tk_json_bytes(const json_t *value);

/* ---- board.c ---- */

/* A board as it was made, with what is needed to say how the next one differs. */
typedef enum {
    TK_BOARD_HEAD, /* seq to law */
    TK_BOARD_NETWORK,
    TK_BOARD_SERVICES,
    TK_BOARD_PREFECTURES,
    TK_BOARD_ACCIDENTS,
    TK_BOARD_DEADLINES,
    TK_BOARD_SERIES,
    TK_BOARD_PARTS,
} TkBoardPart;

struct TkBoardMade {
    uint64_t seq;
    GBytes *bytes;                   /* the document, UTF-8 JSON */
    size_t part[TK_BOARD_PARTS + 1]; /* where each part begins, its comma included; the last is the end */
    size_t prefecture[TK_PREFECTURES + 1]; /* the same for each of the list */
    GPtrArray *accidents;                  /* json_t views in the order of the board, references */
    int64_t series_from_us;
    unsigned series_count;
};

TkBoardMade *tk_board_build(TkApp *app, TkLiveMap *map, uint64_t seq, int64_t now_us);
void tk_board_made_free(TkBoardMade *made);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkBoardMade, tk_board_made_free)

/* ---- board_change.c ---- */

/* What changed from one board to the next, as docs/api.md has it; NULL where saying so is no shorter than the
 * board itself. `series` is the one that `after` was made from. */
GBytes *tk_board_change(const TkTopology *topology, const TkSeries *series, const TkBoardMade *before,
                        const TkBoardMade *after);
void tk_series_add(TkSeries *series, const TkSnapshot *snapshot, int64_t now_us);

/* ---- texts.c ---- */

/* Title, place and summary the engine proposes while nobody has edited them. */
void tk_incident_propose(const TkApp *app, TkIncident *incident);

/* ---- app.c ---- */

int64_t tk_app_now(const TkApp *app);

#endif

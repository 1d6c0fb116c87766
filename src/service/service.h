/* service: the use cases. Every one has the same shape — may this person? → begin → think → save →
 * ledger event → commit → tell listeners — and gives back the JSON that docs/api.md fixes, so that the
 * web server and the command line are thin and cannot differ.
 *
 * Threads. One thread ("live") owns the network state: alarms are queued to it, made durable, applied and
 * only then acknowledged. Everything else may be called from any thread at any time. Accident records are
 * immutable once published (a change is a new copy), so reading never waits for writing.
 *
 * Results are GBytes of UTF-8 JSON unless said otherwise; the caller releases them with g_bytes_unref.
 * NULL means that *error is set; its code says which HTTP status it stands for (base/error.h).
 * A `request` is the parsed body of the HTTP request, borrowed; what it may hold is in docs/api.md. */
#ifndef TK_SERVICE_H
#define TK_SERVICE_H

#include "base/base.h"

#include "service/assets.h"
#include "service/ledger.h"
#include "service/once.h"
#include "service/page.h"
#include "service/passkeys.h"
#include "service/people.h"
#include "service/sso.h"

typedef struct TkApp TkApp;

/* ---- who asks ---- */

typedef enum {
    TK_ROLE_NONE,            /* known person without a role: may nothing */
    TK_ROLE_ADMINISTRATOR,   /* accounts and settings; everything operational too */
    TK_ROLE_GENERAL_MANAGER, /* 電気通信設備統括管理者 */
    TK_ROLE_CHIEF_ENGINEER,  /* 電気通信主任技術者 */
    TK_ROLE_COMPLIANCE,
    TK_ROLE_NOC_OPERATOR,
    TK_ROLE_ENGINEER,
    TK_ROLE_AUDITOR, /* reads everything, writes nothing */
    TK_ROLE_CONTRACTOR,
    TK_ROLE_ALARM_SOURCE, /* a machine that sends alarms and may do nothing else */
} TkRole;

typedef enum {
    TK_MAY_READ,             /* board, accidents, reports, law */
    TK_MAY_SEND_ALARMS,      /* alarm intake */
    TK_MAY_HANDLE_ACCIDENT,  /* open, confirm, recover, merge, split, estimate, edit, undo */
    TK_MAY_CLOSE_ACCIDENT,   /* close, reopen */
    TK_MAY_FREEZE_REPORT,    /* freeze a version of a report */
    TK_MAY_SEE_ACCOUNTS,     /* who has which role */
    TK_MAY_MANAGE_ACCOUNTS,  /* add, change and shut accounts */
    TK_MAY_MANAGE_WITNESSES, /* whose logs we cosign, and whom we ask to cosign ours */
    TK_MAY_READ_REGISTERS,   /* as far as each register's file says; a contractor what is assigned to it */
    TK_MAY_RUN_PROGRAM,      /* the governance programme: inspections, what is published */
    TK_MAY_LAST = TK_MAY_RUN_PROGRAM,
} TkMay;

struct TkActor {
    const char *id; /* who, as it stands in the history and the ledger; borrowed for the call */
    TkRole role;
};

/* True where the role may; TK_ERROR_FORBIDDEN with a sentence naming role and act otherwise. Every use
 * case below calls it first. */
bool tk_service_may(const TkActor *actor, TkMay act, GError **error);
/* "administrator", "noc-operator" …; TK_ROLE_NONE for a name that is none. */
const char *tk_role_name(TkRole role);
TkRole tk_role_of_name(const char *name);
/* "read", "send-alarms" …, as GET /api/v1/session lists them. */
const char *tk_may_name(TkMay act);

/* ---- life ---- */

/* Microseconds since 1970, never going back. Called from every thread. */
typedef int64_t (*TkNowFn)(void *data);

typedef struct {
    const char *carrier_ja;    /* shown on the board and in reports; NULL: 事業者名未設定 */
    const char *carrier_en;    /* NULL: "carrier not named" */
    const char *data_dir;      /* made where it does not exist; NULL: a temporary folder, gone at the end */
    const char *database_url;  /* postgresql://…; NULL: SQLite in data_dir */
    const char *topology_path; /* topology lines (contracts: replay); NULL: the stored copy, else empty */
    const char *law_dir;       /* NULL: the law built into the program */
    const char *registers_dir; /* NULL: TOKATSU_REGISTERS_DIR, else the registers built in */
    const char *ldap_path;     /* the directory: its configuration; NULL: none */
    const char *oidc_path;     /* single sign-on: its configuration (docs/operating.md); NULL: none */
    const char *tls_cert_path; /* the server's own certificate, for the automatic checks; NULL: none */
    int session_idle_min;      /* minutes a session may be unused; 0: 30 */
    bool sign_in;              /* people have accounts; false: everybody is the local operator */
    bool publish_ledger;       /* everybody may read the log: checkpoint, tiles, entries */
    bool witness;              /* everybody may ask for a cosignature on a log that is trusted */
    bool demo;                 /* a synthetic carrier and its scripted day; refuses a topology_path */
    uint64_t demo_seed;        /* 0: 1 */
    double demo_speed;         /* demo seconds in a second; 0: 60 */
    TkNowFn clock;             /* NULL: the machine's clock (the demo makes its own from it) */
    void *clock_data;
    bool stepped; /* starts no threads: tk_service_step does their work; for tests and tools */
} TkServiceOptions;

/* Opens store, law and topology, replays the stored alarms so that the state is the one before the stop,
 * and starts the live thread. Names the file and line where something cannot be read. Everything in
 * `options` is copied. */
TkApp *tk_service_new(const TkServiceOptions *options, GError **error);
/* Stops the threads, finishes what is queued, closes the store. No call may be under way. */
void tk_service_free(TkApp *app);

/* Where `stepped`: takes what is queued, follows the network, and builds the board. */
void tk_service_step(TkApp *app);

/* The service's present instant (the demo's own in a demo). */
int64_t tk_service_now(TkApp *app);
/* {"status":"ok"|"degraded","version","ledger_size","store","seq"} */
GBytes *tk_service_health(TkApp *app);

/* ---- live board ---- */

/* The newest board (docs/api.md), built at most twice a second and shared by all readers: a reference to
 * bytes that stay as they are. *seq (may be NULL) grows with each. Never NULL, never blocks on I/O. */
GBytes *tk_service_board(TkApp *app, uint64_t *seq);

/* Called on the live thread after each new board; must return quickly and not call back into
 * tk_service_unlisten. `board` and `change` are borrowed for the call; `change` is what differs from the
 * board with the number before (docs/api.md), NULL where there was none or the board says it as shortly. */
typedef void (*TkBoardListener)(void *user, uint64_t seq, GBytes *board, GBytes *change);
/* A handle for unlisten; a board that exists already is not told again: read it with tk_service_board. */
unsigned tk_service_listen(TkApp *app, TkBoardListener listener, void *user);
/* After it returns the listener is not running and will not be called again. */
void tk_service_unlisten(TkApp *app, unsigned handle);

/* ---- alarms ---- */

#define TK_ALARMS_BYTES_MAX    (8u << 20) /* one call */
#define TK_ALARMS_REJECTED_MAX 1000u      /* told one by one; further ones are only counted */

/* Alarm lines (contracts: replay), JSON Lines. Returns when the good ones are durable and applied:
 * {"accepted":N,"rejected":[{"line","field"?,"message"}…],"rejected_total":N}. A bad line costs itself
 * only. Refuses a body over TK_ALARMS_BYTES_MAX (LIMIT) and a full queue (LIMIT: try again). */
GBytes *tk_service_alarms(TkApp *app, const TkActor *actor, const char *text, size_t len, GError **error);

/* ---- accidents ---- */

/* {"total","items":[accident…],"next":cursor|null} newest first. `state` NULL or one of the four; `drills`:
 * these alone instead of the accidents. An accident whose start is changed between two pages moves in the
 * list. */
GBytes *tk_service_accidents(TkApp *app, const TkActor *actor, const char *state, bool drills,
                             const TkPage *page, GError **error);
GBytes *tk_service_accident(TkApp *app, const TkActor *actor, const char *id, GError **error);
/* Opens one by hand. */
GBytes *tk_service_accident_open(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* {"action","version",…}: confirm, recover, close, reopen, merge, split, undo, estimate, choose, edit,
 * reported.
 * CONFLICT when the record has another version by now or its state forbids the action. */
GBytes *tk_service_accident_act(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                                GError **error);

/* The last write of an accident (report 0), or the one that froze a report, with the proof that it stands in
 * the log: a file that `tokatsu ledger check-proof` checks. NOT_FOUND until a
 * signed checkpoint covers it, half a second after the write. */
GBytes *tk_service_receipt(TkApp *app, const TkActor *actor, const char *id, unsigned report, GError **error);

/* ---- reports on an accident ---- */

/* The model as it stands, with what lint finds: {"kind","name","model","lint":[…]}. `kind`: initial,
 * detailed, periodic-detailed, periodic-simplified. */
GBytes *tk_service_report_draft(TkApp *app, const TkActor *actor, const char *id, const char *kind,
                                GError **error);
/* Freezes the next version. REFUSED when lint has errors, or warnings without "override"; then *findings
 * (may be NULL) is {"lint":[…]} for the answer's body. */
GBytes *tk_service_report_freeze(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                                 GBytes **findings, GError **error);

typedef struct {
    GBytes *bytes;            /* owned */
    const char *content_type; /* static */
    char *filename;           /* owned, ASCII */
} TkServiceFile;
void tk_service_file_clear(TkServiceFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkServiceFile, tk_service_file_clear)

/* The frozen file as it was stored; `format`: pdf, xlsx, csv, json. */
bool tk_service_report_file(TkApp *app, const TkActor *actor, const char *id, unsigned number,
                            const char *format, TkServiceFile *file, GError **error);
/* {"changes":[{"item","label","from","to"}…]} */
GBytes *tk_service_report_diff(TkApp *app, const TkActor *actor, const char *id, unsigned from, unsigned to,
                               GError **error);
/* Attaches a file to an accident, by the hash of its bytes; gives the accident. CONFLICT where it has these
 * bytes already, LIMIT past 200 files. The caller bounds `bytes`. */
GBytes *tk_service_evidence_add(TkApp *app, const TkActor *actor, const char *id, const char *name,
                                GBytes *bytes, GError **error);
/* Such a file's bytes. Its name is UTF-8. */
bool tk_service_evidence(TkApp *app, const TkActor *actor, const char *id, const char *hash,
                         TkServiceFile *file, GError **error);
/* The periodic list (報告規則7条の3) of accidents that began in from…to, form detailed or simplified. */
bool tk_service_periodic(TkApp *app, const TkActor *actor, TkDate from, TkDate to, const char *form,
                         const char *format, TkServiceFile *file, GError **error);
/* Freezes the next version of such a list: {"from","to","form","final"?,"override"?,"version"?}. The period
 * is a fiscal year or a quarter of one, INPUT otherwise. The deadlines of the accidents listed are met with
 * it. REFUSED as tk_service_report_freeze. */
GBytes *tk_service_periodic_freeze(TkApp *app, const TkActor *actor, const json_t *request, GBytes **findings,
                                   GError **error);
/* {"id","kind","from","to","version","reports":[…]}; no reports and version 0 where none was frozen. */
GBytes *tk_service_periodic_versions(TkApp *app, const TkActor *actor, TkDate from, TkDate to,
                                     const char *form, GError **error);
/* `id`: P2026-detailed, P2024Q3-simplified; otherwise as for an accident. */
bool tk_service_periodic_file(TkApp *app, const TkActor *actor, const char *id, unsigned number,
                              const char *format, TkServiceFile *file, GError **error);
/* The list as it stands, with what lint finds; as of an accident's report. */
GBytes *tk_service_periodic_draft(TkApp *app, const TkActor *actor, const char *id, GError **error);
GBytes *tk_service_periodic_diff(TkApp *app, const TkActor *actor, const char *id, unsigned from, unsigned to,
                                 GError **error);

/* ---- statistics, and the report for the board of directors ---- */

/* Tables of the accidents that began from the first to the last day (tk_report_tables), with "from", "to",
 * "synthetic" and "drills", the number of drills left out. TK_DATE_NONE: the last five fiscal years, this one
 * included. `by` NULL: all tables. */
GBytes *tk_service_statistics(TkApp *app, const TkActor *actor, TkDate from, TkDate to, const char *by,
                              GError **error);
/* One page on a period for those who answer for the company: docs/api.md, Board report. TK_DATE_NONE: the
 * present quarter of the fiscal year. What the role may not read is null. */
GBytes *tk_service_board_report(TkApp *app, const TkActor *actor, TkDate from, TkDate to, GError **error);
/* The same on paper, rendered as it stands. */
bool tk_service_board_report_file(TkApp *app, const TkActor *actor, TkDate from, TkDate to, bool wareki,
                                  TkServiceFile *file, GError **error);

/* ---- near misses (おそれ事態, 施行規則58条の2) and leaks (法28条1項2号イ・ロ) ---- */

/* `kind`: near-miss or leak. */
GBytes *tk_service_cases(TkApp *app, const TkActor *actor, const char *kind, const TkPage *page,
                         GError **error);
GBytes *tk_service_case(TkApp *app, const TkActor *actor, const char *id, GError **error);
GBytes *tk_service_case_open(TkApp *app, const TkActor *actor, const char *kind, const json_t *request,
                             GError **error);
/* {"version","fields":{…}} changes fields and judges again. */
GBytes *tk_service_case_edit(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                             GError **error);
/* {"action":"close|reopen|reported","version",…}. CONFLICT when the record has another version by now, its
 * state forbids the action, or it would be closed without a reason while a report is open. */
GBytes *tk_service_case_act(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                            GError **error);
/* Drafts and frozen versions of a case's reports: as for an accident. Kinds: near-miss-initial, -detailed;
 * leak-secrecy-initial, -detailed or leak-specified-initial, -detailed by what leaked. */
GBytes *tk_service_case_report_draft(TkApp *app, const TkActor *actor, const char *id, const char *kind,
                                     GError **error);
GBytes *tk_service_case_report_freeze(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                                      GBytes **findings, GError **error);
bool tk_service_case_report_file(TkApp *app, const TkActor *actor, const char *id, unsigned number,
                                 const char *format, TkServiceFile *file, GError **error);
GBytes *tk_service_case_report_diff(TkApp *app, const TkActor *actor, const char *id, unsigned from,
                                    unsigned to, GError **error);
/* Its report in `format`, rendered as it stands. */
bool tk_service_case_report(TkApp *app, const TkActor *actor, const char *id, const char *format,
                            TkServiceFile *file, GError **error);

/* ---- questions ---- */

/* What is in force on `date` (TK_DATE_NONE: today). */
GBytes *tk_service_law(TkApp *app, const TkActor *actor, TkDate date, GError **error);
GBytes *tk_service_law_article(TkApp *app, const TkActor *actor, const char *article, TkDate date,
                               GError **error);
/* What entered, left or changed between two days:
 * {"before","after","changes":[{"change":"entered|left|changed", "before":entry|null,"after":entry|null}…]},
 * entries whole. */
GBytes *tk_service_law_changes(TkApp *app, const TkActor *actor, TkDate before, TkDate after, GError **error);
/* What runs here: version, store, law and register files with their hashes, settings without secrets. `door`,
 * what the server knows of how it is reached, is taken. For administrators and auditors. */
GBytes *tk_service_system(TkApp *app, const TkActor *actor, json_t *door, GError **error);
/* One accident's facts, keys as the columns of `tokatsu judge` → the verdict as it prints it. */
GBytes *tk_service_judge(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* One facility: name, state, why (alarms, unmet needs), users under it. */
GBytes *tk_service_facility(TkApp *app, const TkActor *actor, const char *id, GError **error);

typedef struct {
    const char *search;     /* part of an id or a name, in any case; NULL: any, as with the next two */
    const char *kind;       /* exactly */
    const char *prefecture; /* code or name */
    unsigned limit, offset; /* at most TK_FACILITIES_PAGE_MAX at a time; limit 0: 50 */
} TkFacilityQuery;
#define TK_FACILITIES_PAGE_MAX 500u
/* {"total","items":[{"id","name","kind","prefecture"?,"down"}…],"kinds":[text…]} of the topology. */
GBytes *tk_service_facilities(TkApp *app, const TkActor *actor, const TkFacilityQuery *query, GError **error);

/* ---- what is down, and what would be ---- */

/* What is down as a tree that unfolds: the children of `under` (NULL: what is down by itself), worst first.
 * {"seq","as_of","under","down","total","items":[{facility,"alarm","more_causes","children","below",
 * "users":{service:n}}…]} */
GBytes *tk_service_down(TkApp *app, const TkActor *actor, const char *under, unsigned limit, unsigned offset,
                        GError **error);

#define TK_WHAT_IF_MAX      1000u /* facilities named in one question */
#define TK_WHAT_IF_DOWN_MAX 500u  /* facilities that would go down, told one by one */

/* What would be if facilities failed (or came back): users by service, what the law would make of it and
 * when, what goes down with them. Reads the published snapshot alone: intake and the live state go on.
 * Nothing is written. */
GBytes *tk_service_what_if(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* Opens a drill (訓練) from such a question, beginning now or earlier. With a duration it recovers by itself
 * when that has passed. */
GBytes *tk_service_drill(TkApp *app, const TkActor *actor, const json_t *request, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkApp, tk_service_free)

/* ---- management rules (管理規程) ---- */

#include "service/management_rules.h"

/* ---- registers ---- */

#include "service/calendar.h"
#include "service/campaigns.h"
#include "service/contractors.h"
#include "service/controls.h"
#include "service/notify.h"
#include "service/program.h"
#include "service/registers.h"
#include "service/reliability.h"
#include "service/risks.h"
#include "service/simulation.h"
#include "service/simulations.h"
#include "service/software.h"
#include "service/standards.h"
#include "service/user_info.h"

/* The registers of this service; borrowed. */
TkRegisters *tk_service_registers(TkApp *app);
/* Long work of people who wait for it (service/jobs.h). */
TkJobs *tk_service_jobs(TkApp *app);

#endif

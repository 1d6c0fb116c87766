/* law: what Japan's Telecommunications Business Act (電気通信事業法) and its ordinances ask for, read from
 * dated data files and applied to facts.
 *
 * Pure: no clock, no files. The caller hands in the bytes of the law files, the facts, the date whose law
 * applies and the present time; it gets verdicts that carry their article, their version and the reasons.
 * Three-valued throughout: an unknown fact makes an answer "undetermined" only where the answer really hangs
 * on it.
 *
 * A TkLaw never changes after loading, so threads may share it. Texts in structures below are owned by the
 * TkLaw they came from and live as long as it does.
 *
 * Abbreviations of the articles: 法 = 電気通信事業法, 規 = 電気通信事業法施行規則, 報 = 電気通信事業報告規則.
 */
#ifndef TK_LAW_H
#define TK_LAW_H

#include "base/base.h"

typedef struct TkLaw TkLaw;

typedef struct {
    const char *ja, *en;
} TkText;

typedef enum { TK_LANG_JA, TK_LANG_EN } TkLang;

/* ---- loading --------------------------------------------------------------------------------------- */

typedef struct {
    const char *name; /* as messages shall call it, "jp/accidents.json" */
    const char *text; /* borrowed during the load only */
    size_t len;
} TkLawFile;

#define TK_LAW_FILES_MAX    256
#define TK_LAW_FILE_MAX     (1024 * 1024) /* bytes of one file */
#define TK_LAW_SERVICES_MAX 32

/* Reads the law from its files (docs/law-format.md); order does not matter, files below a folder `forms` are
 * passed over. Refuses, naming file, entry and field: malformed JSON or fields, an entry without citation,
 * gaps or overlaps in the dates of a family, unknown services, numbers out of range, two entries of one id.
 * NULL and *error otherwise; release with tk_law_free. */
TkLaw *tk_law_load(const TkLawFile *files, size_t count, GError **error);
void tk_law_free(TkLaw *law);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkLaw, tk_law_free)

/* ---- services (役務) ------------------------------------------------------------------------------- */

typedef int TkService; /* an index below tk_law_service_count; -1 is none */

size_t tk_law_service_count(const TkLaw *law);
/* The service called `id` (`len` bytes), "voice-emergency" for example; -1 when there is none. */
TkService tk_law_service_find(const TkLaw *law, const char *id, size_t len);
const char *tk_law_service_id(const TkLaw *law, TkService service);
TkText tk_law_service_name(const TkLaw *law, TkService service);
/* Whether everyone under a failed facility counts as affected, users or not in use, protected or not: the
 * counting rule of voice with emergency calls (the ministry's guideline, see counting.json). */
bool tk_law_service_counts_everyone(const TkLaw *law, TkService service);

/* ---- facts ----------------------------------------------------------------------------------------- */

typedef enum { TK_UNKNOWN = -1, TK_NO = 0, TK_YES = 1 } TkTri;

typedef enum {
    TK_FAULT_TELECOM_EQUIPMENT, /* 電気通信設備, ours or another carrier's */
    TK_FAULT_OTHER_EQUIPMENT,   /* 電気通信設備以外の設備 */
    TK_FAULT_IMPORTANT_FACILITY /* 衛星、海底ケーブルその他これに準ずる重要な電気通信設備 */
} TkFault;

typedef enum {
    TK_EQUIPMENT_OTHER,
    TK_EQUIPMENT_RADIO_BASE_STATION, /* 無線基地局 */
    TK_EQUIPMENT_REMOTE_UNIT,        /* 遠隔収容装置 */
    TK_EQUIPMENT_DSLAM               /* デジタル加入者回線アクセス多重化装置 */
} TkEquipment;

/* The words of the command line and of JSON. False when there is no such word; *fault is then untouched. */
bool tk_law_fault_find(const char *id, size_t len, TkFault *fault);
const char *tk_law_fault_id(TkFault fault);
bool tk_law_equipment_find(const char *id, size_t len, TkEquipment *equipment);
const char *tk_law_equipment_id(TkEquipment equipment);

#define TK_LAW_COUNT_MAX INT64_C(10000000000) /* a larger count of users or kbps is refused as absurd */

/* One service of one accident. An accident that touches several services is judged once for each. */
typedef struct {
    TkService service;
    int64_t started_us;
    int64_t ended_us;      /* TK_TIME_NONE: still going on, judged as of now */
    int64_t users;         /* affected; -1: not known */
    int64_t link_kbps;     /* sum of the line speeds stopped; -1: not known */
    int64_t monthly_users; /* average per month of the fiscal year before; -1: not known */
    TkFault fault;
    TkEquipment equipment;
    TkTri all_traffic_lost;         /* of an important facility */
    TkTri additional_function_only; /* 付加的な機能; unknown counts as no */
} TkAccidentFacts;

/* Everything unknown, a fault of telecommunications equipment. */
TkAccidentFacts tk_law_facts(TkService service, int64_t started_us);

/* ---- verdicts -------------------------------------------------------------------------------------- */

typedef enum {
    TK_OUTCOME_SERIOUS,             /* 重大な事故, 規58条 */
    TK_OUTCOME_PERIODIC_DETAILED,   /* 報7条の3, 様式第27 */
    TK_OUTCOME_PERIODIC_SIMPLIFIED, /* 報7条の3第1項ただし書 */
    TK_OUTCOME_NOT_REPORTABLE,
    TK_OUTCOME_UNDETERMINED, /* why[] says what is missing */
    TK_OUTCOME_NEAR_MISS,    /* 重大な事故が生ずるおそれ, 規58条の2 */
    TK_OUTCOME_LEAK          /* 漏えい, 法28条1項2号イ・ロ */
} TkOutcome;

/* "serious", "periodic-detailed", … as in JSON. */
const char *tk_law_outcome_id(TkOutcome outcome);

typedef struct {
    int32_t hours; /* at least */
    int64_t users; /* at least */
} TkBranch;

typedef enum { TK_CLOCK_OCCURRENCE, TK_CLOCK_KNOWLEDGE, TK_CLOCK_QUARTER, TK_CLOCK_FISCAL_YEAR } TkClock;

const char *tk_law_clock_id(TkClock clock); /* "occurrence", "knowledge", "quarter", "fiscal-year" */

/* One report that a verdict asks for. */
typedef struct {
    const char *kind; /* "serious-initial", "serious-detailed", "periodic-detailed", "near-miss-initial", … */
    const char *form; /* "様式第50の3"; NULL where the law names none */
    const char *article;
    TkText name;
    TkClock clock;
    TkDate from; /* first day of the clock: of occurrence, of knowledge, or the last day of the period */
    TkDate
        due; /* statutory day, first day not counted, not moved for holidays; TK_DATE_NONE: without delay */
    TkDate due_safe; /* the day before where days are counted from an event (first day counted), else = due */
    bool verified;   /* false where the rule's text could not be read in full */
} TkReportDue;

#define TK_LAW_REPORTS_MAX 4
#define TK_LAW_WHY_MAX     16

/* A reason as data; tk_law_why_add puts it into words. */
typedef struct {
    int kind;           /* enum of the room */
    TkText subject;     /* the row or condition it is about; {NULL} where none */
    const char *detail; /* article, notice or the name of the missing fact; NULL where none */
    int64_t n[6];       /* numbers: hours, users, seconds, by kind */
} TkReason;

typedef struct {
    TkDate law_date; /* the version as `judge` names it: 2008-04-01, 2015-04-01, 2019-04-01, 2026-04-01; near
                        miss and leak: the date their own version took effect */
    TkDate version_date; /* the last amendment of the text that was applied, 2023-06-16 for example */
    TkOutcome outcome;
    const char *article; /* never NULL: "施行規則58条2項1号 表一の項", "報告規則7条の3第1項1号" … */
    bool has_branch;
    TkBranch branch;    /* the first branch of the row that was met, in the order of the table */
    int64_t duration_s; /* -1 in near misses and leaks */
    bool going_on;
    TkReportDue reports[TK_LAW_REPORTS_MAX];
    size_t report_count;
    TkReason why[TK_LAW_WHY_MAX];
    size_t why_count;
} TkVerdict;

/* Appends one reason as a sentence. */
void tk_law_why_add(const TkReason *reason, TkLang lang, TkBuf *out);

/* Writes the reasons as an array of sentences. */
void tk_law_why_json(const TkVerdict *verdict, TkLang lang, TkJson *w);

/* Writes the conditions of a near miss or a leak as they were asked, an array of
 * {"article","text":{ja,en},"met":true|false|null,"value":n|null,"needed":n|null}: met null where it is not
 * known; value and needed (both null elsewhere) where the condition is a number of users. */
void tk_law_conditions_json(const TkVerdict *verdict, TkJson *w);

/* Writes the verdict's fields ("law","outcome","article","branch","duration_s","reports","why") into an
 * object that the caller has begun and will end, as contracted for `tokatsu judge`. */
void tk_law_verdict_json(const TkVerdict *verdict, TkLang lang, TkJson *w);

/* Judges one service of one accident (規58条, 57条; 報7条の3) by the law in force on the day it began in
 * Japan, or on `law_date` unless that is TK_DATE_NONE. `now_us` is used where it still goes on. False and
 * *error when the facts are impossible (end before start, now before start, absurd counts) or no law of ours
 * covers the date (before 2008-04-01). Does not allocate when it succeeds. */
bool tk_law_judge(const TkLaw *law, const TkAccidentFacts *facts, TkDate law_date, int64_t now_us,
                  TkVerdict *verdict, GError **error);

/* The version of 規58条 in force on a date as `judge` names it; TK_DATE_NONE before 2008-04-01. */
TkDate tk_law_version(const TkLaw *law, TkDate date);

/* ---- near misses (おそれ事態, 規58条の2) ------------------------------------------------------------- */

typedef enum {
    TK_NEAR_MISS_EVENT_UNKNOWN = -1,
    TK_NEAR_MISS_NONE,
    TK_NEAR_MISS_CANNOT_STOP,           /* 1号ホ(1) */
    TK_NEAR_MISS_NO_SWITCHOVER,         /* (2); until 2026-03-31 only when not noticed promptly */
    TK_NEAR_MISS_OVERTURN,              /* (3) */
    TK_NEAR_MISS_FIRE,                  /* (4) */
    TK_NEAR_MISS_UNINTENDED_CONNECTION, /* (5) */
    TK_NEAR_MISS_OVER_CAPACITY,         /* (6), from 2026-04-01 */
    TK_NEAR_MISS_WRONG_CONFIGURATION    /* (7), from 2026-04-01 */
} TkNearMissEvent;

typedef enum {
    TK_FUNCTION_UNKNOWN = -1,
    TK_FUNCTION_NONE,
    TK_FUNCTION_TRANSMISSION, /* 1号ニ(1) */
    TK_FUNCTION_SWITCHING,    /* (2) */
    TK_FUNCTION_CONTROL,      /* (3) */
    TK_FUNCTION_OPERATION,    /* (4) */
    TK_FUNCTION_SUBSCRIBER    /* (5) */
} TkFunction;

typedef struct {
    int64_t occurred_us, known_us;   /* known_us TK_TIME_NONE: as occurred */
    int64_t carrier_users;           /* イ: users at the end of the fiscal year before; -1: not known */
    TkTri several_prefectures;       /* ロ */
    TkTri terminal_side;             /* ハ: terminal equipment or terminal-side transmission line */
    TkFunction function;             /* ニ */
    TkNearMissEvent event;           /* ホ */
    TkTri noticed_promptly;          /* ホ(2) until 2026-03-31 */
    TkTri planned, within_design;    /* ヘ(1), (2) */
    TkTri natural_disaster;          /* ヘ(3), which does not excuse ホ(3) */
    TkTri important_facility_damage; /* 2号 */
    TkTri serious;                   /* a serious accident is no near miss (柱書) */
} TkNearMissFacts;

bool tk_law_near_miss_event_find(const char *id, size_t len, TkNearMissEvent *event);
bool tk_law_function_find(const char *id, size_t len, TkFunction *function);
/* Law from 2023-06-16; earlier days are refused. Days are counted from knowledge. */
bool tk_law_near_miss(const TkLaw *law, const TkNearMissFacts *facts, TkDate law_date, TkVerdict *verdict,
                      GError **error);

/* ---- leaks (漏えい, 法28条1項2号イ・ロ, 規58条1項) ----------------------------------------------------- */

typedef enum { TK_LEAK_SECRECY, TK_LEAK_SPECIFIED_USER_INFO } TkLeakKind;

typedef struct {
    TkLeakKind kind;               /* 通信の秘密 | 特定利用者情報 */
    int64_t occurred_us, known_us; /* known_us TK_TIME_NONE: as occurred */
    int64_t users;                 /* in the information leaked; -1: not known */
    TkTri foreign_government;      /* given to one under a system of a foreign country */
    TkTri designated;              /* a carrier designated by 法27条の5 */
} TkLeakFacts;

bool tk_law_leak_find(const char *id, size_t len, TkLeakKind *kind);
bool tk_law_leak(const TkLaw *law, const TkLeakFacts *facts, TkDate law_date, TkVerdict *verdict,
                 GError **error);

/* ---- while an accident goes on ----------------------------------------------------------------------- */

typedef struct {
    TkBranch branch;
    const char *article;   /* of the row the branch stands in */
    int64_t time_met_us;   /* start + hours */
    bool users_met;        /* false also when the count is not known */
    int64_t users_short;   /* still missing to the number; 0 when met, -1 when the count is not known */
    int64_t serious_at_us; /* time_met_us when users are met at the present count, else TK_TIME_NONE */
    int64_t remaining_s;   /* from now to time_met_us, rounded up; 0 once it has passed */
    double progress;       /* share of the hours that has passed, 0 … 1 */
    bool certain;          /* false: the row hangs on monthly_users, which are not known */
} TkForecastBranch;

#define TK_LAW_BRANCHES_MAX 8

typedef struct {
    TkDate law_date;
    size_t count;
    TkForecastBranch branches[TK_LAW_BRANCHES_MAX];
    int64_t serious_at_us; /* the earliest over the branches at the present count; TK_TIME_NONE: not at this
                              count */
} TkForecast;

/* When the accident becomes, or became, a serious one if the count stays as it is: by the table of
 * 規58条[2項]1号, so for faults of telecommunications equipment; a fault of other equipment never becomes
 * one. `users` and `monthly_users` are -1 where not known. `law_date`, false and *error as in tk_law_judge.
 */
bool tk_law_forecast(const TkLaw *law, TkDate law_date, TkService service, int64_t started_us, int64_t users,
                     int64_t monthly_users, int64_t now_us, TkForecast *out, GError **error);

typedef enum {
    TK_DEADLINE_OK,
    TK_DEADLINE_HALF,       /* half of the time is gone */
    TK_DEADLINE_SOON,       /* four fifths are gone */
    TK_DEADLINE_DAY_BEFORE, /* it is the last working day before the safer day, or later */
    TK_DEADLINE_LATE        /* the statutory day is over; without delay: never */
} TkDeadlineLevel;

const char *tk_law_deadline_level_id(TkDeadlineLevel level); /* "ok", "half", "soon", "day-before", "late" */

/* Warning points of a report's deadline, counted to the end of the safer day. All TK_TIME_NONE where the
 * report is due without delay. */
typedef struct {
    int64_t half_us, soon_us;
    TkDate day_before;      /* the last working day before due_safe */
    int64_t day_before_us;  /* 00:00 of that day in Japan */
    int64_t late_us;        /* 24:00 of the statutory day */
    bool calendar_verified; /* false: the year's holidays are computed, not yet announced */
} TkDeadline;

TkDeadline tk_law_deadline(const TkLaw *law, const TkReportDue *report);
TkDeadlineLevel tk_law_deadline_level(const TkDeadline *deadline, int64_t now_us);

/* Neither Saturday, Sunday nor a holiday (国民の祝日に関する法律; data for 2015–2030, outside of which only
 * the weekend counts and *verified is false; also false where an equinox is not announced yet). verified may
 * be NULL. */
bool tk_law_is_working_day(const TkLaw *law, TkDate date, bool *verified);
/* The holiday's name, or {NULL,NULL}. */
TkText tk_law_holiday(const TkLaw *law, TkDate date);
TkDate tk_law_working_day_before(const TkLaw *law, TkDate date);

/* The report `kind` that an event of `date` asks for, for example "serious-detailed" for a date of occurrence
 * or "leak-secrecy-detailed" for one of knowledge. False when no rule of that kind was in force. */
bool tk_law_report_due(const TkLaw *law, const char *kind, TkDate date, TkReportDue *out);

/* ---- the law itself -------------------------------------------------------------------------------- */

typedef struct {
    const char *file, *type, *family, *id;
    const char *article;
    TkDate from, to; /* both days included; to is TK_DATE_NONE while in force */
    TkText text;     /* in our own words */
    const char *source;
    bool verified;
    TkText note;        /* what could not be verified; {NULL} */
    const json_t *data; /* the whole entry, borrowed: never take a reference, it is not atomic */
} TkLawEntry;

size_t tk_law_entry_count(const TkLaw *law);
const TkLawEntry *tk_law_entry(const TkLaw *law, size_t index); /* by type, family, date */
/* Entries in force on `date`, of the article that contains `article` (NULL: all). The array is the caller's,
 * the entries are not: g_ptr_array_unref. */
GPtrArray *tk_law_entries(const TkLaw *law, const char *article, TkDate date);

typedef struct {
    const TkLawEntry *before, *after; /* one of them NULL: new or gone */
} TkLawChange;

/* What differs between two days, family by family. Elements are TkLawChange *, freed with the array. */
GPtrArray *tk_law_diff(const TkLaw *law, TkDate before, TkDate after);

/* ---- what the Act asks of a carrier ---- */

#include "law/officers.h"
#include "law/program.h"
#include "law/reliability.h"
#include "law/rules_items.h"
#include "law/standards.h"

#endif

/* Inside the law room: what the loader makes of the files. Rules are small arrays ordered by date; finding
 * the one in force is a walk over a handful of spans, which keeps a judgement free of allocation and of JSON.
 */
#ifndef TK_LAW_INTERNAL_H
#define TK_LAW_INTERNAL_H

#include "law/law.h"

#define VERSIONS_MAX 64
#define ROWS_MAX     16
#define BRANCHES_MAX 4
#define EVENTS_MAX   8
#define TO_OPEN      INT32_MAX

/* Every rule begins with the entry it came from: dates, article, whether it was verified. */
typedef struct {
    TkDate from, to; /* both included; TO_OPEN while in force */
    const char *article;
    bool verified;
} Span;

typedef struct {
    const char *article; /* with the row: "施行規則58条2項1号 表一の項" */
    TkText name;
    uint32_t services;     /* bit per service */
    int64_t monthly_users; /* the row is only for services with at least as many; 0: no such condition */
    TkBranch branches[BRANCHES_MAX];
    size_t branch_count;
} Row;

typedef struct {
    Span span;
    TkDate law_date;
    Row rows[ROWS_MAX];
    size_t row_count;
} Criteria; /* 規58条[2項]1号 */

typedef struct {
    Span span;
    int32_t hours;
} Facility; /* 規58条[2項]2号 */

typedef struct {
    Span span;
    int64_t kbps_over;
} LinkNotice;

typedef struct {
    Span span;
    int32_t hours;
    int64_t users;
    bool serious_too;
} Periodic; /* 報7条の3第1項1号, 2号 */

typedef struct {
    Span span;
    uint32_t equipment; /* bit per TkEquipment */
} Simplified;

typedef struct {
    Span span;
    const char *kind, *form;
    TkText name;
    TkClock clock;
    int32_t days, months; /* both 0: without delay */
} ReportRule;

typedef struct {
    Span span;
    int64_t carrier_users;
    uint32_t functions, events; /* bit per TkFunction, TkNearMissEvent */
    uint32_t unless_noticed;    /* events that count only when not noticed promptly */
    uint32_t despite_disaster;  /* events that a natural disaster does not excuse */
    TkText function_names[EVENTS_MAX], event_names[EVENTS_MAX];
    const char *event_items[EVENTS_MAX];
} NearMiss;

typedef struct {
    Span span;
} NearMissFacility;

typedef struct {
    Span span;
    int64_t users_over;
    bool designated_only, foreign_government;
} Leak;

typedef struct {
    TkDate date;
    TkText name;
} Holiday;

typedef struct {
    Span span; /* a year */
} HolidayYear;

/* Arrays of one rule each, ordered by date. */
#define RULES(Type)                                                                                          \
    struct {                                                                                                 \
        Type *at;                                                                                            \
        size_t count;                                                                                        \
    }

typedef struct Programme Programme; /* facts, terms, obligations: program_internal.h */

struct TkLaw {
    GPtrArray *docs;       /* json_t *, owned: all texts point into them */
    GStringChunk *strings; /* texts put together at loading, file names */
    GArray *entries;       /* TkLawEntry */
    struct {
        const char *id;
        TkText name;
        bool counts_everyone;
    } services[TK_LAW_SERVICES_MAX];
    size_t service_count;
    RULES(Criteria) criteria;
    RULES(Facility) facilities;
    RULES(LinkNotice) notices;
    RULES(Periodic) periodic_telecom;
    RULES(Periodic) periodic_other;
    RULES(Simplified) simplified;
    RULES(ReportRule) reports; /* by kind, then date */
    RULES(NearMiss) near_misses;
    RULES(NearMissFacility) near_miss_facilities;
    RULES(Leak) leak_secrecy;
    RULES(Leak) leak_specified;
    RULES(HolidayYear) holiday_years;
    RULES(Holiday) holidays; /* ordered by date */
    Programme *programme;
};

/* The rule of an array that is in force on a date, or NULL. Rules begin with their Span. */
const void *tk_law_rule_at(const void *rules, size_t count, size_t size, TkDate date);
#define IN_FORCE(list, date) tk_law_rule_at((list).at, (list).count, sizeof *(list).at, (date))

const ReportRule *tk_law_report_rule(const TkLaw *law, const char *kind, TkDate date);
/* The report that `rule` asks for after an event on `event`. */
TkReportDue tk_law_due(const ReportRule *rule, TkDate event);
/* Adds the report of `kind` in force on `law_date`, if there is one. */
void tk_law_add_report(const TkLaw *law, TkVerdict *verdict, const char *kind, TkDate law_date, TkDate event);

/* ---- loading: a field of an entry, or a message that names file, entry and field ---- */

typedef struct {
    const char *file;
    const char *id; /* of the entry, or its place "entry 3" */
    GError **error;
} Where;

bool tk_law_bad(const Where *where, const char *field, const char *why);
const char *tk_law_read_text(const Where *where, const json_t *object, const char *field);
bool tk_law_read_int(const Where *where, const json_t *object, const char *field, int64_t min, int64_t max,
                     int64_t *out);
bool tk_law_read_bool(const Where *where, const json_t *object, const char *field, bool fallback, bool *out);
bool tk_law_read_date(const Where *where, const json_t *object, const char *field, TkDate *out);
bool tk_law_read_pair(const Where *where, const json_t *object, const char *field, TkText *out);
const json_t *tk_law_read_array(const Where *where, const json_t *object, const char *field, size_t max);

/* Dates, article and whether it was verified, of an entry. */
Span tk_law_span(const TkLawEntry *entry);

/* Turns the entries into services, and the checked entries into rules. */
bool tk_law_compile_services(TkLaw *law, GError **error);
bool tk_law_compile(TkLaw *law, GError **error);

/* Reads facts, terms and obligations, in this order: each names what stands before it (program_rules.c). */
bool tk_programme_compile(TkLaw *law, GError **error);
void tk_programme_free(Programme *programme);

/* ---- reasons ---- */

typedef enum {
    WHY_BRANCH,  /* subject row, detail article; n: hours, users, duration_s, users had, link, going on */
    WHY_LINK,    /* detail notice article; n: link, kbps_over, met */
    WHY_MONTHLY, /* subject row; n: monthly users, needed, met */
    WHY_MONTHLY_MISSING,  /* n: needed, 1 when it decides */
    WHY_USERS_MISSING,    /* users and line speeds are not known and the answer hangs on them */
    WHY_FACILITY,         /* detail article; n: hours, duration_s, all traffic lost (tri), going on */
    WHY_FACILITY_MISSING, /* all_traffic_lost decides */
    WHY_NOT_TELECOM,      /* other equipment is never serious */
    WHY_ADDITIONAL,       /* additional functions alone; detail article */
    WHY_PERIODIC,         /* detail article; n: hours, users, duration_s, users had, link met (tri) */
    WHY_SIMPLIFIED,       /* detail article, subject equipment */
    WHY_PERIODIC_TOO,     /* a serious accident of its day is in the quarterly report as well */
    WHY_WHAT_IF,          /* n: law date asked for, date the accident began */
    WHY_GOING_ON,         /* n: now_us */
    WHY_UNVERIFIED,       /* detail article or notice */
    WHY_CONDITION,        /* subject condition, detail article; n: tri met */
    WHY_CONDITION_USERS,  /* subject condition; n: had, needed, met (tri), strictly over */
} WhyKind;

TkReason *tk_law_because(TkVerdict *verdict, WhyKind kind, const char *detail);

#endif

/* The governance programme: what the Act asks of a carrier, by what the carrier is. Part of the law room's
 * door.
 *
 *     law/jp/profile.json      which facts there are          (type profile-facts)
 *     law/jp/terms.json        conditions derived from facts  (type profile-terms)
 *     law/jp/obligations.json  condition → duty, deadline     (type obligations)
 *          +  a profile: the carrier's own facts, each with the days it changed
 *          =  for a day: what applies, since when, by when, why, and why not the others
 *
 * A duty that hangs on a fact that is not known is “cannot tell”, with what is missing. The data begin on
 * 2021-04-01; what began earlier is said to apply since that day or before. */
#ifndef TK_LAW_PROGRAM_H
#define TK_LAW_PROGRAM_H

#define TK_PROFILE_MAX          (256 * 1024) /* bytes of a profile */
#define TK_PROFILE_SERVICES_MAX 32
#define TK_PROFILE_CHANGES_MAX  500 /* dated values in a profile, all facts together */
#define TK_DUTY_WHY_MAX         160
#define TK_DUTY_MISSING_MAX     16
#define TK_DUTY_DEADLINES_MAX   4

/* ---- the carrier's facts ---- */

typedef struct TkProfile TkProfile;

/* Reads a profile (docs/law-format.md, "A profile"). `name` begins messages. Refuses unknown facts, values of
 * the wrong kind, dates out of order. The profile borrows from the law, which must outlive it. NULL and
 * *error otherwise; tk_profile_free. */
TkProfile *tk_profile_read(const TkLaw *law, const char *name, const char *text, size_t len, GError **error);
/* The same from a document that is parsed already, which is copied. */
TkProfile *tk_profile_of(const TkLaw *law, const char *name, const json_t *document, GError **error);
void tk_profile_free(TkProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkProfile, tk_profile_free)
/* The carrier's name in the profile, "" where it has none. */
const char *tk_profile_carrier(const TkProfile *profile);

/* Writes the facts that a profile can state, for forms:
 * [{"fact","scope","kind","name","text","article","options"?}…]. */
void tk_law_profile_facts_json(const TkLaw *law, TkJson *w);

/* ---- obligations ---- */

/* One fact that a condition looked at, with its boundary. */
typedef struct {
    const char *fact; /* id; "services" where the list of services is not known */
    TkText name;
    const char *service; /* id of the service in the profile; NULL: of the carrier */
    const char *article; /* where the boundary stands */
    TkDate as_of;        /* the day whose value counts */
    TkTri met;           /* whether the value is within the boundary */
    TkTri speaks_for;    /* whether that speaks for the duty: `met`, turned round below a “not” */
    bool known;
    int64_t value;        /* of a count or a boolean; of a choice the index of its option */
    TkText value_name;    /* of a choice */
    int64_t boundary;     /* of a count: at least; of a boolean: 1 or 0 */
    TkText boundary_name; /* of a choice */
    char kind;            /* 'b' boolean, 'c' count, 'o' choice */
} TkDutyFact;

typedef struct {
    const char *rule; /* before-operations, before-use, without-delay, months-after, days, by, quarterly,
                         half-yearly, yearly, business-yearly, standing */
    TkText what;
    const char *after; /* without-delay, days: of what; NULL otherwise */
    int32_t count;     /* months or days; 0 where the rule has none */
    TkDate due;        /* last day on which it is in time; TK_DATE_NONE: no day to name, or not known */
    TkDate from, to;   /* the period reported on, or the day counted from (to is NONE); both NONE otherwise */
} TkDutyDeadline;

typedef struct {
    const char *id;          /* lasting: the family of the law's entry */
    const TkLawEntry *entry; /* the version in force; where none is, the next or last one */
    bool in_force;
    const char *kind; /* duty, recommended, option, criterion */
    const char
        *topic; /* entry, facilities, rules, officers, reports, user-information, external-transmission */
    TkText name, proof;
    TkTri applies;
    bool voluntary;  /* does not apply, and the carrier runs it nevertheless */
    TkDate since;    /* TK_DATE_NONE unless it applies */
    bool since_open; /* on that day or before: the data begin there, or cannot tell the days before */
    TkDutyFact *why;
    size_t why_count;
    const char
        *missing[TK_DUTY_MISSING_MAX]; /* ids of facts that would decide; "law" where no text was read */
    size_t missing_count;
    TkDutyDeadline deadlines[TK_DUTY_DEADLINES_MAX];
    size_t deadline_count;
} TkDuty;

typedef struct TkProgram TkProgram;

/* Judges every obligation for a profile on a day. Refuses days before the data begin (TK_ERROR_LAW). The
 * result borrows from law and profile; tk_program_free. */
TkProgram *tk_law_obligations(const TkLaw *law, const TkProfile *profile, TkDate date, GError **error);
void tk_program_free(TkProgram *program);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkProgram, tk_program_free)

TkDate tk_program_date(const TkProgram *program);
size_t tk_program_count(const TkProgram *program);
const TkDuty *tk_program_duty(const TkProgram *program, size_t index); /* by topic, then id */
const TkDuty *tk_program_find(const TkProgram *program, const char *id);

/* Appends one fact as a sentence with its boundary. */
void tk_law_duty_fact_add(const TkDutyFact *fact, TkLang lang, TkBuf *out);
/* Writes an obligation's fields into an object that the caller has begun and will end (docs/api.md,
 * Programme). */
void tk_law_duty_json(const TkDuty *duty, TkJson *w);
/* Writes [{"id","name","article","change":"appears|disappears|changes|unclear","before","after","because"}…]:
 * what differs between two results, whatever differed: facts, day or both. */
void tk_law_program_diff_json(const TkProgram *before, const TkProgram *after, TkJson *w);

/* ---- what falls due ---- */

typedef struct {
    const TkDuty *duty; /* as of the end of the period, or of `from`; borrowed from the list */
    TkDutyDeadline deadline;
} TkDutyDue;

typedef struct TkDutyDues TkDutyDues;

/* Every dated deadline within from…to (both included, at most ten years) of obligations that apply: periods
 * by the law and facts of their last day, so that a report on a past period is asked of whoever owed it then.
 * In the order of their days. NULL and *error as tk_law_obligations; tk_duty_dues_free. */
TkDutyDues *tk_law_dues(const TkLaw *law, const TkProfile *profile, TkDate from, TkDate to, GError **error);
void tk_duty_dues_free(TkDutyDues *dues);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkDutyDues, tk_duty_dues_free)
size_t tk_duty_dues_count(const TkDutyDues *dues);
const TkDutyDue *tk_duty_due(const TkDutyDues *dues, size_t index);

#endif

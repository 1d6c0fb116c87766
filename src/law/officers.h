/* Officers: whether an appointment meets what the Act asks of it. Part of the law room's door; the
 * requirements are law/jp/officers.json. */
#ifndef TK_LAW_OFFICERS_H
#define TK_LAW_OFFICERS_H

#define TK_OFFICER_CHECKS_MAX 8

/* One appointment. Dates are TK_DATE_NONE where there is none or it is not known. */
typedef struct {
    TkDate appointed, dismissed, notified;
    TkTri position;            /* 事業運営上の重要な決定に参画する管理的地位 */
    int32_t experience_months; /* 通算の実務経験; -1: not known */
    TkTri equal_ability;       /* 同等以上の能力 */
    TkDate dismissal_order;    /* dismissed by an order of the minister (法44条の5) on */
    TkDate certificate_issued; /* 資格者証の交付 */
    TkDate trained;            /* the last training */
    TkDate operations_begin;
    bool successor;    /* somebody held the office before: the first of them was to be appointed in time */
    TkDate designated; /* by 法41条4項 or 27条の5, whichever the office is asked of; NONE: not designated */
} TkAppointment;

typedef struct {
    const char *check; /* position, experience, not-barred, before-operations, within-designation, notified,
                          certificate, training */
    const char *article;
    TkText text; /* what is asked */
    TkTri met;   /* on the day; unknown: a fact is missing */
    TkDate due;  /* by when it must be met, or is to be met again; TK_DATE_NONE: no day */
} TkOfficerCheck;

typedef struct {
    const char *office, *obligation;
    TkText name;
    const char *article;
    bool by_site, by_prefecture; /* 主任技術者規則3条1項1号, 2号 */
} TkOffice;

/* The offices whose rules are in force on a day; *count is at most `max`. */
void tk_law_offices(const TkLaw *law, TkDate date, TkOffice *out, size_t max, size_t *count);
/* Checks one appointment to `office` on a day; the number of checks, 0 where no rule is in force. */
size_t tk_law_officer_checks(const TkLaw *law, const char *office, const TkAppointment *appointment,
                             TkDate date, TkOfficerCheck out[TK_OFFICER_CHECKS_MAX]);

#endif

/* Judging one service of one accident.
 *
 *     important facility? ── 規58条[2項]2号: all traffic lost, hours ──┐
 *     telecom equipment, more than additional functions?              ├─ any met ──► serious
 *         └─ 規58条[2項]1号: row of the service, any of its branches ──┘
 *                 │ none met
 *                 ▼
 *     報7条の3第1項1号 (telecom equipment) or 2号 (other): users or hours ──► periodic ──► not reportable
 *
 * Each box answers yes, no or unknown. Unknown stops the walk only when a yes further on could not settle it,
 * so an unknown number of users is no obstacle where the time alone decides. */
#include "law/internal.h"

typedef struct {
    const TkLaw *law;
    const TkAccidentFacts *facts;
    const LinkNotice *notice;
    TkDate date; /* whose law applies */
    TkDate began;
    TkVerdict *verdict;
} Case;

static TkTri tri(bool yes)
{
    return yes ? TK_YES : TK_NO;
}

static TkTri tri_or(TkTri a, TkTri b)
{
    if (a == TK_YES || b == TK_YES)
        return TK_YES;
    return a == TK_UNKNOWN || b == TK_UNKNOWN ? TK_UNKNOWN : TK_NO;
}

static TkTri tri_and(TkTri a, TkTri b)
{
    if (a == TK_NO || b == TK_NO)
        return TK_NO;
    return a == TK_UNKNOWN || b == TK_UNKNOWN ? TK_UNKNOWN : TK_YES;
}

TkReason *tk_law_because(TkVerdict *verdict, WhyKind kind, const char *detail)
{
    size_t i = MIN(verdict->why_count, TK_LAW_WHY_MAX - 1);
    verdict->why_count = i + 1;
    verdict->why[i] = (TkReason){.kind = (int)kind, .detail = detail};
    return &verdict->why[i];
}

static bool long_enough(const Case *c, int32_t hours)
{
    return c->verdict->duration_s >= (int64_t)hours * 3600;
}

/* Whether the line speeds that stopped stand for the number of users: the notice says "more than". */
static TkTri link_limb(const Case *c)
{
    if (c->facts->users >= 0 || c->facts->link_kbps < 0 || c->notice == NULL)
        return TK_UNKNOWN;
    return tri(c->facts->link_kbps > c->notice->kbps_over);
}

static TkTri users_limb(const Case *c, int64_t needed)
{
    return c->facts->users >= 0 ? tri(c->facts->users >= needed) : link_limb(c);
}

/* One row: its branches in the order of the table, all of them explained; *met is the first that is met. */
static TkTri test_row(Case *c, const Row *row, const TkBranch **met)
{
    TkTri result = TK_NO;
    *met = NULL;
    for (size_t i = 0; i < row->branch_count; i++) {
        const TkBranch *branch = &row->branches[i];
        TkTri users = users_limb(c, branch->users);
        TkTri both = tri_and(tri(long_enough(c, branch->hours)), users);
        if (both == TK_YES && *met == NULL)
            *met = branch;
        result = tri_or(result, both);
        TkReason *why = tk_law_because(c->verdict, WHY_BRANCH, row->article);
        why->subject = row->name;
        why->n[0] = branch->hours;
        why->n[1] = branch->users;
        why->n[2] = c->verdict->duration_s;
        why->n[3] = c->facts->users;
        why->n[4] = users;
    }
    return result;
}

/* The rows that may be the service's: one, or two where monthly users decide and are not known. */
static size_t rows_of(Case *c, const Criteria *criteria, const Row *rows[2])
{
    size_t count = 0;
    for (size_t i = 0; i < criteria->row_count && count < 2; i++) {
        const Row *row = &criteria->rows[i];
        if (!(row->services >> c->facts->service & 1))
            continue;
        if (row->monthly_users == 0) {
            rows[count++] = row;
            break;
        }
        int64_t monthly = c->facts->monthly_users;
        if (monthly < 0 || monthly >= row->monthly_users)
            rows[count++] = row;
        if (monthly < 0)
            continue;
        TkReason *why = tk_law_because(c->verdict, WHY_MONTHLY, row->article);
        why->n[0] = monthly;
        why->n[1] = row->monthly_users;
        why->n[2] = monthly >= row->monthly_users;
        if (monthly >= row->monthly_users)
            break;
    }
    return count;
}

/* 規58条[2項]1号. Sets article and branch of the row that decides. */
static TkTri test_table(Case *c, const Criteria *criteria)
{
    const Row *rows[2];
    size_t count = rows_of(c, criteria, rows);
    TkTri result = TK_UNKNOWN;
    const TkBranch *met = NULL;
    for (size_t i = 0; i < count; i++) {
        const TkBranch *here;
        TkTri answer = test_row(c, rows[i], &here);
        met = here;
        result = i == 0 || answer == result ? answer : TK_UNKNOWN;
        c->verdict->article = rows[i]->article;
    }
    if (count == 2) {
        TkReason *why = tk_law_because(c->verdict, WHY_MONTHLY_MISSING, rows[0]->article);
        why->n[0] = rows[0]->monthly_users;
        why->n[1] = result == TK_UNKNOWN;
    }
    if (result == TK_YES) {
        c->verdict->has_branch = true;
        c->verdict->branch = *met;
    }
    return result;
}

/* 規58条[2項]2号. */
static TkTri test_facility(Case *c, const Facility *facility)
{
    TkTri result = tri_and(tri(long_enough(c, facility->hours)), c->facts->all_traffic_lost);
    TkReason *why = tk_law_because(c->verdict, WHY_FACILITY, facility->span.article);
    why->n[0] = facility->hours;
    why->n[1] = c->verdict->duration_s;
    why->n[2] = c->facts->all_traffic_lost;
    return result;
}

static TkTri test_serious(Case *c, const Criteria *criteria)
{
    const TkAccidentFacts *facts = c->facts;
    c->verdict->article = criteria->span.article;
    if (facts->fault == TK_FAULT_OTHER_EQUIPMENT) {
        tk_law_because(c->verdict, WHY_NOT_TELECOM, criteria->span.article);
        return TK_NO;
    }
    TkTri by_facility = TK_NO;
    const Facility *facility = IN_FORCE(c->law->facilities, c->date);
    if (facts->fault == TK_FAULT_IMPORTANT_FACILITY && facility != NULL) {
        by_facility = test_facility(c, facility);
        if (by_facility == TK_YES) {
            c->verdict->article = facility->span.article;
            return TK_YES;
        }
    }
    TkTri by_table = TK_NO;
    if (facts->additional_function_only == TK_YES)
        tk_law_because(c->verdict, WHY_ADDITIONAL, criteria->span.article);
    else
        by_table = test_table(c, criteria);
    if (by_table == TK_NO && by_facility == TK_UNKNOWN)
        c->verdict->article = facility->span.article;
    if (by_table != TK_YES && by_facility == TK_UNKNOWN)
        tk_law_because(c->verdict, WHY_FACILITY_MISSING, facility->span.article);
    return tri_or(by_table, by_facility);
}

/* 報7条の3第1項: users or hours, either. */
static TkTri test_periodic(Case *c, const Periodic *rule)
{
    TkTri users = users_limb(c, rule->users);
    TkReason *why = tk_law_because(c->verdict, WHY_PERIODIC, rule->span.article);
    why->n[0] = rule->hours;
    why->n[1] = rule->users;
    why->n[2] = c->verdict->duration_s;
    why->n[3] = c->facts->users;
    why->n[4] = users;
    c->verdict->article = rule->span.article;
    if (!rule->span.verified)
        tk_law_because(c->verdict, WHY_UNVERIFIED, rule->span.article);
    return tri_or(users, tri(long_enough(c, rule->hours)));
}

static void conclude_serious(Case *c)
{
    TkVerdict *v = c->verdict;
    v->outcome = TK_OUTCOME_SERIOUS;
    tk_law_add_report(c->law, v, "serious-initial", c->date, c->began);
    tk_law_add_report(c->law, v, "serious-detailed", c->date, c->began);
    const Periodic *periodic = IN_FORCE(c->law->periodic_telecom, c->date);
    if (periodic == NULL || !periodic->serious_too)
        return;
    tk_law_because(v, WHY_PERIODIC_TOO, periodic->span.article);
    tk_law_add_report(c->law, v, "periodic-detailed", c->date, c->began);
}

static void conclude_periodic(Case *c)
{
    TkVerdict *v = c->verdict;
    const Simplified *simplified = IN_FORCE(c->law->simplified, c->date);
    bool simple = c->facts->fault == TK_FAULT_TELECOM_EQUIPMENT && simplified != NULL &&
                  (simplified->equipment >> c->facts->equipment & 1);
    v->outcome = simple ? TK_OUTCOME_PERIODIC_SIMPLIFIED : TK_OUTCOME_PERIODIC_DETAILED;
    if (simple)
        tk_law_because(v, WHY_SIMPLIFIED, simplified->span.article)->n[0] = simplified->span.verified;
    tk_law_add_report(c->law, v, simple ? "periodic-simplified" : "periodic-detailed", c->date, c->began);
}

static void conclude_undetermined(Case *c, bool users_decide)
{
    c->verdict->outcome = TK_OUTCOME_UNDETERMINED;
    if (users_decide && c->facts->users < 0 && link_limb(c) == TK_UNKNOWN)
        tk_law_because(c->verdict, WHY_USERS_MISSING, NULL);
}

static void judge(Case *c, const Criteria *criteria)
{
    TkTri serious = test_serious(c, criteria);
    if (serious == TK_YES) {
        conclude_serious(c);
        return;
    }
    if (serious == TK_UNKNOWN) {
        conclude_undetermined(c, c->facts->additional_function_only != TK_YES);
        return;
    }
    bool other = c->facts->fault == TK_FAULT_OTHER_EQUIPMENT;
    c->verdict->outcome = TK_OUTCOME_NOT_REPORTABLE;
    if (!other && c->facts->additional_function_only == TK_YES)
        return;
    const Periodic *rule =
        other ? IN_FORCE(c->law->periodic_other, c->date) : IN_FORCE(c->law->periodic_telecom, c->date);
    if (rule == NULL)
        return;
    TkTri periodic = test_periodic(c, rule);
    if (periodic == TK_UNKNOWN)
        conclude_undetermined(c, true);
    else if (periodic == TK_YES)
        conclude_periodic(c);
}

static bool check_count(int64_t value, const char *field, GError **error)
{
    if (value >= -1 && value <= TK_LAW_COUNT_MAX)
        return true;
    return tk_fail(error, TK_ERROR_INPUT,
                   "%s: %" G_GINT64_FORMAT " is not a count between 0 and 10,000,000,000", field, value);
}

static bool check_facts(const TkLaw *law, const TkAccidentFacts *facts, int64_t now_us, GError **error)
{
    if (facts->service < 0 || (size_t)facts->service >= law->service_count)
        return tk_fail(error, TK_ERROR_INPUT, "service: it is needed");
    if (facts->started_us == TK_TIME_NONE)
        return tk_fail(error, TK_ERROR_INPUT, "started_at: it is needed");
    if (facts->ended_us == TK_TIME_NONE && now_us < facts->started_us)
        return tk_fail(
            error, TK_ERROR_INPUT,
            "started_at: it lies after the present time as of which the accident is judged; correct it or "
            "give ended_at");
    if (facts->ended_us != TK_TIME_NONE && facts->ended_us < facts->started_us)
        return tk_fail(error, TK_ERROR_INPUT, "ended_at: it lies before started_at");
    return check_count(facts->users, "affected_users", error) &&
           check_count(facts->link_kbps, "link_kbps", error) &&
           check_count(facts->monthly_users, "monthly_users", error);
}

static const Criteria *criteria_on(const TkLaw *law, TkDate date, GError **error)
{
    const Criteria *criteria = IN_FORCE(law->criteria, date);
    if (criteria != NULL)
        return criteria;
    char day[TK_TIME_TEXT_MAX], first[TK_TIME_TEXT_MAX];
    tk_fail(error, TK_ERROR_LAW, "no version of 施行規則58条 is held for %s; the first is of %s",
            tk_date_text(date, day), tk_date_text(law->criteria.at[0].span.from, first));
    return NULL;
}

bool tk_law_judge(const TkLaw *law, const TkAccidentFacts *facts, TkDate law_date, int64_t now_us,
                  TkVerdict *verdict, GError **error)
{
    if (!check_facts(law, facts, now_us, error))
        return false;
    TkDate began = tk_date_of_time(facts->started_us);
    TkDate date = law_date == TK_DATE_NONE ? began : law_date;
    if (criteria_on(law, began, error) == NULL)
        return false;
    const Criteria *criteria = criteria_on(law, date, error);
    if (criteria == NULL)
        return false;
    bool going_on = facts->ended_us == TK_TIME_NONE;
    verdict->law_date = criteria->law_date;
    verdict->version_date = criteria->span.from;
    verdict->has_branch = false;
    verdict->going_on = going_on;
    verdict->duration_s = ((going_on ? now_us : facts->ended_us) - facts->started_us) / TK_US_PER_S;
    verdict->report_count = verdict->why_count = 0;
    Case c = {law, facts, IN_FORCE(law->notices, date), date, began, verdict};
    if (date != began) {
        TkReason *why = tk_law_because(verdict, WHY_WHAT_IF, NULL);
        why->n[0] = date;
        why->n[1] = began;
    }
    if (going_on)
        tk_law_because(verdict, WHY_GOING_ON, NULL)->n[0] = now_us;
    if (c.notice != NULL && facts->users < 0 && facts->link_kbps >= 0 &&
        facts->fault != TK_FAULT_OTHER_EQUIPMENT) {
        TkReason *why = tk_law_because(verdict, WHY_LINK, c.notice->span.article);
        why->n[0] = facts->link_kbps;
        why->n[1] = c.notice->kbps_over;
        why->n[2] = facts->link_kbps > c.notice->kbps_over;
        why->n[3] = c.notice->span.verified;
    }
    judge(&c, criteria);
    return true;
}

TkAccidentFacts tk_law_facts(TkService service, int64_t started_us)
{
    return (TkAccidentFacts){.service = service,
                             .started_us = started_us,
                             .ended_us = TK_TIME_NONE,
                             .users = -1,
                             .link_kbps = -1,
                             .monthly_users = -1,
                             .all_traffic_lost = TK_UNKNOWN,
                             .additional_function_only = TK_UNKNOWN};
}

TkDate tk_law_version(const TkLaw *law, TkDate date)
{
    const Criteria *criteria = IN_FORCE(law->criteria, date);
    return criteria == NULL ? TK_DATE_NONE : criteria->law_date;
}

/* While an accident goes on: for each branch of the service's row, when its hours are full and what is
 * missing to its users, so that a page can say "at the present count this becomes a serious accident at
 * 14:32:10". */
#include "law/internal.h"

typedef struct {
    int64_t started_us, users, now_us;
} Present;

static void add_branch(TkForecast *out, const Row *row, const TkBranch *branch, bool certain,
                       const Present *p)
{
    int64_t length_us = (int64_t)branch->hours * 3600 * TK_US_PER_S;
    int64_t left_us = p->started_us + length_us - p->now_us;
    int64_t passed_us = CLAMP(p->now_us - p->started_us, 0, length_us);
    bool met = p->users >= branch->users;
    if (out->count == TK_LAW_BRANCHES_MAX)
        return;
    out->branches[out->count++] =
        (TkForecastBranch){.branch = *branch,
                           .article = row->article,
                           .time_met_us = p->started_us + length_us,
                           .users_met = met,
                           .users_short = p->users < 0 ? -1 : MAX(branch->users - p->users, 0),
                           .serious_at_us = met ? p->started_us + length_us : TK_TIME_NONE,
                           .remaining_s = left_us > 0 ? (left_us + TK_US_PER_S - 1) / TK_US_PER_S : 0,
                           .progress = (double)passed_us / (double)length_us,
                           .certain = certain};
}

/* When the row is met at the present count: the earliest of its branches. */
static int64_t row_serious_at(const Row *row, const Present *p)
{
    int64_t first = TK_TIME_NONE;
    for (size_t i = 0; i < row->branch_count; i++) {
        int64_t at = p->started_us + (int64_t)row->branches[i].hours * 3600 * TK_US_PER_S;
        if (p->users >= row->branches[i].users && (first == TK_TIME_NONE || at < first))
            first = at;
    }
    return first;
}

/* Where monthly users are not known, either of two rows may be the service's: it is certainly serious once
 * both are met. */
static void add_rows(const Criteria *criteria, TkService service, int64_t monthly_users, const Present *p,
                     TkForecast *out)
{
    bool certain = true;
    bool first = true;
    for (size_t i = 0; i < criteria->row_count; i++) {
        const Row *row = &criteria->rows[i];
        bool open = row->monthly_users > 0 && monthly_users < 0;
        if (!(row->services >> service & 1) || (monthly_users >= 0 && monthly_users < row->monthly_users))
            continue;
        certain = certain && !open;
        for (size_t b = 0; b < row->branch_count; b++)
            add_branch(out, row, &row->branches[b], certain, p);
        int64_t at = row_serious_at(row, p);
        if (first || at == TK_TIME_NONE)
            out->serious_at_us = at;
        else if (out->serious_at_us != TK_TIME_NONE)
            out->serious_at_us = MAX(out->serious_at_us, at);
        first = false;
        if (!open)
            return;
    }
}

bool tk_law_forecast(const TkLaw *law, TkDate law_date, TkService service, int64_t started_us, int64_t users,
                     int64_t monthly_users, int64_t now_us, TkForecast *out, GError **error)
{
    TkAccidentFacts facts = tk_law_facts(service, started_us);
    facts.users = users;
    facts.monthly_users = monthly_users;
    TkVerdict verdict; /* for its checks of the facts alone */
    if (!tk_law_judge(law, &facts, law_date, MAX(now_us, started_us), &verdict, error))
        return false;
    TkDate date = law_date == TK_DATE_NONE ? tk_date_of_time(started_us) : law_date;
    *out = (TkForecast){.law_date = verdict.law_date, .serious_at_us = TK_TIME_NONE};
    Present present = {started_us, users, now_us};
    add_rows(IN_FORCE(law->criteria, date), service, monthly_users, &present, out);
    return true;
}

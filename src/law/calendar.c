/* Days: when a report is due, which days are working days, and when to warn.
 *
 * The law says "within 30 days of the day on which it occurred" (規57条). By the usual rule the first day is
 * not counted; published cases agree with that, but one ministry reading counted it. So each such deadline
 * has two days: the statutory one, and the safer one a day earlier that warnings lead up to. Neither is moved
 * for holidays. */
#include "law/internal.h"

const ReportRule *tk_law_report_rule(const TkLaw *law, const char *kind, TkDate date)
{
    for (size_t i = 0; i < law->reports.count; i++) {
        const ReportRule *rule = &law->reports.at[i];
        if (rule->span.from <= date && date <= rule->span.to && strcmp(rule->kind, kind) == 0)
            return rule;
    }
    return NULL;
}

TkReportDue tk_law_due(const ReportRule *rule, TkDate event)
{
    TkReportDue due = {.kind = rule->kind,
                       .form = rule->form,
                       .article = rule->span.article,
                       .name = rule->name,
                       .clock = rule->clock,
                       .from = event,
                       .due = TK_DATE_NONE,
                       .due_safe = TK_DATE_NONE,
                       .verified = rule->span.verified};
    if (rule->clock == TK_CLOCK_QUARTER)
        due.from = tk_quarter_end(event);
    else if (rule->clock == TK_CLOCK_FISCAL_YEAR)
        due.from = tk_fiscal_year_end(event);
    if (rule->days > 0) {
        due.due = event + rule->days;
        due.due_safe = due.due - 1;
    } else if (rule->months > 0) {
        due.due = due.due_safe = tk_date_month_end(due.from, rule->months);
    }
    return due;
}

void tk_law_add_report(const TkLaw *law, TkVerdict *verdict, const char *kind, TkDate law_date, TkDate event)
{
    const ReportRule *rule = tk_law_report_rule(law, kind, law_date);
    if (rule != NULL && verdict->report_count < TK_LAW_REPORTS_MAX)
        verdict->reports[verdict->report_count++] = tk_law_due(rule, event);
}

bool tk_law_report_due(const TkLaw *law, const char *kind, TkDate date, TkReportDue *out)
{
    const ReportRule *rule = tk_law_report_rule(law, kind, date);
    if (rule != NULL)
        *out = tk_law_due(rule, date);
    return rule != NULL;
}

static const Holiday *holiday_on(const TkLaw *law, TkDate date)
{
    size_t low = 0, high = law->holidays.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (law->holidays.at[middle].date < date)
            low = middle + 1;
        else
            high = middle;
    }
    return low < law->holidays.count && law->holidays.at[low].date == date ? &law->holidays.at[low] : NULL;
}

TkText tk_law_holiday(const TkLaw *law, TkDate date)
{
    const Holiday *holiday = holiday_on(law, date);
    return holiday != NULL ? holiday->name : (TkText){NULL, NULL};
}

bool tk_law_is_working_day(const TkLaw *law, TkDate date, bool *verified)
{
    const HolidayYear *year = IN_FORCE(law->holiday_years, date);
    if (verified != NULL)
        *verified = year != NULL && year->span.verified;
    int weekday = tk_date_weekday(date);
    return weekday != 0 && weekday != 6 && holiday_on(law, date) == NULL;
}

TkDate tk_law_working_day_before(const TkLaw *law, TkDate date)
{
    do
        date--;
    while (!tk_law_is_working_day(law, date, NULL));
    return date;
}

TkDeadline tk_law_deadline(const TkLaw *law, const TkReportDue *report)
{
    TkDeadline deadline = {.half_us = TK_TIME_NONE,
                           .soon_us = TK_TIME_NONE,
                           .day_before = TK_DATE_NONE,
                           .day_before_us = TK_TIME_NONE,
                           .late_us = TK_TIME_NONE,
                           .calendar_verified = true};
    if (report->due == TK_DATE_NONE)
        return deadline;
    int64_t begin = tk_time_of_date(report->from);
    int64_t length = tk_time_of_date(report->due_safe + 1) - begin;
    deadline.half_us = begin + length / 2;
    deadline.soon_us = begin + length / 5 * 4;
    deadline.day_before = tk_law_working_day_before(law, report->due_safe);
    deadline.day_before_us = tk_time_of_date(deadline.day_before);
    deadline.late_us = tk_time_of_date(report->due + 1);
    tk_law_is_working_day(law, deadline.day_before, &deadline.calendar_verified);
    return deadline;
}

TkDeadlineLevel tk_law_deadline_level(const TkDeadline *deadline, int64_t now_us)
{
    if (deadline->late_us == TK_TIME_NONE)
        return TK_DEADLINE_OK;
    if (now_us >= deadline->late_us)
        return TK_DEADLINE_LATE;
    if (now_us >= deadline->day_before_us)
        return TK_DEADLINE_DAY_BEFORE;
    if (now_us >= deadline->soon_us)
        return TK_DEADLINE_SOON;
    return now_us >= deadline->half_us ? TK_DEADLINE_HALF : TK_DEADLINE_OK;
}

const char *tk_law_deadline_level_id(TkDeadlineLevel level)
{
    static const char *const ids[] = {"ok", "half", "soon", "day-before", "late"};
    return ids[level];
}

/* When a duty falls due: the rule of its entry, counted from the carrier's facts or from a period. */
#include "law/program_internal.h"

#define RANGE_MAX_D 3660

static const char *const rules[] = {
    "before-operations", "before-use", "without-delay",   "months-after", "days", "quarterly",
    "half-yearly",       "yearly",     "business-yearly", "standing",     "by"};

/* ---- periods ---- */

typedef struct {
    TkDate from, to;
} Period;

/* The period of a recurring rule that contains a day. */
static Period period_of(DueKind kind, int business_end_month, TkDate date)
{
    TkDate end = kind == DUE_QUARTERLY     ? tk_quarter_end(date)
                 : kind == DUE_HALF_YEARLY ? tk_point_day(AT_HALF_LAST, date)
                                           : tk_fiscal_year_end(date);
    if (kind == DUE_BUSINESS_YEARLY) {
        int y, m, d;
        tk_date_split(date, &y, &m, &d);
        end = tk_date_month_end(tk_date_make(m <= business_end_month ? y : y + 1, business_end_month, 1), 0);
    }
    int months = kind == DUE_QUARTERLY ? 3 : kind == DUE_HALF_YEARLY ? 6 : 12;
    return (Period){tk_date_month_end(end, -months) + 1, end};
}

static TkDate due_of_period(const DueRule *rule, Period period)
{
    return tk_date_month_end(period.to, rule->count);
}

static bool recurs(DueKind kind)
{
    return kind == DUE_QUARTERLY || kind == DUE_HALF_YEARLY || kind == DUE_YEARLY ||
           kind == DUE_BUSINESS_YEARLY;
}

/* The month in which the carrier's business year ends; 0 where it is not known. */
static int business_end(const Asking *asking, TkDate date)
{
    int64_t month = 0;
    const Fact *fact = tk_programme_fact(asking->programme, "business_year_end", false);
    if (fact == NULL || !tk_profile_value(asking->programme, asking->profile, fact, -1, date, &month))
        return 0;
    return month >= 1 && month <= 12 ? (int)month : 0;
}

/* 法27条の9: the first assessment is of the business year after the one that contains the designation. */
static bool too_early(const Asking *asking, const DueRule *rule, int month, Period period)
{
    if (rule->kind != DUE_BUSINESS_YEARLY)
        return false;
    TkDate since = tk_profile_true_since(asking->programme, asking->profile, rule->fact, period.to);
    return since != TK_DATE_NONE && period_of(DUE_BUSINESS_YEARLY, month, since).to >= period.to;
}

static void next_of_period(const Asking *asking, const DueRule *rule, TkDate date, TkDutyDeadline *out)
{
    int month = rule->kind == DUE_BUSINESS_YEARLY ? business_end(asking, date) : 0;
    if (rule->kind == DUE_BUSINESS_YEARLY && month == 0)
        return;
    Period period = period_of(rule->kind, month, date);
    Period before = period_of(rule->kind, month, period.from - 1);
    if (rule->kind != DUE_BUSINESS_YEARLY && date <= due_of_period(rule, before))
        period = before;
    if (too_early(asking, rule, month, period))
        period = period_of(rule->kind, month, period.to + 1);
    out->from = period.from;
    out->to = period.to;
    out->due = due_of_period(rule, period);
}

bool tk_due_of(const Asking *asking, const DueRule *rule, TkDate date, TkDutyDeadline *out)
{
    if (rule->when.at != NULL && tk_condition_ask(asking, &rule->when) == TK_NO)
        return false;
    if (rule->kind == DUE_BY && date > rule->by) /* a transition that is over is nobody's any more */
        return false;
    *out = (TkDutyDeadline){.rule = rules[rule->kind],
                            .what = rule->what,
                            .after = rule->after,
                            .count = rule->count,
                            .due = TK_DATE_NONE,
                            .from = TK_DATE_NONE,
                            .to = TK_DATE_NONE};
    if (recurs(rule->kind))
        next_of_period(asking, rule, date, out);
    if (rule->kind == DUE_MONTHS_AFTER) {
        out->from = tk_profile_true_since(asking->programme, asking->profile, rule->fact, date);
        if (out->from != TK_DATE_NONE)
            out->due = tk_date_add_months(out->from, rule->count);
    }
    if (rule->kind == DUE_BY)
        out->due = rule->by;
    int64_t day;
    const Fact *begin = tk_programme_fact(asking->programme, "operations_begin", false);
    if (rule->kind == DUE_BEFORE_OPERATIONS && begin != NULL &&
        tk_profile_value(asking->programme, asking->profile, begin, -1, date, &day))
        out->due = (TkDate)day - 1;
    return true;
}

/* ---- everything in a range ---- */

struct TkDutyDues {
    GArray *dues;        /* TkDutyDue */
    GPtrArray *programs; /* TkProgram, by the day they were judged on */
    GHashTable *by_day;  /* day → TkProgram, borrowed */
    const TkLaw *law;
    const TkProfile *profile;
};

static const TkProgram *program_on(TkDutyDues *list, TkDate date, GError **error)
{
    TkProgram *program = g_hash_table_lookup(list->by_day, GINT_TO_POINTER(date));
    if (program != NULL)
        return program;
    program = tk_law_obligations(list->law, list->profile, date, error);
    if (program == NULL)
        return NULL;
    g_ptr_array_add(list->programs, program);
    g_hash_table_insert(list->by_day, GINT_TO_POINTER(date), program);
    return program;
}

static bool known_already(const TkDutyDues *list, const TkDutyDue *due)
{
    for (guint i = 0; i < list->dues->len; i++) {
        const TkDutyDue *one = &g_array_index(list->dues, TkDutyDue, i);
        if (one->deadline.due == due->deadline.due && strcmp(one->duty->id, due->duty->id) == 0 &&
            strcmp(one->deadline.what.en, due->deadline.what.en) == 0)
            return true;
    }
    return false;
}

/* Adds what falls due in the range among the deadlines that a day's judgement gives. */
static bool add_of(TkDutyDues *list, TkDate judged, TkDate from, TkDate to, GError **error)
{
    const TkProgram *program = program_on(list, judged, error);
    for (size_t i = 0; program != NULL && i < tk_program_count(program); i++) {
        const TkDuty *duty = tk_program_duty(program, i);
        bool counts = duty->applies == TK_YES || duty->voluntary;
        for (size_t d = 0; counts && d < duty->deadline_count; d++) {
            TkDutyDue due = {duty, duty->deadlines[d]};
            bool of_period = due.deadline.to != TK_DATE_NONE;
            bool here =
                due.deadline.due != TK_DATE_NONE && due.deadline.due >= from && due.deadline.due <= to;
            if (here && (!of_period || due.deadline.to == judged) && !known_already(list, &due))
                g_array_append_val(list->dues, due);
        }
    }
    return program != NULL;
}

static int by_due(gconstpointer a, gconstpointer b)
{
    const TkDutyDue *x = a, *y = b;
    int order = (x->deadline.due > y->deadline.due) - (x->deadline.due < y->deadline.due);
    return order != 0 ? order : strcmp(x->duty->id, y->duty->id);
}

TkDutyDues *tk_law_dues(const TkLaw *law, const TkProfile *profile, TkDate from, TkDate to, GError **error)
{
    if (to < from || to - from > RANGE_MAX_D) {
        tk_fail(error, TK_ERROR_INPUT, "the range ends before it begins, or is longer than ten years");
        return NULL;
    }
    g_autoptr(TkDutyDues) list = g_new0(TkDutyDues, 1);
    list->dues = g_array_new(FALSE, FALSE, sizeof(TkDutyDue));
    list->programs = g_ptr_array_new_with_free_func((GDestroyNotify)tk_program_free);
    list->by_day = g_hash_table_new(NULL, NULL);
    list->law = law;
    list->profile = profile;
    TkDate begins = law->programme->begins;
    /* Every month's end from a year before: each period ends on one, and is due at most a year later. */
    for (TkDate day = tk_date_month_end(from, -13); day <= to; day = tk_date_month_end(day, 1))
        if (day >= begins && !add_of(list, day, from, to, error))
            return NULL;
    if (to >= begins && !add_of(list, MAX(from, begins), from, to, error))
        return NULL;
    g_array_sort(list->dues, by_due);
    return g_steal_pointer(&list);
}

void tk_duty_dues_free(TkDutyDues *dues)
{
    if (dues == NULL)
        return;
    g_array_unref(dues->dues);
    g_hash_table_unref(dues->by_day);
    g_ptr_array_unref(dues->programs);
    g_free(dues);
}

size_t tk_duty_dues_count(const TkDutyDues *dues)
{
    return dues->dues->len;
}

const TkDutyDue *tk_duty_due(const TkDutyDues *dues, size_t index)
{
    return &g_array_index(dues->dues, TkDutyDue, index);
}

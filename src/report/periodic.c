/* The periodic report on accidents (報告規則7条の3): which accidents belong to a period, one row for each
 * service of each. Until 2025-03-31 the period is a quarter, from then on a
 * fiscal year; the form in force on the first day of the period is taken. */
#include "report/build.h"

void tk_report_period(int year, int quarter_or_0, TkDate *from, TkDate *to)
{
    int month = quarter_or_0 == 0 ? 4 : 3 * CLAMP(quarter_or_0, 1, 4) + 1;
    *from = tk_date_make(month > 12 ? year + 1 : year, month > 12 ? month - 12 : month, 1);
    *to = tk_date_month_end(*from, quarter_or_0 == 0 ? 11 : 2);
}

/* ------------------------------------------------------------------ which accidents */

typedef struct {
    const json_t *accident;
    int64_t started_us;
} Listed;

static int by_start(const void *a, const void *b)
{
    const Listed *x = a, *y = b;
    if (x->started_us != y->started_us)
        return x->started_us < y->started_us ? -1 : 1;
    return g_strcmp0(json_string_value(json_object_get(x->accident, "id")),
                     json_string_value(json_object_get(y->accident, "id")));
}

/* Listed in order of their beginning. NULL and *error when an accident's beginning cannot be read. */
static GArray *select_accidents(const json_t *accidents, const char *kind, TkDate from, TkDate to,
                                GError **error)
{
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Listed));
    size_t i;
    json_t *accident;
    json_array_foreach((json_t *)accidents, i, accident)
    {
        Listed listed = {.accident = accident};
        if (!tk_fact_time(accident, "started_at", &listed.started_us)) {
            tk_fail(error, TK_ERROR_INPUT,
                    "accident %zu of the list: field “started_at” is not a time; correct the record", i + 1);
            return NULL;
        }
        TkDate date = tk_date_of_time(listed.started_us);
        if (date >= from && date <= to && tk_fact_reported_as(accident, kind))
            g_array_append_val(list, listed);
    }
    g_array_sort(list, by_start);
    return g_steal_pointer(&list);
}

static void add_row(json_t *rows, size_t number, json_t *accident, json_t *service)
{
    json_array_append_new(rows, json_pack("{s:I,s:O,s:O?}", "number", (json_int_t)number, "accident",
                                          accident, "service", service));
}

/* The listed accidents as one list, for counting; new reference. */
static json_t *accidents_of(const GArray *list)
{
    json_t *out = json_array();
    for (guint n = 0; n < list->len; n++)
        json_array_append(out, (json_t *)g_array_index(list, Listed, n).accident);
    return out;
}

static json_t *rows_of(const GArray *list)
{
    json_t *rows = json_array();
    for (guint n = 0; n < list->len; n++) {
        json_t *accident = (json_t *)g_array_index(list, Listed, n).accident;
        json_t *services = json_object_get(accident, "services"), *service;
        size_t i;
        if (json_array_size(services) == 0)
            add_row(rows, n + 1, accident, NULL);
        json_array_foreach(services, i, service)
        {
            add_row(rows, n + 1, accident, service);
        }
    }
    return rows;
}

/* ------------------------------------------------------------------ the report */

TkReport *tk_report_periodic(const TkForms *forms, const char *kind, const TkReportContext *context,
                             TkDate from, TkDate to, const json_t *accidents, GError **error)
{
    if (!json_is_array(accidents) || to < from) {
        tk_fail(error, TK_ERROR_INPUT,
                to < from ? "the period ends before it begins" : "the accidents are not a list");
        return NULL;
    }
    g_autoptr(GArray) list = select_accidents(accidents, kind, from, to, error);
    if (list == NULL)
        return NULL;
    char first[TK_TIME_TEXT_MAX], last[TK_TIME_TEXT_MAX];
    g_autoptr(json_t) period =
        json_pack("{s:s,s:s}", "from", tk_date_text(from, first), "to", tk_date_text(to, last));
    g_autoptr(json_t) listed = accidents_of(list);
    g_autoptr(json_t) statistics = tk_report_statistics(listed);
    g_autoptr(json_t) facts =
        json_pack("{s:O,s:o,s:O}", "period", period, "rows", rows_of(list), "statistics", statistics);
    g_autoptr(json_t) kept = json_pack("{s:O,s:O}", "period", period, "statistics", statistics);
    TkReportContext of_period = *context;
    of_period.law_date = from;
    return tk_report_fill(forms, kind, &of_period, facts, kept, error);
}

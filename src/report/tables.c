/* Statistics as tables, of the kind the ministry publishes on the accidents of a fiscal year: how many
 * carriers reported how many serious accidents and how many on which form, and how the accidents divide by
 * service, by cause, and by duration and users.
 *
 * Every table but two divides the same accidents, so that its total is their number: year, cause and matrix.
 * An accident in several services counts in each row of `service`; and `reports` counts reports, not
 * accidents: a serious accident that began before 2023-06-16 is on the detailed form as well. */
#include "report/build.h"

#define YEARS_MAX 200
#define OUTCOMES  5

static const struct {
    const char *id;
    TkText name;
} outcomes[OUTCOMES] = {
    {"serious", {"重大な事故", "Serious accidents"}},
    {"periodic-detailed", {"詳細な様式", "Detailed form"}},
    {"periodic-simplified", {"簡易な様式", "Simplified form"}},
    {"not-reportable", {"報告対象外", "Not reportable"}},
    {"undetermined", {"未確定", "Undetermined"}}, /* the last takes what is none of these */
};

static const struct {
    const char *id;
    TkText name;
} causes[] = {
    {"equipment", {"設備要因", "Equipment"}},
    {"human", {"人為要因", "Human"}},
    {"external", {"外的要因", "External"}},
    {"other", {"その他・未分類", "Other, not classed"}},
};

static const TkText durations[] = {
    {"30分未満", "under 30 min"},           {"30分以上1時間未満", "30 min to 1 h"},
    {"1時間以上2時間未満", "1 h to 2 h"},   {"2時間以上5時間未満", "2 h to 5 h"},
    {"5時間以上12時間未満", "5 h to 12 h"}, {"12時間以上24時間未満", "12 h to 24 h"},
    {"24時間以上", "24 h and more"},        {"不明", "not known"},
};
static const TkText user_bands[] = {
    {"500人未満", "under 500"},
    {"500人以上5千人未満", "500 to 5,000"},
    {"5千人以上3万人未満", "5,000 to 30,000"},
    {"3万人以上10万人未満", "30,000 to 100,000"},
    {"10万人以上100万人未満", "100,000 to 1 million"},
    {"100万人以上", "1 million and more"},
    {"不明", "not known"},
};

/* ------------------------------------------------------------------ a table */

static json_t *words(TkText text)
{
    return json_pack("{s:s, s:s}", "ja", text.ja, "en", text.en);
}

typedef struct {
    json_t *columns, *rows;
    GArray *total; /* int64_t, one a column */
} Table;

static Table table_begin(void)
{
    return (Table){json_array(), json_array(), g_array_new(FALSE, TRUE, sizeof(int64_t))};
}

static void add_column(Table *table, const char *id, TkText label)
{
    int64_t zero = 0;
    json_array_append_new(table->columns, json_pack("{s:s, s:o}", "id", id, "label", words(label)));
    g_array_append_val(table->total, zero);
}

static void add_outcome_columns(Table *table)
{
    for (size_t o = 0; o < OUTCOMES; o++)
        add_column(table, outcomes[o].id, outcomes[o].name);
    add_column(table, "total", (TkText){"計", "Total"});
}

/* Takes `label`. */
static void add_row(Table *table, const char *id, json_t *label, const int64_t *values)
{
    json_t *cells = json_array();
    for (guint c = 0; c < table->total->len; c++) {
        json_array_append_new(cells, json_integer(values[c]));
        g_array_index(table->total, int64_t, c) += values[c];
    }
    json_array_append_new(table->rows,
                          json_pack("{s:s, s:o, s:o}", "id", id, "label", label, "values", cells));
}

/* Outcomes and their sum. */
static void add_outcome_row(Table *table, const char *id, json_t *label, const int64_t counts[OUTCOMES])
{
    int64_t values[OUTCOMES + 1] = {0};
    for (size_t o = 0; o < OUTCOMES; o++) {
        values[o] = counts[o];
        values[OUTCOMES] += counts[o];
    }
    add_row(table, id, label, values);
}

/* Takes the table. `summed`: the sum over the rows means something. */
static json_t *table_end(Table *table, const char *id, TkText title, TkText rows_are, bool summed)
{
    json_t *total = summed ? json_array() : json_null();
    for (guint c = 0; summed && c < table->total->len; c++)
        json_array_append_new(total, json_integer(g_array_index(table->total, int64_t, c)));
    g_array_unref(table->total);
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "id", id, "title", words(title), "rows_are",
                     words(rows_are), "columns", table->columns, "rows", table->rows, "total", total);
}

/* ------------------------------------------------------------------ reading an accident */

static size_t outcome_of(const json_t *holder)
{
    size_t o = 0;
    while (o + 1 < OUTCOMES && !tk_fact_is(holder, "outcome", outcomes[o].id))
        o++;
    return o;
}

static int fiscal_year(TkDate day)
{
    int year, month, date;
    tk_date_split(day, &year, &month, &date);
    return month < 4 ? year - 1 : year;
}

/* The accidents that began from the first to the last day, without drills, which are counted; NULL and *error
 * where a beginning cannot be read. */
static json_t *between(const json_t *accidents, TkDate from, TkDate to, int64_t *drills, GError **error)
{
    g_autoptr(json_t) out = json_array();
    size_t i;
    json_t *accident;
    json_array_foreach((json_t *)accidents, i, accident)
    {
        int64_t began_us;
        if (!tk_fact_time(accident, "started_at", &began_us)) {
            tk_fail(error, TK_ERROR_INPUT,
                    "accident %zu: field “started_at” is not a time; correct the record", i + 1);
            return NULL;
        }
        TkDate day = tk_date_of_time(began_us);
        if (day < from || day > to)
            continue;
        if (json_is_true(json_object_get(accident, "drill")))
            ++*drills;
        else
            json_array_append(out, accident);
    }
    return g_steal_pointer(&out);
}

static int year_of(const json_t *accident)
{
    int64_t began_us = 0;
    tk_fact_time(accident, "started_at", &began_us); /* `between` has read it */
    return fiscal_year(tk_date_of_time(began_us));
}

static json_t *year_label(int year)
{
    g_autofree char *ja = g_strdup_printf("%d年度", year), *en = g_strdup_printf("FY%d", year);
    return words((TkText){ja, en});
}

/* ------------------------------------------------------------------ the tables */

typedef struct {
    const json_t *accidents; /* of the period */
    int first_year, years;
} Period;

static json_t *by_year(const Period *period)
{
    g_autofree int64_t *counts = g_new0(int64_t, (gsize)period->years * OUTCOMES);
    size_t i;
    const json_t *accident;
    json_array_foreach(period->accidents, i, accident)
    {
        counts[(year_of(accident) - period->first_year) * OUTCOMES + (int)outcome_of(accident)]++;
    }
    Table table = table_begin();
    add_outcome_columns(&table);
    for (int y = 0; y < period->years; y++) {
        char id[12];
        g_snprintf(id, sizeof id, "%d", period->first_year + y);
        add_outcome_row(&table, id, year_label(period->first_year + y), counts + y * OUTCOMES);
    }
    return table_end(&table, "year", (TkText){"年度別の事故件数", "Accidents by fiscal year"},
                     (TkText){"年度", "Fiscal year"}, true);
}

/* Carriers and reports of one kind in one year; carriers are told apart by "carrier", one without is one. */
static void count_reports(const Period *period, int year, const char *kind, int64_t *carriers,
                          int64_t *reports)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;
    const json_t *accident;
    json_array_foreach(period->accidents, i, accident)
    {
        if (year_of(accident) != year || !tk_fact_reported_as(accident, kind))
            continue;
        const char *carrier = json_string_value(json_object_get(accident, "carrier"));
        g_hash_table_add(seen, (void *)(carrier == NULL ? "" : carrier));
        ++*reports;
    }
    *carriers = g_hash_table_size(seen);
}

static json_t *by_reports(const Period *period)
{
    Table table = table_begin();
    add_column(&table, "serious-carriers", (TkText){"重大な事故 事業者数", "Serious: carriers"});
    add_column(&table, "serious", (TkText){"重大な事故 件数", "Serious: reports"});
    add_column(&table, "detailed-carriers", (TkText){"詳細な様式 事業者数", "Detailed form: carriers"});
    add_column(&table, "detailed", (TkText){"詳細な様式 件数", "Detailed form: reports"});
    add_column(&table, "simplified-carriers", (TkText){"簡易な様式 事業者数", "Simplified form: carriers"});
    add_column(&table, "simplified", (TkText){"簡易な様式 件数", "Simplified form: reports"});
    for (int year = period->first_year; year < period->first_year + period->years; year++) {
        int64_t values[6] = {0};
        for (size_t k = 0; k < 3; k++)
            count_reports(period, year, outcomes[k].id, &values[2 * k], &values[2 * k + 1]);
        char id[12];
        g_snprintf(id, sizeof id, "%d", year);
        add_row(&table, id, year_label(year), values);
    }
    return table_end(&table, "reports",
                     (TkText){"報告事業者数と報告件数", "Carriers that reported, and their reports"},
                     (TkText){"年度", "Fiscal year"}, false);
}

/* How often the service was touched, by its own outcome. */
static void count_service(const Period *period, const char *id, int64_t counts[OUTCOMES])
{
    size_t i, s;
    const json_t *accident, *service;
    json_array_foreach(period->accidents, i, accident)
    {
        json_array_foreach(json_object_get(accident, "services"), s, service)
        {
            if (tk_fact_is(service, "service", id))
                counts[outcome_of(service)]++;
        }
    }
}

static json_t *by_service(const Period *period)
{
    g_autoptr(json_t) counted = tk_report_statistics(period->accidents);
    Table table = table_begin();
    add_outcome_columns(&table);
    add_column(&table, "users", (TkText){"影響利用者数(延べ)", "Users affected, summed"});
    add_column(&table, "user-minutes", (TkText){"利用者・分", "User minutes"});
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(counted, "by_service"), i, one)
    {
        const char *id = json_string_value(json_object_get(one, "service"));
        int64_t values[OUTCOMES + 3] = {0};
        count_service(period, id, values);
        for (size_t o = 0; o < OUTCOMES; o++)
            values[OUTCOMES] += values[o];
        values[OUTCOMES + 1] = tk_fact_number(one, "users");
        values[OUTCOMES + 2] = tk_fact_number(one, "user_minutes");
        json_t *name = json_object_get(one, "name");
        add_row(&table, id, json_is_object(name) ? json_incref(name) : words((TkText){id, id}), values);
    }
    return table_end(
        &table, "service",
        (TkText){"役務別(複数役務の事故は各役務で計上)", "By service (counted in each service it touched)"},
        (TkText){"役務", "Service"}, false);
}

static json_t *by_cause(const Period *period)
{
    int64_t counts[G_N_ELEMENTS(causes)][OUTCOMES] = {{0}};
    size_t i;
    const json_t *accident;
    json_array_foreach(period->accidents, i, accident)
    {
        size_t c = 0;
        while (c + 1 < G_N_ELEMENTS(causes) && !tk_fact_is(accident, "cause_class", causes[c].id))
            c++;
        counts[c][outcome_of(accident)]++;
    }
    Table table = table_begin();
    add_outcome_columns(&table);
    for (size_t c = 0; c < G_N_ELEMENTS(causes); c++)
        add_outcome_row(&table, causes[c].id, words(causes[c].name), counts[c]);
    return table_end(&table, "cause", (TkText){"発生要因別", "By cause"}, (TkText){"発生要因", "Cause"},
                     true);
}

static json_t *by_matrix(const Period *period)
{
    g_autoptr(json_t) counted = tk_report_statistics(period->accidents);
    Table table = table_begin();
    char key[16];
    for (size_t u = 0; u < G_N_ELEMENTS(user_bands); u++) {
        g_snprintf(key, sizeof key, "u%zu", u);
        add_column(&table, key, user_bands[u]);
    }
    add_column(&table, "total", (TkText){"計", "Total"});
    size_t d;
    const json_t *row;
    json_array_foreach(json_object_get(counted, "matrix"), d, row)
    {
        int64_t values[G_N_ELEMENTS(user_bands) + 1] = {0};
        for (size_t u = 0; u < G_N_ELEMENTS(user_bands); u++) {
            g_snprintf(key, sizeof key, "u%zu", u);
            values[u] = tk_fact_number(row, key);
            values[G_N_ELEMENTS(user_bands)] += values[u];
        }
        add_row(&table, json_string_value(json_object_get(row, "duration")), words(durations[d]), values);
    }
    return table_end(&table, "matrix", (TkText){"継続時間 × 影響利用者数", "Duration × users affected"},
                     (TkText){"継続時間", "Duration"}, true);
}

static const struct {
    const char *id;
    json_t *(*make)(const Period *period);
} tables[] = {
    {"year", by_year},   {"reports", by_reports}, {"service", by_service},
    {"cause", by_cause}, {"matrix", by_matrix},
};

json_t *tk_report_tables(const json_t *accidents, TkDate from, TkDate to, const char *by, GError **error)
{
    Period period = {.first_year = fiscal_year(from), .years = fiscal_year(to) - fiscal_year(from) + 1};
    if (to < from || period.years > YEARS_MAX) {
        tk_fail(error, TK_ERROR_INPUT, "from, to: a period of at most %d fiscal years, the first day first",
                YEARS_MAX);
        return NULL;
    }
    int64_t drills = 0;
    g_autoptr(json_t) within = between(accidents, from, to, &drills, error);
    if (within == NULL)
        return NULL;
    period.accidents = within;
    g_autoptr(json_t) made = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        if (by == NULL || strcmp(by, tables[i].id) == 0)
            json_array_append_new(made, tables[i].make(&period));
    if (json_array_size(made) == 0) {
        tk_fail(error, TK_ERROR_INPUT, "by: “%.20s” is none of year, reports, service, cause, matrix", by);
        return NULL;
    }
    return json_pack("{s:I, s:I, s:O}", "accidents", (json_int_t)json_array_size(within), "drills",
                     (json_int_t)drills, "tables", made);
}

/* The periodic report on accidents (報告規則7条の3): which accidents belong to a period, one row for each
 * service of each, and how many there were of what. Until 2025-03-31 the period is a quarter, from then on a
 * fiscal year; the form in force on the first day of the period is taken. */
#include "report/build.h"

#define UNKNOWN_BAND (-1)

void tk_report_period(int year, int quarter_or_0, TkDate *from, TkDate *to)
{
    int month = quarter_or_0 == 0 ? 4 : 3 * CLAMP(quarter_or_0, 1, 4) + 1;
    *from = tk_date_make(month > 12 ? year + 1 : year, month > 12 ? month - 12 : month, 1);
    *to = tk_date_month_end(*from, quarter_or_0 == 0 ? 11 : 2);
}

/* ------------------------------------------------------------------ which accidents */

static bool time_of(const json_t *object, const char *key, int64_t *at_us)
{
    const json_t *text = json_object_get(object, key);
    return json_is_string(text) &&
           tk_time_parse(json_string_value(text), json_string_length(text), at_us, NULL);
}

static bool text_is(const json_t *object, const char *key, const char *text)
{
    return g_strcmp0(json_string_value(json_object_get(object, key)), text) == 0;
}

/* By its outcome; a serious accident that is listed as well (until 2023-06-15) has a deadline of that kind.
 */
static bool belongs(const json_t *accident, const char *kind)
{
    if (text_is(accident, "outcome", kind))
        return true;
    size_t i;
    json_t *deadline;
    json_array_foreach(json_object_get(accident, "deadlines"), i, deadline)
    {
        if (text_is(deadline, "kind", kind))
            return true;
    }
    return false;
}

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
        if (!time_of(accident, "started_at", &listed.started_us)) {
            tk_fail(error, TK_ERROR_INPUT,
                    "accident %zu of the list: field “started_at” is not a time; correct the record", i + 1);
            return NULL;
        }
        TkDate date = tk_date_of_time(listed.started_us);
        if (date >= from && date <= to && belongs(accident, kind))
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

/* ------------------------------------------------------------------ statistics */

static const int64_t user_bands[] = {500, 5000, 30000, 100000,
                                     1000000}; /* lower edges, the first band below */
static const int64_t duration_bands_s[] = {1800, 3600, 7200, 18000, 43200, 86400};

#define USER_BANDS     (G_N_ELEMENTS(user_bands) + 2)       /* and the unknown */
#define DURATION_BANDS (G_N_ELEMENTS(duration_bands_s) + 2) /* likewise */

static size_t band_of(int64_t value, const int64_t *edges, size_t count)
{
    if (value < 0)
        return count + 1;
    size_t band = 0;
    while (band < count && value >= edges[band])
        band++;
    return band;
}

static int64_t number_of(const json_t *object, const char *key)
{
    const json_t *number = json_object_get(object, key);
    return json_is_integer(number) ? json_integer_value(number) : UNKNOWN_BAND;
}

typedef struct {
    const json_t *name;
    int64_t accidents, users, user_minutes;
} ServiceCount;

typedef struct {
    GPtrArray *ids;       /* in the order they first appear; borrowed */
    GHashTable *services; /* id → ServiceCount */
    int64_t accidents, causes[4];
    int64_t matrix[DURATION_BANDS][USER_BANDS];
} Counts;

static const char *const cause_ids[] = {"equipment", "human", "external", "other"};

static void count_services(Counts *counts, const json_t *accident, int64_t duration_s)
{
    size_t i;
    json_t *service;
    json_array_foreach(json_object_get(accident, "services"), i, service)
    {
        const char *id = json_string_value(json_object_get(service, "service"));
        if (id == NULL)
            continue;
        ServiceCount *count = g_hash_table_lookup(counts->services, id);
        if (count == NULL) {
            count = g_new0(ServiceCount, 1);
            g_hash_table_insert(counts->services, (void *)id, count);
            g_ptr_array_add(counts->ids, (void *)id);
        }
        count->name = json_object_get(service, "name");
        count->accidents++;
        int64_t users = number_of(service, "users");
        if (users > 0)
            count->users += users;
        if (users > 0 && duration_s > 0 && users < INT64_MAX / 100 / duration_s)
            count->user_minutes += users * duration_s / 60;
    }
}

static int64_t users_most(const json_t *accident)
{
    int64_t most = UNKNOWN_BAND;
    size_t i;
    json_t *service;
    json_array_foreach(json_object_get(accident, "services"), i, service)
    {
        most = MAX(most, number_of(service, "users"));
    }
    return most;
}

static void count_accident(Counts *counts, const json_t *accident)
{
    int64_t duration_s = number_of(accident, "duration_s");
    size_t cause = 0;
    while (cause < 3 && !text_is(accident, "cause_class", cause_ids[cause]))
        cause++; /* what is not classed counts as other */
    counts->accidents++;
    counts->causes[cause]++;
    counts->matrix[band_of(duration_s, duration_bands_s, G_N_ELEMENTS(duration_bands_s))]
                  [band_of(users_most(accident), user_bands, G_N_ELEMENTS(user_bands))]++;
    count_services(counts, accident, duration_s);
}

static json_t *services_json(const Counts *counts)
{
    json_t *list = json_array();
    for (guint i = 0; i < counts->ids->len; i++) {
        const char *id = g_ptr_array_index(counts->ids, i);
        const ServiceCount *count = g_hash_table_lookup(counts->services, id);
        json_array_append_new(
            list, json_pack("{s:s,s:o,s:I,s:I,s:I}", "service", id, "name",
                            count->name != NULL ? json_incref((json_t *)count->name) : json_string(id),
                            "accidents", (json_int_t)count->accidents, "users", (json_int_t)count->users,
                            "user_minutes", (json_int_t)count->user_minutes));
    }
    return list;
}

static json_t *matrix_json(const Counts *counts)
{
    json_t *list = json_array();
    for (size_t d = 0; d < DURATION_BANDS; d++) {
        char band[16];
        g_snprintf(band, sizeof band, d + 1 == DURATION_BANDS ? "unknown" : "d%zu", d);
        json_t *row = json_pack("{s:s}", "duration", band);
        for (size_t u = 0; u < USER_BANDS; u++) {
            char key[16];
            g_snprintf(key, sizeof key, "u%zu", u);
            json_object_set_new(row, key, json_integer(counts->matrix[d][u]));
        }
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *counts_json(const Counts *counts)
{
    json_t *causes = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(cause_ids); i++)
        json_array_append_new(causes, json_pack("{s:s,s:I}", "cause", cause_ids[i], "accidents",
                                                (json_int_t)counts->causes[i]));
    return json_pack("{s:I,s:o,s:o,s:o}", "accidents", (json_int_t)counts->accidents, "by_service",
                     services_json(counts), "by_cause", causes, "matrix", matrix_json(counts));
}

static Counts counts_begin(void)
{
    return (Counts){.ids = g_ptr_array_new(),
                    .services = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free)};
}

static json_t *counts_end(Counts *counts)
{
    json_t *json = counts_json(counts);
    g_ptr_array_unref(counts->ids);
    g_hash_table_unref(counts->services);
    return json;
}

json_t *tk_report_statistics(const json_t *accidents)
{
    Counts counts = counts_begin();
    size_t i;
    json_t *accident;
    json_array_foreach((json_t *)accidents, i, accident)
    {
        count_accident(&counts, accident);
    }
    return counts_end(&counts);
}

static json_t *statistics_of(const GArray *list)
{
    Counts counts = counts_begin();
    for (guint i = 0; i < list->len; i++)
        count_accident(&counts, g_array_index(list, Listed, i).accident);
    return counts_end(&counts);
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
    g_autoptr(json_t) statistics = statistics_of(list);
    g_autoptr(json_t) facts =
        json_pack("{s:O,s:o,s:O}", "period", period, "rows", rows_of(list), "statistics", statistics);
    g_autoptr(json_t) kept = json_pack("{s:O,s:O}", "period", period, "statistics", statistics);
    TkReportContext of_period = *context;
    of_period.law_date = from;
    return tk_report_fill(forms, kind, &of_period, facts, kept, error);
}

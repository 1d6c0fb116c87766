/* How many accidents there were of what: by service, by cause, by duration and users. An accident in several
 * services counts once in each service and once among the accidents. */
#include "report/build.h"

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
        int64_t users = tk_fact_number(service, "users");
        if (users > 0)
            count->users += users;
        if (users > 0 && duration_s > 0 && users < INT64_MAX / 100 / duration_s)
            count->user_minutes += users * duration_s / 60;
    }
}

static int64_t users_most(const json_t *accident)
{
    int64_t most = -1;
    size_t i;
    json_t *service;
    json_array_foreach(json_object_get(accident, "services"), i, service)
    {
        most = MAX(most, tk_fact_number(service, "users"));
    }
    return most;
}

static void count_accident(Counts *counts, const json_t *accident)
{
    int64_t duration_s = tk_fact_number(accident, "duration_s");
    size_t cause = 0;
    while (cause < 3 && !tk_fact_is(accident, "cause_class", cause_ids[cause]))
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

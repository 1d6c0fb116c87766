/* The table of incidents: the newest version of each, in memory, written through to the store. */
#include "service/app.h"

TkIncident *tk_incidents_get(TkApp *app, const char *id, GError **error)
{
    g_mutex_lock(&app->table_lock);
    TkIncident *found = g_hash_table_lookup(app->incidents, id);
    if (found != NULL)
        tk_incident_ref(found);
    g_mutex_unlock(&app->table_lock);
    if (found == NULL)
        tk_fail_both(error, TK_ERROR_NOT_FOUND, "事故「%s」は見つかりません。番号を確かめてください。",
                     "there is no accident “%s”; GET /api/v1/accidents lists them", id);
    return found;
}

static int newest_first(const void *a, const void *b)
{
    const TkIncident *x = *(TkIncident *const *)a, *y = *(TkIncident *const *)b;
    if (x->started_at != y->started_at)
        return x->started_at < y->started_at ? 1 : -1;
    return strcmp(y->id, x->id);
}

static GPtrArray *collect(TkApp *app, bool with_drills)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)tk_incident_unref);
    g_mutex_lock(&app->table_lock);
    GHashTableIter iter;
    void *value;
    g_hash_table_iter_init(&iter, app->incidents);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (with_drills || !((TkIncident *)value)->drill)
            g_ptr_array_add(all, tk_incident_ref(value));
    g_mutex_unlock(&app->table_lock);
    g_ptr_array_sort(all, newest_first);
    return all;
}

GPtrArray *tk_incidents_all(TkApp *app)
{
    return collect(app, false);
}

GPtrArray *tk_incidents_with_drills(TkApp *app)
{
    return collect(app, true);
}

static void index_sources(TkApp *app, const TkIncident *incident)
{
    size_t i;
    const json_t *source;
    if (incident->merged_into != NULL)
        return;
    json_array_foreach(incident->sources, i, source)
    {
        g_hash_table_replace(app->by_source, g_strdup(json_string_value(source)), g_strdup(incident->id));
    }
}

void tk_incidents_next_id(TkApp *app, int64_t started_at, bool drill, unsigned pending,
                          char id[TK_INCIDENT_ID_MAX])
{
    int year, month, day;
    tk_date_split(tk_date_of_time(started_at), &year, &month, &day);
    void *key = GINT_TO_POINTER(drill ? -year : year);
    unsigned last = GPOINTER_TO_UINT(g_hash_table_lookup(app->last_number, key));
    g_snprintf(id, TK_INCIDENT_ID_MAX, "%c%d-%04u", drill ? 'D' : 'A', year, last + 1 + pending);
}

/* Remembers the highest number of the id's year: "A2026-0001", "D2026-0001". */
static void count_id(TkApp *app, const char *id)
{
    const char *dash = strchr(id, '-');
    if ((id[0] != 'A' && id[0] != 'D') || dash == NULL)
        return;
    int of = (int)g_ascii_strtoll(id + 1, NULL, 10);
    void *year = GINT_TO_POINTER(id[0] == 'D' ? -of : of);
    unsigned number = (unsigned)g_ascii_strtoull(dash + 1, NULL, 10);
    if (number > GPOINTER_TO_UINT(g_hash_table_lookup(app->last_number, year)))
        g_hash_table_insert(app->last_number, year, GUINT_TO_POINTER(number));
}

void tk_incidents_publish(TkApp *app, TkIncident *incident)
{
    index_sources(app, incident);
    count_id(app, incident->id);
    g_mutex_lock(&app->table_lock);
    g_hash_table_replace(app->incidents, g_strdup(incident->id), tk_incident_ref(incident));
    g_mutex_unlock(&app->table_lock);
}

void tk_incidents_reindex(TkApp *app)
{
    g_hash_table_remove_all(app->by_source);
    g_autoptr(GPtrArray) all = tk_incidents_with_drills(app);
    for (unsigned i = 0; i < all->len; i++)
        index_sources(app, g_ptr_array_index(all, i));
}

typedef struct {
    TkApp *app;
    GError *error;
    uint32_t count;
} Loading;

static bool load_one(const TkRecord *record, void *data)
{
    Loading *loading = data;
    loading->count++;
    g_autoptr(TkIncident) incident = tk_incident_of_json(record->body, &loading->error);
    if (incident == NULL)
        return false;
    tk_incidents_publish(loading->app, incident);
    return true;
}

bool tk_incidents_load(TkApp *app, GError **error)
{
    for (uint32_t offset = 0;; offset += TK_STORE_LIMIT_MAX) {
        Loading loading = {.app = app};
        TkQuery query = {.kind = TK_KIND_ACCIDENT, .offset = offset, .limit = TK_STORE_LIMIT_MAX};
        if (!tk_store_list(app->store, &query, load_one, &loading, NULL, error))
            return false;
        if (loading.error != NULL) {
            g_propagate_error(error, loading.error);
            return false;
        }
        if (loading.count < TK_STORE_LIMIT_MAX)
            return true;
    }
}

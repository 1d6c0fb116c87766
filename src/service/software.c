/* What the current SBOMs and advisories say together. Documents are read once and kept by their hash;
 * matching is done when somebody asks, since a new advisory, another facility or a patch changes the answer.
 */
#include "service/software_private.h"

#include "service/software.h"

#define DOCUMENTS_MAX 2000 /* kept; all are forgotten beyond and read again */
#define RECORDS_MAX   5000 /* SBOMs, and advisories, that are looked at */

struct TkSoftware {
    GMutex lock;
    GHashTable *sboms, *advisories; /* sha256 → TkSbom, TkAdvisory */
};

TkSoftware *tk_software_new(void)
{
    TkSoftware *s = g_new0(TkSoftware, 1);
    g_mutex_init(&s->lock);
    s->sboms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)tk_sbom_free);
    s->advisories = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)tk_advisory_free);
    return s;
}

void tk_software_free(TkSoftware *s)
{
    if (s == NULL)
        return;
    g_hash_table_unref(s->sboms);
    g_hash_table_unref(s->advisories);
    g_mutex_clear(&s->lock);
    g_free(s);
}

/* ---- records ---- */

typedef struct {
    const TkRegisterSchema *schema;
    json_t *items;
} Reading;

static bool take_record(const TkRecord *record, void *data, GError **error)
{
    Reading *reading = data;
    if (json_array_size(reading->items) >= RECORDS_MAX * 20)
        return tk_fail(error, TK_ERROR_LIMIT, "the register has more records than are looked at");
    json_t *values = tk_register_stored(reading->schema, record->body);
    json_object_set_new(values, "id", json_string(record->id));
    json_array_append_new(reading->items, values);
    return true;
}

json_t *tk_software_records(TkApp *app, const char *name, GError **error)
{
    Reading reading = {tk_registers_schema(app->registers, name), json_array()};
    if (reading.schema == NULL ||
        tk_register_each(app->registers, reading.schema, take_record, &reading, error))
        return reading.items;
    json_decref(reading.items);
    return NULL;
}

static const char *text_of(const json_t *values, const char *field)
{
    const char *text = json_string_value(json_object_get(values, field));
    return text == NULL ? "" : text;
}

static bool is_current(const json_t *values)
{
    return strcmp(text_of(values, "status"), "current") == 0;
}

static GBytes *document_of(TkApp *app, const json_t *values, char **hash, GError **error)
{
    *hash = g_strdup(text_of(json_object_get(values, "document"), "sha256"));
    return tk_store_blob(app->store, *hash, error);
}

static void forget_where_many(GHashTable *documents)
{
    if (g_hash_table_size(documents) > DOCUMENTS_MAX)
        g_hash_table_remove_all(documents);
}

static const TkSbom *sbom_of(TkApp *app, const json_t *values, GError **error)
{
    const char *known = text_of(json_object_get(values, "document"), "sha256");
    TkSbom *sbom = g_hash_table_lookup(app->software->sboms, known);
    if (sbom != NULL)
        return sbom;
    g_autofree char *hash = NULL;
    g_autoptr(GBytes) bytes = document_of(app, values, &hash, error);
    gsize len = 0;
    const char *text = bytes == NULL ? NULL : g_bytes_get_data(bytes, &len);
    sbom = text == NULL ? NULL : tk_sbom_read("the document", text, len, error);
    if (sbom != NULL)
        g_hash_table_insert(app->software->sboms, g_steal_pointer(&hash), sbom);
    return sbom;
}

static const TkAdvisory *advisory_of(TkApp *app, const json_t *values, GError **error)
{
    const char *known = text_of(json_object_get(values, "document"), "sha256");
    TkAdvisory *advisory = g_hash_table_lookup(app->software->advisories, known);
    if (advisory != NULL)
        return advisory;
    g_autofree char *hash = NULL;
    g_autoptr(GBytes) bytes = document_of(app, values, &hash, error);
    gsize len = 0;
    const char *text = bytes == NULL ? NULL : g_bytes_get_data(bytes, &len);
    advisory = text == NULL ? NULL : tk_advisory_read("the document", text, len, error);
    if (advisory != NULL)
        g_hash_table_insert(app->software->advisories, g_steal_pointer(&hash), advisory);
    return advisory;
}

/* ---- systems ---- */

static void system_free(void *data)
{
    TkSoftwareSystem *s = data;
    g_free(s->record);
    g_free(s->name);
    g_free(s->system);
    g_free(s->system_name);
    g_free(s->why);
    g_clear_pointer(&s->facilities, json_decref);
    g_clear_pointer(&s->users, json_decref);
    g_free(s);
}

static void advisory_free(void *data)
{
    TkSoftwareAdvisory *a = data;
    g_free(a->record);
    g_free(a->tracking_id);
    g_free(a->title);
    g_free(a->why);
    g_free(a);
}

static char *why_not(GError *error)
{
    char *why = g_strdup(error != NULL ? error->message : "cannot be read");
    g_clear_error(&error);
    return why;
}

/* Users under these facilities in the network as it is now, by service; NULL where none of them is in it. */
static json_t *users_under(TkApp *app, const json_t *facilities, TkLiveMap *map)
{
    g_autoptr(GArray) fail = g_array_new(FALSE, FALSE, sizeof(TkFacilityIx));
    size_t i;
    const json_t *id;
    json_array_foreach(facilities, i, id)
    {
        TkFacilityIx f = tk_topology_find(app->topology, json_string_value(id), json_string_length(id));
        if (f != TK_NO_FACILITY)
            g_array_append_val(fail, f);
    }
    if (fail->len == 0 || map == NULL)
        return NULL;
    TkTrial *trial =
        tk_trial_new(map->snapshot, (const TkFacilityIx *)(const void *)fail->data, fail->len, NULL, 0);
    json_t *out = json_object();
    for (uint32_t v = 0; v < tk_topology_services(app->topology); v++)
        if (trial->under[v] > 0)
            json_object_set_new(out, tk_topology_service(app->topology, v), json_integer(trial->under[v]));
    tk_trial_free(trial);
    return out;
}

static json_t *names_of_systems(TkApp *app, GError **error)
{
    g_autoptr(json_t) systems = tk_software_records(app, "systems", error);
    json_t *out = systems == NULL ? NULL : json_object();
    size_t i;
    const json_t *values;
    json_array_foreach(systems, i, values)
    {
        json_object_set_new(out, text_of(values, "id"), json_string(text_of(values, "name")));
    }
    return out;
}

static bool take_systems(TkApp *app, TkSoftwareView *view, GError **error)
{
    g_autoptr(json_t) records = tk_software_records(app, "sboms", error);
    g_autoptr(json_t) names = records == NULL ? NULL : names_of_systems(app, error);
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    size_t i;
    const json_t *values;
    if (names == NULL)
        return false;
    json_array_foreach(records, i, values)
    {
        if (!is_current(values) || view->systems->len >= RECORDS_MAX)
            continue;
        TkSoftwareSystem *s = g_new0(TkSoftwareSystem, 1);
        GError *why = NULL;
        s->record = g_strdup(text_of(values, "id"));
        s->name = g_strdup(text_of(values, "name"));
        s->system = g_strdup(text_of(values, "system"));
        s->system_name = g_strdup(text_of(names, s->system));
        s->facilities = json_incref(json_object_get(values, "facilities"));
        s->sbom = sbom_of(app, values, &why);
        s->why = s->sbom == NULL ? why_not(why) : NULL;
        s->users = users_under(app, s->facilities, map);
        g_ptr_array_add(view->systems, s);
    }
    return true;
}

static bool take_advisories(TkApp *app, TkSoftwareView *view, GError **error)
{
    g_autoptr(json_t) records = tk_software_records(app, "advisories", error);
    size_t i;
    const json_t *values;
    if (records == NULL)
        return false;
    json_array_foreach(records, i, values)
    {
        if (!is_current(values) || view->advisories->len >= RECORDS_MAX)
            continue;
        TkSoftwareAdvisory *a = g_new0(TkSoftwareAdvisory, 1);
        GError *why = NULL;
        a->record = g_strdup(text_of(values, "id"));
        a->tracking_id = g_strdup(text_of(values, "tracking_id"));
        a->title = g_strdup(text_of(values, "title"));
        a->advisory = advisory_of(app, values, &why);
        a->why = a->advisory == NULL ? why_not(why) : NULL;
        g_ptr_array_add(view->advisories, a);
    }
    return true;
}

/* ---- what is done ---- */

static bool take_patches(TkApp *app, TkSoftwareView *view, GError **error)
{
    g_autoptr(json_t) patches = tk_software_records(app, "patches", error);
    g_autoptr(json_t) acceptances =
        patches == NULL ? NULL : tk_software_records(app, "patch-acceptances", error);
    g_autoptr(json_t) until = json_object();
    size_t i;
    const json_t *values;
    if (acceptances == NULL)
        return false;
    json_array_foreach(acceptances, i, values)
    {
        const char *patch = text_of(values, "patch"), *expires = text_of(values, "expires");
        if (strcmp(text_of(values, "state"), "accepted") == 0 && strcmp(text_of(until, patch), expires) < 0)
            json_object_set_new(until, patch, json_string(expires));
    }
    view->patches = json_object();
    json_array_foreach(patches, i, values)
    {
        g_autofree char *key =
            g_strdup_printf("%s %s", text_of(values, "system"), text_of(values, "vulnerability"));
        json_object_set_new(view->patches, key,
                            json_pack("{s:s, s:s, s:s, s:O?}", "record", text_of(values, "id"), "state",
                                      text_of(values, "state"), "deadline", text_of(values, "deadline"),
                                      "accepted_until", json_object_get(until, text_of(values, "id"))));
    }
    return true;
}

/* ---- together ---- */

static void match_all(TkSoftwareView *view)
{
    for (guint a = 0; a < view->advisories->len; a++)
        for (guint s = 0; s < view->systems->len; s++) {
            TkSoftwareAdvisory *advisory = view->advisories->pdata[a];
            TkSoftwareSystem *system = view->systems->pdata[s];
            if (advisory->advisory == NULL || system->sbom == NULL)
                continue;
            GArray *found = tk_inventory_match(system->sbom, advisory->advisory);
            g_ptr_array_add(view->matches, found);
            for (guint i = 0; i < found->len; i++) {
                TkSoftwareFinding f = {system, advisory, &g_array_index(found, TkMatch, i)};
                g_array_append_val(view->findings, f);
                advisory->findings++;
                system->affected += f.finding->status == TK_STATUS_AFFECTED;
                system->investigated += f.finding->status == TK_STATUS_INVESTIGATED;
                system->unclear += f.finding->status == TK_STATUS_CANNOT_TELL;
            }
        }
}

bool tk_software_view(TkApp *app, TkSoftwareView *out, GError **error)
{
    *out = (TkSoftwareView){.app = app,
                            .systems = g_ptr_array_new_with_free_func(system_free),
                            .advisories = g_ptr_array_new_with_free_func(advisory_free),
                            .matches = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref),
                            .findings = g_array_new(FALSE, FALSE, sizeof(TkSoftwareFinding))};
    g_mutex_lock(&app->software->lock);
    forget_where_many(app->software->sboms);
    forget_where_many(app->software->advisories);
    if (!take_systems(app, out, error) || !take_advisories(app, out, error) || !take_patches(app, out, error))
        return false;
    match_all(out);
    return true;
}

void tk_software_view_clear(TkSoftwareView *view)
{
    if (view->systems == NULL)
        return;
    g_array_unref(view->findings);
    g_ptr_array_unref(view->matches);
    g_ptr_array_unref(view->advisories);
    g_ptr_array_unref(view->systems);
    g_clear_pointer(&view->patches, json_decref);
    g_mutex_unlock(&view->app->software->lock);
    view->systems = NULL;
}

/* One change: records are copied, edited, put into one write with their ledger events, and shown to readers
 * only after the commit. A change that fails leaves everything as it was. */
#include "service/app.h"

void tk_change_begin(TkChange *change, TkApp *app, TkLiveMap *map, const char *who, int64_t now_us)
{
    *change = (TkChange){.app = app, .map = map, .now_us = now_us, .who = who};
    change->write = tk_write_new(who, now_us);
    change->changed = g_ptr_array_new_with_free_func((GDestroyNotify)tk_incident_unref);
    change->by_id = g_hash_table_new(g_str_hash, g_str_equal);
}

void tk_change_clear(TkChange *change)
{
    g_clear_pointer(&change->write, tk_write_free);
    g_clear_pointer(&change->by_id, g_hash_table_unref);
    g_clear_pointer(&change->changed, g_ptr_array_unref);
}

static TkIncident *take(TkChange *change, TkIncident *incident)
{
    g_ptr_array_add(change->changed, incident);
    g_hash_table_insert(change->by_id, incident->id, incident);
    return incident;
}

TkIncident *tk_change_find(TkChange *change, const char *id)
{
    return g_hash_table_lookup(change->by_id, id);
}

TkIncident *tk_change_of(TkChange *change, TkIncident *incident)
{
    TkIncident *working = tk_change_find(change, incident->id);
    if (working != NULL)
        return working;
    TkIncident *copy = tk_incident_copy(incident);
    copy->version++;
    return take(change, copy);
}

TkIncident *tk_change_new(TkChange *change, int64_t started_at, bool drill)
{
    char id[TK_INCIDENT_ID_MAX];
    tk_incidents_next_id(change->app, started_at, drill, change->fresh++, id);
    TkIncident *incident = tk_incident_new(id);
    incident->drill = drill;
    incident->version = 1;
    incident->started_at = started_at;
    incident->known_at = incident->detected_at = change->now_us;
    return take(change, incident);
}

void tk_change_note(TkChange *change, TkIncident *incident, const char *action, const char *ja,
                    const char *en)
{
    tk_incident_note_history(incident, change->now_us, change->who, action, ja, en);
}

static const char *last_action(const TkIncident *incident)
{
    size_t count = json_array_size(incident->history);
    const json_t *last = json_array_get(incident->history, count == 0 ? 0 : count - 1);
    const char *action = json_string_value(json_object_get(last, "action"));
    return action == NULL ? "change" : action;
}

bool tk_change_end(TkChange *change, GError **error)
{
    if (change->changed->len == 0) {
        tk_change_clear(change);
        return true;
    }
    for (unsigned i = 0; i < change->changed->len; i++) {
        const TkIncident *incident = g_ptr_array_index(change->changed, i);
        g_autoptr(json_t) document = tk_incident_to_json(incident);
        tk_write_put(change->write, TK_KIND_ACCIDENT, incident->id, (int64_t)incident->version - 1,
                     last_action(incident), document);
    }
    bool kept = tk_store_commit(change->app->store, g_steal_pointer(&change->write), NULL, error);
    for (unsigned i = 0; kept && i < change->changed->len; i++)
        tk_incidents_publish(change->app, g_ptr_array_index(change->changed, i));
    tk_change_clear(change);
    return kept;
}

/* Evidence: files that belong to an accident (a log, a photograph, the notice to users). The bytes are kept
 * by their hash, the accident names them, and both become durable with one leaf of the ledger: what was
 * attached is neither replaced nor taken away, also not by undoing. */
#include "service/act.h"

bool tk_evidence_name_ok(const char *name, GError **error)
{
    size_t len = name == NULL ? 0 : strlen(name);
    if (len == 0 || len > 200 || !g_utf8_validate(name, -1, NULL))
        return tk_fail(error, TK_ERROR_INPUT, "name: the file's name, 1 to 200 bytes of UTF-8");
    for (const char *p = name; *p != '\0'; p = g_utf8_next_char(p))
        if (*p == '/' || *p == '\\' || g_unichar_iscntrl(g_utf8_get_char(p)))
            return tk_fail(error, TK_ERROR_INPUT, "name: without folders and control characters");
    return true;
}

static const json_t *named(const TkIncident *incident, const char *hash)
{
    size_t i;
    const json_t *file;
    json_array_foreach(incident->files, i, file)
    {
        if (g_strcmp0(json_string_value(json_object_get(file, "sha256")), hash) == 0)
            return file;
    }
    return NULL;
}

static bool attach(TkChange *change, TkIncident *incident, const char *name, GBytes *bytes, GError **error)
{
    char hash[TK_STORE_HASH_TEXT_MAX];
    if (json_array_size(incident->files) >= TK_INCIDENT_FILES_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%s has %d files already", incident->id, TK_INCIDENT_FILES_MAX);
    tk_write_blob(change->write, bytes, hash);
    if (named(incident, hash) != NULL)
        return tk_fail(error, TK_ERROR_CONFLICT, "%s has a file with these very bytes already", incident->id);
    TkIncident *next = tk_change_of(change, incident);
    tk_incident_append(&next->files, json_pack("{s:s, s:s, s:I, s:o, s:s}", "sha256", hash, "name", name,
                                               "size", (json_int_t)g_bytes_get_size(bytes), "at",
                                               tk_json_of_time(change->now_us), "who", change->who));
    g_autofree char *ja = g_strdup_printf("証拠を添付: %s", name),
                    *en = g_strdup_printf("evidence attached: %s", name);
    tk_change_note(change, next, "attach", ja, en);
    return true;
}

GBytes *tk_service_evidence_add(TkApp *app, const TkActor *actor, const char *id, const char *name,
                                GBytes *bytes, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_HANDLE_ACCIDENT, error) || !tk_evidence_name_ok(name, error))
        return NULL;
    if (g_bytes_get_size(bytes) == 0) {
        tk_fail(error, TK_ERROR_INPUT, "the body is empty; send the file's bytes");
        return NULL;
    }
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    g_auto(TkChange) change = {0};
    g_mutex_lock(&app->change_lock);
    g_autoptr(TkIncident) incident = tk_incidents_get(app, id, error);
    bool done = false;
    if (incident != NULL) {
        tk_change_begin(&change, app, map, actor->id, tk_app_now(app));
        done = attach(&change, incident, name, bytes, error) && tk_change_end(&change, error);
    }
    g_mutex_unlock(&app->change_lock);
    return done ? tk_service_accident(app, actor, id, error) : NULL;
}

bool tk_service_evidence(TkApp *app, const TkActor *actor, const char *id, const char *hash,
                         TkServiceFile *file, GError **error)
{
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    g_autoptr(TkIncident) incident = tk_incidents_get(app, id, error);
    if (incident == NULL)
        return false;
    const json_t *found = named(incident, hash);
    if (found == NULL)
        return tk_fail(error, TK_ERROR_NOT_FOUND, "%s has no file with that hash", id);
    file->bytes = tk_store_blob(app->store, hash, error);
    file->content_type = "application/octet-stream"; /* never shown as a page of ours */
    file->filename = g_strdup(json_string_value(json_object_get(found, "name")));
    return file->bytes != NULL;
}

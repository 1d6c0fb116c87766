/* Joins the network's present numbers into a record while it is being read, so that a running accident
 * needs no write for every alarm. What a person added by hand (base) stays below it. */
#include "service/app.h"

TkChosen tk_chosen_default(const TkApp *app, const char *service)
{
    int found = tk_law_service_find(app->law, service, strlen(service));
    return found >= 0 && tk_law_service_counts_everyone(app->law, found) ? TK_CHOSEN_UNDER_FAILED
                                                                         : TK_CHOSEN_EVER;
}

/* A service that only the network feeds takes its times from it; one with a part added by hand covers both.
 */
static void take_times(TkIncidentService *service, const TkServiceImpact *impact)
{
    if (service->started_at == TK_TIME_NONE) {
        service->started_at = impact->first_at_us;
        service->recovered_at = impact->recovered_at_us;
        return;
    }
    service->started_at = MIN(service->started_at, impact->first_at_us);
    if (service->recovered_at != TK_TIME_NONE)
        service->recovered_at = impact->recovered_at_us == TK_TIME_NONE
                                    ? TK_TIME_NONE
                                    : MAX(service->recovered_at, impact->recovered_at_us);
}

static void add_service(const TkApp *app, TkIncident *incident, const TkServiceImpact *impact)
{
    const char *name = tk_topology_service(app->topology, impact->service);
    TkIncidentService *service = tk_incident_service(incident, name);
    if (service == NULL) {
        service = tk_incident_service_add(incident, name);
        service->chosen = tk_chosen_default(app, name);
        service->started_at = TK_TIME_NONE;
    }
    take_times(service, impact);
    service->concurrent += impact->concurrent;
    service->peak += impact->peak;
    service->ever += impact->ever;
    service->at_least += impact->at_least;
    service->under_failed += impact->under_failed;
}

json_t *tk_facility_json(const TkTopology *topology, TkFacilityIx facility)
{
    TkFacility f = tk_topology_facility(topology, facility);
    const TkPrefecture *prefecture = tk_prefecture(f.prefecture);
    return json_pack("{s:s, s:s, s:s, s:s*}", "id", f.id, "name", f.name[0] != '\0' ? f.name : f.id, "kind",
                     f.kind, "prefecture", prefecture == NULL ? NULL : prefecture->code);
}

static bool has_cause(const json_t *causes, const char *id)
{
    size_t i;
    const json_t *cause;
    json_array_foreach(causes, i, cause)
    {
        if (strcmp(json_string_value(json_object_get(cause, "id")), id) == 0)
            return true;
    }
    return false;
}

static void add_causes(const TkApp *app, TkIncident *incident, const TkAccident *accident)
{
    json_t *causes = json_copy(incident->causes);
    bool had_some = json_array_size(causes) > 0;
    for (unsigned i = 0; i < accident->n_causes && json_array_size(causes) < TK_INCIDENT_CAUSES_MAX; i++)
        if (!had_some || !has_cause(causes, tk_topology_id(app->topology, accident->causes[i])))
            json_array_append_new(causes, tk_facility_json(app->topology, accident->causes[i]));
    json_decref(incident->causes);
    incident->causes = causes;
}

static void add_prefectures(TkIncident *incident, uint64_t bits)
{
    size_t i;
    const json_t *code;
    json_array_foreach(incident->prefectures, i, code)
    {
        bits |= UINT64_C(1) << tk_prefecture_number(json_string_value(code), json_string_length(code));
    }
    json_t *codes = json_array();
    for (int p = 1; p <= TK_PREFECTURES; p++)
        if ((bits >> p & 1) != 0)
            json_array_append_new(codes, json_string(tk_prefecture(p)->code));
    json_decref(incident->prefectures);
    incident->prefectures = codes;
}

/* All causes radio base stations: the simplified list may be used (報7条の3第1項ただし書). */
const char *tk_equipment_of(const TkTopology *topology, const TkFacilityIx *causes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *kind = tk_topology_facility(topology, causes[i]).kind;
        if (strcmp(kind, "base-station") != 0 && strcmp(kind, "cell") != 0 &&
            strcmp(kind, "radio-base-station") != 0)
            return "other";
    }
    return count > 0 ? "radio-base-station" : "other";
}

void tk_incident_add_live(const TkApp *app, TkIncident *incident, const TkAccident *accident)
{
    for (unsigned i = 0; i < accident->n_services; i++)
        add_service(app, incident, &accident->services[i]);
    add_causes(app, incident, accident);
    add_prefectures(incident, accident->prefectures);
    incident->down += accident->members_down;
    if (incident->texts_by_hand)
        return;
    g_free(incident->texts[TK_INCIDENT_EQUIPMENT]);
    incident->texts[TK_INCIDENT_EQUIPMENT] =
        g_strdup(tk_equipment_of(app->topology, accident->causes, accident->n_causes));
}

/* Live counts begin from what was added by hand; what has no such part begins from nothing. */
static void reset_counts(TkIncident *incident)
{
    incident->down = 0;
    for (unsigned i = 0; i < incident->services->len; i++) {
        TkIncidentService *s = &g_array_index(incident->services, TkIncidentService, i);
        s->peak = s->ever = s->at_least = s->under_failed = s->base;
        s->concurrent = s->recovered_at == TK_TIME_NONE || s->base < 0 ? s->base : 0;
        if (s->base <= 0)
            s->started_at = TK_TIME_NONE;
    }
}

/* What went to another record by a split may be more than the network shows now; a count is never below 0. */
static void finish_counts(TkIncident *joined, const TkIncident *stored)
{
    for (unsigned i = 0; i < joined->services->len; i++) {
        TkIncidentService *s = &g_array_index(joined->services, TkIncidentService, i);
        int64_t *counts[] = {&s->concurrent, &s->peak, &s->ever, &s->at_least, &s->under_failed};
        for (size_t c = 0; c < G_N_ELEMENTS(counts); c++)
            *counts[c] = MAX(*counts[c], 0);
        s->at_least_minutes = (int32_t)(TK_AT_LEAST_US / TK_US_PER_S / 60);
        if (s->started_at == TK_TIME_NONE) /* the network shows nothing of it any more */
            s->started_at = tk_incident_service(stored, s->service)->started_at;
    }
}

TkIncident *tk_incident_joined(TkApp *app, TkIncident *incident, TkLiveMap *map)
{
    if (!incident->live || map == NULL)
        return tk_incident_ref(incident);
    TkIncident *joined = tk_incident_copy(incident);
    reset_counts(joined);
    size_t i;
    const json_t *source;
    json_array_foreach(incident->sources, i, source)
    {
        const TkAccident *accident = g_hash_table_lookup(map->by_key, json_string_value(source));
        if (accident != NULL)
            tk_incident_add_live(app, joined, accident);
    }
    finish_counts(joined, incident);
    return joined;
}

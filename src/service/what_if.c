/* What if (もしも): facilities are thought to fail, and the network, then the law, say what would follow.
 *
 *     published snapshot ─► trial (a sweep of its own) ─► imagined record ─► verdict, deadlines
 *
 * The record is made as one of an accident is, and judged by the same code; it is put into no table and
 * nothing is written. A drill (drill.c) is the same record, kept. */
#include "service/act.h"

#define MINUTES_MAX (366 * 24 * 60)

void tk_what_if_clear(TkWhatIf *what_if)
{
    g_clear_pointer(&what_if->fail, g_array_unref);
    g_clear_pointer(&what_if->restore, g_array_unref);
    g_clear_pointer(&what_if->trial, tk_trial_free);
}

/* ---- the question ---- */

static GArray *read_facilities(const TkApp *app, const json_t *request, const char *field, GError **error)
{
    const json_t *ids = json_object_get(request, field);
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(TkFacilityIx));
    size_t i;
    const json_t *id;
    if (ids != NULL && !json_is_array(ids)) {
        tk_fail_both(error, TK_ERROR_INPUT, "「%s」に設備の番号の一覧を入れてください。",
                     "%s: a list of ids of facilities", field);
        return NULL;
    }
    if (json_array_size(ids) > TK_WHAT_IF_MAX) {
        tk_fail(error, TK_ERROR_LIMIT,
                "%s: %zu facilities, more than the %u of one question; name what they depend on instead",
                field, json_array_size(ids), TK_WHAT_IF_MAX);
        return NULL;
    }
    json_array_foreach(ids, i, id)
    {
        const char *text = json_is_string(id) ? json_string_value(id) : "";
        TkFacilityIx facility = tk_topology_find(app->topology, text, strlen(text));
        if (facility == TK_NO_FACILITY) {
            tk_fail_both(error, TK_ERROR_INPUT, "「%s」の %zu 番目: 設備「%.80s」は設備構成にありません。",
                         "%s[%zu]: the topology has no facility “%.80s”", field, i, text);
            return NULL;
        }
        g_array_append_val(out, facility);
    }
    return g_steal_pointer(&out);
}

static bool read_times(const TkApp *app, const json_t *request, int64_t now_us, TkWhatIf *out, GError **error)
{
    out->until = TK_TIME_NONE;
    if (!tk_request_time(request, "started_at", now_us, &out->started_at, error))
        return false;
    if (out->started_at == TK_TIME_NONE)
        out->started_at = now_us;
    if (tk_law_version(app->law, tk_date_of_time(out->started_at)) == TK_DATE_NONE)
        return tk_fail_both(error, TK_ERROR_INPUT, "2008-04-01 より前は法令データがありません。",
                            "started_at: the law data begin on 2008-04-01");
    const json_t *minutes = json_object_get(request, "duration_minutes");
    if (minutes == NULL || json_is_null(minutes))
        return true;
    int64_t value;
    if (!tk_request_count(request, "duration_minutes", MINUTES_MAX, &value, error))
        return false;
    out->until = out->started_at + value * 60 * TK_US_PER_S;
    return true;
}

bool tk_what_if(TkApp *app, TkLiveMap *map, const json_t *request, int64_t now_us, TkWhatIf *out,
                GError **error)
{
    *out = (TkWhatIf){.until = TK_TIME_NONE};
    if (map == NULL)
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "設備構成を読み込み中です。少し待ってからやり直してください。",
                            "the network has not been read yet; ask again in a moment");
    out->fail = read_facilities(app, request, "fail", error);
    out->restore = out->fail == NULL ? NULL : read_facilities(app, request, "restore", error);
    if (out->restore == NULL || !read_times(app, request, now_us, out, error))
        return false;
    if (out->fail->len + out->restore->len == 0)
        return tk_fail_both(error, TK_ERROR_INPUT, "故障を想定する設備を選んでください。",
                            "fail: missing; the ids of the facilities that are thought to fail");
    out->trial = tk_trial_new(map->snapshot, (const TkFacilityIx *)(void *)out->fail->data, out->fail->len,
                              (const TkFacilityIx *)(void *)out->restore->data, out->restore->len);
    return true;
}

/* ---- the record ---- */

static void fill_services(const TkApp *app, const TkLiveMap *map, const TkWhatIf *what_if,
                          TkIncident *incident)
{
    for (unsigned s = 0; s < tk_topology_services(app->topology); s++) {
        int64_t users = what_if->trial->counts.affected[s] - map->snapshot->counts.affected[s];
        if (users <= 0)
            continue;
        const char *name = tk_topology_service(app->topology, s);
        TkIncidentService *service = tk_incident_service_add(incident, name);
        service->base = service->concurrent = service->peak = service->ever = service->at_least = users;
        service->under_failed = MAX(users, what_if->trial->under[s]);
        service->chosen = tk_chosen_default(app, name);
        if (service->chosen == TK_CHOSEN_UNDER_FAILED)
            service->base = service->under_failed;
        service->recovered_at = incident->recovered_at;
    }
}

static void fill_places(const TkLiveMap *map, const TkWhatIf *what_if, TkIncident *incident)
{
    const TkNetworkCounts *then = &what_if->trial->counts, *now = &map->snapshot->counts;
    for (int p = 1; p <= TK_PREFECTURES; p++)
        if (then->down_in[p] > now->down_in[p])
            json_array_append_new(incident->prefectures, json_string(tk_prefecture(p)->code));
}

void tk_what_if_fill(const TkApp *app, const TkLiveMap *map, const TkWhatIf *what_if, TkIncident *incident)
{
    const TkFacilityIx *fail = (const TkFacilityIx *)(void *)what_if->fail->data;
    fill_services(app, map, what_if, incident);
    fill_places(map, what_if, incident);
    for (unsigned i = 0; i < what_if->fail->len && i < TK_INCIDENT_CAUSES_MAX; i++)
        json_array_append_new(incident->causes, tk_facility_json(app->topology, fail[i]));
    incident->down =
        what_if->trial->counts.down - MIN(what_if->trial->counts.down, map->snapshot->counts.down);
    incident->texts[TK_INCIDENT_EQUIPMENT] =
        g_strdup(tk_equipment_of(app->topology, fail, what_if->fail->len));
    tk_incident_propose(app, incident);
}

/* ---- the answer ---- */

static json_t *by_service(const TkTopology *topology, const int64_t *users)
{
    json_t *out = json_object();
    for (unsigned s = 0; s < tk_topology_services(topology); s++)
        json_object_set_new(out, tk_topology_service(topology, s), json_integer((json_int_t)users[s]));
    return out;
}

static json_t *counts_json(const TkTopology *topology, const TkNetworkCounts *counts)
{
    return json_pack("{s:I, s:o}", "down", (json_int_t)counts->down, "affected",
                     by_service(topology, counts->affected));
}

static json_t *named(const TkLiveMap *map, const GArray *facilities)
{
    json_t *out = json_array();
    for (unsigned i = 0; i < facilities->len; i++) {
        TkFacilityIx facility = g_array_index(facilities, TkFacilityIx, i);
        json_t *one = tk_facility_json(map->snapshot->topology, facility);
        json_object_set_new(one, "down", json_boolean(tk_bit(map->snapshot->failed, facility)));
        json_array_append_new(out, one);
    }
    return out;
}

/* What goes down with the facilities named, each with what it hangs on, needs before dependents. */
static json_t *dependents(const TkLiveMap *map, const TkWhatIf *what_if, unsigned *total)
{
    const TkTopology *topology = map->snapshot->topology;
    json_t *out = json_array();
    *total = 0;
    for (uint32_t f = 0; f < tk_topology_size(topology); f++) {
        if (!tk_bit(what_if->trial->failed, f) || tk_bit(map->snapshot->failed, f) ||
            tk_bit(what_if->trial->alarmed, f))
            continue;
        if ((*total)++ >= TK_WHAT_IF_DOWN_MAX)
            continue;
        json_t *one = tk_facility_json(topology, f);
        TkFacilityIx because = tk_topology_because(topology, what_if->trial->failed, f, NULL);
        json_object_set_new(one, "because", json_string(tk_topology_id(topology, because)));
        json_array_append_new(out, one);
    }
    return out;
}

static json_t *prefectures_json(const TkLiveMap *map, const TkWhatIf *what_if)
{
    const TkNetworkCounts *then = &what_if->trial->counts, *now = &map->snapshot->counts;
    json_t *out = json_array();
    for (int p = 1; p <= TK_PREFECTURES; p++) {
        int64_t more[TK_SERVICES_MAX];
        for (unsigned s = 0; s < TK_SERVICES_MAX; s++)
            more[s] = then->affected_in[p][s] - now->affected_in[p][s];
        if (then->down_in[p] != now->down_in[p])
            json_array_append_new(out,
                                  json_pack("{s:s, s:{s:s, s:s}, s:I, s:o}", "code", tk_prefecture(p)->code,
                                            "name", "ja", tk_prefecture(p)->ja, "en", tk_prefecture(p)->en,
                                            "down", (json_int_t)then->down_in[p] - now->down_in[p],
                                            "affected", by_service(map->snapshot->topology, more)));
    }
    return out;
}

/* What would go on is judged at the moment at which it becomes serious, where it does: that is what people
 * ask for. */
static int64_t judged_at(TkApp *app, const TkWhatIf *what_if, const TkIncident *imagined)
{
    if (what_if->until != TK_TIME_NONE)
        return what_if->until;
    g_autoptr(TkIncidentVerdict) verdict = tk_incident_verdict(app, imagined, NULL, what_if->started_at);
    return verdict->serious_at_us == TK_TIME_NONE ? what_if->started_at : verdict->serious_at_us;
}

/* The law's answer is the view of an accident; what an imagined one has no use for is not taken over. */
static void add_verdict(TkApp *app, const TkLiveMap *map, const TkWhatIf *what_if, json_t *out)
{
    static const char *const parts[] = {"outcome", "article", "law", "services", "serious_at", "deadlines"};
    g_autoptr(TkIncident) imagined = tk_incident_new("");
    imagined->started_at = imagined->detected_at = imagined->known_at = what_if->started_at;
    imagined->recovered_at = what_if->until;
    tk_what_if_fill(app, map, what_if, imagined);
    g_autoptr(json_t) view = tk_incident_view(app, imagined, NULL, judged_at(app, what_if, imagined), false);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        json_object_set(out, parts[i], json_object_get(view, parts[i]));
    json_object_set_new(out, "title", json_string(imagined->title));
}

GBytes *tk_service_what_if(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_auto(TkWhatIf) what_if = {0};
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    if (!tk_what_if(app, map, request, tk_app_now(app), &what_if, error))
        return NULL;
    const TkTopology *topology = map->snapshot->topology;
    unsigned total;
    json_t *down = dependents(map, &what_if, &total);
    g_autoptr(json_t) out = json_pack(
        "{s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o}", "trial", 1, "synthetic",
        app->synthetic, "as_of", tk_json_of_time(map->snapshot->as_of_us), "started_at",
        tk_json_of_time(what_if.started_at), "until", tk_json_of_time(what_if.until), "fail",
        named(map, what_if.fail), "restore", named(map, what_if.restore), "now",
        counts_json(topology, &map->snapshot->counts), "then", counts_json(topology, &what_if.trial->counts),
        "down", down, "down_total", (int)total, "prefectures", prefectures_json(map, &what_if));
    add_verdict(app, map, &what_if, out);
    return tk_json_bytes(out);
}

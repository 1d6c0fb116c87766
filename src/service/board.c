/* The live board: one document for everybody who looks, built at most twice a second and shared. */
#include "service/app.h"

#define BOARD_MAX           (8u << 20)
#define BOARD_ACCIDENTS_MAX 200 /* the worst; further ones are in the list of accidents */

void tk_series_add(TkSeries *series, const TkSnapshot *snapshot, int64_t now_us)
{
    int64_t step = now_us - now_us % TK_SERIES_STEP_US;
    int64_t newest = series->count == 0
                         ? TK_TIME_NONE
                         : series->first_at_us + (int64_t)(series->count - 1) * TK_SERIES_STEP_US;
    if (series->count > 0 && step - newest > TK_SERIES_STEPS * TK_SERIES_STEP_US)
        series->count = 0;
    if (series->count == 0)
        series->first_at_us = newest = step - TK_SERIES_STEP_US;
    /* Steps in which nothing was published repeat what was known before. */
    for (int64_t at_us = newest + TK_SERIES_STEP_US; at_us <= step; at_us += TK_SERIES_STEP_US) {
        if (series->count == TK_SERIES_STEPS) {
            memmove(series->users[0], series->users[1], sizeof series->users[0] * (TK_SERIES_STEPS - 1));
            series->first_at_us += TK_SERIES_STEP_US;
            series->count--;
        }
        if (series->count > 0)
            memcpy(series->users[series->count], series->users[series->count - 1], sizeof series->users[0]);
        else
            series->first_at_us = at_us;
        series->count++;
    }
    if (series->count > 0)
        memcpy(series->users[series->count - 1], snapshot->counts.affected, sizeof series->users[0]);
}

static void add_text2(TkJson *w, const char *ja, const char *en)
{
    tk_json_begin_object(w);
    tk_json_member(w, "ja", ja);
    tk_json_member(w, "en", en);
    tk_json_end_object(w);
}

static void add_by_service(TkJson *w, const TkTopology *topology, const int64_t *counts)
{
    tk_json_begin_object(w);
    for (unsigned s = 0; s < tk_topology_services(topology); s++) {
        tk_json_key(w, tk_topology_service(topology, s));
        tk_json_int(w, counts[s]);
    }
    tk_json_end_object(w);
}

static void users_in(const TkTopology *topology, int prefecture, int64_t out[TK_SERVICES_MAX])
{
    for (unsigned s = 0; s < tk_topology_services(topology); s++)
        out[s] = tk_topology_users_in(topology, prefecture, s);
}

static void add_network(TkJson *w, const TkSnapshot *snapshot)
{
    int64_t users[TK_SERVICES_MAX] = {0};
    for (int p = 0; p <= TK_PREFECTURES; p++) {
        int64_t here[TK_SERVICES_MAX] = {0};
        users_in(snapshot->topology, p, here);
        for (unsigned s = 0; s < TK_SERVICES_MAX; s++)
            users[s] += here[s];
    }
    tk_json_key(w, "network");
    tk_json_begin_object(w);
    tk_json_key(w, "facilities");
    tk_json_int(w, tk_topology_size(snapshot->topology));
    tk_json_key(w, "down");
    tk_json_int(w, snapshot->counts.down);
    tk_json_key(w, "alarms");
    tk_json_int(w, snapshot->alarms);
    tk_json_key(w, "affected");
    add_by_service(w, snapshot->topology, snapshot->counts.affected);
    tk_json_key(w, "users");
    add_by_service(w, snapshot->topology, users);
    tk_json_key(w, "lost_sources");
    tk_json_begin_array(w);
    for (unsigned i = 0; i < snapshot->n_lost_sources; i++)
        tk_json_text(w, snapshot->lost_sources[i].source);
    tk_json_end_array(w);
    tk_json_end_object(w);
}

static void add_services(const TkApp *app, TkJson *w, const TkTopology *topology)
{
    tk_json_key(w, "services");
    tk_json_begin_array(w);
    for (unsigned s = 0; s < tk_topology_services(topology); s++) {
        const char *id = tk_topology_service(topology, s);
        TkText name = tk_app_service_name(app, id);
        tk_json_begin_object(w);
        tk_json_member(w, "id", id);
        tk_json_key(w, "name");
        add_text2(w, name.ja, name.en);
        tk_json_end_object(w);
    }
    tk_json_end_array(w);
}

static void add_prefectures(TkJson *w, const TkSnapshot *snapshot, size_t at[TK_PREFECTURES + 1])
{
    tk_json_key(w, "prefectures");
    tk_json_begin_array(w);
    for (int p = 1; p <= TK_PREFECTURES; p++) {
        const TkPrefecture *prefecture = tk_prefecture(p);
        int64_t users[TK_SERVICES_MAX] = {0};
        users_in(snapshot->topology, p, users);
        at[p - 1] = w->out->len;
        tk_json_begin_object(w);
        tk_json_member(w, "code", prefecture->code);
        tk_json_key(w, "name");
        add_text2(w, prefecture->ja, prefecture->en);
        tk_json_key(w, "down");
        tk_json_int(w, snapshot->counts.down_in[p]);
        tk_json_key(w, "affected");
        add_by_service(w, snapshot->topology, snapshot->counts.affected_in[p]);
        tk_json_key(w, "users");
        add_by_service(w, snapshot->topology, users);
        tk_json_end_object(w);
    }
    at[TK_PREFECTURES] = w->out->len;
    tk_json_end_array(w);
}

static void add_series(const TkSeries *series, TkJson *w, const TkTopology *topology)
{
    tk_json_key(w, "series");
    tk_json_begin_object(w);
    tk_json_key(w, "from");
    tk_json_time(w, series->count == 0 ? TK_TIME_NONE : series->first_at_us);
    tk_json_key(w, "step_s");
    tk_json_int(w, TK_SERIES_STEP_US / TK_US_PER_S);
    tk_json_key(w, "services");
    tk_json_begin_object(w);
    for (unsigned s = 0; s < tk_topology_services(topology); s++) {
        tk_json_key(w, tk_topology_service(topology, s));
        tk_json_begin_array(w);
        for (unsigned i = 0; i < series->count; i++)
            tk_json_int(w, series->users[i][s]);
        tk_json_end_array(w);
    }
    tk_json_end_object(w);
    tk_json_end_object(w);
}

/* What is cheap to know of every open accident; only those shown are written out in full. */
typedef struct {
    TkIncident *joined;
    int64_t key[4]; /* compared from the first on; larger is worse */
} Ranked;

static int worst_first(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    for (size_t i = 0; i < G_N_ELEMENTS(x->key); i++)
        if (x->key[i] != y->key[i])
            return x->key[i] < y->key[i] ? 1 : -1;
    return 0;
}

static void clear_ranked(void *data)
{
    tk_incident_unref(((Ranked *)data)->joined);
}

static int64_t users_most(const TkIncidentVerdict *verdict)
{
    int64_t most = 0;
    for (size_t i = 0; i < verdict->count; i++)
        most = MAX(most, verdict->services[i].users);
    return most;
}

/* Serious first, then what becomes serious soonest, then running before recovered, then the larger. */
static void rank(Ranked *ranked, const TkIncidentVerdict *verdict)
{
    TkOutcome outcome = tk_incident_outcome(verdict);
    int64_t serious_at = verdict->serious_at_us;
    ranked->key[0] = outcome == TK_OUTCOME_SERIOUS;
    ranked->key[1] = serious_at == TK_TIME_NONE ? INT64_MIN : -serious_at;
    ranked->key[2] = (ranked->joined->recovered_at == TK_TIME_NONE) * 10 + tk_outcome_rank(outcome);
    ranked->key[3] = users_most(verdict);
}

static void collect_open_deadlines(json_t *all, const json_t *deadlines)
{
    size_t i;
    json_t *deadline;
    json_array_foreach(deadlines, i, deadline)
    {
        if (!json_is_true(json_object_get(deadline, "done")))
            json_array_append(all, deadline);
    }
}

static int soonest_first(const void *a, const void *b)
{
    const char *x = json_string_value(json_object_get(*(json_t *const *)a, "due"));
    const char *y = json_string_value(json_object_get(*(json_t *const *)b, "due"));
    return g_strcmp0(x, y); /* without delay (null) first; dates order as texts */
}

static void add_deadlines(TkJson *w, json_t *all)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    size_t i;
    json_t *deadline;
    json_array_foreach(all, i, deadline)
    {
        g_ptr_array_add(sorted, deadline);
    }
    g_ptr_array_sort(sorted, soonest_first);
    tk_json_key(w, "deadlines");
    tk_json_begin_array(w);
    for (unsigned d = 0; d < sorted->len && d < BOARD_ACCIDENTS_MAX; d++)
        tk_json_value(w, g_ptr_array_index(sorted, d));
    tk_json_end_array(w);
}

static void add_accidents(TkApp *app, TkJson *w, TkLiveMap *map, int64_t now_us, TkBoardMade *made)
{
    g_autoptr(GPtrArray) all = tk_incidents_with_drills(app);
    g_autoptr(GArray) ranked = g_array_new(FALSE, FALSE, sizeof(Ranked));
    g_array_set_clear_func(ranked, clear_ranked);
    g_autoptr(json_t) deadlines = json_array();
    for (unsigned i = 0; i < all->len; i++) {
        TkIncident *incident = g_ptr_array_index(all, i);
        if (incident->state == TK_INCIDENT_CLOSED)
            continue;
        Ranked one = {.joined = tk_incident_joined(app, incident, map)};
        g_autoptr(TkIncidentVerdict) verdict = tk_incident_verdict(app, one.joined, map, now_us);
        g_autoptr(json_t) due = tk_deadlines(app, one.joined, verdict, now_us);
        collect_open_deadlines(deadlines, due);
        rank(&one, verdict);
        g_array_append_val(ranked, one);
    }
    g_array_sort(ranked, worst_first);
    tk_json_key(w, "accidents");
    tk_json_begin_array(w);
    for (unsigned i = 0; i < ranked->len && i < BOARD_ACCIDENTS_MAX; i++) {
        json_t *view = tk_incident_view(app, g_array_index(ranked, Ranked, i).joined, map, now_us, false);
        g_ptr_array_add(made->accidents, view);
        tk_json_value(w, view);
    }
    tk_json_end_array(w);
    made->part[TK_BOARD_DEADLINES] = w->out->len;
    tk_cases_open_deadlines(app, now_us, deadlines);
    add_deadlines(w, deadlines);
}

static void add_head(const TkApp *app, TkJson *w, uint64_t seq, int64_t now_us)
{
    tk_json_key(w, "seq");
    tk_json_int(w, (int64_t)seq);
    tk_json_key(w, "now");
    tk_json_time(w, now_us);
    tk_json_member(w, "carrier", app->carrier_ja);
    tk_json_key(w, "carrier_name");
    add_text2(w, app->carrier_ja, app->carrier_en);
    tk_json_key(w, "demo");
    tk_json_bool(w, app->demo_mode);
    tk_json_key(w, "synthetic");
    tk_json_bool(w, app->synthetic);
    tk_json_key(w, "speed");
    tk_json_number(w, app->speed);
    tk_json_key(w, "law");
    tk_json_date(w, tk_law_version(app->law, tk_date_of_time(now_us)));
}

static void clear_view(void *view)
{
    json_decref(view);
}

void tk_board_made_free(TkBoardMade *made)
{
    if (made == NULL)
        return;
    g_bytes_unref(made->bytes);
    g_ptr_array_unref(made->accidents);
    g_free(made);
}

TkBoardMade *tk_board_build(TkApp *app, TkLiveMap *map, uint64_t seq, int64_t now_us)
{
    TkBoardMade *made = g_new0(TkBoardMade, 1);
    made->seq = seq;
    made->accidents = g_ptr_array_new_with_free_func(clear_view);
    made->series_from_us = app->series.first_at_us;
    made->series_count = app->series.count;
    TkBuf buf;
    tk_buf_init(&buf, BOARD_MAX);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    made->part[TK_BOARD_HEAD] = buf.len;
    add_head(app, &w, seq, now_us);
    made->part[TK_BOARD_NETWORK] = buf.len;
    add_network(&w, map->snapshot);
    made->part[TK_BOARD_SERVICES] = buf.len;
    add_services(app, &w, map->snapshot->topology);
    made->part[TK_BOARD_PREFECTURES] = buf.len;
    add_prefectures(&w, map->snapshot, made->prefecture);
    made->part[TK_BOARD_ACCIDENTS] = buf.len;
    add_accidents(app, &w, map, now_us, made);
    made->part[TK_BOARD_SERIES] = buf.len;
    add_series(&app->series, &w, map->snapshot->topology);
    made->part[TK_BOARD_PARTS] = buf.len;
    tk_json_end_object(&w);
    if (buf.overflow) {
        g_warning("the board is larger than %u bytes and was left out", BOARD_MAX);
        tk_buf_reset(&buf);
        tk_buf_add_str(&buf, "{}");
        memset(made->part, 0, sizeof made->part);
    }
    made->bytes = g_bytes_new_with_free_func(buf.data, buf.len, g_free, buf.data);
    return made;
}

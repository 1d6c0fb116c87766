/* A request for a simulation: read, completed with defaults, and made into a model. What goes into the hash
 * of the inputs is all that the result depends on: the parameters, the network, and the law's version. */
#include "service/simulations_private.h"

#define INPUT_TEXT_MAX TK_RISK_INPUT_MAX
#define NAME_MAX_BYTES 200

void tk_simulation_ask_free(void *data)
{
    TkSimulationAsk *ask = data;
    if (ask == NULL)
        return;
    g_clear_pointer(&ask->model, tk_risk_model_free);
    g_clear_pointer(&ask->input, tk_risk_input_free);
    g_clear_pointer(&ask->criteria, g_array_unref);
    g_clear_pointer(&ask->routes, g_array_unref);
    g_clear_pointer(&ask->topology, tk_topology_unref);
    g_clear_pointer(&ask->causes, json_decref);
    g_clear_pointer(&ask->parameters, json_decref);
    char *const texts[] = {ask->who,          ask->name, ask->again, ask->again_sha256, ask->topology_sha256,
                           ask->inputs_sha256};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(ask);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkSimulationAsk, tk_simulation_ask_free)

/* ---- reading ---- */

static bool known_fields(const json_t *request, GError **error)
{
    static const char *const fields[] = {
        "name",       "date",          "years",  "seed", "top",   "source",        "rates",
        "facilities", "common_causes", "shared", "loss", "again", "second_routes", NULL};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)request, key, value)
    {
        if (!g_strv_contains(fields, key))
            return tk_fail_both(error, TK_ERROR_INPUT, "「%.60s」という項目はありません。",
                                "there is no field “%.60s”", key);
    }
    return true;
}

static bool read_count(const json_t *request, const char *field, int64_t low, int64_t high, int64_t otherwise,
                       int64_t *out, GError **error)
{
    const json_t *value = json_object_get(request, field);
    *out = otherwise;
    if (value == NULL || json_is_null(value))
        return true;
    *out = json_is_integer(value) ? json_integer_value(value) : low - 1;
    return (*out >= low && *out <= high) ||
           tk_fail_both(
               error, TK_ERROR_INPUT, "「%s」は %" G_GINT64_FORMAT " から %" G_GINT64_FORMAT " の整数です。",
               "%s: a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, field, low, high);
}

static bool read_day(TkSimulationAsk *ask, const json_t *request, GError **error)
{
    const json_t *value = json_object_get(request, "date");
    const char *text = json_string_value(value);
    ask->date = tk_date_of_time(tk_app_now(ask->app));
    if (value != NULL && !json_is_null(value) &&
        (text == NULL || !tk_date_parse(text, strlen(text), &ask->date, error)))
        return text != NULL ? tk_error_at(error, "date")
                            : tk_fail(error, TK_ERROR_INPUT, "date: a day such as 2026-04-01");
    ask->law = tk_law_version(ask->app->law, ask->date);
    return ask->law != TK_DATE_NONE ||
           tk_fail_both(error, TK_ERROR_INPUT, "2008-04-01 より前は法令データがありません。",
                        "date: the law data begin on 2008-04-01");
}

static bool read_routes(TkSimulationAsk *ask, const json_t *request, GError **error)
{
    const json_t *ids = json_object_get(request, "second_routes");
    ask->routes = g_array_new(FALSE, FALSE, sizeof(TkFacilityIx));
    if (ids == NULL || json_is_null(ids))
        return true;
    if (!json_is_array(ids) || json_array_size(ids) > TK_SIMULATION_ROUTES_MAX)
        return tk_fail_both(error, TK_ERROR_INPUT, "「second_routes」は設備の番号を %d 件までの一覧です。",
                            "second_routes: a list of at most %d ids of facilities",
                            TK_SIMULATION_ROUTES_MAX);
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        TkFacilityIx f = id == NULL ? TK_NO_FACILITY : tk_topology_find(ask->topology, id, strlen(id));
        if (f == TK_NO_FACILITY)
            return tk_fail_both(
                error, TK_ERROR_INPUT, "「second_routes」の %zu 番目: 設備「%.80s」は設備構成にありません。",
                "second_routes[%zu]: the topology has no facility “%.80s”", i, id == NULL ? "" : id);
        g_array_append_val(ask->routes, f);
    }
    return true;
}

static bool read_money(TkSimulationAsk *ask, const json_t *request, GError **error)
{
    const json_t *loss = json_object_get(request, "loss");
    ask->has_loss = loss != NULL && !json_is_null(loss) && json_object_size(loss) > 0;
    return (!ask->has_loss && (loss == NULL || json_is_null(loss) || json_is_object(loss))) ||
           tk_loss_read(loss, "loss", &ask->loss, error);
}

/* Copies what was given, so that what is kept is what was computed from. */
static void keep_parameters(TkSimulationAsk *ask, const json_t *request)
{
    static const char *const copied[] = {"source", "rates",         "facilities", "common_causes",
                                         "shared", "second_routes", "loss"};
    char day[TK_TIME_TEXT_MAX];
    ask->parameters =
        json_pack("{s:s, s:I, s:I, s:I}", "date", tk_date_text(ask->date, day), "years",
                  (json_int_t)ask->years, "seed", (json_int_t)ask->seed, "top", (json_int_t)ask->top);
    for (size_t i = 0; i < G_N_ELEMENTS(copied); i++) {
        json_t *value = json_object_get(request, copied[i]);
        if (value != NULL && !json_is_null(value) &&
            (json_is_string(value) || json_object_size(value) > 0 || json_array_size(value) > 0))
            json_object_set_new(ask->parameters, copied[i], json_deep_copy(value));
    }
}

/* The request that an earlier simulation answered. */
static json_t *request_again(TkSimulationAsk *ask, const char *id, GError **error)
{
    g_autoptr(TkRecord) record = tk_store_get(ask->app->store, TK_KIND_SIMULATION, id, TK_TIME_NONE, error);
    if (record == NULL)
        return NULL;
    const char *was = json_string_value(json_object_get(record->body, "topology_sha256"));
    if (g_strcmp0(was, ask->topology_sha256) != 0) {
        tk_fail_both(error, TK_ERROR_CONFLICT,
                     "設備構成がそのときと違うため、同じ計算はできません。同じ条件で新しく試算してください。",
                     "the network is not the one of that simulation, so it cannot be done again; begin a new "
                     "one with the same parameters");
        return NULL;
    }
    ask->again = g_strdup(id);
    ask->again_sha256 = g_strdup(json_string_value(json_object_get(record->body, "result_sha256")));
    return json_deep_copy(json_object_get(record->body, "parameters"));
}

/* Everything of the network that the result depends on. */
static char *network_hash(const TkTopology *topology)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (TkFacilityIx f = 0; f < tk_topology_size(topology); f++) {
        TkFacility facility = tk_topology_facility(topology, f);
        g_checksum_update(sum, (const guchar *)facility.id, (gssize)strlen(facility.id) + 1);
        g_checksum_update(sum, (const guchar *)facility.kind, (gssize)strlen(facility.kind) + 1);
        for (uint32_t n = 0; n < facility.needs; n++) {
            TkNeed need = tk_topology_need(topology, f, n);
            g_checksum_update(sum, (const guchar *)&need.at_least, sizeof need.at_least);
            g_checksum_update(sum, (const guchar *)&need.n, sizeof need.n);
            g_checksum_update(sum, (const guchar *)need.members, (gssize)(need.n * sizeof *need.members));
        }
        for (uint32_t v = 0; facility.has_users && v < tk_topology_services(topology); v++) {
            int64_t users = tk_topology_users(topology, f, v);
            g_checksum_update(sum, (const guchar *)&users, sizeof users);
        }
    }
    return g_strdup(g_checksum_get_string(sum));
}

static bool read_request(TkSimulationAsk *ask, const json_t *request, GError **error)
{
    int64_t years, seed, top;
    const json_t *rates = json_object_get(request, "rates");
    if (!known_fields(request, error) || !read_day(ask, request, error) ||
        !read_count(request, "years", TK_RISK_STREAM_YEARS, TK_SIMULATION_YEARS_MAX, 1000, &years, error) ||
        !read_count(request, "seed", 0, TK_CANONICAL_INT_MAX, 1, &seed, error) ||
        !read_count(request, "top", 0, TK_SIMULATION_TOP_MAX, 5, &top, error) ||
        !read_routes(ask, request, error) || !read_money(ask, request, error))
        return false;
    if (!json_is_object(rates))
        return tk_fail_both(error, TK_ERROR_INPUT, "「rates」に設備の種別ごとの故障率を入れてください。",
                            "rates: failures_per_year and repair_hours for each kind of the network");
    ask->years = (uint32_t)((years + TK_RISK_STREAM_YEARS - 1) / TK_RISK_STREAM_YEARS) * TK_RISK_STREAM_YEARS;
    ask->seed = (uint64_t)seed;
    ask->top = (uint32_t)top;
    keep_parameters(ask, request);
    return true;
}

TkSimulationAsk *tk_simulation_ask(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    g_autoptr(TkSimulationAsk) ask = g_new0(TkSimulationAsk, 1);
    ask->app = app;
    ask->who = g_strdup(actor->id);
    ask->topology = tk_topology_ref(app->topology);
    const json_t *name = json_object_get(request, "name"), *again = json_object_get(request, "again");
    if (name != NULL && !json_is_null(name) && json_string_length(name) > NAME_MAX_BYTES) {
        tk_fail_both(error, TK_ERROR_INPUT, "「name」は %d バイトまでです。", "name: at most %d bytes",
                     NAME_MAX_BYTES);
        return NULL;
    }
    ask->name = g_strdup(json_is_string(name) ? json_string_value(name) : "");
    if (tk_topology_size(app->topology) == 0) {
        tk_fail_both(
            error, TK_ERROR_CONFLICT,
            "設備構成がまだないため試算できません。設備構成を取り込み、起動し直してください。",
            "there is no network to simulate yet; import the facilities and start the server with them");
        return NULL;
    }
    if (json_is_string(again)) {
        ask->topology_sha256 = network_hash(ask->topology);
        g_autoptr(json_t) before = request_again(ask, json_string_value(again), error);
        if (before == NULL || !read_request(ask, before, error))
            return NULL;
    } else if (!read_request(ask, request, error)) {
        return NULL;
    }
    return g_steal_pointer(&ask);
}

/* ---- preparing ---- */

static char *hash_of(const json_t *value, GError **error)
{
    g_auto(TkBuf) text = {0};
    tk_buf_init(&text, 4 * INPUT_TEXT_MAX);
    return tk_canonical_write(value, &text, error)
               ? g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text.data, text.len)
               : NULL;
}

static bool name_inputs(TkSimulationAsk *ask, GError **error)
{
    char day[TK_TIME_TEXT_MAX];
    if (ask->topology_sha256 == NULL)
        ask->topology_sha256 = network_hash(ask->topology);
    g_autoptr(json_t) all =
        json_pack("{s:O, s:O, s:s, s:s}", "parameters", ask->parameters, "causes", ask->causes, "topology",
                  ask->topology_sha256, "law", tk_date_text(ask->law, day));
    ask->inputs_sha256 = hash_of(all, error);
    return ask->inputs_sha256 != NULL;
}

static bool read_input(TkSimulationAsk *ask, GError **error)
{
    json_t *own = json_object_get(ask->parameters, "common_causes");
    ask->causes =
        tk_simulation_causes(ask->app, ask->topology, json_object_get(ask->parameters, "shared"), error);
    if (ask->causes == NULL)
        return false;
    g_autoptr(json_t) all = json_copy(ask->causes);
    json_array_extend(all, own);
    json_t *source = json_object_get(ask->parameters, "source");
    g_autoptr(json_t) input = json_pack("{s:b, s:s, s:O, s:O, s:O*}", "synthetic", ask->app->synthetic,
                                        "source", source != NULL ? json_string_value(source) : "", "kinds",
                                        json_object_get(ask->parameters, "rates"), "common_causes", all,
                                        "facilities", json_object_get(ask->parameters, "facilities"));
    g_autofree char *text = json_dumps(input, JSON_COMPACT);
    ask->input = tk_risk_input_read("the request", text, strlen(text), ask->topology, error);
    return ask->input != NULL;
}

bool tk_simulation_prepare(TkSimulationAsk *ask, GError **error)
{
    ask->criteria = tk_risk_criteria(ask->app->law, ask->date, ask->topology, error);
    if (ask->criteria == NULL || !read_input(ask, error) || !name_inputs(ask, error))
        return false;
    ask->model = tk_risk_model_new(ask->topology, ask->input, ask->criteria, error);
    return ask->model != NULL;
}

/* Simulations that people ask for: begun as jobs, kept as records with their result beside them by its hash.
 */
#include <math.h>

#include "service/simulations_private.h"

#include "service/assets.h"

#define RECORDS_MAX 1000 /* listed */

/* ---- beginning ---- */

static bool take_id(const TkRecord *record, void *data)
{
    g_strlcpy(data, record->id, 32);
    return true;
}

/* One simulation runs at a time, so that the next number is free. */
static bool next_id(TkApp *app, int64_t now_us, char id[32], GError **error)
{
    int year, month, day, number = 0;
    char last[32] = "", prefix[16];
    TkQuery query = {.kind = TK_KIND_SIMULATION, .limit = 1, .descending = true};
    if (!tk_store_list(app->store, &query, take_id, last, NULL, error))
        return false;
    tk_date_split(tk_date_of_time(now_us), &year, &month, &day);
    g_snprintf(prefix, sizeof prefix, "S%d-", year);
    if (g_str_has_prefix(last, prefix))
        number = (int)g_ascii_strtoll(last + strlen(prefix), NULL, 10);
    g_snprintf(id, 32, "%s%05d", prefix, number + 1);
    return true;
}

static json_t *record_of(const TkSimulationAsk *ask, const char *id, const char *hash, const json_t *result,
                         int64_t now_us)
{
    const json_t *loss = json_object_get(result, "loss");
    char law[TK_TIME_TEXT_MAX];
    return json_pack("{s:s, s:s, s:o, s:s, s:b, s:O, s:s, s:s, s:s, s:s, s:O, s:O, s:o, s:O}", "id", id,
                     "name", ask->name, "at", tk_json_of_time(now_us), "who", ask->who, "synthetic",
                     ask->app->synthetic, "parameters", ask->parameters, "law", tk_date_text(ask->law, law),
                     "inputs_sha256", ask->inputs_sha256, "topology_sha256", ask->topology_sha256,
                     "result_sha256", hash, "serious_per_year", json_object_get(result, "serious_per_year"),
                     "user_hours", json_object_get(json_object_get(result, "user_hours"), "expected"), "loss",
                     json_is_object(loss) ? json_deep_copy(json_object_get(loss, "expected")) : json_null(),
                     "best", json_object_get(result, "best"));
}

static json_t *parsed(GBytes *bytes, GError **error)
{
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    return tk_json_read("the result", text, len, TK_STORE_BLOB_MAX, error);
}

static GBytes *keep(const TkSimulationAsk *ask, GBytes *bytes, GError **error)
{
    TkApp *app = ask->app;
    g_autoptr(json_t) result = parsed(bytes, error);
    if (result == NULL)
        return NULL;
    int64_t now_us = tk_app_now(app);
    char id[32];
    if (!next_id(app, now_us, id, error))
        return NULL;
    char hash[TK_STORE_HASH_TEXT_MAX];
    TkWrite *write = tk_write_new(ask->who, now_us);
    tk_write_blob(write, bytes, hash);
    g_autoptr(json_t) record = record_of(ask, id, hash, result, now_us);
    tk_write_put(write, TK_KIND_SIMULATION, id, TK_STORE_NEW, "simulate", record);
    if (!tk_store_commit(app->store, write, NULL, error))
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:s, s:s}", "id", id, "result_sha256", hash);
    return tk_json_bytes(out);
}

static GBytes *compared_again(const TkSimulationAsk *ask, GBytes *bytes)
{
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    g_autoptr(json_t) out = json_pack("{s:s, s:s, s:b}", "id", ask->again, "result_sha256", hash,
                                      "same_bytes", strcmp(hash, ask->again_sha256) == 0);
    return tk_json_bytes(out);
}

static GBytes *work(TkJob *job, void *data, GError **error)
{
    TkSimulationAsk *ask = data;
    if (!tk_simulation_prepare(ask, error))
        return NULL;
    g_autoptr(GBytes) bytes = tk_simulation_result(ask, job, error);
    if (bytes == NULL)
        return NULL;
    return ask->again != NULL ? compared_again(ask, bytes) : keep(ask, bytes, error);
}

GBytes *tk_service_simulation_begin(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    TkSimulationAsk *ask = tk_simulation_ask(app, actor, request, error);
    if (ask == NULL)
        return NULL;
    g_autofree char *id =
        tk_jobs_begin_alone(app->jobs, actor->id, "simulation", work, ask, tk_simulation_ask_free, error);
    return id == NULL ? NULL : tk_jobs_get(app->jobs, actor->id, id, error);
}

/* ---- reading ---- */

static bool list_one(const TkRecord *record, void *data)
{
    json_array_append_new(data, json_deep_copy(record->body));
    return true;
}

GBytes *tk_service_simulations(TkApp *app, const TkActor *actor, const TkPage *page, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) items = json_array();
    TkQuery query = {.kind = TK_KIND_SIMULATION, .limit = RECORDS_MAX, .descending = true};
    if (!tk_store_list(app->store, &query, list_one, items, NULL, error))
        return NULL;
    g_autoptr(json_t) out = tk_page_of(g_steal_pointer(&items), "id", true, page, error);
    return out == NULL ? NULL : tk_json_bytes(out);
}

static GBytes *result_of(TkApp *app, const TkRecord *record, GError **error)
{
    return tk_store_blob(app->store, json_string_value(json_object_get(record->body, "result_sha256")),
                         error);
}

/* The record with "result"; new reference. */
static json_t *read_whole(TkApp *app, const char *id, GError **error)
{
    g_autoptr(TkRecord) record = tk_store_get(app->store, TK_KIND_SIMULATION, id, TK_TIME_NONE, error);
    g_autoptr(GBytes) bytes = record == NULL ? NULL : result_of(app, record, error);
    json_t *result = bytes == NULL ? NULL : parsed(bytes, error);
    if (result == NULL)
        return NULL;
    json_t *out = json_deep_copy(record->body);
    json_object_set_new(out, "result", result);
    return out;
}

GBytes *tk_service_simulation(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) out = read_whole(app, id, error);
    return out == NULL ? NULL : tk_json_bytes(out);
}

bool tk_service_simulation_file(TkApp *app, const TkActor *actor, const char *id, const char *format,
                                TkServiceFile *file, GError **error)
{
    bool csv = strcmp(format, "csv") == 0;
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    if (!csv && strcmp(format, "json") != 0)
        return tk_fail_both(error, TK_ERROR_INPUT, "形式は json か csv です。", "the format is json or csv");
    g_autoptr(TkRecord) record = tk_store_get(app->store, TK_KIND_SIMULATION, id, TK_TIME_NONE, error);
    g_autoptr(GBytes) bytes = record == NULL ? NULL : result_of(app, record, error);
    if (bytes == NULL)
        return false;
    if (csv) {
        g_autoptr(json_t) result = parsed(bytes, error);
        if (result == NULL)
            return false;
        file->bytes = tk_simulation_csv(result);
    } else {
        file->bytes = g_steal_pointer(&bytes);
    }
    file->content_type = csv ? "text/csv; charset=utf-8" : "application/json";
    file->filename =
        g_strdup_printf("%s-simulation-%s.%s", app->synthetic ? "SYNTHETIC" : "tokatsu", id, format);
    return true;
}

/* What the demo's form begins with: made-up figures, said to be so. A carrier's own form begins with its own.
 */
static json_t *suggested(const TkApp *app)
{
    g_autoptr(GBytes) bytes = app->demo_mode ? tk_asset("demo/simulation.json") : NULL;
    json_t *out = bytes == NULL ? NULL : parsed(bytes, NULL);
    return out != NULL ? out : json_null();
}

GBytes *tk_service_simulation_basis(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    const TkTopology *topology = app->topology;
    char day[TK_TIME_TEXT_MAX];
    g_autoptr(json_t) last = json_array();
    TkQuery query = {.kind = TK_KIND_SIMULATION, .limit = 1, .descending = true};
    if (!tk_store_list(app->store, &query, list_one, last, NULL, error))
        return NULL;
    g_autoptr(json_t) out = tk_simulation_rates(app, topology);
    json_object_set_new(out, "synthetic", json_boolean(app->synthetic));
    json_object_set_new(out, "date", json_string(tk_date_text(tk_date_of_time(tk_app_now(app)), day)));
    json_object_set_new(out, "facilities", json_integer(tk_topology_size(topology)));
    json_object_set_new(out, "shared", tk_simulation_shared(app, topology));
    json_object_set_new(out, "assumptions", tk_simulation_assumptions());
    const json_t *before = json_array_get(last, 0);
    json_object_set_new(out, "last",
                        before == NULL ? json_null() : json_deep_copy(json_object_get(before, "parameters")));
    json_object_set_new(out, "suggested", suggested(app));
    return tk_json_bytes(out);
}

GBytes *tk_service_single_points(TkApp *app, const TkActor *actor, TkDate date, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    date = date == TK_DATE_NONE ? tk_date_of_time(tk_app_now(app)) : date;
    g_autoptr(GArray) criteria = tk_risk_criteria(app->law, date, app->topology, error);
    g_autoptr(TkRiskModel) model =
        criteria == NULL ? NULL : tk_risk_model_new(app->topology, NULL, criteria, error);
    if (model == NULL)
        return NULL;
    g_autoptr(GArray) points = tk_risk_single_points(model);
    char day[TK_TIME_TEXT_MAX], law[TK_TIME_TEXT_MAX];
    g_autoptr(json_t) out = tk_simulation_points(app, app->topology, points, points->len);
    json_object_set_new(out, "date", json_string(tk_date_text(date, day)));
    json_object_set_new(out, "law", json_string(tk_date_text(tk_law_version(app->law, date), law)));
    json_object_set_new(out, "synthetic", json_boolean(app->synthetic));
    return tk_json_bytes(out);
}

/* ---- two side by side ---- */

/* The difference of two independent estimates. */
static json_t *apart(const json_t *a, const json_t *b)
{
    if (!json_is_object(a) || !json_is_object(b))
        return json_null();
    double from = json_number_value(json_object_get(a, "mean")),
           to = json_number_value(json_object_get(b, "mean"));
    double half_a = (json_number_value(json_object_get(a, "high")) -
                     json_number_value(json_object_get(a, "low"))) /
                    2,
           half_b = (json_number_value(json_object_get(b, "high")) -
                     json_number_value(json_object_get(b, "low"))) /
                    2;
    double half = sqrt(half_a * half_a + half_b * half_b);
    return json_pack("{s:O, s:O, s:{s:o, s:o, s:o}}", "a", a, "b", b, "difference", "mean",
                     tk_simulation_real(to - from), "low", tk_simulation_real(to - from - half), "high",
                     tk_simulation_real(to - from + half));
}

static json_t *inside(const json_t *whole, const char *part, const char *name)
{
    return json_object_get(json_object_get(json_object_get(whole, "result"), part), name);
}

static json_t *services_apart(const json_t *a, const json_t *b)
{
    json_t *out = json_array();
    size_t i, k;
    const json_t *one, *other;
    json_array_foreach(json_object_get(json_object_get(a, "result"), "services"), i, one)
    {
        json_array_foreach(json_object_get(json_object_get(b, "result"), "services"), k, other)
        {
            if (!json_equal(json_object_get(one, "service"), json_object_get(other, "service")))
                continue;
            json_array_append_new(out,
                                  json_pack("{s:O, s:O, s:o}", "service", json_object_get(one, "service"),
                                            "name", json_object_get(one, "name"), "serious_per_year",
                                            apart(json_object_get(one, "serious_per_year"),
                                                  json_object_get(other, "serious_per_year"))));
        }
    }
    return out;
}

/* [{"field","a","b"}…] of the parameters that differ. */
static json_t *parameters_apart(const json_t *a, const json_t *b)
{
    json_t *out = json_array();
    const char *key;
    json_t *value;
    json_t *of_a = json_object_get(a, "parameters"), *of_b = json_object_get(b, "parameters");
    g_autoptr(json_t) both = json_copy(of_a);
    json_object_update_missing(both, of_b);
    json_object_foreach(both, key, value)
    {
        json_t *one = json_object_get(of_a, key), *other = json_object_get(of_b, key);
        if (one == NULL || other == NULL || !json_equal(one, other))
            json_array_append_new(out, json_pack("{s:s, s:O?, s:O?}", "field", key, "a", one, "b", other));
    }
    return out;
}

static json_t *head_of(const json_t *whole)
{
    json_t *head = json_copy((json_t *)whole);
    json_object_del(head, "result");
    return head;
}

GBytes *tk_service_simulations_compare(TkApp *app, const TkActor *actor, const char *a, const char *b,
                                       GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) one = read_whole(app, a, error);
    g_autoptr(json_t) other = one == NULL ? NULL : read_whole(app, b, error);
    if (other == NULL)
        return NULL;
    static const char *const same[] = {"result_sha256", "topology_sha256", "law"};
    g_autoptr(json_t) out = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "a", head_of(one), "b", head_of(other), "parameters",
        parameters_apart(one, other), "serious_per_year",
        apart(json_object_get(one, "serious_per_year"), json_object_get(other, "serious_per_year")),
        "user_hours", apart(inside(one, "user_hours", "expected"), inside(other, "user_hours", "expected")),
        "loss", apart(inside(one, "loss", "expected"), inside(other, "loss", "expected")), "services",
        services_apart(one, other));
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autofree char *name = g_strdup_printf("same_%s", i == 0 ? "bytes" : i == 1 ? "network" : "law");
        json_object_set_new(
            out, name,
            json_boolean(json_equal(json_object_get(one, same[i]), json_object_get(other, same[i]))));
    }
    return tk_json_bytes(out);
}

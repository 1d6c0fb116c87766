/* The weights by which answers become scores: supply/weights.json, until the carrier sets its own. They are a
 * record like any other, so that a score of last year can be told by the weights of last year. */
#include "service/contractors.h"
#include "service/contractors_private.h"

#include "service/act.h"

#define KIND      "contractor-weights"
#define ID        "current"
#define FORMAT    "tokatsu-contractor-weights/1"
#define BYTES_MAX (128u * 1024)

static bool sound(const json_t *weights, GError **error)
{
    if (g_strcmp0(tk_value(weights, "format"), FORMAT) != 0)
        return tk_fail(error, TK_ERROR_INPUT, "weights: format: must be \"%s\"", FORMAT);
    const json_t *pass = json_object_get(json_object_get(weights, "selection"), "pass");
    double value = json_number_value(pass);
    if (!json_is_number(pass) || value < 0 || value > 100)
        return tk_fail(error, TK_ERROR_INPUT, "weights: selection: pass: must be a number from 0 to 100");
    return tk_supply_weights_check("weights: countries", json_object_get(weights, "countries"), error) &&
           tk_supply_weights_check("weights: selection", json_object_get(weights, "selection"), error);
}

static json_t *built_in(GError **error)
{
    g_autoptr(GBytes) bytes = tk_asset("supply/weights.json");
    gsize len = 0;
    const char *text = bytes == NULL ? "" : g_bytes_get_data(bytes, &len);
    g_autoptr(json_t) weights = tk_json_read("supply/weights.json", text, len, BYTES_MAX, error);
    return weights != NULL && sound(weights, error) ? g_steal_pointer(&weights) : NULL;
}

json_t *tk_contractor_weights(TkApp *app, int64_t as_of_us, int64_t *version, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(TkRecord) record = tk_store_get(app->store, KIND, ID, as_of_us, &why);
    if (version != NULL)
        *version = record == NULL ? 0 : record->version;
    if (record != NULL)
        return json_incref(record->body);
    if (why->code != TK_ERROR_NOT_FOUND) {
        g_propagate_error(error, g_steal_pointer(&why));
        return NULL;
    }
    return built_in(error);
}

GBytes *tk_service_contractor_weights(TkApp *app, const TkActor *actor, GError **error)
{
    int64_t version;
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) weights = tk_contractor_weights(app, TK_TIME_NONE, &version, error);
    if (weights == NULL)
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:I, s:O}", "version", (json_int_t)version, "weights", weights);
    return tk_json_bytes(out);
}

GBytes *tk_service_contractor_weights_put(TkApp *app, const TkActor *actor, const json_t *request,
                                          GError **error)
{
    const json_t *weights = json_object_get(request, "weights");
    int64_t version = json_integer_value(json_object_get(request, "version"));
    if (!tk_service_may(actor, TK_MAY_READ, error) || !sound(weights, error))
        return NULL;
    if (actor->role != TK_ROLE_ADMINISTRATOR && actor->role != TK_ROLE_GENERAL_MANAGER &&
        actor->role != TK_ROLE_COMPLIANCE) {
        tk_fail_both(error, TK_ERROR_FORBIDDEN, "あなたの役割では評価の重みを変えられません。",
                     "weights: your role may not change them");
        return NULL;
    }
    TkWrite *write = tk_write_new(actor->id, tk_app_now(app));
    tk_write_put(write, KIND, ID, version <= 0 ? TK_STORE_NEW : version, "change", weights);
    if (!tk_store_commit(app->store, write, NULL, error))
        return NULL;
    return tk_service_contractor_weights(app, actor, error);
}

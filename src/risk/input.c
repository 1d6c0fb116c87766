/* How often what fails, read from the carrier's figures and tied to the topology. Nothing is assumed: a kind
 * of the topology without a rate is an error that names it. */
#include "risk/risk.h"

struct TkRiskInput {
    bool synthetic;
    char *source;
    GArray *causes;    /* TkRiskCause */
    TkRiskRate *rates; /* of facility */
    uint32_t n;
};

static void cause_clear(void *data)
{
    TkRiskCause *cause = data;
    g_free(cause->id);
    g_free(cause->name);
    g_free(cause->kind);
    g_free(cause->members);
}

void tk_risk_input_free(TkRiskInput *input)
{
    if (input == NULL)
        return;
    g_array_unref(input->causes);
    g_free(input->rates);
    g_free(input->source);
    g_free(input);
}

static bool read_number(const json_t *object, const char *where, const char *field, double low, double high,
                        double *out, GError **error)
{
    const json_t *value = json_object_get(object, field);
    if (!json_is_number(value) || json_number_value(value) < low || json_number_value(value) > high)
        return tk_fail(error, TK_ERROR_INPUT, "%s.%s: a number from %g to %g is awaited", where, field, low,
                       high);
    *out = json_number_value(value);
    return true;
}

static bool read_shape(const json_t *object, const char *where, TkRiskRate *rate, GError **error)
{
    const json_t *shape = json_object_get(object, "repair");
    const char *text = shape == NULL ? "exponential" : json_string_value(shape);
    if (g_strcmp0(text, "exponential") == 0)
        rate->shape = TK_REPAIR_EXPONENTIAL;
    else if (g_strcmp0(text, "fixed") == 0)
        rate->shape = TK_REPAIR_FIXED;
    else if (g_strcmp0(text, "lognormal") == 0)
        rate->shape = TK_REPAIR_LOGNORMAL;
    else
        return tk_fail(error, TK_ERROR_INPUT, "%s.repair: exponential, fixed or lognormal is awaited", where);
    return rate->shape != TK_REPAIR_LOGNORMAL ||
           read_number(object, where, "sigma", 0, 5, &rate->sigma, error);
}

static bool read_rate(const json_t *object, const char *where, const char *often, TkRiskRate *rate,
                      GError **error)
{
    if (!json_is_object(object))
        return tk_fail(error, TK_ERROR_INPUT, "%s: an object with %s and repair_hours is awaited", where,
                       often);
    *rate = (TkRiskRate){0};
    return read_number(object, where, often, 0, 10000, &rate->per_year, error) &&
           read_number(object, where, "repair_hours", 1e-6, 1e6, &rate->repair_hours, error) &&
           read_shape(object, where, rate, error);
}

static bool read_kinds(TkRiskInput *input, const json_t *kinds, const TkTopology *topology, GError **error)
{
    for (TkFacilityIx f = 0; f < input->n; f++) {
        const char *kind = tk_topology_facility(topology, f).kind;
        const json_t *rate = json_object_get(kinds, kind);
        if (rate == NULL)
            return tk_fail(error, TK_ERROR_INPUT,
                           "kinds: there is no rate for “%s” (facility %s); give it one, with "
                           "failures_per_year 0 where it is not to fail",
                           kind, tk_topology_id(topology, f));
        g_autofree char *where = g_strdup_printf("kinds.%s", kind);
        if (!read_rate(rate, where, "failures_per_year", &input->rates[f], error))
            return false;
    }
    return true;
}

static bool find_facility(const TkTopology *topology, const char *where, const char *id, TkFacilityIx *f,
                          GError **error)
{
    *f = id == NULL ? TK_NO_FACILITY : tk_topology_find(topology, id, strlen(id));
    return *f != TK_NO_FACILITY || tk_fail(error, TK_ERROR_INPUT, "%s: the topology has no facility “%s”",
                                           where, id != NULL ? id : "");
}

static bool read_facilities(TkRiskInput *input, json_t *facilities, const TkTopology *topology,
                            GError **error)
{
    const char *id;
    json_t *rate;
    json_object_foreach(facilities, id, rate)
    {
        g_autofree char *where = g_strdup_printf("facilities.%s", id);
        TkFacilityIx f;
        if (!find_facility(topology, "facilities", id, &f, error) ||
            !read_rate(rate, where, "failures_per_year", &input->rates[f], error))
            return false;
    }
    return true;
}

static bool members_by_id(const json_t *ids, const char *where, const TkTopology *topology, GArray *members,
                          GError **error)
{
    for (size_t i = 0; i < json_array_size(ids); i++) {
        TkFacilityIx f;
        if (!find_facility(topology, where, json_string_value(json_array_get(ids, i)), &f, error))
            return false;
        g_array_append_val(members, f);
    }
    return true;
}

static bool members_by_place(const json_t *spec, const char *where, const TkTopology *topology,
                             GArray *members, GError **error)
{
    const char *kind = json_string_value(json_object_get(spec, "kind"));
    const char *place = json_string_value(json_object_get(spec, "prefecture"));
    int prefecture = place != NULL ? tk_prefecture_number(place, strlen(place)) : 0;
    if (kind == NULL && prefecture == 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: ids, or a kind, or a prefecture such as “13” is awaited",
                       where);
    for (TkFacilityIx f = 0; f < tk_topology_size(topology); f++) {
        TkFacility facility = tk_topology_facility(topology, f);
        if ((kind == NULL || strcmp(kind, facility.kind) == 0) &&
            (prefecture == 0 || facility.prefecture == prefecture))
            g_array_append_val(members, f);
    }
    return true;
}

static bool read_members(const json_t *spec, const char *where, const TkTopology *topology,
                         TkRiskCause *cause, GError **error)
{
    g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(TkFacilityIx));
    const json_t *ids = json_object_get(spec, "ids");
    bool ok = ids != NULL ? members_by_id(ids, where, topology, members, error)
                          : members_by_place(spec, where, topology, members, error);
    if (!ok)
        return false;
    if (members->len == 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: nothing in the topology is meant", where);
    cause->n_members = members->len;
    cause->members = (TkFacilityIx *)(void *)g_array_free(g_steal_pointer(&members), FALSE);
    return true;
}

static bool read_cause(TkRiskInput *input, const json_t *spec, size_t place, const TkTopology *topology,
                       GError **error)
{
    g_autofree char *where = g_strdup_printf("common_causes[%zu]", place);
    g_autofree char *whom = g_strdup_printf("%s.members", where);
    const char *id = json_string_value(json_object_get(spec, "id"));
    if (id == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "%s.id is missing", where);
    TkRiskCause cause = {.probability = 1};
    if (!read_rate(spec, where, "per_year", &cause.rate, error))
        return false;
    if (json_object_get(spec, "probability") != NULL &&
        !read_number(spec, where, "probability", 0, 1, &cause.probability, error))
        return false;
    if (!read_members(json_object_get(spec, "members"), whom, topology, &cause, error))
        return false;
    const char *name = json_string_value(json_object_get(spec, "name")),
               *kind = json_string_value(json_object_get(spec, "kind"));
    cause.id = g_strdup(id);
    cause.name = g_strdup(name != NULL ? name : id);
    cause.kind = g_strdup(kind != NULL ? kind : "");
    g_array_append_val(input->causes, cause);
    return true;
}

TkRiskInput *tk_risk_input_read(const char *name, const char *text, size_t len, const TkTopology *topology,
                                GError **error)
{
    g_autoptr(json_t) root = tk_json_read(name, text, len, TK_RISK_INPUT_MAX, error);
    if (root == NULL)
        return NULL;
    g_autoptr(TkRiskInput) input = g_new0(TkRiskInput, 1);
    const char *source = json_string_value(json_object_get(root, "source"));
    input->source = g_strdup(source != NULL ? source : "");
    input->synthetic = json_is_true(json_object_get(root, "synthetic"));
    input->n = tk_topology_size(topology);
    input->rates = g_new0(TkRiskRate, input->n + 1);
    input->causes = g_array_new(FALSE, FALSE, sizeof(TkRiskCause));
    g_array_set_clear_func(input->causes, cause_clear);
    json_t *causes = json_object_get(root, "common_causes");
    if (!json_is_object(json_object_get(root, "kinds")) || (causes != NULL && !json_is_array(causes)) ||
        json_array_size(causes) > TK_RISK_CAUSES_MAX) {
        tk_fail(error, TK_ERROR_INPUT,
                "%s: kinds is an object of rates by kind, common_causes a list of at most %d", name,
                TK_RISK_CAUSES_MAX);
        return NULL;
    }
    if (!read_kinds(input, json_object_get(root, "kinds"), topology, error) ||
        !read_facilities(input, json_object_get(root, "facilities"), topology, error))
        return NULL;
    for (size_t i = 0; i < json_array_size(causes); i++)
        if (!read_cause(input, json_array_get(causes, i), i, topology, error))
            return NULL;
    return g_steal_pointer(&input);
}

bool tk_risk_input_synthetic(const TkRiskInput *input)
{
    return input->synthetic;
}

const char *tk_risk_input_source(const TkRiskInput *input)
{
    return input->source;
}

uint32_t tk_risk_input_causes(const TkRiskInput *input)
{
    return input->causes->len;
}

const TkRiskCause *tk_risk_input_cause(const TkRiskInput *input, uint32_t cause)
{
    return &g_array_index(input->causes, TkRiskCause, cause);
}

TkRiskRate tk_risk_input_rate(const TkRiskInput *input, TkFacilityIx facility)
{
    return input->rates[facility];
}

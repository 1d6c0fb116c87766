/* Common causes from what facilities have in common. The region is the topology's own prefecture; the
 * building, the power feed, the software and the contractor are fields of the facilities register, matched by
 * the facility's id. A value that one facility alone has is no common cause. */
#include "service/simulations_private.h"

#include "service/register.h"

#define RECORDS_COUNTED_MAX 20000 /* while somebody waits for the page */

typedef struct {
    const char *id;     /* as it is asked for */
    const char *field;  /* of the facilities register; NULL: the topology's prefecture */
    const char *kind;   /* of the common cause, in the result */
    const char *titles; /* the register that the field refers to; NULL: the value is its own name */
} Attribute;

static const Attribute attributes[] = {
    {"region", NULL, "region", NULL},
    {"building", "site", "building", "sites"},
    {"power", "power_feed", "power", NULL},
    {"software", "software", "software", NULL},
    {"contractor", "owner", "contractor", "contractors"},
};

typedef struct {
    const TkTopology *topology;
    const TkRegisterSchema *schema;
    json_t *groups; /* {attribute: {value: [id…]}} */
    unsigned seen, most;
} Grouping;

static void put(json_t *groups, const char *attribute, const char *value, const char *id)
{
    json_t *of = json_object_get(groups, attribute), *members = json_object_get(of, value);
    if (members == NULL) {
        members = json_array();
        json_object_set_new(of, value, members);
    }
    json_array_append_new(members, json_string(id));
}

static bool group_record(const TkRecord *record, void *data, GError **error)
{
    Grouping *g = data;
    if (g->most > 0 && ++g->seen > g->most)
        return tk_fail(error, TK_ERROR_LIMIT, "too many to count at once");
    if (tk_topology_find(g->topology, record->id, strlen(record->id)) == TK_NO_FACILITY)
        return true;
    g_autoptr(json_t) values = tk_register_stored(g->schema, record->body);
    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
        const char *value = attributes[i].field == NULL
                                ? NULL
                                : json_string_value(json_object_get(values, attributes[i].field));
        if (value != NULL && json_object_get(g->groups, attributes[i].id) != NULL)
            put(g->groups, attributes[i].id, value, record->id);
    }
    return true;
}

static bool in_kinds(const json_t *kinds, const TkFacility *facility)
{
    size_t i;
    const json_t *kind;
    if (kinds == NULL)
        return !facility->has_users; /* the network's inside: what many depend on */
    json_array_foreach(kinds, i, kind)
    {
        if (g_strcmp0(json_string_value(kind), facility->kind) == 0)
            return true;
    }
    return false;
}

static void group_region(const TkTopology *topology, const json_t *kinds, json_t *groups)
{
    for (TkFacilityIx f = 0; f < tk_topology_size(topology); f++) {
        TkFacility facility = tk_topology_facility(topology, f);
        const TkPrefecture *prefecture = tk_prefecture(facility.prefecture);
        if (prefecture != NULL && in_kinds(kinds, &facility))
            put(groups, "region", prefecture->code, facility.id);
    }
}

/* {attribute: {value: [id…]}} of the attributes that `wanted` (NULL: all) names. `most` 0: however many
 * records there are. */
static json_t *group_all(TkApp *app, const TkTopology *topology, const json_t *wanted, unsigned most,
                         GError **error)
{
    g_autoptr(json_t) groups = json_object();
    bool books = false;
    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
        const Attribute *a = &attributes[i];
        if (wanted != NULL && json_object_get(wanted, a->id) == NULL)
            continue;
        json_object_set_new(groups, a->id, json_object());
        books |= a->field != NULL;
        if (a->field == NULL)
            group_region(topology, json_object_get(json_object_get(wanted, a->id), "kinds"), groups);
    }
    const TkRegisterSchema *schema = tk_registers_schema(app->registers, "facilities");
    Grouping grouping = {topology, schema, groups, 0, most};
    if (books && schema != NULL && !tk_register_each(app->registers, schema, group_record, &grouping, error))
        return NULL;
    return g_steal_pointer(&groups);
}

/* ---- for the form ---- */

static json_t *counted(const json_t *of)
{
    const char *value;
    json_t *members;
    json_int_t groups = 0, facilities = 0;
    json_object_foreach((json_t *)of, value, members)
    {
        if (json_array_size(members) < 2)
            continue;
        groups++;
        facilities += (json_int_t)json_array_size(members);
    }
    return json_pack("{s:I, s:I}", "groups", groups, "facilities", facilities);
}

json_t *tk_simulation_shared(TkApp *app, const TkTopology *topology)
{
    g_autoptr(GError) too_many = NULL;
    g_autoptr(json_t) groups = group_all(app, topology, NULL, RECORDS_COUNTED_MAX, &too_many);
    json_t *out = json_object();
    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
        const json_t *of = json_object_get(groups, attributes[i].id);
        json_object_set_new(out, attributes[i].id,
                            of != NULL ? counted(of) : json_pack("{s:n, s:n}", "groups", "facilities"));
    }
    return out;
}

/* ---- for the simulation ---- */

static char *title_of(TkApp *app, const Attribute *a, const char *value)
{
    if (a->field == NULL)
        return g_strdup(tk_prefecture(tk_prefecture_number(value, strlen(value)))->ja);
    const TkRegisterSchema *schema =
        a->titles == NULL ? NULL : tk_registers_schema(app->registers, a->titles);
    if (schema == NULL)
        return g_strdup(value);
    g_autofree char *kind = g_strdup_printf("r-%s", a->titles);
    g_autoptr(TkRecord) record = tk_store_get(app->store, kind, value, TK_TIME_NONE, NULL);
    if (record == NULL)
        return g_strdup(value);
    g_autoptr(json_t) values = tk_register_stored(schema, record->body);
    g_autoptr(json_t) title = tk_register_title(schema, value, values);
    return g_strdup(json_is_string(title) ? json_string_value(title) : value);
}

static bool known_attributes(const json_t *shared, GError **error)
{
    const char *key;
    json_t *rate;
    json_object_foreach((json_t *)shared, key, rate)
    {
        bool known = false;
        for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++)
            known |= strcmp(key, attributes[i].id) == 0;
        if (!known || !json_is_object(rate))
            return tk_fail_both(
                error, TK_ERROR_INPUT,
                "「shared.%.40s」: region、building、power、software、contractor のどれかに頻度を入れます。",
                "shared.%.40s: region, building, power, software or contractor, each with "
                "per_year, probability and repair_hours",
                key);
    }
    return true;
}

static void add_causes(TkApp *app, const Attribute *a, const json_t *rate, const json_t *of, json_t *out)
{
    static const char *const copied[] = {"per_year", "probability", "repair_hours", "repair", "sigma"};
    const char *value;
    json_t *members;
    json_object_foreach((json_t *)of, value, members)
    {
        if (json_array_size(members) < 2)
            continue;
        g_autofree char *id = g_strdup_printf("%s:%s", a->id, value);
        g_autofree char *name = title_of(app, a, value);
        json_t *cause = json_pack("{s:s, s:s, s:s, s:s, s:{s:O}}", "id", id, "name", name, "kind", a->kind,
                                  "attribute", a->id, "members", "ids", members);
        for (size_t i = 0; i < G_N_ELEMENTS(copied); i++)
            if (json_object_get(rate, copied[i]) != NULL)
                json_object_set(cause, copied[i], json_object_get(rate, copied[i]));
        json_array_append_new(out, cause);
    }
}

json_t *tk_simulation_causes(TkApp *app, const TkTopology *topology, const json_t *shared, GError **error)
{
    g_autoptr(json_t) out = json_array();
    if (shared == NULL)
        return g_steal_pointer(&out);
    if (!known_attributes(shared, error))
        return NULL;
    g_autoptr(json_t) groups = group_all(app, topology, shared, 0, error);
    if (groups == NULL)
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
        const json_t *rate = json_object_get(shared, attributes[i].id);
        if (rate != NULL)
            add_causes(app, &attributes[i], rate, json_object_get(groups, attributes[i].id), out);
    }
    return g_steal_pointer(&out);
}

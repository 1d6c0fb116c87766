/* The merge step: what becomes of a control chosen twice, and where controls stand in the result. */
#include "control/resolving.h"

json_t *oscal_copy_but(const json_t *object, const char *const *but)
{
    json_t *copy = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!g_strv_contains(but, key))
            json_object_set_new(copy, key, json_deep_copy(value));
    }
    return copy;
}

json_t *oscal_list(json_t *object, const char *key)
{
    json_t *list = json_object_get(object, key);
    if (!json_is_array(list)) {
        list = json_array();
        json_object_set_new(object, key, list);
    }
    return list;
}

/* Under use-first the later of two controls with one id is discarded; under keep both stay, and the reader is
 * told. */
static void combine(bool use_first, GPtrArray *inclusions, GPtrArray *notes)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < inclusions->len; i++) {
        Inclusion *inclusion = inclusions->pdata[i];
        for (size_t k = 0; k < inclusion->order->len; k++) {
            json_t *control = inclusion->order->pdata[k];
            const char *id = oscal_text(control, "id");
            if (id == NULL || g_hash_table_add(seen, (char *)id))
                continue;
            if (use_first) {
                g_hash_table_remove(inclusion->selected, control);
                g_ptr_array_remove_index(inclusion->order, (unsigned)k--);
            } else {
                oscal_note(notes,
                           "the control “%s” is chosen twice and kept twice; merge with combine method "
                           "use-first keeps one",
                           id);
            }
        }
    }
}

static const char *const no_controls[] = {"controls", NULL};
static const char *const no_members[] = {"controls", "groups", NULL};

/* Loose parameters: those that stand under no control. */
static void take_params(const json_t *node, json_t *catalog)
{
    const json_t *params = json_object_get(node, "params");
    for (size_t i = 0; i < json_array_size(params); i++)
        json_array_append_new(oscal_list(catalog, "params"), json_deep_copy(json_array_get(params, i)));
}

static void take_group_params(const json_t *node, json_t *catalog)
{
    const json_t *groups = json_object_get(node, "groups");
    for (size_t i = 0; i < json_array_size(groups); i++) {
        take_params(json_array_get(groups, i), catalog);
        take_group_params(json_array_get(groups, i), catalog);
    }
}

static void flat(GPtrArray *inclusions, json_t *catalog)
{
    for (size_t i = 0; i < inclusions->len; i++) {
        const Inclusion *inclusion = inclusions->pdata[i];
        take_group_params(inclusion->catalog, catalog);
        for (size_t k = 0; k < inclusion->order->len; k++)
            json_array_append_new(oscal_list(catalog, "controls"),
                                  oscal_copy_but(inclusion->order->pdata[k], no_controls));
    }
}

/* A chosen control is copied with its chosen children; the chosen children of one that is not move up to its
 * place. */
static void copy_controls(const json_t *node, const GHashTable *selected, json_t *into)
{
    const json_t *controls = json_object_get(node, "controls");
    for (size_t i = 0; i < json_array_size(controls); i++) {
        json_t *control = json_array_get(controls, i);
        if (!g_hash_table_contains((GHashTable *)selected, control)) {
            copy_controls(control, selected, into);
            continue;
        }
        json_t *copy = oscal_copy_but(control, no_controls);
        copy_controls(control, selected, copy);
        json_array_append_new(oscal_list(into, "controls"), copy);
    }
}

bool oscal_kept_always(const json_t *object)
{
    const json_t *props = json_object_get(object, "props");
    for (size_t i = 0; i < json_array_size(props); i++) {
        const json_t *prop = json_array_get(props, i);
        if (g_strcmp0(oscal_text(prop, "name"), "keep") == 0 &&
            g_strcmp0(oscal_text(prop, "value"), "always") == 0)
            return true;
    }
    return false;
}

static json_t *group_of(json_t *node, const char *id)
{
    json_t *groups = json_object_get(node, "groups");
    for (size_t i = 0; id != NULL && i < json_array_size(groups); i++)
        if (g_strcmp0(oscal_text(json_array_get(groups, i), "id"), id) == 0)
            return json_array_get(groups, i);
    return NULL;
}

/* Two imports of one catalogue share its groups. */
static void copy_groups(const json_t *node, const GHashTable *selected, json_t *into)
{
    const json_t *groups = json_object_get(node, "groups");
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *group = json_array_get(groups, i);
        json_t *known = group_of(into, oscal_text(group, "id"));
        json_t *copy = known != NULL ? known : oscal_copy_but(group, no_members);
        copy_controls(group, selected, copy);
        copy_groups(group, selected, copy);
        bool used =
            json_object_get(copy, "controls") || json_object_get(copy, "groups") || oscal_kept_always(group);
        if (known == NULL && used)
            json_array_append(oscal_list(into, "groups"), copy);
        if (known == NULL)
            json_decref(copy);
    }
}

static void as_is(GPtrArray *inclusions, json_t *catalog)
{
    for (size_t i = 0; i < inclusions->len; i++) {
        const Inclusion *inclusion = inclusions->pdata[i];
        copy_controls(inclusion->catalog, inclusion->selected, catalog);
        copy_groups(inclusion->catalog, inclusion->selected, catalog);
    }
}

static int by_id(const void *a, const void *b)
{
    return g_strcmp0(oscal_text(*(json_t *const *)a, "id"), oscal_text(*(json_t *const *)b, "id"));
}

static int by_id_down(const void *a, const void *b)
{
    return by_id(b, a);
}

static void insert_controls(const json_t *holder, const GPtrArray *all, json_t *into, GPtrArray *notes)
{
    const json_t *inserts = json_object_get(holder, "insert-controls");
    for (size_t i = 0; i < json_array_size(inserts); i++) {
        const json_t *insert = json_array_get(inserts, i);
        g_autoptr(GPtrArray) chosen = oscal_select(insert, all, "insert-controls", notes);
        const char *order = oscal_text(insert, "order");
        if (g_strcmp0(order, "ascending") == 0)
            g_ptr_array_sort(chosen, by_id);
        else if (g_strcmp0(order, "descending") == 0)
            g_ptr_array_sort(chosen, by_id_down);
        for (size_t k = 0; k < chosen->len; k++)
            json_array_append_new(oscal_list(into, "controls"),
                                  oscal_copy_but(chosen->pdata[k], no_controls));
    }
}

static const json_t *find_group(const json_t *node, const char *id)
{
    const json_t *groups = json_object_get(node, "groups");
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *group = json_array_get(groups, i);
        const json_t *found = g_strcmp0(oscal_text(group, "id"), id) == 0 ? group : find_group(group, id);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* A group of the profile takes what a group of the same id has in the source, then what it says itself. */
static json_t *custom_group(const json_t *spec, GPtrArray *inclusions)
{
    static const char *const directives[] = {"insert-controls", "groups", NULL};
    json_t *own = oscal_copy_but(spec, directives);
    const char *id = oscal_text(spec, "id");
    for (size_t i = 0; id != NULL && i < inclusions->len; i++) {
        const json_t *source = find_group(((Inclusion *)inclusions->pdata[i])->catalog, id);
        if (source == NULL)
            continue;
        json_t *group = oscal_copy_but(source, no_members);
        json_object_update(group, own);
        json_decref(own);
        return group;
    }
    return own;
}

static void custom_groups(const json_t *holder, const GPtrArray *all, GPtrArray *inclusions, json_t *into,
                          GPtrArray *notes)
{
    const json_t *groups = json_object_get(holder, "groups");
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *spec = json_array_get(groups, i);
        json_t *group = custom_group(spec, inclusions);
        custom_groups(spec, all, inclusions, group, notes);
        insert_controls(spec, all, group, notes);
        json_array_append_new(oscal_list(into, "groups"), group);
    }
}

static void custom(const json_t *directive, GPtrArray *inclusions, json_t *catalog, GPtrArray *notes)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    for (size_t i = 0; i < inclusions->len; i++) {
        const Inclusion *inclusion = inclusions->pdata[i];
        g_ptr_array_extend(all, inclusion->order, NULL, NULL);
        take_group_params(inclusion->catalog, catalog);
    }
    insert_controls(directive, all, catalog, notes);
    custom_groups(directive, all, inclusions, catalog, notes);
}

bool oscal_merge(const json_t *merge, GPtrArray *inclusions, json_t *catalog, GPtrArray *notes,
                 GError **error)
{
    const json_t *structure = json_object_get(merge, "custom");
    bool hierarchy = json_is_true(json_object_get(merge, "as-is"));
    int directives = (structure != NULL) + hierarchy + (json_object_get(merge, "flat") != NULL);
    if (directives > 1)
        return tk_fail(error, TK_ERROR_INPUT,
                       "/profile/merge has more than one of flat, as-is and custom; keep one");
    const char *method = oscal_text(json_object_get(merge, "combine"), "method");
    if (g_strcmp0(method, "merge") == 0)
        return tk_fail(
            error, TK_ERROR_INPUT,
            "/profile/merge/combine/method “merge” is withdrawn and undefined; say use-first or keep");
    combine(g_strcmp0(method, "use-first") == 0, inclusions, notes);
    for (size_t i = 0; i < inclusions->len; i++)
        take_params(((Inclusion *)inclusions->pdata[i])->catalog, catalog);
    if (structure != NULL)
        custom(structure, inclusions, catalog, notes);
    else if (hierarchy)
        as_is(inclusions, catalog);
    else
        flat(inclusions, catalog);
    return true;
}

/* The modify step: parameters set, and contents of controls removed and added. What names nothing in the
 * result is noted and passed over, as the specification asks. */
#include "control/resolving.h"

#define OSCAL_NAMESPACE "http://csrc.nist.gov/ns/oscal"

/* ---- set-parameters ---- */

static json_t *param_in(json_t *node, const char *id)
{
    json_t *params = json_object_get(node, "params");
    for (size_t i = 0; i < json_array_size(params); i++)
        if (g_strcmp0(oscal_text(json_array_get(params, i), "id"), id) == 0)
            return json_array_get(params, i);
    static const char *const below[] = {"controls", "groups"};
    for (size_t b = 0; b < G_N_ELEMENTS(below); b++) {
        json_t *members = json_object_get(node, below[b]);
        for (size_t i = 0; i < json_array_size(members); i++) {
            json_t *found = param_in(json_array_get(members, i), id);
            if (found != NULL)
                return found;
        }
    }
    return NULL;
}

/* A prop or link that has the name and namespace (or href and rel) of one that is set takes its place. */
static bool same_item(const char *list, const json_t *a, const json_t *b)
{
    bool links = strcmp(list, "links") == 0;
    const char *first = links ? "href" : "name", *second = links ? "rel" : "ns";
    return g_strcmp0(oscal_text(a, first), oscal_text(b, first)) == 0 &&
           g_strcmp0(oscal_text(a, second), oscal_text(b, second)) == 0;
}

static void add_items(json_t *target, const json_t *source, const char *list, bool replace)
{
    const json_t *items = json_object_get(source, list);
    for (size_t i = 0; i < json_array_size(items); i++) {
        json_t *item = json_array_get(items, i), *known = oscal_list(target, list);
        for (size_t k = 0; replace && k < json_array_size(known); k++)
            if (same_item(list, json_array_get(known, k), item))
                json_array_remove(known, k--);
        json_array_append_new(known, json_deep_copy(item));
    }
}

static void set_param(json_t *target, const json_t *source)
{
    static const char *const replaced[] = {"class", "depends-on", "label", "usage", "values", "select"};
    for (size_t i = 0; i < G_N_ELEMENTS(replaced); i++) {
        json_t *value = json_object_get(source, replaced[i]);
        if (value != NULL)
            json_object_set_new(target, replaced[i], json_deep_copy(value));
    }
    if (json_object_get(source, "values") != NULL && json_object_get(source, "select") == NULL)
        json_object_del(target, "select"); /* a parameter has values or a selection, not both */
    else if (json_object_get(source, "select") != NULL)
        json_object_del(target, "values");
    add_items(target, source, "props", true);
    add_items(target, source, "links", true);
    add_items(target, source, "constraints", false);
    add_items(target, source, "guidelines", false);
}

/* ---- removes ---- */

typedef struct {
    const char *list, *item; /* "props", "prop" */
    bool has_namespace;
} List;

static const List lists[] = {
    {"params", "param", false}, {"props", "prop", true}, {"links", "link", false}, {"parts", "part", true}};

static bool meets(const json_t *criteria, const char *criterion, const char *value)
{
    const char *wanted = oscal_text(criteria, criterion);
    return wanted == NULL || g_strcmp0(wanted, value) == 0;
}

static bool is_meant(const json_t *criteria, const List *list, const json_t *object)
{
    const char *ns = oscal_text(object, "ns");
    return meets(criteria, "by-item-name", list->item) &&
           meets(criteria, "by-name", oscal_text(object, "name")) &&
           meets(criteria, "by-class", oscal_text(object, "class")) &&
           meets(criteria, "by-id", oscal_text(object, "id")) &&
           meets(criteria, "by-ns",
                 ns != NULL            ? ns
                 : list->has_namespace ? OSCAL_NAMESPACE
                                       : NULL);
}

static size_t remove_in(const json_t *criteria, json_t *object)
{
    size_t removed = 0;
    for (size_t l = 0; l < G_N_ELEMENTS(lists); l++) {
        json_t *items = json_object_get(object, lists[l].list);
        for (size_t i = 0; i < json_array_size(items);) {
            json_t *item = json_array_get(items, i);
            if (is_meant(criteria, &lists[l], item)) {
                json_array_remove(items, i);
                removed++;
            } else {
                removed += remove_in(criteria, item);
                i++;
            }
        }
        if (json_is_array(items) && json_array_size(items) == 0)
            json_object_del(object, lists[l].list);
    }
    return removed;
}

static bool has_criterion(const json_t *criteria)
{
    return json_object_size(criteria) > 0;
}

/* ---- adds ---- */

/* Where an object with an id stands: in which list of which holder, at which place. */
typedef struct {
    json_t *holder, *list, *object;
    const char *key;
    size_t index;
} Place;

static bool find(json_t *holder, const char *id, Place *place)
{
    for (size_t l = 0; l < G_N_ELEMENTS(lists); l++) {
        json_t *list = json_object_get(holder, lists[l].list);
        for (size_t i = 0; i < json_array_size(list); i++) {
            json_t *object = json_array_get(list, i);
            if (g_strcmp0(oscal_text(object, "id"), id) == 0) {
                *place = (Place){holder, list, object, lists[l].list, i};
                return true;
            }
            if (find(object, id, place))
                return true;
        }
    }
    return false;
}

static void add_inside(json_t *target, const json_t *add, bool first)
{
    json_t *title = json_object_get(add, "title");
    if (title != NULL)
        json_object_set_new(target, "title", json_deep_copy(title));
    for (size_t l = 0; l < G_N_ELEMENTS(lists); l++) {
        const json_t *items = json_object_get(add, lists[l].list);
        for (size_t i = 0; i < json_array_size(items); i++) {
            json_t *list = oscal_list(target, lists[l].list),
                   *copy = json_deep_copy(json_array_get(items, i));
            if (first)
                json_array_insert_new(list, i, copy);
            else
                json_array_append_new(list, copy);
        }
    }
}

/* Beside an object: its own kind before or behind it, other kinds at that end of the holder's lists. */
static void add_beside(const Place *place, const json_t *add, bool before)
{
    for (size_t l = 0; l < G_N_ELEMENTS(lists); l++) {
        const json_t *items = json_object_get(add, lists[l].list);
        json_t *list = json_array_size(items) > 0 ? oscal_list(place->holder, lists[l].list) : NULL;
        bool own_kind = list == place->list;
        size_t at = own_kind ? place->index + (before ? 0 : 1) : before ? 0 : json_array_size(list);
        for (size_t i = 0; i < json_array_size(items); i++)
            json_array_insert_new(list, at + i, json_deep_copy(json_array_get(items, i)));
    }
}

static bool add_to(json_t *control, const json_t *add)
{
    const char *position = oscal_text(add, "position"), *id = oscal_text(add, "by-id");
    bool before = g_strcmp0(position, "before") == 0, after = g_strcmp0(position, "after") == 0;
    bool first = before || g_strcmp0(position, "starting") == 0;
    Place place;
    if (id == NULL || g_strcmp0(id, oscal_text(control, "id")) == 0)
        add_inside(control, add, first);
    else if (!find(control, id, &place))
        return false;
    else if (before || after)
        add_beside(&place, add, before);
    else
        add_inside(place.object, add, first);
    return true;
}

/* ---- alters ---- */

static json_t *control_in(json_t *node, const char *id)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    oscal_controls(node, all);
    for (size_t i = 0; i < all->len; i++)
        if (g_strcmp0(oscal_text(all->pdata[i], "id"), id) == 0)
            return all->pdata[i];
    return NULL;
}

static void alter(json_t *control, const json_t *alter, const char *id, GPtrArray *notes)
{
    const json_t *removes = json_object_get(alter, "removes"), *adds = json_object_get(alter, "adds");
    for (size_t i = 0; i < json_array_size(removes); i++) {
        const json_t *criteria = json_array_get(removes, i);
        if (!has_criterion(criteria) || remove_in(criteria, control) == 0)
            oscal_note(notes, "alter “%s”: remove %zu meets nothing", id, i);
    }
    for (size_t i = 0; i < json_array_size(adds); i++)
        if (!add_to(control, json_array_get(adds, i)))
            oscal_note(notes, "alter “%s”: add %zu speaks of “%s”, which is not in the control", id, i,
                       oscal_text(json_array_get(adds, i), "by-id"));
}

void oscal_modify(const json_t *modify, json_t *catalog, GPtrArray *notes)
{
    const json_t *sets = json_object_get(modify, "set-parameters"),
                 *alters = json_object_get(modify, "alters");
    for (size_t i = 0; i < json_array_size(sets); i++) {
        const json_t *set = json_array_get(sets, i);
        const char *id = oscal_text(set, "param-id");
        json_t *param = id != NULL ? param_in(catalog, id) : NULL;
        if (param != NULL)
            set_param(param, set);
        else
            oscal_note(notes, "set-parameters: there is no parameter “%s” in the result",
                       id != NULL ? id : "");
    }
    for (size_t i = 0; i < json_array_size(alters); i++) {
        const char *id = oscal_text(json_array_get(alters, i), "control-id");
        json_t *control = id != NULL ? control_in(catalog, id) : NULL;
        if (control != NULL)
            alter(control, json_array_get(alters, i), id, notes);
        else
            oscal_note(notes, "alters: the control “%s” is not in the result", id != NULL ? id : "");
    }
}

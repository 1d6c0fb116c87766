/* A catalogue of somebody else's as one more framework. What makes it unusable (an id given twice, a control
 * without title) is refused here by the catalogue's own words, because the framework's reader would speak of
 * items that nobody has seen. */
#include "control/frameworks.h"

#include "control/resolving.h"

enum { ID_MAX = 64, TITLE_MAX = 500, DEPTH_MAX = 16 };

typedef struct {
    json_t *items;
    GHashTable *ids; /* borrowed from the catalogue */
    GError **error;
    size_t n_controls;
} Taking;

static bool is_withdrawn(const json_t *control)
{
    size_t i;
    json_t *prop;
    json_array_foreach(json_object_get(control, "props"), i, prop)
    {
        const char *name = oscal_text(prop, "name"), *value = oscal_text(prop, "value");
        if (g_strcmp0(name, "status") == 0 && value != NULL && g_ascii_strcasecmp(value, "withdrawn") == 0)
            return true;
    }
    return false;
}

/* At most TITLE_MAX bytes, cut between characters. Owned. */
static char *short_title(const char *title)
{
    char *text = g_strndup(title, TITLE_MAX);
    const char *end;
    if (!g_utf8_validate(text, -1, &end))
        text[end - text] = '\0';
    return text;
}

static bool add(Taking *t, const json_t *from, const char *kind, const char *parent)
{
    const char *id = oscal_text(from, "id"), *title = oscal_text(from, "title");
    if (id == NULL || id[0] == '\0' || strlen(id) > ID_MAX)
        return tk_fail(t->error, TK_ERROR_INPUT, "a %s below “%s” has no id of 1 to %d bytes", kind,
                       parent != NULL ? parent : "the catalogue", ID_MAX);
    if (title == NULL || title[0] == '\0')
        return tk_fail(t->error, TK_ERROR_INPUT, "%s “%s” has no title", kind, id);
    if (!g_hash_table_add(t->ids, (char *)id))
        return tk_fail(t->error, TK_ERROR_INPUT, "the id “%s” is given twice", id);
    if (json_array_size(t->items) >= TK_FRAMEWORK_ITEMS_MAX)
        return tk_fail(t->error, TK_ERROR_LIMIT, "more than %d groups and controls", TK_FRAMEWORK_ITEMS_MAX);
    g_autofree char *words = short_title(title);
    json_array_append_new(t->items, json_pack("{s:s, s:s, s:{s:s, s:s}, s:s*}", "id", id, "kind", kind,
                                              "title", "ja", words, "en", words, "parent", parent));
    return true;
}

static bool add_controls(Taking *t, const json_t *parent, const char *parent_id, int depth)
{
    if (depth > DEPTH_MAX)
        return tk_fail(t->error, TK_ERROR_LIMIT, "controls deeper than %d below “%s”", DEPTH_MAX, parent_id);
    size_t i;
    json_t *control;
    json_array_foreach(json_object_get(parent, "controls"), i, control)
    {
        bool counts = !is_withdrawn(control);
        if (!add(t, control, counts ? "control" : "withdrawn", parent_id) ||
            !add_controls(t, control, oscal_text(control, "id"), depth + 1))
            return false;
        t->n_controls += counts;
    }
    return true;
}

static bool add_groups(Taking *t, const json_t *parent, const char *parent_id, int depth)
{
    if (depth > DEPTH_MAX)
        return tk_fail(t->error, TK_ERROR_LIMIT, "groups deeper than %d below “%s”", DEPTH_MAX, parent_id);
    if (!add_controls(t, parent, parent_id, depth))
        return false;
    size_t i;
    json_t *group;
    json_array_foreach(json_object_get(parent, "groups"), i, group)
    {
        const char *id = oscal_text(group, "id");
        if (id != NULL && !add(t, group, "group", parent_id))
            return false;
        if (!add_groups(t, group, id != NULL ? id : parent_id, depth + 1))
            return false;
    }
    return true;
}

/* The day of the document; 1970-01-01 never: what cannot be read is refused by the models before. */
static char *published_of(const json_t *metadata)
{
    const char *text = oscal_text(metadata, "published");
    if (text == NULL)
        text = oscal_text(metadata, "last-modified");
    return text != NULL && strlen(text) >= 10 ? g_strndup(text, 10) : g_strdup("");
}

json_t *tk_framework_of_catalog(const json_t *catalog, const char *id, GError **error)
{
    const json_t *body = json_object_get(catalog, "catalog"), *metadata = json_object_get(body, "metadata");
    const char *title = oscal_text(metadata, "title"), *version = oscal_text(metadata, "version");
    if (body == NULL || title == NULL || title[0] == '\0') {
        tk_fail(error, TK_ERROR_INPUT, "no catalogue with a title: only a catalogue can be a framework");
        return NULL;
    }
    g_autoptr(json_t) items = json_array();
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    Taking t = {items, ids, error, 0};
    if (!add_groups(&t, body, NULL, 0))
        return NULL;
    if (t.n_controls == 0) {
        tk_fail(error, TK_ERROR_INPUT, "the catalogue has no control that is not withdrawn");
        return NULL;
    }
    g_autofree char *words = short_title(title), *published = published_of(metadata);
    return json_pack("{s:s, s:s, s:{s:s, s:s}, s:s, s:s, s:s, s:s, s:s, s:b, s:O}", "format",
                     "tokatsu-framework/1", "id", id, "title", "ja", words, "en", words, "publisher", "OSCAL",
                     "edition", version != NULL && version[0] != '\0' ? version : "-", "published", published,
                     "source", "OSCAL", "unit", "control", "verified", 0, "items", items);
}

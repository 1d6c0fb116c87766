/* The last step: metadata, back matter, what nobody refers to taken out, fields in OSCAL's order. */
#include "control/resolving.h"

#define TOOL       "tokatsu"
#define OSCAL_OURS "1.2.1"

/* ---- what is referred to ---- */

/* Every word that follows a '#' or is a parameter to insert, of all texts below a value. */
static void add_words(const json_t *value, GHashTable *words);

static void add_text_words(const char *text, GHashTable *words)
{
    for (const char *at = strchr(text, '#'); at != NULL; at = strchr(at + 1, '#'))
        g_hash_table_add(words, g_strndup(at + 1, strcspn(at + 1, " )]>\"'\n")));
    for (const char *at = strstr(text, "param,"); at != NULL; at = strstr(at + 1, "param,")) {
        const char *id = at + 6 + strspn(at + 6, " ");
        g_hash_table_add(words, g_strndup(id, strcspn(id, " }\n")));
    }
}

static void add_words(const json_t *value, GHashTable *words)
{
    const char *key;
    json_t *field;
    if (json_is_string(value))
        add_text_words(json_string_value(value), words);
    for (size_t i = 0; i < json_array_size(value); i++)
        add_words(json_array_get(value, i), words);
    json_object_foreach((json_t *)value, key, field) add_words(field, words);
}

/* Takes out of `candidates` what no word names, where a kept candidate's own words count too. New array. */
static json_t *referred(const json_t *candidates, const char *id_key, GHashTable *words)
{
    size_t n = json_array_size(candidates);
    g_autofree bool *keep = g_new0(bool, n + 1);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < n; i++) {
            const json_t *candidate = json_array_get(candidates, i);
            const char *id = oscal_text(candidate, id_key);
            if (keep[i] ||
                (!oscal_kept_always(candidate) && (id == NULL || !g_hash_table_contains(words, id))))
                continue;
            keep[i] = more = true;
            add_words(candidate, words);
        }
    }
    json_t *kept = json_array();
    for (size_t i = 0; i < n; i++)
        if (keep[i])
            json_array_append(kept, json_array_get(candidates, i));
    return kept;
}

/* ---- back matter ---- */

/* A later resource takes the place of an earlier one with its uuid, unless that is to be kept always. */
static void add_resource(json_t *resources, json_t *resource)
{
    for (size_t i = 0; i < json_array_size(resources); i++) {
        const json_t *known = json_array_get(resources, i);
        if (g_strcmp0(oscal_text(known, "uuid"), oscal_text(resource, "uuid")) != 0)
            continue;
        if (oscal_kept_always(known) && !oscal_kept_always(resource))
            return;
        json_array_remove(resources, i);
        break;
    }
    json_array_append(resources, resource);
}

static void add_resources(json_t *resources, const json_t *body)
{
    const json_t *list = json_object_get(json_object_get(body, "back-matter"), "resources");
    for (size_t i = 0; i < json_array_size(list); i++)
        add_resource(resources, json_array_get(list, i));
}

/* ---- metadata ---- */

static void later(const char **newest, const char *version)
{
    unsigned a[2] = {0}, b[2] = {0};
    if (version == NULL || sscanf(version, "%u.%u", &a[0], &a[1]) != 2 ||
        sscanf(*newest, "%u.%u", &b[0], &b[1]) != 2)
        return;
    if (a[0] == b[0] && (a[1] > b[1] || (a[1] == b[1] && strcmp(version, *newest) > 0)) &&
        strcmp(version, OSCAL_OURS) <= 0)
        *newest = version;
}

static const char *oscal_version(const json_t *profile, const GPtrArray *inclusions)
{
    const char *newest = "1.0.0";
    later(&newest, oscal_text(json_object_get(profile, "metadata"), "oscal-version"));
    for (size_t i = 0; i < inclusions->len; i++)
        later(&newest, oscal_text(json_object_get(((Inclusion *)inclusions->pdata[i])->catalog, "metadata"),
                                  "oscal-version"));
    return newest;
}

static json_t *metadata_of(const json_t *profile, const char *name, const GPtrArray *inclusions,
                           int64_t now_us)
{
    const json_t *from = json_object_get(profile, "metadata");
    char at[TK_TIME_TEXT_MAX];
    g_autofree char *base = g_path_get_basename(name), *href = g_uri_escape_string(base, NULL, TRUE);
    json_t *metadata = json_object();
    static const char *const first[] = {"title", "published"}, *const last[] = {
                                                                   "roles", "locations", "parties",
                                                                   "responsible-parties", "remarks"};
    for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
        json_object_set(metadata, first[i], json_object_get(from, first[i]));
    json_object_set_new(metadata, "last-modified", json_string(tk_time_text(now_us, at)));
    json_object_set(metadata, "version", json_object_get(from, "version"));
    json_object_set_new(metadata, "oscal-version", json_string(oscal_version(profile, inclusions)));
    json_object_set_new(metadata, "props",
                        json_pack("[{s:s,s:s},{s:s,s:s}]", "name", "resolution-tool", "value", TOOL, "name",
                                  "source-profile", "value", href));
    json_object_set_new(metadata, "links", json_pack("[{s:s,s:s}]", "href", href, "rel", "source-profile"));
    for (size_t i = 0; i < G_N_ELEMENTS(last); i++)
        json_object_set(metadata, last[i], json_object_get(from, last[i]));
    return metadata;
}

/* ---- order of fields ---- */

static void reorder(json_t *object, const char *const *order)
{
    g_autoptr(json_t) old = json_copy(object);
    json_object_clear(object);
    for (; *order != NULL; order++) {
        json_object_set(object, *order, json_object_get(old, *order));
        json_object_del(old, *order);
    }
    json_object_update(object, old);
}

static void reorder_members(json_t *node)
{
    static const char *const order[] = {"id",    "class", "title",  "params",   "props",
                                        "links", "parts", "groups", "controls", NULL};
    static const char *const below[] = {"groups", "controls"};
    for (size_t b = 0; b < G_N_ELEMENTS(below); b++) {
        json_t *members = json_object_get(node, below[b]);
        for (size_t i = 0; i < json_array_size(members); i++) {
            reorder_members(json_array_get(members, i));
            reorder(json_array_get(members, i), order);
        }
    }
}

/* A UUID of version 5's form from the text itself: the same resolution has the same uuid, whenever and
 * wherever it runs. */
char *oscal_uuid_of_text(const char *text)
{
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    return g_strdup_printf("%.8s-%.4s-5%.3s-%c%.3s-%.12s", hash, hash + 8, hash + 13,
                           "89ab"[g_ascii_xdigit_value(hash[16]) & 3], hash + 17, hash + 20);
}

static char *uuid_of(const json_t *catalog)
{
    g_autofree char *text = json_dumps(catalog, JSON_COMPACT | JSON_SORT_KEYS);
    return oscal_uuid_of_text(text);
}

static void set_list(json_t *object, const char *key, json_t *list)
{
    if (json_array_size(list) > 0)
        json_object_set(object, key, list);
    else
        json_object_del(object, key);
}

json_t *oscal_finish(const json_t *profile, const char *name, GPtrArray *inclusions, json_t *catalog,
                     int64_t now_us)
{
    g_autoptr(json_t) body = catalog;
    g_autoptr(GHashTable) words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(json_t) params = json_incref(json_object_get(body, "params"));
    json_object_del(body, "params");
    g_autoptr(json_t) resources = json_array();
    for (size_t i = 0; i < inclusions->len; i++)
        add_resources(resources, ((Inclusion *)inclusions->pdata[i])->catalog);
    add_resources(resources, profile);

    add_words(body, words);
    const json_t *sets = json_object_get(json_object_get(profile, "modify"), "set-parameters");
    for (size_t i = 0; i < json_array_size(sets); i++)
        if (oscal_text(json_array_get(sets, i), "param-id") != NULL)
            g_hash_table_add(words, g_strdup(oscal_text(json_array_get(sets, i), "param-id")));
    g_autoptr(json_t) kept_params = referred(params, "id", words);
    g_autoptr(json_t) metadata = metadata_of(profile, name, inclusions, now_us);
    add_words(metadata, words);
    g_autoptr(json_t) kept_resources = referred(resources, "uuid", words);

    reorder_members(body);
    set_list(body, "params", kept_params);
    if (json_array_size(kept_resources) > 0)
        json_object_set_new(body, "back-matter", json_pack("{s:O}", "resources", kept_resources));
    g_autofree char *uuid = uuid_of(body);
    json_object_set_new(body, "uuid", json_string(uuid));
    json_object_set(body, "metadata", metadata);
    static const char *const order[] = {"uuid",   "metadata",    "params", "controls",
                                        "groups", "back-matter", NULL};
    reorder(body, order);
    return json_pack("{s:O}", "catalog", body);
}

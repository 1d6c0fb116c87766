/* Facilities: those that are down as a tree, a page at a time, and all of them by name. The tree is made from
 * the published snapshot when somebody asks, once for each snapshot, and never by the live thread. */
#include "service/app.h"

static unsigned page_of(unsigned limit)
{
    return limit == 0 ? 50 : MIN(limit, TK_FACILITIES_PAGE_MAX);
}

/* ---- the tree ---- */

/* The tree of this snapshot; a reference for the caller. */
static TkDownTree *tree_of(TkApp *app, const TkSnapshot *snapshot)
{
    g_mutex_lock(&app->tree_lock);
    if (app->tree == NULL || app->tree_seq != snapshot->seq) {
        g_clear_pointer(&app->tree, tk_down_tree_unref);
        app->tree = tk_down_tree_new(snapshot->topology, snapshot->failed, snapshot->alarmed);
        app->tree_seq = snapshot->seq;
    }
    TkDownTree *tree = tk_down_tree_ref(app->tree);
    g_mutex_unlock(&app->tree_lock);
    return tree;
}

static json_t *node_json(const TkTopology *topology, const TkDownNode *node)
{
    json_t *users = json_object();
    for (unsigned s = 0; s < tk_topology_services(topology); s++)
        if (node->users[s] > 0)
            json_object_set_new(users, tk_topology_service(topology, s),
                                json_integer((json_int_t)node->users[s]));
    json_t *out = tk_facility_json(topology, node->facility);
    json_object_set_new(out, "alarm", json_boolean(node->alarmed));
    json_object_set_new(out, "more_causes", json_integer(node->more_causes));
    json_object_set_new(out, "children", json_integer(node->children));
    json_object_set_new(out, "below", json_integer(node->below));
    json_object_set_new(out, "users", users);
    return out;
}

GBytes *tk_service_down(TkApp *app, const TkActor *actor, const char *under, unsigned limit, unsigned offset,
                        GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    TkFacilityIx parent =
        under == NULL ? TK_NO_FACILITY : tk_topology_find(app->topology, under, strlen(under));
    if (under != NULL && parent == TK_NO_FACILITY) {
        tk_fail_both(error, TK_ERROR_NOT_FOUND, "設備「%.80s」は設備構成にありません。",
                     "under: the topology has no facility “%.80s”", under);
        return NULL;
    }
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    if (map == NULL) {
        tk_fail_both(error, TK_ERROR_CONFLICT, "設備構成を読み込み中です。少し待ってからやり直してください。",
                     "the network has not been read yet; ask again in a moment");
        return NULL;
    }
    g_autoptr(TkDownTree) tree = tree_of(app, map->snapshot);
    uint32_t total = tk_down_tree_children(tree, parent);
    json_t *items = json_array();
    for (uint32_t i = offset; i < total && i - offset < page_of(limit); i++) {
        TkDownNode node = tk_down_tree_child(tree, parent, i);
        json_array_append_new(items, node_json(app->topology, &node));
    }
    g_autoptr(json_t) out =
        json_pack("{s:I, s:o, s:s?, s:I, s:I, s:o}", "seq", (json_int_t)map->snapshot->seq, "as_of",
                  tk_json_of_time(map->snapshot->as_of_us), "under", under, "down",
                  (json_int_t)tk_down_tree_size(tree), "total", (json_int_t)total, "items", items);
    return tk_json_bytes(out);
}

/* ---- all of them ---- */

/* Is `wanted` a part of `text`, whatever the case of its ASCII letters? */
static bool has_part(const char *text, const char *wanted)
{
    size_t len = strlen(wanted);
    for (; *text != '\0'; text++)
        if (g_ascii_strncasecmp(text, wanted, len) == 0)
            return true;
    return len == 0;
}

static bool fits(const TkFacility *f, const TkFacilityQuery *query, int prefecture)
{
    return (query->kind == NULL || strcmp(f->kind, query->kind) == 0) &&
           (prefecture < 0 || f->prefecture == prefecture) &&
           (query->search == NULL || has_part(f->id, query->search) || has_part(f->name, query->search));
}

static json_t *kinds_of(const TkTopology *topology)
{
    json_t *out = json_array();
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL); /* kinds are one text each in the topology */
    for (uint32_t f = 0; f < tk_topology_size(topology); f++) {
        const char *kind = tk_topology_facility(topology, f).kind;
        if (g_hash_table_add(seen, (void *)kind))
            json_array_append_new(out, json_string(kind));
    }
    return out;
}

GBytes *tk_service_facilities(TkApp *app, const TkActor *actor, const TkFacilityQuery *query, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    int prefecture = -1;
    if (query->prefecture != NULL) {
        prefecture = tk_prefecture_number(query->prefecture, strlen(query->prefecture));
        if (prefecture == 0) {
            tk_fail_both(error, TK_ERROR_INPUT,
                         "都道府県「%.40s」はありません。番号（13）か名前で指定してください。",
                         "prefecture: “%.40s” is none; a code (13) or a name", query->prefecture);
            return NULL;
        }
    }
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    json_t *items = json_array();
    unsigned total = 0;
    for (uint32_t f = 0; f < tk_topology_size(app->topology); f++) {
        TkFacility facility = tk_topology_facility(app->topology, f);
        if (!fits(&facility, query, prefecture))
            continue;
        if (total >= query->offset && total - query->offset < page_of(query->limit)) {
            json_t *one = tk_facility_json(app->topology, f);
            json_object_set_new(one, "down", json_boolean(map != NULL && tk_bit(map->snapshot->failed, f)));
            json_array_append_new(items, one);
        }
        total++;
    }
    g_autoptr(json_t) out =
        json_pack("{s:i, s:o, s:o}", "total", (int)total, "items", items, "kinds", kinds_of(app->topology));
    return tk_json_bytes(out);
}

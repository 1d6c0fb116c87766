/* Functional assurance out of its register: the walk is the risk room's, the law's thresholds are put beside
 * each service, and leaves that no risk stands for become risks when somebody asks. */
#include "service/risks_private.h"

#define NODES_ASKED_MAX 500 /* risks made at once */

static const char *const resources[][2] = {{"facility", "facilities"},
                                           {"system", "systems"},
                                           {"person", "persons"},
                                           {"contractor", "contractors"},
                                           {"data", "data-assets"}};

typedef struct {
    TkRiskBook *book;
    GPtrArray *records; /* of TkRiskRecord */
    GHashTable *by_id;  /* id → TkRiskRecord, borrowed */
    GHashTable *risks;  /* node's id → id of its risk, borrowed */
    GHashTable *laws;   /* service's id → its class by law, char * */
} Tree;

static void close_tree(Tree *tree)
{
    g_clear_pointer(&tree->records, g_ptr_array_unref);
    g_clear_pointer(&tree->by_id, g_hash_table_unref);
    g_clear_pointer(&tree->risks, g_hash_table_unref);
    g_clear_pointer(&tree->laws, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tree, close_tree)

static bool open_tree(TkRiskBook *book, Tree *tree, GError **error)
{
    *tree = (Tree){.book = book, .records = tk_risk_records(book->app, "assurance", error)};
    g_autoptr(GPtrArray) services = tk_risk_records(book->app, "services", error);
    if (tree->records == NULL || services == NULL)
        return false;
    tree->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    tree->risks = g_hash_table_new(g_str_hash, g_str_equal);
    tree->laws = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (unsigned i = 0; i < tree->records->len; i++) {
        TkRiskRecord *node = tree->records->pdata[i];
        g_hash_table_insert(tree->by_id, node->id, node);
    }
    for (unsigned i = 0; i < book->risks->len; i++) {
        TkRiskRecord *risk = book->risks->pdata[i];
        const char *node = tk_risk_text(risk->values, "assurance");
        if (node != NULL)
            g_hash_table_insert(tree->risks, (char *)node, risk->id);
    }
    for (unsigned i = 0; i < services->len; i++) {
        const TkRiskRecord *service = services->pdata[i];
        g_hash_table_insert(tree->laws, g_strdup(service->id),
                            g_strdup(tk_risk_text(service->values, "law_service")));
    }
    return true;
}

/* ---- the law beside a service ---- */

static void add_limits(const Tree *tree, const char *service_id, TkAssureNode *node)
{
    const char *named = service_id == NULL ? NULL : g_hash_table_lookup(tree->laws, service_id);
    const TkLaw *law = tree->book->app->law;
    TkService service = named == NULL ? -1 : tk_law_service_find(law, named, strlen(named));
    int64_t today_us = tk_time_of_date(tree->book->today);
    TkForecast forecast;
    if (service < 0 ||
        !tk_law_forecast(law, TK_DATE_NONE, service, today_us, 0, -1, today_us, &forecast, NULL))
        return;
    for (size_t b = 0; b < forecast.count && node->n_limits < TK_ASSURE_LIMITS_MAX; b++)
        if (forecast.branches[b].certain)
            node->limits[node->n_limits++] =
                (TkAssureLimit){forecast.branches[b].branch.hours, forecast.branches[b].branch.users};
}

static TkAssureNode node_of(const Tree *tree, const TkRiskRecord *record)
{
    const json_t *v = record->values, *hours = json_object_get(v, "tolerable_hours"),
                 *users = json_object_get(v, "tolerable_users");
    int kind = tk_assure_kind_of(tk_risk_text(v, "kind"));
    TkAssureNode node = {.id = record->id,
                         .parent = tk_risk_text(v, "parent"),
                         .kind = kind < 0 ? TK_ASSURE_OBJECTIVE : (TkAssureKind)kind,
                         .has_level = tk_risk_text(v, "level") != NULL,
                         .hours = json_is_number(hours) ? json_number_value(hours) : -1,
                         .users = json_is_integer(users) ? json_integer_value(users) : -1,
                         .covered = g_hash_table_contains(tree->risks, record->id)};
    for (size_t i = 0; i < G_N_ELEMENTS(resources); i++)
        node.named |= tk_risk_text(v, resources[i][0]) != NULL;
    if (node.kind == TK_ASSURE_SERVICE)
        add_limits(tree, tk_risk_text(v, "service"), &node);
    return node;
}

/* ---- the answer ---- */

static json_t *limits_json(const TkAssureNode *node)
{
    json_t *list = json_array();
    for (size_t i = 0; i < node->n_limits; i++)
        json_array_append_new(list, json_pack("{s:f, s:I}", "hours", node->limits[i].hours, "users",
                                              (json_int_t)node->limits[i].users));
    return list;
}

static json_t *resource_json(const Tree *tree, const json_t *values)
{
    for (size_t i = 0; i < G_N_ELEMENTS(resources); i++) {
        const char *id = tk_risk_text(values, resources[i][0]);
        if (id == NULL)
            continue;
        json_t *named = tk_risk_named(tree->book, resources[i][1], id);
        json_object_set_new(named, "register", json_string(resources[i][1]));
        return named;
    }
    return json_null();
}

static void fill(const Tree *tree, const TkAssureNode *node, json_t *told)
{
    const TkRiskRecord *record = g_hash_table_lookup(tree->by_id, node->id);
    const json_t *v = record->values;
    json_object_set_new(told, "version", json_integer((json_int_t)record->version));
    json_object_set_new(told, "kind", json_string(tk_assure_kind_name(node->kind)));
    json_object_set_new(told, "title", json_string(tk_risk_text(v, "title")));
    json_object_set_new(told, "parent", node->parent == NULL ? json_null() : json_string(node->parent));
    json_object_set_new(told, "resource", resource_json(tree, v));
    json_object_set_new(told, "risk",
                        tk_risk_named(tree->book, "risks", g_hash_table_lookup(tree->risks, node->id)));
    if (node->kind != TK_ASSURE_SERVICE)
        return;
    json_object_set_new(told, "service", tk_risk_named(tree->book, "services", tk_risk_text(v, "service")));
    json_object_set_new(told, "level",
                        json_string(tk_risk_text(v, "level") == NULL ? "" : tk_risk_text(v, "level")));
    json_object_set_new(told, "tolerable_hours", node->hours < 0 ? json_null() : json_real(node->hours));
    json_object_set_new(told, "tolerable_users", node->users < 0 ? json_null() : json_integer(node->users));
    json_object_set_new(told, "tolerable_user_hours",
                        node->hours < 0 || node->users < 0 ? json_null()
                                                           : json_real(node->hours * (double)node->users));
    json_object_set_new(told, "limits", limits_json(node));
}

/* {"nodes":[…],"gaps":n}, each node filled; new reference. */
static json_t *walk(Tree *tree, GError **error)
{
    unsigned n = tree->records->len;
    g_autofree TkAssureNode *nodes = g_new0(TkAssureNode, n + 1);
    g_autoptr(GHashTable) place = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < n; i++) {
        nodes[i] = node_of(tree, tree->records->pdata[i]);
        g_hash_table_insert(place, (char *)nodes[i].id, &nodes[i]);
    }
    json_t *told = tk_assure_walk(nodes, n, error);
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(told, "nodes"), i, one)
        fill(tree, g_hash_table_lookup(place, json_string_value(json_object_get(one, "id"))), one);
    return told;
}

json_t *tk_risk_assurance_json(TkRiskBook *book, GError **error)
{
    g_auto(Tree) tree = {0};
    return open_tree(book, &tree, error) ? walk(&tree, error) : NULL;
}

GBytes *tk_service_assurance(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRiskBook) book = tk_risk_book_open(app, error);
    g_autoptr(json_t) out = book == NULL ? NULL : tk_risk_assurance_json(book, error);
    if (out == NULL)
        return NULL;
    json_object_set_new(out, "synthetic", json_boolean(app->synthetic));
    return tk_json_bytes(out);
}

json_t *tk_risk_assurance_path(TkRiskBook *book, const char *node)
{
    json_t *path = json_array();
    g_auto(Tree) tree = {0};
    if (node == NULL || !open_tree(book, &tree, NULL))
        return path;
    for (int step = 0; node != NULL && step < TK_ASSURE_KINDS; step++) {
        const TkRiskRecord *record = g_hash_table_lookup(tree.by_id, node);
        if (record == NULL)
            break;
        json_array_insert_new(path, 0,
                              json_pack("{s:s, s:s?, s:s?}", "id", record->id, "kind",
                                        tk_risk_text(record->values, "kind"), "title",
                                        tk_risk_text(record->values, "title")));
        node = tk_risk_text(record->values, "parent");
    }
    return path;
}

/* ---- risks out of leaves ---- */

static const TkRiskRecord *above(const Tree *tree, const TkRiskRecord *node, TkAssureKind kind)
{
    for (int step = 0; node != NULL && step < TK_ASSURE_KINDS; step++) {
        if (tk_assure_kind_of(tk_risk_text(node->values, "kind")) == (int)kind)
            return node;
        const char *parent = tk_risk_text(node->values, "parent");
        node = parent == NULL ? NULL : g_hash_table_lookup(tree->by_id, parent);
    }
    return NULL;
}

static const char *title_of(const TkRiskRecord *node)
{
    return node == NULL ? NULL : tk_risk_text(node->values, "title");
}

static void name_affected(const TkRiskRecord *service, const TkRiskRecord *resource, json_t *values)
{
    static const char *const lists[][2] = {
        {"facility", "facilities"}, {"system", "systems"}, {"contractor", "contractors"}, {"data", "data"}};
    const char *id = service == NULL ? NULL : tk_risk_text(service->values, "service");
    if (id != NULL)
        json_object_set_new(values, "services", json_pack("[s]", id));
    for (size_t i = 0; resource != NULL && i < G_N_ELEMENTS(lists); i++)
        if ((id = tk_risk_text(resource->values, lists[i][0])) != NULL)
            json_object_set_new(values, lists[i][1], json_pack("[s]", id));
}

/* The values of a new risk: the cause gives rise to the event at the resource, which takes the work from the
 * service. Category and treatment are left to people. */
static json_t *values_of(const Tree *tree, const TkRiskRecord *leaf, const json_t *request)
{
    const TkRiskRecord *cause = above(tree, leaf, TK_ASSURE_CAUSE),
                       *event = above(tree, leaf, TK_ASSURE_EVENT),
                       *resource = above(tree, leaf, TK_ASSURE_RESOURCE),
                       *work = above(tree, leaf, TK_ASSURE_WORK),
                       *service = above(tree, leaf, TK_ASSURE_SERVICE);
    g_autoptr(GString) title = g_string_new(title_of(event));
    g_autoptr(GString) consequence = g_string_new(NULL);
    if (cause != NULL)
        g_string_append_printf(title, "(%s)", title_of(cause));
    g_string_append_printf(consequence, "「%s」ができなくなり、「%s」が許容する停止を超えるおそれ",
                           work == NULL ? "業務" : title_of(work),
                           service == NULL ? "役務" : title_of(service));
    g_string_truncate(title, MIN(title->len, 600));
    char today[TK_TIME_TEXT_MAX], review[TK_TIME_TEXT_MAX];
    json_t *values = json_pack(
        "{s:s, s:s, s:s, s:s, s:s?, s:s, s:s, s:O?, s:O?, s:s, s:s}", "title", title->str, "status",
        "identified", "category", "other", "source", cause == NULL ? title_of(event) : title_of(cause),
        "event", title_of(event), "consequence", consequence->str, "assurance", leaf->id, "matrix",
        json_object_get(request, "matrix"), "owner", json_object_get(request, "owner"), "assessed",
        tk_date_text(tree->book->today, today), "review", tk_date_text(tree->book->today + 90, review));
    name_affected(service, resource, values);
    return values;
}

/* Whether this node is asked for: named in the request, or where it names none, a leaf without risk. */
static bool wanted(const json_t *told, const json_t *nodes)
{
    const char *id = json_string_value(json_object_get(told, "id"));
    size_t i;
    const json_t *one;
    if (nodes == NULL) {
        json_array_foreach(json_object_get(told, "gaps"), i, one)
        {
            if (strcmp(json_string_value(json_object_get(one, "code")), "no-risk") == 0)
                return true;
        }
        return false;
    }
    json_array_foreach(nodes, i, one)
    {
        if (g_strcmp0(json_string_value(one), id) == 0)
            return true;
    }
    return false;
}

static bool make_one(const Tree *tree, const TkActor *actor, const TkRiskRecord *leaf, const json_t *request,
                     json_t *made, GBytes **findings, GError **error)
{
    g_autoptr(json_t) body = json_pack("{s:o}", "values", values_of(tree, leaf, request));
    const char *id = NULL;
    g_autoptr(json_t) record = NULL;
    if (!json_is_true(json_object_get(request, "dry_run"))) {
        g_autoptr(GBytes) added =
            tk_register_add(tree->book->app->registers, actor, "risks", body, NULL, findings, error);
        if (added == NULL)
            return false;
        record = json_loadb(g_bytes_get_data(added, NULL), g_bytes_get_size(added), 0, NULL);
        id = json_string_value(json_object_get(record, "id"));
    }
    json_array_append_new(made, json_pack("{s:s?, s:s, s:O}", "id", id, "node", leaf->id, "values",
                                          json_object_get(body, "values")));
    return true;
}

static bool sound_request(const json_t *request, GError **error)
{
    static const char *const known[] = {"matrix", "owner", "nodes", "dry_run", NULL};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)request, key, value)
    {
        if (!g_strv_contains(known, key))
            return tk_fail(error, TK_ERROR_INPUT, "%.40s: the request has matrix, owner, nodes and dry_run",
                           key);
    }
    for (size_t i = 0; i < 2; i++)
        if (!json_is_string(json_object_get(request, known[i])))
            return tk_fail_both(error, TK_ERROR_INPUT, "%s がありません。", "%s: missing; the id of a record",
                                known[i]) ||
                   tk_error_at(error, known[i]);
    const json_t *nodes = json_object_get(request, "nodes");
    if (nodes != NULL && (!json_is_array(nodes) || json_array_size(nodes) > NODES_ASKED_MAX))
        return tk_fail(error, TK_ERROR_INPUT, "nodes: a list of at most %d ids", NODES_ASKED_MAX) ||
               tk_error_at(error, "nodes");
    return true;
}

GBytes *tk_service_assurance_risks(TkApp *app, const TkActor *actor, const json_t *request, GBytes **findings,
                                   GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error) || !sound_request(request, error) ||
        tk_registers_open(app->registers, actor, "risks", TK_REGISTER_WRITES, error) == NULL)
        return NULL;
    g_autoptr(TkRiskBook) book = tk_risk_book_open(app, error);
    g_auto(Tree) tree = {0};
    if (book == NULL || !open_tree(book, &tree, error))
        return NULL;
    g_autoptr(json_t) told = walk(&tree, error);
    if (told == NULL)
        return NULL;
    g_autoptr(json_t) made = json_array();
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(told, "nodes"), i, one)
    {
        const char *kind = json_string_value(json_object_get(one, "kind"));
        bool leaf = strcmp(kind, "event") == 0 || strcmp(kind, "cause") == 0;
        if (!leaf || !wanted(one, json_object_get(request, "nodes")) ||
            !json_is_null(json_object_get(one, "risk")))
            continue;
        if (json_array_size(made) >= NODES_ASKED_MAX)
            break;
        const TkRiskRecord *record =
            g_hash_table_lookup(tree.by_id, json_string_value(json_object_get(one, "id")));
        if (!make_one(&tree, actor, record, request, made, findings, error))
            return NULL;
    }
    g_autoptr(json_t) out =
        json_pack("{s:b, s:O}", "dry_run", json_is_true(json_object_get(request, "dry_run")), "items", made);
    return tk_json_bytes(out);
}

/* The walk keeps the children of each node as a list through two arrays (first child, next sibling), so that
 * it is linear in the nodes. A node can only be reached from an objective by steps that go down one kind
 * each, so that a cycle, or a step left out, is never walked into: what is left over at the end is told. */
#include "risk/assurance.h"

static const char *const kinds[TK_ASSURE_KINDS] = {"objective", "service", "work",
                                                   "resource",  "event",   "cause"};
static const char *const kinds_ja[TK_ASSURE_KINDS] = {"目的", "役務", "業務", "資源", "事象", "要因"};

const char *tk_assure_kind_name(TkAssureKind kind)
{
    return kinds[kind];
}

int tk_assure_kind_of(const char *name)
{
    for (int i = 0; name != NULL && i < TK_ASSURE_KINDS; i++)
        if (strcmp(name, kinds[i]) == 0)
            return i;
    return -1;
}

#define NONE SIZE_MAX

typedef struct {
    const TkAssureNode *nodes;
    size_t count;
    size_t *first, *last, *next; /* children; NONE: none */
    unsigned *children;
    bool *seen;
    json_t *out;
    size_t gaps;
} Walk;

/* ---- what is missing ---- */

static void gap(json_t *gaps, const char *code, const char *ja, const char *en)
{
    json_array_append_new(gaps, json_pack("{s:s, s:s, s:s}", "code", code, "ja", ja, "en", en));
}

/* 3万人, 12500人. */
static char *people_ja(int64_t users)
{
    bool round = users >= 10000 && users % 10000 == 0;
    return g_strdup_printf("%" G_GINT64_FORMAT "%s", round ? users / 10000 : users, round ? "万人" : "人");
}

static void service_gaps(const TkAssureNode *node, json_t *gaps)
{
    if (!node->has_level)
        gap(gaps, "no-level", "サービス水準が決まっていません。", "no service level is said");
    if (node->hours < 0 || node->users < 0) {
        gap(gaps, "no-tolerance", "許容できる停止(時間と利用者数)が決まっていません。",
            "no tolerable outage is said: hours and users");
        return;
    }
    for (size_t i = 0; i < node->n_limits; i++) {
        TkAssureLimit limit = node->limits[i];
        if (limit.hours > node->hours || limit.users > node->users)
            continue;
        g_autofree char *most = people_ja(node->users), *least = people_ja(limit.users);
        g_autofree char *ja = g_strdup_printf(
            "許容する停止(%g時間・%s)は、重大な事故の基準(%g時間以上かつ%s以上)に達しています。", node->hours,
            most, limit.hours, least);
        g_autofree char *en = g_strdup_printf(
            "the tolerable outage (%g h, %" G_GINT64_FORMAT
            " users) would be a serious accident by law (%g h and %" G_GINT64_FORMAT " users)",
            node->hours, node->users, limit.hours, limit.users);
        gap(gaps, "beyond-law", ja, en);
        return;
    }
}

static void child_gaps(const TkAssureNode *node, json_t *gaps)
{
    static const struct {
        const char *code, *ja, *en;
    } without[TK_ASSURE_CAUSE] = {
        {"no-service", "支える役務がありません。", "no service stands for it"},
        {"no-work", "支える業務がありません。", "no work stands for it"},
        {"no-resource", "使う資源がありません。", "no resource is needed for it"},
        {"no-event", "起こり得る事象がありません。", "nothing is thought to happen to it"},
        {"no-cause", "要因がありません。", "no cause is given"},
    };
    if (node->kind < TK_ASSURE_CAUSE)
        gap(gaps, without[node->kind].code, without[node->kind].ja, without[node->kind].en);
}

static json_t *gaps_of(const Walk *walk, size_t i)
{
    const TkAssureNode *node = &walk->nodes[i];
    json_t *gaps = json_array();
    bool leaf = walk->first[i] == NONE;
    if (node->kind == TK_ASSURE_SERVICE)
        service_gaps(node, gaps);
    if (node->kind == TK_ASSURE_RESOURCE && !node->named)
        gap(gaps, "not-named", "台帳の記録(設備・システム・要員・委託先・情報)を指していません。",
            "names no record: facility, system, person, contractor or data");
    if (leaf)
        child_gaps(node, gaps);
    if (leaf && node->kind >= TK_ASSURE_EVENT && !node->covered)
        gap(gaps, "no-risk", "リスク台帳にありません。", "the risk register has no risk of it");
    return gaps;
}

/* ---- the walk ---- */

static void put(Walk *walk, size_t i, int depth, json_t *gaps)
{
    walk->seen[i] = true;
    walk->gaps += json_array_size(gaps);
    json_array_append_new(walk->out, json_pack("{s:s, s:i, s:i, s:o}", "id", walk->nodes[i].id, "depth",
                                               depth, "children", (int)walk->children[i], "gaps", gaps));
}

/* At most as deep as there are kinds. */
static void down(Walk *walk, size_t i, int depth)
{
    put(walk, i, depth, gaps_of(walk, i));
    for (size_t child = walk->first[i]; child != NONE; child = walk->next[child])
        down(walk, child, depth + 1);
}

static void link_up(Walk *walk)
{
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < walk->count; i++) {
        walk->first[i] = walk->last[i] = walk->next[i] = NONE;
        g_hash_table_insert(by_id, (char *)walk->nodes[i].id, GSIZE_TO_POINTER(i + 1));
    }
    for (size_t i = 0; i < walk->count; i++) {
        const TkAssureNode *node = &walk->nodes[i];
        size_t parent = node->parent == NULL ? 0 : GPOINTER_TO_SIZE(g_hash_table_lookup(by_id, node->parent));
        if (parent-- == 0 || walk->nodes[parent].kind + 1 != node->kind)
            continue;
        if (walk->first[parent] == NONE)
            walk->first[parent] = i;
        else
            walk->next[walk->last[parent]] = i;
        walk->last[parent] = i;
        walk->children[parent]++;
    }
}

static void put_loose(Walk *walk, size_t i)
{
    TkAssureKind kind = walk->nodes[i].kind;
    if (kind == TK_ASSURE_OBJECTIVE)
        return;
    json_t *gaps = gaps_of(walk, i);
    g_autofree char *ja = g_strdup_printf("上の段(%s)につながっていません。", kinds_ja[kind - 1]);
    g_autofree char *en = g_strdup_printf(
        "hangs on nothing: it has to hang on a node of the kind %s that an objective needs", kinds[kind - 1]);
    gap(gaps, "loose", ja, en);
    put(walk, i, (int)kind, gaps);
}

json_t *tk_assure_walk(const TkAssureNode *nodes, size_t count, GError **error)
{
    if (count > TK_ASSURE_NODES_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "the tree has %zu nodes; at most %d are walked", count,
                TK_ASSURE_NODES_MAX);
        return NULL;
    }
    g_autofree size_t *first = g_new(size_t, count + 1), *last = g_new(size_t, count + 1),
                      *next = g_new(size_t, count + 1);
    g_autofree unsigned *children = g_new0(unsigned, count + 1);
    g_autofree bool *seen = g_new0(bool, count + 1);
    Walk walk = {nodes, count, first, last, next, children, seen, json_array(), 0};
    link_up(&walk);
    for (size_t i = 0; i < count; i++)
        if (nodes[i].kind == TK_ASSURE_OBJECTIVE)
            down(&walk, i, 0);
    for (size_t i = 0; i < count; i++)
        if (!seen[i])
            put_loose(&walk, i);
    return json_pack("{s:o, s:I}", "nodes", walk.out, "gaps", (json_int_t)walk.gaps);
}

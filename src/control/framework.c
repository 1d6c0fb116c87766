/* Framework and crosswalk files are read in two passes, so that their order does not matter: first all
 * frameworks with their items, then the mappings, whose both ends must be there. Every fault is collected and
 * named; one fault is enough to refuse the whole set, because a crosswalk with a hole gives wrong answers
 * silently. */
#include "control/frameworks.h"

enum { FAULTS_MAX = 100, ID_MAX = 64, TEXT_MAX = 500 };

typedef struct {
    TkFrameworks *set;
    const char *name; /* of the file that is read */
    GPtrArray *faults;
} Load;

G_GNUC_PRINTF(2, 3) static bool fault(Load *l, const char *format, ...)
{
    if (l->faults->len < FAULTS_MAX) {
        va_list args;
        va_start(args, format);
        g_autofree char *text = g_strdup_vprintf(format, args);
        va_end(args);
        g_ptr_array_add(l->faults, g_strdup_printf("%s: %s", l->name, text));
    }
    return false;
}

const char *field_text(const json_t *object, const char *key, size_t max)
{
    const json_t *value = json_object_get(object, key);
    size_t len = json_string_length(value);
    return len > 0 && len <= max ? json_string_value(value) : NULL;
}

static const char *keep(Load *l, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert_const(l->set->words, text);
}

/* A required text; "" and a fault where it is missing. */
static const char *need(Load *l, const json_t *object, const char *where, const char *key, size_t max)
{
    const char *text = field_text(object, key, max);
    if (text == NULL)
        fault(l, "%s: “%s” must be a text of 1 to %zu bytes", where, key, max);
    return keep(l, text != NULL ? text : "");
}

static void need_titles(Load *l, const json_t *object, const char *where, const char **ja, const char **en)
{
    const json_t *title = json_object_get(object, "title");
    *ja = need(l, title, where, "ja", TEXT_MAX);
    *en = need(l, title, where, "en", TEXT_MAX);
}

/* A year, a month or a day: publishers do not all say the day. */
static bool is_published(const char *text)
{
    g_autofree char *whole = g_strdup_printf("%s%s", text,
                                             strlen(text) == 4   ? "-01-01"
                                             : strlen(text) == 7 ? "-01"
                                                                 : "");
    TkDate date;
    return tk_date_parse(whole, strlen(whole), &date, NULL);
}

static void read_parent(Load *l, TkFramework *f, TkFrameworkItem *item, const json_t *from)
{
    item->parent = SIZE_MAX;
    if (json_object_get(from, "parent") == NULL)
        return;
    const char *id = field_text(from, "parent", ID_MAX);
    const TkFrameworkItem *parent = id != NULL ? tk_framework_item(f, id) : NULL;
    if (parent != NULL)
        item->parent = (size_t)(parent - f->items);
    else
        fault(l, "item “%s”: its parent “%s” is not among the items before it", item->id,
              id != NULL ? id : "");
}

static void read_item(Load *l, TkFramework *f, const json_t *from, size_t index)
{
    TkFrameworkItem *item = &f->items[f->n_items];
    g_autofree char *where = g_strdup_printf("item %zu", index + 1);
    *item =
        (TkFrameworkItem){.framework = f, .node = l->set->nodes->len, .count = -1, .verified = f->verified};
    item->id = need(l, from, where, "id", ID_MAX);
    item->kind = need(l, from, where, "kind", ID_MAX);
    if (json_object_get(from, "title") != NULL)
        need_titles(l, from, where, &item->title_ja, &item->title_en);
    read_parent(l, f, item, from);
    if (item->title_ja == NULL && item->parent == SIZE_MAX)
        fault(l, "item “%s”: an item without a parent needs a title", item->id);
    const json_t *count = json_object_get(from, "count"), *verified = json_object_get(from, "verified");
    if (count != NULL && (!json_is_integer(count) || json_integer_value(count) < 0))
        fault(l, "item “%s”: “count” must be a whole number, 0 or more", item->id);
    else if (count != NULL)
        item->count = json_integer_value(count);
    if (verified != NULL && !json_is_boolean(verified))
        fault(l, "item “%s”: “verified” must be true or false", item->id);
    if (verified != NULL)
        item->verified = json_is_true(verified);
    if (!g_hash_table_insert(f->by_id, (char *)item->id, item)) {
        fault(l, "item %zu: the id “%s” is given twice", index + 1, item->id);
        return;
    }
    g_ptr_array_add(l->set->nodes, item);
    g_ptr_array_add(l->set->edges, g_array_new(FALSE, FALSE, sizeof(Edge)));
    f->n_items++;
    f->n_units += tk_framework_is_unit(item);
    f->n_unverified += !item->verified;
}

static void framework_free(void *data)
{
    TkFramework *f = data;
    g_hash_table_unref(f->by_id);
    g_free(f->items);
    g_free(f);
}

static void check_known(Load *l, const json_t *object, const char *const *known)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value) if (!g_strv_contains(known, key))
        fault(l, "“%s” is no property of this format", key);
}

static void read_framework(Load *l, const json_t *file)
{
    static const char *const known[] = {"format", "id",   "title", "publisher", "edition", "published",
                                        "source", "note", "unit",  "verified",  "items",   NULL};
    check_known(l, file, known);
    const json_t *items = json_object_get(file, "items");
    size_t n = json_array_size(items);
    if (n == 0 || l->set->nodes->len + n > TK_FRAMEWORK_ITEMS_MAX) {
        fault(l, "“items” must be a list; all frameworks together have 1 to %d items",
              TK_FRAMEWORK_ITEMS_MAX);
        return;
    }
    TkFramework *f = g_new0(TkFramework, 1);
    f->items = g_new0(TkFrameworkItem, n);
    f->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    f->id = need(l, file, "the framework", "id", ID_MAX);
    need_titles(l, file, "the framework's title", &f->title_ja, &f->title_en);
    f->publisher = need(l, file, "the framework", "publisher", TEXT_MAX);
    f->edition = need(l, file, "the framework", "edition", TEXT_MAX);
    f->published = need(l, file, "the framework", "published", 10);
    f->source = need(l, file, "the framework", "source", TEXT_MAX);
    f->unit = need(l, file, "the framework", "unit", ID_MAX);
    const json_t *verified = json_object_get(file, "verified");
    if (verified != NULL && !json_is_boolean(verified))
        fault(l, "the framework: “verified” must be true or false");
    f->verified = verified == NULL || json_is_true(verified);
    f->note = keep(l, field_text(file, "note", 2000));
    if (!is_published(f->published))
        fault(l, "“published”: “%s” is no day (2024-02-26), month (2024-02) or year", f->published);
    if (g_hash_table_contains(l->set->by_id, f->id)) {
        fault(l, "the framework “%s” is given twice", f->id);
        framework_free(f);
        return;
    }
    g_ptr_array_add(l->set->list, f);
    g_hash_table_insert(l->set->by_id, (char *)f->id, f);
    for (size_t i = 0; i < n; i++)
        read_item(l, f, json_array_get(items, i), i);
    if (f->n_units == 0)
        fault(l, "no item is of the kind “%s”, which “unit” says is counted", f->unit);
}

static void add_edge(TkFrameworks *set, const TkFrameworkItem *a, const TkFrameworkItem *b,
                     TkRelation relation, bool verified, const char *crosswalk)
{
    Edge there = {b->node, relation, verified, crosswalk};
    Edge back = {a->node, tk_relation_inverse(relation), verified, crosswalk};
    g_array_append_val((GArray *)set->edges->pdata[a->node], there);
    g_array_append_val((GArray *)set->edges->pdata[b->node], back);
    set->n_maps++;
    set->n_maps_unverified += !verified;
}

static const TkFrameworkItem *read_end(Load *l, const TkFramework *f, const json_t *map, const char *key,
                                       size_t index)
{
    const char *id = field_text(map, key, ID_MAX);
    const TkFrameworkItem *item = id != NULL ? tk_framework_item(f, id) : NULL;
    if (item == NULL)
        fault(l, "map %zu: “%s” names “%s”, which %s does not have", index + 1, key, id != NULL ? id : "",
              f->id);
    return item;
}

static const TkFramework *read_side(Load *l, const json_t *file, const char *key)
{
    const char *id = field_text(file, key, ID_MAX);
    const TkFramework *f = id != NULL ? tk_framework_find(l->set, id) : NULL;
    if (f == NULL)
        fault(l, "“%s” names the framework “%s”, which is not there", key, id != NULL ? id : "");
    return f;
}

static void read_crosswalk(Load *l, const json_t *file)
{
    static const char *const known[] = {"format",   "id",   "from", "to", "source",
                                        "verified", "note", "maps", NULL};
    check_known(l, file, known);
    const char *id = need(l, file, "the crosswalk", "id", ID_MAX);
    need(l, file, "the crosswalk", "source", TEXT_MAX);
    const TkFramework *from = read_side(l, file, "from"), *to = read_side(l, file, "to");
    const json_t *maps = json_object_get(file, "maps"), *sure = json_object_get(file, "verified");
    size_t n = json_array_size(maps);
    if (!json_is_boolean(sure))
        fault(l, "“verified” must be true or false");
    if (n == 0 || l->set->n_maps + n > TK_FRAMEWORK_MAPS_MAX)
        fault(l, "“maps” must be a list; all crosswalks together have 1 to %d mappings",
              TK_FRAMEWORK_MAPS_MAX);
    if (from == NULL || to == NULL || l->set->n_maps + n > TK_FRAMEWORK_MAPS_MAX)
        return;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < n; i++) {
        const json_t *map = json_array_get(maps, i), *own = json_object_get(map, "verified");
        const TkFrameworkItem *a = read_end(l, from, map, "from", i), *b = read_end(l, to, map, "to", i);
        TkRelation relation = TK_RELATION_NONE;
        if (!relation_parse(field_text(map, "relation", ID_MAX), &relation))
            fault(l, "map %zu: “relation” must be equal, subset, superset or intersect", i + 1);
        if (own != NULL && !json_is_boolean(own))
            fault(l, "map %zu: “verified” must be true or false", i + 1);
        if (a == NULL || b == NULL)
            continue;
        if (a == b || !g_hash_table_add(seen, g_strdup_printf("%zu %zu", a->node, b->node)))
            fault(l, "map %zu: “%s” to “%s” is given twice, or is one item", i + 1, a->id, b->id);
        else
            add_edge(l->set, a, b, relation, json_is_true(own != NULL ? own : sure), id);
    }
}

static int by_id(gconstpointer a, gconstpointer b)
{
    const TkFramework *const *x = a, *const *y = b;
    return strcmp((*x)->id, (*y)->id);
}

static void read_pass(Load *l, const TkFrameworkFile *files, GPtrArray *parsed, const char *format,
                      void (*read)(Load *, const json_t *))
{
    for (size_t i = 0; i < parsed->len; i++) {
        l->name = files[i].name;
        if (parsed->pdata[i] != NULL &&
            g_strcmp0(field_text(parsed->pdata[i], "format", ID_MAX), format) == 0)
            read(l, parsed->pdata[i]);
    }
}

static void unref(void *value)
{
    json_decref(value);
}

static void parse_all(Load *l, const TkFrameworkFile *files, size_t n, GPtrArray *parsed)
{
    for (size_t i = 0; i < n; i++) {
        l->name = files[i].name;
        g_autoptr(GError) why = NULL;
        json_t *file = tk_json_read(files[i].name, files[i].text, files[i].len, TK_FRAMEWORK_FILE_MAX, &why);
        g_ptr_array_add(parsed, file);
        const char *format = file != NULL ? field_text(file, "format", ID_MAX) : NULL;
        if (file == NULL)
            fault(l, "%s", why->message);
        else if (g_strcmp0(format, "tokatsu-framework/1") != 0 &&
                 g_strcmp0(format, "tokatsu-crosswalk/1") != 0)
            fault(l, "“format” must be tokatsu-framework/1 or tokatsu-crosswalk/1");
    }
}

TkFrameworks *tk_frameworks_load(const TkFrameworkFile *files, size_t n, GPtrArray *faults, GError **error)
{
    if (n > TK_FRAMEWORK_FILES_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "%zu framework files are more than %d", n, TK_FRAMEWORK_FILES_MAX);
        return NULL;
    }
    g_autoptr(TkFrameworks) set = g_new0(TkFrameworks, 1);
    set->words = g_string_chunk_new(1 << 16);
    set->list = g_ptr_array_new_with_free_func(framework_free);
    set->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    set->nodes = g_ptr_array_new();
    set->edges = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) parsed = g_ptr_array_new_with_free_func(unref);
    Load l = {.set = set, .faults = faults != NULL ? faults : own};
    parse_all(&l, files, n, parsed);
    read_pass(&l, files, parsed, "tokatsu-framework/1", read_framework);
    read_pass(&l, files, parsed, "tokatsu-crosswalk/1", read_crosswalk);
    if (l.faults->len > 0) {
        tk_fail(error, TK_ERROR_INPUT, "%s%s", (char *)l.faults->pdata[0],
                l.faults->len > 1 ? " (and more)" : "");
        return NULL;
    }
    g_ptr_array_sort(set->list, by_id);
    return g_steal_pointer(&set);
}

void tk_frameworks_free(TkFrameworks *frameworks)
{
    if (frameworks == NULL)
        return;
    g_hash_table_unref(frameworks->by_id);
    g_ptr_array_unref(frameworks->edges);
    g_ptr_array_unref(frameworks->nodes);
    g_ptr_array_unref(frameworks->list);
    g_string_chunk_free(frameworks->words);
    g_free(frameworks);
}

size_t tk_frameworks_count(const TkFrameworks *frameworks)
{
    return frameworks->list->len;
}

const TkFramework *tk_frameworks_at(const TkFrameworks *frameworks, size_t index)
{
    return frameworks->list->pdata[index];
}

const TkFramework *tk_framework_find(const TkFrameworks *frameworks, const char *id)
{
    return g_hash_table_lookup(frameworks->by_id, id);
}

const TkFrameworkItem *tk_framework_item(const TkFramework *framework, const char *id)
{
    return g_hash_table_lookup(framework->by_id, id);
}

bool tk_framework_is_unit(const TkFrameworkItem *item)
{
    return strcmp(item->kind, item->framework->unit) == 0;
}

const char *tk_framework_title(const TkFrameworkItem *item, const char *lang)
{
    while (item->title_ja == NULL && item->parent != SIZE_MAX)
        item = &item->framework->items[item->parent];
    const char *title = g_strcmp0(lang, "en") == 0 ? item->title_en : item->title_ja;
    return title != NULL ? title : "";
}

size_t tk_frameworks_map_count(const TkFrameworks *frameworks, size_t *unverified)
{
    if (unverified != NULL)
        *unverified = frameworks->n_maps_unverified;
    return frameworks->n_maps;
}

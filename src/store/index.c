/* Declared indexes. A table of our own rather than the engines' expression indexes: fields come from data
 * (registers), not from migrations, and both engines then filter and order by the same rules. */
#include "store/internal.h"

#define PER_KIND_MAX 32
#define PAGE         500

static void free_pointers(gpointer data)
{
    g_ptr_array_free(data, TRUE);
}

void tk_indexes_init(TkIndexes *indexes)
{
    g_rw_lock_init(&indexes->lock);
    indexes->by_kind = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_pointers);
    indexes->withdrawn = g_ptr_array_new_with_free_func(g_free);
}

void tk_indexes_clear(TkIndexes *indexes)
{
    g_hash_table_destroy(indexes->by_kind);
    g_ptr_array_free(indexes->withdrawn, TRUE);
    g_rw_lock_clear(&indexes->lock);
}

static void add_declared(TkIndexes *indexes, const char *kind, const char *pointer)
{
    GPtrArray *pointers = g_hash_table_lookup(indexes->by_kind, kind);
    if (pointers == NULL) {
        pointers = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(indexes->by_kind, g_strdup(kind), pointers);
    }
    if (g_ptr_array_find_with_equal_func(pointers, pointer, g_str_equal, NULL))
        return;
    g_ptr_array_add(pointers, g_strdup(pointer));
    indexes->generation++;
}

static bool take_declared(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    g_autofree char *kind = g_strndup(values[0].data, values[0].len);
    g_autofree char *pointer = g_strndup(values[1].data, values[1].len);
    add_declared(data, kind, pointer);
    return true;
}

bool tk_indexes_load(TkStore *store, TkDb *db, GError **error)
{
    g_rw_lock_writer_lock(&store->indexes.lock);
    bool done = db->engine->query(db, "SELECT kind, pointer FROM index_paths ORDER BY kind, pointer", NULL, 0,
                                  false, take_declared, &store->indexes, error);
    g_rw_lock_writer_unlock(&store->indexes.lock);
    return done;
}

bool tk_index_declared(TkStore *store, const char *kind, const char *pointer)
{
    g_rw_lock_reader_lock(&store->indexes.lock);
    GPtrArray *pointers = g_hash_table_lookup(store->indexes.by_kind, kind);
    bool declared =
        pointers != NULL && g_ptr_array_find_with_equal_func(pointers, pointer, g_str_equal, NULL);
    g_rw_lock_reader_unlock(&store->indexes.lock);
    return declared;
}

/* The beginning of a text, cut between characters. */
char *tk_index_text(const char *text)
{
    size_t len = strlen(text);
    if (len <= TK_STORE_INDEX_MAX)
        return g_strdup(text);
    const char *end = g_utf8_find_prev_char(text, text + TK_STORE_INDEX_MAX + 1);
    return g_strndup(text, (gsize)(end - text));
}

static TkIndexValue value_of(const json_t *document, const char *pointer)
{
    TkIndexValue value = {.pointer = pointer};
    const json_t *found = tk_pointer_get(document, pointer);
    if (json_is_string(found))
        value.text = tk_index_text(json_string_value(found));
    else if (json_is_boolean(found))
        value.text = g_strdup(json_is_true(found) ? "true" : "false");
    else if (json_is_number(found)) {
        value.has_number = true;
        value.number = json_number_value(found);
    }
    return value;
}

static void clear_index(TkOp *op)
{
    for (size_t i = 0; i < op->index_count; i++)
        g_free(op->index[i].text);
    g_clear_pointer(&op->index, g_free);
    g_clear_pointer(&op->search, g_free);
    op->index_count = 0;
}

void tk_index_prepare(TkStore *store, TkOp *op, const json_t *document)
{
    g_rw_lock_reader_lock(&store->indexes.lock);
    GPtrArray *pointers = g_hash_table_lookup(store->indexes.by_kind, op->kind);
    op->index_generation = store->indexes.generation;
    if (pointers != NULL) {
        op->index = g_new0(TkIndexValue, pointers->len);
        for (guint i = 0; i < pointers->len; i++) {
            const char *pointer = pointers->pdata[i];
            if (strcmp(pointer, SEARCH_POINTER) == 0)
                op->search = tk_search_text(document);
            else
                op->index[op->index_count++] = value_of(document, pointer);
        }
    }
    g_rw_lock_reader_unlock(&store->indexes.lock);
}

void tk_index_refresh(TkStore *store, TkWrite *write)
{
    for (guint i = 0; i < write->ops->len; i++) {
        TkOp *op = &g_array_index(write->ops, TkOp, i);
        op->searchable = op->type == TK_OP_DELETE && tk_index_declared(store, op->kind, SEARCH_POINTER);
        if (op->type != TK_OP_PUT || op->index_generation == store->indexes.generation)
            continue; /* only this thread changes the generation */
        g_autoptr(json_t) document = json_loadb(op->body, op->body_len, JSON_ALLOW_NUL, NULL);
        clear_index(op);
        tk_index_prepare(store, op, document);
    }
}

static bool write_value(TkDb *db, const char *kind, const char *id, const TkIndexValue *value, GError **error)
{
    if (value->text == NULL && !value->has_number)
        return tk_db_run(db, "DELETE FROM index_values WHERE kind = $1 AND id = $2 AND pointer = $3", error,
                         tk_db_text(kind), tk_db_text(id), tk_db_text(value->pointer));
    return tk_db_run(
        db,
        "INSERT INTO index_values (kind, id, pointer, text, number) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (kind, id, pointer) DO UPDATE SET text = excluded.text, number = excluded.number",
        error, tk_db_text(kind), tk_db_text(id), tk_db_text(value->pointer), tk_db_text(value->text),
        value->has_number ? tk_db_real(value->number) : tk_db_null());
}

bool tk_index_write(TkDb *db, const TkOp *op, GError **error)
{
    if (op->type == TK_OP_DELETE)
        return tk_db_run(db, "DELETE FROM index_values WHERE kind = $1 AND id = $2", error,
                         tk_db_text(op->kind), tk_db_text(op->id)) &&
               (!op->searchable || tk_search_remove(db, op->kind, op->id, error));
    for (size_t i = 0; i < op->index_count; i++)
        if (!write_value(db, op->kind, op->id, &op->index[i], error))
            return false;
    return op->search == NULL || tk_search_write(db, op->kind, op->id, op->search, error);
}

typedef struct {
    const char *kind, *pointer;
} Declaration;

typedef struct {
    char *id;
    TkIndexValue value;
} Found;

typedef struct {
    const char *pointer;
    GArray *found;
} Page;

static void clear_found(gpointer data)
{
    Found *found = data;
    g_free(found->id);
    g_free(found->value.text);
}

static bool take_body(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    Page *page = data;
    g_autoptr(json_t) document = json_loadb(values[1].data, values[1].len, JSON_ALLOW_NUL, NULL);
    Found found = {.id = g_strndup(values[0].data, values[0].len)};
    if (strcmp(page->pointer, SEARCH_POINTER) == 0)
        found.value.text = tk_search_text(document);
    else
        found.value = value_of(document, page->pointer);
    g_array_append_val(page->found, found);
    return true;
}

/* Indexes what is there already, a page at a time. */
static bool fill(TkDb *db, const char *kind, const char *pointer, GError **error)
{
    g_autofree char *after = g_strdup("");
    for (;;) {
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Found));
        g_array_set_clear_func(found, clear_found);
        Page page = {.pointer = pointer, .found = found};
        if (!tk_db_query(db,
                         "SELECT r.id, v.body FROM records r JOIN versions v ON v.leaf = r.leaf"
                         " WHERE r.kind = $1 AND r.id > $2 AND r.deleted = 0 ORDER BY r.id LIMIT $3",
                         take_body, &page, error, tk_db_text(kind), tk_db_text(after), tk_db_int(PAGE)))
            return false;
        for (guint i = 0; i < found->len; i++) {
            const Found *f = &g_array_index(found, Found, i);
            bool search = strcmp(pointer, SEARCH_POINTER) == 0;
            if (search ? !tk_search_write(db, kind, f->id, f->value.text, error)
                       : !write_value(db, kind, f->id, &f->value, error))
                return false;
        }
        if (found->len < PAGE)
            return true;
        g_free(after);
        after = g_strdup(g_array_index(found, Found, found->len - 1).id);
    }
}

bool tk_indexes_refill(TkStore *store, TkDb *db, GError **error)
{
    if (!tk_indexes_load(store, db, error))
        return false;
    bool done = true;
    GHashTableIter kinds;
    gpointer kind, pointers;
    g_rw_lock_reader_lock(&store->indexes.lock);
    g_hash_table_iter_init(&kinds, store->indexes.by_kind);
    while (done && g_hash_table_iter_next(&kinds, &kind, &pointers))
        for (guint i = 0; i < ((GPtrArray *)pointers)->len && done; i++)
            done = fill(db, kind, ((GPtrArray *)pointers)->pdata[i], error);
    g_rw_lock_reader_unlock(&store->indexes.lock);
    return done;
}

static bool declare(TkStore *store, TkDb *db, TkLeaves *leaves, gpointer data, GError **error)
{
    (void)leaves;
    const Declaration *declaration = data;
    g_rw_lock_reader_lock(&store->indexes.lock);
    GPtrArray *pointers = g_hash_table_lookup(store->indexes.by_kind, declaration->kind);
    guint count = pointers != NULL ? pointers->len : 0;
    g_rw_lock_reader_unlock(&store->indexes.lock);
    if (count >= PER_KIND_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%s has %u indexes, as many as there may be", declaration->kind,
                       count);
    if (!tk_db_run(db, "INSERT INTO index_paths (kind, pointer) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                   error, tk_db_text(declaration->kind), tk_db_text(declaration->pointer)) ||
        !fill(db, declaration->kind, declaration->pointer, error))
        return false;
    /* Noted before the commit, so that the very next write knows; taken back below should the commit fail. */
    g_rw_lock_writer_lock(&store->indexes.lock);
    add_declared(&store->indexes, declaration->kind, declaration->pointer);
    g_rw_lock_writer_unlock(&store->indexes.lock);
    return true;
}

static void take_back(TkStore *store, const char *kind, const char *pointer)
{
    g_rw_lock_writer_lock(&store->indexes.lock);
    GPtrArray *pointers = g_hash_table_lookup(store->indexes.by_kind, kind);
    guint at;
    if (pointers != NULL && g_ptr_array_find_with_equal_func(pointers, pointer, g_str_equal, &at))
        g_ptr_array_add(store->indexes.withdrawn, g_ptr_array_steal_index(pointers, at));
    g_rw_lock_writer_unlock(&store->indexes.lock);
}

bool tk_index_declare(TkStore *store, const char *kind, const char *pointer, GError **error)
{
    if (tk_index_declared(store, kind, pointer))
        return true;
    if (store->group == NULL)
        return tk_fail(error, TK_ERROR_CONFLICT,
                       "%s is not indexed by “%s”, and the store is open for reading only", kind, pointer);
    Declaration declaration = {.kind = kind, .pointer = pointer};
    if (tk_group_work(store->group, declare, &declaration, error))
        return true;
    take_back(store, kind, pointer);
    return false;
}

bool tk_store_index(TkStore *store, const char *kind, const char *pointer, GError **error)
{
    return tk_store_check_kind(kind, error) && tk_pointer_check(pointer, error) &&
           tk_index_declare(store, kind, pointer, error);
}

/* Lists of the present records: filtered, ordered, from a place on.
 *
 * A list's page is found among the index's small rows first, and only the records of the page are read. Which
 * table the search walks is said here by the order of the joins, because neither engine knows beforehand how
 * many records a filter leaves, and a guess of theirs that is wrong costs seconds where the walk costs
 * milliseconds (SQLite keeps the order of a CROSS JOIN; PostgreSQL is told to, by settings of the
 * transaction):
 *
 *     few match          the filters' rows ► sort ► page
 *     many, by id        records in order of id ► does each match? ► until the page is full
 *     many, by a value   the order's rows as the index has them: numbers, texts, then records without a value
 *
 * The price is one count beforehand, which the answer shows anyway. */
#include "store/internal.h"

#define FILTERS_MAX 8
#define FEW         4000 /* records that are sorted rather than walked */

/* A list's SQL, put together from fixed words; every value is a parameter. */
typedef struct {
    const TkQuery *query;
    TkDbValue values[TK_DB_VALUES_MAX];
    size_t count;
    struct {
        char *text;               /* owned */
        size_t pointer, compared; /* numbers of parameters */
    } filters[FILTERS_MAX];
    char *after;        /* text of the place, cut as the index cuts */
    size_t kind, order; /* numbers of parameters */
} List;

static size_t value(List *list, TkDbValue given)
{
    g_assert(list->count < TK_DB_VALUES_MAX);
    list->values[list->count++] = given;
    return list->count;
}

static void list_init(List *list, const TkQuery *query)
{
    *list = (List){.query = query};
    list->kind = value(list, tk_db_text(query->kind));
    for (size_t i = 0; i < query->filter_count; i++) {
        const TkFilter *filter = &query->filters[i];
        list->filters[i].text = filter->text != NULL ? tk_index_text(filter->text) : NULL;
        list->filters[i].pointer = value(list, tk_db_text(filter->pointer));
        list->filters[i].compared = value(list, filter->text != NULL ? tk_db_text(list->filters[i].text)
                                                                     : tk_db_real(filter->number));
    }
    if (query->after != NULL && query->after->text != NULL)
        list->after = tk_index_text(query->after->text);
}

static void list_clear(List *list)
{
    for (size_t i = 0; i < FILTERS_MAX; i++)
        g_free(list->filters[i].text);
    g_free(list->after);
}

/* ---- filters ---- */

static const char *column_of(const TkFilter *filter)
{
    return filter->text != NULL ? "text" : "number";
}

static const char *operator_of(const TkFilter *filter)
{
    static const char *const operators[] = {"=", "<>", "<", "<=", ">", ">="};
    return operators[filter->op];
}

/* The filters from the `first` on, asked of one record after the other: a single row of the index each, or of
 * the row `walked` itself (NULL: none) where that is the one of the order. */
static void add_filters(const List *list, GString *sql, size_t first, const char *id, const char *walked)
{
    for (size_t i = first; i < list->query->filter_count; i++) {
        const TkFilter *filter = &list->query->filters[i];
        if (walked != NULL && strcmp(filter->pointer, list->query->order) == 0)
            g_string_append_printf(sql, " AND %s.pointer = $%zu AND %s.%s", walked, list->filters[i].pointer,
                                   walked, column_of(filter));
        else
            g_string_append_printf(sql,
                                   " AND (SELECT f.%s FROM index_values f WHERE f.kind = $%zu AND f.id = %s"
                                   " AND f.pointer = $%zu)",
                                   column_of(filter), list->kind, id, list->filters[i].pointer);
        g_string_append_printf(sql, " %s $%zu", operator_of(filter), list->filters[i].compared);
    }
}

/* The rows of the first filter, and what the others ask of them; or without a filter all records. */
static void add_matching(const List *list, GString *sql)
{
    if (list->query->filter_count == 0) {
        g_string_append_printf(sql, " FROM records m WHERE m.kind = $%zu AND m.deleted = 0", list->kind);
        return;
    }
    const TkFilter *filter = &list->query->filters[0];
    g_string_append_printf(
        sql, " FROM index_values m WHERE m.kind = $%zu AND m.pointer = $%zu AND m.%s %s $%zu", list->kind,
        list->filters[0].pointer, column_of(filter), operator_of(filter), list->filters[0].compared);
    add_filters(list, sql, 1, "m.id", NULL);
}

/* ---- counting ---- */

static bool take_count(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    *(uint64_t *)data = (uint64_t)values[0].i;
    return true;
}

/* A value is indexed only while its record is there, so that the index alone can be counted. */
static bool count_all(TkDb *db, const List *list, bool few_only, uint64_t *total, GError **error)
{
    g_autoptr(GString) sql =
        g_string_new(few_only ? "SELECT COUNT(*) FROM (SELECT 1 AS one" : "SELECT COUNT(*)");
    add_matching(list, sql);
    if (few_only)
        g_string_append_printf(sql, " LIMIT %d) AS few", FEW + 1);
    return db->engine->query(db, sql->str, list->values, list->count, false, take_count, total, error);
}

/* ---- the place ---- */

static const char *beyond(const TkQuery *query)
{
    return query->descending ? "<" : ">";
}

/* Behind the place, in the order of numbers, texts, records without a value. `id` is the id's column. */
static void add_after(List *list, GString *sql, const char *id)
{
    const TkPlace *after = list->query->after;
    const char *more = beyond(list->query);
    if (after == NULL)
        return;
    size_t last = value(list, tk_db_text(after->id));
    if (list->query->order == NULL)
        g_string_append_printf(sql, " AND %s %s $%zu", id, more, last);
    else if (after->has_number) {
        size_t at = value(list, tk_db_real(after->number));
        g_string_append_printf(sql, " AND (b %s $%zu OR (b = $%zu AND %s %s $%zu) OR b IS NULL)", more, at,
                               at, id, more, last);
    } else if (list->after != NULL) {
        size_t at = value(list, tk_db_text(list->after));
        g_string_append_printf(sql,
                               " AND b IS NULL AND (c %s $%zu OR (c = $%zu AND %s %s $%zu) OR c IS NULL)",
                               more, at, at, id, more, last);
    } else
        g_string_append_printf(sql, " AND b IS NULL AND c IS NULL AND %s %s $%zu", id, more, last);
}

/* ---- pages ---- */

/* The records of the ids that `inner` gives as (id, a, b, c), in the order of a, b, c, id. */
static bool read_page(TkDb *db, List *list, const char *inner, TkReading *reading, GError **error)
{
    const char *way = list->query->descending ? "DESC" : "ASC";
    g_autofree char *sql = g_strdup_printf(
        "SELECT " TK_RECORD_COLUMNS
        " FROM (%s) k CROSS JOIN records r CROSS JOIN versions v" TK_RECORD_PAYLOAD
        " WHERE r.kind = $%zu AND r.id = k.id AND v.leaf = r.leaf ORDER BY k.a, k.b %s, k.c %s, k.id %s",
        inner, list->kind, way, way, way);
    return db->engine->query(db, sql, list->values, list->count, false, tk_reading_take, reading, error);
}

static void add_limit(List *list, GString *sql)
{
    const TkQuery *query = list->query;
    size_t limit = value(list, tk_db_int(query->limit != 0 ? query->limit : 100));
    size_t offset = value(list, tk_db_int(query->offset));
    g_string_append_printf(sql, " LIMIT $%zu OFFSET $%zu", limit, offset);
}

/* Everything that matches, sorted. */
static bool read_sorted(TkDb *db, List *list, TkReading *reading, GError **error)
{
    const TkQuery *query = list->query;
    const char *way = query->descending ? "DESC" : "ASC";
    g_autoptr(GString) sql = g_string_new("SELECT id, ");
    if (query->order == NULL)
        g_string_append(sql, "0 AS a, b, c FROM (SELECT m.id AS id, 0 AS b, 0 AS c");
    else {
        size_t order = value(list, tk_db_text(query->order));
        g_string_append_printf(sql,
                               "CASE WHEN b IS NOT NULL THEN 0 WHEN c IS NOT NULL THEN 1 ELSE 2 END AS a, b, "
                               "c FROM (SELECT m.id AS id,"
                               " (SELECT o.number FROM index_values o WHERE o.kind = $%zu AND o.id = m.id "
                               "AND o.pointer = $%zu) AS b,"
                               " (SELECT o.text FROM index_values o WHERE o.kind = $%zu AND o.id = m.id AND "
                               "o.pointer = $%zu) AS c",
                               list->kind, order, list->kind, order);
    }
    add_matching(list, sql);
    g_string_append(sql, ") AS matching WHERE 1 = 1");
    add_after(list, sql, "id");
    g_string_append_printf(sql, " ORDER BY a, b %s, c %s, id %s", way, way, way);
    add_limit(list, sql);
    return read_page(db, list, sql->str, reading, error);
}

static bool walk_ids(TkDb *db, List *list, TkReading *reading, GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT r.id AS id, 0 AS a, 0 AS b, 0 AS c FROM records r");
    g_string_append_printf(sql, " WHERE r.kind = $%zu AND r.deleted = 0", list->kind);
    add_filters(list, sql, 0, "r.id", NULL);
    add_after(list, sql, "r.id");
    g_string_append_printf(sql, " ORDER BY r.id %s", list->query->descending ? "DESC" : "ASC");
    add_limit(list, sql);
    return read_page(db, list, sql->str, reading, error);
}

/* Records by the index's own order of `column`; the place may lie in it. */
static bool walk_values(TkDb *db, List *list, const char *column, bool from_place, uint64_t limit,
                        TkReading *reading, GError **error)
{
    const TkPlace *after = list->query->after;
    const char *way = list->query->descending ? "DESC" : "ASC";
    size_t kept = list->count;
    g_autoptr(GString) sql = g_string_new(NULL);
    g_string_append_printf(sql, "SELECT o.id AS id, 0 AS a, o.%s AS b, 0 AS c FROM index_values o", column);
    g_string_append_printf(sql, " WHERE o.kind = $%zu AND o.pointer = $%zu AND o.%s IS NOT NULL", list->kind,
                           list->order, column);
    add_filters(list, sql, 0, "o.id", "o");
    if (from_place) {
        size_t at = value(list, after->has_number ? tk_db_real(after->number) : tk_db_text(list->after));
        size_t last = value(list, tk_db_text(after->id));
        g_string_append_printf(sql, " AND (o.%s, o.id) %s ($%zu, $%zu)", column, beyond(list->query), at,
                               last);
    }
    g_string_append_printf(sql, " ORDER BY o.%s %s, o.id %s LIMIT $%zu", column, way, way,
                           value(list, tk_db_int((int64_t)limit)));
    bool done = read_page(db, list, sql->str, reading, error);
    list->count = kept;
    return done;
}

/* Those without a value, by id. */
static bool walk_rest(TkDb *db, List *list, bool from_place, uint64_t limit, TkReading *reading,
                      GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT r.id AS id, 0 AS a, 0 AS b, 0 AS c FROM records r");
    g_string_append_printf(
        sql,
        " WHERE r.kind = $%zu AND r.deleted = 0 AND NOT EXISTS (SELECT 1 FROM index_values o"
        " WHERE o.kind = $%zu AND o.id = r.id AND o.pointer = $%zu)",
        list->kind, list->kind, list->order);
    add_filters(list, sql, 0, "r.id", NULL);
    if (from_place)
        g_string_append_printf(sql, " AND r.id %s $%zu", beyond(list->query),
                               value(list, tk_db_text(list->query->after->id)));
    g_string_append_printf(sql, " ORDER BY r.id %s LIMIT $%zu", list->query->descending ? "DESC" : "ASC",
                           value(list, tk_db_int((int64_t)limit)));
    return read_page(db, list, sql->str, reading, error);
}

/* Whether some record has no value of the order. */
static bool rest_exists(TkDb *db, const List *list, bool *exists, GError **error)
{
    uint64_t all = 0, valued = 0;
    g_autofree char *sql =
        g_strdup_printf("SELECT COUNT(*) FROM index_values WHERE kind = $%d AND pointer = $%d", 1, 2);
    const TkDbValue values[] = {list->values[list->kind - 1], list->values[list->order - 1]};
    bool done = db->engine->query(db, "SELECT COUNT(*) FROM records WHERE kind = $1 AND deleted = 0", values,
                                  1, false, take_count, &all, error) &&
                db->engine->query(db, sql, values, 2, false, take_count, &valued, error);
    *exists = all > valued;
    return done;
}

/* Whether a filter on the order's own value leaves none whose value is of the other kind (NULL: or missing).
 */
static bool ruled_out(const TkQuery *query, const char *column)
{
    for (size_t i = 0; i < query->filter_count; i++)
        if (strcmp(query->filters[i].pointer, query->order) == 0 &&
            (column == NULL || strcmp(column_of(&query->filters[i]), column) != 0))
            return true;
    return false;
}

static bool walk_order(TkDb *db, List *list, TkReading *reading, GError **error)
{
    const TkPlace *after = list->query->after;
    uint64_t limit = list->query->limit != 0 ? list->query->limit : 100;
    list->order = value(list, tk_db_text(list->query->order));
    int part = after == NULL || after->has_number ? 0
               : list->after != NULL              ? 1
                                                  : 2; /* where the place lies */
    static const char *const columns[] = {"number", "text"};
    for (int i = part; i < 2; i++) {
        if (ruled_out(list->query, columns[i]))
            continue;
        if (!walk_values(db, list, columns[i], after != NULL && i == part, limit - reading->seen, reading,
                         error))
            return false;
        if (reading->stopped || reading->error != NULL || reading->seen >= limit)
            return true;
    }
    bool rest = false;
    if (ruled_out(list->query, NULL))
        return true;
    return rest_exists(db, list, &rest, error) &&
           (!rest || walk_rest(db, list, after != NULL && part == 2, limit - reading->seen, reading, error));
}

/* ---- the list ---- */

/* The joins in the order in which they are written, row by row through the indexes. */
static bool keep_order(TkDb *db, GError **error)
{
    return !db->engine->is_postgres ||
           db->engine->query(
               db,
               "SELECT set_config('join_collapse_limit', '1', true),"
               " set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),"
               " set_config('enable_mergejoin', 'off', true), set_config('enable_material', 'off', true),"
               " set_config('enable_bitmapscan', 'off', true), set_config('jit', 'off', true)",
               NULL, 0, true, NULL, NULL, error);
}

static bool run(TkDb *db, List *list, TkReading *reading, uint64_t *total, GError **error)
{
    const TkQuery *query = list->query;
    uint64_t matches = 0;
    bool counts = total != NULL || query->filter_count > 0 || query->order != NULL;
    if (counts && !count_all(db, list, total == NULL, &matches, error))
        return false;
    if (total != NULL)
        *total = matches;
    bool few = counts && matches <= FEW;
    if (query->order != NULL)
        return few || query->offset > 0 ? read_sorted(db, list, reading, error)
                                        : walk_order(db, list, reading, error);
    return few && query->filter_count > 0 ? read_sorted(db, list, reading, error)
                                          : walk_ids(db, list, reading, error);
}

static bool check_query(TkStore *store, const TkQuery *query, GError **error)
{
    if (!tk_store_check_kind(query->kind, error))
        return false;
    if (query->filter_count > FILTERS_MAX || query->limit > TK_STORE_LIMIT_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "a list has at most %d filters and %d rows", FILTERS_MAX,
                       TK_STORE_LIMIT_MAX);
    for (size_t i = 0; i < query->filter_count; i++)
        if (!tk_index_declared(store, query->kind, query->filters[i].pointer))
            return tk_fail(error, TK_ERROR_INPUT, "%s cannot be filtered by %s", query->kind,
                           query->filters[i].pointer);
    if (query->order != NULL && !tk_index_declared(store, query->kind, query->order))
        return tk_fail(error, TK_ERROR_INPUT, "%s cannot be ordered by %s", query->kind, query->order);
    return true;
}

bool tk_store_list(TkStore *store, const TkQuery *query, TkRecordFn each, gpointer data, uint64_t *total,
                   GError **error)
{
    TkReading reading = {.each = each, .data = data};
    if (!check_query(store, query, error))
        return false;
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return false;
    List list;
    list_init(&list, query);
    bool done = db->engine->begin(db, TK_DB_READ, error);
    if (done) {
        done = keep_order(db, error) && run(db, &list, &reading, total, error);
        db->engine->rollback(db);
    }
    list_clear(&list);
    tk_store_reader_done(store, db);
    return tk_reading_finish(&reading, done, error);
}

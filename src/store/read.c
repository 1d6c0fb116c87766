/* Reading records: one, its history, lists. A row of `versions` is a record as it was; the row of `records`
 * that points to it makes it the present one. */
#include "store/internal.h"

#define FILTERS_MAX 8
#define COLUMNS     TK_RECORD_COLUMNS
#define PAYLOAD     TK_RECORD_PAYLOAD

static void clear_record(TkRecord *record)
{
    g_free(record->kind);
    g_free(record->id);
    g_free(record->who);
    g_free(record->action);
    json_decref(record->body);
}

void tk_record_free(TkRecord *record)
{
    if (record == NULL)
        return;
    clear_record(record);
    g_free(record);
}

static char *text_of(const TkDbValue *value)
{
    return g_strndup(value->data != NULL ? value->data : "", value->len);
}

static bool put_back_personal(json_t *body, const TkDbValue *payload)
{
    g_autoptr(json_t) values = json_loadb(payload->data, payload->len, JSON_ALLOW_NUL, NULL);
    const char *pointer;
    json_t *value;
    json_object_foreach(values, pointer, value) tk_pointer_replace(body, pointer, value);
    return values != NULL;
}

/* A row with COLUMNS. False and *error for a document that is no JSON any more. */
static bool read_record(const TkDbValue *v, TkRecord *record, GError **error)
{
    *record = (TkRecord){
        .kind = text_of(&v[0]),
        .id = text_of(&v[1]),
        .version = v[2].i,
        .leaf = (uint64_t)v[3].i,
        .at_us = v[4].i,
        .who = text_of(&v[5]),
        .action = text_of(&v[6]),
        .deleted = v[7].type == TK_DB_NULL,
    };
    if (record->deleted)
        return true;
    record->body = json_loadb(v[7].data, v[7].len, JSON_ALLOW_NUL, NULL);
    if (record->body != NULL && (v[8].type == TK_DB_NULL || put_back_personal(record->body, &v[8])))
        return true;
    tk_fail(error, TK_ERROR_REFUSED, "%s %s, version %" G_GINT64_FORMAT ": the stored document is damaged",
            record->kind, record->id, record->version);
    clear_record(record);
    return false;
}

bool tk_reading_take(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    TkReading *reading = data;
    TkRecord record;
    if (!read_record(values, &record, &reading->error))
        return false;
    reading->seen++;
    bool more = reading->each(&record, reading->data);
    clear_record(&record);
    return more;
}

bool tk_reading_finish(TkReading *reading, bool done, GError **error)
{
    if (reading->error == NULL)
        return done;
    if (done)
        g_propagate_error(error, reading->error);
    else
        g_clear_error(&reading->error);
    return false;
}

static bool keep_record(const TkRecord *record, gpointer data)
{
    TkRecord **out = data;
    TkRecord *kept = g_memdup2(record, sizeof *record);
    kept->kind = g_strdup(record->kind);
    kept->id = g_strdup(record->id);
    kept->who = g_strdup(record->who);
    kept->action = g_strdup(record->action);
    json_incref(kept->body);
    *out = kept;
    return false;
}

static const char get_now[] = "SELECT " COLUMNS " FROM records r JOIN versions v ON v.leaf = r.leaf" PAYLOAD
                              " WHERE r.kind = $1 AND r.id = $2";
static const char get_as_of[] =
    "SELECT " COLUMNS " FROM versions v" PAYLOAD
    " WHERE v.kind = $1 AND v.id = $2 AND v.at_us <= $3 ORDER BY v.version DESC LIMIT 1";
static const char get_history[] =
    "SELECT " COLUMNS " FROM versions v" PAYLOAD " WHERE v.kind = $1 AND v.id = $2 ORDER BY v.version";

TkRecord *tk_store_get(TkStore *store, const char *kind, const char *id, int64_t as_of_us, GError **error)
{
    TkRecord *found = NULL;
    TkReading reading = {.each = keep_record, .data = &found};
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return NULL;
    bool now = as_of_us == TK_TIME_NONE;
    bool done =
        now ? tk_db_query(db, get_now, tk_reading_take, &reading, error, tk_db_text(kind), tk_db_text(id))
            : tk_db_query(db, get_as_of, tk_reading_take, &reading, error, tk_db_text(kind), tk_db_text(id),
                          tk_db_int(as_of_us));
    tk_store_reader_done(store, db);
    if (!tk_reading_finish(&reading, done, error))
        return NULL;
    if (found != NULL && !found->deleted)
        return found;
    tk_fail(error, TK_ERROR_NOT_FOUND, found != NULL ? "%s %s was deleted" : "there is no %s %s", kind, id);
    tk_record_free(found);
    return NULL;
}

bool tk_store_history(TkStore *store, const char *kind, const char *id, TkRecordFn each, gpointer data,
                      GError **error)
{
    TkReading reading = {.each = each, .data = data};
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return false;
    bool done =
        tk_db_query(db, get_history, tk_reading_take, &reading, error, tk_db_text(kind), tk_db_text(id));
    tk_store_reader_done(store, db);
    if (!tk_reading_finish(&reading, done, error))
        return false;
    return reading.seen > 0 || tk_fail(error, TK_ERROR_NOT_FOUND, "there is no %s %s", kind, id);
}

/* A list's SQL, put together from fixed words; every value is a parameter. */
typedef struct {
    GString *from, *order;
    TkDbValue values[TK_DB_VALUES_MAX];
    size_t count;
    char *texts[FILTERS_MAX];
} ListSql;

static void list_clear(ListSql *sql)
{
    g_string_free(sql->from, TRUE);
    g_string_free(sql->order, TRUE);
    for (size_t i = 0; i < FILTERS_MAX; i++)
        g_free(sql->texts[i]);
}

static size_t list_value(ListSql *sql, TkDbValue value)
{
    sql->values[sql->count++] = value;
    return sql->count;
}

static void list_filter(ListSql *sql, size_t number, const TkFilter *filter)
{
    static const char *const operators[] = {"=", "<>", "<", "<=", ">", ">="};
    sql->texts[number] = filter->text != NULL ? tk_index_text(filter->text) : NULL;
    size_t pointer = list_value(sql, tk_db_text(filter->pointer));
    size_t value =
        list_value(sql, filter->text != NULL ? tk_db_text(sql->texts[number]) : tk_db_real(filter->number));
    g_string_append_printf(
        sql->from,
        " JOIN index_values f%zu ON f%zu.kind = r.kind AND f%zu.id = r.id AND f%zu.pointer = $%zu"
        " AND f%zu.%s %s $%zu",
        number, number, number, number, pointer, number, filter->text != NULL ? "text" : "number",
        operators[filter->op], value);
}

static void list_build(ListSql *sql, const TkQuery *query)
{
    const char *direction = query->descending ? "DESC" : "ASC";
    memset(sql, 0, sizeof *sql);
    sql->from = g_string_new(" FROM records r");
    sql->order = g_string_new(" ORDER BY ");
    for (size_t i = 0; i < query->filter_count; i++)
        list_filter(sql, i, &query->filters[i]);
    if (query->order != NULL) {
        size_t pointer = list_value(sql, tk_db_text(query->order));
        g_string_append_printf(
            sql->from, " LEFT JOIN index_values o ON o.kind = r.kind AND o.id = r.id AND o.pointer = $%zu",
            pointer);
        g_string_append_printf(
            sql->order,
            "CASE WHEN o.number IS NOT NULL THEN 0 WHEN o.text IS NOT NULL THEN 1 ELSE 2 END,"
            " o.number %s, o.text %s, ",
            direction, direction);
    }
    g_string_append_printf(sql->order, "r.id %s", direction);
    size_t kind = list_value(sql, tk_db_text(query->kind));
    g_string_append_printf(
        sql->from, " JOIN versions v ON v.leaf = r.leaf" PAYLOAD " WHERE r.kind = $%zu AND r.deleted = 0",
        kind);
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

static bool take_count(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    *(uint64_t *)data = (uint64_t)values[0].i;
    return true;
}

static bool list_run(TkDb *db, ListSql *sql, const TkQuery *query, TkReading *reading, uint64_t *total,
                     GError **error)
{
    g_autofree char *counting = g_strdup_printf("SELECT COUNT(*)%s", sql->from->str);
    if (total != NULL &&
        !db->engine->query(db, counting, sql->values, sql->count, false, take_count, total, error))
        return false;
    size_t limit = list_value(sql, tk_db_int(query->limit != 0 ? query->limit : 100));
    size_t offset = list_value(sql, tk_db_int(query->offset));
    g_autofree char *listing = g_strdup_printf("SELECT " COLUMNS "%s%s LIMIT $%zu OFFSET $%zu",
                                               sql->from->str, sql->order->str, limit, offset);
    return db->engine->query(db, listing, sql->values, sql->count, false, tk_reading_take, reading, error);
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
    ListSql sql;
    list_build(&sql, query);
    bool done = db->engine->begin(db, TK_DB_READ, error);
    if (done) {
        done = list_run(db, &sql, query, &reading, total, error);
        db->engine->rollback(db);
    }
    list_clear(&sql);
    tk_store_reader_done(store, db);
    return tk_reading_finish(&reading, done, error);
}

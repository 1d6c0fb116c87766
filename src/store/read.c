/* Reading records: one and its history; lists are in list.c. A row of `versions` is a record as it was; the
 * row of `records` that points to it makes it the present one. */
#include "store/internal.h"

#define COLUMNS TK_RECORD_COLUMNS
#define PAYLOAD TK_RECORD_PAYLOAD

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

TkRecord *tk_record_copy(const TkRecord *record)
{
    TkRecord *copy = g_memdup2(record, sizeof *record);
    copy->kind = g_strdup(record->kind);
    copy->id = g_strdup(record->id);
    copy->who = g_strdup(record->who);
    copy->action = g_strdup(record->action);
    copy->body = json_incref(record->body);
    return copy;
}

bool tk_record_keep(const TkRecord *record, gpointer data)
{
    g_ptr_array_add(data, tk_record_copy(record));
    return true;
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
    reading->stopped = !reading->each(&record, reading->data);
    clear_record(&record);
    return !reading->stopped;
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

/* The version that stood at the time is the last one not after it. */
static const char each_as_of[] =
    "SELECT " COLUMNS " FROM versions v" PAYLOAD
    " WHERE v.kind = $1 AND v.body IS NOT NULL AND v.version = (SELECT MAX(w.version) FROM versions w"
    " WHERE w.kind = $1 AND w.id = v.id AND w.at_us <= $2) ORDER BY v.id";

bool tk_store_each_as_of(TkStore *store, const char *kind, int64_t as_of_us, TkRecordFn each, gpointer data,
                         GError **error)
{
    TkReading reading = {.each = each, .data = data};
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return false;
    bool done =
        tk_db_query(db, each_as_of, tk_reading_take, &reading, error, tk_db_text(kind), tk_db_int(as_of_us));
    tk_store_reader_done(store, db);
    return tk_reading_finish(&reading, done, error);
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

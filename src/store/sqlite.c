/* SQLite behind db.h. WAL, so that readers never wait for the writer; synchronous=FULL, so that a commit is
 * on the disk before it is acknowledged; a commit of the writer is one fsync of the WAL. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"

#define BUSY_MS 5000

typedef struct {
    TkDb base;
    sqlite3 *db;
    char *path;
    GHashTable *prepared; /* SQL text → sqlite3_stmt */
} Sqlite;

static void finalize(gpointer statement)
{
    sqlite3_finalize(statement);
}

static bool fail(Sqlite *s, const char *doing, GError **error)
{
    int code = sqlite3_errcode(s->db);
    if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED)
        return tk_fail(error, TK_ERROR_CONFLICT,
                       "%s: another process is writing (waited %d s while %s); stop it or try again", s->path,
                       BUSY_MS / 1000, doing);
    if ((code & 0xff) == SQLITE_FULL)
        return tk_fail(error, TK_ERROR_IO, "%s: the disk is full (%s); nothing of this write was kept",
                       s->path, doing);
    return tk_fail(error, TK_ERROR_IO, "%s: %s failed: %s (SQLite code %d)", s->path, doing,
                   sqlite3_errmsg(s->db), sqlite3_extended_errcode(s->db));
}

static void close_db(TkDb *db)
{
    Sqlite *s = (Sqlite *)db;
    g_hash_table_destroy(s->prepared);
    sqlite3_close(s->db);
    g_free(s->path);
    g_free(s);
}

static bool script(TkDb *db, const char *sql, GError **error)
{
    Sqlite *s = (Sqlite *)db;
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(s, "running a script", error);
}

static bool begin(TkDb *db, TkDbMode mode, GError **error)
{
    Sqlite *s = (Sqlite *)db;
    const char *sql = mode == TK_DB_WRITE ? "BEGIN IMMEDIATE" : "BEGIN";
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return fail(s, "beginning a transaction", error);
    return true;
}

static void rollback(TkDb *db)
{
    Sqlite *s = (Sqlite *)db;
    if (!sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

static bool commit(TkDb *db, bool *unknown, GError **error)
{
    Sqlite *s = (Sqlite *)db;
    if (unknown != NULL)
        *unknown = false;
    if (sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
        return true;
    fail(s, "committing", error);
    rollback(db);
    return false;
}

static sqlite3_stmt *prepare(Sqlite *s, const char *sql, bool keep, GError **error)
{
    sqlite3_stmt *statement = keep ? g_hash_table_lookup(s->prepared, sql) : NULL;
    if (statement != NULL)
        return statement;
    unsigned flags = keep ? SQLITE_PREPARE_PERSISTENT : 0;
    if (sqlite3_prepare_v3(s->db, sql, -1, flags, &statement, NULL) != SQLITE_OK) {
        fail(s, "preparing a statement", error);
        return NULL;
    }
    if (keep)
        g_hash_table_insert(s->prepared, g_strdup(sql), statement);
    return statement;
}

/* "$3" is the third value, as in PostgreSQL; SQLite itself counts names as they come. */
static const TkDbValue *value_named(sqlite3_stmt *statement, int position, const TkDbValue *values,
                                    size_t count)
{
    const char *name = sqlite3_bind_parameter_name(statement, position);
    size_t number = 0;
    for (const char *digit = name + 1; *digit != '\0'; digit++)
        number = number * 10 + (size_t)(*digit - '0');
    g_assert(number >= 1 && number <= count);
    return &values[number - 1];
}

static bool bind(sqlite3_stmt *statement, const TkDbValue *values, size_t count)
{
    int bound = SQLITE_OK;
    int wanted = sqlite3_bind_parameter_count(statement);
    for (int i = 0; i < wanted && bound == SQLITE_OK; i++) {
        const TkDbValue *v = value_named(statement, i + 1, values, count);
        if (v->type == TK_DB_INT)
            bound = sqlite3_bind_int64(statement, i + 1, v->i);
        else if (v->type == TK_DB_REAL)
            bound = sqlite3_bind_double(statement, i + 1, v->d);
        else if (v->type == TK_DB_TEXT)
            bound = sqlite3_bind_text64(statement, i + 1, v->data, v->len, SQLITE_STATIC, SQLITE_UTF8);
        else if (v->type == TK_DB_BLOB && v->len == 0)
            bound = sqlite3_bind_zeroblob(statement, i + 1, 0);
        else if (v->type == TK_DB_BLOB)
            bound = sqlite3_bind_blob64(statement, i + 1, v->data, v->len, SQLITE_STATIC);
        else
            bound = sqlite3_bind_null(statement, i + 1);
    }
    return bound == SQLITE_OK;
}

/* False when memory is gone: SQLite then gives NULL for a text that is there. */
static bool read_row(sqlite3_stmt *statement, TkDbValue *values, int count)
{
    for (int i = 0; i < count; i++) {
        int type = sqlite3_column_type(statement, i);
        values[i] = tk_db_null();
        if (type == SQLITE_INTEGER) {
            values[i] = tk_db_int(sqlite3_column_int64(statement, i));
        } else if (type == SQLITE_FLOAT) {
            values[i] = tk_db_real(sqlite3_column_double(statement, i));
        } else if (type == SQLITE_TEXT) {
            const char *text = (const char *)sqlite3_column_text(statement, i);
            if (text == NULL)
                return false;
            values[i] = tk_db_text_len(text, (size_t)sqlite3_column_bytes(statement, i));
        } else if (type == SQLITE_BLOB) {
            const void *data = sqlite3_column_blob(statement, i);
            size_t len = (size_t)sqlite3_column_bytes(statement, i);
            if (data == NULL && len > 0)
                return false;
            values[i] = tk_db_blob(data != NULL ? data : "", len);
        }
    }
    return true;
}

static bool step_all(Sqlite *s, sqlite3_stmt *statement, TkDbRowFn each, gpointer data, GError **error)
{
    int columns = sqlite3_column_count(statement);
    g_assert(columns <= TK_DB_VALUES_MAX);
    for (;;) {
        int step = sqlite3_step(statement);
        if (step == SQLITE_DONE)
            return true;
        if (step != SQLITE_ROW)
            return fail(s, "a statement", error);
        TkDbValue values[TK_DB_VALUES_MAX];
        if (!read_row(statement, values, columns))
            return tk_fail(error, TK_ERROR_IO, "%s: no memory to read a row", s->path);
        if (each != NULL && !each(values, (size_t)columns, data))
            return true;
    }
}

static bool query(TkDb *db, const char *sql, const TkDbValue *values, size_t count, bool keep, TkDbRowFn each,
                  gpointer data, GError **error)
{
    Sqlite *s = (Sqlite *)db;
    sqlite3_stmt *statement = prepare(s, sql, keep, error);
    if (statement == NULL)
        return false;
    bool done = bind(statement, values, count) ? step_all(s, statement, each, data, error)
                                               : fail(s, "binding values", error);
    sqlite3_reset(statement);
    if (keep)
        sqlite3_clear_bindings(statement);
    else
        sqlite3_finalize(statement);
    return done;
}

static bool run(TkDb *db, const char *sql, const TkDbValue *values, size_t count, GError **error)
{
    return query(db, sql, values, count, true, NULL, NULL, error);
}

/* Deleted rows are overwritten (secure_delete); their earlier bytes in the WAL go with this. */
static void scrub(TkDb *db)
{
    script(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
}

static const TkDbEngine engine = {
    .name = "sqlite",
    .close = close_db,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .script = script,
    .run = run,
    .query = query,
    .scrub = scrub,
};

/* Only the owner reads the database; SQLite gives the WAL the same mode. */
static bool make_file(const char *path, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return tk_fail(error, TK_ERROR_IO, "%s: cannot be made: %s", path, g_strerror(errno));
    close(fd);
    return true;
}

static bool set_up(Sqlite *s, bool readonly, GError **error)
{
    sqlite3_busy_timeout(s->db, BUSY_MS);
    sqlite3_extended_result_codes(s->db, 0);
    /* trusted_schema stays on for the writer: the triggers of the search index need it. */
    const char *settings = readonly
                               ? "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY"
                               : "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
                                 "PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;"
                                 "PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=16384;"
                                 "PRAGMA journal_size_limit=134217728";
    return sqlite3_exec(s->db, settings, NULL, NULL, NULL) == SQLITE_OK || fail(s, "setting up", error);
}

TkDb *tk_sqlite_open(const char *path, bool readonly, GError **error)
{
    if (!readonly && !make_file(path, error))
        return NULL;
    Sqlite *s = g_new0(Sqlite, 1);
    s->base.engine = &engine;
    s->path = g_strdup(path);
    s->prepared = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, finalize);
    int flags = SQLITE_OPEN_NOMUTEX | (readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    if (sqlite3_open_v2(path, &s->db, flags, NULL) != SQLITE_OK) {
        tk_fail(error, TK_ERROR_IO, "%s: cannot be opened: %s", path,
                s->db != NULL ? sqlite3_errmsg(s->db) : "no memory");
        close_db(&s->base);
        return NULL;
    }
    if (!set_up(s, readonly, error)) {
        close_db(&s->base);
        return NULL;
    }
    return &s->base;
}

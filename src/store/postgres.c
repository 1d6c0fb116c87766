/* PostgreSQL behind db.h. Values travel in binary. Statements without rows are sent in a pipeline and
 * answered together, so that a batch of the writer costs a few round trips, not one per row. Writers of all
 * processes take one advisory lock per transaction: leaf numbers stay gapless and in one order. */
#include <libpq-fe.h>

#include "store/db.h"

#define PIPELINE_MAX 200          /* statements sent before answers are read: both sides' buffers hold them */
#define WRITER_LOCK  "7237489461" /* any number, the same in every Tokatsu */

enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT4 = 23, OID_FLOAT8 = 701 };

typedef struct {
    TkDb base;
    PGconn *conn;
    const char *settings; /* of the session, said again after a reconnection */
    GHashTable *prepared; /* SQL text → name */
    unsigned pending;     /* sent in the pipeline, not yet answered */
    bool in_transaction;
    bool gave_rows; /* the query under way: it cannot be asked again unnoticed */
} Postgres;

static bool read_answers(Postgres *p, GError **error);

static bool say(Postgres *p, const PGresult *result, GError **error)
{
    const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *text = result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    g_autofree char *why = g_strstrip(g_strdup(text != NULL ? text : PQerrorMessage(p->conn)));
    return tk_fail(error, TK_ERROR_IO, "PostgreSQL: %s%s%s%s", why, state != NULL ? " (SQLSTATE " : "",
                   state != NULL ? state : "", state != NULL ? ")" : "");
}

static void close_db(TkDb *db)
{
    Postgres *p = (Postgres *)db;
    g_hash_table_destroy(p->prepared);
    PQfinish(p->conn);
    g_free(p);
}

static bool script(TkDb *db, const char *sql, GError **error)
{
    Postgres *p = (Postgres *)db;
    if (!read_answers(p, error))
        return false;
    PGresult *result = PQexec(p->conn, sql);
    ExecStatusType status = PQresultStatus(result);
    bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
    if (!done)
        say(p, result, error);
    PQclear(result);
    return done;
}

/* A server that was restarted or a network that broke is found here, before anything is written. */
static bool reconnect(Postgres *p, GError **error)
{
    if (PQstatus(p->conn) == CONNECTION_OK)
        return true;
    PQreset(p->conn);
    p->pending = 0;
    g_hash_table_remove_all(p->prepared);
    if (PQstatus(p->conn) != CONNECTION_OK)
        return say(p, NULL, error);
    return script(&p->base, p->settings, error);
}

static void rollback(TkDb *db)
{
    Postgres *p = (Postgres *)db;
    read_answers(p, NULL);
    if (p->in_transaction)
        script(db, "ROLLBACK", NULL);
    p->in_transaction = false;
}

static bool begin_once(Postgres *p, const char *sql, GError **error)
{
    if (!reconnect(p, error))
        return false;
    p->in_transaction = true;
    if (script(&p->base, sql, error))
        return true;
    rollback(&p->base);
    return false;
}

static bool begin(TkDb *db, TkDbMode mode, GError **error)
{
    Postgres *p = (Postgres *)db;
    const char *sql = mode == TK_DB_WRITE ? "BEGIN; SELECT pg_advisory_xact_lock(" WRITER_LOCK ")"
                                          : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    g_autoptr(GError) first = NULL;
    if (begin_once(p, sql, &first))
        return true;
    if (PQstatus(p->conn) == CONNECTION_OK) {
        g_propagate_error(error, g_steal_pointer(&first));
        return false;
    }
    return begin_once(p, sql, error); /* the connection was found dead: once more on a new one */
}

static bool commit(TkDb *db, bool *unknown, GError **error)
{
    Postgres *p = (Postgres *)db;
    if (unknown != NULL)
        *unknown = false;
    if (!read_answers(p, error)) {
        rollback(db);
        return false;
    }
    PGresult *result = PQexec(p->conn, "COMMIT");
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(result), "COMMIT") == 0;
    if (!done) {
        say(p, result, error);
        if (unknown != NULL)
            *unknown = PQstatus(p->conn) != CONNECTION_OK;
    }
    PQclear(result);
    p->in_transaction = false;
    return done;
}

/* Ends the pipeline, if one is open, and reads what it answered; the first failure is reported. */
static bool read_answers(Postgres *p, GError **error)
{
    if (PQpipelineStatus(p->conn) == PQ_PIPELINE_OFF)
        return true;
    bool done = PQpipelineSync(p->conn) == 1 || say(p, NULL, error);
    bool synced = !done;
    while (!synced && PQstatus(p->conn) == CONNECTION_OK) {
        PGresult *result = PQgetResult(p->conn);
        if (result == NULL)
            continue;
        ExecStatusType status = PQresultStatus(result);
        synced = status == PGRES_PIPELINE_SYNC;
        if (done && (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE))
            done = say(p, result, error);
        PQclear(result);
    }
    p->pending = 0;
    if (PQstatus(p->conn) != CONNECTION_OK)
        return done ? say(p, NULL, error) : false;
    PQexitPipelineMode(p->conn);
    return done;
}

typedef struct {
    const char *values[TK_DB_VALUES_MAX];
    int lengths[TK_DB_VALUES_MAX];
    int formats[TK_DB_VALUES_MAX];
    uint64_t numbers[TK_DB_VALUES_MAX];
} Params;

/* Texts go in binary format too: the same bytes, and no NUL needed behind them. */
static void params_set(Params *params, const TkDbValue *values, size_t count)
{
    memset(params, 0, sizeof *params);
    g_assert(count <= TK_DB_VALUES_MAX);
    for (size_t i = 0; i < count; i++) {
        const TkDbValue *v = &values[i];
        params->formats[i] = 1;
        if (v->type == TK_DB_INT || v->type == TK_DB_REAL) {
            uint64_t bits;
            memcpy(&bits, v->type == TK_DB_INT ? (const void *)&v->i : (const void *)&v->d, sizeof bits);
            params->numbers[i] = GUINT64_TO_BE(bits);
            params->values[i] = (const char *)&params->numbers[i];
            params->lengths[i] = 8;
        } else if (v->type != TK_DB_NULL) {
            params->values[i] = v->data != NULL ? v->data : "";
            params->lengths[i] = (int)v->len;
        }
    }
}

/* The name under which `sql` is prepared on this connection; NULL and *error. */
static const char *prepare(Postgres *p, const char *sql, GError **error)
{
    const char *known = g_hash_table_lookup(p->prepared, sql);
    if (known != NULL)
        return known;
    if (!read_answers(p, error))
        return NULL;
    char *name = g_strdup_printf("tk%u", g_hash_table_size(p->prepared));
    PGresult *result = PQprepare(p->conn, name, sql, 0, NULL);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK || say(p, result, error);
    PQclear(result);
    if (!done) {
        g_free(name);
        return NULL;
    }
    g_hash_table_insert(p->prepared, g_strdup(sql), name);
    return name;
}

static bool run(TkDb *db, const char *sql, const TkDbValue *values, size_t count, GError **error)
{
    Postgres *p = (Postgres *)db;
    if (p->pending >= PIPELINE_MAX && !read_answers(p, error))
        return false;
    const char *name = prepare(p, sql, error);
    if (name == NULL)
        return false;
    if (PQpipelineStatus(p->conn) == PQ_PIPELINE_OFF && PQenterPipelineMode(p->conn) != 1)
        return say(p, NULL, error);
    Params params;
    params_set(&params, values, count);
    int sent =
        PQsendQueryPrepared(p->conn, name, (int)count, params.values, params.lengths, params.formats, 1);
    if (sent != 1)
        return say(p, NULL, error);
    p->pending++;
    return true;
}

static TkDbValue value_of(const PGresult *result, int column)
{
    if (PQgetisnull(result, 0, column))
        return tk_db_null();
    const char *data = PQgetvalue(result, 0, column);
    Oid type = PQftype(result, column);
    if (type == OID_INT8 || type == OID_FLOAT8) {
        uint64_t bits;
        memcpy(&bits, data, sizeof bits);
        bits = GUINT64_FROM_BE(bits);
        double d;
        memcpy(&d, &bits, sizeof d);
        return type == OID_INT8 ? tk_db_int((int64_t)bits) : tk_db_real(d);
    }
    if (type == OID_INT4) {
        uint32_t bits;
        memcpy(&bits, data, sizeof bits);
        return tk_db_int((int32_t)GUINT32_FROM_BE(bits));
    }
    if (type == OID_BOOL)
        return tk_db_int(data[0] != 0);
    size_t len = (size_t)PQgetlength(result, 0, column);
    return type == OID_BYTEA ? tk_db_blob(data, len) : tk_db_text_len(data, len);
}

static void cancel(Postgres *p)
{
    char why[256];
    PGcancel *handle = PQgetCancel(p->conn);
    if (handle != NULL)
        PQcancel(handle, why, sizeof why);
    PQfreeCancel(handle);
}

/* Rows come one at a time, so that a long reading needs no memory. A reading that is stopped early inside a
 * transaction is read to its end: cancelling would end the transaction with it. */
static bool read_rows(Postgres *p, TkDbRowFn each, gpointer data, GError **error)
{
    bool done = true, wanted = true;
    PGresult *result;
    while ((result = PQgetResult(p->conn)) != NULL) {
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_SINGLE_TUPLE && wanted) {
            int columns = PQnfields(result);
            g_assert(columns <= TK_DB_VALUES_MAX);
            TkDbValue values[TK_DB_VALUES_MAX];
            for (int i = 0; i < columns; i++)
                values[i] = value_of(result, i);
            p->gave_rows = true;
            wanted = each == NULL || each(values, (size_t)columns, data);
            if (!wanted && !p->in_transaction)
                cancel(p);
        } else if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK &&
                   wanted && done) {
            done = say(p, result, error);
        }
        PQclear(result);
    }
    return done;
}

static bool query_once(Postgres *p, const char *sql, const TkDbValue *values, size_t count, bool keep,
                       TkDbRowFn each, gpointer data, GError **error)
{
    if (!read_answers(p, error) || (!p->in_transaction && !reconnect(p, error)))
        return false;
    const char *name = keep ? prepare(p, sql, error) : NULL;
    if (keep && name == NULL)
        return false;
    Params params;
    params_set(&params, values, count);
    int sent = keep ? PQsendQueryPrepared(p->conn, name, (int)count, params.values, params.lengths,
                                          params.formats, 1)
                    : PQsendQueryParams(p->conn, sql, (int)count, NULL, params.values, params.lengths,
                                        params.formats, 1);
    if (sent != 1)
        return say(p, NULL, error);
    PQsetSingleRowMode(p->conn);
    return read_rows(p, each, data, error);
}

/* A connection that was idle may have died meanwhile: a reading that gave nothing yet is tried once more. */
static bool query(TkDb *db, const char *sql, const TkDbValue *values, size_t count, bool keep, TkDbRowFn each,
                  gpointer data, GError **error)
{
    Postgres *p = (Postgres *)db;
    g_autoptr(GError) first = NULL;
    p->gave_rows = false;
    if (query_once(p, sql, values, count, keep, each, data, &first))
        return true;
    if (!p->in_transaction && !p->gave_rows && PQstatus(p->conn) != CONNECTION_OK)
        return query_once(p, sql, values, count, keep, each, data, error);
    g_propagate_error(error, g_steal_pointer(&first));
    return false;
}

static void scrub(TkDb *db)
{
    script(db, "VACUUM personal", NULL);
}

static const TkDbEngine engine = {
    .name = "postgresql",
    .is_postgres = true,
    .close = close_db,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .script = script,
    .run = run,
    .query = query,
    .scrub = scrub,
};

static void ignore_notice(void *data, const PGresult *result)
{
    (void)data;
    (void)result;
}

/* libpq repeats a URL that it cannot read, and with it the password: so it is read apart first. */
static bool readable(const char *url, GError **error)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    if (options == NULL)
        return tk_fail(
            error, TK_ERROR_INPUT,
            "the database URL cannot be read; it looks like postgresql://USER:PASSWORD@HOST:PORT/NAME");
    PQconninfoFree(options);
    return true;
}

TkDb *tk_postgres_open(const char *url, bool readonly, GError **error)
{
    if (!readable(url, error))
        return NULL;
    Postgres *p = g_new0(Postgres, 1);
    p->base.engine = &engine;
    p->prepared = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    p->conn = PQconnectdb(url);
    PQsetNoticeReceiver(p->conn, ignore_notice, NULL);
    p->settings = readonly ? "SET default_transaction_read_only=on; SET client_encoding='UTF8'"
                           : "SET synchronous_commit=on; SET client_encoding='UTF8'";
    bool ready =
        PQstatus(p->conn) == CONNECTION_OK ? script(&p->base, p->settings, error) : say(p, NULL, error);
    if (ready)
        return &p->base;
    close_db(&p->base);
    return NULL;
}

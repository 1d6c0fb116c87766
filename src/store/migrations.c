/* The schema, as numbered steps that only go forward; each runs in one transaction. The texts are written
 * once for both engines: @blob@, @text@ and @rowless@ stand for what differs. Texts are compared by code
 * point on both (SQLite's BINARY, PostgreSQL's "C"), so that lists come in the same order. */
#include "store/internal.h"

typedef struct {
    int number;
    const char *name;
    const char *sql;
    const char *postgres_sql; /* where the engines need different texts; sql is SQLite's then */
} Migration;

static const Migration migrations[] = {
    {1, "records, ledger, blobs, alarms",
     /* One row: the frontier of the tree (see ledger/tree.h). */
     "CREATE TABLE ledger_head (one BIGINT PRIMARY KEY CHECK (one = 1), size BIGINT NOT NULL,"
     " root @blob@ NOT NULL, frontier @blob@ NOT NULL);"
     /* 256 hashes a row; the last row of each level is still growing. */
     "CREATE TABLE ledger_tiles (level BIGINT NOT NULL, n BIGINT NOT NULL, hashes @blob@ NOT NULL,"
     " PRIMARY KEY (level, n));"
     "CREATE TABLE events (leaf @key@ PRIMARY KEY, body @text@ NOT NULL);"
     "CREATE TABLE checkpoints (size BIGINT PRIMARY KEY, at_us BIGINT NOT NULL, note @text@ NOT NULL);"
     /* The present: points to the row of the version that counts. */
     "CREATE TABLE records (kind @text@ NOT NULL, id @text@ NOT NULL, version BIGINT NOT NULL,"
     " leaf BIGINT NOT NULL, deleted BIGINT NOT NULL, hash @blob@, PRIMARY KEY (kind, id)) @rowless@;"
     /* The past and the present; nothing here is ever changed. */
     "CREATE TABLE versions (leaf @key@ PRIMARY KEY, kind @text@ NOT NULL, id @text@ NOT NULL,"
     " version BIGINT NOT NULL, at_us BIGINT NOT NULL, who @text@ NOT NULL, action @text@ NOT NULL,"
     " body @text@);"
     "CREATE UNIQUE INDEX versions_by_record ON versions (kind, id, version);"
     "CREATE TABLE personal (leaf @key@ PRIMARY KEY, kind @text@ NOT NULL, id @text@ NOT NULL,"
     " salt @blob@ NOT NULL, payload @text@ NOT NULL);"
     "CREATE INDEX personal_by_record ON personal (kind, id);"
     "CREATE TABLE blobs (hash @text@ PRIMARY KEY, leaf BIGINT NOT NULL, bytes @blob@ NOT NULL);"
     "CREATE TABLE alarms (leaf @key@ PRIMARY KEY, at_us BIGINT NOT NULL, min_at_us BIGINT NOT NULL,"
     " max_at_us BIGINT NOT NULL, count BIGINT NOT NULL, lines @blob@ NOT NULL);"
     "CREATE TABLE index_paths (kind @text@ NOT NULL, pointer @text@ NOT NULL, PRIMARY KEY (kind, pointer));"
     "CREATE TABLE index_values (kind @text@ NOT NULL, pointer @text@ NOT NULL, id @text@ NOT NULL,"
     " text @text@, number DOUBLE PRECISION, PRIMARY KEY (kind, id, pointer)) @rowless@;"
     "CREATE INDEX index_values_by_text ON index_values (kind, pointer, text, id);"
     "CREATE INDEX index_values_by_number ON index_values (kind, pointer, number, id);",
     NULL},
    {2, "full-text search",
     /* Trigrams find any three characters in a row, which suits Japanese: no words need to be known. The
      * index of FTS5 follows the table by triggers, as its documentation has it for external content. */
     "CREATE TABLE search (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL,"
     " UNIQUE (kind, id));"
     "CREATE VIRTUAL TABLE search_trigrams USING fts5 (text, content = 'search', content_rowid = 'n',"
     " tokenize = 'trigram case_sensitive 1');"
     "CREATE TRIGGER search_inserted AFTER INSERT ON search BEGIN"
     " INSERT INTO search_trigrams (rowid, text) VALUES (new.n, new.text); END;"
     "CREATE TRIGGER search_deleted AFTER DELETE ON search BEGIN"
     " INSERT INTO search_trigrams (search_trigrams, rowid, text) VALUES ('delete', old.n, old.text); END;"
     "CREATE TRIGGER search_updated AFTER UPDATE ON search BEGIN"
     " INSERT INTO search_trigrams (search_trigrams, rowid, text) VALUES ('delete', old.n, old.text);"
     " INSERT INTO search_trigrams (rowid, text) VALUES (new.n, new.text); END;",
     "CREATE EXTENSION IF NOT EXISTS pg_trgm;"
     "CREATE TABLE search (kind @text@ NOT NULL, id @text@ NOT NULL, text @text@ NOT NULL, PRIMARY KEY "
     "(kind, id));"
     "CREATE INDEX search_trigrams ON search USING gin (text gin_trgm_ops);"},
};

static int last_known(void)
{
    return migrations[G_N_ELEMENTS(migrations) - 1].number;
}

static void replace(GString *sql, const char *token, const char *with)
{
    g_string_replace(sql, token, with, 0);
}

static char *for_engine(const Migration *migration, bool postgres)
{
    GString *sql =
        g_string_new(postgres && migration->postgres_sql != NULL ? migration->postgres_sql : migration->sql);
    replace(sql, "@blob@", postgres ? "BYTEA" : "BLOB");
    replace(sql, "@text@", postgres ? "TEXT COLLATE \"C\"" : "TEXT");
    replace(sql, "@key@", postgres ? "BIGINT" : "INTEGER");
    replace(sql, "@rowless@", postgres ? "" : "WITHOUT ROWID");
    return g_string_free(sql, FALSE);
}

static bool take_number(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    *(int64_t *)data = values[0].i;
    return true;
}

/* 0 for an empty database. */
static bool read_version(TkDb *db, int *version, GError **error)
{
    const char *exists =
        db->engine->is_postgres
            ? "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()"
              " AND table_name = 'schema_migrations'"
            : "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'"
              " AND name = 'schema_migrations'";
    int64_t number = 0;
    if (!db->engine->query(db, exists, NULL, 0, false, take_number, &number, error))
        return false;
    if (number != 0 && !db->engine->query(db, "SELECT COALESCE(MAX(number), 0) FROM schema_migrations", NULL,
                                          0, false, take_number, &number, error))
        return false;
    *version = (int)number;
    return true;
}

static bool apply(TkDb *db, const Migration *migration, GError **error)
{
    g_autofree char *sql = for_engine(migration, db->engine->is_postgres);
    static const char book[] = "CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT PRIMARY KEY,"
                               " name TEXT NOT NULL, applied_at_us BIGINT NOT NULL)";
    int version = 0;
    if (!db->engine->begin(db, TK_DB_WRITE, error))
        return false;
    bool done = db->engine->script(db, book, error) && read_version(db, &version, error);
    if (done && version >= migration->number) { /* another process was first */
        db->engine->rollback(db);
        return true;
    }
    done = done && db->engine->script(db, sql, error) &&
           tk_db_run(db, "INSERT INTO schema_migrations (number, name, applied_at_us) VALUES ($1, $2, $3)",
                     error, tk_db_int(migration->number), tk_db_text(migration->name),
                     tk_db_int(g_get_real_time()));
    if (done)
        return db->engine->commit(db, NULL, error);
    db->engine->rollback(db);
    return false;
}

bool tk_migrations_read(TkDb *db, TkStoreHealth *health, GError **error)
{
    health->schema_known = last_known();
    if (!read_version(db, &health->schema, error))
        return false;
    if (health->schema > health->schema_known)
        return tk_fail(error, TK_ERROR_CONFLICT,
                       "the database has schema %d and this program knows up to %d; run the newer tokatsu",
                       health->schema, health->schema_known);
    return true;
}

bool tk_migrations_apply(TkDb *db, TkStoreHealth *health, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(migrations); i++) {
        if (migrations[i].number <= health->schema)
            continue;
        g_autoptr(GError) why = NULL;
        if (!apply(db, &migrations[i], &why))
            return tk_fail(error, why->domain == TK_ERROR ? (TkErrorCode)why->code : TK_ERROR_IO,
                           "migration %d (%s) failed and was rolled back: %s", migrations[i].number,
                           migrations[i].name, why->message);
        health->schema = migrations[i].number;
    }
    return true;
}

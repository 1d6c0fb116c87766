/* Opening, closing, connections, health; and the reading of single things. See store.h for the whole. */
#include <errno.h>
#include <sys/stat.h>

#include "store/internal.h"

TkDb *tk_store_connect(TkStore *store, bool readonly, GError **error)
{
    if (store->path == NULL)
        return tk_postgres_open(store->url, readonly, error);
    TkDb *db = tk_sqlite_open(store->path, readonly, error);
    if (db == NULL || readonly || !store->fleeting || db->engine->script(db, "PRAGMA synchronous=OFF", error))
        return db;
    tk_db_close(db);
    return NULL;
}

TkDb *tk_store_reader(TkStore *store, GError **error)
{
    g_mutex_lock(&store->pool_lock);
    while (store->idle->len == 0 && store->opened >= READERS_MAX)
        g_cond_wait(&store->pool_freed, &store->pool_lock);
    TkDb *db = store->idle->len > 0 ? g_ptr_array_steal_index_fast(store->idle, store->idle->len - 1) : NULL;
    if (db == NULL)
        store->opened++;
    g_mutex_unlock(&store->pool_lock);
    if (db != NULL)
        return db;
    db = tk_store_connect(store, true, error);
    if (db == NULL) {
        g_mutex_lock(&store->pool_lock);
        store->opened--;
        g_cond_signal(&store->pool_freed);
        g_mutex_unlock(&store->pool_lock);
    }
    return db;
}

void tk_store_reader_done(TkStore *store, TkDb *db)
{
    if (db == NULL)
        return;
    g_mutex_lock(&store->pool_lock);
    g_ptr_array_add(store->idle, db);
    g_cond_signal(&store->pool_freed);
    g_mutex_unlock(&store->pool_lock);
}

void tk_store_set_problem(TkStore *store, const char *problem)
{
    g_mutex_lock(&store->health_lock);
    g_strlcpy(store->write_problem, problem != NULL ? problem : "", sizeof store->write_problem);
    g_mutex_unlock(&store->health_lock);
}

void tk_store_health(TkStore *store, TkStoreHealth *health)
{
    g_mutex_lock(&store->health_lock);
    *health = store->health;
    if (health->problem[0] == '\0')
        g_strlcpy(health->problem, store->write_problem, sizeof health->problem);
    g_mutex_unlock(&store->health_lock);
    health->ok = health->problem[0] == '\0' && health->schema == health->schema_known;
}

static void close_reader(gpointer data)
{
    tk_db_close(data);
}

static TkStore *new_store(const TkStoreOptions *options)
{
    TkStore *store = g_new0(TkStore, 1);
    store->readonly = options->readonly;
    store->url = g_strdup(options->database_url);
    if (options->data_dir != NULL)
        store->path = g_build_filename(options->data_dir, "tokatsu.db", NULL);
    store->fleeting = options->fleeting;
    g_mutex_init(&store->pool_lock);
    g_cond_init(&store->pool_freed);
    g_mutex_init(&store->health_lock);
    store->idle = g_ptr_array_new_with_free_func(close_reader);
    tk_indexes_init(&store->indexes);
    return store;
}

void tk_store_close(TkStore *store)
{
    if (store == NULL)
        return;
    tk_group_free(store->group);
    g_ptr_array_free(store->idle, TRUE);
    tk_indexes_clear(&store->indexes);
    g_mutex_clear(&store->pool_lock);
    g_cond_clear(&store->pool_freed);
    g_mutex_clear(&store->health_lock);
    g_free(store->path);
    g_free(store->url);
    g_free(store);
}

static bool check_options(const TkStoreOptions *options, GError **error)
{
    if ((options->data_dir == NULL) == (options->database_url == NULL))
        return tk_fail(error, TK_ERROR_INPUT,
                       "name either a data folder (--data DIR) or a database (--database URL)");
    if (options->data_dir != NULL) {
        if (!options->readonly && g_mkdir_with_parents(options->data_dir, 0700) != 0)
            return tk_fail(error, TK_ERROR_IO, "%s: cannot be made: %s", options->data_dir,
                           g_strerror(errno));
        return true;
    }
    return g_str_has_prefix(options->database_url, "postgresql://") ||
           g_str_has_prefix(options->database_url, "postgres://") ||
           tk_fail(error, TK_ERROR_INPUT, "a database URL begins with postgresql://");
}

static bool check_schema(const TkStore *store, const TkStoreOptions *options, GError **error)
{
    if (store->health.schema > 0 || options->keep_schema)
        return true;
    return tk_fail(error, TK_ERROR_NOT_FOUND,
                   "%s holds no Tokatsu data yet; `tokatsu serve` or `tokatsu migrate` makes it",
                   store->path != NULL ? store->path : "the database");
}

/* Brings the schema up to date. A step that fails on a database in use is no reason not to serve. */
static bool migrate(TkStore *store, TkDb *db, const TkStoreOptions *options, GError **error)
{
    g_strlcpy(store->health.engine, db->engine->name, sizeof store->health.engine);
    if (!tk_migrations_read(db, &store->health, error))
        return false;
    if (options->readonly || options->keep_schema)
        return check_schema(store, options, error);
    g_autoptr(GError) why = NULL;
    if (tk_migrations_apply(db, &store->health, &why))
        return true;
    if (store->health.schema == 0) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    g_strlcpy(store->health.problem, why->message, sizeof store->health.problem);
    return true;
}

static bool check_ledger(TkDb *db, GError **error)
{
    TkLeaves leaves;
    tk_leaves_init(&leaves);
    bool done = db->engine->begin(db, TK_DB_READ, error);
    if (done) {
        done = tk_leaves_load(&leaves, db, error);
        db->engine->rollback(db);
    }
    tk_leaves_clear(&leaves);
    return done;
}

static bool set_up(TkStore *store, const TkStoreOptions *options, GError **error)
{
    g_autoptr(TkDb) db = tk_store_connect(store, options->readonly, error);
    if (db == NULL || !migrate(store, db, options, error))
        return false;
    if (store->health.schema == 0)
        return true; /* empty, and to be left so */
    if (!check_ledger(db, error) || !tk_indexes_load(store, db, error))
        return false;
    if (!options->readonly && !options->keep_schema)
        store->group = tk_group_new(store, g_steal_pointer(&db));
    return true;
}

TkStore *tk_store_open(const TkStoreOptions *options, GError **error)
{
    if (!check_options(options, error))
        return NULL;
    g_autoptr(TkStore) store = new_store(options);
    return set_up(store, options, error) ? g_steal_pointer(&store) : NULL;
}

bool tk_store_commit(TkStore *store, TkWrite *taken, TkCommitted *committed, GError **error)
{
    g_autoptr(TkWrite) write = taken;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    g_auto(TkCommitted) answer = {0};
    if (store->group == NULL)
        return tk_fail(error, TK_ERROR_CONFLICT, "the store is open for reading only");
    if (!tk_write_prepare(store, write, hasher, error) ||
        !tk_group_commit(store->group, write, &answer, error))
        return false;
    if (committed != NULL) {
        *committed = answer;
        answer.versions = NULL;
    }
    return true;
}

bool tk_store_append_alarms(TkStore *store, const char *who, int64_t at_us, const char *lines, size_t len,
                            uint32_t count, int64_t min_at_us, int64_t max_at_us, uint64_t *seq_out,
                            GError **error)
{
    g_auto(TkCommitted) committed = {0};
    TkWrite *write = tk_write_new(who, at_us);
    tk_write_alarms(write, lines, len, count, min_at_us, max_at_us);
    if (!tk_store_commit(store, write, &committed, error))
        return false;
    if (seq_out != NULL)
        *seq_out = committed.first_leaf;
    return true;
}

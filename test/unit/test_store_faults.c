/* Faults. A file system of our own under SQLite (a VFS) refuses the n-th operation, for every n; memory that
 * is gone does the same; a migration that cannot be made; a PostgreSQL whose connection dies. Whatever
 * happens: what was acknowledged is there, what was refused is not, and the ledger holds. */
#include <sqlite3.h>

#include "store_engine.h"

static const int64_t T0 = INT64_C(1775000000000000);

/* ---- a VFS that counts writing operations down, and then fails ---- */

typedef enum { FAULT_NONE, FAULT_IO, FAULT_FULL } Fault;

static struct {
    gint left;  /* operations until the fault; < 0: none comes */
    gint fault; /* Fault */
    gint stays; /* the disk stays broken, or only this one operation fails */
    gint came;  /* how often it failed */
} faults = {.left = -1};

typedef struct {
    sqlite3_file base;
    sqlite3_file *real;
} FaultFile;

static sqlite3_vfs *real_vfs;
static sqlite3_io_methods fault_methods;

static bool strikes(void)
{
    if (g_atomic_int_get(&faults.left) < 0)
        return false;
    if (g_atomic_int_get(&faults.left) > 0) {
        g_atomic_int_add(&faults.left, -1);
        return false;
    }
    if (g_atomic_int_get(&faults.stays) == 0)
        g_atomic_int_set(&faults.left, -1);
    g_atomic_int_inc(&faults.came);
    return true;
}

static int fault_code(int of_io)
{
    return g_atomic_int_get(&faults.fault) == FAULT_FULL ? SQLITE_FULL : of_io;
}

#define REAL(file) (((FaultFile *)(file))->real)

static int f_close(sqlite3_file *f)
{
    int code = REAL(f)->pMethods->xClose(REAL(f));
    g_free(REAL(f));
    return code;
}
static int f_read(sqlite3_file *f, void *to, int len, sqlite3_int64 at_byte)
{
    return REAL(f)->pMethods->xRead(REAL(f), to, len, at_byte);
}
static int f_write(sqlite3_file *f, const void *from, int len, sqlite3_int64 at_byte)
{
    if (strikes()) {
        REAL(f)->pMethods->xWrite(REAL(f), from, len / 2, at_byte); /* a torn write */
        return fault_code(SQLITE_IOERR_WRITE);
    }
    return REAL(f)->pMethods->xWrite(REAL(f), from, len, at_byte);
}
static int f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    return strikes() ? SQLITE_IOERR_TRUNCATE : REAL(f)->pMethods->xTruncate(REAL(f), size);
}
static int f_sync(sqlite3_file *f, int flags)
{
    return strikes() ? SQLITE_IOERR_FSYNC : REAL(f)->pMethods->xSync(REAL(f), flags);
}
static int f_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return REAL(f)->pMethods->xFileSize(REAL(f), size);
}
static int f_lock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xLock(REAL(f), level);
}
static int f_unlock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xUnlock(REAL(f), level);
}
static int f_reserved(sqlite3_file *f, int *out)
{
    return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}
static int f_control(sqlite3_file *f, int op, void *arg)
{
    return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}
static int f_sector(sqlite3_file *f)
{
    return REAL(f)->pMethods->xSectorSize(REAL(f));
}
static int f_device(sqlite3_file *f)
{
    return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}
static int f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, out);
}
static int f_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return REAL(f)->pMethods->xShmLock(REAL(f), offset, n, flags);
}
static void f_shm_barrier(sqlite3_file *f)
{
    REAL(f)->pMethods->xShmBarrier(REAL(f));
}
static int f_shm_unmap(sqlite3_file *f, int remove)
{
    return REAL(f)->pMethods->xShmUnmap(REAL(f), remove);
}

static int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    (void)vfs;
    FaultFile *f = (FaultFile *)file;
    f->base.pMethods = NULL;
    f->real = g_malloc0((gsize)real_vfs->szOsFile);
    int code = real_vfs->xOpen(real_vfs, name, f->real, flags, out_flags);
    if (code == SQLITE_OK)
        f->base.pMethods = &fault_methods;
    else
        g_free(f->real);
    return code;
}

static void register_fault_vfs(void)
{
    static sqlite3_vfs vfs;
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.szOsFile = sizeof(FaultFile);
    vfs.zName = "faults";
    vfs.xOpen = fault_open;
    fault_methods = (sqlite3_io_methods){
        2,          f_close,       f_read,      f_write,   f_truncate, f_sync,   f_size,
        f_lock,     f_unlock,      f_reserved,  f_control, f_sector,   f_device, f_shm_map,
        f_shm_lock, f_shm_barrier, f_shm_unmap, NULL,      NULL};
    sqlite3_vfs_register(&vfs, 1);
}

static void arm(Fault fault, int after, bool stays)
{
    g_atomic_int_set(&faults.fault, (gint)fault);
    g_atomic_int_set(&faults.stays, stays);
    g_atomic_int_set(&faults.came, 0);
    g_atomic_int_set(&faults.left, after);
}

static void disarm(void)
{
    g_atomic_int_set(&faults.left, -1);
}

/* ---- memory that is gone: SQLite's allocator, counted down likewise ---- */

static sqlite3_mem_methods real_memory;
static gint memory_left = -1;
static gint memory_denied;

static bool denied(void)
{
    if (g_atomic_int_get(&memory_left) < 0)
        return false;
    if (g_atomic_int_add(&memory_left, -1) > 0)
        return false;
    g_atomic_int_inc(&memory_denied);
    return true;
}

static void *scarce_malloc(int size)
{
    return denied() ? NULL : real_memory.xMalloc(size);
}

static void *scarce_realloc(void *old, int size)
{
    return denied() ? NULL : real_memory.xRealloc(old, size);
}

static void make_memory_scarce(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
    sqlite3_mem_methods scarce = real_memory;
    scarce.xMalloc = scarce_malloc;
    scarce.xRealloc = scarce_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce);
}

/* ---- what must hold afterwards ---- */

static bool put(TkStore *store, const char *id, GError **error)
{
    g_autoptr(json_t) document = json_pack("{s:s}", "text", "合成データ");
    TkWrite *write = tk_write_new("u-1", T0);
    tk_write_put(write, "item", id, TK_STORE_NEW, "open", document);
    tk_write_note(write, "viewed", "item", id, NULL);
    return tk_store_commit(store, write, NULL, error);
}

static bool add_to_tree(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    (void)leaf;
    tk_tree_append(data, event, len);
    return true;
}

static void check_ledger(TkStore *store)
{
    GError *error = NULL;
    TkStoreHead head;
    g_autoptr(TkTree) tree = tk_tree_new();
    TkHash root;
    if (!tk_store_ledger_head(store, &head, &error) ||
        !tk_store_events(store, 0, UINT64_MAX, add_to_tree, tree, &error))
        fail_msg("%s", error->message);
    tk_tree_root(tree, &root);
    assert_int_equal(tk_tree_size(tree), head.size);
    assert_true(tk_hash_equal(&root, &head.root));
}

typedef struct {
    GHashTable *kept, *refused; /* ids */
} Told;

/* Commits `count` records and notes what was answered. */
static void commit_some(TkStore *store, const char *prefix, int count, Told *told)
{
    for (int i = 0; i < count; i++) {
        g_autoptr(GError) error = NULL;
        char *id = g_strdup_printf("%s-%d", prefix, i);
        bool kept = put(store, id, &error);
        if (!kept && error->code != TK_ERROR_IO)
            fail_msg("a fault is told as TK_ERROR_IO, not: %s", error->message);
        g_hash_table_add(kept ? told->kept : told->refused, id);
    }
}

static void check_told(TkStore *store, const Told *told)
{
    GHashTableIter ids;
    gpointer id;
    g_hash_table_iter_init(&ids, told->kept);
    while (g_hash_table_iter_next(&ids, &id, NULL)) {
        g_autoptr(TkRecord) record = tk_store_get(store, "item", id, TK_TIME_NONE, NULL);
        if (record == NULL)
            fail_msg("acknowledged and lost: %s", (char *)id);
    }
    g_hash_table_iter_init(&ids, told->refused);
    while (g_hash_table_iter_next(&ids, &id, NULL)) {
        g_autoptr(TkRecord) record = tk_store_get(store, "item", id, TK_TIME_NONE, NULL);
        if (record != NULL)
            fail_msg("refused and kept: %s", (char *)id);
    }
    check_ledger(store);
}

static void fail_every_operation(Engine *engine, Fault fault, bool stays)
{
    Told told = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                 g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    TkStore *store = open_store(engine);
    guint rounds_that_failed = 0;
    for (int after = 0; after < 40; after++) {
        g_autofree char *prefix = g_strdup_printf("%d", after);
        arm(fault, after, stays);
        commit_some(store, prefix, 3, &told);
        rounds_that_failed += g_atomic_int_get(&faults.came) > 0 ? 1 : 0;
        disarm();
        g_autoptr(GError) error = NULL;
        g_autofree char *well = g_strdup_printf("well-%d", after);
        if (!put(store, well, &error))
            fail_msg("does not recover after operation %d: %s", after, error->message);
        if (after % 8 == 7) { /* as after a crash: what the files say, not what memory says */
            tk_store_close(store);
            store = open_store(engine);
        }
    }
    check_told(store, &told);
    assert_true(rounds_that_failed >= 20);
    assert_true(g_hash_table_size(told.refused) >= 20);
    tk_store_close(store);
    g_hash_table_destroy(told.kept);
    g_hash_table_destroy(told.refused);
}

static void a_disk_that_fails_once_at_any_operation_loses_nothing(void **state)
{
    fail_every_operation(engine_of(state), FAULT_IO, false);
}

static void a_disk_that_fails_and_stays_broken_loses_nothing(void **state)
{
    fail_every_operation(engine_of(state), FAULT_IO, true);
}

static void a_full_disk_is_told_in_words_and_shown_by_health(void **state)
{
    Engine *engine = engine_of(state);
    fail_every_operation(engine, FAULT_FULL, true);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    TkStoreHealth health;
    arm(FAULT_FULL, 0, true);
    assert_false(put(store, "x", &error));
    disarm();
    assert_error_says(error, "the disk is full");
    tk_store_health(store, &health);
    assert_false(health.ok);
    assert_non_null(strstr(health.problem, "the disk is full"));
    assert_true(put(store, "x", &error));
    tk_store_health(store, &health);
    assert_true(health.ok);
}

static void memory_that_is_gone_at_any_moment_loses_nothing(void **state)
{
    Engine *engine = engine_of(state);
    Told told = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                 g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    g_autoptr(TkStore) store = open_store(engine);
    put(store, "first", NULL);
    g_atomic_int_set(&memory_denied, 0);
    for (int after = 1; after < 120; after++) {
        g_autofree char *prefix = g_strdup_printf("%d", after);
        g_atomic_int_set(&memory_left, after);
        commit_some(store, prefix, 2, &told);
        g_atomic_int_set(&memory_left, -1);
    }
    assert_true(g_atomic_int_get(&memory_denied) > 0);
    check_told(store, &told);
    g_hash_table_destroy(told.kept);
    g_hash_table_destroy(told.refused);
}

typedef struct {
    TkStore *store;
    char *id;
    bool done;
} Job;

static gpointer put_job(gpointer data)
{
    Job *job = data;
    job->done = put(job->store, job->id, NULL);
    return NULL;
}

static void one_bad_write_in_a_batch_fails_alone(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    /* The database itself refuses this one row: nothing the store could have checked. */
    tamper(engine, engine->postgres
                       ? "ALTER TABLE versions ADD CONSTRAINT refuse CHECK (id <> 'bad')"
                       : "CREATE TRIGGER refuse BEFORE INSERT ON versions WHEN new.id = 'bad' BEGIN"
                         " SELECT RAISE(ABORT, 'refused'); END");
    enum { THREADS = 12 };
    GThread *threads[THREADS];
    Job jobs[THREADS];
    for (int i = 0; i < THREADS; i++) {
        jobs[i] = (Job){.store = store, .id = i % 4 == 1 ? g_strdup("bad") : g_strdup_printf("good-%d", i)};
        threads[i] = g_thread_new("put", put_job, &jobs[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        g_thread_join(threads[i]);
        assert_int_equal(jobs[i].done, i % 4 != 1);
        g_free(jobs[i].id);
    }
    assert_true(put(store, "after", &error));
    check_ledger(store);
    assert_int_equal(tk_store_ledger_size(store), 2 * (THREADS - THREADS / 4 + 1));
}

static void a_failed_migration_leaves_the_old_schema_serving_and_says_so(void **state)
{
    Engine *engine = engine_of(state);
    GError *error = NULL;
    TkStore *store = open_store(engine);
    assert_true(put(store, "before", &error));
    tk_store_close(store);
    /* Back to schema 1, with something in the way of schema 2. */
    tamper(engine, engine->postgres ? "DROP TABLE search" : "DROP TABLE search_trigrams; DROP TABLE search");
    tamper(engine, "DELETE FROM schema_migrations WHERE number = 2");
    tamper(engine, "CREATE TABLE search (not_ours BIGINT)");
    store = open_store(engine);
    TkStoreHealth health;
    tk_store_health(store, &health);
    assert_false(health.ok);
    assert_int_equal(health.schema, 1);
    assert_non_null(strstr(health.problem, "migration 2 (full-text search) failed and was rolled back"));
    assert_true(put(store, "meanwhile", &error));
    assert_false(tk_store_search(store, NULL, "合成", 5, NULL, NULL, &error));
    assert_error_says(error, "schema 2");
    check_ledger(store);
    tk_store_close(store);
    tamper(engine, "DROP TABLE search");
    store = open_store(engine);
    tk_store_health(store, &health);
    assert_true(health.ok);
    assert_int_equal(health.schema, health.schema_known);
    check_ledger(store);
    tk_store_close(store);
}

static void a_newer_schema_is_refused(void **state)
{
    Engine *engine = engine_of(state);
    GError *error = NULL;
    tk_store_close(open_store(engine));
    tamper(engine,
           "INSERT INTO schema_migrations (number, name, applied_at_us) VALUES (99, 'of the future', 0)");
    assert_null(open_with(engine, false, &error));
    assert_error_says(error, "run the newer tokatsu");
}

static void a_connection_that_dies_is_made_again(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    g_autoptr(GError) error = NULL;
    assert_true(put(store, "before", &error));
    for (int i = 0; i < 3; i++) {
        tamper(engine, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                       " AND datname = current_database()");
        g_autofree char *id = g_strdup_printf("after-%d", i);
        if (!put(store, id, &error))
            fail_msg("%s", error->message);
    }
    check_ledger(store); /* by a reader's connection, which dies as well */
    tamper(engine, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                   " AND datname = current_database()");
    g_autoptr(TkRecord) record = tk_store_get(store, "item", "before", TK_TIME_NONE, &error);
    if (record == NULL)
        fail_msg("%s", error->message);
    check_ledger(store);
}

#define on_sqlite(test)                                                                                      \
    {                                                                                                        \
#test " (SQLite)", test, set_up_sqlite, tear_down, NULL                                              \
    }

int main(void)
{
    make_memory_scarce();
    sqlite3_initialize();
    register_fault_vfs();
    const struct CMUnitTest tests[] = {
        on_sqlite(a_disk_that_fails_once_at_any_operation_loses_nothing),
        on_sqlite(a_disk_that_fails_and_stays_broken_loses_nothing),
        on_sqlite(a_full_disk_is_told_in_words_and_shown_by_health),
        on_sqlite(memory_that_is_gone_at_any_moment_loses_nothing),
        on_both(one_bad_write_in_a_batch_fails_alone),
        on_both(a_failed_migration_leaves_the_old_schema_serving_and_says_so),
        on_both(a_newer_schema_is_refused),
        {"a_connection_that_dies_is_made_again (PostgreSQL)", a_connection_that_dies_is_made_again,
         set_up_postgres, tear_down, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Each store test runs on both engines: this gives it an empty store on SQLite in a folder of its own, or on
 * a PostgreSQL of its own (from Debian's package: initdb in a temporary folder, a socket there, no TCP). */
#ifndef TK_STORE_ENGINE_H
#define TK_STORE_ENGINE_H

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"
#include "unit.h"

#define PG_BIN "/usr/lib/postgresql/15/bin/"

typedef struct {
    bool postgres;
    char *folder;   /* of everything below */
    char *data_dir; /* SQLite */
    char *url;      /* PostgreSQL: an empty database */
} Engine;

typedef struct {
    bool tried, running;
    char *folder;
    unsigned databases;
} Cluster;

static Cluster cluster;

static void remove_tree(const char *path)
{
    const char *argv[] = {"rm", "-rf", "--", path, NULL};
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

/* postgres refuses to run as root: then it runs as its own user. */
static void become_postgres(gpointer data)
{
    (void)data;
    const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
    if (user != NULL && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
        _exit(126);
}

static inline bool run_quietly(const char *const *argv)
{
    int status = -1;
    g_autofree char *out = NULL, *err = NULL;
    bool ran = g_spawn_sync("/", (char **)argv, NULL, G_SPAWN_DEFAULT, become_postgres, NULL, &out, &err,
                            &status, NULL);
    if (ran && status != 0)
        fprintf(stderr, "%s: %s%s\n", argv[0], out, err);
    return ran && status == 0;
}

static inline void stop_cluster(void)
{
    if (!cluster.running)
        return;
    g_autofree char *data = g_build_filename(cluster.folder, "data", NULL);
    const char *stop[] = {PG_BIN "pg_ctl", "-D", data, "-m", "immediate", "stop", NULL};
    run_quietly(stop);
    remove_tree(cluster.folder);
    cluster.running = false;
}

static inline bool start_cluster(void)
{
    if (cluster.tried)
        return cluster.running;
    cluster.tried = true;
    if (access(PG_BIN "initdb", X_OK) != 0 || (geteuid() == 0 && getpwnam("postgres") == NULL))
        return false;
    cluster.folder = g_dir_make_tmp("tkpgXXXXXX", NULL);
    const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
    if (user != NULL && chown(cluster.folder, user->pw_uid, user->pw_gid) != 0)
        return false;
    g_autofree char *data = g_build_filename(cluster.folder, "data", NULL);
    g_autofree char *log = g_build_filename(cluster.folder, "log", NULL);
    g_autofree char *options =
        g_strdup_printf("-k %s -c listen_addresses= -c max_connections=60 -c fsync=off", cluster.folder);
    const char *initdb[] = {
        PG_BIN "initdb",    "-D",        data, "-U", "tokatsu", "-A", "trust", "-E", "UTF8",
        "--locale=C.UTF-8", "--no-sync", NULL};
    const char *start[] = {PG_BIN "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start", NULL};
    cluster.running = run_quietly(initdb) && run_quietly(start);
    if (!cluster.running)
        remove_tree(cluster.folder);
    else
        atexit(stop_cluster);
    return cluster.running;
}

static inline char *new_database(void)
{
    g_autofree char *name = g_strdup_printf("test%u", ++cluster.databases);
    g_autofree char *host = g_strdup_printf("--host=%s", cluster.folder);
    const char *create[] = {PG_BIN "createdb", host, "-U", "tokatsu", "-T", "template0", name, NULL};
    if (!run_quietly(create))
        fail_msg("createdb failed");
    return g_strdup_printf("postgresql:///%s?host=%s&user=tokatsu", name, cluster.folder);
}

static inline Engine *engine_new(bool postgres)
{
    Engine *engine = g_new0(Engine, 1);
    engine->postgres = postgres;
    engine->folder = g_dir_make_tmp("tkstoreXXXXXX", NULL);
    if (postgres)
        engine->url = new_database();
    else
        engine->data_dir = g_build_filename(engine->folder, "data", NULL);
    return engine;
}

static inline void engine_free(Engine *engine)
{
    remove_tree(engine->folder);
    g_free(engine->folder);
    g_free(engine->data_dir);
    g_free(engine->url);
    g_free(engine);
}

static inline int set_up_sqlite(void **state)
{
    *state = engine_new(false);
    return 0;
}

static inline int set_up_postgres(void **state)
{
    *state = start_cluster() ? engine_new(true) : NULL;
    return 0;
}

static inline int tear_down(void **state)
{
    if (*state != NULL)
        engine_free(*state);
    return 0;
}

/* The engine of a test, or the test is skipped. */
static inline Engine *engine_of(void **state)
{
    if (*state == NULL) {
        print_message("skipped: PostgreSQL 15 is not installed (" PG_BIN ")\n");
        skip();
    }
    return *state;
}

static inline TkStore *open_with(const Engine *engine, bool readonly, GError **error)
{
    TkStoreOptions options = {
        .data_dir = engine->data_dir, .database_url = engine->url, .readonly = readonly};
    return tk_store_open(&options, error);
}

static inline TkStore *open_store(const Engine *engine)
{
    GError *error = NULL;
    TkStore *store = open_with(engine, false, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    return store;
}

/* Runs SQL behind the store's back; what it answers, without headings. Owned. */
static char *ask(const Engine *engine, const char *sql)
{
    g_autofree char *path = engine->postgres ? NULL : g_build_filename(engine->data_dir, "tokatsu.db", NULL);
    const char *sqlite[] = {"/usr/bin/sqlite3", path, sql, NULL};
    const char *psql[] = {
        "/usr/bin/psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", engine->url, "-c", sql, NULL};
    const char *const *argv = engine->postgres ? psql : sqlite;
    int status = -1;
    char *out = NULL;
    g_autofree char *err = NULL;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, NULL) ||
        status != 0)
        fail_msg("%s: %s", sql, err);
    return g_strchomp(out);
}

static inline void tamper(const Engine *engine, const char *sql)
{
    g_free(ask(engine, sql));
}

/* clang-format off */
#define on_both(test)                                                     \
    {#test " (SQLite)", test, set_up_sqlite, tear_down, NULL},            \
    {#test " (PostgreSQL)", test, set_up_postgres, tear_down, NULL}
/* clang-format on */

#endif

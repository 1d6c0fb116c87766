/* The life of a service: what is opened in which order, the live thread, and the way down again. */
#include "service/app.h"
#include "service/notify_private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "service/demo.h"
#include "service/laws.h"
#include "service/system.h"

#define TOPOLOGY_ID "current"

static int64_t machine_clock(void *data)
{
    (void)data;
    return g_get_real_time();
}

int64_t tk_app_now(const TkApp *app)
{
    return app->clock(app->clock_data);
}

int64_t tk_service_now(TkApp *app)
{
    return tk_app_now(app);
}

/* ---- topology ---- */

/* Services of the law, as a topology may name them; returns how many. */
static size_t service_ids(const TkApp *app, const char *services[TK_LAW_SERVICES_MAX])
{
    size_t count = tk_law_service_count(app->law);
    for (size_t i = 0; i < count; i++)
        services[i] = tk_law_service_id(app->law, (int)i);
    return count;
}

static TkTopology *read_topology(const TkApp *app, TkLines *lines, const char *name, GError **error)
{
    const char *services[TK_LAW_SERVICES_MAX];
    size_t count = service_ids(app, services);
    return tk_topology_read(lines, name, services, count, error);
}

/* A carrier that has not given its network yet: accidents can be opened by hand all the same. */
static bool topology_of_nothing(TkApp *app, GError **error)
{
    const char *services[TK_LAW_SERVICES_MAX];
    size_t count = service_ids(app, services);
    app->topology = tk_topology_builder_finish(tk_topology_builder_new(services, count), error);
    return app->topology != NULL;
}

static bool topology_of_bytes(TkApp *app, const char *name, const char *text, size_t len, GError **error)
{
    g_autoptr(TkLines) lines = tk_lines_new_memory(text, len, TK_TOPOLOGY_LINE_MAX);
    app->topology = read_topology(app, lines, name, error);
    return app->topology != NULL;
}

/* A topology that was read is kept, so that the next start needs no file. */
static bool keep_topology(TkApp *app, const char *path, GBytes *bytes, GError **error)
{
    if (g_bytes_get_size(bytes) > TK_STORE_BLOB_MAX)
        return true; /* larger than one blob: has to be named at each start */
    char hash[TK_STORE_HASH_TEXT_MAX];
    TkWrite *write = tk_write_new("system", tk_app_now(app));
    tk_write_blob(write, bytes, hash);
    g_autoptr(json_t) document = json_pack("{s:s, s:s, s:i}", "sha256", hash, "file", path, "facilities",
                                           (int)tk_topology_size(app->topology));
    tk_write_put(write, TK_KIND_TOPOLOGY, TOPOLOGY_ID, TK_STORE_ANY, "import", document);
    return tk_store_commit(app->store, write, NULL, error);
}

static bool topology_of_file(TkApp *app, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize len = 0;
    GError *why = NULL;
    if (!g_file_get_contents(path, &text, &len, &why)) {
        tk_fail(error, TK_ERROR_IO, "the topology cannot be read: %s", why->message);
        g_error_free(why);
        return false;
    }
    if (!topology_of_bytes(app, path, text, len, error))
        return false;
    g_autoptr(GBytes) bytes = g_bytes_new_take(g_steal_pointer(&text), len);
    return keep_topology(app, path, bytes, error);
}

static bool topology_of_store(TkApp *app, GError **error)
{
    g_autoptr(TkRecord) record = tk_store_get(app->store, TK_KIND_TOPOLOGY, TOPOLOGY_ID, TK_TIME_NONE, NULL);
    if (record == NULL)
        return topology_of_nothing(app, error);
    const char *hash = json_string_value(json_object_get(record->body, "sha256"));
    g_autoptr(GBytes) bytes = hash == NULL ? NULL : tk_store_blob(app->store, hash, error);
    if (bytes == NULL)
        return false;
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    return topology_of_bytes(app, "stored topology", text, len, error);
}

/* ---- up ---- */

/* When the next board is due; after a slow one there is a pause all the same. */
static gint64 next_board(TkApp *app)
{
    g_rec_mutex_lock(&app->step_lock);
    gint64 due = app->board_built_us + TK_BOARD_US;
    g_rec_mutex_unlock(&app->step_lock);
    return MAX(due, g_get_monotonic_time() + TK_BOARD_US / 10);
}

static void *live_thread(void *data)
{
    TkApp *app = data;
    for (;;) {
        gint64 until = next_board(app);
        g_mutex_lock(&app->queue_lock);
        while (!app->stopping && g_queue_is_empty(&app->queue) &&
               g_cond_wait_until(&app->queue_cond, &app->queue_lock, until)) {
        }
        bool stop = app->stopping && g_queue_is_empty(&app->queue);
        g_mutex_unlock(&app->queue_lock);
        if (stop)
            return NULL;
        tk_live_step(app, false);
    }
}

static void init_fields(TkApp *app, const TkServiceOptions *o)
{
    bool named = o->carrier_ja != NULL;
    app->carrier_ja = g_strdup(named ? o->carrier_ja : o->demo ? "架空通信株式会社" : "事業者名未設定");
    app->carrier_en = g_strdup(o->carrier_en != NULL ? o->carrier_en
                               : o->demo             ? "Kaku Tsushin (fictitious)"
                                                     : "carrier not named");
    app->demo_mode = app->synthetic = o->demo;
    app->sign_in = o->sign_in;
    app->publish_ledger = o->publish_ledger;
    app->witness = o->witness;
    g_mutex_init(&app->witness_lock);
    app->stepped = true; /* until the live thread runs */
    app->speed = 1;
    app->clock = o->clock != NULL ? o->clock : machine_clock;
    app->clock_data = o->clock_data;
    app->series.first_at_us = TK_TIME_NONE;
    g_rec_mutex_init(&app->step_lock);
    g_rec_mutex_init(&app->listeners_lock);
    g_mutex_init(&app->people_lock);
    g_mutex_init(&app->refusals_lock);
    app->refusals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_mutex_init(&app->sso_lock);
    app->sso_used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_mutex_init(&app->change_lock);
    g_mutex_init(&app->table_lock);
    g_mutex_init(&app->case_lock);
    g_mutex_init(&app->live_lock);
    g_mutex_init(&app->tree_lock);
    g_mutex_init(&app->queue_lock);
    g_mutex_init(&app->board_lock);
    g_cond_init(&app->queue_cond);
    g_cond_init(&app->done_cond);
    g_queue_init(&app->queue);
    app->by_source = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    app->last_number = g_hash_table_new(NULL, NULL);
    app->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    app->incidents =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)tk_incident_unref);
    app->listeners = g_array_new(FALSE, FALSE, sizeof(TkListener));
}

static bool open_store(TkApp *app, const TkServiceOptions *o, GError **error)
{
    TkStoreOptions store = {.data_dir = o->data_dir, .database_url = o->database_url};
    if (o->data_dir == NULL && o->database_url == NULL) {
        GError *why = NULL;
        app->temp_dir = g_dir_make_tmp("tokatsu-XXXXXX", &why);
        if (app->temp_dir == NULL) {
            tk_fail(error, TK_ERROR_IO, "a temporary folder cannot be made: %s", why->message);
            g_error_free(why);
            return false;
        }
        store.data_dir = app->temp_dir;
        store.fleeting = true;
    } else if (o->database_url != NULL) {
        store.data_dir = NULL;
    }
    app->store = tk_store_open(&store, error);
    return app->store != NULL;
}

/* The signing key lies in a file, never in the database. */
static bool start_sealer(TkApp *app, const TkServiceOptions *o, GError **error)
{
    if (o->stepped)
        return true;
    const char *folder = o->data_dir != NULL ? o->data_dir : app->temp_dir;
    g_autofree char *path = tk_signing_keys_path(folder, o->database_url, error);
    if (path != NULL)
        app->sealer = tk_sealer_start(app->store, path, app->clock, app->clock_data, error);
    if (app->sealer == NULL)
        return false;
    app->collector = tk_collector_start(app->store);
    g_autofree char *beside = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *cosigning = g_strdup_printf("%s/witness%s", beside, name + strlen("ledger"));
    return tk_cosigning_keys_open(cosigning, NULL, &app->cosigning, error);
}

/* The key of sealed fields lies where the signing key does: never in the database. */
static bool open_registers(TkApp *app, const TkServiceOptions *o, GError **error)
{
    const char *folder = o->data_dir != NULL ? o->data_dir : app->temp_dir;
    g_autofree char *beside = tk_signing_keys_path(folder, o->database_url, error);
    if (beside == NULL)
        return false;
    g_autofree char *key_dir = g_path_get_dirname(beside);
    app->auth = tk_auth_new(app->store, key_dir, error);
    if (app->auth == NULL)
        return false;
    if (o->session_idle_min > 0)
        tk_auth_set_idle(app->auth, INT64_C(60) * o->session_idle_min * TK_US_PER_S);
    if (o->ldap_path != NULL && (app->ldap = tk_ldap_new(o->ldap_path, error)) == NULL)
        return false;
    if (o->oidc_path != NULL && (app->oidc = tk_oidc_new(o->oidc_path, error)) == NULL)
        return false;
    TkRegistersOptions options = {.store = app->store,
                                  .auth = app->auth,
                                  .dir = o->registers_dir,
                                  .clock = app->clock,
                                  .clock_data = app->clock_data};
    app->registers = tk_registers_new(&options, error);
    app->jobs = tk_jobs_new();
    app->software = tk_software_new();
    app->controls = tk_controls_new();
    app->data_dir = g_strdup(folder);
    app->database_url = g_strdup(o->database_url);
    app->tls_cert = g_strdup(o->tls_cert_path);
    return app->registers != NULL;
}

TkJobs *tk_service_jobs(TkApp *app)
{
    return app->jobs;
}

TkRegisters *tk_service_registers(TkApp *app)
{
    return app->registers;
}

static bool load_topology(TkApp *app, const TkServiceOptions *o, GError **error)
{
    if (o->demo && o->topology_path != NULL)
        return tk_fail(error, TK_ERROR_INPUT, "a demo makes its own network; leave out --topology or --demo");
    if (o->demo)
        return (app->topology = tk_demo_topology(app->demo, error)) != NULL;
    return o->topology_path != NULL ? topology_of_file(app, o->topology_path, error)
                                    : topology_of_store(app, error);
}

static bool start(TkApp *app, const TkServiceOptions *o, GError **error)
{
    app->system = tk_system_of(o);
    app->law = tk_laws_load(o->law_dir, &app->forms, error);
    if (app->law == NULL || !open_store(app, o, error))
        return false;
    if (o->demo)
        app->demo = tk_demo_new(app, o);
    if (!open_registers(app, o, error))
        return false;
    if (!load_topology(app, o, error))
        return false;
    TkEngineOptions engine = tk_engine_defaults();
    engine.at_least_us = TK_AT_LEAST_US;
    app->engine = tk_engine_new(app->topology, &engine);
    if (!tk_incidents_load(app, error) || !tk_cases_load(app, error) || !tk_live_replay(app, error))
        return false;
    if (app->demo != NULL && !tk_demo_begin(app->demo, error))
        return false;
    tk_live_step(app, true);
    if (!o->stepped)
        app->thread = g_thread_new("live", live_thread, app);
    app->stepped = o->stepped;
    if (app->demo != NULL)
        tk_demo_run(app->demo);
    return start_sealer(app, o, error);
}

TkApp *tk_service_new(const TkServiceOptions *options, GError **error)
{
    TkApp *app = g_new0(TkApp, 1);
    init_fields(app, options);
    if (start(app, options, error))
        return app;
    tk_service_free(app);
    return NULL;
}

/* ---- down ---- */

static void remove_folder(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    g_rmdir(path);
}

static void stop_live(TkApp *app)
{
    g_mutex_lock(&app->queue_lock);
    app->stopping = true;
    g_cond_broadcast(&app->queue_cond);
    g_mutex_unlock(&app->queue_lock);
    if (app->thread != NULL)
        g_thread_join(app->thread);
}

void tk_service_free(TkApp *app)
{
    if (app == NULL)
        return;
    if (app->demo != NULL)
        tk_demo_stop(app->demo);
    tk_notify_stop(app);
    tk_service_checks_stop(app);
    stop_live(app);
    g_clear_pointer(&app->collector, tk_collector_stop);
    g_clear_pointer(&app->sealer, tk_sealer_stop);
    g_clear_pointer(&app->live, tk_live_map_unref);
    g_clear_pointer(&app->tree, tk_down_tree_unref);
    g_clear_pointer(&app->board, g_bytes_unref);
    g_clear_pointer(&app->board_made, tk_board_made_free);
    g_clear_pointer(&app->engine, tk_engine_free);
    g_clear_pointer(&app->demo, tk_demo_free);
    g_clear_pointer(&app->topology, tk_topology_unref);
    g_clear_pointer(&app->jobs, tk_jobs_free);
    g_clear_pointer(&app->controls, tk_controls_free);
    g_clear_pointer(&app->software, tk_software_free);
    g_clear_pointer(&app->registers, tk_registers_free);
    g_clear_pointer(&app->ldap, tk_ldap_free);
    g_clear_pointer(&app->oidc, tk_oidc_free);
    g_clear_pointer(&app->system, json_decref);
    g_clear_pointer(&app->auth, tk_auth_free);
    tk_signing_keys_clear(&app->cosigning);
    g_clear_pointer(&app->store, tk_store_close);
    g_clear_pointer(&app->forms, tk_forms_free);
    g_clear_pointer(&app->law, tk_law_free);
    g_clear_pointer(&app->case_dues, g_array_unref);
    g_hash_table_unref(app->by_source);
    g_hash_table_unref(app->last_number);
    g_hash_table_unref(app->seen);
    g_hash_table_unref(app->incidents);
    g_array_unref(app->listeners);
    if (app->temp_dir != NULL)
        remove_folder(app->temp_dir);
    g_free(app->temp_dir);
    g_free(app->data_dir);
    g_free(app->database_url);
    g_free(app->tls_cert);
    g_free(app->carrier_ja);
    g_free(app->carrier_en);
    g_rec_mutex_clear(&app->step_lock);
    g_rec_mutex_clear(&app->listeners_lock);
    g_mutex_clear(&app->witness_lock);
    g_mutex_clear(&app->people_lock);
    g_mutex_clear(&app->sso_lock);
    g_hash_table_unref(app->sso_used);
    g_mutex_clear(&app->refusals_lock);
    g_hash_table_unref(app->refusals);
    g_mutex_clear(&app->change_lock);
    g_mutex_clear(&app->table_lock);
    g_mutex_clear(&app->case_lock);
    g_mutex_clear(&app->live_lock);
    g_mutex_clear(&app->tree_lock);
    g_mutex_clear(&app->queue_lock);
    g_mutex_clear(&app->board_lock);
    g_cond_clear(&app->queue_cond);
    g_cond_clear(&app->done_cond);
    g_free(app);
}

/* ---- board and listeners ---- */

void tk_service_step(TkApp *app)
{
    if (app->demo != NULL)
        tk_demo_feed(app->demo, tk_app_now(app));
    tk_live_step(app, true);
}

GBytes *tk_service_board(TkApp *app, uint64_t *seq)
{
    g_mutex_lock(&app->board_lock);
    GBytes *board = g_bytes_ref(app->board);
    if (seq != NULL)
        *seq = app->board_seq;
    g_mutex_unlock(&app->board_lock);
    return board;
}

unsigned tk_service_listen(TkApp *app, TkBoardListener listener, void *user)
{
    g_rec_mutex_lock(&app->listeners_lock);
    TkListener added = {.handle = ++app->next_listener, .fn = listener, .user = user};
    g_array_append_val(app->listeners, added);
    g_rec_mutex_unlock(&app->listeners_lock);
    return added.handle;
}

void tk_service_unlisten(TkApp *app, unsigned handle)
{
    g_rec_mutex_lock(&app->listeners_lock);
    for (unsigned i = 0; i < app->listeners->len; i++) {
        if (g_array_index(app->listeners, TkListener, i).handle == handle) {
            g_array_remove_index(app->listeners, i);
            break;
        }
    }
    g_rec_mutex_unlock(&app->listeners_lock);
}

GBytes *tk_service_health(TkApp *app)
{
    TkStoreHealth health;
    tk_store_health(app->store, &health);
    g_autoptr(json_t) out =
        json_pack("{s:s, s:s, s:I, s:{s:s, s:i, s:i, s:s}, s:b}", "status", health.ok ? "ok" : "degraded",
                  "version", TK_VERSION, "ledger_size", (json_int_t)tk_store_ledger_size(app->store), "store",
                  "engine", health.engine, "schema", health.schema, "schema_known", health.schema_known,
                  "problem", health.problem, "demo", app->demo_mode);
    return tk_json_bytes(out);
}

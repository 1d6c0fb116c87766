/* What runs here: the program, the store, the law and register files in use with their hashes, and the
 * settings it was started with. For administrators and auditors, to be read only: a setting is changed where
 * the program is started, so that a page taken over by somebody cannot open the door wider.
 *
 * The files are read and hashed at the start, when the program takes them in, and not again: the page tells
 * what is in use, not what lies on the disk by now. */
#include "service/system.h"

#include "service/app.h"

#define FILES_MAX 1000
#define DEPTH_MAX 4

static void add_file(json_t *list, const char *name, const void *data, size_t len)
{
    if (json_array_size(list) >= FILES_MAX)
        return;
    g_autofree char *hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, len);
    json_array_append_new(
        list, json_pack("{s:s, s:I, s:s}", "name", name, "bytes", (json_int_t)len, "sha256", hash));
}

static json_t *built_in(const char *folder)
{
    json_t *list = json_array();
    g_auto(GStrv) names = tk_asset_list(folder);
    for (char **name = names; name != NULL && *name != NULL; name++) {
        g_autoptr(GBytes) bytes = g_str_has_suffix(*name, ".json") ? tk_asset(*name) : NULL;
        gsize len = 0;
        const void *data = bytes == NULL ? NULL : g_bytes_get_data(bytes, &len);
        if (bytes != NULL)
            add_file(list, *name, data, len);
    }
    return list;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *names_in(const char *path)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;)
        if (name[0] != '.' && names->len < FILES_MAX)
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name);
    return names;
}

static void walk(json_t *list, const char *path, const char *shown, unsigned depth)
{
    g_autoptr(GPtrArray) names = names_in(path);
    for (unsigned i = 0; i < names->len; i++) {
        g_autofree char *below = g_build_filename(path, names->pdata[i], NULL);
        g_autofree char *name = g_build_filename(shown, names->pdata[i], NULL);
        if (g_file_test(below, G_FILE_TEST_IS_DIR) && depth < DEPTH_MAX) {
            walk(list, below, name, depth + 1);
            continue;
        }
        g_autoptr(GMappedFile) map =
            g_str_has_suffix(name, ".json") ? g_mapped_file_new(below, FALSE, NULL) : NULL;
        if (map != NULL && g_mapped_file_get_length(map) <= TK_LAW_FILE_MAX)
            add_file(list, name, g_mapped_file_get_contents(map), g_mapped_file_get_length(map));
    }
}

/* {"from":null|FOLDER,"files":[…]}: built in where there is no folder. */
static json_t *files_of(const char *dir, const char *variable, const char *folder)
{
    if (dir == NULL)
        dir = g_getenv(variable);
    json_t *list = dir == NULL ? built_in(folder) : json_array();
    if (dir != NULL)
        walk(list, dir, "", 0);
    return json_pack("{s:s?, s:o}", "from", dir, "files", list);
}

/* Without what stands before the @, which may be a password. */
static json_t *database_shown(const char *url)
{
    if (url == NULL)
        return json_null();
    const char *at = strrchr(url, '@'), *scheme = strstr(url, "://");
    if (at == NULL || scheme == NULL || at < scheme)
        return json_string(scheme == NULL ? "postgresql" : url);
    return json_sprintf("%.*s…%s", (int)(scheme + 3 - url), url, at);
}

json_t *tk_system_of(const TkServiceOptions *o)
{
    json_t *settings = json_pack("{s:s?, s:o, s:s?, s:s?, s:s?, s:b, s:b, s:b, s:b}", "data", o->data_dir,
                                 "database", database_shown(o->database_url), "topology", o->topology_path,
                                 "law", o->law_dir, "registers", o->registers_dir, "sign_in", o->sign_in,
                                 "publish_ledger", o->publish_ledger, "witness", o->witness, "demo", o->demo);
    return json_pack("{s:o, s:o, s:o}", "law", files_of(o->law_dir, "TOKATSU_LAW_DIR", "law"), "registers",
                     files_of(o->registers_dir, "TOKATSU_REGISTERS_DIR", "registers"), "settings", settings);
}

static json_t *store_json(TkApp *app)
{
    TkStoreHealth health;
    tk_store_health(app->store, &health);
    return json_pack("{s:b, s:s, s:i, s:i, s:s, s:I}", "ok", health.ok, "engine", health.engine, "schema",
                     health.schema, "schema_known", health.schema_known, "problem", health.problem,
                     "ledger_size", (json_int_t)tk_store_ledger_size(app->store));
}

static json_t *law_json(const TkApp *app)
{
    char version[TK_TIME_TEXT_MAX];
    size_t unverified = 0, count = tk_law_entry_count(app->law);
    for (size_t i = 0; i < count; i++)
        unverified += !tk_law_entry(app->law, i)->verified;
    json_t *out = json_copy(json_object_get(app->system, "law"));
    TkDate today = tk_date_of_time(tk_app_now(app));
    json_object_set_new(out, "version", json_string(tk_date_text(tk_law_version(app->law, today), version)));
    json_object_set_new(out, "entries", json_integer((json_int_t)count));
    json_object_set_new(out, "unverified", json_integer((json_int_t)unverified));
    return out;
}

GBytes *tk_service_system(TkApp *app, const TkActor *actor, json_t *door, GError **error)
{
    g_autoptr(json_t) reached = door;
    if (!tk_service_may(actor, TK_MAY_SEE_ACCOUNTS, error))
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:s, s:o, s:o, s:o, s:O, s:O, s:O}", "version", TK_VERSION, "at",
                                      tk_json_of_time(tk_app_now(app)), "store", store_json(app), "law",
                                      law_json(app), "registers", json_object_get(app->system, "registers"),
                                      "settings", json_object_get(app->system, "settings"), "door", reached);
    return tk_json_bytes(out);
}

/* Built-in files live in a GResource that tools/embed.py makes; the law may be read from a folder instead, so
 * that a text can be corrected without a compiler. */
#include "service/service.h"

#include <gio/gio.h>

#define DEPTH_MAX 8

GResource *tk_assets_get_resource(void);

GBytes *tk_asset(const char *path)
{
    g_autofree char *full = g_strconcat("/tokatsu/", path, NULL);
    return g_resource_lookup_data(tk_assets_get_resource(), full, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static void list_built_in(const char *path, int depth, GPtrArray *names)
{
    g_autofree char *full = g_strconcat("/tokatsu/", path, NULL);
    g_auto(GStrv) children = g_resource_enumerate_children(tk_assets_get_resource(), full, 0, NULL);
    for (char **child = children; child != NULL && *child != NULL; child++) {
        size_t len = strlen(*child);
        bool folder = len > 0 && (*child)[len - 1] == '/';
        g_autofree char *below = g_strdup_printf("%s/%.*s", path, (int)(folder ? len - 1 : len), *child);
        if (!folder)
            g_ptr_array_add(names, g_steal_pointer(&below));
        else if (depth < DEPTH_MAX)
            list_built_in(below, depth + 1, names);
    }
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **tk_asset_list(const char *folder)
{
    GPtrArray *names = g_ptr_array_new();
    list_built_in(folder, 0, names);
    g_ptr_array_sort(names, by_name);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

typedef struct {
    GPtrArray *names;    /* char *, owned */
    GPtrArray *contents; /* GBytes *, owned */
} Files;

static bool add_file(Files *files, const char *path, const char *name, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GFileInputStream) stream = g_file_read(file, NULL, &why);
    GBytes *bytes = NULL;
    if (stream != NULL) /* a byte past the ceiling is enough for the loader to refuse the file */
        bytes = g_input_stream_read_bytes(G_INPUT_STREAM(stream), TK_LAW_FILE_MAX + 1, NULL, &why);
    if (bytes == NULL)
        return tk_fail(error, TK_ERROR_IO, "%s cannot be read: %s", path, why->message);
    g_ptr_array_add(files->names, g_strdup(name));
    g_ptr_array_add(files->contents, bytes);
    return true;
}

static bool add_folder(Files *files, const char *path, const char *prefix, int depth, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &why);
    if (dir == NULL)
        return tk_fail(error, TK_ERROR_IO, "the folder of the law cannot be opened: %s", why->message);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        g_autofree char *shown = prefix[0] != '\0' ? g_strconcat(prefix, "/", name, NULL) : g_strdup(name);
        bool ok = true;
        if (name[0] != '.' && g_file_test(below, G_FILE_TEST_IS_DIR))
            ok = depth >= DEPTH_MAX || add_folder(files, below, shown, depth + 1, error);
        else if (name[0] != '.' && g_str_has_suffix(name, ".json") && files->names->len <= TK_LAW_FILES_MAX)
            ok = add_file(files, below, shown, error);
        if (!ok)
            return false;
    }
    return true;
}

static void add_built_in(Files *files)
{
    g_auto(GStrv) names = tk_asset_list("law");
    for (char **name = names; *name != NULL; name++) {
        if (!g_str_has_suffix(*name, ".json"))
            continue;
        g_ptr_array_add(files->names, g_strdup(*name));
        g_ptr_array_add(files->contents, tk_asset(*name));
    }
}

TkLaw *tk_asset_law(const char *dir, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) contents = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    Files files = {names, contents};
    if (dir == NULL)
        dir = g_getenv("TOKATSU_LAW_DIR");
    if (dir == NULL)
        add_built_in(&files);
    else if (!add_folder(&files, dir, "", 0, error))
        return NULL;
    g_autofree TkLawFile *list = g_new0(TkLawFile, names->len + 1);
    for (size_t i = 0; i < names->len; i++) {
        list[i].name = names->pdata[i];
        list[i].text = g_bytes_get_data(contents->pdata[i], &list[i].len);
        if (list[i].text == NULL)
            list[i].text = "";
    }
    return tk_law_load(list, names->len, error);
}

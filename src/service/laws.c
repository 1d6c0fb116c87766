#include "service/laws.h"

#include "service/assets.h"

#define FORMS_FOLDER "law/jp/forms"

typedef struct {
    GPtrArray *names;
    GPtrArray *contents; /* GBytes */
} Files;

static void add_built_in(Files *files)
{
    g_auto(GStrv) names = tk_asset_list(FORMS_FOLDER);
    for (char **name = names; name != NULL && *name != NULL; name++) {
        if (!g_str_has_suffix(*name, ".json"))
            continue;
        g_ptr_array_add(files->names, g_strdup(*name));
        g_ptr_array_add(files->contents, tk_asset(*name));
    }
}

static bool add_file(Files *files, const char *path, const char *name, GError **error)
{
    g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, NULL);
    if (map == NULL || g_mapped_file_get_length(map) > TK_LAW_FILE_MAX)
        return tk_fail(error, TK_ERROR_IO, "%s cannot be read, or is larger than %u bytes", path,
                       TK_LAW_FILE_MAX);
    g_ptr_array_add(files->names, g_strconcat("forms/", name, NULL));
    g_ptr_array_add(files->contents,
                    g_bytes_new(g_mapped_file_get_contents(map), g_mapped_file_get_length(map)));
    return true;
}

static bool add_folder(Files *files, const char *dir, GError **error)
{
    g_autofree char *below = g_build_filename(dir, "jp", "forms", NULL);
    g_autofree char *beside = g_build_filename(dir, "forms", NULL);
    const char *folder = g_file_test(below, G_FILE_TEST_IS_DIR) ? below : beside;
    GError *why = NULL;
    g_autoptr(GDir) open = g_dir_open(folder, 0, &why);
    if (open == NULL) {
        tk_fail(error, TK_ERROR_IO, "the folder of the forms cannot be opened: %s", why->message);
        g_error_free(why);
        return false;
    }
    for (const char *name; (name = g_dir_read_name(open)) != NULL;) {
        if (name[0] == '.' || !g_str_has_suffix(name, ".json") || files->names->len > TK_FORMS_MAX)
            continue;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (!add_file(files, path, name, error))
            return false;
    }
    return true;
}

static TkForms *load_forms(const char *dir, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) contents = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    Files files = {names, contents};
    if (dir == NULL)
        dir = g_getenv("TOKATSU_LAW_DIR");
    if (dir == NULL)
        add_built_in(&files);
    else if (!add_folder(&files, dir, error))
        return NULL;
    g_autofree TkLawFile *list = g_new0(TkLawFile, names->len + 1);
    for (unsigned i = 0; i < names->len; i++) {
        list[i].name = g_ptr_array_index(names, i);
        list[i].text = g_bytes_get_data(g_ptr_array_index(contents, i), &list[i].len);
        if (list[i].text == NULL)
            list[i].text = "";
    }
    return tk_forms_load(list, names->len, error);
}

TkLaw *tk_laws_load(const char *dir, TkForms **forms, GError **error)
{
    g_autoptr(TkLaw) law = tk_asset_law(dir, error);
    if (law == NULL)
        return NULL;
    *forms = load_forms(dir, error);
    return *forms == NULL ? NULL : g_steal_pointer(&law);
}

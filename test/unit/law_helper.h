/* The project's own law files, for tests of the pure floor: read here, since that floor reads nothing. */
#ifndef TK_LAW_HELPER_H
#define TK_LAW_HELPER_H

#include "law/law.h"
#include "unit.h"

#include <glib/gstdio.h>

typedef struct {
    GPtrArray *names, *texts; /* char *, owned */
} LawFiles;

static inline void law_files_read(LawFiles *files)
{
    g_autofree char *folder = g_build_filename(g_getenv("TOKATSU_SOURCE"), "law", "jp", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    files->names = g_ptr_array_new_with_free_func(g_free);
    files->texts = g_ptr_array_new_with_free_func(g_free);
    assert_non_null(dir);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        char *text = NULL;
        if (!g_str_has_suffix(name, ".json") || !g_file_get_contents(path, &text, NULL, NULL))
            continue;
        g_ptr_array_add(files->names, g_strdup_printf("jp/%s", name));
        g_ptr_array_add(files->texts, text);
    }
}

static inline void law_files_clear(LawFiles *files)
{
    g_ptr_array_unref(files->names);
    g_ptr_array_unref(files->texts);
}

static inline TkLaw *law_files_load(const LawFiles *files, GError **error)
{
    g_autofree TkLawFile *list = g_new0(TkLawFile, files->names->len);
    for (size_t i = 0; i < files->names->len; i++)
        list[i] = (TkLawFile){files->names->pdata[i], files->texts->pdata[i], strlen(files->texts->pdata[i])};
    return tk_law_load(list, files->names->len, error);
}

/* The law as it is delivered. */
static inline TkLaw *law_of_the_project(void)
{
    LawFiles files;
    GError *error = NULL;
    law_files_read(&files);
    TkLaw *law = law_files_load(&files, &error);
    if (law == NULL)
        fail_msg("%s", error->message);
    law_files_clear(&files);
    return law;
}

static inline TkService service(const TkLaw *law, const char *id)
{
    TkService found = tk_law_service_find(law, id, strlen(id));
    assert_true(found >= 0);
    return found;
}

#endif

/* The frameworks that are shipped, read from the source tree. */
#ifndef TK_FRAMEWORK_HELPER_H
#define TK_FRAMEWORK_HELPER_H

#include "unit.h"

#include "control/control.h"

static inline void framework_files_add(GArray *files, GPtrArray *kept, const char *folder)
{
    g_autofree char *path = g_build_filename(g_getenv("TOKATSU_SOURCE"), folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    assert_non_null(dir);
    while ((name = g_dir_read_name(dir)) != NULL) {
        TkFrameworkFile file = {0};
        g_autofree char *full = g_build_filename(path, name, NULL);
        char *text = NULL;
        if (!g_str_has_suffix(name, ".json") || !g_file_get_contents(full, &text, &file.len, NULL))
            continue;
        file.text = text;
        file.name = g_strdup(name);
        g_ptr_array_add(kept, text);
        g_ptr_array_add(kept, (char *)file.name);
        g_array_append_val(files, file);
    }
}

static inline TkFrameworks *shipped_frameworks(void)
{
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(TkFrameworkFile));
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    framework_files_add(files, kept, "frameworks");
    framework_files_add(files, kept, "frameworks/crosswalks");
    GError *error = NULL;
    TkFrameworks *frameworks =
        tk_frameworks_load((const TkFrameworkFile *)files->data, files->len, NULL, &error);
    if (frameworks == NULL)
        fail_msg("%s", error->message);
    return frameworks;
}

static inline const TkFrameworkItem *item_of(const TkFrameworks *frameworks, const char *framework,
                                             const char *id)
{
    const TkFramework *f = tk_framework_find(frameworks, framework);
    const TkFrameworkItem *item = f != NULL ? tk_framework_item(f, id) : NULL;
    if (item == NULL)
        fail_msg("%s has no %s", framework, id);
    return item;
}

#endif

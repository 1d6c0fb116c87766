/* Which controls a directive chooses: by id, by glob pattern, with their children; excluded ones never. */
#include <fnmatch.h>

#include "control/resolving.h"

void oscal_note(GPtrArray *notes, const char *format, ...)
{
    if (notes->len >= TK_OSCAL_FINDINGS_MAX)
        return;
    va_list args;
    va_start(args, format);
    g_ptr_array_add(notes, g_strdup_vprintf(format, args));
    va_end(args);
}

void oscal_controls(const json_t *node, GPtrArray *out)
{
    const json_t *groups = json_object_get(node, "groups"), *controls = json_object_get(node, "controls");
    for (size_t i = 0; i < json_array_size(controls); i++) {
        g_ptr_array_add(out, json_array_get(controls, i));
        oscal_controls(json_array_get(controls, i), out);
    }
    for (size_t i = 0; i < json_array_size(groups); i++)
        oscal_controls(json_array_get(groups, i), out);
}

static void choose(GHashTable *chosen, json_t *control, bool children)
{
    g_hash_table_add(chosen, control);
    if (!children)
        return;
    g_autoptr(GPtrArray) below = g_ptr_array_new();
    oscal_controls(control, below);
    for (size_t i = 0; i < below->len; i++)
        g_hash_table_add(chosen, below->pdata[i]);
}

static bool choose_id(GHashTable *chosen, const GPtrArray *all, const char *id, bool children)
{
    bool found = false;
    for (size_t i = 0; i < all->len; i++)
        if (g_strcmp0(oscal_text(all->pdata[i], "id"), id) == 0) {
            choose(chosen, all->pdata[i], children);
            found = true;
        }
    return found;
}

static bool choose_pattern(GHashTable *chosen, const GPtrArray *all, const char *pattern, bool children)
{
    bool found = false;
    for (size_t i = 0; i < all->len; i++) {
        const char *id = oscal_text(all->pdata[i], "id");
        if (id != NULL && fnmatch(pattern, id, 0) == 0) {
            choose(chosen, all->pdata[i], children);
            found = true;
        }
    }
    return found;
}

static void choose_by(GHashTable *chosen, const json_t *selections, const GPtrArray *all, const char *where,
                      GPtrArray *notes)
{
    for (size_t i = 0; i < json_array_size(selections); i++) {
        const json_t *selection = json_array_get(selections, i);
        bool children = g_strcmp0(oscal_text(selection, "with-child-controls"), "yes") == 0;
        const json_t *ids = json_object_get(selection, "with-ids"),
                     *patterns = json_object_get(selection, "matching");
        for (size_t k = 0; k < json_array_size(ids); k++) {
            const char *id = json_string_value(json_array_get(ids, k));
            if (id != NULL && !choose_id(chosen, all, id, children))
                oscal_note(notes, "%s: there is no control “%s”", where, id);
        }
        for (size_t k = 0; k < json_array_size(patterns); k++) {
            const char *pattern = oscal_text(json_array_get(patterns, k), "pattern");
            if (pattern != NULL && !choose_pattern(chosen, all, pattern, children))
                oscal_note(notes, "%s: no control's id matches “%s”", where, pattern);
        }
    }
}

GPtrArray *oscal_select(const json_t *directive, const GPtrArray *all, const char *where, GPtrArray *notes)
{
    g_autoptr(GHashTable) chosen = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) excluded = g_hash_table_new(NULL, NULL);
    bool everything = json_object_get(directive, "include-all") != NULL;
    choose_by(chosen, json_object_get(directive, "include-controls"), all, where, notes);
    choose_by(excluded, json_object_get(directive, "exclude-controls"), all, where, notes);
    GPtrArray *order = g_ptr_array_new();
    for (size_t i = 0; i < all->len; i++) {
        void *control = all->pdata[i];
        if ((everything || g_hash_table_contains(chosen, control)) &&
            !g_hash_table_contains(excluded, control))
            g_ptr_array_add(order, control);
    }
    return order;
}

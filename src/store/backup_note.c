/* When a store was last backed up: a small file beside its signing key, because a backup reads the store and
 * may be made where nothing can be written to it. It tells that a backup was written whole, not that it still
 * exists; only a restoration proves that. */
#include "store/store.h"

#include <glib/gstdio.h>

#define NOTE_FILE_MAX 4096

/* Beside the signing key and named like it: ledger.key → backup.json. */
static char *note_path(const char *data_dir, const char *database_url, GError **error)
{
    g_autofree char *key = tk_signing_keys_path(data_dir, database_url, error);
    if (key == NULL)
        return NULL;
    g_autofree char *folder = g_path_get_dirname(key), *name = g_path_get_basename(key);
    name[strlen(name) - strlen(".key")] = '\0';
    return g_strdup_printf("%s/backup%s.json", folder, name + strlen("ledger"));
}

static bool read_hex(const char *text, TkHash *hash)
{
    bool ok = strlen(text) == 2 * sizeof hash->byte;
    for (size_t i = 0; ok && i < sizeof hash->byte; i++) {
        int high = g_ascii_xdigit_value(text[2 * i]), low = g_ascii_xdigit_value(text[2 * i + 1]);
        ok = high >= 0 && low >= 0;
        hash->byte[i] = (uint8_t)(high << 4 | low);
    }
    return ok;
}

bool tk_backup_note_write(const char *data_dir, const char *database_url, const TkBackupNote *note,
                          GError **error)
{
    char root[TK_HASH_HEX_MAX], at[TK_TIME_TEXT_MAX];
    g_autofree char *path = note_path(data_dir, database_url, error);
    if (path == NULL)
        return false;
    g_autoptr(json_t) document = json_pack("{s:s, s:s, s:I, s:s}", "format", "tokatsu-backup-note/1", "at",
                                           tk_time_text(note->at_us, at), "size", (json_int_t)note->head.size,
                                           "root", tk_hash_hex(&note->head.root, root));
    char *text = json_dumps(document, JSON_COMPACT);
    g_autoptr(GError) why = NULL;
    bool done = g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &why);
    free(text);
    return done || tk_fail(error, TK_ERROR_IO, "%s", why->message);
}

bool tk_backup_note_read(const char *data_dir, const char *database_url, TkBackupNote *note, GError **error)
{
    g_autofree char *path = note_path(data_dir, database_url, error);
    g_autofree char *text = NULL;
    gsize len = 0;
    if (path == NULL)
        return false;
    if (!g_file_get_contents(path, &text, &len, NULL))
        return tk_fail(error, TK_ERROR_NOT_FOUND, "no backup has been noted");
    g_autoptr(json_t) document = tk_json_read(path, text, len, NOTE_FILE_MAX, error);
    if (document == NULL)
        return false;
    const char *at = json_string_value(json_object_get(document, "at")),
               *root = json_string_value(json_object_get(document, "root"));
    *note = (TkBackupNote){.head.size = (uint64_t)json_integer_value(json_object_get(document, "size"))};
    if (at == NULL || root == NULL || !tk_time_parse(at, strlen(at), &note->at_us, NULL) ||
        !read_hex(root, &note->head.root))
        return tk_fail(error, TK_ERROR_INPUT, "%s: is no note of a backup", path);
    return true;
}

/* tokatsu ledger export: the log as a directory that any static web server can serve and anybody can verify.
 *
 *     lock the directory · read its checkpoint · is it a past of ours? · new bundles and tiles · wait for the
 * disk · key.pub · checkpoint · remove what the new size has no more
 *
 * Each file is written beside and renamed into place; the checkpoint goes last, so that a reader who follows
 * it finds all it names. An export that was cut off is continued by the next one.
 *
 * Entries are written as the store has them, even where they no longer are what was recorded: then the
 * command says so and ends with status 1, and the export holds the evidence. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/ledger.h"
#include "service/service.h"

#define TEMPORARY ".tokatsu.tmp"

typedef struct {
    OwnLog *log;
    const char *path;
    char *temporary;
    int lock;
    uint64_t old_size;
    uint64_t altered, first_altered; /* entries that are not what their hash says */
    TkHasher *hasher;
    TkBuf bytes;
} Export;

static void export_clear(Export *e)
{
    if (e->lock >= 0)
        close(e->lock);
    g_free(e->temporary);
    g_clear_pointer(&e->hasher, tk_hasher_free);
    tk_buf_clear(&e->bytes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Export, export_clear)

static bool lock_directory(Export *e, GError **error)
{
    if (g_mkdir_with_parents(e->path, 0755) != 0 ||
        (e->lock = open(e->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        return tk_fail(error, TK_ERROR_IO, "cannot make the folder %s: %s", e->path, g_strerror(errno));
    if (flock(e->lock, LOCK_EX | LOCK_NB) != 0)
        return tk_fail(error, TK_ERROR_CONFLICT, "another export to %s is under way", e->path);
    return true;
}

/* ---- what is there already ---- */

/* The directory's checkpoint must be one of this log, and its tree the beginning of ours. */
static bool check_past(Export *e, const TkCheckpoint *past, GError **error)
{
    const char *origin = tk_signing_keys_origin(&e->log->keys);
    if (strcmp(past->origin, origin) != 0)
        return tk_fail(error, TK_ERROR_CONFLICT,
                       "%s holds the log %s and this is %s; export to another folder", e->path, past->origin,
                       origin);
    if (past->size > e->log->head.size)
        return tk_fail(error, TK_ERROR_REFUSED,
                       "%s holds %" G_GUINT64_FORMAT " entries and the store only %" G_GUINT64_FORMAT
                       ": the store was set back",
                       e->path, past->size, e->log->head.size);
    TkHash root;
    TkHashSource source = tk_store_hash_source(e->log->store);
    if (!tk_subtree_root(e->hasher, &source, 0, past->size, &root, error))
        return false;
    if (!tk_hash_equal(&root, &past->root))
        return tk_fail(error, TK_ERROR_REFUSED,
                       "%s holds another history: its first %" G_GUINT64_FORMAT
                       " entries are not those of the store",
                       e->path, past->size);
    e->old_size = past->size;
    return true;
}

static bool read_past(Export *e, ExportDir *dir, GError **error)
{
    const uint8_t *data;
    size_t len;
    g_autofree TkKeys *keys = g_new0(TkKeys, 1);
    *keys = own_log_keys(e->log);
    if (export_dir_read(dir, "key.pub", TK_KEY_FILE_MAX, &data, &len, NULL))
        tk_keys_read((const char *)data, len, keys, NULL);
    GError *why = NULL;
    if (!export_dir_read(dir, "checkpoint", TK_NOTE_BYTES_MAX, &data, &len, &why)) {
        bool none = g_error_matches(why, TK_ERROR, TK_ERROR_NOT_FOUND);
        if (none)
            g_error_free(why);
        else
            g_propagate_error(error, why);
        return none;
    }
    g_auto(TkCheckpoint) past = {0};
    if (tk_checkpoint_open((const char *)data, len, keys, TK_SIGNERS_ANY, &past, NULL, &why))
        return check_past(e, &past, error);
    g_error_free(why);
    return tk_fail(error, TK_ERROR_REFUSED,
                   "the checkpoint in %s is not signed by this log; `tokatsu ledger verify` says "
                   "what is wrong with it; export to an empty folder",
                   e->path);
}

static bool ours(const char *name)
{
    TkTile tile;
    return strcmp(name, "checkpoint") == 0 || strcmp(name, "key.pub") == 0 || strcmp(name, TEMPORARY) == 0 ||
           tk_timestamp_name(name) || tk_tile_path_read(name, &tile);
}

static bool check_names(const Export *e, const ExportDir *dir, GError **error)
{
    for (guint i = 0; i + 1 < dir->names->len; i++)
        if (!ours(dir->names->pdata[i]))
            return tk_fail(error, TK_ERROR_CONFLICT,
                           "%s holds %s, which is not of an exported log; name an empty folder", e->path,
                           (const char *)dir->names->pdata[i]);
    return true;
}

/* Removes what earlier, smaller exports or one that was cut off left behind. */
static bool remove_rest(Export *e, GError **error)
{
    g_auto(ExportDir) dir = {0};
    if (!export_dir_open(e->path, &dir, error))
        return false;
    for (guint i = 0; i + 1 < dir.names->len; i++) {
        TkTile tile;
        const char *name = dir.names->pdata[i];
        bool stale = strcmp(name, TEMPORARY) == 0 ||
                     (tk_tile_path_read(name, &tile) && !tk_tile_expected(&tile, e->log->head.size));
        g_autofree char *path = g_build_filename(e->path, name, NULL);
        if (stale && unlink(path) != 0 && errno != ENOENT)
            return tk_fail(error, TK_ERROR_IO, "cannot remove %s: %s", path, g_strerror(errno));
        g_autofree char *folder = g_path_get_dirname(path);
        if (stale && g_str_has_suffix(folder, ".p"))
            (void)rmdir(folder); /* only if that was the last */
    }
    return true;
}

/* ---- new files ---- */

typedef struct {
    Export *e;
    TkHash row[TK_TILE_WIDTH];
    uint64_t first;
    unsigned count;
    GError *error;
} Bundle;

static bool take_event(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    Bundle *b = data;
    TkHash hash;
    if (leaf != b->first + b->count)
        return tk_fail(&b->error, TK_ERROR_REFUSED, "entry %" G_GUINT64_FORMAT " is missing in the store",
                       b->first + b->count);
    tk_hash_leaf(b->e->hasher, event, len, &hash);
    if (!tk_hash_equal(&hash, &b->row[b->count])) {
        if (b->e->altered++ == 0)
            b->e->first_altered = leaf;
    }
    b->count++;
    return tk_bundle_add(&b->e->bytes, event, len, &b->error);
}

static bool fill_bundle(Export *e, const TkTile *tile, GError **error)
{
    Bundle b = {.e = e, .first = tile->index * TK_TILE_WIDTH};
    TkHashSource source = tk_store_hash_source(e->log->store);
    if (!source.read(source.user, 0, b.first, tile->width, b.row, error) ||
        !tk_store_events(e->log->store, b.first, tile->width, take_event, &b, &b.error)) {
        if (b.error != NULL)
            g_propagate_error(error, b.error);
        return false;
    }
    if (b.error != NULL) {
        g_propagate_error(error, b.error);
        return false;
    }
    return b.count == tile->width ||
           tk_fail(error, TK_ERROR_REFUSED, "entry %" G_GUINT64_FORMAT " is missing in the store",
                   b.first + b.count);
}

static bool write_tile(Export *e, const TkTile *tile, GError **error)
{
    char name[TK_TILE_PATH_MAX];
    g_autofree char *path = g_build_filename(e->path, tk_tile_path(tile, name), NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    TkHashSource source = tk_store_hash_source(e->log->store);
    tk_buf_reset(&e->bytes);
    bool filled = tile->kind == TK_TILE_ENTRIES ? fill_bundle(e, tile, error)
                                                : tk_tile_bytes(&source, tile, &e->bytes, error);
    if (!filled)
        return false;
    if (g_mkdir_with_parents(folder, 0755) != 0)
        return tk_fail(error, TK_ERROR_IO, "cannot make the folder %s: %s", folder, g_strerror(errno));
    return ledger_write_file(path, e->temporary, e->bytes.data, e->bytes.len, false, error);
}

/* Adds what witnesses cosigned of this very head to the note, and their keys in the same order. */
static bool add_cosignatures(Export *e, TkKeys *keys, GError **error)
{
    g_auto(TkBuf) kept = {0};
    g_autofree TkKeys *witnesses = g_new0(TkKeys, 1), *one = g_new0(TkKeys, 1);
    TkBuf *note = &e->log->note;
    tk_buf_init(&kept, TK_NOTE_BYTES_MAX);
    if (!tk_ledger_witness_keys(e->log->store, witnesses, error))
        return false;
    if (witnesses->count == 0 || !tk_store_checkpoint_newest(e->log->store, &kept, NULL))
        return true;
    const char *text = tk_buf_str(&kept), *lines = strstr(text, "\n\n");
    const char *end = g_strstr_len(note->data, (gssize)note->len, "\n\n");
    if (lines == NULL || end == NULL || lines - text != end - note->data ||
        memcmp(text, note->data, (size_t)(lines - text)) != 0)
        return true; /* the newest kept is of another size */
    lines += 2;
    g_autofree char *head = g_strndup(note->data, note->len);
    size_t head_len = note->len;
    one->count = 1;
    for (size_t i = 0; i < witnesses->count && keys->count < TK_KEYS_MAX; i++) {
        one->key[0] = witnesses->key[i];
        if (tk_cosignatures_accept(head, head_len, lines, strlen(lines), one, note, NULL))
            keys->key[keys->count++] = witnesses->key[i];
    }
    return true;
}

static bool write_head(Export *e, GError **error)
{
    g_autofree char *key_path = g_build_filename(e->path, "key.pub", NULL);
    g_autofree char *path = g_build_filename(e->path, "checkpoint", NULL);
    TkKeys keys = own_log_keys(e->log);
    if (!add_cosignatures(e, &keys, error))
        return false;
    tk_buf_reset(&e->bytes);
    tk_keys_write(&keys, &e->bytes);
    if (syncfs(e->lock) != 0)
        return tk_fail(error, TK_ERROR_IO, "cannot write %s to disk: %s", e->path, g_strerror(errno));
    if (!ledger_write_file(key_path, e->temporary, e->bytes.data, e->bytes.len, true, error) ||
        !ledger_write_file(path, e->temporary, e->log->note.data, e->log->note.len, true, error))
        return false;
    return fsync(e->lock) == 0 ||
           tk_fail(error, TK_ERROR_IO, "cannot write %s to disk: %s", e->path, g_strerror(errno));
}

/* ---- time stamps ---- */

static bool take_stamp(const TkRecord *record, gpointer list)
{
    json_array_append_new(list, json_pack("{s:s, s:O}", "id", record->id, "body", record->body));
    return true;
}

static bool write_stamp(Export *e, const char *id, const char *ending, const void *data, size_t len,
                        GError **error)
{
    g_autofree char *name = g_strconcat(id, ending, NULL);
    g_autofree char *path = g_build_filename(e->path, "timestamp", name, NULL);
    return ledger_write_file(path, e->temporary, data, len, true, error);
}

/* Beside the log: each stamped checkpoint with the authority's answer. */
static bool write_stamps(Export *e, GError **error)
{
    g_autoptr(json_t) list = json_array();
    const TkQuery query = {.kind = TK_KIND_TIMESTAMP, .limit = TK_STORE_LIMIT_MAX};
    g_autofree char *folder = g_build_filename(e->path, "timestamp", NULL);
    size_t i;
    json_t *stamp;
    if (!tk_store_list(e->log->store, &query, take_stamp, list, NULL, error))
        return false;
    if (json_array_size(list) > 0 && g_mkdir_with_parents(folder, 0755) != 0)
        return tk_fail(error, TK_ERROR_IO, "cannot make %s: %s", folder, g_strerror(errno));
    json_array_foreach(list, i, stamp)
    {
        const char *id = json_string_value(json_object_get(stamp, "id"));
        const json_t *body = json_object_get(stamp, "body"), *text = json_object_get(body, "checkpoint");
        g_autoptr(GBytes) answer =
            tk_store_blob(e->log->store, json_string_value(json_object_get(body, "sha256")), error);
        gsize len = 0;
        const void *data = answer == NULL ? NULL : g_bytes_get_data(answer, &len);
        if (data == NULL || !write_stamp(e, id, ".tsr", data, len, error) ||
            !write_stamp(e, id, ".checkpoint", json_string_value(text), json_string_length(text), error))
            return false;
    }
    return true;
}

static bool export_log(Export *e, GError **error)
{
    g_auto(ExportDir) dir = {0};
    if (!lock_directory(e, error) || !export_dir_open(e->path, &dir, error) || !check_names(e, &dir, error) ||
        !read_past(e, &dir, error))
        return false;
    TkTile tile;
    for (TkTileWalk walk = tk_tile_walk(e->old_size, e->log->head.size); tk_tile_next(&walk, &tile);)
        if (!write_tile(e, &tile, error))
            return false;
    if (!write_stamps(e, error) || !write_head(e, error) || !remove_rest(e, error))
        return false;
    return e->altered == 0 ||
           tk_fail(error, TK_ERROR_REFUSED,
                   "entry %" G_GUINT64_FORMAT " in the store is not what was recorded (%" G_GUINT64_FORMAT
                   " in all); the export was written with it and does not verify",
                   e->first_altered, e->altered);
}

int ledger_export(const LedgerOptions *o, int argc, char **argv)
{
    GError *error = NULL;
    g_auto(OwnLog) log = {0};
    g_auto(Export) e = {.lock = -1, .log = &log};
    if (argc != 2)
        tk_fail(&error, TK_ERROR_INPUT, "one DIR is needed; see --help");
    if (error != NULL || !own_log_open(o, &log, &error) || !own_log_check(&log, &error))
        return tk_cli_fail("ledger export", error);
    e.path = argv[1];
    e.temporary = g_build_filename(e.path, TEMPORARY, NULL);
    e.hasher = tk_hasher_new();
    tk_buf_init(&e.bytes, TK_BUNDLE_BYTES_MAX);
    if (!export_log(&e, &error))
        return tk_cli_fail("ledger export", error);
    char root[TK_HASH_BASE64_MAX];
    printf("exported %" G_GUINT64_FORMAT " entries (%" G_GUINT64_FORMAT " new) of %s to %s, root %s\n",
           log.head.size, log.head.size - e.old_size, tk_signing_keys_origin(&log.keys), e.path,
           tk_hash_base64(&log.head.root, root));
    return fflush(stdout) == 0 ? 0 : 2;
}

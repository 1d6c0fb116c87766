/* An exported log as files. Reading follows no symbolic link and opens nothing but regular files; a directory
 * that somebody else prepared cannot make it wait or read elsewhere. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/ledger.h"

#define DEPTH_MAX 12
#define NAMES_MAX 50000000

static bool io_fail(GError **error, const char *what, const char *path)
{
    return tk_fail(error, TK_ERROR_IO, "cannot %s %s: %s", what, path, g_strerror(errno));
}

static bool list(ExportDir *dir, const char *below, unsigned depth, GError **error);

static bool list_entry(ExportDir *dir, const char *below, const struct dirent *entry, unsigned depth,
                       GError **error)
{
    g_autofree char *name =
        *below == '\0' ? g_strdup(entry->d_name) : g_strconcat(below, "/", entry->d_name, NULL);
    g_autofree char *path = g_build_filename(dir->path, name, NULL);
    struct stat info;
    if (lstat(path, &info) != 0)
        return errno == ENOENT || io_fail(error, "read", path); /* gone meanwhile */
    if (S_ISDIR(info.st_mode))
        return list(dir, name, depth + 1, error);
    if (dir->names->len >= NAMES_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%s holds more than %d files", dir->path, NAMES_MAX);
    g_ptr_array_add(dir->names, g_steal_pointer(&name));
    return true;
}

static bool list(ExportDir *dir, const char *below, unsigned depth, GError **error)
{
    g_autofree char *path = g_build_filename(dir->path, below, NULL);
    if (depth > DEPTH_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%s is nested deeper than an exported log", path);
    DIR *stream = opendir(path);
    if (stream == NULL)
        return io_fail(error, "open", path);
    bool ok = true;
    for (struct dirent *entry; ok && (entry = readdir(stream)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            ok = list_entry(dir, below, entry, depth, error);
    closedir(stream);
    return ok;
}

bool export_dir_open(const char *path, ExportDir *dir, GError **error)
{
    *dir = (ExportDir){.path = g_strdup(path), .names = g_ptr_array_new_with_free_func(g_free)};
    if (!list(dir, "", 0, error))
        return false;
    g_ptr_array_add(dir->names, NULL);
    return true;
}

void export_dir_clear(ExportDir *dir)
{
    g_free(dir->path);
    g_free(dir->data);
    g_clear_pointer(&dir->names, g_ptr_array_unref);
    *dir = (ExportDir){0};
}

/* Opens a regular file; -1 and *error otherwise. */
static int open_regular(const char *path, size_t *size, GError **error)
{
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG)
            tk_fail(error, TK_ERROR_NOT_FOUND, "there is no file %s", path);
        else
            io_fail(error, "open", path);
        return -1;
    }
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(file);
        tk_fail(error, TK_ERROR_NOT_FOUND, "%s is not a regular file", path);
        return -1;
    }
    *size = (size_t)info.st_size;
    return file;
}

/* Reads up to `cap` bytes, until the end. */
static ssize_t read_all(int file, uint8_t *data, size_t cap)
{
    size_t len = 0;
    while (len < cap) {
        ssize_t n = read(file, data + len, cap - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        len += (size_t)n;
    }
    return (ssize_t)len;
}

bool export_dir_read(void *user, const char *name, size_t max, const uint8_t **data, size_t *len,
                     GError **error)
{
    ExportDir *dir = user;
    g_autofree char *path = g_build_filename(dir->path, name, NULL);
    size_t size = 0;
    int file = open_regular(path, &size, error);
    if (file < 0)
        return false;
    size_t want = MIN(size, max) + 1; /* one more, to see that the file ends there */
    if (dir->cap < want) {
        dir->cap = MAX(want, 64 * 1024);
        dir->data = g_realloc(dir->data, dir->cap);
    }
    ssize_t n = read_all(file, dir->data, want);
    int saved = errno;
    close(file);
    errno = saved;
    if (n < 0)
        return io_fail(error, "read", path);
    if ((size_t)n > max || (size_t)n == want)
        return tk_fail(error, TK_ERROR_LIMIT, "%s is longer than %zu bytes, or grows", path, max);
    *data = dir->data;
    *len = (size_t)n;
    return true;
}

static bool read_hashes(void *user, unsigned level, uint64_t first, size_t count, TkHash *out, GError **error)
{
    ExportHashes *hashes = user;
    uint64_t have = level < TK_TILE_LEVELS ? hashes->size >> (TK_TILE_HEIGHT * level) : 0;
    TkTile tile = {
        .kind = TK_TILE_HASHES, .level = level, .index = first / TK_TILE_WIDTH, .width = TK_TILE_WIDTH};
    if (have < (tile.index + 1) * TK_TILE_WIDTH)
        tile.width = (unsigned)(have % TK_TILE_WIDTH);
    char path[TK_TILE_PATH_MAX];
    const uint8_t *data;
    size_t len, offset = first % TK_TILE_WIDTH * TK_HASH_LEN;
    if (!export_dir_read(hashes->dir, tk_tile_path(&tile, path), TK_TILE_WIDTH * TK_HASH_LEN, &data, &len,
                         error))
        return false;
    if (len < offset + count * TK_HASH_LEN)
        return tk_fail(error, TK_ERROR_REFUSED, "%s is too short", path);
    memcpy(out, data + offset, count * TK_HASH_LEN);
    return true;
}

TkHashSource export_dir_hashes(ExportHashes *hashes)
{
    return (TkHashSource){read_hashes, hashes};
}

char *ledger_read_file(const char *path, size_t max, size_t *len, GError **error)
{
    int file = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        io_fail(error, "open", path);
        return NULL;
    }
    g_autofree char *data = g_malloc(max + 2);
    ssize_t n = read_all(file, (uint8_t *)data, max + 1);
    close(file);
    if (n < 0) {
        io_fail(error, "read", path);
        return NULL;
    }
    if ((size_t)n > max) {
        tk_fail(error, TK_ERROR_LIMIT, "%s is longer than %zu bytes", path, max);
        return NULL;
    }
    data[n] = '\0';
    *len = (size_t)n;
    return g_steal_pointer(&data);
}

bool ledger_write_file(const char *path, const char *temporary, const void *data, size_t len, bool durable,
                       GError **error)
{
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0)
        return io_fail(error, "create", temporary);
    const char *at = data;
    bool ok = true;
    for (size_t left = len; ok && left > 0;) {
        ssize_t n = write(file, at, left);
        if (n < 0 && errno == EINTR)
            continue;
        ok = n > 0;
        at += ok ? n : 0;
        left -= ok ? (size_t)n : 0;
    }
    ok = ok && (!durable || fsync(file) == 0);
    int saved = errno;
    ok = close(file) == 0 && ok;
    if (ok && rename(temporary, path) == 0)
        return true;
    errno = ok ? errno : saved;
    io_fail(error, "write", path);
    (void)unlink(temporary);
    return false;
}

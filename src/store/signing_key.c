/* The log's private keys: a file beside the database, never in it, so that whoever can write the database
 * still cannot sign another history. Mode 0600; made at first use.
 *
 *     one line a key, the newest last; each signs every checkpoint, so that while a key is being replaced
 * those who trust the old one and those who trust the new one both read on. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "store/store.h"

#define FILE_MAX 16384

static bool io_fail(GError **error, const char *what, const char *path)
{
    return tk_fail(error, TK_ERROR_IO, "cannot %s %s: %s", what, path, g_strerror(errno));
}

/* The URL without its password, which may change while the log stays the same. */
static char *url_without_password(const char *url)
{
    const char *user = strstr(url, "://");
    const char *at = user == NULL ? NULL : strchr(user + 3, '@');
    const char *colon = at == NULL ? NULL : memchr(user + 3, ':', (size_t)(at - user - 3));
    if (colon == NULL)
        return g_strdup(url);
    return g_strdup_printf("%.*s%s", (int)(colon - url), url, at);
}

char *tk_signing_keys_path(const char *data_dir, const char *database_url, GError **error)
{
    g_autofree char *folder =
        data_dir != NULL ? g_strdup(data_dir) : g_build_filename(g_get_user_state_dir(), "tokatsu", NULL);
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        io_fail(error, "make the folder", folder);
        return NULL;
    }
    if (data_dir != NULL || database_url == NULL)
        return g_build_filename(folder, "ledger.key", NULL);
    g_autofree char *url = url_without_password(database_url);
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHash hash;
    char hex[TK_HASH_HEX_MAX];
    tk_hash_bytes(hasher, url, strlen(url), &hash);
    return g_strdup_printf("%s/ledger-%.16s.key", folder, tk_hash_hex(&hash, hex));
}

/* Makes `path` with this content unless somebody else has made it meanwhile; durable when it returns true. */
static bool create(const char *path, const TkBuf *content, bool replace, GError **error)
{
    g_autofree char *temporary = g_strdup_printf("%s.%d.new", path, (int)getpid());
    (void)unlink(temporary);
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return io_fail(error, "create", temporary);
    bool ok = write(file, content->data, content->len) == (ssize_t)content->len && fsync(file) == 0;
    ok = close(file) == 0 && ok;
    if (ok)
        ok = replace ? rename(temporary, path) == 0 : link(temporary, path) == 0 || errno == EEXIST;
    if (!ok)
        io_fail(error, "write", path);
    (void)unlink(temporary);
    return ok;
}

static TkSigner *draw(const char *name, TkKeyType type, GError **error)
{
    uint8_t seed[TK_SEED_LEN];
    if (RAND_bytes(seed, sizeof seed) != 1) {
        tk_fail(error, TK_ERROR_INTERNAL, "OpenSSL has no random bytes for a signing key");
        return NULL;
    }
    TkSigner *signer = tk_signer_new(name, type, seed, error);
    memset(seed, 0, sizeof seed);
    return signer;
}

/* "tokatsu/" and 16 random hexadecimal digits. */
static bool draw_name(char name[32], GError **error)
{
    uint8_t id[8];
    if (RAND_bytes(id, sizeof id) != 1)
        return tk_fail(error, TK_ERROR_INTERNAL, "OpenSSL has no random bytes for the log's name");
    size_t at = g_strlcpy(name, "tokatsu/", 32);
    for (size_t i = 0; i < sizeof id; i++)
        at += (size_t)g_snprintf(name + at, 32 - at, "%02x", id[i]);
    return true;
}

static bool make(const char *path, const char *origin, TkKeyType type, GError **error)
{
    char drawn[32];
    if (origin == NULL && !draw_name(drawn, error))
        return false;
    g_autoptr(TkSigner) signer = draw(origin != NULL ? origin : drawn, type, error);
    if (signer == NULL)
        return false;
    g_auto(TkBuf) content = {0};
    tk_buf_init(&content, FILE_MAX);
    tk_signer_write(signer, &content);
    tk_buf_add_char(&content, '\n');
    return create(path, &content, false, error);
}

/* The file's lines, as long as nobody else may read them. */
static char *read_file(const char *path, GError **error)
{
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &info) != 0) {
        io_fail(error, "read", path);
        if (file >= 0)
            close(file);
        return NULL;
    }
    g_autofree char *text = g_malloc0(FILE_MAX + 1);
    ssize_t len = read(file, text, FILE_MAX + 1);
    close(file);
    if (len < 0 || len > FILE_MAX) {
        tk_fail(error, TK_ERROR_INPUT, "%s is not a file of signing keys", path);
        return NULL;
    }
    if ((info.st_mode & 077) != 0) {
        tk_fail(error, TK_ERROR_FORBIDDEN,
                "%s holds the ledger's signing key and others may read it; chmod 600 it and "
                "consider replacing the key",
                path);
        return NULL;
    }
    text[len] = '\0';
    return g_steal_pointer(&text);
}

void tk_signing_keys_clear(TkSigningKeys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        tk_signer_free(keys->signer[i]);
    keys->count = 0;
}

const char *tk_signing_keys_origin(const TkSigningKeys *keys)
{
    return tk_signer_key(keys->signer[0])->name;
}

static bool parse(const char *path, const char *text, TkKeyType type, TkSigningKeys *keys, GError **error)
{
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        if (keys->count == TK_SIGNING_KEYS_MAX)
            return tk_fail(error, TK_ERROR_LIMIT, "%s holds more than %d keys", path, TK_SIGNING_KEYS_MAX);
        GError *why = NULL;
        TkSigner *signer = tk_signer_read(text, (size_t)(end - text), &why);
        if (signer == NULL) {
            g_propagate_prefixed_error(error, why, "%s, line %zu: ", path, keys->count + 1);
            return false;
        }
        keys->signer[keys->count++] = signer;
        const TkKey *key = tk_signer_key(signer);
        if (key->type != type || strcmp(key->name, tk_signing_keys_origin(keys)) != 0)
            return tk_fail(error, TK_ERROR_INPUT,
                           "%s, line %zu: all keys of a log have its name, and a witness has keys of its own",
                           path, keys->count);
    }
    return (keys->count > 0 && *text == '\0') ||
           tk_fail(error, TK_ERROR_INPUT, "%s holds no whole line with a signing key", path);
}

static bool open_keys(const char *path, const char *origin, TkKeyType type, TkSigningKeys *keys,
                      GError **error)
{
    *keys = (TkSigningKeys){0};
    if (access(path, F_OK) != 0) {
        if (errno != ENOENT)
            return io_fail(error, "read", path);
        if (!make(path, origin, type, error))
            return false;
    }
    g_autofree char *text = read_file(path, error);
    if (text != NULL && parse(path, text, type, keys, error))
        return true;
    tk_signing_keys_clear(keys);
    return false;
}

bool tk_signing_keys_open(const char *path, const char *origin, TkSigningKeys *keys, GError **error)
{
    return open_keys(path, origin, TK_KEY_ED25519, keys, error);
}

bool tk_cosigning_keys_open(const char *path, const char *name, TkSigningKeys *keys, GError **error)
{
    return open_keys(path, name, TK_KEY_COSIGNATURE, keys, error);
}

bool tk_signing_keys_add(const char *path, TkSigningKeys *keys, GError **error)
{
    if (keys->count == TK_SIGNING_KEYS_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%s holds %d keys already; retire one first", path,
                       TK_SIGNING_KEYS_MAX);
    TkSigner *signer = draw(tk_signing_keys_origin(keys), tk_signer_key(keys->signer[0])->type, error);
    if (signer == NULL)
        return false;
    keys->signer[keys->count++] = signer;
    g_auto(TkBuf) content = {0};
    tk_buf_init(&content, FILE_MAX);
    for (size_t i = 0; i < keys->count; i++) {
        tk_signer_write(keys->signer[i], &content);
        tk_buf_add_char(&content, '\n');
    }
    return create(path, &content, true, error);
}

bool tk_signing_keys_retire(const char *path, TkSigningKeys *keys, GError **error)
{
    if (keys->count < 2)
        return tk_fail(error, TK_ERROR_CONFLICT, "%s holds one key; add its successor before it is retired",
                       path);
    tk_signer_free(keys->signer[0]);
    memmove(keys->signer, keys->signer + 1, (keys->count - 1) * sizeof *keys->signer);
    keys->count--;
    g_auto(TkBuf) content = {0};
    tk_buf_init(&content, FILE_MAX);
    for (size_t i = 0; i < keys->count; i++) {
        tk_signer_write(keys->signer[i], &content);
        tk_buf_add_char(&content, '\n');
    }
    return create(path, &content, true, error);
}

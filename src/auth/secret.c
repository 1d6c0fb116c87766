#include "auth/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <liboath/oath.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_key(int fd, const char *path, uint8_t *key, GError **error)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || about.st_size != crypto_secretbox_KEYBYTES ||
        read(fd, key, crypto_secretbox_KEYBYTES) != crypto_secretbox_KEYBYTES)
        return tk_fail(error, TK_ERROR_IO,
                       "%s is not a key of %u bytes; restore it from your backup of the keys", path,
                       (unsigned)crypto_secretbox_KEYBYTES);
    if ((about.st_mode & 077) != 0)
        return tk_fail(error, TK_ERROR_IO, "%s can be read by others; run chmod 600 on it", path);
    return true;
}

bool tk_secret_key_open(const char *path, uint8_t key[crypto_secretbox_KEYBYTES], GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0) {
        bool fine = read_key(fd, path, key, error);
        close(fd);
        return fine;
    }
    if (errno != ENOENT)
        return tk_fail(error, TK_ERROR_IO, "%s cannot be opened: %s", path, g_strerror(errno));
    randombytes_buf(key, crypto_secretbox_KEYBYTES);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool kept =
        fd >= 0 && write(fd, key, crypto_secretbox_KEYBYTES) == crypto_secretbox_KEYBYTES && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return kept || tk_fail(error, TK_ERROR_IO, "%s cannot be written: %s", path, g_strerror(errno));
}

char *tk_secret_seal(const uint8_t *key, const void *plain, size_t len)
{
    size_t size = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + len;
    g_autofree uint8_t *box = g_malloc(size);
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, plain, len, box, key);
    return g_base64_encode(box, size);
}

char *tk_secret_unseal(const uint8_t *key, const char *sealed, size_t *len, GError **error)
{
    gsize size = 0;
    g_autofree uint8_t *box = g_base64_decode(sealed, &size);
    size_t around = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (size >= around) {
        g_autofree char *plain = g_malloc0(size - around + 1);
        if (crypto_secretbox_open_easy((uint8_t *)plain, box + crypto_secretbox_NONCEBYTES,
                                       size - crypto_secretbox_NONCEBYTES, box, key) == 0) {
            *len = size - around;
            return g_steal_pointer(&plain);
        }
    }
    tk_fail(error, TK_ERROR_REFUSED,
            "a sealed field does not open: it was altered, or field.key is not its key");
    return NULL;
}

void tk_secret_token(char out[TK_AUTH_TOKEN_MAX])
{
    uint8_t bytes[24];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(out, TK_AUTH_TOKEN_MAX, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

void tk_auth_random(char *out)
{
    uint8_t bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(out, TK_AUTH_TOKEN_MAX, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

void tk_auth_hash(const char *text, char out[65])
{
    tk_secret_hash(text, out);
}

void tk_secret_hash(const char *token, char out[65])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const uint8_t *)token, strlen(token));
    sodium_bin2hex(out, 65, hash, sizeof hash);
}

bool tk_secret_password_check_form(const char *password, GError **error)
{
    size_t len = strlen(password);
    if (len > TK_AUTH_PASSWORD_MAX || !g_utf8_validate(password, -1, NULL))
        return tk_fail(error, TK_ERROR_INPUT, "the password must be UTF-8 text of at most %d bytes",
                       TK_AUTH_PASSWORD_MAX);
    if (g_utf8_strlen(password, -1) < TK_AUTH_PASSWORD_MIN)
        return tk_fail(error, TK_ERROR_INPUT,
                       "the password must have at least %d characters; a sentence is a good one",
                       TK_AUTH_PASSWORD_MIN);
    return true;
}

void tk_slots_init(TkSlots *slots, int count)
{
    g_mutex_init(&slots->lock);
    g_cond_init(&slots->freed);
    slots->left = count;
}

void tk_slots_clear(TkSlots *slots)
{
    g_mutex_clear(&slots->lock);
    g_cond_clear(&slots->freed);
}

static void take_slot(TkSlots *slots)
{
    g_mutex_lock(&slots->lock);
    while (slots->left == 0)
        g_cond_wait(&slots->freed, &slots->lock);
    slots->left--;
    g_mutex_unlock(&slots->lock);
}

static void give_slot(TkSlots *slots)
{
    g_mutex_lock(&slots->lock);
    slots->left++;
    g_cond_signal(&slots->freed);
    g_mutex_unlock(&slots->lock);
}

char *tk_secret_password_hash(TkSlots *slots, const char *password, GError **error)
{
    char text[crypto_pwhash_STRBYTES];
    take_slot(slots);
    int failed = crypto_pwhash_str_alg(text, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                       crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13);
    give_slot(slots);
    if (failed == 0)
        return g_strdup(text);
    tk_fail(error, TK_ERROR_IO, "there is not enough memory to keep a password");
    return NULL;
}

/* The work of a check where there is nothing to check against. */
static void waste_as_much_time(const char *password)
{
    uint8_t out[32], salt[crypto_pwhash_SALTBYTES] = {0};
    int failed =
        crypto_pwhash(out, sizeof out, password, strlen(password), salt, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                      crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13);
    (void)failed;
}

bool tk_secret_password_matches(TkSlots *slots, const char *hash, const char *password)
{
    bool same = false;
    take_slot(slots);
    if (hash != NULL)
        same = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    else
        waste_as_much_time(password);
    give_slot(slots);
    return same;
}

int64_t tk_secret_totp_step(const uint8_t seed[TK_SEED_BYTES], const char *code, int64_t now_us)
{
    int64_t now_step = now_us / TK_US_PER_S / 30;
    int64_t found = -1;
    for (int64_t step = now_step - 1; step <= now_step + 1; step++) {
        char expected[7] = "";
        if (step < 0 || oath_totp_generate((const char *)seed, TK_SEED_BYTES, (time_t)(step * 30), 30, 0, 6,
                                           expected) != OATH_OK)
            continue;
        if (tk_auth_same_secret(expected, code))
            found = step;
    }
    return found;
}

char *tk_secret_base32(const uint8_t *bytes, size_t len)
{
    char *text = NULL;
    size_t text_len = 0;
    if (oath_base32_encode((const char *)bytes, len, &text, &text_len) != OATH_OK)
        return g_strdup("");
    char *copy = g_strndup(text, text_len);
    sodium_memzero(text, text_len);
    free(text);
    return copy;
}

bool tk_auth_same_secret(const char *a, const char *b)
{
    size_t len = strlen(a);
    return len == strlen(b) && sodium_memcmp(a, b, len) == 0;
}

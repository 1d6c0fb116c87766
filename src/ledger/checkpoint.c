/* Checkpoints: the signed heads of a log. */
#include "ledger/ledger.h"
#include "ledger/note_private.h"

#define EXTENSIONS_MAX 64

void tk_checkpoint_clear(TkCheckpoint *checkpoint)
{
    g_free(checkpoint->origin);
    g_strfreev(checkpoint->extension);
    *checkpoint = (TkCheckpoint){0};
}

bool tk_checkpoint_read_text(const char *text, size_t len, TkCheckpoint *checkpoint, GError **error)
{
    *checkpoint = (TkCheckpoint){0};
    if (len == 0 || len > TK_NOTE_BYTES_MAX || text[len - 1] != '\n' || memchr(text, '\0', len) != NULL ||
        !g_utf8_validate(text, (gssize)len, NULL))
        return tk_fail(error, TK_ERROR_INPUT, "a checkpoint is lines of UTF-8, each ended by a newline");
    g_autofree char *body = g_strndup(text, len - 1);
    g_auto(GStrv) line = g_strsplit(body, "\n", 3 + EXTENSIONS_MAX + 1);
    guint lines = g_strv_length(line);
    if (lines < 3)
        return tk_fail(error, TK_ERROR_INPUT, "a checkpoint has at least 3 lines, this one %u", lines);
    if (lines > 3 + EXTENSIONS_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "a checkpoint with more than %d extension lines",
                       EXTENSIONS_MAX);
    for (guint i = 0; i < lines; i++)
        if (*line[i] == '\0')
            return tk_fail(error, TK_ERROR_INPUT, "line %u of the checkpoint is empty", i + 1);
    if (!tk_size_read(line[1], strlen(line[1]), &checkpoint->size))
        return tk_fail(error, TK_ERROR_INPUT, "line 2 of the checkpoint is not a tree size");
    if (!tk_hash_read_base64(line[2], strlen(line[2]), &checkpoint->root))
        return tk_fail(error, TK_ERROR_INPUT, "line 3 of the checkpoint is not the base64 of a root hash");
    checkpoint->origin = g_strdup(line[0]);
    if (lines > 3)
        checkpoint->extension = g_strdupv(line + 3);
    return true;
}

void tk_checkpoint_write_text(const TkCheckpoint *checkpoint, TkBuf *out)
{
    char root[TK_HASH_BASE64_MAX];
    tk_buf_addf(out, "%s\n%" G_GUINT64_FORMAT "\n%s\n", checkpoint->origin, checkpoint->size,
                tk_hash_base64(&checkpoint->root, root));
    for (char **line = checkpoint->extension; line != NULL && *line != NULL; line++)
        tk_buf_addf(out, "%s\n", *line);
}

bool tk_checkpoint_sign(const char *origin, uint64_t size, const TkHash *root, TkSigner *const *signers,
                        size_t count, TkBuf *out, GError **error)
{
    if (*origin == '\0' || strchr(origin, '\n') != NULL || !g_utf8_validate(origin, -1, NULL))
        return tk_fail(error, TK_ERROR_INPUT, "“%s” cannot be a log's origin: one line of UTF-8", origin);
    TkCheckpoint checkpoint = {.origin = (char *)origin, .size = size, .root = *root};
    g_auto(TkBuf) text = {0};
    tk_buf_init(&text, TK_NOTE_BYTES_MAX);
    tk_checkpoint_write_text(&checkpoint, &text);
    tk_buf_add(out, text.data, text.len);
    tk_buf_add_char(out, '\n');
    for (size_t i = 0; i < count; i++)
        if (!tk_note_sign(signers[i], text.data, text.len, 0, out, error))
            return false;
    return true;
}

static const TkKey *find_key(const TkKeys *keys, const TkSignature *signature)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->key[i].id == signature->id && strcmp(keys->key[i].name, signature->name) == 0)
            return &keys->key[i];
    return NULL;
}

/* One signature: *log_key is set when it is the log's own and counts at this size. */
static bool check_signature(const TkNote *note, const TkSignature *signature, const TkKeys *keys,
                            TkSigners rule, uint64_t size, const TkKey **log_key, GError **error)
{
    const TkKey *key = find_key(keys, signature);
    if (key == NULL) {
        if (rule == TK_SIGNERS_EACH)
            return tk_fail(error, TK_ERROR_REFUSED,
                           "the checkpoint is signed by %s+%08x, a key that is not known here",
                           signature->name, signature->id);
        return true;
    }
    if (!tk_signature_check(key, signature, note->text, note->text_len, NULL))
        return tk_fail(error, TK_ERROR_REFUSED, "the checkpoint's signature by %s+%08x does not hold",
                       key->name, key->id);
    if (key->type == TK_KEY_ED25519 && size >= key->from_size && size <= key->until_size && *log_key == NULL)
        *log_key = key;
    return true;
}

bool tk_checkpoint_open(const char *data, size_t len, const TkKeys *keys, TkSigners rule,
                        TkCheckpoint *checkpoint, const TkKey **signed_by, GError **error)
{
    *checkpoint = (TkCheckpoint){0};
    g_autoptr(TkNote) note = tk_note_read(data, len, error);
    if (note == NULL)
        return false;
    g_auto(TkCheckpoint) read = {0};
    if (!tk_checkpoint_read_text(note->text, note->text_len, &read, error))
        return false;
    const TkKey *log_key = NULL;
    for (size_t i = 0; i < note->count; i++)
        if (!check_signature(note, &note->signature[i], keys, rule, read.size, &log_key, error))
            return false;
    if (log_key == NULL)
        return tk_fail(error, TK_ERROR_REFUSED,
                       "the checkpoint of size %" G_GUINT64_FORMAT
                       " is not signed by a key that counts for it",
                       read.size);
    if (signed_by != NULL)
        *signed_by = log_key;
    *checkpoint = read;
    read = (TkCheckpoint){0};
    return true;
}

/* Notes, checkpoints and keys as others send them. What is read must come out again byte for byte. */
#include "ledger/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void same(const TkBuf *out, const char *text, size_t len, const char *what)
{
    if (out->len != len || memcmp(out->data, text, len) != 0)
        g_error("%s does not come out as it was read", what);
}

static void try_keys(const char *text, size_t len)
{
    g_autofree TkKeys *keys = g_new0(TkKeys, 1);
    if (!tk_keys_read(text, len, keys, NULL))
        return;
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 2 * TK_KEY_FILE_MAX);
    tk_keys_write(keys, &out);
    /* "from=0" may be said and says nothing: it is not written again. */
    if (memmem(text, len, "=0", 2) == NULL)
        same(&out, text, len, "a key file");
}

static void try_checkpoint(const TkNote *note)
{
    g_auto(TkCheckpoint) checkpoint = {0};
    if (!tk_checkpoint_read_text(note->text, note->text_len, &checkpoint, NULL))
        return;
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, TK_NOTE_BYTES_MAX);
    tk_checkpoint_write_text(&checkpoint, &out);
    same(&out, note->text, note->text_len, "a checkpoint");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const char *text = (const char *)data;
    try_keys(text, len);
    tk_signer_free(tk_signer_read(text, len, NULL));
    g_autoptr(TkNote) note = tk_note_read(text, len, NULL);
    if (note == NULL)
        return 0;
    try_checkpoint(note);
    /* The text must be the input up to the empty line; a signature by a key that signed nothing never holds.
     */
    if (memcmp(note->text, text, note->text_len) != 0)
        g_error("a note's text is not what was read");
    TkKey key = {.type = TK_KEY_COSIGNATURE, .id = note->signature[0].id};
    g_strlcpy(key.name, note->signature[0].name, sizeof key.name);
    memset(key.key, 0x42, sizeof key.key);
    int64_t at_s;
    if (tk_signature_check(&key, &note->signature[0], note->text, note->text_len, &at_s))
        g_error("a signature held that nobody made");
    return 0;
}

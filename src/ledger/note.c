/* Signed notes: text, an empty line, signature lines. Reading is strict enough that a note has one form: an
 * altered, missing or added byte either makes it unreadable or breaks a signature. */
#include "ledger/ledger.h"
#include "ledger/note_private.h"

#define DASH                "\xe2\x80\x94 " /* em dash, space */
#define SIGNATURE_BYTES_MAX 8192            /* post-quantum signatures of others have up to 5 kB */

void tk_note_free(TkNote *note)
{
    if (note == NULL)
        return;
    for (size_t i = 0; i < note->count; i++) {
        g_free(note->signature[i].name);
        g_free(note->signature[i].bytes);
    }
    g_free(note->signature);
    g_free(note->text);
    g_free(note);
}

/* One line without its newline. */
static bool read_signature(const char *line, size_t len, TkSignature *out)
{
    size_t dash = strlen(DASH);
    if (len <= dash || memcmp(line, DASH, dash) != 0)
        return false;
    const char *name = line + dash;
    const char *space = memchr(name, ' ', len - dash);
    if (space == NULL || space == name || space - name > TK_KEY_NAME_MAX)
        return false;
    for (const char *p = name; p < space; p = g_utf8_next_char(p))
        if (*p == '+' || g_unichar_isspace(g_utf8_get_char(p)))
            return false;
    uint8_t bytes[SIGNATURE_BYTES_MAX];
    size_t n = 0;
    if (!tk_base64_read(space + 1, (size_t)(line + len - space - 1), bytes, sizeof bytes, &n) || n < 5)
        return false;
    *out = (TkSignature){.name = g_strndup(name, (gsize)(space - name)),
                         .id = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
                               bytes[3],
                         .bytes = g_memdup2(bytes + 4, n - 4),
                         .len = n - 4};
    return true;
}

bool tk_signatures_read(const char *text, size_t len, TkNote *note, GError **error)
{
    note->signature = g_new0(TkSignature, TK_NOTE_SIGNATURES_MAX);
    for (size_t at = 0; at < len;) {
        const char *end = memchr(text + at, '\n', len - at);
        if (end == NULL)
            return tk_fail(error, TK_ERROR_INPUT, "the last signature line does not end in a newline");
        if (note->count == TK_NOTE_SIGNATURES_MAX)
            return tk_fail(error, TK_ERROR_LIMIT, "more than %d signatures", TK_NOTE_SIGNATURES_MAX);
        if (!read_signature(text + at, (size_t)(end - text) - at, &note->signature[note->count]))
            return tk_fail(error, TK_ERROR_INPUT,
                           "signature line %zu is not of the form “— name base64” with strict base64",
                           note->count + 1);
        note->count++;
        at = (size_t)(end - text) + 1;
    }
    return note->count > 0 || tk_fail(error, TK_ERROR_INPUT, "the note carries no signature");
}

TkNote *tk_note_read(const char *data, size_t len, GError **error)
{
    if (len == 0 || len > TK_NOTE_BYTES_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "a signed note has 1 to %d bytes, this one %zu", TK_NOTE_BYTES_MAX,
                len);
        return NULL;
    }
    if (!g_utf8_validate(data, (gssize)len, NULL)) {
        tk_fail(error, TK_ERROR_INPUT, "the note is not UTF-8");
        return NULL;
    }
    size_t split = 0; /* length of the text: up to the last empty line */
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)data[i] < 0x20 && data[i] != '\n') {
            tk_fail(error, TK_ERROR_INPUT, "the note has a control character at byte %zu", i);
            return NULL;
        }
        if (i > 0 && data[i] == '\n' && data[i - 1] == '\n')
            split = i;
    }
    if (split == 0) {
        tk_fail(error, TK_ERROR_INPUT, "no empty line separates the note's text from its signatures");
        return NULL;
    }
    g_autoptr(TkNote) note = g_new0(TkNote, 1);
    note->text = g_strndup(data, split);
    note->text_len = split;
    if (!tk_signatures_read(data + split + 1, len - split - 1, note, error))
        return NULL;
    return g_steal_pointer(&note);
}

/* What a cosignature signs: the text behind two lines that give the time. */
static void cosigned(const char *text, size_t len, int64_t at_s, TkBuf *out)
{
    tk_buf_init(out, TK_NOTE_BYTES_MAX + 64);
    tk_buf_addf(out, "cosignature/v1\ntime %" G_GINT64_FORMAT "\n", at_s);
    tk_buf_add(out, text, len);
}

bool tk_note_sign(const TkSigner *signer, const char *text, size_t len, int64_t at_s, TkBuf *out,
                  GError **error)
{
    const TkKey *key = tk_signer_key(signer);
    uint8_t bytes[4 + 8 + 64] = {(uint8_t)(key->id >> 24), (uint8_t)(key->id >> 16), (uint8_t)(key->id >> 8),
                                 (uint8_t)key->id};
    size_t n = 4;
    g_auto(TkBuf) message = {0};
    if (key->type == TK_KEY_COSIGNATURE) {
        if (at_s < 0)
            return tk_fail(error, TK_ERROR_INPUT, "a cosignature needs a time after 1970");
        for (int i = 0; i < 8; i++)
            bytes[n++] = (uint8_t)((uint64_t)at_s >> (56 - 8 * i));
        cosigned(text, len, at_s, &message);
    } else {
        tk_buf_init(&message, TK_NOTE_BYTES_MAX);
        tk_buf_add(&message, text, len);
    }
    if (message.overflow)
        return tk_fail(error, TK_ERROR_LIMIT, "a text of %zu bytes is too long for a note", len);
    if (!tk_signer_sign(signer, message.data, message.len, bytes + n, error))
        return false;
    g_autofree char *base64 = g_base64_encode(bytes, n + 64);
    tk_buf_addf(out, DASH "%s %s\n", key->name, base64);
    return true;
}

bool tk_signature_check(const TkKey *key, const TkSignature *signature, const char *text, size_t len,
                        int64_t *at_s)
{
    if (signature->id != key->id || strcmp(signature->name, key->name) != 0)
        return false;
    if (key->type == TK_KEY_ED25519)
        return signature->len == 64 && tk_key_verify(key, text, len, signature->bytes);
    if (signature->len != 8 + 64)
        return false;
    uint64_t at = 0;
    for (int i = 0; i < 8; i++)
        at = at << 8 | signature->bytes[i];
    if (at > INT64_MAX)
        return false;
    g_auto(TkBuf) message = {0};
    cosigned(text, len, (int64_t)at, &message);
    if (message.overflow || !tk_key_verify(key, message.data, message.len, signature->bytes + 8))
        return false;
    if (at_s != NULL)
        *at_s = (int64_t)at;
    return true;
}

/* Signed notes (C2SP signed-note), the checkpoints they carry (C2SP tlog-checkpoint), and cosignatures on
 * them (C2SP tlog-cosignature, Ed25519).
 *
 *     tokatsu/6f1c…            origin: which log
 *     1042                     how many leaves
 *     CsUYapGGPo4dkMgIA…=      root
 *                              an empty line ends the text; it is the text, with its last newline, that is
 * signed — tokatsu/6f1c… Az3grl…= a signature line: name, base64(key id || signature) */
#ifndef TK_LEDGER_NOTE_H
#define TK_LEDGER_NOTE_H

#include "ledger/tree.h"

#define TK_NOTE_BYTES_MAX      (256 * 1024)
#define TK_NOTE_SIGNATURES_MAX 64
#define TK_KEY_NAME_MAX        255 /* bytes */
#define TK_KEY_FILE_MAX        (64 * 1024)
#define TK_KEYS_MAX            64
#define TK_SEED_LEN            32

typedef enum {
    TK_KEY_ED25519 = 0x01,     /* a log's own key */
    TK_KEY_COSIGNATURE = 0x04, /* a witness: the signature carries a time */
} TkKeyType;

/* A public key that is trusted, for trees of a range of sizes. */
typedef struct {
    char name[TK_KEY_NAME_MAX + 1];
    uint32_t id; /* first 4 bytes of SHA-256(name || "\n" || type || key) */
    TkKeyType type;
    uint8_t key[32];
    uint64_t from_size;  /* counts for checkpoints of at least this size … */
    uint64_t until_size; /* … and at most this one; UINT64_MAX: no end */
} TkKey;

/* Keys by which one party is known; several while a key is being replaced. */
typedef struct {
    size_t count;
    TkKey key[TK_KEYS_MAX];
} TkKeys;

/* The text form of a key: name+8 hex digits+base64(type || key). Strict: the id must be the key's. */
bool tk_key_read(const char *text, size_t len, TkKey *key, GError **error);
void tk_key_write(const TkKey *key, TkBuf *out);
/* One key a line, each optionally followed by " from=SIZE" and " until=SIZE"; every line ends in a newline.
 */
bool tk_keys_read(const char *text, size_t len, TkKeys *keys, GError **error);
void tk_keys_write(const TkKeys *keys, TkBuf *out);

/* A private key. Made from 32 random bytes that the caller draws and keeps secret. NULL and *error when the
 * name is not a key name (empty, spaces, '+', control characters, longer than TK_KEY_NAME_MAX). */
typedef struct TkSigner TkSigner;
TkSigner *tk_signer_new(const char *name, TkKeyType type, const uint8_t seed[TK_SEED_LEN], GError **error);
void tk_signer_free(TkSigner *signer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkSigner, tk_signer_free)
const TkKey *tk_signer_key(const TkSigner *signer); /* borrowed, valid as long as the signer */
/* PRIVATE+KEY+name+id+base64(type || seed): what ledger.key holds. */
TkSigner *tk_signer_read(const char *text, size_t len, GError **error);
void tk_signer_write(const TkSigner *signer, TkBuf *out);

/* A note taken apart. */
typedef struct {
    char *name;
    uint32_t id;
    uint8_t *bytes; /* behind the key id */
    size_t len;
} TkSignature;

typedef struct {
    char *text; /* with its last newline */
    size_t text_len;
    TkSignature *signature;
    size_t count;
} TkNote;

/* Strict: UTF-8, no control characters but newline, canonical base64, 1 … 64 signatures. Owned by the caller.
 */
TkNote *tk_note_read(const char *data, size_t len, GError **error);
void tk_note_free(TkNote *note);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkNote, tk_note_free)
/* Appends a signature line for `text` to `out`. `at_s` is the POSIX time of a cosignature; a log's own
 * signature takes none. Fails only if OpenSSL does. */
bool tk_note_sign(const TkSigner *signer, const char *text, size_t len, int64_t at_s, TkBuf *out,
                  GError **error);

/* Whether `signature` is `key`'s over `text`; `at_s` (or NULL) receives a cosignature's time. */
bool tk_signature_check(const TkKey *key, const TkSignature *signature, const char *text, size_t len,
                        int64_t *at_s);

typedef struct {
    char *origin;
    uint64_t size;
    TkHash root;
    char **extension; /* NULL-terminated lines, or NULL */
} TkCheckpoint;

void tk_checkpoint_clear(TkCheckpoint *checkpoint);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkCheckpoint, tk_checkpoint_clear)
/* The three lines (and extensions) that are signed. */
bool tk_checkpoint_read_text(const char *text, size_t len, TkCheckpoint *checkpoint, GError **error);
void tk_checkpoint_write_text(const TkCheckpoint *checkpoint, TkBuf *out);
/* A whole signed checkpoint: the text, an empty line, one signature line per signer. */
bool tk_checkpoint_sign(const char *origin, uint64_t size, const TkHash *root, TkSigner *const *signers,
                        size_t count, TkBuf *out, GError **error);

typedef enum {
    TK_SIGNERS_ANY,  /* as logs' clients do: signatures of unknown keys are passed over */
    TK_SIGNERS_EACH, /* as for an export: each signature must be by a known key */
} TkSigners;
/* Reads a signed checkpoint and believes it when a key of `keys` of type TK_KEY_ED25519 that counts at its
 * size signed it; a signature that names a known key and is not by it refuses the whole note. `signed_by` (or
 * NULL) receives the first such key. */
bool tk_checkpoint_open(const char *data, size_t len, const TkKeys *keys, TkSigners rule,
                        TkCheckpoint *checkpoint, const TkKey **signed_by, GError **error);

#endif

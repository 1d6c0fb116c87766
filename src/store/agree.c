/* Whether a row is the one that its event has the hash of: asked by verifying (verify.c) and restoring
 * (restore.c). */
#include "store/internal.h"

static bool names(const json_t *event, const char *member, const char *text)
{
    return g_strcmp0(json_string_value(json_object_get(event, member)), text) == 0;
}

bool tk_agree_hash(const json_t *event, const char *member, const TkHash *hash)
{
    char hex[TK_HASH_HEX_MAX];
    if (hash == NULL)
        return json_object_get(event, member) == NULL;
    return names(event, member, tk_hash_hex(hash, hex));
}

bool tk_agree_version(TkHasher *hasher, const json_t *event, TkRecordRow *row, TkHash *hash)
{
    char at[TK_TIME_TEXT_MAX];
    row->hash = row->body != NULL ? hash : NULL;
    if (row->body != NULL)
        tk_hash_bytes(hasher, row->body, row->body_len, hash);
    return tk_agree_hash(event, "after", row->hash) && names(event, "kind", row->kind) &&
           names(event, "id", row->id) && names(event, "who", row->who) &&
           names(event, "what", row->action) && names(event, "at", tk_time_text(row->at_us, at)) &&
           json_integer_value(json_object_get(event, "version")) == row->version;
}

bool tk_agree_personal(TkHasher *hasher, const json_t *event, const char *kind, const char *id,
                       const uint8_t salt[TK_SALT_LEN], const char *payload, size_t len)
{
    TkHash commitment;
    tk_personal_commit(hasher, salt, payload, len, &commitment);
    return tk_agree_hash(event, "personal", &commitment) && names(event, "kind", kind) &&
           names(event, "id", id);
}

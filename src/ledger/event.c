/* The leaf of a write. The record's own data stays outside: a leaf is short, is never rewritten, and is read
 * by people who may not see the record. */
#include "ledger/ledger.h"

#define PAYLOAD_BYTES_MAX (16 * 1024 * 1024)

static bool check_text(const char *name, const char *text, GError **error)
{
    if (text == NULL || *text == '\0')
        return tk_fail(error, TK_ERROR_INPUT, "an event needs “%s”", name);
    size_t len = strlen(text);
    if (len > TK_EVENT_TEXT_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "“%s” of an event has %zu bytes; %d are allowed", name, len,
                       TK_EVENT_TEXT_MAX);
    return g_utf8_validate(text, (gssize)len, NULL) ||
           tk_fail(error, TK_ERROR_INPUT, "“%s” of an event is not UTF-8", name);
}

static void set_hash(json_t *leaf, const char *key, const TkHash *hash)
{
    char text[TK_HASH_HEX_MAX];
    if (hash != NULL)
        json_object_set_new(leaf, key, json_string(tk_hash_hex(hash, text)));
}

static json_t *leaf_of(const TkEvent *event)
{
    char at[TK_TIME_TEXT_MAX];
    json_t *leaf = json_object();
    json_object_set_new(leaf, "v", json_integer(TK_EVENT_VERSION));
    json_object_set_new(leaf, "at", json_string(tk_time_text(event->at_us, at)));
    json_object_set_new(leaf, "who", json_string(event->who));
    json_object_set_new(leaf, "what", json_string(event->what));
    if (event->kind != NULL)
        json_object_set_new(leaf, "kind", json_string(event->kind));
    if (event->id != NULL)
        json_object_set_new(leaf, "id", json_string(event->id));
    if (event->version > 0)
        json_object_set_new(leaf, "version", json_integer(event->version));
    set_hash(leaf, "before", event->before);
    set_hash(leaf, "after", event->after);
    set_hash(leaf, "personal", event->personal);
    if (event->detail != NULL)
        json_object_set(leaf, "detail", (json_t *)event->detail);
    return leaf;
}

bool tk_event_write(const TkEvent *event, TkBuf *out, GError **error)
{
    if (!check_text("who", event->who, error) || !check_text("what", event->what, error))
        return false;
    if (event->kind != NULL && !check_text("kind", event->kind, error))
        return false;
    if (event->id != NULL && !check_text("id", event->id, error))
        return false;
    if (event->at_us == TK_TIME_NONE)
        return tk_fail(error, TK_ERROR_INPUT, "an event needs the time it was recorded");
    g_autoptr(json_t) leaf = leaf_of(event);
    size_t before = out->len;
    if (!tk_canonical_write(leaf, out, error))
        return false;
    if (out->len - before > TK_LEAF_BYTES_MAX)
        return tk_fail(
            error, TK_ERROR_LIMIT,
            "the event has %zu bytes and a leaf at most %d; keep the data in the record and its hash here",
            out->len - before, TK_LEAF_BYTES_MAX);
    return true;
}

TkEvent tk_event_tombstone(const TkEvent *about, uint64_t leaf, const TkHash *erased, const char *reason,
                           json_t **detail)
{
    *detail = json_object();
    json_object_set_new(*detail, "leaf", json_integer((json_int_t)leaf));
    json_object_set_new(*detail, "reason", json_string(reason));
    TkEvent tombstone = *about;
    tombstone.what = "erase";
    tombstone.before = tombstone.after = NULL;
    tombstone.personal = erased;
    tombstone.detail = *detail;
    return tombstone;
}

bool tk_payload_hash(TkHasher *hasher, const json_t *payload, TkHash *out, GError **error)
{
    g_auto(TkBuf) canonical = {0};
    tk_buf_init(&canonical, PAYLOAD_BYTES_MAX);
    if (!tk_canonical_write(payload, &canonical, error))
        return false;
    tk_hash_bytes(hasher, canonical.data, canonical.len, out);
    return true;
}

void tk_personal_commit(TkHasher *hasher, const uint8_t salt[TK_SALT_LEN], const void *payload, size_t len,
                        TkHash *out)
{
    tk_hash_two(hasher, salt, TK_SALT_LEN, payload, len, out);
}

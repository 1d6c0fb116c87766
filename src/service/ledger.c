/* Our log, as others read it: everything below is covered by the newest signed checkpoint, so that nothing is
 * given out that a reader could not verify. */
#include "service/app.h"

#define PROOF_MAX (1024 * 1024)

bool tk_ledger_is_open(const TkApp *app, TkOpen open)
{
    return (open == TK_OPEN_PUBLISHED && app->publish_ledger) || (open == TK_OPEN_WITNESS && app->witness);
}

static GBytes *bytes_of(TkBuf *buf)
{
    GBytes *bytes = g_bytes_new_take(buf->data, buf->len);
    *buf = (TkBuf){.max = buf->max};
    return bytes;
}

/* The newest checkpoint, taken apart; it is our own, so its signature is not asked again. */
static bool newest(TkApp *app, TkBuf *note, TkCheckpoint *checkpoint, GError **error)
{
    if (!tk_store_checkpoint_newest(app->store, note, error))
        return false;
    g_autoptr(TkNote) read = tk_note_read(note->data, note->len, error);
    return read != NULL && tk_checkpoint_read_text(read->text, read->text_len, checkpoint, error);
}

GBytes *tk_ledger_checkpoint(TkApp *app, GError **error)
{
    g_auto(TkBuf) note = {0};
    tk_buf_init(&note, TK_NOTE_BYTES_MAX);
    return tk_store_checkpoint_newest(app->store, &note, error) ? bytes_of(&note) : NULL;
}

/* ---- keys ---- */

static bool take_witness_key(const TkRecord *record, gpointer data)
{
    TkKeys *keys = data;
    const char *text = json_string_value(json_object_get(record->body, "key"));
    if (text != NULL && keys->count < TK_KEYS_MAX &&
        tk_key_read(text, strlen(text), &keys->key[keys->count], NULL))
        keys->count++;
    return true;
}

bool tk_ledger_witness_keys(TkStore *store, TkKeys *keys, GError **error)
{
    TkQuery query = {.kind = TK_KIND_WITNESS, .limit = TK_WITNESSES_MAX};
    return tk_store_list(store, &query, take_witness_key, keys, NULL, error);
}

/* Ours and those of the witnesses. */
static bool known_keys(TkApp *app, TkKeys *keys, GError **error)
{
    if (app->sealer != NULL)
        tk_sealer_keys(app->sealer, keys);
    return tk_ledger_witness_keys(app->store, keys, error);
}

static bool signed_by(const TkSignature *signature, const TkKey *key)
{
    return signature->id == key->id && strcmp(signature->name, key->name) == 0;
}

GBytes *tk_ledger_keys(TkApp *app, GError **error)
{
    g_auto(TkBuf) text = {0};
    tk_buf_init(&text, TK_NOTE_BYTES_MAX);
    g_autofree TkKeys *known = g_new0(TkKeys, 1), *used = g_new0(TkKeys, 1);
    if (!tk_store_checkpoint_newest(app->store, &text, error) || !known_keys(app, known, error))
        return NULL;
    g_autoptr(TkNote) note = tk_note_read(text.data, text.len, error);
    if (note == NULL)
        return NULL;
    for (size_t i = 0; i < note->count && used->count < TK_KEYS_MAX; i++)
        for (size_t k = 0; k < known->count; k++)
            if (signed_by(&note->signature[i], &known->key[k])) {
                used->key[used->count++] = known->key[k];
                break;
            }
    tk_buf_reset(&text);
    tk_keys_write(used, &text);
    return bytes_of(&text);
}

/* ---- tiles ---- */

typedef struct {
    TkBuf *out;
    uint64_t next;
    GError *error;
} Bundling;

static bool take_entry(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    Bundling *b = data;
    if (leaf != b->next++)
        return tk_fail(&b->error, TK_ERROR_REFUSED, "entry %" G_GUINT64_FORMAT " is missing in the store",
                       b->next - 1);
    return tk_bundle_add(b->out, event, len, &b->error);
}

static bool fill_bundle(TkApp *app, const TkTile *tile, TkBuf *out, GError **error)
{
    uint64_t first = tile->index * TK_TILE_WIDTH;
    Bundling b = {.out = out, .next = first};
    if (!tk_store_events(app->store, first, tile->width, take_entry, &b, error)) {
        g_clear_error(&b.error);
        return false;
    }
    if (b.error != NULL) {
        g_propagate_error(error, b.error);
        return false;
    }
    return b.next == first + tile->width ||
           tk_fail(error, TK_ERROR_REFUSED, "entry %" G_GUINT64_FORMAT " is missing in the store", b.next);
}

/* Whether a log of this size has had all hashes or entries of the tile, also as a smaller log. */
static bool covers(const TkTile *tile, uint64_t size)
{
    uint64_t have = tile->level < TK_TILE_LEVELS ? size >> (TK_TILE_HEIGHT * tile->level) : 0;
    return tile->index <= have / TK_TILE_WIDTH && have - tile->index * TK_TILE_WIDTH >= tile->width;
}

GBytes *tk_ledger_tile(TkApp *app, const char *name, bool *whole, GError **error)
{
    TkTile tile;
    g_auto(TkBuf) note = {0}, out = {0};
    g_auto(TkCheckpoint) head = {0};
    g_autofree char *path = g_strconcat("tile/", name, NULL);
    tk_buf_init(&note, TK_NOTE_BYTES_MAX);
    tk_buf_init(&out, TK_BUNDLE_BYTES_MAX);
    if (!newest(app, &note, &head, error))
        return NULL;
    if (!tk_tile_path_read(path, &tile) || !covers(&tile, head.size)) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "a log of %" G_GUINT64_FORMAT " entries has no %.*s", head.size,
                TK_TILE_PATH_MAX, path);
        return NULL;
    }
    *whole = tile.width == TK_TILE_WIDTH;
    TkHashSource source = tk_store_hash_source(app->store);
    bool filled = tile.kind == TK_TILE_ENTRIES ? fill_bundle(app, &tile, &out, error)
                                               : tk_tile_bytes(&source, &tile, &out, error);
    return filled ? bytes_of(&out) : NULL;
}

/* ---- status ---- */

typedef struct {
    TkApp *app;
    json_t *list;
} Listing;

static bool take_witness(const TkRecord *record, gpointer data)
{
    Listing *listing = data;
    g_auto(TkCollected) seen = {0};
    if (listing->app->collector != NULL)
        tk_collector_find(listing->app->collector, record->id, &seen);
    char at[TK_TIME_TEXT_MAX];
    json_t *view = json_copy(record->body);
    json_object_set_new(view, "id", json_string(record->id));
    json_object_set_new(view, "size", json_integer((json_int_t)seen.size));
    json_object_set_new(view, "cosigned_at",
                        seen.at_s == 0 ? json_null()
                                       : json_string(tk_time_text(seen.at_s * TK_US_PER_S, at)));
    json_object_set_new(view, "trouble", seen.trouble == NULL ? json_null() : json_string(seen.trouble));
    json_array_append_new(listing->list, view);
    return true;
}

static bool take_log(const TkRecord *record, gpointer data)
{
    Listing *listing = data;
    json_array_append(listing->list, record->body);
    return true;
}

/* Appends the records of a kind to out[name]. */
static bool add_list(TkApp *app, json_t *out, const char *name, const char *kind, TkRecordFn each,
                     GError **error)
{
    Listing listing = {.app = app, .list = json_array()};
    TkQuery query = {.kind = kind, .limit = TK_WITNESSED_MAX};
    json_object_set_new(out, name, listing.list);
    return tk_store_list(app->store, &query, each, &listing, NULL, error);
}

static json_t *key_texts(const TkKeys *keys)
{
    json_t *list = json_array();
    for (size_t i = 0; i < keys->count; i++) {
        g_auto(TkBuf) text = {0};
        tk_buf_init(&text, 1024);
        tk_key_write(&keys->key[i], &text);
        json_array_append_new(list, json_string(tk_buf_str(&text)));
    }
    return list;
}

GBytes *tk_ledger_status(TkApp *app, const TkActor *actor, GError **error)
{
    g_auto(TkBuf) note = {0};
    g_auto(TkCheckpoint) head = {0};
    g_autofree TkKeys *keys = g_new0(TkKeys, 1), *own = g_new0(TkKeys, 1);
    char root[TK_HASH_BASE64_MAX];
    tk_buf_init(&note, TK_NOTE_BYTES_MAX);
    if (!tk_service_may(actor, TK_MAY_READ, error) || !newest(app, &note, &head, error))
        return NULL;
    if (app->sealer != NULL)
        tk_sealer_keys(app->sealer, keys);
    if (app->cosigning.count > 0)
        *own = (TkKeys){.count = 1, .key = {*tk_signer_key(app->cosigning.signer[0])}};
    g_autoptr(json_t) out =
        json_pack("{s:s, s:I, s:s, s:s%, s:b, s:b, s:o, s:o}", "origin", head.origin, "size",
                  (json_int_t)head.size, "root", tk_hash_base64(&head.root, root), "checkpoint", note.data,
                  note.len, "published", app->publish_ledger, "witness", app->witness, "keys",
                  key_texts(keys), "witness_keys", key_texts(own));
    if (!add_list(app, out, "witnesses", TK_KIND_WITNESS, take_witness, error) ||
        !add_list(app, out, "witnessed", TK_KIND_WITNESSED, take_log, error))
        return NULL;
    return tk_json_bytes(out);
}

/* ---- one proof ---- */

static bool keep_entry(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    (void)leaf;
    tk_buf_add(data, event, len);
    return true;
}

static void write_proof(TkBuf *out, uint64_t index, const TkCheckpoint *head, const TkHash *leaf,
                        const TkProof *proof, const TkBuf *note, const TkBuf *entry)
{
    char text[TK_HASH_BASE64_MAX];
    TkJson w = tk_json_to(out);
    tk_json_begin_object(&w);
    tk_json_key(&w, "index");
    tk_json_int(&w, (int64_t)index);
    tk_json_key(&w, "size");
    tk_json_int(&w, (int64_t)head->size);
    tk_json_member(&w, "leaf_hash", tk_hash_base64(leaf, text));
    tk_json_key(&w, "proof");
    tk_json_begin_array(&w);
    for (size_t i = 0; i < proof->count; i++)
        tk_json_text(&w, tk_hash_base64(&proof->hash[i], text));
    tk_json_end_array(&w);
    tk_json_member(&w, "root", tk_hash_base64(&head->root, text));
    tk_json_key(&w, "checkpoint");
    tk_json_text_len(&w, note->data, note->len);
    tk_json_key(&w, "entry");
    tk_json_text_len(&w, entry->data, entry->len);
    tk_json_end_object(&w);
}

GBytes *tk_ledger_proof(TkApp *app, const TkActor *actor, uint64_t index, GError **error)
{
    g_auto(TkBuf) note = {0}, entry = {0}, out = {0};
    g_auto(TkCheckpoint) head = {0};
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHashSource source = tk_store_hash_source(app->store);
    TkProof proof;
    TkHash leaf;
    tk_buf_init(&note, TK_NOTE_BYTES_MAX);
    tk_buf_init(&entry, TK_LEAF_BYTES_MAX + 1);
    tk_buf_init(&out, PROOF_MAX);
    if (!tk_service_may(actor, TK_MAY_READ, error) || !newest(app, &note, &head, error))
        return NULL;
    if (index >= head.size) {
        tk_fail(error, TK_ERROR_NOT_FOUND,
                "the newest checkpoint has %" G_GUINT64_FORMAT " entries, counted from 0", head.size);
        return NULL;
    }
    if (!tk_prove_inclusion(hasher, &source, index, head.size, &proof, error) ||
        !tk_store_events(app->store, index, 1, keep_entry, &entry, error))
        return NULL;
    tk_hash_leaf(hasher, entry.data, entry.len, &leaf);
    GError *why = NULL;
    if (!tk_check_inclusion(hasher, index, head.size, &leaf, proof.hash, proof.count, &head.root, &why)) {
        g_propagate_prefixed_error(
            error, why, "entry %" G_GUINT64_FORMAT " in the store is not the one recorded: ", index);
        return NULL;
    }
    write_proof(&out, index, &head, &leaf, &proof, &note, &entry);
    return bytes_of(&out);
}

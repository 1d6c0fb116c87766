/* Reading a backup into an empty store: in one transaction, and believing nothing. Events build the tree anew
 * and must give the root that the backup names; each version, personal value, alarm batch and blob must be
 * the one that its event, or its name, has the hash of. The form is drawn in backup.c. */
#include <errno.h>

#include "store/internal.h"

typedef struct {
    FILE *file;
    GChecksum *sum;
    TkBuf line;
    uint64_t number; /* of the line */
    TkDb *db;
    TkLeaves *leaves;
    uint64_t size; /* as the backup names it */
    TkHash root;
    bool ended;
} In;

static bool bad(const In *in, GError **error, const char *what)
{
    return tk_fail(error, TK_ERROR_INPUT, "line %" G_GUINT64_FORMAT " of the backup: %s", in->number, what);
}

static bool altered(const In *in, GError **error, const char *what, int64_t leaf)
{
    return tk_fail(error, TK_ERROR_REFUSED,
                   "line %" G_GUINT64_FORMAT " of the backup: %s is not the one that event %" G_GINT64_FORMAT
                   " of the ledger has the hash of",
                   in->number, what, leaf);
}

static bool read_line(In *in, GError **error)
{
    tk_buf_reset(&in->line);
    in->number++;
    for (int c; (c = getc_unlocked(in->file)) != EOF;) {
        if (c == '\n')
            return !in->line.overflow || bad(in, error, "longer than a line can be");
        tk_buf_add_char(&in->line, (char)c);
    }
    return ferror(in->file) ? tk_fail(error, TK_ERROR_IO, "the backup cannot be read: %s", g_strerror(errno))
                            : bad(in, error, "the file ends here, and is cut short");
}

static json_t *parse(In *in, GError **error)
{
    g_autofree char *name = g_strdup_printf("line %" G_GUINT64_FORMAT " of the backup", in->number);
    g_autoptr(json_t) line = tk_json_read(name, in->line.data, in->line.len, TK_BACKUP_LINE_MAX, error);
    if (line != NULL && !json_is_object(line)) {
        bad(in, error, "not an object");
        return NULL;
    }
    return g_steal_pointer(&line);
}

static void sum_line(In *in)
{
    g_checksum_update(in->sum, (const guchar *)in->line.data, (gssize)in->line.len);
    g_checksum_update(in->sum, (const guchar *)"\n", 1);
}

static bool read_hash(const char *hex, TkHash *hash)
{
    if (hex == NULL || strlen(hex) != TK_HASH_LEN * 2)
        return false;
    for (size_t i = 0; i < TK_HASH_LEN; i++) {
        int high = g_ascii_xdigit_value(hex[2 * i]), low = g_ascii_xdigit_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        hash->byte[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

static int64_t int_of(const json_t *line, const char *key)
{
    return json_integer_value(json_object_get(line, key));
}

static const char *text_of(const json_t *line, const char *key)
{
    return json_string_value(json_object_get(line, key));
}

static bool take_text(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    *(char **)data = g_strndup(values[0].data, values[0].len);
    return false;
}

/* The event of a leaf that came before. NULL and *error. */
static json_t *event_of(In *in, int64_t leaf, GError **error)
{
    g_autofree char *text = NULL;
    if (!tk_db_query(in->db, "SELECT body FROM events WHERE leaf = $1", take_text, &text, error,
                     tk_db_int(leaf)))
        return NULL;
    json_t *event = text != NULL ? json_loads(text, 0, NULL) : NULL;
    if (event == NULL)
        bad(in, error, "belongs to an event that the backup does not have");
    return event;
}

static bool get_event(In *in, const json_t *line, GError **error)
{
    const char *body = text_of(line, "body");
    if (body == NULL)
        return bad(in, error, "an event has no body");
    g_autoptr(json_t) event = json_loads(body, 0, NULL);
    if (!json_is_object(event))
        return bad(in, error, "an event is no JSON");
    uint64_t leaf;
    return tk_leaves_append(in->leaves, in->db, body, strlen(body), &leaf, error);
}

static bool get_version(In *in, const json_t *line, GError **error)
{
    int64_t leaf = int_of(line, "leaf");
    const char *body = text_of(line, "body");
    TkHash hash;
    TkRecordRow row = {
        .kind = text_of(line, "kind"),
        .id = text_of(line, "id"),
        .version = int_of(line, "version"),
        .leaf = (uint64_t)leaf,
        .at_us = int_of(line, "at_us"),
        .who = text_of(line, "who"),
        .action = text_of(line, "action"),
        .body = body,
        .body_len = body != NULL ? strlen(body) : 0,
    };
    g_autoptr(json_t) event = event_of(in, leaf, error);
    if (event == NULL)
        return false;
    if (row.kind == NULL || row.id == NULL || row.who == NULL || row.action == NULL ||
        !tk_agree_version(in->leaves->hasher, event, &row, &hash))
        return altered(in, error, "a version", leaf);
    return tk_record_write(in->db, &row, error);
}

static bool get_personal(In *in, const json_t *line, GError **error)
{
    const char *kind = text_of(line, "kind"), *id = text_of(line, "id"), *payload = text_of(line, "payload");
    int64_t leaf = int_of(line, "leaf");
    TkHash salt; /* as long as a hash */
    G_STATIC_ASSERT(TK_SALT_LEN == TK_HASH_LEN);
    g_autoptr(json_t) event = event_of(in, leaf, error);
    if (event == NULL)
        return false;
    if (kind == NULL || id == NULL || payload == NULL || !read_hash(text_of(line, "salt"), &salt))
        return bad(in, error, "a personal value without name, salt or payload");
    if (!tk_agree_personal(in->leaves->hasher, event, kind, id, salt.byte, payload, strlen(payload)))
        return altered(in, error, "a personal value", leaf);
    return tk_db_run(in->db,
                     "INSERT INTO personal (leaf, kind, id, salt, payload) VALUES ($1, $2, $3, $4, $5)",
                     error, tk_db_int(leaf), tk_db_text(kind), tk_db_text(id),
                     tk_db_blob(salt.byte, TK_SALT_LEN), tk_db_text(payload));
}

/* The bytes behind a line, and the newline behind them. */
static GBytes *read_bytes(In *in, const json_t *line, int64_t max, GError **error)
{
    int64_t len = int_of(line, "bytes");
    if (len < 0 || len > max) {
        bad(in, error, "more bytes than there can be");
        return NULL;
    }
    char *data = g_try_malloc((gsize)len + 1);
    if (data == NULL || fread(data, 1, (size_t)len + 1, in->file) != (size_t)len + 1 || data[len] != '\n') {
        bad(in, error, "the bytes behind it are cut short");
        g_free(data);
        return NULL;
    }
    g_checksum_update(in->sum, (const guchar *)data, (gssize)len + 1);
    return g_bytes_new_take(data, (gsize)len);
}

static void hash_of(In *in, GBytes *bytes, TkHash *hash)
{
    tk_hash_bytes(in->leaves->hasher, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), hash);
}

static TkDbValue blob_value(GBytes *bytes)
{
    return tk_db_blob(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static bool get_alarms(In *in, const json_t *line, GError **error)
{
    int64_t leaf = int_of(line, "leaf");
    TkHash hash;
    g_autoptr(GBytes) bytes = read_bytes(in, line, TK_STORE_ALARMS_MAX, error);
    g_autoptr(json_t) event = bytes != NULL ? event_of(in, leaf, error) : NULL;
    if (event == NULL)
        return false;
    hash_of(in, bytes, &hash);
    if (!tk_agree_hash(event, "after", &hash))
        return altered(in, error, "a batch of alarms", leaf);
    return tk_db_run(in->db,
                     "INSERT INTO alarms (leaf, at_us, min_at_us, max_at_us, count, lines)"
                     " VALUES ($1, $2, $3, $4, $5, $6)",
                     error, tk_db_int(leaf), tk_db_int(int_of(line, "at_us")),
                     tk_db_int(int_of(line, "min_at_us")), tk_db_int(int_of(line, "max_at_us")),
                     tk_db_int(int_of(line, "count")), blob_value(bytes));
}

static bool get_blob(In *in, const json_t *line, GError **error)
{
    int64_t leaf = int_of(line, "leaf");
    TkHash hash, named;
    g_autoptr(GBytes) bytes = read_bytes(in, line, TK_STORE_BLOB_MAX, error);
    if (bytes == NULL)
        return false;
    hash_of(in, bytes, &hash);
    if (!read_hash(text_of(line, "hash"), &named) || !tk_hash_equal(&hash, &named))
        return altered(in, error, "a file", leaf);
    return tk_db_run(in->db, "INSERT INTO blobs (hash, leaf, bytes) VALUES ($1, $2, $3)", error,
                     tk_db_text(text_of(line, "hash")), tk_db_int(leaf), blob_value(bytes));
}

static bool get_index(In *in, const json_t *line, GError **error)
{
    const char *kind = text_of(line, "kind"), *pointer = text_of(line, "pointer");
    bool search = g_strcmp0(pointer, SEARCH_POINTER) == 0;
    if (!tk_store_check_kind(kind, error) || (!search && !tk_pointer_check(pointer, error)))
        return false;
    return tk_db_run(in->db, "INSERT INTO index_paths (kind, pointer) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                     error, tk_db_text(kind), tk_db_text(pointer));
}

static bool get_checkpoint(In *in, const json_t *line, GError **error)
{
    const char *note = text_of(line, "note");
    if (note == NULL)
        return bad(in, error, "a checkpoint without its note");
    return tk_db_run(in->db, "INSERT INTO checkpoints (size, at_us, note) VALUES ($1, $2, $3)", error,
                     tk_db_int(int_of(line, "size")), tk_db_int(int_of(line, "at_us")), tk_db_text(note));
}

static bool get_end(In *in, const json_t *line, GError **error)
{
    const char *sum = text_of(line, "sha256");
    in->ended = true;
    if (g_strcmp0(sum, g_checksum_get_string(in->sum)) != 0)
        return bad(in, error, "the hash at the end is not that of the file: it was damaged or altered");
    if (getc(in->file) != EOF)
        return bad(in, error, "there is something behind the end");
    return true;
}

static bool get_line(In *in, GError **error)
{
    static const struct {
        const char *type;
        bool (*get)(In *in, const json_t *line, GError **error);
    } types[] = {
        {"event", get_event},           {"version", get_version}, {"personal", get_personal},
        {"alarms", get_alarms},         {"blob", get_blob},       {"index", get_index},
        {"checkpoint", get_checkpoint}, {"end", get_end},
    };
    if (!read_line(in, error))
        return false;
    g_autoptr(json_t) line = parse(in, error);
    if (line == NULL)
        return false;
    const char *type = text_of(line, "t");
    if (g_strcmp0(type, "end") != 0)
        sum_line(in);
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_strcmp0(type, types[i].type) == 0)
            return types[i].get(in, line, error);
    return bad(in, error, "of an unknown type; it was made by a newer tokatsu, or is not a backup");
}

static bool get_header(In *in, GError **error)
{
    if (!read_line(in, error))
        return false;
    g_autoptr(json_t) line = parse(in, error);
    if (line == NULL)
        return false;
    if (g_strcmp0(text_of(line, "format"), "tokatsu-backup") != 0 || int_of(line, "version") != 1 ||
        !read_hash(text_of(line, "root"), &in->root))
        return bad(in, error, "not a backup of tokatsu, or of a newer one");
    in->size = (uint64_t)int_of(line, "size");
    sum_line(in);
    return true;
}

static void keep_first(const char *fault, gpointer data)
{
    char **first = data;
    if (*first == NULL)
        *first = g_strdup(fault);
}

/* What single lines cannot show: rows that are missing, or in an order that makes an old version the present
 * one. */
static bool check_rows(In *in, GError **error)
{
    g_autofree char *first = NULL;
    uint64_t faults = 0;
    if (!tk_verify_rows(in->db, in->leaves->hasher, keep_first, &first, &faults, error))
        return false;
    return faults == 0 ||
           tk_fail(error, TK_ERROR_REFUSED, "the backup does not agree with its ledger: %s", first);
}

static bool restore(TkStore *store, TkDb *db, TkLeaves *leaves, gpointer data, GError **error)
{
    In *in = data;
    in->db = db;
    in->leaves = leaves;
    if (leaves->frontier.size > 0)
        return tk_fail(error, TK_ERROR_CONFLICT,
                       "the store is not empty (%" G_GUINT64_FORMAT " events); restore into a new one",
                       leaves->frontier.size);
    if (!get_header(in, error))
        return false;
    while (!in->ended)
        if (!get_line(in, error))
            return false;
    TkHash root;
    tk_frontier_root(leaves->hasher, &leaves->frontier, &root);
    if (leaves->frontier.size != in->size || !tk_hash_equal(&root, &in->root))
        return tk_fail(error, TK_ERROR_REFUSED, "the events of the backup do not give the root it names");
    return tk_leaves_write(leaves, db, error) && check_rows(in, error) && tk_indexes_refill(store, db, error);
}

bool tk_store_restore(TkStore *store, FILE *file, TkStoreHead *head, GError **error)
{
    if (store->group == NULL)
        return tk_fail(error, TK_ERROR_CONFLICT, "the store is open for reading only");
    In in = {.file = file, .sum = g_checksum_new(G_CHECKSUM_SHA256)};
    tk_buf_init(&in.line, TK_BACKUP_LINE_MAX);
    bool done = tk_group_work(store->group, restore, &in, error);
    if (done && head != NULL)
        *head = (TkStoreHead){.size = in.size, .root = in.root};
    tk_buf_clear(&in.line);
    g_checksum_free(in.sum);
    return done;
}

/* A backup: everything of one moment, in a form that belongs to neither engine.
 *
 *     {"format":"tokatsu-backup","version":1,"size":3,"root":"…"}
 *     {"t":"event","body":"{…}"}                       one a leaf, in order: leaf 0, 1, 2 …
 *     {"t":"version","leaf":0,"kind":…,"body":"{…}"}    the records and all their past
 *     {"t":"personal",…}                               what was not erased
 *     {"t":"alarms","leaf":1,…,"bytes":120}            and behind the line 120 bytes and a newline
 *     {"t":"blob","leaf":2,"hash":"…","bytes":9000}    likewise
 *     {"t":"index",…}  {"t":"checkpoint",…}
 *     {"t":"end","sha256":"…"}                         of every byte before this line
 *
 * What can be computed is not in it: tiles, the head, the rows that point to the present version, index
 * values. Restoring computes them anew (restore.c), so that a restored ledger is one that was checked. */
#include <errno.h>

#include "store/internal.h"

typedef struct {
    FILE *file;
    GChecksum *sum;
    TkBuf line;
    bool failed;
} Out;

static void put_bytes(Out *out, const void *data, size_t len)
{
    g_checksum_update(out->sum, data, (gssize)len);
    if (len > 0 && fwrite(data, 1, len, out->file) != len)
        out->failed = true;
}

static void put_line(Out *out)
{
    tk_buf_add_char(&out->line, '\n');
    out->failed = out->failed || out->line.overflow;
    put_bytes(out, out->line.data, out->line.len);
    tk_buf_reset(&out->line);
}

static TkJson begin_line(Out *out, const char *type)
{
    TkJson w = tk_json_to(&out->line);
    tk_json_begin_object(&w);
    tk_json_member(&w, "t", type);
    return w;
}

static void end_line(Out *out, TkJson *w)
{
    tk_json_end_object(w);
    put_line(out);
}

static void add_int(TkJson *w, const char *key, const TkDbValue *value)
{
    tk_json_key(w, key);
    tk_json_int(w, value->i);
}

static void add_text(TkJson *w, const char *key, const TkDbValue *value)
{
    tk_json_key(w, key);
    if (value->type == TK_DB_NULL)
        tk_json_null(w);
    else
        tk_json_text_len(w, value->data, value->len);
}

static void add_len(TkJson *w, const TkDbValue *value)
{
    tk_json_key(w, "bytes");
    tk_json_int(w, (int64_t)value->len);
}

static bool put_event(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    Out *out = data;
    TkJson w = begin_line(out, "event");
    add_text(&w, "body", &v[0]);
    end_line(out, &w);
    return !out->failed;
}

static bool put_version(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    Out *out = data;
    TkJson w = begin_line(out, "version");
    add_int(&w, "leaf", &v[0]);
    add_text(&w, "kind", &v[1]);
    add_text(&w, "id", &v[2]);
    add_int(&w, "version", &v[3]);
    add_int(&w, "at_us", &v[4]);
    add_text(&w, "who", &v[5]);
    add_text(&w, "action", &v[6]);
    add_text(&w, "body", &v[7]);
    end_line(out, &w);
    return !out->failed;
}

static bool put_personal(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    Out *out = data;
    g_autoptr(GString) salt = g_string_new(NULL);
    for (size_t i = 0; i < v[3].len; i++)
        g_string_append_printf(salt, "%02x", ((const uint8_t *)v[3].data)[i]);
    TkJson w = begin_line(out, "personal");
    add_int(&w, "leaf", &v[0]);
    add_text(&w, "kind", &v[1]);
    add_text(&w, "id", &v[2]);
    tk_json_member(&w, "salt", salt->str);
    add_text(&w, "payload", &v[4]);
    end_line(out, &w);
    return !out->failed;
}

static bool put_alarms(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    Out *out = data;
    TkJson w = begin_line(out, "alarms");
    add_int(&w, "leaf", &v[0]);
    add_int(&w, "at_us", &v[1]);
    add_int(&w, "min_at_us", &v[2]);
    add_int(&w, "max_at_us", &v[3]);
    add_int(&w, "count", &v[4]);
    add_len(&w, &v[5]);
    end_line(out, &w);
    put_bytes(out, v[5].data, v[5].len);
    put_bytes(out, "\n", 1);
    return !out->failed;
}

static bool put_blob(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    Out *out = data;
    TkJson w = begin_line(out, "blob");
    add_int(&w, "leaf", &v[0]);
    add_text(&w, "hash", &v[1]);
    add_len(&w, &v[2]);
    end_line(out, &w);
    put_bytes(out, v[2].data, v[2].len);
    put_bytes(out, "\n", 1);
    return !out->failed;
}

static bool put_index(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    Out *out = data;
    TkJson w = begin_line(out, "index");
    add_text(&w, "kind", &v[0]);
    add_text(&w, "pointer", &v[1]);
    end_line(out, &w);
    return !out->failed;
}

static bool put_checkpoint(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    Out *out = data;
    TkJson w = begin_line(out, "checkpoint");
    add_int(&w, "size", &v[0]);
    add_int(&w, "at_us", &v[1]);
    add_text(&w, "note", &v[2]);
    end_line(out, &w);
    return !out->failed;
}

static const struct {
    const char *sql;
    TkDbRowFn put;
} parts[] = {
    {"SELECT body FROM events ORDER BY leaf", put_event},
    {"SELECT leaf, kind, id, version, at_us, who, action, body FROM versions ORDER BY leaf", put_version},
    {"SELECT leaf, kind, id, salt, payload FROM personal ORDER BY leaf", put_personal},
    {"SELECT leaf, at_us, min_at_us, max_at_us, count, lines FROM alarms ORDER BY leaf", put_alarms},
    {"SELECT leaf, hash, bytes FROM blobs ORDER BY leaf", put_blob},
    {"SELECT kind, pointer FROM index_paths ORDER BY kind, pointer", put_index},
    {"SELECT size, at_us, note FROM checkpoints ORDER BY size", put_checkpoint},
};

static void put_header(Out *out, const TkStoreHead *head)
{
    char root[TK_HASH_HEX_MAX];
    TkJson w = tk_json_to(&out->line);
    tk_json_begin_object(&w);
    tk_json_member(&w, "format", "tokatsu-backup");
    tk_json_key(&w, "version");
    tk_json_int(&w, 1);
    tk_json_key(&w, "size");
    tk_json_int(&w, (int64_t)head->size);
    tk_json_member(&w, "root", tk_hash_hex(&head->root, root));
    end_line(out, &w);
}

static void put_end(Out *out)
{
    TkJson w = begin_line(out, "end");
    tk_json_member(&w, "sha256",
                   g_checksum_get_string(out->sum)); /* closes the sum: the end line is not in it */
    tk_json_end_object(&w);
    tk_buf_add_char(&out->line, '\n');
    if (fwrite(out->line.data, 1, out->line.len, out->file) != out->line.len)
        out->failed = true;
}

static bool put_all(TkDb *db, Out *out, TkStoreHead *head, GError **error)
{
    if (!tk_leaves_read_head(db, head, error))
        return false;
    put_header(out, head);
    for (size_t i = 0; i < G_N_ELEMENTS(parts) && !out->failed; i++)
        if (!db->engine->query(db, parts[i].sql, NULL, 0, false, parts[i].put, out, error))
            return false;
    put_end(out);
    if (fflush(out->file) != 0)
        out->failed = true;
    return !out->failed || tk_fail(error, TK_ERROR_IO, "the backup cannot be written: %s", g_strerror(errno));
}

bool tk_store_backup(TkStore *store, FILE *file, TkStoreHead *head, GError **error)
{
    TkStoreHead own;
    Out out = {.file = file, .sum = g_checksum_new(G_CHECKSUM_SHA256)};
    tk_buf_init(&out.line, TK_BACKUP_LINE_MAX);
    TkDb *db = tk_store_reader(store, error);
    bool done = db != NULL && db->engine->begin(db, TK_DB_READ, error);
    if (done) {
        done = put_all(db, &out, head != NULL ? head : &own, error);
        db->engine->rollback(db);
    }
    tk_store_reader_done(store, db);
    tk_buf_clear(&out.line);
    g_checksum_free(out.sum);
    return done;
}

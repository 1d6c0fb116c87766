/* Checking a store against its ledger: every version, personal value, batch of alarms and blob must be the
 * one that its event has the hash of; none may be missing and none added; what is shown as present must be
 * the newest version. Events, tiles and the signed head are the ledger's own business (`tokatsu ledger
 * verify` does both). Everything is read in one snapshot, row by row. */
#include "store/internal.h"

typedef struct {
    TkHasher *hasher;
    TkStoreFaultFn each;
    gpointer data;
    uint64_t faults;
    GHashTable *blobs_due; /* hashes that events name and no row was found for yet */
} Check;

static void G_GNUC_PRINTF(2, 3) found(Check *check, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    check->faults++;
    if (check->each != NULL)
        check->each(text, check->data);
}

static char *text_of(const TkDbValue *value)
{
    return value->type == TK_DB_NULL ? NULL : g_strndup(value->data, value->len);
}

static json_t *event_of(const TkDbValue *value)
{
    return value->type == TK_DB_NULL ? NULL : json_loadb(value->data, value->len, JSON_ALLOW_NUL, NULL);
}

/* e.leaf, e.body, v.kind, v.id, v.version, v.at_us, v.who, v.action, v.body */
static bool check_version(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    Check *check = data;
    g_autoptr(json_t) event = event_of(&v[1]);
    int64_t version = json_integer_value(json_object_get(event, "version"));
    const char *of = json_string_value(json_object_get(event, "kind"));
    if (g_strcmp0(of, "blob") == 0 &&
        g_strcmp0(json_string_value(json_object_get(event, "what")), "keep") == 0)
        g_hash_table_add(check->blobs_due, g_strdup(json_string_value(json_object_get(event, "id"))));
    if (v[2].type == TK_DB_NULL) {
        if (version > 0)
            found(check, "missing: version %" G_GINT64_FORMAT " of %s %s (entry %" G_GINT64_FORMAT ")",
                  version, of, json_string_value(json_object_get(event, "id")), v[0].i);
        return true;
    }
    g_autofree char *kind = text_of(&v[2]), *id = text_of(&v[3]), *who = text_of(&v[6]),
                    *action = text_of(&v[7]);
    TkHash hash;
    TkRecordRow row = {
        .kind = kind,
        .id = id,
        .version = v[4].i,
        .at_us = v[5].i,
        .who = who,
        .action = action,
        .body = v[8].data,
        .body_len = v[8].len,
    };
    if (!tk_agree_version(check->hasher, event, &row, &hash))
        found(check,
              "altered: version %" G_GINT64_FORMAT " of %s %s is not the one that entry %" G_GINT64_FORMAT
              " has the hash of",
              v[4].i, kind, id, v[0].i);
    return true;
}

/* e.leaf, e.body, p.kind, p.id, p.salt, p.payload */
static bool check_personal(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    Check *check = data;
    g_autoptr(json_t) event = event_of(&v[1]);
    g_autofree char *kind = text_of(&v[2]), *id = text_of(&v[3]);
    if (v[4].len != TK_SALT_LEN ||
        !tk_agree_personal(check->hasher, event, kind, id, v[4].data, v[5].data, v[5].len))
        found(check,
              "altered: the personal values of %s %s are not those that entry %" G_GINT64_FORMAT
              " commits to",
              kind, id, v[0].i);
    return true;
}

/* leaf, e.body, bytes */
static bool check_alarms(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    Check *check = data;
    g_autoptr(json_t) event = event_of(&v[1]);
    TkHash hash;
    tk_hash_bytes(check->hasher, v[2].data, v[2].len, &hash);
    if (!tk_agree_hash(event, "after", &hash))
        found(check, "altered: the batch of alarms of entry %" G_GINT64_FORMAT, v[0].i);
    return true;
}

/* leaf, e.body, bytes, hash */
static bool check_blob(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    Check *check = data;
    g_autoptr(json_t) event = event_of(&v[1]);
    g_autofree char *name = text_of(&v[3]);
    g_hash_table_remove(check->blobs_due, name);
    TkHash hash;
    char hex[TK_HASH_HEX_MAX];
    tk_hash_bytes(check->hasher, v[2].data, v[2].len, &hash);
    if (g_strcmp0(tk_hash_hex(&hash, hex), name) != 0 || !tk_agree_hash(event, "after", &hash))
        found(check, "altered: the file %s (entry %" G_GINT64_FORMAT ")", name, v[0].i);
    return true;
}

static bool check_missing(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    g_autoptr(json_t) event = event_of(&v[1]);
    const char *kind = json_string_value(json_object_get(event, "kind"));
    const char *what = json_string_value(json_object_get(event, "what"));
    if (g_strcmp0(kind, "alarms") == 0 && g_strcmp0(what, "receive") == 0)
        found(data, "missing: the batch of alarms of entry %" G_GINT64_FORMAT, v[0].i);
    return true;
}

static bool check_present(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    g_autofree char *kind = text_of(&v[0]), *id = text_of(&v[1]);
    found(data, "altered: what is shown as the present %s %s is not its newest version", kind, id);
    return true;
}

static bool check_added(const TkDbValue *v, size_t count, gpointer data)
{
    (void)count;
    found(data, "added: a row for entry %" G_GINT64_FORMAT ", which the ledger does not have", v[0].i);
    return true;
}

static const struct {
    const char *sql;
    TkDbRowFn check;
} checks[] = {
    {"SELECT e.leaf, e.body, v.kind, v.id, v.version, v.at_us, v.who, v.action, v.body FROM events e"
     " LEFT JOIN versions v ON v.leaf = e.leaf ORDER BY e.leaf",
     check_version},
    {"SELECT e.leaf, e.body, p.kind, p.id, p.salt, p.payload FROM personal p JOIN events e ON e.leaf = p.leaf"
     " ORDER BY e.leaf",
     check_personal},
    {"SELECT e.leaf, e.body, a.lines FROM alarms a JOIN events e ON e.leaf = a.leaf ORDER BY e.leaf",
     check_alarms},
    {"SELECT e.leaf, e.body FROM events e LEFT JOIN alarms a ON a.leaf = e.leaf WHERE a.leaf IS NULL"
     " AND e.body LIKE '%\"kind\":\"alarms\"%' ORDER BY e.leaf",
     check_missing},
    {"SELECT b.leaf, e.body, b.bytes, b.hash FROM blobs b LEFT JOIN events e ON e.leaf = b.leaf ORDER BY "
     "b.leaf",
     check_blob},
    {"SELECT r.kind, r.id FROM records r LEFT JOIN versions v ON v.leaf = r.leaf WHERE v.leaf IS NULL"
     " OR v.kind <> r.kind OR v.id <> r.id OR v.version <> r.version"
     " OR (CASE WHEN v.body IS NULL THEN 1 ELSE 0 END) <> r.deleted ORDER BY r.kind, r.id",
     check_present},
    {"SELECT DISTINCT v.kind, v.id FROM versions v LEFT JOIN records r ON r.kind = v.kind AND r.id = v.id"
     " WHERE r.kind IS NULL OR r.version < v.version ORDER BY v.kind, v.id",
     check_present},
    {"SELECT x.leaf FROM (SELECT leaf FROM versions UNION ALL SELECT leaf FROM personal UNION ALL"
     " SELECT leaf FROM alarms) x LEFT JOIN events e ON e.leaf = x.leaf WHERE e.leaf IS NULL ORDER BY x.leaf",
     check_added},
};

static void find_missing_blobs(Check *check)
{
    GHashTableIter due;
    gpointer hash;
    g_hash_table_iter_init(&due, check->blobs_due);
    while (g_hash_table_iter_next(&due, &hash, NULL))
        found(check, "missing: the file %s", (const char *)hash);
}

bool tk_verify_rows(TkDb *db, TkHasher *hasher, TkStoreFaultFn each, gpointer data, uint64_t *faults,
                    GError **error)
{
    Check check = {.hasher = hasher, .each = each, .data = data};
    check.blobs_due = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool done = true;
    for (size_t i = 0; i < G_N_ELEMENTS(checks) && done; i++)
        done = db->engine->query(db, checks[i].sql, NULL, 0, false, checks[i].check, &check, error);
    if (done)
        find_missing_blobs(&check);
    g_hash_table_destroy(check.blobs_due);
    *faults += check.faults;
    return done;
}

bool tk_store_verify(TkStore *store, TkStoreFaultFn each, gpointer data, uint64_t *faults, GError **error)
{
    *faults = 0;
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return false;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    bool done = db->engine->begin(db, TK_DB_READ, error);
    if (done) {
        done = tk_verify_rows(db, hasher, each, data, faults, error);
        db->engine->rollback(db);
    }
    tk_store_reader_done(store, db);
    return done;
}

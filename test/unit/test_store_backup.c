/* Backups: of a store in use, into the other engine and back with the same root, and refused when anything in
 * the file is not what the ledger says. */
#include "store_engine.h"

static const int64_t T0 = INT64_C(1775000000123456);

/* The engine under test, and an empty store on the other one (or on the same, where PostgreSQL is missing).
 */
typedef struct {
    Engine *here, *other;
} Pair;

static int set_up_pair(void **state, bool postgres)
{
    Pair *pair = g_new0(Pair, 1);
    bool have = start_cluster();
    if (!postgres || have) {
        pair->here = engine_new(postgres);
        pair->other = engine_new(!postgres && have);
    }
    *state = pair;
    return 0;
}

static int pair_from_sqlite(void **state)
{
    return set_up_pair(state, false);
}

static int pair_from_postgres(void **state)
{
    return set_up_pair(state, true);
}

static int tear_down_pair(void **state)
{
    Pair *pair = *state;
    if (pair->here != NULL) {
        engine_free(pair->here);
        engine_free(pair->other);
    }
    g_free(pair);
    return 0;
}

static Pair *pair_of(void **state)
{
    Pair *pair = *state;
    if (pair->here == NULL) {
        print_message("skipped: PostgreSQL 15 is not installed (" PG_BIN ")\n");
        skip();
    }
    return pair;
}

static void commit(TkStore *store, TkWrite *write)
{
    GError *error = NULL;
    if (!tk_store_commit(store, write, NULL, &error))
        fail_msg("%s", error->message);
}

static void note_one(TkStore *store)
{
    TkWrite *write = tk_write_new("u-1", T0);
    tk_write_note(write, "viewed", "accident", "A-1", NULL);
    commit(store, write);
}

/* One of everything a store can hold, and 300 notes so that the tree has more than a tile. */
static void fill(TkStore *store)
{
    GError *error = NULL;
    char hash[TK_STORE_HASH_TEXT_MAX];
    static const char bytes[] = "%PDF\n\0{\"t\":\"end\"}\n";
    g_autoptr(GBytes) blob = g_bytes_new_static(bytes, sizeof bytes);
    g_autoptr(json_t) first =
        json_pack("{s:s, s:i, s:s}", "state", "open", "users", 30000, "name", "山田\n\"\\\x7f");
    g_autoptr(json_t) second = json_pack("{s:s, s:f}", "state", "closed", "ratio", 0.1);
    assert_true(tk_store_index(store, "accident", "/state", &error));
    TkWrite *write = tk_write_new("u-1", T0);
    tk_write_put(write, "accident", "A-1", TK_STORE_NEW, "open", first);
    tk_write_mark_personal(write, "/name");
    tk_write_put(write, "accident", "A-1", 1, "edit", second);
    tk_write_put(write, "accident", "A-2", TK_STORE_NEW, "open", first);
    tk_write_mark_personal(write, "/name");
    tk_write_put(write, "accident", "A-3", TK_STORE_NEW, "open", first);
    tk_write_mark_personal(write, "/name");
    tk_write_delete(write, "accident", "A-3", 1, "drop");
    tk_write_blob(write, blob, hash);
    tk_write_alarms(write, "{\"a\":1}\n", 8, 1, T0 - 9, T0);
    for (int i = 0; i < 300; i++)
        tk_write_note(write, "viewed", "accident", "A-1", NULL);
    commit(store, write);
    write = tk_write_new("u-2", T0 + 1);
    tk_write_erase(write, "accident", "A-2", "request of the person");
    commit(store, write);
}

static char *backup_of(TkStore *store, size_t *len)
{
    GError *error = NULL;
    char *text = NULL;
    FILE *file = open_memstream(&text, len);
    if (!tk_store_backup(store, file, NULL, &error))
        fail_msg("%s", error->message);
    fclose(file);
    return text;
}

static bool restore_text(TkStore *store, const char *text, size_t len, TkStoreHead *head, GError **error)
{
    FILE *file = fmemopen((void *)text, len, "rb");
    bool done = tk_store_restore(store, file, head, error);
    fclose(file);
    return done;
}

static bool show(const TkRecord *record, gpointer data)
{
    g_autofree char *body =
        record->body != NULL ? json_dumps(record->body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    g_string_append_printf(data, "%s v%d leaf %d %s %s %s\n", record->id, (int)record->version,
                           (int)record->leaf, record->who, record->action, body != NULL ? body : "deleted");
    return true;
}

static char *shown(TkStore *store)
{
    GError *error = NULL;
    GString *all = g_string_new(NULL);
    TkFilter not_closed = {.pointer = "/state", .op = TK_FILTER_NE, .text = "closed"};
    TkQuery query = {.kind = "accident", .filters = &not_closed, .filter_count = 1};
    if (!tk_store_history(store, "accident", "A-1", show, all, &error) ||
        !tk_store_history(store, "accident", "A-3", show, all, &error) ||
        !tk_store_list(store, &query, show, all, NULL, &error))
        fail_msg("%s", error->message);
    return g_string_free(all, FALSE);
}

static void a_backup_restores_into_the_other_engine_and_back_with_the_same_root(void **state)
{
    Pair *pair = pair_of(state);
    GError *error = NULL;
    g_autoptr(TkStore) here = open_store(pair->here);
    g_autoptr(TkStore) there = open_store(pair->other);
    fill(here);
    TkStoreHead head, restored;
    assert_true(tk_store_ledger_head(here, &head, &error));
    size_t len, again_len;
    g_autofree char *backup = backup_of(here, &len);
    if (!restore_text(there, backup, len, &restored, &error))
        fail_msg("%s", error->message);
    assert_int_equal(restored.size, head.size);
    assert_true(tk_hash_equal(&restored.root, &head.root));
    g_autofree char *again = backup_of(there, &again_len);
    assert_int_equal(again_len, len);
    assert_memory_equal(again, backup, len); /* so the way back gives the same, too */
    g_autofree char *before = shown(here), *after = shown(there);
    assert_string_equal(after, before);
    assert_non_null(strstr(before, "山田"));
    note_one(there);
    assert_int_equal(tk_store_ledger_size(there), head.size + 1);
}

static void a_restored_store_opens_as_any_other(void **state)
{
    Pair *pair = pair_of(state);
    GError *error = NULL;
    g_autoptr(TkStore) here = open_store(pair->here);
    TkStore *there = open_store(pair->other);
    size_t len;
    fill(here);
    g_autofree char *backup = backup_of(here, &len);
    assert_true(restore_text(there, backup, len, NULL, &error));
    tk_store_close(there);
    g_autoptr(TkStore) again = open_store(pair->other);
    g_autofree char *before = shown(here), *after = shown(again);
    assert_string_equal(after, before);
}

static void a_store_with_content_is_not_restored_over(void **state)
{
    Pair *pair = pair_of(state);
    GError *error = NULL;
    g_autoptr(TkStore) here = open_store(pair->here);
    size_t len;
    fill(here);
    g_autofree char *backup = backup_of(here, &len);
    assert_false(restore_text(here, backup, len, NULL, &error));
    assert_true(g_error_matches(error, TK_ERROR, TK_ERROR_CONFLICT));
    assert_error_says(error, "not empty");
}

/* The backup with the first `from` replaced, and a hash at its end that fits again: a careful forger's. */
static char *forged(const char *backup, size_t len, const char *from, const char *to, size_t *out_len)
{
    const char *found = memmem(backup, len, from, strlen(from));
    if (found == NULL)
        fail_msg("%s is not in the backup", from);
    size_t tail = len - (size_t)(found - backup) - strlen(from);
    GString *text = g_string_new_len(backup, found - backup);
    g_string_append(text, to);
    g_string_append_len(text, found + strlen(from), (gssize)tail);
    static const char end[] = "{\"t\":\"end\",\"sha256\":\"";
    size_t body = text->len - (sizeof end - 1 + 64 + 3);
    g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text->str, body);
    g_string_truncate(text, body);
    g_string_append_printf(text, "%s%s\"}\n", end, sum);
    *out_len = text->len;
    return g_string_free(text, FALSE);
}

static void a_forged_backup_is_refused_even_with_a_fitting_hash(void **state)
{
    static const struct {
        const char *from, *to, *says;
    } forgeries[] = {
        {"\\\"ratio\\\":0.1", "\\\"ratio\\\":0.2", "a version is not the one"},
        {"\"version\":2,\"at_us\":1775000000123456", "\"version\":2,\"at_us\":1775000000123457",
         "a version is not the one"},
        {"\"id\":\"A-2\",\"version\":1", "\"id\":\"A-9\",\"version\":1", "a version is not the one"},
        {"山田", "田中", "a personal value is not the one"},
        {"{\"a\":1}\n", "{\"a\":2}\n", "a batch of alarms is not the one"},
        {"%PDF", "%PDG", "a file is not the one"},
        {"\\\"what\\\":\\\"viewed\\\"", "\\\"what\\\":\\\"Viewed\\\"", "do not give the root"},
        {"{\"t\":\"event\"", "{\"t\":\"event\",\"body\":\"{}\"}\n{\"t\":\"event\"", "not the one"},
        {"{\"t\":\"version\",", "{\"t\":\"nonsense\",", "unknown type"},
        {"\"leaf\":1,", "\"leaf\":999999,", "event that the backup does not have"},
        {"tokatsu-backup", "tokatsu-becker", "not a backup"},
    };
    Pair *pair = pair_of(state);
    g_autoptr(TkStore) here = open_store(pair->here);
    g_autoptr(TkStore) there = open_store(pair->other);
    size_t len;
    fill(here);
    g_autofree char *backup = backup_of(here, &len);
    for (size_t i = 0; i < G_N_ELEMENTS(forgeries); i++) {
        GError *error = NULL;
        size_t forged_len;
        g_autofree char *text = forged(backup, len, forgeries[i].from, forgeries[i].to, &forged_len);
        if (restore_text(there, text, forged_len, NULL, &error))
            fail_msg("taken: %s", forgeries[i].to);
        assert_error_says(error, forgeries[i].says);
        assert_int_equal(tk_store_ledger_size(there), 0);
    }
    GError *error = NULL;
    assert_true(restore_text(there, backup, len, NULL, &error)); /* it was the forgeries that failed */
}

static void a_missing_version_is_noticed(void **state)
{
    Pair *pair = pair_of(state);
    GError *error = NULL;
    g_autoptr(TkStore) here = open_store(pair->here);
    g_autoptr(TkStore) there = open_store(pair->other);
    size_t len, forged_len;
    fill(here);
    g_autofree char *backup = backup_of(here, &len);
    const char *line = memmem(backup, len, "{\"t\":\"version\"", 14);
    g_autofree char *whole = g_strndup(line, (gsize)(strchr(line, '\n') - line + 1));
    g_autofree char *text = forged(backup, len, whole, "", &forged_len);
    assert_false(restore_text(there, text, forged_len, NULL, &error));
    assert_error_says(error, "missing: version 1 of accident A-1");
}

static void a_damaged_or_cut_backup_is_refused_whole(void **state)
{
    Pair *pair = pair_of(state);
    GError *error = NULL;
    g_autoptr(TkStore) here = open_store(pair->here);
    g_autoptr(TkStore) there = open_store(pair->other);
    size_t len;
    fill(here);
    g_autofree char *backup = backup_of(here, &len);
    for (size_t cut = 1; cut < len; cut += len / 13) {
        assert_false(restore_text(there, backup, cut, NULL, &error));
        assert_non_null(error);
        g_clear_error(&error);
    }
    g_autofree char *longer = g_strdup_printf("%*sx", (int)len, "");
    memcpy(longer, backup, len);
    assert_false(restore_text(there, longer, len + 1, NULL, &error));
    assert_error_says(error, "behind the end");
    backup[len - 4] ^= 1;
    assert_false(restore_text(there, backup, len, NULL, &error));
    assert_error_says(error, "damaged or altered");
    assert_int_equal(tk_store_ledger_size(there), 0);
}

/* ---- while in use, by the command line ---- */

typedef struct {
    TkStore *store;
    gint stop;
} Busy;

static gpointer keep_busy(gpointer data)
{
    Busy *busy = data;
    while (g_atomic_int_get(&busy->stop) == 0)
        note_one(busy->store);
    return NULL;
}

static bool run_tokatsu(const Engine *engine, const char *verb, const char *file, char **out)
{
    const char *argv[] = {g_getenv("TOKATSU"),
                          verb,
                          file,
                          engine->postgres ? "--database" : "--data",
                          engine->postgres ? engine->url : engine->data_dir,
                          NULL};
    int status = -1;
    g_autofree char *err = NULL;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, out, &err, &status, NULL))
        fail_msg("%s does not start", argv[0]);
    if (status != 0)
        print_message("%s", err);
    return status == 0;
}

static void the_command_line_backs_up_a_store_that_is_being_written(void **state)
{
    Pair *pair = pair_of(state);
    if (g_getenv("TOKATSU") == NULL || access(g_getenv("TOKATSU"), X_OK) != 0) {
        print_message("skipped: TOKATSU names no program\n");
        skip();
    }
    g_autoptr(TkStore) here = open_store(pair->here);
    fill(here);
    g_autofree char *file = g_build_filename(pair->here->folder, "backup", NULL);
    g_autofree char *said = NULL, *restored = NULL;
    Busy busy = {.store = here};
    GThread *thread = g_thread_new("busy", keep_busy, &busy);
    bool done = run_tokatsu(pair->here, "backup", file, &said);
    g_atomic_int_set(&busy.stop, 1);
    g_thread_join(thread);
    assert_true(done);
    assert_true(run_tokatsu(pair->other, "restore", file, &restored));
    const char *root = strstr(said, "\"size\":");
    assert_non_null(root);
    assert_non_null(strstr(restored, root)); /* the same size and root */
}

#define from_both(test)                                                                                      \
    {#test " (from SQLite)", test, pair_from_sqlite, tear_down_pair, NULL},                                  \
    {                                                                                                        \
#test " (from PostgreSQL)", test, pair_from_postgres, tear_down_pair, NULL                           \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        from_both(a_backup_restores_into_the_other_engine_and_back_with_the_same_root),
        from_both(a_restored_store_opens_as_any_other),
        from_both(a_store_with_content_is_not_restored_over),
        from_both(a_forged_backup_is_refused_even_with_a_fitting_hash),
        from_both(a_missing_version_is_noticed),
        from_both(a_damaged_or_cut_backup_is_refused_whole),
        from_both(the_command_line_backs_up_a_store_that_is_being_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

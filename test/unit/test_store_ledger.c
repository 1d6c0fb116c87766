/* Every write is a leaf: the tree over the events, proofs from the stored tiles, tampering found on opening,
 * many writers in one log, personal values that can be erased, and kill -9 at random moments. */
#include "store_engine.h"

static const int64_t T0 = INT64_C(1775000000000000);

static void must_commit(TkStore *store, TkWrite *write, TkCommitted *committed)
{
    GError *error = NULL;
    if (!tk_store_commit(store, write, committed, &error))
        fail_msg("%s", error->message);
}

static void note(TkStore *store, unsigned count)
{
    while (count > 0) {
        TkWrite *write = tk_write_new("u-1", T0);
        for (unsigned i = 0; i < TK_STORE_OPS_MAX && count > 0; i++, count--)
            tk_write_note(write, "viewed", "accident", "A-1", NULL);
        must_commit(store, write, NULL);
    }
}

static bool add_to_tree(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    assert_int_equal(leaf, tk_tree_size(data));
    tk_tree_append(data, event, len);
    return true;
}

/* The tree over the events as they are read, which must be the tree that the store keeps. */
static TkTree *check_whole(TkStore *store)
{
    GError *error = NULL;
    TkStoreHead head;
    TkTree *tree = tk_tree_new();
    TkHash root;
    if (!tk_store_ledger_head(store, &head, &error) ||
        !tk_store_events(store, 0, UINT64_MAX, add_to_tree, tree, &error))
        fail_msg("%s", error->message);
    tk_tree_root(tree, &root);
    assert_int_equal(tk_tree_size(tree), head.size);
    assert_true(tk_hash_equal(&root, &head.root));
    return tree;
}

static void an_empty_store_has_the_empty_root(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    g_autoptr(TkTree) tree = check_whole(store);
    assert_int_equal(tk_tree_size(tree), 0);
}

static bool keep_text(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    (void)leaf;
    g_string_append_len(data, event, (gssize)len);
    g_string_append_c(data, '\n');
    return true;
}

static void an_event_says_who_what_when_and_the_hashes_before_and_after(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    g_autoptr(json_t) nothing = json_object();
    g_autoptr(json_t) one = json_pack("{s:i, s:i}", "b", 2, "a", 1);
    TkWrite *write = tk_write_new("u-1", at("2026-04-01T09:00:00+09:00"));
    tk_write_put(write, "accident", "A-1", TK_STORE_NEW, "open", one);
    tk_write_put(write, "accident", "A-1", 1, "edit", nothing);
    must_commit(store, write, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    assert_true(tk_store_events(store, 0, 9, keep_text, text, &error));
    g_auto(GStrv) lines = g_strsplit(text->str, "\n", 0);
    g_autoptr(json_t) first = json_loads(lines[0], 0, NULL);
    g_autoptr(json_t) second = json_loads(lines[1], 0, NULL);
    /* SHA-256 of {"a":1,"b":2} and of {} */
    const char *before = "43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777";
    const char *after = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    assert_string_equal(json_string_value(json_object_get(first, "after")), before);
    assert_null(json_object_get(first, "before"));
    assert_string_equal(json_string_value(json_object_get(second, "before")), before);
    assert_string_equal(json_string_value(json_object_get(second, "after")), after);
    assert_string_equal(json_string_value(json_object_get(second, "what")), "edit");
    assert_string_equal(json_string_value(json_object_get(second, "who")), "u-1");
    assert_string_equal(json_string_value(json_object_get(second, "at")), "2026-04-01T09:00:00+09:00");
    assert_int_equal(json_integer_value(json_object_get(second, "version")), 2);
}

static void proofs_come_from_the_stored_tiles(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHashSource source = tk_store_hash_source(store);
    static const unsigned steps[] = {1, 254, 1, 1, 300, 65536, 7};
    TkHash old_root = {{0}};
    uint64_t old_size = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        note(store, steps[i]);
        g_autoptr(TkTree) tree = check_whole(store);
        TkStoreHead head;
        TkProof proof;
        assert_true(tk_store_ledger_head(store, &head, &error));
        for (uint64_t leaf = i % 3; leaf < head.size; leaf += head.size / 7 + 1) {
            TkHash hash;
            TkHashSource of_tree = tk_tree_source(tree);
            assert_true(of_tree.read(of_tree.user, 0, leaf, 1, &hash, &error));
            assert_true(tk_prove_inclusion(hasher, &source, leaf, head.size, &proof, &error));
            assert_true(tk_check_inclusion(hasher, leaf, head.size, &hash, proof.hash, proof.count,
                                           &head.root, &error));
        }
        if (old_size > 0) {
            assert_true(tk_prove_consistency(hasher, &source, old_size, head.size, &proof, &error));
            assert_true(tk_check_consistency(hasher, old_size, head.size, proof.hash, proof.count, &old_root,
                                             &head.root, &error));
        }
        old_size = head.size;
        old_root = head.root;
    }
}

static void a_ledger_goes_on_after_reopening_at_any_size(void **state)
{
    Engine *engine = engine_of(state);
    static const unsigned steps[] = {255, 1, 1, 255, 513};
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(TkStore) store = open_store(engine);
        note(store, steps[i]);
        g_autoptr(TkTree) tree = check_whole(store);
        assert_non_null(tree);
    }
}

static void tampering_at_the_edge_is_found_on_opening(void **state)
{
    static const struct {
        const char *sql, *says;
    } tampers[] = {
        {"UPDATE events SET body = '{}' WHERE leaf = 299", "event 299 does not hash to its leaf"},
        {"DELETE FROM events WHERE leaf = 299", "the last event is number"},
        {"INSERT INTO events (leaf, body) VALUES (300, '{}')", "the last event is number 300"},
        {"UPDATE ledger_head SET size = 299", "two sizes"},
        {"UPDATE ledger_head SET root = (SELECT bytes FROM blobs LIMIT 1)", "does not agree with its tiles"},
        {"DELETE FROM ledger_tiles WHERE level = 0 AND n = 1", "tile 1 of level 0"},
        {"DELETE FROM ledger_head", "the last event is number 299"},
    };
    Engine *engine = engine_of(state);
    g_autoptr(GBytes) other_root = g_bytes_new_static("0123456789abcdef0123456789abcdef", 32);
    char hash[TK_STORE_HASH_TEXT_MAX];
    TkStore *store = open_store(engine);
    TkWrite *write = tk_write_new("u-1", T0);
    tk_write_blob(write, other_root, hash);
    must_commit(store, write, NULL);
    note(store, 299);
    tk_store_close(store);
    tamper(engine, "CREATE TABLE keep_e AS SELECT * FROM events");
    tamper(engine, "CREATE TABLE keep_h AS SELECT * FROM ledger_head");
    tamper(engine, "CREATE TABLE keep_t AS SELECT * FROM ledger_tiles");
    for (size_t i = 0; i < G_N_ELEMENTS(tampers); i++) {
        GError *error = NULL;
        tamper(engine, tampers[i].sql);
        TkStore *opened = open_with(engine, false, &error);
        if (opened != NULL)
            fail_msg("not found: %s", tampers[i].sql);
        assert_true(g_error_matches(error, TK_ERROR, TK_ERROR_REFUSED));
        assert_error_says(error, tampers[i].says);
        tamper(engine,
               "DELETE FROM events; DELETE FROM ledger_head; DELETE FROM ledger_tiles;"
               "INSERT INTO events SELECT * FROM keep_e; INSERT INTO ledger_head SELECT * FROM keep_h;"
               "INSERT INTO ledger_tiles SELECT * FROM keep_t;");
    }
    tk_store_close(open_store(engine));
}

static void put_person(TkStore *store, const char *name, TkCommitted *committed)
{
    g_autoptr(json_t) person =
        json_pack("{s:s, s:s, s:[{s:s}]}", "name", name, "role", "CISO", "phones", "number", "03-0000-0000");
    TkWrite *write = tk_write_new("u-1", T0);
    tk_write_put(write, "person", "P-1", TK_STORE_ANY, "edit", person);
    tk_write_mark_personal(write, "/name");
    tk_write_mark_personal(write, "/phones/0/number");
    tk_write_mark_personal(write, "/none");
    must_commit(store, write, committed);
}

static void keep_fault(const char *fault, gpointer data)
{
    g_string_append_printf(data, "%s\n", fault);
}

static void a_tampered_row_anywhere_is_found_and_named(void **state)
{
    static const struct {
        const char *sql, *says;
    } tampers[] = {
        {"UPDATE versions SET body = '{\"n\":3}' WHERE leaf = 1",
         "altered: version 2 of accident A-1 is not the one that entry 1"},
        {"UPDATE versions SET who = 'u-9' WHERE leaf = 0",
         "altered: version 1 of accident A-1 is not the one that entry 0"},
        {"UPDATE versions SET at_us = at_us - 1 WHERE leaf = 0", "altered: version 1 of accident A-1"},
        {"UPDATE versions SET body = NULL WHERE leaf = 1", "altered: version 2 of accident A-1"},
        {"DELETE FROM versions WHERE leaf = 0", "missing: version 1 of accident A-1 (entry 0)"},
        {"INSERT INTO versions SELECT 77, kind, 'A-2', 1, at_us, who, action, body FROM versions WHERE leaf "
         "= 0",
         "added: a row for entry 77"},
        {"UPDATE records SET leaf = 0, version = 1 WHERE id = 'A-1'",
         "the present accident A-1 is not its newest"},
        {"UPDATE records SET deleted = 1 WHERE id = 'A-1'", "the present accident A-1"},
        {"DELETE FROM records WHERE id = 'A-1'", "the present accident A-1"},
        {"UPDATE personal SET payload = '{\"/name\":\"x\"}'", "altered: the personal values of person P-1"},
        {"UPDATE blobs SET bytes = 'abd'", "altered: the file ba7816bf"},
        {"DELETE FROM blobs", "missing: the file ba7816bf"},
        {"UPDATE alarms SET lines = '{}'", "altered: the batch of alarms of entry 4"},
        {"DELETE FROM alarms", "missing: the batch of alarms of entry 4"},
    };
    static const char *const tables[] = {"versions", "records", "personal", "blobs", "alarms"};
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    char hash[TK_STORE_HASH_TEXT_MAX];
    g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);
    g_autoptr(json_t) one = json_pack("{s:i}", "n", 1);
    TkWrite *write = tk_write_new("u-1", T0);
    tk_write_put(write, "accident", "A-1", TK_STORE_NEW, "open", one);
    tk_write_put(write, "accident", "A-1", 1, "edit", one);
    must_commit(store, write, NULL);
    put_person(store, "山田", NULL);
    write = tk_write_new("u-1", T0);
    tk_write_blob(write, bytes, hash);
    tk_write_alarms(write, "{\"a\":1}", 7, 1, T0, T0);
    must_commit(store, write, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *keep =
            g_strdup_printf("CREATE TABLE keep_%s AS SELECT * FROM %s", tables[i], tables[i]);
        tamper(engine, keep);
    }
    for (size_t i = 0; i <= G_N_ELEMENTS(tampers); i++) { /* the last time unaltered */
        g_autoptr(GString) said = g_string_new(NULL);
        uint64_t faults = 0;
        if (i < G_N_ELEMENTS(tampers))
            tamper(engine, tampers[i].sql);
        assert_true(tk_store_verify(store, keep_fault, said, &faults, &error));
        if (i == G_N_ELEMENTS(tampers)) {
            assert_string_equal(said->str, "");
            assert_int_equal(faults, 0);
        } else if (faults == 0 || strstr(said->str, tampers[i].says) == NULL) {
            fail_msg("%s: %s", tampers[i].sql, said->str);
        }
        for (size_t t = 0; t < G_N_ELEMENTS(tables); t++) {
            g_autofree char *back = g_strdup_printf("DELETE FROM %s; INSERT INTO %s SELECT * FROM keep_%s",
                                                    tables[t], tables[t], tables[t]);
            tamper(engine, back);
        }
    }
}

/* Every page that is wiped is found, before a row is read from it, and nearly all by their number: the check
 * cannot go on behind the first. */
static void a_damaged_page_is_found_and_named(void **state)
{
    Engine *engine = engine_of(state);
    TkStore *store = open_store(engine);
    g_autoptr(json_t) one = json_pack("{s:s}", "text", "合成データ");
    for (int i = 0; i < 40; i++) {
        g_autofree char *id = g_strdup_printf("A-%d", i);
        TkWrite *write = tk_write_new("u-1", T0);
        tk_write_put(write, "accident", id, TK_STORE_NEW, "open", one);
        must_commit(store, write, NULL);
    }
    tk_store_close(store);
    tamper(engine, "PRAGMA wal_checkpoint(TRUNCATE)");
    g_autofree char *path = g_build_filename(engine->data_dir, "tokatsu.db", NULL), *sound = NULL;
    size_t len = 0;
    assert_true(g_file_get_contents(path, &sound, &len, NULL));
    uint64_t faults = 0, named = 0;
    assert_true(tk_store_check_pages(engine->data_dir, NULL, NULL, &faults, NULL));
    assert_int_equal(faults, 0);
    for (size_t page = 0; page < len / 4096; page++) {
        g_autofree char *bytes = g_memdup2(sound, len);
        g_autoptr(GString) said = g_string_new(NULL);
        memset(bytes + page * 4096, 0x5a, 4096);
        assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
        faults = 0;
        assert_true(tk_store_check_pages(engine->data_dir, keep_fault, said, &faults, NULL));
        if (faults == 0)
            fail_msg("page %zu is damaged and nobody says so", page + 1);
        g_autofree char *number = g_strdup_printf("age %zu", page + 1);
        named += strstr(said->str, number) != NULL;
    }
    assert_true(named > len / 4096 / 2);
}

/* ---- many writers ---- */

typedef struct {
    TkStore *store;
    unsigned writes, conflicts, errors;
} Racer;

/* Adds one to a shared counter, reading again whenever somebody was faster. */
static gpointer race(gpointer data)
{
    Racer *racer = data;
    for (unsigned done = 0; done < racer->writes;) {
        g_autoptr(GError) error = NULL;
        g_autoptr(TkRecord) record = tk_store_get(racer->store, "counter", "c", TK_TIME_NONE, &error);
        g_clear_error(&error);
        json_int_t n = record != NULL ? json_integer_value(json_object_get(record->body, "n")) : 0;
        g_autoptr(json_t) document = json_pack("{s:I}", "n", n + 1);
        TkWrite *write = tk_write_new("racer", T0);
        tk_write_put(write, "counter", "c", record != NULL ? record->version : TK_STORE_NEW, "count",
                     document);
        if (tk_store_commit(racer->store, write, NULL, &error))
            done++;
        else if (g_error_matches(error, TK_ERROR, TK_ERROR_CONFLICT))
            racer->conflicts++;
        else if (racer->errors++ > 3)
            return NULL;
    }
    return NULL;
}

#define RACERS 8
#define EACH   40

/* Two stores open on one database stand for two processes: they share nothing in memory. */
static void writers_of_two_processes_keep_one_linear_log_and_lose_no_update(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) here = open_store(engine);
    g_autoptr(TkStore) there = open_store(engine);
    Racer racers[RACERS];
    GThread *threads[RACERS];
    for (unsigned i = 0; i < RACERS; i++) {
        racers[i] = (Racer){.store = i % 2 == 0 ? here : there, .writes = EACH};
        threads[i] = g_thread_new("racer", race, &racers[i]);
    }
    for (unsigned i = 0; i < RACERS; i++) {
        g_thread_join(threads[i]);
        assert_int_equal(racers[i].errors, 0);
    }
    g_autoptr(TkRecord) record = tk_store_get(here, "counter", "c", TK_TIME_NONE, NULL);
    assert_int_equal(json_integer_value(json_object_get(record->body, "n")), RACERS * EACH);
    assert_int_equal(record->version, RACERS * EACH);
    g_autoptr(TkTree) tree = check_whole(there);
    assert_int_equal(tk_tree_size(tree), RACERS * EACH);
}

/* ---- personal values ---- */

static void a_personal_value_is_read_back_but_not_in_the_document_or_the_leaf(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    put_person(store, "山田", NULL);
    put_person(store, "山田", NULL);
    g_autoptr(TkRecord) record = tk_store_get(store, "person", "P-1", TK_TIME_NONE, &error);
    assert_string_equal(json_string_value(json_object_get(record->body, "name")), "山田");
    assert_string_equal(json_string_value(json_object_get(
                            json_array_get(json_object_get(record->body, "phones"), 0), "number")),
                        "03-0000-0000");
    g_autoptr(GString) events = g_string_new(NULL);
    assert_true(tk_store_events(store, 0, 9, keep_text, events, &error));
    assert_null(strstr(events->str, "山田"));
    g_auto(GStrv) lines = g_strsplit(events->str, "\n", 0);
    g_autoptr(json_t) first = json_loads(lines[0], 0, NULL);
    g_autoptr(json_t) second = json_loads(lines[1], 0, NULL);
    const char *one = json_string_value(json_object_get(first, "personal"));
    const char *two = json_string_value(json_object_get(second, "personal"));
    assert_string_not_equal(one, two); /* salted: the same name twice cannot be told from two names */
    g_autofree char *stored = ask(engine, "SELECT COUNT(*) FROM versions WHERE body LIKE '%山田%'");
    g_autofree char *aside = ask(engine, "SELECT COUNT(*) FROM personal WHERE payload LIKE '%山田%'");
    assert_string_equal(stored, "0");
    assert_string_equal(aside, "2");
}

static void erased_personal_values_are_gone_from_every_version_and_the_ledger_holds(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    put_person(store, "山田", NULL);
    put_person(store, "田中", NULL);
    g_auto(TkCommitted) committed = {0};
    TkWrite *write = tk_write_new("u-2", T0 + 5);
    tk_write_erase(write, "person", "P-1", "request of the person");
    must_commit(store, write, &committed);
    assert_int_equal(committed.leaves, 2);
    g_autoptr(TkRecord) now = tk_store_get(store, "person", "P-1", TK_TIME_NONE, &error);
    g_autoptr(TkRecord) then = tk_store_get(store, "person", "P-1", T0, &error);
    assert_true(json_is_null(json_object_get(now->body, "name")));
    assert_true(json_is_null(json_object_get(then->body, "name")));
    assert_string_equal(json_string_value(json_object_get(now->body, "role")), "CISO");
    g_autoptr(TkTree) tree = check_whole(store);
    assert_int_equal(tk_tree_size(tree), 4);
    write = tk_write_new("u-2", T0 + 6);
    tk_write_erase(write, "person", "P-1", "again");
    assert_false(tk_store_commit(store, write, NULL, &error));
    assert_error_says(error, "no personal values");
}

static bool file_contains(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *bytes = NULL;
    gsize len = 0;
    return g_file_get_contents(path, &bytes, &len, NULL) && memmem(bytes, len, text, strlen(text)) != NULL;
}

/* SQLite alone: where PostgreSQL's files put their bytes is its own affair (the table is vacuumed). */
static void erased_personal_values_are_gone_from_the_files(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    put_person(store, "山田", NULL);
    assert_true(file_contains(engine->data_dir, "tokatsu.db-wal", "山田"));
    TkWrite *write = tk_write_new("u-2", T0 + 5);
    tk_write_erase(write, "person", "P-1", "request of the person");
    must_commit(store, write, NULL);
    assert_false(file_contains(engine->data_dir, "tokatsu.db-wal", "山田"));
    assert_false(file_contains(engine->data_dir, "tokatsu.db", "山田"));
}

/* ---- kill -9 ---- */

/* Commits until it is killed, four threads at a time; says each acknowledged id on `fd`. */
typedef struct {
    TkStore *store;
    int fd, round, thread;
} Child;

static gpointer commit_for_ever(gpointer data)
{
    const Child *child = data;
    g_autoptr(json_t) document = json_pack("{s:s}", "text", "合成データ");
    for (int i = 0;; i++) {
        char line[40];
        g_autoptr(GError) error = NULL;
        g_snprintf(line, sizeof line, "%d-%d-%d", child->round, child->thread, i);
        TkWrite *item = tk_write_new("child", T0);
        tk_write_put(item, "item", line, TK_STORE_NEW, "open", document);
        tk_write_note(item, "viewed", "item", line, NULL);
        if (!tk_store_commit(child->store, item, NULL, &error))
            _exit(3);
        g_strlcat(line, "\n", sizeof line);
        if (write(child->fd, line, strlen(line)) < 0)
            _exit(4);
    }
    return NULL;
}

static int run_child(const char *where, int round)
{
    bool postgres = g_str_has_prefix(where, "postgresql:");
    TkStoreOptions options = {.data_dir = postgres ? NULL : where, .database_url = postgres ? where : NULL};
    g_autoptr(GError) error = NULL;
    TkStore *store = tk_store_open(&options, &error);
    if (store == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 2;
    }
    Child children[4];
    for (int i = 0; i < 4; i++) {
        children[i] = (Child){.store = store, .fd = STDOUT_FILENO, .round = round, .thread = i};
        g_thread_new("child", commit_for_ever, &children[i]);
    }
    pause();
    return 0;
}

/* Starts a child, kills it after a while, and returns what it said that was acknowledged. */
static char *killed_child(const Engine *engine, int round, unsigned after_us)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *number = g_strdup_printf("%d", round);
    const char *argv[] = {self, "--child", engine->postgres ? engine->url : engine->data_dir, number, NULL};
    GPid pid;
    int out;
    if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                  NULL, &out, NULL, NULL))
        fail_msg("the child does not start");
    GString *said = g_string_new(NULL);
    char buffer[4096];
    ssize_t got = read(out, buffer, sizeof buffer); /* it is at work */
    if (got > 0)
        g_string_append_len(said, buffer, got);
    g_usleep(after_us);
    kill(pid, SIGKILL);
    while ((got = read(out, buffer, sizeof buffer)) > 0)
        g_string_append_len(said, buffer, got);
    close(out);
    int status;
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return g_string_free(said, FALSE);
}

#define KILLING_US (25 * G_USEC_PER_SEC)

static void kill_minus_nine_loses_nothing_acknowledged(void **state)
{
    Engine *engine = engine_of(state);
    unsigned acknowledged = 0;
    int64_t end_us =
        g_get_monotonic_time() + KILLING_US; /* slow machines, and sanitizers, do fewer than 10,000 */
    for (int round = 0; round < 10 || (acknowledged < 10000 && g_get_monotonic_time() < end_us); round++) {
        g_autofree char *said =
            killed_child(engine, round, (unsigned)g_random_int_range(0, round < 10 ? 60000 : 600000));
        g_autoptr(TkStore) store = open_store(engine);
        g_auto(GStrv) lines = g_strsplit(said, "\n", 0);
        for (char **line = lines; *line != NULL && line[1] != NULL; line++) { /* the last one may be cut */
            g_autoptr(GError) error = NULL;
            g_autoptr(TkRecord) record = tk_store_get(store, "item", *line, TK_TIME_NONE, &error);
            if (record == NULL)
                fail_msg("acknowledged and lost in round %d: %s", round, error->message);
            acknowledged++;
        }
        g_autoptr(TkTree) tree = check_whole(store);
        assert_int_equal(tk_tree_size(tree) % 2, 0); /* a put and its note: both or neither */
    }
    print_message("%u acknowledged, none lost\n", acknowledged);
    assert_true(acknowledged > 10);
}

/* The sizes of all checkpoints kept, as a backup has them. */
static char *kept_sizes(TkStore *store)
{
    char *text = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&text, &len);
    assert_true(tk_store_backup(store, file, NULL, NULL));
    fclose(file);
    GString *sizes = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_autoptr(json_t) read = tk_json_read("line", *line, strlen(*line), TK_STORE_DOCUMENT_MAX, NULL);
        if (g_strcmp0(json_string_value(json_object_get(read, "t")), "checkpoint") == 0)
            g_string_append_printf(sizes, "%" JSON_INTEGER_FORMAT " ",
                                   json_integer_value(json_object_get(read, "size")));
    }
    free(text);
    return g_string_free(sizes, FALSE);
}

static void sign_at(TkStore *store, TkSigner *signer, int64_t at_us)
{
    note(store, 1);
    assert_true(tk_store_checkpoint(store, "tokatsu/test", &signer, 1, at_us, NULL, NULL));
}

static void of_old_checkpoints_the_last_of_each_hour_stays(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    const uint8_t seed[TK_SEED_LEN] = {7};
    g_autoptr(TkSigner) signer = tk_signer_new("tokatsu/test", TK_KEY_ED25519, seed, NULL);
    const int64_t minute = 60 * TK_US_PER_S, hour = T0 - T0 % (60 * minute);
    sign_at(store, signer, hour);               /* 1 */
    sign_at(store, signer, hour + 1);           /* 2 */
    sign_at(store, signer, hour + 59 * minute); /* 3: 1 goes, and 2, which is not its hour's last any more */
    sign_at(store, signer, hour + 61 * minute); /* 4 */
    sign_at(store, signer, hour + 62 * minute); /* 5 */
    g_autofree char *young = kept_sizes(store);
    sign_at(store, signer, hour + 90 * minute); /* 6: 4 goes, 5 is the last that was kept of its hour */
    g_autofree char *old = kept_sizes(store);
    assert_string_equal(young, "3 4 5 ");
    assert_string_equal(old, "3 5 6 ");
}

static void a_cosignature_joins_the_checkpoint_of_its_size_and_is_no_leaf(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    const uint8_t seed[TK_SEED_LEN] = {7};
    g_autoptr(TkSigner) signer = tk_signer_new("tokatsu/test", TK_KEY_ED25519, seed, NULL);
    g_autoptr(TkSigner) witness = tk_signer_new("witness.example", TK_KEY_COSIGNATURE, seed, NULL);
    g_auto(TkBuf) text = {0}, line = {0};
    GError *error = NULL;
    tk_buf_init(&text, TK_NOTE_BYTES_MAX);
    tk_buf_init(&line, TK_NOTE_BYTES_MAX);
    sign_at(store, signer, T0);
    assert_true(tk_store_checkpoint_newest(store, &text, NULL));
    g_autoptr(TkNote) signed_note = tk_note_read(text.data, text.len, NULL);
    assert_true(tk_note_sign(witness, signed_note->text, signed_note->text_len, 1, &line, NULL));
    assert_true(tk_store_checkpoint_cosign(store, 1, line.data, line.len, NULL));
    assert_true(tk_store_checkpoint_newest(store, &text, NULL));
    g_autoptr(TkNote) cosigned = tk_note_read(text.data, text.len, NULL);
    assert_int_equal(cosigned->count, 2);
    assert_string_equal(cosigned->signature[1].name, "witness.example");
    assert_int_equal(tk_store_ledger_size(store), 1);
    assert_false(tk_store_checkpoint_cosign(store, 2, line.data, line.len, &error));
    assert_int_equal(error->code, TK_ERROR_NOT_FOUND);
    g_error_free(error);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--child") == 0)
        return run_child(argv[2], (int)g_ascii_strtoll(argv[3], NULL, 10));
    const struct CMUnitTest tests[] = {
        on_both(an_empty_store_has_the_empty_root),
        on_both(an_event_says_who_what_when_and_the_hashes_before_and_after),
        on_both(proofs_come_from_the_stored_tiles),
        on_both(a_ledger_goes_on_after_reopening_at_any_size),
        on_both(tampering_at_the_edge_is_found_on_opening),
        on_both(a_tampered_row_anywhere_is_found_and_named),
        on_both(writers_of_two_processes_keep_one_linear_log_and_lose_no_update),
        on_both(a_personal_value_is_read_back_but_not_in_the_document_or_the_leaf),
        on_both(erased_personal_values_are_gone_from_every_version_and_the_ledger_holds),
        cmocka_unit_test_setup_teardown(a_damaged_page_is_found_and_named, set_up_sqlite, tear_down),
        cmocka_unit_test_setup_teardown(erased_personal_values_are_gone_from_the_files, set_up_sqlite,
                                        tear_down),
        on_both(of_old_checkpoints_the_last_of_each_hour_stays),
        on_both(a_cosignature_joins_the_checkpoint_of_its_size_and_is_no_leaf),
        on_both(kill_minus_nine_loses_nothing_acknowledged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

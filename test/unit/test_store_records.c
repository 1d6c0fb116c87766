/* Records: versions, history, optimistic checks, lists; the same on both engines. */
#include "store_engine.h"

static const int64_t T0 = INT64_C(1775000000000000);

static json_t *doc(const char *text)
{
    GError *error = NULL;
    json_t *document = tk_json_read("test", text, strlen(text), 1 << 20, &error);
    if (document == NULL)
        fail_msg("%s", error->message);
    return document;
}

static bool put(TkStore *store, const char *id, int64_t expected, const char *text, int64_t at_us,
                GError **error)
{
    g_autoptr(json_t) document = doc(text);
    TkWrite *write = tk_write_new("u-1", at_us);
    tk_write_put(write, "accident", id, expected, "edit", document);
    return tk_store_commit(store, write, NULL, error);
}

static void must_put(TkStore *store, const char *id, const char *text, int64_t at_us)
{
    GError *error = NULL;
    if (!put(store, id, TK_STORE_ANY, text, at_us, &error))
        fail_msg("%s", error->message);
}

static void a_record_is_read_back_as_it_was_put(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    must_put(store, "A-1", "{\"title\":\"通信障害 \\\"大\\\"\",\"users\":30000,\"ratio\":0.5,\"none\":null}",
             T0);
    g_autoptr(TkRecord) record = tk_store_get(store, "accident", "A-1", TK_TIME_NONE, &error);
    assert_null(error);
    assert_int_equal(record->version, 1);
    assert_int_equal(record->leaf, 0);
    assert_int_equal(record->at_us, T0);
    assert_string_equal(record->who, "u-1");
    assert_string_equal(record->action, "edit");
    assert_string_equal(json_string_value(json_object_get(record->body, "title")), "通信障害 \"大\"");
    assert_int_equal(json_integer_value(json_object_get(record->body, "users")), 30000);
    assert_true(json_is_null(json_object_get(record->body, "none")));
}

static void a_record_is_still_there_after_reopening(void **state)
{
    Engine *engine = engine_of(state);
    TkStore *store = open_store(engine);
    must_put(store, "A-1", "{\"n\":1}", T0);
    tk_store_close(store);
    g_autoptr(TkStore) again = open_store(engine);
    must_put(again, "A-1", "{\"n\":2}", T0 + 1);
    g_autoptr(TkRecord) record = tk_store_get(again, "accident", "A-1", TK_TIME_NONE, NULL);
    assert_int_equal(record->version, 2);
    assert_int_equal(tk_store_ledger_size(again), 2);
}

static void a_record_is_read_as_of_any_time(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    must_put(store, "A-1", "{\"n\":1}", T0);
    must_put(store, "A-1", "{\"n\":2}", T0 + 100);
    g_autoptr(TkRecord) then = tk_store_get(store, "accident", "A-1", T0 + 99, &error);
    assert_int_equal(json_integer_value(json_object_get(then->body, "n")), 1);
    g_autoptr(TkRecord) later = tk_store_get(store, "accident", "A-1", T0 + 100, &error);
    assert_int_equal(json_integer_value(json_object_get(later->body, "n")), 2);
    assert_null(tk_store_get(store, "accident", "A-1", T0 - 1, &error));
    assert_error_says(error, "there is no accident A-1");
}

static bool add_n(const TkRecord *record, gpointer data)
{
    g_string_append_printf(data, "%s=%d ", record->id,
                           (int)json_integer_value(json_object_get(record->body, "n")));
    return true;
}

static void all_records_are_read_as_they_stood(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    must_put(store, "B", "{\"n\":1}", T0);
    must_put(store, "A", "{\"n\":1}", T0 + 10);
    must_put(store, "B", "{\"n\":2}", T0 + 20);
    TkWrite *write = tk_write_new("u-1", T0 + 30);
    tk_write_delete(write, "accident", "A", TK_STORE_ANY, "delete");
    assert_true(tk_store_commit(store, write, NULL, &error));
    static const struct {
        int after;
        const char *seen;
    } known[] = {{-1, ""}, {0, "B=1 "}, {10, "A=1 B=1 "}, {29, "A=1 B=2 "}, {30, "B=2 "}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        assert_true(tk_store_each_as_of(store, "accident", T0 + known[i].after, add_n, seen, &error));
        assert_string_equal(seen->str, known[i].seen);
    }
}

static void a_stale_version_is_refused_and_keeps_nothing(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    must_put(store, "A-1", "{\"n\":1}", T0);
    must_put(store, "A-1", "{\"n\":2}", T0);
    assert_false(put(store, "A-1", 1, "{\"n\":3}", T0, &error));
    assert_true(g_error_matches(error, TK_ERROR, TK_ERROR_CONFLICT));
    assert_error_says(error, "version 1 was read, 2 is there now");
    assert_false(put(store, "A-1", TK_STORE_NEW, "{\"n\":3}", T0, &error));
    assert_error_says(error, "accident A-1 exists already");
    assert_false(put(store, "A-2", 1, "{\"n\":3}", T0, &error));
    assert_error_says(error, "does not exist");
    assert_int_equal(tk_store_ledger_size(store), 2);
}

static void a_write_is_kept_whole_or_not_at_all(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    must_put(store, "A-1", "{\"n\":1}", T0);
    g_autoptr(json_t) document = doc("{\"n\":9}");
    TkWrite *write = tk_write_new("u-1", T0);
    tk_write_put(write, "accident", "A-9", TK_STORE_NEW, "open", document);
    tk_write_put(write, "accident", "A-1", 7, "edit", document);
    assert_false(tk_store_commit(store, write, NULL, &error));
    g_clear_error(&error);
    assert_null(tk_store_get(store, "accident", "A-9", TK_TIME_NONE, &error));
    assert_error_says(error, "there is no");
    assert_int_equal(tk_store_ledger_size(store), 1);
}

static void one_write_may_change_a_record_twice(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    g_autoptr(json_t) document = doc("{\"n\":1}");
    g_auto(TkCommitted) committed = {0};
    TkWrite *write = tk_write_new("u-1", T0);
    tk_write_put(write, "accident", "A-1", TK_STORE_NEW, "open", document);
    tk_write_put(write, "accident", "A-1", 1, "confirm", document);
    tk_write_note(write, "viewed", "accident", "A-1", NULL);
    tk_write_delete(write, "accident", "A-1", 2, "drop");
    assert_true(tk_store_commit(store, write, &committed, &error));
    assert_int_equal(committed.leaves, 4);
    assert_int_equal(committed.versions[0], 1);
    assert_int_equal(committed.versions[1], 2);
    assert_int_equal(committed.versions[2], 0);
    assert_int_equal(committed.versions[3], 3);
}

static bool collect(const TkRecord *record, gpointer data)
{
    g_string_append_printf(data, "%s%s:%d%s", ((GString *)data)->len > 0 ? " " : "", record->id,
                           (int)record->version, record->deleted ? "x" : "");
    return true;
}

static void a_deleted_record_leaves_its_history(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    must_put(store, "A-1", "{\"n\":1}", T0);
    TkWrite *write = tk_write_new("u-2", T0 + 5);
    tk_write_delete(write, "accident", "A-1", 1, "drop");
    assert_true(tk_store_commit(store, write, NULL, &error));
    assert_null(tk_store_get(store, "accident", "A-1", TK_TIME_NONE, &error));
    assert_error_says(error, "was deleted");
    write = tk_write_new("u-2", T0 + 5);
    tk_write_delete(write, "accident", "A-1", TK_STORE_ANY, "drop");
    assert_false(tk_store_commit(store, write, NULL, &error));
    assert_error_says(error, "there is no accident A-1 to delete");
    assert_true(put(store, "A-1", TK_STORE_NEW, "{\"n\":2}", T0 + 9, &error));
    g_autoptr(GString) seen = g_string_new(NULL);
    assert_true(tk_store_history(store, "accident", "A-1", collect, seen, &error));
    assert_string_equal(seen->str, "A-1:1 A-1:2x A-1:3");
    assert_false(tk_store_history(store, "accident", "A-7", collect, seen, &error));
    assert_error_says(error, "there is no accident A-7");
}

static char *listed(TkStore *store, const TkQuery *query, uint64_t *total)
{
    GError *error = NULL;
    GString *seen = g_string_new(NULL);
    if (!tk_store_list(store, query, collect, seen, total, &error))
        fail_msg("%s", error->message);
    return g_string_free(seen, FALSE);
}

static void lists_filter_order_and_page(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    must_put(store, "b", "{\"state\":\"open\",\"n\":10,\"deep\":{\"list\":[true]}}", T0);
    assert_true(tk_store_index(store, "accident", "/state", &error)); /* indexes what is there … */
    assert_true(tk_store_index(store, "accident", "/n", &error));
    assert_true(tk_store_index(store, "accident", "/deep/list/0", &error));
    must_put(store, "a", "{\"state\":\"closed\",\"n\":9}", T0); /* … and what comes */
    must_put(store, "c", "{\"state\":\"open\",\"n\":-1.5}", T0);
    must_put(store, "d", "{\"state\":\"開\"}", T0);
    uint64_t total = 0;
    TkQuery query = {.kind = "accident"};
    g_autofree char *all = listed(store, &query, &total);
    assert_string_equal(all, "a:1 b:1 c:1 d:1");
    assert_int_equal(total, 4);
    query.order = "/n";
    g_autofree char *by_n = listed(store, &query, NULL);
    assert_string_equal(by_n, "c:1 a:1 b:1 d:1");
    query.descending = true;
    query.limit = 2;
    g_autofree char *page = listed(store, &query, &total);
    assert_string_equal(page, "b:1 a:1");
    assert_int_equal(total, 4);
    query.offset = 2;
    g_autofree char *second = listed(store, &query, NULL);
    assert_string_equal(second, "c:1 d:1");
    TkFilter open_small[] = {{.pointer = "/state", .op = TK_FILTER_EQ, .text = "open"},
                             {.pointer = "/n", .op = TK_FILTER_LT, .number = 10}};
    TkQuery filtered = {.kind = "accident", .filters = open_small, .filter_count = 2};
    g_autofree char *few = listed(store, &filtered, &total);
    assert_string_equal(few, "c:1");
    assert_int_equal(total, 1);
    TkFilter truth = {.pointer = "/deep/list/0", .op = TK_FILTER_EQ, .text = "true"};
    filtered.filters = &truth;
    filtered.filter_count = 1;
    g_autofree char *deep = listed(store, &filtered, NULL);
    assert_string_equal(deep, "b:1");
}

static void a_list_follows_changes_and_deletions(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    assert_true(tk_store_index(store, "accident", "/state", &error));
    must_put(store, "a", "{\"state\":\"open\"}", T0);
    must_put(store, "b", "{\"state\":\"open\"}", T0);
    must_put(store, "c", "{\"state\":\"open\"}", T0);
    must_put(store, "a", "{\"state\":\"closed\"}", T0);
    must_put(store, "b", "{}", T0);
    TkFilter is_open = {.pointer = "/state", .op = TK_FILTER_EQ, .text = "open"};
    TkQuery query = {.kind = "accident", .filters = &is_open, .filter_count = 1};
    g_autofree char *before = listed(store, &query, NULL);
    assert_string_equal(before, "c:1");
    TkWrite *write = tk_write_new("u-2", T0);
    tk_write_delete(write, "accident", "c", TK_STORE_ANY, "drop");
    assert_true(tk_store_commit(store, write, NULL, &error));
    g_autofree char *after = listed(store, &query, NULL);
    assert_string_equal(after, "");
    assert_true(put(store, "c", TK_STORE_NEW, "{\"state\":\"open\"}", T0, &error));
    g_autofree char *again = listed(store, &query, NULL);
    assert_string_equal(again, "c:3");
}

static void a_list_by_an_undeclared_field_is_refused(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    TkQuery query = {.kind = "accident", .order = "/'; DROP TABLE records; --"};
    assert_false(tk_store_list(store, &query, collect, NULL, NULL, &error));
    assert_error_says(error, "cannot be ordered");
}

static void unusable_names_and_sizes_are_refused_with_the_reason(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    g_autoptr(json_t) document = doc("{}");
    static const struct {
        const char *who, *kind, *id, *says;
    } bad[] = {
        {"", "accident", "A", "who writes is empty"},
        {"u", "Accident", "A", "not a kind"},
        {"u", "", "A", "not a kind"},
        {"u", "a;b", "A", "not a kind"},
        {"u", "accident", "", "id is empty"},
        {"u", "accident", "a\nb", "control character"},
        {"u", "accident", "\xff", "not UTF-8"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        TkWrite *write = tk_write_new(bad[i].who, T0);
        tk_write_put(write, bad[i].kind, bad[i].id, TK_STORE_ANY, "edit", document);
        assert_false(tk_store_commit(store, write, NULL, &error));
        assert_error_says(error, bad[i].says);
    }
    g_autofree char *long_id = g_strnfill(TK_STORE_ID_MAX + 1, 'x');
    assert_false(put(store, long_id, TK_STORE_ANY, "{}", T0, &error));
    assert_error_says(error, "more than the 200");
    g_autofree char *big = g_strnfill(TK_STORE_DOCUMENT_MAX, 'x');
    g_autoptr(json_t) too_big = json_pack("{s:s}", "text", big);
    TkWrite *write = tk_write_new("u", T0);
    tk_write_put(write, "accident", "A", TK_STORE_ANY, "edit", too_big);
    assert_false(tk_store_commit(store, write, NULL, &error));
    assert_true(g_error_matches(error, TK_ERROR, TK_ERROR_LIMIT));
    g_clear_error(&error);
    assert_int_equal(tk_store_ledger_size(store), 0);
}

static void what_only_the_store_may_say_is_refused_from_others(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    TkWrite *write = tk_write_new("u-1", T0);
    tk_write_note(write, "keep", "blob", "00", NULL);
    assert_false(tk_store_commit(store, write, NULL, &error));
    assert_error_says(error, "said by the store alone");
    write = tk_write_new("u-1", T0);
    tk_write_note(write, "viewed", "blob", "00", NULL);
    assert_true(tk_store_commit(store, write, NULL, &error));
}

static void a_text_with_a_nul_in_it_comes_back(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    g_autoptr(json_t) document = json_object();
    json_object_set_new(document, "t", json_stringn("a\0b", 3));
    assert_true(tk_store_index(store, "accident", "/t", &error));
    TkWrite *write = tk_write_new("u-1", T0);
    tk_write_put(write, "accident", "A", TK_STORE_NEW, "open", document);
    assert_true(tk_store_commit(store, write, NULL, &error));
    g_autoptr(TkRecord) record = tk_store_get(store, "accident", "A", TK_TIME_NONE, &error);
    if (record == NULL)
        fail_msg("%s", error->message);
    assert_int_equal(json_string_length(json_object_get(record->body, "t")), 3);
}

static void text_that_looks_like_sql_is_only_text(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    const char *id = "A'); DROP TABLE records; --\"\\%_";
    assert_true(put(store, id, TK_STORE_NEW, "{\"t\":\"'; DELETE FROM versions; --\"}", T0, &error));
    g_autoptr(TkRecord) record = tk_store_get(store, "accident", id, TK_TIME_NONE, &error);
    assert_non_null(record);
    assert_string_equal(record->id, id);
}

static void a_blob_is_kept_once_and_checked(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    char hash[TK_STORE_HASH_TEXT_MAX];
    g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);
    for (int i = 0; i < 2; i++) {
        TkWrite *write = tk_write_new("u-1", T0);
        tk_write_blob(write, bytes, hash);
        assert_true(tk_store_commit(store, write, NULL, &error));
    }
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    g_autoptr(GBytes) back = tk_store_blob(store, hash, &error);
    assert_true(g_bytes_equal(bytes, back));
    assert_int_equal(tk_store_ledger_size(store), 2);
    tamper(engine, "UPDATE blobs SET bytes = 'abd'");
    assert_null(tk_store_blob(store, hash, &error));
    assert_error_says(error, "altered");
    assert_null(tk_store_blob(store, "00", &error));
    assert_error_says(error, "no file with the hash");
}

static bool collect_batch(const TkAlarmBatch *batch, gpointer data)
{
    g_string_append_printf(data, "%d*%u:%.*s ", (int)batch->seq, batch->count, (int)batch->len, batch->lines);
    return true;
}

static void alarm_batches_are_replayed_in_order_from_anywhere(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    uint64_t seq = 0;
    for (int i = 0; i < 40; i++) {
        g_autofree char *line = g_strdup_printf("{\"a\":%d}", i);
        assert_true(
            tk_store_append_alarms(store, "intake", T0 + i, line, strlen(line), 1, T0, T0 + 9, &seq, &error));
        assert_int_equal(seq, i);
    }
    g_autoptr(GString) seen = g_string_new(NULL);
    assert_true(tk_store_read_alarms(store, 37, collect_batch, seen, &error));
    assert_string_equal(seen->str, "37*1:{\"a\":37} 38*1:{\"a\":38} 39*1:{\"a\":39} ");
    g_string_set_size(seen, 0);
    assert_true(tk_store_read_alarms(store, 0, collect_batch, seen, &error));
    assert_true(g_str_has_prefix(seen->str, "0*1:{\"a\":0} 1*1:"));
    assert_true(g_str_has_suffix(seen->str, "39*1:{\"a\":39} "));
}

static void a_read_only_store_reads_beside_a_writer_and_refuses_writes(void **state)
{
    Engine *engine = engine_of(state);
    GError *error = NULL;
    assert_null(open_with(engine, true, &error));
    g_clear_error(&error);
    g_autoptr(TkStore) store = open_store(engine);
    g_autoptr(TkStore) reader = open_with(engine, true, &error);
    assert_null(error);
    must_put(store, "A-1", "{}", T0);
    g_autoptr(TkRecord) record = tk_store_get(reader, "accident", "A-1", TK_TIME_NONE, &error);
    assert_non_null(record);
    assert_false(put(reader, "A-1", TK_STORE_ANY, "{}", T0, &error));
    assert_error_says(error, "reading only");
}

static void health_names_engine_and_schema(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    TkStoreHealth health;
    tk_store_health(store, &health);
    assert_true(health.ok);
    assert_string_equal(health.engine, engine->postgres ? "postgresql" : "sqlite");
    assert_int_equal(health.schema, health.schema_known);
    assert_string_equal(health.problem, "");
}

static char *found(TkStore *store, const char *kind, const char *text)
{
    GError *error = NULL;
    GString *seen = g_string_new(NULL);
    if (!tk_store_search(store, kind, text, 10, collect, seen, &error))
        fail_msg("%s", error->message);
    return g_string_free(seen, FALSE);
}

static void japanese_is_found_by_any_part_whatever_the_width_and_case(void **state)
{
    Engine *engine = engine_of(state);
    g_autoptr(TkStore) store = open_store(engine);
    GError *error = NULL;
    must_put(store, "a", "{\"t\":[\"交換設備の故障による音声通話の停止\"]}",
             T0); /* there before the declaration */
    if (!tk_store_searchable(store, "accident", &error))
        fail_msg("%s", error->message);
    must_put(store, "b", "{\"t\":\"ＭＭＥの輻輳\",\"u\":{\"v\":\"ｶﾅ 100% \\\"引用\\\"\"}}", T0);
    must_put(store, "c", "{\"t\":\"古い文\"}", T0);
    must_put(store, "c", "{\"t\":\"音声通話の復旧\"}", T0);
    static const struct {
        const char *text, *ids;
    } searches[] = {
        {"音声通話", "c:2 a:1"}, {"障に", "a:1"}, {"mme", "b:1"},      {"カナ", "b:1"}, {"100%", "b:1"},
        {"0%", "b:1"},           {"_%", ""},      {"\"引用\"", "b:1"}, {"古い文", ""},  {"AND OR NOT*", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(searches); i++) {
        g_autofree char *ids = found(store, "accident", searches[i].text);
        assert_string_equal(ids, searches[i].ids);
    }
    g_autofree char *anywhere = found(store, NULL, "復旧");
    assert_string_equal(anywhere, "c:2");
    g_autofree char *elsewhere = found(store, "person", "復旧");
    assert_string_equal(elsewhere, "");
    TkWrite *write = tk_write_new("u-2", T0);
    tk_write_delete(write, "accident", "c", TK_STORE_ANY, "drop");
    assert_true(tk_store_commit(store, write, NULL, &error));
    g_autofree char *after = found(store, "accident", "音声通話");
    assert_string_equal(after, "a:1");
    assert_false(tk_store_search(store, NULL, "音", 10, collect, NULL, &error));
    assert_error_says(error, "2 to 100 characters");
}

static void a_wrong_url_never_shows_its_password(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "postgresql://tokatsu:geheim77@127.0.0.1:1/none?connect_timeout=2",
        "postgresql://tokatsu:geheim77@[::1/none",
        "postgresql://tokatsu:geheim77@127.0.0.1:port/none",
        "mysql://tokatsu:geheim77@127.0.0.1/none",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
        GError *error = NULL;
        TkStoreOptions options = {.database_url = urls[i]};
        assert_null(tk_store_open(&options, &error));
        assert_non_null(error);
        assert_null(strstr(error->message, "geheim77"));
        g_clear_error(&error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_both(a_record_is_read_back_as_it_was_put),
        on_both(a_record_is_still_there_after_reopening),
        on_both(a_record_is_read_as_of_any_time),
        on_both(all_records_are_read_as_they_stood),
        on_both(a_stale_version_is_refused_and_keeps_nothing),
        on_both(a_write_is_kept_whole_or_not_at_all),
        on_both(one_write_may_change_a_record_twice),
        on_both(a_deleted_record_leaves_its_history),
        on_both(lists_filter_order_and_page),
        on_both(a_list_follows_changes_and_deletions),
        on_both(a_list_by_an_undeclared_field_is_refused),
        on_both(unusable_names_and_sizes_are_refused_with_the_reason),
        on_both(what_only_the_store_may_say_is_refused_from_others),
        on_both(a_text_with_a_nul_in_it_comes_back),
        on_both(text_that_looks_like_sql_is_only_text),
        on_both(a_blob_is_kept_once_and_checked),
        on_both(alarm_batches_are_replayed_in_order_from_anywhere),
        on_both(a_read_only_store_reads_beside_a_writer_and_refuses_writes),
        on_both(japanese_is_found_by_any_part_whatever_the_width_and_case),
        on_both(health_names_engine_and_schema),
        cmocka_unit_test(a_wrong_url_never_shows_its_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

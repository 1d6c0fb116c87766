/* Receipts: one record with the proof that it stands in a signed log, checked with nothing else. */
#include "unit.h"

#include "ledger/ledger.h"

#define LEAVES 5

/* A log of five entries, the fourth of which records {"id":"A2026-0001"}, as a receipt for that one. */
static json_t *receipt(void)
{
    GError *error = NULL;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    g_autoptr(json_t) record = json_pack("{s:s, s:i}", "id", "A2026-0001", "down", 3);
    const uint8_t seed[TK_SEED_LEN] = {7};
    g_autoptr(TkSigner) signer = tk_signer_new("example/log", TK_KEY_ED25519, seed, &error);
    TkHash after, leaf[LEAVES], left, right, four, root;
    assert_true(tk_payload_hash(hasher, record, &after, &error));
    TkEvent event = {.at_us = at("2026-05-01T12:00:00+09:00"),
                     .who = "u-1",
                     .what = "freeze",
                     .kind = "accident",
                     .id = "A2026-0001",
                     .version = 4,
                     .after = &after};
    g_auto(TkBuf) entry = {0}, note = {0}, key = {0};
    tk_buf_init(&entry, TK_LEAF_BYTES_MAX);
    tk_buf_init(&note, TK_NOTE_BYTES_MAX);
    tk_buf_init(&key, 1000);
    assert_true(tk_event_write(&event, &entry, &error));
    for (int i = 0; i < LEAVES; i++)
        tk_hash_leaf(hasher, i == 3 ? entry.data : "x", i == 3 ? entry.len : 1, &leaf[i]);
    tk_hash_node(hasher, &leaf[0], &leaf[1], &left);
    tk_hash_node(hasher, &leaf[2], &leaf[3], &right);
    tk_hash_node(hasher, &left, &right, &four);
    tk_hash_node(hasher, &four, &leaf[4], &root);
    TkSigner *signers[] = {signer};
    assert_true(tk_checkpoint_sign("example/log", LEAVES, &root, signers, 1, &note, &error));
    tk_key_write(tk_signer_key(signer), &key);
    char a[TK_HASH_BASE64_MAX], b[TK_HASH_BASE64_MAX], c[TK_HASH_BASE64_MAX], l[TK_HASH_BASE64_MAX],
        r[TK_HASH_BASE64_MAX];
    return json_pack("{s:s, s:i, s:i, s:s, s:[s,s,s], s:s, s:s, s:s, s:O, s:[s]}", "tokatsu", "receipt/1",
                     "index", 3, "size", LEAVES, "leaf_hash", tk_hash_base64(&leaf[3], l), "proof",
                     tk_hash_base64(&leaf[2], a), tk_hash_base64(&left, b), tk_hash_base64(&leaf[4], c),
                     "root", tk_hash_base64(&root, r), "checkpoint", tk_buf_str(&note), "entry",
                     tk_buf_str(&entry), "record", record, "keys", tk_buf_str(&key));
}

static bool check(const json_t *value, const TkKeys *keys, TkReceipt *out, GError **error)
{
    char *text = json_dumps(value, JSON_COMPACT);
    bool held = tk_receipt_check(text, strlen(text), keys, out, error);
    free(text);
    return held;
}

static void a_receipt_says_what_was_recorded_where(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autoptr(json_t) good = receipt();
    g_auto(TkReceipt) out = {0};
    if (!check(good, NULL, &out, &error))
        fail_msg("%s", error->message);
    assert_int_equal(out.index, 3);
    assert_int_equal(out.checkpoint.size, LEAVES);
    assert_string_equal(out.checkpoint.origin, "example/log");
    assert_string_equal(json_string_value(json_object_get(out.entry, "what")), "freeze");
    assert_true(out.has_record);
}

static void whatever_is_altered_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *field, *value, *says;
    } wrong[] = {
        {"tokatsu", "\"receipt/2\"", "not a receipt"},
        {"index", "2", ""},
        {"index", "-1", "index"},
        {"size", "6", "size, root"},
        {"root", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"", "size, root"},
        {"leaf_hash", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"", "entry: its hash"},
        {"leaf_hash", "\"short\"", "leaf_hash"},
        {"proof", "[]", ""},
        {"proof", "7", "proof"},
        {"entry", "\"{}\"", "entry: its hash"},
        {"record", "{\"id\":\"A2026-0002\"}", "record: not the one"},
        {"keys", "[]", "keys"},
        {"keys", "[\"nonsense\"]", ""},
        {"checkpoint", "\"nonsense\"", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(json_t) bad = receipt();
        GError *error = NULL;
        g_auto(TkReceipt) out = {0};
        json_object_set_new(bad, wrong[i].field, json_loads(wrong[i].value, JSON_DECODE_ANY, NULL));
        assert_false(check(bad, NULL, &out, &error));
        assert_error_says(error, wrong[i].says);
    }
}

static void a_key_from_elsewhere_counts_more_than_the_receipts_own(void **state)
{
    (void)state;
    const uint8_t seed[TK_SEED_LEN] = {8};
    g_autoptr(TkSigner) other = tk_signer_new("example/log", TK_KEY_ED25519, seed, NULL);
    g_autofree TkKeys *keys = g_new0(TkKeys, 1);
    keys->key[keys->count++] = *tk_signer_key(other);
    g_autoptr(json_t) good = receipt();
    GError *error = NULL;
    g_auto(TkReceipt) out = {0};
    assert_false(check(good, keys, &out, &error));
    assert_int_equal(error->code, TK_ERROR_REFUSED);
    g_clear_error(&error);
}

static void a_receipt_without_its_record_proves_the_entry_alone(void **state)
{
    (void)state;
    g_autoptr(json_t) bare = receipt();
    GError *error = NULL;
    g_auto(TkReceipt) out = {0};
    json_object_del(bare, "record");
    if (!check(bare, NULL, &out, &error))
        fail_msg("%s", error->message);
    assert_false(out.has_record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_says_what_was_recorded_where),
        cmocka_unit_test(whatever_is_altered_is_refused_by_name),
        cmocka_unit_test(a_key_from_elsewhere_counts_more_than_the_receipts_own),
        cmocka_unit_test(a_receipt_without_its_record_proves_the_entry_alone),
    };
    return cmocka_run_group_tests_name("ledger_receipt", tests, NULL, NULL);
}

/* What a leaf says. */
#include "unit.h"

#include "ledger/ledger.h"

static void a_write_becomes_one_canonical_leaf(void **state)
{
    (void)state;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    g_autoptr(json_t) before = json_pack("{s:i, s:s}", "b", 1, "a", "x");
    g_autoptr(json_t) after = json_pack("{s:s, s:i}", "a", "y", "b", 1);
    TkHash hash_before, hash_after;
    assert_true(tk_payload_hash(hasher, before, &hash_before, NULL));
    assert_true(tk_payload_hash(hasher, after, &hash_after, NULL));
    TkEvent event = {.at_us = at("2026-04-01T00:00:00.5Z"),
                     .who = "u-7",
                     .what = "confirm",
                     .kind = "accident",
                     .id = "A2026-0001",
                     .version = 3,
                     .before = &hash_before,
                     .after = &hash_after};
    g_auto(TkBuf) leaf = {0};
    tk_buf_init(&leaf, 100000);
    assert_true(tk_event_write(&event, &leaf, NULL));
    /* sha256sum of {"a":"y","b":1} and {"a":"x","b":1} */
    assert_string_equal(
        tk_buf_str(&leaf),
        "{\"after\":\"27eec7c756cce078ca20088b2a11c5d855dfc4a23730590453222a14f18ffaf2\","
        "\"at\":\"2026-04-01T09:00:00.500+09:00\","
        "\"before\":\"cdab067e9f3beb32d1252cfd63e492592fecbf591b0d08cadb24bb17f3864246\","
        "\"id\":\"A2026-0001\",\"kind\":\"accident\",\"v\":1,\"version\":3,\"what\":\"confirm\","
        "\"who\":\"u-7\"}");
}

static void an_event_without_its_essentials_or_too_long_is_refused(void **state)
{
    (void)state;
    g_auto(TkBuf) leaf = {0};
    tk_buf_init(&leaf, 200000);
    GError *error = NULL;
    TkEvent event = {.at_us = at("2026-04-01T00:00:00Z"), .what = "edit"};
    assert_false(tk_event_write(&event, &leaf, &error));
    assert_error_says(error, "needs “who”");
    event.who = "\xff";
    assert_false(tk_event_write(&event, &leaf, &error));
    assert_error_says(error, "not UTF-8");
    event.who = "system";
    event.at_us = TK_TIME_NONE;
    assert_false(tk_event_write(&event, &leaf, &error));
    assert_error_says(error, "the time");
    event.at_us = 0;
    g_autofree char *long_text = g_strnfill(TK_LEAF_BYTES_MAX, 'x');
    g_autoptr(json_t) detail = json_string(long_text);
    event.detail = detail;
    assert_false(tk_event_write(&event, &leaf, &error));
    assert_error_says(error, "at most 65535");
}

static void personal_data_is_committed_to_and_its_erasure_is_an_event(void **state)
{
    (void)state;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    uint8_t salt[TK_SALT_LEN];
    for (size_t i = 0; i < sizeof salt; i++)
        salt[i] = (uint8_t)i;
    TkHash commitment, other;
    tk_personal_commit(hasher, salt, "Taro", 4, &commitment);
    char text[TK_HASH_HEX_MAX];
    assert_string_equal(tk_hash_hex(&commitment, text),
                        "bf1c252951839069fc2f1ab6755f62bafd5c5dc67bc77223cc8d0ab809057170");
    salt[31] ^= 1;
    tk_personal_commit(hasher, salt, "Taro", 4, &other);
    assert_false(tk_hash_equal(&commitment, &other));

    TkEvent event = {.at_us = 0, .who = "u-7", .what = "edit", .kind = "person", .id = "P1", .version = 2};
    json_t *detail = NULL;
    TkEvent tombstone = tk_event_tombstone(&event, 41, &commitment, "request under the privacy act", &detail);
    g_auto(TkBuf) leaf = {0};
    tk_buf_init(&leaf, 100000);
    assert_true(tk_event_write(&tombstone, &leaf, NULL));
    json_decref(detail);
    g_autoptr(json_t) read = tk_json_read("leaf", leaf.data, leaf.len, 100000, NULL);
    assert_string_equal(json_string_value(json_object_get(read, "what")), "erase");
    assert_string_equal(json_string_value(json_object_get(read, "personal")), text);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(read, "detail"), "leaf")), 41);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_becomes_one_canonical_leaf),
        cmocka_unit_test(an_event_without_its_essentials_or_too_long_is_refused),
        cmocka_unit_test(personal_data_is_committed_to_and_its_erasure_is_an_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

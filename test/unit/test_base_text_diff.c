#include "unit.h"

#include "base/base.h"

/* The runs as text: what is the same plain, what is gone in [-…-], what is new in {+…+}. */
static char *shown(const char *a, const char *b)
{
    g_autoptr(GArray) spans = tk_text_diff(a, b);
    GString *out = g_string_new(NULL);
    size_t a_end = 0, b_end = 0;
    for (guint i = 0; i < spans->len; i++) {
        const TkTextSpan *span = &g_array_index(spans, TkTextSpan, i);
        assert_int_equal(span->a_at, a_end);
        assert_int_equal(span->b_at, b_end);
        a_end = span->a_at + span->a_len;
        b_end = span->b_at + span->b_len;
        if (span->same) {
            assert_int_equal(span->a_len, span->b_len);
            assert_memory_equal(a + span->a_at, b + span->b_at, span->a_len);
            g_string_append_len(out, a + span->a_at, (gssize)span->a_len);
            continue;
        }
        if (span->a_len > 0)
            g_string_append_printf(out, "[-%.*s-]", (int)span->a_len, a + span->a_at);
        if (span->b_len > 0)
            g_string_append_printf(out, "{+%.*s+}", (int)span->b_len, b + span->b_at);
    }
    assert_int_equal(a_end, strlen(a));
    assert_int_equal(b_end, strlen(b));
    return g_string_free(out, FALSE);
}

static void check(const char *a, const char *b, const char *expected)
{
    g_autofree char *text = shown(a, b);
    assert_string_equal(text, expected);
}

static void a_change_is_the_characters_that_changed(void **state)
{
    (void)state;
    check("管理者は二年ごとに点検する。", "管理者は毎年点検する。",
          "管理者は[-二年ごとに-]{+毎年+}点検する。");
    check("設備を点検する。", "設備を毎月点検する。", "設備を{+毎月+}点検する。");
    check("設備を毎月点検する。", "設備を点検する。", "設備を[-毎月-]点検する。");
    check("同じ", "同じ", "同じ");
    check("", "", "");
    check("", "新設", "{+新設+}");
    check("削除", "", "[-削除-]");
}

static void words_and_numbers_change_as_a_whole(void **state)
{
    (void)state;
    check("稼働率99.95%を守る", "稼働率99.99%を守る", "稼働率[-99.95-]{+99.99+}%を守る");
    check("IP-VPNを使う", "IP-SECを使う", "[-IP-VPN-]{+IP-SEC+}を使う");
    check("第１２条による", "第１３条による", "第[-１２-]{+１３+}条による");
    check("the network", "the networks", "the [-network-]{+networks+}");
    check("end.", "end", "end[-.-]");
}

static void texts_that_differ_too_much_are_one_run_between_what_they_share(void **state)
{
    (void)state;
    g_autoptr(GString) a = g_string_new("始"), b = g_string_new("始");
    for (int i = 0; i < 2000; i++) {
        g_string_append_unichar(a, (gunichar)(0x3042 + i % 7));
        g_string_append_unichar(b, (gunichar)(0x30A2 + i % 11));
    }
    g_string_append(a, "終");
    g_string_append(b, "終");
    g_autoptr(GArray) spans = tk_text_diff(a->str, b->str);
    assert_int_equal(spans->len, 3);
    assert_int_equal(g_array_index(spans, TkTextSpan, 1).a_len, 6000);
}

/* Any two texts: the runs cover both, and applying them to the first gives the second (checked in shown). */
static void the_runs_always_lead_from_one_text_to_the_other(void **state)
{
    (void)state;
    g_autoptr(GRand) dice = g_rand_new_with_seed(20261123);
    for (int round = 0; round < 400; round++) {
        g_autoptr(GString) a = g_string_new(NULL), b = g_string_new(NULL);
        GString *both[2] = {a, b};
        for (int side = 0; side < 2; side++)
            for (int i = g_rand_int_range(dice, 0, 60); i > 0; i--)
                g_string_append_unichar(both[side], (gunichar)((g_rand_boolean(dice) ? 0x3042 : 'a') +
                                                               g_rand_int_range(dice, 0, 4)));
        g_autofree char *text = shown(a->str, b->str);
        assert_non_null(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_the_characters_that_changed),
        cmocka_unit_test(words_and_numbers_change_as_a_whole),
        cmocka_unit_test(texts_that_differ_too_much_are_one_run_between_what_they_share),
        cmocka_unit_test(the_runs_always_lead_from_one_text_to_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

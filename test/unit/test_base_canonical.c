/* RFC 8785 against its own examples (sections 3.2.2, 3.2.3 and appendix B). */
#include "unit.h"

static char *canonical(const char *text)
{
    g_autoptr(json_t) value = tk_json_read("test", text, strlen(text), 10000, NULL);
    assert_non_null(value);
    TkBuf out;
    tk_buf_init(&out, 10000);
    GError *error = NULL;
    if (!tk_canonical_write(value, &out, &error))
        fail_msg("%s", error->message);
    tk_buf_str(&out);
    return out.data;
}

static void the_example_of_the_rfc_comes_out_as_printed_there(void **state)
{
    (void)state;
    g_autofree char *text =
        canonical("{\"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],\n"
                  "\"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
                  "\"literals\": [null, true, false]}");
    assert_string_equal(text, "{\"literals\":[null,true,false],"
                              "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                              "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

static void keys_are_ordered_by_utf16_code_units(void **state)
{
    (void)state;
    g_autofree char *text = canonical("{\"\\u20ac\":5,\"\\r\":1,\"\\ufb33\":7,\"1\":2,\"\\ud83d\\ude00\":6,"
                                      "\"\\u0080\":3,\"\\u00f6\":4}");
    assert_string_equal(text,
                        "{\"\\r\":1,\"1\":2,\"\xc2\x80\":3,\"ö\":4,\"€\":5,\"😀\":6,\"\xef\xac\xb3\":7}");
    g_autofree char *prefix = canonical("{\"ab\":2,\"a\":1,\"\":0,\"b\":3}");
    assert_string_equal(prefix, "{\"\":0,\"a\":1,\"ab\":2,\"b\":3}");
}

static void numbers_are_written_as_in_appendix_b(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits;
        const char *text;
    } known[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
    };
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 100);
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        double value;
        memcpy(&value, &known[i].bits, sizeof value);
        tk_buf_reset(&out);
        tk_canonical_add_number(value, &out);
        assert_string_equal(tk_buf_str(&out), known[i].text);
    }
}

static void every_number_reads_back_as_itself(void **state)
{
    (void)state;
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 100);
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        double value;
        uint64_t pattern = i < 2046 ? (uint64_t)(i + 1) << 52 : bits; /* the powers of two, then anything */
        memcpy(&value, &pattern, sizeof value);
        if (value != value || value - value != 0)
            continue;
        tk_buf_reset(&out);
        tk_canonical_add_number(value, &out);
        assert_true(g_ascii_strtod(tk_buf_str(&out), NULL) == value);
    }
}

static void what_json_cannot_say_exactly_is_refused(void **state)
{
    (void)state;
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 20);
    g_autoptr(json_t) largest = json_integer(TK_CANONICAL_INT_MAX), larger = json_integer(INT64_C(1) << 53);
    assert_true(tk_canonical_write(largest, &out, NULL));
    GError *error = NULL;
    assert_false(tk_canonical_write(larger, &out, &error));
    assert_error_says(error, "write it as a text");

    g_autoptr(json_t) wide = json_string("a text that is longer than the buffer allows");
    assert_false(tk_canonical_write(wide, &out, &error));
    assert_error_says(error, "longer than 20 bytes");

    json_t *deep = json_array();
    for (int i = 0; i < TK_CANONICAL_DEPTH_MAX + 1; i++) {
        json_t *outer = json_array();
        json_array_append_new(outer, deep);
        deep = outer;
    }
    assert_false(tk_canonical_write(deep, &out, &error));
    assert_error_says(error, "nested deeper");
    json_decref(deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_rfc_comes_out_as_printed_there),
        cmocka_unit_test(keys_are_ordered_by_utf16_code_units),
        cmocka_unit_test(numbers_are_written_as_in_appendix_b),
        cmocka_unit_test(every_number_reads_back_as_itself),
        cmocka_unit_test(what_json_cannot_say_exactly_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

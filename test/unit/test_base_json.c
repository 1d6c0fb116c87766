#include "unit.h"

static void what_is_written_is_read_back_by_jansson(void **state)
{
    (void)state;
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, 10000);
    TkJson w = tk_json_to(&buf);
    const char *text = "tab\t quote\" back\\slash \x01 日本語";
    tk_json_begin_object(&w);
    tk_json_key(&w, "text");
    tk_json_text(&w, text);
    tk_json_key(&w, "list");
    tk_json_begin_array(&w);
    tk_json_int(&w, INT64_MIN);
    tk_json_number(&w, 1.5);
    tk_json_number(&w, 240);
    tk_json_bool(&w, true);
    tk_json_null(&w);
    tk_json_end_array(&w);
    tk_json_key(&w, "at");
    tk_json_time(&w, at("2026-04-01T00:00:00+09:00"));
    tk_json_end_object(&w);

    g_autoptr(json_t) root = tk_json_read("test", tk_buf_str(&buf), buf.len, 10000, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "text")), text);
    json_t *list = json_object_get(root, "list");
    assert_true(json_integer_value(json_array_get(list, 0)) == INT64_MIN);
    assert_true(json_integer_value(json_array_get(list, 2)) == 240);
    assert_string_equal(json_string_value(json_object_get(root, "at")), "2026-04-01T00:00:00+09:00");
}

static void every_byte_is_escaped_wherever_it_stands(void **state)
{
    (void)state;
    for (int c = 1; c < 128; c++)
        for (size_t place = 0; place < 20; place++) {
            char text[24] = "日本語日本abcde";
            memset(text + 15, 'x', 5);
            text[place < 15 ? place / 3 * 3 : place] = '\0';
            g_autofree char *whole = g_strdup_printf("%s%c%s", text, c, "quite plain 日本");
            g_auto(TkBuf) buf = {0};
            tk_buf_init(&buf, 1000);
            TkJson w = tk_json_to(&buf);
            tk_json_text(&w, whole);
            g_autoptr(json_t) back = tk_json_read("test", tk_buf_str(&buf), buf.len, 1000, NULL);
            assert_non_null(back);
            assert_string_equal(json_string_value(back), whole);
        }
}

static void hostile_documents_are_refused(void **state)
{
    (void)state;
    g_autofree char *deep = g_strnfill(100, '[');
    const char *bad[] = {deep, "{\"a\":1,\"a\":2}", "\"\xff\"", "{} trailing", ""};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        GError *error = NULL;
        assert_null(tk_json_read("line 7", bad[i], strlen(bad[i]), 1000, &error));
        assert_error_says(error, "line 7: ");
    }
    GError *error = NULL;
    assert_null(tk_json_read("big", "[1,2,3]", 7, 6, &error));
    assert_error_says(error, "more than the 6 allowed");
}

static void a_buffer_stops_at_its_ceiling(void **state)
{
    (void)state;
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, 10);
    tk_buf_add_str(&buf, "12345678");
    assert_false(buf.overflow);
    tk_buf_add_str(&buf, "90123");
    assert_true(buf.overflow);
    assert_int_equal(buf.len, 8);
}

static void lines_too_long_or_not_utf8_cost_only_themselves(void **state)
{
    (void)state;
    const char text[] = "one\r\n0123456789012345\n\xc3(\nlast";
    g_autoptr(TkLines) lines = tk_lines_new_memory(text, sizeof text - 1, 10);
    TkLine line;
    assert_int_equal(tk_lines_next(lines, &line), TK_LINE_OK);
    assert_string_equal(line.text, "one");
    assert_int_equal(tk_lines_next(lines, &line), TK_LINE_TOO_LONG);
    assert_int_equal(line.number, 2);
    assert_int_equal(tk_lines_next(lines, &line), TK_LINE_BAD_UTF8);
    assert_int_equal(tk_lines_next(lines, &line), TK_LINE_OK);
    assert_string_equal(line.text, "last");
    assert_int_equal(tk_lines_next(lines, &line), TK_LINE_END);
}

static void an_error_carries_its_japanese_sentence_and_its_field(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    assert_false(tk_fail_both(&error, TK_ERROR_LIMIT, "%s は %d 以下です", "%s is at most %d", "users", 7));
    assert_false(tk_fail_both(&error, TK_ERROR_INPUT, "二つ目", "the second"));
    assert_true(g_error_matches(error, TK_ERROR, TK_ERROR_LIMIT));
    assert_string_equal(error->message, "users is at most 7");
    assert_string_equal(tk_error_ja(error), "users は 7 以下です");
    assert_null(tk_error_field(error));
    assert_false(tk_error_at(&error, "users"));
    assert_false(tk_error_at(&error, "services"));
    g_autoptr(GError) copy = g_error_copy(error);
    assert_string_equal(tk_error_field(copy), "users");
    assert_string_equal(tk_error_ja(copy), "users は 7 以下です");
    g_autoptr(GError) plain = NULL;
    tk_fail(&plain, TK_ERROR_INPUT, "plain");
    assert_null(tk_error_ja(plain));
    assert_false(tk_error_at(NULL, "users"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_carries_its_japanese_sentence_and_its_field),
        cmocka_unit_test(what_is_written_is_read_back_by_jansson),
        cmocka_unit_test(every_byte_is_escaped_wherever_it_stands),
        cmocka_unit_test(hostile_documents_are_refused),
        cmocka_unit_test(a_buffer_stops_at_its_ceiling),
        cmocka_unit_test(lines_too_long_or_not_utf8_cost_only_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

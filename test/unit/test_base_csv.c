#include "unit.h"

/* Reads everything and writes it as "line:field|field;" so that one string tells the whole result. */
static char *read_all(const char *text, size_t max, bool through_file)
{
    g_autoptr(TkCsv) csv = NULL;
    FILE *file = NULL;
    if (through_file) {
        file = tmpfile();
        fwrite(text, 1, strlen(text), file);
        rewind(file);
        csv = tk_csv_new(file, max);
    } else {
        csv = tk_csv_new_memory(text, strlen(text), max);
    }
    GString *out = g_string_new(NULL);
    TkCsvRecord record;
    for (TkCsvStatus status; (status = tk_csv_next(csv, &record)) != TK_CSV_END;) {
        g_string_append_printf(out, "%" G_GUINT64_FORMAT ":", record.line);
        if (status == TK_CSV_BAD)
            g_string_append(out, "BAD");
        for (size_t i = 0; status == TK_CSV_OK && i < record.count; i++)
            g_string_append_printf(out, "%s%s", i > 0 ? "|" : "", record.fields[i].text);
        g_string_append_c(out, ';');
    }
    if (file != NULL)
        fclose(file);
    return g_string_free(out, FALSE);
}

static void check(const char *text, size_t max, const char *expected)
{
    g_autofree char *memory = read_all(text, max, false);
    g_autofree char *file = read_all(text, max, true);
    assert_string_equal(memory, expected);
    assert_string_equal(file, expected);
}

static void the_examples_of_rfc_4180_are_read(void **state)
{
    (void)state;
    check("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", 100, "1:aaa|bbb|ccc;2:zzz|yyy|xxx;");
    check("aaa,bbb,ccc\r\nzzz,yyy,xxx", 100, "1:aaa|bbb|ccc;2:zzz|yyy|xxx;");
    check("\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx", 100, "1:aaa|bbb|ccc;2:zzz|yyy|xxx;");
    check("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx", 100, "1:aaa|b\r\nbb|ccc;3:zzz|yyy|xxx;");
    check("\"aaa\",\"b\"\"bb\",\"ccc\"", 100, "1:aaa|b\"bb|ccc;");
}

static void a_mark_empty_lines_and_empty_fields_are_taken_as_they_are(void **state)
{
    (void)state;
    check("\xEF\xBB\xBF"
          "a,b\n\n,\n\"\",x\n",
          100, "1:a|b;3:|;4:|x;");
    check("", 100, "");
    check("\n\n", 100, "");
}

static void one_bad_record_costs_one_line(void **state)
{
    (void)state;
    check("a,b\n\"open,c\nd,e\n", 100, "1:a|b;2:BAD;3:d|e;");
    check("a\"b\nc\n", 100, "1:BAD;2:c;");
    check("\"a\"b\nc\n", 100, "1:BAD;2:c;");
    check("ok\n\xff\xfe\nfine\n", 100, "1:ok;2:BAD;3:fine;");
    check("short\n0123456789012345678901234567890\nafter\n", 20, "1:short;2:BAD;3:after;");
}

static void a_field_written_is_the_field_read(void **state)
{
    (void)state;
    const char *fields[] = {"plain", "with,comma", "with \"quote\"", "line\nbreak", "日本語", "-12.5"};
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_auto(TkBuf) buf = {0};
        tk_buf_init(&buf, 1000);
        tk_csv_add_field(&buf, fields[i]);
        g_autofree char *expected = g_strdup_printf("1:%s;", fields[i]);
        check(tk_buf_str(&buf), 1000, expected);
    }
}

static void a_field_that_a_spreadsheet_would_run_is_defused(void **state)
{
    (void)state;
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, 1000);
    tk_csv_add_field(&buf, "=cmd|' /C calc'!A0");
    assert_string_equal(tk_buf_str(&buf), "'=cmd|' /C calc'!A0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_rfc_4180_are_read),
        cmocka_unit_test(a_mark_empty_lines_and_empty_fields_are_taken_as_they_are),
        cmocka_unit_test(one_bad_record_costs_one_line),
        cmocka_unit_test(a_field_written_is_the_field_read),
        cmocka_unit_test(a_field_that_a_spreadsheet_would_run_is_defused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

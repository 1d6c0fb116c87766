#include "pdf_reader.h"

#include "report/report.h"

static TkDocumentHead head_of(const char *title)
{
    return (TkDocumentHead){.title = title,
                            .subtitle = "一式(試験用)",
                            .carrier = "架空テレコム株式会社",
                            .by = "試験 花子",
                            .version = "第2版",
                            .foot = "tokatsu 0.1.0 ・ sha256:9f86d081",
                            .at_us = at("2026-11-23T09:12:30+09:00"),
                            .contents = true,
                            .numbered = true,
                            .synthetic = true};
}

static GBytes *drawn(TkDocument *document)
{
    GBytes *bytes = NULL;
    GError *error = NULL;
    if (!tk_document_pdf(document, &bytes, &error))
        fail_msg("%s", error->message);
    /* To look at: TOKATSU_KEEP_PDF=FILE keeps the first one. */
    const char *keep = g_getenv("TOKATSU_KEEP_PDF");
    if (keep != NULL && !g_file_test(keep, G_FILE_TEST_EXISTS))
        assert_true(
            g_file_set_contents(keep, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL));
    return bytes;
}

static void add_table(TkDocument *document, int rows)
{
    const TkDocumentColumn columns[] = {{"番号", 1, true}, {"書類", 6, false}, {"状態", 2, false}};
    tk_document_table(document, columns, G_N_ELEMENTS(columns));
    for (int i = 1; i <= rows; i++) {
        char number[16];
        g_snprintf(number, sizeof number, "R%03d", i);
        const TkDocumentCell cells[] = {
            {.text = number},
            {.text = "設備の予備機器の設置等に関する説明書(架空)"},
            {i % 3 == 0 ? "不足" : "提出済", i % 3 == 0 ? TK_MARK_BAD : TK_MARK_GOOD}};
        tk_document_row(document, cells);
    }
}

static TkDocument *sample(const TkDocumentHead *head)
{
    TkDocument *document = tk_document_new(head);
    tk_document_meta(document, "施設区分", "固定電話・光電話");
    tk_document_heading(document, 1, "対象");
    tk_document_paragraph(document, "この文書は試験のために作った架空の文です。");
    tk_document_heading(document, 2, "伝送路");
    tk_document_bullet(document, 0, "東京と大阪の間");
    tk_document_bullet(document, 1, "海底区間");
    tk_document_heading(document, 1, "書類の一覧");
    add_table(document, 90);
    tk_document_heading(document, 1, "新旧対照表");
    tk_document_comparison(document, "条", "新", "旧");
    tk_document_compare(document, "第3条", "管理者は毎年点検する。", "管理者は二年ごとに点検する。");
    tk_document_compare(document, "第4条", "試験を行う。", NULL);
    tk_document_heading(document, 1, "添付");
    tk_document_text(document, 2, "# 添付一\n最初の段落。\n続く行。\n\n- 点一\n  - 点二\n\n終わり。\n");
    tk_document_note(document, "出典: 試験");
    return document;
}

static void a_document_is_searchable_text_in_the_order_it_was_told(void **state)
{
    (void)state;
    TkDocumentHead head = head_of("技術基準 自己確認書類");
    g_autoptr(TkDocument) document = sample(&head);
    g_autoptr(GBytes) pdf = drawn(document);
    g_autofree char *text = pdf_text(pdf);
    static const char *const parts[] = {"合成データ(架空)",
                                        "技術基準自己確認書類",
                                        "一式(試験用)",
                                        "架空テレコム株式会社",
                                        "第2版",
                                        "2026年11月23日",
                                        "試験花子",
                                        "施設区分",
                                        "目次",
                                        "1対象",
                                        "1.1伝送路",
                                        "1.1伝送路",
                                        "・東京と大阪の間",
                                        "–海底区間",
                                        "2書類の一覧",
                                        "R001",
                                        "1/3",
                                        "R090",
                                        "3新旧対照表",
                                        "管理者は毎年点検する。",
                                        "管理者は二年ごとに点検する。",
                                        "(新設)",
                                        "4.1添付一",
                                        "最初の段落。",
                                        "・点一",
                                        "–点二",
                                        "終わり。",
                                        "出典:試験"};
    const char *rest = text;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        rest = assert_follows(rest, parts[i]);
}

static void the_contents_say_the_page_on_which_each_heading_stands(void **state)
{
    (void)state;
    TkDocumentHead head = head_of("目次の試験");
    head.cover = true;
    g_autoptr(TkDocument) document = tk_document_new(&head);
    for (int i = 1; i <= 60; i++) {
        g_autofree char *title = g_strdup_printf("章%02d", i);
        tk_document_heading(document, 1 + i % 2, title);
        if (i % 2 == 0)
            tk_document_page_break(document);
    }
    g_autoptr(GBytes) pdf = drawn(document);
    char *all = run_on(pdf, (const char *const[]){"pdftotext", "-layout", "FILE", "-", NULL});
    if (all == NULL)
        skip();
    g_auto(GStrv) pages = g_strsplit(all, "\f", -1);
    g_free(all);
    int found = 0;
    for (int i = 1; i <= 60; i++) {
        g_autofree char *title = g_strdup_printf("章%02d", i);
        const char *entry =
            strstr(pages[0], title) != NULL ? strstr(pages[0], title) : strstr(pages[1], title);
        assert_non_null(entry);
        int page = (int)g_ascii_strtoll(entry + strlen(title), NULL, 10);
        assert_true(page >= 2 && page <= (int)g_strv_length(pages));
        assert_non_null(strstr(pages[page - 1], title));
        found++;
    }
    assert_int_equal(found, 60);
}

static void the_same_calls_give_the_same_bytes(void **state)
{
    (void)state;
    TkDocumentHead head = head_of("同じ文書");
    g_autoptr(TkDocument) one = sample(&head), two = sample(&head);
    g_autoptr(GBytes) a = drawn(one), b = drawn(two);
    assert_true(g_bytes_equal(a, b));
}

static void a_tables_head_is_repeated_on_every_page(void **state)
{
    (void)state;
    TkDocumentHead head = head_of("長い表");
    g_autoptr(TkDocument) document = tk_document_new(&head);
    add_table(document, 120);
    g_autoptr(GBytes) pdf = drawn(document);
    char *all = run_on(pdf, (const char *const[]){"pdftotext", "-layout", "FILE", "-", NULL});
    if (all == NULL)
        skip();
    g_auto(GStrv) pages = g_strsplit(all, "\f", -1);
    g_free(all);
    assert_true(g_strv_length(pages) >= 4); /* three pages and what follows the last form feed */
    for (guint i = 0; i + 1 < g_strv_length(pages); i++)
        assert_non_null(strstr(pages[i], "番号"));
}

static void a_cell_longer_than_a_page_goes_on_on_the_next_one(void **state)
{
    (void)state;
    TkDocumentHead head = head_of("長いセル");
    g_autoptr(TkDocument) document = tk_document_new(&head);
    g_autoptr(GString) long_text = g_string_new(NULL);
    for (int i = 1; i <= 150; i++)
        g_string_append_printf(long_text, "行%03d 架空の文。\n", i);
    tk_document_table(document, (TkDocumentColumn[]){{"項目", 1, false}, {"内容", 4, false}}, 2);
    tk_document_row(document, (TkDocumentCell[]){{.text = "見出し"}, {.text = long_text->str}});
    g_autoptr(GBytes) pdf = drawn(document);
    g_autofree char *text = pdf_text(pdf);
    const char *rest = text;
    for (int i = 1; i <= 150; i++) {
        char part[16];
        g_snprintf(part, sizeof part, "行%03d", i);
        rest = assert_follows(rest, part);
    }
}

static void assert_refused(TkDocument *document, TkErrorCode code, const char *words)
{
    GBytes *bytes = NULL;
    g_autoptr(GError) error = NULL;
    assert_false(tk_document_pdf(document, &bytes, &error));
    assert_null(bytes);
    assert_int_equal(error->code, code);
    assert_non_null(strstr(error->message, words));
}

static void what_is_over_a_ceiling_is_refused_once_with_its_reason(void **state)
{
    (void)state;
    TkDocumentHead head = head_of("大きすぎる");
    g_autofree char *big = g_strnfill(TK_DOCUMENT_CELL_MAX + 1, 'x');
    g_autoptr(TkDocument) cell = tk_document_new(&head);
    tk_document_paragraph(cell, big);
    tk_document_paragraph(cell, big);
    assert_refused(cell, TK_ERROR_LIMIT, "64001 bytes");
    g_autoptr(TkDocument) many = tk_document_new(&head);
    for (int i = 0; i <= TK_DOCUMENT_BLOCKS_MAX; i++)
        tk_document_paragraph(many, "x");
    assert_refused(many, TK_ERROR_LIMIT, "more than 20000 paragraphs");
    g_autoptr(TkDocument) stray = tk_document_new(&head);
    tk_document_row(stray, (TkDocumentCell[]){{.text = "x"}});
    assert_refused(stray, TK_ERROR_INPUT, "belongs to no table");
    g_autoptr(TkDocument) wide = tk_document_new(&head);
    TkDocumentColumn columns[TK_DOCUMENT_COLUMNS_MAX + 1] = {{"x", 1, false}};
    tk_document_table(wide, columns, G_N_ELEMENTS(columns));
    assert_refused(wide, TK_ERROR_LIMIT, "17 columns");
}

static void broken_text_and_an_empty_document_still_print(void **state)
{
    (void)state;
    TkDocumentHead bare = {.title = "", .at_us = 0};
    g_autoptr(TkDocument) empty = tk_document_new(&bare);
    g_autoptr(GBytes) nothing = drawn(empty);
    assert_true(g_bytes_get_size(nothing) > 500);
    TkDocumentHead head = head_of("壊れた\xff文字");
    g_autoptr(TkDocument) document = tk_document_new(&head);
    tk_document_paragraph(document, "前\xc3後");
    tk_document_text(document, 1, "\r\n\r\n#\n# \n- \n");
    tk_document_table(document, (TkDocumentColumn[]){{NULL, 0, false}}, 1);
    g_autoptr(GBytes) pdf = drawn(document);
    g_autofree char *text = pdf_text(pdf);
    assert_follows(text, "(該当なし)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_searchable_text_in_the_order_it_was_told),
        cmocka_unit_test(the_contents_say_the_page_on_which_each_heading_stands),
        cmocka_unit_test(the_same_calls_give_the_same_bytes),
        cmocka_unit_test(a_tables_head_is_repeated_on_every_page),
        cmocka_unit_test(a_cell_longer_than_a_page_goes_on_on_the_next_one),
        cmocka_unit_test(what_is_over_a_ceiling_is_refused_once_with_its_reason),
        cmocka_unit_test(broken_text_and_an_empty_document_still_print),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

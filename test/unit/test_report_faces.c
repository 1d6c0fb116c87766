#include "pdf_reader.h"
#include "report_fixture.h"

#include <zlib.h>

static TkReport *make(const char *kind, json_t *accident, bool frozen)
{
    g_autoptr(TkForms) forms = fixture_forms();
    g_autoptr(json_t) own = accident == NULL ? fixture_accident() : json_incref(accident);
    TkReportContext context = fixture_context();
    context.frozen = frozen;
    context.wareki = true;
    return fixture_report(forms, kind, &context, own);
}

static void a_printed_report_is_searchable_text_in_the_order_of_the_form(void **state)
{
    (void)state;
    g_autoptr(TkReport) report = make("serious-initial", NULL, true);
    g_autoptr(GBytes) pdf = fixture_render(report, TK_REPORT_PDF, TK_LANG_JA);
    g_autofree char *text = pdf_text(pdf);
    static const char *const parts[] = {
        "合成データ(架空)",
        "令和8年11月23日",
        "総務大臣殿",
        "架空テレコム株式会社",
        "重大な事故速報",
        "（第一報）",
        "電気通信事業法第28条第1項",
        "発生日時",
        "令和8年11月23日9時12分30秒",
        "架空第二通信ビル(東京都千代田区)",
        "加入者管理装置の故障により",
        "412,350人",
        "埼玉県、千葉県、東京都、神奈川県",
        "12時41分10秒",
        "3時間28分40秒",
        "様式serious-initial第2026.1版",
        "判定:2026-04-01施行の基準",
        "tokatsu0.1.0",
        "1/2",
        "重大な事故速報第一報",
        "重大な事故",
        "R8.11.2309:12:30",
        "発生",
        "認知",
        "復旧",
        "連絡先",
        "公式様式の欄の配置は公表文書として確認できていません",
        "2/2",
    };
    const char *rest = text;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        rest = assert_follows(rest, parts[i]);
    assert_null(strstr(text, "下書き"));
}

static void a_draft_a_drill_and_made_up_data_are_marked_on_every_page(void **state)
{
    (void)state;
    g_autoptr(TkForms) forms = fixture_forms();
    g_autoptr(json_t) accident = fixture_accident();
    TkReportContext context = fixture_context();
    context.frozen = false;
    context.drill = true;
    g_autoptr(TkReport) report = fixture_report(forms, "serious-detailed", &context, accident);
    g_autoptr(GBytes) pdf = fixture_render(report, TK_REPORT_PDF, TK_LANG_JA);
    g_autofree char *text = pdf_text(pdf);
    const char *rest = text;
    for (int page = 0; page < 3; page++)
        rest = assert_follows(rest, "訓練・合成データ(架空)・下書き(未確定)");
    assert_follows(rest, "3/3");
}

static void a_frozen_report_carries_what_verifies_it_as_a_code_that_scanners_read(void **state)
{
    (void)state;
    const char *verify = "tokatsu:report?id=A2026-0001&number=1&sha256="
                         "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08&log=tokatsu/6f1c"
                         "&index=41&leaf=60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
    g_autoptr(TkReport) report = make("serious-initial", NULL, true);
    g_autoptr(GBytes) plain = tk_report_to_json(report);
    tk_report_set_verify(report, verify);
    g_autoptr(GBytes) after = tk_report_to_json(report);
    assert_true(g_bytes_equal(plain, after)); /* no part of the document whose hash it holds */
    g_autoptr(GBytes) pdf = fixture_render(report, TK_REPORT_PDF, TK_LANG_JA);
    g_autofree char *text = pdf_text(pdf);
    assert_follows(text, "sha256=9f86d081");
    g_autofree char *scanner = g_find_program_in_path("zbarimg");
    if (scanner == NULL) {
        print_message("zbarimg is not installed\n");
        skip();
    }
    const char *scan =
        "pdftoppm -r 200 -png \"$0\" \"$0\" && zbarimg --quiet --raw \"$0\"*.png; rm -f \"$0\"*.png";
    g_autofree char *seen = run_on(pdf, (const char *const[]){"sh", "-c", scan, "FILE", NULL});
    assert_string_equal(g_strchomp(seen), verify);
}

static json_t *long_accident(size_t lines, size_t services)
{
    json_t *accident = fixture_accident();
    json_t *timeline = json_array(), *list = json_array();
    for (size_t i = 0; i < lines; i++) {
        g_autofree char *text =
            g_strdup_printf("経過 %03zu番 位置登録の流量を調整し、地域ごとに疎通を確認した。", i);
        json_array_append_new(timeline, json_pack("{s:s,s:s,s:s}", "at", "2026-11-23T10:00:00+09:00", "kind",
                                                  "note", "text", text));
    }
    for (size_t i = 0; i < services; i++) {
        json_t *service = json_deep_copy(json_array_get(json_object_get(accident, "services"), i % 4));
        g_autofree char *name = g_strdup_printf("役務%02zu", i);
        json_object_set_new(service, "name", json_pack("{s:s,s:s}", "ja", name, "en", name));
        json_array_append_new(list, service);
    }
    json_object_set_new(accident, "timeline", timeline);
    json_object_set_new(accident, "services", list);
    return accident;
}

static void a_long_table_goes_on_over_pages_under_a_repeated_head(void **state)
{
    (void)state;
    g_autoptr(json_t) accident = long_accident(150, 30);
    g_autoptr(TkReport) report = make("serious-detailed", accident, true);
    g_autoptr(GBytes) pdf = fixture_render(report, TK_REPORT_PDF, TK_LANG_JA);
    g_autofree char *text = pdf_text(pdf);
    const char *rest = text;
    for (size_t i = 0; i < 150; i++) {
        g_autofree char *line =
            g_strdup_printf("経過%03zu番位置登録の流量を調整し、地域ごとに疎通を確認した。", i);
        rest = assert_follows(rest, line);
    }
    g_auto(GStrv) heads = g_strsplit(text, "日時区分内容", -1);
    assert_true(g_strv_length(heads) >= 5); /* at least four pages carry the timeline's head */
}

static void one_endless_word_and_one_endless_text_stay_on_the_paper(void **state)
{
    (void)state;
    g_autoptr(json_t) accident = fixture_accident();
    g_autofree char *word = g_strnfill(3000, 'Q');
    g_autoptr(GString) prose = g_string_new(NULL);
    for (int i = 0; i < 700; i++)
        g_string_append_printf(prose, "第%d文である。", i);
    json_object_set_new(accident, "summary", json_string(word));
    json_object_set_new(accident, "cause", json_string(prose->str));
    g_autoptr(TkReport) report = make("serious-initial", accident, true);
    g_autoptr(GBytes) pdf = fixture_render(report, TK_REPORT_PDF, TK_LANG_JA);
    g_autofree char *text = pdf_text(pdf);
    size_t seen = 0;
    for (const char *p = text; *p != '\0'; p++)
        seen += *p == 'Q' ? 1 : 0;
    assert_int_equal(seen, 3000);
    assert_follows(assert_follows(text, "第0文である。"), "第699文である。");
}

static void the_file_says_its_title_and_its_own_date(void **state)
{
    (void)state;
    g_autoptr(TkReport) report = make("serious-initial", NULL, true);
    g_autoptr(GBytes) pdf = fixture_render(report, TK_REPORT_PDF, TK_LANG_JA);
    g_autofree char *info = run_on(pdf, (const char *const[]){"pdfinfo", "-isodates", "FILE", NULL});
    if (info == NULL)
        skip();
    assert_non_null(strstr(info, "重大な事故 速報 第一報"));
    assert_non_null(strstr(info, "架空テレコム株式会社"));
    assert_non_null(strstr(info, "2026-11-23T"));
    assert_non_null(strstr(info, "A4"));
}

static void every_face_is_the_same_bytes_twice(void **state)
{
    (void)state;
    g_autoptr(TkReport) report = make("serious-detailed", NULL, true);
    for (TkReportFormat format = TK_REPORT_PDF; format <= TK_REPORT_JSON; format++) {
        for (TkLang lang = TK_LANG_JA; lang <= TK_LANG_EN; lang++) {
            g_autoptr(GBytes) a = fixture_render(report, format, lang);
            g_autoptr(GBytes) b = fixture_render(report, format, lang);
            assert_true(g_bytes_get_size(a) > 1000);
            assert_true(g_bytes_equal(a, b));
        }
    }
}

static void english_is_one_argument_away(void **state)
{
    (void)state;
    g_autoptr(TkReport) report = make("serious-initial", NULL, true);
    g_autoptr(GBytes) pdf = fixture_render(report, TK_REPORT_PDF, TK_LANG_EN);
    g_autofree char *text = pdf_text(pdf);
    assert_follows(text, "Seriousaccident,firstreport");
    assert_follows(text, "Timeofoccurrence");
    assert_follows(text, "2026-11-2309:12:30JST");
    assert_follows(text, "Saitama,Chiba,Tokyo,Kanagawa");
}

static void a_csv_reads_back_and_defuses_formulas(void **state)
{
    (void)state;
    g_autoptr(json_t) accident = fixture_accident();
    json_object_set_new(accident, "place", json_string("=HYPERLINK(\"http://example.org\",\"x\")"));
    json_object_set_new(accident, "summary", json_string("一行目、\"引用\"\n二行目, 終わり。利用できない。"));
    g_autoptr(TkReport) report = make("serious-initial", accident, true);
    g_autoptr(GBytes) bytes = fixture_render(report, TK_REPORT_CSV, TK_LANG_JA);
    assert_memory_equal(g_bytes_get_data(bytes, NULL), "\xef\xbb\xbf", 3);
    g_autoptr(TkCsv) csv = tk_csv_new_memory(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), 1 << 16);
    TkCsvRecord record;
    assert_int_equal(tk_csv_next(csv, &record), TK_CSV_OK);
    assert_int_equal(record.count, 9);
    assert_string_equal(record.fields[0].text, "区分");
    bool place = false, summary = false, time = false, users = false;
    TkCsvStatus status;
    while ((status = tk_csv_next(csv, &record)) == TK_CSV_OK) {
        assert_int_equal(record.count, 9);
        const char *item = record.fields[1].text, *value = record.fields[5].text;
        place = place || (g_str_equal(item, "place") && g_str_has_prefix(value, "'=HYPERLINK"));
        summary = summary || (g_str_equal(item, "summary") && strstr(value, "\"引用\"\n二行目,") != NULL);
        time = time || (g_str_equal(item, "occurred_at") && g_str_equal(value, "2026-11-23T09:12:30+09:00"));
        users = users || (g_str_equal(item, "users_most") && g_str_equal(value, "412350"));
    }
    assert_int_equal(status, TK_CSV_END);
    assert_true(place && summary && time && users);
}

/* ------------------------------------------------------------------ spreadsheet */

static unsigned u16(const unsigned char *p)
{
    return (unsigned)(p[0] | p[1] << 8);
}

static size_t u32(const unsigned char *p)
{
    return (size_t)u16(p) | (size_t)u16(p + 2) << 16;
}

/* One part of the package, unpacked by hand and checked against its CRC. */
static char *part_of(GBytes *xlsx, const char *name)
{
    size_t len = 0, at = 0;
    const unsigned char *zip = g_bytes_get_data(xlsx, &len);
    while (at + 30 <= len && u32(zip + at) == 0x04034b50) {
        size_t packed = u32(zip + at + 18), unpacked = u32(zip + at + 22), name_len = u16(zip + at + 26);
        size_t extra_len = u16(zip + at + 28);
        const unsigned char *data = zip + at + 30 + name_len + extra_len;
        bool wanted = strlen(name) == name_len && memcmp(zip + at + 30, name, name_len) == 0;
        at += 30 + name_len + extra_len + packed;
        if (!wanted)
            continue;
        char *text = g_malloc(unpacked + 1);
        z_stream stream = {.next_in = (Bytef *)data,
                           .avail_in = (uInt)packed,
                           .next_out = (Bytef *)text,
                           .avail_out = (uInt)unpacked};
        assert_int_equal(inflateInit2(&stream, -MAX_WBITS), Z_OK);
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        inflateEnd(&stream);
        assert_int_equal(crc32(0, (Bytef *)text, (uInt)unpacked), u32(data - extra_len - name_len - 30 + 14));
        text[unpacked] = '\0';
        return text;
    }
    fail_msg("the package has no part %s", name);
    return NULL;
}

static void a_spreadsheet_has_typed_cells_and_one_sheet_for_each_table(void **state)
{
    (void)state;
    g_autoptr(TkReport) report = make("serious-initial", NULL, true);
    g_autoptr(GBytes) xlsx = fixture_render(report, TK_REPORT_XLSX, TK_LANG_JA);
    g_autofree char *book = part_of(xlsx, "xl/workbook.xml");
    assert_follows(
        assert_follows(assert_follows(assert_follows(book, "報告書"), "影響を与えた役務と利用者数"),
                       "役務ごとの判定"),
        "時系列");
    g_autofree char *first = part_of(xlsx, "xl/worksheets/sheet1.xml");
    /* 2026-11-23 is day 46349 of the calendar of spreadsheets; 09:12:30 is 33150/86400 of it. */
    assert_follows(first, "\"><v>46349.3836805");
    assert_follows(first, "\"><v>412350</v>");
    g_autofree char *styles = part_of(xlsx, "xl/styles.xml");
    assert_follows(styles, "yyyy/mm/dd\\ hh:mm:ss");
    assert_follows(first, "paperSize=\"9\"");
    g_autofree char *second = part_of(xlsx, "xl/worksheets/sheet2.xml");
    assert_follows(second, "state=\"frozen\"");
    assert_follows(second, "<v>305422</v>");
    g_autofree char *core = part_of(xlsx, "docProps/core.xml");
    assert_follows(core, "2026-11-23T04:30:00Z");
}

static void hostile_text_stays_text_in_a_spreadsheet(void **state)
{
    (void)state;
    g_autoptr(json_t) accident = fixture_accident();
    json_object_set_new(accident, "place", json_string("=1+1 <b>&\"_x0041_ \x02]]>"));
    g_autoptr(TkReport) report = make("serious-initial", accident, true);
    g_autoptr(GBytes) xlsx = fixture_render(report, TK_REPORT_XLSX, TK_LANG_JA);
    g_autofree char *texts = part_of(xlsx, "xl/sharedStrings.xml");
    assert_follows(texts, "<t>=1+1 &lt;b&gt;&amp;\"_x005F_x0041_ ]]&gt;</t>");
}

static void files_are_named_for_what_they_are(void **state)
{
    (void)state;
    g_autoptr(TkReport) report = make("serious-initial", NULL, true);
    g_autofree char *name = tk_report_file_name(report, TK_REPORT_XLSX);
    assert_string_equal(name, "serious-initial-1.xlsx");
    assert_string_equal(tk_report_media_type(TK_REPORT_PDF), "application/pdf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_printed_report_is_searchable_text_in_the_order_of_the_form),
        cmocka_unit_test(a_frozen_report_carries_what_verifies_it_as_a_code_that_scanners_read),
        cmocka_unit_test(a_draft_a_drill_and_made_up_data_are_marked_on_every_page),
        cmocka_unit_test(a_long_table_goes_on_over_pages_under_a_repeated_head),
        cmocka_unit_test(one_endless_word_and_one_endless_text_stay_on_the_paper),
        cmocka_unit_test(the_file_says_its_title_and_its_own_date),
        cmocka_unit_test(every_face_is_the_same_bytes_twice),
        cmocka_unit_test(english_is_one_argument_away),
        cmocka_unit_test(a_csv_reads_back_and_defuses_formulas),
        cmocka_unit_test(a_spreadsheet_has_typed_cells_and_one_sheet_for_each_table),
        cmocka_unit_test(hostile_text_stays_text_in_a_spreadsheet),
        cmocka_unit_test(files_are_named_for_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

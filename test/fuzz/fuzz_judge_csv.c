/* `tokatsu judge`: bytes as CSV of each kind; the first byte chooses the kind. */
#include "cli/judge_rows.h"
#include "service/service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORD_MAX 4096

static void judge_all(Rows *rows, TkCsv *csv)
{
    TkCsvRecord record;
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 1024 * 1024);
    for (TkCsvStatus status; (status = tk_csv_next(csv, &record)) != TK_CSV_END;) {
        TkVerdict verdict;
        g_autoptr(GError) error = NULL;
        if (status != TK_CSV_OK)
            continue;
        if (!judge_rows_judge(rows, &record, &verdict, &error)) {
            g_assert(error != NULL && g_utf8_validate(error->message, -1, NULL));
            continue;
        }
        tk_buf_reset(&out);
        TkJson w = tk_json_to(&out);
        tk_json_begin_object(&w);
        tk_law_verdict_json(&verdict, TK_LANG_JA, &w);
        tk_json_end_object(&w);
        json_t *back = json_loadb(out.data, out.len, 0, NULL);
        g_assert(back != NULL); /* whatever comes in, a JSON line goes out */
        json_decref(back);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static TkLaw *law;
    static const char *const kinds[] = {"accident", "near-miss", "leak"};
    if (law == NULL)
        law = tk_asset_law(NULL, NULL);
    g_assert(law != NULL);
    if (size == 0)
        return 0;
    Rows rows = {.law = law, .law_date = TK_DATE_NONE, .now_us = INT64_C(1795392000000000)};
    judge_rows_of_kind(kinds[data[0] % 3], &rows);
    g_autoptr(TkCsv) csv = tk_csv_new_memory(data + 1, size - 1, RECORD_MAX);
    TkCsvRecord header;
    g_autoptr(GError) error = NULL;
    if (tk_csv_next(csv, &header) == TK_CSV_OK && judge_rows_header(&rows, &header, &error))
        judge_all(&rows, csv);
    return 0;
}

/* A form template, beside a sound vocabulary. One that loads is filled from an accident with something of
 * every kind in it, and must then render, lint and come back from its JSON without harm. */
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char words[] = "{\"format\":\"tokatsu-vocabularies/1\",\"vocabularies\":"
                            "{\"prefecture\":{\"13\":{\"ja\":\"東京都\",\"en\":\"Tokyo\"}}}}";
static const char accident_text[] =
    "{\"id\":\"A\",\"started_at\":\"2026-11-23T09:12:30+09:00\",\"recovered_at\":null,\"duration_s\":12,"
    "\"place\":\"=1\",\"prefectures\":[\"13\",\"99\"],\"yes\":true,\"outcome\":\"serious\",\"services\":[{"
    "\"service\":"
    "\"v\",\"name\":{\"ja\":\"音\",\"en\":\"v\"},\"chosen\":\"ever\",\"counts\":{\"ever\":3},\"users\":2}],"
    "\"timeline\":[{\"at\":\"2026-11-23T09:12:30+09:00\",\"text\":\"x\"},7]}";

static void use(const TkForms *forms, const char *kind)
{
    g_autoptr(json_t) accident =
        tk_json_read("accident", accident_text, sizeof accident_text - 1, 1 << 16, NULL);
    TkReportContext context = {.carrier = "C", .law_date = tk_date_make(2026, 11, 23), .due = TK_DATE_NONE};
    g_autoptr(TkReport) report = tk_report_new(forms, kind, &context, accident, NULL);
    if (report == NULL)
        return;
    for (TkReportFormat format = TK_REPORT_PDF; format <= TK_REPORT_JSON; format++) {
        g_autoptr(GBytes) bytes = NULL;
        tk_report_render(report, format, TK_LANG_JA, &bytes, NULL);
    }
    g_ptr_array_unref(tk_report_lint(report, 0));
    g_autoptr(GBytes) json = tk_report_to_json(report);
    g_autoptr(GError) error = NULL;
    g_autoptr(TkReport) again =
        tk_report_from_json(g_bytes_get_data(json, NULL), g_bytes_get_size(json), &error);
    if (again == NULL)
        g_error("a report of ours does not come back: %s", error->message);
    g_autoptr(GBytes) second = tk_report_to_json(again);
    g_assert(g_bytes_equal(json, second));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TkLawFile files[] = {{"jp/forms/words.json", words, sizeof words - 1},
                         {"jp/forms/fuzz.json", (const char *)data, size}};
    g_autoptr(GError) error = NULL;
    g_autoptr(TkForms) forms = tk_forms_load(files, G_N_ELEMENTS(files), &error);
    g_assert((forms == NULL) == (error != NULL));
    if (forms == NULL)
        return 0;
    g_autoptr(json_t) list = tk_forms_list(forms);
    if (json_array_size(list) > 0)
        use(forms, json_string_value(json_object_get(json_array_get(list, 0), "kind")));
    return 0;
}

/* How long one report takes, each face, and how large it is. The first PDF of a thread also pays for finding
 * the fonts. */
#include <stdlib.h>

#include "report/report.h"

#define ROUNDS 20

static char *read_file(const char *folder, const char *name, size_t *len)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    if (!g_file_get_contents(path, &text, len, NULL))
        exit(1);
    return text;
}

static TkForms *load_forms(const char *folder)
{
    TkLawFile files[64];
    size_t count = 0;
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir != NULL && count < 64 && (name = g_dir_read_name(dir)) != NULL; count++) {
        files[count].text = read_file(folder, name, &files[count].len);
        files[count].name = g_strconcat("forms/", name, NULL);
    }
    TkForms *forms = tk_forms_load(files, count, NULL);
    if (forms == NULL)
        exit(1);
    return forms;
}

static double render_ms(const TkReport *report, TkReportFormat format, size_t *size)
{
    g_autoptr(GBytes) bytes = NULL;
    gint64 begin = g_get_monotonic_time();
    if (!tk_report_render(report, format, TK_LANG_JA, &bytes, NULL))
        exit(1);
    *size = g_bytes_get_size(bytes);
    return (double)(g_get_monotonic_time() - begin) / 1000;
}

static void measure(const TkReport *report, const char *what, TkReportFormat format)
{
    size_t size = 0;
    double best = render_ms(report, format, &size);
    printf("%s, first\t%.1f ms\n", what, best);
    for (int i = 0; i < ROUNDS; i++)
        best = MIN(best, render_ms(report, format, &size));
    printf("%s, best of %d\t%.1f ms, %zu bytes\n", what, ROUNDS, best, size);
}

int main(void)
{
    const char *root = g_getenv("TOKATSU_SOURCE");
    g_autofree char *forms_folder = g_build_filename(root != NULL ? root : ".", "law/jp/forms", NULL);
    g_autofree char *golden = g_build_filename(root != NULL ? root : ".", "test/golden/report", NULL);
    g_autoptr(TkForms) forms = load_forms(forms_folder);
    size_t len = 0;
    g_autofree char *text = read_file(golden, "accident.json", &len);
    g_autoptr(json_t) accident = tk_json_read("accident.json", text, len, 1 << 20, NULL);
    TkReportContext context = {.carrier = "架空テレコム株式会社",
                               .number = 1,
                               .synthetic = true,
                               .at_us = INT64_C(1795400000) * TK_US_PER_S,
                               .law_date = tk_date_make(2026, 11, 23),
                               .due = TK_DATE_NONE};
    g_autoptr(TkReport) report = tk_report_new(forms, "serious-detailed", &context, accident, NULL);
    if (report == NULL)
        return 1;
    measure(report, "30-day report, PDF", TK_REPORT_PDF);
    measure(report, "30-day report, XLSX", TK_REPORT_XLSX);
    measure(report, "30-day report, CSV", TK_REPORT_CSV);
    measure(report, "30-day report, JSON", TK_REPORT_JSON);
    return 0;
}

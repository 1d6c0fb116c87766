/* What the tests of the report room share: the project's own forms, and a made-up accident. */
#ifndef TK_REPORT_FIXTURE_H
#define TK_REPORT_FIXTURE_H

#include <glib/gstdio.h>

#include "unit.h"

#include "report/report.h"

static inline char *fixture_read(const char *path, size_t *len)
{
    const char *root = g_getenv("TOKATSU_SOURCE");
    g_autofree char *full = g_build_filename(root != NULL ? root : ".", path, NULL);
    char *text = NULL;
    GError *error = NULL;
    if (!g_file_get_contents(full, &text, len, &error))
        fail_msg("%s", error->message);
    return text;
}

static inline TkForms *fixture_forms(void)
{
    const char *root = g_getenv("TOKATSU_SOURCE");
    g_autofree char *folder = g_build_filename(root != NULL ? root : ".", "law/jp/forms", NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    assert_non_null(dir);
    TkLawFile files[64];
    size_t count = 0;
    for (const char *name; (name = g_dir_read_name(dir)) != NULL && count < 64; count++) {
        g_autofree char *path = g_build_filename("law/jp/forms", name, NULL);
        files[count].text = fixture_read(path, &files[count].len);
        files[count].name = g_strdup(path);
    }
    g_dir_close(dir);
    GError *error = NULL;
    TkForms *forms = tk_forms_load(files, count, &error);
    for (size_t i = 0; i < count; i++) {
        g_free((char *)files[i].text);
        g_free((char *)files[i].name);
    }
    if (forms == NULL)
        fail_msg("%s", error->message);
    return forms;
}

static inline json_t *fixture_accident(void)
{
    size_t len = 0;
    g_autofree char *text = fixture_read("test/golden/report/accident.json", &len);
    json_t *accident = tk_json_read("accident.json", text, len, 1 << 20, NULL);
    assert_non_null(accident);
    return accident;
}

static inline TkReportContext fixture_context(void)
{
    return (TkReportContext){.carrier = "架空テレコム株式会社",
                             .number = 1,
                             .frozen = true,
                             .synthetic = true,
                             .at_us = at("2026-11-23T13:30:00+09:00"),
                             .by = "網運用部 当直責任者",
                             .law_date = day("2026-11-23"),
                             .law = "2026-04-01",
                             .judged_by = "tokatsu 0.1.0",
                             .due = TK_DATE_NONE};
}

static inline TkReport *fixture_report(const TkForms *forms, const char *kind, const TkReportContext *context,
                                       const json_t *accident)
{
    GError *error = NULL;
    TkReport *report = tk_report_new(forms, kind, context, accident, &error);
    if (report == NULL)
        fail_msg("%s", error->message);
    return report;
}

static inline GBytes *fixture_render(const TkReport *report, TkReportFormat format, TkLang lang)
{
    GBytes *bytes = NULL;
    GError *error = NULL;
    if (!tk_report_render(report, format, lang, &bytes, &error))
        fail_msg("%s", error->message);
    return bytes;
}

#endif

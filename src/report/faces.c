#include "report/faces.h"

const char *tk_face_unverified(TkLang lang)
{
    return lang == TK_LANG_EN
               ? "※ The law and the ministry's published pages could not be confirmed to name this item."
               : "※ 法令又は総務省の公表ページに記載された項目であることを確認できていない項目。";
}

const char *tk_face_entered(TkLang lang)
{
    return lang == TK_LANG_EN ? "+ Written by a person over the accident's record."
                              : "+ 事故の記録とは別に、担当者が記入した項目。";
}

char *tk_face_column_label(const TkColumn *column, TkLang lang)
{
    const char *unit = tk_text_in(column->unit, lang);
    if (unit[0] == '\0')
        return g_strdup(tk_text_in(column->label, lang));
    return g_strdup_printf(lang == TK_LANG_EN ? "%s (%s)" : "%s(%s)", tk_text_in(column->label, lang), unit);
}

bool tk_report_render(const TkReport *report, TkReportFormat format, TkLang lang, GBytes **bytes,
                      GError **error)
{
    switch (format) {
    case TK_REPORT_PDF:
        return tk_report_pdf(report, lang, bytes, error);
    case TK_REPORT_XLSX:
        return tk_report_xlsx(report, lang, bytes, error);
    case TK_REPORT_CSV:
        return tk_report_csv(report, lang, bytes, error);
    case TK_REPORT_JSON:
        *bytes = tk_report_to_json(report);
        return true;
    }
    return tk_fail(error, TK_ERROR_INPUT, "a report has no format number %d", (int)format);
}

static const char *const endings[] = {"pdf", "xlsx", "csv", "json"};

char *tk_report_file_name(const TkReport *report, TkReportFormat format)
{
    return g_strdup_printf("%s-%u.%s", report->kind, report->number, endings[format]);
}

const char *tk_report_media_type(TkReportFormat format)
{
    static const char *const types[] = {
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "text/csv; charset=utf-8",
        "application/json",
    };
    return types[format];
}

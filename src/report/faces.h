/* The four faces of one report. Each gives its bytes to the caller. */
#ifndef TK_REPORT_FACES_H
#define TK_REPORT_FACES_H

#include "report/model.h"

bool tk_report_pdf(const TkReport *report, TkLang lang, GBytes **bytes, GError **error);
bool tk_report_xlsx(const TkReport *report, TkLang lang, GBytes **bytes, GError **error);
bool tk_report_csv(const TkReport *report, TkLang lang, GBytes **bytes, GError **error);

/* Words around the values, the same in every face. */
const char *tk_face_unverified(TkLang lang); /* what the mark ※ says */
const char *tk_face_entered(TkLang lang);    /* what the mark + says */
/* "影響利用者数(人)" */
char *tk_face_column_label(const TkColumn *column, TkLang lang);

#endif

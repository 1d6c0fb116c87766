/* Filling a form from facts; shared by reports on one accident and periodic lists. */
#ifndef TK_REPORT_BUILD_H
#define TK_REPORT_BUILD_H

#include "report/forms.h"

/* The form of `kind` filled from `facts`, an object whose keys the form's paths name. `keep` becomes the
 * report's facts (a reference is taken). */
TkReport *tk_report_fill(const TkForms *forms, const char *kind, const TkReportContext *context,
                         const json_t *facts, json_t *keep, GError **error);

#endif

/* What the files of this room share beside the model: filling a form, reading facts. */
#ifndef TK_REPORT_BUILD_H
#define TK_REPORT_BUILD_H

#include "report/forms.h"

/* The form of `kind` filled from `facts`, an object whose keys the form's paths name. `keep` becomes the
 * report's facts (a reference is taken). */
TkReport *tk_report_fill(const TkForms *forms, const char *kind, const TkReportContext *context,
                         const json_t *facts, json_t *keep, GError **error);

/* ---- facts.c: reading an accident as docs/api.md describes it */

bool tk_fact_time(const json_t *object, const char *key, int64_t *at_us);
bool tk_fact_is(const json_t *object, const char *key, const char *text);
int64_t tk_fact_number(const json_t *object, const char *key); /* -1: none */
/* Reported on this form: by its outcome, or by a deadline of that kind; a serious accident is listed in the
 * periodic list as well until 2023-06-15. */
bool tk_fact_reported_as(const json_t *accident, const char *kind);

#endif

/* A form as data: what tk_forms_load makes of a file in law/jp/forms/ (docs/form-format.md). */
#ifndef TK_REPORT_FORMS_H
#define TK_REPORT_FORMS_H

#include "report/model.h"

typedef struct {
    TkColumn column;
    const char *path;    /* inside the row; "" is the row itself */
    const json_t *words; /* vocabulary, borrowed from the TkForms; NULL for none */
} TkFormColumn;

typedef struct {
    TkItem item; /* without value and table */
    const json_t *words;
    TkFormColumn *columns; /* owned; NULL for a single value */
    size_t width;
} TkFormItem;

typedef struct {
    const char *id;
    TkText title;
    TkFormItem *items; /* owned */
    size_t count;
} TkFormSection;

typedef struct {
    const char *file, *id, *version, *kind;
    TkText number, title, lead, statement, addressee;
    TkDate from, to; /* in force, both days included; to TK_DATE_NONE: still */
    TkStage stage;
    bool landscape;
    const char *csv_table;
    const char *highlights[4];
    size_t highlight_count;
    TkFormSection *sections; /* owned */
    size_t section_count;
} TkForm;

/* The form of `kind` in force on `date`; NULL and TK_ERROR_NOT_FOUND otherwise. */
const TkForm *tk_forms_find(const TkForms *forms, const char *kind, TkDate date, GError **error);

#endif

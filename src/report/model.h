/* The report as the files of this room see it: sections of items, an item being one value or one table.
 * Every string lives in the report's (or the forms') string chunk and is released with it. */
#ifndef TK_REPORT_MODEL_H
#define TK_REPORT_MODEL_H

#include "report/report.h"

#define TK_CELL_TEXT_MAX                                                                                     \
    32000                   /* characters of one value: what a spreadsheet's cell holds, and some spare      \
                             */
#define TK_ITEMS_MAX    200 /* items of one section */
#define TK_SECTIONS_MAX 40
#define TK_COLUMNS_MAX  40

typedef enum {
    TK_CELL_NONE, /* nothing known */
    TK_CELL_TEXT,
    TK_CELL_NUMBER,   /* number: a whole number */
    TK_CELL_TIME,     /* number: microseconds since 1970 */
    TK_CELL_DATE,     /* number: a TkDate */
    TK_CELL_DURATION, /* number: seconds */
} TkCellType;

typedef struct {
    TkCellType type;
    TkText text; /* of TK_CELL_TEXT only */
    int64_t number;
} TkCell;

typedef struct {
    const char *id;
    TkText label, unit;
    TkCellType type;
    unsigned width; /* share of the printed width */
} TkColumn;

typedef struct {
    TkColumn *columns; /* owned */
    size_t width;
    TkCell *cells; /* owned, rows × width */
    size_t rows;
} TkTable;

typedef enum { TK_STAGE_NONE, TK_STAGE_INITIAL, TK_STAGE_INTERIM, TK_STAGE_FINAL } TkStage;

typedef struct {
    const char *id;
    TkText label, help, unit;
    const char *article;
    const char *path; /* where in the facts the value is kept; "" for none */
    TkStage required; /* missing is an error from this stage on; TK_STAGE_NONE: never */
    TkCellType type;  /* of value */
    bool verified;    /* the law or the ministry's page names this item */
    bool entered;     /* a person wrote this over the record */
    TkCell value;
    TkTable *table; /* owned; NULL for a single value */
} TkItem;

typedef struct {
    const char *id;
    TkText title;
    TkItem *items; /* owned */
    size_t count;
} TkSection;

struct TkReport {
    GStringChunk *strings;
    const char *kind, *form_id, *form_version;
    TkText form_number; /* 様式第50の3 */
    TkText title, lead, statement, addressee;
    TkStage stage;
    bool landscape;
    const char *csv_table; /* id of the table that is the whole CSV; "" for the long list */
    const char *highlights[4];
    size_t highlight_count;

    const char *carrier, *by, *law, *judged_by;
    unsigned number;
    bool final, frozen, synthetic, drill, wareki;
    int64_t at_us;
    TkDate due;

    TkSection *sections; /* owned */
    size_t section_count;
    json_t *facts; /* owned: the record as it stood */
    char *verify;  /* owned: see tk_report_set_verify; no part of the document */
};

static inline const char *tk_text_in(TkText words, TkLang lang)
{
    return lang == TK_LANG_EN ? words.en : words.ja;
}

TkReport *tk_report_alloc(void);
void tk_section_clear(TkSection *section);
TkTable *tk_table_new(size_t width, size_t rows); /* cells empty, columns zeroed */
void tk_table_free(TkTable *table);
TkItem *tk_report_item(const TkReport *report, const char *id); /* NULL where there is none */
bool tk_item_empty(const TkItem *item);

/* Where in `facts` a path like "/services/0/users" leads; "" is the whole. Borrowed; NULL where nowhere. */
const json_t *tk_facts_at(const json_t *facts, const char *path);

/* ---- words.c: values as people read them */

typedef enum {
    TK_STYLE_FULL,    /* 2026年11月23日 14時32分10秒 */
    TK_STYLE_COMPACT, /* 2026/11/23 14:32:10, for narrow columns */
    TK_STYLE_DATA,    /* RFC 3339, plain numbers, for files that programs read */
} TkStyle;

void tk_cell_add(TkBuf *out, const TkCell *cell, TkLang lang, bool wareki, TkStyle style);
/* Same as a new string; "" for an empty cell. */
char *tk_cell_text(const TkCell *cell, TkLang lang, bool wareki, TkStyle style);
bool tk_cell_equal(const TkCell *a, const TkCell *b);
/* 第二報; "" for the first submission of a periodic list, which offices do not number, and for
 * the board's report. New strings. */
char *tk_report_name(const TkReport *report, TkLang lang);
char *tk_report_heading(const TkReport *report, TkLang lang); /* title and name */
/* The lines every face prints on each page. New strings. */
char *tk_report_foot(const TkReport *report, TkLang lang);
char *tk_marks_text(bool drill, bool synthetic, bool draft, TkLang lang);
char *tk_report_marks(const TkReport *report, TkLang lang); /* 訓練 ・ 合成データ ・ 下書き, or "" */

const char *tk_cell_type_name(TkCellType type);
const char *tk_stage_name(TkStage stage);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkTable, tk_table_free)

#endif

/* report: from the facts of an accident to a document somebody signs.
 *
 *     law/jp/forms/ ── tk_forms_load ──► TkForms ─┐
 *     accident (JSON, docs/api.md) ───────────────┼─ tk_report_new ──► TkReport ─┬─ tk_report_lint
 *     TkReportContext (who, when, which version) ─┘                              ├─ tk_report_to_json ──
 * frozen ├─ tk_report_diff └─ tk_report_render ─► PDF XLSX CSV JSON
 *
 * A form is data: which items, in which order, from where in the facts, required at which stage, by which
 * article, and whether the item is confirmed as the law's or the ministry's own. The official layouts are
 * not public as text, so every form says that it is Tokatsu's arrangement, and a carrier can replace it.
 *
 * The room decides nothing and writes nothing: it is given facts and gives back bytes in memory. The same
 * report renders to the same bytes, today and in ten years: a document's dates are the report's own.
 * (The libraries are the exception: Pango and fontconfig read the installed fonts, and libxlsxwriter puts a
 * spreadsheet together in temporary files.) */
#ifndef TK_REPORT_REPORT_H
#define TK_REPORT_REPORT_H

#include "law/law.h"
#include "report/document.h"
#include "report/public_page.h"

/* ------------------------------------------------------------------ forms */

/* The forms and the vocabularies they use. Immutable; may be shared by threads. */
typedef struct TkForms TkForms;

#define TK_FORM_FILE_MAX (1u << 20) /* bytes of one file */
#define TK_FORMS_MAX     256        /* forms in all versions */

/* Reads the files that lie below a folder `forms` ("jp/forms/serious-initial.json"; the others are passed
 * over, so that the law's whole folder can be given) and checks each: known keys and types, unique ids, an
 * article for each item, no overlap of two versions of one kind, vocabularies that exist. NULL and a sentence
 * naming file, item and field otherwise. `files` is borrowed during the call only. Release with
 * tk_forms_free. */
TkForms *tk_forms_load(const TkLawFile *files, size_t count, GError **error);
void tk_forms_free(TkForms *forms);
/* JSON array of {"id","version","kind","form","title":{ja,en},"effective":{"from","to"}}; new reference. */
json_t *tk_forms_list(const TkForms *forms);

/* ------------------------------------------------------------------ model */

typedef enum { TK_REPORT_PDF, TK_REPORT_XLSX, TK_REPORT_CSV, TK_REPORT_JSON } TkReportFormat;

/* A report as it stands, or as it was frozen. */
typedef struct TkReport TkReport;

/* What is not in the accident: whose report, which version, on what day. Borrowed during tk_report_new. */
typedef struct {
    const char *carrier;   /* name of the carrier that reports */
    const char *addressee; /* NULL: the form's own */
    unsigned number; /* 1 for 第一報 … TK_REPORT_NUMBER_MAX; 0 while it is a draft without number */
    bool final;      /* 最終報 */
    bool frozen;     /* false: a draft, marked so on every page */
    bool synthetic;  /* made-up data: marked so on every page */
    bool drill;      /* a drill (訓練): marked so on every page */
    bool wareki;     /* dates of the Japanese text by era: 令和8年11月23日 */
    int64_t at_us;   /* when it was drafted or frozen: every date inside the files comes from here */
    const char *by;  /* who; may be NULL */
    TkDate law_date; /* the day whose forms apply, normally the day of the occurrence */
    const char *law; /* version of the criteria it was judged by, "2026-04-01"; may be NULL */
    const char *judged_by; /* line for the foot of each page: program and version; may be NULL */
    TkDate due;            /* statutory day, or TK_DATE_NONE for "without delay" */
    const json_t
        *entries; /* object {item id: text | number | time text}: what a person wrote over an item; NULL */
} TkReportContext;

#define TK_REPORT_NUMBER_MAX 99

/* Fills the form of `kind` in force on context->law_date from an accident as docs/api.md describes it.
 * Nothing is made up: a fact that is missing stays missing and the lint says so. `accident` is borrowed
 * and copied. Errors: TK_ERROR_NOT_FOUND (no form of that kind on that day), TK_ERROR_INPUT (a fact of
 * the wrong type, naming the item), TK_ERROR_LIMIT (more rows or text than a report holds).
 *
 * Kinds: serious-initial, serious-detailed, serious-detailed-wholesale (施行規則57条2項),
 * near-miss-initial, near-miss-detailed (57条3項), leak-secrecy-initial, leak-secrecy-detailed,
 * leak-specified-initial, leak-specified-detailed, suspension-initial, suspension-detailed (57条1項). */
TkReport *tk_report_new(const TkForms *forms, const char *kind, const TkReportContext *context,
                        const json_t *accident, GError **error);

/* The list of 報告規則7条の3, kind periodic-detailed or periodic-simplified, of the accidents that began
 * from `from` to `to` (both days included): one row for each accident and service, with the statistics
 * behind it. `accidents` is a JSON array of accidents, in any order; which of them belong is decided by
 * their "outcome" (or a deadline of that kind, where a serious accident before 2023-06-16 is listed as well).
 * The form is the one in force on `from`, whatever context->law_date says. */
TkReport *tk_report_periodic(const TkForms *forms, const char *kind, const TkReportContext *context,
                             TkDate from, TkDate to, const json_t *accidents, GError **error);

/* Counts of a list of accidents, no form needed:
 *     {"accidents":n,"by_service":[{"service","name","accidents","users","user_minutes"}],
 *      "by_cause":[{"cause","accidents"}],"matrix":[{"duration":"d0"…"d6"|"unknown","u0":n … "u6":n}]}
 * One accident in several services counts once in each service and once in "accidents". The matrix counts
 * accidents by their largest service: durations below 30 min (d0), from 30 min, 1 h, 2 h, 5 h, 12 h and 24 h;
 * users below 500 (u0), from 500, 5,000, 30,000, 100,000 and 1,000,000 (u5), not known (u6). Classes of
 * cause: equipment (設備要因), human (人為要因), external (外的要因), other (その他, also the unclassed). New
 * reference. */
json_t *tk_report_statistics(const json_t *accidents);

/* The accidents that began from `from` to `to` (both days included) as tables:
 *     {"accidents":n,"drills":n,"tables":[{"id","title":{ja,en},"rows_are":{ja,en},"columns":[{"id","label"}…],
 *      "rows":[{"id","label","values":[n…]}…],"total":[n…]|null}…]}
 * `by` names one of them, NULL takes all: year (fiscal year × outcome), reports (carriers that reported and
 * reports made, by fiscal year and form; a carrier is told apart by "carrier"), service, cause, matrix
 * (duration × users). Drills ("drill":true) are left out and only counted. "total" is null where rows
 * overlap. Errors: INPUT for another `by`, a period that ends before it begins or is longer than 200 years,
 * an accident without a beginning. New reference. */
json_t *tk_report_tables(const json_t *accidents, TkDate from, TkDate to, const char *by, GError **error);

/* First day and last day of the fiscal year that begins in `year`, or of its quarter 1 (April–June) … 4. */
void tk_report_period(int year, int quarter_or_0, TkDate *from, TkDate *to);

void tk_report_free(TkReport *report);
/* What a reader needs to look this report up and check it, as the text of a QR code at the end of the PDF. It
 * is no part of the document (which it may well have the hash of). Copied; at most TK_REPORT_VERIFY_MAX
 * bytes, longer ones are not printed. */
void tk_report_set_verify(TkReport *report, const char *text);
#define TK_REPORT_VERIFY_MAX 600
const char *tk_report_kind(const TkReport *report);
/* The report's document, canonical: the same report gives the same bytes, and tk_report_from_json gives
 * the same report back. Keep this when freezing. */
GBytes *tk_report_to_json(const TkReport *report);
#define TK_REPORT_JSON_MAX (64u << 20)
TkReport *tk_report_from_json(const char *text, size_t len, GError **error);

/* ------------------------------------------------------------------ faces */

#define TK_REPORT_ROWS_MAX     200000 /* rows of one table */
#define TK_REPORT_PDF_ROWS_MAX 5000   /* rows of one table that are printed */

/* Renders to memory. *bytes is the caller's. TK_ERROR_LIMIT where a table is too long to be printed. */
bool tk_report_render(const TkReport *report, TkReportFormat format, TkLang lang, GBytes **bytes,
                      GError **error);
/* "serious-initial-1.pdf"-like name without path, owned by the caller; media type, static. */
char *tk_report_file_name(const TkReport *report, TkReportFormat format);
const char *tk_report_media_type(TkReportFormat format);

/* 第一報 … 第九十九報, 最終報; First report, Report 2 …, Final report. 0 and not final: 下書き, Draft. */
void tk_report_add_name(TkBuf *out, unsigned number, bool final, TkLang lang);
/* 2026年11月23日 · 令和8年11月23日 · 2026-11-23. The first year of an era is 元年; eras from Meiji. */
void tk_report_add_date(TkBuf *out, TkDate date, TkLang lang, bool wareki);

/* ------------------------------------------------------------------ check and compare */

typedef struct {
    bool error;       /* an error forbids freezing; a warning can be overridden with a reason */
    const char *item; /* id of the item, NULL for the whole report */
    const char *rule; /* which check: "time-order", "missing", "users-zero", … */
    char *ja, *en;    /* the sentence */
} TkReportFinding;

void tk_report_finding_free(TkReportFinding *finding);
/* What speaks against freezing this, worst first; empty when nothing does. `now_us` is the time it would
 * be sent. Elements are TkReportFinding; the array owns them. They refer to `report`. */
GPtrArray *tk_report_lint(const TkReport *report, int64_t now_us);
/* [{"level":"error|warning","item","rule","text":{ja,en}}]; new reference. */
json_t *tk_report_findings_json(const GPtrArray *findings);

/* What changed from `a` to `b`: [{"item","label":{ja,en},"from":{ja,en}|null,"to":{ja,en}|null}], in the
 * order of `b`'s form. A cell of a table is "item/row/column". New reference. */
json_t *tk_report_diff(const TkReport *a, const TkReport *b);
/* The same as a printed table. */
bool tk_report_diff_pdf(const TkReport *a, const TkReport *b, TkLang lang, GBytes **bytes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkForms, tk_forms_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkReport, tk_report_free)

#endif

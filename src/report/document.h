/* A printed document: A4 pages of title, contents, headings, paragraphs, lists, tables and comparisons, for
 * every PDF that is not a form of the law (those are TkReport). Told from top to bottom, then drawn:
 *
 *     TkDocumentHead head = {.title = "自己確認書類", .carrier = carrier, .at_us = now_us, .contents = true};
 *     g_autoptr(TkDocument) document = tk_document_new(&head);
 *     tk_document_meta(document, "作成者", "山田");
 *     tk_document_heading(document, 1, "対象設備");
 *     tk_document_paragraph(document, "…");
 *     tk_document_table(document, (TkDocumentColumn[]){{"設備", 3, false}, {"状態", 1, false}}, 2);
 *     tk_document_row(document, (TkDocumentCell[]){{.text = "伝送路設備"}, {"不適合", TK_MARK_BAD}});
 *     return tk_document_pdf(document, &bytes, error);
 *
 * Nothing fails before tk_document_pdf: what is over a ceiling is remembered and refused there, once. All
 * texts are copied; bytes that are no UTF-8 are replaced. The same calls give the same bytes: every date in
 * the file is head.at_us. Headings are the reader's bookmarks too, and the entries of the contents are links.
 * A document may be told and drawn by any thread, but by one at a time, and drawn once. */
#ifndef TK_REPORT_DOCUMENT_H
#define TK_REPORT_DOCUMENT_H

#include "law/law.h"

typedef struct TkDocument TkDocument;

#define TK_DOCUMENT_LEVELS      3           /* headings 1, 1.1, 1.1.1 */
#define TK_DOCUMENT_COLUMNS_MAX 16          /* of one table */
#define TK_DOCUMENT_BLOCKS_MAX  20000       /* headings, paragraphs, list items and rows together */
#define TK_DOCUMENT_CELLS_MAX   100000      /* of all tables together */
#define TK_DOCUMENT_TEXT_MAX    (16u << 20) /* bytes of all texts together */
#define TK_DOCUMENT_CELL_MAX    64000       /* bytes of one paragraph or cell */
#define TK_DOCUMENT_PAGES_MAX   3000

/* Whose document it is. Strings are borrowed during tk_document_new; NULL where there is none. */
typedef struct {
    const char *title;    /* needed */
    const char *subtitle; /* under the title */
    const char *carrier;  /* whose document; also the PDF's author */
    const char *by;       /* who made it */
    const char *version;  /* 第3版, 2026-04-01施行 … */
    const char *foot;     /* left in each page's foot: hash, law version, program */
    const char *verify;   /* text of a QR code at the end (at most 600 bytes): what looks this document up */
    int64_t at_us;        /* when it was made: the only date in the file */
    TkLang lang;          /* of the words the document adds itself: 目次, 作成日, 合成データ … */
    bool landscape;
    bool contents;  /* table of contents with page numbers after the head */
    bool cover;     /* head and contents on pages of their own */
    bool numbered;  /* headings 1, 1.1, 1.1.1 */
    bool synthetic; /* made-up data: marked so on every page */
    bool draft;     /* not decided yet: marked so on every page */
} TkDocumentHead;

TkDocument *tk_document_new(const TkDocumentHead *head);
void tk_document_free(TkDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkDocument, tk_document_free)

/* A line of the head, "施設区分: 基礎トーン". At most 20; only before the first block. */
void tk_document_meta(TkDocument *document, const char *label, const char *value);

/* Level 1 to 3; a level is clamped into that. It never stands alone at a page's foot. */
void tk_document_heading(TkDocument *document, int level, const char *text);
/* Line breaks in the text are kept. */
void tk_document_paragraph(TkDocument *document, const char *text);
/* The same, small and grey: sources, remarks. */
void tk_document_note(TkDocument *document, const char *text);
/* A point of a list, `depth` 0 to 3 levels in. */
void tk_document_bullet(TkDocument *document, int depth, const char *text);
void tk_document_page_break(TkDocument *document);
/* A longer plain text, an attached document for instance: paragraphs are parted by empty lines; lines that
 * begin with "- ", "* " or "・" are points of a list, lines that begin with "# ", "## " … are headings from
 * `level` on. Nothing else is interpreted. */
void tk_document_text(TkDocument *document, int level, const char *text);

typedef enum {
    TK_MARK_NONE,
    TK_MARK_HEAD,    /* a label: Gothic on grey */
    TK_MARK_GOOD,    /* green ground */
    TK_MARK_CHANGED, /* yellow ground */
    TK_MARK_BAD,     /* red ground. Colour is lost in copies: the cell's words must say it as well */
} TkDocumentMark;

typedef struct {
    const char *title;
    unsigned weight; /* share of the width, 1 … 1000; 0 counts as 1 */
    bool right;      /* numbers: set to the right */
} TkDocumentColumn;

typedef struct {
    const char *text; /* NULL: empty; wraps, and goes on on the next page where it must */
    TkDocumentMark mark;
} TkDocumentCell;

/* Begins a table; its head is repeated on every page. `count` 1 … TK_DOCUMENT_COLUMNS_MAX. */
void tk_document_table(TkDocument *document, const TkDocumentColumn *columns, size_t count);
/* A row of the table begun last, with as many cells as it has columns. A table without rows says 該当なし. */
void tk_document_row(TkDocument *document, const TkDocumentCell *cells);
/* A row over the table's whole width: the name of what follows. */
void tk_document_row_title(TkDocument *document, const char *text);

/* Begins a comparison (新旧対照表): three columns, what is compared (`what`, "条"), the new text on the left
 * and the old one on the right as Japanese offices do, headed `after` and `before`. */
void tk_document_comparison(TkDocument *document, const char *what, const char *after, const char *before);
/* A row of it. What is only in `after` is underlined in the left column, what is only in `before` is struck
 * out in the right one. NULL: the provision is new (新設) or gone (削除), which the empty side says. Texts
 * that are equal print unmarked. */
void tk_document_compare(TkDocument *document, const char *label, const char *after, const char *before);

/* Draws it; *bytes is the caller's. Errors: TK_ERROR_LIMIT, saying what is over which ceiling;
 * TK_ERROR_INPUT for a row without table; TK_ERROR_INTERNAL. */
bool tk_document_pdf(TkDocument *document, GBytes **bytes, GError **error);

#endif

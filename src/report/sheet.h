/* Paper: A4 pages made of laid-out text, rules and boxes. Everything is placed first and drawn at the end,
 * when the number of pages is known, so that each page can say "2 / 7". Lengths are points (1/72 inch). */
#ifndef TK_REPORT_SHEET_H
#define TK_REPORT_SHEET_H

#include <pango/pangocairo.h>

#include "report/model.h"

typedef enum { TK_FONT_MINCHO, TK_FONT_GOTHIC } TkFont;
typedef enum { TK_INK_BLACK, TK_INK_GREY, TK_INK_RED, TK_INK_FAINT } TkInk;
typedef enum { TK_TINT_NONE, TK_TINT_GREEN, TK_TINT_YELLOW, TK_TINT_RED } TkTint;

typedef struct {
    double width, height;            /* of the paper */
    double left, right, top, bottom; /* edges of the text */
    double y;                        /* where the next thing goes */
    int page;                        /* counted from 0 */
    PangoContext *pango;             /* owned */
    GArray *marks;                   /* what has been placed */
    GPtrArray *outline;              /* titles for the reader's table of contents */
} TkSheet;

typedef struct {
    PangoLayout *text; /* owned; released by tk_sheet_row */
    double width;
    double shade; /* 0 none … 1 black */
    TkTint tint;  /* a light colour over it */
    bool middle;  /* centred from top to bottom, in a row that is not cut */
    bool repeat;  /* again on each page of a row that is cut; only as long as fits on one */
} TkSheetCell;

/* Called at the top of a new page that a row flows over to, to repeat a table's head. */
typedef void (*TkSheetAgain)(TkSheet *sheet, void *data);

TkSheet *tk_sheet_new(bool landscape);
void tk_sheet_free(TkSheet *sheet);
/* width < 0: as wide as it gets. New layout, the caller's. */
PangoLayout *tk_sheet_text(TkSheet *sheet, const char *text, TkFont font, double size, double width,
                           PangoAlignment align);
double tk_sheet_height(PangoLayout *layout);
double tk_sheet_width(PangoLayout *layout);
/* Places the whole layout and takes it. */
void tk_sheet_put(TkSheet *sheet, PangoLayout *layout, double x, double y, TkInk ink);
void tk_sheet_line(TkSheet *sheet, double x1, double y1, double x2, double y2, double weight);
void tk_sheet_fill(TkSheet *sheet, double x, double y, double width, double height, double shade);
void tk_sheet_next_page(TkSheet *sheet);
/* A QR code (ISO/IEC 18004) of `text`, at most 1,000 bytes, in a square of `side`; false where it is too
 * long. */
bool tk_sheet_qr(TkSheet *sheet, const char *text, double x, double y, double side);
/* A QR code of `text` with `words` and the text itself beside it; nothing where `text` is NULL or longer than
 * TK_REPORT_VERIFY_MAX. */
void tk_sheet_verify(TkSheet *sheet, const char *text, const char *words);
/* Goes to the next page unless `height` fits below. True when it did. */
bool tk_sheet_need(TkSheet *sheet, double height);
/* A paragraph over the text's whole width that may flow over pages. */
void tk_sheet_paragraph(TkSheet *sheet, const char *text, TkFont font, double size, TkInk ink);
/* The same for a layout that begins at `x`; takes it. */
void tk_sheet_flow(TkSheet *sheet, PangoLayout *layout, double x, TkInk ink);
/* A framed row, which flows over pages line by line where it must. Takes the cells' layouts. */
void tk_sheet_row(TkSheet *sheet, TkSheetCell *cells, size_t count, TkSheetAgain again, void *data);
/* An entry of the reader's table of contents, below the last one of a smaller level (1 is the outermost). */
void tk_sheet_bookmark(TkSheet *sheet, const char *title, int level);
/* An area of this page that leads to `y` of another page (counted from 0). */
void tk_sheet_link(TkSheet *sheet, double x, double y, double width, double height, int page, double to_y);

typedef struct {
    const char *title, *subject, *author;
    const char *foot;  /* left of each page's foot; the page number stands right */
    const char *head;  /* at the head of each page but the first */
    const char *marks; /* red, at the head of every page; "" for none */
    const char *water; /* large and faint across every page; "" for none */
    int64_t at_us;     /* the file's dates */
} TkSheetEdges;

/* Draws everything into a PDF. */
bool tk_sheet_pdf(TkSheet *sheet, const TkSheetEdges *edges, GBytes **bytes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkSheet, tk_sheet_free)

#endif

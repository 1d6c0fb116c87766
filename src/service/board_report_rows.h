/* Inside the service: what is counted of which register for the board of directors (board_report_rows.c). */
#ifndef TK_SERVICE_BOARD_REPORT_ROWS_H
#define TK_SERVICE_BOARD_REPORT_ROWS_H

#include "service/board_report.h"

#define TK_BOARD_CONDS_MAX 2
#define TK_BOARD_AREAS     11

typedef enum { TK_COND_NONE, TK_COND_ANY, TK_COND_NOT, TK_COND_HAS, TK_COND_BEFORE } TkBoardCondKind;

/* What a record must meet; an empty one is met by all. */
typedef struct {
    TkBoardCondKind kind;
    const char *field, *values; /* "a|b" of ANY and NOT; BEFORE: the date lies before the day looked at */
} TkBoardCond;

typedef struct {
    const char *area, *id;
    TkText label;
    const char *name, *path; /* the register; the page that shows the evidence */
    TkBoardCond conds[TK_BOARD_CONDS_MAX];
    bool share; /* "n / m": of the records that meet `among` */
    TkBoardCond among;
    TkBoardLevel level; /* of a number above zero, of a share that is not whole */
    bool plain;         /* `name` is a kind of the store, with its fields at the top, not a register */
} TkBoardRow;

typedef struct {
    const char *id;
    TkText name;
} TkBoardArea;

/* Rows of one register stand together. */
extern const TkBoardRow tk_board_rows[];
extern const size_t tk_board_row_count;
extern const TkBoardArea tk_board_areas[TK_BOARD_AREAS];

#endif

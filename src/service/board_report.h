/* Inside the service: the parts of the report for the board of directors. */
#ifndef TK_SERVICE_BOARD_REPORT_H
#define TK_SERVICE_BOARD_REPORT_H

#include "service/act.h"

typedef struct {
    TkApp *app;
    const TkActor *actor;
    TkDate from, to, today;
    json_t *figures; /* the list that is filled */
} TkBoardMaking;

typedef enum { TK_BOARD_PLAIN, TK_BOARD_GOOD, TK_BOARD_WARN, TK_BOARD_BAD } TkBoardLevel;
extern const char *const tk_board_levels[]; /* their names */

/* board_report_figures.c: adds the figures of the period; `before` are the accidents a year earlier, `all`
 * those of all times. */
void tk_board_figures(TkBoardMaking *making, const json_t *accidents, const json_t *before,
                      const json_t *all);
/* A day out of a document, also of a time; false and TK_DATE_NONE where there is none. */
bool tk_board_day(const json_t *holder, const char *key, TkDate *day);
/* Takes `bytes` (NULL: NULL) and reads them; new reference. */
json_t *tk_board_parsed(GBytes *bytes);

#define TK_BOARD_QUARTERS 4 /* the period's end and three quarters before it */

/* board_report_programme.c: the state of the whole programme at the end of the period and of the three
 * quarters before it:
 * {"quarters":[{"end","at"}…],"rows":[{"area","area_name","id","label","values":[…],"level","evidence"}…]},
 * the oldest first. A value is a count, "n / m", or null: not this role's to know, or nothing was kept then.
 * New reference; NULL and *error where the law cannot be asked. */
json_t *tk_board_programme(const TkBoardMaking *making, GError **error);

#endif

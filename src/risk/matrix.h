/* The carrier's own risk criteria: what its levels of likelihood and consequence mean, which level each pair
 * of them is, and what is to be done at it (ISO 31000:2018, 6.3.4). 3 to 6 levels on either axis. Part of the
 * door of risk.
 *
 *   likelihood   one level a line, lowest first:  まれ | Rare | 10年に一度より少ない
 *   consequence  the same
 *   levels       what a cell can be, lowest first: low | 低 | Low | #2e7d32 | ○ | take
 *   cells        a line for each likelihood, lowest first; in it the level of each consequence, lowest first
 *
 * The last word of a level is the appetite: `take`, the owner may take it; `treat`, it is treated, or taken
 * with the general manager's approval; `never`, it cannot be taken. */
#ifndef TK_RISK_MATRIX_H
#define TK_RISK_MATRIX_H

#include "base/base.h"

enum { TK_RISK_STEPS_MIN = 3, TK_RISK_STEPS_MAX = 6, TK_RISK_LEVELS_MIN = 2, TK_RISK_LEVELS_MAX = 6 };

typedef enum { TK_APPETITE_TAKE, TK_APPETITE_TREAT, TK_APPETITE_NEVER } TkAppetite;

/* A level of an axis; texts are owned by the matrix, never NULL. */
typedef struct {
    char *ja, *en, *meaning;
} TkRiskStep;

/* What a cell can be. */
typedef struct {
    char *id, *ja, *en;
    char *colour; /* #rrggbb */
    char *symbol; /* beside the colour, for those who do not see it; different in every level */
    TkAppetite appetite;
} TkRiskLevel;

typedef struct {
    TkRiskStep likelihood[TK_RISK_STEPS_MAX], consequence[TK_RISK_STEPS_MAX];
    unsigned n_likelihood, n_consequence;
    TkRiskLevel levels[TK_RISK_LEVELS_MAX]; /* lowest first: the index is the rank */
    unsigned n_levels;
    int cell[TK_RISK_STEPS_MAX][TK_RISK_STEPS_MAX]; /* [likelihood][consequence] → index of a level */
} TkRiskMatrix;

/* The four texts of a record; none may be NULL. */
typedef struct {
    const char *likelihood, *consequence, *levels, *cells;
} TkRiskMatrixText;

/* Reads and checks. NULL where something is wrong; everything that is goes into `findings` as
 * {"field","ja","en"}, naming the line or the cell. Complete: every cell has a level. Monotone: more likely
 * or worse is never a lower level, and a higher level is never borne more easily. Every level is used. */
TkRiskMatrix *tk_risk_matrix_read(const TkRiskMatrixText *text, json_t *findings);
void tk_risk_matrix_free(TkRiskMatrix *matrix);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkRiskMatrix, tk_risk_matrix_free)

/* The level's index for steps counted from 1; -1 where the matrix has no such cell. */
int tk_risk_matrix_level(const TkRiskMatrix *matrix, int64_t likelihood, int64_t consequence);
/* "take", "treat", "never". */
const char *tk_appetite_id(TkAppetite appetite);
/* {"id","label","rank","colour","symbol","appetite"}; new reference. */
json_t *tk_risk_level_json(const TkRiskMatrix *matrix, int level);
/* {"likelihood":[{"label","meaning"}…],"consequence":[…],"levels":[level…],"cells":[[level id…]…]}: rows by
 * likelihood, lowest first; new reference. */
json_t *tk_risk_matrix_json(const TkRiskMatrix *matrix);

#endif

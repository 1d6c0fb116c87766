/* Refusals as RFC 9457 problem details. What kinds there are stands in one table, from which answers are
 * written, /problems/CODE tells what to do, and the interface description lists the codes:
 *
 *     {"type":"/problems/CODE","title","title_ja","status","detail","detail_ja","code",
 *      "field"?,"needs_code"?,"fields"?,"lint"?}
 *
 * `detail_ja` is the error's own Japanese sentence, else the general one of its kind. */
#ifndef TK_HTTP_PROBLEM_H
#define TK_HTTP_PROBLEM_H

#include "base/base.h"

#define TK_PROBLEM_TYPE "application/problem+json"

typedef struct {
    const char *code; /* the last part of the type */
    unsigned status;
    TkErrorCode error; /* the error that stands for it; TK_PROBLEM_OWN: none, it is the door's own */
    const char *title_ja, *title_en;
    const char *todo_ja, *todo_en; /* what to do, in general */
} TkProblem;

#define TK_PROBLEM_OWN ((TkErrorCode)-1)

/* The whole table; *count entries. */
const TkProblem *tk_problems(size_t *count);
/* The kind an error stands for; never NULL. */
const TkProblem *tk_problem_of_error(TkErrorCode code);
/* The door's own kind with this status (401, 405, 412 …); NULL where the status is none of those. */
const TkProblem *tk_problem_of_status(unsigned status);
const TkProblem *tk_problem_of_code(const char *code);

/* The problem's document into `buf`. `more` (may be NULL, borrowed) are further members. */
void tk_problem_write(const TkProblem *problem, unsigned status, const GError *error, const json_t *more,
                      TkBuf *buf);
/* The kind explained in Japanese and English, as a page. */
GBytes *tk_problem_page(const TkProblem *problem);

#endif

/* One error domain for the whole program. A message is a sentence for a person: what is wrong,
 * where (line, field, article), and what to do. */
#ifndef TK_BASE_ERROR_H
#define TK_BASE_ERROR_H

#include <glib.h>

typedef enum {
    TK_ERROR_INPUT, /* unusable input: malformed, out of range, contradictory          → exit 2, HTTP 400 */
    TK_ERROR_LIMIT, /* input larger, deeper or longer than its ceiling                 → exit 2, HTTP 413 */
    TK_ERROR_LAW,   /* the law data does not answer: gap, overlap, nothing in force    → exit 2, HTTP 422 */
    TK_ERROR_NOT_FOUND, /* no such thing                                                   → exit 2, HTTP 404
                         */
    TK_ERROR_CONFLICT, /* the thing has changed, or its state forbids this                → exit 2, HTTP 409
                        */
    TK_ERROR_FORBIDDEN, /* this person may not                                             → exit 2, HTTP 403
                         */
    TK_ERROR_IO, /* disk, network, database                                         → exit 2, HTTP 503 */
    TK_ERROR_REFUSED, /* the answer is "no": a proof fails, a check finds something      → exit 1, HTTP 409 */
    TK_ERROR_INVALID,  /* a record with wrong fields, each of which is named              → exit 2, HTTP 422
                        */
    TK_ERROR_INTERNAL, /* a promise of our own was broken                                 → exit 2, HTTP 500
                        */
    TK_ERROR_STALE, /* the record has another version than the one that was read       → exit 2, HTTP 409;
                     * 412 where If-Match named it */
    TK_ERROR_NO_VERSION, /* a change that does not say which version was read             → exit 2, HTTP 428
                          */
} TkErrorCode;

#define TK_ERROR (tk_error_quark())
GQuark tk_error_quark(void);

/* Sets *error (may be NULL) and returns false, so that a check is one line:
 *     if (n > max) return tk_fail(error, TK_ERROR_LIMIT, "line %u: …", line);                         */
gboolean tk_fail(GError **error, TkErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The same for what a person meets on the page: the sentence in Japanese as well. Both formats take the same
 * arguments in the same order. The English one is the error's message, as before. */
gboolean tk_fail_both(GError **error, TkErrorCode code, const char *ja, const char *en, ...)
    G_GNUC_PRINTF(3, 5) G_GNUC_PRINTF(4, 5);
/* The Japanese sentence, NULL where there is none; borrowed from the error. */
const char *tk_error_ja(const GError *error);

/* Says which field of the input *error (may be NULL, or hold NULL) is about, unless that is said already, and
 * returns false: return tk_error_at(error, "started_at"). */
gboolean tk_error_at(GError **error, const char *field);
/* NULL where the error is about no field; borrowed. */
const char *tk_error_field(const GError *error);

#endif

/* One request to another's server, with limits on time and bytes. */
#ifndef TK_SERVICE_POST_H
#define TK_SERVICE_POST_H

#include "base/base.h"

/* Whether to give up; may be NULL. */
typedef bool (*TkPostStop)(void *user);

/* Before the first thread that posts; again is fine. */
void tk_post_start(void);
/* POSTs `body` as `type`; the answer's status and, as far as its ceiling allows, its bytes. No redirects: the
 * operator named the address. TK_ERROR_IO where nobody answers in time. */
bool tk_post(const char *url, const char *type, const TkBuf *body, TkPostStop stop, void *user, long *status,
             TkBuf *answer, GError **error);

#endif

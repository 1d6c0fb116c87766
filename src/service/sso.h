/* sso: coming in through an OpenID provider. Part of the service's door.
 *
 * Between the start and the callback stands one cookie of the browser: what the sign-in is recognised by,
 * sealed with our key, good for ten minutes and for one callback. The server keeps nothing of a sign-in that
 * was only begun, so that nobody can fill it by beginning. */
#ifndef TK_SERVICE_SSO_H
#define TK_SERVICE_SSO_H

#include "base/base.h"

#include "auth/auth.h"

#define TK_SSO_LIFE_S 600 /* from the start to the callback */

typedef struct TkApp TkApp;

typedef enum {
    TK_SSO_IN,
    TK_SSO_NO_ROLE,  /* none of the person's groups stands for a role */
    TK_SSO_EXPIRED,  /* the provider's page was open too long, or the token was */
    TK_SSO_STATE,    /* not a sign-in that this browser began, or one that is over */
    TK_SSO_PROVIDER, /* the provider does not answer, or not as it should */
    TK_SSO_TOKEN,    /* what it sent cannot be believed */
    TK_SSO_DENIED,   /* the provider itself said no */
    TK_SSO_SHUT,     /* the account is shut here */
} TkSsoOutcome;

/* "no-role", "expired" … as the page's address carries it. */
const char *tk_sso_word(TkSsoOutcome outcome);
/* Whether a provider is configured. */
bool tk_sso_there(const TkApp *app);

/* Where the browser goes, and what its cookie holds; both owned by the caller. `to_us` is our callback as the
 * browser reaches it, `then` the path of ours to show afterwards (borrowed). TK_ERROR_IO where the provider
 * does not answer, TK_ERROR_NOT_FOUND where none is configured. May wait: not for an event loop. */
bool tk_sso_start(TkApp *app, const char *to_us, const char *then, char **location, char **cookie,
                  GError **error);

/* What came back; borrowed, NULL where absent. */
typedef struct {
    const char *cookie, *state, *code, *error;
    const char *issuer; /* RFC 9207 */
} TkSsoCallback;

/* On TK_SSO_IN *token (TK_AUTH_TOKEN_MAX bytes) is the session's secret and *then the path to show, owned by
 * the caller. Otherwise the refusal is an event of the ledger, and *error (if not NULL) says why, for the
 * log. May wait. */
TkSsoOutcome tk_sso_finish(TkApp *app, const TkSsoCallback *callback, char *token, char **then,
                           GError **error);
/* Where a browser signs out of the provider too; owned by the caller; NULL: nowhere. */
char *tk_sso_farewell(TkApp *app, const char *after);
/* {"password":true,"sso":null|{"ja","en","start"}}: how one can sign in here. For everybody. */
GBytes *tk_sso_methods(TkApp *app, GError **error);

#endif

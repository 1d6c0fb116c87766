/* OpenID Connect single sign-on: part of auth's door. A provider elsewhere says who somebody is; here stands
 * what must be true before we believe it.
 *
 *     start ─► provider's page ─► callback ─► code for tokens ─► ID token verified ─► groups ─► role
 *       └ state, nonce, PKCE verifier, sealed in a cookie of this browser ┘
 *
 * Authorization code flow with PKCE (RFC 7636, S256), OpenID Connect Core 1.0 section 3.1, discovery 1.0.
 * Nothing here keeps accounts: tk_auth_federated does. Everything may be called from any thread. Errors:
 * TK_ERROR_INPUT for an unusable configuration or token, TK_ERROR_IO where the provider does not answer. */
#ifndef TK_AUTH_OIDC_H
#define TK_AUTH_OIDC_H

#include "base/base.h"

/* ---- signed tokens (JWS compact, RFC 7515) and keys (JWK sets, RFC 7517) ---- */

#define TK_JWS_MAX  ((size_t)64 * 1024)  /* bytes of a token */
#define TK_JWKS_MAX ((size_t)256 * 1024) /* bytes of a key set */
#define TK_JWK_KEYS 64                   /* keys of a set; further ones are passed over */

typedef struct TkJwks TkJwks;

/* The keys of a set that can verify a signature of ours (RSA of 2048 to 8192 bits, EC P-256, Ed25519); others
 * are passed over, as RFC 7517 section 5 asks. NULL and *error where it is no key set. */
TkJwks *tk_jwks_read(const char *text, size_t len, GError **error);
void tk_jwks_free(TkJwks *keys);
unsigned tk_jwks_count(const TkJwks *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkJwks, tk_jwks_free)

/* The payload of a token that one of `keys` has signed: RS256, ES256 or EdDSA (Ed25519), nothing else; "none"
 * and the HMAC algorithms are refused by name. Owned by the caller, a NUL behind its *payload_len bytes. NULL
 * and *error otherwise; *unknown_key (may be NULL) is then true where the token names a key that is not in
 * the set: the provider may have changed its keys. */
char *tk_jws_verify(const TkJwks *keys, const char *token, size_t *payload_len, bool *unknown_key,
                    GError **error);

/* What an ID token must say (OpenID Connect Core, section 3.1.3.7). Borrowed. */
typedef struct {
    const char *issuer;    /* iss, byte for byte */
    const char *client_id; /* in aud, and azp where there is one or aud has several */
    const char *nonce;
    int64_t now_us;
} TkOidcExpected;

#define TK_OIDC_SKEW_S      60        /* clocks may differ by so much */
#define TK_OIDC_AGE_S       (15 * 60) /* an ID token issued longer ago is not of this sign-in */
#define TK_OIDC_SUBJECT_MAX 255       /* bytes of sub (Core, section 2) */

/* The claims of a verified payload, a new reference; NULL and *error naming the claim. */
json_t *tk_oidc_claims(const char *payload, size_t len, const TkOidcExpected *expected, GError **error);

/* ---- the provider ---- */

typedef struct TkOidc TkOidc;

/* Reads the configuration (docs/operating.md) and the client secret's file; asks nothing of the provider yet,
 * so that a server starts while its provider is away. NULL and *error naming file, property and reason. */
TkOidc *tk_oidc_new(const char *path, GError **error);
void tk_oidc_free(TkOidc *oidc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkOidc, tk_oidc_free)

/* What the button says; borrowed. */
const char *tk_oidc_label(const TkOidc *oidc, bool japanese);
const char *tk_oidc_issuer(const TkOidc *oidc);

#define TK_OIDC_SECRET_MAX 80

/* What one sign-in is recognised by; random, made by tk_oidc_ask, known to this browser alone. */
typedef struct {
    char state[TK_OIDC_SECRET_MAX];
    char nonce[TK_OIDC_SECRET_MAX];
    char verifier[TK_OIDC_SECRET_MAX]; /* PKCE; never leaves us before the code is exchanged */
} TkOidcAsk;

void tk_oidc_ask(TkOidcAsk *ask);
/* Where the browser goes; owned by the caller. Asks the provider for its configuration where that is not
 * known. `to_us`: the redirect URI. */
char *tk_oidc_location(TkOidc *oidc, const TkOidcAsk *ask, const char *to_us, GError **error);

#define TK_OIDC_DISPLAY_MAX 200
#define TK_OIDC_ROLE_MAX    32

/* Who came, as the provider says. */
typedef struct {
    char subject[TK_OIDC_SUBJECT_MAX + 1];
    char display[TK_OIDC_DISPLAY_MAX + 1];
    char role[TK_OIDC_ROLE_MAX]; /* of the first line of the mapping whose group they have; "": none */
} TkOidcPerson;

/* Exchanges the code and verifies what comes for it. Times are of the caller. */
bool tk_oidc_redeem(TkOidc *oidc, const TkOidcAsk *ask, const char *code, const char *to_us, int64_t now_us,
                    TkOidcPerson *person, GError **error);
/* Whether the provider names itself in each callback (RFC 9207): then a callback without it is not from it.
 */
bool tk_oidc_names_itself(TkOidc *oidc);
/* Where a browser signs out of the provider too, coming back to `after`; owned by the caller. NULL where the
 * provider has no such place, or was not asked yet. */
char *tk_oidc_farewell(TkOidc *oidc, const char *after);

#endif

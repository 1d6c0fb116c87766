/* Passkeys (WebAuthn Level 3): a key pair of a device or a password manager that only answers the site it was
 * made for, after its holder showed a finger, a face or a PIN. Part of the door of auth.
 *
 *     registration   begin ─► challenge of the session ─► browser ─► add     (attestation, a new public key)
 *     signing in     ask   ─► challenge of the attempt ─► browser ─► sign in (assertion, a signature)
 *
 * Because the holder is verified by the device (that flag is required), a passkey counts as two factors: no
 * one-time code is asked beside it. Attestation is asked for as "none": which make of authenticator it is, is
 * not examined. Credentials, challenges and attempts are what browsers call RegistrationResponseJSON,
 * AuthenticationResponseJSON and the options to them; bytes are base64url without padding. */
#ifndef TK_AUTH_PASSKEY_H
#define TK_AUTH_PASSKEY_H

#include "base/base.h"

#define TK_PASSKEYS_MAX           20   /* of one account */
#define TK_PASSKEY_LABEL_MAX      60   /* characters */
#define TK_PASSKEY_CREDENTIAL_MAX 1023 /* bytes of a credential's id */
#define TK_PASSKEY_CHALLENGE_US                                                                              \
    (INT64_C(5) * 60 * TK_US_PER_S) /* a challenge not answered by then is void                              \
                                     */

typedef struct TkAuth TkAuth;

/* Whom a passkey answers: the site as the operator named it. Borrowed. */
typedef struct {
    const char *id;     /* a host name, never an address: "noc.example", "localhost" */
    const char *origin; /* what browsers call the page's origin: "https://noc.example" */
} TkRelyingParty;

/* ---- one's own ---- */

/* The options for navigator.credentials.create: {"publicKey":{…}}. The challenge belongs to this session; a
 * later one takes its place. TK_ERROR_CONFLICT with TK_PASSKEYS_MAX already. New reference. */
json_t *tk_auth_passkey_begin(TkAuth *auth, const TkRelyingParty *party, const char *name,
                              const char *session, int64_t now_us, GError **error);
/* Keeps the passkey that the browser made. TK_ERROR_INPUT says which check failed. Answers with it as
 * tk_auth_passkeys lists it; new reference. */
json_t *tk_auth_passkey_add(TkAuth *auth, const TkRelyingParty *party, const char *name, const char *session,
                            const char *label, const json_t *credential, int64_t now_us, GError **error);
/* [{"id","label","rp_id","algorithm","synced":bool,"created_at","used_at":time|null,"copied_at":time|null}…],
 * oldest first; "copied_at" is when its counter went back. New reference. */
json_t *tk_auth_passkeys(TkAuth *auth, const char *name, GError **error);
/* Takes one away; by somebody else than its holder, the account's sessions end too. TK_ERROR_NOT_FOUND where
 * the account has none of this id. */
bool tk_auth_passkey_remove(TkAuth *auth, const char *by, const char *name, const char *id, int64_t now_us,
                            GError **error);

/* ---- coming in ---- */

/* The options for navigator.credentials.get: {"attempt","publicKey":{…}}. `name` NULL or "": the browser
 * offers what it has; else the account's passkeys are named, or one that nobody has where there are none, so
 * that names cannot be tried out. New reference. */
json_t *tk_auth_passkey_ask(TkAuth *auth, const TkRelyingParty *party, const char *name, int64_t now_us,
                            GError **error);
/* Checks the answer to an attempt, which is spent by that. Failed tries count as those of a password do; a
 * signature counter that went back is refused and marked. On success *token (TK_AUTH_TOKEN_MAX bytes) is the
 * session's secret. TK_ERROR_FORBIDDEN otherwise. */
bool tk_auth_passkey_sign_in(TkAuth *auth, const TkRelyingParty *party, const char *attempt,
                             const json_t *credential, int64_t now_us, char *token, GError **error);

#endif

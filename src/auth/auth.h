/* auth: who is it, and may they come in? Accounts, passwords, one-time codes, sessions and API tokens, kept
 * as records of the store, so that each change and each sign-in is an event of the ledger.
 *
 * What is secret never rests in the clear: passwords as Argon2id strings, one-time-code seeds sealed with a
 * key that lies outside the database (DIR/field.key, mode 0600), session and API tokens only as their
 * SHA-256. A stolen copy of the database opens nothing.
 *
 * Roles are names here; what a role may do is the service's business. Times come from the caller. Everything
 * may be called from any thread. Errors: TK_ERROR_FORBIDDEN for whoever may not come in (one sentence for all
 * reasons, so that nothing is learnt from it), TK_ERROR_INPUT for unusable names or passwords, and the
 * store's own. */
#ifndef TK_AUTH_H
#define TK_AUTH_H

#include "auth/passkey.h"
#include "base/base.h"
#include "store/store.h"

#include "auth/ldap.h"
#include "auth/oidc.h"

#define TK_AUTH_NAME_MAX       64  /* bytes of an account's name: a–z 0–9 . _ - @ */
#define TK_AUTH_PASSWORD_MIN   12  /* characters */
#define TK_AUTH_PASSWORD_MAX   256 /* bytes */
#define TK_AUTH_TOKEN_MAX      64  /* bytes of a session or API token as text, with NUL */
#define TK_AUTH_ROLE_MAX       32
#define TK_AUTH_CONTRACTOR_MAX 120 /* bytes of the id of a contractor's record */
#define TK_AUTH_IDLE_US                                                                                      \
    (INT64_C(30) * 60 * TK_US_PER_S) /* a session unused that long ends, unless said otherwise */
#define TK_AUTH_ABSOLUTE_US    (INT64_C(12) * 3600 * TK_US_PER_S)   /* and one this old in any case */
#define TK_AUTH_TOKEN_LIFE_MAX (INT64_C(400) * 86400 * TK_US_PER_S) /* longest life of an API token */

typedef struct TkAuth TkAuth;

/* `key_dir` holds (or gets) field.key. Borrows the store until tk_auth_free. */
TkAuth *tk_auth_new(TkStore *store, const char *key_dir, GError **error);
void tk_auth_free(TkAuth *auth);
/* How long a session may be unused, up to TK_AUTH_ABSOLUTE_US: a wall screen that only watches uses nothing.
 * Before any session is asked for. */
void tk_auth_set_idle(TkAuth *auth, int64_t idle_us);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkAuth, tk_auth_free)

/* ---- sealed fields: secrecy of communications (通信の秘密), specified user information, seeds ---- */

/* XSalsa20-Poly1305 (libsodium secretbox) with a fresh nonce, as base64 text owned by the caller. */
char *tk_auth_seal(TkAuth *auth, const void *plain, size_t len);
/* What was sealed; *len bytes owned by the caller, NUL behind them. NULL and TK_ERROR_REFUSED when the text
 * was altered or sealed with another key. */
char *tk_auth_unseal(TkAuth *auth, const char *sealed, size_t *len, GError **error);

/* ---- accounts ---- */

/* True while there is no account at all. */
bool tk_auth_is_empty(TkAuth *auth);
/* Makes `admin` with the role administrator where there is no account yet. `password` NULL or "": a random
 * one is made and returned in *one_time (owned by the caller, to be shown once); it must be changed before
 * anything else. Else *one_time is NULL; a given password may be shorter than others, for whoever starts the
 * server could have chosen anything. */
bool tk_auth_first_administrator(TkAuth *auth, const char *password, int64_t now_us, char **one_time,
                                 GError **error);
/* A new account. The name must be free. `one_time`: its password must be changed before anything else. */
bool tk_auth_account_add(TkAuth *auth, const char *by, const char *name, const char *display,
                         const char *role, const char *password, bool one_time, int64_t now_us,
                         GError **error);
bool tk_auth_account_role(TkAuth *auth, const char *by, const char *name, const char *role, int64_t now_us,
                          GError **error);
/* Ties it to a contractor's record; NULL: to none. Ends its sessions and tokens. */
bool tk_auth_account_contractor(TkAuth *auth, const char *by, const char *name, const char *contractor,
                                int64_t now_us, GError **error);
/* The record it is tied to; "" where there is none, no such account, or the account is shut. */
void tk_auth_contractor_of(TkAuth *auth, const char *name, char contractor[TK_AUTH_CONTRACTOR_MAX + 1]);
/* The name shown of it. */
bool tk_auth_account_display(TkAuth *auth, const char *by, const char *name, const char *display,
                             int64_t now_us, GError **error);
/* Shuts an account: its sessions and tokens end at once. */
bool tk_auth_account_disable(TkAuth *auth, const char *by, const char *name, bool disabled, int64_t now_us,
                             GError **error);
/* Sets a password and ends every session of the account. `one_time`: it must be changed at the next sign-in.
 */
bool tk_auth_password_set(TkAuth *auth, const char *by, const char *name, const char *password, bool one_time,
                          int64_t now_us, GError **error);
/* Whether this is the account's password; failed tries count as those of signing in do. */
bool tk_auth_password_check(TkAuth *auth, const char *name, const char *password, int64_t now_us,
                            GError **error);
/* [{"name","display","role","disabled","totp":bool,"one_time":bool,"contractor"|null,…}…] by name; new
 * reference. */
json_t *tk_auth_accounts(TkAuth *auth, GError **error);

/* ---- one-time codes (TOTP, RFC 6238: SHA-1, 30 s, 6 digits) ---- */

/* A new seed that counts only once confirmed; *uri is otpauth://… for a QR code, owned by the caller. */
bool tk_auth_totp_begin(TkAuth *auth, const char *name, const char *issuer, int64_t now_us, char **uri,
                        GError **error);
bool tk_auth_totp_confirm(TkAuth *auth, const char *name, const char *code, int64_t now_us, GError **error);
bool tk_auth_totp_remove(TkAuth *auth, const char *by, const char *name, int64_t now_us, GError **error);

/* ---- coming in ---- */

typedef struct {
    char account[TK_AUTH_NAME_MAX + 1];
    char role[TK_AUTH_ROLE_MAX];
    char csrf[TK_AUTH_TOKEN_MAX]; /* what a write of this session must carry; "" for an API token */
    bool token;                   /* came with an API token */
    bool must_change;             /* has a one-time password: may do nothing but change it */
    char scope[TK_AUTH_ROLE_MAX]; /* of an API token: "read", "alarms", "calendar", "all" */
} TkIdentity;

/* Checks name, password and, where the account has one, the one-time code. After failures an account waits
 * 1, 2, 4 … 900 seconds before the next try counts. On success *token (TK_AUTH_TOKEN_MAX bytes) is the
 * session's secret for the cookie. *needs_code is true where only the code was missing. */
bool tk_auth_sign_in(TkAuth *auth, const char *name, const char *password, const char *code, int64_t now_us,
                     char *token, bool *needs_code, GError **error);
/* Whose session it is; extends its idle time. */
bool tk_auth_session(TkAuth *auth, const char *token, int64_t now_us, TkIdentity *out, GError **error);
/* Whether the session has not ended. Looking is no use of it: its idle time goes on. */
bool tk_auth_session_lasts(TkAuth *auth, const char *token, int64_t now_us);
bool tk_auth_sign_out(TkAuth *auth, const char *token, int64_t now_us, GError **error);

#define TK_FEDERATED_OIDC "oidc"
#define TK_FEDERATED_LDAP "ldap"

/* Somebody whom another system vouches for; borrowed. */
typedef struct {
    const char *kind;    /* TK_FEDERATED_… */
    const char *issuer;  /* the provider, the directory */
    const char *subject; /* whom; of a directory the name that was typed */
    const char *display;
    const char *role; /* "" or NULL: none */
} TkFederated;

/* Lets in whom another system vouches for: makes or brings up the account and begins a session (*token as in
 * tk_auth_sign_in). TK_ERROR_REFUSED where the person has no role: then no session begins, and a role from
 * before is taken away. TK_ERROR_FORBIDDEN where the account is shut, or the name is a local account's. */
bool tk_auth_federated(TkAuth *auth, const TkFederated *who, int64_t now_us, char *token, GError **error);
/* Signs in with the directory's word for name and password. Errors as of tk_auth_sign_in, TK_ERROR_REFUSED as
 * of tk_auth_federated, TK_ERROR_IO where the directory does not answer. */
bool tk_auth_ldap_sign_in(TkAuth *auth, TkLdap *ldap, const char *name, const char *password, int64_t now_us,
                          char *token, GError **error);
/* Whether the directory decides about this name: there is no account of it yet, or one that came from there.
 */
bool tk_auth_is_for_ldap(TkAuth *auth, const char *name);
/* Keeps that a sign-in failed before it was known whose. */
void tk_auth_federated_refused(TkAuth *auth, const char *kind, const char *why, int64_t now_us);
/* 256 random bits as base64url (TK_AUTH_TOKEN_MAX bytes), and the SHA-256 of such a text in hexadecimal: what
 * is kept of it. For secrets that are no account's, such as a respondent's link. */
void tk_auth_random(char *out);
void tk_auth_hash(const char *text, char out[65]);
/* Compares in constant time. */
bool tk_auth_same_secret(const char *a, const char *b);

/* ---- API tokens ---- */

/* *token (TK_AUTH_TOKEN_MAX bytes) is shown once. `scope`: read, alarms, calendar, all (never more than the
 * account's role may). `life_us` ≤ TK_AUTH_TOKEN_LIFE_MAX. */
bool tk_auth_token_add(TkAuth *auth, const char *name, const char *label, const char *scope, int64_t life_us,
                       int64_t now_us, char *token, GError **error);
bool tk_auth_token(TkAuth *auth, const char *token, int64_t now_us, TkIdentity *out, GError **error);
bool tk_auth_token_revoke(TkAuth *auth, const char *by, const char *id, int64_t now_us, GError **error);
/* [{"id","label","scope","created_at","expires_at"}…] of an account; new reference. */
json_t *tk_auth_tokens(TkAuth *auth, const char *name, GError **error);

#endif

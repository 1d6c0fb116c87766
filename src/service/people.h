/* people: who comes in, and what they may be. The accounts of auth under the rules of the house: who may
 * manage them, that the last administrator stays, that what is refused is written down.
 *
 * Where TkServiceOptions.sign_in is false (a demo on this machine) there are no accounts: everybody is the
 * local operator, and what asks for accounts is refused with TK_ERROR_CONFLICT. Times are the machine's own,
 * also in a demo. Results are JSON, as in service.h. */
#ifndef TK_SERVICE_PEOPLE_H
#define TK_SERVICE_PEOPLE_H

#include "base/base.h"

#include "auth/auth.h"

#include "service/page.h"

typedef struct TkApp TkApp;

/* Whether people have to sign in. */
bool tk_people_required(const TkApp *app);
/* Makes the first administrator where there is no account; see tk_auth_first_administrator. */
bool tk_people_first(TkApp *app, const char *password, char **one_time, GError **error);

/* ---- coming in ---- */

/* Name and password, and the one-time code where the account has one. `token` has room for TK_AUTH_TOKEN_MAX
 * bytes. TK_ERROR_FORBIDDEN with one sentence for all reasons; *needs_code where only the code is missing. */
bool tk_people_sign_in(TkApp *app, const char *name, const char *password, const char *code, char *token,
                       bool *needs_code, GError **error);
bool tk_people_sign_out(TkApp *app, const char *token, GError **error);
/* Whose session or API token it is. */
bool tk_people_session(TkApp *app, const char *token, TkIdentity *who, GError **error);
/* Whether what a stream was opened with, a session or an API token, still lets in. */
bool tk_people_lasts(TkApp *app, const char *secret, bool api_token);
bool tk_people_token(TkApp *app, const char *token, TkIdentity *who, GError **error);
/* {"account","display","role","csrf","token","must_change","sign_in","totp","may":[act…]} */
GBytes *tk_people_describe(TkApp *app, const TkIdentity *who, GError **error);
/* Keeps that `account` was refused `act`, as an event of the ledger; the same at most once a minute. */
void tk_people_note_refusal(TkApp *app, const char *account, const char *act);

/* ---- accounts ---- */

typedef struct TkActor TkActor;

/* {"items":[{"name","display","role","disabled","totp","one_time"}…]} */
GBytes *tk_people_accounts(TkApp *app, const TkActor *actor, const TkPage *page, GError **error);
GBytes *tk_people_account(TkApp *app, const TkActor *actor, const char *name, GError **error);
/* {"name","display"?,"role","password","one_time"?} → the account. */
GBytes *tk_people_account_add(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* {"version","role"?,"disabled"?,"display"?,"contractor"?: id or null} → the account. The last administrator
 * who can sign in stays one. */
GBytes *tk_people_account_edit(TkApp *app, const TkActor *actor, const char *name, const json_t *request,
                               GError **error);
/* {"password","one_time"?}: somebody else's, by an administrator. Ends the account's sessions. */
GBytes *tk_people_password_reset(TkApp *app, const TkActor *actor, const char *name, const json_t *request,
                                 GError **error);
/* An administrator takes the one-time codes of somebody who lost the device away. */
GBytes *tk_people_totp_reset(TkApp *app, const TkActor *actor, const char *name, GError **error);

/* ---- what is one's own: `account` is who asks ---- */

/* {"old","password"}: ends all sessions of the account, this one too. */
GBytes *tk_people_password_change(TkApp *app, const char *account, const json_t *request, GError **error);
/* {"uri":"otpauth://…"}; counts once confirmed with {"code"}. */
GBytes *tk_people_totp_begin(TkApp *app, const char *account, GError **error);
GBytes *tk_people_totp_confirm(TkApp *app, const char *account, const json_t *request, GError **error);
/* {"password"}: takes them away; ends all sessions of the account. */
GBytes *tk_people_totp_remove(TkApp *app, const char *account, const json_t *request, GError **error);
/* {"items":[{"id","label","scope","created_at","expires_at"}…]} */
GBytes *tk_people_tokens(TkApp *app, const char *account, const TkPage *page, GError **error);
/* {"label","scope","days"?} → {"token", …}: the only time that it is shown. */
GBytes *tk_people_token_add(TkApp *app, const char *account, const json_t *request, GError **error);
GBytes *tk_people_token_revoke(TkApp *app, const char *account, const char *id, GError **error);

#endif

/* Passkeys of people: auth's, under the rules of the house. `party` is the site as whoever serves knows it
 * (see auth/passkey.h); `account` is who asks, `session` the secret of the session in which it is asked.
 * Results are JSON, as in service.h; without accounts all are refused with TK_ERROR_CONFLICT. */
#ifndef TK_SERVICE_PASSKEYS_H
#define TK_SERVICE_PASSKEYS_H

#include "service/people.h"

/* ---- one's own ---- */

/* The options for the browser to make one: {"publicKey":{…}}. */
GBytes *tk_people_passkey_begin(TkApp *app, const TkRelyingParty *party, const char *account,
                                const char *session, GError **error);
/* {"label","credential"} → the passkey, as listed. */
GBytes *tk_people_passkey_add(TkApp *app, const TkRelyingParty *party, const char *account,
                              const char *session, const json_t *request, GError **error);
/* {"items":[…]} as tk_auth_passkeys lists them. */
GBytes *tk_people_passkeys(TkApp *app, const char *account, GError **error);
GBytes *tk_people_passkey_remove(TkApp *app, const char *account, const char *id, GError **error);

/* ---- somebody else's, for administrators; auditors see them ---- */

GBytes *tk_people_passkeys_of(TkApp *app, const TkActor *actor, const char *name, GError **error);
/* A lost one; ends the account's sessions. */
GBytes *tk_people_passkey_remove_of(TkApp *app, const TkActor *actor, const char *name, const char *id,
                                    GError **error);

/* ---- coming in ---- */

/* {"name"?} → {"attempt","publicKey":{…}}. */
GBytes *tk_people_passkey_ask(TkApp *app, const TkRelyingParty *party, const json_t *request, GError **error);
/* {"attempt","credential"}; `token` has room for TK_AUTH_TOKEN_MAX bytes. TK_ERROR_FORBIDDEN says why not. */
bool tk_people_passkey_sign_in(TkApp *app, const TkRelyingParty *party, const json_t *request, char *token,
                               GError **error);

#endif

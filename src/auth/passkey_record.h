/* Inside the room: passkeys as records of the store, and bytes as base64url. */
#ifndef TK_AUTH_PASSKEY_RECORD_H
#define TK_AUTH_PASSKEY_RECORD_H

#include "auth/passkey_verify.h"
#include "auth/state.h"

#define KIND_PASSKEY "passkey"

/* base64url without padding; owned by the caller. */
char *tk_passkey_encode(const void *bytes, size_t len);
/* The bytes of the text at `name`, at most `max`; owned by the caller. NULL and TK_ERROR_INPUT otherwise. */
uint8_t *tk_passkey_decode(const json_t *object, const char *name, size_t max, size_t *len, GError **error);

/* The record's name: SHA-256 of the credential's id in hexadecimal. */
void tk_passkey_record_id(const uint8_t *credential, size_t len, char out[65]);
/* Writes what a passkey is and where it stands into its document. */
void tk_passkey_store(const TkPasskey *passkey, json_t *document);
/* Reads it back; false and TK_ERROR_REFUSED where the document is none. */
bool tk_passkey_load(const json_t *document, TkPasskey *out, GError **error);
/* Puts it with what is personal in it marked. */
void tk_passkey_put(TkWrite *write, const char *id, int64_t version, const char *action,
                    const json_t *document);
/* As tk_auth_passkeys lists it; new reference. */
json_t *tk_passkey_describe(const char *id, const json_t *document);
/* The records of an account: [{"id", "document"}…], oldest first; new reference. */
json_t *tk_passkey_records(TkAuth *auth, const char *name, GError **error);

#endif

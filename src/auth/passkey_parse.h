/* Inside the room: what a browser sends about a passkey, taken apart without believing any length in it.
 * Pure; everything that comes out points into what went in. */
#ifndef TK_AUTH_PASSKEY_PARSE_H
#define TK_AUTH_PASSKEY_PARSE_H

#include "auth/passkey.h"

#define TK_CLIENT_DATA_MAX (4 * 1024)
#define TK_ATTESTATION_MAX (12 * 1024)
#define TK_AUTH_DATA_MAX   (4 * 1024)

typedef struct {
    const uint8_t *data;
    size_t len;
} TkSpan;

/* Authenticator data (WebAuthn §6.1). */
enum {
    TK_FLAG_USER_PRESENT = 0x01,
    TK_FLAG_USER_VERIFIED = 0x04,
    TK_FLAG_BACKUP_ELIGIBLE = 0x08,
    TK_FLAG_BACKED_UP = 0x10,
    TK_FLAG_ATTESTED = 0x40,
    TK_FLAG_EXTENSIONS = 0x80,
};

typedef struct {
    TkSpan raw;
    const uint8_t *rp_id_hash; /* 32 bytes */
    uint8_t flags;
    uint32_t counter;
    /* where a credential is attested, else empty */
    TkSpan credential_id; /* 1 … TK_PASSKEY_CREDENTIAL_MAX bytes */
    int64_t algorithm;    /* of its public key, a COSE number */
} TkAuthData;

/* `attested`: a new credential must be in it; otherwise none may be. */
bool tk_passkey_read_auth_data(TkSpan raw, bool attested, TkAuthData *out, GError **error);

/* The attestation object (WebAuthn §6.5.4). */
typedef struct {
    TkSpan format;    /* its name, such as "none" */
    TkSpan statement; /* CBOR of a map */
    TkAuthData auth_data;
} TkAttestation;

bool tk_passkey_read_attestation(TkSpan object, TkAttestation *out, GError **error);

/* What the browser says of itself (clientDataJSON, WebAuthn §5.8.1): it did `type` ("webauthn.create",
 * "webauthn.get") for this challenge (base64url) on a page of exactly this origin, not inside another page.
 */
bool tk_passkey_check_client_data(TkSpan json, const char *type, const char *challenge, const char *origin,
                                  GError **error);

#endif

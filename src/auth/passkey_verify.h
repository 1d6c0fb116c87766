/* Inside the room: whether what a browser sent about a passkey is true. Pure computation on what is given;
 * challenges, accounts and times are passkey.c's. */
#ifndef TK_AUTH_PASSKEY_VERIFY_H
#define TK_AUTH_PASSKEY_VERIFY_H

#include "auth/passkey_parse.h"

#define TK_PASSKEY_KEY_MAX 259 /* bytes of a public key: modulus and exponent of RSA with 2048 bits */

/* What an answer must fit. Borrowed. */
typedef struct {
    const TkRelyingParty *party;
    const char *challenge; /* base64url */
    bool unverified_too;   /* takes a holder whom the device did not verify; signing in never does */
} TkPasskeyWanted;

/* A passkey as it is kept. */
typedef struct {
    uint8_t id[TK_PASSKEY_CREDENTIAL_MAX];
    size_t id_len;
    int algorithm; /* COSE: −7 ES256, −8 EdDSA (Ed25519), −257 RS256 (2048 bits) */
    uint8_t key[TK_PASSKEY_KEY_MAX];
    size_t key_len;
    uint32_t counter;     /* of the last signature; 0: this authenticator does not count */
    bool backup_eligible; /* can be synchronised; never changes */
    bool backed_up;       /* is, now */
} TkPasskey;

/* The algorithms in the order in which they are offered; ends with 0. */
extern const int tk_passkey_algorithms[];
/* "ES256", "EdDSA", "RS256"; NULL for another. */
const char *tk_passkey_algorithm_name(int algorithm);

/* A registration (WebAuthn §7.1). Takes attestation formats "none", which states nothing, and "packed", whose
 * signature must be right though nobody's certificate is trusted for it. TK_ERROR_INPUT, TK_ERROR_LIMIT. */
bool tk_passkey_verify_new(const TkPasskeyWanted *wanted, TkSpan client_data, TkSpan attestation,
                           TkPasskey *out, GError **error);

/* A use (WebAuthn §7.2). On success the passkey's counter and backed_up are brought up to date.
 * TK_ERROR_REFUSED where all is right but the counter, which went back: there may be a copy. TK_ERROR_INPUT
 * for whatever else is wrong. */
bool tk_passkey_verify_use(const TkPasskeyWanted *wanted, TkPasskey *passkey, TkSpan client_data,
                           TkSpan auth_data, TkSpan signature, GError **error);

#endif

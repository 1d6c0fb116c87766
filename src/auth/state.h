/* Inside the room: what an open TkAuth holds, and reading and keeping its records. */
#ifndef TK_AUTH_STATE_H
#define TK_AUTH_STATE_H

#include "auth/auth.h"
#include "auth/challenge.h"
#include "auth/secret.h"

/* One sentence for all reasons, so that nothing is learnt from it. */
#define TK_AUTH_REFUSED                                                                                      \
    "the name, the password or the code is not right, or the account waits after failed tries"

#define KIND_ACCOUNT "account"
#define KIND_SESSION "session"
#define KIND_TOKEN   "api-token"

/* One account's failed tries. */
typedef struct {
    int count;
    int64_t closed_until_us;
} TkFailures;

struct TkAuth {
    TkStore *store; /* borrowed */
    uint8_t key[crypto_secretbox_KEYBYTES];
    TkSlots slots;
    int64_t idle_us;          /* a session unused that long ends */
    GMutex lock;              /* of the tables below */
    GHashTable *failures;     /* account name → TkFailures */
    GHashTable *last_seen;    /* session hash → int64_t*: when it was used last, newer than its record */
    TkChallenges registering; /* passkeys, by session; each has a lock of its own */
    TkChallenges signing_in;  /* by attempt */
};

/* passkey.c: what passkeys need of an open auth. Closing is fine also where opening failed. */
bool tk_auth_passkeys_open(TkAuth *auth, GError **error);
void tk_auth_passkeys_close(TkAuth *auth);
/* The account's record; NULL and TK_ERROR_NOT_FOUND. */
TkRecord *tk_auth_account(TkAuth *auth, const char *name, GError **error);
/* Whether the role is one that a person can be given by somebody else: neither none nor a machine's. */
bool tk_auth_role_of_person(const char *role);
/* True where the account is this server's own. What one gets that somebody else vouches for (password, role,
 * second factor) cannot be set here: it would open a way past them. CONFLICT naming `what`. */
bool tk_auth_is_own(TkAuth *auth, const char *name, const char *what, GError **error);
bool tk_auth_name_ok(const char *name, GError **error);
const char *tk_auth_field(const json_t *document, const char *key); /* "" where there is none */
bool tk_auth_flag(const json_t *document, const char *key);
/* Puts an account's document with its secrets marked as personal. */
void tk_auth_put_account(TkWrite *write, const char *name, int64_t version, const char *action,
                         const json_t *document);
/* The step of a code that is right and not used before; −1 otherwise. */
int64_t tk_auth_totp_step_of(TkAuth *auth, const json_t *account, const char *code, int64_t now_us,
                             GError **error);
/* Whether the account still waits after failed tries. */
bool tk_auth_waits(TkAuth *auth, const char *name, int64_t now_us);
/* Counts a failed try, keeps it as an event of the ledger (`detail` may be NULL: more about it), and says no
 * in the one sentence for all reasons. Always false. */
bool tk_auth_refuse(TkAuth *auth, const char *name, const json_t *detail, int64_t now_us, GError **error);
void tk_auth_forget_failures(TkAuth *auth, const char *name);
/* Adds to `write` a new session of the account; `with` says how it came in ("password", "passkey", …).
 * `token` (TK_AUTH_TOKEN_MAX bytes) is its secret. */
void tk_auth_begin_session(TkWrite *write, const char *account, const char *with, int64_t now_us,
                           char *token);
/* Adds to `write` the deletion of every session (and, where asked, API token) of the account. */
bool tk_auth_end_all(TkAuth *auth, TkWrite *write, const char *name, bool tokens_too, GError **error);

#endif

/* Inside the room: random texts, hashes of them, sealed texts, password strings, one-time codes. */
#ifndef TK_AUTH_SECRET_H
#define TK_AUTH_SECRET_H

#include <sodium.h>

#include "auth/auth.h"

#define TK_SEED_BYTES 20 /* of a one-time code */

/* Reads the key at `path` or makes it (0600, only its owner may read). */
bool tk_secret_key_open(const char *path, uint8_t key[crypto_secretbox_KEYBYTES], GError **error);
char *tk_secret_seal(const uint8_t *key, const void *plain, size_t len);
char *tk_secret_unseal(const uint8_t *key, const char *sealed, size_t *len, GError **error);

/* 192 random bits as base64url. */
void tk_secret_token(char out[TK_AUTH_TOKEN_MAX]);
/* SHA-256 of a token in hexadecimal: what is kept of it. */
void tk_secret_hash(const char *token, char out[65]);

bool tk_secret_password_check_form(const char *password, GError **error);
/* Each computation takes 64 MiB; a few slots bound what a flood of sign-ins can take. */
typedef struct {
    GMutex lock;
    GCond freed;
    int left;
} TkSlots;
void tk_slots_init(TkSlots *slots, int count);
void tk_slots_clear(TkSlots *slots);

/* Argon2id, libsodium's interactive limits, as its own text; owned by the caller. */
char *tk_secret_password_hash(TkSlots *slots, const char *password, GError **error);
/* `hash` NULL: does the same work and says no, so that the time tells nothing about the account. */
bool tk_secret_password_matches(TkSlots *slots, const char *hash, const char *password);

/* The step (30 s since 1970) whose code this is, among the present one and its neighbours; −1: none. */
int64_t tk_secret_totp_step(const uint8_t seed[TK_SEED_BYTES], const char *code, int64_t now_us);
char *tk_secret_base32(const uint8_t *bytes, size_t len);

#endif

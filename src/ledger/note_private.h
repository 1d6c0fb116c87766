/* Between the files of this room only. */
#ifndef TK_LEDGER_NOTE_PRIVATE_H
#define TK_LEDGER_NOTE_PRIVATE_H

#include "ledger/note.h"

/* Strict standard base64 of 1 … max bytes: one spelling, nothing else. */
bool tk_base64_read(const char *text, size_t len, uint8_t *out, size_t max, size_t *out_len);
/* A decimal number below 2^63 without sign or leading zero. */
bool tk_size_read(const char *text, size_t len, uint64_t *size);
/* Signature lines "— name base64\n", one after the other, up to `len`. */
bool tk_signatures_read(const char *text, size_t len, TkNote *note, GError **error);

bool tk_signer_sign(const TkSigner *signer, const void *data, size_t len, uint8_t out[64], GError **error);
bool tk_key_verify(const TkKey *key, const void *data, size_t len, const uint8_t signature[64]);

#endif

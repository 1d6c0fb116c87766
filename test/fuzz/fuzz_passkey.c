/* What a browser sends about a passkey. The first byte says what the rest is: 0 an attestation, 1 one that is
 * verified with the right client data, 2 a use of a passkey (length of the authenticator data in a byte,
 * these, the signature), 3 client data. Nothing may be read outside the input, and what is taken must be
 * whole. */
#include <stdlib.h>

#include "../../src/auth/passkey_verify.h"

#define CHALLENGE "Y2hhbGxlbmdl"
#define CLIENT(type)                                                                                         \
    "{\"type\":\"" type "\",\"challenge\":\"" CHALLENGE "\",\"origin\":\"https://noc.example\"}"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const TkRelyingParty party = {.id = "noc.example", .origin = "https://noc.example"};
static const TkPasskeyWanted wanted = {.party = &party, .challenge = CHALLENGE, .unverified_too = true};

static void inside(TkSpan part, TkSpan whole)
{
    if (part.len > whole.len || part.data < whole.data || part.data + part.len > whole.data + whole.len)
        abort();
}

static void read_attestation(TkSpan in)
{
    TkAttestation made;
    if (!tk_passkey_read_attestation(in, &made, NULL))
        return;
    inside(made.format, in);
    inside(made.statement, in);
    inside(made.auth_data.raw, in);
    inside(made.auth_data.credential_id, made.auth_data.raw);
}

static void verify_new(TkSpan in)
{
    static const char client[] = CLIENT("webauthn.create");
    TkPasskey passkey;
    const TkSpan said = {(const uint8_t *)client, sizeof client - 1};
    if (tk_passkey_verify_new(&wanted, said, in, &passkey, NULL) &&
        (passkey.id_len == 0 || passkey.id_len > sizeof passkey.id || passkey.key_len == 0 ||
         passkey.key_len > sizeof passkey.key || tk_passkey_algorithm_name(passkey.algorithm) == NULL))
        abort();
}

static void verify_use(TkSpan in)
{
    static const char client[] = CLIENT("webauthn.get");
    const int algorithms[] = {-7, -8, -257};
    const TkSpan said = {(const uint8_t *)client, sizeof client - 1};
    if (in.len < 1 || in.data[0] > in.len - 1)
        return;
    const TkSpan auth_data = {in.data + 1, in.data[0]};
    const TkSpan signature = {auth_data.data + auth_data.len, in.len - 1 - auth_data.len};
    for (size_t i = 0; i < G_N_ELEMENTS(algorithms); i++) {
        TkPasskey passkey = {.algorithm = algorithms[i], .key_len = 32};
        if (tk_passkey_verify_use(&wanted, &passkey, said, auth_data, signature, NULL))
            abort(); /* nobody has such a key */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    /* a copy of its own length, so that a byte too far is found */
    g_autofree uint8_t *copy = g_memdup2(data + 1, size - 1);
    const TkSpan in = {copy, size - 1};
    switch (data[0] & 3) {
    case 0:
        read_attestation(in);
        break;
    case 1:
        verify_new(in);
        break;
    case 2:
        verify_use(in);
        break;
    default:
        tk_passkey_check_client_data(in, "webauthn.get", CHALLENGE, party.origin, NULL);
        break;
    }
    return 0;
}

/* What a provider may send us: a key set, a token, its claims. One input is "token\nkey set"; each half is
 * also read alone. A token that nobody signed never holds. */
#include "auth/auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* RFC 8037 A.2: whoever makes up a signature of this key has broken Ed25519, or our reader. The one message
 * that it did sign is among the seeds. */
static const char known_key[] = "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_"
                                "7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";

static void try_token(const TkJwks *keys, const char *token, bool known)
{
    size_t len = 0;
    bool unknown = false;
    g_autofree char *payload = tk_jws_verify(keys, token, &len, &unknown, NULL);
    if (payload == NULL)
        return;
    if (unknown || payload[len] != '\0')
        g_error("a verified payload contradicts itself");
    if (known && strcmp(payload, "Example of Ed25519 signing") != 0)
        g_error("a signature held that nobody made");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    g_autofree char *text = g_strndup((const char *)data, len);
    const TkOidcExpected expected = {
        .issuer = "https://id.example", .client_id = "tokatsu", .nonce = "n1", .now_us = 0};
    json_decref(tk_oidc_claims((const char *)data, len, &expected, NULL));
    g_autoptr(TkJwks) known = tk_jwks_read(known_key, strlen(known_key), NULL);
    char *line = strchr(text, '\n');
    if (line != NULL)
        *line++ = '\0';
    const char *set = line == NULL ? text : line;
    try_token(known, text, true);
    g_autoptr(TkJwks) keys = tk_jwks_read(set, strlen(set), NULL);
    if (keys != NULL && line != NULL)
        try_token(keys, text, false);
    return 0;
}

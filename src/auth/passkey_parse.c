/* CBOR as authenticators write it (CTAP2 canonical form: definite lengths, no tags, little nesting). Every
 * length is held against the bytes that are left before anything believes it; only what passed here is given
 * to the library that checks signatures, whose own reader would reserve what a length asks for. */
#include "auth/passkey_parse.h"

#define DEPTH_MAX      8
#define RP_HASH_LEN    32
#define HEADER_LEN     37 /* hash, flags, counter */
#define AAGUID_LEN     16
#define COSE_KEY_ITEMS 16
#define COSE_ALG       3

enum { CBOR_UNSIGNED, CBOR_NEGATIVE, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP, CBOR_TAG, CBOR_SIMPLE };

static void advance(TkSpan *in, size_t len)
{
    in->data += len;
    in->len -= len;
}

/* The first bytes of an item: its major type and its number. */
static bool read_head(TkSpan *in, unsigned *major, uint64_t *value)
{
    if (in->len == 0)
        return false;
    *major = in->data[0] >> 5;
    unsigned info = in->data[0] & 31;
    advance(in, 1);
    *value = info;
    if (info < 24)
        return true;
    size_t len = (size_t)1 << (info - 24);
    if (info > 27 || in->len < len)
        return false; /* without an end, or cut off */
    *value = 0;
    for (size_t i = 0; i < len; i++)
        *value = *value << 8 | in->data[i];
    advance(in, len);
    return true;
}

/* Passes over one item, everything inside it included. */
static bool skip_item(TkSpan *in, unsigned depth)
{
    unsigned major;
    uint64_t value;
    if (depth > DEPTH_MAX || !read_head(in, &major, &value))
        return false;
    if (major == CBOR_UNSIGNED || major == CBOR_NEGATIVE || major == CBOR_SIMPLE)
        return true;
    if (major == CBOR_TAG || value > in->len)
        return false;
    if (major == CBOR_BYTES || major == CBOR_TEXT) {
        advance(in, (size_t)value);
        return true;
    }
    for (uint64_t items = major == CBOR_MAP ? 2 * value : value; items > 0; items--)
        if (!skip_item(in, depth + 1))
            return false;
    return true;
}

/* A text or byte string; *out is what is in it. */
static bool read_string(TkSpan *in, unsigned wanted, TkSpan *out)
{
    unsigned major;
    uint64_t len;
    if (!read_head(in, &major, &len) || major != wanted || len > in->len)
        return false;
    *out = (TkSpan){in->data, (size_t)len};
    advance(in, out->len);
    return true;
}

static bool read_number(TkSpan *in, int64_t *out)
{
    unsigned major;
    uint64_t value;
    if (!read_head(in, &major, &value) || major > CBOR_NEGATIVE || value > INT32_MAX)
        return false;
    *out = major == CBOR_NEGATIVE ? -1 - (int64_t)value : (int64_t)value;
    return true;
}

/* One COSE_Key (RFC 9052 §7): a map with numbers as names. */
static bool read_algorithm(TkSpan *in, int64_t *algorithm)
{
    unsigned major;
    uint64_t items;
    bool found = false;
    if (!read_head(in, &major, &items) || major != CBOR_MAP || items > COSE_KEY_ITEMS)
        return false;
    for (; items > 0; items--) {
        int64_t name;
        if (!read_number(in, &name))
            return false;
        bool here = name == COSE_ALG;
        if ((here && found) || !(here ? read_number(in, algorithm) : skip_item(in, 1)))
            return false;
        found = found || here;
    }
    return found;
}

/* Behind the header: AAGUID, length of the id, id, public key. */
static bool read_attested(TkSpan *in, TkAuthData *out, GError **error)
{
    if (in->len < AAGUID_LEN + 2)
        return tk_fail(error, TK_ERROR_INPUT, "the authenticator data end before the credential's id");
    size_t len = (size_t)in->data[AAGUID_LEN] << 8 | in->data[AAGUID_LEN + 1];
    advance(in, AAGUID_LEN + 2);
    if (len == 0 || len > TK_PASSKEY_CREDENTIAL_MAX || len > in->len)
        return tk_fail(error, TK_ERROR_INPUT, "the credential's id is not of 1 to %d bytes, or is cut off",
                       TK_PASSKEY_CREDENTIAL_MAX);
    out->credential_id = (TkSpan){in->data, len};
    advance(in, len);
    return read_algorithm(in, &out->algorithm) ||
           tk_fail(error, TK_ERROR_INPUT, "the credential's public key is not a COSE key");
}

bool tk_passkey_read_auth_data(TkSpan raw, bool attested, TkAuthData *out, GError **error)
{
    *out = (TkAuthData){.raw = raw};
    if (raw.len < HEADER_LEN || raw.len > TK_AUTH_DATA_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "the authenticator data have %zu bytes, not %d to %d", raw.len,
                       HEADER_LEN, TK_AUTH_DATA_MAX);
    const uint8_t *at = raw.data + RP_HASH_LEN;
    out->rp_id_hash = raw.data;
    out->flags = at[0];
    out->counter = (uint32_t)at[1] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 8 | at[4];
    TkSpan rest = {raw.data + HEADER_LEN, raw.len - HEADER_LEN};
    if (attested != ((out->flags & TK_FLAG_ATTESTED) != 0))
        return tk_fail(error, TK_ERROR_INPUT, "the authenticator data must %shold a new credential",
                       attested ? "" : "not ");
    if (attested && !read_attested(&rest, out, error))
        return false;
    if ((out->flags & TK_FLAG_EXTENSIONS) != 0 &&
        (rest.len == 0 || rest.data[0] >> 5 != CBOR_MAP || !skip_item(&rest, 1)))
        return tk_fail(error, TK_ERROR_INPUT, "the authenticator's extensions are not a CBOR map");
    return rest.len == 0 ||
           tk_fail(error, TK_ERROR_INPUT, "the authenticator data have %zu bytes too many", rest.len);
}

static bool is(TkSpan span, const char *text)
{
    return span.len == strlen(text) && memcmp(span.data, text, span.len) == 0;
}

/* One of the object's three members; each may come once. */
static bool read_member(TkSpan *in, TkAttestation *out, TkSpan *auth_data)
{
    TkSpan name;
    if (!read_string(in, CBOR_TEXT, &name))
        return false;
    if (is(name, "fmt"))
        return out->format.data == NULL && read_string(in, CBOR_TEXT, &out->format);
    if (is(name, "authData"))
        return auth_data->data == NULL && read_string(in, CBOR_BYTES, auth_data);
    if (!is(name, "attStmt") || out->statement.data != NULL || in->len == 0 || in->data[0] >> 5 != CBOR_MAP)
        return false;
    TkSpan before = *in;
    if (!skip_item(in, 1))
        return false;
    out->statement = (TkSpan){before.data, before.len - in->len};
    return true;
}

bool tk_passkey_read_attestation(TkSpan object, TkAttestation *out, GError **error)
{
    unsigned major;
    uint64_t members;
    TkSpan auth_data = {0};
    *out = (TkAttestation){0};
    if (object.len > TK_ATTESTATION_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "the attestation is larger than %d bytes", TK_ATTESTATION_MAX);
    if (!read_head(&object, &major, &members) || major != CBOR_MAP || members != 3)
        return tk_fail(error, TK_ERROR_INPUT,
                       "the attestation is not a CBOR map of fmt, attStmt and authData");
    for (; members > 0; members--)
        if (!read_member(&object, out, &auth_data))
            return tk_fail(
                error, TK_ERROR_INPUT,
                "the attestation is cut off, or holds something else than fmt, attStmt and authData");
    if (object.len != 0)
        return tk_fail(error, TK_ERROR_INPUT, "the attestation has %zu bytes too many", object.len);
    return tk_passkey_read_auth_data(auth_data, true, &out->auth_data, error);
}

static bool says(const json_t *said, const char *name, const char *wanted)
{
    return g_strcmp0(json_string_value(json_object_get(said, name)), wanted) == 0;
}

bool tk_passkey_check_client_data(TkSpan json, const char *type, const char *challenge, const char *origin,
                                  GError **error)
{
    g_autoptr(json_t) said =
        tk_json_read("clientDataJSON", (const char *)json.data, json.len, TK_CLIENT_DATA_MAX, error);
    if (said == NULL)
        return false;
    if (!says(said, "type", type))
        return tk_fail(error, TK_ERROR_INPUT, "clientDataJSON is not of type %s", type);
    if (!says(said, "challenge", challenge))
        return tk_fail(error, TK_ERROR_INPUT, "clientDataJSON answers another challenge; begin anew");
    if (!says(said, "origin", origin))
        return tk_fail(error, TK_ERROR_INPUT, "the passkey was used on a page of another origin than %s",
                       origin);
    const json_t *crossed = json_object_get(said, "crossOrigin");
    if ((crossed != NULL && !json_is_false(crossed)) || json_object_get(said, "topOrigin") != NULL)
        return tk_fail(error, TK_ERROR_INPUT, "the passkey was used inside a page of another origin");
    return true;
}

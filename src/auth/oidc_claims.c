/* What an ID token must say before it is believed: OpenID Connect Core 1.0, section 3.1.3.7. */
#include "auth/oidc.h"

#define CLAIMS_MAX ((size_t)64 * 1024)

static bool names_client(const json_t *aud, const char *client_id)
{
    size_t i;
    const json_t *one;
    if (json_is_string(aud))
        return strcmp(json_string_value(aud), client_id) == 0;
    json_array_foreach(aud, i, one)
    {
        if (g_strcmp0(json_string_value(one), client_id) == 0)
            return true;
    }
    return false;
}

static bool check_audience(const json_t *claims, const char *client_id, GError **error)
{
    const json_t *aud = json_object_get(claims, "aud"), *azp = json_object_get(claims, "azp");
    if (!names_client(aud, client_id))
        return tk_fail(error, TK_ERROR_INPUT, "aud: the ID token is not meant for this client");
    if (azp == NULL && json_array_size(aud) > 1)
        return tk_fail(error, TK_ERROR_INPUT,
                       "azp: missing in an ID token that is meant for several clients");
    return azp == NULL || g_strcmp0(json_string_value(azp), client_id) == 0 ||
           tk_fail(error, TK_ERROR_INPUT, "azp: the ID token was given to another client");
}

/* A NumericDate (RFC 7519 section 2) in whole seconds. */
static bool read_date(const json_t *claims, const char *name, bool needed, int64_t *seconds, GError **error)
{
    const json_t *value = json_object_get(claims, name);
    double number = json_number_value(value);
    *seconds = 0;
    if (value == NULL && !needed)
        return true;
    if (!json_is_number(value) || !(number >= 0 && number < 1e11))
        return tk_fail(error, TK_ERROR_INPUT, "%s: missing in the ID token, or no time", name);
    *seconds = (int64_t)number;
    return true;
}

static bool check_times(const json_t *claims, int64_t now_us, GError **error)
{
    int64_t now = now_us / TK_US_PER_S, exp, iat, nbf;
    if (!read_date(claims, "exp", true, &exp, error) || !read_date(claims, "iat", true, &iat, error) ||
        !read_date(claims, "nbf", false, &nbf, error))
        return false;
    if (now >= exp + TK_OIDC_SKEW_S)
        return tk_fail(error, TK_ERROR_INPUT, "exp: the ID token has expired; sign in again");
    if (iat > now + TK_OIDC_SKEW_S || nbf > now + TK_OIDC_SKEW_S)
        return tk_fail(error, TK_ERROR_INPUT,
                       "%s: the ID token comes from the future; compare the clocks of the provider and this "
                       "server",
                       iat > now + TK_OIDC_SKEW_S ? "iat" : "nbf");
    return now <= iat + TK_OIDC_AGE_S ||
           tk_fail(error, TK_ERROR_INPUT, "iat: the ID token was issued too long ago; sign in again");
}

static bool check_subject(const json_t *claims, GError **error)
{
    const json_t *sub = json_object_get(claims, "sub");
    size_t len = json_string_length(sub);
    return (len > 0 && len <= TK_OIDC_SUBJECT_MAX && strlen(json_string_value(sub)) == len) ||
           tk_fail(error, TK_ERROR_INPUT, "sub: missing in the ID token, or longer than %d bytes",
                   TK_OIDC_SUBJECT_MAX);
}

json_t *tk_oidc_claims(const char *payload, size_t len, const TkOidcExpected *expected, GError **error)
{
    g_autoptr(json_t) claims = tk_json_read("the ID token", payload, len, CLAIMS_MAX, error);
    if (claims == NULL)
        return NULL;
    const char *issuer = json_string_value(json_object_get(claims, "iss"));
    const char *nonce = json_string_value(json_object_get(claims, "nonce"));
    if (g_strcmp0(issuer, expected->issuer) != 0) {
        tk_fail(error, TK_ERROR_INPUT, "iss: the ID token was issued by another provider");
        return NULL;
    }
    if (nonce == NULL || g_strcmp0(nonce, expected->nonce) != 0) {
        tk_fail(error, TK_ERROR_INPUT, "nonce: the ID token belongs to another sign-in");
        return NULL;
    }
    if (!check_subject(claims, error) || !check_audience(claims, expected->client_id, error) ||
        !check_times(claims, expected->now_us, error))
        return NULL;
    return g_steal_pointer(&claims);
}

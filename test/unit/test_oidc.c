/* Tokens and keys that others wrote: the appendices of RFC 7515 (JWS), 7517 (JWK), 7519 (JWT) and 8037
 * (EdDSA). */
#include "unit.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "auth/auth.h"

/* RFC 7515 A.1 to A.3 and A.5 sign the same payload. */
#define JOE      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define JOE_TEXT "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"

#define A1_HS256                                                                                             \
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." JOE ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define A2_RS256                                                                                             \
    "eyJhbGciOiJSUzI1NiJ9." JOE                                                                              \
    ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9u" \
    "JdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_"   \
    "eSN"                                                                                                    \
    "9383LcOLn6_dO--xi12jzDwusC-"                                                                            \
    "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLI"                           \
    "hWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
#define A2_N                                                                                                 \
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-" \
    "S"                                                                                                      \
    "Fd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-" \
    "U"                                                                                                      \
    "To7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_"             \
    "h9iaGNj8q2eth"                                                                                          \
    "FkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
#define A2_KEY "{\"kty\":\"RSA\",\"n\":\"" A2_N "\",\"e\":\"AQAB\"}"
#define A3_ES256                                                                                             \
    "eyJhbGciOiJFUzI1NiJ9." JOE                                                                              \
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
#define A3_X    "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define A3_Y    "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define A3_KEY  "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A3_X "\",\"y\":\"" A3_Y "\"}"
#define A5_NONE "eyJhbGciOiJub25lIn0." JOE "."
/* RFC 8037 A.2 and A.4. */
#define ED_KEY "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define ED_TOKEN                                                                                             \
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."                                              \
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
/* RFC 7517 A.1: one key for encryption, one for signatures. */
#define RFC7517_KEYS                                                                                         \
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","    \
    "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\",\"use\":\"enc\",\"kid\":\"1\"},"                  \
    "{\"kty\":\"RSA\",\"n\":\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuh" \
    "DR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2" \
    "QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd" \
    "2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw\",\"e\":\"AQAB\",\"alg\":\"RS256\","      \
    "\"kid\":\"2011-04-29\"}]}"

static TkJwks *keys_of(const char *text)
{
    GError *error = NULL;
    TkJwks *keys = tk_jwks_read(text, strlen(text), &error);
    if (keys == NULL)
        fail_msg("%s", error->message);
    return keys;
}

#define SET(key) "{\"keys\":[" key "]}"

static void holds(const char *set, const char *token, const char *payload)
{
    g_autoptr(TkJwks) keys = keys_of(set);
    GError *error = NULL;
    size_t len = 0;
    g_autofree char *got = tk_jws_verify(keys, token, &len, NULL, &error);
    if (got == NULL)
        fail_msg("%s", error->message);
    assert_string_equal(got, payload);
    assert_int_equal(len, strlen(payload));
}

static void refuses(const char *set, const char *token, const char *why)
{
    g_autoptr(TkJwks) keys = keys_of(set);
    GError *error = NULL;
    size_t len = 0;
    assert_null(tk_jws_verify(keys, token, &len, NULL, &error));
    assert_error_says(error, why);
}

static void rfc_7515_a2_rs256_holds(void **state)
{
    (void)state;
    holds(SET(A2_KEY), A2_RS256, JOE_TEXT);
}

static void rfc_7515_a3_es256_holds(void **state)
{
    (void)state;
    holds(SET(A3_KEY), A3_ES256, JOE_TEXT);
    holds(SET(A2_KEY "," ED_KEY "," A3_KEY), A3_ES256, JOE_TEXT);
}

static void rfc_8037_a4_eddsa_holds(void **state)
{
    (void)state;
    holds(SET(ED_KEY), ED_TOKEN, "Example of Ed25519 signing");
}

static void unsecured_and_hmac_tokens_are_refused_by_name(void **state)
{
    (void)state;
    const char *all = SET(A2_KEY "," A3_KEY "," ED_KEY
                                 ",{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-"
                                 "1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}");
    refuses(all, A5_NONE, "“none”"); /* RFC 7515 A.5, RFC 7519 6.1 */
    refuses(all, A1_HS256, "“HS256”");
}

static void the_token_does_not_choose_how_a_key_is_used(void **state)
{
    (void)state;
    refuses(SET(A2_KEY), A3_ES256, "does not publish");
    refuses(SET("{\"kty\":\"RSA\",\"alg\":\"PS256\",\"n\":\"" A2_N "\",\"e\":\"AQAB\"}"), A2_RS256,
            "does not publish");
    refuses(SET("{\"kty\":\"RSA\",\"use\":\"enc\",\"n\":\"" A2_N "\",\"e\":\"AQAB\"}"), A2_RS256,
            "does not publish");
    refuses(SET("{\"kty\":\"RSA\",\"key_ops\":[\"encrypt\"],\"n\":\"" A2_N "\",\"e\":\"AQAB\"}"), A2_RS256,
            "does not publish");
}

static void any_changed_character_breaks_a_signature(void **state)
{
    (void)state;
    const struct {
        const char *set, *token;
    } cases[] = {{SET(A2_KEY), A2_RS256}, {SET(A3_KEY), A3_ES256}, {SET(ED_KEY), ED_TOKEN}};
    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        g_autoptr(TkJwks) keys = keys_of(cases[c].set);
        size_t len = strlen(cases[c].token), got;
        for (size_t i = 0; i < len; i += 3) {
            g_autofree char *bad = g_strdup(cases[c].token);
            bad[i] = bad[i] == 'A' ? 'B' : 'A';
            g_autofree char *payload = tk_jws_verify(keys, bad, &got, NULL, NULL);
            assert_null(payload);
        }
    }
}

static void a_token_has_three_parts_of_plain_base64url(void **state)
{
    (void)state;
    const char *bad[] = {"",           ".",          "..",         "a.b",       "a.b.c.d",
                         A2_RS256 "=", A2_RS256 ".", " " A2_RS256, A3_ES256 "A"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        refuses(SET(A2_KEY "," A3_KEY), bad[i], "token");
    /* {"alg":"RS256","crit":["exp"]} */
    refuses(SET(A2_KEY), "eyJhbGciOiJSUzI1NiIsImNyaXQiOlsiZXhwIl19." JOE ".AA", "crit");
}

static void rfc_7517_a1_gives_its_signature_key_and_passes_over_the_other(void **state)
{
    (void)state;
    g_autoptr(TkJwks) keys = keys_of(RFC7517_KEYS);
    assert_int_equal(tk_jwks_count(keys), 1);
}

static void weak_and_broken_keys_are_passed_over(void **state)
{
    (void)state;
    g_autoptr(TkJwks) keys =
        keys_of(SET("{\"kty\":\"RSA\",\"n\":\"wXYZ\",\"e\":\"AQAB\"},"
                    "{\"kty\":\"RSA\",\"n\":\"" A2_N "\",\"e\":\"AQ\"},"
                    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A3_X "\",\"y\":\"" A3_X "\"},"
                    "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" A3_X "\",\"y\":\"" A3_Y "\"},"
                    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"},"
                    "{\"kty\":\"oct\",\"k\":\"AA\"},7,{}"));
    assert_int_equal(tk_jwks_count(keys), 0);
    GError *error = NULL;
    assert_null(tk_jwks_read("{}", 2, &error));
    assert_error_says(error, "keys: missing");
}

static void an_unknown_kid_is_told_apart_from_a_wrong_signature(void **state)
{
    (void)state;
    g_autoptr(TkJwks) keys = keys_of(SET(A2_KEY));
    bool unknown = false;
    size_t len;
    /* {"alg":"RS256","kid":"new"} */
    assert_null(tk_jws_verify(keys, "eyJhbGciOiJSUzI1NiIsImtpZCI6Im5ldyJ9." JOE ".AA", &len, &unknown, NULL));
    assert_true(unknown);
    assert_null(tk_jws_verify(keys, "eyJhbGciOiJSUzI1NiJ9." JOE ".AA", &len, &unknown, NULL));
    assert_false(unknown);
}

/* ---- claims ---- */

#define NOW_S 1800000000

static json_t *good(void)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:i}", "iss", "https://id.example", "sub", "u1", "aud",
                     "tokatsu", "nonce", "n1", "iat", NOW_S - 5, "exp", NOW_S + 300);
}

/* Reads the claims with one changed; NULL `value` takes it away. */
static json_t *read_with(const char *name, json_t *value, GError **error)
{
    g_autoptr(json_t) claims = good();
    if (value == NULL)
        json_object_del(claims, name);
    else
        json_object_set_new(claims, name, value);
    const TkOidcExpected expected = {.issuer = "https://id.example",
                                     .client_id = "tokatsu",
                                     .nonce = "n1",
                                     .now_us = NOW_S * INT64_C(1000000)};
    char *text = json_dumps(claims, 0);
    json_t *got = tk_oidc_claims(text, strlen(text), &expected, error);
    free(text);
    return got;
}

static void takes(const char *name, json_t *value)
{
    GError *error = NULL;
    g_autoptr(json_t) claims = read_with(name, value, &error);
    if (claims == NULL)
        fail_msg("%s: %s", name, error->message);
}

static void turns_down(const char *name, json_t *value)
{
    GError *error = NULL;
    assert_null(read_with(name, value, &error));
    assert_error_says(error, name);
}

static void an_id_token_is_for_us_from_the_provider_and_of_this_sign_in(void **state)
{
    (void)state;
    takes("extra", json_true());
    turns_down("iss", json_string("https://id.example/"));
    turns_down("iss", NULL);
    turns_down("aud", json_string("other"));
    turns_down("aud", json_pack("[s]", "other"));
    turns_down("aud", NULL);
    takes("aud", json_pack("[s]", "tokatsu"));
    turns_down("azp", json_string("other"));
    takes("azp", json_string("tokatsu"));
    turns_down("nonce", json_string("n2"));
    turns_down("nonce", NULL);
    turns_down("sub", json_string(""));
    turns_down("sub", json_integer(7));
    GError *error = NULL;
    assert_null(read_with("aud", json_pack("[s, s]", "tokatsu", "other"), &error));
    assert_error_says(error, "azp"); /* several clients, and no word for which */
}

static void an_id_token_is_neither_old_nor_of_the_future(void **state)
{
    (void)state;
    takes("exp", json_integer(NOW_S - TK_OIDC_SKEW_S + 1));
    turns_down("exp", json_integer(NOW_S - TK_OIDC_SKEW_S));
    turns_down("exp", json_string("tomorrow"));
    turns_down("exp", NULL);
    takes("iat", json_integer(NOW_S + TK_OIDC_SKEW_S));
    turns_down("iat", json_integer(NOW_S + TK_OIDC_SKEW_S + 1));
    takes("iat", json_integer(NOW_S - TK_OIDC_AGE_S));
    turns_down("iat", json_integer(NOW_S - TK_OIDC_AGE_S - 1));
    turns_down("iat", json_real(-1));
    turns_down("nbf", json_integer(NOW_S + TK_OIDC_SKEW_S + 1));
}

/* ---- configuration ---- */

#define CONFIG                                                                                               \
    "{\"format\":\"tokatsu-oidc/1\",\"issuer\":\"https://id.example\",\"client_id\":\"t\",\"roles\":["       \
    "{\"group\":\"a\",\"role\":\"auditor\"},{\"group\":\"n\",\"role\":\"noc-operator\"}]}"

/* The configuration with `from` replaced by `to` is refused, with a message that says `why`. */
static void config_without(const char *from, const char *to, const char *why)
{
    g_autofree char *path = NULL;
    g_auto(GStrv) parts = g_strsplit(CONFIG, from, 2);
    g_autofree char *text = g_strjoinv(to, parts);
    GError *error = NULL;
    int fd = g_file_open_tmp("oidc-XXXXXX", &path, NULL);
    assert_true(fd >= 0 && g_file_set_contents(path, text, -1, NULL));
    close(fd);
    TkOidc *oidc = tk_oidc_new(path, &error);
    unlink(path);
    if (why == NULL) {
        assert_non_null(oidc);
        tk_oidc_free(oidc);
        return;
    }
    assert_null(oidc);
    assert_error_says(error, why);
}

static void a_configuration_is_refused_with_the_property_that_is_wrong(void **state)
{
    (void)state;
    config_without("nothing", "nothing", NULL);
    config_without("https://id.example", "http://127.0.0.1:8080/realm", NULL);
    config_without("https://id.example", "http://id.example", "issuer");
    config_without("https://id.example", "https://user:secret@id.example", "issuer");
    config_without("https://id.example", "file:///etc/passwd", "issuer");
    config_without("/1", "/2", "format");
    config_without("client_id", "clientid", "“clientid”");
    config_without("\"auditor\"", "\"boss\"", "roles[0]");
    config_without("\"auditor\"", "\"alarm-source\"", "roles[0]");
    config_without("\"auditor\"", "\"none\"", "roles[0]");
    config_without("\"client_id\"", "\"scopes\":[\"profile\"],\"client_id\"", "openid is missing");
    config_without("\"client_id\"", "\"client_secret_file\":\"/nowhere\",\"client_id\"",
                   "client_secret_file");
    config_without("\"client_id\"", "\"label\":{\"ja\":\"x\"},\"client_id\"", "en");
}

/* ---- a directory ---- */

static void becomes(char *(*escape)(const char *value), const char *value, const char *expected)
{
    g_autofree char *got = escape(value);
    assert_string_equal(got, expected);
}

static void what_people_type_is_escaped_as_rfc_4514_and_4515_ask(void **state)
{
    (void)state;
    /* RFC 4515 section 4 */
    becomes(tk_ldap_filter_escape, "Parens R Us (for all your parenthetical needs)",
            "Parens R Us \\28for all your parenthetical needs\\29");
    becomes(tk_ldap_filter_escape, "*", "\\2a");
    becomes(tk_ldap_filter_escape, "C:\\MyFile", "C:\\5cMyFile");
    becomes(tk_ldap_filter_escape, "太郎", "太郎");
    /* RFC 4514 section 4 */
    becomes(tk_ldap_dn_escape, "James \"Jim\" Smith, III", "James \\\"Jim\\\" Smith\\, III");
    becomes(tk_ldap_dn_escape, " #a+b;<c>= ", "\\ #a\\+b\\;\\<c\\>\\=\\ ");
    becomes(tk_ldap_dn_escape, "#1", "\\#1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_7515_a2_rs256_holds),
        cmocka_unit_test(rfc_7515_a3_es256_holds),
        cmocka_unit_test(rfc_8037_a4_eddsa_holds),
        cmocka_unit_test(unsecured_and_hmac_tokens_are_refused_by_name),
        cmocka_unit_test(the_token_does_not_choose_how_a_key_is_used),
        cmocka_unit_test(any_changed_character_breaks_a_signature),
        cmocka_unit_test(a_token_has_three_parts_of_plain_base64url),
        cmocka_unit_test(rfc_7517_a1_gives_its_signature_key_and_passes_over_the_other),
        cmocka_unit_test(weak_and_broken_keys_are_passed_over),
        cmocka_unit_test(an_unknown_kid_is_told_apart_from_a_wrong_signature),
        cmocka_unit_test(an_id_token_is_for_us_from_the_provider_and_of_this_sign_in),
        cmocka_unit_test(an_id_token_is_neither_old_nor_of_the_future),
        cmocka_unit_test(what_people_type_is_escaped_as_rfc_4514_and_4515_ask),
        cmocka_unit_test(a_configuration_is_refused_with_the_property_that_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

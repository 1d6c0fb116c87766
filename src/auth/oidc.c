/* The dialogue with the provider: its configuration, its keys, the way there and the way back.
 *
 * What the provider publishes about itself is fetched when it is first needed and again after an hour. Its
 * keys are fetched once more when a token names one that is not among them, as happens after a change of
 * keys, but not more than once a minute: a stranger's token must not make us ask for ever. One fetch at a
 * time: whoever comes meanwhile waits for it, and where it failed everybody is told so for a few seconds
 * without asking. Callers therefore run where waiting is allowed (routes marked slow), never on an event
 * loop. */
#include "auth/oidc_private.h"

#include <openssl/evp.h>

#include "auth/secret.h"

#define DISCOVERY_MAX ((size_t)128 * 1024)
#define TOKENS_MAX    ((size_t)256 * 1024)
#define FRESH_US      (INT64_C(3600) * TK_US_PER_S)
#define FAILED_US     (INT64_C(5) * TK_US_PER_S)
#define KEYS_EVERY_US (INT64_C(60) * TK_US_PER_S)
#define CODE_MAX      4096

/* What a provider says about itself (OpenID Connect Discovery 1.0). */
typedef struct {
    char *authorization, *token, *jwks, *userinfo, *end_session; /* the last two may be NULL */
    bool basic;        /* takes the client's secret in Authorization: Basic; else in the form */
    bool names_itself; /* RFC 9207 */
} Provider;

struct TkOidc {
    TkOidcConfig config;
    GMutex lock; /* of everything below, held while the provider is asked about itself */
    Provider provider;
    TkJwks *keys;
    gint64 known_us, failed_us,
        again_us; /* monotonic; 0: never. again: keys for a token that named another */
};

static void provider_clear(Provider *provider)
{
    g_free(provider->authorization);
    g_free(provider->token);
    g_free(provider->jwks);
    g_free(provider->userinfo);
    g_free(provider->end_session);
    *provider = (Provider){0};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Provider, provider_clear)

TkOidc *tk_oidc_new(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) why = NULL;
    gsize len = 0;
    if (!g_file_get_contents(path, &text, &len, &why)) {
        tk_fail(error, TK_ERROR_INPUT, "%s cannot be read: %s", path, why->message);
        return NULL;
    }
    TkOidc *oidc = g_new0(TkOidc, 1);
    g_mutex_init(&oidc->lock);
    if (tk_oidc_config_read(&oidc->config, path, text, len, error))
        return oidc;
    tk_oidc_free(oidc);
    return NULL;
}

void tk_oidc_free(TkOidc *oidc)
{
    if (oidc == NULL)
        return;
    tk_oidc_config_clear(&oidc->config);
    provider_clear(&oidc->provider);
    tk_jwks_free(oidc->keys);
    g_mutex_clear(&oidc->lock);
    g_free(oidc);
}

const char *tk_oidc_label(const TkOidc *oidc, bool japanese)
{
    return japanese ? oidc->config.label_ja : oidc->config.label_en;
}

const char *tk_oidc_issuer(const TkOidc *oidc)
{
    return oidc->config.issuer;
}

/* ---- what the provider says about itself ---- */

static json_t *fetch_json(const TkOidc *oidc, const TkOidcRequest *request, GError **error)
{
    size_t len = 0;
    TkOidcRequest with = *request;
    with.ca_file = oidc->config.ca_file;
    g_autofree char *text = tk_oidc_fetch(&with, &len, error);
    return text == NULL ? NULL : tk_json_read("the provider's answer", text, len, request->max, error);
}

static bool read_endpoint(const json_t *root, const char *key, bool needed, char **out, GError **error)
{
    const char *url = json_string_value(json_object_get(root, key));
    if (url == NULL && !needed)
        return true;
    if (!tk_oidc_url_ok(url))
        return tk_fail(error, TK_ERROR_IO, "the provider's configuration: %s: missing, or not https", key);
    *out = g_strdup(url);
    return true;
}

static bool lists(const json_t *list, const char *word)
{
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one)
    {
        if (g_strcmp0(json_string_value(one), word) == 0)
            return true;
    }
    return false;
}

static bool read_provider(const TkOidc *oidc, const json_t *root, Provider *provider, GError **error)
{
    const json_t *methods = json_object_get(root, "token_endpoint_auth_methods_supported");
    if (g_strcmp0(json_string_value(json_object_get(root, "issuer")), oidc->config.issuer) != 0)
        return tk_fail(
            error, TK_ERROR_IO,
            "the provider calls itself another issuer than %s; write it exactly as the provider does",
            oidc->config.issuer);
    provider->basic = methods == NULL || lists(methods, "client_secret_basic");
    provider->names_itself =
        json_is_true(json_object_get(root, "authorization_response_iss_parameter_supported"));
    return read_endpoint(root, "authorization_endpoint", true, &provider->authorization, error) &&
           read_endpoint(root, "token_endpoint", true, &provider->token, error) &&
           read_endpoint(root, "jwks_uri", true, &provider->jwks, error) &&
           read_endpoint(root, "userinfo_endpoint", false, &provider->userinfo, error) &&
           read_endpoint(root, "end_session_endpoint", false, &provider->end_session, error);
}

/* Lock held. */
static bool discover(TkOidc *oidc, GError **error)
{
    const char *issuer = oidc->config.issuer;
    int len = (int)strlen(issuer) - (g_str_has_suffix(issuer, "/") ? 1 : 0);
    g_autofree char *url = g_strdup_printf("%.*s/.well-known/openid-configuration", len, issuer);
    const TkOidcRequest request = {.url = url, .max = DISCOVERY_MAX};
    g_autoptr(json_t) root = fetch_json(oidc, &request, error);
    g_auto(Provider) provider = {0};
    if (root == NULL || !read_provider(oidc, root, &provider, error))
        return false;
    provider_clear(&oidc->provider);
    oidc->provider = provider;
    provider = (Provider){0};
    oidc->known_us = g_get_monotonic_time();
    return true;
}

/* Lock held. True where the provider is known. What was known before stands in for an hour-old configuration
 * that cannot be fetched anew. */
static bool know(TkOidc *oidc, GError **error)
{
    gint64 now = g_get_monotonic_time();
    bool there = oidc->provider.token != NULL;
    if (there && now - oidc->known_us < FRESH_US)
        return true;
    if (oidc->failed_us != 0 && now - oidc->failed_us < FAILED_US)
        return there || tk_fail(error, TK_ERROR_IO, "%s did not answer a moment ago", oidc->config.issuer);
    if (discover(oidc, there ? NULL : error))
        return true;
    oidc->failed_us = g_get_monotonic_time();
    return there;
}

/* Lock held. */
static bool fetch_keys(TkOidc *oidc, GError **error)
{
    size_t len = 0;
    const TkOidcRequest request = {
        .url = oidc->provider.jwks, .max = TK_JWKS_MAX, .ca_file = oidc->config.ca_file};
    g_autofree char *text = tk_oidc_fetch(&request, &len, error);
    TkJwks *keys = text == NULL ? NULL : tk_jwks_read(text, len, error);
    if (keys == NULL)
        return false;
    tk_jwks_free(oidc->keys);
    oidc->keys = keys;
    return true;
}

/* ---- the way there ---- */

void tk_oidc_ask(TkOidcAsk *ask)
{
    char more[TK_AUTH_TOKEN_MAX], first[TK_AUTH_TOKEN_MAX];
    tk_secret_token(first);
    g_strlcpy(ask->state, first, sizeof ask->state);
    tk_secret_token(first);
    g_strlcpy(ask->nonce, first, sizeof ask->nonce);
    tk_secret_token(first);
    tk_secret_token(more); /* RFC 7636 wants 43 characters at least */
    g_snprintf(ask->verifier, sizeof ask->verifier, "%s%s", first, more);
}

/* BASE64URL(SHA-256(verifier)), RFC 7636 section 4.2. */
static void challenge_of(const char *verifier, char out[64])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const uint8_t *)verifier, strlen(verifier));
    sodium_bin2base64(out, 64, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void add_pair(GString *text, const char *name, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    if (text->len > 0 && strchr("?&", text->str[text->len - 1]) == NULL)
        g_string_append_c(text, '&');
    g_string_append_printf(text, "%s=%s", name, escaped);
}

static GString *query_on(const char *url)
{
    GString *text = g_string_new(url);
    g_string_append_c(text, strchr(url, '?') == NULL ? '?' : '&');
    return text;
}

char *tk_oidc_location(TkOidc *oidc, const TkOidcAsk *ask, const char *to_us, GError **error)
{
    g_mutex_lock(&oidc->lock);
    bool known = know(oidc, error);
    GString *url = known ? query_on(oidc->provider.authorization) : NULL;
    g_mutex_unlock(&oidc->lock);
    if (url == NULL)
        return NULL;
    char challenge[64];
    challenge_of(ask->verifier, challenge);
    add_pair(url, "response_type", "code");
    add_pair(url, "client_id", oidc->config.client_id);
    add_pair(url, "redirect_uri", to_us);
    add_pair(url, "scope", oidc->config.scope);
    add_pair(url, "state", ask->state);
    add_pair(url, "nonce", ask->nonce);
    add_pair(url, "code_challenge", challenge);
    add_pair(url, "code_challenge_method", "S256");
    return g_string_free(url, FALSE);
}

/* ---- the way back ---- */

/* RFC 6749 section 2.3.1: name and secret are form-encoded before they are joined. */
static char *basic_header(const TkOidcConfig *config)
{
    g_autofree char *id = g_uri_escape_string(config->client_id, NULL, FALSE);
    g_autofree char *secret = g_uri_escape_string(config->client_secret, NULL, FALSE);
    g_autofree char *pair = g_strconcat(id, ":", secret, NULL);
    g_autofree char *coded = g_base64_encode((const guchar *)pair, strlen(pair));
    return g_strconcat("Authorization: Basic ", coded, NULL);
}

static json_t *exchange(TkOidc *oidc, const TkOidcAsk *ask, const char *code, const char *to_us,
                        char **userinfo, GError **error)
{
    g_mutex_lock(&oidc->lock);
    bool known = know(oidc, error);
    g_autofree char *endpoint = known ? g_strdup(oidc->provider.token) : NULL;
    bool basic = oidc->provider.basic;
    *userinfo = known ? g_strdup(oidc->provider.userinfo) : NULL;
    g_mutex_unlock(&oidc->lock);
    if (!known)
        return NULL;
    const char *secret = oidc->config.client_secret;
    g_autofree char *header = secret != NULL && basic ? basic_header(&oidc->config) : NULL;
    GString *form = g_string_new(NULL);
    add_pair(form, "grant_type", "authorization_code");
    add_pair(form, "code", code);
    add_pair(form, "redirect_uri", to_us);
    add_pair(form, "code_verifier", ask->verifier);
    if (header == NULL)
        add_pair(form, "client_id", oidc->config.client_id);
    if (header == NULL && secret != NULL)
        add_pair(form, "client_secret", secret);
    const TkOidcRequest request = {.url = endpoint, .form = form->str, .header = header, .max = TOKENS_MAX};
    json_t *tokens = fetch_json(oidc, &request, error);
    g_string_free(form, TRUE);
    return tokens;
}

/* Lock held. The payload; asks for the keys anew, once, where the token names one that is not known. */
static char *verify_locked(TkOidc *oidc, const char *token, size_t *len, GError **error)
{
    bool unknown = false;
    if (oidc->keys == NULL && !fetch_keys(oidc, error))
        return NULL;
    GError *first = NULL;
    char *payload = tk_jws_verify(oidc->keys, token, len, &unknown, &first);
    gint64 now = g_get_monotonic_time();
    bool may_ask = oidc->again_us == 0 || now - oidc->again_us >= KEYS_EVERY_US;
    if (payload != NULL || !unknown || !may_ask) {
        if (first != NULL)
            g_propagate_error(error, first);
        return payload;
    }
    g_clear_error(&first);
    oidc->again_us = now;
    return fetch_keys(oidc, error) ? tk_jws_verify(oidc->keys, token, len, NULL, error) : NULL;
}

static json_t *verified_claims(TkOidc *oidc, const json_t *tokens, const TkOidcAsk *ask, int64_t now_us,
                               GError **error)
{
    const char *token = json_string_value(json_object_get(tokens, "id_token"));
    size_t len = 0;
    if (token == NULL) {
        tk_fail(error, TK_ERROR_INPUT, "the provider gave no ID token; is openid among its scopes?");
        return NULL;
    }
    g_mutex_lock(&oidc->lock);
    g_autofree char *payload = verify_locked(oidc, token, &len, error);
    g_mutex_unlock(&oidc->lock);
    const TkOidcExpected expected = {.issuer = oidc->config.issuer,
                                     .client_id = oidc->config.client_id,
                                     .nonce = ask->nonce,
                                     .now_us = now_us};
    return payload == NULL ? NULL : tk_oidc_claims(payload, len, &expected, error);
}

/* Providers often tell groups and names only there (Core, section 5.3); it must speak of the same person. */
static json_t *more_claims(TkOidc *oidc, const char *userinfo, const json_t *tokens, const char *subject,
                           GError **error)
{
    const char *access = json_string_value(json_object_get(tokens, "access_token"));
    if (access == NULL || strpbrk(access, "\r\n") != NULL)
        return json_object();
    g_autofree char *header = g_strconcat("Authorization: Bearer ", access, NULL);
    const TkOidcRequest request = {.url = userinfo, .header = header, .max = TOKENS_MAX};
    g_autoptr(json_t) claims = fetch_json(oidc, &request, error);
    if (claims == NULL)
        return NULL;
    if (g_strcmp0(json_string_value(json_object_get(claims, "sub")), subject) == 0)
        return g_steal_pointer(&claims);
    tk_fail(error, TK_ERROR_INPUT, "sub: the provider's user information is about somebody else");
    return NULL;
}

static void take_display(const json_t *claim, TkOidcPerson *person)
{
    const char *text = json_string_value(claim);
    if (text == NULL || *text == '\0')
        return;
    g_strlcpy(person->display, text, sizeof person->display);
    const char *end;
    g_utf8_validate(person->display, -1, &end); /* not in the middle of a character */
    person->display[end - person->display] = '\0';
}

bool tk_oidc_redeem(TkOidc *oidc, const TkOidcAsk *ask, const char *code, const char *to_us, int64_t now_us,
                    TkOidcPerson *person, GError **error)
{
    const TkOidcConfig *config = &oidc->config;
    g_autofree char *userinfo = NULL;
    *person = (TkOidcPerson){0};
    if (strlen(code) > CODE_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "the code is longer than %d bytes", CODE_MAX);
    g_autoptr(json_t) tokens = exchange(oidc, ask, code, to_us, &userinfo, error);
    g_autoptr(json_t) claims = tokens == NULL ? NULL : verified_claims(oidc, tokens, ask, now_us, error);
    if (claims == NULL)
        return false;
    g_strlcpy(person->subject, json_string_value(json_object_get(claims, "sub")), sizeof person->subject);
    const json_t *groups = tk_oidc_claim(claims, config->groups_claim);
    const json_t *display = tk_oidc_claim(claims, config->display_claim);
    g_autoptr(json_t) more = NULL;
    if ((groups == NULL || display == NULL) && userinfo != NULL) {
        more = more_claims(oidc, userinfo, tokens, person->subject, error);
        if (more == NULL)
            return false;
    }
    groups = groups != NULL ? groups : tk_oidc_claim(more, config->groups_claim);
    take_display(display != NULL ? display : tk_oidc_claim(more, config->display_claim), person);
    const char *role = tk_group_roles_find(config->roles, groups);
    g_strlcpy(person->role, role == NULL ? "" : role, sizeof person->role);
    return true;
}

bool tk_oidc_names_itself(TkOidc *oidc)
{
    g_mutex_lock(&oidc->lock);
    bool names = oidc->provider.names_itself;
    g_mutex_unlock(&oidc->lock);
    return names;
}

char *tk_oidc_farewell(TkOidc *oidc, const char *after)
{
    g_mutex_lock(&oidc->lock);
    GString *url = oidc->provider.end_session == NULL ? NULL : query_on(oidc->provider.end_session);
    g_mutex_unlock(&oidc->lock);
    if (url == NULL)
        return NULL;
    add_pair(url, "client_id", oidc->config.client_id);
    add_pair(url, "post_logout_redirect_uri", after);
    return g_string_free(url, FALSE);
}

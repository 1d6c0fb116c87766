#include "service/sso.h"

#include "service/app.h"
#include "service/people_private.h"

#define COOKIE_KIND "sso" /* our key seals other things too */
#define COOKIE_MAX  4096
#define USED_MAX    10000
#define THEN_MAX    500

static const char *const words[] = {
    [TK_SSO_IN] = "in",         [TK_SSO_NO_ROLE] = "no-role",   [TK_SSO_EXPIRED] = "expired",
    [TK_SSO_STATE] = "state",   [TK_SSO_PROVIDER] = "provider", [TK_SSO_TOKEN] = "token",
    [TK_SSO_DENIED] = "denied", [TK_SSO_SHUT] = "shut",
};

const char *tk_sso_word(TkSsoOutcome outcome)
{
    return words[outcome];
}

bool tk_sso_there(const TkApp *app)
{
    return app->oidc != NULL && app->sign_in;
}

/* ---- the start ---- */

/* A path of our own, whatever the address asked for: never another host. */
static const char *own_path(const char *then)
{
    bool own =
        then != NULL && then[0] == '/' && then[1] != '/' && then[1] != '\\' && strlen(then) <= THEN_MAX;
    for (const char *c = then; own && *c != '\0'; c++)
        own = (unsigned char)*c > ' ' && *c != '\\' && *c != 0x7f;
    return own ? then : "/";
}

bool tk_sso_start(TkApp *app, const char *to_us, const char *then, char **location, char **cookie,
                  GError **error)
{
    TkOidcAsk ask;
    if (!tk_sso_there(app))
        return tk_fail(error, TK_ERROR_NOT_FOUND, "no single sign-on is configured (--oidc FILE)");
    tk_oidc_ask(&ask);
    *location = tk_oidc_location(app->oidc, &ask, to_us, error);
    if (*location == NULL)
        return false;
    int64_t until_us = tk_people_now(app) + TK_SSO_LIFE_S * TK_US_PER_S;
    g_autoptr(json_t) kept = json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:s}", "kind", COOKIE_KIND, "state",
                                       ask.state, "nonce", ask.nonce, "verifier", ask.verifier, "until",
                                       (json_int_t)until_us, "us", to_us, "then", own_path(then));
    char *text = kept == NULL ? NULL : json_dumps(kept, JSON_COMPACT);
    *cookie = text == NULL ? NULL : tk_auth_seal(app->auth, text, strlen(text));
    free(text);
    return *cookie != NULL || tk_fail(error, TK_ERROR_INPUT, "our own address is not UTF-8 text");
}

/* ---- the callback ---- */

/* The sign-in that the cookie stands for; NULL where it is none of ours. New reference. */
static json_t *open_cookie(TkApp *app, const char *cookie)
{
    size_t len = 0;
    if (cookie == NULL || strlen(cookie) > COOKIE_MAX)
        return NULL;
    g_autofree char *text = tk_auth_unseal(app->auth, cookie, &len, NULL);
    g_autoptr(json_t) kept = text == NULL ? NULL : tk_json_read("the cookie", text, len, COOKIE_MAX, NULL);
    const char *kind = json_string_value(json_object_get(kept, "kind"));
    return g_strcmp0(kind, COOKIE_KIND) == 0 ? g_steal_pointer(&kept) : NULL;
}

static gboolean is_over(gpointer key, gpointer until, gpointer now)
{
    (void)key;
    return *(int64_t *)until < *(int64_t *)now;
}

/* A callback counts once. False where this state was used before. */
static bool use_once(TkApp *app, const char *state, int64_t until_us)
{
    int64_t now_us = tk_people_now(app);
    g_mutex_lock(&app->sso_lock);
    g_hash_table_foreach_remove(app->sso_used, is_over, &now_us);
    bool fresh = g_hash_table_size(app->sso_used) < USED_MAX && !g_hash_table_contains(app->sso_used, state);
    if (fresh)
        g_hash_table_insert(app->sso_used, g_strdup(state), g_memdup2(&until_us, sizeof until_us));
    g_mutex_unlock(&app->sso_lock);
    return fresh;
}

static const char *text_of(const json_t *kept, const char *key)
{
    const char *text = json_string_value(json_object_get(kept, key));
    return text == NULL ? "" : text;
}

/* Whether the callback belongs to the sign-in that this browser began. */
static TkSsoOutcome check_callback(TkApp *app, const json_t *kept, const TkSsoCallback *in, GError **error)
{
    int64_t until_us = json_integer_value(json_object_get(kept, "until"));
    if (kept == NULL || in->state == NULL || !tk_auth_same_secret(in->state, text_of(kept, "state"))) {
        tk_fail(error, TK_ERROR_FORBIDDEN, "this is not a sign-in that this browser began");
        return TK_SSO_STATE;
    }
    if (tk_people_now(app) > until_us) {
        tk_fail(error, TK_ERROR_FORBIDDEN, "the sign-in took longer than %d minutes", TK_SSO_LIFE_S / 60);
        return TK_SSO_EXPIRED;
    }
    if (!use_once(app, in->state, until_us)) {
        tk_fail(error, TK_ERROR_FORBIDDEN, "this callback was used before");
        return TK_SSO_STATE;
    }
    bool other = in->issuer != NULL ? strcmp(in->issuer, tk_oidc_issuer(app->oidc)) != 0
                                    : tk_oidc_names_itself(app->oidc);
    if (other) {
        tk_fail(error, TK_ERROR_FORBIDDEN, "iss: the callback comes from another provider");
        return TK_SSO_STATE;
    }
    if (in->error != NULL || in->code == NULL) {
        tk_fail(error, TK_ERROR_FORBIDDEN, "the provider refused: %.100s",
                in->error == NULL ? "" : in->error);
        return TK_SSO_DENIED;
    }
    return TK_SSO_IN;
}

static TkSsoOutcome let_in(TkApp *app, const json_t *kept, const TkSsoCallback *in, char *token, bool *noted,
                           GError **error)
{
    TkOidcAsk ask = {0};
    TkOidcPerson person;
    GError *why = NULL;
    g_strlcpy(ask.state, text_of(kept, "state"), sizeof ask.state);
    g_strlcpy(ask.nonce, text_of(kept, "nonce"), sizeof ask.nonce);
    g_strlcpy(ask.verifier, text_of(kept, "verifier"), sizeof ask.verifier);
    if (!tk_oidc_redeem(app->oidc, &ask, in->code, text_of(kept, "us"), tk_people_now(app), &person, &why)) {
        bool away = g_error_matches(why, TK_ERROR, TK_ERROR_IO);
        g_propagate_error(error, why);
        return away ? TK_SSO_PROVIDER : TK_SSO_TOKEN;
    }
    const TkFederated who = {.kind = TK_FEDERATED_OIDC,
                             .issuer = tk_oidc_issuer(app->oidc),
                             .subject = person.subject,
                             .display = person.display[0] == '\0' ? person.subject : person.display,
                             .role = person.role};
    *noted = true;
    if (tk_auth_federated(app->auth, &who, tk_people_now(app), token, &why))
        return TK_SSO_IN;
    TkSsoOutcome outcome = g_error_matches(why, TK_ERROR, TK_ERROR_REFUSED)     ? TK_SSO_NO_ROLE
                           : g_error_matches(why, TK_ERROR, TK_ERROR_FORBIDDEN) ? TK_SSO_SHUT
                                                                                : TK_SSO_PROVIDER;
    g_propagate_error(error, why);
    return outcome;
}

TkSsoOutcome tk_sso_finish(TkApp *app, const TkSsoCallback *in, char *token, char **then, GError **error)
{
    bool noted = false;
    *then = NULL;
    if (!tk_sso_there(app)) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "no single sign-on is configured (--oidc FILE)");
        return TK_SSO_STATE;
    }
    g_autoptr(json_t) kept = open_cookie(app, in->cookie);
    TkSsoOutcome outcome = check_callback(app, kept, in, error);
    if (outcome == TK_SSO_IN)
        outcome = let_in(app, kept, in, token, &noted, error);
    if (outcome == TK_SSO_IN)
        *then = g_strdup(own_path(text_of(kept, "then")));
    else if (!noted)
        tk_auth_federated_refused(app->auth, TK_FEDERATED_OIDC, words[outcome], tk_people_now(app));
    return outcome;
}

char *tk_sso_farewell(TkApp *app, const char *after)
{
    return tk_sso_there(app) ? tk_oidc_farewell(app->oidc, after) : NULL;
}

GBytes *tk_sso_methods(TkApp *app, GError **error)
{
    json_t *sso = !tk_sso_there(app)
                      ? json_null()
                      : json_pack("{s:s, s:s, s:s}", "ja", tk_oidc_label(app->oidc, true), "en",
                                  tk_oidc_label(app->oidc, false), "start", "/sso/start");
    return tk_people_json(json_pack("{s:b, s:o}", "password", app->sign_in, "sso", sso), error);
}

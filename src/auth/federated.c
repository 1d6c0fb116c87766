/* People whom somebody else vouches for: an OpenID provider, a directory. The account is made at the first
 * sign-in, marked with who vouches (kind, issuer) and for whom (subject), and found by that alone: never by a
 * mail address or a name that a local account has too. It has no password here. Its role is what the other
 * side's groups say, read again at each sign-in; without a role nobody comes in. */
#include "auth/state.h"

#define OIDC_PREFIX "sso-"
#define HASH_CHARS  20

static bool vouched_by(const json_t *account, const TkFederated *who)
{
    const json_t *source = json_object_get(account, "source");
    return strcmp(tk_auth_field(source, "kind"), who->kind) == 0 &&
           strcmp(tk_auth_field(source, "issuer"), who->issuer) == 0 &&
           strcmp(tk_auth_field(source, "subject"), who->subject) == 0;
}

/* A directory's own names are ours; an OpenID subject is a text of any form, so that its hash names it. */
static bool name_of(const TkFederated *who, char name[TK_AUTH_NAME_MAX + 1], GError **error)
{
    if (strcmp(who->kind, TK_FEDERATED_LDAP) == 0) {
        g_strlcpy(name, who->subject, TK_AUTH_NAME_MAX + 1);
        return tk_auth_name_ok(who->subject, error);
    }
    g_autofree char *pair = g_strconcat(who->issuer, "\n", who->subject, NULL);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, pair, -1);
    g_snprintf(name, TK_AUTH_NAME_MAX + 1, OIDC_PREFIX "%.*s", HASH_CHARS, hash);
    return true;
}

/* Says no and keeps why. Takes the account's role away where the other side gives none any more. */
static bool turn_away(TkAuth *auth, const char *name, TkRecord *account, const TkFederated *who,
                      const char *why, int64_t now_us, GError **error)
{
    g_autoptr(TkWrite) write = tk_write_new("system", now_us);
    g_autoptr(json_t) detail = json_pack("{s:s, s:s}", "with", who->kind, "why", why);
    tk_write_note(write, "sign-in-refused", KIND_ACCOUNT, name, detail);
    if (account != NULL && strcmp(why, "no-role") == 0 &&
        strcmp(tk_auth_field(account->body, "role"), "none") != 0) {
        json_object_set_new(account->body, "role", json_string("none"));
        tk_auth_put_account(write, name, account->version, "role", account->body);
        if (!tk_auth_end_all(auth, write, name, true, error))
            return false;
    }
    if (!tk_store_commit(auth->store, g_steal_pointer(&write), NULL, error))
        return false;
    if (strcmp(why, "no-role") == 0)
        return tk_fail(error, TK_ERROR_REFUSED, "none of the groups of this person stands for a role here");
    return tk_fail(error, TK_ERROR_FORBIDDEN,
                   strcmp(why, "shut") == 0
                       ? "the account is shut"
                       : "a local account has this name; an administrator renames one of them");
}

/* Brings the account up to what the other side says, in the write that begins the session. */
static bool bring_up(TkAuth *auth, TkWrite *write, const char *name, TkRecord *account,
                     const TkFederated *who, GError **error)
{
    if (account == NULL) {
        g_autoptr(json_t) document = json_pack(
            "{s:s, s:s, s:b, s:b, s:{s:s, s:s, s:s}}", "display", who->display, "role", who->role, "disabled",
            0, "one_time", 0, "source", "kind", who->kind, "issuer", who->issuer, "subject", who->subject);
        if (document == NULL)
            return tk_fail(error, TK_ERROR_INPUT, "name and subject must be UTF-8 text");
        tk_auth_put_account(write, name, TK_STORE_NEW, "add", document);
        return true;
    }
    bool same_role = strcmp(tk_auth_field(account->body, "role"), who->role) == 0;
    if (same_role && strcmp(tk_auth_field(account->body, "display"), who->display) == 0)
        return true;
    json_object_set_new(account->body, "role", json_string(who->role));
    json_object_set_new(account->body, "display", json_string(who->display));
    tk_auth_put_account(write, name, account->version, same_role ? "display" : "role", account->body);
    return same_role || tk_auth_end_all(auth, write, name, false, error);
}

bool tk_auth_federated(TkAuth *auth, const TkFederated *who, int64_t now_us, char *token, GError **error)
{
    char name[TK_AUTH_NAME_MAX + 1];
    if (!name_of(who, name, error))
        return false;
    g_autoptr(TkRecord) account = tk_auth_account(auth, name, NULL);
    if (account != NULL && !vouched_by(account->body, who))
        return turn_away(auth, name, NULL, who, "another", now_us, error);
    if (account != NULL && tk_auth_flag(account->body, "disabled"))
        return turn_away(auth, name, account, who, "shut", now_us, error);
    if (who->role == NULL || *who->role == '\0')
        return turn_away(auth, name, account, who, "no-role", now_us, error);
    g_autoptr(TkWrite) write = tk_write_new(name, now_us);
    if (!bring_up(auth, write, name, account, who, error))
        return false;
    tk_auth_begin_session(write, name, who->kind, now_us, token);
    return tk_store_commit(auth->store, g_steal_pointer(&write), NULL, error);
}

bool tk_auth_is_for_ldap(TkAuth *auth, const char *name)
{
    if (!tk_auth_name_ok(name, NULL))
        return false;
    g_autoptr(TkRecord) account = tk_auth_account(auth, name, NULL);
    const json_t *source = account == NULL ? NULL : json_object_get(account->body, "source");
    return account == NULL || strcmp(tk_auth_field(source, "kind"), TK_FEDERATED_LDAP) == 0;
}

bool tk_auth_ldap_sign_in(TkAuth *auth, TkLdap *ldap, const char *name, const char *password, int64_t now_us,
                          char *token, GError **error)
{
    TkLdapPerson person;
    GError *why = NULL;
    if (strlen(password) > TK_AUTH_PASSWORD_MAX || tk_auth_waits(auth, name, now_us))
        return tk_fail(error, TK_ERROR_FORBIDDEN, TK_AUTH_REFUSED);
    if (tk_ldap_check(ldap, name, password, &person, &why)) {
        const TkFederated who = {.kind = TK_FEDERATED_LDAP,
                                 .issuer = tk_ldap_url(ldap),
                                 .subject = name,
                                 .display = person.display,
                                 .role = person.role};
        tk_auth_forget_failures(auth, name);
        return tk_auth_federated(auth, &who, now_us, token, error);
    }
    if (g_error_matches(why, TK_ERROR, TK_ERROR_FORBIDDEN)) {
        g_error_free(why);
        g_autoptr(json_t) detail = json_pack("{s:s}", "with", TK_FEDERATED_LDAP);
        return tk_auth_refuse(auth, name, detail, now_us, error);
    }
    g_propagate_error(error, why);
    return false;
}

void tk_auth_federated_refused(TkAuth *auth, const char *kind, const char *why, int64_t now_us)
{
    TkWrite *write = tk_write_new("system", now_us);
    g_autoptr(json_t) detail = json_pack("{s:s, s:s}", "with", kind, "why", why);
    tk_write_note(write, "sign-in-refused", KIND_ACCOUNT, kind, detail);
    tk_store_commit(auth->store, write, NULL, NULL);
}

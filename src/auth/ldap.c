/* Asking the directory with libldap (OpenLDAP's own).
 *
 *     name ─► DN (template, or a search) ─► bind with the password ─► display name, groups ─► role
 *
 * What comes from a person goes into a DN or a filter only escaped. Referrals are not followed: they would
 * send a password to whoever the answer names. */
#include "auth/oidc_private.h"
#include "auth/state.h"

#include <ldap.h>

#define CONNECT_S  5
#define ANSWER_S   10
#define FILE_MAX   ((size_t)64 * 1024)
#define GROUPS_MAX 1000

struct TkLdap {
    char *url, *ca_file; /* ca_file NULL: the system's */
    bool start_tls;
    char *user_dn;                                 /* template with {name}; NULL: search */
    char *base, *filter, *bind_dn, *bind_password; /* of the search; bind_dn NULL: anonymous */
    char *display_attribute;
    char *group_base, *group_filter, *group_attribute; /* base NULL: the attribute of the person's entry */
    GArray *roles;
};

static const char *const known[] = {"format", "url",    "start_tls",         "ca_file", "user_dn",
                                    "search", "groups", "display_attribute", "roles",   NULL};

void tk_ldap_free(TkLdap *ldap)
{
    if (ldap == NULL)
        return;
    if (ldap->bind_password != NULL)
        sodium_memzero(ldap->bind_password, strlen(ldap->bind_password));
    char *texts[] = {ldap->url,          ldap->ca_file,         ldap->user_dn,          ldap->base,
                     ldap->filter,       ldap->bind_dn,         ldap->bind_password,    ldap->group_base,
                     ldap->group_filter, ldap->group_attribute, ldap->display_attribute};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    if (ldap->roles != NULL)
        g_array_unref(ldap->roles);
    g_free(ldap);
}

const char *tk_ldap_url(const TkLdap *ldap)
{
    return ldap->url;
}

/* ---- escaping ---- */

char *tk_ldap_filter_escape(const char *value)
{
    GString *out = g_string_new(NULL);
    for (const char *c = value; *c != '\0'; c++) {
        if (strchr("*()\\", *c) != NULL)
            g_string_append_printf(out, "\\%02x", (unsigned char)*c);
        else
            g_string_append_c(out, *c);
    }
    return g_string_free(out, FALSE);
}

char *tk_ldap_dn_escape(const char *value)
{
    GString *out = g_string_new(NULL);
    size_t len = strlen(value);
    for (size_t i = 0; i < len; i++) {
        bool edge = (i == 0 && (value[i] == ' ' || value[i] == '#')) || (i == len - 1 && value[i] == ' ');
        if (edge || strchr("\"+,;<>\\=", value[i]) != NULL)
            g_string_append_c(out, '\\');
        g_string_append_c(out, value[i]);
    }
    return g_string_free(out, FALSE);
}

/* `text` with each {word} replaced by `value`. */
static char *fill(const char *text, const char *word, const char *value)
{
    g_auto(GStrv) parts = g_strsplit(text, word, -1);
    return g_strjoinv(value, parts);
}

/* ---- the configuration ---- */

static bool read_search(TkLdap *ldap, const char *name, const json_t *root, GError **error)
{
    const json_t *search = json_object_get(root, "search");
    if ((ldap->user_dn != NULL) == (search != NULL))
        return tk_fail(error, TK_ERROR_INPUT, "%s: give either user_dn or search", name);
    if (search == NULL)
        return strstr(ldap->user_dn, "{name}") != NULL ||
               tk_fail(error, TK_ERROR_INPUT, "%s: user_dn: {name} is missing in it", name);
    if (!tk_config_text(name, search, "base", NULL, &ldap->base, error) ||
        !tk_config_text(name, search, "filter", "(uid={name})", &ldap->filter, error))
        return false;
    if (strstr(ldap->filter, "{name}") == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "%s: search: filter: {name} is missing in it", name);
    if (json_object_get(search, "bind_dn") == NULL)
        return true;
    return tk_config_text(name, search, "bind_dn", NULL, &ldap->bind_dn, error) &&
           tk_config_secret(name, search, "password_file", &ldap->bind_password, error) &&
           (ldap->bind_password != NULL ||
            tk_fail(error, TK_ERROR_INPUT, "%s: search: password_file: needed with bind_dn", name));
}

static bool read_groups(TkLdap *ldap, const char *name, const json_t *root, GError **error)
{
    const json_t *groups = json_object_get(root, "groups");
    bool searched = json_object_get(groups, "base") != NULL;
    if (!tk_config_text(name, groups, "attribute", searched ? "cn" : "memberOf", &ldap->group_attribute,
                        error))
        return false;
    if (!searched)
        return true;
    if (!tk_config_text(name, groups, "base", NULL, &ldap->group_base, error) ||
        !tk_config_text(name, groups, "filter", "(member={dn})", &ldap->group_filter, error))
        return false;
    return strstr(ldap->group_filter, "{dn}") != NULL || strstr(ldap->group_filter, "{name}") != NULL ||
           tk_fail(error, TK_ERROR_INPUT, "%s: groups: filter: {dn} or {name} is missing in it", name);
}

static bool read_url(TkLdap *ldap, const char *name, const json_t *root, GError **error)
{
    LDAPURLDesc *url = NULL;
    ldap->start_tls = json_is_true(json_object_get(root, "start_tls"));
    if (!tk_config_text(name, root, "url", NULL, &ldap->url, error))
        return false;
    bool read = ldap_url_parse(ldap->url, &url) == LDAP_URL_SUCCESS && url->lud_host != NULL;
    bool tls = read && (strcmp(url->lud_scheme, "ldaps") == 0 || ldap->start_tls);
    bool here = read && (strcmp(url->lud_host, "127.0.0.1") == 0 || strcmp(url->lud_host, "localhost") == 0 ||
                         strcmp(url->lud_host, "::1") == 0);
    bool fits = read && (tls || here) && !(ldap->start_tls && strcmp(url->lud_scheme, "ldaps") == 0) &&
                (strcmp(url->lud_scheme, "ldaps") == 0 || strcmp(url->lud_scheme, "ldap") == 0);
    if (url != NULL)
        ldap_free_urldesc(url);
    return fits ||
           tk_fail(error, TK_ERROR_INPUT,
                   "%s: url: must be ldaps://…, or ldap://… with \"start_tls\": true; without TLS only to "
                   "this machine itself",
                   name);
}

static bool read_config(TkLdap *ldap, const char *name, const json_t *root, GError **error)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)root, key, value)
    {
        if (!g_strv_contains(known, key))
            return tk_fail(error, TK_ERROR_INPUT, "%s: “%.40s” is not a property of this format", name, key);
    }
    if (g_strcmp0(json_string_value(json_object_get(root, "format")), "tokatsu-ldap/1") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: format: must be \"tokatsu-ldap/1\"", name);
    if (json_object_get(root, "user_dn") != NULL &&
        !tk_config_text(name, root, "user_dn", NULL, &ldap->user_dn, error))
        return false;
    if (json_object_get(root, "ca_file") != NULL &&
        !tk_config_text(name, root, "ca_file", NULL, &ldap->ca_file, error))
        return false;
    if (!read_url(ldap, name, root, error) || !read_search(ldap, name, root, error) ||
        !read_groups(ldap, name, root, error) ||
        !tk_config_text(name, root, "display_attribute", "cn", &ldap->display_attribute, error))
        return false;
    ldap->roles = tk_group_roles_read(name, json_object_get(root, "roles"), error);
    return ldap->roles != NULL;
}

TkLdap *tk_ldap_new(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) why = NULL;
    gsize len = 0;
    if (!g_file_get_contents(path, &text, &len, &why)) {
        tk_fail(error, TK_ERROR_INPUT, "%s cannot be read: %s", path, why->message);
        return NULL;
    }
    g_autoptr(json_t) root = tk_json_read(path, text, len, FILE_MAX, error);
    g_autoptr(TkLdap) ldap = g_new0(TkLdap, 1);
    return root != NULL && read_config(ldap, path, root, error) ? g_steal_pointer(&ldap) : NULL;
}

/* ---- the dialogue ---- */

static void unbind(LDAP **session)
{
    if (*session != NULL)
        ldap_unbind_ext_s(*session, NULL, NULL);
}
typedef LDAP *Session;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Session, unbind)

static bool trouble(const TkLdap *ldap, int code, const char *what, GError **error)
{
    return tk_fail(error, TK_ERROR_IO, "the directory %s does not %s: %s", ldap->url, what,
                   ldap_err2string(code));
}

static bool connect_to(const TkLdap *ldap, Session *session, GError **error)
{
    int version = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, client = 0,
        tls12 = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    const struct timeval to_connect = {.tv_sec = CONNECT_S}, to_answer = {.tv_sec = ANSWER_S};
    int code = ldap_initialize(session, ldap->url);
    if (code != LDAP_SUCCESS)
        return trouble(ldap, code, "open", error);
    ldap_set_option(*session, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(*session, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    ldap_set_option(*session, LDAP_OPT_RESTART, LDAP_OPT_ON);
    ldap_set_option(*session, LDAP_OPT_NETWORK_TIMEOUT, &to_connect);
    ldap_set_option(*session, LDAP_OPT_TIMEOUT, &to_answer);
    ldap_set_option(*session, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
    ldap_set_option(*session, LDAP_OPT_X_TLS_PROTOCOL_MIN, &tls12);
    if (ldap->ca_file != NULL)
        ldap_set_option(*session, LDAP_OPT_X_TLS_CACERTFILE, ldap->ca_file);
    ldap_set_option(*session, LDAP_OPT_X_TLS_NEWCTX, &client);
    code = ldap->start_tls ? ldap_start_tls_s(*session, NULL, NULL) : LDAP_SUCCESS;
    return code == LDAP_SUCCESS || trouble(ldap, code, "begin TLS", error);
}

static int bind_as(LDAP *session, const char *dn, const char *password)
{
    struct berval secret = {.bv_val = (char *)password, .bv_len = strlen(password)};
    return ldap_sasl_bind_s(session, dn, LDAP_SASL_SIMPLE, &secret, NULL, NULL, NULL);
}

/* The account that searches; anonymous where there is none. */
static bool bind_to_search(const TkLdap *ldap, LDAP *session, GError **error)
{
    if (ldap->bind_dn == NULL)
        return true;
    int code = bind_as(session, ldap->bind_dn, ldap->bind_password);
    return code == LDAP_SUCCESS || trouble(ldap, code, "let its searching account in", error);
}

/* `limit` entries at most; *found is freed by the caller, also after an error. */
static int look(LDAP *session, const char *base, int scope, const char *filter, const char *attribute,
                int limit, LDAPMessage **found)
{
    char *attributes[] = {(char *)attribute, NULL};
    struct timeval time = {.tv_sec = ANSWER_S};
    return ldap_search_ext_s(session, base, scope, filter, attributes, 0, NULL, NULL, &time, limit, found);
}

/* The one entry of this name; FORBIDDEN where there is none or more than one. */
static char *find_dn(const TkLdap *ldap, LDAP *session, const char *name, GError **error)
{
    g_autofree char *escaped = tk_ldap_filter_escape(name);
    g_autofree char *filter = fill(ldap->filter, "{name}", escaped);
    LDAPMessage *found = NULL;
    char *dn = NULL;
    if (!bind_to_search(ldap, session, error))
        return NULL;
    int code = look(session, ldap->base, LDAP_SCOPE_SUBTREE, filter, LDAP_NO_ATTRS, 2, &found);
    bool one = ldap_count_entries(session, found) == 1;
    if (code == LDAP_SUCCESS && one) {
        char *text = ldap_get_dn(session, ldap_first_entry(session, found));
        dn = g_strdup(text);
        ldap_memfree(text);
    } else if (code == LDAP_SUCCESS || code == LDAP_SIZELIMIT_EXCEEDED || code == LDAP_NO_SUCH_OBJECT) {
        tk_fail(error, TK_ERROR_FORBIDDEN, "the directory knows no such person");
    } else {
        trouble(ldap, code, "search", error);
    }
    ldap_msgfree(found);
    return dn;
}

static void add_values(LDAP *session, LDAPMessage *entry, const char *attribute, json_t *list)
{
    struct berval **values = ldap_get_values_len(session, entry, attribute);
    for (int i = 0; values != NULL && values[i] != NULL && json_array_size(list) < GROUPS_MAX; i++)
        json_array_append_new(list, json_stringn(values[i]->bv_val, values[i]->bv_len));
    ldap_value_free_len(values);
}

/* The attribute's values in all entries found; a new reference. */
static json_t *values_of(LDAP *session, const char *base, int scope, const char *filter,
                         const char *attribute)
{
    LDAPMessage *found = NULL;
    json_t *list = json_array();
    look(session, base, scope, filter, attribute, GROUPS_MAX, &found);
    for (LDAPMessage *entry = ldap_first_entry(session, found); entry != NULL;
         entry = ldap_next_entry(session, entry))
        add_values(session, entry, attribute, list);
    ldap_msgfree(found);
    return list;
}

static json_t *groups_of(const TkLdap *ldap, LDAP *session, const char *dn, const char *name)
{
    if (ldap->group_base == NULL)
        return values_of(session, dn, LDAP_SCOPE_BASE, "(objectClass=*)", ldap->group_attribute);
    g_autofree char *dn_escaped = tk_ldap_filter_escape(dn);
    g_autofree char *name_escaped = tk_ldap_filter_escape(name);
    g_autofree char *with_dn = fill(ldap->group_filter, "{dn}", dn_escaped);
    g_autofree char *filter = fill(with_dn, "{name}", name_escaped);
    return values_of(session, ldap->group_base, LDAP_SCOPE_SUBTREE, filter, ldap->group_attribute);
}

static char *dn_of(const TkLdap *ldap, LDAP *session, const char *name, GError **error)
{
    if (ldap->user_dn == NULL)
        return find_dn(ldap, session, name, error);
    g_autofree char *escaped = tk_ldap_dn_escape(name);
    return fill(ldap->user_dn, "{name}", escaped);
}

bool tk_ldap_check(TkLdap *ldap, const char *name, const char *password, TkLdapPerson *person, GError **error)
{
    g_auto(Session) session = NULL;
    *person = (TkLdapPerson){0};
    if (*name == '\0' || *password == '\0')
        return tk_fail(error, TK_ERROR_FORBIDDEN, "name and password are both needed");
    if (!connect_to(ldap, &session, error))
        return false;
    g_autofree char *dn = dn_of(ldap, session, name, error);
    if (dn == NULL)
        return false;
    int code = bind_as(session, dn, password);
    if (code == LDAP_INVALID_CREDENTIALS || code == LDAP_NO_SUCH_OBJECT || code == LDAP_INVALID_DN_SYNTAX ||
        code == LDAP_INAPPROPRIATE_AUTH || code == LDAP_UNWILLING_TO_PERFORM)
        return tk_fail(error, TK_ERROR_FORBIDDEN, "the directory takes neither name nor password");
    if (code != LDAP_SUCCESS)
        return trouble(ldap, code, "answer", error);
    if (ldap->user_dn == NULL && !bind_to_search(ldap, session, error))
        return false;
    g_autoptr(json_t) names =
        values_of(session, dn, LDAP_SCOPE_BASE, "(objectClass=*)", ldap->display_attribute);
    g_autoptr(json_t) groups = groups_of(ldap, session, dn, name);
    const char *display = json_string_value(json_array_get(names, 0));
    const char *role = tk_group_roles_find(ldap->roles, groups);
    const char *end;
    g_strlcpy(person->display, display == NULL || *display == '\0' ? name : display, sizeof person->display);
    g_utf8_validate(person->display, -1, &end); /* not in the middle of a character */
    person->display[end - person->display] = '\0';
    g_strlcpy(person->role, role == NULL ? "" : role, sizeof person->role);
    return true;
}

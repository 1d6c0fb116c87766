/* The configuration of single sign-on: one JSON file, refused with file and property where it is not sound.
 */
#include "auth/oidc_private.h"

#include "auth/state.h"

#define FILE_MAX   ((size_t)64 * 1024)
#define SECRET_MAX ((size_t)1024)
#define TEXT_MAX   500
#define SCOPES_MAX 20

static const char *const known[] = {"format",
                                    "issuer",
                                    "client_id",
                                    "client_secret_file",
                                    "scopes",
                                    "groups_claim",
                                    "display_claim",
                                    "label",
                                    "ca_file",
                                    "roles",
                                    NULL};

void tk_oidc_config_clear(TkOidcConfig *config)
{
    if (config->client_secret != NULL)
        sodium_memzero(config->client_secret, strlen(config->client_secret));
    g_free(config->issuer);
    g_free(config->client_id);
    g_free(config->client_secret);
    g_free(config->scope);
    g_free(config->groups_claim);
    g_free(config->display_claim);
    g_free(config->label_ja);
    g_free(config->label_en);
    g_free(config->ca_file);
    g_clear_pointer(&config->roles, g_array_unref);
    *config = (TkOidcConfig){0};
}

/* ---- groups and roles ---- */

static void clear_line(gpointer data)
{
    TkGroupRole *line = data;
    g_free(line->group);
    g_free(line->role);
}

GArray *tk_group_roles_read(const char *name, const json_t *list, GError **error)
{
    size_t i, count = json_array_size(list);
    const json_t *value;
    if (count == 0 || count > TK_OIDC_ROLES_MAX) {
        tk_fail(error, TK_ERROR_INPUT, "%s: roles: must be a list of 1 to %d {\"group\",\"role\"}", name,
                TK_OIDC_ROLES_MAX);
        return NULL;
    }
    g_autoptr(GArray) roles = g_array_new(FALSE, TRUE, sizeof(TkGroupRole));
    g_array_set_clear_func(roles, clear_line);
    json_array_foreach(list, i, value)
    {
        const char *group = json_string_value(json_object_get(value, "group"));
        const char *role = json_string_value(json_object_get(value, "role"));
        if (group == NULL || *group == '\0' || strlen(group) > TEXT_MAX || json_object_size(value) != 2 ||
            role == NULL || !tk_auth_role_of_person(role)) {
            tk_fail(error, TK_ERROR_INPUT,
                    "%s: roles[%zu]: must be {\"group\":…, \"role\":…} with a role that a person can have",
                    name, i);
            return NULL;
        }
        TkGroupRole line = {.group = g_strdup(group), .role = g_strdup(role)};
        g_array_append_val(roles, line);
    }
    return g_steal_pointer(&roles);
}

static bool has_group(const json_t *groups, const char *group)
{
    size_t i;
    const json_t *one;
    if (json_is_string(groups))
        return strcmp(json_string_value(groups), group) == 0;
    json_array_foreach(groups, i, one)
    {
        if (g_strcmp0(json_string_value(one), group) == 0)
            return true;
    }
    return false;
}

const char *tk_group_roles_find(const GArray *roles, const json_t *groups)
{
    for (unsigned i = 0; i < roles->len; i++) {
        const TkGroupRole *line = &g_array_index(roles, TkGroupRole, i);
        if (has_group(groups, line->group))
            return line->role;
    }
    return NULL;
}

const json_t *tk_oidc_claim(const json_t *claims, const char *name)
{
    const json_t *value = json_object_get(claims, name);
    if (value != NULL || strchr(name, '.') == NULL)
        return value;
    g_auto(GStrv) parts = g_strsplit(name, ".", 10);
    value = claims;
    for (char **part = parts; *part != NULL && value != NULL; part++)
        value = json_object_get(value, *part);
    return value;
}

/* ---- the file ---- */

bool tk_config_text(const char *name, const json_t *root, const char *key, const char *otherwise, char **out,
                    GError **error)
{
    const json_t *value = json_object_get(root, key);
    const char *text = value == NULL ? otherwise : json_string_value(value);
    if (text == NULL || *text == '\0' || strlen(text) > TEXT_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "%s: %s: must be a text of 1 to %d bytes", name, key, TEXT_MAX);
    *out = g_strdup(text);
    return true;
}

static bool read_scopes(const char *name, const json_t *root, char **out, GError **error)
{
    const json_t *list = json_object_get(root, "scopes"), *value;
    size_t i;
    bool openid = list == NULL;
    g_autoptr(GString) scope = g_string_new(list == NULL ? "openid profile" : "");
    if (list != NULL && (!json_is_array(list) || json_array_size(list) > SCOPES_MAX))
        return tk_fail(error, TK_ERROR_INPUT, "%s: scopes: must be a list of at most %d", name, SCOPES_MAX);
    json_array_foreach(list, i, value)
    {
        const char *text = json_string_value(value);
        if (text == NULL || *text == '\0' || strlen(text) > 100 || strpbrk(text, " \t\"\\") != NULL)
            return tk_fail(error, TK_ERROR_INPUT, "%s: scopes[%zu]: must be one word", name, i);
        openid = openid || strcmp(text, "openid") == 0;
        g_string_append_printf(scope, "%s%s", scope->len > 0 ? " " : "", text);
    }
    *out = g_strdup(scope->str);
    return openid || tk_fail(error, TK_ERROR_INPUT, "%s: scopes: openid is missing", name);
}

bool tk_config_secret(const char *name, const json_t *root, const char *key, char **out, GError **error)
{
    const json_t *value = json_object_get(root, key);
    if (value == NULL)
        return true;
    const char *path = json_string_value(value);
    g_autoptr(GError) why = NULL;
    gsize len = 0;
    if (path == NULL || !g_file_get_contents(path, out, &len, &why))
        return tk_fail(error, TK_ERROR_INPUT, "%s: %s: cannot be read: %s", name, key,
                       why == NULL ? "must be a path" : why->message);
    g_strchomp(*out);
    return (len <= SECRET_MAX && **out != '\0' && g_utf8_validate(*out, -1, NULL)) ||
           tk_fail(error, TK_ERROR_INPUT, "%s: client_secret_file: must hold one line of at most %zu bytes",
                   name, SECRET_MAX);
}

static bool read_label(const char *name, const json_t *root, TkOidcConfig *config, GError **error)
{
    const json_t *label = json_object_get(root, "label");
    return tk_config_text(name, label, "ja", label == NULL ? "シングルサインオン" : NULL, &config->label_ja,
                          error) &&
           tk_config_text(name, label, "en", label == NULL ? "Single sign-on" : NULL, &config->label_en,
                          error);
}

bool tk_oidc_config_read(TkOidcConfig *config, const char *name, const char *text, size_t len, GError **error)
{
    g_autoptr(json_t) root = tk_json_read(name, text, len, FILE_MAX, error);
    const char *key;
    json_t *value;
    if (root == NULL)
        return false;
    json_object_foreach(root, key, value)
    {
        if (!g_strv_contains(known, key))
            return tk_fail(error, TK_ERROR_INPUT, "%s: “%.40s” is not a property of this format", name, key);
    }
    if (g_strcmp0(json_string_value(json_object_get(root, "format")), "tokatsu-oidc/1") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: format: must be \"tokatsu-oidc/1\"", name);
    if (!tk_config_text(name, root, "issuer", NULL, &config->issuer, error) ||
        !tk_config_text(name, root, "client_id", NULL, &config->client_id, error) ||
        !tk_config_text(name, root, "groups_claim", "groups", &config->groups_claim, error) ||
        !tk_config_text(name, root, "display_claim", "name", &config->display_claim, error) ||
        !read_scopes(name, root, &config->scope, error) || !read_label(name, root, config, error) ||
        !tk_config_secret(name, root, "client_secret_file", &config->client_secret, error))
        return false;
    if (json_object_get(root, "ca_file") != NULL &&
        !tk_config_text(name, root, "ca_file", NULL, &config->ca_file, error))
        return false;
    if (!tk_oidc_url_ok(config->issuer))
        return tk_fail(error, TK_ERROR_INPUT,
                       "%s: issuer: must be an https address (http only for this machine itself)", name);
    config->roles = tk_group_roles_read(name, json_object_get(root, "roles"), error);
    return config->roles != NULL;
}

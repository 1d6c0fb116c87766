/* Inside single sign-on: its configuration, and asking the provider. */
#ifndef TK_AUTH_OIDC_PRIVATE_H
#define TK_AUTH_OIDC_PRIVATE_H

#include "auth/auth.h"

#define TK_OIDC_ROLES_MAX 200 /* lines of the mapping */

/* One line of the mapping; the first whose group somebody has decides. Owned by the configuration. */
typedef struct {
    char *group, *role;
} TkGroupRole;

typedef struct {
    char *issuer, *client_id;
    char *client_secret; /* NULL: a public client, PKCE alone */
    char *scope;         /* "openid profile …" */
    char *groups_claim, *display_claim;
    char *label_ja, *label_en;
    char *ca_file; /* NULL: the system's */
    GArray *roles; /* of TkGroupRole, in the file's order */
} TkOidcConfig;

/* Reads the text of a configuration file; a secret's file is read beside it. `name` begins every message. */
bool tk_oidc_config_read(TkOidcConfig *config, const char *name, const char *text, size_t len,
                         GError **error);
void tk_oidc_config_clear(TkOidcConfig *config);

/* A text of the configuration, `otherwise` where it is absent (NULL: it is needed); owned by the caller. */
bool tk_config_text(const char *name, const json_t *root, const char *key, const char *otherwise, char **out,
                    GError **error);
/* The one line of the file that `key` names; *out stays NULL where the key is absent. */
bool tk_config_secret(const char *name, const json_t *root, const char *key, char **out, GError **error);
/* [{"group","role"}…] as TkGroupRole; a role must be one that a person can have. NULL and *error. */
GArray *tk_group_roles_read(const char *name, const json_t *list, GError **error);
/* The role of the first line whose group is in `groups` (a text or a list of texts); NULL: none. */
const char *tk_group_roles_find(const GArray *roles, const json_t *groups);
/* The value at a claim's name, or where there is none by that name along its dots; borrowed. */
const json_t *tk_oidc_claim(const json_t *claims, const char *name);

/* https, or http to this machine itself; no name and password in it, no fragment. */
bool tk_oidc_url_ok(const char *url);

typedef struct {
    const char *url;
    const char *form;   /* sent as a form by POST; NULL: GET */
    const char *header; /* one more header; NULL: none */
    const char *ca_file;
    size_t max; /* bytes of the answer */
} TkOidcRequest;

/* Asks, follows no redirect, waits 10 seconds at most. The answer's text, owned by the caller; NULL and
 * TK_ERROR_IO where there is none, where it is larger, or where its status is not 200. */
char *tk_oidc_fetch(const TkOidcRequest *request, size_t *len, GError **error);

#endif

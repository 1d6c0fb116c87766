/* A directory (LDAP v3) that checks names and passwords: part of auth's door.
 *
 * The password goes to the directory and is kept nowhere; who comes in gets an account marked with the
 * directory and the name (tk_auth_federated), and the role that their groups stand for. */
#ifndef TK_AUTH_LDAP_H
#define TK_AUTH_LDAP_H

#include "base/base.h"

#define TK_LDAP_DISPLAY_MAX 200
#define TK_LDAP_ROLE_MAX    32

typedef struct TkLdap TkLdap;

/* Reads the configuration (docs/operating.md); asks nothing of the directory yet. NULL and *error naming
 * file, property and reason: TLS is required unless the directory is this machine itself. */
TkLdap *tk_ldap_new(const char *path, GError **error);
void tk_ldap_free(TkLdap *ldap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkLdap, tk_ldap_free)
const char *tk_ldap_url(const TkLdap *ldap);

typedef struct {
    char display[TK_LDAP_DISPLAY_MAX + 1];
    char role[TK_LDAP_ROLE_MAX]; /* of the first line of the mapping whose group they have; "": none */
} TkLdapPerson;

/* Binds as the person. TK_ERROR_FORBIDDEN where name or password are not right (an empty password is never
 * sent: a directory takes it for an anonymous bind and says yes), TK_ERROR_IO where the directory does not
 * answer as it should. Waits 10 seconds for each step at most: not for an event loop. */
bool tk_ldap_check(TkLdap *ldap, const char *name, const char *password, TkLdapPerson *person,
                   GError **error);

/* A value as it may stand in a search filter (RFC 4515 section 3); owned by the caller. */
char *tk_ldap_filter_escape(const char *value);
/* A value as it may stand in a distinguished name (RFC 4514 section 2.4); owned by the caller. */
char *tk_ldap_dn_escape(const char *value);

#endif

/* Accounts on a real store in a temporary folder. */
#ifndef TK_AUTH_FIXTURE_H
#define TK_AUTH_FIXTURE_H

#include "unit.h"

#include "auth/auth.h"
#include "store/store.h"

#define PASSWORD "correct horse battery"

typedef struct {
    char *dir;
    TkStore *store;
    TkAuth *auth;
    int64_t now;
} Fixture;

static inline int open_house(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    GError *error = NULL;
    f->dir = g_dir_make_tmp("tokatsu-auth-XXXXXX", NULL);
    f->store = tk_store_open(&(TkStoreOptions){.data_dir = f->dir}, &error);
    if (f->store == NULL)
        fail_msg("%s", error->message);
    f->auth = tk_auth_new(f->store, f->dir, &error);
    if (f->auth == NULL)
        fail_msg("%s", error->message);
    f->now = at("2026-11-01T09:00:00+09:00");
    *state = f;
    return 0;
}

static inline int close_house(void **state)
{
    Fixture *f = *state;
    tk_auth_free(f->auth);
    tk_store_close(f->store);
    const char *command[] = {"rm", "-rf", f->dir, NULL};
    g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    g_free(f->dir);
    g_free(f);
    return 0;
}

static inline bool enter(Fixture *f, const char *name, const char *password, const char *code, char *token)
{
    bool needs_code;
    return tk_auth_sign_in(f->auth, name, password, code, f->now, token, &needs_code, NULL);
}

static inline void add(Fixture *f, const char *name, const char *role)
{
    GError *error = NULL;
    if (!tk_auth_account_add(f->auth, "admin", name, name, role, PASSWORD, false, f->now, &error))
        fail_msg("%s", error->message);
}

#endif

/* Accounts on a real store in a temporary folder. */
#include "auth_fixture.h"

#include <liboath/oath.h>

static void the_first_administrator_is_made_once(void **state)
{
    Fixture *f = *state;
    char *one_time = NULL;
    char token[TK_AUTH_TOKEN_MAX];
    assert_true(tk_auth_is_empty(f->auth));
    assert_true(tk_auth_first_administrator(f->auth, NULL, f->now, &one_time, NULL));
    assert_non_null(one_time);
    assert_true(enter(f, "admin", one_time, NULL, token));
    g_free(one_time);
    assert_true(tk_auth_first_administrator(f->auth, "another password", f->now, &one_time, NULL));
    assert_null(one_time);
    assert_false(enter(f, "admin", "another password", NULL, token));
}

static void a_session_tells_who_it_is_until_it_ends(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    TkIdentity who;
    add(f, "hanako", "noc-operator");
    assert_true(enter(f, "hanako", PASSWORD, NULL, token));
    assert_true(tk_auth_session(f->auth, token, f->now, &who, NULL));
    assert_string_equal(who.account, "hanako");
    assert_string_equal(who.role, "noc-operator");
    assert_true(strlen(who.csrf) >= 32);
    assert_true(tk_auth_sign_out(f->auth, token, f->now, NULL));
    assert_false(tk_auth_session(f->auth, token, f->now, &who, NULL));
}

static void an_idle_session_ends_and_a_busy_one_ends_after_half_a_day(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    TkIdentity who;
    add(f, "jiro", "engineer");
    int64_t began = f->now;
    assert_true(enter(f, "jiro", PASSWORD, NULL, token));
    assert_false(tk_auth_session(f->auth, token, began + TK_AUTH_IDLE_US + 1, &who, NULL));
    assert_true(enter(f, "jiro", PASSWORD, NULL, token));
    for (int64_t t = began; t <= began + TK_AUTH_ABSOLUTE_US; t += TK_AUTH_IDLE_US)
        assert_true(tk_auth_session(f->auth, token, t, &who, NULL));
    assert_false(tk_auth_session(f->auth, token, began + TK_AUTH_ABSOLUTE_US + 1, &who, NULL));
}

static void a_wall_screen_may_be_left_for_longer(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    TkIdentity who;
    add(f, "kabe", "noc-operator");
    int64_t began = f->now, late = began + TK_AUTH_ABSOLUTE_US;
    tk_auth_set_idle(f->auth, 10 * TK_AUTH_ABSOLUTE_US); /* never beyond the absolute limit */
    assert_true(enter(f, "kabe", PASSWORD, NULL, token));
    assert_true(tk_auth_session(f->auth, token, late, &who, NULL));
    assert_false(tk_auth_session(f->auth, token, late + 1, &who, NULL));
    tk_auth_set_idle(f->auth, TK_AUTH_IDLE_US);
}

static void failed_tries_make_the_account_wait(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    add(f, "saburo", "engineer");
    for (int i = 0; i < 4; i++)
        assert_false(enter(f, "saburo", "not the password", NULL, token));
    assert_false(enter(f, "saburo", PASSWORD, NULL, token)); /* even the right one has to wait */
    f->now += 10 * TK_US_PER_S;
    assert_true(enter(f, "saburo", PASSWORD, NULL, token));
}

static void an_unknown_name_and_a_wrong_password_read_the_same(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    bool needs_code;
    add(f, "shiro", "engineer");
    g_autoptr(GError) unknown = NULL;
    g_autoptr(GError) wrong = NULL;
    assert_false(tk_auth_sign_in(f->auth, "nobody", PASSWORD, NULL, f->now, token, &needs_code, &unknown));
    assert_false(
        tk_auth_sign_in(f->auth, "shiro", "not the password", NULL, f->now, token, &needs_code, &wrong));
    assert_string_equal(unknown->message, wrong->message);
}

static char *code_at(const char *uri, int64_t now_us)
{
    const char *secret = strstr(uri, "secret=") + 7;
    char *seed = NULL;
    size_t len = 0;
    char code[7];
    assert_int_equal(oath_base32_decode(secret, strcspn(secret, "&"), &seed, &len), OATH_OK);
    assert_int_equal(oath_totp_generate(seed, len, (time_t)(now_us / TK_US_PER_S), 30, 0, 6, code), OATH_OK);
    free(seed);
    return g_strdup(code);
}

static void a_one_time_code_is_asked_for_and_good_once(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    bool needs_code = false;
    g_autofree char *uri = NULL;
    add(f, "goro", "compliance");
    assert_true(tk_auth_totp_begin(f->auth, "goro", "統括", f->now, &uri, NULL));
    assert_true(enter(f, "goro", PASSWORD, NULL, token)); /* not confirmed yet */
    g_autofree char *first = code_at(uri, f->now);
    assert_true(tk_auth_totp_confirm(f->auth, "goro", first, f->now, NULL));
    assert_false(tk_auth_sign_in(f->auth, "goro", PASSWORD, NULL, f->now, token, &needs_code, NULL));
    assert_true(needs_code);
    assert_false(enter(f, "goro", PASSWORD, first, token)); /* used by the confirmation */
    f->now += 60 * TK_US_PER_S;
    g_autofree char *second = code_at(uri, f->now);
    assert_true(enter(f, "goro", PASSWORD, second, token));
    assert_false(enter(f, "goro", PASSWORD, second, token));
}

static void shutting_an_account_ends_its_sessions_and_tokens(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX], api[TK_AUTH_TOKEN_MAX];
    TkIdentity who;
    add(f, "rokuro", "engineer");
    assert_true(enter(f, "rokuro", PASSWORD, NULL, token));
    assert_true(tk_auth_token_add(f->auth, "rokuro", "script", "read", TK_US_PER_DAY, f->now, api, NULL));
    assert_true(tk_auth_token(f->auth, api, f->now, &who, NULL));
    assert_string_equal(who.scope, "read");
    assert_false(tk_auth_token(f->auth, api, f->now + TK_US_PER_DAY, &who, NULL));
    assert_true(tk_auth_account_disable(f->auth, "admin", "rokuro", true, f->now, NULL));
    assert_false(tk_auth_session(f->auth, token, f->now, &who, NULL));
    assert_false(tk_auth_token(f->auth, api, f->now, &who, NULL));
    assert_false(enter(f, "rokuro", PASSWORD, NULL, token));
}

static void weak_passwords_and_odd_names_are_refused_with_the_reason(void **state)
{
    Fixture *f = *state;
    GError *error = NULL;
    assert_false(tk_auth_account_add(f->auth, "admin", "shichiro", "七郎", "engineer", "short", false, f->now,
                                     &error));
    assert_error_says(error, "at least 12 characters");
    assert_false(tk_auth_account_add(f->auth, "admin", "Not A Name", "x", "engineer", PASSWORD, false, f->now,
                                     &error));
    assert_error_says(error, "account's name");
    assert_false(
        tk_auth_account_add(f->auth, "admin", "hachiro", "八郎", "king", PASSWORD, false, f->now, &error));
    assert_error_says(error, "is not a role");
}

static void nothing_secret_lies_in_the_database(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    add(f, "kuro", "engineer");
    assert_true(enter(f, "kuro", PASSWORD, NULL, token));
    const char *files[] = {"tokatsu.db", "tokatsu.db-wal"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(f->dir, files[i], NULL);
        g_autofree char *bytes = NULL;
        gsize len = 0;
        if (!g_file_get_contents(path, &bytes, &len, NULL))
            continue;
        assert_null(memmem(bytes, len, PASSWORD, strlen(PASSWORD)));
        assert_null(memmem(bytes, len, token, strlen(token)));
    }
}

static void a_sealed_field_opens_only_unchanged(void **state)
{
    Fixture *f = *state;
    size_t len = 0;
    GError *error = NULL;
    g_autofree char *sealed = tk_auth_seal(f->auth, "通信の秘密", strlen("通信の秘密"));
    g_autofree char *plain = tk_auth_unseal(f->auth, sealed, &len, NULL);
    assert_string_equal(plain, "通信の秘密");
    sealed[10] = sealed[10] == 'A' ? 'B' : 'A';
    assert_null(tk_auth_unseal(f->auth, sealed, &len, &error));
    assert_error_says(error, "does not open");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_administrator_is_made_once),
        cmocka_unit_test(a_session_tells_who_it_is_until_it_ends),
        cmocka_unit_test(an_idle_session_ends_and_a_busy_one_ends_after_half_a_day),
        cmocka_unit_test(a_wall_screen_may_be_left_for_longer),
        cmocka_unit_test(failed_tries_make_the_account_wait),
        cmocka_unit_test(an_unknown_name_and_a_wrong_password_read_the_same),
        cmocka_unit_test(a_one_time_code_is_asked_for_and_good_once),
        cmocka_unit_test(shutting_an_account_ends_its_sessions_and_tokens),
        cmocka_unit_test(weak_passwords_and_odd_names_are_refused_with_the_reason),
        cmocka_unit_test(nothing_secret_lies_in_the_database),
        cmocka_unit_test(a_sealed_field_opens_only_unchanged),
    };
    return cmocka_run_group_tests(tests, open_house, close_house);
}

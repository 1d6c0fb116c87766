/* Passkeys of accounts, from being asked for to signing in and being taken away. */
#include "auth_fixture.h"

#include <liboath/oath.h>

#include "../../src/auth/passkey_record.h"
#include "passkey_maker.h"

static const TkRelyingParty noc = {.id = "noc.example", .origin = "https://noc.example"};
static const TkRelyingParty other = {.id = "other.example", .origin = "https://other.example"};

static char *text_of(GBytes *bytes)
{
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    return tk_passkey_encode(data, len);
}

static json_t *credential_of(const Maker *maker, Answer answer, const char *holder)
{
    g_autofree char *id = tk_passkey_encode(maker->id, sizeof maker->id);
    json_t *response = json_object();
    const struct {
        const char *name;
        GBytes *bytes;
    } parts[] = {{"clientDataJSON", answer.client_data},
                 {"attestationObject", answer.attestation},
                 {"authenticatorData", answer.auth_data},
                 {"signature", answer.signature}};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *text = parts[i].bytes == NULL ? NULL : text_of(parts[i].bytes);
        if (text != NULL)
            json_object_set_new(response, parts[i].name, json_string(text));
    }
    if (holder != NULL)
        json_object_set_new(response, "userHandle", json_string(holder));
    answer_clear(&answer);
    return json_pack("{s:s, s:s, s:o}", "id", id, "type", "public-key", "response", response);
}

static const char *at_path(const json_t *options, const char *name)
{
    return json_string_value(json_object_get(json_object_get(options, "publicKey"), name));
}

static json_t *enrol(Fixture *f, const Maker *maker, const char *name, const char *label, GError **error)
{
    g_autoptr(json_t) options = tk_auth_passkey_begin(f->auth, maker->party, name, "session", f->now, error);
    if (options == NULL)
        return NULL;
    g_autoptr(json_t) credential =
        credential_of(maker, maker_register(maker, at_path(options, "challenge")), NULL);
    return tk_auth_passkey_add(f->auth, maker->party, name, "session", label, credential, f->now, error);
}

/* The holder that the browser was told at registration. */
static char *holder_of(Fixture *f, const char *name)
{
    g_autoptr(json_t) options = tk_auth_passkey_begin(f->auth, &noc, name, "another", f->now, NULL);
    return g_strdup(json_string_value(
        json_object_get(json_object_get(json_object_get(options, "publicKey"), "user"), "id")));
}

static bool come(Fixture *f, const Maker *maker, const char *name, const char *holder, char *token,
                 GError **error)
{
    g_autoptr(json_t) options = tk_auth_passkey_ask(f->auth, &noc, name, f->now, NULL);
    g_autoptr(json_t) credential =
        credential_of(maker, maker_use(maker, at_path(options, "challenge")), holder);
    return tk_auth_passkey_sign_in(f->auth, &noc, json_string_value(json_object_get(options, "attempt")),
                                   credential, f->now, token, error);
}

static void with_a_name_and_without_one_the_right_passkey_opens_a_session(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    TkIdentity who;
    GError *error = NULL;
    add(f, "hanako", "noc-operator");
    g_autofree char *holder = holder_of(f, "hanako");
    Maker *maker = maker_new(-7, &noc);
    g_autoptr(json_t) made = enrol(f, maker, "hanako", "花子の鍵", &error);
    if (made == NULL)
        fail_msg("%s", error->message);
    assert_string_equal(json_string_value(json_object_get(made, "label")), "花子の鍵");
    assert_true(json_is_null(json_object_get(made, "used_at")));
    f->now += TK_US_PER_S;
    if (!come(f, maker, "hanako", NULL, token, &error) || !come(f, maker, NULL, holder, token, &error))
        fail_msg("%s", error->message);
    assert_true(tk_auth_session(f->auth, token, f->now, &who, NULL));
    assert_string_equal(who.account, "hanako");
    assert_string_equal(who.role, "noc-operator");
    g_autoptr(json_t) list = tk_auth_passkeys(f->auth, "hanako", NULL);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "used_at")),
                        "2026-11-01T09:00:01+09:00");
    assert_false(come(f, maker, NULL, NULL, token, &error)); /* nobody said who it is */
    assert_true(g_error_matches(error, TK_ERROR, TK_ERROR_FORBIDDEN));
    g_clear_error(&error);
    maker_free(maker);
}

static void no_code_is_asked_beside_a_passkey(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX], code[7];
    g_autofree char *uri = NULL;
    add(f, "hanako", "noc-operator");
    assert_true(tk_auth_totp_begin(f->auth, "hanako", "t", f->now, &uri, NULL));
    g_autofree char *secret = g_strdup(strstr(uri, "secret=") + 7);
    char *raw = NULL;
    size_t len = 0;
    *strchr(secret, '&') = '\0';
    assert_int_equal(oath_base32_decode(secret, strlen(secret), &raw, &len), OATH_OK);
    oath_totp_generate(raw, len, (time_t)(f->now / TK_US_PER_S), 30, 0, 6, code);
    free(raw);
    assert_true(tk_auth_totp_confirm(f->auth, "hanako", code, f->now, NULL));
    Maker *maker = maker_new(-7, &noc);
    json_decref(enrol(f, maker, "hanako", "鍵", NULL));
    assert_false(enter(f, "hanako", PASSWORD, NULL, token));
    assert_true(come(f, maker, "hanako", NULL, token, NULL));
    maker_free(maker);
}

static void a_challenge_is_good_once_and_for_five_minutes(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    GError *error = NULL;
    add(f, "hanako", "noc-operator");
    Maker *maker = maker_new(-7, &noc);
    json_decref(enrol(f, maker, "hanako", "鍵", NULL));
    g_autoptr(json_t) options = tk_auth_passkey_ask(f->auth, &noc, "hanako", f->now, NULL);
    const char *attempt = json_string_value(json_object_get(options, "attempt"));
    g_autoptr(json_t) answer = credential_of(maker, maker_use(maker, at_path(options, "challenge")), NULL);
    assert_true(tk_auth_passkey_sign_in(f->auth, &noc, attempt, answer, f->now, token, NULL));
    assert_false(tk_auth_passkey_sign_in(f->auth, &noc, attempt, answer, f->now, token, &error));
    assert_error_says(error, "spent or older");
    g_autoptr(json_t) late = tk_auth_passkey_ask(f->auth, &noc, "hanako", f->now, NULL);
    g_autoptr(json_t) late_answer = credential_of(maker, maker_use(maker, at_path(late, "challenge")), NULL);
    assert_false(tk_auth_passkey_sign_in(f->auth, &noc, json_string_value(json_object_get(late, "attempt")),
                                         late_answer, f->now + TK_PASSKEY_CHALLENGE_US, token, &error));
    assert_error_says(error, "spent or older");
    /* the answer to one attempt is none to another */
    g_autoptr(json_t) one = tk_auth_passkey_ask(f->auth, &noc, "hanako", f->now, NULL);
    g_autoptr(json_t) two = tk_auth_passkey_ask(f->auth, &noc, "hanako", f->now, NULL);
    g_autoptr(json_t) crossed = credential_of(maker, maker_use(maker, at_path(one, "challenge")), NULL);
    assert_false(tk_auth_passkey_sign_in(f->auth, &noc, json_string_value(json_object_get(two, "attempt")),
                                         crossed, f->now, token, &error));
    assert_error_says(error, "another challenge");
    maker_free(maker);
}

static void a_registration_belongs_to_the_session_that_began_it(void **state)
{
    Fixture *f = *state;
    GError *error = NULL;
    add(f, "hanako", "noc-operator");
    add(f, "taro", "noc-operator");
    Maker *maker = maker_new(-7, &noc);
    g_autoptr(json_t) options = tk_auth_passkey_begin(f->auth, &noc, "hanako", "her session", f->now, NULL);
    g_autoptr(json_t) answer =
        credential_of(maker, maker_register(maker, at_path(options, "challenge")), NULL);
    assert_null(tk_auth_passkey_add(f->auth, &noc, "taro", "his session", "鍵", answer, f->now, &error));
    assert_error_says(error, "begin anew");
    g_autoptr(json_t) made =
        tk_auth_passkey_add(f->auth, &noc, "hanako", "her session", "鍵", answer, f->now, NULL);
    assert_non_null(made);
    assert_null(tk_auth_passkey_add(f->auth, &noc, "hanako", "her session", "鍵", answer, f->now, &error));
    assert_error_says(error, "begin anew");
    maker_free(maker);
}

static void a_counter_that_went_back_is_refused_told_and_marked(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    GError *error = NULL;
    add(f, "hanako", "noc-operator");
    Maker *maker = maker_new(-7, &noc);
    maker->counter = 5;
    json_decref(enrol(f, maker, "hanako", "鍵", NULL));
    maker->counter = 6;
    assert_true(come(f, maker, "hanako", NULL, token, NULL));
    maker->counter = 3;
    assert_false(come(f, maker, "hanako", NULL, token, &error));
    assert_error_says(error, "went back from 6 to 3");
    g_autoptr(json_t) list = tk_auth_passkeys(f->auth, "hanako", NULL);
    assert_true(json_is_string(json_object_get(json_array_get(list, 0), "copied_at")));
    maker_free(maker);
}

static void failures_make_the_account_wait_as_those_of_a_password_do(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    GError *error = NULL;
    add(f, "hanako", "noc-operator");
    Maker *maker = maker_new(-7, &noc);
    json_decref(enrol(f, maker, "hanako", "鍵", NULL));
    maker->flags = 0x01;
    for (int i = 0; i < 4; i++) {
        assert_false(come(f, maker, "hanako", NULL, token, &error));
        g_clear_error(&error);
    }
    maker->flags = 0x05;
    assert_false(come(f, maker, "hanako", NULL, token, &error));
    assert_error_says(error, "waits after failed tries");
    assert_false(enter(f, "hanako", PASSWORD, NULL, token));
    f->now += 10 * TK_US_PER_S;
    assert_true(come(f, maker, "hanako", NULL, token, NULL));
    maker_free(maker);
}

static void a_removed_passkey_a_shut_account_and_a_foreign_site_are_refused(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    GError *error = NULL;
    TkIdentity who;
    add(f, "hanako", "noc-operator");
    add(f, "taro", "noc-operator");
    Maker *maker = maker_new(-7, &noc), *elsewhere = maker_new(-7, &other);
    g_autoptr(json_t) made = enrol(f, maker, "hanako", "鍵", NULL);
    json_decref(enrol(f, elsewhere, "hanako", "別の鍵", NULL));
    const char *id = json_string_value(json_object_get(made, "id"));
    assert_false(come(f, elsewhere, "hanako", NULL, token, &error));
    assert_error_says(error, "does not fit this sign-in");
    assert_false(come(f, maker, "taro", NULL, token, &error)); /* hers, where his was asked for */
    assert_error_says(error, "does not fit this sign-in");
    f->now += 10 * TK_US_PER_S;
    assert_true(tk_auth_account_disable(f->auth, "admin", "hanako", true, f->now, NULL));
    assert_false(come(f, maker, "hanako", NULL, token, &error));
    assert_error_says(error, "is shut");
    assert_true(tk_auth_account_disable(f->auth, "admin", "hanako", false, f->now, NULL));
    f->now += 60 * TK_US_PER_S;
    assert_true(come(f, maker, "hanako", NULL, token, NULL));
    assert_false(tk_auth_passkey_remove(f->auth, "taro", "taro", id, f->now, &error));
    assert_error_says(error, "no passkey of this id");
    assert_true(tk_auth_passkey_remove(f->auth, "admin", "hanako", id, f->now, NULL));
    assert_false(tk_auth_session(f->auth, token, f->now, &who, NULL)); /* somebody else's hand ends it */
    assert_false(come(f, maker, "hanako", NULL, token, &error));
    assert_error_says(error, "not known here");
    maker_free(maker);
    maker_free(elsewhere);
}

static size_t allowed(Fixture *f, const char *name, char **first)
{
    g_autoptr(json_t) options = tk_auth_passkey_ask(f->auth, &noc, name, f->now, NULL);
    const json_t *list = json_object_get(json_object_get(options, "publicKey"), "allowCredentials");
    if (first != NULL)
        *first = g_strdup(json_string_value(json_object_get(json_array_get(list, 0), "id")));
    return json_array_size(list);
}

static void asking_tells_nothing_about_who_has_an_account(void **state)
{
    Fixture *f = *state;
    add(f, "hanako", "noc-operator");
    g_autofree char *hers = NULL, *nobodys = NULL, *again = NULL;
    assert_int_equal(allowed(f, NULL, NULL), 0);
    assert_int_equal(allowed(f, "hanako", &hers), 1); /* she has none yet */
    assert_int_equal(allowed(f, "nobody", &nobodys), 1);
    assert_int_equal(allowed(f, "nobody", &again), 1);
    assert_int_equal(allowed(f, "NOT A NAME", NULL), 1);
    assert_string_equal(nobodys, again);
    assert_string_not_equal(nobodys, hers);
    Maker *maker = maker_new(-7, &noc);
    json_decref(enrol(f, maker, "hanako", "鍵", NULL));
    g_autofree char *real = NULL, *id = tk_passkey_encode(maker->id, sizeof maker->id);
    assert_int_equal(allowed(f, "hanako", &real), 1);
    assert_string_equal(real, id);
    assert_int_equal(strlen(real), strlen(nobodys));
    maker_free(maker);
}

static void an_account_has_twenty_at_most_and_each_once(void **state)
{
    Fixture *f = *state;
    GError *error = NULL;
    add(f, "hanako", "noc-operator");
    Maker *first = maker_new(-7, &noc);
    json_decref(enrol(f, first, "hanako", "鍵", NULL));
    assert_null(enrol(f, first, "hanako", "鍵", &error));
    assert_error_says(error, "registered here already");
    for (int i = 1; i < TK_PASSKEYS_MAX; i++) {
        Maker *maker = maker_new(-8, &noc);
        json_decref(enrol(f, maker, "hanako", "鍵", NULL));
        maker_free(maker);
    }
    assert_null(tk_auth_passkey_begin(f->auth, &noc, "hanako", "session", f->now, &error));
    assert_error_says(error, "at most 20");
    maker_free(first);
}

static void a_label_is_one_short_line(void **state)
{
    Fixture *f = *state;
    const char *bad[] = {"", "two\nlines", "0123456789012345678901234567890123456789012345678901234567890",
                         "\xff"};
    add(f, "hanako", "noc-operator");
    Maker *maker = maker_new(-7, &noc);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        GError *error = NULL;
        assert_null(enrol(f, maker, "hanako", bad[i], &error));
        assert_error_says(error, "label:");
    }
    maker_free(maker);
}

static void of_many_challenges_the_oldest_give_way(void **state)
{
    TkChallenges all;
    TkChallenge taken;
    char text[TK_CHALLENGE_TEXT];
    (void)state;
    tk_challenges_init(&all, 3);
    const char *keys[] = {"a", "b", "a", "c", "d"}; /* the second a takes the first one's place */
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        tk_challenges_give(&all, keys[i], "", 0, 10, text);
    assert_int_equal(g_queue_get_length(&all.order), 3);
    assert_false(tk_challenges_take(&all, "b", 0, &taken));
    assert_true(tk_challenges_take(&all, "a", 9, &taken));
    assert_false(tk_challenges_take(&all, "a", 9, &taken));
    assert_false(tk_challenges_take(&all, "c", 10, &taken));
    assert_true(tk_challenges_take(&all, "d", 9, &taken));
    assert_string_equal(taken.text, text);
    assert_int_equal(g_queue_get_length(&all.order), 0);
    tk_challenges_clear(&all);
}

/* Counts events of the ledger that have this action. */
typedef struct {
    const char *action;
    unsigned count;
} Counting;

static bool count_event(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    Counting *counting = data;
    g_autoptr(json_t) document = json_loadb(event, len, 0, NULL);
    (void)leaf;
    if (g_strcmp0(json_string_value(json_object_get(document, "what")), counting->action) == 0)
        counting->count++;
    return true;
}

static unsigned events(Fixture *f, const char *action)
{
    Counting counting = {.action = action};
    tk_store_events(f->store, 0, tk_store_ledger_size(f->store), count_event, &counting, NULL);
    return counting.count;
}

static void each_step_is_an_event_of_the_ledger(void **state)
{
    Fixture *f = *state;
    char token[TK_AUTH_TOKEN_MAX];
    add(f, "hanako", "noc-operator");
    Maker *maker = maker_new(-7, &noc);
    unsigned added = events(f, "add");
    g_autoptr(json_t) made = enrol(f, maker, "hanako", "鍵", NULL);
    assert_int_equal(events(f, "add"), added + 1);
    assert_true(come(f, maker, "hanako", NULL, token, NULL));
    assert_int_equal(events(f, "sign-in"), 2); /* of the passkey and of the session */
    maker->flags = 0;
    assert_false(come(f, maker, "hanako", NULL, token, NULL));
    assert_int_equal(events(f, "sign-in-refused"), 1);
    tk_auth_passkey_remove(f->auth, "hanako", "hanako", json_string_value(json_object_get(made, "id")),
                           f->now, NULL);
    assert_int_equal(events(f, "remove"), 1);
    maker_free(maker);
}

#define in_a_house(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_a_house(with_a_name_and_without_one_the_right_passkey_opens_a_session),
        in_a_house(no_code_is_asked_beside_a_passkey),
        in_a_house(a_challenge_is_good_once_and_for_five_minutes),
        in_a_house(a_registration_belongs_to_the_session_that_began_it),
        in_a_house(a_counter_that_went_back_is_refused_told_and_marked),
        in_a_house(failures_make_the_account_wait_as_those_of_a_password_do),
        in_a_house(a_removed_passkey_a_shut_account_and_a_foreign_site_are_refused),
        in_a_house(asking_tells_nothing_about_who_has_an_account),
        in_a_house(an_account_has_twenty_at_most_and_each_once),
        in_a_house(a_label_is_one_short_line),
        cmocka_unit_test(of_many_challenges_the_oldest_give_way),
        in_a_house(each_step_is_an_event_of_the_ledger),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("auth_passkey", tests, NULL, NULL);
}

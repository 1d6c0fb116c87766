/* Whether what a browser sends about a passkey is believed for the right reasons: first answers that others
 * published, then answers made here with keys of the moment. */
#include "unit.h"

#include "../../src/auth/passkey_record.h"
#include "passkey_maker.h"
#include "passkey_vectors.h"

static const TkRelyingParty example = {.id = "example.org", .origin = "https://example.org"};

static GBytes *bytes_of(const char *hex)
{
    size_t len = strlen(hex) / 2;
    uint8_t *bytes = g_malloc(len + 1);
    assert_int_equal(sodium_hex2bin(bytes, len, hex, strlen(hex), NULL, &len, NULL), 0);
    return g_bytes_new_take(bytes, len);
}

static TkSpan span(GBytes *bytes)
{
    gsize len;
    const uint8_t *data = g_bytes_get_data(bytes, &len);
    return (TkSpan){data, len};
}

static char *base64url_of(const char *hex)
{
    g_autoptr(GBytes) bytes = bytes_of(hex);
    return tk_passkey_encode(span(bytes).data, span(bytes).len);
}

static bool register_vector(const PasskeyVector *vector, bool unverified_too, TkPasskey *out, GError **error)
{
    g_autofree char *challenge = base64url_of(vector->new_challenge);
    g_autoptr(GBytes) client = bytes_of(vector->new_client_data);
    g_autoptr(GBytes) attestation = bytes_of(vector->attestation);
    const TkPasskeyWanted wanted = {&example, challenge, unverified_too};
    return tk_passkey_verify_new(&wanted, span(client), span(attestation), out, error);
}

static bool use_vector(const PasskeyVector *vector, bool unverified_too, TkPasskey *passkey, GError **error)
{
    g_autofree char *challenge = base64url_of(vector->use_challenge);
    g_autoptr(GBytes) client = bytes_of(vector->use_client_data);
    g_autoptr(GBytes) data = bytes_of(vector->auth_data);
    g_autoptr(GBytes) signature = bytes_of(vector->signature);
    const TkPasskeyWanted wanted = {&example, challenge, unverified_too};
    return tk_passkey_verify_use(&wanted, passkey, span(client), span(data), span(signature), error);
}

static void the_published_registrations_and_uses_are_right(void **state)
{
    const PasskeyVector *vectors[] = {&none_es256, &self_es256, &long_id, &packed_es256, &packed_eddsa};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        GError *error = NULL;
        TkPasskey passkey;
        if (!register_vector(vectors[i], true, &passkey, &error) ||
            !use_vector(vectors[i], true, &passkey, &error))
            fail_msg("%s: %s", vectors[i]->name, error->message);
    }
}

static void the_published_ones_without_user_verification_are_refused(void **state)
{
    GError *error = NULL;
    TkPasskey passkey;
    (void)state;
    assert_false(register_vector(&none_es256, false, &passkey, &error));
    assert_error_says(error, "did not verify its holder");
    assert_true(
        register_vector(&packed_es256, false, &passkey, NULL)); /* these two say that it was verified */
    assert_true(use_vector(&packed_es256, false, &passkey, NULL));
    assert_true(register_vector(&self_es256, false, &passkey, NULL));
    assert_false(use_vector(&self_es256, false, &passkey, &error));
    assert_error_says(error, "did not verify its holder");
}

static void the_published_ones_from_inside_a_foreign_page_are_refused(void **state)
{
    const PasskeyVector *vectors[] = {&cross_origin, &top_origin};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        GError *error = NULL;
        TkPasskey passkey;
        assert_false(register_vector(vectors[i], true, &passkey, &error));
        assert_error_says(error, "inside a page of another origin");
    }
}

static void what_is_not_offered_is_refused_in_words(void **state)
{
    GError *error = NULL;
    TkPasskey passkey;
    (void)state;
    assert_false(register_vector(&packed_es384, true, &passkey, &error));
    assert_error_says(error, "COSE algorithm -35");
    assert_false(register_vector(&packed_rs256, true, &passkey, &error)); /* 3,482 bits */
    assert_error_says(error, "RSA is taken with 2048 bits");
    assert_false(register_vector(&u2f_es256, true, &passkey, &error));
    assert_error_says(error, "asked for as “none”");
}

static void any_changed_byte_of_a_published_use_is_found(void **state)
{
    GError *error = NULL;
    TkPasskey passkey;
    (void)state;
    assert_true(register_vector(&packed_es256, false, &passkey, &error));
    g_autofree char *challenge = base64url_of(packed_es256.use_challenge);
    g_autoptr(GBytes) client = bytes_of(packed_es256.use_client_data);
    g_autoptr(GBytes) data = bytes_of(packed_es256.auth_data);
    g_autoptr(GBytes) signature = bytes_of(packed_es256.signature);
    const TkPasskeyWanted wanted = {&example, challenge, true};
    GBytes *parts[] = {client, data, signature};
    for (size_t part = 0; part < G_N_ELEMENTS(parts); part++)
        for (size_t at = 0; at < g_bytes_get_size(parts[part]); at++) {
            g_autofree uint8_t *changed = g_memdup2(span(parts[part]).data, span(parts[part]).len);
            TkSpan spans[] = {span(client), span(data), span(signature)};
            changed[at] ^= 1;
            spans[part].data = changed;
            if (tk_passkey_verify_use(&wanted, &passkey, spans[0], spans[1], spans[2], NULL))
                fail_msg("byte %zu of part %zu does not matter", at, part);
        }
}

static void every_cut_and_every_extra_byte_of_an_attestation_is_refused(void **state)
{
    (void)state;
    g_autoptr(GBytes) whole = bytes_of(packed_es256.attestation);
    TkAttestation made;
    for (size_t len = 0; len < g_bytes_get_size(whole); len++)
        assert_false(tk_passkey_read_attestation((TkSpan){span(whole).data, len}, &made, NULL));
    g_autofree char *longer_hex = g_strconcat(packed_es256.attestation, "00", NULL);
    g_autoptr(GBytes) longer = bytes_of(longer_hex);
    GError *error = NULL;
    assert_false(tk_passkey_read_attestation(span(longer), &made, &error));
    assert_error_says(error, "1 bytes too many");
    assert_true(tk_passkey_read_attestation(span(whole), &made, NULL));
}

static void lengths_that_lie_are_not_believed(void **state)
{
    /* a map of 2^32−1 members; a text of 2^63 bytes; an endless array; nesting; a tag; a member twice */
    const char *liars[] = {"baffffffff",
                           "a363666d747b8000000000000000",
                           "a363666d74646e6f6e656761747453746d74bfff",
                           "a363666d74646e6f6e656761747453746d74a16161818181818181818181818101",
                           "a363666d74646e6f6e656761747453746d74a16161c101",
                           "a363666d74646e6f6e6563666d74646e6f6e656761747453746d74a0",
                           "a363666d74646e6f6e656761747453746d749bffffffffffffffff"};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(liars); i++) {
        TkAttestation made;
        g_autoptr(GBytes) bytes = bytes_of(liars[i]);
        assert_false(tk_passkey_read_attestation(span(bytes), &made, NULL));
    }
}

static void huge_input_is_refused_before_it_is_read(void **state)
{
    GError *error = NULL;
    TkAttestation made;
    TkAuthData data;
    (void)state;
    g_autofree uint8_t *much = g_malloc0(1024 * 1024);
    assert_false(tk_passkey_read_attestation((TkSpan){much, 1024 * 1024}, &made, &error));
    assert_error_says(error, "larger than");
    assert_false(tk_passkey_read_auth_data((TkSpan){much, 1024 * 1024}, false, &data, &error));
    assert_error_says(error, "not 37 to");
    memset(much, ' ', 1024 * 1024);
    assert_false(tk_passkey_check_client_data((TkSpan){much, 1024 * 1024}, "webauthn.get", "c", "o", &error));
    g_clear_error(&error);
}

/* ---- made here ---- */

#define CHALLENGE "dGhlIGNoYWxsZW5nZSBvZiB0aGlzIHRlc3Qh"

static void each_algorithm_that_is_offered_signs_in(void **state)
{
    const int algorithms[] = {-7, -8, -257};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(algorithms); i++) {
        GError *error = NULL;
        TkPasskey passkey;
        const TkPasskeyWanted wanted = {.party = &example, .challenge = CHALLENGE};
        Maker *maker = maker_new(algorithms[i], &example);
        Answer made = maker_register(maker, CHALLENGE);
        if (!tk_passkey_verify_new(&wanted, span(made.client_data), span(made.attestation), &passkey, &error))
            fail_msg("%d: %s", algorithms[i], error->message);
        assert_int_equal(passkey.algorithm, algorithms[i]);
        Answer used = maker_use(maker, CHALLENGE);
        if (!tk_passkey_verify_use(&wanted, &passkey, span(used.client_data), span(used.auth_data),
                                   span(used.signature), &error))
            fail_msg("%d: %s", algorithms[i], error->message);
        answer_clear(&made);
        answer_clear(&used);
        maker_free(maker);
    }
}

/* What is wrong with an answer that is otherwise right, and the words for it. */
typedef struct {
    const char *challenge, *origin, *id, *type;
    int flags;
    const char *says;
} Wrong;

static void each_wrong_statement_is_named(void **state)
{
    const Wrong wrongs[] = {
        {.challenge = "YW5vdGhlcg", .says = "another challenge"},
        {.origin = "https://example.org:8443", .says = "another origin"},
        {.origin = "https://example.org.evil.example", .says = "another origin"},
        {.origin = "http://example.org", .says = "another origin"},
        {.id = "evil.example", .says = "another site"},
        {.type = "webauthn.create", .says = "not of type webauthn.get"},
        {.flags = 0x01, .says = "did not verify its holder"},
        {.flags = 0x04, .says = "anybody was there"},
        {.flags = 0x15, .says = "backed up what cannot be backed up"},
        {.flags = 0x0d, .says = "backup flag is not the one"},
        {.flags = 0x45, .says = "must not hold a new credential"},
        {.flags = 0x85, .says = "extensions are not a CBOR map"},
    };
    (void)state;
    Maker *maker = maker_new(-7, &example);
    const TkPasskeyWanted wanted = {.party = &example, .challenge = CHALLENGE};
    Answer made = maker_register(maker, CHALLENGE);
    TkPasskey passkey;
    assert_true(
        tk_passkey_verify_new(&wanted, span(made.client_data), span(made.attestation), &passkey, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(wrongs); i++) {
        const Wrong *w = &wrongs[i];
        GError *error = NULL;
        const TkRelyingParty said = {.id = w->id == NULL ? example.id : w->id,
                                     .origin = w->origin == NULL ? example.origin : w->origin};
        maker->party = &said;
        maker->type = w->type;
        maker->flags = w->flags == 0 ? 0x05 : w->flags;
        Answer used = maker_use(maker, w->challenge == NULL ? CHALLENGE : w->challenge);
        assert_false(tk_passkey_verify_use(&wanted, &passkey, span(used.client_data), span(used.auth_data),
                                           span(used.signature), &error));
        assert_error_says(error, w->says);
        answer_clear(&used);
    }
    answer_clear(&made);
    maker_free(maker);
}

static bool use_with_counter(Maker *maker, TkPasskey *passkey, uint32_t counter, GError **error)
{
    const TkPasskeyWanted wanted = {.party = &example, .challenge = CHALLENGE};
    maker->counter = counter;
    Answer used = maker_use(maker, CHALLENGE);
    bool good = tk_passkey_verify_use(&wanted, passkey, span(used.client_data), span(used.auth_data),
                                      span(used.signature), error);
    answer_clear(&used);
    return good;
}

static void a_counter_may_stand_still_at_zero_and_else_only_grow(void **state)
{
    GError *error = NULL;
    TkPasskey passkey;
    (void)state;
    Maker *maker = maker_new(-7, &example);
    const TkPasskeyWanted wanted = {.party = &example, .challenge = CHALLENGE};
    Answer made = maker_register(maker, CHALLENGE);
    assert_true(
        tk_passkey_verify_new(&wanted, span(made.client_data), span(made.attestation), &passkey, NULL));
    assert_true(use_with_counter(maker, &passkey, 0, NULL));
    assert_true(use_with_counter(maker, &passkey, 7, NULL));
    assert_int_equal(passkey.counter, 7);
    const uint32_t back[] = {7, 6, 0};
    for (size_t i = 0; i < G_N_ELEMENTS(back); i++) {
        assert_false(use_with_counter(maker, &passkey, back[i], &error));
        assert_true(g_error_matches(error, TK_ERROR, TK_ERROR_REFUSED));
        assert_error_says(error, "there may be a copy");
        assert_int_equal(passkey.counter, 7);
    }
    assert_true(use_with_counter(maker, &passkey, 0xffffffff, NULL));
    answer_clear(&made);
    maker_free(maker);
}

static void a_signature_of_another_key_is_refused(void **state)
{
    GError *error = NULL;
    TkPasskey passkey;
    (void)state;
    const TkPasskeyWanted wanted = {.party = &example, .challenge = CHALLENGE};
    Maker *right = maker_new(-7, &example), *wrong = maker_new(-7, &example);
    Answer made = maker_register(right, CHALLENGE);
    Answer used = maker_use(wrong, CHALLENGE);
    assert_true(
        tk_passkey_verify_new(&wanted, span(made.client_data), span(made.attestation), &passkey, NULL));
    assert_false(tk_passkey_verify_use(&wanted, &passkey, span(used.client_data), span(used.auth_data),
                                       span(used.signature), &error));
    assert_error_says(error, "not that of this passkey");
    answer_clear(&made);
    answer_clear(&used);
    maker_free(right);
    maker_free(wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_registrations_and_uses_are_right),
        cmocka_unit_test(the_published_ones_without_user_verification_are_refused),
        cmocka_unit_test(the_published_ones_from_inside_a_foreign_page_are_refused),
        cmocka_unit_test(what_is_not_offered_is_refused_in_words),
        cmocka_unit_test(any_changed_byte_of_a_published_use_is_found),
        cmocka_unit_test(every_cut_and_every_extra_byte_of_an_attestation_is_refused),
        cmocka_unit_test(lengths_that_lie_are_not_believed),
        cmocka_unit_test(huge_input_is_refused_before_it_is_read),
        cmocka_unit_test(each_algorithm_that_is_offered_signs_in),
        cmocka_unit_test(each_wrong_statement_is_named),
        cmocka_unit_test(a_counter_may_stand_still_at_zero_and_else_only_grow),
        cmocka_unit_test(a_signature_of_another_key_is_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("auth_passkey_verify", tests, NULL, NULL);
}

/* Signed notes, keys and checkpoints: published examples, then hostile ones. */
#include "unit.h"

#include "ledger/ledger.h"

/* The example of golang.org/x/mod/sumdb/note. */
static const char peter_signer[] =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
static const char peter_key[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char peter_text[] = "If you think cryptography is the answer to your problem,\n"
                                 "then you don't know what your problem is.\n";
static const char peter_line[] =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

/* A checkpoint of a certificate transparency log with the cosignatures of public witnesses. */
static const char real_checkpoint[] =
    "arche2025h1.staging.ct.transparency.dev\n"
    "1432088532\n"
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
    "\n"
    "— arche2025h1.staging.ct.transparency.dev "
    "zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5"
    "zRNZ55lv"
    "Gt0=\n"
    "— arche2025h1.staging.ct.transparency.dev "
    "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "— remora.n621.de "
    "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/"
    "zZ0WBxtqB0DrAWfBw==\n";
static const char real_keys[] =
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f\n"
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2\n";

static TkSigner *signer_of(const char *name, TkKeyType type, uint8_t fill)
{
    uint8_t seed[TK_SEED_LEN];
    memset(seed, fill, sizeof seed);
    GError *error = NULL;
    TkSigner *signer = tk_signer_new(name, type, seed, &error);
    if (signer == NULL)
        fail_msg("%s", error->message);
    return signer;
}

static void the_note_example_of_the_go_library_is_signed_and_verified_alike(void **state)
{
    (void)state;
    g_autoptr(TkSigner) signer = tk_signer_read(peter_signer, strlen(peter_signer), NULL);
    assert_non_null(signer);
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 10000);
    tk_key_write(tk_signer_key(signer), &out);
    assert_string_equal(tk_buf_str(&out), peter_key);
    tk_buf_reset(&out);
    tk_signer_write(signer, &out);
    assert_string_equal(tk_buf_str(&out), peter_signer);
    tk_buf_reset(&out);
    assert_true(tk_note_sign(signer, peter_text, strlen(peter_text), 0, &out, NULL));
    assert_string_equal(tk_buf_str(&out), peter_line);

    g_autofree char *whole = g_strconcat(peter_text, "\n", peter_line, NULL);
    g_autoptr(TkNote) note = tk_note_read(whole, strlen(whole), NULL);
    assert_non_null(note);
    assert_string_equal(note->text, peter_text);
    TkKey key;
    assert_true(tk_key_read(peter_key, strlen(peter_key), &key, NULL));
    assert_true(tk_signature_check(&key, &note->signature[0], note->text, note->text_len, NULL));
    note->text[0] ^= 1;
    assert_false(tk_signature_check(&key, &note->signature[0], note->text, note->text_len, NULL));
}

static void a_public_logs_checkpoint_and_its_witness_are_believed(void **state)
{
    (void)state;
    TkKeys keys;
    assert_true(tk_keys_read(real_keys, strlen(real_keys), &keys, NULL));
    g_auto(TkCheckpoint) checkpoint = {0};
    const TkKey *by = NULL;
    GError *error = NULL;
    assert_true(tk_checkpoint_open(real_checkpoint, strlen(real_checkpoint), &keys, TK_SIGNERS_ANY,
                                   &checkpoint, &by, &error));
    assert_int_equal(checkpoint.size, 1432088532);
    assert_int_equal(by->id, 0xba2f06c0);
    g_autoptr(TkNote) note = tk_note_read(real_checkpoint, strlen(real_checkpoint), NULL);
    int64_t at_s = 0;
    assert_true(tk_signature_check(&keys.key[1], &note->signature[2], note->text, note->text_len, &at_s));
    assert_int_equal(at_s, 0x6a122120);
    g_auto(TkCheckpoint) none = {0};
    assert_false(tk_checkpoint_open(real_checkpoint, strlen(real_checkpoint), &keys, TK_SIGNERS_EACH, &none,
                                    NULL, &error));
    assert_error_says(error, "not known here");
}

static void no_altered_missing_or_added_byte_of_a_checkpoint_is_believed(void **state)
{
    (void)state;
    g_autoptr(TkSigner) log = signer_of("tokatsu/test", TK_KEY_ED25519, 7);
    g_autoptr(TkSigner) witness = signer_of("witness.example/w1", TK_KEY_COSIGNATURE, 8);
    TkHash root;
    memset(root.byte, 0xab, sizeof root.byte);
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 10000);
    TkSigner *signers[] = {log};
    assert_true(tk_checkpoint_sign("tokatsu/test", 42, &root, signers, 1, &out, NULL));
    g_autofree char *text = g_strndup(out.data, strstr(tk_buf_str(&out), "\n\n") + 1 - out.data);
    assert_true(tk_note_sign(witness, text, strlen(text), 1679315147, &out, NULL));
    TkKeys keys = {.count = 2, .key = {*tk_signer_key(log), *tk_signer_key(witness)}};
    g_auto(TkCheckpoint) good = {0};
    assert_true(tk_checkpoint_open(out.data, out.len, &keys, TK_SIGNERS_EACH, &good, NULL, NULL));
    assert_string_equal(good.origin, "tokatsu/test");

    g_autofree char *bad = g_malloc(out.len + 1);
    g_auto(TkCheckpoint) none = {0};
    for (size_t i = 0; i < out.len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(bad, out.data, out.len);
            bad[i] = (char)(bad[i] ^ (1 << bit));
            if (tk_checkpoint_open(bad, out.len, &keys, TK_SIGNERS_EACH, &none, NULL, NULL))
                fail_msg("bit %u of byte %zu was altered and believed", bit, i);
        }
    for (size_t i = 0; i <= out.len; i++)
        for (const char *add = "A \n0="; *add != '\0'; add++) {
            memcpy(bad, out.data, i);
            bad[i] = *add;
            memcpy(bad + i + 1, out.data + i, out.len - i);
            if (tk_checkpoint_open(bad, out.len + 1, &keys, TK_SIGNERS_EACH, &none, NULL, NULL))
                fail_msg("“%c” added at byte %zu was believed", *add, i);
        }
    const char *line = out.data;
    for (size_t i = 0; i < out.len; i++) {
        memcpy(bad, line, i);
        memcpy(bad + i, line + i + 1, out.len - i - 1);
        assert_false(tk_checkpoint_open(bad, out.len - 1, &keys, TK_SIGNERS_EACH, &none, NULL, NULL));
        bool whole_line = i > 0 && line[i - 1] == '\n' && strlen(text) + 1 < i;
        if (!whole_line) /* cut behind the log's own signature it is the same checkpoint with a witness less
                          */
            assert_false(tk_checkpoint_open(line, i, &keys, TK_SIGNERS_EACH, &none, NULL, NULL));
    }
}

static void no_altered_byte_of_a_key_is_read(void **state)
{
    (void)state;
    TkKeys keys;
    assert_true(tk_keys_read(real_keys, strlen(real_keys), &keys, NULL));
    g_auto(TkBuf) again = {0};
    tk_buf_init(&again, 10000);
    tk_keys_write(&keys, &again);
    assert_string_equal(tk_buf_str(&again), real_keys);
    g_autofree char *bad = g_strdup(real_keys);
    size_t len = strlen(real_keys);
    for (size_t i = 0; i < len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            bad[i] = (char)(bad[i] ^ (1 << bit));
            if (tk_keys_read(bad, len, &keys, NULL))
                fail_msg("bit %u of byte %zu was altered and read", bit, i);
            bad[i] = real_keys[i];
        }
    for (size_t cut = 0; cut < len; cut++)
        if (cut == 0 || real_keys[cut - 1] != '\n')
            assert_false(tk_keys_read(real_keys, cut, &keys, NULL));
}

static void a_key_counts_only_for_the_sizes_it_was_given(void **state)
{
    (void)state;
    g_autoptr(TkSigner) old_key = signer_of("tokatsu/test", TK_KEY_ED25519, 1);
    g_autoptr(TkSigner) new_key = signer_of("tokatsu/test", TK_KEY_ED25519, 2);
    TkKeys keys = {.count = 2, .key = {*tk_signer_key(old_key), *tk_signer_key(new_key)}};
    keys.key[0].until_size = 100;
    keys.key[1].from_size = 90;
    g_auto(TkBuf) text = {0};
    tk_buf_init(&text, 10000);
    tk_keys_write(&keys, &text);
    assert_non_null(strstr(tk_buf_str(&text), " until=100\n"));
    TkKeys read;
    assert_true(tk_keys_read(text.data, text.len, &read, NULL));
    assert_int_equal(read.key[1].from_size, 90);

    static const struct {
        uint64_t size;
        bool by_old, by_new;
    } cases[] = {{89, true, false}, {90, true, true}, {100, true, true}, {101, false, true}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (int which = 0; which < 3; which++) {
            TkHash root = {{0}};
            TkSigner *both[] = {old_key, new_key};
            g_auto(TkBuf) out = {0};
            tk_buf_init(&out, 10000);
            assert_true(tk_checkpoint_sign("tokatsu/test", cases[i].size, &root, which == 1 ? both + 1 : both,
                                           which == 2 ? 2 : 1, &out, NULL));
            g_auto(TkCheckpoint) checkpoint = {0};
            bool want = which == 0 ? cases[i].by_old : which == 1 ? cases[i].by_new : true;
            assert_int_equal(
                tk_checkpoint_open(out.data, out.len, &read, TK_SIGNERS_EACH, &checkpoint, NULL, NULL), want);
        }
}

static void texts_that_are_no_checkpoint_are_refused_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "lines of UTF-8"},
        {"o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "ended by a newline"},
        {"o\n1\n", "at least 3 lines"},
        {"o\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "line 2"},
        {"o\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "line 2"},
        {"o\n9223372036854775808\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "line 2"},
        {"o\n1\n47DEQpj8HBSa\n", "line 3"},
        {"\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "line 1"},
        {"o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\nx\n", "line 4"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        TkCheckpoint checkpoint;
        GError *error = NULL;
        assert_false(tk_checkpoint_read_text(bad[i].text, strlen(bad[i].text), &checkpoint, &error));
        assert_error_says(error, bad[i].says);
    }
    const char *extended = "o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\nand more\n";
    g_auto(TkCheckpoint) checkpoint = {0};
    assert_true(tk_checkpoint_read_text(extended, strlen(extended), &checkpoint, NULL));
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 1000);
    tk_checkpoint_write_text(&checkpoint, &out);
    assert_string_equal(tk_buf_str(&out), extended);
}

static void names_that_cannot_name_a_key_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "a b", "a+b", "a\nb", "\xff", "a\xe3\x80\x80z"};
    uint8_t seed[TK_SEED_LEN] = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        GError *error = NULL;
        assert_null(tk_signer_new(bad[i], TK_KEY_ED25519, seed, &error));
        assert_error_says(error, "cannot name a key");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_note_example_of_the_go_library_is_signed_and_verified_alike),
        cmocka_unit_test(a_public_logs_checkpoint_and_its_witness_are_believed),
        cmocka_unit_test(no_altered_missing_or_added_byte_of_a_checkpoint_is_believed),
        cmocka_unit_test(no_altered_byte_of_a_key_is_read),
        cmocka_unit_test(a_key_counts_only_for_the_sizes_it_was_given),
        cmocka_unit_test(texts_that_are_no_checkpoint_are_refused_with_their_line),
        cmocka_unit_test(names_that_cannot_name_a_key_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

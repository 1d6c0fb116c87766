/* Witnessing: requests as the specification writes them, and every answer it asks for. */
#include "unit.h"

#include "ledger/ledger.h"

static const char example_request[] =
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\n"
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

static void the_request_of_the_specification_is_read_and_written_alike(void **state)
{
    (void)state;
    TkAddCheckpoint request;
    assert_true(tk_add_checkpoint_read(example_request, strlen(example_request), &request, NULL));
    assert_int_equal(request.old_size, 20852014);
    assert_int_equal(request.count, 4);
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, TK_WITNESS_REQUEST_MAX);
    assert_true(tk_add_checkpoint_write(&request, &out, NULL));
    assert_string_equal(tk_buf_str(&out), example_request);
}

static void malformed_requests_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "old",
                                      "old \n\n",
                                      "old 01\n\n",
                                      "old -1\n\n",
                                      "old 1\n",
                                      "old 1\nabc\n\n",
                                      "new 1\n\n",
                                      "old 1\r\n\r\n",
                                      "old 9223372036854775808\n\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        TkAddCheckpoint request;
        GError *error = NULL;
        assert_false(tk_add_checkpoint_read(bad[i], strlen(bad[i]), &request, &error));
        assert_non_null(error);
        g_clear_error(&error);
    }
    g_autoptr(GString) many = g_string_new("old 1\n");
    for (int i = 0; i < TK_WITNESS_PROOF_MAX + 1; i++)
        g_string_append(many, "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n");
    g_string_append(many, "\n");
    TkAddCheckpoint request;
    GError *error = NULL;
    assert_false(tk_add_checkpoint_read(many->str, many->len, &request, &error));
    assert_error_says(error, "more than 63");
}

/* ---- a log and its witness ---- */

typedef struct {
    TkHasher *hasher;
    TkTree *tree;
    TkSigner *log, *stranger, *witness;
    TkKeys keys, witness_keys;
    TkWitnessed last;
    TkBuf out, note;
} World;

static TkSigner *signer_of(const char *name, TkKeyType type, uint8_t fill)
{
    uint8_t seed[TK_SEED_LEN];
    memset(seed, fill, sizeof seed);
    return tk_signer_new(name, type, seed, NULL);
}

static int set_up(void **state)
{
    World *w = g_new0(World, 1);
    w->hasher = tk_hasher_new();
    w->tree = tk_tree_new();
    for (int i = 0; i < 100; i++)
        tk_tree_append(w->tree, &i, sizeof i);
    w->log = signer_of("log.example", TK_KEY_ED25519, 1);
    w->stranger = signer_of("log.example", TK_KEY_ED25519, 2);
    w->witness = signer_of("witness.example/w1", TK_KEY_COSIGNATURE, 3);
    w->keys = (TkKeys){.count = 1, .key = {*tk_signer_key(w->log)}};
    w->witness_keys = (TkKeys){.count = 1, .key = {*tk_signer_key(w->witness)}};
    tk_buf_init(&w->out, 100000);
    tk_buf_init(&w->note, 100000);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    World *w = *state;
    tk_hasher_free(w->hasher);
    tk_tree_free(w->tree);
    tk_signer_free(w->log);
    tk_signer_free(w->stranger);
    tk_signer_free(w->witness);
    tk_buf_clear(&w->out);
    tk_buf_clear(&w->note);
    g_free(w);
    return 0;
}

typedef struct {
    uint64_t old_size, size;
    const char *origin; /* NULL: the log's */
    const TkHash *root; /* NULL: the true one */
    bool by_stranger;   /* signed by another key of the same name */
    bool without_proof, with_extra_hash;
} Ask;

static TkWitnessAnswer ask(World *w, Ask a)
{
    TkHash root;
    assert_true(tk_tree_root_at(w->tree, a.size, &root, NULL));
    TkSigner *signers[] = {a.by_stranger ? w->stranger : w->log};
    tk_buf_reset(&w->note);
    assert_true(tk_checkpoint_sign(a.origin != NULL ? a.origin : "log.example", a.size,
                                   a.root != NULL ? a.root : &root, signers, 1, &w->note, NULL));
    TkAddCheckpoint request = {
        .old_size = a.old_size, .checkpoint = w->note.data, .checkpoint_len = w->note.len};
    TkHashSource source = tk_tree_source(w->tree);
    TkProof proof;
    if (a.old_size > 0 && a.old_size <= a.size && !a.without_proof) {
        assert_true(tk_prove_consistency(w->hasher, &source, a.old_size, a.size, &proof, NULL));
        memcpy(request.proof, proof.hash, proof.count * sizeof *proof.hash);
        request.count = proof.count;
    }
    if (a.with_extra_hash)
        request.proof[request.count++] = root;
    g_auto(TkBuf) body = {0};
    tk_buf_init(&body, 100000);
    assert_true(tk_add_checkpoint_write(&request, &body, NULL));
    tk_buf_reset(&w->out);
    TkWitnessAnswer answer;
    assert_true(tk_witness_answer(w->hasher, "log.example", &w->keys, w->witness, 1800000000, body.data,
                                  body.len, &w->last, &answer, &w->out, NULL));
    return answer;
}

static void what_continues_the_last_checkpoint_is_cosigned(void **state)
{
    World *w = *state;
    static const uint64_t steps[] = {1, 2, 8, 8, 57, 100};
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        uint64_t before = w->last.size;
        TkWitnessAnswer answer = ask(w, (Ask){.old_size = before, .size = steps[i]});
        assert_int_equal(answer.status, 200);
        assert_int_equal(answer.advance, steps[i] != before);
        assert_int_equal(w->last.size, steps[i]);
        g_auto(TkBuf) kept = {0};
        tk_buf_init(&kept, 10000);
        assert_true(tk_cosignatures_accept(w->note.data, w->note.len, w->out.data, w->out.len,
                                           &w->witness_keys, &kept, NULL));
        assert_int_equal(kept.len, w->out.len);
        /* The cosigned checkpoint is a note that both keys hold for. */
        tk_buf_add(&w->note, kept.data, kept.len);
        g_autoptr(TkNote) note = tk_note_read(w->note.data, w->note.len, NULL);
        int64_t at_s = 0;
        assert_true(tk_signature_check(&w->witness_keys.key[0], &note->signature[1], note->text,
                                       note->text_len, &at_s));
        assert_int_equal(at_s, 1800000000);
    }
}

static void nothing_else_is_cosigned_and_the_state_stays(void **state)
{
    World *w = *state;
    assert_int_equal(ask(w, (Ask){.size = 20}).status, 200);
    TkHash other = w->last.root;
    other.byte[0] ^= 1;
    const struct {
        Ask ask;
        unsigned status;
    } cases[] = {
        {{.old_size = 20, .size = 30, .origin = "other.example"}, 404},
        {{.old_size = 20, .size = 30, .by_stranger = true}, 403},
        {{.old_size = 31, .size = 30}, 400},
        {{.old_size = 0, .size = 30}, 409},
        {{.old_size = 19, .size = 30}, 409},
        {{.old_size = 20, .size = 20, .root = &other}, 409},
        {{.old_size = 20, .size = 30, .root = &other}, 422},
        {{.old_size = 20, .size = 30, .without_proof = true}, 422},
        {{.old_size = 20, .size = 30, .with_extra_hash = true}, 422},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        TkWitnessAnswer answer = ask(w, cases[i].ask);
        if (answer.status != cases[i].status)
            fail_msg("case %zu: %u instead of %u", i, answer.status, cases[i].status);
        assert_false(answer.advance);
        assert_int_equal(w->last.size, 20);
        assert_null(strstr(tk_buf_str(&w->out), "—"));
        if (answer.status == 409) {
            assert_string_equal(tk_buf_str(&w->out), "20\n");
            assert_string_equal(answer.content_type, "text/x.tlog.size");
        }
    }
    TkWitnessAnswer answer;
    tk_buf_reset(&w->out);
    assert_true(tk_witness_answer(w->hasher, "log.example", &w->keys, w->witness, 0, "junk", 4, &w->last,
                                  &answer, &w->out, NULL));
    assert_int_equal(answer.status, 400);
}

static void a_first_checkpoint_comes_with_an_empty_proof(void **state)
{
    World *w = *state;
    assert_int_equal(ask(w, (Ask){.size = 20, .with_extra_hash = true}).status, 422);
    assert_int_equal(w->last.size, 0);
    assert_int_equal(ask(w, (Ask){.size = 0}).status, 200);
    assert_int_equal(ask(w, (Ask){.size = 20}).status, 200);
}

static void foreign_and_broken_cosignatures_are_not_accepted(void **state)
{
    World *w = *state;
    assert_int_equal(ask(w, (Ask){.size = 20}).status, 200);
    g_auto(TkBuf) kept = {0};
    tk_buf_init(&kept, 10000);
    GError *error = NULL;
    assert_false(
        tk_cosignatures_accept(w->note.data, w->note.len, w->out.data, w->out.len, &w->keys, &kept, &error));
    assert_error_says(error, "no cosignature");
    assert_false(
        tk_cosignatures_accept(w->note.data, w->note.len, "Sorry\n", 6, &w->witness_keys, &kept, &error));
    assert_error_says(error, "did not answer");
    for (size_t i = 4; i + 1 < w->out.len; i++) { /* another checkpoint under the same line */
        w->out.data[i] ^= 1;
        assert_false(tk_cosignatures_accept(w->note.data, w->note.len, w->out.data, w->out.len,
                                            &w->witness_keys, &kept, NULL));
        w->out.data[i] ^= 1;
    }
    assert_int_equal(kept.len, 0);
}

static void two_views_are_the_same_consistent_forked_or_undecided(void **state)
{
    World *w = *state;
    TkHashSource source = tk_tree_source(w->tree);
    TkCheckpoint a = {.origin = (char *)"log.example", .size = 60},
                 b = {.origin = (char *)"log.example", .size = 100};
    assert_true(tk_tree_root_at(w->tree, 60, &a.root, NULL));
    assert_true(tk_tree_root_at(w->tree, 100, &b.root, NULL));
    TkViews views;
    assert_true(tk_views_compare(w->hasher, &a, &a, NULL, &views, NULL));
    assert_int_equal(views, TK_VIEWS_SAME);
    assert_true(tk_views_compare(w->hasher, &a, &b, NULL, &views, NULL));
    assert_int_equal(views, TK_VIEWS_UNPROVEN);
    assert_true(tk_views_compare(w->hasher, &b, &a, &source, &views, NULL));
    assert_int_equal(views, TK_VIEWS_CONSISTENT);
    TkCheckpoint forged = a;
    forged.root.byte[31] ^= 1;
    assert_true(tk_views_compare(w->hasher, &b, &forged, &source, &views, NULL));
    assert_int_equal(views, TK_VIEWS_FORK);
    assert_true(tk_views_compare(w->hasher, &a, &forged, NULL, &views, NULL));
    assert_int_equal(views, TK_VIEWS_FORK);
    TkCheckpoint other = {.origin = (char *)"other.example"};
    GError *error = NULL;
    assert_false(tk_views_compare(w->hasher, &a, &other, NULL, &views, &error));
    assert_error_says(error, "two logs");
    b.root.byte[0] ^= 1;
    assert_false(tk_views_compare(w->hasher, &a, &b, &source, &views, &error));
    assert_error_says(error, "do not lead to the root of the larger view");
}

#define world_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_of_the_specification_is_read_and_written_alike),
        cmocka_unit_test(malformed_requests_are_refused),
        world_test(what_continues_the_last_checkpoint_is_cosigned),
        world_test(nothing_else_is_cosigned_and_the_state_stays),
        world_test(a_first_checkpoint_comes_with_an_empty_proof),
        world_test(foreign_and_broken_cosignatures_are_not_accepted),
        world_test(two_views_are_the_same_consistent_forked_or_undecided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* RFC 3161 against an authority of our own, made with the openssl command in a temporary folder. */
#include <glib/gstdio.h>

#include "unit.h"

#include "ledger/ledger.h"

typedef struct {
    char *folder;
    char *ca, *other_ca;
    gsize ca_len, other_len;
} Authority;

static const char script[] =
    "set -e; cd \"$1\"\n"
    "cat > tsa.cnf <<'CNF'\n"
    "[ext]\nextendedKeyUsage = critical, timeStamping\nkeyUsage = critical, digitalSignature\n"
    "basicConstraints = CA:FALSE\n"
    "[tsa]\ndefault_tsa = t\n"
    "[t]\nserial = ./serial\ncrypto_device = builtin\nsigner_cert = ./tsa.pem\ncerts = ./ca.pem\n"
    "signer_key = ./tsa.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\n"
    "accuracy = secs:1\nordering = no\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n"
    "CNF\n"
    "for name in ca other; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "
    "$name.key "
    "-out $name.pem -subj /CN=$name -days 30; done\n"
    "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr -subj "
    "/CN=tsa\n"
    "openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 30 -extfile "
    "tsa.cnf "
    "-extensions ext\n"
    "echo 01 > serial\n";

static bool shell(const char *text, const char *folder)
{
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)text, (char *)"sh", (char *)folder, NULL};
    int status = 0;
    return g_spawn_sync(NULL, argv, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                        NULL, NULL, NULL, &status, NULL) &&
           g_spawn_check_wait_status(status, NULL);
}

static char *load(const Authority *a, const char *name, gsize *len)
{
    g_autofree char *path = g_build_filename(a->folder, name, NULL);
    char *data = NULL;
    if (!g_file_get_contents(path, &data, len, NULL))
        fail_msg("%s is missing", path);
    return data;
}

static int set_up(void **state)
{
    Authority *a = g_new0(Authority, 1);
    a->folder = g_dir_make_tmp("tokatsu-tsa-XXXXXX", NULL);
    if (!shell(script, a->folder))
        fail_msg("the openssl command could not make a time stamping authority");
    a->ca = load(a, "ca.pem", &a->ca_len);
    a->other_ca = load(a, "other.pem", &a->other_len);
    *state = a;
    return 0;
}

static int tear_down(void **state)
{
    Authority *a = *state;
    shell("rm -r \"$1\"", a->folder);
    g_free(a->folder);
    g_free(a->ca);
    g_free(a->other_ca);
    g_free(a);
    return 0;
}

static TkHash some_hash(void)
{
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHash hash;
    tk_hash_bytes(hasher, "checkpoint", 10, &hash);
    return hash;
}

/* The authority's answer to our request. */
static char *stamp(const Authority *a, const TkHash *hash, uint64_t nonce, gsize *len)
{
    g_auto(TkBuf) request = {0};
    tk_buf_init(&request, 10000);
    assert_true(tk_timestamp_request(hash, nonce, &request, NULL));
    g_autofree char *path = g_build_filename(a->folder, "q.tsq", NULL);
    assert_true(g_file_set_contents(path, request.data, (gssize)request.len, NULL));
    assert_true(shell("cd \"$1\" && openssl ts -reply -config tsa.cnf -section t -queryfile q.tsq -out r.tsr",
                      a->folder));
    return load(a, "r.tsr", len);
}

static void a_stamp_holds_for_its_hash_nonce_and_authority(void **state)
{
    Authority *a = *state;
    TkHash hash = some_hash(), other = hash;
    other.byte[7] ^= 1;
    gsize len;
    g_autofree char *response = stamp(a, &hash, 0xfedcba9876543210u, &len);
    int64_t now = g_get_real_time(), at_us = 0;
    GError *error = NULL;
    if (!tk_timestamp_check(response, len, &hash, 0xfedcba9876543210u, a->ca, a->ca_len, now, &at_us, &error))
        fail_msg("%s", error->message);
    assert_true(at_us <= now + TK_US_PER_S && at_us > now - 600 * TK_US_PER_S);
    assert_false(tk_timestamp_check(response, len, &other, 0xfedcba9876543210u, a->ca, a->ca_len, now, &at_us,
                                    &error));
    assert_error_says(error, "does not hold");
    assert_false(tk_timestamp_check(response, len, &hash, 1, a->ca, a->ca_len, now, &at_us, &error));
    assert_error_says(error, "does not hold");
    assert_false(tk_timestamp_check(response, len, &hash, 0xfedcba9876543210u, a->other_ca, a->other_len, now,
                                    &at_us, &error));
    assert_error_says(error, "does not hold");
    int64_t in_a_year = now + 366 * TK_US_PER_DAY;
    assert_false(tk_timestamp_check(response, len, &hash, 0xfedcba9876543210u, a->ca, a->ca_len, in_a_year,
                                    &at_us, &error));
    assert_error_says(error, "does not hold");
}

static void an_altered_or_cut_response_is_refused(void **state)
{
    Authority *a = *state;
    TkHash hash = some_hash();
    gsize len;
    g_autofree char *response = stamp(a, &hash, 5, &len);
    int64_t now = g_get_real_time(), at_us = 0;
    for (gsize cut = 0; cut < len; cut += 37)
        assert_false(tk_timestamp_check(response, cut, &hash, 5, a->ca, a->ca_len, now, &at_us, NULL));
    /* The stated time is the one GeneralizedTime: tag 0x18, 15 characters. */
    char *time = memmem(response, len, "\x18\x0f", 2);
    assert_non_null(time);
    for (int digit = 0; digit < 14; digit++) {
        time[2 + digit] ^= 1;
        assert_false(tk_timestamp_check(response, len, &hash, 5, a->ca, a->ca_len, now, &at_us, NULL));
        time[2 + digit] ^= 1;
    }
    assert_true(tk_timestamp_check(response, len, &hash, 5, a->ca, a->ca_len, now, &at_us, NULL));
    GError *error = NULL;
    assert_false(tk_timestamp_check("junk", 4, &hash, 5, a->ca, a->ca_len, now, &at_us, &error));
    assert_error_says(error, "not the DER");
    assert_false(tk_timestamp_check(response, len, &hash, 5, "no pem", 6, now, &at_us, &error));
    assert_error_says(error, "no certificate");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stamp_holds_for_its_hash_nonce_and_authority),
        cmocka_unit_test(an_altered_or_cut_response_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* RFC 3161 with OpenSSL's ts. The chain of the authority's certificate is checked as of a time given by the
 * caller. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include "ledger/ledger.h"

#define CA_BYTES_MAX (1024 * 1024)

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_REQ, TS_REQ_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_RESP, TS_RESP_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_MSG_IMPRINT, TS_MSG_IMPRINT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_VERIFY_CTX, TS_VERIFY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_ALGOR, X509_ALGOR_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ASN1_INTEGER, ASN1_INTEGER_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)

/* The last thing OpenSSL complained about; empties its queue. */
static const char *openssl_reason(void)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason == NULL ? "no reason given" : reason;
}

static TS_REQ *request_of(const TkHash *hash, uint64_t nonce)
{
    g_autoptr(TS_REQ) request = TS_REQ_new();
    g_autoptr(TS_MSG_IMPRINT) imprint = TS_MSG_IMPRINT_new();
    g_autoptr(X509_ALGOR) algorithm = X509_ALGOR_new();
    g_autoptr(ASN1_INTEGER) number = ASN1_INTEGER_new();
    if (request == NULL || imprint == NULL || algorithm == NULL || number == NULL)
        return NULL;
    bool ok = X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
              TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
              TS_MSG_IMPRINT_set_msg(imprint, (unsigned char *)hash->byte, TK_HASH_LEN) == 1 &&
              ASN1_INTEGER_set_uint64(number, nonce) == 1 && TS_REQ_set_version(request, 1) == 1 &&
              TS_REQ_set_msg_imprint(request, imprint) == 1 && TS_REQ_set_nonce(request, number) == 1 &&
              TS_REQ_set_cert_req(request, 1) == 1;
    return ok ? g_steal_pointer(&request) : NULL;
}

uint64_t tk_timestamp_nonce(const TkHash *hash)
{
    uint64_t nonce = 0;
    for (size_t i = 0; i < 8; i++)
        nonce = nonce << 8 | hash->byte[i];
    return nonce;
}

bool tk_timestamp_request(const TkHash *hash, uint64_t nonce, TkBuf *out, GError **error)
{
    g_autoptr(TS_REQ) request = request_of(hash, nonce);
    unsigned char *der = NULL;
    int len = request == NULL ? -1 : i2d_TS_REQ(request, &der);
    if (len <= 0)
        return tk_fail(error, TK_ERROR_INTERNAL, "OpenSSL could not make a time stamp request: %s",
                       openssl_reason());
    tk_buf_add(out, der, (size_t)len);
    OPENSSL_free(der);
    return !out->overflow || tk_fail(error, TK_ERROR_LIMIT, "the request does not fit %zu bytes", out->max);
}

/* The certificates that are trusted, judged at `now_us`. */
static X509_STORE *store_of(const char *pem, size_t len, int64_t now_us, GError **error)
{
    g_autoptr(X509_STORE) store = X509_STORE_new();
    g_autoptr(BIO) bio = len <= CA_BYTES_MAX ? BIO_new_mem_buf(pem, (int)len) : NULL;
    int count = 0;
    while (store != NULL && bio != NULL) {
        g_autoptr(X509) certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (certificate == NULL)
            break;
        if (X509_STORE_add_cert(store, certificate) != 1)
            break;
        count++;
    }
    ERR_clear_error();
    if (count == 0) {
        tk_fail(error, TK_ERROR_INPUT, "the authority's file holds no certificate in PEM");
        return NULL;
    }
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)(now_us / TK_US_PER_S));
    return g_steal_pointer(&store);
}

/* The time a token states, to the microsecond. */
static bool stated_time(TS_RESP *response, int64_t *at_us)
{
    const ASN1_GENERALIZEDTIME *time = TS_TST_INFO_get_time(TS_RESP_get_tst_info(response));
    struct tm tm;
    if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1)
        return false;
    g_auto(TkBuf) text = {0};
    tk_buf_init(&text, 64);
    tk_buf_addf(&text, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                tm.tm_hour, tm.tm_min, tm.tm_sec);
    if (!tk_time_parse(tk_buf_str(&text), text.len, at_us, NULL))
        return false;
    const char *digits = memchr(time->data, '.', (size_t)time->length);
    const char *end = (const char *)time->data + time->length;
    int64_t place = TK_US_PER_S / 10;
    for (digits = digits == NULL ? end : digits + 1; digits < end && g_ascii_isdigit(*digits);
         digits++, place /= 10)
        *at_us += place * (*digits - '0');
    return true;
}

bool tk_timestamp_check(const void *response, size_t len, const TkHash *hash, uint64_t nonce,
                        const char *ca_pem, size_t ca_len, int64_t now_us, int64_t *at_us, GError **error)
{
    if (len > TK_TIMESTAMP_BYTES_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "a time stamp of %zu bytes; %d are allowed", len,
                       TK_TIMESTAMP_BYTES_MAX);
    const unsigned char *at = response;
    g_autoptr(TS_RESP) answer = d2i_TS_RESP(NULL, &at, (long)len);
    if (answer == NULL || at != (const unsigned char *)response + len) {
        ERR_clear_error();
        return tk_fail(error, TK_ERROR_INPUT, "not the DER of a time stamp response");
    }
    g_autoptr(X509_STORE) store = store_of(ca_pem, ca_len, now_us, error);
    if (store == NULL)
        return false;
    g_autoptr(TS_REQ) request = request_of(hash, nonce);
    g_autoptr(TS_VERIFY_CTX) context = request == NULL ? NULL : TS_REQ_to_TS_VERIFY_CTX(request, NULL);
    if (context == NULL)
        return tk_fail(error, TK_ERROR_INTERNAL, "OpenSSL could not prepare the check: %s", openssl_reason());
    TS_VERIFY_CTX_add_flags(context, TS_VFY_SIGNATURE);
    TS_VERIFY_CTX_set_store(context, g_steal_pointer(&store));
    if (TS_RESP_verify_response(context, answer) != 1)
        return tk_fail(error, TK_ERROR_REFUSED, "the time stamp does not hold: %s", openssl_reason());
    return stated_time(answer, at_us) ||
           tk_fail(error, TK_ERROR_REFUSED, "the time stamp states a time that cannot be read");
}

bool tk_timestamp_name(const char *name)
{
    if (!g_str_has_prefix(name, "timestamp/"))
        return false;
    name += strlen("timestamp/");
    size_t digits = strspn(name, "0123456789");
    return digits == 20 && (strcmp(name + digits, ".tsr") == 0 || strcmp(name + digits, ".checkpoint") == 0);
}

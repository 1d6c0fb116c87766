/* Sending one reminder, by libcurl: a mail of plain text, or a signed POST. */
#include <curl/curl.h>

#include "service/notify_private.h"

#define CONNECT_S 10L
#define REQUEST_S 30L

static CURL *prepare(const char *url, const char *protocols)
{
    CURL *curl = curl_easy_init();
    if (curl == NULL)
        return NULL;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, REQUEST_S);
    return curl;
}

static size_t drop(char *data, size_t size, size_t count, void *user)
{
    (void)data;
    (void)user;
    return size * count;
}

/* ---- mail ---- */

typedef struct {
    const char *text;
    size_t len, at;
} Upload;

static size_t take(char *buffer, size_t size, size_t count, void *user)
{
    Upload *upload = user;
    size_t n = MIN(size * count, upload->len - upload->at);
    memcpy(buffer, upload->text + upload->at, n);
    upload->at += n;
    return n;
}

/* Base64 in lines of 76, as RFC 2045 wants it. */
static void add_base64(TkBuf *out, const char *text)
{
    g_autofree char *coded = g_base64_encode((const guchar *)text, strlen(text));
    for (size_t at = 0, len = strlen(coded); at < len; at += 76) {
        tk_buf_add(out, coded + at, MIN((size_t)76, len - at));
        tk_buf_add_str(out, "\r\n");
    }
}

/* RFC 2047 words of at most 75 bytes, cut between characters. */
static void add_subject(TkBuf *out, const char *subject)
{
    tk_buf_add_str(out, "Subject:");
    for (const char *at = subject; *at != '\0';) {
        const char *end = at;
        while (*end != '\0' && g_utf8_next_char(end) - at <= 42)
            end = g_utf8_next_char(end);
        g_autofree char *coded = g_base64_encode((const guchar *)at, (gsize)(end - at));
        tk_buf_addf(out, "%s =?UTF-8?B?%s?=", at == subject ? "" : "\r\n", coded);
        at = end;
    }
    tk_buf_add_str(out, "\r\n");
}

static void add_date(TkBuf *out, int64_t now_us)
{
    char text[64];
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
                             *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int y, m, d;
    TkDate date = tk_date_of_time(now_us);
    tk_date_split(date, &y, &m, &d);
    int64_t s = (now_us - tk_time_of_date(date)) / TK_US_PER_S;
    g_snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d +0900", days[tk_date_weekday(date)], d,
               months[m - 1], y, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
    tk_buf_addf(out, "Date: %s\r\n", text);
}

static void write_mail(TkBuf *out, const TkNotifySettings *settings, const char *const *to, const char *id,
                       const char *subject, const char *text, int64_t now_us)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, id, -1);
    g_autofree char *all = g_strjoinv(", ", (char **)to);
    tk_buf_addf(out, "From: Tokatsu <%s>\r\nTo: %s\r\n", settings->from, all);
    add_subject(out, subject);
    add_date(out, now_us);
    tk_buf_addf(out,
                "Message-ID: <%.32s@tokatsu>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
                digest);
    add_base64(out, text);
}

bool tk_notify_mail(const TkNotifySettings *settings, const char *const *to, const char *id,
                    const char *subject, const char *text, int64_t now_us, GError **error)
{
    g_auto(TkBuf) mail = {0};
    tk_buf_init(&mail, 256 * 1024);
    write_mail(&mail, settings, to, id, subject, text, now_us);
    CURL *curl = mail.overflow ? NULL : prepare(settings->smtp_url, "smtp,smtps");
    if (curl == NULL)
        return tk_fail(error, TK_ERROR_IO, "the mail could not be made");
    struct curl_slist *list = NULL;
    for (size_t i = 0; to[i] != NULL; i++)
        list = curl_slist_append(list, to[i]);
    Upload upload = {mail.data, mail.len, 0};
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, settings->from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, list);
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     settings->smtp_tls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
    if (settings->user != NULL) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, settings->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, settings->password);
    }
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
    CURLcode code = curl_easy_perform(curl);
    long answer = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
    return code == CURLE_OK || tk_fail(error, TK_ERROR_IO, "the mail server did not take it: %s (answer %ld)",
                                       curl_easy_strerror(code), answer);
}

/* ---- webhook ---- */

bool tk_notify_hook(const TkNotifySettings *settings, const char *id, const char *body, GError **error)
{
    CURL *curl = prepare(settings->hook_url, "http,https");
    if (curl == NULL)
        return tk_fail(error, TK_ERROR_IO, "the webhook could not be called");
    g_autofree char *mac = g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)settings->hook_secret,
                                                     strlen(settings->hook_secret), body, -1);
    g_autofree char *signature = g_strdup_printf("X-Tokatsu-Signature: sha256=%s", mac);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, id, -1);
    g_autofree char *delivery = g_strdup_printf("X-Tokatsu-Delivery: %s", digest);
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, signature);
    headers = curl_slist_append(headers, delivery);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "tokatsu/" TK_VERSION);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    CURLcode code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    if (code != CURLE_OK)
        return tk_fail(error, TK_ERROR_IO, "the webhook does not answer: %s", curl_easy_strerror(code));
    return (status >= 200 && status < 300) || tk_fail(error, TK_ERROR_IO, "the webhook answered %ld", status);
}

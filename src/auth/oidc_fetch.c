/* Asking the provider over HTTP, with a limit on everything: who is asked (https, or this machine itself),
 * how long, how much, and never anybody else that an answer points to. */
#include "auth/oidc_private.h"

#include <curl/curl.h>

#define CONNECT_S 5L
#define REQUEST_S 10L
#define URL_MAX   2000

static bool is_this_machine(const char *host)
{
    return host != NULL &&
           (strcmp(host, "127.0.0.1") == 0 || strcmp(host, "::1") == 0 || strcmp(host, "localhost") == 0);
}

bool tk_oidc_url_ok(const char *url)
{
    if (url == NULL || strlen(url) > URL_MAX)
        return false;
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    if (uri == NULL || g_uri_get_userinfo(uri) != NULL || g_uri_get_fragment(uri) != NULL)
        return false;
    const char *host = g_uri_get_host(uri);
    if (host == NULL || *host == '\0')
        return false;
    return strcmp(g_uri_get_scheme(uri), "https") == 0 ||
           (strcmp(g_uri_get_scheme(uri), "http") == 0 && is_this_machine(host));
}

static size_t take(char *data, size_t size, size_t count, void *user)
{
    TkBuf *answer = user;
    tk_buf_add(answer, data, size * count);
    return answer->overflow ? 0 : size * count;
}

static void set_up(CURL *curl, const TkOidcRequest *request, struct curl_slist *headers, TkBuf *answer)
{
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, REQUEST_S);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "tokatsu/" TK_VERSION);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (request->form != NULL)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->form);
    if (request->ca_file != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca_file);
}

char *tk_oidc_fetch(const TkOidcRequest *request, size_t *len, GError **error)
{
    CURL *curl = tk_oidc_url_ok(request->url) ? curl_easy_init() : NULL;
    if (curl == NULL) {
        tk_fail(error, TK_ERROR_IO, "the provider's address %.200s cannot be asked: it must be https",
                request->url);
        return NULL;
    }
    g_auto(TkBuf) answer = {0};
    long status = 0;
    tk_buf_init(&answer, request->max);
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    if (request->header != NULL)
        headers = curl_slist_append(headers, request->header);
    set_up(curl, request, headers, &answer);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    if (code == CURLE_OK && status == 200) {
        *len = answer.len;
        return g_strndup(answer.data == NULL ? "" : answer.data, answer.len);
    }
    if (answer.overflow)
        tk_fail(error, TK_ERROR_IO, "%s answers with more than %zu bytes", request->url, request->max);
    else if (code != CURLE_OK)
        tk_fail(error, TK_ERROR_IO, "%s does not answer: %s", request->url, curl_easy_strerror(code));
    else
        tk_fail(error, TK_ERROR_IO, "%s answers with status %ld", request->url, status);
    return NULL;
}

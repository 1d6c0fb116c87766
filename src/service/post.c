#include "service/post.h"

#include <curl/curl.h>

#define CONNECT_S 5L
#define REQUEST_S 15L

typedef struct {
    TkPostStop stop;
    void *user;
} Waiting;

static size_t take_answer(char *data, size_t one, size_t count, void *user)
{
    TkBuf *out = user;
    tk_buf_add(out, data, one * count);
    return out->overflow ? 0 : one * count;
}

static int go_on(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    const Waiting *waiting = user;
    return waiting->stop != NULL && waiting->stop(waiting->user) ? 1 : 0;
}

void tk_post_start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

bool tk_post(const char *url, const char *type, const TkBuf *body, TkPostStop stop, void *user, long *status,
             TkBuf *answer, GError **error)
{
    CURL *curl = curl_easy_init();
    if (curl == NULL)
        return tk_fail(error, TK_ERROR_IO, "libcurl has no handle");
    Waiting waiting = {stop, user};
    g_autofree char *content = g_strconcat("Content-Type: ", type, NULL);
    struct curl_slist *headers = curl_slist_append(NULL, content);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, REQUEST_S);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "tokatsu/" TK_VERSION);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->data);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->len);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &waiting);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return code == CURLE_OK || tk_fail_both(error, TK_ERROR_IO, "%s から応答がありません: %s",
                                            "%s does not answer: %s", url, curl_easy_strerror(code));
}

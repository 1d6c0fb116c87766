/* A request from its target to its answer, over a real service in a temporary folder: the first line is
 * METHOD and target, the rest is the body. Whatever it says, the answer has a status, is never an internal
 * error, and what calls itself JSON is. */
#include "base/base.h"

#include <stdlib.h>

#include "../../src/http/app.h"

#define RUNS_OF_ONE_SERVICE 20000
#define PORT                8080

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static TkApp *service;
static TkHttpApp app;
static unsigned runs;

static void stop(void)
{
    tk_http_app_clear(&app);
    g_clear_pointer(&service, tk_service_free);
}

static void start(void)
{
    GError *error = NULL;
    TkServiceOptions options = {0};
    stop();
    service = tk_service_new(&options, &error);
    if (service == NULL)
        g_error("%s", error->message);
    const TkHttpDoor door = {.port = PORT};
    tk_http_app_init(&app, service, &door);
    if (runs == 0)
        atexit(stop); /* after OpenSSL has registered its own, so that the store's thread ends before that
                         runs */
}

static void check(const TkHttpResponse *response)
{
    if (response->status < 200 || response->status >= 500)
        g_error("the answer is %u", response->status);
    if (response->body == NULL || strcmp(response->type, "application/json") != 0)
        return;
    gsize len;
    const char *text = g_bytes_get_data(response->body, &len);
    g_autoptr(json_t) root = tk_json_read("answer", text, len, 64u << 20, NULL);
    if (root == NULL)
        g_error("the answer is not JSON: %.200s", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (runs % RUNS_OF_ONE_SERVICE == 0)
        start();
    runs++;
    const char *text = (const char *)data;
    const char *end = size == 0 ? NULL : memchr(text, '\n', size);
    g_autofree char *line = g_strndup(text, end == NULL ? size : (size_t)(end - text));
    const char *body = end == NULL ? "" : end + 1;
    size_t body_len = end == NULL ? 0 : size - (size_t)(body - text);
    char *target = strchr(line, ' ');
    if (target == NULL)
        return 0;
    *target++ = '\0';

    TkHttpRequest request = {.target = target, .host = "127.0.0.1:8080"};
    TkHttpResponse response = {0};
    request.method = strcmp(line, "POST") == 0  ? TK_HTTP_POST
                     : strcmp(line, "GET") == 0 ? TK_HTTP_GET
                                                : TK_HTTP_OTHER;
    request.content_type =
        strcmp(target, "/api/v1/alarms") == 0 ? "application/x-ndjson" : "application/json";
    if (tk_http_begin(&app, &request, &response)) {
        tk_buf_add(&request.body, body, body_len);
        tk_http_finish(&app, &request, &response);
    }
    check(&response);
    tk_http_response_clear(&response);
    tk_http_request_clear(&request);
    return 0;
}

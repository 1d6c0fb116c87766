#include "http/app.h"

#include "http/api.h"
#include "http/conditional.h"
#include "http/openapi.h"
#include "http/static.h"
#include "http/visitor.h"

void tk_http_app_init(TkHttpApp *app, TkApp *service, const TkHttpDoor *door)
{
    *app = (TkHttpApp){.service = service,
                       .door = *door,
                       .peers = tk_peers_new(),
                       .strangers = tk_peers_new(),
                       .born_us = g_get_real_time()};
    app->openapi = tk_openapi_write(tk_service_registers(service));
    app->etags = tk_static_etags();
}

void tk_http_app_clear(TkHttpApp *app)
{
    g_clear_pointer(&app->peers, tk_peers_free);
    g_clear_pointer(&app->strangers, tk_peers_free);
    g_clear_pointer(&app->openapi, g_bytes_unref);
    g_clear_pointer(&app->etags, g_hash_table_unref);
}

void tk_http_request_clear(TkHttpRequest *request)
{
    tk_arena_clear(&request->arena);
    tk_buf_clear(&request->body);
}

/* Nothing of ours has this path and method. Pages of the browser's own router all are the one page. */
static void answer_unrouted(TkHttpApp *app, TkHttpRequest *request, const char *allow,
                            TkHttpResponse *response)
{
    if (allow == NULL && request->method == TK_HTTP_GET && tk_static_serve(app, request, response))
        return;
    if (allow == NULL && !tk_static_known(app, request->path)) {
        tk_http_respond_refusal(response, 404, TK_ERROR_NOT_FOUND,
                                "この宛先には何もありません。/api/openapi.json に一覧があります。",
                                "there is nothing at this path; /api/openapi.json lists what there is");
        return;
    }
    if (allow == NULL)
        allow = "OPTIONS, GET, HEAD";
    if (request->method == TK_HTTP_OPTIONS)
        response->status = 204;
    else
        tk_http_respond_refusal(response, 405, TK_ERROR_INPUT,
                                "この宛先では使えない操作です。使えるのは %s です。",
                                "this path does not take that method, only %s", allow);
    response->allow = allow;
}

/* What a known person was refused is written down. */
static void note_refusal(TkHttpApp *app, const TkHttpRequest *request, const TkHttpResponse *response)
{
    if (response->status == 403 && request->who.account[0] != '\0')
        tk_people_note_refusal(app->service, request->who.account, request->route->id);
}

bool tk_http_begin(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    if (!tk_router_parse(request, &error)) {
        tk_http_respond_error(response, error);
        return false;
    }
    if (!tk_http_guard_host(request, &app->door, response))
        return false;
    const char *allow;
    if (tk_router_find(request, &allow) == NULL) {
        answer_unrouted(app, request, allow, response);
        return false;
    }
    if (!tk_http_guard_write(request, &app->door, response))
        return false;
    if (!tk_http_visitor(app, request, response)) {
        note_refusal(app, request, response);
        return false;
    }
    tk_buf_init(&request->body, MAX(request->route->body_max, 1));
    return true;
}

void tk_http_finish(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    if (request->body.overflow && request->route->body != TK_BODY_NONE) {
        tk_http_respond_refusal(response, 413, TK_ERROR_LIMIT,
                                "送られた内容が上限の %zu バイトを超えています。分けて送ってください。",
                                "the body is larger than %zu bytes; send it in parts",
                                request->route->body_max);
        return;
    }
    tk_http_run(app, request, response);
    tk_http_tag(request, response);
    note_refusal(app, request, response);
}

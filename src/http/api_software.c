/* Software that runs, and what is said about it. */
#include "http/api.h"

void tk_api_software(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_software(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_software_findings(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkPage page;
    GBytes *answer = NULL;
    if (tk_http_page(request, 100, &page, &error))
        answer = tk_service_software_findings(app->service, &request->actor, tk_http_query(request, "status"),
                                              &page, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_software_components(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    TkPage page;
    GBytes *answer = NULL;
    if (tk_http_page(request, 100, &page, &error))
        answer = tk_service_software_components(app->service, &request->actor,
                                                tk_http_query(request, "search"), &page, &error);
    tk_api_answer(response, 200, answer, error);
}

static void answer_import(TkHttpResponse *response, GBytes *answer, GBytes *findings, GError *error)
{
    if (answer == NULL && findings != NULL)
        tk_http_respond_findings(response, error, findings);
    else
        tk_api_answer(response, 201, answer, error);
}

static const char *file_name(const TkHttpRequest *request)
{
    const char *name = tk_http_query(request, "name");
    return name == NULL || *name == '\0' ? "document.json" : name;
}

void tk_api_software_add_sbom(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(request->body.data, request->body.len);
    GBytes *answer = tk_service_software_add_sbom(
        app->service, &request->actor, tk_http_query(request, "system"), tk_http_query(request, "facilities"),
        file_name(request), bytes, &findings, &error);
    answer_import(response, answer, findings, error);
}

void tk_api_software_add_advisory(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(request->body.data, request->body.len);
    GBytes *answer = tk_service_software_add_advisory(app->service, &request->actor, file_name(request),
                                                      bytes, &findings, &error);
    answer_import(response, answer, findings, error);
}

/* Contractors and foreign law: views, what a change reaches, and what users are told. */
#include "http/api.h"

static bool as_of(const TkHttpRequest *request, int64_t *at_us, GError **error)
{
    const char *text = tk_http_query(request, "as_of");
    *at_us = TK_TIME_NONE;
    if (text == NULL || *text == '\0' || tk_time_parse(text, strlen(text), at_us, error))
        return true;
    g_prefix_error(error, "as_of: ");
    return false;
}

void tk_api_contractors(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t at_us;
    GBytes *answer = NULL;
    if (as_of(request, &at_us, &error))
        answer = tk_service_contractors(app->service, &request->actor, at_us, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_contractor(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t at_us;
    GBytes *answer = NULL;
    if (as_of(request, &at_us, &error))
        answer = tk_service_contractor(app->service, &request->actor, request->params[0], at_us, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_contractors_concentration(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t at_us;
    GBytes *answer = NULL;
    if (as_of(request, &at_us, &error))
        answer = tk_service_contractors_concentration(app->service, &request->actor, at_us, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_contractors_vanish(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_service_contractors_vanish(app->service, &request->actor, body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_country_what_if(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_service_country_what_if(app->service, &request->actor, body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_country_change(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer = body == NULL
                         ? NULL
                         : tk_service_country_change(app->service, &request->actor, body, &findings, &error);
    if (answer == NULL && findings != NULL)
        tk_http_respond_findings(response, error, findings);
    else
        tk_api_answer(response, 200, answer, error);
}

void tk_api_country_scores(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_country_scores(app->service, &request->actor, request->params[0], &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_contractor_weights(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    GBytes *answer = tk_service_contractor_weights(app->service, &request->actor, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_contractor_weights_put(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    g_autoptr(json_t) body = tk_http_body_object(request, &error);
    GBytes *answer =
        body == NULL ? NULL : tk_service_contractor_weights_put(app->service, &request->actor, body, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_contractors_abroad(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t at_us;
    GBytes *answer = NULL;
    if (as_of(request, &at_us, &error))
        answer = tk_service_contractors_abroad(app->service, &request->actor, at_us, false, &error);
    tk_api_answer(response, 200, answer, error);
}

void tk_api_contractors_abroad_page(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    GError *error = NULL;
    int64_t at_us;
    GBytes *answer = NULL;
    if (as_of(request, &at_us, &error))
        answer = tk_service_contractors_abroad(app->service, &request->actor, at_us, true, &error);
    if (answer == NULL)
        tk_http_respond_error(response, error);
    else
        tk_http_respond_bytes(response, 200, "text/html; charset=utf-8", answer);
}

/* The HTTP room without a socket: targets, routes, the guard, what a response says. */
#include "unit.h"

#include "../../src/http/app.h"

static bool parse(TkHttpRequest *request, const char *target)
{
    *request = (TkHttpRequest){.target = target};
    return tk_router_parse(request, NULL);
}

static void targets_are_decoded_by_segment(void **state)
{
    (void)state;
    TkHttpRequest request;
    assert_true(
        parse(&request,
              "/api/v1/law/%E6%96%BD%E8%A1%8C%E8%A6%8F%E5%89%8758%E6%9D%A1?date=2026-04-01&x=a+b%26c&&y"));
    assert_string_equal(request.path, "/api/v1/law/施行規則58条");
    assert_string_equal(tk_http_query(&request, "date"), "2026-04-01");
    assert_string_equal(tk_http_query(&request, "x"), "a b&c");
    assert_string_equal(tk_http_query(&request, "y"), "");
    assert_null(tk_http_query(&request, "z"));
    tk_http_request_clear(&request);
}

static void crooked_targets_are_refused(void **state)
{
    (void)state;
    const char *bad[] = {"",       "x",        "*",     "http://a/", "/..", "/a/../b", "/%2e%2e/a", "/.",
                         "/a%2fb", "/a%5cb",   "/%00",  "/%0a",      "/%",  "/%f",     "/%gg",      "/%ff",
                         "/\x7f",  "/a?x=%zz", "/?%00", "/?a=%ff",   "/\\", "/a/%2E",  "/%c0%ae",   "/\t"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        TkHttpRequest request;
        if (parse(&request, bad[i]))
            fail_msg("“%s” was taken as %s", bad[i], request.path);
        tk_http_request_clear(&request);
    }
}

static void long_targets_and_many_parameters_hit_a_ceiling(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autofree char *name = g_strnfill(TK_HTTP_TARGET_MAX + 1, 'a');
    name[0] = '/';
    TkHttpRequest request = {.target = name};
    assert_false(tk_router_parse(&request, &error));
    assert_int_equal(error->code, TK_ERROR_LIMIT);
    g_clear_error(&error);
    tk_http_request_clear(&request);

    request = (TkHttpRequest){.target = "/?a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a"};
    assert_false(tk_router_parse(&request, &error));
    assert_error_says(error, "parameters");
    tk_http_request_clear(&request);
}

static void patterns_take_parts_of_segments(void **state)
{
    (void)state;
    TkArena arena = {0};
    const char *params[TK_HTTP_PARAMS_MAX] = {NULL};
    assert_true(
        tk_router_fits(&arena, "/a/{id}/reports/{number}.{format}", "/a/A2026-0001/reports/12.pdf", params));
    assert_string_equal(params[0], "A2026-0001");
    assert_string_equal(params[1], "12");
    assert_string_equal(params[2], "pdf");
    assert_false(tk_router_fits(&arena, "/a/{id}", "/a/", params));
    assert_false(tk_router_fits(&arena, "/a/{id}", "/a/b/c", params));
    assert_false(tk_router_fits(&arena, "/a/{id}", "/a", params));
    assert_false(tk_router_fits(&arena, "/a/{n}.{f}", "/a/12", params));
    assert_true(tk_router_fits(&arena, "/a", "/a", params));
    tk_arena_clear(&arena);
}

static void every_route_is_found_by_a_path_of_its_pattern(void **state)
{
    (void)state;
    size_t count;
    const TkRoute *routes = tk_routes(&count);
    for (size_t i = 0; i < count; i++) {
        g_autoptr(GString) path = g_string_new(NULL);
        for (const char *p = routes[i].pattern; *p != '\0'; p++) {
            if (*p == '{') {
                g_string_append(path, "x1");
                p = strchr(p, '}');
            } else {
                g_string_append_c(path, *p);
            }
        }
        TkHttpRequest request;
        assert_true(parse(&request, path->str));
        request.method = routes[i].method;
        const char *allow;
        assert_ptr_equal(tk_router_find(&request, &allow), &routes[i]);
        tk_http_request_clear(&request);
        assert_true(routes[i].body == TK_BODY_NONE || routes[i].method != TK_HTTP_GET);
        assert_true(routes[i].body == TK_BODY_NONE || routes[i].body_max > 0);
    }
}

static void only_names_of_this_machine_with_our_port_pass(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        bool passes;
    } cases[] = {
        {"localhost:8080", true},
        {"127.0.0.1:8080", true},
        {"127.9.9.9:8080", true},
        {"[::1]:8080", true},
        {"LocalHost:8080", true},
        {"localhost", false},
        {"localhost:80", false},
        {"[::1]", false},
        {"evil.example", false},
        {"evil.example:8080", false},
        {"::1:8080", false},
        {"", false},
        {"[::2]:8080", false},
        {"127.0.0.1.example:8080", false},
        {":8080", false},
        {"[]:8080", false},
        {"localhost:8080:8080", false},
        {"0x7f000001:8080", false},
        {"2130706433:8080", false},
        {"]", false},
        {"127.1:8080", false},
        {"localhost.:8080", false},
        {NULL, false},
    };
    const TkHttpDoor door = {.port = 8080};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        TkHttpRequest request = {.host = cases[i].host};
        TkHttpResponse response = {0};
        if (tk_http_guard_host(&request, &door, &response) != cases[i].passes)
            fail_msg("%s", cases[i].host);
        assert_true(cases[i].passes || response.status == 421 ||
                    (cases[i].host == NULL && response.status == 400));
        tk_http_response_clear(&response);
    }
}

static void addresses_are_taken_apart(void **state)
{
    (void)state;
    const char *bad[] = {"", ":", "8080", "a", "a:", "a:x", "a:65536", "a:-1", "::1:80", "[]:80", "a:1 "};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *host = NULL;
        uint16_t port;
        if (tk_http_split_address(bad[i], &host, &port, NULL))
            fail_msg("“%s” was taken as %s and %u", bad[i], host, port);
    }
    g_autofree char *host = NULL;
    uint16_t port = 0;
    assert_true(tk_http_split_address("[::1]:0", &host, &port, NULL));
    assert_string_equal(host, "::1");
    assert_int_equal(port, 0);
}

static void a_name_that_is_not_ascii_is_sent_in_both_forms(void **state)
{
    (void)state;
    TkHttpRequest request = {0};
    TkHttpResponse response = {0};
    tk_http_attach(&request, &response, "速報\"1\r\n.pdf");
    assert_string_equal(response.disposition, "attachment; filename=\"_______1__.pdf\"; "
                                              "filename*=UTF-8''%E9%80%9F%E5%A0%B1%221%0D%0A.pdf");
    tk_http_request_clear(&request);
}

static void an_error_keeps_its_sentence_and_its_status(void **state)
{
    (void)state;
    static const struct {
        TkErrorCode code;
        unsigned status;
        const char *name;
    } cases[] = {{TK_ERROR_INPUT, 400, "input"},
                 {TK_ERROR_LIMIT, 413, "limit"},
                 {TK_ERROR_LAW, 422, "law"},
                 {TK_ERROR_NOT_FOUND, 404, "not-found"},
                 {TK_ERROR_CONFLICT, 409, "conflict"},
                 {TK_ERROR_FORBIDDEN, 403, "forbidden"},
                 {TK_ERROR_IO, 503, "io"},
                 {TK_ERROR_REFUSED, 409, "conflict"},
                 {TK_ERROR_INTERNAL, 500, "internal"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        TkHttpResponse response = {0};
        GError *error = NULL;
        tk_fail(&error, cases[i].code, "a \"sentence\" 文");
        tk_http_respond_error(&response, error);
        assert_int_equal(response.status, cases[i].status);
        gsize len;
        const char *text = g_bytes_get_data(response.body, &len);
        g_autoptr(json_t) root = tk_json_read("answer", text, len, 10000, NULL);
        json_t *said = root;
        assert_string_equal(response.type, "application/problem+json");
        assert_int_equal(json_integer_value(json_object_get(said, "status")), cases[i].status);
        assert_string_equal(json_string_value(json_object_get(said, "detail")), "a \"sentence\" 文");
        assert_string_equal(json_string_value(json_object_get(said, "code")), cases[i].name);
        tk_http_response_clear(&response);
    }
}

static void an_arena_gives_back_all_and_has_a_ceiling(void **state)
{
    (void)state;
    TkArena arena = {0};
    char *first = tk_arena_format(&arena, "%s-%d", "a", 1);
    for (int i = 0; i < 1000; i++)
        memset(tk_arena_alloc(&arena, 100), 1, 100);
    assert_string_equal(first, "a-1");
    assert_null(tk_arena_alloc(&arena, TK_ARENA_MAX));
    assert_null(tk_arena_alloc(&arena, SIZE_MAX));
    assert_non_null(tk_arena_alloc(&arena, 5000));
    tk_arena_clear(&arena);
    assert_int_equal(arena.total, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_decoded_by_segment),
        cmocka_unit_test(crooked_targets_are_refused),
        cmocka_unit_test(long_targets_and_many_parameters_hit_a_ceiling),
        cmocka_unit_test(patterns_take_parts_of_segments),
        cmocka_unit_test(every_route_is_found_by_a_path_of_its_pattern),
        cmocka_unit_test(only_names_of_this_machine_with_our_port_pass),
        cmocka_unit_test(addresses_are_taken_apart),
        cmocka_unit_test(a_name_that_is_not_ascii_is_sent_in_both_forms),
        cmocka_unit_test(an_error_keeps_its_sentence_and_its_status),
        cmocka_unit_test(an_arena_gives_back_all_and_has_a_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

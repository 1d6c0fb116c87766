#include "http/openapi.h"

#include "http/problem.h"

#define OPENAPI_MAX    (8 * 1024 * 1024) /* 128 registers of 64 fields fit */
#define COMPONENTS_MAX (256 * 1024)
#define SCHEMAS_FOLDER "src/http/schemas"

static void write_ref(TkJson *w, const char *schema)
{
    tk_json_key(w, "schema");
    tk_json_begin_object(w);
    if (schema != NULL) {
        g_autofree char *ref = g_strconcat("#/components/schemas/", schema, NULL);
        tk_json_member(w, "$ref", ref);
    }
    tk_json_end_object(w);
}

static void write_content(TkJson *w, const char *type, const char *other, const char *schema)
{
    tk_json_key(w, "content");
    tk_json_begin_object(w);
    tk_json_key(w, type);
    tk_json_begin_object(w);
    write_ref(w, schema);
    tk_json_end_object(w);
    if (other != NULL) {
        tk_json_key(w, other);
        tk_json_begin_object(w);
        tk_json_end_object(w);
    }
    tk_json_end_object(w);
}

static void write_path_parameters(TkJson *w, const char *pattern)
{
    for (const char *open = strchr(pattern, '{'); open != NULL; open = strchr(open + 1, '{')) {
        g_autofree char *name = g_strndup(open + 1, strcspn(open + 1, "*}"));
        tk_json_begin_object(w);
        tk_json_member(w, "name", name);
        tk_json_member(w, "in", "path");
        tk_json_key(w, "required");
        tk_json_bool(w, true);
        tk_json_key(w, "schema");
        tk_json_begin_object(w);
        tk_json_member(w, "type", "string");
        tk_json_end_object(w);
        tk_json_end_object(w);
    }
}

static void write_query_parameters(TkJson *w, const TkRouteQuery *query)
{
    for (; query != NULL && query->name != NULL; query++) {
        g_autoptr(json_t) schema =
            tk_json_read(query->name, query->schema, strlen(query->schema), 4096, NULL);
        g_assert(schema != NULL);
        tk_json_begin_object(w);
        tk_json_member(w, "name", query->name);
        tk_json_member(w, "in", "query");
        tk_json_member(w, "description", query->what);
        tk_json_key(w, "schema");
        tk_json_value(w, schema);
        tk_json_end_object(w);
    }
}

static void write_header_parameter(TkJson *w, const char *name, const char *what)
{
    tk_json_begin_object(w);
    tk_json_member(w, "name", name);
    tk_json_member(w, "in", "header");
    tk_json_member(w, "description", what);
    tk_json_key(w, "schema");
    tk_json_begin_object(w);
    tk_json_member(w, "type", "string");
    tk_json_end_object(w);
    tk_json_end_object(w);
}

static void write_header_parameters(TkJson *w, const TkRoute *route)
{
    if (route->method == TK_HTTP_GET)
        write_header_parameter(w, "If-None-Match",
                               "the ETag of the answer that is known; 304 while it is the same");
    else if (route->versioned)
        write_header_parameter(w, "If-Match", "the ETag that was read; or version in the body");
    if (tk_route_creates(route))
        write_header_parameter(w, "Idempotency-Key", "repeated within 24 hours, the request is done once");
    if (route->async)
        write_header_parameter(w, "Prefer", "respond-async: answered with 202 and a job that does it");
}

/* Which refusals a route can answer, from what the table says of it. */
static bool can_answer(const TkRoute *route, unsigned status)
{
    bool writes = route->method != TK_HTTP_GET;
    switch (status) {
    case 400:
    case 404:
    case 413:
    case 421:
    case 422:
    case 503:
        return true;
    case 401:
    case 403:
    case 409:
        return route->needs != TK_NEEDS_NOTHING || writes;
    case 415:
        return tk_route_body_type(route->body) != NULL;
    case 412:
    case 428:
        return writes && route->versioned;
    case 429: /* also of what is answered to nobody in particular, where tries are counted */
        return writes || (route->needs == TK_NEEDS_NOTHING && route->slow && route->answer_schema != NULL);
    default:
        return false;
    }
}

static void begin_answer(TkJson *w, unsigned status, const char *description)
{
    g_autofree char *name = g_strdup_printf("%u", status);
    tk_json_key(w, name);
    tk_json_begin_object(w);
    tk_json_member(w, "description", description);
}

static void write_answers(TkJson *w, const TkRoute *route)
{
    tk_json_key(w, "responses");
    tk_json_begin_object(w);
    begin_answer(w, route->status, "done");
    if (route->status != 204 && route->status != 303)
        write_content(w, route->answer_type == NULL ? "application/json" : route->answer_type, NULL,
                      route->answer_schema);
    tk_json_end_object(w);
    if (route->async) {
        begin_answer(w, 202, "a job does it: ask /api/v1/jobs/ID");
        write_content(w, "application/json", NULL, "Job");
        tk_json_end_object(w);
    }
    if (route->method == TK_HTTP_GET) {
        begin_answer(w, 304, "known already");
        tk_json_end_object(w);
    }
    size_t count;
    const TkProblem *problems = tk_problems(&count);
    unsigned before = 0;
    for (unsigned status = 400; status < 600; status++) {
        for (size_t i = 0; i < count && before != status; i++) {
            if (problems[i].status != status || !can_answer(route, status))
                continue;
            begin_answer(w, status, problems[i].title_en);
            write_content(w, TK_PROBLEM_TYPE, NULL, "Problem");
            tk_json_end_object(w);
            before = status;
        }
    }
    tk_json_end_object(w);
}

static void write_route(TkJson *w, const TkRoute *route)
{
    static const char *const methods[] = {[TK_HTTP_GET] = "get",
                                          [TK_HTTP_POST] = "post",
                                          [TK_HTTP_PUT] = "put",
                                          [TK_HTTP_PATCH] = "patch",
                                          [TK_HTTP_DELETE] = "delete"};
    tk_json_key(w, methods[route->method]);
    tk_json_begin_object(w);
    tk_json_member(w, "operationId", route->id);
    tk_json_member(w, "summary", route->what);
    tk_json_key(w, "parameters");
    tk_json_begin_array(w);
    write_path_parameters(w, route->pattern);
    write_query_parameters(w, route->query);
    write_header_parameters(w, route);
    tk_json_end_array(w);
    if (route->body != TK_BODY_NONE) {
        tk_json_key(w, "requestBody");
        tk_json_begin_object(w);
        tk_json_key(w, "required");
        tk_json_bool(w, true);
        const char *type = tk_route_body_type(route->body);
        write_content(w, type == NULL ? "*/*" : type, tk_route_body_other_type(route->body),
                      route->body_schema);
        tk_json_end_object(w);
    }
    if (route->needs == TK_NEEDS_NOTHING) {
        tk_json_key(w, "security");
        tk_json_begin_array(w);
        tk_json_end_array(w);
    }
    write_answers(w, route);
    tk_json_end_object(w);
}

/* Each path once, with its methods, in the table's order. */
static void write_paths(TkJson *w)
{
    size_t count;
    const TkRoute *routes = tk_routes(&count);
    tk_json_begin_object(w);
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t j = 0; j < i; j++)
            seen = seen || strcmp(routes[j].pattern, routes[i].pattern) == 0;
        if (seen)
            continue;
        g_auto(GStrv) parts = g_strsplit(routes[i].pattern, "*", -1); /* {name*} is told as {name} */
        g_autofree char *path = g_strjoinv("", parts);
        tk_json_key(w, path);
        tk_json_begin_object(w);
        for (size_t j = i; j < count; j++)
            if (strcmp(routes[j].pattern, routes[i].pattern) == 0)
                write_route(w, &routes[j]);
        tk_json_end_object(w);
    }
    tk_json_end_object(w);
}

/* The values of a record are those of one of the registers: a schema for each, made from its file. */
static void add_registers(json_t *schemas, const TkRegisters *registers)
{
    static const char *const holders[] = {"RegisterRecordNew", "RegisterRecordChange"};
    g_autoptr(json_t) described = tk_registers_describe(registers);
    g_autoptr(json_t) any = json_array();
    const char *id;
    json_t *schema;
    json_object_foreach(described, id, schema)
    {
        g_autofree char *name = g_strconcat("Register-", id, NULL);
        g_autofree char *ref = g_strconcat("#/components/schemas/", name, NULL);
        json_object_set(schemas, name, schema);
        json_array_append_new(any, json_pack("{s:s}", "$ref", ref));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(holders) && json_array_size(any) > 0; i++) {
        json_t *properties = json_object_get(json_object_get(schemas, holders[i]), "properties");
        json_object_set_new(properties, "values", json_pack("{s:O}", "anyOf", any));
    }
}

static json_t *read_components(const char *name)
{
    g_autofree char *path = g_strconcat(SCHEMAS_FOLDER "/", name, NULL);
    g_autoptr(GBytes) bytes = tk_asset(path);
    g_assert(bytes != NULL);
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    json_t *root = tk_json_read(name, text, len, COMPONENTS_MAX, NULL);
    g_assert(root != NULL);
    return root;
}

/* components.json is the frame; each other file of the folder adds the schemas of one subject, by name. */
static json_t *all_components(void)
{
    json_t *components = read_components("components.json");
    json_t *schemas = json_object_get(components, "schemas");
    g_auto(GStrv) paths = tk_asset_list(SCHEMAS_FOLDER);
    for (char **path = paths; *path != NULL; path++) {
        const char *name = *path + strlen(SCHEMAS_FOLDER "/");
        if (strcmp(name, "components.json") == 0)
            continue;
        g_autoptr(json_t) more = read_components(name);
        const char *id;
        json_t *schema;
        json_object_foreach(more, id, schema)
        {
            g_assert(json_object_get(schemas, id) == NULL); /* one home for each */
            json_object_set(schemas, id, schema);
        }
    }
    return components;
}

static void write_components(TkJson *w, const TkRegisters *registers)
{
    g_autoptr(json_t) components = all_components();
    add_registers(json_object_get(components, "schemas"), registers);
    tk_json_key(w, "components");
    tk_json_value(w, components);
}

/* Signed in by a session's cookie, or by an API token; the schemes are in components.json. */
static void write_security(TkJson *w)
{
    static const char *const schemes[] = {"session", "token"};
    tk_json_key(w, "security");
    tk_json_begin_array(w);
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
        tk_json_begin_object(w);
        tk_json_key(w, schemes[i]);
        tk_json_begin_array(w);
        tk_json_end_array(w);
        tk_json_end_object(w);
    }
    tk_json_end_array(w);
}

GBytes *tk_openapi_write(const TkRegisters *registers)
{
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, OPENAPI_MAX);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_json_member(&w, "openapi", "3.1.0");
    tk_json_key(&w, "info");
    tk_json_begin_object(&w);
    tk_json_member(&w, "title", "Tokatsu");
    tk_json_member(&w, "version", "1");
    tk_json_member(
        &w, "description",
        "Alarms in, accidents judged by the law of their day, reports out. Times are RFC 3339 in Japan's "
        "offset.");
    tk_json_end_object(&w);
    tk_json_key(&w, "servers");
    tk_json_begin_array(&w);
    tk_json_begin_object(&w);
    tk_json_member(&w, "url", "/");
    tk_json_end_object(&w);
    tk_json_end_array(&w);
    tk_json_key(&w, "paths");
    write_paths(&w);
    write_components(&w, registers);
    write_security(&w);
    tk_json_end_object(&w);
    g_assert(!buf.overflow);
    GBytes *document = g_bytes_new_take(buf.data, buf.len);
    buf.data = NULL;
    buf.len = buf.cap = 0;
    return document;
}

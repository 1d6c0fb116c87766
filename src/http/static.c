#include "http/static.h"

#include "service/service.h"

#include "http/conditional.h"

#define PAGE     "/index.html"
#define FOLDER   "web/dist"
#define ETAG_HEX 32 /* characters of the SHA-256 that stand in an ETag */

static const struct {
    const char *suffix;
    const char *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
};

static const char *type_of(const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(path, types[i].suffix))
            return types[i].type;
    return "application/octet-stream";
}

GHashTable *tk_static_etags(void)
{
    GHashTable *etags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) paths = tk_asset_list(FOLDER);
    for (char **path = paths; *path != NULL; path++) {
        g_autoptr(GBytes) bytes = tk_asset(*path);
        g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
        g_hash_table_insert(etags, g_strdup(*path + strlen(FOLDER)),
                            g_strdup_printf("\"%.*s\"", ETAG_HEX, hash));
    }
    return etags;
}

bool tk_static_known(const TkHttpApp *app, const char *path)
{
    return g_hash_table_contains(app->etags, strcmp(path, "/") == 0 ? PAGE : path);
}

/* The paths below which the page's own router has nothing to say. */
static bool is_interface(const char *path)
{
    static const char *const prefixes[] = {"/api", "/healthz", "/taxii2", "/tmf-api", "/3gpp"};
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        size_t len = strlen(prefixes[i]);
        if (strncmp(path, prefixes[i], len) == 0 && (path[len] == '\0' || path[len] == '/'))
            return true;
    }
    return false;
}

static const char *file_for(const TkHttpApp *app, const char *path)
{
    if (g_hash_table_contains(app->etags, path))
        return path;
    const char *slash = strrchr(path, '/');
    bool looks_like_file = slash == NULL || strchr(slash, '.') != NULL || strstr(path, "/.") != NULL;
    return looks_like_file || is_interface(path) || !g_hash_table_contains(app->etags, PAGE) ? NULL : PAGE;
}

/* Whether Accept-Encoding names `coding` with a weight other than 0. */
static bool takes(const char *accept, const char *coding)
{
    g_auto(GStrv) offers = g_strsplit(accept, ",", 32);
    for (char **offer = offers; *offer != NULL; offer++) {
        g_auto(GStrv) parts = g_strsplit(*offer, ";", 3);
        if (parts[0] == NULL || g_ascii_strcasecmp(g_strstrip(parts[0]), coding) != 0)
            continue;
        const char *weight = parts[1] == NULL ? NULL : strchr(parts[1], '=');
        return weight == NULL || g_ascii_strtod(weight + 1, NULL) > 0;
    }
    return false;
}

/* The file as built, or its packed twin (name.br, name.gz) where there is one and the client takes it. */
static GBytes *load(TkHttpRequest *request, const char *path, TkHttpResponse *response)
{
    static const char *const packings[][2] = {{"br", ".br"}, {"gzip", ".gz"}};
    for (size_t i = 0; i < G_N_ELEMENTS(packings); i++) {
        if (request->accept_encoding == NULL || !takes(request->accept_encoding, packings[i][0]))
            continue;
        g_autofree char *packed = g_strconcat(FOLDER, path, packings[i][1], NULL);
        GBytes *bytes = tk_asset(packed);
        if (bytes != NULL) {
            response->encoding = packings[i][0];
            return bytes;
        }
    }
    g_autofree char *plain = g_strconcat(FOLDER, path, NULL);
    return tk_asset(plain);
}

bool tk_static_serve(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response)
{
    const char *path = file_for(app, request->path);
    if (path == NULL)
        return false;
    tk_http_response_clear(response);
    response->type = type_of(path);
    response->cache = g_str_has_prefix(path, "/assets/") ? TK_CACHE_FOREVER : TK_CACHE_REVALIDATE;
    response->etag = g_hash_table_lookup(app->etags, path);
    if (tk_http_has_tag(request, response->etag)) {
        response->status = 304;
        return true;
    }
    response->status = 200;
    response->body = load(request, path, response);
    return response->body != NULL;
}

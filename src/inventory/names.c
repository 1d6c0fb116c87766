/* Package URLs and CPE names. */
#include "inventory/read.h"

#define NAME_MAX_BYTES 2048

/* ---- package URLs ---- */

void tk_purl_clear(TkPurl *p)
{
    char **const texts[] = {&p->type, &p->space, &p->name, &p->version, &p->arch, &p->distro};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
}

static char *decoded(const char *text, size_t len)
{
    return g_uri_unescape_segment(text, text + len, NULL); /* NULL for a broken escape, and for %00 */
}

static bool take_qualifier(TkPurl *out, const char *pair)
{
    const char *equals = strchr(pair, '=');
    if (equals == NULL || equals == pair)
        return false;
    char **slot = g_ascii_strncasecmp(pair, "arch=", 5) == 0     ? &out->arch
                  : g_ascii_strncasecmp(pair, "distro=", 7) == 0 ? &out->distro
                                                                 : NULL;
    g_autofree char *value = decoded(equals + 1, strlen(equals + 1));
    if (value == NULL)
        return false;
    if (slot != NULL) {
        g_free(*slot);
        *slot = g_steal_pointer(&value);
    }
    return true;
}

static bool take_qualifiers(TkPurl *out, const char *text)
{
    g_auto(GStrv) pairs = g_strsplit(text, "&", 64);
    for (char **pair = pairs; *pair != NULL; pair++)
        if (!take_qualifier(out, *pair))
            return false;
    return true;
}

/* Types whose names are compared without regard to case (purl-spec, PURL-TYPES). */
static bool folds_case(const char *type)
{
    static const char *const types[] = {"bitbucket", "github", "pypi", "deb", "hex",
                                        "composer",  "apk",    "alpm", NULL};
    return g_strv_contains(types, type);
}

static void settle(TkPurl *p)
{
    if (!folds_case(p->type))
        return;
    g_autofree char *space = p->space, *name = p->name;
    p->space = g_ascii_strdown(space, -1);
    p->name = g_ascii_strdown(name, -1);
    if (strcmp(p->type, "pypi") == 0)
        g_strdelimit(p->name, "_", '-');
}

static bool purl_path(TkPurl *out, char *path)
{
    while (*path == '/')
        path++;
    char *slash = strchr(path, '/');
    if (slash == NULL || slash == path)
        return false;
    out->type = g_ascii_strdown(path, slash - path);
    for (const char *c = out->type; *c != '\0'; c++)
        if (!g_ascii_isalnum(*c) && strchr(".+-", *c) == NULL)
            return false;
    path = slash;
    while (*path == '/')
        path++;
    char *at = strrchr(path, '@');
    if (at != NULL && strchr(at, '/') != NULL && strncmp(path, "@", 1) == 0)
        at = NULL; /* an npm scope that should have been escaped */
    if (at != NULL && at != path) {
        *at = '\0';
        out->version = decoded(at + 1, strlen(at + 1));
        if (out->version == NULL)
            return false;
    }
    char *last = strrchr(path, '/');
    const char *name = last == NULL ? path : last + 1;
    out->space = last == NULL ? g_strdup("") : decoded(path, (size_t)(last - path));
    out->name = decoded(name, strlen(name));
    return out->space != NULL && out->name != NULL && out->name[0] != '\0';
}

bool tk_purl_parse(const char *text, TkPurl *out, GError **error)
{
    *out = (TkPurl){0};
    g_autofree char *copy = g_strdup(text);
    bool ok = strlen(text) <= NAME_MAX_BYTES && g_ascii_strncasecmp(text, "pkg:", 4) == 0;
    char *cut = strchr(copy, '#'); /* the subpath names no other package */
    if (cut != NULL)
        *cut = '\0';
    cut = strchr(copy, '?');
    if (cut != NULL)
        *cut = '\0';
    ok = ok && purl_path(out, copy + 4) && (cut == NULL || take_qualifiers(out, cut + 1));
    if (!ok) {
        tk_purl_clear(out);
        return tk_fail(error, TK_ERROR_INPUT, "“%.80s” is no package URL (pkg:type/namespace/name@version)",
                       text);
    }
    char **const absent[] = {&out->version, &out->arch, &out->distro};
    for (size_t i = 0; i < G_N_ELEMENTS(absent); i++)
        if (*absent[i] == NULL)
            *absent[i] = g_strdup("");
    settle(out);
    return true;
}

/* ---- CPE ---- */

void tk_cpe_clear(TkCpe *cpe)
{
    char **const texts[] = {&cpe->part, &cpe->vendor, &cpe->product, &cpe->version, &cpe->update};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
}

/* The next attribute of a formatted string: until an unescaped colon, without its escapes, in lower case. */
static char *attribute(const char **at)
{
    GString *out = g_string_new(NULL);
    const char *c = *at;
    for (; *c != '\0' && *c != ':'; c++) {
        if (*c == '\\' && c[1] != '\0')
            c++;
        g_string_append_c(out, g_ascii_tolower(*c));
    }
    *at = *c == ':' ? c + 1 : c;
    return g_string_free(out, FALSE);
}

static char *uri_attribute(const char **at)
{
    size_t len = strcspn(*at, ":");
    char *out = decoded(*at, len);
    *at += len + ((*at)[len] == ':');
    if (out == NULL)
        return NULL;
    char *lower = g_ascii_strdown(out, -1);
    g_free(out);
    if (lower[0] == '\0') {
        g_free(lower);
        lower = g_strdup("*");
    }
    return lower;
}

bool tk_cpe_parse(const char *text, TkCpe *out, GError **error)
{
    *out = (TkCpe){0};
    bool formatted = g_str_has_prefix(text, "cpe:2.3:"), uri = g_str_has_prefix(text, "cpe:/");
    const char *at = text + (formatted ? 8 : 5);
    char **const slots[] = {&out->part, &out->vendor, &out->product, &out->version, &out->update};
    bool ok = (formatted || uri) && strlen(text) <= NAME_MAX_BYTES;
    for (size_t i = 0; ok && i < G_N_ELEMENTS(slots); i++) {
        ok = !formatted || *at != '\0';
        *slots[i] = ok ? formatted ? attribute(&at) : uri_attribute(&at) : NULL;
        ok = ok && *slots[i] != NULL && (*slots[i])[0] != '\0';
    }
    ok = ok && strlen(out->part) == 1 && strchr("aho*-", out->part[0]) != NULL;
    if (ok)
        return true;
    tk_cpe_clear(out);
    return tk_fail(error, TK_ERROR_INPUT, "“%.80s” is no CPE name (cpe:2.3:part:vendor:product:version:…)",
                   text);
}

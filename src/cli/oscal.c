/* tokatsu oscal: resolves a profile into a catalogue, and checks OSCAL documents. The documents that a
 * profile imports are looked for beside it; nothing is fetched from the network, so that a resolution has the
 * same answer tomorrow. */
#include "cli/framework.h"
#include "service/service.h"

typedef json_t *(*Reader)(const char *name, const char *text, size_t len, GError **error);

static json_t *read_file(const char *path, Reader reader, GError **error)
{
    if (strcmp(path, "-") == 0)
        path = "/dev/stdin";
    g_autofree char *text = NULL;
    size_t len = 0;
    g_autoptr(GError) why = NULL;
    if (!g_file_get_contents(path, &text, &len, &why)) {
        tk_fail(error, TK_ERROR_INPUT, "%s cannot be read: %s", path, why->message);
        return NULL;
    }
    return reader(path, text, len, error);
}

static json_t *read_document(const char *path, GError **error)
{
    return read_file(path, tk_oscal_read, error);
}

/* Any JSON: whether it is an OSCAL document is the question. */
static json_t *read_any(const char *name, const char *text, size_t len, GError **error)
{
    return tk_json_read(name, text, len, TK_OSCAL_DOCUMENT_MAX, error);
}

/* ---- resolve ---- */

typedef struct {
    const char *catalog; /* --catalog */
} Sources;

static bool is_json(const json_t *rlink)
{
    const char *type = json_string_value(json_object_get(rlink, "media-type"));
    const char *href = json_string_value(json_object_get(rlink, "href"));
    return href != NULL && (type != NULL ? strstr(type, "json") != NULL : g_str_has_suffix(href, ".json"));
}

/* The file that a reference means, seen from another file; NULL where it is no file of this machine. */
static char *beside(const char *from, const char *href)
{
    if (g_str_has_prefix(href, "file://"))
        return g_filename_from_uri(href, NULL, NULL);
    if (strstr(href, "://") != NULL)
        return NULL;
    g_autofree char *plain = g_uri_unescape_string(href, NULL), *folder = g_path_get_dirname(from);
    return plain == NULL               ? NULL
           : g_path_is_absolute(plain) ? g_steal_pointer(&plain)
                                       : g_build_filename(folder, plain, NULL);
}

static json_t *try_file(const char *from, const char *href, char **name, GError **error)
{
    g_autofree char *path = beside(from, href);
    if (path == NULL || !g_file_test(path, G_FILE_TEST_IS_REGULAR))
        return NULL;
    json_t *document = read_document(path, error);
    if (document != NULL)
        *name = g_canonicalize_filename(path, NULL);
    return document;
}

static json_t *try_embedded(const json_t *resource, char **name, GError **error)
{
    const char *base64 = json_string_value(json_object_get(json_object_get(resource, "base64"), "value"));
    if (base64 == NULL)
        return NULL;
    size_t len = 0;
    g_autofree unsigned char *bytes = g_base64_decode(base64, &len);
    *name = g_strdup_printf("#%s", json_string_value(json_object_get(resource, "uuid")));
    return tk_oscal_read(*name, (const char *)bytes, len, error);
}

static json_t *find(const char *from, const char *href, const json_t *resource, char **name, GError **error)
{
    if (resource == NULL)
        return try_file(from, href, name, error);
    const json_t *rlinks = json_object_get(resource, "rlinks");
    for (size_t i = 0; i < json_array_size(rlinks); i++) {
        const json_t *rlink = json_array_get(rlinks, i);
        json_t *found = is_json(rlink)
                            ? try_file(from, json_string_value(json_object_get(rlink, "href")), name, error)
                            : NULL;
        if (found != NULL || *error != NULL)
            return found;
    }
    return try_embedded(resource, name, error);
}

/* A profile beside this one is followed; for a catalogue --catalog stands in. */
static json_t *fetch(void *user, const char *from, const char *href, const json_t *resource, char **name,
                     GError **error)
{
    const Sources *sources = user;
    GError *why = NULL;
    g_autoptr(json_t) found = find(from, href, resource, name, &why);
    if (why != NULL) {
        g_propagate_error(error, why);
        return NULL;
    }
    if (found != NULL && (sources->catalog == NULL || strcmp(tk_oscal_kind(found), "catalog") != 0))
        return g_steal_pointer(&found);
    if (sources->catalog == NULL) {
        tk_fail(error, TK_ERROR_INPUT,
                "the import “%s” of %s is no JSON file that can be reached from there; give it with "
                "--catalog FILE",
                href, from);
        return NULL;
    }
    g_free(*name);
    *name = g_strdup(sources->catalog);
    return read_document(sources->catalog, error);
}

static int print_document(const json_t *document)
{
    bool ok = json_dumpf(document, stdout, JSON_INDENT(2)) == 0 && fputc('\n', stdout) == '\n' &&
              fflush(stdout) == 0;
    if (!ok)
        fputs("tokatsu oscal: the catalogue could not be written out\n", stderr);
    return ok ? 0 : 2;
}

static int resolve(const char *path, Sources *sources)
{
    GError *error = NULL;
    g_autoptr(json_t) profile = read_document(path, &error);
    if (profile == NULL)
        return tk_cli_fail("oscal", error);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *name = g_canonicalize_filename(path, NULL);
    g_autoptr(json_t) catalog =
        tk_oscal_resolve(profile, name, fetch, sources, g_get_real_time(), notes, &error);
    for (size_t i = 0; i < notes->len; i++)
        fprintf(stderr, "note: %s\n", (char *)notes->pdata[i]);
    if (catalog == NULL)
        return tk_cli_fail("oscal", error);
    fprintf(stderr, "%zu controls\n", tk_oscal_control_count(catalog));
    return print_document(catalog);
}

/* ---- check ---- */

static TkOscalModels *models_load(GError **error)
{
    g_autoptr(GBytes) bytes = tk_asset("frameworks/oscal/models.json");
    if (bytes == NULL) {
        tk_fail(error, TK_ERROR_INTERNAL, "this program was built without the OSCAL models");
        return NULL;
    }
    return tk_oscal_models_new(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
}

static void print_finding(const TkOscalFinding *finding)
{
    g_auto(TkBuf) line;
    tk_buf_init(&line, 1 << 20);
    TkJson w = tk_json_to(&line);
    tk_json_begin_object(&w);
    tk_json_member(&w, "level", finding->fault ? "fault" : "warning");
    tk_json_member(&w, "pointer", finding->pointer);
    tk_json_member(&w, "message", finding->text);
    tk_json_end_object(&w);
    puts(tk_buf_str(&line));
}

static int check(const char *path)
{
    GError *error = NULL;
    g_autoptr(TkOscalModels) models = models_load(&error);
    g_autoptr(json_t) document = models != NULL ? read_file(path, read_any, &error) : NULL;
    if (document == NULL)
        return tk_cli_fail("oscal", error);
    g_autoptr(GPtrArray) found = tk_oscal_check(models, document);
    size_t faults = 0;
    for (size_t i = 0; i < found->len; i++) {
        print_finding(found->pdata[i]);
        faults += ((TkOscalFinding *)found->pdata[i])->fault;
    }
    const char *kind = tk_oscal_kind(document);
    fprintf(stderr, "%s: %s, %zu fault%s, %zu warning%s%s\n", path, kind != NULL ? kind : "no OSCAL document",
            faults, faults == 1 ? "" : "s", found->len - faults, found->len - faults == 1 ? "" : "s",
            found->len >= TK_OSCAL_FINDINGS_MAX ? "; there may be more" : "");
    return faults > 0 ? 1 : 0;
}

static const char help[] =
    "  resolve PROFILE.json   the catalogue that the profile stands for (OSCAL profile resolution)\n"
    "  check FILE             whether a document is sound: one JSON line a finding, with level, pointer and "
    "message;\n"
    "                         0 sound, 1 it has faults\n"
    "  export WHAT …          documents out of answers; see `tokatsu oscal export --help`\n\n"
    "Imports are looked for beside the profile; nothing is fetched from the network. OSCAL 1.0 to 1.2 in "
    "JSON.";

int tk_cli_oscal(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "export") == 0) {
        static char name[] = "oscal export";
        argv[1] = name; /* for its help */
        return tk_cli_oscal_export(argc - 1, argv + 1);
    }
    g_autofree char *catalog = NULL;
    const GOptionEntry entries[] = {
        {"catalog", 0, 0, G_OPTION_ARG_FILENAME, &catalog, "Stands in for the catalogue that is imported",
         "FILE"},
        {0},
    };
    int status = 0;
    if (!tk_cli_options(&argc, &argv, "resolve|check FILE", help, entries, &status))
        return status;
    if (argc == 3 && strcmp(argv[1], "resolve") == 0)
        return resolve(argv[2], &(Sources){catalog});
    if (argc == 3 && strcmp(argv[1], "check") == 0)
        return check(argv[2]);
    fputs("tokatsu oscal: say what to do: resolve PROFILE.json [--catalog CATALOG.json], or check FILE\n",
          stderr);
    return 2;
}

/* tokatsu register: the same use cases as /api/v1/registers, on a data folder or database without a server.
 * What only reads may run beside one; what writes takes the folder for itself. */
#include "cli/keeping.h"

#include <errno.h>
#include <unistd.h>

#include "auth/auth.h"
#include "service/service.h"

static const char help[] =
    "  list                        the registers\n"
    "  list REGISTER               its records, a page at a time (--search, --limit, --cursor)\n"
    "  due                         what falls due in all registers, soonest first (--until, --limit, "
    "--cursor)\n"
    "  get REGISTER ID             one record (--as-of TIME, --reveal)\n"
    "  history REGISTER ID         who changed what, oldest first\n"
    "  put REGISTER FILE           adds the record {\"id\"?,\"values\":{…}} in FILE\n"
    "  put REGISTER FILE ID        changes one: {\"version\":as read,\"values\":{…}}\n"
    "  restore REGISTER ID         undoes the deletion of a record\n"
    "  import REGISTER FILE        adds and changes records from a CSV or spreadsheet (--sheet, --dry-run "
    "only shows it);\n"
    "                              exit 1 when a row is refused\n"
    "  export REGISTER             everything (--format csv, xlsx or json, --reveal)\n\n"
    "Answers are JSON as the API gives them. FILE may be - for standard input. The fields of each register "
    "are in\n"
    "docs/register-format.md; facilities also come and go as topology lines (FILE.jsonl, --format jsonl). "
    "--registers reads other register files than those built in.";

typedef struct {
    KeepingOptions keeping;
    char *registers, *search, *cursor, *as_of, *until, *format, *sheet;
    int limit;
    gboolean reveal, dry_run;
} Options;

static void options_clear(Options *o)
{
    keeping_options_clear(&o->keeping);
    g_free(o->registers);
    g_free(o->search);
    g_free(o->cursor);
    g_free(o->as_of);
    g_free(o->until);
    g_free(o->format);
    g_free(o->sheet);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* What one command works on. */
typedef struct {
    const Options *options;
    int lock;
    TkStore *store;
    TkAuth *auth;
    TkRegisters *registers;
    TkActor actor;
    int status; /* to exit with when all went well */
} Desk;

static void desk_clear(Desk *d)
{
    tk_registers_free(d->registers);
    g_clear_pointer(&d->auth, tk_auth_free);
    tk_store_close(d->store);
    if (d->lock >= 0)
        close(d->lock);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

static bool open_key(Desk *d, GError **error)
{
    const KeepingOptions *o = &d->options->keeping;
    g_autofree char *beside = tk_signing_keys_path(o->data, o->database, error);
    if (beside == NULL)
        return false;
    g_autofree char *folder = g_path_get_dirname(beside);
    d->auth = tk_auth_new(d->store, folder, error);
    return d->auth != NULL;
}

static bool open_desk(Desk *d, bool writes, GError **error)
{
    const KeepingOptions *o = &d->options->keeping;
    TkStoreOptions store = {.data_dir = o->data, .database_url = o->database, .readonly = !writes};
    if ((o->data == NULL) == (o->database == NULL))
        return tk_fail(error, TK_ERROR_INPUT, "either --data DIR or --database URL is needed");
    if (writes && o->data != NULL && (d->lock = keeping_lock(o->data, error)) < 0)
        return false;
    d->store = tk_store_open(&store, error);
    if (d->store == NULL || (writes && !open_key(d, error)))
        return false;
    TkRegistersOptions options = {
        .store = d->store, .auth = d->auth, .dir = d->options->registers, .readonly = !writes};
    d->registers = tk_registers_new(&options, error);
    d->actor = (TkActor){.id = g_get_user_name(), .role = TK_ROLE_ADMINISTRATOR};
    return d->registers != NULL;
}

/* A file, or standard input, of at most `max` bytes. */
static GBytes *read_file(const char *name, size_t max, GError **error)
{
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rbe");
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, max);
    char piece[65536];
    for (size_t got = 1; file != NULL && got > 0 && !buf.overflow;) {
        got = fread(piece, 1, sizeof piece, file);
        tk_buf_add(&buf, piece, got);
    }
    bool failed = file == NULL || ferror(file) != 0;
    int why = errno;
    if (file != NULL && file != stdin)
        fclose(file);
    if (failed)
        tk_fail(error, TK_ERROR_INPUT, "%s cannot be read: %s", name, g_strerror(why));
    else if (buf.overflow)
        tk_fail(error, TK_ERROR_LIMIT, "%s is larger than %zu bytes", name, max);
    return failed || buf.overflow ? NULL : g_bytes_new(buf.data, buf.len);
}

/* ---- the verbs; words[0] is the register ---- */

static GBytes *list(Desk *d, char **words, GError **error)
{
    if (words[0] == NULL)
        return tk_registers_schemas(d->registers, &d->actor, error);
    TkRegisterQuery query = {.search = d->options->search,
                             .cursor = d->options->cursor,
                             .limit = (unsigned)CLAMP(d->options->limit, 0, 500)};
    return tk_register_list(d->registers, &d->actor, words[0], &query, error);
}

static GBytes *due(Desk *d, char **words, GError **error)
{
    (void)words;
    TkDate until = TK_DATE_NONE;
    const char *day = d->options->until;
    if (day != NULL && !tk_date_parse(day, strlen(day), &until, error)) {
        g_prefix_error(error, "--until: ");
        return NULL;
    }
    return tk_registers_due(d->registers, &d->actor, TK_DATE_NONE, until,
                            (unsigned)CLAMP(d->options->limit, 0, 500), d->options->cursor, error);
}

static GBytes *get(Desk *d, char **words, GError **error)
{
    int64_t as_of_us = TK_TIME_NONE;
    const char *as_of = d->options->as_of;
    if (as_of != NULL && !tk_time_parse(as_of, strlen(as_of), &as_of_us, error)) {
        g_prefix_error(error, "--as-of: ");
        return NULL;
    }
    return tk_register_get(d->registers, &d->actor, words[0], words[1], as_of_us, d->options->reveal, NULL,
                           error);
}

static GBytes *history(Desk *d, char **words, GError **error)
{
    return tk_register_history(d->registers, &d->actor, words[0], words[1], error);
}

static void say_findings(GBytes *findings)
{
    if (findings != NULL)
        fprintf(stderr, "%.*s\n", (int)g_bytes_get_size(findings),
                (const char *)g_bytes_get_data(findings, NULL));
}

static GBytes *put(Desk *d, char **words, GError **error)
{
    g_autoptr(GBytes) bytes = read_file(words[1], TK_STORE_DOCUMENT_MAX, error);
    if (bytes == NULL)
        return NULL;
    size_t len;
    const char *text = g_bytes_get_data(bytes, &len);
    g_autoptr(json_t) request =
        tk_json_read(words[1], text == NULL ? "" : text, len, TK_STORE_DOCUMENT_MAX, error);
    if (request == NULL)
        return NULL;
    g_autoptr(GBytes) findings = NULL;
    GBytes *answer = words[2] == NULL
                         ? tk_register_add(d->registers, &d->actor, words[0], request, NULL, &findings, error)
                         : tk_register_put(d->registers, &d->actor, words[0], words[2],
                                           json_integer_value(json_object_get(request, "version")), request,
                                           NULL, &findings, error);
    say_findings(findings);
    return answer;
}

static GBytes *restore(Desk *d, char **words, GError **error)
{
    g_autoptr(GBytes) findings = NULL;
    GBytes *answer = tk_register_restore(d->registers, &d->actor, words[0], words[1], NULL, &findings, error);
    say_findings(findings);
    return answer;
}

static GBytes *import_text(Desk *d, char **words, const char *text, size_t len, GError **error)
{
    if (g_str_has_suffix(words[1], ".jsonl") && strcmp(words[0], "facilities") == 0)
        return tk_register_topology_import(d->registers, &d->actor, text, len, d->options->dry_run, error);
    return tk_register_import_sheet(d->registers, &d->actor, words[0], d->options->sheet, text, len,
                                    d->options->dry_run, NULL, error);
}

static GBytes *import(Desk *d, char **words, GError **error)
{
    g_autoptr(GBytes) bytes = read_file(words[1], TK_REGISTER_IMPORT_MAX, error);
    if (bytes == NULL)
        return NULL;
    size_t len;
    const char *text = g_bytes_get_data(bytes, &len);
    g_autoptr(GBytes) answer = import_text(d, words, text == NULL ? "" : text, len, error);
    if (answer == NULL)
        return NULL;
    const char *told = g_bytes_get_data(answer, &len);
    g_autoptr(json_t) counts = tk_json_read("the answer", told, len, len + 1, NULL);
    d->status = json_integer_value(json_object_get(counts, "error")) > 0 ? 1 : 0;
    return g_steal_pointer(&answer);
}

static GBytes *export(Desk *d, char **words, GError **error)
{
    const char *format = d->options->format != NULL ? d->options->format : "csv";
    if (strcmp(format, "jsonl") == 0 && strcmp(words[0], "facilities") == 0)
        return tk_register_topology_export(d->registers, &d->actor, error);
    return tk_register_export(d->registers, &d->actor, words[0], format, d->options->reveal, error);
}

typedef struct {
    const char *name;
    int least, most; /* words behind the verb */
    bool writes;
    bool text; /* prints its bytes as they are */
    GBytes *(*run)(Desk *desk, char **words, GError **error);
} Verb;

static const Verb verbs[] = {
    {"list", 0, 1, false, false, list},       {"get", 2, 2, false, false, get},
    {"history", 2, 2, false, false, history}, {"put", 2, 3, true, false, put},
    {"import", 2, 2, true, false, import},    {"export", 1, 1, false, true, export},
    {"due", 0, 0, false, false, due},         {"restore", 2, 2, true, false, restore},
};

static const Verb *find_verb(const char *name, int words)
{
    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0 && words >= verbs[i].least && words <= verbs[i].most)
            return &verbs[i];
    return NULL;
}

static int print(GBytes *bytes, bool text)
{
    size_t len;
    const char *data = g_bytes_get_data(bytes, &len);
    bool ok = fwrite(data, 1, len, stdout) == len && (text || putchar('\n') != EOF) && fflush(stdout) == 0;
    return ok ? 0 : 2;
}

int tk_cli_register(int argc, char **argv)
{
    g_auto(Options) o = {0};
    int status;
    const GOptionEntry entries[] = {
        KEEPING_ENTRIES(o.keeping),
        {"registers", 0, 0, G_OPTION_ARG_FILENAME, &o.registers,
         "Register files instead of the built-in ones", "DIR"},
        {"search", 0, 0, G_OPTION_ARG_STRING, &o.search, "Only records that contain this", "TEXT"},
        {"limit", 0, 0, G_OPTION_ARG_INT, &o.limit, "At most so many (default 100)", "N"},
        {"cursor", 0, 0, G_OPTION_ARG_STRING, &o.cursor, "The page that “next” named", "CURSOR"},
        {"as-of", 0, 0, G_OPTION_ARG_STRING, &o.as_of, "The record as it was then", "TIME"},
        {"until", 0, 0, G_OPTION_ARG_STRING, &o.until, "Of due: the last day (default: in 30 days)", "DATE"},
        {"reveal", 0, 0, G_OPTION_ARG_NONE, &o.reveal, "Show sealed fields; leaves a trace in the ledger",
         NULL},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &o.dry_run, "Only show what an import would change", NULL},
        {"sheet", 0, 0, G_OPTION_ARG_STRING, &o.sheet, "Of a spreadsheet: the sheet (default: the first)",
         "NAME"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &o.format, "csv (default), xlsx, json, or jsonl of facilities",
         "FORMAT"},
        {0},
    };
    if (!tk_cli_options(&argc, &argv,
                        "list|due|get|history|put|restore|import|export … --data DIR | --database URL", help,
                        entries, &status))
        return status;
    GError *error = NULL;
    g_auto(Desk) desk = {.options = &o, .lock = -1};
    const Verb *verb = find_verb(argc > 1 ? argv[1] : NULL, argc - 2);
    if (verb == NULL) {
        tk_fail(&error, TK_ERROR_INPUT,
                "this is none of list, due, get, history, put, restore, import, export with its words; see "
                "--help");
        return tk_cli_fail("register", error);
    }
    g_autoptr(GBytes) answer =
        open_desk(&desk, verb->writes || o.reveal, &error) ? verb->run(&desk, argv + 2, &error) : NULL;
    if (answer == NULL)
        return tk_cli_fail("register", error);
    status = print(answer, verb->text);
    return status != 0 ? status : desk.status;
}

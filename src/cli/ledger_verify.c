/* tokatsu ledger verify: an export against its key, or the store against itself.
 *
 * For the store the same verifier reads files that do not exist: each is made out of the rows it would be
 * exported from, so that an altered row is named as the entry or tile it stands for. The checkpoint that is
 * verified is one the server signed and kept, when there is one, because a root taken from the store would
 * vouch for itself. */
#include <inttypes.h>

#include "cli/ledger.h"

#define REPORT_BYTES_MAX (64u << 20)

/* ---- findings and the one line of what was verified ---- */

static const char *kind_text(TkFindingKind kind)
{
    switch (kind) {
    case TK_FINDING_ALTERED:
        return "altered";
    case TK_FINDING_MISSING:
        return "missing";
    case TK_FINDING_ADDED:
        return "added";
    case TK_FINDING_UNSIGNED:
        return "unsigned";
    }
    return "altered";
}

static int say_report(const TkLedgerReport *report, const char *what)
{
    char root[TK_HASH_BASE64_MAX];
    if (report->faults == 0) {
        printf("verified %s: %" PRIu64 " entries of %s, root %s, signed by %s+%08x, %" PRIu64 " files\n",
               what, report->size, report->origin, tk_hash_base64(&report->root, root), report->key.name,
               report->key.id, report->files);
        return fflush(stdout) == 0 ? 0 : 2;
    }
    for (size_t i = 0; i < report->count; i++) {
        const TkFinding *finding = &report->finding[i];
        printf("%s %s", kind_text(finding->kind), finding->path);
        if (finding->entry != TK_ENTRY_NONE)
            printf(" entry %" PRIu64, finding->entry);
        printf(": %s\n", finding->text);
    }
    fflush(stdout);
    fprintf(stderr, "tokatsu ledger verify: %s does not verify, %" PRIu64 " fault%s; the first: %s\n", what,
            report->faults, report->faults == 1 ? "" : "s", report->finding[0].text);
    return 1;
}

/* ---- an export ---- */

static bool read_keys(const char *path, TkKeys *keys, GError **error)
{
    size_t len;
    g_autofree char *text = ledger_read_file(path, TK_KEY_FILE_MAX, &len, error);
    if (text == NULL)
        return false;
    if (len > 0 && text[len - 1] != '\n')
        text[len++] = '\n'; /* a key pasted by hand */
    GError *why = NULL;
    if (tk_keys_read(text, len, keys, &why))
        return true;
    g_propagate_prefixed_error(error, why, "%s: ", path);
    return false;
}

static int verify_export(const LedgerOptions *o, const char *path)
{
    GError *error = NULL;
    g_auto(ExportDir) dir = {0};
    g_autofree TkKeys *keys = o->key != NULL ? g_new0(TkKeys, 1) : NULL;
    g_auto(TkLedgerReport) report = {0};
    if ((keys != NULL && !read_keys(o->key, keys, &error)) || !export_dir_open(path, &dir, &error))
        return tk_cli_fail("ledger verify", error);
    TkLedgerReader reader = {export_dir_read, (const char *const *)dir.names->pdata, &dir};
    if (!tk_ledger_verify(&reader, keys, &report, &error) && report.faults == 0)
        return tk_cli_fail("ledger verify", error);
    g_clear_error(&error);
    return say_report(&report, path);
}

/* ---- the store ---- */

typedef struct {
    OwnLog *log;
    TkBuf bytes;
    GError *error;
    uint64_t next;
} StoreFiles;

static void store_files_clear(StoreFiles *files)
{
    tk_buf_clear(&files->bytes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreFiles, store_files_clear)

static bool add_event(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    StoreFiles *files = data;
    if (leaf != files->next++)
        return false; /* one is missing: the bundle ends here */
    return tk_bundle_add(&files->bytes, event, len, &files->error);
}

static bool store_bundle(StoreFiles *files, const TkTile *tile, GError **error)
{
    files->next = tile->index * TK_TILE_WIDTH;
    if (!tk_store_events(files->log->store, files->next, tile->width, add_event, files, error))
        return false;
    if (files->error == NULL)
        return true;
    g_propagate_error(error, g_steal_pointer(&files->error));
    return false;
}

static bool read_store(void *user, const char *path, size_t max, const uint8_t **data, size_t *len,
                       GError **error)
{
    StoreFiles *files = user;
    TkHashSource source = tk_store_hash_source(files->log->store);
    TkTile tile;
    bool ok = true;
    tk_buf_reset(&files->bytes);
    if (strcmp(path, "checkpoint") == 0) {
        tk_buf_add(&files->bytes, files->log->note.data, files->log->note.len);
    } else if (strcmp(path, "key.pub") == 0) {
        TkKeys keys = own_log_keys(files->log);
        tk_keys_write(&keys, &files->bytes);
    } else if (!tk_tile_path_read(path, &tile)) {
        ok = tk_fail(error, TK_ERROR_NOT_FOUND, "no such file");
    } else if (tile.kind == TK_TILE_ENTRIES) {
        ok = store_bundle(files, &tile, error);
    } else {
        ok = tk_tile_bytes(&source, &tile, &files->bytes, error);
    }
    if (ok && files->bytes.len > max)
        ok = tk_fail(error, TK_ERROR_LIMIT, "%s is longer than %zu bytes", path, max);
    *data = (const uint8_t *)files->bytes.data;
    *len = files->bytes.len;
    return ok;
}

/* A record, file or batch of alarms that is not what its entry has the hash of. */
static void say_fault(const char *fault, gpointer data)
{
    (void)data;
    printf("%s\n", fault);
    fprintf(stderr, "tokatsu ledger verify: %s\n", fault);
}

static int verify_store(const LedgerOptions *o)
{
    GError *error = NULL;
    g_auto(OwnLog) log = {0};
    g_auto(TkLedgerReport) report = {0};
    g_auto(StoreFiles) files = {.log = &log};
    uint64_t faults = 0;
    if (o->data != NULL && !tk_store_check_pages(o->data, say_fault, NULL, &faults, &error))
        return tk_cli_fail("ledger verify", error);
    if (faults > 0)
        return 1;
    if (!own_log_open(o, &log, &error))
        return tk_cli_fail("ledger verify", error);
    tk_buf_init(&files.bytes, TK_BUNDLE_BYTES_MAX);
    static const char *const no_names[] = {NULL};
    TkLedgerReader reader = {read_store, no_names, &files};
    TkKeys keys = own_log_keys(&log);
    if (!tk_ledger_verify(&reader, &keys, &report, &error) && report.faults == 0)
        return tk_cli_fail("ledger verify", error);
    g_clear_error(&error);
    int status = say_report(&report, o->database != NULL ? "the database" : o->data);
    if (status == 0 && !own_log_check_kept(&log, &error))
        return tk_cli_fail("ledger verify", error);
    if (!tk_store_verify(log.store, say_fault, NULL, &faults, &error))
        return tk_cli_fail("ledger verify", error);
    return faults > 0 ? 1 : status;
}

int ledger_verify(const LedgerOptions *o, int argc, char **argv)
{
    GError *error = NULL;
    if (argc == 2)
        return verify_export(o, argv[1]);
    if (argc == 1 && (o->data != NULL || o->database != NULL))
        return verify_store(o);
    tk_fail(&error, TK_ERROR_INPUT, "one DIR is needed, or --data or --database; see --help");
    return tk_cli_fail("ledger verify", error);
}

/* ---- a receipt ---- */

static const char *said(const json_t *entry, const char *field)
{
    const char *text = json_string_value(json_object_get(entry, field));
    return text == NULL ? "?" : text;
}

/* Prints which report of the record the file is; false where it is none. */
static bool say_file(const json_t *record, const char *path, GError **error)
{
    size_t len, i;
    g_autofree char *bytes = ledger_read_file(path, REPORT_BYTES_MAX, &len, error);
    if (bytes == NULL)
        return false;
    g_autofree char *hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, len);
    const json_t *report;
    json_array_foreach(json_object_get(record, "reports"), i, report)
    {
        const char *format;
        json_t *kept;
        json_object_foreach(json_object_get(report, "files"), format, kept)
        {
            if (g_strcmp0(json_string_value(kept), hash) != 0)
                continue;
            printf("file: %s is the %s of report %" JSON_INTEGER_FORMAT ", frozen at %s\n", path, format,
                   json_integer_value(json_object_get(report, "number")), said(report, "frozen_at"));
            return true;
        }
    }
    return tk_fail(error, TK_ERROR_REFUSED, "%s is no file of this record (SHA-256 %s)", path, hash);
}

int ledger_check_proof(const LedgerOptions *o, int argc, char **argv)
{
    GError *error = NULL;
    size_t len = 0;
    g_auto(TkReceipt) receipt = {0};
    g_autofree TkKeys *keys = o->key != NULL ? g_new0(TkKeys, 1) : NULL;
    if (argc != 2 && argc != 3)
        tk_fail(&error, TK_ERROR_INPUT,
                "one FILE is needed, a receipt, and perhaps a report's file; see --help");
    if (error != NULL || (keys != NULL && !read_keys(o->key, keys, &error)))
        return tk_cli_fail("ledger check-proof", error);
    g_autofree char *text = ledger_read_file(argv[1], TK_RECEIPT_BYTES_MAX, &len, &error);
    if (text == NULL || !tk_receipt_check(text, len, keys, &receipt, &error))
        return tk_cli_fail("ledger check-proof", error);
    char root[TK_HASH_BASE64_MAX], leaf[TK_HASH_BASE64_MAX];
    printf("entry %" PRIu64 " of %s: %s %s version %" JSON_INTEGER_FORMAT ", “%s” by %s at %s\n",
           receipt.index, receipt.checkpoint.origin, said(receipt.entry, "kind"), said(receipt.entry, "id"),
           json_integer_value(json_object_get(receipt.entry, "version")), said(receipt.entry, "what"),
           said(receipt.entry, "who"), said(receipt.entry, "at"));
    printf("leaf: %s\n", tk_hash_base64(&receipt.leaf, leaf));
    printf("log: it is one of %" PRIu64 " entries, root %s, signed by %s+%08x\n", receipt.checkpoint.size,
           tk_hash_base64(&receipt.checkpoint.root, root), receipt.signed_by.name, receipt.signed_by.id);
    if (receipt.has_record)
        printf("record: it is what was recorded\n");
    if (keys == NULL)
        fputs("tokatsu ledger check-proof: the key came with the receipt; --key FILE with one from elsewhere "
              "says "
              "more\n",
              stderr);
    if (argc == 3 && !say_file(receipt.record, argv[2], &error))
        return tk_cli_fail("ledger check-proof", error);
    return fflush(stdout) == 0 ? 0 : 2;
}

/* ---- two views ---- */

typedef struct {
    ExportDir dir; /* names NULL: the view is a single file */
    TkCheckpoint checkpoint;
    char *note;
} View;

static void view_clear(View *view)
{
    export_dir_clear(&view->dir);
    tk_checkpoint_clear(&view->checkpoint);
    g_free(view->note);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(View, view_clear)

static bool view_open(const char *path, const TkKeys *trusted, View *view, GError **error)
{
    bool is_dir = g_file_test(path, G_FILE_TEST_IS_DIR);
    g_autofree char *note_path = is_dir ? g_build_filename(path, "checkpoint", NULL) : g_strdup(path);
    g_autofree char *key_path = g_build_filename(path, "key.pub", NULL);
    g_autofree TkKeys *keys = g_new0(TkKeys, 1);
    if (trusted != NULL)
        *keys = *trusted;
    else if (!is_dir)
        return tk_fail(error, TK_ERROR_INPUT, "--key is needed to believe the checkpoint in %s", path);
    else if (!read_keys(key_path, keys, error))
        return false;
    size_t len;
    view->note = ledger_read_file(note_path, TK_NOTE_BYTES_MAX, &len, error);
    if (view->note == NULL)
        return false;
    GError *why = NULL;
    if (!tk_checkpoint_open(view->note, len, keys, TK_SIGNERS_ANY, &view->checkpoint, NULL, &why)) {
        g_propagate_prefixed_error(error, why, "%s: ", note_path);
        return false;
    }
    return !is_dir || export_dir_open(path, &view->dir, error);
}

static int say_views(TkViews views, const View *a, const View *b)
{
    switch (views) {
    case TK_VIEWS_SAME:
        printf("same: both views end at entry count %" PRIu64 " with one root\n", a->checkpoint.size);
        return 0;
    case TK_VIEWS_CONSISTENT:
        printf("consistent: %" PRIu64 " entries continue the %" PRIu64 " of the other view\n",
               MAX(a->checkpoint.size, b->checkpoint.size), MIN(a->checkpoint.size, b->checkpoint.size));
        return 0;
    case TK_VIEWS_FORK:
        printf("fork: both checkpoints are signed and contradict each other; keep them, they are the "
               "proof\n\n%s\n%s",
               a->note, b->note);
        fflush(stdout);
        fputs("tokatsu ledger monitor: the log has shown two histories\n", stderr);
        return 1;
    case TK_VIEWS_UNPROVEN:
        fputs("tokatsu ledger monitor: the views differ in size and the larger one comes without its tiles; "
              "give its "
              "export directory\n",
              stderr);
        return 2;
    }
    return 2;
}

int ledger_monitor(const LedgerOptions *o, int argc, char **argv)
{
    GError *error = NULL;
    g_auto(View) a = {0}, b = {0};
    g_autofree TkKeys *keys = o->key != NULL ? g_new0(TkKeys, 1) : NULL;
    if (argc != 3)
        tk_fail(&error, TK_ERROR_INPUT, "two views are needed; see --help");
    if (error != NULL || (keys != NULL && !read_keys(o->key, keys, &error)) ||
        !view_open(argv[1], keys, &a, &error) || !view_open(argv[2], keys, &b, &error))
        return tk_cli_fail("ledger monitor", error);
    View *larger = a.checkpoint.size >= b.checkpoint.size ? &a : &b;
    ExportHashes hashes = {&larger->dir, larger->checkpoint.size};
    TkHashSource source = export_dir_hashes(&hashes);
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkViews views;
    if (!tk_views_compare(hasher, &a.checkpoint, &b.checkpoint, larger->dir.names != NULL ? &source : NULL,
                          &views, &error))
        return tk_cli_fail("ledger monitor", error);
    return say_views(views, &a, &b);
}

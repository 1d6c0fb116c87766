/* tokatsu ledger: the log that every write leaves a leaf in, for people who want to take it along and check
 * it.
 *
 * All subcommands open the store for reading only and sign the head they read themselves (an Ed25519
 * signature is the same whoever makes it), so that they work beside a running server and without one. */
#include "cli/ledger.h"

#include "service/service.h"

typedef struct {
    const char *name, *usage, *text;
    int (*run)(const LedgerOptions *o, int argc, char **argv); /* argv[0] is the subcommand */
} Subcommand;

void ledger_options_clear(LedgerOptions *o)
{
    g_free(o->data);
    g_free(o->database);
    g_free(o->signing_key);
    g_free(o->origin);
    g_free(o->key);
    g_free(o->log_key);
    g_free(o->name);
    g_free(o->response);
    g_free(o->ca);
    *o = (LedgerOptions){0};
}

void own_log_clear(OwnLog *log)
{
    tk_store_close(log->store);
    log->store = NULL;
    tk_signing_keys_clear(&log->keys);
    tk_buf_clear(&log->note);
}

TkKeys own_log_keys(const OwnLog *log)
{
    TkKeys keys = {.count = log->keys.count};
    for (size_t i = 0; i < keys.count; i++)
        keys.key[i] = *tk_signer_key(log->keys.signer[i]);
    return keys;
}

static char *key_path(const LedgerOptions *o, GError **error)
{
    return o->signing_key != NULL ? g_strdup(o->signing_key)
                                  : tk_signing_keys_path(o->data, o->database, error);
}

bool own_log_open(const LedgerOptions *o, OwnLog *log, GError **error)
{
    *log = (OwnLog){0};
    tk_buf_init(&log->note, TK_NOTE_BYTES_MAX);
    TkStoreOptions options = {.readonly = true};
    if (o->database != NULL)
        options.database_url = o->database;
    else
        options.data_dir = o->data;
    log->store = tk_store_open(&options, error);
    if (log->store == NULL || !tk_store_ledger_head(log->store, &log->head, error))
        return false;
    g_autofree char *path = key_path(o, error);
    return path != NULL && tk_signing_keys_open(path, o->origin, &log->keys, error) &&
           tk_checkpoint_sign(tk_signing_keys_origin(&log->keys), log->head.size, &log->head.root,
                              log->keys.signer, log->keys.count, &log->note, error);
}

bool own_log_check_kept(OwnLog *log, GError **error)
{
    g_auto(TkBuf) note = {0};
    tk_buf_init(&note, TK_NOTE_BYTES_MAX);
    GError *why = NULL;
    if (!tk_store_checkpoint_newest(log->store, &note, &why)) {
        bool none = g_error_matches(why, TK_ERROR, TK_ERROR_NOT_FOUND);
        if (none)
            g_error_free(why);
        else
            g_propagate_error(error, why);
        return none;
    }
    TkKeys keys = own_log_keys(log);
    g_auto(TkCheckpoint) kept = {0};
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHashSource source = tk_store_hash_source(log->store);
    TkHash root;
    if (!tk_checkpoint_open(note.data, note.len, &keys, TK_SIGNERS_ANY, &kept, NULL, error))
        return false;
    if (kept.size > log->head.size)
        return tk_fail(error, TK_ERROR_REFUSED,
                       "the store holds %" G_GUINT64_FORMAT
                       " entries and a signed checkpoint of %" G_GUINT64_FORMAT ": entries were removed",
                       log->head.size, kept.size);
    if (!tk_subtree_root(hasher, &source, 0, kept.size, &root, error))
        return false;
    return tk_hash_equal(&root, &kept.root) ||
           tk_fail(error, TK_ERROR_REFUSED,
                   "the first %" G_GUINT64_FORMAT
                   " entries lead to another root than the checkpoint that was signed for them",
                   kept.size);
}

bool own_log_check(OwnLog *log, GError **error)
{
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHashSource source = tk_store_hash_source(log->store);
    TkHash root;
    if (!tk_subtree_root(hasher, &source, 0, log->head.size, &root, error))
        return false;
    if (!tk_hash_equal(&root, &log->head.root))
        return tk_fail(error, TK_ERROR_REFUSED,
                       "the store's tiles do not lead to its root, so nothing is signed; "
                       "`tokatsu ledger verify --data` or --database says what was altered");
    return own_log_check_kept(log, error);
}

/* ---- checkpoint ---- */

static int put_out(const char *data, size_t len)
{
    return fwrite(data, 1, len, stdout) == len && fflush(stdout) == 0 ? 0 : 2;
}

static int ledger_checkpoint(const LedgerOptions *o, int argc, char **argv)
{
    (void)argv;
    GError *error = NULL;
    g_auto(OwnLog) log = {0};
    if (argc != 1)
        tk_fail(&error, TK_ERROR_INPUT, "takes no argument; see --help");
    if (error != NULL || !own_log_open(o, &log, &error) || !own_log_check(&log, &error))
        return tk_cli_fail("ledger checkpoint", error);
    return put_out(log.note.data, log.note.len);
}

/* ---- prove ---- */

static bool keep_leaf(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    (void)leaf;
    tk_buf_add(data, event, len);
    return true;
}

typedef struct {
    uint64_t index;
    TkBuf leaf;
    TkHash hash;
    TkProof proof;
} Proven;

static void proven_clear(Proven *p)
{
    tk_buf_clear(&p->leaf);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Proven, proven_clear)

/* Makes the proof and checks it as a stranger would. */
static bool prove(OwnLog *log, Proven *p, GError **error)
{
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    TkHashSource source = tk_store_hash_source(log->store);
    tk_buf_init(&p->leaf, TK_LEAF_BYTES_MAX + 1);
    if (!tk_prove_inclusion(hasher, &source, p->index, log->head.size, &p->proof, error) ||
        !tk_store_events(log->store, p->index, 1, keep_leaf, &p->leaf, error))
        return false;
    tk_hash_leaf(hasher, p->leaf.data, p->leaf.len, &p->hash);
    GError *why = NULL;
    if (!tk_check_inclusion(hasher, p->index, log->head.size, &p->hash, p->proof.hash, p->proof.count,
                            &log->head.root, &why)) {
        g_propagate_prefixed_error(
            error, why, "entry %" G_GUINT64_FORMAT " in the store is not the one recorded: ", p->index);
        return false;
    }
    TkKeys keys = own_log_keys(log);
    g_auto(TkCheckpoint) opened = {0};
    return tk_checkpoint_open(log->note.data, log->note.len, &keys, TK_SIGNERS_EACH, &opened, NULL, error);
}

static void write_proof(OwnLog *log, Proven *p, TkBuf *out)
{
    char text[TK_HASH_BASE64_MAX];
    TkJson w = tk_json_to(out);
    tk_json_begin_object(&w);
    tk_json_key(&w, "index");
    tk_json_int(&w, (int64_t)p->index);
    tk_json_key(&w, "size");
    tk_json_int(&w, (int64_t)log->head.size);
    tk_json_member(&w, "leaf_hash", tk_hash_base64(&p->hash, text));
    tk_json_key(&w, "proof");
    tk_json_begin_array(&w);
    for (size_t i = 0; i < p->proof.count; i++)
        tk_json_text(&w, tk_hash_base64(&p->proof.hash[i], text));
    tk_json_end_array(&w);
    tk_json_member(&w, "root", tk_hash_base64(&log->head.root, text));
    tk_json_key(&w, "checkpoint");
    tk_json_text_len(&w, log->note.data, log->note.len);
    tk_json_key(&w, "entry");
    tk_json_text_len(&w, p->leaf.data, p->leaf.len);
    tk_json_end_object(&w);
    tk_buf_add_char(out, '\n');
}

static int ledger_prove(const LedgerOptions *o, int argc, char **argv)
{
    GError *error = NULL;
    g_auto(OwnLog) log = {0};
    g_auto(Proven) p = {0};
    if (argc != 2 || !g_ascii_string_to_unsigned(argv[1], 10, 0, TK_TREE_SIZE_MAX, &p.index, NULL))
        tk_fail(&error, TK_ERROR_INPUT, "one entry's number is needed, counted from 0; see --help");
    if (error != NULL || !own_log_open(o, &log, &error) || !own_log_check(&log, &error) ||
        !prove(&log, &p, &error))
        return tk_cli_fail("ledger prove", error);
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 1024 * 1024);
    write_proof(&log, &p, &out);
    return put_out(out.data, out.len);
}

/* ---- key ---- */

static int ledger_key(const LedgerOptions *o, int argc, char **argv)
{
    GError *error = NULL;
    g_auto(TkSigningKeys) keys = {0};
    const char *what = argc == 2 ? argv[1] : argc == 1 ? "show" : "";
    bool known = strcmp(what, "show") == 0 || strcmp(what, "add") == 0 || strcmp(what, "retire") == 0;
    if (!known)
        tk_fail(&error, TK_ERROR_INPUT, "one of show, add, retire is needed");
    g_autofree char *path = error == NULL ? key_path(o, &error) : NULL;
    if (path == NULL || !tk_signing_keys_open(path, o->origin, &keys, &error) ||
        (strcmp(what, "add") == 0 && !tk_signing_keys_add(path, &keys, &error)) ||
        (strcmp(what, "retire") == 0 && !tk_signing_keys_retire(path, &keys, &error)))
        return tk_cli_fail("ledger key", error);
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, TK_KEY_FILE_MAX);
    for (size_t i = 0; i < keys.count; i++) {
        tk_key_write(tk_signer_key(keys.signer[i]), &out);
        tk_buf_add_char(&out, '\n');
    }
    return put_out(out.data, out.len);
}

/* ---- time stamps ---- */

static bool check_stamp(const LedgerOptions *o, const TkHash *hash, TkBuf *out, GError **error)
{
    size_t len, ca_len;
    int64_t at_us;
    if (o->ca == NULL)
        return tk_fail(error, TK_ERROR_INPUT,
                       "--ca FILE is needed: the certificates (PEM) of the authority to trust");
    g_autofree char *response = ledger_read_file(o->response, TK_TIMESTAMP_BYTES_MAX, &len, error);
    g_autofree char *ca = response == NULL ? NULL : ledger_read_file(o->ca, 1024 * 1024, &ca_len, error);
    if (ca == NULL || !tk_timestamp_check(response, len, hash, tk_timestamp_nonce(hash), ca, ca_len,
                                          g_get_real_time(), &at_us, error))
        return false;
    tk_buf_add_str(out, "existed at ");
    tk_time_add(out, at_us);
    tk_buf_add_char(out, '\n');
    return true;
}

/* Fetches one for the newest checkpoint of the store, beside a running server. */
static int fetch_stamp(const LedgerOptions *o)
{
    GError *error = NULL;
    size_t len = 0;
    g_autoptr(json_t) made = NULL;
    const TkStoreOptions options = {.data_dir = o->database == NULL ? o->data : NULL,
                                    .database_url = o->database};
    if (o->ca == NULL || (o->data == NULL && o->database == NULL))
        tk_fail(&error, TK_ERROR_INPUT, "--tsa needs --ca FILE, and --data DIR or --database URL");
    g_autofree char *ca = error == NULL ? ledger_read_file(o->ca, 256 * 1024, &len, &error) : NULL;
    g_autoptr(TkStore) store = ca == NULL ? NULL : tk_store_open(&options, &error);
    if (store == NULL || !tk_ledger_stamp(store, "command line", o->tsa, ca, &made, &error))
        return tk_cli_fail("ledger timestamp", error);
    printf("the checkpoint of size %" JSON_INTEGER_FORMAT " existed at %s\n",
           json_integer_value(json_object_get(made, "size")), json_string_value(json_object_get(made, "at")));
    return fflush(stdout) == 0 ? 0 : 2;
}

static int ledger_timestamp(const LedgerOptions *o, int argc, char **argv)
{
    GError *error = NULL;
    size_t len = 0;
    if (o->tsa != NULL && argc == 1)
        return fetch_stamp(o);
    if (argc != 2)
        tk_fail(&error, TK_ERROR_INPUT, "one FILE is needed, the checkpoint of an export; see --help");
    g_autofree char *file = error == NULL ? ledger_read_file(argv[1], TK_NOTE_BYTES_MAX, &len, &error) : NULL;
    if (file == NULL)
        return tk_cli_fail("ledger timestamp", error);
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    g_auto(TkBuf) out = {0};
    TkHash hash;
    tk_buf_init(&out, TK_TIMESTAMP_BYTES_MAX);
    tk_hash_bytes(hasher, file, len, &hash);
    bool done = o->response != NULL ? check_stamp(o, &hash, &out, &error)
                                    : tk_timestamp_request(&hash, tk_timestamp_nonce(&hash), &out, &error);
    return done ? put_out(out.data, out.len) : tk_cli_fail("ledger timestamp", error);
}

/* ---- dispatch ---- */

static const Subcommand subcommands[] = {
    {"checkpoint", "", "Prints the signed head of the log (C2SP tlog-checkpoint).", ledger_checkpoint},
    {"export", "DIR",
     "Writes the log to DIR as C2SP tlog-tiles: checkpoint, key.pub, tile/…, tile/entries/…. Run again, it "
     "adds what is new.\n"
     "Works beside a running server. Exit status 1: DIR holds another history than the store, or the store "
     "was altered.",
     ledger_export},
    {"verify", "[DIR]",
     "Verifies an export with nothing but its files and the key; --key names the key to trust instead of "
     "DIR's own\n"
     "key.pub, and a trusted key should come from elsewhere. Without DIR, --data or --database verifies the "
     "store itself.\n"
     "Exit status 1 for any altered, missing or added byte; each finding names its file and entry.",
     ledger_verify},
    {"prove", "N",
     "Prints a proof that entry N (from 0) is in the log, as JSON with hashes in base64, after checking it.",
     ledger_prove},
    {"check-proof", "FILE [REPORT]",
     "Checks a receipt (of an accident's last write, or of a frozen report) without a server: the record is "
     "the "
     "one that\n"
     "was recorded, its entry stands in the log, and the log's head is signed. --key names the key to trust "
     "instead of those\n"
     "the receipt brings. With REPORT also that this file is one of the record's frozen reports.\n"
     "Exit status 1: something does not fit; it is named.",
     ledger_check_proof},
    {"witness", "[add KEYFILE | ask URL KEYFILE]",
     "Answers one request of a log for a cosignature (C2SP tlog-witness add-checkpoint): the request on "
     "standard input,\n"
     "the answer on standard output, its HTTP status on standard error. --log-key is the key of the log that "
     "is\n"
     "witnessed. What was cosigned last is kept in DIR/witness. --show-key prints this witness's own key.\n"
     "Exit status 1: the checkpoint does not continue the last one.\n"
     "`add` has the server on this store cosign the log with that key; `ask` has the server's own log "
     "cosigned "
     "by the\n"
     "witness at URL (what “/add-checkpoint” is put behind) with that key. Both work while it runs.",
     ledger_witness},
    {"monitor", "VIEW VIEW",
     "Compares two views of one log, each an export directory or a file with a checkpoint, and reports a "
     "fork.\n"
     "Exit status 1: both are signed and contradict each other.",
     ledger_monitor},
    {"timestamp", "FILE | --tsa URL",
     "Time stamps by an authority (RFC 3161) for a checkpoint. Without --response prints the request, to be "
     "sent with\n"
     "    curl -H 'Content-Type: application/timestamp-query' --data-binary @request URL > response\n"
     "With --response and --ca checks the answer and prints the time it states. Exit status 1: it does not "
     "hold.\n"
     "With --tsa and --ca asks the authority for the newest checkpoint of the store itself, checks the "
     "answer and "
     "keeps it;\n"
     "an export then has it in timestamp/. Works beside a running server.",
     ledger_timestamp},
    {"key", "[show|add|retire]",
     "Shows the log's public keys; adds a successor, which then signs beside the old one; retires the "
     "oldest.",
     ledger_key},
};

static void usage(FILE *out)
{
    fputs("Usage: tokatsu ledger COMMAND [OPTION…]\n\n"
          "The tamper-evident log of every write.\n\nCommands:\n",
          out);
    for (size_t i = 0; i < G_N_ELEMENTS(subcommands); i++)
        fprintf(out, "  %-11s %s\n", subcommands[i].name, subcommands[i].usage);
    fputs("\nAll but `verify DIR`, `check-proof`, `monitor` and `timestamp` take [--data DIR | --database "
          "URL].\n"
          "`tokatsu ledger COMMAND --help` explains one.\n",
          out);
}

static int run(const Subcommand *sub, int argc, char **argv)
{
    g_auto(LedgerOptions) o = {0};
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &o.data,
         "The data folder; with --database only the folder of ledger.key", "DIR"},
        {"database", 0, 0, G_OPTION_ARG_STRING, &o.database, "The database, postgresql://…", "URL"},
        {"signing-key", 0, 0, G_OPTION_ARG_FILENAME, &o.signing_key,
         "The log's signing key (DIR/ledger.key; with --database alone a file in ~/.local/state/tokatsu)",
         "FILE"},
        {"origin", 0, 0, G_OPTION_ARG_STRING, &o.origin, "Name of a log whose key is made now (tokatsu/…)",
         "NAME"},
        {"key", 0, 0, G_OPTION_ARG_FILENAME, &o.key, "verify, check-proof, monitor: the keys to trust",
         "FILE"},
        {"log-key", 0, 0, G_OPTION_ARG_FILENAME, &o.log_key, "witness: the keys of the log that is witnessed",
         "FILE"},
        {"name", 0, 0, G_OPTION_ARG_STRING, &o.name, "witness: name of a witness key that is made now",
         "NAME"},
        {"response", 0, 0, G_OPTION_ARG_FILENAME, &o.response, "timestamp: the authority's answer", "FILE"},
        {"ca", 0, 0, G_OPTION_ARG_FILENAME, &o.ca, "timestamp: certificates (PEM) of the authority to trust",
         "FILE"},
        {"tsa", 0, 0, G_OPTION_ARG_STRING, &o.tsa, "timestamp: the authority to ask, http(s)://…", "URL"},
        {"show-key", 0, 0, G_OPTION_ARG_NONE, &o.show_key, "witness: print the witness's own key", NULL},
        {0},
    };
    bool of_a_store = sub->run != ledger_verify && sub->run != ledger_check_proof &&
                      sub->run != ledger_monitor && sub->run != ledger_timestamp;
    g_autofree char *name = g_strdup_printf("ledger %s", sub->name);
    argv[0] = name;
    int status;
    if (!tk_cli_options(&argc, &argv, sub->usage, sub->text, entries, &status))
        return status;
    if (of_a_store && o.data == NULL && o.database == NULL)
        o.data = tk_cli_default_data(); /* as serve does */
    return sub->run(&o, argc, argv);
}

int tk_cli_ledger(int argc, char **argv)
{
    if (argc < 2) {
        usage(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        usage(stdout);
        return 0;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(subcommands); i++)
        if (strcmp(argv[1], subcommands[i].name) == 0)
            return run(&subcommands[i], argc - 1, argv + 1);
    fprintf(stderr, "tokatsu ledger: there is no command “%s”; `tokatsu ledger --help` lists them\n",
            argv[1]);
    return 2;
}

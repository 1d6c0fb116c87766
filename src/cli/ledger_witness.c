/* tokatsu ledger witness: one add-checkpoint request, answered. Behind a web server it is the whole witness.
 *
 *     DIR/witness.key             the key we cosign with
 *     DIR/witness/<log>.size      what we cosigned last of that log: its checkpoint's text
 *
 * Reading the last, deciding and keeping the new one happen under a lock, and the new one is on disk before
 * the cosignature is given away. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/ledger.h"

#include "service/service.h"

typedef struct {
    TkHasher *hasher;
    TkSigningKeys own;
    TkKeys log_keys;
    char *folder, *path, *temporary;
    int lock;
    TkWitnessed last;
} Witness;

static void witness_clear(Witness *w)
{
    if (w->lock >= 0)
        close(w->lock);
    g_clear_pointer(&w->hasher, tk_hasher_free);
    tk_signing_keys_clear(&w->own);
    g_free(w->folder);
    g_free(w->path);
    g_free(w->temporary);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Witness, witness_clear)

/* The witness keeps its key and what it cosigned in the data folder; a database has no part in it. */
static bool open_key(const LedgerOptions *o, Witness *w, GError **error)
{
    if (o->data == NULL)
        return tk_fail(error, TK_ERROR_INPUT,
                       "--data DIR is needed: the witness keeps its key and what it cosigned there");
    g_autofree char *path =
        o->signing_key != NULL ? g_strdup(o->signing_key) : g_build_filename(o->data, "witness.key", NULL);
    if (g_mkdir_with_parents(o->data, 0700) != 0)
        return tk_fail(error, TK_ERROR_IO, "cannot make the folder %s: %s", o->data, g_strerror(errno));
    return tk_cosigning_keys_open(path, o->name, &w->own, error);
}

static bool open_log_keys(const LedgerOptions *o, Witness *w, GError **error)
{
    size_t len;
    if (o->log_key == NULL)
        return tk_fail(error, TK_ERROR_INPUT,
                       "--log-key FILE is needed: the key of the log that is witnessed");
    g_autofree char *text = ledger_read_file(o->log_key, TK_KEY_FILE_MAX, &len, error);
    return text != NULL && tk_keys_read(text, len, &w->log_keys, error);
}

/* Takes the lock and reads what was cosigned last. */
static bool open_last(const LedgerOptions *o, Witness *w, GError **error)
{
    TkHash hash;
    char hex[TK_HASH_HEX_MAX];
    const char *origin = w->log_keys.key[0].name;
    tk_hash_bytes(w->hasher, origin, strlen(origin), &hash);
    tk_hash_hex(&hash, hex);
    w->folder = g_build_filename(o->data, "witness", NULL);
    w->path = g_strdup_printf("%s/%.16s.size", w->folder, hex);
    w->temporary = g_strdup_printf("%s/%.16s.new", w->folder, hex);
    if (g_mkdir_with_parents(w->folder, 0700) != 0 ||
        (w->lock = open(w->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 || flock(w->lock, LOCK_EX) != 0)
        return tk_fail(error, TK_ERROR_IO, "cannot lock %s: %s", w->folder, g_strerror(errno));
    if (access(w->path, F_OK) != 0)
        return errno == ENOENT ||
               tk_fail(error, TK_ERROR_IO, "cannot read %s: %s", w->path, g_strerror(errno));
    size_t len;
    g_autofree char *text = ledger_read_file(w->path, TK_NOTE_BYTES_MAX, &len, error);
    g_auto(TkCheckpoint) last = {0};
    if (text == NULL || !tk_checkpoint_read_text(text, len, &last, error))
        return false;
    w->last = (TkWitnessed){last.size, last.root};
    return strcmp(last.origin, origin) == 0 ||
           tk_fail(error, TK_ERROR_INPUT, "%s is of the log %s", w->path, last.origin);
}

static bool keep_last(Witness *w, GError **error)
{
    g_auto(TkBuf) text = {0};
    tk_buf_init(&text, TK_NOTE_BYTES_MAX);
    TkCheckpoint checkpoint = {.origin = w->log_keys.key[0].name, .size = w->last.size, .root = w->last.root};
    tk_checkpoint_write_text(&checkpoint, &text);
    if (!ledger_write_file(w->path, w->temporary, text.data, text.len, true, error))
        return false;
    return fsync(w->lock) == 0 ||
           tk_fail(error, TK_ERROR_IO, "cannot write %s to disk: %s", w->folder, g_strerror(errno));
}

static bool answer_request(const LedgerOptions *o, Witness *w, TkWitnessAnswer *answer, TkBuf *out,
                           GError **error)
{
    size_t len;
    g_autofree char *body = ledger_read_file("-", TK_WITNESS_REQUEST_MAX, &len, error);
    if (body == NULL || !open_last(o, w, error))
        return false;
    int64_t now_s = g_get_real_time() / TK_US_PER_S;
    return tk_witness_answer(w->hasher, w->log_keys.key[0].name, &w->log_keys, w->own.signer[0], now_s, body,
                             len, &w->last, answer, out, error) &&
           (!answer->advance || keep_last(w, error));
}

static int print(const TkBuf *out)
{
    return fwrite(out->data, 1, out->len, stdout) == out->len && fflush(stdout) == 0 ? 0 : 2;
}

/* ---- the lists of a server: whose logs it cosigns, whom it asks ---- */

/* Beside a running server too: the store puts writers in turn. */
static TkStore *open_store(const LedgerOptions *o, GError **error)
{
    TkStoreOptions options = {.database_url = o->database};
    if (o->database == NULL)
        options.data_dir = o->data;
    return tk_store_open(&options, error);
}

static bool add_log(const LedgerOptions *o, const char *file, GError **error)
{
    size_t len;
    g_autofree TkKeys *keys = g_new0(TkKeys, 1);
    g_autofree char *text = ledger_read_file(file, TK_KEY_FILE_MAX, &len, error);
    if (text == NULL || !tk_keys_read(text, len, keys, error))
        return false;
    g_autoptr(TkStore) store = open_store(o, error);
    return store != NULL && tk_ledger_trust(store, "command line", g_get_real_time(), keys, error);
}

static bool ask_witness(const LedgerOptions *o, const char *url, const char *file, GError **error)
{
    size_t len;
    g_autofree char *id = NULL;
    g_autofree char *key = ledger_read_file(file, 1024, &len, error);
    if (key == NULL)
        return false;
    g_autoptr(TkStore) store = open_store(o, error);
    return store != NULL && tk_ledger_ask(store, "command line", g_get_real_time(), url, g_strchomp(key),
                                          TK_WITNESS_EVERY_S, &id, error);
}

static int change_lists(const LedgerOptions *o, int argc, char **argv)
{
    GError *error = NULL;
    bool add = strcmp(argv[1], "add") == 0, ask = strcmp(argv[1], "ask") == 0;
    bool done = false;
    if (add && argc == 3)
        done = add_log(o, argv[2], &error);
    else if (ask && argc == 4)
        done = ask_witness(o, argv[2], argv[3], &error);
    else
        tk_fail(&error, TK_ERROR_INPUT,
                "“add KEYFILE”, “ask URL KEYFILE” or nothing is understood; without an argument the request "
                "comes on standard input");
    return done ? 0 : tk_cli_fail("ledger witness", error);
}

int ledger_witness(const LedgerOptions *o, int argc, char **argv)
{
    if (argc > 1)
        return change_lists(o, argc, argv);
    GError *error = NULL;
    g_auto(Witness) w = {.hasher = tk_hasher_new(), .lock = -1};
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, TK_NOTE_BYTES_MAX);
    TkWitnessAnswer answer;
    if (!open_key(o, &w, &error))
        return tk_cli_fail("ledger witness", error);
    if (o->show_key) {
        tk_key_write(tk_signer_key(w.own.signer[0]), &out);
        tk_buf_add_char(&out, '\n');
        return print(&out);
    }
    if (!open_log_keys(o, &w, &error) || !answer_request(o, &w, &answer, &out, &error))
        return tk_cli_fail("ledger witness", error);
    fprintf(stderr, "tokatsu ledger witness: %u\n", answer.status);
    int printed = print(&out);
    if (printed != 0)
        return printed;
    return answer.status == 200 ? 0 : answer.status == 400 ? 2 : 1;
}

/* Between the files of `tokatsu ledger`. */
#ifndef TK_CLI_LEDGER_H
#define TK_CLI_LEDGER_H

#include "cli/cli.h"
#include "store/store.h"

/* What the subcommands share of options. */
typedef struct {
    char *data, *database, *signing_key, *origin, *key, *log_key, *name, *response, *ca, *tsa;
    gboolean show_key;
} LedgerOptions;

void ledger_options_clear(LedgerOptions *o);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerOptions, ledger_options_clear)

/* A log that this program keeps: its store (open for reading only), its keys, its head. */
typedef struct {
    TkStore *store;
    TkSigningKeys keys;
    TkStoreHead head;
    TkBuf note; /* the checkpoint of the head, signed */
} OwnLog;

bool own_log_open(const LedgerOptions *o, OwnLog *log, GError **error);
/* Before a head is given out: the tiles lead to its root, and it continues the checkpoint that was signed
 * last. A log never signs two histories, whatever somebody wrote into its database. */
bool own_log_check(OwnLog *log, GError **error);
bool own_log_check_kept(OwnLog *log, GError **error); /* the second half alone */
void own_log_clear(OwnLog *log);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OwnLog, own_log_clear)
TkKeys own_log_keys(const OwnLog *log);

/* An export on disk, for the verifier and as a source of hashes. */
typedef struct {
    char *path;
    GPtrArray *names; /* of char *, relative; NULL-terminated */
    uint8_t *data;    /* the file read last */
    size_t cap;
} ExportDir;

/* Lists all files below `path`. */
bool export_dir_open(const char *path, ExportDir *dir, GError **error);
void export_dir_clear(ExportDir *dir);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ExportDir, export_dir_clear)
bool export_dir_read(void *user, const char *path, size_t max, const uint8_t **data, size_t *len,
                     GError **error);
/* Hashes of a log of `size` out of the tiles of an export. */
typedef struct {
    ExportDir *dir;
    uint64_t size;
} ExportHashes;
TkHashSource export_dir_hashes(ExportHashes *hashes);

/* Reads a small file whole, NUL-terminated. */
char *ledger_read_file(const char *path, size_t max, size_t *len, GError **error);
/* Writes `path` by way of `temporary` on the same file system; `durable` waits for the disk. */
bool ledger_write_file(const char *path, const char *temporary, const void *data, size_t len, bool durable,
                       GError **error);

int ledger_export(const LedgerOptions *o, int argc, char **argv);
int ledger_verify(const LedgerOptions *o, int argc, char **argv);
int ledger_witness(const LedgerOptions *o, int argc, char **argv);
int ledger_check_proof(const LedgerOptions *o, int argc, char **argv);
int ledger_monitor(const LedgerOptions *o, int argc, char **argv);

#endif

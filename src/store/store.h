/* store: where every fact is kept, and the one place where a write becomes a leaf of the ledger.
 *
 * A store holds documents of JSON by (kind, id) with all their versions, blobs by their SHA-256, the alarm
 * log, and the ledger: one canonical event (see ledger/ledger.h) per write, hashed into an RFC 6962 tree that
 * is kept as tiles of 256 hashes. Record, event and tree change in one transaction, so that no write can be
 * without its leaf and no leaf without its write.
 *
 *     committers ──TkWrite──► queue ──► one writer thread ──► BEGIN · check · rows · leaves · tiles · COMMIT
 *     (any thread)                      (takes all that wait: one fsync for many)       └──► all are answered
 *     readers ──► a pool of read connections, beside the writer
 *
 * The trade-off: a single writer per store makes leaf numbers gapless and optimistic checks cheap, and costs
 * one batch of latency. SQLite (a folder) and PostgreSQL 15 (a URL) stand behind the same door and answer
 * alike; tests run one suite on both.
 *
 * Everything here may be called from any thread, except that one TkWrite belongs to one thread at a time.
 * Errors: TK_ERROR_INPUT (unusable name, pointer or document), TK_ERROR_LIMIT (larger than a ceiling below),
 * TK_ERROR_CONFLICT (the record has changed, or another process writes), TK_ERROR_NOT_FOUND, TK_ERROR_IO
 * (disk or database: nothing of the write is kept), TK_ERROR_REFUSED (stored data contradict the ledger). A
 * message never contains the password of a database URL. */
#ifndef TK_STORE_H
#define TK_STORE_H

#include "base/base.h"
#include "ledger/ledger.h"

#define TK_STORE_DOCUMENT_MAX  (1024 * 1024)      /* bytes of one document in canonical form */
#define TK_STORE_BLOB_MAX      (64 * 1024 * 1024) /* bytes of one blob */
#define TK_STORE_ALARMS_MAX    (8 * 1024 * 1024)  /* bytes of one batch of alarm lines */
#define TK_STORE_NOTE_MAX      (16 * 1024)        /* bytes of what a note says, in canonical form */
#define TK_STORE_OPS_MAX       4096               /* operations of one TkWrite */
#define TK_STORE_KIND_MAX      64                 /* bytes; a–z, 0–9, '-', '_' */
#define TK_STORE_ID_MAX        200                /* bytes of UTF-8 without control characters */
#define TK_STORE_WHO_MAX       200                /* bytes of UTF-8 without control characters */
#define TK_STORE_INDEX_MAX     200                /* bytes of a text that filters and order look at */
#define TK_STORE_SEARCH_MAX    (64 * 1024)        /* bytes of a record's texts that are searched */
#define TK_STORE_LIMIT_MAX     10000              /* rows of one list */
#define TK_STORE_HASH_TEXT_MAX 65                 /* SHA-256 in hexadecimal, with NUL */

#define TK_STORE_ANY INT64_C(-1) /* expected_version: whatever is there */
#define TK_STORE_NEW                                                                                         \
    INT64_C(0) /* expected_version: nothing may be there (a deleted record counts as nothing) */

typedef struct TkStore TkStore;

typedef struct {
    const char *data_dir;     /* SQLite in DIR/tokatsu.db; the folder is made (0700) where it is missing */
    const char *database_url; /* postgresql://…; exactly one of the two is set */
    bool readonly;            /* never writes, does not migrate; may be opened beside a running server */
    bool keep_schema;         /* does not migrate: for `migrate --check` */
    bool fleeting; /* SQLite: the folder goes with the process, so that nothing waits for the disk */
} TkStoreOptions;

/* Opens, migrates to the schema this program knows (each step in a transaction), and checks that the stored
 * head, the tiles at its edge and the last event agree. A step that fails on existing data is rolled back,
 * the store opens with the schema it has, and tk_store_health says so. NULL and *error when it can't be used.
 */
TkStore *tk_store_open(const TkStoreOptions *options, GError **error);
/* Waits for the writes under way; then nothing may use the store any more. NULL is fine. */
void tk_store_close(TkStore *store);

typedef struct {
    bool ok;          /* writes are taken and the schema is the one this program knows */
    char engine[16];  /* "sqlite" or "postgresql" */
    int schema;       /* number of the last migration applied */
    int schema_known; /* number of the last migration this program has */
    char
        problem[256]; /* "" or a sentence: the migration that failed, the last write that could not be kept */
} TkStoreHealth;

void tk_store_health(TkStore *store, TkStoreHealth *health);

/* ---- writing ---- */

typedef struct TkWrite TkWrite;

/* Operations gathered in memory, to be kept all or none. `who` and `at_us` go into every event. Copies `who`.
 * Problems with later arguments are remembered and reported by tk_store_commit. */
TkWrite *tk_write_new(const char *who, int64_t at_us);
void tk_write_free(TkWrite *write); /* one that is not committed after all; NULL is fine */

/* Puts a document (an object). `action` is the verb for the history ("open", "confirm", "edit"; as a kind).
 * `expected_version`: the version read, TK_STORE_ANY or TK_STORE_NEW. Borrows `document` only for the call.
 */
void tk_write_put(TkWrite *write, const char *kind, const char *id, int64_t expected_version,
                  const char *action, const json_t *document);
/* Of the put before: the value at this JSON pointer (RFC 6901) is personal. The stored document holds null in
 * its place and the leaf a salted commitment; the value lies beside, is put back by every read, and can be
 * erased: then reads give null. A pointer to nothing marks nothing. */
void tk_write_mark_personal(TkWrite *write, const char *pointer);
/* Deletes softly: the record is not listed any more, its history stays. */
void tk_write_delete(TkWrite *write, const char *kind, const char *id, int64_t expected_version,
                     const char *action);
/* Erases the personal values of all versions of a record, with a tombstone event for each version that had
 * any. TK_ERROR_NOT_FOUND when there are none. */
void tk_write_erase(TkWrite *write, const char *kind, const char *id, const char *reason);
/* Keeps bytes by their SHA-256 (frozen reports, evidence); the same bytes twice are kept once. Refs `bytes`;
 * the hash is written to hash_out at once. */
void tk_write_blob(TkWrite *write, GBytes *bytes, char hash_out[TK_STORE_HASH_TEXT_MAX]);
/* An event without a change of a record ("viewed", "refused"). `kind`, `id`, `detail` may be NULL. */
void tk_write_note(TkWrite *write, const char *action, const char *kind, const char *id,
                   const json_t *detail);
/* A batch of alarm lines (JSON Lines as they came), kept for replay as one leaf. Copies `lines`. */
void tk_write_alarms(TkWrite *write, const char *lines, size_t len, uint32_t count, int64_t min_at_us,
                     int64_t max_at_us);

typedef struct {
    uint64_t first_leaf; /* ledger index of the first event */
    uint32_t leaves;     /* one per operation, in their order (an erase: one per version erased) */
    int64_t *versions;   /* per operation: the record's new version, 0 where there is none. Owned */
} TkCommitted;

void tk_committed_clear(TkCommitted *committed);

/* Takes `write` and frees it, whatever happens. True once everything is durable; `committed` may be NULL.
 * Calls from many threads share one transaction; a failed check (TK_ERROR_CONFLICT) fails its own write only.
 */
bool tk_store_commit(TkStore *store, TkWrite *write, TkCommitted *committed, GError **error);

/* One batch of alarm lines as a write of its own. `seq_out` (may be NULL) is its place in the log. */
bool tk_store_append_alarms(TkStore *store, const char *who, int64_t at_us, const char *lines, size_t len,
                            uint32_t count, int64_t min_at_us, int64_t max_at_us, uint64_t *seq_out,
                            GError **error);

/* ---- reading ---- */

typedef struct {
    char *kind, *id;
    int64_t version; /* 1 for the first */
    uint64_t leaf;   /* ledger index of the event that made this version */
    int64_t at_us;
    char *who, *action;
    bool deleted;
    json_t *body; /* NULL when deleted; an erased personal value is null */
} TkRecord;

void tk_record_free(TkRecord *record);
/* One of its own; the body is shared. */
TkRecord *tk_record_copy(const TkRecord *record);
/* For lists: adds a copy to the GPtrArray `data`, for the store is not asked within its own list. */
bool tk_record_keep(const TkRecord *record, gpointer data);

/* The record as it is now (as_of_us = TK_TIME_NONE) or as it was at that time. Owned by the caller; NULL and
 * TK_ERROR_NOT_FOUND when there is none or it is deleted. */
TkRecord *tk_store_get(TkStore *store, const char *kind, const char *id, int64_t as_of_us, GError **error);

/* Called for each record; it is owned by the store and gone afterwards. False ends the reading. Must not call
 * the store: a read connection is held meanwhile, and readers that wait for a second one could wait for each
 * other. (Callbacks of tk_store_events and tk_store_read_alarms may: those read a page at a time.) */
typedef bool (*TkRecordFn)(const TkRecord *record, gpointer data);

typedef enum {
    TK_FILTER_EQ,
    TK_FILTER_NE,
    TK_FILTER_LT,
    TK_FILTER_LE,
    TK_FILTER_GT,
    TK_FILTER_GE,
} TkFilterOp;

typedef struct {
    const char *pointer; /* declared by tk_store_index */
    TkFilterOp op;
    const char *text; /* compares texts by code point (true and false are the texts "true", "false") … */
    double number;    /* … or, where text is NULL, numbers. A record without the value matches nothing */
} TkFilter;

/* A place in an ordered list: behind the record `id` whose value of the order is this. It stays where it is
 * whatever is added or deleted before it. */
typedef struct {
    const char *id;
    const char *text; /* the value; NULL and has_number false: the record has none, or the order is by id */
    bool has_number;
    double number;
} TkPlace;

typedef struct {
    const char *kind;
    const TkFilter *filters; /* all must hold; at most 8 */
    size_t filter_count;
    const char *order; /* a declared pointer; records without it come last. NULL: by id */
    bool descending;
    const TkPlace *after; /* only what comes behind it; NULL: from the beginning */
    uint32_t offset;
    uint32_t limit; /* 1 … TK_STORE_LIMIT_MAX; 0 means 100 */
} TkQuery;

/* Declares that records of `kind` can be filtered and ordered by the value at `pointer`: kept in the store;
 * existing records are indexed at once. Cheap when it is declared already. At most 32 per kind. */
bool tk_store_index(TkStore *store, const char *kind, const char *pointer, GError **error);

/* Lists records that are not deleted. `total` (may be NULL) counts all that match, without offset and limit.
 */
bool tk_store_list(TkStore *store, const TkQuery *query, TkRecordFn each, gpointer data, uint64_t *total,
                   GError **error);
/* All records of a kind as they were at `as_of_us`, by id; what was deleted by then is left out. Reads every
 * record's row: for registers that fit in memory. */
bool tk_store_each_as_of(TkStore *store, const char *kind, int64_t as_of_us, TkRecordFn each, gpointer data,
                         GError **error);
/* All versions, oldest first, deletions included. TK_ERROR_NOT_FOUND when there never was one. */
bool tk_store_history(TkStore *store, const char *kind, const char *id, TkRecordFn each, gpointer data,
                      GError **error);
/* Declares that records of `kind` can be found by tk_store_search; otherwise as tk_store_index. */
bool tk_store_searchable(TkStore *store, const char *kind, GError **error);
/* Records one of whose texts contains `text` (2 … 100 characters; case and the width of characters make no
 * difference), newest first, at most `limit` (1 … 1000). `kind` NULL: all searchable kinds. Personal values
 * are not searched, nor what lies behind the first TK_STORE_SEARCH_MAX bytes of a record's texts. */
bool tk_store_search(TkStore *store, const char *kind, const char *text, uint32_t limit, TkRecordFn each,
                     gpointer data, GError **error);
/* The bytes of a blob, checked against the hash. NULL: TK_ERROR_NOT_FOUND, or TK_ERROR_REFUSED when altered.
 */
GBytes *tk_store_blob(TkStore *store, const char *hash, GError **error);

typedef struct {
    uint64_t seq; /* grows from batch to batch, with gaps: the ledger index of its event */
    int64_t at_us, min_at_us, max_at_us;
    uint32_t count;
    const char *lines; /* owned by the store, valid during the call */
    size_t len;
} TkAlarmBatch;

typedef bool (*TkAlarmBatchFn)(const TkAlarmBatch *batch, gpointer data);

/* Batches from `from_seq` on, in order. */
bool tk_store_read_alarms(TkStore *store, uint64_t from_seq, TkAlarmBatchFn each, gpointer data,
                          GError **error);

/* ---- the ledger ---- */

typedef struct {
    uint64_t size; /* leaves */
    TkHash root;   /* RFC 6962 tree hash */
} TkStoreHead;

bool tk_store_ledger_head(TkStore *store, TkStoreHead *head, GError **error);
/* 0 when it can't be read. */
uint64_t tk_store_ledger_size(TkStore *store);

typedef bool (*TkEventFn)(uint64_t leaf, const char *event, size_t len, gpointer data);

/* The canonical events of leaves from … from+count-1, as far as there are. */
bool tk_store_events(TkStore *store, uint64_t from, uint64_t count, TkEventFn each, gpointer data,
                     GError **error);

/* The stored hashes, for proofs and tiles (ledger/proof.h, ledger/tiles.h): O(log n) reads a proof. Valid as
 * long as the store. */
TkHashSource tk_store_hash_source(TkStore *store);

/* Signs the present head with the log's key and keeps the checkpoint (and of those older than some minutes
 * the last of each hour), unless the newest one has that size already. To be called about once a second by
 * whoever serves. `note` (may be NULL) receives the newest checkpoint. */
bool tk_store_checkpoint(TkStore *store, const char *origin, TkSigner *const *signers, size_t count,
                         int64_t at_us, TkBuf *note, GError **error);
/* Appends signature lines (each with its newline) to the kept checkpoint of this size; TK_ERROR_NOT_FOUND
 * when none is kept. The lines are the caller's to have checked. No leaf: what vouches for the log is outside
 * it. */
bool tk_store_checkpoint_cosign(TkStore *store, uint64_t size, const char *lines, size_t len, GError **error);
/* The newest checkpoint kept; TK_ERROR_NOT_FOUND when there is none yet. */
bool tk_store_checkpoint_newest(TkStore *store, TkBuf *note, GError **error);

/* The log's private keys, in a file outside the database (`ledger.key` in the data folder, 0600). All sign
 * every checkpoint; there is more than one only while a key is being replaced. Their name is the log's
 * origin. */
#define TK_SIGNING_KEYS_MAX 8

typedef struct {
    size_t count;
    TkSigner *signer[TK_SIGNING_KEYS_MAX]; /* owned; as tk_store_checkpoint takes them */
} TkSigningKeys;

/* Where the file is: ledger.key in the data folder; for a store that is a database alone, in the user's state
 * folder (XDG_STATE_HOME, ~/.local/state) under tokatsu/, one for each database URL. Makes the folder. Owned
 * by the caller. */
char *tk_signing_keys_path(const char *data_dir, const char *database_url, GError **error);
/* Reads the file. Where there is none, makes one with a new key named `origin`, or "tokatsu/" and 16 random
 * digits when that is NULL. TK_ERROR_FORBIDDEN when others may read it. */
bool tk_signing_keys_open(const char *path, const char *origin, TkSigningKeys *keys, GError **error);
/* The same for the key of a witness (`witness.key`), which cosigns the checkpoints of others. */
bool tk_cosigning_keys_open(const char *path, const char *name, TkSigningKeys *keys, GError **error);
void tk_signing_keys_clear(TkSigningKeys *keys);
const char *
tk_signing_keys_origin(const TkSigningKeys *keys); /* borrowed from keys, which hold at least one */
/* Replacing a key: add its successor, publish that, and when all readers know it, retire the oldest. */
bool tk_signing_keys_add(const char *path, TkSigningKeys *keys, GError **error);
bool tk_signing_keys_retire(const char *path, TkSigningKeys *keys, GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkSigningKeys, tk_signing_keys_clear)

/* ---- for the command line ---- */

/* One sentence: "altered: version 2 of accident A-1 is not the one that entry 17 has the hash of". */
typedef void (*TkStoreFaultFn)(const char *fault, gpointer data);

/* Checks the pages of the SQLite file in `data_dir`, before rows are read from it: "damaged: tokatsu.db: Page
 * 31: …". `faults` is added to. False and *error only when it could not be checked. */
bool tk_store_check_pages(const char *data_dir, TkStoreFaultFn each, gpointer data, uint64_t *faults,
                          GError **error);

/* Checks every record, personal value, batch of alarms and blob against the event that made it, and that none
 * is missing or added. False only when it could not be checked; `faults` counts what was found. The events
 * themselves and the tree over them are checked by ledger/verify.h. */
bool tk_store_verify(TkStore *store, TkStoreFaultFn each, gpointer data, uint64_t *faults, GError **error);

/* Writes everything to `file`, in a form both engines read, while the store is in use: one snapshot, ended by
 * a hash of the whole. `head` (may be NULL) is the ledger's head in it. */
bool tk_store_backup(TkStore *store, FILE *file, TkStoreHead *head, GError **error);
/* Reads what tk_store_backup wrote into an empty store, all or nothing. Refuses a store with content, a
 * broken file (TK_ERROR_INPUT), and events that do not give the root the backup names (TK_ERROR_REFUSED). */
bool tk_store_restore(TkStore *store, FILE *file, TkStoreHead *head, GError **error);

/* That a backup was written whole: noted beside the signing key by whoever made it. */
typedef struct {
    int64_t at_us;
    TkStoreHead head;
} TkBackupNote;

bool tk_backup_note_write(const char *data_dir, const char *database_url, const TkBackupNote *note,
                          GError **error);
/* The last one; TK_ERROR_NOT_FOUND where none was noted. */
bool tk_backup_note_read(const char *data_dir, const char *database_url, TkBackupNote *note, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkStore, tk_store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkWrite, tk_write_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkRecord, tk_record_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkCommitted, tk_committed_clear)

#endif

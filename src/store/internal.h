/* What the files of this room share. */
#ifndef TK_STORE_INTERNAL_H
#define TK_STORE_INTERNAL_H

#include "ledger/ledger.h"
#include "store/db.h"
#include "store/store.h"

#define TK_BACKUP_LINE_MAX (8 * TK_STORE_DOCUMENT_MAX) /* bytes: a document with every byte escaped */
#define READERS_MAX        16 /* read connections open at a time; a 17th reader waits */

/* ---- the ledger as it is kept (leaves.c); used by the thread that holds the write transaction ---- */

typedef struct {
    TkHasher *hasher;
    TkFrontier frontier;
    TkHash tile[TK_TILE_LEVELS][TK_TILE_WIDTH]; /* the growing tile of each level */
    uint64_t hashes[TK_TILE_LEVELS];            /* hashes of each level there are in the tree */
    uint64_t written[TK_TILE_LEVELS];           /* … and in the database */
    bool loaded;
} TkLeaves;

void tk_leaves_init(TkLeaves *leaves);
void tk_leaves_clear(TkLeaves *leaves);
/* Reads head and growing tiles when the stored size is another than the one in memory, and checks them. */
bool tk_leaves_load(TkLeaves *leaves, TkDb *db, GError **error);
/* Appends the event: its row, its hash. *leaf is its index. */
bool tk_leaves_append(TkLeaves *leaves, TkDb *db, const char *event, size_t len, uint64_t *leaf,
                      GError **error);
/* Writes the growing tiles and the head, last thing before the commit. */
bool tk_leaves_write(TkLeaves *leaves, TkDb *db, GError **error);
bool tk_leaves_read_head(TkDb *db, TkStoreHead *head, GError **error);
/* Hashes from the tiles; what a TkHashSource asks for. */
bool tk_leaves_read(TkDb *db, unsigned level, uint64_t first, size_t count, TkHash *out, GError **error);

/* ---- a write in memory (write.c) ---- */

typedef enum { TK_OP_PUT, TK_OP_DELETE, TK_OP_ERASE, TK_OP_BLOB, TK_OP_NOTE, TK_OP_ALARMS } TkOpType;

typedef struct {
    const char *pointer; /* borrowed from the store's declarations, which live as long as it */
    char *text;          /* NULL and has_number false: no value there */
    double number;
    bool has_number;
} TkIndexValue;

typedef struct {
    TkOpType type;
    char *kind, *id, *action;
    int64_t expected;
    json_t *document; /* until it is prepared */
    char *body;       /* canonical JSON, personal values taken out */
    size_t body_len;
    TkHash before, after;
    bool has_before; /* set by tk_apply_check */
    char *personal;  /* canonical JSON of {pointer: value}, or NULL */
    GPtrArray *personal_pointers;
    uint8_t salt[TK_SALT_LEN];
    TkHash commitment;
    json_t *detail;
    GBytes *bytes; /* of a blob, or of alarm lines */
    uint32_t count;
    int64_t min_at_us, max_at_us;
    TkIndexValue *index;
    size_t index_count;
    unsigned index_generation;
    bool searchable; /* a deletion's record may have a row to remove */
    char *search;    /* folded texts of a searchable document, or NULL */
    int64_t version; /* the answer */
} TkOp;

struct TkWrite {
    char *who;
    int64_t at_us;
    GArray *ops; /* TkOp */
    size_t bytes;
    GError *error; /* the first problem with an argument */
};

/* Everything that can be done before the writer's turn: canonical JSON, hashes, index values. */
bool tk_write_prepare(TkStore *store, TkWrite *write, TkHasher *hasher, GError **error);

/* ---- declared indexes (index.c) ---- */

typedef struct {
    GRWLock lock;
    GHashTable *by_kind;  /* kind → GPtrArray of pointers */
    GPtrArray *withdrawn; /* pointers that operations may still borrow */
    unsigned generation;  /* counts the declarations */
} TkIndexes;

bool tk_indexes_load(TkStore *store, TkDb *db, GError **error);
/* Fills op->index from the document. */
void tk_index_prepare(TkStore *store, TkOp *op, const json_t *document);
/* Again, for operations that were prepared before a declaration came. */
void tk_index_refresh(TkStore *store, TkWrite *write);
bool tk_index_write(TkDb *db, const TkOp *op, GError **error);
/* What of a text is compared: its first TK_STORE_INDEX_MAX bytes at most, whole characters. Owned. */
char *tk_index_text(const char *text);
void tk_indexes_init(TkIndexes *indexes);
void tk_indexes_clear(TkIndexes *indexes);
/* Reads the declarations, and indexes the records that are there by each. */
bool tk_indexes_refill(TkStore *store, TkDb *db, GError **error);
bool tk_index_declare(TkStore *store, const char *kind, const char *pointer, GError **error);
bool tk_index_declared(TkStore *store, const char *kind, const char *pointer);

/* ---- search (search.c); a kind is searchable when the pointer "" is declared ---- */

#define SEARCH_POINTER ""
char *tk_search_text(const json_t *document);
bool tk_search_write(TkDb *db, const char *kind, const char *id, const char *text, GError **error);
bool tk_search_remove(TkDb *db, const char *kind, const char *id, GError **error);

/* ---- one writer for many (group.c) ---- */

typedef struct TkGroup TkGroup;
TkGroup *tk_group_new(TkStore *store, TkDb *db); /* takes db */
void tk_group_free(TkGroup *group);              /* after the last write was answered */
bool tk_group_commit(TkGroup *group, TkWrite *write, TkCommitted *committed, GError **error);
/* Runs `work` on the writer's connection inside a write transaction, in turn with the writes. */
typedef bool (*TkWorkFn)(TkStore *store, TkDb *db, TkLeaves *leaves, gpointer data, GError **error);
bool tk_group_work(TkGroup *group, TkWorkFn work, gpointer data, GError **error);

/* One write inside the transaction (apply.c). */
typedef struct TkCurrents TkCurrents;
TkCurrents *tk_currents_new(void);
void tk_currents_free(TkCurrents *currents);
/* Reads at once what the writes (TkWrite) will ask for, where single questions are slow. */
bool tk_currents_preload(TkCurrents *currents, TkDb *db, GPtrArray *writes, GError **error);
/* Whether the expectations of all operations hold; if so they are noted, so that the next write sees them. */
bool tk_apply_check(TkCurrents *currents, TkDb *db, TkWrite *write, bool *holds, GError **why_not,
                    GError **error);
/* A version and the row that makes it the present one. */
typedef struct {
    const char *kind, *id;
    int64_t version;
    uint64_t leaf;
    int64_t at_us;
    const char *who, *action;
    const char *body; /* NULL: a deletion */
    size_t body_len;
    const TkHash *hash; /* of the body */
} TkRecordRow;
bool tk_record_write(TkDb *db, const TkRecordRow *row, GError **error);
/* Whether a row agrees with its event (agree.c). Sets row->hash, into `hash`. */
bool tk_agree_version(TkHasher *hasher, const json_t *event, TkRecordRow *row, TkHash *hash);
bool tk_agree_personal(TkHasher *hasher, const json_t *event, const char *kind, const char *id,
                       const uint8_t salt[TK_SALT_LEN], const char *payload, size_t len);
/* Whether the event's member is this hash; NULL: whether it has none. */
bool tk_agree_hash(const json_t *event, const char *member, const TkHash *hash);

bool tk_apply(TkDb *db, TkLeaves *leaves, TkWrite *write, TkCommitted *committed, GError **error);

/* ---- the store itself (store.c) ---- */

struct TkStore {
    char *path;    /* SQLite */
    bool fleeting; /* nothing waits for the disk */
    char *url;     /* PostgreSQL */
    bool readonly;
    GMutex pool_lock;
    GCond pool_freed;
    GPtrArray *idle; /* TkDb */
    unsigned opened;
    TkIndexes indexes;
    TkGroup *group; /* NULL when readonly */
    GMutex health_lock;
    TkStoreHealth health;
    char write_problem[256];
};

TkDb *tk_store_connect(TkStore *store, bool readonly, GError **error);
/* A read connection for this thread alone, to be given back. NULL and *error. */
TkDb *tk_store_reader(TkStore *store, GError **error);
void tk_store_reader_done(TkStore *store, TkDb *db);
void tk_store_set_problem(TkStore *store, const char *problem); /* NULL: none */

bool tk_migrations_read(TkDb *db, TkStoreHealth *health, GError **error);
bool tk_migrations_apply(TkDb *db, TkStoreHealth *health, GError **error);

/* Reading rows of COLUMNS (read.c). */
#define TK_RECORD_COLUMNS "v.kind, v.id, v.version, v.leaf, v.at_us, v.who, v.action, v.body, p.payload"
#define TK_RECORD_PAYLOAD " LEFT JOIN personal p ON p.leaf = v.leaf"
typedef struct {
    TkRecordFn each;
    gpointer data;
    uint64_t seen;
    bool stopped; /* `each` wants no more */
    GError *error;
} TkReading;
bool tk_reading_take(const TkDbValue *values, size_t count, gpointer reading);
bool tk_reading_finish(TkReading *reading, bool done, GError **error);

/* Every row against its event, inside a transaction (verify.c). Adds to *faults. */
bool tk_verify_rows(TkDb *db, TkHasher *hasher, TkStoreFaultFn each, gpointer data, uint64_t *faults,
                    GError **error);

/* Names from outside, checked before they are used. */
bool tk_store_check_kind(const char *kind, GError **error);
bool tk_store_check_text(const char *what, const char *text, size_t max, GError **error);
/* The value at a JSON pointer (RFC 6901), borrowed; NULL when there is none. */
json_t *tk_pointer_get(const json_t *document, const char *pointer);
/* Puts a new reference of `value` where something is already; false when nothing is there. */
bool tk_pointer_replace(json_t *document, const char *pointer, json_t *value);
bool tk_pointer_check(const char *pointer, GError **error);

#endif

/* The ledger's tree as rows: every event, the tiles of 256 hashes, and one row with size, root and frontier.
 *
 *     level 1   [ h0 … h255 | h256 …            one hash per full tile below
 *     level 0   [ 256 leaf hashes ][ 256 ]… [ growing
 *
 * A full tile is written once; the growing one of each level is rewritten by each commit (8 KiB at most),
 * however many leaves the commit brings. Any proof reads one or two tiles a level. */
#include "store/internal.h"

static const char put_tile[] = "INSERT INTO ledger_tiles (level, n, hashes) VALUES ($1, $2, $3)"
                               " ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes";

void tk_leaves_init(TkLeaves *leaves)
{
    memset(leaves, 0, sizeof *leaves);
    leaves->hasher = tk_hasher_new();
}

void tk_leaves_clear(TkLeaves *leaves)
{
    tk_hasher_free(leaves->hasher);
    leaves->hasher = NULL;
}

typedef struct {
    bool found;
    uint64_t size;
    TkHash root;
    TkFrontier frontier;
    GError *error;
} Head;

static bool take_head(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    Head *head = data;
    head->found = true;
    head->size = (uint64_t)values[0].i;
    if (values[1].len != TK_HASH_LEN)
        return tk_fail(&head->error, TK_ERROR_REFUSED, "the ledger's stored root is not a hash");
    memcpy(head->root.byte, values[1].data, TK_HASH_LEN);
    return tk_frontier_read(values[2].data, values[2].len, &head->frontier, &head->error);
}

static bool read_head(TkDb *db, Head *head, GError **error)
{
    memset(head, 0, sizeof *head);
    if (!tk_db_query(db, "SELECT size, root, frontier FROM ledger_head WHERE one = $1", take_head, head,
                     error, tk_db_int(1)))
        return false;
    if (head->error != NULL) {
        g_propagate_error(error, head->error);
        return false;
    }
    return true;
}

bool tk_leaves_read_head(TkDb *db, TkStoreHead *out, GError **error)
{
    Head head;
    if (!read_head(db, &head, error))
        return false;
    out->size = head.size;
    out->root = head.root;
    if (!head.found) {
        g_autoptr(TkHasher) hasher = tk_hasher_new();
        tk_hash_bytes(hasher, "", 0, &out->root);
    }
    return true;
}

typedef struct {
    TkHash *out;
    size_t skip, want;
    bool found;
} TileRead;

static bool take_tile(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    TileRead *read = data;
    read->found = values[0].len >= (read->skip + read->want) * TK_HASH_LEN;
    if (read->found)
        memcpy(read->out, (const uint8_t *)values[0].data + read->skip * TK_HASH_LEN,
               read->want * TK_HASH_LEN);
    return false;
}

bool tk_leaves_read(TkDb *db, unsigned level, uint64_t first, size_t count, TkHash *out, GError **error)
{
    TileRead read = {.out = out, .skip = first % TK_TILE_WIDTH, .want = count};
    uint64_t n = first / TK_TILE_WIDTH;
    if (!tk_db_query(db, "SELECT hashes FROM ledger_tiles WHERE level = $1 AND n = $2", take_tile, &read,
                     error, tk_db_int(level), tk_db_int((int64_t)n)))
        return false;
    return read.found ||
           tk_fail(error, TK_ERROR_REFUSED,
                   "tile %" G_GUINT64_FORMAT " of level %u of the ledger is missing or too short", n, level);
}

static bool read_source(void *user, unsigned level, uint64_t first, size_t count, TkHash *out, GError **error)
{
    return tk_leaves_read(user, level, first, count, out, error);
}

typedef struct {
    TkHasher *hasher;
    TkHash hash;
    int64_t leaf;
} LastEvent;

static bool take_event(const TkDbValue *values, size_t count, gpointer data)
{
    (void)count;
    LastEvent *last = data;
    last->leaf = values[0].i;
    tk_hash_leaf(last->hasher, values[1].data, values[1].len, &last->hash);
    return false;
}

/* The newest event is the newest leaf, and the tiles give the root that the head names. */
static bool check_edge(TkLeaves *leaves, TkDb *db, const Head *head, GError **error)
{
    LastEvent last = {.hasher = leaves->hasher, .leaf = -1};
    if (!tk_db_query(db, "SELECT leaf, body FROM events WHERE leaf >= $1 ORDER BY leaf DESC LIMIT 1",
                     take_event, &last, error, tk_db_int(head->size > 0 ? (int64_t)head->size - 1 : 0)))
        return false;
    if (last.leaf != (int64_t)head->size - 1)
        return tk_fail(error, TK_ERROR_REFUSED,
                       "the ledger has %" G_GUINT64_FORMAT
                       " leaves and the last event is number %" G_GINT64_FORMAT
                       ": the database was altered or damaged; restore a backup",
                       head->size, last.leaf);
    if (head->size == 0)
        return true;
    if (!tk_hash_equal(&last.hash, &leaves->tile[0][(head->size - 1) % TK_TILE_WIDTH]))
        return tk_fail(error, TK_ERROR_REFUSED,
                       "event %" G_GINT64_FORMAT
                       " does not hash to its leaf: the database was altered or damaged;"
                       " restore a backup",
                       last.leaf);
    TkHash from_tiles, from_frontier;
    TkHashSource source = {.read = read_source, .user = db};
    if (!tk_subtree_root(leaves->hasher, &source, 0, head->size, &from_tiles, error))
        return false;
    tk_frontier_root(leaves->hasher, &head->frontier, &from_frontier);
    if (!tk_hash_equal(&from_tiles, &head->root) || !tk_hash_equal(&from_frontier, &head->root))
        return tk_fail(error, TK_ERROR_REFUSED,
                       "the ledger's head does not agree with its tiles: the database was altered or damaged;"
                       " restore a backup");
    return true;
}

static bool load_tiles(TkLeaves *leaves, TkDb *db, GError **error)
{
    for (unsigned level = 0; level < TK_TILE_LEVELS; level++) {
        uint64_t hashes = leaves->frontier.size >> (TK_TILE_HEIGHT * level);
        leaves->hashes[level] = leaves->written[level] = hashes;
        if (hashes == 0)
            continue;
        uint64_t first = (hashes - 1) / TK_TILE_WIDTH * TK_TILE_WIDTH;
        if (!tk_leaves_read(db, level, first, (size_t)(hashes - first), leaves->tile[level], error))
            return false;
    }
    return true;
}

bool tk_leaves_load(TkLeaves *leaves, TkDb *db, GError **error)
{
    Head head;
    if (!read_head(db, &head, error))
        return false;
    if (leaves->loaded && leaves->frontier.size == head.size)
        return true;
    leaves->loaded = false;
    if (head.found && head.frontier.size != head.size)
        return tk_fail(error, TK_ERROR_REFUSED, "the ledger's head names two sizes; restore a backup");
    leaves->frontier = head.frontier;
    if (!load_tiles(leaves, db, error) || !check_edge(leaves, db, &head, error))
        return false;
    leaves->loaded = true;
    return true;
}

static bool write_tile(TkLeaves *leaves, TkDb *db, unsigned level, GError **error)
{
    uint64_t last = leaves->hashes[level] - 1;
    size_t width = (size_t)(last % TK_TILE_WIDTH) + 1;
    leaves->written[level] = leaves->hashes[level];
    return tk_db_run(db, put_tile, error, tk_db_int(level), tk_db_int((int64_t)(last / TK_TILE_WIDTH)),
                     tk_db_blob(leaves->tile[level], width * TK_HASH_LEN));
}

static bool add_hash(TkLeaves *leaves, TkDb *db, const TkTileHash *hash, GError **error)
{
    leaves->tile[hash->level][hash->index % TK_TILE_WIDTH] = hash->hash;
    leaves->hashes[hash->level] = hash->index + 1;
    return leaves->hashes[hash->level] % TK_TILE_WIDTH != 0 || write_tile(leaves, db, hash->level, error);
}

bool tk_leaves_append(TkLeaves *leaves, TkDb *db, const char *event, size_t len, uint64_t *leaf,
                      GError **error)
{
    TkTileHash added = {.level = 0, .index = leaves->frontier.size};
    TkTileHash done[TK_TILE_LEVELS];
    tk_hash_leaf(leaves->hasher, event, len, &added.hash);
    size_t completed = tk_frontier_append(leaves->hasher, &leaves->frontier, &added.hash, done);
    if (!add_hash(leaves, db, &added, error))
        return false;
    for (size_t i = 0; i < completed; i++)
        if (!add_hash(leaves, db, &done[i], error))
            return false;
    *leaf = added.index;
    return tk_db_run(db, "INSERT INTO events (leaf, body) VALUES ($1, $2)", error,
                     tk_db_int((int64_t)added.index), tk_db_text_len(event, len));
}

bool tk_leaves_write(TkLeaves *leaves, TkDb *db, GError **error)
{
    for (unsigned level = 0; level < TK_TILE_LEVELS; level++)
        if (leaves->written[level] != leaves->hashes[level] && !write_tile(leaves, db, level, error))
            return false;
    TkHash root;
    tk_frontier_root(leaves->hasher, &leaves->frontier, &root);
    uint8_t frontier[TK_FRONTIER_BYTES_MAX];
    size_t len = tk_frontier_write(&leaves->frontier, frontier);
    return tk_db_run(db,
                     "INSERT INTO ledger_head (one, size, root, frontier) VALUES (1, $1, $2, $3)"
                     " ON CONFLICT (one) DO UPDATE SET size = excluded.size, root = excluded.root,"
                     " frontier = excluded.frontier",
                     error, tk_db_int((int64_t)leaves->frontier.size), tk_db_blob(root.byte, TK_HASH_LEN),
                     tk_db_blob(frontier, len));
}

/* The offline verifier.
 *
 *     tile/entries/000 ──hash──► leaf hashes ──compare── tile/0/000
 *                                    │ fold 256 into one
 *                                    ▼
 *                                level 1 ──compare── tile/1/000 …  and so on up
 *                                    ▼
 *                                  root ──compare── checkpoint ──signature── key
 *
 * One pass over the bundles recomputes everything from the leaves. Comparing finds that two files disagree;
 * which of them was altered follows from the root that was signed: if the leaves lead to it, they are genuine
 * and the tile is not; if the hashes that the tiles hold lead to it, it is the leaf. Only where that is not
 * so either (several files altered) does the finding say no more than that they disagree.
 *
 * The cost is one hash of each leaf and one node hash a leaf, so a core verifies as fast as it hashes. */
#include "ledger/ledger.h"
#include "ledger/note_private.h"

#define CHECKPOINT "checkpoint"
#define KEY_FILE   "key.pub"
#define FAULTS_MAX                                                                                           \
    100000 /* enough is known: a checkpoint may claim any size, and each missing file costs a look */

typedef struct {
    const TkLedgerReader *reader;
    TkLedgerReport *report;
    TkHasher *hasher;
    uint64_t size;
    GArray *computed[TK_TILE_LEVELS]; /* of TkHash, level 1 and above, from the leaves */
    TkFrontier leaves;                /* of the leaves as they are */
    TkFrontier tiles;                 /* of the hashes in the level 0 tiles */
    bool leaves_whole, tiles_whole;   /* every bundle, every level 0 tile could be read */
    size_t first_disagreement;        /* findings from here on are waiting for who is to blame */
} Verifier;

void tk_ledger_report_clear(TkLedgerReport *report)
{
    for (size_t i = 0; i < report->count; i++)
        g_free(report->finding[i].text);
    g_free(report->origin);
    report->origin = NULL;
    report->count = 0;
}

static void find(TkLedgerReport *report, TkFindingKind kind, const char *path, uint64_t entry,
                 const char *format, ...) G_GNUC_PRINTF(5, 6);

static void find(TkLedgerReport *report, TkFindingKind kind, const char *path, uint64_t entry,
                 const char *format, ...)
{
    report->faults++;
    if (report->count == TK_FINDINGS_MAX)
        return;
    TkFinding *finding = &report->finding[report->count++];
    finding->kind = kind;
    finding->entry = entry;
    g_strlcpy(finding->path, path, sizeof finding->path);
    va_list args;
    va_start(args, format);
    finding->text = g_strdup_vprintf(format, args);
    va_end(args);
}

/* About a whole file, which concerns `count` entries from `first` on; 0: none. */
static void find_file(TkLedgerReport *report, TkFindingKind kind, const char *path, uint64_t first,
                      uint64_t count, const char *what)
{
    if (count == 0)
        find(report, kind, path, TK_ENTRY_NONE, "%s %s", path, what);
    else
        find(report, kind, path, first, "%s %s (entries %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ")",
             path, what, first, first + count - 1);
}

/* Reads a file of the export. True with *data NULL when it is a finding; false when it cannot be judged. */
static bool fetch(const TkLedgerReader *reader, TkLedgerReport *report, const char *path, size_t max,
                  uint64_t first, uint64_t count, const uint8_t **data, size_t *len, GError **error)
{
    GError *why = NULL;
    *data = NULL;
    *len = 0;
    report->files++;
    if (reader->read(reader->user, path, max, data, len, &why)) {
        if (*data == NULL)
            *data = (const uint8_t *)""; /* an empty file */
        return true;
    }
    report->files--;
    *data = NULL;
    if (g_error_matches(why, TK_ERROR, TK_ERROR_NOT_FOUND))
        find_file(report, TK_FINDING_MISSING, path, first, count, "is missing");
    else if (g_error_matches(why, TK_ERROR, TK_ERROR_LIMIT))
        find_file(report, TK_FINDING_ADDED, path, first, count, "is longer than it can be");
    else {
        g_propagate_error(error, why);
        return false;
    }
    g_error_free(why);
    return true;
}

/* ---- one bundle and its tile of level 0 ---- */

/* Hashes the leaves of a bundle into row; returns how many could be read. */
static unsigned hash_bundle(Verifier *v, const TkTile *bundle, const char *path, const uint8_t *data,
                            size_t len, TkHash row[TK_TILE_WIDTH])
{
    uint64_t first = bundle->index * TK_TILE_WIDTH;
    for (unsigned i = 0; i < bundle->width; i++) {
        const uint8_t *leaf;
        size_t leaf_len;
        if (!tk_bundle_next(&data, &len, &leaf, &leaf_len)) {
            find(v->report, TK_FINDING_ALTERED, path, first + i, "%s ends within entry %" G_GUINT64_FORMAT,
                 path, first + i);
            return i;
        }
        tk_hash_leaf(v->hasher, leaf, leaf_len, &row[i]);
    }
    if (len > 0)
        find(v->report, TK_FINDING_ADDED, path, first + bundle->width - 1,
             "%s has %zu bytes behind entry %" G_GUINT64_FORMAT ", its last", path, len,
             first + bundle->width - 1);
    v->report->entries += bundle->width;
    return bundle->width;
}

static bool read_bundle(Verifier *v, const TkTile *bundle, TkHash row[TK_TILE_WIDTH], unsigned *have,
                        GError **error)
{
    char path[TK_TILE_PATH_MAX];
    const uint8_t *data;
    size_t len;
    uint64_t first = bundle->index * TK_TILE_WIDTH;
    *have = 0;
    if (!fetch(v->reader, v->report, tk_tile_path(bundle, path), TK_BUNDLE_BYTES_MAX, first, bundle->width,
               &data, &len, error))
        return false;
    if (data != NULL)
        *have = hash_bundle(v, bundle, path, data, len, row);
    return true;
}

/* Reads a tile of hashes; *row NULL when it is a finding. The row is valid until the next read. */
static bool read_tile(Verifier *v, const TkTile *tile, const TkHash **row, GError **error)
{
    char path[TK_TILE_PATH_MAX];
    const uint8_t *data;
    size_t len, expected = (size_t)tile->width * TK_HASH_LEN;
    uint64_t span = UINT64_C(1) << (TK_TILE_HEIGHT * tile->level);
    uint64_t first = tile->index * TK_TILE_WIDTH * span;
    *row = NULL;
    if (!fetch(v->reader, v->report, tk_tile_path(tile, path), TK_TILE_WIDTH * TK_HASH_LEN, first,
               tile->width * span, &data, &len, error))
        return false;
    if (data != NULL && len != expected)
        find(v->report, len < expected ? TK_FINDING_ALTERED : TK_FINDING_ADDED, path,
             first + MIN(len, expected - 1) / TK_HASH_LEN * span,
             "%s has %zu bytes instead of %zu; the hash of entry %" G_GUINT64_FORMAT
             " is the first concerned",
             path, len, expected, first + MIN(len, expected - 1) / TK_HASH_LEN * span);
    else if (data != NULL)
        *row = (const TkHash *)(const void *)data;
    return true;
}

static void grow(Verifier *v, const TkHash *row, unsigned width, TkFrontier *frontier, bool keep)
{
    TkTileHash done[TK_TILE_LEVELS];
    for (unsigned i = 0; i < width; i++) {
        size_t count = tk_frontier_append(v->hasher, frontier, &row[i], done);
        for (size_t k = 0; keep && k < count; k++)
            g_array_append_vals(v->computed[done[k].level], &done[k].hash, 1);
    }
}

/* Who is to blame is not known yet: text is NULL until then. */
static void disagree(Verifier *v, const TkTile *tile, uint64_t entry)
{
    TkLedgerReport *report = v->report;
    report->faults++;
    if (report->count == TK_FINDINGS_MAX)
        return;
    TkFinding *finding = &report->finding[report->count++];
    *finding = (TkFinding){.kind = TK_FINDING_ALTERED, .entry = entry};
    tk_tile_path(tile, finding->path);
}

/* One bundle of leaves and the tile of their hashes. */
static bool verify_leaves(Verifier *v, const TkTile *bundle, GError **error)
{
    TkHash row[TK_TILE_WIDTH];
    unsigned have;
    if (!read_bundle(v, bundle, row, &have, error))
        return false;
    TkTile tile = *bundle;
    tile.kind = TK_TILE_HASHES;
    const TkHash *held;
    if (!read_tile(v, &tile, &held, error))
        return false;
    for (unsigned i = 0; held != NULL && i < have; i++)
        if (!tk_hash_equal(&row[i], &held[i]))
            disagree(v, &tile, tile.index * TK_TILE_WIDTH + i);
    v->leaves_whole = v->leaves_whole && have == bundle->width;
    v->tiles_whole = v->tiles_whole && held != NULL;
    if (v->leaves_whole)
        grow(v, row, bundle->width, &v->leaves, true);
    /* The tiles' own tree is only needed once they differ from the leaves; until then it is the same. */
    if (v->tiles_whole && (v->report->faults > 0 || !v->leaves_whole))
        grow(v, held, bundle->width, &v->tiles, false);
    else if (v->tiles_whole)
        v->tiles = v->leaves;
    return true;
}

/* ---- the levels above ---- */

static bool verify_level(Verifier *v, const TkTile *tile, GError **error)
{
    const TkHash *held;
    if (!read_tile(v, tile, &held, error))
        return false;
    GArray *computed = v->computed[tile->level];
    uint64_t span = UINT64_C(1) << (TK_TILE_HEIGHT * tile->level);
    for (uint64_t i = 0; held != NULL && i < tile->width; i++) {
        uint64_t at = tile->index * TK_TILE_WIDTH + i;
        if (at >= computed->len)
            break; /* leaves are missing below, which is said already */
        if (!tk_hash_equal(&g_array_index(computed, TkHash, at), &held[i]))
            disagree(v, tile, at * span);
    }
    return true;
}

/* A hash of level 1 or above stands for a run of entries. */
static char *above_text(const char *path, const TkTile *tile, uint64_t first, bool leaves_genuine)
{
    uint64_t last = first + (UINT64_C(1) << (TK_TILE_HEIGHT * tile->level)) - 1;
    return g_strdup_printf(leaves_genuine ? "%s: the hash of entries %" G_GUINT64_FORMAT
                                            " to %" G_GUINT64_FORMAT " was altered"
                                          : "%s does not hold the hash that entries %" G_GUINT64_FORMAT
                                            " to %" G_GUINT64_FORMAT " have",
                           path, first, last);
}

/* Gives the waiting findings their sentence, and moves a finding to the entry bundle where that is what was
 * altered. */
static void settle(Verifier *v, bool leaves_genuine, bool tiles_genuine)
{
    for (size_t i = v->first_disagreement; i < v->report->count; i++) {
        TkFinding *finding = &v->report->finding[i];
        if (finding->text != NULL)
            continue;
        TkTile tile;
        bool known = tk_tile_path_read(finding->path, &tile);
        TkTile bundle = {TK_TILE_ENTRIES, 0, tile.index, tile.width};
        char bundle_path[TK_TILE_PATH_MAX], tile_path[TK_TILE_PATH_MAX];
        g_strlcpy(tile_path, finding->path, sizeof tile_path);
        if (!known || tile.level > 0) {
            finding->text = above_text(tile_path, &tile, finding->entry, leaves_genuine);
            continue;
        }
        tk_tile_path(&bundle, bundle_path);
        if (leaves_genuine) {
            finding->text = g_strdup_printf("%s: the hash of entry %" G_GUINT64_FORMAT " was altered",
                                            tile_path, finding->entry);
        } else if (tiles_genuine) {
            g_strlcpy(finding->path, bundle_path, sizeof finding->path);
            finding->text = g_strdup_printf("%s: entry %" G_GUINT64_FORMAT
                                            " was altered; it does not have the hash in %s",
                                            bundle_path, finding->entry, tile_path);
        } else {
            finding->text = g_strdup_printf("%s: entry %" G_GUINT64_FORMAT " does not have the hash in %s",
                                            bundle_path, finding->entry, tile_path);
        }
    }
}

static bool root_is(Verifier *v, const TkFrontier *frontier, bool whole)
{
    if (!whole || frontier->size != v->size)
        return false;
    TkHash root;
    tk_frontier_root(v->hasher, frontier, &root);
    return tk_hash_equal(&root, &v->report->root);
}

static bool verify_tree(Verifier *v, GError **error)
{
    v->leaves_whole = v->tiles_whole = true;
    v->first_disagreement = v->report->count;
    TkTile tile;
    for (TkTileWalk walk = tk_tile_walk(0, v->size); tk_tile_next(&walk, &tile);) {
        bool ok = true;
        if (tile.kind == TK_TILE_ENTRIES)
            ok = verify_leaves(v, &tile, error);
        else if (tile.level > 0)
            ok = verify_level(v, &tile, error);
        if (!ok)
            return false;
        if (v->report->faults > FAULTS_MAX)
            break;
    }
    bool leaves_genuine = root_is(v, &v->leaves, v->leaves_whole);
    settle(v, leaves_genuine, root_is(v, &v->tiles, v->tiles_whole));
    if (!leaves_genuine && v->report->faults == 0)
        find(v->report, TK_FINDING_UNSIGNED, CHECKPOINT, TK_ENTRY_NONE,
             "the %" G_GUINT64_FORMAT
             " entries agree with their tiles, and lead to another root than the checkpoint "
             "signs: entries and tiles were replaced together, or the checkpoint is of another log",
             v->size);
    return true;
}

/* ---- the head ---- */

/* The directory's own keys are those that signed the checkpoint, in the order of their signatures: so that
 * none can be slipped in, left out or moved. */
static void verify_key_file(TkLedgerReport *report, const TkKeys *own, const char *data, size_t len)
{
    g_autoptr(TkNote) note = tk_note_read(data, len, NULL);
    size_t count = note == NULL ? 0 : MAX(own->count, note->count);
    for (size_t i = 0; i < count; i++) {
        if (i >= own->count) {
            find(report, TK_FINDING_ALTERED, KEY_FILE, TK_ENTRY_NONE,
                 KEY_FILE " lacks the key %s+%08x of signature %zu", note->signature[i].name,
                 note->signature[i].id, i + 1);
            continue;
        }
        const TkKey *key = &own->key[i];
        if (i >= note->count ||
            !tk_signature_check(key, &note->signature[i], note->text, note->text_len, NULL))
            find(report, TK_FINDING_ALTERED, KEY_FILE, TK_ENTRY_NONE,
                 KEY_FILE " holds the key %s+%08x, but signature %zu of the checkpoint is not by it",
                 key->name, key->id, i + 1);
    }
}

/* Reads key.pub; *usable says whether it holds keys. */
static bool read_own_keys(const TkLedgerReader *reader, TkLedgerReport *report, TkKeys *own, bool *usable,
                          GError **error)
{
    const uint8_t *data;
    size_t len;
    *usable = false;
    if (!fetch(reader, report, KEY_FILE, TK_KEY_FILE_MAX, 0, 0, &data, &len, error))
        return false;
    if (data == NULL)
        return true;
    g_autoptr(GError) why = NULL;
    *usable = tk_keys_read((const char *)data, len, own, &why);
    if (!*usable)
        find(report, TK_FINDING_ALTERED, KEY_FILE, TK_ENTRY_NONE, KEY_FILE ": %s", why->message);
    return true;
}

/* Keys trusted from outside and those of the directory: a cosignature of the latter is checked as well. */
static void join_keys(TkKeys *all, const TkKeys *more)
{
    for (size_t i = 0; i < more->count && all->count < TK_KEYS_MAX; i++) {
        bool known = false;
        for (size_t k = 0; k < all->count && !known; k++)
            known = all->key[k].id == more->key[i].id && strcmp(all->key[k].name, more->key[i].name) == 0;
        if (!known) {
            all->key[all->count] = more->key[i];
            all->key[all->count].from_size = UINT64_MAX; /* may be recognised, is not trusted */
            all->count++;
        }
    }
}

/* *size is set and true returned with *opened when the checkpoint is believed. */
static bool verify_head(const TkLedgerReader *reader, const TkKeys *trusted, TkLedgerReport *report,
                        bool *opened, GError **error)
{
    g_autofree TkKeys *own = g_new0(TkKeys, 1), *all = g_new0(TkKeys, 1);
    bool usable;
    *opened = false;
    if (!read_own_keys(reader, report, own, &usable, error))
        return false;
    if (trusted != NULL)
        *all = *trusted;
    if (usable && trusted == NULL)
        *all = *own;
    else if (usable)
        join_keys(all, own);
    const uint8_t *data;
    size_t len;
    if (!fetch(reader, report, CHECKPOINT, TK_NOTE_BYTES_MAX, 0, 0, &data, &len, error))
        return false;
    if (data == NULL || all->count == 0)
        return true;
    g_auto(TkCheckpoint) checkpoint = {0};
    g_autoptr(GError) why = NULL;
    const TkKey *key = NULL;
    if (!tk_checkpoint_open((const char *)data, len, all, TK_SIGNERS_EACH, &checkpoint, &key, &why)) {
        find(report, TK_FINDING_UNSIGNED, CHECKPOINT, TK_ENTRY_NONE, CHECKPOINT ": %s", why->message);
        return true;
    }
    if (usable)
        verify_key_file(report, own, (const char *)data, len);
    report->key = *key;
    report->size = checkpoint.size;
    report->root = checkpoint.root;
    report->origin = g_steal_pointer(&checkpoint.origin);
    *opened = true;
    return true;
}

/* Names that a log of this size does not have. */
static void verify_names(const TkLedgerReader *reader, uint64_t size, TkLedgerReport *report)
{
    for (const char *const *name = reader->names; *name != NULL; name++) {
        TkTile tile;
        if (strcmp(*name, CHECKPOINT) == 0 || strcmp(*name, KEY_FILE) == 0 || tk_timestamp_name(*name))
            continue;
        if (!tk_tile_path_read(*name, &tile))
            find(report, TK_FINDING_ADDED, *name, TK_ENTRY_NONE, "%s does not belong to the log", *name);
        else if (!tk_tile_expected(&tile, size))
            find(report, TK_FINDING_ADDED, *name,
                 (tile.index * TK_TILE_WIDTH) << (TK_TILE_HEIGHT * tile.level),
                 "%s does not belong to a log of %" G_GUINT64_FORMAT " entries", *name, size);
    }
}

bool tk_ledger_verify(const TkLedgerReader *reader, const TkKeys *keys, TkLedgerReport *report,
                      GError **error)
{
    *report = (TkLedgerReport){0};
    bool opened;
    if (!verify_head(reader, keys, report, &opened, error))
        return false;
    if (opened) {
        verify_names(reader, report->size, report);
        Verifier v = {.reader = reader, .report = report, .size = report->size};
        v.hasher = tk_hasher_new();
        for (unsigned i = 0; i < TK_TILE_LEVELS; i++)
            v.computed[i] = g_array_new(FALSE, FALSE, sizeof(TkHash));
        bool ok = verify_tree(&v, error);
        for (unsigned i = 0; i < TK_TILE_LEVELS; i++)
            g_array_unref(v.computed[i]);
        tk_hasher_free(v.hasher);
        if (!ok)
            return false;
    }
    if (report->faults > 0)
        return tk_fail(error, TK_ERROR_REFUSED, "%s", report->finding[0].text);
    return true;
}

/* Names and bytes of the files of an exported log. */
#include "ledger/ledger.h"
#include "ledger/note_private.h"

/* "x001/x234/067" */
static void add_index(GString *path, uint64_t index)
{
    if (index >= 1000) {
        uint64_t rest = index / 1000;
        char group[8][8]; /* 2^63 has 19 digits: at most 6 groups in front of the last */
        int groups = 0;
        for (; rest > 0; rest /= 1000)
            g_snprintf(group[groups++], sizeof group[0], "x%03u/", (unsigned)(rest % 1000));
        while (groups > 0)
            g_string_append(path, group[--groups]);
    }
    g_string_append_printf(path, "%03u", (unsigned)(index % 1000));
}

char *tk_tile_path(const TkTile *tile, char out[TK_TILE_PATH_MAX])
{
    g_autoptr(GString) path = g_string_sized_new(TK_TILE_PATH_MAX);
    if (tile->kind == TK_TILE_ENTRIES)
        g_string_append(path, "tile/entries/");
    else
        g_string_append_printf(path, "tile/%u/", tile->level);
    add_index(path, tile->index);
    if (tile->width != TK_TILE_WIDTH)
        g_string_append_printf(path, ".p/%u", tile->width);
    g_strlcpy(out, path->str, TK_TILE_PATH_MAX);
    return out;
}

/* Takes a number of exactly three digits off *text. */
static bool three_digits(const char **text, uint64_t *number)
{
    *number = 0;
    for (int i = 0; i < 3; i++) {
        char c = (*text)[i];
        if (!g_ascii_isdigit(c))
            return false;
        *number = *number * 10 + (uint64_t)(c - '0');
    }
    *text += 3;
    return true;
}

/* Reads freely; that the name is the one spelling is for the caller to see. */
static bool read_parts(const char *path, TkTile *tile)
{
    if (!g_str_has_prefix(path, "tile/"))
        return false;
    path += strlen("tile/");
    if (g_str_has_prefix(path, "entries/")) {
        *tile = (TkTile){.kind = TK_TILE_ENTRIES};
        path += strlen("entries/");
    } else if (g_ascii_isdigit(path[0]) && path[1] == '/') {
        *tile = (TkTile){.kind = TK_TILE_HASHES, .level = (unsigned)(path[0] - '0')};
        path += 2;
    } else {
        return false;
    }
    uint64_t group;
    for (int groups = 0; *path == 'x'; groups++) {
        path++;
        if (groups == 6 || !three_digits(&path, &group) || *path++ != '/')
            return false;
        tile->index = (tile->index + group) * 1000;
    }
    if (!three_digits(&path, &group))
        return false;
    tile->index += group;
    tile->width = TK_TILE_WIDTH;
    if (*path == '\0')
        return true;
    uint64_t width;
    if (!g_str_has_prefix(path, ".p/") || !tk_size_read(path + 3, strlen(path + 3), &width))
        return false;
    tile->width = (unsigned)MIN(width, TK_TILE_WIDTH);
    return width >= 1 && width < TK_TILE_WIDTH;
}

bool tk_tile_path_read(const char *path, TkTile *tile)
{
    char again[TK_TILE_PATH_MAX];
    return strlen(path) < TK_TILE_PATH_MAX && read_parts(path, tile) && tile->level < TK_TILE_LEVELS &&
           strcmp(tk_tile_path(tile, again), path) == 0;
}

/* How many hashes tile level `level` of a log of `size` leaves has. */
static uint64_t hashes_at(uint64_t size, unsigned level)
{
    return size >> (TK_TILE_HEIGHT * level);
}

bool tk_tile_expected(const TkTile *tile, uint64_t size)
{
    if (tile->level >= TK_TILE_LEVELS || tile->width == 0 || tile->width > TK_TILE_WIDTH)
        return false;
    uint64_t count = hashes_at(size, tile->level), full = count / TK_TILE_WIDTH;
    if (tile->width == TK_TILE_WIDTH)
        return tile->index < full;
    return tile->index == full && tile->width == count % TK_TILE_WIDTH;
}

TkTileWalk tk_tile_walk(uint64_t old_size, uint64_t size)
{
    return (TkTileWalk){.old_size = old_size, .size = size, .next = old_size / TK_TILE_WIDTH};
}

bool tk_tile_next(TkTileWalk *walk, TkTile *tile)
{
    for (; walk->step <= TK_TILE_LEVELS; walk->step++) {
        unsigned level = walk->step == 0 ? 0 : walk->step - 1;
        uint64_t count = hashes_at(walk->size, level), index = walk->next;
        if (hashes_at(walk->old_size, level) < count && index * TK_TILE_WIDTH < count) {
            walk->next++;
            uint64_t width = MIN(count - index * TK_TILE_WIDTH, TK_TILE_WIDTH);
            *tile =
                (TkTile){walk->step == 0 ? TK_TILE_ENTRIES : TK_TILE_HASHES, level, index, (unsigned)width};
            return true;
        }
        unsigned next_level = walk->step; /* the level of the step to come */
        if (next_level < TK_TILE_LEVELS)
            walk->next = hashes_at(walk->old_size, next_level) / TK_TILE_WIDTH;
    }
    return false;
}

bool tk_bundle_add(TkBuf *bundle, const void *leaf, size_t len, GError **error)
{
    if (len > TK_LEAF_BYTES_MAX)
        return tk_fail(error, TK_ERROR_LIMIT,
                       "a leaf of %zu bytes does not fit an entry bundle; %d are allowed", len,
                       TK_LEAF_BYTES_MAX);
    uint8_t prefix[2] = {(uint8_t)(len >> 8), (uint8_t)len};
    tk_buf_add(bundle, prefix, sizeof prefix);
    tk_buf_add(bundle, leaf, len);
    return !bundle->overflow ||
           tk_fail(error, TK_ERROR_LIMIT, "the entry bundle is longer than %zu bytes", bundle->max);
}

bool tk_bundle_next(const uint8_t **data, size_t *len, const uint8_t **leaf, size_t *leaf_len)
{
    if (*len < 2)
        return false;
    size_t n = (size_t)((*data)[0] << 8 | (*data)[1]);
    if (*len - 2 < n)
        return false;
    *leaf = *data + 2;
    *leaf_len = n;
    *data += 2 + n;
    *len -= 2 + n;
    return true;
}

bool tk_tile_bytes(const TkHashSource *source, const TkTile *tile, TkBuf *out, GError **error)
{
    TkHash row[TK_TILE_WIDTH];
    if (!source->read(source->user, tile->level, tile->index * TK_TILE_WIDTH, tile->width, row, error))
        return false;
    tk_buf_add(out, row, tile->width * sizeof *row);
    return !out->overflow || tk_fail(error, TK_ERROR_LIMIT, "a tile does not fit %zu bytes", out->max);
}

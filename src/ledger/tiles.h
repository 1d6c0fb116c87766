/* The files of an exported log, C2SP tlog-tiles with tiles of height 8:
 *
 *     checkpoint                        the signed head
 *     key.pub                           the keys that signed it
 *     tile/<L>/<N>[.p/<W>]              hashes of tile level L, 256 a file, the last one W
 *     tile/entries/<N>[.p/<W>]          the leaves themselves, each behind a 2-byte big-endian length
 *
 * N is written in groups of three digits, all but the last begun with x: 1234067 is x001/x234/067. */
#ifndef TK_LEDGER_TILES_H
#define TK_LEDGER_TILES_H

#include "ledger/tree.h"

#define TK_LEAF_BYTES_MAX   65535 /* what a length of 2 bytes can say */
#define TK_BUNDLE_BYTES_MAX (TK_TILE_WIDTH * (2 + TK_LEAF_BYTES_MAX))
#define TK_TILE_PATH_MAX    64

typedef enum {
    TK_TILE_HASHES,
    TK_TILE_ENTRIES,
} TkTileKind;

/* Which file: `width` is 256 for a full one, 1 … 255 for a partial one. Entries have level 0. */
typedef struct {
    TkTileKind kind;
    unsigned level;
    uint64_t index;
    unsigned width;
} TkTile;

/* Its name below the export; returns out. */
char *tk_tile_path(const TkTile *tile, char out[TK_TILE_PATH_MAX]);
/* The other way; strict, so that each tile has one name. */
bool tk_tile_path_read(const char *path, TkTile *tile);
/* Whether a log of `size` leaves has exactly this file. */
bool tk_tile_expected(const TkTile *tile, uint64_t size);

/* All files that a log of `size` has and one of `old_size` had not, entries first, lower levels before
 * higher: for (TkTileWalk walk = tk_tile_walk(old, size); tk_tile_next(&walk, &tile);) … */
typedef struct {
    uint64_t old_size, size, next;
    unsigned step; /* 0 entries, 1 … tile level step − 1 */
} TkTileWalk;
TkTileWalk tk_tile_walk(uint64_t old_size, uint64_t size);
bool tk_tile_next(TkTileWalk *walk, TkTile *tile);

/* Adds one leaf to an entry bundle; TK_ERROR_LIMIT above TK_LEAF_BYTES_MAX. */
bool tk_bundle_add(TkBuf *bundle, const void *leaf, size_t len, GError **error);
/* Takes the next leaf off a bundle: *data, *len move behind it. False when the rest is cut short. */
bool tk_bundle_next(const uint8_t **data, size_t *len, const uint8_t **leaf, size_t *leaf_len);
/* The bytes of a tile of hashes, from the source. */
bool tk_tile_bytes(const TkHashSource *source, const TkTile *tile, TkBuf *out, GError **error);

#endif

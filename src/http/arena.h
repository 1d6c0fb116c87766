/* Memory of one request: taken piece by piece, given back at once when the request ends. Nothing that
 * outlives the request may point into it. */
#ifndef TK_HTTP_ARENA_H
#define TK_HTTP_ARENA_H

#include "base/base.h"

#define TK_ARENA_MAX (1024 * 1024) /* bytes one request may take; the body lies elsewhere */

typedef struct TkArenaChunk TkArenaChunk;

typedef struct {
    TkArenaChunk *last;
    size_t total;
} TkArena;

/* Zeroed memory, aligned for any type, valid until tk_arena_clear. Starts from a zeroed TkArena. NULL when
 * the request has taken TK_ARENA_MAX. */
void *tk_arena_alloc(TkArena *arena, size_t size);
/* A NUL-terminated copy; NULL like tk_arena_alloc, and for a NULL text. */
char *tk_arena_copy(TkArena *arena, const char *text, size_t len);
char *tk_arena_text(TkArena *arena, const char *text);
char *tk_arena_format(TkArena *arena, const char *format, ...) G_GNUC_PRINTF(2, 3);
void tk_arena_clear(TkArena *arena);

#endif

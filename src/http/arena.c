#include "http/arena.h"

#include <stdarg.h>

#define CHUNK ((size_t)4000)
#define ALIGN (sizeof(max_align_t))

struct TkArenaChunk {
    TkArenaChunk *before;
    size_t used;
    size_t size;
    max_align_t data[];
};

void *tk_arena_alloc(TkArena *arena, size_t size)
{
    if (size > TK_ARENA_MAX)
        return NULL;
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    TkArenaChunk *chunk = arena->last;
    if (chunk == NULL || chunk->size - chunk->used < size) {
        size_t room = MAX(size, CHUNK);
        if (arena->total + room > TK_ARENA_MAX)
            return NULL;
        chunk = g_try_malloc0(sizeof *chunk + room);
        if (chunk == NULL)
            return NULL;
        chunk->before = arena->last;
        chunk->size = room;
        arena->last = chunk;
        arena->total += room;
    }
    void *taken = (char *)chunk->data + chunk->used;
    chunk->used += size;
    return taken;
}

char *tk_arena_copy(TkArena *arena, const char *text, size_t len)
{
    if (text == NULL || len > TK_ARENA_MAX)
        return NULL;
    char *copy = tk_arena_alloc(arena, len + 1);
    if (copy != NULL)
        memcpy(copy, text, len);
    return copy;
}

char *tk_arena_text(TkArena *arena, const char *text)
{
    return text == NULL ? NULL : tk_arena_copy(arena, text, strlen(text));
}

char *tk_arena_format(TkArena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return tk_arena_text(arena, text);
}

void tk_arena_clear(TkArena *arena)
{
    while (arena->last != NULL) {
        TkArenaChunk *before = arena->last->before;
        g_free(arena->last);
        arena->last = before;
    }
    arena->total = 0;
}

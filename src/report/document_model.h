/* A printed document as its two files see it: document.c collects the blocks, document_draw.c draws them. */
#ifndef TK_REPORT_DOCUMENT_MODEL_H
#define TK_REPORT_DOCUMENT_MODEL_H

#include "report/document.h"

typedef enum {
    BLOCK_HEADING,
    BLOCK_PARAGRAPH,
    BLOCK_NOTE,
    BLOCK_BULLET,
    BLOCK_PAGE,
    BLOCK_TABLE, /* text unused; cells hold the columns' titles */
    BLOCK_ROW,
    BLOCK_ROW_TITLE,
    BLOCK_COMPARISON, /* a table of three columns */
    BLOCK_COMPARE,    /* cells: label, after, before */
} BlockKind;

/* Strings and cells live in the document's chunk and arrays. */
typedef struct {
    BlockKind kind;
    int level;        /* of a heading; depth of a bullet */
    const char *text; /* NULL for tables and rows */
    size_t cells;     /* index of the first one in document->cells */
    size_t columns;   /* index of the first one in document->columns */
    size_t count;     /* columns of the table, of a table and its rows */
} Block;

#define META_MAX 20

struct TkDocument {
    TkDocumentHead head; /* strings copied */
    GStringChunk *strings;
    const char *meta[META_MAX][2];
    size_t meta_count;
    GArray *blocks;  /* Block */
    GArray *cells;   /* TkDocumentCell */
    GArray *columns; /* TkDocumentColumn */
    size_t text_len;
    size_t table;    /* index of the block of the table begun last, G_MAXSIZE: none */
    TkErrorCode bad; /* of the first thing that was refused, with its sentence */
    char *refusal;   /* NULL while nothing was */
};

#endif

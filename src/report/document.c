/* Collects what a document says. A contents page stands before the headings that it lists, so nothing is
 * placed while the document is told: blocks are kept in order and drawn at the end (document_draw.c). The
 * first refusal is remembered, and everything after it is dropped: a caller checks once. */
#include "report/document_model.h"

static void refuse(TkDocument *document, TkErrorCode code, char *sentence)
{
    if (document->refusal == NULL) {
        document->bad = code;
        document->refusal = sentence;
        return;
    }
    g_free(sentence);
}

static const char *keep(TkDocument *document, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return "";
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    size_t len = strlen(valid);
    document->text_len += len;
    if (len > TK_DOCUMENT_CELL_MAX) {
        refuse(
            document, TK_ERROR_LIMIT,
            g_strdup_printf("a paragraph or cell of the document has %zu bytes; up to %d are printed. Split "
                            "it (it begins “%.40s”)",
                            len, TK_DOCUMENT_CELL_MAX, valid));
        return "";
    }
    if (document->text_len > TK_DOCUMENT_TEXT_MAX) {
        refuse(document, TK_ERROR_LIMIT,
               g_strdup_printf("the document's text is longer than %u bytes. Print it in parts",
                               TK_DOCUMENT_TEXT_MAX));
        return "";
    }
    return g_string_chunk_insert(document->strings, valid);
}

TkDocument *tk_document_new(const TkDocumentHead *head)
{
    TkDocument *document = g_new0(TkDocument, 1);
    document->strings = g_string_chunk_new(4096);
    document->blocks = g_array_new(FALSE, TRUE, sizeof(Block));
    document->cells = g_array_new(FALSE, TRUE, sizeof(TkDocumentCell));
    document->columns = g_array_new(FALSE, TRUE, sizeof(TkDocumentColumn));
    document->table = G_MAXSIZE;
    document->head = *head;
    const char **texts[] = {&document->head.title, &document->head.subtitle, &document->head.carrier,
                            &document->head.by,    &document->head.version,  &document->head.foot,
                            &document->head.verify};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = keep(document, *texts[i]);
    return document;
}

void tk_document_free(TkDocument *document)
{
    if (document == NULL)
        return;
    g_string_chunk_free(document->strings);
    g_array_unref(document->blocks);
    g_array_unref(document->cells);
    g_array_unref(document->columns);
    g_free(document->refusal);
    g_free(document);
}

void tk_document_meta(TkDocument *document, const char *label, const char *value)
{
    if (document->meta_count == META_MAX) {
        refuse(document, TK_ERROR_LIMIT,
               g_strdup_printf("the head of a document has up to %d lines", META_MAX));
        return;
    }
    document->meta[document->meta_count][0] = keep(document, label);
    document->meta[document->meta_count][1] = keep(document, value);
    document->meta_count++;
}

/* ------------------------------------------------------------------ blocks */

static bool ready(TkDocument *document)
{
    if (document->refusal != NULL)
        return false;
    if (document->blocks->len < TK_DOCUMENT_BLOCKS_MAX)
        return true;
    refuse(
        document, TK_ERROR_LIMIT,
        g_strdup_printf("the document has more than %d paragraphs and rows. Print it in parts, or take the "
                        "spreadsheet",
                        TK_DOCUMENT_BLOCKS_MAX));
    return false;
}

static void add_text(TkDocument *document, BlockKind kind, int level, const char *text)
{
    if (!ready(document))
        return;
    Block block = {.kind = kind, .level = level, .text = keep(document, text)};
    g_array_append_val(document->blocks, block);
    if (kind != BLOCK_ROW_TITLE)
        document->table = G_MAXSIZE;
}

void tk_document_heading(TkDocument *document, int level, const char *text)
{
    add_text(document, BLOCK_HEADING, CLAMP(level, 1, TK_DOCUMENT_LEVELS), text);
}

void tk_document_paragraph(TkDocument *document, const char *text)
{
    add_text(document, BLOCK_PARAGRAPH, 0, text);
}

void tk_document_note(TkDocument *document, const char *text)
{
    add_text(document, BLOCK_NOTE, 0, text);
}

void tk_document_bullet(TkDocument *document, int depth, const char *text)
{
    add_text(document, BLOCK_BULLET, CLAMP(depth, 0, 3), text);
}

void tk_document_page_break(TkDocument *document)
{
    add_text(document, BLOCK_PAGE, 0, "");
}

/* ------------------------------------------------------------------ tables */

static void begin_table(TkDocument *document, BlockKind kind, const TkDocumentColumn *columns, size_t count)
{
    if (!ready(document))
        return;
    if (count == 0 || count > TK_DOCUMENT_COLUMNS_MAX) {
        refuse(document, TK_ERROR_LIMIT,
               g_strdup_printf("a table of the document has %zu columns; there can be 1 to %d", count,
                               TK_DOCUMENT_COLUMNS_MAX));
        return;
    }
    Block block = {.kind = kind, .columns = document->columns->len, .count = count};
    for (size_t i = 0; i < count; i++) {
        TkDocumentColumn column = columns[i];
        column.title = keep(document, column.title);
        column.weight = CLAMP(column.weight, 1, 1000);
        g_array_append_val(document->columns, column);
    }
    document->table = document->blocks->len;
    g_array_append_val(document->blocks, block);
}

static void add_row(TkDocument *document, BlockKind kind, BlockKind of, const TkDocumentCell *cells)
{
    if (!ready(document))
        return;
    const Block *table =
        document->table == G_MAXSIZE ? NULL : &g_array_index(document->blocks, Block, document->table);
    if (table == NULL || table->kind != of) {
        refuse(document, TK_ERROR_INPUT, g_strdup("a row of the document belongs to no table before it"));
        return;
    }
    Block block = {
        .kind = kind, .cells = document->cells->len, .columns = table->columns, .count = table->count};
    if (block.cells + block.count > TK_DOCUMENT_CELLS_MAX) {
        refuse(
            document, TK_ERROR_LIMIT,
            g_strdup_printf("the document's tables have more than %d cells. Print it in parts, or take the "
                            "spreadsheet",
                            TK_DOCUMENT_CELLS_MAX));
        return;
    }
    for (size_t i = 0; i < block.count; i++) {
        bool missing = kind == BLOCK_COMPARE && cells[i].text == NULL;
        TkDocumentCell cell = {missing ? NULL : keep(document, cells[i].text), cells[i].mark};
        g_array_append_val(document->cells, cell);
    }
    g_array_append_val(document->blocks, block);
}

void tk_document_table(TkDocument *document, const TkDocumentColumn *columns, size_t count)
{
    begin_table(document, BLOCK_TABLE, columns, count);
}

void tk_document_row(TkDocument *document, const TkDocumentCell *cells)
{
    add_row(document, BLOCK_ROW, BLOCK_TABLE, cells);
}

void tk_document_row_title(TkDocument *document, const char *text)
{
    if (document->table == G_MAXSIZE && document->refusal == NULL)
        refuse(document, TK_ERROR_INPUT, g_strdup("a row of the document belongs to no table before it"));
    add_text(document, BLOCK_ROW_TITLE, 0, text);
}

void tk_document_comparison(TkDocument *document, const char *what, const char *after, const char *before)
{
    const TkDocumentColumn columns[] = {{what, 3, false}, {after, 10, false}, {before, 10, false}};
    begin_table(document, BLOCK_COMPARISON, columns, G_N_ELEMENTS(columns));
}

void tk_document_compare(TkDocument *document, const char *label, const char *after, const char *before)
{
    const TkDocumentCell cells[] = {{label, TK_MARK_HEAD}, {after, TK_MARK_NONE}, {before, TK_MARK_NONE}};
    add_row(document, BLOCK_COMPARE, BLOCK_COMPARISON, cells);
}

/* ------------------------------------------------------------------ longer texts */

/* How many bytes of `line` are the sign of a list's point; 0 for none. */
static size_t point_of(const char *line)
{
    static const char *const signs[] = {"- ", "* ", "・"};
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        if (g_str_has_prefix(line, signs[i]))
            return strlen(signs[i]);
    return 0;
}

static void flush(TkDocument *document, GString *paragraph)
{
    if (paragraph->len > 0)
        tk_document_paragraph(document, paragraph->str);
    g_string_truncate(paragraph, 0);
}

static void add_line(TkDocument *document, int level, const char *line, GString *paragraph)
{
    size_t hashes = strspn(line, "#"), indent = strspn(line, " \t");
    const char *bare = line + indent;
    if (bare[0] == '\0') {
        flush(document, paragraph);
    } else if (hashes > 0 && line[hashes] == ' ') {
        flush(document, paragraph);
        tk_document_heading(document, level + (int)MIN(hashes, 6) - 1, line + hashes + 1);
    } else if (point_of(bare) > 0) {
        flush(document, paragraph);
        tk_document_bullet(document, (int)MIN(indent / 2, 3), bare + point_of(bare));
    } else {
        if (paragraph->len > 0)
            g_string_append_c(paragraph, '\n');
        g_string_append(paragraph, line);
    }
}

void tk_document_text(TkDocument *document, int level, const char *text)
{
    g_autoptr(GString) paragraph = g_string_new(NULL), line = g_string_new(NULL);
    for (const char *at = text; *at != '\0' && document->refusal == NULL;) {
        size_t len = strcspn(at, "\r\n");
        g_string_truncate(line, 0);
        g_string_append_len(line, at, (gssize)len);
        add_line(document, level, line->str, paragraph);
        at += len;
        if (at[0] == '\r' && at[1] == '\n')
            at++;
        if (*at != '\0')
            at++;
    }
    flush(document, paragraph);
}

/* Draws a document on the sheet. The contents' lines are placed where they belong, without page numbers; when
 * the headings have found their pages, the numbers are put behind them. That works because a number's width
 * is set aside and never changes a line's height. */
#include "report/document_model.h"
#include "report/sheet.h"

#define SIZE_BODY  10.0
#define SIZE_CELL  8.6
#define SIZE_LABEL 8.4
#define SIZE_SMALL 7.6
#define SHADE_HEAD 0.07
#define PAD        10.0 /* a cell's padding, both sides */
#define NUMBER_W   34.0 /* set aside for a page number */

typedef struct {
    const Block *block;
    char *text;   /* with its number; owned */
    int at_page;  /* of its line in the contents */
    double at_y;  /* … the line's top */
    double end_x; /* … where its text ends, for the leader; < 0: no room for one */
    double line_h;
} Entry;

typedef struct {
    const TkDocument *document;
    TkSheet *sheet;
    bool en;
    GArray *entries; /* Entry, one a heading */
    guint next;      /* the next heading that is placed */
    bool after_text; /* something stands above that wants room before the next thing */
} Draw;

static void entry_clear(void *data)
{
    g_free(((Entry *)data)->text);
}

static double text_width(const Draw *draw)
{
    return draw->sheet->right - draw->sheet->left;
}

static void put(Draw *draw, const char *text, TkFont font, double size, PangoAlignment align, double gap)
{
    TkSheet *sheet = draw->sheet;
    PangoLayout *layout = tk_sheet_text(sheet, text, font, size, text_width(draw), align);
    double height = tk_sheet_height(layout);
    tk_sheet_put(sheet, layout, sheet->left, sheet->y, TK_INK_BLACK);
    sheet->y += height + gap;
}

/* ------------------------------------------------------------------ head */

static void put_meta_row(Draw *draw, const char *label, const char *value)
{
    TkSheet *sheet = draw->sheet;
    double label_w = 110, rest = text_width(draw) - label_w;
    if (value[0] == '\0')
        return;
    TkSheetCell cells[2] = {
        {.text = tk_sheet_text(sheet, label, TK_FONT_GOTHIC, SIZE_LABEL, label_w - PAD, PANGO_ALIGN_LEFT),
         .width = label_w,
         .shade = SHADE_HEAD,
         .middle = true,
         .repeat = true},
        {.text = tk_sheet_text(sheet, value, TK_FONT_MINCHO, SIZE_BODY - 0.5, rest - PAD, PANGO_ALIGN_LEFT),
         .width = rest,
         .middle = true}};
    tk_sheet_row(sheet, cells, 2, NULL, NULL);
}

static void put_head(Draw *draw)
{
    const TkDocumentHead *head = &draw->document->head;
    TkSheet *sheet = draw->sheet;
    if (head->cover)
        sheet->y += 96;
    g_auto(TkBuf) date;
    tk_buf_init(&date, 256);
    tk_report_add_date(&date, tk_date_of_time(head->at_us), head->lang, false);
    double space = head->cover ? 20 : 10;
    put(draw, head->title, TK_FONT_MINCHO, g_utf8_strlen(head->title, -1) > 28 ? 15 : 19, PANGO_ALIGN_CENTER,
        head->subtitle[0] != '\0' ? 5 : space);
    if (head->subtitle[0] != '\0')
        put(draw, head->subtitle, TK_FONT_MINCHO, 12, PANGO_ALIGN_CENTER, space);
    put_meta_row(draw, draw->en ? "Carrier" : "事業者", head->carrier);
    put_meta_row(draw, draw->en ? "Version" : "版", head->version);
    put_meta_row(draw, draw->en ? "Made on" : "作成日", tk_buf_str(&date));
    put_meta_row(draw, draw->en ? "Made by" : "作成者", head->by);
    for (size_t i = 0; i < draw->document->meta_count; i++)
        put_meta_row(draw, draw->document->meta[i][0], draw->document->meta[i][1]);
    sheet->y += 14;
}

/* ------------------------------------------------------------------ contents */

static void collect_entries(Draw *draw)
{
    int numbers[TK_DOCUMENT_LEVELS] = {0};
    for (guint i = 0; i < draw->document->blocks->len; i++) {
        const Block *block = &g_array_index(draw->document->blocks, Block, i);
        if (block->kind != BLOCK_HEADING)
            continue;
        GString *text = g_string_new(NULL);
        numbers[block->level - 1]++;
        for (int level = block->level; level < TK_DOCUMENT_LEVELS; level++)
            numbers[level] = 0;
        for (int level = 0; draw->document->head.numbered && level < block->level; level++)
            g_string_append_printf(text, level > 0 ? ".%d" : "%d", numbers[level]);
        g_string_append_printf(text, "%s%s", text->len > 0 ? "  " : "", block->text);
        Entry entry = {.block = block, .text = g_string_free(text, FALSE)};
        g_array_append_val(draw->entries, entry);
    }
}

static void put_contents(Draw *draw)
{
    TkSheet *sheet = draw->sheet;
    if (!draw->document->head.contents || draw->entries->len == 0)
        return;
    tk_sheet_need(sheet, 80);
    put(draw, draw->en ? "Contents" : "目次", TK_FONT_GOTHIC, 12, PANGO_ALIGN_LEFT, 8);
    for (guint i = 0; i < draw->entries->len; i++) {
        Entry *entry = &g_array_index(draw->entries, Entry, i);
        double indent = 16.0 * (entry->block->level - 1), width = text_width(draw) - indent - NUMBER_W;
        PangoLayout *layout =
            tk_sheet_text(sheet, entry->text, TK_FONT_MINCHO,
                          entry->block->level == 1 ? SIZE_BODY : SIZE_BODY - 0.8, width, PANGO_ALIGN_LEFT);
        entry->line_h = tk_sheet_height(layout);
        tk_sheet_need(sheet, entry->line_h);
        entry->at_page = sheet->page;
        entry->at_y = sheet->y;
        double end = sheet->left + indent + tk_sheet_width(layout) + 6;
        bool leader = pango_layout_get_line_count(layout) == 1 && end < sheet->right - NUMBER_W;
        entry->end_x = leader ? end : -1;
        tk_sheet_put(sheet, layout, sheet->left + indent, sheet->y, TK_INK_BLACK);
        sheet->y += entry->line_h + (entry->block->level == 1 ? 3 : 1.5);
    }
    sheet->y += 16;
}

/* The heading of `entry` stands here: its line in the contents gets the number. */
static void answer_entry(Draw *draw, const Entry *entry)
{
    TkSheet *sheet = draw->sheet;
    if (!draw->document->head.contents)
        return;
    int page = sheet->page;
    char number[16];
    g_snprintf(number, sizeof number, "%d", page + 1);
    sheet->page = entry->at_page;
    tk_sheet_put(sheet,
                 tk_sheet_text(sheet, number, TK_FONT_MINCHO, SIZE_BODY - 0.4, NUMBER_W, PANGO_ALIGN_RIGHT),
                 sheet->right - NUMBER_W, entry->at_y, TK_INK_BLACK);
    if (entry->end_x >= 0)
        tk_sheet_line(sheet, entry->end_x, entry->at_y + 9, sheet->right - NUMBER_W + 8, entry->at_y + 9,
                      0.2);
    tk_sheet_link(sheet, sheet->left, entry->at_y, text_width(draw), entry->line_h, page, sheet->y);
    sheet->page = page;
}

/* ------------------------------------------------------------------ text */

static void put_heading(Draw *draw, const Block *block)
{
    static const double sizes[] = {12.5, 11, 10}, before[] = {14, 10, 7}, rooms[] = {110, 84, 70};
    TkSheet *sheet = draw->sheet;
    int level = block->level - 1;
    const Entry *entry = &g_array_index(draw->entries, Entry, draw->next++);
    if (!tk_sheet_need(sheet, rooms[level]) && draw->after_text)
        sheet->y += before[level];
    tk_sheet_bookmark(sheet, entry->text, block->level);
    answer_entry(draw, entry);
    double x = sheet->left;
    if (level == 0) {
        tk_sheet_fill(sheet, x, sheet->y + 2, 3, 13, 0.75);
        x += 9;
    }
    PangoLayout *layout =
        tk_sheet_text(sheet, entry->text, TK_FONT_GOTHIC, sizes[level], sheet->right - x, PANGO_ALIGN_LEFT);
    double height = tk_sheet_height(layout);
    tk_sheet_put(sheet, layout, x, sheet->y, TK_INK_BLACK);
    sheet->y += height + 6;
    draw->after_text = false;
}

static void put_bullet(Draw *draw, const Block *block)
{
    TkSheet *sheet = draw->sheet;
    double x = sheet->left + 4 + 14.0 * block->level;
    PangoLayout *layout =
        tk_sheet_text(sheet, block->text, TK_FONT_MINCHO, SIZE_BODY, sheet->right - x - 12, PANGO_ALIGN_LEFT);
    tk_sheet_need(sheet, MIN(tk_sheet_height(layout), 30));
    tk_sheet_put(
        sheet,
        tk_sheet_text(sheet, block->level == 0 ? "・" : "–", TK_FONT_MINCHO, SIZE_BODY, -1, PANGO_ALIGN_LEFT),
        x, sheet->y, TK_INK_BLACK);
    tk_sheet_flow(sheet, layout, x + 12, TK_INK_BLACK);
    sheet->y += 2;
}

static void put_text(Draw *draw, const Block *block)
{
    bool note = block->kind == BLOCK_NOTE;
    tk_sheet_need(draw->sheet, note ? 12 : 30);
    tk_sheet_paragraph(draw->sheet, block->text, note ? TK_FONT_GOTHIC : TK_FONT_MINCHO,
                       note ? SIZE_SMALL : SIZE_BODY, note ? TK_INK_GREY : TK_INK_BLACK);
    draw->sheet->y += note ? 3 : 6;
}

/* ------------------------------------------------------------------ tables */

typedef struct {
    Draw *draw;
    const TkDocumentColumn *columns;
    size_t count;
    double widths[TK_DOCUMENT_COLUMNS_MAX];
} Head;

static Head table_head(Draw *draw, const Block *block)
{
    Head head = {
        draw, &g_array_index(draw->document->columns, TkDocumentColumn, block->columns), block->count, {0}};
    double sum = 0;
    for (size_t i = 0; i < head.count; i++)
        sum += head.columns[i].weight;
    for (size_t i = 0; i < head.count; i++)
        head.widths[i] = text_width(draw) * head.columns[i].weight / sum;
    return head;
}

static void put_table_head(TkSheet *sheet, void *data)
{
    const Head *head = data;
    TkSheetCell cells[TK_DOCUMENT_COLUMNS_MAX];
    for (size_t i = 0; i < head->count; i++)
        cells[i] =
            (TkSheetCell){.text = tk_sheet_text(sheet, head->columns[i].title, TK_FONT_GOTHIC,
                                                SIZE_LABEL - 0.6, head->widths[i] - PAD, PANGO_ALIGN_CENTER),
                          .width = head->widths[i],
                          .shade = SHADE_HEAD,
                          .middle = true};
    tk_sheet_row(sheet, cells, head->count, NULL, NULL);
}

static TkTint tint_of(TkDocumentMark mark)
{
    switch (mark) {
    case TK_MARK_GOOD:
        return TK_TINT_GREEN;
    case TK_MARK_CHANGED:
        return TK_TINT_YELLOW;
    case TK_MARK_BAD:
        return TK_TINT_RED;
    case TK_MARK_NONE:
    case TK_MARK_HEAD:
        break;
    }
    return TK_TINT_NONE;
}

static void put_row(Draw *draw, const Block *block)
{
    Head head = table_head(draw, block);
    TkSheetCell cells[TK_DOCUMENT_COLUMNS_MAX];
    for (size_t i = 0; i < block->count; i++) {
        const TkDocumentCell *cell = &g_array_index(draw->document->cells, TkDocumentCell, block->cells + i);
        bool label = cell->mark == TK_MARK_HEAD;
        cells[i] = (TkSheetCell){
            .text = tk_sheet_text(draw->sheet, cell->text, label ? TK_FONT_GOTHIC : TK_FONT_MINCHO, SIZE_CELL,
                                  head.widths[i] - PAD,
                                  head.columns[i].right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT),
            .width = head.widths[i],
            .shade = label ? SHADE_HEAD : 0,
            .tint = tint_of(cell->mark)};
    }
    tk_sheet_row(draw->sheet, cells, block->count, put_table_head, &head);
}

static void put_wide_row(Draw *draw, const Block *block, const Block *table, const char *text, double shade)
{
    Head head = table_head(draw, table);
    TkSheetCell cell = {.text = tk_sheet_text(draw->sheet, text, TK_FONT_GOTHIC, SIZE_CELL,
                                              text_width(draw) - PAD, PANGO_ALIGN_LEFT),
                        .width = text_width(draw),
                        .shade = shade};
    if (block != NULL) /* it names what follows: not alone at a page's foot */
        tk_sheet_need(draw->sheet, 50);
    tk_sheet_row(draw->sheet, &cell, 1, put_table_head, &head);
}

/* Underlines (or strikes out) the bytes of one side that the other does not have. */
static void mark_changes(PangoLayout *layout, const GArray *spans, bool after)
{
    PangoAttrList *attributes = pango_attr_list_copy(pango_layout_get_attributes(layout));
    for (guint i = 0; i < spans->len; i++) {
        const TkTextSpan *span = &g_array_index(spans, TkTextSpan, i);
        size_t at = after ? span->b_at : span->a_at, len = after ? span->b_len : span->a_len;
        if (span->same || len == 0)
            continue;
        PangoAttribute *both[] = {after ? pango_attr_underline_new(PANGO_UNDERLINE_SINGLE)
                                        : pango_attr_strikethrough_new(TRUE),
                                  pango_attr_foreground_new(after ? 0x0000 : 0x9000, after ? 0x3000 : 0x1000,
                                                            after ? 0xa000 : 0x1800)};
        for (size_t a = 0; a < G_N_ELEMENTS(both); a++) {
            both[a]->start_index = (guint)at;
            both[a]->end_index = (guint)(at + len);
            pango_attr_list_insert(attributes, both[a]);
        }
    }
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
}

static void put_comparison(Draw *draw, const Block *block)
{
    Head head = table_head(draw, block);
    const TkDocumentCell *row = &g_array_index(draw->document->cells, TkDocumentCell, block->cells);
    const char *label = row[0].text != NULL ? row[0].text : "", *after = row[1].text, *before = row[2].text;
    const char *none_after = draw->en ? "(removed)" : "(削除)", *none_before = draw->en ? "(new)" : "(新設)";
    PangoLayout *right = tk_sheet_text(draw->sheet, before != NULL ? before : none_before, TK_FONT_MINCHO,
                                       SIZE_CELL, head.widths[2] - PAD, PANGO_ALIGN_LEFT);
    PangoLayout *left = tk_sheet_text(draw->sheet, after != NULL ? after : none_after, TK_FONT_MINCHO,
                                      SIZE_CELL, head.widths[1] - PAD, PANGO_ALIGN_LEFT);
    g_autoptr(GArray) spans = tk_text_diff(before != NULL ? before : "", after != NULL ? after : "");
    if (after != NULL)
        mark_changes(left, spans, true);
    if (before != NULL)
        mark_changes(right, spans, false);
    TkSheetCell cells[3] = {{.text = tk_sheet_text(draw->sheet, label, TK_FONT_GOTHIC, SIZE_LABEL,
                                                   head.widths[0] - PAD, PANGO_ALIGN_LEFT),
                             .width = head.widths[0],
                             .shade = SHADE_HEAD,
                             .repeat = true},
                            {.text = left, .width = head.widths[1]},
                            {.text = right, .width = head.widths[2]}};
    tk_sheet_row(draw->sheet, cells, 3, put_table_head, &head);
}

static bool is_row(const Block *block)
{
    return block->kind == BLOCK_ROW || block->kind == BLOCK_ROW_TITLE || block->kind == BLOCK_COMPARE;
}

static void begin_table(Draw *draw, const Block *block, const Block *next)
{
    Head head = table_head(draw, block);
    tk_sheet_need(draw->sheet, 60);
    put_table_head(draw->sheet, &head);
    if (next == NULL || !is_row(next))
        put_wide_row(draw, NULL, block,
                     block->kind == BLOCK_COMPARISON ? (draw->en ? "(no changes)" : "(変更なし)")
                     : draw->en                      ? "(none)"
                                                     : "(該当なし)",
                     0);
}

/* ------------------------------------------------------------------ all of it */

static void put_block(Draw *draw, const Block *block, const Block *table, const Block *next)
{
    switch (block->kind) {
    case BLOCK_HEADING:
        put_heading(draw, block);
        return;
    case BLOCK_PARAGRAPH:
    case BLOCK_NOTE:
        put_text(draw, block);
        break;
    case BLOCK_BULLET:
        put_bullet(draw, block);
        if (next != NULL && next->kind != BLOCK_BULLET)
            draw->sheet->y += 4;
        break;
    case BLOCK_PAGE:
        if (draw->sheet->y > draw->sheet->top)
            tk_sheet_next_page(draw->sheet);
        break;
    case BLOCK_TABLE:
    case BLOCK_COMPARISON:
        begin_table(draw, block, next);
        break;
    case BLOCK_ROW:
        put_row(draw, block);
        break;
    case BLOCK_ROW_TITLE:
        put_wide_row(draw, block, table, block->text, SHADE_HEAD / 2);
        break;
    case BLOCK_COMPARE:
        put_comparison(draw, block);
        break;
    }
    bool table_ends = (is_row(block) || block->kind == BLOCK_TABLE || block->kind == BLOCK_COMPARISON) &&
                      (next == NULL || !is_row(next));
    if (table_ends)
        draw->sheet->y += 9;
    draw->after_text = true;
}

static bool put_blocks(Draw *draw, GError **error)
{
    const GArray *blocks = draw->document->blocks;
    const Block *table = NULL;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = &g_array_index(blocks, Block, i);
        if (block->kind == BLOCK_TABLE || block->kind == BLOCK_COMPARISON)
            table = block;
        put_block(draw, block, table, i + 1 < blocks->len ? block + 1 : NULL);
        if (draw->sheet->page >= TK_DOCUMENT_PAGES_MAX)
            return tk_fail(error, TK_ERROR_LIMIT, "the document has more than %d pages. Print it in parts",
                           TK_DOCUMENT_PAGES_MAX);
    }
    return true;
}

static bool write_pdf(Draw *draw, GBytes **bytes, GError **error)
{
    const TkDocumentHead *head = &draw->document->head;
    g_autofree char *marks = tk_marks_text(false, head->synthetic, head->draft, head->lang);
    g_autofree char *running =
        g_strdup_printf("%s%s%s", head->title, head->carrier[0] != '\0' ? " ・ " : "", head->carrier);
    TkSheetEdges edges = {.title = head->title,
                          .subject = head->subtitle,
                          .author = head->carrier,
                          .foot = head->foot,
                          .head = running,
                          .marks = marks,
                          .water = "",
                          .at_us = head->at_us};
    return tk_sheet_pdf(draw->sheet, &edges, bytes, error);
}

bool tk_document_pdf(TkDocument *document, GBytes **bytes, GError **error)
{
    const TkDocumentHead *head = &document->head;
    if (document->refusal != NULL)
        return tk_fail(error, document->bad, "%s", document->refusal);
    g_autoptr(TkSheet) sheet = tk_sheet_new(head->landscape);
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_array_set_clear_func(entries, entry_clear);
    Draw draw = {.document = document,
                 .sheet = sheet,
                 .en = head->lang == TK_LANG_EN,
                 .entries = entries,
                 .after_text = true};
    put_head(&draw);
    collect_entries(&draw);
    put_contents(&draw);
    if (head->cover && document->blocks->len > 0)
        tk_sheet_next_page(sheet);
    if (!put_blocks(&draw, error))
        return false;
    tk_sheet_verify(sheet, head->verify[0] != '\0' ? head->verify : NULL,
                    draw.en ? "For verification: what looks this document up, and its hash."
                            : "検証用: この文書を特定する番号とハッシュ。");
    return write_pdf(&draw, bytes, error);
}

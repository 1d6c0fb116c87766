#include "report/sheet.h"

#include <cairo-pdf.h>
#include <math.h>
#include <qrencode.h>

#define MM          (72 / 25.4)
#define PAD_X       5.0
#define PAD_Y       3.6
#define RULE        0.45
#define PDF_MAX     (256u << 20)
#define SPLIT_LINES 2 /* at least so many lines stay together at a page's foot */

typedef enum { MARK_TEXT, MARK_LINE, MARK_FILL, MARK_LINK } MarkKind;

typedef struct {
    MarkKind kind;
    int page;
    TkInk ink;
    double x, y, w, h; /* of a line: its other end and in h its weight … see draw_mark */
    double shade;      /* of a link: the place it leads to */
    TkTint tint;       /* of a fill */
    PangoLayout *text; /* a reference */
    int first, count;  /* lines of it; of a link: the page it leads to */
} Mark;

typedef struct {
    char *title;
    int page, level;
    double y;
} Bookmark;

#define LEVELS_MAX 8

static void mark_clear(void *data)
{
    Mark *mark = data;
    g_clear_object(&mark->text);
}

static void bookmark_free(void *data)
{
    Bookmark *bookmark = data;
    g_free(bookmark->title);
    g_free(bookmark);
}

TkSheet *tk_sheet_new(bool landscape)
{
    TkSheet *sheet = g_new0(TkSheet, 1);
    sheet->width = (landscape ? 297 : 210) * MM;
    sheet->height = (landscape ? 210 : 297) * MM;
    sheet->left = (landscape ? 14 : 20) * MM;
    sheet->right = sheet->width - sheet->left;
    sheet->top = 19 * MM;
    sheet->bottom = sheet->height - 19 * MM;
    sheet->y = sheet->top;
    sheet->marks = g_array_new(FALSE, FALSE, sizeof(Mark));
    g_array_set_clear_func(sheet->marks, mark_clear);
    sheet->outline = g_ptr_array_new_with_free_func(bookmark_free);
    /* The default font map belongs to the calling thread. Glyphs keep their exact places: paper has no
     * pixels to round to. */
    sheet->pango = pango_font_map_create_context(pango_cairo_font_map_get_default());
    pango_cairo_context_set_resolution(sheet->pango, 72);
    pango_context_set_round_glyph_positions(sheet->pango, FALSE);
    pango_context_set_language(sheet->pango, pango_language_from_string("ja"));
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(sheet->pango, options);
    cairo_font_options_destroy(options);
    return sheet;
}

void tk_sheet_free(TkSheet *sheet)
{
    if (sheet == NULL)
        return;
    g_array_unref(sheet->marks);
    g_ptr_array_unref(sheet->outline);
    g_object_unref(sheet->pango);
    g_free(sheet);
}

PangoLayout *tk_sheet_text(TkSheet *sheet, const char *text, TkFont font, double size, double width,
                           PangoAlignment align)
{
    PangoLayout *layout = pango_layout_new(sheet->pango);
    PangoFontDescription *description = pango_font_description_new();
    pango_font_description_set_family_static(description, font == TK_FONT_MINCHO
                                                              ? "IPAexMincho,Noto Serif CJK JP,serif"
                                                              : "IPAexGothic,Noto Sans CJK JP,sans-serif");
    pango_font_description_set_absolute_size(description, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, description);
    pango_font_description_free(description);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, align);
    pango_layout_set_line_spacing(layout, 1.25f);
    if (width >= 0)
        pango_layout_set_width(layout, (int)(MAX(width, 4) * PANGO_SCALE));
    /* A word too long for its line is cut without a hyphen: identifiers must read as they are. */
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

double tk_sheet_height(PangoLayout *layout)
{
    int height = 0;
    pango_layout_get_size(layout, NULL, &height);
    return height / (double)PANGO_SCALE;
}

double tk_sheet_width(PangoLayout *layout)
{
    int width = 0;
    pango_layout_get_size(layout, &width, NULL);
    return width / (double)PANGO_SCALE;
}

/* ------------------------------------------------------------------ placing */

static void place_lines(TkSheet *sheet, PangoLayout *text, int first, int count, double x, double y,
                        TkInk ink)
{
    Mark mark = {.kind = MARK_TEXT, .page = sheet->page, .ink = ink, .x = x, .y = y};
    mark.text = g_object_ref(text);
    mark.first = first;
    mark.count = count;
    g_array_append_val(sheet->marks, mark);
}

void tk_sheet_put(TkSheet *sheet, PangoLayout *layout, double x, double y, TkInk ink)
{
    place_lines(sheet, layout, 0, pango_layout_get_line_count(layout), x, y, ink);
    g_object_unref(layout);
}

void tk_sheet_line(TkSheet *sheet, double x1, double y1, double x2, double y2, double weight)
{
    Mark mark = {.kind = MARK_LINE, .page = sheet->page, .x = x1, .y = y1, .w = x2, .h = y2, .shade = weight};
    g_array_append_val(sheet->marks, mark);
}

void tk_sheet_fill(TkSheet *sheet, double x, double y, double width, double height, double shade)
{
    Mark mark = {
        .kind = MARK_FILL, .page = sheet->page, .x = x, .y = y, .w = width, .h = height, .shade = shade};
    g_array_append_val(sheet->marks, mark);
}

bool tk_sheet_qr(TkSheet *sheet, const char *text, double x, double y, double side)
{
    QRcode *code = strlen(text) > 1000 ? NULL : QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return false;
    double module = side / code->width;
    for (int row = 0; row < code->width; row++) {
        const unsigned char *line = code->data + (size_t)row * (size_t)code->width;
        for (int from = 0, to; from < code->width; from = to + 1) {
            for (to = from; to < code->width && (line[to] & 1) != 0; to++)
                continue;
            if (to > from) /* a run of dark modules; a little taller, so that no seam shows between rows */
                tk_sheet_fill(sheet, x + from * module, y + row * module, (to - from) * module, module * 1.03,
                              1);
        }
    }
    QRcode_free(code);
    return true;
}

void tk_sheet_verify(TkSheet *sheet, const char *text, const char *words)
{
    const double side = 74, size = 7;
    if (text == NULL || strlen(text) > TK_REPORT_VERIFY_MAX)
        return;
    tk_sheet_need(sheet, side + 16);
    sheet->y += 8;
    if (!tk_sheet_qr(sheet, text, sheet->left, sheet->y, side))
        return;
    double x = sheet->left + side + 12, width = sheet->right - x;
    PangoLayout *layout = tk_sheet_text(sheet, words, TK_FONT_GOTHIC, size, width, PANGO_ALIGN_LEFT);
    double height = tk_sheet_height(layout);
    tk_sheet_put(sheet, layout, x, sheet->y, TK_INK_GREY);
    tk_sheet_put(sheet, tk_sheet_text(sheet, text, TK_FONT_GOTHIC, 6, width, PANGO_ALIGN_LEFT), x,
                 sheet->y + height + 3, TK_INK_GREY);
    sheet->y += side + 6;
}

void tk_sheet_next_page(TkSheet *sheet)
{
    sheet->page++;
    sheet->y = sheet->top;
}

bool tk_sheet_need(TkSheet *sheet, double height)
{
    if (sheet->y + height <= sheet->bottom || sheet->y <= sheet->top)
        return false;
    tk_sheet_next_page(sheet);
    return true;
}

void tk_sheet_bookmark(TkSheet *sheet, const char *title, int level)
{
    Bookmark *bookmark = g_new0(Bookmark, 1);
    bookmark->title = g_strdup(title);
    bookmark->page = sheet->page;
    bookmark->level = CLAMP(level, 1, LEVELS_MAX - 1);
    bookmark->y = sheet->y;
    g_ptr_array_add(sheet->outline, bookmark);
}

void tk_sheet_link(TkSheet *sheet, double x, double y, double width, double height, int page, double to_y)
{
    Mark mark = {
        .kind = MARK_LINK, .page = sheet->page, .x = x, .y = y, .w = width, .h = height, .shade = to_y};
    mark.first = page;
    g_array_append_val(sheet->marks, mark);
}

/* Height of `count` lines from line `first`. */
static double lines_height(PangoLayout *text, int first, int count)
{
    double top = 0, bottom = 0;
    int i = 0;
    PangoLayoutIter *iter = pango_layout_get_iter(text);
    do {
        int y0, y1;
        pango_layout_iter_get_line_yrange(iter, &y0, &y1);
        if (i == first)
            top = y0 / (double)PANGO_SCALE;
        if (i >= first && i < first + count)
            bottom = y1 / (double)PANGO_SCALE;
        i++;
    } while (i < first + count && pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    return bottom - top;
}

/* How many lines from `first` fit into `height`. */
static int lines_fitting(PangoLayout *text, int first, double height)
{
    int i = 0, fit = 0;
    double top = 0;
    PangoLayoutIter *iter = pango_layout_get_iter(text);
    do {
        int y0, y1;
        pango_layout_iter_get_line_yrange(iter, &y0, &y1);
        if (i == first)
            top = y0 / (double)PANGO_SCALE;
        if (i >= first) {
            if (y1 / (double)PANGO_SCALE - top > height + 0.01)
                break;
            fit++;
        }
        i++;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    return fit;
}

void tk_sheet_paragraph(TkSheet *sheet, const char *text, TkFont font, double size, TkInk ink)
{
    double width = sheet->right - sheet->left;
    tk_sheet_flow(sheet, tk_sheet_text(sheet, text, font, size, width, PANGO_ALIGN_LEFT), sheet->left, ink);
}

void tk_sheet_flow(TkSheet *sheet, PangoLayout *taken, double x, TkInk ink)
{
    g_autoptr(PangoLayout) layout = taken;
    int count = pango_layout_get_line_count(layout), done = 0;
    while (done < count) {
        int fit = lines_fitting(layout, done, sheet->bottom - sheet->y);
        if (fit == 0 && sheet->y > sheet->top) {
            tk_sheet_next_page(sheet);
            continue;
        }
        fit = MAX(fit, 1);
        place_lines(sheet, layout, done, fit, x, sheet->y, ink);
        sheet->y += lines_height(layout, done, fit);
        done += fit;
    }
}

/* ------------------------------------------------------------------ rows */

#define CELLS_MAX TK_COLUMNS_MAX

static void frame_row(TkSheet *sheet, const TkSheetCell *cells, size_t count, double height)
{
    double x = sheet->left, y = sheet->y;
    for (size_t i = 0; i < count; i++) {
        if (cells[i].shade > 0)
            tk_sheet_fill(sheet, x, y, cells[i].width, height, cells[i].shade);
        if (cells[i].tint != TK_TINT_NONE) {
            Mark tint = {.kind = MARK_FILL, .page = sheet->page, .x = x, .y = y, .w = cells[i].width};
            tint.h = height;
            tint.tint = cells[i].tint;
            g_array_append_val(sheet->marks, tint);
        }
        x += cells[i].width;
    }
    double right = x;
    tk_sheet_line(sheet, sheet->left, y, right, y, RULE);
    tk_sheet_line(sheet, sheet->left, y + height, right, y + height, RULE);
    x = sheet->left;
    for (size_t i = 0; i <= count; i++) {
        tk_sheet_line(sheet, x, y, x, y + height, RULE);
        if (i < count)
            x += cells[i].width;
    }
}

/* Places as many lines of each cell as fit below, with `force` at least one; true when nothing is left over.
 */
static bool place_row(TkSheet *sheet, TkSheetCell *cells, size_t count, int *done, bool force)
{
    double room = sheet->bottom - sheet->y - 2 * PAD_Y;
    int take[CELLS_MAX];
    double height = 0;
    bool complete = true;
    for (size_t i = 0; i < count; i++) {
        int lines = pango_layout_get_line_count(cells[i].text);
        take[i] = MIN(lines - done[i], lines_fitting(cells[i].text, done[i], room));
        if (force && done[i] < lines && take[i] == 0)
            take[i] = 1;
        if (take[i] > 0)
            height = MAX(height, lines_height(cells[i].text, done[i], take[i]));
        complete = complete && (done[i] + take[i] >= lines || (cells[i].repeat && done[i] == 0));
    }
    frame_row(sheet, cells, count, height + 2 * PAD_Y);
    double x = sheet->left;
    for (size_t i = 0; i < count; i++) {
        bool middle = cells[i].middle && complete && done[i] == 0;
        double down = middle ? (height - lines_height(cells[i].text, 0, take[i])) / 2 : 0;
        if (take[i] > 0)
            place_lines(sheet, cells[i].text, done[i], take[i], x + PAD_X, sheet->y + PAD_Y + down,
                        TK_INK_BLACK);
        done[i] += take[i];
        x += cells[i].width;
    }
    sheet->y += height + 2 * PAD_Y;
    return complete;
}

static double row_height(const TkSheetCell *cells, size_t count, int lines)
{
    double height = 0;
    for (size_t i = 0; i < count; i++) {
        int all = pango_layout_get_line_count(cells[i].text);
        double own = lines < 0 || lines >= all ? tk_sheet_height(cells[i].text)
                                               : lines_height(cells[i].text, 0, lines);
        height = MAX(height, own);
    }
    return height + 2 * PAD_Y;
}

void tk_sheet_row(TkSheet *sheet, TkSheetCell *cells, size_t count, TkSheetAgain again, void *data)
{
    int done[CELLS_MAX] = {0};
    count = MIN(count, CELLS_MAX);
    double all = row_height(cells, count, -1);
    double page = sheet->bottom - sheet->top;
    /* A row that would fit on a page of its own is moved there rather than cut, unless it is long. */
    double want = all <= page * 0.3 ? all : row_height(cells, count, SPLIT_LINES);
    bool new_page = tk_sheet_need(sheet, want);
    for (;;) {
        if (new_page && again != NULL)
            again(sheet, data);
        if (place_row(sheet, cells, count, done, new_page))
            break;
        tk_sheet_next_page(sheet);
        new_page = true;
        for (size_t i = 0; i < count; i++) {
            done[i] = cells[i].repeat ? 0 : done[i];
            cells[i].middle = false;
        }
    }
    for (size_t i = 0; i < count; i++)
        g_clear_object(&cells[i].text);
}

/* ------------------------------------------------------------------ drawing */

static void set_ink(cairo_t *cr, TkInk ink)
{
    if (ink == TK_INK_FAINT)
        cairo_set_source_rgba(cr, 0.55, 0.2, 0.75, 0.16);
    else if (ink == TK_INK_RED)
        cairo_set_source_rgb(cr, 0.75, 0.05, 0.1);
    else
        cairo_set_source_rgb(cr, ink == TK_INK_GREY ? 0.36 : 0, ink == TK_INK_GREY ? 0.36 : 0,
                             ink == TK_INK_GREY ? 0.36 : 0);
}

static void draw_lines(cairo_t *cr, const Mark *mark)
{
    int i = 0;
    double top = 0;
    set_ink(cr, mark->ink);
    PangoLayoutIter *iter = pango_layout_get_iter(mark->text);
    do {
        int y0, y1;
        pango_layout_iter_get_line_yrange(iter, &y0, &y1);
        if (i == mark->first)
            top = y0 / (double)PANGO_SCALE;
        if (i >= mark->first) {
            PangoRectangle logical;
            pango_layout_iter_get_line_extents(iter, NULL, &logical);
            double baseline = pango_layout_iter_get_baseline(iter) / (double)PANGO_SCALE;
            cairo_move_to(cr, mark->x + logical.x / (double)PANGO_SCALE, mark->y + baseline - top);
            pango_cairo_show_layout_line(cr, pango_layout_iter_get_line_readonly(iter));
        }
        i++;
    } while (i < mark->first + mark->count && pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

static void set_ground(cairo_t *cr, const Mark *mark)
{
    static const double tints[][3] = {{0, 0, 0}, {0.87, 0.95, 0.87}, {1, 0.96, 0.78}, {0.99, 0.87, 0.86}};
    const double *rgb = tints[mark->tint], light = 1 - mark->shade;
    if (mark->tint != TK_TINT_NONE)
        cairo_set_source_rgb(cr, rgb[0], rgb[1], rgb[2]);
    else
        cairo_set_source_rgb(cr, light, light, light);
}

static void draw_link(cairo_t *cr, const Mark *mark)
{
    const double numbers[] = {mark->x, mark->y, mark->w, mark->h, mark->shade};
    char text[G_N_ELEMENTS(numbers)][G_ASCII_DTOSTR_BUF_SIZE];
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        g_ascii_formatd(text[i], sizeof text[i], "%.2f", numbers[i]);
    g_autofree char *link = g_strdup_printf("rect=[%s %s %s %s] page=%d pos=[0 %s]", text[0], text[1],
                                            text[2], text[3], mark->first + 1, text[4]);
    cairo_tag_begin(cr, CAIRO_TAG_LINK, link);
    cairo_tag_end(cr, CAIRO_TAG_LINK);
}

static void draw_mark(cairo_t *cr, const Mark *mark)
{
    switch (mark->kind) {
    case MARK_TEXT:
        draw_lines(cr, mark);
        return;
    case MARK_LINE:
        cairo_set_source_rgb(cr, 0.2, 0.2, 0.2);
        cairo_set_line_width(cr, mark->shade);
        cairo_set_line_cap(cr, CAIRO_LINE_CAP_SQUARE);
        cairo_move_to(cr, mark->x, mark->y);
        cairo_line_to(cr, mark->w, mark->h);
        cairo_stroke(cr);
        return;
    case MARK_FILL:
        set_ground(cr, mark);
        cairo_rectangle(cr, mark->x, mark->y, mark->w, mark->h);
        cairo_fill(cr);
        return;
    case MARK_LINK:
        draw_link(cr, mark);
        return;
    }
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
    TkBuf *out = closure;
    tk_buf_add(out, data, length);
    return out->overflow ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void place_edges(TkSheet *sheet, const TkSheetEdges *edges)
{
    int pages = sheet->page + 1;
    double width = sheet->right - sheet->left;
    for (int page = 0; page < pages; page++) {
        sheet->page = page;
        char number[32];
        g_snprintf(number, sizeof number, "%d / %d", page + 1, pages);
        double foot = sheet->bottom + 5 * MM;
        tk_sheet_line(sheet, sheet->left, foot, sheet->right, foot, 0.3);
        tk_sheet_put(sheet, tk_sheet_text(sheet, number, TK_FONT_GOTHIC, 8.5, width, PANGO_ALIGN_RIGHT),
                     sheet->left, foot + 4, TK_INK_BLACK);
        tk_sheet_put(sheet,
                     tk_sheet_text(sheet, edges->foot, TK_FONT_GOTHIC, 7, width - 60, PANGO_ALIGN_LEFT),
                     sheet->left, foot + 5, TK_INK_GREY);
        if (edges->water[0] != '\0')
            tk_sheet_put(sheet,
                         tk_sheet_text(sheet, edges->water, TK_FONT_GOTHIC, 150, width, PANGO_ALIGN_CENTER),
                         sheet->left, sheet->height / 2 - 95, TK_INK_FAINT);
        double head = 9.5 * MM;
        if (edges->marks[0] != '\0')
            tk_sheet_put(sheet,
                         tk_sheet_text(sheet, edges->marks, TK_FONT_GOTHIC, 9, width, PANGO_ALIGN_RIGHT),
                         sheet->left, head, TK_INK_RED);
        if (page == 0)
            continue;
        tk_sheet_put(sheet,
                     tk_sheet_text(sheet, edges->head, TK_FONT_GOTHIC, 8, width * 0.68, PANGO_ALIGN_LEFT),
                     sheet->left, head + 0.5, TK_INK_GREY);
        tk_sheet_line(sheet, sheet->left, head + 15, sheet->right, head + 15, 0.3);
    }
}

static void set_metadata(cairo_surface_t *surface, const TkSheetEdges *edges)
{
    char at[TK_TIME_TEXT_MAX];
    tk_time_text(edges->at_us / TK_US_PER_S * TK_US_PER_S, at);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, edges->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, edges->subject);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, edges->author);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Tokatsu");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, at);
}

static void add_outline(TkSheet *sheet, cairo_surface_t *surface)
{
    int above[LEVELS_MAX] = {CAIRO_PDF_OUTLINE_ROOT}; /* the last entry of each level; 0 is the root */
    for (guint i = 0; i < sheet->outline->len; i++) {
        const Bookmark *bookmark = g_ptr_array_index(sheet->outline, i);
        char link[64], y[G_ASCII_DTOSTR_BUF_SIZE];
        g_snprintf(link, sizeof link, "page=%d pos=[0 %s]", bookmark->page + 1,
                   g_ascii_formatd(y, sizeof y, "%.2f", bookmark->y));
        int entry = cairo_pdf_surface_add_outline(surface, above[bookmark->level - 1], bookmark->title, link,
                                                  CAIRO_PDF_OUTLINE_FLAG_OPEN);
        for (int level = bookmark->level; level < LEVELS_MAX; level++)
            above[level] = entry; /* a level that was left out does not lose what is below it */
    }
}

static int by_page(const void *a, const void *b)
{
    const Mark *x = a, *y = b;
    return x->page - y->page;
}

bool tk_sheet_pdf(TkSheet *sheet, const TkSheetEdges *edges, GBytes **bytes, GError **error)
{
    int pages = sheet->page + 1;
    place_edges(sheet, edges);
    g_array_sort(sheet->marks, by_page); /* stable: within a page, in the order of placing */
    TkBuf out;
    tk_buf_init(&out, PDF_MAX);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, &out, sheet->width, sheet->height);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    set_metadata(surface, edges);
    cairo_t *cr = cairo_create(surface);
    guint next = 0;
    for (int page = 0; page < pages; page++) {
        for (; next < sheet->marks->len && g_array_index(sheet->marks, Mark, next).page == page; next++)
            draw_mark(cr, &g_array_index(sheet->marks, Mark, next));
        cairo_show_page(cr);
    }
    add_outline(sheet, surface);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS) {
        tk_buf_clear(&out);
        return tk_fail(error, TK_ERROR_INTERNAL, "the PDF could not be made: %s",
                       cairo_status_to_string(status));
    }
    *bytes = g_bytes_new_take(out.data, out.len);
    return true;
}

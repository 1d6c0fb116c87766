/* The drawing is laid out in a grid: a row for each cause or consequence, a column for each barrier, and the
 * event in the middle, so that nothing has to be measured but the width of texts. That one is estimated: a
 * character of East Asian width takes an em, any other 0.56 of it, which is on the safe side of the usual
 * fonts. */
#include "risk/bow_tie.h"

#define FONT      13
#define LINE      17
#define BOX_W     176
#define BARRIER_W 132
#define GAP       22
#define ROW_H     84
#define BOX_H     64
#define EVENT_W   168
#define EVENT_H   92
#define EDGE      10
#define LINES     3 /* of text in a box */

static const struct {
    const char *id, *symbol, *ja, *en, *colour;
} states[TK_BARRIER_STATES] = {
    {"missing", "×", "機能しない", "missing", "#b3261e"},
    {"late", "!", "遅延", "late", "#b3261e"},
    {"planned", "△", "計画中", "planned", "#8a5a00"},
    {"unknown", "?", "未確認", "not checked", "#5f6368"},
    {"weak", "▲", "一部有効", "partly", "#8a5a00"},
    {"works", "●", "有効", "works", "#1b6e3c"},
};

const char *tk_barrier_state_id(TkBarrierState state)
{
    return states[state].id;
}

const char *tk_barrier_state_symbol(TkBarrierState state)
{
    return states[state].symbol;
}

const char *tk_barrier_state_words(TkBarrierState state, bool english)
{
    return english ? states[state].en : states[state].ja;
}

/* ---- texts ---- */

/* XML cannot hold control characters at all. */
static void add_escaped(GString *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '<')
            g_string_append(out, "&lt;");
        else if (c == '>')
            g_string_append(out, "&gt;");
        else if (c == '&')
            g_string_append(out, "&amp;");
        else if (c == '"')
            g_string_append(out, "&quot;");
        else
            g_string_append_c(out, (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c);
    }
}

static double em_of(gunichar c)
{
    return g_unichar_iswide(c) ? 1.0 : g_unichar_iszerowidth(c) ? 0 : 0.56;
}

/* Where the text that fits into `ems` ends. */
static const char *fits(const char *text, double ems)
{
    const char *space = NULL, *p = text;
    for (double used = 0; *p != '\0'; p = g_utf8_next_char(p)) {
        used += em_of(g_utf8_get_char(p));
        if (used > ems)
            return p == text ? g_utf8_next_char(p) : space != NULL ? space + 1 : p;
        if (*p == ' ')
            space = p;
    }
    return p;
}

/* The text in at most `max` lines around (x, y), which is the middle of the block. */
static void add_text(GString *out, const char *text, int x, int y, int width, int max, const char *attributes)
{
    const char *from[LINES], *to[LINES], *p = text;
    int n = 0;
    while (*p != '\0' && n < max) {
        from[n] = p;
        p = to[n] = fits(p, (double)width / FONT);
        n++;
    }
    bool cut = *p != '\0';
    for (int i = 0; i < n; i++) {
        int line_y = y + LINE * i - LINE * (n - 1) / 2 + FONT / 3;
        g_string_append_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\"%s>", x, line_y,
                               attributes);
        const char *end = cut && i == n - 1 && to[i] > from[i] ? g_utf8_prev_char(to[i]) : to[i];
        add_escaped(out, from[i], (size_t)(end - from[i]));
        g_string_append(out, cut && i == n - 1 ? "…</text>" : "</text>");
    }
}

/* ---- parts ---- */

typedef struct {
    GString *out;
    const TkBowTie *tie;
    int left, right; /* columns of barriers */
    int width, height, event_x, middle;
} Draw;

static void open_group(GString *out, const char *class, const char *title, const char *state)
{
    g_string_append_printf(out, "<g class=\"%s\"><title>", class);
    add_escaped(out, title, strlen(title));
    if (state != NULL)
        g_string_append_printf(out, " (%s)", state);
    g_string_append(out, "</title>");
}

static void add_box(const Draw *draw, const char *class, const char *title, int x, int y)
{
    open_group(draw->out, class, title, NULL);
    g_string_append_printf(draw->out,
                           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#ffffff\" "
                           "stroke=\"#5f6368\"/>",
                           x, y - BOX_H / 2, BOX_W, BOX_H);
    add_text(draw->out, title, x + BOX_W / 2, y, BOX_W - 16, LINES, "");
    g_string_append(draw->out, "</g>");
}

static void add_barrier(const Draw *draw, const TkBarrier *barrier, int x, int y)
{
    const char *words = tk_barrier_state_words(barrier->state, draw->tie->english);
    g_autofree char *class = g_strdup_printf("bow-barrier bow-%s", states[barrier->state].id);
    g_autofree char *colour = g_strdup_printf(" fill=\"%s\"", states[barrier->state].colour);
    g_autofree char *said = g_strdup_printf("%s %s", states[barrier->state].symbol, words);
    bool gone = barrier->state <= TK_BARRIER_PLANNED;
    open_group(draw->out, class, barrier->title, words);
    g_string_append_printf(
        draw->out,
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#ffffff\" stroke=\"%s\" "
        "stroke-width=\"2\"%s/>",
        x, y - BOX_H / 2, BARRIER_W, BOX_H, states[barrier->state].colour,
        gone ? " stroke-dasharray=\"5 4\"" : "");
    g_string_append_printf(
        draw->out, "<rect class=\"bow-bar\" x=\"%d\" y=\"%d\" width=\"6\" height=\"%d\" fill=\"%s\"/>", x,
        y - BOX_H / 2, BOX_H, states[barrier->state].colour);
    add_text(draw->out, barrier->title, x + BARRIER_W / 2 + 3, y - 9, BARRIER_W - 18, 2, "");
    add_text(draw->out, said, x + BARRIER_W / 2 + 3, y + 21, BARRIER_W - 18, 1, colour);
    g_string_append(draw->out, "</g>");
}

static int row_y(const Draw *draw, size_t i, size_t n)
{
    return draw->middle - (int)(n - 1) * ROW_H / 2 + (int)i * ROW_H;
}

static void add_path(const Draw *draw, int x1, int y1, int x2, int y2)
{
    int half = (x1 + x2) / 2;
    g_string_append_printf(draw->out,
                           "<path class=\"bow-line\" d=\"M%d %dC%d %d %d %d %d %d\" fill=\"none\" "
                           "stroke=\"#80868b\" stroke-width=\"1.5\"/>",
                           x1, y1, half, y1, half, y2, x2, y2);
}

static void add_cause(const Draw *draw, const TkBowLine *line, int y)
{
    int x = EDGE + BOX_W, end = EDGE + BOX_W + draw->left * (BARRIER_W + GAP);
    add_path(draw, x, y, end, y);
    add_path(draw, end, y, draw->event_x, draw->middle);
    add_box(draw, "bow-cause", line->title, EDGE, y);
    for (size_t b = 0; b < line->n_barriers; b++)
        add_barrier(draw, &line->barriers[b], x + GAP + (int)b * (BARRIER_W + GAP), y);
}

static void add_consequence(const Draw *draw, const TkBowLine *line, int y)
{
    int x = draw->event_x + EVENT_W + 2 * GAP, end = draw->width - EDGE - BOX_W;
    add_path(draw, draw->event_x + EVENT_W, draw->middle, x, y);
    add_path(draw, x, y, end, y);
    add_box(draw, "bow-consequence", line->title, end, y);
    for (size_t b = 0; b < line->n_barriers; b++)
        add_barrier(draw, &line->barriers[b], x + (int)b * (BARRIER_W + GAP), y);
}

static void add_event(const Draw *draw)
{
    open_group(draw->out, "bow-event", draw->tie->event, NULL);
    g_string_append_printf(draw->out,
                           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"#fdecea\" "
                           "stroke=\"#b3261e\" stroke-width=\"2\"/>",
                           draw->event_x, draw->middle - EVENT_H / 2, EVENT_W, EVENT_H, EVENT_H / 2);
    add_text(draw->out, draw->tie->event, draw->event_x + EVENT_W / 2, draw->middle, EVENT_W - 40, LINES,
             " font-weight=\"bold\"");
    g_string_append(draw->out, "</g>");
}

/* ---- the whole ---- */

static int columns(const TkBowLine *lines, size_t n)
{
    size_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = MAX(most, lines[i].n_barriers);
    return (int)most;
}

static bool small_enough(const TkBowTie *tie, GError **error)
{
    if (tie->n_causes > TK_BOW_TIE_LINES_MAX || tie->n_consequences > TK_BOW_TIE_LINES_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "a bow tie is drawn with at most %d causes and %d consequences",
                       TK_BOW_TIE_LINES_MAX, TK_BOW_TIE_LINES_MAX);
    if (columns(tie->causes, tie->n_causes) > TK_BOW_TIE_BARRIERS_MAX ||
        columns(tie->consequences, tie->n_consequences) > TK_BOW_TIE_BARRIERS_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "a bow tie is drawn with at most %d barriers on a line",
                       TK_BOW_TIE_BARRIERS_MAX);
    return true;
}

char *tk_bow_tie_svg(const TkBowTie *tie, GError **error)
{
    if (!small_enough(tie, error))
        return NULL;
    Draw draw = {.out = g_string_new(NULL), .tie = tie};
    draw.left = columns(tie->causes, tie->n_causes);
    draw.right = columns(tie->consequences, tie->n_consequences);
    size_t rows = MAX(MAX(tie->n_causes, tie->n_consequences), 2);
    draw.height = (int)rows * ROW_H + 2 * EDGE;
    draw.middle = draw.height / 2;
    draw.event_x = EDGE + BOX_W + draw.left * (BARRIER_W + GAP) + 3 * GAP;
    draw.width = draw.event_x + EVENT_W + 3 * GAP + draw.right * (BARRIER_W + GAP) + BOX_W + EDGE;
    g_string_append_printf(draw.out,
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %d %d\" "
                           "width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"%d\" "
                           "fill=\"#202124\"><title>",
                           draw.width, draw.height, draw.width, draw.height, FONT);
    add_escaped(draw.out, tie->event, strlen(tie->event));
    g_string_append(draw.out, "</title>");
    for (size_t i = 0; i < tie->n_causes; i++)
        add_cause(&draw, &tie->causes[i], row_y(&draw, i, tie->n_causes));
    for (size_t i = 0; i < tie->n_consequences; i++)
        add_consequence(&draw, &tie->consequences[i], row_y(&draw, i, tie->n_consequences));
    add_event(&draw);
    g_string_append(draw.out, "</svg>\n");
    return g_string_free(draw.out, FALSE);
}

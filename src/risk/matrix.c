/* Risk matrices as people write them down: lines of a text, so that a change of the criteria reads well in a
 * record's history and goes through a spreadsheet. A matrix that contradicts itself orders risks wrongly and
 * nobody sees it in the list; so it is refused here, with the cell that is to blame. */
#include "risk/matrix.h"

#include "base/base.h"

#define LINES_MAX  12 /* of one text: past the most levels, so that too many are told as such */
#define TEXT_MAX   20000
#define SYMBOL_MAX 3 /* characters */

static const char *const appetites[] = {"take", "treat", "never"};

const char *tk_appetite_id(TkAppetite appetite)
{
    return appetites[appetite];
}

typedef struct {
    json_t *findings;
    const char *field;
} Check;

/* Both sentences take the same arguments. */
G_GNUC_PRINTF(2, 4)
G_GNUC_PRINTF(3, 4) static void find(const Check *check, const char *ja, const char *en, ...)
{
    va_list args, again;
    va_start(args, en);
    va_copy(again, args);
    g_autofree char *ja_text = g_strdup_vprintf(ja, args);
    g_autofree char *en_text = g_strdup_vprintf(en, again);
    va_end(args);
    va_end(again);
    json_array_append_new(check->findings,
                          json_pack("{s:s, s:s, s:s}", "field", check->field, "ja", ja_text, "en", en_text));
}

/* The lines of a text that say something; NULL (told) where there are too many or it is no text. */
static char **lines_of(const Check *check, const char *text)
{
    if (strlen(text) > TEXT_MAX || !g_utf8_validate(text, -1, NULL)) {
        find(check, "文字列が長すぎるか、文字コードが正しくありません。", "is too long or not UTF-8");
        return NULL;
    }
    g_auto(GStrv) raw = g_strsplit(text, "\n", -1);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    size_t n = 0;
    for (char **line = raw; *line != NULL; line++)
        if (*g_strstrip(*line) != '\0' && n++ < LINES_MAX)
            g_strv_builder_add(builder, *line);
    return g_strv_builder_end(builder);
}

/* The parts of a line between |, each without blanks around it. */
static char **parts_of(const char *line)
{
    char **parts = g_strsplit(line, "|", 8);
    for (char **part = parts; *part != NULL; part++)
        g_strstrip(*part);
    return parts;
}

/* ---- axes ---- */

static void read_axis(const Check *check, const char *text, TkRiskStep *steps, unsigned *count)
{
    g_auto(GStrv) lines = lines_of(check, text);
    unsigned n = lines == NULL ? 0 : g_strv_length(lines);
    if (n < TK_RISK_STEPS_MIN || n > TK_RISK_STEPS_MAX) {
        find(check, "段階は%d〜%d行で入力してください(現在%u行)。",
             "has to have %d to %d lines, one a level; it has %u", TK_RISK_STEPS_MIN, TK_RISK_STEPS_MAX, n);
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        g_auto(GStrv) parts = parts_of(lines[i]);
        unsigned has = g_strv_length(parts);
        if (has < 2 || has > 3 || parts[0][0] == '\0' || parts[1][0] == '\0') {
            find(check, "%u行目は「日本語名 | 英語名 | 意味」の形にしてください。",
                 "line %u has to be: Japanese name | English name | what it means", i + 1);
            return;
        }
        steps[i] = (TkRiskStep){g_strdup(parts[0]), g_strdup(parts[1]), g_strdup(has > 2 ? parts[2] : "")};
        *count = i + 1;
    }
}

/* ---- levels ---- */

static bool is_colour(const char *text)
{
    return strlen(text) == 7 && text[0] == '#' && strspn(text + 1, "0123456789abcdefABCDEF") == 6;
}

static bool is_name(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len <= 20 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static int appetite_of(const char *text)
{
    for (int i = 0; i < (int)G_N_ELEMENTS(appetites); i++)
        if (strcmp(text, appetites[i]) == 0)
            return i;
    return -1;
}

/* One sentence whatever is wrong with a line, because it says what would be right. */
static bool level_sound(char **parts)
{
    return g_strv_length(parts) == 6 && is_name(parts[0]) && parts[1][0] != '\0' && parts[2][0] != '\0' &&
           is_colour(parts[3]) && parts[4][0] != '\0' && g_utf8_strlen(parts[4], -1) <= SYMBOL_MAX &&
           appetite_of(parts[5]) >= 0;
}

static void check_levels(const Check *check, const TkRiskMatrix *m)
{
    for (unsigned i = 1; i < m->n_levels; i++) {
        const TkRiskLevel *level = &m->levels[i];
        if (level->appetite < m->levels[i - 1].appetite)
            find(check, "%u行目(%s)は、下の水準(%s)より緩い扱いになっています。",
                 "line %u (%s) is borne more easily than the lower level %s", i + 1, level->id,
                 m->levels[i - 1].id);
        for (unsigned k = 0; k < i; k++)
            if (strcmp(level->id, m->levels[k].id) == 0 || strcmp(level->symbol, m->levels[k].symbol) == 0)
                find(check, "%u行目は%u行目と同じ記号か名前です。",
                     "line %u has the name or symbol of line %u", i + 1, k + 1);
    }
}

static void read_levels(const Check *check, const char *text, TkRiskMatrix *m)
{
    g_auto(GStrv) lines = lines_of(check, text);
    unsigned n = lines == NULL ? 0 : g_strv_length(lines);
    if (n < TK_RISK_LEVELS_MIN || n > TK_RISK_LEVELS_MAX) {
        find(check, "水準は%d〜%d行で入力してください(現在%u行)。",
             "has to have %d to %d lines, one a level; it has %u", TK_RISK_LEVELS_MIN, TK_RISK_LEVELS_MAX, n);
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        g_auto(GStrv) parts = parts_of(lines[i]);
        if (!level_sound(parts)) {
            find(check,
                 "%u行目は「id | 日本語名 | 英語名 | #色 | 記号 | take・treat・never」の形にしてください。",
                 "line %u has to be: id | Japanese name | English name | #rrggbb | symbol | take, treat or "
                 "never",
                 i + 1);
            return;
        }
        m->levels[i] =
            (TkRiskLevel){g_strdup(parts[0]), g_strdup(parts[1]), g_strdup(parts[2]),
                          g_strdup(parts[3]), g_strdup(parts[4]), (TkAppetite)appetite_of(parts[5])};
        m->n_levels = i + 1;
    }
    check_levels(check, m);
}

/* ---- cells ---- */

static int level_of(const TkRiskMatrix *m, const char *id)
{
    for (unsigned i = 0; i < m->n_levels; i++)
        if (strcmp(m->levels[i].id, id) == 0)
            return (int)i;
    return -1;
}

static void read_row(const Check *check, const char *line, unsigned row, TkRiskMatrix *m)
{
    g_auto(GStrv) words = g_strsplit_set(line, " \t,", -1);
    unsigned column = 0;
    for (char **word = words; *word != NULL; word++) {
        if (**word == '\0')
            continue;
        int level = level_of(m, *word);
        if (level < 0)
            find(check, "起こりやすさ%u・影響%uの「%.20s」という水準はありません。",
                 "likelihood %u, consequence %u: “%.20s” is none of the levels", row + 1, column + 1, *word);
        if (column < m->n_consequence)
            m->cell[row][column] = level;
        column++;
    }
    if (column < m->n_consequence)
        find(check, "起こりやすさ%u・影響%uの水準がありません。",
             "likelihood %u, consequence %u has no level", row + 1, column + 1);
    else if (column > m->n_consequence)
        find(check, "起こりやすさ%uの行は%u個までです(%u個あります)。",
             "the line of likelihood %u has more than the %u levels of consequence: %u", row + 1,
             m->n_consequence, column);
}

static void check_cell(const Check *check, const TkRiskMatrix *m, unsigned row, unsigned column)
{
    int here = m->cell[row][column], below = row == 0 ? here : m->cell[row - 1][column],
        left = column == 0 ? here : m->cell[row][column - 1];
    if (here < 0 || below < 0 || left < 0)
        return;
    if (here < below)
        find(check, "起こりやすさ%u・影響%u(%s)が、起こりにくい%uの水準(%s)より低くなっています。",
             "likelihood %u, consequence %u is %s, lower than at the rarer likelihood %u (%s)", row + 1,
             column + 1, m->levels[here].id, row, m->levels[below].id);
    if (here < left)
        find(check, "起こりやすさ%u・影響%u(%s)が、より軽い影響%uの水準(%s)より低くなっています。",
             "likelihood %u, consequence %u is %s, lower than at the lighter consequence %u (%s)", row + 1,
             column + 1, m->levels[here].id, column, m->levels[left].id);
}

static void check_used(const Check *check, const TkRiskMatrix *m)
{
    unsigned used = 0;
    for (unsigned r = 0; r < m->n_likelihood; r++)
        for (unsigned c = 0; c < m->n_consequence; c++)
            if (m->cell[r][c] >= 0)
                used |= 1u << m->cell[r][c];
    for (unsigned i = 0; i < m->n_levels; i++)
        if (!(used & 1u << i))
            find(check, "水準「%s」を使う枠がありません。", "no cell is of the level %s", m->levels[i].id);
}

static void read_cells(const Check *check, const char *text, TkRiskMatrix *m)
{
    g_auto(GStrv) lines = lines_of(check, text);
    unsigned n = lines == NULL ? 0 : g_strv_length(lines);
    for (unsigned r = 0; r < TK_RISK_STEPS_MAX; r++)
        for (unsigned c = 0; c < TK_RISK_STEPS_MAX; c++)
            m->cell[r][c] = -1;
    if (n != m->n_likelihood) {
        find(check, "起こりやすさの段階と同じ%u行が必要です(現在%u行)。",
             "has to have %u lines, one for each likelihood; it has %u", m->n_likelihood, n);
        return;
    }
    for (unsigned r = 0; r < n; r++)
        read_row(check, lines[r], r, m);
    for (unsigned r = 0; r < n; r++)
        for (unsigned c = 0; c < m->n_consequence; c++)
            check_cell(check, m, r, c);
    check_used(check, m);
}

TkRiskMatrix *tk_risk_matrix_read(const TkRiskMatrixText *text, json_t *findings)
{
    g_autoptr(TkRiskMatrix) m = g_new0(TkRiskMatrix, 1);
    size_t before = json_array_size(findings);
    read_axis(&(Check){findings, "likelihood"}, text->likelihood, m->likelihood, &m->n_likelihood);
    read_axis(&(Check){findings, "consequence"}, text->consequence, m->consequence, &m->n_consequence);
    read_levels(&(Check){findings, "levels"}, text->levels, m);
    if (json_array_size(findings) == before)
        read_cells(&(Check){findings, "cells"}, text->cells, m);
    return json_array_size(findings) == before ? g_steal_pointer(&m) : NULL;
}

void tk_risk_matrix_free(TkRiskMatrix *m)
{
    if (m == NULL)
        return;
    for (unsigned i = 0; i < TK_RISK_STEPS_MAX; i++) {
        TkRiskStep *steps[] = {&m->likelihood[i], &m->consequence[i]};
        for (unsigned k = 0; k < 2; k++) {
            g_free(steps[k]->ja);
            g_free(steps[k]->en);
            g_free(steps[k]->meaning);
        }
    }
    for (unsigned i = 0; i < TK_RISK_LEVELS_MAX; i++) {
        g_free(m->levels[i].id);
        g_free(m->levels[i].ja);
        g_free(m->levels[i].en);
        g_free(m->levels[i].colour);
        g_free(m->levels[i].symbol);
    }
    g_free(m);
}

/* ---- answers ---- */

int tk_risk_matrix_level(const TkRiskMatrix *m, int64_t likelihood, int64_t consequence)
{
    if (likelihood < 1 || likelihood > m->n_likelihood || consequence < 1 || consequence > m->n_consequence)
        return -1;
    return m->cell[likelihood - 1][consequence - 1];
}

json_t *tk_risk_level_json(const TkRiskMatrix *m, int level)
{
    const TkRiskLevel *l = &m->levels[level];
    return json_pack("{s:s, s:{s:s, s:s}, s:i, s:s, s:s, s:s}", "id", l->id, "label", "ja", l->ja, "en",
                     l->en, "rank", level + 1, "colour", l->colour, "symbol", l->symbol, "appetite",
                     tk_appetite_id(l->appetite));
}

static json_t *axis_json(const TkRiskStep *steps, unsigned count)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:{s:s, s:s}, s:s}", "label", "ja", steps[i].ja, "en",
                                              steps[i].en, "meaning", steps[i].meaning));
    return list;
}

json_t *tk_risk_matrix_json(const TkRiskMatrix *m)
{
    json_t *levels = json_array(), *cells = json_array();
    for (unsigned i = 0; i < m->n_levels; i++)
        json_array_append_new(levels, tk_risk_level_json(m, (int)i));
    for (unsigned r = 0; r < m->n_likelihood; r++) {
        json_t *row = json_array();
        for (unsigned c = 0; c < m->n_consequence; c++)
            json_array_append_new(row, json_string(m->levels[m->cell[r][c]].id));
        json_array_append_new(cells, row);
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "likelihood", axis_json(m->likelihood, m->n_likelihood),
                     "consequence", axis_json(m->consequence, m->n_consequence), "levels", levels, "cells",
                     cells);
}

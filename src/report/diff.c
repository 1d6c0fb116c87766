/* What changed between two versions of a report, item by item and, in tables, cell by cell. Rows are matched
 * by their name (the column "id", else the first one), so that an added line is one change and not all. */
#include "report/faces.h"

typedef struct {
    const TkReport *a, *b;
    json_t *changes;
} Diff;

static json_t *text_json(const TkCell *cell, TkText unit, bool wareki)
{
    if (cell == NULL || cell->type == TK_CELL_NONE)
        return json_null();
    json_t *words = json_object();
    for (int lang = TK_LANG_JA; lang <= TK_LANG_EN; lang++) {
        const char *of = tk_text_in(unit, (TkLang)lang);
        g_autofree char *text = tk_cell_text(cell, (TkLang)lang, wareki, TK_STYLE_FULL);
        g_autofree char *full = g_strdup_printf("%s%s%s", text, of[0] != '\0' ? " " : "", of);
        json_object_set_new(words, lang == TK_LANG_JA ? "ja" : "en", json_string(full));
    }
    return words;
}

static void add_change(Diff *diff, const char *item, const char *ja, const char *en, json_t *from, json_t *to)
{
    json_array_append_new(diff->changes, json_pack("{s:s,s:{s:s,s:s},s:o,s:o}", "item", item, "label", "ja",
                                                   ja, "en", en, "from", from, "to", to));
}

static void compare_value(Diff *diff, const TkItem *a, const TkItem *b)
{
    const TkItem *item = b != NULL ? b : a;
    static const TkCell nothing = {0};
    const TkCell *from = a != NULL ? &a->value : &nothing, *to = b != NULL ? &b->value : &nothing;
    if (!tk_cell_equal(from, to))
        add_change(diff, item->id, item->label.ja, item->label.en,
                   text_json(from, item->unit, diff->a->wareki), text_json(to, item->unit, diff->b->wareki));
}

/* ------------------------------------------------------------------ tables */

static size_t name_column(const TkTable *table)
{
    for (size_t c = 0; c < table->width; c++)
        if (g_str_equal(table->columns[c].id, "id"))
            return c;
    return 0;
}

/* Names of a table's rows; the second of one name is "name #2". */
static GPtrArray *row_names(const TkTable *table, TkLang lang)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t row = 0; table != NULL && row < table->rows; row++) {
        const TkCell *cell = &table->cells[row * table->width + name_column(table)];
        g_autofree char *name = tk_cell_text(cell, lang, false, TK_STYLE_COMPACT);
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(seen, name)) + 1;
        g_ptr_array_add(names, n == 1 ? g_strdup(name) : g_strdup_printf("%s #%u", name, n));
        g_hash_table_insert(seen, g_steal_pointer(&name), GUINT_TO_POINTER(n));
    }
    return names;
}

static GHashTable *index_rows(const GPtrArray *names)
{
    GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint row = 0; row < names->len; row++)
        g_hash_table_insert(index, names->pdata[row], GUINT_TO_POINTER(row + 1));
    return index;
}

static const TkCell *cell_of(const TkTable *table, guint row_plus_1, const char *column)
{
    for (size_t c = 0; table != NULL && row_plus_1 > 0 && c < table->width; c++)
        if (g_str_equal(table->columns[c].id, column))
            return &table->cells[(row_plus_1 - 1) * table->width + c];
    return NULL;
}

static void compare_cell(Diff *diff, const TkItem *item, const char *name_ja, const char *name_en,
                         const TkColumn *column, const TkCell *from, const TkCell *to)
{
    static const TkCell nothing = {0};
    if (tk_cell_equal(from != NULL ? from : &nothing, to != NULL ? to : &nothing))
        return;
    g_autofree char *id = g_strdup_printf("%s/%s/%s", item->id, name_en, column->id);
    g_autofree char *ja = g_strdup_printf("%s「%s」の%s", item->label.ja, name_ja, column->label.ja);
    g_autofree char *en = g_strdup_printf("%s, %s: %s", item->label.en, name_en, column->label.en);
    add_change(diff, id, ja, en, text_json(from, column->unit, diff->a->wareki),
               text_json(to, column->unit, diff->b->wareki));
}

static void compare_tables(Diff *diff, const TkItem *item, const TkTable *a, const TkTable *b)
{
    g_autoptr(GPtrArray) names_a = row_names(a, TK_LANG_JA), names_b = row_names(b, TK_LANG_JA);
    g_autoptr(GPtrArray) english_a = row_names(a, TK_LANG_EN), english_b = row_names(b, TK_LANG_EN);
    g_autoptr(GHashTable) in_a = index_rows(names_a), in_b = index_rows(names_b);
    for (guint row = 0; row < names_b->len; row++) {
        guint other = GPOINTER_TO_UINT(g_hash_table_lookup(in_a, names_b->pdata[row]));
        for (size_t c = 0; c < b->width; c++)
            compare_cell(diff, item, names_b->pdata[row], english_b->pdata[row], &b->columns[c],
                         cell_of(a, other, b->columns[c].id), &b->cells[row * b->width + c]);
    }
    for (guint row = 0; row < names_a->len; row++) {
        if (g_hash_table_contains(in_b, names_a->pdata[row]))
            continue;
        for (size_t c = 0; c < a->width; c++)
            compare_cell(diff, item, names_a->pdata[row], english_a->pdata[row], &a->columns[c],
                         &a->cells[row * a->width + c], NULL);
    }
}

/* ------------------------------------------------------------------ reports */

static void compare_items(Diff *diff, const TkItem *a, const TkItem *b)
{
    const TkItem *item = b != NULL ? b : a;
    if (item->table != NULL)
        compare_tables(diff, item, a != NULL ? a->table : NULL, b != NULL ? b->table : NULL);
    else if (a == NULL || b == NULL || a->table == NULL)
        compare_value(diff, a, b);
}

json_t *tk_report_diff(const TkReport *a, const TkReport *b)
{
    Diff diff = {a, b, json_array()};
    for (size_t s = 0; s < b->section_count; s++)
        for (size_t i = 0; i < b->sections[s].count; i++)
            compare_items(&diff, tk_report_item(a, b->sections[s].items[i].id), &b->sections[s].items[i]);
    for (size_t s = 0; s < a->section_count; s++)
        for (size_t i = 0; i < a->sections[s].count; i++)
            if (tk_report_item(b, a->sections[s].items[i].id) == NULL)
                compare_items(&diff, &a->sections[s].items[i], NULL);
    return diff.changes;
}

/* ------------------------------------------------------------------ on paper */

static TkText name_of(TkReport *sheet, const TkReport *report)
{
    TkText names;
    for (int lang = TK_LANG_JA; lang <= TK_LANG_EN; lang++) {
        g_auto(TkBuf) name;
        tk_buf_init(&name, 256);
        tk_report_add_name(&name, report->number, report->final, (TkLang)lang);
        const char *kept = g_string_chunk_insert_const(sheet->strings, tk_buf_str(&name));
        *(lang == TK_LANG_JA ? &names.ja : &names.en) = kept;
    }
    return names;
}

/* Takes both texts and keeps them with the sheet. */
static TkText keep_words(TkReport *sheet, char *ja, char *en)
{
    TkText words = {g_string_chunk_insert_const(sheet->strings, ja),
                    g_string_chunk_insert_const(sheet->strings, en)};
    g_free(ja);
    g_free(en);
    return words;
}

static TkCell json_cell(TkReport *sheet, const json_t *words)
{
    if (!json_is_object(words))
        return (TkCell){0};
    return (TkCell){
        TK_CELL_TEXT,
        {g_string_chunk_insert_const(sheet->strings, json_string_value(json_object_get(words, "ja"))),
         g_string_chunk_insert_const(sheet->strings, json_string_value(json_object_get(words, "en")))},
        0};
}

static TkTable *table_of(TkReport *sheet, const json_t *changes, TkText from, TkText to)
{
    TkTable *table = tk_table_new(3, json_array_size(changes));
    table->columns[0] = (TkColumn){"item", {"項目", "Item"}, {"", ""}, TK_CELL_TEXT, 5};
    table->columns[1] = (TkColumn){"from", from, {"", ""}, TK_CELL_TEXT, 7};
    table->columns[2] = (TkColumn){"to", to, {"", ""}, TK_CELL_TEXT, 7};
    for (size_t row = 0; row < table->rows; row++) {
        const json_t *change = json_array_get(changes, row);
        table->cells[row * 3] = json_cell(sheet, json_object_get(change, "label"));
        table->cells[row * 3 + 1] = json_cell(sheet, json_object_get(change, "from"));
        table->cells[row * 3 + 2] = json_cell(sheet, json_object_get(change, "to"));
    }
    return table;
}

/* The comparison is a report of one table, so it is drawn like any other. Head and foot are those of `b`,
 * which outlives it. */
bool tk_report_diff_pdf(const TkReport *a, const TkReport *b, TkLang lang, GBytes **bytes, GError **error)
{
    g_autoptr(json_t) changes = tk_report_diff(a, b);
    g_autoptr(TkReport) sheet = tk_report_alloc();
    GStringChunk *own = sheet->strings;
    TkText from = name_of(sheet, a), to = name_of(sheet, b);
    *sheet = *b;
    sheet->strings = own;
    sheet->facts = NULL;
    sheet->highlight_count = 0;
    sheet->addressee = (TkText){"", ""};
    sheet->title = keep_words(sheet, g_strdup_printf("%s 変更点", b->title.ja),
                              g_strdup_printf("%s, changes", b->title.en));
    sheet->lead = keep_words(sheet, g_strdup_printf("%sから%sへの変更は、次のとおりです。", from.ja, to.ja),
                             g_strdup_printf("Changes from “%s” to “%s”.", from.en, to.en));
    sheet->section_count = 1;
    sheet->sections = g_new0(TkSection, 1);
    sheet->sections[0] = (TkSection){"changes", {"変更した項目", "Changed items"}, g_new0(TkItem, 1), 1};
    sheet->sections[0].items[0] = (TkItem){.id = "changes",
                                           .label = {"新旧対照", "Before and after"},
                                           .help = {"", ""},
                                           .unit = {"", ""},
                                           .article = "",
                                           .path = "",
                                           .verified = true,
                                           .table = table_of(sheet, changes, from, to)};
    return tk_report_pdf(sheet, lang, bytes, error);
}

/* The report's document: written in one order of keys and one spelling of values, so that what was frozen
 * is compared, hashed and rendered again byte for byte. */
#include "report/model.h"
#include "report/read.h"

TkReport *tk_report_alloc(void)
{
    TkReport *report = g_new0(TkReport, 1);
    report->strings = g_string_chunk_new(4096);
    report->due = TK_DATE_NONE;
    return report;
}

TkTable *tk_table_new(size_t width, size_t rows)
{
    TkTable *table = g_new0(TkTable, 1);
    table->width = width;
    table->rows = rows;
    table->columns = g_new0(TkColumn, width);
    table->cells = g_new0(TkCell, MAX(width * rows, 1));
    return table;
}

void tk_table_free(TkTable *table)
{
    if (table == NULL)
        return;
    g_free(table->columns);
    g_free(table->cells);
    g_free(table);
}

void tk_section_clear(TkSection *section)
{
    for (size_t i = 0; section->items != NULL && i < section->count; i++)
        tk_table_free(section->items[i].table);
    g_free(section->items);
}

void tk_report_free(TkReport *report)
{
    if (report == NULL)
        return;
    for (size_t s = 0; report->sections != NULL && s < report->section_count; s++)
        tk_section_clear(&report->sections[s]);
    g_free(report->sections);
    json_decref(report->facts);
    g_free(report->verify);
    g_string_chunk_free(report->strings);
    g_free(report);
}

const char *tk_report_kind(const TkReport *report)
{
    return report->kind;
}

TkItem *tk_report_item(const TkReport *report, const char *id)
{
    for (size_t s = 0; s < report->section_count; s++)
        for (size_t i = 0; i < report->sections[s].count; i++)
            if (g_str_equal(report->sections[s].items[i].id, id))
                return &report->sections[s].items[i];
    return NULL;
}

bool tk_item_empty(const TkItem *item)
{
    return item->table != NULL ? item->table->rows == 0 : item->value.type == TK_CELL_NONE;
}

const json_t *tk_facts_at(const json_t *facts, const char *path)
{
    const json_t *at = facts;
    while (at != NULL && path[0] == '/') {
        const char *key = path + 1;
        size_t len = strcspn(key, "/");
        g_autofree char *name = g_strndup(key, len);
        if (json_is_array(at))
            at = json_array_get(at, (size_t)g_ascii_strtoull(name, NULL, 10));
        else
            at = json_object_get(at, name);
        path = key + len;
    }
    return at;
}

/* ------------------------------------------------------------------ writing */

static void write_words(TkJson *w, const char *key, TkText words)
{
    if (words.ja[0] == '\0')
        return;
    tk_json_member2(w, key, words.ja, words.en);
}

static void write_cell(TkJson *w, const TkCell *cell)
{
    switch (cell->type) {
    case TK_CELL_NONE:
        tk_json_null(w);
        return;
    case TK_CELL_TEXT:
        if (g_str_equal(cell->text.ja, cell->text.en)) {
            tk_json_text(w, cell->text.ja);
            return;
        }
        tk_json_begin_object(w);
        tk_json_member(w, "ja", cell->text.ja);
        tk_json_member(w, "en", cell->text.en);
        tk_json_end_object(w);
        return;
    case TK_CELL_TIME:
        tk_json_time(w, cell->number);
        return;
    case TK_CELL_DATE:
        tk_json_date(w, (TkDate)cell->number);
        return;
    case TK_CELL_NUMBER:
    case TK_CELL_DURATION:
        tk_json_int(w, cell->number);
        return;
    }
}

static void write_table(TkJson *w, const TkTable *table)
{
    tk_json_key(w, "columns");
    tk_json_begin_array(w);
    for (size_t c = 0; c < table->width; c++) {
        const TkColumn *column = &table->columns[c];
        tk_json_begin_object(w);
        tk_json_member(w, "id", column->id);
        write_words(w, "label", column->label);
        write_words(w, "unit", column->unit);
        tk_json_member(w, "type", tk_cell_type_name(column->type));
        tk_json_key(w, "width");
        tk_json_int(w, column->width);
        tk_json_end_object(w);
    }
    tk_json_end_array(w);
    tk_json_key(w, "rows");
    tk_json_begin_array(w);
    for (size_t row = 0; row < table->rows; row++) {
        tk_json_begin_array(w);
        for (size_t c = 0; c < table->width; c++)
            write_cell(w, &table->cells[row * table->width + c]);
        tk_json_end_array(w);
    }
    tk_json_end_array(w);
}

static void write_bool(TkJson *w, const char *key, bool value)
{
    tk_json_key(w, key);
    tk_json_bool(w, value);
}

static void write_item(TkJson *w, const TkItem *item)
{
    tk_json_begin_object(w);
    tk_json_member(w, "id", item->id);
    write_words(w, "label", item->label);
    write_words(w, "help", item->help);
    write_words(w, "unit", item->unit);
    tk_json_member(w, "article", item->article);
    tk_json_member(w, "path", item->path);
    tk_json_member(w, "required", tk_stage_name(item->required));
    write_bool(w, "verified", item->verified);
    write_bool(w, "entered", item->entered);
    tk_json_member(w, "type", item->table != NULL ? "table" : tk_cell_type_name(item->type));
    if (item->table != NULL) {
        write_table(w, item->table);
    } else {
        tk_json_key(w, "value");
        write_cell(w, &item->value);
    }
    tk_json_end_object(w);
}

static void write_form(TkJson *w, const TkReport *report)
{
    tk_json_key(w, "form");
    tk_json_begin_object(w);
    tk_json_member(w, "id", report->form_id);
    tk_json_member(w, "version", report->form_version);
    write_words(w, "number", report->form_number);
    write_words(w, "title", report->title);
    write_words(w, "lead", report->lead);
    write_words(w, "statement", report->statement);
    write_words(w, "addressee", report->addressee);
    tk_json_member(w, "paper", report->landscape ? "landscape" : "portrait");
    tk_json_member(w, "csv_table", report->csv_table);
    tk_json_key(w, "highlights");
    tk_json_begin_array(w);
    for (size_t i = 0; i < report->highlight_count; i++)
        tk_json_text(w, report->highlights[i]);
    tk_json_end_array(w);
    tk_json_end_object(w);
}

static void write_header(TkJson *w, const TkReport *report)
{
    g_auto(TkBuf) ja, en;
    tk_buf_init(&ja, 256);
    tk_buf_init(&en, 256);
    tk_report_add_name(&ja, report->number, report->final, TK_LANG_JA);
    tk_report_add_name(&en, report->number, report->final, TK_LANG_EN);
    tk_json_key(w, "header");
    tk_json_begin_object(w);
    tk_json_member(w, "carrier", report->carrier);
    tk_json_key(w, "number");
    tk_json_int(w, report->number);
    write_words(w, "name", (TkText){tk_buf_str(&ja), tk_buf_str(&en)});
    tk_json_member(w, "stage", tk_stage_name(report->stage));
    tk_json_key(w, "at");
    tk_json_time(w, report->at_us);
    tk_json_member(w, "by", report->by);
    tk_json_member(w, "law", report->law);
    tk_json_member(w, "judged_by", report->judged_by);
    tk_json_key(w, "due");
    tk_json_date(w, report->due);
    write_bool(w, "final", report->final);
    write_bool(w, "frozen", report->frozen);
    write_bool(w, "synthetic", report->synthetic);
    write_bool(w, "drill", report->drill);
    write_bool(w, "wareki", report->wareki);
    tk_json_end_object(w);
}

GBytes *tk_report_to_json(const TkReport *report)
{
    TkBuf out;
    tk_buf_init(&out, TK_REPORT_JSON_MAX);
    TkJson writer = tk_json_to(&out), *w = &writer;
    tk_json_begin_object(w);
    tk_json_member(w, "format", "tokatsu-report/1");
    tk_json_member(w, "kind", report->kind);
    write_form(w, report);
    write_header(w, report);
    tk_json_key(w, "sections");
    tk_json_begin_array(w);
    for (size_t s = 0; s < report->section_count; s++) {
        const TkSection *section = &report->sections[s];
        tk_json_begin_object(w);
        tk_json_member(w, "id", section->id);
        write_words(w, "title", section->title);
        tk_json_key(w, "items");
        tk_json_begin_array(w);
        for (size_t i = 0; i < section->count; i++)
            write_item(w, &section->items[i]);
        tk_json_end_array(w);
        tk_json_end_object(w);
    }
    tk_json_end_array(w);
    tk_json_key(w, "facts");
    tk_json_value(w, report->facts);
    tk_json_end_object(w);
    tk_buf_add_char(&out, '\n');
    return g_bytes_new_take(out.data, out.overflow ? 0 : out.len);
}

/* ------------------------------------------------------------------ reading */

static TkTable *read_table(TkRead *r, const json_t *object, const char *id)
{
    const json_t *columns = tk_read_array(r, object, "columns", 1, TK_COLUMNS_MAX);
    const json_t *rows = tk_read_array(r, object, "rows", 0, TK_REPORT_ROWS_MAX);
    if (columns == NULL || rows == NULL)
        return NULL;
    size_t width = json_array_size(columns);
    g_autoptr(TkTable) table = tk_table_new(width, json_array_size(rows));
    for (size_t c = 0; c < width && !r->failed; c++) {
        const json_t *from = json_array_get(columns, c);
        tk_read_where(r, "item %s, column %zu, ", id, c + 1);
        if (!tk_read_object(r, from, "the column", "id label unit type width"))
            return NULL;
        table->columns[c] = (TkColumn){.id = tk_read_id(r, from, "id"),
                                       .label = tk_read_words(r, from, "label", true),
                                       .unit = tk_read_words(r, from, "unit", false),
                                       .type = tk_read_cell_type(r, from, "type"),
                                       .width = (unsigned)tk_read_int(r, from, "width", 1, 1, 100)};
    }
    for (size_t row = 0; row < table->rows && !r->failed; row++) {
        const json_t *from = json_array_get(rows, row);
        tk_read_where(r, "item %s, row %zu, ", id, row + 1);
        if (!json_is_array(from) || json_array_size(from) != width)
            tk_read_fail(r, TK_ERROR_INPUT, "the row is not a list of %zu values", width);
        for (size_t c = 0; c < width && !r->failed; c++)
            table->cells[row * width + c] =
                tk_read_cell(r, json_array_get(from, c), table->columns[c].type, table->columns[c].id);
    }
    return r->failed ? NULL : g_steal_pointer(&table);
}

static void read_item(TkRead *r, const json_t *object, TkItem *item)
{
    if (!tk_read_object(r, object, "the item",
                        "id label help unit article path required verified entered type value columns rows"))
        return;
    item->id = tk_read_id(r, object, "id");
    tk_read_where(r, "item %s, ", item->id);
    item->label = tk_read_words(r, object, "label", true);
    item->help = tk_read_words(r, object, "help", false);
    item->unit = tk_read_words(r, object, "unit", false);
    item->article = tk_read_text(r, object, "article");
    item->path = tk_read_text_or(r, object, "path", "");
    item->required = tk_read_stage(r, object, "required");
    item->verified = tk_read_bool(r, object, "verified", false);
    item->entered = tk_read_bool(r, object, "entered", false);
    if (r->failed)
        return;
    if (g_strcmp0(json_string_value(json_object_get(object, "type")), "table") == 0) {
        item->table = read_table(r, object, item->id);
        return;
    }
    item->type = tk_read_cell_type(r, object, "type");
    item->value = tk_read_cell(r, json_object_get(object, "value"), item->type, "field “value”");
}

static void read_sections(TkRead *r, const json_t *root, TkReport *report)
{
    const json_t *sections = tk_read_array(r, root, "sections", 1, TK_SECTIONS_MAX);
    if (sections == NULL)
        return;
    report->section_count = json_array_size(sections);
    report->sections = g_new0(TkSection, report->section_count);
    for (size_t s = 0; s < report->section_count && !r->failed; s++) {
        const json_t *from = json_array_get(sections, s);
        TkSection *section = &report->sections[s];
        tk_read_where(r, "section %zu, ", s + 1);
        if (!tk_read_object(r, from, "the section", "id title items"))
            return;
        section->id = tk_read_id(r, from, "id");
        section->title = tk_read_words(r, from, "title", true);
        const json_t *items = tk_read_array(r, from, "items", 1, TK_ITEMS_MAX);
        if (items == NULL)
            return;
        section->count = json_array_size(items);
        section->items = g_new0(TkItem, section->count);
        for (size_t i = 0; i < section->count && !r->failed; i++)
            read_item(r, json_array_get(items, i), &section->items[i]);
    }
    tk_read_where(r, "%s", "");
}

static void read_report_form(TkRead *r, const json_t *form, TkReport *report)
{
    tk_read_where(r, "form, ");
    if (!tk_read_object(r, form, "field “form”",
                        "id version number title lead statement addressee paper csv_table highlights"))
        return;
    report->form_id = tk_read_id(r, form, "id");
    report->form_version = tk_read_id(r, form, "version");
    report->form_number = tk_read_words(r, form, "number", true);
    report->title = tk_read_words(r, form, "title", true);
    report->lead = tk_read_words(r, form, "lead", false);
    report->statement = tk_read_words(r, form, "statement", true);
    report->addressee = tk_read_words(r, form, "addressee", false);
    report->landscape = g_str_equal(tk_read_text_or(r, form, "paper", "portrait"), "landscape");
    report->csv_table = tk_read_text_or(r, form, "csv_table", "");
    const json_t *highlights = tk_read_array(r, form, "highlights", 0, G_N_ELEMENTS(report->highlights));
    for (size_t i = 0; i < json_array_size(highlights) && !r->failed; i++) {
        const char *id = json_string_value(json_array_get(highlights, i));
        report->highlights[report->highlight_count++] = tk_read_clean(r, id != NULL ? id : "");
    }
}

static void read_header(TkRead *r, const json_t *header, TkReport *report)
{
    tk_read_where(r, "header, ");
    if (!tk_read_object(
            r, header, "field “header”",
            "carrier number name stage at by law judged_by due final frozen synthetic drill wareki"))
        return;
    report->carrier = tk_read_text_or(r, header, "carrier", "");
    report->number = (unsigned)tk_read_int(r, header, "number", 0, 0, TK_REPORT_NUMBER_MAX);
    report->stage = tk_read_stage(r, header, "stage");
    report->at_us = tk_read_cell(r, json_object_get(header, "at"), TK_CELL_TIME, "field “at”").number;
    report->by = tk_read_text_or(r, header, "by", "");
    report->law = tk_read_text_or(r, header, "law", "");
    report->judged_by = tk_read_text_or(r, header, "judged_by", "");
    report->due = tk_read_date(r, header, "due");
    report->final = tk_read_bool(r, header, "final", false);
    report->frozen = tk_read_bool(r, header, "frozen", false);
    report->synthetic = tk_read_bool(r, header, "synthetic", false);
    report->drill = tk_read_bool(r, header, "drill", false);
    report->wareki = tk_read_bool(r, header, "wareki", false);
    tk_read_where(r, "%s", "");
}

TkReport *tk_report_from_json(const char *text, size_t len, GError **error)
{
    g_autoptr(json_t) root = tk_json_read("report", text, len, TK_REPORT_JSON_MAX, error);
    if (root == NULL)
        return NULL;
    g_autoptr(TkReport) report = tk_report_alloc();
    TkRead r = {.strings = report->strings, .file = "report", .error = error};
    if (!tk_read_object(&r, root, "the document", "format kind form header sections facts"))
        return NULL;
    if (!g_str_equal(tk_read_text_or(&r, root, "format", ""), "tokatsu-report/1"))
        tk_read_fail(&r, TK_ERROR_INPUT, "field “format” is not “tokatsu-report/1”");
    report->kind = tk_read_id(&r, root, "kind");
    read_report_form(&r, json_object_get(root, "form"), report);
    read_header(&r, json_object_get(root, "header"), report);
    read_sections(&r, root, report);
    report->facts = json_incref(json_object_get(root, "facts"));
    if (report->facts == NULL)
        tk_read_fail(&r, TK_ERROR_INPUT, "field “facts” is missing");
    return r.failed ? NULL : g_steal_pointer(&report);
}

/* A form filled from facts. Values are copied, never computed here: what the accident's record says is what
 * the report says, unless a person wrote over an item, and then the item says so. */
#include "report/build.h"
#include "report/read.h"

typedef struct {
    TkRead read;
    TkReport *report;
    const json_t *facts;
    const json_t *entries; /* may be NULL */
} Build;

/* ------------------------------------------------------------------ words */

static TkCell text_pair(TkRead *r, const char *ja, const char *en)
{
    return (TkCell){TK_CELL_TEXT, {tk_read_clean(r, ja), tk_read_clean(r, en)}, 0};
}

/* A code becomes its words; one that the vocabulary does not know stays as it is, in plain sight. */
static TkCell word_cell(TkRead *r, const json_t *value, const json_t *words, const char *what)
{
    const char *code =
        json_is_boolean(value) ? (json_is_true(value) ? "yes" : "no") : json_string_value(value);
    const json_t *word = code != NULL && words != NULL ? json_object_get(words, code) : NULL;
    if (word != NULL)
        return tk_read_cell(r, word, TK_CELL_TEXT, what);
    if (json_is_boolean(value))
        return json_is_true(value) ? text_pair(r, "はい", "Yes") : text_pair(r, "いいえ", "No");
    return tk_read_cell(r, value, TK_CELL_TEXT, what);
}

/* A list of codes is one line, a list of sentences one line each. */
static TkCell joined_cell(TkRead *r, const json_t *list, const json_t *words, const char *what)
{
    g_autoptr(GString) ja = g_string_new(NULL), en = g_string_new(NULL);
    size_t i;
    json_t *value;
    json_array_foreach((json_t *)list, i, value)
    {
        TkCell cell = word_cell(r, value, words, what);
        if (r->failed || ja->len > 4 * TK_CELL_TEXT_MAX)
            break;
        if (cell.type == TK_CELL_NONE)
            continue;
        if (ja->len > 0) {
            g_string_append(ja, words != NULL ? "、" : "\n");
            g_string_append(en, words != NULL ? ", " : "\n");
        }
        g_string_append(ja, cell.text.ja);
        g_string_append(en, cell.text.en);
    }
    return ja->len > 0 && !r->failed ? text_pair(r, ja->str, en->str) : (TkCell){0};
}

static TkCell fact_cell(TkRead *r, const json_t *value, TkCellType type, const json_t *words,
                        const char *what)
{
    if (type != TK_CELL_TEXT || value == NULL || json_is_null(value))
        return tk_read_cell(r, value, type, what);
    if (json_is_array(value))
        return joined_cell(r, value, words, what);
    return word_cell(r, value, words, what);
}

/* ------------------------------------------------------------------ items */

static void fill_rows(Build *b, const TkFormItem *from, const json_t *rows, TkTable *table, bool entered)
{
    TkRead *r = &b->read;
    for (size_t row = 0; row < table->rows && !r->failed; row++) {
        const json_t *source = json_array_get(rows, row);
        tk_read_where(r, "item %s, row %zu, ", from->item.id, row + 1);
        for (size_t c = 0; c < table->width && !r->failed; c++) {
            const TkFormColumn *column = &from->columns[c];
            const json_t *value =
                entered ? json_object_get(source, column->column.id) : tk_facts_at(source, column->path);
            table->cells[row * table->width + c] =
                fact_cell(r, value, column->column.type, column->words, column->column.id);
        }
    }
}

static void fill_table(Build *b, const TkFormItem *from, TkItem *item, const json_t *rows)
{
    size_t count = json_is_array(rows) ? json_array_size(rows) : 0;
    if (rows != NULL && !json_is_null(rows) && !json_is_array(rows))
        tk_read_fail(&b->read, TK_ERROR_INPUT, "the fact at “%s” is not a list", item->path);
    if (count > TK_REPORT_ROWS_MAX)
        tk_read_fail(&b->read, TK_ERROR_LIMIT, "there are %zu rows; a report holds %d", count,
                     TK_REPORT_ROWS_MAX);
    if (b->read.failed)
        return;
    item->table = tk_table_new(from->width, count);
    for (size_t c = 0; c < from->width; c++)
        item->table->columns[c] = from->columns[c].column;
    fill_rows(b, from, rows, item->table, item->entered);
}

static void fill_item(Build *b, const TkFormItem *from, TkItem *item)
{
    *item = from->item;
    tk_read_where(&b->read, "item %s, ", item->id);
    const json_t *entry = json_object_get(b->entries, item->id);
    item->entered = entry != NULL && !json_is_null(entry);
    const json_t *value = item->entered           ? entry
                          : item->path[0] != '\0' ? tk_facts_at(b->facts, item->path)
                                                  : NULL;
    if (from->columns != NULL)
        fill_table(b, from, item, value);
    else
        item->value = fact_cell(&b->read, value, item->type, from->words, "the value");
}

static void check_entries(Build *b)
{
    const char *id;
    json_t *value;
    json_object_foreach((json_t *)b->entries, id, value)
    {
        if (tk_report_item(b->report, id) == NULL)
            tk_read_fail(&b->read, TK_ERROR_INPUT, "the entry “%.60s” names no item of the form %s", id,
                         b->report->form_id);
    }
}

static void fill_sections(Build *b, const TkForm *form)
{
    TkReport *report = b->report;
    report->section_count = form->section_count;
    report->sections = g_new0(TkSection, form->section_count);
    for (size_t s = 0; s < form->section_count && !b->read.failed; s++) {
        const TkFormSection *from = &form->sections[s];
        TkSection *section = &report->sections[s];
        *section = (TkSection){from->id, from->title, g_new0(TkItem, from->count), from->count};
        for (size_t i = 0; i < from->count && !b->read.failed; i++)
            fill_item(b, &from->items[i], &section->items[i]);
    }
    tk_read_where(&b->read, "%s", "");
}

/* ------------------------------------------------------------------ head */

static TkStage stage_of(const TkForm *form, const TkReportContext *context)
{
    if (context->final || form->stage == TK_STAGE_FINAL)
        return TK_STAGE_FINAL;
    return context->number > 1 ? MAX(TK_STAGE_INTERIM, form->stage) : form->stage;
}

static const char *keep(TkRead *r, const char *text)
{
    return tk_read_clean(r, text != NULL ? text : "");
}

static void fill_head(Build *b, const TkForm *form, const char *kind, const TkReportContext *context)
{
    TkReport *report = b->report;
    TkRead *r = &b->read;
    report->kind = keep(r, kind);
    report->form_id = form->id;
    report->form_version = form->version;
    report->form_number = form->number;
    report->title = form->title;
    report->lead = form->lead;
    report->statement = form->statement;
    report->addressee = form->addressee;
    if (context->addressee != NULL)
        report->addressee = (TkText){keep(r, context->addressee), keep(r, context->addressee)};
    report->stage = stage_of(form, context);
    report->landscape = form->landscape;
    report->csv_table = form->csv_table;
    report->highlight_count = form->highlight_count;
    memcpy(report->highlights, form->highlights, sizeof report->highlights);
    report->carrier = keep(r, context->carrier);
    report->by = keep(r, context->by);
    report->law = keep(r, context->law);
    report->judged_by = keep(r, context->judged_by);
    report->number = context->number;
    report->final = context->final;
    report->frozen = context->frozen;
    report->synthetic = context->synthetic;
    report->drill = context->drill;
    report->wareki = context->wareki;
    report->at_us = context->at_us;
    report->due = context->due;
}

static bool check_context(const TkReportContext *context, GError **error)
{
    if (context->number > TK_REPORT_NUMBER_MAX)
        return tk_fail(error, TK_ERROR_LIMIT,
                       "report number %u is above %d; make the next one the final report", context->number,
                       TK_REPORT_NUMBER_MAX);
    if (context->entries != NULL && !json_is_object(context->entries))
        return tk_fail(error, TK_ERROR_INPUT, "field “entries” is not an object {item: value}");
    return true;
}

/* A report outlives the forms it was made from, so the words of the form are copied into its own chunk. */
static void own_words(GStringChunk *chunk, TkText *words)
{
    words->ja = g_string_chunk_insert_const(chunk, words->ja);
    words->en = g_string_chunk_insert_const(chunk, words->en);
}

static void own_text(GStringChunk *chunk, const char **text)
{
    *text = g_string_chunk_insert_const(chunk, *text);
}

static void own_item(GStringChunk *chunk, TkItem *item)
{
    own_text(chunk, &item->id);
    own_text(chunk, &item->article);
    own_text(chunk, &item->path);
    own_words(chunk, &item->label);
    own_words(chunk, &item->help);
    own_words(chunk, &item->unit);
    for (size_t c = 0; item->table != NULL && c < item->table->width; c++) {
        own_text(chunk, &item->table->columns[c].id);
        own_words(chunk, &item->table->columns[c].label);
        own_words(chunk, &item->table->columns[c].unit);
    }
}

static void own_everything(TkReport *report)
{
    GStringChunk *chunk = report->strings;
    own_text(chunk, &report->form_id);
    own_text(chunk, &report->form_version);
    own_text(chunk, &report->csv_table);
    own_words(chunk, &report->form_number);
    own_words(chunk, &report->title);
    own_words(chunk, &report->lead);
    own_words(chunk, &report->statement);
    own_words(chunk, &report->addressee);
    for (size_t i = 0; i < report->highlight_count; i++)
        own_text(chunk, &report->highlights[i]);
    for (size_t s = 0; s < report->section_count; s++) {
        own_text(chunk, &report->sections[s].id);
        own_words(chunk, &report->sections[s].title);
        for (size_t i = 0; i < report->sections[s].count; i++)
            own_item(chunk, &report->sections[s].items[i]);
    }
}

TkReport *tk_report_fill(const TkForms *forms, const char *kind, const TkReportContext *context,
                         const json_t *facts, json_t *kept, GError **error)
{
    const TkForm *form = tk_forms_find(forms, kind, context->law_date, error);
    if (form == NULL || !check_context(context, error))
        return NULL;
    g_autoptr(TkReport) report = tk_report_alloc();
    Build build = {
        .read = {.strings = report->strings, .file = kind, .error = error},
        .report = report,
        .facts = facts,
        .entries = context->entries,
    };
    fill_head(&build, form, kind, context);
    fill_sections(&build, form);
    if (build.read.failed)
        return NULL;
    check_entries(&build);
    own_everything(report);
    report->facts = json_incref(kept);
    return build.read.failed ? NULL : g_steal_pointer(&report);
}

/* ------------------------------------------------------------------ one accident */

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text != NULL ? json_string(text) : json_null());
}

/* The largest of the services' counts. They are not added up: the same people use several services. */
static json_t *users_most(const json_t *accident)
{
    const json_t *most = NULL;
    size_t i;
    json_t *service;
    json_array_foreach(json_object_get(accident, "services"), i, service)
    {
        const json_t *users = json_object_get(service, "users");
        if (json_is_integer(users) && (most == NULL || json_integer_value(users) > json_integer_value(most)))
            most = users;
    }
    return most != NULL ? json_integer(json_integer_value(most)) : json_null();
}

/* What a form can name beside the accident's own fields: /report/carrier, /report/at, … */
static json_t *report_facts(const TkReportContext *context, const json_t *accident)
{
    char at[TK_TIME_TEXT_MAX], due[TK_TIME_TEXT_MAX];
    json_t *facts = json_object();
    set_text(facts, "carrier", context->carrier);
    set_text(facts, "by", context->by);
    set_text(facts, "at", tk_time_text(context->at_us, at));
    set_text(facts, "due", context->due == TK_DATE_NONE ? NULL : tk_date_text(context->due, due));
    json_object_set_new(facts, "number", json_integer(context->number));
    json_object_set_new(facts, "users_most", users_most(accident));
    return facts;
}

TkReport *tk_report_new(const TkForms *forms, const char *kind, const TkReportContext *context,
                        const json_t *accident, GError **error)
{
    if (!json_is_object(accident)) {
        tk_fail(error, TK_ERROR_INPUT, "the accident is not an object");
        return NULL;
    }
    g_autoptr(json_t) facts = json_deep_copy(accident);
    if (facts == NULL) {
        tk_fail(error, TK_ERROR_LIMIT, "the accident is too large to be copied");
        return NULL;
    }
    /* Growing lists that speak about the record, not about the accident. */
    json_object_del(facts, "history");
    json_object_del(facts, "reports");
    json_object_del(facts, "undo");
    json_object_set_new(facts, "report", report_facts(context, accident));
    return tk_report_fill(forms, kind, context, facts, facts, error);
}

/* Export: CSV and XLSX that an import takes back unchanged, and JSON as the API shows records. */
#include <math.h>

#include "service/register_import.h"

#include "xlsx/xlsx.h"

#define EXPORT_MAX  (256u * 1024 * 1024)
#define NOTES_BATCH 1000

typedef struct {
    const TkRegisters *registers;
    const TkActor *actor;
    TkRegisterSight sight;
    const TkRegisterSchema *schema;
    bool reveal, csv, first;
    TkBuf out;
    TkXlsxTable *table; /* of a spreadsheet; else NULL */
    TkWrite *notes;     /* "viewed" events not yet committed */
    unsigned noted;
} Export;

static bool commit_notes(Export *e, GError **error)
{
    if (e->notes == NULL)
        return true;
    e->noted = 0;
    return tk_store_commit(e->registers->store, g_steal_pointer(&e->notes), NULL, error);
}

static bool note(Export *e, const TkRecord *record, GError **error)
{
    g_autoptr(json_t) names = tk_register_sealed_names(e->schema, record->body);
    if (json_array_size(names) == 0)
        return true;
    g_autoptr(json_t) detail =
        json_pack("{s:O, s:I, s:b}", "fields", names, "version", (json_int_t)record->version, "export", 1);
    if (e->notes == NULL)
        e->notes = tk_write_new(e->actor->id, tk_registers_now(e->registers));
    tk_write_note(e->notes, "viewed", e->schema->kind, record->id, detail);
    return ++e->noted < NOTES_BATCH || commit_notes(e, error);
}

bool tk_register_guarded(const char *text)
{
    size_t marks = strspn(text, "'");
    return marks > 0 && text[marks] != '\0' && strchr("=+-@\t\r", text[marks]) != NULL;
}

char *tk_register_cell_text(const json_t *value)
{
    GString *text = g_string_new(NULL);
    size_t i;
    const json_t *one;
    if (json_is_string(value))
        g_string_append(text, json_string_value(value));
    else if (json_is_boolean(value))
        g_string_append(text, json_is_true(value) ? "true" : "false");
    else if (json_is_integer(value))
        g_string_append_printf(text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value)) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append(text, g_ascii_dtostr(number, sizeof number, json_real_value(value)));
    } else if (tk_register_is_sealed(value))
        g_string_append(text, TK_REGISTER_SEALED_CELL);
    else if (json_is_object(value))
        g_string_append_printf(text, "%s %s", json_string_value(json_object_get(value, "sha256")),
                               json_string_value(json_object_get(value, "name")));
    json_array_foreach(value, i, one)
    {
        g_string_append_printf(text, "%s%s", i > 0 ? ";" : "", json_string_value(one));
    }
    if (tk_register_guarded(text->str))
        g_string_prepend_c(text, '\'');
    return g_string_free(text, FALSE);
}

void tk_register_cell(TkBuf *buf, const json_t *value)
{
    g_autofree char *text = tk_register_cell_text(value);
    tk_csv_add_field(buf, text);
}

/* ---- spreadsheets: a value is a cell of its own type only where that reads back as the very same value ----
 */

static bool same_number(double number)
{
    char shown[40]; /* as the library writes it */
    g_snprintf(shown, sizeof shown, "%.16G", number);
    return g_ascii_strtod(shown, NULL) == number;
}

static bool add_day(TkXlsxTable *table, const char *text)
{
    TkDate date;
    if (text == NULL || !tk_date_parse(text, strlen(text), &date, NULL) || date < tk_date_make(1900, 3, 1))
        return false; /* the calendar of spreadsheets has a day too many before */
    tk_xlsx_table_date(table, date);
    return true;
}

static bool add_time(TkXlsxTable *table, const char *text)
{
    int64_t at_us;
    char same[TK_TIME_TEXT_MAX];
    if (text == NULL || !tk_time_parse(text, strlen(text), &at_us, NULL) || at_us % TK_US_PER_S != 0 ||
        strcmp(tk_time_text(at_us, same), text) != 0 || tk_date_of_time(at_us) < tk_date_make(1900, 3, 1))
        return false;
    tk_xlsx_table_time(table, at_us);
    return true;
}

static void add_cell(TkXlsxTable *table, const TkRegisterField *field, const json_t *value)
{
    if (json_is_number(value) && same_number(json_number_value(value)) &&
        fabs(json_number_value(value)) < 9007199254740992.0)
        tk_xlsx_table_number(table, json_number_value(value));
    else if (json_is_boolean(value))
        tk_xlsx_table_truth(table, json_is_true(value));
    else if (!(field->type == TK_REGISTER_DATE && add_day(table, json_string_value(value))) &&
             !(field->type == TK_REGISTER_TIME && add_time(table, json_string_value(value)))) {
        g_autofree char *text = tk_register_cell_text(value);
        tk_xlsx_table_text(table, text);
    }
}

static bool begin_table(Export *e, GError **error)
{
    const char *labels[TK_REGISTER_FIELDS_MAX + 1] = {TK_REGISTER_ID_LABEL};
    const char *ids[TK_REGISTER_FIELDS_MAX + 1] = {"id"};
    e->table = tk_xlsx_table_new(e->schema->ja, error);
    if (e->table == NULL)
        return false;
    for (size_t i = 0; i < e->schema->count; i++) {
        labels[i + 1] = e->schema->fields[i].ja;
        ids[i + 1] = e->schema->fields[i].id;
    }
    tk_xlsx_table_head(e->table, labels, ids, e->schema->count + 1);
    return true;
}

static void add_table_row(Export *e, const TkRecord *record, const json_t *values)
{
    tk_xlsx_table_text(e->table, record->id);
    for (size_t i = 0; i < e->schema->count; i++)
        add_cell(e->table, &e->schema->fields[i], json_object_get(values, e->schema->fields[i].id));
    tk_xlsx_table_row(e->table);
}

/* ---- the file ---- */

static void add_header(Export *e)
{
    if (!e->csv) {
        tk_buf_addf(&e->out, "{\"register\":\"%s\",\"items\":[", e->schema->id);
        return;
    }
    tk_buf_add_str(&e->out, "id");
    for (size_t i = 0; i < e->schema->count; i++)
        tk_buf_addf(&e->out, ",%s", e->schema->fields[i].id);
    tk_buf_add_str(&e->out, "\r\n");
}

static void add_csv(Export *e, const TkRecord *record, const json_t *values)
{
    tk_csv_add_field(&e->out, record->id);
    for (size_t i = 0; i < e->schema->count; i++) {
        tk_buf_add_char(&e->out, ',');
        tk_register_cell(&e->out, json_object_get(values, e->schema->fields[i].id));
    }
    tk_buf_add_str(&e->out, "\r\n");
}

static bool add_record(const TkRecord *record, void *data, GError **error)
{
    Export *e = data;
    if (!tk_register_sees_record(e->schema, &e->sight, record))
        return true;
    if (e->reveal && !note(e, record, error))
        return false;
    g_autoptr(json_t) view = tk_register_view(e->registers, e->schema, record, e->reveal, error);
    if (view == NULL)
        return false;
    if (e->table != NULL) {
        add_table_row(e, record, json_object_get(view, "values"));
    } else if (e->csv) {
        add_csv(e, record, json_object_get(view, "values"));
    } else {
        char *text = json_dumps(view, JSON_COMPACT);
        tk_buf_addf(&e->out, "%s\n", e->first ? "" : ",");
        tk_buf_add_str(&e->out, text);
        free(text);
    }
    e->first = false;
    return !e->out.overflow ||
           tk_fail(error, TK_ERROR_LIMIT, "the export is larger than %u bytes; filter a list instead",
                   EXPORT_MAX);
}

/* Begins the file. */
static bool begin(Export *e, const char *format, GError **error)
{
    e->csv = g_strcmp0(format, "csv") == 0;
    bool sheet = g_strcmp0(format, "xlsx") == 0;
    if (!e->csv && !sheet && g_strcmp0(format, "json") != 0)
        return tk_fail(error, TK_ERROR_NOT_FOUND,
                       "“%.20s” is no format of an export; there are csv, xlsx and json", format);
    if (sheet)
        return begin_table(e, error);
    add_header(e);
    return true;
}

static GBytes *finish(Export *e, GError **error)
{
    if (e->table != NULL)
        return tk_xlsx_table_end(g_steal_pointer(&e->table), error);
    if (!e->csv)
        tk_buf_add_str(&e->out, "\n]}\n");
    return g_bytes_new(e->out.data, e->out.len);
}

GBytes *tk_register_export(TkRegisters *registers, const TkActor *actor, const char *name, const char *format,
                           bool reveal, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_READS, error);
    if (schema == NULL)
        return NULL;
    Export e = {.registers = registers, .actor = actor, .schema = schema, .first = true};
    e.sight = tk_register_sight(registers, actor);
    e.reveal = reveal && tk_registers_may_reveal(registers, actor, schema);
    tk_buf_init(&e.out, EXPORT_MAX);
    bool done = begin(&e, format, error) && tk_register_each(registers, schema, add_record, &e, error) &&
                commit_notes(&e, error);
    tk_write_free(e.notes);
    GBytes *bytes = done ? finish(&e, error) : NULL;
    tk_xlsx_table_free(e.table);
    tk_buf_clear(&e.out);
    return bytes;
}

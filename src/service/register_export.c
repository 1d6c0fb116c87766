/* Export: CSV that an import takes back unchanged, and JSON as the API shows records. */
#include "service/register_import.h"

#define EXPORT_MAX  (256u * 1024 * 1024)
#define NOTES_BATCH 1000

typedef struct {
    const TkRegisters *registers;
    const TkActor *actor;
    TkRegisterSight sight;
    const TkRegisterSchema *schema;
    bool reveal, csv, first;
    TkBuf out;
    TkWrite *notes; /* "viewed" events not yet committed */
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

void tk_register_cell(TkBuf *buf, const json_t *value)
{
    g_autoptr(GString) text = g_string_new(NULL);
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
    tk_csv_add_field(buf, text->str);
}

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
    if (e->csv) {
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

GBytes *tk_register_export(TkRegisters *registers, const TkActor *actor, const char *name, const char *format,
                           bool reveal, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_READS, error);
    bool csv = g_strcmp0(format, "csv") == 0;
    if (schema == NULL)
        return NULL;
    if (!csv && g_strcmp0(format, "json") != 0) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "“%.20s” is no format of an export; there are csv and json",
                format);
        return NULL;
    }
    Export e = {.registers = registers, .actor = actor, .schema = schema, .csv = csv, .first = true};
    e.sight = tk_register_sight(registers, actor);
    e.reveal = reveal && tk_registers_may_reveal(registers, actor, schema);
    tk_buf_init(&e.out, EXPORT_MAX);
    add_header(&e);
    bool done = tk_register_each(registers, schema, add_record, &e, error) && commit_notes(&e, error);
    tk_write_free(e.notes);
    if (done && !csv)
        tk_buf_add_str(&e.out, "\n]}\n");
    GBytes *bytes = done ? g_bytes_new(e.out.data, e.out.len) : NULL;
    tk_buf_clear(&e.out);
    return bytes;
}

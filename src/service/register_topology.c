/* The facilities register as topology lines (docs/api.md), there and back. A facility's needs and its own
 * users are kept as the JSON they have in a line, so that what went in comes out. A running network keeps the
 * topology it started with: a network that changed under open accidents would change what they were. */
#include "service/register_import.h"

#define FACILITIES        "facilities"
#define TOPOLOGY_LINE_MAX (256u * 1024)
#define EXPORT_MAX        (256u * 1024 * 1024)

/* ---- in ---- */

static void keep(TkRegisterRow *row, const char *name, json_t *value)
{
    if (value != NULL)
        json_object_set(row->values, name, value);
}

static void keep_text(TkRegisterRow *row, const char *name, const json_t *value)
{
    char *text = json_is_array(value) || json_is_object(value) ? json_dumps(value, JSON_COMPACT) : NULL;
    json_object_set_new(row->values, name,
                        text == NULL || strlen(text) == 2 ? json_null() : json_string(text));
    free(text);
}

static void take_line(TkRegisterRow *row, const json_t *line)
{
    json_t *id = json_object_get(line, "id");
    g_autoptr(GError) why = NULL;
    if (!json_is_string(id) || !tk_register_id_ok(json_string_value(id), &why)) {
        tk_register_finding(row->errors, "id", "番号がないか、使えない文字があります。",
                            why == NULL ? "id: must be a text" : why->message);
        return;
    }
    g_free(row->id);
    row->id = g_strdup(json_string_value(id));
    json_t *name = json_object_get(line, "name");
    keep(row, "name", name != NULL ? name : id);
    keep(row, "kind", json_object_get(line, "kind"));
    keep(row, "prefecture", json_object_get(line, "prefecture"));
    keep(row, "lat", json_object_get(line, "lat"));
    keep(row, "lon", json_object_get(line, "lon"));
    keep_text(row, "needs", json_object_get(line, "needs"));
    keep_text(row, "users", json_object_get(line, "users"));
    json_object_set_new(row->values, "status", json_string("active"));
}

static TkRegisterRow *row_of(const TkLine *line, TkLineStatus status)
{
    TkRegisterRow *row = tk_register_row_new(line->number);
    g_autoptr(GError) why = NULL;
    g_autoptr(json_t) value = status == TK_LINE_OK
                                  ? tk_json_read("the line", line->text, line->len, TOPOLOGY_LINE_MAX, &why)
                                  : NULL;
    if (json_is_object(value))
        take_line(row, value);
    else
        tk_register_finding(row->errors, "", "この行は読めません。",
                            why != NULL                  ? why->message
                            : status == TK_LINE_TOO_LONG ? "is longer than a line may be"
                            : status == TK_LINE_BAD_UTF8 ? "is not valid UTF-8"
                                                         : "is no JSON object");
    return row;
}

static GPtrArray *read_lines(const TkRegisterSchema *schema, const TkRegisterFile *file, GError **error)
{
    (void)schema;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)tk_register_row_free);
    g_autoptr(TkLines) lines = tk_lines_new_memory(file->data, file->len, TOPOLOGY_LINE_MAX);
    TkLine line;
    for (TkLineStatus status; (status = tk_lines_next(lines, &line)) != TK_LINE_END;) {
        if (status == TK_LINE_OK && line.len == 0)
            continue;
        if (rows->len == TK_REGISTER_IMPORT_ROWS) {
            tk_fail(error, TK_ERROR_LIMIT, "there are more than %u lines; import in parts",
                    TK_REGISTER_IMPORT_ROWS);
            return NULL;
        }
        g_ptr_array_add(rows, row_of(&line, status));
    }
    return g_steal_pointer(&rows);
}

GBytes *tk_register_topology_import(TkRegisters *registers, const TkActor *actor, const char *text,
                                    size_t len, bool dry_run, GError **error)
{
    TkRegisterFile file = {.data = text, .len = len, .read = read_lines};
    g_autoptr(json_t) out =
        tk_register_import_with(registers, actor, FACILITIES, &file, dry_run, NULL, error);
    if (out == NULL)
        return NULL;
    json_object_set_new(
        out, "note",
        json_pack(
            "{s:s, s:s}", "ja",
            "稼働中の監視は起動時の設備構成のままです。書き出した構成で再起動すると切り替わります。", "en",
            "The running network keeps the topology it started with; export this one and start with it."));
    return tk_register_bytes(out);
}

/* ---- out ---- */

typedef struct {
    TkBuf out;
} Lines;

static void give(json_t *line, const char *name, json_t *value)
{
    if (value != NULL)
        json_object_set(line, name, value);
}

/* The JSON in a text; `otherwise` where there is none. */
static json_t *json_in(const json_t *text, json_t *otherwise)
{
    const char *inside = json_string_value(text);
    json_t *value =
        inside == NULL ? NULL : tk_json_read("value", inside, strlen(inside), TOPOLOGY_LINE_MAX, NULL);
    if (value == NULL)
        return otherwise;
    json_decref(otherwise);
    return value;
}

static bool write_line(const TkRecord *record, void *data, GError **error)
{
    Lines *lines = data;
    const json_t *values = json_object_get(record->body, "values");
    if (g_strcmp0(json_string_value(json_object_get(values, "status")), "active") != 0)
        return true; /* planned or retired: no part of the network */
    g_autoptr(json_t) line = json_pack("{s:s}", "id", record->id);
    give(line, "kind", json_object_get(values, "kind"));
    give(line, "name", json_object_get(values, "name"));
    give(line, "prefecture", json_object_get(values, "prefecture"));
    give(line, "lat", json_object_get(values, "lat"));
    give(line, "lon", json_object_get(values, "lon"));
    json_object_set_new(line, "needs", json_in(json_object_get(values, "needs"), json_array()));
    json_object_set_new(line, "users", json_in(json_object_get(values, "users"), json_object()));
    char *text = json_dumps(line, JSON_COMPACT);
    tk_buf_add_str(&lines->out, text);
    tk_buf_add_char(&lines->out, '\n');
    free(text);
    return !lines->out.overflow ||
           tk_fail(error, TK_ERROR_LIMIT, "the topology is larger than %u bytes", EXPORT_MAX);
}

GBytes *tk_register_topology_export(TkRegisters *registers, const TkActor *actor, GError **error)
{
    const TkRegisterSchema *schema =
        tk_registers_open(registers, actor, FACILITIES, TK_REGISTER_READS, error);
    if (schema == NULL)
        return NULL;
    Lines lines;
    tk_buf_init(&lines.out, EXPORT_MAX);
    bool done = tk_register_each(registers, schema, write_line, &lines, error);
    GBytes *bytes = done ? g_bytes_new(lines.out.data, lines.out.len) : NULL;
    tk_buf_clear(&lines.out);
    return bytes;
}

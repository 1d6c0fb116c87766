/* Import: the file is read whole, every row is planned, and only when no row has an error are the planned
 * bodies written. The dry run is the same plan without the writing, so that it cannot promise something else.
 */
#include "service/register_import.h"

#define RECORD_MAX (1024u * 1024)     /* bytes of one CSV record */
#define WHOLE_MAX  9007199254740992.0 /* beyond it a double skips whole numbers */
#define BATCH      1000               /* records of one commit */

void tk_register_row_free(TkRegisterRow *row)
{
    g_free(row->id);
    json_decref(row->values);
    json_decref(row->errors);
    json_decref(row->changes);
    json_decref(row->body);
    g_free(row);
}

/* ---- header ---- */

typedef struct {
    const TkRegisterField *columns[TK_CSV_FIELDS_MAX]; /* NULL: the id */
    size_t count;
    bool has_id;
} Header;

static const TkRegisterField *by_label(const TkRegisterSchema *schema, const char *text)
{
    const TkRegisterField *field = tk_register_field(schema, text);
    for (size_t i = 0; field == NULL && i < schema->count; i++)
        if (strcmp(schema->fields[i].ja, text) == 0 || strcmp(schema->fields[i].en, text) == 0)
            field = &schema->fields[i];
    return field;
}

static bool read_header(const TkRegisterSchema *schema, const TkCsvRecord *record, Header *header,
                        GError **error)
{
    for (size_t i = 0; i < record->count; i++) {
        const char *name = record->fields[i].text;
        bool id = strcmp(name, "id") == 0;
        const TkRegisterField *field = id ? NULL : by_label(schema, name);
        if (!id && field == NULL)
            return tk_fail_both(
                error, TK_ERROR_INPUT, "1 行目 %zu 列目の「%.60s」は台帳 %s の項目ではありません。",
                "line 1: column %zu: “%.60s” is no field of the register %s", i + 1, name, schema->id);
        for (size_t before = 0; before < i; before++)
            if (header->columns[before] == field)
                return tk_fail_both(error, TK_ERROR_INPUT, "1 行目 %zu 列目の「%.60s」が二つあります。",
                                    "line 1: column %zu: “%.60s” is there twice", i + 1, name);
        header->has_id = header->has_id || id;
        header->columns[header->count++] = field;
    }
    return true;
}

/* ---- cells ---- */

/* A whole number is one however it is written, as the store's canonical form has it. */
static json_t *number_of(const char *text, bool whole)
{
    char *end = NULL;
    gint64 value;
    if (g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &value, NULL))
        return json_integer((json_int_t)value);
    double real = whole ? 0 : g_ascii_strtod(text, &end);
    if (whole || *end != '\0' || end == text)
        return json_string(text);
    if (real >= -WHOLE_MAX && real <= WHOLE_MAX && (double)(int64_t)real == real)
        return json_integer((json_int_t)real);
    json_t *number = json_real(real); /* NULL for inf and nan */
    return number != NULL ? number : json_string(text);
}

static json_t *truth_of(const char *text)
{
    static const char *const yes[] = {"true", "yes", "1", "はい", "有", "○", NULL};
    static const char *const no[] = {"false", "no", "0", "いいえ", "無", "×", NULL};
    g_autofree char *low = g_ascii_strdown(text, -1);
    if (g_strv_contains(yes, low))
        return json_true();
    return g_strv_contains(no, low) ? json_false() : json_string(text);
}

static json_t *list_of(const char *text)
{
    json_t *list = json_array();
    g_auto(GStrv) parts = g_strsplit(text, ";", TK_REGISTER_LIST_MAX + 2);
    for (char **part = parts; *part != NULL; part++)
        if (g_strstrip(*part)[0] != '\0')
            json_array_append_new(list, json_string(*part));
    return list;
}

/* "SHA-256 name.pdf" */
static json_t *file_of(const char *text)
{
    const char *space = strchr(text, ' ');
    if (space == NULL)
        return json_string(text);
    g_autofree char *hash = g_strndup(text, (size_t)(space - text));
    return json_pack("{s:s, s:s}", "sha256", hash, "name", space + 1);
}

/* An option may be named by its label, where that is no option's id. */
static json_t *option_of(const TkRegisterField *field, const char *text)
{
    size_t i;
    const json_t *option;
    json_array_foreach(field->options, i, option)
    {
        if (g_strcmp0(json_string_value(json_object_get(option, "id")), text) == 0)
            return json_string(text);
    }
    json_array_foreach(field->options, i, option)
    {
        const json_t *label = json_object_get(option, "label");
        if (g_strcmp0(json_string_value(json_object_get(label, "ja")), text) == 0 ||
            g_strcmp0(json_string_value(json_object_get(label, "en")), text) == 0)
            return json_incref(json_object_get(option, "id"));
    }
    return json_string(text);
}

/* What a cell means; a text that is no value of the type stays a text and is refused by the check. */
static json_t *value_of(const TkRegisterField *field, const char *text)
{
    if (text[0] == '\'' && tk_register_guarded(text))
        text++; /* as an export guards it against spreadsheets */
    if (text[0] == '\0')
        return json_null();
    if (field->classified && strcmp(text, TK_REGISTER_SEALED_CELL) == 0)
        return json_pack("{s:b}", "sealed", 1);
    switch (field->type) {
    case TK_REGISTER_INTEGER:
    case TK_REGISTER_NUMBER:
        return number_of(text, field->type == TK_REGISTER_INTEGER);
    case TK_REGISTER_BOOLEAN:
        return truth_of(text);
    case TK_REGISTER_LIST_OF_REF:
        return list_of(text);
    case TK_REGISTER_FILE:
        return file_of(text);
    case TK_REGISTER_ENUM:
        return option_of(field, text);
    default:
        return json_string(text);
    }
}

/* ---- rows ---- */

TkRegisterRow *tk_register_row_new(uint64_t line)
{
    TkRegisterRow *row = g_new0(TkRegisterRow, 1);
    row->line = line;
    row->id = g_strdup("");
    row->values = json_object();
    row->errors = json_array();
    return row;
}

static TkRegisterRow *read_row(const Header *header, const TkCsvRecord *record)
{
    TkRegisterRow *row = tk_register_row_new(record->line);
    if (record->count != header->count) {
        tk_register_finding(row->errors, "", "列の数が見出しと違います。",
                            "has another number of columns than the header");
        return row;
    }
    for (size_t i = 0; i < record->count; i++) {
        const TkRegisterField *field = header->columns[i];
        const char *text = record->fields[i].text;
        if (strlen(text) != record->fields[i].len)
            tk_register_finding(row->errors, field == NULL ? "id" : field->id, "使えない文字があります。",
                                "holds a NUL character");
        else if (field != NULL)
            json_object_set_new(row->values, field->id, value_of(field, text));
        else {
            g_free(row->id);
            row->id = g_strdup(text);
        }
    }
    g_autoptr(GError) why = NULL;
    if (row->id[0] != '\0' && !tk_register_id_ok(row->id, &why))
        tk_register_finding(row->errors, "id", "番号に使えない文字があるか、長すぎます。", why->message);
    return row;
}

GPtrArray *tk_register_rows(const TkRegisterSchema *schema, const char *text, size_t len, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)tk_register_row_free);
    g_autoptr(TkCsv) csv = tk_csv_new_memory(text, len, RECORD_MAX);
    TkCsvRecord record;
    Header header = {0};
    TkCsvStatus status = tk_csv_next(csv, &record);
    if (status != TK_CSV_OK) {
        tk_fail_both(error, TK_ERROR_INPUT, "1 行目の見出しが読めません: %s",
                     "line 1: the header cannot be read: %s",
                     status == TK_CSV_BAD ? record.why : "the file is empty");
        return NULL;
    }
    if (!read_header(schema, &record, &header, error))
        return NULL;
    while ((status = tk_csv_next(csv, &record)) != TK_CSV_END) {
        if (rows->len == TK_REGISTER_IMPORT_ROWS) {
            tk_fail_both(error, TK_ERROR_LIMIT, "%u 行を超えています。分けて取り込んでください。",
                         "there are more than %u rows; import in parts", TK_REGISTER_IMPORT_ROWS);
            return NULL;
        }
        TkRegisterRow *row =
            status == TK_CSV_OK ? read_row(&header, &record) : tk_register_row_new(record.line);
        if (status != TK_CSV_OK)
            tk_register_finding(row->errors, "", "この行は読めません。", record.why);
        g_ptr_array_add(rows, row);
    }
    return g_steal_pointer(&rows);
}

/* ---- the answer ---- */

static unsigned count_of(const GPtrArray *rows, const char *action)
{
    unsigned count = 0;
    for (unsigned i = 0; i < rows->len; i++)
        count += strcmp(((TkRegisterRow *)rows->pdata[i])->action, action) == 0;
    return count;
}

static json_t *answer(const GPtrArray *rows, bool dry_run, unsigned applied)
{
    json_t *out = json_pack("{s:b, s:i, s:i, s:i, s:i, s:i, s:i, s:[]}", "dry_run", dry_run, "total",
                            (int)rows->len, "add", (int)count_of(rows, "add"), "change",
                            (int)count_of(rows, "change"), "same", (int)count_of(rows, "same"), "error",
                            (int)count_of(rows, "error"), "applied", (int)applied, "items");
    for (unsigned i = 0; i < rows->len; i++) {
        const TkRegisterRow *row = rows->pdata[i];
        bool bad = json_array_size(row->errors) > 0;
        json_array_append_new(json_object_get(out, "items"),
                              json_pack("{s:I, s:s, s:s, s:O}", "line", (json_int_t)row->line, "id", row->id,
                                        "action", row->action, bad ? "errors" : "fields",
                                        bad ? row->errors : row->changes));
    }
    return out;
}

/* ---- the use case ---- */

static bool apply(TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                  const GPtrArray *rows, unsigned *applied, GError **error)
{
    for (unsigned i = 0; i < rows->len;) {
        TkWrite *write = tk_write_new(actor->id, tk_registers_now(registers));
        unsigned batch = 0;
        for (; i < rows->len && batch < BATCH; i++) {
            const TkRegisterRow *row = rows->pdata[i];
            if (row->body == NULL)
                continue;
            tk_register_write(write, schema, row->id, row->version, "import", row->body);
            batch++;
        }
        if (batch == 0) {
            tk_write_free(write);
            break;
        }
        if (!tk_store_commit(registers->store, write, NULL, error)) {
            g_prefix_error(error,
                           "%u rows are written, the others are not; import the file again: ", *applied);
            return false;
        }
        *applied += batch;
    }
    return true;
}

json_t *tk_register_import_rows(TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                                GPtrArray *rows, bool dry_run, GError **error)
{
    unsigned applied = 0;
    g_mutex_lock(&registers->lock);
    bool done = tk_register_plan(registers, schema, rows, error);
    if (done && !dry_run && count_of(rows, "error") == 0)
        done = apply(registers, actor, schema, rows, &applied, error);
    g_mutex_unlock(&registers->lock);
    return done ? answer(rows, dry_run, applied) : NULL;
}

GBytes *tk_register_import(TkRegisters *registers, const TkActor *actor, const char *name, const char *csv,
                           size_t len, bool dry_run, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_WRITES, error);
    if (schema == NULL)
        return NULL;
    if (len > TK_REGISTER_IMPORT_MAX) {
        tk_fail_both(error, TK_ERROR_LIMIT, "ファイルが %u バイトを超えています。分けて取り込んでください。",
                     "the file is larger than %u bytes; import it in parts", TK_REGISTER_IMPORT_MAX);
        return NULL;
    }
    g_autoptr(GPtrArray) rows = tk_register_rows(schema, csv, len, error);
    g_autoptr(json_t) out =
        rows == NULL ? NULL : tk_register_import_rows(registers, actor, schema, rows, dry_run, error);
    return out == NULL ? NULL : tk_register_bytes(out);
}

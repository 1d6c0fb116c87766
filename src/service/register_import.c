/* Import: the file is read whole, every row is planned, and only when no row has an error are the planned
 * bodies written. The dry run is the same plan without the writing, so that it cannot promise something else.
 */
#include "service/register_import.h"

#include "xlsx/xlsx.h"

#define BATCH 1000 /* records of one commit */

/* ---- the answer ---- */

static unsigned count_of(const GPtrArray *rows, const char *action)
{
    unsigned count = 0;
    for (unsigned i = 0; i < rows->len; i++)
        count += strcmp(((TkRegisterRow *)rows->pdata[i])->action, action) == 0;
    return count;
}

/* Each finding with the number of its column, where the file has one for the field. */
static json_t *findings_of(const TkRegisterRow *row)
{
    size_t i;
    json_t *finding;
    json_array_foreach(row->errors, i, finding)
    {
        unsigned column = tk_register_column(row, json_string_value(json_object_get(finding, "field")));
        if (column > 0)
            json_object_set_new(finding, "column", json_integer(column));
    }
    return row->errors;
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
                                        bad ? findings_of(row) : row->changes));
    }
    return out;
}

/* ---- the use case ---- */

bool tk_register_go_on(TkJob *job, uint64_t done, uint64_t total, GError **error)
{
    tk_job_progress(job, done, total);
    return !tk_job_cancelled(job) ||
           tk_fail_both(
               error, TK_ERROR_CONFLICT,
               "取り込みを中止しました。書き込んだ行はそのまま残り、もう一度取り込むと続きから入ります。",
               "the import was stopped; rows that were written stay, and importing the file again goes on");
}

static bool apply(TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                  const GPtrArray *rows, TkJob *job, unsigned *applied, GError **error)
{
    for (unsigned i = 0; i < rows->len;) {
        if (!tk_register_go_on(job, (uint64_t)rows->len + i, 2 * (uint64_t)rows->len, error)) {
            g_prefix_error(error, "%u rows are written, the others are not: ", *applied);
            return false;
        }
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

static json_t *import_rows(TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                           GPtrArray *rows, bool dry_run, TkJob *job, GError **error)
{
    unsigned applied = 0;
    g_mutex_lock(&registers->lock);
    bool done = tk_register_plan(registers, schema, rows, job, error);
    if (done && !dry_run && count_of(rows, "error") == 0)
        done = apply(registers, actor, schema, rows, job, &applied, error);
    g_mutex_unlock(&registers->lock);
    return done ? answer(rows, dry_run, applied) : NULL;
}

json_t *tk_register_import_with(TkRegisters *registers, const TkActor *actor, const char *name,
                                const TkRegisterFile *file, bool dry_run, TkJob *job, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_WRITES, error);
    if (schema == NULL)
        return NULL;
    if (file->len > TK_REGISTER_IMPORT_MAX) {
        tk_fail_both(error, TK_ERROR_LIMIT, "ファイルが %u バイトを超えています。分けて取り込んでください。",
                     "the file is larger than %u bytes; import it in parts", TK_REGISTER_IMPORT_MAX);
        return NULL;
    }
    g_autoptr(GPtrArray) rows = file->read(schema, file, error);
    return rows == NULL ? NULL : import_rows(registers, actor, schema, rows, dry_run, job, error);
}

static GPtrArray *read_table(const TkRegisterSchema *schema, const TkRegisterFile *file, GError **error)
{
    return tk_xlsx_looks_like(file->data, file->len)
               ? tk_register_sheet_rows(schema, file->data, file->len, file->sheet, error)
               : tk_register_rows(schema, file->data, file->len, error);
}

GBytes *tk_register_import_sheet(TkRegisters *registers, const TkActor *actor, const char *name,
                                 const char *sheet, const char *data, size_t len, bool dry_run, TkJob *job,
                                 GError **error)
{
    TkRegisterFile file = {.data = data, .len = len, .sheet = sheet, .read = read_table};
    g_autoptr(json_t) out = tk_register_import_with(registers, actor, name, &file, dry_run, job, error);
    return out == NULL ? NULL : tk_register_bytes(out);
}

GBytes *tk_register_import(TkRegisters *registers, const TkActor *actor, const char *name, const char *data,
                           size_t len, bool dry_run, GError **error)
{
    return tk_register_import_sheet(registers, actor, name, NULL, data, len, dry_run, NULL, error);
}

/* What an import would do, row by row: add a record, change fields of one, nothing, or be refused. Rows of
 * one file may refer to each other in any order. */
#include "service/register_import.h"

typedef struct {
    TkRegisters *registers;
    const TkRegisterSchema *schema;
    GHashTable *coming; /* ids that the file adds, borrowed from the rows */
    uint64_t last;      /* number of the id given out last */
    TkRegisterPasses *passes;
} Plan;

/* Ids of rows that make new records, so that references to them hold; a second row of one id is refused. */
static void gather(Plan *plan, const GPtrArray *rows)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < rows->len; i++) {
        TkRegisterRow *row = rows->pdata[i];
        if (row->id[0] == '\0')
            continue;
        if (!g_hash_table_add(seen, row->id))
            tk_register_finding(row->errors, "id", "同じ番号の行が前にあります。",
                                "is on an earlier line too");
        else if (json_array_size(row->errors) == 0)
            g_hash_table_add(plan->coming, row->id);
    }
}

/* The columns of the row over what the record has. */
static json_t *merged(const Plan *plan, const TkRegisterRow *row, const json_t *old)
{
    g_autoptr(json_t) base =
        old == NULL ? json_object()
                    : tk_register_values(plan->registers, plan->schema, row->id, old, false, NULL);
    json_object_update(base, row->values);
    return tk_register_tidy(plan->schema, base, old);
}

static bool plan_body(Plan *plan, TkRegisterRow *row, const json_t *old, GError **error)
{
    TkRegisterLookup lookup = {plan->registers, plan->schema->id, plan->coming};
    g_autoptr(json_t) values = merged(plan, row, old);
    g_autoptr(json_t) found = tk_register_check(plan->schema, values, tk_register_exists, &lookup);
    g_autoptr(json_t) before = old == NULL ? NULL : tk_register_stored(plan->schema, old);
    TkRegisterEntry entry = {plan->registers, NULL, plan->schema, row->id, before, values, plan->passes};
    if (!tk_register_enter(&entry, found, error))
        return false;
    json_array_extend(row->errors, found);
    if (json_array_size(row->errors) > 0)
        return true;
    row->body = tk_register_seal(plan->registers, plan->schema, row->id, values, old,
                                 tk_registers_now(plan->registers), error);
    if (row->body == NULL)
        return false;
    row->changes = tk_register_changes(plan->schema, json_object_get(old, "values"),
                                       json_object_get(row->body, "values"));
    return true;
}

static bool plan_row(Plan *plan, TkRegisterRow *row, GError **error)
{
    if (json_array_size(row->errors) > 0) {
        row->action = "error";
        return true;
    }
    g_autoptr(TkRecord) old = NULL;
    if (row->id[0] == '\0') {
        do { /* another row of the file may have asked for it */
            g_free(row->id);
            row->id = tk_register_next_id(plan->registers, plan->schema, &plan->last);
        } while (g_hash_table_contains(plan->coming, row->id));
    } else {
        old = tk_store_get(plan->registers->store, plan->schema->kind, row->id, TK_TIME_NONE, NULL);
    }
    row->version = old == NULL ? TK_STORE_NEW : old->version;
    if (!plan_body(plan, row, old == NULL ? NULL : old->body, error))
        return false;
    bool same = old != NULL && row->body != NULL && json_array_size(row->changes) == 0;
    if (same)
        g_clear_pointer(&row->body, json_decref);
    row->action = same ? "same" : row->body == NULL ? "error" : old == NULL ? "add" : "change";
    return true;
}

static void circle_found(const char *id, const char *field, const char *ja, const char *en, void *data)
{
    GPtrArray *rows = data;
    for (unsigned i = 0; i < rows->len; i++) {
        TkRegisterRow *row = rows->pdata[i];
        if (row->body == NULL || strcmp(row->id, id) != 0)
            continue;
        tk_register_finding(row->errors, field, ja, en);
        g_clear_pointer(&row->body, json_decref);
        row->action = "error";
    }
}

/* Rows may close a circle only together: all are held against it at once. */
static bool plan_circles(const Plan *plan, GPtrArray *rows, GError **error)
{
    g_autoptr(GHashTable) coming = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < rows->len; i++) {
        TkRegisterRow *row = rows->pdata[i];
        if (row->body != NULL)
            g_hash_table_insert(coming, row->id, json_object_get(row->body, "values"));
    }
    return g_hash_table_size(coming) == 0 ||
           tk_register_acyclic(plan->registers, plan->schema, coming, circle_found, rows, error);
}

bool tk_register_plan(TkRegisters *registers, const TkRegisterSchema *schema, GPtrArray *rows, TkJob *job,
                      GError **error)
{
    g_autoptr(GHashTable) coming = g_hash_table_new(g_str_hash, g_str_equal);
    g_auto(TkRegisterPasses) passes = {0};
    Plan plan = {.registers = registers, .schema = schema, .coming = coming, .passes = &passes};
    gather(&plan, rows);
    for (unsigned i = 0; i < rows->len; i++) {
        if (i % 256 == 0 && !tk_register_go_on(job, i, 2 * (uint64_t)rows->len, error))
            return false;
        if (!plan_row(&plan, rows->pdata[i], error))
            return false;
    }
    return plan_circles(&plan, rows, error);
}

/* Entering a state. A gate is asked when a record comes to match its condition, not at every later change:
 * what was allowed stays allowed, and that its ground has gone since is for whoever watches that ground. A
 * decision is held against the record's own history, the one place that says who asked. */
#include "service/register.h"

/* ---- gates ---- */

typedef struct {
    const TkRegisterSchema *schema; /* of the records looked at */
    const TkRegisterGate *gate;
    GHashTable *named; /* ids of records that pass */
} Gathering;

static bool gather(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    const Gathering *g = data;
    g_autoptr(json_t) values = tk_register_stored(g->schema, record->body);
    const json_t *by = json_object_get(values, g->gate->by), *one;
    size_t i;
    if (!tk_register_matches(g->gate->with, values))
        return true;
    if (json_is_string(by))
        g_hash_table_add(g->named, g_strdup(json_string_value(by)));
    json_array_foreach(by, i, one)
    {
        g_hash_table_add(g->named, g_strdup(json_string_value(one)));
    }
    return true;
}

void tk_register_passes_clear(TkRegisterPasses *passes)
{
    for (size_t i = 0; i < TK_REGISTER_GATES_MAX; i++)
        g_clear_pointer(&passes->named[i], g_hash_table_unref);
}

/* The ids that pass this gate: read once for however many records are written together. */
static GHashTable *those_that_pass(const TkRegisterEntry *entry, size_t at, GError **error)
{
    GHashTable **named = &entry->passes->named[at];
    if (*named != NULL)
        return *named;
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Gathering gathering = {.gate = &entry->schema->gates[at], .named = found};
    gathering.schema = tk_registers_schema(entry->registers, gathering.gate->other);
    if (!tk_register_each(entry->registers, gathering.schema, gather, &gathering, error))
        return NULL;
    *named = g_steal_pointer(&found);
    return *named;
}

/* What a gate asks of the two records together, and of the day. */
static bool fits_together(const TkRegisterEntry *entry, const TkRegisterGate *gate, const json_t *other)
{
    const char *its, *until = json_string_value(json_object_get(other, gate->until));
    char today[TK_TIME_TEXT_MAX];
    json_t *own;
    json_object_foreach((json_t *)gate->same, its, own)
    {
        const json_t *mine = json_object_get(entry->values, json_string_value(own));
        const json_t *that = json_object_get(other, its);
        if (mine == NULL || that == NULL || !json_equal(mine, that))
            return false;
    }
    tk_date_text(tk_date_of_time(tk_registers_now(entry->registers)), today);
    return until == NULL || strcmp(until, today) >= 0;
}

static bool passes_through(const TkRegisterEntry *entry, const TkRegisterGate *gate)
{
    const TkRegisterSchema *other = tk_registers_schema(entry->registers, gate->other);
    const json_t *ref = json_object_get(entry->values, gate->through->id), *one;
    g_autoptr(json_t) refs = json_is_array(ref) ? json_incref((json_t *)ref) : json_pack("[O?]", ref);
    size_t i;
    json_array_foreach(refs, i, one)
    {
        const char *id = json_string_value(one);
        g_autoptr(TkRecord) record =
            id == NULL ? NULL : tk_store_get(entry->registers->store, other->kind, id, TK_TIME_NONE, NULL);
        g_autoptr(json_t) values = record == NULL ? NULL : tk_register_stored(other, record->body);
        if (values == NULL || !tk_register_matches(gate->with, values) || !fits_together(entry, gate, values))
            return false;
    }
    return json_array_size(refs) > 0;
}

static bool differs(const TkRegisterEntry *entry, const char *field)
{
    const json_t *before = json_object_get(entry->old, field), *now = json_object_get(entry->values, field);
    return (before == NULL) != (now == NULL) || (now != NULL && !json_equal(before, now));
}

static bool enters(const TkRegisterEntry *entry, const TkRegisterGate *gate)
{
    const char *field;
    json_t *wanted;
    if (!tk_register_matches(gate->when, entry->values))
        return false;
    if (entry->old == NULL || (gate->through != NULL && differs(entry, gate->through->id)))
        return true;
    json_object_foreach((json_t *)gate->when, field, wanted)
    {
        if (differs(entry, field))
            return true;
    }
    return false;
}

static bool ask_gate(const TkRegisterEntry *entry, size_t at, json_t *found, GError **error)
{
    const TkRegisterGate *gate = &entry->schema->gates[at];
    if (!enters(entry, gate))
        return true;
    bool passes;
    if (gate->through != NULL) {
        passes = passes_through(entry, gate);
    } else {
        GHashTable *named = those_that_pass(entry, at, error);
        if (named == NULL)
            return false;
        passes = entry->id != NULL && g_hash_table_contains(named, entry->id);
    }
    if (passes)
        return true;
    bool cited = gate->article != NULL;
    g_autofree char *ja =
        g_strdup_printf("%s%s%s%s", gate->ja, cited ? "(" : "", cited ? gate->article : "", cited ? ")" : "");
    g_autofree char *en = g_strdup_printf("%s%s%s%s", gate->en, cited ? " (" : "", cited ? gate->article : "",
                                          cited ? ")" : "");
    const char *field = json_object_iter_key(json_object_iter((json_t *)gate->when));
    tk_register_finding(found, field, ja, en);
    return true;
}

/* ---- approval ---- */

typedef struct {
    const TkRegisterSchema *schema;
    GHashTable *writers; /* of the record since it was last not asked for */
    char *asked_by;      /* who moved it there */
    int64_t asked_at_us;
} Asked;

static void asked_clear(Asked *asked)
{
    g_clear_pointer(&asked->writers, g_hash_table_unref);
    g_clear_pointer(&asked->asked_by, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_clear)

static bool follow(const TkRecord *record, void *data)
{
    Asked *asked = data;
    g_autoptr(json_t) values = tk_register_stored(asked->schema, record->body);
    const TkRegisterApproval *approval = &asked->schema->approval;
    if (record->deleted ||
        !tk_register_among(approval->asked, json_object_get(values, approval->field->id))) {
        g_hash_table_remove_all(asked->writers);
        g_clear_pointer(&asked->asked_by, g_free);
        return true;
    }
    if (asked->asked_by == NULL) {
        asked->asked_by = g_strdup(record->who);
        asked->asked_at_us = record->at_us;
    }
    g_hash_table_add(asked->writers, g_strdup(record->who));
    return true;
}

static bool read_asked(const TkRegisters *registers, const TkRegisterSchema *schema, const char *id,
                       Asked *asked, GError **error)
{
    asked->schema = schema;
    asked->writers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return tk_store_history(registers->store, schema->kind, id, follow, asked, error);
}

/* Whether this person may decide; a finding otherwise. */
static bool may_decide(const TkRegisterEntry *entry, json_t *found, GError **error)
{
    const TkRegisterApproval *a = &entry->schema->approval;
    const char *ja = NULL, *en = NULL;
    g_auto(Asked) asked = {0};
    if (!tk_register_among(a->asked, json_object_get(entry->old, a->field->id))) {
        ja = "先に承認を求めてください。求めた人とは別の人が決めます。";
        en = "must be asked for first; somebody else than who asks decides";
    } else if (entry->actor == NULL) {
        ja = "取込では決められません。記録の画面で決めてください。";
        en = "cannot be decided by an import; decide it at the record";
    } else if (!tk_register_has_role(entry->actor, a->by)) {
        ja = "あなたの役割では決められません。";
        en = "cannot be decided by your role";
    } else if (!read_asked(entry->registers, entry->schema, entry->id, &asked, error)) {
        return false;
    } else if (g_hash_table_contains(asked.writers, entry->actor->id)) {
        ja = "承認を求めた人や、その後に書き換えた人は決められません。別の人に決めてもらってください。";
        en = "cannot be decided by who asked for it, or changed it since; ask somebody else";
    }
    if (ja != NULL)
        tk_register_finding(found, a->field->id, ja, en);
    return true;
}

static void fill(const TkRegisterEntry *entry, const TkRegisterField *field, const json_t *value)
{
    if (field == NULL)
        return;
    if (value == NULL)
        json_object_del(entry->values, field->id);
    else
        json_object_set(entry->values, field->id, (json_t *)value);
}

static void keep_what_was_decided(const TkRegisterEntry *entry, json_t *found)
{
    const TkRegisterApproval *a = &entry->schema->approval;
    for (size_t i = 0; i < entry->schema->count; i++) {
        const TkRegisterField *field = &entry->schema->fields[i];
        g_autoptr(json_t) name = json_string(field->id);
        bool kept = field->classified && tk_register_is_sealed(json_object_get(entry->values, field->id));
        if (!kept && !tk_register_among(a->free, name) && differs(entry, field->id))
            tk_register_finding(found, field->id,
                                "決定済みの記録です。変えるには、まず状態を戻してください。",
                                "belongs to what was decided; put the state back first, then change it");
    }
}

static bool ask_approval(const TkRegisterEntry *entry, json_t *found, GError **error)
{
    const TkRegisterApproval *a = &entry->schema->approval;
    if (a->field == NULL)
        return true;
    const json_t *before = json_object_get(entry->old, a->field->id);
    const json_t *now = json_object_get(entry->values, a->field->id);
    bool decided = tk_register_among(a->decided, now);
    if (decided && before != NULL && json_equal(before, now)) {
        fill(entry, a->who, a->who == NULL ? NULL : json_object_get(entry->old, a->who->id));
        fill(entry, a->at, a->at == NULL ? NULL : json_object_get(entry->old, a->at->id));
        keep_what_was_decided(entry, found);
        return true;
    }
    if (!decided) {
        fill(entry, a->who, NULL);
        fill(entry, a->at, NULL);
        return true;
    }
    if (!may_decide(entry, found, error))
        return false;
    char at[TK_TIME_TEXT_MAX];
    g_autoptr(json_t) who = entry->actor == NULL ? NULL : json_string(entry->actor->id);
    g_autoptr(json_t) when = json_string(tk_time_text(tk_registers_now(entry->registers), at));
    fill(entry, a->who, who);
    fill(entry, a->at, when);
    return true;
}

bool tk_register_enter(const TkRegisterEntry *entry, json_t *found, GError **error)
{
    for (size_t i = 0; i < entry->schema->gate_count; i++)
        if (!ask_gate(entry, i, found, error))
            return false;
    return ask_approval(entry, found, error);
}

/* ---- what waits for a decision ---- */

#define WAITING_MAX 200

static bool keep_id(const TkRecord *record, void *data)
{
    g_ptr_array_add(data, g_strdup(record->id));
    return true;
}

/* The record, unless this person had a part in asking. */
static bool add_waiting(const TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                        const char *id, json_t *items, GError **error)
{
    g_auto(Asked) asked = {0};
    g_autoptr(TkRecord) record = tk_store_get(registers->store, schema->kind, id, TK_TIME_NONE, NULL);
    if (record == NULL) /* deleted in between */
        return true;
    if (!read_asked(registers, schema, id, &asked, error))
        return false;
    if (asked.asked_by == NULL || g_hash_table_contains(asked.writers, actor->id))
        return true;
    char at[TK_TIME_TEXT_MAX];
    g_autoptr(json_t) values = tk_register_stored(schema, record->body);
    json_array_append_new(items, json_pack("{s:s, s:s, s:o, s:O, s:s, s:s}", "register", schema->id, "id", id,
                                           "title", tk_register_title(schema, id, values), "state",
                                           json_object_get(values, schema->approval.field->id), "asked_by",
                                           asked.asked_by, "asked_at", tk_time_text(asked.asked_at_us, at)));
    return true;
}

static bool read_waiting(const TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                         json_t *items, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    size_t i;
    const json_t *option;
    if (!tk_registers_ready(registers, schema, error))
        return false;
    json_array_foreach(schema->approval.asked, i, option)
    {
        TkFilter filter = {.pointer = schema->approval.field->pointer,
                           .op = TK_FILTER_EQ,
                           .text = json_string_value(option)};
        TkQuery query = {.kind = schema->kind, .filters = &filter, .filter_count = 1, .limit = WAITING_MAX};
        if (!tk_store_list(registers->store, &query, keep_id, ids, NULL, error))
            return false;
    }
    for (unsigned n = 0; n < ids->len && json_array_size(items) < WAITING_MAX; n++)
        if (!add_waiting(registers, actor, schema, ids->pdata[n], items, error))
            return false;
    return true;
}

GBytes *tk_registers_waiting(TkRegisters *registers, const TkActor *actor, GError **error)
{
    g_autoptr(json_t) items = json_array();
    for (unsigned i = 0; i < registers->schemas->len; i++) {
        const TkRegisterSchema *schema = registers->schemas->pdata[i];
        if (schema->approval.field != NULL && tk_register_has_role(actor, schema->approval.by) &&
            !read_waiting(registers, actor, schema, items, error))
            return NULL;
    }
    g_autoptr(json_t) out = json_pack("{s:O}", "items", items);
    return tk_register_bytes(out);
}

/* What the registers say, and the set of documents of a confirmation beside it. A confirmation is judged by
 * the law of the day it was filed; one that is not filed yet, by that of the day asked. */
#include "service/standards_private.h"

static GPtrArray *no_records(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)tk_record_free);
}

static bool take_name(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    const char *name = tk_program_text(record, "name");
    if (name != NULL)
        g_hash_table_insert(data, g_strdup(record->id), g_strdup(name));
    return true;
}

/* Only those with a category: a network has facilities by the ten thousand. */
static bool gather_facilities(TkStandards *s, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_schema(s->app->registers, "facilities");
    const TkRegisterField *field = schema == NULL ? NULL : tk_register_field(schema, "category");
    if (field == NULL)
        return true;
    if (!tk_registers_ready(s->app->registers, schema, error))
        return false;
    TkFilter any = {.pointer = field->pointer, .op = TK_FILTER_GE, .text = ""};
    for (guint before = G_MAXUINT; before != s->facilities->len;) {
        before = s->facilities->len;
        if (before >= TK_STANDARDS_FACILITIES_MAX) {
            s->facilities_more = true;
            return true;
        }
        TkPlace after = {.id = before == 0 ? NULL : ((TkRecord *)s->facilities->pdata[before - 1])->id};
        TkQuery query = {.kind = schema->kind,
                         .filters = &any,
                         .filter_count = 1,
                         .after = before == 0 ? NULL : &after,
                         .limit = TK_STORE_LIMIT_MAX};
        if (!tk_store_list(s->app->store, &query, tk_record_keep, s->facilities, NULL, error))
            return false;
    }
    return true;
}

bool tk_standards_gather(TkStandards *s, GError **error)
{
    struct {
        const char *name;
        GPtrArray **into;
    } books[] = {{"confirmations", &s->confirmations},
                 {"confirmation-documents", &s->documents},
                 {"measure-assessments", &s->assessments},
                 {"maintenance-checks", &s->checks},
                 {"orders", &s->orders}};
    s->today = tk_date_of_time(tk_app_now(s->app));
    if (s->date == TK_DATE_NONE)
        s->date = s->today;
    s->facilities = no_records();
    for (size_t i = 0; i < G_N_ELEMENTS(books); i++) {
        *books[i].into = tk_program_records(s->app, books[i].name, error);
        if (*books[i].into == NULL)
            return false;
    }
    return tk_standards_people(s->app, s->actor, &s->names, error) && gather_facilities(s, error);
}

bool tk_standards_people(TkApp *app, const TkActor *actor, GHashTable **names, GError **error)
{
    *names = NULL;
    if (tk_registers_open(app->registers, actor, "persons", TK_REGISTER_READS, NULL) == NULL)
        return true;
    *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return tk_program_each(app, "persons", take_name, *names, error);
}

void tk_standards_clear(TkStandards *s)
{
    g_clear_pointer(&s->confirmations, g_ptr_array_unref);
    g_clear_pointer(&s->documents, g_ptr_array_unref);
    g_clear_pointer(&s->assessments, g_ptr_array_unref);
    g_clear_pointer(&s->checks, g_ptr_array_unref);
    g_clear_pointer(&s->orders, g_ptr_array_unref);
    g_clear_pointer(&s->facilities, g_ptr_array_unref);
    g_clear_pointer(&s->names, g_hash_table_unref);
}

const char *tk_standards_person(const TkStandards *s, const char *id)
{
    const char *name = id == NULL || s->names == NULL ? NULL : g_hash_table_lookup(s->names, id);
    return name != NULL ? name : id;
}

bool tk_standards_names(const TkRecord *record, const char *field, const char *id)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(json_object_get(record->body, "values"), field), i,
                       one) if (g_strcmp0(json_string_value(one), id) == 0) return true;
    return false;
}

const TkRecord *tk_standards_facility(const TkStandards *s, const char *id)
{
    for (guint i = 0; i < s->facilities->len; i++)
        if (strcmp(((const TkRecord *)s->facilities->pdata[i])->id, id) == 0)
            return s->facilities->pdata[i];
    return NULL;
}

/* ---- documents ---- */

static TkDocumentState state_of(const TkRecord *record, TkDate day)
{
    const char *state = record == NULL ? NULL : tk_program_text(record, "state");
    if (state == NULL)
        return TK_DOCUMENT_MISSING;
    if (strcmp(state, "not-applicable") == 0)
        return TK_DOCUMENT_NOT_NEEDED;
    if (strcmp(state, "done") != 0)
        return TK_DOCUMENT_OPEN;
    const json_t *values = json_object_get(record->body, "values");
    if (tk_program_text(record, "content") == NULL && !json_is_object(json_object_get(values, "file")))
        return TK_DOCUMENT_EMPTY;
    TkDate until = tk_program_date_of(record, "valid_until");
    return until != TK_DATE_NONE && until < day ? TK_DOCUMENT_EXPIRED : TK_DOCUMENT_DONE;
}

/* Where a document was recorded twice, the better one counts. */
static const TkRecord *record_of(const TkStandards *s, const char *confirmation, const char *document,
                                 TkDate day)
{
    const TkRecord *best = NULL;
    for (guint i = 0; i < s->documents->len; i++) {
        const TkRecord *record = s->documents->pdata[i];
        if (g_strcmp0(tk_program_text(record, "confirmation"), confirmation) != 0 ||
            g_strcmp0(tk_program_text(record, "document"), document) != 0)
            continue;
        if (best == NULL || state_of(record, day) == TK_DOCUMENT_DONE)
            best = record;
    }
    return best;
}

GArray *tk_standards_lines(const TkStandards *s, const TkRecord *confirmation, TkDate *judged)
{
    TkStandardCategory category;
    const char *id = tk_program_text(confirmation, "category");
    *judged = tk_program_date_of(confirmation, "filed");
    if (*judged == TK_DATE_NONE)
        *judged = s->date;
    if (id == NULL || !tk_law_standard_category(s->app->law, id, *judged, &category))
        return NULL;
    g_autoptr(GArray) set = tk_law_standard_documents(s->app->law, &category, *judged);
    GArray *lines = g_array_new(FALSE, TRUE, sizeof(TkStandardsLine));
    for (guint i = 0; i < set->len; i++) {
        TkStandardsLine line = {.law = g_array_index(set, TkStandardDocument, i)};
        line.record = record_of(s, confirmation->id, line.law.id, *judged);
        line.state = state_of(line.record, *judged);
        /* What completes the others may be wanting; whatever else is conditional has to be said not to apply.
         */
        bool optional = strcmp(line.law.id, "supplement") == 0 && line.record == NULL;
        line.lacking = !optional && line.state != TK_DOCUMENT_DONE && line.state != TK_DOCUMENT_NOT_NEEDED;
        g_array_append_val(lines, line);
    }
    return lines;
}

const TkRecord *tk_standards_assessment(const TkStandards *s, const char *category, const char *measure)
{
    const TkRecord *newest = NULL;
    TkDate best = TK_DATE_NONE;
    for (guint i = 0; i < s->assessments->len; i++) {
        const TkRecord *record = s->assessments->pdata[i];
        if (g_strcmp0(tk_program_text(record, "category"), category) != 0 ||
            g_strcmp0(tk_program_text(record, "measure"), measure) != 0)
            continue;
        TkDate checked = tk_program_date_of(record, "checked");
        if (newest == NULL || (checked != TK_DATE_NONE && (best == TK_DATE_NONE || checked >= best))) {
            newest = record;
            best = checked;
        }
    }
    return newest;
}

size_t tk_standards_basis(const TkStandardCategory *category, const TkRecord *confirmation)
{
    const char *basis = tk_program_text(confirmation, "basis");
    for (size_t i = 0; i < category->basis_count; i++)
        if (g_strcmp0(category->basis[i], basis) == 0)
            return i;
    return 0;
}

TkDate tk_standards_due(const TkRecord *confirmation)
{
    TkDate due = tk_program_date_of(confirmation, "deadline");
    TkDate use = tk_program_date_of(confirmation, "planned_use");
    if (due != TK_DATE_NONE)
        return due;
    if (g_strcmp0(tk_program_text(confirmation, "reason"), "designation") == 0)
        return tk_law_standard_designation_due(tk_program_date_of(confirmation, "designated"));
    return use == TK_DATE_NONE ? TK_DATE_NONE : use - 1;
}

const char *tk_standards_document_state(TkDocumentState state)
{
    static const char *const names[] = {"missing", "open", "done", "not-applicable", "expired", "empty"};
    return names[state];
}

const char *tk_standards_level(TkStandardLevel level)
{
    static const char *const names[] = {"none", "must", "effort"};
    return names[level];
}

/* OSCAL documents out of the registers: of a framework's answers, and of one assessment. */
#include "service/controls_private.h"

static json_t *text_json(const TkRecord *record, const char *field)
{
    const char *text = tk_program_text(record, field);
    return text == NULL ? NULL : json_string(text);
}

static void put_text(json_t *out, const char *key, const TkRecord *record, const char *field)
{
    json_t *text = text_json(record, field);
    if (text != NULL)
        json_object_set_new(out, key, text);
}

static json_t *measure_of(TkApp *app, const TkRecord *result)
{
    const char *id = tk_program_text(result, "countermeasure");
    g_autoptr(TkRecord) record =
        id == NULL ? NULL : tk_store_get(app->store, "r-countermeasures", id, TK_TIME_NONE, NULL);
    if (record == NULL)
        return NULL;
    json_t *out = json_pack("{s:s}", "id", id);
    put_text(out, "title", record, "title");
    put_text(out, "measure", record, "measure");
    put_text(out, "deadline", record, "deadline");
    put_text(out, "status", record, "status");
    return out;
}

static json_t *result_of(TkApp *app, const TkRecord *record)
{
    static const char *const fields[] = {"item",     "method",   "result", "severity",
                                         "observed", "assessed", "status"};
    json_t *out = json_pack("{s:s, s:[]}", "id", record->id, "evidence");
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        put_text(out, fields[i], record, fields[i]);
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(json_object_get(record->body, "values"), "evidence"), i, one)
    {
        json_t *evidence = tk_control_evidence(app, json_string_value(one));
        if (evidence != NULL)
            json_array_append_new(json_object_get(out, "evidence"), evidence);
    }
    json_t *measure = measure_of(app, record);
    if (measure != NULL)
        json_object_set_new(out, "measure", measure);
    return out;
}

/* ---- an assessment with its scope and results ---- */

static json_t *answered_items(const TkControlBook *book, const TkFramework *f)
{
    json_t *items = json_array();
    for (size_t i = 0; i < f->n_items; i++)
        if (g_hash_table_contains(book->by_item, &f->items[i]))
            json_array_append_new(items, json_string(f->items[i].id));
    return items;
}

/* Ids parted by spaces, commas or lines; where there is no text, every control with an answer. */
static json_t *scope_of(const TkControlBook *book, const TkFramework *f, const char *text, json_t *unknown)
{
    if (text == NULL)
        return answered_items(book, f);
    json_t *items = json_array();
    g_auto(GStrv) words = g_strsplit_set(text, " ,;\t\r\n", -1);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (char **word = words; *word != NULL; word++) {
        const TkFrameworkItem *item = **word == '\0' ? NULL : tk_framework_item(f, *word);
        if (item != NULL && g_hash_table_add(seen, (gpointer)item))
            json_array_append_new(items, json_string(item->id));
        else if (**word != '\0' && item == NULL)
            json_array_append_new(unknown, json_string(*word));
    }
    return items;
}

static json_t *results_of(TkApp *app, const char *assessment, GError **error)
{
    g_autoptr(GPtrArray) records = tk_program_records(app, "assessment-results", error);
    json_t *list = records == NULL ? NULL : json_array();
    for (guint i = 0; records != NULL && i < records->len; i++)
        if (g_strcmp0(tk_program_text(records->pdata[i], "assessment"), assessment) == 0)
            json_array_append_new(list, result_of(app, records->pdata[i]));
    return list;
}

/* The assessment as tk_control_assessment_plan takes it, with "framework", "state" and "unknown" besides. */
static json_t *assessment_of(TkApp *app, const TkControlBook *book, const TkRecord *record, GError **error)
{
    static const char *const fields[] = {"title", "framework", "method", "assessor",
                                         "from",  "to",        "state",  "conclusion"};
    const char *framework = tk_program_text(record, "framework");
    const TkFramework *f = framework == NULL ? NULL : tk_framework_find(book->frameworks, framework);
    if (f == NULL) {
        tk_fail(error, TK_ERROR_INPUT, "%s: there is no framework “%.64s”", record->id,
                framework == NULL ? "" : framework);
        return NULL;
    }
    json_t *results = results_of(app, record->id, error);
    if (results == NULL)
        return NULL;
    json_t *unknown = json_array();
    json_t *out = json_pack("{s:s, s:o, s:o, s:o}", "id", record->id, "items",
                            scope_of(book, f, tk_program_text(record, "items"), unknown), "unknown", unknown,
                            "results", results);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        put_text(out, fields[i], record, fields[i]);
    return out;
}

/* Who assesses what they answer for themselves is named: the law of audits, and OSCAL's, is that they do not.
 */
static void add_conflicts(const TkControlBook *book, json_t *assessment)
{
    const char *assessor = json_string_value(json_object_get(assessment, "assessor"));
    const TkFramework *f =
        tk_framework_find(book->frameworks, json_string_value(json_object_get(assessment, "framework")));
    json_t *own = json_array();
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(assessment, "items"), i, item)
    {
        const TkFrameworkItem *one = tk_framework_item(f, json_string_value(item));
        const json_t *answer = one == NULL ? NULL : g_hash_table_lookup(book->by_item, one);
        const char *owner = json_string_value(json_object_get(answer, "owner"));
        if (owner != NULL && g_strcmp0(owner, assessor) == 0)
            json_array_append(own, item);
    }
    json_object_set_new(assessment, "assessor_answers_for", own);
}

GBytes *tk_service_assessments(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkControlBook) book = tk_control_book(app, error);
    g_autoptr(GPtrArray) records = book == NULL ? NULL : tk_program_records(app, "assessments", error);
    if (records == NULL)
        return NULL;
    g_autoptr(json_t) list = json_array();
    for (guint i = 0; i < records->len && i < 500; i++) {
        g_autoptr(GError) why = NULL;
        const TkRecord *record = records->pdata[i];
        json_t *one = assessment_of(app, book, record, &why);
        if (one != NULL)
            add_conflicts(book, one);
        json_array_append_new(list, one != NULL ? one
                                                : json_pack("{s:s, s:s?, s:[], s:[], s:s}", "id", record->id,
                                                            "title", tk_program_text(record, "title"),
                                                            "items", "results", "problem", why->message));
    }
    g_autoptr(json_t) out = json_pack("{s:o, s:O}", "date", tk_program_date_json(book->date), "items", list);
    return tk_json_bytes(out);
}

/* ---- export ---- */

/* OSCAL wants a name of one line without space around it. */
static char *system_name(const TkApp *app)
{
    char *name = g_strdup(app->carrier_en != NULL ? app->carrier_en : "Telecommunications service");
    g_strstrip(name);
    for (char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20)
            *c = ' ';
    return name;
}

static json_t *of_assessment(TkApp *app, const TkControlBook *book, const TkFramework *f, const char *kind,
                             const char *id, const TkControlExport *with, GError **error)
{
    g_autoptr(TkRecord) record = tk_store_get(app->store, "r-assessments", id, TK_TIME_NONE, error);
    g_autoptr(json_t) assessment = record == NULL ? NULL : assessment_of(app, book, record, error);
    if (assessment == NULL)
        return NULL;
    if (g_strcmp0(json_string_value(json_object_get(assessment, "framework")), f->id) != 0) {
        tk_fail(error, TK_ERROR_INPUT, "the assessment %s is not one of %s", id, f->id);
        return NULL;
    }
    if (strcmp(kind, "assessment-plan") == 0)
        return tk_control_assessment_plan(f, assessment, with, error);
    if (strcmp(kind, "assessment-results") == 0)
        return tk_control_assessment_results(f, assessment, with, error);
    return tk_control_assessment_poam(f, assessment, with, error);
}

static json_t *document_of(TkApp *app, const TkControlBook *book, const TkFramework *f, const char *kind,
                           const char *assessment, GError **error)
{
    g_autofree char *system = system_name(app);
    TkControlExport with = {.system = system, .date = book->date, .now_us = tk_app_now(app)};
    if (strcmp(kind, "component-definition") == 0)
        return tk_control_component(book->frameworks, book->read, f, &with, error);
    if (strcmp(kind, "system-security-plan") == 0)
        return tk_control_ssp(book->frameworks, book->read, f, &with, error);
    bool poam = strcmp(kind, "plan-of-action-and-milestones") == 0;
    if (poam && assessment == NULL)
        return tk_control_poam(book->frameworks, book->read, f, &with, error);
    if (!poam && strcmp(kind, "assessment-plan") != 0 && strcmp(kind, "assessment-results") != 0) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "there is no OSCAL document of the kind “%.64s”", kind);
        return NULL;
    }
    if (assessment == NULL) {
        tk_fail(error, TK_ERROR_INPUT, "assessment: say which record of the register of assessments");
        return NULL;
    }
    return of_assessment(app, book, f, kind, assessment, &with, error);
}

bool tk_service_oscal_export(TkApp *app, const TkActor *actor, const char *framework, const char *kind,
                             const char *assessment, TkServiceFile *file, GError **error)
{
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    g_autoptr(TkControlBook) book = tk_control_book(app, error);
    if (book == NULL)
        return false;
    const TkFramework *f = tk_framework_find(book->frameworks, framework);
    if (f == NULL)
        return tk_fail(error, TK_ERROR_NOT_FOUND, "there is no framework “%.64s”", framework);
    g_autoptr(json_t) document = document_of(app, book, f, kind, assessment, error);
    if (document == NULL)
        return false;
    file->bytes = tk_json_bytes(document);
    file->content_type = "application/json";
    file->filename = g_strdup_printf("%s-%s.json", assessment != NULL ? assessment : f->id, kind);
    return true;
}

/* ---- what was received, given on ---- */

bool tk_service_oscal_document(TkApp *app, const TkActor *actor, const char *id, TkServiceFile *file,
                               GError **error)
{
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    g_autoptr(TkControlBook) book = tk_control_book(app, error);
    g_autoptr(TkRecord) record =
        book == NULL ? NULL : tk_store_get(app->store, "r-oscal-documents", id, TK_TIME_NONE, error);
    const char *hash = record == NULL ? NULL : tk_control_file(record, "sha256");
    g_autoptr(GBytes) bytes = hash == NULL ? NULL : tk_store_blob(app->store, hash, error);
    if (bytes == NULL)
        return false;
    g_autoptr(json_t) answers = json_array();
    size_t i;
    json_t *one;
    json_array_foreach(book->answers, i,
                       one) if (g_strcmp0(json_string_value(json_object_get(one, "document")), id) == 0)
        json_array_append_new(
            answers, json_pack("{s:O*, s:O*, s:O*}", "origin", json_object_get(one, "origin"), "state",
                               json_object_get(one, "state"), "text", json_object_get(one, "note")));
    file->content_type = "application/json";
    file->filename = g_strdup_printf("%s.json", id);
    if (json_array_size(answers) == 0) { /* byte for byte as it came */
        file->bytes = g_steal_pointer(&bytes);
        return true;
    }
    g_autoptr(json_t) document =
        tk_oscal_read(id, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
    g_autoptr(json_t) out = document == NULL ? NULL : tk_oscal_with_answers(document, answers);
    file->bytes = out == NULL ? NULL : tk_json_bytes(out);
    return file->bytes != NULL;
}

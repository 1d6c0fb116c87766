/* OSCAL documents, framework files and lists of controls from others. Everything is looked at before anything
 * is kept: the document against the OSCAL models, what it names against what is here. A dry run says all that
 * and writes nothing; what has a fault is never taken. */
#include "service/controls_private.h"

#include "xlsx/xlsx.h"

#define FINDINGS_MAX 200
#define ROWS_MAX     TK_FRAMEWORK_ITEMS_MAX
#define KIND_OWN     "framework"

typedef struct {
    TkApp *app;
    const TkActor *actor;
    const TkControlsImport *how;
    TkControlBook *book;
    GBytes *bytes; /* to be kept */
    json_t *document;
    const char *kind; /* OSCAL's, or KIND_OWN */
    char *title, *framework;
    json_t *findings, *answers, *unknown;
    bool faulty;
    int64_t controls; /* of a framework */
} Import;

static void import_clear(Import *i)
{
    g_clear_pointer(&i->book, tk_control_book_unref);
    g_clear_pointer(&i->bytes, g_bytes_unref);
    json_decref(i->document);
    json_decref(i->findings);
    json_decref(i->answers);
    json_decref(i->unknown);
    g_free(i->title);
    g_free(i->framework);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

static void find(Import *i, bool fault, const char *pointer, const char *message)
{
    i->faulty |= fault;
    if (json_array_size(i->findings) < FINDINGS_MAX)
        json_array_append_new(i->findings, json_pack("{s:s, s:s?, s:s}", "level", fault ? "fault" : "warning",
                                                     "pointer", pointer, "message", message));
}

/* ---- a list of controls in a spreadsheet ---- */

typedef struct {
    json_t *items;
    int id, ja, en, parent, kind; /* columns; −1: not there */
    bool headed;
} Sheet;

static int column(const TkXlsxCell *cells, size_t count, const char *const *names)
{
    for (size_t c = 0; c < count; c++)
        for (const char *const *name = names; *name != NULL; name++)
            if (g_ascii_strcasecmp(cells[c].text, *name) == 0)
                return (int)c;
    return -1;
}

static const char *cell(const TkXlsxCell *cells, size_t count, int at)
{
    return at >= 0 && (size_t)at < count && cells[at].text[0] != '\0' ? cells[at].text : NULL;
}

static bool sheet_row(uint32_t row, const TkXlsxCell *cells, size_t count, gpointer data, GError **error)
{
    static const char *const ids[] = {"id", "番号", "管理策番号", NULL},
                             *const jas[] = {"title", "title_ja", "題名", "管理策", NULL},
                             *const ens[] = {"title_en", "英題", NULL},
                             *const parents[] = {"parent", "親", NULL},
                             *const kinds[] = {"kind", "種類", NULL};
    Sheet *s = data;
    if (!s->headed) {
        s->headed = true;
        s->id = column(cells, count, ids);
        s->ja = column(cells, count, jas);
        s->en = column(cells, count, ens);
        s->parent = column(cells, count, parents);
        s->kind = column(cells, count, kinds);
        return (s->id >= 0 && s->ja >= 0) || tk_fail(error, TK_ERROR_INPUT,
                                                     "row %u: the heading needs the columns id (番号) and "
                                                     "title (題名); parent (親), kind (種類) "
                                                     "and title_en may be there",
                                                     row);
    }
    const char *id = cell(cells, count, s->id), *title = cell(cells, count, s->ja);
    if (id == NULL && title == NULL)
        return true;
    if (id == NULL || title == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "row %u: id or title is missing", row);
    if (json_array_size(s->items) >= ROWS_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "row %u: more than %d controls", row, ROWS_MAX);
    const char *en = cell(cells, count, s->en), *kind = cell(cells, count, s->kind);
    json_array_append_new(s->items,
                          json_pack("{s:s, s:s, s:{s:s, s:s}, s:s*}", "id", id, "kind",
                                    kind != NULL ? kind : "control", "title", "ja", title, "en",
                                    en != NULL ? en : title, "parent", cell(cells, count, s->parent)));
    return true;
}

/* The list as a framework file; the columns are described in docs/framework-format.md. */
static json_t *of_sheet(Import *i, GError **error)
{
    Sheet sheet = {.items = json_array()};
    g_autoptr(json_t) items = sheet.items;
    char day[TK_TIME_TEXT_MAX];
    if (!tk_xlsx_read(g_bytes_get_data(i->bytes, NULL), g_bytes_get_size(i->bytes), NULL, sheet_row, &sheet,
                      error))
        return NULL;
    if (i->how->framework == NULL) {
        tk_fail(error, TK_ERROR_INPUT, "framework: say under which id the list is to be a framework");
        return NULL;
    }
    const char *name = i->how->name != NULL ? i->how->name : i->how->framework;
    return json_pack("{s:s, s:s, s:{s:s, s:s}, s:s, s:s, s:s, s:s, s:s, s:b, s:O}", "format",
                     "tokatsu-framework/1", "id", i->how->framework, "title", "ja", name, "en", name,
                     "publisher", "-", "edition", "-", "published", tk_date_text(i->book->date, day),
                     "source", name, "unit", "control", "verified", 0, "items", items);
}

/* ---- reading ---- */

static bool read_document(Import *i, GError **error)
{
    const char *text = g_bytes_get_data(i->bytes, NULL);
    gsize len = g_bytes_get_size(i->bytes);
    if (tk_xlsx_looks_like(text, len)) {
        i->document = of_sheet(i, error);
        if (i->document == NULL)
            return false;
        g_bytes_unref(i->bytes);
        i->bytes = tk_json_bytes(i->document);
    } else {
        i->document = tk_json_read("the document", text, len, TK_CONTROLS_IMPORT_MAX, error);
    }
    if (i->document == NULL)
        return false;
    const char *format = json_string_value(json_object_get(i->document, "format"));
    i->kind = g_strcmp0(format, "tokatsu-framework/1") == 0 ? KIND_OWN : tk_oscal_kind(i->document);
    return i->kind != NULL ||
           tk_fail(error, TK_ERROR_INPUT, "the document is neither OSCAL in JSON nor a framework file");
}

static bool check_oscal(Import *i, GError **error)
{
    g_autoptr(GBytes) asset = tk_asset("frameworks/oscal/models.json");
    g_autoptr(TkOscalModels) models =
        tk_oscal_models_new(g_bytes_get_data(asset, NULL), g_bytes_get_size(asset), error);
    if (models == NULL)
        return false;
    g_autoptr(GPtrArray) found = tk_oscal_check(models, i->document);
    for (guint n = 0; n < found->len; n++) {
        const TkOscalFinding *one = found->pdata[n];
        find(i, one->fault, one->pointer, one->text);
    }
    return true;
}

/* ---- frameworks ---- */

/* Looks at a framework as it would be loaded: alone, and whether its id is free. */
static void check_framework(Import *i, const json_t *framework)
{
    g_autoptr(GBytes) bytes = tk_json_bytes(framework);
    TkFrameworkFile file = {"the framework", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)};
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) why = NULL;
    g_autoptr(TkFrameworks) sound = tk_frameworks_load(&file, 1, faults, &why);
    for (guint n = 0; n < faults->len; n++)
        find(i, true, NULL, faults->pdata[n]);
    if (sound == NULL && faults->len == 0)
        find(i, true, NULL, why->message);
    if (sound == NULL)
        return;
    const TkFramework *f = tk_frameworks_at(sound, 0);
    i->controls = (int64_t)f->n_units;
    g_free(i->framework);
    i->framework = g_strdup(f->id);
    g_free(i->title);
    i->title = g_strdup(f->title_ja);
    const char *there = g_hash_table_lookup(i->book->imported, f->id);
    if (tk_framework_find(i->book->frameworks, f->id) != NULL) {
        g_autofree char *said = g_strdup_printf("the framework “%s” is there already%s%s", f->id,
                                                there != NULL ? ": record " : "", there != NULL ? there : "");
        find(i, true, NULL, said);
    }
}

static void take_catalog(Import *i)
{
    g_autoptr(GError) why = NULL;
    if (i->how->framework == NULL || i->faulty)
        return; /* kept, and not used as a framework */
    g_autoptr(json_t) framework = tk_framework_of_catalog(i->document, i->how->framework, &why);
    if (framework == NULL)
        find(i, true, NULL, why->message);
    else
        check_framework(i, framework);
}

/* ---- profiles ---- */

typedef struct {
    Import *import;
    GPtrArray *records; /* of oscal-documents */
} Library;

static json_t *open_record(const Library *library, const TkRecord *record, GError **error)
{
    const char *hash = tk_control_file(record, "sha256");
    g_autoptr(GBytes) bytes = hash == NULL ? NULL : tk_store_blob(library->import->app->store, hash, error);
    return bytes == NULL
               ? NULL
               : tk_oscal_read(record->id, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
}

/* The kept document whose file has the name that the href ends with. */
static const TkRecord *by_href(const Library *library, const char *href)
{
    g_autofree char *plain = g_uri_unescape_string(href, NULL);
    g_autofree char *name = plain == NULL ? NULL : g_path_get_basename(plain);
    for (guint n = 0; name != NULL && n < library->records->len; n++)
        if (g_strcmp0(tk_control_file(library->records->pdata[n], "name"), name) == 0)
            return library->records->pdata[n];
    return NULL;
}

static const TkRecord *by_resource(const Library *library, const json_t *resource)
{
    const TkRecord *found = NULL;
    size_t n;
    json_t *rlink;
    json_array_foreach(json_object_get(resource, "rlinks"), n, rlink)
    {
        const char *href = json_string_value(json_object_get(rlink, "href"));
        if (found == NULL && href != NULL)
            found = by_href(library, href);
    }
    return found;
}

static const TkRecord *by_id(const Library *library, const char *id)
{
    for (guint n = 0; id != NULL && n < library->records->len; n++)
        if (strcmp(((const TkRecord *)library->records->pdata[n])->id, id) == 0)
            return library->records->pdata[n];
    return NULL;
}

static json_t *fetch(void *user, const char *from, const char *href, const json_t *resource, char **name,
                     GError **error)
{
    const Library *library = user;
    (void)from;
    const TkRecord *record = resource != NULL ? by_resource(library, resource) : by_href(library, href);
    if (record == NULL)
        record = by_id(library, library->import->how->catalog);
    if (record == NULL) {
        tk_fail(
            error, TK_ERROR_INPUT,
            "the profile imports “%.200s”, which is not among the OSCAL documents here: import it first, or "
            "name the catalogue's record",
            href);
        return NULL;
    }
    *name = g_strdup(record->id);
    return open_record(library, record, error);
}

/* A profile becomes the catalogue that it chooses. */
static void take_profile(Import *i)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) why = NULL;
    if (i->faulty || i->how->framework == NULL)
        return;
    g_autoptr(GPtrArray) records = tk_program_records(i->app, "oscal-documents", &why);
    Library library = {i, records};
    json_t *resolved = NULL;
    if (records != NULL)
        resolved =
            tk_oscal_resolve(i->document, "the profile", fetch, &library, tk_app_now(i->app), notes, &why);
    for (guint n = 0; n < notes->len; n++)
        find(i, false, NULL, notes->pdata[n]);
    if (resolved == NULL) {
        find(i, true, "/profile/imports", why->message);
        return;
    }
    json_decref(i->document);
    i->document = resolved;
    i->kind = "catalog";
    g_bytes_unref(i->bytes);
    i->bytes = tk_json_bytes(resolved);
    take_catalog(i);
}

/* ---- answers ---- */

static const char *action_of(const Import *i, const json_t *own, const json_t *answer)
{
    if (own == NULL)
        return "add";
    bool same = json_equal(json_object_get(own, "state"), json_object_get(answer, "state")) &&
                json_equal(json_object_get(own, "note"), json_object_get(answer, "text"));
    return same ? "same" : i->how->replace ? "replace" : "keep";
}

static void take_answers(Import *i)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) why = NULL;
    const TkFramework *f =
        i->how->framework == NULL ? NULL : tk_framework_find(i->book->frameworks, i->how->framework);
    if (f == NULL) {
        find(i, true, NULL,
             i->how->framework == NULL ? "framework: say which framework the answers are about"
                                       : "framework: there is no such framework");
        return;
    }
    i->framework = g_strdup(f->id);
    json_decref(i->answers);
    i->answers = tk_oscal_answers(i->document, f, i->unknown, notes, &why);
    for (guint n = 0; n < notes->len; n++)
        find(i, false, NULL, notes->pdata[n]);
    size_t n;
    json_t *answer;
    json_array_foreach(i->answers, n, answer)
    {
        const TkFrameworkItem *item =
            tk_framework_item(f, json_string_value(json_object_get(answer, "item")));
        const json_t *own = g_hash_table_lookup(i->book->by_item, item);
        json_object_set_new(answer, "action", json_string(action_of(i, own, answer)));
        json_object_set_new(answer, "title", tk_control_title(item));
        if (own != NULL)
            json_object_set_new(answer, "before", json_incref(json_object_get(own, "state")));
    }
}

/* ---- writing ---- */

static json_t *metadata_of(const Import *i)
{
    return json_object_get(json_object_get(i->document, i->kind), "metadata");
}

static void set_text(json_t *values, const char *key, const json_t *text, size_t max)
{
    const char *said = json_string_value(text);
    if (said == NULL || said[0] == '\0')
        return;
    g_autofree char *cut =
        g_utf8_strlen(said, -1) > (glong)max ? g_utf8_substring(said, 0, (glong)max) : g_strdup(said);
    for (char *c = cut; *c != '\0'; c++)
        if (((unsigned char)*c < 0x20 && *c != '\n' && *c != '\t') || *c == 0x7f)
            *c = ' ';
    json_object_set_new(values, key, json_string(cut));
}

static json_t *record_of(const Import *i, const char *hash)
{
    char day[TK_TIME_TEXT_MAX];
    g_autofree char *name = g_strdup(i->how->name != NULL ? i->how->name : "document.json");
    json_t *values =
        json_pack("{s:s, s:{s:s, s:s}, s:s, s:b}", "kind", i->kind, "file", "sha256", hash, "name", name,
                  "imported", tk_date_text(i->book->date, day), "used", i->controls > 0);
    const json_t *metadata = metadata_of(i);
    g_autoptr(json_t) title = json_string(i->title != NULL ? i->title : name);
    set_text(values, "title",
             json_object_get(metadata, "title") != NULL ? json_object_get(metadata, "title") : title, 400);
    set_text(values, "uuid", json_object_get(json_object_get(i->document, i->kind), "uuid"), 64);
    set_text(values, "edition", json_object_get(metadata, "version"), 200);
    set_text(values, "oscal_version", json_object_get(metadata, "oscal-version"), 40);
    if (i->framework != NULL)
        json_object_set_new(values, "framework", json_string(i->framework));
    return json_pack("{s:o}", "values", values);
}

static char *keep_document(Import *i, GBytes **findings, GError **error)
{
    g_autoptr(GBytes) kept = tk_register_file_add(i->app->registers, i->actor, i->bytes, error);
    if (kept == NULL)
        return NULL;
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, i->bytes);
    g_autoptr(json_t) request = record_of(i, hash);
    g_autoptr(GBytes) answer =
        tk_register_add(i->app->registers, i->actor, "oscal-documents", request, NULL, findings, error);
    g_autoptr(json_t) record = answer == NULL ? NULL
                                              : tk_json_read("record", g_bytes_get_data(answer, NULL),
                                                             g_bytes_get_size(answer), 1 << 20, error);
    return record == NULL ? NULL : g_strdup(json_string_value(json_object_get(record, "id")));
}

static json_t *values_of(const Import *i, const json_t *answer, const char *document)
{
    const char *state = json_string_value(json_object_get(answer, "state"));
    json_t *values = json_pack("{s:s, s:O, s:s, s:s}", "framework", i->framework, "item",
                               json_object_get(answer, "item"), "state", state, "document", document);
    set_text(values, strcmp(state, "not-applicable") == 0 ? "reason" : "text",
             json_object_get(answer, "text"), 8000);
    set_text(values, "origin", json_object_get(answer, "origin"), 64);
    return values;
}

static bool write_answer(Import *i, const json_t *answer, const char *document, GBytes **findings,
                         GError **error)
{
    const char *action = json_string_value(json_object_get(answer, "action")),
               *item = json_string_value(json_object_get(answer, "item"));
    const TkFramework *f = tk_framework_find(i->book->frameworks, i->framework);
    const json_t *own = g_hash_table_lookup(i->book->by_item, tk_framework_item(f, item));
    g_autofree char *id = g_strdup_printf("%s:%s", i->framework, item);
    if (strcmp(action, "add") == 0) {
        g_autoptr(json_t) request =
            json_pack("{s:s, s:o}", "id", id, "values", values_of(i, answer, document));
        g_autoptr(GBytes) done =
            tk_register_add(i->app->registers, i->actor, "control-answers", request, NULL, findings, error);
        return done != NULL;
    }
    if (strcmp(action, "replace") != 0)
        return true;
    const char *record = json_string_value(json_object_get(own, "record"));
    g_autoptr(TkRecord) before =
        tk_store_get(i->app->store, "r-control-answers", record, TK_TIME_NONE, error);
    if (before == NULL)
        return false;
    g_autoptr(json_t) values = json_deep_copy(json_object_get(before->body, "values"));
    g_autoptr(json_t) fresh = values_of(i, answer, document);
    json_object_update(values, fresh); /* owner, evidence and review stay */
    g_autoptr(json_t) request = json_pack("{s:O}", "values", values);
    g_autoptr(GBytes) done = tk_register_put(i->app->registers, i->actor, "control-answers", record,
                                             before->version, request, NULL, findings, error);
    return done != NULL;
}

/* ---- the whole ---- */

static void look(Import *i)
{
    if (strcmp(i->kind, KIND_OWN) == 0)
        check_framework(i, i->document);
    else if (strcmp(i->kind, "catalog") == 0)
        take_catalog(i);
    else if (strcmp(i->kind, "profile") == 0)
        take_profile(i);
    else if (!i->faulty &&
             (strcmp(i->kind, "component-definition") == 0 || strcmp(i->kind, "system-security-plan") == 0))
        take_answers(i);
}

static json_t *import_view(const Import *i, const char *document)
{
    return json_pack("{s:b, s:b, s:s, s:O?, s:s?, s:s?, s:I, s:O, s:O, s:O}", "dry_run", i->how->dry_run,
                     "sound", !i->faulty, "kind", i->kind, "title", json_object_get(metadata_of(i), "title"),
                     "framework", i->framework, "document", document, "controls", (json_int_t)i->controls,
                     "findings", i->findings, "answers", i->answers, "unknown", i->unknown);
}

static bool may_write(TkApp *app, const TkActor *actor, GError **error)
{
    return tk_registers_open(app->registers, actor, "oscal-documents", TK_REGISTER_WRITES, error) != NULL &&
           tk_registers_open(app->registers, actor, "control-answers", TK_REGISTER_WRITES, error) != NULL;
}

GBytes *tk_service_controls_import(TkApp *app, const TkActor *actor, const TkControlsImport *how,
                                   GBytes *bytes, GBytes **findings, GError **error)
{
    g_auto(Import) i = {.app = app, .actor = actor, .how = how};
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    i.findings = json_array();
    i.answers = json_array();
    i.unknown = json_array();
    i.bytes = g_bytes_ref(bytes);
    i.book = tk_control_book(app, error);
    if (i.book == NULL || !read_document(&i, error) ||
        (strcmp(i.kind, KIND_OWN) != 0 && !check_oscal(&i, error)))
        return NULL;
    look(&i);
    g_autofree char *document = NULL;
    if (i.faulty && !how->dry_run) {
        g_autoptr(json_t) more = json_pack("{s:O}", "findings", i.findings);
        *findings = tk_json_bytes(more);
        tk_fail(error, TK_ERROR_INVALID,
                "the document has faults, each of which is named; nothing was taken");
        return NULL;
    }
    if (!how->dry_run &&
        (!may_write(app, actor, error) || (document = keep_document(&i, findings, error)) == NULL))
        return NULL;
    size_t n;
    json_t *answer;
    json_array_foreach(i.answers, n, answer) if (!how->dry_run && !write_answer(&i, answer, document,
                                                                                findings, error)) return NULL;
    g_autoptr(json_t) out = import_view(&i, document);
    return tk_json_bytes(out);
}

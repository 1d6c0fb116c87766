/* The book of controls: answers and their evidence out of the registers, frameworks with those that were
 * imported, and the coverage that follows.
 *
 * Computing it walks the crosswalks from every answer, too much for every page that is opened. So it is kept
 * as long as the ledger shows no write of a register that it was made from: looking through the few events
 * since then is cheaper than asking each register, and nothing has to be told about a change. */
#include "service/controls_private.h"

#define FINDINGS_MAX 200
#define LOOK_MAX     20000 /* events since the book was made; past it, it is made anew */

TkControls *tk_controls_new(void)
{
    TkControls *controls = g_new0(TkControls, 1);
    g_mutex_init(&controls->lock);
    g_mutex_init(&controls->checks_lock);
    g_mutex_init(&controls->run_lock);
    g_cond_init(&controls->wake);
    controls->last_run_us = TK_TIME_NONE;
    return controls;
}

static void set_unref(TkControlSet *set)
{
    if (set == NULL || !g_atomic_ref_count_dec(&set->refs))
        return;
    g_clear_pointer(&set->checks, tk_checks_free); /* before the frameworks it points into */
    g_clear_pointer(&set->imported, g_hash_table_unref);
    g_clear_pointer(&set->frameworks, tk_frameworks_free);
    json_decref(set->findings);
    g_free(set->stamp);
    g_free(set);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkControlSet, set_unref)

void tk_control_book_unref(TkControlBook *book)
{
    if (book == NULL || !g_atomic_ref_count_dec(&book->refs))
        return;
    g_clear_pointer(&book->support, g_hash_table_unref);
    g_clear_pointer(&book->supports, g_array_unref);
    g_clear_pointer(&book->by_item, g_hash_table_unref);
    g_clear_pointer(&book->read, tk_control_answers_free);
    g_clear_pointer(&book->set, set_unref); /* last: answers and coverage point into it */
    json_decref(book->answers);
    json_decref(book->findings);
    g_free(book);
}

void tk_controls_free(TkControls *controls)
{
    if (controls == NULL)
        return;
    tk_control_book_unref(controls->book);
    set_unref(controls->set);
    json_decref(controls->results);
    g_mutex_clear(&controls->lock);
    g_mutex_clear(&controls->checks_lock);
    g_mutex_clear(&controls->run_lock);
    g_cond_clear(&controls->wake);
    g_free(controls);
}

static void find(json_t *findings, const char *record, const char *ja, const char *en)
{
    if (json_array_size(findings) < FINDINGS_MAX)
        json_array_append_new(findings, json_pack("{s:s?, s:s, s:s}", "record", record, "ja", ja, "en", en));
}

/* ---- frameworks ---- */

typedef struct {
    GPtrArray *contents; /* GBytes that the files point into */
    GArray *files;       /* TkFrameworkFile */
} Files;

static void files_init(Files *files)
{
    files->contents = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    files->files = g_array_new(FALSE, FALSE, sizeof(TkFrameworkFile));
}

static void files_clear(Files *files)
{
    g_ptr_array_unref(files->contents);
    g_array_unref(files->files);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Files, files_clear)

static void files_add(Files *files, const char *name, GBytes *bytes)
{
    g_ptr_array_add(files->contents, bytes);
    TkFrameworkFile file = {name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)};
    g_array_append_val(files->files, file);
}

static void files_add_built_in(Files *files, char **names)
{
    for (char **name = names; *name != NULL; name++)
        if (g_str_has_suffix(*name, ".json") && !g_str_has_prefix(*name, "frameworks/oscal/") &&
            !g_str_has_prefix(*name, "frameworks/checks/"))
            files_add(files, *name, tk_asset(*name));
}

TkFrameworks *tk_controls_frameworks(const TkFrameworkFile *more, size_t n, GError **error)
{
    g_auto(Files) files;
    files_init(&files);
    g_auto(GStrv) names = tk_asset_list("frameworks");
    files_add_built_in(&files, names);
    if (n > 0)
        g_array_append_vals(files.files, more, (guint)n);
    return tk_frameworks_load((const TkFrameworkFile *)files.files->data, files.files->len, NULL, error);
}

/* ---- frameworks that were imported ---- */

typedef struct {
    TkApp *app;
    TkControlSet *set;
    Files files;
} Importing;

const char *tk_control_file(const TkRecord *record, const char *field)
{
    const json_t *values = json_object_get(record->body, "values");
    return json_string_value(json_object_get(json_object_get(values, "file"), field));
}

/* The framework's file out of an imported document: a catalogue is made one, a framework file is one. */
static GBytes *framework_of(TkApp *app, const TkRecord *record, GError **error)
{
    const char *id = tk_program_text(record, "framework"), *kind = tk_program_text(record, "kind");
    if (id == NULL || tk_control_file(record, "sha256") == NULL) {
        tk_fail(error, TK_ERROR_INPUT, "has no framework id or no file");
        return NULL;
    }
    g_autoptr(GBytes) bytes = tk_store_blob(app->store, tk_control_file(record, "sha256"), error);
    if (bytes == NULL || g_strcmp0(kind, "framework") == 0)
        return g_steal_pointer(&bytes);
    g_autoptr(json_t) document =
        tk_oscal_read(record->id, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
    g_autoptr(json_t) framework = document == NULL ? NULL : tk_framework_of_catalog(document, id, error);
    return framework == NULL ? NULL : tk_json_bytes(framework);
}

static bool is_used(const TkRecord *record)
{
    return json_is_true(json_object_get(json_object_get(record->body, "values"), "used"));
}

/* An imported framework that cannot be used costs itself only. */
static void take_framework(Importing *m, GHashTable *ids, const TkRecord *record)
{
    g_autoptr(GError) why = NULL;
    GBytes *bytes = framework_of(m->app, record, &why);
    const char *id = tk_program_text(record, "framework");
    TkFrameworkFile alone = {record->id, NULL, 0};
    if (bytes != NULL) {
        alone.text = g_bytes_get_data(bytes, NULL);
        alone.len = g_bytes_get_size(bytes);
    }
    g_autoptr(TkFrameworks) sound = bytes == NULL ? NULL : tk_frameworks_load(&alone, 1, NULL, &why);
    if (sound != NULL && (tk_framework_find(sound, id) == NULL || g_hash_table_contains(ids, id)))
        tk_fail(&why, TK_ERROR_INPUT, "the framework “%s” is there already, or is not what the file holds",
                id);
    if (why != NULL) {
        find(m->set->findings, record->id, "枠組みとして使えません。", why->message);
        g_clear_pointer(&bytes, g_bytes_unref);
        return;
    }
    g_hash_table_add(ids, g_strdup(id));
    g_hash_table_insert(m->set->imported, g_strdup(id), g_strdup(record->id));
    files_add(&m->files, record->id, bytes);
}

static bool load_frameworks(Importing *m, GPtrArray *records, GError **error)
{
    g_autoptr(TkFrameworks) built_in = tk_controls_frameworks(NULL, 0, error);
    if (built_in == NULL)
        return false;
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < tk_frameworks_count(built_in); i++)
        g_hash_table_add(ids, g_strdup(tk_frameworks_at(built_in, i)->id));
    for (guint i = 0; i < records->len; i++)
        if (is_used(records->pdata[i]))
            take_framework(m, ids, records->pdata[i]);
    m->set->frameworks = m->files.files->len == 0
                             ? g_steal_pointer(&built_in)
                             : tk_controls_frameworks((const TkFrameworkFile *)m->files.files->data,
                                                      m->files.files->len, error);
    return m->set->frameworks != NULL;
}

static bool load_checks(TkControlSet *set, GError **error)
{
    static const char name[] = "frameworks/checks/checks.json";
    g_autoptr(GBytes) bytes = tk_asset(name);
    set->checks =
        tk_checks_load(set->frameworks, name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
    return set->checks != NULL;
}

static TkControlSet *make_set(TkApp *app, GPtrArray *records, const char *stamp, GError **error)
{
    g_autoptr(TkControlSet) set = g_new0(TkControlSet, 1);
    g_atomic_ref_count_init(&set->refs);
    set->imported = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    set->findings = json_array();
    set->stamp = g_strdup(stamp);
    Importing m = {.app = app, .set = set};
    files_init(&m.files);
    bool done = load_frameworks(&m, records, error) && load_checks(set, error);
    files_clear(&m.files);
    return done ? g_steal_pointer(&set) : NULL;
}

/* The set as the register has it now; a reference. Under the lock. */
static TkControlSet *set_now(TkApp *app, GError **error)
{
    TkControls *controls = app->controls;
    g_autoptr(GPtrArray) records = tk_program_records(app, "oscal-documents", error);
    g_autoptr(GString) stamp = g_string_new(NULL);
    if (records == NULL)
        return NULL;
    for (guint i = 0; i < records->len; i++) {
        const TkRecord *record = records->pdata[i];
        if (is_used(record))
            g_string_append_printf(stamp, "%s@%" G_GINT64_FORMAT "\n", record->id, record->version);
    }
    if (controls->set == NULL || strcmp(controls->set->stamp, stamp->str) != 0) {
        TkControlSet *fresh = make_set(app, records, stamp->str, error);
        if (fresh == NULL)
            return NULL;
        set_unref(controls->set);
        controls->set = fresh;
    }
    g_atomic_ref_count_inc(&controls->set->refs);
    return controls->set;
}

/* ---- answers ---- */

typedef struct {
    TkApp *app;
    TkControlBook *book;
} Gathering;

json_t *tk_control_evidence(TkApp *app, const char *document)
{
    g_autoptr(TkRecord) record = tk_store_get(app->store, "r-documents", document, TK_TIME_NONE, NULL);
    const char *from = record == NULL ? NULL : tk_program_text(record, "effective");
    if (record != NULL && from == NULL)
        from = tk_program_text(record, "approved");
    if (from == NULL)
        return NULL;
    return json_pack("{s:s, s:s?, s:s, s:s*, s:s*}", "record", document, "title",
                     tk_program_text(record, "title"), "effective", from, "expires",
                     tk_program_text(record, "valid_until"), "sha256", tk_control_file(record, "sha256"));
}

static void add_evidence(Gathering *g, GHashTable *known, const TkRecord *record, json_t *answer)
{
    json_t *list = json_array();
    json_object_set_new(answer, "evidence", list);
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(json_object_get(record->body, "values"), "evidence"), i, one)
    {
        const char *id = json_string_value(one);
        if (!g_hash_table_contains(known, id))
            g_hash_table_insert(known, g_strdup(id), tk_control_evidence(g->app, id));
        json_t *evidence = g_hash_table_lookup(known, id);
        if (evidence != NULL && json_array_size(list) < 100)
            json_array_append(list, evidence);
        else if (evidence == NULL) {
            g_autofree char *en = g_strdup_printf("the evidence %s has no day from which it counts", id);
            find(g->book->findings, record->id, "有効開始日も承認日もない証拠は数えません。", en);
        }
    }
}

static json_t *answer_of(const TkRecord *record)
{
    static const char *const texts[] = {"framework", "item",     "state", "owner",
                                        "review",    "document", "origin"};
    json_t *answer = json_pack("{s:s, s:I}", "record", record->id, "version", (json_int_t)record->version);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *text = tk_program_text(record, texts[i]);
        if (text != NULL)
            json_object_set_new(answer, texts[i], json_string(text));
    }
    bool out = g_strcmp0(tk_program_text(record, "state"), "not-applicable") == 0;
    const char *words = tk_program_text(record, out ? "reason" : "text");
    if (words != NULL)
        json_object_set_new(answer, "note", json_string(words));
    const json_t *systems = json_object_get(json_object_get(record->body, "values"), "systems");
    if (systems != NULL)
        json_object_set(answer, "systems", (json_t *)systems);
    return answer;
}

static void unref_json(void *value)
{
    json_decref(value);
}

static bool read_answers(Gathering *g, GError **error)
{
    g_autoptr(GPtrArray) records = tk_program_records(g->app, "control-answers", error);
    g_autoptr(GPtrArray) refused = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_json);
    if (records == NULL)
        return false;
    for (guint i = 0; i < records->len; i++) {
        json_t *answer = answer_of(records->pdata[i]);
        add_evidence(g, known, records->pdata[i], answer);
        json_array_append_new(g->book->answers, answer);
    }
    g->book->read =
        tk_control_answers_of(g->book->frameworks, "control-answers", g->book->answers, refused, error);
    for (guint i = 0; i < refused->len; i++)
        find(g->book->findings, NULL, "数えていない回答があります。", refused->pdata[i]);
    return g->book->read != NULL;
}

/* Which record speaks of which item: the one that the reader took. */
static void join_answers(TkControlBook *book)
{
    size_t i;
    json_t *answer;
    json_array_foreach(book->answers, i, answer)
    {
        const char *framework = json_string_value(json_object_get(answer, "framework"));
        const char *id = json_string_value(json_object_get(answer, "item"));
        const TkFramework *f = framework == NULL ? NULL : tk_framework_find(book->frameworks, framework);
        const TkFrameworkItem *item = f == NULL || id == NULL ? NULL : tk_framework_item(f, id);
        if (item != NULL && !g_hash_table_contains(book->by_item, item))
            g_hash_table_insert(book->by_item, (gpointer)item, answer);
    }
    for (guint s = 0; s < book->supports->len; s++) {
        TkSupport *support = &g_array_index(book->supports, TkSupport, s);
        g_hash_table_insert(book->support, (gpointer)support->item, support);
    }
}

/* ---- the book ---- */

static TkControlBook *make(TkApp *app, TkDate today, GError **error)
{
    g_autoptr(TkControlBook) book = g_new0(TkControlBook, 1);
    g_atomic_ref_count_init(&book->refs);
    book->by_item = g_hash_table_new(NULL, NULL);
    book->support = g_hash_table_new(NULL, NULL);
    book->answers = json_array();
    book->date = today;
    book->ledger_size = tk_store_ledger_size(app->store); /* before reading: later writes are looked at */
    book->set = set_now(app, error);
    if (book->set == NULL)
        return NULL;
    book->frameworks = book->set->frameworks;
    book->imported = book->set->imported;
    book->checks = book->set->checks;
    book->findings = json_copy(book->set->findings);
    Gathering g = {app, book};
    if (!read_answers(&g, error))
        return NULL;
    book->supports = tk_control_coverage(book->frameworks, book->read, NULL, today);
    join_answers(book);
    return g_steal_pointer(&book);
}

static bool looks_changed(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    static const char *const kinds[] = {"\"kind\":\"r-control-answers\"", "\"kind\":\"r-documents\"",
                                        "\"kind\":\"r-oscal-documents\""};
    (void)leaf;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        *(bool *)data |= g_strstr_len(event, (gssize)len, kinds[i]) != NULL;
    return !*(bool *)data;
}

static bool is_current(TkApp *app, TkControlBook *book, TkDate today)
{
    uint64_t size = tk_store_ledger_size(app->store);
    bool changed = book->date != today || size - book->ledger_size > LOOK_MAX;
    if (changed || size == book->ledger_size)
        return !changed;
    if (!tk_store_events(app->store, book->ledger_size, size - book->ledger_size, looks_changed, &changed,
                         NULL))
        return false;
    if (!changed)
        book->ledger_size = size; /* under the lock; readers do not look at it */
    return !changed;
}

TkControlBook *tk_control_book(TkApp *app, GError **error)
{
    TkControls *controls = app->controls;
    TkDate today = tk_date_of_time(tk_app_now(app));
    g_mutex_lock(&controls->lock);
    if (controls->book == NULL || !is_current(app, controls->book, today)) {
        TkControlBook *fresh = make(app, today, error);
        g_clear_pointer(&controls->book, tk_control_book_unref);
        controls->book = fresh;
    }
    TkControlBook *book = controls->book;
    if (book != NULL)
        g_atomic_ref_count_inc(&book->refs);
    g_mutex_unlock(&controls->lock);
    return book;
}

const TkFrameworkItem *tk_control_item(const TkControlBook *book, const char *framework, const char *item,
                                       GError **error)
{
    const TkFramework *f = tk_framework_find(book->frameworks, framework);
    const TkFrameworkItem *found = f == NULL ? NULL : tk_framework_item(f, item);
    if (f == NULL)
        tk_fail(error, TK_ERROR_NOT_FOUND, "there is no framework “%.64s”", framework);
    else if (found == NULL)
        tk_fail(error, TK_ERROR_NOT_FOUND, "%s has no item “%.64s”", framework, item);
    return found;
}

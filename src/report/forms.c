/* Forms are data, so that a carrier replaces one without a compiler, and so that what is not confirmed as
 * official stands in the file as such. The loader is strict: a form that could print an item twice, an item
 * without its article, or a value under a name nobody defined, is refused before it is ever used. */
#include "report/forms.h"
#include "report/read.h"

struct TkForms {
    GStringChunk *strings;
    GPtrArray *forms;     /* TkForm */
    json_t *vocabularies; /* {name: {code: {ja, en}}} */
};

static void form_free(void *data)
{
    TkForm *form = data;
    for (size_t s = 0; form->sections != NULL && s < form->section_count; s++) {
        for (size_t i = 0; i < form->sections[s].count; i++)
            g_free(form->sections[s].items[i].columns);
        g_free(form->sections[s].items);
    }
    g_free(form->sections);
    g_free(form);
}

void tk_forms_free(TkForms *forms)
{
    if (forms == NULL)
        return;
    g_ptr_array_unref(forms->forms);
    g_string_chunk_free(forms->strings);
    json_decref(forms->vocabularies);
    g_free(forms);
}

/* ------------------------------------------------------------------ vocabularies */

static void read_vocabulary(TkRead *r, const char *name, const json_t *words)
{
    if (!json_is_object(words) || json_object_size(words) == 0) {
        tk_read_fail(r, TK_ERROR_INPUT, "vocabulary “%.60s” is not an object with words", name);
        return;
    }
    const char *code;
    json_t *value;
    json_object_foreach((json_t *)words, code, value)
    {
        tk_read_where(r, "vocabulary %.60s, ", name);
        tk_read_words(r, words, code, true);
    }
}

static void read_vocabularies(TkRead *r, TkForms *forms, const json_t *root)
{
    if (!tk_read_object(r, root, "the file", "format source vocabularies"))
        return;
    const json_t *all = json_object_get(root, "vocabularies");
    if (!json_is_object(all)) {
        tk_read_fail(r, TK_ERROR_INPUT, "field “vocabularies” is not an object");
        return;
    }
    const char *name;
    json_t *words;
    json_object_foreach((json_t *)all, name, words)
    {
        read_vocabulary(r, name, words);
        if (json_object_get(forms->vocabularies, name) != NULL)
            tk_read_fail(r, TK_ERROR_INPUT, "vocabulary “%.60s” is defined in another file as well", name);
        if (r->failed)
            return;
        json_object_set(forms->vocabularies, name, words);
    }
}

static const json_t *find_words(TkRead *r, const TkForms *forms, const json_t *object)
{
    const char *name = tk_read_text_or(r, object, "words", NULL);
    if (name == NULL || r->failed)
        return NULL;
    const json_t *words = json_object_get(forms->vocabularies, name);
    if (words == NULL)
        tk_read_fail(r, TK_ERROR_INPUT, "field “words” names the vocabulary “%.60s”, which no file defines",
                     name);
    return words;
}

/* ------------------------------------------------------------------ forms */

static const char *read_path(TkRead *r, const json_t *object)
{
    const char *path = tk_read_text_or(r, object, "path", "");
    if (path[0] != '\0' && (path[0] != '/' || g_str_has_suffix(path, "/")))
        tk_read_fail(r, TK_ERROR_INPUT, "field “path” is “%.80s”; a path begins with '/' and names a key",
                     path);
    return path;
}

static void read_columns(TkRead *r, const TkForms *forms, const json_t *object, TkFormItem *item)
{
    const json_t *columns = tk_read_array(r, object, "columns", 1, TK_COLUMNS_MAX);
    if (columns == NULL)
        return;
    item->width = json_array_size(columns);
    item->columns = g_new0(TkFormColumn, item->width);
    for (size_t i = 0; i < item->width; i++) {
        const json_t *from = json_array_get(columns, i);
        tk_read_where(r, "item %s, column %zu, ", item->item.id, i + 1);
        if (!tk_read_object(r, from, "the column", "id label unit path type words width"))
            return;
        TkFormColumn *to = &item->columns[i];
        to->column.id = tk_read_id(r, from, "id");
        to->column.label = tk_read_words(r, from, "label", true);
        to->column.unit = tk_read_words(r, from, "unit", false);
        to->column.type = tk_read_cell_type(r, from, "type");
        to->column.width = (unsigned)tk_read_int(r, from, "width", 1, 1, 100);
        to->path = read_path(r, from);
        to->words = find_words(r, forms, from);
        for (size_t k = 0; k < i && !r->failed; k++)
            if (g_str_equal(item->columns[k].column.id, to->column.id))
                tk_read_fail(r, TK_ERROR_INPUT, "the id “%s” is taken by column %zu", to->column.id, k + 1);
    }
}

static void read_item(TkRead *r, const TkForms *forms, const json_t *object, TkFormItem *item)
{
    if (!tk_read_object(r, object, "the item",
                        "id label help unit path type words required article verified columns"))
        return;
    item->item.id = tk_read_id(r, object, "id");
    tk_read_where(r, "item %s, ", item->item.id);
    item->item.label = tk_read_words(r, object, "label", true);
    item->item.help = tk_read_words(r, object, "help", false);
    item->item.unit = tk_read_words(r, object, "unit", false);
    item->item.path = read_path(r, object);
    item->item.required = tk_read_stage(r, object, "required");
    item->item.article = tk_read_text(r, object, "article");
    if (!json_is_boolean(json_object_get(object, "verified")))
        tk_read_fail(r, TK_ERROR_INPUT,
                     "field “verified” is missing; say true only where the law or the ministry "
                     "names the item");
    item->item.verified = tk_read_bool(r, object, "verified", false);
    item->words = find_words(r, forms, object);
    if (g_strcmp0(json_string_value(json_object_get(object, "type")), "table") == 0)
        read_columns(r, forms, object, item);
    else if (json_object_get(object, "columns") != NULL)
        tk_read_fail(r, TK_ERROR_INPUT, "field “columns” belongs to items of type table");
    else
        item->item.type = tk_read_cell_type(r, object, "type");
}

static void read_section(TkRead *r, const TkForms *forms, const json_t *object, TkFormSection *section)
{
    tk_read_where(r, "sections, ");
    if (!tk_read_object(r, object, "a section", "id title items"))
        return;
    section->id = tk_read_id(r, object, "id");
    tk_read_where(r, "section %s, ", section->id);
    section->title = tk_read_words(r, object, "title", true);
    const json_t *items = tk_read_array(r, object, "items", 1, TK_ITEMS_MAX);
    if (items == NULL)
        return;
    section->count = json_array_size(items);
    section->items = g_new0(TkFormItem, section->count);
    for (size_t i = 0; i < section->count && !r->failed; i++) {
        tk_read_where(r, "section %s, item %zu, ", section->id, i + 1);
        read_item(r, forms, json_array_get(items, i), &section->items[i]);
    }
}

static const TkFormItem *form_item(const TkForm *form, const char *id)
{
    for (size_t s = 0; s < form->section_count; s++)
        for (size_t i = 0; i < form->sections[s].count; i++)
            if (g_strcmp0(form->sections[s].items[i].item.id, id) == 0)
                return &form->sections[s].items[i];
    return NULL;
}

static void check_ids(TkRead *r, const TkForm *form)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t s = 0; s < form->section_count && !r->failed; s++) {
        for (size_t i = 0; i < form->sections[s].count; i++) {
            const char *id = form->sections[s].items[i].item.id;
            tk_read_where(r, "section %s, item %zu, ", form->sections[s].id, i + 1);
            if (!g_hash_table_add(seen, (void *)id))
                tk_read_fail(r, TK_ERROR_INPUT, "the id “%s” is taken by another item of this form", id);
        }
    }
    tk_read_where(r, "%s", "");
}

static void read_highlights(TkRead *r, const json_t *root, TkForm *form)
{
    if (json_object_get(root, "highlights") == NULL)
        return;
    const json_t *list = tk_read_array(r, root, "highlights", 0, G_N_ELEMENTS(form->highlights));
    for (size_t i = 0; i < json_array_size(list) && !r->failed; i++) {
        const char *id = json_string_value(json_array_get(list, i));
        const TkFormItem *item = id != NULL ? form_item(form, id) : NULL;
        if (item == NULL || item->columns != NULL)
            tk_read_fail(r, TK_ERROR_INPUT,
                         "field “highlights”, element %zu names no item with a single value", i + 1);
        else
            form->highlights[form->highlight_count++] = item->item.id;
    }
}

static void read_csv_table(TkRead *r, const json_t *root, TkForm *form)
{
    form->csv_table = tk_read_text_or(r, root, "csv_table", "");
    if (r->failed || form->csv_table[0] == '\0')
        return;
    const TkFormItem *item = form_item(form, form->csv_table);
    if (item == NULL || item->columns == NULL)
        tk_read_fail(r, TK_ERROR_INPUT, "field “csv_table” is “%.60s”, which is no table of this form",
                     form->csv_table);
}

static void read_head(TkRead *r, const json_t *root, TkForm *form)
{
    form->id = tk_read_id(r, root, "id");
    form->version = tk_read_id(r, root, "version");
    form->kind = tk_read_id(r, root, "kind");
    form->number = tk_read_words(r, root, "form", true);
    form->title = tk_read_words(r, root, "title", true);
    form->lead = tk_read_words(r, root, "lead", false);
    form->statement = tk_read_words(r, root, "statement", true);
    form->addressee = tk_read_words(r, root, "addressee", false);
    form->stage = tk_read_stage(r, root, "stage");
    const char *paper = tk_read_text_or(r, root, "paper", "portrait");
    form->landscape = g_str_equal(paper, "landscape");
    if (!form->landscape && !g_str_equal(paper, "portrait"))
        tk_read_fail(r, TK_ERROR_INPUT, "field “paper” is “%.60s”; possible are: portrait, landscape", paper);
    tk_read_text(r, root, "source");
    const json_t *effective = json_object_get(root, "effective");
    if (!tk_read_object(r, effective, "field “effective”", "from to"))
        return;
    form->from = tk_read_date(r, effective, "from");
    form->to = tk_read_date(r, effective, "to");
    if (form->from == TK_DATE_NONE || (form->to != TK_DATE_NONE && form->to < form->from))
        tk_read_fail(r, TK_ERROR_INPUT,
                     "field “effective” needs a day “from”, and “to” may not lie before it");
}

static void read_form(TkRead *r, const TkForms *forms, const json_t *root, TkForm *form)
{
    if (!tk_read_object(r, root, "the file",
                        "format id version kind form title lead statement addressee stage paper csv_table "
                        "highlights source effective sections"))
        return;
    read_head(r, root, form);
    const json_t *sections = tk_read_array(r, root, "sections", 1, TK_SECTIONS_MAX);
    if (sections == NULL)
        return;
    form->section_count = json_array_size(sections);
    form->sections = g_new0(TkFormSection, form->section_count);
    for (size_t s = 0; s < form->section_count && !r->failed; s++)
        read_section(r, forms, json_array_get(sections, s), &form->sections[s]);
    tk_read_where(r, "%s", "");
    if (r->failed)
        return;
    check_ids(r, form);
    read_highlights(r, root, form);
    read_csv_table(r, root, form);
}

static bool overlap(const TkForm *a, const TkForm *b)
{
    bool a_before = a->to != TK_DATE_NONE && a->to < b->from;
    bool b_before = b->to != TK_DATE_NONE && b->to < a->from;
    return !a_before && !b_before;
}

static void add_form(TkRead *r, TkForms *forms, TkForm *form)
{
    for (guint i = 0; i < forms->forms->len && !r->failed; i++) {
        const TkForm *other = g_ptr_array_index(forms->forms, i);
        if (g_str_equal(other->kind, form->kind) && overlap(other, form))
            tk_read_fail(
                r, TK_ERROR_INPUT,
                "field “effective” overlaps that of %s, which is of the kind %s too; let one end the day "
                "before the other begins",
                other->file, form->kind);
    }
    if (forms->forms->len >= TK_FORMS_MAX)
        tk_read_fail(r, TK_ERROR_LIMIT, "there are more than %d forms", TK_FORMS_MAX);
}

/* ------------------------------------------------------------------ files */

static bool is_form_file(const TkLawFile *file)
{
    return strstr(file->name, "/forms/") != NULL || g_str_has_prefix(file->name, "forms/");
}

/* Two passes over the files: vocabularies first, whatever the order of the files. */
static bool load_file(TkForms *forms, const TkLawFile *file, const json_t *root, bool vocabularies,
                      GError **error)
{
    TkRead r = {.strings = forms->strings, .file = file->name, .error = error};
    const char *format = json_string_value(json_object_get(root, "format"));
    if (g_strcmp0(format, "tokatsu-vocabularies/1") == 0) {
        if (vocabularies)
            read_vocabularies(&r, forms, root);
    } else if (g_strcmp0(format, "tokatsu-form/1") != 0) {
        tk_read_fail(&r, TK_ERROR_INPUT,
                     "field “format” is neither “tokatsu-form/1” nor “tokatsu-vocabularies/1”");
    } else if (!vocabularies) {
        TkForm *form = g_new0(TkForm, 1);
        form->file = g_string_chunk_insert_const(forms->strings, file->name);
        read_form(&r, forms, root, form);
        add_form(&r, forms, form);
        if (r.failed)
            form_free(form);
        else
            g_ptr_array_add(forms->forms, form);
    }
    return !r.failed;
}

TkForms *tk_forms_load(const TkLawFile *files, size_t count, GError **error)
{
    g_autoptr(TkForms) forms = g_new0(TkForms, 1);
    forms->strings = g_string_chunk_new(4096);
    forms->forms = g_ptr_array_new_with_free_func(form_free);
    forms->vocabularies = json_object();
    g_autoptr(GPtrArray) roots = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
    for (size_t i = 0; i < count; i++) {
        json_t *root = json_null();
        if (is_form_file(&files[i]))
            root = tk_json_read(files[i].name, files[i].text, files[i].len, TK_FORM_FILE_MAX, error);
        if (root == NULL)
            return NULL;
        g_ptr_array_add(roots, root);
    }
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++)
            if (is_form_file(&files[i]) &&
                !load_file(forms, &files[i], g_ptr_array_index(roots, i), pass == 0, error))
                return NULL;
    return g_steal_pointer(&forms);
}

const TkForm *tk_forms_find(const TkForms *forms, const char *kind, TkDate date, GError **error)
{
    bool known = false;
    for (guint i = 0; i < forms->forms->len; i++) {
        const TkForm *form = g_ptr_array_index(forms->forms, i);
        if (!g_str_equal(form->kind, kind))
            continue;
        known = true;
        if (date >= form->from && (form->to == TK_DATE_NONE || date <= form->to))
            return form;
    }
    char text[TK_TIME_TEXT_MAX];
    tk_fail(error, TK_ERROR_NOT_FOUND,
            known ? "no form for the report “%.60s” was in force on %s; add one to the folder forms"
                  : "there is no form for the report “%.60s” (asked for %s); add one to the folder forms",
            kind, tk_date_text(date, text));
    return NULL;
}

static json_t *words_json(TkText words)
{
    return json_pack("{s:s,s:s}", "ja", words.ja, "en", words.en);
}

static json_t *date_json(TkDate date)
{
    char text[TK_TIME_TEXT_MAX];
    return date == TK_DATE_NONE ? json_null() : json_string(tk_date_text(date, text));
}

json_t *tk_forms_list(const TkForms *forms)
{
    json_t *list = json_array();
    for (guint i = 0; i < forms->forms->len; i++) {
        const TkForm *form = g_ptr_array_index(forms->forms, i);
        json_array_append_new(list,
                              json_pack("{s:s,s:s,s:s,s:o,s:o,s:{s:o,s:o}}", "id", form->id, "version",
                                        form->version, "kind", form->kind, "form", words_json(form->number),
                                        "title", words_json(form->title), "effective", "from",
                                        date_json(form->from), "to", date_json(form->to)));
    }
    return list;
}

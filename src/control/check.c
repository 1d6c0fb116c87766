/* Is a document sound? First its shape by the models, value by value; then what no schema can say: ids and
 * references (refs.c). Every finding has the JSON pointer of the value it is about, so that an editor can
 * jump there. */
#include "control/findings.h"
#include "control/model.h"

json_t *tk_oscal_read(const char *name, const char *text, size_t len, GError **error)
{
    g_autoptr(json_t) document = tk_json_read(name, text, len, TK_OSCAL_DOCUMENT_MAX, error);
    if (document == NULL)
        return NULL;
    if (tk_oscal_kind(document) == NULL) {
        tk_fail(error, TK_ERROR_INPUT,
                "%s is no OSCAL document: one object with one key such as “catalog” or “profile” is awaited",
                name);
        return NULL;
    }
    return g_steal_pointer(&document);
}

const char *tk_oscal_kind(const json_t *document)
{
    const char *key, *kind = NULL;
    json_t *body;
    json_object_foreach((json_t *)document, key, body)
    {
        if (strcmp(key, "$schema") == 0)
            continue;
        if (kind != NULL || !json_is_object(body))
            return NULL;
        kind = key;
    }
    return kind;
}

static void finding_free(void *data)
{
    TkOscalFinding *finding = data;
    g_free(finding->pointer);
    g_free(finding->text);
    g_free(finding);
}

size_t walk_down(Walk *w, const char *key)
{
    size_t back = w->at->len;
    g_string_append_c(w->at, '/');
    for (const char *c = key; *c != '\0'; c++)
        if (*c == '~')
            g_string_append(w->at, "~0");
        else if (*c == '/')
            g_string_append(w->at, "~1");
        else
            g_string_append_c(w->at, *c);
    return back;
}

size_t walk_down_index(Walk *w, size_t index)
{
    size_t back = w->at->len;
    g_string_append_printf(w->at, "/%zu", index);
    return back;
}

void walk_say(Walk *w, bool fault, const char *format, ...)
{
    if (w->found->len >= TK_OSCAL_FINDINGS_MAX)
        return;
    va_list args;
    va_start(args, format);
    TkOscalFinding *finding = g_new0(TkOscalFinding, 1);
    finding->fault = fault;
    finding->pointer = g_strdup(w->at->str);
    finding->text = g_strdup_vprintf(format, args);
    g_ptr_array_add(w->found, finding);
    va_end(args);
}

static void check_value(Walk *w, const Type *type, const json_t *value);

static bool has_none(const json_t *object, char **names)
{
    for (; *names != NULL; names++)
        if (json_object_get(object, *names) != NULL)
            return false;
    return true;
}

static bool has_all(const json_t *object, char **names)
{
    for (; *names != NULL; names++)
        if (json_object_get(object, *names) == NULL)
            return false;
    return true;
}

static void say_either(Walk *w, const Model *model)
{
    g_autoptr(GString) ways = g_string_new(NULL);
    for (size_t i = 0; i < model->n_either; i++) {
        const Either *way = &model->either[i];
        g_autofree char *with = g_strjoinv(", ", way->required), *without = g_strjoinv(", ", way->without);
        g_string_append_printf(ways, "%s%s%s%s%s%s", i > 0 ? "; or " : "", with[0] ? "with " : "", with,
                               with[0] && without[0] ? " and " : "", without[0] ? "without " : "", without);
    }
    walk_say(w, true, "the fields do not go together: %s", ways->str);
}

static void check_object(Walk *w, const Model *model, const json_t *object)
{
    if (!json_is_object(object)) {
        walk_say(w, true, "an object is awaited");
        return;
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        const Type *type = g_hash_table_lookup(model->fields, key);
        size_t back = walk_down(w, key);
        if (type == NULL)
            walk_say(w, true, "OSCAL has no field of this name here");
        else
            check_value(w, type, value);
        walk_up(w, back);
    }
    for (char **name = model->required; *name != NULL; name++)
        if (json_object_get(object, *name) == NULL)
            walk_say(w, true, "the field “%s” is missing", *name);
    for (size_t i = 0; i < model->n_either; i++)
        if (has_none(object, model->either[i].without) && has_all(object, model->either[i].required))
            return;
    if (model->n_either > 0)
        say_either(w, model);
}

static void check_list(Walk *w, const Type *type, const json_t *list)
{
    if (!json_is_array(list)) {
        walk_say(w, true, "a list is awaited");
        return;
    }
    if (json_array_size(list) == 0)
        walk_say(w, true, "the list is empty; leave the field out instead");
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t back = walk_down_index(w, i);
        check_value(w, type->item, json_array_get(list, i));
        walk_up(w, back);
    }
}

static void check_map(Walk *w, const Type *type, const json_t *map)
{
    if (!json_is_object(map)) {
        walk_say(w, true, "an object is awaited");
        return;
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)map, key, value)
    {
        size_t back = walk_down(w, key);
        check_value(w, type->item, value);
        walk_up(w, back);
    }
}

static void check_text(Walk *w, const Type *type, const json_t *value)
{
    if (!type->text->is(value)) {
        walk_say(w, true, "%s is awaited", type->text->words);
    } else if (type->choices != NULL &&
               !g_strv_contains((const char *const *)type->choices, json_string_value(value))) {
        g_autofree char *choices = g_strjoinv(", ", type->choices);
        walk_say(w, true, "“%s” is none of %s", json_string_value(value), choices);
    }
}

static void check_value(Walk *w, const Type *type, const json_t *value)
{
    switch (type->kind) {
    case TYPE_TEXT:
        check_text(w, type, value);
        break;
    case TYPE_MODEL:
        check_object(w, type->model, value);
        break;
    case TYPE_ONE_OR_LIST:
        if (!json_is_array(value)) {
            check_value(w, type->item, value);
            break;
        }
        check_list(w, type, value);
        break;
    case TYPE_LIST:
        check_list(w, type, value);
        break;
    case TYPE_MAP:
        check_map(w, type, value);
        break;
    }
}

GPtrArray *tk_oscal_check(const TkOscalModels *models, const json_t *document)
{
    g_autoptr(GString) at = g_string_new(NULL);
    Walk w = {g_ptr_array_new_with_free_func(finding_free), at};
    const char *kind = tk_oscal_kind(document);
    const Type *type = kind != NULL ? oscal_document_type(models, kind) : NULL;
    if (type == NULL) {
        walk_say(
            &w, true,
            "this is no OSCAL document: one object with one key such as “catalog” or “profile” is awaited");
        return w.found;
    }
    const json_t *body = json_object_get(document, kind);
    walk_down(&w, kind);
    check_value(&w, type, body);
    oscal_check_references(&w, kind, body);
    return w.found;
}

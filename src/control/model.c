/* Compiles frameworks/oscal/models.json. A field's type is a short text: a simple type ("token"), a model's
 * name, `=a|b` after a simple type for a closed choice, `[]` for a list that is not empty, `[?]` for one or a
 * list, `{}` for a map. Types are compiled once, so that a document of 100,000 values is checked without
 * reading such a text again. */
#include "control/model.h"
#include "control/text_kinds.h"

struct TkOscalModels {
    char *version;
    GHashTable *models;    /* name → Model * */
    GHashTable *aliases;   /* name → type text, for models that are only another name */
    GHashTable *types;     /* type text → Type * */
    GHashTable *documents; /* kind → type text */
};

static void model_free(void *data)
{
    Model *model = data;
    g_hash_table_unref(model->fields);
    g_strfreev(model->required);
    for (size_t i = 0; i < model->n_either; i++) {
        g_strfreev(model->either[i].without);
        g_strfreev(model->either[i].required);
    }
    g_free(model->either);
    g_free(model);
}

static void type_free(void *data)
{
    Type *type = data;
    g_strfreev(type->choices);
    g_free(type);
}

static char **texts_of(const json_t *list)
{
    GPtrArray *texts = g_ptr_array_new();
    for (size_t i = 0; i < json_array_size(list); i++)
        g_ptr_array_add(texts, g_strdup(json_string_value(json_array_get(list, i))));
    g_ptr_array_add(texts, NULL);
    return (char **)g_ptr_array_free(texts, FALSE);
}

static const Type *type_of(TkOscalModels *models, const char *text, GError **error);

static const Type *remember(TkOscalModels *models, const char *text, Type type)
{
    Type *kept = g_memdup2(&type, sizeof type);
    g_hash_table_insert(models->types, g_strdup(text), kept);
    return kept;
}

static const Type *list_type(TkOscalModels *models, const char *text, const char *suffix, TypeKind kind,
                             GError **error)
{
    g_autofree char *inner = g_strndup(text, strlen(text) - strlen(suffix));
    const Type *item = type_of(models, inner, error);
    return item == NULL ? NULL : remember(models, text, (Type){.kind = kind, .item = item});
}

static const Type *type_of(TkOscalModels *models, const char *text, GError **error)
{
    const Type *known = g_hash_table_lookup(models->types, text);
    if (known != NULL)
        return known;
    static const struct {
        const char *suffix;
        TypeKind kind;
    } lists[] = {{"[]", TYPE_LIST}, {"[?]", TYPE_ONE_OR_LIST}, {"{}", TYPE_MAP}};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        if (g_str_has_suffix(text, lists[i].suffix))
            return list_type(models, text, lists[i].suffix, lists[i].kind, error);
    const char *alias = g_hash_table_lookup(models->aliases, text);
    if (alias != NULL && strcmp(alias, text) != 0)
        return type_of(models, alias, error);
    const Model *model = g_hash_table_lookup(models->models, text);
    if (model != NULL)
        return remember(models, text, (Type){.kind = TYPE_MODEL, .model = model});
    const char *equals = strchr(text, '=');
    const TextKind *kind = oscal_text_kind(text, equals != NULL ? (size_t)(equals - text) : strlen(text));
    if (kind != NULL)
        return remember(models, text,
                        (Type){.kind = TYPE_TEXT,
                               .text = kind,
                               .choices = equals ? g_strsplit(equals + 1, "|", 64) : NULL});
    tk_fail(error, TK_ERROR_INPUT, "OSCAL models: no type is called “%s”", text);
    return NULL;
}

static void declare(TkOscalModels *models, const char *name, const json_t *spec)
{
    const char *alias = json_string_value(json_object_get(spec, "is"));
    if (alias != NULL) {
        g_hash_table_insert(models->aliases, g_strdup(name), g_strdup(alias));
        return;
    }
    Model *model = g_new0(Model, 1);
    model->fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    model->required = texts_of(json_object_get(spec, "required"));
    const json_t *either = json_object_get(spec, "either");
    model->n_either = json_array_size(either);
    model->either = g_new0(Either, model->n_either + 1);
    for (size_t i = 0; i < model->n_either; i++) {
        const json_t *one = json_array_get(either, i);
        model->either[i] =
            (Either){texts_of(json_object_get(one, "without")), texts_of(json_object_get(one, "required"))};
    }
    g_hash_table_insert(models->models, g_strdup(name), model);
}

static bool compile(TkOscalModels *models, json_t *objects, GError **error)
{
    const char *name, *field;
    json_t *spec, *type;
    json_object_foreach(objects, name, spec) declare(models, name, spec);
    json_object_foreach(objects, name, spec)
    {
        Model *model = g_hash_table_lookup(models->models, name);
        json_object_foreach(json_object_get(spec, "fields"), field, type)
        {
            const Type *compiled =
                json_is_string(type) ? type_of(models, json_string_value(type), error) : NULL;
            if (compiled == NULL)
                return (error != NULL && *error != NULL) ||
                       tk_fail(error, TK_ERROR_INPUT, "OSCAL models: %s.%s has no type", name, field);
            g_hash_table_insert(model->fields, g_strdup(field), (void *)compiled);
        }
    }
    return true;
}

TkOscalModels *tk_oscal_models_new(const char *text, size_t len, GError **error)
{
    g_autoptr(json_t) root = tk_json_read("OSCAL models", text, len, 1 << 20, error);
    if (root == NULL)
        return NULL;
    g_autoptr(TkOscalModels) models = g_new0(TkOscalModels, 1);
    models->version = g_strdup(json_string_value(json_object_get(root, "oscal-version")));
    models->models = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, model_free);
    models->aliases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    models->types = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, type_free);
    models->documents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GError *why = NULL;
    if (!compile(models, json_object_get(root, "objects"), &why) || why != NULL) {
        g_propagate_error(error, why);
        return NULL;
    }
    const char *kind;
    json_t *type;
    json_object_foreach(json_object_get(root, "documents"), kind, type)
    {
        if (!json_is_string(type) || type_of(models, json_string_value(type), error) == NULL)
            return NULL;
        g_hash_table_insert(models->documents, g_strdup(kind), g_strdup(json_string_value(type)));
    }
    return g_steal_pointer(&models);
}

void tk_oscal_models_free(TkOscalModels *models)
{
    if (models == NULL)
        return;
    g_hash_table_unref(models->models);
    g_hash_table_unref(models->aliases);
    g_hash_table_unref(models->types);
    g_hash_table_unref(models->documents);
    g_free(models->version);
    g_free(models);
}

const char *tk_oscal_models_version(const TkOscalModels *models)
{
    return models->version;
}

const Type *oscal_document_type(const TkOscalModels *models, const char *kind)
{
    const char *text = g_hash_table_lookup(models->documents, kind);
    return text == NULL ? NULL : g_hash_table_lookup(models->types, text);
}

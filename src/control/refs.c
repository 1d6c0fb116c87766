/* What no schema says: every id once, every reference to something. One walk collects what is defined and
 * what is referred to with its pointer, then the two are compared.
 *
 * OSCAL documents lean on each other: a profile or a component definition inserts parameters of a catalogue
 * it only names, a plan speaks of subjects in another plan. Such a reference is a warning here. In a
 * catalogue, which stands alone, and in an import, it is a fault; in a resolved catalogue a link to a control
 * that was not chosen is expected. */
#include "control/findings.h"

typedef struct {
    char *pointer, *target;
    enum { REF_LINK, REF_INSERT, REF_ROLE, REF_PARTY, REF_OBJECT } kind;
} Reference;

typedef struct {
    Walk *w;
    GHashTable *ids, *uuids; /* what is defined → pointer of its first place */
    GArray *references;
    bool alone;       /* a catalogue that is not the result of a resolution: it must hold what it refers to */
    bool one_kind;    /* a catalogue or profile: every uuid in it is looked up by somebody */
    const char *list; /* the key of the list whose items are being read */
} Survey;

static void reference_clear(void *data)
{
    Reference *reference = data;
    g_free(reference->pointer);
    g_free(reference->target);
}

static void refer(Survey *s, int kind, const char *target, size_t len)
{
    Reference reference = {g_strdup(s->w->at->str), g_strndup(target, len), kind};
    g_array_append_val(s->references, reference);
}

/* Two statements of a published component definition share their uuid, and no reader looks them up by it. */
static bool uuid_matters(const Survey *s)
{
    static const char *const lists[] = {
        "resources", "parties",         "locations",    "components", "capabilities",
        "users",     "inventory-items", "observations", "risks",      "findings",
        "results",   "tasks",           "activities",   "poam-items", NULL};
    return s->one_kind || (s->list != NULL && g_strv_contains(lists, s->list));
}

static void define(Survey *s, GHashTable *known, const char *what, const json_t *value)
{
    const char *id = json_string_value(value);
    if (id == NULL)
        return;
    size_t back = walk_down(s->w, what);
    const char *first = g_hash_table_lookup(known, id);
    if (first == NULL)
        g_hash_table_insert(known, g_strdup(id), g_strdup(s->w->at->str));
    else
        walk_say(s->w, known == s->ids || uuid_matters(s), "the %s “%s” is given twice; first at %s", what,
                 id, first);
    walk_up(s->w, back);
}

/* {{ insert: param, ac-1_prm_1 }} in a text. */
static void find_inserts(Survey *s, const char *text)
{
    for (const char *at = text; (at = strstr(at, "{{")) != NULL;) {
        at += 2;
        const char *end = strstr(at, "}}");
        if (end == NULL)
            return;
        at += strspn(at, " ");
        if (g_str_has_prefix(at, "insert:")) {
            at += 7 + strspn(at + 7, " ");
            if (g_str_has_prefix(at, "param,")) {
                at += 6 + strspn(at + 6, " ");
                refer(s, REF_INSERT, at, MIN(strcspn(at, " }"), (size_t)(end - at)));
            }
        }
        at = end + 2;
    }
}

static void read_text(Survey *s, const char *key, const char *text)
{
    if (strcmp(key, "href") == 0 && text[0] == '#')
        refer(s, REF_LINK, text + 1, strlen(text + 1));
    else if (strcmp(key, "role-id") == 0 || strcmp(key, "role-ids") == 0)
        refer(s, REF_ROLE, text, strlen(text));
    else if (strcmp(key, "party-uuid") == 0 || strcmp(key, "party-uuids") == 0)
        refer(s, REF_PARTY, text, strlen(text));
    else if (g_str_has_suffix(key, "-uuid"))
        refer(s, REF_OBJECT, text, strlen(text));
    find_inserts(s, text);
}

static void survey(Survey *s, const char *key, const json_t *value)
{
    if (json_is_string(value)) {
        read_text(s, key, json_string_value(value));
    } else if (json_is_array(value)) {
        const char *before = s->list;
        s->list = key;
        for (size_t i = 0; i < json_array_size(value); i++) {
            size_t back = walk_down_index(s->w, i);
            survey(s, key, json_array_get(value, i));
            walk_up(s->w, back);
        }
        s->list = before;
    } else if (json_is_object(value)) {
        define(s, s->ids, "id", json_object_get(value, "id"));
        define(s, s->uuids, "uuid", json_object_get(value, "uuid"));
        const char *name;
        json_t *field;
        json_object_foreach((json_t *)value, name, field)
        {
            size_t back = walk_down(s->w, name);
            survey(s, name, field);
            walk_up(s->w, back);
        }
    }
}

static void compare(Survey *s, const Reference *r)
{
    bool in_ids = g_hash_table_contains(s->ids, r->target),
         in_uuids = g_hash_table_contains(s->uuids, r->target);
    g_string_assign(s->w->at, r->pointer);
    switch (r->kind) {
    case REF_LINK:
        if (!in_ids && !in_uuids)
            walk_say(s->w, s->alone || strstr(r->pointer, "/imports/") != NULL,
                     "the link “#%s” leads to nothing in this document", r->target);
        break;
    case REF_INSERT:
        if (!in_ids)
            walk_say(s->w, s->alone, "there is no parameter “%s” to insert", r->target);
        break;
    case REF_ROLE:
        if (!in_ids)
            walk_say(s->w, false, "no role “%s” is defined in this document's metadata", r->target);
        break;
    case REF_PARTY:
        if (!in_uuids)
            walk_say(s->w, false, "no party “%s” is defined in this document's metadata", r->target);
        break;
    case REF_OBJECT:
        if (!in_uuids)
            walk_say(s->w, false, "nothing in this document has the uuid “%s”", r->target);
        break;
    }
}

static bool is_resolved(const json_t *body)
{
    const json_t *metadata = json_object_get(body, "metadata"), *props = json_object_get(metadata, "props");
    for (size_t i = 0; i < json_array_size(props); i++) {
        const char *name = json_string_value(json_object_get(json_array_get(props, i), "name"));
        if (name != NULL && (strcmp(name, "resolution-tool") == 0 || strcmp(name, "source-profile") == 0))
            return true;
    }
    return false;
}

void oscal_check_references(Walk *w, const char *kind, const json_t *body)
{
    Survey s = {.w = w,
                .ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                .uuids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                .references = g_array_new(FALSE, FALSE, sizeof(Reference))};
    bool catalog = strcmp(kind, "catalog") == 0;
    s.alone = catalog && !is_resolved(body);
    s.one_kind = catalog || strcmp(kind, "profile") == 0;
    g_array_set_clear_func(s.references, reference_clear);
    survey(&s, kind, body);
    for (size_t i = 0; i < s.references->len; i++)
        compare(&s, &g_array_index(s.references, Reference, i));
    g_hash_table_unref(s.ids);
    g_hash_table_unref(s.uuids);
    g_array_unref(s.references);
}

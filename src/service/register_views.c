/* Saved views: a person's named questions to a register's list. They are kept with the records and under the
 * ledger like everything else, because a shared one decides what a whole shift looks at. */
#include "service/register.h"

#define NAME_MAX_CHARS 60
#define VALUE_MAX      200 /* bytes of one value of the question */
#define MEMBERS_MAX    16
#define BY_REGISTER    "/register"

static char *id_of(const TkRegisterSchema *schema, const char *owner, const char *view)
{
    g_autofree char *all = g_strdup_printf("%s\n%s\n%s", schema->id, owner, view);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, all, -1);
}

/* ---- what a question may ask ---- */

static bool known_word(const TkRegisterSchema *schema, const char *word, GError **error)
{
    static const char *const own[] = {"search", "order", "descending", "due", "limit", NULL};
    if (g_strv_contains(own, word))
        return true;
    g_autofree char *field = g_strdup(word);
    if (g_str_has_suffix(word, ".from") || g_str_has_suffix(word, ".to"))
        *strrchr(field, '.') = '\0';
    return tk_register_question(schema, field, error) != NULL;
}

static bool check_query(const TkRegisterSchema *schema, const json_t *query, GError **error)
{
    const char *word;
    json_t *value;
    if (!json_is_object(query) || json_object_size(query) > MEMBERS_MAX)
        return tk_fail(error, TK_ERROR_INPUT,
                       "query: must be an object of at most %d words of the list's query", MEMBERS_MAX);
    json_object_foreach((json_t *)query, word, value)
    {
        if (!json_is_string(value) || json_string_length(value) > VALUE_MAX)
            return tk_fail(error, TK_ERROR_INPUT, "query: %.40s: must be a text of at most %d bytes", word,
                           VALUE_MAX);
        if (!known_word(schema, word, error))
            return false;
    }
    const char *order = json_string_value(json_object_get(query, "order"));
    return order == NULL || tk_register_question(schema, order, error) != NULL;
}

static bool check_name(const char *view, GError **error)
{
    glong length = g_utf8_strlen(view, -1);
    bool plain = length > 0 && length <= NAME_MAX_CHARS && view[strspn(view, " ")] != '\0';
    for (const char *c = view; plain && *c != '\0'; c++)
        plain = (unsigned char)*c >= 0x20 && *c != 0x7f && *c != '/';
    return plain ||
           tk_fail(error, TK_ERROR_INPUT, "a view's name is 1 to %d characters without “/”", NAME_MAX_CHARS);
}

/* ---- reading ---- */

static json_t *shown(const TkActor *actor, const json_t *document)
{
    const char *owner = json_string_value(json_object_get(document, "owner"));
    return json_pack("{s:O, s:O, s:b, s:O, s:O}", "name", json_object_get(document, "name"), "owner",
                     json_object_get(document, "owner"), "own", g_strcmp0(owner, actor->id) == 0, "shared",
                     json_object_get(document, "shared"), "query", json_object_get(document, "query"));
}

typedef struct {
    const TkActor *actor;
    json_t *items; /* what the actor sees */
    unsigned own;
} Views;

static bool take(const TkRecord *record, void *data)
{
    Views *views = data;
    const char *owner = json_string_value(json_object_get(record->body, "owner"));
    bool own = g_strcmp0(owner, views->actor->id) == 0;
    views->own += own;
    if (own || json_is_true(json_object_get(record->body, "shared")))
        json_array_append_new(views->items, shown(views->actor, record->body));
    return true;
}

/* A store open for reading that never kept a view has none. */
static bool read_views(const TkRegisters *registers, const TkRegisterSchema *schema, Views *views,
                       GError **error)
{
    if (!tk_store_index(registers->store, TK_KIND_REGISTER_VIEW, BY_REGISTER, error))
        return false;
    TkFilter filter = {.pointer = BY_REGISTER, .op = TK_FILTER_EQ, .text = schema->id};
    TkQuery query = {
        .kind = TK_KIND_REGISTER_VIEW, .filters = &filter, .filter_count = 1, .limit = TK_STORE_LIMIT_MAX};
    return tk_store_list(registers->store, &query, take, views, NULL, error);
}

GBytes *tk_register_views(TkRegisters *registers, const TkActor *actor, const char *name, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_READS, error);
    g_autoptr(json_t) items = json_array();
    Views views = {.actor = actor, .items = items};
    if (schema == NULL || !read_views(registers, schema, &views, error))
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:O}", "items", items);
    return tk_register_bytes(out);
}

GBytes *tk_register_saved_view(TkRegisters *registers, const TkActor *actor, const char *name,
                               const char *view, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_READS, error);
    g_autoptr(json_t) items = json_array();
    Views views = {.actor = actor, .items = items};
    if (schema == NULL || !read_views(registers, schema, &views, error))
        return NULL;
    const json_t *found = NULL, *item;
    size_t i;
    json_array_foreach(items, i, item)
    {
        bool named = g_strcmp0(json_string_value(json_object_get(item, "name")), view) == 0;
        if (named && (found == NULL || json_is_true(json_object_get(item, "own"))))
            found = item;
    }
    if (found == NULL)
        tk_fail(error, TK_ERROR_NOT_FOUND, "there is no saved view “%.60s” of %s", view, schema->id);
    return found == NULL ? NULL : tk_register_bytes(found);
}

/* ---- writing ---- */

static const TkRegisterSchema *open_to_save(const TkRegisters *registers, const TkActor *actor,
                                            const char *name, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_open(registers, actor, name, TK_REGISTER_READS, error);
    if (schema == NULL || actor->role != TK_ROLE_AUDITOR)
        return schema;
    tk_fail(error, TK_ERROR_FORBIDDEN, "an auditor writes nothing, saved views neither");
    return NULL;
}

static bool save_locked(TkRegisters *registers, const TkActor *actor, const TkRegisterSchema *schema,
                        const json_t *document, GError **error)
{
    const char *view = json_string_value(json_object_get(document, "name"));
    g_autofree char *id = id_of(schema, actor->id, view);
    g_autoptr(TkRecord) before =
        tk_store_get(registers->store, TK_KIND_REGISTER_VIEW, id, TK_TIME_NONE, NULL);
    if (before != NULL && json_equal(before->body, document))
        return true;
    g_autoptr(json_t) items = json_array();
    Views views = {.actor = actor, .items = items};
    if (!read_views(registers, schema, &views, error))
        return false;
    if (before == NULL && views.own >= TK_REGISTER_VIEWS_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%s: %u views are saved already; delete one first", schema->id,
                       views.own);
    TkWrite *write = tk_write_new(actor->id, tk_registers_now(registers));
    tk_write_put(write, TK_KIND_REGISTER_VIEW, id, before == NULL ? TK_STORE_NEW : before->version,
                 "save-view", document);
    return tk_store_commit(registers->store, write, NULL, error);
}

GBytes *tk_register_save_view(TkRegisters *registers, const TkActor *actor, const char *name,
                              const char *view, const json_t *request, GError **error)
{
    const TkRegisterSchema *schema = open_to_save(registers, actor, name, error);
    const json_t *query = json_object_get(request, "query"), *shared = json_object_get(request, "shared");
    if (schema == NULL || !check_name(view, error) || !check_query(schema, query, error))
        return NULL;
    if (shared != NULL && !json_is_boolean(shared)) {
        tk_fail(error, TK_ERROR_INPUT, "shared: must be true or false");
        return NULL;
    }
    g_autoptr(json_t) document =
        json_pack("{s:s, s:s, s:s, s:b, s:O}", "register", schema->id, "owner", actor->id, "name", view,
                  "shared", json_is_true(shared), "query", query);
    g_mutex_lock(&registers->lock);
    bool done = save_locked(registers, actor, schema, document, error);
    g_mutex_unlock(&registers->lock);
    g_autoptr(json_t) out = shown(actor, document);
    return done ? tk_register_bytes(out) : NULL;
}

GBytes *tk_register_forget_view(TkRegisters *registers, const TkActor *actor, const char *name,
                                const char *view, GError **error)
{
    const TkRegisterSchema *schema = open_to_save(registers, actor, name, error);
    if (schema == NULL)
        return NULL;
    g_autofree char *id = id_of(schema, actor->id, view);
    g_autoptr(TkRecord) before =
        tk_store_get(registers->store, TK_KIND_REGISTER_VIEW, id, TK_TIME_NONE, NULL);
    if (before == NULL) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "you have saved no view “%.60s” of %s", view, schema->id);
        return NULL;
    }
    TkWrite *write = tk_write_new(actor->id, tk_registers_now(registers));
    tk_write_delete(write, TK_KIND_REGISTER_VIEW, id, before->version, "forget-view");
    if (!tk_store_commit(registers->store, write, NULL, error))
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:s, s:b}", "name", view, "deleted", 1);
    return tk_register_bytes(out);
}

/* What others say in OSCAL about controls, as answers; and back, so that a document that was received can be
 * given on with our words in it and everything else as it came.
 *
 * A requirement that states no implementation status is taken as partial: something is said about it, and not
 * that it is all. */
#include "control/frameworks.h"

#include "control/export.h"
#include "control/resolving.h"

enum { TEXT_MAX = 7900, UNKNOWN_MAX = 1000 };

/* ---- finding requirements ---- */

typedef void (*RequirementFn)(void *user, json_t *requirement);

static void each_in(const json_t *implementation, RequirementFn each, void *user)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(implementation, "implemented-requirements"), i, one) each(user, one);
}

static void each_of_parts(const json_t *body, const char *key, RequirementFn each, void *user)
{
    size_t i, n;
    json_t *part, *implementation;
    json_array_foreach(json_object_get(body, key), i, part)
        json_array_foreach(json_object_get(part, "control-implementations"), n, implementation)
            each_in(implementation, each, user);
}

/* Calls `each` for every implemented requirement; false for a kind of document that has none. */
static bool each_requirement(const json_t *document, RequirementFn each, void *user)
{
    const json_t *plan = json_object_get(document, "system-security-plan"),
                 *definition = json_object_get(document, "component-definition");
    if (plan != NULL)
        each_in(json_object_get(plan, "control-implementation"), each, user);
    each_of_parts(definition, "components", each, user);
    each_of_parts(definition, "capabilities", each, user);
    return plan != NULL || definition != NULL;
}

/* ---- reading one ---- */

static json_t *status_prop(const json_t *requirement)
{
    size_t i;
    json_t *prop;
    json_array_foreach(json_object_get(requirement, "props"), i,
                       prop) if (g_strcmp0(oscal_text(prop, "name"), "implementation-status") ==
                                 0) return prop;
    return NULL;
}

static bool parse_state(const char *text, TkControlState *state)
{
    static const struct {
        const char *text;
        TkControlState state;
    } known[] = {{"implemented", TK_CONTROL_IMPLEMENTED},       {"partial", TK_CONTROL_PARTIAL},
                 {"partially-implemented", TK_CONTROL_PARTIAL}, {"planned", TK_CONTROL_PLANNED},
                 {"alternative", TK_CONTROL_PARTIAL},           {"not-applicable", TK_CONTROL_NOT_APPLICABLE},
                 {"under-development", TK_CONTROL_PLANNED}};
    for (size_t i = 0; text != NULL && i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i].text, text) == 0) {
            *state = known[i].state;
            return true;
        }
    return false;
}

static void add_text(GString *out, const char *text)
{
    if (text == NULL || text[0] == '\0' || out->len >= TEXT_MAX)
        return;
    if (out->len > 0)
        g_string_append(out, "\n\n");
    g_string_append(out, text);
}

/* The weakest of what the components state; the one property where there is none. */
static bool read_by(const json_t *holder, TkControlState *state, GString *text)
{
    bool stated = false;
    size_t i;
    json_t *by;
    json_array_foreach(json_object_get(holder, "by-components"), i, by)
    {
        TkControlState one;
        add_text(text, oscal_text(by, "description"));
        if (!parse_state(oscal_text(json_object_get(by, "implementation-status"), "state"), &one))
            continue;
        *state = stated ? MIN(*state, one) : one;
        stated = true;
    }
    return stated;
}

static void read_requirement(const json_t *requirement, TkControlState *state, GString *text)
{
    TkControlState in_statements = TK_CONTROL_IMPLEMENTED;
    bool stated = parse_state(oscal_text(status_prop(requirement), "value"), state), below = false;
    add_text(text, oscal_text(requirement, "description"));
    TkControlState by;
    if (read_by(requirement, &by, text)) {
        *state = stated ? MIN(*state, by) : by;
        stated = true;
    }
    size_t i;
    json_t *statement;
    json_array_foreach(json_object_get(requirement, "statements"), i, statement)
    {
        add_text(text, oscal_text(statement, "description"));
        if (read_by(statement, &by, text)) {
            in_statements = MIN(in_statements, by);
            below = true;
        }
    }
    if (below)
        *state = stated ? MIN(*state, in_statements) : in_statements;
    else if (!stated)
        *state = TK_CONTROL_PARTIAL;
}

/* Cut at a character. */
static void cut(GString *text)
{
    const char *end;
    if (text->len > TEXT_MAX)
        g_string_truncate(text, TEXT_MAX);
    if (!g_utf8_validate_len(text->str, text->len, &end))
        g_string_truncate(text, (gsize)(end - text->str));
}

/* ---- answers ---- */

typedef struct {
    const TkFramework *framework;
    GHashTable *tokens; /* token → item: ids that OSCAL cannot write as they are */
    json_t *out, *unknown;
    GHashTable *by_item; /* item → answer, borrowed */
    GPtrArray *notes;
} Taking;

static const TkFrameworkItem *item_of(const Taking *t, const json_t *requirement)
{
    const char *id = oscal_text(requirement, "control-id");
    const TkFrameworkItem *item = id == NULL ? NULL : tk_framework_item(t->framework, id);
    if (item == NULL && id != NULL)
        item = g_hash_table_lookup(t->tokens, id);
    return item != NULL && tk_framework_is_unit(item) ? item : NULL;
}

static void take(void *user, json_t *requirement)
{
    Taking *t = user;
    const TkFrameworkItem *item = item_of(t, requirement);
    const char *id = oscal_text(requirement, "control-id"), *uuid = oscal_text(requirement, "uuid");
    if (item == NULL) {
        if (id != NULL && json_array_size(t->unknown) < UNKNOWN_MAX)
            json_array_append_new(t->unknown, json_string(id));
        return;
    }
    if (g_hash_table_contains(t->by_item, item)) {
        g_autofree char *said = g_strdup_printf("%s is spoken of more than once; the first counts", item->id);
        if (t->notes->len < 200)
            g_ptr_array_add(t->notes, g_steal_pointer(&said));
        return;
    }
    TkControlState state = TK_CONTROL_PARTIAL;
    g_autoptr(GString) text = g_string_new(NULL);
    read_requirement(requirement, &state, text);
    cut(text);
    json_t *answer =
        json_pack("{s:s, s:s, s:s, s:s?}", "item", item->id, "state", tk_control_state_text(state), "text",
                  text->len > 0 ? text->str : "-", "origin", uuid);
    json_array_append_new(t->out, answer);
    g_hash_table_insert(t->by_item, (gpointer)item, answer);
}

json_t *tk_oscal_answers(const json_t *document, const TkFramework *framework, json_t *unknown,
                         GPtrArray *notes, GError **error)
{
    g_autoptr(json_t) out = json_array();
    g_autoptr(GHashTable) tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) by_item = g_hash_table_new(NULL, NULL);
    for (size_t i = 0; i < framework->n_items; i++)
        g_hash_table_insert(tokens, export_token(framework->items[i].id), &framework->items[i]);
    Taking t = {framework, tokens, out, unknown, by_item, notes};
    if (each_requirement(document, take, &t))
        return g_steal_pointer(&out);
    tk_fail(error, TK_ERROR_INPUT, "only a component definition or a system security plan has answers in it");
    return NULL;
}

/* ---- and back ---- */

typedef struct {
    GHashTable *by_origin; /* uuid → answer */
} Giving;

static void set_status(json_t *requirement, const char *state)
{
    json_t *prop = status_prop(requirement), *by = json_object_get(requirement, "by-components"),
           *first = json_array_get(by, 0);
    if (first != NULL) {
        json_t *status = json_object_get(first, "implementation-status");
        if (status == NULL)
            json_object_set_new(first, "implementation-status", json_pack("{s:s}", "state", state));
        else
            json_object_set_new(status, "state", json_string(state));
    } else if (prop != NULL) {
        json_object_set_new(prop, "value", json_string(state));
    } else {
        json_array_append_new(oscal_list(requirement, "props"),
                              export_property("implementation-status", state));
    }
}

static void set_text(json_t *requirement, const char *text)
{
    json_t *first = json_array_get(json_object_get(requirement, "by-components"), 0);
    json_object_set_new(first != NULL ? first : requirement, "description", json_string(text));
}

/* Only what differs from what would be read from it now is written: a round trip without a change changes
 * nothing. */
static void give(void *user, json_t *requirement)
{
    const Giving *g = user;
    const char *uuid = oscal_text(requirement, "uuid");
    const json_t *answer = uuid == NULL ? NULL : g_hash_table_lookup(g->by_origin, uuid);
    if (answer == NULL)
        return;
    TkControlState state = TK_CONTROL_PARTIAL;
    g_autoptr(GString) text = g_string_new(NULL);
    read_requirement(requirement, &state, text);
    cut(text);
    const char *said = oscal_text(answer, "state"), *now = oscal_text(answer, "text");
    if (said != NULL && strcmp(said, tk_control_state_text(state)) != 0)
        set_status(requirement, said);
    if (now != NULL && strcmp(now, text->len > 0 ? text->str : "-") != 0)
        set_text(requirement, now);
}

json_t *tk_oscal_with_answers(const json_t *document, const json_t *answers)
{
    json_t *out = json_deep_copy(document);
    g_autoptr(GHashTable) by_origin = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;
    json_t *answer;
    json_array_foreach(answers, i, answer)
    {
        const char *origin = oscal_text(answer, "origin");
        if (origin != NULL)
            g_hash_table_insert(by_origin, (gpointer)origin, answer);
    }
    Giving g = {by_origin};
    each_requirement(out, give, &g);
    return out;
}

/* Bow ties out of their register: a top event, causes and consequences that name it, barriers that name the
 * causes or consequences they stand before. A barrier is as good as the worst of what it stands on: what
 * people found when they checked it, its measures, its controls. */
#include "service/risks_private.h"

typedef struct {
    TkRiskBook *book;
    GPtrArray *parts;     /* of TkRiskRecord, in their places */
    GHashTable *controls; /* id → the state of a control's answer, char *; NULL until asked for */
} Ties;

static int by_place(gconstpointer a, gconstpointer b)
{
    const TkRiskRecord *x = *(const TkRiskRecord *const *)a, *y = *(const TkRiskRecord *const *)b;
    json_int_t p = json_integer_value(json_object_get(x->values, "place")),
               q = json_integer_value(json_object_get(y->values, "place"));
    return p < q ? -1 : p > q ? 1 : strcmp(x->id, y->id);
}

static bool open_ties(TkRiskBook *book, Ties *ties, GError **error)
{
    *ties = (Ties){book, tk_risk_records(book->app, "bow-ties", error), NULL};
    if (ties->parts == NULL)
        return false;
    g_ptr_array_sort(ties->parts, by_place);
    g_autoptr(GPtrArray) answers = tk_risk_records(book->app, "control-answers", error);
    if (answers == NULL)
        return false;
    ties->controls = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (unsigned i = 0; i < answers->len; i++) {
        const TkRiskRecord *one = answers->pdata[i];
        g_hash_table_insert(ties->controls, g_strdup(one->id), g_strdup(tk_risk_text(one->values, "state")));
    }
    return true;
}

static void close_ties(Ties *ties)
{
    g_clear_pointer(&ties->parts, g_ptr_array_unref);
    g_clear_pointer(&ties->controls, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ties, close_ties)

static bool is_kind(const TkRiskRecord *part, const char *kind)
{
    return g_strcmp0(tk_risk_text(part->values, "kind"), kind) == 0;
}

static bool belongs(const TkRiskRecord *part, const char *to)
{
    size_t i;
    const json_t *id;
    json_array_foreach(json_object_get(part->values, "of"), i, id)
    {
        if (strcmp(json_string_value(id), to) == 0)
            return true;
    }
    return false;
}

static const TkRiskRecord *part_of(const Ties *ties, const char *id)
{
    for (unsigned i = 0; i < ties->parts->len; i++) {
        const TkRiskRecord *part = ties->parts->pdata[i];
        if (strcmp(part->id, id) == 0)
            return part;
    }
    return NULL;
}

/* ---- barriers ---- */

static TkBarrierState measure_state(const Ties *ties, const char *id)
{
    const TkRiskRecord *measure = g_hash_table_lookup(ties->book->measures, id);
    const char *status = measure == NULL ? NULL : tk_risk_text(measure->values, "status");
    if (g_strcmp0(status, "done") == 0)
        return TK_BARRIER_WORKS;
    if (status == NULL || strcmp(status, "dropped") == 0)
        return TK_BARRIER_MISSING;
    TkDate deadline = tk_risk_day(measure->values, "deadline");
    return deadline != TK_DATE_NONE && deadline < ties->book->today ? TK_BARRIER_LATE : TK_BARRIER_PLANNED;
}

static TkBarrierState control_state(const Ties *ties, const char *id)
{
    const char *state = g_hash_table_lookup(ties->controls, id);
    if (g_strcmp0(state, "implemented") == 0)
        return TK_BARRIER_WORKS;
    if (g_strcmp0(state, "partial") == 0)
        return TK_BARRIER_WEAK;
    return g_strcmp0(state, "planned") == 0 ? TK_BARRIER_PLANNED : TK_BARRIER_MISSING;
}

static TkBarrierState checked_state(const char *effect)
{
    if (g_strcmp0(effect, "works") == 0)
        return TK_BARRIER_WORKS;
    if (g_strcmp0(effect, "weak") == 0)
        return TK_BARRIER_WEAK;
    return g_strcmp0(effect, "missing") == 0 ? TK_BARRIER_MISSING : TK_BARRIER_UNKNOWN;
}

static TkBarrierState state_of(const Ties *ties, const TkRiskRecord *barrier)
{
    const char *effect = tk_risk_text(barrier->values, "effect");
    const json_t *measures = json_object_get(barrier->values, "measures"),
                 *controls = json_object_get(barrier->values, "controls"), *id;
    TkBarrierState state = TK_BARRIER_WORKS;
    size_t i;
    json_array_foreach(measures, i, id) state = MIN(state, measure_state(ties, json_string_value(id)));
    json_array_foreach(controls, i, id) state = MIN(state, control_state(ties, json_string_value(id)));
    bool stands = json_array_size(measures) + json_array_size(controls) > 0;
    return effect != NULL || !stands ? MIN(state, checked_state(effect)) : state;
}

static json_t *barrier_json(const Ties *ties, const TkRiskRecord *barrier)
{
    TkBarrierState state = state_of(ties, barrier);
    json_t *measures =
        tk_risk_named_list(ties->book, "countermeasures", json_object_get(barrier->values, "measures"));
    json_t *controls =
        tk_risk_named_list(ties->book, "control-answers", json_object_get(barrier->values, "controls"));
    return json_pack("{s:s, s:s?, s:s, s:s, s:{s:s, s:s}, s:O?, s:o, s:o}", "id", barrier->id, "title",
                     tk_risk_text(barrier->values, "title"), "state", tk_barrier_state_id(state), "symbol",
                     tk_barrier_state_symbol(state), "words", "ja", tk_barrier_state_words(state, false),
                     "en", tk_barrier_state_words(state, true), "checked",
                     json_object_get(barrier->values, "checked"), "measures", measures, "controls", controls);
}

/* ---- a tie ---- */

static json_t *lines_json(const Ties *ties, const char *event, const char *kind, const char *barrier_kind)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < ties->parts->len; i++) {
        const TkRiskRecord *line = ties->parts->pdata[i];
        if (!is_kind(line, kind) || !belongs(line, event))
            continue;
        json_t *barriers = json_array();
        for (unsigned k = 0; k < ties->parts->len; k++) {
            const TkRiskRecord *barrier = ties->parts->pdata[k];
            if (is_kind(barrier, barrier_kind) && belongs(barrier, line->id))
                json_array_append_new(barriers, barrier_json(ties, barrier));
        }
        json_array_append_new(list, json_pack("{s:s, s:s?, s:o}", "id", line->id, "title",
                                              tk_risk_text(line->values, "title"), "barriers", barriers));
    }
    return list;
}

static int bare_lines(const json_t *lines)
{
    int n = 0;
    size_t i;
    const json_t *line;
    json_array_foreach(lines, i, line) n += json_array_size(json_object_get(line, "barriers")) == 0;
    return n;
}

static json_t *tie_json(const Ties *ties, const TkRiskRecord *event)
{
    json_t *causes = lines_json(ties, event->id, "cause", "preventive");
    json_t *consequences = lines_json(ties, event->id, "consequence", "recovery");
    return json_pack(
        "{s:s, s:s?, s:o, s:i, s:o, s:o}", "id", event->id, "title", tk_risk_text(event->values, "title"),
        "risk", tk_risk_named(ties->book, "risks", tk_risk_text(event->values, "risk")), "bare",
        bare_lines(causes) + bare_lines(consequences), "causes", causes, "consequences", consequences);
}

json_t *tk_risk_bow_ties(TkRiskBook *book, const char *risk, GError **error)
{
    g_auto(Ties) ties = {0};
    if (!open_ties(book, &ties, error))
        return NULL;
    json_t *list = json_array();
    for (unsigned i = 0; i < ties.parts->len; i++) {
        const TkRiskRecord *part = ties.parts->pdata[i];
        if (is_kind(part, "event") && g_strcmp0(tk_risk_text(part->values, "risk"), risk) == 0)
            json_array_append_new(
                list, json_pack("{s:s, s:s?}", "id", part->id, "title", tk_risk_text(part->values, "title")));
    }
    return list;
}

/* Parts that belong to nothing that is drawn: [{"id","title","kind"}…]. */
static json_t *loose_json(const Ties *ties)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < ties->parts->len; i++) {
        const TkRiskRecord *part = ties->parts->pdata[i];
        bool drawn = is_kind(part, "event");
        for (unsigned k = 0; k < ties->parts->len && !drawn; k++) {
            const TkRiskRecord *to = ties->parts->pdata[k];
            bool fits = is_kind(part, "cause") || is_kind(part, "consequence") ? is_kind(to, "event")
                        : is_kind(part, "preventive")                          ? is_kind(to, "cause")
                                                                               : is_kind(to, "consequence");
            drawn = fits && belongs(part, to->id);
        }
        if (!drawn)
            json_array_append_new(list, json_pack("{s:s, s:s?, s:s?}", "id", part->id, "title",
                                                  tk_risk_text(part->values, "title"), "kind",
                                                  tk_risk_text(part->values, "kind")));
    }
    return list;
}

static json_t *all_ties(const Ties *ties)
{
    json_t *items = json_array();
    for (unsigned i = 0; i < ties->parts->len; i++)
        if (is_kind(ties->parts->pdata[i], "event"))
            json_array_append_new(items, tie_json(ties, ties->parts->pdata[i]));
    return items;
}

json_t *tk_risk_ties_json(TkRiskBook *book, GError **error)
{
    g_auto(Ties) ties = {0};
    return open_ties(book, &ties, error) ? all_ties(&ties) : NULL;
}

GBytes *tk_service_bow_ties(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRiskBook) book = tk_risk_book_open(app, error);
    g_auto(Ties) ties = {0};
    if (book == NULL || !open_ties(book, &ties, error))
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:o, s:o, s:b}", "items", all_ties(&ties), "loose", loose_json(&ties),
                                      "synthetic", app->synthetic);
    return tk_json_bytes(out);
}

static const TkRiskRecord *event_of(const Ties *ties, const char *id, GError **error)
{
    const TkRiskRecord *event = part_of(ties, id);
    if (event != NULL && is_kind(event, "event"))
        return event;
    tk_fail(error, TK_ERROR_NOT_FOUND, "there is no bow tie around %.120s", id);
    return NULL;
}

GBytes *tk_service_bow_tie(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRiskBook) book = tk_risk_book_open(app, error);
    g_auto(Ties) ties = {0};
    if (book == NULL || !open_ties(book, &ties, error))
        return NULL;
    const TkRiskRecord *event = event_of(&ties, id, error);
    if (event == NULL)
        return NULL;
    g_autoptr(json_t) out = tie_json(&ties, event);
    json_object_set_new(out, "synthetic", json_boolean(app->synthetic));
    return tk_json_bytes(out);
}

/* ---- its drawing ---- */

/* The lines of a told tie; texts are borrowed from it. False where there are more barriers than are drawn. */
static bool drawn_lines(const json_t *told, TkBowLine **lines, size_t *count, GError **error)
{
    size_t i, k;
    const json_t *line, *barrier;
    *count = json_array_size(told);
    *lines = g_new0(TkBowLine, *count + 1);
    json_array_foreach(told, i, line)
    {
        TkBowLine *out = &(*lines)[i];
        out->title = json_string_value(json_object_get(line, "title"));
        json_array_foreach(json_object_get(line, "barriers"), k, barrier)
        {
            const char *state = json_string_value(json_object_get(barrier, "state"));
            if (k >= TK_BOW_TIE_BARRIERS_MAX)
                return tk_fail(error, TK_ERROR_LIMIT,
                               "“%s” has more than the %d barriers that are drawn on a line", out->title,
                               TK_BOW_TIE_BARRIERS_MAX);
            TkBarrierState s = TK_BARRIER_MISSING;
            while (s + 1 < TK_BARRIER_STATES && strcmp(tk_barrier_state_id(s), state) != 0)
                s++;
            out->barriers[out->n_barriers++] =
                (TkBarrier){json_string_value(json_object_get(barrier, "title")), s};
        }
    }
    return true;
}

GBytes *tk_service_bow_tie_picture(TkApp *app, const TkActor *actor, const char *id, bool english,
                                   GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRiskBook) book = tk_risk_book_open(app, error);
    g_auto(Ties) ties = {0};
    if (book == NULL || !open_ties(book, &ties, error))
        return NULL;
    const TkRiskRecord *event = event_of(&ties, id, error);
    if (event == NULL)
        return NULL;
    g_autoptr(json_t) told = tie_json(&ties, event);
    g_autofree TkBowLine *causes = NULL, *consequences = NULL;
    TkBowTie tie = {.event = tk_risk_text(event->values, "title"), .english = english};
    if (!drawn_lines(json_object_get(told, "causes"), &causes, &tie.n_causes, error) ||
        !drawn_lines(json_object_get(told, "consequences"), &consequences, &tie.n_consequences, error))
        return NULL;
    tie.causes = causes;
    tie.consequences = consequences;
    char *svg = tk_bow_tie_svg(&tie, error);
    return svg == NULL ? NULL : g_bytes_new_take(svg, strlen(svg));
}

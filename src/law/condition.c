/* Conditions over a carrier's facts: read from data, asked of a profile. Three-valued, as all answers of this
 * room: an unknown fact makes the whole unknown only where the answer hangs on it, and then it is named.
 *
 * The form is small on purpose — all, any, not, any_service, a term, and one fact with one boundary — so that
 * whoever corrects the law's data can read it, and so that asking is a walk over an array that cannot run
 * away. */
#include "law/program_internal.h"

/* ---- reading ---- */

typedef struct {
    const Where *where;
    const Programme *programme;
    const char *field;
    bool terms;      /* terms may be named: not within a term, so there are no circles */
    bool of_service; /* inside any_service */
    unsigned depth;
    Node nodes[NODES_MAX];
    size_t count;
} Reader;

static bool read_node(Reader *r, const json_t *object);

static const char *const points[] = {"date", "previous-fiscal-year-end", "fiscal-year-first-day",
                                     "half-year-first-day", "half-year-last-day"};

TkDate tk_point_day(Point point, TkDate date)
{
    TkDate year_first = tk_date_make(tk_fiscal_year(date), 4, 1);
    TkDate half = tk_date_make(tk_fiscal_year(date), 10, 1);
    switch (point) {
    case AT_YEAR_BEFORE_END:
        return year_first - 1;
    case AT_YEAR_FIRST:
        return year_first;
    case AT_HALF_FIRST:
        return date < half ? year_first : half;
    case AT_HALF_LAST:
        return date < half ? half - 1 : tk_fiscal_year_end(date);
    case AT_DATE:
        break;
    }
    return date;
}

G_GNUC_PRINTF(2, 3)
static bool bad(const Reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    return tk_law_bad(r->where, r->field, why);
}

static bool only_keys(const Reader *r, const json_t *object, const char *const *known)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value) if (!g_strv_contains(known, key)) return bad(
        r, "“%s” is not part of a condition there", key);
    return true;
}

static bool read_list(Reader *r, const json_t *list, size_t self)
{
    if (!json_is_array(list) || json_array_size(list) == 0)
        return bad(r, "%s", "all and any take a list that is not empty");
    size_t i;
    json_t *part;
    json_array_foreach(list, i, part) if (!read_node(r, part)) return false;
    r->nodes[self].end = (uint16_t)r->count;
    return true;
}

static bool read_branch(Reader *r, const json_t *object, NodeKind kind, const char *key, size_t self)
{
    const json_t *inner = json_object_get(object, key);
    r->nodes[self].kind = kind;
    if (json_object_size(object) != 1)
        return bad(r, "“%s” stands alone in its object", key);
    if (kind == NODE_ALL || kind == NODE_ANY)
        return read_list(r, inner, self);
    if (kind == NODE_ANY_SERVICE && r->of_service)
        return bad(r, "“%s” does not stand inside another", key);
    bool before = r->of_service;
    r->of_service = before || kind == NODE_ANY_SERVICE;
    bool ok = read_node(r, inner);
    r->of_service = before;
    r->nodes[self].end = (uint16_t)r->count;
    return ok;
}

static bool read_term(Reader *r, const json_t *object, Node *node)
{
    static const char *const known[] = {"term", NULL};
    node->kind = NODE_TERM;
    node->term = json_string_value(json_object_get(object, "term"));
    if (!r->terms || r->of_service)
        return bad(r, "%s", "a term is not named inside a term or a service");
    if (node->term == NULL || !only_keys(r, object, known))
        return bad(r, "%s", "a term is named by its family");
    for (guint i = 0; i < r->programme->terms->len; i++)
        if (strcmp(((const Term *)r->programme->terms->pdata[i])->family, node->term) == 0)
            return true;
    return bad(r, "there is no term “%s”", node->term);
}

static bool read_option(const Reader *r, const json_t *value, Node *node)
{
    const char *id = json_is_string(value) ? json_string_value(value) : "";
    for (size_t i = 0; i < node->fact->option_count; i++)
        if (strcmp(node->fact->options[i], id) == 0) {
            node->value = (int64_t)i;
            return true;
        }
    return bad(r, "the fact has no option “%s”", id);
}

static bool read_point(const Reader *r, const json_t *at, Node *node)
{
    if (at == NULL)
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(points); i++)
        if (g_strcmp0(json_string_value(at), points[i]) == 0) {
            node->point = (Point)i;
            return true;
        }
    return bad(r, "“at” is date, previous-fiscal-year-end, fiscal-year-first-day, half-year-first-day or %s",
               "half-year-last-day");
}

static bool read_fact(Reader *r, const json_t *object, Node *node)
{
    static const char *const known[] = {"fact", "at", "is", "equals", "at_least", "article", NULL};
    const char *id = json_string_value(json_object_get(object, "fact"));
    const json_t *is = json_object_get(object, "is"), *equals = json_object_get(object, "equals"),
                 *at_least = json_object_get(object, "at_least");
    if (id == NULL || !only_keys(r, object, known))
        return bad(r, "%s", "a condition is all, any, not, any_service, term or fact");
    node->fact = tk_programme_fact(r->programme, id, r->of_service);
    if (node->fact == NULL)
        return bad(
            r, r->of_service ? "there is no fact “%s” of a service" : "there is no fact “%s” of a carrier",
            id);
    node->article = json_string_value(json_object_get(object, "article"));
    if ((is != NULL) + (equals != NULL) + (at_least != NULL) != 1)
        return bad(r, "“%s” needs one of is, equals and at_least", id);
    if (!read_point(r, json_object_get(object, "at"), node))
        return false;
    if (node->fact->kind == FACT_BOOLEAN && json_is_boolean(is)) {
        node->kind = NODE_IS;
        node->value = json_is_true(is);
        return true;
    }
    if (node->fact->kind == FACT_CHOICE && equals != NULL) {
        node->kind = NODE_EQUALS;
        return read_option(r, equals, node);
    }
    node->kind = NODE_AT_LEAST;
    node->value = json_integer_value(at_least);
    if (node->fact->kind == FACT_COUNT && json_is_integer(at_least) && node->value >= 1 &&
        node->value <= TK_LAW_COUNT_MAX)
        return true;
    return bad(r, "“%s”: true or false for a boolean, an option for a choice, a number for a count", id);
}

static bool read_node(Reader *r, const json_t *object)
{
    static const char *const branches[] = {"all", "any", "not", "any_service"};
    if (!json_is_object(object))
        return bad(r, "%s", "each part of a condition is an object");
    if (r->count == NODES_MAX || r->depth == DEPTH_MAX)
        return bad(r, "%s", "the condition has more than 64 parts or is deeper than 8");
    size_t self = r->count++;
    Node *node = &r->nodes[self];
    *node = (Node){.end = (uint16_t)r->count};
    r->depth++;
    bool ok = false, branch = false;
    for (size_t i = 0; i < G_N_ELEMENTS(branches) && !branch; i++)
        if (json_object_get(object, branches[i]) != NULL) {
            branch = true;
            ok = read_branch(r, object, (NodeKind)i, branches[i], self);
        }
    if (!branch)
        ok =
            json_object_get(object, "term") != NULL ? read_term(r, object, node) : read_fact(r, object, node);
    r->depth--;
    return ok;
}

bool tk_condition_read(const Where *where, const Programme *programme, const json_t *object,
                       const char *field, bool terms, Condition *out)
{
    Reader reader = {.where = where, .programme = programme, .field = field, .terms = terms};
    if (!read_node(&reader, object))
        return false;
    out->at = g_memdup2(reader.nodes, reader.count * sizeof *reader.nodes);
    out->count = reader.count;
    return true;
}

void tk_condition_clear(Condition *condition)
{
    g_clear_pointer(&condition->at, g_free);
    condition->count = 0;
}

/* ---- asking ---- */

typedef struct {
    const Asking *asking;
    const Condition *condition;
    int service;  /* -1: of the carrier */
    bool negated; /* below an odd number of “not” */
} Walk;

static TkTri ask(const Walk *walk, size_t index);

static TkTri not_of(TkTri tri)
{
    return tri == TK_UNKNOWN ? TK_UNKNOWN : tri == TK_YES ? TK_NO : TK_YES;
}

/* Adds an answer to those of all or any before it. */
static TkTri join(TkTri so_far, TkTri next, TkTri decides)
{
    if (so_far == decides || next == decides)
        return decides;
    return so_far == TK_UNKNOWN || next == TK_UNKNOWN ? TK_UNKNOWN : not_of(decides);
}

static bool same_fact(const TkDutyFact *a, const TkDutyFact *b)
{
    return strcmp(a->fact, b->fact) == 0 && g_strcmp0(a->service, b->service) == 0 && a->as_of == b->as_of &&
           a->kind == b->kind && a->boundary == b->boundary;
}

static void note(const Walk *walk, const Node *node, bool known, int64_t value, TkTri met)
{
    const Fact *fact = node->fact;
    const TkProfile *profile = walk->asking->profile;
    TkDutyFact out = {.fact = fact->id,
                      .name = fact->name,
                      .service = walk->service < 0 ? NULL : profile->services[walk->service].id,
                      .article = node->article != NULL ? node->article : fact->entry->article,
                      .as_of = tk_point_day(node->point, walk->asking->date),
                      .met = met,
                      .speaks_for = walk->negated ? not_of(met) : met,
                      .known = known,
                      .value = value,
                      .boundary = node->value,
                      .kind = node->kind == NODE_IS       ? 'b'
                              : node->kind == NODE_EQUALS ? 'o'
                                                          : 'c'};
    if (out.kind == 'o') {
        out.boundary_name = fact->option_names[node->value];
        if (known)
            out.value_name = fact->option_names[value];
    }
    GArray *why = walk->asking->why;
    for (guint i = 0; i < why->len; i++)
        if (same_fact(&g_array_index(why, TkDutyFact, i), &out))
            return;
    if (why->len < TK_DUTY_WHY_MAX)
        g_array_append_val(why, out);
}

static void miss(const Walk *walk, const char *id)
{
    GArray *missing = walk->asking->missing;
    if (missing == NULL || missing->len == TK_DUTY_MISSING_MAX)
        return;
    for (guint i = 0; i < missing->len; i++)
        if (strcmp(g_array_index(missing, const char *, i), id) == 0)
            return;
    g_array_append_val(missing, id);
}

static TkTri ask_fact(const Walk *walk, const Node *node)
{
    int64_t value = 0;
    TkDate day = tk_point_day(node->point, walk->asking->date);
    bool known = tk_profile_value(walk->asking->programme, walk->asking->profile, node->fact, walk->service,
                                  day, &value);
    TkTri met = TK_UNKNOWN;
    if (known)
        met = (node->kind == NODE_AT_LEAST ? value >= node->value : value == node->value) ? TK_YES : TK_NO;
    else
        miss(walk, node->fact->id);
    if (walk->asking->why != NULL)
        note(walk, node, known, value, met);
    return met;
}

static TkTri ask_services(const Walk *walk, size_t index)
{
    const TkProfile *profile = walk->asking->profile;
    if (!profile->services_known) {
        miss(walk, "services");
        return TK_UNKNOWN;
    }
    TkTri answer = TK_NO;
    for (size_t s = 0; s < profile->service_count; s++) {
        Walk inner = *walk;
        inner.service = (int)s;
        answer = join(answer, ask(&inner, index + 1), TK_YES);
    }
    return answer;
}

static TkTri ask_term(const Walk *walk, const Node *node)
{
    const Term *term = tk_programme_term(walk->asking->programme, node->term, walk->asking->date);
    if (term == NULL)
        return TK_NO;
    Walk inner = {walk->asking, &term->when, -1, walk->negated};
    return ask(&inner, 0);
}

static TkTri ask(const Walk *walk, size_t index)
{
    const Node *node = &walk->condition->at[index];
    if (node->kind == NODE_TERM)
        return ask_term(walk, node);
    if (node->kind == NODE_ANY_SERVICE)
        return ask_services(walk, index);
    if (node->kind == NODE_NOT) {
        Walk inner = *walk;
        inner.negated = !walk->negated;
        return not_of(ask(&inner, index + 1));
    }
    if (node->kind != NODE_ALL && node->kind != NODE_ANY)
        return ask_fact(walk, node);
    TkTri decides = node->kind == NODE_ALL ? TK_NO : TK_YES, answer = not_of(decides);
    for (size_t part = index + 1; part < node->end; part = walk->condition->at[part].end)
        answer = join(answer, ask(walk, part), decides);
    return answer;
}

/* What is missing is asked once more, below unknown parts alone: an unknown fact beside one that decides is
 * not. */
static void name_missing(const Walk *walk, size_t index)
{
    const Node *node = &walk->condition->at[index];
    Asking quiet = *walk->asking;
    quiet.missing = quiet.why = NULL;
    Walk deaf = *walk;
    deaf.asking = &quiet;
    if (ask(&deaf, index) != TK_UNKNOWN)
        return;
    if (node->kind == NODE_ALL || node->kind == NODE_ANY || node->kind == NODE_NOT) {
        for (size_t part = index + 1; part < node->end; part = walk->condition->at[part].end)
            name_missing(walk, part);
        return;
    }
    if (node->kind == NODE_TERM) {
        const Term *term = tk_programme_term(walk->asking->programme, node->term, walk->asking->date);
        Walk inner = {walk->asking, &term->when, -1, walk->negated};
        name_missing(&inner, 0);
        return;
    }
    if (node->kind == NODE_ANY_SERVICE && walk->asking->profile->services_known) {
        for (size_t s = 0; s < walk->asking->profile->service_count; s++) {
            Walk inner = *walk;
            inner.service = (int)s;
            name_missing(&inner, index + 1);
        }
        return;
    }
    Asking loud = *walk->asking;
    loud.why = NULL;
    Walk naming = *walk;
    naming.asking = &loud;
    ask(&naming, index);
}

TkTri tk_condition_ask(const Asking *asking, const Condition *condition)
{
    const char *law = "law";
    if (condition->at == NULL) {
        if (asking->missing != NULL)
            g_array_append_val(asking->missing, law);
        return TK_UNKNOWN;
    }
    Asking first = *asking;
    first.missing = NULL;
    Walk walk = {&first, condition, -1, false};
    TkTri answer = ask(&walk, 0);
    if (answer == TK_UNKNOWN && asking->missing != NULL) {
        walk.asking = asking;
        name_missing(&walk, 0);
    }
    return answer;
}

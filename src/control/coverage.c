/* Answer once, see it counted everywhere: each answer is carried along the crosswalk as far as the relation
 * proves something, and every item keeps the best that arrives. Only the best is kept and nothing is
 * averaged, so that one more answer can raise an item and never lower one. Several parts that are implemented
 * each do not add up to the whole: no crosswalk says that the parts are all there is. */
#include "control/frameworks.h"

TkControlState tk_control_state_through(TkControlState state, TkRelation relation)
{
    enum {
        O = TK_CONTROL_OPEN,
        A = TK_CONTROL_NOT_APPLICABLE,
        L = TK_CONTROL_PLANNED,
        P = TK_CONTROL_PARTIAL,
        I = TK_CONTROL_IMPLEMENTED
    };
    /* A partial answer has its other part ahead of it, so what it only touches or contains is at least
     * planned: the part that is done may be another one. */
    static const unsigned char table[5][5] = {
        /*             open  n/a planned partial implemented */
        /* none */ {O, O, O, O, O},
        /* intersect */ {O, O, L, L, P},
        /* subset */ {O, O, L, P, P},
        /* superset */ {O, A, L, L, I},
        /* equal */ {O, A, L, P, I},
    };
    return (TkControlState)table[relation][state];
}

typedef struct {
    TkSupport *supports; /* by node */
    const TkControlAnswer *answer;
    TkEvidence evidence;
} Carry;

static bool is_better(const TkSupport *a, const TkSupport *b)
{
    if (a->state != b->state)
        return a->state > b->state;
    if (a->reach.verified != b->reach.verified)
        return a->reach.verified;
    if (a->evidence != b->evidence)
        return a->evidence > b->evidence;
    return a->reach.n_path < b->reach.n_path;
}

static void carry(void *user, const TkReach *reach)
{
    const Carry *c = user;
    TkSupport *known = &c->supports[reach->item->node];
    TkSupport found = {reach->item, tk_control_state_through(c->answer->state, reach->relation),
                       c->answer,   known->own,
                       c->evidence, *reach};
    if (found.state != TK_CONTROL_OPEN && (known->answer == NULL || is_better(&found, known)))
        *known = found;
}

static void add_units(GArray *list, const TkFramework *f, const TkSupport *supports)
{
    for (size_t i = 0; i < f->n_items; i++)
        if (tk_framework_is_unit(&f->items[i]))
            g_array_append_val(list, supports[f->items[i].node]);
}

GArray *tk_control_coverage(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                            const TkFramework *framework, TkDate date)
{
    g_autofree TkSupport *supports = g_new0(TkSupport, frameworks->nodes->len);
    for (size_t i = 0; i < frameworks->nodes->len; i++)
        supports[i].item = frameworks->nodes->pdata[i];
    size_t n = tk_control_answers_count(answers);
    for (size_t i = 0; i < n; i++) {
        const TkControlAnswer *answer = tk_control_answers_at(answers, i);
        supports[answer->item->node].own = answer;
    }
    for (size_t i = 0; i < n; i++) {
        const TkControlAnswer *answer = tk_control_answers_at(answers, i);
        Carry c = {supports, answer, tk_control_evidence_on(answer, date)};
        carry(&c, &(TkReach){.item = answer->item, .relation = TK_RELATION_EQUAL, .verified = true});
        control_walk(frameworks, answer->item, carry, &c);
    }
    GArray *list = g_array_new(FALSE, FALSE, sizeof(TkSupport));
    for (size_t i = 0; i < tk_frameworks_count(frameworks); i++) {
        const TkFramework *f = tk_frameworks_at(frameworks, i);
        if (framework == NULL || framework == f)
            add_units(list, f, supports);
    }
    return list;
}

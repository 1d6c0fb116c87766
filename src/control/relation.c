/* Relations between what two items ask, and what follows from a chain of them.
 *
 * An item is thought of as the set of all that it asks, which is not empty. Then the table below is what set
 * theory gives and nothing is guessed: a part of something that contains C may have nothing to do with C
 * (subset, then superset: none), while what contains a part of C touches C (superset, then subset:
 * intersect). Because the answer is always the strongest that must hold, the order in which a chain is
 * composed does not matter. */
#include "control/frameworks.h"

static const char *const names[] = {"none", "intersect", "subset", "superset", "equal"};

const char *tk_relation_text(TkRelation relation)
{
    return names[relation];
}

bool relation_parse(const char *text, TkRelation *relation)
{
    for (size_t i = TK_RELATION_INTERSECT; text != NULL && i < G_N_ELEMENTS(names); i++)
        if (strcmp(text, names[i]) == 0) {
            *relation = (TkRelation)i;
            return true;
        }
    return false;
}

TkRelation tk_relation_inverse(TkRelation relation)
{
    return relation == TK_RELATION_SUBSET     ? TK_RELATION_SUPERSET
           : relation == TK_RELATION_SUPERSET ? TK_RELATION_SUBSET
                                              : relation;
}

TkRelation tk_relation_compose(TkRelation first, TkRelation second)
{
    enum {
        N = TK_RELATION_NONE,
        I = TK_RELATION_INTERSECT,
        B = TK_RELATION_SUBSET,
        P = TK_RELATION_SUPERSET,
        E = TK_RELATION_EQUAL
    };
    static const unsigned char table[5][5] = {
        /*            none intersect subset superset equal */
        /* none */ {N, N, N, N, N},
        /* intersect */ {N, N, I, N, I},
        /* subset */ {N, N, B, N, B},
        /* superset */ {N, I, I, P, P},
        /* equal */ {N, I, B, P, E},
    };
    return (TkRelation)table[first][second];
}

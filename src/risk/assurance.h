/* Functional assurance (機能保証): what society must not lose, followed from the consequence down to what
 * could take it away.
 *
 *     objective → essential service → work → resource → event → cause
 *      目的         重要な役務           業務    経営資源    事象     要因
 *
 * Each step hangs on one of the step before. The walk orders them and says what is missing: a service that
 * nobody said how long it may fail, a resource that nothing is thought to happen to. The idea is that of
 * NISC's guide to risk assessment by functional assurance (手引書); the names of the steps are ours. Part of
 * the door of risk. */
#ifndef TK_RISK_ASSURANCE_H
#define TK_RISK_ASSURANCE_H

#include "base/base.h"

enum { TK_ASSURE_NODES_MAX = 5000, TK_ASSURE_LIMITS_MAX = 4 };

typedef enum {
    TK_ASSURE_OBJECTIVE,
    TK_ASSURE_SERVICE,
    TK_ASSURE_WORK,
    TK_ASSURE_RESOURCE,
    TK_ASSURE_EVENT,
    TK_ASSURE_CAUSE,
    TK_ASSURE_KINDS
} TkAssureKind;

/* A branch of the law's criteria for a serious accident (施行規則58条2項). */
typedef struct {
    double hours;
    int64_t users;
} TkAssureLimit;

/* Texts are borrowed. */
typedef struct {
    const char *id;
    const char *parent; /* NULL: none */
    TkAssureKind kind;
    bool has_level; /* a service: how well it has to work is said */
    double hours;   /* a service: how long it may fail; negative: not said … */
    int64_t users;  /* … for so many users; negative: not said */
    TkAssureLimit limits[TK_ASSURE_LIMITS_MAX];
    size_t n_limits;
    bool named;   /* a resource: it names the record it is */
    bool covered; /* an event or cause: the risk register has a risk of it */
} TkAssureNode;

/* "objective" …; -1 for a name that is none. */
int tk_assure_kind_of(const char *name);
const char *tk_assure_kind_name(TkAssureKind kind);

/* {"nodes":[{"id","depth","children","gaps":[{"code","ja","en"}…]}…],"gaps":n}: from each objective down, a
 * node before what hangs on it, in the order given; what hangs on nothing comes last. New reference. LIMIT
 * with more than TK_ASSURE_NODES_MAX. */
json_t *tk_assure_walk(const TkAssureNode *nodes, size_t count, GError **error);

#endif

/* Inside the service: an edition of the management rules and its text. */
#ifndef TK_SERVICE_MANAGEMENT_RULES_PRIVATE_H
#define TK_SERVICE_MANAGEMENT_RULES_PRIVATE_H

#include "rules/rules.h"
#include "service/program_private.h"

#define TK_KIND_RULE_EDITIONS "r-rule-editions"
#define TK_RULES_ANSWER_MAX   (8u << 20)

/* Whether this actor may read editions. */
bool tk_rules_open(TkApp *app, const TkActor *actor, TkRegisterAct act, GError **error);
/* The edition's record at a time (TK_TIME_NONE: now); the caller's. NOT_FOUND where there is none. */
TkRecord *tk_rules_record(TkApp *app, const char *id, int64_t as_of_us, GError **error);
/* Its text; without any where none was written. NULL and *error where what is kept is no such text. */
TkRules *tk_rules_text_of(TkApp *app, const TkRecord *record, GError **error);
/* The items of a day for the carrier's profile of the registers. *profile is the caller's and outlives them.
 */
TkRulesItems *tk_rules_items_on(TkApp *app, TkDate date, TkProfile **profile, GError **error);
/* The check as JSON; new reference. */
json_t *tk_rules_checked(TkApp *app, const TkRules *rules, TkDate date, TkDate effective, GError **error);
TkDate tk_rules_today(TkApp *app);

/* The edition that was notified last: what shows that the obligation is met. False where none was. */
typedef struct {
    char *id, *name, *owner;
    TkDate filed_on;
} TkRulesFiled;
bool tk_rules_filed(TkApp *app, TkRulesFiled *out);
void tk_rules_filed_clear(TkRulesFiled *filed);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkRulesFiled, tk_rules_filed_clear)

#endif

/* The governance programme: who owes what, by when, and is it done. Part of the service's door.
 *
 *     profile ─┐                                  ┌─ obligations (fulfilment: owner, due, done, evidence)
 *     services ├─► tk_profile ─► law ─► duties ───┤
 *     subscribers ┘                               └─ what-if, calendar
 *
 * The law's answer is computed at each asking and never written anywhere; what people record about an
 * obligation is a record of the obligations register that names it (`law_obligation`), and no computation
 * touches it. */
#ifndef TK_SERVICE_PROGRAM_H
#define TK_SERVICE_PROGRAM_H

/* docs/api.md, Programme. `date` TK_DATE_NONE: today. */
GBytes *tk_service_program(TkApp *app, const TkActor *actor, TkDate date, GError **error);
/* {"date"?,"facts"?:{…},"services"?:[…],"profile"?:{…},"compare_date"?} → what differs, and the result.
 * Writes nothing. */
GBytes *tk_service_program_what_if(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* The facts that a profile can state. */
GBytes *tk_service_program_facts(TkApp *app, const TkActor *actor, GError **error);

#endif

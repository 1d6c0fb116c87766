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
/* docs/api.md, Officers: who holds each office, what each must fulfil, gaps; `date` TK_DATE_NONE: today. */
GBytes *tk_service_program_officers(TkApp *app, const TkActor *actor, TkDate date, GError **error);
/* The notification of an appointment or dismissal (施行規則29条の3, 22条の2の26; 主任技術者規則4条) of a
 * record of the register of appointments; `format` pdf, xlsx, csv or json. For readers of the registers of
 * persons and of appointments. */
bool tk_service_officer_notice(TkApp *app, const TkActor *actor, const char *id, const char *format,
                               TkServiceFile *file, GError **error);
/* The facts that a profile can state. */
GBytes *tk_service_program_facts(TkApp *app, const TkActor *actor, GError **error);

#endif

/* Contractors (委託先等): who is entrusted with what, who and which countries stand behind them, what they
 * touch, and what follows when one of these changes. Views over the registers contractors, contracts,
 * contractor-access, assessments-of-contractors, countries, supervisions, contractor-incidents and
 * contractor-questions; the shapes are in docs/contractors.md. Part of the service's door.
 *
 * `as_of_us`: TK_TIME_NONE for now, else the registers as they stood then; users are always those of the live
 * network. A register that the actor may not read is left out and named in "withheld". */
#ifndef TK_SERVICE_CONTRACTORS_H
#define TK_SERVICE_CONTRACTORS_H

#include "service/service.h"

#define TK_CONTRACTORS_RECORDS_MAX 300000u /* records of one view */
#define TK_CONTRACTORS_LISTED_MAX  300u    /* facilities told one by one */

/* All contractors with what is known and what is missing, the countries behind them, and findings. */
GBytes *tk_service_contractors(TkApp *app, const TkActor *actor, int64_t as_of_us, GError **error);
/* One with everything on it, and what it reaches. NOT_FOUND where there is none. */
GBytes *tk_service_contractor(TkApp *app, const TkActor *actor, const char *id, int64_t as_of_us,
                              GError **error);
/* Shares of facilities, users, services and data by contractor, ultimate parent, country, region and
 * software, each with its Herfindahl–Hirschman index. */
GBytes *tk_service_contractors_concentration(TkApp *app, const TkActor *actor, int64_t as_of_us,
                                             GError **error);
/* {"kind":"contractor|owner|country|region|software","id"}: what is reached, and what the law would make of
 * the facilities failing that are in their hands. Nothing is written. */
GBytes *tk_service_contractors_vanish(TkApp *app, const TkActor *actor, const json_t *request,
                                      GError **error);
/* {"country","values":{…},"as_of"?}: the score of the country's record with these values in place of its own,
 * and what a change of it reaches, through which way. Nothing is written. */
GBytes *tk_service_country_what_if(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* The same after the change: {"country","values"?,"version"?,"owner"?,"deadline"?}. Puts the values into the
 * register where there are any, keeps an event with the list in the ledger, and gives each owner of what is
 * reached a countermeasure until `deadline` (`owner`, a person, stands in where a thing has none; without one
 * there are no tasks). INVALID with *findings as a register's. */
GBytes *tk_service_country_change(TkApp *app, const TkActor *actor, const json_t *request, GBytes **findings,
                                  GError **error);
/* {"items":[{"at","who","version","score"|null,"grade"|null,"before"|null}…]} of a country, oldest first, by
 * the weights of today. */
GBytes *tk_service_country_scores(TkApp *app, const TkActor *actor, const char *country, GError **error);

/* The weights of both scores, the built-in ones where the carrier has set none: {"version","weights"}. */
GBytes *tk_service_contractor_weights(TkApp *app, const TkActor *actor, GError **error);
/* {"version","weights"}: sets them. For administrators, general managers and compliance. */
GBytes *tk_service_contractor_weights_put(TkApp *app, const TkActor *actor, const json_t *request,
                                          GError **error);

/* What users are told, of contractors that the register marks as disclosed and that have something to do with
 * a country other than Japan: [{"id","contractor","country","purpose","kinds":[…],"access":[{"how":[…],
 * "data":[…],"storage":[country…],"processing":[…],"remote":[…]}…],"law":[{"country","label"|null,
 * "score"|null,"grade"|null,"summary"|null,"reviewed"|null,"synthetic"}…],"safeguards"|null}…] by name. For
 * public pages: it asks for no right, so it contains nothing else. New reference; NULL and *error when the
 * store cannot be read. */
json_t *tk_contractors_abroad(TkApp *app, int64_t as_of_us, GError **error);
/* The same as a page that stands alone, UTF-8 HTML. */
GBytes *tk_contractors_abroad_page(TkApp *app, int64_t as_of_us, GError **error);
/* The page and the list behind it, for a preview by somebody who may read. */
GBytes *tk_service_contractors_abroad(TkApp *app, const TkActor *actor, int64_t as_of_us, bool page,
                                      GError **error);

#endif

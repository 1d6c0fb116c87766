/* The calendar: everything that falls due, from wherever it comes, as one list. Part of the service's door.
 *
 *     law's periods and designations ─┐
 *     accidents', near misses', leaks' reports ─┼─► items by day ─► JSON · iCalendar · reminders
 *     reviews, expiries, orders of registers ─┘
 *
 * Nothing is kept: an item exists because its source says so, and is done when its source says that. */
#ifndef TK_SERVICE_CALENDAR_H
#define TK_SERVICE_CALENDAR_H

/* {"from","to","today","total","items":[item…],"undated":[item…],"findings"}: docs/api.md, Calendar.
 * TK_DATE_NONE: `from` the first of this month, `to` a year after `from`; at most three years. */
GBytes *tk_service_calendar(TkApp *app, const TkActor *actor, TkDate from, TkDate to, GError **error);
/* The same from three months ago to fifteen months ahead as RFC 5545 text, for whoever made `token` (an API
 * token of the scope calendar). NOT_FOUND where the token is none, or was revoked. */
GBytes *tk_service_calendar_feed(TkApp *app, const char *token, GError **error);

#endif

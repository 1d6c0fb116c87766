/* Inside the service: the calendar's items, for the list, the feed and the reminders. */
#ifndef TK_SERVICE_CALENDAR_PRIVATE_H
#define TK_SERVICE_CALENDAR_PRIVATE_H

#include "service/program_private.h"

#define TK_CALENDAR_ITEMS_MAX 5000

/* Dated items of from…to by date, and those that are due without delay; both lists of
 * {"key","date","title","article"?,"source","state","owner"?,"from"?,"to"?}. `key` names an item for good:
 * the same source and day give the same key. */
bool tk_calendar_items(TkApp *app, const TkActor *actor, TkDate from, TkDate to, json_t *dated,
                       json_t *undated, GError **error);
/* As RFC 5545 text; NULL and *error where libical gives none. */
GBytes *tk_calendar_ics(const json_t *items, const char *name, int64_t now_us, GError **error);

#endif

/* Inside the service: what people.c and accounts.c share. */
#ifndef TK_SERVICE_PEOPLE_PRIVATE_H
#define TK_SERVICE_PEOPLE_PRIVATE_H

#include "service/app.h"

/* False and TK_ERROR_CONFLICT where the server runs without accounts. */
bool tk_people_have(const TkApp *app, GError **error);
int64_t tk_people_now(const TkApp *app);
/* Takes `document`; NULL gives TK_ERROR_INTERNAL. */
GBytes *tk_people_json(json_t *document, GError **error);
/* The account as tk_auth_accounts lists it, borrowed from the list; NULL where there is none. */
const json_t *tk_people_find(const json_t *accounts, const char *name);

#endif

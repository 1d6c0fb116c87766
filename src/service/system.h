/* What runs here, for the page of administration. */
#ifndef TK_SERVICE_SYSTEM_H
#define TK_SERVICE_SYSTEM_H

#include "service/service.h"

/* At the start: the law and register files that are taken in, with their SHA-256, and the settings without
 * passwords; new reference. */
json_t *tk_system_of(const TkServiceOptions *options);

#endif

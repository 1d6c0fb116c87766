/* The interface described for machines (OpenAPI 3.1), written from the table of routes. */
#ifndef TK_HTTP_OPENAPI_H
#define TK_HTTP_OPENAPI_H

#include "http/router.h"

/* The whole document as JSON; new reference. Shapes of bodies and answers come from the built-in
 * src/http/schemas/components.json. */
GBytes *tk_openapi_write(const TkRegisters *registers);

#endif

/* Making an advisory. Inside the room. */
#ifndef TK_INVENTORY_ADVISORY_PRIVATE_H
#define TK_INVENTORY_ADVISORY_PRIVATE_H

#include "inventory/read.h"

TkProduct *product_new(TkAdvisory *advisory);
TkVulnerability *vulnerability_new(TkAdvisory *advisory);
/* Replaces an owned text; NULL is "". */
void product_set(char **slot, const char *text);

#endif

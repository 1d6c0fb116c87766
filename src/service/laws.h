/* Where the law comes from: a folder, or the copy built into the program. */
#ifndef TK_SERVICE_LAWS_H
#define TK_SERVICE_LAWS_H

#include "law/law.h"
#include "report/report.h"

/* The law and the forms below `dir` (as law/ of the source), or built in where it is NULL. *forms is the
 * caller's like the result. */
TkLaw *tk_laws_load(const char *dir, TkForms **forms, GError **error);

#endif

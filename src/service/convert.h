/* Inside the service: documents of word processors into Markdown, by pandoc in a process of its own. */
#ifndef TK_SERVICE_CONVERT_H
#define TK_SERVICE_CONVERT_H

#include "base/base.h"

#define TK_CONVERT_OUT_MAX (4u << 20) /* bytes of Markdown */

/* A docx file as Markdown; the caller's. The process has no environment, no files (--sandbox, none may be
 * written), no shell, and ends at its limits of memory, time and output. `program` NULL: pandoc where it is
 * installed. Errors: INPUT for what is no docx or holds a document type, LIMIT, NOT_FOUND where pandoc is not
 * installed, with how to. */
char *tk_convert_docx(GBytes *bytes, const char *program, GError **error);

#endif

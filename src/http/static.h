/* The page: files of the web build that are part of the program. */
#ifndef TK_HTTP_STATIC_H
#define TK_HTTP_STATIC_H

#include "http/app.h"

/* path → ETag of every file; a hash table of the caller's. */
GHashTable *tk_static_etags(void);
/* Whether a file of the page has this path. */
bool tk_static_known(const TkHttpApp *app, const char *path);
/* Answers a GET with the file of this path, or with the page itself where the path is one of the page's own
 * (no dot in its last segment, not under /api). False: nothing here has this path. */
bool tk_static_serve(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

#endif

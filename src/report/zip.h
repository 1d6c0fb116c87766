/* A ZIP archive in memory, always the same bytes for the same content: the entries carry no time of day. */
#ifndef TK_REPORT_ZIP_H
#define TK_REPORT_ZIP_H

#include "base/base.h"

#define TK_ZIP_ENTRIES_MAX 128

typedef struct {
    TkBuf out;     /* the archive so far */
    TkBuf central; /* its directory, written at the end */
    unsigned entries;
    bool failed;
} TkZip;

void tk_zip_init(TkZip *zip, size_t max);
/* Compresses `data` as the entry `name` (ASCII). */
void tk_zip_add(TkZip *zip, const char *name, const void *data, size_t len);
/* Ends the archive and releases the writer. False when it passed its ceiling. */
bool tk_zip_finish(TkZip *zip, GBytes **bytes, GError **error);

#endif

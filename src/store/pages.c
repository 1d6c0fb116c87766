/* The pages of a SQLite file, looked at by SQLite itself before anybody reads rows from them: a damaged page
 * makes a row unreadable, and then nobody could say which. */
#include <sqlite3.h>

#include "store/store.h"

#define FAULTS_MAX 100

typedef struct {
    TkStoreFaultFn each;
    gpointer data;
    uint64_t faults;
} Pages;

static void found(Pages *pages, const char *what)
{
    g_autofree char *fault = g_strdup_printf("damaged: tokatsu.db: %s", what);
    pages->faults++;
    if (pages->each != NULL)
        pages->each(fault, pages->data);
}

/* A row of the check: “ok”, or lines of which those that tell something name a page or an index. */
static int take(void *user, int n, char **values, char **names)
{
    (void)names;
    if (n < 1 || values[0] == NULL || strcmp(values[0], "ok") == 0)
        return 0;
    g_auto(GStrv) lines = g_strsplit(values[0], "\n", FAULTS_MAX);
    for (char **line = lines; *line != NULL; line++)
        if ((*line)[0] != '\0' && !g_str_has_prefix(*line, "*** "))
            found(user, *line);
    return 0;
}

bool tk_store_check_pages(const char *data_dir, TkStoreFaultFn each, gpointer data, uint64_t *faults,
                          GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, "tokatsu.db", NULL);
    Pages pages = {each, data, 0};
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "PRAGMA integrity_check(100)", take, &pages, NULL);
    if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB)
        found(&pages,
              pages.faults > 0 ? "the check ended there" : "page 1 or the schema on it cannot be read");
    else if (code != SQLITE_OK)
        tk_fail(error, TK_ERROR_IO, "%s cannot be checked: %s", path,
                db != NULL ? sqlite3_errmsg(db) : "no memory");
    sqlite3_close(db);
    *faults += pages.faults;
    return code == SQLITE_OK || pages.faults > 0;
}

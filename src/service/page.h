/* page: lists a page at a time, in a way that survives changes. A cursor is a place between two records (the
 * value the list is ordered by, and the id), not a number of records to pass over: a record that is there
 * from the first page to the last is listed exactly once, whatever is added or deleted meanwhile. Part of the
 * service's door. */
#ifndef TK_SERVICE_PAGE_H
#define TK_SERVICE_PAGE_H

#include "base/base.h"

#define TK_PAGE_LIMIT_MAX 500u

typedef struct {
    unsigned limit;     /* 1 … TK_PAGE_LIMIT_MAX */
    const char *cursor; /* what the page before gave as "next"; NULL: from the beginning */
} TkPage;

/* The place a cursor stands for. */
typedef struct {
    bool is; /* false: the beginning */
    int64_t number;
    char id[256];
} TkPagePlace;

/* TK_ERROR_INPUT for one that no list gave out. */
bool tk_page_place(const TkPage *page, TkPagePlace *place, GError **error);
/* The cursor behind the record with this value and id; owned by the caller. */
char *tk_page_cursor(int64_t number, const char *id);
/* {"total","items","next"}: the page of `all`, objects with a text `key` by which they are ordered here.
 * Takes `all`, whose elements go into the page as they are. */
json_t *tk_page_of(json_t *all, const char *key, bool descending, const TkPage *page, GError **error);

#endif

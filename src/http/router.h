/* The routes: one constant table from which requests are dispatched and /api/openapi.json is written, so that
 * the two cannot drift apart. */
#ifndef TK_HTTP_ROUTER_H
#define TK_HTTP_ROUTER_H

#include "http/request.h"

typedef struct TkHttpApp TkHttpApp;

#define TK_NEEDS_NOTHING (-1) /* answers without knowing who asks */
#define TK_NEEDS_PERSON  (-2) /* anybody who is signed in, also with a one-time password yet to be changed */
#define TK_NEEDS_SESSION (-3) /* anybody who is signed in as a person, not by an API token */

typedef enum {
    TK_BODY_NONE,
    TK_BODY_JSON,  /* application/json */
    TK_BODY_LINES, /* application/x-ndjson */
    TK_BODY_TABLE, /* text/csv, or a spreadsheet (XLSX) */
    TK_BODY_BYTES, /* application/octet-stream */
    TK_BODY_ANY,   /* whatever it is called: the protocol names no type */
} TkBodyKind;

typedef void (*TkHandler)(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* A parameter of the query, for the interface description. */
typedef struct {
    const char *name;
    const char *schema; /* JSON Schema as text */
    const char *what;
} TkRouteQuery;

struct TkRoute {
    TkHttpMethod method;
    const char *pattern; /* segments; {name} stands for a part of one segment, {name*} for all the rest */
    TkHandler handler;
    int needs;   /* TkMay, or one of TK_NEEDS_… */
    TkOpen open; /* … unless the operator has opened it to everybody */
    TkBodyKind body;
    size_t body_max; /* bytes */
    /* for the interface description */
    bool async; /* with Prefer: respond-async it answers 202 and a job */
    bool slow;  /* may wait for somebody else: runs beside the event loops */
    const char *id;
    const char *what;
    const char *body_schema;   /* name under components/schemas */
    unsigned status;           /* of success */
    const char *answer_type;   /* media type, NULL: application/json */
    const char *answer_schema; /* name under components/schemas, NULL: any */
    bool versioned;            /* GET: the record has a version, which leads its ETag; else: takes If-Match */
    bool secret_answer;        /* is shown once, also to a request that is repeated */
    const TkRouteQuery *query; /* ends with a NULL name; may be NULL */
};

/* The Content-Type that a body of this kind has; NULL for none. */
const char *tk_route_body_type(TkBodyKind body);
/* Another one that it may have; NULL for none. */
const char *tk_route_body_other_type(TkBodyKind body);

/* Whether it makes something new at each call, so that Idempotency-Key means something: POST answering 201.
 */
bool tk_route_creates(const TkRoute *route);
/* The table; *count entries. */
const TkRoute *tk_routes(size_t *count);

/* Takes the target apart: fills path and query. False and *error when it is not one this server could have
 * given out: too long, not absolute, dot segments, bad escapes, not UTF-8. */
bool tk_router_parse(TkHttpRequest *request, GError **error);
/* Whether `path` fits `pattern`; the {names} are then in params (from `arena`). */
bool tk_router_fits(TkArena *arena, const char *pattern, const char *path,
                    const char *params[TK_HTTP_PARAMS_MAX]);
/* Finds the request's route and sets route and params. NULL: none; *allow (in the arena) then lists the
 * methods that the path does take, or is NULL when it is unknown. */
const TkRoute *tk_router_find(TkHttpRequest *request, const char **allow);

#endif

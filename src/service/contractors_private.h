/* Inside the service: the book of contractors, and the graph made of it. */
#ifndef TK_SERVICE_CONTRACTORS_PRIVATE_H
#define TK_SERVICE_CONTRACTORS_PRIVATE_H

#include "service/app.h"
#include "service/register.h"

#include "supply/supply.h"

/* ---- contractors_book.c: the registers at one moment ---- */

typedef struct {
    TkApp *app;
    int64_t as_of_us; /* TK_TIME_NONE: now */
    TkDate today;     /* the day looked at */
    char day[TK_TIME_TEXT_MAX];
    json_t *registers; /* {register: {id: stored values}} */
    json_t *withheld;  /* [register…] that the actor may not read */
    json_t *weights;   /* the document */
    json_t *countries; /* {code: {"record","values","rating"}} of those in use, latest review first wins */
    json_t *grouped;   /* {register: {contractor: {id: values}}} of those that name one */
    unsigned records;
} TkContractorBook;

/* `actor` NULL: for what is public. */
bool tk_contractor_book(TkApp *app, const TkActor *actor, int64_t as_of_us, TkContractorBook *book,
                        GError **error);
void tk_contractor_book_clear(TkContractorBook *book);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkContractorBook, tk_contractor_book_clear)

/* {id: values} of a register; never NULL. Borrowed. */
json_t *tk_book_of(const TkContractorBook *book, const char *name);
/* The values of one record; NULL where there is none. Borrowed. */
json_t *tk_book_get(const TkContractorBook *book, const char *name, const char *id);
/* {id: values} of the records of a register that name this contractor in their field “contractor”; of
 * “contractors” itself those it entrusts. Never NULL. Borrowed. */
json_t *tk_book_with(const TkContractorBook *book, const char *name, const char *contractor);
/* A text of values; NULL where there is none. Borrowed. */
const char *tk_value(const json_t *values, const char *field);
/* Whether a list or a single text has it. */
bool tk_value_has(const json_t *list, const char *text);
/* A contact is under way on the book's day. */
bool tk_access_active(const TkContractorBook *book, const json_t *access);
/* Not Japan, and said. */
bool tk_is_abroad(const char *country);
/* {"score","grade"} of a country: null where nothing is recorded. New reference. */
json_t *tk_country_rating(const TkContractorBook *book, const char *code);
/* The name by which concentration counts: the ultimate parent, else the parent, else itself. Borrowed. */
const char *tk_owner_of(const char *id, const json_t *contractor);

/* ---- contractors_graph.c ---- */

typedef enum {
    TK_NODE_COUNTRY,
    TK_NODE_OWNER,
    TK_NODE_CONTRACTOR,
    TK_NODE_CONTRACT,
    TK_NODE_ACCESS,
    TK_NODE_FACILITY,
    TK_NODE_SYSTEM,
    TK_NODE_DATA,
    TK_NODE_SERVICE,
    TK_NODE_REGION,
    TK_NODE_SOFTWARE,
    TK_NODES,
} TkNodeKind;
const char *tk_node_word(TkNodeKind kind);
/* TK_NODES for a word that is none. */
TkNodeKind tk_node_of_word(const char *word);

TkSupply *tk_contractor_graph(const TkContractorBook *book, GError **error);
/* {"kind","id","name"}; new reference. */
json_t *tk_node_json(const TkContractorBook *book, const TkSupply *graph, uint32_t node);

/* What is reached, by kind, each thing with its way from the start, and the users of the live network under
 * the facilities among it; facilities and users counted in full, named up to a ceiling. New reference. */
json_t *tk_contractor_reach(const TkContractorBook *book, const TkSupply *graph, const TkSupplyReach *reach);
/* The facilities of the live network among what is reached; g_array_unref. */
GArray *tk_reached_facilities(const TkContractorBook *book, const TkSupply *graph,
                              const TkSupplyReach *reach);

/* ---- contractors_findings.c ---- */

/* What is missing, late or contradicts itself at one contractor: [{"level","code","ja","en","record"}…]. */
json_t *tk_contractor_findings(const TkContractorBook *book, const char *id);
/* The assessment's values with "score" and "grade"; new reference. */
json_t *tk_assessment_rating(const TkContractorBook *book, const json_t *assessment);
/* Country codes that one contractor itself has to do with, {"seat":[…],"parent":[…],"law":[…],"storage":[…],
 * "processing":[…],"remote":[…]}; new reference. */
json_t *tk_contractor_countries(const TkContractorBook *book, const char *id);

/* ---- contractors_weights.c ---- */

/* The document in force at the time, else the built-in one; new reference. *version (may be NULL): 0 for the
 * built-in one. */
json_t *tk_contractor_weights(TkApp *app, int64_t as_of_us, int64_t *version, GError **error);

#endif

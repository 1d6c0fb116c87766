/* Inside the service: the registers of risk, read once for an answer. */
#ifndef TK_SERVICE_RISKS_PRIVATE_H
#define TK_SERVICE_RISKS_PRIVATE_H

#include "risk/risk.h"
#include "service/app.h"
#include "service/program_private.h"
#include "service/register.h"

/* A version of the criteria. */
typedef struct {
    char *id, *name, *family;
    TkDate from;
    TkRiskMatrix *matrix;
} TkCriteria;

/* A record of a register; values are borrowed from `body`, which is owned. */
typedef struct {
    char *id;
    int64_t version, at_us;
    json_t *body;
    const json_t *values;
} TkRiskRecord;

typedef struct {
    TkApp *app;
    TkDate today;
    GPtrArray *criteria;     /* of TkCriteria: adopted and sound, by `from` */
    GHashTable *families;    /* id of any record of risk-matrices → its family, char * */
    json_t *refused;         /* [{"id","name","findings"}…]: adopted, but cannot be read */
    GPtrArray *risks;        /* of TkRiskRecord, by id */
    GHashTable *measures;    /* id → TkRiskRecord, the countermeasures */
    GHashTable *acceptances; /* risk's id → GPtrArray of TkRiskRecord */
    GHashTable *indicators;  /* the same */
    GHashTable *said;        /* the same, of risk-communications */
    GHashTable *titles;      /* "register/id" → json_t text */
} TkRiskBook;

/* Reads what the answer needs. Reads memory and store; the caller may read both. */
TkRiskBook *tk_risk_book_open(TkApp *app, GError **error);
void tk_risk_book_close(TkRiskBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkRiskBook, tk_risk_book_close)

TkRiskRecord *tk_risk_record_new(const TkRecord *record);
void tk_risk_record_free(TkRiskRecord *record);
/* All records of a register by id, owned TkRiskRecord. */
GPtrArray *tk_risk_records(TkApp *app, const char *name, GError **error);
TkRiskRecord *tk_risk_book_risk(const TkRiskBook *book, const char *id);

/* A text of values, NULL where there is none; a day, TK_DATE_NONE. */
const char *tk_risk_text(const json_t *values, const char *field);
TkDate tk_risk_day(const json_t *values, const char *field);
/* {"id","title"} of what a reference names, null where it is empty; new reference. */
json_t *tk_risk_named(TkRiskBook *book, const char *name, const char *id);
/* A list of these of a list-of-ref field; new reference. */
json_t *tk_risk_named_list(TkRiskBook *book, const char *name, const json_t *ids);

/* ---- evaluation ---- */

typedef enum { TK_RISK_INHERENT, TK_RISK_CURRENT, TK_RISK_TARGET, TK_RISK_POSITIONS } TkRiskPosition;

const char *tk_risk_position_id(TkRiskPosition position);
/* The steps that a risk's values say, 0 where they say none. */
void tk_risk_steps(const json_t *values, TkRiskPosition position, int64_t *likelihood, int64_t *consequence);
/* The criteria that a risk with these values is evaluated by; NULL where its family had none in force. */
const TkCriteria *tk_risk_criteria_of(const TkRiskBook *book, const json_t *values);
/* {"likelihood","consequence","level":level|null}, null where nothing is said; new reference. */
json_t *tk_risk_position_json(const json_t *values, TkRiskPosition position, const TkCriteria *criteria);

/* ---- views ---- */

/* One risk as in the list; `before_us` is when "before" is asked for, TK_TIME_NONE: not at all. */
json_t *tk_risk_view(TkRiskBook *book, const TkRiskRecord *risk, int64_t before_us);
/* {"date","since","synthetic","criteria","refused","items","summary"}; new reference. */
json_t *tk_risks_document(TkApp *app, TkDate since, GError **error);
json_t *tk_criteria_json(const TkCriteria *criteria);

/* ---- the report's second half (risks_report_parts.c) ---- */

typedef struct TkDocument TkDocument;
/* Bow ties and functional assurance as tables; nothing where there are none. */
bool tk_risk_report_parts(TkDocument *document, TkRiskBook *book, GError **error);

/* ---- bow ties ---- */

/* Top events of a risk, [{"id","title"}…]; new reference. */
json_t *tk_risk_bow_ties(TkRiskBook *book, const char *risk, GError **error);
/* Every bow tie, [{"id","title","risk","bare","causes","consequences"}…]; new reference. */
json_t *tk_risk_ties_json(TkRiskBook *book, GError **error);
/* {"nodes":[…],"gaps":n}: functional assurance, walked; new reference. */
json_t *tk_risk_assurance_json(TkRiskBook *book, GError **error);
/* The functional-assurance node and those above it, objective first; new reference, empty where there is
 * none. */
json_t *tk_risk_assurance_path(TkRiskBook *book, const char *node);

#endif

/* Frameworks: the control sets that a carrier is asked about, as data of ours (frameworks/, described in
 * docs/framework-format.md), and crosswalks between them. "Answer once": an answer about one item supports
 * items of other frameworks as far as the chain of relations to them proves, and no further. */
#ifndef TK_CONTROL_FRAMEWORK_H
#define TK_CONTROL_FRAMEWORK_H

#include "base/base.h"

enum {
    TK_FRAMEWORK_FILE_MAX = 4 << 20, /* bytes */
    TK_FRAMEWORK_FILES_MAX = 256,
    TK_FRAMEWORK_ITEMS_MAX = 20000, /* of all frameworks */
    TK_FRAMEWORK_MAPS_MAX = 50000,
    TK_FRAMEWORK_HOPS_MAX = 6,
    TK_FRAMEWORK_ANSWERS_MAX = 20000,
};

/* ---- relations ---- */

/* How the meaning of one item lies to that of another, in the words of OSCAL's mapping model; "A subset B":
 * all that A asks is a part of what B asks. In the order of what a chain over it is worth. */
typedef enum {
    TK_RELATION_NONE, /* nothing follows */
    TK_RELATION_INTERSECT,
    TK_RELATION_SUBSET,
    TK_RELATION_SUPERSET,
    TK_RELATION_EQUAL,
} TkRelation;

const char *tk_relation_text(TkRelation relation); /* "equal", …; "none" */
TkRelation tk_relation_inverse(TkRelation relation);
/* What must hold between A and C where A `first` B and B `second` C; NONE where nothing follows. Associative.
 * Items are not empty, and that is the only assumption. */
TkRelation tk_relation_compose(TkRelation first, TkRelation second);

/* ---- frameworks ---- */

typedef struct TkFramework TkFramework;

typedef struct {
    const TkFramework *framework;
    const char *id, *kind;           /* "A.5.1", "control" */
    const char *title_ja, *title_en; /* own words; NULL: as its parent's */
    size_t parent;                   /* index in the framework's items; SIZE_MAX at the top */
    size_t node;                     /* index over all frameworks */
    int64_t count;                   /* how many controls stand behind it that are not listed; -1: no count */
    bool verified;
} TkFrameworkItem;

struct TkFramework {
    const char *id, *title_ja, *title_en, *publisher, *edition, *published, *source,
        *note;              /* note may be NULL */
    const char *unit;       /* the kind of item that is answered and counted */
    TkFrameworkItem *items; /* parents before children */
    bool verified;          /* of items that do not say otherwise */
    size_t n_items, n_units, n_unverified;
    GHashTable *by_id; /* id → item */
};

typedef struct TkFrameworks TkFrameworks;

typedef struct {
    const char *name; /* "frameworks/x.json", for messages */
    const char *text;
    size_t len;
} TkFrameworkFile;

/* Reads framework and crosswalk files, told apart by their "format", in any order. All borrowed; nothing is
 * kept of the files. `faults` (char *, owned by the array; may be NULL) gets each fault: an id given twice, a
 * parent or a mapped item that is not there, a bad date, with file, place and reason. NULL where there is
 * one, *error (TK_ERROR_INPUT, TK_ERROR_LIMIT) has the first. Immutable, any thread; tk_frameworks_free. */
TkFrameworks *tk_frameworks_load(const TkFrameworkFile *files, size_t n, GPtrArray *faults, GError **error);
void tk_frameworks_free(TkFrameworks *frameworks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkFrameworks, tk_frameworks_free)

size_t tk_frameworks_count(const TkFrameworks *frameworks);
const TkFramework *tk_frameworks_at(const TkFrameworks *frameworks, size_t index);      /* by id */
const TkFramework *tk_framework_find(const TkFrameworks *frameworks, const char *id);   /* NULL: none */
const TkFrameworkItem *tk_framework_item(const TkFramework *framework, const char *id); /* NULL: none */
bool tk_framework_is_unit(const TkFrameworkItem *item);
/* The item's own title or that of the nearest parent that has one; never NULL. lang "en", else Japanese. */
const char *tk_framework_title(const TkFrameworkItem *item, const char *lang);
size_t tk_frameworks_map_count(const TkFrameworks *frameworks, size_t *unverified);

/* A framework file (docs/framework-format.md) out of an OSCAL catalogue, with `id` as its id: groups above,
 * controls as what is answered, child controls under theirs; withdrawn ones are listed and not counted. Its
 * titles are the catalogue's own, its `verified` is false: nobody has compared them. New reference; NULL and
 * *error naming the control that cannot be one. */
json_t *tk_framework_of_catalog(const json_t *catalog, const char *id, GError **error);

/* ---- crosswalk ---- */

typedef struct {
    const TkFrameworkItem *from, *to;
    TkRelation relation;
    bool verified;
    const char *crosswalk; /* the file's id; borrowed */
} TkHop;

typedef struct {
    const TkFrameworkItem *item;
    TkRelation relation; /* of the start to this item */
    bool verified;       /* every hop is */
    TkHop path[TK_FRAMEWORK_HOPS_MAX];
    size_t n_path;  /* 0: the start itself */
    size_t weakest; /* index in path of the link that is worth least: unverified before verified, then by
                       relation */
} TkReach;

/* Everything that `from` reaches in at most TK_FRAMEWORK_HOPS_MAX hops, itself left out: per item the
 * strongest relation, among those a verified path, among those the shortest. By framework and item. TkReach
 * elements. */
GArray *tk_control_reach(const TkFrameworks *frameworks, const TkFrameworkItem *from);

/* ---- answers ---- */

/* In the order of what they are worth. */
typedef enum {
    TK_CONTROL_OPEN, /* nobody has answered, and nothing follows */
    TK_CONTROL_NOT_APPLICABLE,
    TK_CONTROL_PLANNED,
    TK_CONTROL_PARTIAL,
    TK_CONTROL_IMPLEMENTED,
} TkControlState;

typedef enum { TK_EVIDENCE_NONE, TK_EVIDENCE_EXPIRED, TK_EVIDENCE_NOT_YET, TK_EVIDENCE_VALID } TkEvidence;

const char *tk_control_state_text(TkControlState state); /* "open", "not-applicable", … */
const char *tk_evidence_text(TkEvidence evidence);       /* "none", "expired", "not-yet", "valid" */

typedef struct {
    const TkFrameworkItem *item;
    TkControlState state;
    const char *note; /* NULL: none */
    GArray *evidence; /* TkControlEvidence */
} TkControlAnswer;

typedef struct {
    const char *title, *sha256; /* sha256 may be NULL */
    TkDate effective, expires;  /* both days count; expires may be TK_DATE_NONE */
} TkControlEvidence;

typedef struct TkControlAnswers TkControlAnswers;

/* Reads {"format":"tokatsu-answers/1","answers":[…]} (docs/framework-format.md). A wrong record is left out
 * and named in `refused` (char *, owned by the array); NULL and *error where the file is no such file. The
 * frameworks must outlive the answers. tk_control_answers_free. */
TkControlAnswers *tk_control_answers_read(const TkFrameworks *frameworks, const char *name, const char *text,
                                          size_t len, GPtrArray *refused, GError **error);
/* The same from a list that was read already. A record may have "record", by which a refusal names it. */
TkControlAnswers *tk_control_answers_of(const TkFrameworks *frameworks, const char *name, const json_t *list,
                                        GPtrArray *refused, GError **error);
void tk_control_answers_free(TkControlAnswers *answers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkControlAnswers, tk_control_answers_free)
size_t tk_control_answers_count(const TkControlAnswers *answers);
const TkControlAnswer *tk_control_answers_at(const TkControlAnswers *answers, size_t index);

/* What an answer says of an item that its own item lies to by `relation`; OPEN where nothing follows. */
TkControlState tk_control_state_through(TkControlState state, TkRelation relation);
/* The best that the pieces of an answer's evidence are on a day. */
TkEvidence tk_control_evidence_on(const TkControlAnswer *answer, TkDate date);

typedef struct {
    const TkFrameworkItem *item;
    TkControlState state;
    const TkControlAnswer *answer; /* that it rests on; NULL: OPEN */
    const TkControlAnswer *own;    /* about the item itself; NULL: none */
    TkEvidence evidence;           /* of `answer` on the day */
    TkReach reach;                 /* from the answer's item to this; n_path 0: its own answer */
} TkSupport;

/* The best supported state of every unit of every framework on a day (framework NULL), or of one: the highest
 * state, among those a verified path, valid evidence, the shortest path. An added answer never lowers another
 * item. TkSupport elements, by framework and item. */
GArray *tk_control_coverage(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                            const TkFramework *framework, TkDate date);

/* ---- OSCAL out of answers ---- */

typedef struct {
    const char *system; /* the name of what is described: UTF-8, one line, not empty, no space around it */
    TkDate date;        /* the day of the coverage */
    int64_t now_us;     /* last-modified */
} TkControlExport;

/* A component-definition with one component whose implemented-requirements are the units with a state other
 * than OPEN. New reference; NULL and *error (TK_ERROR_REFUSED) where there is none. */
json_t *tk_control_component(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                             const TkFramework *framework, const TkControlExport *with, GError **error);
/* A plan-of-action-and-milestones with an item for each unit that is neither implemented nor not applicable.
 * NULL and *error (TK_ERROR_REFUSED) where nothing is open. */
json_t *tk_control_poam(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                        const TkFramework *framework, const TkControlExport *with, GError **error);
/* A system-security-plan: how the units with a state other than OPEN are carried out. NULL and *error
 * (TK_ERROR_REFUSED) where there is none. */
json_t *tk_control_ssp(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                       const TkFramework *framework, const TkControlExport *with, GError **error);

/* An assessment, as its documents need it: {"id","title","method","assessor"?,"from","to","conclusion"?,
 * "items":[id…],"results":[{"id","item","method":"examine|interview|test","result","severity"?,"observed",
 * "assessed","status","evidence":[{"title","sha256"?}…],"measure"?:{"id","title","measure","deadline",
 * "status"}}…]}. Days are texts. */
json_t *tk_control_assessment_plan(const TkFramework *framework, const json_t *assessment,
                                   const TkControlExport *with, GError **error);
json_t *tk_control_assessment_results(const TkFramework *framework, const json_t *assessment,
                                      const TkControlExport *with, GError **error);
/* A plan-of-action-and-milestones of what an assessment found not satisfied, with the measures and their
 * deadlines. Each is refused where it would be empty. */
json_t *tk_control_assessment_poam(const TkFramework *framework, const json_t *assessment,
                                   const TkControlExport *with, GError **error);

/* ---- answers out of OSCAL ---- */

/* What a component-definition or a system-security-plan says about a framework's controls: [{"item","state",
 * "text","origin":uuid}…], one an item. `unknown` (array of text) gets the control-ids that the framework
 * does not have, `notes` (char *, owned) what the reader should know. New reference; NULL and *error
 * (TK_ERROR_INPUT) for another kind of document. */
json_t *tk_oscal_answers(const json_t *document, const TkFramework *framework, json_t *unknown,
                         GPtrArray *notes, GError **error);
/* The document as it came, with the words and states of `answers` ([{"origin","state","text"}…]) in the
 * requirements they came from; all that is not understood stays. New reference. */
json_t *tk_oscal_with_answers(const json_t *document, const json_t *answers);

/* The data of a statement of applicability (適用宣言書): every unit with id, titles, whether it applies,
 * state, justification, what it rests on, evidence. New reference. */
json_t *tk_control_applicability(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                                 const TkFramework *framework, const TkControlExport *with);

#endif

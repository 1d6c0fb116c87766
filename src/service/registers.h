/* registers: the carrier's books — facilities, persons, appointments, contracts, certificates … — each
 * declared by one file (docs/register-format.md) and kept by one engine. Part of the service's door.
 *
 *     values ─► may this role? ─► check every field ─► seal what is classified ─► store (version, leaf) ─►
 * view
 *
 * The engine needs a store and the key for sealed fields, and nothing of the live network, so that the
 * command line uses the very same functions on a folder without a server. Results are GBytes of JSON or NULL
 * and *error: FORBIDDEN, NOT_FOUND, CONFLICT (changed meanwhile, or still referred to), INVALID with
 * *findings
 * {"fields":[{"field","ja","en"}…]}. Everything may be called from any thread. */
#ifndef TK_SERVICE_REGISTERS_H
#define TK_SERVICE_REGISTERS_H

#include "auth/auth.h"
#include "base/base.h"
#include "service/jobs.h"
#include "store/store.h"

#define TK_REGISTER_IMPORT_MAX  (16u * 1024 * 1024) /* bytes of one import */
#define TK_REGISTER_IMPORT_ROWS 100000u

typedef struct TkRegisters TkRegisters;

typedef struct {
    TkStore *store;  /* borrowed */
    TkAuth *auth;    /* borrowed; NULL: nothing can be sealed or unsealed (a store opened for reading) */
    const char *dir; /* folder of register files; NULL: TOKATSU_REGISTERS_DIR, else those built in */
    bool readonly;   /* the store was */
    TkNowFn clock;
    void *clock_data;
} TkRegistersOptions;

/* Reads and checks all register files: NULL and *error naming file, field and reason; a reference to an
 * unknown register is refused. */
TkRegisters *tk_registers_new(const TkRegistersOptions *options, GError **error);
void tk_registers_free(TkRegisters *registers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkRegisters, tk_registers_free)

/* {"items":[schema as in its file, with "may_read","may_write","may_reveal","may_decide" for this actor …]}:
 * those the actor may read. */
GBytes *tk_registers_schemas(TkRegisters *registers, const TkActor *actor, GError **error);

/* {register id: JSON Schema of its records' values}, of all registers: what their files say. New reference.
 */
json_t *tk_registers_describe(const TkRegisters *registers);

#define TK_REGISTER_FILTERS_MAX 8

typedef struct {
    const char *field; /* of the list's columns, or a reference */
    TkFilterOp op;     /* EQ, GE, LE */
    const char *value;
} TkRegisterFilter;

typedef struct {
    TkRegisterFilter filters[TK_REGISTER_FILTERS_MAX];
    size_t filter_count;
    const char *search; /* records that contain this text (2 … 100 characters); filters are then not used */
    const char *order;  /* a column's field; NULL: by id */
    bool descending;
    bool due;           /* only those whose review or deadline has come */
    unsigned limit;     /* 1 … 500; 0: 100 */
    const char *cursor; /* what the page before gave as "next" */
} TkRegisterQuery;

/* {"register","total","items":[record…],"next":cursor|null}; sealed fields stay sealed. */
GBytes *tk_register_list(TkRegisters *registers, const TkActor *actor, const char *name,
                         const TkRegisterQuery *query, GError **error);
/* {"id","version","at","who","title","review_due"|null,"values":{…}} now, or as of a time. With `reveal` and
 * a role that may, sealed fields are shown and a "viewed" event is written first; otherwise they are
 * {"sealed":true}. *version (may be NULL) is the record's. */
GBytes *tk_register_get(TkRegisters *registers, const TkActor *actor, const char *name, const char *id,
                        int64_t as_of_us, bool reveal, int64_t *version, GError **error);
/* A new record. `request` is {"id"?,"values":{…}}; where the id is missing one is given out. */
GBytes *tk_register_add(TkRegisters *registers, const TkActor *actor, const char *name, const json_t *request,
                        int64_t *version, GBytes **findings, GError **error);
/* Replaces the values of a record; `expected_version` is the one that was read. A sealed value that is sent
 * as
 * {"sealed":true} stays as it is. */
GBytes *tk_register_put(TkRegisters *registers, const TkActor *actor, const char *name, const char *id,
                        int64_t expected_version, const json_t *request, int64_t *version, GBytes **findings,
                        GError **error);
/* Deletes softly. CONFLICT while others refer to it, naming them. */
GBytes *tk_register_delete(TkRegisters *registers, const TkActor *actor, const char *name, const char *id,
                           int64_t expected_version, GError **error);
/* Undoes a deletion: the record as it was before, as a new version. CONFLICT when it is not deleted, INVALID
 * with *findings where what it named is gone by now. */
GBytes *tk_register_restore(TkRegisters *registers, const TkActor *actor, const char *name, const char *id,
                            int64_t *version, GBytes **findings, GError **error);
/* {"from","until","today","total","items":[{"register","id","title","field","date","owner","overdue"}…],
 * "next"}: records of all registers the actor may read that fall due from `from` (TK_DATE_NONE: however long
 * ago) to `until` (TK_DATE_NONE: in 30 days), both included, soonest first.
 * `field` is the one that holds the date, or "review" for the register's own period. `limit` 1 … 500, 0: 100.
 */
GBytes *tk_registers_due(TkRegisters *registers, const TkActor *actor, TkDate from, TkDate until,
                         unsigned limit, const char *cursor, GError **error);

/* {"items":[{"register","total","due"}…]} of all registers the actor may read; `due`: records whose review or
 * deadline has come. */
GBytes *tk_registers_counts(TkRegisters *registers, const TkActor *actor, GError **error);
/* {"items":[{"register","id","title","state","asked_by","asked_at"}…]}: records that wait for a decision
 * which the actor's role takes and the actor did not ask for; at most 200. */
GBytes *tk_registers_waiting(TkRegisters *registers, const TkActor *actor, GError **error);

#define TK_REGISTER_VIEWS_MAX 50 /* that one person saves of one register */

/* A saved view is a named question to a register's list: {"name","owner","own","shared","query":{…}}, with
 * the words of the list's query. Each person sees their own and those that others share. The list of them;
 * one, one's own first; keeping one (`request` is {"query":{…},"shared"?}); forgetting one of one's own. */
GBytes *tk_register_views(TkRegisters *registers, const TkActor *actor, const char *name, GError **error);
GBytes *tk_register_saved_view(TkRegisters *registers, const TkActor *actor, const char *name,
                               const char *view, GError **error);
GBytes *tk_register_save_view(TkRegisters *registers, const TkActor *actor, const char *name,
                              const char *view, const json_t *request, GError **error);
GBytes *tk_register_forget_view(TkRegisters *registers, const TkActor *actor, const char *name,
                                const char *view, GError **error);
/* {"items":[{"version","at","who","action","leaf","deleted","changes":[{"field","from","to"}…]}…]}, oldest
 * first. */
GBytes *tk_register_history(TkRegisters *registers, const TkActor *actor, const char *name, const char *id,
                            GError **error);
/* CSV, or a spreadsheet (XLSX, told by its first bytes), with a column id and columns named by fields;
 * columns that are missing stay as they are, empty cells clear.
 * {"dry_run","total","add","change","same","error","applied","items":[{"line","id","action":
 * "add"|"change"|"same"|"error","fields":[{"field","from","to"}…] or
 * "errors":[{"field","column"?,"ja","en"}…]}…]}. Nothing is written where one row has an error. */
GBytes *tk_register_import(TkRegisters *registers, const TkActor *actor, const char *name, const char *csv,
                           size_t len, bool dry_run, GError **error);
/* The same of one sheet of a spreadsheet, by its name; NULL: the first that is shown. `job` (may be NULL) is
 * told how far it is and can stop it: TK_ERROR_CONFLICT, and what was written stays. */
GBytes *tk_register_import_sheet(TkRegisters *registers, const TkActor *actor, const char *name,
                                 const char *sheet, const char *data, size_t len, bool dry_run, TkJob *job,
                                 GError **error);
/* `format` csv, xlsx or json; csv and xlsx are what tk_register_import takes. */
GBytes *tk_register_export(TkRegisters *registers, const TkActor *actor, const char *name, const char *format,
                           bool reveal, GError **error);
/* The facilities register from and as topology lines. The answer is an import's with a "note": the running
 * network keeps the topology it started with. What goes out are the facilities in operation. */
GBytes *tk_register_topology_import(TkRegisters *registers, const TkActor *actor, const char *lines,
                                    size_t len, bool dry_run, GError **error);
GBytes *tk_register_topology_export(TkRegisters *registers, const TkActor *actor, GError **error);
/* Evidence: keeps bytes by their SHA-256 {"sha256","size"}; and gives them back to whoever may read a
 * register that has file fields. */
GBytes *tk_register_file_add(TkRegisters *registers, const TkActor *actor, GBytes *bytes, GError **error);
GBytes *tk_register_file(TkRegisters *registers, const TkActor *actor, const char *hash, GError **error);

#endif

/* The inside of the register engine, shared by its files.
 *
 * A record in the store (kind "r-REGISTER"): {"values":{FIELD:value…}, "review_due":"2027-04-30"?}. A
 * classified value lies there as the text tk_auth_seal gave and is marked personal besides, so that it is
 * neither searched nor part of a leaf in any form, and can be erased. Absent values are not there at all. */
#ifndef TK_SERVICE_REGISTER_H
#define TK_SERVICE_REGISTER_H

#include "service/register_check.h"

#define TK_REGISTER_DUE       "/review_due"   /* where a stored record says when it falls due */
#define TK_KIND_REGISTER_VIEW "register-view" /* a person's saved question to a register */

struct TkRegisters {
    TkStore *store;
    TkAuth *auth;
    bool readonly;
    TkNowFn clock;
    void *clock_data;
    GPtrArray *schemas; /* of TkRegisterSchema, by id; fixed */
    GMutex lock;        /* one change at a time: from looking at what is referred to until the commit */
};

/* ---- registers.c ---- */

typedef enum { TK_REGISTER_READS, TK_REGISTER_WRITES } TkRegisterAct;

TkRegisterSchema *tk_registers_schema(const TkRegisters *registers, const char *name);
/* The schema, when this actor may; NOT_FOUND or FORBIDDEN otherwise. */
const TkRegisterSchema *tk_registers_open(const TkRegisters *registers, const TkActor *actor,
                                          const char *name, TkRegisterAct act, GError **error);
bool tk_register_has_role(const TkActor *actor, unsigned roles);
bool tk_registers_may_reveal(const TkRegisters *registers, const TkActor *actor,
                             const TkRegisterSchema *schema);
int64_t tk_registers_now(const TkRegisters *registers);
/* True where the store filters and orders by this field. */
bool tk_register_indexed(const TkRegisterSchema *schema, const TkRegisterField *field);
/* Has the store index what lists of this register ask for; at once where it does already. Before a list that
 * filters, orders or searches: a register that is never listed costs nothing. */
bool tk_registers_ready(const TkRegisters *registers, const TkRegisterSchema *schema, GError **error);
GBytes *tk_register_bytes(const json_t *value);

/* ---- register_assigned.c: what a contractor sees ---- */

/* How far somebody sees, for the time of one request. */
typedef struct {
    bool limited;                                /* to what is assigned to … */
    char contractor[TK_AUTH_CONTRACTOR_MAX + 1]; /* … this record of “contractors”; "": to nothing */
} TkRegisterSight;

TkRegisterSight tk_register_sight(const TkRegisters *registers, const TkActor *actor);
/* Whether anything of this register can be assigned to whoever sees so far. */
bool tk_register_assigns(const TkRegisterSchema *schema, const TkRegisterSight *sight);
/* Whether the record with these stored values is seen: always where the sight is not limited. */
bool tk_register_sees(const TkRegisterSchema *schema, const TkRegisterSight *sight, const char *id,
                      const json_t *values);
bool tk_register_sees_record(const TkRegisterSchema *schema, const TkRegisterSight *sight,
                             const TkRecord *record);
/* True where the record as it is now is seen; NOT_FOUND otherwise, as for one that is not there. */
bool tk_register_seen(const TkRegisters *registers, const TkRegisterSchema *schema,
                      const TkRegisterSight *sight, const char *id, GError **error);
/* Whether a record that is seen holds the file of this hash. */
bool tk_register_sees_file(const TkRegisters *registers, const TkRegisterSight *sight, const char *hash,
                           GError **error);

/* ---- register_seal.c: between what people see and what the store holds ---- */

/* The values of a stored body by field, as they lie there (sealed texts sealed); new reference. */
json_t *tk_register_stored(const TkRegisterSchema *schema, const json_t *body);
/* What a person sees of a record; new reference. NULL and *error when a sealed value does not open. */
json_t *tk_register_view(const TkRegisters *registers, const TkRegisterSchema *schema, const TkRecord *record,
                         bool reveal, GError **error);
/* The values of a stored body with sealed ones shown ({"sealed":true} where not `reveal`). */
json_t *tk_register_values(const TkRegisters *registers, const TkRegisterSchema *schema, const char *id,
                           const json_t *body, bool reveal, GError **error);
/* For an answer: the title of a record with these values; new reference. */
json_t *tk_register_title(const TkRegisterSchema *schema, const char *id, const json_t *values);
/* The names of sealed fields that have a value; new reference. */
json_t *tk_register_sealed_names(const TkRegisterSchema *schema, const json_t *body);
/* `values` without nulls, empty texts and empty lists, and without markers that stand for nothing. `old` is
 * the stored body before, or NULL. */
json_t *tk_register_tidy(const TkRegisterSchema *schema, const json_t *values, const json_t *old);
/* The body to store. A classified value that has not changed keeps its sealed text. */
json_t *tk_register_seal(const TkRegisters *registers, const TkRegisterSchema *schema, const char *id,
                         const json_t *values, const json_t *old, int64_t now_us, GError **error);
/* Adds the put of `body` to the write, its personal values marked. */
void tk_register_write(TkWrite *write, const TkRegisterSchema *schema, const char *id, int64_t version,
                       const char *action, const json_t *body);

/* ---- register_refs.c ---- */

/* For tk_register_check; `data` is a TkRegisterLookup. */
typedef struct {
    const TkRegisters *registers;
    const char *register_id; /* with `coming`: ids of this register … */
    GHashTable *coming;      /* … that the same import adds; may be NULL */
} TkRegisterLookup;
bool tk_register_exists(const char *ref, const char *id, void *data);
/* True when nothing refers to the record; CONFLICT naming who does. */
bool tk_register_unreferred(const TkRegisters *registers, const TkRegisterSchema *schema, const char *id,
                            GError **error);

/* ---- register_states.c: gates and approval ---- */

/* What gates found in other registers, kept while records are written together. */
typedef struct {
    GHashTable *named[TK_REGISTER_GATES_MAX];
} TkRegisterPasses;
void tk_register_passes_clear(TkRegisterPasses *passes);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkRegisterPasses, tk_register_passes_clear)

/* A record on its way from one state to the next. */
typedef struct {
    const TkRegisters *registers;
    const TkActor *actor; /* NULL: an import, which decides nothing */
    const TkRegisterSchema *schema;
    const char *id;
    const json_t *old; /* stored values before; NULL: none */
    json_t *values;    /* tidy; who decided and when are filled in */
    TkRegisterPasses *passes;
} TkRegisterEntry;

/* Adds to *found* what forbids it. False and *error only where the store cannot be read. Under the lock. */
bool tk_register_enter(const TkRegisterEntry *entry, json_t *found, GError **error);

/* ---- register_cycles.c ---- */

typedef void (*TkRegisterCircleFn)(const char *id, const char *field, const char *ja, const char *en,
                                   void *data);
/* Tells of each record in `coming` (id → values about to be written) that would close a circle by the
 * register's "acyclic" references. False and *error only where the store cannot be read. Under the lock. */
bool tk_register_acyclic(const TkRegisters *registers, const TkRegisterSchema *schema, GHashTable *coming,
                         TkRegisterCircleFn found, void *data, GError **error);

/* ---- register_history.c ---- */

/* [{"field","from","to"}…] between the stored values of two versions, sealed ones as {"sealed":true}; new
 * reference. */
json_t *tk_register_changes(const TkRegisterSchema *schema, const json_t *before, const json_t *after);

/* ---- register.c ---- */

/* INVALID with the first finding in the message and all in *findings; true when there are none. */
bool tk_register_sound(const json_t *found, GBytes **findings, GError **error);
/* An id that never had a record. *last is the number of the one given out before in the same change, 0 at
 * first. */
char *tk_register_next_id(TkRegisters *registers, const TkRegisterSchema *schema, uint64_t *last);

/* ---- register_list.c ---- */

/* The field when lists of this register can be filtered and ordered by it; INPUT otherwise. */
const TkRegisterField *tk_register_question(const TkRegisterSchema *schema, const char *id, GError **error);
/* A cursor's text for a place (an array), and back; both owned by the caller. */
char *tk_register_cursor(const json_t *place);
json_t *tk_register_place(const char *cursor, GError **error);

typedef bool (*TkRegisterEachFn)(const TkRecord *record, void *data, GError **error);
/* All records of a register by id, in pages. */
bool tk_register_each(const TkRegisters *registers, const TkRegisterSchema *schema, TkRegisterEachFn each,
                      void *data, GError **error);

#endif

/* A register as its file declares it: fields, who may read and write, when a record is due for review. Pure:
 * bytes in, a checked description out. The format is docs/register-format.md. */
#ifndef TK_SERVICE_REGISTER_SCHEMA_H
#define TK_SERVICE_REGISTER_SCHEMA_H

#include "service/register_judge.h"
#include "service/service.h"

#define TK_REGISTER_FILE_MAX    (256u * 1024) /* bytes of one register file */
#define TK_REGISTERS_MAX        128           /* registers of one system */
#define TK_REGISTER_FIELDS_MAX  64
#define TK_REGISTER_OPTIONS_MAX 300
#define TK_REGISTER_COLUMNS_MAX 12
#define TK_REGISTER_CONTRACTORS "contractors" /* the register that accounts of contractors are tied to */
#define TK_REGISTER_NAME_MAX    32            /* bytes of a register's or field's id */
#define TK_REGISTER_ID_MAX      120           /* bytes of a record's id */
#define TK_REGISTER_TEXT_MAX    20000         /* characters of a text */
#define TK_REGISTER_LIST_MAX    1000          /* entries of a list of references */
#define TK_REGISTER_GATES_MAX   8

typedef enum {
    TK_REGISTER_TEXT,
    TK_REGISTER_INTEGER,
    TK_REGISTER_NUMBER,
    TK_REGISTER_DATE,
    TK_REGISTER_TIME,
    TK_REGISTER_BOOLEAN,
    TK_REGISTER_ENUM,
    TK_REGISTER_REF,
    TK_REGISTER_LIST_OF_REF,
    TK_REGISTER_FILE,
    TK_REGISTER_URL,
    TK_REGISTER_EMAIL,
    TK_REGISTER_COUNTRY,
    TK_REGISTER_LIST_OF_ENUM,
    TK_REGISTER_LIST_OF_COUNTRY,
} TkRegisterType;

/* Texts are borrowed from the schema's own document. */
typedef struct {
    const char *id;
    TkRegisterType type;
    const char *ja, *en; /* label */
    bool required;
    const char *when_field; /* required only while that field has that value; NULL: no condition */
    const json_t *when_value;
    bool has_min, has_max;
    double min, max;       /* of a number; of a text: characters */
    const json_t *options; /* enum: [{"id","label"}…] */
    const char *ref;       /* register that a reference names */
    bool classified;       /* 通信の秘密 or 特定利用者情報: sealed at rest, shown by role */
    bool personal;
    char *pointer; /* where the value lies in a stored record (RFC 6901); owned */
} TkRegisterField;

/* What must hold elsewhere before a record may come to match `when`. Borrowed from the schema's document. */
typedef struct {
    const json_t *when;             /* {FIELD: [VALUE…] or true} */
    const char *other;              /* the register that is looked at */
    const char *by;                 /* its field that names this record, or NULL … */
    const TkRegisterField *through; /* … and this record's own field that names the other's */
    const json_t *with;             /* what the other record must match, as `when`; NULL: that it is there */
    const json_t *same;             /* with through: {ITS FIELD: OWN FIELD} that must be equal; may be NULL */
    const char *until;   /* with through: its date field, which must not have passed; may be NULL */
    const char *article; /* may be NULL */
    const char *ja, *en; /* why it is refused */
} TkRegisterGate;

/* Who asks never approves: a field that one person moves to `asked` and only another to `decided`. */
typedef struct {
    const TkRegisterField *field;    /* an enum; NULL: records of this register need no approval */
    const json_t *asked, *decided;   /* options */
    unsigned by;                     /* roles that decide: bits 1 << TkRole */
    const TkRegisterField *who, *at; /* filled with account and time of the decision; may be NULL */
    const json_t *free;              /* fields that still change in a decided record; may be NULL */
} TkRegisterApproval;

typedef struct {
    json_t *root; /* the file as it was read; owned */
    const char *id;
    const char *ja, *en;
    char *kind;   /* the store's kind: "r-ID", or of a view what it shows; owned */
    bool view;    /* shows records that another part keeps: read only */
    char *prefix; /* of ids that are given out; owned */
    TkRegisterField *fields;
    size_t count;
    const TkRegisterField *title;
    const TkRegisterField *columns[TK_REGISTER_COLUMNS_MAX];
    size_t column_count;
    const TkRegisterField *due; /* a date by which something must be done; may be NULL */
    const TkRegisterField
        *closed_field; /* with one of closed_values a record falls due no more; may be NULL */
    const json_t *closed_values;
    unsigned read, write, reveal; /* bits 1 << TkRole */
    unsigned review_months;       /* 0: no review */
    TkRegisterJudge judge;        /* of the whole record; NULL: none */
    /* What makes a record a contractor's own: any of these references names its record in “contractors”. */
    const TkRegisterField *assigned[TK_REGISTER_FIELDS_MAX];
    size_t assigned_count;
    bool assigned_self; /* in “contractors” itself: its own record is */
    TkRegisterGate gates[TK_REGISTER_GATES_MAX];
    size_t gate_count;
    TkRegisterApproval approval;
    const json_t *acyclic; /* fields that refer to this register and may not come back to where they began */
} TkRegisterSchema;

/* Reads one file. `name` begins every message. NULL and *error (TK_ERROR_INPUT, TK_ERROR_LIMIT) naming file,
 * field and reason. That references name known registers is checked by whoever has them all. */
TkRegisterSchema *tk_register_schema_load(const char *name, const char *text, size_t len, GError **error);
void tk_register_schema_free(TkRegisterSchema *schema);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkRegisterSchema, tk_register_schema_free)

/* Whether the gates of `schema` fit the register they look at; `other` is that register, NULL where there is
 * none. False and *error naming register, gate and reason. */
bool tk_register_gate_fits(const TkRegisterSchema *schema, size_t gate, const TkRegisterSchema *other,
                           GError **error);
/* Whether values match {FIELD: [VALUE…] or true}; a NULL condition is always met. */
bool tk_register_matches(const json_t *condition, const json_t *values);
/* Whether an option is in a list of them. */
bool tk_register_among(const json_t *list, const json_t *value);

/* NULL when the register has no such field. */
const TkRegisterField *tk_register_field(const TkRegisterSchema *schema, const char *id);
const char *tk_register_type_name(TkRegisterType type);
/* True where a value is a list: of references, of options or of countries. */
bool tk_register_is_list(const TkRegisterField *field);

#endif

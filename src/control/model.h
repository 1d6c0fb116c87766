/* The compiled form of frameworks/oscal/models.json, inside the room. */
#ifndef TK_CONTROL_MODEL_H
#define TK_CONTROL_MODEL_H

#include "control/control.h"

typedef struct Model Model;
typedef struct Type Type;

typedef enum { TYPE_TEXT, TYPE_MODEL, TYPE_LIST, TYPE_ONE_OR_LIST, TYPE_MAP } TypeKind;

typedef struct {
    const char *name;
    bool (*is)(const json_t *value);
    const char *words; /* "a token (a letter or _, then letters, digits, . - _)" */
} TextKind;

struct Type {
    TypeKind kind;
    const TextKind *text; /* TYPE_TEXT */
    char **choices;       /* TYPE_TEXT: NULL, or what it may be */
    const Model *model;   /* TYPE_MODEL */
    const Type *item;     /* lists and maps */
};

typedef struct {
    char **without, **required; /* NULL-terminated, may be empty */
} Either;

struct Model {
    GHashTable *fields; /* name → const Type * */
    char **required;
    Either *either; /* one of these must hold; n_either 0: no such rule */
    size_t n_either;
};

const Type *oscal_document_type(const TkOscalModels *models, const char *kind); /* NULL: no such document */

#endif
